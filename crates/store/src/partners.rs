//! Partners.

use chandlery_domain::access::Scope;
use chandlery_domain::customer::Partner;
use chandlery_domain::ids::PartnerId;
use diesel::prelude::*;

use crate::columns::{flag, read, words};
use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::partners;

/// What stands between two regions in a row; no region's name contains it.
const SEPARATOR: &str = "|";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = partners, treat_none_as_default_value = false)]
pub(crate) struct PartnerRow {
    partner_id: String,
    name: String,
    country: String,
    currency: String,
    regions: String,
    active: i64,
    mpn_id: String,
}

impl PartnerRow {
    pub(crate) fn read(self) -> Result<Partner, Error> {
        Ok(Partner {
            id: read("partners.partner_id", &self.partner_id)?,
            name: self.name,
            country: read("partners.country", &self.country)?,
            currency: read("partners.currency", &self.currency)?,
            regions: self.regions.split(SEPARATOR).map(str::to_owned).collect(),
            active: flag("partners.active", self.active)?,
            mpn_id: self.mpn_id,
        })
    }
}

/// The partner itself.
///
/// # Errors
/// The store's own.
pub fn find(tx: &mut Read<'_>, scope: &Scope) -> Result<Option<Partner>, Error> {
    let partner = scope.partner().to_string();
    let row: Option<PartnerRow> =
        both!(tx, |c| partners::table.find(&partner).select(PartnerRow::as_select()).first(c).optional())?;
    row.map(PartnerRow::read).transpose()
}

/// The names of these partners: for the operator.
///
/// # Errors
/// The store's own.
pub fn names(tx: &mut Read<'_>, ids: &[PartnerId]) -> Result<Vec<(PartnerId, String)>, Error> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let rows: Vec<(String, String)> = both!(tx, |c| partners::table
        .filter(partners::partner_id.eq_any(&ids))
        .select((partners::partner_id, partners::name))
        .load(c))?;
    rows.into_iter().map(|(id, name)| Ok((read("partners.partner_id", &id)?, name))).collect()
}

/// Adds a partner. Only the operator does that.
///
/// # Errors
/// The store's own.
pub fn insert(tx: &mut Write<'_>, partner: &Partner) -> Result<(), Error> {
    let row = PartnerRow {
        partner_id: partner.id.to_string(),
        name: partner.name.clone(),
        country: partner.country.to_string(),
        currency: partner.currency.to_string(),
        regions: words(&partner.regions, SEPARATOR),
        active: partner.active.into(),
        mpn_id: partner.mpn_id.clone(),
    };
    both!(tx, |c| diesel::insert_into(partners::table).values(&row).execute(c))?;
    Ok(())
}
