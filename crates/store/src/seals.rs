//! Sealing the log: what waits, where each partner's chain ends, signed checkpoints, and how far each stream of it is.

use std::collections::HashMap;

use chandlery_domain::ids::PartnerId;
use diesel::prelude::*;

use crate::audit::{Sealed, Waiting};
use crate::columns::read;
use crate::db::{Read, Write, both, insert_rows};
use crate::error::Error;
use crate::schema::{audit, audit_inbox, checkpoints, log_cursors, log_keys, log_sinks, partners};

/// The cursor that says how long a partner's log is.
pub const HEAD: &str = "head";

/// The cursor that says from which number on entries of a partner's log were found missing or changed when others were sealed
/// behind them. It stays.
pub const GAP: &str = "gap";

/// How many rows go into one statement: PostgreSQL takes 65,535 values, an entry has twenty-two.
const ROWS_MAX: usize = 1000;

/// Partners with entries that wait; at most `limit`.
///
/// # Errors
/// The store's own.
pub fn waiting_partners(tx: &mut Read<'_>, limit: i64) -> Result<Vec<PartnerId>, Error> {
    let list: Vec<String> =
        both!(tx, |c| audit_inbox::table.select(audit_inbox::partner_id).distinct().limit(limit).load(c))?;
    list.iter().map(|id| read("audit_inbox.partner_id", id)).collect()
}

/// A partner's entries that wait, in the order of their ids.
///
/// # Errors
/// The store's own.
pub fn waiting(tx: &mut Read<'_>, partner: PartnerId, limit: i64) -> Result<Vec<Waiting>, Error> {
    let partner = partner.to_string();
    Ok(both!(tx, |c| audit_inbox::table
        .filter(audit_inbox::partner_id.eq(&partner))
        .order(audit_inbox::id.asc())
        .limit(limit)
        .select(Waiting::as_select())
        .load(c))?)
}

/// How many of a partner's entries wait to be sealed.
///
/// # Errors
/// The store's own.
pub fn count_waiting(tx: &mut Read<'_>, partner: PartnerId) -> Result<i64, Error> {
    let partner = partner.to_string();
    Ok(both!(tx, |c| audit_inbox::table.filter(audit_inbox::partner_id.eq(&partner)).count().get_result(c))?)
}

/// Whether more than so many of a partner's entries wait to be sealed.
///
/// # Errors
/// The store's own.
pub fn wait(tx: &mut Read<'_>, partner: PartnerId, more_than: i64) -> Result<bool, Error> {
    let partner = partner.to_string();
    let beyond: Option<String> = both!(tx, |c| audit_inbox::table
        .filter(audit_inbox::partner_id.eq(&partner))
        .select(audit_inbox::partner_id)
        .offset(more_than)
        .limit(1)
        .first(c)
        .optional())?;
    Ok(beyond.is_some())
}

/// The last number of a partner's log and its hash.
///
/// # Errors
/// The store's own.
pub fn head(tx: &mut Read<'_>, partner: PartnerId) -> Result<Option<(i64, String)>, Error> {
    let partner = partner.to_string();
    Ok(both!(tx, |c| audit::table
        .filter(audit::partner_id.eq(&partner))
        .order(audit::sequence.desc())
        .select((audit::sequence, audit::hash))
        .first(c)
        .optional())?)
}

/// The hash of an entry by its number.
///
/// # Errors
/// The store's own.
pub fn hash_at(tx: &mut Read<'_>, partner: PartnerId, sequence: i64) -> Result<Option<String>, Error> {
    let partner = partner.to_string();
    Ok(both!(tx, |c| audit::table.find((&partner, sequence)).select(audit::hash).first(c).optional())?)
}

/// The hash of the last entry up to a number.
///
/// # Errors
/// The store's own.
pub fn standing_at(tx: &mut Read<'_>, partner: PartnerId, sequence: i64) -> Result<Option<String>, Error> {
    let partner = partner.to_string();
    Ok(both!(tx, |c| audit::table
        .filter(audit::partner_id.eq(&partner).and(audit::sequence.le(sequence)))
        .order(audit::sequence.desc())
        .select(audit::hash)
        .first(c)
        .optional())?)
}

