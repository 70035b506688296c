//! What the partner asks of its customers: its margins and price lists, what each customer owes by them, month by month, and the
//! file its bookkeeping takes.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use chandlery_domain::access::{Action, Scope};
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::calendar::{start_of_day, utc_date};
use chandlery_domain::catalog::Family;
use chandlery_domain::ids::{ChargeId, CustomerId, MarginId};
use chandlery_domain::margin::{Margin, Over, PERCENT, Rule, percent};
use chandlery_domain::money::{Currency, Money, UnitPrice};
use chandlery_store::margins::Line;
use chandlery_store::{Read, customers, margins};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use rust_decimal::Decimal;

use super::billing::month_of;
use super::csv_file::csv_file;
use super::entered::Entered;
use super::fields::Fields;
use super::pages::Frame;
use super::ward::{param, read_param, ward};
use super::{Asked, failed, page};
use crate::app::margins as use_cases;
use crate::csv_out::{Records, harmless, line as csv_line};
use crate::error::{Error, Missing};
use crate::texts::{Reader, invalid};

/// Where the rules are.
const HERE: &str = "/margins";
/// How many lines one piece of a file has.
const PIECE: i64 = 1000;

/// A rule, as it is shown.
struct Row {
    id: String,
    customer: Option<(String, String)>,
    over: String,
    margin: String,
    floor: Option<String>,
    from: String,
    until: Option<String>,
    /// Whether it can be ended.
    open: bool,
}

#[derive(Template)]
#[template(path = "margins.html")]
struct Margins {
    frame: Frame,
    may: bool,
    /// Whether customers' pages are open to the reader.
    leads: bool,
    message: Option<String>,
    rows: Vec<Row>,
    /// The customer a new rule is for: id and name.
    customer: Option<(String, String)>,
    fields: Fields,
    over: Vec<(String, String)>,
    kinds: Vec<(String, String)>,
    today: String,
}

/// What a rule is about, in words.
fn over_of(reader: &Reader, over: &Over) -> String {
    match over {
        Over::All => reader.t("margin-over-all"),
        Over::Family(own) => reader.word("family", own.as_str()),
        Over::Product(_) | Over::Sku(..) => over.to_string(),
    }
}

/// What it asks, in words.
fn margin_of(reader: &Reader, margin: Margin) -> String {
    match margin {
        Margin::Percent(own) => {
            let fraction = own.abs().checked_div(Decimal::ONE_HUNDRED).unwrap_or_default();
            let said = if own.is_sign_negative() { "margin-is-rebate" } else { "margin-is-percent" };
            reader.t1(said, "percent", reader.percent(fraction))
        }
        Margin::Fixed(own) => reader.t1("margin-is-fixed", "amount", reader.unit_price(own)),
        Margin::Price(own) => reader.t1("margin-is-price", "amount", reader.unit_price(own)),
    }
}

fn row(reader: &Reader, (rule, name): (Rule, Option<String>)) -> Row {
    Row {
        id: rule.id.to_string(),
        customer: rule.customer.map(|id| (id.to_string(), name.unwrap_or_default())),
        over: over_of(reader, &rule.over),
        margin: margin_of(reader, rule.margin),
        floor: rule.floor.map(|own| reader.unit_price(own)),
        from: reader.date(rule.from),
        until: rule.until.map(|own| reader.date(own)),
        open: rule.until.is_none(),
    }
}

/// The customer a form is about; none where it is about everybody.
fn customer_of(own: &Entered) -> Result<Option<CustomerId>, Error> {
    let text = own.form.text("customer").trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| Error::NotFound(Missing::Customer))
}

async fn shown(own: &Entered, typed: Option<Fields>) -> Response {
    let (scope, today) = (own.scope, utc_date(own.cx.now));
    let wanted: Option<CustomerId> = match customer_of(own) {
        Ok(wanted) => wanted,
        Err(error) => return failed(&own.api, &error),
    };
    // What ended lately is still shown.
    let since = today.checked_sub(1.month()).unwrap_or(today);
    let read = own.read(move |tx| {
        let partner = crate::app::partner_profiles::partner(tx, &scope)?;
        let customer = match wanted {
            Some(id) => Some(customers::find(tx, &scope, id)?.ok_or(Error::NotFound(Missing::Customer))?.0),
            None => None,
        };
        Ok((margins::rules(tx, &scope, since)?, partner, customer))
    });
    let (rules, partner, customer) = match read.await {
        Ok(read) => read,
        Err(error) => return failed(&own.api, &error),
    };
    let reader = &own.reader;
    let (currency, day) = (partner.currency.to_string(), today.to_string());
    let begin =
        Fields::with(&[("over", "all"), ("kind", "percent"), ("currency", &currency), ("from", &day)]);
    let status = if typed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let mut over = vec![("all".to_owned(), reader.t("margin-over-all"))];
    over.extend(Family::ALL.map(|own| (own.as_str().to_owned(), reader.word("family", own.as_str()))));
    let body = Margins {
        frame: own.frame(),
        may: own.may(Action::ManageMargins),
        leads: own.may(Action::ReadOrders),
        message: own
            .done(&[("added", "margin-added"), ("ended", "margin-ended")])
            .filter(|_| status == StatusCode::OK),
        rows: rules.into_iter().map(|own| row(reader, own)).collect(),
        customer: customer.map(|own| (own.id.to_string(), own.billing.company_name)),
        fields: typed.unwrap_or_default().filled_up(begin),
        over,
        kinds: ["percent", "fixed", "price"]
            .map(|word| (word.to_owned(), reader.word("margin-kind", word)))
            .to_vec(),
        today: day,
    };
    page(&own.api, status, &body)
}

