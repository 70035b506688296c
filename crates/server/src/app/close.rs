//! Closing a month: one partner's sides compared, differences explained, and the month closed when none is left unexplained.

use chandlery_domain::access::Scope;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::close::{Difference, REASON_MAX, REASON_MIN, Sides};
use chandlery_domain::invoice::Month;
use chandlery_domain::money::Money;
use chandlery_domain::refusal::Refusal;
use chandlery_store::closing::{self, Closing, Key, VendorRow};
use chandlery_store::{Read, Write, month_sides, numbers};
use jiff::SignedDuration;

use super::Context;
use crate::error::{Error, Missing};
use crate::texts::Complaint;

/// For how long a comparison counts: what lies in a month that is over hardly changes, but it may.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// How many differences of one kind are kept of one partner: where there are more, something is wrong with the whole.
pub const KEPT: i64 = 1000;

/// One partner's month, compared.
#[derive(Debug)]
pub struct Compared {
    /// What each side came to, by currency.
    pub sides: Vec<Sides>,
    /// In what they differ.
    pub differences: Vec<Difference>,
    /// How many of each product were charged here; only where the vendor's bill is there to be compared with.
    pub quantities: Vec<(String, bool, i64)>,
}

/// Holds one partner's month against what it ordered, what it was charged and billed, and what was handed over.
///
/// # Errors
/// The store's own.
pub fn compare(tx: &mut Read<'_>, scope: &Scope, month: Month, vendor: bool) -> Result<Compared, Error> {
    let stretch = month.stretch().map_err(Refusal::from)?;
    let sides = month_sides::sides(tx, scope, month, stretch)?;
    let mut differences = Vec::new();
    let held = if sides.is_empty() { Vec::new() } else { month_sides::held(tx, scope, month)? };
    for own in &sides {
        let why = held.iter().find(|(currency, _)| *currency == own.currency()).map(|(_, why)| why.as_str());
        differences.extend(own.differences(scope.partner(), why).map_err(Refusal::from)?);
    }
    let mut lists = Vec::new();
    if !sides.is_empty() {
        lists.push(month_sides::charged_otherwise(tx, scope, stretch, KEPT.saturating_add(1))?);
    }
    // Whoever bought nothing may wait for what was bought before, or have cancelled it.
    lists.push(month_sides::not_handed_over(tx, scope, stretch.1, KEPT.saturating_add(1))?);
    lists.extend(month_sides::outlived(tx, scope, stretch, KEPT.saturating_add(1))?);
    for mut list in lists {
        if i64::try_from(list.len()).is_ok_and(|count| count > KEPT) {
            list.pop();
            differences.extend(list.last().map(|own| Difference::more(own.gap, own.partner, KEPT)));
        }
        differences.extend(list);
    }
    let quantities =
        if vendor && !sides.is_empty() { month_sides::quantities(tx, scope, stretch)? } else { Vec::new() };
    Ok(Compared { sides, differences, quantities })
}

/// How a month stands that is not closed; nobody closes it, or compares it, until the transaction ends.
fn hold_open(tx: &mut Write<'_>, month: Month) -> Result<Option<Closing>, Error> {
    match closing::hold(tx, month)? {
        Some(own) if own.closed_at.is_some() => {
            Err(Error::complaint("period", Complaint::of("complaint-month-closed").with("month", month)))
        }
        own => Ok(own),
    }
}

/// A reason without the blanks around it.
fn worded(reason: &str) -> Result<&str, Error> {
    let reason = reason.trim();
    if (REASON_MIN..=REASON_MAX).contains(&reason.chars().count()) {
        return Ok(reason);
    }
    let why = Complaint::of("complaint-why").with("least", REASON_MIN).with("most", REASON_MAX);
    Err(Error::complaint("reason", why))
}

/// Says why a difference is as it is, or takes that back where no reason is given.
///
/// # Errors
/// When the reason is too short or too long, the month is closed, or the difference is not there any more.
pub fn explain(
    tx: &mut Write<'_>,
    cx: &Context,
    month: Month,
    key: &Key,
    reason: Option<&str>,
) -> Result<((), Entry), Error> {
    let reason = reason.map(worded).transpose()?;
    hold_open(tx, month)?;
    if !closing::explain(tx, month, key, reason, cx.now)? {
        return Err(Error::NotFound(Missing::Other("difference")));
    }
    let mut facts = vec![
        Fact::new("billing_period", month),
        Fact::new("difference", key.gap),
        Fact::new("subject", &key.subject),
    ];
    facts.extend(key.partner.map(|own| Fact::new("partner", own)));
    facts.extend(reason.map(|own| Fact::new("reason", own)));
    Ok(((), Entry::did(Operation::ExplainDifference, Resource::BillingMonth, month).with(facts)))
}

