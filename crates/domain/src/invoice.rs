//! What a partner is billed for a month: a document for each currency, tax worked out once per rate, and credits that give
//! back exactly what their charges were billed with (rules 8.1, 8.3 and 8.5).
//!
//! Never here: numbers handed out, pictures of documents, who pays.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use crate::calendar::{CalendarError, start_of_day};
use crate::catalog::UnknownWord;
use crate::charge::Place;
use crate::ids::InvalidId;
use crate::money::{Currency, Money, MoneyError};
use crate::tax::{Alike, Amounts, Rate, Spread, given_back, spread};
use crate::taxation::{RateMissing, TaxPlace, Treatment};

/// How many days after its issue a document is due (rule 8.1).
pub const DUE_AFTER_DAYS: i64 = 60;

/// A calendar month in UTC: what one document bills (rule 8.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(Date);

impl Month {
    /// The month a day lies in.
    pub fn of(day: Date) -> Self {
        Self(day.first_of_month())
    }

    /// Its first day.
    pub const fn first(self) -> Date {
        self.0
    }

    /// Its last day.
    pub fn last(self) -> Date {
        self.0.last_of_month()
    }

    /// The month after it.
    ///
    /// # Errors
    /// After the year 9999.
    pub fn next(self) -> Result<Self, CalendarError> {
        self.0.checked_add(1.month()).map(Self).map_err(|_| CalendarError::OutOfRange)
    }

    /// Its first instant, and the first one after it.
    ///
    /// # Errors
    /// Where instants end.
    pub fn stretch(self) -> Result<(Timestamp, Timestamp), CalendarError> {
        Ok((start_of_day(self.0)?, start_of_day(self.next()?.0)?))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

impl FromStr for Month {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let wrong = InvalidId { expected: "a month such as 2026-10" };
        if text.len() != 7 {
            return Err(wrong);
        }
        format!("{text}-01").parse().map(Self).map_err(|_| wrong)
    }
}

/// The number of a document: `G` and nine digits, one after another without a gap (rule 8.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentNumber(u32);

impl DocumentNumber {
    /// The largest there is.
    pub const MAX: u32 = 999_999_999;

    /// A number, from 1.
    pub fn new(number: u32) -> Option<Self> {
        (1..=Self::MAX).contains(&number).then_some(Self(number))
    }

    /// The number after it.
    pub fn next(self) -> Option<Self> {
        Self::new(self.0.checked_add(1)?)
    }

    /// The number itself.
    pub const fn value(self) -> u32 {
        self.0
    }
}

impl fmt::Display for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "G{:09}", self.0)
    }
}

impl FromStr for DocumentNumber {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let wrong = InvalidId { expected: "a G and nine digits, such as G000000001" };
        let digits = text.strip_prefix(['G', 'g']).filter(|own| own.len() == 9);
        let digits = digits.filter(|own| own.bytes().all(|byte| byte.is_ascii_digit()));
        digits.and_then(|own| own.parse().ok()).and_then(Self::new).ok_or(wrong)
    }
}

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocumentKind {
    /// What was charged in a month, and where the country wants no credit notes what was credited.
    Invoice,
    /// What was credited of earlier invoices, naming them.
    CreditNote,
}

impl DocumentKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Invoice, Self::CreditNote];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::CreditNote => "credit_note",
        }
    }
}

impl FromStr for DocumentKind {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or(UnknownWord { expected: "invoice or credit_note" })
    }
}

/// One tax of a row, with what it comes to for the charges of the row and for the credits on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowTax {
    /// What it is called there; empty where nothing is taxed.
    pub name: String,
    /// The rate.
    pub rate: Rate,
    /// On the row's charges.
    pub on_charges: Money,
    /// Given back with the row's credits, not below zero.
    pub on_credits: Money,
    /// How it is spread over the charges, by amount.
    pub spreads: Vec<Spread>,
}

