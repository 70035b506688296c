//! Payments, and what settles documents.

use std::collections::BTreeSet;

use chandlery_domain::access::Scope;
use chandlery_domain::bank::BankRow;
use chandlery_domain::ids::PartnerId;
use chandlery_domain::invoice::DocumentNumber;
use chandlery_domain::money::{Currency, Money};
use chandlery_domain::notice::Kind;
use chandlery_domain::payment::{Exposure, Means, Owed, Payment, Settlement, Source};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use crate::columns::{instant, read};
use crate::db::{Conn, Read, Write, both, insert_rows};
use crate::error::Error;
use crate::schema::{invoices, notices, partners, payments, settlements};

/// How many open documents, and how much that pays, are looked at at once: the earliest due, the oldest.
pub const LOOKED_AT: i64 = 1_000;

/// For how many days after it was due a document is told to be late.
pub const TOLD_WITHIN: i64 = 90;

/// How many payments that may be alike are looked at.
const ALIKE_MAX: i64 = 20_000;

/// What is settled of the document in the row.
const SETTLED: &str = "(select coalesce(cast(sum(s.amount) as bigint), 0) from settlements s \
    where s.partner_id = invoices.partner_id and s.number = invoices.number)";
/// What is used of the document below zero in the row.
const USED: &str = "(select coalesce(cast(sum(s.amount) as bigint), 0) from settlements s \
    where s.partner_id = invoices.partner_id and s.kind = 'credit' and s.source = invoices.number)";
/// What is used of the payment in the row.
const SPENT: &str = "(select coalesce(cast(sum(s.amount) as bigint), 0) from settlements s \
    where s.partner_id = payments.partner_id and s.kind = 'payment' and s.source = payments.reference)";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = payments, treat_none_as_default_value = false)]
struct Row {
    partner_id: String,
    reference: String,
    currency: String,
    amount: i64,
    received_on: String,
    entered_at: i64,
    undone_at: Option<i64>,
}

/// A payment as it is kept.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The payment.
    pub payment: Payment,
    /// How much of it was put on documents.
    pub used: Money,
    /// When it was undone, if it was.
    pub undone_at: Option<Timestamp>,
}

fn kept((row, used): (Row, i64)) -> Result<Kept, Error> {
    let currency: Currency = read("payments.currency", &row.currency)?;
    Ok(Kept {
        payment: Payment {
            reference: row.reference,
            amount: Money::new(row.amount, currency),
            received_on: read("payments.received_on", &row.received_on)?,
        },
        used: Money::new(used, currency),
        undone_at: row.undone_at.map(|at| instant("payments.undone_at", at)).transpose()?,
    })
}

/// Holds a partner's account until the transaction ends, so that nothing is put on a document twice. SQLite has one writer;
/// on PostgreSQL the partner's row is locked, which keeps no purchase waiting.
///
/// # Errors
/// The store's own.
pub fn hold(tx: &mut Write<'_>, scope: &Scope) -> Result<(), Error> {
    if let Conn::Pg(connection) = &mut tx.conn {
        let partner = scope.partner().to_string();
        let held: Option<String> = partners::table
            .find(&partner)
            .select(partners::partner_id)
            .for_no_key_update()
            .first(*connection)
            .optional()?;
        held.ok_or_else(|| Error::broken("partners.partner_id", partner))?;
    }
    Ok(())
}

/// Stores a payment; one of the same reference that was taken back gives way to it.
///
/// # Errors
/// The store's own; a second one of the same reference is a unique violation.
pub fn insert(tx: &mut Write<'_>, scope: &Scope, own: &Payment, now: Timestamp) -> Result<(), Error> {
    let row = Row {
        partner_id: scope.partner().to_string(),
        reference: own.reference.clone(),
        currency: own.amount.currency().to_string(),
        amount: own.amount.minor(),
        received_on: own.received_on.to_string(),
        entered_at: now.as_microsecond(),
        undone_at: None,
    };
    both!(tx, |c| diesel::delete(payments::table.find((&row.partner_id, &row.reference)))
        .filter(payments::undone_at.is_not_null())
        .execute(c))?;
    both!(tx, |c| diesel::insert_into(payments::table).values(&row).execute(c))?;
    Ok(())
}