/// `GET /margins`.
pub(super) async fn show(asked: Asked) -> Response {
    match Entered::of(asked, Action::ReadInvoices, HERE).await {
        Ok(own) => shown(&own, None).await,
        Err(response) => response,
    }
}

/// An amount as people write it; none where it may as well be in thousands, such as 1,500.
fn amount(text: &str) -> Option<Decimal> {
    let (whole, part) = text.trim().rsplit_once([',', '.']).unwrap_or((text, ""));
    let thousands = part.len() == 3 && !whole.trim_start_matches('0').is_empty();
    number(text).filter(|_| !thousands)
}

/// A number as people write it, with a point or a comma; none where it is none.
fn number(text: &str) -> Option<Decimal> {
    let text = text.trim().replace(',', ".");
    let digits = text.strip_prefix(['-', '−', '+']).unwrap_or(&text);
    let value = Decimal::from_str_exact(digits).ok().filter(|_| !digits.starts_with(['-', '+']))?;
    Some(if text.starts_with(['-', '−']) { -value } else { value })
}

/// What was typed, as a rule; none where something is wrong with it.
fn typed(own: &Entered, customer: Option<CustomerId>, fields: &mut Fields) -> Option<Rule> {
    let reader = &own.reader;
    let product = fields.value("product").trim().to_uppercase();
    let over: Option<Over> = match product.is_empty() {
        true => fields.value("over").parse().ok(),
        false => product.parse().ok().filter(|own| matches!(own, Over::Product(_) | Over::Sku(..))),
    };
    if over.is_none() {
        fields.complain("product", reader.t("margin-product-wrong"));
    }
    let currency: Option<Currency> = fields.value("currency").trim().parse().ok();
    let floor = fields.value("floor").trim().to_owned();
    let kind = fields.value("kind").to_owned();
    if currency.is_none() && (kind != "percent" || !floor.is_empty()) {
        fields.complain("currency", reader.t("margin-currency-wrong"));
    }
    let priced = |text: &str| UnitPrice::new(amount(text)?, currency?).ok();
    let value = fields.value("value").trim().to_owned();
    let margin = match kind.as_str() {
        "percent" => number(&value).and_then(percent).map(Margin::Percent),
        "fixed" => priced(&value).map(Margin::Fixed),
        "price" => priced(&value).map(Margin::Price),
        _ => None,
    };
    if margin.is_none() && (currency.is_some() || kind == "percent") {
        let (least, most) = (reader.number(PERCENT.0), reader.number(PERCENT.1));
        fields.complain(
            "value",
            match kind.as_str() {
                "percent" => reader.t2("margin-percent-wrong", "least", least, "most", most),
                _ => reader.t("margin-amount-wrong"),
            },
        );
    }
    let least = if floor.is_empty() { None } else { priced(&floor) };
    if least.is_none() && !floor.is_empty() && currency.is_some() {
        fields.complain("floor", reader.t("margin-amount-wrong"));
    }
    let from: Option<Date> = fields.value("from").trim().parse().ok();
    if from.is_none() {
        fields.complain("from", reader.t("margin-day-wrong"));
    }
    if !fields.is_right() {
        return None;
    }
    Some(Rule {
        id: MarginId::new(own.cx.ids()()),
        customer,
        over: over?,
        margin: margin?,
        floor: least,
        from: from?,
        until: None,
    })
}

/// `POST /margins`: adds a rule.
pub(super) async fn add(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageMargins, HERE).await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let mut fields = Fields::of(&own.form);
    let customer = match customer_of(&own) {
        Ok(customer) => customer,
        Err(error) => return failed(&own.api, &error),
    };
    let Some(rule) = typed(&own, customer, &mut fields) else { return shown(&own, Some(fields)).await };
    let scope = own.scope;
    let attempted = Entry::did(Operation::ChangeMargins, Resource::Partner, scope.partner());
    match own.act(attempted, move |tx, cx| use_cases::add(tx, cx, &scope, &rule)).await {
        Ok(()) => Redirect::to(&format!("{HERE}?done=added")).into_response(),
        Err(Error::Invalid { field, message }) => {
            let known = ["from", "product", "value", "currency"].into_iter().find(|own| *own == field);
            let why = invalid(&own.reader, &field, &message);
            fields.complain(known.unwrap_or("value"), why);
            shown(&own, Some(fields)).await
        }
        Err(error) => failed(&own.api, &error),
    }
}

