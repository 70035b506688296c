//! The board that closes a month: what each side came to, in what they differ, why, and the closing itself.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chandlery_domain::access::Action;
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::calendar::utc_date;
use chandlery_domain::close::{Difference, Gap, REASON_MAX, Sides, Sum};
use chandlery_domain::ids::PartnerId;
use chandlery_domain::invoice::Month;
use chandlery_domain::money::{Currency, Money};
use chandlery_store::closing::{self, Closing, Counted, Kept, Key};
use chandlery_store::partners;
use jiff::ToSpan as _;
use jiff::civil::Date;
use tokio::io::AsyncSeekExt as _;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::billing::reason;
use super::imports::{self, COMPARISON};
use super::long::{Long, UnderWay, progress};
use super::{PAGE, address, receive, to};
use crate::api::{Api, Caller};
use crate::app::{close, vendor_bill};
use crate::error::Error;
use crate::jobs::invoice_run::RunError;
use crate::jobs::month_close;
use crate::texts::{self, Html, Reader};
use crate::web::entered::Entered;
use crate::web::fields::Most;
use crate::web::pages::Frame;
use crate::web::ward::param;
use crate::web::{Asked, Form, cut, failed, page, refused};

const HERE: &str = "/operator/close";
/// How many months are offered: the last ones that are over.
const MONTHS: i32 = 12;
/// One comparison of this server's at a time, and one vendor's bill.
static COMPARING: Semaphore = Semaphore::const_new(1);
static READING: Semaphore = Semaphore::const_new(1);

/// A comparison as it ended.
pub(super) type Run = Long<(Month, Result<(), RunError>)>;

/// What a side came to.
struct Side {
    name: String,
    count: String,
    sum: String,
}

/// A currency from each side.
struct Board {
    currency: String,
    sides: Vec<Side>,
}

/// A bill of the vendor's, in a currency.
struct Bill {
    number: String,
    lines: String,
    sum: String,
}

/// Differences of a kind.
struct Kind {
    name: String,
    owner: String,
    all: String,
    open: String,
    settled: bool,
}

/// A difference.
struct Row {
    gap: &'static str,
    partner: String,
    partner_name: String,
    subject: String,
    /// What of, as it is kept.
    key: String,
    name: String,
    about: String,
    more: Option<String>,
    reason: Option<String>,
    typed: String,
    fault: Option<String>,
}

#[derive(Template)]
#[template(path = "operator_close.html")]
struct Page {
    frame: Frame,
    message: Option<String>,
    error: Option<String>,
    fault: Option<String>,
    under_way: Vec<UnderWay>,
    most: Most,
    month: String,
    month_name: String,
    months: Vec<(String, String)>,
    compared: Option<Html>,
    closed: Option<Html>,
    ready: bool,
    /// It is being compared, or that broke off.
    comparing: bool,
    boards: Vec<Board>,
    vendor: Vec<Bill>,
    /// There are more bills than are listed.
    more_bills: bool,
    kinds: Vec<Kind>,
    view: &'static str,
    after: String,
    rows: Vec<Row>,
    next: Option<String>,
    reason_max: usize,
    reopen_typed: String,
    reopen_fault: Option<String>,
    wrong: bool,
}

/// What was typed about a difference, and why it is wrong.
struct WrongRow {
    key: Key,
    typed: String,
    why: String,
}

/// What is to be told on the page beside what is there.
#[derive(Default)]
struct Done {
    error: Option<String>,
    file: Option<String>,
    row: Option<WrongRow>,
    reopen: Option<(String, String)>,
}

fn side(reader: &Reader, name: &str, own: Sum) -> Side {
    Side {
        name: reader.t(name),
        count: reader.number(i64::try_from(own.count).unwrap_or(i64::MAX)),
        sum: reader.money(own.amount),
    }
}

