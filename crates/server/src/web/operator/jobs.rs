//! Work that waits: looked at, tried again, and mails given up.

use std::collections::HashMap;

use axum::http::StatusCode;
use axum::response::Response;
use chandlery_domain::access::Action;
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::ids::{JobId, PartnerId};
use chandlery_store::jobs::{self, Task};
use chandlery_store::{operator, partners};

use super::imports::under_way;
use super::{PAGE, address, to};
use crate::app::console as use_cases;
use crate::app::provision::said_again;
use crate::error::{Error, Missing};
use crate::installation::OPERATOR;
use crate::web::entered::Entered;
use crate::web::operator_pages::{JobRow, Jobs};
use crate::web::{Asked, cut, failed, page};

/// How much of a reason is shown.
const REASON_MAX: usize = 300;

/// A place in the list: when due, and the id.
fn place(text: &str) -> Option<(i64, JobId)> {
    let (due, id) = text.split_once('.')?;
    Some((due.parse().ok()?, id.parse().ok()?))
}

/// `GET /operator/jobs`.
pub(in crate::web) async fn list(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ReadHealth, "/operator/jobs").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let after = place(own.form.text("after"));
    let read = own
        .read(move |tx| {
            let found = jobs::list(tx, after, PAGE + 1)?;
            let mut ids: Vec<PartnerId> = found.iter().map(|job| job.partner).collect();
            ids.sort_unstable();
            ids.dedup();
            Ok((found, partners::names(tx, &ids)?, operator::waiting_work(tx)?))
        })
        .await;
    let (mut found, names, waiting) = match read {
        Ok(read) => read,
        Err(error) => return failed(&own.api, &error),
    };
    let more = cut(&mut found, PAGE);
    let next = found.last().filter(|_| more).map(|last| {
        let after = format!("{}.{}", last.due_at.as_microsecond(), last.id);
        address("/operator/jobs", &[("after", &after)])
    });
    let names: HashMap<PartnerId, String> = names.into_iter().collect();
    let (reader, now) = (&own.reader, own.cx.now);
    let rows = found
        .into_iter()
        .map(|job| {
            let (kind, order) = match &job.task {
                Task::Provision(order) => (reader.t("op-job-provision"), Some(order.to_string())),
                Task::SendMail(_) | Task::SendNotice(..) => (reader.t("op-job-mail"), None),
            };
            let operators = job.partner == OPERATOR;
            JobRow {
                id: job.id.to_string(),
                partner: job.partner.to_string(),
                partner_name: match names.get(&job.partner) {
                    Some(name) => name.clone(),
                    None if operators => reader.t("side-operator"),
                    None => job.partner.to_string(),
                },
                leads: !operators,
                is_mail: order.is_none(),
                kind,
                order,
                due: reader.time(job.due_at),
                is_due: job.due_at <= now,
                attempts: reader.number(job.attempts),
                why: job.last_error.map(|why| {
                    let said = said_again(reader, &why);
                    let english = said == why;
                    (said.chars().take(REASON_MAX).collect(), english)
                }),
            }
        })
        .collect();
    let body = Jobs {
        frame: own.frame(),
        message: own.done(&[("retried", "op-job-retried"), ("given-up", "op-job-given-up")]),
        error: None,
        under_way: under_way(&own),
        count: waiting.count,
        troubled: waiting.troubled,
        may: own.may(Action::ManageJobs),
        rows,
        next,
    };
    page(&own.api, StatusCode::OK, &body)
}

fn named(own: &Entered) -> Result<(PartnerId, JobId), Error> {
    let missing = || Error::NotFound(Missing::Other("work"));
    let partner = own.form.text("partner").parse().map_err(|_| missing())?;
    Ok((partner, own.form.text("job").parse().map_err(|_| missing())?))
}

/// `POST /operator/jobs/retry`.
pub(in crate::web) async fn retry(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageJobs, "/operator/jobs").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let which = match named(&own) {
        Ok(which) => which,
        Err(error) => return failed(&own.api, &error),
    };
    let attempted = Entry::did(Operation::RetryWork, Resource::Installation, which.1);
    match own.act(attempted, move |tx, cx| use_cases::retry_work(tx, cx, which)).await {
        Ok(()) => {
            own.api.work.notify_one();
            to("/operator/jobs?done=retried")
        }
        Err(error) => failed(&own.api, &error),
    }
}

/// `POST /operator/jobs/give-up`.
pub(in crate::web) async fn give_up(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageJobs, "/operator/jobs").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let which = match named(&own) {
        Ok(which) => which,
        Err(error) => return failed(&own.api, &error),
    };
    let attempted = Entry::did(Operation::GiveUpWork, Resource::Installation, which.1);
    match own.act(attempted, move |tx, cx| use_cases::give_up_work(tx, cx, which)).await {
        Ok(()) => to("/operator/jobs?done=given-up"),
        Err(error) => failed(&own.api, &error),
    }
}
