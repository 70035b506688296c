//! Entries, their canonical bytes and the hashes that chain them. It never stores anything and never reads the clock.
//!
//! # Canonical bytes of a content
//!
//! The ASCII tag `chandlery-entry-1`, then the fields in the order of [`Content`]. Each text is one presence byte;
//! 0 means absent and nothing follows, 1 is followed by the length in bytes (u32, big-endian) and the bytes (UTF-8).
//! `at` is 8 bytes (i64, big-endian) with neither presence nor length. No two contents have the same bytes: each
//! text says where it ends. The content's digest is their SHA-256.

use aws_lc_rs::digest::{self, Context, SHA256};

/// What the canonical bytes of an entry begin with, so that they can be taken for nothing else.
const ENTRY: &[u8] = b"chandlery-entry-1";
/// What the bytes of a link begin with.
const LINK: &[u8] = b"chandlery-link-1";
/// What the bytes of a partner's first link begin with.
const GENESIS: &[u8] = b"chandlery-genesis-1";

/// One entry as it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed<T = String> {
    /// The entry's number: from 1, without gaps, for each partner.
    pub sequence: u64,
    /// The hash of the entry before it; [`genesis`] for the first.
    pub previous: [u8; 32],
    /// The [`link`] of `previous`, `sequence` and the content's digest.
    pub hash: [u8; 32],
    /// What happened.
    pub content: Content<T>,
}

/// What an entry says; every field is part of its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content<T = String> {
    /// The partner in whose log it stands.
    pub partner: T,
    /// The entry's own id, never used twice.
    pub id: T,
    /// When it happened, in microseconds since 1970 UTC.
    pub at: i64,
    /// Whose act it was: `partner`, `customer` or `operator`.
    pub side: T,
    /// What was done.
    pub operation: T,
    /// The kind of thing it was done to.
    pub resource: T,
    /// Which one.
    pub resource_id: T,
    /// The customer concerned.
    pub customer_id: Option<T>,
    /// The customer's company name at that time.
    pub customer_name: Option<T>,
    /// How it ended.
    pub outcome: T,
    /// What kind of actor did it, such as a user or a program.
    pub actor_kind: T,
    /// Which one.
    pub actor_id: T,
    /// The actor's name, where it is not personal.
    pub actor_name: Option<T>,
    /// The program the actor used.
    pub application: Option<T>,
    /// The network address, where it is not personal.
    pub address: Option<T>,
    /// The sealed text of the personal fields, see [`super::personal`]; opaque here.
    pub personal: Option<T>,
    /// The thing before, as JSON text exactly as it is stored.
    pub before: T,
    /// The thing after, as JSON text exactly as it is stored.
    pub after: T,
    /// The request's id.
    pub request_id: T,
    /// The id that ties several requests together.
    pub correlation_id: T,
}

/// The value of one field of a [`Content`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// A text that must be there.
    Text(&'a str),
    /// A text that may be absent.
    Optional(Option<&'a str>),
    /// Microseconds since 1970 UTC.
    Time(i64),
}

/// How many fields a [`Content`] has.
pub const FIELDS: usize = 20;

impl<T: AsRef<str>> Content<T> {
    /// All fields with their names in the fixed order, which is part of the format.
    pub fn fields(&self) -> [(&'static str, Value<'_>); FIELDS] {
        fn text<T: AsRef<str>>(field: &T) -> Value<'_> {
            Value::Text(field.as_ref())
        }
        fn optional<T: AsRef<str>>(field: &Option<T>) -> Value<'_> {
            Value::Optional(field.as_ref().map(AsRef::as_ref))
        }
        [
            ("partner", text(&self.partner)),
            ("id", text(&self.id)),
            ("at", Value::Time(self.at)),
            ("side", text(&self.side)),
            ("operation", text(&self.operation)),
            ("resource", text(&self.resource)),
            ("resource_id", text(&self.resource_id)),
            ("customer_id", optional(&self.customer_id)),
            ("customer_name", optional(&self.customer_name)),
            ("outcome", text(&self.outcome)),
            ("actor_kind", text(&self.actor_kind)),
            ("actor_id", text(&self.actor_id)),
            ("actor_name", optional(&self.actor_name)),
            ("application", optional(&self.application)),
            ("address", optional(&self.address)),
            ("personal", optional(&self.personal)),
            ("before", text(&self.before)),
            ("after", text(&self.after)),
            ("request_id", text(&self.request_id)),
            ("correlation_id", text(&self.correlation_id)),
        ]
    }
}

