//! Stored orders to measure against, put in raw because a million of them through the front door takes too long.

use std::fmt::Write as _;

use chandlery_store::Location;
use uuid::Builder;

use crate::Bench;

/// Of how many orders the measured customer owns one.
const SHARE: usize = 10;

/// Over which time they were placed: the two years before the clock's day, in microseconds.
const FIRST: i64 = 1_516_752_000_000_000;
const TWO_YEARS: i64 = 730 * 86_400_000_000;

pub struct Stored {
    pub id: String,
    pub alternate: String,
    pub charge: String,
}

/// An order as it is put in: of every three, one is perpetual software and two are plans.
struct Row {
    own: Stored,
    customer: String,
    placed_at: i64,
    item: String,
    family: &'static str,
    term: &'static str,
    period: Option<(&'static str, &'static str)>,
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
    let partner = bench.twin.tenant.clone();
    let (plan, software) = (bench.item("linux_plan"), bench.item("perpetual"));
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
    let rows: Vec<Row> = (0..count)
        .map(|number| {
            let customer = if number % SHARE == 0 { &bench.customer } else { others[number % others.len()] };
            let own = stored(number);
            if number % SHARE == 0 {
                mine.push(own.id.clone());
            }
            let is_software = number % 3 == 0;
            Row {
                own,
                customer: customer.clone(),
                placed_at: FIRST + TWO_YEARS / count as i64 * number as i64,
                item: if is_software { software.clone() } else { plan.clone() },
                family: if is_software { "perpetual" } else { "linux_plan" },
                term: if is_software { "OneTime" } else { "P1Y" },
                period: (!is_software).then_some(("2019-07-14", "2020-07-13")),
            }
        })
        .collect();
    match &bench.location {
        Location::Sqlite(path) => sqlite(path, &partner, &rows),
        Location::Postgres { url, .. } => postgres(url, &partner, &rows).await,
    }
    mine
}

fn sqlite(path: &std::path::Path, partner: &str, rows: &[Row]) {
    let mut database = rusqlite::Connection::open(path).unwrap();
    database.busy_timeout(std::time::Duration::from_secs(30)).unwrap();
    for chunk in rows.chunks(50_000) {
        let change = database.transaction().unwrap();
        {
            let mut order = change
                .prepare_cached("insert into orders values (?,?,?,?,null,null,'DE','SEK','OneTime',?,1,null)")
                .unwrap();
            let mut line = change.prepare_cached("insert into order_lines values (?,?,0,?,'Something bought',?,1,?,'100.00',10000,0,?,?,null,null,'fulfilled',?,'A product','A publisher')").unwrap();
            let mut charge = change.prepare_cached("insert into charges values (?,?,?,?,0,'new','100.00','100.00',1,10000,'SEK',0,?,?,?,null,null,null,null)").unwrap();
            for row in chunk {
                let (id, at) = (&row.own.id, row.placed_at);
                let (first, last) = (row.period.map(|own| own.0), row.period.map(|own| own.1));
                order.execute((partner, id, &row.own.alternate, &row.customer, at)).unwrap();
                line.execute((partner, id, &row.item, row.family, row.term, first, last, at)).unwrap();
                charge.execute((partner, id, &row.own.charge, &row.customer, first, last, at)).unwrap();
            }
        }
        change.commit().unwrap();
    }
    database.execute_batch("pragma wal_checkpoint(truncate); analyze").unwrap();
}

async fn postgres(url: &str, partner: &str, rows: &[Row]) {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    for chunk in rows.chunks(2_000) {
        let (mut orders, mut lines, mut charges) = (String::new(), String::new(), String::new());
        for Row { own: Stored { id, alternate, charge }, customer, placed_at, item, family, term, period } in
            chunk
        {
            let period = period.map_or("null,null".to_owned(), |(first, last)| format!("'{first}','{last}'"));
            write!(
                orders,
                ",('{partner}','{id}','{alternate}','{customer}',null,null,'DE','SEK','OneTime',{placed_at},1,null)"
            )
            .unwrap();
            write!(lines, ",('{partner}','{id}',0,'{item}','Something bought','{family}',1,'{term}','100.00',10000,0,{period},null,null,'fulfilled',{placed_at},'A product','A publisher')").unwrap();
            write!(charges, ",('{partner}','{id}','{charge}','{customer}',0,'new','100.00','100.00',1,10000,'SEK',0,{period},{placed_at},null,null,null)").unwrap();
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
