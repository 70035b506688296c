//! Leave that people give programs: authorization codes, device codes, and grants with their refresh tokens. Every
//! secret stands here as a digest.

use chandlery_domain::ids::{ApplicationId, PartnerId, UserId};
use diesel::prelude::*;
use jiff::Timestamp;

use crate::columns::{instant, read, read_some};
use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::{codes, device_codes, grants};

/// What a person agreed to, and how it had proved itself.
#[derive(Debug, Clone)]
pub struct Leave {
    /// The person's partner.
    pub partner: PartnerId,
    /// The person.
    pub user: UserId,
    /// The program.
    pub client: ApplicationId,
    /// The scopes asked for.
    pub scope: String,
    /// The audience asked for, or empty.
    pub audience: String,
    /// The methods of the sign-in (RFC 8176), one space between: `pwd mfa`.
    pub methods: String,
    /// When the person signed in.
    pub signed_in_at: Timestamp,
}

/// An authorization code.
#[derive(Debug, Clone)]
pub struct Code {
    /// Its digest.
    pub id: String,
    /// What the person agreed to.
    pub leave: Leave,
    /// Where it was sent.
    pub redirect_uri: String,
    /// The PKCE challenge, or empty.
    pub challenge: String,
    /// The nonce for the id token, or empty.
    pub nonce: String,
    /// Until when it counts.
    pub ends_at: Timestamp,
    /// The grant it gave, once it was used.
    pub grant: Option<String>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = codes, treat_none_as_default_value = false)]
struct CodeRow {
    partner_id: String,
    id: String,
    client_id: String,
    user_id: String,
    redirect_uri: String,
    challenge: String,
    scope: String,
    audience: String,
    nonce: String,
    methods: String,
    signed_in_at: i64,
    ends_at: i64,
    grant_id: Option<String>,
}

/// Keeps a code.
///
/// # Errors
/// The store's own.
pub fn insert_code(tx: &mut Write<'_>, code: &Code) -> Result<(), Error> {
    let row = CodeRow {
        partner_id: code.leave.partner.to_string(),
        id: code.id.clone(),
        client_id: code.leave.client.to_string(),
        user_id: code.leave.user.to_string(),
        redirect_uri: code.redirect_uri.clone(),
        challenge: code.challenge.clone(),
        scope: code.leave.scope.clone(),
        audience: code.leave.audience.clone(),
        nonce: code.nonce.clone(),
        methods: code.leave.methods.clone(),
        signed_in_at: code.leave.signed_in_at.as_microsecond(),
        ends_at: code.ends_at.as_microsecond(),
        grant_id: None,
    };
    both!(tx, |c| diesel::insert_into(codes::table).values(&row).execute(c))?;
    Ok(())
}

/// A code by its digest, used or not.
///
/// # Errors
/// The store's own.
pub fn code(tx: &mut Read<'_>, partner: PartnerId, id: &str) -> Result<Option<Code>, Error> {
    let partner = partner.to_string();
    let row: Option<CodeRow> =
        both!(tx, |c| codes::table.find((&partner, id)).select(CodeRow::as_select()).first(c).optional())?;
    row.map(|row| {
        Ok(Code {
            id: row.id,
            leave: Leave {
                partner: read("codes.partner_id", &row.partner_id)?,
                user: read("codes.user_id", &row.user_id)?,
                client: read("codes.client_id", &row.client_id)?,
                scope: row.scope,
                audience: row.audience,
                methods: row.methods,
                signed_in_at: instant("codes.signed_in_at", row.signed_in_at)?,
            },
            redirect_uri: row.redirect_uri,
            challenge: row.challenge,
            nonce: row.nonce,
            ends_at: instant("codes.ends_at", row.ends_at)?,
            grant: row.grant_id,
        })
    })
    .transpose()
}

/// Notes that a code was used and which grant it gave; false when it was used before.
///
/// # Errors
/// The store's own.
pub fn use_code(tx: &mut Write<'_>, partner: PartnerId, id: &str, grant: &str) -> Result<bool, Error> {
    let partner = partner.to_string();
    let changed =
        both!(tx, |c| diesel::update(codes::table.find((&partner, id)).filter(codes::grant_id.is_null()))
            .set(codes::grant_id.eq(grant))
            .execute(c))?;
    Ok(changed == 1)
}

