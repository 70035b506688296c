//! Handing over what was bought: keys out of stock, subscriptions, and the lines' state. Runs as a job, any number of
//! times; an order without enough keys stays pending, with the reason, until keys arrive.

use chandlery_domain::access::{Action, Scope};
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::catalog::Family;
use chandlery_domain::cycle::Cycles;
use chandlery_domain::ids::{JobId, OrderId, ProductId};
use chandlery_domain::key::LineRef;
use chandlery_domain::media::{KnownVersion, covered};
use chandlery_domain::notice::Kind;
use chandlery_domain::order::{LineState, Order, OrderLine};
use chandlery_domain::subscription::Subscription;
use chandlery_domain::webhook::Event;
use chandlery_store::keys::HandedKey;
use chandlery_store::{Write, customers, jobs, keys, media, orders, subscriptions};
use uuid::Uuid;

use super::Context;
use super::hand_over::{Low, Wanting, take_keys};
use super::notify::{self, Telling};
use super::reservations;
use super::webhooks::{self, Happening};
use crate::error::Error;
use crate::outside::vault::Vault;
use crate::texts::{Complaint, Reader, cause_said};

/// Hands over an order and tells the Admin agents of it, save whoever bought it; returns the versions of which few keys are
/// left now.
///
/// # Errors
/// [`Error::AnsweredBefore`] when somebody else did it; [`Error::Invalid`] naming the product whose stock is empty.
pub fn provision(
    tx: &mut Write<'_>,
    cx: &Context,
    vault: &Vault,
    (job, order): (JobId, OrderId),
    asked_by: Option<Uuid>,
) -> Result<(Vec<Low>, Entry), Error> {
    let scope = &cx.authorize(Action::PlaceOrders)?;
    if !jobs::done(tx, scope, job)? {
        return Err(Error::AnsweredBefore);
    }
    orders::hold(tx, scope, order)?;
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
        return Ok((Vec::new(), entry));
    }
    let (handed, low) = hand_keys(tx, cx, vault, scope, &order)?;
    subscriptions::insert(tx, scope, &subscriptions_of(&order))?;
    if order.lines.iter().any(|line| line.family == Family::Reservation) {
        reservations::hand_over(tx, cx, scope, &order)?;
    }
    if !orders::set_state(tx, scope, (order.id, revision), &pending, LineState::Fulfilled { at: cx.now })? {
        return Err(Error::conflict("the order changed at the same time"));
    }
    let placed = told_of(tx, scope, Kind::OrderPlaced, &order, asked_by)?;
    notify::tell(tx, cx, scope, &[placed])?;
    let completed = Happening::of(Event::OrderCompleted, order.customer, order.id);
    webhooks::tell(tx, cx, scope, [completed])?;
    let mut facts = vec![Fact::new("order_id", order.id), Fact::new("lines", pending.len())];
    facts.extend(handed.iter().map(|own| Fact::of_line("key_assigned", own.key.line.line, own.key.id)));
    Ok((low, entry.with(facts)))
}

