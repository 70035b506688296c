//! Webhooks as the interface has them (contract 9): registering, trying out, and the body of a call.
//!
//! What the documents and the published clients disagree on is taken in either spelling and answered in Pascal case.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::ids::DeliveryId;
use chandlery_domain::webhook::{Event, Registration};
use chandlery_store::webhooks::{self as stored, Delivery, State as Told};
use serde::Serialize;
use serde_json::json;

use super::Api;
use super::answer::{Answer, JsonInstant};
use super::call::{self, Call};
use super::reader::Object;
use crate::app::webhooks::{self, Before, DELIVERY, Wanted};
use crate::error::Error;
use crate::outside::webhooks::{Reach, address};
use crate::texts::Complaint;

/// Of how many events a registration may hold names: each once, and twice for whoever repeats itself.
const EVENTS_MAX: usize = 50;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Registered {
    subscriber_id: String,
    webhook_url: String,
    webhook_events: Vec<&'static str>,
    signature_token_to_ms_signature_header: bool,
    last_modified_timestamp: JsonInstant,
}

fn shown(own: &Registration) -> Registered {
    Registered {
        subscriber_id: own.subscriber.to_string(),
        webhook_url: own.url.clone(),
        webhook_events: own.events.iter().map(|event| event.as_str()).collect(),
        signature_token_to_ms_signature_header: own.own_header,
        last_modified_timestamp: JsonInstant(own.changed_at),
    }
}

/// Reads what is to be registered; `reach` says where programs may be.
///
/// # Errors
/// When the address may not be called, or an event is none of ours.
pub fn wanted(url: &str, events: Vec<Event>, own_header: bool, reach: Reach) -> Result<Wanted, Error> {
    let wrong = || Error::complaint("WebhookUrl", Complaint::of("complaint-webhook-address"));
    let url = address(url, reach).ok_or_else(wrong)?;
    if events.is_empty() {
        return Err(Error::complaint("WebhookEvents", Complaint::of("complaint-webhook-events")));
    }
    let host = url.host_str().unwrap_or_default().to_owned();
    Ok(Wanted { url: url.into(), host, events, own_header })
}

fn read(call: &Call) -> Result<Wanted, Error> {
    let body = call.json()?;
    let object = Object::root(&body)?;
    let url = object.required_text("WebhookUrl", 2000)?;
    let own_header = object.flag("SignatureTokenToMsSignatureHeader")?.unwrap_or(false);
    let names = object.get("WebhookEvents").and_then(serde_json::Value::as_array);
    let unknown = || {
        let known: Vec<&str> = Event::ALL.iter().map(|event| event.as_str()).collect();
        let why = Complaint::of("complaint-webhook-event").with("events", known.join(", "));
        Error::complaint("WebhookEvents", why)
    };
    let names = names.filter(|names| names.len() <= EVENTS_MAX).ok_or_else(unknown)?;
    let events = names
        .iter()
        .map(|name| name.as_str().and_then(|name| name.trim().parse().ok()).ok_or_else(unknown))
        .collect::<Result<_, _>>()?;
    wanted(&url, events, own_header, call.api.webhooks_reach)
}

/// `GET /webhooks/v1/registration/events`
pub async fn events(_call: Call) -> Result<Answer, Error> {
    let names: Vec<&str> = Event::ALL.iter().map(|event| event.as_str()).collect();
    Answer::ok(&names)
}

/// `GET /webhooks/v1/registration`
pub async fn get_registration(call: Call) -> Result<Answer, Error> {
    let own = call.read(|tx, _, scope| webhooks::registration(tx, scope)).await?;
    Answer::ok(&shown(&own))
}

async fn set(call: Call, before: Before) -> Result<Answer, Error> {
    let attempted = Entry::did(Operation::SetWebhook, Resource::Webhook, "");
    let wanted = match read(&call) {
        Ok(wanted) => wanted,
        Err(error) => return call.refuse_early(attempted, error).await,
    };
    call.write(
        attempted,
        None,
        move |tx, cx, scope| webhooks::set(tx, cx, scope, &wanted, before),
        |own| Answer::ok(&shown(own)),
    )
    .await
}

/// `POST /webhooks/v1/registration`
pub async fn register(call: Call) -> Result<Answer, Error> {
    set(call, Before::None).await
}

/// `PUT /webhooks/v1/registration`
pub async fn update(call: Call) -> Result<Answer, Error> {
    set(call, Before::One).await
}

/// `DELETE /webhooks/v1/registration`
pub async fn remove(call: Call) -> Result<Answer, Error> {
    let attempted = Entry::did(Operation::RemoveWebhook, Resource::Webhook, "");
    call.write(attempted, None, |tx, _, scope| webhooks::remove(tx, scope), |()| Ok(Answer::empty())).await
}

