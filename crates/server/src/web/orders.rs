//! The order history of a customer, and each order with its lines, what happened to it, and its money.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use chandlery_domain::access::Action;
use chandlery_domain::calendar::{BillingCycle, Term};
use chandlery_domain::cancellation::window_of;
use chandlery_domain::charge::{Charge, balance};
use chandlery_domain::ids::{OrderId, OrderRef};
use chandlery_domain::key::KeyState;
use chandlery_domain::order::{LineState, Order, OrderLine};
use chandlery_domain::policy::PolicyBook;
use chandlery_store::keys::HandedKey;
use chandlery_store::links::Issued;
use chandlery_store::{charges, keys, links, orders};
use jiff::Timestamp;

use super::cancel::credit_number;
use super::customer::{brief, tone};
use super::order_pages::{ChargeRow, Event, LineRow, OrderPage, Orders};
use super::software::state_of;
use super::ward::{Head, Ward, found, read_param, ward};
use super::{Asked, cut, failed, page, policies};
use crate::error::{Error, Missing};
use crate::texts::{Html, Reader};

/// How many orders one page shows.
const PAGE: i64 = 50;
/// How many links of an order its story tells.
const LINKS: i64 = 50;

/// `GET /customers/{customer}/orders`.
pub(super) async fn list(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::ReadOrders, "/customers").await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let (number, cycle) = (ward.form.text("number").trim().to_owned(), ward.form.text("cycle").to_owned());
    let after: Option<OrderId> = ward.form.text("after").parse().ok();
    let (wanted, chosen) = (number.clone(), cycle.parse::<BillingCycle>().ok());
    let read = ward
        .read(move |tx, scope, customer| {
            let own = found(tx, scope, customer)?;
            if !wanted.is_empty() {
                let found = match wanted.parse::<OrderRef>() {
                    Ok(order) => orders::find(tx, scope, customer, order)?.map(|(order, _)| order),
                    Err(_) => None,
                };
                return Ok((own, found.into_iter().collect()));
            }
            let query =
                orders::Query { cycle: chosen, after, newest_first: true, ..orders::Query::first(PAGE + 1) };
            Ok((own, orders::list(tx, scope, customer, &query)?))
        })
        .await;
    let (own, mut list): (_, Vec<Order>) = match read {
        Ok(read) => read,
        Err(error) => return failed(&ward.api, &error),
    };
    let more = cut(&mut list, PAGE);
    let reader = &ward.reader;
    let cycles =
        [BillingCycle::OneTime, BillingCycle::Monthly, BillingCycle::Annual, BillingCycle::Triennial];
    let base = ward.at("");
    let body = Orders {
        frame: ward.frame(),
        head: Head::new(&ward, &own, "/orders"),
        cycles: std::iter::once((String::new(), reader.t("any")))
            .chain(cycles.iter().map(|own| (own.as_str().to_owned(), reader.word("cycle", own.as_str()))))
            .collect(),
        next: list.last().filter(|_| more).map(|own| {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("cycle", &cycle)
                .append_pair("after", &own.id.to_string())
                .finish();
            format!("{base}/orders?{query}")
        }),
        orders: list.iter().map(|order| brief(reader, &base, order)).collect(),
        number,
        cycle,
    };
    page(&ward.api, StatusCode::OK, &body)
}

/// What an order's story is told from.
struct Happened {
    booked: Vec<Charge>,
    /// When its lines were fulfilled, whatever became of them.
    fulfilled: Vec<(u32, Timestamp)>,
    handed: Vec<HandedKey>,
    issued: Vec<Issued>,
}

/// What happened to an order, in the order of its time. A key that nobody saw went back to the stock when its line was
/// cancelled; that one is in the activity log alone.
fn story(reader: &Reader, order: &Order, own: &Happened) -> Vec<(Timestamp, String)> {
    let Happened { booked, fulfilled, handed, issued } = own;
    let title = |number: u32| {
        let line = order.lines.iter().find(|line| line.number == number);
        line.map(|line| line.title.clone()).unwrap_or_default()
    };
    let mut events = vec![(order.placed_at, reader.t("event-placed"))];
    for line in &order.lines {
        let then = fulfilled.iter().find(|(number, _)| *number == line.number).map(|(_, at)| *at);
        let (then, cancelled) = match line.state {
            LineState::Pending => (then, None),
            LineState::Fulfilled { at } => (then.or(Some(at)), None),
            LineState::Cancelled { at } => (then, Some(at)),
        };
        for (at, id) in [(then, "event-provisioned"), (cancelled, "event-cancelled")] {
            events.extend(at.map(|at| (at, reader.t1(id, "title", &line.title))));
        }
    }
    for own in handed {
        let (mut assigned, mut revealed, mut revoked) =
            (own.history.assigned_at, own.history.revealed_at, None);
        match own.key.state {
            KeyState::Assigned { at } => assigned = assigned.or(Some(at)),
            KeyState::Revealed { at } => revealed = revealed.or(Some(at)),
            KeyState::Revoked { at } => revoked = Some(at),
        }
        for (at, id) in [
            (assigned, "event-key-assigned"),
            (revealed, "event-key-revealed"),
            (revoked, "event-key-revoked"),
        ] {
            let text = || reader.t2(id, "version", &own.version, "title", title(own.key.line.line));
            events.extend(at.map(|at| (at, text())));
        }
    }
    for own in issued {
        let line = title(own.link.line.line);
        events.push((own.link.issued_at, reader.t1("event-link", "title", &line)));
        if let Some(at) = own.link.first_download_at {
            events.push((at, reader.t2("event-downloaded", "title", &line, "count", own.link.used)));
        }
        if let Some(at) = own.link.revoked_at {
            events.push((at, reader.t1("event-link-revoked", "title", line)));
        }
    }
    for own in booked.iter().filter(|own| own.reverses.is_some()) {
        if let Ok(amount) = own.amount.negated() {
            events.push((own.booked_at, reader.t1("event-credited", "amount", reader.money(amount))));
        }
    }
    events.sort_by_key(|(at, _)| *at);
    events
}

