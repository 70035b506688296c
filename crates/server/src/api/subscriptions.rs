//! Subscriptions of software (contract 5).

use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::cancellation::running_window;
use chandlery_domain::catalog::Family;
use chandlery_domain::ids::{CustomerId, OrderId, OrderRef, SubscriptionId};
use chandlery_domain::policy::{Credit, PolicyBook};
use chandlery_domain::refusal::Refusal;
use chandlery_domain::subscription::{Subscription, SubscriptionStatus};
use chandlery_store::{Read, customers, orders, policies, subscriptions};
use jiff::Timestamp;
use serde::Serialize;

use super::answer::{Answer, Attributes, JsonDay, JsonInstant, Link};
use super::call::Call;
use super::orders::promise_of;
use super::paging::Page;
use super::products::ProductType;
use super::reader::{Object, same_word};
use super::words;
use crate::app::cancel_order::{CancelOrder, cancel as cancel_order};
use crate::app::promise::Promise;
use crate::app::subscriptions::{Change, find, update as change_subscription};
use crate::error::{Error, Missing};

/// The most subscriptions on one page.
const PAGE_MAX: u32 = 1000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RefundOption {
    #[serde(rename = "type")]
    kind: &'static str,
    expires_at: JsonInstant,
    expires_after: JsonInstant,
}

