//! What a customer has of Azure reservations and Linux plans: how long it runs, how it is charged, whether it can be given
//! back; and managing reservations and the Azure subscriptions they are for. Nothing of it is cancelled from here (rules 2.6,
//! 2.7 and 7.8).

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::access::Action;
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::calendar::utc_date;
use chandlery_domain::catalog::Family;
use chandlery_domain::customer::Customer;
use chandlery_domain::ids::{AzureSubscriptionId, OrderId, ReservationId};
use chandlery_domain::order::{Order, OrderLine};
use chandlery_domain::refusal::Refusal;
use chandlery_domain::reservation::{AzureSubscription, Reservation, Standing};
use chandlery_store::{orders, reservations as stored};

use super::cart::without_window;
use super::fields::Fields;
use super::pages::Frame;
use super::products::AZURE;
use super::software::{state_of, until};
use super::ward::{Head, Ward, found, param, read_param, ward};
use super::{Asked, cut, failed, page};
use crate::app::reservations::{self, AzureChange, Change, RESERVATION};
use crate::error::Error;
use crate::texts::{self, Html};

/// How many orders one page shows.
const PAGE: i64 = 50;

struct Row {
    title: String,
    family: String,
    term: String,
    quantity: String,
    ends: String,
    state: String,
    tone: &'static str,
    order: String,
    address: String,
    terms: Html,
    /// Where the operator is asked for an exchange or a refund, where there is one at all.
    support: Option<String>,
}

/// A reservation.
struct Own {
    id: String,
    name: String,
    title: String,
    quantity: u32,
    shown: String,
    scope: String,
    applies_to: String,
    until: String,
    state: String,
    tone: &'static str,
    /// Whether it may be changed by its reader.
    changes: bool,
    /// Where the Azure portal shows it, where the operator said how.
    portal: Option<String>,
}

/// An Azure subscription.
struct Azure {
    id: String,
    name: String,
    active: bool,
    registered: bool,
    portal: Option<String>,
}

#[derive(Template)]
#[template(path = "reservations.html")]
struct Reservations {
    frame: Frame,
    head: Head,
    own: Vec<Own>,
    more_own: Option<String>,
    merges: bool,
    azure: Vec<Azure>,
    can_buy: bool,
    fields: Fields,
    rows: Vec<Row>,
    add: Option<String>,
    next: Option<String>,
    message: Option<String>,
    error: Option<String>,
}

/// What is read for the page.
struct Known {
    customer: Customer,
    orders: Vec<Order>,
    own: Vec<Reservation>,
    azure: Vec<AzureSubscription>,
}

fn row(ward: &Ward, order: &Order, line: &OrderLine) -> Row {
    let reader = &ward.reader;
    let (state, tone) = state_of(line, ward.cx.now);
    let may_ask = ward.may(Action::RaiseCustomerRequest) && line.family == Family::Reservation;
    Row {
        title: line.title.clone(),
        family: reader.word("family-one", line.family.as_str()),
        term: format!(
            "{}, {}",
            reader.word("term", line.term.as_str()),
            reader.word("cycle", order.cycle.as_str())
        ),
        quantity: reader.number(line.quantity),
        ends: until(reader, line),
        state: reader.word("line-state", state),
        tone,
        order: order.alternate().to_string(),
        address: ward.at(&format!("/orders/{}", order.id)),
        terms: reader.html(without_window(line.family)),
        support: may_ask.then(|| {
            format!("/support/new?topic=refund&customer={}&order={}", ward.customer, order.alternate())
        }),
    }
}

/// Where the Azure portal shows it, where the operator said how (SEED-7).
fn portal(ward: &Ward, subscription: Option<AzureSubscriptionId>) -> Option<String> {
    ward.cx.rules.azure_portal.as_ref()?.to(ward.customer, subscription)
}

fn own_row(ward: &Ward, azure: &[AzureSubscription], own: &Reservation) -> Own {
    let reader = &ward.reader;
    let standing = own.standing(utc_date(ward.cx.now));
    let applied = own.applies_to.map(|id| id.to_string()).unwrap_or_default();
    let name = azure.iter().find(|one| Some(one.id) == own.applies_to).map(|one| one.name.clone());
    Own {
        id: own.id.to_string(),
        name: own.name.clone(),
        title: own.title.clone(),
        quantity: own.quantity,
        shown: reader.number(own.quantity),
        scope: match (own.applies_to, name) {
            (None, _) => reader.t("reservation-shared"),
            (Some(_), Some(name)) => name,
            (Some(id), None) => id.to_string(),
        },
        applies_to: applied,
        until: reader.date(own.period.last),
        state: reader.word("reservation-state", standing.as_str()),
        tone: match standing {
            Standing::Running => "good",
            Standing::Creating => "careful",
            Standing::Expired | Standing::Replaced | Standing::Returned => "",
        },
        changes: standing == Standing::Running && ward.may(Action::ManageReservations),
        portal: portal(ward, own.applies_to).filter(|_| standing == Standing::Running),
    }
}

