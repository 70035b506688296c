//! The activity log as people read it: who opened which key, who downloaded what, and everything else that was done (rule 6).
//! One page for the partner, for one customer of the partner's, and for the customer's own people.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chandlery_domain::access::{Action, Scope};
use chandlery_domain::audit::{Operation, Outcome, Side};
use chandlery_domain::calendar::{end_of_day, start_of_day, utc_date};
use chandlery_domain::customer::Customer;
use chandlery_domain::ids::{CustomerId, UserId};
use chandlery_store::audit::{self, Query, Record};
use chandlery_store::people::Of;
use chandlery_store::{Read, applications, people};
use jiff::ToSpan as _;
use jiff::civil::Date;
use uuid::Uuid;

use super::activity_pages::{Activity, EntryRow, FactRow, Sealed};
use super::entered::Entered;
use super::ward::{Head, found, ward};
use super::{Asked, Form, around, cut, facts, failed, page};
use crate::api::Api;
use crate::api::export::{self, Format};
use crate::app::Context;
use crate::clock::wall_clock;
use crate::error::Error;
use crate::log::live::Opened;
use crate::log::personal::Person;
use crate::log::sealing::Sealing;
use crate::texts::{Complaint, Reader};

/// How many entries one page shows.
const PAGE: i64 = 100;
/// How many people and programs the filter offers.
const ACTORS: i64 = 200;
/// What the filter offers first: keys, downloads and orders are the purpose of the log (SEED-41, SEED-42).
const KINDS_FIRST: [Operation; 6] = [
    Operation::GetSoftwareKey,
    Operation::GetSoftwareDownloadLink,
    Operation::DownloadSoftware,
    Operation::CreateOrder,
    Operation::UpdateOrder,
    Operation::ProvisionOrder,
];
/// What stands in the operator's own log alone.
const KINDS_OF_OPERATOR: [Operation; 20] = [
    Operation::ChangeReservationTables,
    Operation::ImportPrices,
    Operation::ImportKeys,
    Operation::AddMedium,
    Operation::RemoveMedium,
    Operation::StockLow,
    Operation::SetUp,
    Operation::MoveClock,
    Operation::Housekeeping,
    Operation::CloseMonth,
    Operation::ReopenMonth,
    Operation::ExplainDifference,
    Operation::ReadVendorBill,
    Operation::ReadStatement,
    Operation::ImportBenefit,
    Operation::ChangePolicies,
    Operation::ChangeMarket,
    Operation::ChangeStock,
    Operation::RetryWork,
    Operation::GiveUpWork,
];

/// What a customer's own people are shown: who opened and who downloaded, and what they agreed to. Nothing of what their
/// partner pays stands in any of it.
const OWN_KINDS: [Operation; 4] = [
    Operation::GetSoftwareKey,
    Operation::GetSoftwareDownloadLink,
    Operation::DownloadSoftware,
    Operation::CreateAgreement,
];

/// The acts the filter offers to whoever reads a partner's log: the usual ones first, the others by name.
fn kinds(reader: &Reader) -> Vec<(String, String)> {
    let named = |own: &Operation| (own.as_str().to_owned(), reader.word("operation", own.as_str()));
    let skipped = |own: &&Operation| !KINDS_FIRST.contains(own) && !KINDS_OF_OPERATOR.contains(own);
    let mut others: Vec<(String, String)> = Operation::ALL.iter().filter(skipped).map(named).collect();
    reader.sort(&mut others, |own| own.1.as_str());
    KINDS_FIRST.iter().map(named).chain(others).collect()
}

/// How a partner's log stands, in the reader's words.
fn shown(sealing: &Sealing, reader: &Reader) -> Sealed {
    Sealed {
        text: reader.t1("log-sealed", "count", sealing.length),
        checkpoint: sealing.checkpoint.map(|at| reader.html_of("log-checkpoint", "at", &reader.time(at))),
        broken: !sealing.whole,
    }
}

/// The range somebody asked for; the last month up to today where none was named.
fn range(form: &Form, today: Date) -> (Date, Date) {
    let to = form.text("to").parse().unwrap_or(today);
    let usual = today.checked_sub(1.month()).unwrap_or(today);
    let from = form.text("from").parse().unwrap_or(usual.min(to));
    if from <= to { (from, to) } else { (to, from) }
}

