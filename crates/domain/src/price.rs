//! Price rows: what one unit costs in a market, from an instant through another (rule 3.1).
//!
//! Never here: which currency a customer is billed in (the caller filters), exchange rates, promotions.

use jiff::Timestamp;

use crate::calendar::{BillingCycle, Term};
use crate::ids::CatalogItemId;
use crate::market::Country;
use crate::money::UnitPrice;

/// One row of a price sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceRow {
    /// What it prices.
    pub item: CatalogItemId,
    /// Where it holds.
    pub market: Country,
    /// For which term.
    pub term: Term,
    /// For which way of paying.
    pub plan: BillingCycle,
    /// The least quantity of its tier; 1 where prices are not tiered.
    pub tier_min: u32,
    /// The largest quantity of its tier.
    pub tier_max: u32,
    /// What the partner pays for one unit.
    pub unit_price: UnitPrice,
    /// What an end customer would be expected to pay for one unit.
    pub retail_price: UnitPrice,
    /// The first instant it holds.
    pub starts_at: Timestamp,
    /// The last instant it holds, included.
    pub ends_at: Timestamp,
}

impl PriceRow {
    /// Whether the row prices `quantity` units at `at`.
    pub fn holds(&self, at: Timestamp, quantity: u32) -> bool {
        self.starts_at <= at && at <= self.ends_at && (self.tier_min..=self.tier_max).contains(&quantity)
    }
}

/// The row that prices `quantity` units at `at`. Rows never overlap once saved; should two hold, the earlier row is
/// kept until its end, as the published example has it.
pub fn price_at(rows: &[PriceRow], at: Timestamp, quantity: u32) -> Option<&PriceRow> {
    rows.iter().filter(|row| row.holds(at, quantity)).min_by_key(|row| row.starts_at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    fn row(starts: &str, ends: &str, price: i64) -> PriceRow {
        let price = UnitPrice::new(Decimal::from(price), "EUR".parse().unwrap()).unwrap();
        PriceRow {
            item: "DG7GMGF0FKZV:0003:DG7GMGF0DWMS".parse().unwrap(),
            market: "DE".parse().unwrap(),
            term: Term::Year,
            plan: BillingCycle::OneTime,
            tier_min: 1,
            tier_max: u32::MAX,
            unit_price: price,
            retail_price: price,
            starts_at: starts.parse().unwrap(),
            ends_at: ends.parse().unwrap(),
        }
    }

    #[test]
    fn the_earlier_row_is_kept_until_its_end() {
        // Published: rows ending 3 November and starting 1 November; 2 November takes the first, 4 November the second.
        let rows = [
            row("2020-11-01T00:00:00Z", "9999-11-30T23:59:59Z", 20),
            row("2020-10-01T00:00:00Z", "2020-11-03T23:59:59Z", 10),
        ];
        let on = |at: &str| price_at(&rows, at.parse().unwrap(), 1).map(|row| row.unit_price.value());
        assert_eq!(on("2020-11-02T12:00:00Z"), Some(Decimal::from(10)));
        assert_eq!(on("2020-11-04T12:00:00Z"), Some(Decimal::from(20)));
        assert_eq!(on("2020-09-30T12:00:00Z"), None);
    }
}
