//! The calculator of Azure Hybrid Benefit: a list of machines in, what it saves out, as a page, a sheet to print and a table.

use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use chandlery_domain::access::Action;
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::benefit::{Edition, saved_per_mille};
use chandlery_domain::calendar::utc_date;
use chandlery_domain::money::Money;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::benefit::{Done, answer, back_to, refuse};
use super::fields::Fields;
use super::products::{way_label, way_word};
use super::ward::{Ward, ward_unread};
use super::{Form, failed};
use crate::api::Api;
use crate::app::benefit::plan::{Planned, Reserve};
use crate::app::benefit::{self, Calculation, Wish, uses_of};
use crate::app::machine_list::{self, BYTES_MAX};
use crate::csv_out;
use crate::error::{BadRow, Error};
use crate::texts::{self, Reader};

/// How many machines one page shows; the table has all.
const SHOWN: usize = 200;
/// The longest field beside the list, in octets.
const FIELD_MAX: usize = 1024;
/// What the form takes around the list.
const AROUND: usize = 16 * 1024;

/// One way to pay, in the chart.
pub(super) struct Bar {
    /// What it is.
    pub label: String,
    /// What it comes to a month.
    pub amount: String,
    /// How much less than without anything, if it is.
    pub less: Option<String>,
    /// Its length, of 600.
    pub width: i64,
    /// Its colour.
    pub class: &'static str,
}

/// A row of the list, reckoned.
pub(super) struct MachineRow {
    /// Its name, with how many there are.
    pub name: String,
    /// Its size or workload.
    pub size: String,
    /// Cores of one.
    pub cores: String,
    /// What covers it.
    pub cover: String,
    /// Whether any is covered.
    pub covered: bool,
    /// What it saves a month.
    pub saves: String,
}

/// What lacks, and what to buy.
pub(super) struct Lack {
    /// What lacks.
    pub text: String,
    /// What to buy: sentence, item, way and quantity.
    pub pack: Option<(String, String, String, u32)>,
}

/// What came out, in words.
pub(super) struct Outcome {
    /// What the list costs and saves.
    pub lead: String,
    /// What is advertised, beside what this list comes to.
    pub advertised: String,
    /// How good the allocation is.
    pub proof: String,
    /// Machines without a rate, if there are.
    pub unrated: Option<String>,
    /// The chart.
    pub bars: Vec<Bar>,
    /// The machines, as many as are shown.
    pub rows: Vec<MachineRow>,
    /// How many more there are, in words.
    pub more: Option<String>,
    /// The dedicated hosts: name and whether they are covered.
    pub hosts: Vec<(String, String)>,
    /// What lacks.
    pub lacks: Vec<Lack>,
    /// How many machines would be recorded.
    pub records: usize,
    /// The list as it was given, to be sent again.
    pub list: String,
    /// The day it was reckoned, for the sheet.
    pub day: String,
}

fn cover_words(reader: &Reader, own: &Planned) -> String {
    if own.already == own.machine.count {
        return reader.t("benefit-already");
    }
    let before =
        (own.already > 0).then(|| reader.t1("benefit-already-some", "count", i64::from(own.already)));
    let each: Vec<String> = before
        .into_iter()
        .chain(own.covers.iter().map(|cover| {
            let edition = cover.edition.name().to_owned();
            match (cover.each, own.machine.count) {
                (0, _) => reader.t1("benefit-by-host", "edition", edition),
                (each, 1) => reader.t2("benefit-by", "edition", edition, "cores", i64::from(each)),
                (each, _) => reader.with(
                    "benefit-by-many",
                    [
                        ("edition", edition.into()),
                        ("cores", i64::from(each).into()),
                        ("count", i64::from(cover.count).into()),
                    ],
                ),
            }
        }))
        .collect();
    let covered = own.covered();
    match (covered, own.machine.count.saturating_sub(covered)) {
        (0, _) => reader.t("benefit-not-covered"),
        (_, 0) => each.join("; "),
        (_, left) => {
            let rest = reader.t1("benefit-rest", "count", i64::from(left));
            format!("{}; {rest}", each.join("; "))
        }
    }
}

