//! Tables the operator hands in as CSV files: columns found by their names, and what is wrong told by line and column.

use std::io::Read as Input;

use csv::StringRecord;
use rust_decimal::Decimal;

use super::import_keys::unreadable;
use crate::error::{BadRow, Error};
use crate::texts::Complaint;

/// The most rows of a file.
const ROWS_MAX: usize = 500_000;

struct Table<const N: usize> {
    names: [&'static str; N],
    places: [Option<usize>; N],
}

impl<const N: usize> Table<N> {
    fn find(names: [&'static str; N], needed: usize, header: &StringRecord) -> Result<Self, BadRow> {
        let bare = |text: &str| text.trim_start_matches('\u{feff}').replace(['_', ' '], "").to_lowercase();
        let mut places = [None; N];
        for (place, name) in places.iter_mut().zip(names) {
            *place = header.iter().position(|own| bare(own) == bare(name));
        }
        let lacks = names.iter().zip(places).take(needed).find(|(_, place)| place.is_none());
        match lacks {
            Some((name, _)) => {
                Err(BadRow { line: 1, column: name, message: Complaint::of("import-column-missing") })
            }
            None => Ok(Self { names, places }),
        }
    }
}

/// A row of a table.
pub(super) struct Row<'a, const N: usize> {
    table: &'a Table<N>,
    record: &'a StringRecord,
    line: u64,
}

impl<const N: usize> Row<'_, N> {
    /// What stands in a column; nothing where the table lacks it.
    pub(super) fn cell(&self, column: usize) -> &str {
        let place = self.table.places.get(column).copied().flatten();
        place.and_then(|place| self.record.get(place)).unwrap_or_default()
    }

    /// What is wrong in a column.
    pub(super) fn bad(&self, column: usize, message: Complaint) -> BadRow {
        BadRow { line: self.line, column: self.table.names.get(column).copied().unwrap_or("row"), message }
    }

    /// What stands in a column, read.
    pub(super) fn parsed<T: std::str::FromStr>(
        &self,
        column: usize,
        wrong: &'static str,
    ) -> Result<T, BadRow> {
        let text = self.cell(column);
        text.parse().map_err(|_| self.bad(column, Complaint::of(wrong).with("text", format!("{text:?}"))))
    }

    /// A number of things.
    pub(super) fn count(&self, column: usize) -> Result<u32, BadRow> {
        let (text, least, most) = (self.cell(column), 1, 100_000);
        let why = || Complaint::of("list-number").with("text", format!("{text:?}"));
        let own = text.parse().ok().filter(|own| (least..=most).contains(own));
        own.ok_or_else(|| self.bad(column, why().with("least", least).with("most", most)))
    }

    /// A price an hour, where there is one.
    pub(super) fn rate(&self, column: usize) -> Result<Option<Decimal>, BadRow> {
        let text = self.cell(column);
        if text.is_empty() {
            return Ok(None);
        }
        let plain = text.bytes().all(|own| own.is_ascii_digit() || own == b'.');
        let own = Decimal::from_str_exact(text)
            .ok()
            .filter(|own| plain && own.scale() <= 8 && *own <= Decimal::from(1_000_000));
        let why = || Complaint::of("list-rate").with("text", format!("{text:?}"));
        own.map(Some).ok_or_else(|| self.bad(column, why()))
    }

    /// A price an hour.
    pub(super) fn needed_rate(&self, column: usize) -> Result<Decimal, BadRow> {
        self.rate(column)?.ok_or_else(|| self.bad(column, Complaint::of("list-rate").with("text", "\"\"")))
    }
}

/// The rows of a table with columns of these names, of which so many are needed.
///
/// # Errors
/// The first row that cannot be taken.
pub(super) fn rows<const N: usize, T>(
    input: impl Input,
    (names, needed): ([&'static str; N], usize),
    read: impl Fn(&Row<'_, N>) -> Result<T, BadRow>,
) -> Result<Vec<T>, Error> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(input);
    let wrong = |error: &csv::Error| BadRow {
        line: error.position().map_or(1, csv::Position::line),
        column: "row",
        message: unreadable(error),
    };
    let header = reader.headers().map_err(|error| wrong(&error))?.clone();
    let table = Table::find(names, needed, &header)?;
    // Where lines end in CR LF, the reader counts a line when it meets the next one.
    let behind = u64::from(reader.position().line() == 1);
    let mut list = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| wrong(&error))?;
        let line = record.position().map_or(0, csv::Position::line) + behind;
        if list.len() >= ROWS_MAX {
            let message = Complaint::of("list-rows").with("most", ROWS_MAX);
            return Err(BadRow { line, column: "row", message }.into());
        }
        list.push(read(&Row { table: &table, record: &record, line })?);
    }
    Ok(list)
}
