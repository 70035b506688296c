//! Buying: a cart, or lines sent at once, become orders with their charges, and work for the provisioner.

use std::collections::HashMap;

use chandlery_domain::access::{Action, Scope};
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::cart::{Buyer, Cart, Group, Wanted, check_out as decide, groups as group_up};
use chandlery_domain::catalog::Family;
use chandlery_domain::charge::Charge;
use chandlery_domain::ids::{CartId, CatalogItemId, CustomerId, JobId};
use chandlery_domain::money::Money;
use chandlery_domain::order::Order;
use chandlery_domain::refusal::Refusal;
use chandlery_domain::reservation::Reservation;
use chandlery_store::jobs::Task;
use chandlery_store::{Write, carts, catalog, jobs, orders, partners, payments, reservations};

use super::Context;
use super::carts::buyer;
use super::ledger;
use super::reservations::{of_placed, with_azure};
use crate::error::{Error, Missing};
use crate::texts::Complaint;

/// The facts of an order that the activity log keeps.
pub(crate) fn order_facts(order: &Order) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new("order_id", order.id),
        Fact::new("alternate_id", order.alternate()),
        Fact::new("billing_cycle", order.cycle.as_str()),
        Fact::new("currency_code", order.currency),
    ];
    for line in &order.lines {
        facts.push(Fact::of_line("offer_id", line.number, &line.item));
        facts.push(Fact::of_line("subscription_name", line.number, &line.title));
        facts.push(Fact::of_line("quantity", line.number, line.quantity));
        facts.push(Fact::of_line("price", line.number, line.amount));
    }
    facts
}

fn place(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    buyer: &Buyer,
    cart: Option<&Cart>,
    lines: &[Wanted],
) -> Result<Vec<Group>, Error> {
    let items: Vec<CatalogItemId> = lines.iter().map(|line| line.item.clone()).collect();
    let listings = catalog::listings(tx, &items, buyer.customer.country, cx.now)?;
    let mut next_id = cx.ids();
    let buyer = &with_azure(tx, scope, buyer.clone(), lines)?;
    let mut groups = decide(lines, cart.map(|cart| cart.id), buyer, &listings, cx.now, &mut next_id)?;
    for (order, _) in groups.iter_mut().filter_map(|group| group.outcome.as_mut().ok()) {
        order.po_number = cart.and_then(|cart| cart.po_number.clone());
    }
    let placed: Vec<(&Order, &Vec<Charge>)> = groups
        .iter()
        .filter_map(|group| group.outcome.as_ref().ok().map(|(order, charges)| (order, charges)))
        .collect();
    if placed.is_empty() {
        return Err(Error::Refused(all_refused(&groups)));
    }
    let ordered: Vec<&Order> = placed.iter().map(|(order, _)| *order).collect();
    // Whoever may order reservations may not always order software (rows 7 and 8).
    for line in ordered.iter().flat_map(|order| &order.lines) {
        let action = match line.family {
            Family::Reservation => Action::PlaceReservations,
            Family::Subscription | Family::Perpetual | Family::LinuxPlan => Action::PlaceOrders,
        };
        cx.authorize(action)?;
    }
    let booked: Vec<Charge> = placed.iter().flat_map(|(_, charges)| charges.iter().cloned()).collect();
    spare_credit(tx, scope, buyer, &booked)?;
    orders::insert(tx, scope, &ordered)?;
    ledger::book_for(tx, scope, &booked, buyer)?;
    let wanted: HashMap<u32, Vec<&Wanted>> = group_up(lines).into_iter().collect();
    let mut reserved: Vec<Reservation> = Vec::new();
    for group in &groups {
        let (Ok((order, _)), Some(wanted)) = (&group.outcome, wanted.get(&group.number)) else { continue };
        reserved.extend(of_placed(order, wanted, &mut next_id));
    }
    reservations::insert(tx, scope, &reserved)?;
    let work: Vec<(JobId, Task)> =
        ordered.iter().map(|order| (JobId::new(next_id()), Task::Provision(order.id))).collect();
    jobs::insert_by(tx, scope, &work, cx.now, Some(cx.actor_uuid()))?;
    Ok(groups)
}

