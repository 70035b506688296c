//! What the operator sees over all partners: how much waits, how large the database is, what was ordered lately.

use chandlery_domain::catalog::Family;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::columns::{instant, read};
use crate::db::{Conn, Read, both};
use crate::error::Error;
use crate::schema::{audit_inbox, customers, work};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// What waits in a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// How many.
    pub count: i64,
    /// Since when the oldest of them.
    pub oldest: Option<Timestamp>,
    /// How many of them went wrong before.
    pub troubled: i64,
}

/// The work that waits.
///
/// # Errors
/// The store's own.
pub fn waiting_work(tx: &mut Read<'_>) -> Result<Waiting, Error> {
    use diesel::dsl::{count, count_star, min};
    let (all, oldest, troubled): (i64, Option<i64>, i64) = both!(tx, |c| work::table
        .select((count_star(), min(work::due_at), count(work::last_error)))
        .first(c))?;
    let oldest = oldest.map(|at| instant("work.due_at", at)).transpose()?;
    Ok(Waiting { count: all, oldest, troubled })
}

/// The entries of all logs that are not sealed yet.
///
/// # Errors
/// The store's own.
pub fn unsealed(tx: &mut Read<'_>) -> Result<Waiting, Error> {
    use diesel::dsl::{count_star, min};
    let (all, oldest): (i64, Option<i64>) =
        both!(tx, |c| audit_inbox::table.select((count_star(), min(audit_inbox::at))).first(c))?;
    let oldest = oldest.map(|at| instant("audit_inbox.at", at)).transpose()?;
    Ok(Waiting { count: all, oldest, troubled: 0 })
}

/// How many customers a partner has.
///
/// # Errors
/// The store's own.
pub fn customers_of(tx: &mut Read<'_>, scope: &chandlery_domain::access::Scope) -> Result<i64, Error> {
    let partner = scope.partner().to_string();
    Ok(both!(tx, |c| customers::table.filter(customers::partner_id.eq(&partner)).count().get_result(c))?)
}

#[derive(QueryableByName)]
struct Size {
    #[diesel(sql_type = BigInt)]
    bytes: i64,
}

/// How many bytes the database takes.
///
/// # Errors
/// The store's own.
pub fn size(tx: &mut Read<'_>) -> Result<i64, Error> {
    // Side by side, because each database is asked in its own words.
    let found: Size = match &mut tx.conn {
        Conn::Pg(connection) => diesel::sql_query("select pg_database_size(current_database()) as bytes")
            .get_result(*connection)?,
        Conn::Lite(connection) => diesel::sql_query(
            "select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()",
        )
        .get_result(*connection)?,
    };
    Ok(found.bytes)
}

#[derive(QueryableByName)]
struct OrdersOfDay {
    #[diesel(sql_type = Text)]
    family: String,
    #[diesel(sql_type = BigInt)]
    day: i64,
    #[diesel(sql_type = BigInt)]
    orders: i64,
}

/// How many orders with something of a family were placed on each day since an instant, over all partners.
///
/// # Errors
/// The store's own.
pub fn orders_by_day(tx: &mut Read<'_>, since: Timestamp) -> Result<Vec<(Family, Date, i64)>, Error> {
    let text = format!(
        "select l.family as family, o.placed_at / {DAY} as day, count(distinct o.id) as orders \
         from orders o join order_lines l on l.partner_id = o.partner_id and l.order_id = o.id \
         where o.placed_at >= {} group by l.family, o.placed_at / {DAY}",
        since.as_microsecond()
    );
    let rows: Vec<OrdersOfDay> = both!(tx, |c| diesel::sql_query(&text).load(c))?;
    rows.into_iter()
        .map(|own| {
            let at = instant("orders.placed_at", own.day.saturating_mul(DAY))?;
            let day = at.to_zoned(jiff::tz::TimeZone::UTC).date();
            Ok((read("order_lines.family", &own.family)?, day, own.orders))
        })
        .collect()
}
