//! The reconciliation file: every line of a document in the published columns, in their order (rule 8.4).
//!
//! Days are written as in ISO 8601, which no country reads the wrong way round. The column Total comes to the document.

use chandlery_domain::calendar::{BillingCycle, Term, utc_date};
use chandlery_domain::catalog::Family;
use chandlery_domain::charge::ChargeKind;
use jiff::civil::Date;
use serde_json::{Map, Value};

use super::invoice_lines::BilledLine;
use crate::csv_out::{harmless, line};
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

/// The row of a line. What somebody typed is never taken for a formula by a spreadsheet.
///
/// # Errors
/// When a sum does not fit.
pub fn row(whose: &Whose, own: &BilledLine) -> Result<Vec<u8>, Error> {
    line(&record(whose, own, |text| harmless(text).into_owned())?)
}

/// The same as one JSON object in one line, its members named by the columns and in their order; every value is text, as no number of
/// JSON keeps cents for sure.
///
/// # Errors
/// When a sum does not fit.
pub fn json_row(whose: &Whose, own: &BilledLine) -> Result<Vec<u8>, Error> {
    let values = record(whose, own, str::to_owned)?.map(Value::String);
    let names = COLUMNS.map(str::to_owned);
    let object: Map<String, Value> = names.into_iter().zip(values).collect();
    let mut text = serde_json::to_vec(&object).map_err(Error::internal)?;
    text.push(b'\n');
    Ok(text)
}

/// The values of a line, column by column; `text` makes what somebody typed fit for where it goes.
fn record(whose: &Whose, own: &BilledLine, text: impl Fn(&str) -> String) -> Result<[String; 46], Error> {
    let (bought, charge) = (&own.line, &own.line.charge);
    let day = |day: Option<Date>| day.map(|own| own.to_string()).unwrap_or_default();
    let currency = charge.amount.currency().to_string();
    let quantity = charge.quantity.to_string();
    let nothing = String::new;
    let first = charge.period.map_or_else(|| utc_date(charge.booked_at), |own| own.first);
    // A perpetual line has no last day, nor a term.
    let last = charge.period.map(|own| own.last);
    Ok([
        whose.partner.clone(),
        bought.customer.id.to_string(),
        text(&bought.customer.name),
        text(&bought.customer.domain),
        bought.customer.country.to_string(),
        whose.number.clone(),
        whose.programme.clone(),
        bought.reseller.as_deref().map_or_else(|| "0".into(), &text),
        charge.order.to_string(),
        day(Some(utc_date(bought.ordered_at))),
        bought.item.product.to_string(),
        bought.item.sku.to_string(),
        bought.item.availability.to_string(),
        text(&bought.title),
        text(&bought.product.0),
        charge_type(charge.kind).to_owned(),
        charge.unit_price.value().to_string(),
        quantity.clone(),
        own.net.decimal().to_string(),
        own.tax.decimal().to_string(),
        own.gross()?.decimal().to_string(),
        currency.clone(),
        nothing(),
        text(&bought.product.1),
        nothing(),
        bought.subscription.map(|_| text(&bought.title)).unwrap_or_default(),
        bought.subscription.map(|id| id.to_string()).unwrap_or_default(),
        day(Some(first)),
        day(last),
        term_and_cycle(bought.family, bought.term, bought.cycle),
        charge.effective_unit_price.to_string(),
        "Licenses".into(),
        bought.alternate.to_string(),
        quantity,
        frequency(bought.cycle).to_owned(),
        currency,
        "1".into(),
        nothing(),
        nothing(),
        nothing(),
        nothing(),
        day(charge.term.map(|own| own.first)),
        day(charge.term.map(|own| own.last)),
        charge.reverses.unwrap_or(charge.id).to_string(),
        nothing(),
        nothing(),
    ])
}
