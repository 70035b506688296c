//! The catalogue: product → SKU → availability, by country or for a customer (contract 3). Prices are never in it.

use chandlery_domain::calendar::{Term, utc_date};
use chandlery_domain::cart::Listing;
use chandlery_domain::catalog::{Family, Product, Segment, Sku};
use chandlery_domain::customer::Partner;
use chandlery_domain::ids::{AvailabilityId, ProductId, SkuId};
use chandlery_domain::market::{Block, Country, Market, blocked};
use chandlery_domain::policy::{Credit, PolicyBook, Window};
use chandlery_store::catalog::{self, Query as CatalogQuery};
use chandlery_store::{Read, customers, markets, partners, policies};
use jiff::Timestamp;
use serde::Serialize;

use super::answer::{Answer, Collection, Link};
use super::call::Call;
use super::paging::Page;
use super::words;
use crate::app::Context;
use crate::error::{Error, Missing};

/// The most products on one page.
const PAGE_MAX: u32 = 1000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProductType {
    id: &'static str,
    display_name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_type: Option<SubType>,
}

impl ProductType {
    /// The type of a family's products.
    pub(super) fn of(family: Family) -> Self {
        let (id, display_name) = words::product_type(family);
        let sub_type = matches!(family, Family::Reservation)
            .then_some(SubType { id: "VirtualMachines", display_name: "Virtual Machines" });
        Self { id, display_name, sub_type }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SubType {
    id: &'static str,
    display_name: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProductOut {
    id: String,
    title: String,
    description: String,
    product_type: ProductType,
    is_microsoft_product: bool,
    publisher_name: String,
    links: ProductLinks,
}

#[derive(Serialize)]
struct ProductLinks {
    skus: Link,
    #[serde(rename = "self")]
    own: Link,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SkuOut {
    id: String,
    product_id: String,
    title: String,
    description: String,
    minimum_quantity: u32,
    maximum_quantity: u32,
    is_trial: bool,
    supported_billing_cycles: Vec<&'static str>,
    purchase_prerequisites: Vec<&'static str>,
    inventory_variables: Vec<&'static str>,
    provisioning_variables: Vec<&'static str>,
    dynamic_attributes: serde_json::Map<String, serde_json::Value>,
    links: SkuLinks,
}

#[derive(Serialize)]
struct SkuLinks {
    availabilities: Link,
    #[serde(rename = "self")]
    own: Link,
}

#[derive(Serialize)]
struct CurrencyOut {
    code: String,
    symbol: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RefundOption {
    sequence_id: u32,
    #[serde(rename = "type")]
    kind: &'static str,
    expires_after: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CancellationPolicyOut {
    refund_options: Vec<RefundOption>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TermOut {
    id: String,
    duration: &'static str,
    description: &'static str,
    billing_cycle: &'static str,
    cancellation_policies: Vec<CancellationPolicyOut>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AvailabilityOut {
    id: String,
    product_id: String,
    sku_id: String,
    catalog_item_id: String,
    default_currency: CurrencyOut,
    segment: &'static str,
    country: String,
    is_purchasable: bool,
    is_renewable: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    terms: Vec<TermOut>,
    product: ProductOut,
    sku: SkuOut,
    links: OwnLink,
}

#[derive(Serialize)]
struct OwnLink {
    #[serde(rename = "self")]
    own: Link,
}

/// For whom the catalogue is read: a country, or a customer with the country and the segments that are its own.
struct Reader {
    market: Market,
    segments: Vec<Segment>,
    partner: Partner,
    blocks: Vec<Block>,
    /// What stands before `/products` in links, and the query behind them.
    prefix: String,
    suffix: String,
}

impl Reader {
    fn may_see(&self, family: Family, now: Timestamp) -> bool {
        let countries = [self.market.country, self.partner.country];
        blocked(&self.blocks, family, &countries, utc_date(now)).is_none()
    }
}

fn reader(
    tx: &mut Read<'_>,
    call: &Wanted,
    scope: &chandlery_domain::access::Scope,
) -> Result<Reader, Error> {
    let (market, allowed, partner, blocks, prefix, suffix) = match &call.whose {
        Whose::Customer(id) => {
            let buyer = customers::buyer(tx, scope, *id)?.ok_or(Error::NotFound(Missing::Customer))?;
            let may = buyer.customer.qualification;
            let allowed: Vec<Segment> =
                Segment::ALL.into_iter().filter(|segment| may.may_buy(*segment)).collect();
            (buyer.market, allowed, buyer.partner, buyer.blocks, format!("/customers/{id}"), String::new())
        }
        Whose::Country(country) => {
            let partner =
                partners::find(tx, scope)?.ok_or_else(|| Error::internal("the partner is not there"))?;
            let market = markets::find(tx, *country)?
                .ok_or_else(|| Error::invalid("country", format!("{country} is not a market")))?;
            let blocks = markets::blocks(tx, &[*country, partner.country])?;
            (market, Segment::ALL.to_vec(), partner, blocks, String::new(), format!("?country={country}"))
        }
    };
    let segments = match call.segment {
        None => allowed,
        Some(segment) => allowed.into_iter().filter(|own| *own == segment).collect(),
    };
    Ok(Reader { market, segments, partner, blocks, prefix, suffix })
}

#[derive(Clone)]
enum Whose {
    Customer(chandlery_domain::ids::CustomerId),
    Country(Country),
}

/// What of the query and the path all catalogue calls share.
#[derive(Clone)]
struct Wanted {
    whose: Whose,
    segment: Option<Segment>,
}

impl Wanted {
    fn of(call: &Call) -> Result<Self, Error> {
        let whose = if call.has_param("customer") {
            Whose::Customer(call.customer()?)
        } else {
            Whose::Country(call.query.required("country")?)
        };
        Ok(Self { whose, segment: call.query.parsed("targetSegment")? })
    }
}

fn product_out(product: &Product, family: Family, reader: &Reader) -> ProductOut {
    let (prefix, suffix) = (&reader.prefix, &reader.suffix);
    ProductOut {
        id: product.id.to_string(),
        title: product.title.clone(),
        description: product.title.clone(),
        product_type: ProductType::of(family),
        is_microsoft_product: product.publisher.to_ascii_lowercase().contains("microsoft"),
        publisher_name: product.publisher.clone(),
        links: ProductLinks {
            skus: Link::get(format!("{prefix}/products/{}/skus{suffix}", product.id)),
            own: Link::get(format!("{prefix}/products/{}{suffix}", product.id)),
        },
    }
}

fn sku_out(sku: &Sku, listings: &[&Listing], reader: &Reader) -> SkuOut {
    let mut cycles: Vec<&'static str> = Vec::new();
    for row in listings.iter().flat_map(|listing| &listing.prices) {
        let word = words::billing_cycle(row.plan);
        if !cycles.contains(&word) {
            cycles.push(word);
        }
    }
    let reservation = sku.family == Family::Reservation;
    let base = format!("{}/products/{}/skus/{}", reader.prefix, sku.product, sku.id);
    SkuOut {
        id: sku.id.to_string(),
        product_id: sku.product.to_string(),
        title: sku.title.clone(),
        description: sku.description.clone(),
        minimum_quantity: sku.minimum_quantity,
        maximum_quantity: sku.maximum_quantity,
        is_trial: false,
        supported_billing_cycles: cycles,
        purchase_prerequisites: if reservation {
            vec!["InventoryCheck", "AzureSubscriptionRegistration"]
        } else {
            vec!["MicrosoftCustomerAgreement"]
        },
        inventory_variables: if reservation { vec!["CustomerId", "AzureSubscriptionId"] } else { Vec::new() },
        provisioning_variables: if reservation {
            vec!["Scope", "SubscriptionId", "Duration"]
        } else {
            Vec::new()
        },
        dynamic_attributes: serde_json::Map::new(),
        links: SkuLinks {
            availabilities: Link::get(format!("{base}/availabilities{}", reader.suffix)),
            own: Link::get(format!("{base}{}", reader.suffix)),
        },
    }
}

fn iso_window(window: Window) -> String {
    match window {
        Window::Days(days) => format!("P{days}D"),
        Window::Hours(hours) if hours % 24 == 0 => format!("P{}D", hours / 24),
        Window::Hours(hours) => format!("PT{hours}H"),
    }
}

/// What can be given back and until when, as the public model states it on the term (contract 3.4).
fn cancellation_policies(book: &PolicyBook, family: Family, now: Timestamp) -> Vec<CancellationPolicyOut> {
    let Some(rule) = book.cancellation(family, utc_date(now)) else {
        return Vec::new();
    };
    let mut refund_options = Vec::new();
    let expires_after = iso_window(rule.window);
    match rule.credit {
        Credit::Full => refund_options.push(RefundOption { sequence_id: 0, kind: "Full", expires_after }),
        Credit::Prorated { full_within_hours, .. } => {
            if full_within_hours > 0 {
                let expires_after = iso_window(Window::Hours(full_within_hours));
                refund_options.push(RefundOption { sequence_id: 0, kind: "Full", expires_after });
            }
            let sequence_id = u32::try_from(refund_options.len()).unwrap_or(0);
            refund_options.push(RefundOption { sequence_id, kind: "Partial", expires_after });
        }
    }
    vec![CancellationPolicyOut { refund_options }]
}

const fn term_description(term: Term) -> &'static str {
    match term {
        Term::OneTime => "One-time purchase",
        Term::Month => "1 Month Prepaid",
        Term::Year => "1 Year Prepaid",
        Term::ThreeYears => "3 Years Prepaid",
        Term::FiveYears => "5 Years Prepaid",
    }
}

fn availability_out(
    listing: &Listing,
    (product, sku): (&Product, &Sku),
    reader: &Reader,
    book: &PolicyBook,
    now: Timestamp,
) -> AvailabilityOut {
    let own = reader.partner.currency;
    let currency = if listing.prices.iter().any(|row| row.unit_price.currency() == own) {
        own
    } else {
        reader.market.currency
    };
    let mut ways: Vec<_> = listing
        .prices
        .iter()
        .filter(|row| row.term != Term::OneTime && row.unit_price.currency() == currency)
        .map(|row| (row.term, row.plan))
        .collect();
    ways.sort_unstable();
    ways.dedup();
    let terms = ways
        .into_iter()
        .map(|(term, plan)| TermOut {
            id: format!("{}-{}", term.as_str(), plan.as_str()).to_ascii_lowercase(),
            duration: words::duration(term),
            description: term_description(term),
            billing_cycle: plan.as_str(),
            cancellation_policies: cancellation_policies(book, listing.family, now),
        })
        .collect();
    let uri = format!(
        "{}/products/{}/skus/{}/availabilities/{}{}",
        reader.prefix, listing.item.product, listing.item.sku, listing.item.availability, reader.suffix
    );
    AvailabilityOut {
        id: listing.item.availability.to_string(),
        product_id: listing.item.product.to_string(),
        sku_id: listing.item.sku.to_string(),
        catalog_item_id: listing.item.to_string(),
        default_currency: CurrencyOut { code: currency.to_string(), symbol: currency.symbol().to_owned() },
        segment: listing.segment.as_str(),
        country: reader.market.country.to_string(),
        is_purchasable: true,
        is_renewable: listing.family == Family::Subscription,
        terms,
        product: product_out(product, listing.family, reader),
        sku: sku_out(sku, &[listing], reader),
        links: OwnLink { own: Link::get(uri) },
    }
}

/// `GET /products` and `GET /customers/{customer}/products`.
///
/// # Errors
/// When country, view, segment or size cannot be read.
pub async fn list(call: Call) -> Result<Answer, Error> {
    let view: String = call.query.required("targetView")?;
    let families = words::view(&view)
        .ok_or_else(|| Error::invalid("targetView", "must be a view such as Software, SoftwarePerpetual, SoftwareSubscriptions, AzureReservations or SoftwareSUSELinux"))?;
    let wanted = Wanted::of(&call)?;
    let page = Page::of(&call, PAGE_MAX, "")?;
    let (after, limit) = (page.after::<ProductId>()?, page.limit());
    let (reader, rows) = call
        .read(move |tx, cx, scope| {
            let reader = reader(tx, &wanted, scope)?;
            let families =
                families.iter().copied().filter(|family| reader.may_see(*family, cx.now)).collect();
            let query = CatalogQuery {
                families,
                segments: reader.segments.clone(),
                market: reader.market.country,
                sold: catalog::Sold::Here,
                text: String::new(),
                publisher: None,
                after,
                limit,
            };
            let rows = catalog::products(tx, &query, cx.now)?;
            Ok((reader, rows))
        })
        .await?;
    let show = |(product, family, _): (Product, Family, bool)| product_out(&product, family, &reader);
    Answer::ok(&page.collection(&call, rows, |(product, _, _)| product.id.to_string(), show)?)
}

/// A product with everything of it that this reader may see.
struct Found {
    reader: Reader,
    product: Product,
    family: Family,
    listings: Vec<(Listing, Sku)>,
    book: PolicyBook,
}

fn find(
    tx: &mut Read<'_>,
    cx: &Context,
    scope: &chandlery_domain::access::Scope,
    wanted: &Wanted,
    id: &ProductId,
) -> Result<Found, Error> {
    let reader = reader(tx, wanted, scope)?;
    let (product, _) = catalog::product(tx, id)?.ok_or(Error::NotFound(Missing::Product))?;
    let listings: Vec<(Listing, Sku)> = catalog::listings_of_product(tx, id, reader.market.country, cx.now)?
        .into_iter()
        .filter(|(listing, _)| {
            !listing.prices.is_empty()
                && reader.segments.contains(&listing.segment)
                && reader.may_see(listing.family, cx.now)
        })
        .collect();
    let family =
        listings.first().map(|(listing, _)| listing.family).ok_or(Error::NotFound(Missing::Product))?;
    let book = policies::in_force(tx)?;
    Ok(Found { reader, product, family, listings, book })
}

async fn found(call: &Call) -> Result<Found, Error> {
    let id: ProductId = call.id("product", Missing::Product)?;
    let wanted = Wanted::of(call)?;
    call.read(move |tx, cx, scope| find(tx, cx, scope, &wanted, &id)).await
}

impl Found {
    fn of_sku(&self, id: &SkuId) -> Result<(&Sku, Vec<&Listing>), Error> {
        let listings: Vec<&Listing> =
            self.listings.iter().filter(|(_, sku)| sku.id == *id).map(|(listing, _)| listing).collect();
        let sku = self.listings.iter().map(|(_, sku)| sku).find(|sku| sku.id == *id);
        Ok((sku.ok_or(Error::NotFound(Missing::Sku))?, listings))
    }
}

/// `GET …/products/{product}`.
///
/// # Errors
/// When it is not there for this reader.
pub async fn get(call: Call) -> Result<Answer, Error> {
    let found = found(&call).await?;
    Answer::ok(&product_out(&found.product, found.family, &found.reader))
}

/// `GET …/products/{product}/skus`.
///
/// # Errors
/// When the product is not there for this reader.
pub async fn skus(call: Call) -> Result<Answer, Error> {
    let found = found(&call).await?;
    let mut ids: Vec<&SkuId> = found.listings.iter().map(|(_, sku)| &sku.id).collect();
    ids.dedup();
    let items = ids
        .into_iter()
        .map(|id| found.of_sku(id).map(|(sku, listings)| sku_out(sku, &listings, &found.reader)))
        .collect::<Result<Vec<_>, _>>()?;
    Answer::ok(&Collection::whole(items, call.uri.clone()))
}

/// `GET …/skus/{sku}`.
///
/// # Errors
/// When it is not there for this reader.
pub async fn sku(call: Call) -> Result<Answer, Error> {
    let found = found(&call).await?;
    let (sku, listings) = found.of_sku(&call.id("sku", Missing::Sku)?)?;
    Answer::ok(&sku_out(sku, &listings, &found.reader))
}

/// `GET …/skus/{sku}/availabilities`.
///
/// # Errors
/// When the SKU is not there for this reader.
pub async fn availabilities(call: Call) -> Result<Answer, Error> {
    let found = found(&call).await?;
    let (sku, listings) = found.of_sku(&call.id("sku", Missing::Sku)?)?;
    let show = |listing: &&Listing| {
        availability_out(listing, (&found.product, sku), &found.reader, &found.book, call.cx.now)
    };
    let items = listings.iter().map(show).collect();
    Answer::ok(&Collection::whole(items, call.uri.clone()))
}

/// `GET …/availabilities/{availability}`.
///
/// # Errors
/// When it is not there for this reader.
pub async fn availability(call: Call) -> Result<Answer, Error> {
    let found = found(&call).await?;
    let id: AvailabilityId = call.id("availability", Missing::Availability)?;
    let (sku, listings) = found.of_sku(&call.id("sku", Missing::Sku)?)?;
    let listing = listings
        .into_iter()
        .find(|listing| listing.item.availability == id)
        .ok_or(Error::NotFound(Missing::Availability))?;
    Answer::ok(&availability_out(listing, (&found.product, sku), &found.reader, &found.book, call.cx.now))
}
