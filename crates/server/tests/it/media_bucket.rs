//! Media in a bucket: in parts, gone on with after a kill, never half there, and errors that say what is wrong.
//!
//! `CHANDLERY_TEST_S3` names a server that speaks S3: PyPI's `moto_server`, which `cargo xtask test` starts.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use chandlery::outside::media_store::{MediaError, MediaStore, Source, Uploaded};
use futures_util::TryStreamExt as _;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, Notify};

use crate::media_folder::{noise, sha256};

const MIB: usize = 1024 * 1024;
/// The least that S3 takes.
const PART: usize = 5 * MIB;

/// A bucket of its own behind a proxy that counts, a journal folder and a file to be stored.
struct World {
    folder: TempDir,
    store: MediaStore,
    proxy: Proxy,
    server: String,
    bucket: String,
    bytes: Vec<u8>,
}

impl World {
    async fn new(bucket: &str, size: usize) -> Self {
        let server = std::env::var("CHANDLERY_TEST_S3")
            .expect("CHANDLERY_TEST_S3 is not set: run `cargo xtask test`, which starts moto");
        let server = server.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let folder = tempfile::tempdir().unwrap();
        let unique = folder.path().file_name().unwrap().to_str().unwrap().to_lowercase();
        let bucket = format!("{bucket}-{}", unique.trim_start_matches(".tmp"));
        request(&server, "PUT", &format!("/{bucket}")).await;
        let proxy = Proxy::start(server.clone()).await;
        let store = open(&bucket, &proxy.address).with_part_size(PART as u64);
        let bytes = noise(size);
        std::fs::write(folder.path().join("source.iso"), &bytes).unwrap();
        Self { folder, store, proxy, server, bucket, bytes }
    }

    fn journals(&self) -> PathBuf {
        self.folder.path().join("journals")
    }

    async fn upload(&self, key: &str) -> Result<Uploaded, MediaError> {
        self.store_as(key, None, &|_| {}).await
    }

    async fn store_as(
        &self,
        key: &str,
        expected: Option<[u8; 32]>,
        seen: &(dyn Fn(u64) + Sync),
    ) -> Result<Uploaded, MediaError> {
        let source = self.folder.path().join("source.iso");
        self.store.upload(&source, key.into(), &self.journals(), expected, seen).await
    }

    /// Drops an upload once it has told of this many bytes.
    async fn cut_short(&self, key: &str, at: usize) {
        let stop = Notify::new();
        let seen = |bytes| {
            if bytes >= at as u64 {
                stop.notify_one();
            }
        };
        tokio::select! {
            biased;
            () = stop.notified() => {}
            done = self.store_as(key, None, &seen) => panic!("{done:?} before {at}"),
        }
    }

    async fn range(&self, key: &str, range: std::ops::Range<u64>) -> Result<Vec<u8>, MediaError> {
        let Source::Stream(stream) = self.store.open_range(key, range).await? else { panic!("not a stream") };
        let found = stream.try_fold(Vec::new(), async |mut all, bytes| {
            all.extend_from_slice(&bytes);
            Ok(all)
        });
        found.await
    }

    fn journal(&self) -> PathBuf {
        let mut found = std::fs::read_dir(self.journals()).unwrap();
        let journal = found.next().expect("a journal").unwrap().path();
        assert!(found.next().is_none());
        journal
    }

    /// How many parts the journal says are safe.
    fn noted(&self) -> usize {
        std::fs::read_to_string(self.journal()).unwrap().lines().count() - 1
    }

