//! Invoices and their lines (contract 7).

use chandlery_domain::calendar::{start_of_day, utc_date};
use chandlery_domain::catalog::UnknownWord;
use chandlery_domain::charge::Place;
use chandlery_domain::invoice::{DocumentKind, DocumentNumber, Invoice, Month};
use chandlery_domain::money::{Currency, Money};
use chandlery_domain::payment::Payment;
use chandlery_domain::refusal::Refusal;
use chandlery_store::payments::{self, Standing};
use chandlery_store::{invoices, partners};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::answer::{Answer, Attributes, Collection, File, JsonDecimal, JsonInstant, Link};
use super::call::Call;
use super::invoice_filter;
use super::paging::Page;
use crate::app::invoice_lines::{self, BilledLine};
use crate::app::paper::{self, Form};
use crate::app::reconciliation::{charge_type, frequency, term_and_cycle};
use crate::error::{Error, Missing};
use crate::texts::Reader;

/// The most documents on one page.
const INVOICES_MAX: u32 = 500;
/// The most lines on one page.
const LINES_MAX: u32 = 2000;
/// How many documents that correct one stand in it.
const AMENDMENTS_MAX: i64 = 100;
/// What is not there.
const INVOICE: Missing = Missing::Other("invoice");
/// The instant that stands for none, as clients of that time expect it.
const NEVER: &str = "0001-01-01T00:00:00";

/// A document's number, as clients send it: bare, or behind what kind it is.
struct Named(DocumentNumber);

impl std::str::FromStr for Named {
    type Err = chandlery_domain::ids::InvalidId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bare = ["onetime-", "recurring-"]
            .iter()
            .find_map(|kind| {
                text.get(..kind.len()).filter(|own| own.eq_ignore_ascii_case(kind)).map(str::len)
            })
            .and_then(|length| text.get(length..));
        bare.unwrap_or(text).parse().map(Self)
    }
}

