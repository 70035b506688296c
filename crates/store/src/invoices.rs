//! Issued documents and what they are made of. What was issued is never changed.

use chandlery_domain::access::Scope;
use chandlery_domain::charge::Place;
use chandlery_domain::ids::{ChargeId, OrderId, PartnerId};
use chandlery_domain::invoice::{DocumentKind, DocumentNumber, Held, Invoice, Month, Row, RowTax, Totals};
use chandlery_domain::money::{Currency, Money};
use chandlery_domain::tax::{Alike, Rate, Spread};
use chandlery_domain::taxation::{TaxPart, Treatment};
use diesel::prelude::*;
use jiff::Timestamp;
use std::ops::Range;

use crate::columns::{decimal, flag, instant, number, read, words};
use crate::db::{Read, Write, both, insert_rows};
use crate::error::Error;
use crate::schema::{invoice_credits, invoice_holds, invoice_rows, invoice_spreads, invoices};
use crate::tax::{read_party, write_party};

/// How many rows one statement inserts.
const PIECE: usize = 500;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = invoices)]
struct DocumentRow {
    partner_id: String,
    number: String,
    kind: String,
    currency: String,
    month: String,
    from_at: i64,
    to_at: i64,
    issued_at: i64,
    due_on: String,
    net: i64,
    tax: i64,
    gross: i64,
    charges: i64,
    credits: i64,
    seller: String,
    buyer: String,
    amends: String,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = invoice_rows, treat_none_as_default_value = false)]
struct TaxRow {
    partner_id: String,
    number: String,
    place: i64,
    part: i64,
    from_at: i64,
    to_at: i64,
    includes_tax: i64,
    treatment: String,
    certificate: Option<String>,
    charges: i64,
    charged: i64,
    credits: i64,
    credited: i64,
    name: String,
    rate: String,
    on_charges: i64,
    on_credits: i64,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = invoice_spreads, treat_none_as_default_value = false)]
struct SpreadRow {
    partner_id: String,
    number: String,
    place: i64,
    part: i64,
    amount: i64,
    lines: i64,
    each: i64,
    extra: i64,
    last_at: Option<i64>,
    last_id: Option<String>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = invoice_credits)]
struct CreditRow {
    partner_id: String,
    number: String,
    charge_id: String,
    part: i64,
    order_id: String,
    reverses: String,
    place: i64,
    amount: i64,
    tax: i64,
}

/// What of a charge's taxes a credit gave back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditTaxes {
    /// The credit.
    pub credit: ChargeId,
    /// Its order.
    pub order: OrderId,
    /// The charge it takes back.
    pub reverses: ChargeId,
    /// On which row of the document it stands.
    pub place: usize,
    /// What it takes back, not below zero.
    pub amount: Money,
    /// Of each tax.
    pub taxes: Vec<Money>,
}

fn whole(value: impl TryInto<i64>) -> i64 {
    value.try_into().unwrap_or(i64::MAX)
}

/// The word for how a row is taxed, with its certificate's number.
fn words_of(own: &Treatment) -> (&'static str, Option<String>) {
    let certificate = match own {
        Treatment::Exempt(number) => Some(number.clone()),
        Treatment::Taxed(_) | Treatment::ReverseCharge | Treatment::OutOfScope => None,
    };
    (own.as_str(), certificate)
}

fn tax_rows(partner: &str, number: &str, rows: &[Row]) -> Vec<TaxRow> {
    let of_row = |(place, row): (usize, &Row)| {
        let (treatment, certificate) = words_of(&row.treatment);
        let of_tax = |(part, own): (usize, &RowTax)| TaxRow {
            partner_id: partner.to_owned(),
            number: number.to_owned(),
            place: whole(place),
            part: whole(part),
            from_at: row.from.as_microsecond(),
            to_at: row.to.as_microsecond(),
            includes_tax: row.includes_tax.into(),
            treatment: treatment.to_owned(),
            certificate: certificate.clone(),
            charges: whole(row.charges),
            charged: row.charged.minor(),
            credits: whole(row.credits),
            credited: row.credited.minor(),
            name: own.name.clone(),
            rate: own.rate.fraction().normalize().to_string(),
            on_charges: own.on_charges.minor(),
            on_credits: own.on_credits.minor(),
        };
        row.taxes.iter().enumerate().map(of_tax).collect::<Vec<_>>()
    };
    rows.iter().enumerate().flat_map(of_row).collect()
}

