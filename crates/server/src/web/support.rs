//! Support requests as their askers see them: listed, raised with files, talked about, closed (rule 11).
//!
//! A person sees what it asked itself, and nothing of its colleagues' (rule 1.2, row 19).

use std::collections::HashMap;

use axum::extract::{FromRequestParts as _, Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::access::{Action, Scope};
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::ids::{CustomerId, PartnerId, ServiceRequestId, UserId};
use chandlery_domain::refusal::Refusal;
use chandlery_domain::support::{
    Impact, Party, REOPEN_DAYS, RefundItems, RequestState, Step, TEXT_MAX, TITLE_MAX, Topic, read_amount,
    step,
};
use chandlery_store::service_requests::{self as stored, Contact, FileRecord, Note, ServiceRequest};
use chandlery_store::{customers, people};

use jiff::Timestamp;

use super::entered::Entered;
use super::fields::Fields;
use super::support_pages::{Can, Conversation, FileBounds, FileRow, Mine, Report, RequestRow, Said};
use super::uploads::{self, Given, Sent};
use super::ward::{act, param, read_param};
use super::{Asked, Form, around, cut, failed, page};
use crate::api::{Api, Caller};
use crate::app::Context;
use crate::app::support::{self as use_cases, NewRequest, REQUEST};
use crate::error::Error;
use crate::texts::{self, Reader};

/// How many requests one page shows.
const PAGE: i64 = 50;
/// How many notes and files a page shows at most; the newest.
const NOTES: i64 = 200;
const FILES: i64 = 1000;
/// How long a page waits until it is noted that an answer was read.
const NOTED_WITHIN: std::time::Duration = std::time::Duration::from_millis(500);

/// Whoever sends a form with files; the body is read only for those who may.
///
/// # Errors
/// The page to show instead.
pub(super) async fn sender(
    api: Api,
    request: Request,
    action: Action,
    back: &str,
) -> Result<(Entered, Request), Response> {
    let headers = request.headers().clone();
    let (mut parts, body) = request.into_parts();
    let caller = Caller::from_request_parts(&mut parts, &api).await.unwrap_or_else(|never| match never {});
    let entered = Entered::unread(api, &caller, &headers, action, back).await?;
    Ok((entered, Request::from_parts(parts, body)))
}

/// The number people read out: the end of the id.
pub(super) fn number_of(id: ServiceRequestId) -> String {
    id.to_string().rsplit('-').next().unwrap_or_default().to_owned()
}

pub(super) fn row(
    reader: &Reader,
    cx: &Context,
    own: &ServiceRequest,
    address: String,
    who: String,
) -> RequestRow {
    let due = own.impact.due(own.asked_at);
    let waits = own.answered_at.is_none() && own.state != RequestState::Closed;
    RequestRow {
        address,
        number: number_of(own.id),
        title: own.title.clone(),
        topic: reader.word("support-topic", own.topic.as_str()),
        impact: reader.word("support-impact", own.impact.as_str()),
        who,
        state: reader.word("support-state", own.state.as_str()),
        tone: match own.state {
            RequestState::Open => "good",
            RequestState::AttentionNeeded => "careful",
            RequestState::Closed => "",
        },
        changed: reader.time(own.changed_at),
        due: waits.then(|| reader.time(due)),
        overdue: waits && cx.now > due,
        unread: own.unread,
    }
}

/// `GET /support`.
pub(super) async fn list(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::RaiseRequest, "/support").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let before = own.form.text("before").split_once('.');
    let before = before.and_then(|(at, id)| Some((at.parse::<i64>().ok()?, id.parse().ok()?)));
    let (scope, person) = (own.scope, own.cx.actor_uuid().to_string());
    let read = own.api.installation.store.read(move |tx| {
        let list = stored::of_person(tx, &scope, &person, before, PAGE + 1)?;
        let ids: Vec<CustomerId> = list.iter().filter_map(|own| own.customer).collect();
        Ok::<_, Error>((list, customers::names(tx, &scope, &ids)?))
    });
    let (mut list, names) = match read.await {
        Ok(read) => read,
        Err(error) => return failed(&own.api, &error),
    };
    let names: HashMap<CustomerId, String> = names.into_iter().collect();
    let more = cut(&mut list, PAGE);
    let last = list.last().filter(|_| more);
    let next = last.map(|last| format!("/support?before={}.{}", last.changed_at.as_microsecond(), last.id));
    let rows = list
        .iter()
        .map(|request| {
            let who = request.customer.and_then(|id| names.get(&id).cloned()).unwrap_or_default();
            row(&own.reader, &own.cx, request, format!("/support/{}", request.id), who)
        })
        .collect();
    page(&own.api, StatusCode::OK, &Mine { frame: around::frame(), rows, next })
}

