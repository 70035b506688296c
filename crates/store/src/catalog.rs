//! The catalogue and its prices: reference data, read by everybody and changed by the operator's imports.

mod browse;
mod changes;

use std::collections::{BTreeMap, BTreeSet};

use chandlery_domain::cart::Listing;
use chandlery_domain::catalog::{Family, Product, Segment, Sku};
use chandlery_domain::ids::{CatalogItemId, ProductId, SkuId};
use chandlery_domain::key::KeyFormat;
use chandlery_domain::market::Country;
use chandlery_domain::money::Currency;
use chandlery_domain::price::PriceRow;
use diesel::prelude::*;
use diesel::upsert::excluded;
use jiff::Timestamp;

use crate::columns::{instant, number, read, unit_price};
use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::{items, prices, products, skus};

pub use browse::{Query, Search, Sold, products, publishers, search, titled};
pub use changes::{Compared, Counted, compare, counted};

#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = products, treat_none_as_default_value = false)]
struct ProductRow {
    id: String,
    title: String,
    publisher: String,
}

#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = skus, treat_none_as_default_value = false)]
struct SkuRow {
    product_id: String,
    id: String,
    title: String,
    description: String,
    family: String,
    minimum_quantity: i64,
    maximum_quantity: i64,
    key_format: String,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = items, treat_none_as_default_value = false)]
struct ItemRow {
    id: String,
    product_id: String,
    sku_id: String,
    segment: String,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = prices, treat_none_as_default_value = false)]
struct Row {
    item: String,
    market: String,
    currency: String,
    term: String,
    plan: String,
    tier_min: i64,
    starts_at: i64,
    ends_at: i64,
    tier_max: i64,
    unit_price: String,
    retail_price: String,
}

impl Row {
    fn key(&self) -> (&str, &str, &str, &str, &str, i64, i64) {
        (&self.item, &self.market, &self.currency, &self.term, &self.plan, self.tier_min, self.starts_at)
    }

    fn values(&self) -> (i64, i64, &str, &str) {
        (self.ends_at, self.tier_max, &self.unit_price, &self.retail_price)
    }

    fn read(self) -> Result<PriceRow, Error> {
        let currency: Currency = read("prices.currency", &self.currency)?;
        Ok(PriceRow {
            item: read("prices.item", &self.item)?,
            market: read("prices.market", &self.market)?,
            term: read("prices.term", &self.term)?,
            plan: read("prices.plan", &self.plan)?,
            tier_min: number("prices.tier_min", self.tier_min)?,
            tier_max: number("prices.tier_max", self.tier_max)?,
            unit_price: unit_price("prices.unit_price", &self.unit_price, currency)?,
            retail_price: unit_price("prices.retail_price", &self.retail_price, currency)?,
            starts_at: instant("prices.starts_at", self.starts_at)?,
            ends_at: instant("prices.ends_at", self.ends_at)?,
        })
    }

    fn write(row: &PriceRow) -> Self {
        Self {
            item: row.item.to_string(),
            market: row.market.to_string(),
            currency: row.unit_price.currency().to_string(),
            term: row.term.as_str().into(),
            plan: row.plan.as_str().into(),
            tier_min: row.tier_min.into(),
            starts_at: row.starts_at.as_microsecond(),
            ends_at: row.ends_at.as_microsecond(),
            tier_max: row.tier_max.into(),
            unit_price: row.unit_price.value().to_string(),
            retail_price: row.retail_price.value().to_string(),
        }
    }
}

impl ProductRow {
    fn read(self) -> Result<Product, Error> {
        Ok(Product { id: read("products.id", &self.id)?, title: self.title, publisher: self.publisher })
    }
}

impl SkuRow {
    fn read(self) -> Result<Sku, Error> {
        Ok(Sku {
            product: read("skus.product_id", &self.product_id)?,
            id: read("skus.id", &self.id)?,
            title: self.title,
            description: self.description,
            family: read("skus.family", &self.family)?,
            minimum_quantity: number("skus.minimum_quantity", self.minimum_quantity)?,
            maximum_quantity: number("skus.maximum_quantity", self.maximum_quantity)?,
        })
    }
}

