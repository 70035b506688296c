//! What a customer has of Azure reservations and Linux plans: how long it runs, how it is charged, whether it can be given
//! back. Nothing of it is cancelled from here (rules 2.7 and 7.8).

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use chandlery_domain::access::Action;
use chandlery_domain::catalog::Family;
use chandlery_domain::ids::OrderId;
use chandlery_domain::order::{Order, OrderLine};
use chandlery_store::orders;

use super::cart::without_window;
use super::pages::Frame;
use super::products::AZURE;
use super::software::{state_of, until};
use super::ward::{Head, Ward, found, ward};
use super::{Asked, cut, failed, page};
use crate::texts::Html;

/// How many orders one page shows.
const PAGE: i64 = 50;

struct Row {
    title: String,
    family: String,
    term: String,
    quantity: String,
    ends: String,
    state: String,
    tone: &'static str,
    order: String,
    address: String,
    terms: Html,
    /// Where the operator is asked for an exchange or a refund, where there is one at all.
    support: Option<String>,
}

#[derive(Template)]
#[template(path = "reservations.html")]
struct Reservations {
    frame: Frame,
    head: Head,
    rows: Vec<Row>,
    add: Option<String>,
    next: Option<String>,
}

fn row(ward: &Ward, order: &Order, line: &OrderLine) -> Row {
    let reader = &ward.reader;
    let (state, tone) = state_of(line, ward.cx.now);
    let may_ask = ward.may(Action::RaiseCustomerRequest) && line.family == Family::Reservation;
    Row {
        title: line.title.clone(),
        family: reader.word("family-one", line.family.as_str()),
        term: format!(
            "{}, {}",
            reader.word("term", line.term.as_str()),
            reader.word("cycle", order.cycle.as_str())
        ),
        quantity: reader.number(line.quantity),
        ends: until(reader, line),
        state: reader.word("line-state", state),
        tone,
        order: order.alternate().to_string(),
        address: ward.at(&format!("/orders/{}", order.id)),
        terms: reader.html(without_window(line.family)),
        support: may_ask.then(|| {
            format!("/support/new?topic=refund&customer={}&order={}", ward.customer, order.alternate())
        }),
    }
}

/// `GET /customers/{customer}/reservations`.
pub(super) async fn list(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::ReadEntitlements, "/customers").await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let after: Option<OrderId> = ward.form.text("after").parse().ok();
    let read = ward.read(move |tx, scope, customer| {
        let query =
            orders::Query { after, newest_first: true, families: AZURE, ..orders::Query::first(PAGE + 1) };
        Ok((found(tx, scope, customer)?, orders::list(tx, scope, customer, &query)?))
    });
    let (own, mut list) = match read.await {
        Ok(read) => read,
        Err(error) => return failed(&ward.api, &error),
    };
    let more = cut(&mut list, PAGE);
    let next = list.last().filter(|_| more).map(|own| ward.at(&format!("/reservations?after={}", own.id)));
    let body = Reservations {
        frame: ward.frame(),
        head: Head::new(&ward, &own, "/reservations"),
        rows: list
            .iter()
            .flat_map(|order| order.lines.iter().map(move |line| (order, line)))
            .filter(|(_, line)| AZURE.contains(&line.family))
            .map(|(order, line)| row(&ward, order, line))
            .collect(),
        add: ward.may(Action::FillCart).then(|| ward.at("/products?tab=azure")),
        next,
    };
    page(&ward.api, StatusCode::OK, &body)
}
