//! Media in a local folder: whole or not there, gone on with after a kill, never another file's bytes.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{FileExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use chandlery::outside::media_store::{MediaError, MediaStore, Source, Uploaded};
use proptest::prelude::*;
use tempfile::TempDir;
use tokio::sync::Notify;

const MIB: usize = 1024 * 1024;

/// A folder with a store, a journal folder and a file to be stored.
struct World {
    folder: TempDir,
    store: MediaStore,
    bytes: Vec<u8>,
}

impl World {
    fn new(size: usize, part_size: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = MediaStore::open(folder.path().join("media").to_str().unwrap()).unwrap();
        let store = store.with_part_size(part_size as u64);
        let bytes = noise(size);
        std::fs::write(folder.path().join("source.iso"), &bytes).unwrap();
        Self { folder, store, bytes }
    }

    fn source(&self) -> PathBuf {
        self.folder.path().join("source.iso")
    }

    fn media(&self) -> PathBuf {
        self.folder.path().join("media")
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
        self.store.upload(&self.source(), key.into(), &self.journals(), expected, seen).await
    }

    /// Drops an upload once it has told of this many bytes, and waits until its threads have ended.
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
            done = self.store_as(key, None, &seen) => {
                panic!("{done:?} before {at}")
            }
        }
        while File::open(self.journal()).unwrap().try_lock().is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// The one journal there is.
    fn journal(&self) -> PathBuf {
        let found = names(&self.journals());
        assert_eq!(found.len(), 1, "{found:?}");
        self.journals().join(&found[0])
    }

    /// How many parts the journal says are safe.
    fn noted(&self) -> usize {
        std::fs::read_to_string(self.journal()).unwrap().lines().count() - 1
    }

    fn stored(&self, key: &str) -> Vec<u8> {
        std::fs::read(self.media().join(key)).unwrap()
    }

    #[track_caller]
    fn nothing_is_left(&self) {
        assert_eq!(names(&self.media()), [""; 0]);
        assert_eq!(names(&self.journals()), [""; 0]);
    }
}

fn names(folder: &Path) -> Vec<String> {
    let found = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = found.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Bytes that do not repeat.
pub fn noise(size: usize) -> Vec<u8> {
    let mut state = 88_172_645_463_325_252_u64;
    let mut bytes = Vec::with_capacity(size + 8);
    while bytes.len() < size {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(size);
    bytes
}

pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    digest(&SHA256, bytes).as_ref().try_into().unwrap()
}

async fn range(store: &MediaStore, key: &str, range: std::ops::Range<u64>) -> Result<Vec<u8>, MediaError> {
    let length = range.end.saturating_sub(range.start);
    let Source::File(file) = store.open_range(key, range).await? else { panic!("not a file") };
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes).unwrap();
    Ok(bytes)
}

#[tokio::test]
async fn a_file_of_any_length_is_stored_whole() {
    for size in [0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB + 7, 4 * MIB] {
        let world = World::new(size, MIB);
        let told = Mutex::new(vec![0]);
        let seen = |bytes| told.lock().unwrap().push(bytes);
        let expected = Some(sha256(&world.bytes));
        let done = world.store_as("iso-1", expected, &seen);
        let done = done.await.unwrap();
        let sha256 = sha256(&world.bytes);
        assert_eq!(done, Uploaded { key: "iso-1".into(), size: size as u64, sha256, kept: 0 });
        assert!(world.stored("iso-1") == world.bytes);
        let told = told.into_inner().unwrap();
        assert!(told.is_sorted() && *told.last().unwrap() == size as u64, "{told:?}");
        assert_eq!(names(&world.media()), ["iso-1"]);
        assert_eq!(names(&world.journals()), [""; 0]);
        let mode = |path: PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(world.media()), 0o700);
        assert_eq!(mode(world.journals()), 0o700);
        assert_eq!(mode(world.media().join("iso-1")), 0o600);
        assert_eq!(world.store.length("iso-1").await.unwrap(), Some(size as u64));
        assert_eq!(world.store.hash("iso-1", &|_| {}).await.unwrap(), (size as u64, sha256));
        world.store.remove("iso-1").await.unwrap();
        world.store.remove("iso-1").await.unwrap();
        assert_eq!(world.store.length("iso-1").await.unwrap(), None);
        assert!(matches!(world.store.hash("iso-1", &|_| {}).await, Err(MediaError::NotFound { .. })));
    }
}