fn report(own: &Entered, fields: Fields, choose_again: bool, error: Option<String>) -> Response {
    let frame = around::frame();
    let for_customers = own.may(Action::RaiseCustomerRequest);
    let status = match fields.is_right() && error.is_none() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let reader = &own.reader;
    let body = Report {
        topics: std::iter::once((String::new(), reader.t("support-choose")))
            .chain(
                Topic::OFFERED
                    .into_iter()
                    .filter(|topic| for_customers || !topic.has_items())
                    .map(|topic| (topic.as_str().to_owned(), reader.word("support-topic", topic.as_str()))),
            )
            .collect(),
        impacts: Impact::ALL
            .into_iter()
            .map(|own| {
                let name = reader.word("support-impact", own.as_str());
                let label = reader.t2("support-impact-answer", "impact", name, "hours", own.hours());
                (own.as_str().to_owned(), label)
            })
            .collect(),
        for_customers,
        files: FileBounds::new(&frame),
        frame,
        fields,
        choose_again,
        error,
    };
    page(&own.api, status, &body)
}

/// `GET /support/new`: the form, filled in as far as the address says.
pub(super) async fn fresh(asked: Asked) -> Response {
    let back = around::frame().path;
    let own = match Entered::of(asked, Action::RaiseRequest, &back).await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let cut = |name: &str| own.form.text(name).chars().take(TITLE_MAX).collect::<String>();
    let (customer, order, mut title) = (cut("customer"), cut("order"), cut("title"));
    if title.is_empty() && !order.is_empty() && own.may(Action::RaiseCustomerRequest) {
        let (scope, customer, order) = (own.scope, customer.clone(), order.clone());
        let read = own.api.installation.store.read(move |tx| {
            let Ok(customer) = customer.parse::<CustomerId>() else { return Ok(None) };
            use_cases::named_order(tx, &scope, customer, &order)
        });
        match read.await {
            Ok(found) => {
                let product = found.and_then(|own| own.lines.first().map(|line| line.title.clone()));
                title = product
                    .map(|own_title| own.reader.t1("support-refund-title", "product", own_title))
                    .unwrap_or_default();
            }
            Err(error) => return failed(&own.api, &error),
        }
    }
    let user = &own.visitor.known.user;
    let email = if user.upn.contains('@') { user.upn.as_str() } else { "" };
    let id = own.cx.anew().ids()();
    let fields = Fields::with(&[
        ("token", &id.to_string()),
        ("topic", &cut("topic")),
        ("impact", Impact::Minimal.as_str()),
        ("title", &title),
        ("tenant", &customer),
        ("customer", &customer),
        ("purchase", &order),
        ("amount", &cut("amount")),
        ("contact_name", &user.display_name),
        ("contact_email", email),
        ("contact_phone", &user.phone),
    ]);
    report(&own, fields, false, None)
}

/// What a form says, as far as it can be told without looking anything up.
struct Read {
    topic: Option<Topic>,
    impact: Impact,
    title: String,
    items: Option<RefundItems>,
    text: String,
    customer: Option<String>,
    contact: Contact,
}

fn read_form(own: &Entered, fields: &mut Fields) -> Read {
    let reader = &own.reader;
    let topic: Option<Topic> = fields.value("topic").parse().ok();
    let topic = topic.filter(|topic| {
        Topic::OFFERED.contains(topic) && (!topic.has_items() || own.may(Action::RaiseCustomerRequest))
    });
    if topic.is_none() {
        fields.complain("topic", reader.t("field-choose"));
    }
    let impact: Option<Impact> = fields.value("impact").parse().ok();
    if impact.is_none() {
        fields.complain("impact", reader.t("field-choose"));
    }
    let title = fields.required(reader, "title", TITLE_MAX);
    let (mut items, mut text, mut customer) = (None, String::new(), None);
    if topic.is_some_and(Topic::has_items) {
        items = Some(RefundItems {
            tenant: fields.required(reader, "tenant", 200),
            purchase: fields.required(reader, "purchase", 100),
            reason: fields.required(reader, "reason", TEXT_MAX),
            amount: fields.required(reader, "amount", 40),
        });
    } else {
        text = fields.required(reader, "description", TEXT_MAX);
        customer = fields.optional(reader, "customer", 200);
    }
    let contact = Contact {
        name: fields.required(reader, "contact_name", 100),
        email: fields.mail(reader, "contact_email"),
        phone: fields.required(reader, "contact_phone", 40),
    };
    Read { topic, impact: impact.unwrap_or(Impact::Minimal), title, items, text, customer, contact }
}

