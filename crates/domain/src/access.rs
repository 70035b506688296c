//! Who may do what. The matrix here is the only place that says yes (rule 1.2).
//!
//! A permission is a value: [`authorize`] turns an actor and an action into a [`Scope`], and the store asks for one.
//! Never here: how an actor proved who it is.

use std::str::FromStr;

use crate::catalog::UnknownWord;
use crate::ids::{ApplicationId, PartnerId, UserId};
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

/// Something that can be done on the partner's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// List and search customers (row 5).
    ListCustomers,
    /// Read one customer with its profiles (row 5).
    ReadCustomer,
    /// Create a customer record (row 4).
    CreateCustomer,
    /// Change a customer's details (row 6).
    EditCustomer,
    /// Read confirmed agreements (row 12).
    ReadAgreements,
    /// Attest that a customer accepted its agreement (row 12).
    AttestAgreement,
    /// Read the catalogue (row 7: whoever may order must see what there is; readers of prices too).
    ReadCatalog,
    /// Fill a cart and place orders (row 7).
    PlaceOrders,
    /// Read a customer's orders and subscriptions (row 9).
    ReadOrders,
    /// See what software a customer owns (row 1).
    ReadEntitlements,
    /// Open a product key (row 2).
    RevealKey,
    /// Cancel a software purchase (row 3).
    CancelPurchase,
    /// Rename a subscription or set its renewal (row 6).
    ManageSubscription,
    /// Read the activity log (row 18, Q-07).
    ReadAuditLog,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 14] = [
        Self::ListCustomers,
        Self::ReadCustomer,
        Self::CreateCustomer,
        Self::EditCustomer,
        Self::ReadAgreements,
        Self::AttestAgreement,
        Self::ReadCatalog,
        Self::PlaceOrders,
        Self::ReadOrders,
        Self::ReadEntitlements,
        Self::RevealKey,
        Self::CancelPurchase,
        Self::ManageSubscription,
        Self::ReadAuditLog,
    ];
}

/// Whether `role` allows `action`: the matrix of rule 1.2, one arm a row. Customers have no part in it: their portal
/// is another door.
pub const fn allows(role: Role, action: Action) -> bool {
    use Role as R;
    match action {
        Action::RevealKey | Action::CancelPurchase => matches!(role, R::AdminAgent),
        Action::ReadEntitlements => matches!(role, R::GlobalAdmin | R::AdminAgent),
        Action::CreateCustomer => {
            matches!(role, R::GlobalAdmin | R::AdminAgent | R::SalesAgent | R::UserManagementAdmin)
        }
        Action::ListCustomers | Action::ReadCustomer | Action::EditCustomer | Action::ReadOrders => {
            matches!(role, R::GlobalAdmin | R::AdminAgent | R::SalesAgent | R::HelpdeskAgent)
        }
        Action::ReadAgreements => matches!(role, R::GlobalAdmin | R::AdminAgent | R::SalesAgent),
        Action::AttestAgreement => matches!(role, R::AdminAgent | R::SalesAgent),
        Action::PlaceOrders | Action::ManageSubscription => {
            matches!(role, R::GlobalAdmin | R::AdminAgent | R::SalesAgent)
        }
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
        Action::ReadAuditLog => matches!(
            role,
            R::GlobalAdmin | R::AccountAdmin | R::ReferralsAdmin | R::MarketingContentAdmin | R::AdminAgent
        ),
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
            | Self::System { partner, .. } => *partner,
        }
    }
}

/// The right to touch one partner's data. Only [`authorize`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    partner: PartnerId,
}

impl Scope {
    /// The partner whose data may be touched.
    pub const fn partner(&self) -> PartnerId {
        self.partner
    }
}

/// Lets `actor` do `action`, within its own partner's data.
///
/// # Errors
/// [`Refusal::RoleMissing`] when none of its roles allows the action.
pub fn authorize(actor: &Actor, action: Action) -> Result<Scope, Refusal> {
    let allowed = match actor {
        Actor::Application { roles, .. } | Actor::PartnerUser { roles, .. } => {
            roles.iter().any(|role| allows(*role, action))
        }
        Actor::System { .. } => true,
    };
    if allowed { Ok(Scope { partner: actor.partner() }) } else { Err(Refusal::RoleMissing { action }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_admin_agent_opens_keys_and_cancels() {
        for action in [Action::RevealKey, Action::CancelPurchase] {
            let who: Vec<Role> = Role::ALL.into_iter().filter(|role| allows(*role, action)).collect();
            assert_eq!(who, [Role::AdminAgent]);
        }
    }

    #[test]
    fn no_customer_and_no_operator_passes_the_partners_door() {
        for role in [
            Role::OperatorAdmin,
            Role::OperatorSupport,
            Role::CustomerGlobalAdmin,
            Role::CustomerBillingAdmin,
            Role::CustomerUser,
        ] {
            assert!(Action::ALL.into_iter().all(|action| !allows(role, action)), "{role:?}");
        }
    }

    #[test]
    fn rights_add_up_over_roles_and_stay_inside_the_partner() {
        let partner = PartnerId::new(uuid::Uuid::from_u128(7));
        let actor = |roles: &[Role]| Actor::PartnerUser {
            id: UserId::new(uuid::Uuid::from_u128(1)),
            upn: "a@b.example".into(),
            partner,
            roles: roles.to_vec(),
            application: None,
        };
        assert!(authorize(&actor(&[Role::AccountAdmin]), Action::PlaceOrders).is_err());
        let scope = authorize(&actor(&[Role::AccountAdmin, Role::SalesAgent]), Action::PlaceOrders).unwrap();
        assert_eq!(scope.partner(), partner);
        assert_eq!(
            authorize(&actor(&[Role::GlobalAdmin]), Action::RevealKey),
            Err(Refusal::RoleMissing { action: Action::RevealKey })
        );
    }
}
