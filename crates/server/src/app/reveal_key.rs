//! Opening a product key: a write, because showing a key is an event. The text is unsealed only after the commit.
//!
//! The key of the newest version came with the purchase; another version's is taken out of stock when it is first opened
//! . The operator may ask for a reason, and for a second person who agrees.

use chandlery_domain::access::{Action, Actor, Scope};
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::ids::{ApprovalId, CustomerId, KeyId, OrderId, OrderRef};
use chandlery_domain::key::{AssignedKey, KeyState, LineRef};
use chandlery_domain::media::{KnownVersion, Version, covered};
use chandlery_domain::order::{LineState, Order, OrderLine};
use chandlery_domain::refusal::Refusal;
use chandlery_store::approvals::{self, Approval};
use chandlery_store::keys::HandedKey;
use chandlery_store::{Read, Write, customers, keys, media, orders};
use jiff::SignedDuration;

use super::Context;
use super::hand_over::{Low, Wanting, take_keys};
use crate::error::{Error, Missing};
use crate::outside::vault::Vault;
use crate::texts::Complaint;

const KEY: Missing = Missing::Other("product key");

/// How long a question can be answered, and an answer used.
const APPROVAL_LIFE: SignedDuration = SignedDuration::from_hours(24);
/// The longest reason that is kept.
pub const REASON_MAX: usize = 500;

/// Which key of an order is meant.
#[derive(Debug, Clone)]
pub enum Which {
    /// A key by its id, or by the id of its slot before there is one.
    Id(KeyId),
    /// The key of a line for a version.
    Version(u32, Version),
}

/// What is to be opened, and why.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Whose it is.
    pub customer: CustomerId,
    /// The order.
    pub order: OrderId,
    /// Which of its keys.
    pub key: Which,
    /// Why, where the opener says so.
    pub reason: Option<String>,
}

/// What came of wanting to open a key.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It was opened.
    Opened(Opened),
    /// A second person was asked.
    Asked(ApprovalId),
}

/// A key that was opened, its text still sealed.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The key.
    pub id: KeyId,
    /// The version it opens.
    pub version: String,
    /// How many activations it allows; none for no limit.
    pub activations: Option<i64>,
    /// Its sealed text.
    pub sealed: String,
    /// Of which version few keys are left since.
    pub low: Vec<Low>,
}

/// The version a wanted key belongs to, with the key where it was handed over already.
struct Slot<'a> {
    line: &'a OrderLine,
    version: Version,
    handed: Option<HandedKey>,
}

/// The versions a line covers, newest first.
///
/// # Errors
/// The store's own.
pub fn versions_covered(tx: &mut Read<'_>, order: &Order, line: &OrderLine) -> Result<Vec<Version>, Error> {
    let known: Vec<KnownVersion> = media::versions(tx, &line.item.product)?;
    Ok(covered(line.family, order.placed_at, &known))
}

fn find_slot<'a>(
    tx: &mut Read<'_>,
    scope: &Scope,
    order: &'a Order,
    wanted: &Which,
) -> Result<Slot<'a>, Error> {
    let handed = keys::of_orders(tx, scope, &[order.id])?;
    let of = |line: u32, version: &Version| {
        handed.iter().find(|own| own.key.line.line == line && own.version == version.as_str()).cloned()
    };
    match wanted {
        Which::Version(number, version) => {
            let line = order.line(*number)?;
            Ok(Slot { line, version: version.clone(), handed: of(*number, version) })
        }
        Which::Id(id) => {
            if let Some(own) = handed.iter().find(|own| own.key.id == *id) {
                let version = own.version.parse().map_err(Error::internal)?;
                return Ok(Slot { line: order.line(own.key.line.line)?, version, handed: Some(own.clone()) });
            }
            for line in order.lines.iter().filter(|line| line.family.has_keys()) {
                let place = LineRef { order: order.id, line: line.number };
                let versions = versions_covered(tx, order, line)?;
                if let Some(version) = versions.into_iter().find(|version| place.slot(version) == *id) {
                    let handed = of(line.number, &version);
                    return Ok(Slot { line, version, handed });
                }
            }
            Err(Error::NotFound(KEY))
        }
    }
}

