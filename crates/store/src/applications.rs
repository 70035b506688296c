//! Programs and what they prove themselves with, and the keys of the operator's own automation.
//!
//! Found by their id alone: proving comes before any scope. Secrets are kept as digests only.

use chandlery_domain::access::{Role, Scope};
use chandlery_domain::ids::{ApplicationId, PartnerId};
use diesel::prelude::*;
use jiff::Timestamp;

use crate::columns::{flag, instant, read, words};
use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::{api_keys, application_credentials, applications, used_assertions};

/// A program that calls the API.
#[derive(Debug, Clone)]
pub struct Application {
    /// Its id.
    pub client_id: ApplicationId,
    /// The partner it works for.
    pub partner: PartnerId,
    /// Its name.
    pub name: String,
    /// What it may do by itself.
    pub roles: Vec<Role>,
    /// Where authorization codes may be sent, exactly.
    pub redirect_uris: Vec<String>,
    /// Whether it runs where it cannot keep a secret (RFC 6749 §2.1); then it acts for people only.
    pub public: bool,
    /// Whether a refresh token stays the same when it is used, for scripts that keep one; otherwise it is replaced
    /// each time.
    pub keeps_refresh_tokens: bool,
    /// Since when it is revoked.
    pub revoked_at: Option<Timestamp>,
    /// What it proves itself with.
    pub credentials: Vec<Credential>,
}

/// What a program proves itself with.
#[derive(Debug, Clone)]
pub struct Credential {
    /// Its id.
    pub id: String,
    /// The digest of a secret, or a public key.
    pub proof: Proof,
    /// The first letters of the secret, so that people tell two apart.
    pub hint: String,
    /// Since when.
    pub added_at: Timestamp,
    /// Until when, if it ends by itself.
    pub ends_at: Option<Timestamp>,
}

/// The two kinds of credentials.
#[derive(Debug, Clone)]
pub enum Proof {
    /// The digest of a secret.
    Secret(String),
    /// A public key, as a JSON web key.
    Key(String),
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = applications, treat_none_as_default_value = false)]
struct Row {
    client_id: String,
    partner_id: String,
    name: String,
    roles: String,
    revoked_at: Option<i64>,
    redirect_uris: String,
    public_client: i64,
    keeps_refresh_tokens: i64,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = application_credentials, treat_none_as_default_value = false)]
struct CredentialRow {
    client_id: String,
    id: String,
    kind: String,
    value: String,
    hint: String,
    added_at: i64,
    ends_at: Option<i64>,
}

impl CredentialRow {
    fn new(client: ApplicationId, credential: &Credential) -> Self {
        let (kind, value) = match &credential.proof {
            Proof::Secret(digest) => ("secret", digest),
            Proof::Key(jwk) => ("key", jwk),
        };
        Self {
            client_id: client.to_string(),
            id: credential.id.clone(),
            kind: kind.into(),
            value: value.clone(),
            hint: credential.hint.clone(),
            added_at: credential.added_at.as_microsecond(),
            ends_at: credential.ends_at.map(Timestamp::as_microsecond),
        }
    }

    fn read(self) -> Result<Credential, Error> {
        Ok(Credential {
            id: self.id,
            proof: match self.kind.as_str() {
                "secret" => Proof::Secret(self.value),
                "key" => Proof::Key(self.value),
                other => return Err(Error::broken("application_credentials.kind", other)),
            },
            hint: self.hint,
            added_at: instant("application_credentials.added_at", self.added_at)?,
            ends_at: self.ends_at.map(|at| instant("application_credentials.ends_at", at)).transpose()?,
        })
    }
}

impl Row {
    fn read(self, credentials: Vec<CredentialRow>) -> Result<Application, Error> {
        Ok(Application {
            client_id: read("applications.client_id", &self.client_id)?,
            partner: read("applications.partner_id", &self.partner_id)?,
            name: self.name,
            roles: roles("applications.roles", &self.roles)?,
            redirect_uris: self.redirect_uris.split_whitespace().map(str::to_owned).collect(),
            public: flag("applications.public_client", self.public_client)?,
            keeps_refresh_tokens: flag("applications.keeps_refresh_tokens", self.keeps_refresh_tokens)?,
            revoked_at: self.revoked_at.map(|at| instant("applications.revoked_at", at)).transpose()?,
            credentials: credentials.into_iter().map(CredentialRow::read).collect::<Result<_, _>>()?,
        })
    }
}

pub(crate) fn roles(place: &'static str, text: &str) -> Result<Vec<Role>, Error> {
    text.split_whitespace().map(|word| read(place, word)).collect()
}

