//! What can be downloaded of a SKU, and links to it, in the shape of June 2018 (contract 6.3).

use chandlery_domain::audit::{Entry, Operation, Resource, Side};
use chandlery_domain::ids::{CustomerId, MediumId, OrderId, ProductId, SkuId};
use chandlery_domain::key::LineRef;
use chandlery_domain::link::{Link as DownloadLink, Standing};
use chandlery_domain::market::Country;
use chandlery_domain::media::{Medium, no_such_medium};
use chandlery_domain::refusal::Refusal;
use chandlery_store::links::{Issued, Record};
use chandlery_store::media::Stored;
use chandlery_store::{Read, catalog, customers, links, markets, media, orders};
use serde::Serialize;

use super::answer::{Answer, Attributes, Collection, JsonInstant, Link};
use super::call::Call;
use super::words::language_name;
use crate::app::issue_link::{Token, Wanted, issue};
use crate::error::{Error, Missing};

/// How many links and downloads of a line are shown.
const SHOWN_MAX: i64 = 200;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OptionOut {
    option_key: String,
    option_title: String,
    display_rank: usize,
    cp_uand_file_type: String,
    language_code: String,
    language_name: String,
    file_size: u64,
    file_name: String,
    version: String,
    sha256: String,
    manifest: Link,
    download_link: Link,
    attributes: Attributes,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LinkOut {
    uri: String,
    method: &'static str,
    headers: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiry_date: Option<JsonInstant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum_downloads: Option<u16>,
}

/// The media of a product in the order in which they are shown: newest version first, then by language.
pub fn in_order(mut list: Vec<Stored>) -> Vec<Medium> {
    list.sort_by(|left, right| {
        let (left, right) = (&left.medium.choice, &right.medium.choice);
        right.version.cmp(&left.version).then_with(|| left.cmp(right))
    });
    list.into_iter().map(|own| own.medium).collect()
}

fn sku_media(tx: &mut Read<'_>, product: &ProductId, sku: &SkuId) -> Result<(String, Vec<Medium>), Error> {
    let title = media::product_title(tx, product)?.ok_or(Error::NotFound(Missing::Product))?;
    if catalog::items_of_sku(tx, product, sku)?.is_empty() {
        return Err(Error::NotFound(Missing::Sku));
    }
    Ok((title, in_order(media::of_product(tx, product)?)))
}

/// For whom something is asked: a customer of the path, or whoever lives in a country.
#[derive(Clone, Copy)]
enum Whom {
    Customer(CustomerId),
    Country(Country),
}

fn whom(call: &Call) -> Result<Whom, Error> {
    if call.has_param("customer") {
        return call.customer().map(Whom::Customer);
    }
    call.query.required::<Country>("country").map(Whom::Country)
}

fn check(call_whom: Whom, tx: &mut Read<'_>, scope: &chandlery_domain::access::Scope) -> Result<(), Error> {
    match call_whom {
        Whom::Customer(id) => {
            customers::find(tx, scope, id)?.map(drop).ok_or(Error::NotFound(Missing::Customer))
        }
        Whom::Country(country) => {
            let known = markets::find(tx, country)?.is_some();
            if known {
                Ok(())
            } else {
                Err(Error::invalid("country", "must be the code of a market, such as US"))
            }
        }
    }
}

/// `GET …/products/{product}/skus/{sku}/downloadoptions`.
///
/// # Errors
/// When product, SKU or customer are not there.
pub async fn options(call: Call) -> Result<Answer, Error> {
    let product: ProductId = call.id("product", Missing::Product)?;
    let sku: SkuId = call.id("sku", Missing::Sku)?;
    let whom = whom(&call)?;
    let (title, list) = call
        .read({
            let (product, sku) = (product.clone(), sku.clone());
            move |tx, _, scope| {
                check(whom, tx, scope)?;
                sku_media(tx, &product, &sku)
            }
        })
        .await?;
    let (base, query) = match whom {
        Whom::Customer(id) => (format!("/customers/{id}"), String::new()),
        Whom::Country(country) => (String::new(), format!("?country={country}")),
    };
    let path = format!("{base}/products/{product}/skus/{sku}");
    let address = call.api.address(call.headers());
    let items = list
        .into_iter()
        .enumerate()
        .map(|(rank, medium)| option_out(rank, &title, medium, (&address, &path, &query)))
        .collect();
    Answer::ok(&Collection::whole(items, call.uri.clone()))
}

fn option_out(
    rank: usize,
    title: &str,
    medium: Medium,
    (address, base, query): (&str, &str, &str),
) -> OptionOut {
    let key = medium.id.uuid().simple().to_string();
    let choice = &medium.choice;
    let version = choice.version.as_str();
    OptionOut {
        option_title: if title.contains(version) { title.to_owned() } else { format!("{title} {version}") },
        display_rank: rank,
        cp_uand_file_type: choice.cpu_and_file_type(),
        language_code: choice.language.to_string(),
        language_name: language_name(choice.language.as_str()),
        file_size: medium.size,
        file_name: medium.name.to_string(),
        version: version.to_owned(),
        sha256: medium.sha256.to_string(),
        manifest: Link::get(format!("{address}/media/{key}/manifest")),
        download_link: Link::get(format!("{base}/downloadoptions/{key}/downloadlink{query}")),
        option_key: key,
        attributes: Attributes::of("SkuDownloadOptions"),
    }
}

/// The purchase a link hangs on: the one that is named, or the newest of the SKU.
fn purchase(
    tx: &mut Read<'_>,
    scope: &chandlery_domain::access::Scope,
    (product, sku): (&ProductId, &SkuId),
    whom: Whom,
    named: Option<LineRef>,
) -> Result<(CustomerId, LineRef), Error> {
    if let (Some(line), Whom::Customer(customer)) = (named, whom) {
        return Ok((customer, line));
    }
    let items = catalog::items_of_sku(tx, product, sku)?;
    let place = match whom {
        Whom::Customer(customer) => (Some(customer), None),
        Whom::Country(country) => (None, Some(country)),
    };
    let found = orders::newest_of_items(tx, scope, &items, place)?;
    let (customer, order, line) = found.ok_or(Error::Refused(Refusal::NothingBought))?;
    Ok((customer, LineRef { order, line }))
}

/// `GET …/downloadoptions/{option}/downloadlink`: issues a link. With a customer in the path, `orderId` and `lineItemId`
/// name the purchase; without, it is the newest of the SKU.
///
/// # Errors
/// When there is no such medium, or nothing was bought that it belongs to.
pub async fn link(call: Call) -> Result<Answer, Error> {
    let product: ProductId = call.id("product", Missing::Product)?;
    let sku: SkuId = call.id("sku", Missing::Sku)?;
    let whom = whom(&call)?;
    let option = call.id::<MediumId>("option", Missing::Other("download option"));
    let order: Option<OrderId> = call.query.parsed("orderId")?;
    let line: u32 = call.query.parsed("lineItemId")?.unwrap_or(0);
    let named = order.map(|order| LineRef { order, line });
    let token = Token::draw(call.scope.partner());
    let (cx, scope, digest) = (call.cx.clone(), call.scope, token.digest().to_owned());
    let attempted =
        Entry::did(Operation::GetSoftwareDownloadLink, Resource::SoftwareDownloadLink, "").failed();
    let issued: Result<(DownloadLink, Medium), Error> = call
        .api
        .installation
        .store
        .write(cx.stamp(), move |tx| {
            check(whom, tx, &scope)?;
            let (_, list) = sku_media(tx, &product, &sku)?;
            let known = option.as_ref().ok().and_then(|id| list.iter().find(|own| own.id == *id));
            let Some(medium) = known else { return Err(no_such_medium(&list).into()) };
            let (customer, line) = purchase(tx, &scope, (&product, &sku), whom, named)?;
            let wanted = Wanted { customer, line, medium: medium.id };
            issue(tx, &cx, &scope, Side::Partner, &wanted, &digest)
        })
        .await;
    let (link, medium) = match issued {
        Ok(issued) => issued,
        Err(error) if error.is_final() => {
            let store = &call.api.installation.store;
            store.write(call.cx.stamp(), move |_| Ok::<_, Error>(((), attempted.clone()))).await?;
            return Err(error);
        }
        Err(error) => return Err(error),
    };
    let out = LinkOut {
        uri: call.api.download_url(call.headers(), &token, &medium),
        method: "GET",
        headers: Vec::new(),
        expiry_date: link.ends_at().map_err(Refusal::from)?.map(JsonInstant),
        maximum_downloads: link.life.max_downloads,
    };
    Ok(Answer::ok(&out)?.holding_a_secret())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct IssuedOut {
    id: String,
    file_name: Option<String>,
    issued_date: JsonInstant,
    issued_by: String,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiry_date: Option<JsonInstant>,
    downloads: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum_downloads: Option<u16>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DownloadOut {
    link_id: String,
    address: String,
    began_date: JsonInstant,
    #[serde(skip_serializing_if = "Option::is_none")]
    completed_date: Option<JsonInstant>,
    bytes: u64,
}

#[derive(Serialize)]
struct MadeOut {
    links: Vec<IssuedOut>,
    downloads: Vec<DownloadOut>,
    attributes: Attributes,
}

const fn standing_word(standing: Standing) -> &'static str {
    match standing {
        Standing::Live { .. } => "live",
        Standing::Expired { .. } => "expired",
        Standing::UsedUp => "used_up",
        Standing::Revoked { .. } => "revoked",
    }
}

/// `GET /customers/{customer}/orders/{order}/lines/{line}/downloads`: the links of a purchase, and who used them.
///
/// # Errors
/// When the purchase is not there.
pub async fn made(call: Call) -> Result<Answer, Error> {
    let customer = call.customer()?;
    let order = call.id("order", Missing::Order)?;
    let number: u32 = call.id("line", Missing::Other("line"))?;
    let (issued, made, media) = call
        .read(move |tx, _, scope| {
            let (order, _) =
                orders::find(tx, scope, customer, order)?.ok_or(Error::NotFound(Missing::Order))?;
            let place = LineRef { order: order.id, line: order.line(number)?.number };
            let issued: Vec<Issued> = links::of_line(tx, scope, place, SHOWN_MAX)?;
            let made: Vec<Record> = links::downloads_of_line(tx, scope, place, SHOWN_MAX)?;
            let ids: Vec<MediumId> = issued.iter().map(|own| own.link.medium).collect();
            let media = media::named(tx, &ids)?;
            Ok((issued, made, media))
        })
        .await?;
    let now = call.cx.now;
    let links = issued
        .into_iter()
        .map(|own| {
            let link = own.link;
            let standing = link.standing(now).map_err(Refusal::from)?;
            Ok(IssuedOut {
                id: link.id.to_string(),
                file_name: media
                    .iter()
                    .find(|medium| medium.id == link.medium)
                    .map(|own| own.name.to_string()),
                issued_date: JsonInstant(link.issued_at),
                issued_by: own.by,
                state: standing_word(standing),
                expiry_date: link.ends_at().map_err(Refusal::from)?.map(JsonInstant),
                downloads: link.used,
                maximum_downloads: link.life.max_downloads,
            })
        })
        .collect::<Result<_, Error>>()?;
    let downloads = made
        .into_iter()
        .map(|own| DownloadOut {
            link_id: own.link.to_string(),
            address: own.client,
            began_date: JsonInstant(own.began_at),
            completed_date: own.download.completed_at.map(JsonInstant),
            bytes: own.download.covered.total().min(own.download.sent),
        })
        .collect();
    Answer::ok(&MadeOut { links, downloads, attributes: Attributes::of("Downloads") })
}
