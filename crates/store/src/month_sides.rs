//! A month of one partner from each side, added up by the database, and the lines on which the sides differ.

use std::collections::BTreeMap;

use chandlery_domain::access::Scope;
use chandlery_domain::charge::ChargeKind;
use chandlery_domain::close::{Difference, Gap, Sides, Sum};
use chandlery_domain::invoice::Month;
use chandlery_domain::money::{Currency, Money};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use jiff::Timestamp;

use crate::charges::Stretch;
use crate::columns::{number, read};
use crate::db::{Read, both};
use crate::error::Error;
use crate::schema::{
    charges, download_links, invoice_holds, invoice_rows, invoices, order_lines, orders, product_keys,
    subscriptions,
};

fn sum(column: &'static str, currency: Currency, count: i64, minor: i64) -> Result<Sum, Error> {
    Ok(Sum { count: number(column, count)?, amount: Money::new(minor, currency) })
}

/// What a partner ordered, was charged and was billed in a month, by currency.
///
/// # Errors
/// The store's own.
pub fn sides(
    tx: &mut Read<'_>,
    scope: &Scope,
    month: Month,
    (from, to): Stretch,
) -> Result<Vec<Sides>, Error> {
    let partner = scope.partner().to_string();
    let text = |column: &'static str| diesel::dsl::sql::<Text>(column);
    let whole = |column: &'static str| diesel::dsl::sql::<BigInt>(column);
    let (from, to) = (from.as_microsecond(), to.as_microsecond());
    let mut all: BTreeMap<String, Sides> = BTreeMap::new();
    let ordered: Vec<(String, i64, i64)> =
        both!(tx, |c| orders::table
            .inner_join(
                order_lines::table.on(order_lines::partner_id
                    .eq(orders::partner_id)
                    .and(order_lines::order_id.eq(orders::id)),)
            )
            .filter(orders::partner_id.eq(&partner))
            .filter(orders::placed_at.ge(from).and(orders::placed_at.lt(to)))
            .group_by(text("1"))
            .select((
                text("orders.currency"),
                whole("count(*)"),
                whole("cast(sum(order_lines.amount) as bigint)")
            ))
            .load(c))?;
    for (code, count, minor) in ordered {
        let currency = read("orders.currency", &code)?;
        all.entry(code).or_insert_with(|| Sides::nothing(currency)).ordered =
            sum("order_lines", currency, count, minor)?;
    }
    let charged: Vec<(String, String, i64, i64)> = both!(tx, |c| charges::table
        .filter(charges::partner_id.eq(&partner))
        .filter(charges::booked_at.ge(from).and(charges::booked_at.lt(to)))
        .group_by(text("1, 2"))
        .select((
            text("charges.currency"),
            text("charges.kind"),
            whole("count(*)"),
            whole("cast(sum(charges.amount) as bigint)"),
        ))
        .load(c))?;
    for (code, kind, count, minor) in charged {
        let currency = read("charges.currency", &code)?;
        let own = all.entry(code).or_insert_with(|| Sides::nothing(currency));
        let (place, minor) = match read::<ChargeKind>("charges.kind", &kind)? {
            ChargeKind::New => (&mut own.new, minor),
            ChargeKind::CycleCharge | ChargeKind::Renew => (&mut own.further, minor),
            ChargeKind::CancelImmediate | ChargeKind::CustomerCredit => {
                (&mut own.credited, minor.saturating_neg())
            }
        };
        let more = sum("charges", currency, count, minor)?;
        *place = Sum {
            count: place.count.saturating_add(more.count),
            amount: place.amount.plus(more.amount).map_err(|_| Error::broken("charges.amount", minor))?,
        };
    }
    // A row stands once for each of its taxes.
    let billed: Vec<(String, i64, i64, i64, i64, i64)> = both!(tx, |c| invoices::table
        .inner_join(invoice_rows::table.on(
            invoice_rows::partner_id.eq(invoices::partner_id).and(invoice_rows::number.eq(invoices::number)),
        ))
        .filter(invoices::partner_id.eq(&partner).and(invoices::month.eq(month.to_string())))
        .filter(invoice_rows::part.eq(0))
        .group_by(text("1"))
        .select((
            text("invoices.currency"),
            whole("count(distinct invoices.number)"),
            whole("cast(sum(invoice_rows.charges) as bigint)"),
            whole("cast(sum(invoice_rows.charged) as bigint)"),
            whole("cast(sum(invoice_rows.credits) as bigint)"),
            whole("cast(sum(invoice_rows.credited) as bigint)"),
        ))
        .load(c))?;
    for (code, documents, lines, minor, credits, back) in billed {
        let currency = read("invoices.currency", &code)?;
        let own = all.entry(code).or_insert_with(|| Sides::nothing(currency));
        own.documents = number("invoices", documents)?;
        own.billed = sum("invoice_rows.charges", currency, lines, minor)?;
        own.billed_back = sum("invoice_rows.credits", currency, credits, back)?;
    }
    Ok(all.into_values().collect())
}

