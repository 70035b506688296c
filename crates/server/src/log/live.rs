//! The log as it stands in the database: verified where it is, and written out for others to verify.

use std::collections::HashMap;
use std::io::Write;

use chandlery_domain::access::Scope;
use chandlery_domain::audit::Side;
use chandlery_domain::ids::PartnerId;
use chandlery_store::audit::{self, Query, Record, Sealed as Row};
use chandlery_store::seals;
use chandlery_store::{Read, Store};
use jiff::Timestamp;

use super::people::{PersonKey, keys};
use super::sealing::{chained, hash_before, read_checkpoint};
use super::{
    Checkpoint, Disclosed, Expect, Finding, Header, Person, PublicKeys, Report, Sealed, Start, Table,
    Verifier, export,
};
use crate::error::Error;
use crate::outside::vault::Vault;

/// How many entries are read at once.
pub const PAGE: i64 = 2000;

/// Verifies a partner's log in the database, entry by entry, in constant memory.
///
/// Rows come in the order of their numbers and do not say what they continue; so a gap is told at once, and what cannot
/// be read is told as changed, and does not stop the rest.
///
/// # Errors
/// When the database cannot be read at all.
pub async fn verify(
    store: &Store,
    scope: Scope,
    public: &PublicKeys,
    anchors: &[Checkpoint],
) -> Result<Report, Error> {
    let partner = scope.partner();
    let name = partner.to_string();
    let mut verifier = Verifier::new(&name, public, Start::beginning(&name));
    verifier.expect(anchors.iter().filter(|own| own.partner == name));
    let mut previous = super::genesis(&name);
    // From below the first number: a row that was given an impossible one is found too.
    let (mut after, mut last) = (i64::MIN, 0_i64);
    let mut promised = store.read(move |tx| Ok::<_, Error>(seals::length(tx, partner)?)).await?;
    loop {
        let (rows, signed) = store
            .read(move |tx| {
                let rows = audit::in_sequence(tx, &scope, after, PAGE)?;
                let signed = seals::checkpoints(tx, partner, after, PAGE)?;
                Ok::<_, Error>((rows, signed))
            })
            .await?;
        let full = i64::try_from(rows.len()).unwrap_or(0) >= PAGE;
        after = rows.last().map_or(after, |row| row.sequence);
        let mut signed = signed.iter().peekable();
        for row in rows {
            let sequence = row.sequence;
            let odd = match sequence.checked_sub(last) {
                Some(1) => None,
                Some(step) if step > 1 => Some(Finding::Missing {
                    from: unsigned(last.saturating_add(1)),
                    to: unsigned(sequence.saturating_sub(1)),
                }),
                _ => Some(Finding::Inserted {
                    sequence: unsigned(sequence),
                    id: row.id.clone(),
                    after: unsigned(last),
                }),
            };
            if let Some(odd) = odd.filter(|_| !verifier.settled()) {
                return Ok(Report { finding: Some(odd), ..verifier.finish(Expect::Part) });
            }
            let entry = chained(row, previous);
            previous = entry.hash;
            verifier.entry(&entry);
            last = sequence;
            while let Some(checkpoint) = signed.next_if(|own| own.sequence <= sequence) {
                verifier.checkpoint(&read_checkpoint(checkpoint));
            }
        }
        if !full || verifier.settled() {
            for checkpoint in signed {
                promised = promised.max(checkpoint.sequence);
                verifier.checkpoint(&read_checkpoint(checkpoint));
            }
            return Ok(verifier.finish(Expect::Through(unsigned(promised))));
        }
    }
}

/// A number as a report has it; one below zero is told as none.
fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// A page of the log with what may be told of the people in it.
pub struct Opened {
    /// The entries.
    pub rows: Vec<Row>,
    people: HashMap<String, PersonKey>,
}

/// Whether the reader may be told who it was: customers' own people are told to nobody but their customer.
fn tells(scope: &Scope, side: &str) -> bool {
    scope.customer().is_some() || side != Side::Customer.as_str()
}

impl Opened {
    /// Fetches the keys of the people in some entries, all at once.
    ///
    /// # Errors
    /// The store's own.
    pub fn new(tx: &mut Read<'_>, vault: &Vault, scope: &Scope, rows: Vec<Row>) -> Result<Self, Error> {
        let mut ids: Vec<String> = rows
            .iter()
            .filter(|row| row.personal.is_some() && tells(scope, &row.side))
            .map(|row| row.actor_id.clone())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let mut people = keys(tx, vault, scope.partner(), &ids)?;
        if people.len() < ids.len() && scope.partner() != crate::installation::OPERATOR {
            // The operator's people act in partners' logs too.
            people.extend(keys(tx, vault, crate::installation::OPERATOR, &ids)?);
        }
        Ok(Self { rows, people })
    }

    /// Whoever did it, if that can be told (still): a person may have been erased.
    pub fn person(&self, row: &Row) -> Option<Person> {
        let sealed = row.personal.as_deref()?;
        match self.people.get(&row.actor_id)?.open(&row.id, sealed) {
            Ok(person) => Some(person),
            Err(error) => {
                tracing::error!(%error, entry = %row.id, "a person's fields in the log do not open");
                None
            }
        }
    }

    fn disclosed(&self, row: &Row) -> Disclosed {
        match (self.people.get(&row.actor_id), self.person(row)) {
            (Some(key), Some(person)) => {
                Disclosed { opening: Some(key.opening(&row.id)), person: Some(person) }
            }
            _ => Disclosed::nothing(),
        }
    }
}

