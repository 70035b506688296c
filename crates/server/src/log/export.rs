//! The export: JSON Lines that a program can verify, and a table for people. It never decides what may be disclosed;
//! it writes the openings and clear texts it is given.
//!
//! The first line is a [`Header`]; then one line for each entry with `sequence`, `previous`, `hash`, the fields of
//! [`Content`] by their names (absent ones left out), and where they may be disclosed `opening` (hex) and `person`;
//! then or in between, lines `{"checkpoint":{…}}`; the last line is `{"end":true,"entries":n}`. `before` and `after`
//! are JSON *texts*, exactly as they were hashed. A checkpoint stands best directly behind the entry it signs: one that
//! comes more than [`super::verify::LOOK_AHEAD`] entries later cannot be compared any more.

use std::borrow::Cow;
use std::fmt;
use std::io::{BufRead, Read, Write};

use serde::de::{self, Deserializer, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use super::Error;
use super::chain::{Content, FIELDS, Sealed, Value};
use super::checkpoint::Checkpoint;
use super::personal::Person;
use crate::csv_out::harmless;

/// The most bytes a line may have, its line feed not counted.
pub const MAX_LINE: usize = 1024 * 1024;
/// The most checkpoints an anchor file may have.
pub const MAX_ANCHORS: usize = 100_000;
/// What the header calls this kind of file.
const KIND: &str = "chandlery-log";
/// The version of the format.
const VERSION: u32 = 1;

/// The first line of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    export: String,
    version: u32,
    /// Whose log it is.
    pub partner: String,
    /// The number of the first entry; 1 for the whole log.
    pub from: u64,
    /// When it was made, in microseconds since 1970 UTC.
    pub made_at: i64,
}

impl Header {
    /// The header of an export of this version.
    pub fn new(partner: &str, from: u64, made_at: i64) -> Self {
        Self { export: KIND.to_owned(), version: VERSION, partner: partner.to_owned(), from, made_at }
    }

    /// Reads the first line of an export.
    ///
    /// # Errors
    /// When it is something else, or of a version that is not known here.
    pub fn parse(line: &[u8]) -> Result<Self, Error> {
        let header: Self = serde_json::from_slice(line).map_err(|_| Error::NotAnExport)?;
        // The database numbers entries with 63 bits; whoever claims more would make the verifier count past the end.
        let possible = header.from > 0 && i64::try_from(header.from).is_ok();
        let known = header.export == KIND && header.version == VERSION && possible;
        if known { Ok(header) } else { Err(Error::NotAnExport) }
    }
}

/// What an export discloses of an entry's personal fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosed<T = String> {
    /// The opening, with which an outsider checks the clear text.
    pub opening: Option<[u8; 32]>,
    /// The clear text.
    pub person: Option<Person<T>>,
}

impl<T> Disclosed<T> {
    /// Nothing: the fields were erased, never sealed, or are not for the reader.
    pub const fn nothing() -> Self {
        Self { opening: None, person: None }
    }
}

/// Writes the first line.
///
/// # Errors
/// When writing fails.
pub fn write_header(out: &mut impl Write, header: &Header) -> Result<(), Error> {
    put(out, &line(header)?)
}

/// Writes an entry's line.
///
/// # Errors
/// When writing fails or the line is longer than [`MAX_LINE`], which a reader would refuse.
pub fn write_entry<T: AsRef<str> + Serialize>(
    out: &mut impl Write,
    entry: &Sealed<T>,
    disclosed: &Disclosed<T>,
) -> Result<(), Error> {
    put(out, &entry_line(entry, disclosed)?)
}

/// Writes a checkpoint's line; the same line stands in an anchor file.
///
/// # Errors
/// When writing fails.
pub fn write_checkpoint(out: &mut impl Write, checkpoint: &Checkpoint) -> Result<(), Error> {
    put(out, &checkpoint_line(checkpoint)?)
}

/// Writes the last line; `entries` counts the entries of this export.
///
/// # Errors
/// When writing fails.
pub fn write_end(out: &mut impl Write, entries: u64) -> Result<(), Error> {
    put(out, &line(&EndLine { end: true, entries })?)
}

/// An entry's line with its line feed.
///
/// # Errors
/// When it is longer than [`MAX_LINE`].
pub fn entry_line<T: AsRef<str> + Serialize>(
    entry: &Sealed<T>,
    disclosed: &Disclosed<T>,
) -> Result<String, Error> {
    line(&Written { entry, disclosed })
}

/// A checkpoint's line with its line feed.
///
/// # Errors
/// When it is longer than [`MAX_LINE`].
pub fn checkpoint_line(checkpoint: &Checkpoint) -> Result<String, Error> {
    line(&CheckpointLine { checkpoint: Cow::Borrowed(checkpoint) })
}

