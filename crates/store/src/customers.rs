//! Customers of a partner.

use chandlery_domain::access::Scope;
use chandlery_domain::agreement::Kind;
use chandlery_domain::cart::Buyer;
use chandlery_domain::catalog::Qualification;
use chandlery_domain::customer::{Address, BillingProfile, Customer};
use chandlery_domain::ids::CustomerId;
use chandlery_domain::market::{Block, Country};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::audit::escape;
use crate::columns::{flag, instant, number, read, read_json, write_json};
use crate::db::{Kept, Read, Write, both};
use crate::error::Error;
use crate::markets::{BlockRow, MarketRow};
use crate::partners::PartnerRow;
use crate::schema::{
    agreements, customer_tags, customers, domains, market_blocks, markets as market_table, partners, settings,
};

#[derive(Serialize, Deserialize)]
struct StoredBilling {
    id: String,
    first_name: Option<String>,
    last_name: Option<String>,
    email: String,
    culture: String,
    language: String,
    line1: String,
    line2: Option<String>,
    city: String,
    state: Option<String>,
    region: Option<String>,
    postal_code: Option<String>,
    contact_first: Option<String>,
    contact_last: Option<String>,
    phone: Option<String>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = customers, treat_none_as_default_value = false)]
struct Row {
    partner_id: String,
    id: String,
    domain: String,
    company_name: String,
    company_key: String,
    registration_number: Option<String>,
    country: String,
    qualification: String,
    under_review: i64,
    associated_partner: Option<String>,
    billing: String,
    created_at: i64,
    revision: i64,
}

fn write_billing(billing: &BillingProfile) -> Result<String, Error> {
    let BillingProfile { id, first_name, last_name, email, culture, language, company_name: _, address } =
        billing.clone();
    let Address {
        line1,
        line2,
        city,
        state,
        region,
        postal_code,
        first_name: contact_first,
        last_name: contact_last,
        phone,
    } = address;
    let stored = StoredBilling {
        id: id.to_string(),
        first_name,
        last_name,
        email,
        culture,
        language,
        line1,
        line2,
        city,
        state,
        region,
        postal_code,
        contact_first,
        contact_last,
        phone,
    };
    write_json("customers.billing", &stored)
}

impl Row {
    fn read(self) -> Result<(Customer, i64), Error> {
        let stored: StoredBilling = read_json("customers.billing", &self.billing)?;
        let billing = BillingProfile {
            id: read("customers.billing", &stored.id)?,
            first_name: stored.first_name,
            last_name: stored.last_name,
            email: stored.email,
            culture: stored.culture,
            language: stored.language,
            company_name: self.company_name,
            address: Address {
                line1: stored.line1,
                line2: stored.line2,
                city: stored.city,
                state: stored.state,
                region: stored.region,
                postal_code: stored.postal_code,
                first_name: stored.contact_first,
                last_name: stored.contact_last,
                phone: stored.phone,
            },
        };
        let customer = Customer {
            id: read("customers.id", &self.id)?,
            domain: self.domain,
            registration_number: self.registration_number,
            country: read("customers.country", &self.country)?,
            qualification: read("customers.qualification", &self.qualification)?,
            under_review: flag("customers.under_review", self.under_review)?,
            associated_partner: self.associated_partner,
            billing,
            created_at: instant("customers.created_at", self.created_at)?,
        };
        Ok((customer, self.revision))
    }

    fn write(scope: &Scope, customer: &Customer, revision: i64) -> Result<Self, Error> {
        Ok(Self {
            partner_id: scope.partner().to_string(),
            id: customer.id.to_string(),
            domain: customer.domain.clone(),
            company_name: customer.billing.company_name.clone(),
            company_key: customer.billing.company_name.to_lowercase(),
            registration_number: customer.registration_number.clone(),
            country: customer.country.to_string(),
            qualification: customer.qualification.as_str().into(),
            under_review: customer.under_review.into(),
            associated_partner: customer.associated_partner.clone(),
            billing: write_billing(&customer.billing)?,
            created_at: customer.created_at.as_microsecond(),
            revision,
        })
    }
}

