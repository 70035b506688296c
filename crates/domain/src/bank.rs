//! What banks say came in, and whose it is (rule 8.1: what matches no invoice is unallocated until somebody says).
//!
//! Never here: the formats of banks.

use jiff::civil::Date;

use crate::ids::PartnerId;
use crate::invoice::DocumentNumber;
use crate::money::{Currency, Money};

/// How many documents one text is searched for.
pub const NAMED_MAX: usize = 100;
/// How many letters of what a payer said, or of its name, are kept.
pub const SAID_MAX: usize = 500;

/// A row of a statement: money that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankRow {
    /// What names it once.
    pub reference: String,
    /// How much, above zero.
    pub amount: Money,
    /// On which day it was booked.
    pub received_on: Date,
    /// Who paid, as the bank has it; empty where it says nothing.
    pub payer: String,
    /// What the payer said.
    pub said: String,
    /// Whether it is one payment that somebody made, by everything the bank says; otherwise it may be the money of several, or money
    /// that came back.
    pub alone: bool,
}

/// How a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowState {
    /// Nobody has decided yet.
    Waiting,
    /// It was entered as a partner's payment.
    Entered,
    /// It is none of a partner's.
    Dismissed,
}

impl RowState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Entered, Self::Dismissed];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Entered => "entered",
            Self::Dismissed => "dismissed",
        }
    }

    /// The state of a stored word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.as_str() == word)
    }
}

/// A document that a text may name: its number, whose it is, and its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Its number.
    pub number: DocumentNumber,
    /// Whose it is.
    pub partner: PartnerId,
    /// Its currency.
    pub currency: Currency,
}

/// Why nobody is recognised by what a payer said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unrecognised {
    /// It names no document.
    NamesNone,
    /// It names one that is not there.
    NotThere(DocumentNumber),
    /// It names documents of several partners.
    Several,
    /// It names one in another currency.
    OtherCurrency(DocumentNumber),
    /// It may be the money of several, or money that came back.
    NotAlone,
}

/// The numbers of documents in a text, each once, as they come; at most [`NAMED_MAX`]. A number begins where a word does. Banks
/// break texts anywhere, so blanks inside one are passed over.
pub fn documents_named(text: &str) -> Vec<DocumentNumber> {
    let mut found = Vec::new();
    let mut before = ' ';
    for (place, letter) in text.char_indices() {
        let begins = matches!(letter, 'G' | 'g') && !before.is_alphanumeric();
        before = letter;
        if begins
            && let Some(number) = text.get(place..).and_then(number_at)
            && !found.contains(&number)
            && found.len() < NAMED_MAX
        {
            found.push(number);
        }
    }
    found
}

/// The number a text begins with: a G and nine digits, and no tenth.
fn number_at(text: &str) -> Option<DocumentNumber> {
    let mut number = String::from("G");
    for letter in text.chars().skip(1) {
        match (letter.is_ascii_digit(), number.len()) {
            (true, 10) => return None,
            (true, _) => number.push(letter),
            (false, 10) => break,
            (false, _) if letter.is_whitespace() => {}
            (false, _) => return None,
        }
    }
    number.parse().ok()
}

/// Whose a row is by the documents its text names, and which those are; `known` are those that are there.
///
/// # Errors
/// Why nobody is recognised.
pub fn recognised(row: &BankRow, known: &[Known]) -> Result<(PartnerId, Vec<DocumentNumber>), Unrecognised> {
    let numbers = documents_named(&row.said);
    if !row.alone {
        return Err(Unrecognised::NotAlone);
    }
    let mut partner = None;
    for number in &numbers {
        let own = known.iter().find(|own| own.number == *number).ok_or(Unrecognised::NotThere(*number))?;
        if own.currency != row.amount.currency() {
            return Err(Unrecognised::OtherCurrency(*number));
        }
        if partner.is_some_and(|before| before != own.partner) {
            return Err(Unrecognised::Several);
        }
        partner = Some(own.partner);
    }
    partner.map(|partner| (partner, numbers)).ok_or(Unrecognised::NamesNone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn number(own: u32) -> DocumentNumber {
        DocumentNumber::new(own).unwrap()
    }

    fn partner(own: u128) -> PartnerId {
        PartnerId::new(Uuid::from_u128(own))
    }

    fn row(said: &str) -> BankRow {
        BankRow {
            reference: "B1".into(),
            amount: Money::new(100, "EUR".parse().unwrap()),
            received_on: date(2020, 4, 2),
            payer: "Norrsken Cloud AB".into(),
            said: said.into(),
            alone: true,
        }
    }

    #[test]
    fn documents_are_found_however_a_payer_writes_them() {
        assert_eq!(documents_named("Invoice G000000012"), [number(12)]);
        assert_eq!(documents_named("g000000012/G000000013, G000000012"), [number(12), number(13)]);
        assert_eq!(documents_named("Rechnung:G000000012."), [number(12)]);
        assert_eq!(documents_named("INV G0000 00012 thanks"), [number(12)], "broken by the bank");
        assert_eq!(documents_named("G000000012 2020"), [number(12)], "what follows is no part of it");
        for none in ["", "G12", "G0000000123", "G000000000", "BG000000012", "Rechnung 000000012", "g"] {
            assert_eq!(documents_named(none), [], "{none}");
        }
    }

    #[test]
    fn a_row_belongs_to_the_one_partner_whose_documents_it_names() {
        let euro = "EUR".parse().unwrap();
        let known = |own, whose| Known { number: number(own), partner: partner(whose), currency: euro };
        let krona = Known { currency: "SEK".parse().unwrap(), ..known(4, 1) };
        let list = [known(1, 1), known(2, 1), known(3, 2), krona];
        let of = |said: &str| recognised(&row(said), &list);
        assert_eq!(of("G000000002 G000000001"), Ok((partner(1), vec![number(2), number(1)])));
        assert_eq!(of("G000000001 and G000000003"), Err(Unrecognised::Several));
        assert_eq!(of("G000000001 G000000009"), Err(Unrecognised::NotThere(number(9))));
        assert_eq!(of("G000000004"), Err(Unrecognised::OtherCurrency(number(4))));
        assert_eq!(of("thank you"), Err(Unrecognised::NamesNone));
        let together = BankRow { alone: false, ..row("G000000001") };
        assert_eq!(recognised(&together, &list), Err(Unrecognised::NotAlone));
    }

    proptest! {
        #[test]
        fn any_text_is_searched(text in ".{0,200}") {
            prop_assert!(documents_named(&text).len() <= NAMED_MAX);
        }

        #[test]
        fn what_is_written_is_found(own in 1_u32..=DocumentNumber::MAX, before in "([^gG]{0,20}[ :/.])?", after in "[^0-9]{0,20}") {
            let text = format!("{before}{}{after}", number(own));
            prop_assert_eq!(documents_named(&text).first().copied(), Some(number(own)));
        }
    }
}
