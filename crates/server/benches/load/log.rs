//! The activity log and the way in, measured: pages of a long log, sealing, verifying, exporting, and what finding out who
//! calls costs each call.

use std::io::Cursor;
use std::time::{Duration, Instant};

use chandlery::app::Context;
use chandlery::clock::wall_clock;
use chandlery::error::Error;
use chandlery::log::live::{Exporter, verify};
use chandlery::log::sealing::public_keys;
use chandlery::log::verify_export;
use chandlery_domain::access::Action;
use chandlery_domain::ids::PartnerId;
use chandlery_store::Location;
use std::sync::Arc;

use crate::Bench;
use crate::dialect::Dialect;
use crate::report::{self, Report};

/// How many entries one partner's log has, unless `CHANDLERY_BENCH_ENTRIES` says otherwise.
const ENTRIES: u64 = 10_000_000;
/// How many entries are sealed, verified and exported.
const SEALED: u64 = 200_000;
/// How many rows one statement puts in.
const PART: u64 = 500_000;

/// A log of a month that ends now: so many rows of it from `from` on, as the database makes them up.
fn rows(
    dialect: &Dialect,
    (table, partner, head): (&str, &str, &str),
    (from, count): (u64, u64),
    step: u64,
) -> String {
    let (entry, customer) = (dialect.padded("n", 12), dialect.padded("n % 5000", 12));
    format!(
        "insert into {table} select '{partner}', {head} '0170003f-' || {} || '-7000-8000-' || {entry},
           1577354400000000 + n * {step}, 'partner', case when n % 20 = 0 then 'get_software_key' else 'update_subscription' end,
           case when n % 20 = 0 then 'software_key' else 'subscription' end, 'resource ' || n, '0170003f-0000-7000-8000-' || {customer},
           'Customer number ' || (n % 5000), 'succeeded', 'application', '0170003f-aaaa-7000-8000-000000000001', null, null, '192.0.2.7', null,
           '[]', '[[\"subscription_id\",\"0170003f-bbbb-7000-8000-000000000001\"],[\"friendly_name\",\"A subscription of ordinary length\"],[\"status\",\"active\"]]',
           '0170003f-cccc-7000-8000-000000000001', '0170003f-dddd-7000-8000-000000000001' from {}",
        dialect.padded("n / 100000 % 10000", 4),
        dialect.numbers(from, count)
    )
}

async fn fill(location: &Location, own: (&str, &str, &str), count: u64) {
    let (dialect, step) = (Dialect::of(location), 2_505_600_000_000 / count.max(1));
    for from in (1..=count).step_by(usize::try_from(PART).unwrap()) {
        let part = PART.min(count + 1 - from);
        dialect.execute(location, rows(&dialect, own, (from, part), step)).await;
    }
    dialect.settle(location).await;
}

const PAGE: &str =
    "select * from audit where partner_id = $1 and at >= $2::bigint order by at, sequence limit 101";
const OF_CUSTOMER: &str = "select * from audit where partner_id = $1 and customer_id = $3 and at >= $2::bigint order by at, sequence limit 101";

/// How many pages a second the database reads alone, one after the other.
async fn raw(bench: &Bench, sql: &'static str, starts: &[i64], customer: &str) -> f64 {
    let (partner, customer, starts) = (bench.twin.tenant.clone(), customer.to_owned(), starts.to_vec());
    let count = starts.len() as f64;
    let begun = Instant::now();
    match &bench.location {
        Location::Sqlite(path) => {
            let path = path.clone();
            let work = move || {
                let database = rusqlite::Connection::open(path).unwrap();
                let sql = sql.replace("::bigint", "");
                for start in starts {
                    let mut prepared = database.prepare_cached(&sql).unwrap();
                    let mut rows = match sql.contains("$3") {
                        true => prepared.query(rusqlite::params![partner, start, customer]).unwrap(),
                        false => prepared.query(rusqlite::params![partner, start]).unwrap(),
                    };
                    while let Some(row) = rows.next().unwrap() {
                        std::hint::black_box(row.get_ref(5).unwrap());
                    }
                }
            };
            tokio::task::spawn_blocking(work).await.unwrap();
        }
        Location::Postgres { url, .. } => {
            let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(connection);
            let prepared = client.prepare(sql).await.unwrap();
            for start in starts {
                let rows = match sql.contains("$3") {
                    true => client.query(&prepared, &[&partner, &start, &customer]).await.unwrap(),
                    false => client.query(&prepared, &[&partner, &start]).await.unwrap(),
                };
                std::hint::black_box(rows);
            }
        }
    }
    count / begun.elapsed().as_secs_f64()
}

