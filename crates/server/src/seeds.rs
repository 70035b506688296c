//! What a new installation starts with: markets, blocked markets and the published policies. The operator may change
//! all of it afterwards; starting again changes nothing that is there.

use chandlery_domain::market::{Block, Market};
use chandlery_domain::tax::Rate;
use chandlery_domain::taxation::{DatedRate, wrong_rate};
use chandlery_store::benefit::{CoreLicence, Size};
use chandlery_store::markets::NamedBlock;
use csv::StringRecord;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::app::benefit::import;
use crate::app::import_keys::unreadable;
use crate::error::{BadRow, Error};
use crate::texts::Complaint;

const MARKETS: &str = include_str!("../../../data/markets.csv");
const TAX_RATES: &str = include_str!("../../../data/tax-rates.csv");
const CORE_LICENCES: &str = include_str!("../../../data/core-licences.csv");
const MACHINE_SIZES: &str = include_str!("../../../data/machine-sizes.csv");
const UNAVAILABLE: &str = include_str!("../../../data/unavailable-markets.csv");

fn field<'a>(record: &'a StringRecord, index: usize, name: &str) -> Result<&'a str, Error> {
    record.get(index).ok_or_else(|| Error::Internal(format!("the built-in data lack {name}")))
}

fn records(text: &'static str) -> impl Iterator<Item = Result<StringRecord, Error>> {
    csv::Reader::from_reader(text.as_bytes()).into_records().map(|record| record.map_err(Error::internal))
}

/// Every market sold in, with its region and currency (rule 3.4).
///
/// # Errors
/// When the built-in data are broken.
pub fn markets() -> Result<Vec<Market>, Error> {
    records(MARKETS)
        .map(|record| {
            let record = record?;
            Ok(Market {
                country: field(&record, 0, "country")?.parse().map_err(Error::internal)?,
                name: field(&record, 1, "name")?.to_owned(),
                region: field(&record, 2, "region")?.to_owned(),
                currency: field(&record, 3, "currency")?.parse().map_err(Error::internal)?,
                tax_included: field(&record, 4, "tax_included")?
                    .split_whitespace()
                    .map(|family| family.parse().map_err(Error::internal))
                    .collect::<Result<_, _>>()?,
            })
        })
        .collect()
}

/// SKUs whose units are core licences: those whose ids are published. The operator imports its own.
///
/// # Errors
/// When the built-in data are broken.
pub fn core_licences() -> Result<Vec<CoreLicence>, Error> {
    import::core_licences(CORE_LICENCES.as_bytes())
}

/// Sizes of machines in Azure with their cores, and the group in which a reservation floats with its ratio (rule 2.6).
///
/// # Errors
/// When the built-in data are broken.
pub fn machine_sizes() -> Result<Vec<Size>, Error> {
    import::sizes(MACHINE_SIZES.as_bytes())
}

/// Standard rates of tax, dated: what the operator begins with.
///
/// # Errors
/// When the built-in data are broken.
pub fn tax_rates() -> Result<Vec<DatedRate>, Error> {
    read_tax_rates(TAX_RATES.as_bytes())
}

