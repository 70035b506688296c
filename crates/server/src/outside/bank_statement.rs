//! Statements of banks as they write them: ISO 20022 camt.053.
//!
//! Never here: whose the money is.

use aws_lc_rs::digest::{SHA256, digest};
use chandlery_domain::bank::{BankRow, SAID_MAX};
use chandlery_domain::money::{Currency, Money};
use jiff::civil::Date;
use quick_xml::Reader;
use quick_xml::events::Event;
use rust_decimal::Decimal;
use sepa::camt::{CashEntry, EntryDetail, EntryStatus, ReportedAmount};
use sepa::camt053::parse_camt053_with_limits;
use sepa::camt054::CreditDebitIndicator;
use sepa::{IsoDate, ParseLimits};

use crate::texts::Complaint;

/// The largest statement taken, in bytes.
pub const LARGEST: usize = 16 * 1024 * 1024;
/// How many elements it may have: as many as fit.
const NODES: usize = LARGEST / 16;
/// What banks write where there is no reference.
const NO_REFERENCE: [&str; 3] = ["NONREF", "NOTPROVIDED", "NOREF"];

/// What a statement says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// The money that came in, as it was booked.
    pub rows: Vec<BankRow>,
    /// How many bookings are passed over: money that went out, or is not booked yet.
    pub others: usize,
}

/// Reads a statement. Bookings of several payments at once become a row for each of them, where the bank says what each comes to.
///
/// # Errors
/// What is wrong with the file; nothing of it counts then.
pub fn read(file: &[u8]) -> Result<Statement, Complaint> {
    let text = std::str::from_utf8(file).map_err(|_| Complaint::of("complaint-statement-letters"))?;
    let limits = ParseLimits { input_bytes: LARGEST, nodes: NODES, ..ParseLimits::default() };
    let read = parse_camt053_with_limits(text.trim_start_matches('\u{feff}'), limits);
    let unread = |why: String| Complaint::of("complaint-statement").with("why", why);
    let document = read.map_err(|error| unread(error.to_string()))?;
    let entries: usize = document.statements.iter().map(|own| own.entries.len()).sum();
    let unusual = unusual(text).map_err(|error| unread(error.to_string()))?;
    // What is not understood is left to people.
    let sure = unusual.len() == entries;
    let mut unusual = unusual.into_iter();
    let mut read = Statement::default();
    for statement in &document.statements {
        let within = Within {
            account: statement.account.any_id().unwrap_or_default(),
            id: &statement.stmt_id,
            number: statement.sequence_number.map(|own| own.to_string()).unwrap_or_default(),
        };
        for entry in &statement.entries {
            let plain = sure && unusual.next() == Some(false);
            booked(&mut read, &within, entry, plain)?;
        }
    }
    Ok(read)
}

/// Of each booking, in their order, whether it takes something back, or lists its payments in several places: the parser does not tell.
fn unusual(text: &str) -> Result<Vec<bool>, quick_xml::Error> {
    let mut reader = Reader::from_str(text);
    let (mut list, mut depth, mut places) = (Vec::new(), 0_u32, 0_u32);
    let (mut entry, mut taken_back, mut asked) = (None, false, false);
    loop {
        let event = reader.read_event()?;
        if let Event::Start(tag) | Event::Empty(tag) = &event {
            let inside = entry.is_some_and(|own: u32| depth == own.saturating_add(1));
            match tag.local_name().as_ref() {
                "Ntry" if entry.is_none() => (entry, places, taken_back) = (Some(depth), 0, false),
                "NtryDtls" if inside => places = places.saturating_add(1),
                "RvslInd" if inside => asked = true,
                _ => {}
            }
        }
        match event {
            Event::Start(_) => depth = depth.saturating_add(1),
            Event::Text(said) if asked => taken_back |= !matches!(said.as_ref().trim(), "false" | "0"),
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                asked = false;
                if entry == Some(depth) {
                    list.push(taken_back || places > 1);
                    entry = None;
                }
            }
            Event::Eof => return Ok(list),
            _ => {}
        }
    }
}

/// The statement a booking stands in.
struct Within<'a> {
    account: &'a str,
    id: &'a str,
    number: String,
}

/// One payment of a booking, or the whole booking.
struct Part<'a> {
    amount: &'a ReportedAmount,
    payer: Option<&'a str>,
    said: Vec<&'a str>,
    /// Whether it is one payment that somebody made, by everything the bank says.
    alone: bool,
}

