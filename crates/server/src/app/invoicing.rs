//! Billing a partner for a month: a document for each currency, numbered and issued in one transaction (rules 8.1 and 8.5).
//!
//! Done any number of times, by any number of servers, a month is billed once. Never here: pictures of documents.

use std::collections::HashMap;

use chandlery_domain::access::Scope;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::calendar::{start_of_day, utc_date};
use chandlery_domain::charge::Place;
use chandlery_domain::ids::ChargeId;
use chandlery_domain::invoice::{
    Billed, DUE_AFTER_DAYS, DocumentKind, DocumentNumber, Held, Invoice, Month, Party, Row, Totals,
    taxes_given_back,
};
use chandlery_domain::money::{Currency, Money};
use chandlery_domain::notice::Kind;
use chandlery_domain::refusal::Refusal;
use chandlery_domain::tax::Alike;
use chandlery_domain::taxation::{DatedRate, Treatment, changes, treatment, wants_credit_notes};
use chandlery_store::charges::{self, Credited, Stretch};
use chandlery_store::invoices::{self, CreditTaxes};
use chandlery_store::{Read, Write, tax};
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::Context;
use super::notify::{self, Telling, fact};
use crate::error::{Error, Missing};

/// How many credits are looked at at once.
const CREDITS: i64 = 500;

/// Everything a month is billed with, beside its charges.
pub struct Ready {
    seller: Party,
    buyer: Party,
    rates: Vec<DatedRate>,
    /// The days from which taxes hold, with the taxes.
    segments: Vec<(Date, Treatment)>,
}

fn money(error: chandlery_domain::money::MoneyError) -> Error {
    Error::Refused(Refusal::from(error))
}

/// Looks whether a partner can be billed for a month in a currency.
///
/// # Errors
/// When nobody said who the seller is; the store's own.
pub fn ready(
    tx: &mut Read<'_>,
    scope: &Scope,
    (currency, month): (Currency, Month),
) -> Result<Result<Ready, Held>, Error> {
    let seller = tax::seller(tx)?.ok_or(Error::NotFound(Missing::Other("seller")))?;
    if let Some(earlier) = open_before(tx, scope, currency, month)? {
        return Ok(Err(Held::EarlierMonthOpen(earlier)));
    }
    let Some((_, buyer)) = tax::profile(tx, scope, month.last())? else {
        return Ok(Err(Held::ProfileMissing));
    };
    let rates = tax::rates(tx, buyer.place.country)?;
    let mut segments = Vec::new();
    let days = changes(&buyer.place, &rates, (month.first(), month.last()));
    for day in std::iter::once(month.first()).chain(days) {
        match treatment(&seller.place, &buyer.place, &rates, day) {
            Ok(own) => segments.push((day, own)),
            Err(missing) => return Ok(Err(Held::RateMissing(missing))),
        }
    }
    Ok(Ok(Ready { seller, buyer, rates, segments }))
}

/// The first month before one that has charges nobody billed.
fn open_before(
    tx: &mut Read<'_>,
    scope: &Scope,
    currency: Currency,
    month: Month,
) -> Result<Option<Month>, Error> {
    let (begin, _) = month.stretch().map_err(Refusal::from)?;
    let billed = invoices::billed_through(tx, scope, currency, begin)?;
    let from = match (billed, invoices::billing_begins(tx)?) {
        (Some(billed), begins) => begins.map_or(billed, |begins| begins.max(billed)),
        (None, Some(begins)) => begins,
        (None, None) => jiff::Timestamp::UNIX_EPOCH,
    };
    let first = charges::first_before(tx, scope, currency, (from, begin))?;
    Ok(first.map(|at| Month::of(utc_date(at))))
}