/// A payment by its reference.
///
/// # Errors
/// The store's own.
pub fn find(tx: &mut Read<'_>, scope: &Scope, reference: &str) -> Result<Option<Kept>, Error> {
    let partner = scope.partner().to_string();
    let row: Option<(Row, i64)> = both!(tx, |c| payments::table
        .find((&partner, reference))
        .select((Row::as_select(), sql::<BigInt>(SPENT)))
        .first(c)
        .optional())?;
    row.map(kept).transpose()
}

/// A partner's payments, latest first.
///
/// # Errors
/// The store's own.
pub fn list(tx: &mut Read<'_>, scope: &Scope, limit: i64) -> Result<Vec<Kept>, Error> {
    let partner = scope.partner().to_string();
    let rows: Vec<(Row, i64)> = both!(tx, |c| payments::table
        .filter(payments::partner_id.eq(&partner))
        .order((payments::received_on.desc(), payments::reference.asc()))
        .limit(limit)
        .select((Row::as_select(), sql::<BigInt>(SPENT)))
        .load(c))?;
    rows.into_iter().map(kept).collect()
}

/// Where the operator's list of payments goes on: after the payment of this day, partner and reference.
pub type Place = (Date, PartnerId, String);

/// A page of all partners' payments, the latest first: for the operator.
///
/// # Errors
/// The store's own.
pub fn latest(tx: &mut Read<'_>, after: Option<&Place>, limit: i64) -> Result<Vec<(PartnerId, Kept)>, Error> {
    let rows: Vec<(Row, i64)> = both!(tx, |c| {
        let mut query = payments::table.select((Row::as_select(), sql::<BigInt>(SPENT))).into_boxed();
        if let Some((day, partner, reference)) = after {
            let (day, partner) = (day.to_string(), partner.to_string());
            let same_day = payments::received_on.eq(day.clone());
            let same = same_day.clone().and(payments::partner_id.eq(partner.clone()));
            query = query.filter(
                payments::received_on
                    .lt(day)
                    .or(same_day.and(payments::partner_id.gt(partner)))
                    .or(same.and(payments::reference.gt(reference.clone()))),
            );
        }
        query
            .order((payments::received_on.desc(), payments::partner_id.asc(), payments::reference.asc()))
            .limit(limit)
            .load(c)
    })?;
    rows.into_iter()
        .map(|(row, used)| Ok((read("payments.partner_id", &row.partner_id)?, kept((row, used))?)))
        .collect()
}

/// Payments of these partners' that are as large as one of the rows and of its day, and were not taken back. For the operator.
///
/// # Errors
/// The store's own.
pub fn alike(
    tx: &mut Read<'_>,
    partners: &[PartnerId],
    rows: &[&BankRow],
) -> Result<Vec<(PartnerId, Payment)>, Error> {
    if partners.is_empty() {
        return Ok(Vec::new());
    }
    let partners: BTreeSet<String> = partners.iter().map(ToString::to_string).collect();
    let amounts: BTreeSet<i64> = rows.iter().map(|own| own.amount.minor()).collect();
    let days: BTreeSet<String> = rows.iter().map(|own| own.received_on.to_string()).collect();
    let found: Vec<Row> = both!(tx, |c| payments::table
        .filter(payments::partner_id.eq_any(&partners).and(payments::amount.eq_any(&amounts)))
        .filter(payments::received_on.eq_any(&days).and(payments::undone_at.is_null()))
        .order((payments::partner_id.asc(), payments::reference.asc()))
        .limit(ALIKE_MAX)
        .select(Row::as_select())
        .load(c))?;
    let payment = |row: Row| {
        let partner = read("payments.partner_id", &row.partner_id)?;
        Ok((partner, kept((row, 0))?.payment))
    };
    found.into_iter().map(payment).collect()
}