/// How a line that was bought can be given back, or why not.
fn terms(
    reader: &Reader,
    book: &PolicyBook,
    order: &Order,
    line: &OrderLine,
    now: Timestamp,
) -> Result<(Html, bool), Error> {
    if matches!(line.state, LineState::Cancelled { .. }) {
        return Ok((Html::escaped(""), false));
    }
    Ok(match window_of(book, order, line)? {
        None => (reader.html("terms-none"), false),
        Some(open) if open.is_over(now) => {
            (reader.html_of("terms-over", "closed", &reader.deadline(open.closes_at)), false)
        }
        Some(open) => (reader.html_of("terms-open", "until", &reader.deadline(open.closes_at)), true),
    })
}

fn line_row(ward: &Ward, book: &PolicyBook, order: &Order, line: &OrderLine) -> Result<LineRow, Error> {
    let reader = &ward.reader;
    let (state, tone) = state_of(line, ward.cx.now);
    let (terms, open) = terms(reader, book, order, line, ward.cx.now)?;
    let place = ward.at(&format!("/software/{}/{}", order.id, line.number));
    let term = reader.word("term", line.term.as_str());
    let period = line.period.map(|own| format!("{} – {}", reader.date(own.first), reader.date(own.last)));
    Ok(LineRow {
        title: line.title.clone(),
        item: line.item.to_string(),
        term: match (line.term, period) {
            (Term::OneTime, _) | (_, None) => term,
            (_, Some(period)) => format!("{term}, {period}"),
        },
        quantity: reader.number(line.quantity),
        unit: reader.unit_price(line.unit_price),
        amount: reader.money(line.amount),
        tax: reader.t(if line.includes_tax { "tax-in-it" } else { "tax-not-in-it" }),
        state: reader.word("line-state", state),
        tone,
        terms,
        software: (line.family.has_keys() && ward.may(Action::ReadEntitlements)).then(|| place.clone()),
        cancel: (open && ward.may(Action::CancelPurchase)).then(|| format!("{place}/cancel")),
    })
}

/// `GET /customers/{customer}/orders/{order}`.
pub(super) async fn show(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::ReadOrders, "/customers").await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let order: OrderRef = match read_param(&path, "order", Missing::Order) {
        Ok(order) => order,
        Err(error) => return failed(&ward.api, &error),
    };
    let read = ward
        .read(move |tx, scope, customer| {
            let own = found(tx, scope, customer)?;
            let (order, _) =
                orders::find(tx, scope, customer, order)?.ok_or(Error::NotFound(Missing::Order))?;
            let happened = Happened {
                booked: charges::of_order(tx, scope, order.id)?,
                fulfilled: orders::fulfilled(tx, scope, order.id)?,
                handed: keys::of_orders(tx, scope, &[order.id])?,
                issued: links::of_order(tx, scope, order.id, LINKS)?,
            };
            Ok((own, order, happened))
        })
        .await;
    let book = policies::in_force(&ward.api).await;
    let (own, order, happened) = match read {
        Ok(read) => read,
        Err(error) => return failed(&ward.api, &error),
    };
    let book = match book {
        Ok(book) => book,
        Err(error) => return failed(&ward.api, &error),
    };
    let reader = &ward.reader;
    let lines =
        order.lines.iter().map(|line| line_row(&ward, &book, &order, line)).collect::<Result<Vec<_>, _>>();
    let (lines, total, rest) = match (lines, order.total(), balance(order.currency, &happened.booked)) {
        (Ok(lines), Ok(total), Ok(rest)) => (lines, total, rest),
        (Err(error), _, _) => return failed(&ward.api, &error),
        _ => return failed(&ward.api, &Error::internal("the order's money cannot be added up")),
    };
    let title = |number: u32| order.line(number).map(|line| line.title.clone()).unwrap_or_default();
    let body = OrderPage {
        frame: ward.frame(),
        head: Head::new(&ward, &own, "/orders"),
        number: order.alternate().to_string(),
        id: order.id.to_string(),
        placed: reader.time(order.placed_at),
        state: reader.word("order-status", order.status().as_str()),
        tone: tone(order.status()),
        po_number: order.po_number.clone().unwrap_or_default(),
        cycle: reader.word("cycle", order.cycle.as_str()),
        lines,
        total: reader.money(total),
        events: story(reader, &order, &happened)
            .into_iter()
            .map(|(at, text)| Event { at: reader.time(at), text })
            .collect(),
        charges: happened
            .booked
            .iter()
            .map(|own| ChargeRow {
                number: credit_number(own),
                kind: reader.word("charge", own.kind.as_str()),
                title: title(own.line),
                at: reader.time(own.booked_at),
                amount: reader.money(own.amount),
            })
            .collect(),
        balance: reader.money(rest),
    };
    page(&ward.api, StatusCode::OK, &body)
}
