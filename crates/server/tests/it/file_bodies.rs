//! Ranges of files over real sockets: every byte counted and compared.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::{StatusCode, Version, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chandlery::downloads::file_body::{Progress, file_body};
use chandlery::downloads::splice::{Connected, ConnectionHandle, SplicingListener};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

const SIZE: u64 = 48 * 1024 * 1024;

/// Much longer than a busy machine needs to break a connection off, much shorter than a client that takes nothing is
/// waited for (five minutes).
const SOON: Duration = Duration::from_secs(20);

/// The file's bytes: no two stretches alike.
fn bytes() -> &'static [u8] {
    static BYTES: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        (0..SIZE / 8)
            .flat_map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state.to_le_bytes()
            })
            .collect()
    });
    &BYTES
}

/// A small generator, so that a failure can be repeated.
struct Dice(u64);
impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % n
    }
}

#[derive(Clone)]
struct World {
    addr: SocketAddr,
    path: PathBuf,
    progress: Arc<Mutex<HashMap<u64, Arc<Progress>>>>,
    ended: Arc<Mutex<Vec<(u64, u64)>>>,
    /// A handle somebody kept beyond its request, to misuse it.
    kept: Arc<Mutex<Option<ConnectionHandle>>>,
    _dir: Arc<tempfile::TempDir>,
}

#[derive(serde::Deserialize)]
struct Asked {
    id: u64,
    from: u64,
    end: u64,
    #[serde(default)]
    how: String,
}

async fn ranged(
    State(world): State<World>,
    Query(asked): Query<Asked>,
    version: Version,
    handle: Option<ConnectionHandle>,
) -> Response {
    assert_eq!(handle.is_some(), version <= Version::HTTP_11);
    let handle = match &asked.how[..] {
        "copy" => None,
        "keep" => {
            *world.kept.lock().unwrap() = handle;
            return "kept".into_response();
        }
        "misuse" => world.kept.lock().unwrap().clone(),
        _ => handle,
    };
    let ended = world.ended.clone();
    let progress = Progress::new(move |sent| ended.lock().unwrap().push((asked.id, sent)));
    world.progress.lock().unwrap().insert(asked.id, progress.clone());
    let body = file_body(File::open(&world.path).unwrap(), asked.from..asked.end, progress, handle);
    let body = match &asked.how[..] {
        // What a careless layer might do.
        "gather" => Body::from(axum::body::to_bytes(body, usize::MAX).await.unwrap()),
        "chunked" => Body::from_stream(body.into_data_stream()),
        "flatten" => Body::from_stream(futures_util::StreamExt::map(body.into_data_stream(), |b| {
            b.map(|b| bytes::Bytes::copy_from_slice(&b))
        })),
        _ => body,
    };
    let status = StatusCode::PARTIAL_CONTENT;
    match &asked.how[..] {
        "flatten" => (status, [(header::CONTENT_LENGTH, asked.end - asked.from)], body).into_response(),
        _ => (status, body).into_response(),
    }
}

