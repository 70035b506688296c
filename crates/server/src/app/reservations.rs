//! Azure reservations after they were bought: their names, their scope, splitting and merging; and the Azure subscriptions
//! of a customer that they are for (rule 2.6).

use chandlery_domain::access::Scope;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::cart::{Buyer, Wanted};
use chandlery_domain::catalog::Family;
use chandlery_domain::ids::{AzureSubscriptionId, CustomerId, OrderId, ReservationId};
use chandlery_domain::order::{LineState, Order, OrderLine};
use chandlery_domain::reservation::{AzureSubscription, Fixed, NAME_MAX, ON, Reservation, named};
use chandlery_store::reservations as stored;
use chandlery_store::{Read, Write, customers, orders};

use super::Context;
use crate::error::{Error, Missing};
use crate::texts::Complaint;

/// A reservation that is not there.
pub const RESERVATION: Missing = Missing::Other("reservation");
/// An Azure subscription that is not there.
pub const AZURE: Missing = Missing::Other("Azure subscription");
/// How many reservations are merged at once.
pub const MERGED_MAX: usize = 100;

/// The customer's Azure subscriptions put beside whoever buys, where a wanted line names one.
///
/// # Errors
/// The store's own.
pub fn with_azure(tx: &mut Read<'_>, scope: &Scope, buyer: Buyer, lines: &[Wanted]) -> Result<Buyer, Error> {
    if !lines.iter().any(|line| named(line, ON).is_some()) {
        return Ok(buyer);
    }
    let azure = stored::azure_subscriptions(tx, scope, buyer.customer.id)?;
    Ok(Buyer { azure, ..buyer })
}

/// A customer's name, for the log.
fn name_of(tx: &mut Read<'_>, scope: &Scope, customer: CustomerId) -> Result<String, Error> {
    let (own, _) = customers::find(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
    Ok(own.billing.company_name)
}

fn azure_facts(own: &AzureSubscription) -> Vec<Fact> {
    vec![
        Fact::new("azure_subscription_id", own.id),
        Fact::new("subscription_name", &own.name),
        Fact::new("in_use", own.active),
        Fact::new("registered", own.registered_at.is_some()),
    ]
}

/// A name as it is kept.
fn checked_name(field: &str, name: &str) -> Result<String, Error> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        let why = Complaint::of("complaint-reservation-name").with("most", NAME_MAX);
        return Err(Error::complaint(field, why));
    }
    Ok(name.to_owned())
}

/// Adds an Azure subscription to a customer, by the id it has in Azure. It is in use and not registered.
///
/// # Errors
/// When the customer is not there or has it, or the name does not fit.
pub fn add_azure_subscription(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    (customer, id): (CustomerId, AzureSubscriptionId),
    name: &str,
) -> Result<(AzureSubscription, Entry), Error> {
    let company = name_of(tx, scope, customer)?;
    let name = checked_name("friendlyName", name)?;
    let own = AzureSubscription { id, name, active: true, registered_at: None, added_at: cx.now };
    let most = usize::try_from(stored::SUBSCRIPTIONS_MAX).unwrap_or(usize::MAX);
    if stored::azure_subscriptions(tx, scope, customer)?.len() >= most {
        return Err(Error::complaint(
            "azureSubscriptions",
            Complaint::of("complaint-azure-many").with("most", most),
        ));
    }
    if !stored::add_azure_subscription(tx, scope, customer, &own)? {
        return Err(Error::complaint("id", Complaint::of("complaint-azure-known")));
    }
    let entry = Entry::did(Operation::UpdateAzureSubscription, Resource::AzureSubscription, id)
        .for_customer(customer, &company)
        .with(azure_facts(&own));
    Ok((own, entry))
}

/// What is to be changed of an Azure subscription; what is not named stays.
#[derive(Debug, Clone, Default)]
pub struct AzureChange {
    /// Another name.
    pub name: Option<String>,
    /// Whether it is in use.
    pub active: Option<bool>,
    /// That it is registered for reservations.
    pub register: bool,
}

/// Changes an Azure subscription, or registers it for reservations. Registered once, it stays so.
///
/// # Errors
/// When it is not there, or the name does not fit.
pub fn change_azure_subscription(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    (customer, id): (CustomerId, AzureSubscriptionId),
    change: &AzureChange,
) -> Result<(AzureSubscription, Entry), Error> {
    let company = name_of(tx, scope, customer)?;
    let before = stored::hold_azure_subscription(tx, scope, customer, id)?.ok_or(Error::NotFound(AZURE))?;
    let name = change.name.as_deref().map(|name| checked_name("friendlyName", name)).transpose()?;
    let after = AzureSubscription {
        name: name.unwrap_or_else(|| before.name.clone()),
        active: change.active.unwrap_or(before.active),
        registered_at: before.registered_at.or(change.register.then_some(cx.now)),
        ..before.clone()
    };
    stored::save_azure_subscription(tx, scope, customer, &after)?;
    let entry = Entry::did(Operation::UpdateAzureSubscription, Resource::AzureSubscription, id)
        .for_customer(customer, &company)
        .was(azure_facts(&before))
        .with(azure_facts(&after));
    Ok((after, entry))
}

