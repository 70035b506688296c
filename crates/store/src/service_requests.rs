//! What partners ask of the operator, the conversation about it, and what is sent along.

use chandlery_domain::access::Scope;
use chandlery_domain::ids::{CustomerId, KeyId, OrderId, PartnerId, ServiceRequestId};
use chandlery_domain::key::LineRef;
use chandlery_domain::money::{Currency, Money};
use chandlery_domain::support::{Impact, Party, RequestState, Topic};
use diesel::prelude::*;
use jiff::Timestamp;
use uuid::Uuid;

use crate::columns::{flag, instant, number, read, read_some};
use crate::db::{Read, Write, both, insert_rows};
use crate::error::Error;
use crate::schema::{request_files, request_notes, service_requests};

/// Whom the operator can reach about a request; empty where nobody was named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// The name.
    pub name: String,
    /// The mail address.
    pub email: String,
    /// The telephone number.
    pub phone: String,
}

/// The key that a request for more activations is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WantedKey {
    /// The purchase.
    pub line: LineRef,
    /// The key.
    pub key: KeyId,
    /// How many activations are wanted in all.
    pub wanted: u32,
}

/// A request to the operator.
#[derive(Debug, Clone)]
pub struct ServiceRequest {
    /// Whose it is.
    pub partner: PartnerId,
    /// Its id.
    pub id: ServiceRequestId,
    /// For whom.
    pub customer: Option<CustomerId>,
    /// What it is about.
    pub topic: Topic,
    /// How much depends on it.
    pub impact: Impact,
    /// One line.
    pub title: String,
    /// What is the matter.
    pub description: String,
    /// The order, where it is about one.
    pub order: Option<OrderId>,
    /// The key, where it is about one.
    pub key: Option<WantedKey>,
    /// The money that is wanted back.
    pub amount: Option<Money>,
    /// Whom to reach.
    pub contact: Contact,
    /// Where it is in its life.
    pub state: RequestState,
    /// The id of whoever asked.
    pub asked_by: String,
    /// When.
    pub asked_at: Timestamp,
    /// When something last happened.
    pub changed_at: Timestamp,
    /// When the operator first answered.
    pub answered_at: Option<Timestamp>,
    /// When it was closed; none while it is not.
    pub closed_at: Option<Timestamp>,
    /// Whether there is an answer that whoever asked has not seen.
    pub unread: bool,
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
    severity: String,
    title: String,
    description: String,
    order_id: Option<String>,
    line: Option<i64>,
    key_id: Option<String>,
    wanted: Option<i64>,
    amount: Option<i64>,
    currency: Option<String>,
    contact_name: String,
    contact_email: String,
    contact_phone: String,
    state: String,
    asked_by: String,
    asked_at: i64,
    changed_at: i64,
    answered_at: Option<i64>,
    closed_at: Option<i64>,
    unread: i64,
    revision: i64,
}

impl Row {
    fn of(scope: &Scope, own: &ServiceRequest) -> Self {
        Self {
            partner_id: scope.partner().to_string(),
            id: own.id.to_string(),
            customer_id: own.customer.map(|id| id.to_string()),
            topic: own.topic.as_str().into(),
            severity: own.impact.as_str().into(),
            title: own.title.clone(),
            description: own.description.clone(),
            order_id: own.order.map(|id| id.to_string()),
            line: own.key.map(|key| key.line.line.into()),
            key_id: own.key.map(|key| key.key.to_string()),
            wanted: own.key.map(|key| key.wanted.into()),
            amount: own.amount.map(Money::minor),
            currency: own.amount.map(|amount| amount.currency().to_string()),
            contact_name: own.contact.name.clone(),
            contact_email: own.contact.email.clone(),
            contact_phone: own.contact.phone.clone(),
            state: own.state.as_str().into(),
            asked_by: own.asked_by.clone(),
            asked_at: own.asked_at.as_microsecond(),
            changed_at: own.changed_at.as_microsecond(),
            answered_at: own.answered_at.map(Timestamp::as_microsecond),
            closed_at: own.closed_at.map(Timestamp::as_microsecond),
            unread: own.unread.into(),
            revision: 1,
        }
    }