/// Holds a purchase against how much the partner may owe. Only where the operator said so is anything asked of the database.
fn spare_credit(tx: &mut Write<'_>, scope: &Scope, buyer: &Buyer, booked: &[Charge]) -> Result<(), Error> {
    let concerns = |limit: &Money| booked.iter().any(|own| own.amount.currency() == limit.currency());
    if !buyer.credit_limits.iter().any(concerns) {
        return Ok(());
    }
    // Whoever buys at the same moment waits, so that two do not both take what is left; the limits are those of then.
    payments::hold(tx, scope)?;
    for limit in partners::credit_limits(tx, scope)?.into_iter().filter(concerns) {
        let currency = limit.currency();
        let own = booked.iter().map(|charge| charge.amount).filter(|amount| amount.currency() == currency);
        let purchase = Money::sum(currency, own).map_err(Refusal::from)?;
        payments::exposure(tx, scope, currency)?.allows(limit, purchase)?;
    }
    Ok(())
}

/// The answer when no group could be bought: the reason they share, or that there are several.
fn all_refused(groups: &[Group]) -> Refusal {
    let mut reasons = groups.iter().filter_map(|group| group.outcome.as_ref().err());
    let Some(first) = reasons.next() else {
        return Refusal::CartEmpty;
    };
    if reasons.all(|other| std::mem::discriminant(other) == std::mem::discriminant(first)) {
        return first.clone();
    }
    Refusal::CartHasErrors { lines: groups.iter().map(|group| group.number).collect() }
}

fn entry(buyer: &Buyer, resource_id: impl ToString, groups: &[Group]) -> Entry {
    let orders = groups.iter().filter_map(|group| group.outcome.as_ref().ok());
    let facts = orders.flat_map(|(order, _)| order_facts(order)).collect();
    Entry::did(Operation::CreateOrder, Resource::Order, resource_id)
        .for_customer(buyer.customer.id, &buyer.customer.billing.company_name)
        .with(facts)
}

/// Turns a cart into orders. Groups of lines succeed or fail one by one; the cart is spent when one succeeded.
///
/// # Errors
/// [`Error::AnsweredBefore`] when the cart was checked out already; the reason when nothing could be bought.
pub fn check_out(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    customer: CustomerId,
    cart: CartId,
) -> Result<(Vec<Group>, Entry), Error> {
    let (cart, revision) = carts::find(tx, scope, customer, cart)?.ok_or(Error::NotFound(Missing::Cart))?;
    if cart.ordered {
        return Err(Error::AnsweredBefore);
    }
    if cx.now > cart.expires_at {
        return Err(Error::Refused(Refusal::CartExpired { expired_at: cart.expires_at }));
    }
    let buyer = buyer(tx, scope, customer)?;
    let groups = place(tx, cx, scope, &buyer, Some(&cart), &cart.lines)?;
    let spent = Cart { ordered: true, modified_at: cx.now, ..cart };
    if !carts::save(tx, scope, &spent, revision)? {
        return Err(Error::conflict("the cart changed at the same time"));
    }
    let id =
        groups.iter().find_map(|group| group.outcome.as_ref().ok()).map(|(order, _)| order.id.to_string());
    let entry = entry(&buyer, id.unwrap_or_default(), &groups);
    Ok((groups, entry))
}

/// Places one order from lines sent at once; all of them or none.
///
/// # Errors
/// The reason why it cannot be bought.
pub fn place_order(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    customer: CustomerId,
    lines: &[Wanted],
) -> Result<(Order, Entry), Error> {
    let buyer = buyer(tx, scope, customer)?;
    let groups = place(tx, cx, scope, &buyer, None, lines)?;
    let entry_of = |order: &Order| entry(&buyer, order.id, &groups);
    match groups.as_slice() {
        [Group { outcome: Ok((order, _)), .. }] => Ok((order.clone(), entry_of(order))),
        _ => Err(Error::complaint("billingCycle", Complaint::of("complaint-billing-cycles"))),
    }
}