    /// The ids of uploads that were neither completed nor aborted.
    async fn open_uploads(&self) -> Vec<String> {
        let found = request(&self.server, "GET", &format!("/{}?uploads", self.bucket)).await;
        found.split("<UploadId>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
    }

    async fn nothing_is_left(&self) {
        assert_eq!(self.open_uploads().await, [""; 0]);
        let found = request(&self.server, "GET", &format!("/{}", self.bucket)).await;
        assert!(!found.contains("<Key>"), "{found}");
        assert_eq!(std::fs::read_dir(self.journals()).unwrap().count(), 0);
    }
}

fn settings(endpoint: &str) -> impl Fn(&str) -> Option<String> {
    let endpoint = format!("http://{endpoint}");
    move |name| match name {
        "AWS_ACCESS_KEY_ID" => Some("AKIATEST".into()),
        "AWS_SECRET_ACCESS_KEY" => Some("very-secret".into()),
        "AWS_REGION" => Some("us-east-1".into()),
        "AWS_ENDPOINT_URL" => Some(endpoint.clone()),
        _ => None,
    }
}

fn open(bucket: &str, endpoint: &str) -> MediaStore {
    MediaStore::open_with(&format!("s3://{bucket}/some/media/"), settings(endpoint)).unwrap()
}

/// One request past the store, and the text of its answer.
async fn request(server: &str, method: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(server).await.unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {server}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// Stands between the store and the server, counts the parts that are sent, and breaks off answers as told.
struct Proxy {
    address: String,
    parts: Arc<AtomicUsize>,
    /// How many of the next long answers break off in the middle.
    breaks: Arc<AtomicUsize>,
    /// The id of an upload that is answered as S3 does when it does not know it; moto 5.2 has a 500 for it.
    lost: Arc<Mutex<Option<String>>>,
}

impl Proxy {
    async fn start(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (parts, breaks) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let lost = Arc::new(Mutex::new(None));
        let (counted, broken, gone) = (Arc::clone(&parts), Arc::clone(&breaks), Arc::clone(&lost));
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let Ok(upstream) = TcpStream::connect(&server).await else { continue };
                tokio::spawn(pass(
                    client,
                    upstream,
                    Arc::clone(&counted),
                    Arc::clone(&broken),
                    Arc::clone(&gone),
                ));
            }
        });
        Self { address, parts, breaks, lost }
    }

    fn parts(&self) -> usize {
        self.parts.swap(0, Ordering::SeqCst)
    }
}

async fn pass(
    client: TcpStream,
    upstream: TcpStream,
    parts: Arc<AtomicUsize>,
    breaks: Arc<AtomicUsize>,
    lost: Arc<Mutex<Option<String>>>,
) {
    let (from_client, to_client) = client.into_split();
    let to_client = Mutex::new(to_client);
    let (mut from_server, mut to_server) = upstream.into_split();
    let requests = async {
        let mut from_client = BufReader::new(from_client);
        loop {
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                if from_client.read_line(&mut head).await? == 0 {
                    return Ok::<_, std::io::Error>(());
                }
            }
            if head.starts_with("PUT ") && head.contains("partNumber=") {
                parts.fetch_add(1, Ordering::SeqCst);
            }
            let lower = head.to_lowercase();
            let length = lower.split("content-length: ").nth(1).map(|rest| rest.lines().next().unwrap());
            let length = length.map_or(0, |length| length.trim().parse().unwrap());
            let mut body = (&mut from_client).take(length);
            let is_lost = lost.lock().await.as_ref().is_some_and(|id| head.contains(id.as_str()));
            if is_lost {
                tokio::io::copy(&mut body, &mut tokio::io::sink()).await?;
                let body = "<Error><Code>NoSuchUpload</Code></Error>";
                let answer =
                    format!("HTTP/1.1 404 Not Found\r\nContent-Length: {}\r\n\r\n{body}", body.len());
                to_client.lock().await.write_all(answer.as_bytes()).await?;
            } else {
                to_server.write_all(head.as_bytes()).await?;
                tokio::io::copy(&mut body, &mut to_server).await?;
            }
        }
    };
    let answers = async {
        let mut room = vec![0; 64 * 1024];
        let mut passed = 0;
        loop {
            let read = from_server.read(&mut room).await?;
            passed += read;
            let one_less = |left: usize| left.checked_sub(1);
            if passed > 3 * MIB && breaks.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less).is_ok() {
                return Ok::<_, std::io::Error>(());
            }
            if read == 0 {
                return Ok(());
            }
            to_client.lock().await.write_all(&room[..read]).await?;
        }
    };
    // When either side ends, both connections do.
    tokio::select! { _ = requests => {}, _ = answers => {} }
}