/// Why a partner was held back for a month, by currency: the stored word and its facts.
///
/// # Errors
/// The store's own.
pub fn held(tx: &mut Read<'_>, scope: &Scope, month: Month) -> Result<Vec<(Currency, String)>, Error> {
    let partner = scope.partner().to_string();
    let rows: Vec<(String, String)> = both!(tx, |c| invoice_holds::table
        .filter(invoice_holds::partner_id.eq(&partner).and(invoice_holds::month.eq(month.to_string())))
        .select((invoice_holds::currency, invoice_holds::why))
        .load(c))?;
    rows.into_iter().map(|(code, why)| Ok((read("invoice_holds.currency", &code)?, why))).collect()
}

/// What names a line to people: the order's number and the line's.
fn line_name(order: &str, line: i64) -> String {
    format!("{order}/{line}")
}

/// The lines ordered in a stretch of time that were not charged, or otherwise than ordered; so many at most.
///
/// # Errors
/// The store's own.
pub fn charged_otherwise(
    tx: &mut Read<'_>,
    scope: &Scope,
    (from, to): Stretch,
    limit: i64,
) -> Result<Vec<Difference>, Error> {
    type Row = (String, i64, String, i64, Option<i64>, Option<String>);
    let partner = scope.partner().to_string();
    let rows: Vec<Row> = both!(tx, |c| {
        let paid = charges::partner_id
            .eq(order_lines::partner_id)
            .and(charges::order_id.eq(order_lines::order_id))
            .and(charges::line.eq(order_lines::number))
            .and(charges::kind.eq(ChargeKind::New.as_str()))
            // In the words of an index, so that the line's charge is found and not every charge of its order.
            .and(diesel::dsl::sql::<Bool>("charges.kind in ('new', 'cycleCharge', 'renew')"));
        orders::table
            .inner_join(
                order_lines::table.on(order_lines::partner_id
                    .eq(orders::partner_id)
                    .and(order_lines::order_id.eq(orders::id))),
            )
            .left_join(charges::table.on(paid))
            .filter(orders::partner_id.eq(&partner))
            .filter(
                orders::placed_at.ge(from.as_microsecond()).and(orders::placed_at.lt(to.as_microsecond())),
            )
            .filter(
                charges::amount
                    .nullable()
                    .is_null()
                    .or(charges::amount.nullable().ne(order_lines::amount.nullable()))
                    .or(charges::currency.nullable().ne(orders::currency.nullable())),
            )
            .select((
                orders::alternate_id,
                order_lines::number,
                orders::currency,
                order_lines::amount,
                charges::amount.nullable(),
                charges::currency.nullable(),
            ))
            .order((orders::placed_at.asc(), orders::id.asc(), order_lines::number.asc()))
            .limit(limit)
            .load(c)
    })?;
    let mut all = rows
        .into_iter()
        .map(|(order, line, code, expected, found, found_in)| {
            let currency: Currency = read("orders.currency", &code)?;
            let detail = found_in.filter(|own| *own != code).unwrap_or_default();
            Ok(Difference {
                gap: if found.is_some() { Gap::ChargedOtherwise } else { Gap::NotCharged },
                partner: Some(scope.partner()),
                subject: line_name(&order, line),
                currency: Some(currency),
                expected: Some(expected),
                found,
                detail,
            })
        })
        .collect::<Result<Vec<Difference>, Error>>()?;
    // A line that was charged twice, each time otherwise, is one difference.
    all.dedup_by(|own, before| own.subject == before.subject);
    Ok(all)
}

/// A difference that has no numbers.
fn of_line(scope: &Scope, gap: Gap, (order, line): (String, i64)) -> Difference {
    Difference {
        gap,
        partner: Some(scope.partner()),
        subject: line_name(&order, line),
        currency: None,
        expected: None,
        found: None,
        detail: String::new(),
    }
}

