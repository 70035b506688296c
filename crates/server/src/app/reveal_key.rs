//! Opening a product key: a write, because showing a key is an event. The text is unsealed only after the commit.

use chandlery_domain::access::Scope;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::ids::{CustomerId, KeyId, OrderId, OrderRef};
use chandlery_domain::order::LineState;
use chandlery_domain::refusal::Refusal;
use chandlery_store::{Write, customers, keys, orders};

use super::Context;
use crate::error::{Error, Missing};

const KEY: Missing = Missing::Other("product key");

/// A key that was opened, its text still sealed.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The key.
    pub id: KeyId,
    /// Its sealed text.
    pub sealed: String,
}

/// Marks a key as seen and says so in the log.
///
/// # Errors
/// When it is not there, not for this customer, or out of use.
pub fn reveal(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    (customer, order, key): (CustomerId, OrderId, KeyId),
) -> Result<(Opened, Entry), Error> {
    let (customer, _) = customers::find(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
    let (order, _) =
        orders::find(tx, scope, customer.id, OrderRef::Id(order))?.ok_or(Error::NotFound(KEY))?;
    let handed = keys::of_orders(tx, scope, &[order.id])?
        .into_iter()
        .find(|handed| handed.key.id == key)
        .ok_or(Error::NotFound(KEY))?;
    let line = order.line(handed.key.line.line)?;
    if matches!(line.state, LineState::Cancelled { .. }) {
        return Err(Error::Refused(Refusal::KeyRevoked));
    }
    let seen = handed.key.state.reveal(cx.now)?;
    if seen != handed.key.state && !keys::set_state(tx, scope, &handed.key, seen)? {
        return Err(Error::conflict("the key changed at the same time"));
    }
    let entry = Entry::did(Operation::GetSoftwareKey, Resource::SoftwareKey, key)
        .for_customer(customer.id, &customer.billing.company_name)
        .with(vec![
            Fact::new("order_id", order.id),
            Fact::new("alternate_id", order.alternate()),
            Fact::of_line("offer_id", line.number, &line.item),
            Fact::of_line("subscription_name", line.number, &line.title),
            Fact::new("version", &handed.version),
        ]);
    Ok((Opened { id: key, sealed: handed.sealed }, entry))
}