/// Takes a payment back: what it settled is open again.
///
/// # Errors
/// The store's own.
pub fn undo(tx: &mut Write<'_>, scope: &Scope, reference: &str, now: Timestamp) -> Result<(), Error> {
    let partner = scope.partner().to_string();
    both!(tx, |c| diesel::delete(settlements::table)
        .filter(settlements::partner_id.eq(&partner))
        .filter(settlements::kind.eq("payment").and(settlements::source.eq(reference)))
        .execute(c))?;
    both!(tx, |c| diesel::update(payments::table.find((&partner, reference)))
        .set(payments::undone_at.eq(now.as_microsecond()))
        .execute(c))?;
    Ok(())
}

type OwedRow = (String, String, String, String, i64, i64);

macro_rules! owed_columns {
    () => {
        (
            invoices::partner_id,
            invoices::number,
            invoices::currency,
            invoices::due_on,
            invoices::gross,
            sql::<BigInt>(SETTLED),
        )
    };
}

fn read_owed(
    (partner, number, currency, due_on, gross, settled): OwedRow,
) -> Result<(PartnerId, Owed), Error> {
    let own = Owed {
        number: read("invoices.number", &number)?,
        due_on: read("invoices.due_on", &due_on)?,
        open: Money::new(gross.saturating_sub(settled), read("invoices.currency", &currency)?),
    };
    Ok((read("invoices.partner_id", &partner)?, own))
}

fn some_owed(
    tx: &mut Read<'_>,
    scope: &Scope,
    currency: Option<Currency>,
    limit: i64,
) -> Result<Vec<Owed>, Error> {
    let partner = scope.partner().to_string();
    let rows: Vec<OwedRow> = both!(tx, |c| {
        let mut query = invoices::table
            .filter(invoices::partner_id.eq(&partner))
            .filter(invoices::gross.gt(0).and(invoices::gross.gt(sql::<BigInt>(SETTLED))))
            .select(owed_columns!())
            .into_boxed();
        if let Some(currency) = currency {
            query = query.filter(invoices::currency.eq(currency.to_string()));
        }
        query.order((invoices::due_on.asc(), invoices::number.asc())).limit(limit).load(c)
    })?;
    rows.into_iter().map(|row| Ok(read_owed(row)?.1)).collect()
}

/// A partner's documents that are not settled, in one currency or in all, the earliest due first.
///
/// # Errors
/// The store's own.
pub fn owed(tx: &mut Read<'_>, scope: &Scope, currency: Option<Currency>) -> Result<Vec<Owed>, Error> {
    some_owed(tx, scope, currency, LOOKED_AT)
}

/// The one of them that is due earliest.
///
/// # Errors
/// The store's own.
pub fn first_owed(tx: &mut Read<'_>, scope: &Scope) -> Result<Option<Owed>, Error> {
    Ok(some_owed(tx, scope, None, 1)?.pop())
}

/// Where a list of what is late goes on: after the document of this day and number.
pub type LatePlace = (Date, DocumentNumber);

fn late_rows(
    tx: &mut Read<'_>,
    today: Date,
    after: Option<LatePlace>,
    untold: bool,
    limit: i64,
) -> Result<Vec<(PartnerId, Owed)>, Error> {
    use diesel::dsl::{exists, not};
    let rows: Vec<OwedRow> = both!(tx, |c| {
        let mut query = invoices::table
            .filter(invoices::due_on.lt(today.to_string()))
            .filter(invoices::gross.gt(0).and(invoices::gross.gt(sql::<BigInt>(SETTLED))))
            .select(owed_columns!())
            .into_boxed();
        if let Some((day, number)) = after {
            let (day, number) = (day.to_string(), number.to_string());
            let same = invoices::due_on.eq(day.clone()).and(invoices::number.gt(number));
            query = query.filter(invoices::due_on.gt(day).or(same));
        }
        if untold {
            let since = today.checked_sub(TOLD_WITHIN.days()).unwrap_or(Date::MIN);
            query = query.filter(invoices::due_on.ge(since.to_string())).filter(not(exists(
                notices::table
                    .filter(notices::partner_id.eq(invoices::partner_id))
                    .filter(notices::about.eq(invoices::number))
                    .filter(notices::kind.eq(Kind::PaymentLate.as_str())),
            )));
        }
        query.order((invoices::due_on.asc(), invoices::number.asc())).limit(limit).load(c)
    })?;
    rows.into_iter().map(read_owed).collect()
}

