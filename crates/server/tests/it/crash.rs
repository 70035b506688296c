//! `kill -9` at any moment loses no answered order. The built executable is killed under load and started again.
//!
//! `CHANDLERY_KILLS=n` sets how often; every test run kills a few times.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chandlery_store::Location;
use serde_json::{Value, json};

use crate::twin::Twin;

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

async fn stored(twin: &Twin, customer: &str) -> BTreeSet<String> {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let base = format!("{}/v1/customers/{customer}/orders?size=1000", twin.url());
    let token = twin.token().await;
    let (mut all, mut next) = (BTreeSet::new(), None::<String>);
    loop {
        let mut request = http.get(&base).bearer_auth(&token);
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
    let mut twin = Twin::start(folder.path(), database);
    for kill in 0..count {
        let token = twin.token().await;
        let customer = twin.told["customers"][0]["id"].as_str().unwrap().to_owned();
        // A Linux plan needs no product key, so stock never runs out.
        let products = twin.told["products"].as_array().unwrap();
        let item = products.iter().find(|product| product["kind"] == "linux_plan").unwrap();
        let item = item["catalogItemId"].as_str().unwrap().to_owned();
        let url = twin.url().to_owned();
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
        twin.kill();
        clients.join_all().await;
        assert!(answered.lock().unwrap().len() > before, "no order was answered before kill {kill}");
        twin = Twin::start(folder.path(), database);
        let stored = stored(&twin, &customer).await;
        let lost: Vec<String> = answered.lock().unwrap().difference(&stored).cloned().collect();
        assert!(lost.is_empty(), "kill {kill} lost {} answered orders: {lost:?}", lost.len());
    }
    eprintln!("{count} kills, {} answered orders, none lost", answered.lock().unwrap().len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_loses_no_answered_order() {
    kills(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_loses_no_answered_order() {
    let Location::Postgres { url, .. } = crate::databases::empty_postgres() else { unreachable!() };
    kills(Some(&url)).await;
}
