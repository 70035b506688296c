//! Questions whether a key may be opened, where the operator asks for a second person.

use chandlery_domain::access::Scope;
use chandlery_domain::ids::{ApprovalId, CustomerId};
use chandlery_domain::key::LineRef;
use chandlery_domain::media::Version;
use diesel::prelude::*;
use jiff::Timestamp;

use crate::columns::{instant, number, read};
use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::key_approvals;

/// A question, and its answer once there is one.
#[derive(Debug, Clone)]
pub struct Approval {
    /// Its id.
    pub id: ApprovalId,
    /// Whose key it is.
    pub customer: CustomerId,
    /// The purchase.
    pub line: LineRef,
    /// The version.
    pub version: Version,
    /// Why the key is to be opened.
    pub reason: Option<String>,
    /// The id of whoever asked.
    pub asked_by: String,
    /// When.
    pub asked_at: Timestamp,
    /// The id of whoever agreed.
    pub answered_by: Option<String>,
    /// Until when it can be answered, and used.
    pub ends_at: Timestamp,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = key_approvals, treat_none_as_default_value = false)]
struct Row {
    partner_id: String,
    id: String,
    customer_id: String,
    order_id: String,
    line: i64,
    version: String,
    reason: Option<String>,
    asked_by: String,
    asked_at: i64,
    answered_by: Option<String>,
    answered_at: Option<i64>,
    ends_at: i64,
}

impl Row {
    fn read(self) -> Result<Approval, Error> {
        Ok(Approval {
            id: read("key_approvals.id", &self.id)?,
            customer: read("key_approvals.customer_id", &self.customer_id)?,
            line: LineRef {
                order: read("key_approvals.order_id", &self.order_id)?,
                line: number("key_approvals.line", self.line)?,
            },
            version: read("key_approvals.version", &self.version)?,
            reason: self.reason,
            asked_by: self.asked_by,
            asked_at: instant("key_approvals.asked_at", self.asked_at)?,
            answered_by: self.answered_by,
            ends_at: instant("key_approvals.ends_at", self.ends_at)?,
        })
    }
}

/// Adds a question.
///
/// # Errors
/// The store's own.
pub fn insert(tx: &mut Write<'_>, scope: &Scope, own: &Approval) -> Result<(), Error> {
    let row = Row {
        partner_id: scope.partner().to_string(),
        id: own.id.to_string(),
        customer_id: own.customer.to_string(),
        order_id: own.line.order.to_string(),
        line: own.line.line.into(),
        version: own.version.to_string(),
        reason: own.reason.clone(),
        asked_by: own.asked_by.clone(),
        asked_at: own.asked_at.as_microsecond(),
        answered_by: None,
        answered_at: None,
        ends_at: own.ends_at.as_microsecond(),
    };
    both!(tx, |c| diesel::insert_into(key_approvals::table).values(&row).execute(c))?;
    Ok(())
}

/// A question.
///
/// # Errors
/// The store's own.
pub fn find(tx: &mut Read<'_>, scope: &Scope, id: ApprovalId) -> Result<Option<Approval>, Error> {
    let (partner, id) = (scope.partner().to_string(), id.to_string());
    let row: Option<Row> = both!(tx, |c| key_approvals::table
        .find((&partner, &id))
        .select(Row::as_select())
        .first(c)
        .optional())?;
    row.map(Row::read).transpose()
}

/// The newest question about a line's key of a version that is not over, by whoever asked.
///
/// # Errors
/// The store's own.
pub fn current(
    tx: &mut Read<'_>,
    scope: &Scope,
    (line, version): (LineRef, &Version),
    asked_by: &str,
    now: Timestamp,
) -> Result<Option<Approval>, Error> {
    let (partner, order) = (scope.partner().to_string(), line.order.to_string());
    let row: Option<Row> = both!(tx, |c| key_approvals::table
        .filter(key_approvals::partner_id.eq(&partner).and(key_approvals::order_id.eq(&order)))
        .filter(key_approvals::line.eq(i64::from(line.line)).and(key_approvals::version.eq(version.as_str())))
        .filter(key_approvals::asked_by.eq(asked_by).and(key_approvals::ends_at.gt(now.as_microsecond())))
        .order(key_approvals::id.desc())
        .select(Row::as_select())
        .first(c)
        .optional())?;
    row.map(Row::read).transpose()
}

/// The questions nobody has answered, oldest first.
///
/// # Errors
/// The store's own.
pub fn open(tx: &mut Read<'_>, scope: &Scope, now: Timestamp, limit: i64) -> Result<Vec<Approval>, Error> {
    let partner = scope.partner().to_string();
    let rows: Vec<Row> = both!(tx, |c| key_approvals::table
        .filter(key_approvals::partner_id.eq(&partner).and(key_approvals::ends_at.gt(now.as_microsecond())))
        .filter(key_approvals::answered_at.is_null())
        .order(key_approvals::id.asc())
        .limit(limit)
        .select(Row::as_select())
        .load(c))?;
    rows.into_iter().map(Row::read).collect()
}

/// Answers a question; false when somebody did before.
///
/// # Errors
/// The store's own.
pub fn answer(
    tx: &mut Write<'_>,
    scope: &Scope,
    id: ApprovalId,
    by: &str,
    (now, ends_at): (Timestamp, Timestamp),
) -> Result<bool, Error> {
    let (partner, id) = (scope.partner().to_string(), id.to_string());
    let changed = both!(tx, |c| diesel::update(
        key_approvals::table.find((&partner, &id)).filter(key_approvals::answered_at.is_null())
    )
    .set((
        key_approvals::answered_by.eq(Some(by)),
        key_approvals::answered_at.eq(Some(now.as_microsecond())),
        key_approvals::ends_at.eq(ends_at.as_microsecond()),
    ))
    .execute(c))?;
    Ok(changed == 1)
}
