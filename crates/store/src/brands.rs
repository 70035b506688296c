//! What houses are called and coloured in front of their customers.

use chandlery_domain::access::Scope;
use chandlery_domain::brand::Brand;
use chandlery_domain::ids::PartnerId;
use diesel::prelude::*;

use crate::columns::read;
use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::brands;

type Row = (String, String, String, i64);
/// A brand with its revision.
pub type Kept = (Brand, i64);

fn brand((_, name, colour, revision): Row) -> Result<Kept, Error> {
    let colour = if colour.is_empty() { None } else { Some(read("brands.colour", &colour)?) };
    Ok((Brand { name: Some(name).filter(|own| !own.is_empty()), colour }, revision))
}

/// The brands of these houses, each with its revision.
///
/// # Errors
/// The store's own.
pub fn of_houses(tx: &mut Read<'_>, houses: &[PartnerId]) -> Result<Vec<(PartnerId, Kept)>, Error> {
    let ids: Vec<String> = houses.iter().map(ToString::to_string).collect();
    let rows: Vec<Row> = both!(tx, |c| brands::table.filter(brands::partner_id.eq_any(&ids)).load(c))?;
    rows.into_iter().map(|row| Ok((read("brands.partner_id", &row.0)?, brand(row)?))).collect()
}

/// The house's brand with its revision; nothing and 0 where it never chose one.
///
/// # Errors
/// The store's own.
pub fn own(tx: &mut Read<'_>, scope: &Scope) -> Result<Kept, Error> {
    Ok(of_houses(tx, &[scope.partner()])?.pop().map(|(_, own)| own).unwrap_or_default())
}

/// Stores the house's brand if it still has the revision `before`; false otherwise.
///
/// # Errors
/// The store's own.
pub fn save(tx: &mut Write<'_>, scope: &Scope, own: &Brand, before: i64) -> Result<bool, Error> {
    let partner = scope.partner().to_string();
    let name = own.name.clone().unwrap_or_default();
    let colour = own.colour.map(|own| own.to_string()).unwrap_or_default();
    let changed = if before == 0 {
        both!(tx, |c| diesel::insert_into(brands::table)
            .values((
                brands::partner_id.eq(&partner),
                brands::name.eq(&name),
                brands::colour.eq(&colour),
                brands::revision.eq(1)
            ))
            .on_conflict_do_nothing()
            .execute(c))?
    } else {
        both!(tx, |c| diesel::update(brands::table.find(&partner).filter(brands::revision.eq(before)))
            .set((brands::name.eq(&name), brands::colour.eq(&colour), brands::revision.eq(before + 1)))
            .execute(c))?
    };
    Ok(changed == 1)
}
