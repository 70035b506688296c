//! The partner's customers, found by name, and the keys that wait for a second person of the partner's.

use std::collections::HashMap;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::access::Action;
use chandlery_domain::ids::{ApprovalId, CustomerId, UserId};
use chandlery_domain::key::LineRef;
use chandlery_domain::refusal::Refusal;
use chandlery_store::customers::{self, Query};
use chandlery_store::{approvals, orders, people};

use super::software_pages::{Approvals, CustomerRow, Customers, QuestionRow};
use super::{Asked, failed, page, refused, shown, signed_in};
use crate::app::reveal_key::approve as use_case;
use crate::error::{Error, Missing};

/// How many customers one page shows.
const PAGE: i64 = 100;
/// How many questions are shown.
const QUESTIONS: i64 = 200;

/// `GET /customers`.
pub(super) async fn list(Asked { api, caller, headers, form }: Asked) -> Response {
    let visitor = match signed_in(&api, &caller, &headers, "/customers").await {
        Ok(visitor) => visitor,
        Err(response) => return response,
    };
    let cx = visitor.context(&api);
    let scope = match cx.authorize(Action::ListCustomers) {
        Ok(scope) => scope,
        Err(error) => return failed(&api, &error),
    };
    let name = form.text("name").trim().to_owned();
    let query = Query {
        company_starts_with: (!name.is_empty()).then(|| name.clone()),
        domain_starts_with: None,
        after: form.text("after").parse().ok(),
        limit: PAGE + 1,
    };
    let found =
        api.installation.store.read(move |tx| Ok::<_, Error>(customers::list(tx, &scope, &query)?)).await;
    let mut list = match found {
        Ok(list) => list,
        Err(error) => return failed(&api, &error),
    };
    let size = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = list.len() > size;
    list.truncate(size);
    let next = list.last().filter(|_| more).map(|own| {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("name", &name)
            .append_pair("after", &own.id.to_string())
            .finish();
        format!("/customers?{query}")
    });
    let rows = list
        .into_iter()
        .map(|own| CustomerRow {
            id: own.id.to_string(),
            name: own.billing.company_name,
            domain: own.domain,
            country: own.country.to_string(),
        })
        .collect();
    let can_see_software = cx.authorize(Action::ReadEntitlements).is_ok();
    let body = Customers { frame: visitor.frame(&api), name, rows, can_see_software, next };
    page(&api, StatusCode::OK, &body)
}

/// `GET /key-approvals`.
pub(super) async fn questions(asked: Asked) -> Response {
    questions_with(asked, None, None).await
}

async fn questions_with(
    Asked { api, caller, headers, .. }: Asked,
    error: Option<String>,
    message: Option<String>,
) -> Response {
    let visitor = match signed_in(&api, &caller, &headers, "/key-approvals").await {
        Ok(visitor) => visitor,
        Err(response) => return response,
    };
    let cx = visitor.context(&api);
    let scope = match cx.authorize(Action::RevealKey) {
        Ok(scope) => scope,
        Err(error) => return refused(&api, &error, "/key-approvals"),
    };
    let now = cx.now;
    let found = api
        .installation
        .store
        .read(move |tx| {
            let list = approvals::open(tx, &scope, now, QUESTIONS)?;
            let ids: Vec<UserId> = list.iter().filter_map(|own| own.asked_by.parse().ok()).collect();
            let names = people::names(tx, scope.partner(), &ids)?;
            let customers: Vec<CustomerId> = list.iter().map(|own| own.customer).collect();
            let companies = customers::names(tx, &scope, &customers)?;
            let lines: Vec<LineRef> = list.iter().map(|own| own.line).collect();
            let titles = orders::line_titles(tx, &scope, &lines)?;
            Ok::<_, Error>((list, names, companies, titles))
        })
        .await;
    let (list, names, companies, titles) = match found {
        Ok(found) => found,
        Err(error) => return failed(&api, &error),
    };
    let (names, companies): (HashMap<_, _>, HashMap<_, _>) =
        (names.into_iter().collect(), companies.into_iter().collect());
    let own_id = visitor.known.user.id.to_string();
    let rows = list
        .into_iter()
        .map(|own| QuestionRow {
            id: own.id.to_string(),
            what: format!(
                "{}, key of version {}, order {}, for {}",
                titles
                    .iter()
                    .find(|(line, _)| *line == own.line)
                    .map_or("A purchase", |(_, title)| title.as_str()),
                own.version,
                own.line.order.alternate(),
                companies.get(&own.customer).map_or("a customer", String::as_str)
            ),
            address: format!("/customers/{}/software/{}/{}", own.customer, own.line.order, own.line.line),
            asked: shown(own.asked_at),
            ends: shown(own.ends_at),
            by: own
                .asked_by
                .parse::<UserId>()
                .ok()
                .and_then(|id| names.get(&id).cloned())
                .unwrap_or_else(|| "a program".into()),
            reason: own.reason.unwrap_or_default(),
            mine: own.asked_by == own_id,
        })
        .collect();
    let status = if error.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let body = Approvals { frame: visitor.frame(&api), rows, error, message };
    page(&api, status, &body)
}

/// `GET` of what takes a form only.
pub(super) async fn back() -> Response {
    Redirect::to("/key-approvals").into_response()
}

/// `GET /customers/{customer}`: what there is to see of a customer so far is its software.
pub(super) async fn software(Path(customer): Path<String>) -> Response {
    Redirect::to(&format!("/customers/{customer}/software")).into_response()
}

/// `POST /key-approvals/{question}`.
pub(super) async fn approve(Path(question): Path<String>, asked: Asked) -> Response {
    let visitor = match signed_in(&asked.api, &asked.caller, &asked.headers, "/key-approvals").await {
        Ok(visitor) => visitor,
        Err(response) => return response,
    };
    let cx = visitor.context(&asked.api);
    let scope = match cx.authorize(Action::RevealKey) {
        Ok(scope) => scope,
        Err(error) => return refused(&asked.api, &error, "/key-approvals"),
    };
    let Ok(question) = question.parse::<ApprovalId>() else {
        return failed(&asked.api, &Error::NotFound(Missing::Other("question")));
    };
    let inner = cx.clone();
    let done = asked
        .api
        .installation
        .store
        .write(cx.stamp(), move |tx| use_case(tx, &inner, &scope, question))
        .await;
    match done {
        Ok(own) => {
            let text =
                format!("You agreed. The key can be opened by whoever asked until {}.", shown(own.ends_at));
            questions_with(asked, None, Some(text)).await
        }
        Err(Error::Refused(refusal @ (Refusal::OwnQuestion | Refusal::QuestionClosed))) => {
            let text = crate::api::faults::sentence(&refusal);
            questions_with(asked, Some(text), None).await
        }
        Err(error) => failed(&asked.api, &error),
    }
}