/// A server that answers all with the same.
async fn answering(status: &'static str, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let mut stream = BufReader::new(stream);
                let mut head = String::new();
                while !head.ends_with("\r\n\r\n")
                    && stream.read_line(&mut head).await.is_ok_and(|read| read > 0)
                {}
                let body = if head.starts_with("HEAD") { "" } else { body };
                let answer = format!(
                    "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                );
                stream.get_mut().write_all(answer.as_bytes()).await.unwrap();
                stream.get_mut().shutdown().await.unwrap();
            });
        }
    });
    address
}

#[tokio::test]
async fn media_are_sent_in_parts_and_read_in_ranges() {
    for (name, size) in [("empty", 0), ("small", 7), ("even", 2 * PART), ("odd", 4 * PART + 12_345)] {
        let world = World::new(name, size).await;
        let told = std::sync::Mutex::new(vec![0]);
        let sha = sha256(&world.bytes);
        let done =
            world.store_as("iso-1", Some(sha), &|bytes| told.lock().unwrap().push(bytes)).await.unwrap();
        assert_eq!(done, Uploaded { key: "iso-1".into(), size: size as u64, sha256: sha, kept: 0 });
        assert_eq!(world.proxy.parts(), size.div_ceil(PART).max(1));
        let told = told.into_inner().unwrap();
        assert!(told.is_sorted() && *told.last().unwrap() == size as u64, "{told:?}");
        assert_eq!(world.open_uploads().await, [""; 0]);
        assert_eq!(std::fs::read_dir(world.journals()).unwrap().count(), 0);

        let size = size as u64;
        assert_eq!(world.store.length("iso-1").await.unwrap(), Some(size));
        assert_eq!(world.store.hash("iso-1", &|_| {}).await.unwrap(), (size, sha));
        for range in
            [0..size, 0..0, size..size, 0..size.min(5), size / 3..size / 2, size.saturating_sub(3)..size]
        {
            let found = world.range("iso-1", range.clone()).await.unwrap();
            assert!(found == world.bytes[range.start as usize..range.end as usize], "{range:?}");
        }
        for range in [0..size + 1, size + 1..size + 1, size + 1..size + 9] {
            let error = world.range("iso-1", range).await.unwrap_err();
            assert!(matches!(error, MediaError::OutOfRange { length, .. } if length == size), "{error}");
        }
        world.store.remove("iso-1").await.unwrap();
        world.store.remove("iso-1").await.unwrap();
        assert_eq!(world.store.length("iso-1").await.unwrap(), None);
        assert!(matches!(world.range("iso-1", 0..1).await, Err(MediaError::NotFound { .. })));
        assert!(matches!(world.store.hash("iso-1", &|_| {}).await, Err(MediaError::NotFound { .. })));
    }
}

#[tokio::test]
async fn an_upload_that_was_cut_short_sends_no_part_twice() {
    let world = World::new("resume", 9 * PART + 1).await;
    world.cut_short("first", 4 * PART).await;
    let noted = world.noted();
    assert!((4..10).contains(&noted), "{noted}");
    assert_eq!(world.store.length("first").await.unwrap(), None);
    world.proxy.parts();

    let done = world.upload("second").await.unwrap();
    assert_eq!(world.proxy.parts(), 10 - noted);
    assert_eq!(done.key, "first");
    assert!(done.kept >= (noted as u64 - 1) * PART as u64 && done.kept <= (noted * PART) as u64, "{done:?}");
    assert_eq!(done.sha256, sha256(&world.bytes));
    assert!(world.range("first", 0..done.size).await.unwrap() == world.bytes);
    assert_eq!(world.store.length("second").await.unwrap(), None);
    assert_eq!(world.open_uploads().await, [""; 0]);
    assert_eq!(std::fs::read_dir(world.journals()).unwrap().count(), 0);
}

