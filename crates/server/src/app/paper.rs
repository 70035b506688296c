//! Issued documents on paper and on the wire: what the page says, in the reader's language, and the electronic invoice of
//! EN 16931, both from the same stored figures.
//!
//! Never here: arithmetic that changes an amount. The document was added up when it was issued.

use std::collections::BTreeSet;
use std::str::FromStr;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use chandlery_documents as paper;
use chandlery_domain::access::Scope;
use chandlery_domain::brand::Colour;
use chandlery_domain::calendar::utc_date;
use chandlery_domain::catalog::UnknownWord;
use chandlery_domain::charge::Place;
use chandlery_domain::invoice::{DocumentKind, DocumentNumber, Invoice, Party, Row, RowTax};
use chandlery_domain::money::{Currency, Money};
use chandlery_domain::refusal::Refusal;
use chandlery_domain::taxation::{Treatment, has_vat_ids};
use chandlery_store::{Read, brands, invoices, logos};
use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};
use tokio::sync::Semaphore;

use super::invoice_lines::{self, BilledLine};
use crate::error::{Error, Missing};
use crate::installation::{Installation, OPERATOR};
use crate::texts::{self, Complaint, Reader};

/// The most lines that are printed one by one; a longer document prints its sums, and its lines stand in the reconciliation
/// file. Setting a line takes about 140 kB of memory.
pub const LINES_MAX: u32 = 2_000;
/// How many lines one reading brings.
const PIECE: i64 = 500;
/// How many digits after the point a price has that does not divide: on paper only, no amount is worked out with it.
const PRICE_DIGITS: u32 = 4;
/// How long somebody waits while others' documents are set.
const PATIENCE: Duration = Duration::from_secs(20);
/// What the product's own pages are coloured in.
const ACCENT: Colour = Colour::new([0x0b, 0x5a, 0x7a]);

/// Documents are set side by side as long as their lines together are no more than one may have, so that memory is bounded.
static PRESS: LazyLock<Arc<Semaphore>> =
    LazyLock::new(|| Arc::new(Semaphore::new(usize::try_from(LINES_MAX).unwrap_or(usize::MAX))));

/// As how many lines a logo counts there.
const LOGO_WEIGHT: usize = 10;

/// In which form a document is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// PDF/A-3, with the electronic invoice inside (Factur-X, ZUGFeRD) where the document can be one.
    Pdf,
    /// UBL 2.1 as Peppol BIS Billing 3.0 has it.
    Peppol,
    /// UBL 2.1 as XRechnung has it.
    XRechnung,
}

impl FromStr for Form {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text.to_ascii_lowercase().as_str() {
            "pdf" => Ok(Self::Pdf),
            "peppol" => Ok(Self::Peppol),
            "xrechnung" => Ok(Self::XRechnung),
            _ => Err(UnknownWord { expected: "pdf, peppol or xrechnung" }),
        }
    }
}

impl Form {
    /// What a file in this form is, as in MIME.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Peppol | Self::XRechnung => "application/xml",
        }
    }

    /// What a document's file is called.
    pub fn file_name(self, own: &Invoice) -> String {
        let kind = match own.kind {
            DocumentKind::Invoice => "Invoice",
            DocumentKind::CreditNote => "CreditNote",
        };
        match self {
            Self::Pdf => format!("{kind}_{}.pdf", own.number),
            Self::Peppol => format!("{kind}_{}.xml", own.number),
            Self::XRechnung => format!("{kind}_{}_XRechnung.xml", own.number),
        }
    }
}

impl paper::Format for Reader {
    fn date(&self, date: Date) -> String {
        self.date(date)
    }

    fn number(&self, value: Decimal) -> String {
        self.decimal(value)
    }

    fn money(&self, value: Decimal, currency: &str) -> String {
        match currency.parse::<Currency>() {
            Ok(own) => texts::forms::money(self.language, value, own),
            Err(_) => format!("{} {currency}", self.decimal(value)),
        }
    }
}