/// A page of all partners' documents that are late on a day, the earliest due first: for the operator.
///
/// # Errors
/// The store's own.
pub fn late(
    tx: &mut Read<'_>,
    today: Date,
    after: Option<LatePlace>,
    limit: i64,
) -> Result<Vec<(PartnerId, Owed)>, Error> {
    late_rows(tx, today, after, false, limit)
}

/// Those of them of which nobody was told, as long as they were due within [`TOLD_WITHIN`] days: what people were told is forgotten some
/// time after.
///
/// # Errors
/// The store's own.
pub fn late_untold(
    tx: &mut Read<'_>,
    today: Date,
    after: Option<LatePlace>,
    limit: i64,
) -> Result<Vec<(PartnerId, Owed)>, Error> {
    late_rows(tx, today, after, true, limit)
}

/// What a partner has in a currency that pays and was not used: documents below zero first, then payments, the oldest first.
///
/// # Errors
/// The store's own.
pub fn means(tx: &mut Read<'_>, scope: &Scope, currency: Currency) -> Result<Vec<Means>, Error> {
    let (partner, code) = (scope.partner().to_string(), currency.to_string());
    let credits: Vec<(String, String, i64, i64)> = both!(tx, |c| invoices::table
        .filter(invoices::partner_id.eq(&partner).and(invoices::currency.eq(&code)))
        .filter(invoices::gross.lt(0).and(sql::<BigInt>(USED).lt(sql::<BigInt>("-invoices.gross"))))
        .order(invoices::number.asc())
        .limit(LOOKED_AT)
        .select((invoices::number, invoices::amends, invoices::gross, sql::<BigInt>(USED)))
        .load(c))?;
    let paid: Vec<(String, i64, i64)> = both!(tx, |c| payments::table
        .filter(payments::partner_id.eq(&partner).and(payments::currency.eq(&code)))
        .filter(payments::undone_at.is_null().and(payments::amount.gt(sql::<BigInt>(SPENT))))
        .order((payments::received_on.asc(), payments::reference.asc()))
        .limit(LOOKED_AT)
        .select((payments::reference, payments::amount, sql::<BigInt>(SPENT)))
        .load(c))?;
    let mut found = Vec::new();
    for (number, amends, gross, used) in credits {
        let meant_for = amends.split_whitespace().map(|own| read("invoices.amends", own));
        found.push(Means {
            source: Source::Credit(read("invoices.number", &number)?),
            left: Money::new(gross.saturating_neg().saturating_sub(used), currency),
            meant_for: meant_for.collect::<Result<_, _>>()?,
        });
    }
    found.extend(paid.into_iter().map(|(reference, amount, spent)| Means {
        source: Source::Payment(reference),
        left: Money::new(amount.saturating_sub(spent), currency),
        meant_for: Vec::new(),
    }));
    Ok(found)
}

