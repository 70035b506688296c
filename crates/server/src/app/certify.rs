//! The certificate that no key of a cancelled line was ever opened: what the log says, signed.

use chandlery_domain::access::Scope;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::ids::{CustomerId, OrderRef};
use chandlery_domain::key::LineRef;
use chandlery_domain::order::LineState;
use chandlery_domain::refusal::Refusal;
use chandlery_store::audit::{self, Query, Record};
use chandlery_store::{Write, customers, keys, orders, seals};

use super::Context;
use crate::error::{Error, Missing};
use crate::log::SigningKey;
use crate::outside::minisign;

/// How many entries are looked at together.
const PAGE: i64 = 500;

/// A signed statement.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// What it says.
    pub text: String,
    /// Its signature, as minisign checks it.
    pub signature: String,
    /// The key it was signed with, as minisign takes it.
    pub public_key: String,
}

fn opens(record: &Record, line: LineRef) -> bool {
    let order = line.order.to_string();
    let offer = format!("offer_id-{}", line.line);
    let says = |name: &str, value: Option<&str>| {
        let mut facts = record.entry.after.iter();
        facts.any(|fact| fact.name == name && value.is_none_or(|value| fact.value == value))
    };
    says("order_id", Some(&order)) && says(&offer, None)
}

/// Certifies that no key of a cancelled line was ever opened. The log has been sealed just before.
///
/// # Errors
/// When the line was not cancelled, or a key of it was opened.
pub fn never_opened(
    tx: &mut Write<'_>,
    cx: &Context,
    key: &SigningKey,
    scope: &Scope,
    (customer, line): (CustomerId, LineRef),
) -> Result<(Certificate, Entry), Error> {
    let refused = |why| Error::Refused(Refusal::NotNeverOpened { why });
    let (customer, _) = customers::find(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
    orders::hold(tx, scope, line.order)?;
    let (order, _) = orders::find(tx, scope, customer.id, OrderRef::Id(line.order))?
        .ok_or(Error::NotFound(Missing::Order))?;
    let own = order.line(line.line)?;
    let LineState::Cancelled { at } = own.state else {
        return Err(refused("the line was not cancelled"));
    };
    if !own.family.has_keys() {
        return Err(refused("what was bought has no product keys"));
    }
    // Keys that were opened stay with their line; those nobody saw went back to stock.
    if keys::of_orders(tx, scope, &[order.id])?.iter().any(|handed| handed.key.line == line) {
        return Err(refused("a key of this line was opened"));
    }
    let checkpoint = seals::last_checkpoint(tx, scope.partner())?
        .ok_or_else(|| Error::internal("a log with entries has no checkpoint"))?;
    let mut query = Query {
        from: Some(order.placed_at),
        customer: Some(customer.id.to_string()),
        operation: Some(Operation::GetSoftwareKey.as_str().into()),
        outcome: Some("succeeded".into()),
        limit: PAGE,
        ..Query::default()
    };
    loop {
        let page = audit::list(tx, scope, &query)?;
        query.after = page.last().map(|row| (row.at, row.sequence));
        let whole = i64::try_from(page.len()).is_ok_and(|count| count < PAGE);
        for row in page {
            if opens(&row.read()?, line) {
                return Err(refused("the log says that a key of this line was opened"));
            }
        }
        if whole {
            break;
        }
    }
    let text = format!(
        "Chandlery certificate 1\n\
         partner: {}\ncustomer: {}\norder: {} ({})\nline: {} {}\nplaced: {}\ncancelled: {at}\n\
         statement: no product key of this line was ever opened\n\
         log: entries 1 to {} of this partner's log, head {}\ncertified: {}\n",
        scope.partner(),
        customer.id,
        order.id,
        order.alternate(),
        own.number,
        own.item,
        order.placed_at,
        checkpoint.sequence,
        checkpoint.head,
        cx.now,
    );
    let comment = format!("order {} line {}", order.alternate(), own.number);
    let certificate = Certificate {
        signature: minisign::sign(key, &text, &comment)?,
        public_key: minisign::public_key(key)?,
        text,
    };
    let facts = vec![
        Fact::new("order_id", order.id),
        Fact::of_line("offer_id", own.number, &own.item),
        Fact::new("log_entries", checkpoint.sequence),
    ];
    let entry = Entry::did(Operation::CertifySoftwareKey, Resource::SoftwareKey, order.id)
        .for_customer(customer.id, &customer.billing.company_name)
        .with(facts);
    Ok((certificate, entry))
}
