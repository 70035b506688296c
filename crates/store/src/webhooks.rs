//! Webhooks: where partners are told what happened, what they are told, and how that went.

use chandlery_domain::access::Scope;
use chandlery_domain::ids::{AuditId, CustomerId, DeliveryId, PartnerId};
use chandlery_domain::webhook::{Event, Registration};
use diesel::prelude::*;
use jiff::Timestamp;

use crate::columns::{flag, instant, number, read, read_some, words};
use crate::db::{Conn, Read, Write, both, insert_rows};
use crate::error::Error;
use crate::schema::{webhook_certificates, webhook_deliveries, webhooks};

/// How many are written by one statement.
const PIECE: usize = 500;

/// How far a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is still to be made, or made again.
    Waiting,
    /// The receiver took it.
    Delivered,
    /// It was given up.
    Failed,
}

impl State {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }
}

/// The last attempt at a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// When.
    pub at: Timestamp,
    /// What was called.
    pub url: String,
    /// The status of the answer, where there was one.
    pub answer: Option<u16>,
    /// What went wrong besides.
    pub trouble: Option<String>,
}

/// One thing a partner's program is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Who is told.
    pub partner: PartnerId,
    /// Its id; ids go by time.
    pub id: DeliveryId,
    /// What happened.
    pub event: Event,
    /// The customer it is about, where it is about one.
    pub customer: Option<CustomerId>,
    /// The id of what it happened to.
    pub subject: String,
    /// The entry of the log that tells of it.
    pub audit: AuditId,
    /// When it happened.
    pub happened_at: Timestamp,
    /// How far it is.
    pub state: State,
    /// When it is tried next, while it waits.
    pub due_at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// The last attempt.
    pub last: Option<Attempt>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = webhook_deliveries, treat_none_as_default_value = false)]
struct Row {
    partner_id: String,
    id: String,
    event: String,
    customer_id: Option<String>,
    subject: String,
    audit_id: String,
    happened_at: i64,
    state: String,
    due_at: i64,
    attempts: i64,
    tried_at: Option<i64>,
    tried_url: Option<String>,
    answer: Option<i64>,
    trouble: Option<String>,
}

impl Row {
    fn new(own: &Delivery) -> Self {
        Self {
            partner_id: own.partner.to_string(),
            id: own.id.to_string(),
            event: own.event.as_str().into(),
            customer_id: own.customer.map(|id| id.to_string()),
            subject: own.subject.clone(),
            audit_id: own.audit.to_string(),
            happened_at: own.happened_at.as_microsecond(),
            state: own.state.as_str().into(),
            due_at: own.due_at.as_microsecond(),
            attempts: own.attempts.into(),
            tried_at: own.last.as_ref().map(|own| own.at.as_microsecond()),
            tried_url: own.last.as_ref().map(|own| own.url.clone()),
            answer: own.last.as_ref().and_then(|own| own.answer).map(i64::from),
            trouble: own.last.as_ref().and_then(|own| own.trouble.clone()),
        }
    }

    fn read(self) -> Result<Delivery, Error> {
        let last = match self.tried_at {
            None => None,
            Some(at) => Some(Attempt {
                at: instant("webhook_deliveries.tried_at", at)?,
                url: self.tried_url.unwrap_or_default(),
                answer: self.answer.map(|own| number("webhook_deliveries.answer", own)).transpose()?,
                trouble: self.trouble,
            }),
        };
        Ok(Delivery {
            partner: read("webhook_deliveries.partner_id", &self.partner_id)?,
            id: read("webhook_deliveries.id", &self.id)?,
            event: read("webhook_deliveries.event", &self.event)?,
            customer: read_some("webhook_deliveries.customer_id", self.customer_id.as_deref())?,
            subject: self.subject,
            audit: read("webhook_deliveries.audit_id", &self.audit_id)?,
            happened_at: instant("webhook_deliveries.happened_at", self.happened_at)?,
            state: match self.state.as_str() {
                "waiting" => State::Waiting,
                "delivered" => State::Delivered,
                "failed" => State::Failed,
                other => return Err(Error::broken("webhook_deliveries.state", other)),
            },
            due_at: instant("webhook_deliveries.due_at", self.due_at)?,
            attempts: number("webhook_deliveries.attempts", self.attempts)?,
            last,
        })
    }
}

