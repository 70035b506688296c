//! Orders: placing, reading, cancelling, and what a credit would be before it is one (contract 4.4 to 4.7).

use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::cancellation::{LineCredit, Quote};
use chandlery_domain::charge::Charge;
use chandlery_domain::ids::{CustomerId, OrderId, OrderRef};
use chandlery_domain::order::{LINES_MAX, LineState, Order, OrderLine};
use chandlery_domain::proration::Share;
use chandlery_store::{charges, customers, orders};
use serde::Serialize;
use serde_json::Value;

use super::answer::{Answer, Attributes, Collection, JsonDay, JsonDecimal, JsonInstant, Link};
use super::call::Call;
use super::carts::{read_cycle, read_lines};
use super::paging::Page;
use super::reader::{Object, same_word};
use super::words;
use crate::app::cancel_order::{CancelOrder, cancel as cancel_order, quote as quote_order};
use crate::app::check_out::place_order;
use crate::app::promise::{self, Promise};
use crate::app::reconciliation::charge_type;
use crate::error::{Error, Missing};

/// The most orders on one page.
const PAGE_MAX: u32 = 1000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PricingOut {
    list_price: JsonDecimal,
    discounted_price: JsonDecimal,
    prorated_price: JsonDecimal,
    price: JsonDecimal,
    extended_price: JsonDecimal,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LineLinks {
    product: Link,
    sku: Link,
    availability: Link,
    #[serde(skip_serializing_if = "Option::is_none")]
    subscription: Option<Link>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LineOut {
    line_item_number: u32,
    offer_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subscription_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    term_duration: Option<&'static str>,
    transaction_type: &'static str,
    friendly_name: String,
    quantity: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pricing: Option<PricingOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partner_id_on_record: Option<String>,
    links: LineLinks,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrderLinks {
    #[serde(rename = "self")]
    own: Link,
    provisioning_status: Link,
    patch_operation: Link,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Client {
    marketplace_country: String,
    device_family: &'static str,
    name: &'static str,
}

/// An order as the wire has it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrderOut {
    id: String,
    alternate_id: String,
    reference_customer_id: String,
    billing_cycle: &'static str,
    currency_code: String,
    currency_symbol: String,
    line_items: Vec<LineOut>,
    creation_date: JsonInstant,
    status: &'static str,
    transaction_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_price: Option<JsonDecimal>,
    links: OrderLinks,
    client: Client,
    attributes: Attributes,
}

fn line_out(order: &Order, line: &OrderLine, with_prices: bool) -> LineOut {
    let (item, country) = (&line.item, order.country);
    let product = format!("/products/{}", item.product);
    let sku = format!("{product}/skus/{}", item.sku);
    let cancelled = matches!(line.state, LineState::Cancelled { .. });
    let subscription = line.subscription.filter(|_| !matches!(line.state, LineState::Pending));
    let price = JsonDecimal(line.unit_price.value());
    LineOut {
        line_item_number: line.number,
        offer_id: item.to_string(),
        subscription_id: subscription.map(|id| id.to_string()),
        term_duration: line.period.map(|_| words::duration(line.term)),
        transaction_type: "New",
        friendly_name: line.title.clone(),
        quantity: if cancelled { 0 } else { line.quantity },
        pricing: with_prices.then(|| PricingOut {
            list_price: price,
            discounted_price: price,
            prorated_price: price,
            price,
            extended_price: line.amount.into(),
        }),
        partner_id_on_record: line.reseller.clone(),
        links: LineLinks {
            product: Link::get(format!("{product}?country={country}")),
            sku: Link::get(format!("{sku}?country={country}")),
            availability: Link::get(format!("{sku}/availabilities/{}?country={country}", item.availability)),
            subscription: subscription
                .map(|id| Link::get(format!("/customers/{}/subscriptions/{id}", order.customer))),
        },
    }
}

/// An order as the wire has it; prices only where they were asked for.
pub(super) fn order_out(order: &Order, with_prices: bool) -> OrderOut {
    let own = format!("/customers/{}/orders/{}", order.customer, order.id);
    OrderOut {
        id: order.id.to_string(),
        alternate_id: order.alternate().to_string(),
        reference_customer_id: order.customer.to_string(),
        billing_cycle: words::billing_cycle(order.cycle),
        currency_code: order.currency.to_string(),
        currency_symbol: order.currency.symbol().to_owned(),
        line_items: order.lines.iter().map(|line| line_out(order, line, with_prices)).collect(),
        creation_date: JsonInstant(order.placed_at),
        status: order.status().as_str(),
        transaction_type: "UserPurchase",
        total_price: order.total().ok().filter(|_| with_prices).map(Into::into),
        links: OrderLinks {
            own: Link::get(own.clone()),
            provisioning_status: Link::get(format!("{own}/provisioningstatus")),
            patch_operation: Link::with_method(own, "PATCH"),
        },
        client: Client {
            marketplace_country: order.country.to_string(),
            device_family: "UniversalStore-PartnerCenter",
            name: "Partner Center API",
        },
        attributes: Attributes::of("Order"),
    }
}

fn ids(call: &Call) -> Result<(CustomerId, OrderRef), Error> {
    Ok((call.customer()?, call.id("order", Missing::Order)?))
}

async fn load(call: &Call) -> Result<Order, Error> {
    let (customer, order) = ids(call)?;
    call.read(move |tx, _, scope| {
        let found = orders::find(tx, scope, customer, order)?;
        found.map(|(order, _)| order).ok_or(Error::NotFound(Missing::Order))
    })
    .await
}

/// `GET /customers/{customer}/orders`.
///
/// # Errors
/// When the customer is not there or the query cannot be read.
pub async fn list(call: Call) -> Result<Answer, Error> {
    let customer = call.customer()?;
    let with_prices = call.query.flag("include_price")?;
    let page = Page::of(&call, PAGE_MAX, call.query.text("billingType").unwrap_or_default())?;
    let cycle = match page.filter.as_str() {
        "" => None,
        text => words::BILLING_CYCLES
            .iter()
            .find(|(word, _)| same_word(word, text))
            .map(|(_, cycle)| *cycle)
            .ok_or_else(|| {
                Error::invalid("billingType", "must be one_time, monthly, annual, triennial or none")
            })?
            .map_or(Some(None), |cycle| Some(Some(cycle)))
            .flatten(),
    };
    let nothing_has_it = !page.filter.is_empty() && cycle.is_none();
    let query = orders::Query { cycle, after: page.after()?, ..orders::Query::first(page.limit()) };
    let rows = call
        .read(move |tx, _, scope| {
            customers::find(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
            if nothing_has_it { Ok(Vec::new()) } else { Ok(orders::list(tx, scope, customer, &query)?) }
        })
        .await?;
    Answer::ok(&page.collection(
        &call,
        rows,
        |order| order.id.to_string(),
        |order| order_out(&order, with_prices),
    )?)
}

/// `POST /customers/{customer}/orders`.
///
/// # Errors
/// When the body cannot be taken.
pub async fn create(call: Call) -> Result<Answer, Error> {
    let customer = call.customer()?;
    let body = call.json()?;
    let root = Object::root(&body)?;
    if let Some(id) = root.parsed::<CustomerId>("referenceCustomerId")?
        && id != customer
    {
        return Err(Error::invalid("referenceCustomerId", "must be the customer in the path"));
    }
    let cycle = read_cycle(&root)?;
    let mut lines = read_lines(&root, &["offerId"])?;
    for line in &mut lines {
        line.cycle = cycle.unwrap_or(line.cycle);
    }
    let answer = call
        .write(
            Entry::did(Operation::CreateOrder, Resource::Order, "new"),
            None,
            move |tx, cx, scope| place_order(tx, cx, scope, customer, &lines),
            |order| Answer::created(&order_out(order, false)),
        )
        .await?;
    call.api.work.notify_one();
    Ok(answer)
}

/// `GET /customers/{customer}/orders/{order}`.
///
/// # Errors
/// When it is not there.
pub async fn get(call: Call) -> Result<Answer, Error> {
    let with_prices = call.query.flag("include_price")?;
    Answer::ok(&order_out(&load(&call).await?, with_prices))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct QuantityStatus {
    quantity: u32,
    status: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProvisioningOut {
    line_item_number: u32,
    status: &'static str,
    quantity_provisioning_information: Vec<QuantityStatus>,
}

/// How far a line is, in the wire's words (contract 4.6).
pub(super) const fn fulfilment(state: LineState) -> &'static str {
    match state {
        LineState::Pending => "PrefulfillmentPending",
        LineState::Fulfilled { .. } => "Fulfilled",
        LineState::Cancelled { .. } => "Unfulfilled",
    }
}

/// `GET /customers/{customer}/orders/{order}/provisioningstatus`.
///
/// # Errors
/// When the order is not there.
pub async fn provisioning_status(call: Call) -> Result<Answer, Error> {
    let order = load(&call).await?;
    let items = order
        .lines
        .iter()
        .map(|line| ProvisioningOut {
            line_item_number: line.number,
            status: fulfilment(line.state),
            quantity_provisioning_information: vec![QuantityStatus {
                quantity: line.quantity,
                status: fulfilment(line.state),
            }],
        })
        .collect();
    Answer::ok(&Collection::whole(items, call.uri.clone()))
}

/// What a body says is to be cancelled: the whole order, or the lines it names.
fn read_cancellation(body: &Value, (customer, order): (CustomerId, OrderRef)) -> Result<CancelOrder, Error> {
    let root = Object::root(body)?;
    if let Some(id) = root.text("id", 64)? {
        let named: Option<OrderRef> = id.parse().ok();
        let same = match (named, order) {
            (Some(OrderRef::Id(named)), OrderRef::Alternate(own)) => named.alternate() == own,
            (Some(OrderRef::Alternate(named)), OrderRef::Id(own)) => own.alternate() == named,
            (Some(named), own) => named == own,
            (None, _) => false,
        };
        if !same {
            return Err(Error::invalid("id", "must be the order in the path"));
        }
    }
    let lines = root
        .objects("lineItems", LINES_MAX)?
        .filter(|lines| !lines.is_empty())
        .map(|lines| {
            lines
                .iter()
                .map(|line| {
                    let number =
                        line.integer("lineItemNumber", 0, i64::from(u32::MAX))?.ok_or_else(|| {
                            Error::invalid(line.path_of("lineItemNumber"), "is required: a whole number")
                        })?;
                    Ok((u32::try_from(number).map_err(Error::internal)?, line.parsed("offerId")?))
                })
                .collect::<Result<Vec<_>, Error>>()
        })
        .transpose()?;
    Ok(CancelOrder { customer, order, lines, promise: None })
}

/// The promise that is sent back with a cancellation. Whoever names one means to have one: nothing, or null, is none.
///
/// # Errors
/// When it was not signed here.
pub(super) async fn promise_of(call: &Call, root: &Object<'_>) -> Result<Option<Promise>, Error> {
    if !root.names(promise::FIELD) {
        return Ok(None);
    }
    let text = root.text(promise::FIELD, promise::LONGEST)?.unwrap_or_default();
    Promise::read(&call.api.installation, &text).await.map(Some)
}

/// `PATCH /customers/{customer}/orders/{order}`: cancels the order or lines of it.
///
/// # Errors
/// When the body cannot be taken.
pub async fn cancel(call: Call) -> Result<Answer, Error> {
    let ids = ids(&call)?;
    let body = call.json()?;
    let status = Object::root(&body)?.required_text("status", 40)?;
    if !status.eq_ignore_ascii_case("cancelled") && !status.eq_ignore_ascii_case("canceled") {
        return Err(Error::invalid("status", "must be cancelled; nothing else of an order can be changed"));
    }
    let mut wanted = read_cancellation(&body, ids)?;
    wanted.promise = promise_of(&call, &Object::root(&body)?).await?;
    let vault = std::sync::Arc::clone(&call.api.installation.vault);
    let order = match ids.1 {
        OrderRef::Id(id) => id.to_string(),
        OrderRef::Alternate(alternate) => alternate.to_string(),
    };
    call.write(
        Entry::did(Operation::UpdateOrder, Resource::Order, order),
        None,
        move |tx, cx, scope| cancel_order(tx, cx, &vault, scope, &wanted),
        |cancelled| Answer::ok(&order_out(&cancelled.order, true)),
    )
    .await
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CreditOut {
    line_item_number: u32,
    quantity: u32,
    unit_price: JsonDecimal,
    effective_unit_price: JsonDecimal,
    #[serde(skip_serializing_if = "Option::is_none")]
    unused_days: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    charged_days: Option<i64>,
    credit: JsonDecimal,
    /// The policy row it is given back by.
    policy: String,
    explanation: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct QuoteOut {
    cancellation_allowed_until_date: JsonInstant,
    credit_holds_until_date: JsonInstant,
    line_items: Vec<CreditOut>,
    currency_code: String,
    total_credit: JsonDecimal,
    signed_quote: String,
    attributes: Attributes,
}

fn explanation(credit: &LineCredit) -> String {
    let charge = &credit.charge;
    match credit.share {
        None => format!("everything that was charged: {}", credit.amount),
        Some(Share { part, whole }) => format!(
            "{} × {part} unused of {whole} charged days = {}, cut to cents, × {} = {}",
            charge.unit_price.value(),
            credit.effective_unit_price.round_dp(6),
            charge.quantity,
            credit.amount
        ),
    }
}

fn quote_out(quote: &Quote, signed: String) -> QuoteOut {
    QuoteOut {
        cancellation_allowed_until_date: JsonInstant(quote.closes_at),
        credit_holds_until_date: JsonInstant(quote.holds_until),
        line_items: quote
            .credits
            .iter()
            .map(|credit| CreditOut {
                line_item_number: credit.line,
                quantity: credit.charge.quantity,
                unit_price: JsonDecimal(credit.charge.unit_price.value()),
                effective_unit_price: JsonDecimal(credit.effective_unit_price),
                unused_days: credit.share.map(|share| share.part),
                charged_days: credit.share.map(|share| share.whole),
                credit: credit.amount.into(),
                policy: format!(
                    "{} from {}: {}",
                    credit.rule.family.as_str(),
                    credit.rule.effective_from,
                    credit.rule.window
                ),
                explanation: explanation(credit),
            })
            .collect(),
        currency_code: quote.total.currency().to_string(),
        total_credit: quote.total.into(),
        signed_quote: signed,
        attributes: Attributes::of("CancellationQuote"),
    }
}

/// `POST /customers/{customer}/orders/{order}/cancellationquote`: what cancelling would give back, signed, without doing it.
/// Our own addition; the body is that of the cancellation, and may be empty for the whole order.
///
/// # Errors
/// Why it cannot be cancelled.
pub async fn quote(call: Call) -> Result<Answer, Error> {
    let ids = ids(&call)?;
    let body = if call.has_no_body() { Value::Object(serde_json::Map::new()) } else { call.json()? };
    let wanted = read_cancellation(&body, ids)?;
    let issuer = call.api.desk.reached.public_url.clone();
    let (promise, quote) = call
        .read(move |tx, cx, scope| {
            let (order, quote) = quote_order(tx, cx, scope, &wanted)?;
            Ok((Promise::of(cx, scope, &issuer, &order, &quote), quote))
        })
        .await?;
    Answer::ok(&quote_out(&quote, promise.signed(&call.api.installation.signer)?))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChargeOut {
    id: String,
    order_id: String,
    line_item_number: u32,
    charge_type: &'static str,
    unit_price: JsonDecimal,
    effective_unit_price: JsonDecimal,
    quantity: u32,
    subtotal: JsonDecimal,
    currency: String,
    price_includes_tax: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    charge_start_date: Option<JsonDay>,
    #[serde(skip_serializing_if = "Option::is_none")]
    charge_end_date: Option<JsonDay>,
    booked_date: JsonInstant,
    #[serde(skip_serializing_if = "Option::is_none")]
    reverses: Option<String>,
    /// The reservation that was given back for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    reservation_id: Option<String>,
    attributes: Attributes,
}

fn charge_out(order: OrderId, charge: &Charge) -> ChargeOut {
    ChargeOut {
        id: charge.id.to_string(),
        order_id: order.to_string(),
        line_item_number: charge.line,
        charge_type: charge_type(charge.kind),
        unit_price: JsonDecimal(charge.unit_price.value()),
        effective_unit_price: JsonDecimal(charge.effective_unit_price),
        quantity: charge.quantity,
        subtotal: charge.amount.into(),
        currency: charge.amount.currency().to_string(),
        price_includes_tax: charge.includes_tax,
        charge_start_date: charge.period.map(|period| JsonDay(period.first)),
        charge_end_date: charge.period.map(|period| JsonDay(period.last)),
        booked_date: JsonInstant(charge.booked_at),
        reverses: charge.reverses.map(|id| id.to_string()),
        reservation_id: charge.returned.map(|id| id.to_string()),
        attributes: Attributes::of("Charge"),
    }
}

/// `GET /customers/{customer}/orders/{order}/charges`: the order's lines in the ledger, oldest first. Our own addition.
///
/// # Errors
/// When the order is not there.
pub async fn ledger(call: Call) -> Result<Answer, Error> {
    let (customer, order) = ids(&call)?;
    let (id, booked): (OrderId, Vec<Charge>) = call
        .read(move |tx, _, scope| {
            let (order, _) =
                orders::find(tx, scope, customer, order)?.ok_or(Error::NotFound(Missing::Order))?;
            Ok((order.id, charges::of_order(tx, scope, order.id)?))
        })
        .await?;
    let items = booked.iter().map(|charge| charge_out(id, charge)).collect();
    Answer::ok(&Collection::whole(items, call.uri.clone()))
}
