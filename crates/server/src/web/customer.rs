//! One customer: at a glance, and its account with agreement, bill and tags.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::access::Action;
use chandlery_domain::agreement::Agreement;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::calendar::utc_date;
use chandlery_domain::cancellation::window_of;
use chandlery_domain::customer::{BillingProfile, Customer, company_name_fault};
use chandlery_domain::order::{LineState, Order, OrderStatus};
use chandlery_domain::policy::PolicyBook;
use chandlery_domain::refusal::Refusal;
use chandlery_store::{agreements, customers, orders};
use jiff::Timestamp;

use super::cart::Said;
use super::customer_pages::{Account, AgreementRow, OrderBrief, Overview, Returnable};
use super::customers::{check_doubt, read_address, read_attestation};
use super::fields::Fields;
use super::ward::{Head, Ward, found, ward};
use super::{Asked, failed, page, policies};
use crate::app::agreements::attest;
use crate::app::customers::update_billing;
use crate::error::Error;
use crate::texts::{self, Reader};

/// How many orders the overview looks at.
const ORDERS: i64 = 30;
/// How many of them it shows.
const NEWEST: usize = 5;
/// How many tags a customer may have, and how long one may be.
const TAGS_MAX: usize = 10;
const TAG_LETTERS: usize = 30;

pub(super) const fn tone(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::Pending => "careful",
        OrderStatus::Completed => "good",
        OrderStatus::Cancelled => "bad",
    }
}

/// An order in a short list.
pub(super) fn brief(reader: &Reader, base: &str, order: &Order) -> OrderBrief {
    let first = order.lines.first().map(|line| line.title.clone()).unwrap_or_default();
    let what = match order.lines.len() {
        0 | 1 => first,
        more => reader.t2("orders-and-more", "first", first, "count", more.saturating_sub(1)),
    };
    OrderBrief {
        address: format!("{base}/orders/{}", order.id),
        number: order.alternate().to_string(),
        what,
        placed: reader.time(order.placed_at),
        state: reader.word("order-status", order.status().as_str()),
        tone: tone(order.status()),
    }
}

/// What of these orders can still be given back, soonest first.
fn returnable(
    reader: &Reader,
    base: &str,
    list: &[Order],
    book: &PolicyBook,
    now: Timestamp,
) -> Result<Vec<Returnable>, Error> {
    let mut found = Vec::new();
    for order in list {
        for line in order.lines.iter().filter(|line| matches!(line.state, LineState::Fulfilled { .. })) {
            if let Some(open) = window_of(book, order, line)?
                && !open.is_over(now)
            {
                let own = Returnable {
                    address: format!("{base}/software/{}/{}/cancel", order.id, line.number),
                    title: line.title.clone(),
                    order: order.alternate().to_string(),
                    closes: reader.deadline(open.closes_at),
                    days: open.days_left(now),
                };
                found.push((open.closes_at, own));
            }
        }
    }
    found.sort_by_key(|(closes_at, _)| *closes_at);
    Ok(found.into_iter().map(|(_, own)| own).collect())
}

/// `GET /customers/{customer}`.
pub(super) async fn overview(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::ReadCustomer, "/customers").await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let sees_orders = ward.may(Action::ReadOrders);
    let book = match policies::in_force(&ward.api).await {
        Ok(book) => book,
        Err(error) => return failed(&ward.api, &error),
    };
    let read = ward
        .read(move |tx, scope, customer| {
            let own = found(tx, scope, customer)?;
            let agreed = !agreements::list(tx, scope, customer)?.is_empty();
            let tags = customers::tags(tx, scope, &[customer])?;
            let query = orders::Query { newest_first: true, ..orders::Query::first(ORDERS) };
            let list = if sees_orders { orders::list(tx, scope, customer, &query)? } else { Vec::new() };
            Ok((own, agreed, tags, list))
        })
        .await;
    let (own, agreed, tags, list) = match read {
        Ok(read) => read,
        Err(error) => return failed(&ward.api, &error),
    };
    let (base, reader) = (ward.at(""), &ward.reader);
    let returnable = match returnable(reader, &base, &list, &book, ward.cx.now) {
        Ok(returnable) => returnable,
        Err(error) => return failed(&ward.api, &error),
    };
    let billing = &own.billing;
    let contact = [billing.first_name.as_deref(), billing.last_name.as_deref()];
    let body = Overview {
        frame: ward.frame(),
        country: reader.country(own.country),
        email: billing.email.clone(),
        contact: contact.into_iter().flatten().collect::<Vec<_>>().join(" "),
        qualification: reader.word("qualification", own.qualification.as_str()),
        since: reader.time(own.created_at),
        tags: tags.into_iter().map(|(_, tag)| tag).collect(),
        agreed,
        under_review: own.under_review,
        orders: list.iter().take(NEWEST).map(|order| brief(reader, &base, order)).collect(),
        returnable,
        can_buy: ward.may(Action::FillCart),
        can_cancel: ward.may(Action::CancelPurchase),
        head: Head::new(&ward, &own, ""),
    };
    page(&ward.api, StatusCode::OK, &body)
}