fn place(form: &Form) -> Option<(i64, i64)> {
    let (at, number) = form.text("after").split_once('.')?;
    Some((at.parse().ok()?, number.parse().ok()?))
}

fn wanted(form: &Form, (from, to): (Date, Date), customer: Option<CustomerId>) -> Result<Query, Error> {
    let text = |name: &str| Some(form.text(name).trim().to_owned()).filter(|own| !own.is_empty());
    Ok(Query {
        from: Some(start_of_day(from).map_err(Error::internal)?),
        to: Some(end_of_day(to).map_err(Error::internal)?),
        customer: customer.map(|id| id.to_string()),
        company: text("company"),
        operation: text("kind").filter(|own| own.parse::<Operation>().is_ok()),
        outcome: text("outcome").filter(|own| own.parse::<Outcome>().is_ok()),
        actor: text("actor").filter(|own| own.parse::<Uuid>().is_ok()),
        after: place(form),
        backwards: true,
        limit: PAGE + 1,
        ..Query::default()
    })
}

/// What a program was answered: it stays in the words it was told.
const TOLD: &str = "error_description";

fn fact_row(reader: &Reader, name: &str, value: &str, old: Option<&str>) -> FactRow {
    let (stem, line) = match name.rsplit_once('-') {
        Some((stem, number)) if number.parse::<u32>().is_ok() => (stem, Some(number)),
        _ => (name, None),
    };
    let mut label = reader.word("fact", stem);
    if label.contains('⟦') {
        label = stem.replace('_', " ");
    }
    if let Some(number) = line {
        label = reader.t2("log-of-line", "label", label, "number", number);
    }
    FactRow {
        label,
        value: facts::value(reader, stem, value),
        language: (stem == TOLD).then_some("en"),
        old: old.map(|old| facts::value(reader, stem, old)),
    }
}

fn entry_row(
    reader: &Reader,
    record: &Record,
    person: Option<Person>,
    programs: &[(String, String)],
) -> EntryRow {
    let (stamp, entry) = (&record.stamp, &record.entry);
    let (name, address) = match person {
        Some(person) => (person.name, person.address),
        None => (stamp.actor_name.clone(), stamp.address.clone()),
    };
    let who = match (name, stamp.side) {
        (Some(name), _) => name,
        (None, Side::Customer) => reader.t("log-customer-person"),
        (None, _) if stamp.actor_kind == "application" => {
            let found = programs.iter().find(|own| own.0 == stamp.actor_id);
            reader.t1("log-program", "name", found.map_or(stamp.actor_id.as_str(), |own| own.1.as_str()))
        }
        (None, _) => reader.t("log-erased"),
    };
    let before = |name: &str| entry.before.iter().find(|own| own.name == name).map(|own| own.value.as_str());
    let mut facts: Vec<FactRow> = entry
        .after
        .iter()
        .map(|own| fact_row(reader, &own.name, &own.value, before(&own.name).filter(|old| *old != own.value)))
        .collect();
    let more = |id: &str, value: Option<&str>| {
        value.map(|value| FactRow { label: reader.t(id), value: value.to_owned(), language: None, old: None })
    };
    let subject = Some(entry.resource_id.as_str()).filter(|own| !own.is_empty());
    facts.extend(more("log-subject", subject));
    facts.extend(more("log-address", address.as_deref()));
    facts.extend(more("log-request", Some(&stamp.request_id)));
    let number = record.sequence.map(|own| own.to_string());
    facts.extend(more("log-number", number.as_deref()));
    EntryRow {
        at: reader.time(stamp.at),
        customer: entry.customer.as_ref().map(|(id, name)| (id.to_string(), name.clone())),
        action: reader.word("operation", entry.operation.as_str()),
        resource: reader.word("resource", entry.resource.as_str()),
        who,
        side: reader.word("side", stamp.side.as_str()),
        failed: entry.outcome == Outcome::Failed,
        outcome: reader.word("log-status", entry.outcome.as_str()),
        facts,
    }
}

