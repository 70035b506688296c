//! The numbers of documents: one series, without gaps (rule 8.1).

use chandlery_domain::invoice::DocumentNumber;
use diesel::prelude::*;

use crate::columns::number;
use crate::db::{Write, both};
use crate::error::Error;
use crate::schema::counters;

/// The series every document takes its number from.
const SERIES: &str = "G";

fn begin_series(tx: &mut Write<'_>) -> Result<(), Error> {
    both!(tx, |c| diesel::insert_into(counters::table)
        .values((counters::name.eq(SERIES), counters::next.eq(1)))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// Takes the next number of the series. Held until the transaction ends, so it is taken last.
///
/// # Errors
/// The store's own; when the series is used up.
pub fn take(tx: &mut Write<'_>) -> Result<DocumentNumber, Error> {
    begin_series(tx)?;
    let next: i64 = both!(tx, |c| diesel::update(counters::table.find(SERIES))
        .set(counters::next.eq(counters::next + 1))
        .returning(counters::next)
        .get_result(c))?;
    let taken: u32 = number("counters.next", next.saturating_sub(1))?;
    DocumentNumber::new(taken).ok_or_else(|| Error::broken("counters.next", next))
}

/// Holds the series: whoever takes a number waits until the transaction ends.
///
/// # Errors
/// The store's own.
pub fn hold(tx: &mut Write<'_>) -> Result<(), Error> {
    begin_series(tx)?;
    both!(tx, |c| diesel::update(counters::table.find(SERIES))
        .set(counters::next.eq(counters::next))
        .execute(c))?;
    Ok(())
}
