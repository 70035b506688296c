//! What an invoice says, free of language and layout.
//!
//! Every amount is in the document's currency with at most its number of decimals, already rounded and already added
//! up. On a credit note amounts are what is given back, so they are positive there too.

use std::fmt::Display;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

/// Which of the two documents this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Asks for money (UNTDID 1001 code 380).
    Invoice,
    /// Gives money back (UNTDID 1001 code 381).
    CreditNote,
}

/// An invoice or a credit note as it was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Invoice or credit note.
    pub kind: Kind,
    /// The number it is known by, unique for the seller (BT-1).
    pub number: String,
    /// The day it was issued (BT-2). Also the date inside the PDF.
    #[serde(serialize_with = "as_text")]
    pub issued_on: Date,
    /// The days it settles (BG-14).
    pub period: Period,
    /// The day the amount due is to be paid (BT-9).
    #[serde(serialize_with = "as_optional_text")]
    pub due_on: Option<Date>,
    /// When and how to pay, in words, such as "30 days net" (BT-20).
    pub terms: Option<String>,
    /// The three letters of ISO 4217 (BT-5).
    pub currency: String,
    /// How many decimals an amount in that currency has: 0, 2 or 3.
    pub exponent: u32,
    /// Who issues it (BG-4).
    pub seller: Party,
    /// Who receives it (BG-7).
    pub buyer: Party,
    /// The buyer's order number (BT-13).
    pub po_number: Option<String>,
    /// What the buyer wants to find its invoices by, in Germany the Leitweg-ID (BT-10). The order number stands in.
    pub buyer_reference: Option<String>,
    /// The documents this one corrects (BG-3).
    pub amends: Vec<Preceding>,
    /// What is charged (BG-25), in the order it is printed.
    pub lines: Vec<Line>,
    /// The sums for each tax (BG-23). Every line points at one.
    pub taxes: Vec<TaxRow>,
    /// The sums of the document (BG-22).
    pub totals: Totals,
    /// The account to pay into (BG-16). The page shows it on invoices that leave something to pay.
    pub payment: Option<Bank>,
    /// Remarks, a paragraph each (BG-1).
    pub notes: Vec<String>,
}

/// Days from the first to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Period {
    /// The first day.
    #[serde(serialize_with = "as_text")]
    pub first: Date,
    /// The last day.
    #[serde(serialize_with = "as_text")]
    pub last: Date,
}

/// A seller or a buyer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Party {
    /// The name in law.
    pub name: String,
    /// Street, house, floor: as many lines as it takes. EN 16931 knows three; further ones join the third.
    pub address: Vec<String>,
    /// The town.
    pub city: String,
    /// The postal code, where the country has them.
    pub postal_code: Option<String>,
    /// State, province or county.
    pub region: Option<String>,
    /// Two letters of ISO 3166-1.
    pub country: String,
    /// The country's name in the language of the page; the code stands in.
    pub country_name: Option<String>,
    /// The VAT number with its country prefix (BT-31, BT-48).
    pub vat_id: Option<String>,
    /// The number of a tax office that is no VAT number (BT-32, sellers only).
    pub tax_number: Option<String>,
    /// The number in a register of companies (BT-30, BT-47).
    pub registration: Option<String>,
    /// Whom to ask (BG-6, BG-9).
    pub contact: Contact,
    /// Where electronic invoices go (BT-34, BT-49). For Peppol the VAT number stands in, elsewhere the e-mail address.
    pub electronic_address: Option<ElectronicAddress>,
}

/// Whom to ask at a party. XRechnung wants all three of the seller.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// A person or a department; the party's name stands in where one is required.
    pub name: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
    /// An e-mail address.
    pub email: Option<String>,
}

/// An address in a network of electronic invoices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ElectronicAddress {
    /// The code of the scheme (CEF EAS), such as `0088` for a GLN or `EM` for e-mail.
    pub scheme: String,
    /// The address in that scheme.
    pub id: String,
}

/// A document that is corrected by this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Preceding {
    /// Its number (BT-25).
    pub number: String,
    /// The day it was issued (BT-26).
    #[serde(serialize_with = "as_text")]
    pub issued_on: Date,
}

/// One position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its number in the document, from 1 (BT-126).
    pub number: u32,
    /// What was sold (BT-153).
    pub title: String,
    /// More about it, such as the order and the kind of charge, already in words (BT-154). May be empty.
    pub detail: String,
    /// The days it covers (BG-26).
    pub service: Option<Period>,
    /// How many. Negative when a position is taken back.
    #[serde(serialize_with = "as_text")]
    pub quantity: Decimal,
    /// The unit (UN/ECE Recommendation 20); [`Line::EACH`] for pieces.
    pub unit: String,
    /// What one unit costs without tax. May have more decimals than the currency.
    #[serde(serialize_with = "as_text")]
    pub unit_price: Decimal,
    /// What the position costs without tax (BT-131).
    #[serde(serialize_with = "as_text")]
    pub net: Decimal,
    /// Which of the document's taxes it falls under, counted from 0: one, or several where a place has several. Electronic
    /// invoices know one.
    pub taxes: Vec<usize>,
}

impl Line {
    /// The unit of things that are counted.
    pub const EACH: &str = "C62";
}

/// How a tax treats what it applies to (UNCL 5305).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// S: taxed at a rate.
    Standard,
    /// Z: taxed at nought.
    Zero,
    /// E: exempt.
    Exempt,
    /// AE: the buyer owes the tax.
    ReverseCharge,
    /// O: outside the scope of VAT. Stands alone on its document.
    OutOfScope,
    /// G: exported.
    Export,
}

impl Category {
    /// The code in UNCL 5305.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Standard => "S",
            Self::Zero => "Z",
            Self::Exempt => "E",
            Self::ReverseCharge => "AE",
            Self::OutOfScope => "O",
            Self::Export => "G",
        }
    }
}

/// The sums of one tax.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaxRow {
    /// How it treats its lines.
    pub category: Category,
    /// The rate in per cent, 19 for 19 %.
    #[serde(serialize_with = "as_text")]
    pub percent: Decimal,
    /// How the page names it, such as "VAT 19 %".
    pub label: String,
    /// The sum of its lines without tax (BT-116).
    #[serde(serialize_with = "as_text")]
    pub taxable: Decimal,
    /// The tax on that sum (BT-117).
    #[serde(serialize_with = "as_text")]
    pub tax: Decimal,
    /// Why there is none, in words (BT-120). Required for exempt positions.
    pub reason: Option<String>,
}

/// The sums of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// All lines without tax (BT-106, BT-109).
    #[serde(serialize_with = "as_text")]
    pub net: Decimal,
    /// All tax (BT-110).
    #[serde(serialize_with = "as_text")]
    pub tax: Decimal,
    /// Net and tax (BT-112).
    #[serde(serialize_with = "as_text")]
    pub gross: Decimal,
    /// What was paid before (BT-113).
    #[serde(serialize_with = "as_text")]
    pub paid: Decimal,
    /// What is left to pay (BT-115).
    #[serde(serialize_with = "as_text")]
    pub due: Decimal,
}

/// An account to pay into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bank {
    /// Whose account it is (BT-85).
    pub holder: String,
    /// Its number (BT-84); spaces do not matter.
    pub iban: String,
    /// The bank's code (BT-86).
    pub bic: Option<String>,
    /// What the payer should quote (BT-83).
    pub reference: String,
}

fn as_text<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn as_optional_text<T: Display, S: Serializer>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}