fn board(reader: &Reader, own: &Sides) -> Board {
    let documents = Side {
        name: reader.t("close-documents"),
        count: reader.number(i64::try_from(own.documents).unwrap_or(i64::MAX)),
        sum: String::new(),
    };
    Board {
        currency: own.currency().to_string(),
        sides: vec![
            side(reader, "close-ordered", own.ordered),
            side(reader, "close-new", own.new),
            side(reader, "close-further", own.further),
            side(reader, "close-credited", own.credited),
            documents,
            side(reader, "close-billed", own.billed),
            side(reader, "close-billed-back", own.billed_back),
        ],
    }
}

fn number(reader: &Reader, own: i64, currency: Option<Currency>) -> String {
    match currency {
        Some(currency) => reader.money(Money::new(own, currency)),
        None => reader.number(own),
    }
}

/// More that is known of a difference.
fn more(reader: &Reader, own: &Difference) -> Option<String> {
    match own.gap {
        Gap::NotBilled if !own.detail.is_empty() => Some(reason(reader, &own.detail)),
        Gap::NotChargedThrough => {
            let day: Date = own.detail.parse().ok()?;
            Some(reader.t1("close-charged-through", "day", reader.date(day)))
        }
        Gap::ChargedOtherwise if !own.detail.is_empty() => {
            Some(reader.t1("close-other-currency", "currency", own.detail.as_str()))
        }
        Gap::BilledOtherwise => {
            let numbers: Vec<i64> = own.detail.split(' ').filter_map(|text| text.parse().ok()).collect();
            let [charges, charged, lines, billed, credits, credited, backs, back] = numbers[..] else {
                return None;
            };
            let sum = |minor| number(reader, minor, own.currency);
            Some(reader.with(
                "close-each",
                [
                    ("charges", charges.into()),
                    ("charged", sum(charged).into()),
                    ("lines", lines.into()),
                    ("billed", sum(billed).into()),
                    ("credits", credits.into()),
                    ("credited", sum(credited).into()),
                    ("backs", backs.into()),
                    ("back", sum(back).into()),
                ],
            ))
        }
        _ => None,
    }
}

fn row(reader: &Reader, kept: Kept, names: &[(PartnerId, String)], done: &Done) -> Row {
    let Kept { own, reason } = kept;
    let wrong = done.row.as_ref().filter(|wrong| {
        (wrong.key.gap, wrong.key.partner, wrong.key.subject.as_str())
            == (own.gap, own.partner, own.subject.as_str())
    });
    let about = match (own.expected, own.found) {
        (Some(expected), Some(found)) => reader.t2(
            "close-numbers",
            "expected",
            number(reader, expected, own.currency),
            "found",
            number(reader, found, own.currency),
        ),
        (Some(kept), None) if own.gap == Gap::MoreThanKept => reader.t1("close-kept", "kept", kept),
        (Some(expected), None) => {
            reader.t1("close-nothing-found", "expected", number(reader, expected, own.currency))
        }
        _ => String::new(),
    };
    let name = |id: PartnerId| {
        names.iter().find(|(own, _)| *own == id).map_or_else(|| id.to_string(), |(_, name)| name.clone())
    };
    Row {
        gap: own.gap.as_str(),
        partner: own.partner.map(|id| id.to_string()).unwrap_or_default(),
        partner_name: own.partner.map(name).unwrap_or_default(),
        name: reader.word("gap", own.gap.as_str()),
        about,
        more: more(reader, &own),
        typed: wrong.map(|own| own.typed.clone()).unwrap_or_default(),
        fault: wrong.map(|own| own.why.clone()),
        subject: match own.gap {
            Gap::MoreThanKept => reader.word("gap", &own.subject),
            _ => own.subject.clone(),
        },
        key: own.subject,
        reason,
    }
}

fn key_of(text: &str) -> Option<Key> {
    let mut parts = text.splitn(3, ' ');
    let gap = parts.next()?.parse().ok()?;
    let partner = match parts.next()? {
        "-" => None,
        id => Some(id.parse().ok()?),
    };
    Some(Key { gap, partner, subject: parts.next()?.to_owned() })
}