/// The lowest number of an entry at or after an instant in microseconds.
///
/// # Errors
/// The store's own.
pub fn first_from(tx: &mut Read<'_>, partner: PartnerId, at: i64) -> Result<Option<i64>, Error> {
    let partner = partner.to_string();
    let first: Option<Option<i64>> = both!(tx, |c| audit::table
        .filter(audit::partner_id.eq(&partner))
        .filter(audit::at.ge(at))
        .select(diesel::dsl::min(audit::sequence))
        .first(c)
        .optional())?;
    Ok(first.flatten())
}

/// The highest number of an entry at or before an instant in microseconds.
///
/// # Errors
/// The store's own.
pub fn last_to(tx: &mut Read<'_>, partner: PartnerId, at: i64) -> Result<Option<i64>, Error> {
    let partner = partner.to_string();
    let last: Option<Option<i64>> = both!(tx, |c| audit::table
        .filter(audit::partner_id.eq(&partner))
        .filter(audit::at.le(at))
        .select(diesel::dsl::max(audit::sequence))
        .first(c)
        .optional())?;
    Ok(last.flatten())
}

/// Moves entries from the inbox to the log.
///
/// # Errors
/// The store's own; a conflict when somebody else sealed them at the same moment.
pub fn seal(tx: &mut Write<'_>, partner: PartnerId, rows: &[Sealed]) -> Result<(), Error> {
    let partner = partner.to_string();
    for part in rows.chunks(ROWS_MAX) {
        let part = part.to_vec();
        insert_rows!(tx, audit::table, part)?;
        let ids: Vec<&str> = part.iter().map(|row| row.id.as_str()).collect();
        let gone = both!(tx, |c| diesel::delete(
            audit_inbox::table
                .filter(audit_inbox::partner_id.eq(&partner))
                .filter(audit_inbox::id.eq_any(&ids))
        )
        .execute(c))?;
        if gone != ids.len() {
            return Err(Error::Conflict { why: "the entries were sealed by somebody else".into() });
        }
    }
    Ok(())
}

/// A signed statement of how long a partner's log is and where its chain ends.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = checkpoints, treat_none_as_default_value = false)]
pub struct Checkpoint {
    /// The partner.
    pub partner_id: String,
    /// The last number.
    pub sequence: i64,
    /// Its hash, in hex.
    pub head: String,
    /// When it was made, in microseconds.
    pub at: i64,
    /// The key it is signed with.
    pub key_id: String,
    /// The signature, in base64.
    pub signature: String,
}

/// Adds a checkpoint.
///
/// # Errors
/// The store's own.
pub fn insert_checkpoint(tx: &mut Write<'_>, checkpoint: &Checkpoint) -> Result<(), Error> {
    both!(tx, |c| diesel::insert_into(checkpoints::table).values(checkpoint).execute(c))?;
    Ok(())
}

/// A partner's checkpoints after a number, in order.
///
/// # Errors
/// The store's own.
pub fn checkpoints(
    tx: &mut Read<'_>,
    partner: PartnerId,
    after: i64,
    limit: i64,
) -> Result<Vec<Checkpoint>, Error> {
    let partner = partner.to_string();
    Ok(both!(tx, |c| checkpoints::table
        .filter(checkpoints::partner_id.eq(&partner))
        .filter(checkpoints::sequence.gt(after))
        .order(checkpoints::sequence.asc())
        .limit(limit)
        .select(Checkpoint::as_select())
        .load(c))?)
}

/// A partner's newest checkpoint.
///
/// # Errors
/// The store's own.
pub fn last_checkpoint(tx: &mut Read<'_>, partner: PartnerId) -> Result<Option<Checkpoint>, Error> {
    let partner = partner.to_string();
    Ok(both!(tx, |c| checkpoints::table
        .filter(checkpoints::partner_id.eq(&partner))
        .order(checkpoints::sequence.desc())
        .select(Checkpoint::as_select())
        .first(c)
        .optional())?)
}

