//! Policies: numbers that changed over the years, as dated rows (rules 0.3, 5.3 and 7.1).
//!
//! A profile is a set of rows the operator chooses; the row that counts is the latest one in force on the order's day
//! (cancellation, Q-12) or on the link's day of issue (downloads). Never here: a number as a constant.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::calendar::{CalendarError, end_of_day, start_of_day, utc_date};
use crate::catalog::{Family, UnknownWord};

/// A named set of rows: the state of the world at a published date (rule 0.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Profile {
    /// January 2020; with the 2021-03 profile the union that is the default.
    Y2020,
    /// March 2021: the numbers of 2020.
    Y2021March,
    /// June 2021: 30 days, links die five days after the first download.
    Y2021June,
    /// June 2023: subscriptions seven days to the hour, full in the first 24 hours.
    Y2023,
}

impl Profile {
    /// Every profile.
    pub const ALL: [Self; 4] = [Self::Y2020, Self::Y2021March, Self::Y2021June, Self::Y2023];

    /// What a new installation runs on.
    pub const DEFAULT: Self = Self::Y2020;

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Y2020 => "2020",
            Self::Y2021March => "2021-03",
            Self::Y2021June => "2021-06",
            Self::Y2023 => "2023",
        }
    }
}

impl FromStr for Profile {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|profile| profile.as_str() == text)
            .ok_or(UnknownWord { expected: "2020, 2021-03, 2021-06, 2023" })
    }
}

/// How long a purchase may be given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// The order's UTC day plus so many days, through the last second of that day (rule 7.2, Q-15).
    Days(u16),
    /// Exactly so many hours from the order (rule 7.2).
    Hours(u16),
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(days) => write!(f, "{days}-day"),
            Self::Hours(hours) => write!(f, "{hours}-hour"),
        }
    }
}

impl Window {
    /// The last instant at which an order placed at `placed_at` may be given back.
    ///
    /// # Errors
    /// When that lies beyond the year 9999.
    pub fn closes_at(self, placed_at: Timestamp) -> Result<Timestamp, CalendarError> {
        match self {
            Self::Days(days) => {
                let last = utc_date(placed_at)
                    .checked_add(jiff::Span::new().days(i32::from(days)))
                    .map_err(|_| CalendarError::OutOfRange)?;
                end_of_day(last)
            }
            Self::Hours(hours) => placed_at
                .checked_add(SignedDuration::from_hours(i64::from(hours)))
                .map_err(|_| CalendarError::OutOfRange),
        }
    }

    /// When orders were placed whose window closes at one of these instants: the other way round of
    /// [`Window::closes_at`], to the second.
    ///
    /// # Errors
    /// When that lies before the calendar begins.
    pub fn placed_when(self, closes: Range<Timestamp>) -> Result<Range<Timestamp>, CalendarError> {
        let back = |at: Timestamp| match self {
            Self::Days(days) => {
                let day = utc_date(at).checked_sub(jiff::Span::new().days(i32::from(days)));
                start_of_day(day.map_err(|_| CalendarError::OutOfRange)?)
            }
            Self::Hours(hours) => at
                .checked_sub(SignedDuration::from_hours(i64::from(hours)))
                .map_err(|_| CalendarError::OutOfRange),
        };
        Ok(back(closes.start)?..back(closes.end)?)
    }
}

/// How much of a subscription comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credit {
    /// Everything that was charged.
    Full,
    /// The part of the charge that pays for unused days.
    Prorated {
        /// Whether the day of cancelling counts as unused.
        cancel_day_unused: bool,
        /// The first hours in which everything comes back all the same; zero for none.
        full_within_hours: u16,
    },
}

/// Whether and how one family can be given back, from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CancellationRule {
    /// What it is about.
    pub family: Family,
    /// The first order day it holds for.
    pub effective_from: Date,
    /// How long.
    pub window: Window,
    /// How much.
    pub credit: Credit,
}

/// When a download link's age starts to count (rule 5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkAge {
    /// At issue.
    FromIssue,
    /// At the first download.
    FromFirstDownload,
}

/// How long a download link lives, from a day on (rule 5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkRule {
    /// The first issue day it holds for.
    pub effective_from: Date,
    /// Its age limit, in days.
    pub max_days: u16,
    /// When the age starts.
    pub age: LinkAge,
    /// How many downloads it allows; none for no limit.
    pub max_downloads: Option<u16>,
}

/// The rows of the profile in force.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PolicyBook {
    /// Rows on giving back.
    pub cancellation: Vec<CancellationRule>,
    /// Rows on download links.
    pub links: Vec<LinkRule>,
}

impl PolicyBook {
    /// The rule for a family ordered on `day`; none when it can never be given back.
    pub fn cancellation(&self, family: Family, day: Date) -> Option<&CancellationRule> {
        self.cancellation
            .iter()
            .filter(|rule| rule.family == family && rule.effective_from <= day)
            .max_by_key(|rule| rule.effective_from)
    }

