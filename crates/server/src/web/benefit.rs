//! Azure Hybrid Benefit of a customer: the licences it has, where they are in use, and the way to the calculator (rule 9).

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use chandlery_domain::access::Action;
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::benefit::{Edition, PROCESSOR_CORES, Place, Use};
use chandlery_domain::calendar::utc_date;
use chandlery_domain::money::Currency;
use chandlery_store::benefit::{self as stored, Recorded};
use chandlery_store::customers;
use jiff::civil::Date;
use uuid::Uuid;

use super::benefit_plan::Outcome;
use super::fields::Fields;
use super::pages::Frame;
use super::ward::{Head, Ward, read_param, ward};
use super::{Asked, cut, failed, page};
use crate::app::benefit::{self, CORES_MAX, NOTE_MAX, NewLicences, NewUse, Position, RECORD, Standing};
use crate::error::{Error, Missing};
use crate::texts::{self, Reader};

/// How many uses one page shows.
const PAGE: i64 = 50;

/// How one edition stands, in words.
struct PositionRow {
    edition: String,
    owned: String,
    azure: String,
    premises: String,
    free: String,
    /// What is careful about it.
    careful: Option<String>,
    lacks: bool,
}

/// Something owned.
struct Source {
    title: String,
    edition: String,
    cores: String,
    until: String,
    /// The id of what was declared and can be taken back.
    declared: Option<String>,
}

/// Something in use.
struct UseRow {
    id: String,
    name: String,
    edition: String,
    place: String,
    cores: String,
    since: String,
    /// Until when it may be in use in both places, and how many days that is.
    overlap: Option<String>,
    ended: Option<String>,
}

/// The page.
#[derive(Template)]
#[template(path = "benefit.html")]
struct Benefit {
    frame: Frame,
    head: Head,
    rows: Vec<PositionRow>,
    sources: Vec<Source>,
    /// Perpetual cores, which carry nothing.
    perpetual: Option<String>,
    uses: Vec<UseRow>,
    next: Option<String>,
    fields: Fields,
    editions: Vec<(String, String)>,
    regions: Vec<(String, String)>,
    reserves: Vec<(String, String)>,
    units: Vec<(String, String)>,
    currency: String,
    faults: Vec<String>,
    outcome: Option<Outcome>,
    can_change: bool,
    can_buy: bool,
    today: String,
    message: Option<String>,
    error: Option<String>,
}

/// What the page shows beside what stands.
#[derive(Default)]
pub(super) struct Done {
    /// What was typed.
    pub fields: Option<Fields>,
    /// What is wrong with the list.
    pub faults: Vec<String>,
    /// What came out.
    pub outcome: Option<Outcome>,
    /// What was done.
    pub message: Option<String>,
    /// What is wrong beside fields.
    pub error: Option<String>,
}

/// What is read for the page.
struct Known {
    customer: chandlery_domain::customer::Customer,
    standing: Standing,
    perpetual: i64,
    uses: Vec<Recorded>,
    currency: Currency,
    regions: Vec<String>,
}

fn position(reader: &Reader, own: &Position) -> PositionRow {
    let edition = own.edition.name().to_owned();
    let careful = match own.shortage {
        _ if own.lacking > 0 => Some(reader.t1("benefit-lacks-now", "cores", i64::from(own.lacking))),
        Some((day, cores)) => {
            Some(reader.t2("benefit-lacks-on", "day", reader.date(day), "cores", i64::from(cores)))
        }
        None => None,
    };
    PositionRow {
        edition,
        owned: reader.number(own.subscribed.saturating_add(own.declared)),
        azure: reader.number(own.usage.azure),
        premises: reader.number(own.usage.premises),
        free: reader.number(own.free),
        careful,
        lacks: own.lacking > 0,
    }
}

fn sources(reader: &Reader, standing: &Standing) -> Vec<Source> {
    let edition = |own: Edition| own.name().to_owned();
    let subscribed = standing.subscribed.iter().map(|own| Source {
        title: own.title.clone(),
        edition: edition(own.edition),
        cores: reader.number(own.cores),
        until: match own.renews {
            true => reader.t1("benefit-renews", "day", reader.date(own.through)),
            false => reader.date(own.through),
        },
        declared: None,
    });
    let declared = standing.declared.iter().map(|own| Source {
        title: match own.note.is_empty() {
            true => reader.t("benefit-declared"),
            false => reader.t1("benefit-declared-note", "note", own.note.clone()),
        },
        edition: edition(own.edition),
        cores: reader.number(own.cores),
        until: reader.date(own.through),
        declared: Some(own.id.to_string()),
    });
    subscribed.chain(declared).collect()
}

