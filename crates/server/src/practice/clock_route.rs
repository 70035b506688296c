//! `GET` and `POST /practice/clock`: shows and moves the practice clock. The route exists in a practice installation
//! only.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::{Span, Timestamp};
use serde_json::json;

use crate::api::Api;
use crate::api::faults::fault;
use crate::api::reader::{Object, parse};
use crate::clock::Practice;
use crate::error::{Error, Missing};

/// `GET /practice/clock`.
pub async fn show(State(api): State<Api>) -> Response {
    match api.installation.clock.as_practice() {
        Some(clock) => told(clock),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn told(clock: Practice) -> Response {
    let standing = matches!(clock, Practice::Standing(_));
    Json(json!({ "now": clock.now().to_string(), "standing": standing })).into_response()
}

/// `POST /practice/clock` with `{"set": "2020-03-01T09:00:00Z"}` or `{"advance": "P60D"}`.
pub async fn set(State(api): State<Api>, body: Bytes) -> Response {
    match moved(&api, &body).await {
        Ok(clock) => {
            api.work.notify_one();
            told(clock)
        }
        Err(error) => {
            let answer = fault(&error).answer();
            (answer.status, [("content-type", "application/json; charset=utf-8")], answer.body)
                .into_response()
        }
    }
}

async fn moved(api: &Api, body: &[u8]) -> Result<Practice, Error> {
    let clock =
        api.installation.clock.as_practice().ok_or(Error::NotFound(Missing::Other("practice clock")))?;
    let before = clock.now();
    let body = parse(body)?;
    let root = Object::root(&body)?;
    let to = match (root.text("set", 64)?, root.text("advance", 64)?) {
        (Some(at), None) => at
            .parse::<Timestamp>()
            .map_err(|_| Error::invalid("set", "must be an instant such as 2020-03-01T09:00:00Z"))?,
        (None, Some(span)) => advance(before, &span)?,
        _ => return Err(Error::invalid("body", "must hold either set or advance")),
    };
    let year = chandlery_domain::calendar::utc_date(to).year();
    if !(1970..=9000).contains(&year) {
        return Err(Error::invalid("clock", "must stay between the years 1970 and 9000"));
    }
    let clock = clock.showing(to);
    api.installation.move_clock(clock).await?;
    Ok(clock)
}

/// Moves an instant by an ISO 8601 duration, which may be calendar months; in UTC.
fn advance(from: Timestamp, span: &str) -> Result<Timestamp, Error> {
    let wrong = || Error::invalid("advance", "must be an ISO 8601 duration such as P60D or PT1H");
    let span: Span = span.parse().map_err(|_| wrong())?;
    let moved = from.to_zoned(jiff::tz::TimeZone::UTC).checked_add(span).map_err(|_| wrong())?;
    Ok(moved.timestamp())
}
