//! What a customer owns, and its product keys in the shape of June 2018 (contract 6).

use std::collections::HashMap;
use std::sync::Arc;

use chandlery_domain::access::Scope;
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::catalog::Family;
use chandlery_domain::entitlement::{Entitlement, of_order};
use chandlery_domain::ids::{KeyId, OrderId, ProductId};
use chandlery_domain::key::{AssignedKey, KeyState, LineRef};
use chandlery_domain::media::{KnownVersion, Version, covered};
use chandlery_domain::order::{LineState, Order};
use chandlery_domain::refusal::Refusal;
use chandlery_store::keys::HandedKey;
use chandlery_store::{customers, keys, media, orders, returns};
use jiff::Timestamp;
use serde::Serialize;
use zeroize::Zeroizing;

use super::Api;
use super::answer::{Answer, Attributes, JsonDay, Link};
use super::call::Call;
use super::orders::fulfilment;
use super::paging::Page;
use super::reservations::artifact_link;
use super::words;
use crate::app::Context;
use crate::app::reveal_key::{Opened, Outcome, Wanted, Which, reveal};
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
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dynamic_attributes: Option<ReservationKind>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReservationKind {
    reservation_type: &'static str,
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

/// Where a key can be opened: group is the order, line item is the key, or its slot (contract 6.3).
fn key_link(customer: &str, entitlement: &Entitlement, key: KeyId) -> Link {
    let item = &entitlement.line.item;
    Link::get(format!(
        "/customers/{customer}/artifacts/productkey/groups/{}/lineitems/{key}/items/{}:{}:{key}",
        entitlement.order.uuid().simple(),
        item.product,
        item.sku,
    ))
}

const REVOKED: (&str, &str) = ("Revoked", "The purchase was cancelled.");

fn artifact(link: Option<Link>, reason: &'static str, state: &'static str) -> ArtifactOut {
    ArtifactOut {
        link,
        reason,
        state,
        artifact_type: "product_key",
        resource_id: None,
        dynamic_attributes: None,
    }
}

fn of_key(customer: &str, entitlement: &Entitlement, key: &HandedKey) -> ArtifactOut {
    match key.key.state {
        KeyState::Revoked { .. } => artifact(None, "The key was revoked.", "Revoked"),
        KeyState::Assigned { .. } | KeyState::Revealed { .. } => {
            artifact(Some(key_link(customer, entitlement, key.key.id)), "", "Active")
        }
    }
}

/// What an entitlement shows of keys and versions.
struct Shown<'a> {
    customer: &'a str,
    keys: &'a [HandedKey],
    versions: &'a [(ProductId, KnownVersion)],
    /// What an artifact of a reservation is called: the older word for whoever asks by it.
    reserved: &'static str,
    now: Timestamp,
}

