//! What people are told of: the kinds of notifications, who is told of each, and which mails nobody can switch off.
//!
//! Never here: what a notification says, or how it is sent.

use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};

use crate::access::{Door, Role};
use crate::catalog::UnknownWord;
use crate::policy::Window;

/// What somebody is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An order was placed.
    OrderPlaced,
    /// An order waits, because no key of its product is in stock.
    KeysWaiting,
    /// A purchase can be cancelled for a short while only.
    WindowClosing,
    /// An order was cancelled, whole or in lines.
    OrderCancelled,
    /// A subscription that was to renew ended with its term, because it is not sold any more.
    RenewalFailed,
    /// An invoice or a credit note was issued.
    InvoiceReady,
    /// An invoice was not paid by the day it was due.
    PaymentLate,
    /// The operator answered a request.
    RequestAnswered,
    /// Somebody signed in from an address never seen for that person.
    SignInNewPlace,
    /// Few keys of a version are left.
    StockLow,
    /// A partner asked the operator for something.
    RequestFiled,
}

impl Kind {
    /// Every kind, in the order settings list them.
    pub const ALL: [Self; 11] = [
        Self::OrderPlaced,
        Self::KeysWaiting,
        Self::WindowClosing,
        Self::OrderCancelled,
        Self::RenewalFailed,
        Self::InvoiceReady,
        Self::PaymentLate,
        Self::RequestAnswered,
        Self::StockLow,
        Self::RequestFiled,
        Self::SignInNewPlace,
    ];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OrderPlaced => "order_placed",
            Self::KeysWaiting => "keys_waiting",
            Self::WindowClosing => "window_closing",
            Self::OrderCancelled => "order_cancelled",
            Self::RenewalFailed => "renewal_failed",
            Self::InvoiceReady => "invoice_ready",
            Self::PaymentLate => "payment_late",
            Self::RequestAnswered => "request_answered",
            Self::SignInNewPlace => "sign_in_new_place",
            Self::StockLow => "stock_low",
            Self::RequestFiled => "request_filed",
        }
    }

    /// The roles whose holders are told; none where it is one person's own affair.
    pub const fn told(self) -> &'static [Role] {
        match self {
            Self::OrderPlaced
            | Self::KeysWaiting
            | Self::WindowClosing
            | Self::OrderCancelled
            | Self::RenewalFailed => &[Role::AdminAgent],
            Self::InvoiceReady | Self::PaymentLate => &[Role::GlobalAdmin, Role::BillingAdmin],
            Self::StockLow => &[Role::OperatorAdmin],
            Self::RequestFiled => &[Role::OperatorAdmin, Role::OperatorSupport],
            Self::RequestAnswered | Self::SignInNewPlace => &[],
        }
    }

    /// Whether people behind this door are ever told of it.
    pub const fn is_for(self, door: Door) -> bool {
        match self {
            Self::SignInNewPlace => true,
            Self::OrderPlaced
            | Self::KeysWaiting
            | Self::WindowClosing
            | Self::OrderCancelled
            | Self::RenewalFailed
            | Self::InvoiceReady
            | Self::PaymentLate => matches!(door, Door::Partner),
            Self::RequestAnswered => matches!(door, Door::Partner | Door::Customer),
            Self::StockLow | Self::RequestFiled => matches!(door, Door::Operator),
        }
    }

    /// Whether a person may do without mails about it. That somebody signed in as it, it cannot.
    pub const fn can_be_muted(self) -> bool {
        !matches!(self, Self::SignInNewPlace)
    }
}

impl FromStr for Kind {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or(UnknownWord { expected: "the kinds of notifications, such as order_placed" })
    }
}

/// How long before its end people are told that a window closes: seven days, or half of a window that is not much longer.
pub fn warning_time(window: Window) -> SignedDuration {
    const WEEK: i64 = 7 * 24;
    let hours = match window {
        Window::Days(days) => i64::from(days).saturating_mul(24),
        Window::Hours(hours) => i64::from(hours),
    };
    SignedDuration::from_hours(if hours >= WEEK.saturating_mul(2) { WEEK } else { hours / 2 })
}

/// Whether it is time to tell that a window closes, which closes at `closes_at`.
pub fn is_closing(window: Window, closes_at: Timestamp, now: Timestamp) -> bool {
    let left = closes_at.duration_since(now);
    !left.is_negative() && left <= warning_time(window)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_back_to_their_kinds() {
        for kind in Kind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert!("spam".parse::<Kind>().is_err());
    }

    #[test]
    fn whoever_is_told_stands_behind_a_door_it_is_for() {
        for kind in Kind::ALL {
            assert!(kind.told().iter().all(|role| kind.is_for(role.door())), "{kind:?}");
        }
    }

    #[test]
    fn a_week_before_the_end_and_never_at_the_purchase_itself() {
        let closes_at: Timestamp = "2020-04-01T23:59:59Z".parse().unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert!(!is_closing(Window::Days(60), closes_at, at("2020-03-25T23:59:58Z")));
        assert!(is_closing(Window::Days(60), closes_at, at("2020-03-25T23:59:59Z")));
        assert!(is_closing(Window::Days(60), closes_at, closes_at));
        assert!(!is_closing(Window::Days(60), closes_at, at("2020-04-02T00:00:00Z")));
        assert_eq!(warning_time(Window::Hours(168)), SignedDuration::from_hours(84));
    }
}
