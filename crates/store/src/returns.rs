//! Reservations that were given back or exchanged, and the operator's rows for that (rule 7.8).

use std::collections::HashMap;

use chandlery_domain::access::Scope;
use chandlery_domain::ids::{CustomerId, OrderId, ReservationId};
use chandlery_domain::money::{Currency, Money};
use chandlery_domain::reservation::{RefundCap, RefundRule};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use jiff::Timestamp;

use crate::columns::{flag, instant, number, read, read_some};
use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::{policy_refunds, refund_caps, reservation_returns, reservations, settings};
use crate::settings::names;

/// How many rows of policies are looked at.
const ROWS_MAX: i64 = 1_000;

/// How a reservation was given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Return {
    /// The reservation.
    pub reservation: ReservationId,
    /// Whose it was.
    pub customer: CustomerId,
    /// The line it came out of.
    pub line: (OrderId, u32),
    /// How many.
    pub quantity: u32,
    /// What was unused.
    pub worth: Money,
    /// What was kept of it.
    pub fee: Money,
    /// What came back.
    pub credit: Money,
    /// The order of what it was exchanged for.
    pub exchanged_for: Option<OrderId>,
    /// When.
    pub at: Timestamp,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = reservation_returns, treat_none_as_default_value = false)]
struct Row {
    partner_id: String,
    id: String,
    customer_id: String,
    order_id: String,
    line: i64,
    quantity: i64,
    currency: String,
    worth: i64,
    fee: i64,
    credit: i64,
    exchanged_for: Option<String>,
    returned_at: i64,
}

impl Row {
    fn read(self) -> Result<Return, Error> {
        let currency: Currency = read("reservation_returns.currency", &self.currency)?;
        Ok(Return {
            reservation: read("reservation_returns.id", &self.id)?,
            customer: read("reservation_returns.customer_id", &self.customer_id)?,
            line: (
                read("reservation_returns.order_id", &self.order_id)?,
                number("reservation_returns.line", self.line)?,
            ),
            quantity: number("reservation_returns.quantity", self.quantity)?,
            worth: Money::new(self.worth, currency),
            fee: Money::new(self.fee, currency),
            credit: Money::new(self.credit, currency),
            exchanged_for: read_some("reservation_returns.exchanged_for", self.exchanged_for.as_deref())?,
            at: instant("reservation_returns.returned_at", self.returned_at)?,
        })
    }
}

/// Puts down that a reservation was given back; false when it was replaced or given back before.
///
/// # Errors
/// The store's own.
pub fn insert(tx: &mut Write<'_>, scope: &Scope, own: &Return) -> Result<bool, Error> {
    let row = Row {
        partner_id: scope.partner().to_string(),
        id: own.reservation.to_string(),
        customer_id: own.customer.to_string(),
        order_id: own.line.0.to_string(),
        line: own.line.1.into(),
        quantity: own.quantity.into(),
        currency: own.worth.currency().to_string(),
        worth: own.worth.minor(),
        fee: own.fee.minor(),
        credit: own.credit.minor(),
        exchanged_for: own.exchanged_for.map(|id| id.to_string()),
        returned_at: own.at.as_microsecond(),
    };
    let given = both!(tx, |c| diesel::update(
        reservations::table
            .find((&row.partner_id, &row.id))
            .filter(reservations::replaced_at.is_null().and(reservations::returned_at.is_null()))
    )
    .set(reservations::returned_at.eq(Some(row.returned_at)))
    .execute(c))?;
    if given != 1 {
        return Ok(false);
    }
    both!(tx, |c| diesel::insert_into(reservation_returns::table).values(&row).execute(c))?;
    Ok(true)
}

/// What became of reservations that were given back.
///
/// # Errors
/// The store's own.
pub fn find_many(tx: &mut Read<'_>, scope: &Scope, ids: &[ReservationId]) -> Result<Vec<Return>, Error> {
    let partner = scope.partner().to_string();
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let rows: Vec<Row> = both!(tx, |c| reservation_returns::table
        .filter(reservation_returns::partner_id.eq(&partner).and(reservation_returns::id.eq_any(&ids)))
        .select(Row::as_select())
        .load(c))?;
    let seen = rows.into_iter().map(Row::read).collect::<Result<Vec<_>, _>>()?;
    Ok(seen.into_iter().filter(|own| scope.sees(own.customer)).collect())
}

/// What came back to a customer since an instant, before any fee; what was exchanged does not count.
///
/// # Errors
/// The store's own.
pub fn given_since(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    (currency, since): (Currency, Timestamp),
) -> Result<Money, Error> {
    let (partner, customer) = (scope.partner().to_string(), customer.to_string());
    let minor: i64 = both!(tx, |c| reservation_returns::table
        .filter(reservation_returns::partner_id.eq(&partner))
        .filter(reservation_returns::customer_id.eq(&customer))
        .filter(reservation_returns::returned_at.ge(since.as_microsecond()))
        .filter(reservation_returns::currency.eq(currency.code()))
        .filter(reservation_returns::exchanged_for.is_null())
        .select(diesel::dsl::sql::<BigInt>("cast(coalesce(sum(worth), 0) as bigint)"))
        .first(c))?;
    Ok(Money::new(minor, currency))
}

