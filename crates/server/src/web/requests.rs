//! What partners ask, as the operator's people see it: the queue, the conversation, activations and exceptional credits.

use std::collections::HashMap;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::access::{Action, Actor, Scope};
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::ids::{PartnerId, ServiceRequestId};
use chandlery_domain::money::Money;
use chandlery_domain::refusal::Refusal;
use chandlery_domain::support::{Impact, Party, RequestState, Step, TEXT_MAX, Topic, read_amount, step};
use chandlery_store::partners;
use chandlery_store::service_requests::{self as stored, Queue, ServiceRequest};
use uuid::Uuid;

use super::entered::Entered;
use super::fields::Fields;
use super::support::{
    Before, Done, Told, authors, before_of, contact, facts, named, number_of, read_note, row, said, sender,
    speak, told,
};
use super::support_pages::{Can, Conversation, CreditPage, FileBounds, QueuePage};
use super::uploads::{self, Sent};
use super::ward::allowed;
use super::ward::{act, param, read_param};
use super::{Asked, Form, around, cut, failed, page};
use crate::api::Api;
use crate::app::Context;
use crate::app::activations;
use crate::app::support::{self as use_cases, Creditable, REQUEST, WantedCredit};
use crate::error::Error;
use crate::installation::OPERATOR;
use crate::texts;

/// How many requests one page shows.
const PAGE: i64 = 50;
/// The most activations that are granted.
const GRANTED_MAX: u32 = 1_000_000;

/// `GET /operator/requests`.
pub(super) async fn list(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::AnswerRequests, "/operator/requests").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let form = &own.form;
    let wanted = Queue {
        state: form.text("state").parse().ok(),
        topic: form.text("topic").parse().ok(),
        after: after_of(form.text("after")),
        limit: PAGE + 1,
    };
    let query = wanted;
    let read = own.api.installation.store.read(move |tx| {
        let list = stored::queue(tx, &query)?;
        let mut ids: Vec<PartnerId> = list.iter().map(|own| own.partner).collect();
        ids.sort_unstable();
        ids.dedup();
        Ok::<_, Error>((list, partners::names(tx, &ids)?))
    });
    let (mut list, names) = match read.await {
        Ok(read) => read,
        Err(error) => return failed(&own.api, &error),
    };
    let names: HashMap<PartnerId, String> = names.into_iter().collect();
    let more = cut(&mut list, PAGE);
    let next = list.last().filter(|_| more).map(|last| {
        let after = format!("{}.{}.{}", last.impact.as_str(), last.asked_at.as_microsecond(), last.id);
        let mut query = form_urlencoded::Serializer::new(String::new());
        for name in ["state", "topic"] {
            if !form.text(name).is_empty() {
                query.append_pair(name, form.text(name));
            }
        }
        format!("/operator/requests?{}", query.append_pair("after", &after).finish())
    });
    let reader = &own.reader;
    let words = |prefix: &str, list: &[&'static str], none: &str| -> Vec<(String, String)> {
        let all = list.iter().map(|word| ((*word).to_owned(), reader.word(prefix, word)));
        std::iter::once((String::new(), reader.t(none))).chain(all).collect()
    };
    let rows = list
        .iter()
        .map(|request| {
            let who = names.get(&request.partner).cloned().unwrap_or_default();
            let address = format!("/operator/requests/{}/{}", request.partner, request.id);
            row(reader, &own.cx, request, address, who)
        })
        .collect();
    let body = QueuePage {
        frame: around::frame(),
        fields: Fields::of(form),
        states: words("support-state", &RequestState::ALL.map(RequestState::as_str), "support-not-closed"),
        topics: words("support-topic", &Topic::ALL.map(Topic::as_str), "support-any"),
        rows,
        next,
    };
    page(&own.api, StatusCode::OK, &body)
}

