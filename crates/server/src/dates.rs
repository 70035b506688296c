//! Dates and instants as people, sheets and client libraries really write them. Everything is UTC.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

/// A date as it was given: a whole day, or an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// A whole day.
    Day(Date),
    /// An instant.
    At(Timestamp),
}

/// Reads a date or an instant in any of the forms clients send (contract 0.2); midnight written out in a form without
/// a zone is how the SDKs send a bare date.
pub fn read(text: &str) -> Option<When> {
    const FORMS: [&str; 3] = ["%Y-%m-%dT%H:%M:%S%.f", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p"];
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(When::At(at));
    }
    for form in FORMS {
        if let Ok(at) = DateTime::strptime(form, text) {
            if at.time() == Time::midnight() {
                return Some(When::Day(at.date()));
            }
            return at.to_zoned(TimeZone::UTC).ok().map(|zoned| When::At(zoned.timestamp()));
        }
    }
    Date::strptime("%Y-%m-%d", text).or_else(|_| Date::strptime("%m/%d/%Y", text)).ok().map(When::Day)
}
