//! Price sheets on their way in: an import goes on by itself, shows how far it is, and can be left and come back to.
//!
//! A server that ends in the middle has imported nothing, as an import is one transaction; the sheet is still there to be
//! looked at and imported again.

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::Path;
use axum::response::Response;
use chandlery_domain::access::Action;
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::invoice::Month;
use tokio::sync::SemaphorePermit;

use super::catalog::{READING, bad_line, busy, previewed, surveyed};
use super::long::{Kept, Long, UnderWay, Words, progress};
use super::{address, to};
use crate::api::Api;
use crate::api::call::write_down;
use crate::app::Context;
use crate::app::import_prices::{self, ImportError, Imported};
use crate::error::Error;
use crate::jobs::invoice_run::{RunError, Summary};
use crate::texts::Complaint;
use crate::web::entered::Entered;
use crate::web::operator_pages::BadLine;
use crate::web::ward::param;
use crate::web::{Asked, failed, refused};

type SheetImport = Long<Result<Imported, ImportError>>;

/// The imports of this server: those that run, and how the last ones ended.
#[derive(Default)]
pub struct Imports {
    sheets: Kept<Result<Imported, ImportError>>,
    /// How many of a file's product keys were new.
    pub(super) keys: Kept<Result<usize, Error>>,
    /// Months that are billed, or were looked at.
    pub(super) runs: Kept<(Month, bool, Result<Summary, RunError>)>,
    /// Months that are compared.
    pub(super) comparisons: Kept<(Month, Result<(), RunError>)>,
}

/// A price sheet that is imported.
const SHEET: Words = Words {
    back: ("/operator/catalog", "way-catalogue"),
    title: "op-import-title",
    counted: ("op-import-rows", "op-import-reading"),
    hint: "op-import-hint",
    named: true,
    place: |name| format!("/operator/catalog/sheets/{name}/import"),
};
/// A file of product keys that is put into stock.
pub(super) const KEYS: Words = Words {
    back: ("/operator/stock", "way-stock"),
    title: "op-keys-importing",
    named: false,
    place: |name| format!("/operator/stock/keys/{name}"),
    ..SHEET
};
/// A month that is billed, or looked at.
pub(super) const RUN: Words = Words {
    back: ("/operator/billing", "way-invoices"),
    title: "run-running",
    counted: ("run-partners", "run-begins"),
    hint: "run-goes-on",
    named: false,
    place: |name| format!("/operator/billing/runs/{name}"),
};
/// A month that is compared.
pub(super) const COMPARISON: Words = Words {
    back: ("/operator/close", "way-close"),
    title: "close-running",
    hint: "close-goes-on",
    place: |name| format!("/operator/close/runs/{name}"),
    ..RUN
};

/// The long work that goes on at this moment, as far as whoever asks may watch it.
pub(super) fn under_way(own: &Entered) -> Vec<UnderWay> {
    let (reader, all) = (&own.reader, &own.api.imports);
    let mut found = Vec::new();
    if own.may(Action::ManageCatalog) {
        found.push(UnderWay::of(reader, &all.sheets, &SHEET));
        found.push(UnderWay::of(reader, &all.keys, &KEYS));
    }
    if own.may(Action::ManageBilling) {
        found.push(UnderWay::of(reader, &all.runs, &RUN));
        found.push(UnderWay::of(reader, &all.comparisons, &COMPARISON));
    }
    found.into_iter().flatten().collect()
}

/// Imports a sheet, whoever watches.
async fn run(api: Api, cx: Context, name: String, own: Arc<SheetImport>, turn: SemaphorePermit<'static>) {
    let counts = Arc::clone(&own);
    let done = async {
        let (file, survey) = surveyed(&api, &name).await?;
        let survey = survey?;
        counts.rows.store(survey.rows, Ordering::Relaxed);
        api.installation
            .store
            .write(cx.stamp(), move |tx| {
                let input = File::open(&file).map_err(Error::internal)?;
                let seen = |count| counts.taken.store(count, Ordering::Relaxed);
                import_prices::import(tx, input, &survey, false, &seen)
            })
            .await
    };
    let outcome = done.await;
    drop(turn);
    if matches!(outcome, Err(ImportError::Bad(_) | ImportError::Overlaps(_))) {
        let error = Error::complaint("prices", Complaint::of("complaint-prices"));
        let attempted = Entry::did(Operation::ImportPrices, Resource::Catalog, "prices");
        write_down(&api, &cx.anew(), attempted, Vec::new(), &error).await;
    }
    if let Err(ImportError::Failed(error)) = &outcome {
        tracing::warn!(%error, "a price sheet was not imported");
    }
    own.end(outcome);
}

/// `POST /operator/catalog/sheets/{sheet}/apply`: imports the rows that were looked at, all of them or none.
pub(in crate::web) async fn apply(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageCatalog, "/operator/catalog").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let name = param(&path, "sheet").unwrap_or_default();
    if let Err(error) = own.cx.needs_fresh_factor() {
        return refused(&own.api, &error, &format!("/operator/catalog/sheets/{name}"));
    }
    let under_way = own.api.imports.sheets.find(name).filter(|import| import.outcome.get().is_none());
    let import = match under_way {
        // Sent twice it is imported once.
        Some(import) => import,
        None => {
            let Ok(turn) = READING.try_acquire() else { return failed(&own.api, &busy()) };
            let import = own.api.imports.sheets.begin(name);
            let (api, cx) = (own.api.clone(), own.cx.clone());
            tokio::spawn(run(api, cx, name.to_owned(), Arc::clone(&import), turn));
            import
        }
    };
    if import.ends_soon().await { told(&own, name, &import).await } else { to(&(SHEET.place)(name)) }
}

/// How an import ended.
async fn told(own: &Entered, name: &str, import: &SheetImport) -> Response {
    let problem = match import.outcome.get() {
        Some(Ok(done)) => {
            let (rows, changed) = (done.rows.to_string(), done.changed.to_string());
            let values = [("done", "imported"), ("rows", rows.as_str()), ("changed", changed.as_str())];
            return to(&address("/operator/catalog", &values));
        }
        Some(Err(ImportError::Failed(error))) => return failed(&own.api, error),
        Some(Err(ImportError::Bad(bad))) => vec![bad_line(&own.reader, bad)],
        Some(Err(ImportError::Overlaps(list))) => list
            .iter()
            .map(|why| BadLine {
                line: String::new(),
                column: own.reader.t("op-sheet-overlap"),
                message: why.said(&own.reader),
            })
            .collect(),
        None => return to(&(SHEET.place)(name)),
    };
    previewed(own, name, problem).await
}

/// `GET /operator/catalog/sheets/{sheet}/import`: how far an import is, or how it ended.
pub(in crate::web) async fn watch(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageCatalog, "/operator/catalog").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let name = param(&path, "sheet").unwrap_or_default();
    let Some(import) = own.api.imports.sheets.find(name) else {
        // Another server runs it, or this one was started anew: the sheet tells what it would still change.
        return to(&format!("/operator/catalog/sheets/{name}"));
    };
    if let Some(outcome) = import.outcome.get() {
        // Why one failed stays until it is tried again: nothing else would tell.
        if outcome.is_ok() {
            own.api.imports.sheets.forget(name);
        }
        return told(&own, name, &import).await;
    }
    progress(&own, &SHEET, name, &import)
}