    /// The rule for a link issued on `day`.
    pub fn link(&self, day: Date) -> Option<&LinkRule> {
        self.links.iter().filter(|rule| rule.effective_from <= day).max_by_key(|rule| rule.effective_from)
    }

    /// The published rows of a profile, with which a new installation starts (rules 5.3 and 7.1).
    pub fn published(profile: Profile) -> Self {
        let start = jiff::civil::date(2018, 9, 1);
        let prorated = Credit::Prorated { cancel_day_unused: true, full_within_hours: 0 };
        let rule = |family, effective_from, window, credit| CancellationRule {
            family,
            effective_from,
            window,
            credit,
        };
        let mut book = Self {
            cancellation: vec![
                rule(Family::Perpetual, start, Window::Days(60), Credit::Full),
                rule(Family::Subscription, start, Window::Days(60), prorated),
            ],
            links: vec![LinkRule {
                effective_from: start,
                max_days: 14,
                age: LinkAge::FromIssue,
                max_downloads: Some(50),
            }],
        };
        if profile >= Profile::Y2021June {
            let june = jiff::civil::date(2021, 6, 1);
            book.cancellation.push(rule(Family::Perpetual, june, Window::Days(30), Credit::Full));
            book.cancellation.push(rule(Family::Subscription, june, Window::Days(30), prorated));
            book.links.push(LinkRule {
                effective_from: jiff::civil::date(2021, 6, 3),
                max_days: 5,
                age: LinkAge::FromFirstDownload,
                max_downloads: None,
            });
        }
        if profile >= Profile::Y2023 {
            let october = jiff::civil::date(2021, 10, 14);
            let within_a_day = Credit::Prorated { cancel_day_unused: true, full_within_hours: 24 };
            book.cancellation.push(rule(Family::Subscription, october, Window::Hours(168), within_a_day));
        }
        book
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    proptest::proptest! {
        #[test]
        fn orders_whose_window_closes_in_a_stretch_were_placed_in_the_one_that_is_told(
            placed in 1_577_836_800_i64..1_700_000_000, from in 0_i64..10_000_000, length in 0_i64..3_000_000,
            days in 0_u16..100, by_hours in proptest::bool::ANY,
        ) {
            let window = if by_hours { Window::Hours(days * 7) } else { Window::Days(days) };
            let at = |second: i64| Timestamp::from_second(second).unwrap();
            let closes = at(placed + from - 1_000_000)..at(placed + from - 1_000_000 + length);
            let told = window.placed_when(closes.clone()).unwrap();
            let inside = closes.contains(&window.closes_at(at(placed)).unwrap());
            proptest::prop_assert_eq!(told.contains(&at(placed)), inside);
        }
    }

    fn closes(window: Window, placed: &str) -> String {
        window.closes_at(placed.parse().unwrap()).unwrap().to_string()
    }

    #[test]
    fn the_window_is_the_order_day_plus_n_through_the_end_of_that_day() {
        // The published sample: created 2021-09-14T16:44Z under 30 days, allowed until 2021-10-14.
        assert_eq!(closes(Window::Days(30), "2021-09-14T16:44:14Z"), "2021-10-14T23:59:59Z");
        assert_eq!(closes(Window::Days(60), "2020-01-24T00:00:00Z"), "2020-03-24T23:59:59Z");
        assert_eq!(closes(Window::Days(60), "2020-04-01T23:59:59Z"), "2020-05-31T23:59:59Z");
        assert_eq!(closes(Window::Days(60), "2019-12-31T12:00:00Z"), "2020-02-29T23:59:59Z");
        assert_eq!(closes(Window::Hours(168), "2022-01-01T10:30:00Z"), "2022-01-08T10:30:00Z");
    }

    #[test]
    fn the_row_is_the_one_in_force_on_the_order_day() {
        let book = PolicyBook::published(Profile::Y2023);
        let window = |family, day| book.cancellation(family, day).map(|rule| rule.window);
        assert_eq!(window(Family::Subscription, date(2021, 5, 31)), Some(Window::Days(60)));
        assert_eq!(window(Family::Subscription, date(2021, 6, 1)), Some(Window::Days(30)));
        assert_eq!(window(Family::Subscription, date(2021, 10, 14)), Some(Window::Hours(168)));
        assert_eq!(window(Family::Perpetual, date(2023, 1, 1)), Some(Window::Days(30)));
        assert_eq!(window(Family::LinuxPlan, date(2020, 1, 1)), None);
        assert_eq!(window(Family::Reservation, date(2020, 1, 1)), None);
    }

    #[test]
    fn both_early_profiles_carry_the_same_numbers() {
        assert_eq!(PolicyBook::published(Profile::Y2020), PolicyBook::published(Profile::Y2021March));
        let link = PolicyBook::published(Profile::Y2021June).link(date(2021, 6, 3)).copied().unwrap();
        assert_eq!((link.max_days, link.age, link.max_downloads), (5, LinkAge::FromFirstDownload, None));
    }
}