/// Rates of tax out of a table with the columns country, region, name, percent, effective_from, effective_to and, where wanted,
/// in_place_of; an empty region is the whole country, an empty end a rate in force. A region's rate is added to its country's,
/// save to the one it stands in place of.
///
/// # Errors
/// The first row that cannot be read, or clashes with another, with its line and column.
pub fn read_tax_rates(input: impl std::io::Read) -> Result<Vec<DatedRate>, Error> {
    let mut found = Vec::new();
    for (line, record) in (2_u64..).zip(csv::Reader::from_reader(input).into_records()) {
        let record = record
            .map_err(|error| Error::Row(BadRow { line, column: "row", message: unreadable(&error) }))?;
        let text = |place: usize| record.get(place).unwrap_or_default().trim();
        let bad = |column: &'static str, place: usize, id: &'static str| {
            let message = Complaint::of(id).with("text", text(place));
            Error::Row(BadRow { line, column, message })
        };
        let percent = Decimal::from_str_exact(text(3)).ok();
        let rate = percent.and_then(|own| own.checked_div(Decimal::ONE_HUNDRED)).and_then(Rate::new);
        let day = |place: usize| text(place).parse::<Date>();
        found.push(DatedRate {
            country: text(0).parse().map_err(|_| bad("country", 0, "import-wrong-market"))?,
            region: Some(text(1).to_owned()).filter(|own| !own.is_empty()),
            name: text(2).to_owned(),
            rate: rate.ok_or_else(|| bad("percent", 3, "import-wrong-percent"))?,
            in_place_of: Some(text(6).to_owned()).filter(|own| !own.is_empty()),
            first: day(4).map_err(|_| bad("effective_from", 4, "import-wrong-day"))?,
            last: match text(5) {
                "" => None,
                _ => Some(day(5).map_err(|_| bad("effective_to", 5, "import-wrong-day"))?),
            },
        });
    }
    if let Some((place, other)) = wrong_rate(&found) {
        let line = |place: usize| u64::try_from(place).unwrap_or(u64::MAX).saturating_add(2);
        let (column, message) = match other {
            Some(other) => ("effective_from", Complaint::of("import-rate-twice").with("line", line(other))),
            None => ("effective_to", Complaint::of("import-rate-ends")),
        };
        return Err(Error::Row(BadRow { line: line(place), column, message }));
    }
    Ok(found)
}

/// The 109 names of markets where Azure reservations are not sold (rule 10.1).
///
/// # Errors
/// When the built-in data are broken.
pub fn unavailable_markets() -> Result<Vec<NamedBlock>, Error> {
    records(UNAVAILABLE)
        .map(|record| {
            let record = record?;
            Ok(NamedBlock {
                block: Block {
                    name_id: field(&record, 0, "name_id")?.to_owned(),
                    country: field(&record, 1, "country")?.parse().map_err(Error::internal)?,
                    family: field(&record, 2, "family")?.parse().map_err(Error::internal)?,
                    valid_from: field(&record, 6, "valid_from")?.parse().map_err(Error::internal)?,
                    ended_on: None,
                },
                names: [
                    field(&record, 3, "name_en")?.to_owned(),
                    field(&record, 4, "name_sv")?.to_owned(),
                    field(&record, 5, "name_de")?.to_owned(),
                ],
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chandlery_domain::catalog::Family;

    use super::*;

    #[test]
    fn the_list_has_109_names_of_106_countries_all_of_them_markets() {
        let list = unavailable_markets().unwrap();
        let names: BTreeSet<&str> = list.iter().map(|named| named.names[0].as_str()).collect();
        let codes: BTreeSet<String> = list.iter().map(|named| named.block.country.to_string()).collect();
        assert_eq!((list.len(), names.len(), codes.len()), (109, 109, 106));
        let markets: BTreeSet<String> =
            markets().unwrap().iter().map(|market| market.country.to_string()).collect();
        assert!(codes.is_subset(&markets));
        for sold in ["SE", "DE", "BR", "AU", "RU"] {
            assert!(!codes.contains(sold), "{sold} is blocked");
        }
    }

    #[test]
    fn sizes_are_known_once_and_their_ratios_follow_their_cores() {
        let list = machine_sizes().unwrap();
        let keys: BTreeSet<String> = list.iter().map(|own| Size::key(&own.name)).collect();
        assert!(keys.len() == list.len() && list.len() > 100);
        let of = |name: &str| list.iter().find(|own| own.name == name).unwrap();
        assert_eq!((of("Standard_D32s_v3").cores, of("Standard_NC12").cores), (32, 12));
        // One reservation of the largest size of a group covers as many of the smallest as the ratios say.
        assert_eq!(of("Standard_D64s_v3").ratio, Some(Decimal::from(32)));
        assert_eq!(of("Standard_D2s_v3").ratio, Some(Decimal::ONE));
        assert_eq!(core_licences().unwrap().len(), 1);
    }

    #[test]
    fn only_australia_and_brazil_show_prices_with_tax() {
        let with_tax: Vec<String> = markets()
            .unwrap()
            .into_iter()
            .filter(|market| market.price_includes_tax(Family::Perpetual))
            .map(|market| market.country.to_string())
            .collect();
        assert_eq!(with_tax, ["AU", "BR"]);
    }
}
