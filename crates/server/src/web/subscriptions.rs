//! Subscriptions with their renewal, and the calendar of what ends when, as a page and as a feed (RFC 5545).

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::access::{Action, Scope};
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::calendar::utc_date;
use chandlery_domain::ids::{CustomerId, PartnerId, SubscriptionId};
use chandlery_domain::refusal::Refusal;
use chandlery_domain::subscription::{Subscription, SubscriptionStatus};
use chandlery_store::{calendar_feeds, customers, subscriptions};
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::fields::Fields;
use super::order_pages::{Renewal, Renewals, SubscriptionRow, Subscriptions};
use super::ward::{Head, Ward, read_param, ward};
use super::{Asked, around, cut, failed, page, signed_in};
use crate::api::{Api, Caller};
use crate::app::subscriptions::{Change, update};
use crate::app::{Context, benefit};
use crate::error::{Error, Missing};
use crate::identity::sign_in::digest_of;
use crate::texts::{self, Reader};

/// How many subscriptions one page shows.
const PAGE: i64 = 50;
/// How many terms the calendar shows.
const ENDING: i64 = 2000;

/// What a page of subscriptions shows beside them.
#[derive(Default)]
struct Done {
    message: Option<String>,
    error: Option<String>,
    /// What was typed for a subscription that somebody else was quicker with.
    stale: Option<(SubscriptionId, Fields)>,
}

/// What the form of a subscription holds.
fn fields_of(reader: &Reader, name: &str, renews: bool) -> Fields {
    let goes_on = reader.t(if renews { "subscription-renews" } else { "subscription-ends" });
    Fields::with(&[("name", name), ("renews", &goes_on)])
}

/// What is told beside the choice whether a subscription goes on, where machines need its licences.
fn takes(reader: &Reader, (edition, cores, lacks): &benefit::Lost) -> String {
    reader.with(
        "subscription-takes-cores",
        [
            ("edition", edition.name().to_owned().into()),
            ("cores", i64::from(*cores).into()),
            ("lacks", i64::from(*lacks).into()),
        ],
    )
}

async fn answer(ward: &Ward, done: Done) -> Response {
    let after: Option<SubscriptionId> = ward.form.text("after").parse().ok();
    let late = done.stale.as_ref().map(|(id, _)| *id);
    let (reader, now) = (&ward.reader, ward.cx.now);
    let read = ward
        .read(move |tx, scope, customer| {
            let found = customers::find_with_uses(tx, scope, customer)?;
            let (own, uses) = found.ok_or(Error::NotFound(Missing::Customer))?;
            // Whichever page it stands on.
            let late = late.map(|id| subscriptions::find(tx, scope, customer, id)).transpose()?.flatten();
            let list = subscriptions::list(tx, scope, customer, None, after, PAGE + 1)?;
            let lines: Vec<_> = list.iter().map(|(own, _)| (own.order, own.line)).collect();
            let stakes = match uses {
                true => benefit::at_stake(tx, scope, customer, &lines, utc_date(now))?,
                false => Vec::new(),
            };
            Ok((own, list, late, stakes))
        })
        .await;
    let (own, mut list, late, stakes) = match read {
        Ok(read) => read,
        Err(error) => return failed(&ward.api, &error),
    };
    let more = cut(&mut list, PAGE);
    let next =
        list.last().filter(|_| more).map(|own| format!("{}?after={}", ward.at("/subscriptions"), own.0.id));
    let row = |((own, revision), stake): (&(Subscription, i64), &[benefit::Lost])| {
        let status = own.status(now);
        SubscriptionRow {
            id: own.id.to_string(),
            name: own.friendly_name.clone(),
            title: own.title.clone(),
            quantity: reader.number(own.quantity),
            term: format!(
                "{}, {}",
                reader.word("term", own.term.as_str()),
                reader.word("cycle", own.cycle.as_str())
            ),
            first: reader.date(own.period.first),
            last: reader.date(own.period.last),
            state: reader.word("subscription-status", status.as_str()),
            tone: match status {
                SubscriptionStatus::Active => "good",
                SubscriptionStatus::Deleted => "bad",
                SubscriptionStatus::Expired => "",
            },
            renews: own.auto_renew,
            takes: stake.iter().map(|own| takes(reader, own)).collect(),
            open: status == SubscriptionStatus::Active,
            revision: *revision,
            order: ward.at(&format!("/orders/{}", own.order)),
        }
    };
    let labels = [("name", "subscription-name"), ("renews", "subscription-renewal")];
    let differences = done.stale.and_then(|(_, typed)| {
        let (now, _) = late?;
        Some(typed.differences(reader, &fields_of(reader, &now.friendly_name, now.auto_renew), &labels))
    });
    let body = Subscriptions {
        frame: ward.frame(),
        differences: differences.unwrap_or_default(),
        rows: list
            .iter()
            .zip(stakes.iter().map(Vec::as_slice).chain(std::iter::repeat(&[][..])))
            .map(row)
            .collect(),
        next,
        can_change: ward.may(Action::ManageSubscription),
        message: done.message,
        error: done.error,
        head: Head::new(ward, &own, "/subscriptions"),
    };
    let status = if body.error.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    page(&ward.api, status, &body)
}