fn spread_rows(partner: &str, number: &str, rows: &[Row]) -> Vec<SpreadRow> {
    let mut found = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        for (part, tax) in row.taxes.iter().enumerate() {
            found.extend(tax.spreads.iter().map(|own| SpreadRow {
                partner_id: partner.to_owned(),
                number: number.to_owned(),
                place: whole(place),
                part: whole(part),
                amount: own.lines.amount.minor(),
                lines: whole(own.lines.count),
                each: own.each.minor(),
                extra: whole(own.extra),
                last_at: own.through.map(|own| own.at.as_microsecond()),
                last_id: own.through.map(|own| own.id.to_string()),
            }));
        }
    }
    found
}

/// Stores an issued document with the credits on it.
///
/// # Errors
/// The store's own; a second document of the same kind for the month is a unique violation, and so is a credit that stands
/// on a document already.
pub fn insert(
    tx: &mut Write<'_>,
    scope: &Scope,
    own: &Invoice,
    credits: &[CreditTaxes],
) -> Result<(), Error> {
    let (partner, number) = (scope.partner().to_string(), own.number.to_string());
    let (from, to) = own.month.stretch().map_err(|error| Error::broken("invoices.month", error))?;
    let row = DocumentRow {
        partner_id: partner.clone(),
        number: number.clone(),
        kind: own.kind.as_str().into(),
        currency: own.totals.gross.currency().to_string(),
        month: own.month.to_string(),
        from_at: from.as_microsecond(),
        to_at: to.as_microsecond(),
        issued_at: own.issued_at.as_microsecond(),
        due_on: own.due_on.to_string(),
        net: own.totals.net.minor(),
        tax: own.totals.tax.minor(),
        gross: own.totals.gross.minor(),
        charges: own.rows.iter().map(|row| whole(row.charges)).sum(),
        credits: own.rows.iter().map(|row| whole(row.credits)).sum(),
        seller: write_party(&own.seller)?,
        buyer: write_party(&own.buyer)?,
        amends: words(&own.amends, " "),
    };
    both!(tx, |c| diesel::insert_into(invoices::table).values(&row).execute(c))?;
    for chunk in tax_rows(&partner, &number, &own.rows).chunks(PIECE) {
        insert_rows!(tx, invoice_rows::table, chunk)?;
    }
    for chunk in spread_rows(&partner, &number, &own.rows).chunks(PIECE) {
        insert_rows!(tx, invoice_spreads::table, chunk)?;
    }
    for chunk in credits.chunks(PIECE) {
        let of_credit = |own: &CreditTaxes| -> Vec<CreditRow> {
            let of_part = |(part, tax): (usize, &Money)| CreditRow {
                partner_id: partner.clone(),
                number: number.clone(),
                charge_id: own.credit.to_string(),
                part: whole(part),
                order_id: own.order.to_string(),
                reverses: own.reverses.to_string(),
                place: whole(own.place),
                amount: own.amount.minor(),
                tax: tax.minor(),
            };
            own.taxes.iter().enumerate().map(of_part).collect()
        };
        let rows: Vec<CreditRow> = chunk.iter().flat_map(of_credit).collect();
        insert_rows!(tx, invoice_credits::table, rows)?;
    }
    Ok(())
}

