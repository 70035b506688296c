//! The partner's own people, the operator's, and those of customers: adding them, their roles, their way back in.
//!
//! Entries of the log name people by their ids only, so that a person can be erased.

use chandlery_domain::access::{Actor, Door, Role, Scope};
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::ids::UserId;
use chandlery_domain::refusal::Refusal;
use chandlery_store::factors::{self, FactorKind};
use chandlery_store::people::{self, Of, User};
use chandlery_store::{
    Read, Write, calendar_feeds, customers, grants, notices, places, providers, replays, sessions,
};
use jiff::Timestamp;

use super::Context;
use super::set_up::words;
use crate::error::{Error, Missing};
use crate::log::people::fresh_key;
use crate::outside::vault::Vault;
use crate::texts::Complaint;

/// A person to be added.
#[derive(Clone)]
pub struct NewPerson {
    /// Whose.
    pub of: Of,
    /// The sign-in name.
    pub upn: String,
    /// The name shown.
    pub display_name: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// The country licences are used in, or empty.
    pub usage_location: String,
    /// A telephone number, or empty.
    pub phone: String,
    /// The roles.
    pub roles: Vec<Role>,
    /// The hash of the temporary password.
    pub password_hash: String,
    /// Whether it must be changed at the first sign-in.
    pub must_change_password: bool,
}

/// What can be changed of a person; what is none stays.
#[derive(Clone, Default)]
pub struct Change {
    /// The sign-in name.
    pub upn: Option<String>,
    /// The name shown.
    pub display_name: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// The country licences are used in.
    pub usage_location: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
    /// Every role the person is to have.
    pub roles: Option<Vec<Role>>,
    /// Whether the person may sign in.
    pub active: Option<bool>,
    /// The hash of a new password, and whether it must be changed at the next sign-in.
    pub password: Option<(String, bool)>,
    /// Takes every second factor away.
    pub without_factors: bool,
}

/// Checks a sign-in name: `name@domain`, in letters a mail address has.
///
/// # Errors
/// [`Error::Invalid`] that says what would be right.
pub fn check_upn(upn: &str) -> Result<(), Error> {
    let right = upn.split_once('@').is_some_and(|(name, domain)| {
        let of = |text: &str, more: &str| {
            !text.is_empty()
                && text.chars().all(|letter| letter.is_ascii_alphanumeric() || more.contains(letter))
        };
        of(name, "._-+'")
            && of(domain, ".-")
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
    });
    if right && upn.len() <= 113 {
        Ok(())
    } else {
        Err(Error::complaint("userPrincipalName", Complaint::of("complaint-name-form")))
    }
}

/// A sign-in name that somebody has already.
pub fn name_taken() -> Error {
    Error::complaint("userPrincipalName", Complaint::of("complaint-name-taken"))
}

/// Whether whoever acts may give a role to people of that side (rule 1.1).
///
/// # Errors
/// [`Refusal::RoleNotAssignable`].
pub fn may_assign(cx: &Context, of: Of, role: Role) -> Result<(), Error> {
    let allowed = match (&cx.actor, of) {
        (Actor::System { .. }, Of::Partner) => role.door() != Door::Customer,
        // Whoever may manage a customer's people at all gives them the customer's roles and no others.
        (_, Of::Customer(_)) => role.door() == Door::Customer,
        (Actor::OperatorUser { roles, .. }, Of::Partner) => {
            role.door() == Door::Operator && cx.rules.matrix.may_assign(roles, role)
        }
        (actor, Of::Partner) => cx.rules.matrix.may_assign(actor.roles(), role),
    };
    if allowed { Ok(()) } else { Err(Refusal::RoleNotAssignable { role }.into()) }
}

const fn resource(of: Of) -> Resource {
    match of {
        Of::Partner => Resource::PartnerUser,
        Of::Customer(_) => Resource::CustomerUser,
    }
}

/// The entry with the customer's name where it is about a customer's person.
fn about(tx: &mut Read<'_>, scope: &Scope, of: Of, entry: Entry) -> Result<Entry, Error> {
    let Of::Customer(id) = of else { return Ok(entry) };
    let (customer, _) = customers::find(tx, scope, id)?.ok_or(Error::NotFound(Missing::Customer))?;
    Ok(entry.for_customer(id, &customer.billing.company_name))
}

