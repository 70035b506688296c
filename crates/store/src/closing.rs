//! Months that are compared and closed: what the sides came to, in what they differ, why, and what the vendor billed.

use chandlery_domain::close::{Difference, Gap, Sides, Sum};
use chandlery_domain::ids::PartnerId;
use chandlery_domain::invoice::Month;
use chandlery_domain::money::{Currency, Money};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::columns::{flag, instant, number, read, read_json, read_some, write_json};
use crate::db::{Conn, Read, Write, both};
use crate::error::Error;
use crate::schema::{invoices, month_closings, month_gaps, vendor_rows};

/// How many rows are written by one statement.
const PIECE: usize = 200;

/// Sides as they are kept: a number and minor units for each.
#[derive(Serialize, Deserialize)]
struct SidesRow {
    currency: String,
    ordered: (u64, i64),
    new: (u64, i64),
    further: (u64, i64),
    credited: (u64, i64),
    documents: u64,
    billed: (u64, i64),
    billed_back: (u64, i64),
}

impl SidesRow {
    fn of(own: &Sides) -> Self {
        let pair = |own: Sum| (own.count, own.amount.minor());
        Self {
            currency: own.currency().to_string(),
            ordered: pair(own.ordered),
            new: pair(own.new),
            further: pair(own.further),
            credited: pair(own.credited),
            documents: own.documents,
            billed: pair(own.billed),
            billed_back: pair(own.billed_back),
        }
    }

    fn read(self) -> Result<Sides, Error> {
        let currency: Currency = read("month_closings.sides", &self.currency)?;
        let sum = |(count, minor): (u64, i64)| Sum { count, amount: Money::new(minor, currency) };
        Ok(Sides {
            ordered: sum(self.ordered),
            new: sum(self.new),
            further: sum(self.further),
            credited: sum(self.credited),
            documents: self.documents,
            billed: sum(self.billed),
            billed_back: sum(self.billed_back),
        })
    }
}

/// How a month stands.
#[derive(Debug, Clone)]
pub struct Closing {
    /// Which comparison is under way, or broke off.
    pub running: Option<Uuid>,
    /// When a comparison ended last; none where what is compared changed since.
    pub compared_at: Option<Timestamp>,
    /// What each side came to then, by currency.
    pub sides: Vec<Sides>,
    /// Since when it is closed.
    pub closed_at: Option<Timestamp>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = month_closings)]
struct ClosingRow {
    running: Option<String>,
    compared_at: Option<i64>,
    sides: String,
    closed_at: Option<i64>,
}

impl ClosingRow {
    fn read(self) -> Result<Closing, Error> {
        let at = |name, at: Option<i64>| at.map(|at| instant(name, at)).transpose();
        let sides: Vec<SidesRow> = read_json("month_closings.sides", &self.sides)?;
        Ok(Closing {
            running: read_some("month_closings.running", self.running.as_deref())?,
            compared_at: at("month_closings.compared_at", self.compared_at)?,
            sides: sides.into_iter().map(SidesRow::read).collect::<Result<_, _>>()?,
            closed_at: at("month_closings.closed_at", self.closed_at)?,
        })
    }
}

/// How a month stands; nothing where it was never compared.
///
/// # Errors
/// The store's own.
pub fn find(tx: &mut Read<'_>, month: Month) -> Result<Option<Closing>, Error> {
    let row: Option<ClosingRow> = both!(tx, |c| month_closings::table
        .find(month.to_string())
        .select(ClosingRow::as_select())
        .first(c)
        .optional())?;
    row.map(ClosingRow::read).transpose()
}

/// The same; nobody else changes how it stands until the transaction ends. On PostgreSQL its row is locked; SQLite has one writer.
///
/// # Errors
/// The store's own.
pub fn hold(tx: &mut Write<'_>, month: Month) -> Result<Option<Closing>, Error> {
    if let Conn::Pg(connection) = &mut tx.conn {
        let row = month_closings::table.find(month.to_string()).select(ClosingRow::as_select());
        return row.for_update().first(*connection).optional()?.map(ClosingRow::read).transpose();
    }
    find(tx, month)
}

