//! Putting product keys into stock: read, checked against their product's format, sealed, all or nothing. A complaint
//! never holds a key's text.

use std::collections::BTreeMap;
use std::io::Read as Input;

use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::ids::ProductId;
use chandlery_domain::key::KeyFormat;
use chandlery_domain::media::Version;
use chandlery_store::keys::{self, StockedKey};
use chandlery_store::{Write, jobs, media};

use super::Context;
use super::media::same_version;
use crate::error::{BadRow, Error};
use crate::outside::vault::{Owner, Vault};
use crate::texts::Complaint;

/// How many keys are stored at once.
const BATCH_KEYS: usize = 500;

const fn bad(line: u64, column: &'static str, message: Complaint) -> Error {
    Error::Row(BadRow { line, column, message })
}

/// What is wrong with bytes that cannot be read as rows.
pub(crate) fn unreadable(error: &csv::Error) -> Complaint {
    match error.kind() {
        csv::ErrorKind::Io(error) => Complaint::of("import-unreadable").with("why", error),
        _ => Complaint::of("import-no-csv"),
    }
}

struct Row {
    line: u64,
    product: ProductId,
    version: Version,
    key: String,
    activations: Option<i64>,
}

fn read_rows(input: impl Input) -> impl Iterator<Item = Result<Row, Error>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(input);
    let header = reader.headers().cloned();
    // Where lines end in CR LF, the reader counts a line when it meets the next one.
    let behind = u64::from(reader.position().line() == 1);
    let mut places = None;
    let mut record = csv::StringRecord::new();
    std::iter::from_fn(move || {
        if places.is_none() {
            let header = match &header {
                Ok(header) => header,
                Err(error) => return Some(Err(bad(1, "header", unreadable(error)))),
            };
            let find = |name: &str| {
                header.iter().position(|own| own.trim_start_matches('\u{feff}').eq_ignore_ascii_case(name))
            };
            let (Some(product), Some(key)) = (find("ProductId"), find("Key")) else {
                places = Some((0, None, 0, None));
                return Some(Err(bad(1, "header", Complaint::of("import-keys-columns"))));
            };
            places = Some((product, find("Version"), key, find("Activations")));
        }
        let (product, version, key, activations) = places?;
        match reader.read_record(&mut record) {
            Ok(false) => None,
            Ok(true) => {
                let line = record.position().map_or(0, csv::Position::line) + behind;
                Some(read_row(&record, line, (product, version, key, activations)))
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                Some(Err(bad(line, "row", Complaint::of("import-no-csv"))))
            }
        }
    })
}

type Places = (usize, Option<usize>, usize, Option<usize>);

fn read_row(
    record: &csv::StringRecord,
    line: u64,
    (product, version, key, activations): Places,
) -> Result<Row, Error> {
    let cell = |place: usize| record.get(place).unwrap_or_default();
    let version = version.map(cell).filter(|text| !text.is_empty()).unwrap_or("1");
    let version: Version =
        version.parse().map_err(|_| bad(line, "Version", Complaint::of("import-wrong-version")))?;
    let activations = match activations.map(cell).filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => Some(
            text.parse::<i64>()
                .ok()
                .filter(|count| *count > 0)
                .ok_or_else(|| bad(line, "Activations", Complaint::of("import-keys-activations")))?,
        ),
    };
    Ok(Row {
        line,
        product: cell(product)
            .parse()
            .map_err(|_| bad(line, "ProductId", Complaint::of("import-keys-product")))?,
        version,
        key: cell(key).to_owned(),
        activations,
    })
}

