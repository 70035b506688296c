//! Query strings as clients really send them: names in any case, a second `?` where `&` is meant (contract 0.2).

use std::str::FromStr;

use crate::dates::{self, When};
use crate::error::Error;

/// Pairs of a query string or a form, percent-decoded.
pub fn pairs(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

/// A query string.
#[derive(Debug, Clone, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads a query string.
    pub fn parse(text: &str) -> Self {
        let text = text.replace('?', "&");
        Self(pairs(&text).into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect())
    }

    /// A value that is not empty, by its name in any case.
    pub fn text(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// A value read as something.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the parameter and what would be right.
    pub fn parsed<T: FromStr<Err: std::fmt::Display>>(&self, name: &str) -> Result<Option<T>, Error> {
        self.text(name)
            .map(|text| text.parse().map_err(|error: T::Err| Error::invalid(name, error.to_string())))
            .transpose()
    }

    /// A value that must be there.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the parameter and what would be right.
    pub fn required<T: FromStr<Err: std::fmt::Display>>(&self, name: &str) -> Result<T, Error> {
        self.parsed(name)?.ok_or_else(|| Error::invalid(name, "is missing from the query"))
    }

    /// Yes or no, in any case.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything else.
    pub fn flag(&self, name: &str) -> Result<bool, Error> {
        match self.text(name).map(str::to_ascii_lowercase).as_deref() {
            None | Some("false" | "0") => Ok(false),
            Some("true" | "1") => Ok(true),
            Some(_) => Err(Error::invalid(name, "must be true or false")),
        }
    }

    /// A page size between 1 and `most`; zero or nothing means the default, which is `most` (contract 0.6).
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything else.
    pub fn size(&self, most: u32) -> Result<u32, Error> {
        let wrong = || Error::invalid("size", format!("must be a whole number from 0 to {most}"));
        match self.text("size") {
            None => Ok(most),
            Some(text) => match text.parse::<u32>().map_err(|_| wrong())? {
                0 => Ok(most),
                size if size <= most => Ok(size),
                _ => Err(wrong()),
            },
        }
    }

    /// A date or an instant, in any of the forms clients send (contract 0.2); a bare date is its first instant.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the forms.
    pub fn date(&self, name: &str) -> Result<Option<When>, Error> {
        self.text(name).map(|text| dates::read(text).ok_or_else(|| wrong(name))).transpose()
    }
}

fn wrong(name: &str) -> Error {
    Error::invalid(name, "must be a date such as 2020-01-31 or an instant such as 2020-01-31T12:00:00Z (UTC)")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn names_match_in_any_case_and_a_second_question_mark_is_an_ampersand() {
        let query = Query::parse("targetView=Software&COUNTRY=us?seekOperation=Next&size=");
        assert_eq!(query.text("targetview"), Some("Software"));
        assert_eq!(query.text("Country"), Some("us"));
        assert_eq!(query.text("seekoperation"), Some("Next"));
        assert_eq!(query.size(500).unwrap(), 500);
        assert!(Query::parse("size=501").size(500).is_err());
        assert_eq!(Query::parse("size=0").size(500).unwrap(), 500);
    }

    #[test]
    fn dates_come_in_many_forms() {
        let day = When::Day(date(2017, 6, 1));
        for text in [
            "2017-06-01",
            "06/01/2017 00:00:00",
            "6/1/2017 12:00:00 AM",
            "06%2F01%2F2017",
            "2017-06-01T00:00:00",
        ] {
            assert_eq!(Query::parse(&format!("d={text}")).date("d").unwrap(), Some(day), "{text}");
        }
        let at = When::At("2017-06-01T13:30:00Z".parse().unwrap());
        for text in ["2017-06-01T13:30:00Z", "6/1/2017 1:30:00 PM", "2017-06-01T15:30:00%2B02:00"] {
            assert_eq!(Query::parse(&format!("d={text}")).date("d").unwrap(), Some(at), "{text}");
        }
        assert!(Query::parse("d=yesterday").date("d").is_err());
    }
}