/// `GET /customers/{customer}/subscriptions`.
pub(super) async fn list(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::ReadOrders, "/customers").await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let message = (ward.form.text("done") == "saved").then(|| ward.reader.t("subscription-saved"));
    answer(&ward, Done { message, ..Done::default() }).await
}

/// `POST /customers/{customer}/subscriptions/{subscription}`: its name, and whether it goes on after its term.
pub(super) async fn change(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::ManageSubscription, "/customers").await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let id: SubscriptionId = match read_param(&path, "subscription", Missing::Subscription) {
        Ok(id) => id,
        Err(error) => return failed(&ward.api, &error),
    };
    let name = ward.form.text("name").trim().to_owned();
    if name.is_empty() || name.chars().count() > 256 || name.chars().any(char::is_control) {
        let error = Some(ward.reader.t("subscription-name-wrong"));
        return answer(&ward, Done { error, ..Done::default() }).await;
    }
    let renews = ward.form.text("renews") == "yes";
    let typed = fields_of(&ward.reader, &name, renews);
    let change = Change {
        friendly_name: Some(name),
        auto_renew: Some(renews),
        expected_revision: ward.form.text("revision").parse().ok(),
    };
    let (scope, customer) = (ward.scope, ward.customer);
    let attempted = Entry::did(Operation::UpdateSubscription, Resource::Subscription, id);
    let done = ward.act(attempted, move |tx, cx| update(tx, cx, &scope, (customer, id), &change)).await;
    match done {
        Ok(_) => Redirect::to(&ward.at("/subscriptions?done=saved")).into_response(),
        Err(Error::Refused(Refusal::StaleEtag)) => {
            let error = Some(ward.reader.t("stale"));
            answer(&ward, Done { error, stale: Some((id, typed)), ..Done::default() }).await
        }
        Err(Error::Refused(refusal)) => {
            let error = Some(texts::refusal(&ward.reader, &refusal));
            answer(&ward, Done { error, ..Done::default() }).await
        }
        Err(error) => failed(&ward.api, &error),
    }
}

/// What ends within a year, with the names of the customers.
async fn ending(
    api: &Api,
    scope: Scope,
    today: Date,
) -> Result<(Vec<Subscription>, BTreeMap<CustomerId, String>), Error> {
    let last = today.checked_add(366.days()).map_err(Error::internal)?;
    api.installation
        .store
        .read(move |tx| {
            let list = subscriptions::ending(tx, &scope, (today, last), ENDING)?;
            let mut ids: Vec<CustomerId> = list.iter().map(|own| own.customer).collect();
            ids.sort();
            ids.dedup();
            let names = customers::names(tx, &scope, &ids)?;
            Ok((list, names.into_iter().collect()))
        })
        .await
}

async fn calendar(asked: Asked, fresh: bool) -> Response {
    let Asked { api, caller, headers, .. } = asked;
    let visitor = match signed_in(&api, &caller, &headers, "/renewals").await {
        Ok(visitor) => visitor,
        Err(response) => return response,
    };
    let cx = visitor.context(&api);
    let scope = match cx.authorize(Action::ReadOrders) {
        Ok(scope) => scope,
        Err(error) => return failed(&api, &error),
    };
    let who = (visitor.known.user.partner, visitor.known.user.id);
    let mut feed = None;
    if fresh {
        // Paths are brought into lower case on their way in: so is the secret.
        let secret = hex::encode(crate::ids::random_text(32));
        let (digest, now) = (digest_of(&secret), cx.now);
        let made =
            api.installation.store.bookkeep(move |tx| calendar_feeds::set(tx, who, &digest, now)).await;
        if let Err(error) = made {
            return failed(&api, &error.into());
        }
        let partner = who.0.uuid().simple();
        feed = Some(format!("{}/calendar/{partner}.{secret}/renewals.ics", api.desk.reached.public_url));
    }
    let found = ending(&api, scope, utc_date(cx.now)).await;
    let has = api.installation.store.read(move |tx| calendar_feeds::has(tx, who)).await;
    let ((list, names), has_feed) = match (found, has) {
        (Ok(found), Ok(has)) => (found, has),
        (Err(error), _) => return failed(&api, &error),
        (_, Err(error)) => return failed(&api, &error.into()),
    };
    let reader = around::here();
    let mut months: Vec<(String, Vec<Renewal>)> = Vec::new();
    for own in &list {
        let month = reader.month(own.period.last);
        let row = Renewal {
            day: reader.date(own.period.last),
            customer: names.get(&own.customer).cloned().unwrap_or_default(),
            address: format!("/customers/{}/subscriptions", own.customer),
            title: own.friendly_name.clone(),
            quantity: reader.number(own.quantity),
            renews: own.auto_renew,
        };
        match months.last_mut() {
            Some((last, rows)) if *last == month => rows.push(row),
            _ => months.push((month, vec![row])),
        }
    }
    page(&api, StatusCode::OK, &Renewals { frame: around::frame(), months, feed, has_feed })
}

