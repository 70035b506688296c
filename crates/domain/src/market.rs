//! Markets: the countries sold in, the currency and region of each, and the lists of what may not be sold where.
//!
//! Never here: the lists themselves; they are data the operator can change (rules 3.4 and 10).

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use crate::catalog::Family;
use crate::money::Currency;

/// A country by its two letters of ISO 3166 (plus `XK` for Kosovo, rule 10.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country([u8; 2]);

impl Country {
    /// The two letters, upper case.
    pub fn code(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or("ZZ")
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Country({})", self.code())
    }
}

/// Two letters were expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidCountry;

impl fmt::Display for InvalidCountry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a country code of two letters, such as SE")
    }
}

impl std::error::Error for InvalidCountry {}

impl FromStr for Country {
    type Err = InvalidCountry;

    fn from_str(text: &str) -> Result<Self, InvalidCountry> {
        let code: [u8; 2] = text.to_ascii_uppercase().as_bytes().try_into().map_err(|_| InvalidCountry)?;
        if code.iter().all(u8::is_ascii_uppercase) { Ok(Self(code)) } else { Err(InvalidCountry) }
    }
}

/// A country as a place to sell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Market {
    /// The country.
    pub country: Country,
    /// Its English name.
    pub name: String,
    /// The sales region it belongs to; a partner sells inside its regions (rule 3.4).
    pub region: String,
    /// The currency customers there are billed in.
    pub currency: Currency,
    /// The product families whose list price includes tax there (rule 3.3).
    pub tax_included: Vec<Family>,
}

impl Market {
    /// Whether the list price of a family includes tax in this market.
    pub fn price_includes_tax(&self, family: Family) -> bool {
        self.tax_included.contains(&family)
    }
}

/// One name on a list of markets where a family is not sold (rule 10.1). Several names may share a country code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The name's own key, such as `saba`.
    pub name_id: String,
    /// The country whose tenants are meant.
    pub country: Country,
    /// What is not sold there.
    pub family: Family,
    /// The first day the block holds.
    pub valid_from: Date,
    /// The first day it does not hold any more; none while no end is known.
    pub ended_on: Option<Date>,
}

impl Block {
    /// Whether it holds on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.ended_on.is_none_or(|end| day < end)
    }
}

/// The first of `countries` in which `family` is not sold on `day`; customer and partner are both asked (rule 10.4).
pub fn blocked(blocks: &[Block], family: Family, countries: &[Country], day: Date) -> Option<Country> {
    countries.iter().copied().find(|country| {
        blocks.iter().any(|block| block.family == family && block.country == *country && block.holds_on(day))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_block_holds_from_its_day_for_its_family_and_for_either_party() {
        let (sweden, saba): (Country, Country) = ("SE".parse().unwrap(), "bq".parse().unwrap());
        let blocks = [Block {
            name_id: "saba".into(),
            country: saba,
            family: Family::Reservation,
            valid_from: date(2019, 11, 30),
            ended_on: Some(date(2021, 1, 1)),
        }];
        let on = |family, countries: &[Country], day| blocked(&blocks, family, countries, day);
        assert_eq!(on(Family::Reservation, &[sweden, saba], date(2020, 1, 1)), Some(saba));
        assert_eq!(on(Family::Reservation, &[sweden], date(2020, 1, 1)), None);
        assert_eq!(on(Family::Subscription, &[saba], date(2020, 1, 1)), None);
        assert_eq!(on(Family::Reservation, &[saba], date(2019, 11, 29)), None);
        assert_eq!(on(Family::Reservation, &[saba], date(2020, 12, 31)), Some(saba));
        assert_eq!(on(Family::Reservation, &[saba], date(2021, 1, 1)), None);
    }
}
