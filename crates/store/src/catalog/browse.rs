//! Looking through the catalogue: by words, product, publisher and segment, in one market.

use std::collections::HashSet;

use chandlery_domain::cart::Listing;
use chandlery_domain::catalog::{Family, Product, Segment, Sku};
use chandlery_domain::ids::{CatalogItemId, ProductId};
use chandlery_domain::market::Country;
use diesel::prelude::*;
use jiff::Timestamp;

use super::{ItemRow, ProductRow, Row, SkuRow, gather, priced_items};
use crate::columns::read;
use crate::db::{Read, both};
use crate::error::Error;
use crate::schema::{items, prices, products, skus};

/// What of the catalogue is wanted, by where it is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sold {
    /// What has a price in the market.
    Here,
    /// What has a price in any: whoever looks for it learns that it is not sold here.
    Anywhere,
}

/// What somebody who fills a cart looks for.
#[derive(Debug, Clone)]
pub struct Search {
    /// Only these families.
    pub families: Vec<Family>,
    /// Only items for this segment; every segment without one.
    pub segment: Option<Segment>,
    /// Only what has these words in its name, whatever their case.
    pub text: String,
    /// Only this product.
    pub product: Option<ProductId>,
    /// Only what this publisher publishes.
    pub publisher: Option<String>,
    /// The market whose prices are wanted.
    pub market: Country,
    /// Whether only what has a price there.
    pub sold: Sold,
    /// After this item.
    pub after: Option<CatalogItemId>,
    /// How many.
    pub limit: i64,
}

/// A page of the items on sale at an instant, by id, each with its SKU and its prices in the market.
///
/// # Errors
/// The store's own.
pub fn search(tx: &mut Read<'_>, wanted: &Search, at: Timestamp) -> Result<Vec<(Listing, Sku)>, Error> {
    let (market, now) = (wanted.market.to_string(), at.as_microsecond());
    let families: Vec<&str> = wanted.families.iter().map(|family| family.as_str()).collect();
    let words = words_of(&wanted.text);
    let ids: Vec<String> = both!(tx, |c| {
        let on_sale = prices::table
            .filter(prices::item.eq(items::id))
            .filter(prices::starts_at.le(now).and(prices::ends_at.ge(now)))
            .select(prices::item);
        let mut query = items::table
            .inner_join(
                skus::table.on(skus::product_id.eq(items::product_id).and(skus::id.eq(items::sku_id))),
            )
            .inner_join(products::table.on(products::id.eq(items::product_id)))
            .filter(skus::family.eq_any(&families))
            .select(items::id)
            .into_boxed();
        query = match wanted.sold {
            Sold::Here => query.filter(diesel::dsl::exists(on_sale.filter(prices::market.eq(&market)))),
            Sold::Anywhere => query.filter(diesel::dsl::exists(on_sale)),
        };
        if let Some(segment) = wanted.segment {
            query = query.filter(items::segment.eq(segment.as_str()));
        }
        if let Some(product) = &wanted.product {
            query = query.filter(items::product_id.eq(product.as_str()));
        }
        if let Some(publisher) = &wanted.publisher {
            query = query.filter(products::publisher.eq(publisher));
        }
        for word in &words {
            query = query.filter(
                crate::audit::lower(skus::title.nullable())
                    .like(word)
                    .escape('\\')
                    .or(crate::audit::lower(products::title.nullable()).like(word).escape('\\'))
                    .or(crate::audit::lower(items::id.nullable()).like(word).escape('\\')),
            );
        }
        if let Some(after) = &wanted.after {
            query = query.filter(items::id.gt(after.to_string()));
        }
        query.order(items::id.asc()).limit(wanted.limit).load(c)
    })?;
    gather(both!(tx, |c| priced_items!(&market, now).filter(items::id.eq_any(&ids)).load(c))?)
}

/// What a search for these words looks for.
fn words_of(text: &str) -> Vec<String> {
    let words = text.split_whitespace().take(8);
    words.map(|word| format!("%{}%", crate::audit::escape(&word.to_lowercase()))).collect()
}

