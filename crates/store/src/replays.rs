//! Answers already given, so that a call sent twice is done once (contract 0.9).

use chandlery_domain::access::Scope;
use chandlery_domain::ids::{PartnerId, RequestId};
use diesel::prelude::*;
use jiff::Timestamp;

use crate::columns::{flag, number};
use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::replays;

/// An answer as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body; sealed where it holds a secret.
    pub body: String,
    /// Whether the body is sealed.
    pub sealed: bool,
}

#[derive(Insertable)]
#[diesel(table_name = replays, treat_none_as_default_value = false)]
struct Row {
    partner_id: String,
    request_id: String,
    call: String,
    status: i64,
    body: String,
    sealed: i64,
    answered_at: i64,
}

/// The answer given to a call of this partner under this request id, if there was one.
///
/// # Errors
/// The store's own.
pub fn find(
    tx: &mut Read<'_>,
    scope: &Scope,
    request: RequestId,
    call: &str,
) -> Result<Option<Answer>, Error> {
    let (partner, request) = (scope.partner().to_string(), request.to_string());
    let row: Option<(i64, String, i64)> = both!(tx, |c| replays::table
        .find((&partner, &request, call))
        .select((replays::status, replays::body, replays::sealed))
        .first(c)
        .optional())?;
    row.map(|(status, body, sealed)| {
        Ok(Answer {
            status: number("replays.status", status)?,
            body,
            sealed: flag("replays.sealed", sealed)?,
        })
    })
    .transpose()
}

/// Keeps an answer under each of these calls; false when one of them was answered before.
///
/// # Errors
/// The store's own.
pub fn insert(
    tx: &mut Write<'_>,
    scope: &Scope,
    calls: &[(RequestId, String)],
    answer: &Answer,
    now: Timestamp,
) -> Result<bool, Error> {
    let rows: Vec<Row> = calls
        .iter()
        .map(|(request, call)| Row {
            partner_id: scope.partner().to_string(),
            request_id: request.to_string(),
            call: call.clone(),
            status: i64::from(answer.status),
            body: answer.body.clone(),
            sealed: i64::from(answer.sealed),
            answered_at: now.as_microsecond(),
        })
        .collect();
    // One row, the usual case, takes a statement that is prepared once and kept.
    let kept = match rows.as_slice() {
        [one] => both!(tx, |c| diesel::insert_into(replays::table)
            .values(one)
            .on_conflict_do_nothing()
            .execute(c))?,
        many => both!(tx, |c| diesel::insert_into(replays::table)
            .values(many)
            .on_conflict_do_nothing()
            .execute(c))?,
    };
    Ok(kept == rows.len())
}

/// Forgets the answers to calls that named something by an id.
///
/// # Errors
/// The store's own.
pub fn forget_about(tx: &mut Write<'_>, partner: PartnerId, id: &str) -> Result<usize, Error> {
    let (partner, pattern) = (partner.to_string(), format!("%{}%", crate::audit::escape(id)));
    Ok(both!(tx, |c| diesel::delete(
        replays::table
            .filter(replays::partner_id.eq(&partner))
            .filter(replays::call.like(&pattern).escape('\\'))
    )
    .execute(c))?)
}

/// Forgets answers to calls given before `before`, and those kept by something else's id (such as a cart's, under the
/// call named `kept`) given before `long_before`; returns how many.
///
/// # Errors
/// The store's own.
pub fn forget(
    tx: &mut Write<'_>,
    before: Timestamp,
    kept: &str,
    long_before: Timestamp,
) -> Result<usize, Error> {
    let old = replays::answered_at.lt(before.as_microsecond()).and(replays::call.ne(kept));
    let very_old = replays::answered_at.lt(long_before.as_microsecond());
    Ok(both!(tx, |c| diesel::delete(replays::table.filter(old.or(very_old))).execute(c))?)
}
