//! What stands around keys: a second person's consent, more activations, and the certificate that none was opened.
//! Requests to the operator have the shape of the documented service requests (contract 8.2).

use std::sync::Arc;

use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::ids::{ApprovalId, CustomerId, KeyId, OrderId, OrderRef, ServiceRequestId};
use chandlery_domain::key::LineRef;
use chandlery_domain::support::{Party, Topic};
use chandlery_store::approvals::Approval;
use chandlery_store::service_requests::{self as stored, ServiceRequest};
use chandlery_store::{approvals, orders};
use serde::Serialize;

use super::answer::{Answer, Attributes, Collection, JsonInstant};
use super::call::Call;
use super::paging::Page;
use super::reader::Object;
use crate::app::activations::{Wanted, ask};
use crate::app::{certify, reveal_key};
use crate::clock::wall_clock;
use crate::error::{Error, Missing};

/// The most that stand on one page.
const PAGE_MAX: u32 = 200;
/// The most notes one answer holds; the newest count.
const NOTES_MAX: i64 = 2000;
/// What a note says that only withdraws, to programs.
const WITHDRAWN: &str = "Withdrawn, so that the order can be cancelled.";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct QuestionOut {
    id: String,
    customer_id: String,
    order_id: String,
    line_item_id: String,
    version: String,
    reason: Option<String>,
    asked_by: String,
    asked_date: JsonInstant,
    expiry_date: JsonInstant,
    approved: bool,
    attributes: Attributes,
}

impl QuestionOut {
    fn of(own: Approval) -> Self {
        Self {
            id: own.id.to_string(),
            customer_id: own.customer.to_string(),
            order_id: own.line.order.to_string(),
            line_item_id: own.line.line.to_string(),
            version: own.version.to_string(),
            reason: own.reason,
            asked_by: own.asked_by,
            asked_date: JsonInstant(own.asked_at),
            expiry_date: JsonInstant(own.ends_at),
            approved: own.answered_by.is_some(),
            attributes: Attributes::of("KeyApproval"),
        }
    }
}

/// `GET /keyapprovals`: the questions that wait for somebody.
///
/// # Errors
/// The store's own.
pub async fn questions(call: Call) -> Result<Answer, Error> {
    let list = call.read(|tx, cx, scope| Ok(approvals::open(tx, scope, cx.now, PAGE_MAX.into())?)).await?;
    let items = list.into_iter().map(QuestionOut::of).collect();
    Answer::ok(&Collection::whole(items, call.uri.clone()))
}

/// `POST /keyapprovals/{question}/approve`.
///
/// # Errors
/// When the question is not there, one's own, or closed.
pub async fn approve(call: Call) -> Result<Answer, Error> {
    let question: ApprovalId = call.id("question", Missing::Other("question"))?;
    let attempted = Entry::did(Operation::ApproveSoftwareKey, Resource::SoftwareKey, question);
    call.write(
        attempted,
        None,
        move |tx, cx, scope| reveal_key::approve(tx, cx, scope, question),
        |own| Answer::ok(&QuestionOut { approved: true, ..QuestionOut::of(own.clone()) }),
    )
    .await
}