/// The lines ordered before an instant that were not handed over yet, the oldest first; so many at most.
///
/// # Errors
/// The store's own.
pub fn not_handed_over(
    tx: &mut Read<'_>,
    scope: &Scope,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<Difference>, Error> {
    let partner = scope.partner().to_string();
    let rows: Vec<(String, i64)> =
        both!(tx, |c| order_lines::table
            .inner_join(
                orders::table.on(orders::partner_id
                    .eq(order_lines::partner_id)
                    .and(orders::id.eq(order_lines::order_id)),)
            )
            .filter(
                order_lines::partner_id
                    .eq(&partner)
                    .and(diesel::dsl::sql::<Bool>("order_lines.state = 'pending'"))
            )
            .filter(orders::placed_at.lt(before.as_microsecond()))
            .order((order_lines::order_id.asc(), order_lines::number.asc()))
            .select((orders::alternate_id, order_lines::number))
            .limit(limit)
            .load(c))?;
    Ok(rows.into_iter().map(|own| of_line(scope, Gap::NotHandedOver, own)).collect())
}

/// What still counts of lines that were cancelled in a stretch of time: keys, links and subscriptions; so many of each at most.
///
/// # Errors
/// The store's own.
pub fn outlived(
    tx: &mut Read<'_>,
    scope: &Scope,
    (from, to): Stretch,
    limit: i64,
) -> Result<Vec<Vec<Difference>>, Error> {
    let partner = scope.partner().to_string();
    let (from, to) = (from.as_microsecond(), to.as_microsecond());
    macro_rules! cancelled {
        () => {
            order_lines::table
                .inner_join(orders::table.on(
                    orders::partner_id.eq(order_lines::partner_id).and(orders::id.eq(order_lines::order_id)),
                ))
                .filter(order_lines::partner_id.eq(&partner))
                .filter(diesel::dsl::sql::<Bool>("order_lines.state = 'cancelled'"))
                .filter(order_lines::state_at.ge(from).and(order_lines::state_at.lt(to)))
                .order((order_lines::state_at.asc(), order_lines::order_id.asc(), order_lines::number.asc()))
                .select((orders::alternate_id, order_lines::number))
        };
    }
    let any: Option<(String, i64)> = both!(tx, |c| cancelled!().first(c).optional())?;
    if any.is_none() {
        return Ok(Vec::new());
    }
    let keys: Vec<(String, i64)> = both!(tx, |c| {
        let live = product_keys::table
            .filter(product_keys::partner_id.eq(order_lines::partner_id))
            .filter(product_keys::order_id.eq(order_lines::order_id))
            .filter(product_keys::line.eq(order_lines::number).and(product_keys::state.ne("revoked")));
        cancelled!().filter(diesel::dsl::exists(live)).limit(limit).load(c)
    })?;
    let links: Vec<(String, i64)> = both!(tx, |c| {
        let live = download_links::table
            .filter(download_links::partner_id.eq(order_lines::partner_id))
            .filter(download_links::order_id.eq(order_lines::order_id))
            .filter(download_links::line.eq(order_lines::number).and(download_links::revoked_at.is_null()));
        cancelled!().filter(diesel::dsl::exists(live)).limit(limit).load(c)
    })?;
    let running: Vec<(String, i64)> = both!(tx, |c| {
        let live = subscriptions::table
            .filter(subscriptions::partner_id.eq(order_lines::partner_id))
            .filter(subscriptions::order_id.eq(order_lines::order_id))
            .filter(subscriptions::line.eq(order_lines::number).and(subscriptions::cancelled_at.is_null()));
        cancelled!().filter(diesel::dsl::exists(live)).limit(limit).load(c)
    })?;
    let named = [(Gap::KeysLive, keys), (Gap::LinksLive, links), (Gap::StillRunning, running)];
    let of_gap = |(gap, list): (Gap, Vec<(String, i64)>)| {
        list.into_iter().map(|own| of_line(scope, gap, own)).collect()
    };
    Ok(named.into_iter().map(of_gap).collect())
}

/// How many of each product a partner was charged, and how many were cancelled, in a stretch of time. A credit that gives back some
/// money gives back no licence.
///
/// # Errors
/// The store's own.
pub fn quantities(
    tx: &mut Read<'_>,
    scope: &Scope,
    (from, to): Stretch,
) -> Result<Vec<(String, bool, i64)>, Error> {
    let partner = scope.partner().to_string();
    let rows: Vec<(String, i64, i64)> = both!(tx, |c| charges::table
        .inner_join(
            order_lines::table.on(order_lines::partner_id
                .eq(charges::partner_id)
                .and(order_lines::order_id.eq(charges::order_id))
                .and(order_lines::number.eq(charges::line))),
        )
        .filter(charges::partner_id.eq(&partner).and(charges::kind.ne(ChargeKind::CustomerCredit.as_str())))
        .filter(charges::booked_at.ge(from.as_microsecond()).and(charges::booked_at.lt(to.as_microsecond())))
        .group_by(diesel::dsl::sql::<Text>("1, 2"))
        .select((
            diesel::dsl::sql::<Text>("order_lines.item"),
            diesel::dsl::sql::<BigInt>(
                "cast(case when charges.reverses is null then 0 else 1 end as bigint)"
            ),
            diesel::dsl::sql::<BigInt>("cast(sum(charges.quantity) as bigint)"),
        ))
        .load(c))?;
    Ok(rows.into_iter().map(|(item, credit, count)| (item, credit != 0, count)).collect())
}
