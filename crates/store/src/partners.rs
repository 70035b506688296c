//! Partners.

use chandlery_domain::access::Scope;
use chandlery_domain::customer::Partner;
use chandlery_domain::ids::PartnerId;
use chandlery_domain::money::{Currency, Money};
use diesel::prelude::*;

use crate::columns::{flag, number, read, words};
use crate::db::{Conn, Read, Write, both};
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
    pub(crate) credit_limits: String,
    pub(crate) late_after: Option<i64>,
}

/// Limits as they stand in their column.
pub(crate) fn limits(text: &str) -> Result<Vec<Money>, Error> {
    let wrong = || Error::broken("partners.credit_limits", text);
    text.split(';')
        .filter(|own| !own.is_empty())
        .map(|own| {
            let (currency, minor) = own.split_once(' ').ok_or_else(wrong)?;
            let minor = minor.parse().map_err(|_| wrong())?;
            Ok(Money::new(minor, currency.parse().map_err(|_| wrong())?))
        })
        .collect()
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

/// The ids of the partners after one, in order.
///
/// # Errors
/// The store's own.
pub fn ids_after(tx: &mut Read<'_>, after: Option<PartnerId>, limit: i64) -> Result<Vec<PartnerId>, Error> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let rows: Vec<String> = both!(tx, |c| partners::table
        .filter(partners::partner_id.gt(&after))
        .order(partners::partner_id.asc())
        .limit(limit)
        .select(partners::partner_id)
        .load(c))?;
    rows.iter().map(|own| read("partners.partner_id", own)).collect()
}

/// How many partners there are.
///
/// # Errors
/// The store's own.
pub fn count(tx: &mut Read<'_>) -> Result<u64, Error> {
    let count: i64 = both!(tx, |c| partners::table.count().get_result(c))?;
    u64::try_from(count).map_err(|_| Error::broken("partners", count))
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
        credit_limits: String::new(),
        late_after: None,
    };
    both!(tx, |c| diesel::insert_into(partners::table).values(&row).execute(c))?;
    Ok(())
}

/// Which partners are looked for.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Only those whose name begins so, whatever its case.
    pub begins: String,
    /// Only those that may trade, or may not.
    pub active: Option<bool>,
    /// After this one.
    pub after: Option<PartnerId>,
    /// How many.
    pub limit: i64,
}

/// The partners of a name, whatever its case; at most `limit`: for the operator.
///
/// # Errors
/// The store's own.
pub fn of_name(tx: &mut Read<'_>, name: &str, limit: i64) -> Result<Vec<Partner>, Error> {
    let lower = name.to_lowercase();
    // SQLite knows lower case of plain letters only: a name typed as it stands is found all the same.
    let rows: Vec<PartnerRow> = both!(tx, |c| partners::table
        .filter(
            crate::audit::lower(partners::name.nullable()).eq(&lower).or(partners::name.nullable().eq(name))
        )
        .order(partners::partner_id.asc())
        .limit(limit)
        .select(PartnerRow::as_select())
        .load(c))?;
    rows.into_iter().map(PartnerRow::read).collect()
}

/// A page of all partners, by name: for the operator.
///
/// # Errors
/// The store's own.
pub fn list(tx: &mut Read<'_>, wanted: &Query) -> Result<Vec<Partner>, Error> {
    let after: Option<(String, String)> = match wanted.after {
        Some(id) => named(tx, id)?.map(|own| (own.name, own.id.to_string())),
        None => None,
    };
    let pattern = format!("{}%", crate::audit::escape(&wanted.begins.to_lowercase()));
    let rows: Vec<PartnerRow> = both!(tx, |c| {
        let mut query = partners::table.select(PartnerRow::as_select()).into_boxed();
        if !wanted.begins.is_empty() {
            query = query.filter(crate::audit::lower(partners::name.nullable()).like(&pattern).escape('\\'));
        }
        if let Some(active) = wanted.active {
            query = query.filter(partners::active.eq(i64::from(active)));
        }
        if let Some((name, id)) = &after {
            let same = partners::name.eq(name).and(partners::partner_id.gt(id));
            query = query.filter(partners::name.gt(name).or(same));
        }
        query.order((partners::name.asc(), partners::partner_id.asc())).limit(wanted.limit).load(c)
    })?;
    rows.into_iter().map(PartnerRow::read).collect()
}

