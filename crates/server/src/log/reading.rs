//! Verifies an export file: lines are parsed and digested on several threads, the chain is followed on one. It never
//! holds more than a few chunks of the file, and never accepts a line it does not understand in full.

use std::io::{BufRead, ErrorKind};
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::Error;
use super::chain::{Content, content_digest, link};
use super::checkpoint::{Checkpoint, PublicKeys};
use super::export::{CheckpointLine, Disclosed, EndLine, EntryLine, Header, MAX_LINE, Text, read_line};
use super::finding::Report;
use super::personal::{Person, open_personal};
use super::verify::{Expect, Seen, Start, Verifier};

/// How many bytes are handed to a thread at once, up to the end of the line they end in.
const CHUNK: usize = 256 * 1024;
/// How many chunks wait before and behind each thread.
const WAITING: usize = 2;
/// More threads than this gain nothing: one follows the chain.
const MAX_THREADS: usize = 8;

/// Verifies an export against the public keys and anchors (see [`super::export::read_anchors`]) that its reader has from
/// elsewhere. A wrong log is a finding in the report, not an error. Reading stops at the first finding that is certain.
///
/// # Errors
/// When reading fails or the first line is not the header of an export.
pub fn verify_export(
    reader: impl BufRead + Send,
    keys: &PublicKeys,
    anchors: &[Checkpoint],
) -> Result<Report, Error> {
    let mut reader = reader;
    let mut first = Vec::new();
    read_line(&mut reader, &mut first)?;
    let header = Header::parse(&first)?;
    let start = if header.from == 1 { Start::beginning(&header.partner) } else { Start::at(header.from) };
    let mut verifier = Verifier::new(&header.partner, keys, start);
    verifier.expect(anchors);

    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get).min(MAX_THREADS);
    thread::scope(|scope| {
        let (mut inlets, mut outlets) = (Vec::new(), Vec::new());
        for _ in 0..threads {
            let (inlet, chunks) = sync_channel::<Vec<u8>>(WAITING);
            let (batches, outlet) = sync_channel::<Batch>(WAITING);
            let partner = header.partner.as_str();
            scope.spawn(move || work(partner, &chunks, &batches));
            inlets.push(inlet);
            outlets.push(outlet);
        }
        let reading = scope.spawn(move || deal_out(&mut reader, &inlets));
        let end = follow(&mut verifier, &outlets);
        // A thread that still wants to hand something over sees that nobody listens, and ends.
        drop(outlets);
        let read = reading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        read.map(|()| verifier.finish(end.map_or(Expect::NoEnd, Expect::Entries)))
    })
}

/// Reads chunks of whole lines and deals them out in turn, until the end or until nobody takes them.
fn deal_out(reader: &mut impl BufRead, inlets: &[SyncSender<Vec<u8>>]) -> Result<(), Error> {
    for inlet in inlets.iter().cycle() {
        let chunk = next_chunk(reader)?;
        if chunk.is_empty() || inlet.send(chunk).is_err() {
            break;
        }
    }
    Ok(())
}

/// The next lines; empty at the end. A line that is longer than allowed is cut, and the rest of the file left unread.
fn next_chunk(reader: &mut impl BufRead) -> Result<Vec<u8>, Error> {
    let mut chunk = Vec::with_capacity(CHUNK + 4096);
    loop {
        let available = match reader.fill_buf() {
            Ok(available) => available,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        let room = CHUNK.saturating_sub(chunk.len());
        let (taken, done) = if available.is_empty() {
            (0, true)
        } else if room > 0 {
            (available.len().min(room), false)
        } else if chunk.last() == Some(&b'\n') {
            (0, true)
        } else {
            match available.iter().position(|byte| *byte == b'\n') {
                Some(place) => (place + 1, true),
                None => (available.len().min(MAX_LINE), chunk.len() > CHUNK + MAX_LINE),
            }
        };
        chunk.extend_from_slice(available.get(..taken).unwrap_or(available));
        reader.consume(taken);
        if done {
            return Ok(chunk);
        }
    }
}

/// What a thread made of a chunk.
struct Batch {
    lines: Vec<Line>,
    /// The ids and foreign partners' names, one after the other.
    names: String,
}

/// What a line is.
enum Line {
    Entry(Parsed),
    Checkpoint(Checkpoint),
    End(u64),
    Empty,
    Unreadable(&'static str),
}

/// An entry with its digests, its texts in the batch's names.
struct Parsed {
    sequence: u64,
    previous: [u8; 32],
    hash: [u8; 32],
    digest: [u8; 32],
    right: bool,
    personal: bool,
    id: Range<usize>,
    foreign: Option<Range<usize>>,
}

/// Parses chunks until none comes or nobody wants the result.
fn work(partner: &str, chunks: &Receiver<Vec<u8>>, batches: &SyncSender<Batch>) {
    while let Ok(chunk) = chunks.recv() {
        let mut batch = Batch { lines: Vec::with_capacity(512), names: String::with_capacity(512 * 36) };
        let mut rest = chunk.as_slice();
        while !rest.is_empty() {
            // `skip_until` looks for the line's end many bytes at a time, and cannot fail on a slice.
            let mut behind = rest;
            let length = behind.skip_until(b'\n').unwrap_or(rest.len());
            let line = rest.get(..length).unwrap_or(rest);
            rest = behind;
            batch.lines.push(match read(line, partner, &mut batch.names) {
                Ok(line) => line,
                // Half a line at the very end: the file was cut off there, which the missing end line shows.
                Err(_) if !line.ends_with(b"\n") && line.len() <= MAX_LINE => Line::Empty,
                Err(why) => Line::Unreadable(why),
            });
        }
        if batches.send(batch).is_err() {
            return;
        }
    }
}

fn read(line: &[u8], partner: &str, names: &mut String) -> Result<Line, &'static str> {
    let line = line.trim_ascii();
    if line.len() > MAX_LINE {
        return Err("it is too long");
    }
    let line = str::from_utf8(line).map_err(|_| "it is not UTF-8")?;
    match first_name(line) {
        None if line.is_empty() => Ok(Line::Empty),
        Some("checkpoint") => serde_json::from_str::<CheckpointLine<'_>>(line)
            .map(|line| Line::Checkpoint(line.checkpoint.into_owned()))
            .map_err(|_| "it is not a checkpoint"),
        Some("end" | "entries") => match serde_json::from_str::<EndLine>(line) {
            Ok(EndLine { end: true, entries }) => Ok(Line::End(entries)),
            _ => Err("it is not an end line"),
        },
        _ => match serde_json::from_str::<EntryLine<'_>>(line) {
            Ok(entry) => Ok(Line::Entry(digested(entry, partner, names))),
            Err(_) => Err("it is not an entry"),
        },
    }
}

