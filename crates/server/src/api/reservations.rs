//! Azure reservations: how they are shown (contract 6.2), registering Azure subscriptions for them (contract 5.5), asking
//! whether something can be reserved (contract 3.5); and, ours, managing both.

use axum::http::StatusCode;
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::calendar::utc_date;
use chandlery_domain::catalog::Family;
use chandlery_domain::ids::{AzureSubscriptionId, CustomerId, OrderId, ProductId, ReservationId, SkuId};
use chandlery_domain::market::{Country, blocked};
use chandlery_domain::reservation::{AzureSubscription, Reservation, Standing};
use chandlery_store::{catalog, customers, markets, partners, reservations as stored};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use super::answer::{Answer, Attributes, Collection, JsonDay, JsonInstant, Link};
use super::call::Call;
use super::paging::Page;
use super::reader::{Object, same_word};
use crate::app::reservations::{self, AZURE, AzureChange, Change, MERGED_MAX, RESERVATION};
use crate::error::{Error, Missing};
use crate::texts::Complaint;

/// The most reservations on one page.
const PAGE_MAX: u32 = 500;
/// How many products one question about the inventory may name.
const ITEMS_MAX: usize = 100;

// --- Azure subscriptions --------------------------------------------------------------------------------------------------

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AzureOut {
    id: String,
    friendly_name: String,
    status: &'static str,
    registration_status: &'static str,
    added_date: JsonInstant,
    attributes: Attributes,
}

const fn registration(own: &AzureSubscription) -> &'static str {
    if own.registered_at.is_some() { "registered" } else { "notregistered" }
}

fn azure_out(own: &AzureSubscription) -> AzureOut {
    AzureOut {
        id: own.id.to_string(),
        friendly_name: own.name.clone(),
        status: if own.active { "active" } else { "suspended" },
        registration_status: registration(own),
        added_date: JsonInstant(own.added_at),
        attributes: Attributes::of("AzureSubscription"),
    }
}

/// `GET /customers/{customer}/azuresubscriptions`
///
/// # Errors
/// When the customer is not there.
pub async fn azure(call: Call) -> Result<Answer, Error> {
    let customer = call.customer()?;
    let list = call
        .read(move |tx, _, scope| {
            customers::find(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
            Ok(stored::azure_subscriptions(tx, scope, customer)?)
        })
        .await?;
    Answer::ok(&Collection::whole(list.iter().map(azure_out).collect(), call.uri.clone()))
}

/// `POST /customers/{customer}/azuresubscriptions`: by the id it has in Azure.
///
/// # Errors
/// When the body cannot be read; refusals come back as answers.
pub async fn add_azure(call: Call) -> Result<Answer, Error> {
    let customer = call.customer()?;
    let body = call.json()?;
    let root = Object::root(&body)?;
    let id: AzureSubscriptionId = root.required("id")?;
    let name = root.required_text("friendlyName", 400)?;
    let attempted = Entry::did(Operation::UpdateAzureSubscription, Resource::AzureSubscription, id);
    call.write(
        attempted,
        None,
        move |tx, cx, scope| reservations::add_azure_subscription(tx, cx, scope, (customer, id), &name),
        |own| Answer::created(&azure_out(own)),
    )
    .await
}

async fn change_azure(
    call: &Call,
    id: AzureSubscriptionId,
    change: AzureChange,
    show: impl Fn(&AzureSubscription) -> Result<Answer, Error> + Send + Sync + 'static,
) -> Result<Answer, Error> {
    let customer = call.customer()?;
    let attempted = Entry::did(Operation::UpdateAzureSubscription, Resource::AzureSubscription, id);
    call.write(
        attempted,
        None,
        move |tx, cx, scope| reservations::change_azure_subscription(tx, cx, scope, (customer, id), &change),
        show,
    )
    .await
}

/// `PATCH /customers/{customer}/azuresubscriptions/{subscription}`
///
/// # Errors
/// When it is not there or the body cannot be read.
pub async fn update_azure(call: Call) -> Result<Answer, Error> {
    let id = call.id("subscription", AZURE)?;
    let body = call.json()?;
    let root = Object::root(&body)?;
    let change = AzureChange {
        name: root.text("friendlyName", 400)?,
        active: root.word("status", &[("active", true), ("suspended", false)])?,
        register: false,
    };
    change_azure(&call, id, change, |own| Answer::ok(&azure_out(own))).await
}

/// `POST /customers/{customer}/subscriptions/{subscription}/registrations`: for reservations. Done when it answers.
///
/// # Errors
/// When the customer has no such Azure subscription.
pub async fn register(call: Call) -> Result<Answer, Error> {
    let id: AzureSubscriptionId = call.id("subscription", Missing::Subscription)?;
    let customer = call.customer()?;
    let change = AzureChange { register: true, ..AzureChange::default() };
    let show = |_: &AzureSubscription| Ok(Answer::raw(StatusCode::ACCEPTED, String::new(), false));
    let mut answer = change_azure(&call, id, change, show).await?;
    if answer.status == StatusCode::ACCEPTED {
        answer.location = Some(format!("/customers/{customer}/subscriptions/{id}/registrationstatus"));
    }
    Ok(answer)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RegistrationOut {
    subscription_id: String,
    status: &'static str,
}

/// `GET /customers/{customer}/subscriptions/{subscription}/registrationstatus`
///
/// # Errors
/// When the customer has no such Azure subscription.
pub async fn registration_status(call: Call) -> Result<Answer, Error> {
    let (customer, id) = (call.customer()?, call.id("subscription", Missing::Subscription)?);
    let own = call
        .read(move |tx, _, scope| {
            stored::azure_subscription(tx, scope, customer, id)?.ok_or(Error::NotFound(Missing::Subscription))
        })
        .await?;
    Answer::ok(&RegistrationOut { subscription_id: own.id.to_string(), status: registration(&own) })
}

// --- Reservations -----------------------------------------------------------------------------------------------------------

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReservationOut {
    id: String,
    display_name: String,
    title: String,
    quantity: u32,
    scope_type: &'static str,
    applied_scopes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    billing_subscription_id: Option<String>,
    effective_date: JsonDay,
    expiry_date: JsonDay,
    provisioning_state: &'static str,
    order_id: String,
    line_item_number: u32,
    links: Links,
    attributes: Attributes,
}

#[derive(Serialize)]
struct Links {
    #[serde(rename = "self")]
    own: Link,
}

const fn scope_type(own: &Reservation) -> &'static str {
    if own.applies_to.is_some() { "Single" } else { "Shared" }
}

fn applied(own: &Reservation) -> Vec<String> {
    own.applies_to.iter().map(ToString::to_string).collect()
}

const fn state(standing: Standing) -> &'static str {
    match standing {
        Standing::Creating => "Creating",
        Standing::Running => "Succeeded",
        Standing::Expired => "Expired",
        Standing::Replaced => "Replaced",
        Standing::Returned => "Cancelled",
    }
}

