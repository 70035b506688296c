//! Markets and the lists of what is not sold where.

use chandlery_domain::access::Scope;
use chandlery_domain::catalog::Family;
use chandlery_domain::market::{Block, Country, Market};
use chandlery_domain::money::Currency;
use diesel::prelude::*;

use crate::columns::{read, read_some, words};
use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::{market_blocks, markets};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = markets, treat_none_as_default_value = false)]
pub(crate) struct MarketRow {
    country: String,
    name: String,
    region: String,
    currency: String,
    tax_included: String,
}

impl MarketRow {
    pub(crate) fn read(self) -> Result<Market, Error> {
        Ok(Market {
            country: read("markets.country", &self.country)?,
            name: self.name,
            region: self.region,
            currency: read("markets.currency", &self.currency)?,
            tax_included: self
                .tax_included
                .split_whitespace()
                .map(|word| read("markets.tax_included", word))
                .collect::<Result<_, _>>()?,
        })
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = market_blocks, treat_none_as_default_value = false)]
pub(crate) struct BlockRow {
    family: String,
    name_id: String,
    country: String,
    name_en: String,
    name_sv: String,
    name_de: String,
    valid_from: String,
    ended_on: Option<String>,
}

impl BlockRow {
    pub(crate) fn read(self) -> Result<Block, Error> {
        Ok(Block {
            name_id: self.name_id,
            country: read("market_blocks.country", &self.country)?,
            family: read("market_blocks.family", &self.family)?,
            valid_from: read("market_blocks.valid_from", &self.valid_from)?,
            ended_on: read_some("market_blocks.ended_on", self.ended_on.as_deref())?,
        })
    }
}

impl BlockRow {
    fn write(NamedBlock { block, names: [name_en, name_sv, name_de] }: &NamedBlock) -> Self {
        Self {
            family: block.family.as_str().into(),
            name_id: block.name_id.clone(),
            country: block.country.to_string(),
            name_en: name_en.clone(),
            name_sv: name_sv.clone(),
            name_de: name_de.clone(),
            valid_from: block.valid_from.to_string(),
            ended_on: block.ended_on.map(|day| day.to_string()),
        }
    }

    fn named(self) -> Result<NamedBlock, Error> {
        let names = [self.name_en.clone(), self.name_sv.clone(), self.name_de.clone()];
        Ok(NamedBlock { block: self.read()?, names })
    }
}

/// A block with the names people read.
#[derive(Debug, Clone)]
pub struct NamedBlock {
    /// The block.
    pub block: Block,
    /// English, Swedish and German name.
    pub names: [String; 3],
}

/// Whether any market is sold in in a currency.
///
/// # Errors
/// The store's own.
pub fn has_currency(tx: &mut Read<'_>, currency: Currency) -> Result<bool, Error> {
    let code = currency.to_string();
    let found: Option<String> = both!(tx, |c| markets::table
        .filter(markets::currency.eq(&code))
        .select(markets::country)
        .first(c)
        .optional())?;
    Ok(found.is_some())
}

/// A market by its country.
///
/// # Errors
/// The store's own.
pub fn find(tx: &mut Read<'_>, country: Country) -> Result<Option<Market>, Error> {
    let row: Option<MarketRow> = both!(tx, |c| markets::table
        .find(country.code())
        .select(MarketRow::as_select())
        .first(c)
        .optional())?;
    row.map(MarketRow::read).transpose()
}

/// What is not sold in some countries.
///
/// # Errors
/// The store's own.
pub fn blocks(tx: &mut Read<'_>, countries: &[Country]) -> Result<Vec<Block>, Error> {
    let codes: Vec<String> = countries.iter().map(ToString::to_string).collect();
    let rows: Vec<BlockRow> = both!(tx, |c| market_blocks::table
        .filter(market_blocks::country.eq_any(&codes))
        .select(BlockRow::as_select())
        .limit(10_000)
        .load(c))?;
    rows.into_iter().map(BlockRow::read).collect()
}