#[tokio::test]
async fn an_upload_that_the_storage_lost_begins_anew() {
    // It is noticed when the next part is sent, or when there is none left to send.
    for (bucket, cut) in [("lost", 2 * PART), ("lost-late", 6 * PART)] {
        let world = World::new(bucket, 6 * PART).await;
        world.cut_short("first", cut).await;
        let id = world.open_uploads().await.pop().unwrap();
        request(&world.server, "DELETE", &format!("/{}/some/media/first?uploadId={id}", world.bucket)).await;
        assert_eq!(world.open_uploads().await, [""; 0]);
        *world.proxy.lost.lock().await = Some(id);
        let done = world.upload("second").await.unwrap();
        assert_eq!((done.key.as_str(), done.kept), ("second", 0));
        assert!(world.range("second", 0..done.size).await.unwrap() == world.bytes);
        assert_eq!(world.open_uploads().await, [""; 0]);
        assert_eq!(std::fs::read_dir(world.journals()).unwrap().count(), 0);
    }
}

#[tokio::test]
async fn a_part_that_the_storage_lost_is_noticed_at_the_end() {
    let world = World::new("lost-part", 4 * PART).await;
    world.cut_short("first", 2 * PART).await;
    let text = std::fs::read_to_string(world.journal()).unwrap();
    let (head, rest) = text.split_once("\"id\":\"\\\"").unwrap();
    let journal = format!("{head}\"id\":\"\\\"{}{}", "0".repeat(32), &rest[32..]);
    std::fs::write(world.journal(), journal).unwrap();
    let done = world.upload("second").await.unwrap();
    assert_eq!((done.key.as_str(), done.kept), ("second", 0));
    assert!(world.range("second", 0..done.size).await.unwrap() == world.bytes);
    assert_eq!(world.open_uploads().await, [""; 0]);
}

#[tokio::test]
async fn a_kill_between_the_last_two_steps_does_not_lose_the_key() {
    let world = World::new("last", 3 * PART).await;
    let kept = std::sync::Mutex::new(None);
    let seen = |bytes| {
        if bytes == 3 * PART as u64 {
            let journal = world.journal();
            *kept.lock().unwrap() = Some((std::fs::read(&journal).unwrap(), journal));
        }
    };
    world.store_as("first", None, &seen).await.unwrap();
    // It was completed, and the journal was left.
    let (text, journal) = kept.into_inner().unwrap().unwrap();
    std::fs::write(journal, text).unwrap();
    world.proxy.parts();
    let done = world.upload("second").await.unwrap();
    assert_eq!((done.key.as_str(), done.kept, world.proxy.parts()), ("first", 3 * PART as u64, 0));
    assert_eq!(world.store.length("second").await.unwrap(), None);
    assert_eq!(std::fs::read_dir(world.journals()).unwrap().count(), 0);
}

#[tokio::test]
async fn another_file_than_was_promised_leaves_nothing() {
    let world = World::new("wrong", 3 * PART).await;
    let error = world.store_as("iso", Some([0xab; 32]), &|_| {}).await.unwrap_err();
    assert!(matches!(error, MediaError::WrongHash { .. }), "{error}");
    assert!(error.to_string().contains(&hex::encode(sha256(&world.bytes))), "{error}");
    world.nothing_is_left().await;
}

#[tokio::test]
async fn a_file_that_changes_while_it_is_read_leaves_nothing() {
    let world = World::new("change", 12 * PART).await;
    let file = std::fs::File::options().write(true).open(world.folder.path().join("source.iso")).unwrap();
    let seen = |bytes| {
        if bytes == PART as u64 {
            file.set_len(11 * PART as u64).unwrap();
        }
    };
    let error = world.store_as("iso", None, &seen).await.unwrap_err();
    assert!(matches!(error, MediaError::SourceChanged { what: "shrank", .. }), "{error}");
    world.nothing_is_left().await;
}

