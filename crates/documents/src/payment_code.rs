//! The QR code a banking app reads to fill in a transfer (European Payments Council, EPC069-12, version 2).

use qrcode::{EcLevel, QrCode, render::svg};
use rust_decimal::Decimal;

use crate::document::{Document, Kind};
use crate::text::first;

/// The longest payload the guideline allows: version 13 of the code at error correction M.
const BYTES_MAX: usize = 331;

/// The code as SVG, or nothing when the document cannot be paid by one: only invoices in euro with an IBAN and an
/// amount between 0.01 and 999,999,999.99.
pub(crate) fn svg(document: &Document) -> Option<String> {
    let payload = payload(document)?;
    let code = QrCode::with_error_correction_level(payload.as_bytes(), EcLevel::M).ok()?;
    let picture = code.render::<svg::Color<'_>>().quiet_zone(false).min_dimensions(200, 200).build();
    Some(picture)
}

fn payload(document: &Document) -> Option<String> {
    let bank = document.payment.as_ref()?;
    let due = document.totals.due;
    let payable =
        due >= Decimal::new(1, 2) && due <= Decimal::new(99_999_999_999, 2) && due.normalize().scale() <= 2;
    if document.kind != Kind::Invoice || document.currency != "EUR" || !payable {
        return None;
    }
    let iban = squeezed(&bank.iban);
    if !(15..=34).contains(&iban.len()) || !iban.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let bic = bank.bic.as_deref().map(squeezed).unwrap_or_default();
    let amount = format!("EUR{due:.2}");
    // The guideline's fields in its order; purpose and structured reference stay empty.
    let fields = [
        "BCD",
        "002",
        "1",
        "SCT",
        &bic,
        &first(&bank.holder, 70),
        &iban,
        &amount,
        "",
        "",
        &first(&bank.reference, 140),
    ];
    let payload = fields.join("\n");
    (payload.len() <= BYTES_MAX).then_some(payload)
}

/// Without the spaces that are written into account numbers for the eye.
pub(crate) fn squeezed(number: &str) -> String {
    number.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase()
}
