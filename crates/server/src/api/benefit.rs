//! Azure Hybrid Benefit by program: an extension of our own, in the manner of the interface around it (rule 9).

use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::benefit::{Edition, Monthly, PROCESSOR_CORES, Place, Use};
use chandlery_domain::calendar::utc_date;
use chandlery_store::benefit::{self as stored, Declared, Recorded};
use chandlery_store::customers;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::answer::{Answer, Attributes, Collection, JsonDay, JsonDecimal};
use super::call::Call;
use super::paging::Page;
use super::reader::Object;
use crate::app::benefit::plan::{Planned, Reserve};
use crate::app::benefit::{
    self, CORES_MAX, Calculation, NOTE_MAX, NewLicences, NewUse, RECORD, Standing, Wish,
};
use crate::app::machine_list;
use crate::error::{BadRow, Error, Missing};

/// The most that stand on one page.
const PAGE_MAX: u32 = 500;
/// The most uses one call records.
const RECORDS_MAX: usize = 1_000;

const EDITIONS: [(&str, Edition); 4] = [
    ("windows_standard", Edition::WindowsStandard),
    ("windows_datacenter", Edition::WindowsDatacenter),
    ("sql_standard", Edition::SqlStandard),
    ("sql_enterprise", Edition::SqlEnterprise),
];
const PLACES: [(&str, Place); 3] =
    [("azure", Place::Azure), ("host", Place::Host), ("premises", Place::Premises)];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShortageOut {
    date: JsonDay,
    cores: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PositionOut {
    edition: &'static str,
    subscribed_cores: u32,
    declared_cores: u32,
    cores_in_azure: u32,
    cores_on_premises: u32,
    cores_in_both: u32,
    free_cores: u32,
    lacking_cores: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_shortage: Option<ShortageOut>,
}

fn positions(standing: &Standing) -> Vec<PositionOut> {
    let out = |own: benefit::Position| PositionOut {
        edition: own.edition.as_str(),
        subscribed_cores: own.subscribed,
        declared_cores: own.declared,
        cores_in_azure: own.usage.azure,
        cores_on_premises: own.usage.premises,
        cores_in_both: own.usage.dual,
        free_cores: own.free,
        lacking_cores: own.lacking,
        next_shortage: own.shortage.map(|(day, cores)| ShortageOut { date: JsonDay(day), cores }),
    };
    standing.positions().into_iter().map(out).collect()
}

/// `GET /customers/{customer}/hybridbenefit`: how each edition stands today.
///
/// # Errors
/// When the customer is not there.
pub async fn standing(call: Call) -> Result<Answer, Error> {
    let customer = call.customer()?;
    let read = call.read(move |tx, cx, scope| {
        customers::find(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
        Standing::read(tx, scope, customer, utc_date(cx.now))
    });
    Answer::ok(&Collection::whole(positions(&read.await?), call.uri.clone()))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CoverOut {
    edition: &'static str,
    count: u32,
    core_licences_each: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MonthOut {
    pay_as_you_go: JsonDecimal,
    with_benefit: JsonDecimal,
    #[serde(skip_serializing_if = "Option::is_none")]
    reserved: Option<JsonDecimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reserved_with_benefit: Option<JsonDecimal>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MachineOut {
    name: String,
    cores: u32,
    count: u32,
    workload: &'static str,
    covered_count: u32,
    already_covered_count: u32,
    covered_by: Vec<CoverOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    monthly_cost_each: Option<MonthOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    monthly_saving: Option<JsonDecimal>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LackOut {
    edition: &'static str,
    cores: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    catalog_item_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    term_duration: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CalculationOut {
    currency_code: String,
    pay_as_you_go: JsonDecimal,
    with_benefit: JsonDecimal,
    with_benefit_everywhere: JsonDecimal,
    #[serde(skip_serializing_if = "Option::is_none")]
    reserved: Option<JsonDecimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reserved_with_benefit: Option<JsonDecimal>,
    monthly_saving: JsonDecimal,
    /// No other use of the same licences saves more.
    highest_possible_saving: JsonDecimal,
    is_best: bool,
    machines_without_rate: u32,
    virtual_machines: Vec<MachineOut>,
    lacking: Vec<LackOut>,
    editions: Vec<PositionOut>,
    attributes: Attributes,
}

fn month(own: Monthly) -> MonthOut {
    MonthOut {
        pay_as_you_go: own.plain.into(),
        with_benefit: own.benefit.into(),
        reserved: own.reserved.map(JsonDecimal::from),
        reserved_with_benefit: own.both.map(JsonDecimal::from),
    }
}

fn machine(own: &Planned) -> Result<MachineOut, Error> {
    Ok(MachineOut {
        name: own.machine.name.clone(),
        cores: own.cores,
        count: own.machine.count,
        workload: own.workload.as_str(),
        covered_count: own.covered(),
        already_covered_count: own.already,
        covered_by: own
            .covers
            .iter()
            .map(|cover| CoverOut {
                edition: cover.edition.as_str(),
                count: cover.count,
                core_licences_each: cover.each,
            })
            .collect(),
        monthly_cost_each: own.monthly.map(month),
        monthly_saving: own.saves()?.map(JsonDecimal::from),
    })
}

fn calculation(own: &Calculation) -> Result<CalculationOut, Error> {
    let sums = own.plan.sums;
    let lack = |(edition, cores): (&Edition, &u32)| {
        let pack = own.packs.iter().find(|pack| pack.edition == *edition);
        LackOut {
            edition: edition.as_str(),
            cores: *cores,
            catalog_item_id: pack.map(|pack| pack.offer.item.to_string()),
            quantity: pack.map(|pack| pack.quantity),
            term_duration: pack.map(|pack| pack.offer.term.as_str()),
        }
    };
    Ok(CalculationOut {
        currency_code: own.currency.to_string(),
        pay_as_you_go: sums.plain.into(),
        with_benefit: sums.planned.into(),
        with_benefit_everywhere: sums.everywhere.into(),
        reserved: sums.reserved.map(JsonDecimal::from),
        reserved_with_benefit: sums.reserved_planned.map(JsonDecimal::from),
        monthly_saving: sums.saved()?.into(),
        highest_possible_saving: own.plan.bound.into(),
        is_best: own.plan.best,
        machines_without_rate: own.plan.unrated,
        virtual_machines: own.plan.rows.iter().map(machine).collect::<Result<_, _>>()?,
        lacking: own.plan.lacking.iter().map(lack).collect(),
        editions: positions(&own.standing),
        attributes: Attributes::of("HybridBenefitCalculation"),
    })
}

/// What is wrong with a list, as one sentence; a line is a machine's place in it, from 1.
fn wrong(faults: &[BadRow]) -> Error {
    let each: Vec<String> = faults.iter().map(ToString::to_string).collect();
    Error::invalid("virtualMachines", format!("cannot be taken: {}", each.join("; ")))
}

/// `POST /customers/{customer}/hybridbenefit/calculations`: what the benefit saves for a list of machines. Keeps nothing.
///
/// # Errors
/// When the list cannot be read, a machine fits nothing known, or the customer is not there.
pub async fn calculate(call: Call) -> Result<Answer, Error> {
    let customer = call.customer()?;
    let body = call.json()?;
    let root = Object::root(&body)?;
    let Some(Value::Array(list)) = root.get("virtualMachines") else {
        return Err(Error::invalid(
            "virtualMachines",
            "is required: a list of machines, each with name and size or cores",
        ));
    };
    let cell = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let rows: Vec<Vec<(String, String)>> = list
        .iter()
        .map(|own| {
            let members = own.as_object().into_iter().flatten();
            members.filter_map(|(name, value)| Some((name.clone(), cell(value)?))).collect()
        })
        .collect();
    let machines = machine_list::of_cells(&rows).map_err(|faults| wrong(&faults))?;
    let region = root.text("region", 100)?.unwrap_or_default();
    let reserve = Reserve::read(&root.text("reservationTerm", 10)?.unwrap_or_default());
    let migrated = root.flag("migrated")?.unwrap_or(false);
    let wish = Wish { machines, region, reserve, migrated };
    let read = call.read(move |tx, cx, scope| benefit::calculate(tx, cx, scope, customer, wish));
    let own = read.await?.map_err(|faults| wrong(&faults))?;
    Answer::ok(&calculation(&own)?)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeclaredOut {
    id: String,
    edition: &'static str,
    cores: u32,
    covered_from: JsonDay,
    covered_through: JsonDay,
    note: String,
    attributes: Attributes,
}

impl DeclaredOut {
    fn of(own: &Declared) -> Self {
        Self {
            id: own.id.to_string(),
            edition: own.edition.as_str(),
            cores: own.cores,
            covered_from: JsonDay(own.from),
            covered_through: JsonDay(own.through),
            note: own.note.clone(),
            attributes: Attributes::of("DeclaredLicences"),
        }
    }
}

/// `GET /customers/{customer}/hybridbenefit/licences`: licences with Software Assurance from elsewhere, as declared.
///
/// # Errors
/// When the customer is not there.
pub async fn licences(call: Call) -> Result<Answer, Error> {
    let customer = call.customer()?;
    let read = call.read(move |tx, cx, scope| {
        customers::find(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
        Ok(stored::declared(tx, scope, customer, utc_date(cx.now))?)
    });
    let list: Vec<DeclaredOut> = read.await?.iter().map(DeclaredOut::of).collect();
    Answer::ok(&Collection::whole(list, call.uri.clone()))
}

fn count(root: &Object<'_>, name: &str) -> Result<u32, Error> {
    let own = root.integer(name, 1, i64::from(CORES_MAX))?;
    let own = own
        .ok_or_else(|| Error::invalid(root.path_of(name), "is required: a whole number of core licences"))?;
    u32::try_from(own).map_err(Error::internal)
}

fn required_day(root: &Object<'_>, name: &str) -> Result<jiff::civil::Date, Error> {
    day(root, name)?
        .ok_or_else(|| Error::invalid(root.path_of(name), "is required: a day such as 2020-01-24"))
}

fn day(root: &Object<'_>, name: &str) -> Result<Option<jiff::civil::Date>, Error> {
    let Some(text) = root.text(name, 40)? else { return Ok(None) };
    match crate::dates::read(&text) {
        Some(crate::dates::When::Day(day)) => Ok(Some(day)),
        Some(crate::dates::When::At(at)) => Ok(Some(utc_date(at))),
        None => Err(Error::invalid(root.path_of(name), "must be a day such as 2020-01-24")),
    }
}

fn edition(root: &Object<'_>) -> Result<Edition, Error> {
    root.word("edition", &EDITIONS)?.ok_or_else(|| {
        Error::invalid(
            root.path_of("edition"),
            "is required: windows_standard, windows_datacenter, sql_standard or sql_enterprise",
        )
    })
}

/// `POST /customers/{customer}/hybridbenefit/licences`.
///
/// # Errors
/// When the body cannot be read; refusals are answers.
pub async fn declare(call: Call) -> Result<Answer, Error> {
    let attempted = Entry::did(Operation::DeclareLicences, Resource::HybridBenefit, "");
    let customer = call.customer()?;
    let read = || -> Result<NewLicences, Error> {
        let body = call.json()?;
        let root = Object::root(&body)?;
        Ok(NewLicences {
            edition: edition(&root)?,
            cores: match root.integer("processors", 1, i64::from(CORES_MAX / PROCESSOR_CORES))? {
                Some(own) => u32::try_from(own).map_err(Error::internal)? * PROCESSOR_CORES,
                None => count(&root, "cores")?,
            },
            from: required_day(&root, "coveredFrom")?,
            through: required_day(&root, "coveredThrough")?,
            note: root.text("note", NOTE_MAX)?.unwrap_or_default(),
        })
    };
    let new = match read() {
        Ok(new) => new,
        Err(error) => return call.refuse_early(attempted, error).await,
    };
    call.write(
        attempted,
        None,
        move |tx, cx, scope| benefit::declare(tx, cx, scope, customer, &new),
        |own| Answer::created(&DeclaredOut::of(own)),
    )
    .await
}

/// `DELETE /customers/{customer}/hybridbenefit/licences/{licences}`.
///
/// # Errors
/// When it is not there; refusals are answers.
pub async fn withdraw(call: Call) -> Result<Answer, Error> {
    let customer = call.customer()?;
    let id: Uuid = call.id("licences", RECORD)?;
    call.write(
        Entry::did(Operation::WithdrawLicences, Resource::HybridBenefit, id),
        None,
        move |tx, cx, scope| benefit::withdraw(tx, cx, scope, (customer, id)),
        |()| Ok(Answer::empty()),
    )
    .await
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UseOut {
    id: String,
    name: String,
    edition: &'static str,
    place: &'static str,
    cores: u32,
    started_on: JsonDay,
    migrated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    overlaps_through: Option<JsonDay>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_on: Option<JsonDay>,
    attributes: Attributes,
}

impl UseOut {
    fn of(own: &Recorded) -> Self {
        Self {
            id: own.id.to_string(),
            name: own.name.clone(),
            edition: own.own.edition.as_str(),
            place: own.own.place.as_str(),
            cores: own.own.cores,
            started_on: JsonDay(own.own.started),
            migrated: own.own.migrated,
            overlaps_through: own.own.overlaps_through().map(JsonDay),
            ended_on: own.own.ended.map(JsonDay),
            attributes: Attributes::of("HybridBenefitUse"),
        }
    }
}

/// `GET /customers/{customer}/hybridbenefit/uses`, those that have not ended.
///
/// # Errors
/// When the customer is not there.
pub async fn uses(call: Call) -> Result<Answer, Error> {
    let customer = call.customer()?;
    let page = Page::of(&call, PAGE_MAX, "")?;
    let (after, limit) = (page.after::<Uuid>()?, page.limit());
    let read = call.read(move |tx, cx, scope| {
        customers::find(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
        Ok(stored::uses(tx, scope, customer, utc_date(cx.now), after, limit)?)
    });
    let list = read.await?;
    Answer::ok(&page.collection(&call, list, |own| own.id.to_string(), |own| UseOut::of(&own))?)
}

/// `POST /customers/{customer}/hybridbenefit/uses`: all of them, or none.
///
/// # Errors
/// When the body cannot be read; refusals are answers.
pub async fn record(call: Call) -> Result<Answer, Error> {
    let attempted = Entry::did(Operation::RecordBenefit, Resource::HybridBenefit, "");
    let customer = call.customer()?;
    let read = || -> Result<Vec<NewUse>, Error> {
        let body = call.json()?;
        let root = Object::root(&body)?;
        let list = root.objects("items", RECORDS_MAX)?.unwrap_or_default();
        if list.is_empty() {
            return Err(Error::invalid("items", "is required: what is in use, at least one"));
        }
        list.iter()
            .map(|own| {
                let place = own.word("place", &PLACES)?;
                Ok(NewUse {
                    name: own.required_text("name", NOTE_MAX)?,
                    own: Use {
                        edition: edition(own)?,
                        place: place.unwrap_or(Place::Azure),
                        cores: count(own, "cores")?,
                        started: required_day(own, "startedOn")?,
                        migrated: own.flag("migrated")?.unwrap_or(false),
                        ended: None,
                    },
                })
            })
            .collect()
    };
    let list = match read() {
        Ok(list) => list,
        Err(error) => return call.refuse_early(attempted, error).await,
    };
    let uri = call.uri.clone();
    call.write(
        attempted,
        None,
        move |tx, cx, scope| benefit::record(tx, cx, scope, customer, &list),
        move |own| Answer::created(&Collection::whole(own.iter().map(UseOut::of).collect(), uri.clone())),
    )
    .await
}

/// `PATCH /customers/{customer}/hybridbenefit/uses/{use}`: ends it with `endedOn`, its last day.
///
/// # Errors
/// When it is not there or the body cannot be read; refusals are answers.
pub async fn end(call: Call) -> Result<Answer, Error> {
    let customer = call.customer()?;
    let id: Uuid = call.id("use", RECORD)?;
    let attempted = Entry::did(Operation::EndBenefit, Resource::HybridBenefit, id);
    let read = || required_day(&Object::root(&call.json()?)?, "endedOn");
    let last = match read() {
        Ok(last) => last,
        Err(error) => return call.refuse_early(attempted, error).await,
    };
    call.write(
        attempted,
        None,
        move |tx, _, scope| benefit::end(tx, scope, (customer, id, last)),
        |()| Ok(Answer::empty()),
    )
    .await
}