/// Puts the keys of a file into stock. `format` sets how their products' keys are written from now on. Work that waited
/// for keys is due at once.
///
/// # Errors
/// The first row that cannot be taken, by line and column; nothing is stored then.
pub fn import(
    tx: &mut Write<'_>,
    cx: &Context,
    vault: &Vault,
    input: impl Input,
    format: Option<&KeyFormat>,
    seen: &dyn Fn(u64),
) -> Result<(usize, Entry), Error> {
    let mut next_id = cx.ids();
    let mut formats: BTreeMap<ProductId, KeyFormat> = BTreeMap::new();
    let mut versions: BTreeMap<(ProductId, Version), Version> = BTreeMap::new();
    let mut lines: BTreeMap<String, u64> = BTreeMap::new();
    let mut batch: Vec<(u64, StockedKey)> = Vec::new();
    let (mut stored, mut count) = (0, 0);
    for row in read_rows(input) {
        let row = row?;
        count += 1;
        seen(count);
        let own = match formats.get(&row.product) {
            Some(own) => own.clone(),
            None => {
                let own = product_format(tx, &row, format)?;
                formats.insert(row.product.clone(), own.clone());
                own
            }
        };
        let version = match versions.get(&(row.product.clone(), row.version.clone())) {
            Some(known) => known.clone(),
            None => {
                let known = same_version(tx, &row.product, &row.version)?;
                media::add_version(tx, &row.product, &known, cx.now)?;
                versions.insert((row.product.clone(), row.version.clone()), known.clone());
                known
            }
        };
        let text = own.parse(&row.key).map_err(|_| bad(row.line, "Key", wrong_key(&own)))?;
        let digest = vault.fingerprint(tx, text.reveal())?;
        if let Some(first) = lines.insert(digest.clone(), row.line) {
            return Err(bad(row.line, "Key", Complaint::of("import-keys-twice").with("first", first)));
        }
        let id = next_id().to_string();
        let sealed = vault.seal(tx, Owner::Operator, "key_stock", &id, text.reveal())?;
        batch.push((
            row.line,
            StockedKey {
                product_id: row.product.to_string(),
                version: version.to_string(),
                id,
                digest,
                sealed,
                activations: row.activations,
                imported_at: cx.now.as_microsecond(),
            },
        ));
        if batch.len() >= BATCH_KEYS {
            stored += store(tx, &std::mem::take(&mut batch))?;
        }
    }
    stored += store(tx, &batch)?;
    let products: Vec<ProductId> = formats.into_keys().collect();
    media::lower_alarm(tx, &products)?;
    jobs::wake_all(tx, cx.now)?;
    let entry =
        Entry::did(Operation::ImportKeys, Resource::Catalog, "keys").with(vec![Fact::new("keys", stored)]);
    Ok((stored, entry))
}

fn wrong_key(format: &KeyFormat) -> Complaint {
    match format {
        KeyFormat::Free => Complaint::of("import-keys-free"),
        other => Complaint::of("import-keys-format").with("example", other.example()),
    }
}

fn product_format(tx: &mut Write<'_>, row: &Row, wanted: Option<&KeyFormat>) -> Result<KeyFormat, Error> {
    let unknown = || {
        let message = Complaint::of("import-keys-unknown").with("product", &row.product);
        bad(row.line, "ProductId", message)
    };
    match wanted {
        Some(format) => {
            if !keys::set_format(tx, &row.product, format)? {
                return Err(unknown());
            }
            Ok(format.clone())
        }
        None => keys::format(tx, &row.product)?.ok_or_else(unknown),
    }
}

/// Stores a batch; a key that was handed to somebody already is an error, one that is in stock already is not.
fn store(tx: &mut Write<'_>, batch: &[(u64, StockedKey)]) -> Result<usize, Error> {
    if batch.is_empty() {
        return Ok(0);
    }
    let digests: Vec<String> = batch.iter().map(|(_, key)| key.digest.clone()).collect();
    if let Some(taken) = keys::handed_digests(tx, &digests)?.first() {
        let line = batch.iter().find(|(_, key)| key.digest == *taken).map_or(0, |(line, _)| *line);
        return Err(bad(line, "Key", Complaint::of("import-keys-handed")));
    }
    let stocked: BTreeMap<String, String> = keys::stocked_digests(tx, &digests)?.into_iter().collect();
    for (line, key) in batch {
        if let Some(product) = stocked.get(&key.digest).filter(|product| **product != key.product_id) {
            let message = Complaint::of("import-keys-elsewhere").with("product", product);
            return Err(bad(*line, "Key", message));
        }
    }
    let rows: Vec<StockedKey> = batch.iter().map(|(_, key)| key.clone()).collect();
    Ok(keys::stock(tx, &rows)?)
}
