//! Where the media of products lie: a folder of this machine, or a bucket of any S3-compatible storage.
//!
//! Media are files of many GiB, so nothing here holds one in memory: it is read once, in pieces, and hashed on the
//! way. Nothing can be seen under a key before all of it is there, and what is there is never replaced. An upload
//! that was cut short, by a kill too, goes on where it stopped. Never here: who may read media, the product they
//! belong to, a clock.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::BoxStream;

mod address;
mod bucket;
mod failure;
mod folder;
mod journal;
mod reading;
mod writing;

use bucket::Bucket;
pub use failure::MediaError;
use folder::Folder;
use journal::Journal;
use reading::SourceFile;

const LONGEST_KEY: usize = 64;

/// Where media lie. No Debug: it holds the credentials of the storage.
#[derive(Clone)]
pub struct MediaStore {
    place: Place,
    part_size: Option<u64>,
}

#[derive(Clone)]
enum Place {
    Folder(Folder),
    Bucket(Bucket),
}

/// A file that was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uploaded {
    /// What it is found under: the fresh key, or that of the upload that was gone on with.
    pub key: String,
    /// Its length in bytes.
    pub size: u64,
    /// Its SHA-256.
    pub sha256: [u8; 32],
    /// How many of its bytes were there from an upload that had been cut short, and were not sent again.
    pub kept: u64,
}

/// Bytes of media, ready to be read.
pub enum Source {
    /// An open file that stands at the start of the range. It goes on after the range: read no more than was asked for.
    File(std::fs::File),
    /// The bytes of the range, and no others.
    Stream(BoxStream<'static, Result<Bytes, MediaError>>),
}

/// A file on its way into the store.
struct Job<'a> {
    source: Arc<SourceFile>,
    journal: Arc<Journal>,
    fresh_key: String,
    part_size: Option<u64>,
    expected: Option<[u8; 32]>,
    seen: &'a (dyn Fn(u64) + Sync),
}

impl MediaStore {
    /// Opens a place for media: the path of a folder, or `file:` and its absolute path, made with mode 0700 if it is
    /// missing; or `s3://bucket/prefix` with the usual variables of the environment: `AWS_ACCESS_KEY_ID` and
    /// `AWS_SECRET_ACCESS_KEY` (or those of a web identity or a container), `AWS_REGION`, `AWS_ENDPOINT_URL`. Plain
    /// http is spoken to this machine, and elsewhere where `AWS_ALLOW_HTTP` is `true`. Nothing is sent yet. Blocks for
    /// a moment.
    ///
    /// # Errors
    /// [`MediaError::BadPlace`] when it is none of these or a variable is missing, and those of a folder that cannot
    /// be made.
    pub fn open(place: &str) -> Result<Self, MediaError> {
        Self::open_with(place, |name| std::env::var(name).ok())
    }