/// A program that was not revoked, with its credentials.
///
/// # Errors
/// The store's own.
pub fn find(tx: &mut Read<'_>, id: ApplicationId) -> Result<Option<Application>, Error> {
    let id = id.to_string();
    let row: Option<Row> = both!(tx, |c| applications::table
        .find(&id)
        .filter(applications::revoked_at.is_null())
        .select(Row::as_select())
        .first(c)
        .optional())?;
    let Some(row) = row else { return Ok(None) };
    let credentials: Vec<CredentialRow> = both!(tx, |c| application_credentials::table
        .filter(application_credentials::client_id.eq(&id))
        .order(application_credentials::id.asc())
        .select(CredentialRow::as_select())
        .load(c))?;
    row.read(credentials).map(Some)
}

/// The names of those of these programs that were not revoked, for showing them.
///
/// # Errors
/// The store's own.
pub fn names(tx: &mut Read<'_>, ids: &[ApplicationId]) -> Result<Vec<(ApplicationId, String)>, Error> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let rows: Vec<(String, String)> = both!(tx, |c| applications::table
        .filter(applications::client_id.eq_any(&ids).and(applications::revoked_at.is_null()))
        .select((applications::client_id, applications::name))
        .load(c))?;
    rows.into_iter().map(|(id, name)| Ok((read("applications.client_id", &id)?, name))).collect()
}

/// What a partner's programs are called, by name; revoked ones as well.
///
/// # Errors
/// The store's own.
pub fn names_of(tx: &mut Read<'_>, scope: &Scope, limit: i64) -> Result<Vec<(ApplicationId, String)>, Error> {
    let partner = scope.partner().to_string();
    let rows: Vec<(String, String)> = both!(tx, |c| applications::table
        .filter(applications::partner_id.eq(&partner))
        .order((applications::name.asc(), applications::client_id.asc()))
        .limit(limit)
        .select((applications::client_id, applications::name))
        .load(c))?;
    rows.into_iter().map(|(id, name)| Ok((read("applications.client_id", &id)?, name))).collect()
}

/// How many programs of a partner count.
///
/// # Errors
/// The store's own.
pub fn count(tx: &mut Read<'_>, scope: &Scope) -> Result<i64, Error> {
    let partner = scope.partner().to_string();
    Ok(both!(tx, |c| applications::table
        .filter(applications::partner_id.eq(&partner).and(applications::revoked_at.is_null()))
        .count()
        .get_result(c))?)
}

/// The partner's programs, revoked ones too, by name; at most `limit`.
///
/// # Errors
/// The store's own.
pub fn list(tx: &mut Read<'_>, scope: &Scope, limit: i64) -> Result<Vec<Application>, Error> {
    let partner = scope.partner().to_string();
    let rows: Vec<Row> = both!(tx, |c| applications::table
        .filter(applications::partner_id.eq(&partner))
        .order((applications::name.asc(), applications::client_id.asc()))
        .limit(limit)
        .select(Row::as_select())
        .load(c))?;
    let ids: Vec<&str> = rows.iter().map(|row| row.client_id.as_str()).collect();
    let mut credentials: Vec<CredentialRow> = both!(tx, |c| application_credentials::table
        .filter(application_credentials::client_id.eq_any(&ids))
        .order((application_credentials::client_id.asc(), application_credentials::id.asc()))
        .select(CredentialRow::as_select())
        .load(c))?;
    rows.into_iter()
        .map(|row| {
            let (own, rest) = credentials.drain(..).partition(|one| one.client_id == row.client_id);
            credentials = rest;
            row.read(own)
        })
        .collect()
}

/// Adds a program with its credentials.
///
/// # Errors
/// The store's own.
pub fn insert(tx: &mut Write<'_>, application: &Application) -> Result<(), Error> {
    let row = Row {
        client_id: application.client_id.to_string(),
        partner_id: application.partner.to_string(),
        name: application.name.clone(),
        roles: words(application.roles.iter().copied().map(Role::as_str), " "),
        revoked_at: None,
        redirect_uris: application.redirect_uris.join(" "),
        public_client: application.public.into(),
        keeps_refresh_tokens: application.keeps_refresh_tokens.into(),
    };
    both!(tx, |c| diesel::insert_into(applications::table).values(&row).execute(c))?;
    for credential in &application.credentials {
        add_credential(tx, application.client_id, credential)?;
    }
    Ok(())
}

/// Stores a program and its credentials as they are now.
///
/// # Errors
/// The store's own.
pub fn replace(tx: &mut Write<'_>, application: &Application) -> Result<(), Error> {
    let id = application.client_id.to_string();
    both!(tx, |c| diesel::delete(
        application_credentials::table.filter(application_credentials::client_id.eq(&id))
    )
    .execute(c))?;
    both!(tx, |c| diesel::delete(applications::table.find(&id)).execute(c))?;
    insert(tx, application)
}