/// One key per line that has any, of the newest version the purchase covers that is in stock. Keys of other versions are
/// handed over when somebody first opens them.
fn hand_keys(
    tx: &mut Write<'_>,
    cx: &Context,
    vault: &Vault,
    scope: &Scope,
    order: &Order,
) -> Result<(Vec<HandedKey>, Vec<Low>), Error> {
    let mut wanted: Vec<(&OrderLine, Vec<Wanting>)> = Vec::new();
    for line in order.lines.iter().filter(|line| line.family.has_keys() && line.state == LineState::Pending) {
        let own = Wanting { line: LineRef { order: order.id, line: line.number }, quantity: line.quantity };
        let same = |of: &OrderLine| of.item.product == line.item.product && of.family == line.family;
        match wanted.iter_mut().find(|(of, _)| same(of)) {
            Some((_, lines)) => lines.push(own),
            None => wanted.push((line, vec![own])),
        }
    }
    let products: Vec<ProductId> = wanted.iter().map(|(line, _)| line.item.product.clone()).collect();
    let known = if products.is_empty() { Vec::new() } else { media::versions_of(tx, &products)? };
    let (mut handed, mut low) = (Vec::new(), Vec::new());
    for (line, lines) in wanted {
        let product = &line.item.product;
        let own: Vec<KnownVersion> =
            known.iter().filter(|(of, _)| of == product).map(|(_, version)| version.clone()).collect();
        let versions = covered(line.family, order.placed_at, &own);
        let (taken, few) = take_keys(tx, cx, vault, (product, &versions), &lines)?;
        if taken.len() < lines.len() {
            return Err(Error::complaint(product.as_str(), no_keys()));
        }
        handed.extend(taken);
        low.extend(few);
    }
    keys::hand(tx, scope, &handed)?;
    Ok((handed, low))
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
                charged_through: Cycles::new(line.period?, line.term, order.cycle).nth(0).ok()??.last,
                auto_renew: false,
                // The window counts from the order, however long the keys took.
                created_at: order.placed_at,
                cancelled_at: None,
            })
        })
        .collect()
}

/// What is told of an order that was placed or waits.
fn told_of(
    tx: &mut Write<'_>,
    scope: &Scope,
    kind: Kind,
    order: &Order,
    but: Option<Uuid>,
) -> Result<Telling, Error> {
    let names = customers::names(tx, scope, &[order.customer])?;
    let name = names.first().map_or("", |(_, name)| name.as_str());
    let lines = match kind {
        Kind::KeysWaiting => order
            .lines
            .iter()
            .filter(|line| line.state == LineState::Pending && line.family.has_keys())
            .map(|line| line.number)
            .collect(),
        _ => notify::lines_where(order, |_| true),
    };
    Ok(notify::of_order(kind, order, name, &lines, but))
}

fn no_keys() -> Complaint {
    Complaint::of("complaint-no-keys")
}

/// Why work was put off, as a reader is told: jobs and the log keep it in English.
pub fn said_again(reader: &Reader, why: &str) -> String {
    let product =
        why.strip_suffix(&no_keys().to_string()).and_then(|own| own.trim_end().parse::<ProductId>().ok());
    match product {
        Some(product) => format!("{product} {}", no_keys().said(reader)),
        None => cause_said(reader, why),
    }
}

/// Why an order's job is put off.
#[derive(Debug, Clone)]
pub struct Delay {
    /// How often it was tried before.
    pub attempts: u32,
    /// The reason.
    pub why: String,
    /// Whether keys are missing, so that somebody has to wait.
    pub keys_missing: bool,
    /// Who bought.
    pub asked_by: Option<Uuid>,
}

/// Puts an order's job off, with the reason where partner and operator can see it. Where keys are missing, the Admin agents
/// are told, once.
///
/// # Errors
/// The store's own.
pub fn put_off(
    tx: &mut Write<'_>,
    cx: &Context,
    (job, order): (JobId, OrderId),
    delay: &Delay,
) -> Result<((), Entry), Error> {
    let scope = cx.authorize(Action::PlaceOrders)?;
    let minutes = 1_i64.checked_shl(delay.attempts.min(6)).unwrap_or(60).min(60);
    let due_at = cx.now.checked_add(jiff::SignedDuration::from_mins(minutes)).map_err(Error::internal)?;
    jobs::put_off(tx, &scope, job, due_at, &delay.why)?;
    if delay.keys_missing
        && let Some((found, _)) = orders::find_any(tx, &scope, order)?
    {
        // Whoever bought knows of the order, and not that it waits.
        let placed = told_of(tx, &scope, Kind::OrderPlaced, &found, delay.asked_by)?;
        let waiting = told_of(tx, &scope, Kind::KeysWaiting, &found, None)?;
        notify::tell(tx, cx, &scope, &[placed, waiting])?;
    }
    let entry = Entry::did(Operation::ProvisionOrder, Resource::Order, order)
        .failed()
        .with(vec![Fact::new("order_id", order), Fact::new("reason", &delay.why)]);
    Ok(((), entry))
}