fn machine_row(reader: &Reader, own: &Planned) -> Result<MachineRow, Error> {
    let name = match own.machine.count {
        1 => own.machine.name.clone(),
        many => format!("{} × {}", own.machine.name, reader.number(many)),
    };
    let workload = reader.word("workload", own.workload.as_str());
    Ok(MachineRow {
        name,
        size: match &own.machine.size {
            Some(size) => format!("{size} · {workload}"),
            None => workload,
        },
        cores: reader.number(own.cores),
        cover: cover_words(reader, own),
        covered: own.covered() > 0,
        saves: own.saves()?.map_or_else(|| reader.t("benefit-no-rate"), |own| reader.money(own)),
    })
}

fn percent(reader: &Reader, before: Money, after: Money) -> Option<String> {
    let own = saved_per_mille(before, after);
    (own > 0).then(|| reader.percent(Decimal::new(i64::from(own), 3)))
}

fn bars(reader: &Reader, own: &Calculation) -> Vec<Bar> {
    let sums = own.plan.sums;
    let list = [
        ("benefit-bar-plain", Some(sums.plain), "down"),
        ("benefit-bar-benefit", Some(sums.planned), "part-1"),
        ("benefit-bar-reserved", sums.reserved, "part-2"),
        ("benefit-bar-both", sums.reserved_planned, "part-3"),
    ];
    let most = sums.plain.minor().max(1);
    let mut bars = Vec::new();
    for (label, amount, class) in list {
        let Some(amount) = amount.filter(|_| sums.plain.minor() > 0) else { continue };
        bars.push(Bar {
            label: reader.t(label),
            amount: reader.money(amount),
            less: percent(reader, sums.plain, amount).map(|own| reader.t1("benefit-less", "percent", own)),
            // In whole units; a reservation that runs idle may cost more than the hours used.
            width: (amount.minor().saturating_mul(600) / most).clamp(1, 600),
            class,
        });
    }
    bars
}

fn lacks(reader: &Reader, own: &Calculation) -> Vec<Lack> {
    let lack = |(edition, cores): (&Edition, &u32)| {
        let named = edition.name().to_owned();
        let pack = own.packs.iter().find(|pack| pack.edition == *edition).map(|pack| {
            let way = way_label(reader, pack.offer.term, pack.offer.plan);
            let text = reader.with(
                "benefit-pack",
                [
                    ("quantity", i64::from(pack.quantity).into()),
                    ("title", pack.offer.title.clone().into()),
                    ("price", reader.unit_price(pack.offer.unit_price).into()),
                    ("way", way.into()),
                    ("cores", i64::from(pack.cores).into()),
                ],
            );
            (text, pack.offer.item.to_string(), way_word(pack.offer.term, pack.offer.plan), pack.quantity)
        });
        Lack { text: reader.t2("benefit-lacks", "edition", named, "cores", i64::from(*cores)), pack }
    };
    own.plan.lacking.iter().map(lack).collect()
}

fn shown(ward: &Ward, own: &Calculation, list: String) -> Result<Outcome, Error> {
    let (reader, plan) = (&ward.reader, &own.plan);
    let sums = plan.sums;
    let rows: Result<Vec<MachineRow>, Error> =
        plan.rows.iter().take(SHOWN).map(|own| machine_row(reader, own)).collect();
    let bars = bars(reader, own);
    let none = || reader.percent(Decimal::ZERO);
    Ok(Outcome {
        lead: reader.with(
            "benefit-result",
            [
                ("saved", reader.money(sums.saved()?).into()),
                ("percent", percent(reader, sums.plain, sums.planned).unwrap_or_else(none).into()),
                ("plain", reader.money(sums.plain).into()),
                ("planned", reader.money(sums.planned).into()),
            ],
        ),
        advertised: reader.t2(
            "benefit-advertised",
            "percent",
            percent(reader, sums.plain, sums.everywhere).unwrap_or_else(none),
            "saved",
            reader.money(sums.saved_everywhere()?),
        ),
        proof: match plan.best {
            true => reader.t("benefit-best"),
            false => reader.t1("benefit-bound", "bound", reader.money(plan.bound)),
        },
        unrated: (plan.unrated > 0).then(|| reader.t1("benefit-unrated", "count", i64::from(plan.unrated))),
        bars,
        more: plan
            .rows
            .len()
            .checked_sub(SHOWN)
            .filter(|more| *more > 0)
            .map(|more| reader.t1("benefit-more", "count", i64::try_from(more).unwrap_or(i64::MAX))),
        rows: rows?,
        hosts: plan
            .hosts
            .iter()
            .map(|host| {
                let word = if host.covered { "benefit-host-covered" } else { "benefit-not-covered" };
                let named =
                    reader.t2("benefit-host", "name", host.name.clone(), "cores", i64::from(host.cores));
                (named, reader.t(word))
            })
            .collect(),
        lacks: lacks(reader, own),
        records: uses_of(plan, utc_date(ward.cx.now), false).len(),
        list,
        day: reader.date(utc_date(ward.cx.now)),
    })
}