/// What the account page shows beside the customer: what was just done or went wrong.
#[derive(Default)]
struct Done {
    agreement: Option<Fields>,
    billing: Option<Fields>,
    message: Option<String>,
    error: Option<String>,
    /// What was typed into a form that somebody else was quicker with.
    stale: Option<Fields>,
}

/// The fields of the bill's form, with the ids of their labels.
const BILLING: [(&str, &str); 10] = [
    ("company", "customer-legal-name"),
    ("first_name", "first-name"),
    ("last_name", "last-name"),
    ("email", "e-mail"),
    ("phone", "phone-optional"),
    ("line1", "address-line1"),
    ("line2", "address-line2"),
    ("postal_code", "postal-code"),
    ("city", "city"),
    ("state", "state"),
];

fn billing_fields(own: &Customer) -> Fields {
    let billing = &own.billing;
    let some = |text: &Option<String>| text.clone().unwrap_or_default();
    let address = &billing.address;
    Fields::with(&[
        ("company", billing.company_name.as_str()),
        ("first_name", &some(&billing.first_name)),
        ("last_name", &some(&billing.last_name)),
        ("email", billing.email.as_str()),
        ("phone", &some(&address.phone)),
        ("line1", &address.line1),
        ("line2", &some(&address.line2)),
        ("postal_code", &some(&address.postal_code)),
        ("city", &address.city),
        ("state", &some(&address.state)),
    ])
}

fn agreement_row(reader: &Reader, own: &Agreement) -> AgreementRow {
    AgreementRow {
        who: format!("{} {}", own.signatory.first_name, own.signatory.last_name),
        email: own.signatory.email.clone(),
        on: reader.date(utc_date(own.agreed_at)),
        attested: reader.time(own.attested_at),
    }
}

async fn account_page(ward: &Ward, done: Done) -> Response {
    let sees_agreements = ward.may(Action::ReadAgreements);
    let read = ward
        .read(move |tx, scope, customer| {
            let own = customers::find(tx, scope, customer)?
                .ok_or(Error::NotFound(crate::error::Missing::Customer))?;
            let list = if sees_agreements { agreements::list(tx, scope, customer)? } else { Vec::new() };
            Ok((own, list, customers::tags(tx, scope, &[customer])?))
        })
        .await;
    let ((own, revision), list, tags) = match read {
        Ok(read) => read,
        Err(error) => return failed(&ward.api, &error),
    };
    let reader = &ward.reader;
    let wrong = |fields: &Option<Fields>| fields.as_ref().is_some_and(|own| !own.is_right());
    let status = match done.error.is_some() || wrong(&done.agreement) || wrong(&done.billing) {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let attest = done.agreement.or_else(|| Some(Fields::default()));
    let stale = done.stale.map(|typed| typed.differences(reader, &billing_fields(&own), &BILLING));
    let body = Account {
        frame: ward.frame(),
        differences: stale.unwrap_or_default(),
        agreements: list.iter().rev().map(|own| agreement_row(reader, own)).collect(),
        attest: attest.filter(|_| ward.may(Action::AttestAgreement)),
        billing: done.billing.unwrap_or_else(|| billing_fields(&own)),
        revision,
        can_edit: ward.may(Action::EditCustomer),
        tags: tags.into_iter().map(|(_, tag)| tag).collect::<Vec<_>>().join(" "),
        country: reader.country(own.country),
        registration_number: own.registration_number.clone().unwrap_or_default(),
        qualification: reader.word("qualification", own.qualification.as_str()),
        today: utc_date(ward.cx.now).to_string(),
        message: done.message,
        error: done.error,
        head: Head::new(ward, &own, "/account"),
    };
    page(&ward.api, status, &body)
}

/// `GET /customers/{customer}/account`.
pub(super) async fn account(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::ReadCustomer, "/customers").await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let message = match ward.form.text("done") {
        "agreement" => Some("agreement-done"),
        "billing" => Some("billing-done"),
        "tags" => Some("tags-done"),
        _ => None,
    };
    let message = message.map(|id| ward.reader.t(id));
    account_page(&ward, Done { message, ..Done::default() }).await
}

/// Where a form of the account page, or the review of a cart, goes on.
fn go_on(ward: &Ward, done: &str) -> Response {
    let flow = ward.form.text("flow");
    let own = super::local(flow);
    if !flow.is_empty() && own == flow {
        return Redirect::to(own).into_response();
    }
    Redirect::to(&ward.at(&format!("/account?done={done}"))).into_response()
}

