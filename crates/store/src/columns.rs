//! How domain values stand in columns. Reading is strict: a value that means nothing is an error, never a default.

use std::fmt;
use std::str::FromStr;

use chandlery_domain::calendar::Period;
use chandlery_domain::money::{Currency, UnitPrice};
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Error;

/// Reads a word or an id.
pub(crate) fn read<T: FromStr>(place: &'static str, text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| Error::broken(place, text))
}

/// Reads a word or an id that may be absent.
pub(crate) fn read_some<T: FromStr>(place: &'static str, text: Option<&str>) -> Result<Option<T>, Error> {
    text.map(|text| read(place, text)).transpose()
}

/// Reads an instant: microseconds since 1970.
pub(crate) fn instant(place: &'static str, micros: i64) -> Result<Timestamp, Error> {
    Timestamp::from_microsecond(micros).map_err(|_| Error::broken(place, micros))
}

/// Reads a whole number into a narrower type.
pub(crate) fn number<T: TryFrom<i64>>(place: &'static str, value: i64) -> Result<T, Error> {
    T::try_from(value).map_err(|_| Error::broken(place, value))
}

/// Reads a yes or no.
pub(crate) fn flag(place: &'static str, value: i64) -> Result<bool, Error> {
    match value {
        0 => Ok(false),
        1 => Ok(true),
        other => Err(Error::broken(place, other)),
    }
}

/// Reads a decimal number.
pub(crate) fn decimal(place: &'static str, text: &str) -> Result<Decimal, Error> {
    Decimal::from_str_exact(text).map_err(|_| Error::broken(place, text))
}

/// Reads a price per unit.
pub(crate) fn unit_price(place: &'static str, text: &str, currency: Currency) -> Result<UnitPrice, Error> {
    UnitPrice::new(decimal(place, text)?, currency).map_err(|_| Error::broken(place, text))
}

/// Reads a run of days.
pub(crate) fn period(
    place: &'static str,
    first: Option<&str>,
    last: Option<&str>,
) -> Result<Option<Period>, Error> {
    let (first, last): (Option<Date>, Option<Date>) = (read_some(place, first)?, read_some(place, last)?);
    match (first, last) {
        (Some(first), Some(last)) => Ok(Some(Period { first, last })),
        (None, None) => Ok(None),
        (Some(day), None) | (None, Some(day)) => Err(Error::broken(place, day)),
    }
}

/// Writes a list of words, one space between them.
pub(crate) fn words<T: fmt::Display>(list: impl IntoIterator<Item = T>, separator: &str) -> String {
    let list: Vec<String> = list.into_iter().map(|word| word.to_string()).collect();
    list.join(separator)
}

/// Writes a small document.
pub(crate) fn write_json(place: &'static str, value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::broken(place, error))
}

/// Reads a small document.
pub(crate) fn read_json<T: DeserializeOwned>(place: &'static str, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::broken(place, error))
}