/// The charges of a month, row by row, with where each spread's extra units end.
fn charge_rows(
    tx: &mut Read<'_>,
    scope: &Scope,
    (currency, month): (Currency, Month),
    ready: &Ready,
) -> Result<Vec<Row>, Error> {
    let (_, end) = month.stretch().map_err(Refusal::from)?;
    let mut rows = Vec::new();
    for (at, (day, own)) in ready.segments.iter().enumerate() {
        let next = ready.segments.get(at.saturating_add(1)).map(|(day, _)| *day);
        let from = start_of_day(*day).map_err(Refusal::from)?;
        let to = next.map(start_of_day).transpose().map_err(Refusal::from)?.unwrap_or(end);
        let alike = charges::alike(tx, scope, currency, (from, to))?;
        for includes in [false, true] {
            let lines: Vec<Alike> =
                alike.iter().filter(|(own, _)| *own == includes).map(|(_, alike)| *alike).collect();
            if lines.is_empty() {
                continue;
            }
            let mut row = Row::of_charges((from, to), includes, own, currency, &lines).map_err(money)?;
            settle_spreads(tx, scope, &mut row)?;
            rows.push(row);
        }
    }
    Ok(rows)
}

/// Looks up which of the lines of one amount are the first ones, where only those have a unit more.
fn settle_spreads(tx: &mut Read<'_>, scope: &Scope, row: &mut Row) -> Result<(), Error> {
    let (stretch, includes): (Stretch, bool) = ((row.from, row.to), row.includes_tax);
    for own in row.taxes.iter_mut().flat_map(|own| &mut own.spreads).filter(|own| own.is_split()) {
        let last = i64::try_from(own.extra.saturating_sub(1)).map_err(Error::internal)?;
        own.through = charges::nth(tx, scope, (own.lines.amount, includes), stretch, last)?;
    }
    Ok(())
}

/// The documents of a month as they grow.
struct Draft {
    invoice: Vec<Row>,
    note: Vec<Row>,
    invoice_credits: Vec<CreditTaxes>,
    note_credits: Vec<CreditTaxes>,
    amends: Vec<DocumentNumber>,
    /// Earlier documents that were looked up.
    earlier: HashMap<Month, Option<Invoice>>,
}

/// How a charge was billed: on which document before this month's, with which row.
struct Origin {
    document: Option<DocumentNumber>,
    row: Row,
    billed: Billed,
}

fn on_row(row: &Row, own: &Credited) -> Result<Option<Billed>, Error> {
    let inside = row.from <= own.of.at && own.of.at < row.to && row.includes_tax == own.includes_tax;
    if !inside {
        return Ok(None);
    }
    let taxes = row.taxes_of(own.of_amount, own.of).map_err(money)?;
    Ok(taxes.map(|taxes| Billed { amount: own.of_amount, taxes }))
}

fn origin(
    tx: &mut Read<'_>,
    scope: &Scope,
    (currency, month): (Currency, Month),
    ready: &Ready,
    draft: &mut Draft,
    own: &Credited,
) -> Result<Origin, Error> {
    for row in &draft.invoice {
        if let Some(billed) = on_row(row, own)? {
            return Ok(Origin { document: None, row: row.clone(), billed });
        }
    }
    let then = Month::of(utc_date(own.of.at));
    if then < month {
        let found = match draft.earlier.get(&then) {
            Some(found) => found.clone(),
            None => {
                let found = invoices::of_month(tx, scope, (currency, then, DocumentKind::Invoice))?;
                draft.earlier.insert(then, found.clone());
                found
            }
        };
        if let Some(document) = found {
            for row in &document.rows {
                if let Some(billed) = on_row(row, own)? {
                    return Ok(Origin { document: Some(document.number), row: row.clone(), billed });
                }
            }
        }
    }
    // Billed before bills were made here: with the taxes of its day.
    let day = utc_date(own.of.at);
    let taxed = treatment(&ready.seller.place, &ready.buyer.place, &ready.rates, day)
        .map_err(|_| Error::internal("no rate for a credit's charge"))?;
    let (at, lines) = (own.of.at, [Alike { amount: own.of_amount, count: 1 }]);
    let row = Row::of_charges((at, at), own.includes_tax, &taxed, currency, &lines).map_err(money)?;
    let taxes = row.taxes.iter().map(|own| own.on_charges).collect();
    Ok(Origin { document: None, row, billed: Billed { amount: own.of_amount, taxes } })
}

