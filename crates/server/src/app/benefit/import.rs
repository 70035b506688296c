//! The operator's tables for the benefit, out of CSV files: which SKUs are core licences, sizes, and rates.

use std::collections::HashSet;
use std::io::Read as Input;

use chandlery_domain::benefit::Edition;
use chandlery_domain::ids::{ProductId, SkuId};
use chandlery_domain::money::Currency;
use chandlery_store::benefit::{CoreLicence, DatedRate, Size};
use csv::StringRecord;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::app::import_keys::unreadable;
use crate::app::machine_list::region_key;
use crate::error::{BadRow, Error};
use crate::seeds;
use crate::texts::Complaint;

/// The most rows of a file.
const ROWS_MAX: usize = 500_000;

struct Table<const N: usize> {
    names: [&'static str; N],
    places: [Option<usize>; N],
}

impl<const N: usize> Table<N> {
    fn find(names: [&'static str; N], needed: usize, header: &StringRecord) -> Result<Self, BadRow> {
        let bare = |text: &str| text.trim_start_matches('\u{feff}').replace(['_', ' '], "").to_lowercase();
        let mut places = [None; N];
        for (place, name) in places.iter_mut().zip(names) {
            *place = header.iter().position(|own| bare(own) == bare(name));
        }
        let lacks = names.iter().zip(places).take(needed).find(|(_, place)| place.is_none());
        match lacks {
            Some((name, _)) => {
                Err(BadRow { line: 1, column: name, message: Complaint::of("import-column-missing") })
            }
            None => Ok(Self { names, places }),
        }
    }
}

struct Row<'a, const N: usize> {
    table: &'a Table<N>,
    record: &'a StringRecord,
    line: u64,
}

impl<const N: usize> Row<'_, N> {
    fn cell(&self, column: usize) -> &str {
        let place = self.table.places.get(column).copied().flatten();
        place.and_then(|place| self.record.get(place)).unwrap_or_default()
    }

    fn bad(&self, column: usize, message: Complaint) -> BadRow {
        BadRow { line: self.line, column: self.table.names.get(column).copied().unwrap_or("row"), message }
    }

    fn parsed<T: std::str::FromStr>(&self, column: usize, wrong: &'static str) -> Result<T, BadRow> {
        let text = self.cell(column);
        text.parse().map_err(|_| self.bad(column, Complaint::of(wrong).with("text", format!("{text:?}"))))
    }

    fn count(&self, column: usize) -> Result<u32, BadRow> {
        let (text, least, most) = (self.cell(column), 1, 100_000);
        let why = || Complaint::of("list-number").with("text", format!("{text:?}"));
        let own = text.parse().ok().filter(|own| (least..=most).contains(own));
        own.ok_or_else(|| self.bad(column, why().with("least", least).with("most", most)))
    }

    fn rate(&self, column: usize) -> Result<Option<Decimal>, BadRow> {
        let text = self.cell(column);
        if text.is_empty() {
            return Ok(None);
        }
        let plain = text.bytes().all(|own| own.is_ascii_digit() || own == b'.');
        let own = Decimal::from_str_exact(text)
            .ok()
            .filter(|own| plain && own.scale() <= 8 && *own <= Decimal::from(1_000_000));
        let why = || Complaint::of("list-rate").with("text", format!("{text:?}"));
        own.map(Some).ok_or_else(|| self.bad(column, why()))
    }

    fn needed_rate(&self, column: usize) -> Result<Decimal, BadRow> {
        self.rate(column)?.ok_or_else(|| self.bad(column, Complaint::of("list-rate").with("text", "\"\"")))
    }
}

fn rows<const N: usize, T>(
    input: impl Input,
    (names, needed): ([&'static str; N], usize),
    read: impl Fn(&Row<'_, N>) -> Result<T, BadRow>,
) -> Result<Vec<T>, Error> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(input);
    let wrong = |error: &csv::Error| BadRow {
        line: error.position().map_or(1, csv::Position::line),
        column: "row",
        message: unreadable(error),
    };
    let header = reader.headers().map_err(|error| wrong(&error))?.clone();
    let table = Table::find(names, needed, &header)?;
    // Where lines end in CR LF, the reader counts a line when it meets the next one.
    let behind = u64::from(reader.position().line() == 1);
    let mut list = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| wrong(&error))?;
        let line = record.position().map_or(0, csv::Position::line) + behind;
        if list.len() >= ROWS_MAX {
            let message = Complaint::of("list-rows").with("most", ROWS_MAX);
            return Err(BadRow { line, column: "row", message }.into());
        }
        list.push(read(&Row { table: &table, record: &record, line })?);
    }
    Ok(list)
}

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
