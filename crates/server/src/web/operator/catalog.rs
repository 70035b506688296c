//! The catalogue, and price sheets: sent, looked at, imported. What is imported is what was looked at, because a sheet is
//! named by its SHA-256.

use std::fs::File;
use std::path::PathBuf;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chandlery_domain::access::Action;
use chandlery_domain::price::PriceRow;
use chandlery_store::catalog;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::Semaphore;

use super::{PAGE, address, imports, receive, to};
use crate::api::{Api, Caller};
use crate::app::import_prices::{self, ImportError, Preview, Survey};
use crate::clock::wall_clock;
use crate::error::{BadRow, Error, Missing};
use crate::outside::price_sheets::PriceSheets;
use crate::texts::{self, Reader};
use crate::web::entered::Entered;
use crate::web::fields::Most;
use crate::web::operator_pages::{BadLine, Catalogue, PriceChange, ProductRow, Sheet};
use crate::web::ward::param;
use crate::web::{Asked, cut, failed, page};

/// The largest price sheet taken.
const SHEET_MAX: usize = 50 * 1024 * 1024;
/// How many refused rows are told.
const BAD_TOLD: usize = 100;

/// Sheets are gone over one at a time: a large one keeps a thread busy for seconds.
pub(super) static READING: Semaphore = Semaphore::const_new(1);

pub(super) fn busy() -> Error {
    Error::Store(chandlery_store::Error::Unavailable { why: "another price sheet is being read".into() })
}

fn sheets(api: &Api) -> PriceSheets {
    PriceSheets::at(api.installation.place.price_sheets())
}

/// `GET /operator/catalog`.
pub(in crate::web) async fn list(asked: Asked) -> Response {
    match Entered::of(asked, Action::ReadHealth, "/operator/catalog").await {
        Ok(own) => shown(&own, None).await,
        Err(response) => response,
    }
}

async fn shown(own: &Entered, fault: Option<String>) -> Response {
    let text: String = own.form.text("q").trim().chars().take(100).collect();
    let (word, after) = (text.clone(), own.form.text("after").to_owned());
    let read = own
        .read(move |tx| Ok((catalog::counted(tx, &word, &after, PAGE + 1)?, catalog::price_count(tx)?)))
        .await;
    let (mut found, prices) = match read {
        Ok(read) => read,
        Err(error) => return failed(&own.api, &error),
    };
    let more = cut(&mut found, PAGE);
    let next = found
        .last()
        .filter(|_| more)
        .map(|last| address("/operator/catalog", &[("q", &text), ("after", &last.id)]));
    let rows = found
        .into_iter()
        .map(|product| ProductRow {
            id: product.id,
            title: product.title,
            publisher: product.publisher,
            prices: own.reader.number(product.prices),
        })
        .collect();
    let count =
        |name: &str| own.form.text(name).parse::<i64>().ok().map(|own_count| own.reader.number(own_count));
    let message = match (own.form.text("done"), count("rows"), count("changed")) {
        ("imported", Some(rows), Some(changed)) => {
            Some(own.reader.t2("op-sheet-imported", "rows", rows, "changed", changed))
        }
        _ => None,
    };
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let body = Catalogue {
        frame: own.frame(),
        message,
        fault,
        may: own.may(Action::ManageCatalog),
        prices,
        under_way: imports::under_way(own),
        most: Most::of(&own.reader, SHEET_MAX),
        text,
        rows,
        next,
    };
    page(&own.api, status, &body)
}

/// `POST /operator/catalog/sheets`: takes a sheet in; nothing is imported yet.
pub(in crate::web) async fn upload(
    State(api): State<Api>,
    caller: Caller,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let own = match Entered::unread(api, &caller, &headers, Action::ManageCatalog, "/operator/catalog").await
    {
        Ok(own) => own,
        Err(response) => return response,
    };
    let sheets = sheets(&own.api);
    let (at, inner) = (std::time::SystemTime::from(wall_clock()), sheets.clone());
    let begun = blocking(move || {
        inner.forget_old(at)?;
        let file = inner.begin()?;
        Ok((file.reopen()?, file))
    });
    let (handle, file) = match begun.await {
        Ok(begun) => begun,
        Err(error) => return failed(&own.api, &error),
    };
    let mut out = tokio::fs::File::from_std(handle);
    if let Err(why) = receive(&own.api, request, SHEET_MAX, &mut out).await {
        return match why.told(&own.reader, SHEET_MAX) {
            Ok(fault) => shown(&own, Some(fault)).await,
            Err(error) => failed(&own.api, &error),
        };
    }
    if let Err(error) = out.flush().await {
        return failed(&own.api, &Error::internal(error));
    }
    drop(out);
    match blocking(move || sheets.keep(file)).await {
        Ok(name) => to(&format!("/operator/catalog/sheets/{name}")),
        Err(error) => failed(&own.api, &error),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await.map_err(Error::internal)?;
    done.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::NotFound(Missing::Other("price sheet")),
        _ => Error::internal(error),
    })
}

