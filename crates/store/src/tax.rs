//! Rates of tax, who partners are for it, and who the seller is.

use chandlery_domain::access::Scope;
use chandlery_domain::invoice::{Account, Party, PartyMore};
use chandlery_domain::market::Country;
use chandlery_domain::tax::Rate;
use chandlery_domain::taxation::{DatedRate, TaxPlace};
use diesel::prelude::*;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::columns::{decimal, read, read_json, read_some, write_json};
use crate::db::{Read, Write, both, insert_rows};
use crate::error::Error;
use crate::schema::{tax_profiles, tax_rates};

/// A party as it is kept.
#[derive(Serialize, Deserialize)]
struct PartyDocument {
    name: String,
    lines: Vec<String>,
    city: String,
    postal_code: String,
    country: String,
    region: Option<String>,
    tax_id: Option<String>,
    email: String,
    #[serde(default)]
    contact: Option<String>,
    #[serde(default)]
    phone: Option<String>,
    #[serde(default)]
    registration: Option<String>,
    #[serde(default)]
    reference: Option<String>,
    #[serde(default)]
    electronic_address: Option<String>,
    #[serde(default)]
    iban: Option<String>,
    #[serde(default)]
    bic: Option<String>,
}

/// Writes a party as it is kept; a certificate is kept beside it.
pub(crate) fn write_party(own: &Party) -> Result<String, Error> {
    let document = PartyDocument {
        name: own.name.clone(),
        lines: own.lines.clone(),
        city: own.city.clone(),
        postal_code: own.postal_code.clone(),
        country: own.place.country.to_string(),
        region: own.place.region.clone(),
        tax_id: own.place.tax_id.clone(),
        email: own.email.clone(),
        contact: own.more.contact.clone(),
        phone: own.more.phone.clone(),
        registration: own.more.registration.clone(),
        reference: own.more.reference.clone(),
        electronic_address: own.more.electronic_address.clone(),
        iban: own.more.account.as_ref().map(|own| own.iban.clone()),
        bic: own.more.account.as_ref().and_then(|own| own.bic.clone()),
    };
    write_json("party", &document)
}

/// Reads a party.
pub(crate) fn read_party(text: &str) -> Result<Party, Error> {
    let own: PartyDocument = read_json("party", text)?;
    Ok(Party {
        name: own.name,
        lines: own.lines,
        city: own.city,
        postal_code: own.postal_code,
        place: TaxPlace {
            country: read("party.country", &own.country)?,
            region: own.region,
            tax_id: own.tax_id,
            exempt: None,
        },
        email: own.email,
        more: PartyMore {
            contact: own.contact,
            phone: own.phone,
            registration: own.registration,
            reference: own.reference,
            electronic_address: own.electronic_address,
            account: own.iban.map(|iban| Account { iban, bic: own.bic }),
        },
    })
}

/// The name of the setting that says who the seller is.
const SELLER: &str = "seller";

/// Who the seller is, if somebody said so.
///
/// # Errors
/// The store's own.
pub fn seller(tx: &mut Read<'_>) -> Result<Option<Party>, Error> {
    crate::settings::get(tx, SELLER)?.map(|text| read_party(&text)).transpose()
}

/// Says who the seller is.
///
/// # Errors
/// The store's own.
pub fn set_seller(tx: &mut Write<'_>, own: &Party) -> Result<(), Error> {
    crate::settings::set(tx, SELLER, &write_party(own)?)
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = tax_profiles, treat_none_as_default_value = false)]
struct ProfileRow {
    partner_id: String,
    effective_from: String,
    country: String,
    party: String,
    exempt_number: Option<String>,
    exempt_until: Option<String>,
    entered_at: i64,
}

impl ProfileRow {
    fn read(self) -> Result<(Date, Party), Error> {
        let mut party = read_party(&self.party)?;
        let until: Option<Date> = read_some("tax_profiles.exempt_until", self.exempt_until.as_deref())?;
        party.place.exempt = self.exempt_number.zip(until);
        Ok((read("tax_profiles.effective_from", &self.effective_from)?, party))
    }
}

/// Who a partner is for tax on a day, and since when.
///
/// # Errors
/// The store's own.
pub fn profile(tx: &mut Read<'_>, scope: &Scope, day: Date) -> Result<Option<(Date, Party)>, Error> {
    let partner = scope.partner().to_string();
    let row: Option<ProfileRow> = both!(tx, |c| tax_profiles::table
        .filter(tax_profiles::partner_id.eq(&partner))
        .filter(tax_profiles::effective_from.le(day.to_string()))
        .order(tax_profiles::effective_from.desc())
        .select(ProfileRow::as_select())
        .first(c)
        .optional())?;
    row.map(ProfileRow::read).transpose()
}

