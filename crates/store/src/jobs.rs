//! Work for later. A job is written in the transaction that causes it, and taken away in the one that does it.

use chandlery_domain::access::Scope;
use chandlery_domain::ids::{JobId, NoticeId, OrderId, PartnerId, UserId};
use diesel::prelude::*;
use jiff::Timestamp;
use uuid::Uuid;

use crate::columns::{number, read, read_some};
use crate::db::{Read, Write, both, insert_rows};
use crate::error::Error;
use crate::schema::work;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Hand out the keys and subscriptions of an order.
    Provision(OrderId),
    /// Send a mail; the mail itself is sealed.
    SendMail(String),
    /// Tell somebody by mail what a notification says. It is written when it is sent, so that nothing personal waits.
    SendNotice(UserId, NoticeId),
}

/// What the subject of a mail about a notification begins with; what is sealed begins with a number.
const NOTICE: &str = "notice ";

/// How many pieces of work are written by one statement.
const PIECE: usize = 500;

/// A piece of work with where it stands.
#[derive(Debug, Clone)]
pub struct Job {
    /// Whose it is.
    pub partner: PartnerId,
    /// Its id.
    pub id: JobId,
    /// What is to be done.
    pub task: Task,
    /// When it is due.
    pub due_at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it is still here, if it was tried.
    pub last_error: Option<String>,
    /// Who caused it, where that is kept.
    pub asked_by: Option<Uuid>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = work, treat_none_as_default_value = false)]
struct Row {
    partner_id: String,
    id: String,
    kind: String,
    subject: String,
    due_at: i64,
    attempts: i64,
    last_error: Option<String>,
    asked_by: Option<String>,
}

impl Row {
    fn read(self) -> Result<Job, Error> {
        Ok(Job {
            partner: read("work.partner_id", &self.partner_id)?,
            id: read("work.id", &self.id)?,
            task: match self.kind.as_str() {
                "provision" => Task::Provision(read("work.subject", &self.subject)?),
                "send_mail" => match self.subject.strip_prefix(NOTICE) {
                    Some(rest) => {
                        let (user, notice) =
                            rest.split_once(' ').ok_or_else(|| Error::broken("work.subject", rest))?;
                        Task::SendNotice(read("work.subject", user)?, read("work.subject", notice)?)
                    }
                    None => Task::SendMail(self.subject),
                },
                other => return Err(Error::broken("work.kind", other)),
            },
            due_at: crate::columns::instant("work.due_at", self.due_at)?,
            attempts: number("work.attempts", self.attempts)?,
            last_error: self.last_error,
            asked_by: read_some("work.asked_by", self.asked_by.as_deref())?,
        })
    }
}

/// Adds work.
///
/// # Errors
/// The store's own.
pub fn insert(
    tx: &mut Write<'_>,
    scope: &Scope,
    list: &[(JobId, Task)],
    due_at: Timestamp,
) -> Result<(), Error> {
    insert_by(tx, scope, list, due_at, None)
}

/// Adds work, with whoever caused it.
///
/// # Errors
/// The store's own.
pub fn insert_by(
    tx: &mut Write<'_>,
    scope: &Scope,
    list: &[(JobId, Task)],
    due_at: Timestamp,
    by: Option<Uuid>,
) -> Result<(), Error> {
    for piece in list.chunks(PIECE) {
        let rows: Vec<Row> = piece
            .iter()
            .map(|(id, task)| {
                let (kind, subject) = match task {
                    Task::Provision(order) => ("provision", order.to_string()),
                    Task::SendMail(sealed) => ("send_mail", sealed.clone()),
                    Task::SendNotice(user, notice) => ("send_mail", format!("{NOTICE}{user} {notice}")),
                };
                Row {
                    partner_id: scope.partner().to_string(),
                    id: id.to_string(),
                    kind: kind.into(),
                    subject,
                    due_at: due_at.as_microsecond(),
                    attempts: 0,
                    last_error: None,
                    asked_by: by.map(|id| id.to_string()),
                }
            })
            .collect();
        insert_rows!(tx, work::table, rows)?;
    }
    Ok(())
}

/// The work that is due, over all partners, most overdue first.
///
/// # Errors
/// The store's own.
pub fn due(tx: &mut Read<'_>, now: Timestamp, limit: i64) -> Result<Vec<Job>, Error> {
    let rows: Vec<Row> = both!(tx, |c| work::table
        .filter(work::due_at.le(now.as_microsecond()))
        .order((work::due_at.asc(), work::id.asc()))
        .limit(limit)
        .select(Row::as_select())
        .load(c))?;
    rows.into_iter().map(Row::read).collect()
}

/// The work of one side that is due, over all partners, most overdue first: mails, or everything else.
///
/// # Errors
/// The store's own.
pub fn due_of(tx: &mut Read<'_>, mails: bool, now: Timestamp, limit: i64) -> Result<Vec<Job>, Error> {
    let rows: Vec<Row> = both!(tx, |c| {
        let query = work::table
            .filter(work::due_at.le(now.as_microsecond()))
            .order((work::due_at.asc(), work::id.asc()))
            .limit(limit)
            .select(Row::as_select())
            .into_boxed();
        if mails {
            query.filter(work::kind.eq("send_mail")).load(c)
        } else {
            query.filter(work::kind.ne("send_mail")).load(c)
        }
    })?;
    rows.into_iter().map(Row::read).collect()
}

