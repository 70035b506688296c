//! Giving a purchase back: keys, subscription, lines and ledger in one transaction, so nobody waits (rule 7.5).

use chandlery_domain::access::Scope;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::cancellation::{Cancelled, Quote, cancel as decide, quote as preview};
use chandlery_domain::ids::{CatalogItemId, CustomerId, KeyId, OrderId, OrderRef};
use chandlery_domain::key::Released;
use chandlery_domain::notice::Kind;
use chandlery_domain::order::{LineState, Order};
use chandlery_domain::policy::PolicyBook;
use chandlery_domain::refusal::Refusal;
use chandlery_domain::webhook::Event;
use chandlery_store::keys::HandedKey;
use chandlery_store::{Read, Write, charges, customers, keys, links, orders, policies, subscriptions};

use super::hand_over::back_to_stock;
use super::promise::Promise;
use super::support::decidable;
use super::webhooks::{self, Happening};
use super::{Context, ledger, notify};
use crate::error::{Error, Missing};
use crate::outside::vault::Vault;

/// What is to be cancelled.
#[derive(Debug, Clone)]
pub struct CancelOrder {
    /// Whose order.
    pub customer: CustomerId,
    /// The order.
    pub order: OrderRef,
    /// The lines, with the items the caller believes they hold; none for the whole order.
    pub lines: Option<Vec<(u32, Option<CatalogItemId>)>>,
    /// What the caller was promised for it: nothing is cancelled for any other credit.
    pub promise: Option<Promise>,
}

/// What cancelling would give back, to the cent, without doing it.
///
/// # Errors
/// When the order is not there, or why it cannot be cancelled.
pub fn quote(
    tx: &mut Read<'_>,
    cx: &Context,
    scope: &Scope,
    wanted: &CancelOrder,
) -> Result<(Order, Quote), Error> {
    let (order, _) =
        orders::find(tx, scope, wanted.customer, wanted.order)?.ok_or(Error::NotFound(Missing::Order))?;
    let book = policies::in_force(tx)?;
    let lines = line_numbers(&order, wanted)?;
    let quote = quote_lines(tx, cx, scope, (&order, lines.as_deref()), &book)?;
    Ok((order, quote))
}

/// What cancelling lines of an order, or all of it, would give back under these policies.
///
/// # Errors
/// Why they cannot be cancelled.
pub fn quote_lines(
    tx: &mut Read<'_>,
    cx: &Context,
    scope: &Scope,
    (order, lines): (&Order, Option<&[u32]>),
    book: &PolicyBook,
) -> Result<Quote, Error> {
    let booked = charges::of_order(tx, scope, order.id)?;
    let quote = preview(order, &booked, lines, cx.now, book)?;
    decidable(tx, scope, order.id)?;
    Ok(quote)
}

