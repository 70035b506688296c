//! The ledger: charges are inserted and read, never changed.

use chandlery_domain::access::Scope;
use chandlery_domain::catalog::Family;
use chandlery_domain::charge::{Charge, ChargeKind, Place};
use chandlery_domain::ids::{ChargeId, CustomerId, OrderId};
use chandlery_domain::invoice::Booked;
use chandlery_domain::money::{Currency, Money};
use chandlery_domain::tax::Alike;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use jiff::Timestamp;

use crate::columns::{decimal, flag, instant, number, period, read, read_some, unit_price};
use crate::db::{Read, Write, both, insert_rows};
use crate::error::Error;
use crate::schema::{charges, order_lines};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = charges, treat_none_as_default_value = false)]
pub(crate) struct Row {
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
    term_first: Option<String>,
    term_last: Option<String>,
    returned: Option<String>,
}

impl Row {
    pub(crate) fn read(self) -> Result<Charge, Error> {
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
            term: period("charges.term", self.term_first.as_deref(), self.term_last.as_deref())?,
            booked_at: instant("charges.booked_at", self.booked_at)?,
            reverses: read_some("charges.reverses", self.reverses.as_deref())?,
            returned: read_some("charges.returned", self.returned.as_deref())?,
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

/// The charge of an order's line that pays for the latest days; credits do not count.
///
/// # Errors
/// The store's own.
pub fn latest_of_line(
    tx: &mut Read<'_>,
    scope: &Scope,
    (order, line): (OrderId, u32),
) -> Result<Option<Charge>, Error> {
    let (partner, order) = (scope.partner().to_string(), order.to_string());
    let row: Option<Row> = both!(tx, |c| charges::table
        .filter(charges::partner_id.eq(&partner).and(charges::order_id.eq(&order)))
        .filter(charges::line.eq(i64::from(line)).and(charges::reverses.is_null()))
        .order(charges::period_first.desc())
        .select(Row::as_select())
        .first(c)
        .optional())?;
    row.map(Row::read).transpose()
}

/// The setting with the instant before which nothing is booked any more, in microseconds.
pub(crate) const BILLED_UNTIL: &str = "billed_until";

/// Says that a month is billed: from now on nothing is booked before `until`. It never goes back.
///
/// # Errors
/// The store's own.
pub fn close_books(tx: &mut Write<'_>, until: Timestamp) -> Result<(), Error> {
    // Held until the transaction ends, so that a run for an earlier month, at the same moment, does not open it again.
    let before = read_closed(crate::settings::hold(tx, BILLED_UNTIL)?)?;
    let until = before.map_or(until, |before| before.max(until));
    crate::settings::set(tx, BILLED_UNTIL, &until.as_microsecond().to_string())
}

/// Books charges.
///
/// # Errors
/// The store's own; taking a charge back twice is a unique violation.
pub fn insert(tx: &mut Write<'_>, scope: &Scope, booked: &[Charge]) -> Result<(), Error> {
    if booked.is_empty() {
        return Ok(());
    }
    let closed = read_closed(crate::settings::get(tx, BILLED_UNTIL)?)?;
    insert_knowing(tx, scope, booked, closed)
}

/// Reads until when the books are closed.
pub(crate) fn read_closed(text: Option<String>) -> Result<Option<Timestamp>, Error> {
    let micros: Option<i64> = read_some("settings.billed_until", text.as_deref())?;
    micros.map(|own| instant("settings.billed_until", own)).transpose()
}

/// The same for whoever knows already until when the books are closed, so that it is not asked again.
///
/// # Errors
/// Those of [`insert`].
pub fn insert_knowing(
    tx: &mut Write<'_>,
    scope: &Scope,
    booked: &[Charge],
    closed: Option<Timestamp>,
) -> Result<(), Error> {
    if closed.is_some_and(|closed| booked.iter().any(|own| own.booked_at < closed)) {
        return Err(Error::Unavailable {
            why: "the clock runs behind the books: its month is billed".into(),
        });
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
            term_first: charge.term.map(|term| term.first.to_string()),
            term_last: charge.term.map(|term| term.last.to_string()),
            returned: charge.returned.map(|id| id.to_string()),
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

/// The currencies a partner was charged or credited in, in a stretch of time.
///
/// # Errors
/// The store's own.
pub fn currencies(tx: &mut Read<'_>, scope: &Scope, (from, to): Stretch) -> Result<Vec<Currency>, Error> {
    let partner = scope.partner().to_string();
    let rows: Vec<String> = both!(tx, |c| charges::table
        .filter(charges::partner_id.eq(&partner))
        .filter(charges::booked_at.ge(from.as_microsecond()).and(charges::booked_at.lt(to.as_microsecond())))
        .select(charges::currency)
        .distinct()
        .order(charges::currency.asc())
        .load(c))?;
    rows.iter().map(|own| read("charges.currency", own)).collect()
}

/// How many charges of each amount a stretch of time has in a currency, apart by whether tax is in them. Credits are not
/// among them. Added up by the database, in one statement.
///
/// # Errors
/// The store's own.
pub fn alike(
    tx: &mut Read<'_>,
    scope: &Scope,
    currency: Currency,
    (from, to): Stretch,
) -> Result<Vec<(bool, Alike)>, Error> {
    let (partner, code) = (scope.partner().to_string(), currency.to_string());
    let rows: Vec<(i64, i64, i64)> = both!(tx, |c| charges::table
        .filter(charges::partner_id.eq(&partner).and(charges::currency.eq(&code)))
        .filter(charges::booked_at.ge(from.as_microsecond()).and(charges::booked_at.lt(to.as_microsecond())))
        .filter(charges::reverses.is_null())
        .group_by((charges::includes_tax, charges::amount))
        .order((charges::includes_tax.asc(), charges::amount.asc()))
        .select((charges::includes_tax, charges::amount, diesel::dsl::count_star()))
        .load(c))?;
    rows.into_iter()
        .map(|(includes, amount, count)| {
            let alike =
                Alike { amount: Money::new(amount, currency), count: number("charges.count", count)? };
            Ok((flag("charges.includes_tax", includes)?, alike))
        })
        .collect()
}

/// Where the charge stands that is so many from the first (from 0) among those of one amount in a stretch of time.
///
/// # Errors
/// The store's own.
pub fn nth(
    tx: &mut Read<'_>,
    scope: &Scope,
    (amount, includes_tax): (Money, bool),
    (from, to): Stretch,
    place: i64,
) -> Result<Option<Place>, Error> {
    let (partner, code) = (scope.partner().to_string(), amount.currency().to_string());
    let row: Option<(i64, String)> = both!(tx, |c| charges::table
        .filter(charges::partner_id.eq(&partner).and(charges::currency.eq(&code)))
        .filter(charges::booked_at.ge(from.as_microsecond()).and(charges::booked_at.lt(to.as_microsecond())))
        .filter(charges::reverses.is_null())
        .filter(charges::includes_tax.eq(i64::from(includes_tax)).and(charges::amount.eq(amount.minor())))
        .order((charges::booked_at.asc(), charges::id.asc()))
        .offset(place)
        .limit(1)
        .select((charges::booked_at, charges::id))
        .first(c)
        .optional())?;
    row.map(|(at, id)| Ok(Place { at: instant("charges.booked_at", at)?, id: read("charges.id", &id)? }))
        .transpose()
}

/// A credit, with what it takes back.
#[derive(Debug, Clone)]
pub struct Credited {
    /// The credit.
    pub id: ChargeId,
    /// Its order.
    pub order: OrderId,
    /// What it gives back, not below zero.
    pub amount: Money,
    /// The charge it takes back.
    pub of: Booked,
}

/// A page of the credits booked in a stretch of time in a currency, in the order of what they take back; after one, where
/// it is given.
///
/// # Errors
/// The store's own.
pub fn credits(
    tx: &mut Read<'_>,
    scope: &Scope,
    currency: Currency,
    (from, to): Stretch,
    after: Option<(OrderId, ChargeId)>,
    limit: i64,
) -> Result<Vec<Credited>, Error> {
    let (partner, code) = (scope.partner().to_string(), currency.to_string());
    let rows: Vec<(String, String, i64, i64, i64, String, i64)> = both!(tx, |c| {
        let taken = diesel::alias!(charges as taken);
        let same = taken
            .field(charges::partner_id)
            .eq(charges::partner_id)
            .and(taken.field(charges::order_id).eq(charges::order_id))
            .and(taken.field(charges::id).nullable().eq(charges::reverses));
        let mut query = charges::table
            .inner_join(taken.on(same))
            .filter(charges::partner_id.eq(&partner).and(charges::currency.eq(&code)))
            .filter(
                charges::booked_at.ge(from.as_microsecond()).and(charges::booked_at.lt(to.as_microsecond())),
            )
            .filter(charges::reverses.is_not_null())
            .select((
                charges::id,
                charges::order_id,
                charges::amount,
                charges::includes_tax,
                taken.field(charges::booked_at),
                taken.field(charges::id),
                taken.field(charges::amount),
            ))
            .into_boxed();
        if let Some((order, id)) = &after {
            let (order, id) = (order.to_string(), id.to_string());
            let same = charges::order_id.eq(order.clone()).and(charges::id.gt(id));
            query = query.filter(charges::order_id.gt(order).or(same));
        }
        query.order((charges::order_id.asc(), charges::id.asc())).limit(limit).load(c)
    })?;
    rows.into_iter()
        .map(|(id, order, amount, includes, at, of, of_amount)| {
            Ok(Credited {
                id: read("charges.id", &id)?,
                order: read("charges.order_id", &order)?,
                amount: Money::new(amount.saturating_neg(), currency),
                of: Booked {
                    amount: Money::new(of_amount, currency),
                    includes_tax: flag("charges.includes_tax", includes)?,
                    place: Place { at: instant("charges.booked_at", at)?, id: read("charges.id", &of)? },
                },
            })
        })
        .collect()
}

/// When the earliest charge or credit of a partner in a currency was booked in a stretch of time.
///
/// # Errors
/// The store's own.
pub fn first_in(
    tx: &mut Read<'_>,
    scope: &Scope,
    currency: Currency,
    (from, to): Stretch,
) -> Result<Option<Timestamp>, Error> {
    let (partner, code) = (scope.partner().to_string(), currency.to_string());
    let first: Option<i64> = both!(tx, |c| charges::table
        .filter(charges::partner_id.eq(&partner).and(charges::currency.eq(&code)))
        .filter(charges::booked_at.ge(from.as_microsecond()).and(charges::booked_at.lt(to.as_microsecond())))
        .order(charges::booked_at.asc())
        .select(charges::booked_at)
        .first(c)
        .optional())?;
    first.map(|at| instant("charges.booked_at", at)).transpose()
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
