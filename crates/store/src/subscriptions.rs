//! Subscriptions of a customer.

use chandlery_domain::access::Scope;
use chandlery_domain::calendar::Period;
use chandlery_domain::ids::{CustomerId, OrderId, PartnerId, SubscriptionId};
use chandlery_domain::subscription::Subscription;
use diesel::prelude::*;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::columns::{flag, instant, number, read};
use crate::db::{Kept, Read, Write, both, insert_rows};
use crate::error::Error;
use crate::schema::subscriptions;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = subscriptions, treat_none_as_default_value = false)]
struct Row {
    partner_id: String,
    id: String,
    customer_id: String,
    order_id: String,
    line: i64,
    item: String,
    title: String,
    friendly_name: String,
    quantity: i64,
    term: String,
    cycle: String,
    period_first: String,
    period_last: String,
    auto_renew: i64,
    created_at: i64,
    cancelled_at: Option<i64>,
    revision: i64,
    charged_through: String,
}

impl Row {
    fn read(self) -> Result<(Subscription, i64), Error> {
        let subscription = Subscription {
            id: read("subscriptions.id", &self.id)?,
            customer: read("subscriptions.customer_id", &self.customer_id)?,
            order: read("subscriptions.order_id", &self.order_id)?,
            line: number("subscriptions.line", self.line)?,
            item: read("subscriptions.item", &self.item)?,
            title: self.title,
            friendly_name: self.friendly_name,
            quantity: number("subscriptions.quantity", self.quantity)?,
            term: read("subscriptions.term", &self.term)?,
            cycle: read("subscriptions.cycle", &self.cycle)?,
            period: Period {
                first: read("subscriptions.period_first", &self.period_first)?,
                last: read("subscriptions.period_last", &self.period_last)?,
            },
            charged_through: read("subscriptions.charged_through", &self.charged_through)?,
            auto_renew: flag("subscriptions.auto_renew", self.auto_renew)?,
            created_at: instant("subscriptions.created_at", self.created_at)?,
            cancelled_at: self
                .cancelled_at
                .map(|at| instant("subscriptions.cancelled_at", at))
                .transpose()?,
        };
        Ok((subscription, self.revision))
    }
}

/// A customer's subscription, with its revision.
///
/// # Errors
/// The store's own.
pub fn find(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    id: SubscriptionId,
) -> Result<Option<(Subscription, i64)>, Error> {
    let (partner, customer, id) = (scope.partner().to_string(), customer.to_string(), id.to_string());
    let row: Option<Row> = both!(tx, |c| subscriptions::table
        .find((&partner, &id))
        .filter(subscriptions::customer_id.eq(&customer))
        .select(Row::as_select())
        .first(c)
        .optional())?;
    row.map(Row::read).transpose()
}

/// A page of a customer's subscriptions, oldest first, with their revisions; of one order only where one is named.
///
/// # Errors
/// The store's own.
pub fn list(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    order: Option<OrderId>,
    after: Option<SubscriptionId>,
    limit: i64,
) -> Result<Vec<(Subscription, i64)>, Error> {
    let (partner, customer) = (scope.partner().to_string(), customer.to_string());
    let rows: Vec<Row> = both!(tx, |c| {
        let mut query = subscriptions::table
            .filter(subscriptions::partner_id.eq(&partner).and(subscriptions::customer_id.eq(&customer)))
            .select(Row::as_select())
            .into_boxed();
        if let Some(order) = &order {
            query = query.filter(subscriptions::order_id.eq(order.to_string()));
        }
        if let Some(after) = &after {
            query = query.filter(subscriptions::id.gt(after.to_string()));
        }
        query.order(subscriptions::id.asc()).limit(limit).load(c)
    })?;
    rows.into_iter().map(Row::read).collect()
}

/// The partner's subscriptions whose term ends between two days and that were not cancelled, soonest first.
///
/// # Errors
/// The store's own.
pub fn ending(
    tx: &mut Read<'_>,
    scope: &Scope,
    (from, to): (Date, Date),
    limit: i64,
) -> Result<Vec<Subscription>, Error> {
    let partner = scope.partner().to_string();
    let rows: Vec<Row> = both!(tx, |c| subscriptions::table
        .filter(subscriptions::partner_id.eq(&partner).and(subscriptions::cancelled_at.is_null()))
        .filter(subscriptions::period_last.ge(from.to_string()))
        .filter(subscriptions::period_last.le(to.to_string()))
        .order((subscriptions::period_last.asc(), subscriptions::id.asc()))
        .limit(limit)
        .select(Row::as_select())
        .load(c))?;
    rows.into_iter().map(|row| Ok(row.read()?.0)).collect()
}

/// A subscription with something to charge, and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The partner.
    pub partner: PartnerId,
    /// The customer.
    pub customer: CustomerId,
    /// The subscription.
    pub id: SubscriptionId,
    /// Through which day it was charged for.
    pub charged_through: Date,
}

