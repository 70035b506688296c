//! What a vendor bills for a month: its reconciliation file (rule 8.4), read row by row and added up by product.

use std::collections::BTreeMap;
use std::io::Read;
use std::str::FromStr;

use chandlery_domain::ids::{ProductId, SkuId};
use chandlery_domain::money::{Currency, Money};
use chandlery_store::closing::VendorRow;
use csv::ByteRecord;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use crate::error::BadRow;
use crate::texts::Complaint;

/// The most octets of a file that comes through the console.
pub const LARGEST: usize = 512 * 1024 * 1024;
/// How many products one bill may have, each currency apart.
const PRODUCTS_MAX: usize = 20_000;
/// How many letters of a wrong cell are told.
const TOLD_MAX: usize = 40;

/// The longest number of a bill, in letters.
const NUMBER_MAX: usize = 60;

const COLUMNS: [&str; 6] = ["ProductId", "SkuId", "ChargeType", "Quantity", "Subtotal", "Currency"];
/// The column with the bill's number, which may be missing.
const NUMBER: &str = "InvoiceNumber";

/// Bill, product, currency, and whether it was taken back: how many, what they come to, and on how many lines.
type Sums = BTreeMap<(String, String, String, bool), (i64, i64, u64)>;

const PRODUCT: usize = 0;
const SKU: usize = 1;
const CHARGE: usize = 2;
const QUANTITY: usize = 3;
const SUBTOTAL: usize = 4;
const CURRENCY: usize = 5;

struct Row<'a> {
    record: &'a ByteRecord,
    places: &'a [usize; COLUMNS.len()],
    line: u64,
}

impl Row<'_> {
    fn bad(&self, column: usize, message: Complaint) -> BadRow {
        BadRow { line: self.line, column: COLUMNS.get(column).copied().unwrap_or("row"), message }
    }

    fn text(&self, column: usize) -> Result<&str, BadRow> {
        let place = self.places.get(column).copied().unwrap_or(usize::MAX);
        let bytes =
            self.record.get(place).ok_or_else(|| self.bad(column, Complaint::of("import-row-short")))?;
        let text = str::from_utf8(bytes).map_err(|_| self.bad(column, Complaint::of("import-no-utf-8")))?;
        Ok(text.trim())
    }

    fn wrong(&self, column: usize, text: &str, id: &'static str) -> BadRow {
        let told: String = text.chars().take(TOLD_MAX).collect();
        self.bad(column, Complaint::of(id).with("text", format!("{told:?}")))
    }

    /// A part of a product's name.
    fn part<T: FromStr>(&self, column: usize) -> Result<T, BadRow> {
        let text = self.text(column)?;
        text.parse().map_err(|_| self.wrong(column, text, "vendor-part"))
    }

    fn number(&self, column: usize) -> Result<Decimal, BadRow> {
        let text = self.text(column)?;
        Decimal::from_str_exact(text).map_err(|_| self.wrong(column, text, "vendor-number"))
    }

    fn take(&self, bill: String, sums: &mut Sums) -> Result<(), BadRow> {
        let product = format!("{}:{}", self.part::<ProductId>(PRODUCT)?, self.part::<SkuId>(SKU)?);
        let code = self.text(CURRENCY)?;
        let currency: Currency = code.parse().map_err(|_| self.wrong(CURRENCY, code, "vendor-currency"))?;
        let (count, subtotal) = (self.number(QUANTITY)?, self.number(SUBTOTAL)?);
        let whole = |column, own: Decimal, id| {
            let text = own.to_string();
            own.normalize()
                .is_integer()
                .then(|| own.to_i64())
                .flatten()
                .ok_or_else(|| self.wrong(column, &text, id))
        };
        let quantity = whole(QUANTITY, count, "vendor-whole")?.saturating_abs();
        let scale = Decimal::from(10_i64.saturating_pow(currency.exponent()));
        let minor = whole(SUBTOTAL, subtotal.saturating_mul(scale), "vendor-cents")?;
        let kind = self.text(CHARGE)?.to_ascii_lowercase();
        // What gives back some money gives back no licence.
        let cancels = kind.contains("cancel");
        let quantity = if kind.contains("credit") && !cancels { 0 } else { quantity };
        let place = sums.entry((bill, product, currency.to_string(), minor < 0 || cancels)).or_default();
        *place = (place.0.saturating_add(quantity), place.1.saturating_add(minor), place.2.saturating_add(1));
        if sums.len() > PRODUCTS_MAX {
            return Err(self.bad(PRODUCT, Complaint::of("vendor-many").with("most", PRODUCTS_MAX)));
        }
        Ok(())
    }
}

