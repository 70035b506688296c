//! Downloads: bytes a second beside nginx, which sends the same file in the same minutes; redemptions beside the raw
//! database; adding a medium beside the SHA-256 of one core.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chandlery::app::issue_link::Token;
use chandlery::app::{Context, media as use_cases};
use chandlery::error::Error;
use chandlery::installation::OPERATOR;
use chandlery_domain::ids::MediumId;
use chandlery_domain::media::{Medium, Sha256};
use serde_json::{Value, json};

use crate::client::Call;
use crate::report::Report;
use crate::{Bench, CLIENTS, raw};

/// How often nginx and we take turns; the median counts.
const ROUNDS: usize = 9;
const GIB: u64 = 1024 * 1024 * 1024;
const LARGE: u64 = 5 * GIB;

/// A server of its own process, ended when dropped.
struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // Asked to end, not killed: nginx ends its workers then.
        Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        self.child.wait().unwrap();
    }
}

/// User and system time of a process and its children that live, in seconds.
fn cpu_of(process: u32) -> f64 {
    let time = |process: u32| -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
    };
    let children = std::fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap();
    time(process) + children.split_whitespace().map(|own| time(own.parse().unwrap())).sum::<f64>()
}

fn peak_mb(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() / 1024
}

/// Asks for a stretch, reads it and throws it away.
fn swallow(address: &str, path: &str, first: u64, length: u64) {
    let mut stream = TcpStream::connect(address).unwrap();
    let last = first + length - 1;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: bench\r\nRange: bytes={first}-{last}\r\n\r\n").unwrap();
    let mut buffer = vec![0; 512 * 1024];
    let mut have = 0;
    let head = loop {
        let read = stream.read(&mut buffer[have..]).unwrap();
        assert!(read > 0, "closed in the head");
        have += read;
        if let Some(at) = buffer[..have].windows(4).position(|own| own == b"\r\n\r\n") {
            break at + 4;
        }
    };
    assert!(buffer.starts_with(b"HTTP/1.1 206"), "{}", String::from_utf8_lossy(&buffer[..head]));
    let mut left = length - (have - head) as u64;
    while left > 0 {
        let read = stream.read(&mut buffer).unwrap();
        assert!(read > 0, "closed with {left} bytes missing");
        left -= read as u64;
    }
}

/// How many GiB a second so many clients get, each a stretch of the file.
fn gibs(address: &str, path: &str, clients: u64) -> f64 {
    let each = LARGE / clients;
    let begun = Instant::now();
    let running: Vec<_> = (0..clients)
        .map(|number| {
            let (address, path) = (address.to_owned(), path.to_owned());
            std::thread::spawn(move || swallow(&address, &path, number * each, each))
        })
        .collect();
    running.into_iter().for_each(|own| own.join().unwrap());
    (each * clients) as f64 / GIB as f64 / begun.elapsed().as_secs_f64()
}