#[tokio::test]
async fn a_file_that_changed_since_is_stored_anew() {
    let world = World::new("since", 6 * PART).await;
    world.cut_short("first", 2 * PART).await;
    let bytes = noise(2 * PART + 1);
    std::fs::write(world.folder.path().join("source.iso"), &bytes).unwrap();
    let done = world.upload("second").await.unwrap();
    assert_eq!((done.key.as_str(), done.kept), ("second", 0));
    assert!(world.range("second", 0..done.size).await.unwrap() == bytes);
    assert_eq!(world.open_uploads().await, [""; 0], "what was half done is gone");
    assert_eq!(std::fs::read_dir(world.journals()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_stream_that_breaks_off_goes_on() {
    let world = World::new("breaks", 4 * PART).await;
    world.upload("iso").await.unwrap();
    world.proxy.breaks.store(3, Ordering::SeqCst);
    let found = world.range("iso", 5..4 * PART as u64 - 5).await.unwrap();
    assert_eq!(world.proxy.breaks.load(Ordering::SeqCst), 0);
    assert!(found == world.bytes[5..4 * PART - 5]);
}

#[tokio::test]
async fn a_bucket_that_is_not_there_is_named_as_the_cause() {
    let world = World::new("there", 7).await;
    let store = open("no-such-bucket-here", &world.proxy.address);
    let source = world.folder.path().join("source.iso");
    let error = store.upload(&source, "iso".into(), &world.journals(), None, &|_| {}).await.unwrap_err();
    assert!(matches!(error, MediaError::Refused { .. }) && error.can_resume(), "{error:?}");
    assert!(error.to_string().contains("bucket"), "{error}");
}

#[tokio::test]
async fn practice_media_are_for_folders() {
    let store = open("bucket", "127.0.0.1:1");
    assert!(matches!(store.place_sparse("iso", 1).await, Err(MediaError::LocalOnly)));
    assert!(matches!(store.length("../x").await, Err(MediaError::BadKey)));
}

#[tokio::test]
async fn a_server_that_is_down_is_an_error_soon() {
    let folder = tempfile::tempdir().unwrap();
    let (source, journals) = (folder.path().join("source.iso"), folder.path().join("journals"));
    std::fs::write(&source, "x").unwrap();
    let store = open("bucket", "127.0.0.1:1");
    let started = Instant::now();
    let (length, uploaded) =
        tokio::join!(store.length("iso"), store.upload(&source, "iso".into(), &journals, None, &|_| {}));
    for error in [length.unwrap_err(), uploaded.unwrap_err()] {
        assert!(matches!(error, MediaError::Unavailable { .. }) && error.can_resume(), "{error:?}");
        assert!(error.to_string().contains("refused"), "{error}");
    }
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
}

#[tokio::test]
async fn what_the_storage_answers_is_told_in_plain_words() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source.iso");
    std::fs::write(&source, "x").unwrap();
    for (status, code, words) in [
        ("403 Forbidden", "InvalidAccessKeyId", "AWS_ACCESS_KEY_ID"),
        ("403 Forbidden", "SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY"),
        ("403 Forbidden", "AccessDenied", "may not do this"),
        ("404 Not Found", "NoSuchBucket", "no such bucket"),
        ("301 Moved Permanently", "PermanentRedirect", "AWS_REGION"),
        ("400 Bad Request", "InvalidRequest", "wrong"),
    ] {
        let body = format!("<Error><Code>{code}</Code><Message>Some\nwords</Message></Error>");
        let store = open("bucket", &answering(status, body.leak()).await);
        let upload = store.upload(&source, "iso".into(), folder.path(), None, &|_| {});
        let error = upload.await.unwrap_err();
        assert!(matches!(error, MediaError::Refused { .. }), "{error:?}");
        assert!(error.to_string().contains(words), "{error}");
        assert!(!error.to_string().contains('\n') && !error.to_string().contains("very-secret"), "{error}");
    }
    let store = open("bucket", &answering("403 Forbidden", "").await);
    let error = store.length("iso").await.unwrap_err();
    assert!(matches!(error, MediaError::Refused { .. }), "{error}");

    let full = "<Error><Code>XMinioStorageFull</Code><Message>No space</Message></Error>";
    let store = open("bucket", &answering("507 Insufficient Storage", full).await);
    let error = store.upload(&source, "iso".into(), folder.path(), None, &|_| {}).await.unwrap_err();
    assert!(matches!(error, MediaError::Full { .. }) && error.can_resume(), "{error}");
}

#[test]
fn what_is_missing_or_unsafe_is_named_and_no_secret_is() {
    let set = |changes: &[(&'static str, &'static str)]| {
        let changes = changes.to_vec();
        let usual = settings("127.0.0.1:9000");
        move |name: &str| match changes.iter().find(|(changed, _)| *changed == name) {
            Some((_, "")) => None,
            Some((_, value)) => Some((*value).to_owned()),
            None => usual(name),
        }
    };
    let refused = |place: &str, changes: &[(&'static str, &'static str)], words: &str| {
        let error =
            MediaStore::open_with(place, set(changes)).err().unwrap_or_else(|| panic!("{place} {changes:?}"));
        assert!(matches!(error, MediaError::BadPlace { .. }), "{error:?}");
        assert!(error.to_string().contains(words), "{error}");
        assert!(!error.to_string().contains("very-secret"), "{error}");
    };
    let place = "s3://bucket/media";
    refused(place, &[("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", "")], "must be set");
    refused(place, &[("AWS_ACCESS_KEY_ID", "")], "AWS_ACCESS_KEY_ID is missing");
    refused(place, &[("AWS_SECRET_ACCESS_KEY", "")], "AWS_SECRET_ACCESS_KEY is missing");
    refused(place, &[("AWS_ENDPOINT_URL", ""), ("AWS_REGION", "")], "AWS_REGION");
    refused(place, &[("AWS_ENDPOINT_URL", "http://storage.example")], "AWS_ALLOW_HTTP");
    refused(place, &[("AWS_ENDPOINT_URL", "http://127.0.0.1.example")], "https://");
    refused(place, &[("AWS_ENDPOINT_URL", "https://me:very-secret@storage.example")], "user or password");
    refused(place, &[("AWS_ENDPOINT_URL", "storage.example:9000")], "https://");
    for wrong in [
        "s3:",
        "s3://",
        "s3:/bucket",
        "s3://a",
        "s3://bu cket",
        "s3://bucket//x",
        "s3://bucket/../x",
        "s3://bucket/a?b",
    ] {
        refused(wrong, &[], "s3:");
    }
    for (place, changes) in [
        ("s3://bucket", vec![]),
        ("s3://bucket/", vec![]),
        ("s3://bucket/deep/er", vec![]),
        (place, vec![("AWS_ENDPOINT_URL", "http://[::1]:9000")]),
        (place, vec![("AWS_ENDPOINT_URL", "http://storage.example"), ("AWS_ALLOW_HTTP", "true")]),
        (place, vec![("AWS_ENDPOINT_URL", "https://storage.example"), ("AWS_REGION", "")]),
        (place, vec![("AWS_ENDPOINT_URL", ""), ("AWS_REGION", "eu-central-1")]),
    ] {
        assert!(MediaStore::open_with(place, set(&changes)).is_ok(), "{place} {changes:?}");
    }
}

#[tokio::test]
async fn small_files_are_sent_whole() {
    let world = World::new("small-files", 1).await;
    let bytes = noise(MIB + 7);
    world.store.put_small("requests/a1", bytes.clone().into()).await.unwrap();
    assert!(world.store.get_small("requests/a1", bytes.len() as u64).await.unwrap() == bytes);
    let again = world.store.put_small("requests/a1", b"another".to_vec().into()).await;
    assert!(matches!(again, Err(MediaError::AlreadyThere { .. })));
    assert!(matches!(world.store.get_small("requests/a1", 7).await, Err(MediaError::OutOfRange { .. })));
    assert!(matches!(world.store.put_small("a1", b"x".to_vec().into()).await, Err(MediaError::BadKey)));
    world.store.remove_small("requests/a1").await.unwrap();
    world.store.remove_small("requests/a1").await.unwrap();
    assert!(matches!(world.store.get_small("requests/a1", 1).await, Err(MediaError::NotFound { .. })));
}
