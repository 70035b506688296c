//! Proration by exactly the published truncation rules (rule 7.6).
//!
//! Two roundings exist in the published examples, and each fits only its own kind of line: cancelling and converting
//! cut the *unit* and multiply; changing a quantity cuts the *line*. Never here: deciding whether anything is owed.

use rust_decimal::Decimal;

use crate::money::{Money, MoneyError, UnitPrice};

/// A share of a unit price, before rounding: `part` of `whole` days or months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// How many count.
    pub part: i64,
    /// Out of how many; at least one.
    pub whole: i64,
}

impl Share {
    /// The effective unit price: unit × part ÷ whole, multiplied first so that nothing is lost.
    ///
    /// # Errors
    /// When the share has no whole or the price is out of range.
    pub fn of(self, unit: UnitPrice) -> Result<Decimal, MoneyError> {
        unit.value()
            .checked_mul(Decimal::from(self.part))
            .and_then(|product| product.checked_div(Decimal::from(self.whole)))
            .ok_or(MoneyError::Overflow)
    }
}

/// Cancelling and converting: `trunc2(unit × part ÷ whole) × quantity`.
///
/// # Errors
/// When the amount does not fit.
pub fn by_unit(unit: UnitPrice, share: Share, quantity: u32) -> Result<Money, MoneyError> {
    let one = Money::truncated(share.of(unit)?, unit.currency())?;
    let minor = one.minor().checked_mul(i64::from(quantity)).ok_or(MoneyError::Overflow)?;
    Ok(Money::new(minor, unit.currency()))
}

/// Adding and removing seats: `trunc2(unit × part ÷ whole × quantity)`.
///
/// # Errors
/// When the amount does not fit.
pub fn by_line(unit: UnitPrice, share: Share, quantity: u32) -> Result<Money, MoneyError> {
    let line = unit
        .value()
        .checked_mul(Decimal::from(share.part))
        .and_then(|product| product.checked_mul(Decimal::from(quantity)))
        .and_then(|product| product.checked_div(Decimal::from(share.whole)))
        .ok_or(MoneyError::Overflow)?;
    Money::truncated(line, unit.currency())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(text: &str) -> UnitPrice {
        UnitPrice::parse(text, "USD".parse().unwrap()).unwrap()
    }

    const fn share(part: i64, whole: i64) -> Share {
        Share { part, whole }
    }

    #[test]
    fn published_cancel_and_convert_lines_cut_the_unit() {
        // trunc2(10.08 / 31 * 29 = 9.42968) * 10
        assert_eq!(by_unit(unit("10.08"), share(29, 31), 10).unwrap().minor(), 94_20);
        // trunc2(10.08 / 30 * 23 = 7.728) * 300, converted away
        assert_eq!(by_unit(unit("10.08"), share(23, 30), 300).unwrap().minor(), 2316_00);
        // trunc2(6.43 / 30 * 23 = 4.92967) * 300, converted to
        assert_eq!(by_unit(unit("6.43"), share(23, 30), 300).unwrap().minor(), 1476_00);
        // plan change with 11 of 12 months left: trunc2(250 * 11 / 12 = 229.1667) * 10
        assert_eq!(by_unit(unit("250.00"), share(11, 12), 10).unwrap().minor(), 2291_60);
    }

    #[test]
    fn published_quantity_changes_cut_the_line() {
        // 10 -> 12 seats, 28 of 30 days: trunc2(9.408 * 10), trunc2(9.408 * 12)
        assert_eq!(by_line(unit("10.08"), share(28, 30), 10).unwrap().minor(), 94_08);
        assert_eq!(by_line(unit("10.08"), share(28, 30), 12).unwrap().minor(), 112_89);
        // 25 -> 23 seats, 24 of 31 days: trunc2(9.29032 * 25), trunc2(9.29032 * 23)
        assert_eq!(by_line(unit("12.00"), share(24, 31), 25).unwrap().minor(), 232_25);
        assert_eq!(by_line(unit("12.00"), share(24, 31), 23).unwrap().minor(), 213_67);
    }

    #[test]
    fn a_share_without_a_whole_is_an_error() {
        assert_eq!(by_unit(unit("1"), share(1, 0), 1), Err(MoneyError::Overflow));
    }
}
