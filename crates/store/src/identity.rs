//! Programs and people that can prove who they are.

use chandlery_domain::access::{Role, Scope};
use chandlery_domain::ids::{ApplicationId, CustomerId, PartnerId, UserId};
use diesel::prelude::*;
use jiff::Timestamp;

use crate::columns::{read, words};
use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::{applications, logins, users};

/// A program that calls the API.
#[derive(Debug, Clone)]
pub struct Application {
    /// Its id.
    pub client_id: ApplicationId,
    /// The partner it works for.
    pub partner: PartnerId,
    /// Its name.
    pub name: String,
    /// The digest of its secret; the secret itself is kept nowhere.
    pub secret_digest: String,
    /// What it may do.
    pub roles: Vec<Role>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = applications, treat_none_as_default_value = false)]
struct ApplicationRow {
    client_id: String,
    partner_id: String,
    name: String,
    secret_digest: String,
    roles: String,
    revoked_at: Option<i64>,
}

fn roles(place: &'static str, text: &str) -> Result<Vec<Role>, Error> {
    text.split_whitespace().map(|word| read(place, word)).collect()
}

/// A program that was not revoked. Found by its id alone: proving comes before any scope.
///
/// # Errors
/// The store's own.
pub fn application(tx: &mut Read<'_>, id: ApplicationId) -> Result<Option<Application>, Error> {
    let id = id.to_string();
    let row: Option<ApplicationRow> = both!(tx, |c| applications::table
        .find(&id)
        .filter(applications::revoked_at.is_null())
        .select(ApplicationRow::as_select())
        .first(c)
        .optional())?;
    row.map(|row| {
        Ok(Application {
            client_id: read("applications.client_id", &row.client_id)?,
            partner: read("applications.partner_id", &row.partner_id)?,
            name: row.name,
            secret_digest: row.secret_digest,
            roles: roles("applications.roles", &row.roles)?,
        })
    })
    .transpose()
}

/// Adds a program.
///
/// # Errors
/// The store's own.
pub fn insert_application(tx: &mut Write<'_>, application: &Application) -> Result<(), Error> {
    let row = ApplicationRow {
        client_id: application.client_id.to_string(),
        partner_id: application.partner.to_string(),
        name: application.name.clone(),
        secret_digest: application.secret_digest.clone(),
        roles: words(application.roles.iter().copied().map(Role::as_str), " "),
        revoked_at: None,
    };
    both!(tx, |c| diesel::insert_into(applications::table).values(&row).execute(c))?;
    Ok(())
}

/// A person of a partner, of a customer or of the operator.
#[derive(Debug, Clone)]
pub struct User {
    /// The person's id.
    pub id: UserId,
    /// The customer the person belongs to, if to one.
    pub customer: Option<CustomerId>,
    /// The sign-in name, unique everywhere.
    pub upn: String,
    /// The name shown.
    pub display_name: String,
    /// What the person may do.
    pub roles: Vec<Role>,
    /// The password's argon2id hash, in PHC form.
    pub password_hash: String,
    /// Whether the password must be changed at the first sign-in.
    pub must_change_password: bool,
    /// When the person was added.
    pub created_at: Timestamp,
}

#[derive(Insertable)]
#[diesel(table_name = users, treat_none_as_default_value = false)]
struct UserRow {
    partner_id: String,
    id: String,
    customer_id: Option<String>,
    upn: String,
    display_name: String,
    roles: String,
    password_hash: String,
    must_change_password: i64,
    created_at: i64,
}

/// Adds a person and takes the sign-in name; false when that is taken.
///
/// # Errors
/// The store's own.
pub fn insert_user(tx: &mut Write<'_>, scope: &Scope, user: &User) -> Result<bool, Error> {
    let row = UserRow {
        partner_id: scope.partner().to_string(),
        id: user.id.to_string(),
        customer_id: user.customer.map(|id| id.to_string()),
        upn: user.upn.to_lowercase(),
        display_name: user.display_name.clone(),
        roles: words(user.roles.iter().copied().map(Role::as_str), " "),
        password_hash: user.password_hash.clone(),
        must_change_password: user.must_change_password.into(),
        created_at: user.created_at.as_microsecond(),
    };
    let taken = both!(tx, |c| diesel::insert_into(logins::table)
        .values((
            logins::upn.eq(&row.upn),
            logins::partner_id.eq(&row.partner_id),
            logins::user_id.eq(&row.id)
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    if taken == 0 {
        return Ok(false);
    }
    both!(tx, |c| diesel::insert_into(users::table).values(&row).execute(c))?;
    Ok(true)
}