    /// As [`MediaStore::open`], with variables from elsewhere than the environment.
    ///
    /// # Errors
    /// As there.
    pub fn open_with(place: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Self, MediaError> {
        let place = if place.starts_with("s3:") {
            Place::Bucket(Bucket::open(place, &variable)?)
        } else {
            Place::Folder(Folder::open(place)?)
        };
        Ok(Self { place, part_size: None })
    }

    /// Another length of the parts that an upload is resumed by, in bytes: 64 MiB in a folder, and 16 MiB in a bucket
    /// (never less than S3's least, 5 MiB; more for files above 156 GiB, since S3 takes 10,000 parts).
    #[must_use]
    pub fn with_part_size(mut self, bytes: u64) -> Self {
        self.part_size = Some(bytes);
        self
    }

    /// Stores a file, reading it once, and tells its length and SHA-256. `seen` is told how many bytes are done, again
    /// and again. Each part is noted in a journal in `journal_folder` (made with mode 0700 if missing) once it is
    /// safe. When this future is dropped, the process killed or the machine cut off, the same call goes on from there;
    /// the file is read from its start again, but only what is missing is sent, and the earlier key is the one.
    ///
    /// A bucket takes up to four parts at once, and so 100 MiB of memory.
    ///
    /// # Errors
    /// [`MediaError::WrongHash`] when the file is not the `expected` one, and [`MediaError::SourceChanged`] when it
    /// changes meanwhile: nothing is left of it. Else those of the disk, the storage or the key;
    /// [`MediaError::can_resume`] tells whether what was done is kept.
    pub async fn upload(
        &self,
        source: &Path,
        fresh_key: String,
        journal_folder: &Path,
        expected: Option<[u8; 32]>,
        seen: &(dyn Fn(u64) + Sync),
    ) -> Result<Uploaded, MediaError> {
        checked(&fresh_key)?;
        let (place, path, folder) = (self.name(), source.to_owned(), journal_folder.to_owned());
        let (source, journal, outdated) = blocking(move || {
            let source = SourceFile::open(&path)?;
            let journal = Journal::open(&folder, &place, &source)?;
            let outdated = Journal::outdated(&folder, &place, &source)?;
            Ok((Arc::new(source), Arc::new(journal), outdated))
        })
        .await?;
        for journal in outdated {
            if let Err(error) = self.forget(&Arc::new(journal)).await {
                tracing::warn!(%error, "what was stored of an earlier file could not be removed");
            }
        }
        let job = Job { source, journal, fresh_key, part_size: self.part_size, expected, seen };
        let resuming = job.journal.head().is_some();
        if let Some(done) = self.attempt(&job).await? {
            return Ok(done);
        }
        self.discard(&job.journal).await?;
        if resuming && let Some(done) = self.attempt(&job).await? {
            return Ok(done);
        }
        Err(MediaError::unavailable("it has lost the upload that was just begun"))
    }

    /// Opens bytes of media: from `range.start`, and before `range.end`.
    ///
    /// # Errors
    /// [`MediaError::NotFound`], [`MediaError::OutOfRange`], and those of the key, the disk or the storage.
    pub async fn open_range(&self, key: &str, range: Range<u64>) -> Result<Source, MediaError> {
        checked(key)?;
        match &self.place {
            Place::Folder(folder) => folder.open_range(key, range).await.map(Source::File),
            Place::Bucket(bucket) => bucket.open_range(key, range).await.map(Source::Stream),
        }
    }

    /// How many bytes are stored under a key; None when nothing is.
    ///
    /// # Errors
    /// Those of the key, the disk or the storage.
    pub async fn length(&self, key: &str) -> Result<Option<u64>, MediaError> {
        checked(key)?;
        match &self.place {
            Place::Folder(folder) => folder.length(key).await,
            Place::Bucket(bucket) => bucket.length(key).await,
        }
    }

    /// Reads all that is stored under a key, and tells its length in bytes and its SHA-256.
    ///
    /// # Errors
    /// [`MediaError::NotFound`], and those of the key, the disk or the storage.
    pub async fn hash(&self, key: &str, seen: &(dyn Fn(u64) + Sync)) -> Result<(u64, [u8; 32]), MediaError> {
        checked(key)?;
        match &self.place {
            Place::Folder(folder) => folder.hash(key, seen).await,
            Place::Bucket(bucket) => bucket.hash(key, seen).await,
        }
    }

    /// Removes what is stored under a key. Nothing there is no error.
    ///
    /// # Errors
    /// Those of the key, the disk or the storage.
    pub async fn remove(&self, key: &str) -> Result<(), MediaError> {
        checked(key)?;
        match &self.place {
            Place::Folder(folder) => folder.remove(key).await,
            Place::Bucket(bucket) => bucket.remove(key).await,
        }
    }

    /// Stores a small file, such as something sent along with a request, under a key of the form `requests/…`. All of it
    /// is there or nothing.
    ///
    /// # Errors
    /// [`MediaError::AlreadyThere`], and those of the key, the disk or the storage.
    pub async fn put_small(&self, key: &str, bytes: Bytes) -> Result<(), MediaError> {
        checked_small(key)?;
        match &self.place {
            Place::Folder(folder) => folder.put_small(key, bytes).await,
            Place::Bucket(bucket) => bucket.put_small(key, bytes).await,
        }
    }

    /// Reads a small file of at most so many bytes.
    ///
    /// # Errors
    /// [`MediaError::NotFound`], [`MediaError::OutOfRange`] when it is larger, and those of the key, the disk or the storage.
    pub async fn get_small(&self, key: &str, most: u64) -> Result<Bytes, MediaError> {
        checked_small(key)?;
        match &self.place {
            Place::Folder(folder) => folder.get_small(key, most).await,
            Place::Bucket(bucket) => bucket.get_small(key, most).await,
        }
    }

    /// Removes a small file. Nothing there is no error.
    ///
    /// # Errors
    /// Those of the key, the disk or the storage.
    pub async fn remove_small(&self, key: &str) -> Result<(), MediaError> {
        checked_small(key)?;
        match &self.place {
            Place::Folder(folder) => folder.remove(key).await,
            Place::Bucket(bucket) => bucket.remove(key).await,
        }
    }

    /// Puts practice media in a folder: as many zeros as asked for, taking no room on the disk.
    ///
    /// # Errors
    /// [`MediaError::LocalOnly`] in a bucket, [`MediaError::AlreadyThere`], and those of the key or the disk.
    pub async fn place_sparse(&self, key: &str, size: u64) -> Result<(), MediaError> {
        checked(key)?;
        match &self.place {
            Place::Folder(folder) => folder.place_sparse(key, size).await,
            Place::Bucket(_) => Err(MediaError::LocalOnly),
        }
    }

    /// None when the journal does not fit what is there. What can never be gone on with is removed.
    async fn attempt(&self, job: &Job<'_>) -> Result<Option<Uploaded>, MediaError> {
        let done = match &self.place {
            Place::Folder(folder) => folder.upload(job).await,
            Place::Bucket(bucket) => bucket.upload(job).await,
        };
        let hopeless = match &done {
            Err(MediaError::Full { .. }) => job.journal.known().is_empty(),
            Err(error) => !error.can_resume(),
            Ok(_) => false,
        };
        if hopeless && let Err(error) = self.forget(&job.journal).await {
            tracing::warn!(%error, "what was stored of a file could not be removed");
        }
        done
    }

    /// Removes what a journal tells of, and empties it.
    async fn discard(&self, journal: &Arc<Journal>) -> Result<(), MediaError> {
        if let Some(head) = journal.head() {
            match &self.place {
                Place::Folder(folder) => folder.discard(head).await?,
                Place::Bucket(bucket) => bucket.discard(&head).await?,
            }
        }
        let journal = Arc::clone(journal);
        blocking(move || journal.clear()).await
    }

    /// Removes what a journal tells of, and the journal.
    async fn forget(&self, journal: &Arc<Journal>) -> Result<(), MediaError> {
        self.discard(journal).await?;
        let journal = Arc::clone(journal);
        blocking(move || journal.remove()).await
    }

    /// What the place is called in journals; without a credential.
    fn name(&self) -> String {
        match &self.place {
            Place::Folder(folder) => folder.name(),
            Place::Bucket(bucket) => bucket.name(),
        }
    }
}

/// Where small files lie, apart from media.
const SMALL: &str = "requests/";

fn checked_small(key: &str) -> Result<(), MediaError> {
    key.strip_prefix(SMALL).map_or(Err(MediaError::BadKey), checked)
}

fn checked(key: &str) -> Result<(), MediaError> {
    if key_is_right(key) { Ok(()) } else { Err(MediaError::BadKey) }
}

/// With no dot and no slash, a key is never a path or the name of a part.
fn key_is_right(key: &str) -> bool {
    (1..=LONGEST_KEY).contains(&key.len())
        && key.bytes().all(|octet| matches!(octet, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// Runs what blocks on a thread of its own. It runs to its end even when nobody waits any more.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, MediaError> + Send + 'static,
) -> Result<T, MediaError> {
    tokio::task::spawn_blocking(work).await.map_err(MediaError::unavailable)?
}
