//! Customers and the partners that sell to them (rules 0.2 and 12.1).
//!
//! Never here: how a name is spelled on the wire, or the customer's own people.

use jiff::Timestamp;
use uuid::Uuid;

use crate::catalog::Qualification;
use crate::ids::{CustomerId, PartnerId};
use crate::market::Country;
use crate::money::Currency;
use crate::refusal::Refusal;

/// A reseller company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// Its id, which is also its tenant's.
    pub id: PartnerId,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub country: Country,
    /// What it is billed in, wherever the price sheet has a price in it.
    pub currency: Currency,
    /// The sales regions it may sell in (rule 3.4).
    pub regions: Vec<String>,
    /// Whether it may trade.
    pub active: bool,
    /// Its programme id.
    pub mpn_id: String,
}

/// A postal address with the person behind it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// First line.
    pub line1: String,
    /// Second line.
    pub line2: Option<String>,
    /// City.
    pub city: String,
    /// State or province.
    pub state: Option<String>,
    /// Region inside the country.
    pub region: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Phone number.
    pub phone: Option<String>,
}

/// How a customer is billed and written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillingProfile {
    /// Its id.
    pub id: Uuid,
    /// The contact's first name.
    pub first_name: Option<String>,
    /// The contact's last name.
    pub last_name: Option<String>,
    /// Where mail goes.
    pub email: String,
    /// Language and country for texts and numbers, such as `sv-SE`.
    pub culture: String,
    /// The language, such as `sv`.
    pub language: String,
    /// The name on the bill.
    pub company_name: String,
    /// The address; its country is the customer's.
    pub address: Address,
}

/// A customer company, as one partner knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// Its id, which is also its tenant's.
    pub id: CustomerId,
    /// Its domain, such as `contoso.onmicrosoft.com`.
    pub domain: String,
    /// Its registration number, where its country demands one.
    pub registration_number: Option<String>,
    /// The country of its tenant; it decides markets, whatever the address says (rule 3.4).
    pub country: Country,
    /// What it may buy beside commercial items.
    pub qualification: Qualification,
    /// Whether it is being looked at and may not buy meanwhile.
    pub under_review: bool,
    /// The reseller that brought it, for an indirect provider.
    pub associated_partner: Option<String>,
    /// How it is billed.
    pub billing: BillingProfile,
    /// Since when this partner knows it.
    pub created_at: Timestamp,
}

/// The countries that demand a registration number and a phone number (rule 12.1).
const REGISTRATION_NUMBER_COUNTRIES: [&str; 24] = [
    "AM", "AZ", "BY", "BR", "HU", "IN", "IQ", "KZ", "KG", "MD", "MM", "PL", "RU", "SA", "ZA", "SS", "TJ",
    "TH", "TR", "UA", "AE", "UZ", "VE", "VN",
];

/// Checks what a country demands of a new customer (rule 12.1).
///
/// # Errors
/// When a registration or phone number is missing where demanded, or a registration number is given where not taken.
pub fn check_country_demands(customer: &Customer) -> Result<(), Refusal> {
    let country = customer.country;
    let demanded = REGISTRATION_NUMBER_COUNTRIES.contains(&country.code());
    match (demanded, &customer.registration_number) {
        (true, None) => Err(Refusal::RegistrationNumberMissing { country }),
        (false, Some(_)) => Err(Refusal::RegistrationNumberNotTaken { country }),
        (true, Some(_)) if customer.billing.address.phone.is_none() => Err(Refusal::PhoneMissing { country }),
        _ => Ok(()),
    }
}

/// What is wrong with a company name, if anything (rule 12.1): a single character, symbols only, or a bare legal form.
pub fn company_name_fault(name: &str) -> Option<&'static str> {
    let trimmed = name.trim();
    if trimmed.chars().count() < 2 {
        return Some("must be the company's legal name, of at least two characters");
    }
    if !trimmed.chars().any(char::is_alphanumeric) {
        return Some("must contain letters or digits");
    }
    let bare = trimmed.trim_end_matches('.').to_lowercase();
    if matches!(bare.as_str(), "inc" | "llc" | "ltd" | "gmbh" | "ab" | "ag" | "corp") {
        return Some("must be more than a legal form");
    }
    None
}

/// What about a company name looks as if it were not the legal one (rule 12.1). Somebody may still say that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameDoubt {
    /// It looks like the name of a domain.
    Domain,
    /// It is one character, over and over.
    Repeated,
    /// Its letters stand apart.
    Spaced,
}

impl NameDoubt {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Domain, Self::Repeated, Self::Spaced];

    /// A word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Domain => "domain",
            Self::Repeated => "repeated",
            Self::Spaced => "spaced",
        }
    }
}

