//! Booking: what a partner owes the operator and, in the same transaction, what its customer owes the partner for it.
//!
//! Whoever books goes through here, so that no charge is without its resale where the partner has margins, and no credit stops
//! at the partner.

use std::collections::HashMap;

use chandlery_domain::access::Scope;
use chandlery_domain::calendar::utc_date;
use chandlery_domain::cart::Buyer;
use chandlery_domain::charge::{Charge, ChargeKind};
use chandlery_domain::ids::{ChargeId, MarginId, OrderId};
use chandlery_domain::margin::{Bought, Resale, applying};
use chandlery_domain::money::UnitPrice;
use chandlery_domain::refusal::Refusal;
use chandlery_store::margins::Sold;
use chandlery_store::{Write, charges, margins};

use crate::error::Error;

/// Books charges of one customer, of one moment, and what goes on to the customer.
///
/// # Errors
/// The store's own; a month that is billed takes nothing more.
pub fn book(tx: &mut Write<'_>, scope: &Scope, booked: &[Charge]) -> Result<(), Error> {
    charges::insert(tx, scope, booked)?;
    resell(tx, scope, booked)
}

/// The same for a purchase: until when the books are closed is known of its buyer, and whether there are margins at all.
///
/// # Errors
/// Those of [`book`].
pub fn book_for(tx: &mut Write<'_>, scope: &Scope, booked: &[Charge], buyer: &Buyer) -> Result<(), Error> {
    charges::insert_knowing(tx, scope, booked, buyer.books_closed)?;
    if buyer.has_margins { resell(tx, scope, booked) } else { Ok(()) }
}

fn resell(tx: &mut Write<'_>, scope: &Scope, booked: &[Charge]) -> Result<(), Error> {
    let mut orders: Vec<OrderId> = booked.iter().map(|own| own.order).collect();
    orders.sort_unstable();
    orders.dedup();
    // What was resold before is asked for only where something follows from it.
    let follows = booked.iter().any(|own| own.kind.is_credit() || own.kind == ChargeKind::CycleCharge);
    let mut known = if follows { margins::of_orders(tx, scope, &orders)? } else { Vec::new() };
    let prices = prices(tx, scope, &orders, booked, &known)?;
    let mut resold: Vec<(&Charge, Resale)> = Vec::new();
    for charge in booked {
        let own = if let Some(taken) = charge.reverses {
            let Some((.., sold)) = known.iter().find(|(.., own)| own.charge == taken) else { continue };
            let before = known.iter().filter(|(.., own)| own.reverses == Some(taken)).map(|(.., own)| own);
            sold.credit(before, charge).map_err(Refusal::from)?
        } else {
            let Some((price, rule)) = prices.get(&charge.id) else { continue };
            Resale::of(charge, *price, *rule).map_err(Refusal::from)?
        };
        known.push((charge.order, charge.line, charge.term.map(|own| own.first), own.clone()));
        resold.push((charge, own));
    }
    Ok(margins::insert(tx, scope, &resold)?)
}

/// What one unit of a charge costs the customer, and by which rule.
type Prices = HashMap<ChargeId, (UnitPrice, Option<MarginId>)>;

/// The prices of what is charged: a further cycle costs what its term was sold at, and nothing is resold of a term that was sold
/// without any margin; what begins goes by the rules of its first day, where there is one for the customer at all.
fn prices(
    tx: &mut Write<'_>,
    scope: &Scope,
    orders: &[OrderId],
    booked: &[Charge],
    known: &[Sold],
) -> Result<Prices, Error> {
    let mut found = Prices::new();
    let mut begin: Vec<&Charge> = Vec::new();
    for charge in booked.iter().filter(|own| own.reverses.is_none()) {
        if charge.kind != ChargeKind::CycleCharge {
            begin.push(charge);
            continue;
        }
        let place = (charge.order, charge.line, charge.term.map(|own| own.first));
        let of_term = |own: &&Sold| (own.0, own.1, own.2) == place && own.3.reverses.is_none();
        if let Some((.., own)) = known.iter().rfind(of_term) {
            found.insert(charge.id, (own.unit_price, own.rule));
        }
    }
    let Some(first) = begin.first() else { return Ok(found) };
    // A renewal that was late is still that of its first day, as its price is.
    let day = match (first.kind, first.period) {
        (ChargeKind::Renew, Some(period)) => period.first,
        _ => utc_date(first.booked_at),
    };
    let rules = margins::rules_for(tx, scope, first.customer, day)?;
    if rules.is_empty() {
        return Ok(found);
    }
    let items = margins::items_of_lines(tx, scope, orders)?;
    for charge in begin {
        let line = items.iter().find(|(order, line, ..)| (*order, *line) == (charge.order, charge.line));
        let Some((.., family, item)) = line else { continue };
        let currency = charge.amount.currency();
        let rule =
            applying(&rules, &Bought { customer: charge.customer, family: *family, item, currency, day });
        let price = match rule {
            Some(rule) => rule.price(charge.unit_price).map_err(Refusal::from)?,
            None => charge.unit_price,
        };
        found.insert(charge.id, (price, rule.map(|own| own.id)));
    }
    Ok(found)
}
