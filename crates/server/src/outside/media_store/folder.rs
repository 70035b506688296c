//! Media in a folder of this machine: `KEY` when whole, `KEY.part` before that.
//!
//! Never here: a key that was not checked, a file that is made anew under the name of another.

use std::collections::BTreeMap;
use std::fs::{DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use rustix::fs::{FallocateFlags, fallocate};
use rustix::io::Errno;
use tokio::sync::mpsc::channel;
use tokio::task::spawn_blocking;

use super::journal::{Head, Journal};
use super::reading::{Read, SourceFile, hash};
use super::writing::{Target, copy};
use super::{Job, MediaError, Uploaded, blocking};

const PART_SIZE: u64 = 64 * 1024 * 1024;
/// Steps of a progress bar that may wait to be shown.
const STEPS: usize = 8;

/// A folder that media lie in.
#[derive(Clone)]
pub(super) struct Folder {
    path: PathBuf,
}

/// An upload that can be gone on with.
struct Begun {
    key: String,
    part_size: u64,
    /// The parts that are safe, from the first on, with the hash at the end of each.
    known: BTreeMap<u64, [u8; 32]>,
    /// How many bytes they are.
    kept: u64,
    /// None when the file has its final name already, and only the journal was left.
    part: Option<Target>,
}

impl Folder {
    /// Opens a folder, made with mode 0700 if missing. Blocks for a moment.
    pub(super) fn open(place: &str) -> Result<Self, MediaError> {
        let wrong = || {
            MediaError::bad_place(format!(
                "{place:?} must be the path of a folder, file:/absolute/path or s3://bucket/prefix"
            ))
        };
        let path = match place.strip_prefix("file:") {
            Some(path) => {
                let path = Path::new(path.strip_prefix("//").unwrap_or(path));
                if path.is_absolute() { path } else { return Err(wrong()) }
            }
            None if looks_like_a_url(place) => return Err(wrong()),
            None => Path::new(place),
        };
        if place.is_empty() || place.contains('\0') {
            return Err(wrong());
        }
        let cannot = |error: io::Error| MediaError::bad_place(format!("{}: {error}", path.display()));
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(cannot)?;
        Ok(Self { path: std::fs::canonicalize(path).map_err(cannot)? })
    }

    pub(super) fn name(&self) -> String {
        format!("file:{}", self.path.display())
    }

    pub(super) async fn upload(&self, job: &Job<'_>) -> Result<Option<Uploaded>, MediaError> {
        let begun = {
            let (folder, source, journal) = (self.clone(), Arc::clone(&job.source), Arc::clone(&job.journal));
            let (key, part_size) = (job.fresh_key.clone(), job.part_size.unwrap_or(PART_SIZE).max(1));
            blocking(move || match journal.head() {
                Some(head) => folder.resume(head, &source, &journal),
                None => folder.begin(key, part_size, &source, &journal).map(Some),
            })
            .await?
        };
        let Some(begun) = begun else { return Ok(None) };
        let Begun { key, part_size, known, kept, part } = begun;
        let sha256 = match copy(job, part_size, known, part.clone()).await? {
            Read::Whole(sha256) => sha256,
            Read::Unfit => return Ok(None),
            Read::Stopped => return Err(MediaError::unavailable("the file was not read to its end")),
        };
        if let Some(expected) = job.expected
            && expected != sha256
        {
            return Err(MediaError::WrongHash { expected, found: sha256 });
        }
        if let Some(part) = part {
            let (folder, key, journal) = (self.clone(), key.clone(), Arc::clone(&job.journal));
            blocking(move || {
                folder.make_whole(&key, &part.file)?;
                // Held until here, so that nobody goes on with what is being renamed.
                drop(journal);
                Ok(())
            })
            .await?;
        }
        // A step of its own: when this future is dropped before it, the journal still knows the key.
        let journal = Arc::clone(&job.journal);
        blocking(move || journal.remove()).await?;
        Ok(Some(Uploaded { key, size: job.source.size, sha256, kept }))
    }

    fn begin(
        &self,
        key: String,
        part_size: u64,
        source: &SourceFile,
        journal: &Journal,
    ) -> Result<Begun, MediaError> {
        self.not_there(&key)?;
        // Before the part, so that the part can be found again.
        journal.begin(Head::new(key.clone(), part_size, None))?;
        let path = self.part(&key);
        let wrong = |error: io::Error| MediaError::disk(path.display(), &error);
        let mut options = OpenOptions::new();
        let file = options.write(true).create_new(true).mode(0o600).open(&path).map_err(wrong)?;
        // The journal believes that a part it names lies in this file, so its name must be as safe as its bytes.
        self.flush_names()?;
        reserve(&file, 0, source.size).map_err(wrong)?;
        let part = Some(Target { file: Arc::new(file), path });
        Ok(Begun { key, part_size, known: BTreeMap::new(), kept: 0, part })
    }

    /// None when what is there is not what the journal says.
    fn resume(
        &self,
        head: Head,
        source: &SourceFile,
        journal: &Journal,
    ) -> Result<Option<Begun>, MediaError> {
        let Head { key, part_size, .. } = head;
        let known: BTreeMap<_, _> = (0_u64..).zip(journal.known()).map_while(in_a_row).collect();
        let kept = u64::try_from(known.len()).unwrap_or(u64::MAX).saturating_mul(part_size).min(source.size);
        let path = self.part(&key);
        let wrong = |error: io::Error| MediaError::disk(path.display(), &error);
        let mut file = match OpenOptions::new().write(true).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // The key is this upload's alone, so what lies there whole is what its last step made.
                let whole = kept == source.size && self.facts(&key)?.is_some_and(|facts| facts.len() == kept);
                return Ok(whole.then_some(Begun { key, part_size, known, kept, part: None }));
            }
            Err(error) => return Err(wrong(error)),
        };
        if file.metadata().map_err(wrong)?.len() < kept {
            return Ok(None);
        }
        // What was written after the last flush may hold anything.
        file.set_len(kept).map_err(wrong)?;
        reserve(&file, kept, source.size).map_err(wrong)?;
        file.seek(SeekFrom::Start(kept)).map_err(wrong)?;
        let part = Some(Target { file: Arc::new(file), path });
        Ok(Some(Begun { key, part_size, known, kept, part }))
    }

    /// Gives the file its name, once it and its name are safe.
    fn make_whole(&self, key: &str, part: &File) -> Result<(), MediaError> {
        self.not_there(key)?;
        let path = self.part(key);
        let renamed = part.sync_all().and_then(|()| std::fs::rename(&path, self.file(key)));
        renamed.map_err(|error| MediaError::disk(path.display(), &error))?;
        self.flush_names()
    }

    /// Removes what an upload has made so far.
    pub(super) async fn discard(&self, head: Head) -> Result<(), MediaError> {
        let folder = self.clone();
        blocking(move || {
            // Without its part it has its final name; until its journal is gone, nobody was told of it.
            if !remove(&folder.part(&head.key))? {
                remove(&folder.file(&head.key))?;
            }
            Ok(())
        })
        .await
    }

    pub(super) async fn open_range(&self, key: &str, range: Range<u64>) -> Result<File, MediaError> {
        let (folder, key) = (self.clone(), key.to_owned());
        blocking(move || {
            let (mut file, length) = folder.open_whole(&key)?;
            if range.start > range.end || range.end > length {
                return Err(MediaError::OutOfRange { range, length });
            }
            file.seek(SeekFrom::Start(range.start)).map_err(|error| folder.wrong(&key, &error))?;
            Ok(file)
        })
        .await
    }

    pub(super) async fn length(&self, key: &str) -> Result<Option<u64>, MediaError> {
        let (folder, key) = (self.clone(), key.to_owned());
        blocking(move || Ok(folder.facts(&key)?.map(|facts| facts.len()))).await
    }

    pub(super) async fn hash(
        &self,
        key: &str,
        seen: &(dyn Fn(u64) + Sync),
    ) -> Result<(u64, [u8; 32]), MediaError> {
        let (folder, key) = (self.clone(), key.to_owned());
        let (told, mut progress) = channel(STEPS);
        let hashing = spawn_blocking(move || {
            let (file, size) = folder.open_whole(&key)?;
            let sha256 = hash(&file, size, &told).map_err(|error| folder.wrong(&key, &error))?;
            let sha256 = sha256.ok_or_else(|| MediaError::unavailable("the file was not read to its end"))?;
            Ok((size, sha256))
        });
        while let Some(at) = progress.recv().await {
            seen(at);
        }
        hashing.await.map_err(MediaError::unavailable)?
    }

    pub(super) async fn remove(&self, key: &str) -> Result<(), MediaError> {
        let path = self.file(key);
        blocking(move || remove(&path).map(drop)).await
    }

    pub(super) async fn place_sparse(&self, key: &str, size: u64) -> Result<(), MediaError> {
        let (folder, key) = (self.clone(), key.to_owned());
        blocking(move || {
            let path = folder.part(&key);
            let wrong = |error: io::Error| MediaError::disk(path.display(), &error);
            folder.not_there(&key)?;
            let mut options = OpenOptions::new();
            let part =
                options.write(true).create(true).truncate(true).mode(0o600).open(&path).map_err(wrong)?;
            let placed = part.set_len(size).map_err(wrong).and_then(|()| folder.make_whole(&key, &part));
            if placed.is_err() {
                remove(&path)?;
            }
            placed
        })
        .await
    }

    /// Writes a small file beside the media, in a folder of its own.
    pub(super) async fn put_small(&self, key: &str, bytes: Bytes) -> Result<(), MediaError> {
        let (folder, key) = (self.clone(), key.to_owned());
        blocking(move || {
            let (path, whole) = (folder.part(&key), folder.file(&key));
            let wrong = |error: io::Error| MediaError::disk(path.display(), &error);
            // Looks at the media's folder first: one that is not mounted must not be made anew.
            folder.not_there(&key)?;
            let within = whole.parent().unwrap_or(&folder.path);
            DirBuilder::new().recursive(true).mode(0o700).create(within).map_err(wrong)?;
            let mut options = OpenOptions::new();
            let mut part =
                options.write(true).create(true).truncate(true).mode(0o600).open(&path).map_err(wrong)?;
            let written = part.write_all(&bytes).and_then(|()| part.sync_all());
            let placed = written
                .and_then(|()| std::fs::rename(&path, &whole))
                .and_then(|()| File::open(within).and_then(|names| names.sync_all()));
            if let Err(error) = placed {
                remove(&path)?;
                return Err(wrong(error));
            }
            Ok(())
        })
        .await
    }

    /// Reads a small file.
    pub(super) async fn get_small(&self, key: &str, most: u64) -> Result<Bytes, MediaError> {
        let (folder, key) = (self.clone(), key.to_owned());
        blocking(move || {
            let (file, length) = folder.open_whole(&key)?;
            if length > most {
                return Err(MediaError::OutOfRange { range: 0..most, length });
            }
            let mut bytes = Vec::new();
            file.take(most).read_to_end(&mut bytes).map_err(|error| folder.wrong(&key, &error))?;
            Ok(bytes.into())
        })
        .await
    }

    fn open_whole(&self, key: &str) -> Result<(File, u64), MediaError> {
        // Looked at first: opening a pipe would wait for its writer.
        let Some(facts) = self.facts(key)? else { return Err(MediaError::NotFound { key: key.to_owned() }) };
        let file = File::open(self.file(key)).map_err(|error| self.wrong(key, &error))?;
        Ok((file, facts.len()))
    }

    fn facts(&self, key: &str) -> Result<Option<Metadata>, MediaError> {
        match std::fs::metadata(self.file(key)) {
            Ok(facts) if facts.is_file() => Ok(Some(facts)),
            Ok(_) => Err(MediaError::refused(format!("{} is no file", self.file(key).display()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // A folder that is gone, such as a disk that is not mounted, must not pass for one without media.
                std::fs::metadata(&self.path)
                    .map_err(|error| MediaError::disk(self.path.display(), &error))?;
                Ok(None)
            }
            Err(error) => Err(self.wrong(key, &error)),
        }
    }

    fn not_there(&self, key: &str) -> Result<(), MediaError> {
        match self.facts(key)? {
            Some(_) => Err(MediaError::AlreadyThere { key: key.to_owned() }),
            None => Ok(()),
        }
    }

    fn flush_names(&self) -> Result<(), MediaError> {
        let flushed = File::open(&self.path).and_then(|folder| folder.sync_all());
        flushed.map_err(|error| MediaError::disk(self.path.display(), &error))
    }

    fn wrong(&self, key: &str, error: &io::Error) -> MediaError {
        MediaError::disk(self.file(key).display(), error)
    }

    fn file(&self, key: &str) -> PathBuf {
        self.path.join(key)
    }

    fn part(&self, key: &str) -> PathBuf {
        self.path.join(format!("{key}.part"))
    }
}

fn in_a_row((number, part): (u64, (u64, [u8; 32]))) -> Option<(u64, [u8; 32])> {
    (part.0 == number).then_some(part)
}

/// Claims the room for a whole file without making it longer, so that a disk that is too small is known at once.
fn reserve(file: &File, from: u64, to: u64) -> io::Result<()> {
    if from >= to {
        return Ok(());
    }
    match fallocate(file, FallocateFlags::KEEP_SIZE, from, to.saturating_sub(from)) {
        // Not every file system can.
        Ok(()) | Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Whether there was anything to remove.
fn remove(path: &Path) -> Result<bool, MediaError> {
    match std::fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(MediaError::disk(path.display(), &error)),
    }
}

/// Letters and digits up to the first colon: a scheme, and nobody's folder.
fn looks_like_a_url(place: &str) -> bool {
    place.split_once(':').is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'+')
    })
}
