//! Tax: once per rate on a document, and cents that add up (rules 3.3 and 8.5).
//!
//! Never here: which rate applies to whom.

use rust_decimal::Decimal;

use crate::charge::Place;
use crate::money::{Currency, Money, MoneyError};

/// A tax rate as a fraction of the net amount: 0.20 for 20 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate(Decimal);

impl Rate {
    /// No tax.
    pub const NONE: Self = Self(Decimal::ZERO);

    /// A rate from 0 to 1; none when it lies outside.
    pub fn new(fraction: Decimal) -> Option<Self> {
        (Decimal::ZERO..=Decimal::ONE).contains(&fraction).then_some(Self(fraction))
    }

    /// The fraction: 0.20 for 20 %.
    pub const fn fraction(self) -> Decimal {
        self.0
    }

    /// The tax of an amount as it is before any rounding; `amount` in whichever unit the result is wanted in.
    fn exact(self, amounts: Amounts, amount: Decimal) -> Result<Decimal, MoneyError> {
        let product = amount.checked_mul(self.0);
        let exact = match amounts {
            Amounts::Net => product,
            Amounts::Gross(all) => product.and_then(|own| own.checked_div(Decimal::ONE.checked_add(all)?)),
        };
        exact.ok_or(MoneyError::Overflow)
    }

    /// The tax of an amount, rounded half up once.
    ///
    /// # Errors
    /// When the amount does not fit.
    pub fn of(self, amounts: Amounts, amount: Money) -> Result<Money, MoneyError> {
        Money::half_up(self.exact(amounts, amount.decimal())?, amount.currency())
    }
}

/// What amounts are: before tax, or with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amounts {
    /// Before tax: a tax is the rate of them.
    Net,
    /// With every tax in them; the rates of all of them together. A tax is the rate of what is left without any: amount ×
    /// rate ÷ (1 + all rates) (rule 3.3).
    Gross(Decimal),
}

impl Amounts {
    /// Amounts with these taxes in them, or on top of them.
    pub fn with(included: bool, rates: &[Rate]) -> Self {
        match included {
            true => Self::Gross(rates.iter().map(|own| own.0).sum()),
            false => Self::Net,
        }
    }
}

/// So many lines of a document, each with the same amount above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alike {
    /// What each of them comes to: before tax, or with the tax in it.
    pub amount: Money,
    /// How many they are.
    pub count: u64,
}

/// The tax of lines of one amount: `each`, and one minor unit more on the first `extra` of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    /// The lines.
    pub lines: Alike,
    /// The tax of one.
    pub each: Money,
    /// How many of them, from the first, have a minor unit more.
    pub extra: u64,
    /// The last of those, where not all of them have it and once somebody looked it up.
    pub through: Option<Place>,
}

impl Spread {
    /// The tax of the line that stands at a place in the ledger.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn at(&self, place: Place) -> Result<Money, MoneyError> {
        let more = self.extra == self.lines.count || self.through.is_some_and(|through| place <= through);
        self.each.plus(Money::new(i64::from(more), self.each.currency()))
    }

    /// Whether it has to be said which of the lines are the first: some have a minor unit more, and some have not.
    pub const fn is_split(&self) -> bool {
        0 < self.extra && self.extra < self.lines.count
    }
}

/// The tax on lines under one rate: worked out once for their sum, half up, and spread over them by largest remainder, so
/// that the lines add up to it exactly. Lines of one amount have one remainder; with ties the smaller amount gets
/// the unit, and among lines of one amount the earlier.
///
/// # Errors
/// When currencies differ or an amount does not fit.
pub fn spread(
    rate: Rate,
    amounts: Amounts,
    currency: Currency,
    lines: &[Alike],
) -> Result<(Money, Vec<Spread>), MoneyError> {
    let mut sum = Money::zero(currency);
    let mut parts = Vec::with_capacity(lines.len());
    let mut given: i64 = 0;
    for own in lines {
        let count = i64::try_from(own.count).map_err(|_| MoneyError::Overflow)?;
        let whole = own.amount.minor().checked_mul(count).ok_or(MoneyError::Overflow)?;
        sum = sum.plus(Money::new(whole, own.amount.currency()))?;
        let exact = rate.exact(amounts, Decimal::from(own.amount.minor()))?;
        let floor = exact.floor();
        let each = i64::try_from(floor).map_err(|_| MoneyError::Overflow)?;
        let rest = exact.checked_sub(floor).ok_or(MoneyError::Overflow)?;
        given = each.checked_mul(count).and_then(|own| given.checked_add(own)).ok_or(MoneyError::Overflow)?;
        parts.push((rest, Spread { lines: *own, each: Money::new(each, currency), extra: 0, through: None }));
    }
    let tax = rate.of(amounts, sum)?;
    let left = tax.minor().checked_sub(given).ok_or(MoneyError::Overflow)?;
    let mut left = u64::try_from(left).map_err(|_| MoneyError::Overflow)?;
    parts.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.lines.amount.minor().cmp(&b.1.lines.amount.minor())));
    for (_, own) in &mut parts {
        own.extra = left.min(own.lines.count);
        left = left.saturating_sub(own.extra);
    }
    Ok((tax, parts.into_iter().map(|(_, own)| own).collect()))
}

