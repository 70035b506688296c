//! Second factors, failed tries, and tokens that set a new password: what stands between a name and its session.

use chandlery_domain::ids::{PartnerId, UserId};
use diesel::prelude::*;
use jiff::Timestamp;

use crate::columns::{instant, read_some};
use crate::db::{Read, Write, both, insert_rows};
use crate::error::Error;
use crate::schema::{attempts, factors, password_resets};

/// What kind of second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorKind {
    /// An authenticator that shows codes (RFC 6238).
    Totp,
    /// A passkey (WebAuthn).
    Passkey,
    /// A recovery code, for one use.
    Recovery,
}

impl FactorKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Totp, Self::Passkey, Self::Recovery];
}

/// A second factor.
#[derive(Clone)]
pub struct Factor {
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: FactorKind,
    /// The name the person gave it.
    pub name: String,
    /// A sealed secret, a passkey, or the digest of a recovery code.
    pub secret: String,
    /// The last time step a code was taken for.
    pub last_step: i64,
    /// Since when.
    pub added_at: Timestamp,
    /// When it was used last.
    pub used_at: Option<Timestamp>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = factors, treat_none_as_default_value = false)]
struct FactorRow {
    partner_id: String,
    user_id: String,
    id: String,
    kind: String,
    name: String,
    secret: String,
    last_step: i64,
    added_at: i64,
    used_at: Option<i64>,
}

/// A person's second factors; at most fifty.
///
/// # Errors
/// The store's own.
pub fn of(tx: &mut Read<'_>, partner: PartnerId, user: UserId) -> Result<Vec<Factor>, Error> {
    let (partner, user) = (partner.to_string(), user.to_string());
    let rows: Vec<FactorRow> = both!(tx, |c| factors::table
        .filter(factors::partner_id.eq(&partner))
        .filter(factors::user_id.eq(&user))
        .order(factors::id.asc())
        .limit(50)
        .select(FactorRow::as_select())
        .load(c))?;
    rows.into_iter()
        .map(|row| {
            Ok(Factor {
                id: row.id,
                kind: match row.kind.as_str() {
                    "totp" => FactorKind::Totp,
                    "passkey" => FactorKind::Passkey,
                    "recovery" => FactorKind::Recovery,
                    other => return Err(Error::broken("factors.kind", other)),
                },
                name: row.name,
                secret: row.secret,
                last_step: row.last_step,
                added_at: instant("factors.added_at", row.added_at)?,
                used_at: row.used_at.map(|at| instant("factors.used_at", at)).transpose()?,
            })
        })
        .collect()
}

/// Which of these people have a second factor that is more than recovery codes.
///
/// # Errors
/// The store's own.
pub fn owners(tx: &mut Read<'_>, partner: PartnerId, users: &[UserId]) -> Result<Vec<UserId>, Error> {
    let partner = partner.to_string();
    let users: Vec<String> = users.iter().map(ToString::to_string).collect();
    let found: Vec<String> = both!(tx, |c| factors::table
        .filter(factors::partner_id.eq(&partner).and(factors::user_id.eq_any(&users)))
        .filter(factors::kind.ne(word(FactorKind::Recovery)))
        .select(factors::user_id)
        .distinct()
        .load(c))?;
    found.iter().map(|id| crate::columns::read("factors.user_id", id)).collect()
}

const fn word(kind: FactorKind) -> &'static str {
    match kind {
        FactorKind::Totp => "totp",
        FactorKind::Passkey => "passkey",
        FactorKind::Recovery => "recovery",
    }
}

/// Adds second factors.
///
/// # Errors
/// The store's own.
pub fn insert(tx: &mut Write<'_>, partner: PartnerId, user: UserId, fresh: &[Factor]) -> Result<(), Error> {
    let rows: Vec<FactorRow> = fresh
        .iter()
        .map(|factor| FactorRow {
            partner_id: partner.to_string(),
            user_id: user.to_string(),
            id: factor.id.clone(),
            kind: word(factor.kind).into(),
            name: factor.name.clone(),
            secret: factor.secret.clone(),
            last_step: factor.last_step,
            added_at: factor.added_at.as_microsecond(),
            used_at: factor.used_at.map(Timestamp::as_microsecond),
        })
        .collect();
    insert_rows!(tx, factors::table, rows)?;
    Ok(())
}

/// Takes every factor of these kinds from a person.
///
/// # Errors
/// The store's own.
pub fn remove_kinds(
    tx: &mut Write<'_>,
    partner: PartnerId,
    user: UserId,
    kinds: &[FactorKind],
) -> Result<(), Error> {
    let (partner, user) = (partner.to_string(), user.to_string());
    let kinds: Vec<&str> = kinds.iter().map(|kind| word(*kind)).collect();
    both!(tx, |c| diesel::delete(
        factors::table
            .filter(factors::partner_id.eq(&partner).and(factors::user_id.eq(&user)))
            .filter(factors::kind.eq_any(&kinds))
    )
    .execute(c))?;
    Ok(())
}

/// Notes the use of a factor: the step must be later than the last one; false when it is not, so no code counts twice.
///
/// # Errors
/// The store's own.
pub fn note_use(
    tx: &mut Write<'_>,
    (partner, user): (PartnerId, UserId),
    id: &str,
    secret: &str,
    step: i64,
    at: Timestamp,
) -> Result<bool, Error> {
    let (partner, user) = (partner.to_string(), user.to_string());
    let changed = both!(tx, |c| diesel::update(
        factors::table.find((&partner, &user, id)).filter(factors::last_step.lt(step))
    )
    .set((factors::secret.eq(secret), factors::last_step.eq(step), factors::used_at.eq(at.as_microsecond())))
    .execute(c))?;
    Ok(changed == 1)
}

