//! Webhooks: what a partner's own program is told by a call (rule 12.6).
//!
//! Never here: how it is signed, spelled or sent.

use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};

use crate::catalog::UnknownWord;
use crate::ids::SubscriberId;

/// How often a call is tried before it is given up (contract 9: ten attempts).
pub const TRIES: u32 = 10;

/// What a program is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// Somebody tries out whether calls arrive.
    TestCreated,
    /// A subscription changed: renamed, renewed, cancelled, ended.
    SubscriptionUpdated,
    /// An invoice or a credit note was issued.
    InvoiceReady,
    /// An order was handed over whole: keys and subscriptions are there. An event of our own.
    OrderCompleted,
    /// An order was cancelled, whole or in lines. An event of our own.
    OrderCancelled,
}

impl Event {
    /// Every event.
    pub const ALL: [Self; 5] = [
        Self::TestCreated,
        Self::SubscriptionUpdated,
        Self::InvoiceReady,
        Self::OrderCompleted,
        Self::OrderCancelled,
    ];

    /// The name, as registrations and calls spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TestCreated => "test-created",
            Self::SubscriptionUpdated => "subscription-updated",
            Self::InvoiceReady => "invoice-ready",
            Self::OrderCompleted => "order-completed",
            Self::OrderCancelled => "order-cancelled",
        }
    }
}

impl FromStr for Event {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|event| event.as_str().eq_ignore_ascii_case(text)).ok_or(UnknownWord {
            expected: "the events that can be registered, such as subscription-updated",
        })
    }
}

/// Where a partner is told, and of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// The id of this registration.
    pub subscriber: SubscriberId,
    /// What is called.
    pub url: String,
    /// Of what it is told.
    pub events: Vec<Event>,
    /// Whether the signature comes in a header of its own and not in `Authorization`.
    pub own_header: bool,
    /// Since when it is so.
    pub changed_at: Timestamp,
}

/// How long is waited after an attempt that failed, of which there were `attempts`: 30 seconds, then four times as long each
/// time, and never more than six hours. Ten attempts reach over a day, so that a receiver may be away for a night.
pub fn pause_after(attempts: u32) -> SignedDuration {
    const LONGEST: i64 = 6 * 3600;
    let factor = 4_i64.saturating_pow(attempts.saturating_sub(1));
    SignedDuration::from_secs(30_i64.saturating_mul(factor).min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_events() {
        for event in Event::ALL {
            assert_eq!(event.as_str().parse(), Ok(event));
            assert_eq!(event.as_str().to_uppercase().parse(), Ok(event));
        }
        assert!("referral-created".parse::<Event>().is_err());
    }

    #[test]
    fn ten_attempts_reach_over_a_day() {
        let pauses: Vec<i64> = (1..TRIES).map(|tried| pause_after(tried).as_secs()).collect();
        assert_eq!(pauses, [30, 120, 480, 1920, 7680, 21600, 21600, 21600, 21600]);
        assert!(pauses.iter().sum::<i64>() > 24 * 3600);
        assert_eq!(pause_after(u32::MAX), SignedDuration::from_secs(21_600));
    }
}
