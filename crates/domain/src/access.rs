//! Who may do what. The matrix here is the only place that says yes (rule 1.2).
//!
//! A permission is a value: [`Matrix::authorize`] turns an actor and an action into a [`Scope`], and the store asks for one.
//! Never here: how an actor proved who it is.

use std::str::FromStr;

use crate::catalog::UnknownWord;
use crate::ids::{ApplicationId, CustomerId, PartnerId, UserId};
use crate::refusal::Refusal;

/// A role a person or a program holds; rights add up over roles (rule 1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Runs the installation.
    OperatorAdmin,
    /// Answers support requests for the operator.
    OperatorSupport,
    /// The partner's global administrator.
    GlobalAdmin,
    /// The partner's admin agent: the only one who opens keys and cancels.
    AdminAgent,
    /// The partner's sales agent.
    SalesAgent,
    /// The partner's helpdesk agent.
    HelpdeskAgent,
    /// The partner's billing administrator.
    BillingAdmin,
    /// The partner's user management administrator.
    UserManagementAdmin,
    /// The partner's account administrator.
    AccountAdmin,
    /// The partner's referrals administrator.
    ReferralsAdmin,
    /// The partner's marketing content administrator.
    MarketingContentAdmin,
    /// The partner's programme administrator.
    MpnPartnerAdmin,
    /// The customer's own global administrator.
    CustomerGlobalAdmin,
    /// The customer's own billing administrator.
    CustomerBillingAdmin,
    /// Any other person of the customer.
    CustomerUser,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 15] = [
        Self::OperatorAdmin,
        Self::OperatorSupport,
        Self::GlobalAdmin,
        Self::AdminAgent,
        Self::SalesAgent,
        Self::HelpdeskAgent,
        Self::BillingAdmin,
        Self::UserManagementAdmin,
        Self::AccountAdmin,
        Self::ReferralsAdmin,
        Self::MarketingContentAdmin,
        Self::MpnPartnerAdmin,
        Self::CustomerGlobalAdmin,
        Self::CustomerBillingAdmin,
        Self::CustomerUser,
    ];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OperatorAdmin => "operator_admin",
            Self::OperatorSupport => "operator_support",
            Self::GlobalAdmin => "global_admin",
            Self::AdminAgent => "admin_agent",
            Self::SalesAgent => "sales_agent",
            Self::HelpdeskAgent => "helpdesk_agent",
            Self::BillingAdmin => "billing_admin",
            Self::UserManagementAdmin => "user_management_admin",
            Self::AccountAdmin => "account_admin",
            Self::ReferralsAdmin => "referrals_admin",
            Self::MarketingContentAdmin => "marketing_content_admin",
            Self::MpnPartnerAdmin => "mpn_partner_admin",
            Self::CustomerGlobalAdmin => "customer_global_admin",
            Self::CustomerBillingAdmin => "customer_billing_admin",
            Self::CustomerUser => "customer_user",
        }
    }
}

impl FromStr for Role {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or(UnknownWord { expected: "the roles of the permission matrix, such as admin_agent" })
    }
}

/// Which door an action stands behind. The three never mix: a partner's person does not pass through the customer's
/// door, whatever roles it was given (rule 1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Door {
    /// The partner's dashboard and interface.
    Partner,
    /// The customer's portal.
    Customer,
    /// The operator's console.
    Operator,
}

impl Role {
    /// The only door the role opens.
    pub const fn door(self) -> Door {
        match self {
            Self::OperatorAdmin | Self::OperatorSupport => Door::Operator,
            Self::CustomerGlobalAdmin | Self::CustomerBillingAdmin | Self::CustomerUser => Door::Customer,
            Self::GlobalAdmin
            | Self::AdminAgent
            | Self::SalesAgent
            | Self::HelpdeskAgent
            | Self::BillingAdmin
            | Self::UserManagementAdmin
            | Self::AccountAdmin
            | Self::ReferralsAdmin
            | Self::MarketingContentAdmin
            | Self::MpnPartnerAdmin => Door::Partner,
        }
    }

    /// Whether the role belongs to the company and not to its directory (rule 1.1): what an Account admin may give.
    pub const fn is_company_role(self) -> bool {
        matches!(
            self,
            Self::AccountAdmin | Self::ReferralsAdmin | Self::MarketingContentAdmin | Self::MpnPartnerAdmin
        )
    }
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// Something that can be done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action {
            $($(#[$doc])* $name,)*
        }

        impl Action {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
        }
    };
}

