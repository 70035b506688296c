//! Media in a bucket of any S3-compatible storage, reached by the signed requests of the S3 API.
//!
//! Each upload is a multipart upload, since only that can be gone on with. Never here: a credential in an error, a
//! request that may take for ever.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{Context, SHA256};
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::{BoxStream, empty, try_unfold};
use object_store::aws::AmazonS3;
use object_store::multipart::{MultipartStore as _, PartId};
use object_store::path::Path;
use object_store::{GetOptions, GetRange, ObjectMeta, ObjectStore as _, ObjectStoreExt as _, PutPayload};
use tokio::sync::mpsc::channel;
use tokio::task::{JoinSet, spawn_blocking};

use super::failure::upload_is_gone;
use super::journal::{Head, Part};
use super::reading::{Read, Step, finished, length};
use super::{Job, MediaError, Uploaded, blocking};

const MIB: u64 = 1024 * 1024;
const PART_SIZE: u64 = 16 * MIB;
/// S3's limits: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html>.
const LEAST_PART_SIZE: u64 = 5 * MIB;
const MOST_PARTS: u64 = 10_000;
const PARTS_AT_ONCE: usize = 4;
/// Chunks of 1 MiB that are read before a part takes them.
const CHUNKS: usize = 8;
/// How often in a row a stream may break off without a byte.
const MOST_BREAKS: u32 = 4;
const BREAK_PAUSE: Duration = Duration::from_secs(1);

/// A bucket, and the prefix in it that media lie under. No Debug: it holds credentials.
#[derive(Clone)]
pub(super) struct Bucket {
    /// For parts, and for putting them together: it waits long, and for a storage that is started again.
    pub(super) patient: AmazonS3,
    /// For all else: it waits for the next bytes only.
    pub(super) brisk: AmazonS3,
    /// `s3://bucket/prefix`, and the address it is at.
    pub(super) name: String,
    /// Empty, or ending in a slash.
    pub(super) prefix: String,
}

/// Bytes on their way from a bucket.
struct Incoming {
    bucket: Bucket,
    path: Path,
    tag: Option<String>,
    left: Range<u64>,
    body: Option<BoxStream<'static, object_store::Result<Bytes>>>,
    breaks: u32,
}

struct Sent {
    part: Part,
    bytes: u64,
}

impl Bucket {
    pub(super) fn name(&self) -> String {
        self.name.clone()
    }

    pub(super) async fn upload(&self, job: &Job<'_>) -> Result<Option<Uploaded>, MediaError> {
        let head = match job.journal.head() {
            Some(head) => head,
            None => self.begin(job).await?,
        };
        let Head { key, part_size, upload: Some(upload), .. } = head else { return Ok(None) };
        let path = self.path(&key);
        let known = job.journal.known();
        let source = Arc::clone(&job.source);
        let (steps, mut read) = channel(CHUNKS);
        let reading = spawn_blocking(move || source.read(part_size, &known, &steps));

        let (mut flying, mut chunks) = (JoinSet::new(), Vec::new());
        let (mut done, mut kept) = (0_u64, 0_u64);
        while let Some(step) = read.recv().await {
            match step {
                Step::Bytes(bytes) => chunks.push(bytes),
                Step::Kept { bytes } => {
                    kept = kept.saturating_add(bytes);
                    done = done.saturating_add(bytes);
                    (job.seen)(done);
                }
                Step::Part { number, hash } => {
                    if flying.len() >= PARTS_AT_ONCE && !land(job, &mut flying, &mut done).await? {
                        return Ok(None);
                    }
                    let payload: PutPayload = std::mem::take(&mut chunks).into_iter().collect();
                    let part = Part { number, hash, id: None };
                    flying.spawn(send(self.patient.clone(), path.clone(), upload.clone(), part, payload));
                }
            }
        }
        let sha256 = match reading.await.map_err(MediaError::unavailable)?? {
            Read::Whole(sha256) => sha256,
            Read::Unfit => return Ok(None),
            Read::Stopped => return Err(MediaError::unavailable("the file was not read to its end")),
        };
        // All must have arrived before the upload can be ended either way.
        while !flying.is_empty() {
            if !land(job, &mut flying, &mut done).await? {
                return Ok(None);
            }
        }
        if let Some(expected) = job.expected
            && expected != sha256
        {
            return Err(MediaError::WrongHash { expected, found: sha256 });
        }
        if !self.complete(job, &key, &upload).await? {
            return Ok(None);
        }
        let journal = Arc::clone(&job.journal);
        blocking(move || journal.remove()).await?;
        Ok(Some(Uploaded { key, size: job.source.size, sha256, kept }))
    }