impl World {
    async fn start() -> Self {
        let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let path = dir.path().join("file");
        File::create(&path).unwrap().write_all(bytes()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let world = Self {
            addr: listener.local_addr().unwrap(),
            path,
            progress: Arc::default(),
            ended: Arc::default(),
            kept: Arc::default(),
            _dir: Arc::new(dir),
        };
        let app = Router::new()
            .route("/range", get(ranged))
            .route("/small", get(|| async { "a small answer" }))
            .route("/peer", get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.to_string() }))
            .layer(tower_http::catch_panic::CatchPanicLayer::new())
            .with_state(world.clone());
        tokio::spawn(async { axum::serve(SplicingListener::new(listener), Connected(app)).await });
        world
    }

    async fn connect(&self) -> Wire {
        Wire(BufReader::with_capacity(64 * 1024, TcpStream::connect(self.addr).await.unwrap()))
    }

    /// What the hook was told, once it was called; fails if it is called twice.
    async fn ended(&self, id: u64) -> u64 {
        let begun = Instant::now();
        loop {
            if self.ended.lock().unwrap().iter().any(|(of, _)| *of == id) {
                tokio::time::sleep(Duration::from_millis(50)).await;
                let told: Vec<u64> = self
                    .ended
                    .lock()
                    .unwrap()
                    .iter()
                    .filter(|(of, _)| *of == id)
                    .map(|(_, sent)| *sent)
                    .collect();
                assert_eq!(told.len(), 1, "told {told:?}");
                assert_eq!(told[0], self.progress(id).sent());
                return told[0];
            }
            assert!(begun.elapsed() < SOON, "the hook was not called");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    fn progress(&self, id: u64) -> Arc<Progress> {
        self.progress.lock().unwrap()[&id].clone()
    }
}

struct Wire(BufReader<TcpStream>);

impl Wire {
    async fn ask(&mut self, line: &str) {
        self.0.get_mut().write_all(format!("{line}\r\nHost: x\r\n\r\n").as_bytes()).await.unwrap();
    }

    async fn ask_range(&mut self, id: u64, from: u64, end: u64, how: &str) {
        self.ask(&format!("GET /range?id={id}&from={from}&end={end}&how={how} HTTP/1.1")).await;
    }

    /// Reads a head; gives the status and the length.
    async fn head(&mut self) -> io::Result<(u16, Option<u64>)> {
        let (mut status, mut len) = (0, None);
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(rest) = line.strip_prefix("HTTP/1.") {
                status = rest[2..5].parse().unwrap();
            } else if let Some(rest) = line.strip_prefix("content-length: ") {
                len = Some(rest.trim().parse().unwrap());
            } else if line == "\r\n" {
                return Ok((status, len));
            }
        }
    }

    async fn body(&mut self, len: u64) -> io::Result<Vec<u8>> {
        let mut body = vec![0; len as usize];
        self.0.read_exact(&mut body).await?;
        Ok(body)
    }

    async fn expect_range(&mut self, from: u64, end: u64) {
        assert_eq!(self.head().await.unwrap(), (206, Some(end - from)));
        let body = self.body(end - from).await.unwrap();
        assert!(body == bytes()[from as usize..end as usize], "wrong bytes for {from}..{end}");
    }

    async fn expect_small(&mut self) {
        let (status, len) = self.head().await.unwrap();
        assert_eq!((status, self.body(len.unwrap()).await.unwrap()), (200, b"a small answer".to_vec()));
    }

    /// Reads until the connection ends in whatever way.
    async fn rest(&mut self) -> (Vec<u8>, io::Result<()>) {
        let mut got = Vec::new();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match self.0.read(&mut buffer).await {
                Ok(0) => return (got, Ok(())),
                Ok(n) => got.extend_from_slice(&buffer[..n]),
                Err(error) => return (got, Err(error)),
            }
        }
    }
}

fn has_placeholder(bytes: &[u8]) -> bool {
    bytes.windows(16).any(|window| window == [0xA5; 16])
}

