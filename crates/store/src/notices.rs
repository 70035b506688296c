//! What people are told. A notification is a person's own, like its sessions: whoever reads, opens or forgets one is looked
//! up by the person, and only writing takes a scope.

use chandlery_domain::access::Scope;
use chandlery_domain::catalog::Family;
use chandlery_domain::ids::{CustomerId, NoticeId, OrderId, PartnerId, UserId};
use chandlery_domain::notice::Kind;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use jiff::Timestamp;

use crate::columns::{instant, read, read_json, read_some, write_json};
use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::{notices, order_lines, orders};

/// How many are written by one statement.
const PIECE: usize = 500;

/// Something a person is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Who is told.
    pub user: UserId,
    /// Its id; ids go by time.
    pub id: NoticeId,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: Kind,
    /// What it is about, such as an order's id: of the same, a person is told once.
    pub about: String,
    /// The customer it is about.
    pub customer: Option<CustomerId>,
    /// Where it leads: a path of ours.
    pub subject: String,
    /// What its sentence names, such as the customer's name.
    pub facts: Vec<(String, String)>,
    /// When the person read it.
    pub read_at: Option<Timestamp>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = notices, treat_none_as_default_value = false)]
struct Row {
    partner_id: String,
    user_id: String,
    id: String,
    at: i64,
    kind: String,
    about: String,
    customer_id: Option<String>,
    subject: String,
    facts: String,
    read_at: Option<i64>,
}

impl Row {
    fn new(partner: &str, own: &Notice) -> Result<Self, Error> {
        Ok(Self {
            partner_id: partner.to_owned(),
            user_id: own.user.to_string(),
            id: own.id.to_string(),
            at: own.at.as_microsecond(),
            kind: own.kind.as_str().into(),
            about: own.about.clone(),
            customer_id: own.customer.map(|id| id.to_string()),
            subject: own.subject.clone(),
            facts: write_json("notices.facts", &own.facts)?,
            read_at: own.read_at.map(Timestamp::as_microsecond),
        })
    }

    fn read(self) -> Result<Notice, Error> {
        Ok(Notice {
            user: read("notices.user_id", &self.user_id)?,
            id: read("notices.id", &self.id)?,
            at: instant("notices.at", self.at)?,
            kind: read("notices.kind", &self.kind)?,
            about: self.about,
            customer: read_some("notices.customer_id", self.customer_id.as_deref())?,
            subject: self.subject,
            facts: read_json("notices.facts", &self.facts)?,
            read_at: self.read_at.map(|at| instant("notices.read_at", at)).transpose()?,
        })
    }
}

/// Adds what people are told, save what they were told before; returns which of them are new, each with its reader.
///
/// # Errors
/// The store's own.
pub fn insert_many(
    tx: &mut Write<'_>,
    scope: &Scope,
    list: &[Notice],
) -> Result<Vec<(UserId, NoticeId)>, Error> {
    let partner = scope.partner().to_string();
    let mut fresh = Vec::with_capacity(list.len());
    for piece in list.chunks(PIECE) {
        let rows = piece.iter().map(|own| Row::new(&partner, own)).collect::<Result<Vec<_>, _>>()?;
        let new: Vec<(String, String)> = both!(tx, |c| diesel::insert_into(notices::table)
            .values(&rows)
            .on_conflict_do_nothing()
            .returning((notices::user_id, notices::id))
            .get_results(c))?;
        for (user, id) in new {
            fresh.push((read("notices.user_id", &user)?, read("notices.id", &id)?));
        }
    }
    Ok(fresh)
}

/// A page of what a person was told, newest first, after `after`.
///
/// # Errors
/// The store's own.
pub fn page(
    tx: &mut Read<'_>,
    (partner, user): (PartnerId, UserId),
    after: Option<NoticeId>,
    limit: i64,
) -> Result<Vec<Notice>, Error> {
    let (partner, user) = (partner.to_string(), user.to_string());
    let rows: Vec<Row> = both!(tx, |c| {
        let mut query = notices::table
            .filter(notices::partner_id.eq(&partner).and(notices::user_id.eq(&user)))
            .select(Row::as_select())
            .into_boxed();
        if let Some(after) = after {
            query = query.filter(notices::id.lt(after.to_string()));
        }
        query.order(notices::id.desc()).limit(limit).load(c)
    })?;
    rows.into_iter().map(Row::read).collect()
}

/// One thing a person was told.
///
/// # Errors
/// The store's own.
pub fn find(
    tx: &mut Read<'_>,
    (partner, user): (PartnerId, UserId),
    id: NoticeId,
) -> Result<Option<Notice>, Error> {
    let (partner, user, id) = (partner.to_string(), user.to_string(), id.to_string());
    let row: Option<Row> = both!(tx, |c| notices::table
        .find((&partner, &user, &id))
        .select(Row::as_select())
        .first(c)
        .optional())?;
    row.map(Row::read).transpose()
}