fn line(value: &impl Serialize) -> Result<String, Error> {
    let mut line = serde_json::to_string(value)?;
    if line.len() > MAX_LINE {
        return Err(Error::TooLong);
    }
    line.push('\n');
    Ok(line)
}

fn put(out: &mut impl Write, line: &str) -> Result<(), Error> {
    Ok(out.write_all(line.as_bytes())?)
}

/// Reads an anchor file: checkpoint lines as in an export, kept where nobody who can write the log can reach them.
///
/// # Errors
/// When a line is no checkpoint or too long, when there are too many, or when reading fails.
pub fn read_anchors(reader: impl BufRead) -> Result<Vec<Checkpoint>, Error> {
    let mut reader = reader;
    let mut anchors = Vec::new();
    for number in 1.. {
        let mut bytes = Vec::new();
        if read_line(&mut reader, &mut bytes)? == 0 {
            break;
        }
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        let line: CheckpointLine<'_> =
            serde_json::from_slice(&bytes).map_err(|_| Error::Anchor { line: number })?;
        anchors.push(line.checkpoint.into_owned());
        if anchors.len() > MAX_ANCHORS {
            return Err(Error::Anchor { line: number });
        }
    }
    Ok(anchors)
}

/// Reads one line with its line feed, but never more than a line may have.
pub(super) fn read_line(reader: &mut impl BufRead, into: &mut Vec<u8>) -> Result<usize, Error> {
    let limit = u64::try_from(MAX_LINE).unwrap_or(u64::MAX).saturating_add(1);
    Ok(reader.take(limit).read_until(b'\n', into)?)
}

/// A checkpoint in a line of its own.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckpointLine<'a> {
    pub(super) checkpoint: Cow<'a, Checkpoint>,
}

/// The last line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EndLine {
    pub(super) end: bool,
    pub(super) entries: u64,
}

/// An entry on its way out.
struct Written<'a, T> {
    entry: &'a Sealed<T>,
    disclosed: &'a Disclosed<T>,
}

impl<T: AsRef<str> + Serialize> Serialize for Written<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("sequence", &self.entry.sequence)?;
        map.serialize_entry("previous", &hex::encode(self.entry.previous))?;
        map.serialize_entry("hash", &hex::encode(self.entry.hash))?;
        for (name, value) in self.entry.content.fields() {
            match value {
                Value::Text(text) | Value::Optional(Some(text)) => map.serialize_entry(name, text)?,
                Value::Optional(None) => {}
                Value::Time(at) => map.serialize_entry(name, &at)?,
            }
        }
        if let Some(opening) = &self.disclosed.opening {
            map.serialize_entry("opening", &hex::encode(opening))?;
        }
        if let Some(person) = &self.disclosed.person {
            map.serialize_entry("person", person)?;
        }
        map.end()
    }
}

/// A text borrowed from its line unless it has escapes. (serde borrows a bare `Cow`, but never an `Option` of one.)
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Text<'a>(pub(super) Cow<'a, str>);

impl AsRef<str> for Text<'_> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Borrowing;
        impl<'de> Visitor<'de> for Borrowing {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        from.deserialize_str(Borrowing)
    }
}

/// 32 bytes as hex.
pub(super) struct Hash(pub(super) [u8; 32]);

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Digits;
        impl Visitor<'_> for Digits {
            type Value = Hash;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("64 hex digits")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Hash, E> {
                from_hex(text).map(Hash).ok_or_else(|| E::custom("not 64 hex digits"))
            }
        }
        from.deserialize_str(Digits)
    }
}

/// 32 bytes from 64 hex digits in either case. The `hex` crate branches at every digit, which no processor can foresee in
/// a hash: it took a sixth of the time of a verification.
fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digits: &[u8; 64] = text.as_bytes().try_into().ok()?;
    // The low half of `0` to `9` is the value; letters have bit 6 set, and their low half begins at 1.
    let value = |digit: u8| (digit & 0x0f) + 9 * (digit >> 6);
    let (pairs, _) = digits.as_chunks::<2>();
    let (mut bytes, mut right) = ([0; 32], true);
    for (byte, &[high, low]) in bytes.iter_mut().zip(pairs) {
        right &= high.is_ascii_hexdigit() & low.is_ascii_hexdigit();
        *byte = (value(high) << 4) | value(low);
    }
    right.then_some(bytes)
}

/// An entry on its way in. Unknown fields are refused: the chain would not vouch for them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EntryLine<'a> {
    sequence: u64,
    previous: Hash,
    hash: Hash,
    #[serde(borrow)]
    partner: Text<'a>,
    id: Text<'a>,
    at: i64,
    side: Text<'a>,
    operation: Text<'a>,
    resource: Text<'a>,
    resource_id: Text<'a>,
    customer_id: Option<Text<'a>>,
    customer_name: Option<Text<'a>>,
    outcome: Text<'a>,
    actor_kind: Text<'a>,
    actor_id: Text<'a>,
    actor_name: Option<Text<'a>>,
    application: Option<Text<'a>>,
    address: Option<Text<'a>>,
    personal: Option<Text<'a>>,
    before: Text<'a>,
    after: Text<'a>,
    request_id: Text<'a>,
    correlation_id: Text<'a>,
    opening: Option<Hash>,
    person: Option<Person<Text<'a>>>,
}

