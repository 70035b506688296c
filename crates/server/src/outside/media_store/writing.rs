//! Copying a file into a folder while it is hashed.
//!
//! Reading and hashing, writing, and flushing to the disk each have a thread, since each takes about as long as the
//! others. A flush takes all parts that were written since the last one, so that a slow disk is asked less often.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver as Unflushed, SyncSender, sync_channel};

use bytes::Bytes;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::task::spawn_blocking;

use super::journal::{Journal, Part};
use super::reading::{Read, Step, length};
use super::{Job, MediaError};

/// Chunks of 1 MiB between two threads, so that neither waits for each hiccup of the other.
const CHUNKS: usize = 8;
/// Parts that are written and wait to be flushed.
const PARTS: usize = 2;

/// The file that is written, standing where the first byte goes that is not there yet.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) file: Arc<File>,
    pub(super) path: PathBuf,
}

enum Write {
    Bytes(Bytes),
    Part(Part),
}

/// Reads the source of a job, and writes all parts that are not `known`. Each is noted in the journal once it is on the
/// disk; when this ends well, all are. Without a target all must be known.
pub(super) async fn copy(
    job: &Job<'_>,
    part_size: u64,
    known: BTreeMap<u64, [u8; 32]>,
    target: Option<Target>,
) -> Result<Read, MediaError> {
    let (steps, mut read) = channel(CHUNKS);
    let (writes, to_write) = channel(CHUNKS);
    let (flushes, to_flush) = sync_channel(PARTS);
    let (source, journal, flushed) = (Arc::clone(&job.source), Arc::clone(&job.journal), target.clone());
    let reading = spawn_blocking(move || source.read(part_size, &known, &steps));
    let writing = spawn_blocking(move || write(target.as_ref(), to_write, &flushes));
    let flushing = spawn_blocking(move || flush(flushed.as_ref(), &journal, &to_flush));

    let mut done = 0_u64;
    while let Some(step) = read.recv().await {
        let (bytes, write) = match step {
            Step::Bytes(bytes) => (length(&bytes), Some(Write::Bytes(bytes))),
            Step::Part { number, hash } => (0, Some(Write::Part(Part { number, hash, id: None }))),
            Step::Kept { bytes } => (bytes, None),
        };
        if let Some(write) = write
            && writes.send(write).await.is_err()
        {
            break;
        }
        done = done.saturating_add(bytes);
        (job.seen)(done);
    }
    drop((read, writes));
    let (read, written, flushed) = (reading.await, writing.await, flushing.await);
    // The disk's error first: the others stopped because of it.
    flushed.map_err(MediaError::unavailable)??;
    written.map_err(MediaError::unavailable)??;
    read.map_err(MediaError::unavailable)?
}

fn write(
    target: Option<&Target>,
    mut writes: Receiver<Write>,
    flushes: &SyncSender<Part>,
) -> Result<(), MediaError> {
    while let Some(write) = writes.blocking_recv() {
        let Some(target) = target else {
            return Err(MediaError::unavailable("there is nothing to write to"));
        };
        match write {
            Write::Bytes(bytes) => (&*target.file).write_all(&bytes).map_err(|error| target.wrong(&error))?,
            Write::Part(part) => {
                if flushes.send(part).is_err() {
                    // Flushing ended, and says why.
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}

fn flush(target: Option<&Target>, journal: &Journal, written: &Unflushed<Part>) -> Result<(), MediaError> {
    while let Ok(part) = written.recv() {
        let mut parts = vec![part];
        parts.extend(written.try_iter());
        if let Some(target) = target {
            target.file.sync_data().map_err(|error| target.wrong(&error))?;
        }
        journal.add(parts)?;
    }
    Ok(())
}

impl Target {
    fn wrong(&self, error: &std::io::Error) -> MediaError {
        MediaError::disk(self.path.display(), error)
    }
}