/// Looks up what a form names; what is not there is complained about at its field.
async fn look_up(own: &Entered, fields: &mut Fields, read: Read) -> Result<Option<NewRequest>, Error> {
    let reader = &own.reader;
    let named = read.items.as_ref().map(|items| items.tenant.clone()).or_else(|| read.customer.clone());
    let purchase = read.items.as_ref().map(|items| items.purchase.clone());
    let scope = own.scope;
    let speaks =
        named.as_ref().is_none_or(|named| !named.is_empty()) && own.may(Action::RaiseCustomerRequest);
    let (customer, order) = match named.clone().filter(|_| speaks) {
        None => (None, None),
        Some(named) => {
            let found = own.api.installation.store.read(move |tx| {
                let Some(customer) = use_cases::named_customer(tx, &scope, &named)? else {
                    return Ok((None, None));
                };
                let order = match &purchase {
                    Some(text) => use_cases::named_order(tx, &scope, customer.id, text)?,
                    None => None,
                };
                Ok::<_, Error>((Some(customer), order))
            });
            found.await?
        }
    };
    let field = if read.items.is_some() { "tenant" } else { "customer" };
    if named.is_some_and(|own| !own.is_empty()) && customer.is_none() {
        fields.complain(field, reader.t("support-customer-unknown"));
    }
    let mut amount = None;
    if let Some(items) = &read.items {
        if customer.is_some() && order.is_none() && !items.purchase.is_empty() {
            fields.complain("purchase", reader.t("support-order-unknown"));
        }
        if let Some(order) = &order {
            amount = read_amount(&items.amount, order.currency);
            if amount.is_none() && !items.amount.is_empty() {
                let currency = order.currency.to_string();
                fields.complain("amount", reader.t1("support-amount-wrong", "currency", currency));
            }
        }
    }
    let labels =
        ["support-tenant", "support-purchase", "support-reason", "support-amount"].map(|id| reader.t(id));
    let description = match &read.items {
        None => read.text,
        Some(items) => {
            let shown = amount.map(|own| own.to_string()).unwrap_or_else(|| items.amount.clone());
            let [tenant, purchase, reason, money] = &labels;
            RefundItems { amount: shown, ..items.clone() }.merged([tenant, purchase, reason, money])
        }
    };
    let (Some(topic), true) = (read.topic, fields.is_right()) else { return Ok(None) };
    let token = fields.value("token").parse().ok();
    Ok(Some(NewRequest {
        id: token.unwrap_or_else(|| ServiceRequestId::new(own.cx.anew().ids()())),
        customer: customer.map(|own| own.id),
        topic,
        impact: read.impact,
        title: read.title,
        description,
        order: order.map(|own| own.id),
        amount,
        contact: read.contact,
        files: Vec::new(),
    }))
}

/// `POST /support/new`: files the request, once, however often the form is sent.
pub(super) async fn add(State(api): State<Api>, request: Request) -> Response {
    let (own, request) = match sender(api, request, Action::RaiseRequest, "/support/new").await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let Sent { form, files, wrong, turn: _turn } =
        match uploads::read(&own.api, own.visitor.known.user.partner, request).await {
            Ok(sent) => sent,
            Err(response) => return response,
        };
    let mut fields = Fields::of(&form);
    let chosen = !files.is_empty() || wrong.is_some();
    let read = read_form(&own, &mut fields);
    let found = look_up(&own, &mut fields, read).await;
    if let Some(wrong) = &wrong {
        fields.complain("files", wrong.said(&own.reader));
    }
    let new = match found {
        Ok(Some(new)) if fields.is_right() => new,
        Ok(_) => return report(&own, fields, chosen, None),
        Err(error) => return failed(&own.api, &error),
    };
    let files = match uploads::keep(&own.api, &own.cx, files).await {
        Ok(files) => files,
        Err(error) => return failed(&own.api, &error),
    };
    let (scope, id) = (own.scope, new.id);
    let new = NewRequest { files: files.clone(), ..new };
    let attempted = Entry::did(Operation::CreateServiceRequest, Resource::ServiceRequest, id);
    let done = act(&own.api, &own.cx, attempted, move |tx, cx| use_cases::raise(tx, cx, &scope, &new)).await;
    if done.is_err() {
        uploads::let_go(&own.api, &files).await;
    }
    match done {
        Ok(_) | Err(Error::AnsweredBefore) => {
            Redirect::to(&format!("/support/{id}?done=raised")).into_response()
        }
        Err(Error::Refused(refusal)) => {
            let error = Some(texts::refusal(&own.reader, &refusal));
            report(&own, fields, chosen, error)
        }
        Err(Error::Invalid { field, message }) => {
            let error = Some(texts::invalid(&own.reader, &field, &message));
            report(&own, fields, chosen, error)
        }
        Err(error) => failed(&own.api, &error),
    }
}

