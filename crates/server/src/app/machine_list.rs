//! Reading a list of machines as people have it: typed, pasted out of a table, or saved as CSV by whatever program.
//!
//! Bytes may be UTF-8, UTF-16 with its mark, or Windows-1252; cells stand apart by comma, semicolon or tab. Whatever cannot be
//! read is told with its line, its column and what would be right, and nothing of the list is used.

use std::collections::{HashMap, HashSet};

use chandlery_domain::benefit::{HOURS_A_MONTH, HOURS_MAX, Workload};
use rust_decimal::Decimal;

use crate::error::BadRow;
use crate::texts::Complaint;

/// The most rows of a list.
pub const ROWS_MAX: usize = 10_000;
/// The most machines of a list, all rows together.
pub const MACHINES_MAX: u32 = 100_000;
/// The most octets of a list.
pub const BYTES_MAX: usize = 2 * 1024 * 1024;
/// The most cores of one machine.
const CORES_MAX: u32 = 10_000;
/// The longest name, in letters.
const NAME_MAX: usize = 100;
/// How many faults are told at most.
const FAULTS_MAX: usize = 20;
/// The highest rate an hour, in whole units of currency.
const RATE_MAX: i64 = 1_000_000;

/// One row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// The line it stands in, from 1.
    pub line: u64,
    /// Its name, which no other row has.
    pub name: String,
    /// Its size, as Azure names it.
    pub size: Option<String>,
    /// Its region, in small letters without spaces.
    pub region: Option<String>,
    /// Its cores, or vCores, where the size does not say.
    pub cores: Option<u32>,
    /// How many there are.
    pub count: u32,
    /// How many hours a month each runs.
    pub hours: u32,
    /// What runs on it.
    pub workload: Workload,
    /// What it costs an hour, where the list says so: with licence, without, and without under a reservation.
    pub rates: Option<(Decimal, Decimal, Option<Decimal>)>,
    /// The dedicated host it is on, with the host's physical cores where the row says so.
    pub host: Option<(String, Option<u32>)>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Column {
    Name,
    Size,
    Region,
    Cores,
    Count,
    Hours,
    Workload,
    Licensed,
    Base,
    Reserved,
    Host,
    HostCores,
    System,
}

impl Column {
    /// A list without a header has these columns, as far as it goes.
    const USUAL: [Self; 5] = [Self::Name, Self::Size, Self::Region, Self::Count, Self::Hours];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::Size => "Size",
            Self::Region => "Region",
            Self::Cores => "Cores",
            Self::Count => "Count",
            Self::Hours => "Hours",
            Self::Workload => "Workload",
            Self::Licensed => "LicensedRate",
            Self::Base => "BaseRate",
            Self::Reserved => "ReservedRate",
            Self::Host => "Host",
            Self::HostCores => "HostCores",
            Self::System => "OperatingSystem",
        }
    }

    /// The column a header names, in any case, with or without spaces; also as Azure's own exports have it.
    fn named(text: &str) -> Option<Self> {
        let bare: String =
            text.chars().filter(|own| own.is_alphanumeric()).collect::<String>().to_lowercase();
        Some(match bare.as_str() {
            "name" | "vm" | "vmname" | "virtualmachine" | "machine" | "virtuellermaschine" | "namn" => {
                Self::Name
            }
            "size" | "vmsize" | "armskuname" | "größe" | "storlek" => Self::Size,
            "region" | "location" | "standort" | "plats" => Self::Region,
            "cores" | "vcpu" | "vcpus" | "vcores" | "kerne" | "kärnor" => Self::Cores,
            "count" | "quantity" | "instances" | "anzahl" | "antal" => Self::Count,
            "hours" | "hourspermonth" | "stunden" | "timmar" => Self::Hours,
            "workload" | "software" => Self::Workload,
            "licensedrate" | "windowsrate" | "licencerate" | "licenserate" => Self::Licensed,
            "baserate" | "linuxrate" => Self::Base,
            "reservedrate" | "reservationrate" => Self::Reserved,
            "host" | "dedicatedhost" => Self::Host,
            "hostcores" => Self::HostCores,
            "operatingsystem" | "os" | "ostype" | "betriebssystem" | "operativsystem" => Self::System,
            _ => return None,
        })
    }
}

