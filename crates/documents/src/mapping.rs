//! A document as the semantic model of EN 16931 has it.

use std::collections::HashMap;

use en16931::invoice::{
    Code, CreditTransfer, DocumentTotals, Item, LineVat, PaymentInstructions, PaymentMeans, PostalAddress,
    PrecedingInvoice, PriceDetails, VatBreakdown,
};
use en16931::{
    DocumentReference, Identifier, Invoice, InvoiceAmount, InvoiceLine, InvoiceNote, Percentage, Profile,
    Quantity, UnitPriceAmount, profiles,
};
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::addresses::electronic;
use crate::document::{Bank, Category, Contact, Document, Kind, Line, Party, Period, TaxRow};
use crate::error::Error;
use crate::payment_code::squeezed;
use crate::text::{clean, filled};

/// Stands where a receiver demands a text and there is none.
const NONE: &str = "-";
/// The business process of an invoice without anything before it (Peppol BIS Billing, section 4).
const BILLING: &str = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0";
/// UNTDID 4461: a transfer, a transfer in the euro area's scheme, and none that is named.
const TRANSFER: &str = "30";
const SEPA_TRANSFER: &str = "58";
const UNDEFINED: &str = "1";

/// The document as `profile` wants it. Only amounts, dates and tax numbers can fail here; the rules come after.
pub(crate) fn invoice(document: &Document, profile: &'static Profile) -> Result<Invoice, Error> {
    let german = is(profile, &profiles::XRECHNUNG);
    let core = is(profile, &profiles::EN16931);
    let mut out = Invoice::builder(
        profile.specification_id,
        clean(&document.number),
        date(document.issued_on)?,
        match document.kind {
            Kind::Invoice => "380",
            Kind::CreditNote => "381",
        },
        document.currency.as_str(),
    )
    .build();
    if document.kind == Kind::CreditNote {
        out.kind = en16931::DocumentKind::CreditNote;
    }
    out.business_process = (!core).then(|| BILLING.to_owned());
    out.due_date = document.due_on.map(date).transpose()?;
    out.payment_terms = terms(document);
    out.purchase_order_reference = document.po_number.as_deref().and_then(filled).map(DocumentReference::new);
    out.buyer_reference = buyer_reference(document, german, core);
    out.invoicing_period = Some(period(whole_period(document))?);
    out.notes = note(document).into_iter().collect();
    for before in &document.amends {
        out.preceding_invoices.push(PrecedingInvoice {
            reference: DocumentReference::new(clean(&before.number)),
            issue_date: Some(date(before.issued_on)?),
        });
    }
    let outside = document.taxes.iter().any(|t| t.category == Category::OutOfScope);
    out.seller = seller(&document.seller, outside, profile);
    out.buyer = buyer(&document.buyer, outside, is(profile, &profiles::PEPPOL_BIS_3));
    out.payment = match &document.payment {
        Some(bank) => Some(payment(bank, &document.currency)),
        // XRechnung demands instructions even where nothing is to be transferred.
        None => german
            .then(|| PaymentInstructions { means_code: Some(Code::new(UNDEFINED)), ..Default::default() }),
    };
    out.vat_breakdown = breakdown(&document.taxes, german)?;
    for position in &document.lines {
        out.lines.push(line(position, document)?);
    }
    out.totals = totals(document)?;
    Ok(out)
}

fn is(profile: &Profile, other: &Profile) -> bool {
    profile.id == other.id
}

fn date(day: Date) -> Result<en16931::Date, Error> {
    let parts = (u8::try_from(day.month()), u8::try_from(day.day()));
    let (Ok(month), Ok(of_month)) = parts else { return Err(Error::Date(day.to_string())) };
    en16931::Date::new(i32::from(day.year()), month, of_month).map_err(|_| Error::Date(day.to_string()))
}

fn period(days: Period) -> Result<en16931::invoice::Period, Error> {
    Ok(en16931::invoice::Period { start: Some(date(days.first)?), end: Some(date(days.last)?) })
}

/// The document's period stretched over those of its lines: receivers refuse a line that lies outside
/// (PEPPOL-EN16931-R110 and R111), and a year's subscription does on a month's invoice.
fn whole_period(document: &Document) -> Period {
    document.lines.iter().filter_map(|line| line.service).fold(document.period, |whole, days| Period {
        first: whole.first.min(days.first),
        last: whole.last.max(days.last),
    })
}

/// BR-CO-25 wants a day or terms when something is due, and UBL has no day on a credit note.
fn terms(document: &Document) -> Option<String> {
    let stated = document.terms.as_deref().map(clean).filter(|t| !t.is_empty());
    let needed = document.due_on.is_none() || document.kind == Kind::CreditNote;
    stated.or_else(|| (needed && document.totals.due > Decimal::ZERO).then(|| NONE.to_owned()))
}

