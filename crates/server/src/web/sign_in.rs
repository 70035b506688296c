//! The steps of signing in, as pages.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::ids::PartnerId;
use chandlery_store::factors::{self, FactorKind};
use chandlery_store::sessions::Stage;
use chandlery_store::{partners, providers};
use secrecy::SecretString;

use super::around::{self, here};
use super::brand;
use super::pages::Frame;
use super::ward::param;
use super::{
    Asked, Form, Visitor, bare_frame, failed, go_on, next_step, page, pages, read_cookie, set_cookie,
    sign_in_page, told, under_way, visitor, with_flow,
};
use crate::api::{Api, Caller};
use crate::error::{Error, Missing};
use crate::identity::elsewhere::Outcome;
use crate::identity::second_factor;
use crate::identity::sign_in::Denied;
use crate::installation::OPERATOR;
use crate::texts::Complaint;

/// Whoever is at a step of the sign-in where this may be done; everybody else is sent where the way goes on.
macro_rules! at_step {
    ($api:expr, $caller:expr, $headers:expr, $form:expr, $may:expr) => {
        match under_way(&$api, &$caller, &$headers, $form.flow()).await {
            Ok(visitor) if $may(&visitor) => in_own_words(&$api, visitor),
            Ok(visitor) => return next_step(visitor.session.stage, $form.flow()),
            Err(response) => return response,
        }
    };
}

/// Lets the visitor's own language count from here on, for what is said before the page is made.
fn in_own_words(api: &Api, visitor: Visitor) -> Visitor {
    visitor.frame(api);
    visitor
}

/// The cookie that holds what a provider's answer is checked against, sealed.
const FLOW_COOKIE: &str = "flow";

/// The door somebody stands at that is one partner's customers' alone; the page looks like that partner's. None where it is
/// everybody's.
async fn door_of(api: &Api, text: &str) -> Result<Option<PartnerId>, Error> {
    let Ok(house) = text.parse::<PartnerId>() else { return Ok(None) };
    let read = api.installation.store.read(move |tx| Ok::<_, Error>(partners::named(tx, house)?));
    if read.await?.is_none() || house == OPERATOR {
        return Ok(None);
    }
    let brand = brand::of_house(api, house).await;
    around::set(&Frame { brand, ..around::frame() });
    Ok(Some(house))
}

async fn sign_in_form(
    api: &Api,
    flow: &str,
    upn: &str,
    error: Option<String>,
    door: Option<PartnerId>,
) -> Result<pages::SignIn, Error> {
    let providers = api
        .installation
        .store
        .read(|tx| Ok::<_, Error>(providers::list(tx, 50)?))
        .await?
        .into_iter()
        .map(|own| pages::ProviderLink { id: own.id, name: own.name })
        .collect();
    Ok(pages::SignIn {
        frame: bare_frame(api),
        flow: flow.to_owned(),
        upn: upn.to_owned(),
        error,
        providers,
        notice: None,
        door: door.map(|own| own.to_string()),
    })
}

async fn show_sign_in(
    api: &Api,
    status: StatusCode,
    flow: &str,
    upn: &str,
    error: Option<String>,
    door: Option<PartnerId>,
) -> Response {
    match sign_in_form(api, flow, upn, error, door).await {
        Ok(body) => sign_in_page(api, status, &body, flow),
        Err(error) => failed(api, &error),
    }
}

pub(super) async fn show(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    match visitor(&api, &caller, &headers).await {
        Ok(Some(visitor)) => next_step(visitor.session.stage, form.flow()),
        Ok(None) => {
            show_sign_in(&api, StatusCode::OK, form.flow(), form.text("login_hint"), None, None).await
        }
        Err(error) => failed(&api, &error),
    }
}

pub(super) async fn password(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let visit = caller.visit(&api, &headers);
    let upn = form.text("upn");
    let door = match door_of(&api, form.text("door")).await {
        Ok(door) => door,
        Err(error) => return failed(&api, &error),
    };
    match api.desk.with_password(&visit, (upn, door), SecretString::from(form.text("password"))).await {
        Ok(opened) => go_on(&api, &opened, form.flow()),
        Err(denied) => {
            let (status, text) = told(&denied, "trouble-wrong-password");
            show_sign_in(&api, status, form.flow(), upn, Some(text), door).await
        }
    }
}

