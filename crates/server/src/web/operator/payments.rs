//! What partners paid: statements of banks read, rows given to whoever paid, payments entered by hand and taken back.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chandlery_domain::access::Action;
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::bank::{BankRow, RowState, Unrecognised};
use chandlery_domain::calendar::utc_date;
use chandlery_domain::ids::PartnerId;
use chandlery_domain::money::{Currency, Money};
use chandlery_domain::payment::{Owed, Payment, REFERENCE_MAX};
use chandlery_store::bank::{self as stored, Kept};
use chandlery_store::{Write, partners, payments as paid};
use jiff::civil::Date;
use rust_decimal::Decimal;
use tokio::sync::Semaphore;

use super::{PAGE, address, receive, to};
use crate::api::{Api, Caller};
use crate::app::bank::{self, Guess};
use crate::app::{Context, payments};
use crate::error::Error;
use crate::outside::bank_statement;
use crate::texts::{self, Reader};
use crate::web::entered::Entered;
use crate::web::fields::{Fields, Most};
use crate::web::pages::Frame;
use crate::web::ward::act;
use crate::web::{Asked, cut, failed, page};

const HERE: &str = "/operator/payments";
/// How many recognised rows are entered at once.
const AT_ONCE: usize = 500;
/// Statements are read one at a time: each is held in memory.
static READING: Semaphore = Semaphore::const_new(1);

/// A row of a bank.
struct Row {
    reference: String,
    amount: String,
    day: String,
    payer: String,
    said: String,
    /// Whose it is, and the documents it names.
    guess: Option<(String, String)>,
    /// Why it is not entered by itself.
    why: Option<String>,
    /// What was typed about it and is wrong.
    typed: String,
    fault: Option<String>,
}

/// A payment.
struct PaymentRow {
    partner: String,
    partner_name: String,
    reference: String,
    amount: String,
    day: String,
    left: Option<String>,
    undone: bool,
}

/// A document that is late.
struct LateRow {
    partner: String,
    partner_name: String,
    number: String,
    open: String,
    due: String,
}

#[derive(Template)]
#[template(path = "operator_payments.html")]
struct Payments {
    frame: Frame,
    message: Option<String>,
    error: Option<String>,
    fault: Option<String>,
    most: Most,
    view: &'static str,
    /// Where this page of the list begins.
    after: String,
    /// Whether something is wrong with what was typed about a row.
    row_wrong: bool,
    waiting: String,
    recognised: bool,
    rows: Vec<Row>,
    entries: Vec<PaymentRow>,
    late: Vec<LateRow>,
    next: Option<String>,
    today: String,
    fields: Fields,
}

/// What was typed about a row, and why it is wrong.
struct WrongRow {
    reference: String,
    typed: String,
    why: String,
}

/// What is to be told on the page beside what is there.
#[derive(Default)]
struct Done {
    error: Option<String>,
    /// What is wrong with a file.
    file: Option<String>,
    /// What is wrong with a row.
    row: Option<WrongRow>,
    fields: Fields,
}

fn why(reader: &Reader, own: Unrecognised) -> String {
    match own {
        Unrecognised::NamesNone => reader.t("bank-names-none"),
        Unrecognised::NotThere(number) => reader.t1("bank-not-there", "number", number.to_string()),
        Unrecognised::Several => reader.t("bank-several"),
        Unrecognised::NotAlone => reader.t("bank-not-alone"),
        Unrecognised::OtherCurrency(number) => reader.t1("bank-other-currency", "number", number.to_string()),
    }
}

fn view_of(text: &str) -> &'static str {
    match text {
        "entered" => "entered",
        "late" => "late",
        "aside" => "aside",
        _ => "waiting",
    }
}

type Names = Vec<(PartnerId, String)>;

fn name_in(names: &Names, id: PartnerId) -> String {
    names.iter().find(|(own, _)| *own == id).map_or_else(|| id.to_string(), |(_, name)| name.clone())
}

