//! What a verification found, in words. It never repeats what an entry says beyond its id.

use std::fmt;

/// The first thing that is wrong with a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The entry's content, number or hashes are not those it was sealed with.
    Changed {
        /// Its number.
        sequence: u64,
        /// Its id, as it stands there now.
        id: String,
    },
    /// Entries are not there.
    Missing {
        /// The first missing number.
        from: u64,
        /// The last missing number of this run.
        to: u64,
    },
    /// An entry stands before one that belongs before it.
    Reordered {
        /// The number of the entry that comes too early.
        sequence: u64,
        /// Its id.
        id: String,
        /// The number that belongs in its place and comes later.
        before: u64,
    },
    /// An entry that was never part of the chain.
    Inserted {
        /// The number it claims.
        sequence: u64,
        /// Its id.
        id: String,
        /// The number of the last entry that stands rightly before it.
        after: u64,
    },
    /// An entry stands there a second time.
    Duplicate {
        /// Its number.
        sequence: u64,
        /// Its id.
        id: String,
        /// The number of the last entry before the second copy.
        after: u64,
    },
    /// An entry is right in itself but does not continue the one before it, so one side was rewritten.
    Broken {
        /// The first entry that no checkpoint vouches for.
        from: u64,
        /// The entry that does not continue the one before it.
        sequence: u64,
        /// Its id.
        id: String,
    },
    /// The log ends too early.
    CutOff {
        /// The last entry that is there.
        after: u64,
        /// Through which entry a signed checkpoint (or the log's own counter) says it went; none when only the end line
        /// is missing or counts otherwise.
        signed_through: Option<u64>,
    },
    /// The key that a checkpoint names did not sign it.
    BadSignature {
        /// The checkpoint's number.
        sequence: u64,
        /// The key's id.
        key: String,
    },
    /// A checkpoint is signed by a key that is not among the known ones.
    UnknownKey {
        /// The checkpoint's number.
        sequence: u64,
        /// The key's id.
        key: String,
    },
    /// An entry belongs to another partner.
    ForeignEntry {
        /// The number it claims.
        sequence: u64,
        /// Its id.
        id: String,
        /// Whose it says it is.
        partner: String,
    },
    /// A checkpoint belongs to another partner.
    ForeignCheckpoint {
        /// The checkpoint's number.
        sequence: u64,
        /// Whose it says it is.
        partner: String,
    },
    /// The chain is right in itself but not the one that was signed: it was rewritten.
    HeadMismatch {
        /// The first entry after the last good checkpoint.
        from: u64,
        /// The entry whose hash was signed otherwise.
        to: u64,
    },
    /// The disclosed clear text is not the one that was sealed.
    PersonalMismatch {
        /// The entry's number.
        sequence: u64,
        /// Its id.
        id: String,
    },
    /// A line is not part of an export.
    Unreadable {
        /// The line, counted from 1.
        line: u64,
        /// The last good entry before it.
        after: u64,
        /// What is wrong with it.
        why: &'static str,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { sequence, id } => {
                write!(f, "entry {sequence} (id {id}) was changed: its content does not match its hash")
            }
            Self::Missing { from, to } if from == to => write!(f, "entry {from} is missing"),
            Self::Missing { from, to } => write!(f, "entries {from} to {to} are missing"),
            Self::Reordered { sequence, id, before } => {
                write!(f, "entry {sequence} (id {id}) stands before entry {before}: the order was changed")
            }
            Self::Inserted { sequence, id, after } => write!(
                f,
                "after entry {after} stands an entry with the number {sequence} (id {id}) that does not belong there: it was put in, or its number was changed"
            ),
            Self::Duplicate { sequence, id, after } => {
                write!(f, "entry {sequence} (id {id}) stands a second time after entry {after}")
            }
            Self::Broken { from, sequence, id } if from >= sequence => {
                write!(f, "entry {sequence} (id {id}) does not continue what stands before it")
            }
            Self::Broken { from, sequence, id } => write!(
                f,
                "entry {sequence} (id {id}) does not continue the entry before it: that one, or a run of entries ending \
                 with it that begins no earlier than {from}, was rewritten"
            ),
            Self::CutOff { after, signed_through: Some(through) } => {
                write!(f, "the log is cut off after entry {after}: it went through entry {through}")
            }
            Self::CutOff { after, signed_through: None } => write!(
                f,
                "the export is cut off after entry {after}: its end line is missing or counts another number of entries"
            ),
            Self::BadSignature { sequence, key } => {
                write!(f, "the checkpoint at entry {sequence} has a signature that key {key} did not make")
            }
            Self::UnknownKey { sequence, key } => {
                write!(f, "the checkpoint at entry {sequence} is signed by key {key}, which is not known")
            }
            Self::ForeignEntry { sequence, id, partner } => {
                write!(f, "entry {sequence} (id {id}) belongs to another partner, {partner}")
            }
            Self::ForeignCheckpoint { sequence, partner } => {
                write!(f, "the checkpoint at entry {sequence} belongs to another partner, {partner}")
            }
            Self::HeadMismatch { from, to } if from == to => {
                write!(f, "entry {to} is not the one that was signed: it was rewritten")
            }
            Self::HeadMismatch { from, to } => {
                write!(
                    f,
                    "entry {to} is not the one that was signed: somewhere from entry {from} to {to} the log was rewritten"
                )
            }
            Self::PersonalMismatch { sequence, id } => {
                write!(
                    f,
                    "the name and address shown for entry {sequence} (id {id}) are not those that were logged"
                )
            }
            Self::Unreadable { line, after, why } => {
                write!(f, "line {line}, after entry {after}, cannot be read: {why}")
            }
        }
    }
}

