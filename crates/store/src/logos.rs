//! The pictures that houses' documents carry.

use chandlery_domain::access::Scope;
use chandlery_domain::ids::PartnerId;
use diesel::prelude::*;

use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::logos;

/// A house's logo as PNG.
///
/// # Errors
/// The store's own.
pub fn picture(tx: &mut Read<'_>, house: PartnerId) -> Result<Option<Vec<u8>>, Error> {
    let house = house.to_string();
    Ok(both!(tx, |c| logos::table.find(&house).select(logos::picture).first(c).optional())?)
}

/// By which digest a house's logo is known; none where it has none.
///
/// # Errors
/// The store's own.
pub fn digest(tx: &mut Read<'_>, house: PartnerId) -> Result<Option<String>, Error> {
    let house = house.to_string();
    Ok(both!(tx, |c| logos::table.find(&house).select(logos::digest).first(c).optional())?)
}

/// Keeps a logo in place of the one before.
///
/// # Errors
/// The store's own.
pub fn set(tx: &mut Write<'_>, scope: &Scope, picture: &[u8], digest: &str) -> Result<(), Error> {
    remove(tx, scope)?;
    let house = scope.partner().to_string();
    both!(tx, |c| diesel::insert_into(logos::table)
        .values((logos::partner_id.eq(&house), logos::picture.eq(picture), logos::digest.eq(digest)))
        .execute(c))?;
    Ok(())
}

/// Takes a logo away, where there is one.
///
/// # Errors
/// The store's own.
pub fn remove(tx: &mut Write<'_>, scope: &Scope) -> Result<(), Error> {
    let house = scope.partner().to_string();
    both!(tx, |c| diesel::delete(logos::table.find(&house)).execute(c))?;
    Ok(())
}