fn row(reader: &Reader, own: BankRow, guess: Option<&Guess>, names: &Names, done: &Done) -> Row {
    let whose = guess.map(|own| &own.whose);
    let wrong = done.row.as_ref().filter(|wrong| wrong.reference == own.reference);
    Row {
        guess: whose.and_then(|own| own.as_ref().ok()).map(|(partner, numbers)| {
            let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
            (name_in(names, *partner), reader.list(&numbers))
        }),
        why: match guess {
            Some(Guess { whose: Err(own), .. }) => Some(why(reader, *own)),
            Some(Guess { alike: Some(before), .. }) => {
                Some(reader.t1("bank-alike", "reference", before.as_str()))
            }
            _ => None,
        },
        typed: wrong.map(|own| own.typed.clone()).unwrap_or_default(),
        fault: wrong.map(|own| own.why.clone()),
        amount: reader.money(own.amount),
        day: reader.date(own.received_on),
        reference: own.reference,
        payer: own.payer,
        said: own.said,
    }
}

/// What a view of the page lists, and where it goes on.
struct Listed {
    rows: Vec<(BankRow, Option<Guess>)>,
    entries: Vec<(PartnerId, paid::Kept)>,
    late: Vec<(PartnerId, Owed)>,
    names: Names,
    waiting: i64,
    next: Option<String>,
}

impl Listed {
    const fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.entries.is_empty() && self.late.is_empty()
    }
}

fn place(text: &str) -> Option<(Date, &str)> {
    let (day, rest) = text.split_once(' ')?;
    Some((day.parse().ok()?, rest))
}

/// The partner whose payment was just entered.
fn told_of(own: &Entered) -> Option<PartnerId> {
    own.form.text("partner").parse().ok()
}

async fn listed(own: &Entered, view: &'static str, after: String) -> Result<Listed, Error> {
    let (today, told) = (utc_date(own.cx.now), told_of(own));
    own.read(move |tx| {
        let waiting = stored::waiting(tx)?;
        let (mut rows, mut entries, mut late) = (Vec::new(), Vec::new(), Vec::new());
        let next;
        let mut ids: Vec<PartnerId> = told.into_iter().collect();
        if view == "entered" {
            let after = place(&after).and_then(|(day, rest)| {
                let (partner, reference) = rest.split_once(' ')?;
                Some((day, partner.parse().ok()?, reference.to_owned()))
            });
            entries = paid::latest(tx, after.as_ref(), PAGE + 1)?;
            let more = cut(&mut entries, PAGE);
            next = entries.last().filter(|_| more).map(|(partner, last)| {
                format!("{} {partner} {}", last.payment.received_on, last.payment.reference)
            });
            ids.extend(entries.iter().map(|(id, _)| *id));
        } else if view == "late" {
            let after = place(&after).and_then(|(day, number)| Some((day, number.parse().ok()?)));
            late = paid::late(tx, today, after, PAGE + 1)?;
            let more = cut(&mut late, PAGE);
            next = late.last().filter(|_| more).map(|(_, last)| format!("{} {}", last.due_on, last.number));
            ids.extend(late.iter().map(|(id, _)| *id));
        } else {
            let state = if view == "aside" { RowState::Dismissed } else { RowState::Waiting };
            let after = place(&after).map(|(day, reference)| (day, reference.to_owned()));
            let mut found: Vec<Kept> = stored::page(tx, state, after.as_ref(), PAGE + 1)?;
            let more = cut(&mut found, PAGE);
            next = found
                .last()
                .filter(|_| more)
                .map(|last| format!("{} {}", last.row.received_on, last.row.reference));
            let own: Vec<&BankRow> = found.iter().map(|own| &own.row).collect();
            let guesses = match state {
                RowState::Waiting => bank::guesses(tx, &own)?.into_iter().map(Some).collect(),
                _ => vec![None; found.len()],
            };
            ids.extend(guesses.iter().flatten().filter_map(|own: &Guess| Some(own.whose.as_ref().ok()?.0)));
            rows = found.into_iter().map(|own| own.row).zip(guesses).collect();
        }
        ids.sort_unstable();
        ids.dedup();
        let names = if ids.is_empty() { Vec::new() } else { partners::names(tx, &ids)? };
        Ok(Listed { rows, entries, late, names, waiting, next })
    })
    .await
}