/// Whether a month is closed.
///
/// # Errors
/// The store's own.
pub fn is_closed(tx: &mut Read<'_>, month: Month) -> Result<bool, Error> {
    let at: Option<Option<i64>> = both!(tx, |c| month_closings::table
        .find(month.to_string())
        .select(month_closings::closed_at)
        .first(c)
        .optional())?;
    Ok(at.flatten().is_some())
}

/// Makes the row of a month, where it has none, so that it can be held.
///
/// # Errors
/// The store's own.
pub fn make(tx: &mut Write<'_>, month: Month) -> Result<(), Error> {
    both!(tx, |c| diesel::insert_into(month_closings::table)
        .values((month_closings::month.eq(month.to_string()), month_closings::sides.eq("[]")))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// Says that a comparison of a month begins; one that runs elsewhere is not taken any more. False when the month is closed.
///
/// # Errors
/// The store's own.
pub fn begin(tx: &mut Write<'_>, month: Month, run: Uuid) -> Result<bool, Error> {
    make(tx, month)?;
    let (name, run) = (month.to_string(), run.to_string());
    let begun = both!(tx, |c| diesel::update(
        month_closings::table.find(&name).filter(month_closings::closed_at.is_null())
    )
    .set(month_closings::running.eq(Some(&run)))
    .execute(c))?;
    Ok(begun == 1)
}

/// Whether a comparison is still the one that counts; nobody begins another, or closes the month, until the transaction ends.
fn counts_still(tx: &mut Write<'_>, month: Month, run: Uuid) -> Result<bool, Error> {
    Ok(hold(tx, month)?.is_some_and(|own| own.running == Some(run)))
}

/// What was compared changed: it has to be compared again before the month is closed, and a comparison under way does not count.
///
/// # Errors
/// The store's own.
pub fn compare_again(tx: &mut Write<'_>, month: Month) -> Result<(), Error> {
    both!(tx, |c| diesel::update(
        month_closings::table.find(month.to_string()).filter(month_closings::closed_at.is_null())
    )
    .set((month_closings::running.eq(None::<String>), month_closings::compared_at.eq(None::<i64>)))
    .execute(c))?;
    Ok(())
}

/// Keeps in what a month's sides differ, as one comparison sees it; false where that comparison does not count any more. What was
/// explained stays explained as long as it is the same difference.
///
/// # Errors
/// The store's own.
pub fn keep(tx: &mut Write<'_>, month: Month, list: &[Difference], run: Uuid) -> Result<bool, Error> {
    const SAME: &str = "coalesce(month_gaps.expected, 0) = coalesce(excluded.expected, 0) and coalesce(month_gaps.found, 0) = coalesce(excluded.found, 0) and month_gaps.detail = excluded.detail";
    if !counts_still(tx, month, run)? {
        return Ok(false);
    }
    let rows: Vec<_> = list
        .iter()
        .map(|own| {
            (
                month_gaps::month.eq(month.to_string()),
                month_gaps::gap.eq(own.gap.as_str()),
                month_gaps::partner_id.eq(own.partner.map(|id| id.to_string()).unwrap_or_default()),
                month_gaps::subject.eq(own.subject.clone()),
                month_gaps::currency.eq(own.currency.map(|own| own.to_string())),
                month_gaps::expected.eq(own.expected),
                month_gaps::found.eq(own.found),
                // Nobody saw those that are not kept: each comparison asks anew.
                month_gaps::detail.eq(match own.gap {
                    Gap::MoreThanKept => run.to_string(),
                    _ => own.detail.clone(),
                }),
                month_gaps::seen_by.eq(run.to_string()),
            )
        })
        .collect();
    let kept = |column: &str| format!("case when {SAME} then month_gaps.{column} end");
    for piece in rows.chunks(PIECE) {
        both!(tx, |c| diesel::insert_into(month_gaps::table)
            .values(piece)
            .on_conflict((month_gaps::month, month_gaps::gap, month_gaps::partner_id, month_gaps::subject))
            .do_update()
            .set((
                month_gaps::reason.eq(diesel::dsl::sql::<Nullable<Text>>(&kept("reason"))),
                month_gaps::explained_at.eq(diesel::dsl::sql::<Nullable<BigInt>>(&kept("explained_at"))),
                month_gaps::currency.eq(diesel::upsert::excluded(month_gaps::currency)),
                month_gaps::expected.eq(diesel::upsert::excluded(month_gaps::expected)),
                month_gaps::found.eq(diesel::upsert::excluded(month_gaps::found)),
                month_gaps::detail.eq(diesel::upsert::excluded(month_gaps::detail)),
                month_gaps::seen_by.eq(diesel::upsert::excluded(month_gaps::seen_by)),
            ))
            .execute(c))?;
    }
    Ok(true)
}

/// Puts down that a month was compared: what each side came to. Differences that were not seen this time are forgotten. False where
/// that comparison does not count any more.
///
/// # Errors
/// The store's own.
pub fn compared(
    tx: &mut Write<'_>,
    month: Month,
    sides: &[Sides],
    (run, at): (Uuid, Timestamp),
) -> Result<bool, Error> {
    if !counts_still(tx, month, run)? {
        return Ok(false);
    }
    let rows: Vec<SidesRow> = sides.iter().map(SidesRow::of).collect();
    let text = write_json("month_closings.sides", &rows)?;
    let name = month.to_string();
    both!(tx, |c| diesel::delete(month_gaps::table)
        .filter(month_gaps::month.eq(&name).and(month_gaps::seen_by.ne(run.to_string())))
        .execute(c))?;
    both!(tx, |c| diesel::update(month_closings::table.find(&name))
        .set((
            month_closings::running.eq(None::<String>),
            month_closings::compared_at.eq(Some(at.as_microsecond())),
            month_closings::sides.eq(&text),
        ))
        .execute(c))?;
    Ok(true)
}

/// How many documents of a month were issued.
///
/// # Errors
/// The store's own.
pub fn issued(tx: &mut Read<'_>, month: Month) -> Result<u64, Error> {
    let count: i64 =
        both!(tx, |c| invoices::table.filter(invoices::month.eq(month.to_string())).count().get_result(c))?;
    number("invoices", count)
}

/// Closes a month that was compared, or opens a closed one again; false when it stands otherwise.
///
/// # Errors
/// The store's own.
pub fn set_closed(tx: &mut Write<'_>, month: Month, at: Option<Timestamp>) -> Result<bool, Error> {
    let own = month_closings::table.find(month.to_string());
    let changed = match at {
        Some(at) => both!(tx, |c| diesel::update(own.filter(month_closings::closed_at.is_null()))
            .set(month_closings::closed_at.eq(Some(at.as_microsecond())))
            .execute(c))?,
        None => both!(tx, |c| diesel::update(own.filter(month_closings::closed_at.is_not_null()))
            .set(month_closings::closed_at.eq(None::<i64>))
            .execute(c))?,
    };
    Ok(changed == 1)
}

/// How many differences of a kind there are, and how many of them nobody has explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// The kind.
    pub gap: Gap,
    /// How many there are.
    pub all: i64,
    /// How many nobody has explained.
    pub open: i64,
}

/// How many differences a month has, by kind.
///
/// # Errors
/// The store's own.
pub fn counts(tx: &mut Read<'_>, month: Month) -> Result<Vec<Counted>, Error> {
    let rows: Vec<(String, i64, i64)> = both!(tx, |c| month_gaps::table
        .filter(month_gaps::month.eq(month.to_string()))
        .group_by(month_gaps::gap)
        .select((
            month_gaps::gap,
            diesel::dsl::count_star(),
            diesel::dsl::sql::<BigInt>(
                "cast(sum(case when month_gaps.reason is null then 1 else 0 end) as bigint)"
            ),
        ))
        .load(c))?;
    let mut all = rows
        .into_iter()
        .map(|(gap, all, open)| Ok(Counted { gap: read("month_gaps.gap", &gap)?, all, open }))
        .collect::<Result<Vec<_>, Error>>()?;
    all.sort_by_key(|own| own.gap);
    Ok(all)
}

/// How many differences of a month nobody has explained.
///
/// # Errors
/// The store's own.
pub fn open(tx: &mut Read<'_>, month: Month) -> Result<i64, Error> {
    Ok(both!(tx, |c| month_gaps::table
        .filter(month_gaps::month.eq(month.to_string()).and(month_gaps::reason.is_null()))
        .count()
        .get_result(c))?)
}

/// What names a difference of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its kind.
    pub gap: Gap,
    /// Whose it is; none for the vendor's.
    pub partner: Option<PartnerId>,
    /// What of.
    pub subject: String,
}

