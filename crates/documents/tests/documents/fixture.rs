//! Documents of an imagined house, and three languages to print them in.
#![allow(dead_code, unused_imports, clippy::unwrap_used, clippy::indexing_slicing)]

use chandlery_documents::{
    Bank, Category, Contact, Document, ElectronicAddress, Format, Kind, Line, Look, Party, Period, Preceding,
    TaxRow, Totals, Words,
};
use jiff::civil::{Date, date};
use rust_decimal::{Decimal, RoundingStrategy};

/// A decimal as it is written.
macro_rules! dec {
    ($value:expr) => {
        stringify!($value).replace(' ', "").parse::<rust_decimal::Decimal>().unwrap()
    };
}
pub(crate) use dec;

/// Separators and order of a language, enough for a sample.
pub struct Plain {
    pub decimal: char,
    pub group: char,
    pub day: fn(Date) -> String,
    pub sign_first: bool,
}

impl Format for Plain {
    fn date(&self, date: Date) -> String {
        (self.day)(date)
    }

    fn number(&self, value: Decimal) -> String {
        let text = value.abs().to_string();
        let (whole, rest) = text.split_once('.').map_or((text.as_str(), None), |(w, r)| (w, Some(r)));
        let mut out = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                out.push(self.group);
            }
            out.push(digit);
        }
        if let Some(rest) = rest {
            out.push(self.decimal);
            out.push_str(rest);
        }
        if value.is_sign_negative() && !value.is_zero() { format!("−{out}") } else { out }
    }

    fn money(&self, value: Decimal, currency: &str) -> String {
        let number = self.number(value);
        let sign = match currency {
            "EUR" => "€",
            "SEK" => "kr",
            other => other,
        };
        if self.sign_first { format!("{sign}{number}") } else { format!("{number}\u{a0}{sign}") }
    }
}

pub const ENGLISH: Plain =
    Plain { decimal: '.', group: ',', day: |d| d.strftime("%-d %b %Y").to_string(), sign_first: true };
pub const GERMAN: Plain =
    Plain { decimal: ',', group: '.', day: |d| d.strftime("%d.%m.%Y").to_string(), sign_first: false };
pub const SWEDISH: Plain =
    Plain { decimal: ',', group: '\u{a0}', day: |d| d.strftime("%Y-%m-%d").to_string(), sign_first: false };

macro_rules! words {
    ($($field:ident: $text:literal),* $(,)?) => { Words { $($field: $text.to_owned()),* } };
}

pub fn english() -> Words {
    words! {
        language: "en", invoice: "Invoice", credit_note: "Credit note", number: "Number", date: "Date",
        period: "Period", due: "Due", terms: "Terms", bill_to: "Bill to", from: "From", vat_id: "VAT ID",
        tax_number: "Tax number", registration: "Company no.", po_number: "Your order", buyer_reference: "Your reference",
        amends: "Corrects", amended: "{number} of {date}", description: "Description", quantity: "Quantity",
        unit_price: "Unit price", tax: "VAT", amount: "Amount", tax_on: "{tax} on {net}", net_total: "Net total",
        tax_total: "VAT total", total: "Total", paid: "Paid", to_pay: "To pay", to_credit: "Credited to you",
        reverse_charge: "Reverse charge: the buyer accounts for the VAT.", bank_details: "Bank details",
        account_holder: "Account holder", iban: "IBAN", bic: "BIC", reference: "Reference",
        scan_to_pay: "Scan with your banking app to pay", notes: "Notes", page_of: "Page {page} of {pages}",
    }
}

pub fn german() -> Words {
    words! {
        language: "de", invoice: "Rechnung", credit_note: "Gutschrift", number: "Nummer", date: "Datum",
        period: "Zeitraum", due: "Fällig am", terms: "Zahlungsziel", bill_to: "Rechnung an", from: "Von",
        vat_id: "USt-IdNr.", tax_number: "Steuernummer", registration: "Registernummer", po_number: "Ihre Bestellung",
        buyer_reference: "Ihr Zeichen", amends: "Berichtigt", amended: "{number} vom {date}",
        description: "Beschreibung", quantity: "Menge", unit_price: "Einzelpreis", tax: "USt.", amount: "Betrag",
        tax_on: "{tax} auf {net}", net_total: "Nettosumme", tax_total: "Umsatzsteuer", total: "Gesamtbetrag",
        paid: "Bezahlt", to_pay: "Zu zahlen", to_credit: "Ihnen gutgeschrieben",
        reverse_charge: "Steuerschuldnerschaft des Leistungsempfängers.", bank_details: "Bankverbindung",
        account_holder: "Kontoinhaber", iban: "IBAN", bic: "BIC", reference: "Verwendungszweck",
        scan_to_pay: "Mit der Banking-App scannen und zahlen", notes: "Anmerkungen",
        page_of: "Seite {page} von {pages}",
    }
}

