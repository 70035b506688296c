//! Support requests: asked by a partner's people, answered by the operator, sometimes with an exceptional credit
//! (rules 7.7 and 11).
//!
//! Never here: where files lie; only that they do.

use chandlery_domain::access::{Action, Scope};
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::charge::{Charge, exceptional_credit, left_of_line};
use chandlery_domain::customer::Customer;
use chandlery_domain::ids::{CustomerId, OrderId, OrderRef, ServiceRequestId};
use chandlery_domain::money::Money;
use chandlery_domain::notice::Kind;
use chandlery_domain::order::Order;
use chandlery_domain::refusal::{Refusal, Undecided};
use chandlery_domain::support::{Impact, Party, REOPEN_DAYS, RequestState, Step, Topic, step};
use chandlery_store::service_requests::{self as stored, Contact, FileRecord, Note, ServiceRequest};
use chandlery_store::{Read, Write, charges, customers, orders, partners, payments, people, subscriptions};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::Context;
use super::ledger;
use super::notify::{self, Telling, fact};
use crate::error::{Error, Missing};
use crate::texts::Complaint;

/// A request that is not there.
pub const REQUEST: Missing = Missing::Other("request");
/// How many notes a partner may add to a request. The operator's own are not counted: it must always be able to answer.
const NOTES_MAX: i64 = 200;
/// How many octets of files a partner's requests may hold together while they are open: a hundred of the largest.
const FILES_OPEN_MAX: u64 = 1000 * 1024 * 1024;

/// What is asked.
#[derive(Debug, Clone)]
pub struct NewRequest {
    /// Its id, drawn when the form was shown: the same form sent twice is one request.
    pub id: ServiceRequestId,
    /// For whom.
    pub customer: Option<CustomerId>,
    /// What it is about.
    pub topic: Topic,
    /// How much depends on it.
    pub impact: Impact,
    /// One line.
    pub title: String,
    /// What is the matter.
    pub description: String,
    /// The order.
    pub order: Option<OrderId>,
    /// The money that is wanted back.
    pub amount: Option<Money>,
    /// Whom to reach.
    pub contact: Contact,
    /// What is sent along.
    pub files: Vec<FileRecord>,
}

/// The customer somebody names by its tenant's id or its domain.
///
/// # Errors
/// The store's own.
pub fn named_customer(tx: &mut Read<'_>, scope: &Scope, text: &str) -> Result<Option<Customer>, Error> {
    if let Ok(id) = text.parse::<CustomerId>() {
        return Ok(customers::find(tx, scope, id)?.map(|(own, _)| own));
    }
    let query = customers::Query {
        domain_starts_with: Some(text.to_owned()),
        limit: 50,
        ..customers::Query::default()
    };
    let list = customers::list(tx, scope, &query)?;
    Ok(list.into_iter().find(|own| own.domain.eq_ignore_ascii_case(text)))
}

/// The customer's order that somebody names by its id, its number, or the id of a subscription that came out of it.
///
/// # Errors
/// The store's own.
pub fn named_order(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    text: &str,
) -> Result<Option<Order>, Error> {
    if let Ok(named) = text.parse::<OrderRef>()
        && let Some((order, _)) = orders::find(tx, scope, customer, named)?
    {
        return Ok(Some(order));
    }
    let Ok(subscription) = text.parse() else { return Ok(None) };
    let Some((own, _)) = subscriptions::find(tx, scope, customer, subscription)? else { return Ok(None) };
    Ok(orders::find(tx, scope, customer, OrderRef::Id(own.order))?.map(|(order, _)| order))
}

/// Refuses what the portal cannot decide while a request for money back on the order waits (rule 7.7).
///
/// # Errors
/// [`Refusal::NeedsRequest`].
pub fn decidable(tx: &mut Read<'_>, scope: &Scope, order: OrderId) -> Result<(), Error> {
    match stored::waiting_refund(tx, scope, order)? {
        Some(_) => Err(Refusal::NeedsRequest { why: Undecided::RefundOpen }.into()),
        None => Ok(()),
    }
}

/// An entry about a request, with the customer it is for.
fn entry(
    tx: &mut Read<'_>,
    scope: &Scope,
    operation: Operation,
    own: &ServiceRequest,
    facts: Vec<Fact>,
) -> Result<Entry, Error> {
    let entry = Entry::did(operation, Resource::ServiceRequest, own.id).with(facts);
    Ok(match own.customer {
        Some(id) => match customers::find(tx, scope, id)? {
            Some((customer, _)) => entry.for_customer(id, &customer.billing.company_name),
            None => entry,
        },
        None => entry,
    })
}

