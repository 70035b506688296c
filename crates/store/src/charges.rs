//! The ledger: charges are inserted and read, never changed.

use chandlery_domain::access::Scope;
use chandlery_domain::catalog::Family;
use chandlery_domain::charge::{Charge, ChargeKind};
use chandlery_domain::ids::{ChargeId, CustomerId, OrderId};
use chandlery_domain::money::{Currency, Money};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use jiff::Timestamp;

use crate::columns::{decimal, flag, instant, number, period, read, read_some, unit_price};
use crate::db::{Read, Write, both, insert_rows};
use crate::error::Error;
use crate::schema::{charges, order_lines};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = charges, treat_none_as_default_value = false)]
struct Row {
    partner_id: String,
    order_id: String,
    id: String,
    customer_id: String,
    line: i64,
    kind: String,
    unit_price: String,
    effective_unit_price: String,
    quantity: i64,
    amount: i64,
    currency: String,
    includes_tax: i64,
    period_first: Option<String>,
    period_last: Option<String>,
    booked_at: i64,
    reverses: Option<String>,
}

impl Row {
    fn read(self) -> Result<Charge, Error> {
        let currency: Currency = read("charges.currency", &self.currency)?;
        Ok(Charge {
            id: read("charges.id", &self.id)?,
            customer: read("charges.customer_id", &self.customer_id)?,
            order: read("charges.order_id", &self.order_id)?,
            line: number("charges.line", self.line)?,
            kind: read("charges.kind", &self.kind)?,
            unit_price: unit_price("charges.unit_price", &self.unit_price, currency)?,
            effective_unit_price: decimal("charges.effective_unit_price", &self.effective_unit_price)?,
            quantity: number("charges.quantity", self.quantity)?,
            amount: Money::new(self.amount, currency),
            includes_tax: flag("charges.includes_tax", self.includes_tax)?,
            period: period("charges.period", self.period_first.as_deref(), self.period_last.as_deref())?,
            booked_at: instant("charges.booked_at", self.booked_at)?,
            reverses: read_some("charges.reverses", self.reverses.as_deref())?,
        })
    }
}

/// The charges of an order, oldest first.
///
/// # Errors
/// The store's own.
pub fn of_order(tx: &mut Read<'_>, scope: &Scope, order: OrderId) -> Result<Vec<Charge>, Error> {
    let (partner, order) = (scope.partner().to_string(), order.to_string());
    let rows: Vec<Row> = both!(tx, |c| charges::table
        .filter(charges::partner_id.eq(&partner).and(charges::order_id.eq(&order)))
        .order((charges::booked_at.asc(), charges::id.asc()))
        .select(Row::as_select())
        .load(c))?;
    rows.into_iter().map(Row::read).collect()
}

/// Books charges.
///
/// # Errors
/// The store's own; taking a charge back twice is a unique violation.
pub fn insert(tx: &mut Write<'_>, scope: &Scope, booked: &[Charge]) -> Result<(), Error> {
    if booked.is_empty() {
        return Ok(());
    }
    let rows: Vec<Row> = booked
        .iter()
        .map(|charge| Row {
            partner_id: scope.partner().to_string(),
            order_id: charge.order.to_string(),
            id: charge.id.to_string(),
            customer_id: charge.customer.to_string(),
            line: charge.line.into(),
            kind: charge.kind.as_str().into(),
            unit_price: charge.unit_price.value().to_string(),
            effective_unit_price: charge.effective_unit_price.to_string(),
            quantity: charge.quantity.into(),
            amount: charge.amount.minor(),
            currency: charge.amount.currency().to_string(),
            includes_tax: charge.includes_tax.into(),
            period_first: charge.period.map(|period| period.first.to_string()),
            period_last: charge.period.map(|period| period.last.to_string()),
            booked_at: charge.booked_at.as_microsecond(),
            reverses: charge.reverses.map(|id| id.to_string()),
        })
        .collect();
    insert_rows!(tx, charges::table, rows)?;
    Ok(())
}

/// The whole ledger of a partner, oldest first, a page at a time.
///
/// # Errors
/// The store's own.
pub fn page(tx: &mut Read<'_>, scope: &Scope, offset: i64, limit: i64) -> Result<Vec<Charge>, Error> {
    let partner = scope.partner().to_string();
    let rows: Vec<Row> = both!(tx, |c| charges::table
        .filter(charges::partner_id.eq(&partner))
        .order((charges::order_id.asc(), charges::id.asc()))
        .offset(offset)
        .limit(limit)
        .select(Row::as_select())
        .load(c))?;
    rows.into_iter().map(Row::read).collect()
}

/// A stretch of time: from an instant on, to before another.
pub type Stretch = (Timestamp, Timestamp);

