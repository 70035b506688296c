//! Amounts: whole minor units for what is owed, exact decimals for what one unit costs.
//!
//! This is the only place that rounds, and each way of rounding has a name. Money has no operators: every sum is
//! checked for overflow and for mixed currencies. Never here: floating point, exchange rates.

use std::fmt;
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};

/// A currency of ISO 4217 with its number of decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency {
    code: [u8; 3],
    exponent: u8,
}

/// Currencies without a minor unit in ISO 4217.
const WHOLE: [&str; 16] = [
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF",
    "XOF",
];
/// Currencies with three decimals in ISO 4217.
const MILLS: [&str; 7] = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

impl Currency {
    /// How many decimals an amount in this currency has: 0, 2 or 3 (ISO 4217).
    pub const fn exponent(self) -> u32 {
        match self.exponent {
            0 => 0,
            3 => 3,
            _ => 2,
        }
    }

    /// The three letters of ISO 4217.
    pub fn code(&self) -> &str {
        str::from_utf8(&self.code).unwrap_or("XXX")
    }

    /// The sign people know it by, or the code where there is no common one.
    pub fn symbol(&self) -> &str {
        match self.code() {
            "USD" => "$",
            "EUR" => "€",
            "GBP" => "£",
            "JPY" | "CNY" => "¥",
            "SEK" | "NOK" | "DKK" => "kr",
            "BRL" => "R$",
            "AUD" => "A$",
            "CAD" => "C$",
            "INR" => "₹",
            "KRW" => "₩",
            other => other,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Three letters were expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidCurrency;

impl fmt::Display for InvalidCurrency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a currency code of three letters, such as EUR")
    }
}

impl std::error::Error for InvalidCurrency {}

impl FromStr for Currency {
    type Err = InvalidCurrency;

    fn from_str(text: &str) -> Result<Self, InvalidCurrency> {
        let upper = text.to_ascii_uppercase();
        let code: [u8; 3] = upper.as_bytes().try_into().map_err(|_| InvalidCurrency)?;
        if !code.iter().all(u8::is_ascii_uppercase) {
            return Err(InvalidCurrency);
        }
        let exponent = if WHOLE.contains(&upper.as_str()) {
            0
        } else if MILLS.contains(&upper.as_str()) {
            3
        } else {
            2
        };
        Ok(Self { code, exponent })
    }
}

/// Why a sum could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyError {
    /// The amount does not fit; nothing sold here is that dear.
    Overflow,
    /// Two currencies in one sum.
    MixedCurrencies(Currency, Currency),
}

impl fmt::Display for MoneyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overflow => f.write_str("the amount is too large"),
            Self::MixedCurrencies(a, b) => write!(f, "amounts in {a} and {b} cannot be added"),
        }
    }
}

impl std::error::Error for MoneyError {}

/// An amount in whole minor units (cents, yen, mills). Negative when it is owed to the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// An amount of `minor` units, such as 1999 for 19.99 EUR.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in a currency.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// The amount in minor units.
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// An amount as somebody wrote it; none where it has more digits than the currency, or does not fit.
    pub fn exact(value: Decimal, currency: Currency) -> Option<Self> {
        Self::truncated(value, currency).ok().filter(|own| own.decimal() == value)
    }

    /// The amount as a decimal number with the currency's decimals.
    pub fn decimal(self) -> Decimal {
        Decimal::new(self.minor, self.currency.exponent())
    }

    /// The sum of two amounts.
    ///
    /// # Errors
    /// When the currencies differ or the sum does not fit.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::MixedCurrencies(self.currency, other.currency));
        }
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// The same amount owed the other way round.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn negated(self) -> Result<Self, MoneyError> {
        let minor = self.minor.checked_neg().ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// The sum of many amounts, all in `currency`.
    ///
    /// # Errors
    /// When a currency differs or the sum does not fit.
    pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::plus)
    }

    /// Cuts `value` after the currency's decimals, towards zero (rule 7.6, `trunc2`).
    ///
    /// # Errors
    /// When it does not fit.
    pub fn truncated(value: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        Self::rounded(value, currency, RoundingStrategy::ToZero)
    }

    /// Rounds `value` to the currency's decimals, half away from zero (rule 8.5, tax per document).
    ///
    /// # Errors
    /// When it does not fit.
    pub fn half_up(value: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        Self::rounded(value, currency, RoundingStrategy::MidpointAwayFromZero)
    }

    fn rounded(value: Decimal, currency: Currency, how: RoundingStrategy) -> Result<Self, MoneyError> {
        let exponent = currency.exponent();
        let scaled = value
            .checked_mul(Decimal::from(10_i64.pow(exponent)))
            .ok_or(MoneyError::Overflow)?
            .round_dp_with_strategy(0, how);
        let minor = i64::try_from(scaled).map_err(|_| MoneyError::Overflow)?;
        Ok(Self { minor, currency })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.decimal(), self.currency)
    }
}

