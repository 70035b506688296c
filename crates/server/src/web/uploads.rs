//! Forms that files come with: read piece by piece within bounds, looked at, put into the media store.
//!
//! Never here: what a form is about. A file counts only when its name and what stands in it say the same.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use axum::body::Bytes;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use chandlery_domain::ids::PartnerId;
use chandlery_domain::support::{FILE_BYTES_MAX, FILES_MAX, FileFault, file_name, kind_of};
use chandlery_store::service_requests::FileRecord;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use super::{Form, failed};
use crate::api::Api;
use crate::app::Context;
use crate::error::Error;
use crate::installation::OPERATOR;
use crate::texts::Reader;

/// The largest form with files taken.
const BODY_MAX: usize = 55 * 1024 * 1024;
/// The longest value of a field that is no file.
const VALUE_MAX: usize = 64 * 1024;
/// How many fields a form may have.
const FIELDS_MAX: usize = 60;
/// How many forms with files are read side by side, all partners together: each may fill memory with them.
const SIDE_BY_SIDE: usize = 4;
/// How many of one house: files that trickle in from one partner do not keep those of the others waiting.
const OF_ONE_HOUSE: usize = 2;
/// How long one waits for its turn, and how long it may take to arrive.
const TURN: Duration = Duration::from_secs(20);
const ARRIVAL: Duration = Duration::from_secs(5 * 60);

static ALL_PARTNERS: Semaphore = Semaphore::const_new(SIDE_BY_SIDE);
static HOUSES: LazyLock<Mutex<HashMap<PartnerId, Arc<Semaphore>>>> = LazyLock::new(Mutex::default);

/// Held from the first byte of a file until the files are let go of: it bounds what stands in memory.
pub(super) struct Turn {
    _house: OwnedSemaphorePermit,
    /// The operator's own turns are beside those of the partners: it can always answer.
    _all: Option<SemaphorePermit<'static>>,
}

impl Turn {
    /// Waits for a turn; none when it takes too long.
    async fn wait(house: PartnerId) -> Option<Self> {
        let own = {
            let mut all = HOUSES.lock().unwrap_or_else(PoisonError::into_inner);
            // Houses nobody waits in are forgotten.
            if all.len() > 1000 {
                all.retain(|_, own| Arc::strong_count(own) > 1);
            }
            Arc::clone(all.entry(house).or_insert_with(|| Arc::new(Semaphore::new(OF_ONE_HOUSE))))
        };
        let waiting = async {
            let house_turn = own.acquire_owned().await.ok()?;
            let all = if house == OPERATOR { None } else { Some(ALL_PARTNERS.acquire().await.ok()?) };
            Some(Self { _house: house_turn, _all: all })
        };
        tokio::time::timeout(TURN, waiting).await.ok().flatten()
    }
}

/// A file that was sent and is what it says.
pub(super) struct Given {
    name: String,
    kind: &'static str,
    bytes: Bytes,
}

/// What is wrong with the files of a form.
pub(super) enum Wrong {
    /// More than [`FILES_MAX`].
    TooMany,
    /// All together too large, or cut short.
    Broken,
    /// One of them, by name.
    One(String, FileFault),
}

impl Wrong {
    /// What is told of it.
    pub(super) fn said(&self, reader: &Reader) -> String {
        let most = reader.size(u64::try_from(FILE_BYTES_MAX).unwrap_or(u64::MAX));
        match self {
            Self::TooMany => reader.t1("support-files-too-many", "count", FILES_MAX),
            Self::Broken => reader.t2("support-files-broken", "count", FILES_MAX, "size", most),
            Self::One(name, FileFault::TooLarge) => {
                reader.t2("support-file-too-large", "name", name, "size", most)
            }
            Self::One(name, FileFault::Empty) => reader.t1("support-file-empty", "name", name),
            Self::One(name, FileFault::Kind) => reader.t1("support-file-kind", "name", name),
        }
    }
}

/// A form with its files. What was typed is there even where a file is wrong.
pub(super) struct Sent {
    pub(super) form: Form,
    pub(super) files: Vec<Given>,
    pub(super) wrong: Option<Wrong>,
    /// None where no file came.
    pub(super) turn: Option<Turn>,
}

/// Why a form was not read to its end.
enum Stopped {
    /// No turn for its files came.
    Busy,
    /// It is broken, or too large.
    Broken(MultipartError),
}

impl From<MultipartError> for Stopped {
    fn from(error: MultipartError) -> Self {
        Self::Broken(error)
    }
}

/// Reads a form with files, sent by somebody of this house.
///
/// # Errors
/// The answer when there is no turn, or it is no such form.
pub(super) async fn read(api: &Api, house: PartnerId, mut request: Request) -> Result<Sent, Response> {
    DefaultBodyLimit::max(BODY_MAX).apply(&mut request);
    let mut parts = Multipart::from_request(request, api).await.map_err(|own| own.into_response())?;
    let mut sent = Sent { form: Form(Vec::new()), files: Vec::new(), wrong: None, turn: None };
    let arrived = tokio::time::timeout(ARRIVAL, all(&mut parts, house, &mut sent)).await;
    match arrived {
        Ok(Ok(())) => Ok(sent),
        // What came before is there: the fields stand before the files.
        Ok(Err(Stopped::Broken(error))) => {
            tracing::debug!(%error, "a form with files was not read to its end");
            sent.wrong = Some(Wrong::Broken);
            Ok(sent)
        }
        Ok(Err(Stopped::Busy)) => {
            let why = "many files arrive at this moment".to_owned();
            let mut response = failed(api, &Error::Store(chandlery_store::Error::Unavailable { why }));
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("20"));
            Err(response)
        }
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT.into_response()),
    }
}

