//! The page a program sends a person to, to get leave to act for it (RFC 6749 §4.1.1). Nothing is asked that the
//! registration did not settle: programs are registered by the partner's own administrators for its own people.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::ids::PartnerId;
use chandlery_store::applications::Application;
use chandlery_store::sessions::Stage;

use super::{Visitor, bare_frame, failed, next_step, page, page_to, pages, visitor, with_flow};
use crate::api::{Api, Caller};
use crate::error::Error;
use crate::identity::authorization::{Asked, Mode, Unfit, give_code, leave, may_use, read};
use crate::identity::token_endpoint::id_token;
use crate::identity::tokens::{Claims, OnBehalf};

/// How old a sign-in may be where the program asks for a fresh one, in seconds.
const FRESH: i64 = 300;

/// Sends the answer back to the program.
fn send_back(api: &Api, redirect_uri: &str, mode: Mode, fields: Vec<(String, String)>) -> Response {
    match mode {
        Mode::Query => match reqwest::Url::parse(redirect_uri) {
            Ok(mut url) => {
                url.query_pairs_mut().extend_pairs(fields);
                Redirect::to(url.as_str()).into_response()
            }
            Err(error) => failed(api, &Error::internal(error)),
        },
        Mode::FormPost => {
            let body = pages::PostBack { frame: bare_frame(api), action: redirect_uri.to_owned(), fields };
            page_to(api, StatusCode::OK, &body, &[redirect_uri])
        }
    }
}

fn unfit(api: &Api, unfit: Unfit) -> Response {
    match unfit {
        Unfit::Page(why) => {
            let frame = bare_frame(api);
            let lead = why.said(&frame.reader);
            let body = pages::Message { title: frame.t("apps-unfit"), frame, lead, link: None, alert: true };
            page(api, StatusCode::BAD_REQUEST, &body)
        }
        Unfit::Program { redirect_uri, mode, error, description, state } => {
            let mut fields =
                vec![("error".to_owned(), error.to_owned()), ("error_description".to_owned(), description)];
            fields.extend(state.map(|state| ("state".to_owned(), state)));
            send_back(api, &redirect_uri, mode, fields)
        }
    }
}

fn refuse(api: &Api, asked: &Asked, error: &'static str, description: &str) -> Response {
    unfit(
        api,
        Unfit::Program {
            redirect_uri: asked.redirect_uri.clone(),
            mode: asked.mode,
            error,
            description: description.to_owned(),
            state: asked.state.clone(),
        },
    )
}

pub(super) async fn authorize(
    State(api): State<Api>,
    caller: Caller,
    Path(tenant): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let pairs = crate::api::query::pairs(uri.query().unwrap_or_default());
    let (asked, application) = match read(&api.desk, &pairs).await {
        Ok(read) => read,
        Err(error) => return unfit(&api, error),
    };
    if tenant.parse::<PartnerId>().is_ok_and(|tenant| tenant != application.partner) {
        return refuse(&api, &asked, "invalid_request", "the application belongs to another tenant");
    }
    let back = uri.path_and_query().map_or("/account", |own| own.as_str()).to_owned();
    let visitor = match visitor(&api, &caller, &headers).await {
        Ok(visitor) => visitor,
        Err(error) => return failed(&api, &error),
    };
    let quiet = asked.prompt == "none";
    let Some(visitor) = visitor else {
        if quiet {
            return refuse(&api, &asked, "login_required", "nobody is signed in");
        }
        let hint =
            pairs.iter().find(|(name, _)| name == "login_hint").map_or("", |(_, value)| value.as_str());
        let mut path = with_flow("/sign-in", &back);
        if !hint.is_empty() {
            let query =
                form_urlencoded::Serializer::new(String::new()).append_pair("login_hint", hint).finish();
            path = format!("{path}&{query}");
        }
        return Redirect::to(&path).into_response();
    };
    if visitor.session.stage != Stage::Complete {
        return if quiet {
            refuse(&api, &asked, "login_required", "nobody is signed in all the way")
        } else {
            next_step(visitor.session.stage, &back)
        };
    }
    let shown = visitor.session.factor_at.unwrap_or(visitor.session.began_at);
    // A token opens what a browser needs a fresh second factor for, so getting one needs it too: a browser left open
    // for hours gives no program leave.
    let too_old = visitor.context(&api).needs_fresh_factor().is_err();
    if too_old || (asked.prompt == "login" && api.desk.world.now().duration_since(shown).as_secs() > FRESH) {
        return if quiet {
            refuse(&api, &asked, "interaction_required", "the second factor must be shown again")
        } else {
            Redirect::to(&with_flow("/second-factor", &back)).into_response()
        };
    }
    if !may_use(&visitor.known, &application) {
        return refuse(
            &api,
            &asked,
            "access_denied",
            "this person does not belong to the application's partner",
        );
    }
    match give(&api, &headers, &visitor, &asked, &application).await {
        Ok(fields) => send_back(&api, &asked.redirect_uri, asked.mode, fields),
        Err(error) => failed(&api, &error),
    }
}

async fn give(
    api: &Api,
    headers: &HeaderMap,
    visitor: &Visitor,
    asked: &Asked,
    application: &Application,
) -> Result<Vec<(String, String)>, Error> {
    let mut cx = visitor.context(api);
    cx.actor = visitor.known.actor(Some(asked.client));
    let leave = leave(&visitor.known, &visitor.session, asked.client, &asked.scope, &asked.audience);
    let mut fields = Vec::new();
    if asked.id_token {
        let issuer = api.issuer(headers, &application.partner.to_string());
        let person = OnBehalf {
            user: leave.user,
            methods: leave.methods.split_whitespace().map(str::to_owned).collect(),
            signed_in_at: leave.signed_in_at.as_second(),
            grant: String::new(),
            scope: String::new(),
        };
        let now = api.desk.world.now();
        let claims = Claims::of_program(application.client_id, application.partner, &issuer, "", "2.0", now)
            .on_behalf_of(&person);
        let token = id_token(api, &claims, application, &visitor.known, &asked.nonce)?;
        fields.push(("id_token".to_owned(), token));
    }
    let code = give_code(&api.desk, &cx, asked, leave).await?;
    fields.insert(0, ("code".to_owned(), code));
    fields.extend(asked.state.clone().map(|state| ("state".to_owned(), state)));
    // Which house answers (RFC 9207), so that a program with several is not led astray.
    fields.push(("iss".to_owned(), api.issuer(headers, &application.partner.to_string())));
    Ok(fields)
}