/// What was sent: the fields, and the list out of the file or out of its field.
struct Sent {
    form: Form,
    list: Vec<u8>,
}

fn too_large(error: &MultipartError) -> bool {
    error.status() == StatusCode::PAYLOAD_TOO_LARGE
}

/// Reads the form; none where it is larger than a list may be.
async fn sent(api: &Api, mut request: Request) -> Result<Option<Sent>, Response> {
    DefaultBodyLimit::max(2 * BYTES_MAX + AROUND).apply(&mut request);
    let mut parts = Multipart::from_request(request, api).await.map_err(|own| own.into_response())?;
    let (mut form, mut typed, mut file) = (Vec::new(), Vec::new(), Vec::new());
    loop {
        let field = match parts.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => break,
            Err(error) if too_large(&error) => return Ok(None),
            Err(error) => return Err(error.into_response()),
        };
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = match field.bytes().await {
            Ok(bytes) => bytes,
            Err(error) if too_large(&error) => return Ok(None),
            Err(error) => return Err(error.into_response()),
        };
        match name.as_str() {
            "list" => typed = bytes.to_vec(),
            "file" => file = bytes.to_vec(),
            _ if bytes.len() <= FIELD_MAX => {
                form.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            }
            _ => {}
        }
    }
    let list = if file.is_empty() { typed } else { file };
    Ok(Some(Sent { form: Form(form), list }))
}

fn fields_of(form: &Form, list: &str) -> Fields {
    let list = ("list".to_owned(), list.to_owned());
    Fields::of(&Form(form.0.iter().cloned().chain(std::iter::once(list)).collect()))
}

fn faults(reader: &Reader, list: &[BadRow]) -> Vec<String> {
    list.iter().map(|own| texts::bad_row(reader, own)).collect()
}

/// A request that was let in, with the list reckoned.
struct Reckoned {
    ward: Ward,
    form: Form,
    text: String,
    own: Calculation,
}

async fn reckon(
    api: Api,
    path: &[(String, String)],
    request: Request,
    action: Action,
) -> Result<Reckoned, Response> {
    let (ward, request) = ward_unread(api, path, request, action, &back_to(path)).await?;
    let Some(Sent { form, list }) = sent(&ward.api, request).await? else {
        let most = i64::try_from(BYTES_MAX / (1024 * 1024)).unwrap_or(0);
        let faults = vec![ward.reader.t1("benefit-list-large", "most", most)];
        return Err(answer(&ward, Done { faults, ..Done::default() }).await);
    };
    let text = machine_list::text_of(&list);
    let machines = match machine_list::read(&list) {
        Ok(machines) => machines,
        Err(list) => {
            let (fields, faults) = (Some(fields_of(&form, &text)), faults(&ward.reader, &list));
            return Err(answer(&ward, Done { fields, faults, ..Done::default() }).await);
        }
    };
    let wish = Wish {
        machines,
        region: form.text("region").to_owned(),
        reserve: Reserve::read(form.text("reserve")),
        migrated: form.text("migrated") == "yes",
    };
    let cx = ward.cx.clone();
    let read = ward.read(move |tx, scope, customer| benefit::calculate(tx, &cx, scope, customer, wish)).await;
    match read {
        Ok(Ok(own)) => Ok(Reckoned { ward, form, text, own }),
        Ok(Err(list)) => {
            let (fields, faults) = (Some(fields_of(&form, &text)), faults(&ward.reader, &list));
            Err(answer(&ward, Done { fields, faults, ..Done::default() }).await)
        }
        Err(error) => Err(failed(&ward.api, &error)),
    }
}