/// The hash a checkpoint names for the entry of that number, where one was signed there.
///
/// # Errors
/// The store's own.
pub fn signed_at(tx: &mut Read<'_>, partner: PartnerId, sequence: i64) -> Result<Option<String>, Error> {
    let partner = partner.to_string();
    Ok(both!(tx, |c| checkpoints::table
        .find((&partner, sequence))
        .select(checkpoints::head)
        .first(c)
        .optional())?)
}

/// Everyone who has a log: every partner after `after`, a page at a time.
///
/// # Errors
/// The store's own.
pub fn partners_after(tx: &mut Read<'_>, after: &str, limit: i64) -> Result<Vec<PartnerId>, Error> {
    let list: Vec<String> = both!(tx, |c| partners::table
        .filter(partners::partner_id.gt(after))
        .order(partners::partner_id.asc())
        .limit(limit)
        .select(partners::partner_id)
        .load(c))?;
    list.iter().map(|id| read("partners.partner_id", id)).collect()
}

/// How long a partner's log is, by its own counter; 0 where it never had one.
///
/// # Errors
/// The store's own.
pub fn length(tx: &mut Read<'_>, partner: PartnerId) -> Result<i64, Error> {
    Ok(cursor(tx, partner, HEAD)?.unwrap_or(0))
}

/// The first number at which a partner's log was found broken, if it ever was: see [`GAP`].
///
/// # Errors
/// The store's own.
pub fn gap(tx: &mut Read<'_>, partner: PartnerId) -> Result<Option<i64>, Error> {
    cursor(tx, partner, GAP)
}

fn cursor(tx: &mut Read<'_>, partner: PartnerId, name: &str) -> Result<Option<i64>, Error> {
    let partner = partner.to_string();
    Ok(both!(tx, |c| log_cursors::table
        .find((&partner, name))
        .select(log_cursors::sequence)
        .first(c)
        .optional())?)
}

/// Every partner of whose log there is a trace: a length, an entry or a checkpoint.
///
/// # Errors
/// The store's own.
pub fn partners_with_traces(tx: &mut Read<'_>) -> Result<Vec<PartnerId>, Error> {
    let mut found: Vec<String> =
        both!(tx, |c| log_cursors::table.select(log_cursors::partner_id).distinct().load(c))?;
    // One step of the index a partner, not one a row.
    for entries in [true, false] {
        let mut after = String::new();
        loop {
            let next: Option<String> = if entries {
                both!(tx, |c| audit::table
                    .filter(audit::partner_id.gt(&after))
                    .order(audit::partner_id.asc())
                    .select(audit::partner_id)
                    .first(c)
                    .optional())?
            } else {
                both!(tx, |c| checkpoints::table
                    .filter(checkpoints::partner_id.gt(&after))
                    .order(checkpoints::partner_id.asc())
                    .select(checkpoints::partner_id)
                    .first(c)
                    .optional())?
            };
            let Some(next) = next else { break };
            found.push(next.clone());
            after = next;
        }
    }
    found.iter().map(|id| read("audit.partner_id", id)).collect()
}

/// A key that signs checkpoints.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = log_keys, treat_none_as_default_value = false)]
pub struct LogKey {
    /// Its id.
    pub id: String,
    /// The public half.
    pub public_key: String,
    /// The private half, sealed.
    pub sealed: String,
    /// Since when, in microseconds.
    pub added_at: i64,
}

/// The keys that sign or signed checkpoints, newest first; at most a hundred.
///
/// # Errors
/// The store's own.
pub fn log_keys(tx: &mut Read<'_>) -> Result<Vec<LogKey>, Error> {
    Ok(both!(tx, |c| log_keys::table
        .order((log_keys::added_at.desc(), log_keys::id.asc()))
        .limit(100)
        .select(LogKey::as_select())
        .load(c))?)
}

/// Adds a key.
///
/// # Errors
/// The store's own.
pub fn insert_log_key(tx: &mut Write<'_>, key: &LogKey) -> Result<(), Error> {
    both!(tx, |c| diesel::insert_into(log_keys::table).values(key).execute(c))?;
    Ok(())
}