#[derive(Serialize)]
struct Links {
    product: Link,
    sku: Link,
    availability: Link,
    #[serde(rename = "self")]
    own: Link,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SubscriptionOut {
    id: String,
    offer_id: String,
    offer_name: String,
    friendly_name: String,
    product_type: ProductType,
    quantity: u32,
    unit_type: &'static str,
    has_purchasable_addons: bool,
    creation_date: JsonInstant,
    effective_start_date: JsonDay,
    commitment_end_date: JsonDay,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancellation_allowed_until_date: Option<JsonInstant>,
    status: &'static str,
    auto_renew_enabled: bool,
    is_trial: bool,
    billing_type: &'static str,
    billing_cycle: &'static str,
    term_duration: &'static str,
    renewal_term_duration: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    refund_options: Vec<RefundOption>,
    is_microsoft_product: bool,
    partner_id: &'static str,
    actions: Vec<&'static str>,
    attention_needed: bool,
    action_taken: bool,
    contract_type: &'static str,
    publisher_name: &'static str,
    order_id: String,
    links: Links,
    attributes: Attributes,
}

/// A subscription with the policies of the day, which say until when it can be given back.
struct Shown {
    subscription: Subscription,
    revision: i64,
    book: PolicyBook,
    now: Timestamp,
}

fn out(shown: &Shown) -> SubscriptionOut {
    let subscription = &shown.subscription;
    let status = subscription.status(shown.now);
    let active = status == SubscriptionStatus::Active;
    let (family, period) = (Family::Subscription, Some(subscription.period));
    let open = running_window(&shown.book, family, subscription.created_at, period).ok().flatten();
    let until = open.map(|open| open.closes_at).filter(|_| active);
    let cancellable = open.is_some_and(|open| active && !open.is_over(shown.now));
    let rule = shown
        .book
        .cancellation(Family::Subscription, chandlery_domain::calendar::utc_date(subscription.created_at));
    let kind = match rule.map(|rule| rule.credit) {
        Some(Credit::Full) => "Full",
        _ => "Partial",
    };
    let refund_options = until
        .filter(|_| cancellable)
        .map(|until| RefundOption { kind, expires_at: JsonInstant(until), expires_after: JsonInstant(until) })
        .into_iter()
        .collect();
    let item = &subscription.item;
    let sku = format!("/products/{}/skus/{}", item.product, item.sku);
    SubscriptionOut {
        id: subscription.id.to_string(),
        offer_id: item.to_string(),
        offer_name: subscription.title.clone(),
        friendly_name: subscription.friendly_name.clone(),
        product_type: ProductType::of(Family::Subscription),
        quantity: subscription.quantity,
        unit_type: "Licenses",
        has_purchasable_addons: false,
        creation_date: JsonInstant(subscription.created_at),
        effective_start_date: JsonDay(subscription.period.first),
        commitment_end_date: JsonDay(subscription.period.last),
        cancellation_allowed_until_date: until.map(JsonInstant),
        status: status.as_str(),
        auto_renew_enabled: subscription.auto_renew,
        is_trial: false,
        billing_type: "license",
        billing_cycle: words::billing_cycle(subscription.cycle),
        term_duration: words::duration(subscription.term),
        renewal_term_duration: if subscription.auto_renew { words::duration(subscription.term) } else { "" },
        refund_options,
        is_microsoft_product: true,
        partner_id: "",
        actions: match (active, cancellable) {
            (true, true) => vec!["Cancel", "Edit"],
            (true, false) => vec!["Edit"],
            (false, _) => Vec::new(),
        },
        attention_needed: false,
        action_taken: false,
        contract_type: "subscription",
        publisher_name: "Microsoft",
        order_id: subscription.order.to_string(),
        links: Links {
            product: Link::get(format!("/products/{}", item.product)),
            availability: Link::get(format!("{sku}/availabilities/{}", item.availability)),
            sku: Link::get(sku),
            own: Link::get(format!("/customers/{}/subscriptions/{}", subscription.customer, subscription.id)),
        },
        attributes: Attributes::versioned("Subscription", subscription.id, shown.revision),
    }
}

fn ids(call: &Call) -> Result<(CustomerId, SubscriptionId), Error> {
    Ok((call.customer()?, call.id("subscription", Missing::Subscription)?))
}

async fn load(call: &Call) -> Result<Shown, Error> {
    let (customer, id) = ids(call)?;
    call.read(move |tx, cx, scope| {
        let (subscription, revision) = find(tx, scope, customer, id)?;
        Ok(Shown { subscription, revision, book: policies::in_force(tx)?, now: cx.now })
    })
    .await
}

/// The order a query names, by either of its names; none when nothing is named.
fn named_order(
    tx: &mut Read<'_>,
    scope: &chandlery_domain::access::Scope,
    customer: CustomerId,
    order: Option<OrderRef>,
) -> Result<Option<OrderId>, Error> {
    match order {
        None => Ok(None),
        Some(OrderRef::Id(id)) => Ok(Some(id)),
        Some(named @ OrderRef::Alternate(_)) => {
            let found = orders::find(tx, scope, customer, named)?;
            found.map(|(order, _)| Some(order.id)).ok_or(Error::NotFound(Missing::Order))
        }
    }
}

/// `GET /customers/{customer}/subscriptions`, of one order only with `order_id`.
///
/// # Errors
/// When the customer is not there or the query cannot be read.
pub async fn list(call: Call) -> Result<Answer, Error> {
    let customer = call.customer()?;
    let page = Page::of(&call, PAGE_MAX, call.query.text("order_id").unwrap_or_default())?;
    let order: Option<OrderRef> = match page.filter.as_str() {
        "" => None,
        text => {
            Some(text.parse().map_err(|error| Error::invalid("order_id", format!("is {text:?}: {error}")))?)
        }
    };
    let (after, limit) = (page.after()?, page.limit());
    let (rows, book) = call
        .read(move |tx, _, scope| {
            customers::find(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
            let order = named_order(tx, scope, customer, order)?;
            let rows = subscriptions::list(tx, scope, customer, order, after, limit)?;
            Ok((rows, policies::in_force(tx)?))
        })
        .await?;
    let now = call.cx.now;
    let show = |(subscription, revision)| out(&Shown { subscription, revision, book: book.clone(), now });
    Answer::ok(&page.collection(&call, rows, |(subscription, _)| subscription.id.to_string(), show)?)
}

/// `GET /customers/{customer}/subscriptions/{subscription}`.
///
/// # Errors
/// When it is not there.
pub async fn get(call: Call) -> Result<Answer, Error> {
    Answer::ok(&out(&load(&call).await?))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProvisioningOut {
    sku_id: String,
    status: &'static str,
    quantity: u32,
    end_date: JsonDay,
    attributes: Attributes,
}

/// `GET /customers/{customer}/subscriptions/{subscription}/provisioningstatus`.
///
/// # Errors
/// When it is not there.
pub async fn provisioning_status(call: Call) -> Result<Answer, Error> {
    let shown = load(&call).await?;
    let subscription = shown.subscription;
    Answer::ok(&ProvisioningOut {
        // Clients type this as a GUID, which a SKU's code is not; the subscription's own id is one.
        sku_id: subscription.id.to_string(),
        status: if subscription.cancelled_at.is_some() { "none" } else { "success" },
        quantity: subscription.quantity,
        end_date: JsonDay(subscription.period.last),
        attributes: Attributes::of("SubscriptionProvisioningStatus"),
    })
}

/// What a body asks for, compared with what is there.
enum Wish {
    /// Give it back, if it still is what the caller read.
    Cancel {
        expected_revision: Option<i64>,
    },
    Change(Change),
}

fn read_wish(call: &Call, root: &Object<'_>, body: &serde_json::Value, now: &Shown) -> Result<Wish, Error> {
    let subscription = &now.subscription;
    if let Some(id) = root.parsed::<SubscriptionId>("id")?
        && id != subscription.id
    {
        return Err(Error::invalid("id", "must be the subscription in the path"));
    }
    let status = subscription.status(now.now);
    let expected_revision = call.expected_revision(subscription.id, Some(body))?;
    if let Some(wanted) = root.text("status", 40)? {
        if same_word(&wanted, "deleted") && status != SubscriptionStatus::Deleted {
            return Ok(Wish::Cancel { expected_revision });
        }
        let unchanged = same_word(&wanted, status.as_str()) || same_word(&wanted, "none");
        if !unchanged {
            return Err(Refusal::StatusChange { from: status.as_str(), to: wanted }.into());
        }
    }
    if root
        .integer("quantity", 0, i64::MAX)?
        .is_some_and(|quantity| quantity != i64::from(subscription.quantity))
    {
        return Err(Refusal::QuantityFixed.into());
    }
    if super::carts::read_cycle(root)?.is_some_and(|cycle| cycle != subscription.cycle) {
        return Err(Refusal::BillingCycleFixed.into());
    }
    if root.text("partnerId", 40)?.is_some() {
        return Err(Refusal::ResellerFixed.into());
    }
    let friendly_name = root.text("friendlyName", 200)?.filter(|name| *name != subscription.friendly_name);
    let auto_renew = root.flag("autoRenewEnabled")?.filter(|renew| *renew != subscription.auto_renew);
    Ok(Wish::Change(Change { friendly_name, auto_renew, expected_revision }))
}

/// `PATCH /customers/{customer}/subscriptions/{subscription}`: cancel, rename, renew or not.
///
/// # Errors
/// When the body cannot be taken or asks for what cannot be changed.
pub async fn update(call: Call) -> Result<Answer, Error> {
    let ids = ids(&call)?;
    let body = call.json()?;
    let root = Object::root(&body)?;
    let shown = load(&call).await?;
    let attempted = Entry::did(Operation::UpdateSubscription, Resource::Subscription, ids.1);
    let wish = match read_wish(&call, &root, &body, &shown) {
        Ok(wish) => wish,
        Err(error) => return call.refuse_early(attempted, error).await,
    };
    match wish {
        Wish::Change(change) => {
            let (book, now) = (shown.book, shown.now);
            call.write(
                attempted,
                None,
                move |tx, cx, scope| change_subscription(tx, cx, scope, ids, &change),
                move |(subscription, revision)| {
                    let shown = Shown {
                        subscription: subscription.clone(),
                        revision: *revision,
                        book: book.clone(),
                        now,
                    };
                    Answer::ok(&out(&shown))
                },
            )
            .await
        }
        Wish::Cancel { expected_revision } => match promise_of(&call, &root).await {
            Ok(promise) => cancel(&call, shown, (expected_revision, promise), attempted).await,
            Err(error) => call.refuse_early(attempted, error).await,
        },
    }
}

/// Cancels the order line behind a subscription: the same use case as cancelling the order, so the same credit. Needs
/// the role that cancels, on top of the route's own.
async fn cancel(
    call: &Call,
    shown: Shown,
    (expected_revision, promise): (Option<i64>, Option<Promise>),
    attempted: Entry,
) -> Result<Answer, Error> {
    call.cx.authorize(chandlery_domain::access::Action::CancelPurchase)?;
    let subscription = shown.subscription.clone();
    let wanted = CancelOrder {
        customer: subscription.customer,
        order: OrderRef::Id(subscription.order),
        lines: Some(vec![(subscription.line, None)]),
        promise,
    };
    let ids = (subscription.customer, subscription.id);
    let vault = std::sync::Arc::clone(&call.api.installation.vault);
    let (book, now, revision) = (shown.book, shown.now, shown.revision);
    call.write(
        attempted,
        None,
        move |tx, cx, scope| {
            let (_, revision) = find(tx, scope, ids.0, ids.1)?;
            if expected_revision.is_some_and(|expected| expected != revision) {
                return Err(Refusal::StaleEtag.into());
            }
            cancel_order(tx, cx, &vault, scope, &wanted)
        },
        move |_| {
            let subscription = subscription.clone().cancelled(now);
            Answer::ok(&out(&Shown {
                subscription,
                revision: revision.saturating_add(1),
                book: book.clone(),
                now,
            }))
        },
    )
    .await
}
