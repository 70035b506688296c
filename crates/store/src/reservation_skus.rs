//! What the SKUs of reservations are for: type, region and size, as the operator's table says.

use chandlery_domain::reservation::Kind;
use diesel::prelude::*;

use crate::columns::read;
use crate::db::{Read, Write, both, insert_rows};
use crate::error::Error;
use crate::schema::reservation_skus;

/// How many rows go into one statement.
const BATCH: usize = 1_000;

/// What a SKU reserves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reserved {
    /// The SKU as in a catalogue item: `product:sku`.
    pub sku: String,
    /// Its type.
    pub kind: Kind,
    /// The region, as Azure names it in small letters; empty where it is for all.
    pub region: String,
    /// The size, as Azure names it; empty where there are none.
    pub size: String,
}

/// Puts SKUs in place of those there are.
///
/// # Errors
/// The store's own; a SKU twice is a unique violation.
pub fn replace(tx: &mut Write<'_>, list: &[Reserved]) -> Result<(), Error> {
    both!(tx, |c| diesel::delete(reservation_skus::table).execute(c))?;
    for part in list.chunks(BATCH) {
        let rows: Vec<_> = part
            .iter()
            .map(|own| {
                (
                    reservation_skus::sku.eq(&own.sku),
                    reservation_skus::kind.eq(own.kind.as_str()),
                    reservation_skus::region.eq(&own.region),
                    reservation_skus::size.eq(&own.size),
                )
            })
            .collect();
        insert_rows!(tx, reservation_skus::table, rows)?;
    }
    Ok(())
}

/// What SKUs reserve; those nothing is known of are left out.
///
/// # Errors
/// The store's own.
pub fn find_many(tx: &mut Read<'_>, skus: &[String]) -> Result<Vec<Reserved>, Error> {
    if skus.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(String, String, String, String)> =
        both!(tx, |c| reservation_skus::table.filter(reservation_skus::sku.eq_any(skus)).load(c))?;
    rows.into_iter()
        .map(|(sku, kind, region, size)| {
            Ok(Reserved { sku, kind: read("reservation_skus.kind", &kind)?, region, size })
        })
        .collect()
}