fn key_text(own: &Difference) -> String {
    let partner = own.partner.map_or_else(|| "-".to_owned(), |id| id.to_string());
    format!("{} {partner} {}", own.gap, own.subject)
}

struct Found {
    closing: Option<Closing>,
    counts: Vec<Counted>,
    vendor: Vec<(String, Sum)>,
    more_bills: bool,
    rows: Vec<Kept>,
    names: Vec<(PartnerId, String)>,
    next: Option<String>,
}

async fn found(own: &Entered, month: Month, explained: bool, after: Option<Key>) -> Result<Found, Error> {
    own.read(move |tx| {
        let closing = closing::find(tx, month)?;
        let counts = closing::counts(tx, month)?;
        let mut vendor = closing::vendor_bills(tx, month, PAGE + 1)?;
        let more_bills = cut(&mut vendor, PAGE);
        let mut rows = closing::page(tx, month, explained, after.as_ref(), PAGE + 1)?;
        let more = cut(&mut rows, PAGE);
        let next = rows.last().filter(|_| more).map(|last| key_text(&last.own));
        let mut ids: Vec<PartnerId> = rows.iter().filter_map(|own| own.own.partner).collect();
        ids.sort_unstable();
        ids.dedup();
        let names = if ids.is_empty() { Vec::new() } else { partners::names(tx, &ids)? };
        Ok(Found { closing, counts, vendor, more_bills, rows, names, next })
    })
    .await
}

/// The last months that are over.
fn months(now: jiff::Timestamp) -> Result<Vec<Month>, Error> {
    let today = utc_date(now);
    let month = |back: i32| Ok(Month::of(today.checked_sub(back.months()).map_err(Error::internal)?));
    (1..=MONTHS).map(month).collect()
}

async fn shown(own: &Entered, done: Done) -> Response {
    match page_of(own, done).await {
        Ok(body) => {
            let status = if body.wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            page(&own.api, status, &body)
        }
        Err(error) => failed(&own.api, &error),
    }
}

async fn page_of(own: &Entered, done: Done) -> Result<Page, Error> {
    let reader = &own.reader;
    let offered = months(own.cx.now)?;
    let wanted = own.form.text("period").parse::<Month>().ok();
    let month =
        wanted.or_else(|| offered.first().copied()).ok_or_else(|| Error::internal("no month is over"))?;
    let view = if own.form.text("view") == "explained" { "explained" } else { "open" };
    let mut after = own.form.text("after").to_owned();
    let mut found_here = found(own, month, view == "explained", key_of(&after)).await?;
    if !after.is_empty() && found_here.rows.is_empty() {
        // The last difference of this page was explained: the list begins anew.
        after = String::new();
        found_here = found(own, month, view == "explained", None).await?;
    }
    let Found { closing, counts, vendor, more_bills, rows, names, next } = found_here;
    let message = match own.form.text("done") {
        word @ ("compared" | "closed" | "reopened" | "explained" | "withdrawn" | "vendor" | "dropped") => {
            let told = reader.t1(&format!("close-done-{word}"), "month", reader.month(month.first()));
            match own.form.text("replaced").parse::<i64>() {
                Ok(before) if before > 0 => {
                    Some(format!("{told} {}", reader.t1("close-replaced", "count", before)))
                }
                _ => Some(told),
            }
        }
        _ => None,
    };
    let mut done = done;
    if let Some(wrong) = &done.row
        && !rows.iter().any(|own| {
            (own.own.gap, own.own.partner) == (wrong.key.gap, wrong.key.partner)
                && own.own.subject == wrong.key.subject
        })
    {
        // Somebody else explained it meanwhile, or it is on another page.
        done.error =
            Some(format!("{} {}", wrong.why, reader.t1("close-typed", "reason", wrong.typed.as_str())));
    }
    let wrong = done.error.is_some() || done.file.is_some() || done.row.is_some() || done.reopen.is_some();
    let comparing = closing.as_ref().is_some_and(|own| own.running.is_some());
    let open: i64 = counts.iter().map(|own| own.open).sum();
    let mut listed = offered;
    if !listed.contains(&month) {
        listed.push(month);
    }
    let value = month.to_string();
    Ok(Page {
        frame: own.frame(),
        message: message.filter(|_| !wrong),
        under_way: imports::under_way(own),
        most: Most::of(reader, vendor_bill::LARGEST),
        month_name: reader.month(month.first()),
        months: listed.into_iter().map(|own| (own.to_string(), reader.month(own.first()))).collect(),
        compared: closing.as_ref().and_then(|own| own.compared_at).map(|at| reader.time(at)),
        closed: closing.as_ref().and_then(|own| own.closed_at).map(|at| reader.time(at)),
        ready: open == 0 && !comparing,
        comparing,
        boards: closing.iter().flat_map(|own| &own.sides).map(|own| board(reader, own)).collect(),
        vendor: vendor
            .into_iter()
            .map(|(number, own)| Bill {
                number,
                lines: reader.number(i64::try_from(own.count).unwrap_or(i64::MAX)),
                sum: reader.money(own.amount),
            })
            .collect(),
        more_bills,
        kinds: counts
            .iter()
            .map(|own| Kind {
                name: reader.word("gap", own.gap.as_str()),
                owner: reader.word("gap-owner", own.gap.owner().as_str()),
                all: reader.number(own.all),
                open: reader.number(own.open),
                settled: own.open == 0,
            })
            .collect(),
        view,
        rows: rows.into_iter().map(|one| row(reader, one, &names, &done)).collect(),
        next: next.map(|own| address(HERE, &[("period", &value), ("view", view), ("after", &own)])),
        after,
        reason_max: REASON_MAX,
        reopen_typed: done.reopen.as_ref().map(|(typed, _)| typed.clone()).unwrap_or_default(),
        reopen_fault: done.reopen.map(|(_, why)| why),
        month: value,
        error: done.error,
        fault: done.file,
        wrong,
    })
}