/// How many a person has not read; counted up to `most`.
///
/// # Errors
/// The store's own.
pub fn unread(tx: &mut Read<'_>, (partner, user): (PartnerId, UserId), most: i64) -> Result<i64, Error> {
    let (partner, user) = (partner.to_string(), user.to_string());
    let ids: Vec<String> = both!(tx, |c| notices::table
        .filter(notices::partner_id.eq(&partner).and(notices::user_id.eq(&user)))
        .filter(notices::read_at.is_null())
        .select(notices::id)
        .limit(most)
        .load(c))?;
    Ok(i64::try_from(ids.len()).unwrap_or(most))
}

/// Notes that a person read one of them, or, without an id, all there are.
///
/// # Errors
/// The store's own.
pub fn mark_read(
    tx: &mut Write<'_>,
    (partner, user): (PartnerId, UserId),
    id: Option<NoticeId>,
    now: Timestamp,
) -> Result<usize, Error> {
    let (partner, user, id) = (partner.to_string(), user.to_string(), id.map(|id| id.to_string()));
    let now = Some(now.as_microsecond());
    Ok(match id {
        Some(id) => both!(tx, |c| diesel::update(
            notices::table.find((&partner, &user, &id)).filter(notices::read_at.is_null())
        )
        .set(notices::read_at.eq(now))
        .execute(c))?,
        None => both!(tx, |c| diesel::update(
            notices::table
                .filter(notices::partner_id.eq(&partner).and(notices::user_id.eq(&user)))
                .filter(notices::read_at.is_null())
        )
        .set(notices::read_at.eq(now))
        .execute(c))?,
    })
}

/// Forgets what people were told before this.
///
/// # Errors
/// The store's own.
pub fn forget(tx: &mut Write<'_>, before: Timestamp) -> Result<usize, Error> {
    Ok(both!(tx, |c| diesel::delete(notices::table.filter(notices::at.lt(before.as_microsecond())))
        .execute(c))?)
}

/// Forgets what one person was told.
///
/// # Errors
/// The store's own.
pub fn forget_person(tx: &mut Write<'_>, partner: PartnerId, user: UserId) -> Result<(), Error> {
    let (partner, user) = (partner.to_string(), user.to_string());
    both!(tx, |c| diesel::delete(
        notices::table.filter(notices::partner_id.eq(&partner).and(notices::user_id.eq(&user)))
    )
    .execute(c))?;
    Ok(())
}

/// An order of which nobody was told that its window closes.
#[derive(Debug, Clone)]
pub struct Untold {
    /// Whose it is.
    pub partner: PartnerId,
    /// The order.
    pub order: OrderId,
    /// Its number.
    pub number: String,
    /// For whom it was placed.
    pub customer: CustomerId,
    /// When.
    pub placed_at: Timestamp,
}

/// Orders of all partners, placed between two instants, that still hold something of a family and of which nobody was told
/// that their window closes; by id, after `after`.
///
/// # Errors
/// The store's own.
pub fn untold(
    tx: &mut Read<'_>,
    family: Family,
    (from, to): (Timestamp, Timestamp),
    after: Option<OrderId>,
    limit: i64,
) -> Result<Vec<Untold>, Error> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let rows: Vec<(String, String, String, String, i64)> = both!(tx, |c| orders::table
        .inner_join(
            order_lines::table
                .on(order_lines::partner_id.eq(orders::partner_id).and(order_lines::order_id.eq(orders::id)))
        )
        .filter(orders::placed_at.ge(from.as_microsecond()).and(orders::placed_at.lt(to.as_microsecond())))
        .filter(orders::id.gt(&after))
        .filter(order_lines::family.eq(family.as_str()).and(order_lines::state.eq("fulfilled")))
        .filter(not(exists(
            notices::table
                .filter(notices::partner_id.eq(orders::partner_id))
                .filter(notices::about.eq(orders::id))
                .filter(notices::kind.eq(Kind::WindowClosing.as_str()))
        )))
        .order(orders::id.asc())
        .limit(limit)
        .select((
            orders::partner_id,
            orders::id,
            orders::alternate_id,
            orders::customer_id,
            orders::placed_at
        ))
        .distinct()
        .load(c))?;
    rows.into_iter()
        .map(|(partner, order, number, customer, placed_at)| {
            Ok(Untold {
                partner: read("orders.partner_id", &partner)?,
                order: read("orders.id", &order)?,
                number,
                customer: read("orders.customer_id", &customer)?,
                placed_at: instant("orders.placed_at", placed_at)?,
            })
        })
        .collect()
}