/// What a reader of the list wants.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Only names that start with this, whatever their case.
    pub company_starts_with: Option<String>,
    /// Only customers whose name has this in it, whatever its case, or whose domain starts with it.
    pub named: Option<String>,
    /// Only this customer.
    pub id: Option<CustomerId>,
    /// Only customers of this country.
    pub country: Option<Country>,
    /// Only customers of this segment.
    pub qualification: Option<Qualification>,
    /// Only customers who accepted the customer agreement, or only those who did not.
    pub agreed: Option<bool>,
    /// Only customers with this tag.
    pub tag: Option<String>,
    /// Only domains that start with this.
    pub domain_starts_with: Option<String>,
    /// After this customer.
    pub after: Option<CustomerId>,
    /// How many.
    pub limit: i64,
}

/// A customer of the partner, with its revision.
///
/// # Errors
/// The store's own.
pub fn find(tx: &mut Read<'_>, scope: &Scope, id: CustomerId) -> Result<Option<(Customer, i64)>, Error> {
    if !scope.sees(id) {
        return Ok(None);
    }
    let (partner, id) = (scope.partner().to_string(), id.to_string());
    let row: Option<Row> =
        both!(tx, |c| customers::table.find((&partner, &id)).select(Row::as_select()).first(c).optional())?;
    row.map(Row::read).transpose()
}

type BuyerRow = (Row, PartnerRow, MarketRow, Option<String>, Option<BlockRow>, Option<String>, bool);

/// A customer by its id, and whether core licences of its are recorded as in use without an end.
///
/// # Errors
/// The store's own.
pub fn find_with_uses(
    tx: &mut Read<'_>,
    scope: &Scope,
    id: CustomerId,
) -> Result<Option<(Customer, bool)>, Error> {
    const USES: &str = "exists (select 1 from licence_uses u where u.partner_id = customers.partner_id \
        and u.customer_id = customers.id and u.ended is null)";
    let (partner, id) = (scope.partner().to_string(), id.to_string());
    let row: Option<(Row, bool)> = both!(tx, |c| customers::table
        .find((&partner, &id))
        .select((Row::as_select(), diesel::dsl::sql::<diesel::sql_types::Bool>(USES)))
        .first(c)
        .optional())?;
    row.map(|(row, uses)| Ok((row.read()?.0, uses))).transpose()
}

/// Everything buying for a customer depends on, in one statement.
///
/// # Errors
/// The store's own.
pub fn buyer(tx: &mut Read<'_>, scope: &Scope, id: CustomerId) -> Result<Option<Buyer>, Error> {
    const MARGINS: &str = "exists (select 1 from margin_rules m where m.partner_id = customers.partner_id)";
    let (partner, id) = (scope.partner().to_string(), id.to_string());
    let rows: Vec<BuyerRow> = both!(tx, |c| customers::table
        .inner_join(partners::table.on(partners::partner_id.eq(customers::partner_id)))
        .inner_join(market_table::table.on(market_table::country.eq(customers::country)))
        .left_join(
            agreements::table.on(agreements::partner_id
                .eq(customers::partner_id)
                .and(agreements::customer_id.eq(customers::id))
                .and(agreements::kind.eq(Kind::Customer.as_str())))
        )
        .left_join(market_blocks::table.on(
            market_blocks::country.eq(customers::country).or(market_blocks::country.eq(partners::country))
        ))
        .filter(customers::partner_id.eq(&partner).and(customers::id.eq(&id)))
        .select((
            Row::as_select(),
            PartnerRow::as_select(),
            MarketRow::as_select(),
            agreements::id.nullable(),
            Option::<BlockRow>::as_select(),
            settings::table
                .filter(settings::name.eq(crate::charges::BILLED_UNTIL))
                .select(settings::value)
                .single_value(),
            diesel::dsl::sql::<diesel::sql_types::Bool>(MARGINS),
        ))
        .limit(10_000)
        .load(c))?;
    let mut first = None;
    let mut blocks: Vec<Block> = Vec::new();
    let mut closed: Option<String> = None;
    let mut has_margins = false;
    for (customer, partner, market, agreement, block, billed, margins) in rows {
        has_margins = margins;
        closed = closed.or(billed);
        if let Some(block) = block {
            let block = block.read()?;
            if !blocks.contains(&block) {
                blocks.push(block);
            }
        }
        first.get_or_insert((customer, partner, market, agreement));
    }
    let Some((customer, partner, market, agreement)) = first else {
        return Ok(None);
    };
    let credit_limits = crate::partners::limits(&partner.credit_limits)?;
    // Only where the operator said so is more asked of the database.
    let overdue = match partner.late_after {
        Some(days) => Some((number("partners.late_after", days)?, crate::payments::first_owed(tx, scope)?)),
        None => None,
    };
    Ok(Some(Buyer {
        credit_limits,
        overdue: overdue.and_then(|(days, owed)| Some((days, owed?))),
        partner: partner.read()?,
        customer: customer.read()?.0,
        market: market.read()?,
        blocks,
        agreed: agreement.is_some(),
        books_closed: crate::charges::read_closed(closed)?,
        has_margins,
        azure: Vec::new(),
    }))
}

