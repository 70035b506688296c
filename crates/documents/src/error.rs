//! Why a document could not be made.

use std::fmt;

use thiserror::Error;

/// A business rule the document breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The rule, such as `BR-CO-15`, as EN 16931 or the specification built on it names it.
    pub rule: String,
    /// Where in the document, such as `BG-25[2]/BT-151`; empty when it concerns the whole.
    pub at: String,
    /// What the rule demands, in English.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.at.is_empty() {
            write!(f, "{}: {}", self.rule, self.message)
        } else {
            write!(f, "{} at {}: {}", self.rule, self.at, self.message)
        }
    }
}

/// Why a document could not be made.
#[derive(Debug, Error)]
pub enum Error {
    /// A line points at a tax the document does not have.
    #[error("line {line} names tax {tax}, which the document does not have")]
    UnknownTax {
        /// The line's number.
        line: u32,
        /// The tax it names, counted from 0.
        tax: usize,
    },
    /// A line falls under no tax or several, and an electronic invoice was asked for, where a line has one.
    #[error("line {line} falls under {count} taxes; in an electronic invoice a line has one")]
    OneTaxALine {
        /// The line's number.
        line: u32,
        /// How many there are.
        count: usize,
    },
    /// An amount has more decimals than an electronic invoice can carry, which is two whatever the currency.
    #[error("{value} has more than the two decimals of an electronic invoice ({at})")]
    Amount {
        /// The business term, such as `BT-131`.
        at: &'static str,
        /// The amount.
        value: String,
    },
    /// A date lies outside the years 0 to 9999.
    #[error("{0} is no date an electronic invoice can carry")]
    Date(String),
    /// The document breaks rules of the electronic invoice that was asked for, so it was not written.
    #[error("the electronic invoice would be invalid: {}", list(.0))]
    Invalid(Vec<Violation>),
    /// The logo is no PNG, or larger than [`Look::LOGO_BYTES_MAX`](crate::Look::LOGO_BYTES_MAX) or
    /// [`Look::LOGO_PIXELS_MAX`](crate::Look::LOGO_PIXELS_MAX) allow.
    #[error("the logo is no PNG picture of an allowed size")]
    Logo,
    /// The pages could not be set or written; the text says what the typesetter found.
    #[error("the pages could not be set: {0}")]
    Typesetting(String),
    /// The electronic invoice could not be put into the PDF.
    #[error("the electronic invoice could not be embedded: {0}")]
    Embedding(String),
}

fn list(violations: &[Violation]) -> String {
    violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