/// A document with everything that is written of it.
pub struct Sheet {
    /// The document.
    pub document: Invoice,
    lines: Option<Vec<BilledLine>>,
    amends: Vec<(DocumentNumber, Date)>,
    accent: Colour,
    logo: Option<Vec<u8>>,
}

/// Reads what is written of a document.
///
/// # Errors
/// When it is not there; the store's own.
pub fn sheet(
    tx: &mut Read<'_>,
    scope: &Scope,
    (number, form): (DocumentNumber, Form),
) -> Result<Sheet, Error> {
    let document = invoices::find(tx, scope, number)?.ok_or(Error::NotFound(Missing::Other("invoice")))?;
    let count = document.rows.iter().map(|row| row.charges.saturating_add(row.credits)).sum::<u64>();
    let lines = match count <= u64::from(LINES_MAX) {
        true => Some(lines(tx, scope, &document)?),
        false => None,
    };
    let amends = invoices::issued_at(tx, scope, &document.amends)?;
    let amends = amends.into_iter().map(|(number, at)| (number, utc_date(at))).collect();
    let brand = brands::of_houses(tx, &[OPERATOR])?.pop().and_then(|(_, (own, _))| own.colour);
    let logo = match form {
        Form::Pdf => logos::picture(tx, OPERATOR)?,
        Form::Peppol | Form::XRechnung => None,
    };
    Ok(Sheet { document, lines, amends, accent: brand.unwrap_or(ACCENT), logo })
}

fn lines(tx: &mut Read<'_>, scope: &Scope, document: &Invoice) -> Result<Vec<BilledLine>, Error> {
    let (mut all, mut after) = (Vec::new(), None::<Place>);
    loop {
        let page = invoice_lines::of_document(tx, scope, document, after, PIECE)?;
        let Some(last) = page.last() else { return Ok(all) };
        after = Some(last.line.charge.place());
        all.extend(page);
    }
}

/// Makes the file. Long documents wait for each other.
///
/// # Errors
/// When an electronic invoice was asked for and the document breaks its rules, with the rules; when too many are being made.
pub async fn file(sheet: Arc<Sheet>, form: Form, reader: Reader) -> Result<Vec<u8>, Error> {
    let lines = sheet.lines.as_ref().map_or(1, Vec::len).max(1);
    // A logo takes as much memory as a few lines.
    let weight = lines.saturating_add(if sheet.logo.is_some() { LOGO_WEIGHT } else { 0 });
    let weight = u32::try_from(weight).unwrap_or(LINES_MAX).min(LINES_MAX);
    let busy = || Error::Store(chandlery_store::Error::Unavailable { why: "documents are waiting".into() });
    let waiting = tokio::time::timeout(PATIENCE, Arc::clone(&PRESS).acquire_many_owned(weight));
    let place = waiting.await.map_err(|_| busy())?.map_err(|_| busy())?;
    let work = tokio::task::spawn_blocking(move || {
        let made = make(&sheet, form, &reader);
        drop(place);
        made
    });
    work.await.map_err(Error::internal)?
}

/// The same for a document that was not read yet.
///
/// # Errors
/// As [`sheet`] and [`file`].
pub async fn file_of(
    installation: &Installation,
    scope: Scope,
    number: DocumentNumber,
    form: Form,
    reader: Reader,
) -> Result<(String, Vec<u8>), Error> {
    let sheet = installation.store.read(move |tx| sheet(tx, &scope, (number, form))).await?;
    let name = form.file_name(&sheet.document);
    Ok((name, file(Arc::new(sheet), form, reader).await?))
}

