//! Buying for a customer: the catalogue as it is for that customer, and putting something of it into the cart.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::access::Action;
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::calendar::{BillingCycle, Term, utc_date};
use chandlery_domain::cart::{Buyer, Listing, Wanted};
use chandlery_domain::catalog::{Family, Segment, Sku};
use chandlery_domain::ids::{CatalogItemId, ProductId};
use chandlery_domain::order::LINES_MAX;
use chandlery_store::catalog::Sold;
use chandlery_store::markets::NamedBlock;
use chandlery_store::{carts as stored, catalog, customers, markets, reservations};
use jiff::Timestamp;

use super::cart::back_to_cart;
use super::fields::Fields;
use super::product_pages::{Item, ProductRow, Products, Typed, Unavailable, Way};
use super::ward::{Head, Ward, ward};
use super::{Asked, Form, cut, failed, local, page};
use crate::app::carts::{self};
use crate::error::{Error, Missing};
use crate::texts::{self, Complaint, Language, Reader};

/// How many items one page shows.
const PAGE: i64 = 25;

/// What has keys and downloads, and what is bought for Azure.
pub(super) const SOFTWARE: &[Family] = &[Family::Subscription, Family::Perpetual];
pub(super) const AZURE: &[Family] = &[Family::Reservation, Family::LinuxPlan];

/// How something is sold, as forms name it.
pub(super) fn way_word(term: Term, plan: BillingCycle) -> String {
    format!("{}.{}", term.as_str(), plan.as_str())
}

/// The other way round.
pub(super) fn way_of(text: &str) -> Option<(Term, BillingCycle)> {
    let (term, plan) = text.split_once('.')?;
    Some((term.parse().ok()?, plan.parse().ok()?))
}

pub(super) fn way_label(reader: &Reader, term: Term, plan: BillingCycle) -> String {
    match term {
        Term::OneTime => reader.word("term", term.as_str()),
        _ => format!("{}, {}", reader.word("term", term.as_str()), reader.word("cycle", plan.as_str())),
    }
}

pub(super) fn tax_sentence(reader: &Reader, buyer: &Buyer, family: Family) -> String {
    let market = reader.country(buyer.customer.country);
    match buyer.market.price_includes_tax(family) {
        true => reader.t1("tax-included", "market", market),
        false => reader.t("tax-excluded"),
    }
}

fn item(
    reader: &Reader,
    buyer: &Buyer,
    (listing, sku): (Listing, Sku),
    now: Timestamp,
    typed: Option<&Typed>,
) -> Item {
    let offers = buyer.offers(&listing, listing.minimum_quantity, now);
    let why_not = offers.as_ref().err().map(|refusal| texts::refusal(reader, refusal));
    let ways = offers
        .unwrap_or_default()
        .into_iter()
        .map(|offer| {
            let label = way_label(reader, offer.term, offer.plan);
            Way {
                word: way_word(offer.term, offer.plan),
                label: format!("{label}: {}", reader.unit_price(offer.unit_price)),
            }
        })
        .collect();
    let bounds = (listing.minimum_quantity, listing.maximum_quantity);
    let id = listing.item.to_string();
    Item {
        typed: typed.filter(|own| own.item == id).cloned(),
        id,
        description: if sku.description == sku.title { String::new() } else { sku.description },
        title: sku.title,
        publisher: listing.product.1,
        family: reader.word("family-one", listing.family.as_str()),
        segment: reader.word("segment", listing.segment.as_str()),
        ways,
        tax: tax_sentence(reader, buyer, listing.family),
        range: reader.t2("field-range", "least", reader.number(bounds.0), "most", reader.number(bounds.1)),
        bounds,
        why_not,
    }
}

/// The begin of a name, as long as it takes to tell it from the other.
fn apart(name: Option<&String>, other: &str) -> String {
    let Some(name) = name else { return String::new() };
    let same = name.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    name.chars().take(same.saturating_add(1).max(2)).collect()
}

/// The markets where reservations are not sold: three columns, each read downward, in the order of the reader's language
/// (SEED-13), each headed by what it holds.
fn unavailable(reader: &Reader, buyer: &Buyer, list: &[NamedBlock]) -> Unavailable {
    let name = |own: &NamedBlock| {
        let [en, sv, de] = &own.names;
        match reader.language {
            Language::En => en.clone(),
            Language::Sv => sv.clone(),
            Language::De => de.clone(),
        }
    };
    let countries = [buyer.customer.country, buyer.partner.country];
    let here = list.iter().find(|own| countries.contains(&own.block.country)).map(|own| {
        if own.block.country == buyer.customer.country {
            reader.country(own.block.country)
        } else {
            name(own)
        }
    });
    let mut names: Vec<String> = list.iter().map(name).collect();
    reader.sort(&mut names, |own| own.as_str());
    let size = names.len().div_ceil(3).max(1);
    let (first, last) = (reader.t("unavailable-alphabet-begin"), reader.t("unavailable-alphabet-end"));
    let columns = (0..)
        .zip(names.chunks(size))
        .map(|(at, own): (usize, _)| {
            let begin = at.saturating_mul(size);
            let before = begin.checked_sub(1).and_then(|place| names.get(place));
            let after = names.get(begin.saturating_add(own.len()));
            let from = before.map_or(first.clone(), |other| apart(own.first(), other));
            let to = after.map_or(last.clone(), |other| apart(own.last(), other));
            (reader.t2("unavailable-column", "first", from, "last", to), own.to_vec())
        })
        .collect();
    Unavailable { here, count: names.len(), columns }
}

