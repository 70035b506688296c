//! The pages, as a reader of PDF finds them.

use chandlery_documents::{Error, Look, pdf};
use lopdf::Document as Pdf;

use crate::fixture::{self, ENGLISH, GERMAN, SWEDISH, dec, english, german, look, swedish};

fn pages(bytes: &[u8]) -> usize {
    Pdf::load_mem(bytes).expect("a PDF").get_pages().len()
}

/// Without blanks and the marks that only say where a word may break: lines end anywhere.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| *c != '\u{200b}' && !c.is_whitespace()).collect()
}

/// All text of all pages, squeezed.
fn text(bytes: &[u8]) -> String {
    let pdf = Pdf::load_mem(bytes).expect("a PDF");
    let numbers: Vec<u32> = pdf.get_pages().keys().copied().collect();
    let text = pdf.extract_text(&numbers).expect("text");
    squeezed(&text)
}

fn contains(bytes: &[u8], part: &str) -> bool {
    bytes.windows(part.len()).any(|window| window == part.as_bytes())
}

#[test]
fn one_page_holds_an_archivable_tagged_invoice() {
    let bytes = pdf(&fixture::two_rates(), &german(), &GERMAN, &look()).expect("pages");
    assert!(bytes.starts_with(b"%PDF-1.7"));
    assert!(contains(&bytes, "<pdfaid:part>3</pdfaid:part>"), "names PDF/A-3");
    assert!(contains(&bytes, "<pdfaid:conformance>B</pdfaid:conformance>"), "names level b");
    assert_eq!(pages(&bytes), 1);
    let text = text(&bytes);
    for part in ["Rechnung", "R-2026-000123", "Müller & Söhne", "5.016,36", "DE02", "Seite 1 von 1"] {
        assert!(text.contains(&squeezed(part)), "{part} is missing in {text}");
    }
    let read = Pdf::load_mem(&bytes).expect("a PDF");
    let catalog = read.catalog().expect("a catalogue");
    assert!(catalog.has(b"StructTreeRoot"), "is tagged");
    assert_eq!(catalog.get(b"Lang").and_then(|l| l.as_str()).expect("a language"), b"de");
}

#[test]
fn one_line_takes_one_page_in_every_language() {
    let mut document = fixture::reverse_charge();
    document.lines.truncate(1);
    for (words, format) in [(english(), &ENGLISH), (german(), &GERMAN), (swedish(), &SWEDISH)] {
        let bytes = pdf(&document, &words, format, &look()).expect("pages");
        assert_eq!(pages(&bytes), 1);
        assert!(text(&bytes).contains(&squeezed(&words.invoice)));
    }
}

#[test]
fn many_lines_take_many_pages_with_the_head_on_each() {
    let document = fixture::many_lines(150);
    let bytes = pdf(&document, &english(), &ENGLISH, &look()).expect("pages");
    let count = pages(&bytes);
    assert!(count >= 6, "{count} pages");
    let read = Pdf::load_mem(&bytes).expect("a PDF");
    for page in [1, 5] {
        let text = read.extract_text(&[page]).expect("text");
        assert!(text.contains("Unit price"), "page {page} has no head: {text}");
        assert!(text.contains(&format!("Page {page} of {count}")), "page {page} has no foot");
    }
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let document = fixture::credit_note();
    let first = pdf(&document, &english(), &ENGLISH, &look()).expect("pages");
    let other = pdf(&fixture::two_rates(), &english(), &ENGLISH, &look()).expect("pages");
    let again = pdf(&document, &english(), &ENGLISH, &look()).expect("pages");
    assert!(first == again);
    assert!(first != other);
}

#[test]
fn what_people_type_is_printed_and_never_run() {
    let mut document = fixture::two_rates();
    let hostile = "#import \"@preview/x:1.0.0\": * #panic(1) $x^2$ *b* _i_ `c` <label> @ref \\ \\u{41} // ok";
    document.buyer.name = hostile.to_owned();
    document.lines[0].title = "]}) #{ let x = 1 } \"'--~".to_owned();
    document.lines[0].detail =
        "smile 😀👍🏽 family 👩‍👩‍👧 שלום עולם مرحبا بالعالم 漢字 \u{202e}evil\u{0}".to_owned();
    document.lines[1].title = "W".repeat(4_000);
    document.po_number = Some("P".repeat(300));
    document.seller.city = "=Title\n- item\n+ enum".to_owned();
    document.notes = vec!["{page} of {pages} ".repeat(40)];
    let bytes = pdf(&document, &english(), &ENGLISH, &look()).expect("pages");
    let text = text(&bytes);
    for part in
        ["#import", "#panic(1)", "*b* _i_ `c` <label> @ref \\ \\u{41} // ok", "]}) #{ let x = 1 } \"'--~"]
    {
        assert!(text.contains(&squeezed(part)), "{part} is missing in {text}");
    }
    assert!(text.matches('W').count() >= 4_000, "all letters are there");
    assert!(text.contains("smile□□family□□□") && text.contains('ש') && text.contains("□□evil"), "{text}");
}

#[test]
fn a_logo_is_printed_and_rubbish_is_refused() {
    let logo = include_bytes!("logo.png").to_vec();
    let document = fixture::two_rates();
    let with = Look { logo: Some(logo), ..look() };
    let bytes = pdf(&document, &english(), &ENGLISH, &with).expect("pages");
    assert_eq!(pages(&bytes), 1);
    let mut torn = with.logo.clone().expect("a logo");
    torn.truncate(60);
    let torn = pdf(&document, &english(), &ENGLISH, &Look { logo: Some(torn), ..look() });
    assert!(matches!(torn, Err(Error::Typesetting(_) | Error::Logo)), "{torn:?}");
    let svg = pdf(&document, &english(), &ENGLISH, &Look { logo: Some(b"<svg/>".to_vec()), ..look() });
    assert!(matches!(svg, Err(Error::Logo)));
}

#[test]
fn only_what_can_be_paid_by_a_euro_transfer_gets_a_code() {
    let has_code = |document: &chandlery_documents::Document| {
        text(&pdf(document, &english(), &ENGLISH, &look()).expect("pages")).contains("Scanwith")
    };
    let invoice = fixture::two_rates();
    assert!(has_code(&invoice));
    let mut paid = invoice.clone();
    paid.totals.paid = paid.totals.gross;
    paid.totals.due = dec!(0);
    assert!(!has_code(&paid));
    let mut crowns = invoice.clone();
    crowns.currency = "SEK".to_owned();
    assert!(!has_code(&crowns));
    let mut without = invoice;
    without.payment = None;
    assert!(!has_code(&without));
    assert!(!has_code(&fixture::credit_note()));
}

#[test]
fn a_line_without_its_tax_is_refused() {
    let mut document = fixture::two_rates();
    document.lines[2].taxes = vec![7];
    let refused = pdf(&document, &english(), &ENGLISH, &look());
    assert!(matches!(refused, Err(Error::UnknownTax { line: 3, tax: 7 })));
}