fn read_rows(currency: Currency, taxes: Vec<TaxRow>, spreads: Vec<SpreadRow>) -> Result<Vec<Row>, Error> {
    let money = |minor: i64| Money::new(minor, currency);
    let mut rows: Vec<Row> = Vec::new();
    for own in taxes {
        let fraction = decimal("invoice_rows.rate", &own.rate)?;
        let rate = Rate::new(fraction).ok_or_else(|| Error::broken("invoice_rows.rate", &own.rate))?;
        if own.part == 0 {
            let treatment = match own.treatment.as_str() {
                "taxed" => Treatment::Taxed(Vec::new()),
                "reverse_charge" => Treatment::ReverseCharge,
                "exempt" => Treatment::Exempt(own.certificate.unwrap_or_default()),
                "out_of_scope" => Treatment::OutOfScope,
                other => return Err(Error::broken("invoice_rows.treatment", other)),
            };
            rows.push(Row {
                from: instant("invoice_rows.from_at", own.from_at)?,
                to: instant("invoice_rows.to_at", own.to_at)?,
                includes_tax: flag("invoice_rows.includes_tax", own.includes_tax)?,
                treatment,
                charges: number("invoice_rows.charges", own.charges)?,
                charged: money(own.charged),
                credits: number("invoice_rows.credits", own.credits)?,
                credited: money(own.credited),
                taxes: Vec::new(),
            });
        }
        let row = rows.last_mut().ok_or_else(|| Error::broken("invoice_rows.part", own.part))?;
        if let Treatment::Taxed(parts) = &mut row.treatment {
            parts.push(TaxPart { name: own.name.clone(), rate });
        }
        let (on_charges, on_credits) = (money(own.on_charges), money(own.on_credits));
        row.taxes.push(RowTax { name: own.name, rate, on_charges, on_credits, spreads: Vec::new() });
    }
    for own in spreads {
        let (place, part): (usize, usize) =
            (number("invoice_spreads.place", own.place)?, number("invoice_spreads.part", own.part)?);
        let through = match (own.last_at, own.last_id) {
            (Some(at), Some(id)) => Some(Place {
                at: instant("invoice_spreads.last_at", at)?,
                id: read("invoice_spreads.last_id", &id)?,
            }),
            _ => None,
        };
        let tax = rows.get_mut(place).and_then(|row| row.taxes.get_mut(part));
        tax.ok_or_else(|| Error::broken("invoice_spreads.place", own.place))?.spreads.push(Spread {
            lines: Alike { amount: money(own.amount), count: number("invoice_spreads.lines", own.lines)? },
            each: money(own.each),
            extra: number("invoice_spreads.extra", own.extra)?,
            through,
        });
    }
    Ok(rows)
}

fn read_document(tx: &mut Read<'_>, row: DocumentRow) -> Result<Invoice, Error> {
    let currency: Currency = read("invoices.currency", &row.currency)?;
    let (partner, own) = (&row.partner_id, &row.number);
    let taxes: Vec<TaxRow> = both!(tx, |c| invoice_rows::table
        .filter(invoice_rows::partner_id.eq(partner).and(invoice_rows::number.eq(own)))
        .order((invoice_rows::place.asc(), invoice_rows::part.asc()))
        .select(TaxRow::as_select())
        .load(c))?;
    let spreads: Vec<SpreadRow> = both!(tx, |c| invoice_spreads::table
        .filter(invoice_spreads::partner_id.eq(partner).and(invoice_spreads::number.eq(own)))
        .order((invoice_spreads::place.asc(), invoice_spreads::part.asc()))
        .select(SpreadRow::as_select())
        .load(c))?;
    let (brief, rows) = (brief(row)?, read_rows(currency, taxes, spreads)?);
    Ok(Invoice { rows, ..brief })
}

/// A document without its rows.
fn brief(row: DocumentRow) -> Result<Invoice, Error> {
    let currency: Currency = read("invoices.currency", &row.currency)?;
    let money = |minor: i64| Money::new(minor, currency);
    let amends = row.amends.split_whitespace().map(|own| read("invoices.amends", own));
    Ok(Invoice {
        number: read("invoices.number", &row.number)?,
        kind: read("invoices.kind", &row.kind)?,
        month: read("invoices.month", &row.month)?,
        issued_at: instant("invoices.issued_at", row.issued_at)?,
        due_on: read("invoices.due_on", &row.due_on)?,
        seller: read_party(&row.seller)?,
        buyer: read_party(&row.buyer)?,
        totals: Totals { net: money(row.net), tax: money(row.tax), gross: money(row.gross) },
        rows: Vec::new(),
        amends: amends.collect::<Result<_, _>>()?,
    })
}

/// The document of a kind that bills a month in a currency.
///
/// # Errors
/// The store's own.
pub fn of_month(
    tx: &mut Read<'_>,
    scope: &Scope,
    (currency, month, kind): (Currency, Month, DocumentKind),
) -> Result<Option<Invoice>, Error> {
    let partner = scope.partner().to_string();
    let row: Option<DocumentRow> = both!(tx, |c| invoices::table
        .filter(invoices::partner_id.eq(&partner).and(invoices::currency.eq(currency.to_string())))
        .filter(invoices::month.eq(month.to_string()).and(invoices::kind.eq(kind.as_str())))
        .select(DocumentRow::as_select())
        .first(c)
        .optional())?;
    row.map(|row| read_document(tx, row)).transpose()
}

