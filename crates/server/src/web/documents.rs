//! Invoices and credit notes as people read them: the list, one document with its sums explained, and its lines as a file.

use std::collections::HashMap;

use askama::Template;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chandlery_domain::access::{Action, Scope};
use chandlery_domain::calendar::utc_date;
use chandlery_domain::charge::Place;
use chandlery_domain::invoice::{DocumentKind, DocumentNumber, Invoice, Party, Row};
use chandlery_domain::money::Money;
use chandlery_domain::payment::{Owed, Settlement, Source};
use chandlery_domain::refusal::Refusal;
use chandlery_domain::taxation::{Treatment, has_vat_ids};
use chandlery_store::invoices;
use chandlery_store::payments::{self, Standing};
use chandlery_store::{Read, partners};
use jiff::Timestamp;
use jiff::civil::Date;

use super::entered::Entered;
use super::pages::Frame;
use super::ward::read_param;
use super::{Asked, cut, failed, page};
use crate::app::invoice_lines::{self, BilledLine};
use crate::app::paper::{self, Form};
use crate::error::{Error, Missing};
use crate::texts::{self, Html, Reader};

/// How many documents, and how many lines, one page shows.
const PAGE: i64 = 50;
pub(super) const INVOICE: Missing = Missing::Other("invoice");

struct Brief {
    number: String,
    kind: String,
    month: String,
    issued: Html,
    due: String,
    gross: String,
    is_credit: bool,
    /// How it stands: the word of a state, and what is open.
    state: &'static str,
    open: String,
}

impl Brief {
    /// The id of the word for how it stands.
    fn state_id(&self) -> &'static str {
        match self.state {
            "paid" => "document-state-paid",
            "overdue" => "document-state-overdue",
            "used" => "document-state-used",
            "credit" => "document-state-credit",
            _ => "document-state-open",
        }
    }
}

/// How a document stands on a day.
fn state_of(own: &Invoice, standing: Standing, today: Date) -> (&'static str, Money) {
    let gross = own.totals.gross;
    let moved = if gross.minor() < 0 { standing.used.saturating_neg() } else { standing.settled };
    let open = Money::new(gross.minor().saturating_sub(moved), gross.currency());
    let state = match (gross.minor() < 0, open.minor() == 0) {
        (false, true) => "paid",
        (false, false) if own.due_on < today => "overdue",
        (false, false) => "open",
        (true, true) => "used",
        (true, false) => "credit",
    };
    (state, open)
}

#[derive(Template)]
#[template(path = "documents.html")]
struct List {
    frame: Frame,
    rows: Vec<Brief>,
    billed: Vec<String>,
    /// What is left of each limit of credit, in words, and whether nothing is.
    credit: Vec<(String, bool)>,
    /// What is to pay, and what of it is late, by currency.
    to_pay: Vec<(String, Option<String>)>,
    next: Option<String>,
}

fn kind_of(reader: &Reader, own: &Invoice) -> String {
    reader.word("document-kind", own.kind.as_str())
}

fn brief(reader: &Reader, own: &Invoice, standing: Standing, today: Date) -> Brief {
    let (state, open) = state_of(own, standing, today);
    Brief {
        state,
        open: reader.money(open),
        number: own.number.to_string(),
        kind: kind_of(reader, own),
        month: reader.month(own.month.first()),
        issued: reader.time(own.issued_at),
        due: reader.date(own.due_on),
        gross: reader.money(own.totals.gross),
        is_credit: own.kind == DocumentKind::CreditNote,
    }
}

/// What the list shows: documents with how they stand, and what was billed and is open, by currency.
struct Listed {
    found: Vec<Invoice>,
    standing: HashMap<DocumentNumber, Standing>,
    billed: Vec<Money>,
    owed: Vec<Owed>,
    /// Limits of credit, each with what is left of it.
    credit: Vec<(Money, Money)>,
}

fn listed(tx: &mut Read<'_>, scope: &Scope, before: Option<DocumentNumber>) -> Result<Listed, Error> {
    let found = invoices::list(tx, scope, invoices::WHENEVER, before, PAGE + 1)?;
    let numbers: Vec<DocumentNumber> = found.iter().map(|own| own.number).collect();
    let standing = payments::standing(tx, scope, &numbers)?.into_iter().collect();
    let owed = payments::owed(tx, scope, None)?;
    let limits = partners::credit_limits(tx, scope)?;
    let billed = invoices::balances(tx, scope)?.into_iter().map(|own| own.billed).collect();
    let left = |limit: Money| {
        let left = payments::exposure(tx, scope, limit.currency())?.left_of(limit).map_err(Refusal::from)?;
        Ok::<_, Error>((limit, left))
    };
    let credit = limits.into_iter().map(left).collect::<Result<_, _>>()?;
    Ok(Listed { found, standing, billed, owed, credit })
}