fn make(sheet: &Sheet, form: Form, reader: &Reader) -> Result<Vec<u8>, Error> {
    let document = written(sheet, reader)?;
    match form {
        Form::Pdf => {
            let look = paper::Look { logo: sheet.logo.clone(), accent: sheet.accent.parts() };
            let pages = paper::pdf(&document, &words(reader), reader, &look).map_err(Error::internal)?;
            // Where the rules of the electronic invoice do not hold, as outside of Europe, the page stands alone.
            match paper::zugferd(&pages, &document) {
                Ok(both) => Ok(both),
                Err(paper::Error::Embedding(why)) => Err(Error::internal(why)),
                Err(_) => Ok(pages),
            }
        }
        Form::Peppol => paper::ubl(&document).map(String::into_bytes).map_err(|error| refused(&error)),
        Form::XRechnung => {
            paper::xrechnung(&document).map(String::into_bytes).map_err(|error| refused(&error))
        }
    }
}

/// Why there is no electronic invoice: the rules it would break, by their published names.
fn refused(error: &paper::Error) -> Error {
    let why = match error {
        paper::Error::Invalid(rules) => {
            let each: BTreeSet<String> =
                rules.iter().map(|own| format!("{} ({})", own.rule, own.message)).collect();
            each.into_iter().take(5).collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    };
    Error::complaint("format", Complaint::of("complaint-not-electronic").with("why", why))
}

fn category(own: &Treatment, tax: &RowTax) -> paper::Category {
    match own {
        Treatment::Taxed(_) if tax.rate.fraction().is_zero() => paper::Category::Zero,
        Treatment::Taxed(_) => paper::Category::Standard,
        Treatment::ReverseCharge => paper::Category::ReverseCharge,
        Treatment::Exempt(_) => paper::Category::Exempt,
        Treatment::OutOfScope => paper::Category::OutOfScope,
    }
}

/// What the amounts of a document are multiplied by on paper: a credit note says what it gives back without a sign.
fn sign(own: &Invoice) -> Decimal {
    match own.kind {
        DocumentKind::Invoice => Decimal::ONE,
        DocumentKind::CreditNote => Decimal::NEGATIVE_ONE,
    }
}

fn money(error: chandlery_domain::money::MoneyError) -> Error {
    Error::Refused(Refusal::from(error))
}

fn written(sheet: &Sheet, reader: &Reader) -> Result<paper::Document, Error> {
    let (own, sign) = (&sheet.document, sign(&sheet.document));
    let currency = own.totals.gross.currency();
    let amount = |own: Money| own.decimal().saturating_mul(sign);
    let mut taxes = Vec::new();
    let mut places: Vec<Vec<usize>> = Vec::with_capacity(own.rows.len());
    for row in &own.rows {
        let first = taxes.len();
        for tax in &row.taxes {
            let label = texts::tax(reader, &row.treatment, &tax.name, tax.rate);
            let due = tax.on_charges.plus(tax.on_credits.negated().map_err(money)?).map_err(money)?;
            let untaxed = matches!(row.treatment, Treatment::Exempt(_) | Treatment::OutOfScope);
            taxes.push(paper::TaxRow {
                category: category(&row.treatment, tax),
                percent: tax.rate.fraction().saturating_mul(Decimal::ONE_HUNDRED),
                reason: untaxed.then(|| label.clone()),
                label,
                taxable: amount(row.net().map_err(money)?),
                tax: amount(due),
            });
        }
        places.push((first..taxes.len()).collect());
    }
    let mut notes = Vec::new();
    let lines = match &sheet.lines {
        Some(lines) => each_line(reader, own, lines, &places)?,
        None => {
            notes.push(reader.t("paper-lines-elsewhere"));
            sums(reader, own, &places)?
        }
    };
    let gross = amount(own.totals.gross);
    let account = own.seller.more.account.as_ref();
    Ok(paper::Document {
        kind: match own.kind {
            DocumentKind::Invoice => paper::Kind::Invoice,
            DocumentKind::CreditNote => paper::Kind::CreditNote,
        },
        number: own.number.to_string(),
        issued_on: utc_date(own.issued_at),
        period: paper::Period { first: own.month.first(), last: own.month.last() },
        due_on: (own.kind == DocumentKind::Invoice).then_some(own.due_on),
        terms: None,
        currency: currency.to_string(),
        exponent: currency.exponent(),
        seller: party(reader, &own.seller),
        buyer: party(reader, &own.buyer),
        po_number: sheet.lines.as_deref().and_then(one_order_number),
        buyer_reference: own.buyer.more.reference.clone(),
        amends: sheet
            .amends
            .iter()
            .map(|(number, issued_on)| paper::Preceding { number: number.to_string(), issued_on: *issued_on })
            .collect(),
        lines,
        taxes,
        totals: paper::Totals {
            net: amount(own.totals.net),
            tax: amount(own.totals.tax),
            gross,
            paid: Decimal::ZERO,
            due: gross,
        },
        payment: account.map(|account| paper::Bank {
            holder: own.seller.name.clone(),
            iban: account.iban.clone(),
            bic: account.bic.clone(),
            reference: own.number.to_string(),
        }),
        notes,
    })
}

/// The buyer's order number, where all lines have the same.
fn one_order_number(lines: &[BilledLine]) -> Option<String> {
    let mut all = lines.iter().map(|own| own.line.po_number.as_deref());
    let first = all.next().flatten()?;
    all.all(|own| own == Some(first)).then(|| first.to_owned())
}

fn each_line(
    reader: &Reader,
    document: &Invoice,
    lines: &[BilledLine],
    places: &[Vec<usize>],
) -> Result<Vec<paper::Line>, Error> {
    let sign = sign(document);
    let one = one_order_number(lines);
    let of_line = |(at, own): (usize, &BilledLine)| {
        let (line, charge) = (&own.line, &own.line.charge);
        let net = own.net.decimal().saturating_mul(sign);
        let count = Decimal::from(charge.quantity);
        let quantity = if net.is_sign_negative() { -count } else { count };
        let price = net.checked_div(quantity).unwrap_or(net);
        let price = price.round_dp_with_strategy(
            document.totals.gross.currency().exponent().max(PRICE_DIGITS),
            RoundingStrategy::MidpointAwayFromZero,
        );
        let mut detail = vec![
            line.customer.name.clone(),
            reader.t1("paper-order", "number", line.alternate.to_string()),
            reader.word("charge", charge.kind.as_str()),
        ];
        if one.is_none() {
            detail.extend(line.po_number.as_ref().map(|own| reader.t1("paper-line-po", "number", own)));
        }
        let row = own.row.ok_or_else(|| Error::internal("a line stands on no row of its document"))?;
        Ok(paper::Line {
            number: u32::try_from(at).unwrap_or(u32::MAX).saturating_add(1),
            title: line.title.clone(),
            detail: detail.join(" · "),
            service: charge.period.map(|own| paper::Period { first: own.first, last: own.last }),
            quantity,
            unit: paper::Line::EACH.to_owned(),
            unit_price: price.normalize(),
            net,
            taxes: places.get(row).cloned().unwrap_or_default(),
        })
    };
    lines.iter().enumerate().map(of_line).collect()
}

/// A document of very many lines, by how they are taxed: one line for the charges and one for the credits of each row.
fn sums(reader: &Reader, document: &Invoice, places: &[Vec<usize>]) -> Result<Vec<paper::Line>, Error> {
    let sign = sign(document);
    let mut lines: Vec<paper::Line> = Vec::new();
    for (row, taxes) in document.rows.iter().zip(places) {
        let (charges, credits) = net_of(row)?;
        for (id, count, net) in [
            ("paper-charges", row.charges, charges.decimal()),
            ("paper-credits", row.credits, -credits.decimal()),
        ] {
            if count == 0 {
                continue;
            }
            let net = net.saturating_mul(sign);
            lines.push(paper::Line {
                number: u32::try_from(lines.len()).unwrap_or(u32::MAX).saturating_add(1),
                title: reader.t1(id, "count", i64::try_from(count).unwrap_or(i64::MAX)),
                detail: String::new(),
                service: None,
                quantity: if net.is_sign_negative() { Decimal::NEGATIVE_ONE } else { Decimal::ONE },
                unit: paper::Line::EACH.to_owned(),
                unit_price: net.abs(),
                net,
                taxes: taxes.clone(),
            });
        }
    }
    Ok(lines)
}

/// What the charges of a row, and the credits on it, come to before tax.
fn net_of(row: &Row) -> Result<(Money, Money), Error> {
    if !row.includes_tax {
        return Ok((row.charged, row.credited));
    }
    let (mut charged, mut credited) = (row.charged, row.credited);
    for own in &row.taxes {
        charged = charged.plus(own.on_charges.negated().map_err(money)?).map_err(money)?;
        credited = credited.plus(own.on_credits.negated().map_err(money)?).map_err(money)?;
    }
    Ok((charged, credited))
}

fn party(reader: &Reader, own: &Party) -> paper::Party {
    let (vat_id, tax_number) = if has_vat_ids(own.place.country) {
        (own.place.tax_id.clone(), None)
    } else {
        (None, own.place.tax_id.clone())
    };
    let filled = |text: &str| Some(text.to_owned()).filter(|own| !own.is_empty());
    paper::Party {
        name: own.name.clone(),
        address: own.lines.clone(),
        city: own.city.clone(),
        postal_code: filled(&own.postal_code),
        region: own.place.region.clone(),
        country: own.place.country.to_string(),
        country_name: Some(reader.country(own.place.country)),
        vat_id,
        tax_number,
        registration: own.more.registration.clone(),
        contact: paper::Contact {
            name: own.more.contact.clone(),
            phone: own.more.phone.clone(),
            email: filled(&own.email),
        },
        electronic_address: own.more.electronic_address.as_ref().and_then(|text| {
            let (scheme, id) = text.split_once(':')?;
            Some(paper::ElectronicAddress { scheme: scheme.to_owned(), id: id.to_owned() })
        }),
    }
}

fn words(reader: &Reader) -> paper::Words {
    let t = |id: &str| reader.t(id);
    paper::Words {
        language: reader.language.tag().to_owned(),
        invoice: t("document-kind-invoice"),
        credit_note: t("document-kind-credit-note"),
        number: t("document-number"),
        date: t("document-issued"),
        period: t("document-month"),
        due: t("document-due"),
        terms: t("paper-terms"),
        bill_to: t("document-buyer"),
        from: t("document-seller"),
        vat_id: t("paper-vat-id"),
        tax_number: t("paper-tax-number"),
        registration: t("paper-registration"),
        po_number: t("paper-po"),
        buyer_reference: t("paper-reference"),
        amends: t("document-amends"),
        amended: reader.t2("paper-amended", "number", "{number}", "date", "{date}"),
        description: t("paper-description"),
        quantity: t("quantity"),
        unit_price: t("paper-unit-price"),
        tax: t("document-tax"),
        amount: t("paper-amount"),
        tax_on: reader.t2("paper-tax-on", "tax", "{tax}", "net", "{net}"),
        net_total: t("document-net"),
        tax_total: t("paper-tax-total"),
        total: t("document-gross"),
        paid: t("paper-paid"),
        to_pay: t("paper-to-pay"),
        to_credit: t("paper-to-credit"),
        reverse_charge: t("document-reverse-charge"),
        bank_details: t("paper-bank"),
        account_holder: t("paper-holder"),
        iban: "IBAN".to_owned(),
        bic: "BIC".to_owned(),
        reference: t("paper-payment-reference"),
        scan_to_pay: t("paper-scan"),
        notes: t("paper-notes"),
        page_of: reader.t2("paper-page", "page", "{page}", "pages", "{pages}"),
    }
}