impl Shown<'_> {
    /// The key of the version that came with the purchase.
    fn own_key(&self, entitlement: &Entitlement) -> Option<&HandedKey> {
        let newest = |own: &HandedKey| own.version.parse::<Version>().ok();
        self.keys_of(entitlement).max_by(|left, right| newest(left).cmp(&newest(right)))
    }

    fn keys_of(&self, entitlement: &Entitlement) -> impl Iterator<Item = &HandedKey> {
        let place = LineRef { order: entitlement.order, line: entitlement.line.number };
        self.keys.iter().filter(move |own| own.key.line == place)
    }

    fn artifacts(&self, entitlement: &Entitlement) -> Vec<ArtifactOut> {
        let line = &entitlement.line;
        if line.family == Family::Reservation && matches!(line.state, LineState::Fulfilled { .. }) {
            return vec![ArtifactOut {
                link: Some(artifact_link(self.customer, entitlement.order, line.number)),
                reason: "",
                state: "Active",
                artifact_type: self.reserved,
                resource_id: Some(entitlement.order.to_string()),
                dynamic_attributes: Some(ReservationKind { reservation_type: "virtualmachines" }),
            }];
        }
        if !line.family.has_keys() {
            return Vec::new();
        }
        if matches!(line.state, LineState::Cancelled { .. }) {
            return vec![artifact(None, REVOKED.1, REVOKED.0)];
        }
        if line.ended_on(self.now).is_some() {
            return vec![artifact(None, "The term is over.", "Expired")];
        }
        let own = self.own_key(entitlement);
        own.map(|key| of_key(self.customer, entitlement, key)).into_iter().collect()
    }

    /// The other versions the purchase covers, each with a key of its own.
    fn included(&self, order: &Order, entitlement: &Entitlement) -> Vec<EntitlementOut> {
        let line = &entitlement.line;
        let over = line.ended_on(self.now).is_some();
        if over || !line.family.has_keys() || !matches!(line.state, LineState::Fulfilled { .. }) {
            return Vec::new();
        }
        let known: Vec<KnownVersion> = self
            .versions
            .iter()
            .filter(|(product, _)| *product == line.item.product)
            .map(|(_, version)| version.clone())
            .collect();
        let own = self.own_key(entitlement).map(|key| key.version.as_str());
        let place = LineRef { order: entitlement.order, line: line.number };
        covered(line.family, order.placed_at, &known)
            .iter()
            .filter(|version| Some(version.as_str()) != own)
            .map(|version| {
                let handed = self.keys_of(entitlement).find(|own| own.version == version.as_str());
                let key = match handed {
                    Some(key) => of_key(self.customer, entitlement, key),
                    None => artifact(
                        Some(key_link(self.customer, entitlement, place.slot(version))),
                        "",
                        "Active",
                    ),
                };
                let base = self.out(order, entitlement, false, false);
                EntitlementOut {
                    sku_title: format!("{} ({version})", line.title),
                    entitled_artifacts: vec![key],
                    ..base
                }
            })
            .collect()
    }

    fn out(
        &self,
        order: &Order,
        entitlement: &Entitlement,
        with_expiry: bool,
        whole: bool,
    ) -> EntitlementOut {
        let line = &entitlement.line;
        let state = fulfilment(line.state);
        EntitlementOut {
            included_entitlements: if whole { self.included(order, entitlement) } else { Vec::new() },
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
            entitled_artifacts: if whole { self.artifacts(entitlement) } else { Vec::new() },
            entitlement_type: words::entitlement_type(line.family),
            fulfillment_state: state,
            expiry_date: entitlement.expires_on.filter(|_| with_expiry).map(JsonDay),
        }
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
    let older = page.filter.replace('_', "").to_ascii_lowercase().starts_with("virtualmachine");
    let reserved = if older { "virtual_machine_reserved_instance" } else { "reservedinstance" };
    let query = orders::Query { after: page.after()?, ..orders::Query::first(page.limit()) };
    let (orders, handed, versions, left) = call
        .read(move |tx, _, scope| {
            customers::find(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
            let orders = orders::list(tx, scope, customer, &query)?;
            let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
            let handed = keys::of_orders(tx, scope, &ids)?;
            let mut products: Vec<ProductId> = orders
                .iter()
                .flat_map(|order| order.lines.iter().filter(|line| line.family.has_keys()))
                .map(|line| line.item.product.clone())
                .collect();
            products.sort_unstable();
            products.dedup();
            let versions = if products.is_empty() { Vec::new() } else { media::versions_of(tx, &products)? };
            let reserves = |order: &Order| order.lines.iter().any(|line| line.family == Family::Reservation);
            let left = if orders.iter().any(reserves) {
                returns::left_of_orders(tx, scope, &ids)?
            } else {
                HashMap::new()
            };
            Ok((orders, handed, versions, left))
        })
        .await?;
    let keys: Vec<AssignedKey> = handed.iter().map(|handed| handed.key).collect();
    let name = customer.to_string();
    let shown = Shown { customer: &name, keys: &handed, versions: &versions, reserved, now: call.cx.now };
    // A page is a page of orders: their entitlements are shown together.
    let paged = page.collection(&call, orders, |order| order.id.to_string(), |order| order)?;
    let whole = paged.map_items(|order| {
        let mut own = of_order(&order, &keys);
        // Of reservations there is what was not given back.
        for entitlement in &mut own {
            let line = (entitlement.order, entitlement.line.number);
            entitlement.line.quantity = left.get(&line).copied().unwrap_or(entitlement.line.quantity);
        }
        own.iter()
            .filter(|entitlement| families.contains(&entitlement.line.family))
            .map(|entitlement| shown.out(&order, entitlement, with_expiry, true))
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
    let wanted = Wanted {
        customer: call.customer()?,
        order: call.id("group", KEY)?,
        key: Which::Id(call.id("key", KEY)?),
        reason: call.header("MS-Reason").or(call.query.text("reason")).map(str::to_owned),
    };
    let (text, _) = open_key(&call.api, &call.cx, call.scope, wanted).await?;
    let out = KeyOut {
        kind: "product_key",
        product_key: text.to_string(),
        attributes: Attributes::of("ProductKeyArtifactDetails"),
    };
    Ok(Answer::ok(&out)?.holding_a_secret())
}

/// Opens a key: the log says so, and only then is the text unsealed. A refusal stands in the log too.
///
/// # Errors
/// Why it was not opened.
pub async fn open_key(
    api: &Api,
    cx: &Context,
    scope: Scope,
    wanted: Wanted,
) -> Result<(Zeroizing<String>, Opened), Error> {
    let installation = &api.installation;
    let (inner, vault) = (cx.clone(), Arc::clone(&installation.vault));
    let subject = match &wanted.key {
        Which::Id(id) => id.to_string(),
        Which::Version(line, version) => format!("{}/{line}/{version}", wanted.order),
    };
    let attempted = Entry::did(Operation::GetSoftwareKey, Resource::SoftwareKey, subject);
    let outcome: Result<Outcome, Error> =
        installation.store.write(cx.stamp(), move |tx| reveal(tx, &inner, &vault, &scope, &wanted)).await;
    let opened = match outcome {
        Ok(Outcome::Opened(opened)) => opened,
        Ok(Outcome::Asked(question)) => return Err(Refusal::SecondPersonNeeded { question }.into()),
        Err(error) if error.is_final() => {
            installation
                .store
                .write(cx.stamp(), move |_| Ok::<_, Error>(((), attempted.clone().failed())))
                .await?;
            return Err(error);
        }
        Err(error) => return Err(error),
    };
    installation.tell_low(&opened.low).await;
    let (vault, owner) = (Arc::clone(&installation.vault), Owner::Partner(scope.partner()));
    let (id, sealed) = (opened.id.to_string(), opened.sealed.clone());
    let text = installation.store.read(move |tx| vault.open(tx, owner, "product_keys", &id, &sealed)).await?;
    Ok((text, opened))
}
