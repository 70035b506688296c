//! Wrapped data keys and sealed signing keys: secrets at rest, as the vault hands them over.

use diesel::prelude::*;

use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::{data_keys, signing_keys};

/// A data key, wrapped by a key of the installation's key ring.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = data_keys, treat_none_as_default_value = false)]
pub struct DataKey {
    /// Whose data it seals: a partner's id, or the operator's.
    pub owner: String,
    /// The key of the ring that wraps it.
    pub ring_key: String,
    /// The key, wrapped.
    pub wrapped: String,
}

/// A key that signs tokens.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = signing_keys, treat_none_as_default_value = false)]
pub struct SigningKey {
    /// Its id, as tokens name it.
    pub id: String,
    /// The public half, as a JSON web key.
    pub public_key: String,
    /// The private half, sealed with the operator's data key.
    pub sealed: String,
    /// When it was made, in microseconds.
    pub created_at: i64,
}

/// Every data key, a page at a time by owner.
///
/// # Errors
/// The store's own.
pub fn data_keys(tx: &mut Read<'_>, after: &str, limit: i64) -> Result<Vec<DataKey>, Error> {
    Ok(both!(tx, |c| data_keys::table
        .filter(data_keys::owner.gt(after))
        .order(data_keys::owner.asc())
        .limit(limit)
        .select(DataKey::as_select())
        .load(c))?)
}

/// The data key of one owner.
///
/// # Errors
/// The store's own.
pub fn data_key(tx: &mut Read<'_>, owner: &str) -> Result<Option<DataKey>, Error> {
    Ok(both!(tx, |c| data_keys::table.find(owner).select(DataKey::as_select()).first(c).optional())?)
}

/// Adds a data key unless its owner has one.
///
/// # Errors
/// The store's own.
pub fn insert_data_key(tx: &mut Write<'_>, key: &DataKey) -> Result<(), Error> {
    both!(tx, |c| diesel::insert_into(data_keys::table).values(key).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// Replaces the wrapping of a data key; false when it was re-wrapped meanwhile.
///
/// # Errors
/// The store's own.
pub fn rewrap(tx: &mut Write<'_>, old: &DataKey, new: &DataKey) -> Result<bool, Error> {
    let changed = both!(tx, |c| diesel::update(
        data_keys::table.find(&old.owner).filter(data_keys::wrapped.eq(&old.wrapped))
    )
    .set((data_keys::ring_key.eq(&new.ring_key), data_keys::wrapped.eq(&new.wrapped)))
    .execute(c))?;
    Ok(changed == 1)
}

/// The newest signing keys, newest first.
///
/// # Errors
/// The store's own.
pub fn signing_keys(tx: &mut Read<'_>) -> Result<Vec<SigningKey>, Error> {
    Ok(both!(tx, |c| signing_keys::table
        .order((signing_keys::created_at.desc(), signing_keys::id.asc()))
        .limit(10)
        .select(SigningKey::as_select())
        .load(c))?)
}

/// Adds a signing key.
///
/// # Errors
/// The store's own.
pub fn insert_signing_key(tx: &mut Write<'_>, key: &SigningKey) -> Result<(), Error> {
    both!(tx, |c| diesel::insert_into(signing_keys::table).values(key).execute(c))?;
    Ok(())
}
