//! What partners ask of the operator, and the answers.

use chandlery_domain::access::Scope;
use chandlery_domain::ids::{CustomerId, KeyId, PartnerId, ServiceRequestId};
use chandlery_domain::key::LineRef;
use diesel::prelude::*;
use jiff::Timestamp;

use crate::columns::{instant, number, read, read_some};
use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::service_requests;

/// A request for more activations of a key.
#[derive(Debug, Clone)]
pub struct ServiceRequest {
    /// Whose it is.
    pub partner: PartnerId,
    /// Its id.
    pub id: ServiceRequestId,
    /// For whom.
    pub customer: Option<CustomerId>,
    /// One line.
    pub title: String,
    /// Why.
    pub description: String,
    /// The purchase.
    pub line: LineRef,
    /// The key.
    pub key: KeyId,
    /// How many activations are wanted in all.
    pub wanted: u32,
    /// The id of whoever asked.
    pub asked_by: String,
    /// When.
    pub asked_at: Timestamp,
    /// What the operator said, and when; none while it is open.
    pub answered: Option<(String, Timestamp)>,
    /// Its revision.
    pub revision: i64,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = service_requests, treat_none_as_default_value = false)]
struct Row {
    partner_id: String,
    id: String,
    customer_id: Option<String>,
    topic: String,
    title: String,
    description: String,
    order_id: String,
    line: i64,
    key_id: String,
    wanted: i64,
    state: String,
    asked_by: String,
    asked_at: i64,
    answer: Option<String>,
    answered_at: Option<i64>,
    revision: i64,
}

impl Row {
    fn read(self) -> Result<ServiceRequest, Error> {
        let answered_at =
            self.answered_at.map(|at| instant("service_requests.answered_at", at)).transpose()?;
        Ok(ServiceRequest {
            partner: read("service_requests.partner_id", &self.partner_id)?,
            id: read("service_requests.id", &self.id)?,
            customer: read_some("service_requests.customer_id", self.customer_id.as_deref())?,
            title: self.title,
            description: self.description,
            line: LineRef {
                order: read("service_requests.order_id", &self.order_id)?,
                line: number("service_requests.line", self.line)?,
            },
            key: read("service_requests.key_id", &self.key_id)?,
            wanted: number("service_requests.wanted", self.wanted)?,
            asked_by: self.asked_by,
            asked_at: instant("service_requests.asked_at", self.asked_at)?,
            answered: answered_at.map(|at| (self.answer.unwrap_or_default(), at)),
            revision: self.revision,
        })
    }
}

/// Adds a request.
///
/// # Errors
/// The store's own.
pub fn insert(tx: &mut Write<'_>, scope: &Scope, own: &ServiceRequest) -> Result<(), Error> {
    let row = Row {
        partner_id: scope.partner().to_string(),
        id: own.id.to_string(),
        customer_id: own.customer.map(|id| id.to_string()),
        topic: "more_activations".into(),
        title: own.title.clone(),
        description: own.description.clone(),
        order_id: own.line.order.to_string(),
        line: own.line.line.into(),
        key_id: own.key.to_string(),
        wanted: own.wanted.into(),
        state: "open".into(),
        asked_by: own.asked_by.clone(),
        asked_at: own.asked_at.as_microsecond(),
        answer: None,
        answered_at: None,
        revision: 1,
    };
    both!(tx, |c| diesel::insert_into(service_requests::table).values(&row).execute(c))?;
    Ok(())
}

/// Whether an open request is about this key.
///
/// # Errors
/// The store's own.
pub fn open_about(tx: &mut Read<'_>, scope: &Scope, key: KeyId) -> Result<bool, Error> {
    let (partner, key) = (scope.partner().to_string(), key.to_string());
    let found: i64 = both!(tx, |c| service_requests::table
        .filter(service_requests::state.eq("open").and(service_requests::partner_id.eq(&partner)))
        .filter(service_requests::key_id.eq(&key))
        .count()
        .get_result(c))?;
    Ok(found > 0)
}

/// A page of a partner's requests, newest first; of one customer if one is named.
///
/// # Errors
/// The store's own.
pub fn list(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: Option<CustomerId>,
    before: Option<ServiceRequestId>,
    limit: i64,
) -> Result<Vec<ServiceRequest>, Error> {
    let partner = scope.partner().to_string();
    let rows: Vec<Row> = both!(tx, |c| {
        let mut query = service_requests::table
            .filter(service_requests::partner_id.eq(&partner))
            .select(Row::as_select())
            .into_boxed();
        if let Some(customer) = customer {
            query = query.filter(service_requests::customer_id.eq(customer.to_string()));
        }
        if let Some(before) = before {
            query = query.filter(service_requests::id.lt(before.to_string()));
        }
        query.order(service_requests::id.desc()).limit(limit).load(c)
    })?;
    rows.into_iter().map(Row::read).collect()
}

/// A partner's request.
///
/// # Errors
/// The store's own.
pub fn find(tx: &mut Read<'_>, scope: &Scope, id: ServiceRequestId) -> Result<Option<ServiceRequest>, Error> {
    let (partner, id) = (scope.partner().to_string(), id.to_string());
    let row: Option<Row> = both!(tx, |c| service_requests::table
        .find((&partner, &id))
        .select(Row::as_select())
        .first(c)
        .optional())?;
    row.map(Row::read).transpose()
}

/// The open requests of every partner, oldest first: for the operator.
///
/// # Errors
/// The store's own.
pub fn open(tx: &mut Read<'_>, limit: i64) -> Result<Vec<ServiceRequest>, Error> {
    let rows: Vec<Row> = both!(tx, |c| service_requests::table
        .filter(service_requests::state.eq("open"))
        .order(service_requests::id.asc())
        .limit(limit)
        .select(Row::as_select())
        .load(c))?;
    rows.into_iter().map(Row::read).collect()
}

/// Answers and closes a request; false when somebody did before.
///
/// # Errors
/// The store's own.
pub fn close(
    tx: &mut Write<'_>,
    scope: &Scope,
    own: &ServiceRequest,
    answer: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    let (partner, id) = (scope.partner().to_string(), own.id.to_string());
    let changed = both!(tx, |c| diesel::update(
        service_requests::table.find((&partner, &id)).filter(service_requests::revision.eq(own.revision))
    )
    .set((
        service_requests::state.eq("closed"),
        service_requests::answer.eq(Some(answer)),
        service_requests::answered_at.eq(Some(now.as_microsecond())),
        service_requests::revision.eq(own.revision.saturating_add(1)),
    ))
    .execute(c))?;
    Ok(changed == 1)
}