/// Lines of a document that are taxed alike. Charges lie in a stretch of time; credits stand on the row whose taxes their
/// charges were billed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// From when the charges were booked; the row has none where both are the same.
    pub from: Timestamp,
    /// Before when.
    pub to: Timestamp,
    /// Whether the amounts have the tax in them (rule 3.3).
    pub includes_tax: bool,
    /// How they are taxed.
    pub treatment: Treatment,
    /// How many charges there are.
    pub charges: u64,
    /// What the charges come to, as they were booked.
    pub charged: Money,
    /// How many credits there are.
    pub credits: u64,
    /// What the credits come to as they were booked, not below zero.
    pub credited: Money,
    /// Each of its taxes; one without a name where nothing is taxed.
    pub taxes: Vec<RowTax>,
}

/// A charge as it was booked, as far as its tax depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Booked {
    /// What it comes to.
    pub amount: Money,
    /// Whether that includes tax.
    pub includes_tax: bool,
    /// Where it stands in the ledger.
    pub place: Place,
}

/// On which of these rows a charge stands, counted from 0, and each of its taxes; none where it is on none of them.
///
/// # Errors
/// When a sum does not fit.
pub fn row_of(rows: &[Row], own: &Booked) -> Result<Option<(usize, Vec<Money>)>, MoneyError> {
    for (place, row) in rows.iter().enumerate() {
        if let Some(taxes) = row.taxes_of(own)? {
            return Ok(Some((place, taxes)));
        }
    }
    Ok(None)
}

/// The rates of a treatment; nothing at all where nothing is taxed.
fn rates_of(treatment: &Treatment) -> Vec<(String, Rate)> {
    match treatment {
        Treatment::Taxed(parts) => parts.iter().map(|own| (own.name.clone(), own.rate)).collect(),
        Treatment::ReverseCharge | Treatment::Exempt(_) | Treatment::OutOfScope => {
            vec![(String::new(), Rate::NONE)]
        }
    }
}

impl Row {
    /// A row of charges: so many of each amount, booked in a stretch of time.
    ///
    /// # Errors
    /// When currencies differ or a sum does not fit.
    pub fn of_charges(
        (from, to): (Timestamp, Timestamp),
        includes_tax: bool,
        treatment: &Treatment,
        currency: Currency,
        lines: &[Alike],
    ) -> Result<Self, MoneyError> {
        let mut charged = Money::zero(currency);
        for own in lines {
            let count = i64::try_from(own.count).map_err(|_| MoneyError::Overflow)?;
            let whole = own.amount.minor().checked_mul(count).ok_or(MoneyError::Overflow)?;
            charged = charged.plus(Money::new(whole, currency))?;
        }
        let mut taxes = Vec::new();
        let rates = rates_of(treatment);
        let each: Vec<Rate> = rates.iter().map(|(_, rate)| *rate).collect();
        let amounts = Amounts::with(includes_tax, &each);
        for (name, rate) in rates {
            let (on_charges, mut spreads) = spread(rate, amounts, currency, lines)?;
            spreads.sort_unstable_by_key(|own| own.lines.amount.minor());
            taxes.push(RowTax { name, rate, on_charges, on_credits: Money::zero(currency), spreads });
        }
        let charges = lines.iter().map(|own| own.count).sum();
        let (credits, credited) = (0, Money::zero(currency));
        let treatment = treatment.clone();
        Ok(Self { from, to, includes_tax, treatment, charges, charged, credits, credited, taxes })
    }

    /// A row for credits only, of charges that were billed with the taxes of `other`.
    pub fn for_credits_like(other: &Self, at: Timestamp) -> Self {
        let nothing = Money::zero(other.charged.currency());
        let bare = |own: &RowTax| RowTax {
            name: own.name.clone(),
            rate: own.rate,
            on_charges: nothing,
            on_credits: nothing,
            spreads: Vec::new(),
        };
        Self {
            from: at,
            to: at,
            includes_tax: other.includes_tax,
            treatment: other.treatment.clone(),
            charges: 0,
            charged: nothing,
            credits: 0,
            credited: nothing,
            taxes: other.taxes.iter().map(bare).collect(),
        }
    }

