//! People: of the operator, of partners and of customers, with their second factors and the keys their fields in the
//! log are sealed with.

use chandlery_domain::access::{Role, Scope};
use chandlery_domain::ids::{CustomerId, PartnerId, UserId};
use diesel::prelude::*;
use jiff::Timestamp;

use crate::applications::roles;
use crate::columns::{flag, instant, read, read_some, words};
use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::{attempts, factors, logins, password_resets, person_keys, users};

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

/// Stores a person as it is now; false when the sign-in name was changed to one that is taken.
///
/// # Errors
/// The store's own.
pub fn save(tx: &mut Write<'_>, old: &User, new: &User) -> Result<bool, Error> {
    let row = Row::new(new);
    if old.upn.to_lowercase() != row.upn {
        let before = old.upn.to_lowercase();
        if !take_name(tx, &row.upn, &row.partner_id, &row.id)? {
            return Ok(false);
        }
        both!(tx, |c| diesel::delete(logins::table.find(&before)).execute(c))?;
    }
    both!(tx, |c| diesel::update(users::table.find((&row.partner_id, &row.id))).set(&row).execute(c))?;
    Ok(true)
}

/// Removes a person for good, with its sign-in name, factors and log key.
///
/// # Errors
/// The store's own.
pub fn purge(tx: &mut Write<'_>, user: &User) -> Result<(), Error> {
    let (partner, id, upn) = (user.partner.to_string(), user.id.to_string(), user.upn.to_lowercase());
    both!(tx, |c| diesel::delete(logins::table.find(&upn)).execute(c))?;
    both!(tx, |c| diesel::delete(
        factors::table.filter(factors::partner_id.eq(&partner)).filter(factors::user_id.eq(&id))
    )
    .execute(c))?;
    both!(tx, |c| diesel::delete(person_keys::table.find((&partner, &id))).execute(c))?;
    both!(tx, |c| diesel::delete(users::table.find((&partner, &id))).execute(c))?;
    Ok(())
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

/// Adds the key of a person's log fields where it has none.
///
/// # Errors
/// The store's own.
pub fn insert_person_key(
    tx: &mut Write<'_>,
    partner: PartnerId,
    id: UserId,
    sealed: &str,
) -> Result<(), Error> {
    let (partner, id) = (partner.to_string(), id.to_string());
    both!(tx, |c| diesel::insert_into(person_keys::table)
        .values((
            person_keys::partner_id.eq(&partner),
            person_keys::user_id.eq(&id),
            person_keys::sealed.eq(sealed)
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// Destroys the key of a person's log fields; false when there was none.
///
/// # Errors
/// The store's own.
pub fn destroy_person_key(tx: &mut Write<'_>, partner: PartnerId, id: UserId) -> Result<bool, Error> {
    let (partner, id) = (partner.to_string(), id.to_string());
    Ok(both!(tx, |c| diesel::delete(person_keys::table.find((&partner, &id))).execute(c))? == 1)
}

/// What kind of second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorKind {
    /// An authenticator that shows codes (RFC 6238).
    Totp,
    /// A passkey (WebAuthn).
    Passkey,
    /// A recovery code, for one use.
    Recovery,
}

/// A second factor.
#[derive(Clone)]
pub struct Factor {
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: FactorKind,
    /// The name the person gave it.
    pub name: String,
    /// A sealed secret, a passkey, or the digest of a recovery code.
    pub secret: String,
    /// The last time step a code was taken for.
    pub last_step: i64,
    /// Since when.
    pub added_at: Timestamp,
    /// When it was used last.
    pub used_at: Option<Timestamp>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = factors, treat_none_as_default_value = false)]
struct FactorRow {
    partner_id: String,
    user_id: String,
    id: String,
    kind: String,
    name: String,
    secret: String,
    last_step: i64,
    added_at: i64,
    used_at: Option<i64>,
}

/// A person's second factors; at most fifty.
///
/// # Errors
/// The store's own.
pub fn factors(tx: &mut Read<'_>, partner: PartnerId, user: UserId) -> Result<Vec<Factor>, Error> {
    let (partner, user) = (partner.to_string(), user.to_string());
    let rows: Vec<FactorRow> = both!(tx, |c| factors::table
        .filter(factors::partner_id.eq(&partner))
        .filter(factors::user_id.eq(&user))
        .order(factors::id.asc())
        .limit(50)
        .select(FactorRow::as_select())
        .load(c))?;
    rows.into_iter()
        .map(|row| {
            Ok(Factor {
                id: row.id,
                kind: match row.kind.as_str() {
                    "totp" => FactorKind::Totp,
                    "passkey" => FactorKind::Passkey,
                    "recovery" => FactorKind::Recovery,
                    other => return Err(Error::broken("factors.kind", other)),
                },
                name: row.name,
                secret: row.secret,
                last_step: row.last_step,
                added_at: instant("factors.added_at", row.added_at)?,
                used_at: row.used_at.map(|at| instant("factors.used_at", at)).transpose()?,
            })
        })
        .collect()
}

/// Adds a second factor.
///
/// # Errors
/// The store's own.
pub fn insert_factor(
    tx: &mut Write<'_>,
    partner: PartnerId,
    user: UserId,
    factor: &Factor,
) -> Result<(), Error> {
    let row = FactorRow {
        partner_id: partner.to_string(),
        user_id: user.to_string(),
        id: factor.id.clone(),
        kind: match factor.kind {
            FactorKind::Totp => "totp",
            FactorKind::Passkey => "passkey",
            FactorKind::Recovery => "recovery",
        }
        .into(),
        name: factor.name.clone(),
        secret: factor.secret.clone(),
        last_step: factor.last_step,
        added_at: factor.added_at.as_microsecond(),
        used_at: factor.used_at.map(Timestamp::as_microsecond),
    };
    both!(tx, |c| diesel::insert_into(factors::table).values(&row).execute(c))?;
    Ok(())
}

/// Notes the use of a factor: the step must be later than the last one; false when it is not, so no code counts twice.
///
/// # Errors
/// The store's own.
pub fn use_factor(
    tx: &mut Write<'_>,
    (partner, user): (PartnerId, UserId),
    id: &str,
    secret: &str,
    step: i64,
    at: Timestamp,
) -> Result<bool, Error> {
    let (partner, user) = (partner.to_string(), user.to_string());
    let changed = both!(tx, |c| diesel::update(
        factors::table.find((&partner, &user, id)).filter(factors::last_step.lt(step))
    )
    .set((factors::secret.eq(secret), factors::last_step.eq(step), factors::used_at.eq(at.as_microsecond())))
    .execute(c))?;
    Ok(changed == 1)
}

/// Takes a factor away; false when it is not there (any more): a recovery code counts once.
///
/// # Errors
/// The store's own.
pub fn remove_factor(tx: &mut Write<'_>, partner: PartnerId, user: UserId, id: &str) -> Result<bool, Error> {
    let (partner, user) = (partner.to_string(), user.to_string());
    Ok(both!(tx, |c| diesel::delete(factors::table.find((&partner, &user, id))).execute(c))? == 1)
}

/// Failed sign-ins of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts {
    /// How many in a row.
    pub failures: u32,
    /// Until when the next is refused unseen.
    pub until: Timestamp,
}

/// Failed sign-ins under a key.
///
/// # Errors
/// The store's own.
pub fn attempts(tx: &mut Read<'_>, account: &str) -> Result<Option<Attempts>, Error> {
    let row: Option<(i64, i64)> = both!(tx, |c| attempts::table
        .find(account)
        .select((attempts::failures, attempts::until))
        .first(c)
        .optional())?;
    row.map(|(failures, until)| {
        Ok(Attempts {
            failures: crate::columns::number("attempts.failures", failures)?,
            until: instant("attempts.until", until)?,
        })
    })
    .transpose()
}

/// Sets the failed sign-ins of an account.
///
/// # Errors
/// The store's own.
pub fn set_attempts(tx: &mut Write<'_>, account: &str, state: Attempts, now: Timestamp) -> Result<(), Error> {
    let (failures, until, now) =
        (i64::from(state.failures), state.until.as_microsecond(), now.as_microsecond());
    both!(tx, |c| diesel::insert_into(attempts::table)
        .values((
            attempts::account.eq(account),
            attempts::failures.eq(failures),
            attempts::until.eq(until),
            attempts::last_at.eq(now)
        ))
        .on_conflict(attempts::account)
        .do_update()
        .set((attempts::failures.eq(failures), attempts::until.eq(until), attempts::last_at.eq(now)))
        .execute(c))?;
    Ok(())
}

/// Forgets failed sign-ins: those of one account, after a good one.
///
/// # Errors
/// The store's own.
pub fn clear_attempts(tx: &mut Write<'_>, account: &str) -> Result<(), Error> {
    both!(tx, |c| diesel::delete(attempts::table.find(account)).execute(c))?;
    Ok(())
}

/// Forgets failed sign-ins that are long past.
///
/// # Errors
/// The store's own.
pub fn forget_attempts(tx: &mut Write<'_>, before: Timestamp) -> Result<usize, Error> {
    Ok(both!(tx, |c| diesel::delete(attempts::table.filter(attempts::last_at.lt(before.as_microsecond())))
        .execute(c))?)
}

/// Keeps the digest of a reset token.
///
/// # Errors
/// The store's own.
pub fn insert_reset(
    tx: &mut Write<'_>,
    partner: PartnerId,
    user: UserId,
    digest: &str,
    ends_at: Timestamp,
) -> Result<(), Error> {
    let (partner, user) = (partner.to_string(), user.to_string());
    both!(tx, |c| diesel::insert_into(password_resets::table)
        .values((
            password_resets::partner_id.eq(&partner),
            password_resets::id.eq(digest),
            password_resets::user_id.eq(&user),
            password_resets::ends_at.eq(ends_at.as_microsecond())
        ))
        .execute(c))?;
    Ok(())
}

/// The person a reset token is for, if it counts still.
///
/// # Errors
/// The store's own.
pub fn reset(
    tx: &mut Read<'_>,
    partner: PartnerId,
    digest: &str,
    now: Timestamp,
) -> Result<Option<UserId>, Error> {
    let partner = partner.to_string();
    let user: Option<String> = both!(tx, |c| password_resets::table
        .find((&partner, digest))
        .filter(password_resets::used_at.is_null())
        .filter(password_resets::ends_at.gt(now.as_microsecond()))
        .select(password_resets::user_id)
        .first(c)
        .optional())?;
    read_some("password_resets.user_id", user.as_deref())
}

/// Uses up a reset token and every other one of the person's; false when it was used before.
///
/// # Errors
/// The store's own.
pub fn use_reset(
    tx: &mut Write<'_>,
    partner: PartnerId,
    user: UserId,
    digest: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    let (partner, user, now) = (partner.to_string(), user.to_string(), now.as_microsecond());
    let used = both!(tx, |c| diesel::update(
        password_resets::table.find((&partner, digest)).filter(password_resets::used_at.is_null())
    )
    .set(password_resets::used_at.eq(now))
    .execute(c))?;
    both!(tx, |c| diesel::update(
        password_resets::table
            .filter(password_resets::partner_id.eq(&partner))
            .filter(password_resets::user_id.eq(&user))
            .filter(password_resets::used_at.is_null())
    )
    .set(password_resets::used_at.eq(now))
    .execute(c))?;
    Ok(used == 1)
}