/// `GET /operator/close`.
pub(in crate::web) async fn show(asked: Asked) -> Response {
    match Entered::of(asked, Action::ManageBilling, HERE).await {
        Ok(own) => shown(&own, Done::default()).await,
        Err(response) => response,
    }
}

/// What is told where the month cannot be compared or closed.
async fn told(own: &Entered, why: String) -> Response {
    shown(own, Done { error: Some(why), ..Done::default() }).await
}

/// `POST /operator/close`: compares a month, or closes it.
pub(in crate::web) async fn start(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageBilling, HERE).await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let Ok(month) = own.form.text("period").parse::<Month>() else {
        return told(&own, own.reader.t("run-no-month")).await;
    };
    if own.form.text("step") == "close" {
        return closed(&own, month).await;
    }
    let Ok(turn) = COMPARING.try_acquire() else { return told(&own, own.reader.t("close-busy")).await };
    let (name, run) = own.api.imports.comparisons.begin_anew();
    tokio::spawn(work(own.api.clone(), Arc::clone(&run), month, turn));
    if run.ends_soon().await { ended(&own, &run).await } else { to(&(COMPARISON.place)(&name)) }
}

async fn closed(own: &Entered, month: Month) -> Response {
    if let Err(error) = own.cx.needs_fresh_factor() {
        return refused(&own.api, &error, HERE);
    }
    let attempted = Entry::did(Operation::CloseMonth, Resource::BillingMonth, month);
    match own.act(attempted, move |tx, cx| close::close(tx, cx, month)).await {
        Ok(()) => to(&address(HERE, &[("period", &month.to_string()), ("done", "closed")])),
        Err(Error::Invalid { field, message }) => {
            let why = texts::invalid(&own.reader, &field, &message);
            told(own, why).await
        }
        Err(error) => failed(&own.api, &error),
    }
}

async fn work(api: Api, run: Arc<Run>, month: Month, turn: SemaphorePermit<'static>) {
    let seen = |count: u64, all: u64| {
        run.rows.store(all, Ordering::Relaxed);
        run.taken.store(count, Ordering::Relaxed);
    };
    let done = month_close::compare(&api.installation, month, &seen).await;
    drop(turn);
    run.end((month, done));
}

