//! Changing a subscription: its name and its renewal.

use chandlery_domain::access::Scope;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::ids::{CustomerId, SubscriptionId};
use chandlery_domain::refusal::Refusal;
use chandlery_domain::subscription::Subscription;
use chandlery_domain::webhook::Event;
use chandlery_store::{Read, Write, customers, subscriptions};

use super::Context;
use super::webhooks::{self, Happening};
use crate::error::{Error, Missing};

/// What is to be changed; what is not named stays.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Another name.
    pub friendly_name: Option<String>,
    /// Whether it goes on after its term.
    pub auto_renew: Option<bool>,
    /// The revision the caller read, if it says so.
    pub expected_revision: Option<i64>,
}

fn facts(subscription: &Subscription) -> Vec<Fact> {
    vec![
        Fact::new("subscription_id", subscription.id),
        Fact::new("offer_id", &subscription.item),
        Fact::new("subscription_name", &subscription.friendly_name),
        Fact::new("quantity", subscription.quantity),
        Fact::new("auto_renew_enabled", subscription.auto_renew),
    ]
}

/// A subscription of a customer that must be there, with its revision.
///
/// # Errors
/// When customer or subscription are not there.
pub fn find(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    id: SubscriptionId,
) -> Result<(Subscription, i64), Error> {
    subscriptions::find(tx, scope, customer, id)?.ok_or(Error::NotFound(Missing::Subscription))
}

/// Changes a subscription's name or renewal.
///
/// # Errors
/// When it is not there, is over, or was changed since the caller read it.
pub fn update(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    (customer, id): (CustomerId, SubscriptionId),
    change: &Change,
) -> Result<((Subscription, i64), Entry), Error> {
    let (customer, _) = customers::find(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
    let (before, revision) = find(tx, scope, customer.id, id)?;
    if change.expected_revision.is_some_and(|expected| expected != revision) {
        return Err(Error::Refused(Refusal::StaleEtag));
    }
    let mut after = before.clone();
    if let Some(name) = &change.friendly_name {
        after = after.renamed(name.clone(), cx.now)?;
    }
    if let Some(auto_renew) = change.auto_renew {
        after = after.renewing(auto_renew, cx.now)?;
    }
    if !subscriptions::save(tx, scope, &after, revision)? {
        return Err(Error::conflict("the subscription changed at the same time"));
    }
    if after != before {
        webhooks::tell(tx, cx, scope, [Happening::of(Event::SubscriptionUpdated, customer.id, id)])?;
    }
    let entry = Entry::did(Operation::UpdateSubscription, Resource::Subscription, id)
        .for_customer(customer.id, &customer.billing.company_name)
        .was(facts(&before))
        .with(facts(&after));
    Ok(((after, revision.saturating_add(1)), entry))
}