/// A page of the partner's customers, oldest first.
///
/// # Errors
/// The store's own.
pub fn list(tx: &mut Read<'_>, scope: &Scope, wanted: &Query) -> Result<Vec<Customer>, Error> {
    let partner = scope.partner().to_string();
    let starts = |text: &String| format!("{}%", escape(&text.to_lowercase()));
    let (company, domain) =
        (wanted.company_starts_with.as_ref().map(starts), wanted.domain_starts_with.as_ref().map(starts));
    let rows: Vec<Row> = both!(tx, |c| {
        let mut query =
            customers::table.select(Row::as_select()).filter(customers::partner_id.eq(&partner)).into_boxed();
        if let Some(company) = &company {
            query = query.filter(customers::company_key.like(company).escape('\\'));
        }
        if let Some(domain) = &domain {
            query = query.filter(customers::domain.like(domain).escape('\\'));
        }
        if let Some(text) = &wanted.named {
            let begins = starts(text);
            query = query.filter(
                customers::company_key
                    .like(format!("%{begins}"))
                    .escape('\\')
                    .or(customers::domain.like(begins).escape('\\')),
            );
        }
        if let Some(country) = wanted.country {
            query = query.filter(customers::country.eq(country.to_string()));
        }
        if let Some(own) = wanted.qualification {
            query = query.filter(customers::qualification.eq(own.as_str()));
        }
        if let Some(agreed) = wanted.agreed {
            let accepted = agreements::table
                .filter(agreements::partner_id.eq(customers::partner_id))
                .filter(agreements::customer_id.eq(customers::id))
                .filter(agreements::kind.eq(Kind::Customer.as_str()));
            query = match agreed {
                true => query.filter(diesel::dsl::exists(accepted)),
                false => query.filter(diesel::dsl::not(diesel::dsl::exists(accepted))),
            };
        }
        if let Some(id) = &wanted.id {
            query = query.filter(customers::id.eq(id.to_string()));
        }
        if let Some(tag) = &wanted.tag {
            let tagged = customer_tags::table
                .filter(customer_tags::partner_id.eq(&partner).and(customer_tags::tag.eq(tag)))
                .select(customer_tags::customer_id);
            query = query.filter(customers::id.eq_any(tagged));
        }
        if let Some(after) = &wanted.after {
            query = query.filter(customers::id.gt(after.to_string()));
        }
        query.order(customers::id.asc()).limit(wanted.limit).load(c)
    })?;
    rows.into_iter().map(|row| Ok(row.read()?.0)).collect()
}

/// The tags of these customers.
///
/// # Errors
/// The store's own.
pub fn tags(
    tx: &mut Read<'_>,
    scope: &Scope,
    ids: &[CustomerId],
) -> Result<Vec<(CustomerId, String)>, Error> {
    let partner = scope.partner().to_string();
    let ids: Vec<String> = ids.iter().filter(|id| scope.sees(**id)).map(ToString::to_string).collect();
    let rows: Vec<(String, String)> = both!(tx, |c| customer_tags::table
        .filter(customer_tags::partner_id.eq(&partner).and(customer_tags::customer_id.eq_any(&ids)))
        .order((customer_tags::customer_id.asc(), customer_tags::tag.asc()))
        .select((customer_tags::customer_id, customer_tags::tag))
        .load(c))?;
    rows.into_iter().map(|(id, tag)| Ok((read("customer_tags.customer_id", &id)?, tag))).collect()
}

