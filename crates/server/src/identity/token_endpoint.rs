//! The token endpoint, the device endpoint and the discovery documents (contract 1.1): what programs ask before they
//! call the API.
//!
//! Answers follow OAuth 2 (RFC 6749 §5): version 1 writes its numbers as text, version 2 as numbers.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chandlery_domain::ids::{ApplicationId, PartnerId};
use chandlery_store::applications::Application;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::assertions::{ASSERTION_TYPE, claimed_client, proves};
use super::authorization::{DEVICE_INTERVAL, DEVICE_LIFE, Granted, NoGrant};
use super::desk::Visit;
use super::guard::Door;
use super::programs::{fitting, secret_digest};
use super::tokens::{Claims, LIFE_SECONDS, OnBehalf};
use crate::api::{Api, Caller};
use crate::error::Error;

/// The audience of tokens whose caller names none.
const DEFAULT_AUDIENCE: &str = "https://api.partnercenter.microsoft.com";
/// The largest body taken.
pub const BODY_MAX: usize = 32 * 1024;
/// How many values a body may have.
const PAIRS_MAX: usize = 40;
/// The grant type of devices (RFC 8628 §3.4).
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// `POST /{tenant}/oauth2/token`.
pub async fn v1(
    State(api): State<Api>,
    caller: Caller,
    Path(tenant): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(&api, &caller.visit(&api, &headers), &tenant, &headers, &body, 1).await
}

/// `POST /{tenant}/oauth2/v2.0/token`.
pub async fn v2(
    State(api): State<Api>,
    caller: Caller,
    Path(tenant): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(&api, &caller.visit(&api, &headers), &tenant, &headers, &body, 2).await
}

/// The audience a list of scopes names: what stands before `/.default` or `/user_impersonation`.
pub fn audience_of(scope: &str) -> Option<String> {
    scope
        .split_whitespace()
        .find_map(|own| own.strip_suffix("/.default").or_else(|| own.strip_suffix("/user_impersonation")))
        .map(str::to_owned)
}

/// What a program sent, with each name at most once.
struct Form(Vec<(String, String)>);

impl Form {
    fn read(body: &[u8]) -> Result<Self, Refused> {
        let pairs = crate::api::query::pairs(str::from_utf8(body).unwrap_or_default());
        if pairs.len() > PAIRS_MAX {
            return Err(Refused::request(format!("there are more than {PAIRS_MAX} values")));
        }
        let mut names = std::collections::HashSet::new();
        for (name, _) in &pairs {
            if !names.insert(name.as_str()) {
                return Err(Refused::request("a value was sent twice"));
            }
        }
        Ok(Self(pairs))
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
            .filter(|text| !text.is_empty())
    }

    fn needed(&self, name: &str) -> Result<&str, Refused> {
        self.text(name).ok_or_else(|| Refused::request(format!("{name} is missing")))
    }

    fn audience(&self) -> Option<String> {
        self.text("resource")
            .map(str::to_owned)
            .or_else(|| audience_of(self.text("scope").unwrap_or_default()))
    }
}

/// Why no token was given.
struct Refused {
    status: StatusCode,
    error: &'static str,
    description: String,
}

impl Refused {
    fn request(description: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error: "invalid_request", description: description.into() }
    }

    /// One answer for an unknown program, a wrong proof and a foreign tenant, so that none of them can be probed.
    fn client() -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            error: "invalid_client",
            description:
                "the client_id is not known in this tenant, or the client_secret or assertion is wrong".into(),
        }
    }
}

impl From<NoGrant> for Refused {
    fn from(NoGrant(error, description): NoGrant) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, description }
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        tracing::error!(%error, "a token could not be issued");
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            error: "temporarily_unavailable",
            description: "try again in a moment".into(),
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let body = json!({
            "error": self.error,
            "error_description": self.description,
            "error_codes": [],
            "timestamp": crate::clock::wall_clock().strftime("%Y-%m-%d %H:%M:%SZ").to_string(),
            "trace_id": random_id(),
            "correlation_id": random_id(),
        });
        (self.status, [(header::CACHE_CONTROL, "no-store")], axum::Json(body)).into_response()
    }
}

