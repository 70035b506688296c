//! What can be recorded in the activity log (rule 6). Entries are written once and never changed.
//!
//! Never here: secrets. A fact is a name and a value that may be read by whoever reads the log.

use crate::access::Action;
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
            /// Every one, in the order they were named.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

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
        /// What a partner keeps about a customer, such as its tags, was changed.
        UpdateCustomer = "update_customer",
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
        /// A link to download software was issued.
        GetSoftwareDownloadLink = "get_software_download_link",
        /// Software was downloaded: begun, gone on with, or completed.
        DownloadSoftware = "download_software",
        /// A second person was asked whether a key may be opened.
        AskForSoftwareKey = "ask_for_software_key",
        /// A second person agreed to the opening of a key.
        ApproveSoftwareKey = "approve_software_key",
        /// It was certified that a key was never opened.
        CertifySoftwareKey = "certify_software_key",
        /// Something was asked of the operator.
        CreateServiceRequest = "create_service_request",
        /// The operator answered.
        UpdateServiceRequest = "update_service_request",
        /// A person of a customer was added.
        CreateCustomerUser = "create_customer_user",
        /// A person of a customer was changed.
        UpdateCustomerUser = "update_customer_user",
        /// A person of a customer was removed.
        DeleteCustomerUser = "delete_customer_user",
        /// A person of a customer was brought back.
        RestoreCustomerUser = "restore_customer_user",
        /// A person of a customer got a new temporary password.
        ResetCustomerUserPassword = "reset_customer_user_password",
        /// A person of a customer got another sign-in name.
        UpdateCustomerUserPrincipalName = "update_customer_user_principal_name",
        /// A person of the partner was added.
        CreatePartnerUser = "create_partner_user",
        /// A person of the partner was changed.
        UpdatePartnerUser = "update_partner_user",
        /// A person of the partner was removed.
        RemovePartnerUser = "remove_partner_user",
        /// A person was given a role.
        AddUserMember = "add_user_member",
        /// A role was taken from a person.
        RemoveUserMember = "remove_user_member",
        /// A program was registered.
        RegisterApplication = "register_application",
        /// A program was revoked.
        UnregisterApplication = "unregister_application",
        /// Where a program is told what happens was registered or changed.
        SetWebhook = "set_webhook",
        /// Such a registration was removed.
        RemoveWebhook = "remove_webhook",
        /// Somebody tried out whether a program is told.
        TestWebhook = "test_webhook",
        /// A call to a program that was given up is made again.
        RetryWebhook = "retry_webhook",
        /// An Azure subscription of a customer was added, changed, or registered for reservations.
        UpdateAzureSubscription = "update_azure_subscription",
        /// A reservation got another name or scope.
        UpdateReservation = "update_reservation",
        /// A reservation became two.
        SplitReservation = "split_reservation",
        /// Several reservations became one.
        MergeReservations = "merge_reservations",
        /// A reservation was given back.
        RefundReservation = "refund_reservation",
        /// A reservation was exchanged for another.
        ExchangeReservation = "exchange_reservation",
        /// The operator said what SKUs of reservations are for, or how much may come back.
        ChangeReservationTables = "change_reservation_tables",
        /// A program got a credential.
        AddApplicationCredential = "add_application_credential",
        /// A credential was taken from a program.
        RemoveApplicationCredential = "remove_application_credential",
        /// Somebody was invited to become a customer.
        CreatePartnerRelationship = "create_partner_relationship",
        /// A profile of the partner was changed.
        UpdateCompanyInfo = "update_company_info",
        /// Somebody signed in, or tried to.
        SignIn = "sign_in",
        /// Somebody signed out, or was signed out.
        SignOut = "sign_out",
        /// Somebody changed a password, or asked for a new one.
        ChangePassword = "change_password",
        /// Somebody added, used up or removed a second factor.
        ChangeSecondFactor = "change_second_factor",
        /// A program got tokens for a person, or tried to.
        IssueToken = "issue_token",
        /// A program's leave to act for a person was taken back.
        RevokeGrant = "revoke_grant",
        /// Something was looked at that leaves no other trace, or was tried without the right to.
        Access = "access",
        /// The log was exported.
        ExportLog = "export_log",
        /// A person's fields in the log were made unreadable.
        ErasePerson = "erase_person",
        /// The catalogue or its prices were changed.
        ImportPrices = "import_prices",
        /// Product keys were put into stock.
        ImportKeys = "import_keys",
        /// A medium was added.
        AddMedium = "add_medium",
        /// A medium was removed.
        RemoveMedium = "remove_medium",
        /// Few keys of a version are left.
        StockLow = "stock_low",
        /// An installation, a partner, a person or a program was set up.
        SetUp = "set_up",
        /// The practice clock was moved.
        MoveClock = "move_clock",
        /// The housekeeping of the installation itself.
        Housekeeping = "housekeeping",
        /// The operator decided an exceptional credit on an order.
        CreditOrder = "credit_order",
        /// A month was billed: its documents are issued.
        ReadyInvoice = "ready_invoice",
        /// A payment of a partner was entered, or taken back.
        RecordPayment = "record_payment",
        /// A bank's statement was read.
        ReadStatement = "read_statement",
        /// A row of a bank's statement was put aside as none of a partner's, or waits again.
        SortBankRow = "sort_bank_row",
        /// A month was closed: nothing is unexplained, and nothing more is billed in it.
        CloseMonth = "close_month",
        /// A closed month was opened again.
        ReopenMonth = "reopen_month",
        /// A difference of a month was explained, or an explanation taken back.
        ExplainDifference = "explain_difference",
        /// What a vendor bills for a month was read.
        ReadVendorBill = "read_vendor_bill",
        /// Who a partner or the seller is for tax, or a rate of tax, was changed.
        ChangeTax = "change_tax",
        /// What a partner asks of its customers more than it pays was changed.
        ChangeMargins = "change_margins",
        /// Licences with Software Assurance from elsewhere were declared for a customer (rule 9.2).
        DeclareLicences = "declare_licences",
        /// Such a declaration was taken back.
        WithdrawLicences = "withdraw_licences",
        /// Core licences were recorded as in use, in Azure or on premises (rule 9.5).
        RecordBenefit = "record_benefit",
        /// Such a use was ended.
        EndBenefit = "end_benefit",
        /// The operator's tables for the benefit were imported: core licences, sizes, rates.
        ImportBenefit = "import_benefit",
        /// A partner may trade again, or may not trade any more.
        ChangePartner = "change_partner",
        /// Another set of dated policies counts.
        ChangePolicies = "change_policies",
        /// A family is not sold in a market any more, or is sold there again.
        ChangeMarket = "change_market",
        /// How few keys of a version raise the alarm was changed.
        ChangeStock = "change_stock",
        /// Waiting work was made due at once.
        RetryWork = "retry_work",
        /// Waiting work was given up.
        GiveUpWork = "give_up_work",
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
        /// A download of software.
        SoftwareDownloadLink = "software_download_link",
        /// The page of a customer's software.
        SoftwarePage = "software_page",
        /// A person of a customer.
        CustomerUser = "customer_user",
        /// A role of a customer's people.
        CustomerDirectoryRole = "customer_directory_role",
        /// A person of the partner.
        PartnerUser = "partner_user",
        /// A program.
        Application = "application",
        /// Where a program is told what happens.
        Webhook = "webhook",
        /// A month that is billed.
        BillingMonth = "billing_month",
        /// A row of a bank's statement.
        BankRow = "bank_row",
        /// An Azure subscription of a customer.
        AzureSubscription = "azure_subscription",
        /// An Azure reservation.
        Reservation = "reservation",
        /// A credential of a program.
        ApplicationCredential = "application_credential",
        /// The relationship between a partner and a customer.
        PartnerCustomerRelationship = "partner_customer_relationship",
        /// The partner itself, with its profiles.
        Partner = "partner",
        /// A browser's session.
        Session = "session",
        /// The activity log itself.
        ActivityLog = "activity_log",
        /// An invoice or a credit note.
        Invoice = "invoice",
        /// Core licences used again in Azure.
        HybridBenefit = "hybrid_benefit",
        /// The catalogue.
        Catalog = "catalog",
        /// A medium.
        Medium = "medium",
        /// A request to the operator.
        ServiceRequest = "service_request",
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

