//! Where an electronic invoice goes when the party has named no address.

use en16931::Identifier;

use crate::document::Party;
use crate::text::filled;

/// The scheme for VAT numbers of each country (CEF code list EAS, version 14), by the number's prefix.
const VAT_SCHEMES: [(&str, &str); 37] = [
    ("AD", "9922"),
    ("AL", "9923"),
    ("AT", "9914"),
    ("BA", "9924"),
    ("BE", "9925"),
    ("BG", "9926"),
    ("CH", "9927"),
    ("CY", "9928"),
    ("CZ", "9929"),
    ("DE", "9930"),
    ("EE", "9931"),
    ("EL", "9933"),
    ("ES", "9920"),
    ("FR", "9957"),
    ("GB", "9932"),
    ("HR", "9934"),
    ("HU", "9910"),
    ("IE", "9935"),
    ("IT", "0211"),
    ("LI", "9936"),
    ("LT", "9937"),
    ("LU", "9938"),
    ("LV", "9939"),
    ("MC", "9940"),
    ("ME", "9941"),
    ("MK", "9942"),
    ("MT", "9943"),
    ("NL", "9944"),
    ("PL", "9945"),
    ("PT", "9946"),
    ("RO", "9947"),
    ("RS", "9948"),
    ("SI", "9949"),
    ("SK", "9950"),
    ("SM", "9951"),
    ("TR", "9952"),
    ("VA", "9953"),
];
/// Swedish numbers are registered without what makes them VAT numbers: `SE`, ten digits, `01`.
const SWEDISH_SCHEME: &str = "0007";
const EMAIL_SCHEME: &str = "EM";

/// The address a party has named. Otherwise on the Peppol network, which knows no e-mail, the one its VAT number
/// gives; elsewhere its e-mail address.
pub(crate) fn electronic(party: &Party, peppol: bool) -> Option<Identifier> {
    if let Some(address) = &party.electronic_address {
        return Some(Identifier::schemed(squeezed(&address.id), squeezed(&address.scheme)));
    }
    let email = || {
        let email = party.contact.email.as_deref().and_then(filled)?;
        Some(Identifier::schemed(email, EMAIL_SCHEME))
    };
    if peppol { by_vat_id(party).or_else(email) } else { email().or_else(|| by_vat_id(party)) }
}

fn by_vat_id(party: &Party) -> Option<Identifier> {
    let number = squeezed(party.vat_id.as_deref()?).to_ascii_uppercase();
    let swedish =
        number.strip_prefix("SE").and_then(|rest| rest.strip_suffix("01")).filter(|rest| rest.len() == 10);
    if let Some(registered) = swedish {
        return Some(Identifier::schemed(registered, SWEDISH_SCHEME));
    }
    let (_, scheme) = VAT_SCHEMES.iter().find(|(prefix, _)| number.starts_with(prefix))?;
    Some(Identifier::schemed(number, *scheme))
}

/// Without spaces, in the case it was written in: schemes and addresses are compared to the letter.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect()
}
