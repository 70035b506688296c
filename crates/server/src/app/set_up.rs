//! What the operator sets up: partners with their data keys, programs, and people.

use chandlery_domain::access::Role;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::customer::Partner;
use chandlery_store::applications::{self, Application};
use chandlery_store::people::{self, User};
use chandlery_store::vault::{DataKey, insert_data_key};
use chandlery_store::{Write, partners};

use super::people::name_taken;
use crate::error::Error;
use crate::log::people::fresh_key;
use crate::outside::vault::Vault;

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
    applications::insert(tx, application)?;
    let facts = vec![
        Fact::new("name", &application.name),
        Fact::new("roles", words(&application.roles)),
        Fact::new("public", application.public),
    ];
    let entry = Entry::did(Operation::RegisterApplication, Resource::Application, application.client_id);
    Ok(((), entry.with(facts)))
}

/// Adds a person, with the key its fields in the log are sealed with. The entry names nobody: the id is enough.
///
/// # Errors
/// When the sign-in name is taken.
pub fn add_user(tx: &mut Write<'_>, vault: &Vault, user: &User) -> Result<((), Entry), Error> {
    let key = fresh_key(tx, vault, user.partner, user.id)?;
    if !people::insert(tx, user, &key)? {
        return Err(name_taken());
    }
    let (operation, resource) = match user.customer {
        Some(_) => (Operation::CreateCustomerUser, Resource::CustomerUser),
        None => (Operation::CreatePartnerUser, Resource::PartnerUser),
    };
    Ok(((), Entry::did(operation, resource, user.id).with(vec![Fact::new("roles", words(&user.roles))])))
}

/// Roles as one text.
pub fn words(roles: &[Role]) -> String {
    roles.iter().copied().map(Role::as_str).collect::<Vec<_>>().join(" ")
}
