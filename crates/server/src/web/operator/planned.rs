//! Dated rows of the operator's own: a window or a link's life that counts from a coming day on, with what it would change
//! before it is put down, and taken back until that day.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use chandlery_domain::access::Action;
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::calendar::utc_date;
use chandlery_domain::catalog::Family;
use chandlery_domain::policy::{CancellationRule, Credit, LinkAge, LinkRule, PolicyBook, Window};
use chandlery_store::{operator, policies};
use jiff::SignedDuration;
use jiff::civil::Date;

use super::policies::{DAYS_BACK, credit, differing, downloads, link_life, window};
use super::to;
use crate::app::policy_rows::{self, Planned};
use crate::error::Error;
use crate::texts::{self, Reader};
use crate::web::entered::Entered;
use crate::web::fields::Fields;
use crate::web::pages::Frame;
use crate::web::{Asked, failed, page};

const HERE: &str = "/operator/policies/plan";

/// A row of the profile in force that does not count yet.
struct Coming {
    about: String,
    from: String,
    text: String,
    /// What names it: its kind, its family where it has one, and its day.
    kind: &'static str,
    family: String,
    day: String,
}

/// What a planned row would change.
struct Preview {
    about: String,
    from: String,
    before: String,
    after: String,
    /// How many of the orders of the last weeks would have had another window.
    orders: Option<String>,
    /// The day on which the next row takes over, if there is one.
    until: Option<String>,
    /// The form again, field by field, to be put down.
    values: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "operator_plan.html")]
struct Plan {
    frame: Frame,
    message: Option<String>,
    error: Option<String>,
    fields: Fields,
    families: Vec<(String, String)>,
    units: Vec<(String, String)>,
    credits: Vec<(String, String)>,
    ages: Vec<(String, String)>,
    /// The first day a row may count from.
    earliest: String,
    preview: Option<Preview>,
    coming: Vec<Coming>,
    may: bool,
}

/// The fields of a row, in the order of its form.
const FIELDS: [&str; 9] = ["rule", "family", "day", "length", "unit", "credit", "days", "age", "downloads"];

fn length(fields: &mut Fields, reader: &Reader, name: &'static str, most: u32) -> Option<u16> {
    let own = fields.count(reader, name, (1, most));
    u16::try_from(own).ok().filter(|own| *own > 0)
}

/// Reads a row as a form has it; what is wrong is said at its field.
fn read(fields: &mut Fields, reader: &Reader, today: Date) -> Option<Planned> {
    let day = fields.value("day").trim().parse::<Date>().ok().filter(|day| *day > today);
    if day.is_none() {
        fields.complain("day", reader.t("op-plan-day-wrong"));
    }
    if fields.value("rule") == "link" {
        let max_days = length(fields, reader, "days", 366);
        let age = match fields.value("age") {
            "from_first_download" => LinkAge::FromFirstDownload,
            _ => LinkAge::FromIssue,
        };
        let max_downloads = match fields.value("downloads").trim() {
            "" => Some(None),
            _ => length(fields, reader, "downloads", 10_000).map(Some),
        };
        return Some(Planned::Link(LinkRule {
            effective_from: day?,
            max_days: max_days?,
            age,
            max_downloads: max_downloads?,
        }));
    }
    let family = fields.value("family").parse::<Family>().ok().filter(|own| own.has_keys());
    if family.is_none() {
        fields.complain("family", reader.t("field-choose"));
    }
    let hours = fields.value("unit") == "hours";
    let long = length(fields, reader, "length", if hours { 8784 } else { 366 });
    let credit = match fields.value("credit") {
        "full" => Credit::Full,
        _ => Credit::Prorated { cancel_day_unused: true, full_within_hours: 0 },
    };
    if family == Some(Family::Perpetual) && credit != Credit::Full {
        fields.complain("credit", reader.t("op-plan-credit-wrong"));
    }
    let window = if hours { Window::Hours(long?) } else { Window::Days(long?) };
    Some(Planned::Cancellation(CancellationRule { family: family?, effective_from: day?, window, credit }))
}

/// What a row says, in a few words.
fn said(reader: &Reader, own: &Planned) -> String {
    match own {
        Planned::Cancellation(rule) => {
            format!("{}, {}", window(reader, Some(rule)), credit(reader, Some(rule)))
        }
        Planned::Link(rule) => {
            let most = reader.t1("op-plan-downloads", "most", downloads(reader, Some(rule)));
            format!("{}, {most}", link_life(reader, Some(rule)))
        }
    }
}

fn about(reader: &Reader, own: &Planned) -> String {
    match own {
        Planned::Cancellation(rule) => reader.word("family-one", rule.family.as_str()),
        Planned::Link(_) => reader.t("op-rules-links"),
    }
}

/// What the row would change: what counts on the day before it, and whom it would have met lately.
fn preview(
    reader: &Reader,
    fields: &Fields,
    own: &Planned,
    (book, orders): (&PolicyBook, &[(Family, Date, i64)]),
) -> Preview {
    let day = own.effective_from();
    let eve = day.yesterday().unwrap_or(day);
    let later = |other: Date| other > day;
    let (before, next, count) = match own {
        Planned::Cancellation(rule) => {
            let old = book.cancellation(rule.family, eve);
            let next = book.cancellation.iter().filter(|other| other.family == rule.family);
            let next = next.map(|other| other.effective_from).filter(|day| later(*day)).min();
            // As if the row had counted all the time.
            let always = CancellationRule { effective_from: Date::MIN, ..*rule };
            let would = PolicyBook { cancellation: vec![always], ..PolicyBook::default() };
            let count = differing(rule.family, (book, &would), orders);
            (format!("{}, {}", window(reader, old), credit(reader, old)), next, Some(reader.number(count)))
        }
        Planned::Link(_) => {
            let old = book.link(eve);
            let next = book.links.iter().map(|other| other.effective_from).filter(|day| later(*day)).min();
            let most = reader.t1("op-plan-downloads", "most", downloads(reader, old));
            (format!("{}, {most}", link_life(reader, old)), next, None)
        }
    };
    Preview {
        about: about(reader, own),
        from: reader.date(day),
        before,
        after: said(reader, own),
        orders: count,
        until: next.map(|day| reader.date(day)),
        values: FIELDS.iter().map(|name| (*name, fields.value(name).to_owned())).collect(),
    }
}

