//! Feeds for calendar programs: a secret address a person, kept as a digest.

use chandlery_domain::ids::{PartnerId, UserId};
use diesel::prelude::*;
use jiff::Timestamp;

use crate::columns::read;
use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::calendar_feeds;

/// Gives a person a feed under this digest; the one it had ends.
///
/// # Errors
/// The store's own.
pub fn set(
    tx: &mut Write<'_>,
    (partner, user): (PartnerId, UserId),
    digest: &str,
    now: Timestamp,
) -> Result<(), Error> {
    end(tx, (partner, user))?;
    let row = (
        calendar_feeds::partner_id.eq(partner.to_string()),
        calendar_feeds::user_id.eq(user.to_string()),
        calendar_feeds::digest.eq(digest),
        calendar_feeds::made_at.eq(now.as_microsecond()),
    );
    both!(tx, |c| diesel::insert_into(calendar_feeds::table).values(row).execute(c))?;
    Ok(())
}

/// Ends a person's feed.
///
/// # Errors
/// The store's own.
pub fn end(tx: &mut Write<'_>, (partner, user): (PartnerId, UserId)) -> Result<(), Error> {
    let (partner, user) = (partner.to_string(), user.to_string());
    both!(tx, |c| diesel::delete(calendar_feeds::table.find((&partner, &user))).execute(c))?;
    Ok(())
}

/// Whether a person has a feed.
///
/// # Errors
/// The store's own.
pub fn has(tx: &mut Read<'_>, (partner, user): (PartnerId, UserId)) -> Result<bool, Error> {
    let (partner, user) = (partner.to_string(), user.to_string());
    let found: i64 = both!(tx, |c| calendar_feeds::table.find((&partner, &user)).count().get_result(c))?;
    Ok(found > 0)
}

/// Whose feed a digest is. Comes before any scope: it is how the caller is known.
///
/// # Errors
/// The store's own.
pub fn whose(tx: &mut Read<'_>, partner: PartnerId, digest: &str) -> Result<Option<UserId>, Error> {
    let partner = partner.to_string();
    let found: Option<String> = both!(tx, |c| calendar_feeds::table
        .filter(calendar_feeds::partner_id.eq(&partner).and(calendar_feeds::digest.eq(digest)))
        .select(calendar_feeds::user_id)
        .first(c)
        .optional())?;
    found.map(|id| read("calendar_feeds.user_id", &id)).transpose()
}
