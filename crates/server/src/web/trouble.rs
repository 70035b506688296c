//! What a page says when something went wrong, and what to do next. One place for all pages.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::refusal::Refusal;

use super::{bare_frame, page, pages, with_flow};
use crate::api::Api;
use crate::error::Error;
use crate::identity::sign_in::Denied;

/// The page for something that went wrong.
pub(super) fn failed(api: &Api, error: &Error) -> Response {
    let (status, title, lead) = match error {
        Error::NotFound(_) => {
            (StatusCode::NOT_FOUND, "Not found", "This is not here, or not for you.".to_owned())
        }
        Error::Refused(Refusal::RoleMissing { .. } | Refusal::RoleNotAssignable { .. }) => (
            StatusCode::FORBIDDEN,
            "Not allowed",
            "Your roles do not allow this. A Global admin of your company can give you the role.".to_owned(),
        ),
        Error::Invalid { field, message } => {
            (StatusCode::BAD_REQUEST, "This cannot be taken", format!("{field} {message}."))
        }
        Error::Refused(Refusal::LineUnknown { .. }) => {
            (StatusCode::NOT_FOUND, "Not found", "This is not here, or not for you.".to_owned())
        }
        Error::Refused(refusal) => {
            (StatusCode::BAD_REQUEST, "This cannot be done", crate::api::faults::sentence(refusal))
        }
        Error::Unauthenticated { .. } | Error::UnknownKey => {
            (StatusCode::UNAUTHORIZED, "Signed out", "Sign in again to go on.".to_owned())
        }
        Error::AnsweredBefore | Error::Store(chandlery_store::Error::Conflict { .. }) => (
            StatusCode::CONFLICT,
            "Changed meanwhile",
            "Somebody changed the same thing at the same moment. Go back and try again.".to_owned(),
        ),
        Error::Store(chandlery_store::Error::Unavailable { .. }) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Busy",
            "The service is busy. Nothing was changed; try again in a moment.".to_owned(),
        ),
        Error::Store(_) | Error::Internal(_) => {
            let id = crate::ids::random_text(9);
            tracing::error!(%id, %error, "a page failed");
            (
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something broke",
                format!("Nothing was changed. Whoever runs this finds the cause in its log under {id}."),
            )
        }
    };
    let body = pages::Message {
        frame: bare_frame(api),
        title: title.into(),
        lead,
        link: Some(("/account".into(), "Back to your account".into())),
        alert: true,
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

/// What somebody who was not let in is told, with the status of the page.
pub(super) fn told(denied: &Denied, what: &str) -> (StatusCode, String) {
    match denied {
        Denied::Wrong => (StatusCode::UNAUTHORIZED, format!("{what} is not right. Try again.")),
        Denied::Wait(seconds) => {
            (StatusCode::TOO_MANY_REQUESTS, format!("Too many tries. Wait {seconds} s, then try again."))
        }
        Denied::Weak(why) => (StatusCode::BAD_REQUEST, why.clone()),
        Denied::Over => (
            StatusCode::CONFLICT,
            "This sign-in is over, or the step was taken already. Sign in again.".into(),
        ),
        Denied::Failed(error) => {
            tracing::error!(%error, "a sign-in failed");
            (StatusCode::SERVICE_UNAVAILABLE, "The service is busy. Try again in a moment.".into())
        }
    }
}
