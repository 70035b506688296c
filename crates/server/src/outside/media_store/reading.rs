//! Reading a file to its end once, hashing it on the way.
//!
//! Never here: where its bytes go.

use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, SyncSender, channel, sync_channel};
use std::thread;

use aws_lc_rs::digest::{Context, SHA256};
use bytes::Bytes;
use tokio::sync::mpsc::Sender;

use super::failure::MediaError;

/// Bytes read at a time, and so the steps of a progress bar.
const CHUNK: usize = 1024 * 1024;
/// Chunks that are read before they are hashed.
const CHUNKS: usize = 4;

/// A file that is to be stored, as it was when it was opened.
pub(super) struct SourceFile {
    /// Its path without links.
    pub(super) path: PathBuf,
    /// Its length in bytes.
    pub(super) size: u64,
    /// When it was last written to: seconds and nanoseconds since 1970.
    pub(super) written: (i64, i64),
    changed: (i64, i64),
    file: File,
}

/// What reading yields, in the order of the file.
pub(super) enum Step {
    /// The next bytes of a part that must be sent.
    Bytes(Bytes),
    /// A part that must be sent has been read to its end.
    Part {
        /// Counted from 0.
        number: u64,
        /// SHA-256 of the file from its start to the end of this part.
        hash: [u8; 32],
    },
    /// A part has been read that is known to lie in the store as it is.
    Kept {
        /// How long it is.
        bytes: u64,
    },
}

/// How reading ended.
pub(super) enum Read {
    /// All was read; this is its SHA-256.
    Whole([u8; 32]),
    /// A part is not what the journal says, so what lies in the store is of another file.
    Unfit,
    /// Nobody wants to know any more.
    Stopped,
}

/// A chunk whose memory goes back to be used again: new memory for each costs as much as a tenth of its hash.
struct Chunk {
    room: Vec<u8>,
    filled: usize,
    home: mpsc::Sender<Vec<u8>>,
}

impl SourceFile {
    /// Opens a regular file. Blocks.
    pub(super) fn open(path: &Path) -> Result<Self, MediaError> {
        let unreadable = |error: io::Error| unreadable(path, &error);
        let path = std::fs::canonicalize(path).map_err(unreadable)?;
        // Opening a pipe would wait for its writer.
        if !std::fs::metadata(&path).map_err(unreadable)?.is_file() {
            return Err(MediaError::Unreadable { path, why: "it is no regular file".to_owned() });
        }
        let file = File::open(&path).map_err(unreadable)?;
        let facts = file.metadata().map_err(unreadable)?;
        Ok(Self { path, size: facts.len(), written: written(&facts), changed: changed(&facts), file })
    }

    /// Reads all, part by part, hashing on the way. Parts whose hash `known` has are not handed out. Blocks.
    ///
    /// The hash at the end of a part is that of all before it too: it costs no second pass over the bytes, and equals
    /// the journal's only where every byte so far does.
    pub(super) fn read(
        &self,
        part_size: u64,
        known: &BTreeMap<u64, [u8; 32]>,
        steps: &Sender<Step>,
    ) -> Result<Read, MediaError> {
        let unreadable = |error: io::Error| unreadable(&self.path, &error);
        let work = |chunks: &Receiver<_>| self.hash(part_size, known, chunks, steps);
        let read = ahead(&self.file, self.size, part_size, work).map_err(unreadable)??;
        if matches!(read, Read::Whole(_)) {
            self.unchanged()?;
        }
        Ok(read)
    }

    fn hash(
        &self,
        part_size: u64,
        known: &BTreeMap<u64, [u8; 32]>,
        chunks: &Receiver<io::Result<Chunk>>,
        steps: &Sender<Step>,
    ) -> Result<Read, MediaError> {
        let mut hash = Context::new(&SHA256);
        let mut at = 0_u64;
        for number in 0_u64.. {
            if at >= self.size {
                break;
            }
            let start = at;
            let end = self.size.min(start.saturating_add(part_size));
            let kept = known.get(&number);
            while at < end {
                let Ok(chunk) = chunks.recv() else { return Ok(Read::Stopped) };
                let chunk = chunk.map_err(|error| self.cut_short(&error))?;
                hash.update(chunk.as_ref());
                at = at.saturating_add(length(chunk.as_ref()));
                if kept.is_none() && steps.blocking_send(Step::Bytes(Bytes::from_owner(chunk))).is_err() {
                    return Ok(Read::Stopped);
                }
            }
            let so_far = finished(hash.clone());
            let step = match kept {
                Some(hash) if *hash == so_far => Step::Kept { bytes: end.saturating_sub(start) },
                Some(_) => return Ok(Read::Unfit),
                None => Step::Part { number, hash: so_far },
            };
            if steps.blocking_send(step).is_err() {
                return Ok(Read::Stopped);
            }
        }
        Ok(Read::Whole(finished(hash)))
    }