#[derive(Serialize)]
struct Organization {
    id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Note {
    created_by_name: &'static str,
    created_date: JsonInstant,
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RequestOut {
    id: String,
    title: String,
    description: String,
    severity: &'static str,
    support_topic_name: &'static str,
    status: &'static str,
    organization: Organization,
    product_name: String,
    product_id: String,
    created_date: JsonInstant,
    last_modified_date: JsonInstant,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_closed_date: Option<JsonInstant>,
    notes: Vec<Note>,
    attributes: Attributes,
}

impl RequestOut {
    fn of(own: ServiceRequest, notes: &[stored::Note]) -> Self {
        let closed_at = own.closed_at.map(JsonInstant);
        let (product, topic) = match own.topic {
            Topic::MoreActivations => ("product key", "Additional activations"),
            Topic::Refund => ("", "CSP Purchase/Refund on behalf of customers"),
            Topic::Technical => ("", "Technical"),
            Topic::Billing => ("", "Billing"),
            Topic::Account => ("", "Account"),
            Topic::Other => ("", "Other"),
        };
        Self {
            id: own.id.to_string(),
            title: own.title,
            description: own.description,
            severity: own.impact.as_str(),
            support_topic_name: topic,
            status: own.state.as_str(),
            organization: Organization { id: own.partner.to_string() },
            product_name: product.into(),
            product_id: own.key.map(|key| key.key.to_string()).unwrap_or_default(),
            created_date: JsonInstant(own.asked_at),
            last_modified_date: JsonInstant(own.changed_at),
            last_closed_date: closed_at,
            notes: notes
                .iter()
                .filter(|note| note.request == own.id)
                .map(|note| Note {
                    created_by_name: match note.side {
                        Party::Operator => "Operator",
                        Party::Partner => "Partner",
                    },
                    created_date: JsonInstant(note.at),
                    text: if note.withdrew { WITHDRAWN.into() } else { note.text.clone() },
                })
                .collect(),
            attributes: Attributes::of("ServiceRequest"),
        }
    }
}

/// `POST …/artifacts/productkey/groups/{group}/lineitems/{key}/activations`: asks the operator for more.
///
/// # Errors
/// When the key is not there, or what is asked makes no sense.
pub async fn more_activations(call: Call) -> Result<Answer, Error> {
    const KEY: Missing = Missing::Other("product key");
    let attempted = Entry::did(Operation::CreateServiceRequest, Resource::ServiceRequest, "");
    let read = || -> Result<Wanted, Error> {
        let body = call.json()?;
        let root = Object::root(&body)?;
        let activations = root.integer("activations", 1, u32::MAX.into())?.ok_or_else(|| {
            Error::invalid("activations", "is required: how many the key shall allow in all")
        })?;
        Ok(Wanted {
            customer: call.customer()?,
            order: call.id::<OrderId>("group", KEY)?,
            key: call.id::<KeyId>("key", KEY)?,
            activations: u32::try_from(activations).map_err(Error::internal)?,
            description: root.required_text("description", 2000)?,
        })
    };
    let wanted = match read() {
        Ok(wanted) => wanted,
        Err(error) => return call.refuse_early(attempted, error).await,
    };
    call.write(
        attempted,
        None,
        move |tx, cx, scope| ask(tx, cx, scope, &wanted),
        |own| Answer::created(&RequestOut::of(own.clone(), &[])),
    )
    .await
}

/// `GET /servicerequests` and `GET /customers/{customer}/servicerequests`, newest first: those about activations, and what
/// the caller asked. What colleagues asked otherwise is theirs (rule 1.2, row 19).
///
/// # Errors
/// The store's own.
pub async fn list(call: Call) -> Result<Answer, Error> {
    let customer: Option<CustomerId> = if call.has_param("customer") { Some(call.customer()?) } else { None };
    let page = Page::of(&call, PAGE_MAX, "")?;
    let (before, limit) = (page.after::<ServiceRequestId>()?, page.limit());
    let (list, notes) = call
        .read(move |tx, cx, scope| {
            if let Some(customer) = customer {
                chandlery_store::customers::find(tx, scope, customer)?
                    .ok_or(Error::NotFound(Missing::Customer))?;
            }
            let own = cx.actor_uuid().to_string();
            let list = stored::list(tx, scope, (customer, &own), before, limit)?;
            let ids: Vec<ServiceRequestId> = list.iter().map(|own| own.id).collect();
            Ok((list, stored::notes(tx, scope, &ids, None, NOTES_MAX)?))
        })
        .await?;
    Answer::ok(&page.collection(&call, list, |own| own.id.to_string(), |own| RequestOut::of(own, &notes))?)
}

/// `GET /servicerequests/{request}`.
///
/// # Errors
/// When it is not there.
pub async fn get(call: Call) -> Result<Answer, Error> {
    const REQUEST: Missing = Missing::Other("service request");
    let id: ServiceRequestId = call.id("request", REQUEST)?;
    let (own, notes) = call
        .read(move |tx, cx, scope| {
            let caller = cx.actor_uuid().to_string();
            let own = stored::find(tx, scope, id)?
                .filter(|own| own.topic == Topic::MoreActivations || own.asked_by == caller)
                .ok_or(Error::NotFound(REQUEST))?;
            Ok((own, stored::notes(tx, scope, &[id], None, NOTES_MAX)?))
        })
        .await?;
    Answer::ok(&RequestOut::of(own, &notes))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CertificateOut {
    certificate: String,
    signature: String,
    public_key: String,
    attributes: Attributes,
}

/// `GET /customers/{customer}/orders/{order}/lines/{line}/neveropened`: the certificate that no key of a cancelled line was
/// ever opened.
///
/// # Errors
/// When the line was not cancelled, or a key of it was opened.
pub async fn never_opened(call: Call) -> Result<Answer, Error> {
    let customer = call.customer()?;
    let order: OrderRef = call.id("order", Missing::Order)?;
    let line: u32 = call.id("line", Missing::Other("line"))?;
    let found = call.read(move |tx, _, scope| Ok(orders::find(tx, scope, customer, order)?)).await?;
    let (order, _) = found.ok_or(Error::NotFound(Missing::Order))?;
    let place = LineRef { order: order.id, line };
    let installation = &call.api.installation;
    // What the certificate speaks of is sealed first.
    installation.sealer.seal(&installation.store, call.scope.partner(), wall_clock()).await?;
    let (cx, scope, sealer) = (call.cx.clone(), call.scope, Arc::clone(&installation.sealer));
    let certificate = installation
        .store
        .write(cx.stamp(), move |tx| certify::never_opened(tx, &cx, sealer.key(), &scope, (customer, place)))
        .await?;
    Answer::ok(&CertificateOut {
        certificate: certificate.text,
        signature: certificate.signature,
        public_key: certificate.public_key,
        attributes: Attributes::of("NeverOpenedCertificate"),
    })
}