actions! {
    /// List and search customers (row 5).
    ListCustomers,
    /// Read one customer with its profiles (row 5).
    ReadCustomer,
    /// Create a customer record (row 4).
    CreateCustomer,
    /// Change a customer's details (row 6).
    EditCustomer,
    /// Ask somebody to become a customer (row 10).
    InviteCustomer,
    /// Read a customer's people and their roles (rule 12.3).
    ReadCustomerUsers,
    /// Add, change and remove a customer's people and their roles (rule 12.3).
    ManageCustomerUsers,
    /// Read confirmed agreements (row 12).
    ReadAgreements,
    /// Attest that a customer accepted its agreement (row 12).
    AttestAgreement,
    /// Read the catalogue (row 7: whoever may order must see what there is; readers of prices too).
    ReadCatalog,
    /// Fill a cart, whatever is in it (rows 7 and 8).
    FillCart,
    /// Place orders for software and licences (row 7).
    PlaceOrders,
    /// Place orders for reservations (rows 8 and 8b).
    PlaceReservations,
    /// Read a customer's orders and subscriptions (row 9).
    ReadOrders,
    /// See what software a customer owns (row 1).
    ReadEntitlements,
    /// Open a product key (row 2).
    RevealKey,
    /// Issue a link to download software, or download it (row 2, SEED-22).
    IssueLink,
    /// Cancel a software purchase (row 3).
    CancelPurchase,
    /// Rename a subscription or set its renewal (row 6).
    ManageSubscription,
    /// Rename, split, merge and change the scope of reservations (rule 2.6: Admin agents).
    ManageReservations,
    /// Read the activity log (row 18, Q-07).
    ReadAuditLog,
    /// Read the partner's own people and their roles (row 21).
    ReadPartnerUsers,
    /// Add, change and remove the partner's people and their roles (row 21; an Account admin company roles only).
    ManagePartnerUsers,
    /// Read the partner's own profiles (row 16).
    ReadPartnerProfiles,
    /// Change the partner's own profiles (row 16; the legal profile is the Account admin's).
    EditPartnerProfiles,
    /// Register programs and their credentials (row 23).
    ManageApplications,
    /// Say where the partner's own program is told what happens (row 24).
    ManageWebhooks,
    /// The customer's side: see the products owned, quantities and dates (rule 1.3).
    SeeOwnSoftware,
    /// The customer's side: open keys and get downloads (rule 1.3, SEED-38).
    OpenOwnKeys,
    /// The customer's side: read who opened which key (rule 6).
    ReadOwnLog,
    /// The customer's side: its own people and their roles (rule 1.3).
    ManageOwnUsers,
    /// The customer's side: accept a partner's invitation (rule 1.3).
    AcceptInvitation,
    /// The operator's side: read partners and how they are set up.
    ReadPartners,
    /// The operator's side: add partners, their programs and their first people.
    ManagePartners,
    /// The operator's side: read every partner's log, export and verify it.
    ReadEveryLog,
    /// The operator's side: the operator's own people, sign-in providers and keys.
    ManageInstallation,
    /// Ask the operator for something, and read what one asked (row 19).
    RaiseRequest,
    /// Ask the operator for something on behalf of a customer (row 20).
    RaiseCustomerRequest,
    /// The operator's side: read and answer what partners ask.
    AnswerRequests,
    /// The operator's side: decide an exceptional credit (rule 7.7).
    DecideCredit,
    /// The operator's side: see the catalogue, policies, stock, waiting work and how the installation is.
    ReadHealth,
    /// The operator's side: import prices and product keys, and say when stock is low.
    ManageCatalog,
    /// The operator's side: try waiting work now, or give it up.
    ManageJobs,
    /// Read invoices, credit notes and what was not billed yet (row 15).
    ReadInvoices,
    /// Change who the partner is for tax (row 16).
    ManageTaxProfile,
    /// Say what customers are asked more than the partner pays.
    ManageMargins,
    /// The operator's side: bill a month, say who the seller is and what the rates of tax are.
    ManageBilling,
}

