//! What a request carries that every page needs: how its reader reads, and what stands around the page.
//!
//! Kept beside the request in its task, so that a page about something that went wrong looks like any other.

use std::cell::RefCell;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::pages::Frame;
use super::read_cookie;
use crate::api::Api;
use crate::installation::{Kind, OPERATOR};
use crate::texts::{Language, Reader};

/// The cookie with the language somebody chose before signing in.
pub const LANGUAGE_COOKIE: &str = "language";
/// The cookie with the browser's time zone.
pub const ZONE_COOKIE: &str = "zone";

/// With this header a script that sends a form asks to be told where the answer leads: it cannot keep its browser from
/// following, and the page there would be loaded twice.
const LEAD: HeaderName = HeaderName::from_static("x-lead");

tokio::task_local! {
    static FRAME: RefCell<Frame>;
}

/// Runs a page with a frame for somebody who is not known yet: language by choice or by what the browser asks for.
pub async fn layer(State(api): State<Api>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let frame = Frame {
        reader: reader(headers),
        practice: api.installation.kind == Kind::Practice,
        brand: super::brand::of_house(&api, OPERATOR).await,
        path,
        ..Frame::default()
    };
    let told = request.headers().contains_key(&LEAD);
    let response = FRAME.scope(RefCell::new(frame), next.run(request)).await;
    if told { led(response) } else { response }
}

/// Says where an answer leads instead of leading there.
fn led(mut response: Response) -> Response {
    if response.status().is_redirection()
        && let Some(lead) = response.headers_mut().remove(header::LOCATION)
    {
        response.headers_mut().insert(LEAD, lead);
        *response.status_mut() = StatusCode::NO_CONTENT;
    }
    response
}

fn reader(headers: &HeaderMap) -> Reader {
    let asked = || headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let language = read_cookie(headers, LANGUAGE_COOKIE)
        .and_then(|tag| Language::of_tag(&tag))
        .or_else(|| asked().and_then(Language::negotiated))
        .unwrap_or_default();
    Reader::new(language, read_cookie(headers, ZONE_COOKIE).as_deref())
}

/// The frame of the page under way.
pub fn frame() -> Frame {
    FRAME.try_with(|own| own.borrow().clone()).unwrap_or_default()
}

/// How the reader of the page under way reads.
pub fn here() -> Reader {
    FRAME.try_with(|own| own.borrow().reader.clone()).unwrap_or_default()
}

/// Puts another frame around the page under way, once it is known who reads it.
pub fn set(frame: &Frame) {
    if FRAME.try_with(|own| *own.borrow_mut() = frame.clone()).is_err() {
        tracing::debug!("a frame outside a request has no page to stand around");
    }
}
