//! Terms and billing cycles, and the days they cover. All days are UTC; ends are inclusive (rule 0.4).
//!
//! Never here: the time it is now.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// How long a purchase runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Term {
    /// No end: perpetual software.
    OneTime,
    /// One month.
    Month,
    /// One year.
    Year,
    /// Three years.
    ThreeYears,
    /// Five years, for one family of reservations.
    FiveYears,
}

impl Term {
    /// Every term there is, shortest first.
    pub const ALL: [Self; 5] = [Self::OneTime, Self::Month, Self::Year, Self::ThreeYears, Self::FiveYears];

    /// Its length in calendar months; none for what has no end.
    pub const fn months(self) -> Option<i32> {
        match self {
            Self::OneTime => None,
            Self::Month => Some(1),
            Self::Year => Some(12),
            Self::ThreeYears => Some(36),
            Self::FiveYears => Some(60),
        }
    }

    /// The name used in price sheets and in the store: an ISO 8601 duration or `OneTime`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OneTime => "OneTime",
            Self::Month => "P1M",
            Self::Year => "P1Y",
            Self::ThreeYears => "P3Y",
            Self::FiveYears => "P5Y",
        }
    }

    /// The days a term covers that starts on `first`: through the day before the same day of its last month.
    ///
    /// # Errors
    /// When the end lies beyond the year 9999, or the term has no end.
    pub fn period(self, first: Date) -> Result<Period, CalendarError> {
        let months = self.months().ok_or(CalendarError::NoEnd)?;
        let next = first.checked_add(Span::new().months(months)).map_err(|_| CalendarError::OutOfRange)?;
        let last = next.yesterday().map_err(|_| CalendarError::OutOfRange)?;
        Ok(Period { first, last })
    }
}

impl FromStr for Term {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        Self::ALL
            .into_iter()
            .find(|term| term.as_str().eq_ignore_ascii_case(text))
            .ok_or(CalendarError::UnknownTerm)
    }
}

/// How often a purchase is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BillingCycle {
    /// Once, at purchase.
    OneTime,
    /// Every month.
    Monthly,
    /// Every year.
    Annual,
    /// Every three years.
    Triennial,
}

impl BillingCycle {
    /// Every cycle there is.
    pub const ALL: [Self; 4] = [Self::OneTime, Self::Monthly, Self::Annual, Self::Triennial];

    /// Its name in price sheets and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OneTime => "OneTime",
            Self::Monthly => "Monthly",
            Self::Annual => "Annual",
            Self::Triennial => "Triennial",
        }
    }

    /// Whether an order in this cycle may carry a line sold up front under `plan`: `one_time` pays any
    /// up-front plan at once, as callers of before October 2021 write it (rule 0.3).
    pub fn pays_up_front(plan: Self, term: Term) -> bool {
        matches!(
            (plan, term),
            (Self::OneTime, _)
                | (Self::Monthly, Term::Month)
                | (Self::Annual, Term::Year)
                | (Self::Triennial, Term::ThreeYears)
        )
    }
}

impl FromStr for BillingCycle {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        Self::ALL
            .into_iter()
            .find(|cycle| cycle.as_str().eq_ignore_ascii_case(text))
            .ok_or(CalendarError::UnknownCycle)
    }
}

/// Why a date could not be worked out or a word not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarError {
    /// Perpetual software has no last day.
    NoEnd,
    /// Beyond the year 9999.
    OutOfRange,
    /// Not a term.
    UnknownTerm,
    /// Not a billing cycle.
    UnknownCycle,
}

impl fmt::Display for CalendarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoEnd => "a one-time purchase has no end",
            Self::OutOfRange => "the date lies beyond the year 9999",
            Self::UnknownTerm => "expected OneTime, P1M, P1Y, P3Y or P5Y",
            Self::UnknownCycle => "expected OneTime, Monthly, Annual or Triennial",
        })
    }
}

impl std::error::Error for CalendarError {}

/// A run of whole days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

impl Period {
    /// How many days it has, both ends counted; zero when the last lies before the first.
    pub fn days(self) -> i64 {
        i64::from((self.last - self.first).get_days()).saturating_add(1).max(0)
    }

    /// How many of its days lie on or after `day`.
    pub fn days_from(self, day: Date) -> i64 {
        Self { first: day.max(self.first), last: self.last }.days()
    }
}

/// The UTC day an instant falls on.
pub fn utc_date(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// The last second of a UTC day.
///
/// # Errors
/// When the day lies outside what an instant can hold.
pub fn end_of_day(day: Date) -> Result<Timestamp, CalendarError> {
    day.at(23, 59, 59, 0)
        .to_zoned(TimeZone::UTC)
        .map(|zoned| zoned.timestamp())
        .map_err(|_| CalendarError::OutOfRange)
}

/// The first instant of a UTC day.
///
/// # Errors
/// When the day lies outside what an instant can hold.
pub fn start_of_day(day: Date) -> Result<Timestamp, CalendarError> {
    day.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp()).map_err(|_| CalendarError::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_term_ends_the_day_before_its_anniversary() {
        // 14 September 2021 + 3 years - 1 day: the published sample of commitmentEndDate.
        assert_eq!(Term::ThreeYears.period(date(2021, 9, 14)).unwrap().last, date(2024, 9, 13));
        assert_eq!(Term::Year.period(date(2020, 2, 1)).unwrap().days(), 366);
        assert_eq!(Term::Month.period(date(2021, 7, 15)).unwrap().last, date(2021, 8, 14));
        assert_eq!(Term::OneTime.period(date(2021, 7, 15)), Err(CalendarError::NoEnd));
    }

    #[test]
    fn terms_follow_one_another_without_gap_or_overlap_from_every_start_day() {
        for (year, length) in [(2019, 365), (2020, 366)] {
            let mut first = date(year, 1, 1);
            for _ in 0..length {
                for term in [Term::Month, Term::Year, Term::ThreeYears] {
                    let months = term.months().unwrap();
                    let period = term.period(first).unwrap();
                    let next = term.period(period.last.tomorrow().unwrap()).unwrap();
                    assert_eq!(next.first, first.checked_add(Span::new().months(months)).unwrap());
                    let (low, high) = match term {
                        Term::Month => (28, 31),
                        Term::Year => (365, 366),
                        _ => (1095, 1096),
                    };
                    assert!((low..=high).contains(&period.days()), "{first} {term:?} {}", period.days());
                }
                first = first.tomorrow().unwrap();
            }
        }
    }

    #[test]
    fn days_left_shrink_by_one_a_day_and_never_below_zero() {
        let period = Term::Month.period(date(2020, 2, 1)).unwrap();
        assert_eq!(period.days_from(date(2020, 2, 1)), 29);
        assert_eq!(period.days_from(date(2020, 1, 1)), 29);
        assert_eq!(period.days_from(date(2020, 2, 29)), 1);
        assert_eq!(period.days_from(date(2020, 3, 1)), 0);
        assert_eq!(period.days_from(date(2021, 3, 1)), 0);
    }
}
