//! Where the partner's own program is told what happens: registering it, trying it out, and how its calls went.

use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::access::{Action, Scope};
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::ids::DeliveryId;
use chandlery_domain::webhook::{Event, Registration};
use chandlery_store::webhooks::{self as stored, Delivery, State};

use super::pages::Frame;
use super::ward::{allowed, read_param};
use super::{Asked, Form, around, cut, failed, page, signed_in};
use crate::api::call::write_down;
use crate::api::webhooks::wanted;
use crate::api::{Api, Caller};
use crate::app::Context;
use crate::app::webhooks::{self as use_cases, Before, DELIVERY};
use crate::error::Error;
use crate::texts::{Html, Reader, cause_said};

/// Where the page is.
const HERE: &str = "/webhooks";
/// How many calls a page shows.
const PAGE: i64 = 30;

/// An event that can be ticked.
struct EventBox {
    name: &'static str,
    about: String,
    ticked: bool,
}

/// A call.
struct Row {
    id: String,
    event: &'static str,
    at: Html,
    state: &'static str,
    state_text: String,
    how: String,
    next: Option<Html>,
}

#[derive(Template)]
#[template(path = "webhooks.html")]
struct Webhooks {
    frame: Frame,
    registered: bool,
    tests: bool,
    url: String,
    url_error: Option<String>,
    events: Vec<EventBox>,
    events_error: Option<String>,
    own_header: bool,
    rows: Vec<Row>,
    only_failed: bool,
    older: Option<String>,
    error: Option<String>,
    message: Option<String>,
}

/// Who may look after the registration.
async fn manager(api: &Api, caller: &Caller, headers: &HeaderMap) -> Result<(Context, Scope), Response> {
    let visitor = signed_in(api, caller, headers, HERE).await?;
    let cx = visitor.context(api);
    let scope = allowed(api, &cx, Action::ManageWebhooks, Vec::new(), HERE).await?;
    Ok((cx, scope))
}

fn row(reader: &Reader, own: &Delivery) -> Row {
    let attempts = reader.t1("webhook-attempts", "count", i64::from(own.attempts));
    let last = own.last.as_ref().map(|last| match (last.answer, &last.trouble) {
        (Some(status), _) => reader.t1("webhook-answered", "status", i64::from(status)),
        (None, Some(trouble)) => reader.t1("webhook-unanswered", "why", cause_said(reader, trouble)),
        (None, None) => String::new(),
    });
    let how = match last {
        Some(last) => format!("{attempts} · {last}"),
        None => attempts,
    };
    Row {
        id: own.id.to_string(),
        event: own.event.as_str(),
        at: reader.time(own.happened_at),
        state: own.state.as_str(),
        state_text: reader.word("webhook-state", own.state.as_str()),
        how: if own.attempts == 0 { String::new() } else { how },
        next: (own.state == State::Waiting && own.attempts > 0).then(|| reader.time(own.due_at)),
    }
}

/// What stands in the form: what was typed, or what is registered.
#[derive(Default)]
struct Typed {
    url: String,
    events: Vec<Event>,
    own_header: bool,
}

fn typed(form: &Form) -> Typed {
    Typed {
        url: form.text("url").to_owned(),
        events: form.all("events").filter_map(|name| name.parse().ok()).collect(),
        own_header: form.text("own_header") == "true",
    }
}

async fn shown(
    api: &Api,
    form: &Form,
    scope: Scope,
    status: StatusCode,
    typed: Option<Typed>,
    wrong: Option<Error>,
) -> Response {
    let (only_failed, after) =
        (form.text("state") == "failed", form.text("after").parse::<DeliveryId>().ok());
    let found = api
        .installation
        .store
        .read(move |tx| {
            let own = stored::find(tx, &scope)?;
            Ok::<_, Error>((own, stored::page(tx, &scope, only_failed, after, PAGE.saturating_add(1))?))
        })
        .await;
    let (own, mut list) = match found {
        Ok(found) => found,
        Err(error) => return failed(api, &error),
    };
    let more = cut(&mut list, PAGE);
    let frame = around::frame();
    let reader = &frame.reader;
    let done = match form.text("done") {
        word @ ("saved" | "removed" | "tested" | "again") if wrong.is_none() => {
            Some(reader.word("webhook-done", word))
        }
        _ => None,
    };
    let state = if only_failed { "state=failed&" } else { "" };
    let older = list.last().filter(|_| more).map(|own| format!("{HERE}?{state}after={}", own.id));
    let rows = list.iter().map(|own| row(reader, own)).collect();
    let (registered, tests) =
        (own.is_some(), own.as_ref().is_some_and(|own| own.events.contains(&Event::TestCreated)));
    let typed = typed.unwrap_or_else(|| match own {
        Some(Registration { url, events, own_header, .. }) => Typed { url, events, own_header },
        None => Typed { events: Event::ALL.to_vec(), ..Typed::default() },
    });
    let (mut url_error, mut events_error, mut error) = (None, None, None);
    match &wrong {
        Some(Error::Invalid { field, message }) if field == "WebhookUrl" => {
            url_error = Some(message.said(reader));
        }
        Some(Error::Invalid { message, .. }) => events_error = Some(message.said(reader)),
        Some(Error::Refused(refusal)) => error = Some(crate::texts::refusal(reader, refusal)),
        _ => {}
    }
    let body = Webhooks {
        registered,
        tests,
        url: typed.url,
        url_error,
        events: Event::ALL
            .into_iter()
            .map(|event| EventBox {
                name: event.as_str(),
                about: reader.word("webhook-event", event.as_str()),
                ticked: typed.events.contains(&event),
            })
            .collect(),
        events_error,
        own_header: typed.own_header,
        rows,
        only_failed,
        older,
        error,
        message: done,
        frame,
    };
    page(api, status, &body)
}

