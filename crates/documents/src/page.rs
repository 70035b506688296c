//! The page: what it says, in the words and numbers of a language, and what it looks like.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::document::{Category, Document, Kind, Line, Party, Period};
use crate::error::Error;
use crate::text::{breakable, filled, printable, shortened};
use crate::{payment_code, typesetting};

/// How many letters a line may have before it may be split between two pages.
const WHOLE_MAX: usize = 600;
/// The same for all notes together, and for rows of taxes.
const NOTES_WHOLE_MAX: usize = 1_000;
const TAXES_WHOLE_MAX: usize = 12;
/// How many letters of a name fit into the foot of a page.
const FOOT_MAX: usize = 60;

/// The fixed texts of the page in one language. Markers in braces are filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// The language as in BCP 47, such as `de` or `en-GB`; decides on hyphenation and what a screen reader speaks.
    pub language: String,
    /// The title of an invoice.
    pub invoice: String,
    /// The title of a credit note.
    pub credit_note: String,
    /// The number of the document.
    pub number: String,
    /// The day of issue.
    pub date: String,
    /// The days settled.
    pub period: String,
    /// The day to pay by.
    pub due: String,
    /// The terms of payment.
    pub terms: String,
    /// Above the buyer.
    pub bill_to: String,
    /// Above the seller.
    pub from: String,
    /// Before a VAT number.
    pub vat_id: String,
    /// Before another tax number.
    pub tax_number: String,
    /// Before a number in a register of companies.
    pub registration: String,
    /// The buyer's order number.
    pub po_number: String,
    /// The buyer's reference.
    pub buyer_reference: String,
    /// Before the documents that are corrected.
    pub amends: String,
    /// One of them: `{number}` and `{date}`.
    pub amended: String,
    /// Column: what was sold.
    pub description: String,
    /// Column: how many.
    pub quantity: String,
    /// Column: the price of one.
    pub unit_price: String,
    /// Column: the rate of tax.
    pub tax: String,
    /// Column: the price of all.
    pub amount: String,
    /// A tax and what it is on: `{tax}` and `{net}`.
    pub tax_on: String,
    /// The sum without tax.
    pub net_total: String,
    /// The sum of all tax.
    pub tax_total: String,
    /// The sum with tax.
    pub total: String,
    /// What was paid before.
    pub paid: String,
    /// What is left to pay.
    pub to_pay: String,
    /// What is given back, on a credit note.
    pub to_credit: String,
    /// Said when the buyer owes the tax and no other reason is given.
    pub reverse_charge: String,
    /// Above the account to pay into.
    pub bank_details: String,
    /// The holder of the account.
    pub account_holder: String,
    /// The number of the account.
    pub iban: String,
    /// The code of the bank.
    pub bic: String,
    /// What to quote when paying.
    pub reference: String,
    /// Beside the code that a banking app reads.
    pub scan_to_pay: String,
    /// Above the notes.
    pub notes: String,
    /// The foot of each page: `{page}` and `{pages}`.
    pub page_of: String,
}

/// How dates and numbers are written in the language of the page.
pub trait Format {
    /// A day.
    fn date(&self, date: Date) -> String;

    /// The days from the first to the last.
    fn period(&self, period: Period) -> String {
        format!("{} – {}", self.date(period.first), self.date(period.last))
    }

    /// A number with exactly the decimals it has: a quantity, a price, an amount in a column, a rate.
    fn number(&self, value: Decimal) -> String;

    /// An amount of money with the sign or the code of its currency; it has the currency's decimals.
    fn money(&self, value: Decimal, currency: &str) -> String;
}

/// What a house looks like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// The logo as PNG; the seller's name stands in.
    pub logo: Option<Vec<u8>>,
    /// The colour of titles and rules in red, green and blue. A light one is darkened until it can be read on white.
    pub accent: [u8; 3],
}

impl Look {
    /// How many bytes a logo may have.
    pub const LOGO_BYTES_MAX: usize = 2 << 20;
    /// How many pixels a logo may have on either side.
    pub const LOGO_PIXELS_MAX: u32 = 4_000;
}

/// Sets the document as PDF/A-3b: tagged, with its fonts, A4, as many pages as it takes.
///
/// Letters that no font has (the fonts cover Latin, Greek, Cyrillic, Hebrew and Arabic) are printed as □. The same
/// input gives the same bytes.
///
/// # Errors
/// [`Error::UnknownTax`], [`Error::Logo`], and [`Error::Typesetting`] for anything the typesetter refuses.
pub fn pdf(document: &Document, words: &Words, format: &dyn Format, look: &Look) -> Result<Vec<u8>, Error> {
    if let Some(logo) = &look.logo {
        check_logo(logo)?;
    }
    let code = payment_code::svg(document);
    let writer = Writer { document, words, format };
    let content = writer.content(look, code.is_some())?;
    let data = serde_json::to_vec(&content).map_err(|error| Error::Typesetting(error.to_string()))?;
    typesetting::set(typesetting::Sheet {
        data,
        logo: look.logo.clone(),
        code,
        identity: format!("{}\n{}\n{}", document.seller.name, document.number, document.issued_on),
    })
}