/// `GET /portal/{partner}`: the door of a partner's customers, in that partner's name and colours.
pub(super) async fn portal(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let Asked { api, caller, headers, form, .. } = asked;
    let door = match door_of(&api, param(&path, "partner").unwrap_or_default()).await {
        Ok(Some(door)) => door,
        Ok(None) => return failed(&api, &Error::NotFound(Missing::Other("partner"))),
        Err(error) => return failed(&api, &error),
    };
    match visitor(&api, &caller, &headers).await {
        Ok(Some(visitor)) if visitor.known.user.partner == door && visitor.known.user.customer.is_some() => {
            next_step(visitor.session.stage, form.flow())
        }
        Ok(_) => show_sign_in(&api, StatusCode::OK, form.flow(), "", None, Some(door)).await,
        Err(error) => failed(&api, &error),
    }
}

/// Sends the browser to a provider, with what its answer will be checked against in a sealed cookie.
pub(super) async fn elsewhere(State(api): State<Api>, Path(provider): Path<String>, uri: Uri) -> Response {
    let form = Form::of_query(&uri);
    match api.desk.begin_elsewhere(&provider, form.flow()).await {
        Ok((url, sealed)) => {
            let mut response = Redirect::to(&url).into_response();
            response
                .headers_mut()
                .append(header::SET_COOKIE, set_cookie(&api, FLOW_COOKIE, &sealed, Some(600)));
            response
        }
        Err(error @ Error::NotFound(_)) => failed(&api, &error),
        Err(error) => {
            tracing::warn!(%error, "a sign-in elsewhere could not begin");
            let text = here().t("sign-in-provider-unreachable");
            show_sign_in(&api, StatusCode::BAD_GATEWAY, form.flow(), "", Some(text), None).await
        }
    }
}

pub(super) async fn callback(
    State(api): State<Api>,
    caller: Caller,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let visit = caller.visit(&api, &headers);
    let sealed = read_cookie(&headers, FLOW_COOKIE).unwrap_or_default();
    let query = uri.query().unwrap_or_default();
    let mut response = match api.desk.finish_elsewhere(&visit, &sealed, query).await {
        Ok(Outcome::Opened { opened, flow }) => go_on(&api, &opened, &flow),
        Ok(Outcome::Refused(why)) => {
            let text = why.said(&here());
            show_sign_in(&api, StatusCode::FORBIDDEN, "/account", "", Some(text), None).await
        }
        Err(error) => failed(&api, &error),
    };
    response.headers_mut().append(header::SET_COOKIE, set_cookie(&api, FLOW_COOKIE, "", Some(0)));
    response
}

async fn show_second_factor(
    api: &Api,
    visitor: &Visitor,
    flow: &str,
    status: StatusCode,
    error: Option<String>,
) -> Response {
    let ids = (visitor.known.user.partner, visitor.known.user.id);
    let factors = api.installation.store.read(move |tx| Ok::<_, Error>(factors::of(tx, ids.0, ids.1)?)).await;
    let factors = match factors {
        Ok(factors) => factors,
        Err(error) => return failed(api, &error),
    };
    let has = |kind| factors.iter().any(|own| own.kind == kind);
    let step_up = visitor.session.stage == Stage::Complete;
    if step_up && !has(FactorKind::Totp) && !has(FactorKind::Passkey) {
        return Redirect::to(&with_flow("/second-factor/totp", flow)).into_response();
    }
    let frame = visitor.frame(api);
    let lead = if step_up {
        frame.t1("second-factor-lead-again", "minutes", api.installation.rules.step_up_minutes)
    } else {
        frame.t("second-factor-lead")
    };
    let body = pages::SecondFactor {
        frame,
        flow: flow.to_owned(),
        has_totp: has(FactorKind::Totp),
        has_passkey: has(FactorKind::Passkey) && api.desk.passkeys.is_some(),
        has_recovery: has(FactorKind::Recovery),
        error,
        step_up,
        lead,
    };
    sign_in_page(api, status, &body, flow)
}