/// Whoever one entry tells of, if that can be told.
///
/// # Errors
/// The store's own.
pub fn person_of(
    tx: &mut Read<'_>,
    vault: &Vault,
    partner: PartnerId,
    record: &Record,
) -> Result<Option<Person>, Error> {
    let stamp = &record.stamp;
    let Some(sealed) = stamp.personal.as_deref().filter(|_| stamp.side != Side::Customer) else {
        return Ok(None);
    };
    let ids = [stamp.actor_id.clone()];
    let mut found = keys(tx, vault, partner, &ids)?;
    if found.is_empty() {
        found = keys(tx, vault, crate::installation::OPERATOR, &ids)?;
    }
    found.get(&stamp.actor_id).map(|key| key.open(&stamp.id.to_string(), sealed)).transpose()
}

/// Writes the log out page by page, so that whoever takes the pages decides how fast.
pub struct Exporter {
    scope: Scope,
    next: i64,
    through: i64,
    previous: [u8; 32],
    count: u64,
    state: State,
    made_at: Timestamp,
}

#[derive(PartialEq, Eq)]
enum State {
    Begin,
    Entries,
    Done,
}

impl Exporter {
    /// The part of the log from the first entry at or after `from` through the last at or before `to`, without gaps, so
    /// that the chain can be verified. Between them may be a few that lie outside: entries are numbered as they are
    /// committed.
    ///
    /// # Errors
    /// The store's own.
    pub fn begin(
        tx: &mut Read<'_>,
        scope: Scope,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
        made_at: Timestamp,
    ) -> Result<Self, Error> {
        let partner = scope.partner();
        let (head, _) = seals::head(tx, partner)?.unwrap_or((0, String::new()));
        let first = match from {
            Some(from) => seals::first_from(tx, partner, from.as_microsecond())?.unwrap_or(head + 1),
            None => 1,
        };
        let through = match to {
            Some(to) => seals::last_to(tx, partner, to.as_microsecond())?.unwrap_or(0),
            None => head,
        };
        let previous = hash_before(tx, partner, first)?;
        Ok(Self { scope, next: first, through, previous, count: 0, state: State::Begin, made_at })
    }

    /// The next piece of the export; none when it is whole.
    ///
    /// # Errors
    /// The store's own.
    pub fn piece(&mut self, tx: &mut Read<'_>, vault: &Vault) -> Result<Option<Vec<u8>>, Error> {
        let mut out = Vec::new();
        match self.state {
            State::Done => return Ok(None),
            State::Begin => {
                let from = u64::try_from(self.next).map_err(Error::internal)?;
                let name = self.scope.partner().to_string();
                let header = Header::new(&name, from, self.made_at.as_microsecond());
                export::write_header(&mut out, &header).map_err(Error::internal)?;
                self.state = State::Entries;
            }
            State::Entries => {}
        }
        let left = self.through.saturating_sub(self.next).saturating_add(1);
        let rows = if left > 0 {
            audit::in_sequence(tx, &self.scope, self.next.saturating_sub(1), PAGE.min(left))?
        } else {
            Vec::new()
        };
        if rows.is_empty() {
            export::write_end(&mut out, self.count).map_err(Error::internal)?;
            self.state = State::Done;
            return Ok(Some(out));
        }
        let last = rows.last().map_or(self.next, |row| row.sequence);
        let span = last.saturating_sub(self.next).saturating_add(1);
        let signed = seals::checkpoints(tx, self.scope.partner(), self.next.saturating_sub(1), span)?;
        let mut signed = signed.iter().filter(|own| own.sequence <= last).peekable();
        let page = Opened::new(tx, vault, &self.scope, rows)?;
        for row in &page.rows {
            let entry = chained(row.clone(), self.previous);
            self.previous = entry.hash;
            export::write_entry(&mut out, &entry, &page.disclosed(row)).map_err(Error::internal)?;
            self.count = self.count.saturating_add(1);
            while let Some(own) = signed.next_if(|own| own.sequence <= row.sequence) {
                export::write_checkpoint(&mut out, &read_checkpoint(own)).map_err(Error::internal)?;
            }
        }
        self.next = last.saturating_add(1);
        if self.next > self.through {
            // The checkpoint that covers the last entry may stand behind it.
            let cover = seals::checkpoints(tx, self.scope.partner(), last.saturating_sub(1), 1)?;
            if let Some(own) = cover.first().filter(|own| own.sequence > last) {
                export::write_checkpoint(&mut out, &read_checkpoint(own)).map_err(Error::internal)?;
            }
        }
        Ok(Some(out))
    }
}

/// A piece of a table, and the place after which the next begins: an instant and a number.
pub type Piece = (Vec<u8>, Option<(i64, i64)>);

/// A page of the log as a table for people, with the columns of the export; the first page has the headings.
///
/// # Errors
/// The store's own.
pub fn table(tx: &mut Read<'_>, vault: &Vault, scope: &Scope, query: &Query) -> Result<Piece, Error> {
    let rows = audit::list(tx, scope, query)?;
    let last = rows.last().map(|row| (row.at, row.sequence));
    let page = Opened::new(tx, vault, scope, rows)?;
    let mut table = Table::new(Vec::new()).map_err(Error::internal)?;
    for row in &page.rows {
        let previous = [0; 32];
        let entry: Sealed = chained(row.clone(), previous);
        table.row(&entry, &page.disclosed(row)).map_err(Error::internal)?;
    }
    let mut text = table.finish().map_err(Error::internal)?;
    if query.after.is_some() {
        let end = text.iter().position(|byte| *byte == b'\n').map_or(0, |at| at.saturating_add(1));
        text.drain(..end);
    }
    text.flush().map_err(Error::internal)?;
    Ok((text, last))
}

/// How many entries of a partner's wait to be sealed.
///
/// # Errors
/// The store's own.
pub fn waiting(tx: &mut Read<'_>, partner: PartnerId) -> Result<i64, Error> {
    Ok(seals::count_waiting(tx, partner)?)
}
