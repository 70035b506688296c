//! Importing a price sheet in the published column layout (rule 3.1): streamed, checked row by row, all or nothing.

mod preview;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Read as Input;

use aws_lc_rs::digest::{SHA256, digest};
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::calendar::{BillingCycle, Term, start_of_day};
use chandlery_domain::catalog::{Family, Product, Segment, Sku};
use chandlery_domain::cycle::is_one_charge;
use chandlery_domain::ids::{AvailabilityId, CatalogItemId, ProductId, SkuId};
use chandlery_domain::key::KeyFormat;
use chandlery_domain::market::Country;
use chandlery_domain::money::{Currency, UnitPrice};
use chandlery_domain::price::PriceRow;
use chandlery_store::Write;
use chandlery_store::catalog::{self, Batch};
use csv::{ByteRecord, Reader};
use jiff::Timestamp;

use super::import_keys::unreadable;
use crate::dates::{self, When};
use crate::error::{BadRow, Error};
use crate::texts::Complaint;

pub use preview::{Preview, preview};

/// How many rows are stored at once.
const BATCH_ROWS: usize = 1000;
/// The quantity a SKU may be bought in where the sheet sets no upper bound.
const QUANTITY_MAX: u32 = 999_999_999;
/// How many overlapping rows are told at most.
const OVERLAPS_TOLD: i64 = 20;

/// How much of a cell is told with a complaint about it, in letters; cells may be of any length.
const TOLD_MAX: usize = 150;

const COLUMNS: [&str; 19] = [
    "ProductTitle",
    "ProductId",
    "SkuId",
    "SkuTitle",
    "Publisher",
    "SkuDescription",
    "UnitOfMeasure",
    "TermDuration",
    "BillingPlan",
    "Market",
    "Currency",
    "UnitPrice",
    "PricingTierRangeMin",
    "PricingTierRangeMax",
    "EffectiveStartDate",
    "EffectiveEndDate",
    "Tags",
    "ERP Price",
    "Segment",
];

/// A row that could be read.
#[derive(Debug, Clone)]
pub struct SheetRow {
    product: Product,
    sku_title: String,
    sku_description: String,
    family: Family,
    segment: Segment,
    /// The price.
    pub price: PriceRow,
}

/// The columns of a file by their place.
#[derive(Debug, Clone)]
pub struct Columns([usize; COLUMNS.len()]);

impl Columns {
    /// Finds the columns in a header, in any order and case; further columns are left alone.
    ///
    /// # Errors
    /// When one is missing.
    pub fn find(header: &ByteRecord) -> Result<Self, BadRow> {
        let mut places = [0; COLUMNS.len()];
        let bare = |name: &str| name.trim_start_matches('\u{feff}').replace(' ', "").to_ascii_lowercase();
        for (place, wanted) in places.iter_mut().zip(COLUMNS) {
            *place = header
                .iter()
                .position(|name| bare(&String::from_utf8_lossy(name)) == bare(wanted))
                .ok_or_else(|| BadRow {
                    line: 1,
                    column: wanted,
                    message: Complaint::of("import-column-missing"),
                })?;
        }
        Ok(Self(places))
    }
}

struct Cells<'a> {
    record: &'a ByteRecord,
    columns: &'a Columns,
    line: u64,
}

impl<'a> Cells<'a> {
    fn bad(&self, column: usize, message: Complaint) -> BadRow {
        BadRow { line: self.line, column: COLUMNS.get(column).copied().unwrap_or("row"), message }
    }

    /// A cell that says something else than its column takes; `wrong` is the id of what that is.
    fn wrong(&self, column: usize, text: &str, wrong: &'static str) -> BadRow {
        let mut told = format!("{text:?}");
        if told.chars().count() > TOLD_MAX {
            told = told.chars().take(TOLD_MAX).chain(['…']).collect();
        }
        self.bad(column, Complaint::of(wrong).with("text", told))
    }