#[tokio::test]
async fn an_upload_that_was_cut_short_goes_on_and_writes_no_part_twice() {
    let world = World::new(48 * MIB, MIB);
    world.cut_short("first", 40 * MIB).await;
    assert!(world.store.length("first").await.unwrap().is_none(), "it can be seen half done");
    let noted = world.noted();
    assert!(noted > 0 && noted < 48, "{noted}");

    let done = world.upload("second").await.unwrap();
    assert_eq!((done.key.as_str(), done.kept), ("first", (noted * MIB) as u64));
    assert_eq!(done.sha256, sha256(&world.bytes));
    assert!(world.stored("first") == world.bytes);
    assert_eq!(names(&world.media()), ["first"]);
    assert_eq!(names(&world.journals()), [""; 0]);
}

#[tokio::test]
async fn what_the_journal_names_is_left_as_it_is_and_what_follows_is_not() {
    let world = World::new(48 * MIB, MIB);
    world.cut_short("iso", 40 * MIB).await;
    let noted = world.noted();
    let part = File::options().write(true).open(world.media().join("iso.part")).unwrap();
    // No disk does this; it shows which bytes are written again.
    part.write_at(b"mark", 0).unwrap();
    part.write_at(b"mark", (noted * MIB) as u64).unwrap();
    world.upload("iso").await.unwrap();
    let stored = world.stored("iso");
    assert_eq!(&stored[..4], b"mark", "the first part was written twice");
    assert!(stored[4..] == world.bytes[4..]);
    let (_, found) = world.store.hash("iso", &|_| {}).await.unwrap();
    assert_ne!(found, sha256(&world.bytes), "a check reads what is there");
}

#[tokio::test]
async fn a_part_that_is_missing_is_written_again() {
    for damage in ["gone", "short"] {
        let world = World::new(24 * MIB, MIB);
        world.cut_short("first", 20 * MIB).await;
        assert!(world.noted() > 0);
        let part = world.media().join("first.part");
        match damage {
            "gone" => std::fs::remove_file(&part).unwrap(),
            _ => File::options().write(true).open(&part).unwrap().set_len(MIB as u64 / 2).unwrap(),
        }
        let done = world.upload("second").await.unwrap();
        assert_eq!((done.key.as_str(), done.kept), ("second", 0), "{damage}");
        assert!(world.stored("second") == world.bytes, "{damage}");
        assert_eq!(names(&world.media()), ["second"], "{damage}");
    }
}

#[tokio::test]
async fn a_line_of_the_journal_that_was_cut_short_is_none() {
    let world = World::new(24 * MIB, MIB);
    world.cut_short("iso", 20 * MIB).await;
    let noted = world.noted();
    let mut journal = File::options().append(true).open(world.journal()).unwrap();
    journal.write_all(b"{\"part\":23,\"sha2").unwrap();
    let done = world.upload("iso").await.unwrap();
    assert_eq!(done.kept, (noted * MIB) as u64);
    assert!(world.stored("iso") == world.bytes);

    world.store.remove("iso").await.unwrap();
    world.cut_short("iso", 20 * MIB).await;
    std::fs::write(world.journal(), "{\"version\":1,\"key\":\"../../etc/x\",\"part_size\":1}\n").unwrap();
    let done = world.upload("new").await.unwrap();
    assert_eq!((done.key.as_str(), done.kept), ("new", 0), "a journal is not believed a path");
}

#[tokio::test]
async fn a_file_that_changed_since_is_stored_anew() {
    let world = World::new(24 * MIB, MIB);
    world.cut_short("first", 20 * MIB).await;
    let mut bytes = noise(25 * MIB);
    bytes[5] ^= 1;
    std::fs::write(world.source(), &bytes).unwrap();
    let done = world.upload("second").await.unwrap();
    assert_eq!((done.key.as_str(), done.kept, done.sha256), ("second", 0, sha256(&bytes)));
    assert_eq!(names(&world.media()), ["second"], "what was half done is gone");
    assert_eq!(names(&world.journals()), [""; 0]);
}

