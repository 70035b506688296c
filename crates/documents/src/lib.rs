//! Invoices and credit notes on paper and on the wire: one [`Document`] becomes a PDF/A-3b page set, an electronic
//! invoice of EN 16931 in UBL or CII, or both in one file.
//!
//! Values come in, bytes go out. Never here: I/O, the clock, arithmetic on money, or a choice of language. The caller
//! has added everything up, and hands in the [`Words`] of the page and a [`Format`] for its dates and numbers.
//!
//! The embedded fonts are Inter, Noto Sans Hebrew and Noto Sans Arabic, each under the SIL Open Font License 1.1
//! (`fonts/OFL-*.txt`). The electronic invoices carry the notice in [`ATTRIBUTION`]; both belong on a licences page.

/// What the executable carries of others, each with the text of its licence or notice.
pub const LICENCES: [(&str, &str); 4] = [
    ("Inter (fonts of printed documents)", include_str!("../fonts/OFL-Inter.txt")),
    ("Noto Sans Arabic (font of printed documents)", include_str!("../fonts/OFL-NotoSansArabic.txt")),
    ("Noto Sans Hebrew (font of printed documents)", include_str!("../fonts/OFL-NotoSansHebrew.txt")),
    ("Electronic invoices", ATTRIBUTION),
];

mod addresses;
mod document;
mod electronic;
mod error;
mod logo;
mod mapping;
mod page;
mod payment_code;
mod text;
mod typesetting;

pub use document::{
    Bank, Category, Contact, Document, ElectronicAddress, Kind, Line, Party, Period, Preceding, TaxRow,
    Totals,
};
pub use electronic::{check, cii, ubl, xrechnung, zugferd};
pub use en16931::ATTRIBUTION;
pub use error::{Error, Violation};
pub use logo::{NoLogo, logo};
pub use page::{Format, Look, Words, pdf};