/// Whether a partner has its invoice or its credit note of a month, in a currency.
///
/// # Errors
/// The store's own.
pub fn is_billed(
    tx: &mut Read<'_>,
    scope: &Scope,
    (currency, month): (Currency, Month),
) -> Result<bool, Error> {
    let partner = scope.partner().to_string();
    let mine = invoices::table
        .filter(invoices::partner_id.eq(&partner).and(invoices::currency.eq(currency.to_string())))
        .filter(invoices::month.eq(month.to_string()));
    Ok(both!(tx, |c| diesel::select(diesel::dsl::exists(mine)).get_result(c))?)
}

/// A document with everything on it.
///
/// # Errors
/// The store's own.
pub fn find(tx: &mut Read<'_>, scope: &Scope, number: DocumentNumber) -> Result<Option<Invoice>, Error> {
    let (partner, number) = (scope.partner().to_string(), number.to_string());
    let row: Option<DocumentRow> = both!(tx, |c| invoices::table
        .find((&partner, &number))
        .select(DocumentRow::as_select())
        .first(c)
        .optional())?;
    row.map(|row| read_document(tx, row)).transpose()
}

/// Through when a partner was billed in a currency, as far as that is before an instant.
///
/// # Errors
/// The store's own.
pub fn billed_through(
    tx: &mut Read<'_>,
    scope: &Scope,
    currency: Currency,
    before: Timestamp,
) -> Result<Option<Timestamp>, Error> {
    let partner = scope.partner().to_string();
    let last: Option<i64> = both!(tx, |c| invoices::table
        .filter(invoices::partner_id.eq(&partner).and(invoices::currency.eq(currency.to_string())))
        .filter(invoices::to_at.le(before.as_microsecond()))
        .order(invoices::month.desc())
        .select(invoices::to_at)
        .first(c)
        .optional())?;
    last.map(|at| instant("invoices.to_at", at)).transpose()
}

/// The setting with the instant from which charges are billed here, in microseconds.
const BILLING_BEGINS: &str = "billing_begins";

/// From when on charges are billed here, if earlier ones were billed elsewhere.
///
/// # Errors
/// The store's own.
pub fn billing_begins(tx: &mut Read<'_>) -> Result<Option<Timestamp>, Error> {
    let Some(text) = crate::settings::get(tx, BILLING_BEGINS)? else { return Ok(None) };
    Ok(Some(instant("settings.billing_begins", read("settings.billing_begins", &text)?)?))
}

/// Says from when on charges are billed here; nobody is held back for a month before.
///
/// # Errors
/// The store's own.
pub fn begin_billing(tx: &mut Write<'_>, at: Timestamp) -> Result<(), Error> {
    let first = Month::of(chandlery_domain::calendar::utc_date(at)).to_string();
    both!(tx, |c| diesel::delete(invoice_holds::table).filter(invoice_holds::month.lt(&first)).execute(c))?;
    crate::settings::set(tx, BILLING_BEGINS, &at.as_microsecond().to_string())
}

/// When documents may have been issued: whenever.
pub const WHENEVER: Range<Timestamp> = Timestamp::MIN..Timestamp::MAX;

/// A page of a partner's documents without their rows that were issued in a stretch of time, newest first; those before a
/// number, where one is given.
///
/// # Errors
/// The store's own.
pub fn list(
    tx: &mut Read<'_>,
    scope: &Scope,
    issued: Range<Timestamp>,
    before: Option<DocumentNumber>,
    limit: i64,
) -> Result<Vec<Invoice>, Error> {
    let partner = scope.partner().to_string();
    let rows: Vec<DocumentRow> = both!(tx, |c| {
        let mut query = invoices::table
            .filter(invoices::partner_id.eq(&partner))
            .filter(invoices::issued_at.ge(issued.start.as_microsecond()))
            .filter(invoices::issued_at.lt(issued.end.as_microsecond()))
            .select(DocumentRow::as_select())
            .into_boxed();
        if let Some(before) = before {
            query = query.filter(invoices::number.lt(before.to_string()));
        }
        query.order(invoices::number.desc()).limit(limit).load(c)
    })?;
    rows.into_iter().map(brief).collect()
}