/// What a page shows beside the conversation.
#[derive(Default)]
pub(super) struct Done {
    pub(super) fields: Fields,
    pub(super) choose_again: bool,
    pub(super) message: Option<String>,
    pub(super) error: Option<String>,
    pub(super) before: Before,
}

/// A conversation, as it was read.
pub(super) struct Told {
    pub(super) request: ServiceRequest,
    pub(super) customer: Option<String>,
    pub(super) notes: Vec<Note>,
    pub(super) files: Vec<FileRecord>,
    /// The asker's colleagues who said something, by their ids.
    pub(super) colleagues: HashMap<String, String>,
    /// Where older notes are, if there are more than are shown.
    pub(super) earlier: Option<String>,
}

/// Before which note a page of them ends, as its address says.
pub(super) fn before_of(form: &Form) -> Before {
    let (at, id) = form.text("before").split_once('.')?;
    Some((Timestamp::from_microsecond(at.parse().ok()?).ok()?, id.parse().ok()?))
}

/// Before which note a page ends.
pub(super) type Before = Option<(Timestamp, uuid::Uuid)>;

/// Reads a conversation.
///
/// # Errors
/// The store's own.
pub(super) fn told(
    tx: &mut chandlery_store::Read<'_>,
    scope: &Scope,
    request: ServiceRequest,
    before: Before,
) -> Result<Told, Error> {
    let customer = match request.customer {
        Some(id) => customers::names(tx, scope, &[id])?.pop().map(|(_, name)| name),
        None => None,
    };
    let mut notes = stored::notes(tx, scope, &[request.id], before, NOTES + 1)?;
    let more = notes.len() > usize::try_from(NOTES).unwrap_or(usize::MAX);
    if more {
        notes.remove(0);
    }
    let earlier = notes.first().filter(|_| more);
    let earlier = earlier.map(|own| format!("?before={}.{}", own.at.as_microsecond(), own.id));
    let files = stored::files(tx, scope, request.id, FILES)?;
    let others = authors(&notes, Party::Partner, &request.asked_by);
    let colleagues = named(tx, scope.partner(), &others)?;
    Ok(Told { request, customer, notes, files, colleagues, earlier })
}