    fn text(&self, column: usize) -> Result<&'a str, BadRow> {
        let place = self.columns.0.get(column).copied().unwrap_or(usize::MAX);
        let bad = |id| self.bad(column, Complaint::of(id));
        let bytes = self.record.get(place).ok_or_else(|| bad("import-row-short"))?;
        let text = str::from_utf8(bytes).map(str::trim).map_err(|_| bad("import-no-utf-8"))?;
        if text.chars().any(char::is_control) {
            return Err(bad("import-control"));
        }
        Ok(text)
    }

    fn required(&self, column: usize, most: usize) -> Result<&'a str, BadRow> {
        let text = self.text(column)?;
        if text.is_empty() || text.len() > most {
            return Err(self.bad(column, Complaint::of("import-length").with("most", most)));
        }
        Ok(text)
    }

    fn parsed<T: std::str::FromStr>(&self, column: usize, wrong: &'static str) -> Result<T, BadRow> {
        let text = self.text(column)?;
        text.parse().map_err(|_| self.wrong(column, text, wrong))
    }

    fn price(&self, column: usize, currency: Currency) -> Result<UnitPrice, BadRow> {
        let text = self.text(column)?;
        UnitPrice::parse(text, currency).map_err(|_| self.wrong(column, text, "import-wrong-price"))
    }

    fn count(&self, column: usize, default: u32) -> Result<u32, BadRow> {
        match self.text(column)? {
            "" => Ok(default),
            text => text
                .parse()
                .ok()
                .filter(|count| *count > 0)
                .ok_or_else(|| self.wrong(column, text, "import-wrong-count")),
        }
    }

    fn instant(&self, column: usize) -> Result<Timestamp, BadRow> {
        let text = self.text(column)?;
        match dates::read(text) {
            Some(When::At(at)) => Ok(at),
            Some(When::Day(day)) => {
                start_of_day(day).map_err(|_| self.bad(column, Complaint::of("import-date-out-of-range")))
            }
            None => Err(self.wrong(column, text, "import-wrong-instant")),
        }
    }

    fn term(&self) -> Result<Term, BadRow> {
        match self.text(7)? {
            "" => Ok(Term::OneTime),
            _ => self.parsed(7, "import-wrong-term"),
        }
    }

    fn plan(&self) -> Result<BillingCycle, BadRow> {
        match self.text(8)? {
            "" => Ok(BillingCycle::OneTime),
            _ => self.parsed(8, "import-wrong-plan"),
        }
    }

    fn family(&self) -> Result<Family, BadRow> {
        let text = self.text(16)?;
        let has = |word: &str| text.split([';', ',']).any(|tag| tag.trim().eq_ignore_ascii_case(word));
        match () {
            () if has("Perpetual") => Ok(Family::Perpetual),
            () if has("Linux") => Ok(Family::LinuxPlan),
            () if has("Reservation") => Ok(Family::Reservation),
            () if has("Subscription") => Ok(Family::Subscription),
            () => Err(self.wrong(16, text, "import-wrong-tags")),
        }
    }
}

/// The availability of a SKU in a segment. Price sheets have none, so it is derived: the same again at every import.
fn availability(product: &ProductId, sku: &SkuId, segment: Segment) -> Option<AvailabilityId> {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKLMNPQRSTVWXZ";
    let hash = digest(&SHA256, format!("{product}:{sku}:{}", segment.as_str()).as_bytes());
    let mut text: String = product.as_str().chars().take(8).collect();
    for byte in hash.as_ref().iter().take(4) {
        text.push(char::from(*LETTERS.get(usize::from(byte & 31))?));
    }
    text.parse().ok()
}

