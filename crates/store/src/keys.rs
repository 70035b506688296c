//! Product keys: the stock nobody owns yet, and the keys handed to order lines. Texts are sealed throughout.

use chandlery_domain::access::Scope;
use chandlery_domain::ids::{KeyId, OrderId, ProductId};
use chandlery_domain::key::{AssignedKey, KeyFormat, KeyState, LineRef};
use chandlery_domain::media::Version;
use diesel::prelude::*;
use jiff::Timestamp;

use crate::columns::{instant, number, read};
use crate::db::{Conn, Kept, Read, Write, both, insert_rows};
use crate::error::Error;
use crate::schema::{key_stock, product_keys, skus};

/// A key in stock, sealed with the operator's data key.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = key_stock, treat_none_as_default_value = false)]
pub struct StockedKey {
    /// The product it opens.
    pub product_id: String,
    /// The version it opens.
    pub version: String,
    /// Its id.
    pub id: String,
    /// A keyed digest of its text, by which a second copy is recognised.
    pub digest: String,
    /// Its text, sealed.
    pub sealed: String,
    /// How many activations it allows; none for no limit.
    pub activations: Option<i64>,
    /// When it came into stock, in microseconds.
    pub imported_at: i64,
}

/// A key handed to a line, with its text sealed by the partner's data key.
#[derive(Debug, Clone)]
pub struct HandedKey {
    /// The key without its text.
    pub key: AssignedKey,
    /// The product it opens.
    pub product: String,
    /// The version it opens.
    pub version: String,
    /// The keyed digest of its text.
    pub digest: String,
    /// Its text, sealed.
    pub sealed: String,
    /// How many activations it allows; none for no limit.
    pub activations: Option<i64>,
    /// How many came with it, if it was said.
    pub imported_activations: Option<i64>,
    /// When it was handed over and when it was first shown, as far as that is known.
    pub history: History,
}

/// When things happened to a key that its state does not tell any more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct History {
    /// When it was handed to its line.
    pub assigned_at: Option<Timestamp>,
    /// When it was first shown.
    pub revealed_at: Option<Timestamp>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = product_keys, treat_none_as_default_value = false)]
struct Row {
    partner_id: String,
    order_id: String,
    line: i64,
    id: String,
    product_id: String,
    version: String,
    digest: String,
    sealed: String,
    activations: Option<i64>,
    state: String,
    state_at: i64,
    imported_activations: Option<i64>,
    assigned_at: Option<i64>,
    revealed_at: Option<i64>,
}

fn state_columns(state: KeyState) -> (&'static str, i64) {
    match state {
        KeyState::Assigned { at } => ("assigned", at.as_microsecond()),
        KeyState::Revealed { at } => ("revealed", at.as_microsecond()),
        KeyState::Revoked { at } => ("revoked", at.as_microsecond()),
    }
}

impl Row {
    fn read(self) -> Result<HandedKey, Error> {
        let at = instant("product_keys.state_at", self.state_at)?;
        Ok(HandedKey {
            key: AssignedKey {
                id: read("product_keys.id", &self.id)?,
                line: LineRef {
                    order: read("product_keys.order_id", &self.order_id)?,
                    line: number("product_keys.line", self.line)?,
                },
                state: match self.state.as_str() {
                    "assigned" => KeyState::Assigned { at },
                    "revealed" => KeyState::Revealed { at },
                    "revoked" => KeyState::Revoked { at },
                    other => return Err(Error::broken("product_keys.state", other)),
                },
            },
            product: self.product_id,
            version: self.version,
            digest: self.digest,
            sealed: self.sealed,
            activations: self.activations,
            imported_activations: self.imported_activations,
            history: History {
                assigned_at: self
                    .assigned_at
                    .map(|at| instant("product_keys.assigned_at", at))
                    .transpose()?,
                revealed_at: self
                    .revealed_at
                    .map(|at| instant("product_keys.revealed_at", at))
                    .transpose()?,
            },
        })
    }
}

/// How keys of a product are written; none when the product is not in the catalogue.
///
/// # Errors
/// The store's own.
pub fn format(tx: &mut Read<'_>, product: &ProductId) -> Result<Option<KeyFormat>, Error> {
    let found: Option<(String, Option<String>)> = both!(tx, |c| skus::table
        .filter(skus::product_id.eq(product.as_str()))
        .order(skus::id.asc())
        .select((skus::key_format, skus::key_pattern))
        .first(c)
        .optional())?;
    found
        .map(|(word, pattern)| match pattern {
            Some(pattern) => Ok(KeyFormat::Pattern(read("skus.key_pattern", &pattern)?)),
            None => read("skus.key_format", &word),
        })
        .transpose()
}

