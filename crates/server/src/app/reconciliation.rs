//! The reconciliation file: every line of a document in the published columns, in their order (rule 8.4).
//!
//! Days are written as in ISO 8601, which no country reads the wrong way round. The column Total comes to the document.

use std::borrow::Cow;

use chandlery_domain::calendar::{BillingCycle, Term, utc_date};
use chandlery_domain::catalog::Family;
use chandlery_domain::charge::ChargeKind;
use jiff::civil::Date;
use serde::{Serialize, Serializer};

use super::invoice_lines::BilledLine;
use crate::csv_out::{Records, harmless, line};
use crate::error::Error;

/// The published columns.
pub const COLUMNS: [&str; 46] = [
    "PartnerId",
    "CustomerId",
    "CustomerName",
    "CustomerDomainName",
    "CustomerCountry",
    "InvoiceNumber",
    "MPNID",
    "ResellerMPNID",
    "OrderId",
    "OrderDate",
    "ProductId",
    "SkuId",
    "AvailabilityId",
    "SkuName",
    "ProductName",
    "ChargeType",
    "UnitPrice",
    "Quantity",
    "Subtotal",
    "TaxTotal",
    "Total",
    "Currency",
    "PriceAdjustmentDescription",
    "PublisherName",
    "PublisherId",
    "SubscriptionDescription",
    "SubscriptionId",
    "ChargeStartDate",
    "ChargeEndDate",
    "TermAndBillingCycle",
    "EffectiveUnitPrice",
    "UnitType",
    "AlternateId",
    "BillableQuantity",
    "BillingFrequency",
    "PricingCurrency",
    "PCToBCExchangeRate",
    "PCToBCExchangeRateDate",
    "MeterDescription",
    "ReservationOrderId",
    "CreditReasonCode",
    "SubscriptionStartDate",
    "SubscriptionEndDate",
    "ReferenceID",
    "ProductQualifiers",
    "PromotionID",
];

/// Why a line is owed, in the published words.
pub const fn charge_type(kind: ChargeKind) -> &'static str {
    match kind {
        ChargeKind::New => "New",
        ChargeKind::CycleCharge => "cycleCharge",
        ChargeKind::Renew => "renew",
        ChargeKind::CancelImmediate => "Cancel",
        ChargeKind::CustomerCredit => "customerCredit",
    }
}

/// How long a line's term is and how it is paid, as reconciliation files say it; nothing for what has no end. Bookkeepers tell
/// reservations from subscriptions by it.
pub fn term_and_cycle(family: Family, term: Term, cycle: BillingCycle) -> String {
    let what = match family {
        Family::Reservation => "Reservation",
        Family::Subscription | Family::Perpetual | Family::LinuxPlan => "Subscription",
    };
    let commitment = match term {
        Term::OneTime => return String::new(),
        Term::Month => "One-Month",
        Term::Year => "One-Year",
        Term::ThreeYears => "Three-Year",
        Term::FiveYears => "Five-Year",
    };
    match cycle {
        BillingCycle::OneTime => format!("{commitment} {what}"),
        BillingCycle::Monthly => format!("{commitment} {what} for monthly billing"),
        BillingCycle::Annual => format!("{commitment} {what} for yearly billing"),
        BillingCycle::Triennial => format!("{commitment} {what} for three-yearly billing"),
    }
}

/// How often a line is billed; nothing for what is paid at once.
pub const fn frequency(cycle: BillingCycle) -> &'static str {
    match cycle {
        BillingCycle::OneTime => "",
        BillingCycle::Monthly => "Monthly",
        BillingCycle::Annual => "Annual",
        BillingCycle::Triennial => "Triennial",
    }
}

/// Whose file it is: the partner's id and programme id, and the document's number.
#[derive(Debug, Clone)]
pub struct Whose {
    /// The partner's id.
    pub partner: String,
    /// Its programme id.
    pub programme: String,
    /// The document's number.
    pub number: String,
}

