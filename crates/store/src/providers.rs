//! Other houses where people may sign in (OpenID Connect), and who signed in from there.

use chandlery_domain::ids::{PartnerId, UserId};
use diesel::prelude::*;
use jiff::Timestamp;

use crate::columns::read;
use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::{external_logins, sign_in_providers};

/// A provider.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sign_in_providers, treat_none_as_default_value = false)]
pub struct Provider {
    /// Its id.
    pub id: String,
    /// Whose people it vouches for: a partner's id, or the operator's.
    pub owner: String,
    /// The name on the sign-in page.
    pub name: String,
    /// Its issuer.
    pub issuer: String,
    /// Our id there.
    pub client_id: String,
    /// Our secret there, sealed.
    pub secret: Option<String>,
    /// The scopes asked for.
    pub scopes: String,
    /// The claim that names the person's groups.
    pub groups_claim: String,
    /// Which group gives which roles, as a small JSON object.
    pub group_roles: String,
    /// Whether its own second factor is taken for ours (1) or not (0).
    pub second_factor_trusted: i64,
    /// Since when it is removed, in microseconds.
    pub removed_at: Option<i64>,
}

/// A provider that was not removed.
///
/// # Errors
/// The store's own.
pub fn find(tx: &mut Read<'_>, id: &str) -> Result<Option<Provider>, Error> {
    Ok(both!(tx, |c| sign_in_providers::table
        .find(id)
        .filter(sign_in_providers::removed_at.is_null())
        .select(Provider::as_select())
        .first(c)
        .optional())?)
}

/// Every provider that was not removed, by name; at most `limit`.
///
/// # Errors
/// The store's own.
pub fn list(tx: &mut Read<'_>, limit: i64) -> Result<Vec<Provider>, Error> {
    Ok(both!(tx, |c| sign_in_providers::table
        .filter(sign_in_providers::removed_at.is_null())
        .order((sign_in_providers::name.asc(), sign_in_providers::id.asc()))
        .limit(limit)
        .select(Provider::as_select())
        .load(c))?)
}

/// Adds a provider.
///
/// # Errors
/// The store's own.
pub fn insert(tx: &mut Write<'_>, provider: &Provider) -> Result<(), Error> {
    both!(tx, |c| diesel::insert_into(sign_in_providers::table).values(provider).execute(c))?;
    Ok(())
}

/// Removes a provider; false when it is not there.
///
/// # Errors
/// The store's own.
pub fn remove(tx: &mut Write<'_>, id: &str, at: Timestamp) -> Result<bool, Error> {
    let changed = both!(tx, |c| diesel::update(
        sign_in_providers::table.find(id).filter(sign_in_providers::removed_at.is_null())
    )
    .set(sign_in_providers::removed_at.eq(at.as_microsecond()))
    .execute(c))?;
    Ok(changed == 1)
}

/// The person a provider knows by a subject.
///
/// # Errors
/// The store's own.
pub fn known(tx: &mut Read<'_>, provider: &str, subject: &str) -> Result<Option<(PartnerId, UserId)>, Error> {
    let row: Option<(String, String)> = both!(tx, |c| external_logins::table
        .find((provider, subject))
        .select((external_logins::partner_id, external_logins::user_id))
        .first(c)
        .optional())?;
    row.map(|(partner, user)| {
        Ok((read("external_logins.partner_id", &partner)?, read("external_logins.user_id", &user)?))
    })
    .transpose()
}

/// Forgets whom providers know a person by.
///
/// # Errors
/// The store's own.
pub fn forget(tx: &mut Write<'_>, partner: PartnerId, user: UserId) -> Result<(), Error> {
    let (partner, user) = (partner.to_string(), user.to_string());
    both!(tx, |c| diesel::delete(
        external_logins::table
            .filter(external_logins::partner_id.eq(&partner))
            .filter(external_logins::user_id.eq(&user))
    )
    .execute(c))?;
    Ok(())
}

/// Notes whom a provider knows by a subject; false when that is noted already.
///
/// # Errors
/// The store's own.
pub fn remember(
    tx: &mut Write<'_>,
    provider: &str,
    subject: &str,
    partner: PartnerId,
    user: UserId,
) -> Result<bool, Error> {
    let (partner, user) = (partner.to_string(), user.to_string());
    let added = both!(tx, |c| diesel::insert_into(external_logins::table)
        .values((
            external_logins::provider_id.eq(provider),
            external_logins::subject.eq(subject),
            external_logins::partner_id.eq(&partner),
            external_logins::user_id.eq(&user)
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(added == 1)
}