/// The text of a list, whatever program saved it.
pub fn text_of(bytes: &[u8]) -> String {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
    }
}

/// What stands between cells: whichever of tab, semicolon and comma the first line has most of, in that order.
fn separator(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |own: &u8| first.bytes().filter(|byte| byte == own).count();
    let mut best = (b',', 0);
    for own in [b'\t', b';', b','] {
        if count(&own) > best.1 {
            best = (own, count(&own));
        }
    }
    best.0
}

struct Row<'a, F: Fn(Column) -> Option<&'a str>> {
    text: F,
    line: u64,
    decimal_comma: bool,
}

impl<'a, F: Fn(Column) -> Option<&'a str>> Row<'a, F> {
    fn cell(&self, column: Column) -> Option<&'a str> {
        (self.text)(column).map(str::trim).filter(|own| !own.is_empty())
    }

    fn bad(&self, column: Column, message: Complaint) -> BadRow {
        BadRow { line: self.line, column: column.as_str(), message }
    }

    fn count(&self, column: Column, (least, most): (u32, u32)) -> Result<Option<u32>, BadRow> {
        let Some(text) = self.cell(column) else { return Ok(None) };
        let own = text.parse().ok().filter(|own| (least..=most).contains(own));
        let why = || {
            Complaint::of("list-number").with("text", shortened(text)).with("least", least).with("most", most)
        };
        own.map(Some).ok_or_else(|| self.bad(column, why()))
    }

    fn rate(&self, column: Column) -> Result<Option<Decimal>, BadRow> {
        let Some(text) = self.cell(column) else { return Ok(None) };
        let plain = if self.decimal_comma { text.replace(',', ".") } else { text.to_owned() };
        let digits = plain.bytes().all(|own| own.is_ascii_digit() || own == b'.');
        let own = Decimal::from_str_exact(&plain).ok().filter(|own| {
            digits && !own.is_sign_negative() && *own <= Decimal::from(RATE_MAX) && own.scale() <= 8
        });
        own.map(Some)
            .ok_or_else(|| self.bad(column, Complaint::of("list-rate").with("text", shortened(text))))
    }

    fn machine(&self) -> Result<Machine, BadRow> {
        let name = self.cell(Column::Name).map(str::to_owned);
        let name = name.ok_or_else(|| self.bad(Column::Name, Complaint::of("list-name")))?;
        if name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
            return Err(self.bad(Column::Name, Complaint::of("complaint-reason").with("most", NAME_MAX)));
        }
        if let Some(text) = self.cell(Column::System).filter(|own| !own.to_lowercase().contains("windows")) {
            let why = Complaint::of("list-system").with("text", shortened(text));
            return Err(self.bad(Column::System, why));
        }
        let size = self.cell(Column::Size).map(str::to_owned);
        let cores = self.count(Column::Cores, (1, CORES_MAX))?;
        if size.is_none() && cores.is_none() {
            return Err(self.bad(Column::Size, Complaint::of("list-size-or-cores")));
        }
        let workload = match self.cell(Column::Workload) {
            None => Workload::Windows,
            Some(text) => {
                let word = text.to_lowercase().replace([' ', '-'], "_");
                let known = word.parse().ok().filter(|own| *own != Workload::Host);
                let told = || Complaint::of("list-workload").with("text", shortened(text));
                known.ok_or_else(|| self.bad(Column::Workload, told()))?
            }
        };
        let (licensed, base) = (self.rate(Column::Licensed)?, self.rate(Column::Base)?);
        let reserved = self.rate(Column::Reserved)?;
        let rates = match (licensed, base) {
            (Some(licensed), Some(base)) if base <= licensed => Some((licensed, base, reserved)),
            (Some(_), Some(_)) => return Err(self.bad(Column::Base, Complaint::of("list-base-above"))),
            (None, None) if reserved.is_none() => None,
            _ => return Err(self.bad(Column::Licensed, Complaint::of("list-both-rates"))),
        };
        let host_cores = self.count(Column::HostCores, (1, CORES_MAX))?;
        let host = self.cell(Column::Host).map(|own| (own.to_owned(), host_cores));
        if host.is_some() && workload != Workload::Windows {
            return Err(self.bad(Column::Host, Complaint::of("list-host-windows")));
        }
        Ok(Machine {
            line: self.line,
            name,
            size,
            region: self.cell(Column::Region).map(region_key),
            cores,
            count: self.count(Column::Count, (1, MACHINES_MAX))?.unwrap_or(1),
            hours: self.count(Column::Hours, (0, HOURS_MAX))?.unwrap_or(HOURS_A_MONTH),
            workload,
            rates,
            host,
        })
    }
}