fn entry(reader: &Reader, (partner, own): (PartnerId, paid::Kept), names: &Names) -> PaymentRow {
    let left = own.payment.amount.plus(Money::new(-own.used.minor(), own.used.currency())).ok();
    PaymentRow {
        partner_name: name_in(names, partner),
        partner: partner.to_string(),
        amount: reader.money(own.payment.amount),
        day: reader.date(own.payment.received_on),
        left: left.filter(|own| own.minor() > 0).map(|left| reader.money(left)),
        undone: own.undone_at.is_some(),
        reference: own.payment.reference,
    }
}

async fn shown(own: &Entered, done: Done) -> Response {
    let view = view_of(own.form.text("view"));
    let mut after = own.form.text("after").to_owned();
    let mut found = listed(own, view, after.clone()).await;
    // Where the last row of a page was decided the list begins anew.
    if !after.is_empty() && found.as_ref().is_ok_and(Listed::is_empty) {
        after = String::new();
        found = listed(own, view, String::new()).await;
    }
    let Listed { rows, entries, late, names, waiting, next } = match found {
        Ok(listed) => listed,
        Err(error) => return failed(&own.api, &error),
    };
    let (reader, told) = (&own.reader, told_of(own));
    let count = |name: &str| own.form.text(name).parse::<i64>().ok().unwrap_or_default();
    let message = match own.form.text("done") {
        "read" => Some(reader.with(
            "bank-read",
            [
                ("fresh", count("fresh").into()),
                ("known", count("known").into()),
                ("others", count("others").into()),
            ],
        )),
        "recognised" => Some(reader.t1("bank-entered-many", "count", count("entered"))),
        "entered" => {
            let partner = told.map(|id| name_in(&names, id)).unwrap_or_default();
            Some(reader.t1("bank-done-entered", "partner", partner))
        }
        word @ ("aside" | "back" | "taken-back") => Some(reader.word("bank-done", word)),
        _ => None,
    };
    // Somebody else may have decided the row meanwhile, or it is on another page.
    let mut done = done;
    if let Some(row) = &done.row
        && !rows.iter().any(|(own, _)| own.reference == row.reference)
    {
        done.error = Some(row.why.clone());
    }
    let wrong = done.error.is_some() || done.file.is_some() || done.row.is_some() || !done.fields.is_right();
    let body = Payments {
        frame: own.frame(),
        message: message.filter(|_| !wrong),
        most: Most::of(reader, bank_statement::LARGEST),
        view,
        row_wrong: done.row.is_some(),
        waiting: reader.number(waiting),
        // Those on other pages are entered too.
        recognised: view == "waiting"
            && (next.is_some()
                || !after.is_empty()
                || rows.iter().any(|(_, guess)| guess.as_ref().is_some_and(Guess::is_clear))),
        after,
        rows: rows.into_iter().map(|(one, guess)| row(reader, one, guess.as_ref(), &names, &done)).collect(),
        entries: entries.into_iter().map(|one| entry(reader, one, &names)).collect(),
        late: late
            .into_iter()
            .map(|(partner, one)| LateRow {
                partner_name: name_in(&names, partner),
                partner: partner.to_string(),
                number: one.number.to_string(),
                open: reader.money(one.open),
                due: reader.date(one.due_on),
            })
            .collect(),
        next: next.map(|after| address(HERE, &[("view", view), ("after", &after)])),
        today: utc_date(own.cx.now).to_string(),
        error: done.error,
        fault: done.file,
        fields: done.fields,
    };
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page(&own.api, status, &body)
}

/// `GET /operator/payments`.
pub(in crate::web) async fn show(asked: Asked) -> Response {
    match Entered::of(asked, Action::ManageBilling, HERE).await {
        Ok(own) => shown(&own, Done::default()).await,
        Err(response) => response,
    }
}

