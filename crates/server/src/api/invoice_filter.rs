//! The filter of the list of invoices: `InvoiceDate` compared with a day or an instant, and comparisons that hold together
//! (contract 0.7).

use std::ops::Range;

use chandlery_domain::calendar::start_of_day;
use chandlery_domain::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::reader::{Object, same_word};
use crate::dates::{self, When};
use crate::error::Error;

/// How deep comparisons may lie in each other.
const DEPTH_MAX: usize = 4;
const SHAPE: &str =
    "must be a JSON object with Field, Value and Operator, or with LeftFilter, RightFilter and Operator and";
const WORDS: [(&str, Comparison); 5] = [
    ("equals", Comparison::Equals),
    ("greater_than", Comparison::After),
    ("greater_than_or_equals", Comparison::From),
    ("less_than", Comparison::Before),
    ("less_than_or_equals", Comparison::Through),
];

#[derive(Debug, Clone, Copy)]
enum Comparison {
    Equals,
    After,
    From,
    Before,
    Through,
}

/// When the invoices meant were issued; all of them without a filter.
///
/// # Errors
/// When the filter cannot be read, with what would be right.
pub fn issued(text: &str) -> Result<Range<Timestamp>, Error> {
    if text.is_empty() {
        return Ok(Timestamp::MIN..Timestamp::MAX);
    }
    let value: Value = serde_json::from_str(text).map_err(|_| Error::invalid("filter", SHAPE))?;
    let root = Object::root(&value).map_err(|_| Error::invalid("filter", SHAPE))?;
    read(&root, DEPTH_MAX)
}

fn read(own: &Object<'_>, depth: usize) -> Result<Range<Timestamp>, Error> {
    let operator = own.required_text("Operator", 40)?;
    if let (Some(left), Some(right)) = (own.object("LeftFilter")?, own.object("RightFilter")?) {
        if !same_word(&operator, "and") || depth == 0 {
            return Err(Error::invalid("filter.Operator", "must be and, at most four deep"));
        }
        let (left, right) = (read(&left, depth.saturating_sub(1))?, read(&right, depth.saturating_sub(1))?);
        return Ok(left.start.max(right.start)..left.end.min(right.end));
    }
    if !own.required_text("Field", 40)?.eq_ignore_ascii_case("InvoiceDate") {
        return Err(Error::invalid("filter.Field", "must be InvoiceDate"));
    }
    let comparison = WORDS.iter().find(|(word, _)| same_word(&operator, word)).map(|(_, own)| *own);
    let comparison = comparison.ok_or_else(|| {
        let words: Vec<&str> = WORDS.iter().map(|(word, _)| *word).collect();
        Error::invalid("filter.Operator", format!("must be one of {}", words.join(", ")))
    })?;
    let value = own.required_text("Value", 64)?;
    let when = dates::read(&value).ok_or_else(|| {
        Error::invalid("filter.Value", "must be a date such as 2020-01-31 or an instant in UTC")
    })?;
    let Range { start, end } = stretch(when)?;
    Ok(match comparison {
        Comparison::Equals => start..end,
        Comparison::After => end..Timestamp::MAX,
        Comparison::From => start..Timestamp::MAX,
        Comparison::Before => Timestamp::MIN..start,
        Comparison::Through => Timestamp::MIN..end,
    })
}

/// A day as its instants; an instant as itself.
fn stretch(when: When) -> Result<Range<Timestamp>, Error> {
    match when {
        When::Day(day) => {
            let next = day.tomorrow().map_err(Error::internal)?;
            Ok(start_of_day(day).map_err(Refusal::from)?..start_of_day(next).map_err(Refusal::from)?)
        }
        When::At(at) => {
            let next = at.checked_add(SignedDuration::from_micros(1)).map_err(Error::internal)?;
            Ok(at..next)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (String, String) {
        let own = issued(text).unwrap();
        (own.start.to_string(), own.end.to_string())
    }

    #[test]
    fn a_month_is_two_comparisons_that_hold_together() {
        let month = r#"{"LeftFilter":{"Field":"InvoiceDate","Value":"2020-03-01","Operator":"greater_than_or_equals"},
            "RightFilter":{"Field":"InvoiceDate","Value":"3/31/2020","Operator":"less_than_or_equals"},"Operator":"and"}"#;
        assert_eq!(of(month), ("2020-03-01T00:00:00Z".into(), "2020-04-01T00:00:00Z".into()));
        let day = r#"{"Field":"invoicedate","Value":"2020-03-02","Operator":"Equals"}"#;
        assert_eq!(of(day), ("2020-03-02T00:00:00Z".into(), "2020-03-03T00:00:00Z".into()));
        let after = r#"{"Field":"InvoiceDate","Value":"2020-03-02T08:00:00Z","Operator":"greater_than"}"#;
        assert_eq!(of(after).0, "2020-03-02T08:00:00.000001Z");
    }

    #[test]
    fn what_is_no_filter_says_what_would_be() {
        for (text, field) in [
            ("x", "filter "),
            (r#"{"Field":"InvoiceDate","Value":"soon","Operator":"equals"}"#, "filter.Value"),
            (r#"{"Field":"Total","Value":"1","Operator":"equals"}"#, "filter.Field"),
            (r#"{"Field":"InvoiceDate","Value":"2020-03-02","Operator":"starts_with"}"#, "filter.Operator"),
            (r#"{"LeftFilter":{},"RightFilter":{},"Operator":"or"}"#, "filter.Operator"),
        ] {
            let said = issued(text).unwrap_err().to_string();
            assert!(said.starts_with(field), "{text}: {said}");
        }
    }
}