/// How many of a line are still there: neither replaced nor given back.
///
/// # Errors
/// The store's own.
pub fn left_of_line(tx: &mut Read<'_>, scope: &Scope, (order, line): (OrderId, u32)) -> Result<i64, Error> {
    let (partner, order) = (scope.partner().to_string(), order.to_string());
    Ok(both!(tx, |c| reservations::table
        .filter(reservations::partner_id.eq(&partner).and(reservations::order_id.eq(&order)))
        .filter(reservations::line.eq(i64::from(line)))
        .filter(reservations::replaced_at.is_null().and(reservations::returned_at.is_null()))
        .select(diesel::dsl::sql::<BigInt>("cast(coalesce(sum(quantity), 0) as bigint)"))
        .first(c))?)
}

/// Whether an order was placed in exchange for a reservation.
///
/// # Errors
/// The store's own.
pub fn is_exchange(tx: &mut Read<'_>, scope: &Scope, order: OrderId) -> Result<bool, Error> {
    let (partner, order) = (scope.partner().to_string(), order.to_string());
    let own = reservation_returns::table
        .filter(reservation_returns::partner_id.eq(partner))
        .filter(reservation_returns::exchanged_for.eq(Some(order)));
    Ok(both!(tx, |c| diesel::select(diesel::dsl::exists(own.clone())).get_result(c))?)
}

/// How many of the lines of orders are still there, where they have reservations at all.
///
/// # Errors
/// The store's own.
pub fn left_of_orders(
    tx: &mut Read<'_>,
    scope: &Scope,
    ids: &[OrderId],
) -> Result<HashMap<(OrderId, u32), u32>, Error> {
    let partner = scope.partner().to_string();
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let rows: Vec<(String, i64, i64)> = both!(tx, |c| {
        reservations::table
        .filter(reservations::partner_id.eq(&partner).and(reservations::order_id.eq_any(&ids)))
        .group_by((reservations::order_id, reservations::line))
        .select((
            reservations::order_id,
            reservations::line,
            diesel::dsl::sql::<BigInt>(
                "cast(sum(case when replaced_at is null and returned_at is null then quantity else 0 end) as bigint)"
            ),
        ))
        .load(c)
    })?;
    rows.into_iter()
        .map(|(order, line, left)| {
            let line = (read("reservations.order_id", &order)?, number("reservations.line", line)?);
            Ok((line, number("reservations.quantity", left)?))
        })
        .collect()
}

/// The dated rows of the profile in force on how reservations are given back.
///
/// # Errors
/// The store's own.
pub fn rules_in_force(tx: &mut Read<'_>) -> Result<Vec<RefundRule>, Error> {
    let rows: Vec<(String, i64, i64, i64)> =
        both!(tx, |c| policy_refunds::table
            .filter(policy_refunds::profile.eq_any(
                settings::table.filter(settings::name.eq(names::POLICY_PROFILE)).select(settings::value)
            ))
            .order(policy_refunds::effective_from.asc())
            .limit(ROWS_MAX)
            .select((
                policy_refunds::effective_from,
                policy_refunds::first_days,
                policy_refunds::all_at_first,
                policy_refunds::fee,
            ))
            .load(c))?;
    rows.into_iter()
        .map(|(from, first_days, all, fee)| {
            Ok(RefundRule {
                effective_from: read("policy_refunds.effective_from", &from)?,
                first_days: number("policy_refunds.first_days", first_days)?,
                all_at_first: flag("policy_refunds.all_at_first", all)?,
                fee: number("policy_refunds.fee", fee)?,
            })
        })
        .collect()
}

/// The dated rows on how much may come back to a customer, by currency and day.
///
/// # Errors
/// The store's own.
pub fn caps(tx: &mut Read<'_>) -> Result<Vec<RefundCap>, Error> {
    let rows: Vec<(String, String, i64, i64)> = both!(tx, |c| refund_caps::table
        .order((refund_caps::currency.asc(), refund_caps::effective_from.asc()))
        .limit(ROWS_MAX)
        .load(c))?;
    rows.into_iter()
        .map(|(currency, from, most, months)| {
            Ok(RefundCap {
                effective_from: read("refund_caps.effective_from", &from)?,
                most: Money::new(most, read("refund_caps.currency", &currency)?),
                months: number("refund_caps.months", months)?,
            })
        })
        .collect()
}

/// Puts down a row on how much may come back, in place of the one of the same currency and day.
///
/// # Errors
/// The store's own.
pub fn put_cap(tx: &mut Write<'_>, cap: &RefundCap) -> Result<(), Error> {
    let (currency, from) = (cap.most.currency().to_string(), cap.effective_from.to_string());
    let (most, months) = (cap.most.minor(), i64::from(cap.months));
    both!(tx, |c| diesel::insert_into(refund_caps::table)
        .values((
            refund_caps::currency.eq(&currency),
            refund_caps::effective_from.eq(&from),
            refund_caps::most.eq(most),
            refund_caps::months.eq(months),
        ))
        .on_conflict((refund_caps::currency, refund_caps::effective_from))
        .do_update()
        .set((refund_caps::most.eq(most), refund_caps::months.eq(months)))
        .execute(c))?;
    Ok(())
}