#[tokio::test]
async fn a_file_that_changed_under_its_old_date_is_stored_anew() {
    let world = World::new(24 * MIB, MIB);
    world.cut_short("first", 20 * MIB).await;
    let date = std::fs::metadata(world.source()).unwrap().modified().unwrap();
    let file = File::options().write(true).open(world.source()).unwrap();
    file.write_at(b"changed", 9).unwrap();
    file.set_modified(date).unwrap();
    let done = world.upload("second").await.unwrap();
    assert_eq!((done.key.as_str(), done.kept), ("second", 0));
    assert!(world.stored("second") == std::fs::read(world.source()).unwrap());
    assert_eq!(names(&world.media()), ["second"]);
}

#[tokio::test]
async fn a_kill_between_the_last_two_steps_does_not_lose_the_key() {
    let world = World::new(4 * MIB + 5, MIB);
    world.cut_short("iso", MIB).await;
    // All parts are noted and the file has its name; only the journal is left.
    let text = std::fs::read_to_string(world.journal()).unwrap();
    let mut journal = format!("{}\n", text.lines().next().unwrap());
    for part in 0..5 {
        let hash = sha256(&world.bytes[..world.bytes.len().min((part + 1) * MIB)]);
        journal.push_str(&format!("{{\"part\":{part},\"sha256\":\"{}\"}}\n", hex::encode(hash)));
    }
    std::fs::write(world.journal(), &journal).unwrap();
    let journal_path = world.journal();
    std::fs::write(world.media().join("iso"), &world.bytes).unwrap();
    std::fs::remove_file(world.media().join("iso.part")).unwrap();
    let done = world.upload("other").await.unwrap();
    assert_eq!((done.key.as_str(), done.kept), ("iso", world.bytes.len() as u64));
    assert_eq!(names(&world.media()), ["iso"]);
    assert_eq!(names(&world.journals()), [""; 0]);

    // The same, but it is not what was promised.
    std::fs::write(journal_path, &journal).unwrap();
    let upload = world.store_as("x", Some([7; 32]), &|_| {});
    assert!(matches!(upload.await, Err(MediaError::WrongHash { .. })));
    world.nothing_is_left();
}

#[tokio::test]
async fn another_file_than_was_promised_leaves_nothing() {
    let world = World::new(3 * MIB, MIB);
    let upload = world.store_as("iso", Some([0xab; 32]), &|_| {});
    let error = upload.await.unwrap_err();
    let MediaError::WrongHash { expected, found } = &error else { panic!("{error:?}") };
    assert_eq!((*expected, *found), ([0xab; 32], sha256(&world.bytes)));
    assert!(error.to_string().contains(&"ab".repeat(32)), "{error}");
    assert!(error.to_string().contains(&hex::encode(sha256(&world.bytes))), "{error}");
    assert!(!error.can_resume());
    world.nothing_is_left();
}

#[tokio::test]
async fn a_file_that_changes_while_it_is_read_leaves_nothing() {
    for (what, size) in [("shrank", 20 * MIB), ("grew", 41 * MIB), ("changed", 40 * MIB)] {
        let world = World::new(40 * MIB, MIB);
        let file = File::options().write(true).open(world.source()).unwrap();
        let seen = |bytes| {
            if bytes == MIB as u64 {
                file.set_len(size as u64).unwrap();
                file.write_at(b"changed", 3).unwrap();
            }
        };
        let upload = world.store_as("iso", None, &seen);
        let error = upload.await.unwrap_err();
        assert!(matches!(&error, MediaError::SourceChanged { what: found, .. } if *found == what), "{error}");
        assert!(error.to_string().contains("source.iso"), "{error}");
        world.nothing_is_left();
    }
}

#[tokio::test]
async fn a_disk_that_is_full_says_so_and_is_gone_on_with() {
    let world = World::new(12 * MIB, MIB);
    let disk = world.folder.path().join("disk");
    std::fs::create_dir(&disk).unwrap();
    let mount = |options: &str| {
        let command = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(&disk)
            .output();
        command.is_ok_and(|done| done.status.success())
    };
    if !mount("size=8m") {
        return; // Only root may.
    }
    let store = MediaStore::open(disk.join("media").to_str().unwrap()).unwrap().with_part_size(MIB as u64);
    let upload = |key: &'static str| {
        let (store, source, journals) = (store.clone(), world.source(), world.journals());
        async move { store.upload(&source, key.into(), &journals, None, &|_| {}).await }
    };
    let error = upload("first").await.unwrap_err();
    let left = (names(&disk.join("media")), names(&world.journals()));
    let enlarged = mount("remount,size=64m");
    let done = upload("second").await;
    let whole = std::fs::read(disk.join("media/second"));
    std::process::Command::new("umount").arg(&disk).status().unwrap();
    assert!(matches!(error, MediaError::Full { .. }) && error.can_resume(), "{error}");
    assert_eq!(left, (vec![], vec![]), "nothing was kept, so nothing takes room");
    if enlarged {
        assert_eq!(done.unwrap().key, "second");
        assert!(whole.unwrap() == world.bytes);
    }
}