fn coming(reader: &Reader, book: &PolicyBook, today: Date) -> Vec<Coming> {
    let rows = book.cancellation.iter().copied().map(Planned::Cancellation);
    let links = book.links.iter().copied().map(Planned::Link);
    let mut list: Vec<Planned> = rows.chain(links).filter(|own| own.effective_from() > today).collect();
    list.sort_by_key(Planned::effective_from);
    list.iter()
        .map(|own| Coming {
            about: about(reader, own),
            from: reader.date(own.effective_from()),
            text: said(reader, own),
            kind: own.kind(),
            family: own.family().map(|family| family.as_str().to_owned()).unwrap_or_default(),
            day: own.effective_from().to_string(),
        })
        .collect()
}

async fn shown(own: &Entered, mut fields: Fields, error: Option<String>, look: bool) -> Response {
    let (now, reader) = (own.cx.now, &own.reader);
    let today = utc_date(now);
    let planned = if look { read(&mut fields, reader, today) } else { None };
    let planned = planned.filter(|_| fields.is_right());
    let read = own.read(move |tx| {
        let since = now.checked_sub(SignedDuration::from_hours(DAYS_BACK * 24)).map_err(Error::internal)?;
        let orders = if look { operator::orders_by_day(tx, since)? } else { Vec::new() };
        Ok((policies::in_force(tx)?, orders))
    });
    let (book, orders) = match read.await {
        Ok(read) => read,
        Err(error) => return failed(&own.api, &error),
    };
    let pair = |word: &str, id: &str| (word.to_owned(), reader.t(id));
    let status = match error.is_some() || !fields.is_right() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let body = Plan {
        message: own.done(&[("planned", "op-plan-done"), ("taken-back", "op-plan-taken-back")]),
        error,
        families: Family::ALL
            .into_iter()
            .filter(|family| family.has_keys())
            .map(|family| (family.as_str().to_owned(), reader.word("family-one", family.as_str())))
            .collect(),
        units: vec![pair("days", "op-plan-days"), pair("hours", "op-plan-hours")],
        credits: vec![pair("full", "op-credit-full"), pair("prorated", "op-credit-prorated")],
        ages: vec![
            pair("from_issue", "op-plan-from-issue"),
            pair("from_first_download", "op-plan-from-first"),
        ],
        earliest: today.tomorrow().unwrap_or(today).to_string(),
        preview: planned.map(|own| preview(reader, &fields, &own, (&book, &orders))),
        coming: coming(reader, &book, today),
        may: own.may(Action::ManageInstallation),
        fields,
        frame: own.frame(),
    };
    page(&own.api, status, &body)
}

/// `GET /operator/policies/plan`: the form, and what the row in it would change.
pub(in crate::web) async fn show(asked: Asked) -> Response {
    match Entered::of(asked, Action::ReadHealth, HERE).await {
        Ok(own) => {
            let (fields, look) = (Fields::of(&own.form), !own.form.text("rule").is_empty());
            shown(&own, fields, None, look).await
        }
        Err(response) => response,
    }
}

/// `POST /operator/policies/plan`: puts the row down.
pub(in crate::web) async fn put_down(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageInstallation, HERE).await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let mut fields = Fields::of(&own.form);
    let Some(planned) = read(&mut fields, &own.reader, utc_date(own.cx.now)).filter(|_| fields.is_right())
    else {
        return shown(&own, Fields::of(&own.form), None, true).await;
    };
    let attempted = Entry::did(Operation::ChangePolicies, Resource::Installation, "policies");
    match own.act(attempted, move |tx, cx| policy_rows::plan(tx, cx, &planned)).await {
        Ok(()) => {
            own.api.policies.forget();
            to(&format!("{HERE}?done=planned"))
        }
        Err(Error::Invalid { field, message }) => {
            let error = texts::invalid(&own.reader, &field, &message);
            shown(&own, fields, Some(error), true).await
        }
        Err(error) => failed(&own.api, &error),
    }
}

/// `POST /operator/policies/plan/take-back`: takes a row back that does not count yet.
pub(in crate::web) async fn take_back(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageInstallation, HERE).await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let (family, day) =
        (own.form.text("family").parse::<Family>().ok(), own.form.text("day").parse::<Date>());
    let family = family.filter(|_| own.form.text("rule") != "link");
    let Ok(day) = day else { return to(HERE) };
    let attempted = Entry::did(Operation::ChangePolicies, Resource::Installation, "policies");
    match own.act(attempted, move |tx, cx| policy_rows::take_back(tx, cx, family, day)).await {
        Ok(()) => {
            own.api.policies.forget();
            to(&format!("{HERE}?done=taken-back"))
        }
        Err(Error::Invalid { field, message }) => {
            let error = texts::invalid(&own.reader, &field, &message);
            shown(&own, Fields::default(), Some(error), false).await
        }
        Err(error) => failed(&own.api, &error),
    }
}