/// Where a partner is told.
///
/// # Errors
/// The store's own.
pub fn find(tx: &mut Read<'_>, scope: &Scope) -> Result<Option<Registration>, Error> {
    type Found = (String, String, String, i64, i64);
    let row: Option<Found> = both!(tx, |c| webhooks::table
        .find(scope.partner().to_string())
        .select((
            webhooks::subscriber_id,
            webhooks::url,
            webhooks::events,
            webhooks::own_header,
            webhooks::changed_at
        ))
        .first(c)
        .optional())?;
    row.map(|(subscriber, url, events, own_header, changed_at)| {
        Ok(Registration {
            subscriber: read("webhooks.subscriber_id", &subscriber)?,
            url,
            events: events
                .split_whitespace()
                .map(|event| read("webhooks.events", event))
                .collect::<Result<_, _>>()?,
            own_header: flag("webhooks.own_header", own_header)?,
            changed_at: instant("webhooks.changed_at", changed_at)?,
        })
    })
    .transpose()
}

/// The same, which nobody else changes until the transaction ends. SQLite has one writer; PostgreSQL has to be told.
///
/// # Errors
/// The store's own.
pub fn hold(tx: &mut Write<'_>, scope: &Scope) -> Result<Option<Registration>, Error> {
    if let Conn::Pg(connection) = &mut tx.conn {
        let held: Option<String> = webhooks::table
            .find(scope.partner().to_string())
            .select(webhooks::partner_id)
            .for_update()
            .first(*connection)
            .optional()?;
        tracing::trace!(held = held.is_some(), "a registration is held");
    }
    find(tx, scope)
}

