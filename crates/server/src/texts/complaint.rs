//! What is wrong with something somebody gave: one sentence, in English for programs and the command line, and in each
//! reader's language on pages.

use std::fmt;

use super::{Reader, Value};
use crate::error::BadRow;

/// What is wrong, as the id of a sentence with its values. Displayed in English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    id: &'static str,
    values: Vec<(&'static str, String)>,
}

impl Complaint {
    /// A sentence of the languages.
    pub const fn of(id: &'static str) -> Self {
        Self { id, values: Vec::new() }
    }

    /// The same with a value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    /// English in every language: for what only programs and the command line can send.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { id: "complaint-plain", values: vec![("text", text.into())] }
    }

    /// As a reader is told.
    pub fn said(&self, reader: &Reader) -> String {
        let values = self.values.iter().map(|(name, value)| (*name, Value::from(value))).collect();
        reader.say(self.id, values)
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said(&Reader::default()))
    }
}

/// The sentence about an input that cannot be taken: its name on pages, and what is wrong with it. Each language names
/// the input first.
pub fn invalid(reader: &Reader, field: &str, why: &Complaint) -> String {
    format!("{} {}.", input(reader, field), why.said(reader))
}

/// What an input is called on pages; one that has no name there as programs spell it.
pub fn input(reader: &Reader, field: &str) -> String {
    reader.word_if_known("input", field).unwrap_or_else(|| field.to_owned())
}

/// A row that cannot be taken, without a full stop: its line, its column, and what is wrong.
pub fn bad_row(reader: &Reader, bad: &BadRow) -> String {
    let (column, why) = (column(reader, bad.column), bad.message.said(reader));
    match bad.line {
        0 => format!("{column}: {why}"),
        line => reader.with(
            "import-row-of",
            [("line", line.to_string().into()), ("column", column.into()), ("why", why.into())],
        ),
    }
}

/// A column of a file, as the file spells it; what is none is said in words.
pub fn column(reader: &Reader, column: &str) -> String {
    reader.word_if_known("column", column).unwrap_or_else(|| column.to_owned())
}