fn use_row(reader: &Reader, today: Date, own: &Recorded) -> UseRow {
    let overlap = own.own.overlaps_through().filter(|last| *last >= today).map(|last| {
        let left = today.until(last).map_or(0, |span| i64::from(span.get_days()) + 1);
        reader.t2("benefit-overlap", "day", reader.date(last), "days", left)
    });
    UseRow {
        id: own.id.to_string(),
        name: own.name.clone(),
        edition: own.own.edition.name().to_owned(),
        place: reader.word("place", own.own.place.as_str()),
        cores: reader.number(own.own.cores),
        since: reader.date(own.own.started),
        overlap,
        ended: own.own.ended.map(|day| reader.date(day)),
    }
}

/// The form of the calculator before anything was typed.
fn empty(today: Date) -> Fields {
    let day = today.to_string();
    Fields::with(&[("reserve", "P3Y"), ("started", &day), ("from", &day)])
}

/// The page, with what else is to be shown.
pub(super) async fn answer(ward: &Ward, done: Done) -> Response {
    let today = utc_date(ward.cx.now);
    let after: Option<Uuid> = ward.form.text("after").parse().ok();
    let read = ward
        .read(move |tx, scope, customer| {
            let buyer = customers::buyer(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
            let standing = Standing::read(tx, scope, customer, today)?;
            let (currency, regions) = benefit::regions(tx, &buyer)?;
            Ok(Known {
                perpetual: stored::perpetual_cores(tx, scope, customer)?,
                uses: stored::uses(tx, scope, customer, today, after, PAGE + 1)?,
                customer: buyer.customer,
                standing,
                currency,
                regions,
            })
        })
        .await;
    let mut own = match read {
        Ok(own) => own,
        Err(error) => return failed(&ward.api, &error),
    };
    let reader = &ward.reader;
    let more = cut(&mut own.uses, PAGE);
    let next = own.uses.last().filter(|_| more).map(|last| ward.at(&format!("/benefit?after={}", last.id)));
    let wrong = !done.faults.is_empty() || done.error.is_some();
    let wrong = wrong || done.fields.as_ref().is_some_and(|own| !own.is_right());
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let any = |id: &str| (String::new(), reader.t(id));
    let body = Benefit {
        frame: ward.frame(),
        head: Head::new(ward, &own.customer, "/benefit"),
        rows: own.standing.positions().iter().map(|own| position(reader, own)).collect(),
        sources: sources(reader, &own.standing),
        perpetual: (own.perpetual > 0).then(|| reader.t1("benefit-perpetual", "cores", own.perpetual)),
        uses: own.uses.iter().map(|own| use_row(reader, today, own)).collect(),
        next,
        fields: done.fields.unwrap_or_default().filled_up(empty(today)),
        editions: Edition::ALL
            .into_iter()
            .map(|own| (own.as_str().to_owned(), own.name().to_owned()))
            .collect(),
        regions: std::iter::once(any("benefit-region-none"))
            .chain(own.regions.into_iter().map(|own| (own.clone(), own)))
            .collect(),
        units: ["cores", "processors"].map(|own| (own.to_owned(), reader.word("benefit-unit", own))).to_vec(),
        reserves: ["P1Y", "P3Y"].map(|own| (own.to_owned(), reader.word("term", own))).to_vec(),
        currency: own.currency.to_string(),
        faults: done.faults,
        outcome: done.outcome,
        can_change: ward.may(Action::ManageSubscription),
        can_buy: ward.may(Action::FillCart),
        today: today.to_string(),
        message: done.message,
        error: done.error,
    };
    page(&ward.api, status, &body)
}

/// `GET /customers/{customer}/benefit`.
pub(super) async fn show(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::ReadOrders, "/customers").await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let message = match ward.form.text("done") {
        "declared" => Some(ward.reader.t("benefit-done-declared")),
        "withdrawn" => Some(ward.reader.t("benefit-done-withdrawn")),
        "recorded" => Some(ward.reader.t("benefit-done-recorded")),
        "ended" => Some(ward.reader.t("benefit-done-ended")),
        _ => None,
    };
    answer(&ward, Done { message, ..Done::default() }).await
}

/// Where a form of this page leads back to.
pub(super) fn back_to(path: &[(String, String)]) -> String {
    format!("/customers/{}/benefit", super::ward::param(path, "customer").unwrap_or_default())
}

fn led(ward: &Ward, done: &str) -> Response {
    Redirect::to(&ward.at(&format!("/benefit?done={done}"))).into_response()
}

/// What went wrong, on the page it was typed on.
async fn refused(ward: &Ward, fields: Fields, error: Error) -> Response {
    refuse(ward, Done { fields: Some(fields), ..Done::default() }, error).await
}

/// The same beside what was calculated.
pub(super) async fn refuse(ward: &Ward, done: Done, error: Error) -> Response {
    let error = match error {
        Error::Invalid { field, message } => texts::invalid(&ward.reader, &field, &message),
        Error::Refused(refusal) => texts::refusal(&ward.reader, &refusal),
        error => return failed(&ward.api, &error),
    };
    answer(ward, Done { error: Some(error), ..done }).await
}

