//! What an import would change, told without changing it.

use std::collections::BTreeMap;

use chandlery_domain::ids::{CatalogItemId, ProductId, SkuId};
use chandlery_domain::price::PriceRow;
use diesel::prelude::*;

use super::{Batch, Row, stored_like};
use crate::db::{Read, both};
use crate::error::Error;
use crate::schema::{items, prices, products, skus};

/// A product in the operator's list.
#[derive(Debug, Clone)]
pub struct Counted {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// How many price rows it has, of all days and markets.
    pub prices: i64,
}

/// A page of all products by id, after `after`, with how many prices each has; those with a word in id or title.
///
/// # Errors
/// The store's own.
pub fn counted(tx: &mut Read<'_>, word: &str, after: &str, limit: i64) -> Result<Vec<Counted>, Error> {
    let pattern = format!("%{}%", crate::audit::escape(&word.to_lowercase()));
    let found: Vec<(String, String, String)> = both!(tx, |c| products::table
        .filter(products::id.gt(after))
        .filter(
            crate::audit::lower(products::title.nullable())
                .like(&pattern)
                .escape('\\')
                .or(crate::audit::lower(products::id.nullable()).like(&pattern).escape('\\'))
        )
        .order(products::id.asc())
        .limit(limit)
        .select((products::id, products::title, products::publisher))
        .load(c))?;
    let ids: Vec<&str> = found.iter().map(|own| own.0.as_str()).collect();
    let counts: Vec<(String, i64)> = both!(tx, |c| items::table
        .inner_join(prices::table.on(prices::item.eq(items::id)))
        .filter(items::product_id.eq_any(&ids))
        .group_by(items::product_id)
        .select((items::product_id, diesel::dsl::count_star()))
        .load(c))?;
    let counts: BTreeMap<String, i64> = counts.into_iter().collect();
    Ok(found
        .into_iter()
        .map(|(id, title, publisher)| Counted {
            prices: counts.get(&id).copied().unwrap_or(0),
            id,
            title,
            publisher,
        })
        .collect())
}

/// What a batch would change.
#[derive(Debug, Clone, Default)]
pub struct Compared {
    /// Products that are not there yet.
    pub products: Vec<ProductId>,
    /// SKUs that are not there yet.
    pub skus: Vec<(ProductId, SkuId)>,
    /// Items that are not there yet.
    pub items: Vec<CatalogItemId>,
    /// How many price rows are not there yet.
    pub new_prices: usize,
    /// The price rows that would say something else: as they are, and as they would be.
    pub changed: Vec<(PriceRow, PriceRow)>,
}

/// Compares a batch with what is stored.
///
/// # Errors
/// The store's own.
pub fn compare(tx: &mut Read<'_>, batch: &Batch) -> Result<Compared, Error> {
    let mut found = Compared::default();
    if !batch.products.is_empty() {
        let wanted: Vec<&str> = batch.products.iter().map(|own| own.id.as_str()).collect();
        let known: Vec<String> =
            both!(tx, |c| products::table.filter(products::id.eq_any(&wanted)).select(products::id).load(c))?;
        let own: Vec<(String, String)> = both!(tx, |c| skus::table
            .filter(skus::product_id.eq_any(&wanted))
            .select((skus::product_id, skus::id))
            .load(c))?;
        let ids: Vec<String> = batch.items.iter().map(|(item, _)| item.to_string()).collect();
        let there: Vec<String> =
            both!(tx, |c| items::table.filter(items::id.eq_any(&ids)).select(items::id).load(c))?;
        let new = |id: &ProductId| !known.iter().any(|own| own == id.as_str());
        found.products = batch.products.iter().map(|own| own.id.clone()).filter(new).collect();
        let listed = |product: &ProductId, sku: &SkuId| {
            own.iter().any(|(one, other)| one == product.as_str() && other == sku.as_str())
        };
        let missing = batch.skus.iter().filter(|(sku, _)| !listed(&sku.product, &sku.id));
        found.skus = missing.map(|(sku, _)| (sku.product.clone(), sku.id.clone())).collect();
        let there: std::collections::BTreeSet<String> = there.into_iter().collect();
        let fresh = batch.items.iter().zip(&ids).filter(|(_, id)| !there.contains(*id));
        found.items = fresh.map(|((item, _), _)| item.clone()).collect();
    }
    let rows: Vec<Row> = batch.prices.iter().map(Row::write).collect();
    if rows.is_empty() {
        return Ok(found);
    }
    let mut changes: Vec<(usize, usize)> = Vec::new();
    let stored = stored_like(tx, &rows)?;
    let places: BTreeMap<_, usize> = stored.iter().enumerate().map(|(at, row)| (row.key(), at)).collect();
    for (at, row) in rows.iter().enumerate() {
        match places.get(&row.key()).and_then(|place| Some((*place, stored.get(*place)?))) {
            None => found.new_prices += 1,
            Some((_, same)) if same.values() == row.values() => {}
            Some((place, _)) => changes.push((place, at)),
        }
    }
    drop(places);
    let mut stored: Vec<Option<Row>> = stored.into_iter().map(Some).collect();
    for (place, at) in changes {
        let old = stored.get_mut(place).and_then(Option::take);
        if let (Some(old), Some(new)) = (old, batch.prices.get(at)) {
            found.changed.push((old.read()?, new.clone()));
        }
    }
    Ok(found)
}
