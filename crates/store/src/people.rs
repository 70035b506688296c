//! People: of the operator, of partners and of customers, with the keys their fields in the log are sealed with.

use chandlery_domain::access::{Role, Scope};
use chandlery_domain::ids::{CustomerId, PartnerId, UserId};
use diesel::prelude::*;
use jiff::Timestamp;

use crate::applications::roles;
use crate::columns::{flag, instant, read, read_some, words};
use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::{logins, person_keys, users};

/// A person of a partner, of a customer or of the operator.
#[derive(Debug, Clone)]
pub struct User {
    /// The partner the person belongs to or is served by; the operator's id for its own.
    pub partner: PartnerId,
    /// The person's id.
    pub id: UserId,
    /// The customer the person belongs to, if to one.
    pub customer: Option<CustomerId>,
    /// The sign-in name, unique everywhere, in lower case.
    pub upn: String,
    /// The name shown.
    pub display_name: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// The country licences are used in, as two letters, or empty.
    pub usage_location: String,
    /// A telephone number, or empty.
    pub phone: String,
    /// What the person may do.
    pub roles: Vec<Role>,
    /// The password's argon2id hash, in PHC form; empty for people who sign in elsewhere.
    pub password_hash: String,
    /// Whether the password must be changed at the next sign-in.
    pub must_change_password: bool,
    /// Whether the person may sign in.
    pub active: bool,
    /// When the person was deleted from its customer.
    pub deleted_at: Option<Timestamp>,
    /// Tokens and sessions from before this do not count.
    pub tokens_from: Timestamp,
    /// When the person was erased.
    pub erased_at: Option<Timestamp>,
    /// When the person was added.
    pub created_at: Timestamp,
    /// The language the person chose (BCP 47); none until it chose one.
    pub language: Option<String>,
    /// The time zone the person chose (IANA).
    pub time_zone: Option<String>,
    /// The kinds of notifications the person wants no mail about.
    pub muted: Vec<String>,
    /// How often it was changed.
    pub revision: i64,
}

impl User {
    /// A person who may sign in, with a password.
    pub fn new(
        (partner, customer): (PartnerId, Option<CustomerId>),
        id: UserId,
        (upn, display_name): (&str, &str),
        roles: Vec<Role>,
        password_hash: String,
        now: Timestamp,
    ) -> Self {
        Self {
            partner,
            id,
            customer,
            upn: upn.to_lowercase(),
            display_name: display_name.to_owned(),
            first_name: String::new(),
            last_name: String::new(),
            usage_location: String::new(),
            phone: String::new(),
            roles,
            password_hash,
            must_change_password: true,
            active: true,
            deleted_at: None,
            tokens_from: Timestamp::UNIX_EPOCH,
            erased_at: None,
            created_at: now,
            language: None,
            time_zone: None,
            muted: Vec::new(),
            revision: 0,
        }
    }
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = users, treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    partner_id: String,
    id: String,
    customer_id: Option<String>,
    upn: String,
    display_name: String,
    roles: String,
    password_hash: String,
    must_change_password: i64,
    created_at: i64,
    first_name: String,
    last_name: String,
    usage_location: String,
    phone: String,
    state: String,
    deleted_at: Option<i64>,
    tokens_from: i64,
    erased_at: Option<i64>,
    revision: i64,
    language: Option<String>,
    time_zone: Option<String>,
    muted: String,
}

impl Row {
    fn new(user: &User) -> Self {
        Self {
            partner_id: user.partner.to_string(),
            id: user.id.to_string(),
            customer_id: user.customer.map(|id| id.to_string()),
            upn: user.upn.to_lowercase(),
            display_name: user.display_name.clone(),
            roles: words(user.roles.iter().copied().map(Role::as_str), " "),
            password_hash: user.password_hash.clone(),
            must_change_password: user.must_change_password.into(),
            created_at: user.created_at.as_microsecond(),
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            usage_location: user.usage_location.clone(),
            phone: user.phone.clone(),
            state: if user.active { "active" } else { "inactive" }.into(),
            deleted_at: user.deleted_at.map(Timestamp::as_microsecond),
            tokens_from: user.tokens_from.as_microsecond(),
            erased_at: user.erased_at.map(Timestamp::as_microsecond),
            revision: user.revision,
            language: user.language.clone(),
            time_zone: user.time_zone.clone(),
            muted: words(user.muted.iter().map(String::as_str), " "),
        }
    }

