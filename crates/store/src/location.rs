//! Where the data is: its schema, bringing it up to date, and copies of the whole.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use diesel::RunQueryDsl;
use diesel::backend::Backend;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use tokio::sync::oneshot;

use crate::db::{establish_postgres, open_sqlite, spawn};
use crate::error::Error;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

/// Where the data is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL server, by URL.
    Postgres {
        /// `postgres://…`; may hold a password, so it is never logged.
        url: String,
        /// How many connections to keep.
        connections: usize,
    },
}

/// How the schema in the database stands to the one this program knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Schema {
    /// Nothing is there yet.
    Empty,
    /// It is the one this program knows.
    Current,
    /// Migrations are missing.
    Behind(Vec<String>),
    /// It was changed by a newer program.
    Unknown(Vec<String>),
}

fn names(versions: impl IntoIterator<Item = impl ToString>) -> Vec<String> {
    versions.into_iter().map(|version| version.to_string()).collect()
}

fn inspect<C, DB>(connection: &mut C) -> Result<Schema, Error>
where
    C: MigrationHarness<DB>,
    DB: Backend,
    EmbeddedMigrations: diesel::migration::MigrationSource<DB>,
{
    let failed =
        |error: Box<dyn std::error::Error + Send + Sync>| Error::Unavailable { why: error.to_string() };
    let applied = names(connection.applied_migrations().map_err(failed)?);
    let known = diesel::migration::MigrationSource::<DB>::migrations(&MIGRATIONS).map_err(failed)?;
    let known = names(known.iter().map(|migration| migration.name().version()));
    if applied.is_empty() {
        return Ok(Schema::Empty);
    }
    let unknown: Vec<String> = applied.iter().filter(|version| !known.contains(version)).cloned().collect();
    if !unknown.is_empty() {
        return Ok(Schema::Unknown(unknown));
    }
    let missing: Vec<String> = known.into_iter().filter(|version| !applied.contains(version)).collect();
    Ok(if missing.is_empty() { Schema::Current } else { Schema::Behind(missing) })
}

fn upgrade<C, DB>(connection: &mut C) -> Result<Vec<String>, Error>
where
    C: MigrationHarness<DB>,
    DB: Backend,
    EmbeddedMigrations: diesel::migration::MigrationSource<DB>,
{
    let run = connection.run_pending_migrations(MIGRATIONS);
    run.map(names).map_err(|error| Error::Unavailable { why: format!("a migration failed: {error}") })
}

/// Runs `work` on a connection of its own, on a thread that may block.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let (answer, result) = oneshot::channel();
    spawn("store-apart", move || {
        if answer.send(work()).is_err() {
            tracing::debug!("a result found nobody waiting");
        }
    })?;
    result.await.unwrap_or(Err(Error::Panicked))
}

impl Location {
    /// How the schema there stands to the one this program knows.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn schema(&self) -> Result<Schema, Error> {
        let location = self.clone();
        apart(move || match location {
            Self::Sqlite(path) if !path.exists() => Ok(Schema::Empty),
            Self::Sqlite(path) => inspect(&mut open_sqlite(&path, false, &Arc::default())?),
            Self::Postgres { url, .. } => inspect(&mut establish_postgres(&url)?),
        })
        .await
    }

    /// Brings the schema there up to the one this program knows; returns the migrations that were run.
    ///
    /// # Errors
    /// When the database cannot be reached or a migration fails; a failed migration leaves nothing behind.
    pub async fn migrate(&self) -> Result<Vec<String>, Error> {
        let location = self.clone();
        apart(move || match location {
            Self::Sqlite(path) => upgrade(&mut open_sqlite(&path, false, &Arc::default())?),
            Self::Postgres { url, .. } => upgrade(&mut establish_postgres(&url)?),
        })
        .await
    }

    /// Takes what was deleted out of SQLite's write-ahead log too, once nobody reads it any more; deleted rows themselves
    /// are overwritten at once. PostgreSQL does it when it vacuums.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn scrub(&self) -> Result<(), Error> {
        let location = self.clone();
        apart(move || match location {
            Self::Sqlite(path) => {
                let mut connection = open_sqlite(&path, false, &Arc::default())?;
                diesel::connection::SimpleConnection::batch_execute(
                    &mut connection,
                    "pragma wal_checkpoint(truncate)",
                )
                .map_err(Error::from)
            }
            Self::Postgres { .. } => Ok(()),
        })
        .await
    }

    /// Writes a consistent copy of a SQLite database to a new file, while others go on writing.
    ///
    /// # Errors
    /// When the target exists, or the database is not SQLite (PostgreSQL has `pg_dump` for that).
    pub async fn back_up(&self, target: &Path) -> Result<(), Error> {
        let (location, target) = (self.clone(), target.to_owned());
        apart(move || match location {
            Self::Sqlite(path) => {
                let target =
                    target.to_str().ok_or(Error::Unavailable { why: "the path is not UTF-8".into() })?;
                let mut connection = open_sqlite(&path, false, &Arc::default())?;
                let copy = diesel::sql_query("vacuum into ?").bind::<diesel::sql_types::Text, _>(target);
                copy.execute(&mut connection).map(drop).map_err(Error::from)
            }
            Self::Postgres { .. } => {
                Err(Error::Unavailable { why: "a copy of a PostgreSQL database is made with pg_dump".into() })
            }
        })
        .await
    }
}
