//! What a page says when something went wrong, and what to do next. One place for all pages.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::refusal::Refusal;

use super::around::{self, here};
use super::{PAGES, bare_frame, page, pages, visitor, with_flow};
use crate::api::call::no_such_path;
use crate::api::{Api, Caller};
use crate::error::{Error, Missing};
use crate::identity::sign_in::Denied;
use crate::texts;

/// The page for something that went wrong.
pub(super) fn failed(api: &Api, error: &Error) -> Response {
    let frame = bare_frame(api);
    let reader = &frame.reader;
    let (status, title, lead) = match error {
        Error::NotFound(_) | Error::Refused(Refusal::LineUnknown { .. }) => {
            (StatusCode::NOT_FOUND, "trouble-not-found-title", reader.t("trouble-not-found-lead"))
        }
        Error::Refused(Refusal::RoleMissing { .. } | Refusal::RoleNotAssignable { .. }) => {
            (StatusCode::FORBIDDEN, "trouble-not-allowed-title", reader.t("trouble-not-allowed-lead"))
        }
        Error::Invalid { field, message } => {
            (StatusCode::BAD_REQUEST, "trouble-invalid-title", texts::invalid(reader, field, message))
        }
        Error::Row(bad) => {
            (StatusCode::BAD_REQUEST, "trouble-invalid-title", format!("{}.", texts::bad_row(reader, bad)))
        }
        Error::Refused(refusal) => {
            (StatusCode::BAD_REQUEST, "trouble-refused-title", texts::refusal(reader, refusal))
        }
        Error::Unauthenticated { .. } | Error::UnknownKey => {
            (StatusCode::UNAUTHORIZED, "trouble-signed-out-title", reader.t("trouble-signed-out-lead"))
        }
        Error::AnsweredBefore | Error::Store(chandlery_store::Error::Conflict { .. }) => {
            (StatusCode::CONFLICT, "trouble-changed-title", reader.t("trouble-changed-lead"))
        }
        Error::Store(chandlery_store::Error::Unavailable { .. }) => {
            (StatusCode::SERVICE_UNAVAILABLE, "trouble-busy-title", reader.t("trouble-busy-lead"))
        }
        Error::Store(_) | Error::Internal(_) => {
            let id = crate::ids::random_text(9);
            tracing::error!(%id, %error, "a page failed");
            let lead = reader.t1("trouble-broken-lead", "id", id);
            (StatusCode::INTERNAL_SERVER_ERROR, "trouble-broken-title", lead)
        }
    };
    let (back, label) =
        if frame.person.is_some() { ("/", "trouble-back") } else { ("/sign-in", "trouble-sign-in") };
    let (back, label) = match error {
        Error::Refused(Refusal::NeedsRequest { .. }) => ("/support/new?topic=refund", "trouble-ask"),
        _ => (back, label),
    };
    let body = pages::Message {
        title: reader.t(title),
        lead,
        link: Some((back.into(), reader.t(label))),
        alert: true,
        frame,
    };
    page(api, status, &body)
}

/// What a page does about an error: a second factor that is too old is asked for again, then the way goes on.
pub(super) fn refused(api: &Api, error: &Error, back: &str) -> Response {
    match error {
        Error::Refused(Refusal::FreshFactorNeeded { .. }) => {
            Redirect::to(&with_flow("/second-factor", back)).into_response()
        }
        other => failed(api, other),
    }
}

/// What somebody who was not let in is told, with the status of the page. `wrong` is the id of the sentence
/// about a wrong answer.
pub(super) fn told(denied: &Denied, wrong: &str) -> (StatusCode, String) {
    let reader = here();
    match denied {
        Denied::Wrong => (StatusCode::UNAUTHORIZED, reader.t(wrong)),
        Denied::Wait(seconds) => {
            (StatusCode::TOO_MANY_REQUESTS, reader.t1("trouble-wait", "seconds", *seconds))
        }
        Denied::Weak(why) => (StatusCode::BAD_REQUEST, why.said(&reader)),
        Denied::Over => (StatusCode::CONFLICT, reader.t("trouble-over")),
        Denied::Failed(error) => {
            tracing::error!(%error, "a sign-in failed");
            (StatusCode::SERVICE_UNAVAILABLE, reader.t("trouble-sign-in-busy"))
        }
    }
}

/// What is answered where a path takes forms only, and somebody comes to look: by a language chosen on the page that answered
/// a form, or by an old address. The page the form was on is the nearest one above it.
pub(crate) async fn posted_only(request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    Redirect::to(page_above(request.uri().path())).into_response()
}

/// The nearest page above a path.
pub(crate) fn page_above(path: &str) -> &str {
    let mut above = path.trim_end_matches('/');
    while let Some((shorter, _)) = above.rsplit_once('/') {
        above = shorter;
        if is_page(above) {
            return above;
        }
    }
    "/"
}

/// Whether a path is shown when somebody comes to look.
fn is_page(path: &str) -> bool {
    let matches = |route: &str| {
        let (mut own, mut wanted) = (route.split('/'), path.split('/'));
        loop {
            match (own.next(), wanted.next()) {
                (None, None) => return true,
                (Some(own), Some(wanted)) if own.starts_with('{') || own == wanted => {}
                _ => return false,
            }
        }
    };
    !path.is_empty() && PAGES.iter().any(|(method, route, _)| *method == "GET" && matches(route))
}

/// What is answered where no route has the path: a page for a browser, the interface's own answer for a program.
pub(crate) async fn unknown(State(api): State<Api>, caller: Caller, headers: HeaderMap) -> Response {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !accepts.contains("text/html") || around::frame().path.starts_with("/v1/") {
        return no_such_path(headers).await;
    }
    // Whoever is signed in keeps the navigation.
    if let Ok(Some(visitor)) = visitor(&api, &caller, &headers).await {
        visitor.frame(&api);
    }
    failed(&api, &Error::NotFound(Missing::Other("page")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_comes_to_look_where_forms_are_sent_is_led_to_a_page() {
        for (method, path, _) in PAGES {
            if *method == "POST" && !is_page(path) {
                let above = page_above(path);
                assert!(above == "/" || is_page(above), "{path} leads to {above}");
                assert!(path.starts_with(above), "{path} leads to {above}");
            }
        }
        assert_eq!(page_above("/applications/a/secrets"), "/applications");
        assert_eq!(page_above("/account/sessions/end-all"), "/account");
        assert_eq!(page_above("/notifications/n/open"), "/notifications");
        assert_eq!(page_above("/sign-out"), "/");
    }
}
