//! Payments: entered once, put on what is due, taken back when they were entered wrongly.

use chandlery_domain::access::Scope;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::bank::RowState;
use chandlery_domain::calendar::utc_date;
use chandlery_domain::ids::PartnerId;
use chandlery_domain::invoice::DocumentNumber;
use chandlery_domain::money::{Currency, Money};
use chandlery_domain::payment::{Payment, REFERENCE_MAX, Settlement, Source, settle};
use chandlery_domain::refusal::Refusal;
use chandlery_store::payments;
use chandlery_store::{Write, bank, invoices, markets, partners};

use super::Context;
use crate::error::{Error, Missing};
use crate::texts::Complaint;

/// Puts everything that pays on everything that is owed in a currency; `meant_for` are the documents a payment names.
///
/// # Errors
/// The store's own.
pub fn settle_open(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    currency: Currency,
    meant_for: Option<(&str, &[DocumentNumber])>,
) -> Result<Vec<Settlement>, Error> {
    payments::hold(tx, scope)?;
    let mut means = payments::means(tx, scope, currency)?;
    if means.is_empty() {
        return Ok(Vec::new());
    }
    if let Some((reference, numbers)) = meant_for {
        let payment = Source::Payment(reference.to_owned());
        if let Some(own) = means.iter_mut().find(|own| own.source == payment) {
            own.meant_for = numbers.to_vec();
        }
        // What names its documents goes before what does not.
        means.sort_by_key(|own| own.meant_for.is_empty());
    }
    let owed = payments::owed(tx, scope, Some(currency))?;
    let settled = settle(&means, &owed).map_err(Refusal::from)?;
    payments::settle(tx, scope, &settled, cx.now)?;
    Ok(settled)
}

/// Says how much a partner may owe in a currency, billed or not; none for as much as it likes (rule 4.2). What exceeds it is not
/// bought; renewals go on.
///
/// # Errors
/// When the partner is not there.
pub fn limit(
    tx: &mut Write<'_>,
    id: PartnerId,
    (currency, limit): (Currency, Option<Money>),
) -> Result<((), Entry), Error> {
    if limit.is_some_and(|own| own.minor() < 0) {
        return Err(Error::complaint("amount", Complaint::of("complaint-amount")));
    }
    if limit.is_some() && !markets::has_currency(tx, currency)? {
        return Err(Error::complaint("currency", Complaint::of("complaint-currency-unused")));
    }
    if !partners::set_credit_limit(tx, id, currency, limit)? {
        return Err(Error::NotFound(Missing::Other("partner")));
    }
    let fact = match limit {
        Some(limit) => Fact::new("credit_limit", limit),
        None => Fact::new("credit_limit", format!("– {currency}")),
    };
    Ok(((), Entry::did(Operation::ChangePartner, Resource::Partner, id).with(vec![fact])))
}

/// The most days that may be let pass.
pub const LATE_MOST: u32 = 3_650;

/// Says after how many days that a document is late a partner may not buy any more; none for never (rule 8.1). What runs goes on.
///
/// # Errors
/// When the partner is not there, or the days are too many.
pub fn late_after(tx: &mut Write<'_>, id: PartnerId, days: Option<u32>) -> Result<((), Entry), Error> {
    if days.is_some_and(|own| own > LATE_MOST) {
        return Err(Error::complaint("days", Complaint::of("complaint-days-many").with("most", LATE_MOST)));
    }
    if !partners::set_late_after(tx, id, days)? {
        return Err(Error::NotFound(Missing::Other("partner")));
    }
    let fact = Fact::new("late_after", days.map_or_else(|| "never".to_owned(), |days| days.to_string()));
    Ok(((), Entry::did(Operation::ChangePartner, Resource::Partner, id).with(vec![fact])))
}

/// Enters a payment and puts it on documents: those it names, then those due earliest. What is left over waits for documents to
/// come.
///
/// # Errors
/// When the reference was entered before, the day lies ahead, the amount is nothing, or a named document is not there.
pub fn enter(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    own: &Payment,
    numbers: &[DocumentNumber],
) -> Result<(Vec<Settlement>, Entry), Error> {
    let own = &Payment { reference: own.reference.trim().to_owned(), ..own.clone() };
    let unfit = own.reference.chars().count() > REFERENCE_MAX || own.reference.chars().any(char::is_control);
    if own.reference.is_empty() || unfit {
        return Err(Error::complaint(
            "reference",
            Complaint::of("complaint-reason").with("most", REFERENCE_MAX),
        ));
    }
    if own.amount.minor() <= 0 {
        return Err(Error::complaint("amount", Complaint::of("complaint-amount")));
    }
    if own.received_on > utc_date(cx.now) {
        return Err(Error::complaint("day", Complaint::of("complaint-day-ahead")));
    }
    payments::hold(tx, scope)?;
    if payments::find(tx, scope, &own.reference)?.is_some_and(|before| before.undone_at.is_none()) {
        return Err(Error::complaint("reference", Complaint::of("complaint-entered-before")));
    }
    let currency = own.amount.currency();
    for number in numbers {
        let known = invoices::find(tx, scope, *number)?
            .filter(|document| document.totals.gross.currency() == currency);
        if known.is_none() {
            let why =
                Complaint::of("complaint-document-unknown").with("number", number).with("currency", currency);
            return Err(Error::complaint("number", why));
        }
    }
    payments::insert(tx, scope, own, cx.now)?;
    let settled = settle_open(tx, cx, scope, currency, Some((&own.reference, numbers)))?;
    let mut facts = vec![Fact::new("reference", &own.reference), Fact::new("amount", own.amount)];
    facts.push(Fact::new("received_on", own.received_on));
    Ok((settled, Entry::did(Operation::RecordPayment, Resource::Invoice, &own.reference).with(facts)))
}

/// Takes a payment back: what it settled is open again, and other money that waits is put on it.
///
/// # Errors
/// When there is no such payment, or it was taken back before.
pub fn take_back(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    reference: &str,
) -> Result<((), Entry), Error> {
    let reference = reference.trim();
    payments::hold(tx, scope)?;
    let missing = || Error::NotFound(Missing::Other("payment"));
    let own =
        payments::find(tx, scope, reference)?.filter(|own| own.undone_at.is_none()).ok_or_else(missing)?;
    payments::undo(tx, scope, reference, cx.now)?;
    // What a bank said waits for somebody to say whose it is.
    if bank::find(tx, reference)?.is_some_and(|row| row.partner == Some(scope.partner())) {
        bank::decide(tx, reference, (RowState::Entered, RowState::Waiting), None, cx.now)?;
    }
    settle_open(tx, cx, scope, own.payment.amount.currency(), None)?;
    let facts = vec![
        Fact::new("reference", reference),
        Fact::new("amount", own.payment.amount.negated().map_err(Refusal::from)?),
    ];
    Ok(((), Entry::did(Operation::RecordPayment, Resource::Invoice, reference).with(facts)))
}
