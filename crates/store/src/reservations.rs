//! Azure reservations, and the Azure subscriptions they are for.

use chandlery_domain::access::Scope;
use chandlery_domain::ids::{AzureSubscriptionId, CustomerId, OrderId, PartnerId, ReservationId};
use chandlery_domain::reservation::{AzureSubscription, Reservation};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use jiff::Timestamp;

use crate::columns::{flag, instant, number, period, read, read_some};
use crate::db::{Conn, Read, Write, both, insert_rows};
use crate::error::Error;
use crate::schema::{azure_subscriptions, order_lines, reservations};

/// How many are written by one statement.
const PIECE: usize = 200;
/// How many Azure subscriptions a customer has at most.
pub const SUBSCRIPTIONS_MAX: i64 = 500;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = azure_subscriptions, treat_none_as_default_value = false)]
struct AzureRow {
    partner_id: String,
    customer_id: String,
    id: String,
    name: String,
    active: i64,
    registered_at: Option<i64>,
    added_at: i64,
}

impl AzureRow {
    fn new(scope: &Scope, customer: CustomerId, own: &AzureSubscription) -> Self {
        Self {
            partner_id: scope.partner().to_string(),
            customer_id: customer.to_string(),
            id: own.id.to_string(),
            name: own.name.clone(),
            active: i64::from(own.active),
            registered_at: own.registered_at.map(Timestamp::as_microsecond),
            added_at: own.added_at.as_microsecond(),
        }
    }

    fn read(self) -> Result<AzureSubscription, Error> {
        Ok(AzureSubscription {
            id: read("azure_subscriptions.id", &self.id)?,
            name: self.name,
            active: flag("azure_subscriptions.active", self.active)?,
            registered_at: self
                .registered_at
                .map(|at| instant("azure_subscriptions.registered_at", at))
                .transpose()?,
            added_at: instant("azure_subscriptions.added_at", self.added_at)?,
        })
    }
}

/// The Azure subscriptions of a customer, by id; at most [`SUBSCRIPTIONS_MAX`].
///
/// # Errors
/// The store's own.
pub fn azure_subscriptions(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
) -> Result<Vec<AzureSubscription>, Error> {
    if !scope.sees(customer) {
        return Ok(Vec::new());
    }
    let (partner, customer) = (scope.partner().to_string(), customer.to_string());
    let rows: Vec<AzureRow> = both!(tx, |c| azure_subscriptions::table
        .filter(azure_subscriptions::partner_id.eq(&partner))
        .filter(azure_subscriptions::customer_id.eq(&customer))
        .order(azure_subscriptions::id.asc())
        .limit(SUBSCRIPTIONS_MAX)
        .select(AzureRow::as_select())
        .load(c))?;
    rows.into_iter().map(AzureRow::read).collect()
}

/// One Azure subscription of a customer.
///
/// # Errors
/// The store's own.
pub fn azure_subscription(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    id: AzureSubscriptionId,
) -> Result<Option<AzureSubscription>, Error> {
    if !scope.sees(customer) {
        return Ok(None);
    }
    let (partner, customer, id) = (scope.partner().to_string(), customer.to_string(), id.to_string());
    let row: Option<AzureRow> = both!(tx, |c| azure_subscriptions::table
        .find((&partner, &customer, &id))
        .select(AzureRow::as_select())
        .first(c)
        .optional())?;
    row.map(AzureRow::read).transpose()
}

/// The same, which nobody else changes until the transaction ends. SQLite has one writer; PostgreSQL has to be told.
///
/// # Errors
/// The store's own.
pub fn hold_azure_subscription(
    tx: &mut Write<'_>,
    scope: &Scope,
    customer: CustomerId,
    id: AzureSubscriptionId,
) -> Result<Option<AzureSubscription>, Error> {
    if let Conn::Pg(connection) = &mut tx.conn {
        let key = (scope.partner().to_string(), customer.to_string(), id.to_string());
        let held: Option<String> = azure_subscriptions::table
            .find((&key.0, &key.1, &key.2))
            .select(azure_subscriptions::id)
            .for_update()
            .first(*connection)
            .optional()?;
        tracing::trace!(held = held.is_some(), "an Azure subscription is held");
    }
    azure_subscription(tx, scope, customer, id)
}