    /// Whether credits of charges on `other` can stand here.
    pub fn is_like(&self, other: &Self) -> bool {
        self.includes_tax == other.includes_tax && self.treatment == other.treatment
    }

    /// Each tax of one of its charges; none where the charge is not among them.
    ///
    /// # Errors
    /// When a sum does not fit.
    pub fn taxes_of(&self, own: &Booked) -> Result<Option<Vec<Money>>, MoneyError> {
        let inside = self.from <= own.place.at && own.place.at < self.to;
        if !inside || self.includes_tax != own.includes_tax {
            return Ok(None);
        }
        let mut taxes = Vec::with_capacity(self.taxes.len());
        for tax in &self.taxes {
            let found = tax.spreads.binary_search_by_key(&own.amount.minor(), |own| own.lines.amount.minor());
            match found.ok().and_then(|at| tax.spreads.get(at)) {
                Some(spread) => taxes.push(spread.at(own.place)?),
                None => return Ok(None),
            }
        }
        Ok(Some(taxes))
    }

    /// Puts a credit on the row; `back` is what of each tax it gives back.
    ///
    /// # Errors
    /// When currencies differ or a sum does not fit.
    pub fn credit(&mut self, amount: Money, back: &[Money]) -> Result<(), MoneyError> {
        self.credits = self.credits.saturating_add(1);
        self.credited = self.credited.plus(amount)?;
        for (own, back) in self.taxes.iter_mut().zip(back) {
            own.on_credits = own.on_credits.plus(*back)?;
        }
        Ok(())
    }

    /// Its taxes: those on charges less those on credits.
    ///
    /// # Errors
    /// When a sum does not fit.
    pub fn tax(&self) -> Result<Money, MoneyError> {
        let mut sum = Money::zero(self.charged.currency());
        for own in &self.taxes {
            sum = sum.plus(own.on_charges)?.plus(own.on_credits.negated()?)?;
        }
        Ok(sum)
    }

    /// What it comes to before tax.
    ///
    /// # Errors
    /// When a sum does not fit.
    pub fn net(&self) -> Result<Money, MoneyError> {
        let booked = self.charged.plus(self.credited.negated()?)?;
        if self.includes_tax { booked.plus(self.tax()?.negated()?) } else { Ok(booked) }
    }
}

/// What a document comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// Before tax.
    pub net: Money,
    /// The tax.
    pub tax: Money,
    /// Both together: what is owed.
    pub gross: Money,
}

impl Totals {
    /// The sums of a document's rows.
    ///
    /// # Errors
    /// When currencies differ or a sum does not fit.
    pub fn of(currency: Currency, rows: &[Row]) -> Result<Self, MoneyError> {
        let (mut net, mut tax) = (Money::zero(currency), Money::zero(currency));
        for row in rows {
            net = net.plus(row.net()?)?;
            tax = tax.plus(row.tax()?)?;
        }
        Ok(Self { net, tax, gross: net.plus(tax)? })
    }
}

/// Somebody on a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The name it does business under.
    pub name: String,
    /// Street and number, one or two lines.
    pub lines: Vec<String>,
    /// The city.
    pub city: String,
    /// The postal code, where there are such.
    pub postal_code: String,
    /// The country, with the part of it that taxes by itself, the tax id and a certificate.
    pub place: TaxPlace,
    /// Where documents and questions are sent.
    pub email: String,
    /// What only some parties have.
    pub more: PartyMore,
}