/// Whether a cell of the header is a column's name.
fn names(own: &[u8], wanted: &str) -> bool {
    String::from_utf8_lossy(own).trim_start_matches('\u{feff}').trim().eq_ignore_ascii_case(wanted)
}

/// Reads a vendor's bill. Columns are found by their names, in any order; others are left alone.
///
/// # Errors
/// The first row that cannot be read, with what is wrong with it.
pub fn read(input: impl Read) -> Result<Vec<VendorRow>, BadRow> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
    let unreadable = |line| BadRow { line, column: "row", message: Complaint::of("import-no-csv") };
    let header = reader.byte_headers().map_err(|_| unreadable(1))?.clone();
    let mut places = [0; COLUMNS.len()];
    for (place, wanted) in places.iter_mut().zip(COLUMNS) {
        *place = header.iter().position(|own| names(own, wanted)).ok_or_else(|| BadRow {
            line: 1,
            column: wanted,
            message: Complaint::of("import-column-missing"),
        })?;
    }
    let number = header.iter().position(|own| names(own, NUMBER));
    let (mut sums, mut record, mut line) = (Sums::new(), ByteRecord::new(), 1);
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => return Err(unreadable(error.position().map_or(line, csv::Position::line))),
        }
        line = record.position().map_or(line, csv::Position::line);
        if record.iter().all(|own| own.trim_ascii().is_empty()) {
            continue;
        }
        let bill = number.and_then(|place| record.get(place)).unwrap_or_default();
        let bill: String = String::from_utf8_lossy(bill).trim().chars().take(NUMBER_MAX).collect();
        Row { record: &record, places: &places, line }.take(bill, &mut sums)?;
    }
    if sums.is_empty() {
        return Err(BadRow { line: 1, column: "row", message: Complaint::of("vendor-empty") });
    }
    let rows = sums.into_iter().filter_map(|((bill, product, code, credit), (quantity, minor, lines))| {
        let amount = Money::new(minor, code.parse().ok()?);
        Some(VendorRow { bill, product, credit, quantity, amount, lines })
    });
    Ok(rows.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "PartnerId,ProductId,SkuId,ChargeType,Quantity,Subtotal,Currency\n";

    fn of(rows: &str) -> Result<Vec<VendorRow>, String> {
        read(format!("\u{feff}{HEAD}{rows}").as_bytes()).map_err(|bad| bad.to_string())
    }

    #[test]
    fn rows_of_one_product_are_added_up_and_credits_stand_apart() {
        let own = of("p,DG7GMGF0DWMS,0002,New,3,300.00,EUR\np,dg7gmgf0dwms,2,cycleCharge,2.0,200,EUR\np,DG7GMGF0DWMS,0002,cancelImmediate,-1,-57.5,EUR\n").unwrap();
        assert_eq!(own.len(), 2);
        assert_eq!(
            (own[0].quantity, own[0].amount.minor(), own[0].lines, own[0].credit),
            (5, 50_000, 2, false)
        );
        assert_eq!((own[1].quantity, own[1].amount.minor(), own[1].credit), (1, -5_750, true));
    }

    #[test]
    fn an_exceptional_credit_takes_money_off_and_no_licence() {
        let own = of(
            "p,DG7GMGF0DWMS,0002,customerCredit,-1,-20,EUR\np,DG7GMGF0DWMS,0002,cancelImmediate,-2,-80,EUR\n",
        )
        .unwrap();
        assert_eq!((own.len(), own[0].quantity, own[0].amount.minor(), own[0].credit), (1, 2, -10_000, true));
    }

    #[test]
    fn what_is_wrong_is_told_with_line_and_column() {
        for (rows, begins) in [
            ("p,DG7GMGF0DWMS,0002,New,x,1,EUR\n", "line 2, Quantity: "),
            ("p,DG7GMGF0DWMS,0002,New,1,1,EUR\np,DG7GMGF0DWMS,0002,New,1.5,1,EUR\n", "line 3, Quantity: "),
            ("p,DG7GMGF0DWMS,0002,New,1,1.001,EUR\n", "line 2, Subtotal: "),
            ("p,DG7GMGF0DWMS,0002,New,1,1,euro\n", "line 2, Currency: "),
            ("p,,0002,New,1,1,EUR\n", "line 2, ProductId: "),
            ("p,DG7GMGF0DWMS\n", "line 2, SkuId: "),
            ("", "line 1, row: "),
        ] {
            let told = of(rows).unwrap_err();
            assert!(told.starts_with(begins), "{told}");
        }
        let told = read("ProductId,SkuId,Quantity,Subtotal,Currency\n".as_bytes()).unwrap_err().to_string();
        assert!(told.starts_with("line 1, ChargeType: "), "{told}");
    }
}