/// Adds a person.
///
/// # Errors
/// When the name is taken or wrong, a role may not be given, or the customer is not there.
pub fn add(
    tx: &mut Write<'_>,
    cx: &Context,
    vault: &Vault,
    scope: &Scope,
    new: &NewPerson,
) -> Result<(User, Entry), Error> {
    check_upn(&new.upn)?;
    for role in &new.roles {
        may_assign(cx, new.of, *role)?;
    }
    let customer = match new.of {
        Of::Partner => None,
        Of::Customer(id) => Some(id),
    };
    let entry = Entry::did(
        if customer.is_some() { Operation::CreateCustomerUser } else { Operation::CreatePartnerUser },
        resource(new.of),
        "",
    );
    let entry = about(tx, scope, new.of, entry)?;
    let mut user = User::new(
        (scope.partner(), customer),
        UserId::new(cx.ids()()),
        (&new.upn, &new.display_name),
        new.roles.clone(),
        new.password_hash.clone(),
        cx.now,
    );
    user.first_name.clone_from(&new.first_name);
    user.last_name.clone_from(&new.last_name);
    user.usage_location.clone_from(&new.usage_location);
    user.phone.clone_from(&new.phone);
    user.must_change_password = new.must_change_password;
    let key = fresh_key(tx, vault, user.partner, user.id)?;
    if !people::insert(tx, &user, &key)? {
        return Err(name_taken());
    }
    let entry = Entry { resource_id: user.id.to_string(), ..entry };
    let facts = vec![Fact::new("roles", words(&user.roles))];
    Ok((user, entry.with(facts)))
}

/// Changes a person. Whoever loses rights, the password or the way in is signed out everywhere at once.
///
/// # Errors
/// When the person is not there, a role may not be given or taken, or nobody would be left to manage the others.
pub fn change(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    (of, id): (Of, UserId),
    wanted: &Change,
    world: Timestamp,
) -> Result<(User, Entry), Error> {
    let old = people::find(tx, scope, of, id)?
        .filter(|user| user.erased_at.is_none())
        .ok_or(Error::NotFound(Missing::User))?;
    let mut user = old.clone();
    let (mut before, mut after) = (Vec::new(), Vec::new());
    let mut out = false;
    let mut text = |own: &mut String, new: &Option<String>, name: &str| {
        if let Some(new) = new.as_ref().filter(|new| *new != own) {
            own.clone_from(new);
            // The value is the person's own and stays out of the log; that it changed does not.
            after.push(Fact::new("changed", name));
        }
    };
    if let Some(upn) = &wanted.upn {
        check_upn(upn)?;
    }
    text(&mut user.upn, &wanted.upn.as_ref().map(|upn| upn.to_lowercase()), "user_principal_name");
    text(&mut user.display_name, &wanted.display_name, "display_name");
    text(&mut user.first_name, &wanted.first_name, "first_name");
    text(&mut user.last_name, &wanted.last_name, "last_name");
    text(&mut user.usage_location, &wanted.usage_location, "usage_location");
    text(&mut user.phone, &wanted.phone, "phone_number");
    let renamed = !after.is_empty();
    let mut operation = match of {
        Of::Partner => Operation::UpdatePartnerUser,
        Of::Customer(_) => Operation::UpdateCustomerUser,
    };
    if user.upn != old.upn && of != Of::Partner {
        operation = Operation::UpdateCustomerUserPrincipalName;
    }
    if let Some(roles) = &wanted.roles {
        let gained: Vec<Role> = roles.iter().copied().filter(|role| !old.roles.contains(role)).collect();
        let lost: Vec<Role> = old.roles.iter().copied().filter(|role| !roles.contains(role)).collect();
        for role in gained.iter().chain(&lost) {
            may_assign(cx, of, *role)?;
        }
        if !gained.is_empty() || !lost.is_empty() {
            before.push(Fact::new("roles", words(&old.roles)));
            after.push(Fact::new("roles", words(roles)));
            operation = if lost.is_empty() { Operation::AddUserMember } else { Operation::RemoveUserMember };
        }
        user.roles.clone_from(roles);
    }
    if renamed || wanted.active.is_some_and(|active| active != old.active) {
        // Whoever may not give somebody's roles has no say over that person at all.
        may_reset(cx, of, &old)?;
    }
    if let Some(active) = wanted.active.filter(|active| *active != old.active) {
        user.active = active;
        user.deleted_at = if active { None } else { Some(cx.now) };
        out = !active;
        operation = match (of, active) {
            (Of::Customer(_), true) => Operation::RestoreCustomerUser,
            (Of::Customer(_), false) => Operation::DeleteCustomerUser,
            (Of::Partner, true) => Operation::UpdatePartnerUser,
            (Of::Partner, false) => Operation::RemovePartnerUser,
        };
        after.push(Fact::new("state", if active { "active" } else { "inactive" }));
    }
    if let Some((hash, must_change)) = &wanted.password {
        may_reset(cx, of, &old)?;
        user.password_hash.clone_from(hash);
        user.must_change_password = *must_change;
        out = true;
        after.push(Fact::new("changed", "password"));
        if of != Of::Partner {
            operation = Operation::ResetCustomerUserPassword;
        }
    }
    if wanted.without_factors {
        may_reset(cx, of, &old)?;
        factors::remove_kinds(tx, old.partner, old.id, &FactorKind::ALL)?;
        out = true;
        operation = Operation::ChangeSecondFactor;
        after.push(Fact::new("removed", "every second factor"));
    }
    let top = match (of, old.partner == crate::installation::OPERATOR) {
        (Of::Customer(_), _) => None,
        (Of::Partner, true) => Some(Role::OperatorAdmin),
        (Of::Partner, false) => Some(Role::GlobalAdmin),
    };
    if let Some(top) = top {
        let was = old.active && old.roles.contains(&top);
        let is = user.active && user.roles.contains(&top);
        if was && !is && people::count_with_role(tx, scope, of, top)? <= 1 {
            return Err(Error::complaint("roles", Complaint::of("complaint-roles-last")));
        }
    }
    if out {
        user.tokens_from = world;
        sessions::end_all(tx, user.partner, user.id, None)?;
        grants::revoke_all(tx, user.partner, user.id, world)?;
        calendar_feeds::end(tx, (user.partner, user.id))?;
    }
    if !people::save(tx, &old, &user)? {
        return Err(name_taken());
    }
    let entry = Entry::did(operation, resource(of), user.id).was(before).with(after);
    let entry = about(tx, scope, of, entry)?;
    Ok((user, entry))
}

