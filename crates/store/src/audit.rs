//! The activity log: an entry goes into the inbox with every write; sealing moves it to the log, numbered and bound to
//! the one before. Read by time, never changed.

use chandlery_domain::access::Scope;
use chandlery_domain::audit::{Entry, Fact, Side};
use chandlery_domain::ids::{AuditId, CustomerId, PartnerId};
use diesel::prelude::*;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::columns::{instant, read, read_json, read_some, write_json};
use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::{audit, audit_inbox};

/// Who did it, when, and under which request: what the store adds to an entry.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// The entry's id, ordered by time.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Whose log it goes to.
    pub partner: PartnerId,
    /// Whose doing it is.
    pub side: Side,
    /// `application`, `user` or `system`.
    pub actor_kind: &'static str,
    /// The id of whoever did it.
    pub actor_id: String,
    /// The name of a part of the installation; people's names are in `personal`.
    pub actor_name: Option<String>,
    /// The program a person acted through.
    pub application: Option<String>,
    /// The address a program called from; people's addresses are in `personal`.
    pub address: Option<String>,
    /// A person's name and address, sealed with the person's own key.
    pub personal: Option<String>,
    /// The request id.
    pub request_id: String,
    /// The correlation id.
    pub correlation_id: String,
}

/// An entry as it stands in the log.
#[derive(Debug, Clone)]
pub struct Record {
    /// Its number in the partner's log; none while it waits to be sealed.
    pub sequence: Option<i64>,
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
    /// Only this kind of act.
    pub operation: Option<String>,
    /// Only acts of these kinds; of every kind where none is named.
    pub operations: Vec<String>,
    /// Only what this person or program did, and what was fetched by links it issued.
    pub actor: Option<String>,
    /// Only what ended like this: `succeeded` or `failed`.
    pub outcome: Option<String>,
    /// Only this side's doings.
    pub side: Option<Side>,
    /// After this place: an instant in microseconds and a number.
    pub after: Option<(i64, i64)>,
    /// Newest first.
    pub backwards: bool,
    /// How many.
    pub limit: i64,
}

#[derive(Serialize, Deserialize)]
struct StoredFact(String, String);