/// What the page shows beside what stands.
#[derive(Default)]
struct Done {
    fields: Option<Fields>,
    message: Option<String>,
    error: Option<String>,
}

async fn answer(ward: &Ward, done: Done) -> Response {
    let after: Option<OrderId> = ward.form.text("after").parse().ok();
    let after_own: Option<ReservationId> = ward.form.text("from").parse().ok();
    let read = ward.read(move |tx, scope, customer| {
        let query =
            orders::Query { after, newest_first: true, families: AZURE, ..orders::Query::first(PAGE + 1) };
        Ok(Known {
            customer: found(tx, scope, customer)?,
            orders: orders::list(tx, scope, customer, &query)?,
            own: stored::page(tx, scope, customer, after_own, PAGE + 1)?,
            azure: stored::azure_subscriptions(tx, scope, customer)?,
        })
    });
    let mut known = match read.await {
        Ok(known) => known,
        Err(error) => return failed(&ward.api, &error),
    };
    let more = cut(&mut known.orders, PAGE);
    let last = known.orders.last().filter(|_| more);
    let next = last.map(|own| ward.at(&format!("/reservations?after={}", own.id)));
    let more = cut(&mut known.own, PAGE);
    let last = known.own.last().filter(|_| more);
    let more_own = last.map(|own| ward.at(&format!("/reservations?from={}", own.id)));
    let wrong = done.error.is_some() || done.fields.as_ref().is_some_and(|own| !own.is_right());
    let own: Vec<Own> = known.own.iter().map(|own| own_row(ward, &known.azure, own)).collect();
    let body = Reservations {
        frame: ward.frame(),
        head: Head::new(ward, &known.customer, "/reservations"),
        merges: own.iter().filter(|own| own.changes).count() > 1,
        own,
        more_own,
        azure: known
            .azure
            .iter()
            .map(|own| Azure {
                id: own.id.to_string(),
                name: own.name.clone(),
                active: own.active,
                registered: own.registered_at.is_some(),
                portal: portal(ward, Some(own.id)).filter(|_| own.active),
            })
            .collect(),
        can_buy: ward.may(Action::PlaceReservations),
        fields: done.fields.unwrap_or_default(),
        rows: known
            .orders
            .iter()
            .flat_map(|order| order.lines.iter().map(move |line| (order, line)))
            .filter(|(_, line)| AZURE.contains(&line.family))
            .map(|(order, line)| row(ward, order, line))
            .collect(),
        add: ward.may(Action::FillCart).then(|| ward.at("/products?tab=azure")),
        next,
        message: done.message,
        error: done.error,
    };
    page(&ward.api, if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &body)
}

/// `GET /customers/{customer}/reservations`.
pub(super) async fn list(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::ReadEntitlements, "/customers").await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let message = match ward.form.text("done") {
        word @ ("added" | "registered" | "azure" | "changed" | "split" | "merged" | "returned"
        | "exchanged") => Some(ward.reader.word("reservation-done", word)),
        _ => None,
    };
    answer(&ward, Done { message, ..Done::default() }).await
}

fn back_to(path: &[(String, String)]) -> String {
    format!("/customers/{}/reservations", param(path, "customer").unwrap_or_default())
}

/// Leads back to the list, or says on it what is wrong.
async fn led<T>(ward: &Ward, fields: Option<Fields>, word: &str, done: Result<T, Error>) -> Response {
    let error = match done {
        Ok(_) => return Redirect::to(&ward.at(&format!("/reservations?done={word}"))).into_response(),
        Err(Error::Invalid { field, message }) => texts::invalid(&ward.reader, &field, &message),
        Err(Error::Refused(refusal)) => texts::refusal(&ward.reader, &refusal),
        Err(error) => return failed(&ward.api, &error),
    };
    answer(ward, Done { fields, error: Some(error), message: None }).await
}

/// Somebody who may reserve for a customer, and see what is reserved: the page says what went wrong.
async fn buyer(path: &[(String, String)], asked: Asked) -> Result<Ward, Response> {
    let ward = ward(path, asked, Action::PlaceReservations, &back_to(path)).await?;
    if ward.may(Action::ReadEntitlements) {
        return Ok(ward);
    }
    let refusal = Refusal::RoleMissing { action: Action::ReadEntitlements };
    Err(failed(&ward.api, &Error::Refused(refusal)))
}