/// `GET /operator/close/runs/{run}`: how far a comparison is.
pub(in crate::web) async fn watch(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let mut own = match Entered::of(asked, Action::ManageBilling, HERE).await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let name = param(&path, "run").unwrap_or_default();
    // Another server compares, or this one was started anew: it can be done again.
    let Some(run) = own.api.imports.comparisons.find(name) else { return to(HERE) };
    if let Some((month, _)) = run.outcome.get() {
        own.form = Form(vec![("period".to_owned(), month.to_string())]);
        return ended(&own, &run).await;
    }
    progress(&own, &COMPARISON, name, &run)
}

async fn ended(own: &Entered, run: &Run) -> Response {
    let reader = &own.reader;
    let Some((month, done)) = run.outcome.get() else { return to(HERE) };
    let why = match done {
        Ok(()) => return to(&address(HERE, &[("period", &month.to_string()), ("done", "compared")])),
        Err(RunError::NotOver { from, .. }) => reader.t1("run-not-over", "from", reader.instant(*from)),
        Err(RunError::BilledElsewhere { .. }) => reader.t("run-elsewhere"),
        Err(RunError::Closed { month }) => reader.t1("run-closed", "month", reader.month(month.first())),
        Err(RunError::NoSeller) => reader.t("run-no-seller"),
        Err(RunError::Failed(Error::Invalid { field, message })) => texts::invalid(reader, field, message),
        Err(RunError::Failed(error)) => return failed(&own.api, error),
    };
    told(own, why).await
}

fn with_typed(reader: &Reader, why: String, typed: &str) -> String {
    match typed.is_empty() {
        true => why,
        false => format!("{why} {}", reader.t1("close-typed", "reason", typed)),
    }
}

/// `POST /operator/close/explain`: says why a difference is as it is, or takes that back.
pub(in crate::web) async fn explain(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageBilling, HERE).await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let form = &own.form;
    let partner = form.text("partner");
    let read = || {
        let partner = if partner.is_empty() { None } else { Some(partner.parse().ok()?) };
        let key =
            Key { gap: form.text("gap").parse().ok()?, partner, subject: form.text("subject").to_owned() };
        Some((form.text("period").parse::<Month>().ok()?, key))
    };
    let Some((month, key)) = read() else { return to(HERE) };
    let withdraw = form.text("step") == "withdraw";
    let typed = form.text("reason").to_owned();
    let reason = (!withdraw).then(|| typed.clone());
    let attempted = Entry::did(Operation::ExplainDifference, Resource::BillingMonth, month);
    let inner = key.clone();
    match own.act(attempted, move |tx, cx| close::explain(tx, cx, month, &inner, reason.as_deref())).await {
        Ok(()) => {
            let word = if withdraw { "withdrawn" } else { "explained" };
            let (month, view, after) = (month.to_string(), form.text("view"), form.text("after"));
            to(&address(HERE, &[("period", &month), ("done", word), ("view", view), ("after", after)]))
        }
        Err(Error::Invalid { field, message }) if field == "reason" => {
            let why = texts::invalid(&own.reader, &field, &message);
            shown(&own, Done { row: Some(WrongRow { key, typed, why }), ..Done::default() }).await
        }
        // The month was closed meanwhile, somebody else explained it, or a comparison saw it no more: what was typed is told back.
        Err(Error::Invalid { field, message }) => {
            let why = texts::invalid(&own.reader, &field, &message);
            told(&own, with_typed(&own.reader, why, &typed)).await
        }
        Err(Error::NotFound(_)) => {
            let why = own.reader.t("close-gone");
            told(&own, with_typed(&own.reader, why, &typed)).await
        }
        Err(error) => failed(&own.api, &error),
    }
}

