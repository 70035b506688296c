//! What the customer's own administrator does in the portal beside software: accepting the customer agreement (rule 4.3).

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::access::{Action, Scope};
use chandlery_domain::agreement::{Kind, Signatory};
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::calendar::utc_date;
use chandlery_store::agreements;

use super::customer_pages::OwnAgreement;
use super::entered::Entered;
use super::ward::act;
use super::{Asked, around, failed, page};
use crate::api::Api;
use crate::app::agreements::{Attestation, attest};
use crate::error::{Error, Missing};

async fn answer(api: &Api, scope: Scope, message: Option<String>, error: Option<String>) -> Response {
    let Some(customer) = scope.customer() else {
        return failed(api, &Error::NotFound(Missing::Customer));
    };
    let found =
        api.installation.store.read(move |tx| Ok::<_, Error>(agreements::list(tx, &scope, customer)?)).await;
    let list = match found {
        Ok(list) => list,
        Err(error) => return failed(api, &error),
    };
    let reader = around::here();
    let accepted = list.last().map(|own| {
        let who = format!("{} {}", own.signatory.first_name, own.signatory.last_name);
        reader.t2("portal-agreement-accepted", "who", who, "date", reader.date(utc_date(own.agreed_at)))
    });
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page(api, status, &OwnAgreement { frame: around::frame(), accepted, message, error })
}

/// `GET /agreement`.
pub(super) async fn agreement(asked: Asked) -> Response {
    match Entered::of(asked, Action::AcceptInvitation, "/agreement").await {
        Ok(Entered { api, scope, form, .. }) => {
            let done = (form.text("done") == "accepted").then(|| around::here().t("portal-agreement-done"));
            answer(&api, scope, done, None).await
        }
        Err(response) => response,
    }
}

/// `POST /agreement`: accepts it in one's own name.
pub(super) async fn accept(asked: Asked) -> Response {
    let Entered { api, visitor, cx, scope, form, .. } =
        match Entered::of(asked, Action::AcceptInvitation, "/agreement").await {
            Ok(entered) => entered,
            Err(response) => return response,
        };
    let Some(customer) = scope.customer() else {
        return failed(&api, &Error::NotFound(Missing::Customer));
    };
    if form.text("accept") != "yes" {
        return answer(&api, scope, None, Some(around::here().t("portal-agreement-tick"))).await;
    }
    let user = &visitor.known.user;
    let (first, last) = match (user.first_name.as_str(), user.last_name.as_str()) {
        ("", "") => user.display_name.split_once(' ').unwrap_or((user.display_name.as_str(), "")),
        names => names,
    };
    let signatory = Signatory {
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        email: user.upn.clone(),
        phone: Some(user.phone.clone()).filter(|own| !own.is_empty()),
    };
    let given = Attestation { customer, kind: Kind::Customer, signatory, agreed_at: cx.now };
    let attempted = Entry::did(Operation::CreateAgreement, Resource::Agreement, "");
    match act(&api, &cx, attempted, move |tx, cx| attest(tx, cx, &scope, &given)).await {
        Ok(_) | Err(Error::Refused(chandlery_domain::refusal::Refusal::AgreementAlreadyConfirmed)) => {
            Redirect::to("/agreement?done=accepted").into_response()
        }
        Err(error) => failed(&api, &error),
    }
}
