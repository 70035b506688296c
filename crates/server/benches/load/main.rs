//! What `cargo xtask bench` runs: the server under load over HTTP on both databases, each figure beside the same
//! statements run raw on the same database in the same run. Load generator and server share the machine's cores.
#![allow(
    missing_docs,
    clippy::as_conversions,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss
)]

mod billing;
mod client;
mod dialect;
mod downloads;
mod log;
mod pages;
mod preload;
mod raw;
mod report;

use std::sync::Arc;
use std::time::Instant;

use chandlery::api::{self, Api};
use chandlery::app::{Context, import_keys, import_prices};
use chandlery::clock::{Clock, Practice, wall_clock};
use chandlery::error::Error;
use chandlery::identity::desk::{Desk, Reached};
use chandlery::identity::tokens::{Claims, OnBehalf};
use chandlery::installation::{Installation, Kind, OPERATOR, Place};
use chandlery::jobs::{Outside, Runner};
use chandlery::outside::webhooks::Reach;
use chandlery::practice::twin::{self, Twin};
use chandlery_store::{Location, people};
use tokio::sync::Notify;

use client::{Call, drive};
use report::{Figure, Report};

const CLIENTS: [usize; 3] = [1, 16, 64];
/// One connection fewer than tests use would hide waiting; this is what `serve` keeps.
const CONNECTIONS: usize = 24;

pub struct Bench {
    pub installation: Installation,
    pub twin: Twin,
    pub address: String,
    pub token: String,
    pub customer: String,
    /// A customer that owns nothing but what keys are opened of.
    pub key_customer: String,
    pub location: Location,
    pub api: Api,
}

async fn set_up(location: Location, folder: &std::path::Path) -> Bench {
    let place = Place { data: folder.to_owned(), location: location.clone(), media: None };
    let clock = Clock::practice(Practice::Standing("2020-01-24T10:00:00Z".parse().unwrap()));
    let installation = Installation::create(place, Kind::Practice, clock).await.unwrap();
    let twin = twin::build(&installation).await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let reached = Reached::at(&format!("http://{address}"));
    let desk = Desk::new(installation.clone(), reached, Clock::real()).unwrap();
    let api = Api::new(desk, false, Reach::Internet, Arc::new(Notify::new()));
    let service = axum::ServiceExt::<axum::extract::Request>::into_make_service_with_connect_info::<
        std::net::SocketAddr,
    >(api::normalised(api.clone()));
    let listener = axum::serve::ListenerExt::tap_io(listener, |connection: &mut tokio::net::TcpStream| {
        connection.set_nodelay(true).unwrap();
    });
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    let token = token_of_agent(&installation, &twin).await;
    let (customer, key_customer) = (twin.customers[1].id.clone(), twin.customers[5].id.clone());
    Bench { installation, twin, address, token, customer, key_customer, location, api }
}

/// The token of the twin's admin agent, through the twin's program.
async fn token_of_agent(installation: &Installation, twin: &Twin) -> String {
    let agent = twin.users.iter().find(|own| own.role == "admin_agent").unwrap().upn.clone();
    let agent =
        installation.store.read(move |tx| Ok::<_, Error>(people::by_name(tx, &agent)?)).await.unwrap();
    let person = OnBehalf {
        user: agent.unwrap().id,
        methods: vec!["pwd".into(), "mfa".into()],
        signed_in_at: 0,
        grant: "bench".into(),
        scope: "user_impersonation".into(),
    };
    let (application, tenant) = (twin.client_id.parse().unwrap(), twin.tenant.parse().unwrap());
    let claims = Claims::of_program(application, tenant, "bench", "bench", "1.0", wall_clock());
    installation.signer.sign(&claims.on_behalf_of(&person)).unwrap()
}

impl Bench {
    fn item(&self, kind: &str) -> String {
        self.twin.products.iter().find(|product| product.kind == kind).unwrap().catalog_item_id.clone()
    }

    fn call(&self, method: &'static str, path: String, body: String) -> Call {
        Call { method, path, body, token: self.token.clone(), cookie: None }
    }

    async fn carts(&self, count: usize) -> Vec<String> {
        let item = self.item("perpetual");
        let body = format!(
            r#"{{"lineItems":[{{"catalogItemId":"{item}","quantity":1,"billingCycle":"one_time"}}]}}"#
        );
        let path = format!("/v1/customers/{}/carts", self.customer);
        let calls = (0..count).map(|_| self.call("POST", path.clone(), body.clone())).collect();
        let done = drive(&self.address, 32, calls).await;
        done.bodies
            .iter()
            .map(|body| {
                serde_json::from_str::<serde_json::Value>(body).unwrap()["id"].as_str().unwrap().to_owned()
            })
            .collect()
    }

