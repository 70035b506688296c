//! The operator's tables for the benefit: which SKUs are core licences, sizes of machines, and what they cost (rule 9.4).

use chandlery_domain::benefit::Edition;
use chandlery_domain::money::Currency;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::columns::{decimal, number, read};
use crate::db::{Read, Write, both, insert_rows};
use crate::error::Error;
use crate::schema::{core_licences, machine_rates, machine_sizes};

/// How many rows go into one statement.
const BATCH: usize = 1_000;
/// How many sizes, and how many rates of one region, are looked at.
const RATES_MAX: i64 = 20_000;

/// A SKU whose units are core licences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoreLicence {
    /// The SKU as in a catalogue item: `product:sku`.
    pub sku: String,
    /// Of which edition.
    pub edition: Edition,
    /// How many cores one unit has.
    pub cores: u32,
}

/// A size of machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Size {
    /// Its name, such as `Standard_D4s_v3`.
    pub name: String,
    /// How many cores it has.
    pub cores: u32,
    /// The group in which a reservation's discount floats (rule 2.6), where it is in one.
    pub flexibility: Option<String>,
    /// How much of the group's discount one takes.
    pub ratio: Option<Decimal>,
}

impl Size {
    /// What a size is found by.
    pub fn key(name: &str) -> String {
        name.trim().to_ascii_lowercase()
    }
}

/// What a size costs an hour in a region, from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatedRate {
    /// The currency.
    pub currency: Currency,
    /// The region, as Azure names it in small letters.
    pub region: String,
    /// What the size is found by.
    pub size: String,
    /// The first day.
    pub from: Date,
    /// With the licence in the rate.
    pub licensed: Decimal,
    /// Without.
    pub base: Decimal,
    /// Without, under a reservation of one year.
    pub reserved_year: Option<Decimal>,
    /// Without, under a reservation of three years.
    pub reserved_three_years: Option<Decimal>,
}

#[derive(Insertable)]
#[diesel(table_name = core_licences)]
struct CoreRow {
    sku: String,
    edition: &'static str,
    cores: i64,
}

/// Puts core licences in place of those there are.
///
/// # Errors
/// The store's own; a SKU twice is a unique violation.
pub fn replace_core_licences(tx: &mut Write<'_>, list: &[CoreLicence]) -> Result<(), Error> {
    both!(tx, |c| diesel::delete(core_licences::table).execute(c))?;
    for part in list.chunks(BATCH) {
        let rows: Vec<CoreRow> = part
            .iter()
            .map(|own| CoreRow {
                sku: own.sku.clone(),
                edition: own.edition.as_str(),
                cores: i64::from(own.cores),
            })
            .collect();
        insert_rows!(tx, core_licences::table, rows)?;
    }
    Ok(())
}

/// The SKUs whose units are core licences, by name.
///
/// # Errors
/// The store's own.
pub fn core_licences(tx: &mut Read<'_>, limit: i64) -> Result<Vec<CoreLicence>, Error> {
    let rows: Vec<(String, String, i64)> =
        both!(tx, |c| core_licences::table.order(core_licences::sku.asc()).limit(limit).load(c))?;
    rows.into_iter()
        .map(|(sku, edition, cores)| {
            Ok(CoreLicence {
                sku,
                edition: read("core_licences.edition", &edition)?,
                cores: number("core_licences.cores", cores)?,
            })
        })
        .collect()
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = machine_sizes, treat_none_as_default_value = false)]
struct SizeRow {
    id: String,
    name: String,
    cores: i64,
    flexibility: Option<String>,
    ratio: Option<String>,
}

/// Puts sizes in place of those there are.
///
/// # Errors
/// The store's own; a size twice is a unique violation.
pub fn replace_sizes(tx: &mut Write<'_>, list: &[Size]) -> Result<(), Error> {
    both!(tx, |c| diesel::delete(machine_sizes::table).execute(c))?;
    for part in list.chunks(BATCH) {
        let rows: Vec<SizeRow> = part
            .iter()
            .map(|own| SizeRow {
                id: Size::key(&own.name),
                name: own.name.clone(),
                cores: i64::from(own.cores),
                flexibility: own.flexibility.clone(),
                ratio: own.ratio.map(|ratio| ratio.to_string()),
            })
            .collect();
        insert_rows!(tx, machine_sizes::table, rows)?;
    }
    Ok(())
}

