//! Follows a chain entry by entry and names the first thing that is wrong. It never holds more than a fixed number of
//! hashes, however long the log, and never trusts a number, a hash or a checkpoint that it did not compute or check.
//!
//! # How it decides
//!
//! An entry whose number and previous hash continue the chain and whose hash is right is good. Anything else is a
//! [`Doubt`]: up to [`LOOK_AHEAD`] more entries are looked at to tell a missing entry from a moved one, and a changed
//! entry from an inserted one. A checkpoint with a good signature must name the hash the chain has at its number; a log
//! that ends before it is cut off. Anchors, checkpoints kept elsewhere, are held against the chain in the same way, so
//! that a log rewritten and signed anew with a stolen key is found too.

use std::collections::{BTreeSet, VecDeque};

use super::chain::{Sealed, content_digest, genesis, link};
use super::checkpoint::{Checkpoint, PublicKeys, Refused};
use super::finding::{Finding, Report, Warning};

/// How many entries are looked at to see whether a missing one comes later, and how many hashes are remembered.
pub const LOOK_AHEAD: usize = 10_000;
/// How many checkpoints may come before their entries.
const MAX_AWAITED: usize = 100_000;

/// Where a verification begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    /// The number of the first entry.
    pub sequence: u64,
    /// The hash it must continue; none to take it from the first entry, which then is not checked unless an anchor or
    /// checkpoint is at hand.
    pub previous: Option<[u8; 32]>,
}

impl Start {
    /// The whole log of a partner.
    pub fn beginning(partner: &str) -> Self {
        Self { sequence: 1, previous: Some(genesis(partner)) }
    }

    /// Behind an entry whose hash is known.
    pub const fn after(sequence: u64, hash: [u8; 32]) -> Self {
        Self { sequence: sequence.saturating_add(1), previous: Some(hash) }
    }

    /// With an entry in the middle, when nothing is known of those before it.
    pub const fn at(sequence: u64) -> Self {
        Self { sequence, previous: None }
    }
}

/// Where a log should end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// Wherever the caller stopped on purpose: checkpoints beyond do not mean that it was cut off.
    Part,
    /// At this entry or later, as the log's own counter says.
    Through(u64),
    /// The end line came and counts this many entries.
    Entries(u64),
    /// The end line did not come.
    NoEnd,
}

/// An entry as the verification needs it: digests made, texts mostly left behind.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) sequence: u64,
    pub(super) previous: [u8; 32],
    pub(super) hash: [u8; 32],
    pub(super) digest: [u8; 32],
    /// Whether the hash is that of its own number, previous hash and content.
    pub(super) right: bool,
    /// Whether what is disclosed of the person matches what is sealed.
    pub(super) personal: bool,
    pub(super) id: &'a str,
    /// Whose it says it is, when it is another partner's.
    pub(super) foreign: Option<&'a str>,
}

impl Seen<'_> {
    /// Whether it was sealed behind this hash with this number, whatever number it shows now.
    fn fits(&self, previous: [u8; 32], sequence: u64) -> bool {
        link(previous, sequence, self.digest) == self.hash
    }
}

/// Something is wrong, and what comes next decides what it is.
enum Doubt {
    /// An entry in this place whose hash is wrong: changed, or inserted before the one that belongs there.
    Wrong { stated: u64, id: String, looked: usize },
    /// A second entry that continues the same one as the last good entry did.
    Fork { hash: [u8; 32], id: String },
    /// The numbers jump. `forged` when the entry behind the gap cannot be one that was merely moved.
    Gap { to: u64, sequence: u64, id: String, forged: bool, looked: usize },
}

/// The last good entry.
#[derive(Default)]
struct Last {
    previous: [u8; 32],
    id: String,
}

/// Follows one partner's chain.
pub struct Verifier<'k> {
    partner: String,
    keys: &'k PublicKeys,
    start: u64,
    next: u64,
    head: Option<[u8; 32]>,
    last: Last,
    recent: VecDeque<[u8; 32]>,
    entries: u64,
    checkpoints: u64,
    covered: u64,
    vouched_start: bool,
    awaited: BTreeSet<(u64, [u8; 32])>,
    not_compared: Option<(u64, u64)>,
    doubt: Option<Doubt>,
    finding: Option<Finding>,
}

