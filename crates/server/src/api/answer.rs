//! What is sent back: a status with a body, and the small shapes that stand in every body (contract 0.5).

use axum::body::Bytes;
use axum::http::StatusCode;
use chandlery_domain::money::Money;
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::error::Error;

/// An answer ready to be sent, and to be kept for a repeat.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The body: JSON, or nothing.
    pub body: String,
    /// Whether the body holds a secret: it is kept sealed and never cached.
    pub secret: bool,
    /// Where to look next, where something goes on after the answer.
    pub location: Option<String>,
    /// What is sent in place of the body, where a file was asked for. Only reading calls answer with one: it is not kept.
    pub file: Option<File>,
}

/// A file somebody asked for.
#[derive(Debug, Clone)]
pub struct File {
    /// What it is called when it is saved; letters, digits, `-`, `_` and `.` only.
    pub name: String,
    /// What it is, as in MIME.
    pub media_type: &'static str,
    /// What is in it.
    pub bytes: Bytes,
}

impl Answer {
    /// A status with a body.
    ///
    /// # Errors
    /// When the body cannot be written, which is a defect.
    pub fn new(status: StatusCode, body: &impl Serialize) -> Result<Self, Error> {
        let body = serde_json::to_string(body).map_err(Error::internal)?;
        Ok(Self::raw(status, body, false))
    }

    /// A status with a body that was written already.
    pub const fn raw(status: StatusCode, body: String, secret: bool) -> Self {
        Self { status, body, secret, location: None, file: None }
    }

    /// 204, without a body.
    pub const fn empty() -> Self {
        Self::raw(StatusCode::NO_CONTENT, String::new(), false)
    }

    /// 200 with a file.
    pub fn of_file(file: File) -> Self {
        Self { file: Some(file), ..Self::raw(StatusCode::OK, String::new(), false) }
    }

    /// 200 with a body.
    ///
    /// # Errors
    /// When the body cannot be written, which is a defect.
    pub fn ok(body: &impl Serialize) -> Result<Self, Error> {
        Self::new(StatusCode::OK, body)
    }

    /// 201 with a body.
    ///
    /// # Errors
    /// When the body cannot be written, which is a defect.
    pub fn created(body: &impl Serialize) -> Result<Self, Error> {
        Self::new(StatusCode::CREATED, body)
    }

    /// The same, known to hold a secret.
    #[must_use]
    pub fn holding_a_secret(mut self) -> Self {
        self.secret = true;
        self
    }
}

/// A link to another resource; relative, without the version.
#[derive(Debug, Clone, Serialize)]
pub struct Link {
    uri: String,
    method: &'static str,
    headers: Vec<LinkHeader>,
}

/// A header to send when following a link.
#[derive(Debug, Clone, Serialize)]
pub struct LinkHeader {
    key: &'static str,
    value: String,
}

impl Link {
    /// A link to be read.
    pub fn get(uri: impl Into<String>) -> Self {
        Self { uri: uri.into(), method: "GET", headers: Vec::new() }
    }

    /// A link to be followed with another method.
    pub fn with_method(uri: impl Into<String>, method: &'static str) -> Self {
        Self { uri: uri.into(), method, headers: Vec::new() }
    }

    /// A link to be read with a header.
    pub fn get_with(uri: impl Into<String>, key: &'static str, value: String) -> Self {
        Self { uri: uri.into(), method: "GET", headers: vec![LinkHeader { key, value }] }
    }
}

/// What kind of thing a body is, and its version.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attributes {
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    object_type: &'static str,
}

impl Attributes {
    /// The kind alone.
    pub const fn of(object_type: &'static str) -> Self {
        Self { etag: None, object_type }
    }

    /// The kind and the version.
    pub fn versioned(object_type: &'static str, id: impl std::fmt::Display, revision: i64) -> Self {
        Self { etag: Some(etag(id, revision)), object_type }
    }
}

