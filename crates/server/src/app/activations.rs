//! More activations of a key: asked of the operator, who grants or refuses (rule 5.2).

use chandlery_domain::access::{Action, Scope};
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::ids::{CustomerId, KeyId, OrderId, OrderRef, PartnerId, ServiceRequestId};
use chandlery_domain::key::KeyState;
use chandlery_domain::refusal::Refusal;
use chandlery_domain::support::{Impact, Party, RequestState, Topic};
use chandlery_store::service_requests::{self, Contact, Note, ServiceRequest, WantedKey};
use chandlery_store::{Write, customers, keys, orders, partners};

use super::Context;
use super::support::{tell_answer, tell_filed};
use crate::error::{Error, Missing};
use crate::texts::Complaint;

/// The longest description that is kept.
const DESCRIPTION_MAX: usize = 2000;
/// The most activations one can ask for.
const WANTED_MAX: u32 = 1_000_000;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Whose key it is.
    pub customer: CustomerId,
    /// The order.
    pub order: OrderId,
    /// The key.
    pub key: KeyId,
    /// How many activations it shall allow in all.
    pub activations: u32,
    /// Why.
    pub description: String,
}

/// Asks for more activations of a key that was opened.
///
/// # Errors
/// When the key is not there or out of use, allows as many already, or the same was asked before.
pub fn ask(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    wanted: &Wanted,
) -> Result<(ServiceRequest, Entry), Error> {
    let (customer, _) =
        customers::find(tx, scope, wanted.customer)?.ok_or(Error::NotFound(Missing::Customer))?;
    let (order, _) = orders::find(tx, scope, customer.id, OrderRef::Id(wanted.order))?
        .ok_or(Error::NotFound(Missing::Order))?;
    let handed = keys::of_orders(tx, scope, &[order.id])?
        .into_iter()
        .find(|own| own.key.id == wanted.key)
        .ok_or(Error::NotFound(Missing::Other("product key")))?;
    if matches!(handed.key.state, KeyState::Revoked { .. }) {
        return Err(Error::Refused(Refusal::KeyRevoked));
    }
    let Some(allowed) = handed.activations else {
        return Err(Error::complaint("activations", Complaint::of("complaint-activations-unlimited")));
    };
    if i64::from(wanted.activations) <= allowed || wanted.activations > WANTED_MAX {
        let why = Complaint::of("complaint-activations").with("allowed", allowed).with("most", WANTED_MAX);
        return Err(Error::complaint("activations", why));
    }
    let description = wanted.description.trim();
    if description.is_empty() || description.chars().count() > DESCRIPTION_MAX {
        let why = Complaint::of("complaint-description").with("most", DESCRIPTION_MAX);
        return Err(Error::complaint("description", why));
    }
    if service_requests::open_about(tx, scope, wanted.key)? {
        return Err(Error::complaint("key", Complaint::of("complaint-key-asked")));
    }
    let line = order.line(handed.key.line.line)?;
    let own = ServiceRequest {
        partner: scope.partner(),
        id: ServiceRequestId::new(cx.ids()()),
        customer: Some(customer.id),
        topic: Topic::MoreActivations,
        impact: Impact::Minimal,
        title: format!("{} activations for a key of {}", wanted.activations, line.title),
        description: description.to_owned(),
        order: Some(order.id),
        key: Some(WantedKey { line: handed.key.line, key: wanted.key, wanted: wanted.activations }),
        amount: None,
        contact: Contact::default(),
        state: RequestState::Open,
        asked_by: cx.actor_uuid().to_string(),
        asked_at: cx.now,
        changed_at: cx.now,
        answered_at: None,
        closed_at: None,
        unread: false,
        revision: 1,
    };
    service_requests::insert(tx, scope, &own)?;
    let partner = partners::find(tx, scope)?.map(|partner| partner.name).unwrap_or_default();
    tell_filed(tx, cx, &own, &partner)?;
    let entry = Entry::did(Operation::CreateServiceRequest, Resource::ServiceRequest, own.id)
        .for_customer(customer.id, &customer.billing.company_name)
        .with(vec![
            Fact::new("order_id", order.id),
            Fact::new("key_id", wanted.key),
            Fact::new("activations", wanted.activations),
            Fact::new("allowed", allowed),
        ]);
    Ok((own, entry))
}

/// Answers a request: with so many activations, or with none. The operator's.
///
/// # Errors
/// When there is no such request, it was answered before, or the key is out of use.
pub fn answer(
    tx: &mut Write<'_>,
    cx: &Context,
    (partner, id): (PartnerId, ServiceRequestId),
    granted: Option<u32>,
    text: &str,
) -> Result<((), Entry), Error> {
    let scope = &Context::system(partner, cx.now, "operator").authorize(Action::RevealKey)?;
    let own = service_requests::find(tx, scope, id)?.ok_or(Error::NotFound(Missing::Other("request")))?;
    let key = own.key.ok_or(Error::NotFound(Missing::Other("request")))?;
    let closed = ServiceRequest {
        state: RequestState::Closed,
        changed_at: cx.now,
        answered_at: own.answered_at.or(Some(cx.now)),
        closed_at: Some(cx.now),
        unread: true,
        ..own.clone()
    };
    if own.state == RequestState::Closed || !service_requests::save(tx, scope, &closed)? {
        return Err(Error::Refused(Refusal::QuestionClosed));
    }
    if !text.is_empty() {
        let note = Note {
            request: id,
            id: cx.ids()(),
            side: Party::Operator,
            author: cx.actor_uuid().to_string(),
            at: cx.now,
            text: text.to_owned(),
            withdrew: false,
        };
        service_requests::add_note(tx, scope, &note)?;
    }
    if let Some(granted) = granted
        && !keys::set_activations(tx, scope, (key.line, key.key), granted)?
    {
        return Err(Error::Refused(Refusal::KeyRevoked));
    }
    tell_answer(tx, cx, scope, &closed)?;
    let mut facts = vec![Fact::new("key_id", key.key), Fact::new("answer", text)];
    facts.extend(granted.map(|granted| Fact::new("activations", granted)));
    let mut entry = Entry::did(Operation::UpdateServiceRequest, Resource::ServiceRequest, id).with(facts);
    if let Some(customer) = own.customer
        && let Some((customer, _)) = customers::find(tx, scope, customer)?
    {
        entry = entry.for_customer(customer.id, &customer.billing.company_name);
    }
    Ok(((), entry))
}