/// BT-10. XRechnung always demands one, Peppol when there is no order number either.
fn buyer_reference(document: &Document, german: bool, core: bool) -> Option<String> {
    let stated = document.buyer_reference.as_deref().and_then(filled);
    let order = document.po_number.as_deref().and_then(filled);
    match (stated, order) {
        (Some(reference), _) => Some(reference),
        (None, Some(order)) => german.then_some(order),
        (None, None) => (!core).then(|| NONE.to_owned()),
    }
}

/// One note with a line for each remark: Peppol allows no more than one (PEPPOL-EN16931-R002).
fn note(document: &Document) -> Option<InvoiceNote> {
    let remarks: Vec<String> = document.notes.iter().map(|n| clean(n)).filter(|n| !n.is_empty()).collect();
    (!remarks.is_empty()).then(|| InvoiceNote::new(remarks.join("\n")))
}

/// `outside`: with anything out of scope of VAT the document may name no VAT number (BR-O-02), so the seller is known
/// by its register instead.
fn seller(party: &Party, outside: bool, profile: &Profile) -> en16931::invoice::Party {
    let mut out = common(party, is(profile, &profiles::PEPPOL_BIS_3));
    let vat_id = party.vat_id.as_deref().and_then(filled);
    out.tax_registration = party.tax_number.as_deref().and_then(filled);
    if !outside {
        out.vat_identifier = vat_id;
    } else if out.legal_registration.is_none() {
        out.legal_registration = vat_id.or_else(|| out.tax_registration.clone()).map(Identifier::new);
    }
    if out.vat_identifier.is_none() && out.legal_registration.is_none() {
        // BR-CO-26: a seller must be known by some number.
        out.legal_registration = out.tax_registration.clone().map(Identifier::new);
    }
    if is(profile, &profiles::XRECHNUNG) && out.contact.name.is_none() {
        out.contact.name.clone_from(&out.name);
    }
    out
}

fn buyer(party: &Party, outside: bool, peppol: bool) -> en16931::invoice::Party {
    let mut out = common(party, peppol);
    out.vat_identifier = party.vat_id.as_deref().and_then(filled).filter(|_| !outside);
    out
}

fn common(party: &Party, peppol: bool) -> en16931::invoice::Party {
    en16931::invoice::Party {
        name: filled(&party.name),
        legal_registration: party.registration.as_deref().and_then(filled).map(Identifier::new),
        electronic_address: electronic(party, peppol),
        address: address(party),
        contact: contact(&party.contact),
        ..Default::default()
    }
}

fn contact(contact: &Contact) -> en16931::invoice::Contact {
    en16931::invoice::Contact {
        name: contact.name.as_deref().and_then(filled),
        phone: contact.phone.as_deref().and_then(filled),
        email: contact.email.as_deref().and_then(filled),
    }
}

fn address(party: &Party) -> PostalAddress {
    let mut lines = party.address.iter().filter_map(|line| filled(line));
    let (line1, line2) = (lines.next(), lines.next());
    let rest: Vec<String> = lines.collect();
    PostalAddress {
        line1,
        line2,
        line3: (!rest.is_empty()).then(|| rest.join(", ")),
        city: filled(&party.city),
        post_code: party.postal_code.as_deref().and_then(filled),
        subdivision: party.region.as_deref().and_then(filled),
        country: filled(&party.country).map(Code::new),
    }
}

fn payment(bank: &Bank, currency: &str) -> PaymentInstructions {
    PaymentInstructions {
        means_code: Some(Code::new(if currency == "EUR" { SEPA_TRANSFER } else { TRANSFER })),
        means_text: None,
        remittance_information: filled(&bank.reference),
        means: Some(PaymentMeans::CreditTransfer(vec![CreditTransfer {
            account_identifier: Some(squeezed(&bank.iban)),
            account_name: filled(&bank.holder),
            provider_identifier: bank.bic.as_deref().map(squeezed).filter(|bic| !bic.is_empty()),
        }])),
    }
}

/// The taxes, one row for each category and rate: the page may keep two of a kind apart, the rules do not
/// (BR-S-08 and its siblings).
fn breakdown(taxes: &[TaxRow], german: bool) -> Result<Vec<VatBreakdown>, Error> {
    let mut places: HashMap<(&str, Decimal), usize> = HashMap::new();
    let mut sums: Vec<(&TaxRow, Decimal, Decimal)> = Vec::new();
    for row in taxes {
        let place = *places.entry((row.category.code(), rate_of(row))).or_insert(sums.len());
        match sums.get_mut(place) {
            Some((_, taxable, tax)) => {
                *taxable = taxable.saturating_add(row.taxable);
                *tax = tax.saturating_add(row.tax);
            }
            None => sums.push((row, row.taxable, row.tax)),
        }
    }
    sums.into_iter().map(|(row, taxable, tax)| entry(row, taxable, tax, german)).collect()
}