/// What a placed order reserves, as the buyer wanted it line by line. It is there when the order is handed over.
pub fn of_placed(
    order: &Order,
    wanted: &[&Wanted],
    next_id: &mut impl FnMut() -> uuid::Uuid,
) -> Vec<Reservation> {
    let lines = order.lines.iter().zip(wanted).filter(|(line, _)| line.family == Family::Reservation);
    lines
        .filter_map(|(line, own)| Reservation::ordered(ReservationId::new(next_id()), order, line, Some(own)))
        .collect()
}

/// What is wrong, told by the field it is about.
pub(super) fn fixed(own: Fixed) -> Error {
    match own {
        Fixed::Standing(standing) => Error::complaint(
            "reservation",
            Complaint::of(match standing.as_str() {
                "creating" => "complaint-reservation-creating",
                "expired" => "complaint-reservation-expired",
                "returned" => "complaint-reservation-returned",
                _ => "complaint-reservation-replaced",
            }),
        ),
        Fixed::Parts { quantity } => Error::complaint(
            "quantities",
            Complaint::of("complaint-reservation-parts").with("quantity", quantity),
        ),
        Fixed::One => Error::complaint("sources", Complaint::of("complaint-reservation-one")),
        Fixed::Apart => Error::complaint("sources", Complaint::of("complaint-reservation-apart")),
    }
}

fn facts(own: &Reservation) -> Vec<Fact> {
    let scope = own.applies_to.map_or_else(|| "Shared".to_owned(), |id| format!("Single {id}"));
    vec![
        Fact::new("reservation_id", own.id),
        Fact::new("order_id", own.order),
        Fact::new("subscription_name", &own.name),
        Fact::new("quantity", own.quantity),
        Fact::new("scope", scope),
    ]
}

fn find(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    id: ReservationId,
) -> Result<Reservation, Error> {
    stored::find_many(tx, scope, customer, &[id])?.pop().ok_or(Error::NotFound(RESERVATION))
}

/// What is to be changed of a reservation; what is not named stays.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Another name.
    pub name: Option<String>,
    /// For one Azure subscription alone, or shared by all of the customer's.
    pub applies_to: Option<Option<AzureSubscriptionId>>,
}

/// Changes name or scope of a reservation.
///
/// # Errors
/// When it is not there or does not run, the name does not fit, or the customer has no such Azure subscription.
pub fn change(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    (customer, id): (CustomerId, ReservationId),
    change: &Change,
) -> Result<(Reservation, Entry), Error> {
    let company = name_of(tx, scope, customer)?;
    let before = find(tx, scope, customer, id)?;
    before.runs(cx.now).map_err(fixed)?;
    let mut after = before.clone();
    if let Some(name) = &change.name {
        after.name = checked_name("displayName", name)?;
    }
    if let Some(applies_to) = change.applies_to {
        if let Some(azure) = applies_to.filter(|_| applies_to != before.applies_to) {
            let known = stored::azure_subscription(tx, scope, customer, azure)?;
            if !known.is_some_and(|own| own.active) {
                return Err(Error::complaint("appliedScopes", Complaint::of("complaint-azure-unknown")));
            }
        }
        after.applies_to = applies_to;
    }
    if !stored::save(tx, scope, &before, &after)? {
        return Err(Error::conflict("the reservation changed at the same time"));
    }
    let entry = Entry::did(Operation::UpdateReservation, Resource::Reservation, id)
        .for_customer(customer, &company)
        .was(facts(&before))
        .with(facts(&after));
    Ok((after, entry))
}

/// Puts others in the place of reservations.
fn put_in_place(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    old: &[Reservation],
    new: &[Reservation],
) -> Result<(), Error> {
    let ids: Vec<ReservationId> = old.iter().map(|own| own.id).collect();
    let changed = || Error::conflict("a reservation changed at the same time");
    if !stored::replace(tx, scope, &ids, cx.now)? {
        return Err(changed());
    }
    // From here on nobody else changes them: what was decided on must be what they are.
    let customer = old.first().map(|own| own.customer);
    let now_there = match customer {
        Some(customer) => stored::find_many(tx, scope, customer, &ids)?,
        None => Vec::new(),
    };
    let was = |own: &Reservation| Reservation { replaced_at: None, ..own.clone() };
    if !now_there.iter().map(was).eq(old.iter().cloned()) {
        return Err(changed());
    }
    Ok(stored::insert(tx, scope, new)?)
}

/// So many of a reservation, as one of their own where it has more: the rest stays.
///
/// # Errors
/// When it does not run, or changed at the same time.
pub(super) fn part_off(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    own: &Reservation,
    quantity: u32,
) -> Result<Reservation, Error> {
    if quantity == own.quantity {
        return Ok(own.clone());
    }
    let mut next_id = cx.ids();
    let ids = [ReservationId::new(next_id()), ReservationId::new(next_id())];
    let parts = [quantity, own.quantity.saturating_sub(quantity)];
    let [part, rest] = own.split(&parts, ids, cx.now).map_err(fixed)?;
    put_in_place(tx, cx, scope, std::slice::from_ref(own), &[part.clone(), rest])?;
    Ok(part)
}