async fn all(parts: &mut Multipart, house: PartnerId, sent: &mut Sent) -> Result<(), Stopped> {
    while let Some(mut field) = parts.next_field().await? {
        let name = field.name().unwrap_or_default().to_owned();
        let Some(given) = field.file_name().map(file_name) else {
            if sent.form.0.len() >= FIELDS_MAX {
                sent.wrong = Some(Wrong::Broken);
                return Ok(());
            }
            let (bytes, _) = bounded(&mut field, VALUE_MAX).await?;
            // Browsers send line ends as CR LF.
            sent.form.0.push((name, String::from_utf8_lossy(&bytes).replace("\r\n", "\n")));
            continue;
        };
        // Where no file was chosen, browsers send an empty one without a name.
        let chosen = field.file_name().is_some_and(|own| !own.is_empty());
        if !chosen || sent.wrong.is_some() {
            bounded(&mut field, 0).await?;
            continue;
        }
        if sent.turn.is_none() {
            sent.turn = Some(Turn::wait(house).await.ok_or(Stopped::Busy)?);
        }
        let (bytes, whole) = bounded(&mut field, FILE_BYTES_MAX).await?;
        if sent.files.len() >= FILES_MAX {
            sent.wrong = Some(Wrong::TooMany);
            continue;
        }
        let kind = if whole { kind_of(&given, &bytes) } else { Err(FileFault::TooLarge) };
        match kind {
            Ok(kind) => sent.files.push(Given { name: given, kind, bytes: bytes.into() }),
            Err(fault) => sent.wrong = Some(Wrong::One(given, fault)),
        }
    }
    Ok(())
}

/// What stands in a part, as far as it may go; what lies beyond is read and dropped. Whether that was all.
async fn bounded(field: &mut Field<'_>, most: usize) -> Result<(Vec<u8>, bool), MultipartError> {
    let (mut bytes, mut whole) = (Vec::new(), true);
    while let Some(piece) = field.chunk().await? {
        let room = most.saturating_sub(bytes.len());
        whole &= piece.len() <= room;
        bytes.extend_from_slice(piece.get(..room.min(piece.len())).unwrap_or_default());
    }
    Ok((bytes, whole))
}

/// Puts files into the media store, before anything says that they are there.
///
/// # Errors
/// When the store cannot take them; nothing is left of them then.
pub(super) async fn keep(api: &Api, cx: &Context, files: Vec<Given>) -> Result<Vec<FileRecord>, Error> {
    let mut ids = cx.anew().ids();
    let mut kept = Vec::new();
    for file in files {
        let id = ids();
        let record = FileRecord {
            id,
            note: None,
            name: file.name,
            kind: file.kind.to_owned(),
            size: u64::try_from(file.bytes.len()).map_err(Error::internal)?,
            sha256: hex::encode(digest(&SHA256, &file.bytes)),
            object: format!("requests/{}", id.simple()),
        };
        if let Err(error) = api.installation.media.put_small(&record.object, file.bytes).await {
            let_go(api, &kept).await;
            return Err(Error::internal(error));
        }
        kept.push(record);
    }
    Ok(kept)
}

/// Removes files that nothing speaks of.
pub(super) async fn let_go(api: &Api, files: &[FileRecord]) {
    for file in files {
        if let Err(error) = api.installation.media.remove_small(&file.object).await {
            tracing::warn!(%error, "a file that nothing speaks of could not be removed");
        }
    }
}

/// A file as an answer: always to be saved, never to be shown as a page of ours.
///
/// # Errors
/// When it cannot be read, or is not what was stored.
pub(super) async fn answer(api: &Api, file: &FileRecord) -> Result<Response, Error> {
    let bytes = api.installation.media.get_small(&file.object, file.size).await.map_err(Error::internal)?;
    if hex::encode(digest(&SHA256, &bytes)) != file.sha256 {
        return Err(Error::internal("a file of a request is not what was stored"));
    }
    let plain: String =
        file.name.chars().map(|own| if own.is_ascii() && own != '"' { own } else { '_' }).collect();
    let full = utf8_percent_encode(&file.name, NON_ALPHANUMERIC);
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}");
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, file.kind.as_str()),
        (header::CONTENT_DISPOSITION, disposition.as_str()),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::try_from(value).map_err(Error::internal)?);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn files_that_trickle_in_from_one_partner_keep_nobody_else_waiting() {
        let house = |number| PartnerId::new(Uuid::from_u128(number));
        let held = [Turn::wait(house(1)).await, Turn::wait(house(1)).await];
        assert!(held.iter().all(Option::is_some));
        assert!(Turn::wait(house(1)).await.is_none(), "a third of the same house waits, and gives up");
        let others = [Turn::wait(house(2)).await, Turn::wait(house(3)).await];
        assert!(others.iter().all(Option::is_some));
        assert!(Turn::wait(house(4)).await.is_none(), "memory is bounded for all partners together");
        assert!(Turn::wait(OPERATOR).await.is_some(), "the operator can always answer");
        drop(held);
        assert!(Turn::wait(house(4)).await.is_some());
    }
}