/// How a device's request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceState {
    /// Nobody has answered yet.
    Waiting,
    /// The person said yes.
    Allowed,
    /// The person said no.
    Denied,
    /// Tokens were given.
    Used,
}

impl DeviceState {
    const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::Used => "used",
        }
    }
}

/// A device that waits for a person's leave (RFC 8628).
#[derive(Debug, Clone)]
pub struct DeviceCode {
    /// The partner of its program.
    pub partner: PartnerId,
    /// The digest of the code the device polls with.
    pub id: String,
    /// The code the person types.
    pub user_code: String,
    /// The program.
    pub client: ApplicationId,
    /// The scopes asked for.
    pub scope: String,
    /// The audience asked for, or empty.
    pub audience: String,
    /// How it stands.
    pub state: DeviceState,
    /// The person who answered.
    pub user: Option<UserId>,
    /// The methods of that person's sign-in.
    pub methods: String,
    /// When that person signed in.
    pub signed_in_at: Timestamp,
    /// Until when it waits.
    pub ends_at: Timestamp,
    /// When the device asked last.
    pub polled_at: Timestamp,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = device_codes, treat_none_as_default_value = false, treat_none_as_null = true)]
struct DeviceRow {
    partner_id: String,
    id: String,
    user_code: String,
    client_id: String,
    scope: String,
    audience: String,
    state: String,
    user_id: Option<String>,
    methods: String,
    signed_in_at: i64,
    ends_at: i64,
    polled_at: i64,
}

impl DeviceRow {
    fn new(code: &DeviceCode) -> Self {
        Self {
            partner_id: code.partner.to_string(),
            id: code.id.clone(),
            user_code: code.user_code.clone(),
            client_id: code.client.to_string(),
            scope: code.scope.clone(),
            audience: code.audience.clone(),
            state: code.state.word().into(),
            user_id: code.user.map(|id| id.to_string()),
            methods: code.methods.clone(),
            signed_in_at: code.signed_in_at.as_microsecond(),
            ends_at: code.ends_at.as_microsecond(),
            polled_at: code.polled_at.as_microsecond(),
        }
    }

    fn read(self) -> Result<DeviceCode, Error> {
        Ok(DeviceCode {
            partner: read("device_codes.partner_id", &self.partner_id)?,
            id: self.id,
            user_code: self.user_code,
            client: read("device_codes.client_id", &self.client_id)?,
            scope: self.scope,
            audience: self.audience,
            state: match self.state.as_str() {
                "waiting" => DeviceState::Waiting,
                "allowed" => DeviceState::Allowed,
                "denied" => DeviceState::Denied,
                "used" => DeviceState::Used,
                other => return Err(Error::broken("device_codes.state", other)),
            },
            user: read_some("device_codes.user_id", self.user_id.as_deref())?,
            methods: self.methods,
            signed_in_at: instant("device_codes.signed_in_at", self.signed_in_at)?,
            ends_at: instant("device_codes.ends_at", self.ends_at)?,
            polled_at: instant("device_codes.polled_at", self.polled_at)?,
        })
    }
}

/// Keeps a device's request.
///
/// # Errors
/// The store's own.
pub fn insert_device(tx: &mut Write<'_>, code: &DeviceCode) -> Result<(), Error> {
    let row = DeviceRow::new(code);
    both!(tx, |c| diesel::insert_into(device_codes::table).values(&row).execute(c))?;
    Ok(())
}

/// A device's request, by the digest of the code it polls with.
///
/// # Errors
/// The store's own.
pub fn device(tx: &mut Read<'_>, partner: PartnerId, id: &str) -> Result<Option<DeviceCode>, Error> {
    let partner = partner.to_string();
    let row: Option<DeviceRow> = both!(tx, |c| device_codes::table
        .find((&partner, id))
        .select(DeviceRow::as_select())
        .first(c)
        .optional())?;
    row.map(DeviceRow::read).transpose()
}