/// `POST /customers/{customer}/agreement`: attests that the customer accepted its agreement (rule 4.3).
pub(super) async fn agreement(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::AttestAgreement, "/customers").await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let mut fields = Fields::of(&ward.form);
    let given = read_attestation(&mut fields, &ward.reader, &ward.cx, ward.customer);
    let (Some(given), true) = (given, fields.is_right()) else {
        // What is wrong is told where it was typed.
        if ward.form.text("flow") == ward.at("/cart") {
            return super::cart::review(&ward, Said::agreement(fields)).await;
        }
        return account_page(&ward, Done { agreement: Some(fields), ..Done::default() }).await;
    };
    let attempted = Entry::did(Operation::CreateAgreement, Resource::Agreement, "")
        .with(vec![Fact::new("customer_id", ward.customer)]);
    let scope = ward.scope;
    match ward.act(attempted, move |tx, cx| attest(tx, cx, &scope, &given)).await {
        Ok(_) => go_on(&ward, "agreement"),
        Err(Error::Refused(refusal)) => {
            let error = Some(texts::refusal(&ward.reader, &refusal));
            account_page(&ward, Done { agreement: Some(fields), error, ..Done::default() }).await
        }
        Err(error) => failed(&ward.api, &error),
    }
}

/// `POST /customers/{customer}/billing`: changes how the customer is billed; a stale form changes nothing.
pub(super) async fn billing(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::EditCustomer, "/customers").await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let reader = ward.reader.clone();
    let mut fields = Fields::of(&ward.form);
    let company_name = fields.required(&reader, "company", 256);
    if !company_name.is_empty() && company_name_fault(&company_name).is_some() {
        fields.complain("company", reader.t("customer-name-wrong"));
    } else {
        check_doubt(&mut fields, &reader, &company_name);
    }
    let (first_name, last_name) =
        (fields.optional(&reader, "first_name", 50), fields.optional(&reader, "last_name", 50));
    let email = fields.mail(&reader, "email");
    let address = read_address(&mut fields, &reader);
    let expected: Option<i64> = ward.form.text("revision").parse().ok();
    let (Some(expected), true) = (expected, fields.is_right()) else {
        return account_page(&ward, Done { billing: Some(fields), ..Done::default() }).await;
    };
    let (scope, customer) = (ward.scope, ward.customer);
    let attempted = Entry::did(Operation::UpdateCustomerBillingProfile, Resource::Customer, customer);
    let changed = ward
        .act(attempted, move |tx, _| {
            let old = found(tx, &scope, customer)?;
            let new = BillingProfile {
                first_name: first_name.clone(),
                last_name: last_name.clone(),
                email: email.clone(),
                company_name: company_name.clone(),
                address: address.clone(),
                ..old.billing
            };
            update_billing(tx, &scope, customer, &new, Some(expected))
        })
        .await;
    match changed {
        Ok(_) => go_on(&ward, "billing"),
        Err(Error::Refused(Refusal::StaleEtag)) => {
            let error = Some(reader.t("stale"));
            account_page(&ward, Done { error, stale: Some(fields), ..Done::default() }).await
        }
        Err(error) => failed(&ward.api, &error),
    }
}

/// `POST /customers/{customer}/tags`.
pub(super) async fn tags(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::EditCustomer, "/customers").await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let mut tags: Vec<String> = ward
        .form
        .text("tags")
        .split([',', ' '])
        .map(|tag| tag.trim().to_lowercase())
        .filter(|tag| !tag.is_empty())
        .collect();
    tags.sort();
    tags.dedup();
    let too_much = tags.len() > TAGS_MAX
        || tags.iter().any(|tag| tag.chars().count() > TAG_LETTERS || tag.chars().any(char::is_control));
    if too_much {
        let error = Some(ward.reader.t2("tags-too-much", "count", TAGS_MAX, "letters", TAG_LETTERS));
        return account_page(&ward, Done { error, ..Done::default() }).await;
    }
    let (scope, customer) = (ward.scope, ward.customer);
    let attempted = Entry::did(Operation::UpdateCustomer, Resource::Customer, customer);
    let changed = ward
        .act(attempted, move |tx, _| {
            let own = found(tx, &scope, customer)?;
            let before = customers::tags(tx, &scope, &[customer])?;
            customers::set_tags(tx, &scope, customer, &tags)?;
            let words = |list: Vec<&str>| vec![Fact::new("tags", list.join(" "))];
            let entry = Entry::did(Operation::UpdateCustomer, Resource::Customer, customer)
                .for_customer(customer, &own.billing.company_name)
                .was(words(before.iter().map(|(_, tag)| tag.as_str()).collect()))
                .with(words(tags.iter().map(String::as_str).collect()));
            Ok(((), entry))
        })
        .await;
    match changed {
        Ok(()) => go_on(&ward, "tags"),
        Err(error) => failed(&ward.api, &error),
    }
}