/// What a document says of a party beyond its address; all of it may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartyMore {
    /// A person or a department to ask for.
    pub contact: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
    /// The number in a register of companies.
    pub registration: Option<String>,
    /// What a buyer wants to find its invoices by; of a public buyer in Germany the Leitweg-ID (EN 16931, BT-10).
    pub reference: Option<String>,
    /// The address in a network of electronic invoices: the scheme's four digits, a colon, the id (EN 16931, BT-34 and BT-49).
    pub electronic_address: Option<String>,
    /// The account a seller is paid into.
    pub account: Option<Account>,
}

/// A bank account to pay into (EN 16931, BG-17).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its international number, without spaces.
    pub iban: String,
    /// The bank's code, where the bank wants one.
    pub bic: Option<String>,
}

/// An issued document: it is never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// Its number.
    pub number: DocumentNumber,
    /// What it is.
    pub kind: DocumentKind,
    /// The month it bills.
    pub month: Month,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Through which day it is to be paid.
    pub due_on: Date,
    /// Who bills.
    pub seller: Party,
    /// Who is billed.
    pub buyer: Party,
    /// What it comes to.
    pub totals: Totals,
    /// Its lines, by how they are taxed.
    pub rows: Vec<Row>,
    /// The invoices whose charges are credited here, where there are earlier ones.
    pub amends: Vec<DocumentNumber>,
}

/// Why a partner cannot be billed for a month yet; the others are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// Nobody said who the partner is for tax, or where.
    ProfileMissing,
    /// Tax is owed, and no rate is known.
    RateMissing(RateMissing),
    /// An earlier month has charges that were not billed.
    EarlierMonthOpen(Month),
}

impl Held {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ProfileMissing => "profile_missing",
            Self::RateMissing(_) => "rate_missing",
            Self::EarlierMonthOpen(_) => "earlier_month_open",
        }
    }
}

/// A charge as it was billed: its amount, and each of its taxes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Billed {
    /// As it was booked.
    pub amount: Money,
    /// Each tax on it, or in it.
    pub taxes: Vec<Money>,
}