/// What of these charges was given back on earlier documents: the charge, the tax's part, and the sums of amount and tax.
///
/// # Errors
/// The store's own.
pub fn given_back(
    tx: &mut Read<'_>,
    scope: &Scope,
    charges: &[ChargeId],
) -> Result<Vec<(ChargeId, usize, i64, i64)>, Error> {
    let partner = scope.partner().to_string();
    let ids: Vec<String> = charges.iter().map(ToString::to_string).collect();
    let sum = |column: &str| {
        diesel::dsl::sql::<diesel::sql_types::BigInt>(&format!("cast(sum({column}) as bigint)"))
    };
    let rows: Vec<(String, i64, i64, i64)> = both!(tx, |c| invoice_credits::table
        .filter(invoice_credits::partner_id.eq(&partner).and(invoice_credits::reverses.eq_any(&ids)))
        .group_by((invoice_credits::reverses, invoice_credits::part))
        .select((
            invoice_credits::reverses,
            invoice_credits::part,
            sum("invoice_credits.amount"),
            sum("invoice_credits.tax"),
        ))
        .load(c))?;
    rows.into_iter()
        .map(|(id, part, amount, tax)| {
            Ok((read("invoice_credits.reverses", &id)?, number("invoice_credits.part", part)?, amount, tax))
        })
        .collect()
}

/// The documents of a partner that correct one, oldest first, without their rows.
///
/// # Errors
/// The store's own.
pub fn amending(tx: &mut Read<'_>, scope: &Scope, own: &Invoice, limit: i64) -> Result<Vec<Invoice>, Error> {
    let partner = scope.partner().to_string();
    let rows: Vec<DocumentRow> = both!(tx, |c| invoices::table
        .filter(invoices::partner_id.eq(&partner).and(invoices::number.gt(own.number.to_string())))
        .filter(invoices::currency.eq(own.totals.gross.currency().to_string()))
        .filter(invoices::amends.like(format!("%{}%", own.number)))
        .order(invoices::number.asc())
        .limit(limit)
        .select(DocumentRow::as_select())
        .load(c))?;
    rows.into_iter().map(brief).collect()
}

/// When these documents were issued, by number.
///
/// # Errors
/// The store's own.
pub fn issued_at(
    tx: &mut Read<'_>,
    scope: &Scope,
    numbers: &[DocumentNumber],
) -> Result<Vec<(DocumentNumber, Timestamp)>, Error> {
    let partner = scope.partner().to_string();
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    let rows: Vec<(String, i64)> = both!(tx, |c| invoices::table
        .filter(invoices::partner_id.eq(&partner).and(invoices::number.eq_any(&numbers)))
        .order(invoices::number.asc())
        .select((invoices::number, invoices::issued_at))
        .load(c))?;
    rows.into_iter()
        .map(|(number, at)| Ok((read("invoices.number", &number)?, instant("invoices.issued_at", at)?)))
        .collect()
}

/// The taxes these credits gave back, by credit: on which row of its document it stands, and how much.
///
/// # Errors
/// The store's own.
pub fn taxes_of_credits(
    tx: &mut Read<'_>,
    scope: &Scope,
    credits: &[ChargeId],
) -> Result<Vec<(ChargeId, usize, i64)>, Error> {
    let partner = scope.partner().to_string();
    let ids: Vec<String> = credits.iter().map(ToString::to_string).collect();
    let rows: Vec<(String, i64, i64)> = both!(tx, |c| invoice_credits::table
        .filter(invoice_credits::partner_id.eq(&partner).and(invoice_credits::charge_id.eq_any(&ids)))
        .group_by((invoice_credits::charge_id, invoice_credits::place))
        .select((
            invoice_credits::charge_id,
            invoice_credits::place,
            diesel::dsl::sql::<diesel::sql_types::BigInt>("cast(sum(invoice_credits.tax) as bigint)"),
        ))
        .load(c))?;
    rows.into_iter()
        .map(|(id, place, tax)| {
            Ok((read("invoice_credits.charge_id", &id)?, number("invoice_credits.place", place)?, tax))
        })
        .collect()
}

/// A partner's documents whose numbers begin so, newest first, without their rows.
///
/// # Errors
/// The store's own.
pub fn numbered(tx: &mut Read<'_>, scope: &Scope, begin: &str, limit: i64) -> Result<Vec<Invoice>, Error> {
    let partner = scope.partner().to_string();
    let pattern = format!("{}%", crate::audit::escape(&begin.to_ascii_uppercase()));
    let rows: Vec<DocumentRow> = both!(tx, |c| invoices::table
        .filter(invoices::partner_id.eq(&partner).and(invoices::number.like(&pattern).escape('\\')))
        .order(invoices::number.desc())
        .limit(limit)
        .select(DocumentRow::as_select())
        .load(c))?;
    rows.into_iter().map(brief).collect()
}