/// What is to pay, and what of it is late, by currency.
fn to_pay(reader: &Reader, owed: &[Owed], today: Date) -> Result<Vec<(String, Option<String>)>, Error> {
    let mut sums: Vec<(Money, Money)> = Vec::new();
    for own in owed {
        let nothing = Money::zero(own.open.currency());
        let late = if own.is_overdue(today) { own.open } else { nothing };
        let known = sums.iter().position(|(sum, _)| sum.currency() == own.open.currency());
        let place = known.unwrap_or_else(|| {
            sums.push((nothing, nothing));
            sums.len().saturating_sub(1)
        });
        if let Some((sum, overdue)) = sums.get_mut(place) {
            *sum = sum.plus(own.open).map_err(Refusal::from)?;
            *overdue = overdue.plus(late).map_err(Refusal::from)?;
        }
    }
    let told = |(sum, late): (Money, Money)| {
        (reader.money(sum), Some(late).filter(|own| own.minor() > 0).map(|own| reader.money(own)))
    };
    Ok(sums.into_iter().map(told).collect())
}

/// `GET /billing`: the partner's documents, newest first.
pub(super) async fn list(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ReadInvoices, "/billing").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    match list_page(&own).await {
        Ok(body) => page(&own.api, StatusCode::OK, &body),
        Err(error) => failed(&own.api, &error),
    }
}

async fn list_page(own: &Entered) -> Result<List, Error> {
    let (scope, today) = (own.scope, utc_date(own.cx.now));
    let before: Option<DocumentNumber> = own.form.text("before").parse().ok();
    let Listed { mut found, standing, billed, owed, credit } =
        own.read(move |tx| listed(tx, &scope, before)).await?;
    let more = cut(&mut found, PAGE);
    let next = found.last().filter(|_| more).map(|last| format!("/billing?before={}", last.number));
    let stands = |own: &Invoice| standing.get(&own.number).copied().unwrap_or_default();
    Ok(List {
        frame: own.frame(),
        rows: found.iter().map(|document| brief(&own.reader, document, stands(document), today)).collect(),
        billed: billed.iter().map(|sum| own.reader.money(*sum)).collect(),
        credit: credit
            .iter()
            .map(|(limit, left)| {
                let (limit_words, left_words) = (own.reader.money(*limit), own.reader.money(*left));
                (
                    own.reader.t2("documents-credit-of", "available", left_words, "limit", limit_words),
                    left.minor() <= 0,
                )
            })
            .collect(),
        to_pay: to_pay(&own.reader, &owed, today)?,
        next,
    })
}

/// A tax on a document, and how it came about.
struct TaxLine {
    name: String,
    net: String,
    tax: String,
    how: Vec<String>,
}

struct LineRow {
    title: String,
    customer: String,
    order: String,
    /// The order's page, for those who may read it.
    address: Option<String>,
    kind: String,
    period: String,
    quantity: String,
    net: String,
    tax: String,
    gross: String,
}

#[derive(Template)]
#[template(path = "document.html")]
struct Shown {
    frame: Frame,
    brief: Brief,
    seller: Vec<String>,
    buyer: Vec<String>,
    amends: Vec<String>,
    net: String,
    tax: String,
    taxes: Vec<TaxLine>,
    /// What settled it: in words, and how much.
    settled: Vec<(String, String)>,
    lines: Vec<LineRow>,
    next: Option<String>,
}

/// Somebody on a document, line by line.
fn party(reader: &Reader, own: &Party) -> Vec<String> {
    let mut lines = vec![own.name.clone()];
    lines.extend(own.lines.iter().cloned());
    lines.push(format!("{} {}", own.postal_code, own.city).trim().to_owned());
    lines.push(reader.country(own.place.country));
    let label = if has_vat_ids(own.place.country) { "paper-vat-id" } else { "paper-tax-number" };
    lines.extend(own.place.tax_id.as_ref().map(|id| format!("{} {id}", reader.t(label))));
    lines.extend(Some(own.email.clone()).filter(|own| !own.is_empty()));
    lines
}

/// The taxes of a row, each with the steps that led to it (rules 3.3 and 8.5).
fn taxes_of(reader: &Reader, row: &Row) -> Result<Vec<TaxLine>, Error> {
    let money = |own: Money| reader.money(own);
    let mut found = Vec::new();
    for own in &row.taxes {
        let name = texts::tax(reader, &row.treatment, &own.name, own.rate);
        let mut how = Vec::new();
        if matches!(row.treatment, Treatment::Taxed(_)) && row.charges > 0 {
            let id = if row.includes_tax { "document-how-included" } else { "document-how-added" };
            how.push(reader.with(
                id,
                [
                    ("rate", reader.percent(own.rate.fraction()).into()),
                    ("sum", money(row.charged).into()),
                    ("tax", money(own.on_charges).into()),
                    ("count", i64::try_from(row.charges).unwrap_or(i64::MAX).into()),
                ],
            ));
        }
        if row.credits > 0 {
            how.push(reader.t2(
                "document-how-credited",
                "sum",
                money(row.credited),
                "tax",
                money(own.on_credits),
            ));
        }
        let tax = own.on_charges.plus(own.on_credits.negated().map_err(Refusal::from)?);
        let tax = tax.map_err(Refusal::from)?;
        found.push(TaxLine { name, net: money(row.net().map_err(Refusal::from)?), tax: money(tax), how });
    }
    Ok(found)
}

