//! Answers already given, so that a call sent twice is done once (contract 0.9).

use chandlery_domain::access::Scope;
use chandlery_domain::ids::RequestId;
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

/// The answer given to a call of this partner under this request id, if there was one.
///
/// # Errors
/// The store's own.
pub fn find(tx: &mut Read<'_>, scope: &Scope, request: RequestId, call: &str) -> Result<Option<Answer>, Error> {
    let (partner, request) = (scope.partner().to_string(), request.to_string());
    let row: Option<(i64, String, i64)> = both!(tx, |c| replays::table
        .find((&partner, &request, call))
        .select((replays::status, replays::body, replays::sealed))
        .first(c)
        .optional())?;
    row.map(|(status, body, sealed)| {
        Ok(Answer { status: number("replays.status", status)?, body, sealed: flag("replays.sealed", sealed)? })
    })
    .transpose()
}

/// Keeps an answer; false when the call was answered before.
///
/// # Errors
/// The store's own.
pub fn insert(
    tx: &mut Write<'_>,
    scope: &Scope,
    request: RequestId,
    call: &str,
    answer: &Answer,
    now: Timestamp,
) -> Result<bool, Error> {
    let kept = both!(tx, |c| diesel::insert_into(replays::table)
        .values((
            replays::partner_id.eq(scope.partner().to_string()),
            replays::request_id.eq(request.to_string()),
            replays::call.eq(call),
            replays::status.eq(i64::from(answer.status)),
            replays::body.eq(&answer.body),
            replays::sealed.eq(i64::from(answer.sealed)),
            replays::answered_at.eq(now.as_microsecond()),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(kept == 1)
}

/// Forgets answers given before an instant; returns how many.
///
/// # Errors
/// The store's own.
pub fn forget(tx: &mut Write<'_>, before: Timestamp) -> Result<usize, Error> {
    Ok(both!(tx, |c| diesel::delete(replays::table.filter(replays::answered_at.lt(before.as_microsecond())))
        .execute(c))?)
}