fn random_id() -> String {
    let mut bytes = [0; 16];
    crate::ids::fill(&mut bytes);
    uuid::Uuid::from_bytes(bytes).to_string()
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let bytes = STANDARD.decode(value.strip_prefix("Basic ")?).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

async fn answer(
    api: &Api,
    visit: &Visit,
    tenant: &str,
    headers: &HeaderMap,
    body: &[u8],
    version: u8,
) -> Response {
    match issue(api, visit, tenant, headers, body, version).await {
        Ok(body) => ([(header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")], axum::Json(body))
            .into_response(),
        Err(refused) => refused.into_response(),
    }
}

/// The program that asks, proved by a secret (in the body or in the header, RFC 6749 §2.3.1), by an assertion, or, when
/// it is public, by nothing.
async fn program(
    api: &Api,
    visit: &Visit,
    tenant: &str,
    headers: &HeaderMap,
    form: &Form,
) -> Result<Arc<Application>, Refused> {
    let in_header = basic(headers);
    let assertion = match (form.text("client_assertion_type"), form.text("client_assertion")) {
        (None, None) => None,
        (Some(ASSERTION_TYPE), Some(assertion)) => Some(assertion),
        _ => return Err(Refused::request(format!("client_assertion_type must be {ASSERTION_TYPE}"))),
    };
    let id = form.text("client_id").or(in_header.as_ref().map(|(id, _)| id.as_str()));
    let id: Option<ApplicationId> = match (id, assertion) {
        (Some(id), _) => id.parse().ok(),
        (None, Some(assertion)) => claimed_client(assertion),
        (None, None) => return Err(Refused::request("client_id is missing")),
    };
    let secret = form.text("client_secret").or(in_header.as_ref().map(|(_, secret)| secret.as_str()));
    let Some(id) = id else {
        let _spent = secret.map(secret_digest);
        return Err(Refused::client());
    };
    let desk = &api.desk;
    // Guessing at a secret of 256 bits is hopeless; this keeps a flood of it cheap.
    let account = super::guard::account_key("client", &id.to_string());
    let entered = desk.guard.enter(Door::Program, &visit.address, &account, desk.world.now());
    let application = desk
        .programs
        .find(&desk.installation.store, id)
        .await?
        .filter(|own| tenant.parse::<PartnerId>().map_or(true, |tenant| tenant == own.partner))
        .ok_or_else(Refused::client)?;
    let proved = match (secret, assertion) {
        (Some(_), Some(_)) => false,
        (Some(secret), None) => fitting(&application, secret, desk.world.now()).is_some(),
        (None, Some(assertion)) => proves(desk, &application, assertion, &audiences(api, tenant)).await?,
        (None, None) => application.public,
    };
    match (proved, entered) {
        (true, _) => Ok(application),
        (false, Ok(entered)) => {
            entered.failed(desk.world.now());
            Err(Refused::client())
        }
        (false, Err(_)) => Err(Refused::client()),
    }
}

/// What an assertion may be addressed to: our token endpoints and our issuer, as the program reached us.
fn audiences(api: &Api, tenant: &str) -> Vec<String> {
    // By the address we know of ourselves, never by what a caller names: an assertion made for another house is not ours.
    let root = format!("{}/{tenant}", api.desk.reached.public_url);
    vec![format!("{root}/oauth2/token"), format!("{root}/oauth2/v2.0/token"), format!("{root}/v2.0")]
}

async fn issue(
    api: &Api,
    visit: &Visit,
    tenant: &str,
    headers: &HeaderMap,
    body: &[u8],
    version: u8,
) -> Result<Value, Refused> {
    let form = Form::read(body)?;
    let kind = form.text("grant_type").ok_or_else(|| Refused::request("grant_type is missing"))?;
    let desk = &api.desk;
    let granted = match kind {
        "client_credentials" => {
            let application = program(api, visit, tenant, headers, &form).await?;
            if application.public {
                return Err(Refused {
                    status: StatusCode::BAD_REQUEST,
                    error: "unauthorized_client",
                    description: "a public application acts for people only".into(),
                });
            }
            return for_itself(api, headers, &application, &form, version);
        }
        "authorization_code" => {
            let application = program(api, visit, tenant, headers, &form).await?;
            let parts = (form.needed("code")?, form.text("redirect_uri"), form.text("code_verifier"));
            (desk.exchange_code(visit, &application, parts).await??, application)
        }
        "refresh_token" => {
            let application = program(api, visit, tenant, headers, &form).await?;
            (desk.refresh(visit, &application, form.needed("refresh_token")?).await??, application)
        }
        DEVICE_CODE | "device_code" => {
            let application = program(api, visit, tenant, headers, &form).await?;
            let code = form.text("device_code").map_or_else(|| form.needed("code"), Ok)?;
            (desk.poll_device(visit, &application, code).await??, application)
        }
        "password" => {
            return Err(Refused {
                status: StatusCode::BAD_REQUEST,
                error: "unsupported_grant_type",
                description: "passwords are not taken here, because people sign in with a second factor: use authorization_code or device_code".into(),
            });
        }
        _ => {
            return Err(Refused {
                status: StatusCode::BAD_REQUEST,
                error: "unsupported_grant_type",
                description:
                    "grant_type must be client_credentials, authorization_code, refresh_token or device_code"
                        .into(),
            });
        }
    };
    for_person(api, headers, &granted.1, &granted.0, &form, version)
}

fn times(body: &mut Map<String, Value>, claims: &Claims, audience: &str, version: u8) {
    let mut put = |name: &str, value: Value| {
        body.insert(name.to_owned(), value);
    };
    put("token_type", "Bearer".into());
    if version == 1 {
        put("expires_in", LIFE_SECONDS.to_string().into());
        put("ext_expires_in", LIFE_SECONDS.to_string().into());
        put("expires_on", claims.exp.to_string().into());
        put("not_before", claims.nbf.to_string().into());
        put("resource", audience.into());
    } else {
        put("expires_in", LIFE_SECONDS.into());
        put("ext_expires_in", LIFE_SECONDS.into());
    }
}

fn for_itself(
    api: &Api,
    headers: &HeaderMap,
    application: &Application,
    form: &Form,
    version: u8,
) -> Result<Value, Refused> {
    let audience = form.audience().unwrap_or_else(|| DEFAULT_AUDIENCE.to_owned());
    let claims = claims(api, headers, application, (&audience, version), api.desk.world.now());
    let mut body = Map::new();
    times(&mut body, &claims, &audience, version);
    body.insert("access_token".into(), api.installation.signer.sign(&claims)?.into());
    Ok(Value::Object(body))
}

fn claims(
    api: &Api,
    headers: &HeaderMap,
    application: &Application,
    (audience, version): (&str, u8),
    at: Timestamp,
) -> Claims {
    let issuer = api.issuer(headers, &application.partner.to_string());
    let word = if version == 1 { "1.0" } else { "2.0" };
    Claims::of_program(application.client_id, application.partner, &issuer, audience, word, at)
}

fn for_person(
    api: &Api,
    headers: &HeaderMap,
    application: &Application,
    granted: &Granted,
    form: &Form,
    version: u8,
) -> Result<Value, Refused> {
    let leave = &granted.grant.leave;
    let kept = Some(leave.audience.clone()).filter(|audience| !audience.is_empty());
    let audience = form.audience().or(kept).unwrap_or_else(|| DEFAULT_AUDIENCE.to_owned());
    let person = OnBehalf {
        user: leave.user,
        methods: leave.methods.split_whitespace().map(str::to_owned).collect(),
        signed_in_at: leave.signed_in_at.as_second(),
        grant: granted.grant.id.clone(),
        scope: "user_impersonation".into(),
    };
    let claims = claims(api, headers, application, (&audience, version), granted.at).on_behalf_of(&person);
    let mut body = Map::new();
    times(&mut body, &claims, &audience, version);
    body.insert("scope".into(), "user_impersonation".into());
    body.insert("access_token".into(), api.installation.signer.sign(&claims)?.into());
    body.insert("refresh_token".into(), granted.refresh_token.clone().into());
    if leave
        .scope
        .split_whitespace()
        .chain(form.text("scope").unwrap_or_default().split_whitespace())
        .any(|own| own == "openid")
    {
        body.insert(
            "id_token".into(),
            id_token(api, &claims, application, &granted.known, &granted.nonce)?.into(),
        );
    }
    Ok(Value::Object(body))
}

/// What the program learns about the person (OpenID Connect Core §2).
///
/// # Errors
/// When signing fails.
pub fn id_token(
    api: &Api,
    claims: &Claims,
    application: &Application,
    known: &super::people::Known,
    nonce: &str,
) -> Result<String, Error> {
    let user = &known.user;
    let mut body = json!({
        "iss": claims.iss,
        "aud": application.client_id.to_string(),
        "sub": user.id.to_string(),
        "oid": user.id.to_string(),
        "tid": user.partner.to_string(),
        "iat": claims.iat,
        "nbf": claims.nbf,
        "exp": claims.exp,
        "amr": claims.amr,
        "auth_time": claims.auth_time,
        "name": user.display_name,
        "upn": user.upn,
        "preferred_username": user.upn,
        "ver": claims.ver,
    });
    if let (false, Some(members)) = (nonce.is_empty(), body.as_object_mut()) {
        members.insert("nonce".into(), nonce.into());
    }
    api.installation.signer.sign(&body)
}

/// `POST /{tenant}/oauth2/devicecode`, and the same under v2.0 (RFC 8628 §3.1).
pub async fn device(
    State(api): State<Api>,
    caller: Caller,
    Path(tenant): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match begin_device(&api, &caller.visit(&api, &headers), &tenant, &headers, &body).await {
        Ok(body) => ([(header::CACHE_CONTROL, "no-store")], axum::Json(body)).into_response(),
        Err(refused) => refused.into_response(),
    }
}

async fn begin_device(
    api: &Api,
    visit: &Visit,
    tenant: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Value, Refused> {
    let form = Form::read(body)?;
    // A device is asked for its id only (RFC 8628 §3.1); whoever has a secret proves it when it fetches the tokens.
    let id: ApplicationId = form.needed("client_id")?.parse().map_err(|_| Refused::client())?;
    let application = match form.text("client_secret") {
        Some(_) => program(api, visit, tenant, headers, &form).await?,
        None => api
            .desk
            .programs
            .find(&api.installation.store, id)
            .await?
            .filter(|own| tenant.parse::<PartnerId>().map_or(true, |tenant| tenant == own.partner))
            .ok_or_else(Refused::client)?,
    };
    let account = super::guard::account_key("device", &application.client_id.to_string());
    let now = api.desk.world.now();
    let entered = api.desk.guard.enter(Door::Device, &visit.address, &account, now).map_err(|_| Refused {
        status: StatusCode::TOO_MANY_REQUESTS,
        error: "temporarily_unavailable",
        description: "try again in a moment".into(),
    })?;
    // Each request leaves a row, so each counts: nobody fills the database from one address.
    entered.counted(now);
    let audience = form.audience().unwrap_or_default();
    let (code, user_code) =
        api.desk.begin_device(&application, form.text("scope").unwrap_or_default(), &audience).await?;
    let page = format!("{}/device", api.desk.reached.public_url);
    Ok(json!({
        "device_code": code,
        "user_code": user_code,
        "verification_uri": page,
        "verification_url": page,
        "verification_uri_complete": format!("{page}?code={user_code}"),
        "expires_in": DEVICE_LIFE.as_secs(),
        "interval": DEVICE_INTERVAL,
        "message": format!("To sign in, open {page} in a browser and type the code {user_code}."),
    }))
}

/// `GET /{tenant}/v2.0/.well-known/openid-configuration`, and the same without the version.
pub async fn discovery(State(api): State<Api>, Path(tenant): Path<String>, headers: HeaderMap) -> Response {
    let issuer = api.issuer(&headers, &tenant);
    let root = issuer.trim_end_matches("/v2.0").to_owned();
    axum::Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{root}/oauth2/v2.0/authorize"),
        "token_endpoint": format!("{root}/oauth2/v2.0/token"),
        "device_authorization_endpoint": format!("{root}/oauth2/v2.0/devicecode"),
        "jwks_uri": format!("{root}/discovery/v2.0/keys"),
        "token_endpoint_auth_methods_supported":
            ["client_secret_post", "client_secret_basic", "private_key_jwt", "none"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256", "PS256", "ES256", "ES384", "EdDSA"],
        "grant_types_supported":
            ["client_credentials", "authorization_code", "refresh_token", DEVICE_CODE],
        "response_types_supported": ["code", "code id_token"],
        "response_modes_supported": ["query", "form_post"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "profile", "offline_access"],
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "auth_time", "amr", "nonce", "name", "preferred_username"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }))
    .into_response()
}

/// `GET /{tenant}/discovery/v2.0/keys`, and the same without the version.
pub async fn keys(State(api): State<Api>) -> Response {
    axum::Json(api.installation.signer.public_keys()).into_response()
}