/// The head of a PNG file: its signature, then the size of the picture (RFC 2083, section 11.2.1).
fn check_logo(logo: &[u8]) -> Result<(), Error> {
    let side = |at: usize| {
        let bytes: [u8; 4] = logo.get(at..at.checked_add(4)?)?.try_into().ok()?;
        let pixels = u32::from_be_bytes(bytes);
        (1..=Look::LOGO_PIXELS_MAX).contains(&pixels).then_some(())
    };
    let sound = logo.len() <= Look::LOGO_BYTES_MAX
        && logo.starts_with(b"\x89PNG\r\n\x1a\n")
        && side(16).is_some()
        && side(20).is_some();
    if sound { Ok(()) } else { Err(Error::Logo) }
}

/// The accent, darkened until it has a contrast of about 4.5 to 1 on white (WCAG 2.2, 1.4.3), as `#rrggbb`.
fn readable([mut red, mut green, mut blue]: [u8; 3]) -> String {
    // Luminance with squares for the curve of sRGB, in ten thousandths of white.
    let luminance = |r: u8, g: u8, b: u8| {
        let square = |c: u8| u32::from(c) * u32::from(c);
        (2_126 * square(r) + 7_152 * square(g) + 722 * square(b)) / (255 * 255)
    };
    while luminance(red, green, blue) > 1_800 {
        (red, green, blue) = (darker(red), darker(green), darker(blue));
    }
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Nineteen twentieths, and at least one less.
fn darker(channel: u8) -> u8 {
    channel.saturating_sub((channel / 20).max(1))
}

/// What the template reads. All texts are ready to print.
#[derive(Serialize)]
struct Content {
    language: String,
    region: Option<String>,
    accent: String,
    logo: bool,
    code: Option<String>,
    year: i16,
    month: i8,
    day: i8,
    title: String,
    heading: String,
    number: String,
    author: String,
    house: String,
    facts: Vec<[String; 2]>,
    bill_to: Block,
    from: Block,
    columns: [String; 6],
    lines: Vec<Row>,
    taxes: Vec<[String; 2]>,
    taxes_whole: bool,
    sums: Vec<[String; 2]>,
    due: [String; 2],
    bank_title: String,
    bank: Vec<[String; 2]>,
    reasons: Vec<String>,
    notes_title: String,
    notes: Vec<String>,
    notes_whole: bool,
    foot: String,
    page_of: String,
}

/// A name or a title with lines below it.
#[derive(Serialize)]
struct Block {
    title: String,
    name: String,
    lines: Vec<String>,
}

#[derive(Serialize)]
struct Row {
    number: String,
    title: String,
    detail: Vec<String>,
    quantity: String,
    unit_price: String,
    tax: String,
    amount: String,
    /// Stays on one page.
    whole: bool,
}

struct Writer<'a> {
    document: &'a Document,
    words: &'a Words,
    format: &'a dyn Format,
}