/// Products that have these words in their title or in one of their SKUs', by title, each with a family it is sold in.
///
/// # Errors
/// The store's own.
pub fn titled(tx: &mut Read<'_>, text: &str, limit: i64) -> Result<Vec<(Product, Family)>, Error> {
    let words = words_of(text);
    let rows: Vec<(ProductRow, Option<String>)> = both!(tx, |c| {
        let family =
            skus::table.filter(skus::product_id.eq(products::id)).select(diesel::dsl::min(skus::family));
        let mut query = products::table
            .filter(diesel::dsl::exists(skus::table.filter(skus::product_id.eq(products::id))))
            .select((ProductRow::as_select(), family.single_value()))
            .into_boxed();
        for word in &words {
            let of_sku = skus::table
                .filter(skus::product_id.eq(products::id))
                .filter(crate::audit::lower(skus::title.nullable()).like(word).escape('\\'));
            query = query.filter(
                crate::audit::lower(products::title.nullable())
                    .like(word)
                    .escape('\\')
                    .or(diesel::dsl::exists(of_sku)),
            );
        }
        query.order((products::title.asc(), products::id.asc())).limit(limit).load(c)
    })?;
    rows.into_iter()
        .map(|(product, family)| {
            let family = family.ok_or_else(|| Error::broken("skus.family", &product.id))?;
            Ok((product.read()?, read("skus.family", &family)?))
        })
        .collect()
}

/// Who publishes what is in the catalogue.
///
/// # Errors
/// The store's own.
pub fn publishers(tx: &mut Read<'_>, limit: i64) -> Result<Vec<String>, Error> {
    Ok(both!(tx, |c| products::table
        .select(products::publisher)
        .distinct()
        .order(products::publisher.asc())
        .limit(limit)
        .load(c))?)
}

/// What a reader of the catalogue wants.
#[derive(Debug, Clone)]
pub struct Query {
    /// Only these families.
    pub families: Vec<Family>,
    /// Only items for these segments.
    pub segments: Vec<Segment>,
    /// The market.
    pub market: Country,
    /// Whether only what has a price there.
    pub sold: Sold,
    /// Only what has all these words in its title or in a SKU's.
    pub text: String,
    /// Only what this publisher makes.
    pub publisher: Option<String>,
    /// After this product.
    pub after: Option<ProductId>,
    /// How many.
    pub limit: i64,
}

/// A page of the products on sale at an instant, by id, each with one of its families, and whether it is sold in the market.
///
/// # Errors
/// The store's own.
pub fn products(
    tx: &mut Read<'_>,
    wanted: &Query,
    at: Timestamp,
) -> Result<Vec<(Product, Family, bool)>, Error> {
    let (market, at) = (wanted.market.to_string(), at.as_microsecond());
    let families: Vec<&str> = wanted.families.iter().map(|family| family.as_str()).collect();
    let segments: Vec<&str> = wanted.segments.iter().map(|segment| segment.as_str()).collect();
    let after = wanted.after.as_ref().map_or(String::new(), ToString::to_string);
    let words = words_of(&wanted.text);
    let rows: Vec<(ProductRow, Option<String>)> = both!(tx, |c| {
        let mut query = products::table
            .inner_join(skus::table)
            .inner_join(
                items::table.on(items::product_id.eq(skus::product_id).and(items::sku_id.eq(skus::id))),
            )
            .inner_join(prices::table.on(prices::item.eq(items::id)))
            .filter(prices::starts_at.le(at).and(prices::ends_at.ge(at)))
            .filter(skus::family.eq_any(&families).and(items::segment.eq_any(&segments)))
            .filter(products::id.gt(&after))
            .group_by((products::id, products::title, products::publisher))
            .select((ProductRow::as_select(), diesel::dsl::min(skus::family)))
            .into_boxed();
        if let Some(publisher) = &wanted.publisher {
            query = query.filter(products::publisher.eq(publisher));
        }
        for word in &words {
            query = query.filter(
                crate::audit::lower(skus::title.nullable()).like(word).escape('\\').or(crate::audit::lower(
                    products::title.nullable(),
                )
                .like(word)
                .escape('\\')),
            );
        }
        if wanted.sold == Sold::Here {
            query = query.filter(prices::market.eq(&market));
        }
        query.order(products::id.asc()).limit(wanted.limit).load(c)
    })?;
    let here: HashSet<String> = match wanted.sold {
        Sold::Here => rows.iter().map(|(own, _)| own.id.clone()).collect(),
        Sold::Anywhere => {
            let ids: Vec<&str> = rows.iter().map(|(own, _)| own.id.as_str()).collect();
            let found: Vec<String> = both!(tx, |c| items::table
                .inner_join(prices::table.on(prices::item.eq(items::id)))
                .filter(items::product_id.eq_any(&ids).and(items::segment.eq_any(&segments)))
                .filter(prices::market.eq(&market).and(prices::starts_at.le(at)).and(prices::ends_at.ge(at)))
                .select(items::product_id)
                .distinct()
                .order(items::product_id.asc())
                .load(c))?;
            found.into_iter().collect()
        }
    };
    rows.into_iter()
        .map(|(product, family)| {
            let family = family.ok_or_else(|| Error::broken("skus.family", "nothing"))?;
            let sold = here.contains(&product.id);
            Ok((product.read()?, read("skus.family", &family)?, sold))
        })
        .collect()
}
