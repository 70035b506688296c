//! Two servers, each a process of its own, on one PostgreSQL and one folder of media: counting is exact, and what is
//! cancelled at one ends at the other.

use std::time::{Duration, Instant};

use chandlery_store::Location;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::databases::empty_postgres;
use crate::twin::Twin;

/// The length of the practice twin's small medium.
const SIZE: usize = 3 * 1024 * 1024;

/// Calls as the twin's program.
struct Caller {
    http: reqwest::Client,
    url: String,
    token: String,
}

impl Caller {
    async fn sign_in(twin: &Twin) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { http, url: twin.url().to_owned(), token: twin.token().await }
    }

    async fn call(&self, method: reqwest::Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let mut request =
            self.http.request(method, format!("{}/v1{path}", self.url)).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    async fn get(&self, path: &str) -> Value {
        let (status, body) = self.call(reqwest::Method::GET, path, None).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }
}

/// Fetches a link over a connection of its own: status and how many bytes came.
async fn fetch(url: &str) -> (u16, usize) {
    let (address, path) = url.trim_start_matches("http://").split_once('/').unwrap();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("GET /{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    let head = bytes.windows(4).position(|own| own == b"\r\n\r\n").unwrap();
    let text = String::from_utf8_lossy(&bytes[..head]);
    (text.split(' ').nth(1).unwrap().parse().unwrap(), bytes.len() - head - 4)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn count_exactly_and_end_what_the_other_cancels() {
    let folder = tempfile::tempdir().unwrap();
    let Location::Postgres { url, .. } = empty_postgres() else { unreachable!() };
    let (first, second) = (Twin::start(folder.path(), Some(&url)), Twin::start(folder.path(), Some(&url)));
    let caller = Caller::sign_in(&first).await;
    let customer = first.told["customers"][1]["id"].as_str().unwrap();
    let base = format!("/customers/{customer}");
    let products = first.told["products"].as_array().unwrap();
    let bought = async |product: &str| {
        let item = products
            .iter()
            .find_map(|own| own["catalogItemId"].as_str().filter(|id| id.starts_with(product)));
        let line = json!({ "offerId": item.unwrap(), "quantity": 1, "lineItemNumber": 0 });
        let body = json!({ "billingCycle": "one_time", "lineItems": [line] });
        let (status, order) = caller.call(reqwest::Method::POST, &format!("{base}/orders"), Some(body)).await;
        assert_eq!(status, 201, "{order}");
        let order = order["id"].as_str().unwrap().to_owned();
        for _ in 0..400 {
            if caller.get(&format!("{base}/orders/{order}")).await["status"] == "completed" {
                return (order, item.unwrap().split(':').nth(1).unwrap().to_owned());
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("the order waits");
    };
    let link = async |product: &str, sku: &str, size: u64| {
        let path = format!("{base}/products/{product}/skus/{sku}/downloadoptions");
        let options = caller.get(&path).await;
        let option = options["items"].as_array().unwrap().iter().find(|own| own["fileSize"] == size).unwrap();
        let link = caller.get(option["downloadLink"]["uri"].as_str().unwrap()).await;
        link["uri"].as_str().unwrap().to_owned()
    };
    let at = |twin: &Twin, link: &str| link.replacen(first.url(), twin.url(), 1);

    // Five hundred at once from one address, at both servers.
    let (order, sku) = bought("DG7GMGF0FKZV").await;
    let small = link("DG7GMGF0FKZV", &sku, SIZE as u64).await;
    let mut asking = tokio::task::JoinSet::new();
    for number in 0..500 {
        let url = at(if number % 2 == 0 { &first } else { &second }, &small);
        asking.spawn(async move {
            loop {
                match fetch(&url).await {
                    (503, _) => tokio::time::sleep(Duration::from_millis(50)).await,
                    other => return other,
                }
            }
        });
    }
    let (mut got, mut refused) = (0, 0);
    while let Some(done) = asking.join_next().await {
        match done.unwrap() {
            (200, SIZE) => got += 1,
            (410, _) => refused += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((got, refused), (50, 450));
    let made = caller.get(&format!("{base}/orders/{order}/lines/0/downloads")).await;
    assert_eq!(made["links"][0]["downloads"], 50);

    // A download of the large file runs at the second server; the order is cancelled at the first.
    let (order, sku) = bought("DG7GMGF0DVT9").await;
    let large = at(&second, &link("DG7GMGF0DVT9", &sku, 5 * 1024 * 1024 * 1024).await);
    let (address, path) = large.trim_start_matches("http://").split_once('/').unwrap();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(format!("GET /{path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).await.unwrap();
    let mut buffer = vec![0; 64 * 1024];
    assert!(stream.read(&mut buffer).await.unwrap() > 0);
    let body = json!({ "status": "cancelled" });
    let (status, told) =
        caller.call(reqwest::Method::PATCH, &format!("{base}/orders/{order}"), Some(body)).await;
    assert_eq!(status, 200, "{told}");
    let cancelled = Instant::now();
    // The client reads slowly, so that the file cannot simply have ended.
    let ended = loop {
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => break cancelled.elapsed(),
            Ok(_) => tokio::time::sleep(Duration::from_millis(1)).await,
        }
        assert!(cancelled.elapsed() < Duration::from_secs(20), "the stream goes on");
    };
    assert!(ended < Duration::from_secs(3), "{ended:?}");
    assert_eq!(fetch(&large).await.0, 410);
}
