//! A partner's own profiles: small documents, one of each kind, with a revision.

use chandlery_domain::access::Scope;
use diesel::prelude::*;

use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::partner_profiles;

/// A profile's document and revision, where one was ever stored.
///
/// # Errors
/// The store's own.
pub fn find(tx: &mut Read<'_>, scope: &Scope, kind: &str) -> Result<Option<(String, i64)>, Error> {
    let partner = scope.partner().to_string();
    Ok(both!(tx, |c| partner_profiles::table
        .find((&partner, kind))
        .select((partner_profiles::document, partner_profiles::revision))
        .first(c)
        .optional())?)
}

/// Stores a profile if it still has the revision `before` (0: none was stored yet); false otherwise.
///
/// # Errors
/// The store's own.
pub fn save(
    tx: &mut Write<'_>,
    scope: &Scope,
    kind: &str,
    document: &str,
    before: i64,
) -> Result<bool, Error> {
    let partner = scope.partner().to_string();
    let changed = if before == 0 {
        both!(tx, |c| diesel::insert_into(partner_profiles::table)
            .values((
                partner_profiles::partner_id.eq(&partner),
                partner_profiles::kind.eq(kind),
                partner_profiles::document.eq(document),
                partner_profiles::revision.eq(1)
            ))
            .on_conflict_do_nothing()
            .execute(c))?
    } else {
        both!(tx, |c| diesel::update(
            partner_profiles::table.find((&partner, kind)).filter(partner_profiles::revision.eq(before))
        )
        .set((partner_profiles::document.eq(document), partner_profiles::revision.eq(before + 1)))
        .execute(c))?
    };
    Ok(changed == 1)
}
