//! The token endpoint and its discovery documents (contract 1.1): what clients ask before they call the API.
//!
//! Answers follow OAuth 2 (RFC 6749 §5): version 1 writes its numbers as text, version 2 as numbers.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chandlery_domain::ids::{ApplicationId, PartnerId};
use serde_json::json;

use crate::api::Api;
use crate::identity::programs::{secret_digest, secret_fits};
use crate::identity::tokens::LIFE_SECONDS;

/// The audience of tokens whose caller names none.
const DEFAULT_AUDIENCE: &str = "https://api.partnercenter.microsoft.com";

/// `POST /{tenant}/oauth2/token`.
pub async fn v1(
    State(api): State<Api>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    issue(&api, &tenant, &headers, &body, 1).await
}

/// `POST /{tenant}/oauth2/v2.0/token`.
pub async fn v2(
    State(api): State<Api>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    issue(&api, &tenant, &headers, &body, 2).await
}

struct Form {
    grant_type: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    audience: Option<String>,
}

impl Form {
    fn read(body: &[u8], headers: &HeaderMap) -> Self {
        let mut form = Self { grant_type: None, client_id: None, client_secret: None, audience: None };
        for (name, value) in form_pairs(body) {
            match name.as_str() {
                "grant_type" => form.grant_type = Some(value),
                "client_id" => form.client_id = Some(value),
                "client_secret" => form.client_secret = Some(value),
                "resource" => form.audience = Some(value),
                "scope" if form.audience.is_none() => {
                    form.audience = value
                        .split_whitespace()
                        .find_map(|scope| scope.strip_suffix("/.default"))
                        .map(str::to_owned);
                }
                _ => {}
            }
        }
        // A program may also prove itself in the header (RFC 6749 §2.3.1).
        if form.client_secret.is_none()
            && let Some((id, secret)) = basic(headers)
        {
            form.client_id = Some(id);
            form.client_secret = Some(secret);
        }
        form
    }
}

/// Pairs of a form, percent-decoded.
fn form_pairs(body: &[u8]) -> Vec<(String, String)> {
    crate::api::query::pairs(str::from_utf8(body).unwrap_or_default())
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let bytes = STANDARD.decode(value.strip_prefix("Basic ")?).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

fn refuse(status: StatusCode, error: &str, description: &str) -> Response {
    let body = json!({
        "error": error,
        "error_description": description,
        "error_codes": [],
        "timestamp": crate::clock::wall_clock().strftime("%Y-%m-%d %H:%M:%SZ").to_string(),
        "trace_id": uuid::Uuid::from_bytes(random16()).to_string(),
        "correlation_id": uuid::Uuid::from_bytes(random16()).to_string(),
    });
    (status, [(header::CACHE_CONTROL, "no-store")], axum::Json(body)).into_response()
}

fn random16() -> [u8; 16] {
    let mut bytes = [0; 16];
    crate::ids::fill(&mut bytes);
    bytes
}

async fn issue(api: &Api, tenant: &str, headers: &HeaderMap, body: &[u8], version: u8) -> Response {
    let form = Form::read(body, headers);
    match form.grant_type.as_deref() {
        Some("client_credentials") => {}
        Some(_) => {
            return refuse(
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "grant_type must be client_credentials",
            );
        }
        None => {
            return refuse(StatusCode::BAD_REQUEST, "invalid_request", "grant_type is missing");
        }
    }
    let (Some(client_id), Some(secret)) = (form.client_id, form.client_secret) else {
        return refuse(StatusCode::BAD_REQUEST, "invalid_request", "client_id and client_secret are needed");
    };
    // One answer for an unknown program, a wrong secret and a foreign tenant, so that none of them can be probed.
    let refused = || {
        refuse(
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "the client_id is not known in this tenant, or the client_secret is wrong",
        )
    };
    let Ok(client_id) = client_id.parse::<ApplicationId>() else {
        let _spent = secret_digest(&secret);
        return refused();
    };
    let application = match api.programs.find(&api.installation.store, client_id).await {
        Ok(found) => found,
        Err(error) => {
            tracing::error!(%error, "a token could not be issued");
            return refuse(
                StatusCode::SERVICE_UNAVAILABLE,
                "temporarily_unavailable",
                "try again in a moment",
            );
        }
    };
    let Some(application) = application.filter(|application| secret_fits(application, &secret)) else {
        return refused();
    };
    if tenant.parse::<PartnerId>().is_ok_and(|tenant| tenant != application.partner) {
        return refused();
    }
    let audience = form.audience.unwrap_or_else(|| DEFAULT_AUDIENCE.to_owned());
    let issuer = api.issuer(headers, &application.partner.to_string());
    let word = if version == 1 { "1.0" } else { "2.0" };
    let issued = api.installation.signer.issue(client_id, application.partner, &issuer, &audience, word);
    let (token, claims) = match issued {
        Ok(issued) => issued,
        Err(error) => {
            tracing::error!(%error, "a token could not be signed");
            return refuse(
                StatusCode::INTERNAL_SERVER_ERROR,
                "server_error",
                "the token could not be signed",
            );
        }
    };
    let body = if version == 1 {
        json!({
            "token_type": "Bearer",
            "expires_in": LIFE_SECONDS.to_string(),
            "ext_expires_in": LIFE_SECONDS.to_string(),
            "expires_on": claims.exp.to_string(),
            "not_before": claims.nbf.to_string(),
            "resource": audience,
            "access_token": token,
        })
    } else {
        json!({
            "token_type": "Bearer",
            "expires_in": LIFE_SECONDS,
            "ext_expires_in": LIFE_SECONDS,
            "access_token": token,
        })
    };
    ([(header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")], axum::Json(body)).into_response()
}

/// `GET /{tenant}/v2.0/.well-known/openid-configuration`, and the same without the version.
pub async fn discovery(State(api): State<Api>, Path(tenant): Path<String>, headers: HeaderMap) -> Response {
    let issuer = api.issuer(&headers, &tenant);
    let root = issuer.trim_end_matches("/v2.0").to_owned();
    axum::Json(json!({
        "issuer": issuer,
        "token_endpoint": format!("{root}/oauth2/v2.0/token"),
        "jwks_uri": format!("{root}/discovery/v2.0/keys"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": ["token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }))
    .into_response()
}

/// `GET /{tenant}/discovery/v2.0/keys`, and the same without the version.
pub async fn keys(State(api): State<Api>) -> Response {
    axum::Json(api.installation.signer.public_keys()).into_response()
}
