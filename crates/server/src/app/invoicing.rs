//! Billing a partner for a month: a document for each currency, numbered and issued in one transaction (rules 8.1 and 8.5).
//!
//! Done any number of times, by any number of servers, a month is billed once. Never here: pictures of documents.

use std::collections::HashMap;

use chandlery_domain::access::Scope;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::calendar::{CalendarError, start_of_day, utc_date};
use chandlery_domain::ids::ChargeId;
use chandlery_domain::invoice::{
    Billed, Booked, DUE_AFTER_DAYS, DocumentKind, DocumentNumber, Held, Invoice, Month, Party, Row, Totals,
    row_of, taxes_given_back,
};
use chandlery_domain::money::{Currency, Money, MoneyError};
use chandlery_domain::notice::Kind;
use chandlery_domain::refusal::Refusal;
use chandlery_domain::tax::Alike;
use chandlery_domain::taxation::{RateMissing, Treatment, changes, treatment, wants_credit_notes};
use chandlery_domain::webhook::Event;
use chandlery_store::charges::{self, Credited, Stretch};
use chandlery_store::invoice_lines::keep_names;
use chandlery_store::invoices::{self, CreditTaxes};
use chandlery_store::{Read, Write, closing, numbers, payments as stored_payments, tax};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use super::Context;
use super::notify::{self, Telling, fact};
use super::payments;
use super::webhooks::{self, Happening};
use crate::error::{Error, Missing};
use crate::texts::Complaint;

/// How many credits are looked at at once.
const CREDITS: i64 = 500;

/// Everything a month is billed with, beside its charges.
pub struct Ready {
    seller: Party,
    /// Who is billed, as of the month's last day.
    buyer: Party,
    /// The days from which taxes hold, with the taxes; each differs from the one before.
    segments: Vec<(Date, Treatment)>,
}

