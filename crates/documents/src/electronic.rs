//! The electronic invoice: checked against the rules first, written only when it keeps them.

use std::time::{Duration, SystemTime};

use en16931::validation::profile::ProfileMarker;
use en16931::{En16931, PeppolBis3, Severity, Validated, ValidationReport, XRechnung};
use en16931_formats::zugferd::{EmbedOptions, Metadata, embed};
use en16931_formats::{Syntax, write};
use jiff::civil::Date;

use crate::document::Document;
use crate::error::{Error, Violation};
use crate::mapping;
use crate::text::clean;

/// Checks the document against the business rules of EN 16931.
///
/// The rules of Peppol and of XRechnung go further; [`ubl`] and [`xrechnung`] check those.
///
/// # Errors
/// The rules it breaks. What cannot be put into the model at all is reported under the rule `model`.
pub fn check(document: &Document) -> Result<(), Vec<Violation>> {
    match proven::<En16931>(document) {
        Ok(_) => Ok(()),
        Err(Error::Invalid(violations)) => Err(violations),
        Err(other) => {
            Err(vec![Violation { rule: "model".to_owned(), at: String::new(), message: other.to_string() }])
        }
    }
}

/// The document in UBL 2.1 as Peppol BIS Billing 3.0 has it.
///
/// # Errors
/// [`Error::Invalid`] when it breaks a rule of EN 16931 or of Peppol, and what [`Error`] says of amounts and dates.
pub fn ubl(document: &Document) -> Result<String, Error> {
    Ok(write(&proven::<PeppolBis3>(document)?, Syntax::Ubl).xml)
}

/// The document in UBL 2.1 as XRechnung 3.0 has it, for public buyers in Germany.
///
/// # Errors
/// [`Error::Invalid`] when it breaks a rule of EN 16931 or of XRechnung, and what [`Error`] says of amounts and dates.
pub fn xrechnung(document: &Document) -> Result<String, Error> {
    Ok(write(&proven::<XRechnung>(document)?, Syntax::Ubl).xml)
}

/// The document in UN/CEFACT CII D16B, plain EN 16931: the same text that [`zugferd`] embeds.
///
/// # Errors
/// [`Error::Invalid`] when it breaks a rule of EN 16931, and what [`Error`] says of amounts and dates.
pub fn cii(document: &Document) -> Result<String, Error> {
    Ok(write(&proven::<En16931>(document)?, Syntax::Cii).xml)
}

/// The PDF with the document inside as `factur-x.xml`: ZUGFeRD and Factur-X, profile EN 16931.
///
/// `pdf` is what [`pdf`](crate::pdf) made of the same document. The same input gives the same bytes.
///
/// # Errors
/// [`Error::Invalid`] when the document breaks a rule of EN 16931, [`Error::Embedding`] when the PDF is no PDF/A-3 or
/// already carries an invoice.
pub fn zugferd(pdf: &[u8], document: &Document) -> Result<Vec<u8>, Error> {
    let proof = proven::<En16931>(document)?;
    let seller = clean(&document.seller.name);
    let number = clean(&document.number);
    let options = EmbedOptions {
        // Without words, so that it suits every language.
        metadata: Some(Metadata {
            title: format!("{seller} {number}"),
            subject: format!("{number}, {}", document.issued_on),
            author: seller,
        }),
        modified: Some(midnight(document.issued_on)),
        ..EmbedOptions::default()
    };
    embed(pdf, &proof, &options).map_err(|error| Error::Embedding(error.to_string()))
}

fn proven<P: ProfileMarker>(document: &Document) -> Result<Validated<P>, Error> {
    let invoice = mapping::invoice(document, P::PROFILE)?;
    Validated::new(invoice).map_err(|rejected| Error::Invalid(violations(rejected.report())))
}

fn violations(report: &ValidationReport) -> Vec<Violation> {
    report
        .findings()
        .iter()
        .filter(|finding| finding.severity == Severity::Fatal)
        .map(|finding| {
            let mut message = finding.message.clone();
            if let Some(detail) = &finding.detail {
                message = format!("{message} (expected {}, found {})", detail.expected, detail.actual);
            }
            Violation { rule: finding.rule.clone(), at: finding.path.to_string(), message }
        })
        .collect()
}

/// The start of the day in UTC; 1970 for anything before.
fn midnight(day: Date) -> SystemTime {
    let days = Date::constant(1970, 1, 1).until(day).map_or(0, |span| span.get_days());
    let seconds = u64::try_from(days).unwrap_or(0).saturating_mul(86_400);
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}
