//! What the operator sets up: partners with their data keys, programs, and people.

use chandlery_domain::access::{Action, Role, authorize};
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::customer::Partner;
use chandlery_store::identity::{Application, User, insert_application, insert_user};
use chandlery_store::vault::{DataKey, insert_data_key};
use chandlery_store::{Write, partners};

use super::Context;
use crate::error::Error;

/// Adds a partner with the key its secrets are sealed with.
///
/// # Errors
/// The store's own.
pub fn add_partner(tx: &mut Write<'_>, partner: &Partner, key: &DataKey) -> Result<((), Entry), Error> {
    partners::insert(tx, partner)?;
    insert_data_key(tx, key)?;
    let facts = vec![
        Fact::new("name", &partner.name),
        Fact::new("country", partner.country),
        Fact::new("currency", partner.currency),
    ];
    Ok(((), Entry::did(Operation::SetUp, Resource::Installation, partner.id).with(facts)))
}

/// Adds a program of a partner.
///
/// # Errors
/// The store's own.
pub fn add_application(tx: &mut Write<'_>, application: &Application) -> Result<((), Entry), Error> {
    insert_application(tx, application)?;
    let roles: Vec<&str> = application.roles.iter().copied().map(Role::as_str).collect();
    let facts = vec![Fact::new("name", &application.name), Fact::new("roles", roles.join(" "))];
    Ok(((), Entry::did(Operation::SetUp, Resource::Installation, application.client_id).with(facts)))
}

/// Adds a person.
///
/// # Errors
/// When the sign-in name is taken.
pub fn add_user(tx: &mut Write<'_>, cx: &Context, user: &User) -> Result<((), Entry), Error> {
    let scope = authorize(&cx.actor, Action::CreateCustomer)?;
    if !insert_user(tx, &scope, user)? {
        return Err(Error::invalid("upn", format!("{} is taken", user.upn)));
    }
    let roles: Vec<&str> = user.roles.iter().copied().map(Role::as_str).collect();
    let facts = vec![Fact::new("upn", &user.upn), Fact::new("roles", roles.join(" "))];
    Ok(((), Entry::did(Operation::SetUp, Resource::Installation, user.id).with(facts)))
}