#[tokio::test]
async fn a_journal_that_cannot_be_written_stops_the_upload() {
    let world = World::new(3 * MIB, MIB);
    std::fs::write(world.journals(), "a file").unwrap();
    let error = world.upload("iso").await.unwrap_err();
    assert!(error.to_string().contains("journals"), "{error}");
    assert_eq!(names(&world.media()), [""; 0]);
}

#[tokio::test]
async fn two_at_once_store_one_file_after_the_other() {
    let world = World::new(20 * MIB, MIB);
    let (one, two) = tokio::join!(world.upload("one"), world.upload("two"));
    assert_eq!((one.unwrap().key.as_str(), two.unwrap().key.as_str()), ("one", "two"));
    assert!(world.stored("one") == world.bytes && world.stored("two") == world.bytes);
    assert_eq!(names(&world.media()), ["one", "two"]);
    assert_eq!(names(&world.journals()), [""; 0]);
}

#[tokio::test]
async fn what_is_there_is_never_replaced() {
    let world = World::new(3 * MIB, MIB);
    world.store.place_sparse("iso", 5).await.unwrap();
    assert!(matches!(world.upload("iso").await, Err(MediaError::AlreadyThere { .. })));
    assert!(matches!(world.store.place_sparse("iso", 9).await, Err(MediaError::AlreadyThere { .. })));
    assert_eq!(world.stored("iso"), [0; 5]);
    let seen = |bytes| {
        if bytes == MIB as u64 {
            std::fs::write(world.media().join("late"), "mine").unwrap();
        }
    };
    let upload = world.store_as("late", None, &seen);
    assert!(matches!(upload.await, Err(MediaError::AlreadyThere { .. })));
    assert_eq!(world.stored("late"), b"mine");
    assert_eq!(names(&world.media()), ["iso", "late"]);
    assert_eq!(names(&world.journals()), [""; 0]);
}

#[tokio::test]
async fn practice_media_take_no_room() {
    use std::os::unix::fs::MetadataExt as _;
    let world = World::new(0, MIB);
    let size = 6 * 1024 * MIB as u64;
    world.store.place_sparse("dvd", size).await.unwrap();
    assert_eq!(world.store.length("dvd").await.unwrap(), Some(size));
    assert_eq!(std::fs::metadata(world.media().join("dvd")).unwrap().blocks(), 0);
    assert_eq!(range(&world.store, "dvd", size - 3..size).await.unwrap(), [0; 3]);
    assert_eq!(names(&world.media()), ["dvd"]);
}

#[tokio::test]
async fn a_key_is_never_a_path() {
    let world = World::new(3, MIB);
    let long = "x".repeat(65);
    for key in
        ["", ".", "..", "a/b", "../a", "/etc/passwd", "a.part", "A", "ä", "a b", "a\0", "a_b", long.as_str()]
    {
        let refused = |error: MediaError| assert!(matches!(error, MediaError::BadKey), "{key}: {error}");
        refused(world.upload(key).await.unwrap_err());
        refused(world.store.open_range(key, 0..1).await.err().unwrap());
        refused(world.store.length(key).await.unwrap_err());
        refused(world.store.hash(key, &|_| {}).await.unwrap_err());
        refused(world.store.remove(key).await.unwrap_err());
        refused(world.store.place_sparse(key, 1).await.unwrap_err());
    }
    assert!(world.upload(&"x".repeat(64)).await.is_ok());
}

