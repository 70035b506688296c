//! What can go wrong, in the words all layers share. Mapped to an answer in exactly one place per kind of caller.

use std::fmt;

use chandlery_domain::refusal::Refusal;
use chandlery_store as store;

use crate::texts::Complaint;

/// Something that is not there, or not there for this caller: the two are not told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// A customer.
    Customer,
    /// A product of the catalogue.
    Product,
    /// A SKU of a product.
    Sku,
    /// An availability of a SKU.
    Availability,
    /// A cart.
    Cart,
    /// An order.
    Order,
    /// A subscription.
    Subscription,
    /// A person.
    User,
    /// A programme id.
    Programme,
    /// Anything else, named for people.
    Other(&'static str),
}

/// What is wrong with a row of a file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// The line in the file, from 1; 0 where the row clashes with the catalogue and not with its file.
    pub line: u64,
    /// The column; `header` and `row` where it is not about one.
    pub column: &'static str,
    /// What would be right.
    pub message: Complaint,
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.column, self.message),
            line => write!(f, "line {line}, {}: {}", self.column, self.message),
        }
    }
}

impl std::error::Error for BadRow {}

/// Why a use case did not do what was asked.
#[derive(Debug)]
pub enum Error {
    /// It is not there.
    NotFound(Missing),
    /// A rule says no.
    Refused(Refusal),
    /// The input cannot be understood or breaks a limit.
    Invalid {
        /// Which part of the input, as the caller spells it.
        field: String,
        /// What would be right.
        message: Complaint,
    },
    /// A row of a file cannot be taken.
    Row(BadRow),
    /// The caller did not prove who it is.
    Unauthenticated {
        /// What is wrong with the proof.
        why: &'static str,
    },
    /// A token names a key that is not known here (yet).
    UnknownKey,
    /// This call was answered before; the answer is kept.
    AnsweredBefore,
    /// The database said something.
    Store(store::Error),
    /// A defect of ours or a broken installation. The cause goes to the log, never to the caller.
    Internal(String),
}

impl Error {
    /// An input that cannot be taken and that only programs and the command line can send: pages have no words for it.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::complaint(field, Complaint::plain(message))
    }

    /// An input that cannot be taken, told to each reader in its language.
    pub fn complaint(field: impl Into<String>, message: Complaint) -> Self {
        Self::Invalid { field: field.into(), message }
    }

    /// A defect or a broken installation.
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }

    /// Something else changed the same thing at the same time; the store runs the closure again where it can.
    pub fn conflict(why: &str) -> Self {
        Self::Store(store::Error::Conflict { why: why.to_owned() })
    }

    /// Whether this is an answer about the caller's request, the same each time it is sent, and not about us.
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::NotFound(_) | Self::Refused(_) | Self::Invalid { .. } | Self::Row(_))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound(what) => write!(f, "not found: {what:?}"),
            Self::Refused(refusal) => write!(f, "refused: {refusal}"),
            Self::Invalid { field, message } => write!(f, "{field} {message}"),
            Self::Row(bad) => bad.fmt(f),
            Self::Unauthenticated { why } => write!(f, "not signed in: {why}"),
            Self::UnknownKey => f.write_str("not signed in: the token names an unknown key"),
            Self::AnsweredBefore => f.write_str("this call was answered before"),
            Self::Store(error) => error.fmt(f),
            Self::Internal(cause) => write!(f, "internal: {cause}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<BadRow> for Error {
    fn from(bad: BadRow) -> Self {
        Self::Row(bad)
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl store::Failure for Error {
    fn store_error(&self) -> Option<&store::Error> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}