    async fn begin(&self, job: &Job<'_>) -> Result<Head, MediaError> {
        let key = job.fresh_key.clone();
        let least = job.source.size.div_ceil(MOST_PARTS).div_ceil(MIB).saturating_mul(MIB);
        let part_size = job.part_size.unwrap_or(PART_SIZE).max(least).max(LEAST_PART_SIZE);
        let path = self.path(&key);
        let upload = self.brisk.create_multipart(&path).await.map_err(|error| MediaError::storage(&error))?;
        let head = Head::new(key, part_size, Some(upload.clone()));
        let (journal, noted) = (Arc::clone(&job.journal), head.clone());
        if let Err(error) = blocking(move || journal.begin(noted)).await {
            // Nobody else knows of it, and it would cost its room for ever.
            if let Err(error) = self.brisk.abort_multipart(&path, &upload).await {
                tracing::warn!(error = %MediaError::storage(&error), "an upload could not be ended");
            }
            return Err(error);
        }
        Ok(head)
    }

    /// False when the upload is gone and its whole is not there either.
    async fn complete(&self, job: &Job<'_>, key: &str, upload: &str) -> Result<bool, MediaError> {
        let parts = job.journal.parts().into_values();
        let parts = parts.map(|part| PartId { content_id: part.id.unwrap_or_default() }).collect();
        let completed = self.patient.complete_multipart(&self.path(key), &upload.to_owned(), parts).await;
        // An answer may have been lost, or the journal been left behind: then it is gone because it was completed.
        let gone = match completed {
            Ok(_) => false,
            Err(error) if upload_is_gone(&error) => true,
            Err(error) => return Err(MediaError::storage(&error)),
        };
        match self.length(key).await? {
            Some(length) if length == job.source.size => Ok(true),
            _ if gone => Ok(false),
            length => Err(MediaError::unavailable(format!(
                "it took {} bytes, and has {}",
                job.source.size,
                length.unwrap_or_default()
            ))),
        }
    }

    /// Removes what an upload has made so far.
    pub(super) async fn discard(&self, head: &Head) -> Result<(), MediaError> {
        let Some(upload) = &head.upload else { return Ok(()) };
        match self.brisk.abort_multipart(&self.path(&head.key), upload).await {
            Ok(()) => Ok(()),
            // It may have been completed; until its journal is gone, nobody was told of it.
            Err(error) if upload_is_gone(&error) => self.remove(&head.key).await,
            Err(error) => Err(MediaError::storage(&error)),
        }
    }