/// Takes a factor away; false when it is not there (any more): a recovery code counts once.
///
/// # Errors
/// The store's own.
pub fn remove(tx: &mut Write<'_>, partner: PartnerId, user: UserId, id: &str) -> Result<bool, Error> {
    let (partner, user) = (partner.to_string(), user.to_string());
    Ok(both!(tx, |c| diesel::delete(factors::table.find((&partner, &user, id))).execute(c))? == 1)
}

/// Failed sign-ins of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts {
    /// How many in a row.
    pub failures: u32,
    /// Until when the next is refused unseen.
    pub until: Timestamp,
}

/// Failed sign-ins under a key.
///
/// # Errors
/// The store's own.
pub fn attempts(tx: &mut Read<'_>, account: &str) -> Result<Option<Attempts>, Error> {
    let row: Option<(i64, i64)> = both!(tx, |c| attempts::table
        .find(account)
        .select((attempts::failures, attempts::until))
        .first(c)
        .optional())?;
    row.map(|(failures, until)| {
        Ok(Attempts {
            failures: crate::columns::number("attempts.failures", failures)?,
            until: instant("attempts.until", until)?,
        })
    })
    .transpose()
}

/// Sets the failed sign-ins of an account.
///
/// # Errors
/// The store's own.
pub fn set_attempts(tx: &mut Write<'_>, account: &str, state: Attempts, now: Timestamp) -> Result<(), Error> {
    let (failures, until, now) =
        (i64::from(state.failures), state.until.as_microsecond(), now.as_microsecond());
    both!(tx, |c| diesel::insert_into(attempts::table)
        .values((
            attempts::account.eq(account),
            attempts::failures.eq(failures),
            attempts::until.eq(until),
            attempts::last_at.eq(now)
        ))
        .on_conflict(attempts::account)
        .do_update()
        .set((attempts::failures.eq(failures), attempts::until.eq(until), attempts::last_at.eq(now)))
        .execute(c))?;
    Ok(())
}

/// Forgets failed sign-ins: those of one account, after a good one.
///
/// # Errors
/// The store's own.
pub fn clear_attempts(tx: &mut Write<'_>, account: &str) -> Result<(), Error> {
    both!(tx, |c| diesel::delete(attempts::table.find(account)).execute(c))?;
    Ok(())
}

/// Forgets failed sign-ins that are long past.
///
/// # Errors
/// The store's own.
pub fn forget_attempts(tx: &mut Write<'_>, before: Timestamp) -> Result<usize, Error> {
    Ok(both!(tx, |c| diesel::delete(attempts::table.filter(attempts::last_at.lt(before.as_microsecond())))
        .execute(c))?)
}

/// Keeps the digest of a reset token.
///
/// # Errors
/// The store's own.
pub fn insert_reset(
    tx: &mut Write<'_>,
    partner: PartnerId,
    user: UserId,
    digest: &str,
    ends_at: Timestamp,
) -> Result<(), Error> {
    let (partner, user) = (partner.to_string(), user.to_string());
    both!(tx, |c| diesel::insert_into(password_resets::table)
        .values((
            password_resets::partner_id.eq(&partner),
            password_resets::id.eq(digest),
            password_resets::user_id.eq(&user),
            password_resets::ends_at.eq(ends_at.as_microsecond())
        ))
        .execute(c))?;
    Ok(())
}

/// The person a reset token is for, if it counts still.
///
/// # Errors
/// The store's own.
pub fn reset(
    tx: &mut Read<'_>,
    partner: PartnerId,
    digest: &str,
    now: Timestamp,
) -> Result<Option<UserId>, Error> {
    let partner = partner.to_string();
    let user: Option<String> = both!(tx, |c| password_resets::table
        .find((&partner, digest))
        .filter(password_resets::used_at.is_null())
        .filter(password_resets::ends_at.gt(now.as_microsecond()))
        .select(password_resets::user_id)
        .first(c)
        .optional())?;
    read_some("password_resets.user_id", user.as_deref())
}

/// Forgets a person's reset tokens.
///
/// # Errors
/// The store's own.
pub fn forget_resets(tx: &mut Write<'_>, partner: PartnerId, user: UserId) -> Result<(), Error> {
    let (partner, user) = (partner.to_string(), user.to_string());
    both!(tx, |c| diesel::delete(
        password_resets::table
            .filter(password_resets::partner_id.eq(&partner))
            .filter(password_resets::user_id.eq(&user))
    )
    .execute(c))?;
    Ok(())
}

/// Forgets reset tokens that have ended.
///
/// # Errors
/// The store's own.
pub fn forget_ended_resets(tx: &mut Write<'_>, now: Timestamp) -> Result<usize, Error> {
    Ok(both!(tx, |c| diesel::delete(
        password_resets::table.filter(password_resets::ends_at.lt(now.as_microsecond()))
    )
    .execute(c))?)
}

/// Uses up a reset token and every other one of the person's; false when it was used before.
///
/// # Errors
/// The store's own.
pub fn use_reset(
    tx: &mut Write<'_>,
    partner: PartnerId,
    user: UserId,
    digest: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    let (partner, user, now) = (partner.to_string(), user.to_string(), now.as_microsecond());
    let used = both!(tx, |c| diesel::update(
        password_resets::table.find((&partner, digest)).filter(password_resets::used_at.is_null())
    )
    .set(password_resets::used_at.eq(now))
    .execute(c))?;
    both!(tx, |c| diesel::update(
        password_resets::table
            .filter(password_resets::partner_id.eq(&partner))
            .filter(password_resets::user_id.eq(&user))
            .filter(password_resets::used_at.is_null())
    )
    .set(password_resets::used_at.eq(now))
    .execute(c))?;
    Ok(used == 1)
}