pub(super) async fn second_factor(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    match under_way(&api, &caller, &headers, form.flow()).await {
        Ok(visitor) if matches!(visitor.session.stage, Stage::SecondFactor | Stage::Complete) => {
            show_second_factor(&api, &visitor, form.flow(), StatusCode::OK, None).await
        }
        Ok(visitor) => next_step(visitor.session.stage, form.flow()),
        Err(response) => response,
    }
}

/// Whether a second factor may be shown in this session: where it is asked for, or again at any time after.
fn may_show_factor(visitor: &Visitor) -> bool {
    matches!(visitor.session.stage, Stage::SecondFactor | Stage::Complete)
}

pub(super) async fn code(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let visitor = at_step!(api, caller, headers, form, may_show_factor);
    match api.desk.with_code(&visitor.visit, &visitor.session, &visitor.known, form.text("code")).await {
        Ok(opened) => go_on(&api, &opened, form.flow()),
        Err(denied) => {
            let (status, text) = told(&denied, "trouble-wrong-code");
            show_second_factor(&api, &visitor, form.flow(), status, Some(text)).await
        }
    }
}

pub(super) async fn recovery(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let visitor = at_step!(api, caller, headers, form, may_show_factor);
    let code = form.text("code");
    match api.desk.with_recovery_code(&visitor.visit, &visitor.session, &visitor.known, code).await {
        Ok(opened) => go_on(&api, &opened, form.flow()),
        Err(denied) => {
            let (status, text) = told(&denied, "trouble-wrong-recovery");
            show_second_factor(&api, &visitor, form.flow(), status, Some(text)).await
        }
    }
}

pub(super) async fn passkey_challenge(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let visitor = match under_way(&api, &caller, &headers, form.flow()).await {
        Ok(visitor) if may_show_factor(&visitor) => in_own_words(&api, visitor),
        Ok(_) | Err(_) => return (StatusCode::UNAUTHORIZED, "sign in again\n").into_response(),
    };
    match api.desk.ask_passkey(&visitor.session, &visitor.known).await {
        Ok(challenge) => json(challenge),
        Err(denied) => {
            let (status, text) = told(&denied, "trouble-wrong-passkey");
            (status, text).into_response()
        }
    }
}

pub(super) fn json(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], text).into_response()
}

pub(super) async fn passkey(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let visitor = at_step!(api, caller, headers, form, may_show_factor);
    let answer = form.text("answer");
    match api.desk.with_passkey(&visitor.visit, &visitor.session, &visitor.known, answer).await {
        Ok(opened) => go_on(&api, &opened, form.flow()),
        Err(denied) => {
            let (status, text) = told(&denied, "trouble-wrong-passkey-answer");
            show_second_factor(&api, &visitor, form.flow(), status, Some(text)).await
        }
    }
}

/// Whether an authenticator may be set up in this session: where the sign-in asks for it, or by somebody who showed a
/// second factor a short while ago, or who has none yet.
async fn may_set_up(api: &Api, visitor: &Visitor, flow: &str) -> Result<(), Response> {
    if visitor.session.stage == Stage::Enrol {
        return Ok(());
    }
    if visitor.session.stage != Stage::Complete {
        return Err(next_step(visitor.session.stage, flow));
    }
    let ids = (visitor.known.user.partner, visitor.known.user.id);
    let factors = api
        .installation
        .store
        .read(move |tx| Ok::<_, Error>(factors::of(tx, ids.0, ids.1)?))
        .await
        .map_err(|error| failed(api, &error))?;
    if !crate::identity::sign_in::has_factor(&factors) {
        return Ok(());
    }
    let back = with_flow("/second-factor/totp", flow);
    visitor.context(api).needs_fresh_factor().map_err(|error| super::refused(api, &error, &back))
}