/// A sheet that is there unchanged, gone over once.
pub(super) async fn surveyed(api: &Api, name: &str) -> Result<(PathBuf, Result<Survey, BadRow>), Error> {
    let (sheets, name) = (sheets(api), name.to_owned());
    blocking(move || {
        let path = sheets.find(&name)?;
        let survey = import_prices::survey(File::open(&path)?, &|_| {});
        Ok((path, survey))
    })
    .await
}

pub(super) fn bad_line(reader: &Reader, bad: &BadRow) -> BadLine {
    BadLine {
        line: if bad.line == 0 { String::new() } else { reader.number(i64::try_from(bad.line).unwrap_or(0)) },
        column: texts::column(reader, bad.column),
        message: bad.message.said(reader),
    }
}

fn change(reader: &Reader, (old, new): &(PriceRow, PriceRow)) -> PriceChange {
    let days = |row: &PriceRow| {
        format!("{} – {}", reader.date(day_of(row.starts_at)), reader.date(day_of(row.ends_at)))
    };
    PriceChange {
        item: new.item.to_string(),
        market: reader.country(new.market),
        term: reader.word("term", new.term.as_str()),
        old: reader.unit_price(old.unit_price),
        new: reader.unit_price(new.unit_price),
        old_days: days(old),
        new_days: days(new),
    }
}

fn day_of(at: jiff::Timestamp) -> jiff::civil::Date {
    chandlery_domain::calendar::utc_date(at)
}

fn sheet_page(
    own: &Entered,
    name: &str,
    survey: &Survey,
    found: &Preview,
    problem: Vec<BadLine>,
) -> Response {
    let reader = &own.reader;
    let count = |number: usize| reader.number(i64::try_from(number).unwrap_or(i64::MAX));
    let mut bad: Vec<BadLine> = problem;
    bad.extend(survey.bad.iter().chain(&found.clashes).take(BAD_TOLD).map(|one| bad_line(reader, one)));
    let bad_count = survey.bad_count.saturating_add(u64::try_from(found.clashes.len()).unwrap_or(0));
    let changes = found.new_prices > 0 || found.changed_prices > 0;
    let body = Sheet {
        frame: own.frame(),
        name: name.to_owned(),
        rows: reader.number(i64::try_from(survey.rows).unwrap_or(i64::MAX)),
        bad_count,
        can_apply: bad.is_empty() && survey.rows > 0,
        bad,
        products: count(found.products.len()),
        skus: count(found.skus.len()),
        items: count(found.items.len()),
        new_prices: count(found.new_prices),
        changed_prices: count(found.changed_prices),
        changed: found.changed.iter().map(|one| change(reader, one)).collect(),
        nothing: !changes,
    };
    let status = if body.bad.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page(&own.api, status, &body)
}

/// `GET /operator/catalog/sheets/{sheet}`: what the sheet would change.
pub(in crate::web) async fn sheet(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageCatalog, "/operator/catalog").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    previewed(&own, param(&path, "sheet").unwrap_or_default(), Vec::new()).await
}

pub(super) async fn previewed(own: &Entered, name: &str, problem: Vec<BadLine>) -> Response {
    let Ok(_turn) = READING.try_acquire() else { return failed(&own.api, &busy()) };
    let (file, survey) = match surveyed(&own.api, name).await {
        Ok((file, Ok(survey))) => (file, survey),
        Ok((_, Err(bad))) => {
            let survey = Survey::unreadable(bad);
            return sheet_page(own, name, &survey, &Preview::default(), problem);
        }
        Err(error) => return failed(&own.api, &error),
    };
    let found = own.api.installation.store.read(move |tx| {
        let input = File::open(&file).map_err(Error::internal)?;
        let found = import_prices::preview(tx, input, &survey)?;
        Ok::<_, ImportError>((survey, found))
    });
    match found.await {
        Ok((survey, found)) => sheet_page(own, name, &survey, &found, problem),
        Err(ImportError::Failed(error)) => failed(&own.api, &error),
        Err(other) => failed(&own.api, &Error::internal(other)),
    }
}