/// Why a document is not made: the partner is held back, or something went wrong.
enum Stop {
    Held(Held),
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<chandlery_store::Error> for Stop {
    fn from(error: chandlery_store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<MoneyError> for Stop {
    fn from(error: MoneyError) -> Self {
        Self::Failed(money(error))
    }
}

impl From<CalendarError> for Stop {
    fn from(error: CalendarError) -> Self {
        Self::Failed(Refusal::from(error).into())
    }
}

impl From<RateMissing> for Stop {
    fn from(missing: RateMissing) -> Self {
        Self::Held(Held::RateMissing(missing))
    }
}

/// Who is held back is an answer; what went wrong is not.
fn told<T>(done: Result<T, Stop>) -> Result<Result<T, Held>, Error> {
    match done {
        Ok(own) => Ok(Ok(own)),
        Err(Stop::Held(why)) => Ok(Err(why)),
        Err(Stop::Failed(error)) => Err(error),
    }
}

fn money(error: MoneyError) -> Error {
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
    told(make_ready(tx, scope, (currency, month)))
}

fn make_ready(tx: &mut Read<'_>, scope: &Scope, (currency, month): (Currency, Month)) -> Result<Ready, Stop> {
    let seller = tax::seller(tx)?.ok_or(Error::NotFound(Missing::Other("seller")))?;
    if let Some(earlier) = open_before(tx, scope, currency, month)? {
        return Err(Stop::Held(Held::EarlierMonthOpen(earlier)));
    }
    let profiles = tax::profiles(tx, scope, (month.first(), month.last()))?;
    let Some((_, buyer)) = profiles.last() else { return Err(Stop::Held(Held::ProfileMissing)) };
    let mut segments: Vec<(Date, Treatment)> = Vec::new();
    for (at, (from, own)) in profiles.iter().enumerate() {
        let next = profiles.get(at.saturating_add(1)).and_then(|(day, _)| day.yesterday().ok());
        let rates = tax::rates(tx, own.place.country)?;
        let days = changes(&own.place, &rates, (*from, next.unwrap_or(month.last())));
        for day in std::iter::once(*from).chain(days) {
            let taxed = treatment(&seller.place, &own.place, &rates, day)?;
            if segments.last().is_none_or(|(_, before)| *before != taxed) {
                segments.push((day, taxed));
            }
        }
    }
    Ok(Ready { buyer: buyer.clone(), seller, segments })
}

/// From when on a partner's charges in a currency are to be billed by the documents up to `before`: what lies earlier was.
fn billed_from(
    tx: &mut Read<'_>,
    scope: &Scope,
    currency: Currency,
    before: Timestamp,
) -> Result<Timestamp, Error> {
    let billed = invoices::billed_through(tx, scope, currency, before)?;
    let begins = invoices::billing_begins(tx)?;
    Ok(billed.into_iter().chain(begins).max().unwrap_or(Timestamp::UNIX_EPOCH))
}

/// The first month before one in which something was charged or credited that nobody billed.
fn open_before(
    tx: &mut Read<'_>,
    scope: &Scope,
    currency: Currency,
    month: Month,
) -> Result<Option<Month>, Error> {
    let (begin, _) = month.stretch().map_err(Refusal::from)?;
    let from = billed_from(tx, scope, currency, begin)?;
    let first = charges::first_in(tx, scope, currency, (from, begin))?;
    Ok(first.map(|at| Month::of(utc_date(at))))
}

/// The charges of a month, row by row, with where each spread's extra units end.
fn charge_rows(
    tx: &mut Read<'_>,
    scope: &Scope,
    (currency, month): (Currency, Month),
    ready: &Ready,
) -> Result<Vec<Row>, Stop> {
    let (_, end) = month.stretch()?;
    let mut rows = Vec::new();
    for (at, (day, own)) in ready.segments.iter().enumerate() {
        let next = ready.segments.get(at.saturating_add(1)).map(|(day, _)| *day);
        let from = start_of_day(*day)?;
        let to = next.map(start_of_day).transpose()?.unwrap_or(end);
        let alike = charges::alike(tx, scope, currency, (from, to))?;
        for includes in [false, true] {
            let lines: Vec<Alike> =
                alike.iter().filter(|(own, _)| *own == includes).map(|(_, alike)| *alike).collect();
            if lines.is_empty() {
                continue;
            }
            rate_inside(includes, own, &ready.buyer, *day)?;
            let mut row = Row::of_charges((from, to), includes, own, currency, &lines)?;
            settle_spreads(tx, scope, &mut row)?;
            rows.push(row);
        }
    }
    Ok(rows)
}

/// A price that has tax in it says that there is one: without its rate nobody knows what is left before tax.
fn rate_inside(includes: bool, own: &Treatment, buyer: &Party, day: Date) -> Result<(), RateMissing> {
    match own {
        Treatment::OutOfScope if includes => Err(RateMissing { country: buyer.place.country, day }),
        _ => Ok(()),
    }
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
#[derive(Default)]
struct Draft {
    invoice: Vec<Row>,
    note: Vec<Row>,
    invoice_credits: Vec<CreditTaxes>,
    note_credits: Vec<CreditTaxes>,
    amends: Vec<DocumentNumber>,
    /// Earlier documents that were looked up.
    earlier: HashMap<Month, Option<Invoice>>,
    /// How charges of a day were taxed that were billed elsewhere.
    elsewhere: HashMap<Date, Treatment>,
}

/// How a charge was billed: on which document before this month's, and with which taxes.
struct Origin {
    document: Option<DocumentNumber>,
    /// A row for credits of the same taxes.
    like: Row,
    billed: Billed,
}

impl Origin {
    fn on(rows: &[Row], document: Option<DocumentNumber>, own: &Booked) -> Result<Option<Self>, MoneyError> {
        let Some((place, taxes)) = row_of(rows, own)? else { return Ok(None) };
        let Some(row) = rows.get(place) else { return Ok(None) };
        let like = Row::for_credits_like(row, row.from);
        Ok(Some(Self { document, like, billed: Billed { amount: own.amount, taxes } }))
    }
}

fn origin(
    tx: &mut Read<'_>,
    scope: &Scope,
    (currency, month): (Currency, Month),
    ready: &Ready,
    draft: &mut Draft,
    own: &Booked,
) -> Result<Origin, Stop> {
    if let Some(found) = Origin::on(&draft.invoice, None, own)? {
        return Ok(found);
    }
    let day = utc_date(own.place.at);
    let then = Month::of(day);
    if then < month && !draft.earlier.contains_key(&then) {
        let found = invoices::of_month(tx, scope, (currency, then, DocumentKind::Invoice))?;
        draft.earlier.insert(then, found);
    }
    if let Some(document) = draft.earlier.get(&then).and_then(Option::as_ref)
        && let Some(found) = Origin::on(&document.rows, Some(document.number), own)?
    {
        return Ok(found);
    }
    // Billed before bills were made here: with the taxes of its day.
    let taxed = match draft.elsewhere.get(&day) {
        Some(taxed) => taxed.clone(),
        None => {
            let taxed = taxed_on(tx, scope, ready, day)?;
            draft.elsewhere.insert(day, taxed.clone());
            taxed
        }
    };
    rate_inside(own.includes_tax, &taxed, &ready.buyer, day)?;
    let (at, lines) = (own.place.at, [Alike { amount: own.amount, count: 1 }]);
    let row = Row::of_charges((at, at), own.includes_tax, &taxed, currency, &lines)?;
    let taxes = row.taxes.iter().map(|own| own.on_charges).collect();
    let like = Row::for_credits_like(&row, at);
    Ok(Origin { document: None, like, billed: Billed { amount: own.amount, taxes } })
}

/// How a charge of a day is taxed, by who the partner was on it.
fn taxed_on(tx: &mut Read<'_>, scope: &Scope, ready: &Ready, day: Date) -> Result<Treatment, Stop> {
    let Some((_, buyer)) = tax::profile(tx, scope, day)? else {
        return Err(Stop::Held(Held::ProfileMissing));
    };
    let rates = tax::rates(tx, buyer.place.country)?;
    Ok(treatment(&ready.seller.place, &buyer.place, &rates, day)?)
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
        page.iter().map(|own| own.of.place.id).filter(|id| !known.contains_key(id)).collect();
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
) -> Result<(), Stop> {
    let stretch = month.stretch()?;
    let separate = wants_credit_notes(ready.buyer.place.country);
    let (mut after, mut known) = (None, Before::new());
    loop {
        let page = charges::credits(tx, scope, currency, stretch, after, CREDITS)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some((last.order, last.id));
        before_of(tx, scope, currency, &page, &mut known)?;
        for own in &page {
            let origin = origin(tx, scope, (currency, month), ready, draft, &own.of)?;
            let before = known.entry(own.of.place.id).or_insert_with(|| nothing_of(&origin.billed));
            before.taxes.resize(origin.billed.taxes.len(), Money::zero(currency));
            let taxes = taxes_given_back(&origin.billed, before, own.amount)?;
            before.amount = before.amount.plus(own.amount)?;
            for (sum, back) in before.taxes.iter_mut().zip(&taxes) {
                *sum = sum.plus(*back)?;
            }
            let on_note = separate && origin.document.is_some();
            let (rows, list) = match on_note {
                true => (&mut draft.note, &mut draft.note_credits),
                false => (&mut draft.invoice, &mut draft.invoice_credits),
            };
            let place = match rows.iter().position(|row| row.is_like(&origin.like)) {
                Some(place) => place,
                None => {
                    rows.push(Row { from: stretch.0, to: stretch.0, ..origin.like });
                    rows.len().saturating_sub(1)
                }
            };
            if let Some(row) = rows.get_mut(place) {
                row.credit(own.amount, &taxes)?;
            }
            if let Some(number) = origin.document.filter(|number| !draft.amends.contains(number)) {
                draft.amends.push(number);
            }
            let (credit, order, reverses, amount) = (own.id, own.order, own.of.place.id, own.amount);
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

/// Works out a partner's documents for a month in a currency that was not billed; none where nothing is to be billed.
///
/// # Errors
/// The store's own.
pub fn prepare(
    tx: &mut Read<'_>,
    scope: &Scope,
    (currency, month): (Currency, Month),
    ready: &Ready,
) -> Result<Result<Vec<Prepared>, Held>, Error> {
    told(work_out(tx, scope, (currency, month), ready))
}

fn work_out(
    tx: &mut Read<'_>,
    scope: &Scope,
    (currency, month): (Currency, Month),
    ready: &Ready,
) -> Result<Vec<Prepared>, Stop> {
    let invoice = charge_rows(tx, scope, (currency, month), ready)?;
    let mut draft = Draft { invoice, ..Draft::default() };
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
            let totals = Totals::of(currency, &rows)?;
            prepared.push(Prepared { kind, totals, rows, credits, amends });
        }
    }
    Ok(prepared)
}

/// What billing a partner for a month in a currency came to.
pub enum Outcome {
    /// Its documents are issued.
    Issued(Vec<Invoice>, Entry),
    /// It is held back, which is noted.
    Held(Held),
    /// Nothing is to be billed, or it was.
    Nothing,
}

/// Bills a partner for a month in a currency, or notes why it is held back.
///
/// # Errors
/// That the month is closed; the store's own.
pub fn bill(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    (currency, month): (Currency, Month),
) -> Result<Outcome, Error> {
    if invoices::is_billed(tx, scope, (currency, month))? {
        invoices::release(tx, scope, (currency, month))?;
        return Ok(Outcome::Nothing);
    }
    let ready = match ready(tx, scope, (currency, month))? {
        Ok(ready) => ready,
        Err(why) => return hold(tx, cx, scope, (currency, month), why),
    };
    let prepared = match prepare(tx, scope, (currency, month), &ready)? {
        Ok(prepared) => prepared,
        Err(why) => return hold(tx, cx, scope, (currency, month), why),
    };
    if prepared.is_empty() {
        return Ok(Outcome::Nothing);
    }
    let due_on = utc_date(cx.now).checked_add(DUE_AFTER_DAYS.days()).map_err(Error::internal)?;
    let mut issued = Vec::new();
    for own in prepared {
        let document = Invoice {
            number: numbers::take(tx)?,
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
        // Somebody closed the month since the run began, who waits for whoever took a number and holds back who has none.
        if closing::is_closed(tx, month)? {
            return Err(Error::complaint(
                "period",
                Complaint::of("complaint-month-closed").with("month", month),
            ));
        }
        invoices::insert(tx, scope, &document, &own.credits)?;
        keep_names(tx, scope, document.number, (currency, month.stretch().map_err(Refusal::from)?))?;
        issued.push(document);
    }
    // What was paid ahead, and what is given back, is put on what is owed at once.
    payments::settle_open(tx, cx, scope, currency, None)?;
    // After the partner's row is held, as whoever notes a hold does.
    invoices::release(tx, scope, (currency, month))?;
    let told: Vec<Telling> = issued.iter().map(telling).collect();
    notify::tell(tx, cx, scope, &told)?;
    let happened = |own: &Invoice| Happening {
        event: Event::InvoiceReady,
        customer: None,
        subject: own.number.to_string(),
    };
    webhooks::tell(tx, cx, scope, issued.iter().map(happened))?;
    let first = issued.first().map(|own| own.number.to_string()).unwrap_or_default();
    let mut facts = vec![Fact::new("billing_period", month)];
    for own in &issued {
        facts.push(Fact::new(own.kind.as_str(), own.number));
        facts.push(Fact::new("total", own.totals.gross));
    }
    let entry = Entry::did(Operation::ReadyInvoice, Resource::Invoice, first).with(facts);
    Ok(Outcome::Issued(issued, entry))
}

/// Notes why a partner is held back, unless another server billed it meanwhile.
fn hold(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    (currency, month): (Currency, Month),
    why: Held,
) -> Result<Outcome, Error> {
    stored_payments::hold(tx, scope)?;
    if invoices::is_billed(tx, scope, (currency, month))? {
        return Ok(Outcome::Nothing);
    }
    invoices::hold(tx, scope, (currency, month), &why, cx.now)?;
    Ok(Outcome::Held(why))
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