pub fn swedish() -> Words {
    words! {
        language: "sv", invoice: "Faktura", credit_note: "Kreditfaktura", number: "Nummer", date: "Datum",
        period: "Period", due: "Förfaller", terms: "Betalningsvillkor", bill_to: "Faktureras till", from: "Från",
        vat_id: "Momsreg.nr", tax_number: "Skattenummer", registration: "Org.nr", po_number: "Er beställning",
        buyer_reference: "Er referens", amends: "Avser", amended: "{number} av {date}", description: "Beskrivning",
        quantity: "Antal", unit_price: "À-pris", tax: "Moms", amount: "Belopp", tax_on: "{tax} på {net}",
        net_total: "Summa netto", tax_total: "Moms", total: "Totalt", paid: "Betalt", to_pay: "Att betala",
        to_credit: "Krediteras", reverse_charge: "Omvänd betalningsskyldighet.", bank_details: "Bankuppgifter",
        account_holder: "Kontohavare", iban: "IBAN", bic: "BIC", reference: "Referens",
        scan_to_pay: "Skanna med bankappen för att betala", notes: "Anmärkningar", page_of: "Sida {page} av {pages}",
    }
}

pub fn look() -> Look {
    Look { logo: None, accent: [11, 61, 145] }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub fn seller() -> Party {
    Party {
        name: "Nordhafen Software GmbH".to_owned(),
        address: vec!["Speicherstraße 12".to_owned()],
        city: "Hamburg".to_owned(),
        postal_code: some("20457"),
        region: None,
        country: "DE".to_owned(),
        country_name: some("Deutschland"),
        vat_id: some("DE123456789"),
        tax_number: None,
        registration: some("HRB 98765"),
        contact: Contact {
            name: some("Buchhaltung"),
            phone: some("+49 40 1234567"),
            email: some("rechnung@nordhafen.example"),
        },
        electronic_address: Some(ElectronicAddress {
            scheme: "0088".to_owned(),
            id: "4012345000009".to_owned(),
        }),
    }
}

pub fn buyer() -> Party {
    Party {
        name: "Müller & Söhne Systemhaus AG".to_owned(),
        address: vec!["Königsallee 4".to_owned(), "Hinterhaus, 3. Stock".to_owned()],
        city: "Düsseldorf".to_owned(),
        postal_code: some("40212"),
        region: None,
        country: "DE".to_owned(),
        country_name: some("Deutschland"),
        vat_id: some("DE987654321"),
        tax_number: None,
        registration: None,
        contact: Contact { name: None, phone: None, email: some("einkauf@mueller-soehne.example") },
        electronic_address: None,
    }
}

pub fn tax(category: Category, percent: Decimal, label: &str) -> TaxRow {
    TaxRow { category, percent, label: label.to_owned(), taxable: dec!(0), tax: dec!(0), reason: None }
}

pub fn line(title: &str, detail: &str, quantity: Decimal, price: Decimal, tax: usize) -> Line {
    Line {
        number: 0,
        title: title.to_owned(),
        detail: detail.to_owned(),
        service: Some(Period { first: date(2026, 10, 1), last: date(2026, 10, 31) }),
        quantity,
        unit: Line::EACH.to_owned(),
        unit_price: price,
        net: (quantity * price).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero),
        taxes: vec![tax],
    }
}