/// Reads one row.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn read_row(record: &ByteRecord, columns: &Columns, line: u64) -> Result<SheetRow, BadRow> {
    let cells = Cells { record, columns, line };
    let product: ProductId = cells.parsed(1, "import-wrong-product")?;
    let sku: SkuId = cells.parsed(2, "import-wrong-sku")?;
    let segment: Segment = cells.parsed(18, "import-wrong-segment")?;
    let (family, term, plan) = (cells.family()?, cells.term()?, cells.plan()?);
    if (family == Family::Perpetual) != (term == Term::OneTime) {
        return Err(cells.bad(7, Complaint::of("import-term-of-family")));
    }
    if !family.runs_in_cycles() && !is_one_charge(term, plan) {
        return Err(cells.bad(8, Complaint::of("import-plan-of-family")));
    }
    let currency: Currency = cells.parsed(10, "import-wrong-currency")?;
    let market: Country = cells.parsed(9, "import-wrong-market")?;
    let (tier_min, tier_max) = (cells.count(12, 1)?, cells.count(13, QUANTITY_MAX)?);
    if tier_max < tier_min {
        return Err(cells.bad(13, Complaint::of("import-tier-order")));
    }
    let (starts_at, ends_at) = (cells.instant(14)?, cells.instant(15)?);
    if ends_at < starts_at {
        return Err(cells.bad(15, Complaint::of("import-date-order")));
    }
    let unit_price = cells.price(11, currency)?;
    let retail_price = if cells.text(17)?.is_empty() { unit_price } else { cells.price(17, currency)? };
    let availability = availability(&product, &sku, segment)
        .ok_or_else(|| cells.bad(1, Complaint::of("import-no-availability")))?;
    Ok(SheetRow {
        product: Product {
            id: product.clone(),
            title: cells.required(0, 400)?.to_owned(),
            publisher: cells.required(4, 200)?.to_owned(),
        },
        sku_title: cells.required(3, 400)?.to_owned(),
        sku_description: cells.text(5)?.chars().take(2000).collect(),
        family,
        segment,
        price: PriceRow {
            item: CatalogItemId { product, sku, availability },
            market,
            term,
            plan,
            tier_min,
            tier_max,
            unit_price,
            retail_price,
            starts_at,
            ends_at,
        },
    })
}

/// What a first look at a file found.
#[derive(Debug, Default)]
pub struct Survey {
    /// How many rows there are, bad ones included.
    pub rows: u64,
    /// The bad rows, the first thousand of them.
    pub bad: Vec<BadRow>,
    /// How many rows are bad in all.
    pub bad_count: u64,
    /// The quantities each SKU may be bought in: the span of its tiers.
    ranges: BTreeMap<(ProductId, SkuId), (u32, u32)>,
}

impl Survey {
    /// Of a file that cannot be read at all, such as one with a wrong header.
    pub fn unreadable(why: BadRow) -> Self {
        Self { bad: vec![why], bad_count: 1, ..Self::default() }
    }
}

/// What was seen of a file: a row for the same thing from the same instant may stand in it once only. Eight bytes of
/// a keyed hash a row are enough to tell, so that a sheet of a million rows needs little memory.
#[derive(Default)]
struct Repeats {
    seen: HashMap<u64, u64>,
    families: HashMap<(ProductId, SkuId), Family>,
}

impl Repeats {
    fn check(&mut self, row: SheetRow, line: u64) -> Result<SheetRow, BadRow> {
        let price = &row.price;
        let mut hasher = DefaultHasher::new();
        (&price.item, price.market, price.unit_price.currency(), price.term, price.plan).hash(&mut hasher);
        (price.tier_min, price.starts_at).hash(&mut hasher);
        if let Some(first) = self.seen.insert(hasher.finish(), line) {
            let message = Complaint::of("import-row-twice").with("first", first);
            return Err(BadRow { line, column: "row", message });
        }
        let key = (price.item.product.clone(), price.item.sku.clone());
        let family = *self.families.entry(key).or_insert(row.family);
        if family != row.family {
            let message = Complaint::of("import-sku-family").with("family", family.as_str());
            return Err(BadRow { line, column: "Tags", message });
        }
        Ok(row)
    }
}

/// Goes over a file row by row; `each` sees every row that can be read, `seen` every row.
///
/// # Errors
/// When the header is wrong, the input cannot be read, or `each` says so.
fn walk<E: From<BadRow>>(
    input: impl Input,
    seen: &dyn Fn(u64),
    mut each: impl FnMut(Result<SheetRow, BadRow>) -> Result<(), E>,
) -> Result<(), E> {
    let mut reader: Reader<_> = csv::ReaderBuilder::new().flexible(true).from_reader(input);
    let unreadable = |line, error: csv::Error| BadRow { line, column: "row", message: unreadable(&error) };
    let header = reader.byte_headers().map_err(|error| unreadable(1, error))?.clone();
    let columns = Columns::find(&header)?;
    // Where lines end in CR LF, the reader counts a line when it meets the next one.
    let behind = u64::from(reader.position().line() == 1);
    let mut record = ByteRecord::new();
    let mut repeats = Repeats::default();
    let mut count = 0;
    loop {
        let line = reader.position().line();
        match reader.read_byte_record(&mut record) {
            Ok(false) => return Ok(()),
            Ok(true) => {}
            Err(error) => return Err(unreadable(line, error).into()),
        }
        count += 1;
        seen(count);
        let line = record.position().map_or(line, csv::Position::line) + behind;
        each(read_row(&record, &columns, line).and_then(|row| repeats.check(row, line)))?;
    }
}

