//! What can go wrong, in the words all layers share. Mapped to an answer in exactly one place per kind of caller.

use std::fmt;

use chandlery_domain::refusal::Refusal;
use chandlery_store as store;

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
        message: String,
    },
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
    /// An input that cannot be taken.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid { field: field.into(), message: message.into() }
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
        matches!(self, Self::NotFound(_) | Self::Refused(_) | Self::Invalid { .. })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound(what) => write!(f, "not found: {what:?}"),
            Self::Refused(refusal) => write!(f, "refused: {refusal}"),
            Self::Invalid { field, message } => write!(f, "{field} {message}"),
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