/// `POST /operator/payments/statements`: keeps what a bank's statement says came in.
pub(in crate::web) async fn statement(
    State(api): State<Api>,
    caller: Caller,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let own = match Entered::unread(api, &caller, &headers, Action::ManageBilling, HERE).await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let wrong = |why: String| Done { file: Some(why), ..Done::default() };
    let Ok(turn) = READING.try_acquire() else {
        return shown(&own, wrong(own.reader.t("bank-busy"))).await;
    };
    let mut file = Vec::new();
    if let Err(why) = receive(&own.api, request, bank_statement::LARGEST, &mut file).await {
        return match why.told(&own.reader, bank_statement::LARGEST) {
            Ok(fault) => shown(&own, wrong(fault)).await,
            Err(error) => failed(&own.api, &error),
        };
    }
    let read = tokio::task::spawn_blocking(move || bank_statement::read(&file)).await;
    drop(turn);
    let statement = match read {
        Ok(Ok(statement)) => statement,
        Ok(Err(why)) => {
            let why = texts::invalid(&own.reader, "statement", &why);
            return shown(&own, wrong(why)).await;
        }
        Err(error) => return failed(&own.api, &Error::internal(error)),
    };
    let attempted = Entry::did(Operation::ReadStatement, Resource::BankRow, "");
    match own.act(attempted, move |tx, cx| bank::keep(tx, cx, &statement)).await {
        Ok(taken) => {
            let values = [taken.fresh, taken.known, taken.others].map(|own| own.to_string());
            let [fresh, known, others] = &values;
            let values = [("done", "read"), ("fresh", fresh), ("known", known), ("others", others)];
            to(&address(HERE, &values))
        }
        Err(error) => failed(&own.api, &error),
    }
}

/// `POST /operator/payments/recognised`: enters every row whose text says whose it is, one after another; what somebody else decides
/// meanwhile is left alone.
pub(in crate::web) async fn recognised(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageBilling, HERE).await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let (mut entered, mut after) = (0_usize, None);
    while entered < AT_ONCE {
        let place = after.clone();
        let read = own.read(move |tx| {
            let found = stored::page(tx, RowState::Waiting, place.as_ref(), PAGE)?;
            let rows: Vec<&BankRow> = found.iter().map(|own| &own.row).collect();
            let guesses = bank::guesses(tx, &rows)?;
            Ok((found, guesses))
        });
        let (found, guesses) = match read.await {
            Ok(found) => found,
            Err(error) => return failed(&own.api, &error),
        };
        let Some(last) = found.last() else { break };
        after = Some((last.row.received_on, last.row.reference.clone()));
        for (one, _) in found.iter().zip(&guesses).filter(|(_, guess)| guess.is_clear()) {
            let reference = one.row.reference.clone();
            let attempted = Entry::did(Operation::RecordPayment, Resource::BankRow, &reference);
            // Each is a deed of its own, with an entry of its own in the log.
            let cx = own.cx.anew();
            let work = move |tx: &mut Write<'_>, cx: &Context| bank::enter_recognised(tx, cx, &reference);
            match act(&own.api, &cx, attempted, work).await {
                Ok(()) => entered = entered.saturating_add(1),
                Err(Error::Invalid { .. } | Error::NotFound(_)) => {}
                Err(error) => return failed(&own.api, &error),
            }
        }
    }
    to(&address(HERE, &[("done", "recognised"), ("entered", &entered.to_string())]))
}

/// `POST /operator/payments/rows`: gives a row to whoever paid, puts it aside, or lets it wait again.
pub(in crate::web) async fn sort(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageBilling, HERE).await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let reference = own.form.text("reference").to_owned();
    let step = own.form.text("step").to_owned();
    let paid_by = own.form.text("paid_by").to_owned();
    let typed = paid_by.clone();
    let attempted = match step.as_str() {
        "enter" => Entry::did(Operation::RecordPayment, Resource::BankRow, &reference),
        _ => Entry::did(Operation::SortBankRow, Resource::BankRow, &reference),
    };
    let (name, how) = (reference.clone(), step.clone());
    let done = own
        .act(attempted, move |tx, cx| match how.as_str() {
            "enter" => {
                let (partner, numbers) = bank::meant(tx, &paid_by)?;
                let ((), entry) = bank::enter(tx, cx, &name, (partner, &numbers))?;
                Ok((Some(partner), entry))
            }
            other => {
                let ((), entry) = bank::put_aside(tx, cx, &name, other == "aside")?;
                Ok((None, entry))
            }
        })
        .await;
    match done {
        Ok(whose) => {
            let word = match step.as_str() {
                "enter" => "entered",
                "aside" => "aside",
                _ => "back",
            };
            let whose = whose.map(|own| own.to_string()).unwrap_or_default();
            let (view, after) = (own.form.text("view"), own.form.text("after"));
            let values = [("done", word), ("partner", whose.as_str()), ("view", view), ("after", after)];
            to(&address(HERE, &values))
        }
        Err(Error::Invalid { field, message }) => {
            let why = texts::invalid(&own.reader, &field, &message);
            let decided = field == "reference";
            let done = Done {
                error: decided.then(|| why.clone()),
                row: (!decided).then_some(WrongRow { reference, typed, why }),
                ..Done::default()
            };
            shown(&own, done).await
        }
        Err(error) => failed(&own.api, &error),
    }
}