/// Stores what settles documents. What puts more of the same on the same document is added to what stands there.
///
/// # Errors
/// The store's own.
pub fn settle(tx: &mut Write<'_>, scope: &Scope, list: &[Settlement], now: Timestamp) -> Result<(), Error> {
    let Some(currency) = list.first().map(|own| own.amount.currency()) else { return Ok(()) };
    let partner = scope.partner().to_string();
    let numbers: Vec<DocumentNumber> = list.iter().map(|own| own.number).collect();
    let before = of_documents(tx, scope, (&numbers, currency))?;
    let stands = |own: &&Settlement| {
        before.iter().any(|(other, _)| other.number == own.number && other.source == own.source)
    };
    // Only where a payment was taken back and another stood beside it: a handful at most.
    for own in list.iter().filter(stands) {
        let row = (&partner, own.number.to_string(), own.source.kind(), source_text(&own.source));
        both!(tx, |c| diesel::update(settlements::table.find(row.clone()))
            .set(settlements::amount.eq(settlements::amount + own.amount.minor()))
            .execute(c))?;
    }
    let rows: Vec<SettlementRow> = list
        .iter()
        .filter(|own| !stands(own))
        .map(|own| SettlementRow {
            partner_id: partner.clone(),
            number: own.number.to_string(),
            kind: own.source.kind().to_owned(),
            source: source_text(&own.source),
            amount: own.amount.minor(),
            settled_at: now.as_microsecond(),
        })
        .collect();
    for chunk in rows.chunks(500) {
        insert_rows!(tx, settlements::table, chunk)?;
    }
    Ok(())
}

/// What names something that pays.
fn source_text(own: &Source) -> String {
    match own {
        Source::Payment(reference) => reference.clone(),
        Source::Credit(number) => number.to_string(),
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = settlements)]
struct SettlementRow {
    partner_id: String,
    number: String,
    kind: String,
    source: String,
    amount: i64,
    settled_at: i64,
}

/// What settled these documents, document by document.
///
/// # Errors
/// The store's own.
pub fn of_documents(
    tx: &mut Read<'_>,
    scope: &Scope,
    (numbers, currency): (&[DocumentNumber], Currency),
) -> Result<Vec<(Settlement, Timestamp)>, Error> {
    let partner = scope.partner().to_string();
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    let rows: Vec<SettlementRow> = both!(tx, |c| settlements::table
        .filter(settlements::partner_id.eq(&partner).and(settlements::number.eq_any(&numbers)))
        .order((settlements::number.asc(), settlements::settled_at.asc(), settlements::source.asc()))
        .select(SettlementRow::as_select())
        .load(c))?;
    rows.into_iter()
        .map(|row| {
            let source = match row.kind.as_str() {
                "payment" => Source::Payment(row.source),
                _ => Source::Credit(read("settlements.source", &row.source)?),
            };
            let own = Settlement {
                number: read("settlements.number", &row.number)?,
                source,
                amount: Money::new(row.amount, currency),
            };
            Ok((own, instant("settlements.settled_at", row.settled_at)?))
        })
        .collect()
}

/// What settles and is used of documents, summed by document: its number, what was paid of it, what was credited on it, and
/// what of it, if it is below zero, was used.
///
/// # Errors
/// The store's own.
pub fn standing(
    tx: &mut Read<'_>,
    scope: &Scope,
    numbers: &[DocumentNumber],
) -> Result<Vec<(DocumentNumber, Standing)>, Error> {
    let partner = scope.partner().to_string();
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    const PAID: &str = "(select coalesce(cast(sum(s.amount) as bigint), 0) from settlements s \
        where s.partner_id = invoices.partner_id and s.number = invoices.number and s.kind = 'payment')";
    let rows: Vec<(String, i64, i64, i64)> = both!(tx, |c| invoices::table
        .filter(invoices::partner_id.eq(&partner).and(invoices::number.eq_any(&numbers)))
        .select((invoices::number, sql::<BigInt>(SETTLED), sql::<BigInt>(PAID), sql::<BigInt>(USED)))
        .load(c))?;
    rows.into_iter()
        .map(|(number, settled, paid, used)| {
            Ok((read("invoices.number", &number)?, Standing { settled, paid, used }))
        })
        .collect()
}

/// How a document stands, in minor units of its currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// What settled it.
    pub settled: i64,
    /// What of that was paid.
    pub paid: i64,
    /// What of it, below zero, settled others.
    pub used: i64,
}

