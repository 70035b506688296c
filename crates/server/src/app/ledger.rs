//! Booking: what a partner owes the operator and, in the same transaction, what its customer owes the partner for it.
//!
//! Whoever books goes through here, so that no charge is without its resale where the partner has margins, and no credit stops
//! at the partner.

use std::collections::HashMap;

use chandlery_domain::access::Scope;
use chandlery_domain::calendar::utc_date;
use chandlery_domain::charge::{Charge, ChargeKind};
use chandlery_domain::ids::{ChargeId, MarginId, OrderId};
use chandlery_domain::margin::{Bought, Resale, applying};
use chandlery_domain::money::UnitPrice;
use chandlery_domain::refusal::Refusal;
use chandlery_store::{Write, charges, margins};
use jiff::Timestamp;

use crate::error::Error;

/// Books charges of one customer, of one moment, and what goes on to the customer.
///
/// # Errors
/// The store's own; a month that is billed takes nothing more.
pub fn book(tx: &mut Write<'_>, scope: &Scope, booked: &[Charge]) -> Result<(), Error> {
    charges::insert(tx, scope, booked)?;
    resell(tx, scope, booked)
}

/// The same for whoever knows already until when the books are closed.
///
/// # Errors
/// Those of [`book`].
pub fn book_knowing(
    tx: &mut Write<'_>,
    scope: &Scope,
    booked: &[Charge],
    closed: Option<Timestamp>,
) -> Result<(), Error> {
    charges::insert_knowing(tx, scope, booked, closed)?;
    resell(tx, scope, booked)
}

/// What a charge of a term that runs goes by: the price its term was sold at, or else the rules of its day.
const fn keeps_price(kind: ChargeKind) -> bool {
    matches!(kind, ChargeKind::CycleCharge)
}

fn resell(tx: &mut Write<'_>, scope: &Scope, booked: &[Charge]) -> Result<(), Error> {
    let mut orders: Vec<OrderId> = booked.iter().map(|own| own.order).collect();
    orders.sort_unstable();
    orders.dedup();
    // What was resold before is asked for only where something follows from it.
    let follows = booked.iter().any(|own| own.kind.is_credit() || keeps_price(own.kind));
    let mut known = if follows { margins::of_orders(tx, scope, &orders)? } else { Vec::new() };
    let fresh: Vec<&Charge> = booked.iter().filter(|own| !own.kind.is_credit()).collect();
    let prices = prices(tx, scope, &orders, &fresh, &known)?;
    let mut resold: Vec<(&Charge, Resale)> = Vec::new();
    for charge in booked {
        let own = if let Some(taken) = charge.reverses {
            let Some((.., sold)) = known.iter().find(|(.., own)| own.charge == taken) else { continue };
            let before = known.iter().filter(|(.., own)| own.reverses == Some(taken)).map(|(.., own)| own);
            sold.credit(before, charge).map_err(Refusal::from)?
        } else {
            let Some(price) = prices.get(&charge.id) else { continue };
            Resale::of(charge, price.0, price.1).map_err(Refusal::from)?
        };
        known.push((charge.order, charge.line, own.clone()));
        resold.push((charge, own));
    }
    Ok(margins::insert(tx, scope, &resold)?)
}

type Prices = HashMap<ChargeId, (UnitPrice, Option<MarginId>)>;

/// What one unit of each charge costs the customer, and by which rule; nothing for customers no rule is about.
fn prices(
    tx: &mut Write<'_>,
    scope: &Scope,
    orders: &[OrderId],
    fresh: &[&Charge],
    known: &[(OrderId, u32, Resale)],
) -> Result<Prices, Error> {
    let mut found = Prices::new();
    let mut open: Vec<&Charge> = Vec::new();
    for charge in fresh.iter().copied() {
        let of_line = |own: &&(OrderId, u32, Resale)| {
            (own.0, own.1) == (charge.order, charge.line) && own.2.reverses.is_none()
        };
        match known.iter().rfind(of_line).filter(|_| keeps_price(charge.kind)) {
            Some((.., own)) => {
                found.insert(charge.id, (own.unit_price, own.rule));
            }
            None => open.push(charge),
        }
    }
    let Some(first) = open.first() else { return Ok(found) };
    let day = utc_date(first.booked_at);
    let rules = margins::rules_for(tx, scope, first.customer, day)?;
    if rules.is_empty() {
        return Ok(found);
    }
    let items = margins::items_of_lines(tx, scope, orders)?;
    for charge in open {
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