    fn read(self) -> Result<ServiceRequest, Error> {
        let order: Option<OrderId> = read_some("service_requests.order_id", self.order_id.as_deref())?;
        let key: Option<KeyId> = read_some("service_requests.key_id", self.key_id.as_deref())?;
        let key = match (order, self.line, key, self.wanted) {
            (Some(order), Some(line), Some(key), Some(wanted)) => Some(WantedKey {
                line: LineRef { order, line: number("service_requests.line", line)? },
                key,
                wanted: number("service_requests.wanted", wanted)?,
            }),
            _ => None,
        };
        let currency: Option<Currency> = read_some("service_requests.currency", self.currency.as_deref())?;
        let some = |place, at: Option<i64>| at.map(|at| instant(place, at)).transpose();
        Ok(ServiceRequest {
            partner: read("service_requests.partner_id", &self.partner_id)?,
            id: read("service_requests.id", &self.id)?,
            customer: read_some("service_requests.customer_id", self.customer_id.as_deref())?,
            topic: read("service_requests.topic", &self.topic)?,
            impact: read("service_requests.severity", &self.severity)?,
            title: self.title,
            description: self.description,
            order,
            key,
            amount: self.amount.zip(currency).map(|(minor, currency)| Money::new(minor, currency)),
            contact: Contact {
                name: self.contact_name,
                email: self.contact_email,
                phone: self.contact_phone,
            },
            state: read("service_requests.state", &self.state)?,
            asked_by: self.asked_by,
            asked_at: instant("service_requests.asked_at", self.asked_at)?,
            changed_at: instant("service_requests.changed_at", self.changed_at)?,
            answered_at: some("service_requests.answered_at", self.answered_at)?,
            closed_at: some("service_requests.closed_at", self.closed_at)?,
            unread: flag("service_requests.unread", self.unread)?,
            revision: self.revision,
        })
    }
}

/// Something that was said about a request.
#[derive(Debug, Clone)]
pub struct Note {
    /// The request.
    pub request: ServiceRequestId,
    /// Its id.
    pub id: Uuid,
    /// Who said it: whoever asked, or the operator.
    pub side: Party,
    /// The id of the person; empty where none was known.
    pub author: String,
    /// When.
    pub at: Timestamp,
    /// What.
    pub text: String,
    /// Whether it says that the request was withdrawn, and nothing else.
    pub withdrew: bool,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = request_notes)]
struct NoteRow {
    partner_id: String,
    request_id: String,
    id: String,
    side: String,
    author: String,
    at: i64,
    text: String,
    withdrew: i64,
}

/// Something that was sent along.
#[derive(Debug, Clone)]
pub struct FileRecord {
    /// Its id.
    pub id: Uuid,
    /// The note it came with; none where it came with the description.
    pub note: Option<Uuid>,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub kind: String,
    /// Its length in bytes.
    pub size: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// What it is found under in the media store.
    pub object: String,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = request_files, treat_none_as_default_value = false)]
struct FileRow {
    partner_id: String,
    request_id: String,
    id: String,
    note_id: Option<String>,
    name: String,
    kind: String,
    size: i64,
    sha256: String,
    object: String,
}

impl FileRow {
    fn read(self) -> Result<FileRecord, Error> {
        Ok(FileRecord {
            id: read("request_files.id", &self.id)?,
            note: read_some("request_files.note_id", self.note_id.as_deref())?,
            name: self.name,
            kind: self.kind,
            size: number("request_files.size", self.size)?,
            sha256: self.sha256,
            object: self.object,
        })
    }
}

/// Adds a request.
///
/// # Errors
/// The store's own; one with its id is a unique violation.
pub fn insert(tx: &mut Write<'_>, scope: &Scope, own: &ServiceRequest) -> Result<(), Error> {
    let row = Row::of(scope, own);
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
        .filter(service_requests::state.ne("closed").and(service_requests::partner_id.eq(&partner)))
        .filter(service_requests::key_id.eq(&key))
        .count()
        .get_result(c))?;
    Ok(found > 0)
}

/// The oldest request for money back on this order that waits for its answer.
///
/// # Errors
/// The store's own.
pub fn waiting_refund(
    tx: &mut Read<'_>,
    scope: &Scope,
    order: OrderId,
) -> Result<Option<ServiceRequest>, Error> {
    let (partner, order) = (scope.partner().to_string(), order.to_string());
    let row: Option<Row> = both!(tx, |c| service_requests::table
        .filter(service_requests::partner_id.eq(&partner).and(service_requests::order_id.eq(&order)))
        .filter(service_requests::topic.eq("refund").and(service_requests::state.ne("closed")))
        .order(service_requests::id.asc())
        .select(Row::as_select())
        .first(c)
        .optional())?;
    row.map(Row::read).transpose()
}