/// Looks at a whole file without storing anything.
///
/// # Errors
/// When the header is wrong or the input cannot be read.
pub fn survey(input: impl Input, seen: &dyn Fn(u64)) -> Result<Survey, BadRow> {
    let mut survey = Survey::default();
    walk(input, seen, |row| {
        survey.rows += 1;
        match row {
            Ok(row) => {
                let key = (row.price.item.product.clone(), row.price.item.sku.clone());
                let range = survey.ranges.entry(key).or_insert((row.price.tier_min, row.price.tier_max));
                *range = (range.0.min(row.price.tier_min), range.1.max(row.price.tier_max));
            }
            Err(bad) => {
                survey.bad_count += 1;
                if survey.bad.len() < 1000 {
                    survey.bad.push(bad);
                }
            }
        }
        Ok::<_, BadRow>(())
    })?;
    Ok(survey)
}

/// Why an import was taken back.
#[derive(Debug)]
pub enum ImportError {
    /// A row cannot be read.
    Bad(BadRow),
    /// Rows for the same thing overlap; each as one sentence.
    Overlaps(Vec<Complaint>),
    /// The database said something.
    Failed(Error),
}

impl From<BadRow> for ImportError {
    fn from(bad: BadRow) -> Self {
        Self::Bad(bad)
    }
}

impl From<Error> for ImportError {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<chandlery_store::Error> for ImportError {
    fn from(error: chandlery_store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl chandlery_store::Failure for ImportError {
    fn store_error(&self) -> Option<&chandlery_store::Error> {
        match self {
            Self::Failed(error) => error.store_error(),
            Self::Bad(_) | Self::Overlaps(_) => None,
        }
    }
}

impl std::fmt::Display for ImportError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bad(bad) => bad.fmt(f),
            Self::Overlaps(list) => {
                write!(
                    f,
                    "the dates and tiers of {} row(s) overlap; end the earlier row before the later one starts:",
                    list.len()
                )?;
                list.iter().try_for_each(|line| write!(f, "\n  {line}"))
            }
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ImportError {}

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// How many rows were taken.
    pub rows: u64,
    /// How many of them were new or changed something.
    pub changed: usize,
}

/// Collects rows into batches, each product, SKU and item once.
struct Collector<'a> {
    ranges: &'a BTreeMap<(ProductId, SkuId), (u32, u32)>,
    known: BTreeSet<CatalogItemId>,
    batch: Batch,
}

impl Collector<'_> {
    fn take(&mut self, row: SheetRow) {
        let item = row.price.item.clone();
        if self.known.insert(item.clone()) {
            let key = (item.product.clone(), item.sku.clone());
            let (minimum_quantity, maximum_quantity) =
                self.ranges.get(&key).copied().unwrap_or((1, QUANTITY_MAX));
            let sku = Sku {
                product: item.product.clone(),
                id: item.sku.clone(),
                title: row.sku_title,
                description: row.sku_description,
                family: row.family,
                minimum_quantity,
                maximum_quantity,
            };
            // PostgreSQL takes each row of one upsert once only.
            if !self.batch.products.iter().any(|product| product.id == row.product.id) {
                self.batch.products.push(row.product);
            }
            if !self.batch.skus.iter().any(|(own, _)| (&own.product, &own.id) == (&sku.product, &sku.id)) {
                self.batch.skus.push((sku, KeyFormat::EightByFour));
            }
            self.batch.items.push((item, row.segment));
        }
        self.batch.prices.push(row.price);
    }
}

