//! What can go wrong at the database, in words that mean something to the layers above.

use std::fmt;

use diesel::result::{DatabaseErrorKind, Error as Diesel};

/// Why a read or a write did not happen.
#[derive(Debug)]
pub enum Error {
    /// Too much is queued, or the database cannot be reached; trying again soon helps.
    Unavailable {
        /// For the log.
        why: String,
    },
    /// Something else changed the same thing at the same time; doing it again helps.
    Conflict {
        /// For the log.
        why: String,
    },
    /// A stored value does not mean anything. Never guessed around.
    Broken {
        /// Where it stands: `table.column`.
        place: &'static str,
        /// What it says.
        value: String,
    },
    /// Anything else the database said.
    Database(Diesel),
    /// The work panicked; its transaction was rolled back.
    Panicked,
}

impl Error {
    /// Whether running the same closure again may succeed (40001, 40P01, and rows taken by somebody else).
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Conflict { .. } => true,
            // Somebody else was first: run again, the closure sees what they did.
            Self::Database(Diesel::DatabaseError(
                DatabaseErrorKind::SerializationFailure | DatabaseErrorKind::UniqueViolation,
                _,
            )) => true,
            Self::Database(Diesel::DatabaseError(DatabaseErrorKind::Unknown, details)) => {
                details.message().contains("deadlock detected")
            }
            Self::Unavailable { .. } | Self::Broken { .. } | Self::Database(_) | Self::Panicked => false,
        }
    }

    pub(crate) fn broken(place: &'static str, value: impl fmt::Display) -> Self {
        Self::Broken { place, value: value.to_string() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable { why } => write!(f, "the database is not available: {why}"),
            Self::Conflict { why } => write!(f, "a concurrent change got in the way: {why}"),
            Self::Broken { place, value } => {
                write!(f, "stored data is broken: {place} says {value:?}")
            }
            Self::Database(error) => write!(f, "the database refused: {error}"),
            Self::Panicked => f.write_str("the work stopped halfway and was rolled back"),
        }
    }
}

impl std::error::Error for Error {}

impl From<Diesel> for Error {
    fn from(error: Diesel) -> Self {
        match error {
            Diesel::DatabaseError(DatabaseErrorKind::ClosedConnection, details) => {
                Self::Unavailable { why: details.message().to_owned() }
            }
            other => Self::Database(other),
        }
    }
}

/// An error of a layer above that may hold one of ours, so that the store can tell what is worth another try.
pub trait Failure: From<Error> + Send + 'static {
    /// The store's error inside, if there is one.
    fn store_error(&self) -> Option<&Error>;
}

impl Failure for Error {
    fn store_error(&self) -> Option<&Error> {
        Some(self)
    }
}