/// A region as it is looked for: `West Europe` is `westeurope`.
pub fn region_key(text: &str) -> String {
    text.chars().filter(|own| !own.is_whitespace()).collect::<String>().to_lowercase()
}

fn shortened(text: &str) -> String {
    let quoted = format!("{text:?}");
    if quoted.chars().count() <= 60 { quoted } else { quoted.chars().take(60).chain(['…']).collect() }
}

/// Reads a list.
///
/// # Errors
/// What is wrong, row by row, twenty faults at most.
pub fn read(bytes: &[u8]) -> Result<Vec<Machine>, Vec<BadRow>> {
    let row = |line: u64, message: Complaint| vec![BadRow { line, column: "row", message }];
    if bytes.len() > BYTES_MAX {
        return Err(row(0, Complaint::of("list-too-large").with("most", BYTES_MAX / (1024 * 1024))));
    }
    let text = text_of(bytes);
    let apart = separator(&text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(apart)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut places: Option<(HashMap<Column, usize>, usize)> = None;
    let (mut machines, mut faults) = (Vec::new(), Vec::new());
    let mut lines = Lines { text: &text, at: 0, line: 1 };
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = lines.at(error.position().map_or(0, csv::Position::byte));
                return Err(row(line, Complaint::of("import-no-csv")));
            }
        };
        let line = lines.at(record.position().map_or(0, csv::Position::byte));
        if record.iter().all(str::is_empty) {
            continue;
        }
        let is_first = places.is_none();
        if is_first {
            let (columns, is_header) = columns_of(&record, line)?;
            // Lines that are typed may stop early; a table has as many cells in each line as in its header.
            places = Some((columns, if is_header { record.len() } else { 0 }));
        }
        let Some((columns, width)) = &places else { continue };
        if is_first && *width > 0 {
            continue;
        }
        if *width > 0 && record.len() != *width {
            let why = Complaint::of("list-cells")
                .with("found", record.len())
                .with("wanted", width)
                .with("separator", separator_name(apart));
            faults.push(BadRow { line, column: "row", message: why });
        } else {
            take(&record, columns, (line, apart), (&mut machines, &mut faults));
        }
        if faults.len() >= FAULTS_MAX {
            return Err(faults);
        }
        if machines.len() > ROWS_MAX {
            return Err(row(line, Complaint::of("list-rows").with("most", ROWS_MAX)));
        }
    }
    whole(machines, faults)
}

/// Machines out of named cells, one row a machine, as programs send them. Names are those of columns; others are left alone.
///
/// # Errors
/// What is wrong, row by row, the first being line 1; twenty faults at most.
pub fn of_cells(rows: &[Vec<(String, String)>]) -> Result<Vec<Machine>, Vec<BadRow>> {
    let (mut machines, mut faults) = (Vec::new(), Vec::new());
    if rows.len() > ROWS_MAX {
        let message = Complaint::of("list-rows").with("most", ROWS_MAX);
        return Err(vec![BadRow { line: 0, column: "row", message }]);
    }
    for (line, row) in (1..).zip(rows) {
        let cells: HashMap<Column, &str> =
            row.iter().filter_map(|(name, text)| Some((Column::named(name)?, text.as_str()))).collect();
        let text = |column| cells.get(&column).copied();
        match (Row { text, line, decimal_comma: false }).machine() {
            Ok(machine) => machines.push(machine),
            Err(fault) => faults.push(fault),
        }
        if faults.len() >= FAULTS_MAX {
            return Err(faults);
        }
    }
    whole(machines, faults)
}