/// `POST /customers/{customer}/benefit/plan`: what a list saves, as a page or, asked for, as a table.
pub(super) async fn plan(
    State(api): State<Api>,
    Path(path): Path<Vec<(String, String)>>,
    request: Request,
) -> Response {
    let Reckoned { ward, form, text, own } = match reckon(api, &path, request, Action::ReadOrders).await {
        Ok(own) => own,
        Err(response) => return response,
    };
    if form.text("as") == "csv" {
        return table(&ward, &own).unwrap_or_else(|error| failed(&ward.api, &error));
    }
    let fields = Some(fields_of(&form, &text));
    match shown(&ward, &own, text) {
        Ok(outcome) => answer(&ward, Done { fields, outcome: Some(outcome), ..Done::default() }).await,
        Err(error) => failed(&ward.api, &error),
    }
}

/// Every machine as a row of a table.
fn table(ward: &Ward, own: &Calculation) -> Result<Response, Error> {
    let mut text = csv_out::line(&[
        "Name",
        "Size",
        "Workload",
        "Cores",
        "Count",
        "Covered",
        "Edition",
        "CoreLicences",
        "Currency",
        "WithoutBenefit",
        "WithBenefit",
        "Saving",
    ])?;
    for row in &own.plan.rows {
        let count = i64::from(row.machine.count);
        let licences: u32 = row.covers.iter().map(|own| own.each.saturating_mul(own.count)).sum();
        let editions: Vec<&str> = row.covers.iter().map(|own| own.edition.as_str()).collect();
        let of = |amount: Option<Money>| amount.map(|own| own.decimal().to_string()).unwrap_or_default();
        let whole = |amount: Money| {
            amount.minor().checked_mul(count).map(|minor| Money::new(minor, amount.currency()))
        };
        text.extend(csv_out::line(&[
            &csv_out::harmless(&row.machine.name),
            &csv_out::harmless(row.machine.size.as_deref().unwrap_or_default()),
            row.workload.as_str(),
            &row.cores.to_string(),
            &count.to_string(),
            &row.covered().to_string(),
            &editions.join(" "),
            &licences.to_string(),
            own.currency.code(),
            &of(row.monthly.and_then(|own| whole(own.plain))),
            &of(row.monthly.and_then(|own| whole(own.benefit))),
            of(row.saves()?).as_str(),
        ])?);
    }
    let name = format!("attachment; filename=\"hybrid-benefit-{}.csv\"", utc_date(ward.cx.now));
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::try_from(name).map_err(Error::internal)?);
    Ok(response)
}

/// `POST /customers/{customer}/benefit/record`: keeps what the plan covers as in use.
pub(super) async fn record(
    State(api): State<Api>,
    Path(path): Path<Vec<(String, String)>>,
    request: Request,
) -> Response {
    let reckoned = reckon(api, &path, request, Action::ManageSubscription).await;
    let Reckoned { ward, form, text, own } = match reckoned {
        Ok(own) => own,
        Err(response) => return response,
    };
    let mut fields = fields_of(&form, &text);
    let Ok(started) = form.text("started").trim().parse::<Date>() else {
        fields.complain("started", ward.reader.t("benefit-day"));
        let outcome = shown(&ward, &own, text).ok();
        return answer(&ward, Done { fields: Some(fields), outcome, ..Done::default() }).await;
    };
    let uses = uses_of(&own.plan, started, form.text("migrated") == "yes");
    if uses.is_empty() {
        let error = Some(ward.reader.t("benefit-nothing-to-record"));
        return answer(&ward, Done { fields: Some(fields), error, ..Done::default() }).await;
    }
    let (scope, customer) = (ward.scope, ward.customer);
    let attempted = Entry::did(Operation::RecordBenefit, Resource::HybridBenefit, "");
    let done = ward.act(attempted, move |tx, cx| benefit::record(tx, cx, &scope, customer, &uses)).await;
    match done {
        Ok(_) => Redirect::to(&ward.at("/benefit?done=recorded")).into_response(),
        Err(error) => {
            let outcome = shown(&ward, &own, text).ok();
            refuse(&ward, Done { fields: Some(fields), outcome, ..Done::default() }, error).await
        }
    }
}
