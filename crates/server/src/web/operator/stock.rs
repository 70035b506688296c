//! Product keys in stock, when few are left, and the media there are. A key's text is never shown here.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chandlery_domain::access::Action;
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::ids::ProductId;
use chandlery_domain::media::Version;
use chandlery_store::media::{self, Shelf};
use tokio::sync::{Semaphore, SemaphorePermit};
use zeroize::Zeroizing;

use super::imports::{KEYS, under_way};
use super::long::{Long, progress};
use super::{PAGE, address, receive, to};
use crate::api::{Api, Caller};
use crate::app::{Context, console as use_cases, import_keys};
use crate::error::{Error, Missing};
use crate::texts;
use crate::web::entered::Entered;
use crate::web::fields::Most;
use crate::web::operator_pages::{MediumRow, ProductStock, ShelfRow, Stock};
use crate::web::trouble::refused;
use crate::web::ward::{act, param, read_param};
use crate::web::{Asked, cut, failed, page};

/// The largest file of product keys taken; it is held in memory, because it holds keys.
const KEYS_MAX: usize = 8 * 1024 * 1024;
/// Whoever imports keys holds it.
static IMPORTING: Semaphore = Semaphore::const_new(1);
/// How long a file of keys may take to arrive: while it does, no other is taken.
const ARRIVES_WITHIN: Duration = Duration::from_secs(300);

type KeysImport = Long<Result<usize, Error>>;

/// How many versions of a product its page shows.
const VERSIONS_SHOWN: i64 = 200;
/// How few keys may be said to be few.
const ALARM_MOST: u32 = 1_000_000;

fn shelf_row(own: &Entered, shelf: Shelf) -> ShelfRow {
    ShelfRow {
        product: shelf.pool.product.to_string(),
        title: shelf.title,
        version: shelf.pool.version.to_string(),
        keys: own.reader.number(shelf.pool.keys),
        handed: own.reader.number(shelf.handed),
        alarm: shelf.pool.low_stock,
        is_low: shelf.alarmed || shelf.pool.keys <= shelf.pool.low_stock,
        is_empty: shelf.pool.keys == 0,
    }
}

/// `GET /operator/stock`.
pub(in crate::web) async fn list(asked: Asked) -> Response {
    match Entered::of(asked, Action::ReadHealth, "/operator/stock").await {
        Ok(own) => shown(&own, None).await,
        Err(response) => response,
    }
}

async fn shown(own: &Entered, fault: Option<String>) -> Response {
    let after = (own.form.text("after").to_owned(), own.form.text("version").to_owned());
    let read = own.read(move |tx| Ok(media::shelves(tx, None, (&after.0, &after.1), PAGE + 1)?)).await;
    let mut found = match read {
        Ok(found) => found,
        Err(error) => return failed(&own.api, &error),
    };
    let more = cut(&mut found, PAGE);
    let next = found.last().filter(|_| more).map(|last| {
        let (product, version) = (last.pool.product.to_string(), last.pool.version.to_string());
        address("/operator/stock", &[("after", &product), ("version", &version)])
    });
    let count = |name: &str| own.form.text(name).parse::<i64>().ok();
    let message = match (own.form.text("done"), count("added"), count("there")) {
        ("keys", Some(added), Some(there)) => {
            let there = own.reader.number(there);
            Some(own.reader.t2("op-keys-added", "count", added, "there", there))
        }
        _ => None,
    };
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let body = Stock {
        frame: own.frame(),
        message,
        under_way: under_way(own),
        fault,
        may: own.may(Action::ManageCatalog),
        most: Most::of(&own.reader, KEYS_MAX),
        rows: found.into_iter().map(|shelf| shelf_row(own, shelf)).collect(),
        next,
    };
    page(&own.api, status, &body)
}

/// `POST /operator/stock/keys`: puts the keys of a file into stock, all of them or none, and shows how far that is.
pub(in crate::web) async fn keys(
    State(api): State<Api>,
    caller: Caller,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let own = match Entered::unread(api, &caller, &headers, Action::ManageCatalog, "/operator/stock").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    // Whoever puts keys into stock decides what customers are handed.
    if let Err(error) = own.cx.needs_fresh_factor() {
        return refused(&own.api, &error, "/operator/stock");
    }
    // Keys lie in memory only for as long as they arrive and are imported, and that is one file's at a time.
    let Ok(turn) = IMPORTING.try_acquire() else {
        return shown(&own, Some(own.reader.t("op-keys-busy"))).await;
    };
    // Room for all of it at once: a buffer that grows leaves copies of keys behind.
    let mut file = Zeroizing::new(Vec::with_capacity(KEYS_MAX));
    let arriving = receive(&own.api, request, KEYS_MAX, &mut *file);
    let arrived = match tokio::time::timeout(ARRIVES_WITHIN, arriving).await {
        Ok(arrived) => arrived,
        Err(_) => return shown(&own, Some(own.reader.t("upload-broken"))).await,
    };
    if let Err(why) = arrived {
        return match why.told(&own.reader, KEYS_MAX) {
            Ok(fault) => shown(&own, Some(fault)).await,
            Err(error) => failed(&own.api, &error),
        };
    }
    let (name, import) = own.api.imports.keys.begin_anew();
    import.rows.store(rows_of(&file), Ordering::Relaxed);
    tokio::spawn(import_keys_of(own.api.clone(), own.cx.clone(), file, Arc::clone(&import), turn));
    let soon = import.ends_soon().await;
    if soon { imported(&own, &name, &import).await } else { to(&(KEYS.place)(&name)) }
}

