//! The lines of a document as files: CSV and lines of JSON, streamed, and their digests.

use std::sync::Arc;

use aws_lc_rs::digest;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use chandlery_domain::access::{Action, Scope};
use chandlery_domain::charge::Place;
use chandlery_domain::invoice::Invoice;
use chandlery_store::partners;

use super::csv_file::csv_file;
use super::documents::{INVOICE, find};
use super::entered::Entered;
use super::{Asked, failed};
use crate::app::invoice_lines::{self, BilledLine};
use crate::app::reconciliation::{self, Whose};
use crate::error::Error;
use crate::installation::Installation;

/// How many lines one piece of a file holds.
const PIECE: i64 = 1000;

/// How the lines of a document are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lines {
    /// The published columns, for spreadsheets.
    Csv,
    /// The same, an object of JSON in each line.
    Json,
}

impl Lines {
    const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "jsonl",
        }
    }

    fn head(self) -> Result<Vec<u8>, Error> {
        match self {
            Self::Csv => reconciliation::header(),
            Self::Json => Ok(Vec::new()),
        }
    }

    fn rows(self, whose: &Whose, lines: &[BilledLine]) -> Result<Vec<u8>, Error> {
        match self {
            Self::Csv => reconciliation::rows(whose, lines),
            Self::Json => reconciliation::json_rows(whose, lines),
        }
    }
}

/// A document whose lines are written.
struct Written {
    installation: Installation,
    scope: Scope,
    document: Invoice,
    whose: Whose,
    lines: Lines,
}

impl Written {
    async fn of(own: &Entered, path: &[(String, String)], lines: Lines) -> Result<Self, Error> {
        let (scope, installation) = (own.scope, own.api.installation.clone());
        let document = find(own, path).await?;
        let partner = own.read(move |tx| Ok(partners::find(tx, &scope)?)).await?;
        let partner = partner.ok_or(Error::NotFound(INVOICE))?;
        let whose = Whose {
            partner: partner.id.to_string(),
            programme: partner.mpn_id,
            number: document.number.to_string(),
        };
        Ok(Self { installation, scope, document, whose, lines })
    }

    fn name(&self) -> String {
        format!("{}.{}", self.document.number, self.lines.ending())
    }

    fn rows(&self) -> u64 {
        self.document.rows.iter().map(|row| row.charges.saturating_add(row.credits)).sum()
    }

    /// The lines after a place, with where they go on.
    async fn piece(self: Arc<Self>, after: Option<Place>) -> Result<(Vec<u8>, Option<Place>), Error> {
        let (scope, whole) = (self.scope, Arc::clone(&self));
        let lines = self
            .installation
            .store
            .read(move |tx| invoice_lines::of_document(tx, &scope, &whole.document, after, PIECE))
            .await?;
        let text = self.lines.rows(&self.whose, &lines)?;
        let full = i64::try_from(lines.len()).unwrap_or(0) == PIECE;
        Ok((text, lines.last().filter(|_| full).map(|own| own.line.charge.place())))
    }

    /// The SHA-256 of the whole file, worked out piece by piece.
    async fn digest(self: Arc<Self>) -> Result<String, Error> {
        let mut digest = digest::Context::new(&digest::SHA256);
        digest.update(&self.lines.head()?);
        let mut after = None;
        loop {
            let (text, next) = Arc::clone(&self).piece(after).await?;
            digest.update(&text);
            match next {
                Some(next) => after = Some(next),
                None => return Ok(hex::encode(digest.finish().as_ref())),
            }
        }
    }
}

async fn written(path: Vec<(String, String)>, asked: Asked, lines: Lines) -> Response {
    let own = match Entered::of(asked, Action::ReadInvoices, "/billing").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let ready = async { Ok::<_, Error>((Arc::new(Written::of(&own, &path, lines).await?), lines.head()?)) };
    let (file, head) = match ready.await {
        Ok(ready) => ready,
        Err(error) => return failed(&own.api, &error),
    };
    let (name, rows) = (file.name(), file.rows());
    let mut response = csv_file(&name, head, move |after: Option<Place>| Arc::clone(&file).piece(after));
    response.headers_mut().insert("x-row-count", HeaderValue::from(rows));
    if lines == Lines::Json {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/jsonl"));
    }
    response
}

/// The digest of a file as `sha256sum --check` reads it.
async fn summed(path: Vec<(String, String)>, asked: Asked, lines: Lines) -> Response {
    let own = match Entered::of(asked, Action::ReadInvoices, "/billing").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let made = async {
        let file = Arc::new(Written::of(&own, &path, lines).await?);
        let name = file.name();
        Ok::<_, Error>((file.digest().await?, name))
    };
    match made.await {
        Ok((digest, name)) => {
            let headers = [
                (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.sha256\"")),
                (header::CACHE_CONTROL, "no-store".to_owned()),
            ];
            (headers, format!("{digest}  {name}\n")).into_response()
        }
        Err(error) => failed(&own.api, &error),
    }
}

/// `GET /billing/{number}/lines.csv`: the reconciliation file of a document, streamed (rule 8.4).
pub(super) async fn csv(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    written(path, asked, Lines::Csv).await
}

/// `GET /billing/{number}/lines.jsonl`: the same as lines of JSON.
pub(super) async fn json(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    written(path, asked, Lines::Json).await
}

/// `GET /billing/{number}/lines.csv.sha256`.
pub(super) async fn csv_sum(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    summed(path, asked, Lines::Csv).await
}

/// `GET /billing/{number}/lines.jsonl.sha256`.
pub(super) async fn json_sum(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    summed(path, asked, Lines::Json).await
}