/// Cancels lines of an order inside their window: revokes keys, ends subscriptions, books the credit.
///
/// # Errors
/// When the order is not there, or why it cannot be cancelled.
pub fn cancel(
    tx: &mut Write<'_>,
    cx: &Context,
    vault: &Vault,
    scope: &Scope,
    wanted: &CancelOrder,
) -> Result<(Cancelled, Entry), Error> {
    let (found, _) =
        orders::find(tx, scope, wanted.customer, wanted.order)?.ok_or(Error::NotFound(Missing::Order))?;
    // Whoever opens, links or hands over at this moment is waited for; then the order is read as they left it.
    orders::hold(tx, scope, found.id)?;
    let (order, revision) =
        orders::find(tx, scope, wanted.customer, wanted.order)?.ok_or(Error::NotFound(Missing::Order))?;
    let (customer, _) =
        customers::find(tx, scope, wanted.customer)?.ok_or(Error::NotFound(Missing::Customer))?;
    let book = policies::in_force(tx)?;
    let booked = charges::of_order(tx, scope, order.id)?;
    let lines = line_numbers(&order, wanted)?;
    let cancelled = decide(order, &booked, lines.as_deref(), cx.now, &book, &mut cx.ids())?;
    let id = cancelled.order.id;
    decidable(tx, scope, id)?;
    if let Some(promise) = &wanted.promise {
        promise.kept(scope, &cancelled, cx.now)?;
    }
    if !orders::set_state(tx, scope, (id, revision), &cancelled.lines, LineState::Cancelled { at: cx.now })? {
        return Err(Error::conflict("the order changed at the same time"));
    }
    ledger::book(tx, scope, &cancelled.credits)?;
    subscriptions::cancel(tx, scope, id, &cancelled.lines, cx.now)?;
    let links = links::revoke(tx, scope, id, &cancelled.lines, cx.now)?;
    let released = release_keys(tx, cx, vault, scope, id, &cancelled.lines)?;
    let name = &customer.billing.company_name;
    let by = Some(cx.actor_uuid());
    let told = notify::of_order(Kind::OrderCancelled, &cancelled.order, name, &cancelled.lines, by);
    notify::tell(tx, cx, scope, &[told])?;
    let order = &cancelled.order;
    let whole = Happening::of(Event::OrderCancelled, order.customer, order.id);
    let ended = Happening::subscriptions(order, &cancelled.lines);
    webhooks::tell(tx, cx, scope, std::iter::once(whole).chain(ended))?;
    let mut facts = vec![
        Fact::new("order_id", id),
        Fact::new("alternate_id", cancelled.order.alternate()),
        Fact::new("status", cancelled.order.status().as_str()),
    ];
    for credit in &cancelled.credits {
        facts.push(Fact::of_line("credit", credit.line, credit.amount));
    }
    facts.extend(released);
    facts.extend(wanted.promise.as_ref().map(|own| Fact::new("signed_quote", own.id())));
    if links > 0 {
        facts.push(Fact::new("links_revoked", links));
    }
    let entry = Entry::did(Operation::UpdateOrder, Resource::Order, id)
        .for_customer(customer.id, &customer.billing.company_name)
        .with(facts);
    Ok((cancelled, entry))
}

/// The numbers of the lines meant, once each line is the one the caller believes it to be.
fn line_numbers(order: &Order, wanted: &CancelOrder) -> Result<Option<Vec<u32>>, Refusal> {
    let Some(lines) = &wanted.lines else {
        return Ok(None);
    };
    let mut numbers = Vec::with_capacity(lines.len());
    for (number, believed) in lines {
        let line = order.line(*number)?;
        if believed.as_ref().is_some_and(|item| *item != line.item) {
            return Err(Refusal::LineMismatch { number: *number, item: line.item.clone() });
        }
        numbers.push(*number);
    }
    Ok(Some(numbers))
}

/// A key nobody saw goes back to stock; one that was ever shown is out of use for good. The facts say which went where.
fn release_keys(
    tx: &mut Write<'_>,
    cx: &Context,
    vault: &Vault,
    scope: &Scope,
    order: OrderId,
    lines: &[u32],
) -> Result<Vec<Fact>, Error> {
    let handed = keys::of_orders(tx, scope, &[order])?;
    let of_lines = handed.into_iter().filter(|handed| lines.contains(&handed.key.line.line));
    let (mut unseen, mut seen): (Vec<HandedKey>, Vec<KeyId>) = (Vec::new(), Vec::new());
    let mut facts = Vec::new();
    for handed in of_lines {
        let (line, id) = (handed.key.line.line, handed.key.id);
        match handed.key.state.release() {
            Released::ToStock => {
                facts.push(Fact::of_line("key_returned", line, id));
                unseen.push(handed);
            }
            Released::Revoked => {
                facts.push(Fact::of_line("key_revoked", line, id));
                seen.push(id);
            }
            Released::Nothing => {}
        }
    }
    if !seen.is_empty() {
        keys::revoke(tx, scope, order, &seen, cx.now)?;
    }
    if unseen.is_empty() {
        return Ok(facts);
    }
    let ids: Vec<KeyId> = unseen.iter().map(|handed| handed.key.id).collect();
    if !keys::withdraw(tx, scope, order, &ids)? {
        return Err(Error::conflict("a key was opened at the same time"));
    }
    let stocked = unseen
        .into_iter()
        .map(|handed| back_to_stock(tx, cx, vault, scope, handed))
        .collect::<Result<Vec<_>, _>>()?;
    keys::stock(tx, &stocked)?;
    Ok(facts)
}
