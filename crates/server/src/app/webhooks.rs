//! Webhooks: where a partner's own program is told what happens, and writing down what it is to be told, in the
//! transaction of the act itself.
//!
//! Never here: the call itself, its spelling or its signature.

use chandlery_domain::access::Scope;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::ids::{CustomerId, DeliveryId, SubscriberId};
use chandlery_domain::order::Order;
use chandlery_domain::refusal::Refusal;
use chandlery_domain::webhook::{Event, Registration};
use chandlery_store::webhooks::{self as stored, Delivery, State};
use chandlery_store::{Read, Write};
use jiff::SignedDuration;

use super::Context;
use crate::error::{Error, Missing};

/// How many tests a partner may ask for a minute (contract 0.10).
pub const TESTS_A_MINUTE: i64 = 2;

/// Something that is not there.
pub const REGISTRATION: Missing = Missing::Other("webhook registration");
/// A call that is not there.
pub const DELIVERY: Missing = Missing::Other("webhook call");

/// What somebody wants to be registered. The address was checked.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What is called.
    pub url: String,
    /// Its host, for the log: an address may hold what only the receiver should know.
    pub host: String,
    /// Of what is told.
    pub events: Vec<Event>,
    /// Whether the signature comes in a header of its own.
    pub own_header: bool,
}

/// Whether there is a registration before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// There must be none.
    None,
    /// There must be one.
    One,
    /// Either.
    Any,
}

/// The registration of the scope's partner.
///
/// # Errors
/// When there is none.
pub fn registration(tx: &mut Read<'_>, scope: &Scope) -> Result<Registration, Error> {
    stored::find(tx, scope)?.ok_or(Error::NotFound(REGISTRATION))
}

/// Registers where the partner's program is told, or changes it.
///
/// # Errors
/// When there is one already, or none, where `before` says otherwise.
pub fn set(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    wanted: &Wanted,
    before: Before,
) -> Result<(Registration, Entry), Error> {
    let known = stored::hold(tx, scope)?;
    match (&known, before) {
        (Some(_), Before::None) => return Err(Refusal::WebhookRegistered.into()),
        (None, Before::One) => return Err(Error::NotFound(REGISTRATION)),
        _ => {}
    }
    let fresh = known.is_none();
    let subscriber = known.map_or_else(|| SubscriberId::new(cx.ids()()), |own| own.subscriber);
    let events = Event::ALL.into_iter().filter(|event| wanted.events.contains(event)).collect();
    let own = Registration {
        subscriber,
        url: wanted.url.clone(),
        events,
        own_header: wanted.own_header,
        changed_at: cx.now,
    };
    if fresh && !stored::register(tx, scope, &own)? {
        return Err(Error::conflict("the program was registered at the same time"));
    }
    if !fresh {
        stored::save(tx, scope, &own)?;
    }
    let names: Vec<&str> = own.events.iter().map(|event| event.as_str()).collect();
    let facts = vec![Fact::new("host", &wanted.host), Fact::new("events", names.join(" "))];
    Ok((own, Entry::did(Operation::SetWebhook, Resource::Webhook, subscriber).with(facts)))
}

/// Ends telling the partner's program, with what was not told yet.
///
/// # Errors
/// When there is no registration.
pub fn remove(tx: &mut Write<'_>, scope: &Scope) -> Result<((), Entry), Error> {
    let own = registration(tx, scope)?;
    stored::remove(tx, scope)?;
    Ok(((), Entry::did(Operation::RemoveWebhook, Resource::Webhook, own.subscriber)))
}

/// Has the program told of a test.
///
/// # Errors
/// When it is not told of tests, or there were too many within a minute.
pub fn test(tx: &mut Write<'_>, cx: &Context, scope: &Scope) -> Result<(DeliveryId, Entry), Error> {
    // Held, so that two who ask at the same moment are counted one after the other.
    let own = stored::hold(tx, scope)?.ok_or(Error::NotFound(REGISTRATION))?;
    if !own.events.contains(&Event::TestCreated) {
        return Err(Refusal::TestsNotRegistered.into());
    }
    let minute_ago = cx.now.checked_sub(SignedDuration::from_mins(1)).map_err(Error::internal)?;
    if stored::count_since(tx, scope, Event::TestCreated, minute_ago)? >= TESTS_A_MINUTE {
        return Err(Refusal::TestsTooOften { a_minute: TESTS_A_MINUTE }.into());
    }
    let id = DeliveryId::new(cx.ids()());
    let happening = Happening { event: Event::TestCreated, customer: None, subject: id.to_string() };
    stored::insert(tx, &[delivery(cx, scope, id, &happening)])?;
    Ok((id, Entry::did(Operation::TestWebhook, Resource::Webhook, own.subscriber)))
}

/// Has a call made again that was given up.
///
/// # Errors
/// When it is not there, was not given up, or nobody is told any more.
pub fn again(tx: &mut Write<'_>, cx: &Context, scope: &Scope, id: DeliveryId) -> Result<((), Entry), Error> {
    let own = registration(tx, scope)?;
    if !stored::again(tx, scope, id, cx.now)? {
        return Err(Error::NotFound(DELIVERY));
    }
    let entry = Entry::did(Operation::RetryWebhook, Resource::Webhook, own.subscriber);
    Ok(((), entry.with(vec![Fact::new("call", id)])))
}

/// Something that happened and may be told.
#[derive(Debug, Clone)]
pub struct Happening {
    /// What.
    pub event: Event,
    /// The customer it is about, where it is about one.
    pub customer: Option<CustomerId>,
    /// The id of what it happened to.
    pub subject: String,
}

impl Happening {
    /// Something that happened to what a customer bought.
    pub fn of(event: Event, customer: CustomerId, subject: impl std::fmt::Display) -> Self {
        Self { event, customer: Some(customer), subject: subject.to_string() }
    }

    /// That subscriptions of an order's lines changed.
    pub fn subscriptions<'a>(order: &'a Order, lines: &'a [u32]) -> impl Iterator<Item = Self> + 'a {
        order
            .lines
            .iter()
            .filter(|line| lines.contains(&line.number))
            .filter_map(|line| Some(Self::of(Event::SubscriptionUpdated, order.customer, line.subscription?)))
    }
}

/// Writes down what the partner's program is to be told, as far as it wants to be. The entry of the log that this
/// transaction leaves is named to it.
///
/// # Errors
/// The store's own.
pub fn tell(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    happenings: impl IntoIterator<Item = Happening>,
) -> Result<(), Error> {
    let Some(own) = stored::find(tx, scope)? else { return Ok(()) };
    let mut next_id = cx.ids();
    let list: Vec<Delivery> = happenings
        .into_iter()
        .filter(|happening| own.events.contains(&happening.event))
        .map(|happening| delivery(cx, scope, DeliveryId::new(next_id()), &happening))
        .collect();
    Ok(stored::insert(tx, &list)?)
}

fn delivery(cx: &Context, scope: &Scope, id: DeliveryId, happening: &Happening) -> Delivery {
    Delivery {
        partner: scope.partner(),
        id,
        event: happening.event,
        customer: happening.customer,
        subject: happening.subject.clone(),
        audit: cx.stamp().id,
        happened_at: cx.now,
        state: State::Waiting,
        due_at: cx.now,
        attempts: 0,
        last: None,
    }
}