/// Who reads the activity log: the sources give three answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogReaders {
    /// The four roles of the seeds, and Admin agents.
    #[default]
    SeedsAndAdminAgent,
    /// The four roles of the seeds only.
    Seeds,
    /// The six roles of the page of 2020.
    Page2020,
    /// Admin agents only, as on the page of 2023.
    Page2023,
}

/// Who orders reservations: the page of 2020 (row 8) or that of 2023 (row 8b).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReservationBuyers {
    /// Also Global, Helpdesk and User management administrators.
    #[default]
    Page2020,
    /// Admin and Sales agents only.
    Page2023,
}

impl FromStr for LogReaders {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text {
            "seeds_and_admin_agent" => Ok(Self::SeedsAndAdminAgent),
            "seeds" => Ok(Self::Seeds),
            "page_2020" => Ok(Self::Page2020),
            "page_2023" => Ok(Self::Page2023),
            _ => Err(UnknownWord { expected: "seeds_and_admin_agent, seeds, page_2020 or page_2023" }),
        }
    }
}

impl FromStr for ReservationBuyers {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text {
            "page_2020" => Ok(Self::Page2020),
            "page_2023" => Ok(Self::Page2023),
            _ => Err(UnknownWord { expected: "page_2020 or page_2023" }),
        }
    }
}

/// The permission matrix of rules 1.2 and 1.3, with the two places where the operator chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Matrix {
    /// Who reads the activity log.
    pub log_readers: LogReaders,
    /// Who orders reservations.
    pub reservation_buyers: ReservationBuyers,
}

impl Matrix {
    /// Whether `role` allows `action`: one arm a row.
    pub const fn allows(&self, role: Role, action: Action) -> bool {
        use Role as R;
        match action {
            Action::RevealKey
            | Action::IssueLink
            | Action::CancelPurchase
            | Action::ManageReservations
            | Action::ManageCustomerUsers => matches!(role, R::AdminAgent),
            Action::ReadEntitlements => matches!(role, R::GlobalAdmin | R::AdminAgent),
            Action::ReadCustomerUsers => matches!(role, R::GlobalAdmin | R::AdminAgent | R::HelpdeskAgent),
            Action::CreateCustomer => {
                matches!(role, R::GlobalAdmin | R::AdminAgent | R::SalesAgent | R::UserManagementAdmin)
            }
            Action::ListCustomers | Action::ReadCustomer | Action::EditCustomer | Action::ReadOrders => {
                matches!(role, R::GlobalAdmin | R::AdminAgent | R::SalesAgent | R::HelpdeskAgent)
            }
            Action::ReadAgreements
            | Action::InviteCustomer
            | Action::PlaceOrders
            | Action::ManageSubscription => matches!(role, R::GlobalAdmin | R::AdminAgent | R::SalesAgent),
            Action::AttestAgreement => matches!(role, R::AdminAgent | R::SalesAgent),
            Action::PlaceReservations => self.orders_reservations(role),
            Action::FillCart => self.allows(role, Action::PlaceOrders) || self.orders_reservations(role),
            Action::ReadCatalog => matches!(
                role,
                R::GlobalAdmin
                    | R::AdminAgent
                    | R::SalesAgent
                    | R::HelpdeskAgent
                    | R::BillingAdmin
                    | R::UserManagementAdmin
                    | R::MpnPartnerAdmin
            ),
            Action::ReadAuditLog => self.reads_log(role),
            Action::ReadPartnerUsers | Action::ManagePartnerUsers => {
                matches!(role, R::GlobalAdmin | R::UserManagementAdmin | R::AccountAdmin)
            }
            Action::ReadPartnerProfiles => matches!(
                role,
                R::GlobalAdmin
                    | R::AdminAgent
                    | R::SalesAgent
                    | R::BillingAdmin
                    | R::UserManagementAdmin
                    | R::AccountAdmin
                    | R::MpnPartnerAdmin
            ),
            Action::EditPartnerProfiles => matches!(role, R::GlobalAdmin | R::AccountAdmin),
            Action::ManageApplications => matches!(role, R::GlobalAdmin),
            Action::ManageWebhooks => matches!(
                role,
                R::GlobalAdmin | R::AdminAgent | R::SalesAgent | R::HelpdeskAgent | R::BillingAdmin
            ),
            Action::SeeOwnSoftware => matches!(role, R::CustomerGlobalAdmin | R::CustomerBillingAdmin),
            Action::OpenOwnKeys | Action::ReadOwnLog | Action::ManageOwnUsers | Action::AcceptInvitation => {
                matches!(role, R::CustomerGlobalAdmin)
            }
            Action::ReadPartners | Action::ReadEveryLog | Action::ReadHealth => {
                matches!(role, R::OperatorAdmin | R::OperatorSupport)
            }
            Action::RaiseRequest => matches!(role.door(), Door::Partner),
            Action::RaiseCustomerRequest => {
                matches!(role, R::GlobalAdmin | R::AdminAgent | R::HelpdeskAgent)
            }
            Action::AnswerRequests => matches!(role, R::OperatorAdmin | R::OperatorSupport),
            Action::DecideCredit => matches!(role, R::OperatorAdmin),
            Action::ReadInvoices => matches!(role, R::GlobalAdmin | R::AdminAgent | R::BillingAdmin),
            Action::ManageTaxProfile => matches!(
                role,
                R::GlobalAdmin | R::AdminAgent | R::SalesAgent | R::BillingAdmin | R::UserManagementAdmin
            ),
            Action::ManageMargins => matches!(role, R::GlobalAdmin | R::AdminAgent | R::BillingAdmin),
            Action::ManageBilling
            | Action::ManagePartners
            | Action::ManageInstallation
            | Action::ManageCatalog
            | Action::ManageJobs => matches!(role, R::OperatorAdmin),
        }
    }

