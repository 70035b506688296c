//! What settles invoices: payments, and documents below zero (rule 8.1).
//!
//! Never here: where money comes from.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::invoice::DocumentNumber;
use crate::money::{Money, MoneyError};
use crate::refusal::Refusal;

/// The longest reference of a payment, in letters.
pub const REFERENCE_MAX: usize = 100;

/// Money received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// What names it once: the bank's reference.
    pub reference: String,
    /// How much, above zero.
    pub amount: Money,
    /// On which day it was received.
    pub received_on: Date,
}

/// What pays.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Source {
    /// A payment, by its reference.
    Payment(String),
    /// A document below zero.
    Credit(DocumentNumber),
}

impl Source {
    /// The stored word for what it is.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Payment(_) => "payment",
            Self::Credit(_) => "credit",
        }
    }
}

/// Something that pays, as far as it was not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Means {
    /// What it is.
    pub source: Source,
    /// How much of it is left.
    pub left: Money,
    /// The documents it is meant for, which are settled before others.
    pub meant_for: Vec<DocumentNumber>,
}

/// A document, as far as it is not settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed {
    /// Its number.
    pub number: DocumentNumber,
    /// Through which day it is to be paid.
    pub due_on: Date,
    /// How much is open, above zero.
    pub open: Money,
}

impl Owed {
    /// Lets a purchase through unless this is late for more than so many days (rule 8.1: late is delinquent).
    ///
    /// # Errors
    /// [`Refusal::PaymentLate`].
    pub fn lets_buy(&self, late_after: u32, today: Date) -> Result<(), Refusal> {
        // What is out of the calendar's reach is never late.
        let last = self.due_on.checked_add(i64::from(late_after).days()).unwrap_or(Date::MAX);
        match last < today {
            true => {
                let Self { number, due_on, open } = *self;
                Err(Refusal::PaymentLate { number, due_on, open })
            }
            false => Ok(()),
        }
    }

    /// Whether it is late on a day.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.due_on < today
    }
}

/// Part of something that pays, put on a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// The document.
    pub number: DocumentNumber,
    /// What pays.
    pub source: Source,
    /// How much of it.
    pub amount: Money,
}

/// What a partner owes in a currency, whether it is billed yet or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exposure {
    /// All documents, tax included; credit notes are below zero.
    pub issued: Money,
    /// Everything that was paid.
    pub paid: Money,
    /// What was booked and stands on no document yet, as it was booked.
    pub unbilled: Money,
}

impl Exposure {
    /// What is owed: documents less payments, with what is not billed yet. Below zero where more was paid.
    ///
    /// # Errors
    /// When currencies differ or it does not fit.
    pub fn owed(self) -> Result<Money, MoneyError> {
        self.issued.plus(self.paid.negated()?)?.plus(self.unbilled)
    }

    /// How much of a limit is left (rule 4.2).
    ///
    /// # Errors
    /// When currencies differ or it does not fit.
    pub fn left_of(self, limit: Money) -> Result<Money, MoneyError> {
        limit.plus(self.owed()?.negated()?)
    }

    /// Lets a purchase through as long as it exceeds no limit: `limit − (purchase + owed) ≥ 0` (rule 4.2).
    ///
    /// # Errors
    /// [`Refusal::CreditExceeded`]; or when currencies differ or it does not fit.
    pub fn allows(self, limit: Money, purchase: Money) -> Result<(), Refusal> {
        let available = self.left_of(limit)?;
        match purchase.minor() > 0 && purchase.minor() > available.minor() {
            true => Err(Refusal::CreditExceeded { limit, available, purchase }),
            false => Ok(()),
        }
    }
}

/// Puts what pays on what is owed, all in one currency: first on the documents it is meant for, then on those due earliest,
/// and of one day on the smaller number. What is left over stays for documents to come.
///
/// # Errors
/// When currencies differ.
pub fn settle(means: &[Means], owed: &[Owed]) -> Result<Vec<Settlement>, MoneyError> {
    let mut open: Vec<Owed> = owed.to_vec();
    open.sort_by_key(|own| (own.due_on, own.number));
    let mut settled = Vec::new();
    for own in means {
        let mut left = own.left;
        let meant = |owed: &Owed| own.meant_for.contains(&owed.number);
        let mut order: Vec<usize> = (0..open.len()).collect();
        order.sort_by_key(|place| !open.get(*place).is_some_and(meant));
        for place in order {
            let Some(owed) = open.get_mut(place) else { continue };
            let amount = if left.minor() < owed.open.minor() { left } else { owed.open };
            if amount.minor() <= 0 {
                continue;
            }
            owed.open = owed.open.plus(amount.negated()?)?;
            left = left.plus(amount.negated()?)?;
            settled.push(Settlement { number: owed.number, source: own.source.clone(), amount });
        }
    }
    Ok(settled)
}