/// Who issued the link something was downloaded by, where the reader may know: a customer's own people are told of to nobody
/// but their customer.
fn issuer(record: &Record, scope: &Scope) -> Option<UserId> {
    let fact =
        |name: &str| record.entry.after.iter().find(|own| own.name == name).map(|own| own.value.as_str());
    let tells = scope.customer().is_some() || fact("issued_side") != Some(Side::Customer.as_str());
    fact("issued_by").filter(|_| tells)?.parse().ok()
}

/// The partner's people and programs: id and name.
fn actors(tx: &mut Read<'_>, scope: &Scope) -> Result<Vec<(String, String)>, Error> {
    let people = people::list(tx, scope, Of::Partner, None, None, ACTORS)?;
    let programs = applications::names_of(tx, scope, ACTORS)?;
    let people = people
        .into_iter()
        .filter(|own| own.erased_at.is_none())
        .map(|own| (own.id.to_string(), own.display_name));
    Ok(people.chain(programs.into_iter().map(|(id, name)| (id.to_string(), name))).collect())
}

/// Whose log is shown, and where.
struct Place {
    base: String,
    customer: Option<Customer>,
    head: Option<Head>,
    own: bool,
}

async fn show(api: &Api, cx: &Context, scope: Scope, form: &Form, place: Place) -> Response {
    let reader = around::here();
    let today = utc_date(cx.now);
    let (from, to) = range(form, today);
    let query = match wanted(form, (from, to), place.customer.as_ref().map(|own| own.id)) {
        Ok(query) if place.own => {
            let operations = OWN_KINDS.iter().map(|own| own.as_str().to_owned()).collect();
            Query { operations, actor: None, ..query }
        }
        Ok(query) => query,
        Err(error) => return failed(api, &error),
    };
    let installation = &api.installation;
    // What was done before the page was asked for is on it.
    if let Err(error) = installation.sealer.seal(&installation.store, scope.partner(), wall_clock()).await {
        return failed(api, &error);
    }
    let (vault, own) = (Arc::clone(&installation.vault), place.own);
    let read = installation
        .store
        .read(move |tx| {
            let rows = audit::list(tx, &scope, &query)?;
            let opened = Opened::new(tx, &vault, &scope, rows)?;
            let people: Vec<Option<Person>> = opened.rows.iter().map(|row| opened.person(row)).collect();
            let mut clients: Vec<_> = opened
                .rows
                .iter()
                .filter(|row| row.actor_kind == "application")
                .filter_map(|row| row.actor_id.parse().ok())
                .collect();
            clients.sort_unstable();
            clients.dedup();
            let programs = applications::names(tx, &clients)?;
            let sealing = Sealing::of(tx, scope.partner())?;
            let actors = match own {
                true => Vec::new(),
                false => actors(tx, &scope)?,
            };
            let rows = opened
                .rows
                .into_iter()
                .zip(people)
                .map(|(row, person)| Ok((row.at, row.sequence, row.read()?, person)))
                .collect::<Result<Vec<_>, Error>>()?;
            let ids: Vec<UserId> =
                rows.iter().filter_map(|(_, _, record, _)| issuer(record, &scope)).collect();
            let issuers = people::names(tx, scope.partner(), &ids)?;
            Ok::<_, Error>((rows, programs, (sealing, actors), issuers))
        })
        .await;
    let (mut rows, programs, (sealing, mut actors), issuers) = match read {
        Ok(read) => read,
        Err(error) => return failed(api, &error),
    };
    let programs: Vec<(String, String)> =
        programs.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    let more = cut(&mut rows, PAGE);
    let link = |path: &str, after: Option<String>| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("from", &from.to_string()).append_pair("to", &to.to_string());
        for name in ["company", "kind", "outcome", "actor"] {
            if !form.text(name).is_empty() {
                query.append_pair(name, form.text(name));
            }
        }
        if let Some(after) = after {
            query.append_pair("after", &after);
        }
        format!("{path}?{}", query.finish())
    };
    reader.sort(&mut actors, |own| own.1.as_str());
    if !actors.is_empty() {
        actors.insert(0, (String::new(), reader.t("any")));
    }
    let body = Activity {
        frame: around::frame(),
        exports: (!place.own && place.customer.is_none())
            .then(|| (link("/activity/export/csv", None), link("/activity/export/jsonl", None))),
        next: rows.last().filter(|_| more).map(|own| link(&place.base, Some(format!("{}.{}", own.0, own.1)))),
        rows: rows
            .into_iter()
            .map(|(_, _, record, person)| {
                let row = entry_row(&reader, &record, person, &programs);
                let by = issuer(&record, &scope).and_then(|id| issuers.iter().find(|own| own.0 == id));
                match (record.entry.operation, by) {
                    (Operation::DownloadSoftware, Some((_, name))) => {
                        EntryRow { who: reader.t1("log-by-link-of", "name", name), ..row }
                    }
                    (Operation::DownloadSoftware, None) => EntryRow { who: reader.t("log-by-link"), ..row },
                    _ => row,
                }
            })
            .collect(),
        from: from.to_string(),
        to: to.to_string(),
        today: today.to_string(),
        company: form.text("company").to_owned(),
        by_company: place.head.is_none() && !place.own,
        kind: form.text("kind").to_owned(),
        kinds: std::iter::once((String::new(), reader.t("any")))
            .chain(match place.own {
                true => OWN_KINDS
                    .iter()
                    .map(|own| (own.as_str().to_owned(), reader.word("operation", own.as_str())))
                    .collect(),
                false => kinds(&reader),
            })
            .collect(),
        actor: form.text("actor").to_owned(),
        actors,
        outcome: form.text("outcome").to_owned(),
        outcomes: std::iter::once((String::new(), reader.t("any")))
            .chain(
                [Outcome::Succeeded, Outcome::Failed]
                    .iter()
                    .map(|own| (own.as_str().to_owned(), reader.word("log-status", own.as_str()))),
            )
            .collect(),
        sealed: (!place.own).then(|| shown(&sealing, &reader)),
        base: place.base,
        own: place.own,
        head: place.head,
    };
    page(api, StatusCode::OK, &body)
}