async fn show_authenticator(
    api: &Api,
    visitor: &Visitor,
    flow: &str,
    status: StatusCode,
    error: Option<String>,
) -> Response {
    let secret = match api.desk.begin_authenticator(&visitor.session, &visitor.known).await {
        Ok(secret) => secret,
        Err(denied) => {
            let (status, text) = told(&denied, "trouble-wrong-sign-in");
            return show_sign_in(api, status, flow, "", Some(text), None).await;
        }
    };
    let qr_svg = match second_factor::picture(&secret, &visitor.known.user.upn) {
        Ok(picture) => picture,
        Err(error) => return failed(api, &error),
    };
    let letters: Vec<char> = secret.chars().collect();
    let grouped: Vec<String> = letters.chunks(4).map(|part| part.iter().collect()).collect();
    let body = pages::EnrolTotp {
        frame: visitor.frame(api),
        flow: flow.to_owned(),
        qr_svg,
        secret: grouped.join(" "),
        account: visitor.known.user.upn.clone(),
        error,
    };
    sign_in_page(api, status, &body, flow)
}

pub(super) async fn authenticator(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let visitor = match under_way(&api, &caller, &headers, form.flow()).await {
        Ok(visitor) => in_own_words(&api, visitor),
        Err(response) => return response,
    };
    if let Err(response) = may_set_up(&api, &visitor, form.flow()).await {
        return response;
    }
    show_authenticator(&api, &visitor, form.flow(), StatusCode::OK, None).await
}

pub(super) async fn confirm_authenticator(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let visitor = match under_way(&api, &caller, &headers, form.flow()).await {
        Ok(visitor) => in_own_words(&api, visitor),
        Err(response) => return response,
    };
    if let Err(response) = may_set_up(&api, &visitor, form.flow()).await {
        return response;
    }
    let desk = &api.desk;
    match desk
        .confirm_authenticator(&visitor.visit, &visitor.session, &visitor.known, form.text("code"))
        .await
    {
        Ok((opened, codes)) => {
            let body = pages::RecoveryCodes { frame: bare_frame(&api), codes, next: form.flow().to_owned() };
            let mut response = page(&api, StatusCode::OK, &body);
            let name = super::cookie_name(desk.reached.is_secure());
            response.headers_mut().append(header::SET_COOKIE, set_cookie(&api, name, &opened.cookie, None));
            response
        }
        Err(denied) => {
            let (status, text) = told(&denied, "trouble-wrong-code");
            show_authenticator(&api, &visitor, form.flow(), status, Some(text)).await
        }
    }
}

fn password_page(
    api: &Api,
    visitor: &Visitor,
    flow: &str,
    status: StatusCode,
    error: Option<String>,
) -> Response {
    let frame = visitor.frame(api);
    let rules = frame.t("password-rules");
    let body = pages::ChangePassword {
        frame,
        flow: flow.to_owned(),
        error,
        first: visitor.session.stage == Stage::ChangePassword,
        rules,
    };
    sign_in_page(api, status, &body, flow)
}

fn may_change_password(visitor: &Visitor) -> bool {
    matches!(visitor.session.stage, Stage::ChangePassword | Stage::Complete)
}

pub(super) async fn new_password(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    match under_way(&api, &caller, &headers, form.flow()).await {
        Ok(visitor) if may_change_password(&visitor) => {
            password_page(&api, &visitor, form.flow(), StatusCode::OK, None)
        }
        Ok(visitor) => next_step(visitor.session.stage, form.flow()),
        Err(response) => response,
    }
}

pub(super) async fn change_password(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let visitor = at_step!(api, caller, headers, form, may_change_password);
    let result = if form.text("new") == form.text("again") {
        let (current, new) = (SecretString::from(form.text("current")), SecretString::from(form.text("new")));
        let desk = Arc::clone(&api.desk);
        desk.change_password(&visitor.visit, &visitor.session, &visitor.known, current, new).await
    } else {
        Err(Denied::Weak(Complaint::of("password-new-differ")))
    };
    match result {
        Ok(opened) => go_on(&api, &opened, form.flow()),
        Err(denied) => {
            let (status, text) = told(&denied, "trouble-wrong-current");
            password_page(&api, &visitor, form.flow(), status, Some(text))
        }
    }
}
