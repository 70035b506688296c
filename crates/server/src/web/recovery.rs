//! Ways in for whoever has none: a forgotten password, and the very first administrator.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use secrecy::SecretString;

use super::around::here;
use super::{Asked, Form, bare_frame, failed, go_on, page, pages, told};
use crate::api::{Api, Caller};
use crate::error::Error;
use crate::identity::sign_in::Denied;
use crate::texts::{self, Complaint};

fn forgot_page(api: &Api, sent: bool, error: Option<String>) -> Response {
    let status = if error.is_some() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    page(api, status, &pages::Forgot { frame: bare_frame(api), sent, error })
}

pub(super) async fn forgot(State(api): State<Api>) -> Response {
    forgot_page(&api, false, None)
}

/// The same answer, after the same time, whether or not anybody has the name: the work is done behind it.
pub(super) async fn send(
    State(api): State<Api>,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !api.sends_mail {
        return forgot_page(&api, false, Some(here().t("forgot-no-mail")));
    }
    let name = Form::read(&body).text("upn").to_owned();
    let visit = caller.visit(&api, &headers);
    let (desk, work) = (Arc::clone(&api.desk), Arc::clone(&api.work));
    tokio::spawn(async move {
        match desk.send_reset(&visit, &name).await {
            Ok(()) => work.notify_one(),
            Err(error) => tracing::error!(%error, "a reset could not be sent"),
        }
    });
    forgot_page(&api, true, None)
}

fn reset_page(api: &Api, status: StatusCode, token: &str, error: Option<String>) -> Response {
    let frame = bare_frame(api);
    let rules = frame.t("password-rules");
    let body = pages::Reset { frame, token: token.to_owned(), error, rules };
    page(api, status, &body)
}

pub(super) async fn reset(State(api): State<Api>, uri: Uri) -> Response {
    reset_page(&api, StatusCode::OK, Form::of_query(&uri).text("token"), None)
}

pub(super) async fn set(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let visit = caller.visit(&api, &headers);
    let result = if form.text("new") == form.text("again") {
        api.desk.reset_password(&visit, form.text("token"), SecretString::from(form.text("new"))).await
    } else {
        Err(Denied::Weak(Complaint::of("password-differ")))
    };
    match result {
        Ok(()) => {
            let frame = bare_frame(&api);
            let done = pages::Message {
                title: frame.t("reset-done-title"),
                lead: frame.t("reset-done-lead"),
                link: Some(("/sign-in".into(), frame.t("sign-in-title"))),
                alert: false,
                frame,
            };
            page(&api, StatusCode::OK, &done)
        }
        Err(Denied::Over | Denied::Wrong) => {
            reset_page(&api, StatusCode::GONE, form.text("token"), Some(here().t("reset-over")))
        }
        Err(denied) => {
            let (status, text) = told(&denied, "trouble-wrong-link");
            reset_page(&api, status, form.text("token"), Some(text))
        }
    }
}

fn set_up_page(api: &Api, status: StatusCode, form: &Form, error: Option<String>) -> Response {
    let frame = bare_frame(api);
    let rules = frame.t("password-rules");
    let body = pages::SetUp {
        frame,
        token: form.text("token").to_owned(),
        error,
        upn: form.text("upn").to_owned(),
        name: form.text("name").to_owned(),
        rules,
    };
    page(api, status, &body)
}

pub(super) async fn set_up(State(api): State<Api>, uri: Uri) -> Response {
    let form = Form::of_query(&uri);
    if !api.desk.set_up_token_fits(form.text("token")) {
        return Redirect::to("/sign-in").into_response();
    }
    set_up_page(&api, StatusCode::OK, &form, None)
}

pub(super) async fn first(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let visit = caller.visit(&api, &headers);
    if form.text("new") != form.text("again") {
        return set_up_page(&api, StatusCode::BAD_REQUEST, &form, Some(here().t("password-differ")));
    }
    let person = (form.text("upn"), form.text("name"));
    match api
        .desk
        .first_operator(&visit, form.text("token"), person, SecretString::from(form.text("new")))
        .await
    {
        Ok(opened) => go_on(&api, &opened, "/account"),
        Err(Denied::Failed(Error::Invalid { field, message })) => {
            set_up_page(&api, StatusCode::BAD_REQUEST, &form, Some(texts::invalid(&here(), &field, &message)))
        }
        Err(Denied::Over | Denied::Wrong) => {
            set_up_page(&api, StatusCode::GONE, &form, Some(here().t("set-up-over")))
        }
        Err(Denied::Failed(error)) => failed(&api, &error),
        Err(denied) => {
            let (status, text) = told(&denied, "trouble-wrong-link");
            set_up_page(&api, status, &form, Some(text))
        }
    }
}

/// Where an invitation leads: who invites, and how to go on. The link opens nothing by itself.
pub(super) async fn invitation(State(api): State<Api>, uri: Uri) -> Response {
    let form = Form::of_query(&uri);
    let found = match crate::app::invitations::partner_of(&api.installation, form.text("token")).await {
        Ok(found) => found,
        Err(error) => return failed(&api, &error),
    };
    let frame = bare_frame(&api);
    let (status, title, lead) = match found {
        Some(partner) => {
            let country = partner.country.to_string();
            (
                StatusCode::OK,
                frame.t1("invitation-title", "partner", &partner.name),
                frame.t2("invitation-lead", "partner", &partner.name, "country", country),
            )
        }
        None => {
            (StatusCode::NOT_FOUND, frame.t("invitation-unknown-title"), frame.t("invitation-unknown-lead"))
        }
    };
    let alert = status != StatusCode::OK;
    page(&api, status, &pages::Message { frame, title, lead, link: None, alert })
}