/// Sets how keys of a product are written.
///
/// # Errors
/// The store's own.
pub fn set_format(tx: &mut Write<'_>, product: &ProductId, format: &KeyFormat) -> Result<bool, Error> {
    let pattern = format.pattern().map(|pattern| pattern.as_str());
    let changed = both!(tx, |c| Kept(
        diesel::update(skus::table.filter(skus::product_id.eq(product.as_str())))
            .set((skus::key_format.eq(format.as_str()), skus::key_pattern.eq(pattern),))
    )
    .execute(c))?;
    Ok(changed > 0)
}

/// Puts keys into stock; returns how many were new. A key whose digest is there already changes nothing.
///
/// # Errors
/// The store's own.
pub fn stock(tx: &mut Write<'_>, list: &[StockedKey]) -> Result<usize, Error> {
    Ok(both!(tx, |c| diesel::insert_into(key_stock::table).values(list).on_conflict_do_nothing().execute(c))?)
}

/// Which of these digests belong to a key that was handed to somebody.
///
/// # Errors
/// The store's own.
pub fn handed_digests(tx: &mut Read<'_>, digests: &[String]) -> Result<Vec<String>, Error> {
    Ok(both!(tx, |c| product_keys::table
        .filter(product_keys::digest.eq_any(digests))
        .select(product_keys::digest)
        .load(c))?)
}

/// Those of these digests that stand in stock, each with its product.
///
/// # Errors
/// The store's own.
pub fn stocked_digests(tx: &mut Read<'_>, digests: &[String]) -> Result<Vec<(String, String)>, Error> {
    Ok(both!(tx, |c| key_stock::table
        .filter(key_stock::digest.eq_any(digests))
        .select((key_stock::digest, key_stock::product_id))
        .load(c))?)
}

/// Takes `count` keys of a product's version out of stock; fewer when there are fewer.
///
/// # Errors
/// The store's own; [`Error::Conflict`] when somebody else took the same keys.
pub fn take(
    tx: &mut Write<'_>,
    product: &ProductId,
    version: &Version,
    count: i64,
) -> Result<Vec<StockedKey>, Error> {
    let (product, version) = (product.as_str(), version.as_str());
    macro_rules! newest {
        () => {
            key_stock::table
                .filter(key_stock::product_id.eq(product).and(key_stock::version.eq(version)))
                .order(key_stock::id.desc())
                .limit(count)
                .select(StockedKey::as_select())
        };
    }
    // Side by side, because only PostgreSQL has other writers, and there each shall take other keys.
    let chosen: Vec<StockedKey> = match &mut tx.conn {
        Conn::Pg(connection) => newest!().for_update().skip_locked().load(*connection)?,
        Conn::Lite(connection) => newest!().load(*connection)?,
    };
    if i64::try_from(chosen.len()).is_ok_and(|got| got < count) {
        let there: Vec<String> = both!(tx, |c| key_stock::table
            .filter(key_stock::product_id.eq(product).and(key_stock::version.eq(version)))
            .select(key_stock::id)
            .limit(count)
            .load(c))?;
        if there.len() > chosen.len() {
            return Err(Error::Conflict { why: "somebody else is taking the same keys".into() });
        }
    }
    let ids: Vec<&str> = chosen.iter().map(|key| key.id.as_str()).collect();
    macro_rules! of_version {
        () => {
            key_stock::table.filter(key_stock::product_id.eq(product).and(key_stock::version.eq(version)))
        };
    }
    let gone = match ids.as_slice() {
        [] => 0,
        [one] => both!(tx, |c| diesel::delete(of_version!().filter(key_stock::id.eq(*one))).execute(c))?,
        many => both!(tx, |c| diesel::delete(of_version!().filter(key_stock::id.eq_any(many))).execute(c))?,
    };
    if gone != chosen.len() {
        return Err(Error::Conflict { why: "somebody else took the same keys".into() });
    }
    Ok(chosen)
}

/// Sets how many activations a key that was handed over allows; false when there is no such key.
///
/// # Errors
/// The store's own.
pub fn set_activations(
    tx: &mut Write<'_>,
    scope: &Scope,
    (line, key): (LineRef, KeyId),
    allowed: u32,
) -> Result<bool, Error> {
    let (partner, order, id) = (scope.partner().to_string(), line.order.to_string(), key.to_string());
    let changed = both!(tx, |c| diesel::update(
        product_keys::table
            .find((&partner, &order, i64::from(line.line), &id))
            .filter(product_keys::state.ne("revoked"))
    )
    .set(product_keys::activations.eq(Some(i64::from(allowed))))
    .execute(c))?;
    Ok(changed == 1)
}

