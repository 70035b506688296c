//! Support requests: what a partner may ask of the operator, how soon it is answered, which files go along (rule 11).
//!
//! Never here: who may read a request (see `access`), where files lie, sentences.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use crate::catalog::UnknownWord;
use crate::money::{Currency, Money};
use crate::refusal::Refusal;

/// How many files go along with one message.
pub const FILES_MAX: usize = 5;
/// How large one file may be, in bytes.
pub const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;
/// How long a closed request may be opened again, in days.
pub const REOPEN_DAYS: u32 = 30;
/// The longest title, in letters.
pub const TITLE_MAX: usize = 120;
/// The longest message, in letters.
pub const TEXT_MAX: usize = 8000;
/// The longest name of a file, in letters.
const NAME_MAX: usize = 100;

/// What a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// More activations of a product key.
    MoreActivations,
    /// A purchase, or money back for one, on behalf of a customer (SEED-71).
    Refund,
    /// Something does not work.
    Technical,
    /// A bill.
    Billing,
    /// The partner's own account and people.
    Account,
    /// Anything else.
    Other,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 6] =
        [Self::MoreActivations, Self::Refund, Self::Technical, Self::Billing, Self::Account, Self::Other];
    /// Those one can choose from in the form; more activations are asked for where the key is.
    pub const OFFERED: [Self; 5] = [Self::Refund, Self::Technical, Self::Billing, Self::Account, Self::Other];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MoreActivations => "more_activations",
            Self::Refund => "refund",
            Self::Technical => "technical",
            Self::Billing => "billing",
            Self::Account => "account",
            Self::Other => "other",
        }
    }

    /// Whether the description is made of its four items (SEED-73).
    pub const fn has_items(self) -> bool {
        matches!(self, Self::Refund)
    }
}

impl std::str::FromStr for Topic {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|own| own.as_str() == text)
            .ok_or(UnknownWord { expected: "more_activations, refund, technical, billing, account or other" })
    }
}

/// How much depends on the answer (rule 11.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Impact {
    /// A significant loss, production is down.
    Critical,
    /// A moderate loss, partly affected.
    Moderate,
    /// Little loss, still available (Q-23: the default).
    Minimal,
}

impl Impact {
    /// Every impact, the gravest first.
    pub const ALL: [Self; 3] = [Self::Critical, Self::Moderate, Self::Minimal];

    /// The stored word, which is the severity on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Moderate => "moderate",
            Self::Minimal => "minimal",
        }
    }

    /// Within how many hours the first answer comes.
    pub const fn hours(self) -> u32 {
        match self {
            Self::Critical => 2,
            Self::Moderate => 4,
            Self::Minimal => 8,
        }
    }

    /// Its place in the operator's queue: the least comes first.
    pub const fn rank(self) -> i64 {
        match self {
            Self::Critical => 0,
            Self::Moderate => 1,
            Self::Minimal => 2,
        }
    }

    /// Until when the first answer is due.
    pub fn due(self, asked_at: Timestamp) -> Timestamp {
        let hours = SignedDuration::from_hours(i64::from(self.hours()));
        asked_at.checked_add(hours).unwrap_or(Timestamp::MAX)
    }
}

impl std::str::FromStr for Impact {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|own| own.as_str() == text)
            .ok_or(UnknownWord { expected: "critical, moderate or minimal" })
    }
}

/// Where a request is in its life (rule 11.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RequestState {
    /// The operator's turn.
    Open,
    /// The partner's turn: something is missing.
    AttentionNeeded,
    /// Over.
    Closed,
}

impl RequestState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Open, Self::AttentionNeeded, Self::Closed];

    /// The stored word, which is the status on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::AttentionNeeded => "attention_needed",
            Self::Closed => "closed",
        }
    }
}

impl std::str::FromStr for RequestState {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|own| own.as_str() == text)
            .ok_or(UnknownWord { expected: "open, attention_needed or closed" })
    }
}

/// Who speaks in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Party {
    /// Whoever asked.
    Partner,
    /// The operator.
    Operator,
}