/// What was given back of a charge before: on earlier documents, and on this one.
type Before = HashMap<ChargeId, Billed>;

fn nothing_of(billed: &Billed) -> Billed {
    let nothing = Money::zero(billed.amount.currency());
    Billed { amount: nothing, taxes: vec![nothing; billed.taxes.len()] }
}

fn before_of(
    tx: &mut Read<'_>,
    scope: &Scope,
    currency: Currency,
    page: &[Credited],
    known: &mut Before,
) -> Result<(), Error> {
    let fresh: Vec<ChargeId> =
        page.iter().map(|own| own.of.id).filter(|id| !known.contains_key(id)).collect();
    for (id, part, amount, gone) in invoices::given_back(tx, scope, &fresh)? {
        let (amount, gone) = (Money::new(amount, currency), Money::new(gone, currency));
        let own = known.entry(id).or_insert_with(|| Billed { amount, taxes: Vec::new() });
        own.taxes.resize(own.taxes.len().max(part.saturating_add(1)), Money::zero(currency));
        if let Some(place) = own.taxes.get_mut(part) {
            *place = gone;
        }
    }
    Ok(())
}

/// Puts the credits of a month on the documents: those of charges billed earlier on a credit note where the country wants
/// one, all others on the invoice.
fn credit(
    tx: &mut Read<'_>,
    scope: &Scope,
    (currency, month): (Currency, Month),
    ready: &Ready,
    draft: &mut Draft,
) -> Result<(), Error> {
    let stretch = month.stretch().map_err(Refusal::from)?;
    let separate = wants_credit_notes(ready.buyer.place.country);
    let (mut after, mut known) = (None, Before::new());
    loop {
        let page = charges::credits(tx, scope, currency, stretch, after, CREDITS)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some((last.order, last.id));
        before_of(tx, scope, currency, &page, &mut known)?;
        for own in &page {
            let origin = origin(tx, scope, (currency, month), ready, draft, own)?;
            let before = known.entry(own.of.id).or_insert_with(|| nothing_of(&origin.billed));
            before.taxes.resize(origin.billed.taxes.len(), Money::zero(currency));
            let taxes = taxes_given_back(&origin.billed, before, own.amount).map_err(money)?;
            before.amount = before.amount.plus(own.amount).map_err(money)?;
            for (sum, back) in before.taxes.iter_mut().zip(&taxes) {
                *sum = sum.plus(*back).map_err(money)?;
            }
            let on_note = separate && origin.document.is_some();
            let (rows, list) = match on_note {
                true => (&mut draft.note, &mut draft.note_credits),
                false => (&mut draft.invoice, &mut draft.invoice_credits),
            };
            let place = match rows.iter().position(|row| row.is_like(&origin.row)) {
                Some(place) => place,
                None => {
                    rows.push(Row::for_credits_like(&origin.row, stretch.0));
                    rows.len().saturating_sub(1)
                }
            };
            if let Some(row) = rows.get_mut(place) {
                row.credit(own.amount, &taxes).map_err(money)?;
            }
            if let Some(number) = origin.document.filter(|number| !draft.amends.contains(number)) {
                draft.amends.push(number);
            }
            let (credit, order, reverses, amount) = (own.id, own.order, own.of.id, own.amount);
            list.push(CreditTaxes { credit, order, reverses, place, amount, taxes });
        }
    }
}

/// A document as it would be issued.
pub struct Prepared {
    /// What it would be.
    pub kind: DocumentKind,
    /// What it would come to.
    pub totals: Totals,
    rows: Vec<Row>,
    credits: Vec<CreditTaxes>,
    amends: Vec<DocumentNumber>,
}

