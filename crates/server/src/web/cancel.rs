//! Cancelling a purchase: the order, the time left, the credit to the cent, what has to be done after, and only then the
//! button (rules 7.3 to 7.7).

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::access::{Action, Scope};
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::calendar::utc_date;
use chandlery_domain::cancellation::{LineCredit, Quote};
use chandlery_domain::charge::{Charge, ChargeKind};
use chandlery_domain::customer::Customer;
use chandlery_domain::ids::{OrderId, OrderRef, ProductId, ServiceRequestId, UserId};
use chandlery_domain::money::{Money, UnitPrice};
use chandlery_domain::order::{LineState, Order, OrderLine};
use chandlery_domain::policy::CancellationRule;
use chandlery_domain::proration::Share;
use chandlery_domain::refusal::{Refusal, Undecided};
use chandlery_store::service_requests::{self, ServiceRequest};
use chandlery_store::{Read, charges, customers, orders, people};
use std::sync::Arc;

use super::order_pages::{Cancel, Cancelled, Choice, CreditRow, LineBox, Verdict, Waiting};
use super::support::number_of;
use super::ward::{Head, Ward, found, read_param, ward};
use super::{Asked, failed, page, policies};
use crate::app::benefit;
use crate::app::cancel_order::{CancelOrder, cancel, quote_lines};
use crate::app::promise::Promise;
use crate::app::support::{self, REQUEST};
use crate::error::{Error, Missing};
use crate::installation::Kind;
use crate::texts::{self, Html, Reader};

/// How many orders of a product the drop-down offers.
const ORDERS: i64 = 100;

/// Everything the dialog shows.
struct Found {
    customer: Customer,
    product: ProductId,
    title: String,
    orders: Vec<Order>,
    chosen: Order,
    quote: Result<Quote, Refusal>,
    waiting: Option<(ServiceRequest, String)>,
    /// Core licences in use that go with it: edition, how many go, how many lack then.
    takes: Vec<benefit::Lost>,
}

/// Which order and lines are meant: those of the form, or the one of the path.
struct Meant {
    order: OrderId,
    line: u32,
    chosen: OrderId,
    lines: Option<Vec<u32>>,
}

fn meant(ward: &Ward, path: &[(String, String)]) -> Result<Meant, Error> {
    let order: OrderId = read_param(path, "order", Missing::Order)?;
    let line: u32 = read_param(path, "line", Missing::Order)?;
    let chosen = ward.form.text("order").parse().unwrap_or(order);
    let mut lines: Vec<u32> = ward.form.all("line").filter_map(|own| own.parse().ok()).collect();
    // The boxes belong to the order they were shown for.
    if ward.form.text("of") != chosen.to_string() {
        lines.clear();
    }
    lines.sort_unstable();
    lines.dedup();
    Ok(Meant { order, line, chosen, lines: (!lines.is_empty()).then_some(lines) })
}