    const fn reads_log(&self, role: Role) -> bool {
        use Role as R;
        let seeds =
            matches!(role, R::GlobalAdmin | R::AccountAdmin | R::ReferralsAdmin | R::MarketingContentAdmin);
        match self.log_readers {
            LogReaders::SeedsAndAdminAgent => seeds || matches!(role, R::AdminAgent),
            LogReaders::Seeds => seeds,
            LogReaders::Page2020 => matches!(
                role,
                R::GlobalAdmin
                    | R::AdminAgent
                    | R::SalesAgent
                    | R::HelpdeskAgent
                    | R::BillingAdmin
                    | R::UserManagementAdmin
            ),
            LogReaders::Page2023 => matches!(role, R::AdminAgent),
        }
    }

    const fn orders_reservations(&self, role: Role) -> bool {
        use Role as R;
        match self.reservation_buyers {
            ReservationBuyers::Page2020 => matches!(
                role,
                R::GlobalAdmin | R::AdminAgent | R::SalesAgent | R::HelpdeskAgent | R::UserManagementAdmin
            ),
            ReservationBuyers::Page2023 => matches!(role, R::AdminAgent | R::SalesAgent),
        }
    }

    /// Lets `actor` do `action`, within its own partner's (or customer's) data.
    ///
    /// # Errors
    /// [`Refusal::RoleMissing`] when none of its roles allows the action, or the action stands behind another door.
    pub fn authorize(&self, actor: &Actor, action: Action) -> Result<Scope, Refusal> {
        let (door, roles): (Door, &[Role]) = match actor {
            Actor::System { partner, .. } => return Ok(Scope { partner: *partner, customer: None }),
            Actor::Application { roles, .. } | Actor::PartnerUser { roles, .. } => (Door::Partner, roles),
            Actor::CustomerUser { roles, .. } => (Door::Customer, roles),
            Actor::OperatorUser { roles, .. } => (Door::Operator, roles),
        };
        if roles.iter().any(|role| role.door() == door && self.allows(*role, action)) {
            Ok(Scope { partner: actor.partner(), customer: actor.customer() })
        } else {
            Err(Refusal::RoleMissing { action })
        }
    }

    /// Whether somebody with `own` roles may give or take `role` (rule 1.1): a Global admin any, a User management
    /// admin any but Global admin, an Account admin the company's roles only.
    pub fn may_assign(&self, own: &[Role], role: Role) -> bool {
        own.iter().any(|mine| match mine {
            Role::GlobalAdmin => role.door() == Door::Partner,
            Role::UserManagementAdmin => role.door() == Door::Partner && role != Role::GlobalAdmin,
            Role::AccountAdmin => role.is_company_role(),
            Role::OperatorAdmin => role.door() == Door::Operator || role.door() == Door::Partner,
            Role::CustomerGlobalAdmin => role.door() == Door::Customer,
            _ => false,
        })
    }
}