/// Closes a month: it was compared after its last document, and every difference is explained.
///
/// # Errors
/// What stands against it.
pub fn close(tx: &mut Write<'_>, cx: &Context, month: Month) -> Result<((), Entry), Error> {
    let not_compared =
        || Error::complaint("period", Complaint::of("complaint-month-not-compared").with("month", month));
    // Whoever issues a document at this moment is waited for, and sees afterwards that the month is closed.
    numbers::hold(tx)?;
    let own = hold_open(tx, month)?.ok_or_else(not_compared)?;
    let compared_at = own.compared_at.filter(|_| own.running.is_none()).ok_or_else(not_compared)?;
    let issued: u64 = own.sides.iter().map(|side| side.documents).sum();
    if cx.now.duration_since(compared_at) > FRESH || closing::issued(tx, month)? != issued {
        return Err(not_compared());
    }
    let counts = closing::counts(tx, month)?;
    let open: i64 = counts.iter().map(|own| own.open).sum();
    if open > 0 {
        let why = Complaint::of("complaint-month-open").with("month", month).with("count", open);
        return Err(Error::complaint("period", why));
    }
    let explained: i64 = counts.iter().map(|own| own.all).sum();
    if !closing::set_closed(tx, month, Some(cx.now))? {
        return Err(Error::conflict("the month was closed at the same time"));
    }
    let mut facts = vec![Fact::new("billing_period", month), Fact::new("differences_explained", explained)];
    for side in &own.sides {
        let owed = side.billed.amount.minor().saturating_sub(side.billed_back.amount.minor());
        facts.push(Fact::new("documents", side.documents));
        facts.push(Fact::new("billed", Money::new(owed, side.currency())));
    }
    Ok(((), Entry::did(Operation::CloseMonth, Resource::BillingMonth, month).with(facts)))
}

/// Opens a closed month again.
///
/// # Errors
/// When the reason is too short or too long, or the month is not closed.
pub fn reopen(tx: &mut Write<'_>, month: Month, reason: &str) -> Result<((), Entry), Error> {
    let reason = worded(reason)?;
    if !closing::set_closed(tx, month, None)? {
        return Err(Error::complaint(
            "period",
            Complaint::of("complaint-month-not-closed").with("month", month),
        ));
    }
    let facts = vec![Fact::new("billing_period", month), Fact::new("reason", reason)];
    Ok(((), Entry::did(Operation::ReopenMonth, Resource::BillingMonth, month).with(facts)))
}

/// Puts what the vendor billed for a month in place of what was read of the same bills before, and says how many lines those had. The
/// month is to be compared again.
///
/// # Errors
/// When the month is closed; the store's own.
pub fn keep_vendor(tx: &mut Write<'_>, month: Month, list: &[VendorRow]) -> Result<(u64, Entry), Error> {
    closing::make(tx, month)?;
    hold_open(tx, month)?;
    let before = closing::set_vendor(tx, month, list)?;
    closing::compare_again(tx, month)?;
    let lines: u64 = list.iter().map(|own| own.lines).sum();
    let mut facts = vec![Fact::new("billing_period", month), Fact::new("rows", lines)];
    if before > 0 {
        facts.push(Fact::new("rows_replaced", before));
    }
    Ok((before, Entry::did(Operation::ReadVendorBill, Resource::BillingMonth, month).with(facts)))
}

/// Takes a vendor's bill away. The month is to be compared again.
///
/// # Errors
/// When the month is closed, or there is no such bill.
pub fn drop_vendor(tx: &mut Write<'_>, month: Month, bill: &str) -> Result<((), Entry), Error> {
    hold_open(tx, month)?;
    if !closing::remove_vendor(tx, month, bill)? {
        return Err(Error::NotFound(Missing::Other("bill")));
    }
    closing::compare_again(tx, month)?;
    let facts = vec![Fact::new("billing_period", month), Fact::new("bill_removed", bill)];
    Ok(((), Entry::did(Operation::ReadVendorBill, Resource::BillingMonth, month).with(facts)))
}