/// A list whose rows fit together.
fn whole(machines: Vec<Machine>, mut faults: Vec<BadRow>) -> Result<Vec<Machine>, Vec<BadRow>> {
    let mut names = HashSet::new();
    let mut all = 0_u32;
    let row = |message: Complaint| vec![BadRow { line: 0, column: "row", message }];
    for own in &machines {
        if !names.insert(own.name.to_lowercase()) {
            let message = Complaint::of("list-name-twice").with("text", shortened(&own.name));
            faults.push(BadRow { line: own.line, column: Column::Name.as_str(), message });
        }
        all = all.saturating_add(own.count);
    }
    faults.truncate(FAULTS_MAX);
    if !faults.is_empty() {
        return Err(faults);
    }
    if all > MACHINES_MAX {
        return Err(row(Complaint::of("list-machines").with("most", MACHINES_MAX)));
    }
    if machines.is_empty() {
        return Err(row(Complaint::of("list-empty")));
    }
    Ok(machines)
}

/// Lines as people count them, whatever ends them and however many are empty.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of what begins at or after an octet; asked for in order.
    fn at(&mut self, byte: u64) -> u64 {
        let rest = |at: usize| self.text.as_bytes().get(at..).unwrap_or_default();
        let from = usize::try_from(byte).unwrap_or(usize::MAX);
        let empty = rest(from).iter().take_while(|own| matches!(own, b'\r' | b'\n')).count();
        let to = from.saturating_add(empty).min(self.text.len());
        let ends = rest(self.at).iter().take(to.saturating_sub(self.at)).filter(|own| **own == b'\n').count();
        self.line = self.line.saturating_add(u64::try_from(ends).unwrap_or(0));
        self.at = to.max(self.at);
        self.line
    }
}

const fn separator_name(apart: u8) -> &'static str {
    match apart {
        b'\t' => "Tab",
        b';' => ";",
        _ => ",",
    }
}

fn take(
    record: &csv::StringRecord,
    places: &HashMap<Column, usize>,
    (line, apart): (u64, u8),
    (machines, faults): (&mut Vec<Machine>, &mut Vec<BadRow>),
) {
    let text = |column| places.get(&column).and_then(|place| record.get(*place));
    match (Row { text, line, decimal_comma: apart != b',' }).machine() {
        Ok(machine) => machines.push(machine),
        Err(fault) => faults.push(fault),
    }
}

