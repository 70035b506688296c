//! Subscriptions: what a line bought for a term becomes, with its renewal and its name (rule 5.3 of the contract).
//!
//! Never here: changing a quantity. Another is bought, or this one cancelled and bought anew (rule 2.2).

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::{BillingCycle, Period, Term};
use crate::ids::{CatalogItemId, CustomerId, OrderId, SubscriptionId};
use crate::refusal::Refusal;

/// A subscription of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its id.
    pub id: SubscriptionId,
    /// Whose it is.
    pub customer: CustomerId,
    /// The order it came from.
    pub order: OrderId,
    /// The order's line.
    pub line: u32,
    /// What was bought.
    pub item: CatalogItemId,
    /// The item's name.
    pub title: String,
    /// The name the partner gave it.
    pub friendly_name: String,
    /// How many.
    pub quantity: u32,
    /// How long it runs.
    pub term: Term,
    /// How it is charged.
    pub cycle: BillingCycle,
    /// The days of the term that runs.
    pub period: Period,
    /// Through which day it was charged for.
    pub charged_through: Date,
    /// Whether it goes on by itself after its term.
    pub auto_renew: bool,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was cancelled, if it was.
    pub cancelled_at: Option<Timestamp>,
}

/// Where a subscription is; derived, never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubscriptionStatus {
    /// Running.
    Active,
    /// Cancelled.
    Deleted,
    /// Its term is over and it did not renew.
    Expired,
}

impl SubscriptionStatus {
    /// The word people and programs know.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Deleted => "deleted",
            Self::Expired => "expired",
        }
    }
}

impl Subscription {
    /// Where it is at `now`.
    pub fn status(&self, now: Timestamp) -> SubscriptionStatus {
        if self.cancelled_at.is_some() {
            SubscriptionStatus::Deleted
        } else if crate::calendar::utc_date(now) > self.period.last {
            SubscriptionStatus::Expired
        } else {
            SubscriptionStatus::Active
        }
    }

    /// The same with another name.
    ///
    /// # Errors
    /// [`Refusal::SubscriptionEnded`] when it is not running.
    pub fn renamed(mut self, name: String, now: Timestamp) -> Result<Self, Refusal> {
        self.require_active(now)?;
        self.friendly_name = name;
        Ok(self)
    }

    /// The same, going on after its term or not.
    ///
    /// # Errors
    /// [`Refusal::SubscriptionEnded`] when it is not running.
    pub fn renewing(mut self, auto_renew: bool, now: Timestamp) -> Result<Self, Refusal> {
        self.require_active(now)?;
        self.auto_renew = auto_renew;
        Ok(self)
    }

    /// The same, cancelled; renewal ends with it.
    #[must_use]
    pub const fn cancelled(mut self, now: Timestamp) -> Self {
        self.cancelled_at = Some(now);
        self.auto_renew = false;
        self
    }

    /// The same with the next cycle of its term charged.
    #[must_use]
    pub const fn charged(mut self, cycle: Period) -> Self {
        self.charged_through = cycle.last;
        self
    }

    /// The same in its next term, with the first cycle of it charged.
    #[must_use]
    pub const fn renewed(mut self, term: Period, cycle: Period) -> Self {
        self.period = term;
        self.charged_through = cycle.last;
        self
    }

    fn require_active(&self, now: Timestamp) -> Result<(), Refusal> {
        match self.status(now) {
            SubscriptionStatus::Active => Ok(()),
            SubscriptionStatus::Deleted | SubscriptionStatus::Expired => Err(Refusal::SubscriptionEnded),
        }
    }
}