/// What is not wrong but should be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// The last entries come after the last checkpoint: nothing signed would show that they were rewritten.
    NotCovered {
        /// The last entry that a checkpoint covers; 0 when none does.
        after: u64,
        /// How many come after it.
        entries: u64,
    },
    /// What stands before the first entry is not here, and no checkpoint or anchor stands exactly before it.
    Partial {
        /// The number of the first entry.
        from: u64,
    },
    /// Checkpoints with good signatures stood too far from their entries to be compared, and were left aside.
    NotCompared {
        /// The first such checkpoint's number.
        sequence: u64,
        /// How many there are.
        checkpoints: u64,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotCovered { after: 0, entries } => {
                write!(f, "no checkpoint covers the {entries} entries")
            }
            Self::NotCovered { after, entries } => {
                write!(f, "no checkpoint covers the last {entries} entries, after entry {after}")
            }
            Self::Partial { from } => {
                write!(f, "the log begins with entry {from} here; what stands before it was not checked")
            }
            Self::NotCompared { sequence, checkpoints } => write!(
                f,
                "{checkpoints} checkpoints stand too far from their entries to be compared, the first at entry {sequence}"
            ),
        }
    }
}

/// The result of a verification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Whose log.
    pub partner: String,
    /// How many entries were looked at. Reading stops at the first finding.
    pub entries: u64,
    /// The number of the first entry that was found right; 0 when there is none.
    pub first: u64,
    /// The number of the last entry that was found right; 0 when there is none.
    pub last: u64,
    /// The hash of that entry, or what the first one should continue; none when not even that is known.
    pub head: Option<[u8; 32]>,
    /// How many checkpoints in the log had a good signature.
    pub checkpoints: u64,
    /// Through which entry a good checkpoint or anchor vouches for the chain; 0 when none does.
    pub covered_through: u64,
    /// The first thing that is wrong.
    pub finding: Option<Finding>,
    /// What should be known besides.
    pub warnings: Vec<Warning>,
}

impl Report {
    /// Whether nothing is wrong; there may be warnings.
    pub fn is_sound(&self) -> bool {
        self.finding.is_none()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.finding {
            None if self.entries == 0 => write!(f, "{}: no entries", self.partner)?,
            None => write!(
                f,
                "{}: sound, entries {} to {}, {} checkpoints, vouched for through entry {}",
                self.partner, self.first, self.last, self.checkpoints, self.covered_through
            )?,
            Some(finding) => write!(f, "{}: NOT SOUND: {finding}", self.partner)?,
        }
        for warning in &self.warnings {
            write!(f, "\n  note: {warning}")?;
        }
        Ok(())
    }
}