/// What was said in these texts, save where it says that nothing was.
fn said<const N: usize>(texts: [Option<&String>; N]) -> Vec<&str> {
    texts.into_iter().flatten().map(|text| text.trim()).filter(|text| !unsaid(text)).collect()
}

fn said_of(own: &EntryDetail) -> Vec<&str> {
    said([own.reference.as_ref(), own.end_to_end_id.as_ref(), own.additional_info.as_ref()])
}

/// Whether the bank says that it sends money of ours back.
const fn comes_back(own: &EntryDetail) -> bool {
    own.is_return() || own.return_additional_info.is_some()
}

fn part(own: &EntryDetail) -> Part<'_> {
    Part {
        amount: &own.amount,
        payer: own.counterparty_name.as_deref(),
        said: said_of(own),
        alone: !comes_back(own),
    }
}

/// The payments of a booking; the booking itself where the bank does not say what each comes to.
fn parts(entry: &CashEntry, plain: bool) -> Vec<Part<'_>> {
    // Money that went out among them makes them no payments that came in.
    let came_in = |own: &EntryDetail| own.signed_ct().is_some_and(|amount| amount > 0);
    let each = |own: &EntryDetail| own.amount.amount_raw.is_some() && came_in(own);
    let adds_up = entry.details_reconcile();
    if plain && entry.details.len() > 1 && entry.details.iter().all(each) && adds_up {
        return entry.details.iter().map(part).collect();
    }
    let mut texts: Vec<&str> = entry.details.iter().flat_map(said_of).collect();
    texts.extend(said([entry.additional_info.as_ref()]));
    let batch = entry.batch.as_ref();
    let one = entry.details.len() <= 1 && batch.is_none_or(|own| own.transaction_count == Some(1));
    let alone = plain && one && adds_up && !entry.details.iter().any(comes_back);
    vec![Part { amount: &entry.amount, payer: entry.counterparty_name(), said: texts, alone }]
}

fn unsaid(text: &str) -> bool {
    text.is_empty() || NO_REFERENCE.iter().any(|own| own.eq_ignore_ascii_case(text))
}

fn booked(
    read: &mut Statement,
    within: &Within<'_>,
    entry: &CashEntry,
    plain: bool,
) -> Result<(), Complaint> {
    let went_out = entry.amount.direction == Some(CreditDebitIndicator::Debit);
    if entry.status != EntryStatus::Booked || went_out {
        read.others = read.others.saturating_add(1);
        return Ok(());
    }
    let day = entry.booking_date().or_else(|| entry.value_date()).and_then(day);
    let bank = entry.account_servicer_ref.as_deref().map(str::trim).filter(|own| !unsaid(own));
    let unclear = || {
        let named = bank.or(entry.amount.amount_raw.as_deref()).unwrap_or("–");
        Complaint::of("complaint-statement-entry").with("entry", cut(named, 40))
    };
    let received_on = day.filter(|_| entry.amount.direction.is_some()).ok_or_else(unclear)?;
    for part in parts(entry, plain) {
        let amount = amount(part.amount).filter(|own| own.minor() >= 0).ok_or_else(unclear)?;
        if amount.minor() == 0 {
            read.others = read.others.saturating_add(1);
            continue;
        }
        let said = part.said.join(" ");
        let mut row = BankRow {
            // What is cut off may name others.
            alone: part.alone && said.chars().count() <= SAID_MAX,
            reference: String::new(),
            amount,
            received_on,
            payer: cut(part.payer.unwrap_or_default().trim(), SAID_MAX),
            said: cut(&said, SAID_MAX),
        };
        row.reference = reference(within, bank, &row, &read.rows);
        read.rows.push(row);
    }
    Ok(())
}

fn day(own: IsoDate) -> Option<Date> {
    own.to_string().parse().ok()
}

fn amount(own: &ReportedAmount) -> Option<Money> {
    let currency: Currency = own.currency.as_deref()?.parse().ok()?;
    Money::exact(Decimal::from_str_exact(own.amount_raw.as_deref()?.trim()).ok()?, currency)
}

/// As much as is kept of what somebody wrote, in one line.
fn cut(text: &str, most: usize) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(most).collect()
}

