//! The page where a person types the code a device shows, and says yes or no (RFC 8628 §3.3).

use axum::http::StatusCode;
use axum::response::Response;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_store::applications::{self, Application};
use chandlery_store::grants::{self, DeviceCode, DeviceState};

use super::around::here;
use super::{Asked, Visitor, failed, page, pages, refused, signed_in, told, with_flow};
use crate::api::Api;
use crate::error::Error;
use crate::identity::authorization::{leave, may_use, read_user_code};
use crate::identity::guard::{Door, account_key};
use crate::identity::sign_in::Denied;

fn device_page(
    api: &Api,
    visitor: &Visitor,
    status: StatusCode,
    code: &str,
    application: Option<String>,
    error: Option<String>,
) -> Response {
    let body = pages::Device { frame: visitor.frame(api), code: code.to_owned(), error, application };
    page(api, status, &body)
}

/// The device that waits under a code, with its program; tries are counted.
async fn waiting(
    api: &Api,
    visitor: &Visitor,
    code: &str,
) -> Result<Option<(DeviceCode, Application)>, Denied> {
    let now = api.desk.world.now();
    let account = account_key("user code", &visitor.known.user.id.to_string());
    let entered =
        api.desk.guard.enter(Door::Device, &visitor.visit.address, &account, now).map_err(Denied::Wait)?;
    let (partner, code) = (visitor.known.user.partner, read_user_code(code));
    let found = api
        .installation
        .store
        .read(move |tx| {
            let Some(found) = grants::waiting_device(tx, partner, &code, now)? else { return Ok(None) };
            let application = applications::find(tx, found.client)?;
            Ok::<_, Error>(application.map(|application| (found, application)))
        })
        .await?;
    let found = found.filter(|(_, application)| may_use(&visitor.known, application));
    if found.is_none() {
        entered.failed(now);
    }
    Ok(found)
}

fn unknown(api: &Api, visitor: &Visitor, code: &str) -> Response {
    device_page(api, visitor, StatusCode::NOT_FOUND, code, None, Some(here().t("device-unknown")))
}

pub(super) async fn show(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let code = form.text("code");
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("code", code).finish();
    let back = if code.is_empty() { "/device".to_owned() } else { format!("/device?{query}") };
    let visitor = match signed_in(&api, &caller, &headers, &back).await {
        Ok(visitor) => visitor,
        Err(response) => return response,
    };
    // A code in the link is only typed for the person: the yes is still asked for.
    device_page(&api, &visitor, StatusCode::OK, code, None, None)
}

pub(super) async fn answer(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let code = read_user_code(form.text("code"));
    let back = with_flow("/device", "");
    let visitor = match signed_in(&api, &caller, &headers, &back).await {
        Ok(visitor) => visitor,
        Err(response) => return response,
    };
    let (found, application) = match waiting(&api, &visitor, &code).await {
        Ok(Some(found)) => found,
        Ok(None) => return unknown(&api, &visitor, &code),
        Err(denied) => {
            let (status, text) = told(&denied, "trouble-wrong-code");
            return device_page(&api, &visitor, status, &code, None, Some(text));
        }
    };
    let allowed = match form.text("decision") {
        "allow" => true,
        "deny" => false,
        _ => return device_page(&api, &visitor, StatusCode::OK, &code, Some(application.name), None),
    };
    if let (true, Err(error)) = (allowed, visitor.context(&api).needs_fresh_factor()) {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("code", &code).finish();
        return refused(&api, &error, &format!("/device?{query}"));
    }
    match decide(&api, &visitor, found, allowed).await {
        Ok(true) => {
            let frame = visitor.frame(&api);
            let (title, lead) = if allowed {
                let lead = frame.t1("device-allowed-lead", "application", application.name);
                (frame.t("device-allowed-title"), lead)
            } else {
                (frame.t("device-denied-title"), frame.t("device-denied-lead"))
            };
            let link = Some(("/account".into(), frame.t("device-account")));
            let body = pages::Message { frame, title, lead, link, alert: false };
            page(&api, StatusCode::OK, &body)
        }
        Ok(false) => unknown(&api, &visitor, &code),
        Err(error) => failed(&api, &error),
    }
}

async fn decide(api: &Api, visitor: &Visitor, mut found: DeviceCode, allowed: bool) -> Result<bool, Error> {
    let leave = leave(&visitor.known, &visitor.session, found.client, &found.scope, &found.audience);
    found.state = if allowed { DeviceState::Allowed } else { DeviceState::Denied };
    found.user = Some(leave.user);
    found.methods = leave.methods;
    found.signed_in_at = leave.signed_in_at;
    let cx = visitor.context(api);
    api.installation
        .store
        .write(cx.stamp(), move |tx| {
            let saved = grants::save_device(tx, &found, DeviceState::Waiting)?;
            let facts =
                vec![Fact::new("kind", "device"), Fact::new("answer", if allowed { "yes" } else { "no" })];
            let entry = Entry::did(Operation::IssueToken, Resource::Application, found.client).with(facts);
            Ok::<_, Error>((saved, if saved { entry } else { entry.failed() }))
        })
        .await
}