impl<'a> EntryLine<'a> {
    /// The entry and what is disclosed of it.
    pub(super) fn into_parts(self) -> (Sealed<Text<'a>>, Disclosed<Text<'a>>) {
        let content = Content {
            partner: self.partner,
            id: self.id,
            at: self.at,
            side: self.side,
            operation: self.operation,
            resource: self.resource,
            resource_id: self.resource_id,
            customer_id: self.customer_id,
            customer_name: self.customer_name,
            outcome: self.outcome,
            actor_kind: self.actor_kind,
            actor_id: self.actor_id,
            actor_name: self.actor_name,
            application: self.application,
            address: self.address,
            personal: self.personal,
            before: self.before,
            after: self.after,
            request_id: self.request_id,
            correlation_id: self.correlation_id,
        };
        let (previous, hash) = (self.previous.0, self.hash.0);
        let disclosed = Disclosed { opening: self.opening.map(|opening| opening.0), person: self.person };
        (Sealed { sequence: self.sequence, previous, hash, content }, disclosed)
    }
}

/// The same columns as a table (RFC 4180), for people and their spreadsheets; times are written as RFC 3339.
pub struct Table<W: Write> {
    out: csv::Writer<W>,
}

impl<W: Write> Table<W> {
    /// Begins a table with its line of column names.
    ///
    /// # Errors
    /// When writing fails.
    pub fn new(out: W) -> Result<Self, Error> {
        let mut out = csv::Writer::from_writer(out);
        let empty = Content::<&str> {
            partner: "",
            id: "",
            at: 0,
            side: "",
            operation: "",
            resource: "",
            resource_id: "",
            customer_id: None,
            customer_name: None,
            outcome: "",
            actor_kind: "",
            actor_id: "",
            actor_name: None,
            application: None,
            address: None,
            personal: None,
            before: "",
            after: "",
            request_id: "",
            correlation_id: "",
        };
        let names = empty.fields().map(|(name, _)| name);
        let first = ["sequence", "previous", "hash"];
        out.write_record(first.into_iter().chain(names).chain(["opening", "person_name", "person_address"]))?;
        Ok(Self { out })
    }

    /// Writes an entry.
    ///
    /// # Errors
    /// When writing fails.
    pub fn row<T: AsRef<str>>(&mut self, entry: &Sealed<T>, disclosed: &Disclosed<T>) -> Result<(), Error> {
        let mut cells: Vec<Cow<'_, str>> = Vec::with_capacity(FIELDS + 6);
        cells.push(entry.sequence.to_string().into());
        cells.push(hex::encode(entry.previous).into());
        cells.push(hex::encode(entry.hash).into());
        for (_, value) in entry.content.fields() {
            cells.push(match value {
                Value::Text(text) | Value::Optional(Some(text)) => harmless(text),
                Value::Optional(None) => Cow::Borrowed(""),
                Value::Time(at) => moment(at),
            });
        }
        cells.push(disclosed.opening.map_or_else(String::new, hex::encode).into());
        let person = disclosed.person.as_ref();
        for field in [person.and_then(|p| p.name.as_ref()), person.and_then(|p| p.address.as_ref())] {
            cells.push(field.map_or(Cow::Borrowed(""), |text| harmless(text.as_ref())));
        }
        Ok(self.out.write_record(cells.iter().map(|cell| cell.as_bytes()))?)
    }

    /// Ends the table and gives back what it was written to.
    ///
    /// # Errors
    /// When writing fails.
    pub fn finish(self) -> Result<W, Error> {
        self.out.into_inner().map_err(|failed| Error::Io(failed.into_error()))
    }
}

/// A time as people read it; the bare number where no calendar has it.
fn moment(at: i64) -> Cow<'static, str> {
    let text = jiff::Timestamp::from_microsecond(at).map_or_else(|_| at.to_string(), |at| at.to_string());
    Cow::Owned(harmless(&text).into_owned())
}

#[cfg(test)]
mod tests {
    use super::from_hex;

    #[test]
    fn hex_is_read_as_the_hex_crate_reads_it() {
        let mut text = "0123456789abcdefABCDEF0a".repeat(3)[..64].to_owned();
        assert_eq!(from_hex(&text).unwrap().to_vec(), hex::decode(&text).unwrap());
        assert_eq!(from_hex(&text[..62]), None);
        for byte in 0..=127_u8 {
            text.replace_range(9..10, &char::from(byte).to_string());
            assert_eq!(from_hex(&text).map(Vec::from), hex::decode(&text).ok(), "{byte}");
        }
    }
}