macro_rules! row {
    ($(#[$meta:meta])* $name:ident, $table:ident, { $($extra:ident: $kind:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Queryable, Selectable, Insertable)]
        #[diesel(table_name = $table, treat_none_as_default_value = false)]
        pub struct $name {
            /// The partner.
            pub partner_id: String,
            $(
                #[allow(missing_docs, reason = "the number and the hash of a sealed entry")]
                pub $extra: $kind,
            )*
            /// The entry's id.
            pub id: String,
            /// When, in microseconds.
            pub at: i64,
            /// Whose doing.
            pub side: String,
            /// What was done.
            pub operation: String,
            /// To what kind of thing.
            pub resource: String,
            /// To which one.
            pub resource_id: String,
            /// Whose it is.
            pub customer_id: Option<String>,
            /// That customer's name at the time.
            pub customer_name: Option<String>,
            /// How it ended.
            pub outcome: String,
            /// What kind of actor.
            pub actor_kind: String,
            /// Which one.
            pub actor_id: String,
            /// The name of a part of the installation.
            pub actor_name: Option<String>,
            /// The program a person acted through.
            pub application: Option<String>,
            /// The address a program called from.
            pub address: Option<String>,
            /// A person's name and address, sealed.
            pub personal: Option<String>,
            /// What it was before, as a JSON text.
            pub before_facts: String,
            /// What it is now, as a JSON text.
            pub after_facts: String,
            /// The request id.
            pub request_id: String,
            /// The correlation id.
            pub correlation_id: String,
        }

        impl $name {
            fn record(self, sequence: Option<i64>) -> Result<Record, Error> {
                let customer: Option<CustomerId> =
                    read_some("audit.customer_id", self.customer_id.as_deref())?;
                Ok(Record {
                    sequence,
                    stamp: Stamp {
                        id: read("audit.id", &self.id)?,
                        at: instant("audit.at", self.at)?,
                        partner: read("audit.partner_id", &self.partner_id)?,
                        side: read("audit.side", &self.side)?,
                        actor_kind: match self.actor_kind.as_str() {
                            "application" => "application",
                            "user" => "user",
                            "system" => "system",
                            other => return Err(Error::broken("audit.actor_kind", other)),
                        },
                        actor_id: self.actor_id,
                        actor_name: self.actor_name,
                        application: self.application,
                        address: self.address,
                        personal: self.personal,
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
    };
}

row! {
    /// An entry that waits to be sealed, as it is stored.
    Waiting, audit_inbox, {}
}
row! {
    /// A sealed entry, as it is stored: what is hashed, exported and verified.
    Sealed, audit, { sequence: i64, hash: String, }
}

impl Waiting {
    /// The entry with its number and its hash.
    pub fn sealed(self, sequence: i64, hash: String) -> Sealed {
        Sealed {
            partner_id: self.partner_id,
            sequence,
            hash,
            id: self.id,
            at: self.at,
            side: self.side,
            operation: self.operation,
            resource: self.resource,
            resource_id: self.resource_id,
            customer_id: self.customer_id,
            customer_name: self.customer_name,
            outcome: self.outcome,
            actor_kind: self.actor_kind,
            actor_id: self.actor_id,
            actor_name: self.actor_name,
            application: self.application,
            address: self.address,
            personal: self.personal,
            before_facts: self.before_facts,
            after_facts: self.after_facts,
            request_id: self.request_id,
            correlation_id: self.correlation_id,
        }
    }
}

impl Sealed {
    /// The entry, read.
    ///
    /// # Errors
    /// When a column means nothing.
    pub fn read(self) -> Result<Record, Error> {
        let sequence = Some(self.sequence);
        self.record(sequence)
    }
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

pub(crate) fn insert(tx: &mut Write<'_>, by: &Stamp, entry: &Entry) -> Result<(), Error> {
    let row = Waiting {
        partner_id: by.partner.to_string(),
        id: by.id.to_string(),
        at: by.at.as_microsecond(),
        side: by.side.as_str().into(),
        operation: entry.operation.as_str().into(),
        resource: entry.resource.as_str().into(),
        resource_id: entry.resource_id.clone(),
        customer_id: entry.customer.as_ref().map(|(id, _)| id.to_string()),
        customer_name: entry.customer.as_ref().map(|(_, name)| name.clone()),
        outcome: entry.outcome.as_str().into(),
        actor_kind: by.actor_kind.into(),
        actor_id: by.actor_id.clone(),
        actor_name: by.actor_name.clone(),
        application: by.application.clone(),
        address: by.address.clone(),
        personal: by.personal.clone(),
        before_facts: facts(&entry.before)?,
        after_facts: facts(&entry.after)?,
        request_id: by.request_id.clone(),
        correlation_id: by.correlation_id.clone(),
    };
    both!(tx, |c| diesel::insert_into(audit_inbox::table).values(&row).execute(c))?;
    Ok(())
}

/// A page of the partner's sealed log, by time and number. What a customer's scope sees is that customer's.
///
/// # Errors
/// The store's own.
pub fn list(tx: &mut Read<'_>, scope: &Scope, wanted: &Query) -> Result<Vec<Sealed>, Error> {
    let partner = scope.partner().to_string();
    let own = scope.customer().map(|id| id.to_string());
    // As facts are written: a word that nobody can put there, and the id of whom the link was issued by.
    let by = wanted.actor.as_ref().map(|id| (id, format!("%[\"issued\\_by\",\"{}\"]%", escape(id))));
    let pattern = wanted.company.as_ref().map(|text| format!("%{}%", escape(&text.to_lowercase())));
    Ok(both!(tx, |c| {
        let mut query =
            audit::table.select(Sealed::as_select()).filter(audit::partner_id.eq(&partner)).into_boxed();
        if let Some(own) = &own {
            query = query.filter(audit::customer_id.eq(own));
        }
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
        if let Some(operation) = &wanted.operation {
            query = query.filter(audit::operation.eq(operation));
        }
        if !wanted.operations.is_empty() {
            query = query.filter(audit::operation.eq_any(&wanted.operations));
        }
        if let Some((actor, issued)) = &by {
            query = query
                .filter(audit::actor_id.eq(actor).or(audit::after_facts.like(issued.as_str()).escape('\\')));
        }
        if let Some(outcome) = &wanted.outcome {
            query = query.filter(audit::outcome.eq(outcome));
        }
        if let Some(side) = wanted.side {
            query = query.filter(audit::side.eq(side.as_str()));
        }
        if let Some((at, sequence)) = wanted.after {
            // The plain bound lets the index be used; the pair is exact.
            query = if wanted.backwards {
                query
                    .filter(audit::at.le(at))
                    .filter(audit::at.lt(at).or(audit::at.eq(at).and(audit::sequence.lt(sequence))))
            } else {
                query
                    .filter(audit::at.ge(at))
                    .filter(audit::at.gt(at).or(audit::at.eq(at).and(audit::sequence.gt(sequence))))
            };
        }
        query = if wanted.backwards {
            query.order((audit::at.desc(), audit::sequence.desc()))
        } else {
            query.order((audit::at.asc(), audit::sequence.asc()))
        };
        query.limit(wanted.limit).load(c)
    })?)
}

/// The partner's sealed log by number, after `after`: for exports, streams and verifiers.
///
/// # Errors
/// The store's own.
pub fn in_sequence(tx: &mut Read<'_>, scope: &Scope, after: i64, limit: i64) -> Result<Vec<Sealed>, Error> {
    let partner = scope.partner().to_string();
    Ok(both!(tx, |c| audit::table
        .filter(audit::partner_id.eq(&partner))
        .filter(audit::sequence.gt(after))
        .order(audit::sequence.asc())
        .limit(limit)
        .select(Sealed::as_select())
        .load(c))?)
}

/// One entry of the partner's log, sealed or not yet.
///
/// # Errors
/// The store's own.
pub fn find(tx: &mut Read<'_>, scope: &Scope, id: AuditId) -> Result<Option<Record>, Error> {
    let (partner, id) = (scope.partner().to_string(), id.to_string());
    let sealed: Option<Sealed> = both!(tx, |c| audit::table
        .filter(audit::partner_id.eq(&partner))
        .filter(audit::id.eq(&id))
        .select(Sealed::as_select())
        .first(c)
        .optional())?;
    if let Some(sealed) = sealed {
        return sealed.read().map(Some);
    }
    let waiting: Option<Waiting> = both!(tx, |c| audit_inbox::table
        .find((&partner, &id))
        .select(Waiting::as_select())
        .first(c)
        .optional())?;
    waiting.map(|waiting| waiting.record(None)).transpose()
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
