//! Charging what runs on: further cycles of a term, and terms that renew (rule 8.2).
//!
//! Done any number of times, by any number of servers, each cycle is charged once.

use chandlery_domain::access::Scope;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::calendar::{Period, start_of_day};
use chandlery_domain::cart::Wanted;
use chandlery_domain::charge::{Charge, ChargeKind};
use chandlery_domain::cycle::{Cycles, NextCharge, next_charge};
use chandlery_domain::ids::{ChargeId, CustomerId, SubscriptionId};
use chandlery_domain::money::UnitPrice;
use chandlery_domain::notice::Kind;
use chandlery_domain::refusal::Refusal;
use chandlery_domain::subscription::Subscription;
use chandlery_store::{Write, catalog, charges, customers, orders, subscriptions};

use super::Context;
use super::carts::buyer;
use super::notify::{self, Telling, fact};
use crate::error::{Error, Missing};

/// Charges the next cycle of a subscription that is due, or renews it. What is no longer sold does not renew: it ends with
/// its term, and the partner is told.
///
/// # Errors
/// [`Error::AnsweredBefore`] when nothing is due any more.
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
            let charge = another(tx, cx, scope, &own, (ChargeKind::CycleCharge, cycle, None))?;
            (own.clone().charged(cycle), Some(charge))
        }
        NextCharge::Renewal(term) => match renewal_price(tx, scope, &own, term)? {
            Some(price) => {
                let cycles = Cycles::new(term, own.term, own.cycle);
                let first = cycles.nth(0).map_err(Refusal::from)?.unwrap_or(term);
                let charge = another(tx, cx, scope, &own, (ChargeKind::Renew, first, Some(price)))?;
                orders::extend_line(tx, scope, (own.order, own.line), term.last)?;
                (own.clone().renewed(term, first), Some(charge))
            }
            None => {
                notify::tell(tx, cx, scope, &[not_renewed(&own, &name)])?;
                (Subscription { auto_renew: false, ..own.clone() }, None)
            }
        },
    };
    if !subscriptions::save(tx, scope, &after, revision)? {
        return Err(Error::conflict("the subscription changed at the same time"));
    }
    let mut facts = vec![
        Fact::new("subscription_id", id),
        Fact::new("order_id", own.order),
        Fact::new("auto_renew_enabled", after.auto_renew),
    ];
    if let Some(charge) = &booked {
        charges::insert(tx, scope, std::slice::from_ref(charge))?;
        facts.push(Fact::new("charge_type", charge.kind.as_str()));
        facts.push(Fact::new("price", charge.amount));
        facts.push(Fact::new("charged_through", after.charged_through));
    }
    let entry = Entry::did(Operation::UpdateSubscription, Resource::Subscription, id)
        .for_customer(customer, &name)
        .with(facts);
    Ok((after, entry))
}

/// The charge for more days: at the price given, or at that of the charge before.
fn another(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    own: &Subscription,
    (kind, period, price): (ChargeKind, Period, Option<UnitPrice>),
) -> Result<Charge, Error> {
    let before = charges::of_order(tx, scope, own.order)?;
    let last = before
        .into_iter()
        .filter(|charge| charge.line == own.line && !charge.kind.is_credit())
        .max_by_key(|charge| charge.period.map(|period| period.first))
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
        booked_at: cx.now,
        reverses: None,
        ..last
    })
}

/// What one unit costs in a new term, at the price of its first day; none where it is not sold to this customer then.
fn renewal_price(
    tx: &mut Write<'_>,
    scope: &Scope,
    own: &Subscription,
    term: Period,
) -> Result<Option<UnitPrice>, Error> {
    let at = start_of_day(term.first).map_err(Refusal::from)?;
    let buyer = buyer(tx, scope, own.customer)?;
    let listings = catalog::listings(tx, std::slice::from_ref(&own.item), buyer.customer.country, at)?;
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
    Ok(buyer.price(&wanted, &listings, at).ok().map(|offer| offer.unit_price))
}

fn not_renewed(own: &Subscription, customer: &str) -> Telling {
    Telling {
        kind: Kind::RenewalFailed,
        about: Some(format!("{}/{}", own.id, own.period.last)),
        customer: Some(own.customer),
        subject: format!("/customers/{}/subscriptions", own.customer),
        facts: vec![
            fact("customer", customer),
            fact("product", &own.friendly_name),
            fact("ended", own.period.last),
        ],
        but: None,
    }
}