/// Works out a partner's documents for a month in a currency; none where they were issued, or nothing is to be billed.
///
/// # Errors
/// The store's own.
pub fn prepare(
    tx: &mut Read<'_>,
    scope: &Scope,
    (currency, month): (Currency, Month),
    ready: &Ready,
) -> Result<Vec<Prepared>, Error> {
    for kind in DocumentKind::ALL {
        if invoices::of_month(tx, scope, (currency, month, kind))?.is_some() {
            return Ok(Vec::new());
        }
    }
    let mut draft = Draft {
        invoice: charge_rows(tx, scope, (currency, month), ready)?,
        note: Vec::new(),
        invoice_credits: Vec::new(),
        note_credits: Vec::new(),
        amends: Vec::new(),
        earlier: HashMap::new(),
    };
    credit(tx, scope, (currency, month), ready, &mut draft)?;
    let Draft { invoice, note, invoice_credits, note_credits, mut amends, .. } = draft;
    amends.sort_unstable();
    // What is corrected is named where the correction stands.
    let separate = wants_credit_notes(ready.buyer.place.country);
    let (of_invoice, of_note) = if separate { (Vec::new(), amends) } else { (amends, Vec::new()) };
    let mut prepared = Vec::new();
    for (kind, rows, credits, amends) in [
        (DocumentKind::Invoice, invoice, invoice_credits, of_invoice),
        (DocumentKind::CreditNote, note, note_credits, of_note),
    ] {
        if !rows.is_empty() {
            let totals = Totals::of(currency, &rows).map_err(money)?;
            prepared.push(Prepared { kind, totals, rows, credits, amends });
        }
    }
    Ok(prepared)
}

/// Bills a partner for a month in a currency, unless that was done.
///
/// # Errors
/// [`Error::AnsweredBefore`] when nothing is left to bill; a conflict when it cannot be billed any more; the store's own.
pub fn bill(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    (currency, month): (Currency, Month),
) -> Result<(Vec<Invoice>, Entry), Error> {
    let ready = ready(tx, scope, (currency, month))?
        .map_err(|_| Error::conflict("the partner cannot be billed any more"))?;
    let prepared = prepare(tx, scope, (currency, month), &ready)?;
    if prepared.is_empty() {
        return Err(Error::AnsweredBefore);
    }
    let due_on = utc_date(cx.now).checked_add(DUE_AFTER_DAYS.days()).map_err(Error::internal)?;
    let mut issued = Vec::new();
    for own in prepared {
        let document = Invoice {
            number: invoices::take_number(tx)?,
            kind: own.kind,
            month,
            issued_at: cx.now,
            due_on,
            seller: ready.seller.clone(),
            buyer: ready.buyer.clone(),
            totals: own.totals,
            rows: own.rows,
            amends: own.amends,
        };
        invoices::insert(tx, scope, &document, &own.credits)?;
        issued.push(document);
    }
    invoices::release(tx, scope, (currency, month))?;
    let told: Vec<Telling> = issued.iter().map(telling).collect();
    notify::tell(tx, cx, scope, &told)?;
    let first = issued.first().map(|own| own.number.to_string()).unwrap_or_default();
    let mut facts = vec![Fact::new("billing_period", month)];
    for own in &issued {
        facts.push(Fact::new(own.kind.as_str(), own.number));
        facts.push(Fact::new("total", own.totals.gross));
    }
    Ok((issued, Entry::did(Operation::ReadyInvoice, Resource::Invoice, first).with(facts)))
}

fn telling(own: &Invoice) -> Telling {
    Telling {
        kind: Kind::InvoiceReady,
        about: Some(own.number.to_string()),
        customer: None,
        subject: format!("/billing/{}", own.number),
        facts: vec![
            fact("number", own.number),
            fact("month", own.month.first()),
            fact("kind", own.kind.as_str()),
        ],
        but: None,
    }
}

/// On which row of a document a charge stands, counted from 0, and each part of its tax.
///
/// # Errors
/// When a sum does not fit.
pub fn taxes_on(
    document: &Invoice,
    amount: Money,
    includes_tax: bool,
    at: Place,
) -> Result<Option<(usize, Vec<Money>)>, Error> {
    for (place, row) in document.rows.iter().enumerate() {
        let inside = row.from <= at.at && at.at < row.to && row.includes_tax == includes_tax;
        if let Some(taxes) = inside.then(|| row.taxes_of(amount, at)).transpose().map_err(money)?.flatten() {
            return Ok(Some((place, taxes)));
        }
    }
    Ok(None)
}
