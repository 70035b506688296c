//! Closing a month: one partner's sides compared, differences explained, and the month closed when none is left unexplained.

use chandlery_domain::access::Scope;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::close::{Difference, REASON_MAX, REASON_MIN, Sides};
use chandlery_domain::invoice::Month;
use chandlery_domain::money::Money;
use chandlery_domain::refusal::Refusal;
use chandlery_store::closing::{self, Key, VendorRow};
use chandlery_store::{Read, Write, month_sides};
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
    if sides.is_empty() {
        // Whoever bought nothing may have cancelled what was bought before, without a credit.
        differences.extend(month_sides::outlived(tx, scope, stretch, KEPT)?);
        return Ok(Compared { sides, differences, quantities: Vec::new() });
    }
    let held = month_sides::held(tx, scope, month)?;
    for own in &sides {
        let why = held.iter().find(|(currency, _)| *currency == own.currency()).map(|(_, why)| why.as_str());
        differences.extend(own.differences(scope.partner(), why).map_err(Refusal::from)?);
    }
    differences.extend(month_sides::charged_otherwise(tx, scope, stretch, KEPT)?);
    differences.extend(month_sides::not_handed_over(tx, scope, stretch, KEPT)?);
    differences.extend(month_sides::outlived(tx, scope, stretch, KEPT)?);
    let quantities = if vendor { month_sides::quantities(tx, scope, stretch)? } else { Vec::new() };
    Ok(Compared { sides, differences, quantities })
}

fn not_closed(tx: &mut Read<'_>, month: Month) -> Result<(), Error> {
    match closing::is_closed(tx, month)? {
        true => Err(Error::complaint("period", Complaint::of("complaint-month-closed").with("month", month))),
        false => Ok(()),
    }
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
    let reason = reason.map(str::trim);
    if let Some(text) = reason
        && !(REASON_MIN..=REASON_MAX).contains(&text.chars().count())
    {
        let why = Complaint::of("complaint-why").with("least", REASON_MIN).with("most", REASON_MAX);
        return Err(Error::complaint("reason", why));
    }
    not_closed(tx, month)?;
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
    let refused = |id| Error::complaint("period", Complaint::of(id).with("month", month));
    let Some(own) = closing::find(tx, month)? else { return Err(refused("complaint-month-not-compared")) };
    not_closed(tx, month)?;
    let stale = cx.now.duration_since(own.compared_at) > FRESH;
    if stale || closing::last_issued(tx, month)?.is_some_and(|last| last > own.compared_at) {
        return Err(refused("complaint-month-not-compared"));
    }
    let open = closing::open(tx, month)?;
    if open > 0 {
        let why = Complaint::of("complaint-month-open").with("month", month).with("count", open);
        return Err(Error::complaint("period", why));
    }
    let explained: i64 = closing::counts(tx, month)?.iter().map(|own| own.all).sum();
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
    let reason = reason.trim();
    if !(REASON_MIN..=REASON_MAX).contains(&reason.chars().count()) {
        let why = Complaint::of("complaint-why").with("least", REASON_MIN).with("most", REASON_MAX);
        return Err(Error::complaint("reason", why));
    }
    if !closing::set_closed(tx, month, None)? {
        return Err(Error::complaint(
            "period",
            Complaint::of("complaint-month-not-closed").with("month", month),
        ));
    }
    let facts = vec![Fact::new("billing_period", month), Fact::new("reason", reason)];
    Ok(((), Entry::did(Operation::ReopenMonth, Resource::BillingMonth, month).with(facts)))
}

/// Puts what the vendor billed for a month in place of what was read before.
///
/// # Errors
/// When the month is closed; the store's own.
pub fn keep_vendor(tx: &mut Write<'_>, month: Month, list: &[VendorRow]) -> Result<((), Entry), Error> {
    not_closed(tx, month)?;
    closing::set_vendor(tx, month, list)?;
    let lines: u64 = list.iter().map(|own| own.lines).sum();
    let facts = vec![Fact::new("billing_period", month), Fact::new("rows", lines)];
    Ok(((), Entry::did(Operation::ReadVendorBill, Resource::BillingMonth, month).with(facts)))
}