/// The first name in an object, which tells what kind of line it is.
fn first_name(line: &str) -> Option<&str> {
    let (name, _) = line.strip_prefix('{')?.trim_start().strip_prefix('"')?.split_once('"')?;
    Some(name)
}

fn digested(entry: EntryLine<'_>, partner: &str, names: &mut String) -> Parsed {
    let (entry, disclosed) = entry.into_parts();
    let mut keep = |text: &str| {
        let from = names.len();
        names.push_str(text);
        from..names.len()
    };
    let id = keep(&entry.content.id.0);
    let theirs = &entry.content.partner.0;
    let foreign = (theirs != partner).then(|| keep(theirs));
    let digest = content_digest(&entry.content);
    let right = link(entry.previous, entry.sequence, digest) == entry.hash;
    let personal = discloses_rightly(&entry.content, &disclosed);
    let (sequence, previous, hash) = (entry.sequence, entry.previous, entry.hash);
    Parsed { sequence, previous, hash, digest, right, personal, id, foreign }
}

/// Whether the clear text shown is the one that was sealed. Clear text without an opening proves nothing and is refused;
/// nothing shown is right, for it may have been erased.
fn discloses_rightly(content: &Content<Text<'_>>, disclosed: &Disclosed<Text<'_>>) -> bool {
    let Some(opening) = &disclosed.opening else { return disclosed.person.is_none() };
    let Some(sealed) = &content.personal else { return false };
    let Ok(clear) = open_personal(opening, content.id.as_ref(), sealed.as_ref()) else { return false };
    let Some(person) = &disclosed.person else { return true };
    serde_json::from_str::<Person<Text<'_>>>(&clear).is_ok_and(|sealed| sealed == *person)
}

/// Follows the chain through the batches in the order of the file; the end line's count when it came.
fn follow(verifier: &mut Verifier<'_>, outlets: &[Receiver<Batch>]) -> Option<u64> {
    let mut number: u64 = 1; // the header's line
    let mut end = None;
    for outlet in outlets.iter().cycle() {
        // The chunks are dealt out in turn, so the first thread that has none is behind the last chunk.
        let Ok(batch) = outlet.recv() else { break };
        let name = |place: &Range<usize>| batch.names.get(place.clone()).unwrap_or_default();
        for line in &batch.lines {
            number += 1;
            match line {
                Line::Empty => {}
                _ if end.is_some() => verifier.unreadable(number, "it stands behind the end line"),
                Line::Entry(entry) => verifier.take(&Seen {
                    sequence: entry.sequence,
                    previous: entry.previous,
                    hash: entry.hash,
                    digest: entry.digest,
                    right: entry.right,
                    personal: entry.personal,
                    id: name(&entry.id),
                    foreign: entry.foreign.as_ref().map(name),
                }),
                Line::Checkpoint(checkpoint) => verifier.checkpoint(checkpoint),
                Line::End(entries) => end = Some(*entries),
                Line::Unreadable(why) => verifier.unreadable(number, why),
            }
            if verifier.settled() {
                return end;
            }
        }
    }
    end
}
