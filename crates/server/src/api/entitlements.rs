//! What a customer owns, and its product keys in the shape of June 2018 (contract 6).

use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::catalog::Family;
use chandlery_domain::entitlement::{Entitlement, of_order};
use chandlery_domain::ids::{KeyId, OrderId};
use chandlery_domain::key::{AssignedKey, KeyState};
use chandlery_domain::order::LineState;
use chandlery_store::{customers, keys, orders};
use serde::Serialize;

use super::answer::{Answer, Attributes, JsonDay, Link};
use super::call::Call;
use super::orders::fulfilment;
use super::paging::Page;
use super::words;
use crate::app::reveal_key::{Opened, reveal};
use crate::error::{Error, Missing};
use crate::outside::vault::Owner;

/// The most orders whose entitlements stand on one page.
const PAGE_MAX: u32 = 500;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReferenceOrder {
    id: String,
    line_item_id: String,
    alternate_id: String,
}

#[derive(Serialize)]
struct QuantityDetail {
    quantity: u32,
    status: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactOut {
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<Link>,
    reason: &'static str,
    state: &'static str,
    artifact_type: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EntitlementOut {
    included_entitlements: Vec<EntitlementOut>,
    reference_order: ReferenceOrder,
    product_id: String,
    sku_id: String,
    sku_title: String,
    quantity: u32,
    quantity_details: Vec<QuantityDetail>,
    entitled_artifacts: Vec<ArtifactOut>,
    entitlement_type: &'static str,
    fulfillment_state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiry_date: Option<JsonDay>,
}

/// Where a key can be opened: group is the order, line item is the key (contract 6.3).
fn key_link(customer: &str, entitlement: &Entitlement, key: &AssignedKey) -> Link {
    let item = &entitlement.line.item;
    Link::get(format!(
        "/customers/{customer}/artifacts/productkey/groups/{}/lineitems/{id}/items/{}:{}:{id}",
        entitlement.order.uuid().simple(),
        item.product,
        item.sku,
        id = key.id,
    ))
}

fn artifacts(customer: &str, entitlement: &Entitlement) -> Vec<ArtifactOut> {
    const KIND: &str = "product_key";
    let line = &entitlement.line;
    if !line.family.has_keys() {
        return Vec::new();
    }
    if matches!(line.state, LineState::Cancelled { .. }) {
        let reason = "The purchase was cancelled.";
        return vec![ArtifactOut { link: None, reason, state: "Revoked", artifact_type: KIND }];
    }
    entitlement
        .keys
        .iter()
        .map(|key| match key.state {
            KeyState::Revoked { .. } => ArtifactOut {
                link: None,
                reason: "The key was revoked.",
                state: "Revoked",
                artifact_type: KIND,
            },
            KeyState::Assigned { .. } | KeyState::Revealed { .. } => ArtifactOut {
                link: Some(key_link(customer, entitlement, key)),
                reason: "",
                state: "Active",
                artifact_type: KIND,
            },
        })
        .collect()
}

fn out(customer: &str, entitlement: &Entitlement, with_expiry: bool) -> EntitlementOut {
    let line = &entitlement.line;
    let state = fulfilment(line.state);
    EntitlementOut {
        included_entitlements: Vec::new(),
        reference_order: ReferenceOrder {
            id: entitlement.order.to_string(),
            line_item_id: line.number.to_string(),
            alternate_id: entitlement.alternate.to_string(),
        },
        product_id: line.item.product.to_string(),
        sku_id: line.item.sku.to_string(),
        sku_title: line.title.clone(),
        quantity: entitlement.quantity(),
        quantity_details: vec![QuantityDetail { quantity: line.quantity, status: state }],
        entitled_artifacts: artifacts(customer, entitlement),
        entitlement_type: words::entitlement_type(line.family),
        fulfillment_state: state,
        expiry_date: entitlement.expires_on.filter(|_| with_expiry).map(JsonDay),
    }
}

/// The families an entitlement type stands for; all when none is named.
fn wanted_families(text: Option<&str>) -> Result<Vec<Family>, Error> {
    let Some(text) = text else {
        return Ok(Family::ALL.to_vec());
    };
    match text.replace('_', "").to_ascii_lowercase().as_str() {
        "software" => Ok(vec![Family::Subscription, Family::Perpetual]),
        "reservedinstance" | "virtualmachinereservedinstance" => {
            Ok(vec![Family::Reservation, Family::LinuxPlan])
        }
        _ => Err(Error::invalid("entitlementType", "must be software or reservedinstance")),
    }
}

/// `GET /customers/{customer}/entitlements`.
///
/// # Errors
/// When the customer is not there or the query cannot be read.
pub async fn list(call: Call) -> Result<Answer, Error> {
    let customer = call.customer()?;
    let with_expiry = call.query.flag("showExpiry")?;
    let page = Page::of(&call, PAGE_MAX, call.query.text("entitlementType").unwrap_or_default())?;
    let families = wanted_families(Some(page.filter.as_str()).filter(|text| !text.is_empty()))?;
    let query = orders::Query { cycle: None, after: page.after()?, limit: page.limit() };
    let (orders, handed) = call
        .read(move |tx, _, scope| {
            customers::find(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
            let orders = orders::list(tx, scope, customer, &query)?;
            let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
            let handed = keys::of_orders(tx, scope, &ids)?;
            Ok((orders, handed))
        })
        .await?;
    let keys: Vec<AssignedKey> = handed.iter().map(|handed| handed.key).collect();
    let name = customer.to_string();
    // A page is a page of orders: their entitlements are shown together.
    let paged = page.collection(&call, orders, |order| order.id.to_string(), |order| order)?;
    let whole = paged.map_items(|order| {
        of_order(&order, &keys)
            .iter()
            .filter(|entitlement| families.contains(&entitlement.line.family))
            .map(|entitlement| out(&name, entitlement, with_expiry))
            .collect()
    });
    Answer::ok(&whole)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct KeyOut {
    #[serde(rename = "type")]
    kind: &'static str,
    product_key: String,
    attributes: Attributes,
}

/// `GET …/artifacts/productkey/groups/{group}/lineitems/{key}/items/{item}`: opens a product key. A write: the log says
/// who did it before the text leaves.
///
/// # Errors
/// When the key is not there, was revoked, or is not this customer's.
pub async fn reveal_key(call: Call) -> Result<Answer, Error> {
    const KEY: Missing = Missing::Other("product key");
    let customer = call.customer()?;
    let ids: (OrderId, KeyId) = (call.id("group", KEY)?, call.id("key", KEY)?);
    let wanted = (customer, ids.0, ids.1);
    let cx = call.cx.clone();
    let scope = call.scope;
    let store = &call.api.installation.store;
    let attempted = Entry::did(Operation::GetSoftwareKey, Resource::SoftwareKey, ids.1);
    let opened: Result<Opened, Error> =
        store.write(cx.stamp(), move |tx| reveal(tx, &cx, &scope, wanted)).await;
    let opened = match opened {
        Ok(opened) => opened,
        Err(error) if error.is_final() => {
            store.write(call.cx.stamp(), move |_| Ok::<_, Error>(((), attempted.clone().failed()))).await?;
            return Err(error);
        }
        Err(error) => return Err(error),
    };
    let vault = std::sync::Arc::clone(&call.api.installation.vault);
    let owner = Owner::Partner(scope.partner());
    let text = call
        .read(move |tx, _, _| vault.open(tx, owner, "product_keys", &opened.id.to_string(), &opened.sealed))
        .await?;
    let out = KeyOut {
        kind: "product_key",
        product_key: text.to_string(),
        attributes: Attributes::of("ProductKeyArtifactDetails"),
    };
    Ok(Answer::ok(&out)?.holding_a_secret())
}
