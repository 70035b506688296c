//! The lines of documents as bookkeepers read them: each charge with what was bought, for whom, and its tax.

use std::collections::HashMap;

use chandlery_domain::access::Scope;
use chandlery_domain::charge::Place;
use chandlery_domain::ids::ChargeId;
use chandlery_domain::invoice::{Booked, DocumentKind, Invoice, row_of};
use chandlery_domain::money::{Currency, Money};
use chandlery_domain::refusal::Refusal;
use chandlery_store::Read;
use chandlery_store::charges::Stretch;
use chandlery_store::invoice_lines::{self as stored, Line, Which};
use chandlery_store::invoices;

use crate::error::Error;

/// A line with what stands around it.
#[derive(Debug, Clone)]
pub struct BilledLine {
    /// The line.
    pub line: Line,
    /// Before tax; below zero for a credit.
    pub net: Money,
    /// The tax, of the same sign.
    pub tax: Money,
    /// On which row of its document it stands, counted from 0; none where it stands on no document.
    pub row: Option<usize>,
}

impl BilledLine {
    /// Both together.
    ///
    /// # Errors
    /// When the sum does not fit.
    pub fn gross(&self) -> Result<Money, Error> {
        Ok(self.net.plus(self.tax).map_err(Refusal::from)?)
    }
}

/// A page of a document's lines in the order they were booked in.
///
/// # Errors
/// The store's own.
pub fn of_document(
    tx: &mut Read<'_>,
    scope: &Scope,
    document: &Invoice,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<BilledLine>, Error> {
    let which = match document.kind {
        DocumentKind::Invoice => Which::Invoice(document.number),
        DocumentKind::CreditNote => Which::CreditNote(document.number),
    };
    let currency = document.totals.gross.currency();
    let stretch = document.month.stretch().map_err(Refusal::from)?;
    let lines = stored::page(tx, scope, which, (currency, stretch), after, limit)?;
    let credits: Vec<ChargeId> =
        lines.iter().filter(|own| own.charge.reverses.is_some()).map(|own| own.charge.id).collect();
    let credited: HashMap<ChargeId, (usize, i64)> = match credits.is_empty() {
        true => HashMap::new(),
        false => invoices::taxes_of_credits(tx, scope, &credits)?
            .into_iter()
            .map(|(id, row, tax)| (id, (row, tax)))
            .collect(),
    };
    let lost = |own: &Line| Error::internal(format!("charge {} is on no row of its document", own.charge.id));
    lines
        .into_iter()
        .map(|line| {
            let charge = &line.charge;
            let (row, tax) = match charge.reverses {
                Some(_) => {
                    let (row, back) = *credited.get(&charge.id).ok_or_else(|| lost(&line))?;
                    (row, Money::new(back.saturating_neg(), currency))
                }
                None => {
                    let (amount, includes_tax, place) = (charge.amount, charge.includes_tax, charge.place());
                    let found = row_of(&document.rows, &Booked { amount, includes_tax, place });
                    let (row, taxes) = found.map_err(Refusal::from)?.ok_or_else(|| lost(&line))?;
                    (row, Money::sum(currency, taxes).map_err(Refusal::from)?)
                }
            };
            billed(line, tax, Some(row))
        })
        .collect()
}

/// A page of what was booked in a stretch of time and stands on no document yet. What tax it will carry is worked out when
/// it is billed: none is said here, and a price that has it in it stands as it is.
///
/// # Errors
/// The store's own.
pub fn unbilled(
    tx: &mut Read<'_>,
    scope: &Scope,
    (currency, stretch): (Currency, Stretch),
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<BilledLine>, Error> {
    let lines = stored::page(tx, scope, Which::All, (currency, stretch), after, limit)?;
    lines.into_iter().map(|line| billed(line, Money::zero(currency), None)).collect()
}

fn billed(line: Line, tax: Money, row: Option<usize>) -> Result<BilledLine, Error> {
    let booked = line.charge.amount;
    let net = match line.charge.includes_tax {
        true => booked.plus(tax.negated().map_err(Refusal::from)?).map_err(Refusal::from)?,
        false => booked,
    };
    Ok(BilledLine { line, net, tax, row })
}