/// The tax to give back with a part of a line that had `line_tax` on `line`: what the part given back so far makes of it,
/// half up, less what was given back before. Given back bit by bit it adds up to the line's tax exactly and never exceeds
/// it; all at once it is the line's tax. `before` is what was given back before of the line and of its tax.
///
/// # Errors
/// When a currency differs or an amount does not fit.
pub fn given_back(
    (line, line_tax): (Money, Money),
    (before, tax_before): (Money, Money),
    now: Money,
) -> Result<Money, MoneyError> {
    if line.minor() == 0 {
        return Ok(Money::zero(line_tax.currency()));
    }
    let so_far = before.plus(now)?;
    let due = line_tax
        .decimal()
        .checked_mul(so_far.decimal())
        .and_then(|product| product.checked_div(line.decimal()))
        .ok_or(MoneyError::Overflow)?;
    let back = Money::half_up(due, line_tax.currency())?.plus(tax_before.negated()?)?;
    // Nothing is ever taken back of what was given back, even where more was given back before than was due.
    Ok(if back.minor() < 0 { Money::zero(back.currency()) } else { back })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn eur(minor: i64) -> Money {
        Money::new(minor, "EUR".parse().unwrap())
    }

    fn rate(text: &str) -> Rate {
        Rate::new(Decimal::from_str_exact(text).unwrap()).unwrap()
    }

    /// The lines of these amounts, with the tax of each.
    fn taxes(rate: Rate, included: bool, minors: &[i64]) -> (Money, Vec<(i64, i64)>) {
        let mut groups: Vec<Alike> = Vec::new();
        for minor in minors {
            match groups.iter_mut().find(|own| own.amount.minor() == *minor) {
                Some(own) => own.count += 1,
                None => groups.push(Alike { amount: eur(*minor), count: 1 }),
            }
        }
        let amounts = Amounts::with(included, &[rate]);
        let (tax, spreads) = spread(rate, amounts, "EUR".parse().unwrap(), &groups).unwrap();
        let of = |own: &Spread| {
            let own = *own;
            (0..own.lines.count).map(move |place| {
                let more = i64::from(place < own.extra);
                (own.lines.amount.minor(), own.each.minor() + more)
            })
        };
        (tax, spreads.iter().flat_map(of).collect())
    }

    #[test]
    fn lines_credited_one_by_one_never_exceed_the_invoice() {
        // 68.33 + 68.33 + 57.50 + 85.00 = 279.16; 20 % of it = 55.83. Rounded line by line it would be 55.84.
        let (tax, lines) = taxes(rate("0.20"), false, &[68_33, 68_33, 57_50, 85_00]);
        assert_eq!(tax, eur(55_83));
        assert_eq!(lines, [(68_33, 13_67), (68_33, 13_66), (57_50, 11_50), (85_00, 17_00)]);
        let mut back = 0;
        for (line, tax) in lines {
            back += given_back((eur(line), eur(tax)), (eur(0), eur(0)), eur(line)).unwrap().minor();
            assert!(back <= 55_83);
        }
        assert_eq!(back, 55_83);
    }

    #[test]
    fn a_line_given_back_in_parts_gives_back_its_tax_and_no_more() {
        // 100.00 with 19.00 of tax, given back as 33.33, 33.33 and 33.34: 6.3327 → 6.33, 12.6654 − 6.33 → 6.34, the rest 6.33.
        let (mut before, mut tax) = (eur(0), eur(0));
        let mut each = Vec::new();
        for part in [33_33, 33_33, 33_34] {
            let back = given_back((eur(100_00), eur(19_00)), (before, tax), eur(part)).unwrap();
            each.push(back.minor());
            before = before.plus(eur(part)).unwrap();
            tax = tax.plus(back).unwrap();
        }
        assert_eq!((each.as_slice(), tax), ([6_33, 6_34, 6_33].as_slice(), eur(19_00)));
        // What costs nothing has no tax to give back.
        assert_eq!(given_back((eur(0), eur(0)), (eur(0), eur(0)), eur(0)).unwrap(), eur(0));
    }

    #[test]
    fn included_tax_comes_out_of_the_discounted_total() {
        // 23.90 * 10 = 239.00, less 25 % = 179.25 gross; 20 % inside it: 179.25 - 179.25 / 1.2 = 29.875, half up 29.88.
        let gross = Money::half_up(
            Decimal::new(23_900, 2).checked_mul(Decimal::new(75, 2)).unwrap(),
            "EUR".parse().unwrap(),
        )
        .unwrap();
        assert_eq!(gross, eur(179_25));
        let tax = rate("0.20").of(Amounts::Gross(rate("0.20").fraction()), gross).unwrap();
        assert_eq!(tax, eur(29_88));
        assert_eq!(gross.plus(tax.negated().unwrap()).unwrap(), eur(149_37));
    }

    #[test]
    fn two_taxes_inside_a_price_come_out_of_it_together() {
        // 100.00 with 5 % and 9.25 % in it: 100 ÷ 1.1425 = 87.5274 before tax; 4.3764 and 8.0963.
        let rates = [rate("0.05"), rate("0.0925")];
        let amounts = Amounts::with(true, &rates);
        assert_eq!(rates.map(|own| own.of(amounts, eur(100_00)).unwrap()), [eur(4_38), eur(8_10)]);
        assert_eq!(
            rates.map(|own| own.of(Amounts::with(false, &rates), eur(100_00)).unwrap()),
            [eur(5_00), eur(9_25)]
        );
    }

    #[test]
    fn what_was_given_back_is_never_taken_back() {
        // More was given back than the line carries, as somebody's place for tax was corrected in between.
        assert_eq!(given_back((eur(100_00), eur(0)), (eur(30_00), eur(5_70)), eur(20_00)).unwrap(), eur(0));
    }

    #[test]
    fn a_rate_is_a_fraction() {
        assert!(Rate::new(Decimal::from(20)).is_none());
        assert!(Rate::new(Decimal::from(-1)).is_none());
    }

    proptest! {
        #[test]
        fn spread_tax_always_adds_up(
            minors in prop::collection::vec(1_i64..2_000, 1..60), permille in 0_i64..300, included in any::<bool>(),
        ) {
            let rate = Rate::new(Decimal::new(permille, 3)).unwrap();
            let (tax, lines) = taxes(rate, included, &minors);
            prop_assert_eq!(lines.len(), minors.len());
            prop_assert_eq!(lines.iter().map(|(_, tax)| tax).sum::<i64>(), tax.minor());
            for (line, tax) in lines {
                let exact = rate.exact(Amounts::with(included, &[rate]), Decimal::from(line)).unwrap();
                prop_assert!((Decimal::from(tax) - exact).abs() < Decimal::ONE, "no line is a cent off");
            }
        }

        #[test]
        fn parts_given_back_in_any_order_add_up_to_the_line(
            parts in prop::collection::vec(1_i64..5_000, 1..20), permille in 0_i64..300,
        ) {
            let line = eur(parts.iter().sum());
            let line_tax = Rate::new(Decimal::new(permille, 3)).unwrap().of(Amounts::Net, line).unwrap();
            let (mut before, mut tax) = (eur(0), eur(0));
            for part in parts.iter().rev() {
                let back = given_back((line, line_tax), (before, tax), eur(*part)).unwrap();
                prop_assert!(back.minor() >= 0);
                before = before.plus(eur(*part)).unwrap();
                tax = tax.plus(back).unwrap();
            }
            prop_assert_eq!(tax, line_tax);
        }
    }
}
