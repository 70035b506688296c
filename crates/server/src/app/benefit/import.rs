//! The operator's tables for the benefit, out of CSV files: which SKUs are core licences, sizes, and rates.

use std::collections::HashSet;
use std::io::Read as Input;

use chandlery_domain::benefit::Edition;
use chandlery_domain::ids::{ProductId, SkuId};
use chandlery_domain::money::Currency;
use chandlery_store::benefit::{CoreLicence, DatedRate, Size};
use jiff::civil::Date;

use crate::app::machine_list::region_key;
use crate::app::table_file::rows;
use crate::error::Error;
use crate::seeds;
use crate::texts::Complaint;

/// Which SKUs are core licences: the columns product_id, sku_id, edition and cores.
///
/// # Errors
/// The first row that cannot be taken.
pub fn core_licences(input: impl Input) -> Result<Vec<CoreLicence>, Error> {
    rows(input, (["product_id", "sku_id", "edition", "cores"], 4), |row| {
        let product: ProductId = row.parsed(0, "import-wrong-product")?;
        let sku: SkuId = row.parsed(1, "import-wrong-sku")?;
        let edition: Edition = row.parsed(2, "import-wrong-edition")?;
        Ok(CoreLicence { sku: format!("{product}:{sku}"), edition, cores: row.count(3)? })
    })
}

/// Sizes of machines: the columns name and cores, and where wanted flexibility_group and ratio.
///
/// # Errors
/// The first row that cannot be taken.
pub fn sizes(input: impl Input) -> Result<Vec<Size>, Error> {
    rows(input, (["name", "cores", "flexibility_group", "ratio"], 2), |row| {
        let name = row.cell(0).to_owned();
        if name.is_empty() {
            return Err(row.bad(0, Complaint::of("list-name")));
        }
        let flexibility = Some(row.cell(2).to_owned()).filter(|own| !own.is_empty());
        Ok(Size { name, cores: row.count(1)?, flexibility, ratio: row.rate(3)? })
    })
}

/// Rates: the columns size, region, currency, effective_from, licensed_rate and base_rate, and where wanted
/// reserved_rate_1y and reserved_rate_3y, all an hour.
///
/// # Errors
/// The first row that cannot be taken.
pub fn rates(input: impl Input) -> Result<Vec<DatedRate>, Error> {
    const COLUMNS: [&str; 8] = [
        "size",
        "region",
        "currency",
        "effective_from",
        "licensed_rate",
        "base_rate",
        "reserved_rate_1y",
        "reserved_rate_3y",
    ];
    // Three letters may mean nothing: a currency is one that some market is billed in.
    let known: HashSet<Currency> = seeds::markets()?.into_iter().map(|own| own.currency).collect();
    rows(input, (COLUMNS, 6), |row| {
        for column in [0, 1] {
            if row.cell(column).is_empty() {
                return Err(row.bad(column, Complaint::of("list-name")));
            }
        }
        let currency: Currency = row.parsed(2, "import-wrong-currency")?;
        if !known.contains(&currency) {
            return Err(row.bad(2, Complaint::of("import-wrong-currency").with("text", row.cell(2))));
        }
        let from: Date = row.parsed(3, "import-wrong-day")?;
        let (licensed, base) = (row.needed_rate(4)?, row.needed_rate(5)?);
        if base > licensed {
            return Err(row.bad(5, Complaint::of("list-base-above")));
        }
        Ok(DatedRate {
            currency,
            region: region_key(row.cell(1)),
            size: Size::key(row.cell(0)),
            from,
            licensed,
            base,
            reserved_year: row.rate(6)?,
            reserved_three_years: row.rate(7)?,
        })
    })
}
