//! Charges: the append-only ledger between operator and partner. A credit is a charge below zero.
//!
//! Never here: changing or removing a charge, invoices, tax.

use jiff::Timestamp;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::calendar::Period;
use crate::catalog::UnknownWord;
use crate::ids::{ChargeId, CustomerId, OrderId, ReservationId};
use crate::money::{Money, MoneyError, UNIT_PRICE_DECIMALS, UnitPrice};
use crate::refusal::Refusal;

/// Why something is owed (rule 8.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChargeKind {
    /// The first charge of a purchase.
    New,
    /// A further cycle of a term that is charged in several.
    CycleCharge,
    /// The first cycle of a term that followed another.
    Renew,
    /// A cancellation inside its window.
    CancelImmediate,
    /// An exceptional credit that the operator decided.
    CustomerCredit,
}

impl ChargeKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::New, Self::CycleCharge, Self::Renew, Self::CancelImmediate, Self::CustomerCredit];

    /// Whether it takes back what another charge asked for.
    pub const fn is_credit(self) -> bool {
        matches!(self, Self::CancelImmediate | Self::CustomerCredit)
    }

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::CycleCharge => "cycleCharge",
            Self::Renew => "renew",
            Self::CancelImmediate => "cancelImmediate",
            Self::CustomerCredit => "customerCredit",
        }
    }
}

impl std::str::FromStr for ChargeKind {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or(UnknownWord { expected: "new, cycleCharge, renew, cancelImmediate, customerCredit" })
    }
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// Its id.
    pub id: ChargeId,
    /// For whom it was bought.
    pub customer: CustomerId,
    /// The order.
    pub order: OrderId,
    /// The order's line.
    pub line: u32,
    /// Why it is owed.
    pub kind: ChargeKind,
    /// The list price of one unit.
    pub unit_price: UnitPrice,
    /// The price of one unit after proration, as it was before any rounding to cents.
    pub effective_unit_price: Decimal,
    /// How many.
    pub quantity: u32,
    /// What is owed; below zero for a credit.
    pub amount: Money,
    /// Whether the amount includes tax (rule 3.3).
    pub includes_tax: bool,
    /// The days it pays for; none for perpetual software.
    pub period: Option<Period>,
    /// The days of the term they belong to; none for perpetual software.
    pub term: Option<Period>,
    /// When it was booked.
    pub booked_at: Timestamp,
    /// The charge it takes back, for a credit.
    pub reverses: Option<ChargeId>,
    /// The reservation that was given back for it, for such a credit: a charge can be taken back once for each.
    pub returned: Option<ReservationId>,
}

/// Where a charge stands in its partner's ledger: by when it was booked, then by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// When it was booked.
    pub at: Timestamp,
    /// Its id.
    pub id: ChargeId,
}

impl Charge {
    /// Where it stands in the ledger.
    pub const fn place(&self) -> Place {
        Place { at: self.booked_at, id: self.id }
    }
}

/// What is owed over all charges.
///
/// # Errors
/// When currencies differ or the sum does not fit.
pub fn balance(currency: crate::money::Currency, charges: &[Charge]) -> Result<Money, MoneyError> {
    Money::sum(currency, charges.iter().map(|charge| charge.amount))
}

/// What of a charge was not credited yet.
///
/// # Errors
/// When currencies differ or the sum does not fit.
pub fn left_of(charge: &Charge, charges: &[Charge]) -> Result<Money, MoneyError> {
    let credited = charges.iter().filter(|own| own.reverses == Some(charge.id)).map(|own| own.amount);
    let left = Money::sum(charge.amount.currency(), std::iter::once(charge.amount).chain(credited))?;
    Ok(if left.minor() < 0 { Money::zero(left.currency()) } else { left })
}