/// A payment as it was typed; what is wrong with it stands in `fields`.
fn typed(reader: &Reader, fields: &mut Fields) -> Option<Payment> {
    let reference = fields.required(reader, "reference", REFERENCE_MAX);
    let currency: Option<Currency> = fields.value("currency").trim().to_uppercase().parse().ok();
    if currency.is_none() {
        fields.complain("currency", reader.t("op-limit-currency-wrong"));
    }
    let amount = currency.and_then(|currency| {
        let exact = Decimal::from_str_exact(fields.value("amount").trim()).ok()?;
        Money::exact(exact, currency).filter(|own| own.minor() > 0)
    });
    if currency.is_some() && amount.is_none() {
        fields.complain("amount", reader.t("bank-amount-wrong"));
    }
    let day: Option<Date> = fields.value("day").parse().ok();
    if day.is_none() {
        fields.complain("day", reader.t("field-choose"));
    }
    fields.required(reader, "paid_by", 200);
    Some(Payment { reference, amount: amount?, received_on: day? }).filter(|_| fields.is_right())
}

/// `POST /operator/payments`: enters a payment by hand.
pub(in crate::web) async fn enter(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageBilling, HERE).await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let mut fields = Fields::of(&own.form);
    let Some(payment) = typed(&own.reader, &mut fields) else {
        return shown(&own, Done { fields, ..Done::default() }).await;
    };
    let paid_by = fields.value("paid_by").to_owned();
    let attempted = Entry::did(Operation::RecordPayment, Resource::Invoice, &payment.reference);
    let done = own
        .act(attempted, move |tx, cx| {
            let (partner, numbers) = bank::meant(tx, &paid_by)?;
            let scope = Context::system(partner, cx.now, "bank").authorize(Action::ManageBilling)?;
            let (_, entry) = payments::enter(tx, cx, &scope, &payment, &numbers)?;
            Ok((partner, bank::of_partner(entry, partner)))
        })
        .await;
    match done {
        Ok(whose) => {
            let whose = whose.to_string();
            to(&address(HERE, &[("view", "entered"), ("done", "entered"), ("partner", &whose)]))
        }
        Err(Error::Invalid { field, message }) => {
            let why = texts::invalid(&own.reader, &field, &message);
            match field.as_str() {
                "reference" => fields.complain("reference", why),
                "amount" => fields.complain("amount", why),
                "day" => fields.complain("day", why),
                _ => fields.complain("paid_by", why),
            }
            shown(&own, Done { fields, ..Done::default() }).await
        }
        Err(error) => failed(&own.api, &error),
    }
}

/// `POST /operator/payments/take-back`.
pub(in crate::web) async fn take_back(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageBilling, HERE).await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let Ok(partner) = own.form.text("partner").parse::<PartnerId>() else { return to(HERE) };
    let reference = own.form.text("reference").to_owned();
    let attempted = Entry::did(Operation::RecordPayment, Resource::Invoice, &reference);
    match own.act(attempted, move |tx, cx| bank::take_back(tx, cx, partner, &reference)).await {
        Ok(()) => to(&address(HERE, &[("view", "entered"), ("done", "taken-back")])),
        Err(error) => failed(&own.api, &error),
    }
}
