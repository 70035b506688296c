//! Billing a month from the console: what would be issued, the run itself with how far it is, and who is held back.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use chandlery_domain::access::Action;
use chandlery_domain::calendar::utc_date;
use chandlery_domain::ids::PartnerId;
use chandlery_domain::invoice::Month;
use chandlery_store::invoices::HeldBack;
use chandlery_store::{invoices, partners, tax};
use jiff::ToSpan as _;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::imports::{RUN, under_way};
use super::long::{Long, UnderWay, progress};
use super::to;
use crate::api::Api;
use crate::error::Error;
use crate::jobs::invoice_run::{self, RunError, Summary};
use crate::texts::Reader;
use crate::web::entered::Entered;
use crate::web::pages::Frame;
use crate::web::ward::param;
use crate::web::{Asked, failed, page, refused};

/// How many months are offered: the last ones that are over.
const MONTHS: i32 = 6;
/// How many that are held back are listed.
const LISTED: i64 = 200;
/// One run of this server's at a time.
static RUNNING: Semaphore = Semaphore::const_new(1);

/// A run as it ended.
type Run = Long<(Month, bool, Result<Summary, RunError>)>;

struct Sum {
    kind: String,
    count: String,
    sum: String,
}

/// What a run came to.
struct Told {
    title: String,
    sums: Vec<Sum>,
    held: Vec<Row>,
    failed: Vec<String>,
}

/// Somebody who is held back.
struct Row {
    month: String,
    partner: String,
    currency: String,
    why: String,
}

#[derive(Template)]
#[template(path = "operator_billing.html")]
struct Billing {
    frame: Frame,
    seller: Option<String>,
    months: Vec<(String, String)>,
    held: Vec<Row>,
    told: Option<Told>,
    problem: Option<String>,
    under_way: Vec<UnderWay>,
}

/// Why somebody is held back, and what to do.
pub(super) fn reason(reader: &Reader, why: &str) -> String {
    let (word, facts) = why.split_once(' ').unwrap_or((why, ""));
    reader.t1(&format!("held-{}", word.replace('_', "-")), "facts", facts)
}

fn row(own: &HeldBack, reader: &Reader, names: &[(PartnerId, String)]) -> Row {
    let name = names.iter().find(|(id, _)| *id == own.partner).map(|(_, name)| name.clone());
    Row {
        month: reader.month(own.month.first()),
        partner: name.unwrap_or_else(|| own.partner.to_string()),
        currency: own.currency.to_string(),
        why: reason(reader, &own.why),
    }
}

/// `GET /operator/billing`.
pub(in crate::web) async fn show(asked: Asked) -> Response {
    match Entered::of(asked, Action::ManageBilling, "/operator/billing").await {
        Ok(own) => shown(&own, None, None).await,
        Err(response) => response,
    }
}

async fn shown(own: &Entered, told: Option<Told>, problem: Option<String>) -> Response {
    match shown_page(own, told, problem).await {
        Ok(body) => page(&own.api, StatusCode::OK, &body),
        Err(error) => failed(&own.api, &error),
    }
}

async fn shown_page(own: &Entered, told: Option<Told>, problem: Option<String>) -> Result<Billing, Error> {
    let read = own.read(|tx| {
        let held = invoices::held(tx, LISTED)?;
        let ids: Vec<PartnerId> = held.iter().map(|own| own.partner).collect();
        Ok((tax::seller(tx)?, partners::names(tx, &ids)?, held))
    });
    let (seller, names, held) = read.await?;
    let reader = &own.reader;
    let today = utc_date(own.cx.now);
    let mut months = Vec::new();
    for back in 1..=MONTHS {
        let day = today.checked_sub(back.months()).map_err(Error::internal)?;
        let month = Month::of(day);
        months.push((month.to_string(), reader.month(month.first())));
    }
    Ok(Billing {
        frame: own.frame(),
        seller: seller.map(|own| own.name),
        months,
        held: held.iter().map(|own| row(own, reader, &names)).collect(),
        told,
        problem,
        under_way: under_way(own),
    })
}

