//! The electronic invoices, read back and checked by the library.

use chandlery_documents::{
    Category, Document, Error, Kind, Period, check, cii, pdf, ubl, xrechnung, zugferd,
};
use en16931::profiles;
use en16931_formats::{Policy, Recommendation, receive};
use jiff::civil::date;
use rust_decimal::Decimal;

use crate::fixture::{self, ENGLISH, dec, english, line, look, tax};

fn accepted(bytes: &[u8], profile: &'static en16931::Profile) -> en16931::Invoice {
    let received = receive(bytes, &Policy { require: Some(profile), ..Policy::default() });
    assert_eq!(received.recommendation, Recommendation::Accept, "{received}");
    received.invoice.expect("an invoice")
}

/// Every form of the document is written, read back and accepted with its totals.
fn round(document: &Document) {
    check(document).unwrap_or_else(|broken| panic!("{broken:?}"));
    let forms = [
        (ubl(document).expect("UBL"), &profiles::PEPPOL_BIS_3),
        (xrechnung(document).expect("XRechnung"), &profiles::XRECHNUNG),
        (cii(document).expect("CII"), &profiles::EN16931),
    ];
    for (xml, profile) in forms {
        let read = accepted(xml.as_bytes(), profile);
        assert_eq!(read.number.as_deref(), Some(document.number.as_str()));
        assert_eq!(read.totals.taxable_total.into_decimal(), document.totals.net);
        assert_eq!(read.totals.vat_total.expect("tax").into_decimal(), document.totals.tax);
        assert_eq!(read.totals.gross_total.into_decimal(), document.totals.gross);
        assert_eq!(read.totals.due.into_decimal(), document.totals.due);
        assert_eq!(read.lines.len(), document.lines.len());
        assert_eq!(read.kind == en16931::DocumentKind::CreditNote, document.kind == Kind::CreditNote);
    }
}

fn broken(document: &Document) -> Vec<String> {
    check(document).expect_err("a broken rule").into_iter().map(|violation| violation.rule).collect()
}

#[test]
fn an_invoice_with_two_rates_is_accepted() {
    let document = fixture::two_rates();
    round(&document);
    let xml = ubl(&document).expect("UBL");
    assert!(xml.contains("urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"));
    assert!(xml.contains("<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>"));
    assert!(xml.contains(">DE02120300000000202051<"), "{xml}");
    let read = accepted(xml.as_bytes(), &profiles::PEPPOL_BIS_3);
    assert_eq!(read.vat_breakdown.len(), 2);
    assert_eq!(read.purchase_order_reference.expect("an order").as_str(), "PO-77-41");
}

#[test]
fn a_credit_note_names_what_it_corrects() {
    let document = fixture::credit_note();
    round(&document);
    let xml = ubl(&document).expect("UBL");
    assert!(xml.contains("<cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>"));
    let read = accepted(xml.as_bytes(), &profiles::PEPPOL_BIS_3);
    assert_eq!(read.preceding_invoices[0].reference.as_str(), "R-2026-000123");
    assert_eq!(read.preceding_invoices[0].issue_date.expect("a date").to_string(), "2026-11-01");
}

#[test]
fn a_buyer_who_owes_the_tax_must_have_a_number() {
    let document = fixture::reverse_charge();
    round(&document);
    let mut nameless = document;
    nameless.buyer.vat_id = None;
    assert!(broken(&nameless).contains(&"BR-AE-02".to_owned()));
    assert!(matches!(ubl(&nameless), Err(Error::Invalid(_))));
}

#[test]
fn every_category_is_accepted() {
    for (category, percent, reason) in [
        (Category::Zero, dec!(0), None),
        (Category::Exempt, dec!(0), Some("Exempt under article 132")),
        (Category::Export, dec!(0), None),
        (Category::OutOfScope, dec!(0), None),
        (Category::ReverseCharge, dec!(0), None),
        (Category::Standard, dec!(25), None),
    ] {
        let mut row = tax(category, percent, "VAT");
        row.reason = reason.map(str::to_owned);
        let lines = vec![line("Office Suite", "", dec!(3), dec!(9.99), 0)];
        round(&fixture::document(Kind::Invoice, lines, vec![row]));
    }
}

#[test]
fn a_prorated_price_still_multiplies_up() {
    // 7 seats at 11.70 for 9 of 31 days, cut to cents for each: 3.39 × 7 = 23.73, stated with the full price.
    let mut prorated = line("Office Suite", "9 of 31 days", dec!(7), dec!(11.70), 0);
    prorated.net = dec!(23.73);
    let mut back = line("Office Suite", "Taken back with a negative price", dec!(2), dec!(-5.25), 0);
    back.service = Some(Period { first: date(2026, 10, 15), last: date(2027, 10, 14) });
    let mut fee = line("Fee", "Without a quantity", dec!(0), dec!(0), 0);
    fee.net = dec!(1.50);
    let taxes = vec![tax(Category::Standard, dec!(19), "VAT 19 %")];
    let document = fixture::document(Kind::Invoice, vec![prorated, back, fee], taxes);
    assert_eq!(document.totals.net, dec!(14.73));
    round(&document);
}