/// Adds markets that are not there yet; those that are keep what the operator made of them.
///
/// # Errors
/// The store's own.
pub fn seed(tx: &mut Write<'_>, list: &[Market], blocked: &[NamedBlock]) -> Result<(), Error> {
    let list: Vec<MarketRow> = list
        .iter()
        .map(|market| MarketRow {
            country: market.country.to_string(),
            name: market.name.clone(),
            region: market.region.clone(),
            currency: market.currency.to_string(),
            tax_included: words(market.tax_included.iter().copied().map(Family::as_str), " "),
        })
        .collect();
    let blocked: Vec<BlockRow> = blocked.iter().map(BlockRow::write).collect();
    both!(tx, |c| diesel::insert_into(markets::table).values(&list).on_conflict_do_nothing().execute(c))?;
    both!(tx, |c| diesel::insert_into(market_blocks::table)
        .values(&blocked)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// The countries of the regions a partner may sell in (rule 3.4).
///
/// # Errors
/// The store's own.
pub fn sold_in(tx: &mut Read<'_>, scope: &Scope) -> Result<Vec<Country>, Error> {
    let regions = crate::partners::find(tx, scope)?.map(|own| own.regions).unwrap_or_default();
    let rows: Vec<String> = both!(tx, |c| markets::table
        .filter(markets::region.eq_any(&regions))
        .select(markets::country)
        .order(markets::country.asc())
        .load(c))?;
    rows.into_iter().map(|code| read("markets.country", &code)).collect()
}

/// Where things of a family are not sold on a day, with the names people read.
///
/// # Errors
/// The store's own.
pub fn blocked_names(
    tx: &mut Read<'_>,
    family: Family,
    day: jiff::civil::Date,
) -> Result<Vec<NamedBlock>, Error> {
    let rows: Vec<BlockRow> = both!(tx, |c| market_blocks::table
        .filter(market_blocks::family.eq(family.as_str()))
        .filter(market_blocks::valid_from.le(day.to_string()))
        .filter(market_blocks::ended_on.is_null().or(market_blocks::ended_on.gt(day.to_string())))
        .select(BlockRow::as_select())
        .limit(1000)
        .load(c))?;
    rows.into_iter().map(BlockRow::named).collect()
}

/// A page of all markets, by country, after `after`.
///
/// # Errors
/// The store's own.
pub fn list(tx: &mut Read<'_>, after: &str, limit: i64) -> Result<Vec<Market>, Error> {
    let rows: Vec<MarketRow> = both!(tx, |c| markets::table
        .filter(markets::country.gt(after))
        .order(markets::country.asc())
        .limit(limit)
        .select(MarketRow::as_select())
        .load(c))?;
    rows.into_iter().map(MarketRow::read).collect()
}

/// A page of what is or was not sold somewhere, of one family, by the name's key, after `after`.
///
/// # Errors
/// The store's own.
pub fn block_list(
    tx: &mut Read<'_>,
    family: Family,
    after: &str,
    limit: i64,
) -> Result<Vec<NamedBlock>, Error> {
    let rows: Vec<BlockRow> = both!(tx, |c| market_blocks::table
        .filter(market_blocks::family.eq(family.as_str()).and(market_blocks::name_id.gt(after)))
        .order(market_blocks::name_id.asc())
        .limit(limit)
        .select(BlockRow::as_select())
        .load(c))?;
    rows.into_iter().map(BlockRow::named).collect()
}

/// One row of those lists.
///
/// # Errors
/// The store's own.
pub fn block(tx: &mut Read<'_>, family: Family, name_id: &str) -> Result<Option<NamedBlock>, Error> {
    let row: Option<BlockRow> = both!(tx, |c| market_blocks::table
        .find((family.as_str(), name_id))
        .select(BlockRow::as_select())
        .first(c)
        .optional())?;
    row.map(BlockRow::named).transpose()
}

/// Adds a row to those lists; false when its key is taken.
///
/// # Errors
/// The store's own.
pub fn add_block(tx: &mut Write<'_>, own: &NamedBlock) -> Result<bool, Error> {
    let row = BlockRow::write(own);
    let added = both!(tx, |c| diesel::insert_into(market_blocks::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(added == 1)
}

/// Says from which day on a block does not hold any more; false when that was said before.
///
/// # Errors
/// The store's own.
pub fn end_block(
    tx: &mut Write<'_>,
    family: Family,
    name_id: &str,
    day: jiff::civil::Date,
) -> Result<bool, Error> {
    let day = Some(day.to_string());
    let changed = both!(tx, |c| diesel::update(
        market_blocks::table
            .filter(market_blocks::family.eq(family.as_str()).and(market_blocks::name_id.eq(name_id)))
            .filter(market_blocks::ended_on.is_null())
    )
    .set(market_blocks::ended_on.eq(&day))
    .execute(c))?;
    Ok(changed == 1)
}
