//! Settings of the installation: a few named values.

use diesel::prelude::*;

use crate::db::{Conn, Read, Write, both};
use crate::error::Error;
use crate::schema::settings;

/// The names in use.
pub mod names {
    /// `live` or `practice`.
    pub const KIND: &str = "kind";
    /// The policy profile in force.
    pub const POLICY_PROFILE: &str = "policy_profile";
    /// The practice clock: `standing:<microseconds>` or `running:<offset in microseconds>`.
    pub const CLOCK: &str = "clock";
    /// The public address that links in mails begin with; empty or absent where no mail is sent.
    pub const MAIL_LINKS: &str = "mail_links";
    /// When the last copy of the database was written, in microseconds.
    pub const LAST_BACKUP: &str = "last_backup";
}

/// A setting's value, where it was ever set.
///
/// # Errors
/// The store's own.
pub fn get(tx: &mut Read<'_>, name: &str) -> Result<Option<String>, Error> {
    Ok(both!(tx, |c| settings::table.find(name).select(settings::value).first(c).optional())?)
}

/// A setting's value, which nobody else changes until the transaction ends. On PostgreSQL its row is locked; SQLite has one
/// writer.
///
/// # Errors
/// The store's own.
pub(crate) fn hold(tx: &mut Write<'_>, name: &str) -> Result<Option<String>, Error> {
    match &mut tx.conn {
        Conn::Pg(connection) => {
            let row = settings::table.find(name).select(settings::value);
            Ok(row.for_update().first(*connection).optional()?)
        }
        Conn::Lite(_) => get(tx, name),
    }
}

/// Sets a value.
///
/// # Errors
/// The store's own.
pub fn set(tx: &mut Write<'_>, name: &str, value: &str) -> Result<(), Error> {
    both!(tx, |c| diesel::insert_into(settings::table)
        .values((settings::name.eq(name), settings::value.eq(value)))
        .on_conflict(settings::name)
        .do_update()
        .set(settings::value.eq(value))
        .execute(c))?;
    Ok(())
}
