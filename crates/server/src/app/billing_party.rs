//! Somebody on a document, as it is typed: on a page, on the command line. Read in one place, complained of field by field.

use chandlery_domain::customer::is_mail_address;
use chandlery_domain::invoice::{Account, Party, PartyMore};
use chandlery_domain::market::Country;
use chandlery_domain::taxation::{TaxPlace, has_vat_ids};
use chandlery_domain::vat_id::VatId;
use iban::{Iban, IbanLike as _};

use crate::texts::Complaint;

/// The longest name, and the longest line of an address, in letters.
const LINE_MAX: usize = 100;
/// The most lines of an address beside the city: as many as an electronic invoice carries (EN 16931, BG-5 and BG-8).
const LINES_MAX: usize = 3;
/// The longest of the shorter texts, in letters.
const SHORT_MAX: usize = 50;

/// What was typed about a party; what was left out is empty.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// The name it does business under.
    pub name: String,
    /// Street and number, floor: a line each.
    pub lines: Vec<String>,
    /// The city.
    pub city: String,
    /// The postal code.
    pub postal_code: String,
    /// The country, as two letters.
    pub country: String,
    /// The state or province as ISO 3166-2 has it.
    pub region: String,
    /// The tax id.
    pub tax_id: String,
    /// Where documents and questions are sent.
    pub email: String,
    /// A person or a department.
    pub contact: String,
    /// A telephone number.
    pub phone: String,
    /// The number in a register of companies.
    pub registration: String,
    /// What a buyer wants to find its invoices by.
    pub reference: String,
    /// The address in a network of electronic invoices.
    pub electronic_address: String,
    /// The account to pay into.
    pub iban: String,
    /// The code of its bank.
    pub bic: String,
}