/// A list with its links.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Collection<T> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) continuation_token: Option<String>,
    total_count: usize,
    items: Vec<T>,
    pub(crate) links: CollectionLinks,
    attributes: Attributes,
}

/// Where a list is, and where it goes on.
#[derive(Debug, Clone, Serialize)]
pub struct CollectionLinks {
    #[serde(rename = "self")]
    own: Link,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<Link>,
}

impl<T> Collection<T> {
    /// A whole list.
    pub fn whole(items: Vec<T>, own: impl Into<String>) -> Self {
        Self {
            continuation_token: None,
            total_count: items.len(),
            items,
            links: CollectionLinks { own: Link::get(own), next: None },
            attributes: Attributes::of("Collection"),
        }
    }

    /// The same list with every item turned into any number of others.
    pub fn map_items<U>(self, turn: impl FnMut(T) -> Vec<U>) -> Collection<U> {
        let items: Vec<U> = self.items.into_iter().flat_map(turn).collect();
        Collection {
            continuation_token: self.continuation_token,
            total_count: items.len(),
            items,
            links: self.links,
            attributes: self.attributes,
        }
    }
}

/// An opaque version: base64 of a small document, as the real service has it (contract 0.11).
pub fn etag(id: impl std::fmt::Display, revision: i64) -> String {
    use base64::Engine;
    let text = format!(r#"{{"id":"{id}","version":{revision}}}"#);
    base64::engine::general_purpose::STANDARD.encode(text)
}

/// The revision an etag names; none when it is not one of ours for `id`.
pub fn etag_revision(id: impl std::fmt::Display, etag: &str) -> Option<i64> {
    use base64::Engine;
    let bytes = base64::engine::general_purpose::STANDARD.decode(etag.trim().trim_matches('"')).ok()?;
    let value: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
    let same = value.get("id")?.as_str()?.eq_ignore_ascii_case(&id.to_string());
    if same { value.get("version")?.as_i64() } else { None }
}

/// An exact decimal as a JSON number; floating point never touches it.
#[derive(Debug, Clone, Copy)]
pub struct JsonDecimal(pub Decimal);

impl From<Money> for JsonDecimal {
    fn from(money: Money) -> Self {
        Self(money.decimal())
    }
}

impl Serialize for JsonDecimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = RawValue::from_string(self.0.to_string()).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

/// An instant as the wire has it: UTC, with as many digits as it needs.
#[derive(Debug, Clone, Copy)]
pub struct JsonInstant(pub Timestamp);

impl Serialize for JsonInstant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A day as the wire has it: its first instant.
#[derive(Debug, Clone, Copy)]
pub struct JsonDay(pub Date);

impl Serialize for JsonDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}T00:00:00Z", self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_an_exact_json_number() {
        let money = Money::new(123_456_789_012_345_678, "EUR".parse().unwrap());
        assert_eq!(serde_json::to_string(&JsonDecimal::from(money)).unwrap(), "1234567890123456.78");
        let yen = Money::new(-500, "JPY".parse().unwrap());
        assert_eq!(serde_json::to_string(&JsonDecimal::from(yen)).unwrap(), "-500");
    }

    #[test]
    fn an_etag_names_its_revision_and_nobody_elses() {
        let tag = etag("abc", 7);
        assert_eq!(etag_revision("ABC", &tag), Some(7));
        assert_eq!(etag_revision("abc", &format!("\"{tag}\"")), Some(7));
        assert_eq!(etag_revision("abd", &tag), None);
        assert_eq!(etag_revision("abc", "rubbish"), None);
    }

    #[test]
    fn instants_and_days_are_utc() {
        let at: Timestamp = "2020-01-24T10:00:00.1234560Z".parse().unwrap();
        assert_eq!(serde_json::to_string(&JsonInstant(at)).unwrap(), "\"2020-01-24T10:00:00.123456Z\"");
        assert_eq!(
            serde_json::to_string(&JsonDay(jiff::civil::date(2022, 1, 28))).unwrap(),
            "\"2022-01-28T00:00:00Z\""
        );
    }
}