/// `GET /activity`: the partner's log.
pub(super) async fn list(asked: Asked) -> Response {
    match Entered::of(asked, Action::ReadAuditLog, "/activity").await {
        Ok(Entered { api, cx, scope, form, .. }) => {
            let place = Place { base: "/activity".into(), customer: None, head: None, own: false };
            show(&api, &cx, scope, &form, place).await
        }
        Err(response) => response,
    }
}

/// `GET /own-activity`: what the customer's own people, and its partner for it, opened and downloaded.
pub(super) async fn own(asked: Asked) -> Response {
    match Entered::of(asked, Action::ReadOwnLog, "/own-activity").await {
        Ok(Entered { api, cx, scope, form, .. }) => {
            let place = Place { base: "/own-activity".into(), customer: None, head: None, own: true };
            show(&api, &cx, scope, &form, place).await
        }
        Err(response) => response,
    }
}

/// `GET /customers/{customer}/activity`: what was done about one customer.
pub(super) async fn of_customer(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::ReadAuditLog, "/customers").await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let own = match ward.read(found).await {
        Ok(own) => own,
        Err(error) => return failed(&ward.api, &error),
    };
    let head = Some(Head::of(|action| ward.may(action), &own, "/activity"));
    let place = Place { base: ward.at("/activity"), customer: Some(own), head, own: false };
    show(&ward.api, &ward.cx, ward.scope, &ward.form, place).await
}

/// `GET /activity/export/{format}`: the log of the range as a file, streamed.
pub(super) async fn export(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let Entered { api, cx, scope, form, .. } =
        match Entered::of(asked, Action::ReadAuditLog, "/activity").await {
            Ok(entered) => entered,
            Err(response) => return response,
        };
    let format = match super::ward::param(&path, "format") {
        Some("csv") => Format::Csv,
        Some("jsonl") => Format::Lines,
        _ => return failed(&api, &Error::NotFound(crate::error::Missing::Other("export"))),
    };
    let (from, to) = range(&form, utc_date(cx.now));
    let (Ok(from), Ok(to)) = (start_of_day(from), end_of_day(to)) else {
        return failed(&api, &Error::complaint("from", Complaint::of("complaint-day-form")));
    };
    match export::begin(&api.installation, &cx, scope, format, (Some(from), Some(to)), Vec::new()).await {
        Ok(response) => response.into_response(),
        Err(error) => failed(&api, &error),
    }
}
