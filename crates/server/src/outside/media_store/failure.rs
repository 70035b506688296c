//! Why media cannot be stored or read, in plain words; where each error of the disk is given its meaning.

use std::error::Error as _;
use std::fmt::Display;
use std::io;
use std::ops::Range;
use std::path::PathBuf;

const LONGEST_TEXT: usize = 300;

/// Why media cannot be stored or read.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// The setting names no place for media, or what belongs to it is missing.
    #[error("the place for media is not right: {why}")]
    BadPlace {
        /// What is wrong, and what would be right.
        why: String,
    },
    /// The key is not 1 to 64 of `a` to `z`, `0` to `9` and `-`.
    #[error("a key of media is 1 to 64 lower-case letters, digits and hyphens")]
    BadKey,
    /// Nothing is stored under the key.
    #[error("no media are stored under {key}")]
    NotFound {
        /// The key asked for.
        key: String,
    },
    /// Something is stored under the key already; it is never replaced.
    #[error("media are stored under {key} already")]
    AlreadyThere {
        /// The key asked for.
        key: String,
    },
    /// The range does not lie within the media.
    #[error("bytes {} to {} do not lie within the media's {length} bytes", range.start, range.end)]
    OutOfRange {
        /// The bytes asked for.
        range: Range<u64>,
        /// How many there are.
        length: u64,
    },
    /// Media in a bucket cannot be sparse.
    #[error("practice media lie in a local folder only")]
    LocalOnly,
    /// The file to be stored cannot be read.
    #[error("{} cannot be read: {why}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        why: String,
    },
    /// The file to be stored became another one while it was read.
    #[error("{} {what} while it was read; nothing was stored", path.display())]
    SourceChanged {
        /// The file.
        path: PathBuf,
        /// What it did: "shrank", "grew" or "changed".
        what: &'static str,
    },
    /// The file is not the one that was promised. Nothing of it is left in the store.
    #[error("its SHA-256 is {}, not {}; nothing was stored", hex::encode(found), hex::encode(expected))]
    WrongHash {
        /// The SHA-256 that was promised.
        expected: [u8; 32],
        /// The SHA-256 of what was read.
        found: [u8; 32],
    },
    /// Another process, or another task of this one, is storing this very file.
    #[error("{} is being stored by someone else right now", path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// There is no room left where the media or the journal lie.
    #[error("no room is left: {why}")]
    Full {
        /// Where, in the system's or the storage's words.
        why: String,
    },
    /// The disk or the storage says no, and will say so again until something is put right.
    #[error("the storage refuses: {why}")]
    Refused {
        /// In the system's or the storage's words.
        why: String,
    },
    /// The disk or the storage fails, or cannot be reached; trying again may help.
    #[error("the storage fails: {why}")]
    Unavailable {
        /// In the system's or the storage's words.
        why: String,
    },
}

impl MediaError {
    /// Whether an upload that ended so goes on where it stopped when it is simply run again, once the cause is gone.
    #[must_use]
    pub fn can_resume(&self) -> bool {
        match self {
            Self::Unreadable { .. }
            | Self::Busy { .. }
            | Self::Full { .. }
            | Self::Refused { .. }
            | Self::Unavailable { .. } => true,
            Self::BadPlace { .. }
            | Self::BadKey
            | Self::NotFound { .. }
            | Self::AlreadyThere { .. }
            | Self::OutOfRange { .. }
            | Self::LocalOnly
            | Self::SourceChanged { .. }
            | Self::WrongHash { .. } => false,
        }
    }

    pub(super) fn bad_place(why: impl Display) -> Self {
        Self::BadPlace { why: bounded(&why.to_string()) }
    }

    pub(super) fn refused(why: impl Display) -> Self {
        Self::Refused { why: bounded(&why.to_string()) }
    }

    pub(super) fn unavailable(why: impl Display) -> Self {
        Self::Unavailable { why: bounded(&why.to_string()) }
    }

    /// What an error of the disk means. `place` is the path it was about.
    pub(super) fn disk(place: impl Display, error: &io::Error) -> Self {
        let why = bounded(&format!("{place}: {error}"));
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { why },
            io::ErrorKind::PermissionDenied
            | io::ErrorKind::ReadOnlyFilesystem
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::IsADirectory
            | io::ErrorKind::FileTooLarge => Self::Refused { why },
            _ => Self::Unavailable { why },
        }
    }

    /// What an error of S3 means. Only the code and the message of its answer are told: the rest is machinery.
    pub(super) fn storage(error: &object_store::Error) -> Self {
        let text = error.to_string();
        let status = text.split_once("status code: ").and_then(|(_, rest)| rest.get(..3)).unwrap_or_default();
        let code = between(&text, "<Code>", "</Code>").unwrap_or_default();
        let message = between(&text, "<Message>", "</Message>").unwrap_or_default();
        let answer = bounded(format!("{status} {code} {message}").trim());
        if matches!(code, "XMinioStorageFull" | "QuotaExceeded") || status == "507" {
            return Self::Full { why: answer };
        }
        let meaning = match (code, status) {
            ("NoSuchBucket", _) => "there is no such bucket",
            ("InvalidAccessKeyId" | "SignatureDoesNotMatch" | "ExpiredToken" | "InvalidToken", _) => {
                "it does not accept AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            }
            ("RequestTimeTooSkewed", _) => "its clock and that of this machine differ",
            ("AccessDenied", _) | (_, "401" | "403") => "these credentials may not do this",
            (_, "301" | "307") => "the bucket is in another region, so set AWS_REGION",
            (_, status) if status.starts_with('4') && !matches!(status, "408" | "429") => {
                "it takes this for wrong"
            }
            _ if text.contains("redirect without LOCATION") => {
                return Self::refused("the bucket is in another region, so set AWS_REGION");
            }
            (_, "") => return Self::unavailable(root(error)),
            _ => return Self::Unavailable { why: answer },
        };
        Self::refused(format!("{meaning} ({answer})"))
    }
}

/// Whether S3 no longer knows the multipart upload, or a part of it.
pub(super) fn upload_is_gone(error: &object_store::Error) -> bool {
    let text = error.to_string();
    match error {
        object_store::Error::NotFound { .. } => !text.contains("<Code>NoSuchBucket"),
        _ => text.contains("<Code>InvalidPart<"),
    }
}

/// The innermost cause: "connection refused" says more than "error sending request".
fn root(error: &object_store::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = cause.to_string();
        source = cause.source();
    }
    text
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    rest.split_once(end).map(|(inner, _)| inner)
}

/// Others' words end up in these texts, so they are cut and can hold no line break that would forge a log line.
fn bounded(text: &str) -> String {
    text.chars().take(LONGEST_TEXT).map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
