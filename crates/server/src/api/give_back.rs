//! Giving Azure reservations back and exchanging them; ours, because the published interface has nothing for it (rule 7.8).

use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::order::Order;
use chandlery_domain::proration::Share;
use chandlery_domain::reservation::Part;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;

use super::answer::{Answer, Attributes, JsonDay, JsonDecimal, JsonInstant, Link};
use super::call::Call;
use super::carts::{ITEM_NAMES, read_lines};
use super::reader::Object;
use crate::app::give_back::{GiveBack, Quoted, Shown, give_back, quote as reckon};
use crate::app::reservations::RESERVATION;
use crate::error::Error;
use crate::texts::Complaint;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PartOut {
    unit_price: JsonDecimal,
    #[serde(skip_serializing_if = "Option::is_none")]
    unused_days: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    charged_days: Option<i64>,
    unused_worth: JsonDecimal,
    fee: JsonDecimal,
    explanation: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CapOut {
    most: JsonDecimal,
    months: u16,
    given_back: JsonDecimal,
    left: JsonDecimal,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExchangeOut {
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<Link>,
    commitment: JsonDecimal,
    to_pay: JsonDecimal,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Out {
    reservation_id: String,
    quantity: u32,
    currency_code: String,
    unused_worth: JsonDecimal,
    fee: JsonDecimal,
    credit: JsonDecimal,
    credit_holds_until_date: JsonInstant,
    fee_percent: JsonDecimal,
    policy_effective_from: JsonDay,
    parts: Vec<PartOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cap: Option<CapOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exchange: Option<ExchangeOut>,
    attributes: Attributes,
}

fn part_out(own: &Part, quantity: u32) -> PartOut {
    let price = own.unit_price.value();
    let explanation = match own.share {
        None => format!("everything that was charged for it: {price} × {quantity} = {}", own.worth),
        Some(Share { part, whole }) => format!(
            "{price} × {part} unused of {whole} charged days, cut to cents, × {quantity} = {}",
            own.worth
        ),
    };
    PartOut {
        unit_price: JsonDecimal(price),
        unused_days: own.share.map(|share| share.part),
        charged_days: own.share.map(|share| share.whole),
        unused_worth: own.worth.into(),
        fee: own.fee.into(),
        explanation,
    }
}

fn out(own: &Quoted, done: bool) -> Result<Out, Error> {
    let refund = &own.refund;
    let to_pay = |sum: chandlery_domain::money::Money| {
        let worth = refund.worth.negated().map_err(chandlery_domain::refusal::Refusal::from)?;
        Ok::<_, Error>(sum.plus(worth).map_err(chandlery_domain::refusal::Refusal::from)?)
    };
    let link = |order: &Order| Link::get(format!("/customers/{}/orders/{}", order.customer, order.id));
    let exchange = match &own.exchange {
        None => None,
        Some((order, sum)) => Some(ExchangeOut {
            order: done.then(|| link(order)),
            commitment: (*sum).into(),
            to_pay: to_pay(*sum)?.into(),
        }),
    };
    Ok(Out {
        reservation_id: own.own.id.to_string(),
        quantity: refund.quantity,
        currency_code: refund.currency().to_string(),
        unused_worth: refund.worth.into(),
        fee: refund.fee.into(),
        credit: refund.credit.into(),
        credit_holds_until_date: JsonInstant(refund.holds_until),
        fee_percent: JsonDecimal(Decimal::new(i64::from(refund.rule.fee), 2).normalize()),
        policy_effective_from: JsonDay(refund.rule.effective_from),
        parts: refund.parts.iter().map(|part| part_out(part, refund.quantity)).collect(),
        cap: own.capped.as_ref().map(|capped| CapOut {
            most: capped.cap.most.into(),
            months: capped.cap.months,
            given_back: capped.given.into(),
            left: capped.left.into(),
        }),
        exchange,
        attributes: Attributes::of("ReservationRefund"),
    })
}

fn read(call: &Call, exchanges: bool) -> Result<GiveBack, Error> {
    let (customer, reservation) = (call.customer()?, call.id("reservation", RESERVATION)?);
    let body = if call.has_no_body() { Value::Object(serde_json::Map::new()) } else { call.json()? };
    let root = Object::root(&body)?;
    let quantity = root.integer("quantity", 1, i64::from(u32::MAX))?;
    let quantity = quantity.map(u32::try_from).transpose().map_err(Error::internal)?;
    let sum = |name: &'static str| {
        let text = match root.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        let wrong = || Error::complaint(name, Complaint::of("complaint-give-back-credit"));
        text.trim().parse::<Decimal>().map(Some).map_err(|_| wrong())
    };
    let shown = Shown {
        credit: sum("credit")?,
        until: root.parsed("creditHoldsUntilDate")?,
        commitment: sum("commitment")?,
    };
    let exchange = if exchanges { Some(read_lines(&root, &ITEM_NAMES)?) } else { None };
    Ok(GiveBack { customer, reservation, quantity, exchange, shown })
}

async fn quoted(call: Call, exchanges: bool) -> Result<Answer, Error> {
    let wanted = read(&call, exchanges)?;
    let own = call.read(move |tx, cx, scope| reckon(tx, cx, scope, &wanted)).await?;
    Answer::ok(&out(&own, false)?)
}

async fn done(call: Call, exchanges: bool, operation: Operation) -> Result<Answer, Error> {
    let wanted = read(&call, exchanges)?;
    let attempted = Entry::did(operation, Resource::Reservation, wanted.reservation);
    call.write(
        attempted,
        None,
        move |tx, cx, scope| give_back(tx, cx, scope, &wanted),
        |own| Answer::ok(&out(own, true)?),
    )
    .await
}

/// `POST /customers/{customer}/reservations/{reservation}/refundquote`: what would come back, without doing it.
///
/// # Errors
/// Why it cannot be given back.
pub async fn refund_quote(call: Call) -> Result<Answer, Error> {
    quoted(call, false).await
}

/// `POST /customers/{customer}/reservations/{reservation}/refund`
///
/// # Errors
/// Why it cannot be given back, or that the credit is another than was shown.
pub async fn refund(call: Call) -> Result<Answer, Error> {
    done(call, false, Operation::RefundReservation).await
}

/// `POST /customers/{customer}/reservations/{reservation}/exchangequote`: for the `lineItems` of an order.
///
/// # Errors
/// Why it cannot be exchanged for that.
pub async fn exchange_quote(call: Call) -> Result<Answer, Error> {
    quoted(call, true).await
}

/// `POST /customers/{customer}/reservations/{reservation}/exchange`
///
/// # Errors
/// Why it cannot be exchanged for that, or that the credit is another than was shown.
pub async fn exchange(call: Call) -> Result<Answer, Error> {
    done(call, true, Operation::ExchangeReservation).await
}
