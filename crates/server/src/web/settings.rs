//! How somebody reads: language and time zone. Kept with the person, and in the browser for the pages before signing in.

use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_store::people;

use super::around::LANGUAGE_COOKIE;
use super::{Asked, local, set_cookie, visitor};
use crate::texts::Language;

/// For how many seconds a browser keeps the language somebody chose in it.
const LANGUAGE_KEPT: i64 = 365 * 24 * 3600;

/// `POST /language`: remembers the language in the browser, and with the person when somebody is signed in.
pub(super) async fn language(Asked { api, caller, headers, form }: Asked) -> Response {
    let back = local(form.text("flow")).to_owned();
    let mut response = Redirect::to(&back).into_response();
    let Some(language) = Language::of_tag(form.text("language")) else { return response };
    response
        .headers_mut()
        .append(header::SET_COOKIE, set_cookie(&api, LANGUAGE_COOKIE, language.tag(), Some(LANGUAGE_KEPT)));
    if let Ok(Some(visitor)) = visitor(&api, &caller, &headers).await {
        let (partner, id) = (visitor.known.user.partner, visitor.known.user.id);
        let saved = api
            .installation
            .store
            .bookkeep(move |tx| {
                people::update(tx, partner, id, |user| user.language = Some(language.tag().to_owned()))
            })
            .await;
        match saved {
            Ok(_) => api.desk.people.forget(partner, id),
            Err(error) => tracing::warn!(%error, "a language could not be kept"),
        }
    }
    response
}
