//! Rows of bank statements, until somebody has decided whose they are and afterwards.

use chandlery_domain::bank::{BankRow, Known, RowState};
use chandlery_domain::ids::PartnerId;
use chandlery_domain::invoice::DocumentNumber;
use chandlery_domain::money::{Currency, Money};
use diesel::prelude::*;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::columns::{flag, read, read_some};
use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::{bank_rows, invoices};

/// How many rows are written by one statement.
const PIECE: usize = 200;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = bank_rows, treat_none_as_default_value = false)]
struct Row {
    reference: String,
    currency: String,
    amount: i64,
    received_on: String,
    payer: String,
    said: String,
    alone: i64,
    read_at: i64,
    state: String,
    partner_id: Option<String>,
    decided_at: Option<i64>,
}

/// A row as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What the bank said.
    pub row: BankRow,
    /// How it stands.
    pub state: RowState,
    /// Whose payment it became.
    pub partner: Option<PartnerId>,
}

impl Row {
    fn read(self) -> Result<Kept, Error> {
        let currency: Currency = read("bank_rows.currency", &self.currency)?;
        Ok(Kept {
            state: RowState::of(&self.state).ok_or_else(|| Error::broken("bank_rows.state", &self.state))?,
            partner: read_some("bank_rows.partner_id", self.partner_id.as_deref())?,
            row: BankRow {
                reference: self.reference,
                amount: Money::new(self.amount, currency),
                received_on: read("bank_rows.received_on", &self.received_on)?,
                payer: self.payer,
                said: self.said,
                alone: flag("bank_rows.alone", self.alone)?,
            },
        })
    }
}

/// Keeps rows that wait for somebody to decide; those that were read before are left as they are. How many were new.
///
/// # Errors
/// The store's own.
pub fn keep(tx: &mut Write<'_>, list: &[BankRow], now: Timestamp) -> Result<usize, Error> {
    let rows: Vec<Row> = list
        .iter()
        .map(|own| Row {
            reference: own.reference.clone(),
            currency: own.amount.currency().to_string(),
            amount: own.amount.minor(),
            received_on: own.received_on.to_string(),
            payer: own.payer.clone(),
            said: own.said.clone(),
            alone: i64::from(own.alone),
            read_at: now.as_microsecond(),
            state: RowState::Waiting.as_str().to_owned(),
            partner_id: None,
            decided_at: None,
        })
        .collect();
    let mut fresh = 0_usize;
    for piece in rows.chunks(PIECE) {
        let added = both!(tx, |c| diesel::insert_into(bank_rows::table)
            .values(piece)
            .on_conflict_do_nothing()
            .execute(c))?;
        fresh = fresh.saturating_add(added);
    }
    Ok(fresh)
}

/// Where a page of rows begins: after this one.
pub type Place = (Date, String);

/// A page of the rows in a state: those that wait with the oldest first, others with the newest first.
///
/// # Errors
/// The store's own.
pub fn page(
    tx: &mut Read<'_>,
    state: RowState,
    after: Option<&Place>,
    limit: i64,
) -> Result<Vec<Kept>, Error> {
    let oldest_first = state == RowState::Waiting;
    let rows: Vec<Row> = both!(tx, |c| {
        let mut query = bank_rows::table.filter(bank_rows::state.eq(state.as_str())).into_boxed();
        if let Some((day, reference)) = after {
            let day = day.to_string();
            let same = bank_rows::received_on.eq(day.clone());
            query = if oldest_first {
                query.filter(
                    bank_rows::received_on.gt(day).or(same.and(bank_rows::reference.gt(reference.clone()))),
                )
            } else {
                query.filter(
                    bank_rows::received_on.lt(day).or(same.and(bank_rows::reference.lt(reference.clone()))),
                )
            };
        }
        query = if oldest_first {
            query.order((bank_rows::received_on.asc(), bank_rows::reference.asc()))
        } else {
            query.order((bank_rows::received_on.desc(), bank_rows::reference.desc()))
        };
        query.limit(limit).select(Row::as_select()).load(c)
    })?;
    rows.into_iter().map(Row::read).collect()
}

/// How many rows wait.
///
/// # Errors
/// The store's own.
pub fn waiting(tx: &mut Read<'_>) -> Result<i64, Error> {
    Ok(both!(tx, |c| bank_rows::table
        .filter(bank_rows::state.eq(RowState::Waiting.as_str()))
        .count()
        .get_result(c))?)
}

/// A row by its reference.
///
/// # Errors
/// The store's own.
pub fn find(tx: &mut Read<'_>, reference: &str) -> Result<Option<Kept>, Error> {
    let row: Option<Row> =
        both!(tx, |c| bank_rows::table.find(reference).select(Row::as_select()).first(c).optional())?;
    row.map(Row::read).transpose()
}

/// Puts a row from one state into another; false when it is not in the first any more.
///
/// # Errors
/// The store's own.
pub fn decide(
    tx: &mut Write<'_>,
    reference: &str,
    (from, to): (RowState, RowState),
    partner: Option<PartnerId>,
    now: Timestamp,
) -> Result<bool, Error> {
    let partner = partner.map(|id| id.to_string());
    let changed = both!(tx, |c| diesel::update(
        bank_rows::table.find(reference).filter(bank_rows::state.eq(from.as_str()))
    )
    .set((
        bank_rows::state.eq(to.as_str()),
        bank_rows::partner_id.eq(partner.as_deref()),
        bank_rows::decided_at.eq(Some(now.as_microsecond())),
    ))
    .execute(c))?;
    Ok(changed == 1)
}

/// Whose documents these are, over all partners: for the operator.
///
/// # Errors
/// The store's own.
pub fn known(tx: &mut Read<'_>, numbers: &[DocumentNumber]) -> Result<Vec<Known>, Error> {
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    let mut found = Vec::new();
    for piece in numbers.chunks(PIECE) {
        let rows: Vec<(String, String, String)> = both!(tx, |c| invoices::table
            .filter(invoices::number.eq_any(piece))
            .select((invoices::number, invoices::partner_id, invoices::currency))
            .load(c))?;
        for (number, partner, currency) in rows {
            found.push(Known {
                number: read("invoices.number", &number)?,
                partner: read("invoices.partner_id", &partner)?,
                currency: read("invoices.currency", &currency)?,
            });
        }
    }
    Ok(found)
}