/// A device's request that waits, by the code the person types.
///
/// # Errors
/// The store's own.
pub fn waiting_device(
    tx: &mut Read<'_>,
    partner: PartnerId,
    user_code: &str,
    now: Timestamp,
) -> Result<Option<DeviceCode>, Error> {
    let partner = partner.to_string();
    let row: Option<DeviceRow> = both!(tx, |c| device_codes::table
        .filter(device_codes::partner_id.eq(&partner))
        .filter(device_codes::user_code.eq(user_code))
        .filter(device_codes::state.eq("waiting"))
        .filter(device_codes::ends_at.gt(now.as_microsecond()))
        .select(DeviceRow::as_select())
        .first(c)
        .optional())?;
    row.map(DeviceRow::read).transpose()
}

/// Stores a device's request as it is now, if it was in the state `from`; false otherwise.
///
/// # Errors
/// The store's own.
pub fn save_device(tx: &mut Write<'_>, code: &DeviceCode, from: DeviceState) -> Result<bool, Error> {
    let row = DeviceRow::new(code);
    let key = (&row.partner_id, &row.id);
    Ok(both!(tx, |c| diesel::update(
        device_codes::table.find(key).filter(device_codes::state.eq(from.word()))
    )
    .set(&row)
    .execute(c))?
        == 1)
}

/// A person's leave for a program, with the digest of the refresh token that counts now.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Its id.
    pub id: String,
    /// What the person agreed to.
    pub leave: Leave,
    /// The digest of the refresh token that counts.
    pub token: String,
    /// Since when.
    pub began_at: Timestamp,
    /// When it was used last.
    pub used_at: Timestamp,
    /// Until when it counts without being used.
    pub ends_at: Timestamp,
    /// Since when it is revoked.
    pub revoked_at: Option<Timestamp>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = grants, treat_none_as_default_value = false)]
struct GrantRow {
    partner_id: String,
    id: String,
    user_id: String,
    client_id: String,
    scope: String,
    audience: String,
    methods: String,
    token: String,
    signed_in_at: i64,
    began_at: i64,
    used_at: i64,
    ends_at: i64,
    revoked_at: Option<i64>,
}

impl GrantRow {
    fn read(self) -> Result<Grant, Error> {
        Ok(Grant {
            id: self.id,
            leave: Leave {
                partner: read("grants.partner_id", &self.partner_id)?,
                user: read("grants.user_id", &self.user_id)?,
                client: read("grants.client_id", &self.client_id)?,
                scope: self.scope,
                audience: self.audience,
                methods: self.methods,
                signed_in_at: instant("grants.signed_in_at", self.signed_in_at)?,
            },
            token: self.token,
            began_at: instant("grants.began_at", self.began_at)?,
            used_at: instant("grants.used_at", self.used_at)?,
            ends_at: instant("grants.ends_at", self.ends_at)?,
            revoked_at: self.revoked_at.map(|at| instant("grants.revoked_at", at)).transpose()?,
        })
    }
}

/// Adds a grant.
///
/// # Errors
/// The store's own.
pub fn insert(tx: &mut Write<'_>, grant: &Grant) -> Result<(), Error> {
    let row = GrantRow {
        partner_id: grant.leave.partner.to_string(),
        id: grant.id.clone(),
        user_id: grant.leave.user.to_string(),
        client_id: grant.leave.client.to_string(),
        scope: grant.leave.scope.clone(),
        audience: grant.leave.audience.clone(),
        methods: grant.leave.methods.clone(),
        token: grant.token.clone(),
        signed_in_at: grant.leave.signed_in_at.as_microsecond(),
        began_at: grant.began_at.as_microsecond(),
        used_at: grant.used_at.as_microsecond(),
        ends_at: grant.ends_at.as_microsecond(),
        revoked_at: grant.revoked_at.map(Timestamp::as_microsecond),
    };
    both!(tx, |c| diesel::insert_into(grants::table).values(&row).execute(c))?;
    Ok(())
}

/// A grant.
///
/// # Errors
/// The store's own.
pub fn find(tx: &mut Read<'_>, partner: PartnerId, id: &str) -> Result<Option<Grant>, Error> {
    let partner = partner.to_string();
    let row: Option<GrantRow> =
        both!(tx, |c| grants::table.find((&partner, id)).select(GrantRow::as_select()).first(c).optional())?;
    row.map(GrantRow::read).transpose()
}