/// Who a partner is for tax through a stretch of days, both included: one profile after another, each with the day from which
/// it holds inside the stretch. None where nobody said who it is on the first day.
///
/// # Errors
/// The store's own.
pub fn profiles(
    tx: &mut Read<'_>,
    scope: &Scope,
    (first, last): (Date, Date),
) -> Result<Vec<(Date, Party)>, Error> {
    let Some((_, begin)) = profile(tx, scope, first)? else { return Ok(Vec::new()) };
    let partner = scope.partner().to_string();
    let rows: Vec<ProfileRow> = both!(tx, |c| tax_profiles::table
        .filter(tax_profiles::partner_id.eq(&partner))
        .filter(tax_profiles::effective_from.gt(first.to_string()))
        .filter(tax_profiles::effective_from.le(last.to_string()))
        .order(tax_profiles::effective_from.asc())
        .select(ProfileRow::as_select())
        .load(c))?;
    let later = rows.into_iter().map(ProfileRow::read);
    std::iter::once(Ok((first, begin))).chain(later).collect()
}

/// Says who a partner is for tax from a day on; what was said for the same day is replaced.
///
/// # Errors
/// The store's own.
pub fn set_profile(
    tx: &mut Write<'_>,
    scope: &Scope,
    from: Date,
    own: &Party,
    now: Timestamp,
) -> Result<(), Error> {
    let (partner, from) = (scope.partner().to_string(), from.to_string());
    both!(tx, |c| diesel::delete(tax_profiles::table.find((&partner, &from))).execute(c))?;
    let row = ProfileRow {
        partner_id: partner,
        effective_from: from,
        country: own.place.country.to_string(),
        party: write_party(own)?,
        exempt_number: own.place.exempt.as_ref().map(|(number, _)| number.clone()),
        exempt_until: own.place.exempt.as_ref().map(|(_, day)| day.to_string()),
        entered_at: now.as_microsecond(),
    };
    both!(tx, |c| diesel::insert_into(tax_profiles::table).values(&row).execute(c))?;
    Ok(())
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = tax_rates, treat_none_as_default_value = false)]
struct RateRow {
    country: String,
    region: String,
    name: String,
    first: String,
    last: Option<String>,
    rate: String,
    in_place_of: Option<String>,
}

impl RateRow {
    fn read(self) -> Result<DatedRate, Error> {
        let fraction = decimal("tax_rates.rate", &self.rate)?;
        Ok(DatedRate {
            country: read("tax_rates.country", &self.country)?,
            region: Some(self.region).filter(|own| !own.is_empty()),
            name: self.name,
            rate: Rate::new(fraction).ok_or_else(|| Error::broken("tax_rates.rate", &self.rate))?,
            in_place_of: self.in_place_of,
            first: read("tax_rates.first", &self.first)?,
            last: read_some("tax_rates.last", self.last.as_deref())?,
        })
    }
}

/// Every rate of a country, oldest first.
///
/// # Errors
/// The store's own.
pub fn rates(tx: &mut Read<'_>, country: Country) -> Result<Vec<DatedRate>, Error> {
    let country = country.to_string();
    let rows: Vec<RateRow> = both!(tx, |c| tax_rates::table
        .filter(tax_rates::country.eq(&country))
        .order((tax_rates::first.asc(), tax_rates::region.asc(), tax_rates::name.asc()))
        .select(RateRow::as_select())
        .load(c))?;
    rows.into_iter().map(RateRow::read).collect()
}

/// Puts these rates in place of all there were.
///
/// # Errors
/// The store's own.
pub fn replace_rates(tx: &mut Write<'_>, list: &[DatedRate]) -> Result<(), Error> {
    both!(tx, |c| diesel::delete(tax_rates::table).execute(c))?;
    let rows: Vec<RateRow> = list
        .iter()
        .map(|own| RateRow {
            country: own.country.to_string(),
            region: own.region.clone().unwrap_or_default(),
            name: own.name.clone(),
            first: own.first.to_string(),
            last: own.last.map(|day| day.to_string()),
            rate: own.rate.fraction().normalize().to_string(),
            in_place_of: own.in_place_of.clone(),
        })
        .collect();
    for chunk in rows.chunks(500) {
        insert_rows!(tx, tax_rates::table, chunk)?;
    }
    Ok(())
}

/// Whether any rate is known at all.
///
/// # Errors
/// The store's own.
pub fn any_rate(tx: &mut Read<'_>) -> Result<bool, Error> {
    let first: Option<String> =
        both!(tx, |c| tax_rates::table.select(tax_rates::country).first(c).optional())?;
    Ok(first.is_some())
}