words! {
    /// Whose doing an entry tells of: the partner's log shows its own, and of its customers' only that they were there.
    Side, "partner, customer or operator" {
        /// The partner's people and programs.
        Partner = "partner",
        /// A customer's own people (rule 6: a log of their own).
        Customer = "customer",
        /// The operator and the installation itself.
        Operator = "operator",
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

/// What a refused attempt at `action` is recorded as, in the words of the log.
pub const fn attempted(action: Action) -> (Operation, Resource) {
    match action {
        Action::RevealKey | Action::OpenOwnKeys => (Operation::GetSoftwareKey, Resource::SoftwareKey),
        Action::IssueLink => (Operation::GetSoftwareDownloadLink, Resource::SoftwareDownloadLink),
        Action::CancelPurchase => (Operation::UpdateOrder, Resource::Order),
        Action::FillCart => (Operation::UpdateCart, Resource::Cart),
        Action::PlaceOrders | Action::PlaceReservations => (Operation::CreateOrder, Resource::Order),
        Action::ManageSubscription => (Operation::UpdateSubscription, Resource::Subscription),
        Action::ManageReservations => (Operation::UpdateReservation, Resource::Reservation),
        Action::CreateCustomer => (Operation::AddCustomer, Resource::Customer),
        Action::EditCustomer => (Operation::UpdateCustomerBillingProfile, Resource::Customer),
        Action::InviteCustomer | Action::AcceptInvitation => {
            (Operation::CreatePartnerRelationship, Resource::PartnerCustomerRelationship)
        }
        Action::AttestAgreement => (Operation::CreateAgreement, Resource::Agreement),
        Action::ManageCustomerUsers | Action::ManageOwnUsers => {
            (Operation::UpdateCustomerUser, Resource::CustomerUser)
        }
        Action::ManagePartnerUsers => (Operation::UpdatePartnerUser, Resource::PartnerUser),
        Action::EditPartnerProfiles => (Operation::UpdateCompanyInfo, Resource::Partner),
        Action::ManageApplications => (Operation::RegisterApplication, Resource::Application),
        Action::ManageWebhooks => (Operation::SetWebhook, Resource::Webhook),
        Action::ManagePartners | Action::ManageInstallation => (Operation::SetUp, Resource::Installation),
        Action::RaiseRequest | Action::RaiseCustomerRequest => {
            (Operation::CreateServiceRequest, Resource::ServiceRequest)
        }
        Action::AnswerRequests => (Operation::UpdateServiceRequest, Resource::ServiceRequest),
        Action::DecideCredit => (Operation::CreditOrder, Resource::Order),
        Action::ManageCatalog => (Operation::ImportPrices, Resource::Catalog),
        Action::ManageJobs => (Operation::RetryWork, Resource::Installation),
        Action::ReadHealth => (Operation::Access, Resource::Installation),
        Action::ReadInvoices => (Operation::Access, Resource::Invoice),
        Action::ManageTaxProfile => (Operation::ChangeTax, Resource::Partner),
        Action::ManageMargins => (Operation::ChangeMargins, Resource::Partner),
        Action::ManageBilling => (Operation::ReadyInvoice, Resource::Invoice),
        Action::ReadEntitlements | Action::SeeOwnSoftware => (Operation::Access, Resource::SoftwarePage),
        Action::ReadAuditLog | Action::ReadOwnLog | Action::ReadEveryLog => {
            (Operation::Access, Resource::ActivityLog)
        }
        Action::ListCustomers | Action::ReadCustomer => (Operation::Access, Resource::Customer),
        Action::ReadCustomerUsers => (Operation::Access, Resource::CustomerUser),
        Action::ReadAgreements => (Operation::Access, Resource::Agreement),
        Action::ReadCatalog => (Operation::Access, Resource::Catalog),
        Action::ReadOrders => (Operation::Access, Resource::Order),
        Action::ReadPartnerUsers => (Operation::Access, Resource::PartnerUser),
        Action::ReadPartnerProfiles | Action::ReadPartners => (Operation::Access, Resource::Partner),
    }
}