/// A difference as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The difference.
    pub own: Difference,
    /// Why it is as it is, where somebody said so.
    pub reason: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = month_gaps)]
struct GapRow {
    gap: String,
    partner_id: String,
    subject: String,
    currency: Option<String>,
    expected: Option<i64>,
    found: Option<i64>,
    detail: String,
    reason: Option<String>,
}

impl GapRow {
    fn read(self) -> Result<Kept, Error> {
        let partner = Some(self.partner_id).filter(|own| !own.is_empty());
        Ok(Kept {
            own: Difference {
                gap: read("month_gaps.gap", &self.gap)?,
                partner: read_some("month_gaps.partner_id", partner.as_deref())?,
                subject: self.subject,
                currency: read_some("month_gaps.currency", self.currency.as_deref())?,
                expected: self.expected,
                found: self.found,
                detail: self.detail,
            },
            reason: self.reason,
        })
    }
}

/// A page of a month's differences, those that nobody has explained or those that somebody has; after one, where it is given.
///
/// # Errors
/// The store's own.
pub fn page(
    tx: &mut Read<'_>,
    month: Month,
    explained: bool,
    after: Option<&Key>,
    limit: i64,
) -> Result<Vec<Kept>, Error> {
    let rows: Vec<GapRow> = both!(tx, |c| {
        let mut query = month_gaps::table.filter(month_gaps::month.eq(month.to_string())).into_boxed();
        query = match explained {
            true => query.filter(month_gaps::reason.is_not_null()),
            false => query.filter(month_gaps::reason.is_null()),
        };
        if let Some(own) = after {
            let gap = own.gap.as_str();
            let partner = own.partner.map(|id| id.to_string()).unwrap_or_default();
            let last =
                month_gaps::partner_id.eq(partner.clone()).and(month_gaps::subject.gt(own.subject.clone()));
            let same = month_gaps::gap.eq(gap).and(month_gaps::partner_id.gt(partner).or(last));
            query = query.filter(month_gaps::gap.ge(gap)).filter(month_gaps::gap.gt(gap).or(same));
        }
        query
            .order((month_gaps::gap.asc(), month_gaps::partner_id.asc(), month_gaps::subject.asc()))
            .limit(limit)
            .select(GapRow::as_select())
            .load(c)
    })?;
    rows.into_iter().map(GapRow::read).collect()
}

