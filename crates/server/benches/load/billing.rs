//! Billing, measured: a month of one partner with a million lines and of ten thousand partners with a hundred, beside the
//! bare aggregate over the same rows; the files of a document; its pages.

use std::time::{Duration, Instant};

use chandlery::app::Context;
use chandlery::app::paper::{self, Form};
use chandlery::jobs::{invoice_run, month_close};
use chandlery::practice::browser::Browser;
use chandlery::texts::Reader;
use chandlery_domain::access::Action;
use chandlery_domain::ids::PartnerId;
use chandlery_domain::invoice::{DocumentNumber, Month};
use chandlery_store::Location;

use crate::Bench;
use crate::dialect::Dialect;
use crate::report::{self, Report};

/// How many lines the one partner has, unless `CHANDLERY_BENCH_LINES` says otherwise; as many have the others together.
const LINES: u64 = 1_000_000;
/// How many lines each of the many partners has.
const EACH: u64 = 100;
/// The month that is billed, and the microseconds it lasts.
const MONTH: &str = "2019-12";
const BEGIN: i64 = 1_575_158_400_000_000;
const LASTS: i64 = 31 * 86_400_000_000;

/// Lines as they come of a price list of 40 items in quantities up to 5: `partner` says whose, `customer` for whom, both of `n`.
/// `from` is where the numbers of the orders begin.
fn lines(dialect: &Dialect, (partner, customer): (&str, &str), from: u64, count: u64, item: &str) -> String {
    let numbers = dialect.numbers(0, count);
    let number = format!("n + {from}");
    let (order, charge) = (dialect.id("0001", &number), dialect.id("0002", &number));
    let at = format!("{BEGIN} + n * {}", LASTS / i64::try_from(count).unwrap());
    let minor = "(1999 + (n * 7919 % 40) * 1337)";
    let quantity = "(1 + n % 5)";
    let price = dialect.price(minor);
    let alternate = dialect.id("0003", &number);
    format!(
        "insert into orders (partner_id, id, alternate_id, customer_id, country, currency, cycle, placed_at, revision)
           select {partner}, {order}, substr({alternate}, 25), {customer}, 'SE', 'EUR', 'OneTime', {at}, 1 from {numbers};
         insert into order_lines (partner_id, order_id, number, item, title, family, quantity, term, unit_price, amount, includes_tax,
             period_first, period_last, state, state_at, product, publisher)
           select {partner}, {order}, 0, '{item}', 'A subscription of ordinary length, per core', 'subscription', {quantity}, 'P1Y', {price},
             {minor} * {quantity}, 0, '2019-12-01', '2020-11-30', 'fulfilled', {at}, 'A server of ordinary length', 'Microsoft Corporation' from {numbers};
         insert into charges (partner_id, order_id, id, customer_id, line, kind, unit_price, effective_unit_price, quantity, amount, currency,
             includes_tax, period_first, period_last, booked_at, term_first, term_last)
           select {partner}, {order}, {charge}, {customer}, 0, 'new', {price}, {price}, {quantity}, {minor} * {quantity}, 'EUR',
             0, '2019-12-01', '2020-11-30', {at}, '2019-12-01', '2020-11-30' from {numbers};"
    )
}

/// `count` partners like the measured one, numbered from `from`, each with one customer like its second.
fn partners(bench: &Bench, dialect: &Dialect, from: u64, count: u64) -> String {
    let numbers = dialect.numbers(0, count);
    let partner = dialect.id("0004", &format!("n + {from}"));
    let customer = dialect.id("0005", &format!("n + {from}"));
    let (like, customer_like) = (&bench.twin.tenant, &bench.customer);
    format!(
        "insert into partners (partner_id, name, country, currency, regions, active, mpn_id, credit_limits)
           select {partner}, 'Partner number ' || n, p.country, p.currency, p.regions, 1, p.mpn_id, p.credit_limits
           from {numbers}, partners p where p.partner_id = '{like}';
         insert into tax_profiles (partner_id, effective_from, country, party, entered_at)
           select {partner}, p.effective_from, p.country, p.party, p.entered_at
           from {numbers}, tax_profiles p where p.partner_id = '{like}';
         insert into customers (partner_id, id, domain, company_name, company_key, country, qualification, under_review, billing, created_at, revision)
           select {partner}, {customer}, 'customer' || n || '.example', 'Customer number ' || n, 'customer number ' || n, c.country,
             c.qualification, 0, c.billing, c.created_at, 1
           from {numbers}, customers c where c.partner_id = '{like}' and c.id = '{customer_like}';"
    )
}

