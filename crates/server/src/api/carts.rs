//! Carts and checking out (contract 4.1 to 4.3).

use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::calendar::Term;
use chandlery_domain::cart::{Group, Wanted, groups};
use chandlery_domain::catalog::Offer;
use chandlery_domain::ids::{CartId, RequestId};
use chandlery_domain::order::LINES_MAX;
use chandlery_domain::refusal::Refusal;
use serde::Serialize;
use std::collections::BTreeMap;

use super::answer::{Answer, Attributes, JsonInstant};
use super::call::Call;
use super::customers::SelfLink;
use super::faults::{cart_error_code, fault};
use super::orders::{OrderOut, order_out};
use super::reader::Object;
use super::words;
use crate::app::carts::{self, PricedCart};
use crate::app::check_out::check_out as check_out_cart;
use crate::error::{Error, Missing};

/// Under which name the answer to a checkout is kept by the cart's id.
pub const CHECKOUT: &str = "cart checkout";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LineError {
    error_code: u32,
    error_description: String,
    additional_information: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Participant {
    key: &'static str,
    value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LineOut {
    id: u32,
    catalog_item_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    friendly_name: Option<String>,
    quantity: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency_code: Option<String>,
    billing_cycle: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    term_duration: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    participants: Vec<Participant>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    provisioning_context: BTreeMap<String, String>,
    order_group: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<LineError>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CartOut {
    id: String,
    creation_timestamp: JsonInstant,
    last_modified_timestamp: JsonInstant,
    expiration_timestamp: JsonInstant,
    last_modified_user: String,
    status: &'static str,
    line_items: Vec<LineOut>,
    links: SelfLink,
    attributes: Attributes,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrderError {
    order_group_id: String,
    code: u32,
    description: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CheckoutOut {
    orders: Vec<OrderOut>,
    order_errors: Vec<OrderError>,
    attributes: Attributes,
}

fn line_out(wanted: &Wanted, priced: &Result<Offer, Refusal>, group: u32) -> LineOut {
    let offer = priced.as_ref().ok();
    let error = priced.as_ref().err().map(|refusal| {
        let fault = fault(&Error::Refused(refusal.clone()));
        LineError {
            error_code: cart_error_code(refusal),
            error_description: fault.description().to_owned(),
            additional_information: fault.code().to_string(),
        }
    });
    let term = offer.map(|offer| offer.term).or(wanted.term).filter(|term| *term != Term::OneTime);
    LineOut {
        id: wanted.number,
        catalog_item_id: wanted.item.to_string(),
        friendly_name: wanted.friendly_name.clone(),
        quantity: wanted.quantity,
        currency_code: offer.map(|offer| offer.unit_price.currency().to_string()),
        billing_cycle: words::billing_cycle(wanted.cycle),
        term_duration: term.map(words::duration),
        participants: wanted
            .reseller
            .iter()
            .map(|value| Participant { key: "transaction_reseller", value: value.clone() })
            .collect(),
        provisioning_context: wanted.context.iter().cloned().collect(),
        order_group: group.to_string(),
        error,
    }
}

fn cart_out(priced: &PricedCart) -> CartOut {
    let cart = &priced.cart;
    let grouped = groups(&cart.lines);
    let group_of = |number: u32| {
        let group = grouped.iter().find(|(_, members)| members.iter().any(|line| line.number == number));
        group.map_or(0, |(group, _)| *group)
    };
    CartOut {
        id: cart.id.to_string(),
        creation_timestamp: JsonInstant(cart.created_at),
        last_modified_timestamp: JsonInstant(cart.modified_at),
        expiration_timestamp: JsonInstant(cart.expires_at),
        last_modified_user: cart.modified_by.to_string(),
        status: if cart.ordered { "Ordered" } else { "Active" },
        line_items: cart
            .lines
            .iter()
            .zip(&priced.lines)
            .map(|(wanted, result)| line_out(wanted, result, group_of(wanted.number)))
            .collect(),
        links: SelfLink::to(format!("/customers/{}/carts/{}", cart.customer, cart.id)),
        attributes: Attributes::of("Cart"),
    }
}

/// Reads one wanted line; `item_names` are the names its item may go by.
pub(super) fn read_line(line: &Object<'_>, number: u32, item_names: &[&str]) -> Result<Wanted, Error> {
    let (first, others) =
        item_names.split_first().ok_or_else(|| Error::internal("a line needs a name for its item"))?;
    let mut item = line.parsed(first)?;
    for other in others {
        if item.is_none() {
            item = line.parsed(other)?;
        }
    }
    let item = item
        .ok_or_else(|| Error::invalid(line.path_of(first), "is required: ProductId:SkuId:AvailabilityId"))?;
    let quantity = line
        .integer("quantity", 0, i64::from(u32::MAX))?
        .ok_or_else(|| Error::invalid(line.path_of("quantity"), "is required: a whole number"))?;
    Ok(Wanted {
        number,
        item,
        quantity: u32::try_from(quantity).map_err(Error::internal)?,
        term: read_term(line)?,
        cycle: read_cycle(line)?.unwrap_or(chandlery_domain::calendar::BillingCycle::OneTime),
        friendly_name: line.text("friendlyName", 200)?,
        reseller: read_reseller(line)?,
        context: line.pairs("provisioningContext", 20)?,
    })
}

pub(super) fn read_cycle(
    line: &Object<'_>,
) -> Result<Option<chandlery_domain::calendar::BillingCycle>, Error> {
    let sold = words::BILLING_CYCLES;
    match line.word("billingCycle", &sold)? {
        None => Ok(None),
        Some(Some(cycle)) => Ok(Some(cycle)),
        Some(None) => Err(Error::invalid(
            line.path_of("billingCycle"),
            "must be one of one_time, monthly, annual, triennial",
        )),
    }
}

fn read_term(line: &Object<'_>) -> Result<Option<Term>, Error> {
    match line.text("termDuration", 20)? {
        None => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| {
            Error::invalid(
                line.path_of("termDuration"),
                "must be P1M, P1Y, P3Y or P5Y, or left out for perpetual software",
            )
        }),
    }
}

fn read_reseller(line: &Object<'_>) -> Result<Option<String>, Error> {
    if let Some(direct) = line.text("partnerIdOnRecord", 20)? {
        return Ok(Some(direct));
    }
    for participant in line.objects("participants", 10)?.unwrap_or_default() {
        let key = participant.required_text("key", 40)?;
        if super::reader::same_word(&key, "transaction_reseller") {
            return participant.required_text("value", 20).map(Some);
        }
    }
    Ok(None)
}

/// Reads the lines of a cart or an order.
pub(super) fn read_lines(root: &Object<'_>, item_names: &[&str]) -> Result<Vec<Wanted>, Error> {
    let lines = root
        .objects("lineItems", LINES_MAX)?
        .filter(|lines| !lines.is_empty())
        .ok_or_else(|| Error::invalid("lineItems", format!("is required: 1 to {LINES_MAX} lines")))?;
    (0..).zip(&lines).map(|(number, line)| read_line(line, number, item_names)).collect()
}

/// Under which names a line of a cart says what it is.
pub(super) const ITEM_NAMES: [&str; 2] = ["catalogItemId", "catalogId"];

/// `POST /customers/{customer}/carts`.
///
/// # Errors
/// When the body cannot be taken.
pub async fn create(call: Call) -> Result<Answer, Error> {
    let customer = call.customer()?;
    let body = call.json()?;
    let lines = read_lines(&Object::root(&body)?, &ITEM_NAMES)?;
    call.write(
        Entry::did(Operation::UpdateCart, Resource::Cart, "new"),
        None,
        move |tx, cx, scope| carts::create(tx, cx, scope, customer, &lines),
        |priced| Answer::created(&cart_out(priced)),
    )
    .await
}

fn ids(call: &Call) -> Result<(chandlery_domain::ids::CustomerId, CartId), Error> {
    Ok((call.customer()?, call.id("cart", Missing::Cart)?))
}

/// `GET /customers/{customer}/carts/{cart}`.
///
/// # Errors
/// When it is not there.
pub async fn get(call: Call) -> Result<Answer, Error> {
    let ids = ids(&call)?;
    let priced = call.read(move |tx, cx, scope| carts::find(tx, cx, scope, ids)).await?;
    Answer::ok(&cart_out(&priced))
}

/// `PUT /customers/{customer}/carts/{cart}`.
///
/// # Errors
/// When the body cannot be taken.
pub async fn update(call: Call) -> Result<Answer, Error> {
    let ids = ids(&call)?;
    let body = call.json()?;
    let root = Object::root(&body)?;
    if let Some(id) = root.parsed::<CartId>("id")?
        && id != ids.1
    {
        return Err(Error::invalid("id", "must be the id in the path"));
    }
    let lines = read_lines(&root, &ITEM_NAMES)?;
    call.write(
        Entry::did(Operation::UpdateCart, Resource::Cart, ids.1),
        None,
        move |tx, cx, scope| carts::update(tx, cx, scope, ids, &lines, None),
        |priced| Answer::ok(&cart_out(priced)),
    )
    .await
}

/// `POST /customers/{customer}/carts/{cart}/checkout`. The body is ignored; a cart checked out twice gives the first
/// answer, whatever the request id.
///
/// # Errors
/// What is about us and not about the request.
pub async fn check_out(call: Call) -> Result<Answer, Error> {
    let (customer, cart) = ids(&call)?;
    let answer = call
        .write(
            Entry::did(Operation::CreateOrder, Resource::Cart, cart),
            Some((RequestId::new(cart.uuid()), CHECKOUT)),
            move |tx, cx, scope| check_out_cart(tx, cx, scope, customer, cart),
            |groups| Answer::created(&checkout_out(groups)),
        )
        .await?;
    call.api.work.notify_one();
    Ok(answer)
}

fn checkout_out(groups: &[Group]) -> CheckoutOut {
    let mut out = CheckoutOut {
        orders: Vec::new(),
        order_errors: Vec::new(),
        attributes: Attributes::of("CartCheckoutResult"),
    };
    for group in groups {
        match &group.outcome {
            Ok((order, _)) => out.orders.push(order_out(order, false)),
            Err(refusal) => {
                let fault = fault(&Error::Refused(refusal.clone()));
                out.order_errors.push(OrderError {
                    order_group_id: group.number.to_string(),
                    code: fault.code(),
                    description: fault.description().to_owned(),
                });
            }
        }
    }
    out
}
