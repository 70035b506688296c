//! Carts.

use chandlery_domain::access::Scope;
use chandlery_domain::cart::{Cart, Wanted};
use chandlery_domain::ids::{CartId, CustomerId};
use diesel::prelude::*;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::columns::{flag, instant, read, read_json, read_some, write_json};
use crate::db::{Kept, Read, Write, both};
use crate::error::Error;
use crate::schema::carts;

#[derive(Serialize, Deserialize)]
struct StoredLine {
    item: String,
    quantity: u32,
    term: Option<String>,
    cycle: String,
    friendly_name: Option<String>,
    reseller: Option<String>,
    context: Vec<(String, String)>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = carts, treat_none_as_default_value = false)]
struct Row {
    partner_id: String,
    id: String,
    customer_id: String,
    lines: String,
    created_at: i64,
    modified_at: i64,
    expires_at: i64,
    modified_by: String,
    ordered: i64,
    revision: i64,
    po_number: Option<String>,
}

impl Row {
    fn read(self) -> Result<(Cart, i64), Error> {
        let cart = Cart {
            id: read("carts.id", &self.id)?,
            customer: read("carts.customer_id", &self.customer_id)?,
            lines: read_lines(&self.lines)?,
            created_at: instant("carts.created_at", self.created_at)?,
            modified_at: instant("carts.modified_at", self.modified_at)?,
            expires_at: instant("carts.expires_at", self.expires_at)?,
            modified_by: read("carts.modified_by", &self.modified_by)?,
            ordered: flag("carts.ordered", self.ordered)?,
            po_number: self.po_number,
        };
        Ok((cart, self.revision))
    }
}

fn write_lines(lines: &[Wanted]) -> Result<String, Error> {
    let stored: Vec<StoredLine> = lines
        .iter()
        .map(|line| StoredLine {
            item: line.item.to_string(),
            quantity: line.quantity,
            term: line.term.map(|term| term.as_str().to_owned()),
            cycle: line.cycle.as_str().to_owned(),
            friendly_name: line.friendly_name.clone(),
            reseller: line.reseller.clone(),
            context: line.context.clone(),
        })
        .collect();
    write_json("carts.lines", &stored)
}

fn read_lines(text: &str) -> Result<Vec<Wanted>, Error> {
    let stored: Vec<StoredLine> = read_json("carts.lines", text)?;
    (0..)
        .zip(stored)
        .map(|(number, line)| {
            Ok(Wanted {
                number,
                item: read("carts.lines", &line.item)?,
                quantity: line.quantity,
                term: read_some("carts.lines", line.term.as_deref())?,
                cycle: read("carts.lines", &line.cycle)?,
                friendly_name: line.friendly_name,
                reseller: line.reseller,
                context: line.context,
            })
        })
        .collect()
}

/// A cart of a customer, with its revision.
///
/// # Errors
/// The store's own.
pub fn find(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    id: CartId,
) -> Result<Option<(Cart, i64)>, Error> {
    let (partner, customer, id) = (scope.partner().to_string(), customer.to_string(), id.to_string());
    let row: Option<Row> = both!(tx, |c| carts::table
        .find((&partner, &id))
        .filter(carts::customer_id.eq(&customer))
        .select(Row::as_select())
        .first(c)
        .optional())?;
    row.map(Row::read).transpose()
}

/// The cart a person is filling for a customer, with its revision: the one changed last that was not ordered and is not
/// over.
///
/// # Errors
/// The store's own.
pub fn being_filled(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    by: Uuid,
    now: Timestamp,
) -> Result<Option<(Cart, i64)>, Error> {
    let (partner, customer, by) = (scope.partner().to_string(), customer.to_string(), by.to_string());
    let row: Option<Row> = both!(tx, |c| carts::table
        .filter(carts::partner_id.eq(&partner).and(carts::customer_id.eq(&customer)))
        .filter(carts::modified_by.eq(&by).and(carts::ordered.eq(0)))
        .filter(carts::expires_at.ge(now.as_microsecond()))
        .order(carts::modified_at.desc())
        .select(Row::as_select())
        .first(c)
        .optional())?;
    row.map(Row::read).transpose()
}

/// Adds a cart.
///
/// # Errors
/// The store's own.
pub fn insert(tx: &mut Write<'_>, scope: &Scope, cart: &Cart) -> Result<(), Error> {
    let row = Row {
        partner_id: scope.partner().to_string(),
        id: cart.id.to_string(),
        customer_id: cart.customer.to_string(),
        lines: write_lines(&cart.lines)?,
        created_at: cart.created_at.as_microsecond(),
        modified_at: cart.modified_at.as_microsecond(),
        expires_at: cart.expires_at.as_microsecond(),
        modified_by: cart.modified_by.to_string(),
        ordered: cart.ordered.into(),
        revision: 1,
        po_number: cart.po_number.clone(),
    };
    both!(tx, |c| diesel::insert_into(carts::table).values(&row).execute(c))?;
    Ok(())
}

/// Saves a changed cart; false when somebody else changed it since.
///
/// # Errors
/// The store's own.
pub fn save(tx: &mut Write<'_>, scope: &Scope, cart: &Cart, revision: i64) -> Result<bool, Error> {
    let (partner, id) = (scope.partner().to_string(), cart.id.to_string());
    let lines = write_lines(&cart.lines)?;
    let changed = both!(tx, |c| Kept(
        diesel::update(carts::table.find((&partner, &id)).filter(carts::revision.eq(revision))).set((
            carts::lines.eq(&lines),
            carts::modified_at.eq(cart.modified_at.as_microsecond()),
            carts::expires_at.eq(cart.expires_at.as_microsecond()),
            carts::modified_by.eq(cart.modified_by.to_string()),
            carts::ordered.eq(i64::from(cart.ordered)),
            carts::po_number.eq(cart.po_number.clone()),
            carts::revision.eq(revision.saturating_add(1)),
        ))
    )
    .execute(c))?;
    Ok(changed == 1)
}
