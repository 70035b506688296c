//! Handing over what was bought: keys out of stock, subscriptions, and the lines' state. Runs as a job, any number of
//! times; an order without enough keys stays pending, with the reason, until keys arrive.

use chandlery_domain::access::{Action, Scope};
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::catalog::Family;
use chandlery_domain::ids::{JobId, KeyId, OrderId, ProductId};
use chandlery_domain::key::{AssignedKey, KeyState, LineRef};
use chandlery_domain::order::{LineState, Order};
use chandlery_domain::subscription::Subscription;
use chandlery_store::keys::{HandedKey, StockedKey};
use chandlery_store::{Write, jobs, keys, orders, subscriptions};

use super::Context;
use crate::error::Error;
use crate::outside::vault::{Owner, Vault};

/// Hands over an order.
///
/// # Errors
/// [`Error::AnsweredBefore`] when somebody else did it; [`Error::Invalid`] naming the product whose stock is empty.
pub fn provision(
    tx: &mut Write<'_>,
    cx: &Context,
    vault: &Vault,
    (job, order): (JobId, OrderId),
) -> Result<((), Entry), Error> {
    let scope = &cx.authorize(Action::PlaceOrders)?;
    if !jobs::done(tx, scope, job)? {
        return Err(Error::AnsweredBefore);
    }
    let (order, revision) = orders::find_any(tx, scope, order)?
        .ok_or_else(|| Error::internal("a job names an order that is not there"))?;
    let pending: Vec<u32> = order
        .lines
        .iter()
        .filter(|line| matches!(line.state, LineState::Pending))
        .map(|line| line.number)
        .collect();
    let entry = Entry::did(Operation::ProvisionOrder, Resource::Order, order.id);
    if pending.is_empty() {
        return Ok(((), entry));
    }
    hand_keys(tx, cx, vault, scope, &order)?;
    subscriptions::insert(tx, scope, &subscriptions_of(&order))?;
    if !orders::set_state(tx, scope, (order.id, revision), &pending, LineState::Fulfilled { at: cx.now })? {
        return Err(Error::conflict("the order changed at the same time"));
    }
    let facts = vec![Fact::new("order_id", order.id), Fact::new("lines", pending.len())];
    Ok(((), entry.with(facts)))
}

/// One key per line that has any, of the newest version in stock. Takes one statement a product, not one a line.
fn hand_keys(
    tx: &mut Write<'_>,
    cx: &Context,
    vault: &Vault,
    scope: &Scope,
    order: &Order,
) -> Result<(), Error> {
    let mut wanted: Vec<(&ProductId, Vec<u32>)> = Vec::new();
    for line in order.lines.iter().filter(|line| line.family.has_keys() && line.state == LineState::Pending) {
        match wanted.iter_mut().find(|(product, _)| **product == line.item.product) {
            Some((_, lines)) => lines.push(line.number),
            None => wanted.push((&line.item.product, vec![line.number])),
        }
    }
    let mut handed = Vec::new();
    for (product, lines) in wanted {
        let count = i64::try_from(lines.len()).map_err(Error::internal)?;
        let stocked = keys::take(tx, product, count)?;
        if stocked.len() < lines.len() {
            return Err(Error::invalid(product.as_str(), "has no product keys in stock"));
        }
        for (line, stocked) in lines.into_iter().zip(stocked) {
            handed.push(seal_for_partner(tx, cx, vault, LineRef { order: order.id, line }, stocked)?);
        }
    }
    keys::hand(tx, scope, &handed)?;
    Ok(())
}

fn seal_for_partner(
    tx: &mut Write<'_>,
    cx: &Context,
    vault: &Vault,
    line: LineRef,
    stocked: StockedKey,
) -> Result<HandedKey, Error> {
    let text = vault.open(tx, Owner::Operator, "key_stock", &stocked.id, &stocked.sealed)?;
    let id: KeyId = stocked.id.parse().map_err(Error::internal)?;
    let sealed = vault.seal(tx, Owner::Partner(cx.actor.partner()), "product_keys", &stocked.id, &text)?;
    Ok(HandedKey {
        key: AssignedKey { id, line, state: KeyState::Assigned { at: cx.now } },
        product: stocked.product_id,
        version: stocked.version,
        digest: stocked.digest,
        sealed,
        activations: stocked.activations,
    })
}

fn subscriptions_of(order: &Order) -> Vec<Subscription> {
    order
        .lines
        .iter()
        .filter(|line| line.family == Family::Subscription && line.state == LineState::Pending)
        .filter_map(|line| {
            Some(Subscription {
                id: line.subscription?,
                customer: order.customer,
                order: order.id,
                line: line.number,
                item: line.item.clone(),
                title: line.title.clone(),
                friendly_name: line.title.clone(),
                quantity: line.quantity,
                term: line.term,
                cycle: order.cycle,
                period: line.period?,
                auto_renew: false,
                // The window counts from the order, however long the keys took.
                created_at: order.placed_at,
                cancelled_at: None,
            })
        })
        .collect()
}

/// Puts an order's job off, with the reason where partner and operator can see it.
///
/// # Errors
/// The store's own.
pub fn put_off(
    tx: &mut Write<'_>,
    cx: &Context,
    (job, order): (JobId, OrderId),
    attempts: u32,
    why: &str,
) -> Result<((), Entry), Error> {
    let scope = cx.authorize(Action::PlaceOrders)?;
    let minutes = 1_i64.checked_shl(attempts.min(6)).unwrap_or(60).min(60);
    let due_at = cx.now.checked_add(jiff::SignedDuration::from_mins(minutes)).map_err(Error::internal)?;
    jobs::put_off(tx, &scope, job, due_at, why)?;
    let entry = Entry::did(Operation::ProvisionOrder, Resource::Order, order)
        .failed()
        .with(vec![Fact::new("order_id", order), Fact::new("reason", why)]);
    Ok(((), entry))
}