/// Which columns stand where, and whether the first line says so.
fn columns_of(first: &csv::StringRecord, line: u64) -> Result<(HashMap<Column, usize>, bool), Vec<BadRow>> {
    let named: Vec<Option<Column>> = first.iter().map(Column::named).collect();
    if named.iter().flatten().count() < 2 && named.first().copied().flatten().is_none() {
        let usual = Column::USUAL.into_iter().enumerate().map(|(place, own)| (own, place)).collect();
        return Ok((usual, false));
    }
    let mut places = HashMap::new();
    for (place, own) in named.into_iter().enumerate() {
        let Some(own) = own else { continue };
        if places.insert(own, place).is_some() {
            return Err(vec![BadRow {
                line,
                column: own.as_str(),
                message: Complaint::of("list-column-twice"),
            }]);
        }
    }
    let wanting = [(Column::Name, true), (Column::Size, !places.contains_key(&Column::Cores))];
    match wanting.into_iter().find(|(own, needed)| *needed && !places.contains_key(own)) {
        Some((own, _)) => {
            Err(vec![BadRow { line, column: own.as_str(), message: Complaint::of("import-column-missing") }])
        }
        None => Ok((places, true)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(list: &[BadRow]) -> Vec<String> {
        list.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_typed_list_needs_no_header() {
        let own = read(b"web-1, Standard_D4s_v3\nweb-2, Standard_D4s_v3, North Europe, 3, 200\n\n").unwrap();
        assert_eq!(own[0].size.as_deref(), Some("Standard_D4s_v3"));
        assert_eq!((own[0].count, own[0].hours), (1, 730));
        assert_eq!((own[1].region.as_deref(), own[1].count, own[1].hours), (Some("northeurope"), 3, 200));
    }

    #[test]
    fn every_encoding_and_separator_that_programs_save_is_read() {
        let table = "Name;Größe;Kerne;LicensedRate;BaseRate\r\nBüro;Standard_D4s_v3;4;0,376;0,192\r\n";
        let utf16: Vec<u8> =
            [0xFF_u8, 0xFE].into_iter().chain(table.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let latin: Vec<u8> = table.chars().map(|own| u8::try_from(u32::from(own)).unwrap()).collect();
        let marked = [b"\xEF\xBB\xBF", table.as_bytes()].concat();
        for bytes in [table.as_bytes(), &utf16, &latin, &marked] {
            let own = read(bytes).unwrap();
            assert_eq!((own[0].name.as_str(), own[0].cores), ("Büro", Some(4)));
            assert_eq!(own[0].rates.unwrap().1.to_string(), "0.192");
        }
        let tabs = read(b"NAME\tSIZE\tLOCATION\tSTATUS\nvm\tStandard_B2ms\tWest Europe\tRunning\n").unwrap();
        assert_eq!(tabs[0].region.as_deref(), Some("westeurope"));
    }

    #[test]
    fn what_is_wrong_is_told_with_line_and_column() {
        let faults = read(
            b"Name,Size,Cores,Hours,Count,Workload,LicensedRate,BaseRate\n\
              a,,4,-5,1,,,\nb,,,1,1,,,\nc,,4,800,1,,,\nd,,4,1,0,,,\ne,,4,1,1,linux,,\nf,,4,1,1,,0.1,0.2\ng,,4,1,1,,0.1,\n\
              h;x\n,,4,1,1,,,\ni,,x,1,1,,,\n",
        )
        .unwrap_err();
        let told = said(&faults);
        let begins = [
            "line 2, Hours: ",
            "line 3, Size: ",
            "line 4, Hours: ",
            "line 5, Count: ",
            "line 6, Workload: ",
            "line 7, BaseRate: ",
            "line 8, LicensedRate: ",
            "line 9, row: ",
            "line 10, Name: ",
            "line 11, Cores: ",
        ];
        assert_eq!(told.len(), begins.len(), "{told:#?}");
        for (own, begin) in told.iter().zip(begins) {
            assert!(own.starts_with(begin), "{own}");
        }
    }

    #[test]
    fn lines_are_counted_as_people_count_them() {
        for end in ["\n", "\r\n"] {
            let list = ["Name;Size", "a;x", "", "b;y", "", "", ";z"].join(end);
            assert!(said(&read(list.as_bytes()).unwrap_err())[0].starts_with("line 7, Name: "), "{end:?}");
        }
    }

    #[test]
    fn what_runs_no_windows_is_not_reckoned_as_if_it_did() {
        let list = "NAME,SIZE,OPERATING SYSTEM\na,Standard_B2ms,Windows\nb,Standard_B2ms,Linux\n";
        assert!(said(&read(list.as_bytes()).unwrap_err())[0].starts_with("line 3, OperatingSystem: "));
    }

    #[test]
    fn a_name_stands_in_a_list_once_and_a_list_has_something_in_it() {
        assert!(said(&read(b"a,x\nA,y\n").unwrap_err())[0].starts_with("line 2, Name: "));
        assert_eq!(read(b" \n\n").unwrap_err().len(), 1);
        assert!(said(&read(b"Size,Count\nx,1\n").unwrap_err())[0].starts_with("line 1, Name: "));
        assert!(said(&read(b"Name,Size,VM\nx,1,1\n").unwrap_err())[0].starts_with("line 1, Name: "));
        assert_eq!(read(b"a,s,r,60000\nb,s,r,60000\n").unwrap_err().len(), 1);
    }
}