/// A document with these lines and taxes, numbered and added up.
pub fn document(kind: Kind, mut lines: Vec<Line>, mut taxes: Vec<TaxRow>) -> Document {
    for (at, line) in lines.iter_mut().enumerate() {
        line.number = u32::try_from(at + 1).unwrap();
        taxes[line.taxes[0]].taxable += line.net;
    }
    for row in &mut taxes {
        let exact = row.taxable * row.percent / dec!(100);
        row.tax = exact.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    }
    let net: Decimal = taxes.iter().map(|t| t.taxable).sum();
    let tax: Decimal = taxes.iter().map(|t| t.tax).sum();
    Document {
        kind,
        number: "R-2026-000123".to_owned(),
        issued_on: date(2026, 11, 1),
        period: Period { first: date(2026, 10, 1), last: date(2026, 10, 31) },
        due_on: Some(date(2026, 12, 1)),
        terms: None,
        currency: "EUR".to_owned(),
        exponent: 2,
        seller: seller(),
        buyer: buyer(),
        po_number: some("PO-77-41"),
        buyer_reference: None,
        amends: Vec::new(),
        lines,
        taxes,
        totals: Totals { net, tax, gross: net + tax, paid: dec!(0), due: net + tax },
        payment: Some(Bank {
            holder: "Nordhafen Software GmbH".to_owned(),
            iban: "DE02 1203 0000 0000 2020 51".to_owned(),
            bic: some("BYLADEM1001"),
            reference: "R-2026-000123".to_owned(),
        }),
        notes: Vec::new(),
    }
}

/// Two rates, a position taken back and a price with four decimals.
pub fn two_rates() -> Document {
    let lines = vec![
        line("Office Suite Business, 1 month", "Order 4711 · New subscription", dec!(25), dec!(11.70), 0),
        line("SQL Server Enterprise, 2 cores, 1 year", "Order 4712 · Renewal", dec!(4), dec!(1254.09), 0),
        line("Object storage, gigabyte hours", "Metered usage", dec!(18250.5), dec!(0.0213), 0),
        line(
            "Office Suite Business, 1 month",
            "Order 4690 · Credit for 3 cancelled seats",
            dec!(-3),
            dec!(11.70),
            0,
        ),
        line("Administrator's handbook, printed", "Order 4713", dec!(2), dec!(49.90), 1),
    ];
    let taxes =
        vec![tax(Category::Standard, dec!(19), "USt. 19 %"), tax(Category::Standard, dec!(7), "USt. 7 %")];
    let mut made = document(Kind::Invoice, lines, taxes);
    made.notes = vec!["Vielen Dank für Ihren Auftrag.".to_owned(), "Es gelten unsere AGB.".to_owned()];
    made
}

pub fn credit_note() -> Document {
    let lines = vec![
        line(
            "Office Suite Business, 1 month",
            "Order 4711 · Cancelled within 7 days",
            dec!(5),
            dec!(11.70),
            0,
        ),
        line("Administrator's handbook, printed", "Order 4713 · Returned", dec!(1), dec!(49.90), 1),
    ];
    let taxes =
        vec![tax(Category::Standard, dec!(19), "VAT 19 %"), tax(Category::Standard, dec!(7), "VAT 7 %")];
    let mut made = document(Kind::CreditNote, lines, taxes);
    made.number = "C-2026-000017".to_owned();
    made.due_on = None;
    made.amends = vec![Preceding { number: "R-2026-000123".to_owned(), issued_on: date(2026, 11, 1) }];
    made
}

pub fn reverse_charge() -> Document {
    let lines = vec![line("Office Suite Business, 1 month", "Order 4711", dec!(120), dec!(11.70), 0)];
    let mut row = tax(Category::ReverseCharge, dec!(0), "Moms 0 %");
    row.reason = some("Omvänd betalningsskyldighet, artikel 196 i direktiv 2006/112/EG.");
    let mut made = document(Kind::Invoice, lines, vec![row]);
    made.buyer.name = "Ångström & Öberg AB".to_owned();
    made.buyer.address = vec!["Storgatan 1".to_owned()];
    made.buyer.city = "Göteborg".to_owned();
    made.buyer.postal_code = some("411 01");
    made.buyer.country = "SE".to_owned();
    made.buyer.country_name = some("Sverige");
    made.buyer.vat_id = some("SE556000016701");
    made
}

pub fn many_lines(count: usize) -> Document {
    let lines = (0..count)
        .map(|at| {
            let title = format!("Product {at}, licence for one user, 1 month");
            let detail = format!("Order {} · Renewal", 10_000 + at);
            line(&title, &detail, Decimal::from(at % 40 + 1), dec!(3.15), at % 2)
        })
        .collect();
    let taxes =
        vec![tax(Category::Standard, dec!(19), "VAT 19 %"), tax(Category::Standard, dec!(7), "VAT 7 %")];
    document(Kind::Invoice, lines, taxes)
}
