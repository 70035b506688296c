//! The activity log for programs (contract 8.1).

use std::collections::BTreeMap;
use std::sync::Arc;

use chandlery_domain::audit::{Fact, Side};
use chandlery_domain::calendar::{end_of_day, start_of_day};
use chandlery_domain::ids::AuditId;
use chandlery_store::audit::{self, Query as LogQuery, Record};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::Value;

use super::answer::{Answer, Attributes, JsonInstant};
use super::call::Call;
use super::paging::{Page, TOKEN_HEADER};
use super::query::Query;
use super::reader::{Object, same_word};
use crate::app::Context;
use crate::clock::wall_clock;
use crate::dates::When;
use crate::error::{Error, Missing};
use crate::log::Person;
use crate::log::live::{Opened, person_of};

/// The most entries on one page.
const PAGE_MAX: u32 = 500;
/// How much a query covers that names no dates.
const USUAL: SignedDuration = SignedDuration::from_hours(30 * 24);

#[derive(Serialize)]
struct Pair {
    key: String,
    value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RecordOut {
    id: String,
    partner_id: String,
    participants: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_principal_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    application_id: Option<String>,
    resource_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_old_value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_new_value: Option<String>,
    operation_type: &'static str,
    original_correlation_id: String,
    operation_date: JsonInstant,
    operation_status: &'static str,
    customized_data: Vec<Pair>,
    attributes: Attributes,
}

/// `order_id-0` as the wire has it: `OrderId-0`.
fn pascal(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut upper = true;
    for letter in name.chars() {
        if letter == '_' {
            upper = true;
        } else if upper {
            out.extend(letter.to_uppercase());
            upper = false;
        } else {
            out.push(letter);
        }
    }
    out
}

fn document(facts: &[Fact]) -> Option<String> {
    if facts.is_empty() {
        return None;
    }
    let members: BTreeMap<String, &str> =
        facts.iter().map(|fact| (pascal(&fact.name), fact.value.as_str())).collect();
    serde_json::to_string(&members).ok()
}

fn out(record: &Record, person: Option<Person>) -> RecordOut {
    let (stamp, entry) = (&record.stamp, &record.entry);
    let of_kind = |kind: &str, value: &str| (stamp.actor_kind == kind).then(|| value.to_owned());
    // A customer's own people are not the partner's business: it is told that the customer was there.
    let application = if stamp.side == Side::Customer {
        Some("Customer portal".to_owned())
    } else {
        of_kind("application", &stamp.actor_id)
            .or_else(|| stamp.application.clone())
            .or_else(|| stamp.actor_name.clone())
    };
    let address = stamp.address.clone().or_else(|| person.as_ref().and_then(|own| own.address.clone()));
    let mut extra = vec![Pair { key: "RequestId".into(), value: stamp.request_id.clone() }];
    extra.extend(address.map(|value| Pair { key: "Address".into(), value }));
    extra.extend(record.sequence.map(|value| Pair { key: "Sequence".into(), value: value.to_string() }));
    RecordOut {
        id: stamp.id.to_string(),
        partner_id: stamp.partner.to_string(),
        participants: vec![stamp.partner.to_string()],
        customer_id: entry.customer.as_ref().map(|(id, _)| id.to_string()),
        customer_name: entry.customer.as_ref().map(|(_, name)| name.clone()),
        user_principal_name: person.and_then(|own| own.name),
        application_id: application,
        resource_type: entry.resource.as_str(),
        resource_old_value: document(&entry.before),
        resource_new_value: document(&entry.after),
        operation_type: entry.operation.as_str(),
        original_correlation_id: stamp.correlation_id.clone(),
        operation_date: JsonInstant(stamp.at),
        operation_status: entry.outcome.as_str(),
        customized_data: entry
            .after
            .iter()
            .map(|fact| Pair { key: pascal(&fact.name), value: fact.value.clone() })
            .chain(extra)
            .collect(),
        attributes: Attributes::of("AuditRecord"),
    }
}

/// Reads the filter: company name, customer id or resource type, one at a time (contract 0.7).
fn read_filter(text: &str) -> Result<LogQuery, Error> {
    let mut query = LogQuery::default();
    if text.is_empty() {
        return Ok(query);
    }
    let shape = || Error::invalid("filter", "must be a JSON object with Field, Value and Operator");
    let value: Value = serde_json::from_str(text).map_err(|_| shape())?;
    let root = Object::root(&value).map_err(|_| shape())?;
    let wanted = root.required_text("Value", 256)?;
    let operator = root.required_text("Operator", 40)?;
    let need = |right: &str| {
        if same_word(&operator, right) {
            Ok(())
        } else {
            Err(Error::invalid("filter.Operator", format!("must be {right}")))
        }
    };
    match root.required_text("Field", 40)?.to_ascii_lowercase().as_str() {
        "companyname" => {
            need("substring")?;
            query.company = Some(wanted);
        }
        "customerid" => {
            need("equals")?;
            query.customer = Some(wanted.to_lowercase());
        }
        "resourcetype" => {
            need("equals")?;
            query.resource = Some(snake(&wanted));
        }
        "operationtype" => {
            need("equals")?;
            query.operation = Some(snake(&wanted));
        }
        "operationstatus" => {
            need("equals")?;
            query.outcome = Some(wanted.to_lowercase());
        }
        "userid" => {
            need("equals")?;
            query.actor = Some(wanted.to_lowercase());
        }
        _ => {
            return Err(Error::invalid(
                "filter.Field",
                "must be CompanyName, CustomerId, ResourceType, OperationType, OperationStatus or UserId",
            ));
        }
    }
    Ok(query)
}

/// `SoftwareKey` and `software_key` are the same word.
fn snake(word: &str) -> String {
    let mut out = String::new();
    for (index, letter) in word.chars().enumerate() {
        if letter.is_uppercase() && index > 0 && !out.ends_with('_') {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

fn first_instant(when: When) -> Result<Timestamp, Error> {
    match when {
        When::At(at) => Ok(at),
        When::Day(day) => start_of_day(day).map_err(|error| Error::invalid("startDate", error.to_string())),
    }
}

fn last_instant(when: When) -> Result<Timestamp, Error> {
    match when {
        When::At(at) => Ok(at),
        // A day beyond what an instant can hold is how clients write "no end".
        When::Day(day) => Ok(end_of_day(day).unwrap_or(Timestamp::MAX)),
    }
}

/// The dates of a query, with what the documentation puts in for those left out.
///
/// # Errors
/// When they cannot be read, lie too far back, or the wrong way round.
pub fn range(query: &Query, cx: &Context) -> Result<(Timestamp, Option<Timestamp>), Error> {
    let before = |span: SignedDuration| cx.now.checked_sub(span).unwrap_or(Timestamp::MIN);
    let start = query.date("startDate")?.map(first_instant).transpose()?;
    let end = query.date("endDate")?.map(last_instant).transpose()?;
    let start = start.unwrap_or_else(|| before(USUAL));
    let days = cx.rules.api_log_days;
    if days > 0 {
        let span = SignedDuration::from_hours(i64::from(days).saturating_mul(24));
        let oldest =
            start_of_day(chandlery_domain::calendar::utc_date(before(span))).map_err(Error::internal)?;
        if start < oldest {
            return Err(Error::invalid(
                "startDate",
                format!("must not be older than {days} days: the earliest is {oldest}"),
            ));
        }
    }
    if end.is_some_and(|end| end < start) {
        return Err(Error::invalid("endDate", "must not lie before startDate"));
    }
    Ok((start, end))
}

/// The place after which a page starts: an instant and a number.
fn place(text: &str) -> Result<Option<(i64, i64)>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = text.split_once('.').and_then(|(at, number)| Some((at.parse().ok()?, number.parse().ok()?)));
    read.map(Some)
        .ok_or_else(|| Error::invalid(TOKEN_HEADER, "must be a token that an earlier page of this list gave"))
}

/// `GET /auditrecords`. What was committed before the call is on the page: what waits is sealed first.
///
/// # Errors
/// When dates or filter cannot be read, or the start is too old.
pub async fn list(call: Call) -> Result<Answer, Error> {
    let page = Page::of(&call, PAGE_MAX, call.query.text("filter").unwrap_or_default())?;
    let (from, to) = range(&call.query, &call.cx)?;
    let query = LogQuery {
        from: Some(from),
        to,
        after: place(&page.after)?,
        limit: page.limit(),
        ..read_filter(&page.filter)?
    };
    let (installation, partner) = (&call.api.installation, call.scope.partner());
    installation.sealer.seal(&installation.store, partner, wall_clock()).await?;
    let vault = Arc::clone(&installation.vault);
    let rows = call
        .read(move |tx, _, scope| {
            let rows = audit::list(tx, scope, &query)?;
            let opened = Opened::new(tx, &vault, scope, rows)?;
            let people: Vec<Option<Person>> = opened.rows.iter().map(|row| opened.person(row)).collect();
            opened
                .rows
                .into_iter()
                .zip(people)
                .map(|(row, person)| Ok((row.at, row.sequence, row.read()?, person)))
                .collect::<Result<Vec<_>, Error>>()
        })
        .await?;
    let place = |(at, sequence, _, _): &(i64, i64, Record, Option<Person>)| format!("{at}.{sequence}");
    Answer::ok(&page.collection(&call, rows, place, |(_, _, record, person)| out(&record, person))?)
}

/// `GET /auditrecords/{record}`.
///
/// # Errors
/// When it is not there.
pub async fn get(call: Call) -> Result<Answer, Error> {
    const RECORD: Missing = Missing::Other("audit record");
    let id: AuditId = call.id("record", RECORD)?;
    let vault = Arc::clone(&call.api.installation.vault);
    let (record, person) = call
        .read(move |tx, _, scope| {
            let record = audit::find(tx, scope, id)?.ok_or(Error::NotFound(RECORD))?;
            let person = person_of(tx, &vault, scope.partner(), &record)?;
            Ok((record, person))
        })
        .await?;
    Answer::ok(&out(&record, person))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_change_between_the_two_spellings() {
        assert_eq!(pascal("order_id"), "OrderId");
        assert_eq!(pascal("offer_id-0"), "OfferId-0");
        assert_eq!(snake("SoftwareKey"), "software_key");
        assert_eq!(snake("software_key"), "software_key");
    }
}
