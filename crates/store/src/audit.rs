//! The activity log: inserted with every write, read by time, never changed.

use chandlery_domain::access::Scope;
use chandlery_domain::audit::{Entry, Fact};
use chandlery_domain::ids::{AuditId, CustomerId, PartnerId};
use diesel::prelude::*;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::columns::{instant, read, read_json, read_some, write_json};
use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::audit;

/// Who did it, when, and under which request: what the store adds to an entry.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// The entry's id, ordered by time.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Whose log it goes to.
    pub partner: PartnerId,
    /// `application`, `user` or `system`.
    pub actor_kind: &'static str,
    /// The id of whoever did it.
    pub actor_id: String,
    /// Its name: a sign-in name, a program's or a part of the installation.
    pub actor_name: String,
    /// The request id.
    pub request_id: String,
    /// The correlation id.
    pub correlation_id: String,
}

/// An entry as it stands in the log.
#[derive(Debug, Clone)]
pub struct Record {
    /// Who, when, and under which request.
    pub stamp: Stamp,
    /// What.
    pub entry: Entry,
}

/// What a reader of the log wants.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// From this instant on.
    pub from: Option<Timestamp>,
    /// Through this instant.
    pub to: Option<Timestamp>,
    /// Only this customer's.
    pub customer: Option<String>,
    /// Only customers whose name contains this, whatever its case.
    pub company: Option<String>,
    /// Only this kind of resource.
    pub resource: Option<String>,
    /// After this entry.
    pub after: Option<AuditId>,
    /// How many.
    pub limit: i64,
}

#[derive(Serialize, Deserialize)]
struct StoredFact(String, String);

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = audit, treat_none_as_default_value = false)]
struct Row {
    partner_id: String,
    id: String,
    at: i64,
    operation: String,
    resource: String,
    resource_id: String,
    customer_id: Option<String>,
    customer_name: Option<String>,
    outcome: String,
    actor_kind: String,
    actor_id: String,
    actor_name: String,
    before_facts: String,
    after_facts: String,
    request_id: String,
    correlation_id: String,
}

fn facts(list: &[Fact]) -> Result<String, Error> {
    let list: Vec<StoredFact> =
        list.iter().map(|fact| StoredFact(fact.name.clone(), fact.value.clone())).collect();
    write_json("audit.facts", &list)
}

fn read_facts(text: &str) -> Result<Vec<Fact>, Error> {
    let list: Vec<StoredFact> = read_json("audit.facts", text)?;
    Ok(list.into_iter().map(|StoredFact(name, value)| Fact { name, value }).collect())
}

impl Row {
    fn read(self) -> Result<Record, Error> {
        let customer: Option<CustomerId> = read_some("audit.customer_id", self.customer_id.as_deref())?;
        Ok(Record {
            stamp: Stamp {
                id: read("audit.id", &self.id)?,
                at: instant("audit.at", self.at)?,
                partner: read("audit.partner_id", &self.partner_id)?,
                actor_kind: match self.actor_kind.as_str() {
                    "application" => "application",
                    "user" => "user",
                    "system" => "system",
                    other => return Err(Error::broken("audit.actor_kind", other)),
                },
                actor_id: self.actor_id,
                actor_name: self.actor_name,
                request_id: self.request_id,
                correlation_id: self.correlation_id,
            },
            entry: Entry {
                operation: read("audit.operation", &self.operation)?,
                resource: read("audit.resource", &self.resource)?,
                resource_id: self.resource_id,
                customer: customer.zip(self.customer_name),
                outcome: read("audit.outcome", &self.outcome)?,
                before: read_facts(&self.before_facts)?,
                after: read_facts(&self.after_facts)?,
            },
        })
    }
}

pub(crate) fn insert(tx: &mut Write<'_>, by: &Stamp, entry: &Entry) -> Result<(), Error> {
    let row = Row {
        partner_id: by.partner.to_string(),
        id: by.id.to_string(),
        at: by.at.as_microsecond(),
        operation: entry.operation.as_str().into(),
        resource: entry.resource.as_str().into(),
        resource_id: entry.resource_id.clone(),
        customer_id: entry.customer.as_ref().map(|(id, _)| id.to_string()),
        customer_name: entry.customer.as_ref().map(|(_, name)| name.clone()),
        outcome: entry.outcome.as_str().into(),
        actor_kind: by.actor_kind.into(),
        actor_id: by.actor_id.clone(),
        actor_name: by.actor_name.clone(),
        before_facts: facts(&entry.before)?,
        after_facts: facts(&entry.after)?,
        request_id: by.request_id.clone(),
        correlation_id: by.correlation_id.clone(),
    };
    both!(tx, |c| diesel::insert_into(audit::table).values(&row).execute(c))?;
    Ok(())
}

/// A page of the partner's log, oldest first.
///
/// # Errors
/// The store's own.
pub fn list(tx: &mut Read<'_>, scope: &Scope, wanted: &Query) -> Result<Vec<Record>, Error> {
    let partner = scope.partner().to_string();
    let pattern = wanted.company.as_ref().map(|text| format!("%{}%", escape(&text.to_lowercase())));
    let rows: Vec<Row> = both!(tx, |c| {
        let mut query =
            audit::table.select(Row::as_select()).filter(audit::partner_id.eq(&partner)).into_boxed();
        if let Some(from) = wanted.from {
            query = query.filter(audit::at.ge(from.as_microsecond()));
        }
        if let Some(to) = wanted.to {
            query = query.filter(audit::at.le(to.as_microsecond()));
        }
        if let Some(customer) = &wanted.customer {
            query = query.filter(audit::customer_id.eq(customer));
        }
        if let Some(pattern) = &pattern {
            query = query.filter(lower(audit::customer_name).like(pattern).escape('\\'));
        }
        if let Some(resource) = &wanted.resource {
            query = query.filter(audit::resource.eq(resource));
        }
        if let Some(after) = &wanted.after {
            query = query.filter(audit::id.gt(after.to_string()));
        }
        query.order(audit::id.asc()).limit(wanted.limit).load(c)
    })?;
    rows.into_iter().map(Row::read).collect()
}

/// One entry of the partner's log.
///
/// # Errors
/// The store's own.
pub fn find(tx: &mut Read<'_>, scope: &Scope, id: AuditId) -> Result<Option<Record>, Error> {
    let (partner, id) = (scope.partner().to_string(), id.to_string());
    let row: Option<Row> =
        both!(tx, |c| audit::table.find((&partner, &id)).select(Row::as_select()).first(c).optional())?;
    row.map(Row::read).transpose()
}

/// Makes a text mean itself inside a LIKE pattern.
pub(crate) fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

#[diesel::declare_sql_function]
extern "SQL" {
    /// The text in lower case.
    fn lower(
        text: diesel::sql_types::Nullable<diesel::sql_types::Text>,
    ) -> diesel::sql_types::Nullable<diesel::sql_types::Text>;
}