/// Only a Global admin gives a Global admin a new way in, or takes one away (rule 1.1).
fn may_reset(cx: &Context, of: Of, user: &User) -> Result<(), Error> {
    if of != Of::Partner || matches!(cx.actor, Actor::System { .. }) {
        return Ok(());
    }
    for role in &user.roles {
        may_assign(cx, of, *role)?;
    }
    Ok(())
}

/// Erases a person: the key of its fields in the log is destroyed, so that nobody can read them any more while the chain
/// stays whole; name, telephone number, password and second factors go, and the sign-in name becomes free.
///
/// # Errors
/// When the person is not there.
pub fn erase(tx: &mut Write<'_>, cx: &Context, old: &User, world: Timestamp) -> Result<((), Entry), Error> {
    let (partner, id) = (old.partner, old.id);
    let destroyed = people::destroy_person_key(tx, partner, id)?;
    grants::forget_person(tx, partner, id)?;
    providers::forget(tx, partner, id)?;
    factors::forget_resets(tx, partner, id)?;
    replays::forget_about(tx, partner, &id.to_string())?;
    factors::remove_kinds(tx, partner, id, &FactorKind::ALL)?;
    sessions::end_all(tx, partner, id, None)?;
    grants::revoke_all(tx, partner, id, world)?;
    notices::forget_person(tx, partner, id)?;
    calendar_feeds::end(tx, (partner, id))?;
    places::forget_person(tx, partner, id)?;
    let gone = User {
        upn: format!("erased-{id}@invalid"),
        display_name: "Erased person".into(),
        first_name: String::new(),
        last_name: String::new(),
        usage_location: String::new(),
        phone: String::new(),
        time_zone: None,
        muted: Vec::new(),
        roles: Vec::new(),
        password_hash: String::new(),
        must_change_password: false,
        active: false,
        deleted_at: Some(cx.now),
        tokens_from: world,
        erased_at: Some(cx.now),
        ..old.clone()
    };
    people::save(tx, old, &gone)?;
    let of = old.customer.map_or(Of::Partner, Of::Customer);
    let facts = vec![Fact::new("log_key_destroyed", destroyed)];
    Ok(((), Entry::did(Operation::ErasePerson, resource(of), id).with(facts)))
}