/// Splits a reservation in two.
///
/// # Errors
/// When it is not there or does not run, or the parts do not come to what it has.
pub fn split(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    (customer, id): (CustomerId, ReservationId),
    parts: &[u32],
) -> Result<(Vec<Reservation>, Entry), Error> {
    let company = name_of(tx, scope, customer)?;
    let before = find(tx, scope, customer, id)?;
    let mut next_id = cx.ids();
    let ids = [ReservationId::new(next_id()), ReservationId::new(next_id())];
    let after = before.split(parts, ids, cx.now).map_err(fixed)?;
    put_in_place(tx, cx, scope, std::slice::from_ref(&before), &after)?;
    let mut told = Vec::new();
    for (number, own) in (0..).zip(&after) {
        told.push(Fact::of_line("reservation_id", number, own.id));
        told.push(Fact::of_line("quantity", number, own.quantity));
    }
    let entry = Entry::did(Operation::SplitReservation, Resource::Reservation, id)
        .for_customer(customer, &company)
        .was(facts(&before))
        .with(told);
    Ok((after.to_vec(), entry))
}

/// Merges reservations that came out of one line.
///
/// # Errors
/// When one is not there or does not run, or they do not belong together.
pub fn merge(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    customer: CustomerId,
    ids: &[ReservationId],
) -> Result<(Reservation, Entry), Error> {
    let company = name_of(tx, scope, customer)?;
    let mut wanted: Vec<ReservationId> = Vec::new();
    for id in ids {
        if !wanted.contains(id) {
            wanted.push(*id);
        }
    }
    if wanted.len() > MERGED_MAX {
        let why = Complaint::of("complaint-reservation-many").with("most", MERGED_MAX);
        return Err(Error::complaint("sources", why));
    }
    let list = stored::find_many(tx, scope, customer, &wanted)?;
    if list.len() != wanted.len() {
        return Err(Error::NotFound(RESERVATION));
    }
    let whole = Reservation::merge(&list, ReservationId::new(cx.ids()()), cx.now).map_err(fixed)?;
    put_in_place(tx, cx, scope, &list, std::slice::from_ref(&whole))?;
    let mut before = Vec::new();
    for (number, own) in (0..).zip(&list) {
        before.push(Fact::of_line("reservation_id", number, own.id));
        before.push(Fact::of_line("quantity", number, own.quantity));
    }
    let entry = Entry::did(Operation::MergeReservations, Resource::Reservation, whole.id)
        .for_customer(customer, &company)
        .was(before)
        .with(facts(&whole));
    Ok((whole, entry))
}

/// Makes what an order reserves be there. A line an older version sold without reservations gets one, once: the order must be
/// held.
///
/// # Errors
/// The store's own.
pub fn hand_over(tx: &mut Write<'_>, cx: &Context, scope: &Scope, order: &Order) -> Result<(), Error> {
    let known = stored::lines_of(tx, scope, order.id)?;
    let mut missing = of_older(order, &mut cx.ids());
    missing.retain(|own| !known.contains(&own.line));
    stored::insert(tx, scope, &missing)?;
    stored::make(tx, scope, (order.id, None), cx.now)?;
    Ok(())
}

/// The same for what an older version handed over itself: what was not handed over yet waits on.
///
/// # Errors
/// The store's own.
pub fn catch_up(tx: &mut Write<'_>, cx: &Context, scope: &Scope, order: OrderId) -> Result<(), Error> {
    orders::hold(tx, scope, order)?;
    let Some((order, _)) = orders::find_any(tx, scope, order)? else { return Ok(()) };
    let known = stored::lines_of(tx, scope, order.id)?;
    let (missing, late): (Vec<Reservation>, Vec<Reservation>) =
        of_older(&order, &mut cx.ids()).into_iter().partition(|own| !known.contains(&own.line));
    stored::insert(tx, scope, &missing)?;
    for own in late {
        if let Some(at) = own.made_at {
            stored::make(tx, scope, (order.id, Some(own.line)), at)?;
        }
    }
    Ok(())
}

/// What an order of an older version reserves: shared, and there where the line was handed over.
fn of_older(order: &Order, next_id: &mut impl FnMut() -> uuid::Uuid) -> Vec<Reservation> {
    let of_line = |line: &OrderLine| {
        let own = Reservation::ordered(ReservationId::new(next_id()), order, line, None)?;
        let made_at = match line.state {
            LineState::Fulfilled { at } => Some(at),
            LineState::Pending => None,
            LineState::Cancelled { .. } => return None,
        };
        Some(Reservation { made_at, ..own })
    };
    order.lines.iter().filter(|line| line.family == Family::Reservation).filter_map(of_line).collect()
}