/// What of each tax a credit gives back, when `before` of the charge and of its taxes was given back already.
///
/// # Errors
/// When currencies differ or a sum does not fit.
pub fn taxes_given_back(billed: &Billed, before: &Billed, credit: Money) -> Result<Vec<Money>, MoneyError> {
    let pairs = billed.taxes.iter().zip(&before.taxes);
    pairs.map(|(tax, gone)| given_back((billed.amount, *tax), (before.amount, *gone), credit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::taxation::TaxPart;
    use jiff::civil::date;
    use rust_decimal::Decimal;

    fn eur(minor: i64) -> Money {
        Money::new(minor, "EUR".parse().unwrap())
    }

    fn taxed(parts: &[(&str, i64)]) -> Treatment {
        let part = |(name, permille): &(&str, i64)| TaxPart {
            name: (*name).to_owned(),
            rate: Rate::new(Decimal::new(*permille, 3)).unwrap(),
        };
        Treatment::Taxed(parts.iter().map(part).collect())
    }

    fn row(includes: bool, treatment: &Treatment, amounts: &[(i64, u64)]) -> Row {
        let lines: Vec<Alike> =
            amounts.iter().map(|(minor, count)| Alike { amount: eur(*minor), count: *count }).collect();
        let stretch = Month::of(date(2020, 2, 1)).stretch().unwrap();
        Row::of_charges(stretch, includes, treatment, "EUR".parse().unwrap(), &lines).unwrap()
    }

    #[test]
    fn months_and_numbers_are_read_as_they_are_written() {
        let month: Month = "2020-02".parse().unwrap();
        assert_eq!((month.to_string().as_str(), month.last()), ("2020-02", date(2020, 2, 29)));
        assert_eq!(month.stretch().unwrap().1.to_string(), "2020-03-01T00:00:00Z");
        for wrong in ["2020-2", "2020-13", "2020-02-01", "", "abcd-ef"] {
            assert!(wrong.parse::<Month>().is_err(), "{wrong}");
        }
        let number: DocumentNumber = "G000024135".parse().unwrap();
        assert_eq!((number.value(), number.to_string().as_str()), (24_135, "G000024135"));
        for wrong in ["G24135", "D000024135", "G00002413a", "G000000000", "G0000241350"] {
            assert!(wrong.parse::<DocumentNumber>().is_err(), "{wrong}");
        }
        assert_eq!(DocumentNumber::new(DocumentNumber::MAX).unwrap().next(), None);
    }

    #[test]
    fn tax_is_worked_out_once_a_rate_and_comes_out_of_prices_that_have_it() {
        // 68.33 twice, 57.50 and 85.00 at 20 %: 279.16, 55.83, 334.99.
        let vat = taxed(&[("VAT", 200)]);
        let own = row(false, &vat, &[(68_33, 2), (57_50, 1), (85_00, 1)]);
        let totals = Totals::of("EUR".parse().unwrap(), &[own]).unwrap();
        assert_eq!([totals.net, totals.tax, totals.gross], [eur(279_16), eur(55_83), eur(334_99)]);
        // 179.25 with 20 % in it: 149.37 and 29.88.
        let own = row(true, &vat, &[(179_25, 1)]);
        let totals = Totals::of("EUR".parse().unwrap(), &[own]).unwrap();
        assert_eq!([totals.net, totals.tax, totals.gross], [eur(149_37), eur(29_88), eur(179_25)]);
        // Two taxes: 5 % and 9.975 % of 100.00.
        let both = taxed(&[("GST", 50)]);
        let Treatment::Taxed(mut parts) = both else { panic!("taxed") };
        parts.push(TaxPart { name: "QST".into(), rate: Rate::new(Decimal::new(9_975, 5)).unwrap() });
        let own = row(false, &Treatment::Taxed(parts), &[(100_00, 1)]);
        assert_eq!(own.taxes.iter().map(|own| own.on_charges).collect::<Vec<_>>(), [eur(5_00), eur(9_98)]);
        // And none at all.
        for none in [Treatment::ReverseCharge, Treatment::OutOfScope, Treatment::Exempt("1".into())] {
            let totals = Totals::of("EUR".parse().unwrap(), &[row(false, &none, &[(100_00, 1)])]).unwrap();
            assert_eq!([totals.net, totals.tax, totals.gross], [eur(100_00), eur(0), eur(100_00)]);
        }
    }

    #[test]
    fn bought_and_cancelled_in_one_month_comes_to_nothing() {
        let mut own = row(false, &taxed(&[("VAT", 190)]), &[(119_99, 3)]);
        let nothing = Billed { amount: eur(0), taxes: vec![eur(0)] };
        for place in 0..3 {
            let spread = own.taxes[0].spreads[0];
            let tax = eur(spread.each.minor() + i64::from(place < spread.extra));
            let billed = Billed { amount: eur(119_99), taxes: vec![tax] };
            let back = taxes_given_back(&billed, &nothing, eur(119_99)).unwrap();
            own.credit(eur(119_99), &back).unwrap();
        }
        let totals = Totals::of("EUR".parse().unwrap(), &[own]).unwrap();
        assert_eq!([totals.net, totals.tax, totals.gross], [eur(0), eur(0), eur(0)]);
    }

    #[test]
    fn a_later_credit_stands_on_a_row_with_its_own_rate() {
        let old = row(true, &taxed(&[("VAT", 160)]), &[(116_00, 1)]);
        let mut note = Row::for_credits_like(&old, old.to);
        assert!(note.is_like(&old) && !note.is_like(&row(true, &taxed(&[("VAT", 190)]), &[(116_00, 1)])));
        note.credit(eur(58_00), &[eur(8_00)]).unwrap();
        let totals = Totals::of("EUR".parse().unwrap(), &[note]).unwrap();
        assert_eq!([totals.net, totals.tax, totals.gross], [eur(-50_00), eur(-8_00), eur(-58_00)]);
    }
}