/// What names a row once: the bank's reference with a mark of what the row says, as banks use a reference again and one booking may
/// be many payments. Where the bank gives none, the statement counts too: the same in another statement may be other money. Two
/// that say the same in one file are told apart by their order, so that the file read again is the same.
fn reference(within: &Within<'_>, bank: Option<&str>, row: &BankRow, before: &[BankRow]) -> String {
    let (id, number) = if bank.is_some() { ("", "") } else { (within.id, within.number.as_str()) };
    let what = [
        within.account,
        id,
        number,
        bank.unwrap_or_default(),
        &row.received_on.to_string(),
        &row.amount.to_string(),
        &row.payer,
        &row.said,
    ];
    let mark = hex::encode(digest(&SHA256, what.join("\u{1f}").as_bytes()).as_ref());
    let mark = mark.get(..24).unwrap_or_default();
    let named = format!("{}-{mark}", cut(bank.unwrap_or("bank"), 60));
    let same = |name: &str| before.iter().any(|own| own.reference == name);
    if !same(&named) {
        return named;
    }
    let mut number = 2_u32;
    while same(&format!("{named}-{number}")) {
        number = number.saturating_add(1);
    }
    format!("{named}-{number}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn statement(entries: &str) -> String {
        format!(
            r#"<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
            <GrpHdr><MsgId>S1</MsgId><CreDtTm>2020-04-02T23:59:00</CreDtTm></GrpHdr><Stmt><Id>1</Id>
            <Acct><Id><IBAN>SE4550000000058398257466</IBAN></Id></Acct>{entries}</Stmt></BkToCstmrStmt></Document>"#
        )
    }

    fn entry(reference: &str, amount: &str, direction: &str, details: &str) -> String {
        format!(
            r#"<Ntry><Amt Ccy="SEK">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
            <BookgDt><Dt>2020-04-02</Dt></BookgDt><AcctSvcrRef>{reference}</AcctSvcrRef><NtryDtls>{details}</NtryDtls></Ntry>"#
        )
    }

    fn payment(said: &str, amount: &str) -> String {
        format!(
            r#"<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy="SEK">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>
            <RltdPties><Dbtr><Pty><Nm>Norrsken Cloud AB</Nm></Pty></Dbtr></RltdPties><RmtInf><Ustrd>{said}</Ustrd></RmtInf></TxDtls>"#
        )
    }

    fn rows(entries: &str) -> Vec<BankRow> {
        read(statement(entries).as_bytes()).unwrap().rows
    }

    #[test]
    fn what_came_in_is_read_with_who_paid_and_what_was_said() {
        let text = entry("B1", "428.37", "CRDT", &payment("Faktura G000000012", "428.37"));
        let out = entry("B2", "10.00", "DBIT", "");
        let later = text.replace("BOOK", "PDNG");
        let read = read(statement(&format!("{text}{out}{later}")).as_bytes()).unwrap();
        assert_eq!(read.others, 2);
        let [row] = &read.rows[..] else { panic!("{:?}", read.rows) };
        assert_eq!((row.amount.to_string().as_str(), row.received_on), ("428.37 SEK", date(2020, 4, 2)));
        assert_eq!((row.payer.as_str(), row.said.as_str()), ("Norrsken Cloud AB", "Faktura G000000012"));
        assert!(row.reference.starts_with("B1-"));
    }

    #[test]
    fn payments_booked_together_are_told_apart_where_the_bank_says_what_each_is() {
        let two = format!("{}{}", payment("G000000001", "100.00"), payment("G000000002", "50.00"));
        let apart = rows(&entry("B1", "150.00", "CRDT", &two));
        assert_eq!(apart.iter().map(|own| own.amount.minor()).collect::<Vec<_>>(), [10_000, 5_000]);
        assert_ne!(apart[0].reference, apart[1].reference);
        // Where they do not come to the booking it stays whole, with all that was said.
        let [whole] = &rows(&entry("B1", "151.00", "CRDT", &two))[..] else { panic!("one row") };
        assert_eq!((whole.amount.minor(), whole.said.as_str()), (15_100, "G000000001 G000000002"));
    }

    #[test]
    fn the_same_file_names_its_rows_the_same_and_no_two_rows_alike() {
        let one = entry("NONREF", "100.00", "CRDT", &payment("thanks", "100.00"));
        let other = entry("NONREF", "100.00", "CRDT", &payment("thank you", "100.00"));
        let text = format!("{one}{one}{other}");
        let first = rows(&text);
        assert_eq!(first, rows(&text));
        let mut names: Vec<&str> = first.iter().map(|own| own.reference.as_str()).collect();
        names.dedup();
        assert_eq!(names.len(), 3, "{names:?}");
        assert!(names.iter().all(|own| own.starts_with("bank-")));
    }

    #[test]
    fn what_may_be_the_money_of_several_or_comes_back_is_not_taken_for_one_payment() {
        let alone = |entries: &str| rows(entries).iter().map(|own| own.alone).collect::<Vec<_>>();
        assert_eq!(alone(&entry("B1", "100.00", "CRDT", &payment("G000000001", "100.00"))), [true]);
        let two = format!("{}{}", payment("G000000001", "60.00"), payment("thanks", "50.00"));
        assert_eq!(alone(&entry("B1", "100.00", "CRDT", &two)), [false], "they do not come to the booking");
        let batch = |count: &str| {
            format!("<Btch><NbOfTxs>{count}</NbOfTxs></Btch>{}", payment("G000000001", "100.00"))
        };
        assert_eq!(alone(&entry("B1", "100.00", "CRDT", &batch("1"))), [true]);
        assert_eq!(alone(&entry("B1", "100.00", "CRDT", &batch("7"))), [false]);
        let back = payment("G000000001", "100.00")
            .replace("<RmtInf>", "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf><RmtInf>");
        assert_eq!(alone(&entry("B1", "100.00", "CRDT", &back)), [false]);
        let told = payment("G000000001", "100.00")
            .replace("<RmtInf>", "<RtrInf><AddtlInf>account closed</AddtlInf></RtrInf><RmtInf>");
        assert_eq!(alone(&entry("B1", "100.00", "CRDT", &told)), [false]);
        let plain = entry("B1", "100.00", "CRDT", &payment("G000000001", "100.00"));
        let taken_back = |word: &str| plain.replace("<Sts>", &format!("<RvslInd>{word}</RvslInd><Sts>"));
        assert_eq!(alone(&taken_back("true")), [false]);
        assert_eq!(alone(&taken_back("false")), [true]);
        assert_eq!(alone(&format!("{plain}{}{plain}", taken_back("1"))), [true, false, true]);
        // Payments listed in several places, of which only the first is looked at.
        let places = format!(
            "{}</NtryDtls><NtryDtls>{}",
            payment("G000000001", "100.00"),
            payment("G000000002", "50.00")
        );
        assert_eq!(alone(&entry("B1", "150.00", "CRDT", &places)), [false]);
        let bare = places.replace(r#"<Amt Ccy="SEK">100.00</Amt>"#, "");
        assert_eq!(alone(&entry("B1", "150.00", "CRDT", &bare)), [false]);
        let long = payment(&"x".repeat(SAID_MAX + 1), "100.00");
        assert_eq!(alone(&entry("B1", "100.00", "CRDT", &long)), [false]);
    }

    #[test]
    fn money_that_went_out_among_what_came_in_is_no_payment() {
        let out = payment("G000000002", "25.00").replace("CRDT", "DBIT");
        let both = format!("{}{out}", payment("G000000001", "100.00"));
        let [whole] = &rows(&entry("B1", "75.00", "CRDT", &both))[..] else { panic!("one row") };
        assert_eq!((whole.amount.minor(), whole.alone), (7_500, false));
    }

    #[test]
    fn nothing_is_passed_over_and_what_has_no_direction_is_told() {
        let zero = read(statement(&entry("B1", "0.00", "CRDT", "")).as_bytes()).unwrap();
        assert_eq!((zero.rows.len(), zero.others), (0, 1));
        let unknown = statement(&entry("B9", "5.00", "CRDT", "").replace("CRDT", "CRDX"));
        assert!(read(unknown.as_bytes()).unwrap_err().to_string().contains("B9"));
    }

    #[test]
    fn without_a_reference_of_the_banks_another_statement_is_other_money() {
        let own = statement(&entry("NONREF", "5.00", "CRDT", ""));
        let other = own.replace("<Id>1</Id>", "<Id>2</Id>");
        let name = |text: &str| read(text.as_bytes()).unwrap().rows[0].reference.clone();
        assert_ne!(name(&own), name(&other));
        let own = statement(&entry("B1", "5.00", "CRDT", ""));
        assert_eq!(name(&own), name(&own.replace("<Id>1</Id>", "<Id>2</Id>")));
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        for (file, told) in [
            (&b"\xff\xfe"[..], "UTF-8"),
            (b"date;amount", "camt.053"),
            (b"<Document/>", "camt.053"),
            (statement(&entry("B7", "1.005", "CRDT", "")).as_bytes(), "B7"),
            (statement(&entry("B7", "12.00", "CRDT", "").replace("2020-04-02", "soon")).as_bytes(), "B7"),
        ] {
            let said = read(file).unwrap_err().to_string();
            assert!(said.contains(told), "{said}");
        }
        assert_eq!(read(statement("").as_bytes()), Ok(Statement::default()));
    }
}