impl Writer<'_> {
    fn content(&self, look: &Look, code: bool) -> Result<Content, Error> {
        let (document, words) = (self.document, self.words);
        let heading = match document.kind {
            Kind::Invoice => &words.invoice,
            Kind::CreditNote => &words.credit_note,
        };
        let (language, region) = language(&words.language);
        let house = fit(&shortened(&document.seller.name, FOOT_MAX));
        let number = shortened(&document.number, FOOT_MAX);
        let notes: Vec<String> =
            document.notes.iter().flat_map(|note| paragraphs(note)).filter(|line| !line.is_empty()).collect();
        let reasons = self.reasons();
        let said: usize = notes.iter().chain(&reasons).map(|line| line.chars().count()).sum();
        let owed = match document.kind {
            Kind::Invoice => &words.to_pay,
            Kind::CreditNote => &words.to_credit,
        };
        Ok(Content {
            language,
            region,
            accent: readable(look.accent),
            logo: look.logo.is_some(),
            code: code.then(|| fit(&words.scan_to_pay)),
            year: document.issued_on.year(),
            month: document.issued_on.month(),
            day: document.issued_on.day(),
            title: fit(&format!("{heading} {number}")),
            heading: fit(heading),
            number: loose(&number),
            author: house.clone(),
            house: loose(&house),
            facts: self.facts(),
            bill_to: self.party(&words.bill_to, &document.buyer),
            from: self.party(&words.from, &document.seller),
            columns: self.columns(),
            lines: document.lines.iter().map(|line| self.row(line)).collect::<Result<_, _>>()?,
            taxes: self.taxes(),
            taxes_whole: document.taxes.len() <= TAXES_WHOLE_MAX,
            sums: self.sums(),
            due: [fit(owed), self.money(document.totals.due)],
            bank_title: fit(&words.bank_details),
            bank: self.bank(),
            reasons,
            notes_title: fit(&words.notes),
            notes,
            notes_whole: said <= NOTES_WHOLE_MAX,
            foot: fit(&[house, number].map(|part| part.trim().to_owned()).join(" · ")),
            page_of: fit(&words.page_of),
        })
    }

    fn facts(&self) -> Vec<[String; 2]> {
        let (document, words) = (self.document, self.words);
        let mut facts = vec![
            [words.number.clone(), document.number.clone()],
            [words.date.clone(), self.format.date(document.issued_on)],
            [words.period.clone(), self.format.period(document.period)],
        ];
        if let Some(due) = document.due_on {
            facts.push([words.due.clone(), self.format.date(due)]);
        }
        let texts = [
            (&words.terms, &document.terms),
            (&words.po_number, &document.po_number),
            (&words.buyer_reference, &document.buyer_reference),
        ];
        for (label, text) in texts {
            if let Some(text) = text.as_deref().and_then(filled) {
                facts.push([label.clone(), text]);
            }
        }
        for before in &document.amends {
            let date = self.format.date(before.issued_on);
            let text = words.amended.replace("{number}", &before.number).replace("{date}", &date);
            facts.push([words.amends.clone(), text]);
        }
        facts.into_iter().map(|pair| pair.map(|text| fit(&text))).collect()
    }

    fn party(&self, title: &str, party: &Party) -> Block {
        let words = self.words;
        let mut lines: Vec<String> = party.address.clone();
        let town: Vec<&str> =
            [party.postal_code.as_deref(), Some(party.city.as_str())].into_iter().flatten().collect();
        lines.push(town.join(" "));
        lines.extend(party.region.clone());
        lines.push(party.country_name.clone().unwrap_or_else(|| party.country.clone()));
        lines.extend(party.contact.email.clone());
        lines.extend(party.contact.phone.clone());
        let numbers = [
            (&words.vat_id, &party.vat_id),
            (&words.tax_number, &party.tax_number),
            (&words.registration, &party.registration),
        ];
        for (label, number) in numbers {
            if let Some(number) = number.as_deref().and_then(filled) {
                lines.push(format!("{label} {number}"));
            }
        }
        let lines = lines.iter().filter_map(|line| filled(line)).map(|line| fit(&line)).collect();
        Block { title: fit(title), name: fit(&party.name), lines }
    }

    fn columns(&self) -> [String; 6] {
        let words = self.words;
        let amount = format!("{} ({})", words.amount, self.document.currency);
        let titles = ["#", &words.description, &words.quantity, &words.unit_price, &words.tax, &amount];
        titles.map(fit)
    }

    fn row(&self, line: &Line) -> Result<Row, Error> {
        let rates: Vec<String> =
            line.taxes.iter().map(|tax| self.rate(line.number, *tax)).collect::<Result<_, _>>()?;
        let mut detail = paragraphs(&line.detail);
        detail.extend(line.service.map(|service| fit(&self.format.period(service))));
        detail.retain(|text| !text.is_empty());
        let title = loose(&line.title);
        let letters = detail.iter().map(|text| text.chars().count()).sum::<usize>();
        let price_scale = line.unit_price.normalize().scale().max(self.document.exponent);
        Ok(Row {
            number: line.number.to_string(),
            whole: letters.saturating_add(title.chars().count()) <= WHOLE_MAX,
            title,
            detail,
            quantity: fit(&self.format.number(line.quantity.normalize())),
            unit_price: fit(&self.format.number(scaled(line.unit_price, price_scale))),
            tax: fit(&rates.join(" + ")),
            amount: fit(&self.format.number(scaled(line.net, self.document.exponent))),
        })
    }

    /// The rate of one of a line's taxes.
    fn rate(&self, line: u32, tax: usize) -> Result<String, Error> {
        let own = self.document.taxes.get(tax).ok_or(Error::UnknownTax { line, tax })?;
        Ok(match own.category {
            Category::Standard => format!("{} %", self.format.number(own.percent.normalize())),
            Category::OutOfScope => "–".to_owned(),
            Category::Zero | Category::Exempt | Category::ReverseCharge | Category::Export => {
                format!("{} %", self.format.number(Decimal::ZERO))
            }
        })
    }

    fn taxes(&self) -> Vec<[String; 2]> {
        let rows = self.document.taxes.iter().map(|row| {
            let label =
                self.words.tax_on.replace("{tax}", &row.label).replace("{net}", &self.money(row.taxable));
            [loose(&label), self.money(row.tax)]
        });
        rows.collect()
    }

    fn sums(&self) -> Vec<[String; 2]> {
        let (words, totals) = (self.words, &self.document.totals);
        let mut sums = vec![(&words.net_total, totals.net), (&words.tax_total, totals.tax)];
        // Where nothing was paid before, the total is what is left to pay, and is said once.
        if !totals.paid.is_zero() {
            sums.push((&words.total, totals.gross));
            sums.push((&words.paid, -totals.paid));
        } else if totals.gross != totals.due {
            sums.push((&words.total, totals.gross));
        }
        sums.into_iter().map(|(label, value)| [fit(label), self.money(value)]).collect()
    }

    /// The account, where there is something to pay into it.
    fn bank(&self) -> Vec<[String; 2]> {
        let owed = self.document.kind == Kind::Invoice && self.document.totals.due > Decimal::ZERO;
        let Some(bank) = self.document.payment.as_ref().filter(|_| owed) else { return Vec::new() };
        let words = self.words;
        let iban = grouped(&payment_code::squeezed(&bank.iban));
        let rows = [
            (&words.account_holder, bank.holder.clone()),
            (&words.iban, iban),
            (&words.bic, bank.bic.clone().unwrap_or_default()),
            (&words.reference, bank.reference.clone()),
        ];
        let filled_in = rows.into_iter().filter_map(|(label, text)| Some([fit(label), fit(&filled(&text)?)]));
        filled_in.collect()
    }

    /// Why no tax is charged, once for each tax that says so.
    fn reasons(&self) -> Vec<String> {
        let mut reasons: Vec<String> = Vec::new();
        for row in &self.document.taxes {
            let stated = row.reason.as_deref().and_then(filled);
            let own = (row.category == Category::ReverseCharge).then(|| self.words.reverse_charge.clone());
            if let Some(reason) = stated.or(own).map(|text| loose(&text))
                && !reason.is_empty()
                && !reasons.contains(&reason)
            {
                reasons.push(reason);
            }
        }
        reasons
    }

    fn money(&self, value: Decimal) -> String {
        let text = self.format.money(scaled(value, self.document.exponent), &self.document.currency);
        fit(&text)
    }
}

