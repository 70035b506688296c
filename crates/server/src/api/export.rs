//! The log as a file: for the partner's own readers, and for the operator's automation with a key of its own. Streamed
//! page by page, in memory that does not grow with the log.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chandlery_domain::access::{Action, Scope};
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::ids::PartnerId;
use chandlery_store::audit::Query as LogQuery;
use chandlery_store::{applications, seals};
use futures_util::StreamExt as _;
use jiff::Timestamp;
use serde_json::json;
use subtle::ConstantTimeEq;
use tokio::sync::mpsc;

use super::audit::range;
use super::call;
use super::faults::{Fault, fault};
use super::query::Query;
use super::{Api, Caller, Route, Who};
use crate::app::Context;
use crate::clock::wall_clock;
use crate::error::{Error, Missing};
use crate::identity::programs::secret_digest;
use crate::installation::Installation;
use crate::log::live::{Exporter, PAGE, table};
use crate::log::sealing::{everybody, public_keys as read_public_keys};

/// What an operator's key may be used for.
pub const SCOPES: [&str; 2] = ["partners.read", "log.read"];

/// The routes that stream, and those of the operator; `permissions.txt` lists them.
pub const STREAMED: [(&str, &str, &str); 4] = [
    ("GET", "/v1/auditrecords/export", "ReadAuditLog"),
    ("GET", "/operator/v1/partners", "operator key with partners.read"),
    ("GET", "/operator/v1/partners/{partner}/auditrecords/export", "operator key with log.read"),
    ("GET", "/operator/v1/partners/{partner}/checkpoint", "operator key with log.read"),
];

/// Those routes.
pub fn router() -> Router<Api> {
    Router::new()
        .route("/v1/auditrecords/export", get(for_partner))
        .route("/operator/v1/partners", get(partners))
        .route("/operator/v1/partners/{partner}/auditrecords/export", get(for_operator))
        .route("/operator/v1/partners/{partner}/checkpoint", get(checkpoint))
}

/// How the log is written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON Lines that can be verified.
    Lines,
    /// A table for people.
    Csv,
}

fn format(query: &Query) -> Result<Format, Error> {
    match query.text("format").unwrap_or("jsonl") {
        "jsonl" => Ok(Format::Lines),
        "csv" => Ok(Format::Csv),
        _ => Err(Error::invalid("format", "must be jsonl or csv")),
    }
}

fn refused(error: &Error) -> Response {
    let answer = fault(error).answer();
    (answer.status, [(header::CONTENT_TYPE, "application/json; charset=utf-8")], answer.body).into_response()
}

/// Reads pages and sends them as they are taken: the reader decides how fast.
async fn write_out(
    installation: Installation,
    scope: Scope,
    format: Format,
    (from, to): (Option<Timestamp>, Option<Timestamp>),
    out: mpsc::Sender<Result<Bytes, std::io::Error>>,
) -> Result<(), Error> {
    let vault = Arc::clone(&installation.vault);
    match format {
        Format::Lines => {
            let made_at = wall_clock();
            let mut exporter =
                Some(installation.store.read(move |tx| Exporter::begin(tx, scope, from, to, made_at)).await?);
            while let Some(mut own) = exporter.take() {
                let vault = Arc::clone(&vault);
                let (own, piece) = installation
                    .store
                    .read(move |tx| {
                        let piece = own.piece(tx, &vault)?;
                        Ok::<_, Error>((own, piece))
                    })
                    .await?;
                let Some(piece) = piece else { return Ok(()) };
                if out.send(Ok(piece.into())).await.is_err() {
                    return Ok(());
                }
                exporter = Some(own);
            }
        }
        Format::Csv => {
            let mut after = None;
            loop {
                let query = LogQuery { from, to, after, limit: PAGE, ..LogQuery::default() };
                let vault = Arc::clone(&vault);
                let (piece, last) =
                    installation.store.read(move |tx| table(tx, &vault, &scope, &query)).await?;
                if out.send(Ok(piece.into())).await.is_err() || last.is_none() {
                    return Ok(());
                }
                after = last;
            }
        }
    }
    Ok(())
}