/// Says why a difference is as it is, or takes that back; false when it is not there any more, or stands otherwise.
///
/// # Errors
/// The store's own.
pub fn explain(
    tx: &mut Write<'_>,
    month: Month,
    key: &Key,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<bool, Error> {
    let partner = key.partner.map(|id| id.to_string()).unwrap_or_default();
    let own = month_gaps::table.find((partner, month.to_string(), key.gap.as_str(), key.subject.clone()));
    let values =
        (month_gaps::reason.eq(reason), month_gaps::explained_at.eq(reason.map(|_| now.as_microsecond())));
    let changed = match reason {
        Some(_) => {
            both!(tx, |c| diesel::update(own.filter(month_gaps::reason.is_null())).set(values).execute(c))?
        }
        None => both!(tx, |c| diesel::update(own.filter(month_gaps::reason.is_not_null()))
            .set(values)
            .execute(c))?,
    };
    Ok(changed == 1)
}

/// What a vendor billed of a product in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorRow {
    /// The bill's number; empty where it says none.
    pub bill: String,
    /// The product and its variant, such as `DG7GMGF0DWMS:0002`.
    pub product: String,
    /// Whether it was given back.
    pub credit: bool,
    /// How many.
    pub quantity: i64,
    /// What they come to, in the vendor's currency.
    pub amount: Money,
    /// On how many lines.
    pub lines: u64,
}