fn nginx(folder: &Path, files: &Path) -> Option<Server> {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let user =
        if std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0) {
            "user root;"
        } else {
            ""
        };
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|name| format!("{name}_temp_path {}/{name};", folder.display()))
        .collect();
    let text = format!(
        "{user} worker_processes auto; daemon off; pid {0}/pid; error_log {0}/error.log; events {{ worker_connections 768; }} \
         http {{ sendfile on; tcp_nopush on; types_hash_max_size 2048; default_type application/octet-stream; access_log off; {temporary} \
         server {{ listen 127.0.0.1:{port}; root {1}; }} }}",
        folder.display(),
        files.display()
    );
    let config = folder.join("nginx.conf");
    std::fs::write(&config, text).unwrap();
    let program = ["nginx", "/usr/sbin/nginx"].into_iter().find(|program| {
        Command::new(program).arg("-v").stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    })?;
    let child = Command::new(program).arg("-c").arg(&config).arg("-p").arg(folder).spawn().unwrap();
    let server = Server { child, address: format!("127.0.0.1:{port}") };
    for _ in 0..100 {
        if TcpStream::connect(&server.address).is_ok() {
            return Some(server);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    None
}

/// The practice twin as people run it, and what it printed.
fn twin(folder: &Path) -> (Server, Value) {
    use std::io::BufRead as _;
    let mut child = Command::new(env!("CARGO_BIN_EXE_chandlery"))
        .args(["demo", "--json", "--listen", "127.0.0.1:0", "--clock", "2020-01-24T10:00:00Z", "--data"])
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let told: Value = serde_json::from_str(&line).unwrap();
    let address = told["api"].as_str().unwrap().trim_start_matches("http://").to_owned();
    (Server { child, address }, told)
}

/// Buys the product with the large medium; where links to it are issued, and the token for that.
async fn large_medium(told: &Value) -> (String, String, reqwest::Client) {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let api = told["api"].as_str().unwrap();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", told["client_id"].as_str().unwrap()),
        ("client_secret", told["client_secret"].as_str().unwrap()),
        ("resource", "https://api.partnercenter.microsoft.com"),
    ];
    let answer: Value = http
        .post(told["token_url"].as_str().unwrap())
        .form(&form)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let token = answer["access_token"].as_str().unwrap().to_owned();
    let customer = told["customers"][1]["id"].as_str().unwrap();
    let item = told["products"]
        .as_array()
        .unwrap()
        .iter()
        .find_map(|own| own["catalogItemId"].as_str().filter(|item| item.starts_with("DG7GMGF0DVT9")));
    let item = item.unwrap();
    let base = format!("{api}/v1/customers/{customer}");
    let line = json!({ "offerId": item, "quantity": 1, "lineItemNumber": 0 });
    let body = json!({ "billingCycle": "one_time", "lineItems": [line] });
    http.post(format!("{base}/orders"))
        .bearer_auth(&token)
        .json(&body)
        .send()
        .await
        .unwrap()
        .error_for_status()
        .unwrap();
    let sku = item.split(':').nth(1).unwrap();
    let path = format!("{base}/products/DG7GMGF0DVT9/skus/{sku}/downloadoptions");
    let options: Value = http.get(&path).bearer_auth(&token).send().await.unwrap().json().await.unwrap();
    let large = options["items"].as_array().unwrap().iter().find(|own| own["fileSize"] == LARGE).unwrap();
    let link = format!("{api}/v1{}", large["downloadLink"]["uri"].as_str().unwrap());
    (link, token, http)
}

/// A fresh link, so that every round has its own count.
async fn fresh(link: &str, token: &str, http: &reqwest::Client) -> String {
    for _ in 0..100 {
        let answer = http.get(link).bearer_auth(token).send().await.unwrap();
        if answer.status().is_success() {
            let answer: Value = answer.json().await.unwrap();
            let uri = answer["uri"].as_str().unwrap();
            return uri.split_once("/d/").map(|(_, rest)| format!("/d/{rest}")).unwrap();
        }
        // The order is being handed over.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no link is issued");
}

fn median(list: &mut [f64]) -> f64 {
    list.sort_by(f64::total_cmp);
    list[list.len() / 2]
}

fn large_file(folder: &Path) -> PathBuf {
    let files = std::fs::read_dir(folder.join("media")).unwrap();
    let mut paths = files.map(|own| own.unwrap().path());
    paths.find(|path| std::fs::metadata(path).unwrap().len() == LARGE).unwrap()
}

/// Five gibibytes over loopback, by us and by nginx in turns.
pub async fn beside_nginx(report: &mut Report) {
    let (folder, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (ours, told) = twin(folder.path());
    let file = large_file(folder.path());
    let Some(theirs) = nginx(scratch.path(), file.parent().unwrap()) else {
        report.note("nginx is not installed here; nothing was compared".into());
        return;
    };
    let their_path = format!("/{}", file.file_name().unwrap().to_str().unwrap());
    let (link, token, http) = large_medium(&told).await;
    for clients in [1, 16] {
        let (mut own, mut other) = (Vec::new(), Vec::new());
        let (mut own_cpu, mut other_cpu) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let path = fresh(&link, &token, &http).await;
            let address = ours.address.clone();
            let before = cpu_of(ours.child.id());
            own.push(tokio::task::spawn_blocking(move || gibs(&address, &path, clients)).await.unwrap());
            own_cpu.push((cpu_of(ours.child.id()) - before) / 5.0);
            let (address, path) = (theirs.address.clone(), their_path.clone());
            let before = cpu_of(theirs.child.id());
            other.push(tokio::task::spawn_blocking(move || gibs(&address, &path, clients)).await.unwrap());
            other_cpu.push((cpu_of(theirs.child.id()) - before) / 5.0);
        }
        let (own, other) = (median(&mut own), median(&mut other));
        let (own_cpu, other_cpu) = (median(&mut own_cpu), median(&mut other_cpu));
        report.note(format!(
            "a 5 GiB file to {clients} client(s): {own:.2} GiB a second, nginx {other:.2}: {:.2} of it; CPU {own_cpu:.3} s a GiB, nginx {other_cpu:.3}: {:.2} of it",
            own / other,
            own_cpu / other_cpu.max(0.001),
        ));
    }
    report.note(format!("peak memory of the server that sent it: {} MB", peak_mb(ours.child.id())));
}

/// A medium of so many bytes for the product of the twin's perpetual licence.
async fn medium(bench: &Bench, bytes: usize) -> MediumId {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), vec![7_u8; bytes]).unwrap();
    let cx = Context::system(OPERATOR, bench.installation.clock.now(), "bench");
    let id = MediumId::new(cx.ids()());
    let installation = &bench.installation;
    let key = id.uuid().simple().to_string();
    let stored = installation
        .media
        .upload(file.path(), key, &installation.place.uploads(), None, &|_| {})
        .await
        .unwrap();
    let medium = Medium {
        id,
        product: bench.item("perpetual")[..12].parse().unwrap(),
        choice: chandlery_domain::media::Choice {
            version: "2022".parse().unwrap(),
            language: "mul".parse().unwrap(),
            bits: "64".parse().unwrap(),
            file_type: "EXE".parse().unwrap(),
            platform: "any".parse().unwrap(),
        },
        name: "small.exe".parse().unwrap(),
        size: stored.size,
        sha256: Sha256(stored.sha256),
        added_at: cx.now,
    };
    installation
        .store
        .write(cx.stamp(), move |tx| {
            let (_, entry) = use_cases::add(tx, &medium, &stored.key)?;
            Ok::<_, Error>(((), entry))
        })
        .await
        .unwrap();
    id
}