    async fn measure(&self, name: &str, clients: usize, calls: Vec<Call>, raw: f64) -> Figure {
        let (count, statements, cpu) =
            (calls.len(), self.installation.store.statements(), report::cpu_seconds());
        let done = drive(&self.address, clients, calls).await;
        let statements = self.installation.store.statements() - statements;
        Figure {
            name: name.to_owned(),
            clients,
            per_second: count as f64 / done.took.as_secs_f64(),
            p50: done.percentile(50),
            p99: done.percentile(99),
            raw_per_second: raw,
            statements: statements as f64 / count as f64,
            cpu_ms: (report::cpu_seconds() - cpu) * 1000.0 / count as f64,
        }
    }
}

async fn import_keys_for(bench: &Bench, count: usize) {
    let product = bench.item("perpetual")[..12].to_owned();
    let mut file = String::from("ProductId,Key\n");
    for number in 0..count {
        file.push_str(&format!("{product},AAA1BBB2CCC3DDD4EEE5BEEF{number:08}\n"));
    }
    let cx = Context::system(OPERATOR, bench.installation.clock.now(), "bench");
    let (inner, vault) = (cx.clone(), Arc::clone(&bench.installation.vault));
    let import = move |tx: &mut chandlery_store::Write<'_>| {
        import_keys::import(tx, &inner, &vault, file.as_bytes(), None, &|_| {})
    };
    bench.installation.store.write(cx.stamp(), import).await.unwrap();
}

async fn checkouts(bench: &Bench, report: &mut Report, counts: [usize; 3]) {
    for (clients, count) in CLIENTS.into_iter().zip(counts) {
        let carts = bench.carts(count).await;
        let calls = carts
            .iter()
            .map(|cart| {
                bench.call(
                    "POST",
                    format!("/v1/customers/{}/carts/{cart}/checkout", bench.customer),
                    String::new(),
                )
            })
            .collect();
        let raw = raw::checkouts(bench, clients, count).await;
        report.add(bench.measure("checkout", clients, calls, raw).await);
    }
}

async fn provisioning(bench: &Bench, report: &mut Report, orders: usize) {
    // The orders the raw clients placed wait for their keys too.
    let orders = orders * 2;
    import_keys_for(bench, orders + 300).await;
    let runner = Runner::new(bench.installation.clone(), Arc::new(Notify::new()), Outside::default());
    let begun = Instant::now();
    runner.drain().await.unwrap();
    report.note(format!(
        "orders provisioned, each with a key unsealed and sealed anew: {:.0} a second",
        orders as f64 / begun.elapsed().as_secs_f64()
    ));
}