impl Sealed {
    /// Appends a content to a chain that ends in `previous`.
    pub fn new(previous: [u8; 32], sequence: u64, content: Content) -> Self {
        let hash = link(previous, sequence, content_digest(&content));
        Self { sequence, previous, hash, content }
    }
}

/// The SHA-256 of a content's canonical bytes (see the module's text).
pub fn content_digest<T: AsRef<str>>(content: &Content<T>) -> [u8; 32] {
    let mut feed = Feed::new();
    feed.bytes(ENTRY);
    for (_, value) in content.fields() {
        match value {
            Value::Text(text) | Value::Optional(Some(text)) => feed.text(text),
            Value::Optional(None) => feed.bytes(&[0]),
            Value::Time(at) => feed.bytes(&at.to_be_bytes()),
        }
    }
    feed.finish()
}

/// The hash of an entry: SHA-256 of `chandlery-link-1`, the hash before it, its number (u64, big-endian) and its
/// content's digest.
pub fn link(previous: [u8; 32], sequence: u64, content_digest: [u8; 32]) -> [u8; 32] {
    // One piece in one call: this runs for every entry.
    let mut bytes = [0_u8; LINK.len() + 72];
    let (tag, rest) = bytes.split_at_mut(LINK.len());
    let (before, rest) = rest.split_at_mut(32);
    let (number, content) = rest.split_at_mut(8);
    tag.copy_from_slice(LINK);
    before.copy_from_slice(&previous);
    number.copy_from_slice(&sequence.to_be_bytes());
    content.copy_from_slice(&content_digest);
    fixed(digest::digest(&SHA256, &bytes))
}

/// What a partner's first entry has for the hash before it: SHA-256 of `chandlery-genesis-1` and the partner.
pub fn genesis(partner: &str) -> [u8; 32] {
    sha256(&[GENESIS, partner.as_bytes()])
}

/// The SHA-256 of several pieces, one after the other.
pub(super) fn sha256(pieces: &[&[u8]]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    for piece in pieces {
        context.update(piece);
    }
    fixed(context.finish())
}

fn fixed(digest: digest::Digest) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest.as_ref());
    bytes
}

/// Collects small pieces before they go to the hasher: one call of it costs more than copying a short field.
struct Feed {
    waiting: Vec<u8>,
    started: Option<Context>,
}

impl Feed {
    /// Above this many bytes the pieces are handed on, so that a long entry is not copied as a whole.
    const LIMIT: usize = 4096;

    fn new() -> Self {
        Self { waiting: Vec::with_capacity(1024), started: None }
    }

    fn text(&mut self, text: &str) {
        // A longer text than u32 can say cannot come: a line of an export is at most a mebibyte.
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        self.bytes(&[1]);
        self.bytes(&length.to_be_bytes());
        self.bytes(text.as_bytes());
    }

    #[inline]
    fn bytes(&mut self, bytes: &[u8]) {
        if self.waiting.len() + bytes.len() <= Self::LIMIT {
            self.waiting.extend_from_slice(bytes);
            return;
        }
        let context = self.started.get_or_insert_with(|| Context::new(&SHA256));
        context.update(&self.waiting);
        context.update(bytes);
        self.waiting.clear();
    }

    fn finish(self) -> [u8; 32] {
        match self.started {
            None => fixed(digest::digest(&SHA256, &self.waiting)),
            Some(mut context) => {
                context.update(&self.waiting);
                fixed(context.finish())
            }
        }
    }
}