/// Replaces the refresh token that counts; false when another one counts by now, or the grant is revoked.
///
/// # Errors
/// The store's own.
pub fn rotate(
    tx: &mut Write<'_>,
    grant: &Grant,
    token: &str,
    now: Timestamp,
    ends_at: Timestamp,
) -> Result<bool, Error> {
    let partner = grant.leave.partner.to_string();
    let changed = both!(tx, |c| diesel::update(
        grants::table
            .find((&partner, &grant.id))
            .filter(grants::token.eq(&grant.token))
            .filter(grants::revoked_at.is_null())
    )
    .set((
        grants::token.eq(token),
        grants::used_at.eq(now.as_microsecond()),
        grants::ends_at.eq(ends_at.as_microsecond())
    ))
    .execute(c))?;
    Ok(changed == 1)
}

/// Revokes a grant; false when it is not there or revoked already.
///
/// # Errors
/// The store's own.
pub fn revoke(tx: &mut Write<'_>, partner: PartnerId, id: &str, at: Timestamp) -> Result<bool, Error> {
    let partner = partner.to_string();
    let changed = both!(tx, |c| diesel::update(
        grants::table.find((&partner, id)).filter(grants::revoked_at.is_null())
    )
    .set(grants::revoked_at.eq(at.as_microsecond()))
    .execute(c))?;
    Ok(changed == 1)
}

/// Revokes every grant of a person's.
///
/// # Errors
/// The store's own.
pub fn revoke_all(
    tx: &mut Write<'_>,
    partner: PartnerId,
    user: UserId,
    at: Timestamp,
) -> Result<usize, Error> {
    let (partner, user) = (partner.to_string(), user.to_string());
    Ok(both!(tx, |c| diesel::update(
        grants::table
            .filter(grants::partner_id.eq(&partner))
            .filter(grants::user_id.eq(&user))
            .filter(grants::revoked_at.is_null())
    )
    .set(grants::revoked_at.eq(at.as_microsecond()))
    .execute(c))?)
}

/// A person's grants that count, newest first; at most a hundred.
///
/// # Errors
/// The store's own.
pub fn of_user(
    tx: &mut Read<'_>,
    partner: PartnerId,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<Grant>, Error> {
    let (partner, user) = (partner.to_string(), user.to_string());
    let rows: Vec<GrantRow> = both!(tx, |c| grants::table
        .filter(grants::partner_id.eq(&partner))
        .filter(grants::user_id.eq(&user))
        .filter(grants::revoked_at.is_null())
        .filter(grants::ends_at.gt(now.as_microsecond()))
        .order((grants::began_at.desc(), grants::id.asc()))
        .limit(100)
        .select(GrantRow::as_select())
        .load(c))?;
    rows.into_iter().map(GrantRow::read).collect()
}

/// Takes away everything a person ever gave programs.
///
/// # Errors
/// The store's own.
pub fn forget_person(tx: &mut Write<'_>, partner: PartnerId, user: UserId) -> Result<(), Error> {
    let (partner, user) = (partner.to_string(), user.to_string());
    both!(tx, |c| diesel::delete(
        codes::table.filter(codes::partner_id.eq(&partner)).filter(codes::user_id.eq(&user))
    )
    .execute(c))?;
    both!(tx, |c| diesel::delete(
        device_codes::table
            .filter(device_codes::partner_id.eq(&partner))
            .filter(device_codes::user_id.eq(&user))
    )
    .execute(c))?;
    both!(tx, |c| diesel::delete(
        grants::table.filter(grants::partner_id.eq(&partner)).filter(grants::user_id.eq(&user))
    )
    .execute(c))?;
    Ok(())
}

/// Forgets codes that ended before `before` (until then a second use is still told from an unknown one), and device codes
/// that have ended.
///
/// # Errors
/// The store's own.
pub fn forget_codes(tx: &mut Write<'_>, before: Timestamp, now: Timestamp) -> Result<usize, Error> {
    let (before, now) = (before.as_microsecond(), now.as_microsecond());
    let gone = both!(tx, |c| diesel::delete(codes::table.filter(codes::ends_at.lt(before))).execute(c))?;
    let more =
        both!(tx, |c| diesel::delete(device_codes::table.filter(device_codes::ends_at.lt(now))).execute(c))?;
    Ok(gone.saturating_add(more))
}