impl Party {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Partner => "partner",
            Self::Operator => "operator",
        }
    }
}

impl std::str::FromStr for Party {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        [Self::Partner, Self::Operator]
            .into_iter()
            .find(|own| own.as_str() == text)
            .ok_or(UnknownWord { expected: "partner or operator" })
    }
}

/// What is done to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Something is said.
    Say,
    /// Something is asked back: the operator's.
    AskBack,
    /// It is over.
    Close,
    /// It is not over after all: the partner's, for a while.
    Reopen,
}

/// Where a step of a party leads; `closed_at` is when the request was closed, if it is.
///
/// # Errors
/// When the request is closed, was closed too long ago, or the step is the other party's.
pub fn step(
    state: RequestState,
    closed_at: Option<Timestamp>,
    party: Party,
    step: Step,
    now: Timestamp,
) -> Result<RequestState, Refusal> {
    use RequestState as S;
    match (state, step, party) {
        (S::Closed, Step::Reopen, Party::Partner) => {
            let days = SignedDuration::from_hours(i64::from(REOPEN_DAYS).saturating_mul(24));
            let last = closed_at.and_then(|at| at.checked_add(days).ok()).unwrap_or(Timestamp::MIN);
            if now <= last { Ok(S::Open) } else { Err(Refusal::ReopenOver { days: REOPEN_DAYS }) }
        }
        (S::Closed, ..) | (_, Step::Reopen, _) | (_, Step::AskBack, Party::Partner) => {
            Err(Refusal::RequestClosed)
        }
        (_, Step::Close, _) => Ok(S::Closed),
        (_, Step::AskBack, Party::Operator) => Ok(S::AttentionNeeded),
        // What was asked back is answered: the operator's turn again.
        (_, Step::Say, Party::Partner) => Ok(S::Open),
        (state, Step::Say, Party::Operator) => Ok(state),
    }
}

/// The four items that a description of a refund request must contain (SEED-73).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundItems {
    /// The customer's tenant id or domain name.
    pub tenant: String,
    /// The order or the subscription.
    pub purchase: String,
    /// Why.
    pub reason: String,
    /// How much, for people.
    pub amount: String,
}

impl RefundItems {
    /// The description, one item after the other, each behind its label.
    pub fn merged(&self, labels: [&str; 4]) -> String {
        let [tenant, purchase, reason, amount] = labels;
        [(tenant, &self.tenant), (purchase, &self.purchase), (amount, &self.amount), (reason, &self.reason)]
            .map(|(label, value)| format!("{label}: {value}"))
            .join("\n")
    }
}