fn line_row(reader: &Reader, own: &BilledLine, may_read: bool) -> Result<LineRow, Error> {
    let (line, charge) = (&own.line, &own.line.charge);
    Ok(LineRow {
        title: line.title.clone(),
        customer: line.customer.name.clone(),
        order: line.alternate.to_string(),
        address: may_read.then(|| format!("/customers/{}/orders/{}", line.customer.id, charge.order)),
        kind: reader.word("charge", charge.kind.as_str()),
        period: charge
            .period
            .map(|own| format!("{} – {}", reader.date(own.first), reader.date(own.last)))
            .unwrap_or_default(),
        quantity: reader.number(charge.quantity),
        net: reader.money(own.net),
        tax: reader.money(own.tax),
        gross: reader.money(own.gross()?),
    })
}

/// What settled a document, in words, and how much.
fn settlement(reader: &Reader, own: &Settlement, at: Timestamp) -> (String, String) {
    let day = reader.date(utc_date(at));
    let words = match &own.source {
        Source::Payment(reference) => {
            reader.t2("document-settled-payment", "reference", reference, "day", day)
        }
        Source::Credit(number) => {
            reader.t2("document-settled-credit", "number", number.to_string(), "day", day)
        }
    };
    (words, reader.money(own.amount))
}

/// Where a page of lines ends, as its address says.
fn stop(own: &Entered) -> Option<Place> {
    let (at, id) = own.form.text("after").split_once('.')?;
    Some(Place { at: Timestamp::from_microsecond(at.parse().ok()?).ok()?, id: id.parse().ok()? })
}

pub(super) async fn find(own: &Entered, path: &[(String, String)]) -> Result<Invoice, Error> {
    let (scope, number): (_, DocumentNumber) = (own.scope, read_param(path, "number", INVOICE)?);
    let found = own.read(move |tx| Ok(invoices::find(tx, &scope, number)?)).await?;
    found.ok_or(Error::NotFound(INVOICE))
}

/// `GET /billing/{number}`: a document with its sums explained, and its lines.
pub(super) async fn show(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ReadInvoices, "/billing").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    match shown(&own, &path).await {
        Ok(body) => page(&own.api, StatusCode::OK, &body),
        Err(error) => failed(&own.api, &error),
    }
}

async fn shown(own: &Entered, path: &[(String, String)]) -> Result<Shown, Error> {
    let document = find(own, path).await?;
    let (scope, after, whole) = (own.scope, stop(own), document.clone());
    let (number, currency) = (document.number, document.totals.gross.currency());
    let read = own.read(move |tx| {
        let lines = invoice_lines::of_document(tx, &scope, &whole, after, PAGE + 1)?;
        let settled = payments::of_documents(tx, &scope, (&[number], currency))?;
        let standing = payments::standing(tx, &scope, &[number])?;
        Ok((lines, settled, standing))
    });
    let (mut lines, settled, standing) = read.await?;
    let standing = standing.first().map(|(_, own)| *own).unwrap_or_default();
    let more = cut(&mut lines, PAGE);
    let reader = &own.reader;
    let next = lines.last().filter(|_| more).map(|last| {
        let place = last.line.charge.place();
        format!("/billing/{}?after={}.{}", document.number, place.at.as_microsecond(), place.id)
    });
    let may_read = own.may(Action::ReadOrders);
    let taxes = document.rows.iter().map(|row| taxes_of(reader, row)).collect::<Result<Vec<_>, _>>()?;
    Ok(Shown {
        frame: own.frame(),
        brief: brief(reader, &document, standing, utc_date(own.cx.now)),
        settled: settled.iter().map(|(own, at)| settlement(reader, own, *at)).collect(),
        seller: party(reader, &document.seller),
        buyer: party(reader, &document.buyer),
        amends: document.amends.iter().map(ToString::to_string).collect(),
        net: reader.money(document.totals.net),
        tax: reader.money(document.totals.tax),
        taxes: taxes.into_iter().flatten().collect(),
        lines: lines.iter().map(|line| line_row(reader, line, may_read)).collect::<Result<_, _>>()?,
        next,
    })
}

/// `GET /billing/{number}/documents/{form}`: the document as PDF, or as an electronic invoice.
pub(super) async fn paper(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ReadInvoices, "/billing").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let made = async {
        let number: DocumentNumber = read_param(&path, "number", INVOICE)?;
        let form: Form = read_param(&path, "form", INVOICE)?;
        let made = paper::file_of(&own.api.installation, own.scope, number, form, own.reader.clone()).await?;
        Ok::<_, Error>((form, made))
    };
    let (form, (name, bytes)) = match made.await {
        Ok(made) => made,
        Err(error) => return failed(&own.api, &error),
    };
    let headers = [
        (header::CONTENT_TYPE, form.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}
