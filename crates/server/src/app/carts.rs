//! Filling a cart. A line that cannot be bought stays in it with the reason, so that nothing typed is lost.

use chandlery_domain::access::Scope;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::cart::{Buyer, CART_LIFE, Cart, Wanted};
use chandlery_domain::catalog::Offer;
use chandlery_domain::ids::{CartId, CatalogItemId, CustomerId};
use chandlery_domain::refusal::Refusal;
use chandlery_store::{Read, Write, carts, catalog, customers};
use jiff::Timestamp;

use super::Context;
use super::reservations::with_azure;
use crate::error::{Error, Missing};

/// A cart with what each line costs, or why it cannot be bought.
#[derive(Clone)]
pub struct PricedCart {
    /// The cart.
    pub cart: Cart,
    /// One result per line, in the lines' order.
    pub lines: Vec<Result<Offer, Refusal>>,
}

/// Everything buying depends on, for a customer and the items wanted.
pub(crate) fn buyer(tx: &mut Read<'_>, scope: &Scope, customer: CustomerId) -> Result<Buyer, Error> {
    customers::buyer(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))
}

/// Prices the lines of a cart as of now.
///
/// # Errors
/// The store's own.
pub fn price(
    tx: &mut Read<'_>,
    scope: &Scope,
    buyer: &Buyer,
    cart: Cart,
    now: Timestamp,
) -> Result<PricedCart, Error> {
    let buyer = with_azure(tx, scope, buyer.clone(), &cart.lines)?;
    let items: Vec<CatalogItemId> = cart.lines.iter().map(|line| line.item.clone()).collect();
    let listings = catalog::listings(tx, &items, buyer.customer.country, now)?;
    let lines = cart.lines.iter().map(|line| buyer.price(line, &listings, now)).collect();
    Ok(PricedCart { cart, lines })
}

fn entry(cx: &Context, buyer: &Buyer, cart: &Cart) -> Entry {
    let lines = cart.lines.iter().flat_map(|line| {
        [
            Fact::of_line("offer_id", line.number, &line.item),
            Fact::of_line("quantity", line.number, line.quantity),
        ]
    });
    let facts = std::iter::once(Fact::new("changed_at", cx.now)).chain(lines).collect();
    Entry::did(Operation::UpdateCart, Resource::Cart, cart.id)
        .for_customer(buyer.customer.id, &buyer.customer.billing.company_name)
        .with(facts)
}

/// Creates a cart.
///
/// # Errors
/// When the customer is not there.
pub fn create(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    customer: CustomerId,
    lines: &[Wanted],
) -> Result<(PricedCart, Entry), Error> {
    let buyer = buyer(tx, scope, customer)?;
    let cart = Cart {
        id: CartId::new(cx.ids()()),
        customer,
        lines: lines.to_vec(),
        created_at: cx.now,
        modified_at: cx.now,
        expires_at: cx.now.checked_add(CART_LIFE).map_err(Error::internal)?,
        modified_by: cx.actor_uuid(),
        ordered: false,
        po_number: None,
    };
    carts::insert(tx, scope, &cart)?;
    let entry = entry(cx, &buyer, &cart);
    Ok((price(tx, scope, &buyer, cart, cx.now)?, entry))
}

/// Replaces the lines of a cart, and its purchase order number where one is given; an empty one takes it away.
///
/// # Errors
/// When cart or customer are not there, the cart was ordered, or it changes at this moment.
pub fn update(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    (customer, id): (CustomerId, CartId),
    lines: &[Wanted],
    po_number: Option<&str>,
) -> Result<(PricedCart, Entry), Error> {
    let found = carts::find(tx, scope, customer, id)?.ok_or(Error::NotFound(Missing::Cart))?;
    write_into(tx, cx, scope, found, lines, po_number)
}

/// The same for a cart that still has the revision somebody saw.
///
/// # Errors
/// [`Refusal::StaleEtag`] when it was changed since, and those of [`update`].
pub fn update_seen(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    (customer, id, seen): (CustomerId, CartId, i64),
    lines: &[Wanted],
    po_number: Option<&str>,
) -> Result<(PricedCart, Entry), Error> {
    let found = carts::find(tx, scope, customer, id)?.ok_or(Error::NotFound(Missing::Cart))?;
    if found.1 != seen {
        return Err(Error::Refused(Refusal::StaleEtag));
    }
    write_into(tx, cx, scope, found, lines, po_number)
}

fn write_into(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    (cart, revision): (Cart, i64),
    lines: &[Wanted],
    po_number: Option<&str>,
) -> Result<(PricedCart, Entry), Error> {
    let buyer = buyer(tx, scope, cart.customer)?;
    if cart.ordered {
        return Err(Error::Refused(Refusal::CartAlreadyOrdered));
    }
    let cart = Cart {
        lines: lines.to_vec(),
        modified_at: cx.now,
        expires_at: cx.now.checked_add(CART_LIFE).map_err(Error::internal)?,
        modified_by: cx.actor_uuid(),
        po_number: match po_number {
            Some(text) => Some(text.to_owned()).filter(|text| !text.is_empty()),
            None => cart.po_number,
        },
        ..cart
    };
    if !carts::save(tx, scope, &cart, revision)? {
        return Err(Error::conflict("the cart changed at the same time"));
    }
    let entry = entry(cx, &buyer, &cart);
    Ok((price(tx, scope, &buyer, cart, cx.now)?, entry))
}

/// A cart as it stands, priced as of now.
///
/// # Errors
/// When cart or customer are not there.
pub fn find(
    tx: &mut Read<'_>,
    cx: &Context,
    scope: &Scope,
    (customer, id): (CustomerId, CartId),
) -> Result<PricedCart, Error> {
    let buyer = buyer(tx, scope, customer)?;
    let (cart, _) = carts::find(tx, scope, customer, id)?.ok_or(Error::NotFound(Missing::Cart))?;
    price(tx, scope, &buyer, cart, cx.now)
}
