//! The same statements without us: what the database alone can do in the same run.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use chandlery_store::Location;
use tokio_postgres::types::ToSql;

use crate::preload::stored;
use crate::{Bench, CONNECTIONS};

const CART: &str = "select partner_id, id, customer_id, lines, created_at, modified_at, expires_at, modified_by, ordered, revision from carts where partner_id = $1 and id = $2 and customer_id = $3";
const BUYER: &str = "select c.*, p.*, m.*, a.id, b.* from customers c join partners p on p.partner_id = c.partner_id join markets m on m.country = c.country left join agreements a on a.partner_id = c.partner_id and a.customer_id = c.id and a.kind = 'MicrosoftCustomerAgreement' left join market_blocks b on b.country = c.country or b.country = p.country where c.partner_id = $1 and c.id = $2 limit 10000";
const LISTING: &str = "select i.*, s.*, p.* from items i join skus s on s.product_id = i.product_id and s.id = i.sku_id left join prices p on p.item = i.id and p.market = 'DE' and p.starts_at <= 1579860000000000 and p.ends_at >= 1579860000000000 where i.id = $1 order by i.id, p.starts_at";
const ORDER: &str =
    "insert into orders values ($1, $2, $3, $4, $5, 0, 'DE', 'SEK', 'OneTime', 1579860000000000, 1, null)";
const LINE: &str = "insert into order_lines values ($1, $2, 0, $3, 'Microsoft Identity Manager 2016 - 1 User CAL', 'perpetual', 1, 'OneTime', '192.28', 19228, 0, null, null, null, null, 'pending', null, 'A product', 'A publisher')";
const CHARGE: &str = "insert into charges values ($1, $2, $3, $4, 0, 'new', '192.28', '192.28', 1, 19228, 'SEK', 0, null, null, 1579860000000000, null, null, null, null)";
const JOB: &str = "insert into work values ($1, $2, 'provision', $3, 4102444800000000, 0, null, null)";
const SPEND: &str = "update carts set lines = $3, modified_at = 1579860000000000, expires_at = 1580464800000000, modified_by = $1, ordered = 1, revision = revision + 1 where partner_id = $1 and id = $2 and revision >= 1";
const AUDIT: &str = "insert into audit_inbox values ($1, $2, 1579860000000000, 'partner', 'create_order', 'order', $3, $4, 'A customer of ordinary length', 'succeeded', 'user', $2, null, $2, null, 'sealed', '[]', $5, $2, $2)";
const REPLAY: &str = "insert into replays values ($1, $2, 'cart checkout', 201, $3, 0, 1579860000000000) on conflict do nothing";
const ORDER_BY_ID: &str = "select o.*, l.* from orders o join order_lines l on l.partner_id = o.partner_id and l.order_id = o.id where o.partner_id = $1 and o.id = $2 order by l.number";
const PAGE: &str = "select * from orders where partner_id = $1 and customer_id = $2 order by id limit 101";
const CUSTOMER: &str = "select * from customers where partner_id = $1 and id = $2";
const KEYS: &str =
    "select * from product_keys where partner_id = $1 and order_id = $2 order by order_id, line, id";
const STAMP: &str = "insert into audit_inbox values ($1, $2, 1579860000000000, 'partner', 'get_software_key', 'software_key', $3, $4, 'A customer of ordinary length', 'succeeded', 'user', $2, null, $2, null, 'sealed', '[]', $5, $2, $2)";

/// About as much as a kept answer and the facts of an order weigh.
fn text(length: usize) -> String {
    "x".repeat(length)
}

type Parameters = Vec<String>;

