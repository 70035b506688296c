//! The partner's own company, as the operator knows it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use chandlery_domain::access::Action;
use chandlery_store::partners;

use super::entered::Entered;
use super::pages::Frame;
use super::{Asked, around, failed, page};
use crate::error::{Error, Missing};

/// The company profile.
#[derive(Template)]
#[template(path = "company.html")]
pub struct Company {
    /// What stands around the page.
    pub frame: Frame,
    /// Its name.
    pub name: String,
    /// Its id.
    pub id: String,
    /// Its programme id.
    pub programme: String,
    /// Its country.
    pub country: String,
    /// What it is billed in.
    pub currency: String,
    /// The regions it may sell in.
    pub regions: Vec<String>,
    /// Whether it may trade.
    pub active: bool,
}

/// `GET /company`.
pub(super) async fn show(asked: Asked) -> Response {
    let Entered { api, scope, .. } = match Entered::of(asked, Action::ReadPartnerProfiles, "/company").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let read = api.installation.store.read(move |tx| Ok::<_, Error>(partners::find(tx, &scope)?)).await;
    let own = match read {
        Ok(Some(own)) => own,
        Ok(None) => return failed(&api, &Error::NotFound(Missing::Other("company"))),
        Err(error) => return failed(&api, &error),
    };
    let body = Company {
        frame: around::frame(),
        name: own.name,
        id: own.id.to_string(),
        programme: own.mpn_id,
        country: around::here().country(own.country),
        currency: own.currency.to_string(),
        regions: own.regions,
        active: own.active,
    };
    page(&api, StatusCode::OK, &body)
}
