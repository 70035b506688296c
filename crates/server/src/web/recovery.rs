//! Ways in for whoever has none: a forgotten password, and the very first administrator.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use secrecy::SecretString;

use super::{Asked, Form, bare_frame, failed, go_on, page, pages, told};
use crate::api::{Api, Caller};
use crate::identity::passwords::RULES;
use crate::identity::sign_in::Denied;

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
        let text = "This installation sends no mail. Ask your administrator for a new temporary password.";
        return forgot_page(&api, false, Some(text.into()));
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
    let body =
        pages::Reset { frame: bare_frame(api), token: token.to_owned(), error, rules: RULES.to_owned() };
    page(api, status, &body)
}

pub(super) async fn reset(State(api): State<Api>, uri: Uri) -> Response {
    reset_page(&api, StatusCode::OK, Form::of_query(&uri).text("token"), None)
}

pub(super) async fn set(Asked { api, caller, headers, form }: Asked) -> Response {
    let visit = caller.visit(&api, &headers);
    let result = if form.text("new") == form.text("again") {
        api.desk.reset_password(&visit, form.text("token"), SecretString::from(form.text("new"))).await
    } else {
        Err(Denied::Weak("The two passwords differ. Type the same one twice.".into()))
    };
    match result {
        Ok(()) => {
            let done = pages::Message {
                frame: bare_frame(&api),
                title: "Your password is changed".into(),
                lead: "You are signed out everywhere. Sign in with the new password; your second factor is the same."
                    .into(),
                link: Some(("/sign-in".into(), "Sign in".into())),
                alert: false,
            };
            page(&api, StatusCode::OK, &done)
        }
        Err(Denied::Over | Denied::Wrong) => {
            let text = "This link was used or is too old. Ask for a new one.";
            reset_page(&api, StatusCode::GONE, form.text("token"), Some(text.into()))
        }
        Err(denied) => {
            let (status, text) = told(&denied, "The link");
            reset_page(&api, status, form.text("token"), Some(text))
        }
    }
}

fn set_up_page(api: &Api, status: StatusCode, form: &Form, error: Option<String>) -> Response {
    let body = pages::SetUp {
        frame: bare_frame(api),
        token: form.text("token").to_owned(),
        error,
        upn: form.text("upn").to_owned(),
        name: form.text("name").to_owned(),
        rules: RULES.to_owned(),
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

pub(super) async fn first(Asked { api, caller, headers, form }: Asked) -> Response {
    let visit = caller.visit(&api, &headers);
    if form.text("new") != form.text("again") {
        let text = "The two passwords differ. Type the same one twice.";
        return set_up_page(&api, StatusCode::BAD_REQUEST, &form, Some(text.into()));
    }
    let person = (form.text("upn"), form.text("name"));
    match api
        .desk
        .first_operator(&visit, form.text("token"), person, SecretString::from(form.text("new")))
        .await
    {
        Ok(opened) => go_on(&api, &opened, "/account"),
        Err(Denied::Failed(error @ crate::error::Error::Invalid { .. })) => {
            set_up_page(&api, StatusCode::BAD_REQUEST, &form, Some(format!("{error}.")))
        }
        Err(Denied::Over | Denied::Wrong) => {
            let text = "This link was used or is too old. Restart the server for a new one.";
            set_up_page(&api, StatusCode::GONE, &form, Some(text.into()))
        }
        Err(Denied::Failed(error)) => failed(&api, &error),
        Err(denied) => {
            let (status, text) = told(&denied, "The link");
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
    let (status, title, lead) = match found {
        Some(partner) => (
            StatusCode::OK,
            format!("{} would like to serve your company", partner.name),
            format!(
                "{} ({}) asks to become your company's reseller. To accept, tell it your company's legal name, address and domain; it then adds your company, and your administrator gets a way in here. If you did not expect this, do nothing.",
                partner.name, partner.country
            ),
        ),
        None => (
            StatusCode::NOT_FOUND,
            "This invitation is not known".to_owned(),
            "The link is incomplete, or the reseller does not trade any more. Ask it for a new link."
                .to_owned(),
        ),
    };
    let alert = status != StatusCode::OK;
    page(&api, status, &pages::Message { frame: bare_frame(&api), title, lead, link: None, alert })
}