/// `GET /webhooks`
pub(super) async fn show(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    match manager(&api, &caller, &headers).await {
        Ok((_, scope)) => shown(&api, &form, scope, StatusCode::OK, None, None).await,
        Err(response) => response,
    }
}

/// Shows what is wrong beside what was typed, and writes it down.
async fn wrong(
    api: &Api,
    form: &Form,
    (cx, scope): (&Context, Scope),
    did: Operation,
    error: Error,
) -> Response {
    let status = match &error {
        Error::Invalid { .. } => StatusCode::BAD_REQUEST,
        Error::Refused(_) => StatusCode::CONFLICT,
        _ => return failed(api, &error),
    };
    write_down(api, cx, Entry::did(did, Resource::Webhook, ""), Vec::new(), &error).await;
    let kept = (did == Operation::SetWebhook).then(|| typed(form));
    shown(api, form, scope, status, kept, Some(error)).await
}

/// `POST /webhooks`
pub(super) async fn save(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let (cx, scope) = match manager(&api, &caller, &headers).await {
        Ok(manager) => manager,
        Err(response) => return response,
    };
    let done = async {
        let events = form.all("events").filter_map(|name| name.parse().ok()).collect();
        let own_header = form.text("own_header") == "true";
        let wanted = wanted(form.text("url"), events, own_header, api.webhooks_reach)?;
        let inner = cx.clone();
        api.installation
            .store
            .write(cx.stamp(), move |tx| use_cases::set(tx, &inner, &scope, &wanted, Before::Any))
            .await
    };
    match done.await {
        Ok(_) => Redirect::to("/webhooks?done=saved").into_response(),
        Err(error) => wrong(&api, &form, (&cx, scope), Operation::SetWebhook, error).await,
    }
}

/// `POST /webhooks/remove`
pub(super) async fn remove(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let (cx, scope) = match manager(&api, &caller, &headers).await {
        Ok(manager) => manager,
        Err(response) => return response,
    };
    let done = api.installation.store.write(cx.stamp(), move |tx| use_cases::remove(tx, &scope)).await;
    match done {
        Ok(()) => Redirect::to("/webhooks?done=removed").into_response(),
        Err(error) => wrong(&api, &form, (&cx, scope), Operation::RemoveWebhook, error).await,
    }
}

/// `POST /webhooks/test`
pub(super) async fn test(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let (cx, scope) = match manager(&api, &caller, &headers).await {
        Ok(manager) => manager,
        Err(response) => return response,
    };
    let inner = cx.clone();
    let done = api.installation.store.write(cx.stamp(), move |tx| use_cases::test(tx, &inner, &scope)).await;
    match done {
        Ok(_) => Redirect::to("/webhooks?done=tested").into_response(),
        Err(error) => wrong(&api, &form, (&cx, scope), Operation::TestWebhook, error).await,
    }
}

/// `POST /webhooks/calls/{call}/again`
pub(super) async fn again(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let Asked { api, caller, headers, form, .. } = asked;
    let (cx, scope) = match manager(&api, &caller, &headers).await {
        Ok(manager) => manager,
        Err(response) => return response,
    };
    let id: DeliveryId = match read_param(&path, "call", DELIVERY) {
        Ok(id) => id,
        Err(error) => return failed(&api, &error),
    };
    let inner = cx.clone();
    let done =
        api.installation.store.write(cx.stamp(), move |tx| use_cases::again(tx, &inner, &scope, id)).await;
    match done {
        Ok(()) => Redirect::to("/webhooks?done=again").into_response(),
        Err(error) => wrong(&api, &form, (&cx, scope), Operation::RetryWebhook, error).await,
    }
}
