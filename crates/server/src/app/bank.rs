//! Money that banks say came in: read from statements, kept until somebody decides, entered as partners' payments.

use std::collections::BTreeMap;

use chandlery_domain::access::Action;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::bank::{BankRow, Known, RowState, Unrecognised, documents_named, recognised};
use chandlery_domain::ids::PartnerId;
use chandlery_domain::invoice::DocumentNumber;
use chandlery_domain::payment::Payment;
use chandlery_store::bank::{self as stored, Kept};
use chandlery_store::partners::{self, Query};
use chandlery_store::{Read, Write, payments as paid};

use super::{Context, payments};
use crate::error::{Error, Missing};
use crate::outside::bank_statement::Statement;
use crate::texts::Complaint;

/// How many partners of the same beginning are named.
const NAMED: i64 = 5;

/// What became of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// How many rows were new.
    pub fresh: usize,
    /// How many were read before.
    pub known: usize,
    /// How many bookings were passed over.
    pub others: usize,
}

/// Keeps what a statement says came in; what was read before is left as it is.
///
/// # Errors
/// The store's own.
pub fn keep(tx: &mut Write<'_>, cx: &Context, statement: &Statement) -> Result<(Taken, Entry), Error> {
    let fresh = stored::keep(tx, &statement.rows, cx.now)?;
    let known = statement.rows.len().saturating_sub(fresh);
    let facts = vec![Fact::new("rows", statement.rows.len()), Fact::new("rows_new", fresh)];
    let entry = Entry::did(Operation::ReadStatement, Resource::BankRow, "").with(facts);
    Ok((Taken { fresh, known, others: statement.others }, entry))
}

/// Whose a row is by what the payer said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// The partner and the documents named, or why nobody is recognised.
    pub whose: Result<(PartnerId, Vec<DocumentNumber>), Unrecognised>,
    /// The reference of a payment of that partner's over as much on the same day: this one may have been entered by hand.
    pub alike: Option<String>,
}

impl Guess {
    /// Whether it may be entered without anybody looking at it.
    pub const fn is_clear(&self) -> bool {
        self.whose.is_ok() && self.alike.is_none()
    }
}