/// What a partner owes in a currency: its documents, its payments, and what was booked since the last document. Months are billed
/// in order, so that nothing before it stands on none; and nothing counts that was booked before billing began here.
///
/// # Errors
/// The store's own.
pub fn exposure(tx: &mut Read<'_>, scope: &Scope, currency: Currency) -> Result<Exposure, Error> {
    let (partner, code) = (scope.partner().to_string(), currency.to_string());
    let begins = crate::invoices::billing_begins(tx)?.map_or(i64::MIN, Timestamp::as_microsecond);
    // One index range each for charges and for credits: those since the last document.
    let since = |which: &'static str| {
        sql::<BigInt>(
            "(select coalesce(cast(sum(c.amount) as bigint), 0) from charges c where c.partner_id = ",
        )
        .bind::<Text, _>(partner.clone())
        .sql(" and c.currency = ")
        .bind::<Text, _>(code.clone())
        .sql(" and c.booked_at >= ")
        .bind::<BigInt, _>(begins)
        .sql(" and c.booked_at >= coalesce((select max(i.to_at) from invoices i where i.partner_id = ")
        .bind::<Text, _>(partner.clone())
        .sql(" and i.currency = ")
        .bind::<Text, _>(code.clone())
        .sql("), -9223372036854775807)")
        .sql(which)
    };
    let issued = sql::<BigInt>(
        "(select coalesce(cast(sum(i.gross) as bigint), 0) from invoices i where i.partner_id = ",
    )
    .bind::<Text, _>(partner.clone())
    .sql(" and i.currency = ")
    .bind::<Text, _>(code.clone())
    .sql(")");
    let paid = sql::<BigInt>(
        "(select coalesce(cast(sum(p.amount) as bigint), 0) from payments p where p.undone_at is null \
            and p.partner_id = ",
    )
    .bind::<Text, _>(partner.clone())
    .sql(" and p.currency = ")
    .bind::<Text, _>(code.clone())
    .sql(")");
    let (charged, credited) = (since(" and c.reverses is null)"), since(" and c.reverses is not null)"));
    let (issued, paid, charged, credited): (i64, i64, i64, i64) =
        both!(tx, |c| diesel::select((issued.clone(), paid.clone(), charged.clone(), credited.clone()))
            .get_result(c))?;
    let own = |minor| Money::new(minor, currency);
    Ok(Exposure { issued: own(issued), paid: own(paid), unbilled: own(charged.saturating_add(credited)) })
}

/// What was paid in a currency and not undone, and the latest payment.
///
/// # Errors
/// The store's own.
pub fn received(tx: &mut Read<'_>, scope: &Scope) -> Result<Vec<(Money, Option<Payment>)>, Error> {
    let partner = scope.partner().to_string();
    let sums: Vec<(String, i64)> = both!(tx, |c| payments::table
        .filter(payments::partner_id.eq(&partner).and(payments::undone_at.is_null()))
        .group_by(payments::currency)
        .order(payments::currency.asc())
        .select((payments::currency, sql::<BigInt>("cast(sum(payments.amount) as bigint)")))
        .load(c))?;
    const LATEST: &str = "(select max(p.received_on) from payments p where p.partner_id = payments.partner_id \
        and p.currency = payments.currency and p.undone_at is null)";
    let latest: Vec<Row> = both!(tx, |c| payments::table
        .filter(payments::partner_id.eq(&partner).and(payments::undone_at.is_null()))
        .filter(payments::received_on.eq(sql::<Text>(LATEST)))
        .order(payments::entered_at.desc())
        .limit(LOOKED_AT)
        .select(Row::as_select())
        .load(c))?;
    let mut latest =
        latest.into_iter().map(|row| Ok(kept((row, 0))?.payment)).collect::<Result<Vec<_>, Error>>()?;
    sums.into_iter()
        .map(|(code, sum)| {
            let currency = read("payments.currency", &code)?;
            let place = latest.iter().position(|own| own.amount.currency() == currency);
            Ok((Money::new(sum, currency), place.map(|place| latest.remove(place))))
        })
        .collect()
}
