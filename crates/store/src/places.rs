//! From where people signed in before, as digests that only this installation can make.

use chandlery_domain::ids::{PartnerId, UserId};
use diesel::prelude::*;
use jiff::Timestamp;

use crate::db::{Write, both};
use crate::error::Error;
use crate::schema::known_places;

/// How many places of a person's are kept.
const KEPT: i64 = 50;

/// Notes that somebody signed in from a place. True when that is new, and not the first place of all.
///
/// # Errors
/// The store's own.
pub fn note(
    tx: &mut Write<'_>,
    (partner, user): (PartnerId, UserId),
    digest: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    let (partner, user, now) = (partner.to_string(), user.to_string(), now.as_microsecond());
    let known = both!(tx, |c| diesel::update(known_places::table.find((&partner, &user, digest)))
        .set(known_places::seen_at.eq(now))
        .execute(c))?;
    if known > 0 {
        return Ok(false);
    }
    let mut others: Vec<i64> = both!(tx, |c| known_places::table
        .filter(known_places::partner_id.eq(&partner).and(known_places::user_id.eq(&user)))
        .order(known_places::seen_at.desc())
        .limit(KEPT)
        .select(known_places::seen_at)
        .load(c))?;
    both!(tx, |c| diesel::insert_into(known_places::table)
        .values((
            known_places::partner_id.eq(&partner),
            known_places::user_id.eq(&user),
            known_places::digest.eq(digest),
            known_places::seen_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    let is_new = !others.is_empty();
    if i64::try_from(others.len()).unwrap_or(KEPT) == KEPT
        && let Some(oldest) = others.pop()
    {
        both!(tx, |c| diesel::delete(
            known_places::table
                .filter(known_places::partner_id.eq(&partner).and(known_places::user_id.eq(&user)))
                .filter(known_places::seen_at.le(oldest).and(known_places::digest.ne(digest)))
        )
        .execute(c))?;
    }
    Ok(is_new)
}

/// Forgets places nobody was seen at since.
///
/// # Errors
/// The store's own.
pub fn forget(tx: &mut Write<'_>, before: Timestamp) -> Result<usize, Error> {
    Ok(both!(tx, |c| diesel::delete(
        known_places::table.filter(known_places::seen_at.lt(before.as_microsecond()))
    )
    .execute(c))?)
}

/// Forgets where one person was seen.
///
/// # Errors
/// The store's own.
pub fn forget_person(tx: &mut Write<'_>, partner: PartnerId, user: UserId) -> Result<(), Error> {
    let (partner, user) = (partner.to_string(), user.to_string());
    both!(tx, |c| diesel::delete(
        known_places::table
            .filter(known_places::partner_id.eq(&partner).and(known_places::user_id.eq(&user)))
    )
    .execute(c))?;
    Ok(())
}