async fn load(ward: &Ward, meant: &Meant) -> Result<Found, Error> {
    let (order, number, chosen, lines) = (meant.order, meant.line, meant.chosen, meant.lines.clone());
    let cx = ward.cx.clone();
    // Shown only: what decides reads the policies in its own transaction.
    let book = policies::in_force(&ward.api).await?;
    ward.read(move |tx, scope, customer| {
        let (own, uses) =
            customers::find_with_uses(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
        let missing = || Error::NotFound(Missing::Order);
        let (of_path, _) = orders::find(tx, scope, customer, OrderRef::Id(order))?.ok_or_else(missing)?;
        let line = of_path.line(number)?;
        let (product, title) = (line.item.product.clone(), line.title.clone());
        let query = orders::Query {
            newest_first: true,
            product: Some(product.clone()),
            ..orders::Query::first(ORDERS)
        };
        let list = orders::list(tx, scope, customer, &query)?;
        let chosen = list.iter().find(|own| own.id == chosen).cloned().unwrap_or(of_path);
        // All software of the order, unless lines are named: what else stands in it is not given back from here.
        let software = || {
            let own: Vec<&OrderLine> = chosen.lines.iter().filter(|line| line.family.has_keys()).collect();
            let open = own.iter().filter(|line| !matches!(line.state, LineState::Cancelled { .. }));
            (!own.is_empty()).then(|| open.map(|line| line.number).collect::<Vec<_>>())
        };
        let lines = lines.or_else(software);
        let quote = match quote_lines(tx, &cx, scope, (&chosen, lines.as_deref()), &book) {
            Ok(quote) => Ok(quote),
            Err(Error::Refused(refusal)) => Err(refusal),
            Err(error) => return Err(error),
        };
        let waiting = match &quote {
            Err(Refusal::NeedsRequest { why: Undecided::RefundOpen }) => waiting(tx, scope, chosen.id)?,
            _ => None,
        };
        let takes = match &quote {
            Ok(quote) if uses => {
                benefit::lost(tx, scope, customer, (chosen.id, &quote.lines), utc_date(cx.now))?
            }
            Ok(_) | Err(_) => Vec::new(),
        };
        Ok(Found { customer: own, product, title, orders: list, chosen, quote, waiting, takes })
    })
    .await
}

/// The request for money back that waits, with the name of whoever asked.
fn waiting(
    tx: &mut Read<'_>,
    scope: &Scope,
    order: OrderId,
) -> Result<Option<(ServiceRequest, String)>, Error> {
    let Some(own) = service_requests::waiting_refund(tx, scope, order)? else { return Ok(None) };
    let asker: Option<UserId> = own.asked_by.parse().ok();
    let name = match asker {
        Some(id) => people::names(tx, scope.partner(), &[id])?.pop().map(|(_, name)| name),
        None => None,
    };
    let name = name.unwrap_or_else(|| own.contact.name.clone());
    Ok(Some((own, name)))
}

/// How a line's credit was worked out, every step of it (rule 7.6).
pub(super) fn explained(reader: &Reader, own: &LineCredit) -> Result<String, Error> {
    worked_out(reader, (own.charge.unit_price, own.charge.quantity), own.share, own.amount)
}

/// How a sum comes out of a price, so many, and the days that are unused.
pub(super) fn worked_out(
    reader: &Reader,
    (unit, quantity): (UnitPrice, u32),
    share: Option<Share>,
    amount: Money,
) -> Result<String, Error> {
    let quantity = reader.number(quantity);
    let Some(share) = share else {
        return Ok(reader.with(
            "credit-full",
            [
                ("unit", reader.unit_price(unit).into()),
                ("quantity", quantity.into()),
                ("amount", reader.money(amount).into()),
            ],
        ));
    };
    let effective = share.of(unit).map_err(Refusal::from)?;
    let cut = Money::truncated(effective, unit.currency()).map_err(Refusal::from)?;
    // Six digits of what is cut off show that it was cut and not rounded.
    let exact = effective.trunc_with_scale(6);
    let exact = UnitPrice::new(exact, unit.currency())
        .map_or_else(|_| exact.to_string(), |own| reader.unit_price(own));
    Ok(reader.with(
        "credit-prorated",
        [
            ("unit", reader.unit_price(unit).into()),
            ("whole", reader.number(share.whole).into()),
            ("part", reader.number(share.part).into()),
            ("exact", exact.into()),
            ("cut", reader.money(cut).into()),
            ("quantity", quantity.into()),
            ("amount", reader.money(amount).into()),
        ],
    ))
}

/// The policy row a credit comes by.
fn policy(reader: &Reader, rule: &CancellationRule) -> String {
    let family = reader.word("family", rule.family.as_str());
    reader.t2("credit-policy", "family", family, "from", reader.date(rule.effective_from))
}

fn dialog_at(ward: &Ward, meant: &Meant) -> String {
    ward.at(&format!("/software/{}/{}/cancel", meant.order, meant.line))
}

fn title_of(order: &Order, number: u32) -> String {
    order.line(number).map(|line| line.title.clone()).unwrap_or_default()
}

fn verdict(ward: &Ward, meant: &Meant, own: &Found) -> Result<Verdict, Error> {
    let reader = &ward.reader;
    let mut support =
        form_urlencoded::Serializer::for_suffix(String::from("/support/new?"), "/support/new?".len());
    support
        .append_pair("topic", "refund")
        .append_pair("customer", &own.customer.id.to_string())
        .append_pair("order", &own.chosen.alternate().to_string());
    if let Ok(quote) = &own.quote {
        support.append_pair("amount", &quote.total.decimal().to_string());
    }
    let support = support.finish();
    let quote = match &own.quote {
        Ok(quote) => quote,
        Err(refusal) => {
            let text = texts::refusal(reader, refusal);
            let closed = matches!(refusal, Refusal::WindowClosed { .. });
            let done = matches!(refusal, Refusal::AlreadyCancelled);
            let waiting = own.waiting.as_ref().map(|(request, name)| Waiting {
                id: request.id.to_string(),
                text: Html::escaped(&reader.with(
                    "cancel-waits-for",
                    [
                        ("number", number_of(request.id).into()),
                        ("name", name.into()),
                        ("at", reader.instant(request.asked_at).into()),
                    ],
                )),
                address: format!("{}/withdraw", dialog_at(ward, meant)),
            });
            // Asking a second time while the first request waits would lead nowhere.
            let support = (!done && waiting.is_none()).then_some(support);
            return Ok(Verdict::No { text, support, closed, waiting });
        }
    };
    let credits = quote
        .credits
        .iter()
        .map(|credit| {
            Ok(CreditRow {
                title: title_of(&own.chosen, credit.line),
                how: explained(reader, credit)?,
                policy: Some(policy(reader, &credit.rule)),
                amount: reader.money(credit.amount),
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let span = utc_date(quote.closes_at) - utc_date(ward.cx.now);
    let days = i64::from(span.get_days()).max(0);
    let machine = |at: jiff::Timestamp| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    Ok(Verdict::Yes {
        numbers: quote.lines.clone(),
        days: reader.t1("days", "count", days),
        closes: reader.deadline(quote.closes_at),
        until: machine(quote.closes_at),
        now: machine(ward.cx.now),
        stands: ward.api.installation.kind == Kind::Practice,
        takes: own
            .takes
            .iter()
            .map(|(edition, cores, lacks)| {
                reader.with(
                    "cancel-takes-cores",
                    [
                        ("edition", edition.name().to_owned().into()),
                        ("cores", i64::from(*cores).into()),
                        ("lacks", i64::from(*lacks).into()),
                    ],
                )
            })
            .collect(),
        credits,
        total: reader.money(quote.total),
        signed: Promise::of(&ward.cx, &ward.scope, &ward.api.desk.reached.public_url, &own.chosen, quote)
            .signed(&ward.api.installation.signer)?,
        month: reader.month(utc_date(ward.cx.now)),
        support,
    })
}

async fn dialog(ward: &Ward, meant: &Meant, error: Option<String>) -> Response {
    let own = match load(ward, meant).await {
        Ok(own) => own,
        Err(error) => return failed(&ward.api, &error),
    };
    let reader = &ward.reader;
    let verdict = match verdict(ward, meant, &own) {
        Ok(verdict) => verdict,
        Err(error) => return failed(&ward.api, &error),
    };
    let open_lines = |order: &Order| -> Vec<LineBox> {
        let list = order.lines.iter().filter(|line| line.family.has_keys());
        list.filter(|line| !matches!(line.state, LineState::Cancelled { .. }))
            .map(|line| LineBox {
                number: line.number,
                title: line.title.clone(),
                checked: meant.lines.as_ref().is_none_or(|lines| lines.contains(&line.number)),
            })
            .collect()
    };
    let lines = open_lines(&own.chosen);
    let body = Cancel {
        frame: ward.frame(),
        address: dialog_at(ward, meant),
        back: ward.at(&format!("/software/{}/{}", meant.order, meant.line)),
        history: ward.at("/orders"),
        title: own.title.clone(),
        product: own.product.to_string(),
        chosen: own.chosen.id.to_string(),
        orders: own
            .orders
            .iter()
            .map(|order| Choice {
                id: order.id.to_string(),
                label: format!(
                    "{} · {} · {}",
                    order.alternate(),
                    reader.instant(order.placed_at),
                    reader.word("order-status", order.status().as_str())
                ),
                chosen: order.id == own.chosen.id,
            })
            .collect(),
        lines: if lines.len() > 1 { lines } else { Vec::new() },
        verdict,
        error,
        head: Head::new(ward, &own.customer, "/software"),
    };
    let status = if body.error.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    page(&ward.api, status, &body)
}

/// Whoever may cancel, with the order and lines that are meant.
async fn entered(path: &[(String, String)], asked: Asked) -> Result<(Ward, Meant), Response> {
    let ward = ward(path, asked, Action::CancelPurchase, &back_of(path)).await?;
    let meant = meant(&ward, path).map_err(|error| failed(&ward.api, &error))?;
    Ok((ward, meant))
}

/// `GET /customers/{customer}/software/{order}/{line}/cancel`.
pub(super) async fn show(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    match entered(&path, asked).await {
        Ok((ward, meant)) => dialog(&ward, &meant, None).await,
        Err(response) => response,
    }
}

fn back_of(path: &[(String, String)]) -> String {
    let named = |name| super::ward::param(path, name).unwrap_or_default().to_owned();
    format!("/customers/{}/software/{}/{}/cancel", named("customer"), named("order"), named("line"))
}

/// `POST` of the same: cancels once the Important text was acknowledged, for exactly the credit that was shown.
pub(super) async fn submit(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let (ward, meant) = match entered(&path, asked).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    if ward.form.text("acknowledged") != "yes" {
        let text = ward.reader.t("cancel-tick-first");
        return dialog(&ward, &meant, Some(text)).await;
    }
    // Nothing is cancelled for a credit that was not shown.
    let promise = match Promise::read(&ward.api.installation, ward.form.text("quote")).await {
        Ok(promise) => promise,
        Err(Error::Invalid { .. }) => {
            let text = ward.reader.t("cancel-credit-changed");
            return dialog(&ward, &meant, Some(text)).await;
        }
        Err(error) => return failed(&ward.api, &error),
    };
    let (scope, customer, chosen) = (ward.scope, ward.customer, meant.chosen);
    let lines = meant.lines.clone().map(|list| list.into_iter().map(|number| (number, None)).collect());
    let wanted = CancelOrder { customer, order: OrderRef::Id(chosen), lines, promise: Some(promise) };
    let attempted = Entry::did(Operation::UpdateOrder, Resource::Order, chosen);
    let vault = Arc::clone(&ward.api.installation.vault);
    let done = ward
        .act(attempted, move |tx, cx| {
            let (cancelled, mut entry) = cancel(tx, cx, &vault, &scope, &wanted)?;
            entry.after.push(Fact::new("acknowledged", "stop using, uninstall, delete downloads and links"));
            Ok((cancelled.order.id, entry))
        })
        .await;
    match done {
        Ok(order) => {
            let place = ward.at(&format!("/orders/{order}/cancelled"));
            Redirect::to(&place).into_response()
        }
        // The promise is of another order.
        Err(Error::Invalid { .. }) => {
            let text = ward.reader.t("cancel-credit-changed");
            dialog(&ward, &meant, Some(text)).await
        }
        // Sent again: it is cancelled, and that is what the confirmation says.
        Err(Error::Refused(Refusal::AlreadyCancelled)) => {
            Redirect::to(&ward.at(&format!("/orders/{chosen}/cancelled"))).into_response()
        }
        Err(Error::Refused(refusal)) => {
            let text = texts::refusal(&ward.reader, &refusal);
            dialog(&ward, &meant, Some(text)).await
        }
        Err(error) => failed(&ward.api, &error),
    }
}

/// `POST` of the same with `/withdraw`: closes the request for money back that stops the order from being cancelled, and
/// shows the dialog again.
pub(super) async fn withdraw(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let (ward, meant) = match entered(&path, asked).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let Ok(request) = ward.form.text("request").parse::<ServiceRequestId>() else {
        return failed(&ward.api, &Error::NotFound(REQUEST));
    };
    let (scope, named) = (ward.scope, (ward.customer, meant.chosen, request));
    let attempted = Entry::did(Operation::UpdateServiceRequest, Resource::ServiceRequest, request);
    let done = ward.act(attempted, move |tx, cx| support::withdraw(tx, cx, &scope, named)).await;
    match done {
        // Closed meanwhile, by its asker or the operator: what stands now is shown.
        Ok(_) | Err(Error::Refused(Refusal::RequestClosed)) => dialog(&ward, &meant, None).await,
        Err(error) => failed(&ward.api, &error),
    }
}

/// The number people call a credit by: the last twelve digits of its id.
pub(super) fn credit_number(charge: &Charge) -> String {
    let id = charge.id.uuid().simple().to_string().to_uppercase();
    id.get(20..).unwrap_or(&id).to_owned()
}

/// `GET /customers/{customer}/orders/{order}/cancelled`: the confirmation.
pub(super) async fn confirmation(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::ReadOrders, "/customers").await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let order: OrderId = match read_param(&path, "order", Missing::Order) {
        Ok(order) => order,
        Err(error) => return failed(&ward.api, &error),
    };
    let read = ward
        .read(move |tx, scope, customer| {
            let own = found(tx, scope, customer)?;
            let (order, _) = orders::find(tx, scope, customer, OrderRef::Id(order))?
                .ok_or(Error::NotFound(Missing::Order))?;
            let booked = charges::of_order(tx, scope, order.id)?;
            Ok((own, order, booked))
        })
        .await;
    let (own, order, booked) = match read {
        Ok(read) => read,
        Err(error) => return failed(&ward.api, &error),
    };
    let credits: Vec<&Charge> = {
        // What was given back of its reservations is told where that is done.
        let cancelled = |own: &&Charge| own.kind == ChargeKind::CancelImmediate && own.returned.is_none();
        booked.iter().filter(cancelled).collect()
    };
    let reader = &ward.reader;
    let rows = credits
        .iter()
        .map(|own| {
            Ok(CreditRow {
                title: title_of(&order, own.line),
                how: credit_number(own),
                policy: None,
                amount: reader.money(own.amount.negated().map_err(Refusal::from)?),
            })
        })
        .collect::<Result<Vec<_>, Error>>();
    let total = Money::sum(order.currency, credits.iter().map(|own| own.amount)).and_then(Money::negated);
    let (rows, total) = match (rows, total) {
        (Ok(rows), Ok(total)) => (rows, total),
        (Err(error), _) => return failed(&ward.api, &error),
        (_, Err(error)) => return failed(&ward.api, &Error::internal(error)),
    };
    let month = credits.first().map(|own| own.booked_at).unwrap_or(ward.cx.now);
    let cancelled = order.lines.iter().any(|line| matches!(line.state, LineState::Cancelled { .. }));
    if !cancelled {
        return Redirect::to(&ward.at(&format!("/orders/{}", order.id))).into_response();
    }
    let body = Cancelled {
        frame: ward.frame(),
        head: Head::new(&ward, &own, "/software"),
        order: order.alternate().to_string(),
        order_address: ward.at(&format!("/orders/{}", order.id)),
        credits: rows,
        total: reader.money(total),
        month: reader.month(utc_date(month)),
        lead: Html::escaped(&reader.t1("cancelled-lead", "order", order.alternate().to_string())),
    };
    page(&ward.api, StatusCode::OK, &body)
}