/// `POST /operator/close/reopen`: opens a closed month again.
pub(in crate::web) async fn reopen(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageBilling, HERE).await {
        Ok(own) => own,
        Err(response) => return response,
    };
    if let Err(error) = own.cx.needs_fresh_factor() {
        return refused(&own.api, &error, HERE);
    }
    let Ok(month) = own.form.text("period").parse::<Month>() else { return to(HERE) };
    let typed = own.form.text("reason").to_owned();
    let reason = typed.clone();
    let attempted = Entry::did(Operation::ReopenMonth, Resource::BillingMonth, month);
    match own.act(attempted, move |tx, _| close::reopen(tx, month, &reason)).await {
        Ok(()) => to(&address(HERE, &[("period", &month.to_string()), ("done", "reopened")])),
        Err(Error::Invalid { field, message }) => {
            let why = texts::invalid(&own.reader, &field, &message);
            shown(&own, Done { reopen: Some((typed, why)), ..Done::default() }).await
        }
        Err(error) => failed(&own.api, &error),
    }
}

/// `POST /operator/close/{month}/vendor`: reads what the vendor bills for a month.
pub(in crate::web) async fn vendor(
    State(api): State<Api>,
    Path(path): Path<Vec<(String, String)>>,
    caller: Caller,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let mut own = match Entered::unread(api, &caller, &headers, Action::ManageBilling, HERE).await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let Some(month) = param(&path, "month").and_then(|text| text.parse::<Month>().ok()) else {
        return to(HERE);
    };
    own.form = Form(vec![("period".to_owned(), month.to_string())]);
    let wrong = |why: String| Done { file: Some(why), ..Done::default() };
    let Ok(_turn) = READING.try_acquire() else {
        return shown(&own, wrong(own.reader.t("close-vendor-busy"))).await;
    };
    let file = match tempfile::tempfile() {
        Ok(file) => file,
        Err(error) => return failed(&own.api, &Error::internal(error)),
    };
    let mut file = tokio::fs::File::from_std(file);
    if let Err(why) = receive(&own.api, request, vendor_bill::LARGEST, &mut file).await {
        return match why.told(&own.reader, vendor_bill::LARGEST) {
            Ok(fault) => shown(&own, wrong(fault)).await,
            Err(error) => failed(&own.api, &error),
        };
    }
    if let Err(error) = file.rewind().await {
        return failed(&own.api, &Error::internal(error));
    }
    let file = file.into_std().await;
    let rows = match tokio::task::spawn_blocking(move || vendor_bill::read(file)).await {
        Ok(Ok(rows)) => rows,
        Ok(Err(bad)) => return shown(&own, wrong(texts::bad_row(&own.reader, &bad))).await,
        Err(error) => return failed(&own.api, &Error::internal(error)),
    };
    let attempted = Entry::did(Operation::ReadVendorBill, Resource::BillingMonth, month);
    match own.act(attempted, move |tx, _| close::keep_vendor(tx, month, &rows)).await {
        Ok(before) => {
            let (month, before) = (month.to_string(), before.to_string());
            to(&address(HERE, &[("period", &month), ("done", "vendor"), ("replaced", &before)]))
        }
        Err(Error::Invalid { field, message }) => {
            let why = texts::invalid(&own.reader, &field, &message);
            told(&own, why).await
        }
        Err(error) => failed(&own.api, &error),
    }
}

/// `POST /operator/close/vendor`: takes a vendor's bill away.
pub(in crate::web) async fn drop_vendor(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageBilling, HERE).await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let Ok(month) = own.form.text("period").parse::<Month>() else { return to(HERE) };
    let bill = own.form.text("bill").to_owned();
    let attempted = Entry::did(Operation::ReadVendorBill, Resource::BillingMonth, month);
    match own.act(attempted, move |tx, _| close::drop_vendor(tx, month, &bill)).await {
        Ok(()) | Err(Error::NotFound(_)) => {
            to(&address(HERE, &[("period", &month.to_string()), ("done", "dropped")]))
        }
        Err(Error::Invalid { field, message }) => {
            let why = texts::invalid(&own.reader, &field, &message);
            told(&own, why).await
        }
        Err(error) => failed(&own.api, &error),
    }
}