/// Rows of items joined with their SKU, their product and, where they have one, a price; gathered per item in the order they
/// came.
fn gather(rows: Vec<(ItemRow, SkuRow, ProductRow, Option<Row>)>) -> Result<Vec<(Listing, Sku)>, Error> {
    let mut listings: Vec<(Listing, Sku)> = Vec::new();
    for (item, sku, product, price) in rows {
        let id: CatalogItemId = read("items.id", &item.id)?;
        if listings.last().is_none_or(|(last, _)| last.item != id) {
            let segment = read("items.segment", &item.segment)?;
            let sku = sku.read()?;
            let listing = Listing {
                item: id,
                title: sku.title.clone(),
                product: (product.title, product.publisher),
                family: sku.family,
                segment,
                minimum_quantity: sku.minimum_quantity,
                maximum_quantity: sku.maximum_quantity,
                prices: Vec::new(),
            };
            listings.push((listing, sku));
        }
        if let (Some((listing, _)), Some(price)) = (listings.last_mut(), price) {
            listing.prices.push(price.read()?);
        }
    }
    Ok(listings)
}

macro_rules! priced_items {
    ($market:expr, $at:expr) => {
        items::table
            .inner_join(
                skus::table.on(skus::product_id.eq(items::product_id).and(skus::id.eq(items::sku_id))),
            )
            .inner_join(products::table.on(products::id.eq(items::product_id)))
            .left_join(
                prices::table.on(prices::item
                    .eq(items::id)
                    .and(prices::market.eq($market))
                    .and(prices::starts_at.le($at))
                    .and(prices::ends_at.ge($at))),
            )
            .select((
                ItemRow::as_select(),
                SkuRow::as_select(),
                ProductRow::as_select(),
                Option::<Row>::as_select(),
            ))
            .order((items::id.asc(), prices::starts_at.asc()))
    };
}

use priced_items;

/// These items with their prices in a market at an instant; items that do not exist are left out.
///
/// # Errors
/// The store's own.
pub fn listings(
    tx: &mut Read<'_>,
    wanted: &[CatalogItemId],
    market: Country,
    at: Timestamp,
) -> Result<Vec<Listing>, Error> {
    let (market, at) = (market.to_string(), at.as_microsecond());
    let wanted: Vec<String> = wanted.iter().map(ToString::to_string).collect();
    // One item is a statement that is prepared once and kept.
    let rows = match wanted.as_slice() {
        [one] => both!(tx, |c| priced_items!(&market, at).filter(items::id.eq(one)).load(c))?,
        many => both!(tx, |c| priced_items!(&market, at).filter(items::id.eq_any(many)).load(c))?,
    };
    Ok(gather(rows)?.into_iter().map(|(listing, _)| listing).collect())
}

/// Every item of a product with its SKU, and its prices in a market at an instant.
///
/// # Errors
/// The store's own.
pub fn listings_of_product(
    tx: &mut Read<'_>,
    product: &ProductId,
    market: Country,
    at: Timestamp,
) -> Result<Vec<(Listing, Sku)>, Error> {
    let (market, at) = (market.to_string(), at.as_microsecond());
    let rows = both!(tx, |c| priced_items!(&market, at)
        .filter(items::product_id.eq(product.as_str()))
        .limit(10_000)
        .load(c))?;
    gather(rows)
}

/// Every item of some products, with its prices in a market at an instant.
///
/// # Errors
/// The store's own.
pub fn listings_of_products(
    tx: &mut Read<'_>,
    products: &[String],
    market: Country,
    at: Timestamp,
) -> Result<Vec<Listing>, Error> {
    let (market, at) = (market.to_string(), at.as_microsecond());
    let rows = both!(tx, |c| priced_items!(&market, at)
        .filter(items::product_id.eq_any(products))
        .limit(10_000)
        .load(c))?;
    Ok(gather(rows)?.into_iter().map(|(listing, _)| listing).collect())
}

/// A product with its families.
///
/// # Errors
/// The store's own.
pub fn product(tx: &mut Read<'_>, id: &ProductId) -> Result<Option<(Product, Vec<Family>)>, Error> {
    let rows: Vec<(ProductRow, String)> = both!(tx, |c| products::table
        .inner_join(skus::table)
        .filter(products::id.eq(id.as_str()))
        .select((ProductRow::as_select(), skus::family))
        .distinct()
        .order(skus::family.asc())
        .load(c))?;
    let mut families = Vec::new();
    let mut found = None;
    for (product, family) in rows {
        families.push(read("skus.family", &family)?);
        found = Some(product);
    }
    found.map(|product| Ok((product.read()?, families))).transpose()
}

// --- Imports ---------------------------------------------------------------------------------------------------

/// A batch of an import: rows in the order they must be stored.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Products that may be new.
    pub products: Vec<Product>,
    /// SKUs that may be new, with the format of their keys.
    pub skus: Vec<(Sku, KeyFormat)>,
    /// Items that may be new, with their segment.
    pub items: Vec<(CatalogItemId, Segment)>,
    /// Price rows.
    pub prices: Vec<PriceRow>,
}

