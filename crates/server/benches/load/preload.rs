//! Stored orders to measure against, put in raw because a million of them through the front door takes too long.

use std::fmt::Write as _;

use chandlery_store::Location;
use uuid::Builder;

use crate::Bench;

/// Of how many orders the measured customer owns one.
const SHARE: usize = 10;

pub struct Stored {
    pub id: String,
    pub alternate: String,
    pub charge: String,
}

pub fn stored(number: usize) -> Stored {
    let mut tail = [0_u8; 10];
    chandlery::ids::fill(&mut tail);
    let id =
        Builder::from_unix_timestamp_millis(1_500_000_000_000 + number as u64, &tail).into_uuid().to_string();
    chandlery::ids::fill(&mut tail);
    let charge =
        Builder::from_unix_timestamp_millis(1_500_000_000_000 + number as u64, &tail).into_uuid().to_string();
    Stored { alternate: id[24..].to_owned(), id, charge }
}

/// Stores orders of one line each with their charge; returns the ids of those of the measured customer.
pub async fn orders(bench: &Bench, count: usize) -> Vec<String> {
    let (partner, item) = (bench.twin.tenant.clone(), bench.item("linux_plan"));
    let own: Vec<String> = bench
        .twin
        .customers
        .iter()
        .filter(|customer| customer.partner_id == partner)
        .map(|customer| customer.id.clone())
        .collect();
    let others: Vec<&String> =
        own.iter().filter(|id| **id != bench.customer && **id != bench.key_customer).collect();
    let mut mine = Vec::new();
    let rows: Vec<(Stored, String)> = (0..count)
        .map(|number| {
            let customer = if number % SHARE == 0 { &bench.customer } else { others[number % others.len()] };
            let row = stored(number);
            if number % SHARE == 0 {
                mine.push(row.id.clone());
            }
            (row, customer.clone())
        })
        .collect();
    match &bench.location {
        Location::Sqlite(path) => sqlite(path, &partner, &item, &rows),
        Location::Postgres { url, .. } => postgres(url, &partner, &item, &rows).await,
    }
    mine
}

fn sqlite(path: &std::path::Path, partner: &str, item: &str, rows: &[(Stored, String)]) {
    let mut database = rusqlite::Connection::open(path).unwrap();
    database.busy_timeout(std::time::Duration::from_secs(30)).unwrap();
    for chunk in rows.chunks(50_000) {
        let change = database.transaction().unwrap();
        {
            let mut order = change
                .prepare_cached(
                    "insert into orders values (?,?,?,?,null,null,'DE','SEK','OneTime',1500000000000000,1)",
                )
                .unwrap();
            let mut line = change.prepare_cached("insert into order_lines values (?,?,0,?,'Linux','linux_plan',1,'P1Y','100.00',10000,0,'2017-07-14','2018-07-13',null,null,'fulfilled',1500000000000000)").unwrap();
            let mut charge = change.prepare_cached("insert into charges values (?,?,?,?,0,'new','100.00','100.00',1,10000,'SEK',0,'2017-07-14','2018-07-13',1500000000000000,null)").unwrap();
            for (row, customer) in chunk {
                order.execute([partner, &row.id, &row.alternate, customer]).unwrap();
                line.execute([partner, &row.id, item]).unwrap();
                charge.execute([partner, &row.id, &row.charge, customer]).unwrap();
            }
        }
        change.commit().unwrap();
    }
    database.execute_batch("pragma wal_checkpoint(truncate)").unwrap();
}

async fn postgres(url: &str, partner: &str, item: &str, rows: &[(Stored, String)]) {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    for chunk in rows.chunks(2_000) {
        let (mut orders, mut lines, mut charges) = (String::new(), String::new(), String::new());
        for (row, customer) in chunk {
            write!(
                orders,
                ",('{partner}','{}','{}','{customer}',null,null,'DE','SEK','OneTime',1500000000000000,1)",
                row.id, row.alternate
            )
            .unwrap();
            write!(lines, ",('{partner}','{}',0,'{item}','Linux','linux_plan',1,'P1Y','100.00',10000,0,'2017-07-14','2018-07-13',null,null,'fulfilled',1500000000000000)", row.id).unwrap();
            write!(charges, ",('{partner}','{}','{}','{customer}',0,'new','100.00','100.00',1,10000,'SEK',0,'2017-07-14','2018-07-13',1500000000000000,null)", row.id, row.charge).unwrap();
        }
        let text = format!(
            "begin; insert into orders values {}; insert into order_lines values {}; insert into charges values {}; commit",
            &orders[1..],
            &lines[1..],
            &charges[1..]
        );
        client.batch_execute(&text).await.unwrap();
    }
    client.batch_execute("vacuum analyze").await.unwrap();
}

/// A price sheet of so many rows over a few hundred products.
pub fn price_sheet(rows: usize) -> String {
    let mut text = String::from(
        "ProductTitle,ProductId,SkuId,SkuTitle,Publisher,SkuDescription,UnitOfMeasure,TermDuration,BillingPlan,Market,Currency,UnitPrice,PricingTierRangeMin,PricingTierRangeMax,EffectiveStartDate,EffectiveEndDate,Tags,ERP Price,Segment\n",
    );
    let markets = ["SE", "DE", "FR", "NO", "DK", "GB", "IT", "ES", "NL", "BE"];
    let currencies = ["EUR", "GBP", "CHF", "DKK", "NOK", "SEK"];
    for number in 0..rows {
        let (product, place) = (number / 60, number % 60);
        writeln!(
            text,
            "Product {product},DG7BENCH{:04},{},SKU of product {product},Microsoft,A description of ordinary length for a product,,P1Y,,{},{},{}.{:02},,,2019-01-01T00:00:00Z,9999-11-30T23:59:59Z,Software;Subscription,{}.99,Commercial",
            product % 10_000,
            product / 10_000 + 1,
            markets[place / 6],
            currencies[place % 6],
            100 + number % 900,
            number % 100,
            1200 + number % 900,
        )
        .unwrap();
    }
    text
}