/// The first row: the names of the columns.
///
/// # Errors
/// None that a caller could cause.
pub fn header() -> Result<Vec<u8>, Error> {
    line(&COLUMNS)
}

/// The rows of lines. What somebody typed is never taken for a formula by a spreadsheet.
///
/// # Errors
/// When a sum does not fit.
pub fn rows(whose: &Whose, lines: &[BilledLine]) -> Result<Vec<u8>, Error> {
    let mut records = Records::default();
    for own in lines {
        records.add(&record(whose, own, harmless)?)?;
    }
    records.finish()
}

/// The values of a line by their columns.
struct Object<'a>([Cow<'a, str>; COLUMNS.len()]);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(COLUMNS.iter().zip(&self.0))
    }
}

/// The same as one JSON object in one line, its members named by the columns and in their order; every value is text, as no number of
/// JSON keeps cents for sure.
///
/// # Errors
/// When a sum does not fit.
pub fn json_rows(whose: &Whose, lines: &[BilledLine]) -> Result<Vec<u8>, Error> {
    let mut text = Vec::new();
    for own in lines {
        let object = Object(record(whose, own, Cow::Borrowed)?);
        serde_json::to_writer(&mut text, &object).map_err(Error::internal)?;
        text.push(b'\n');
    }
    Ok(text)
}

/// A column that says nothing.
const NOTHING: Cow<'static, str> = Cow::Borrowed("");

fn made<'a>(own: &impl ToString) -> Cow<'a, str> {
    Cow::Owned(own.to_string())
}

/// The values of a line, column by column; `text` makes what somebody typed fit for where it goes.
fn record<'a>(
    whose: &'a Whose,
    own: &'a BilledLine,
    text: impl Fn(&'a str) -> Cow<'a, str>,
) -> Result<[Cow<'a, str>; COLUMNS.len()], Error> {
    let (bought, charge) = (&own.line, &own.line.charge);
    let day = |day: Option<Date>| day.map_or(NOTHING, |own| made(&own));
    let currency = made(&charge.amount.currency());
    let quantity = made(&charge.quantity);
    let first = charge.period.map_or_else(|| utc_date(charge.booked_at), |own| own.first);
    // A perpetual line has no last day, nor a term.
    let last = charge.period.map(|own| own.last);
    Ok([
        Cow::Borrowed(whose.partner.as_str()),
        made(&bought.customer.id),
        text(&bought.customer.name),
        text(&bought.customer.domain),
        made(&bought.customer.country),
        Cow::Borrowed(whose.number.as_str()),
        Cow::Borrowed(whose.programme.as_str()),
        bought.reseller.as_deref().map_or(Cow::Borrowed("0"), &text),
        made(&charge.order),
        day(Some(utc_date(bought.ordered_at))),
        made(&bought.item.product),
        made(&bought.item.sku),
        made(&bought.item.availability),
        text(&bought.title),
        text(&bought.product.0),
        Cow::Borrowed(charge_type(charge.kind)),
        made(&charge.unit_price.value()),
        quantity.clone(),
        made(&own.net.decimal()),
        made(&own.tax.decimal()),
        made(&own.gross()?.decimal()),
        currency.clone(),
        NOTHING,
        text(&bought.product.1),
        NOTHING,
        bought.subscription.map_or(NOTHING, |_| text(&bought.title)),
        bought.subscription.map_or(NOTHING, |id| made(&id)),
        day(Some(first)),
        day(last),
        Cow::Owned(term_and_cycle(bought.family, bought.term, bought.cycle)),
        made(&charge.effective_unit_price),
        "Licenses".into(),
        made(&bought.alternate),
        quantity,
        Cow::Borrowed(frequency(bought.cycle)),
        currency,
        "1".into(),
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        day(charge.term.map(|own| own.first)),
        day(charge.term.map(|own| own.last)),
        made(&charge.reverses.unwrap_or(charge.id)),
        NOTHING,
        NOTHING,
    ])
}