/// What is doubtful about a company name, if anything.
pub fn company_name_doubt(name: &str) -> Option<NameDoubt> {
    let name = name.trim().to_lowercase();
    let words: Vec<&str> = name.split_whitespace().collect();
    let letters = |word: &str| word.chars().count();
    let lone = |word: &&str| letters(word) == 1 && word.chars().all(char::is_alphabetic);
    if words.len() >= 3 && words.iter().all(lone) {
        return Some(NameDoubt::Spaced);
    }
    let mut own = name.chars().filter(|own| own.is_alphanumeric());
    if let Some(first) = own.next()
        && letters(&name) >= 3
        && own.all(|other| other == first)
    {
        return Some(NameDoubt::Repeated);
    }
    let [word] = words.as_slice() else { return None };
    let parts: Vec<&str> =
        word.trim_start_matches("https://").trim_start_matches("http://").split('.').collect();
    let label = |own: &&str| !own.is_empty() && own.chars().all(|own| own.is_alphanumeric() || own == '-');
    let ends = parts.last().is_some_and(|own| letters(own) >= 2 && own.chars().all(char::is_alphabetic));
    (parts.len() >= 2 && ends && parts.iter().all(label)).then_some(NameDoubt::Domain)
}

/// What new tenants' domains end with.
pub const DOMAIN_SUFFIX: &str = ".onmicrosoft.com";

/// The domain of a new tenant, from the prefix or the whole of it, in any case; none where the prefix is no DNS label of
/// letters, digits and inner hyphens (RFC 1035, section 2.3.1).
pub fn tenant_domain(text: &str) -> Option<String> {
    let text = text.to_ascii_lowercase();
    let prefix = text.strip_suffix(DOMAIN_SUFFIX).unwrap_or(&text);
    let right = (1..=63).contains(&prefix.len())
        && prefix.bytes().all(|own| own.is_ascii_alphanumeric() || own == b'-')
        && !prefix.starts_with('-')
        && !prefix.ends_with('-');
    right.then(|| format!("{prefix}{DOMAIN_SUFFIX}"))
}

/// Whether mail could be sent to this address: a name, and a host with a dot. Whether somebody reads it, only a mail shows.
pub fn is_mail_address(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
        && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenants_domain_is_a_label_before_the_suffix() {
        for right in ["contoso", "Contoso.onmicrosoft.com", "a-1"] {
            assert!(tenant_domain(right).is_some_and(|own| own.ends_with(DOMAIN_SUFFIX)), "{right}");
        }
        for wrong in ["", ".onmicrosoft.com", "-a", "a-", "a.b", "a b", "å", "x".repeat(64).as_str()] {
            assert_eq!(tenant_domain(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_mail_address_has_a_name_and_a_host() {
        assert!(is_mail_address("ada@erste.example"));
        for wrong in
            ["", "ada", "@erste.example", "ada@localhost", "a b@erste.example", "ada@erste.example\n"]
        {
            assert!(!is_mail_address(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn a_company_name_is_more_than_a_legal_form() {
        for wrong in ["", " x ", "---", "Inc.", "llc"] {
            assert!(company_name_fault(wrong).is_some(), "{wrong}");
        }
        for right in ["3M", "AB Volvo", "Müller & Söhne"] {
            assert!(company_name_fault(right).is_none(), "{right}");
        }
    }

    #[test]
    fn a_name_that_is_hardly_a_legal_one_is_doubted() {
        let doubted = |name| company_name_doubt(name);
        for name in ["contoso.com", "www.contoso.co.uk", "https://contoso.se"] {
            assert_eq!(doubted(name), Some(NameDoubt::Domain), "{name}");
        }
        assert_eq!(doubted("aaaa"), Some(NameDoubt::Repeated));
        assert_eq!(doubted("C o n t o s o"), Some(NameDoubt::Spaced));
        for name in [
            "Contoso AB",
            "A. Müller & Söhne",
            "Booking.com B.V.",
            "A.B.C. Ltd.",
            "3M",
            "ÅÅ",
            "H & M",
            "S.A.",
        ] {
            assert_eq!(doubted(name), None, "{name}");
        }
    }

    fn customer(country: &str, number: Option<&str>, phone: Option<&str>) -> Customer {
        Customer {
            id: CustomerId::new(Uuid::from_u128(1)),
            domain: "x.onmicrosoft.com".into(),
            registration_number: number.map(Into::into),
            country: country.parse().unwrap(),
            qualification: Qualification::None,
            under_review: false,
            associated_partner: None,
            billing: BillingProfile {
                id: Uuid::from_u128(2),
                first_name: None,
                last_name: None,
                email: "x@example.com".into(),
                culture: "en-US".into(),
                language: "en".into(),
                company_name: "X Ltd".into(),
                address: Address { phone: phone.map(Into::into), ..Address::default() },
            },
            created_at: "2020-01-24T10:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn a_country_gets_the_number_it_demands_and_no_other() {
        let check = |country, number, phone| check_country_demands(&customer(country, number, phone)).err();
        assert!(matches!(check("BR", None, Some("1")), Some(Refusal::RegistrationNumberMissing { .. })));
        assert!(matches!(check("BR", Some("9"), None), Some(Refusal::PhoneMissing { .. })));
        assert!(matches!(check("SE", Some("9"), None), Some(Refusal::RegistrationNumberNotTaken { .. })));
        assert_eq!(check("BR", Some("9"), Some("1")), None);
        assert_eq!(check("SE", None, None), None);
    }
}
