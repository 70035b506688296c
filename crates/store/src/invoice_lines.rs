//! The lines of a document, and those that stand on none yet: charges with everything bookkeepers ask of them.

use chandlery_domain::access::Scope;
use chandlery_domain::calendar::{BillingCycle, Period, Term};
use chandlery_domain::catalog::Family;
use chandlery_domain::charge::{Charge, Place};
use chandlery_domain::ids::{AlternateId, CatalogItemId, CustomerId, ProductId, SubscriptionId};
use chandlery_domain::invoice::DocumentNumber;
use chandlery_domain::market::Country;
use chandlery_domain::money::Currency;
use diesel::prelude::*;
use jiff::Timestamp;

use crate::charges::{Row as ChargeRow, Stretch};
use crate::columns::{instant, period, read, read_some};
use crate::db::{Read, both};
use crate::error::Error;
use crate::schema::{charges, customers, invoice_credits, order_lines, orders, products};

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
    /// The customer's name, domain and country.
    pub customer: (CustomerId, String, String, Country),
    /// What was bought.
    pub item: CatalogItemId,
    /// Its name at purchase.
    pub title: String,
    /// What kind of thing it is.
    pub family: Family,
    /// How long it runs.
    pub term: Term,
    /// The days of its term.
    pub period: Option<Period>,
    /// The subscription it became.
    pub subscription: Option<SubscriptionId>,
    /// The reseller of record.
    pub reseller: Option<String>,
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
    period_first: Option<String>,
    period_last: Option<String>,
    subscription_id: Option<String>,
    reseller: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = customers)]
struct CustomerPart {
    id: String,
    domain: String,
    company_name: String,
    country: String,
}

fn line(row: (ChargeRow, OrderPart, LinePart, CustomerPart)) -> Result<Line, Error> {
    let (charge, order, own, customer) = row;
    Ok(Line {
        charge: charge.read()?,
        alternate: read("orders.alternate_id", &order.alternate_id)?,
        ordered_at: instant("orders.placed_at", order.placed_at)?,
        cycle: read("orders.cycle", &order.cycle)?,
        po_number: order.po_number,
        customer: (
            read("customers.id", &customer.id)?,
            customer.company_name,
            customer.domain,
            read("customers.country", &customer.country)?,
        ),
        item: read("order_lines.item", &own.item)?,
        title: own.title,
        family: read("order_lines.family", &own.family)?,
        term: read("order_lines.term", &own.term)?,
        period: period("order_lines.period", own.period_first.as_deref(), own.period_last.as_deref())?,
        subscription: read_some("order_lines.subscription_id", own.subscription_id.as_deref())?,
        reseller: own.reseller,
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
    let rows: Vec<(ChargeRow, OrderPart, LinePart, CustomerPart)> = both!(tx, |c| {
        let mut query = charges::table
            .inner_join(
                orders::table
                    .on(orders::partner_id.eq(charges::partner_id).and(orders::id.eq(charges::order_id))),
            )
            .inner_join(
                order_lines::table.on(order_lines::partner_id
                    .eq(charges::partner_id)
                    .and(order_lines::order_id.eq(charges::order_id))
                    .and(order_lines::number.eq(charges::line))),
            )
            .inner_join(customers::table.on(
                customers::partner_id.eq(charges::partner_id).and(customers::id.eq(charges::customer_id)),
            ))
            .filter(charges::partner_id.eq(&partner).and(charges::currency.eq(&code)))
            .filter(
                charges::booked_at.ge(from.as_microsecond()).and(charges::booked_at.lt(to.as_microsecond())),
            )
            .select((
                ChargeRow::as_select(),
                OrderPart::as_select(),
                LinePart::as_select(),
                CustomerPart::as_select(),
            ))
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
            query = query.filter(charges::booked_at.gt(at).or(same));
        }
        query.order((charges::booked_at.asc(), charges::id.asc())).limit(limit).load(c)
    })?;
    rows.into_iter().map(line).collect()
}

/// What these products are called, and who makes them.
///
/// # Errors
/// The store's own.
pub fn products_of(tx: &mut Read<'_>, ids: &[ProductId]) -> Result<Vec<(ProductId, String, String)>, Error> {
    let ids: Vec<&str> = ids.iter().map(ProductId::as_str).collect();
    let rows: Vec<(String, String, String)> = both!(tx, |c| products::table
        .filter(products::id.eq_any(&ids))
        .select((products::id, products::title, products::publisher))
        .load(c))?;
    rows.into_iter().map(|(id, title, publisher)| Ok((read("products.id", &id)?, title, publisher))).collect()
}
