//! Core licences a customer owns, and where they are in use (rule 9); the operator's tables beside them.

mod tables;

use chandlery_domain::access::Scope;
use chandlery_domain::benefit::{Edition, Use};
use chandlery_domain::ids::{CustomerId, OrderId, SubscriptionId};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

use crate::columns::{flag, number, read, read_some};
use crate::db::{Conn, Read, Write, both, insert_rows};
use crate::error::Error;
use crate::schema::{
    core_licences, customers, declared_licences, licence_uses, order_lines, orders, subscriptions,
};

pub use tables::{
    CoreLicence, DatedRate, Size, any, core_licences, put_rates, rates, regions, replace_core_licences,
    replace_sizes, sizes,
};

/// How many rows go into one statement.
const BATCH: usize = 1_000;
/// How many uses of a thousand names are looked at.
const NAMED_MAX: i64 = 100_000;
/// How many subscriptions, and how many declarations, of one customer are looked at.
const OWNED_MAX: i64 = 5_000;
/// Whether the subscription in the row is of the core licence in the row.
const SUBSCRIBED: &str = "subscriptions.item like core_licences.sku || ':%'";
/// Whether the order's line in the row is of the core licence in the row.
const BOUGHT: &str = "order_lines.item like core_licences.sku || ':%'";

/// Core licences a customer subscribes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscribed {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Its name.
    pub title: String,
    /// Of which edition.
    pub edition: Edition,
    /// How many cores all its units have.
    pub cores: u32,
    /// The first day.
    pub from: Date,
    /// The last day of the term that runs.
    pub through: Date,
    /// Whether it goes on by itself.
    pub renews: bool,
    /// The order it came from, with the line.
    pub line: (OrderId, u32),
}

/// Core licences from elsewhere, with Software Assurance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// Its id.
    pub id: Uuid,
    /// Of which edition.
    pub edition: Edition,
    /// How many cores.
    pub cores: u32,
    /// The first day of Software Assurance.
    pub from: Date,
    /// The last day of Software Assurance.
    pub through: Date,
    /// What the partner wrote beside it, such as the contract's number.
    pub note: String,
}

/// Core licences in use, with their name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its id.
    pub id: Uuid,
    /// What they are used for, such as a machine's name.
    pub name: String,
    /// The use.
    pub own: Use,
}

/// Who wrote something down, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// Who.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

/// The customer's subscriptions of core licences that run on a day or later.
///
/// # Errors
/// The store's own.
pub fn subscribed(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    day: Date,
) -> Result<Vec<Subscribed>, Error> {
    let (partner, customer, day) = (scope.partner().to_string(), customer.to_string(), day.to_string());
    type Row = (String, String, String, i64, i64, String, String, i64, String, i64);
    let rows: Vec<Row> = both!(tx, |c| subscriptions::table
        .inner_join(core_licences::table.on(sql::<Bool>(SUBSCRIBED)))
        .filter(subscriptions::partner_id.eq(&partner).and(subscriptions::customer_id.eq(&customer)))
        .filter(subscriptions::cancelled_at.is_null())
        .filter(subscriptions::period_last.ge(&day).or(subscriptions::auto_renew.eq(1)))
        .order(subscriptions::id.asc())
        .limit(OWNED_MAX)
        .select((
            subscriptions::id,
            subscriptions::title,
            core_licences::edition,
            core_licences::cores,
            subscriptions::quantity,
            subscriptions::period_first,
            subscriptions::period_last,
            subscriptions::auto_renew,
            subscriptions::order_id,
            subscriptions::line,
        ))
        .load(c))?;
    rows.into_iter()
        .map(|(id, title, edition, cores, quantity, first, last, renews, order, line)| {
            Ok(Subscribed {
                subscription: read("subscriptions.id", &id)?,
                title,
                edition: read("core_licences.edition", &edition)?,
                cores: number("subscriptions.quantity", cores.saturating_mul(quantity))?,
                from: read("subscriptions.period_first", &first)?,
                through: read("subscriptions.period_last", &last)?,
                renews: flag("subscriptions.auto_renew", renews)?,
                line: (read("subscriptions.order_id", &order)?, number("subscriptions.line", line)?),
            })
        })
        .collect()
}