/// `POST /margins/{margin}/end`.
pub(super) async fn end(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageMargins, HERE).await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let id: MarginId = match read_param(&path, "margin", Missing::Other("margin")) {
        Ok(id) => id,
        Err(error) => return failed(&own.api, &error),
    };
    let scope = own.scope;
    let attempted = Entry::did(Operation::ChangeMargins, Resource::Partner, id);
    match own.act(attempted, move |tx, cx| use_cases::end(tx, cx, &scope, id)).await {
        Ok(()) => Redirect::to(&format!("{HERE}?done=ended")).into_response(),
        // Sent twice it ended once.
        Err(Error::Store(chandlery_store::Error::Conflict { .. })) => Redirect::to(HERE).into_response(),
        Err(error) => failed(&own.api, &error),
    }
}

/// What a month comes to with a customer in one currency.
pub struct Earned {
    /// The currency.
    pub currency: String,
    /// What the partner owes.
    pub charged: String,
    /// What the customer owes.
    pub resold: String,
    /// What stays.
    pub margin: String,
}

/// What a month comes to with a customer.
///
/// # Errors
/// When it cannot be added up.
pub fn earned(reader: &Reader, sums: &[(Money, Money)]) -> Result<Vec<Earned>, Error> {
    sums.iter()
        .map(|(charged, resold)| {
            let margin = charged.negated().and_then(|own| resold.plus(own));
            Ok(Earned {
                currency: charged.currency().to_string(),
                charged: reader.money(*charged),
                resold: reader.money(*resold),
                margin: reader.money(margin.map_err(Error::internal)?),
            })
        })
        .collect()
}

const COLUMNS: [&str; 15] = [
    "BookedAt",
    "OrderNumber",
    "ChargeId",
    "ChargeType",
    "Product",
    "Quantity",
    "PeriodStart",
    "PeriodEnd",
    "UnitPrice",
    "EffectiveUnitPrice",
    "Amount",
    "Currency",
    "TaxIncluded",
    "PartnerAmount",
    "Reverses",
];

fn line(own: &Line) -> Result<[String; 15], Error> {
    let day = |first: bool| {
        own.days.map(|(from, to)| if first { from } else { to }.to_string()).unwrap_or_default()
    };
    let resale = &own.resale;
    Ok([
        own.at.to_string(),
        own.order.alternate().to_string(),
        resale.charge.to_string(),
        own.kind.as_str().to_owned(),
        harmless(&own.title).into_owned(),
        own.quantity.to_string(),
        day(true),
        day(false),
        resale.unit_price.value().to_string(),
        resale.effective_unit_price.to_string(),
        resale.amount.decimal().to_string(),
        resale.amount.currency().to_string(),
        own.includes_tax.to_string(),
        resale.charged.decimal().to_string(),
        resale.reverses.map(|id| id.to_string()).unwrap_or_default(),
    ])
}

type Place = (Timestamp, ChargeId);

fn piece(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    stretch: (Timestamp, Timestamp),
    after: Option<Place>,
) -> Result<(Vec<u8>, Option<Place>), Error> {
    let list = margins::of_customer(tx, scope, customer, stretch, after, PIECE)?;
    let mut text = Records::default();
    for own in &list {
        let cells = line(own)?;
        text.add(&cells.each_ref().map(String::as_str))?;
    }
    let full = i64::try_from(list.len()).unwrap_or(0) == PIECE;
    let next = list.last().filter(|_| full).map(|own| (own.at, own.resale.charge));
    Ok((text.finish()?, next))
}

/// `GET /customers/{customer}/billing/resales.csv`: what the customer owes the partner for a month, line by line.
pub(super) async fn file(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::ReadInvoices, "/customers").await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let month = month_of(ward.form.text("month"), utc_date(ward.cx.now));
    let stretch = month.checked_add(1.month()).map_err(Error::internal).and_then(|after| {
        Ok((start_of_day(month).map_err(Error::internal)?, start_of_day(after).map_err(Error::internal)?))
    });
    let (scope, customer) = (ward.scope, ward.customer);
    let known = ward.read(super::ward::found).await;
    let (stretch, head) = match (stretch, known, csv_line(&COLUMNS)) {
        (Ok(stretch), Ok(_), Ok(head)) => (stretch, head),
        (Err(error), ..) | (_, Err(error), _) | (.., Err(error)) => return failed(&ward.api, &error),
    };
    let name = format!("{}-{}.csv", param(&path, "customer").unwrap_or_default(), month.strftime("%Y-%m"));
    let installation = ward.api.installation.clone();
    csv_file(&name, head, move |after| {
        let installation = installation.clone();
        async move { installation.store.read(move |tx| piece(tx, &scope, customer, stretch, after)).await }
    })
}