/// `GET /renewals`.
pub(super) async fn renewals(asked: Asked) -> Response {
    calendar(asked, false).await
}

/// `POST /renewals/feed`: a fresh address for calendar programs, shown once; the one before ends.
pub(super) async fn feed(asked: Asked) -> Response {
    calendar(asked, true).await
}

/// Text in a calendar: its signs escaped, its line folded after 70 octets (RFC 5545 §3.1 and §3.3.11).
fn line(out: &mut String, name: &str, text: &str) {
    let text = text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n");
    let mut length = 0_usize;
    for letter in format!("{name}:{text}").chars().filter(|letter| !letter.is_control()) {
        if length.saturating_add(letter.len_utf8()) > 70 {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(letter);
        length = length.saturating_add(letter.len_utf8());
    }
    out.push_str("\r\n");
}

fn written(
    reader: &Reader,
    list: &[Subscription],
    names: &BTreeMap<CustomerId, String>,
    stamp: &str,
) -> Result<String, Error> {
    let mut out = String::new();
    line(&mut out, "BEGIN", "VCALENDAR");
    line(&mut out, "VERSION", "2.0");
    line(&mut out, "PRODID", "-//Chandlery//Renewals//EN");
    line(&mut out, "X-WR-CALNAME", &reader.t("renewals-title"));
    for own in list {
        let name = names.get(&own.customer).cloned().unwrap_or_default();
        let id = if own.auto_renew { "renewals-renews" } else { "renewals-ends" };
        let next = own.period.last.tomorrow().map_err(Error::internal)?;
        line(&mut out, "BEGIN", "VEVENT");
        line(&mut out, "UID", &format!("{}-{}@chandlery", own.id, own.period.last));
        line(&mut out, "DTSTAMP", stamp);
        out.push_str(&format!("DTSTART;VALUE=DATE:{}\r\n", own.period.last.strftime("%Y%m%d")));
        out.push_str(&format!("DTEND;VALUE=DATE:{}\r\n", next.strftime("%Y%m%d")));
        let text = reader.with(
            id,
            [
                ("title", own.friendly_name.clone().into()),
                ("quantity", reader.number(own.quantity).into()),
                ("customer", name.into()),
            ],
        );
        line(&mut out, "SUMMARY", &text);
        line(&mut out, "END", "VEVENT");
    }
    line(&mut out, "END", "VCALENDAR");
    Ok(out)
}

/// `GET /calendar/{token}/renewals.ics`: the feed, for whoever its secret address was given to, as long as that person may
/// read orders.
pub(super) async fn ics(
    axum::extract::State(api): axum::extract::State<Api>,
    _caller: Caller,
    Path(token): Path<String>,
) -> Response {
    let unknown = || (StatusCode::NOT_FOUND, "There is no such calendar.\n").into_response();
    let Some((partner, secret)) = token.split_once('.') else { return unknown() };
    let Ok(partner) = uuid::Uuid::try_parse(partner).map(PartnerId::new) else { return unknown() };
    let digest = digest_of(secret);
    let found = api.installation.store.read(move |tx| calendar_feeds::whose(tx, partner, &digest)).await;
    let known = match found {
        Ok(Some(id)) => api.desk.person(partner, id).await,
        Ok(None) => return unknown(),
        Err(error) => return failed(&api, &error.into()),
    };
    let known = match known {
        Ok(Some(known)) if known.user.active => known,
        Ok(_) => return unknown(),
        Err(error) => return failed(&api, &error),
    };
    let now = api.installation.clock.now();
    let cx =
        Context::new(known.actor(None), now, api.installation.rules.clone(), crate::app::Origin::default());
    let Ok(scope) = cx.authorize(Action::ReadOrders) else { return unknown() };
    let language = known.user.language.as_deref().and_then(texts::Language::of_tag).unwrap_or_default();
    let reader = Reader::new(language, known.user.time_zone.as_deref());
    let stamp = now.strftime("%Y%m%dT%H%M%SZ").to_string();
    let text = match ending(&api, scope, utc_date(now)).await {
        Ok((list, names)) => written(&reader, &list, &names, &stamp),
        Err(error) => Err(error),
    };
    match text {
        Ok(text) => {
            let mut response = text.into_response();
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
            response
        }
        Err(error) => failed(&api, &error),
    }
}