const MIB: u64 = 1024 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ranges_are_identical_on_one_connection_mixed_with_small_answers() {
    let world = World::start().await;
    let mut wire = world.connect().await;
    let mut dice = Dice(1);
    let mut ranges = vec![
        (0, 0),
        (0, 1),
        (SIZE - 1, SIZE),
        (0, SIZE),
        (5, 65_536 + 4),
        (5, 65_536 + 5),
        (5, 65_536 + 6),
        (7, 7 + MIB - 1),
        (7, 7 + MIB),
        (7, 7 + MIB + 1),
        (7, 7 + 2 * MIB + 1),
        (4095, 4097),
        (SIZE - MIB, SIZE),
    ];
    for _ in 0..80 {
        let from = dice.below(SIZE);
        let most = [100, 70_000, 5 * MIB][dice.below(3) as usize];
        ranges.push((from, from + dice.below((SIZE - from + 1).min(most))));
    }
    for (id, (from, end)) in ranges.into_iter().enumerate() {
        let id = id as u64;
        wire.ask_range(id, from, end, ["", "copy"][dice.below(4) as usize / 3]).await;
        wire.expect_range(from, end).await;
        assert_eq!(world.ended(id).await, end - from);
        if dice.below(2) == 0 {
            wire.ask("GET /small HTTP/1.1").await;
            wire.expect_small().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pipelined_requests_are_answered_in_order() {
    let world = World::start().await;
    let mut wire = world.connect().await;
    let ranges = [(0, 3 * MIB), (10, 20), (MIB + 1, 2 * MIB), (0, SIZE), (SIZE - 5 * MIB, SIZE)];
    for (id, (from, end)) in ranges.iter().enumerate() {
        wire.ask_range(id as u64, *from, *end, "").await;
        wire.ask("GET /small HTTP/1.1").await;
    }
    for (from, end) in ranges {
        wire.expect_range(from, end).await;
        wire.expect_small().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixteen_clients_at_once_get_their_own_bytes() {
    let world = World::start().await;
    let clients: Vec<_> = (0..16)
        .map(|n| {
            let world = world.clone();
            tokio::spawn(async move {
                let (mut wire, mut dice) = (world.connect().await, Dice(n));
                for round in 0..4 {
                    let from = dice.below(SIZE / 2);
                    let end = from + dice.below(SIZE / 2);
                    wire.ask_range(n * 100 + round, from, end, ["", "", "", "copy"][round as usize]).await;
                    wire.expect_range(from, end).await;
                }
            })
        })
        .collect();
    for client in clients {
        client.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_goes_away_is_settled_once() {
    for how in ["", "copy"] {
        let world = World::start().await;
        let mut wire = world.connect().await;
        wire.ask_range(1, 0, SIZE, how).await;
        wire.head().await.unwrap();
        wire.body(MIB).await.unwrap();
        drop(wire);
        let sent = world.ended(1).await;
        assert!((MIB..SIZE).contains(&sent), "{sent}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopped_download_breaks_off_soon() {
    for how in ["", "copy"] {
        let world = World::start().await;
        let mut wire = world.connect().await;
        wire.ask_range(1, 0, SIZE, how).await;
        wire.head().await.unwrap();
        wire.body(MIB).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        world.progress(1).stop();
        let (rest, _) = tokio::time::timeout(SOON, wire.rest()).await.unwrap();
        let got = MIB + rest.len() as u64;
        assert!(got < SIZE, "a stopped download ended cleanly");
        assert!(rest == bytes()[MIB as usize..got as usize]);
        let sent = world.ended(1).await;
        assert!(got <= sent && sent < SIZE, "{got} {sent}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stalled_download_can_be_stopped() {
    let world = World::start().await;
    let mut wire = world.connect().await;
    wire.ask_range(1, 0, SIZE, "").await;
    wire.head().await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    world.progress(1).stop();
    // Nothing is read here: the server ends it by itself.
    assert!(world.ended(1).await < SIZE);
    let (rest, outcome) = tokio::time::timeout(SOON, wire.rest()).await.unwrap();
    assert!((rest.len() as u64) < SIZE);
    assert_eq!(outcome.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_reader_gets_every_byte() {
    let world = World::start().await;
    for how in ["", "copy"] {
        let mut wire = world.connect().await;
        wire.ask_range(how.len() as u64, 3, SIZE, how).await;
        assert_eq!(wire.head().await.unwrap(), (206, Some(SIZE - 3)));
        let mut at = 3;
        while at < SIZE {
            let len = (SIZE - at).min(64 * 1024);
            let part = wire.body(len).await.unwrap();
            assert!(part == bytes()[at as usize..(at + len) as usize], "wrong at {at}");
            at += len;
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_or_becomes_shorter_breaks_off() {
    for how in ["", "copy"] {
        let world = World::start().await;
        let mut wire = world.connect().await;
        wire.ask_range(1, SIZE - 3 * MIB, SIZE + 1, how).await;
        wire.head().await.unwrap();
        let (rest, _) = tokio::time::timeout(SOON, wire.rest()).await.unwrap();
        assert!(rest.len() as u64 <= 3 * MIB && world.ended(1).await <= 3 * MIB);

        let mut wire = world.connect().await;
        wire.ask_range(2, 0, SIZE, how).await;
        wire.head().await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        File::options().write(true).open(&world.path).unwrap().set_len(20 * MIB + 100).unwrap();
        let (rest, _) = tokio::time::timeout(SOON, wire.rest()).await.unwrap();
        assert!(rest.len() as u64 <= 20 * MIB + 100 && world.ended(2).await <= 20 * MIB + 100);
        // Pages cut off while on their way come out as zeros; never anything else.
        assert!(rest.iter().zip(bytes()).all(|(got, sent)| got == sent || *got == 0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_not_in_memory_is_identical() {
    let world = World::start().await;
    let file = File::open(&world.path).unwrap();
    file.sync_all().unwrap();
    let mut wire = world.connect().await;
    for (id, how) in ["", "copy", "", ""].into_iter().enumerate() {
        rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed).unwrap();
        if id == 3 {
            // Holes in memory.
            for n in 0..10 {
                file.read_exact_at(&mut [0; 9000], n * 3_000_000).unwrap();
            }
        }
        wire.ask_range(id as u64, 11, SIZE - 11, how).await;
        wire.expect_range(11, SIZE - 11).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn head_sends_nothing_and_settles() {
    let world = World::start().await;
    let mut wire = world.connect().await;
    for id in 0..3 {
        wire.ask(&format!("HEAD /range?id={id}&from=0&end={SIZE} HTTP/1.1")).await;
        assert_eq!(wire.head().await.unwrap(), (206, Some(SIZE)));
        assert_eq!(world.ended(id).await, 0);
    }
    wire.ask_range(9, 5, 5 * MIB, "").await;
    wire.expect_range(5, 5 * MIB).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn http_1_0_and_the_peer_work() {
    let world = World::start().await;
    let mut wire = world.connect().await;
    wire.ask(&format!("GET /range?id=1&from=3&end={SIZE} HTTP/1.0")).await;
    wire.expect_range(3, SIZE).await;
    assert_eq!(wire.rest().await.0.len(), 0);
    let mut wire = world.connect().await;
    wire.ask("GET /peer HTTP/1.1").await;
    let (_, len) = wire.head().await.unwrap();
    let peer = String::from_utf8(wire.body(len.unwrap()).await.unwrap()).unwrap();
    assert_eq!(peer, wire.0.get_ref().local_addr().unwrap().to_string());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn http_2_is_copied() {
    let world = World::start().await;
    let client = reqwest::Client::builder().http2_prior_knowledge().build().unwrap();
    let both: Vec<_> = (0..4u64)
        .map(|id| {
            let (client, world) = (client.clone(), world.clone());
            tokio::spawn(async move {
                let (from, end) = (id * 1000, SIZE - id * 77);
                let url = format!("http://{}/range?id={id}&from={from}&end={end}", world.addr);
                let answer = client.get(url).send().await.unwrap();
                assert_eq!(answer.version(), Version::HTTP_2);
                let body = answer.bytes().await.unwrap();
                assert!(body == bytes()[from as usize..end as usize]);
                assert_eq!(world.ended(id).await, end - from);
            })
        })
        .collect();
    for one in both {
        one.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_layer_can_make_the_placeholder_leak() {
    for how in ["gather", "chunked", "flatten"] {
        let world = World::start().await;
        let mut wire = world.connect().await;
        wire.ask_range(1, 0, 3 * MIB, how).await;
        // May be cut off already.
        let _ = wire.0.get_mut().write_all(b"GET /small HTTP/1.1\r\nHost: x\r\n\r\n").await;
        let (rest, _) = tokio::time::timeout(SOON, wire.rest()).await.unwrap();
        assert!(!has_placeholder(&rest), "{how} leaked");
        assert!(!rest.ends_with(b"a small answer"), "{how} went on");
        world.ended(1).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handle_of_another_connection_breaks_both() {
    let world = World::start().await;
    let (mut victim, mut other) = (world.connect().await, world.connect().await);
    victim.ask_range(1, 0, 0, "keep").await;
    assert_eq!(victim.head().await.unwrap().0, 200);
    victim.body(4).await.unwrap();
    other.ask_range(2, 0, 3 * MIB, "misuse").await;
    let (rest, _) = tokio::time::timeout(Duration::from_secs(5), other.rest()).await.unwrap();
    assert!(!has_placeholder(&rest));
    victim.ask("GET /small HTTP/1.1").await;
    let (rest, _) = tokio::time::timeout(Duration::from_secs(5), victim.rest()).await.unwrap();
    assert!(!has_placeholder(&rest));
    world.ended(2).await;
}