fn out(own: &Reservation, today: Date) -> ReservationOut {
    ReservationOut {
        id: own.id.to_string(),
        display_name: own.name.clone(),
        title: own.title.clone(),
        quantity: own.quantity,
        scope_type: scope_type(own),
        applied_scopes: applied(own),
        billing_subscription_id: own.bought_on.map(|id| id.to_string()),
        effective_date: JsonDay(own.period.first),
        expiry_date: JsonDay(own.period.last),
        provisioning_state: state(own.standing(today)),
        order_id: own.order.to_string(),
        line_item_number: own.line,
        links: Links { own: Link::get(format!("/customers/{}/reservations/{}", own.customer, own.id)) },
        attributes: Attributes::of("Reservation"),
    }
}

/// `GET /customers/{customer}/reservations`
///
/// # Errors
/// When the customer is not there.
pub async fn list(call: Call) -> Result<Answer, Error> {
    let customer = call.customer()?;
    let page = Page::of(&call, PAGE_MAX, "")?;
    let (after, limit, today) = (page.after::<ReservationId>()?, page.limit(), utc_date(call.cx.now));
    let list = call
        .read(move |tx, _, scope| {
            customers::find(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
            Ok(stored::page(tx, scope, customer, after, limit)?)
        })
        .await?;
    Answer::ok(&page.collection(&call, list, |own| own.id.to_string(), |own| out(&own, today))?)
}

/// `GET /customers/{customer}/reservations/{reservation}`
///
/// # Errors
/// When it is not there.
pub async fn get(call: Call) -> Result<Answer, Error> {
    let (customer, id) = (call.customer()?, call.id("reservation", RESERVATION)?);
    let today = utc_date(call.cx.now);
    let found =
        call.read(move |tx, _, scope| Ok(stored::find_many(tx, scope, customer, &[id])?.pop())).await?;
    Answer::ok(&out(&found.ok_or(Error::NotFound(RESERVATION))?, today))
}

/// The scope a body asks for: none named leaves it as it is.
fn wanted_scope(root: &Object<'_>) -> Result<Option<Option<AzureSubscriptionId>>, Error> {
    let wrong = || Error::complaint("appliedScopes", Complaint::of("complaint-azure-unknown"));
    let single = root.word("scopeType", &[("Shared", false), ("Single", true)])?;
    let scopes = match root.get("appliedScopes") {
        None | Some(Value::Null) => None,
        Some(Value::Array(list)) => Some(list.as_slice()),
        Some(_) => return Err(wrong()),
    };
    match (single, scopes) {
        (None, None | Some([])) => Ok(None),
        (Some(false), None | Some([])) => Ok(Some(None)),
        (None | Some(true), Some([Value::String(id)])) => {
            id.trim().parse().map(|id| Some(Some(id))).map_err(|_| wrong())
        }
        _ => Err(wrong()),
    }
}

/// `PATCH /customers/{customer}/reservations/{reservation}`: name and scope.
///
/// # Errors
/// When it is not there or the body cannot be read.
pub async fn update(call: Call) -> Result<Answer, Error> {
    let (customer, id) = (call.customer()?, call.id("reservation", RESERVATION)?);
    let attempted = Entry::did(Operation::UpdateReservation, Resource::Reservation, id);
    let body = call.json()?;
    let root = Object::root(&body)?;
    let name = match root.get("displayName") {
        None | Some(Value::Null) => None,
        Some(_) => Some(root.text("displayName", 400)?.unwrap_or_default()),
    };
    let change = Change { name, applies_to: wanted_scope(&root)? };
    let today = utc_date(call.cx.now);
    call.write(
        attempted,
        None,
        move |tx, cx, scope| reservations::change(tx, cx, scope, (customer, id), &change),
        move |own| Answer::ok(&out(own, today)),
    )
    .await
}

/// `POST /customers/{customer}/reservations/{reservation}/split`: `quantities` of two.
///
/// # Errors
/// When it is not there or the body cannot be read.
pub async fn split(call: Call) -> Result<Answer, Error> {
    let (customer, id) = (call.customer()?, call.id("reservation", RESERVATION)?);
    let attempted = Entry::did(Operation::SplitReservation, Resource::Reservation, id);
    let body = call.json()?;
    let parts: Vec<u32> = Object::root(&body)?
        .get("quantities")
        .and_then(Value::as_array)
        .map(|list| list.iter().map(|own| own.as_u64().and_then(|own| u32::try_from(own).ok()).unwrap_or(0)))
        .map(|list| list.take(3).collect())
        .unwrap_or_default();
    let (today, uri) = (utc_date(call.cx.now), call.uri.clone());
    call.write(
        attempted,
        None,
        move |tx, cx, scope| reservations::split(tx, cx, scope, (customer, id), &parts),
        move |list| {
            let items = list.iter().map(|own| out(own, today)).collect();
            Answer::ok(&Collection::whole(items, uri.clone()))
        },
    )
    .await
}

/// `POST /customers/{customer}/reservations/merge`: `sources`, two or more.
///
/// # Errors
/// When one is not there or the body cannot be read.
pub async fn merge(call: Call) -> Result<Answer, Error> {
    let customer = call.customer()?;
    let attempted = Entry::did(Operation::MergeReservations, Resource::Reservation, "");
    let body = call.json()?;
    let sources = Object::root(&body)?.get("sources").and_then(Value::as_array).cloned().unwrap_or_default();
    let ids: Vec<ReservationId> = sources
        .iter()
        .take(MERGED_MAX + 1)
        .map(|own| own.as_str().and_then(|own| own.parse().ok()).ok_or(Error::NotFound(RESERVATION)))
        .collect::<Result<_, _>>()?;
    let today = utc_date(call.cx.now);
    call.write(
        attempted,
        None,
        move |tx, cx, scope| reservations::merge(tx, cx, scope, customer, &ids),
        move |own| Answer::ok(&out(own, today)),
    )
    .await
}

// --- Artifacts ----------------------------------------------------------------------------------------------------------------

/// Where the reservations of a line are shown.
pub fn artifact_link(customer: impl std::fmt::Display, order: OrderId, line: u32) -> Link {
    Link::get(format!(
        "/customers/{customer}/artifacts/reservedinstance/groups/{}/lineitems/{line}/resource/{order}",
        order.uuid().simple(),
    ))
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    reservation_id: String,
    scope_type: &'static str,
    display_name: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    applied_scopes: Vec<String>,
    quantity: u32,
    expiry_date_time: JsonDay,
    effective_date_time: JsonDay,
    provisioning_state: &'static str,
}

/// The newer and the older name of the same member: clients read either.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactOut {
    #[serde(rename = "type")]
    kind: &'static str,
    reservations: Vec<Detail>,
    virtual_machine_reservations: Vec<Detail>,
    attributes: Attributes,
}