/// An amount above zero as people write it: `1500`, `1 500.00`, `1.500,00`, with the currency's code or without.
pub fn read_amount(text: &str, currency: Currency) -> Option<Money> {
    let upper = text.trim().to_uppercase();
    let bare = upper.strip_suffix(currency.code()).or_else(|| upper.strip_prefix(currency.code()));
    let digits: String =
        bare.unwrap_or(&upper).chars().filter(|own| !own.is_whitespace() && *own != '\'').collect();
    let (whole, part) = digits.rsplit_once(['.', ',']).unwrap_or((&digits, ""));
    let whole: String = whole.chars().filter(|own| !matches!(own, '.' | ',')).collect();
    let is_number = |own: &str| own.bytes().all(|octet| octet.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || part.len() > 4 || !is_number(&whole) || !is_number(part) {
        return None;
    }
    let value =
        Decimal::from_str_exact(&if part.is_empty() { whole } else { format!("{whole}.{part}") }).ok()?;
    let money = Money::truncated(value, currency).ok()?;
    (money.minor() > 0 && money.decimal() == value).then_some(money)
}

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFault {
    /// It is larger than [`FILE_BYTES_MAX`].
    TooLarge,
    /// There is nothing in it.
    Empty,
    /// It is of a kind that is not taken, or not what its name says.
    Kind,
}

/// The endings that are taken, for people and for the browser's choice of files.
pub const ENDINGS: [&str; 13] =
    ["pdf", "png", "jpg", "jpeg", "gif", "webp", "txt", "csv", "log", "docx", "xlsx", "odt", "zip"];

/// What a file is, by its name and by what stands in it; both must say the same.
///
/// # Errors
/// When it is too large, empty, or of a kind that is not taken.
pub fn kind_of(name: &str, bytes: &[u8]) -> Result<&'static str, FileFault> {
    if bytes.is_empty() {
        return Err(FileFault::Empty);
    }
    if bytes.len() > FILE_BYTES_MAX {
        return Err(FileFault::TooLarge);
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let (kind, fits) = match ending.as_str() {
        "pdf" => ("application/pdf", bytes.starts_with(b"%PDF-")),
        "png" => ("image/png", bytes.starts_with(b"\x89PNG\r\n\x1a\n")),
        "jpg" | "jpeg" => ("image/jpeg", bytes.starts_with(b"\xff\xd8\xff")),
        "gif" => ("image/gif", bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a")),
        "webp" => ("image/webp", bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP")),
        "txt" | "log" => ("text/plain", is_plain(bytes)),
        "csv" => ("text/csv", is_plain(bytes)),
        "docx" => (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            is_zip(bytes) && names(bytes, b"[Content_Types].xml") && names(bytes, b"word/"),
        ),
        "xlsx" => (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            is_zip(bytes) && names(bytes, b"[Content_Types].xml") && names(bytes, b"xl/"),
        ),
        "odt" => (
            "application/vnd.oasis.opendocument.text",
            is_zip(bytes) && names(bytes, b"application/vnd.oasis.opendocument.text"),
        ),
        "zip" => ("application/zip", is_zip(bytes) || bytes.starts_with(b"PK\x05\x06")),
        _ => return Err(FileFault::Kind),
    };
    if fits { Ok(kind) } else { Err(FileFault::Kind) }
}

/// Text, and no page, picture or program that is written as text.
fn is_plain(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    if text.contains('\0') {
        return false;
    }
    let begin: String = text.trim_start_matches('\u{feff}').trim_start().chars().take(16).collect();
    let begin = begin.to_ascii_lowercase();
    !["<!doctype", "<html", "<svg", "<?xml", "<script", "#!"].iter().any(|own| begin.starts_with(own))
}

fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

fn names(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|own| own == wanted)
}

/// A file's name without a path and without what could mislead: letters, digits, spaces and `. _ - ( )`.
pub fn file_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last
        .chars()
        .map(|own| if own.is_alphanumeric() || " ._-()".contains(own) { own } else { '_' })
        .collect();
    let clean = clean.trim_matches(['.', ' ']);
    let (stem, ending) = clean.rsplit_once('.').unwrap_or((clean, ""));
    let stem: String = stem.chars().take(NAME_MAX).collect();
    let ending: String = ending.chars().take(10).collect();
    match (stem.is_empty(), ending.is_empty()) {
        (true, true) => "file".to_owned(),
        (true, false) => format!("file.{ending}"),
        (false, true) => stem,
        (false, false) => format!("{stem}.{ending}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn what_a_file_is_must_be_what_it_is_called() {
        assert_eq!(kind_of("a.png", b"\x89PNG\r\n\x1a\n...."), Ok("image/png"));
        assert_eq!(kind_of("a.PDF", b"%PDF-1.7"), Ok("application/pdf"));
        assert_eq!(kind_of("a.webp", b"RIFF\0\0\0\0WEBPVP8 "), Ok("image/webp"));
        assert_eq!(kind_of("notes.txt", "Grüße".as_bytes()), Ok("text/plain"));
        assert_eq!(kind_of("a.zip", b"PK\x03\x04rest"), Ok("application/zip"));
        assert_eq!(kind_of("a.odt", b"PK\x03\x04..mimetypeapplication/vnd.oasis.opendocument.text"), {
            Ok("application/vnd.oasis.opendocument.text")
        });
        for (name, bytes) in [
            ("a.png", &b"MZ\x90\0"[..]),
            ("a.exe", b"MZ\x90\0"),
            ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            ("a.html", b"<p>"),
            ("a.txt", b"  <!DOCTYPE html><script>"),
            ("a.txt", b"a\0b"),
            ("a.txt", b"\xff\xfe"),
            ("a.log", b"#!/bin/sh"),
            ("a.docx", b"PK\x03\x04no parts"),
            ("png", b"\x89PNG\r\n\x1a\n"),
        ] {
            assert_eq!(kind_of(name, bytes), Err(FileFault::Kind), "{name}");
        }
        assert_eq!(kind_of("a.txt", b""), Err(FileFault::Empty));
        assert_eq!(kind_of("a.txt", &vec![b'a'; FILE_BYTES_MAX + 1]), Err(FileFault::TooLarge));
        assert!(ENDINGS.iter().all(|own| kind_of(&format!("a.{own}"), b"\x01\xff") == Err(FileFault::Kind)));
    }

    #[test]
    fn a_name_is_no_path_and_no_header() {
        assert_eq!(file_name("C:\\temp\\Übersicht 1.png"), "Übersicht 1.png");
        assert_eq!(file_name("../../etc/passwd"), "passwd");
        assert_eq!(file_name("a\"\r\nX: y.pdf"), "a___X_ y.pdf");
        assert_eq!(file_name(".png"), "png");
        assert!(file_name(&"x".repeat(500)).len() <= 111);
    }

    #[test]
    fn a_request_is_closed_by_either_and_opened_again_by_the_partner_for_a_month() {
        use Party::{Operator, Partner};
        use RequestState as S;
        let (closed, now) = (Some(at("2020-03-01T10:00:00Z")), at("2020-03-31T10:00:00Z"));
        assert_eq!(step(S::Open, None, Operator, Step::AskBack, now), Ok(S::AttentionNeeded));
        assert_eq!(step(S::AttentionNeeded, None, Partner, Step::Say, now), Ok(S::Open));
        assert_eq!(step(S::AttentionNeeded, None, Operator, Step::Say, now), Ok(S::AttentionNeeded));
        assert_eq!(step(S::Open, None, Partner, Step::Close, now), Ok(S::Closed));
        assert_eq!(step(S::Closed, closed, Partner, Step::Reopen, now), Ok(S::Open));
        let late = at("2020-03-31T10:00:01Z");
        let over = Err(Refusal::ReopenOver { days: 30 });
        assert_eq!(step(S::Closed, closed, Partner, Step::Reopen, late), over);
        for (party, own) in
            [(Partner, Step::Say), (Operator, Step::Say), (Operator, Step::Reopen), (Partner, Step::AskBack)]
        {
            assert_eq!(step(S::Closed, closed, party, own, now), Err(Refusal::RequestClosed));
        }
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        let eur: Currency = "EUR".parse().unwrap();
        let read = |text: &str| read_amount(text, eur).map(Money::minor);
        for text in ["1500", "1500.00", "1500,00", "1 500,00 EUR", "EUR 1,500.00", "1.500,00", "1'500.00"] {
            assert_eq!(read(text), Some(1500_00), "{text}");
        }
        for text in ["", "0", "-5", "1.234", "12.345", "all of it", "5 USD", "9999999999999", "1e5"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn the_graver_the_sooner() {
        let asked = at("2020-02-01T10:00:00Z");
        let due = Impact::ALL.map(|own| own.due(asked).to_string());
        assert_eq!(due, ["2020-02-01T12:00:00Z", "2020-02-01T14:00:00Z", "2020-02-01T18:00:00Z"]);
    }

    #[test]
    fn a_description_of_a_refund_has_its_four_items() {
        let items = RefundItems {
            tenant: "de.example".into(),
            purchase: "c403d91b21d2".into(),
            reason: "bought twice".into(),
            amount: "10.00 EUR".into(),
        };
        let text = items.merged(["Tenant", "Order", "Reason", "Amount"]);
        assert_eq!(text, "Tenant: de.example\nOrder: c403d91b21d2\nAmount: 10.00 EUR\nReason: bought twice");
    }
}