/// How many cores of perpetual licences the customer bought here: they come without Software Assurance.
///
/// # Errors
/// The store's own.
pub fn perpetual_cores(tx: &mut Read<'_>, scope: &Scope, customer: CustomerId) -> Result<i64, Error> {
    let (partner, customer) = (scope.partner().to_string(), customer.to_string());
    Ok(both!(tx, |c| orders::table
        .inner_join(
            order_lines::table
                .on(order_lines::partner_id.eq(orders::partner_id).and(order_lines::order_id.eq(orders::id)))
        )
        .inner_join(core_licences::table.on(sql::<Bool>(BOUGHT)))
        .filter(orders::partner_id.eq(&partner).and(orders::customer_id.eq(&customer)))
        .filter(order_lines::family.eq("perpetual").and(order_lines::state.ne("cancelled")))
        .select(sql::<BigInt>("cast(coalesce(sum(core_licences.cores * order_lines.quantity), 0) as bigint)"))
        .get_result(c))?)
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = declared_licences)]
struct DeclaredRow {
    partner_id: String,
    customer_id: String,
    id: String,
    edition: String,
    cores: i64,
    covered_from: String,
    covered_through: String,
    note: String,
    declared_at: i64,
    declared_by: String,
}

/// Keeps a declaration.
///
/// # Errors
/// The store's own.
pub fn declare(
    tx: &mut Write<'_>,
    scope: &Scope,
    customer: CustomerId,
    own: &Declared,
    by: &By,
) -> Result<(), Error> {
    let row = DeclaredRow {
        partner_id: scope.partner().to_string(),
        customer_id: customer.to_string(),
        id: own.id.to_string(),
        edition: own.edition.as_str().to_owned(),
        cores: i64::from(own.cores),
        covered_from: own.from.to_string(),
        covered_through: own.through.to_string(),
        note: own.note.clone(),
        declared_at: by.at.as_microsecond(),
        declared_by: by.actor.clone(),
    };
    both!(tx, |c| diesel::insert_into(declared_licences::table).values(&row).execute(c))?;
    Ok(())
}

/// What was declared for a customer and covers a day or a later one.
///
/// # Errors
/// The store's own.
pub fn declared(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    day: Date,
) -> Result<Vec<Declared>, Error> {
    let (partner, customer, day) = (scope.partner().to_string(), customer.to_string(), day.to_string());
    let rows: Vec<DeclaredRow> = both!(tx, |c| declared_licences::table
        .filter(declared_licences::partner_id.eq(&partner).and(declared_licences::customer_id.eq(&customer)))
        .filter(declared_licences::covered_through.ge(&day))
        .order((declared_licences::covered_through.asc(), declared_licences::id.asc()))
        .limit(OWNED_MAX)
        .select(DeclaredRow::as_select())
        .load(c))?;
    rows.into_iter()
        .map(|row| {
            Ok(Declared {
                id: read("declared_licences.id", &row.id)?,
                edition: read("declared_licences.edition", &row.edition)?,
                cores: number("declared_licences.cores", row.cores)?,
                from: read("declared_licences.covered_from", &row.covered_from)?,
                through: read("declared_licences.covered_through", &row.covered_through)?,
                note: row.note,
            })
        })
        .collect()
}

/// Removes a declaration; says whether it was there.
///
/// # Errors
/// The store's own.
pub fn withdraw(tx: &mut Write<'_>, scope: &Scope, customer: CustomerId, id: Uuid) -> Result<bool, Error> {
    let (partner, customer, id) = (scope.partner().to_string(), customer.to_string(), id.to_string());
    let gone =
        both!(tx, |c| diesel::delete(declared_licences::table.find((&partner, &customer, &id))).execute(c))?;
    Ok(gone > 0)
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = licence_uses, treat_none_as_default_value = false)]
struct UseRow {
    partner_id: String,
    customer_id: String,
    id: String,
    edition: String,
    place: String,
    name: String,
    name_key: String,
    cores: i64,
    started: String,
    migrated: i64,
    ended: Option<String>,
    recorded_at: i64,
    recorded_by: String,
}

