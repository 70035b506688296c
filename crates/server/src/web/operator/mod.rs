//! The operator's console: partners, catalogue, policies, stock, waiting work and how the installation is.
//!
//! Behind the operator's door only: a partner's or a customer's people are refused on every page, whatever their roles.

pub mod billing;
pub mod catalog;
pub mod close;
pub mod health;
pub mod imports;
pub mod jobs;
pub mod logo;
pub mod long;
pub mod partners;
pub mod payments;
pub mod planned;
pub mod policies;
pub mod stock;

use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use crate::api::Api;
use crate::error::Error;
use crate::texts::{Complaint, Reader};

/// How many rows one page of a list shows.
const PAGE: i64 = 50;

/// `GET /operator`.
pub(super) async fn home() -> Response {
    Redirect::to("/operator/partners").into_response()
}

/// An address with the values that are not empty.
fn address(path: &str, values: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

fn to(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// Why a file was not taken.
enum NotTaken {
    /// No file was chosen.
    None,
    /// It is larger than allowed.
    TooLarge,
    /// The sending broke off, or the disk said something.
    Failed(Error),
}

impl NotTaken {
    fn of(error: &axum::extract::multipart::MultipartError) -> Self {
        match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            _ => Self::Failed(Error::complaint("file", Complaint::of("complaint-file-cut"))),
        }
    }

    /// What to tell at the field.
    fn told(self, reader: &Reader, most: usize) -> Result<String, Error> {
        match self {
            Self::None => Ok(reader.t("op-file-none")),
            Self::TooLarge => {
                let most = reader.size(u64::try_from(most).unwrap_or(u64::MAX));
                Ok(reader.t1("op-file-too-large", "most", most))
            }
            Self::Failed(error) => Err(error),
        }
    }
}

/// Writes the form's file to `into`, at most `most` bytes.
async fn receive(
    api: &Api,
    mut request: Request,
    most: usize,
    into: &mut (impl AsyncWrite + Unpin + Send),
) -> Result<(), NotTaken> {
    // The form around the file takes a little room too.
    DefaultBodyLimit::max(most.saturating_add(4096)).apply(&mut request);
    let sent = Multipart::from_request(request, api).await;
    let mut sent =
        sent.map_err(|_| NotTaken::Failed(Error::complaint("file", Complaint::of("complaint-file-form"))))?;
    let mut length = 0_usize;
    while let Some(mut field) = sent.next_field().await.map_err(|error| NotTaken::of(&error))? {
        if field.name() != Some("file") {
            continue;
        }
        while let Some(piece) = field.chunk().await.map_err(|error| NotTaken::of(&error))? {
            length = length.saturating_add(piece.len());
            if length > most {
                return Err(NotTaken::TooLarge);
            }
            into.write_all(&piece).await.map_err(|error| NotTaken::Failed(Error::internal(error)))?;
        }
        return if length == 0 { Err(NotTaken::None) } else { Ok(()) };
    }
    Err(NotTaken::None)
}