#[tokio::test]
async fn only_regular_files_that_are_there_can_be_stored() {
    let world = World::new(3, MIB);
    let pipe = world.folder.path().join("pipe");
    std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    for source in [world.folder.path().join("none"), world.media(), pipe, "/dev/zero".into()] {
        let journals = world.journals();
        let upload = world.store.upload(&source, "iso".into(), &journals, None, &|_| {});
        let error = tokio::time::timeout(Duration::from_secs(5), upload).await.unwrap().unwrap_err();
        assert!(matches!(error, MediaError::Unreadable { .. }), "{error}");
        let name = source.file_name().unwrap().to_str().unwrap();
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[tokio::test]
async fn a_folder_that_is_gone_is_not_an_empty_one() {
    let world = World::new(3, MIB);
    std::fs::remove_dir(world.media()).unwrap();
    assert!(world.store.length("iso").await.is_err());
    assert!(world.store.open_range("iso", 0..1).await.is_err());
    assert!(world.upload("iso").await.unwrap_err().can_resume());
}

#[test]
fn what_is_no_place_is_refused_with_what_would_be_right() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/media");
    for right in
        [path.display().to_string(), format!("file:{}", path.display()), format!("file://{}", path.display())]
    {
        assert!(MediaStore::open(&right).is_ok(), "{right}");
    }
    for wrong in
        ["", "file:", "file:media", "file://host/media", "gs://bucket/x", "http://x/", "S3://bucket", "a\0b"]
    {
        let error = MediaStore::open(wrong).err().unwrap();
        assert!(matches!(error, MediaError::BadPlace { .. }), "{wrong}");
        assert!(error.to_string().contains("s3://bucket/prefix"), "{error}");
    }
    std::fs::write(folder.path().join("file"), "").unwrap();
    for wrong in ["file", "file/below"] {
        let error = MediaStore::open(folder.path().join(wrong).to_str().unwrap()).err().unwrap();
        assert!(matches!(error, MediaError::BadPlace { .. }), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn ranges_are_those_of_the_source_however_often_it_was_cut_short(
        size in 1_usize..6 * MIB,
        part_size in MIB / 4..2 * MIB,
        cuts in prop::collection::vec(0.0..1.0_f64, 0..4),
        ranges in prop::collection::vec((0.0..=1.0_f64, 0.0..=1.0_f64), 1..20),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let world = World::new(size, part_size);
            for cut in cuts {
                let at = (size as f64 * cut) as u64;
                let stop = Notify::new();
                let seen = |bytes| if bytes >= at { stop.notify_one() };
                tokio::select! {
                    biased;
                    () = stop.notified() => {}
                    _ = world.store_as("iso", None, &seen) => break,
                }
            }
            if world.store.length("iso").await.unwrap().is_none() {
                world.upload("iso").await.unwrap();
            }
            assert_eq!(names(&world.media()), ["iso"]);
            for (one, two) in ranges {
                let at = |share: f64| (size as f64 * share) as usize;
                let (start, end) = (at(one.min(two)), at(one.max(two)));
                let found = range(&world.store, "iso", start as u64..end as u64).await.unwrap();
                assert!(found == world.bytes[start..end], "{start}..{end} of {size}");
            }
            for wrong in [0..size as u64 + 1, size as u64 + 1..size as u64 + 2, std::ops::Range { start: 1, end: 0 }] {
                let error = world.store.open_range("iso", wrong).await.err().unwrap();
                assert!(matches!(error, MediaError::OutOfRange { length, .. } if length == size as u64));
            }
        });
    }
}

#[tokio::test]
async fn small_files_lie_apart_and_are_whole() {
    let world = World::new(1, MIB);
    let bytes = noise(MIB + 7);
    world.store.put_small("requests/a1", bytes.clone().into()).await.unwrap();
    assert!(world.store.get_small("requests/a1", bytes.len() as u64).await.unwrap() == bytes);
    assert_eq!(names(&world.media()), ["requests"]);
    assert_eq!(names(&world.media().join("requests")), ["a1"]);
    let mode = |path: PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        (mode(world.media().join("requests")), mode(world.media().join("requests/a1"))),
        (0o700, 0o600)
    );
    let again = world.store.put_small("requests/a1", b"another".to_vec().into()).await;
    assert!(matches!(again, Err(MediaError::AlreadyThere { .. })));
    let less = world.store.get_small("requests/a1", 7).await;
    assert!(matches!(less, Err(MediaError::OutOfRange { .. })));
    for key in ["a1", "requests/", "requests/../a1", "requests/a/b", "requests/A", "/requests/a"] {
        let wrong = world.store.put_small(key, b"x".to_vec().into()).await;
        assert!(matches!(wrong, Err(MediaError::BadKey)), "{key}");
    }
    world.store.remove_small("requests/a1").await.unwrap();
    world.store.remove_small("requests/a1").await.unwrap();
    assert!(matches!(world.store.get_small("requests/a1", 1).await, Err(MediaError::NotFound { .. })));
}