/// A SKU keeps the family it has.
fn family_clash(stored: &Sku, new: &Sku) -> Option<BadRow> {
    (new.family != stored.family).then(|| {
        let message = Complaint::of("import-sku-clash")
            .with("sku", format!("{}:{}", stored.product, stored.id))
            .with("old", stored.family.as_str())
            .with("new", new.family.as_str());
        BadRow { line: 0, column: "Tags", message }
    })
}

/// Stores a batch. A SKU that is there keeps its family and may be bought in the quantities of old and new tiers.
fn store(tx: &mut Write<'_>, mut batch: Batch) -> Result<usize, ImportError> {
    let products: Vec<ProductId> = batch.products.iter().map(|product| product.id.clone()).collect();
    for stored in catalog::skus(tx, &products)? {
        let same = |(own, _): &&mut (Sku, KeyFormat)| own.product == stored.product && own.id == stored.id;
        let Some((sku, _)) = batch.skus.iter_mut().find(same) else { continue };
        if let Some(bad) = family_clash(&stored, sku) {
            return Err(ImportError::Bad(bad));
        }
        sku.minimum_quantity = sku.minimum_quantity.min(stored.minimum_quantity);
        sku.maximum_quantity = sku.maximum_quantity.max(stored.maximum_quantity);
    }
    Ok(catalog::import(tx, &batch)?)
}