#[test]
fn rows_of_one_rate_are_one_row_for_the_rules() {
    let lines = vec![line("A", "", dec!(1), dec!(10), 0), line("B", "", dec!(1), dec!(20), 1)];
    let taxes = vec![
        tax(Category::Standard, dec!(19), "VAT 19 % goods"),
        tax(Category::Standard, dec!(19.0), "VAT 19 %"),
    ];
    round(&fixture::document(Kind::Invoice, lines, taxes));
}

#[test]
fn little_said_is_enough_and_wrong_sums_are_not() {
    let mut bare = fixture::two_rates();
    bare.po_number = None;
    bare.due_on = None;
    bare.notes = Vec::new();
    bare.buyer.electronic_address = None;
    round(&bare);
    bare.payment = None;
    round(&bare);
    bare.totals.gross += dec!(0.01);
    assert!(broken(&bare).contains(&"BR-CO-15".to_owned()));
}

#[test]
fn what_was_paid_before_is_taken_off() {
    let mut document = fixture::two_rates();
    document.totals.paid = dec!(1000.00);
    document.totals.due -= dec!(1000.00);
    round(&document);
    document.totals.paid = document.totals.gross;
    document.totals.due = dec!(0);
    document.due_on = None;
    round(&document);
}

#[test]
fn wrong_things_are_named_and_not_written() {
    let mut document = fixture::two_rates();
    document.seller.contact.phone = None;
    assert!(check(&document).is_ok(), "only XRechnung wants a telephone");
    let Err(Error::Invalid(rules)) = xrechnung(&document) else { panic!("must be refused") };
    assert_eq!(rules[0].rule, "BR-DE-6");
    document.buyer.country = "XX".to_owned();
    assert!(broken(&document).contains(&"BR-CL-14".to_owned()));
    let mut mills = fixture::two_rates();
    mills.totals.due = dec!(1.234);
    assert!(matches!(cii(&mills), Err(Error::Amount { at: "BT-115", .. })));
    assert_eq!(broken(&mills), ["model"]);
}

#[test]
fn text_is_carried_whole_but_for_what_xml_cannot_have() {
    let mut document = fixture::two_rates();
    document.lines[0].title = "</cbc:Name><x> & \"😀\" שלום \u{1}\u{202e}漢字".to_owned();
    document.buyer.name = "  ]]> GmbH\n".to_owned();
    round(&document);
    let read = accepted(ubl(&document).expect("UBL").as_bytes(), &profiles::PEPPOL_BIS_3);
    assert_eq!(read.lines[0].item.name.as_deref(), Some("</cbc:Name><x> & \"😀\" שלום 漢字"));
    assert_eq!(read.buyer.name.as_deref(), Some("]]> GmbH"));
}

#[test]
fn the_page_carries_the_invoice() {
    for document in [fixture::two_rates(), fixture::credit_note(), fixture::reverse_charge()] {
        let pages = pdf(&document, &english(), &ENGLISH, &look()).expect("pages");
        let hybrid = zugferd(&pages, &document).expect("a hybrid");
        assert!(hybrid.starts_with(&pages), "the pages stay as they were");
        assert!(hybrid == zugferd(&pages, &document).expect("a hybrid"), "the same bytes");
        let read = accepted(&hybrid, &profiles::EN16931);
        assert_eq!(read.totals.gross_total.into_decimal(), document.totals.gross);
        assert!(matches!(zugferd(&hybrid, &document), Err(Error::Embedding(_))), "not twice");
    }
}

#[test]
fn many_lines_are_carried_too() {
    let document = fixture::many_lines(150);
    round(&document);
    let pages = pdf(&document, &english(), &ENGLISH, &look()).expect("pages");
    let hybrid = zugferd(&pages, &document).expect("a hybrid");
    assert_eq!(accepted(&hybrid, &profiles::EN16931).lines.len(), 150);
}

#[test]
fn a_currency_without_decimals_is_written() {
    let mut document = fixture::many_lines(2);
    document.currency = "JPY".to_owned();
    document.exponent = 0;
    for line in &mut document.lines {
        line.unit_price = dec!(1200);
        line.net = line.quantity * dec!(1200);
    }
    let lines = document.lines.clone();
    let taxes =
        vec![tax(Category::Standard, dec!(10), "Tax 10 %"), tax(Category::Standard, dec!(8), "Tax 8 %")];
    let sums = fixture::document(Kind::Invoice, lines, taxes);
    document.totals = sums.totals;
    document.taxes = sums.taxes;
    assert_eq!(document.totals.gross, Decimal::from(1200 * 110 / 100 + 2400 * 108 / 100));
    round(&document);
}