/// The sizes there are, by name.
///
/// # Errors
/// The store's own.
pub fn sizes(tx: &mut Read<'_>) -> Result<Vec<Size>, Error> {
    let rows: Vec<SizeRow> = both!(tx, |c| machine_sizes::table
        .order(machine_sizes::id.asc())
        .limit(RATES_MAX)
        .select(SizeRow::as_select())
        .load(c))?;
    rows.into_iter()
        .map(|row| {
            Ok(Size {
                name: row.name,
                cores: number("machine_sizes.cores", row.cores)?,
                flexibility: row.flexibility,
                ratio: row.ratio.as_deref().map(|own| decimal("machine_sizes.ratio", own)).transpose()?,
            })
        })
        .collect()
}

/// Whether any size, or any core licence, is known.
///
/// # Errors
/// The store's own.
pub fn any(tx: &mut Read<'_>) -> Result<bool, Error> {
    let sizes: Option<String> =
        both!(tx, |c| machine_sizes::table.select(machine_sizes::id).first(c).optional())?;
    let licences: Option<String> =
        both!(tx, |c| core_licences::table.select(core_licences::sku).first(c).optional())?;
    Ok(sizes.is_some() || licences.is_some())
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = machine_rates, treat_none_as_default_value = false)]
struct RateRow {
    currency: String,
    region: String,
    size_id: String,
    effective_from: String,
    licensed: String,
    base: String,
    reserved_year: Option<String>,
    reserved_three_years: Option<String>,
}

/// Adds rates; those of the same currency, region, size and day give way to them.
///
/// # Errors
/// The store's own.
pub fn put_rates(tx: &mut Write<'_>, list: &[DatedRate]) -> Result<(), Error> {
    for part in list.chunks(BATCH) {
        let rows: Vec<RateRow> = part
            .iter()
            .map(|own| RateRow {
                currency: own.currency.to_string(),
                region: own.region.clone(),
                size_id: own.size.clone(),
                effective_from: own.from.to_string(),
                licensed: own.licensed.to_string(),
                base: own.base.to_string(),
                reserved_year: own.reserved_year.map(|own| own.to_string()),
                reserved_three_years: own.reserved_three_years.map(|own| own.to_string()),
            })
            .collect();
        for row in &rows {
            let key = (&row.currency, &row.region, &row.size_id, &row.effective_from);
            both!(tx, |c| diesel::delete(machine_rates::table.find(key)).execute(c))?;
        }
        insert_rows!(tx, machine_rates::table, rows)?;
    }
    Ok(())
}

/// The rates that count on a day in some regions, in one currency: of each size in each region the latest.
///
/// # Errors
/// The store's own.
pub fn rates(
    tx: &mut Read<'_>,
    currency: Currency,
    regions: &[String],
    day: Date,
) -> Result<Vec<DatedRate>, Error> {
    if regions.is_empty() {
        return Ok(Vec::new());
    }
    let (code, today) = (currency.to_string(), day.to_string());
    let rows: Vec<RateRow> = both!(tx, |c| machine_rates::table
        .filter(machine_rates::currency.eq(&code).and(machine_rates::region.eq_any(regions)))
        .filter(machine_rates::effective_from.le(&today))
        .filter(
            sql::<Bool>(
                "not exists (select 1 from machine_rates later where later.currency = machine_rates.currency \
             and later.region = machine_rates.region and later.size_id = machine_rates.size_id \
             and later.effective_from > machine_rates.effective_from and later.effective_from <= "
            )
            .bind::<Text, _>(&today)
            .sql(")")
        )
        .limit(RATES_MAX)
        .select(RateRow::as_select())
        .load(c))?;
    let some = |text: Option<String>| text.map(|own| decimal("machine_rates.reserved", &own)).transpose();
    rows.into_iter()
        .map(|row| {
            Ok(DatedRate {
                currency: read("machine_rates.currency", &row.currency)?,
                region: row.region,
                size: row.size_id,
                from: read("machine_rates.effective_from", &row.effective_from)?,
                licensed: decimal("machine_rates.licensed", &row.licensed)?,
                base: decimal("machine_rates.base", &row.base)?,
                reserved_year: some(row.reserved_year)?,
                reserved_three_years: some(row.reserved_three_years)?,
            })
        })
        .collect()
}

/// The regions with rates in a currency, by name.
///
/// # Errors
/// The store's own.
pub fn regions(tx: &mut Read<'_>, currency: Currency) -> Result<Vec<String>, Error> {
    let code = currency.to_string();
    Ok(both!(tx, |c| machine_rates::table
        .filter(machine_rates::currency.eq(&code))
        .select(machine_rates::region)
        .distinct()
        .order(machine_rates::region.asc())
        .limit(RATES_MAX)
        .load(c))?)
}