#[cfg(test)]
mod exposure_tests {
    use super::*;

    #[test]
    fn a_limit_counts_what_is_billed_and_what_is_not_less_what_was_paid() {
        let eur = |minor| Money::new(minor, "EUR".parse().unwrap());
        let own = Exposure { issued: eur(500_00), paid: eur(200_00), unbilled: eur(100_00) };
        assert_eq!(own.left_of(eur(1_000_00)).unwrap(), eur(600_00));
        assert_eq!(own.allows(eur(1_000_00), eur(600_00)), Ok(()));
        let refused =
            Refusal::CreditExceeded { limit: eur(1_000_00), available: eur(600_00), purchase: eur(600_01) };
        assert_eq!(own.allows(eur(1_000_00), eur(600_01)), Err(refused));
        // Whoever paid too much may buy for that much more; whoever owes too much may still have what costs nothing.
        let paid = Exposure { paid: eur(700_00), ..own };
        assert_eq!(paid.allows(eur(0), eur(100_00)), Ok(()));
        assert_eq!(own.allows(eur(0), eur(0)), Ok(()));
        assert!(own.allows(eur(0), eur(1)).is_err());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn eur(minor: i64) -> Money {
        Money::new(minor, "EUR".parse().unwrap())
    }

    fn number(own: u32) -> DocumentNumber {
        DocumentNumber::new(own).unwrap()
    }

    fn owed(own: u32, day: i8, open: i64) -> Owed {
        Owed { number: number(own), due_on: date(2020, 5, day), open: eur(open) }
    }

    fn paid(reference: &str, left: i64, meant_for: &[u32]) -> Means {
        let meant_for = meant_for.iter().map(|own| number(*own)).collect();
        Means { source: Source::Payment(reference.into()), left: eur(left), meant_for }
    }

    fn told(list: &[Settlement]) -> Vec<(u32, i64)> {
        list.iter().map(|own| (own.number.value(), own.amount.minor())).collect()
    }

    #[test]
    fn what_is_due_first_is_settled_first_unless_something_else_is_meant() {
        let open = [owed(3, 9, 50_00), owed(1, 1, 100_00), owed(2, 1, 70_00)];
        assert_eq!(told(&settle(&[paid("a", 120_00, &[])], &open).unwrap()), [(1, 100_00), (2, 20_00)]);
        assert_eq!(told(&settle(&[paid("a", 120_00, &[3])], &open).unwrap()), [(3, 50_00), (1, 70_00)]);
        assert_eq!(
            told(&settle(&[paid("a", 999_00, &[])], &open).unwrap()),
            [(1, 100_00), (2, 70_00), (3, 50_00)]
        );
        let both = [paid("a", 100_00, &[]), paid("b", 30_00, &[])];
        assert_eq!(told(&settle(&both, &open).unwrap()), [(1, 100_00), (2, 30_00)]);
        assert!(settle(&[paid("a", 10, &[])], &[]).unwrap().is_empty());
    }

    proptest! {
        #[test]
        fn nothing_is_paid_twice_and_nothing_is_lost(
            opens in prop::collection::vec((1_u32..50, 1_i8..28, 1_i64..10_000), 0..12),
            pays in prop::collection::vec(1_i64..15_000, 0..6),
        ) {
            let mut open: Vec<Owed> = opens.iter().map(|(own, day, minor)| owed(*own, *day, *minor)).collect();
            open.sort_by_key(|own| own.number);
            open.dedup_by_key(|own| own.number);
            let means: Vec<Means> = (0..).zip(&pays).map(|(at, minor)| paid(&format!("p{at}"), *minor, &[])).collect();
            let done = settle(&means, &open).unwrap();
            let all: i64 = done.iter().map(|own| own.amount.minor()).sum();
            let (owed_all, paid_all): (i64, i64) =
                (open.iter().map(|own| own.open.minor()).sum(), pays.iter().sum());
            prop_assert_eq!(all, owed_all.min(paid_all));
            for own in &open {
                let sum: i64 = done.iter().filter(|one| one.number == own.number).map(|one| one.amount.minor()).sum();
                prop_assert!(sum <= own.open.minor());
            }
            for own in &means {
                let sum: i64 = done.iter().filter(|one| one.source == own.source).map(|one| one.amount.minor()).sum();
                prop_assert!(sum <= own.left.minor());
            }
            let mut pairs: Vec<_> = done.iter().map(|own| (own.number, own.source.clone())).collect();
            let before = pairs.len();
            pairs.dedup();
            prop_assert_eq!(pairs.len(), before);
        }
    }
}