/// A page of a partner's requests, newest first, of one customer if one is named: those about activations, and what `own`
/// asked.
///
/// # Errors
/// The store's own.
pub fn list(
    tx: &mut Read<'_>,
    scope: &Scope,
    (customer, own): (Option<CustomerId>, &str),
    before: Option<ServiceRequestId>,
    limit: i64,
) -> Result<Vec<ServiceRequest>, Error> {
    let partner = scope.partner().to_string();
    let rows: Vec<Row> = both!(tx, |c| {
        let mut query = service_requests::table
            .filter(service_requests::partner_id.eq(&partner))
            .filter(service_requests::topic.eq("more_activations").or(service_requests::asked_by.eq(own)))
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

/// A page of what one person asked, what changed last first; `before` is the last of the page before.
///
/// # Errors
/// The store's own.
pub fn of_person(
    tx: &mut Read<'_>,
    scope: &Scope,
    person: &str,
    before: Option<(i64, ServiceRequestId)>,
    limit: i64,
) -> Result<Vec<ServiceRequest>, Error> {
    let partner = scope.partner().to_string();
    let rows: Vec<Row> = both!(tx, |c| {
        let mut query = service_requests::table
            .filter(service_requests::partner_id.eq(&partner).and(service_requests::asked_by.eq(person)))
            .select(Row::as_select())
            .into_boxed();
        if let Some((at, id)) = before {
            query = query.filter(
                service_requests::changed_at
                    .lt(at)
                    .or(service_requests::changed_at.eq(at).and(service_requests::id.lt(id.to_string()))),
            );
        }
        query.order((service_requests::changed_at.desc(), service_requests::id.desc())).limit(limit).load(c)
    })?;
    rows.into_iter().map(Row::read).collect()
}

/// What one person asked and got an answer to that it has not seen, what changed last first.
///
/// # Errors
/// The store's own.
pub fn unread(
    tx: &mut Read<'_>,
    scope: &Scope,
    person: &str,
    limit: i64,
) -> Result<Vec<ServiceRequest>, Error> {
    let partner = scope.partner().to_string();
    let rows: Vec<Row> = both!(tx, |c| service_requests::table
        .filter(service_requests::partner_id.eq(&partner).and(service_requests::asked_by.eq(person)))
        .filter(service_requests::unread.eq(1))
        .order((service_requests::changed_at.desc(), service_requests::id.desc()))
        .limit(limit)
        .select(Row::as_select())
        .load(c))?;
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

/// Which requests the operator looks at.
#[derive(Debug, Clone, Default)]
pub struct Queue {
    /// In this state; all that are not closed where none is named.
    pub state: Option<RequestState>,
    /// About this.
    pub topic: Option<Topic>,
    /// After this one: its impact, when it was asked, its id.
    pub after: Option<(Impact, i64, ServiceRequestId)>,
    /// How many.
    pub limit: i64,
}

/// A page of every partner's requests, the gravest first and of those the oldest: for the operator.
///
/// # Errors
/// The store's own.
pub fn queue(tx: &mut Read<'_>, wanted: &Queue) -> Result<Vec<ServiceRequest>, Error> {
    // The words of the impacts do not sort by gravity. So there is a statement for each, three at most, until the page is
    // full.
    let mut found: Vec<ServiceRequest> = Vec::new();
    for impact in Impact::ALL {
        let full = usize::try_from(wanted.limit).unwrap_or(0).saturating_sub(found.len());
        let before_page = wanted.after.is_some_and(|(at, ..)| impact.rank() < at.rank());
        if full == 0 || before_page {
            continue;
        }
        let after = wanted.after.filter(|(at, ..)| *at == impact).map(|(_, at, id)| (at, id));
        found.extend(of_impact(tx, wanted, impact, after, i64::try_from(full).unwrap_or(0))?);
    }
    Ok(found)
}

fn of_impact(
    tx: &mut Read<'_>,
    wanted: &Queue,
    impact: Impact,
    after: Option<(i64, ServiceRequestId)>,
    limit: i64,
) -> Result<Vec<ServiceRequest>, Error> {
    let rows: Vec<Row> = both!(tx, |c| {
        let mut query = service_requests::table
            .filter(service_requests::severity.eq(impact.as_str()))
            .select(Row::as_select())
            .into_boxed();
        query = match wanted.state {
            Some(state) => query.filter(service_requests::state.eq(state.as_str())),
            None => query.filter(service_requests::state.eq_any(["open", "attention_needed"])),
        };
        if let Some(topic) = wanted.topic {
            query = query.filter(service_requests::topic.eq(topic.as_str()));
        }
        if let Some((at, id)) = after {
            query = query.filter(
                service_requests::asked_at
                    .gt(at)
                    .or(service_requests::asked_at.eq(at).and(service_requests::id.gt(id.to_string()))),
            );
        }
        query.order((service_requests::asked_at.asc(), service_requests::id.asc())).limit(limit).load(c)
    })?;
    rows.into_iter().map(Row::read).collect()
}

/// Writes down what became of a request; false when somebody changed it at the same time.
///
/// # Errors
/// The store's own.
pub fn save(tx: &mut Write<'_>, scope: &Scope, own: &ServiceRequest) -> Result<bool, Error> {
    let (partner, id) = (scope.partner().to_string(), own.id.to_string());
    let changed = both!(tx, |c| diesel::update(
        service_requests::table.find((&partner, &id)).filter(service_requests::revision.eq(own.revision))
    )
    .set((
        service_requests::state.eq(own.state.as_str()),
        service_requests::changed_at.eq(own.changed_at.as_microsecond()),
        service_requests::answered_at.eq(own.answered_at.map(Timestamp::as_microsecond)),
        service_requests::closed_at.eq(own.closed_at.map(Timestamp::as_microsecond)),
        service_requests::unread.eq(i64::from(own.unread)),
        service_requests::revision.eq(own.revision.saturating_add(1)),
    ))
    .execute(c))?;
    Ok(changed == 1)
}

/// Notes that whoever asked has seen the answers. No act, and no change of the request.
///
/// # Errors
/// The store's own.
pub fn mark_read(tx: &mut Write<'_>, scope: &Scope, own: &ServiceRequest) -> Result<(), Error> {
    let (partner, id) = (scope.partner().to_string(), own.id.to_string());
    // An answer that came meanwhile has not been seen.
    both!(tx, |c| diesel::update(
        service_requests::table.find((&partner, &id)).filter(service_requests::revision.eq(own.revision))
    )
    .set(service_requests::unread.eq(0))
    .execute(c))?;
    Ok(())
}

/// Adds a note.
///
/// # Errors
/// The store's own.
pub fn add_note(tx: &mut Write<'_>, scope: &Scope, own: &Note) -> Result<(), Error> {
    let row = NoteRow {
        partner_id: scope.partner().to_string(),
        request_id: own.request.to_string(),
        id: own.id.to_string(),
        side: own.side.as_str().into(),
        author: own.author.clone(),
        at: own.at.as_microsecond(),
        text: own.text.clone(),
        withdrew: own.withdrew.into(),
    };
    both!(tx, |c| diesel::insert_into(request_notes::table).values(&row).execute(c))?;
    Ok(())
}

/// The newest notes of these requests together, oldest first; of what is `before` an instant and an id, where that is
/// given.
///
/// # Errors
/// The store's own.
pub fn notes(
    tx: &mut Read<'_>,
    scope: &Scope,
    requests: &[ServiceRequestId],
    before: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<Note>, Error> {
    let partner = scope.partner().to_string();
    let ids: Vec<String> = requests.iter().map(ToString::to_string).collect();
    let mut rows: Vec<NoteRow> = both!(tx, |c| {
        let mut query = request_notes::table
            .filter(request_notes::partner_id.eq(&partner).and(request_notes::request_id.eq_any(&ids)))
            .select(NoteRow::as_select())
            .into_boxed();
        if let Some((at, id)) = before {
            let at = at.as_microsecond();
            let same = request_notes::at.eq(at).and(request_notes::id.lt(id.to_string()));
            query = query.filter(request_notes::at.lt(at).or(same));
        }
        query.order((request_notes::at.desc(), request_notes::id.desc())).limit(limit).load(c)
    })?;
    rows.reverse();
    rows.into_iter()
        .map(|row| {
            Ok(Note {
                request: read("request_notes.request_id", &row.request_id)?,
                id: read("request_notes.id", &row.id)?,
                side: read("request_notes.side", &row.side)?,
                author: row.author,
                at: instant("request_notes.at", row.at)?,
                text: row.text,
                withdrew: row.withdrew != 0,
            })
        })
        .collect()
}

/// How many notes one side added to a request.
///
/// # Errors
/// The store's own.
pub fn count_notes(
    tx: &mut Read<'_>,
    scope: &Scope,
    request: ServiceRequestId,
    side: Party,
) -> Result<i64, Error> {
    let (partner, request) = (scope.partner().to_string(), request.to_string());
    Ok(both!(tx, |c| request_notes::table
        .filter(request_notes::partner_id.eq(&partner).and(request_notes::request_id.eq(&request)))
        .filter(request_notes::side.eq(side.as_str()))
        .count()
        .get_result(c))?)
}

/// Adds what was sent along.
///
/// # Errors
/// The store's own.
pub fn add_files(
    tx: &mut Write<'_>,
    scope: &Scope,
    request: ServiceRequestId,
    list: &[FileRecord],
) -> Result<(), Error> {
    let rows = list
        .iter()
        .map(|own| {
            Ok(FileRow {
                partner_id: scope.partner().to_string(),
                request_id: request.to_string(),
                id: own.id.to_string(),
                note_id: own.note.map(|id| id.to_string()),
                name: own.name.clone(),
                kind: own.kind.clone(),
                size: i64::try_from(own.size).map_err(|_| Error::broken("request_files.size", own.size))?,
                sha256: own.sha256.clone(),
                object: own.object.clone(),
            })
        })
        .collect::<Result<Vec<FileRow>, Error>>()?;
    insert_rows!(tx, request_files::table, rows)?;
    Ok(())
}

/// How many octets of the partner's own files stand in its requests that are not closed, or were closed since an instant.
///
/// # Errors
/// The store's own.
pub fn bytes_waiting(tx: &mut Read<'_>, scope: &Scope, since: Timestamp) -> Result<u64, Error> {
    const OWN: &str = "not exists (select 1 from request_notes n where n.partner_id = request_files.partner_id \
        and n.request_id = request_files.request_id and n.id = request_files.note_id and n.side = 'operator')";
    let partner = scope.partner().to_string();
    let sum: i64 = both!(tx, |c| request_files::table
        .inner_join(
            service_requests::table.on(service_requests::partner_id
                .eq(request_files::partner_id)
                .and(service_requests::id.eq(request_files::request_id)))
        )
        .filter(request_files::partner_id.eq(&partner))
        .filter(
            service_requests::closed_at.is_null().or(service_requests::closed_at.ge(since.as_microsecond()))
        )
        .filter(diesel::dsl::sql::<diesel::sql_types::Bool>(OWN))
        .select(diesel::dsl::sql::<diesel::sql_types::BigInt>(
            "cast(coalesce(sum(request_files.size), 0) as bigint)"
        ))
        .get_result(c))?;
    u64::try_from(sum).map_err(|_| Error::broken("request_files.size", sum))
}

/// What was sent along with a request and its notes, by id.
///
/// # Errors
/// The store's own.
pub fn files(
    tx: &mut Read<'_>,
    scope: &Scope,
    request: ServiceRequestId,
    limit: i64,
) -> Result<Vec<FileRecord>, Error> {
    let (partner, request) = (scope.partner().to_string(), request.to_string());
    let rows: Vec<FileRow> = both!(tx, |c| request_files::table
        .filter(request_files::partner_id.eq(&partner).and(request_files::request_id.eq(&request)))
        .order(request_files::id.asc())
        .limit(limit)
        .select(FileRow::as_select())
        .load(c))?;
    rows.into_iter().map(FileRow::read).collect()
}

/// One file of a request.
///
/// # Errors
/// The store's own.
pub fn file(
    tx: &mut Read<'_>,
    scope: &Scope,
    request: ServiceRequestId,
    id: Uuid,
) -> Result<Option<FileRecord>, Error> {
    let (partner, request, id) = (scope.partner().to_string(), request.to_string(), id.to_string());
    let row: Option<FileRow> = both!(tx, |c| request_files::table
        .find((&partner, &request, &id))
        .select(FileRow::as_select())
        .first(c)
        .optional())?;
    row.map(FileRow::read).transpose()
}
