//! Who may do what, tried role by role.

use super::*;
use uuid::Uuid;

const PARTNER: PartnerId = PartnerId::new(Uuid::from_u128(7));

fn who(matrix: Matrix, action: Action) -> Vec<Role> {
    Role::ALL.into_iter().filter(|role| matrix.allows(*role, action)).collect()
}

fn person(roles: &[Role]) -> Actor {
    Actor::PartnerUser {
        id: UserId::new(Uuid::from_u128(1)),
        upn: "a@b.example".into(),
        partner: PARTNER,
        roles: roles.to_vec(),
        application: None,
    }
}

#[test]
fn only_the_admin_agent_opens_keys_and_cancels() {
    for action in [Action::RevealKey, Action::CancelPurchase] {
        assert_eq!(who(Matrix::default(), action), [Role::AdminAgent]);
    }
    assert_eq!(who(Matrix::default(), Action::OpenOwnKeys), [Role::CustomerGlobalAdmin]);
}

#[test]
fn every_action_stands_behind_exactly_one_door() {
    for action in Action::ALL {
        let mut doors: Vec<Door> = who(Matrix::default(), *action).into_iter().map(Role::door).collect();
        doors.dedup();
        assert_eq!(doors.len(), 1, "{action:?}");
    }
}

#[test]
fn a_partners_person_with_a_customers_role_does_not_pass_the_customers_door() {
    let smuggled = person(&[Role::CustomerGlobalAdmin, Role::OperatorAdmin]);
    for action in [Action::OpenOwnKeys, Action::SeeOwnSoftware, Action::ManagePartners] {
        assert_eq!(authorize(&smuggled, action), Err(Refusal::RoleMissing { action }));
    }
    let customer = Actor::CustomerUser {
        id: UserId::new(Uuid::from_u128(2)),
        upn: "c@d.example".into(),
        partner: PARTNER,
        customer: CustomerId::new(Uuid::from_u128(3)),
        roles: vec![Role::AdminAgent, Role::CustomerGlobalAdmin],
    };
    assert!(authorize(&customer, Action::RevealKey).is_err());
    let scope = authorize(&customer, Action::OpenOwnKeys).unwrap();
    assert_eq!((scope.partner(), scope.customer()), (PARTNER, customer.customer()));
}

#[test]
fn the_log_has_the_readers_the_operator_chose() {
    let readers = |text: &str| {
        who(Matrix { log_readers: text.parse().unwrap(), ..Matrix::default() }, Action::ReadAuditLog)
    };
    let seeds = [Role::GlobalAdmin, Role::AccountAdmin, Role::ReferralsAdmin, Role::MarketingContentAdmin];
    assert_eq!(readers("seeds"), seeds);
    assert_eq!(readers("seeds_and_admin_agent").len(), 5);
    assert_eq!(readers("page_2020").len(), 6);
    assert_eq!(readers("page_2023"), [Role::AdminAgent]);
    assert!("everybody".parse::<LogReaders>().is_err());
}

#[test]
fn reservations_are_ordered_by_more_roles_in_2020_than_in_2023() {
    let buyers =
        |buyers| who(Matrix { reservation_buyers: buyers, ..Matrix::default() }, Action::PlaceReservations);
    assert_eq!(buyers(ReservationBuyers::Page2023), [Role::AdminAgent, Role::SalesAgent]);
    assert!(buyers(ReservationBuyers::Page2020).contains(&Role::HelpdeskAgent));
    assert!(!Matrix::default().allows(Role::HelpdeskAgent, Action::PlaceOrders));
}

#[test]
fn roles_are_given_by_those_above_them() {
    let matrix = Matrix::default();
    assert!(matrix.may_assign(&[Role::GlobalAdmin], Role::GlobalAdmin));
    assert!(!matrix.may_assign(&[Role::UserManagementAdmin], Role::GlobalAdmin));
    assert!(matrix.may_assign(&[Role::UserManagementAdmin], Role::AdminAgent));
    assert!(matrix.may_assign(&[Role::AccountAdmin], Role::ReferralsAdmin));
    assert!(!matrix.may_assign(&[Role::AccountAdmin], Role::AdminAgent));
    assert!(!matrix.may_assign(&[Role::GlobalAdmin], Role::OperatorAdmin));
    assert!(!matrix.may_assign(&[Role::AdminAgent], Role::SalesAgent));
}

#[test]
fn rights_add_up_over_roles_and_stay_inside_the_partner() {
    assert!(authorize(&person(&[Role::AccountAdmin]), Action::PlaceOrders).is_err());
    let scope = authorize(&person(&[Role::AccountAdmin, Role::SalesAgent]), Action::PlaceOrders).unwrap();
    assert_eq!(scope.partner(), PARTNER);
    assert_eq!(
        authorize(&person(&[Role::GlobalAdmin]), Action::RevealKey),
        Err(Refusal::RoleMissing { action: Action::RevealKey })
    );
}