fn entry(row: &TaxRow, taxable: Decimal, tax: Decimal, german: bool) -> Result<VatBreakdown, Error> {
    let explained = !matches!(row.category, Category::Standard | Category::Zero);
    let stated = row.reason.as_deref().and_then(filled).filter(|_| explained);
    let code = match row.category {
        Category::ReverseCharge => Some("VATEX-EU-AE"),
        Category::OutOfScope => Some("VATEX-EU-O"),
        Category::Export => Some("VATEX-EU-G"),
        Category::Standard | Category::Zero | Category::Exempt => None,
    };
    // Only XRechnung wants a rate where there can be none (BR-DE-14).
    let rate = (row.category != Category::OutOfScope || german).then(|| Percentage::new(rate_of(row)));
    Ok(VatBreakdown {
        taxable_amount: amount(taxable, "BT-116")?,
        tax_amount: amount(tax, "BT-117")?,
        category: Code::new(row.category.code()),
        rate,
        exemption_reason: stated,
        exemption_reason_code: code.map(Code::new),
    })
}

/// The rate, which is nought wherever no tax is charged.
fn rate_of(row: &TaxRow) -> Decimal {
    if row.category == Category::Standard { row.percent.normalize() } else { Decimal::ZERO }
}

fn line(position: &Line, document: &Document) -> Result<InvoiceLine, Error> {
    let [tax] = *position.taxes.as_slice() else {
        return Err(Error::OneTaxALine { line: position.number, count: position.taxes.len() });
    };
    let row = document.taxes.get(tax).ok_or(Error::UnknownTax { line: position.number, tax })?;
    let rate = (row.category != Category::OutOfScope).then(|| Percentage::new(rate_of(row)));
    let unit = filled(&position.unit).unwrap_or_else(|| Line::EACH.to_owned());
    let (quantity, price) = priced(position, &unit);
    let title = filled(&position.title).unwrap_or_else(|| position.number.to_string());
    Ok(InvoiceLine {
        id: position.number.to_string(),
        note: None,
        order_line_reference: None,
        accounting_reference: None,
        object_identifier: None,
        quantity: Quantity::new(quantity),
        unit_code: Code::new(unit),
        net_amount: amount(position.net, "BT-131")?,
        period: position.service.map(period).transpose()?,
        allowances: Vec::new(),
        charges: Vec::new(),
        price,
        vat: LineVat { category: Code::new(row.category.code()), rate },
        item: Item { name: Some(title), description: filled(&position.detail), ..Item::default() },
    })
}

/// Quantity and price such that their product is the line's net amount and the price is not negative (BR-27,
/// PEPPOL-EN16931-R120).
///
/// A price per unit often does not multiply up to a net amount that was prorated or cut; then the price is stated for
/// the whole quantity, which EN 16931 allows (BT-149).
fn priced(position: &Line, unit: &str) -> (Decimal, PriceDetails) {
    let plain =
        |price: Decimal| PriceDetails { net_price: UnitPriceAmount::new(price), ..PriceDetails::default() };
    let (quantity, price) = if position.unit_price.is_sign_negative() {
        (-position.quantity, -position.unit_price)
    } else {
        (position.quantity, position.unit_price)
    };
    let product = quantity.checked_mul(price).map(|p| p.round_dp(2));
    if product == Some(position.net.round_dp(2)) {
        return (quantity.normalize(), plain(price.normalize()));
    }
    let sign = if position.net.is_sign_negative() { Decimal::NEGATIVE_ONE } else { Decimal::ONE };
    let size = position.quantity.abs().normalize();
    if size.is_zero() {
        return (sign, plain(position.net.abs()));
    }
    let price = PriceDetails {
        net_price: UnitPriceAmount::new(position.net.abs()),
        base_quantity: Some(Quantity::new(size)),
        base_quantity_code: Some(Code::new(unit)),
        ..PriceDetails::default()
    };
    (sign * size, price)
}

fn totals(document: &Document) -> Result<DocumentTotals, Error> {
    let sums = &document.totals;
    Ok(DocumentTotals {
        line_total: amount(sums.net, "BT-106")?,
        taxable_total: amount(sums.net, "BT-109")?,
        vat_total: Some(amount(sums.tax, "BT-110")?),
        gross_total: amount(sums.gross, "BT-112")?,
        paid: (!sums.paid.is_zero()).then(|| amount(sums.paid, "BT-113")).transpose()?,
        due: amount(sums.due, "BT-115")?,
        ..DocumentTotals::default()
    })
}

fn amount(value: Decimal, at: &'static str) -> Result<InvoiceAmount, Error> {
    InvoiceAmount::from_decimal_exact(value).map_err(|_| Error::Amount { at, value: value.to_string() })
}