/// Hands keys to lines.
///
/// # Errors
/// The store's own.
pub fn hand(tx: &mut Write<'_>, scope: &Scope, list: &[HandedKey]) -> Result<(), Error> {
    if list.is_empty() {
        return Ok(());
    }
    let rows: Vec<Row> = list
        .iter()
        .map(|handed| {
            let (state, state_at) = state_columns(handed.key.state);
            Row {
                partner_id: scope.partner().to_string(),
                order_id: handed.key.line.order.to_string(),
                line: handed.key.line.line.into(),
                id: handed.key.id.to_string(),
                product_id: handed.product.clone(),
                version: handed.version.clone(),
                digest: handed.digest.clone(),
                sealed: handed.sealed.clone(),
                activations: handed.activations,
                state: state.into(),
                state_at,
                imported_activations: handed.imported_activations,
                assigned_at: handed.history.assigned_at.map(|at| at.as_microsecond()),
                revealed_at: handed.history.revealed_at.map(|at| at.as_microsecond()),
            }
        })
        .collect();
    insert_rows!(tx, product_keys::table, rows)?;
    Ok(())
}

/// The keys handed to these orders.
///
/// # Errors
/// The store's own.
pub fn of_orders(tx: &mut Read<'_>, scope: &Scope, orders: &[OrderId]) -> Result<Vec<HandedKey>, Error> {
    let partner = scope.partner().to_string();
    let orders: Vec<String> = orders.iter().map(ToString::to_string).collect();
    // One order is a statement that is prepared once and kept.
    let rows: Vec<Row> = match orders.as_slice() {
        [one] => both!(tx, |c| product_keys::table
            .filter(product_keys::partner_id.eq(&partner).and(product_keys::order_id.eq(one)))
            .order((product_keys::line.asc(), product_keys::id.asc()))
            .select(Row::as_select())
            .load(c))?,
        many => both!(tx, |c| product_keys::table
            .filter(product_keys::partner_id.eq(&partner).and(product_keys::order_id.eq_any(many)))
            .order((product_keys::order_id.asc(), product_keys::line.asc(), product_keys::id.asc()))
            .select(Row::as_select())
            .load(c))?,
    };
    rows.into_iter().map(Row::read).collect()
}

/// Moves a key from one state to another; false when somebody else moved it meanwhile.
///
/// # Errors
/// The store's own.
pub fn set_state(tx: &mut Write<'_>, scope: &Scope, key: &AssignedKey, to: KeyState) -> Result<bool, Error> {
    let (partner, order, id) = (scope.partner().to_string(), key.line.order.to_string(), key.id.to_string());
    let ((from, _), (word, at)) = (state_columns(key.state), state_columns(to));
    let changed = both!(tx, |c| {
        let own = product_keys::table
            .find((&partner, &order, i64::from(key.line.line), &id))
            .filter(product_keys::state.eq(from));
        let moved = (product_keys::state.eq(word), product_keys::state_at.eq(at));
        match to {
            KeyState::Revealed { .. } => {
                Kept(diesel::update(own).set((moved, product_keys::revealed_at.eq(Some(at))))).execute(c)
            }
            KeyState::Assigned { .. } | KeyState::Revoked { .. } => {
                Kept(diesel::update(own).set(moved)).execute(c)
            }
        }
    })?;
    Ok(changed == 1)
}

/// Puts keys of an order out of use; returns how many.
///
/// # Errors
/// The store's own.
pub fn revoke(
    tx: &mut Write<'_>,
    scope: &Scope,
    order: OrderId,
    ids: &[KeyId],
    now: Timestamp,
) -> Result<usize, Error> {
    let (partner, order) = (scope.partner().to_string(), order.to_string());
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    Ok(both!(tx, |c| Kept(
        diesel::update(
            product_keys::table.filter(
                product_keys::partner_id
                    .eq(&partner)
                    .and(product_keys::order_id.eq(&order))
                    .and(product_keys::id.eq_any(&ids))
                    .and(product_keys::state.ne("revoked"))
            )
        )
        .set((product_keys::state.eq("revoked"), product_keys::state_at.eq(now.as_microsecond())))
    )
    .execute(c))?)
}

/// Takes keys that nobody saw away from an order's lines, so that they can go back to stock; false when one of them
/// was seen meanwhile.
///
/// # Errors
/// The store's own.
pub fn withdraw(tx: &mut Write<'_>, scope: &Scope, order: OrderId, ids: &[KeyId]) -> Result<bool, Error> {
    let (partner, order) = (scope.partner().to_string(), order.to_string());
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let gone = both!(tx, |c| diesel::delete(
        product_keys::table.filter(
            product_keys::partner_id
                .eq(&partner)
                .and(product_keys::order_id.eq(&order))
                .and(product_keys::id.eq_any(&ids))
                .and(product_keys::state.eq("assigned"))
        )
    )
    .execute(c))?;
    Ok(gone == ids.len())
}