/// The SKUs of some products.
///
/// # Errors
/// The store's own.
pub fn skus(tx: &mut Read<'_>, of: &[ProductId]) -> Result<Vec<Sku>, Error> {
    if of.is_empty() {
        return Ok(Vec::new());
    }
    let of: Vec<&str> = of.iter().map(ProductId::as_str).collect();
    let rows: Vec<SkuRow> =
        both!(tx, |c| skus::table.filter(skus::product_id.eq_any(&of)).select(SkuRow::as_select()).load(c))?;
    rows.into_iter().map(SkuRow::read).collect()
}

/// The items of a SKU, one a segment.
///
/// # Errors
/// The store's own.
pub fn items_of_sku(
    tx: &mut Read<'_>,
    product: &ProductId,
    sku: &SkuId,
) -> Result<Vec<CatalogItemId>, Error> {
    let found: Vec<String> = both!(tx, |c| items::table
        .filter(items::product_id.eq(product.as_str()).and(items::sku_id.eq(sku.as_str())))
        .order(items::id.asc())
        .limit(16)
        .select(items::id)
        .load(c))?;
    found.iter().map(|id| read("items.id", id)).collect()
}

/// Stores a batch; returns how many price rows were new or changed. A product or SKU that is there gets the batch's
/// names and quantities and keeps its family and the format of its keys.
///
/// # Errors
/// The store's own.
pub fn import(tx: &mut Write<'_>, batch: &Batch) -> Result<usize, Error> {
    if !batch.products.is_empty() {
        import_catalog(tx, batch)?;
    }
    let rows: Vec<Row> = batch.prices.iter().map(Row::write).collect();
    if rows.is_empty() {
        return Ok(0);
    }
    let new =
        both!(tx, |c| diesel::insert_into(prices::table).values(&rows).on_conflict_do_nothing().execute(c))?;
    if new == rows.len() {
        return Ok(new);
    }
    let changed = changed_rows(tx, rows)?;
    if changed.is_empty() {
        return Ok(new);
    }
    let corrected = both!(tx, |c| diesel::insert_into(prices::table)
        .values(&changed)
        .on_conflict((
            prices::item,
            prices::market,
            prices::currency,
            prices::term,
            prices::plan,
            prices::tier_min,
            prices::starts_at,
        ))
        .do_update()
        .set((
            prices::ends_at.eq(excluded(prices::ends_at)),
            prices::tier_max.eq(excluded(prices::tier_max)),
            prices::unit_price.eq(excluded(prices::unit_price)),
            prices::retail_price.eq(excluded(prices::retail_price)),
        ))
        .execute(c))?;
    Ok(new.saturating_add(corrected))
}

/// Those of `rows` that differ from what is stored under the same key, new ones left out.
fn changed_rows(tx: &mut Read<'_>, rows: Vec<Row>) -> Result<Vec<Row>, Error> {
    let stored = stored_like(tx, &rows)?;
    let stored: BTreeMap<_, _> = stored.iter().map(|row| (row.key(), row.values())).collect();
    let differs = |row: &Row| stored.get(&row.key()).is_some_and(|values| *values != row.values());
    let keep: Vec<bool> = rows.iter().map(differs).collect();
    Ok(rows.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(row, _)| row).collect())
}

/// What is stored under the keys of `rows`, and perhaps more.
fn stored_like(tx: &mut Read<'_>, rows: &[Row]) -> Result<Vec<Row>, Error> {
    let distinct = |of: fn(&Row) -> &str| -> Vec<String> {
        let set: BTreeSet<&str> = rows.iter().map(of).collect();
        set.into_iter().map(str::to_owned).collect()
    };
    let (wanted_items, markets, currencies) =
        (distinct(|row| &row.item), distinct(|row| &row.market), distinct(|row| &row.currency));
    let starts: BTreeSet<i64> = rows.iter().map(|row| row.starts_at).collect();
    Ok(both!(tx, |c| prices::table
        .filter(prices::item.eq_any(&wanted_items).and(prices::market.eq_any(&markets)))
        .filter(prices::currency.eq_any(&currencies).and(prices::starts_at.eq_any(&starts)))
        .select(Row::as_select())
        .load(c))?)
}

