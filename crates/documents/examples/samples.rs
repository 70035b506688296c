//! Writes sample documents into a folder and prints what making them took: `samples <folder>`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[path = "../tests/documents/fixture.rs"]
mod fixture;

use std::path::PathBuf;
use std::time::Instant;

use chandlery_documents::{Document, Look, check, cii, pdf, ubl, xrechnung, zugferd};
use fixture::{ENGLISH, GERMAN, Plain, SWEDISH, english, german, look, swedish};

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".to_owned()));
    let logo = Look { logo: Some(include_bytes!("../tests/documents/logo.png").to_vec()), ..look() };
    let green = Look { logo: None, accent: [120, 200, 80] };
    let mut paid = fixture::two_rates();
    paid.totals.paid = "1000.00".parse().unwrap();
    paid.totals.due -= paid.totals.paid;
    paid.terms = Some("30 days net, 2 % within 7 days".to_owned());
    save(&folder, "invoice-de", &paid, &german(), &GERMAN, &look());
    save(&folder, "invoice-en", &fixture::two_rates(), &english(), &ENGLISH, &logo);
    save(&folder, "credit-en", &fixture::credit_note(), &english(), &ENGLISH, &green);
    save(&folder, "invoice-sv", &fixture::reverse_charge(), &swedish(), &SWEDISH, &look());
    save(&folder, "invoice-60", &fixture::many_lines(60), &english(), &ENGLISH, &look());
    let mut hostile = fixture::two_rates();
    hostile.buyer.name = "#import \"@preview/x:1.0.0\": * $x^2$ *b* \\ \\u{41}".to_owned();
    hostile.lines[0].detail = "smile 😀👍🏽 שלום עולם (12) مرحبا بالعالم 漢字 Ελληνικά Кириллица".to_owned();
    hostile.lines[1].title = "W".repeat(400);
    save(&folder, "hostile", &hostile, &english(), &ENGLISH, &look());
    measure();
}

fn save(
    folder: &std::path::Path,
    name: &str,
    document: &Document,
    words: &chandlery_documents::Words,
    format: &Plain,
    look: &Look,
) {
    let pages = pdf(document, words, format, look).unwrap();
    let hybrid = zugferd(&pages, document).unwrap();
    std::fs::write(folder.join(format!("{name}.pdf")), hybrid).unwrap();
    std::fs::write(folder.join(format!("{name}.xml")), ubl(document).unwrap()).unwrap();
    std::fs::write(folder.join(format!("{name}-xr.xml")), xrechnung(document).unwrap()).unwrap();
    std::fs::write(folder.join(format!("{name}-cii.xml")), cii(document).unwrap()).unwrap();
}

fn measure() {
    // Never the same twice, so that the typesetter's memory helps no more than it would on real invoices.
    let document = |at: usize| {
        let mut document = fixture::two_rates();
        document.number = format!("R-2026-{at:06}");
        document.buyer.name = format!("Buyer {} GmbH", at * 7_919);
        for line in &mut document.lines {
            line.title = format!("{} {at}", line.title);
            line.detail = format!("{} {}", line.detail, at * 31);
        }
        document
    };
    let median = |times: usize, work: &dyn Fn(usize)| {
        let mut taken: Vec<f64> = (0..times)
            .map(|at| {
                let start = Instant::now();
                work(at);
                start.elapsed().as_secs_f64() * 1_000.0
            })
            .collect();
        taken.sort_by(f64::total_cmp);
        format!("median {:.2}, p95 {:.2}", taken[times / 2], taken[times * 95 / 100])
    };
    println!("start: {}", memory());
    let render = |at: usize| drop(pdf(&document(at), &german(), &GERMAN, &look()).unwrap());
    println!("one page ms: {}, {}", median(300, &render), memory());
    let pages = pdf(&document(0), &german(), &GERMAN, &look()).unwrap();
    println!("size {} bytes", pages.len());
    println!("embed ms: {}", median(50, &|_| drop(zugferd(&pages, &document(0)).unwrap())));
    println!("ubl ms: {}", median(50, &|at| drop(ubl(&document(at)).unwrap())));
    println!("check ms: {}", median(50, &|at| check(&document(at)).unwrap()));
    let lines: usize = std::env::args().nth(2).and_then(|n| n.parse().ok()).unwrap_or(1_000);
    for at in 0..4 {
        let mut large = fixture::many_lines(lines);
        for line in &mut large.lines {
            line.title = format!("{at} {}", line.title);
        }
        let start = Instant::now();
        let bytes = pdf(&large, &english(), &ENGLISH, &look()).unwrap();
        println!(
            "{lines} lines: {:.2} s, {} bytes, {}",
            start.elapsed().as_secs_f64(),
            bytes.len(),
            memory()
        );
        let start = Instant::now();
        let hybrid = zugferd(&bytes, &large).map(|hybrid| hybrid.len());
        println!("  embed {:.2} s {hybrid:?}", start.elapsed().as_secs_f64());
        let start = Instant::now();
        let xml = ubl(&large).map(|xml| xml.len());
        println!("  ubl {:.2} s {xml:?}", start.elapsed().as_secs_f64());
    }
    for at in 0..5 {
        render(at);
    }
    println!("after five small ones: {}", memory());
}

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let field = |name: &str| {
        status.lines().find(|line| line.starts_with(name)).unwrap_or_default().replace('\t', " ")
    };
    format!("{} {}", field("VmRSS"), field("VmHWM"))
}