/// Adds an Azure subscription to a customer; false when the customer has it.
///
/// # Errors
/// The store's own.
pub fn add_azure_subscription(
    tx: &mut Write<'_>,
    scope: &Scope,
    customer: CustomerId,
    own: &AzureSubscription,
) -> Result<bool, Error> {
    let row = AzureRow::new(scope, customer, own);
    let fresh = both!(tx, |c| diesel::insert_into(azure_subscriptions::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(fresh == 1)
}

/// Stores what an Azure subscription is called and how it stands.
///
/// # Errors
/// The store's own.
pub fn save_azure_subscription(
    tx: &mut Write<'_>,
    scope: &Scope,
    customer: CustomerId,
    own: &AzureSubscription,
) -> Result<(), Error> {
    let row = AzureRow::new(scope, customer, own);
    let key = (&row.partner_id, &row.customer_id, &row.id);
    both!(tx, |c| diesel::update(azure_subscriptions::table.find(key))
        .set((
            azure_subscriptions::name.eq(&row.name),
            azure_subscriptions::active.eq(row.active),
            azure_subscriptions::registered_at.eq(row.registered_at),
        ))
        .execute(c))?;
    Ok(())
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = reservations, treat_none_as_default_value = false)]
struct Row {
    partner_id: String,
    id: String,
    customer_id: String,
    order_id: String,
    line: i64,
    title: String,
    name: String,
    quantity: i64,
    applies_to: Option<String>,
    bought_on: Option<String>,
    first_day: String,
    last_day: String,
    made_at: Option<i64>,
    replaced_at: Option<i64>,
    returned_at: Option<i64>,
}

impl Row {
    fn new(partner: PartnerId, own: &Reservation) -> Self {
        Self {
            partner_id: partner.to_string(),
            id: own.id.to_string(),
            customer_id: own.customer.to_string(),
            order_id: own.order.to_string(),
            line: own.line.into(),
            title: own.title.clone(),
            name: own.name.clone(),
            quantity: own.quantity.into(),
            applies_to: own.applies_to.map(|id| id.to_string()),
            bought_on: own.bought_on.map(|id| id.to_string()),
            first_day: own.period.first.to_string(),
            last_day: own.period.last.to_string(),
            made_at: own.made_at.map(Timestamp::as_microsecond),
            replaced_at: own.replaced_at.map(Timestamp::as_microsecond),
            returned_at: own.returned_at.map(Timestamp::as_microsecond),
        }
    }

    fn read(self) -> Result<Reservation, Error> {
        let at = |place, at: Option<i64>| at.map(|at| instant(place, at)).transpose();
        let days = period("reservations.first_day", Some(&self.first_day), Some(&self.last_day))?;
        Ok(Reservation {
            id: read("reservations.id", &self.id)?,
            customer: read("reservations.customer_id", &self.customer_id)?,
            order: read("reservations.order_id", &self.order_id)?,
            line: number("reservations.line", self.line)?,
            title: self.title,
            name: self.name,
            quantity: number("reservations.quantity", self.quantity)?,
            applies_to: read_some("reservations.applies_to", self.applies_to.as_deref())?,
            bought_on: read_some("reservations.bought_on", self.bought_on.as_deref())?,
            period: days.ok_or_else(|| Error::broken("reservations.first_day", &self.first_day))?,
            made_at: at("reservations.made_at", self.made_at)?,
            replaced_at: at("reservations.replaced_at", self.replaced_at)?,
            returned_at: at("reservations.returned_at", self.returned_at)?,
        })
    }
}

fn insert_for(tx: &mut Write<'_>, rows: &[Row]) -> Result<(), Error> {
    for piece in rows.chunks(PIECE) {
        insert_rows!(tx, reservations::table, piece)?;
    }
    Ok(())
}

/// Adds reservations.
///
/// # Errors
/// The store's own.
pub fn insert(tx: &mut Write<'_>, scope: &Scope, list: &[Reservation]) -> Result<(), Error> {
    let rows: Vec<Row> = list.iter().map(|own| Row::new(scope.partner(), own)).collect();
    insert_for(tx, &rows)
}

/// Makes the reservations of an order, or of one of its lines, be there since an instant.
///
/// # Errors
/// The store's own.
pub fn make(
    tx: &mut Write<'_>,
    scope: &Scope,
    (order, line): (OrderId, Option<u32>),
    at: Timestamp,
) -> Result<(), Error> {
    let (partner, order) = (scope.partner().to_string(), order.to_string());
    let lines = line.map_or(0..=i64::from(u32::MAX), |line| i64::from(line)..=i64::from(line));
    both!(tx, |c| diesel::update(
        reservations::table
            .filter(reservations::partner_id.eq(&partner).and(reservations::order_id.eq(&order)))
            .filter(reservations::line.between(*lines.start(), *lines.end()))
            .filter(reservations::made_at.is_null())
    )
    .set(reservations::made_at.eq(Some(at.as_microsecond())))
    .execute(c))?;
    Ok(())
}

/// A page of a customer's reservations that others did not take the place of, by id, after `after`.
///
/// # Errors
/// The store's own.
pub fn page(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    after: Option<ReservationId>,
    limit: i64,
) -> Result<Vec<Reservation>, Error> {
    if !scope.sees(customer) {
        return Ok(Vec::new());
    }
    let (partner, customer) = (scope.partner().to_string(), customer.to_string());
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let rows: Vec<Row> = both!(tx, |c| reservations::table
        .filter(reservations::partner_id.eq(&partner).and(reservations::customer_id.eq(&customer)))
        .filter(reservations::replaced_at.is_null().and(reservations::id.gt(&after)))
        .order(reservations::id.asc())
        .limit(limit)
        .select(Row::as_select())
        .load(c))?;
    rows.into_iter().map(Row::read).collect()
}

/// The reservations of a line that others did not take the place of, by id; at most `limit`.
///
/// # Errors
/// The store's own.
pub fn of_line(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    (order, line): (OrderId, u32),
    limit: i64,
) -> Result<Vec<Reservation>, Error> {
    if !scope.sees(customer) {
        return Ok(Vec::new());
    }
    let (partner, customer) = (scope.partner().to_string(), customer.to_string());
    let rows: Vec<Row> = both!(tx, |c| reservations::table
        .filter(reservations::partner_id.eq(&partner).and(reservations::customer_id.eq(&customer)))
        .filter(reservations::order_id.eq(order.to_string()).and(reservations::line.eq(i64::from(line))))
        .filter(reservations::replaced_at.is_null())
        .order(reservations::id.asc())
        .limit(limit)
        .select(Row::as_select())
        .load(c))?;
    rows.into_iter().map(Row::read).collect()
}

/// Reservations of a customer by their ids, in the order of the ids; those that are not there are left out.
///
/// # Errors
/// The store's own.
pub fn find_many(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    ids: &[ReservationId],
) -> Result<Vec<Reservation>, Error> {
    if !scope.sees(customer) {
        return Ok(Vec::new());
    }
    let (partner, customer) = (scope.partner().to_string(), customer.to_string());
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let rows: Vec<Row> = both!(tx, |c| reservations::table
        .filter(reservations::partner_id.eq(&partner).and(reservations::customer_id.eq(&customer)))
        .filter(reservations::id.eq_any(&ids))
        .select(Row::as_select())
        .load(c))?;
    let mut found = rows.into_iter().map(Row::read).collect::<Result<Vec<_>, _>>()?;
    found.sort_by_key(|own| ids.iter().position(|id| *id == own.id.to_string()));
    Ok(found)
}

/// Stores name and scope of a reservation that still has those it had and was neither replaced nor given back; false otherwise.
///
/// # Errors
/// The store's own.
pub fn save(
    tx: &mut Write<'_>,
    scope: &Scope,
    before: &Reservation,
    own: &Reservation,
) -> Result<bool, Error> {
    let (partner, id) = (scope.partner().to_string(), own.id.to_string());
    let (was, applied) =
        (before.applies_to.map(|id| id.to_string()), own.applies_to.map(|id| id.to_string()));
    let changed = both!(tx, |c| diesel::update(
        reservations::table
            .find((&partner, &id))
            .filter(reservations::replaced_at.is_null().and(reservations::returned_at.is_null()))
            .filter(reservations::name.eq(&before.name))
            .filter(
                reservations::applies_to
                    .eq(was.as_deref())
                    .or(reservations::applies_to.is_null().and(was.is_none().into_sql::<Bool>()))
            )
    )
    .set((reservations::name.eq(&own.name), reservations::applies_to.eq(applied.as_deref())))
    .execute(c))?;
    Ok(changed == 1)
}

/// Notes that others took the place of reservations; false when one of them was replaced or given back before.
///
/// # Errors
/// The store's own.
pub fn replace(
    tx: &mut Write<'_>,
    scope: &Scope,
    ids: &[ReservationId],
    now: Timestamp,
) -> Result<bool, Error> {
    let partner = scope.partner().to_string();
    let own: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let changed = both!(tx, |c| diesel::update(
        reservations::table
            .filter(reservations::partner_id.eq(&partner).and(reservations::id.eq_any(&own)))
            .filter(reservations::replaced_at.is_null().and(reservations::returned_at.is_null()))
    )
    .set(reservations::replaced_at.eq(Some(now.as_microsecond())))
    .execute(c))?;
    Ok(changed == own.len())
}

/// The lines of an order that have reservations, each once.
///
/// # Errors
/// The store's own.
pub fn lines_of(tx: &mut Read<'_>, scope: &Scope, order: OrderId) -> Result<Vec<u32>, Error> {
    let (partner, order) = (scope.partner().to_string(), order.to_string());
    let lines: Vec<i64> = both!(tx, |c| reservations::table
        .filter(reservations::partner_id.eq(&partner).and(reservations::order_id.eq(&order)))
        .select(reservations::line)
        .distinct()
        .load(c))?;
    lines.into_iter().map(|line| number("reservations.line", line)).collect()
}

/// Orders, over all partners, with a line for reservations that has none, or was handed over while they were not there: an
/// older version did that.
///
/// # Errors
/// The store's own.
pub fn behind(tx: &mut Read<'_>, limit: i64) -> Result<Vec<(PartnerId, OrderId)>, Error> {
    use diesel::dsl::{exists, not};
    let rows: Vec<(String, String)> = both!(tx, |c| order_lines::table
        .filter(order_lines::family.eq("reservation"))
        .filter(order_lines::state.ne("cancelled").and(order_lines::period_first.is_not_null()))
        .filter(not(exists(
            reservations::table
                .filter(reservations::partner_id.eq(order_lines::partner_id))
                .filter(reservations::order_id.eq(order_lines::order_id))
                .filter(reservations::line.eq(order_lines::number))
                .filter(reservations::made_at.is_not_null().or(order_lines::state.eq("pending")))
        )))
        .order((order_lines::partner_id.asc(), order_lines::order_id.asc()))
        .limit(limit)
        .select((order_lines::partner_id, order_lines::order_id))
        .distinct()
        .load(c))?;
    rows.into_iter()
        .map(|(partner, order)| {
            Ok((read("order_lines.partner_id", &partner)?, read("order_lines.order_id", &order)?))
        })
        .collect()
}