fn import_catalog(tx: &mut Write<'_>, batch: &Batch) -> Result<(), Error> {
    let products: Vec<ProductRow> = batch
        .products
        .iter()
        .map(|product| ProductRow {
            id: product.id.to_string(),
            title: product.title.clone(),
            publisher: product.publisher.clone(),
        })
        .collect();
    let skus: Vec<SkuRow> = batch
        .skus
        .iter()
        .map(|(sku, format)| SkuRow {
            product_id: sku.product.to_string(),
            id: sku.id.to_string(),
            title: sku.title.clone(),
            description: sku.description.clone(),
            family: sku.family.as_str().into(),
            minimum_quantity: sku.minimum_quantity.into(),
            maximum_quantity: sku.maximum_quantity.into(),
            key_format: format.as_str().into(),
        })
        .collect();
    let items: Vec<ItemRow> = batch
        .items
        .iter()
        .map(|(item, segment)| ItemRow {
            id: item.to_string(),
            product_id: item.product.to_string(),
            sku_id: item.sku.to_string(),
            segment: segment.as_str().into(),
        })
        .collect();
    both!(tx, |c| diesel::insert_into(products::table)
        .values(&products)
        .on_conflict(products::id)
        .do_update()
        .set((
            products::title.eq(excluded(products::title)),
            products::publisher.eq(excluded(products::publisher)),
        ))
        .execute(c))?;
    both!(tx, |c| diesel::insert_into(skus::table)
        .values(&skus)
        .on_conflict((skus::product_id, skus::id))
        .do_update()
        .set((
            skus::title.eq(excluded(skus::title)),
            skus::description.eq(excluded(skus::description)),
            skus::minimum_quantity.eq(excluded(skus::minimum_quantity)),
            skus::maximum_quantity.eq(excluded(skus::maximum_quantity)),
        ))
        .execute(c))?;
    both!(tx, |c| diesel::insert_into(items::table).values(&items).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// Two price rows for the same thing whose days overlap.
#[derive(Debug, Clone)]
pub struct Overlap {
    /// The row that starts first.
    pub earlier: PriceRow,
    /// The row that starts before the first has ended.
    pub later: PriceRow,
}

/// The first price rows, over all that there are, whose days and tiers overlap. An item's rows stand together in the key,
/// so each is compared with the few that share its item.
///
/// # Errors
/// The store's own.
pub fn overlaps(tx: &mut Read<'_>, limit: i64) -> Result<Vec<Overlap>, Error> {
    let (earlier, later) = diesel::alias!(prices as earlier, prices as later);
    let rows: Vec<(Row, Row)> = both!(tx, |c| earlier
        .inner_join(
            later.on(later
                .field(prices::item)
                .eq(earlier.field(prices::item))
                .and(later.field(prices::market).eq(earlier.field(prices::market)))
                .and(later.field(prices::currency).eq(earlier.field(prices::currency)))
                .and(later.field(prices::term).eq(earlier.field(prices::term)))
                .and(later.field(prices::plan).eq(earlier.field(prices::plan)))
                .and(later.field(prices::tier_min).le(earlier.field(prices::tier_max)))
                .and(earlier.field(prices::tier_min).le(later.field(prices::tier_max)))
                .and(later.field(prices::starts_at).ge(earlier.field(prices::starts_at)))
                .and(later.field(prices::starts_at).le(earlier.field(prices::ends_at)))
                .and(
                    later
                        .field(prices::starts_at)
                        .gt(earlier.field(prices::starts_at))
                        .or(later.field(prices::tier_min).gt(earlier.field(prices::tier_min))),
                ))
        )
        .select((earlier.fields(prices::all_columns), later.fields(prices::all_columns),))
        .limit(limit)
        .load(c))?;
    rows.into_iter()
        .map(|(earlier, later)| Ok(Overlap { earlier: earlier.read()?, later: later.read()? }))
        .collect()
}

/// How many price rows there are.
///
/// # Errors
/// The store's own.
pub fn price_count(tx: &mut Read<'_>) -> Result<i64, Error> {
    Ok(both!(tx, |c| prices::table.count().get_result(c))?)
}

/// A page of what is on sale at an instant, each item once with its family: for the practice twin's list.
///
/// # Errors
/// The store's own.
pub fn on_sale(
    tx: &mut Read<'_>,
    at: Timestamp,
    limit: i64,
) -> Result<Vec<(CatalogItemId, String, Family)>, Error> {
    let at = at.as_microsecond();
    let rows: Vec<(String, String, String)> = both!(tx, |c| items::table
        .inner_join(skus::table.on(skus::product_id.eq(items::product_id).and(skus::id.eq(items::sku_id))))
        .inner_join(prices::table.on(prices::item.eq(items::id)))
        .filter(prices::starts_at.le(at).and(prices::ends_at.ge(at)))
        .select((items::id, skus::title, skus::family))
        .distinct()
        .order(items::id.asc())
        .limit(limit)
        .load(c))?;
    rows.into_iter()
        .map(|(item, title, family)| Ok((read("items.id", &item)?, title, read("skus.family", &family)?)))
        .collect()
}
