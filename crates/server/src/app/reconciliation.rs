//! The reconciliation file: every line of a document in the published columns, in their order (rule 8.4).
//!
//! Days are written as in ISO 8601, which no country reads the wrong way round. The column Total comes to the document.

use chandlery_domain::calendar::{BillingCycle, Term, utc_date};
use chandlery_domain::charge::ChargeKind;
use jiff::civil::Date;

use super::invoice_lines::BilledLine;
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

/// How long a line's term is and how it is paid, as reconciliation files say it; nothing for what has no end.
pub fn term_and_cycle(term: Term, cycle: BillingCycle) -> String {
    let commitment = match term {
        Term::OneTime => return String::new(),
        Term::Month => "One-Month",
        Term::Year => "One-Year",
        Term::ThreeYears => "Three-Year",
        Term::FiveYears => "Five-Year",
    };
    match cycle {
        BillingCycle::OneTime => format!("{commitment} Subscription"),
        BillingCycle::Monthly => format!("{commitment} Subscription for monthly billing"),
        BillingCycle::Annual => format!("{commitment} Subscription for yearly billing"),
        BillingCycle::Triennial => format!("{commitment} Subscription for three-yearly billing"),
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

fn written(record: &[impl AsRef<str>]) -> Result<Vec<u8>, Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(record.iter().map(AsRef::as_ref)).map_err(Error::internal)?;
    writer.into_inner().map_err(Error::internal)
}

/// The first row: the names of the columns.
///
/// # Errors
/// None that a caller could cause.
pub fn header() -> Result<Vec<u8>, Error> {
    written(&COLUMNS)
}

/// The row of a line.
///
/// # Errors
/// When a sum does not fit.
pub fn row(whose: &Whose, own: &BilledLine) -> Result<Vec<u8>, Error> {
    let (line, charge) = (&own.line, &own.line.charge);
    let day = |day: Option<Date>| day.map(|own| own.to_string()).unwrap_or_default();
    let currency = charge.amount.currency().to_string();
    let quantity = charge.quantity.to_string();
    let nothing = String::new;
    let first = charge.period.map_or_else(|| utc_date(charge.booked_at), |own| own.first);
    // A perpetual line has no last day, nor a term.
    let last = charge.period.map(|own| own.last);
    let record: [String; 46] = [
        whose.partner.clone(),
        line.customer.0.to_string(),
        line.customer.1.clone(),
        line.customer.2.clone(),
        line.customer.3.to_string(),
        whose.number.clone(),
        whose.programme.clone(),
        line.reseller.clone().unwrap_or_else(|| "0".into()),
        charge.order.to_string(),
        day(Some(utc_date(line.ordered_at))),
        line.item.product.to_string(),
        line.item.sku.to_string(),
        line.item.availability.to_string(),
        line.title.clone(),
        own.product.0.clone(),
        charge_type(charge.kind).to_owned(),
        charge.unit_price.value().to_string(),
        quantity.clone(),
        own.net.decimal().to_string(),
        own.tax.decimal().to_string(),
        own.gross()?.decimal().to_string(),
        currency.clone(),
        nothing(),
        own.product.1.clone(),
        nothing(),
        line.subscription.map(|_| line.title.clone()).unwrap_or_default(),
        line.subscription.map(|id| id.to_string()).unwrap_or_default(),
        day(Some(first)),
        day(last),
        term_and_cycle(line.term, line.cycle),
        charge.effective_unit_price.to_string(),
        "Licenses".into(),
        line.alternate.to_string(),
        quantity,
        frequency(line.cycle).to_owned(),
        currency,
        "1".into(),
        nothing(),
        nothing(),
        nothing(),
        nothing(),
        day(line.period.map(|own| own.first)),
        day(line.period.map(|own| own.last)),
        charge.reverses.unwrap_or(charge.id).to_string(),
        nothing(),
        nothing(),
    ];
    written(&record)
}