/// Takes a job away because it is done; false when somebody else did it.
///
/// # Errors
/// The store's own.
pub fn done(tx: &mut Write<'_>, scope: &Scope, id: JobId) -> Result<bool, Error> {
    let (partner, id) = (scope.partner().to_string(), id.to_string());
    let gone = both!(tx, |c| diesel::delete(work::table.find((&partner, &id))).execute(c))?;
    Ok(gone == 1)
}

/// Puts a job off.
///
/// # Errors
/// The store's own.
pub fn put_off(
    tx: &mut Write<'_>,
    scope: &Scope,
    id: JobId,
    due_at: Timestamp,
    why: &str,
) -> Result<(), Error> {
    let (partner, id) = (scope.partner().to_string(), id.to_string());
    both!(tx, |c| diesel::update(work::table.find((&partner, &id)))
        .set((
            work::due_at.eq(due_at.as_microsecond()),
            work::attempts.eq(work::attempts + 1),
            work::last_error.eq(Some(why)),
        ))
        .execute(c))?;
    Ok(())
}

/// Why an order still waits to be handed over, if that was tried and did not work.
///
/// # Errors
/// The store's own.
pub fn why_waiting(tx: &mut Read<'_>, scope: &Scope, order: OrderId) -> Result<Option<String>, Error> {
    let (partner, order) = (scope.partner().to_string(), order.to_string());
    let found: Option<Option<String>> = both!(tx, |c| work::table
        .filter(work::partner_id.eq(&partner).and(work::kind.eq("provision")).and(work::subject.eq(&order)))
        .select(work::last_error)
        .first(c)
        .optional())?;
    Ok(found.flatten())
}

/// Orders that wait to be handed over and could not be, each with the reason, over all partners; the oldest first.
///
/// # Errors
/// The store's own.
pub fn stuck_orders(tx: &mut Read<'_>, limit: i64) -> Result<Vec<(PartnerId, OrderId, String)>, Error> {
    let rows: Vec<(String, String, Option<String>)> = both!(tx, |c| work::table
        .filter(work::kind.eq("provision").and(work::last_error.is_not_null()))
        .order(work::id.asc())
        .limit(limit)
        .select((work::partner_id, work::subject, work::last_error))
        .load(c))?;
    rows.into_iter()
        .map(|(partner, order, why)| {
            Ok((read("work.partner_id", &partner)?, read("work.subject", &order)?, why.unwrap_or_default()))
        })
        .collect()
}

/// Makes everything that waits due at once: for when what it waited for has arrived.
///
/// # Errors
/// The store's own.
pub fn wake_all(tx: &mut Write<'_>, now: Timestamp) -> Result<(), Error> {
    both!(tx, |c| diesel::update(work::table.filter(work::due_at.gt(now.as_microsecond())))
        .set(work::due_at.eq(now.as_microsecond()))
        .execute(c))?;
    Ok(())
}

/// A page of everything that waits, over all partners, the next due first, after what is due at an instant with an id.
///
/// # Errors
/// The store's own.
pub fn list(tx: &mut Read<'_>, after: Option<(i64, JobId)>, limit: i64) -> Result<Vec<Job>, Error> {
    let after = after.map(|(due, id)| (due, id.to_string()));
    let rows: Vec<Row> = both!(tx, |c| {
        let mut query = work::table.select(Row::as_select()).into_boxed();
        if let Some((due, id)) = &after {
            query = query.filter(work::due_at.gt(*due).or(work::due_at.eq(*due).and(work::id.gt(id))));
        }
        query.order((work::due_at.asc(), work::id.asc())).limit(limit).load(c)
    })?;
    rows.into_iter().map(Row::read).collect()
}

/// A piece of work that waits.
///
/// # Errors
/// The store's own.
pub fn find(tx: &mut Read<'_>, scope: &Scope, id: JobId) -> Result<Option<Job>, Error> {
    let (partner, id) = (scope.partner().to_string(), id.to_string());
    let row: Option<Row> =
        both!(tx, |c| work::table.find((&partner, &id)).select(Row::as_select()).first(c).optional())?;
    row.map(Row::read).transpose()
}

/// Makes a piece of work due; false when it is gone.
///
/// # Errors
/// The store's own.
pub fn hurry(tx: &mut Write<'_>, scope: &Scope, id: JobId, now: Timestamp) -> Result<bool, Error> {
    let (partner, id) = (scope.partner().to_string(), id.to_string());
    let changed = both!(tx, |c| diesel::update(work::table.find((&partner, &id)))
        .set(work::due_at.eq(now.as_microsecond()))
        .execute(c))?;
    Ok(changed == 1)
}