    fn read(self) -> Result<User, Error> {
        Ok(User {
            partner: read("users.partner_id", &self.partner_id)?,
            id: read("users.id", &self.id)?,
            customer: read_some("users.customer_id", self.customer_id.as_deref())?,
            upn: self.upn,
            display_name: self.display_name,
            first_name: self.first_name,
            last_name: self.last_name,
            usage_location: self.usage_location,
            phone: self.phone,
            roles: roles("users.roles", &self.roles)?,
            password_hash: self.password_hash,
            must_change_password: flag("users.must_change_password", self.must_change_password)?,
            active: match self.state.as_str() {
                "active" => true,
                "inactive" => false,
                other => return Err(Error::broken("users.state", other)),
            },
            deleted_at: self.deleted_at.map(|at| instant("users.deleted_at", at)).transpose()?,
            tokens_from: instant("users.tokens_from", self.tokens_from)?,
            erased_at: self.erased_at.map(|at| instant("users.erased_at", at)).transpose()?,
            created_at: instant("users.created_at", self.created_at)?,
            language: self.language,
            time_zone: self.time_zone,
            muted: self.muted.split_whitespace().map(str::to_owned).collect(),
            revision: self.revision,
        })
    }
}

/// Adds a person with the sealed key of its log fields, and takes the sign-in name; false when that is taken.
///
/// # Errors
/// The store's own.
pub fn insert(tx: &mut Write<'_>, user: &User, sealed_key: &str) -> Result<bool, Error> {
    let row = Row::new(user);
    if !take_name(tx, &row.upn, &row.partner_id, &row.id)? {
        return Ok(false);
    }
    both!(tx, |c| diesel::insert_into(users::table).values(&row).execute(c))?;
    both!(tx, |c| diesel::insert_into(person_keys::table)
        .values((
            person_keys::partner_id.eq(&row.partner_id),
            person_keys::user_id.eq(&row.id),
            person_keys::sealed.eq(sealed_key)
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(true)
}

fn take_name(tx: &mut Write<'_>, upn: &str, partner: &str, user: &str) -> Result<bool, Error> {
    let taken = both!(tx, |c| diesel::insert_into(logins::table)
        .values((logins::upn.eq(upn), logins::partner_id.eq(partner), logins::user_id.eq(user)))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(taken == 1)
}

/// Changes a person as it stands now, whatever a copy read earlier says; none when the person is gone or erased. What is
/// returned is what it has become.
///
/// # Errors
/// The store's own; a conflict when it was changed at the same moment.
pub fn update(
    tx: &mut Write<'_>,
    partner: PartnerId,
    id: UserId,
    change: impl Fn(&mut User),
) -> Result<Option<User>, Error> {
    let Some(old) = by_id(tx, partner, id)?.filter(|user| user.erased_at.is_none()) else { return Ok(None) };
    let mut new = old.clone();
    change(&mut new);
    save(tx, &old, &new)?;
    Ok(Some(new))
}

/// Stores a person who was read in the same transaction; false when the sign-in name was changed to one that is taken.
///
/// # Errors
/// The store's own; a conflict when it was changed since it was read.
pub fn save(tx: &mut Write<'_>, old: &User, new: &User) -> Result<bool, Error> {
    let row = Row { revision: old.revision.saturating_add(1), ..Row::new(new) };
    if old.upn.to_lowercase() != row.upn {
        let before = old.upn.to_lowercase();
        if !take_name(tx, &row.upn, &row.partner_id, &row.id)? {
            return Ok(false);
        }
        both!(tx, |c| diesel::delete(logins::table.find(&before)).execute(c))?;
    }
    let changed = both!(tx, |c| diesel::update(
        users::table.find((&row.partner_id, &row.id)).filter(users::revision.eq(old.revision))
    )
    .set(&row)
    .execute(c))?;
    if changed == 0 {
        return Err(Error::Conflict { why: "the person was changed at the same moment".into() });
    }
    Ok(true)
}

/// A person by its sign-in name, whoever's it is: proving comes before any scope.
///
/// # Errors
/// The store's own.
pub fn by_name(tx: &mut Read<'_>, upn: &str) -> Result<Option<User>, Error> {
    let upn = upn.to_lowercase();
    let row: Option<Row> = both!(tx, |c| logins::table
        .inner_join(
            users::table.on(users::partner_id.eq(logins::partner_id).and(users::id.eq(logins::user_id)))
        )
        .filter(logins::upn.eq(&upn))
        .select(Row::as_select())
        .first(c)
        .optional())?;
    row.map(Row::read).transpose()
}

/// A person by partner and id: proving comes before any scope.
///
/// # Errors
/// The store's own.
pub fn by_id(tx: &mut Read<'_>, partner: PartnerId, id: UserId) -> Result<Option<User>, Error> {
    let (partner, id) = (partner.to_string(), id.to_string());
    let row: Option<Row> =
        both!(tx, |c| users::table.find((&partner, &id)).select(Row::as_select()).first(c).optional())?;
    row.map(Row::read).transpose()
}

/// Whose people a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// The partner's own (or the operator's own).
    Partner,
    /// One customer's.
    Customer(CustomerId),
}

/// The names of these people of a partner, for showing them.
///
/// # Errors
/// The store's own.
pub fn names(tx: &mut Read<'_>, partner: PartnerId, ids: &[UserId]) -> Result<Vec<(UserId, String)>, Error> {
    let partner = partner.to_string();
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let rows: Vec<(String, String)> = both!(tx, |c| users::table
        .filter(users::partner_id.eq(&partner).and(users::id.eq_any(&ids)))
        .select((users::id, users::display_name))
        .load(c))?;
    rows.into_iter().map(|(id, name)| Ok((read("users.id", &id)?, name))).collect()
}

/// A page of people by id, after `after`; those of a customer in the wanted state only.
///
/// # Errors
/// The store's own.
pub fn list(
    tx: &mut Read<'_>,
    scope: &Scope,
    of: Of,
    active: Option<bool>,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<User>, Error> {
    let partner = scope.partner().to_string();
    let customer = match of {
        Of::Partner => None,
        Of::Customer(id) => Some(id.to_string()),
    };
    let rows: Vec<Row> = both!(tx, |c| {
        let mut query =
            users::table.select(Row::as_select()).filter(users::partner_id.eq(&partner)).into_boxed();
        query = match &customer {
            Some(customer) => query.filter(users::customer_id.eq(customer)),
            None => query.filter(users::customer_id.is_null()),
        };
        if let Some(active) = active {
            query = query.filter(users::state.eq(if active { "active" } else { "inactive" }));
        }
        if let Some(after) = after {
            query = query.filter(users::id.gt(after));
        }
        query.order(users::id.asc()).limit(limit).load(c)
    })?;
    rows.into_iter().map(Row::read).collect()
}

/// A page of the people who hold a role and may sign in, by id, after `after`.
///
/// # Errors
/// The store's own.
pub fn holders(
    tx: &mut Read<'_>,
    scope: &Scope,
    of: Of,
    role: Role,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<User>, Error> {
    let mut found = Vec::new();
    let mut after = after.map(str::to_owned);
    let wanted = usize::try_from(limit).unwrap_or(0);
    loop {
        // A role is one word of a column; people of one house are read a thousand at a time until the page is full.
        let page = list(tx, scope, of, Some(true), after.as_deref(), 1000)?;
        let full = page.len() == 1000;
        after = page.last().map(|user| user.id.to_string());
        found.extend(page.into_iter().filter(|user| user.roles.contains(&role)));
        if !full || found.len() >= wanted {
            found.truncate(wanted);
            return Ok(found);
        }
    }
}

/// One of the partner's own people, or one of a customer's.
///
/// # Errors
/// The store's own.
pub fn find(tx: &mut Read<'_>, scope: &Scope, of: Of, id: UserId) -> Result<Option<User>, Error> {
    let found = by_id(tx, scope.partner(), id)?;
    Ok(found.filter(|user| match of {
        Of::Partner => user.customer.is_none(),
        Of::Customer(customer) => user.customer == Some(customer),
    }))
}

/// Whether nobody (0), one (1) or more (2) of the people who may sign in hold a role.
///
/// # Errors
/// The store's own.
pub fn count_with_role(tx: &mut Read<'_>, scope: &Scope, of: Of, role: Role) -> Result<usize, Error> {
    Ok(holders(tx, scope, of, role, None, 2)?.len())
}

/// The sealed keys of several people's log fields.
///
/// # Errors
/// The store's own.
pub fn person_keys(
    tx: &mut Read<'_>,
    partner: PartnerId,
    ids: &[String],
) -> Result<Vec<(String, String)>, Error> {
    let partner = partner.to_string();
    Ok(both!(tx, |c| person_keys::table
        .filter(person_keys::partner_id.eq(&partner))
        .filter(person_keys::user_id.eq_any(ids))
        .select((person_keys::user_id, person_keys::sealed))
        .load(c))?)
}

/// Destroys the key of a person's log fields; false when there was none.
///
/// # Errors
/// The store's own.
pub fn destroy_person_key(tx: &mut Write<'_>, partner: PartnerId, id: UserId) -> Result<bool, Error> {
    let (partner, id) = (partner.to_string(), id.to_string());
    Ok(both!(tx, |c| diesel::delete(person_keys::table.find((&partner, &id))).execute(c))? == 1)
}
