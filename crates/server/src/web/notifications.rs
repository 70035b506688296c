//! What somebody was told: the list, and the way from each to what it is about. Everybody has one, behind every door.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::ids::{NoticeId, PartnerId, UserId};
use chandlery_store::notices::{self, Notice};

use super::pages::Frame;
use super::ward::read_param;
use super::{Asked, Visitor, around, cut, failed, local, page, signed_in};
use crate::api::Api;
use crate::error::{Error, Missing};
use crate::texts::{Html, Reader, notices::sentence};

/// How many a page shows.
const PAGE: i64 = 30;
/// The most unread ones the bell counts.
const COUNTED: i64 = 100;
/// Where the list is.
const HERE: &str = "/notifications";

/// Something somebody was told.
struct Row {
    id: String,
    title: String,
    text: String,
    at: Html,
    unread: bool,
}

#[derive(Template)]
#[template(path = "notifications.html")]
struct Notifications {
    frame: Frame,
    rows: Vec<Row>,
    any_unread: bool,
    next: Option<String>,
    message: Option<String>,
}

const fn who(visitor: &Visitor) -> (PartnerId, UserId) {
    (visitor.session.partner, visitor.session.user)
}

/// How many notifications a visitor has not read, for the bell. Without an answer there is a page without a count, not
/// none at all.
pub(super) async fn unread(api: &Api, visitor: &Visitor) -> Option<i64> {
    let who = who(visitor);
    let counted =
        api.installation.store.read(move |tx| Ok::<_, Error>(notices::unread(tx, who, COUNTED)?)).await;
    match counted {
        Ok(count) => Some(count),
        Err(error) => {
            tracing::warn!(%error, "unread notifications could not be counted");
            None
        }
    }
}

fn row(reader: &Reader, own: &Notice) -> Row {
    Row {
        id: own.id.to_string(),
        title: reader.word("notice-kind", own.kind.as_str()),
        text: sentence(reader, own.kind, &own.facts),
        at: reader.time(own.at),
        unread: own.read_at.is_none(),
    }
}

/// `GET /notifications`: newest first.
pub(super) async fn list(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let visitor = match signed_in(&api, &caller, &headers, HERE).await {
        Ok(visitor) => visitor,
        Err(response) => return response,
    };
    let (who, after) = (who(&visitor), form.text("after").parse::<NoticeId>().ok());
    let found = api
        .installation
        .store
        .read(move |tx| Ok::<_, Error>(notices::page(tx, who, after, PAGE.saturating_add(1))?))
        .await;
    let mut found = match found {
        Ok(found) => found,
        Err(error) => return failed(&api, &error),
    };
    let more = cut(&mut found, PAGE);
    let frame = around::frame();
    let body = Notifications {
        rows: found.iter().map(|own| row(&frame.reader, own)).collect(),
        any_unread: frame.unread.is_some_and(|count| count > 0),
        next: found.last().filter(|_| more).map(|own| format!("{HERE}?after={}", own.id)),
        message: (form.text("done") == "read").then(|| frame.t("notice-all-read")),
        frame,
    };
    page(&api, StatusCode::OK, &body)
}

/// `POST /notifications/read`: all of them.
pub(super) async fn read_all(Asked { api, caller, headers, .. }: Asked) -> Response {
    let visitor = match signed_in(&api, &caller, &headers, HERE).await {
        Ok(visitor) => visitor,
        Err(response) => return response,
    };
    let (who, now) = (who(&visitor), api.installation.clock.now());
    // That somebody read what it was told is no act.
    let done = api
        .installation
        .store
        .bookkeep(move |tx| Ok::<_, Error>(notices::mark_read(tx, who, None, now)?))
        .await;
    match done {
        Ok(_) => Redirect::to("/notifications?done=read").into_response(),
        Err(error) => failed(&api, &error),
    }
}

/// `POST /notifications/{notice}/open`: marks one as read and leads to what it is about. Nobody opens another's.
pub(super) async fn open(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let Asked { api, caller, headers, .. } = asked;
    let visitor = match signed_in(&api, &caller, &headers, HERE).await {
        Ok(visitor) => visitor,
        Err(response) => return response,
    };
    let missing = Missing::Other("notification");
    let (who, now) = (who(&visitor), api.installation.clock.now());
    let id: NoticeId = match read_param(&path, "notice", missing) {
        Ok(id) => id,
        Err(error) => return failed(&api, &error),
    };
    let found = api
        .installation
        .store
        .bookkeep(move |tx| {
            let own = notices::find(tx, who, id)?.ok_or(Error::NotFound(missing))?;
            notices::mark_read(tx, who, Some(id), now)?;
            Ok::<_, Error>(own.subject)
        })
        .await;
    match found {
        Ok(subject) => Redirect::to(local(&subject)).into_response(),
        Err(error) => failed(&api, &error),
    }
}
