//! What a tax is called.

use chandlery_domain::tax::Rate;
use chandlery_domain::taxation::Treatment;

use super::Reader;

/// A tax with its rate, or why there is none: "VAT 19%", "Reverse charge: the buyer owes the tax".
pub fn tax(reader: &Reader, treatment: &Treatment, name: &str, rate: Rate) -> String {
    let percent = reader.percent(rate.fraction());
    match treatment {
        // What most of Europe calls by its own word; others keep their names.
        Treatment::Taxed(_) if name == "VAT" => format!("{} {percent}", reader.t("document-vat")),
        Treatment::Taxed(_) => format!("{name} {percent}"),
        Treatment::Exempt(number) => reader.t1("document-exempt", "number", number),
        Treatment::ReverseCharge => reader.t("document-reverse-charge"),
        Treatment::OutOfScope => reader.t("document-out-of-scope"),
    }
}