impl Action {
    /// Whether a person must have shown a second factor a short while ago: a key, a cancellation, a role, a credential.
    pub const fn needs_fresh_factor(self) -> bool {
        matches!(
            self,
            Self::RevealKey
                | Self::OpenOwnKeys
                | Self::CancelPurchase
                | Self::ManagePartnerUsers
                | Self::ManageCustomerUsers
                | Self::ManageOwnUsers
                | Self::ManageApplications
                | Self::ManagePartners
                | Self::ManageInstallation
                | Self::DecideCredit
        )
    }
}

/// Who is acting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A program with a token of its own.
    Application {
        /// The program.
        id: ApplicationId,
        /// The partner it works for.
        partner: PartnerId,
        /// The roles it was given.
        roles: Vec<Role>,
    },
    /// A person of a partner.
    PartnerUser {
        /// The person.
        id: UserId,
        /// The person's sign-in name.
        upn: String,
        /// The partner.
        partner: PartnerId,
        /// The person's roles.
        roles: Vec<Role>,
        /// The program the person acts through, if any.
        application: Option<ApplicationId>,
    },
    /// A person of a customer, in the customer's own portal.
    CustomerUser {
        /// The person.
        id: UserId,
        /// The person's sign-in name.
        upn: String,
        /// The customer's partner.
        partner: PartnerId,
        /// The customer.
        customer: CustomerId,
        /// The person's roles.
        roles: Vec<Role>,
    },
    /// A person of the operator.
    OperatorUser {
        /// The person.
        id: UserId,
        /// The person's sign-in name.
        upn: String,
        /// Whose data the person looks at: a partner's, or the operator's own.
        partner: PartnerId,
        /// The person's roles.
        roles: Vec<Role>,
    },
    /// The installation itself, for a partner: jobs and the operator's command line.
    System {
        /// The partner whose data is touched.
        partner: PartnerId,
        /// Which part of the installation, for the log.
        name: &'static str,
    },
}

impl Actor {
    /// The partner the actor works for.
    pub const fn partner(&self) -> PartnerId {
        match self {
            Self::Application { partner, .. }
            | Self::PartnerUser { partner, .. }
            | Self::CustomerUser { partner, .. }
            | Self::OperatorUser { partner, .. }
            | Self::System { partner, .. } => *partner,
        }
    }

    /// The customer the actor is confined to, if it is a customer's person.
    pub const fn customer(&self) -> Option<CustomerId> {
        match self {
            Self::CustomerUser { customer, .. } => Some(*customer),
            _ => None,
        }
    }

    /// The person, if it is one.
    pub const fn user(&self) -> Option<UserId> {
        match self {
            Self::PartnerUser { id, .. } | Self::CustomerUser { id, .. } | Self::OperatorUser { id, .. } => {
                Some(*id)
            }
            Self::Application { .. } | Self::System { .. } => None,
        }
    }

    /// The roles it has; the installation itself has none and needs none.
    pub fn roles(&self) -> &[Role] {
        match self {
            Self::Application { roles, .. }
            | Self::PartnerUser { roles, .. }
            | Self::CustomerUser { roles, .. }
            | Self::OperatorUser { roles, .. } => roles,
            Self::System { .. } => &[],
        }
    }
}

/// The right to touch one partner's data, or one customer's of it. Only [`Matrix::authorize`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    partner: PartnerId,
    customer: Option<CustomerId>,
}

impl Scope {
    /// The partner whose data may be touched.
    pub const fn partner(&self) -> PartnerId {
        self.partner
    }

    /// The only customer whose data may be touched, where it is confined to one.
    pub const fn customer(&self) -> Option<CustomerId> {
        self.customer
    }

    /// Whether a customer's data may be touched, as far as the scope is confined to one.
    pub fn sees(&self, customer: CustomerId) -> bool {
        self.customer.is_none_or(|own| own == customer)
    }
}

/// Lets `actor` do `action` by the published matrix, without the operator's own choices.
///
/// # Errors
/// As [`Matrix::authorize`].
pub fn authorize(actor: &Actor, action: Action) -> Result<Scope, Refusal> {
    Matrix::default().authorize(actor, action)
}

#[cfg(test)]
mod tests;
