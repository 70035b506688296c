//! Product keys that wait for a second person of the partner's.

use std::collections::HashMap;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use chandlery_domain::access::Action;
use chandlery_domain::ids::{ApprovalId, CustomerId, UserId};
use chandlery_domain::key::LineRef;
use chandlery_domain::refusal::Refusal;
use chandlery_store::{approvals, customers, orders, people};

use super::around::here;
use super::software_pages::{Approvals, QuestionRow};
use super::{Asked, failed, page, refused, signed_in};
use crate::app::reveal_key::approve as use_case;
use crate::error::{Error, Missing};
use crate::texts;

/// How many questions are shown.
const QUESTIONS: i64 = 200;

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
    let frame = visitor.frame(&api);
    let reader = &frame.reader;
    let rows = list
        .into_iter()
        .map(|own| QuestionRow {
            id: own.id.to_string(),
            what: reader.with(
                "approvals-what",
                [
                    ("title", {
                        let title = titles.iter().find(|(line, _)| *line == own.line);
                        let title = title.map(|(_, title)| title.clone());
                        title.unwrap_or_else(|| reader.t("approvals-some-purchase")).into()
                    }),
                    ("version", own.version.to_string().into()),
                    ("order", own.line.order.alternate().to_string().into()),
                    ("customer", {
                        let company = companies.get(&own.customer).cloned();
                        company.unwrap_or_else(|| reader.t("approvals-some-customer")).into()
                    }),
                ],
            ),
            address: format!("/customers/{}/software/{}/{}", own.customer, own.line.order, own.line.line),
            asked: reader.instant(own.asked_at),
            ends: reader.instant(own.ends_at),
            by: own
                .asked_by
                .parse::<UserId>()
                .ok()
                .and_then(|id| names.get(&id).cloned())
                .unwrap_or_else(|| reader.t("approvals-some-program")),
            reason: own.reason.unwrap_or_default(),
            mine: own.asked_by == own_id,
        })
        .collect();
    let status = if error.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let body = Approvals { frame, rows, error, message };
    page(&api, status, &body)
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
            let reader = here();
            let text = reader.t1("approvals-agreed", "ends", reader.instant(own.ends_at));
            questions_with(asked, None, Some(text)).await
        }
        Err(Error::Refused(refusal @ (Refusal::OwnQuestion | Refusal::QuestionClosed))) => {
            let text = texts::refusal(&here(), &refusal);
            questions_with(asked, Some(text), None).await
        }
        Err(error) => failed(&asked.api, &error),
    }
}