/// What is wrong, field by field.
#[derive(Debug, Default)]
pub struct Faults(pub Vec<(&'static str, Complaint)>);

impl Faults {
    fn say(&mut self, field: &'static str, why: Complaint) {
        self.0.push((field, why));
    }

    /// A text that has to be there.
    fn needed(&mut self, field: &'static str, text: &str, most: usize) -> String {
        let text = self.short(field, text, most);
        if text.is_empty() {
            self.say(field, Complaint::of("complaint-needed"));
        }
        text
    }

    /// A text of one line that may be empty.
    fn short(&mut self, field: &'static str, text: &str, most: usize) -> String {
        let text = text.trim();
        if text.chars().count() > most || text.chars().any(char::is_control) {
            self.say(field, Complaint::of("complaint-reason").with("most", most));
        }
        text.to_owned()
    }

    fn optional(&mut self, field: &'static str, text: &str, most: usize) -> Option<String> {
        Some(self.short(field, text, most)).filter(|own| !own.is_empty())
    }
}

/// Reads what was typed.
///
/// # Errors
/// Everything that is wrong, each with its field.
pub fn party(typed: &Typed) -> Result<Party, Faults> {
    let mut wrong = Faults::default();
    let name = wrong.needed("name", &typed.name, LINE_MAX);
    let lines: Vec<String> =
        typed.lines.iter().filter_map(|own| wrong.optional("line", own, LINE_MAX)).collect();
    if lines.is_empty() {
        wrong.say("line", Complaint::of("complaint-needed"));
    } else if lines.len() > LINES_MAX {
        wrong.say("line", Complaint::of("complaint-lines").with("most", LINES_MAX));
    }
    let city = wrong.needed("city", &typed.city, LINE_MAX);
    let postal_code = wrong.short("postal_code", &typed.postal_code, SHORT_MAX);
    let country: Option<Country> = typed.country.trim().to_ascii_uppercase().parse().ok();
    if country.is_none() {
        wrong.say("country", Complaint::of("complaint-country-code"));
    }
    let region = region(&mut wrong, typed, country);
    let tax_id = tax_id(&mut wrong, &typed.tax_id, country);
    let email = wrong.short("email", &typed.email, 254);
    if !email.is_empty() && !is_mail_address(&email) {
        wrong.say("email", Complaint::of("complaint-mail"));
    }
    let more = PartyMore {
        contact: wrong.optional("contact", &typed.contact, LINE_MAX),
        phone: wrong.optional("phone", &typed.phone, SHORT_MAX),
        registration: wrong.optional("registration", &typed.registration, SHORT_MAX),
        reference: wrong.optional("reference", &typed.reference, SHORT_MAX),
        electronic_address: electronic_address(&mut wrong, &typed.electronic_address),
        account: account(&mut wrong, typed),
    };
    match country {
        Some(country) if wrong.0.is_empty() => {
            let place = TaxPlace { country, region, tax_id, exempt: None };
            Ok(Party { name, lines, city, postal_code, place, email, more })
        }
        _ => Err(wrong),
    }
}

fn region(wrong: &mut Faults, typed: &Typed, country: Option<Country>) -> Option<String> {
    let text = typed.region.trim().to_ascii_uppercase();
    if text.is_empty() {
        return None;
    }
    let own = text.split_once('-').is_some_and(|(front, part)| {
        country.is_none_or(|country| country.code() == front)
            && (1..=3).contains(&part.len())
            && part.bytes().all(|own| own.is_ascii_alphanumeric())
    });
    if !own {
        wrong.say("region", Complaint::of("complaint-region"));
    }
    Some(text)
}

/// A tax id as it is written; where the country's numbers are known, one that can be right.
fn tax_id(wrong: &mut Faults, text: &str, country: Option<Country>) -> Option<String> {
    let text = wrong.optional("tax_id", text, SHORT_MAX)?;
    let Some(country) = country.filter(|own| has_vat_ids(*own)) else { return Some(text) };
    match text.parse::<VatId>() {
        Ok(own) if own.country() == country.code() => Some(own.to_string()),
        Ok(own) => {
            let why =
                Complaint::of("complaint-tax-id-country").with("id", &own).with("country", own.country());
            wrong.say("tax_id", why);
            None
        }
        Err(error) => {
            // What is expected ends with an example, which every language reads.
            let example = error.expected.rsplit(' ').next().unwrap_or_default();
            wrong.say("tax_id", Complaint::of("complaint-tax-id").with("example", example));
            None
        }
    }
}

fn electronic_address(wrong: &mut Faults, text: &str) -> Option<String> {
    let text = wrong.optional("electronic_address", text, SHORT_MAX)?;
    let well_made = text.split_once(':').is_some_and(|(scheme, id)| {
        let code = scheme == "EM" || (scheme.len() == 4 && scheme.bytes().all(|own| own.is_ascii_digit()));
        code && !id.trim().is_empty()
    });
    if !well_made {
        wrong.say("electronic_address", Complaint::of("complaint-electronic-address"));
    }
    Some(text)
}

/// The account: its check digits by ISO 7064, its form by the country, the bank's code by ISO 9362.
fn account(wrong: &mut Faults, typed: &Typed) -> Option<Account> {
    let squeezed = |text: &str| -> String {
        text.chars().filter(|own| !own.is_whitespace()).collect::<String>().to_ascii_uppercase()
    };
    let (iban, bic) = (squeezed(&typed.iban), squeezed(&typed.bic));
    let known = matches!(bic.len(), 8 | 11)
        && bic.bytes().all(|own| own.is_ascii_alphanumeric())
        && bic.bytes().take(6).all(|own| own.is_ascii_alphabetic());
    if !bic.is_empty() && !known {
        wrong.say("bic", Complaint::of("complaint-bic"));
    }
    if iban.is_empty() {
        if !bic.is_empty() {
            wrong.say("iban", Complaint::of("complaint-needed"));
        }
        return None;
    }
    match iban.parse::<Iban>() {
        Ok(own) => {
            let iban = own.electronic_str().to_owned();
            Some(Account { iban, bic: Some(bic).filter(|own| !own.is_empty()) })
        }
        Err(_) => {
            wrong.say("iban", Complaint::of("complaint-iban"));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Typed {
        Typed {
            name: " Erste Software GmbH ".into(),
            lines: vec!["Hafenstraße 1".into(), String::new()],
            city: "Kiel".into(),
            postal_code: "24103".into(),
            country: "de".into(),
            tax_id: "de 136 695 976".into(),
            iban: "DE89 3704 0044 0532 0130 00".into(),
            bic: "cobadeff".into(),
            electronic_address: "0204:991-01484-64".into(),
            ..Typed::default()
        }
    }

    fn fields(typed: &Typed) -> Vec<&'static str> {
        party(typed)
            .map_or_else(|wrong| wrong.0.into_iter().map(|(field, _)| field).collect(), |_| Vec::new())
    }

    #[test]
    fn what_is_typed_is_brought_into_form() {
        let own = party(&typed()).unwrap();
        assert_eq!(
            (own.name.as_str(), own.lines.as_slice()),
            ("Erste Software GmbH", ["Hafenstraße 1".to_owned()].as_slice())
        );
        assert_eq!(own.place.tax_id.as_deref(), Some("DE136695976"));
        let account = own.more.account.unwrap();
        assert_eq!(
            (account.iban.as_str(), account.bic.as_deref()),
            ("DE89370400440532013000", Some("COBADEFF"))
        );
    }

    #[test]
    fn each_fault_is_told_at_its_field() {
        let with = |change: &dyn Fn(&mut Typed)| {
            let mut own = typed();
            change(&mut own);
            fields(&own)
        };
        assert_eq!(with(&|own| own.name.clear()), ["name"]);
        assert_eq!(with(&|own| own.lines.clear()), ["line"]);
        assert_eq!(with(&|own| own.lines = vec!["a".into(); 4]), ["line"]);
        assert_eq!(with(&|own| own.country = "Germany".into()), ["country"]);
        assert_eq!(with(&|own| own.region = "CA-QC".into()), ["region"]);
        assert_eq!(with(&|own| own.tax_id = "DE136695975".into()), ["tax_id"]);
        assert_eq!(with(&|own| own.tax_id = "SE556188840401".into()), ["tax_id"]);
        assert_eq!(with(&|own| own.iban = "DE88 3704 0044 0532 0130 00".into()), ["iban"]);
        assert_eq!(with(&|own| own.bic = "12345678".into()), ["bic"]);
        assert_eq!(with(&|own| own.iban.clear()), ["iban"]);
        assert_eq!(with(&|own| own.email = "nobody".into()), ["email"]);
        assert_eq!(with(&|own| own.electronic_address = "leitweg".into()), ["electronic_address"]);
        assert_eq!(
            with(&|own| {
                own.name.clear();
                own.city.clear();
            }),
            ["name", "city"]
        );
        assert_eq!(with(&|own| own.city = "a\nb".into()), ["city"]);
    }
}