/// Marks a key as seen and says so in the log; takes it out of stock first where that was not done yet.
///
/// # Errors
/// When it is not there, not for this customer, out of use, out of stock, or a reason is missing.
pub fn reveal(
    tx: &mut Write<'_>,
    cx: &Context,
    vault: &Vault,
    scope: &Scope,
    wanted: &Wanted,
) -> Result<(Outcome, Entry), Error> {
    let (customer, _) =
        customers::find(tx, scope, wanted.customer)?.ok_or(Error::NotFound(Missing::Customer))?;
    orders::hold(tx, scope, wanted.order)?;
    let (order, _) =
        orders::find(tx, scope, customer.id, OrderRef::Id(wanted.order))?.ok_or(Error::NotFound(KEY))?;
    let slot = find_slot(tx, scope, &order, &wanted.key)?;
    match slot.line.state {
        LineState::Cancelled { .. } => return Err(Error::Refused(Refusal::KeyRevoked)),
        LineState::Pending => return Err(Error::Refused(Refusal::NothingBought)),
        LineState::Fulfilled { .. } => {}
    }
    if let Some(ended_on) = slot.line.ended_on(cx.now) {
        return Err(Error::Refused(Refusal::TermOver { ended_on }));
    }
    let place = LineRef { order: order.id, line: slot.line.number };
    let reason = checked_reason(cx, wanted.reason.as_deref())?;
    let mut approved_by = None;
    if asks_second_person(cx) {
        match approval(tx, cx, scope, &(customer.id, place, &slot.version), reason.as_deref())? {
            Ok(by) => approved_by = Some(by),
            Err(question) => {
                let entry = Entry::did(Operation::AskForSoftwareKey, Resource::SoftwareKey, question)
                    .for_customer(customer.id, &customer.billing.company_name)
                    .with(facts_of(&order, &slot, reason.as_deref(), vec![Fact::new("event", "asked")]));
                return Ok((Outcome::Asked(question), entry));
            }
        }
    }
    let (handed, low) = match &slot.handed {
        Some(handed) => (handed.clone(), Vec::new()),
        None => assign(tx, cx, vault, scope, &order, &slot)?,
    };
    let seen = handed.key.state.reveal(cx.now)?;
    if seen != handed.key.state && !keys::set_state(tx, scope, &handed.key, seen)? {
        return Err(Error::conflict("the key changed at the same time"));
    }
    let more = approved_by.map(|by| Fact::new("approved_by", by)).into_iter().collect();
    let entry = Entry::did(Operation::GetSoftwareKey, Resource::SoftwareKey, handed.key.id)
        .for_customer(customer.id, &customer.billing.company_name)
        .with(facts_of(&order, &slot, reason.as_deref(), more));
    let opened = Opened {
        id: handed.key.id,
        version: handed.version,
        activations: handed.activations,
        sealed: handed.sealed,
        low,
    };
    Ok((Outcome::Opened(opened), entry))
}

fn facts_of(order: &Order, slot: &Slot<'_>, reason: Option<&str>, more: Vec<Fact>) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new("order_id", order.id),
        Fact::new("alternate_id", order.alternate()),
        Fact::of_line("offer_id", slot.line.number, &slot.line.item),
        Fact::of_line("subscription_name", slot.line.number, &slot.line.title),
        Fact::new("version", &slot.version),
    ];
    facts.extend(reason.map(|reason| Fact::new("reason", reason)));
    facts.extend(more);
    facts
}

fn checked_reason(cx: &Context, reason: Option<&str>) -> Result<Option<String>, Error> {
    let reason = reason.map(str::trim).filter(|text| !text.is_empty());
    if reason.is_some_and(|text| text.chars().count() > REASON_MAX || text.chars().any(char::is_control)) {
        let why = Complaint::of("complaint-reason").with("most", REASON_MAX);
        return Err(Error::complaint("reason", why));
    }
    if reason.is_none() && cx.rules.key_reason_required && is_partners(cx) {
        return Err(Error::Refused(Refusal::ReasonMissing));
    }
    Ok(reason.map(str::to_owned))
}

/// What the operator asks of partners it does not ask of the customer, whose key it is.
const fn is_partners(cx: &Context) -> bool {
    matches!(cx.actor, Actor::PartnerUser { .. } | Actor::Application { .. })
}