#[derive(Serialize)]
struct Own {
    #[serde(rename = "self")]
    own: Link,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DetailOut {
    invoice_line_item_type: &'static str,
    billing_provider: &'static str,
    links: Own,
    attributes: Attributes,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InvoiceOut {
    id: String,
    invoice_date: JsonInstant,
    billing_period_start_date: JsonInstant,
    billing_period_end_date: JsonInstant,
    due_date: JsonInstant,
    total_charges: JsonDecimal,
    tax_total: JsonDecimal,
    paid_amount: JsonDecimal,
    currency_code: String,
    currency_symbol: String,
    pdf_download_link: String,
    invoice_details: Vec<DetailOut>,
    document_type: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    amendments: Vec<InvoiceOut>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    amends: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amends_of: Option<String>,
    invoice_type: &'static str,
    links: Own,
    attributes: Attributes,
}

fn instant(day: Date) -> Result<JsonInstant, Error> {
    Ok(JsonInstant(start_of_day(day).map_err(Refusal::from)?))
}

/// What was paid of a document, below zero as clients know it (contract 7.2).
fn paid_of(own: &Invoice, standing: &[(DocumentNumber, Standing)]) -> Money {
    let found = standing.iter().find(|(number, _)| *number == own.number);
    Money::new(found.map_or(0, |(_, own)| own.paid.saturating_neg()), own.totals.gross.currency())
}

fn out(own: &Invoice, standing: &[(DocumentNumber, Standing)]) -> Result<InvoiceOut, Error> {
    let currency = own.totals.gross.currency();
    let (from, to) = own.month.stretch().map_err(Refusal::from)?;
    let last = to.checked_sub(SignedDuration::from_secs(1)).map_err(Error::internal)?;
    let path = format!("/invoices/OneTime-{}", own.number);
    Ok(InvoiceOut {
        id: own.number.to_string(),
        invoice_date: JsonInstant(own.issued_at),
        billing_period_start_date: JsonInstant(from),
        billing_period_end_date: JsonInstant(last),
        due_date: instant(own.due_on)?,
        total_charges: own.totals.gross.into(),
        tax_total: own.totals.tax.into(),
        paid_amount: paid_of(own, standing).into(),
        currency_code: currency.to_string(),
        currency_symbol: currency.symbol().to_owned(),
        pdf_download_link: format!("/invoices/{}/documents/statement", own.number),
        invoice_details: vec![DetailOut {
            invoice_line_item_type: "billing_line_items",
            billing_provider: "one_time",
            links: Own { own: Link::get(format!("{path}/lineitems/OneTime/BillingLineItems")) },
            attributes: Attributes::of("InvoiceDetail"),
        }],
        document_type: match own.kind {
            DocumentKind::Invoice => "invoice",
            DocumentKind::CreditNote => "adjustment_note",
        },
        amendments: Vec::new(),
        amends: own.amends.iter().map(ToString::to_string).collect(),
        amends_of: own.amends.first().map(ToString::to_string),
        invoice_type: "OneTime",
        links: Own { own: Link::get(path) },
        attributes: Attributes::of("Invoice"),
    })
}

/// `GET /v1/invoices`: newest first.
///
/// # Errors
/// When the filter or the page cannot be read.
pub async fn list(call: Call) -> Result<Answer, Error> {
    let page = Page::of(&call, INVOICES_MAX, call.query.text("filter").unwrap_or_default())?;
    let issued = invoice_filter::issued(&page.filter)?;
    let (before, limit) = (page.after::<DocumentNumber>()?, page.limit());
    let read = call.read(move |tx, _, scope| {
        let found = invoices::list(tx, scope, issued, before, limit)?;
        let numbers: Vec<DocumentNumber> = found.iter().map(|own| own.number).collect();
        let standing = payments::standing(tx, scope, &numbers)?;
        Ok((found, standing))
    });
    let (found, standing) = read.await?;
    let shown =
        found.iter().map(|own| Ok((own.number, out(own, &standing)?))).collect::<Result<Vec<_>, Error>>()?;
    let list = page.collection(&call, shown, |(number, _)| number.to_string(), |(_, own)| own)?;
    Answer::ok(&list)
}

async fn find(call: &Call) -> Result<Invoice, Error> {
    let Named(number) = call.id("invoice", INVOICE)?;
    let found = call.read(move |tx, _, scope| Ok(invoices::find(tx, scope, number)?)).await?;
    found.ok_or(Error::NotFound(INVOICE))
}

/// `GET /v1/invoices/{invoice}`, with what corrects it.
///
/// # Errors
/// When it is not there.
pub async fn get(call: Call) -> Result<Answer, Error> {
    let document = find(&call).await?;
    let read = call.read(move |tx, _, scope| {
        let corrections = invoices::amending(tx, scope, &document, AMENDMENTS_MAX)?;
        let numbers: Vec<DocumentNumber> =
            corrections.iter().map(|own| own.number).chain([document.number]).collect();
        let standing = payments::standing(tx, scope, &numbers)?;
        Ok((document, corrections, standing))
    });
    let (document, corrections, standing) = read.await?;
    let mut shown = out(&document, &standing)?;
    shown.amendments = corrections.iter().map(|own| out(own, &standing)).collect::<Result<_, _>>()?;
    Answer::ok(&shown)
}

/// `GET /v1/invoices/{invoice}/documents/statement`: the document as PDF, in the language the call asks for; with `format`
/// the
/// electronic invoice alone.
///
/// # Errors
/// When it is not there, or cannot be written in that form.
pub async fn statement(call: Call) -> Result<Answer, Error> {
    let form = call.query.text("format").map_or(Ok(Form::Pdf), |own| {
        own.parse()
            .map_err(|error: UnknownWord| Error::invalid("format", format!("must be {}", error.expected)))
    })?;
    let Named(number) = call.id("invoice", INVOICE)?;
    let reader = Reader::new(call.language(), None);
    let (name, bytes) = paper::file_of(&call.api.installation, call.scope, number, form, reader).await?;
    Ok(Answer::of_file(File { name, media_type: form.media_type(), bytes: bytes.into() }))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SummaryFields {
    balance_amount: JsonDecimal,
    currency_code: String,
    currency_symbol: String,
    accounting_date: JsonInstant,
    first_invoice_creation_date: String,
    last_payment_date: String,
    last_payment_amount: JsonDecimal,
    latest_invoice_date: String,
}

#[derive(Serialize)]
struct SummaryDetail {
    #[serde(rename = "invoiceType")]
    invoice_type: &'static str,
    summary: SummaryPart,
}

#[derive(Serialize)]
struct SummaryPart {
    #[serde(flatten)]
    fields: SummaryFields,
    attributes: Attributes,
}

#[derive(Serialize)]
struct SummaryOut {
    #[serde(flatten)]
    fields: SummaryFields,
    details: Vec<SummaryDetail>,
    links: Own,
    attributes: Attributes,
}

/// What is owed in a currency, and when documents were issued.
fn summary(
    currency: Currency,
    (own, received): (Option<&invoices::Balance>, &[(Money, Option<Payment>)]),
    now: Timestamp,
) -> Result<SummaryOut, Error> {
    let written = |at: Option<Timestamp>| at.map_or_else(|| NEVER.to_owned(), |at| at.to_string());
    let received = received.iter().find(|(sum, _)| sum.currency() == currency);
    let last = received.and_then(|(_, last)| last.as_ref());
    let paid = received.map_or_else(|| Money::zero(currency), |(sum, _)| *sum);
    let billed = own.map_or_else(|| Money::zero(currency), |own| own.billed);
    let balance = billed.plus(paid.negated().map_err(Refusal::from)?).map_err(Refusal::from)?;
    let last_on = last.map(|own| start_of_day(own.received_on)).transpose().map_err(Refusal::from)?;
    let fields = || SummaryFields {
        balance_amount: balance.into(),
        currency_code: currency.to_string(),
        currency_symbol: currency.symbol().to_owned(),
        accounting_date: JsonInstant(now),
        first_invoice_creation_date: written(own.map(|own| own.first)),
        last_payment_date: written(last_on),
        last_payment_amount: last.map_or_else(|| Money::zero(currency), |own| own.amount).into(),
        latest_invoice_date: written(own.map(|own| own.latest)),
    };
    Ok(SummaryOut {
        fields: fields(),
        details: vec![SummaryDetail {
            invoice_type: "OneTime",
            summary: SummaryPart { fields: fields(), attributes: Attributes::of("InvoiceSummary") },
        }],
        links: Own { own: Link::get("/invoices/summary") },
        attributes: Attributes::of("InvoiceSummary"),
    })
}

/// `GET /v1/invoices/summary`: what was billed and not paid in the partner's own currency.
///
/// # Errors
/// The store's own.
pub async fn balance(call: Call) -> Result<Answer, Error> {
    let (balances, received, currency) = call
        .read(move |tx, _, scope| {
            let partner = partners::find(tx, scope)?.ok_or(Error::NotFound(Missing::Other("partner")))?;
            Ok((invoices::balances(tx, scope)?, payments::received(tx, scope)?, partner.currency))
        })
        .await?;
    let own = balances.iter().find(|own| own.billed.currency() == currency);
    Answer::ok(&summary(currency, (own, &received), call.cx.now)?)
}

/// `GET /v1/invoices/summaries`: the same for every currency there is a document in.
///
/// # Errors
/// The store's own.
pub async fn balances(call: Call) -> Result<Answer, Error> {
    let read =
        call.read(move |tx, _, scope| Ok((invoices::balances(tx, scope)?, payments::received(tx, scope)?)));
    let (balances, received) = read.await?;
    let now = call.cx.now;
    let of = |own: &invoices::Balance| summary(own.billed.currency(), (Some(own), &received), now);
    let list: Vec<SummaryOut> = balances.iter().map(of).collect::<Result<_, _>>()?;
    Answer::ok(&Collection::whole(list, "/invoices/summaries"))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LineOut {
    partner_id: String,
    customer_id: String,
    customer_name: String,
    customer_domain_name: String,
    customer_country: String,
    invoice_number: String,
    mpn_id: String,
    reseller_mpn_id: u32,
    order_id: String,
    order_date: JsonInstant,
    product_id: String,
    sku_id: String,
    availability_id: String,
    product_name: String,
    sku_name: String,
    charge_type: &'static str,
    unit_price: JsonDecimal,
    effective_unit_price: JsonDecimal,
    unit_type: &'static str,
    quantity: u32,
    billable_quantity: u32,
    subtotal: JsonDecimal,
    tax_total: JsonDecimal,
    total_for_customer: JsonDecimal,
    currency: String,
    pricing_currency: String,
    #[serde(rename = "pcToBCExchangeRate")]
    exchange_rate: u32,
    publisher_name: String,
    publisher_id: &'static str,
    subscription_description: String,
    subscription_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subscription_start_date: Option<JsonInstant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subscription_end_date: Option<JsonInstant>,
    charge_start_date: JsonInstant,
    charge_end_date: JsonInstant,
    term_and_billing_cycle: String,
    billing_frequency: &'static str,
    alternate_id: String,
    reference_id: String,
    price_adjustment_description: &'static str,
    credit_reason_code: &'static str,
    promotion_id: &'static str,
    product_qualifiers: &'static str,
    meter_description: &'static str,
    reservation_order_id: &'static str,
    #[serde(rename = "pcToBCExchangeRateDate")]
    exchange_rate_date: JsonInstant,
    invoice_line_item_type: &'static str,
    billing_provider: &'static str,
    attributes: Attributes,
}

fn line_out(partner: (&str, &str), number: &str, own: &BilledLine) -> Result<LineOut, Error> {
    let (line, charge) = (&own.line, &own.line.charge);
    let booked_on = utc_date(charge.booked_at);
    let (first, last) = charge.period.map_or((booked_on, booked_on), |own| (own.first, own.last));
    let currency = charge.amount.currency();
    Ok(LineOut {
        partner_id: partner.0.to_owned(),
        customer_id: line.customer.id.to_string(),
        customer_name: line.customer.name.clone(),
        customer_domain_name: line.customer.domain.clone(),
        customer_country: line.customer.country.to_string(),
        invoice_number: number.to_owned(),
        mpn_id: partner.1.to_owned(),
        reseller_mpn_id: line.reseller.as_deref().and_then(|own| own.parse().ok()).unwrap_or(0),
        order_id: charge.order.to_string(),
        order_date: JsonInstant(line.ordered_at),
        product_id: line.item.product.to_string(),
        sku_id: line.item.sku.to_string(),
        availability_id: line.item.availability.to_string(),
        product_name: line.product.0.clone(),
        sku_name: line.title.clone(),
        charge_type: charge_type(charge.kind),
        unit_price: JsonDecimal(charge.unit_price.value()),
        effective_unit_price: JsonDecimal(charge.effective_unit_price),
        unit_type: "Licenses",
        quantity: charge.quantity,
        billable_quantity: charge.quantity,
        subtotal: own.net.into(),
        tax_total: own.tax.into(),
        total_for_customer: own.gross()?.into(),
        currency: currency.to_string(),
        pricing_currency: currency.to_string(),
        exchange_rate: 1,
        publisher_name: line.product.1.clone(),
        publisher_id: "",
        subscription_description: line.subscription.map(|_| line.title.clone()).unwrap_or_default(),
        subscription_id: line.subscription.map(|id| id.to_string()).unwrap_or_default(),
        subscription_start_date: charge.term.map(|own| instant(own.first)).transpose()?,
        subscription_end_date: charge.term.map(|own| instant(own.last)).transpose()?,
        charge_start_date: instant(first)?,
        charge_end_date: instant(last)?,
        term_and_billing_cycle: term_and_cycle(line.family, line.term, line.cycle),
        billing_frequency: frequency(line.cycle),
        alternate_id: line.alternate.to_string(),
        reference_id: charge.reverses.unwrap_or(charge.id).to_string(),
        price_adjustment_description: "",
        credit_reason_code: "",
        promotion_id: "",
        product_qualifiers: "",
        meter_description: "",
        reservation_order_id: "",
        // One to one, since the day it was booked.
        exchange_rate_date: JsonInstant(charge.booked_at),
        invoice_line_item_type: "billing_line_items",
        billing_provider: "one_time",
        attributes: Attributes::of("OneTimeInvoiceLineItem"),
    })
}

/// A place in the ledger as a token carries it.
struct Stop(Place);

impl std::str::FromStr for Stop {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (at, id) = text.split_once('.').ok_or(())?;
        let at = Timestamp::from_microsecond(at.parse().map_err(|_| ())?).map_err(|_| ())?;
        Ok(Self(Place { at, id: id.parse().map_err(|_| ())? }))
    }
}

fn stop(own: &BilledLine) -> String {
    let place = own.line.charge.place();
    format!("{}.{}", place.at.as_microsecond(), place.id)
}

/// Whether lines of this kind are asked for, in the path or the query; of other providers and of usage there are none here.
///
/// # Errors
/// When the path names a provider or a kind there is not.
fn are_ours(call: &Call) -> Result<bool, Error> {
    if call.has_param("provider") {
        let (provider, kind): (String, String) = (call.id("provider", INVOICE)?, call.id("kind", INVOICE)?);
        let known = |word: &str, words: &[&str]| words.iter().any(|own| word.eq_ignore_ascii_case(own));
        if !known(&provider, &["onetime", "office", "azure", "marketplace"])
            || !known(&kind, &["billinglineitems", "usagelineitems"])
        {
            return Err(Error::NotFound(Missing::Other("path")));
        }
        return Ok(known(&provider, &["onetime"]) && known(&kind, &["billinglineitems"]));
    }
    let is = |name: &str, ours: &[&str]| {
        call.query.text(name).is_none_or(|own| ours.iter().any(|word| own.eq_ignore_ascii_case(word)))
    };
    Ok(is("provider", &["onetime", "one_time", "all"])
        && is("invoicelineitemtype", &["billinglineitems", "billing_line_items"]))
}

async fn paged(call: &Call, page: &Page, number: &str, lines: Vec<BilledLine>) -> Result<Answer, Error> {
    let partner = call.read(move |tx, _, scope| Ok(partners::find(tx, scope)?)).await?;
    let partner = partner.ok_or(Error::NotFound(Missing::Other("partner")))?;
    let id = partner.id.to_string();
    let shown = lines
        .iter()
        .map(|own| Ok((stop(own), line_out((&id, &partner.mpn_id), number, own)?)))
        .collect::<Result<Vec<_>, Error>>()?;
    let list = page.collection(call, shown, |(stop, _)| stop.clone(), |(_, own)| own)?;
    Answer::ok(&list)
}

/// `GET /v1/invoices/{invoice}/lineitems` and the older `…/lineitems/OneTime/BillingLineItems`.
///
/// # Errors
/// When the invoice is not there, or the page cannot be read.
pub async fn lines(call: Call) -> Result<Answer, Error> {
    let page = Page::of(&call, LINES_MAX, "")?;
    let document = find(&call).await?;
    let number = document.number.to_string();
    let after = page.after::<Stop>()?.map(|Stop(place)| place);
    let limit = page.limit();
    let lines = match are_ours(&call)? {
        false => Vec::new(),
        true => {
            call.read(move |tx, _, scope| invoice_lines::of_document(tx, scope, &document, after, limit))
                .await?
        }
    };
    paged(&call, &page, &number, lines).await
}

/// `GET /v1/invoices/unbilled/lineitems`: what was booked and stands on no document yet.
///
/// # Errors
/// When the currency or the page cannot be read.
pub async fn unbilled(call: Call) -> Result<Answer, Error> {
    let page = Page::of(&call, LINES_MAX, "")?;
    let currency: Currency = call.query.required("currencycode")?;
    let this = Month::of(utc_date(call.cx.now));
    let previous = this.first().yesterday().map(Month::of).unwrap_or(this);
    let month = match call.query.text("period") {
        Some(own) if own.eq_ignore_ascii_case("previous") => previous,
        Some(own) if !own.eq_ignore_ascii_case("current") => {
            return Err(Error::invalid("period", "must be current or previous"));
        }
        _ => this,
    };
    let after = page.after::<Stop>()?.map(|Stop(place)| place);
    let (limit, ours) = (page.limit(), are_ours(&call)?);
    let lines = call
        .read(move |tx, _, scope| {
            let billed = invoices::is_billed(tx, scope, (currency, month))?;
            let stretch = month.stretch().map_err(Refusal::from)?;
            let elsewhere = invoices::billing_begins(tx)?.is_some_and(|begins| stretch.1 <= begins);
            if billed || elsewhere || !ours {
                return Ok(Vec::new());
            }
            invoice_lines::unbilled(tx, scope, (currency, stretch), after, limit)
        })
        .await?;
    paged(&call, &page, "", lines).await
}

#[derive(Serialize)]
struct EstimateOut {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    description: &'static str,
    period: &'static str,
    link: Link,
}

/// `GET /v1/invoices/estimates/links`: where what is not billed yet can be read.
///
/// # Errors
/// When the currency is missing.
pub async fn estimates(call: Call) -> Result<Answer, Error> {
    let currency: Currency = call.query.required("currencycode")?;
    let link = |period: &'static str, title: &'static str, description: &'static str| EstimateOut {
        kind: "non_consumption",
        title,
        description,
        period,
        link: Link::get(format!(
            "/invoices/unbilled/lineitems?provider=onetime&invoicelineitemtype=billinglineitems&currencycode={currency}&period={}",
            period.to_lowercase()
        )),
    };
    let list = vec![
        link("Current", "Current month", "What was bought and credited this month."),
        link("Previous", "Previous month", "What was bought and credited last month, until it is billed."),
    ];
    Answer::ok(&Collection::whole(list, call.uri.clone()))
}