/// What a partner was billed in a currency, and since when.
#[derive(Debug, Clone, Copy)]
pub struct Balance {
    /// What its documents come to together, credit notes taken off.
    pub billed: Money,
    /// When the first was issued.
    pub first: Timestamp,
    /// When the latest was.
    pub latest: Timestamp,
}

/// What a partner was billed, by currency.
///
/// # Errors
/// The store's own.
pub fn balances(tx: &mut Read<'_>, scope: &Scope) -> Result<Vec<Balance>, Error> {
    let partner = scope.partner().to_string();
    let rows: Vec<(String, i64, Option<i64>, Option<i64>)> = both!(tx, |c| invoices::table
        .filter(invoices::partner_id.eq(&partner))
        .group_by(invoices::currency)
        .order(invoices::currency.asc())
        .select((
            invoices::currency,
            diesel::dsl::sql::<diesel::sql_types::BigInt>("cast(sum(invoices.gross) as bigint)"),
            diesel::dsl::min(invoices::issued_at),
            diesel::dsl::max(invoices::issued_at),
        ))
        .load(c))?;
    rows.into_iter()
        .map(|(currency, open, first, latest)| {
            Ok(Balance {
                billed: Money::new(open, read("invoices.currency", &currency)?),
                first: instant("invoices.issued_at", first.unwrap_or_default())?,
                latest: instant("invoices.issued_at", latest.unwrap_or_default())?,
            })
        })
        .collect()
}

/// Why somebody is held back, as it is kept: the word, and its facts after a blank.
pub fn held_text(why: &Held) -> String {
    match why {
        Held::ProfileMissing => why.as_str().to_owned(),
        Held::RateMissing(own) => format!("{} {} {}", why.as_str(), own.country, own.day),
        Held::EarlierMonthOpen(own) => format!("{} {own}", why.as_str()),
    }
}

/// Notes why a partner was not billed for a month in a currency.
///
/// # Errors
/// The store's own.
pub fn hold(
    tx: &mut Write<'_>,
    scope: &Scope,
    (currency, month): (Currency, Month),
    why: &Held,
    now: Timestamp,
) -> Result<(), Error> {
    release(tx, scope, (currency, month))?;
    both!(tx, |c| diesel::insert_into(invoice_holds::table)
        .values((
            invoice_holds::partner_id.eq(scope.partner().to_string()),
            invoice_holds::currency.eq(currency.to_string()),
            invoice_holds::month.eq(month.to_string()),
            invoice_holds::why.eq(held_text(why)),
            invoice_holds::held_at.eq(now.as_microsecond()),
        ))
        .execute(c))?;
    Ok(())
}

/// Forgets why a partner was not billed: it is.
///
/// # Errors
/// The store's own.
pub fn release(tx: &mut Write<'_>, scope: &Scope, (currency, month): (Currency, Month)) -> Result<(), Error> {
    let partner = scope.partner().to_string();
    both!(tx, |c| diesel::delete(invoice_holds::table.find((
        &partner,
        currency.to_string(),
        month.to_string()
    )))
    .execute(c))?;
    Ok(())
}

/// A partner that was not billed for a month, and why: the stored word and its facts.
#[derive(Debug, Clone)]
pub struct HeldBack {
    /// The partner.
    pub partner: PartnerId,
    /// The currency.
    pub currency: Currency,
    /// The month.
    pub month: Month,
    /// Why.
    pub why: String,
    /// Since when.
    pub since: Timestamp,
}

/// Who is held back, over all partners, the oldest month first.
///
/// # Errors
/// The store's own.
pub fn held(tx: &mut Read<'_>, limit: i64) -> Result<Vec<HeldBack>, Error> {
    let rows: Vec<(String, String, String, String, i64)> = both!(tx, |c| invoice_holds::table
        .order((invoice_holds::month.asc(), invoice_holds::partner_id.asc(), invoice_holds::currency.asc()))
        .limit(limit)
        .load(c))?;
    rows.into_iter()
        .map(|(partner, currency, month, why, since)| {
            Ok(HeldBack {
                partner: read("invoice_holds.partner_id", &partner)?,
                currency: read("invoice_holds.currency", &currency)?,
                month: read("invoice_holds.month", &month)?,
                why,
                since: instant("invoice_holds.held_at", since)?,
            })
        })
        .collect()
}