/// Registers where a partner is told; false when that was done by somebody else.
///
/// # Errors
/// The store's own.
pub fn register(tx: &mut Write<'_>, scope: &Scope, own: &Registration) -> Result<bool, Error> {
    let fresh = both!(tx, |c| diesel::insert_into(webhooks::table)
        .values((
            webhooks::partner_id.eq(scope.partner().to_string()),
            webhooks::subscriber_id.eq(own.subscriber.to_string()),
            webhooks::url.eq(&own.url),
            webhooks::events.eq(words(own.events.iter().map(|event| event.as_str()), " ")),
            webhooks::own_header.eq(i64::from(own.own_header)),
            webhooks::changed_at.eq(own.changed_at.as_microsecond()),
            webhooks::calling_until.eq(0),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(fresh == 1)
}

/// Says where a partner is told from now on, that was told before.
///
/// # Errors
/// The store's own.
pub fn save(tx: &mut Write<'_>, scope: &Scope, own: &Registration) -> Result<(), Error> {
    both!(tx, |c| diesel::update(webhooks::table.find(scope.partner().to_string()))
        .set((
            webhooks::url.eq(&own.url),
            webhooks::events.eq(words(own.events.iter().map(|event| event.as_str()), " ")),
            webhooks::own_header.eq(i64::from(own.own_header)),
            webhooks::changed_at.eq(own.changed_at.as_microsecond()),
        ))
        .execute(c))?;
    Ok(())
}

/// Ends being told, with what was not told yet; false when nobody was to be told.
///
/// # Errors
/// The store's own.
pub fn remove(tx: &mut Write<'_>, scope: &Scope) -> Result<bool, Error> {
    let partner = scope.partner().to_string();
    both!(tx, |c| diesel::delete(
        webhook_deliveries::table.filter(
            webhook_deliveries::partner_id
                .eq(&partner)
                .and(webhook_deliveries::state.eq(State::Waiting.as_str()))
        )
    )
    .execute(c))?;
    let gone = both!(tx, |c| diesel::delete(webhooks::table.find(&partner)).execute(c))?;
    Ok(gone == 1)
}

/// Adds what is to be told.
///
/// # Errors
/// The store's own.
pub fn insert(tx: &mut Write<'_>, list: &[Delivery]) -> Result<(), Error> {
    for piece in list.chunks(PIECE) {
        let rows: Vec<Row> = piece.iter().map(Row::new).collect();
        insert_rows!(tx, webhook_deliveries::table, rows)?;
    }
    Ok(())
}

/// What is due to be told, over all partners but some, most overdue first.
///
/// # Errors
/// The store's own.
pub fn due(tx: &mut Read<'_>, now: Timestamp, but: &[PartnerId], limit: i64) -> Result<Vec<Delivery>, Error> {
    let but: Vec<String> = but.iter().map(ToString::to_string).collect();
    let rows: Vec<Row> = both!(tx, |c| webhook_deliveries::table
        .filter(webhook_deliveries::state.eq(State::Waiting.as_str()))
        .filter(webhook_deliveries::due_at.le(now.as_microsecond()))
        .filter(webhook_deliveries::partner_id.ne_all(&but))
        .order((webhook_deliveries::due_at.asc(), webhook_deliveries::id.asc()))
        .limit(limit)
        .select(Row::as_select())
        .load(c))?;
    rows.into_iter().map(Row::read).collect()
}

/// Begins a call to a partner's program that lasts until an instant at most: nobody else calls it meanwhile. None when
/// somebody does, or the call was made or changed since it was read. What nobody wants to be told any more is taken away.
///
/// # Errors
/// The store's own.
pub fn begin(
    tx: &mut Write<'_>,
    scope: &Scope,
    own: &Delivery,
    (now, until): (Timestamp, Timestamp),
) -> Result<Option<Registration>, Error> {
    let (partner, id) = (scope.partner().to_string(), own.id.to_string());
    let registered = hold(tx, scope)?.filter(|registered| registered.events.contains(&own.event));
    let Some(registered) = registered else {
        both!(tx, |c| diesel::delete(
            webhook_deliveries::table
                .find((&partner, &id))
                .filter(webhook_deliveries::state.eq(State::Waiting.as_str()))
        )
        .execute(c))?;
        return Ok(None);
    };
    let begun = both!(tx, |c| diesel::update(
        webhooks::table.find(&partner).filter(webhooks::calling_until.le(now.as_microsecond()))
    )
    .set(webhooks::calling_until.eq(until.as_microsecond()))
    .execute(c))?;
    if begun == 0 {
        return Ok(None);
    }
    let same = delivery(tx, scope, own.id)?.is_some_and(|found| found == *own);
    if !same {
        free(tx, scope, until)?;
        return Ok(None);
    }
    Ok(Some(registered))
}

fn free(tx: &mut Write<'_>, scope: &Scope, until: Timestamp) -> Result<(), Error> {
    both!(tx, |c| diesel::update(
        webhooks::table
            .find(scope.partner().to_string())
            .filter(webhooks::calling_until.eq(until.as_microsecond()))
    )
    .set(webhooks::calling_until.eq(0))
    .execute(c))?;
    Ok(())
}

/// Ends a call that was begun until an instant, and notes how it went: what it is now, and when it is due again if it waits.
/// What somebody else noted meanwhile stays.
///
/// # Errors
/// The store's own.
pub fn end(
    tx: &mut Write<'_>,
    scope: &Scope,
    (own, until): (&Delivery, Timestamp),
    (state, due_at): (State, Timestamp),
    attempt: &Attempt,
) -> Result<(), Error> {
    let (partner, id) = (scope.partner().to_string(), own.id.to_string());
    both!(tx, |c| diesel::update(
        webhook_deliveries::table
            .find((&partner, &id))
            .filter(webhook_deliveries::state.eq(State::Waiting.as_str()))
            .filter(webhook_deliveries::attempts.eq(i64::from(own.attempts)))
    )
    .set((
        webhook_deliveries::state.eq(state.as_str()),
        webhook_deliveries::due_at.eq(due_at.as_microsecond()),
        webhook_deliveries::attempts.eq(webhook_deliveries::attempts + 1),
        webhook_deliveries::tried_at.eq(Some(attempt.at.as_microsecond())),
        webhook_deliveries::tried_url.eq(Some(&attempt.url)),
        webhook_deliveries::answer.eq(attempt.answer.map(i64::from)),
        webhook_deliveries::trouble.eq(attempt.trouble.as_deref()),
    ))
    .execute(c))?;
    free(tx, scope, until)
}

/// Makes a call that was given up wait again, with all its attempts before it; false when it was not given up.
///
/// # Errors
/// The store's own.
pub fn again(tx: &mut Write<'_>, scope: &Scope, id: DeliveryId, now: Timestamp) -> Result<bool, Error> {
    let (partner, id) = (scope.partner().to_string(), id.to_string());
    let changed = both!(tx, |c| diesel::update(
        webhook_deliveries::table
            .find((&partner, &id))
            .filter(webhook_deliveries::state.eq(State::Failed.as_str()))
    )
    .set((
        webhook_deliveries::state.eq(State::Waiting.as_str()),
        webhook_deliveries::due_at.eq(now.as_microsecond()),
        webhook_deliveries::attempts.eq(0),
    ))
    .execute(c))?;
    Ok(changed == 1)
}

/// A page of a partner's calls, newest first, after `after`; only those that were given up where `failed` says so.
///
/// # Errors
/// The store's own.
pub fn page(
    tx: &mut Read<'_>,
    scope: &Scope,
    failed: bool,
    after: Option<DeliveryId>,
    limit: i64,
) -> Result<Vec<Delivery>, Error> {
    let partner = scope.partner().to_string();
    let rows: Vec<Row> = both!(tx, |c| {
        let mut query = webhook_deliveries::table
            .filter(webhook_deliveries::partner_id.eq(&partner))
            .select(Row::as_select())
            .into_boxed();
        if failed {
            query = query.filter(webhook_deliveries::state.eq(State::Failed.as_str()));
        }
        if let Some(after) = after {
            query = query.filter(webhook_deliveries::id.lt(after.to_string()));
        }
        query.order(webhook_deliveries::id.desc()).limit(limit).load(c)
    })?;
    rows.into_iter().map(Row::read).collect()
}

/// One of a partner's calls.
///
/// # Errors
/// The store's own.
pub fn delivery(tx: &mut Read<'_>, scope: &Scope, id: DeliveryId) -> Result<Option<Delivery>, Error> {
    let row: Option<Row> = both!(tx, |c| webhook_deliveries::table
        .find((scope.partner().to_string(), id.to_string()))
        .select(Row::as_select())
        .first(c)
        .optional())?;
    row.map(Row::read).transpose()
}

/// Whether calls were given up that somebody may want to have made again: not tests, and not where nobody is told any more.
///
/// # Errors
/// The store's own.
pub fn any_given_up(tx: &mut Read<'_>, scope: &Scope) -> Result<bool, Error> {
    let found: Option<String> = both!(tx, |c| webhook_deliveries::table
        .inner_join(webhooks::table.on(webhooks::partner_id.eq(webhook_deliveries::partner_id)))
        .filter(webhook_deliveries::partner_id.eq(scope.partner().to_string()))
        .filter(webhook_deliveries::state.eq(State::Failed.as_str()))
        .filter(webhook_deliveries::event.ne(Event::TestCreated.as_str()))
        .select(webhook_deliveries::id)
        .first(c)
        .optional())?;
    Ok(found.is_some())
}

/// How many calls of an event a partner asked for since an instant.
///
/// # Errors
/// The store's own.
pub fn count_since(tx: &mut Read<'_>, scope: &Scope, event: Event, since: Timestamp) -> Result<i64, Error> {
    let partner = scope.partner().to_string();
    Ok(both!(tx, |c| webhook_deliveries::table
        .filter(webhook_deliveries::partner_id.eq(&partner))
        .filter(webhook_deliveries::event.eq(event.as_str()))
        .filter(webhook_deliveries::happened_at.gt(since.as_microsecond()))
        .count()
        .get_result(c))?)
}

/// Forgets calls that were taken before one instant, and those that were given up before another.
///
/// # Errors
/// The store's own.
pub fn forget(tx: &mut Write<'_>, delivered: Timestamp, failed: Timestamp) -> Result<(), Error> {
    for (state, before) in [(State::Delivered, delivered), (State::Failed, failed)] {
        both!(tx, |c| diesel::delete(
            webhook_deliveries::table
                .filter(webhook_deliveries::state.eq(state.as_str()))
                .filter(webhook_deliveries::due_at.lt(before.as_microsecond()))
        )
        .execute(c))?;
    }
    Ok(())
}

/// A certificate with its key.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = webhook_certificates, treat_none_as_default_value = false)]
pub struct Certificate {
    /// Its id, as its address names it.
    pub id: String,
    /// The certificate: DER (X.690) in base64.
    pub certificate: String,
    /// The key, sealed with the operator's data key.
    pub sealed: String,
    /// When it was drawn, in microseconds.
    pub drawn_at: i64,
}

/// The newest certificate.
///
/// # Errors
/// The store's own.
pub fn newest_certificate(tx: &mut Read<'_>) -> Result<Option<Certificate>, Error> {
    Ok(both!(tx, |c| webhook_certificates::table
        .order((webhook_certificates::drawn_at.desc(), webhook_certificates::id.asc()))
        .select(Certificate::as_select())
        .first(c)
        .optional())?)
}

/// A certificate: its DER in base64.
///
/// # Errors
/// The store's own.
pub fn certificate(tx: &mut Read<'_>, id: &str) -> Result<Option<String>, Error> {
    Ok(both!(tx, |c| webhook_certificates::table
        .find(id)
        .select(webhook_certificates::certificate)
        .first(c)
        .optional())?)
}

/// Adds a certificate.
///
/// # Errors
/// The store's own.
pub fn insert_certificate(tx: &mut Write<'_>, own: &Certificate) -> Result<(), Error> {
    both!(tx, |c| diesel::insert_into(webhook_certificates::table).values(own).execute(c))?;
    Ok(())
}
