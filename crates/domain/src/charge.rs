//! Charges: the append-only ledger between operator and partner. A credit is a charge below zero.
//!
//! Never here: changing or removing a charge, invoices, tax.

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::calendar::Period;
use crate::catalog::UnknownWord;
use crate::ids::{ChargeId, CustomerId, OrderId};
use crate::money::{Money, MoneyError, UnitPrice};

/// Why something is owed (rule 8.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChargeKind {
    /// The first charge of a purchase.
    New,
    /// A cancellation inside its window.
    CancelImmediate,
}

impl ChargeKind {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::CancelImmediate => "cancelImmediate",
        }
    }
}

impl std::str::FromStr for ChargeKind {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        [Self::New, Self::CancelImmediate]
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or(UnknownWord { expected: "new, cancelImmediate" })
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
    /// When it was booked.
    pub booked_at: Timestamp,
    /// The charge it takes back, for a credit.
    pub reverses: Option<ChargeId>,
}

/// What is owed over all charges.
///
/// # Errors
/// When currencies differ or the sum does not fit.
pub fn balance(currency: crate::money::Currency, charges: &[Charge]) -> Result<Money, MoneyError> {
    Money::sum(currency, charges.iter().map(|charge| charge.amount))
}