/// What was charged and credited for a customer in a stretch of time, newest first, each with the name of what was bought;
/// `before` is the last of the page before.
///
/// # Errors
/// The store's own.
pub fn of_customer(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    (from, to): Stretch,
    before: Option<(i64, ChargeId)>,
    limit: i64,
) -> Result<Vec<(Charge, String)>, Error> {
    let (partner, customer) = (scope.partner().to_string(), customer.to_string());
    let rows: Vec<(Row, String)> = both!(tx, |c| {
        let mut query = charges::table
            .inner_join(
                order_lines::table.on(order_lines::partner_id
                    .eq(charges::partner_id)
                    .and(order_lines::order_id.eq(charges::order_id))
                    .and(order_lines::number.eq(charges::line))),
            )
            .filter(charges::partner_id.eq(&partner).and(charges::customer_id.eq(&customer)))
            .filter(
                charges::booked_at.ge(from.as_microsecond()).and(charges::booked_at.lt(to.as_microsecond())),
            )
            .select((Row::as_select(), order_lines::title))
            .into_boxed();
        if let Some((at, id)) = before {
            let same = charges::booked_at.eq(at).and(charges::id.lt(id.to_string()));
            query = query.filter(charges::booked_at.lt(at).or(same));
        }
        query.order((charges::booked_at.desc(), charges::id.desc())).limit(limit).load(c)
    })?;
    rows.into_iter().map(|(row, title)| Ok((row.read()?, title))).collect()
}

/// What was charged and what was credited for a customer in a stretch of time, by currency: whether it is a credit, and the
/// sum.
///
/// # Errors
/// The store's own.
pub fn sums_of_customer(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    (from, to): Stretch,
) -> Result<Vec<(bool, Money)>, Error> {
    let (partner, customer) = (scope.partner().to_string(), customer.to_string());
    let rows: Vec<(String, String, i64)> = both!(tx, |c| charges::table
        .filter(charges::partner_id.eq(&partner).and(charges::customer_id.eq(&customer)))
        .filter(charges::booked_at.ge(from.as_microsecond()).and(charges::booked_at.lt(to.as_microsecond())))
        .group_by((charges::kind, charges::currency))
        .select((
            charges::kind,
            charges::currency,
            diesel::dsl::sql::<BigInt>("cast(sum(charges.amount) as bigint)"),
        ))
        .load(c))?;
    rows.into_iter()
        .map(|(kind, currency, sum)| {
            let kind: ChargeKind = read("charges.kind", &kind)?;
            Ok((kind.is_credit(), Money::new(sum, read("charges.currency", &currency)?)))
        })
        .collect()
}

/// What was charged and credited on a day, of a family, in a currency.
#[derive(Debug, Clone)]
pub struct DaySum {
    /// The day, counted from 1970-01-01 in UTC.
    pub day: i64,
    /// What for.
    pub kind: ChargeKind,
    /// What of.
    pub family: Family,
    /// The sum.
    pub amount: Money,
    /// How many charges.
    pub count: i64,
}

/// The sums of a partner's charges by day, kind, family and currency, from an instant on: one statement, added up by the
/// database.
///
/// # Errors
/// The store's own.
pub fn by_day(tx: &mut Read<'_>, scope: &Scope, from: Timestamp) -> Result<Vec<DaySum>, Error> {
    type Sum = (i64, String, String, String, i64, i64);
    let partner = scope.partner().to_string();
    // As text, because Diesel lets no expression stand in both lists. Whole days, as both databases cut a division of whole
    // numbers; grouped by the places of the list.
    let text = |column: &'static str| diesel::dsl::sql::<Text>(column);
    let number = |column: &'static str| diesel::dsl::sql::<BigInt>(column);
    let rows: Vec<Sum> = both!(tx, |c| charges::table
        .inner_join(
            order_lines::table.on(order_lines::partner_id
                .eq(charges::partner_id)
                .and(order_lines::order_id.eq(charges::order_id))
                .and(order_lines::number.eq(charges::line)))
        )
        .filter(charges::partner_id.eq(&partner).and(charges::booked_at.ge(from.as_microsecond())))
        .group_by(text("1, 2, 3, 4"))
        .select((
            number("charges.booked_at / 86400000000"),
            text("charges.kind"),
            text("order_lines.family"),
            text("charges.currency"),
            number("cast(sum(charges.amount) as bigint)"),
            number("count(*)"),
        ))
        .load(c))?;
    rows.into_iter()
        .map(|(day, kind, family, currency, amount, count)| {
            let currency = read("charges.currency", &currency)?;
            Ok(DaySum {
                day,
                kind: read("charges.kind", &kind)?,
                family: read("order_lines.family", &family)?,
                amount: Money::new(amount, currency),
                count,
            })
        })
        .collect()
}
