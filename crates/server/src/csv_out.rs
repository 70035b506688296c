//! Tables for spreadsheets: what somebody typed is never taken for a formula there.

use std::borrow::Cow;

use crate::error::Error;

/// A cell that a spreadsheet takes for text: one that looks like the beginning of a formula gets an apostrophe. Not for
/// numbers, which may begin with a sign.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Records as lines (RFC 4180), one after another into one buffer.
pub struct Records(csv::Writer<Vec<u8>>);

impl Default for Records {
    fn default() -> Self {
        Self(csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new()))
    }
}

impl Records {
    /// Adds a record.
    ///
    /// # Errors
    /// None that a caller could cause.
    pub fn add(&mut self, cells: &[impl AsRef<str>]) -> Result<(), Error> {
        self.0.write_record(cells.iter().map(AsRef::as_ref)).map_err(Error::internal)
    }

    /// Everything that was added.
    ///
    /// # Errors
    /// None that a caller could cause.
    pub fn finish(self) -> Result<Vec<u8>, Error> {
        self.0.into_inner().map_err(Error::internal)
    }
}

/// A record as one line (RFC 4180).
///
/// # Errors
/// None that a caller could cause.
pub fn line(cells: &[impl AsRef<str>]) -> Result<Vec<u8>, Error> {
    let mut records = Records::default();
    records.add(cells)?;
    records.finish()
}
