//! What is there already of an upload that may be cut short: one file per file being stored, one line per part.
//!
//! A line is written only when its part is safe where it belongs, so that a line can be believed without a look at the
//! part. A line that was cut short is no line. Never here: the media, a credential.

use std::collections::BTreeMap;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use super::failure::MediaError;
use super::key_is_right;
use super::reading::SourceFile;

const VERSION: u8 = 1;
const ENDING: &str = ".upload";
/// 10,000 parts of S3 take 2 MiB.
const LONGEST: u64 = 16 * 1024 * 1024;
/// A task that was dropped may still be flushing a part.
const LOCK_TRIES: u32 = 200;
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// The journal of one upload, held by this process alone until it is dropped.
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    head: Option<Head>,
    parts: BTreeMap<u64, Part>,
}

/// The first line: what is being made.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Head {
    version: u8,
    /// The key that the whole will have.
    pub(super) key: String,
    /// Bytes in each part but the last.
    pub(super) part_size: u64,
    /// S3's id of the multipart upload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) upload: Option<String>,
}

/// A part that is safe.
#[derive(Clone)]
pub(super) struct Part {
    /// Counted from 0.
    pub(super) number: u64,
    /// SHA-256 of the file from its start to the end of this part.
    pub(super) hash: [u8; 32],
    /// S3's id of the part.
    pub(super) id: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct PartLine {
    part: u64,
    sha256: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
}

impl Head {
    pub(super) fn new(key: String, part_size: u64, upload: Option<String>) -> Self {
        Self { version: VERSION, key, part_size, upload }
    }
}

impl Journal {
    /// Opens the journal of storing this file at this place, made (0600, in a folder of 0700) if there is none, and
    /// waits up to 10 s until nobody else has it. Blocks.
    pub(super) fn open(folder: &Path, place: &str, source: &SourceFile) -> Result<Self, MediaError> {
        let wrong = |error: io::Error| MediaError::disk(folder.display(), &error);
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(wrong)?;
        let path = folder.join(name(place, source));
        for _ in 0..LOCK_TRIES {
            if let Some(journal) = Self::try_open(&path)? {
                return Ok(journal);
            }
            std::thread::sleep(LOCK_PAUSE);
        }
        Err(MediaError::Busy { path: source.path.clone() })
    }

    /// Journals that nobody holds of storing the same file at the same place as it was before it changed. Blocks.
    pub(super) fn outdated(folder: &Path, place: &str, source: &SourceFile) -> Result<Vec<Self>, MediaError> {
        let wrong = |error: io::Error| MediaError::disk(folder.display(), &error);
        let (own, same) = (name(place, source), format!("{}-", origin(place, source)));
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(wrong)? {
            let entry = entry.map_err(wrong)?;
            let name = entry.file_name();
            let is_one = name
                .to_str()
                .is_some_and(|name| name != own && name.starts_with(&same) && name.ends_with(ENDING));
            if is_one && let Some(journal) = Self::try_open(&entry.path())? {
                found.push(journal);
            }
        }
        Ok(found)
    }

    /// None when another one holds it, or has just done away with it.
    fn try_open(path: &Path) -> Result<Option<Self>, MediaError> {
        let wrong = |error: io::Error| MediaError::disk(path.display(), &error);
        let mut options = OpenOptions::new();
        let file = options.read(true).append(true).create(true).mode(0o600).open(path).map_err(wrong)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(wrong(error)),
        }
        let held = file.metadata().map_err(wrong)?;
        match std::fs::metadata(path) {
            Ok(named) if (named.dev(), named.ino()) == (held.dev(), held.ino()) => {}
            Ok(_) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(wrong(error)),
        }
        let mut octets = Vec::new();
        (&file).take(LONGEST).read_to_end(&mut octets).map_err(wrong)?;
        let (state, good) = parse(&octets);
        file.set_len(good).map_err(wrong)?;
        Ok(Some(Self { path: path.to_owned(), file, state: Mutex::new(state) }))
    }

