//! Sessions of browsers, found by the digest of the secret in the cookie.

use chandlery_domain::ids::{PartnerId, UserId};
use diesel::prelude::*;
use jiff::Timestamp;

use crate::columns::{instant, read};
use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::sessions;

/// How far a sign-in has come. Until it is complete, a session opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The temporary password is to be replaced.
    ChangePassword,
    /// A second factor is to be set up.
    Enrol,
    /// The second factor is to be shown.
    SecondFactor,
    /// Signed in.
    Complete,
}

impl Stage {
    const fn word(self) -> &'static str {
        match self {
            Self::ChangePassword => "change_password",
            Self::Enrol => "enrol",
            Self::SecondFactor => "second_factor",
            Self::Complete => "complete",
        }
    }
}

/// A browser's session.
#[derive(Clone)]
pub struct Session {
    /// Whose partner.
    pub partner: PartnerId,
    /// The digest of the cookie's secret.
    pub id: String,
    /// The person.
    pub user: UserId,
    /// How far the sign-in has come.
    pub stage: Stage,
    /// How the person proved itself first: `pwd`, or the id of a provider.
    pub method: String,
    /// What a passkey or an authenticator to be added is checked against; sealed.
    pub challenge: Option<String>,
    /// Since when.
    pub began_at: Timestamp,
    /// When it was used last, to the minute.
    pub seen_at: Timestamp,
    /// Until when at most.
    pub ends_at: Timestamp,
    /// When the second factor was shown last.
    pub factor_at: Option<Timestamp>,
    /// From where it began.
    pub address: String,
    /// With which browser.
    pub agent: String,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sessions, treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    partner_id: String,
    id: String,
    user_id: String,
    stage: String,
    method: String,
    challenge: Option<String>,
    began_at: i64,
    seen_at: i64,
    ends_at: i64,
    factor_at: Option<i64>,
    address: String,
    agent: String,
}

impl Row {
    fn new(session: &Session) -> Self {
        Self {
            partner_id: session.partner.to_string(),
            id: session.id.clone(),
            user_id: session.user.to_string(),
            stage: session.stage.word().into(),
            method: session.method.clone(),
            challenge: session.challenge.clone(),
            began_at: session.began_at.as_microsecond(),
            seen_at: session.seen_at.as_microsecond(),
            ends_at: session.ends_at.as_microsecond(),
            factor_at: session.factor_at.map(Timestamp::as_microsecond),
            address: session.address.clone(),
            agent: session.agent.clone(),
        }
    }

    fn read(self) -> Result<Session, Error> {
        Ok(Session {
            partner: read("sessions.partner_id", &self.partner_id)?,
            id: self.id,
            user: read("sessions.user_id", &self.user_id)?,
            stage: match self.stage.as_str() {
                "change_password" => Stage::ChangePassword,
                "enrol" => Stage::Enrol,
                "second_factor" => Stage::SecondFactor,
                "complete" => Stage::Complete,
                other => return Err(Error::broken("sessions.stage", other)),
            },
            method: self.method,
            challenge: self.challenge,
            began_at: instant("sessions.began_at", self.began_at)?,
            seen_at: instant("sessions.seen_at", self.seen_at)?,
            ends_at: instant("sessions.ends_at", self.ends_at)?,
            factor_at: self.factor_at.map(|at| instant("sessions.factor_at", at)).transpose()?,
            address: self.address,
            agent: self.agent,
        })
    }
}

/// A session that has not ended.
///
/// # Errors
/// The store's own.
pub fn find(
    tx: &mut Read<'_>,
    partner: PartnerId,
    id: &str,
    now: Timestamp,
) -> Result<Option<Session>, Error> {
    let partner = partner.to_string();
    let row: Option<Row> = both!(tx, |c| sessions::table
        .find((&partner, id))
        .filter(sessions::ends_at.gt(now.as_microsecond()))
        .select(Row::as_select())
        .first(c)
        .optional())?;
    row.map(Row::read).transpose()
}

/// A person's complete sessions, newest first; at most a hundred.
///
/// # Errors
/// The store's own.
pub fn of_user(
    tx: &mut Read<'_>,
    partner: PartnerId,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<Session>, Error> {
    let (partner, user) = (partner.to_string(), user.to_string());
    let rows: Vec<Row> = both!(tx, |c| sessions::table
        .filter(sessions::partner_id.eq(&partner))
        .filter(sessions::user_id.eq(&user))
        .filter(sessions::stage.eq("complete"))
        .filter(sessions::ends_at.gt(now.as_microsecond()))
        .order((sessions::began_at.desc(), sessions::id.asc()))
        .limit(100)
        .select(Row::as_select())
        .load(c))?;
    rows.into_iter().map(Row::read).collect()
}

/// Adds a session.
///
/// # Errors
/// The store's own.
pub fn insert(tx: &mut Write<'_>, session: &Session) -> Result<(), Error> {
    let row = Row::new(session);
    both!(tx, |c| diesel::insert_into(sessions::table).values(&row).execute(c))?;
    Ok(())
}

/// Stores a session as it is now; false when it is gone.
///
/// # Errors
/// The store's own.
pub fn save(tx: &mut Write<'_>, session: &Session) -> Result<bool, Error> {
    let row = Row::new(session);
    let key = (&row.partner_id, &row.id);
    Ok(both!(tx, |c| diesel::update(sessions::table.find(key)).set(&row).execute(c))? == 1)
}

/// Notes when a session was seen last, and nothing else: what it has come to show meanwhile stands.
///
/// # Errors
/// The store's own.
pub fn seen(tx: &mut Write<'_>, partner: PartnerId, id: &str, at: Timestamp) -> Result<(), Error> {
    let (partner, at) = (partner.to_string(), at.as_microsecond());
    both!(tx, |c| diesel::update(sessions::table.find((&partner, id)))
        .filter(sessions::seen_at.lt(at))
        .set(sessions::seen_at.eq(at))
        .execute(c))?;
    Ok(())
}

/// Ends a session of a person's; false when it is gone.
///
/// # Errors
/// The store's own.
pub fn end(tx: &mut Write<'_>, partner: PartnerId, user: UserId, id: &str) -> Result<bool, Error> {
    let (partner, user) = (partner.to_string(), user.to_string());
    let gone = both!(tx, |c| diesel::delete(
        sessions::table.find((&partner, id)).filter(sessions::user_id.eq(&user))
    )
    .execute(c))?;
    Ok(gone == 1)
}

/// Ends every session of a person's but one.
///
/// # Errors
/// The store's own.
pub fn end_all(
    tx: &mut Write<'_>,
    partner: PartnerId,
    user: UserId,
    but: Option<&str>,
) -> Result<usize, Error> {
    let (partner, user, but) = (partner.to_string(), user.to_string(), but.unwrap_or_default());
    Ok(both!(tx, |c| diesel::delete(
        sessions::table
            .filter(sessions::partner_id.eq(&partner))
            .filter(sessions::user_id.eq(&user))
            .filter(sessions::id.ne(but))
    )
    .execute(c))?)
}

/// Forgets sessions that ended.
///
/// # Errors
/// The store's own.
pub fn forget(tx: &mut Write<'_>, now: Timestamp) -> Result<usize, Error> {
    Ok(both!(tx, |c| diesel::delete(sessions::table.filter(sessions::ends_at.lt(now.as_microsecond())))
        .execute(c))?)
}