/// The text as it may be printed.
fn fit(text: &str) -> String {
    printable(text, typesetting::has)
}

/// The same where the template has no eye on words wider than their column.
fn loose(text: &str) -> String {
    breakable(&fit(text))
}

/// The lines of a text, each as it may be printed.
fn paragraphs(text: &str) -> Vec<String> {
    loose(text).lines().map(|line| line.trim().to_owned()).collect()
}

/// The value with at least so many decimals; further ones stay.
fn scaled(mut value: Decimal, decimals: u32) -> Decimal {
    value.rescale(decimals.max(value.normalize().scale()));
    value
}

/// An account number in groups of four, as it is printed.
fn grouped(iban: &str) -> String {
    let letters: Vec<char> = iban.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("\u{a0}")
}

/// Language and region of a tag such as `en-GB`, as the typesetter wants them; English when it is none.
fn language(tag: &str) -> (String, Option<String>) {
    let mut parts = tag.split(['-', '_']);
    let letters = |part: &&str| part.bytes().all(|b| b.is_ascii_alphabetic());
    let language = parts.next().filter(letters).filter(|part| (2..=3).contains(&part.len())).unwrap_or("en");
    let region = parts.filter(letters).find(|part| part.len() == 2);
    (language.to_ascii_lowercase(), region.map(str::to_ascii_uppercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_light_accent_is_darkened_until_it_can_be_read() {
        assert_eq!(readable([11, 61, 145]), "#0b3d91");
        let yellow = readable([255, 230, 0]);
        assert!(yellow != "#ffe600" && yellow.ends_with("00"), "{yellow}");
        assert_eq!(readable([0, 0, 0]), "#000000");
    }

    #[test]
    fn a_language_tag_is_taken_apart() {
        assert_eq!(language("en-GB"), ("en".to_owned(), Some("GB".to_owned())));
        assert_eq!(language("zh-Hans-CN"), ("zh".to_owned(), Some("CN".to_owned())));
        assert_eq!(language("\"]"), ("en".to_owned(), None));
    }

    #[test]
    fn a_picture_too_large_is_no_logo() {
        let png = |width: u32| {
            let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
            bytes.extend(width.to_be_bytes());
            bytes.extend(10_u32.to_be_bytes());
            bytes
        };
        assert!(check_logo(&png(400)).is_ok());
        assert!(check_logo(&png(4_001)).is_err());
        assert!(check_logo(b"GIF89a").is_err());
    }
}