    /// Still as long, and nobody wrote to it since it was opened.
    fn unchanged(&self) -> Result<(), MediaError> {
        let facts = self.file.metadata().map_err(|error| unreadable(&self.path, &error))?;
        match facts.len() {
            now if now < self.size => Err(self.became("shrank")),
            now if now > self.size => Err(self.became("grew")),
            // The time of change too: a copying tool sets the time of writing back when it is done.
            _ if written(&facts) != self.written || changed(&facts) != self.changed => {
                Err(self.became("changed"))
            }
            _ => Ok(()),
        }
    }

    fn cut_short(&self, error: &io::Error) -> MediaError {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => self.became("shrank"),
            _ => unreadable(&self.path, error),
        }
    }

    fn became(&self, what: &'static str) -> MediaError {
        MediaError::SourceChanged { path: self.path.clone(), what }
    }
}

impl AsRef<[u8]> for Chunk {
    fn as_ref(&self) -> &[u8] {
        self.room.get(..self.filled).unwrap_or_default()
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        if self.home.send(std::mem::take(&mut self.room)).is_err() {
            // Reading has ended: nobody needs it again.
        }
    }
}

/// Reads a file of this length, and tells its SHA-256; None when nobody wants to know any more.
/// `seen` is told how many bytes were read. Blocks.
pub(super) fn hash(file: &File, size: u64, seen: &Sender<u64>) -> io::Result<Option<[u8; 32]>> {
    ahead(file, size, u64::MAX, |chunks| {
        let mut hash = Context::new(&SHA256);
        let mut at = 0_u64;
        for chunk in chunks {
            let chunk = chunk?;
            hash.update(chunk.as_ref());
            at = at.saturating_add(length(chunk.as_ref()));
            if seen.blocking_send(at).is_err() {
                return Ok(None);
            }
        }
        Ok(Some(finished(hash)))
    })?
}

/// Reads on a thread of its own while `work` takes what was read: hashing alone keeps a core busy.
fn ahead<T>(
    file: &File,
    size: u64,
    part_size: u64,
    work: impl FnOnce(&Receiver<io::Result<Chunk>>) -> T,
) -> io::Result<T> {
    let (chunks, read) = sync_channel(CHUNKS);
    thread::scope(|scope| {
        thread::Builder::new().spawn_scoped(scope, move || fetch(file, size, part_size, &chunks))?;
        let done = work(&read);
        // Whoever does not want the rest stops the reading so.
        drop(read);
        Ok(done)
    })
}

/// Sends chunks none of which lies in two parts.
fn fetch(file: &File, size: u64, part_size: u64, chunks: &SyncSender<io::Result<Chunk>>) {
    let (home, returned) = channel();
    let mut at = 0_u64;
    while at < size {
        let part_left = part_size.saturating_sub(at.checked_rem(part_size).unwrap_or_default());
        let left = size.saturating_sub(at).min(part_left);
        let filled = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
        let room = returned.try_recv().unwrap_or_else(|_| vec![0; CHUNK]);
        let mut chunk = Chunk { room, filled, home: home.clone() };
        // By position: who reads the file a second time may begin before the first reading has noticed that it is over.
        let read = file.read_exact_at(chunk.room.get_mut(..filled).unwrap_or_default(), at);
        let failed = read.is_err();
        at = at.saturating_add(length(chunk.as_ref()));
        if chunks.send(read.map(|()| chunk)).is_err() || failed {
            return;
        }
    }
}

/// The SHA-256 of what was put in.
pub(super) fn finished(hash: Context) -> [u8; 32] {
    let mut octets = [0; 32];
    octets.copy_from_slice(hash.finish().as_ref());
    octets
}

/// How many octets, as lengths of files are counted.
pub(super) fn length(octets: &[u8]) -> u64 {
    u64::try_from(octets.len()).unwrap_or(u64::MAX)
}

fn written(facts: &Metadata) -> (i64, i64) {
    (facts.mtime(), facts.mtime_nsec())
}

fn changed(facts: &Metadata) -> (i64, i64) {
    (facts.ctime(), facts.ctime_nsec())
}

fn unreadable(path: &Path, error: &io::Error) -> MediaError {
    MediaError::Unreadable { path: path.to_owned(), why: error.to_string() }
}