impl UseRow {
    fn read(self) -> Result<Recorded, Error> {
        Ok(Recorded {
            id: read("licence_uses.id", &self.id)?,
            name: self.name,
            own: Use {
                edition: read("licence_uses.edition", &self.edition)?,
                place: read("licence_uses.place", &self.place)?,
                cores: number("licence_uses.cores", self.cores)?,
                started: read("licence_uses.started", &self.started)?,
                migrated: flag("licence_uses.migrated", self.migrated)?,
                ended: read_some("licence_uses.ended", self.ended.as_deref())?,
            },
        })
    }
}

/// Keeps uses.
///
/// # Errors
/// The store's own.
pub fn record(
    tx: &mut Write<'_>,
    scope: &Scope,
    customer: CustomerId,
    list: &[Recorded],
    by: &By,
) -> Result<(), Error> {
    for part in list.chunks(BATCH) {
        let rows: Vec<UseRow> = part
            .iter()
            .map(|Recorded { id, name, own }| UseRow {
                partner_id: scope.partner().to_string(),
                customer_id: customer.to_string(),
                id: id.to_string(),
                edition: own.edition.as_str().to_owned(),
                place: own.place.as_str().to_owned(),
                name: name.clone(),
                name_key: name_key(name),
                cores: i64::from(own.cores),
                started: own.started.to_string(),
                migrated: i64::from(own.migrated),
                ended: own.ended.map(|day| day.to_string()),
                recorded_at: by.at.as_microsecond(),
                recorded_by: by.actor.clone(),
            })
            .collect();
        insert_rows!(tx, licence_uses::table, rows)?;
    }
    Ok(())
}

/// A use by its id.
///
/// # Errors
/// The store's own.
pub fn find_use(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    id: Uuid,
) -> Result<Option<Recorded>, Error> {
    let (partner, customer, id) = (scope.partner().to_string(), customer.to_string(), id.to_string());
    let row: Option<UseRow> = both!(tx, |c| licence_uses::table
        .find((&partner, &customer, &id))
        .select(UseRow::as_select())
        .first(c)
        .optional())?;
    row.map(UseRow::read).transpose()
}