fn starts(count: i64) -> Vec<i64> {
    (0..count).map(|number| 1_577_354_400 + number * 7919 % 2_400_000).collect()
}

async fn pages(bench: &Bench, report: &mut Report) {
    let customer = "0170003f-0000-7000-8000-000000001234";
    let filter = format!(r#"{{"Field":"CustomerId","Value":"{customer}","Operator":"equals"}}"#);
    let filter = form_urlencoded::Serializer::new(String::new()).append_pair("filter", &filter).finish();
    for (name, sql, more) in [
        ("log page of 100", PAGE, String::new()),
        ("log page of 100, one customer's", OF_CUSTOMER, format!("&{filter}")),
    ] {
        for (clients, count) in [(1, 300), (16, 1500)] {
            let list = starts(count);
            let calls = list
                .iter()
                .map(|second| {
                    let at = jiff::Timestamp::from_second(*second).unwrap();
                    bench.call(
                        "GET",
                        format!("/v1/auditrecords?size=100&startDate={at}{more}"),
                        String::new(),
                    )
                })
                .collect();
            let micros: Vec<i64> = list.iter().map(|second| second * 1_000_000).collect();
            let alone = raw(bench, sql, &micros, customer).await;
            report.add(bench.measure(name, clients, calls, alone).await);
        }
    }
}

/// What every call pays for finding out who calls and whether it may, in CPU, without HTTP.
async fn admission(bench: &Bench, report: &mut Report) {
    const CALLS: u32 = 20_000;
    let route = chandlery::api::routes().into_iter().find(|own| own.path == "/v1/customers").unwrap();
    let request = || {
        axum::extract::Request::builder()
            .uri("/v1/customers")
            .header("Authorization", format!("Bearer {}", bench.token))
            .body(axum::body::Body::empty())
            .unwrap()
    };
    let requests: Vec<_> = (0..CALLS).map(|_| request()).collect();
    let cpu = report::cpu_seconds();
    for mut request in requests {
        chandlery::api::call::admit(&bench.api, &route, &mut request).await.unwrap();
    }
    let each = (report::cpu_seconds() - cpu) * 1e6 / f64::from(CALLS);
    report.note(format!("token check, person, roles and scope: {each:.1} µs of CPU a call"));
}

async fn sealing(bench: &Bench, report: &mut Report) {
    let partner: PartnerId = bench.twin.partners[1].id.parse().unwrap();
    let name = partner.to_string();
    fill(&bench.location, ("audit_inbox", &name, ""), SEALED).await;
    let store = &bench.installation.store;
    let begun = Instant::now();
    let count = bench.installation.sealer.seal(store, partner, wall_clock()).await.unwrap();
    report.note(format!(
        "sealed: {:.0} entries a second ({count})",
        count as f64 / begun.elapsed().as_secs_f64()
    ));
    let scope = Context::system(partner, wall_clock(), "bench").authorize(Action::ReadEveryLog).unwrap();
    let keys = store.read(public_keys).await.unwrap();
    let begun = Instant::now();
    let told = verify(store, scope, &keys, &[]).await.unwrap();
    assert!(told.is_sound(), "{told}");
    report.note(format!(
        "verified in the database: {:.0} entries a second",
        told.entries as f64 / begun.elapsed().as_secs_f64()
    ));
    let begun = Instant::now();
    let mut exporter =
        store.read(move |tx| Exporter::begin(tx, scope, None, None, wall_clock())).await.unwrap();
    let mut export = Vec::new();
    loop {
        let vault = Arc::clone(&bench.installation.vault);
        let (own, piece) = store
            .read(move |tx| {
                let piece = exporter.piece(tx, &vault)?;
                Ok::<_, Error>((exporter, piece))
            })
            .await
            .unwrap();
        exporter = own;
        match piece {
            Some(piece) => export.extend_from_slice(&piece),
            None => break,
        }
    }
    report.note(format!(
        "exported: {:.0} entries a second",
        told.entries as f64 / begun.elapsed().as_secs_f64()
    ));
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let begun = Instant::now();
        let told = verify_export(Cursor::new(&export), &keys, &[]).unwrap();
        assert!(told.is_sound(), "{told}");
        best = best.min(begun.elapsed());
    }
    report.note(format!(
        "an export verified: {:.0} entries a second ({} bytes an entry, the best of three)",
        told.entries as f64 / best.as_secs_f64(),
        export.len() as u64 / told.entries
    ));
}