/// Puts what the vendor billed for a month in place of what was read of the same bills before; how many lines of them there were.
///
/// # Errors
/// The store's own.
pub fn set_vendor(tx: &mut Write<'_>, month: Month, list: &[VendorRow]) -> Result<u64, Error> {
    let name = month.to_string();
    let mut bills: Vec<&str> = list.iter().map(|own| own.bill.as_str()).collect();
    bills.sort_unstable();
    bills.dedup();
    let mut before = 0_i64;
    for piece in bills.chunks(PIECE) {
        let lines: Vec<i64> = both!(tx, |c| vendor_rows::table
            .filter(vendor_rows::month.eq(&name).and(vendor_rows::bill.eq_any(piece)))
            .select(vendor_rows::lines)
            .load(c))?;
        before = lines.into_iter().fold(before, i64::saturating_add);
        both!(tx, |c| diesel::delete(vendor_rows::table)
            .filter(vendor_rows::month.eq(&name).and(vendor_rows::bill.eq_any(piece)))
            .execute(c))?;
    }
    let rows =
        list.iter()
            .map(|own| {
                Ok((
                    vendor_rows::month.eq(&name),
                    vendor_rows::bill.eq(own.bill.clone()),
                    vendor_rows::product.eq(own.product.clone()),
                    vendor_rows::currency.eq(own.amount.currency().to_string()),
                    vendor_rows::credit.eq(i64::from(own.credit)),
                    vendor_rows::quantity.eq(own.quantity),
                    vendor_rows::amount.eq(own.amount.minor()),
                    vendor_rows::lines.eq(i64::try_from(own.lines)
                        .map_err(|_| Error::broken("vendor_rows.lines", own.lines))?),
                ))
            })
            .collect::<Result<Vec<_>, Error>>()?;
    for piece in rows.chunks(PIECE) {
        both!(tx, |c| diesel::insert_into(vendor_rows::table).values(piece).execute(c))?;
    }
    number("vendor_rows.lines", before)
}

/// Takes a vendor's bill away; false when it is not there.
///
/// # Errors
/// The store's own.
pub fn remove_vendor(tx: &mut Write<'_>, month: Month, bill: &str) -> Result<bool, Error> {
    let gone = both!(tx, |c| diesel::delete(vendor_rows::table)
        .filter(vendor_rows::month.eq(month.to_string()).and(vendor_rows::bill.eq(bill)))
        .execute(c))?;
    Ok(gone > 0)
}

/// How many of each product the vendor billed for a month, and how many it took back.
///
/// # Errors
/// The store's own.
pub fn vendor_quantities(tx: &mut Read<'_>, month: Month) -> Result<Vec<(String, bool, i64)>, Error> {
    let rows: Vec<(String, i64, i64)> = both!(tx, |c| vendor_rows::table
        .filter(vendor_rows::month.eq(month.to_string()))
        .group_by((vendor_rows::product, vendor_rows::credit))
        .select((
            vendor_rows::product,
            vendor_rows::credit,
            diesel::dsl::sql::<BigInt>("cast(sum(vendor_rows.quantity) as bigint)"),
        ))
        .load(c))?;
    rows.into_iter()
        .map(|(product, credit, quantity)| Ok((product, flag("vendor_rows.credit", credit)?, quantity)))
        .collect()
}

/// What the vendor billed for a month in all, by bill and currency: charges less credits, with the number of lines; so many at most.
///
/// # Errors
/// The store's own.
pub fn vendor_bills(tx: &mut Read<'_>, month: Month, limit: i64) -> Result<Vec<(String, Sum)>, Error> {
    let rows: Vec<(String, String, i64, i64)> = both!(tx, |c| vendor_rows::table
        .filter(vendor_rows::month.eq(month.to_string()))
        .group_by((vendor_rows::bill, vendor_rows::currency))
        .order((vendor_rows::bill.asc(), vendor_rows::currency.asc()))
        .select((
            vendor_rows::bill,
            vendor_rows::currency,
            diesel::dsl::sql::<BigInt>("cast(sum(vendor_rows.lines) as bigint)"),
            diesel::dsl::sql::<BigInt>("cast(sum(vendor_rows.amount) as bigint)"),
        ))
        .limit(limit)
        .load(c))?;
    rows.into_iter()
        .map(|(bill, currency, lines, minor)| {
            let currency = read("vendor_rows.currency", &currency)?;
            Ok((
                bill,
                Sum { count: number("vendor_rows.lines", lines)?, amount: Money::new(minor, currency) },
            ))
        })
        .collect()
}