/// How long the bare aggregate over the month's rows of some partners takes: once over everything, the best of three.
async fn aggregate(location: &Location, whose: &str) -> Duration {
    let sql = format!(
        "select partner_id, currency, includes_tax, amount, count(*) from charges where {whose} and booked_at >= {BEGIN} and booked_at < {} and reverses is null
         group by partner_id, currency, includes_tax, amount",
        BEGIN + LASTS
    );
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let begun = Instant::now();
        match location {
            Location::Sqlite(path) => {
                let (path, sql) = (path.clone(), sql.clone());
                let work = move || {
                    let database = rusqlite::Connection::open(path).unwrap();
                    let mut prepared = database.prepare(&sql).unwrap();
                    let mut rows = prepared.query([]).unwrap();
                    while let Some(row) = rows.next().unwrap() {
                        std::hint::black_box(row.get_ref(4).unwrap());
                    }
                };
                tokio::task::spawn_blocking(work).await.unwrap();
            }
            Location::Postgres { url, .. } => {
                let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
                tokio::spawn(connection);
                std::hint::black_box(client.query(&sql, &[]).await.unwrap());
            }
        }
        best = best.min(begun.elapsed());
    }
    best
}

/// Bills the month and says how quickly, beside the aggregate.
async fn run(bench: &Bench, report: &mut Report, (what, whose): (&str, &str), lines: u64, documents: u64) {
    let alone = aggregate(&bench.location, whose).await;
    report::forget_peak();
    let (before, statements) = (report::memory_mb(), bench.installation.store.statements());
    let begun = Instant::now();
    let month: Month = MONTH.parse().unwrap();
    let done = invoice_run::run(&bench.installation, month, false, &|_, _| {}).await.unwrap();
    let took = begun.elapsed();
    assert_eq!((done.documents, done.held.len(), done.failed.len()), (documents, 0, 0));
    let statements = bench.installation.store.statements() - statements;
    report.note(format!(
        "a month of {what} billed: {:.2} s, {:.0} lines a second; the bare aggregate over the rows alone: {:.2} s, {:.0} a second; ratio {:.3}; {:.1} statements a document; memory rose by {} MB at most",
        took.as_secs_f64(),
        lines as f64 / took.as_secs_f64(),
        alone.as_secs_f64(),
        lines as f64 / alone.as_secs_f64(),
        alone.as_secs_f64() / took.as_secs_f64(),
        statements as f64 / documents as f64,
        report::peak_memory_mb().saturating_sub(before),
    ));
}

/// Compares the month and says how quickly.
async fn compare(bench: &Bench, report: &mut Report, lines: u64) {
    report::forget_peak();
    let before = report::memory_mb();
    let begun = Instant::now();
    month_close::compare(&bench.installation, MONTH.parse().unwrap(), &|_, _| {}).await.unwrap();
    let took = begun.elapsed().as_secs_f64();
    let read = bench.installation.store.read(|tx| {
        Ok::<_, chandlery::error::Error>(chandlery_store::closing::open(tx, MONTH.parse().unwrap())?)
    });
    assert_eq!(read.await.unwrap(), 0, "the sides agree");
    report.note(format!(
        "the month compared, {lines} lines in all: {took:.1} s, {:.0} lines a second; memory rose by {} MB at most",
        lines as f64 / took,
        report::peak_memory_mb().saturating_sub(before),
    ));
}

/// Fetches a file of a document and counts its rows.
async fn file(bench: &Bench, report: &mut Report, cookie: &str, name: &str) {
    report::forget_peak();
    let before = report::memory_mb();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let begun = Instant::now();
    let url = format!("http://{}/billing/{name}", bench.address);
    let mut answer = client.get(url).header("Cookie", cookie).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let (mut bytes, mut rows) = (0_u64, 0_u64);
    while let Some(piece) = answer.chunk().await.unwrap() {
        bytes += piece.len() as u64;
        rows += piece.iter().filter(|byte| **byte == b'\n').count() as u64;
    }
    let took = begun.elapsed().as_secs_f64();
    report.note(format!(
        "{name} over HTTP: {rows} rows, {} MB: {:.1} s, {:.0} rows a second; memory rose by {} MB at most",
        bytes / 1_000_000,
        took,
        rows as f64 / took,
        report::peak_memory_mb().saturating_sub(before)
    ));
}