/// Subscriptions of all partners that were charged for through a day before `today` only and go on, longest due first;
/// after `after` in that order.
///
/// # Errors
/// The store's own.
pub fn due(tx: &mut Read<'_>, today: Date, after: Option<Due>, limit: i64) -> Result<Vec<Due>, Error> {
    let rows: Vec<(String, String, String, String)> = both!(tx, |c| {
        let goes_on =
            subscriptions::auto_renew.eq(1).or(subscriptions::charged_through.lt(subscriptions::period_last));
        let mut query = subscriptions::table
            .filter(subscriptions::charged_through.lt(today.to_string()))
            .filter(subscriptions::cancelled_at.is_null().and(goes_on))
            .select((
                subscriptions::partner_id,
                subscriptions::customer_id,
                subscriptions::id,
                subscriptions::charged_through,
            ))
            .into_boxed();
        if let Some(own) = after {
            let (day, partner, id) =
                (own.charged_through.to_string(), own.partner.to_string(), own.id.to_string());
            let same_partner = subscriptions::partner_id.eq(partner.clone()).and(subscriptions::id.gt(id));
            let same_day = subscriptions::charged_through
                .eq(day.clone())
                .and(subscriptions::partner_id.gt(partner).or(same_partner));
            query = query.filter(subscriptions::charged_through.gt(day).or(same_day));
        }
        query
            .order((
                subscriptions::charged_through.asc(),
                subscriptions::partner_id.asc(),
                subscriptions::id.asc(),
            ))
            .limit(limit)
            .load(c)
    })?;
    rows.into_iter()
        .map(|(partner, customer, id, charged_through)| {
            Ok(Due {
                partner: read("subscriptions.partner_id", &partner)?,
                customer: read("subscriptions.customer_id", &customer)?,
                id: read("subscriptions.id", &id)?,
                charged_through: read("subscriptions.charged_through", &charged_through)?,
            })
        })
        .collect()
}

/// Adds subscriptions.
///
/// # Errors
/// The store's own; a line that became a subscription before is a unique violation.
pub fn insert(tx: &mut Write<'_>, scope: &Scope, list: &[Subscription]) -> Result<(), Error> {
    if list.is_empty() {
        return Ok(());
    }
    let rows: Vec<Row> = list
        .iter()
        .map(|subscription| Row {
            partner_id: scope.partner().to_string(),
            id: subscription.id.to_string(),
            customer_id: subscription.customer.to_string(),
            order_id: subscription.order.to_string(),
            line: subscription.line.into(),
            item: subscription.item.to_string(),
            title: subscription.title.clone(),
            friendly_name: subscription.friendly_name.clone(),
            quantity: subscription.quantity.into(),
            term: subscription.term.as_str().into(),
            cycle: subscription.cycle.as_str().into(),
            period_first: subscription.period.first.to_string(),
            period_last: subscription.period.last.to_string(),
            auto_renew: subscription.auto_renew.into(),
            created_at: subscription.created_at.as_microsecond(),
            cancelled_at: subscription.cancelled_at.map(Timestamp::as_microsecond),
            revision: 1,
            charged_through: subscription.charged_through.to_string(),
        })
        .collect();
    insert_rows!(tx, subscriptions::table, rows)?;
    Ok(())
}

/// Saves name, term, renewal and end of a subscription; false when somebody else changed it since.
///
/// # Errors
/// The store's own.
pub fn save(
    tx: &mut Write<'_>,
    scope: &Scope,
    subscription: &Subscription,
    revision: i64,
) -> Result<bool, Error> {
    let (partner, id) = (scope.partner().to_string(), subscription.id.to_string());
    let changed = both!(tx, |c| Kept(
        diesel::update(
            subscriptions::table.find((&partner, &id)).filter(subscriptions::revision.eq(revision))
        )
        .set((
            subscriptions::friendly_name.eq(&subscription.friendly_name),
            subscriptions::auto_renew.eq(i64::from(subscription.auto_renew)),
            subscriptions::period_first.eq(subscription.period.first.to_string()),
            subscriptions::period_last.eq(subscription.period.last.to_string()),
            subscriptions::charged_through.eq(subscription.charged_through.to_string()),
            subscriptions::cancelled_at.eq(subscription.cancelled_at.map(Timestamp::as_microsecond)),
            subscriptions::revision.eq(revision.saturating_add(1)),
        ))
    )
    .execute(c))?;
    Ok(changed == 1)
}

/// Ends the subscriptions that lines of an order became.
///
/// # Errors
/// The store's own.
pub fn cancel(
    tx: &mut Write<'_>,
    scope: &Scope,
    order: OrderId,
    lines: &[u32],
    now: Timestamp,
) -> Result<(), Error> {
    let (partner, order) = (scope.partner().to_string(), order.to_string());
    let lines: Vec<i64> = lines.iter().map(|line| i64::from(*line)).collect();
    both!(tx, |c| Kept(
        diesel::update(
            subscriptions::table.filter(
                subscriptions::partner_id
                    .eq(&partner)
                    .and(subscriptions::order_id.eq(&order))
                    .and(subscriptions::line.eq_any(&lines))
                    .and(subscriptions::cancelled_at.is_null())
            )
        )
        .set((
            subscriptions::cancelled_at.eq(Some(now.as_microsecond())),
            subscriptions::auto_renew.eq(0),
            subscriptions::revision.eq(subscriptions::revision + 1),
        ))
    )
    .execute(c))?;
    Ok(())
}