/// `POST /webhooks/v1/registration/validationevents`
pub async fn test(call: Call) -> Result<Answer, Error> {
    let attempted = Entry::did(Operation::TestWebhook, Resource::Webhook, "");
    call.write(attempted, None, webhooks::test, |id| Answer::ok(&json!({ "correlationId": id.to_string() })))
        .await
}

/// `GET /webhooks/v1/registration/validationevents/{correlation}`
pub async fn tested(call: Call) -> Result<Answer, Error> {
    let id: DeliveryId = call.id("correlation", DELIVERY)?;
    let (own, url) = call
        .read(move |tx, _, scope| {
            let own = stored::delivery(tx, scope, id)?.filter(|own| own.event == Event::TestCreated);
            let own = own.ok_or(Error::NotFound(DELIVERY))?;
            Ok((own, stored::find(tx, scope)?.map(|own| own.url)))
        })
        .await?;
    Answer::ok(&outcome(&own, url))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    correlation_id: String,
    partner_id: String,
    status: &'static str,
    callback_url: Option<String>,
    results: Vec<Tried>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tried {
    response_code: String,
    response_message: String,
    system_error: bool,
    date_time_utc: JsonInstant,
}

/// How a test went; only the last attempt is kept.
fn outcome(own: &Delivery, url: Option<String>) -> Outcome {
    let tried = own.last.as_ref().map(|last| {
        let status = last.answer.and_then(|own| StatusCode::from_u16(own).ok());
        let reason = status.and_then(|own| own.canonical_reason()).map(|own| own.replace([' ', '-'], ""));
        Tried {
            response_code: reason.or(last.answer.map(|own| own.to_string())).unwrap_or_default(),
            response_message: last.trouble.clone().unwrap_or_default(),
            system_error: last.trouble.is_some(),
            date_time_utc: JsonInstant(last.at),
        }
    });
    Outcome {
        correlation_id: own.id.to_string(),
        partner_id: own.partner.to_string(),
        status: match own.state {
            Told::Waiting if own.attempts == 0 => "pending",
            Told::Waiting => "retrying",
            Told::Delivered => "completed",
            Told::Failed => "failed",
        },
        callback_url: own.last.as_ref().map(|last| last.url.clone()).or(url),
        results: tried.into_iter().collect(),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    event_name: &'static str,
    resource_uri: String,
    resource_name: &'static str,
    audit_uri: String,
    resource_change_utc_date: String,
}

/// The body of a call; `base` is what our own addresses begin with.
///
/// # Errors
/// When it cannot be written, which is a defect.
pub fn body(own: &Delivery, base: &str) -> Result<String, Error> {
    let customer = own.customer.map(|id| id.to_string()).unwrap_or_default();
    let subject = &own.subject;
    let (name, path) = match own.event {
        Event::TestCreated => ("test", format!("/webhooks/v1/registration/validationEvents/{subject}")),
        Event::SubscriptionUpdated => {
            ("subscription", format!("/webhooks/v1/customers/{customer}/subscriptions/{subject}"))
        }
        Event::InvoiceReady => ("invoice", format!("/v1/invoices/{subject}")),
        Event::OrderCompleted | Event::OrderCancelled => {
            ("order", format!("/v1/customers/{customer}/orders/{subject}"))
        }
    };
    let body = Body {
        event_name: own.event.as_str(),
        resource_uri: format!("{base}{path}"),
        resource_name: name,
        audit_uri: format!("{base}/auditactivity/v1/auditrecords/{}", own.audit),
        resource_change_utc_date: own.happened_at.strftime("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string(),
    };
    serde_json::to_string(&body).map_err(Error::internal)
}

/// Where a certificate is to be had.
pub fn certificate_url(base: &str, id: &str) -> String {
    format!("{base}/webhooks/v1/certificates/{id}")
}

/// The certificates, for whoever was called: DER (RFC 2585 section 3).
pub fn router() -> Router<Api> {
    Router::new().route("/webhooks/v1/certificates/{id}", get(certificate))
}

async fn certificate(State(api): State<Api>, Path(id): Path<String>) -> Response {
    let found = api.installation.store.read(move |tx| Ok::<_, Error>(stored::certificate(tx, &id)?)).await;
    match found {
        Ok(Some(text)) => match STANDARD.decode(text) {
            Ok(der) => {
                let headers = [
                    (header::CONTENT_TYPE, "application/pkix-cert"),
                    (header::CACHE_CONTROL, "public, max-age=86400"),
                    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                ];
                (headers, der).into_response()
            }
            Err(error) => call::broken(&error),
        },
        Ok(None) => (StatusCode::NOT_FOUND, "There is no such certificate.\n").into_response(),
        Err(error) => call::broken(&error),
    }
}