/// Sets a document's pages, the median of `times`.
async fn pages(bench: &Bench, report: &mut Report, partner: &str, what: &str, times: usize) {
    let partner: PartnerId = partner.parse().unwrap();
    let scope = Context::system(partner, bench.installation.clock.now(), "bench")
        .authorize(Action::ReadInvoices)
        .unwrap();
    let read = bench.installation.store.read(move |tx| {
        let all = chandlery_store::invoices::of_month(
            tx,
            &scope,
            (
                "EUR".parse().unwrap(),
                MONTH.parse().unwrap(),
                chandlery_domain::invoice::DocumentKind::Invoice,
            ),
        )?;
        Ok::<_, chandlery::error::Error>(all)
    });
    let number: DocumentNumber = read.await.unwrap().unwrap().number;
    // Fonts are read once.
    paper::file_of(&bench.installation, scope, number, Form::Pdf, Reader::default()).await.unwrap();
    let mut took: Vec<Duration> = Vec::new();
    let mut size = 0;
    for _ in 0..times {
        let begun = Instant::now();
        let (_, file) =
            paper::file_of(&bench.installation, scope, number, Form::Pdf, Reader::default()).await.unwrap();
        took.push(begun.elapsed());
        size = file.len();
    }
    took.sort_unstable();
    report.note(format!(
        "PDF of a document of {what}: {:.0} ms, the median of {times} ({} kB)",
        took[took.len() / 2].as_secs_f64() * 1000.0,
        size / 1000
    ));
}

pub async fn measure(bench: &Bench, report: &mut Report) {
    let wanted = std::env::var("CHANDLERY_BENCH_LINES").ok().and_then(|text| text.parse().ok());
    let count: u64 = wanted.unwrap_or(LINES);
    let dialect = Dialect::of(&bench.location);
    let item = bench.item("perpetual");
    let own = [format!("'{}'", bench.twin.tenant), format!("'{}'", bench.customer)];
    let begun = Instant::now();
    dialect.execute(&bench.location, lines(&dialect, (&own[0], &own[1]), 0, count, &item)).await;
    // Two partners more, for the pages: one of a single line, one of a thousand.
    dialect.execute(&bench.location, partners(bench, &dialect, 0, 2)).await;
    for (number, size) in [(0, 1), (1, 1000)] {
        let (partner, customer) =
            (dialect.id("0004", &number.to_string()), dialect.id("0005", &number.to_string()));
        let from = count + number * 1000;
        dialect.execute(&bench.location, lines(&dialect, (&partner, &customer), from, size, &item)).await;
    }
    dialect.settle(&bench.location).await;
    eprintln!("{count} lines stored in {:?}", begun.elapsed());
    let whose = format!("partner_id = '{}'", bench.twin.tenant);
    run(bench, report, (&format!("one partner with {count} lines"), &whose), count, 3).await;

    let agent = bench.twin.users.iter().find(|own| own.role == "admin_agent").unwrap();
    let mut browser = Browser::new(&format!("http://{}", bench.address)).unwrap();
    browser.sign_in(agent, "").await.unwrap();
    let listed = browser.go("/billing?month=2019-12", None).await.unwrap().2;
    let place =
        listed.find("/billing/g0").or_else(|| listed.find("/billing/G0")).unwrap() + "/billing/".len();
    let number = &listed[place..place + 10];
    for kind in ["lines.csv", "lines.jsonl"] {
        file(bench, report, browser.cookie(), &format!("{number}/{kind}")).await;
    }
    pages(bench, report, "0170003f-0004-7000-8000-000000000000", "one line", 20).await;
    pages(bench, report, "0170003f-0004-7000-8000-000000000001", "1000 lines", 5).await;

    let begun = Instant::now();
    let many = count / EACH;
    dialect.execute(&bench.location, partners(bench, &dialect, 10, many)).await;
    let (partner, customer) =
        (dialect.id("0004", &format!("10 + n / {EACH}")), dialect.id("0005", &format!("10 + n / {EACH}")));
    dialect
        .execute(&bench.location, lines(&dialect, (&partner, &customer), count + 10_000, many * EACH, &item))
        .await;
    dialect.settle(&bench.location).await;
    eprintln!("{many} partners stored in {:?}", begun.elapsed());
    let what = format!("{many} partners with {EACH} lines each");
    let whose =
        format!("partner_id >= {} and partner_id < {}", dialect.id("0004", "10"), dialect.id("0005", "0"));
    run(bench, report, (&what, &whose), many * EACH, many).await;
    compare(bench, report, many * EACH + count + 1001).await;
}