fn after_of(text: &str) -> Option<(Impact, i64, ServiceRequestId)> {
    let mut parts = text.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// One of the operator's people who looks at a partner's request: what is done stands in the partner's log.
struct Desk {
    own: Entered,
    cx: Context,
    scope: Scope,
    partner: PartnerId,
    id: ServiceRequestId,
}

impl Desk {
    fn address(&self) -> String {
        format!("/operator/requests/{}/{}", self.partner, self.id)
    }

    /// The partner's request, for somebody who may do `action`.
    async fn new(
        own: Entered,
        path: &[(String, String)],
        action: Action,
        back: &str,
    ) -> Result<Self, Response> {
        let named = read_param(path, "partner", REQUEST)
            .and_then(|partner: PartnerId| Ok((partner, read_param(path, "request", REQUEST)?)));
        let (partner, id): (PartnerId, ServiceRequestId) = match named {
            Ok(named) => named,
            Err(error) => return Err(failed(&own.api, &error)),
        };
        // Nothing is put down in the log of a partner that asked nothing.
        let asked = {
            let scope = Context::system(partner, own.cx.now, "operator").authorize(Action::AnswerRequests);
            let store = &own.api.installation.store;
            match scope {
                Ok(scope) => {
                    store.read(move |tx| Ok::<_, Error>(stored::find(tx, &scope, id)?.is_some())).await
                }
                Err(error) => Err(error),
            }
        };
        match asked {
            Ok(true) => {}
            Ok(false) => return Err(failed(&own.api, &Error::NotFound(REQUEST))),
            Err(error) => return Err(failed(&own.api, &error)),
        }
        let mut cx = own.cx.anew();
        if let Actor::OperatorUser { partner: at, .. } = &mut cx.actor {
            *at = partner;
        }
        let scope = allowed(&own.api, &cx, action, Vec::new(), back).await?;
        Ok(Self { own, cx, scope, partner, id })
    }

    async fn entered(
        path: &[(String, String)],
        asked: Asked,
        action: Action,
        end: &str,
    ) -> Result<(Self, Form), Response> {
        let part = |name| param(path, name).unwrap_or_default();
        let back = format!("/operator/requests/{}/{}{end}", part("partner"), part("request"));
        let mut own = Entered::of(asked, Action::AnswerRequests, &back).await?;
        let form = std::mem::take(&mut own.form);
        Ok((Self::new(own, path, action, &back).await?, form))
    }

    async fn find(&self) -> Result<ServiceRequest, Error> {
        let (scope, id) = (self.scope, self.id);
        let found =
            self.own.api.installation.store.read(move |tx| Ok::<_, Error>(stored::find(tx, &scope, id)?));
        found.await?.ok_or(Error::NotFound(REQUEST))
    }
}

type Names = HashMap<String, String>;

/// Everything about a request: who spoke on the operator's side, and which partner asks.
async fn look(desk: &Desk, before: Before) -> Result<(Told, Names, String), Error> {
    let (scope, id, partner) = (desk.scope, desk.id, desk.partner);
    let read = desk.own.api.installation.store.read(move |tx| {
        let request = stored::find(tx, &scope, id)?.ok_or(Error::NotFound(REQUEST))?;
        let told = told(tx, &scope, request, before)?;
        let names = named(tx, OPERATOR, &authors(&told.notes, Party::Operator, ""))?;
        let name = partners::names(tx, &[partner])?.pop().map(|(_, name)| name).unwrap_or_default();
        Ok::<_, Error>((told, names, name))
    });
    read.await
}

async fn conversation(desk: &Desk, done: Done) -> Response {
    let (told, names, partner) = match look(desk, done.before).await {
        Ok(found) => found,
        Err(error) => return failed(&desk.own.api, &error),
    };
    let (reader, frame, request) = (&desk.own.reader, around::frame(), &told.request);
    let allowed =
        |wanted: Step| step(request.state, request.closed_at, Party::Operator, wanted, desk.cx.now).is_ok();
    let status = match done.fields.is_right() && done.error.is_none() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let decides = desk.cx.rules.matrix.authorize(&desk.cx.actor, Action::DecideCredit).is_ok();
    let address = desk.address();
    let mut facts = facts(reader, &told);
    facts.insert(0, (reader.t("support-partner"), partner.clone()));
    facts.extend(request.key.map(|key| (reader.t("support-activations-wanted"), reader.number(key.wanted))));
    let body = Conversation {
        list: ("/operator/requests", "way-requests"),
        said: said(reader, &address, &told, |party, author| match party {
            Party::Operator => match names.get(author) {
                Some(name) => reader.t1("support-operator-person", "name", name),
                None => reader.t("support-operator"),
            },
            Party::Partner => match told.colleagues.get(author) {
                Some(name) => name.clone(),
                // Whoever asked gave the name to be called by.
                None if request.contact.name.is_empty() => partner.clone(),
                None => request.contact.name.clone(),
            },
        }),
        facts,
        earlier: told.earlier.clone(),
        asked: reader.time(request.asked_at),
        contact: contact(&request.contact),
        can: Can {
            say: allowed(Step::Say),
            close: allowed(Step::Close) && request.key.is_none(),
            reopen: false,
            ask_back: allowed(Step::AskBack),
            activations: request.key.filter(|_| request.state != RequestState::Closed).map(|key| key.wanted),
            credit: decides
                && request.state != RequestState::Closed
                && request.topic == Topic::Refund
                && request.order.is_some(),
        },
        row: row(reader, &desk.cx, request, address.clone(), partner),
        address,
        files: FileBounds::new(&frame),
        frame,
        fields: done.fields,
        choose_again: done.choose_again,
        message: done.message,
        error: done.error,
    };
    page(&desk.own.api, status, &body)
}

/// `GET /operator/requests/{partner}/{request}`.
pub(super) async fn show(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let (desk, form) = match Desk::entered(&path, asked, Action::AnswerRequests, "").await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let message = match form.text("done") {
        "say" => Some("support-answered"),
        "ask" => Some("support-asked-back"),
        "close" => Some("support-closed-by-us"),
        "activations" => Some("support-activations-answered"),
        "credit" => Some("support-credited"),
        _ => None,
    };
    let message = message.map(|id| desk.own.reader.t(id));
    conversation(&desk, Done { message, before: before_of(&form), ..Done::default() }).await
}

/// `POST /operator/requests/{partner}/{request}`: answers, asks something back, or closes.
pub(super) async fn say(
    State(api): State<Api>,
    Path(path): Path<Vec<(String, String)>>,
    request: Request,
) -> Response {
    let part = |name| param(&path, name).unwrap_or_default();
    let back = format!("/operator/requests/{}/{}", part("partner"), part("request"));
    let (own, request) = match sender(api, request, Action::AnswerRequests, &back).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let desk = match Desk::new(own, &path, Action::AnswerRequests, &back).await {
        Ok(desk) => desk,
        Err(response) => return response,
    };
    let Sent { form, files, wrong, turn: _turn } =
        match uploads::read(&desk.own.api, desk.own.visitor.known.user.partner, request).await {
            Ok(sent) => sent,
            Err(response) => return response,
        };
    let (wanted, word) = match form.text("step") {
        "close" => (Step::Close, "close"),
        "ask" => (Step::AskBack, "ask"),
        _ => (Step::Say, "say"),
    };
    let mut fields = Fields::of(&form);
    let text = read_note(&desk.own.reader, &mut fields, (&files, wrong.as_ref()), wanted);
    let chosen = !files.is_empty() || wrong.is_some();
    if !fields.is_right() {
        return conversation(&desk, Done { fields, choose_again: chosen, ..Done::default() }).await;
    }
    let note = use_cases::Said { party: Party::Operator, step: wanted, text, files: Vec::new() };
    let done = speak(&desk.own.api, &desk.cx, desk.scope, desk.id, (note, files)).await;
    match done {
        Ok(_) => Redirect::to(&format!("{}?done={word}", desk.address())).into_response(),
        Err(Error::Refused(refusal)) => {
            let error = Some(texts::refusal(&desk.own.reader, &refusal));
            conversation(&desk, Done { fields, choose_again: chosen, error, ..Done::default() }).await
        }
        Err(error) => failed(&desk.own.api, &error),
    }
}

/// `POST /operator/requests/{partner}/{request}/activations`: grants more activations, or refuses them.
pub(super) async fn activations(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let (desk, form) = match Desk::entered(&path, asked, Action::AnswerRequests, "").await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let reader = desk.own.reader.clone();
    let mut fields = Fields::of(&form);
    let granted = match form.text("decision") {
        "grant" => Some(fields.count(&reader, "granted", (1, GRANTED_MAX))),
        _ => None,
    };
    let text = fields.required(&reader, "answer", TEXT_MAX);
    if !fields.is_right() {
        return conversation(&desk, Done { fields, ..Done::default() }).await;
    }
    let named = (desk.partner, desk.id);
    let attempted = Entry::did(Operation::UpdateServiceRequest, Resource::ServiceRequest, desk.id);
    let done = act(&desk.own.api, &desk.cx, attempted, move |tx, cx| {
        activations::answer(tx, cx, named, granted, &text)
    })
    .await;
    match done {
        Ok(()) => Redirect::to(&format!("{}?done=activations", desk.address())).into_response(),
        Err(Error::Refused(refusal)) => {
            let error = Some(texts::refusal(&reader, &refusal));
            conversation(&desk, Done { fields, error, ..Done::default() }).await
        }
        Err(error) => failed(&desk.own.api, &error),
    }
}

/// What can be credited, for a request about money back on an order.
async fn credit_lines(desk: &Desk) -> Result<(ServiceRequest, Vec<Creditable>), Error> {
    let request = desk.find().await?;
    let order = request.order.filter(|_| request.topic == Topic::Refund).ok_or(Error::NotFound(REQUEST))?;
    let scope = desk.scope;
    let lines =
        desk.own.api.installation.store.read(move |tx| use_cases::creditable(tx, &scope, order)).await?;
    Ok((request, lines))
}

fn credit_page(
    desk: &Desk,
    (request, lines): (&ServiceRequest, &[Creditable]),
    fields: Fields,
    error: Option<String>,
) -> Response {
    let reader = &desk.own.reader;
    let status = match fields.is_right() && error.is_none() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let body = CreditPage {
        frame: around::frame(),
        address: desk.address(),
        number: number_of(desk.id),
        asked: request.amount.map(|amount| reader.money(amount)),
        lines: lines
            .iter()
            .map(|line| {
                let left = reader.money(line.left);
                let label = reader.t2("support-credit-line", "title", &line.title, "left", left);
                (line.line.to_string(), label)
            })
            .collect(),
        fields,
        error,
    };
    page(&desk.own.api, status, &body)
}

/// `GET /operator/requests/{partner}/{request}/credit`: the form, once a second factor was shown a short while ago.
pub(super) async fn credit_form(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let (desk, _) = match Desk::entered(&path, asked, Action::DecideCredit, "/credit").await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let (request, lines) = match credit_lines(&desk).await {
        Ok(found) => found,
        Err(error) => return failed(&desk.own.api, &error),
    };
    if request.state == RequestState::Closed {
        return failed(&desk.own.api, &Refusal::RequestClosed.into());
    }
    credit_page(&desk, (&request, &lines), fresh_credit(&desk, &lines), None)
}

/// The form for a credit that nobody booked yet.
fn fresh_credit(desk: &Desk, lines: &[Creditable]) -> Fields {
    let token = desk.cx.anew().ids()().to_string();
    let first = lines.first().map(|line| line.line.to_string()).unwrap_or_default();
    Fields::with(&[("token", &token), ("line", &first)])
}

/// `POST /operator/requests/{partner}/{request}/credit`: books the credit, once, however often the form is sent.
pub(super) async fn credit(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let (desk, form) = match Desk::entered(&path, asked, Action::DecideCredit, "/credit").await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let (request, lines) = match credit_lines(&desk).await {
        Ok(found) => found,
        Err(error) => return failed(&desk.own.api, &error),
    };
    let reader = desk.own.reader.clone();
    let mut fields = Fields::of(&form);
    let line = lines.iter().find(|own| own.line.to_string() == fields.value("line"));
    let amount: Option<Money> = line.and_then(|own| read_amount(fields.value("amount"), own.left.currency()));
    match (line, amount) {
        (None, _) => fields.complain("line", reader.t("field-choose")),
        (Some(own), None) => {
            let currency = own.left.currency().to_string();
            fields.complain("amount", reader.t1("support-amount-wrong", "currency", currency));
        }
        _ => {}
    }
    let reason = fields.required(&reader, "reason", 500);
    let token: Option<Uuid> = fields.value("token").parse().ok();
    let (Some(line), Some(amount), Some(token), true) =
        (line.map(|own| own.line), amount, token, fields.is_right())
    else {
        return credit_page(&desk, (&request, &lines), fields, None);
    };
    let wanted = WantedCredit { token, line, amount, reason };
    let (scope, id) = (desk.scope, desk.id);
    let attempted = Entry::did(Operation::CreditOrder, Resource::ServiceRequest, id);
    let done = act(&desk.own.api, &desk.cx, attempted, move |tx, cx| {
        use_cases::decide_credit(tx, cx, &scope, id, &wanted)
    })
    .await;
    match done {
        Ok(_) | Err(Error::AnsweredBefore) => {
            Redirect::to(&format!("{}?done=credit", desk.address())).into_response()
        }
        Err(Error::Refused(refusal @ Refusal::CreditTooMuch { .. })) => {
            fields.complain("amount", texts::refusal(&reader, &refusal));
            credit_page(&desk, (&request, &lines), fields, None)
        }
        Err(Error::Store(chandlery_store::Error::Conflict { .. })) => {
            let error = Some(reader.t("support-credit-other"));
            credit_page(&desk, (&request, &lines), fresh_credit(&desk, &lines), error)
        }
        Err(error) => failed(&desk.own.api, &error),
    }
}

/// `GET /operator/requests/{partner}/{request}/files/{file}`.
pub(super) async fn file(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let (desk, _) = match Desk::entered(&path, asked, Action::AnswerRequests, "").await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let file: Uuid = match read_param(&path, "file", REQUEST) {
        Ok(file) => file,
        Err(error) => return failed(&desk.own.api, &error),
    };
    let (scope, id) = (desk.scope, desk.id);
    let read = desk
        .own
        .api
        .installation
        .store
        .read(move |tx| stored::file(tx, &scope, id, file)?.ok_or(Error::NotFound(REQUEST)));
    let answered = match read.await {
        Ok(file) => uploads::answer(&desk.own.api, &file).await,
        Err(error) => Err(error),
    };
    answered.unwrap_or_else(|error| failed(&desk.own.api, &error))
}
