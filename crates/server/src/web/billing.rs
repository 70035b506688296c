//! What was charged and credited for a customer, month by month (UTC, as invoices count).

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use chandlery_domain::access::Action;
use chandlery_domain::calendar::{start_of_day, utc_date};
use chandlery_domain::charge::Charge;
use chandlery_domain::ids::{ChargeId, OrderId};
use chandlery_domain::margin::Resale;
use chandlery_domain::money::Money;
use chandlery_domain::refusal::Refusal;
use chandlery_store::{charges, margins as stored};
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::cancel::credit_number;
use super::margins::{self, Earned};
use super::pages::Frame;
use super::ward::{Head, Ward, found, ward};
use super::{Asked, cut, failed, page};
use crate::error::Error;
use crate::texts::{Html, Reader};

/// How many charges one page shows.
const PAGE: i64 = 50;

struct Row {
    number: String,
    kind: String,
    title: String,
    order: String,
    address: String,
    at: Html,
    amount: String,
    /// What the customer owes the partner for it.
    resold: Option<String>,
}

/// What a month comes to in one currency.
struct Sum {
    currency: String,
    charged: String,
    credited: String,
    rest: String,
}

#[derive(Template)]
#[template(path = "billing.html")]
struct Billing {
    frame: Frame,
    head: Head,
    month: String,
    rows: Vec<Row>,
    sums: Vec<Sum>,
    /// What the customer owes the partner, where it has margins and the reader may see them.
    earned: Vec<Earned>,
    /// Whether the reader may see margins.
    earns: bool,
    /// The month as a file.
    file: String,
    earlier: String,
    later: Option<String>,
    next: Option<String>,
}

/// The first day of the month somebody asks for, or else of the one that runs; never one to come.
pub(super) fn month_of(text: &str, today: Date) -> Date {
    let asked = format!("{text}-01").parse::<Date>().ok().filter(|own| *own <= today);
    asked.unwrap_or(today).first_of_month()
}

fn row(ward: &Ward, (own, title): (Charge, String), resold: &[Resale]) -> Row {
    let reader = &ward.reader;
    let resold = resold.iter().find(|one| one.charge == own.id);
    Row {
        resold: resold.map(|one| reader.money(one.amount)),
        number: credit_number(&own),
        kind: reader.word("charge", own.kind.as_str()),
        title,
        order: own.order.alternate().to_string(),
        address: ward.at(&format!("/orders/{}", own.order)),
        at: reader.time(own.booked_at),
        amount: reader.money(own.amount),
    }
}

fn sums(reader: &Reader, list: &[(bool, Money)]) -> Result<Vec<Sum>, Refusal> {
    let mut of_currency: BTreeMap<String, (Money, Money)> = BTreeMap::new();
    for (is_credit, amount) in list {
        let currency = amount.currency();
        let nothing = (Money::zero(currency), Money::zero(currency));
        let (charged, credited) = of_currency.entry(currency.to_string()).or_insert(nothing);
        let place = if *is_credit { credited } else { charged };
        *place = place.plus(*amount)?;
    }
    of_currency
        .into_iter()
        .map(|(currency, (charged, credited))| {
            Ok(Sum {
                currency,
                charged: reader.money(charged),
                credited: reader.money(credited),
                rest: reader.money(charged.plus(credited)?),
            })
        })
        .collect()
}

/// `GET /customers/{customer}/billing`.
pub(super) async fn show(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::ReadOrders, "/customers").await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let today = utc_date(ward.cx.now);
    let month = month_of(ward.form.text("month"), today);
    let Ok(after) = month.checked_add(1.month()) else {
        return failed(&ward.api, &Error::internal("no month"));
    };
    let before = ward.form.text("before").split_once('.');
    let before: Option<(i64, ChargeId)> =
        before.and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)));
    let earns = ward.may(Action::ReadInvoices);
    let read = ward.read(move |tx, scope, customer| {
        let stretch =
            (start_of_day(month).map_err(Error::internal)?, start_of_day(after).map_err(Error::internal)?);
        let list = charges::of_customer(tx, scope, customer, stretch, before, PAGE + 1)?;
        let earned = if earns { stored::sums_of_customer(tx, scope, customer, stretch)? } else { Vec::new() };
        let ids: Vec<(OrderId, ChargeId)> = list.iter().map(|(own, _)| (own.order, own.id)).collect();
        let resold = match earned.is_empty() {
            true => Vec::new(),
            false => stored::of_charges(tx, scope, customer, &ids)?,
        };
        Ok((
            found(tx, scope, customer)?,
            list,
            charges::sums_of_customer(tx, scope, customer, stretch)?,
            (earned, resold),
        ))
    });
    let (own, mut list, of_month, (earned, resold)) = match read.await {
        Ok(read) => read,
        Err(error) => return failed(&ward.api, &error),
    };
    let sums = match sums(&ward.reader, &of_month) {
        Ok(sums) => sums,
        Err(refusal) => return failed(&ward.api, &refusal.into()),
    };
    let earned = match margins::earned(&ward.reader, &earned) {
        Ok(earned) => earned,
        Err(error) => return failed(&ward.api, &error),
    };
    let more = cut(&mut list, PAGE);
    let place = |month: Date| ward.at(&format!("/billing?month={}", month.strftime("%Y-%m")));
    let next = list
        .last()
        .filter(|_| more)
        .map(|(last, _)| format!("{}&before={}.{}", place(month), last.booked_at.as_microsecond(), last.id));
    let body = Billing {
        frame: ward.frame(),
        head: Head::new(&ward, &own, "/billing"),
        month: ward.reader.month(month),
        rows: list.into_iter().map(|own| row(&ward, own, &resold)).collect(),
        sums,
        earned,
        earns,
        file: ward.at(&format!("/billing/resales.csv?month={}", month.strftime("%Y-%m"))),
        earlier: place(month.checked_sub(1.month()).unwrap_or(month)),
        later: (after <= today).then(|| place(after)),
        next,
    };
    page(&ward.api, StatusCode::OK, &body)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::month_of;

    #[test]
    fn the_month_is_the_one_asked_for_and_never_one_to_come() {
        let today = date(2020, 3, 9);
        for (text, month) in [("2020-01", date(2020, 1, 1)), ("2020-03", date(2020, 3, 1))] {
            assert_eq!(month_of(text, today), month);
        }
        for text in ["", "2020-04", "2020-1", "January", "2020-13"] {
            assert_eq!(month_of(text, today), date(2020, 3, 1), "{text}");
        }
    }
}