fn stream(
    installation: &Installation,
    scope: Scope,
    format: Format,
    range: (Option<Timestamp>, Option<Timestamp>),
) -> Response {
    let (sender, receiver) = mpsc::channel(2);
    let (installation, failing) = (installation.clone(), sender.clone());
    tokio::spawn(async move {
        if let Err(error) = write_out(installation, scope, format, range, sender).await {
            tracing::error!(%error, "an export broke off");
            // The connection is cut, so that nobody takes a part for the whole.
            let broken = std::io::Error::other("the export broke off");
            if failing.send(Err(broken)).await.is_err() {
                tracing::debug!("nobody takes the export any more");
            }
        }
    });
    let body =
        // Fused: whoever compresses it asks once more after the end.
        Body::from_stream(
            futures_util::stream::unfold(receiver, async |mut receiver: mpsc::Receiver<_>| {
                receiver.recv().await.map(|piece| (piece, receiver))
            })
            .fuse(),
        );
    let (kind, name) = match format {
        Format::Lines => ("application/x-ndjson; charset=utf-8", "activity-log.jsonl"),
        Format::Csv => ("text/csv; charset=utf-8", "activity-log.csv"),
    };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(value) = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// Writes down who exports, seals what waits, and streams.
///
/// # Errors
/// The store's own.
pub async fn begin(
    installation: &Installation,
    cx: &Context,
    scope: Scope,
    format: Format,
    range: (Option<Timestamp>, Option<Timestamp>),
    facts: Vec<Fact>,
) -> Result<Response, Error> {
    let word = if format == Format::Csv { "csv" } else { "jsonl" };
    let mut facts = facts;
    facts.push(Fact::new("format", word));
    let entry = Entry::did(Operation::ExportLog, Resource::ActivityLog, scope.partner()).with(facts);
    installation.store.write(cx.stamp(), move |_| Ok::<_, Error>(((), entry.clone()))).await?;
    installation.sealer.seal(&installation.store, scope.partner(), wall_clock()).await?;
    Ok(stream(installation, scope, format, range))
}

/// `GET /v1/auditrecords/export?format=jsonl|csv&startDate&endDate`.
async fn for_partner(State(api): State<Api>, mut request: Request) -> Response {
    let route = Route {
        method: axum::http::Method::GET,
        path: "/v1/auditrecords/export",
        action: Action::ReadAuditLog,
        who: Who::Anyone,
        handler: |_| Box::pin(async { Err(Error::internal("this route streams")) }),
    };
    let query = Query::parse(request.uri().query().unwrap_or_default());
    let done = async {
        let (cx, scope) = call::admit(&api, &route, &mut request).await?;
        let format = format(&query)?;
        let (from, to) = range(&query, &cx)?;
        begin(&api.installation, &cx, scope, format, (Some(from), to), Vec::new()).await
    };
    done.await.unwrap_or_else(|error| refused(&error))
}

/// An operator's key, proved and allowed `scope`; its circumstances are those of the installation itself.
async fn operator(
    api: &Api,
    caller: &Caller,
    headers: &HeaderMap,
    scope: &str,
    partner: PartnerId,
) -> Result<(Context, String), Error> {
    let wrong =
        || Error::Unauthenticated { why: "this needs an operator's key: Authorization: Bearer chk_…" };
    let text = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.strip_prefix("Bearer chk_"))
        .ok_or_else(wrong)?;
    let (id, secret) = text.split_once('_').ok_or_else(wrong)?;
    let (wanted, now) = (id.to_owned(), api.desk.world.now().as_microsecond());
    let found =
        api.installation.store.read(move |tx| Ok::<_, Error>(applications::api_key(tx, &wanted)?)).await?;
    let key = found
        .filter(|own| own.revoked_at.is_none() && own.ends_at.is_none_or(|end| now < end))
        .filter(|own| bool::from(own.digest.as_bytes().ct_eq(secret_digest(secret).as_bytes())))
        .ok_or_else(wrong)?;
    if !key.scopes.split_whitespace().any(|own| own == scope) {
        return Err(chandlery_domain::refusal::Refusal::RoleMissing { action: Action::ReadEveryLog }.into());
    }
    let mut cx = Context::system(partner, api.installation.clock.now(), "operator key");
    cx.origin.address = Some(caller.visit(api, headers).address);
    Ok((cx, key.id))
}

/// `GET /operator/v1/partners`: who has a log.
async fn partners(State(api): State<Api>, caller: Caller, headers: HeaderMap) -> Response {
    let done = async {
        operator(&api, &caller, &headers, "partners.read", crate::installation::OPERATOR).await?;
        let list: Vec<String> =
            everybody(&api.installation.store).await?.iter().map(ToString::to_string).collect();
        Ok::<_, Error>(axum::Json(json!({ "items": list })).into_response())
    };
    done.await.unwrap_or_else(|error| refused(&error))
}

fn partner(text: &str) -> Result<PartnerId, Error> {
    text.parse().map_err(|_| Error::NotFound(Missing::Other("partner")))
}

/// `GET /operator/v1/partners/{partner}/auditrecords/export`.
async fn for_operator(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    uri: axum::http::Uri,
) -> Response {
    let done = async {
        let (cx, key) = operator(&api, &caller, &headers, "log.read", partner(&id)?).await?;
        let scope = cx.authorize(Action::ReadEveryLog)?;
        let query = Query::parse(uri.query().unwrap_or_default());
        let format = format(&query)?;
        // The operator reads as far back as the log goes.
        let given = query.text("startDate").is_some() || query.text("endDate").is_some();
        let mut cx = cx;
        cx.rules.api_log_days = 0;
        let (from, to) = range(&query, &cx)?;
        let range = if given { (Some(from), to) } else { (None, None) };
        begin(&api.installation, &cx, scope, format, range, vec![Fact::new("operator_key", key)]).await
    };
    done.await.unwrap_or_else(|error| refused(&error))
}

/// `GET /operator/v1/partners/{partner}/checkpoint`: the newest signed checkpoint, to be kept elsewhere.
async fn checkpoint(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let done = async {
        let partner = partner(&id)?;
        operator(&api, &caller, &headers, "log.read", partner).await?;
        let found = api
            .installation
            .store
            .read(move |tx| Ok::<_, Error>(seals::last_checkpoint(tx, partner)?))
            .await?
            .ok_or(Error::NotFound(Missing::Other("checkpoint")))?;
        let line = crate::log::export::checkpoint_line(&crate::log::sealing::read_checkpoint(&found))
            .map_err(Error::internal)?;
        Ok::<_, Error>(([(header::CONTENT_TYPE, "application/json")], line).into_response())
    };
    done.await.unwrap_or_else(|error| refused(&error))
}

/// `GET /.well-known/chandlery-log-keys`: the public keys of the log, one a line, for whoever verifies it. Whoever trusts
/// nobody keeps a copy taken earlier.
pub async fn public_keys(State(api): State<Api>) -> Response {
    match api.installation.store.read(read_public_keys).await {
        Ok(keys) => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], keys.to_string()).into_response(),
        Err(error) => {
            tracing::error!(%error, "the log's public keys cannot be read");
            let fault = Fault::new(StatusCode::SERVICE_UNAVAILABLE, 800_003, "The service is busy.");
            (StatusCode::SERVICE_UNAVAILABLE, fault.answer().body).into_response()
        }
    }
}