impl<'k> Verifier<'k> {
    /// Begins to follow a partner's chain; only checkpoints by these keys count.
    pub fn new(partner: &str, keys: &'k PublicKeys, start: Start) -> Self {
        Self {
            partner: partner.to_owned(),
            keys,
            start: start.sequence,
            next: start.sequence,
            head: start.previous,
            last: Last::default(),
            recent: VecDeque::new(),
            entries: 0,
            checkpoints: 0,
            covered: 0,
            vouched_start: start.previous.is_some(),
            awaited: BTreeSet::new(),
            not_compared: None,
            doubt: None,
            finding: None,
        }
    }

    /// Holds the chain against checkpoints that were kept elsewhere. Those of other partners, and those from before the
    /// first entry, are left aside. To be called before the first entry.
    pub fn expect<'c>(&mut self, anchors: impl IntoIterator<Item = &'c Checkpoint>) {
        for anchor in anchors {
            let ours = anchor.partner == self.partner && anchor.sequence.saturating_add(1) >= self.start;
            if ours && self.finding.is_none() && self.signed(anchor) {
                self.awaited.insert((anchor.sequence, anchor.head));
            }
        }
        self.reach();
    }

    /// Whether something wrong was found already, so that no more need be read.
    pub fn settled(&self) -> bool {
        self.finding.is_some()
    }

    /// Takes the next entry, such as a row of the live log.
    pub fn entry<T: AsRef<str>>(&mut self, entry: &Sealed<T>) {
        let digest = content_digest(&entry.content);
        let partner = entry.content.partner.as_ref();
        self.take(&Seen {
            sequence: entry.sequence,
            previous: entry.previous,
            hash: entry.hash,
            digest,
            right: link(entry.previous, entry.sequence, digest) == entry.hash,
            personal: true,
            id: entry.content.id.as_ref(),
            foreign: (partner != self.partner).then_some(partner),
        });
    }

    /// Takes the next entry with its digests made.
    pub(super) fn take(&mut self, seen: &Seen<'_>) {
        if self.finding.is_some() {
            return;
        }
        self.entries += 1;
        if let Some(doubt) = self.doubt.take() {
            return self.resolve(doubt, seen);
        }
        let Seen { sequence, id, .. } = *seen;
        if let Some(partner) = seen.foreign {
            return self.settle(Finding::ForeignEntry { sequence, id: id.into(), partner: partner.into() });
        }
        let continues = self.head.is_none_or(|head| head == seen.previous);
        if sequence != self.next || !seen.right || !continues {
            return self.suspect(seen);
        }
        if !seen.personal {
            return self.settle(Finding::PersonalMismatch { sequence, id: id.into() });
        }
        if self.head.is_none() {
            // Nothing was known of what stands before; an anchor may know it.
            self.head = Some(seen.previous);
            self.reach();
            if self.finding.is_some() {
                return;
            }
        }
        if self.recent.len() >= LOOK_AHEAD {
            self.recent.pop_front();
        }
        self.recent.push_back(seen.hash);
        self.last.previous = seen.previous;
        self.last.id.clear();
        self.last.id.push_str(id);
        self.head = Some(seen.hash);
        self.next = sequence.saturating_add(1);
        self.reach();
    }

    /// Takes the next checkpoint of the log itself.
    pub fn checkpoint(&mut self, checkpoint: &Checkpoint) {
        if self.finding.is_some() {
            return;
        }
        let Checkpoint { sequence, head, .. } = *checkpoint;
        if let Some(doubt) = &self.doubt {
            // There is a finding in any case, and the head is not known; but of two entries in one place, the signed one
            // is right.
            if let Doubt::Fork { hash, .. } = doubt
                && *hash == head
                && self.keys.verify(checkpoint).is_ok()
            {
                self.stranger();
            }
            return;
        }
        if checkpoint.partner != self.partner {
            let partner = checkpoint.partner.clone();
            return self.settle(Finding::ForeignCheckpoint { sequence, partner });
        }
        if !self.signed(checkpoint) {
            return;
        }
        self.checkpoints += 1;
        let through = self.next.saturating_sub(1);
        let early = sequence > through || (sequence == through && self.head.is_none());
        if early && self.awaited.len() < MAX_AWAITED {
            self.awaited.insert((sequence, head));
            return;
        }
        match self.hash_of(sequence) {
            Some(known) if !early => self.compare(sequence, head, known),
            _ => {
                let (_, count) = self.not_compared.get_or_insert((sequence, 0));
                *count += 1;
            }
        }
    }

    /// Says that a line of the source is not part of a log.
    pub fn unreadable(&mut self, line: u64, why: &'static str) {
        match self.doubt.take() {
            Some(doubt) => self.give_up(doubt),
            None => self.settle(Finding::Unreadable { line, after: self.next.saturating_sub(1), why }),
        }
    }

    /// Ends the verification.
    pub fn finish(mut self, expect: Expect) -> Report {
        if let Some(doubt) = self.doubt.take() {
            self.give_up(doubt);
        }
        let last = self.next.saturating_sub(1);
        let after = last;
        let signed_through =
            self.awaited.last().map(|(sequence, _)| *sequence).filter(|through| *through > last);
        match expect {
            Expect::Part => {}
            _ if signed_through.is_some() => self.settle(Finding::CutOff { after, signed_through }),
            Expect::Through(through) if through > last => {
                self.settle(Finding::CutOff { after, signed_through: Some(through) });
            }
            Expect::Entries(entries) if entries != self.entries => {
                self.settle(Finding::CutOff { after, signed_through: None });
            }
            Expect::NoEnd => self.settle(Finding::CutOff { after, signed_through: None }),
            Expect::Through(_) | Expect::Entries(_) => {}
        }
        let good = self.next > self.start;
        let mut warnings = Vec::new();
        if !self.vouched_start && self.start > 1 && good {
            warnings.push(Warning::Partial { from: self.start });
        }
        if let Some((sequence, checkpoints)) = self.not_compared {
            warnings.push(Warning::NotCompared { sequence, checkpoints });
        }
        let vouched = self.covered.max(self.start.saturating_sub(1));
        if last > vouched {
            warnings.push(Warning::NotCovered { after: self.covered, entries: last - vouched });
        }
        Report {
            partner: self.partner,
            entries: self.entries,
            first: if good { self.start } else { 0 },
            last: if good { last } else { 0 },
            head: self.head,
            checkpoints: self.checkpoints,
            covered_through: self.covered,
            finding: self.finding,
            warnings,
        }
    }

    /// Keeps the first finding only.
    fn settle(&mut self, finding: Finding) {
        self.finding.get_or_insert(finding);
    }

    /// Whether a known key signed it; settles when not.
    fn signed(&mut self, checkpoint: &Checkpoint) -> bool {
        let (sequence, key) = (checkpoint.sequence, checkpoint.key.clone());
        match self.keys.verify(checkpoint) {
            Ok(()) => return true,
            Err(Refused::UnknownKey) => self.settle(Finding::UnknownKey { sequence, key }),
            Err(Refused::BadSignature) => self.settle(Finding::BadSignature { sequence, key }),
        }
        false
    }

    /// Compares the signed heads whose place has been reached.
    fn reach(&mut self) {
        let Some(head) = self.head else { return };
        let through = self.next.saturating_sub(1);
        while self.finding.is_none()
            && let Some(&(sequence, signed)) = self.awaited.first()
            && sequence <= through
        {
            self.awaited.pop_first();
            self.compare(sequence, signed, head);
        }
    }

    fn compare(&mut self, sequence: u64, signed: [u8; 32], ours: [u8; 32]) {
        if signed == ours {
            self.covered = self.covered.max(sequence);
            // Only one exactly there says that the reader knows where this part begins.
            self.vouched_start |= sequence.saturating_add(1) == self.start;
        } else {
            let good = if self.covered < sequence { self.covered.saturating_add(1) } else { 0 };
            let from = good.max(self.start).min(sequence);
            self.settle(Finding::HeadMismatch { from, to: sequence });
        }
    }

    /// The hash of an entry that was found good and is still remembered.
    fn hash_of(&self, sequence: u64) -> Option<[u8; 32]> {
        let back = self.next.checked_sub(1)?.checked_sub(sequence)?;
        if back == 0 {
            return self.head;
        }
        let place = self.recent.len().checked_sub(1)?.checked_sub(usize::try_from(back).ok()?)?;
        self.recent.get(place).copied()
    }

    /// Judges an entry that does not simply continue the chain.
    fn suspect(&mut self, seen: &Seen<'_>) {
        let (next, after) = (self.next, self.next.saturating_sub(1));
        let head = self.head.unwrap_or(seen.previous);
        let id = seen.id.to_owned();
        if seen.fits(head, next) {
            // The content belongs here: only the number or the previous hash it shows was altered.
            return self.settle(Finding::Changed { sequence: next, id });
        }
        let known = self.hash_of(seen.sequence) == Some(seen.hash) && seen.sequence < next;
        if seen.right && known {
            return self.settle(Finding::Duplicate { sequence: seen.sequence, id, after });
        }
        if next > self.start && seen.fits(self.last.previous, after) {
            // It belongs where the last good entry stands; one of the two was slipped in.
            if seen.right {
                self.doubt = Some(Doubt::Fork { hash: seen.hash, id });
            } else if Some(seen.hash) != self.head {
                // It was given another number to make room, so the other one is the stranger.
                self.stranger();
            } else {
                self.settle(Finding::Duplicate { sequence: after, id, after });
            }
            return;
        }
        if seen.right {
            return match seen.sequence {
                sequence if sequence == next => {
                    let from = self.covered.saturating_add(1).max(self.start);
                    self.settle(Finding::Broken { from, sequence, id });
                }
                sequence if sequence > next => self.gap(seen, sequence, head == seen.previous),
                // Older than what is remembered, or before the start: sealed once, so a copy unless it is known not to be.
                sequence if sequence >= self.start && self.hash_of(sequence).is_none() => {
                    self.settle(Finding::Duplicate { sequence, id, after });
                }
                sequence => self.settle(Finding::Inserted { sequence, id, after }),
            };
        }
        // Its hash is wrong for the number it shows. Perhaps it is a later entry that was renumbered to close a gap.
        let reach = next.saturating_add(u64::try_from(LOOK_AHEAD).unwrap_or(u64::MAX));
        let later = (next.saturating_add(1)..=reach).find(|number| seen.fits(seen.previous, *number));
        match later {
            Some(number) => self.gap(seen, number, false),
            None if seen.sequence > next => self.gap(seen, seen.sequence, true),
            None => self.doubt = Some(Doubt::Wrong { stated: seen.sequence, id, looked: 0 }),
        }
    }

    /// The last entry that was taken for good was slipped in.
    fn stranger(&mut self) {
        let (sequence, id) = (self.next.saturating_sub(1), std::mem::take(&mut self.last.id));
        self.settle(Finding::Inserted { sequence, id, after: sequence.saturating_sub(1) });
    }

    fn gap(&mut self, seen: &Seen<'_>, sequence: u64, forged: bool) {
        let (to, id) = (sequence.saturating_sub(1), seen.id.to_owned());
        self.doubt = Some(Doubt::Gap { to, sequence, id, forged, looked: 0 });
    }

    /// Decides a doubt by the next entry, or keeps it.
    fn resolve(&mut self, doubt: Doubt, seen: &Seen<'_>) {
        let (next, after) = (self.next, self.next.saturating_sub(1));
        let here = self.head.is_some_and(|head| seen.fits(head, next));
        match doubt {
            Doubt::Wrong { stated, id, .. } if here => {
                self.settle(Finding::Inserted { sequence: stated, id, after });
            }
            Doubt::Wrong { stated, id, looked } if looked < LOOK_AHEAD => {
                // The entry behind it is there and right: it was changed, not put in between.
                if seen.right && seen.sequence == next.saturating_add(1) {
                    return self.settle(Finding::Changed { sequence: next, id });
                }
                self.doubt = Some(Doubt::Wrong { stated, id, looked: looked + 1 });
            }
            Doubt::Fork { hash, .. } if seen.previous == hash => self.stranger(),
            Doubt::Gap { sequence, id, forged, .. }
                if here || (seen.right && seen.sequence == next) || seen.fits(seen.previous, next) =>
            {
                self.settle(if forged {
                    Finding::Inserted { sequence, id, after }
                } else {
                    Finding::Reordered { sequence, id, before: next }
                });
            }
            Doubt::Gap { mut to, sequence, id, forged, looked } if looked < LOOK_AHEAD => {
                if seen.right && seen.sequence > next && seen.sequence <= to {
                    to = seen.sequence - 1;
                }
                self.doubt = Some(Doubt::Gap { to, sequence, id, forged, looked: looked + 1 });
            }
            undecided => self.give_up(undecided),
        }
    }

    /// Decides a doubt by what is known, when nothing more comes or enough was looked at.
    fn give_up(&mut self, doubt: Doubt) {
        let (next, after) = (self.next, self.next.saturating_sub(1));
        self.settle(match doubt {
            Doubt::Wrong { id, .. } => Finding::Changed { sequence: next, id },
            Doubt::Fork { id, .. } => Finding::Inserted { sequence: after, id, after },
            Doubt::Gap { to, .. } => Finding::Missing { from: next, to },
        });
    }
}