/// How many rows a file of keys has, beside its head.
fn rows_of(file: &[u8]) -> u64 {
    let lines = file.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count();
    u64::try_from(lines.saturating_sub(1)).unwrap_or(u64::MAX)
}

/// Puts the keys of a file into stock, whoever watches.
async fn import_keys_of(
    api: Api,
    cx: Context,
    file: Zeroizing<Vec<u8>>,
    import: Arc<KeysImport>,
    turn: SemaphorePermit<'static>,
) {
    let (vault, counts) = (Arc::clone(&api.installation.vault), Arc::clone(&import));
    let attempted = Entry::did(Operation::ImportKeys, Resource::Catalog, "keys");
    let done = act(&api, &cx, attempted, move |tx, cx| {
        let count = |row: u64| counts.taken.store(row, Ordering::Relaxed);
        import_keys::import(tx, cx, &vault, file.as_slice(), None, &count)
    });
    let outcome = done.await;
    drop(turn);
    if outcome.is_ok() {
        api.work.notify_one();
    }
    import.end(outcome);
}

/// How an import of keys ended.
async fn imported(own: &Entered, name: &str, import: &KeysImport) -> Response {
    match import.outcome.get() {
        Some(Ok(added)) => {
            own.api.imports.keys.forget(name);
            let added = u64::try_from(*added).unwrap_or(u64::MAX);
            let there = import.taken.load(Ordering::Relaxed).saturating_sub(added).to_string();
            let added = added.to_string();
            to(&address("/operator/stock", &[("done", "keys"), ("added", &added), ("there", &there)]))
        }
        // The sentence names line and column and never holds a key.
        Some(Err(Error::Row(bad))) => {
            let why = own.reader.t1("op-keys-refused", "why", texts::bad_row(&own.reader, bad));
            shown(own, Some(why)).await
        }
        Some(Err(error)) => failed(&own.api, error),
        None => to(&(KEYS.place)(name)),
    }
}

/// `GET /operator/stock/keys/{import}`: how far an import of keys is, or how it ended.
pub(in crate::web) async fn watch(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageCatalog, "/operator/stock").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let name = param(&path, "import").unwrap_or_default();
    // Another server imports them, or this one was started anew: then all keys are in stock, or none.
    let Some(import) = own.api.imports.keys.find(name) else { return to("/operator/stock") };
    if import.outcome.get().is_some() {
        return imported(&own, name, &import).await;
    }
    progress(&own, &KEYS, name, &import)
}

/// `GET /operator/stock/{product}`.
pub(in crate::web) async fn product(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ReadHealth, "/operator/stock").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    match read_param(&path, "product", Missing::Product) {
        Ok(product) => product_page(&own, product, None).await,
        Err(error) => failed(&own.api, &error),
    }
}

async fn product_page(own: &Entered, product: ProductId, error: Option<String>) -> Response {
    let id = product.clone();
    let after = own.form.text("after").parse().ok();
    let read = own.read(move |tx| {
        let title = media::product_title(tx, &id)?.ok_or(Error::NotFound(Missing::Product))?;
        let shelves = media::shelves(tx, Some(&id), ("", ""), VERSIONS_SHOWN)?;
        Ok((title, shelves, media::page_of_product(tx, &id, after, PAGE + 1)?))
    });
    let (title, shelves, mut list) = match read.await {
        Ok(read) => read,
        Err(error) => return failed(&own.api, &error),
    };
    let more = cut(&mut list, PAGE);
    let base = format!("/operator/stock/{product}");
    let next =
        list.last().filter(|_| more).map(|last| address(&base, &[("after", &last.medium.id.to_string())]));
    let files = list
        .into_iter()
        .map(|stored| MediumRow {
            choice: stored.medium.choice.to_string(),
            name: stored.medium.name.to_string(),
            size: own.reader.size(stored.medium.size),
            sha256: stored.medium.sha256.to_string(),
            added: own.reader.time(stored.medium.added_at),
        })
        .collect();
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let body = ProductStock {
        frame: own.frame(),
        message: own.done(&[("alarm", "op-alarm-saved")]),
        error,
        id: product.to_string(),
        title,
        may: own.may(Action::ManageCatalog),
        rows: shelves.into_iter().map(|shelf| shelf_row(own, shelf)).collect(),
        files,
        next,
    };
    page(&own.api, status, &body)
}

/// `POST /operator/stock/{product}/alarm`.
pub(in crate::web) async fn alarm(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageCatalog, "/operator/stock").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let product: ProductId = match read_param(&path, "product", Missing::Product) {
        Ok(product) => product,
        Err(error) => return failed(&own.api, &error),
    };
    let keys = own.form.text("keys").trim().parse::<u32>().ok().filter(|keys| *keys <= ALARM_MOST);
    let version = own.form.text("version").parse::<Version>().ok();
    let (Some(keys), Some(version)) = (keys, version) else {
        let (least, most) = (own.reader.number(0), own.reader.number(ALARM_MOST));
        let told = own.reader.t2("field-count", "least", least, "most", most);
        return product_page(&own, product, Some(told)).await;
    };
    let (id, attempted) = (product.clone(), Entry::did(Operation::ChangeStock, Resource::Catalog, &product));
    let done = own.act(attempted, move |tx, _| use_cases::set_low_stock(tx, &id, &version, keys)).await;
    match done {
        Ok(()) => to(&format!("/operator/stock/{product}?done=alarm")),
        Err(error) => failed(&own.api, &error),
    }
}