/// Whole downloads of a small file, each counted before its first byte and settled behind its last.
pub async fn redemptions(bench: &Bench, report: &mut Report) {
    let medium = medium(bench, 1024).await;
    let item = bench.item("perpetual");
    let sku = item.split(':').nth(1).unwrap();
    let base = format!("/v1/customers/{}", bench.key_customer);
    let path = format!(
        "{base}/products/{}/skus/{sku}/downloadoptions/{}/downloadlink",
        &item[..12],
        medium.uuid().simple()
    );
    for (clients, count) in CLIENTS.into_iter().zip([300, 2000, 3000]) {
        let links = count / 40 + 1;
        let calls = (0..links * 2).map(|_| bench.call("GET", path.clone(), String::new())).collect();
        let issued = crate::client::drive(&bench.address, 8, calls).await;
        let paths: Vec<String> = issued
            .bodies
            .iter()
            .map(|body| {
                let body: Value = serde_json::from_str(body).unwrap();
                let uri = body["uri"].as_str().unwrap();
                format!("/d/{}", uri.split_once("/d/").unwrap().1)
            })
            .collect();
        let digests: Vec<String> =
            paths[links..].iter().map(|path| Token::read(&path[3..99]).unwrap().1).collect();
        let raw = raw::redemptions(bench, clients, count, &digests).await;
        let calls: Vec<Call> = (0..count)
            .map(|number| bench.call("GET", paths[number % links].clone(), String::new()))
            .collect();
        report.add(bench.measure("link redeemed and settled", clients, calls, raw).await);
        bench.api.downloads.settle().await;
    }
}

/// A gibibyte as a medium, beside the hash of one core over the same file.
pub async fn adding(report: &mut Report) {
    let folder = tempfile::tempdir_in(".").unwrap();
    let source = folder.path().join("source.iso");
    let mut file = std::fs::File::create(&source).unwrap();
    let piece: Vec<u8> =
        (0..1024 * 1024_u32).map(|place| (place.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for _ in 0..1024 {
        file.write_all(&piece).unwrap();
    }
    file.sync_all().unwrap();
    let store =
        chandlery::outside::media_store::MediaStore::open(folder.path().join("media").to_str().unwrap())
            .unwrap();
    let (mut hashing, mut adding) = (Vec::new(), Vec::new());
    for round in 0..5 {
        let begun = Instant::now();
        let mut hash = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
        let (mut file, mut buffer) = (std::fs::File::open(&source).unwrap(), vec![0; 1024 * 1024]);
        loop {
            let read = file.read(&mut buffer).unwrap();
            if read == 0 {
                break;
            }
            hash.update(&buffer[..read]);
        }
        std::hint::black_box(hash.finish());
        hashing.push(begun.elapsed().as_secs_f64());
        let begun = Instant::now();
        let stored = store
            .upload(&source, format!("m{round}"), &folder.path().join("uploads"), None, &|_| {})
            .await
            .unwrap();
        adding.push(begun.elapsed().as_secs_f64());
        store.remove(&stored.key).await.unwrap();
    }
    let (hashing, adding) = (median(&mut hashing), median(&mut adding));
    report.note(format!(
        "adding a medium of 1 GiB: {adding:.2} s with every fsync; reading and hashing it on one core: {hashing:.2} s"
    ));
}