    pub(super) async fn open_range(
        &self,
        key: &str,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, MediaError>>, MediaError> {
        let Some(facts) = self.facts(key).await? else {
            return Err(MediaError::NotFound { key: key.to_owned() });
        };
        if range.start > range.end || range.end > facts.size {
            return Err(MediaError::OutOfRange { range, length: facts.size });
        }
        if range.is_empty() {
            return Ok(empty().boxed());
        }
        let (bucket, path) = (self.clone(), self.path(key));
        let mut incoming = Incoming { bucket, path, tag: facts.e_tag, left: range, body: None, breaks: 0 };
        incoming.body = Some(incoming.ask().await?);
        Ok(try_unfold(incoming, Incoming::next).boxed())
    }

    pub(super) async fn length(&self, key: &str) -> Result<Option<u64>, MediaError> {
        Ok(self.facts(key).await?.map(|facts| facts.size))
    }

    pub(super) async fn hash(
        &self,
        key: &str,
        seen: &(dyn Fn(u64) + Sync),
    ) -> Result<(u64, [u8; 32]), MediaError> {
        let Some(size) = self.length(key).await? else {
            return Err(MediaError::NotFound { key: key.to_owned() });
        };
        let mut stream = self.open_range(key, 0..size).await?;
        let (mut hash, mut at) = (Context::new(&SHA256), 0_u64);
        while let Some(bytes) = stream.next().await {
            let bytes = bytes?;
            hash.update(&bytes);
            at = at.saturating_add(length(&bytes));
            seen(at);
        }
        Ok((at, finished(hash)))
    }

    pub(super) async fn remove(&self, key: &str) -> Result<(), MediaError> {
        match self.brisk.delete(&self.path(key)).await {
            Err(object_store::Error::NotFound { .. }) | Ok(()) => Ok(()),
            Err(error) => Err(MediaError::storage(&error)),
        }
    }

    /// Sends a small file in one request.
    pub(super) async fn put_small(&self, key: &str, bytes: Bytes) -> Result<(), MediaError> {
        if self.facts(key).await?.is_some() {
            return Err(MediaError::AlreadyThere { key: key.to_owned() });
        }
        let sent = self.patient.put(&self.path(key), PutPayload::from(bytes)).await;
        sent.map(drop).map_err(|error| MediaError::storage(&error))
    }

    /// Fetches a small file.
    pub(super) async fn get_small(&self, key: &str, most: u64) -> Result<Bytes, MediaError> {
        let Some(facts) = self.facts(key).await? else {
            return Err(MediaError::NotFound { key: key.to_owned() });
        };
        if facts.size > most {
            return Err(MediaError::OutOfRange { range: 0..most, length: facts.size });
        }
        let mut stream = self.open_range(key, 0..facts.size).await?;
        let mut bytes = Vec::new();
        while let Some(piece) = stream.next().await {
            bytes.extend_from_slice(&piece?);
        }
        Ok(bytes.into())
    }

    async fn facts(&self, key: &str) -> Result<Option<ObjectMeta>, MediaError> {
        match self.brisk.head(&self.path(key)).await {
            Ok(facts) => Ok(Some(facts)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(MediaError::storage(&error)),
        }
    }

    fn path(&self, key: &str) -> Path {
        Path::from(format!("{}{key}", self.prefix))
    }
}

async fn send(
    to: AmazonS3,
    path: Path,
    upload: String,
    part: Part,
    payload: PutPayload,
) -> object_store::Result<Sent> {
    let bytes = u64::try_from(payload.content_length()).unwrap_or(u64::MAX);
    let number = usize::try_from(part.number).unwrap_or(usize::MAX);
    let PartId { content_id } = to.put_part(&path, &upload, number, payload).await?;
    Ok(Sent { part: Part { id: Some(content_id), ..part }, bytes })
}

/// Waits until one part has arrived, and notes it. False when the upload is gone.
async fn land(
    job: &Job<'_>,
    flying: &mut JoinSet<object_store::Result<Sent>>,
    done: &mut u64,
) -> Result<bool, MediaError> {
    let Some(landed) = flying.join_next().await else { return Ok(true) };
    match landed.map_err(MediaError::unavailable)? {
        Ok(sent) => {
            let journal = Arc::clone(&job.journal);
            blocking(move || journal.add(vec![sent.part])).await?;
            *done = done.saturating_add(sent.bytes);
            (job.seen)(*done);
            Ok(true)
        }
        Err(error) if upload_is_gone(&error) => Ok(false),
        Err(error) => Err(MediaError::storage(&error)),
    }
}

impl Incoming {
    /// The next bytes. A connection that breaks off is made again, from the byte it broke off at.
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, MediaError> {
        while !self.left.is_empty() {
            let mut body = match self.body.take() {
                Some(body) => body,
                None => self.ask().await?,
            };
            let failure = match body.next().await {
                Some(Ok(bytes)) => {
                    let room = self.left.end.saturating_sub(self.left.start);
                    let bytes = bytes.slice(..bytes.len().min(usize::try_from(room).unwrap_or(usize::MAX)));
                    self.body = Some(body);
                    if bytes.is_empty() {
                        continue;
                    }
                    self.left.start = self.left.start.saturating_add(length(&bytes));
                    self.breaks = 0;
                    return Ok(Some((bytes, self)));
                }
                Some(Err(error)) => MediaError::storage(&error),
                None => MediaError::unavailable("it broke off"),
            };
            self.breaks = self.breaks.saturating_add(1);
            if self.breaks > MOST_BREAKS {
                return Err(failure);
            }
            tracing::debug!(error = %failure, "a stream of media broke off");
            tokio::time::sleep(BREAK_PAUSE).await;
        }
        Ok(None)
    }

    async fn ask(&mut self) -> Result<BoxStream<'static, object_store::Result<Bytes>>, MediaError> {
        let range = Some(GetRange::Bounded(self.left.clone()));
        let options = GetOptions { range, if_match: self.tag.clone(), ..GetOptions::default() };
        match self.bucket.brisk.get_opts(&self.path, options).await {
            Ok(found) => Ok(found.into_stream()),
            Err(object_store::Error::NotFound { .. } | object_store::Error::Precondition { .. }) => {
                Err(MediaError::unavailable("the media were removed or replaced while they were read"))
            }
            Err(error) => Err(MediaError::storage(&error)),
        }
    }
}
