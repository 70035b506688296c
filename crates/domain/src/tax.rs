//! Tax: once per rate on a document, and cents that add up (rules 3.3 and 8.5).
//!
//! Never here: which rate applies to whom.

use rust_decimal::Decimal;

use crate::money::{Money, MoneyError};

/// A tax rate as a fraction of the net amount: 0.20 for 20 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate(Decimal);

impl Rate {
    /// A rate from 0 to 1; none when it lies outside.
    pub fn new(fraction: Decimal) -> Option<Self> {
        (Decimal::ZERO..=Decimal::ONE).contains(&fraction).then_some(Self(fraction))
    }

    /// The tax on a net amount, rounded half up once.
    ///
    /// # Errors
    /// When the amount does not fit.
    pub fn on_net(self, net: Money) -> Result<Money, MoneyError> {
        let tax = net.decimal().checked_mul(self.0).ok_or(MoneyError::Overflow)?;
        Money::half_up(tax, net.currency())
    }

    /// The tax inside a gross amount: gross − gross ÷ (1 + rate), rounded half up once (rule 3.3).
    ///
    /// # Errors
    /// When the amount does not fit.
    pub fn inside_gross(self, gross: Money) -> Result<Money, MoneyError> {
        let whole = Decimal::ONE.checked_add(self.0).ok_or(MoneyError::Overflow)?;
        let tax = gross
            .decimal()
            .checked_mul(self.0)
            .and_then(|part| part.checked_div(whole))
            .ok_or(MoneyError::Overflow)?;
        Money::half_up(tax, gross.currency())
    }
}

/// Splits a document's tax over its lines by largest remainder, in proportion to `nets`, so that the parts add up to
/// `tax` exactly. With ties the earlier line gets the cent.
///
/// # Errors
/// When a currency differs or an amount does not fit.
pub fn split(tax: Money, nets: &[Money]) -> Result<Vec<Money>, MoneyError> {
    let currency = tax.currency();
    let total = Money::sum(currency, nets.iter().copied())?;
    if total.minor() == 0 {
        let mut parts = vec![Money::zero(currency); nets.len()];
        if let Some(first) = parts.first_mut() {
            *first = tax;
        }
        return Ok(parts);
    }
    let whole = i128::from(total.minor());
    let mut shares = Vec::with_capacity(nets.len());
    for (index, net) in nets.iter().enumerate() {
        let exact =
            i128::from(tax.minor()).checked_mul(i128::from(net.minor())).ok_or(MoneyError::Overflow)?;
        shares.push((index, exact.div_euclid(whole), exact.rem_euclid(whole)));
    }
    let given: i128 = shares.iter().map(|(_, floor, _)| *floor).sum();
    let mut left = i128::from(tax.minor()).checked_sub(given).ok_or(MoneyError::Overflow)?;
    shares.sort_by(|a, b| b.2.abs().cmp(&a.2.abs()).then(a.0.cmp(&b.0)));
    for share in &mut shares {
        let step = left.signum();
        share.1 = share.1.saturating_add(step);
        left = left.saturating_sub(step);
    }
    shares.sort_by_key(|share| share.0);
    shares
        .into_iter()
        .map(|(_, minor, _)| {
            i64::try_from(minor).map(|minor| Money::new(minor, currency)).map_err(|_| MoneyError::Overflow)
        })
        .collect()
}

/// The tax to give back for one more credited net amount: what the rate makes of everything credited so far, less
/// what was given back before. Credited one by one, the parts add up to the tax of the whole and never exceed it.
///
/// # Errors
/// When a currency differs or an amount does not fit.
pub fn credited(rate: Rate, net_before: Money, tax_before: Money, net: Money) -> Result<Money, MoneyError> {
    let due = rate.on_net(net_before.plus(net)?)?;
    due.plus(tax_before.negated()?)
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

    #[test]
    fn lines_credited_one_by_one_never_exceed_the_invoice() {
        // 68.33 + 68.33 + 57.50 + 85.00 = 279.16; 20 % of it = 55.83. Rounded line by line it would be 55.84.
        let nets = [68_33, 68_33, 57_50, 85_00].map(eur);
        let invoice = rate("0.20").on_net(eur(279_16)).unwrap();
        assert_eq!(invoice, eur(55_83));
        let (mut net, mut tax) = (eur(0), eur(0));
        for line in nets {
            let back = credited(rate("0.20"), net, tax, line).unwrap();
            net = net.plus(line).unwrap();
            tax = tax.plus(back).unwrap();
            assert!(tax.minor() <= invoice.minor());
        }
        assert_eq!((net, tax), (eur(279_16), invoice));
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
        let tax = rate("0.20").inside_gross(gross).unwrap();
        assert_eq!(tax, eur(29_88));
        assert_eq!(gross.plus(tax.negated().unwrap()).unwrap(), eur(149_37));
    }

    #[test]
    fn a_rate_is_a_fraction() {
        assert!(Rate::new(Decimal::from(20)).is_none());
        assert!(Rate::new(Decimal::from(-1)).is_none());
    }

    proptest! {
        #[test]
        fn split_tax_always_adds_up(nets in prop::collection::vec(0_i64..10_000_000, 1..40), permille in 0_i64..300) {
            let nets: Vec<Money> = nets.into_iter().map(eur).collect();
            let total = Money::sum("EUR".parse().unwrap(), nets.iter().copied()).unwrap();
            let tax = Rate::new(Decimal::new(permille, 3)).unwrap().on_net(total).unwrap();
            let parts = split(tax, &nets).unwrap();
            prop_assert_eq!(Money::sum("EUR".parse().unwrap(), parts.iter().copied()).unwrap(), tax);
            for (part, net) in parts.iter().zip(&nets) {
                let exact = Decimal::from(net.minor()) * Decimal::new(permille, 3);
                prop_assert!((Decimal::from(part.minor()) - exact).abs() < Decimal::from(2));
            }
        }

        #[test]
        fn credits_in_any_order_add_up_to_the_whole(nets in prop::collection::vec(1_i64..5_000_000, 1..20), permille in 0_i64..300) {
            let rate = Rate::new(Decimal::new(permille, 3)).unwrap();
            let (mut net, mut tax) = (eur(0), eur(0));
            for minor in nets.iter().rev() {
                let back = credited(rate, net, tax, eur(*minor)).unwrap();
                prop_assert!(back.minor() >= 0);
                net = net.plus(eur(*minor)).unwrap();
                tax = tax.plus(back).unwrap();
            }
            prop_assert_eq!(tax, rate.on_net(eur(nets.iter().sum())).unwrap());
        }
    }
}
