//! The lines of a document, and those that stand on none yet: charges with everything bookkeepers ask of them.

use std::collections::HashMap;

use chandlery_domain::access::Scope;
use chandlery_domain::calendar::{BillingCycle, Term};
use chandlery_domain::catalog::Family;
use chandlery_domain::charge::{Charge, Place};
use chandlery_domain::ids::{AlternateId, CatalogItemId, CustomerId, SubscriptionId};
use chandlery_domain::invoice::DocumentNumber;
use chandlery_domain::market::Country;
use chandlery_domain::money::Currency;
use diesel::prelude::*;
use jiff::Timestamp;

use crate::charges::{Row as ChargeRow, Stretch};
use crate::columns::{instant, read, read_some};
use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::{charges, customers, invoice_credits, invoice_customers, order_lines, orders};

/// Which charges are meant.
#[derive(Debug, Clone, Copy)]
pub enum Which {
    /// Those of an invoice: the charges of its stretch, with the credits that stand on it.
    Invoice(DocumentNumber),
    /// Those of a credit note: the credits that stand on it.
    CreditNote(DocumentNumber),
    /// Those of a stretch, whatever they stand on.
    All,
}

/// A line of a document.
#[derive(Debug, Clone)]
pub struct Line {
    /// The charge.
    pub charge: Charge,
    /// The order's number.
    pub alternate: AlternateId,
    /// When it was placed.
    pub ordered_at: Timestamp,
    /// How it is charged.
    pub cycle: BillingCycle,
    /// The number the customer knows the purchase by.
    pub po_number: Option<String>,
    /// The customer.
    pub customer: Named,
    /// What was bought.
    pub item: CatalogItemId,
    /// Its name at purchase.
    pub title: String,
    /// What kind of thing it is.
    pub family: Family,
    /// How long it runs.
    pub term: Term,
    /// The product's name at purchase, and who made it.
    pub product: (String, String),
    /// The subscription it became.
    pub subscription: Option<SubscriptionId>,
    /// The reseller of record.
    pub reseller: Option<String>,
}

/// What a customer is called: now, or on a document when it was issued.
#[derive(Debug, Clone)]
pub struct Named {
    /// Its id.
    pub id: CustomerId,
    /// Its name.
    pub name: String,
    /// Its domain.
    pub domain: String,
    /// Its country.
    pub country: Country,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = orders)]
struct OrderPart {
    alternate_id: String,
    cycle: String,
    placed_at: i64,
    po_number: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = order_lines)]
struct LinePart {
    item: String,
    title: String,
    family: String,
    term: String,
    subscription_id: Option<String>,
    reseller: Option<String>,
    product: String,
    publisher: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = customers)]
struct CustomerPart {
    id: String,
    domain: String,
    company_name: String,
    country: String,
}

fn line(charge: Charge, order: &OrderPart, own: &LinePart, customer: &CustomerPart) -> Result<Line, Error> {
    Ok(Line {
        charge,
        alternate: read("orders.alternate_id", &order.alternate_id)?,
        ordered_at: instant("orders.placed_at", order.placed_at)?,
        cycle: read("orders.cycle", &order.cycle)?,
        po_number: order.po_number.clone(),
        customer: Named {
            id: read("customers.id", &customer.id)?,
            name: customer.company_name.clone(),
            domain: customer.domain.clone(),
            country: read("customers.country", &customer.country)?,
        },
        item: read("order_lines.item", &own.item)?,
        title: own.title.clone(),
        family: read("order_lines.family", &own.family)?,
        term: read("order_lines.term", &own.term)?,
        product: (own.product.clone(), own.publisher.clone()),
        subscription: read_some("order_lines.subscription_id", own.subscription_id.as_deref())?,
        reseller: own.reseller.clone(),
    })
}