/// A partner by its id: for the operator.
///
/// # Errors
/// The store's own.
pub fn named(tx: &mut Read<'_>, id: PartnerId) -> Result<Option<Partner>, Error> {
    let id = id.to_string();
    let row: Option<PartnerRow> =
        both!(tx, |c| partners::table.find(&id).select(PartnerRow::as_select()).first(c).optional())?;
    row.map(PartnerRow::read).transpose()
}

/// How much a partner may owe, by currency; a currency that is not among them has no limit.
///
/// # Errors
/// The store's own.
pub fn credit_limits(tx: &mut Read<'_>, scope: &Scope) -> Result<Vec<Money>, Error> {
    credit_limits_of(tx, scope.partner())
}

/// Says how much a partner may owe in a currency, none for as much as it likes: for the operator. False when it is not there.
///
/// # Errors
/// The store's own.
pub fn set_credit_limit(
    tx: &mut Write<'_>,
    id: PartnerId,
    currency: Currency,
    limit: Option<Money>,
) -> Result<bool, Error> {
    let id = id.to_string();
    // Held, so that two who set different currencies at once do not undo each other; SQLite has one writer.
    if let Conn::Pg(connection) = &mut tx.conn {
        let _held: Option<String> = partners::table
            .find(&id)
            .select(partners::partner_id)
            .for_no_key_update()
            .first(*connection)
            .optional()?;
    }
    let text: Option<String> =
        both!(tx, |c| partners::table.find(&id).select(partners::credit_limits).first(c).optional())?;
    let Some(text) = text else { return Ok(false) };
    let mut list = limits(&text)?;
    list.retain(|own| own.currency() != currency);
    list.extend(limit);
    list.sort_by_key(|own| own.currency());
    let text: Vec<String> = list.iter().map(|own| format!("{} {}", own.currency(), own.minor())).collect();
    both!(tx, |c| diesel::update(partners::table.find(&id))
        .set(partners::credit_limits.eq(text.join(";")))
        .execute(c))?;
    Ok(true)
}

/// The same as [`credit_limits`] by the partner's id: for the operator.
///
/// # Errors
/// The store's own.
pub fn credit_limits_of(tx: &mut Read<'_>, id: PartnerId) -> Result<Vec<Money>, Error> {
    let id = id.to_string();
    let text: Option<String> =
        both!(tx, |c| partners::table.find(&id).select(partners::credit_limits).first(c).optional())?;
    limits(&text.unwrap_or_default())
}

/// After how many days that a document is late a partner may not buy any more: for the operator. None where it may all the same.
///
/// # Errors
/// The store's own.
pub fn late_after(tx: &mut Read<'_>, id: PartnerId) -> Result<Option<u32>, Error> {
    let id = id.to_string();
    let days: Option<Option<i64>> =
        both!(tx, |c| partners::table.find(&id).select(partners::late_after).first(c).optional())?;
    days.flatten().map(|days| number("partners.late_after", days)).transpose()
}

/// Says after how many days that is so; false when there is no such partner.
///
/// # Errors
/// The store's own.
pub fn set_late_after(tx: &mut Write<'_>, id: PartnerId, days: Option<u32>) -> Result<bool, Error> {
    let id = id.to_string();
    let changed = both!(tx, |c| diesel::update(partners::table.find(&id))
        .set(partners::late_after.eq(days.map(i64::from)))
        .execute(c))?;
    Ok(changed == 1)
}

/// Lets a partner trade, or stops it; false when that is so already.
///
/// # Errors
/// The store's own.
pub fn set_active(tx: &mut Write<'_>, id: PartnerId, active: bool) -> Result<bool, Error> {
    let id = id.to_string();
    let changed = both!(tx, |c| diesel::update(
        partners::table.filter(partners::partner_id.eq(&id).and(partners::active.ne(i64::from(active))))
    )
    .set(partners::active.eq(i64::from(active)))
    .execute(c))?;
    Ok(changed == 1)
}