/// Whose these rows are by what payers said, in their order.
///
/// # Errors
/// The store's own.
pub fn guesses(tx: &mut Read<'_>, rows: &[&BankRow]) -> Result<Vec<Guess>, Error> {
    let mut numbers: Vec<DocumentNumber> = rows.iter().flat_map(|row| documents_named(&row.said)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let known: Vec<Known> = if numbers.is_empty() { Vec::new() } else { stored::known(tx, &numbers)? };
    let whose: Vec<_> = rows.iter().map(|row| recognised(row, &known)).collect();
    let partners: Vec<PartnerId> = whose.iter().flatten().map(|(partner, _)| *partner).collect();
    let entered = paid::alike(tx, &partners, rows)?;
    let guess = |(row, whose): (&&BankRow, Result<(PartnerId, Vec<DocumentNumber>), Unrecognised>)| {
        let alike = whose.as_ref().ok().and_then(|(partner, _)| {
            let same = |own: &&(PartnerId, Payment)| {
                own.0 == *partner && own.1.amount == row.amount && own.1.received_on == row.received_on
            };
            entered.iter().find(same).map(|(_, own)| own.reference.clone())
        });
        Guess { whose, alike }
    };
    Ok(rows.iter().zip(whose).map(guess).collect())
}

fn waits(tx: &mut Read<'_>, reference: &str, state: RowState) -> Result<Kept, Error> {
    let missing = || Error::NotFound(Missing::Other("row"));
    let own = stored::find(tx, reference)?.ok_or_else(missing)?;
    if own.state != state {
        return Err(Error::complaint("reference", Complaint::of("complaint-row-decided")));
    }
    Ok(own)
}

/// Enters a row as a partner's payment: for those documents first, then for those due earliest.
///
/// # Errors
/// When it does not wait any more, or the documents are none of the partner's in its currency.
pub fn enter(
    tx: &mut Write<'_>,
    cx: &Context,
    reference: &str,
    (partner, numbers): (PartnerId, &[DocumentNumber]),
) -> Result<((), Entry), Error> {
    let Kept { row, .. } = waits(tx, reference, RowState::Waiting)?;
    let scope = Context::system(partner, cx.now, "bank").authorize(Action::ManageBilling)?;
    if !stored::decide(tx, reference, (RowState::Waiting, RowState::Entered), Some(partner), cx.now)? {
        return Err(Error::conflict("the row was decided at the same time"));
    }
    let payment = Payment { reference: row.reference, amount: row.amount, received_on: row.received_on };
    let (_, entry) = payments::enter(tx, cx, &scope, &payment, numbers)?;
    Ok(((), of_partner(entry, partner)))
}

/// Enters a row as the payment of whoever its text recognises, unless it may have been entered before.
///
/// # Errors
/// When it does not wait any more, nobody is recognised, or a payment is alike.
pub fn enter_recognised(tx: &mut Write<'_>, cx: &Context, reference: &str) -> Result<((), Entry), Error> {
    let own = waits(tx, reference, RowState::Waiting)?;
    if let Some((partner, _)) = guesses(tx, &[&own.row])?.pop().and_then(|guess| guess.whose.ok()) {
        // Whoever enters the same money by hand at this moment waits, or is seen.
        let scope = Context::system(partner, cx.now, "bank").authorize(Action::ManageBilling)?;
        paid::hold(tx, &scope)?;
    }
    match guesses(tx, &[&own.row])?.pop() {
        Some(Guess { whose: Ok((partner, numbers)), alike: None }) => {
            enter(tx, cx, reference, (partner, &numbers))
        }
        Some(Guess { alike: Some(before), .. }) => {
            Err(Error::complaint("reference", Complaint::of("complaint-row-alike").with("before", before)))
        }
        _ => Err(Error::complaint("reference", Complaint::of("complaint-row-unrecognised"))),
    }
}

/// The same entry with whose payment it is, for the operator's log.
pub fn of_partner(mut entry: Entry, partner: PartnerId) -> Entry {
    entry.after.push(Fact::new("partner", partner));
    entry
}

/// Puts a row aside as none of a partner's, or lets it wait again.
///
/// # Errors
/// When it stands otherwise.
pub fn put_aside(
    tx: &mut Write<'_>,
    cx: &Context,
    reference: &str,
    aside: bool,
) -> Result<((), Entry), Error> {
    let (from, to) = match aside {
        true => (RowState::Waiting, RowState::Dismissed),
        false => (RowState::Dismissed, RowState::Waiting),
    };
    let Kept { row, .. } = waits(tx, reference, from)?;
    if !stored::decide(tx, reference, (from, to), None, cx.now)? {
        return Err(Error::conflict("the row was decided at the same time"));
    }
    let facts = vec![
        Fact::new("reference", reference),
        Fact::new("amount", row.amount),
        Fact::new("row_state", to.as_str()),
    ];
    Ok(((), Entry::did(Operation::SortBankRow, Resource::BankRow, reference).with(facts)))
}

/// Takes a partner's payment back; a row of a bank that it came from waits again.
///
/// # Errors
/// When there is no such payment, or it was taken back before.
pub fn take_back(
    tx: &mut Write<'_>,
    cx: &Context,
    partner: PartnerId,
    reference: &str,
) -> Result<((), Entry), Error> {
    let scope = Context::system(partner, cx.now, "bank").authorize(Action::ManageBilling)?;
    let ((), entry) = payments::take_back(tx, cx, &scope, reference)?;
    Ok(((), of_partner(entry, partner)))
}

/// Whom somebody means who types numbers of documents, a partner's id, or its whole name.
///
/// # Errors
/// When nobody or several are meant.
pub fn meant(tx: &mut Read<'_>, text: &str) -> Result<(PartnerId, Vec<DocumentNumber>), Error> {
    let wrong = |why| Error::complaint("paid_by", why);
    let text = text.trim();
    let numbers = documents_named(text);
    if !numbers.is_empty() {
        let known = stored::known(tx, &numbers)?;
        if let Some(number) = numbers.iter().find(|own| !known.iter().any(|one| one.number == **own)) {
            return Err(wrong(Complaint::of("complaint-document-nowhere").with("number", number)));
        }
        let whose: BTreeMap<PartnerId, ()> = known.iter().map(|own| (own.partner, ())).collect();
        return match whose.keys().next() {
            Some(partner) if whose.len() == 1 => Ok((*partner, numbers)),
            _ => Err(wrong(Complaint::of("complaint-documents-several"))),
        };
    }
    if text.is_empty() {
        return Err(wrong(Complaint::of("complaint-payer-missing")));
    }
    if let Ok(id) = text.parse::<PartnerId>() {
        return match partners::named(tx, id)? {
            Some(own) => Ok((own.id, Vec::new())),
            None => Err(wrong(Complaint::of("complaint-payer-unknown").with("text", text))),
        };
    }
    match &partners::of_name(tx, text, NAMED)?[..] {
        [own] => return Ok((own.id, Vec::new())),
        [] => {}
        several => {
            let ids: Vec<String> = several.iter().map(|own| own.id.to_string()).collect();
            return Err(wrong(Complaint::of("complaint-payer-several").with("ids", ids.join(", "))));
        }
    }
    // A beginning is no name: money on the wrong account is worse than a second look.
    let wanted = Query { begins: text.to_owned(), limit: NAMED, ..Query::default() };
    let begun: Vec<String> = partners::list(tx, &wanted)?.into_iter().map(|own| own.name).collect();
    Err(wrong(match begun.is_empty() {
        true => Complaint::of("complaint-payer-unknown").with("text", text),
        false => Complaint::of("complaint-payer-begun").with("names", begun.join(", ")),
    }))
}