/// The most decimals a unit price may carry.
pub const UNIT_PRICE_DECIMALS: u32 = 8;
/// The highest unit price, in whole currency units.
pub const UNIT_PRICE_LIMIT: i64 = 1_000_000_000;

/// What one unit costs, with all the decimals the price sheet gave it. It turns into [`Money`] only by a named rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UnitPrice {
    value: Decimal,
    currency: Currency,
}

/// Why a unit price was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidUnitPrice;

impl fmt::Display for InvalidUnitPrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "expected a price from 0 to {UNIT_PRICE_LIMIT} with a decimal point and at most {UNIT_PRICE_DECIMALS} decimals, such as 1499.95"
        )
    }
}

impl std::error::Error for InvalidUnitPrice {}

impl UnitPrice {
    /// A price per unit.
    ///
    /// # Errors
    /// When it is negative, too large, or finer than eight decimals.
    pub fn new(value: Decimal, currency: Currency) -> Result<Self, InvalidUnitPrice> {
        let fits = !value.is_sign_negative() || value.is_zero();
        if !fits || value > Decimal::from(UNIT_PRICE_LIMIT) || value.normalize().scale() > UNIT_PRICE_DECIMALS
        {
            return Err(InvalidUnitPrice);
        }
        Ok(Self { value, currency })
    }

    /// Reads a price as price sheets write it: digits, a decimal point, no grouping.
    ///
    /// # Errors
    /// When the text is no such number.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, InvalidUnitPrice> {
        let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        if !plain {
            return Err(InvalidUnitPrice);
        }
        let value = Decimal::from_str_exact(text).map_err(|_| InvalidUnitPrice)?;
        Self::new(value, currency)
    }

    /// The price per unit as a number.
    pub const fn value(self) -> Decimal {
        self.value
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// What `quantity` units cost: unit × quantity, rounded once, half up. Exact when the unit has no more decimals
    /// than the currency (rule 8.6).
    ///
    /// # Errors
    /// When the amount does not fit.
    pub fn extended(self, quantity: u32) -> Result<Money, MoneyError> {
        let product = self.value.checked_mul(Decimal::from(quantity)).ok_or(MoneyError::Overflow)?;
        Money::half_up(product, self.currency)
    }
}

impl fmt::Display for UnitPrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.value, self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        code.parse().unwrap()
    }

    fn decimal(text: &str) -> Decimal {
        Decimal::from_str_exact(text).unwrap()
    }

    #[test]
    fn a_currency_knows_its_decimals() {
        assert_eq!([currency("JPY"), currency("eur"), currency("KWD")].map(Currency::exponent), [0, 2, 3]);
        assert!("EURO".parse::<Currency>().is_err());
        assert!("E1R".parse::<Currency>().is_err());
    }

    #[test]
    fn truncation_cuts_towards_zero_at_the_currencys_decimals() {
        let cut = |text: &str, code: &str| Money::truncated(decimal(text), currency(code)).unwrap().minor();
        assert_eq!(cut("9.42968", "EUR"), 942);
        assert_eq!(cut("-9.42968", "EUR"), -942);
        assert_eq!(cut("9.99", "JPY"), 9);
        assert_eq!(cut("1.23456", "KWD"), 1234);
    }

    #[test]
    fn half_up_goes_away_from_zero_on_the_half() {
        let round = |text: &str| Money::half_up(decimal(text), currency("EUR")).unwrap().minor();
        assert_eq!([round("0.125"), round("-0.125"), round("0.1249")], [13, -13, 12]);
    }

    #[test]
    fn sums_refuse_mixed_currencies_and_overflow() {
        let (eur, usd) = (currency("EUR"), currency("USD"));
        assert_eq!(Money::new(1, eur).plus(Money::new(1, usd)), Err(MoneyError::MixedCurrencies(eur, usd)));
        assert_eq!(Money::new(i64::MAX, eur).plus(Money::new(1, eur)), Err(MoneyError::Overflow));
    }

    #[test]
    fn the_dearest_price_times_the_largest_quantity_is_an_error_not_a_panic() {
        let price = UnitPrice::new(Decimal::from(UNIT_PRICE_LIMIT), currency("EUR")).unwrap();
        assert_eq!(price.extended(999_999_999), Err(MoneyError::Overflow));
    }

    #[test]
    fn a_price_is_digits_and_a_point() {
        for wrong in ["", "-1", "1,5", "1e3", " 1", "1.123456789", "1000000000.01", "."] {
            assert!(UnitPrice::parse(wrong, currency("EUR")).is_err(), "{wrong} was taken");
        }
        assert_eq!(
            UnitPrice::parse("1499.95", currency("EUR")).unwrap().extended(4).unwrap().minor(),
            599_980
        );
    }
}
