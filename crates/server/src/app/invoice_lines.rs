//! The lines of documents as bookkeepers read them: each charge with what was bought, for whom, and its tax.

use std::collections::HashMap;

use chandlery_domain::access::Scope;
use chandlery_domain::charge::Place;
use chandlery_domain::ids::{ChargeId, ProductId};
use chandlery_domain::invoice::{DocumentKind, Invoice};
use chandlery_domain::money::{Currency, Money};
use chandlery_domain::refusal::Refusal;
use chandlery_store::Read;
use chandlery_store::charges::Stretch;
use chandlery_store::invoice_lines::{self as stored, Line, Which};
use chandlery_store::invoices;

use super::invoicing::taxes_on;
use crate::error::Error;

/// A line with what stands around it.
#[derive(Debug, Clone)]
pub struct BilledLine {
    /// The line.
    pub line: Line,
    /// The product's name, and who makes it.
    pub product: (String, String),
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
    let tax_of = |own: &Line| -> Result<(Option<usize>, Money), Error> {
        if own.charge.reverses.is_some() {
            let found = credited.get(&own.charge.id).copied();
            let back = found.map_or(0, |(_, tax)| tax.saturating_neg());
            return Ok((found.map(|(row, _)| row), Money::new(back, currency)));
        }
        let found = taxes_on(document, own.charge.amount, own.charge.includes_tax, own.charge.place())?;
        let (row, taxes) = found.unzip();
        Ok((row, Money::sum(currency, taxes.unwrap_or_default()).map_err(Refusal::from)?))
    };
    with_products(tx, lines, tax_of)
}

/// A page of what was booked in a stretch of time and stands on no document yet. What tax it will carry is worked out when
/// it is billed: none is said here, save what is in the price.
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
    with_products(tx, lines, |_| Ok((None, Money::zero(currency))))
}

fn with_products(
    tx: &mut Read<'_>,
    lines: Vec<Line>,
    tax_of: impl Fn(&Line) -> Result<(Option<usize>, Money), Error>,
) -> Result<Vec<BilledLine>, Error> {
    let mut ids: Vec<ProductId> = lines.iter().map(|own| own.item.product.clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    let products: HashMap<ProductId, (String, String)> = stored::products_of(tx, &ids)?
        .into_iter()
        .map(|(id, title, publisher)| (id, (title, publisher)))
        .collect();
    lines
        .into_iter()
        .map(|line| {
            let (row, tax) = tax_of(&line)?;
            let booked = line.charge.amount;
            let net = match line.charge.includes_tax {
                true => booked.plus(tax.negated().map_err(Refusal::from)?).map_err(Refusal::from)?,
                false => booked,
            };
            let product = products.get(&line.item.product).cloned().unwrap_or_default();
            Ok(BilledLine { line, product, net, tax, row })
        })
        .collect()
}