/// One unit of raw work: statements with their parameters, in one transaction.
struct Unit(Vec<(&'static str, Parameters)>);

fn checkout_unit(bench: &Bench, cart: &str, number: usize) -> Unit {
    let (partner, customer, item) =
        (bench.twin.tenant.clone(), bench.customer.clone(), bench.item("perpetual"));
    let (row, other) = (stored(number), stored(number));
    let p = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Parameters>();
    let body = text(1900);
    Unit(vec![
        (CART, p(&[&partner, cart, &customer])),
        (BUYER, p(&[&partner, &customer])),
        (LISTING, p(&[&item])),
        (ORDER, p(&[&partner, &row.id, &row.alternate, &customer, cart])),
        (LINE, p(&[&partner, &row.id, &item])),
        (CHARGE, p(&[&partner, &row.id, &row.charge, &customer])),
        (JOB, p(&[&partner, &other.charge, &row.id])),
        (SPEND, p(&[&partner, cart, &text(140)])),
        (AUDIT, p(&[&partner, &row.charge, &row.id, &customer, &text(420)])),
        (REPLAY, p(&[&partner, cart, &body])),
    ])
}

/// How many units a second the database does alone.
async fn run(bench: &Bench, clients: usize, units: Vec<Unit>, writes: bool) -> f64 {
    let count = units.len() as f64;
    let begun = Instant::now();
    match &bench.location {
        Location::Sqlite(path) if writes => {
            let path = path.clone();
            tokio::task::spawn_blocking(move || sqlite_batches(&path, clients, &units)).await.unwrap();
        }
        Location::Sqlite(path) => {
            let (units, next) = (Arc::new(units), Arc::new(AtomicUsize::new(0)));
            let threads =
                clients.min(std::thread::available_parallelism().map_or(2, |cores| cores.get() * 2));
            let mut running = tokio::task::JoinSet::new();
            for _ in 0..threads {
                let (path, units, next) = (path.clone(), Arc::clone(&units), Arc::clone(&next));
                running.spawn_blocking(move || sqlite_reads(&path, &units, &next));
            }
            running.join_all().await;
        }
        Location::Postgres { url, .. } => {
            let (units, next) = (Arc::new(units), Arc::new(AtomicUsize::new(0)));
            let most = if writes { CONNECTIONS - CONNECTIONS / 3 } else { CONNECTIONS / 3 };
            let mut running = tokio::task::JoinSet::new();
            for _ in 0..clients.min(most) {
                running.spawn(postgres_units(url.clone(), Arc::clone(&units), Arc::clone(&next)));
            }
            running.join_all().await;
        }
    }
    count / begun.elapsed().as_secs_f64()
}

fn open(path: &std::path::Path) -> rusqlite::Connection {
    let database = rusqlite::Connection::open(path).unwrap();
    database.execute_batch("pragma busy_timeout = 30000; pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma cache_size = -16000").unwrap();
    database.set_prepared_statement_cache_capacity(64);
    database
}

fn execute(database: &rusqlite::Connection, unit: &Unit) {
    for (statement, parameters) in &unit.0 {
        let mut prepared = database.prepare_cached(statement).unwrap();
        let parameters = rusqlite::params_from_iter(parameters);
        if prepared.column_count() > 0 {
            let mut rows = prepared.query(parameters).unwrap();
            while let Some(row) = rows.next().unwrap() {
                std::hint::black_box(row.get_ref(0).unwrap());
            }
        } else {
            prepared.execute(parameters).unwrap();
        }
    }
}

fn sqlite_batches(path: &std::path::Path, clients: usize, units: &[Unit]) {
    let mut database = open(path);
    for batch in units.chunks(clients) {
        let change = database.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
        for unit in batch {
            change.execute_batch("savepoint one").unwrap();
            execute(&change, unit);
            change.execute_batch("release one").unwrap();
        }
        change.commit().unwrap();
    }
}

fn sqlite_reads(path: &std::path::Path, units: &[Unit], next: &AtomicUsize) {
    let database = open(path);
    while let Some(unit) = units.get(next.fetch_add(1, Ordering::Relaxed)) {
        database.execute_batch("begin").unwrap();
        execute(&database, unit);
        database.execute_batch("commit").unwrap();
    }
}

async fn postgres_units(url: String, units: Arc<Vec<Unit>>, next: Arc<AtomicUsize>) {
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let mut prepared = std::collections::HashMap::new();
    while let Some(unit) = units.get(next.fetch_add(1, Ordering::Relaxed)) {
        client.batch_execute("begin").await.unwrap();
        for (statement, parameters) in &unit.0 {
            if !prepared.contains_key(statement) {
                prepared.insert(*statement, client.prepare(statement).await.unwrap());
            }
            let parameters: Vec<&(dyn ToSql + Sync)> =
                parameters.iter().map(|text| text as &(dyn ToSql + Sync)).collect();
            std::hint::black_box(client.query(&prepared[statement], &parameters).await.unwrap());
        }
        client.batch_execute("commit").await.unwrap();
    }
}

/// Checkouts: on carts of their own, so that ours are left for us.
pub async fn checkouts(bench: &Bench, clients: usize, count: usize) -> f64 {
    let carts = bench.carts(count).await;
    let units = carts
        .iter()
        .enumerate()
        .map(|(number, cart)| checkout_unit(bench, cart, 5_000_000 + number))
        .collect();
    let rate = run(bench, clients, units, true).await;
    // The raw orders would only be in the provisioner's way; their jobs were never due.
    rate
}

/// Reveals: the three look-ups and the entry in the log.
pub async fn reveals(bench: &Bench, clients: usize, count: usize) -> f64 {
    let (partner, customer) = (bench.twin.tenant.clone(), bench.customer.clone());
    let p = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Parameters>();
    let units = (0..count)
        .map(|number| {
            let row = stored(6_000_000 + number);
            Unit(vec![
                (CUSTOMER, p(&[&partner, &customer])),
                (ORDER_BY_ID, p(&[&partner, &row.id])),
                (KEYS, p(&[&partner, &row.id])),
                (STAMP, p(&[&partner, &row.charge, &row.id, &customer, &text(300)])),
            ])
        })
        .collect();
    run(bench, clients, units, true).await
}

/// Redemptions: what is counted before the first byte and settled behind the last, and looked at before: three
/// transactions each.
pub async fn redemptions(bench: &Bench, clients: usize, count: usize, digests: &[String]) -> f64 {
    const DOWNLOADS: &str = "select * from downloads where partner_id = $1 and link_id = $2 and client = '127.0.0.1' and last_at >= 0 order by id desc limit 64";
    const BEGIN: &str = "insert into downloads values ($1, $2, $3, '127.0.0.1', 1, '', 0, 0, 0, '0-1024', 1579860000000000, 1579860000000000, null, 1579860000000000)";
    const USE: &str = "update download_links set used = 1, free_starts = 0, free_bytes = 0, first_download_at = 1579860000000000 where partner_id = $1 and digest = $2";
    const DOWNLOAD: &str = "select * from downloads where partner_id = $1 and link_id = $2 and id = $3";
    const END: &str = "update downloads set counted = 1, covered = '0-1024', sent = 1024, forgiven = 0, resumptions = 0, under_way = '', last_at = 1579860000000000, completed_at = 1579860000000000, beat_at = 1579860000000000 where partner_id = $1 and link_id = $2 and id = $3";
    const LOOK: &str = "select * from download_links where partner_id = $1 and digest = $2";
    const MEDIUM: &str = "select * from media where id = $1";
    let links = match &bench.location {
        Location::Sqlite(_) => LOOK,
        Location::Postgres { .. } => {
            "select * from download_links where partner_id = $1 and digest = $2 for update"
        }
    };
    let (partner, customer) = (bench.twin.tenant.clone(), bench.customer.clone());
    let p = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Parameters>();
    let ids = link_ids(bench, digests).await;
    let mut units = Vec::with_capacity(count * 3);
    for number in 0..count {
        let (digest, (link, medium)) = (&digests[number % digests.len()], &ids[number % ids.len()]);
        let (row, other) =
            (stored(7_000_000 + clients * 100_000 + number), stored(8_000_000 + clients * 100_000 + number));
        units.push(Unit(vec![
            (LOOK, p(&[&partner, digest])),
            (MEDIUM, p(&[medium])),
            (CUSTOMER, p(&[&partner, &customer])),
        ]));
        units.push(Unit(vec![
            (links, p(&[&partner, digest])),
            (DOWNLOADS, p(&[&partner, link])),
            (BEGIN, p(&[&partner, link, &row.id])),
            (USE, p(&[&partner, digest])),
            (STAMP, p(&[&partner, &row.charge, &row.id, &customer, &text(300)])),
        ]));
        units.push(Unit(vec![
            (links, p(&[&partner, digest])),
            (DOWNLOAD, p(&[&partner, link, &row.id])),
            (END, p(&[&partner, link, &row.id])),
            (STAMP, p(&[&partner, &other.charge, &row.id, &customer, &text(300)])),
        ]));
    }
    run(bench, clients, units, true).await / 3.0
}

/// The links with these digests, each with its medium.
async fn link_ids(bench: &Bench, digests: &[String]) -> Vec<(String, String)> {
    let scope = chandlery::app::Context::system(
        bench.twin.tenant.parse().unwrap(),
        bench.installation.clock.now(),
        "bench",
    )
    .authorize(chandlery_domain::access::Action::IssueLink)
    .unwrap();
    let digests = digests.to_vec();
    bench
        .installation
        .store
        .read(move |tx| {
            let mut ids = Vec::new();
            for digest in &digests {
                let own = chandlery_store::links::by_digest(tx, &scope, digest)?.unwrap();
                ids.push((own.link.id.to_string(), own.link.medium.to_string()));
            }
            Ok::<_, chandlery::error::Error>(ids)
        })
        .await
        .unwrap()
}

/// Orders by id, with their lines.
pub async fn order_by_id(bench: &Bench, clients: usize, count: usize, ids: &[String]) -> f64 {
    let units = (0..count)
        .map(|number| {
            Unit(vec![(ORDER_BY_ID, vec![bench.twin.tenant.clone(), ids[number * 7919 % ids.len()].clone()])])
        })
        .collect();
    run(bench, clients, units, false).await
}

/// Pages of a hundred orders, with their lines.
pub async fn order_page(bench: &Bench, clients: usize, count: usize) -> f64 {
    let (partner, customer) = (bench.twin.tenant.clone(), bench.customer.clone());
    let lines: &'static str = "select l.* from order_lines l where l.partner_id = $1 and l.order_id in (select id from orders where partner_id = $1 and customer_id = $2 order by id limit 101) order by l.order_id, l.number";
    let units = (0..count)
        .map(|_| {
            Unit(vec![
                (CUSTOMER, vec![partner.clone(), customer.clone()]),
                (PAGE, vec![partner.clone(), customer.clone()]),
                (lines, vec![partner.clone(), customer.clone()]),
            ])
        })
        .collect();
    run(bench, clients, units, false).await
}