/// What of a line's charges was not credited yet.
///
/// # Errors
/// When currencies differ or the sum does not fit.
pub fn left_of_line(
    currency: crate::money::Currency,
    charges: &[Charge],
    line: u32,
) -> Result<Money, MoneyError> {
    let own = charges.iter().filter(|own| own.line == line && !own.kind.is_credit());
    own.map(|charge| left_of(charge, charges)).try_fold(Money::zero(currency), |sum, left| sum.plus(left?))
}

/// An exceptional credit on a line, as charges below zero: never more than what was charged and not credited yet
/// (rule 7.7). The order stays as it is. `next_id` hands out fresh ids.
///
/// # Errors
/// [`Refusal::CreditTooMuch`] when less is left, or the amount is nothing.
pub fn exceptional_credit(
    charges: &[Charge],
    line: u32,
    amount: Money,
    now: Timestamp,
    next_id: &mut impl FnMut() -> Uuid,
) -> Result<Vec<Charge>, Refusal> {
    let left = left_of_line(amount.currency(), charges, line)?;
    if amount.minor() <= 0 || amount.minor() > left.minor() {
        return Err(Refusal::CreditTooMuch { left });
    }
    let mut wanted = amount.minor();
    let mut booked = Vec::new();
    for charge in charges.iter().filter(|own| own.line == line && !own.kind.is_credit()) {
        let part = Money::new(left_of(charge, charges)?.minor().min(wanted), amount.currency());
        if part.minor() > 0 {
            wanted = wanted.saturating_sub(part.minor());
            let each = part.decimal().checked_div(Decimal::from(charge.quantity)).unwrap_or_default();
            booked.push(Charge {
                id: ChargeId::new(next_id()),
                kind: ChargeKind::CustomerCredit,
                effective_unit_price: each.round_dp(UNIT_PRICE_DECIMALS),
                amount: part.negated()?,
                booked_at: now,
                reverses: Some(charge.id),
                ..charge.clone()
            });
        }
    }
    Ok(booked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn charge(minor: i64) -> Charge {
        let price = UnitPrice::parse("10.00", "EUR".parse().unwrap()).unwrap();
        Charge {
            id: ChargeId::new(Uuid::from_u128(1)),
            customer: CustomerId::new(Uuid::from_u128(2)),
            order: OrderId::new(Uuid::from_u128(3)),
            line: 0,
            kind: ChargeKind::New,
            unit_price: price,
            effective_unit_price: price.value(),
            quantity: 3,
            amount: Money::new(minor, "EUR".parse().unwrap()),
            includes_tax: false,
            period: None,
            term: None,
            booked_at: Timestamp::UNIX_EPOCH,
            reverses: None,
            returned: None,
        }
    }

    #[test]
    fn credits_never_pass_the_charge() {
        let eur = "EUR".parse().unwrap();
        let mut ledger = vec![charge(30_00)];
        let mut number = 9_u128;
        let mut next_id = || {
            number += 1;
            Uuid::from_u128(number)
        };
        let mut credit = |ledger: &[Charge], minor: i64| {
            exceptional_credit(ledger, 0, Money::new(minor, eur), Timestamp::UNIX_EPOCH, &mut next_id)
        };
        let first = credit(&ledger, 12_50).unwrap();
        assert_eq!(
            (first.len(), first[0].amount.minor(), first[0].reverses),
            (1, -12_50, Some(ledger[0].id))
        );
        assert_eq!(first[0].effective_unit_price.to_string(), "4.16666667");
        ledger.extend(first);
        assert_eq!(left_of_line(eur, &ledger, 0).unwrap().minor(), 17_50);
        let too_much = Err(Refusal::CreditTooMuch { left: Money::new(17_50, eur) });
        assert_eq!(credit(&ledger, 17_51), too_much);
        assert_eq!(credit(&ledger, 0), too_much);
        assert_eq!(credit(&ledger, -1), too_much);
        ledger.extend(credit(&ledger, 17_50).unwrap());
        assert_eq!(credit(&ledger, 1), Err(Refusal::CreditTooMuch { left: Money::zero(eur) }));
        assert_eq!(balance(eur, &ledger).unwrap().minor(), 0);
    }
}