async fn reveals(bench: &Bench, report: &mut Report) {
    let base = format!("/v1/customers/{}", bench.key_customer);
    let item = bench.item("perpetual");
    let body = format!(r#"{{"billingCycle":"one_time","lineItems":[{{"offerId":"{item}","quantity":1}}]}}"#);
    let calls = (0..100).map(|_| bench.call("POST", format!("{base}/orders"), body.clone())).collect();
    drive(&bench.address, 8, calls).await;
    Runner::new(bench.installation.clone(), Arc::new(Notify::new()), Outside::default())
        .drain()
        .await
        .unwrap();
    let path = format!("{base}/entitlements?entitlementType=software&size=200");
    let done = drive(&bench.address, 1, vec![bench.call("GET", path, String::new())]).await;
    let body: serde_json::Value = serde_json::from_str(&done.bodies[0]).unwrap();
    let links: Vec<String> = body["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|item| Some(format!("/v1{}", item["entitledArtifacts"][0]["link"]["uri"].as_str()?)))
        .collect();
    for (clients, count) in CLIENTS.into_iter().zip([300, 2000, 3000]) {
        let calls = (0..count)
            .map(|number| bench.call("GET", links[number % links.len()].clone(), String::new()))
            .collect();
        let raw = raw::reveals(bench, clients, count).await;
        report.add(bench.measure("key reveal", clients, calls, raw).await);
    }
}

async fn reads(bench: &Bench, report: &mut Report, ids: &[String]) {
    for (clients, count) in CLIENTS.into_iter().zip([1000, 8000, 8000]) {
        let calls = (0..count)
            .map(|number| {
                bench.call(
                    "GET",
                    format!("/v1/customers/{}/orders/{}", bench.customer, ids[number * 7919 % ids.len()]),
                    String::new(),
                )
            })
            .collect();
        let raw = raw::order_by_id(bench, clients, count, ids).await;
        report.add(bench.measure("order by id", clients, calls, raw).await);
    }
    for (clients, count) in CLIENTS.into_iter().zip([100, 400, 400]) {
        let path = format!("/v1/customers/{}/orders?size=100", bench.customer);
        let calls = (0..count).map(|_| bench.call("GET", path.clone(), String::new())).collect();
        let raw = raw::order_page(bench, clients, count).await;
        report.add(bench.measure("page of 100 orders", clients, calls, raw).await);
    }
}

async fn imports(bench: &Bench, report: &mut Report) {
    const ROWS: usize = 300_000;
    let sheet = preload::price_sheet(ROWS);
    for (what, note) in [("a new price sheet", "first"), ("the same sheet again", "again")] {
        let begun = Instant::now();
        let survey = import_prices::survey(sheet.as_bytes(), &|_| {}).unwrap();
        let cx = Context::system(OPERATOR, bench.installation.clock.now(), "bench");
        let text = sheet.clone();
        let import = move |tx: &mut chandlery_store::Write<'_>| {
            import_prices::import(tx, text.as_bytes(), &survey, false, &|_| {})
        };
        let done = bench.installation.store.write(cx.stamp(), import).await.unwrap();
        assert_eq!(done.changed, if note == "first" { ROWS } else { 0 });
        report.note(format!(
            "import of {what}: {:.0} rows a second ({ROWS} rows, both passes)",
            ROWS as f64 / begun.elapsed().as_secs_f64()
        ));
    }
}

async fn one(location: Location, report: &mut Report, orders: usize) {
    let folder = tempfile::tempdir().unwrap();
    let location = match location {
        Location::Sqlite(_) => Location::Sqlite(folder.path().join("chandlery.db")),
        other => other,
    };
    let bench = set_up(location, folder.path()).await;
    let begun = Instant::now();
    let ids = preload::orders(&bench, orders).await;
    eprintln!("{orders} orders stored in {:?}", begun.elapsed());
    checkouts(&bench, report, [300, 1500, 3000]).await;
    if orders <= 10_000 {
        provisioning(&bench, report, 4_800).await;
        reveals(&bench, report).await;
        downloads::redemptions(&bench, report).await;
    }
    reads(&bench, report, &ids).await;
    pages::measure(&bench, report, &ids).await;
    report.note(format!(
        "peak memory of server, load generator and raw clients together: {} MB",
        report::peak_memory_mb()
    ));
    if orders <= 10_000 {
        imports(&bench, report).await;
        report.note(format!(
            "the same after the imports (the whole sheet is held by the load generator): {} MB",
            report::peak_memory_mb()
        ));
    }
}

fn postgres(name: &str) -> Location {
    let base = std::env::var("CHANDLERY_TEST_POSTGRES").expect("run `cargo xtask bench`");
    let url = |database: &str| base.replace("/postgres?", &format!("/{database}?"));
    let (admin, name) = (url("postgres"), name.to_owned());
    let create = format!("create database {name}");
    tokio::task::block_in_place(|| {
        tokio::runtime::Handle::current().block_on(async {
            let (client, connection) = tokio_postgres::connect(&admin, tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(connection);
            client.batch_execute(&create).await.unwrap();
        });
    });
    Location::Postgres { url: url(&name), connections: CONNECTIONS }
}

#[tokio::main]
async fn main() {
    tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).with_writer(std::io::stderr).init();
    let chosen = std::env::var("CHANDLERY_BENCH").unwrap_or_default();
    let mut report = Report::default();
    for (orders, size) in [(10_000, "10 thousand"), (1_000_000, "1 million")] {
        if !chosen.is_empty() && !chosen.split(',').any(|own| own == orders.to_string()) {
            continue;
        }
        for name in ["SQLite", "PostgreSQL"] {
            if chosen.contains("only") && !chosen.contains(name) {
                continue;
            }
            let location = match name {
                "SQLite" => Location::Sqlite("".into()),
                _ => postgres(&format!("bench{orders}")),
            };
            report.begin(&format!("{name}, {size} stored orders"));
            report::forget_peak();
            one(location, &mut report, orders).await;
        }
    }
    if chosen.is_empty() || chosen.contains("log") {
        for (name, location) in [("SQLite", None), ("PostgreSQL", Some("benchlog"))] {
            if chosen.contains("only") && !chosen.contains(name) {
                continue;
            }
            report.begin(&format!("{name}, a log of 10 million entries"));
            let folder = tempfile::tempdir().unwrap();
            let location =
                location.map_or_else(|| Location::Sqlite(folder.path().join("chandlery.db")), postgres);
            let bench = set_up(location, folder.path()).await;
            log::measure(&bench, &mut report).await;
        }
    }
    if chosen.is_empty() || chosen.contains("billing") {
        for (name, location) in [("SQLite", None), ("PostgreSQL", Some("benchbilling"))] {
            if chosen.contains("only") && !chosen.contains(name) {
                continue;
            }
            report.begin_notes(&format!("Billing, {name}"));
            let folder = tempfile::tempdir().unwrap();
            let location =
                location.map_or_else(|| Location::Sqlite(folder.path().join("chandlery.db")), postgres);
            let bench = set_up(location, folder.path()).await;
            billing::measure(&bench, &mut report).await;
        }
    }
    if chosen.is_empty() || chosen.contains("downloads") {
        report.begin_notes("Downloads");
        downloads::beside_nginx(&mut report).await;
        downloads::adding(&mut report).await;
    }
    report.write();
}