/// `GET …/artifacts/reservedinstance/groups/{group}/lineitems/{line}/resource/{resource}`, and by the older word.
///
/// # Errors
/// When the customer has no such reservations.
pub async fn artifact(call: Call) -> Result<Answer, Error> {
    let customer: CustomerId = call.customer()?;
    let order: OrderId = call.id("group", RESERVATION)?;
    let line: u32 = call.id("line", RESERVATION)?;
    let list = call
        .read(move |tx, _, scope| {
            Ok(stored::of_line(tx, scope, customer, (order, line), i64::from(PAGE_MAX))?)
        })
        .await?;
    let today = utc_date(call.cx.now);
    let details: Vec<Detail> = list
        .iter()
        .map(|own| Detail {
            reservation_id: own.id.to_string(),
            scope_type: scope_type(own),
            display_name: own.name.clone(),
            applied_scopes: applied(own),
            quantity: own.quantity,
            expiry_date_time: JsonDay(own.period.last),
            effective_date_time: JsonDay(own.period.first),
            provisioning_state: state(own.standing(today)),
        })
        .collect();
    if details.is_empty() {
        return Err(Error::NotFound(RESERVATION));
    }
    Answer::ok(&ArtifactOut {
        kind: "reservedinstance",
        virtual_machine_reservations: details.clone(),
        reservations: details,
        attributes: Attributes::of("ReservedInstanceArtifactDetails"),
    })
}

