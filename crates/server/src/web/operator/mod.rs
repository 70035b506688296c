//! The operator's console: partners, catalogue, policies, stock, waiting work and how the installation is.
//!
//! Behind the operator's door only: a partner's or a customer's people are refused on every page, whatever their roles.

pub mod catalog;
pub mod health;
pub mod jobs;
pub mod partners;
pub mod policies;
pub mod stock;

use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::access::Action;
use chandlery_domain::audit::{Entry, attempted};
use chandlery_domain::refusal::Refusal;
use chandlery_store::{Read, Write};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use super::pages::Frame;
use super::trouble::refused;
use super::{Asked, Form, around, signed_in, ward};
use crate::api::call::write_down;
use crate::api::{Api, Caller};
use crate::app::Context;
use crate::error::Error;
use crate::texts::Reader;

/// How many rows one page of a list shows.
const PAGE: i64 = 50;

/// Somebody of the operator's who has the right that a page asks for.
pub struct Console {
    /// The interface.
    pub api: Api,
    /// What was sent along.
    pub form: Form,
    /// The circumstances.
    pub cx: Context,
    /// How the reader reads.
    pub reader: Reader,
}

/// Lets somebody in who may do `action`; `back` is where a sign-in or a second factor leads back to.
async fn console(asked: Asked, action: Action, back: &str) -> Result<Console, Response> {
    let Asked { api, caller, headers, form, .. } = asked;
    let mut own = entered(api, &caller, &headers, action, back).await?;
    own.form = form;
    Ok(own)
}

/// The same before the body was read, so that nothing is taken from somebody who may not send it.
async fn entered(
    api: Api,
    caller: &Caller,
    headers: &HeaderMap,
    action: Action,
    back: &str,
) -> Result<Console, Response> {
    let visitor = signed_in(&api, caller, headers, back).await?;
    let cx = visitor.context(&api);
    match cx.authorize(action) {
        Ok(_) => Ok(Console { api, form: Form(Vec::new()), cx, reader: around::here() }),
        Err(error) => {
            if !matches!(error, Error::Refused(Refusal::FreshFactorNeeded { .. })) {
                let (operation, resource) = attempted(action);
                write_down(&api, &cx, Entry::did(operation, resource, ""), Vec::new(), &error).await;
            }
            Err(refused(&api, &error, back))
        }
    }
}

impl Console {
    /// What stands around the page.
    fn frame(&self) -> Frame {
        around::frame()
    }

    /// Whether the visitor may do something else too.
    fn may(&self, action: Action) -> bool {
        self.cx.rules.matrix.authorize(&self.cx.actor, action).is_ok()
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Read<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.api.installation.store.read(work).await
    }

    async fn act<T: Send + 'static>(
        &self,
        attempted: Entry,
        work: impl Fn(&mut Write<'_>, &Context) -> Result<(T, Entry), Error> + Send + 'static,
    ) -> Result<T, Error> {
        ward::act(&self.api, &self.cx, attempted, work).await
    }

    /// The sentence about what was just done, where the address says so and it is one of `known`: word and id.
    fn done(&self, known: &[(&str, &str)]) -> Option<String> {
        let word = self.form.text("done");
        known.iter().find(|(own, _)| *own == word).map(|(_, id)| self.reader.t(id))
    }
}

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

/// Cuts a list that was read with one row more than a page; whether there are more.
fn cut<T>(list: &mut Vec<T>, page: i64) -> bool {
    let size = usize::try_from(page).unwrap_or(usize::MAX);
    let more = list.len() > size;
    list.truncate(size);
    more
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
            _ => Self::Failed(Error::invalid("file", "did not arrive in full")),
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
    let mut sent = sent.map_err(|_| NotTaken::Failed(Error::invalid("file", "must be sent by the form")))?;
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