/// The uses that have not ended before a day, after an id, by id.
///
/// # Errors
/// The store's own.
pub fn uses(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    day: Date,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Recorded>, Error> {
    let (partner, customer, day) = (scope.partner().to_string(), customer.to_string(), day.to_string());
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let rows: Vec<UseRow> = both!(tx, |c| licence_uses::table
        .filter(licence_uses::partner_id.eq(&partner).and(licence_uses::customer_id.eq(&customer)))
        .filter(licence_uses::ended.is_null().or(licence_uses::ended.ge(&day)))
        .filter(licence_uses::id.gt(&after))
        .order(licence_uses::id.asc())
        .limit(limit)
        .select(UseRow::as_select())
        .load(c))?;
    rows.into_iter().map(UseRow::read).collect()
}

/// Holds a customer's licences until the transaction ends, so that none is recorded twice. SQLite has one writer; on PostgreSQL
/// the customer's row is locked, which keeps no purchase waiting.
///
/// # Errors
/// The store's own.
pub fn hold(tx: &mut Write<'_>, scope: &Scope, customer: CustomerId) -> Result<(), Error> {
    if let Conn::Pg(connection) = &mut tx.conn {
        let (partner, customer) = (scope.partner().to_string(), customer.to_string());
        let _held: Option<String> = customers::table
            .find((&partner, &customer))
            .select(customers::id)
            .for_no_key_update()
            .first(*connection)
            .optional()?;
    }
    Ok(())
}

/// How many uses have not ended before a day.
///
/// # Errors
/// The store's own.
pub fn count_uses(tx: &mut Read<'_>, scope: &Scope, customer: CustomerId, day: Date) -> Result<usize, Error> {
    let (partner, customer, day) = (scope.partner().to_string(), customer.to_string(), day.to_string());
    let count: i64 = both!(tx, |c| licence_uses::table
        .filter(licence_uses::partner_id.eq(&partner).and(licence_uses::customer_id.eq(&customer)))
        .filter(licence_uses::ended.is_null().or(licence_uses::ended.ge(&day)))
        .count()
        .get_result(c))?;
    number("licence_uses", count)
}

/// What names are told apart by: Azure takes `WEB-1` and `web-1` for the same.
pub fn name_key(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Core licences in use in Azure under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What the name is told apart by.
    pub key: String,
    /// Whether it is a dedicated host.
    pub is_host: bool,
    /// Of which edition.
    pub edition: Edition,
    /// How many cores.
    pub cores: u32,
    /// Whether what is summed was moved from premises and has ended.
    pub moved_before: bool,
}

/// What is and was in use in Azure under some names: added up by name, place and edition, what has not ended by a day apart
/// from what was moved and has ended.
///
/// # Errors
/// The store's own.
pub fn named_uses(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    day: Date,
    names: &[String],
) -> Result<Vec<Named>, Error> {
    const RUNS: &str = "cast(case when licence_uses.ended is null or licence_uses.ended >= ";
    let (partner, customer, day) = (scope.partner().to_string(), customer.to_string(), day.to_string());
    let mut keys: Vec<String> = names.iter().map(|own| name_key(own)).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut found = Vec::new();
    for part in keys.chunks(BATCH) {
        type Row = (String, String, String, i64, i64, i64);
        let runs = || sql::<BigInt>(RUNS).bind::<Text, _>(day.clone()).sql(" then 1 else 0 end as bigint)");
        let rows: Vec<Row> = both!(tx, |c| licence_uses::table
            .filter(licence_uses::partner_id.eq(&partner).and(licence_uses::customer_id.eq(&customer)))
            .filter(licence_uses::place.ne("premises").and(licence_uses::name_key.eq_any(part)))
            .select((
                licence_uses::name_key,
                licence_uses::place,
                licence_uses::edition,
                licence_uses::migrated,
                licence_uses::cores,
                runs(),
            ))
            .limit(NAMED_MAX)
            .load(c))?;
        for (key, place, edition, migrated, cores, runs) in rows {
            if runs == 0 && migrated == 0 {
                continue;
            }
            found.push(Named {
                key,
                is_host: place == "host",
                edition: read("licence_uses.edition", &edition)?,
                cores: number("licence_uses.cores", cores)?,
                moved_before: runs == 0,
            });
        }
    }
    Ok(found)
}

/// The uses that have not ended before a day, added up: those of one edition, place, beginning and end are one.
///
/// # Errors
/// The store's own.
pub fn summed_uses(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    day: Date,
) -> Result<Vec<Use>, Error> {
    let (partner, customer, day) = (scope.partner().to_string(), customer.to_string(), day.to_string());
    type Row = (String, String, String, i64, Option<String>, i64);
    let rows: Vec<Row> = both!(tx, |c| licence_uses::table
        .filter(licence_uses::partner_id.eq(&partner).and(licence_uses::customer_id.eq(&customer)))
        .filter(licence_uses::ended.is_null().or(licence_uses::ended.ge(&day)))
        .group_by((
            licence_uses::edition,
            licence_uses::place,
            licence_uses::started,
            licence_uses::migrated,
            licence_uses::ended,
        ))
        .select((
            licence_uses::edition,
            licence_uses::place,
            licence_uses::started,
            licence_uses::migrated,
            licence_uses::ended,
            sql::<BigInt>("cast(sum(licence_uses.cores) as bigint)"),
        ))
        .load(c))?;
    rows.into_iter()
        .map(|(edition, place, started, migrated, ended, cores)| {
            Ok(Use {
                edition: read("licence_uses.edition", &edition)?,
                place: read("licence_uses.place", &place)?,
                cores: number("licence_uses.cores", cores)?,
                started: read("licence_uses.started", &started)?,
                migrated: flag("licence_uses.migrated", migrated)?,
                ended: read_some("licence_uses.ended", ended.as_deref())?,
            })
        })
        .collect()
}

/// Ends a use with a day, its last.
///
/// # Errors
/// The store's own.
pub fn end_use(
    tx: &mut Write<'_>,
    scope: &Scope,
    customer: CustomerId,
    id: Uuid,
    last: Date,
) -> Result<(), Error> {
    let (partner, customer, id) = (scope.partner().to_string(), customer.to_string(), id.to_string());
    both!(tx, |c| diesel::update(licence_uses::table.find((&partner, &customer, &id)))
        .set(licence_uses::ended.eq(last.to_string()))
        .execute(c))?;
    Ok(())
}