// --- Inventory ----------------------------------------------------------------------------------------------------------------

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Restriction {
    reason_code: &'static str,
    description: String,
    properties: Vec<Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Inventory {
    product_id: String,
    sku_id: String,
    is_restricted: bool,
    restrictions: Vec<Restriction>,
}

/// `POST /extensions/product/checkinventory`: whether something can be bought in a country, and reserved on an Azure
/// subscription where one is named. What nobody sells is left out.
///
/// # Errors
/// When the body cannot be read.
pub async fn check_inventory(call: Call) -> Result<Answer, Error> {
    let country: Country = call.query.required("country")?;
    let body = call.json()?;
    let root = Object::root(&body)?;
    let items = root.objects("TargetItems", ITEMS_MAX)?.unwrap_or_default();
    if items.is_empty() {
        return Err(Error::invalid("TargetItems", "must name one product or more by its ProductId"));
    }
    let wanted: Vec<(ProductId, Option<SkuId>)> = items
        .iter()
        .map(|item| Ok((item.required("ProductId")?, item.parsed("SkuId")?)))
        .collect::<Result<_, Error>>()?;
    let context = root.object("InventoryContext")?;
    let named = |name: &str| -> Result<Option<String>, Error> {
        context.as_ref().map_or(Ok(None), |own| own.text(name, 100))
    };
    let (customer, azure) = (named("customerId")?, named("azureSubscriptionId")?);
    let answer = call
        .read(move |tx, cx, scope| {
            let today = utc_date(cx.now);
            let partner = partners::find(tx, scope)?.ok_or(Error::NotFound(Missing::Other("partner")))?;
            let countries = [country, partner.country];
            let blocks = markets::blocks(tx, &countries)?;
            let products: Vec<ProductId> = wanted.iter().map(|(product, _)| product.clone()).collect();
            let skus = catalog::skus(tx, &products)?;
            let fit = match (&azure, customer.as_deref().and_then(|id| id.parse::<CustomerId>().ok())) {
                (None, _) => true,
                (Some(_), None) => false,
                (Some(azure), Some(customer)) => {
                    let known = stored::azure_subscriptions(tx, scope, customer)?;
                    known.iter().any(|own| {
                        same_word(&own.id.to_string(), azure) && own.active && own.registered_at.is_some()
                    })
                }
            };
            let asked = |product: &ProductId, sku: &SkuId| {
                wanted.iter().any(|(own, one)| own == product && one.as_ref().is_none_or(|one| one == sku))
            };
            let list: Vec<Inventory> = skus
                .iter()
                .filter(|sku| asked(&sku.product, &sku.id))
                .map(|sku| {
                    let mut restrictions = Vec::new();
                    let restricted = |reason_code, description: &str| Restriction {
                        reason_code,
                        description: description.to_owned(),
                        properties: Vec::new(),
                    };
                    if blocked(&blocks, sku.family, &countries, today).is_some() {
                        restrictions
                            .push(restricted("NotAvailableInCountry", "It is not sold in this country."));
                    }
                    if sku.family == Family::Reservation && !fit {
                        let why =
                            "The Azure subscription is not the customer's, not active or not registered.";
                        restrictions.push(restricted("NotAvailableForSubscription", why));
                    }
                    Inventory {
                        product_id: sku.product.to_string(),
                        sku_id: sku.id.to_string(),
                        is_restricted: !restrictions.is_empty(),
                        restrictions,
                    }
                })
                .collect();
            Ok(list)
        })
        .await?;
    Answer::ok(&answer)
}