const fn asks_second_person(cx: &Context) -> bool {
    cx.rules.key_second_person && is_partners(cx)
}

/// Who agreed to the opening, or the question that now waits for somebody.
fn approval(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    (customer, place, version): &(CustomerId, LineRef, &Version),
    reason: Option<&str>,
) -> Result<Result<String, ApprovalId>, Error> {
    let asker = cx.actor_uuid().to_string();
    match approvals::current(tx, scope, (*place, version), &asker, cx.now)? {
        Some(Approval { answered_by: Some(by), .. }) => Ok(Ok(by)),
        Some(open) => Ok(Err(open.id)),
        None => {
            let question = Approval {
                id: ApprovalId::new(cx.ids()()),
                customer: *customer,
                line: *place,
                version: (*version).clone(),
                reason: reason.map(str::to_owned),
                asked_by: asker,
                asked_at: cx.now,
                answered_by: None,
                ends_at: cx.now.checked_add(APPROVAL_LIFE).map_err(Error::internal)?,
            };
            approvals::insert(tx, scope, &question)?;
            Ok(Err(question.id))
        }
    }
}

fn assign(
    tx: &mut Write<'_>,
    cx: &Context,
    vault: &Vault,
    scope: &Scope,
    order: &Order,
    slot: &Slot<'_>,
) -> Result<(HandedKey, Vec<Low>), Error> {
    let covered = versions_covered(tx, order, slot.line)?;
    if !slot.line.family.has_keys() || !covered.contains(&slot.version) {
        let covered: Vec<&str> = covered.iter().map(Version::as_str).collect();
        return Err(Error::Refused(Refusal::VersionNotCovered { covered: covered.join(", ") }));
    }
    let wanting =
        Wanting { line: LineRef { order: order.id, line: slot.line.number }, quantity: slot.line.quantity };
    let versions = std::slice::from_ref(&slot.version);
    let (mut taken, low) = take_keys(tx, cx, vault, (&slot.line.item.product, versions), &[wanting])?;
    let handed = taken
        .pop()
        .ok_or_else(|| Error::Refused(Refusal::NoKeyInStock { version: slot.version.to_string() }))?;
    keys::hand(tx, scope, std::slice::from_ref(&handed))?;
    Ok((handed, low))
}

/// Agrees to the opening of a key that somebody else asked for.
///
/// # Errors
/// When there is no such question, it was asked by the same person, or it is closed.
pub fn approve(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    question: ApprovalId,
) -> Result<(Approval, Entry), Error> {
    let own = approvals::find(tx, scope, question)?.ok_or(Error::NotFound(Missing::Other("question")))?;
    let by = cx.actor_uuid().to_string();
    if own.asked_by == by {
        return Err(Error::Refused(Refusal::OwnQuestion));
    }
    let ends_at = cx.now.checked_add(APPROVAL_LIFE).map_err(Error::internal)?;
    if own.ends_at <= cx.now || !approvals::answer(tx, scope, question, &by, (cx.now, ends_at))? {
        return Err(Error::Refused(Refusal::QuestionClosed));
    }
    let (customer, _) =
        customers::find(tx, scope, own.customer)?.ok_or(Error::NotFound(Missing::Customer))?;
    let entry = Entry::did(Operation::ApproveSoftwareKey, Resource::SoftwareKey, question)
        .for_customer(customer.id, &customer.billing.company_name)
        .with(vec![
            Fact::new("event", "approved"),
            Fact::new("order_id", own.line.order),
            Fact::new("version", &own.version),
            Fact::new("asked_by", &own.asked_by),
        ]);
    Ok((Approval { ends_at, ..own }, entry))
}

/// The right to open keys, by the door the actor stands at.
///
/// # Errors
/// When the actor has none.
pub fn right(cx: &Context) -> Result<Scope, Error> {
    match cx.actor {
        Actor::CustomerUser { .. } => cx.authorize(Action::OpenOwnKeys),
        _ => cx.authorize(Action::RevealKey),
    }
}

/// Whether a key was shown to anybody yet.
pub const fn is_unseen(key: &AssignedKey) -> bool {
    matches!(key.state, KeyState::Assigned { .. })
}
