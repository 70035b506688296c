//! The tamper-evident log: every entry is chained to the one before it, and signed checkpoints fix the chain in time.
//!
//! `chain`, `checkpoint`, `export`, `personal` and `verify` know no database and no clock: entries come in, digests,
//! lines and findings go out, so that anybody can verify an export with nothing but a public key. `sealing`, `live` and
//! `people` bind them to the database. Nothing here decides what is logged.

pub mod chain;
pub mod checkpoint;
pub mod export;
pub mod finding;
pub mod live;
pub mod people;
pub mod personal;
pub mod reading;
pub mod sealing;
pub mod verify;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tampering;
#[cfg(test)]
mod tests;

pub use chain::{Content, Sealed, content_digest, genesis, link};
pub use checkpoint::{Checkpoint, PublicKeys, Refused, SigningKey};
pub use export::{Disclosed, Header, Table};
pub use finding::{Finding, Report, Warning};
pub use personal::{Person, open_personal, opening, seal_personal};
pub use reading::verify_export;
pub use verify::{Expect, Start, Verifier};

/// Why something of the log could not be made or read. Never carries what an entry says.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The bytes are not an Ed25519 key in PKCS#8, or the system has no randomness to draw one.
    #[error("this is not an Ed25519 key in PKCS#8")]
    Key,
    /// A line of a list of public keys is neither `id base64` nor base64, or its id is another key's.
    #[error("line {line} of the public keys is not an Ed25519 key with its id")]
    PublicKey {
        /// Counted from 1.
        line: usize,
    },
    /// More public keys than [`checkpoint::MAX_KEYS`].
    #[error("there are too many public keys")]
    TooManyKeys,
    /// A partner's name would break the lines of a signed text.
    #[error("a partner's id must not contain control characters")]
    Partner,
    /// The clear text is too long to seal.
    #[error("the personal fields cannot be sealed")]
    Sealing,
    /// The sealed text does not belong to this opening and entry, or was changed.
    #[error("the personal fields do not open")]
    Opening,
    /// The entry makes a line longer than [`export::MAX_LINE`].
    #[error("an entry is too long for an export")]
    TooLong,
    /// The first line is not the header of an export of a version that is known here.
    #[error("this is not an activity log export of version 1")]
    NotAnExport,
    /// A line of an anchor file is not a checkpoint.
    #[error("line {line} of the anchors is not a checkpoint")]
    Anchor {
        /// Counted from 1.
        line: usize,
    },
    /// Reading or writing failed.
    #[error("the log cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// A table could not be written.
    #[error("the table cannot be written: {0}")]
    Table(#[from] csv::Error),
    /// A line could not be made.
    #[error("a line cannot be written: {0}")]
    Line(#[from] serde_json::Error),
}