/// Stores the rows of a surveyed file in one transaction: all of them, or none. Importing the same file again changes
/// nothing. Overlapping dates are refused once everything is in, so a file may close an old row and open a new one.
///
/// # Errors
/// When a row cannot be read (unless bad ones are skipped), or rows overlap.
pub fn import(
    tx: &mut Write<'_>,
    input: impl Input,
    survey: &Survey,
    skip_bad: bool,
    seen: &dyn Fn(u64),
) -> Result<(Imported, Entry), ImportError> {
    let mut collector = Collector { ranges: &survey.ranges, known: BTreeSet::new(), batch: Batch::default() };
    let mut done = Imported { rows: 0, changed: 0 };
    walk(input, seen, |row| {
        match row {
            Ok(row) => {
                done.rows += 1;
                collector.take(row);
            }
            Err(_) if skip_bad => {}
            Err(bad) => return Err(ImportError::Bad(bad)),
        }
        if collector.batch.prices.len() >= BATCH_ROWS {
            done.changed += store(tx, std::mem::take(&mut collector.batch))?;
        }
        Ok(())
    })?;
    done.changed += store(tx, collector.batch)?;
    if done.changed > 0 {
        let overlaps = catalog::overlaps(tx, OVERLAPS_TOLD)?;
        if !overlaps.is_empty() {
            let told = overlaps.iter().map(|overlap| {
                let (earlier, later) = (&overlap.earlier, &overlap.later);
                let (term, plan) = (earlier.term.as_str(), earlier.plan.as_str());
                let row = format!("{} {} {term} {plan}", earlier.market, earlier.unit_price.currency());
                Complaint::of("import-overlap")
                    .with("item", &earlier.item)
                    .with("row", row)
                    .with("start", earlier.starts_at)
                    .with("end", earlier.ends_at)
                    .with("later", later.starts_at)
                    .with("last", later.ends_at)
            });
            return Err(ImportError::Overlaps(told.collect()));
        }
    }
    let entry = Entry::did(Operation::ImportPrices, Resource::Catalog, "prices")
        .with(vec![Fact::new("rows", done.rows), Fact::new("changed", done.changed)]);
    Ok((done, entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "ProductTitle,ProductId,SkuId,SkuTitle,Publisher,SkuDescription,UnitOfMeasure,TermDuration,BillingPlan,Market,Currency,UnitPrice,PricingTierRangeMin,PricingTierRangeMax,EffectiveStartDate,EffectiveEndDate,Tags,ERP Price,Segment";

    fn looked_at(rows: &[&str]) -> Survey {
        let text = format!("{HEADER}\n{}\n", rows.join("\n"));
        survey(text.as_bytes(), &|_| {}).unwrap()
    }

    #[test]
    fn a_good_row_is_read_and_a_bad_one_named_by_line_and_column() {
        let good = "SQL Server,DG7GMGF0FKZV,3,SQL 3 year,Microsoft,text,,P3Y,,DE,EUR,1000.00,,,2020-01-01T00:00:00Z,9999-11-30T23:59:59Z,Software;Subscription,1200,Commercial";
        let looked =
            looked_at(&[good, &good.replace("1000.00", "dear"), &good.replace(",DE,", ",Germany,"), "short"]);
        assert_eq!((looked.rows, looked.bad_count), (4, 3));
        let told: Vec<String> = looked.bad.iter().map(ToString::to_string).collect();
        assert!(told[0].starts_with("line 3, UnitPrice: \"dear\": expected a price"), "{}", told[0]);
        assert!(told[1].starts_with("line 4, Market: \"Germany\": expected a country code"), "{}", told[1]);
        assert!(told[2].starts_with("line 5, ProductId: the row ends"), "{}", told[2]);
    }

    #[test]
    fn control_characters_and_endless_cells_are_refused_in_few_words() {
        let row = "X,DG7GMGF0D7FT,1,X,Microsoft,,,OneTime,,DE,EUR,10,,,2020-01-01T00:00:00Z,2020-12-31T23:59:59Z,Software;Perpetual,,Commercial";
        assert!(
            looked_at(&[&row.replacen("X,", "X\u{0}Y,", 1)]).bad[0]
                .to_string()
                .contains("control characters")
        );
        let endless = looked_at(&[&row.replace(",10,", &format!(",{},", "9".repeat(100_000)))]);
        assert!(endless.bad[0].to_string().len() < 300);
    }

    #[test]
    fn what_a_column_takes_is_told_in_the_words_of_its_rule() {
        let good = "X,DG7GMGF0D7FT,1,X,Microsoft,,,P1Y,Annual,DE,EUR,10,,,2020-01-01T00:00:00Z,2020-12-31T23:59:59Z,Software;Subscription,,Commercial";
        let told = |column: usize| {
            let mut cells: Vec<&str> = good.split(',').collect();
            cells[column] = "@@";
            looked_at(&[&cells.join(",")]).bad[0].message.to_string()
        };
        let euro = "EUR".parse().unwrap();
        for (column, rule) in [
            (1, "@@".parse::<ProductId>().unwrap_err().to_string()),
            (2, "@@".parse::<SkuId>().unwrap_err().to_string()),
            (7, "@@".parse::<Term>().unwrap_err().to_string()),
            (8, "@@".parse::<BillingCycle>().unwrap_err().to_string()),
            (9, "@@".parse::<Country>().unwrap_err().to_string()),
            (10, "@@".parse::<Currency>().unwrap_err().to_string()),
            (11, UnitPrice::parse("@@", euro).unwrap_err().to_string()),
            (18, "@@".parse::<Segment>().unwrap_err().to_string()),
        ] {
            assert_eq!(told(column), format!("\"@@\": {rule}"));
        }
    }

    #[test]
    fn a_missing_column_is_named() {
        let error = survey("ProductTitle,ProductId\n".as_bytes(), &|_| {}).unwrap_err();
        assert_eq!((error.line, error.column), (1, "SkuId"));
    }

    #[test]
    fn perpetual_software_has_no_term() {
        let row = "X,DG7GMGF0D7FT,1,X,Microsoft,,,P1Y,,DE,EUR,10,,,2020-01-01T00:00:00Z,2020-12-31T23:59:59Z,Software;Perpetual,,Commercial";
        assert!(looked_at(&[row]).bad[0].to_string().contains("TermDuration"));
        assert_eq!(looked_at(&[&row.replace("P1Y", "OneTime")]).bad_count, 0);
        assert_eq!(looked_at(&[&row.replace("P1Y", "")]).bad_count, 0);
    }

    #[test]
    fn an_availability_is_the_same_at_every_import() {
        let (product, sku) = ("DG7GMGF0FKZV".parse().unwrap(), "3".parse().unwrap());
        let first = availability(&product, &sku, Segment::Commercial).unwrap();
        assert_eq!(availability(&product, &sku, Segment::Commercial).unwrap(), first);
        assert_ne!(availability(&product, &sku, Segment::Education).unwrap(), first);
        assert!(first.as_str().starts_with("DG7GMGF0"));
    }
}