/// Exports the long log over HTTP and looks at the memory that takes.
async fn streaming(bench: &Bench, report: &mut Report) {
    report::forget_peak();
    let before = report::memory_mb();
    let begun = Instant::now();
    let url = format!("http://{}/v1/auditrecords/export?startDate=2020-01-20", bench.address);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut answer = client.get(url).bearer_auth(&bench.token).send().await.unwrap();
    let (mut bytes, mut lines) = (0_u64, 0_u64);
    while let Some(piece) = answer.chunk().await.unwrap() {
        bytes += piece.len() as u64;
        lines += piece.iter().filter(|byte| **byte == b'\n').count() as u64;
    }
    report.note(format!(
        "an export of {lines} entries over HTTP, {} MB: {:.0} entries a second; memory rose by {} MB at most",
        bytes / 1_000_000,
        lines as f64 / begun.elapsed().as_secs_f64(),
        report::peak_memory_mb().saturating_sub(before)
    ));
}

/// A flood of wrong passwords from one address beside honest calls.
async fn flood(bench: &Bench, report: &mut Report) {
    let form = "upn=nobody%40nowhere.example&password=wrong-password-here".to_owned();
    let wrong = |count: usize| {
        (0..count)
            .map(|_| crate::client::Call {
                method: "POST",
                path: "/sign-in".into(),
                body: form.clone(),
                token: String::new(),
                cookie: None,
            })
            .collect::<Vec<_>>()
    };
    crate::client::drive_whatever(&bench.address, 4, wrong(60)).await;
    let begun = Instant::now();
    let done = crate::client::drive_whatever(&bench.address, 64, wrong(30_000)).await;
    report.note(format!(
        "wrong sign-ins turned away: {:.0} a second, p99 {:.1} ms",
        30_000.0 / begun.elapsed().as_secs_f64(),
        done.percentile(99).as_secs_f64() * 1000.0
    ));
}

pub async fn measure(bench: &Bench, report: &mut Report) {
    let wanted = std::env::var("CHANDLERY_BENCH_ENTRIES").ok().and_then(|text| text.parse().ok());
    let entries = wanted.unwrap_or(ENTRIES);
    admission(bench, report).await;
    sealing(bench, report).await;
    let begun = Instant::now();
    let partner: PartnerId = bench.twin.tenant.parse().unwrap();
    bench.installation.sealer.seal(&bench.installation.store, partner, wall_clock()).await.unwrap();
    let head = "n + 1000000, '0000000000000000000000000000000000000000000000000000000000000000',";
    fill(&bench.location, ("audit", &partner.to_string(), head), entries).await;
    eprintln!("{entries} entries stored in {:?}", begun.elapsed());
    pages(bench, report).await;
    streaming(bench, report).await;
    flood(bench, report).await;
}
