//! Charging what runs on: further cycles of a term, and terms that renew (rule 8.2).
//!
//! Done any number of times, by any number of servers, each cycle is charged once.

use chandlery_domain::access::Scope;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::calendar::{Period, start_of_day};
use chandlery_domain::cart::Wanted;
use chandlery_domain::charge::{Charge, ChargeKind};
use chandlery_domain::cycle::{Cycles, NextCharge, next_charge};
use chandlery_domain::ids::{ChargeId, CustomerId, OrderRef, SubscriptionId};
use chandlery_domain::money::UnitPrice;
use chandlery_domain::notice::Kind;
use chandlery_domain::refusal::Refusal;
use chandlery_domain::subscription::Subscription;
use chandlery_domain::webhook::Event;
use chandlery_store::{Write, catalog, charges, customers, orders, subscriptions};

use super::Context;
use super::carts::buyer;
use super::ledger;
use super::notify::{self, Telling, fact};
use super::webhooks::{self, Happening};
use crate::error::{Error, Missing};
use jiff::ToSpan as _;
use jiff::civil::Date;

/// For how many days after a term a renewal is tried that is refused: a price that comes late is a price all the same.
const TRIED_FOR_DAYS: i64 = 7;

/// Charges the next cycle of a subscription that is due, or renews it. What cannot be renewed for [`TRIED_FOR_DAYS`] ends with
/// its term, and the partner is told.
///
/// # Errors
/// [`Error::AnsweredBefore`] when nothing is due any more; the refusal while a renewal may still be tried.
pub fn charge_next(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    (customer, id): (CustomerId, SubscriptionId),
) -> Result<(Subscription, Entry), Error> {
    let missing = || Error::NotFound(Missing::Subscription);
    let (own, revision) = subscriptions::find(tx, scope, customer, id)?.ok_or_else(missing)?;
    let today = chandlery_domain::calendar::utc_date(cx.now);
    if own.charged_through >= today {
        return Err(Error::AnsweredBefore);
    }
    let (name, _) = customers::find(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
    let name = name.billing.company_name;
    let (after, booked) = match next_charge(&own).map_err(Refusal::from)? {
        NextCharge::Nothing => return Err(Error::AnsweredBefore),
        NextCharge::Cycle(cycle) => {
            let charge = another(tx, cx, scope, &own, (ChargeKind::CycleCharge, cycle, own.period), None)?;
            (own.clone().charged(cycle), Some(charge))
        }
        NextCharge::Renewal(term) => match renewal_price(tx, scope, &own, term)? {
            Ok(price) => {
                let cycles = Cycles::new(term, own.term, own.cycle);
                let first = cycles.nth(0).map_err(Refusal::from)?.unwrap_or(term);
                let charge = another(tx, cx, scope, &own, (ChargeKind::Renew, first, term), Some(price))?;
                orders::renew_line(tx, scope, (own.order, own.line), term)?;
                (own.clone().renewed(term, first), Some(charge))
            }
            Err(refusal) if today < given_up_on(term)? => return Err(refusal.into()),
            Err(refusal) => {
                notify::tell(tx, cx, scope, &[not_renewed(&own, &name, &refusal, None)])?;
                (Subscription { auto_renew: false, ..own.clone() }, None)
            }
        },
    };
    if !subscriptions::save(tx, scope, &after, revision)? {
        return Err(Error::conflict("the subscription changed at the same time"));
    }
    if (after.period, after.auto_renew) != (own.period, own.auto_renew) {
        // A further cycle of the same term changes what is owed, and not the subscription.
        webhooks::tell(tx, cx, scope, [Happening::of(Event::SubscriptionUpdated, customer, id)])?;
    }
    let mut facts = vec![
        Fact::new("subscription_id", id),
        Fact::new("order_id", own.order),
        Fact::new("auto_renew_enabled", after.auto_renew),
    ];
    if let Some(charge) = &booked {
        ledger::book(tx, scope, std::slice::from_ref(charge))?;
        facts.push(Fact::new("charge_type", charge.kind.as_str()));
        facts.push(Fact::new("price", charge.amount));
        facts.push(Fact::new("charged_through", after.charged_through));
    }
    let entry = Entry::did(Operation::UpdateSubscription, Resource::Subscription, id)
        .for_customer(customer, &name)
        .with(facts);
    Ok((after, entry))
}

/// From which day on a refused renewal is not tried any more.
fn given_up_on(term: Period) -> Result<Date, Error> {
    term.first.checked_add(TRIED_FOR_DAYS.days()).map_err(Error::internal)
}

/// Tells the partner that a renewal was refused and will be tried again; of the same term once.
///
/// # Errors
/// The store's own.
pub fn tell_refused(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    (customer, id): (CustomerId, SubscriptionId),
    refusal: &Refusal,
) -> Result<(), Error> {
    let Some((own, _)) = subscriptions::find(tx, scope, customer, id)? else { return Ok(()) };
    let NextCharge::Renewal(term) = next_charge(&own).map_err(Refusal::from)? else { return Ok(()) };
    let names = customers::names(tx, scope, &[customer])?;
    let name = names.first().map_or("", |(_, name)| name.as_str());
    let until = given_up_on(term)?;
    notify::tell(tx, cx, scope, &[not_renewed(&own, name, refusal, Some(until))])
}

/// The charge for more days: at the price given, or at that of the charge before.
fn another(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    own: &Subscription,
    (kind, period, term): (ChargeKind, Period, Period),
    price: Option<UnitPrice>,
) -> Result<Charge, Error> {
    let last = charges::latest_of_line(tx, scope, (own.order, own.line))?
        .ok_or_else(|| Error::internal("a subscription without a charge"))?;
    let unit_price = price.unwrap_or(last.unit_price);
    Ok(Charge {
        id: ChargeId::new(cx.ids()()),
        kind,
        unit_price,
        effective_unit_price: unit_price.value(),
        quantity: own.quantity,
        amount: unit_price.extended(own.quantity).map_err(Refusal::from)?,
        period: Some(period),
        term: Some(term),
        booked_at: cx.now,
        reverses: None,
        returned: None,
        ..last
    })
}

/// What one unit costs in a new term, at the price of its first day and in the order's currency, or why it is not sold to this
/// customer then.
fn renewal_price(
    tx: &mut Write<'_>,
    scope: &Scope,
    own: &Subscription,
    term: Period,
) -> Result<Result<UnitPrice, Refusal>, Error> {
    let at = start_of_day(term.first).map_err(Refusal::from)?;
    let buyer = buyer(tx, scope, own.customer)?;
    let (order, _) = orders::find(tx, scope, own.customer, OrderRef::Id(own.order))?
        .ok_or(Error::NotFound(Missing::Order))?;
    let mut listings = catalog::listings(tx, std::slice::from_ref(&own.item), buyer.customer.country, at)?;
    for own in &mut listings {
        own.prices.retain(|row| row.unit_price.currency() == order.currency);
    }
    let wanted = Wanted {
        number: 0,
        item: own.item.clone(),
        quantity: own.quantity,
        term: Some(own.term),
        cycle: own.cycle,
        friendly_name: None,
        reseller: None,
        context: Vec::new(),
    };
    Ok(buyer.price(&wanted, &listings, at).map(|offer| offer.unit_price))
}

/// The word for why something could not be renewed, by which a sentence is chosen.
const fn why(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NotSoldInCountry { .. } | Refusal::MarketBlocked { .. } => "sale",
        Refusal::TermNotOffered { .. } => "term",
        Refusal::QuantityOutOfRange { .. } => "quantity",
        _ => "rules",
    }
}

/// That a term was not renewed; `until` says how long it is tried again, and none that it has ended.
fn not_renewed(own: &Subscription, customer: &str, refusal: &Refusal, until: Option<Date>) -> Telling {
    let ended = if until.is_none() { "/ended" } else { "" };
    Telling {
        kind: Kind::RenewalFailed,
        about: Some(format!("{}/{}{ended}", own.id, own.period.last)),
        customer: Some(own.customer),
        subject: format!("/customers/{}/subscriptions", own.customer),
        facts: vec![
            fact("customer", customer),
            fact("product", &own.friendly_name),
            fact("ended", own.period.last),
            fact("why", why(refusal)),
            fact("until", until.map(|day| day.to_string()).unwrap_or_default()),
        ],
        but: None,
    }
}
