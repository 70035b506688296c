//! Short pages that explain: how keys and links are handled safely, what cannot be cancelled, how a credit is worked out.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::pages::Frame;
use super::{Asked, around, failed, page, signed_in};
use crate::error::{Error, Missing};

/// A page that explains something.
#[derive(Template)]
#[template(path = "help.html")]
pub struct Help {
    /// What stands around the page.
    pub frame: Frame,
    /// What it explains.
    pub title: String,
    /// Its paragraphs.
    pub paragraphs: Vec<String>,
    /// The other pages: address and title.
    pub others: Vec<(String, String)>,
}

/// The topics: word in the address, and ids of title and paragraphs.
const TOPICS: &[(&str, &str, &[&str])] = &[
    (
        "keys-and-downloads",
        "help-keys",
        &["help-keys-1", "help-keys-2", "help-keys-3", "help-keys-4", "help-keys-5"],
    ),
    ("cancelling", "help-cancelling", &["help-cancelling-1", "help-cancelling-2", "help-cancelling-3"]),
    ("linux-plans", "help-linux", &["help-linux-1", "help-linux-2"]),
    ("azure-subscriptions", "help-azure", &["help-azure-1", "help-azure-2", "help-azure-3"]),
    ("marketplace", "help-marketplace", &["help-marketplace-1", "help-marketplace-2"]),
];

/// `GET /help/{topic}`.
pub(super) async fn show(Path(topic): Path<String>, asked: Asked) -> Response {
    let back = format!("/help/{topic}");
    if let Err(response) = signed_in(&asked.api, &asked.caller, &asked.headers, &back).await {
        return response;
    }
    let Some((word, title, paragraphs)) = TOPICS.iter().find(|own| own.0 == topic) else {
        return failed(&asked.api, &Error::NotFound(Missing::Other("page")));
    };
    let reader = around::here();
    let body = Help {
        frame: around::frame(),
        title: reader.t(title),
        paragraphs: paragraphs.iter().map(|id| reader.t(id)).collect(),
        others: TOPICS
            .iter()
            .filter(|own| own.0 != *word)
            .map(|own| (format!("/help/{}", own.0), reader.t(own.1)))
            .collect(),
    };
    page(&asked.api, StatusCode::OK, &body)
}