/// Adds a credential.
///
/// # Errors
/// The store's own.
pub fn add_credential(
    tx: &mut Write<'_>,
    client: ApplicationId,
    credential: &Credential,
) -> Result<(), Error> {
    let row = CredentialRow::new(client, credential);
    both!(tx, |c| diesel::insert_into(application_credentials::table).values(&row).execute(c))?;
    Ok(())
}

/// Takes a credential away; false when it is not there.
///
/// # Errors
/// The store's own.
pub fn remove_credential(tx: &mut Write<'_>, client: ApplicationId, id: &str) -> Result<bool, Error> {
    let client = client.to_string();
    let gone = both!(tx, |c| diesel::delete(application_credentials::table.find((&client, id))).execute(c))?;
    Ok(gone == 1)
}

/// Revokes a program of the partner's; false when it is not there or revoked already.
///
/// # Errors
/// The store's own.
pub fn revoke(
    tx: &mut Write<'_>,
    scope: &Scope,
    client: ApplicationId,
    at: Timestamp,
) -> Result<bool, Error> {
    let (partner, client) = (scope.partner().to_string(), client.to_string());
    let changed = both!(tx, |c| diesel::update(
        applications::table
            .find(&client)
            .filter(applications::partner_id.eq(&partner))
            .filter(applications::revoked_at.is_null())
    )
    .set(applications::revoked_at.eq(at.as_microsecond()))
    .execute(c))?;
    Ok(changed == 1)
}

/// Notes that a signed assertion was used; false when it was used before.
///
/// # Errors
/// The store's own.
pub fn use_assertion(
    tx: &mut Write<'_>,
    client: ApplicationId,
    jti: &str,
    ends_at: Timestamp,
) -> Result<bool, Error> {
    let client = client.to_string();
    let added = both!(tx, |c| diesel::insert_into(used_assertions::table)
        .values((
            used_assertions::client_id.eq(&client),
            used_assertions::jti.eq(jti),
            used_assertions::ends_at.eq(ends_at.as_microsecond())
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(added == 1)
}

/// Forgets assertions that could not be used any more anyway.
///
/// # Errors
/// The store's own.
pub fn forget_assertions(tx: &mut Write<'_>, before: Timestamp) -> Result<usize, Error> {
    Ok(both!(tx, |c| diesel::delete(
        used_assertions::table.filter(used_assertions::ends_at.lt(before.as_microsecond()))
    )
    .execute(c))?)
}

/// A key of the operator's own automation.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = api_keys, treat_none_as_default_value = false)]
pub struct ApiKey {
    /// Its id, the first part of its text.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The digest of its secret part.
    pub digest: String,
    /// What it may be used for, one space between.
    pub scopes: String,
    /// Since when, in microseconds.
    pub added_at: i64,
    /// Until when.
    pub ends_at: Option<i64>,
    /// Since when it is revoked.
    pub revoked_at: Option<i64>,
}

/// An operator's key by its id.
///
/// # Errors
/// The store's own.
pub fn api_key(tx: &mut Read<'_>, id: &str) -> Result<Option<ApiKey>, Error> {
    Ok(both!(tx, |c| api_keys::table.find(id).select(ApiKey::as_select()).first(c).optional())?)
}

/// The operator's keys; at most `limit`.
///
/// # Errors
/// The store's own.
pub fn api_keys(tx: &mut Read<'_>, limit: i64) -> Result<Vec<ApiKey>, Error> {
    Ok(both!(tx, |c| api_keys::table
        .order(api_keys::id.asc())
        .limit(limit)
        .select(ApiKey::as_select())
        .load(c))?)
}

/// Adds an operator's key.
///
/// # Errors
/// The store's own.
pub fn insert_api_key(tx: &mut Write<'_>, key: &ApiKey) -> Result<(), Error> {
    both!(tx, |c| diesel::insert_into(api_keys::table).values(key).execute(c))?;
    Ok(())
}

/// Revokes an operator's key; false when there is none that counts.
///
/// # Errors
/// The store's own.
pub fn revoke_api_key(tx: &mut Write<'_>, id: &str, at: Timestamp) -> Result<bool, Error> {
    let changed =
        both!(tx, |c| diesel::update(api_keys::table.find(id).filter(api_keys::revoked_at.is_null()))
            .set(api_keys::revoked_at.eq(at.as_microsecond()))
            .execute(c))?;
    Ok(changed == 1)
}