fn day(ward: &Ward, fields: &mut Fields, name: &'static str) -> Date {
    let read = fields.value(name).trim().parse::<Date>();
    read.unwrap_or_else(|_| {
        fields.complain(name, ward.reader.t("benefit-day"));
        utc_date(ward.cx.now)
    })
}

fn edition(ward: &Ward, fields: &mut Fields, name: &'static str) -> Edition {
    let read = fields.value(name).parse::<Edition>();
    read.unwrap_or_else(|_| {
        fields.complain(name, ward.reader.t("benefit-choose-edition"));
        Edition::WindowsStandard
    })
}

/// `POST /customers/{customer}/benefit/licences`.
pub(super) async fn declare(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::ManageSubscription, &back_to(&path)).await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let mut fields = Fields::of(&ward.form);
    // A licence by processor counts as so many by core.
    let each = if fields.is("declared_unit", "processors") { PROCESSOR_CORES } else { 1 };
    let new = NewLicences {
        edition: edition(&ward, &mut fields, "declared_edition"),
        cores: fields.count(&ward.reader, "declared_cores", (1, CORES_MAX / each)) * each,
        from: day(&ward, &mut fields, "from"),
        through: day(&ward, &mut fields, "through"),
        note: fields.optional(&ward.reader, "note", NOTE_MAX).unwrap_or_default(),
    };
    if !fields.is_right() {
        return answer(&ward, Done { fields: Some(fields), ..Done::default() }).await;
    }
    let (scope, customer) = (ward.scope, ward.customer);
    let attempted = Entry::did(Operation::DeclareLicences, Resource::HybridBenefit, "");
    let done = ward.act(attempted, move |tx, cx| benefit::declare(tx, cx, &scope, customer, &new)).await;
    match done {
        Ok(_) => led(&ward, "declared"),
        Err(error) => refused(&ward, fields, error).await,
    }
}

/// `POST /customers/{customer}/benefit/licences/{licences}/withdraw`.
pub(super) async fn withdraw(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::ManageSubscription, &back_to(&path)).await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let id: Uuid = match read_param(&path, "licences", RECORD) {
        Ok(id) => id,
        Err(error) => return failed(&ward.api, &error),
    };
    let (scope, customer) = (ward.scope, ward.customer);
    let attempted = Entry::did(Operation::WithdrawLicences, Resource::HybridBenefit, id);
    let done = ward.act(attempted, move |tx, cx| benefit::withdraw(tx, cx, &scope, (customer, id))).await;
    match done {
        Ok(()) => led(&ward, "withdrawn"),
        Err(error) => refused(&ward, empty(utc_date(ward.cx.now)), error).await,
    }
}

/// `POST /customers/{customer}/benefit/premises`: licences that are in use where the customer has its own machines.
pub(super) async fn premises(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::ManageSubscription, &back_to(&path)).await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let mut fields = Fields::of(&ward.form);
    let new = NewUse {
        name: fields.required(&ward.reader, "premises_name", NOTE_MAX),
        own: Use {
            edition: edition(&ward, &mut fields, "premises_edition"),
            place: Place::Premises,
            cores: fields.count(&ward.reader, "premises_cores", (1, CORES_MAX)),
            started: day(&ward, &mut fields, "premises_started"),
            migrated: false,
            ended: None,
        },
    };
    if !fields.is_right() {
        return answer(&ward, Done { fields: Some(fields), ..Done::default() }).await;
    }
    let (scope, customer) = (ward.scope, ward.customer);
    let attempted = Entry::did(Operation::RecordBenefit, Resource::HybridBenefit, "");
    let list = vec![new];
    let done = ward.act(attempted, move |tx, cx| benefit::record(tx, cx, &scope, customer, &list)).await;
    match done {
        Ok(_) => led(&ward, "recorded"),
        Err(error) => refused(&ward, fields, error).await,
    }
}

/// `POST /customers/{customer}/benefit/uses/{use}/end`.
pub(super) async fn end(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::ManageSubscription, &back_to(&path)).await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let id: Uuid = match read_param(&path, "use", RECORD) {
        Ok(id) => id,
        Err(error) => return failed(&ward.api, &error),
    };
    let today = utc_date(ward.cx.now);
    let Ok(last) = ward.form.text("ended").trim().parse::<Date>() else {
        let error = Some(ward.reader.t("benefit-day"));
        return answer(&ward, Done { error, ..Done::default() }).await;
    };
    let (scope, customer) = (ward.scope, ward.customer);
    let attempted = Entry::did(Operation::EndBenefit, Resource::HybridBenefit, id);
    let done = ward.act(attempted, move |tx, _| benefit::end(tx, &scope, (customer, id, last))).await;
    match done {
        Ok(()) => led(&ward, "ended"),
        Err(error) => refused(&ward, empty(today), error).await,
    }
}