/// Who spoke on one side, each once, save one.
pub(super) fn authors(notes: &[Note], side: Party, but: &str) -> Vec<UserId> {
    let spoke = notes.iter().filter(|note| note.side == side && note.author != but);
    let mut ids: Vec<UserId> = spoke.filter_map(|note| note.author.parse().ok()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// What people are called, by their ids.
///
/// # Errors
/// The store's own.
pub(super) fn named(
    tx: &mut chandlery_store::Read<'_>,
    house: PartnerId,
    ids: &[UserId],
) -> Result<HashMap<String, String>, Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(people::names(tx, house, ids)?.into_iter().map(|(id, name)| (id.to_string(), name)).collect())
}

/// What was said, the description first. `who` names whoever spoke.
pub(super) fn said(
    reader: &Reader,
    address: &str,
    own: &Told,
    who: impl Fn(Party, &str) -> String,
) -> Vec<Said> {
    let files = |note: Option<uuid::Uuid>| -> Vec<FileRow> {
        own.files
            .iter()
            .filter(|file| file.note == note)
            .map(|file| FileRow {
                address: format!("{address}/files/{}", file.id),
                name: file.name.clone(),
                size: reader.size(file.size),
            })
            .collect()
    };
    let request = &own.request;
    let first = Said {
        who: who(Party::Partner, &request.asked_by),
        operator: false,
        at: reader.time(request.asked_at),
        text: request.description.clone(),
        files: files(None),
    };
    let rest = own.notes.iter().map(|note| Said {
        who: who(note.side, &note.author),
        operator: note.side == Party::Operator,
        at: reader.time(note.at),
        text: if note.withdrew { reader.t("support-withdrawn") } else { note.text.clone() },
        files: files(Some(note.id)),
    });
    std::iter::once(first).chain(rest).collect()
}

/// What a request is for, as names and values.
pub(super) fn facts(reader: &Reader, own: &Told) -> Vec<(String, String)> {
    let request = &own.request;
    let mut facts = vec![
        (reader.t("support-type"), reader.word("support-topic", request.topic.as_str())),
        (reader.t("support-impact"), reader.word("support-impact", request.impact.as_str())),
    ];
    facts.extend(own.customer.clone().map(|name| (reader.t("support-customer"), name)));
    facts.extend(request.order.map(|id| (reader.t("support-order"), id.alternate().to_string())));
    facts.extend(request.amount.map(|amount| (reader.t("support-amount-asked"), reader.money(amount))));
    facts
}

pub(super) fn contact(own: &Contact) -> Vec<String> {
    [&own.name, &own.email, &own.phone].into_iter().filter(|own| !own.is_empty()).cloned().collect()
}

fn allowed(own: &ServiceRequest, wanted: Step, cx: &Context) -> bool {
    step(own.state, own.closed_at, Party::Partner, wanted, cx.now).is_ok()
}

async fn conversation(own: &Entered, id: ServiceRequestId, done: Done) -> Response {
    let (scope, cx, before) = (own.scope, own.cx.clone(), done.before);
    let read = own.api.installation.store.read(move |tx| {
        let request = use_cases::own(tx, &cx, &scope, id)?;
        told(tx, &scope, request, before)
    });
    let told = match read.await {
        Ok(told) => told,
        Err(error) => return failed(&own.api, &error),
    };
    let request = &told.request;
    if request.unread {
        let seen = request.clone();
        let noted = own.api.installation.store.bookkeep(move |tx| {
            stored::mark_read(tx, &scope, &seen)?;
            Ok::<_, Error>(())
        });
        // Queued, it happens whether we wait or not: the page need not.
        if let Ok(Err(error)) = tokio::time::timeout(NOTED_WITHIN, noted).await {
            tracing::warn!(%error, "it could not be noted that an answer was read");
        }
    }
    let (reader, frame) = (&own.reader, around::frame());
    let address = format!("/support/{id}");
    let status = match done.fields.is_right() && done.error.is_none() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let body = Conversation {
        list: ("/support", "way-support"),
        said: said(reader, &address, &told, |party, author| match party {
            Party::Partner => told.colleagues.get(author).cloned().unwrap_or_else(|| reader.t("support-you")),
            Party::Operator => reader.t("support-operator"),
        }),
        facts: facts(reader, &told),
        earlier: told.earlier.clone(),
        asked: reader.time(request.asked_at),
        contact: contact(&request.contact),
        can: Can {
            say: allowed(request, Step::Say, &own.cx),
            close: allowed(request, Step::Close, &own.cx),
            reopen: allowed(request, Step::Reopen, &own.cx),
            ..Can::default()
        },
        row: row(reader, &own.cx, request, address.clone(), String::new()),
        address,
        files: FileBounds::new(&frame),
        frame,
        fields: done.fields,
        choose_again: done.choose_again,
        message: done.message,
        error: done.error,
    };
    page(&own.api, status, &body)
}

/// `GET /support/{request}`.
pub(super) async fn show(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let back = around::frame().path;
    let own = match Entered::of(asked, Action::RaiseRequest, &back).await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let id: ServiceRequestId = match read_param(&path, "request", REQUEST) {
        Ok(id) => id,
        Err(error) => return failed(&own.api, &error),
    };
    let message = match own.form.text("done") {
        "raised" => Some(own.reader.t1("support-raised", "number", number_of(id))),
        "say" => Some(own.reader.t("support-said")),
        "close" => Some(own.reader.t1("support-closed", "days", REOPEN_DAYS)),
        "reopen" => Some(own.reader.t("support-reopened")),
        _ => None,
    };
    conversation(&own, id, Done { message, before: before_of(&own.form), ..Done::default() }).await
}

/// What is to be said, out of a form; what is wrong is complained about.
pub(super) fn read_note(
    reader: &Reader,
    fields: &mut Fields,
    sent: (&[Given], Option<&uploads::Wrong>),
    wanted: Step,
) -> String {
    // Closing and opening again need no words, and files are words enough.
    let needs_words = matches!(wanted, Step::Say | Step::AskBack) && sent.0.is_empty();
    let text = match needs_words {
        true => fields.required(reader, "text", TEXT_MAX),
        false => fields.optional(reader, "text", TEXT_MAX).unwrap_or_default(),
    };
    if let Some(wrong) = sent.1 {
        fields.complain("files", wrong.said(reader));
    }
    text
}

/// Puts files into the media store and says what they come with; where that cannot be said, nothing is left of them.
///
/// # Errors
/// What the step or the store says.
pub(super) async fn speak(
    api: &Api,
    cx: &Context,
    scope: Scope,
    id: ServiceRequestId,
    (said, files): (use_cases::Said, Vec<Given>),
) -> Result<(), Error> {
    let files = uploads::keep(api, cx, files).await?;
    let said = use_cases::Said { files: files.clone(), ..said };
    let attempted = Entry::did(Operation::UpdateServiceRequest, Resource::ServiceRequest, id);
    let done = act(api, cx, attempted, move |tx, cx| use_cases::say(tx, cx, &scope, id, &said)).await;
    if done.is_err() {
        uploads::let_go(api, &files).await;
    }
    done.map(drop)
}

/// `POST /support/{request}`: says something, closes the request, or opens it again.
pub(super) async fn say(
    State(api): State<Api>,
    Path(path): Path<Vec<(String, String)>>,
    request: Request,
) -> Response {
    let back = format!("/support/{}", param(&path, "request").unwrap_or_default());
    let (own, request) = match sender(api, request, Action::RaiseRequest, &back).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let id: ServiceRequestId = match read_param(&path, "request", REQUEST) {
        Ok(id) => id,
        Err(error) => return failed(&own.api, &error),
    };
    // Looked for before anything is read: what is somebody else's takes no files.
    let (scope, cx) = (own.scope, own.cx.clone());
    let there =
        own.api.installation.store.read(move |tx| use_cases::own(tx, &cx, &scope, id).map(drop)).await;
    if let Err(error) = there {
        return failed(&own.api, &error);
    }
    let Sent { form, files, wrong, turn: _turn } =
        match uploads::read(&own.api, own.visitor.known.user.partner, request).await {
            Ok(sent) => sent,
            Err(response) => return response,
        };
    let (wanted, word) = match form.text("step") {
        "close" => (Step::Close, "close"),
        "reopen" => (Step::Reopen, "reopen"),
        _ => (Step::Say, "say"),
    };
    let mut fields = Fields::of(&form);
    let text = read_note(&own.reader, &mut fields, (&files, wrong.as_ref()), wanted);
    let chosen = !files.is_empty() || wrong.is_some();
    if !fields.is_right() {
        return conversation(&own, id, Done { fields, choose_again: chosen, ..Done::default() }).await;
    }
    let note = use_cases::Said { party: Party::Partner, step: wanted, text, files: Vec::new() };
    let done = speak(&own.api, &own.cx, own.scope, id, (note, files)).await;
    match done {
        Ok(_) => Redirect::to(&format!("/support/{id}?done={word}")).into_response(),
        Err(Error::Refused(refusal @ (Refusal::RequestClosed | Refusal::ReopenOver { .. }))) => {
            let error = Some(texts::refusal(&own.reader, &refusal));
            conversation(&own, id, Done { fields, choose_again: chosen, error, ..Done::default() }).await
        }
        Err(Error::Invalid { field, message }) => {
            let error = Some(texts::invalid(&own.reader, &field, &message));
            conversation(&own, id, Done { fields, choose_again: chosen, error, ..Done::default() }).await
        }
        Err(error) => failed(&own.api, &error),
    }
}

/// `GET /support/{request}/files/{file}`.
pub(super) async fn file(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::RaiseRequest, "/support").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let named = read_param(&path, "request", REQUEST)
        .and_then(|id: ServiceRequestId| Ok((id, read_param::<uuid::Uuid>(&path, "file", REQUEST)?)));
    let (id, file) = match named {
        Ok(named) => named,
        Err(error) => return failed(&own.api, &error),
    };
    let (scope, cx) = (own.scope, own.cx.clone());
    let read = own.api.installation.store.read(move |tx| {
        use_cases::own(tx, &cx, &scope, id)?;
        stored::file(tx, &scope, id, file)?.ok_or(Error::NotFound(REQUEST))
    });
    let answered = match read.await {
        Ok(file) => uploads::answer(&own.api, &file).await,
        Err(error) => Err(error),
    };
    answered.unwrap_or_else(|error| failed(&own.api, &error))
}