/// A page of lines in the order they were booked in; after a place, where one is given.
///
/// # Errors
/// The store's own.
pub fn page(
    tx: &mut Read<'_>,
    scope: &Scope,
    which: Which,
    (currency, (from, to)): (Currency, Stretch),
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Line>, Error> {
    let (partner, code) = (scope.partner().to_string(), currency.to_string());
    // The charges first and alone, in the order of their index: joined at once, a database may begin with the customers and sort
    // everything there is for each page.
    let rows: Vec<ChargeRow> = both!(tx, |c| {
        let mut query = charges::table
            .filter(charges::partner_id.eq(&partner).and(charges::currency.eq(&code)))
            .filter(
                charges::booked_at.ge(from.as_microsecond()).and(charges::booked_at.lt(to.as_microsecond())),
            )
            .select(ChargeRow::as_select())
            .into_boxed();
        let standing = |number: DocumentNumber| {
            invoice_credits::table
                .filter(invoice_credits::partner_id.eq(partner.clone()))
                .filter(invoice_credits::number.eq(number.to_string()))
                .select(invoice_credits::charge_id)
        };
        match which {
            Which::Invoice(number) => {
                query = query.filter(charges::reverses.is_null().or(charges::id.eq_any(standing(number))));
            }
            Which::CreditNote(number) => query = query.filter(charges::id.eq_any(standing(number))),
            Which::All => {}
        }
        if let Some(after) = after {
            let at = after.at.as_microsecond();
            let same = charges::booked_at.eq(at).and(charges::id.gt(after.id.to_string()));
            // Said apart, so that the page begins there in the index and not at the month's first charge.
            query = query.filter(charges::booked_at.ge(at));
            query = query.filter(charges::booked_at.gt(at).or(same));
        }
        query.order((charges::booked_at.asc(), charges::id.asc())).limit(limit).load(c)
    })?;
    let booked = rows.into_iter().map(ChargeRow::read).collect::<Result<Vec<_>, _>>()?;
    let mut lines = with_what_was_bought(tx, scope, booked)?;
    let number = match which {
        Which::Invoice(number) | Which::CreditNote(number) => number,
        Which::All => return Ok(lines),
    };
    let then = named_on(tx, scope, number, &lines)?;
    for own in &mut lines {
        if let Some(named) = then.get(&own.customer.id) {
            own.customer = named.clone();
        }
    }
    Ok(lines)
}

/// Charges with the orders, lines and customers they are of.
fn with_what_was_bought(tx: &mut Read<'_>, scope: &Scope, booked: Vec<Charge>) -> Result<Vec<Line>, Error> {
    let partner = scope.partner().to_string();
    let each = |id: &dyn Fn(&Charge) -> String| {
        let mut ids: Vec<String> = booked.iter().map(id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let (orders_of, customers_of) =
        (each(&|own| own.order.to_string()), each(&|own| own.customer.to_string()));
    let bought: Vec<(String, i64, LinePart, OrderPart)> =
        both!(tx, |c| order_lines::table
            .inner_join(
                orders::table.on(orders::partner_id
                    .eq(order_lines::partner_id)
                    .and(orders::id.eq(order_lines::order_id)),)
            )
            .filter(order_lines::partner_id.eq(&partner).and(order_lines::order_id.eq_any(&orders_of)))
            .select((
                order_lines::order_id,
                order_lines::number,
                LinePart::as_select(),
                OrderPart::as_select()
            ))
            .load(c))?;
    let bought: HashMap<(String, i64), (LinePart, OrderPart)> =
        bought.into_iter().map(|(order, number, own, of)| ((order, number), (own, of))).collect();
    let named: Vec<CustomerPart> = both!(tx, |c| customers::table
        .filter(customers::partner_id.eq(&partner).and(customers::id.eq_any(&customers_of)))
        .select(CustomerPart::as_select())
        .load(c))?;
    let named: HashMap<String, CustomerPart> = named.into_iter().map(|own| (own.id.clone(), own)).collect();
    let lost = |own: &Charge| Error::broken("charges.order_id", own.order);
    booked
        .into_iter()
        .map(|charge| {
            let place = (charge.order.to_string(), i64::from(charge.line));
            let (own, order) = bought.get(&place).ok_or_else(|| lost(&charge))?;
            let customer = named.get(&charge.customer.to_string()).ok_or_else(|| lost(&charge))?;
            line(charge, order, own, customer)
        })
        .collect()
}

/// What the customers of these lines were called when the document was issued.
fn named_on(
    tx: &mut Read<'_>,
    scope: &Scope,
    number: DocumentNumber,
    lines: &[Line],
) -> Result<HashMap<CustomerId, Named>, Error> {
    let (partner, number) = (scope.partner().to_string(), number.to_string());
    let mut ids: Vec<String> = lines.iter().map(|own| own.customer.id.to_string()).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows: Vec<(String, String, String, String)> = both!(tx, |c| invoice_customers::table
        .filter(invoice_customers::partner_id.eq(&partner).and(invoice_customers::number.eq(&number)))
        .filter(invoice_customers::customer_id.eq_any(&ids))
        .select((
            invoice_customers::customer_id,
            invoice_customers::company_name,
            invoice_customers::domain,
            invoice_customers::country,
        ))
        .load(c))?;
    rows.into_iter()
        .map(|(id, name, domain, country)| {
            let id: CustomerId = read("invoice_customers.customer_id", &id)?;
            let country = read("invoice_customers.country", &country)?;
            Ok((id, Named { id, name, domain, country }))
        })
        .collect()
}

/// Keeps what the customers on a document are called on the day it is issued: every one with a charge or credit in its month.
///
/// # Errors
/// The store's own.
pub fn keep_names(
    tx: &mut Write<'_>,
    scope: &Scope,
    number: DocumentNumber,
    (currency, (from, to)): (Currency, Stretch),
) -> Result<(), Error> {
    let (partner, code) = (scope.partner().to_string(), currency.to_string());
    let number = number.to_string();
    both!(tx, |c| {
        let charged = charges::table
            .filter(charges::partner_id.eq(customers::partner_id).and(charges::customer_id.eq(customers::id)))
            .filter(
                charges::booked_at.ge(from.as_microsecond()).and(charges::booked_at.lt(to.as_microsecond())),
            )
            .filter(charges::currency.eq(code.clone()));
        customers::table
            .filter(customers::partner_id.eq(partner.clone()).and(diesel::dsl::exists(charged)))
            .select((
                customers::partner_id,
                number.clone().into_sql::<diesel::sql_types::Text>(),
                customers::id,
                customers::company_name,
                customers::domain,
                customers::country,
            ))
            .insert_into(invoice_customers::table)
            .into_columns((
                invoice_customers::partner_id,
                invoice_customers::number,
                invoice_customers::customer_id,
                invoice_customers::company_name,
                invoice_customers::domain,
                invoice_customers::country,
            ))
            .execute(c)
    })?;
    Ok(())
}
