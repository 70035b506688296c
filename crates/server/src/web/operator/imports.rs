//! Price sheets on their way in: an import goes on by itself, shows how far it is, and can be left and come back to.
//!
//! A server that ends in the middle has imported nothing, as an import is one transaction; the sheet is still there to be
//! looked at and imported again.

use std::collections::HashMap;
use std::fs::File;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use chandlery_domain::access::Action;
use chandlery_domain::audit::{Entry, Operation, Resource};
use tokio::sync::{SemaphorePermit, watch};

use super::catalog::{READING, bad_line, busy, previewed, surveyed};
use super::{address, to};
use crate::api::Api;
use crate::api::call::write_down;
use crate::app::Context;
use crate::app::import_prices::{self, ImportError, Imported};
use crate::error::Error;
use crate::texts::Complaint;
use crate::web::entered::Entered;
use crate::web::operator_pages::BadLine;
use crate::web::pages::Frame;
use crate::web::ward::param;
use crate::web::{Asked, failed, page, refused};

/// How long whoever imports waits for a small sheet before it is shown how far a large one is.
const WAIT: Duration = Duration::from_millis(1500);
/// How many imports are remembered; one at a time runs.
const KEPT_MAX: usize = 100;

/// The imports of this server: those that run, and how the last ones ended.
#[derive(Default)]
pub struct Imports(Mutex<HashMap<String, Arc<Import>>>);

/// One import.
struct Import {
    /// How many rows the sheet has; zero until it was gone over.
    rows: AtomicU64,
    /// How many of them were taken.
    taken: AtomicU64,
    /// How it ended.
    outcome: OnceLock<Result<Imported, ImportError>>,
    ended: watch::Sender<bool>,
}

impl Imports {
    fn find(&self, name: &str) -> Option<Arc<Import>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).map(Arc::clone)
    }

    fn begin(&self, name: &str) -> Arc<Import> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= KEPT_MAX {
            all.retain(|_, own| own.outcome.get().is_none());
        }
        let own = Arc::new(Import {
            rows: AtomicU64::new(0),
            taken: AtomicU64::new(0),
            outcome: OnceLock::new(),
            ended: watch::Sender::new(false),
        });
        all.insert(name.to_owned(), Arc::clone(&own));
        own
    }

    fn forget(&self, name: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }

    fn running(&self) -> Option<String> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().find(|(_, own)| own.outcome.get().is_none()).map(|(name, _)| name.clone())
    }
}

/// Where the import that runs can be watched.
pub(super) fn running(own: &Entered) -> Option<String> {
    own.api.imports.running().map(|name| place_of(&name))
}

fn place_of(name: &str) -> String {
    format!("/operator/catalog/sheets/{name}/import")
}

/// Imports a sheet, whoever watches.
async fn run(api: Api, cx: Context, name: String, own: Arc<Import>, turn: SemaphorePermit<'static>) {
    let progress = Arc::clone(&own);
    let done = async {
        let (file, survey) = surveyed(&api, &name).await?;
        let survey = survey?;
        progress.rows.store(survey.rows, Ordering::Relaxed);
        api.installation
            .store
            .write(cx.stamp(), move |tx| {
                let input = File::open(&file).map_err(Error::internal)?;
                let seen = |count| progress.taken.store(count, Ordering::Relaxed);
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
    own.outcome.get_or_init(|| outcome);
    own.ended.send_replace(true);
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
    let under_way = own.api.imports.find(name).filter(|import| import.outcome.get().is_none());
    let import = match under_way {
        // Sent twice it is imported once.
        Some(import) => import,
        None => {
            let Ok(turn) = READING.try_acquire() else { return failed(&own.api, &busy()) };
            let import = own.api.imports.begin(name);
            let (api, cx) = (own.api.clone(), own.cx.clone());
            tokio::spawn(run(api, cx, name.to_owned(), Arc::clone(&import), turn));
            import
        }
    };
    let mut ended = import.ended.subscribe();
    let in_time = tokio::time::timeout(WAIT, ended.wait_for(|own| *own)).await.is_ok();
    if in_time { told(&own, name, &import).await } else { to(&place_of(name)) }
}

/// How an import ended.
async fn told(own: &Entered, name: &str, import: &Import) -> Response {
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
        None => return to(&place_of(name)),
    };
    previewed(own, name, problem).await
}

#[derive(Template)]
#[template(path = "operator_import.html")]
struct Progress {
    frame: Frame,
    name: String,
    /// None while the sheet is gone over.
    rows: Option<u64>,
    taken: u64,
    text: String,
}

/// `GET /operator/catalog/sheets/{sheet}/import`: how far an import is, or how it ended.
pub(in crate::web) async fn watch(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageCatalog, "/operator/catalog").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let name = param(&path, "sheet").unwrap_or_default();
    let Some(import) = own.api.imports.find(name) else {
        // Another server runs it, or this one was started anew: the sheet tells what it would still change.
        return to(&format!("/operator/catalog/sheets/{name}"));
    };
    if let Some(outcome) = import.outcome.get() {
        // Why one failed stays until it is tried again: nothing else would tell.
        if outcome.is_ok() {
            own.api.imports.forget(name);
        }
        return told(&own, name, &import).await;
    }
    let rows = Some(import.rows.load(Ordering::Relaxed)).filter(|rows| *rows > 0);
    let taken = import.taken.load(Ordering::Relaxed);
    let number = |count: u64| own.reader.number(i64::try_from(count).unwrap_or(i64::MAX));
    let text = match rows {
        Some(rows) => own.reader.t2("op-import-rows", "taken", number(taken), "rows", number(rows)),
        None => own.reader.t("op-import-reading"),
    };
    let body = Progress { frame: own.frame(), name: name.to_owned(), rows, taken, text };
    page(&own.api, StatusCode::OK, &body)
}