/// The tags a partner uses.
///
/// # Errors
/// The store's own.
pub fn tags_used(tx: &mut Read<'_>, scope: &Scope, limit: i64) -> Result<Vec<String>, Error> {
    let partner = scope.partner().to_string();
    Ok(both!(tx, |c| customer_tags::table
        .filter(customer_tags::partner_id.eq(&partner))
        .select(customer_tags::tag)
        .distinct()
        .order(customer_tags::tag.asc())
        .limit(limit)
        .load(c))?)
}

/// Gives a customer these tags and no others.
///
/// # Errors
/// The store's own.
pub fn set_tags(tx: &mut Write<'_>, scope: &Scope, id: CustomerId, tags: &[String]) -> Result<(), Error> {
    let (partner, customer) = (scope.partner().to_string(), id.to_string());
    both!(tx, |c| diesel::delete(
        customer_tags::table
            .filter(customer_tags::partner_id.eq(&partner).and(customer_tags::customer_id.eq(&customer)))
    )
    .execute(c))?;
    let rows: Vec<_> = tags
        .iter()
        .map(|tag| {
            (
                customer_tags::partner_id.eq(partner.clone()),
                customer_tags::customer_id.eq(customer.clone()),
                customer_tags::tag.eq(tag.clone()),
            )
        })
        .collect();
    for row in &rows {
        both!(tx, |c| diesel::insert_into(customer_tags::table).values(row.clone()).execute(c))?;
    }
    Ok(())
}

/// The names of these customers, for showing them.
///
/// # Errors
/// The store's own.
pub fn names(
    tx: &mut Read<'_>,
    scope: &Scope,
    ids: &[CustomerId],
) -> Result<Vec<(CustomerId, String)>, Error> {
    let partner = scope.partner().to_string();
    let ids: Vec<String> = ids.iter().filter(|id| scope.sees(**id)).map(ToString::to_string).collect();
    let rows: Vec<(String, String)> = both!(tx, |c| customers::table
        .filter(customers::partner_id.eq(&partner).and(customers::id.eq_any(&ids)))
        .select((customers::id, customers::company_name))
        .load(c))?;
    rows.into_iter().map(|(id, name)| Ok((read("customers.id", &id)?, name))).collect()
}

/// Adds a customer and takes its domain; false when the domain is taken.
///
/// # Errors
/// The store's own.
pub fn insert(tx: &mut Write<'_>, scope: &Scope, customer: &Customer) -> Result<bool, Error> {
    let row = Row::write(scope, customer, 1)?;
    let taken = both!(tx, |c| diesel::insert_into(domains::table)
        .values((
            domains::domain.eq(&row.domain),
            domains::partner_id.eq(&row.partner_id),
            domains::customer_id.eq(&row.id),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    if taken == 0 {
        return Ok(false);
    }
    both!(tx, |c| diesel::insert_into(customers::table).values(&row).execute(c))?;
    Ok(true)
}

/// Saves a changed billing profile; false when somebody else changed the customer since.
///
/// # Errors
/// The store's own.
pub fn save_billing(
    tx: &mut Write<'_>,
    scope: &Scope,
    customer: &Customer,
    revision: i64,
) -> Result<bool, Error> {
    let row = Row::write(scope, customer, revision)?;
    let changed = both!(tx, |c| Kept(
        diesel::update(
            customers::table.find((&row.partner_id, &row.id)).filter(customers::revision.eq(revision))
        )
        .set((
            customers::company_name.eq(&row.company_name),
            customers::company_key.eq(&row.company_key),
            customers::billing.eq(&row.billing),
            customers::revision.eq(revision.saturating_add(1)),
        ))
    )
    .execute(c))?;
    Ok(changed == 1)
}
