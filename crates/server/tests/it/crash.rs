//! `kill -9` at any moment loses no answered order. The built executable is killed under load and started again.
//!
//! `CHANDLERY_KILLS=n` sets how often; every test run kills a few times.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chandlery_store::Location;
use serde_json::{Value, json};

struct Server {
    child: Child,
    ready: Value,
}

fn start(folder: &Path, database: Option<&str>) -> Server {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chandlery"));
    command
        .args(["demo", "--json", "--listen", "127.0.0.1:0", "--clock", "2020-01-24T10:00:00Z", "--data"])
        .arg(folder);
    if let Some(url) = database {
        command.args(["--database", url]);
    }
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    Server {
        child,
        ready: serde_json::from_str(&line).unwrap_or_else(|_| panic!("no line of JSON: {line:?}")),
    }
}

async fn token(ready: &Value) -> String {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", ready["client_id"].as_str().unwrap()),
        ("client_secret", ready["client_secret"].as_str().unwrap()),
    ];
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer: Value = http
        .post(ready["token_url"].as_str().unwrap())
        .form(&form)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    answer["access_token"].as_str().unwrap().to_owned()
}

/// Buys without pause until the server is gone; every answered order is remembered.
async fn load(
    url: String,
    token: String,
    customer: String,
    item: String,
    answered: Arc<Mutex<BTreeSet<String>>>,
) {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let body = json!({ "billingCycle": "one_time", "lineItems": [{ "offerId": item, "quantity": 1 }] });
    loop {
        let sent = http
            .post(format!("{url}/v1/customers/{customer}/orders"))
            .bearer_auth(&token)
            .json(&body)
            .send()
            .await;
        let Ok(reply) = sent else { return };
        let status = reply.status();
        let Ok(order) = reply.json::<Value>().await else { return };
        assert_eq!(status, 201, "{order}");
        answered.lock().unwrap().insert(order["id"].as_str().unwrap().to_owned());
    }
}

async fn stored(ready: &Value, token: &str, customer: &str) -> BTreeSet<String> {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let base = format!("{}/v1/customers/{customer}/orders?size=1000", ready["api"].as_str().unwrap());
    let (mut all, mut next) = (BTreeSet::new(), None::<String>);
    loop {
        let mut request = http.get(&base).bearer_auth(token);
        if let Some(next) = &next {
            request = request.header("MS-ContinuationToken", next);
        }
        let page: Value = request.send().await.unwrap().json().await.unwrap();
        all.extend(
            page["items"].as_array().unwrap().iter().map(|order| order["id"].as_str().unwrap().to_owned()),
        );
        next = page["continuationToken"].as_str().map(str::to_owned);
        if next.is_none() {
            return all;
        }
    }
}

async fn kills(database: Option<&str>) {
    let count: u64 = std::env::var("CHANDLERY_KILLS").map_or(3, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let answered = Arc::new(Mutex::new(BTreeSet::new()));
    let mut server = start(folder.path(), database);
    for kill in 0..count {
        let ready = server.ready.clone();
        let token = token(&ready).await;
        let customer = ready["customers"][0]["id"].as_str().unwrap().to_owned();
        // A Linux plan needs no product key, so stock never runs out.
        let products = ready["products"].as_array().unwrap();
        let item = products.iter().find(|product| product["kind"] == "linux_plan").unwrap();
        let item = item["catalogItemId"].as_str().unwrap().to_owned();
        let url = ready["api"].as_str().unwrap().to_owned();
        let before = answered.lock().unwrap().len();
        let mut clients = tokio::task::JoinSet::new();
        for _ in 0..8 {
            clients.spawn(load(
                url.clone(),
                token.clone(),
                customer.clone(),
                item.clone(),
                Arc::clone(&answered),
            ));
        }
        // Once orders are being answered, the blow falls at an odd moment.
        while answered.lock().unwrap().len() < before + 5 {
            assert!(!clients.is_empty(), "the clients gave up before the server was killed");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(kill * 37 % 200)).await;
        server.child.kill().unwrap();
        server.child.wait().unwrap();
        clients.join_all().await;
        assert!(answered.lock().unwrap().len() > before, "no order was answered before kill {kill}");
        server = start(folder.path(), database);
        let token = self::token(&server.ready).await;
        let stored = stored(&server.ready, &token, &customer).await;
        let lost: Vec<String> = answered.lock().unwrap().difference(&stored).cloned().collect();
        assert!(lost.is_empty(), "kill {kill} lost {} answered orders: {lost:?}", lost.len());
    }
    eprintln!("{count} kills, {} answered orders, none lost", answered.lock().unwrap().len());
    server.child.kill().unwrap();
    server.child.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_loses_no_answered_order() {
    kills(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_loses_no_answered_order() {
    let Location::Postgres { url, .. } = crate::world::postgres_location() else { unreachable!() };
    kills(Some(&url)).await;
}