/// Refuses files for which the partner's requests have no room: those that are open, or can be opened again. The operator must
/// always be able to answer, and what it sends is not counted.
///
/// # Errors
/// A complaint about `files`; else the store's own.
fn spare_files(tx: &mut Write<'_>, cx: &Context, scope: &Scope, files: &[FileRecord]) -> Result<(), Error> {
    if files.is_empty() {
        return Ok(());
    }
    // Whoever sends files at the same moment waits.
    payments::hold(tx, scope)?;
    let reopenable = SignedDuration::from_hours(i64::from(REOPEN_DAYS).saturating_mul(24));
    let since = cx.now.checked_sub(reopenable).unwrap_or(Timestamp::MIN);
    let more: u64 = files.iter().map(|own| own.size).sum();
    if stored::bytes_waiting(tx, scope, since)?.saturating_add(more) > FILES_OPEN_MAX {
        let most = FILES_OPEN_MAX / (1024 * 1024);
        let why = Complaint::of("complaint-files-open").with("most", most).with("days", REOPEN_DAYS);
        return Err(Error::complaint("files", why));
    }
    Ok(())
}

/// Asks the operator for something. Sent twice it is asked once.
///
/// # Errors
/// [`Error::AnsweredBefore`] when it was asked already; when the customer or the order is not there, or whoever asks may not
/// speak for customers.
pub fn raise(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    new: &NewRequest,
) -> Result<(ServiceRequest, Entry), Error> {
    let asked_by = cx.actor_uuid().to_string();
    if let Some(own) = stored::find(tx, scope, new.id)? {
        // Somebody else's id says nothing about what that person asked.
        return Err(if own.asked_by == asked_by { Error::AnsweredBefore } else { Error::NotFound(REQUEST) });
    }
    if new.customer.is_some() || new.order.is_some() {
        cx.authorize(Action::RaiseCustomerRequest)?;
    }
    if let Some(customer) = new.customer {
        customers::find(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
    }
    if let Some(order) = new.order {
        let (order, _) = orders::find_any(tx, scope, order)?.ok_or(Error::NotFound(Missing::Order))?;
        if Some(order.customer) != new.customer {
            return Err(Error::NotFound(Missing::Order));
        }
        // Whoever cancels at this moment is waited for, or waits and then finds the request.
        orders::hold(tx, scope, order.id)?;
    }
    let own = ServiceRequest {
        partner: scope.partner(),
        id: new.id,
        customer: new.customer,
        topic: new.topic,
        impact: new.impact,
        title: new.title.clone(),
        description: new.description.clone(),
        order: new.order,
        key: None,
        amount: new.amount,
        contact: new.contact.clone(),
        state: RequestState::Open,
        asked_by,
        asked_at: cx.now,
        changed_at: cx.now,
        answered_at: None,
        closed_at: None,
        unread: false,
        revision: 1,
    };
    stored::insert(tx, scope, &own)?;
    spare_files(tx, cx, scope, &new.files)?;
    stored::add_files(tx, scope, own.id, &new.files)?;
    let partner = partners::find(tx, scope)?.map(|partner| partner.name).unwrap_or_default();
    tell_filed(tx, cx, &own, &partner)?;
    let mut facts = vec![Fact::new("topic", own.topic.as_str()), Fact::new("severity", own.impact.as_str())];
    facts.extend(own.order.map(|order| Fact::new("order_id", order)));
    facts.extend(own.amount.map(|amount| Fact::new("amount", amount)));
    if !new.files.is_empty() {
        facts.push(Fact::new("files", new.files.len()));
    }
    let entry = entry(tx, scope, Operation::CreateServiceRequest, &own, facts)?;
    Ok((own, entry))
}

/// A request of whoever acts.
///
/// # Errors
/// When there is none: somebody else's is not there either (row 19).
pub fn own(
    tx: &mut Read<'_>,
    cx: &Context,
    scope: &Scope,
    id: ServiceRequestId,
) -> Result<ServiceRequest, Error> {
    stored::find(tx, scope, id)?
        .filter(|own| own.asked_by == cx.actor_uuid().to_string())
        .ok_or(Error::NotFound(REQUEST))
}

/// What is said, and what becomes of the request by it.
#[derive(Debug, Clone)]
pub struct Said {
    /// By whom.
    pub party: Party,
    /// What is done.
    pub step: Step,
    /// The text; empty where a step needs none.
    pub text: String,
    /// What is sent along.
    pub files: Vec<FileRecord>,
}

/// Says something about a request, closes it or opens it again.
///
/// # Errors
/// When it is not there or the step cannot be taken.
pub fn say(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    id: ServiceRequestId,
    said: &Said,
) -> Result<(ServiceRequest, Entry), Error> {
    let old = match said.party {
        Party::Partner => own(tx, cx, scope, id)?,
        Party::Operator => stored::find(tx, scope, id)?.ok_or(Error::NotFound(REQUEST))?,
    };
    take_step(tx, cx, scope, old, said)
}

/// Withdraws a request for money back on an order, whichever colleague asked, so that the order can be cancelled (rule
/// 7.7). For those who may cancel; the asker is told, as of an answer.
///
/// # Errors
/// When no such request waits on this order.
pub fn withdraw(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    (customer, order, id): (CustomerId, OrderId, ServiceRequestId),
) -> Result<(ServiceRequest, Entry), Error> {
    let open = stored::find(tx, scope, id)?.filter(|own| {
        own.customer == Some(customer) && own.order == Some(order) && own.topic == Topic::Refund
    });
    let old = open.ok_or(Error::NotFound(REQUEST))?;
    let said = Said { party: Party::Partner, step: Step::Close, text: String::new(), files: Vec::new() };
    let done = take_step(tx, cx, scope, old, &said)?;
    let note = Note {
        request: id,
        id: cx.ids()(),
        side: Party::Partner,
        author: cx.actor_uuid().to_string(),
        at: cx.now,
        text: String::new(),
        withdrew: true,
    };
    stored::add_note(tx, scope, &note)?;
    Ok(done)
}

fn take_step(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    old: ServiceRequest,
    said: &Said,
) -> Result<(ServiceRequest, Entry), Error> {
    let id = old.id;
    let state = step(old.state, old.closed_at, said.party, said.step, cx.now)?;
    let speaks = !said.text.is_empty() || !said.files.is_empty();
    let counted = speaks && said.party == Party::Partner;
    if counted && stored::count_notes(tx, scope, id, said.party)? >= NOTES_MAX {
        return Err(Error::complaint("text", Complaint::of("complaint-notes").with("most", NOTES_MAX)));
    }
    let answers = said.party == Party::Operator && (speaks || state != old.state);
    let by_another = old.asked_by != cx.actor_uuid().to_string();
    let new = ServiceRequest {
        state,
        changed_at: cx.now,
        answered_at: old.answered_at.or(answers.then_some(cx.now)),
        closed_at: match state {
            RequestState::Closed => old.closed_at.or(Some(cx.now)),
            RequestState::Open | RequestState::AttentionNeeded => None,
        },
        unread: by_another,
        ..old.clone()
    };
    if !stored::save(tx, scope, &new)? {
        return Err(Error::conflict("the request changed at the same time"));
    }
    if speaks {
        let note = Note {
            request: id,
            id: cx.ids()(),
            side: said.party,
            author: cx.actor_uuid().to_string(),
            at: cx.now,
            text: said.text.clone(),
            withdrew: false,
        };
        stored::add_note(tx, scope, &note)?;
        let files: Vec<FileRecord> =
            said.files.iter().map(|file| FileRecord { note: Some(note.id), ..file.clone() }).collect();
        if said.party == Party::Partner {
            spare_files(tx, cx, scope, &files)?;
        }
        stored::add_files(tx, scope, id, &files)?;
    }
    let mut facts = vec![Fact::new("state", state.as_str())];
    if !said.files.is_empty() {
        facts.push(Fact::new("files", said.files.len()));
    }
    if by_another {
        tell_answer(tx, cx, scope, &new)?;
    }
    let entry = entry(tx, scope, Operation::UpdateServiceRequest, &new, facts)?
        .was(vec![Fact::new("state", old.state.as_str())]);
    Ok((new, entry))
}

/// What can be credited on a line of the order a request is about.
#[derive(Debug, Clone)]
pub struct Creditable {
    /// The line.
    pub line: u32,
    /// What was bought.
    pub title: String,
    /// What was charged and not credited yet.
    pub left: Money,
}

/// What can be credited on the order of a request, line by line.
///
/// # Errors
/// The store's own.
pub fn creditable(tx: &mut Read<'_>, scope: &Scope, order: OrderId) -> Result<Vec<Creditable>, Error> {
    let Some((order, _)) = orders::find_any(tx, scope, order)? else { return Ok(Vec::new()) };
    let booked = charges::of_order(tx, scope, order.id)?;
    order
        .lines
        .iter()
        .map(|line| {
            let left = left_of_line(order.currency, &booked, line.number).map_err(Refusal::from)?;
            Ok(Creditable { line: line.number, title: line.title.clone(), left })
        })
        .collect()
}

/// A credit the operator decides on.
#[derive(Debug, Clone)]
pub struct WantedCredit {
    /// Drawn when the form was shown: the same form sent twice is one credit.
    pub token: Uuid,
    /// The order's line.
    pub line: u32,
    /// How much, above zero.
    pub amount: Money,
    /// Why, for the log.
    pub reason: String,
}

impl WantedCredit {
    /// The ids of the charges it is booked as, so that the same form is known again.
    fn parts(&self, most: usize) -> impl Iterator<Item = Uuid> {
        let token = self.token;
        let rest = (1..most.max(1)).map(move |part| Uuid::new_v5(&token, part.to_string().as_bytes()));
        std::iter::once(token).chain(rest)
    }
}

/// Books an exceptional credit on a line of the order a request is about: the operator's decision (rule 7.7). The order is
/// not cancelled by it.
///
/// # Errors
/// [`Error::AnsweredBefore`] when it was booked already, a conflict when something else was booked by the same token; when
/// the request is no refund or is closed, the line is not there, or more is wanted than was charged and not credited.
pub fn decide_credit(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    id: ServiceRequestId,
    wanted: &WantedCredit,
) -> Result<(Vec<Charge>, Entry), Error> {
    let own = stored::find(tx, scope, id)?.ok_or(Error::NotFound(REQUEST))?;
    let order = own.order.filter(|_| own.topic == Topic::Refund).ok_or(Error::NotFound(Missing::Order))?;
    // Two who decide at once, or one who decides while another cancels, do so one after the other.
    orders::hold(tx, scope, order)?;
    let (order, _) = orders::find_any(tx, scope, order)?.ok_or(Error::NotFound(Missing::Order))?;
    let WantedCredit { token, line, amount, reason } = wanted;
    order.line(*line)?;
    let booked = charges::of_order(tx, scope, order.id)?;
    let earlier: Vec<&Charge> =
        booked.iter().filter(|own| wanted.parts(booked.len()).any(|id| id == own.id.uuid())).collect();
    if let Some(first) = earlier.first() {
        let sum = Money::sum(first.amount.currency(), earlier.iter().map(|own| own.amount));
        let same = first.line == *line && sum.and_then(Money::negated).map_err(Refusal::from)? == *amount;
        return Err(match same {
            true => Error::AnsweredBefore,
            false => Error::conflict("another credit was booked by the same form"),
        });
    }
    if own.state == RequestState::Closed {
        return Err(Refusal::RequestClosed.into());
    }
    let mut ids = wanted.parts(usize::MAX);
    let mut ids = || ids.next().unwrap_or(*token);
    let credits = exceptional_credit(&booked, *line, *amount, cx.now, &mut ids)?;
    ledger::book(tx, scope, &credits)?;
    let facts = vec![
        Fact::new("order_id", order.id),
        Fact::new("alternate_id", order.alternate()),
        Fact::new("request", id),
        Fact::of_line("credit", *line, amount),
        Fact::new("reason", reason),
    ];
    let entry = Entry::did(Operation::CreditOrder, Resource::Order, order.id).with(facts);
    let entry = match customers::find(tx, scope, order.customer)? {
        Some((customer, _)) => entry.for_customer(customer.id, &customer.billing.company_name),
        None => entry,
    };
    Ok((credits, entry))
}

/// Tells the operator's people that something was asked.
///
/// # Errors
/// The store's own.
pub fn tell_filed(
    tx: &mut Write<'_>,
    cx: &Context,
    own: &ServiceRequest,
    partner: &str,
) -> Result<(), Error> {
    let subject = format!("/operator/requests/{}/{}", own.partner, own.id);
    let facts = vec![fact("partner", partner), fact("title", &own.title)];
    notify::tell_operator(tx, cx, Kind::RequestFiled, (own.id.to_string(), subject), facts)
}

/// Tells whoever asked, where that was a person, that there is an answer. What it says stands with the request.
///
/// # Errors
/// The store's own.
pub fn tell_answer(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    own: &ServiceRequest,
) -> Result<(), Error> {
    let Ok(id) = own.asked_by.parse() else { return Ok(()) };
    let Some(user) = people::by_id(tx, scope.partner(), id)? else { return Ok(()) };
    let telling = Telling {
        kind: Kind::RequestAnswered,
        // Every answer is told, each once.
        about: Some(format!("{}/{}", own.id, own.revision)),
        customer: own.customer,
        subject: format!("/support/{}", own.id),
        facts: vec![fact("title", &own.title)],
        but: None,
    };
    notify::tell_person(tx, cx, scope, user, &telling)
}