/// `POST /customers/{customer}/reservations/azure`: adds an Azure subscription.
pub(super) async fn add_azure(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match buyer(&path, asked).await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let mut fields = Fields::of(&ward.form);
    let id = fields.value("azure_id").trim().parse::<AzureSubscriptionId>();
    let Ok(id) = id else {
        fields.complain("azure_id", ward.reader.t("reservation-guid"));
        return answer(&ward, Done { fields: Some(fields), ..Done::default() }).await;
    };
    let (scope, customer, name) = (ward.scope, ward.customer, fields.value("azure_name").to_owned());
    let attempted = Entry::did(Operation::UpdateAzureSubscription, Resource::AzureSubscription, id);
    let done = ward
        .act(attempted, move |tx, cx| {
            reservations::add_azure_subscription(tx, cx, &scope, (customer, id), &name)
        })
        .await;
    if let Err(Error::Invalid { field, message }) = &done {
        let name = if field == "friendlyName" { "azure_name" } else { "azure_id" };
        fields.complain(name, message.said(&ward.reader));
        return answer(&ward, Done { fields: Some(fields), ..Done::default() }).await;
    }
    led(&ward, Some(fields), "added", done).await
}

/// `POST /customers/{customer}/reservations/azure/{subscription}`: registers it, or says whether it is in use.
pub(super) async fn change_azure(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match buyer(&path, asked).await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let id: AzureSubscriptionId = match read_param(&path, "subscription", reservations::AZURE) {
        Ok(id) => id,
        Err(error) => return failed(&ward.api, &error),
    };
    let (change, word) = match ward.form.text("do") {
        "register" => (AzureChange { register: true, ..AzureChange::default() }, "registered"),
        other => (AzureChange { active: Some(other == "resume"), ..AzureChange::default() }, "azure"),
    };
    let (scope, customer) = (ward.scope, ward.customer);
    let attempted = Entry::did(Operation::UpdateAzureSubscription, Resource::AzureSubscription, id);
    let done = ward
        .act(attempted, move |tx, cx| {
            reservations::change_azure_subscription(tx, cx, &scope, (customer, id), &change)
        })
        .await;
    led(&ward, None, word, done).await
}

/// Somebody who may manage a customer's reservations, and the one the path names.
async fn manager(path: &[(String, String)], asked: Asked) -> Result<(Ward, ReservationId), Response> {
    let ward = ward(path, asked, Action::ManageReservations, &back_to(path)).await?;
    match read_param(path, "reservation", RESERVATION) {
        Ok(id) => Ok((ward, id)),
        Err(error) => Err(failed(&ward.api, &error)),
    }
}

/// `POST /customers/{customer}/reservations/{reservation}`: name and scope.
pub(super) async fn change(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let (ward, id) = match manager(&path, asked).await {
        Ok(manager) => manager,
        Err(response) => return response,
    };
    // Empty is shared; what is no id at all is none of the customer's.
    let applies_to = match ward.form.text("applies_to").trim() {
        "" => None,
        text => Some(text.parse().unwrap_or(AzureSubscriptionId::new(uuid::Uuid::nil()))),
    };
    let change = Change { name: Some(ward.form.text("name").to_owned()), applies_to: Some(applies_to) };
    let (scope, customer) = (ward.scope, ward.customer);
    let attempted = Entry::did(Operation::UpdateReservation, Resource::Reservation, id);
    let done = ward
        .act(attempted, move |tx, cx| reservations::change(tx, cx, &scope, (customer, id), &change))
        .await;
    led(&ward, None, "changed", done).await
}

/// `POST /customers/{customer}/reservations/{reservation}/split`: how many go into the first of two.
pub(super) async fn split(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let (ward, id) = match manager(&path, asked).await {
        Ok(manager) => manager,
        Err(response) => return response,
    };
    let part: u32 = ward.form.text("part").trim().parse().unwrap_or(0);
    let (scope, customer) = (ward.scope, ward.customer);
    let attempted = Entry::did(Operation::SplitReservation, Resource::Reservation, id);
    let done = ward
        .act(attempted, move |tx, cx| {
            let whole = stored::find_many(tx, &scope, customer, &[id])?.pop().map_or(0, |own| own.quantity);
            let parts = [part, whole.saturating_sub(part)];
            reservations::split(tx, cx, &scope, (customer, id), &parts)
        })
        .await;
    led(&ward, None, "split", done).await
}

/// `POST /customers/{customer}/reservations/merge`: those that are ticked.
pub(super) async fn merge(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::ManageReservations, &back_to(&path)).await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let ids: Vec<ReservationId> = ward.form.all("own").filter_map(|id| id.parse().ok()).collect();
    let (scope, customer) = (ward.scope, ward.customer);
    let attempted = Entry::did(Operation::MergeReservations, Resource::Reservation, "");
    let done = ward.act(attempted, move |tx, cx| reservations::merge(tx, cx, &scope, customer, &ids)).await;
    led(&ward, None, "merged", done).await
}
