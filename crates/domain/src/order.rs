//! Orders: what was bought, line by line, and the life of each line.
//!
//! The lines are the truth; an order's status is read off them. Never here: money in the ledger (see `charge`).

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::{BillingCycle, Period, Term, utc_date};
use crate::catalog::Family;
use crate::ids::{AlternateId, CartId, CatalogItemId, CustomerId, OrderId, SubscriptionId};
use crate::market::Country;
use crate::money::{Currency, Money, UnitPrice};
use crate::refusal::Refusal;

/// The most lines a cart or an order may have.
pub const LINES_MAX: usize = 200;

/// Where a line is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineState {
    /// Bought; keys and subscription are still to come.
    Pending,
    /// Everything was handed over.
    Fulfilled {
        /// When.
        at: Timestamp,
    },
    /// Given back.
    Cancelled {
        /// When.
        at: Timestamp,
    },
}

/// One line of an order. Its price is frozen at purchase (rule 3.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLine {
    /// Its number, from 0.
    pub number: u32,
    /// What was bought.
    pub item: CatalogItemId,
    /// The item's name at purchase, or the name the buyer gave it.
    pub title: String,
    /// The product's name at purchase, and who made it.
    pub product: (String, String),
    /// What kind of thing it is.
    pub family: Family,
    /// How many.
    pub quantity: u32,
    /// How long it runs.
    pub term: Term,
    /// What one unit cost.
    pub unit_price: UnitPrice,
    /// What the line cost.
    pub amount: Money,
    /// Whether the amount includes tax (rule 3.3).
    pub includes_tax: bool,
    /// The days of the term that runs; none for what does not end.
    pub period: Option<Period>,
    /// The subscription it becomes when it is fulfilled, for what is sold as one.
    pub subscription: Option<SubscriptionId>,
    /// The reseller of record, for an indirect provider.
    pub reseller: Option<String>,
    /// Where it is in its life.
    pub state: LineState,
}

impl OrderLine {
    /// The day its term ended, when that is past at `now`; keys and downloads end with it.
    pub fn ended_on(&self, now: Timestamp) -> Option<Date> {
        self.period.map(|period| period.last).filter(|last| *last < utc_date(now))
    }
}

/// An order of a customer through a partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Its id; the friendly number is derived from it.
    pub id: OrderId,
    /// Whose it is.
    pub customer: CustomerId,
    /// The cart it came from, and the group of lines in that cart.
    pub cart: Option<(CartId, u32)>,
    /// The country it was bought for.
    pub country: Country,
    /// What it is paid in.
    pub currency: Currency,
    /// How it is charged.
    pub cycle: BillingCycle,
    /// When it was placed; the window counts from here.
    pub placed_at: Timestamp,
    /// The number the customer knows the purchase by, if it named one.
    pub po_number: Option<String>,
    /// Its lines, by number.
    pub lines: Vec<OrderLine>,
}

/// How an order stands, derived from its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderStatus {
    /// At least one line waits.
    Pending,
    /// No line waits and at least one lives.
    Completed,
    /// Every line was given back.
    Cancelled,
}

impl OrderStatus {
    /// The word people and programs know.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Order {
    /// Derived from the lines, never stored, so it cannot disagree with them.
    pub fn status(&self) -> OrderStatus {
        let all = |wanted: fn(&LineState) -> bool| self.lines.iter().all(|line| wanted(&line.state));
        if all(|state| matches!(state, LineState::Cancelled { .. })) {
            OrderStatus::Cancelled
        } else if all(|state| !matches!(state, LineState::Pending)) {
            OrderStatus::Completed
        } else {
            OrderStatus::Pending
        }
    }

    /// The number people know it by.
    pub fn alternate(&self) -> AlternateId {
        self.id.alternate()
    }

    /// What its lines cost together, cancelled ones included.
    ///
    /// # Errors
    /// When the sum does not fit.
    pub fn total(&self) -> Result<Money, Refusal> {
        Ok(Money::sum(self.currency, self.lines.iter().map(|line| line.amount))?)
    }

    /// The line with a number.
    ///
    /// # Errors
    /// [`Refusal::LineUnknown`] with the number of lines.
    pub fn line(&self, number: u32) -> Result<&OrderLine, Refusal> {
        self.lines.iter().find(|line| line.number == number).ok_or(Refusal::LineUnknown {
            number,
            count: u32::try_from(self.lines.len()).unwrap_or(u32::MAX),
        })
    }
}