    /// What was being made; None when nothing was begun.
    pub(super) fn head(&self) -> Option<Head> {
        self.state().head.clone()
    }

    /// The parts that are safe, by number.
    pub(super) fn parts(&self) -> BTreeMap<u64, Part> {
        self.state().parts.clone()
    }

    /// The hash at the end of each part that is safe, by number.
    pub(super) fn known(&self) -> BTreeMap<u64, [u8; 32]> {
        self.state().parts.iter().map(|(number, part)| (*number, part.hash)).collect()
    }

    /// Forgets all, and begins to make something else. Blocks.
    pub(super) fn begin(&self, head: Head) -> Result<(), MediaError> {
        self.clear()?;
        let line = serde_json::to_string(&head).map_err(MediaError::unavailable)?;
        self.append(&format!("{line}\n"))?;
        self.state().head = Some(head);
        Ok(())
    }

    /// Notes parts. They must be safe where they belong by now. Blocks.
    pub(super) fn add(&self, parts: Vec<Part>) -> Result<(), MediaError> {
        let mut text = String::new();
        for part in &parts {
            let line = PartLine { part: part.number, sha256: hex::encode(part.hash), id: part.id.clone() };
            text.push_str(&serde_json::to_string(&line).map_err(MediaError::unavailable)?);
            text.push('\n');
        }
        self.append(&text)?;
        self.state().parts.extend(parts.into_iter().map(|part| (part.number, part)));
        Ok(())
    }

    /// Forgets all. Blocks.
    pub(super) fn clear(&self) -> Result<(), MediaError> {
        *self.state() = State::default();
        self.file.set_len(0).and_then(|()| self.file.sync_all()).map_err(|error| self.wrong(&error))
    }

    /// Forgets all and removes the file. It is emptied first: a file that was removed can be back after a power cut.
    /// Blocks.
    pub(super) fn remove(&self) -> Result<(), MediaError> {
        self.clear()?;
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.wrong(&error)),
            _ => Ok(()),
        }
    }

    fn append(&self, text: &str) -> Result<(), MediaError> {
        let mut file = &self.file;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_data()).map_err(|error| self.wrong(&error))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wrong(&self, error: &io::Error) -> MediaError {
        MediaError::disk(self.path.display(), error)
    }
}

/// The lines up to the first that is none, and how many octets they take.
fn parse(octets: &[u8]) -> (State, u64) {
    let mut state = State::default();
    let mut good = 0_u64;
    for line in octets.split_inclusive(|octet| *octet == b'\n') {
        let Some(text) = line.strip_suffix(b"\n") else { break };
        if state.head.is_none() {
            let Ok(head) = serde_json::from_slice::<Head>(text) else { break };
            if head.version != VERSION || head.part_size == 0 || !key_is_right(&head.key) {
                break;
            }
            state.head = Some(head);
        } else {
            let Some(part) = part(text) else { break };
            state.parts.insert(part.number, part);
        }
        good = good.saturating_add(super::reading::length(line));
    }
    (state, good)
}

fn part(text: &[u8]) -> Option<Part> {
    let line: PartLine = serde_json::from_slice(text).ok()?;
    let hash = hex::decode(line.sha256).ok()?.try_into().ok()?;
    Some(Part { number: line.part, hash, id: line.id })
}

/// A source that changed has another name at the end, but begins the same.
fn name(place: &str, source: &SourceFile) -> String {
    let (seconds, nanoseconds) = source.written;
    format!("{}-{}-{seconds}.{nanoseconds}{ENDING}", origin(place, source), source.size)
}

fn origin(place: &str, source: &SourceFile) -> String {
    let mut octets = place.as_bytes().to_vec();
    octets.push(0);
    octets.extend_from_slice(source.path.as_os_str().as_bytes());
    let mut name = hex::encode(digest(&SHA256, &octets));
    name.truncate(32);
    name
}