/// `POST /operator/billing`: bills a month, or looks what would be issued.
pub(in crate::web) async fn start(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageBilling, "/operator/billing").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let dry = own.form.text("step") != "bill";
    if !dry && let Err(error) = own.cx.needs_fresh_factor() {
        return refused(&own.api, &error, "/operator/billing");
    }
    let Ok(month) = own.form.text("period").parse::<Month>() else {
        return shown(&own, None, Some(own.reader.t("run-no-month"))).await;
    };
    let Ok(turn) = RUNNING.try_acquire() else {
        return shown(&own, None, Some(own.reader.t("run-busy"))).await;
    };
    let (name, run) = own.api.imports.runs.begin_anew();
    tokio::spawn(work(own.api.clone(), Arc::clone(&run), (month, dry), turn));
    if run.ends_soon().await { ended(&own, &run).await } else { to(&(RUN.place)(&name)) }
}

async fn work(api: Api, run: Arc<Run>, (month, dry): (Month, bool), turn: SemaphorePermit<'static>) {
    let seen = |count: u64, all: u64| {
        run.rows.store(all, Ordering::Relaxed);
        run.taken.store(count, Ordering::Relaxed);
    };
    let done = invoice_run::run(&api.installation, month, dry, &seen).await;
    drop(turn);
    if !dry {
        api.work.notify_one();
    }
    run.end((month, dry, done));
}

/// `GET /operator/billing/runs/{run}`: how far a run is, or what it came to.
pub(in crate::web) async fn watch(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageBilling, "/operator/billing").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let name = param(&path, "run").unwrap_or_default();
    // Another server runs it, or this one was started anew: it can be run again, and nothing is issued twice.
    let Some(run) = own.api.imports.runs.find(name) else { return to("/operator/billing") };
    if run.outcome.get().is_some() {
        return ended(&own, &run).await;
    }
    progress(&own, &RUN, name, &run)
}

async fn ended(own: &Entered, run: &Run) -> Response {
    let reader = &own.reader;
    let Some((month, dry, done)) = run.outcome.get() else { return to("/operator/billing") };
    let summary = match done {
        Ok(summary) => summary,
        Err(RunError::NotOver { from, .. }) => {
            return shown(own, None, Some(reader.t1("run-not-over", "from", reader.instant(*from)))).await;
        }
        Err(RunError::Closed { month }) => {
            let why = reader.t1("run-closed", "month", reader.month(month.first()));
            return shown(own, None, Some(why)).await;
        }
        Err(RunError::NoSeller) => return shown(own, None, Some(reader.t("run-no-seller"))).await,
        Err(RunError::BilledElsewhere { .. }) => {
            return shown(own, None, Some(reader.t("run-elsewhere"))).await;
        }
        Err(RunError::Failed(error)) => return failed(&own.api, error),
    };
    let mut ids: Vec<PartnerId> = summary.held.iter().map(|(id, ..)| *id).collect();
    ids.extend(summary.failed.iter().map(|(id, _)| *id));
    let names = match own.read(move |tx| Ok(partners::names(tx, &ids)?)).await {
        Ok(names) => names,
        Err(error) => return failed(&own.api, &error),
    };
    let name = |id: PartnerId| {
        names.iter().find(|(own, _)| *own == id).map_or_else(|| id.to_string(), |(_, name)| name.clone())
    };
    let count = i64::try_from(summary.documents).unwrap_or(i64::MAX);
    let told = Told {
        title: reader.t2(
            if *dry { "run-would" } else { "run-did" },
            "month",
            reader.month(month.first()),
            "count",
            count,
        ),
        sums: summary
            .sums()
            .into_iter()
            .map(|(kind, count, sum)| Sum {
                kind: reader.word("document-kind", kind),
                count: reader.number(i64::try_from(count).unwrap_or(i64::MAX)),
                sum: reader.money(sum),
            })
            .collect(),
        held: summary
            .held
            .iter()
            .map(|(id, currency, why)| Row {
                month: reader.month(month.first()),
                partner: name(*id),
                currency: currency.to_string(),
                why: reason(reader, &invoices::held_text(why)),
            })
            .collect(),
        failed: summary
            .failed
            .iter()
            .map(|(id, currency)| match currency {
                Some(currency) => format!("{} ({currency})", name(*id)),
                None => name(*id),
            })
            .collect(),
    };
    shown(own, Some(told), None).await
}
