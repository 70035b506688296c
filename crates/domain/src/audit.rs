//! What can be recorded in the activity log (rule 6). Entries are written once and never changed.
//!
//! Never here: secrets. A fact is a name and a value that may be read by whoever reads the log.

use crate::catalog::UnknownWord;
use crate::ids::CustomerId;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $expected:literal { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
        }

        impl $name {
            /// The word stored, which is also the one on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                match text {
                    $($word => Ok(Self::$variant),)*
                    _ => Err(UnknownWord { expected: $expected }),
                }
            }
        }
    };
}

words! {
    /// What was done.
    Operation, "the operations of the activity log" {
        /// A customer was created.
        AddCustomer = "add_customer",
        /// A customer's billing profile was changed.
        UpdateCustomerBillingProfile = "update_customer_billing_profile",
        /// A customer's agreement was confirmed.
        CreateAgreement = "create_agreement",
        /// A cart was created or changed.
        UpdateCart = "update_cart",
        /// An order was placed.
        CreateOrder = "create_order",
        /// An order was changed: cancelled, whole or in lines.
        UpdateOrder = "update_order",
        /// An order's keys and subscriptions were handed out.
        ProvisionOrder = "provision_order",
        /// A subscription was changed.
        UpdateSubscription = "update_subscription",
        /// A product key was opened.
        GetSoftwareKey = "get_software_key",
        /// The catalogue or its prices were changed.
        ImportPrices = "import_prices",
        /// Product keys were put into stock.
        ImportKeys = "import_keys",
        /// An installation, a partner, a person or a program was set up.
        SetUp = "set_up",
        /// The practice clock was moved.
        MoveClock = "move_clock",
        /// The housekeeping of the installation itself.
        Housekeeping = "housekeeping",
    }
}

words! {
    /// What it was done to.
    Resource, "the resource types of the activity log" {
        /// A customer.
        Customer = "customer",
        /// An agreement.
        Agreement = "agreement",
        /// A cart.
        Cart = "cart",
        /// An order.
        Order = "order",
        /// A subscription.
        Subscription = "subscription",
        /// A product key.
        SoftwareKey = "software_key",
        /// The catalogue.
        Catalog = "catalog",
        /// The installation.
        Installation = "installation",
    }
}

words! {
    /// How it ended.
    Outcome, "succeeded, failed, progress, decline" {
        /// It was done.
        Succeeded = "succeeded",
        /// It was tried and refused, or it broke.
        Failed = "failed",
    }
}

/// One thing worth knowing about an entry: a name in snake case, such as `order_id`, and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The name, with `-n` behind it where it belongs to line n.
    pub name: String,
    /// The value as text.
    pub value: String,
}

impl Fact {
    /// A fact about the whole.
    pub fn new(name: &str, value: impl ToString) -> Self {
        Self { name: name.to_owned(), value: value.to_string() }
    }

    /// A fact about line `number`.
    pub fn of_line(name: &str, number: u32, value: impl ToString) -> Self {
        Self { name: format!("{name}-{number}"), value: value.to_string() }
    }
}

/// What an entry says; who did it, when and under which request id is added by whoever stores it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What was done.
    pub operation: Operation,
    /// To what kind of thing.
    pub resource: Resource,
    /// To which one.
    pub resource_id: String,
    /// Whose it is: the customer's id and its name at that time.
    pub customer: Option<(CustomerId, String)>,
    /// How it ended.
    pub outcome: Outcome,
    /// What it was before, where that matters.
    pub before: Vec<Fact>,
    /// What it is now.
    pub after: Vec<Fact>,
}

impl Entry {
    /// An entry about something done.
    pub fn did(operation: Operation, resource: Resource, resource_id: impl ToString) -> Self {
        Self {
            operation,
            resource,
            resource_id: resource_id.to_string(),
            customer: None,
            outcome: Outcome::Succeeded,
            before: Vec::new(),
            after: Vec::new(),
        }
    }

    /// The same, about something of a customer's.
    #[must_use]
    pub fn for_customer(mut self, id: CustomerId, name: &str) -> Self {
        self.customer = Some((id, name.to_owned()));
        self
    }

    /// The same, with what it is now.
    #[must_use]
    pub fn with(mut self, after: Vec<Fact>) -> Self {
        self.after = after;
        self
    }

    /// The same, with what it was before.
    #[must_use]
    pub fn was(mut self, before: Vec<Fact>) -> Self {
        self.before = before;
        self
    }

    /// The same, as something that was tried and did not happen.
    #[must_use]
    pub const fn failed(mut self) -> Self {
        self.outcome = Outcome::Failed;
        self
    }
}