/// The catalogue, sieved as `form` says; with what was typed for an item that could not be put into the cart.
async fn catalogue(ward: &Ward, form: &Form, typed: Option<Typed>) -> Response {
    let tab = match form.text("tab") {
        "azure" => "azure",
        "online" => "online",
        _ => "software",
    };
    let of_tab = match tab {
        "azure" => AZURE,
        "online" => &[],
        _ => SOFTWARE,
    };
    let chosen: Option<Family> = form.text("family").parse().ok();
    let families: Vec<Family> =
        of_tab.iter().copied().filter(|own| chosen.is_none_or(|family| family == *own)).collect();
    let segment: Option<Segment> =
        Some(form.text("segment")).filter(|own| !own.is_empty()).and_then(|own| own.parse().ok());
    let publisher = Some(form.text("publisher").to_owned()).filter(|own| !own.is_empty());
    let product: Option<ProductId> = form.text("product").parse().ok();
    let by_product = form.text("view") == "product" && product.is_none();
    let sold = if form.text("sold") == "here" { Sold::Here } else { Sold::Anywhere };
    let (text, after) = (form.text("q").to_owned(), form.text("after").parse::<CatalogItemId>().ok());
    let (now, by, azure) = (ward.cx.now, ward.cx.actor_uuid(), tab == "azure");
    let after_product: Option<ProductId> = form.text("after").parse().ok();
    let wanted_product = product.clone();
    let read = ward
        .read(move |tx, scope, customer| {
            let buyer = customers::buyer(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
            let cart = stored::being_filled(tx, scope, customer, by, now)?;
            let market = buyer.customer.country;
            let (blocked, unready) = match azure {
                true => {
                    let blocked = markets::blocked_names(tx, Family::Reservation, utc_date(now))?;
                    let own = reservations::azure_subscriptions(tx, scope, customer)?;
                    (blocked, !own.iter().any(|one| one.active && one.registered_at.is_some()))
                }
                false => (Vec::new(), false),
            };
            let (mut items, mut products) = (Vec::new(), Vec::new());
            if by_product {
                let segments = segment.map_or(Segment::ALL.to_vec(), |own| vec![own]);
                let (after, limit) = (after_product, PAGE + 1);
                let query =
                    catalog::Query { families, segments, market, sold, text, publisher, after, limit };
                products = catalog::products(tx, &query, now)?;
            } else if !families.is_empty() {
                let limit = PAGE + 1;
                let search = catalog::Search {
                    families,
                    segment,
                    text,
                    product: wanted_product,
                    publisher,
                    market,
                    sold,
                    after,
                    limit,
                };
                items = catalog::search(tx, &search, now)?;
            }
            Ok((buyer, cart, (blocked, unready), items, products, catalog::publishers(tx, 200)?))
        })
        .await;
    let (buyer, cart, (blocked, unready), mut items, mut products, publishers) = match read {
        Ok(read) => read,
        Err(error) => return failed(&ward.api, &error),
    };
    let reader = &ward.reader;
    let more = cut(&mut items, PAGE);
    let link = |changes: &[(&str, &str)]| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for name in ["tab", "q", "family", "segment", "publisher", "sold", "product", "view"] {
            let value = changes.iter().find(|own| own.0 == name).map_or(form.text(name), |own| own.1);
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        for (name, value) in changes.iter().filter(|own| own.0 == "after") {
            query.append_pair(name, value);
        }
        format!("{}?{}", ward.at("/products"), query.finish())
    };
    let next = items.last().filter(|_| more).map(|own| link(&[("after", &own.0.item.to_string())]));
    let more_products = cut(&mut products, PAGE);
    let next_product =
        products.last().filter(|_| more_products).map(|own| link(&[("after", own.0.id.as_str())]));
    let shown = |typed: &Typed| items.iter().any(|own| own.0.item.to_string() == typed.item);
    let any = (String::new(), reader.t("any"));
    let products = products
        .into_iter()
        .map(|(own, family, here)| ProductRow {
            address: link(&[("product", own.id.as_str()), ("q", ""), ("view", "")]),
            title: own.title,
            publisher: own.publisher,
            family: reader.word("family-one", family.as_str()),
            why_not: (!here)
                .then(|| reader.t1("products-no-price", "market", reader.country(buyer.customer.country))),
        })
        .collect();
    let body = Products {
        frame: ward.frame(),
        head: Head::new(ward, &buyer.customer, "/products"),
        tab,
        fields: Fields::of(form),
        families: std::iter::once(any.clone())
            .chain(
                of_tab.iter().map(|own| (own.as_str().to_owned(), reader.word("family-one", own.as_str()))),
            )
            .collect(),
        publishers: std::iter::once(any.clone())
            .chain(publishers.into_iter().map(|own| (own.clone(), own)))
            .collect(),
        sold: vec![any.clone(), ("here".to_owned(), reader.t("products-sold-here"))],
        segments: std::iter::once(any)
            .chain(
                Segment::ALL
                    .iter()
                    .map(|own| (own.as_str().to_owned(), reader.word("segment", own.as_str()))),
            )
            .collect(),
        of_product: product.and_then(|_| items.first().map(|own| own.0.product.0.clone())),
        by_product,
        products,
        error: typed.as_ref().filter(|own| !shown(own)).map(|own| own.fault.clone()),
        items: items.into_iter().map(|own| item(reader, &buyer, own, now, typed.as_ref())).collect(),
        unready,
        next: next.or(next_product),
        unavailable: azure.then(|| unavailable(reader, &buyer, &blocked)),
        cart_lines: cart.map_or(0, |(own, _)| own.lines.len()),
        message: (form.text("done") == "added").then(|| reader.t("products-added")),
        agreed: buyer.agreed,
        flow: if typed.is_some() { left_at(ward) } else { ward.frame().path },
    };
    let status = if typed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page(&ward.api, status, &body)
}

/// `GET /customers/{customer}/products`.
pub(super) async fn list(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    match ward(&path, asked, Action::FillCart, "/customers").await {
        Ok(ward) => catalogue(&ward, &ward.form, None).await,
        Err(response) => response,
    }
}

/// Where the catalogue was left.
fn left_at(ward: &Ward) -> String {
    let own = ward.at("/products");
    let flow = local(ward.form.text("flow"));
    if flow.starts_with(&own) { flow.to_owned() } else { own }
}

/// The same, with a word about what was done.
fn back_to_catalogue(ward: &Ward) -> String {
    let base = left_at(ward);
    let base = base.split(['&', '?']).filter(|part| *part != "done=added").collect::<Vec<_>>().join("&");
    let base = base.replacen('&', "?", 1);
    format!("{base}{}done=added", if base.contains('?') { '&' } else { '?' })
}

/// `POST /customers/{customer}/products`.
pub(super) async fn add(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::FillCart, &back_to_cart(&path)).await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let item: Option<CatalogItemId> = ward.form.text("item").parse().ok();
    let way = way_of(ward.form.text("way"));
    let quantity: Option<u32> = ward.form.text("quantity").trim().parse().ok().filter(|own| *own > 0);
    // What was looked at stays as it was sieved, and what was typed stays where it was typed.
    let refused = async |fault: String| {
        let text = |name: &str| ward.form.text(name).to_owned();
        let typed = Typed { item: text("item"), way: text("way"), quantity: text("quantity"), fault };
        catalogue(&ward, &Form::of_address(&left_at(&ward)), Some(typed)).await
    };
    let (Some(item), Some((term, cycle)), Some(quantity)) = (item, way, quantity) else {
        return refused(ward.reader.t("products-add-wrong")).await;
    };
    let (scope, customer) = (ward.scope, ward.customer);
    let attempted = Entry::did(Operation::UpdateCart, Resource::Cart, "new");
    let done = ward
        .act(attempted, move |tx, cx| {
            let cart = stored::being_filled(tx, &scope, customer, cx.actor_uuid(), cx.now)?;
            let cart = cart.map(|(cart, _)| cart);
            let mut lines = cart.as_ref().map(|own| own.lines.clone()).unwrap_or_default();
            let same = |own: &&mut Wanted| own.item == item && own.term == Some(term) && own.cycle == cycle;
            match lines.iter_mut().find(same) {
                Some(line) => line.quantity = line.quantity.saturating_add(quantity),
                None => lines.push(Wanted {
                    number: u32::try_from(lines.len()).map_err(Error::internal)?,
                    item: item.clone(),
                    quantity,
                    term: Some(term),
                    cycle,
                    friendly_name: None,
                    reseller: None,
                    context: Vec::new(),
                }),
            }
            if lines.len() > LINES_MAX {
                let why = Complaint::of("complaint-cart-lines").with("most", LINES_MAX);
                return Err(Error::complaint("cart", why));
            }
            match cart {
                Some(cart) => carts::update(tx, cx, &scope, (customer, cart.id), &lines, None),
                None => carts::create(tx, cx, &scope, customer, &lines),
            }
        })
        .await;
    match done {
        Ok(_) => Redirect::to(&back_to_catalogue(&ward)).into_response(),
        Err(Error::Refused(refusal)) => refused(texts::refusal(&ward.reader, &refusal)).await,
        Err(error) => failed(&ward.api, &error),
    }
}