/// A place the log is streamed to.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = log_sinks, treat_none_as_default_value = false)]
pub struct Sink {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub target: String,
    /// The token it is called with, sealed.
    pub token: Option<String>,
    /// A file with the certificates it is trusted by.
    pub ca_file: Option<String>,
    /// Since when, in microseconds.
    pub added_at: i64,
    /// Since when it is removed.
    pub removed_at: Option<i64>,
    /// Why the last batch did not get there, if it did not.
    pub last_error: Option<String>,
}

/// The places that were not removed; at most a hundred.
///
/// # Errors
/// The store's own.
pub fn sinks(tx: &mut Read<'_>) -> Result<Vec<Sink>, Error> {
    Ok(both!(tx, |c| log_sinks::table
        .filter(log_sinks::removed_at.is_null())
        .order(log_sinks::id.asc())
        .limit(100)
        .select(Sink::as_select())
        .load(c))?)
}

/// Adds a place.
///
/// # Errors
/// The store's own.
pub fn insert_sink(tx: &mut Write<'_>, sink: &Sink) -> Result<(), Error> {
    both!(tx, |c| diesel::insert_into(log_sinks::table).values(sink).execute(c))?;
    Ok(())
}

/// Removes a place; false when it is not there.
///
/// # Errors
/// The store's own.
pub fn remove_sink(tx: &mut Write<'_>, id: &str, at: i64) -> Result<bool, Error> {
    let changed =
        both!(tx, |c| diesel::update(log_sinks::table.find(id).filter(log_sinks::removed_at.is_null()))
            .set(log_sinks::removed_at.eq(at))
            .execute(c))?;
    Ok(changed == 1)
}

/// Notes how the last batch went.
///
/// # Errors
/// The store's own.
pub fn set_sink_error(tx: &mut Write<'_>, id: &str, error: Option<&str>) -> Result<(), Error> {
    both!(tx, |c| diesel::update(log_sinks::table.find(id)).set(log_sinks::last_error.eq(error)).execute(c))?;
    Ok(())
}

/// How far each partner's log has got to a place, and how long it is: partners that have more, at most `limit`.
///
/// # Errors
/// The store's own.
pub fn behind(tx: &mut Read<'_>, sink: &str, limit: i64) -> Result<Vec<(PartnerId, i64)>, Error> {
    let lengths: Vec<(String, i64)> = both!(tx, |c| log_cursors::table
        .filter(log_cursors::sink.eq(HEAD))
        .order(log_cursors::partner_id.asc())
        .select((log_cursors::partner_id, log_cursors::sequence))
        .load(c))?;
    let done: Vec<(String, i64)> = both!(tx, |c| log_cursors::table
        .filter(log_cursors::sink.eq(sink))
        .select((log_cursors::partner_id, log_cursors::sequence))
        .load(c))?;
    let done: HashMap<String, i64> = done.into_iter().collect();
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    lengths
        .into_iter()
        .filter_map(|(partner, length)| {
            let at = done.get(&partner).copied().unwrap_or(0);
            (length > at).then_some((partner, at))
        })
        .take(limit)
        .map(|(partner, at)| Ok((read("log_cursors.partner_id", &partner)?, at)))
        .collect()
}

/// Notes how far a partner's log has got to a place.
///
/// # Errors
/// The store's own.
pub fn set_cursor(tx: &mut Write<'_>, partner: PartnerId, sink: &str, sequence: i64) -> Result<(), Error> {
    let partner = partner.to_string();
    both!(tx, |c| diesel::insert_into(log_cursors::table)
        .values((
            log_cursors::partner_id.eq(&partner),
            log_cursors::sink.eq(sink),
            log_cursors::sequence.eq(sequence)
        ))
        .on_conflict((log_cursors::partner_id, log_cursors::sink))
        .do_update()
        .set(log_cursors::sequence.eq(sequence))
        .execute(c))?;
    Ok(())
}
