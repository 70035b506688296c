//! Giving an Azure reservation back, or exchanging it: what comes back to the cent and why, how much of the cap is left, what the
//! new one costs, and only then the button (rule 7.8).

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::access::Action;
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::cart::Wanted;
use chandlery_domain::catalog::Offer;
use chandlery_domain::customer::Customer;
use chandlery_domain::ids::{CatalogItemId, ReservationId};
use chandlery_domain::reservation::{RefundRule, Reservation};
use chandlery_store::reservations as stored;
use rust_decimal::Decimal;

use super::cancel::worked_out;
use super::pages::Frame;
use super::products::{way_label, way_of, way_word};
use super::ward::{Head, Ward, found, param, read_param, ward};
use super::{Asked, failed, page};
use crate::app::give_back::{GiveBack, Quoted, Shown, choices, give_back, quote_of};
use crate::app::reservations::RESERVATION;
use crate::error::Error;
use crate::texts::{self, Html, Reader};

/// How many that it could be exchanged for are offered at once.
const CHOICES: i64 = 50;

/// What comes back, step by step.
struct Sums {
    steps: Vec<String>,
    fee: Option<String>,
    credit: String,
    /// The same for the form that sends it back.
    shown: String,
    until: String,
    holds: Html,
    policy: String,
    /// How much of the cap is used, of how much, in words and in hundredths.
    cap: Option<(String, i64)>,
}

/// What it is exchanged for.
struct Other {
    title: String,
    sum: String,
    /// The same for the form that sends it back.
    shown: String,
    /// What is to be paid beside what the old one is worth.
    more: String,
}

/// What can be chosen.
struct Offered {
    value: String,
    label: String,
}

#[derive(Template)]
#[template(path = "give_back.html")]
struct GiveBackPage {
    frame: Frame,
    head: Head,
    id: String,
    name: String,
    title: String,
    most: u32,
    quantity: String,
    exchanges: bool,
    search: String,
    options: Vec<Offered>,
    more_options: bool,
    chosen: String,
    count: String,
    sums: Option<Sums>,
    other: Option<Other>,
    /// Why it cannot be done; with whom it can be asked.
    refused: Option<String>,
    support: Option<String>,
    error: Option<String>,
}

/// What somebody asks for on the page.
struct Meant {
    id: ReservationId,
    quantity: Option<u32>,
    exchanges: bool,
    /// What it is exchanged for: item, way and how many.
    wanted: Option<Wanted>,
}

impl Meant {
    fn of(ward: &Ward, id: ReservationId) -> Self {
        let number = |name: &str| {
            let text = ward.form.text(name).trim();
            (!text.is_empty()).then(|| text.parse().unwrap_or(0))
        };
        let exchanges = ward.form.text("way") == "exchange";
        let wanted = ward.form.text("for").split_once(' ').and_then(|(item, way)| {
            let (term, cycle) = way_of(way)?;
            Some(Wanted {
                number: 0,
                item: item.parse::<CatalogItemId>().ok()?,
                quantity: number("count").unwrap_or(1),
                term: Some(term),
                cycle,
                friendly_name: None,
                reseller: None,
                context: Vec::new(),
            })
        });
        Self { id, quantity: number("quantity"), exchanges, wanted: wanted.filter(|_| exchanges) }
    }

    /// What is to be reckoned; nothing while nothing is chosen that it could be exchanged for.
    fn asks(&self, ward: &Ward, shown: Shown) -> Option<GiveBack> {
        let exchange = self.wanted.clone().map(|own| vec![own]);
        (self.exchanges == exchange.is_some()).then_some(GiveBack {
            customer: ward.customer,
            reservation: self.id,
            quantity: self.quantity,
            exchange,
            shown,
        })
    }
}

fn percent(reader: &Reader, rule: &RefundRule) -> String {
    reader.percent(Decimal::new(i64::from(rule.fee), 4))
}

/// What a row says.
pub(super) fn policy(reader: &Reader, rule: &RefundRule) -> String {
    reader.with(
        if rule.all_at_first { "give-back-policy-all" } else { "give-back-policy-part" },
        [
            ("days", u32::from(rule.first_days).into()),
            ("percent", percent(reader, rule).into()),
            ("from", reader.date(rule.effective_from).into()),
        ],
    )
}

fn sums(reader: &Reader, own: &Quoted) -> Result<Sums, Error> {
    let refund = &own.refund;
    let mut steps = Vec::new();
    for part in &refund.parts {
        steps.push(worked_out(reader, (part.unit_price, refund.quantity), part.share, part.worth)?);
        if part.unit_price != part.charge.unit_price {
            steps.push(reader.t2(
                "give-back-cheaper",
                "paid",
                reader.unit_price(part.charge.unit_price),
                "now",
                reader.unit_price(part.unit_price),
            ));
        }
    }
    let fee = (refund.fee.minor() > 0).then(|| {
        reader.with(
            "give-back-fee",
            [
                ("percent", percent(reader, &refund.rule).into()),
                ("worth", reader.money(refund.worth).into()),
                ("fee", reader.money(refund.fee).into()),
            ],
        )
    });
    let cap = own.capped.as_ref().map(|capped| {
        let most = capped.cap.most;
        let used = most.minor().saturating_sub(capped.left.minor());
        let share = used.saturating_mul(100).checked_div(most.minor()).unwrap_or(100);
        let text = reader.with(
            "give-back-cap",
            [
                ("given", reader.money(capped.given).into()),
                ("months", u32::from(capped.cap.months).into()),
                ("left", reader.money(capped.left).into()),
                ("most", reader.money(most).into()),
            ],
        );
        (text, share.clamp(0, 100))
    });
    Ok(Sums {
        steps,
        fee,
        credit: reader.money(refund.credit),
        shown: refund.credit.decimal().to_string(),
        until: refund.holds_until.to_string(),
        holds: reader.deadline(refund.holds_until),
        policy: policy(reader, &refund.rule),
        cap,
    })
}

/// What is read for the page.
struct Known {
    customer: Customer,
    own: Reservation,
    quoted: Option<Result<Quoted, Error>>,
    choices: (Vec<Offer>, bool),
}

async fn answer(ward: &Ward, meant: Meant, error: Option<String>) -> Response {
    let (id, wish, cx) = (meant.id, meant.asks(ward, Shown::default()), ward.cx.clone());
    let search = ward.form.text("search").trim().to_owned();
    let (words, exchanges) = (search.clone(), meant.exchanges);
    let read = ward.read(move |tx, scope, customer| {
        let own = stored::find_many(tx, scope, customer, &[id])?.pop().ok_or(Error::NotFound(RESERVATION))?;
        let list = match exchanges {
            true => choices(tx, &cx, scope, &own, (&words, CHOICES))?,
            false => (Vec::new(), false),
        };
        let quoted = wish.map(|wish| quote_of(tx, &cx, scope, &wish, own.clone()));
        Ok(Known { customer: found(tx, scope, customer)?, own, quoted, choices: list })
    });
    let known = match read.await {
        Ok(known) => known,
        Err(error) => return failed(&ward.api, &error),
    };
    let reader = &ward.reader;
    let (mut shown, mut other, mut refused) = (None, None, None);
    match known.quoted {
        None => {}
        Some(Ok(quoted)) => {
            shown = match sums(reader, &quoted) {
                Ok(sums) => Some(sums),
                Err(error) => return failed(&ward.api, &error),
            };
            other = quoted.exchange.as_ref().map(|(order, sum)| Other {
                title: order.lines.iter().map(|line| line.title.as_str()).collect::<Vec<_>>().join(", "),
                sum: reader.money(*sum),
                shown: sum.decimal().to_string(),
                more: quoted
                    .refund
                    .worth
                    .negated()
                    .and_then(|worth| sum.plus(worth))
                    .map_or_else(|_| String::new(), |more| reader.money(more)),
            });
        }
        Some(Err(Error::Refused(refusal))) => refused = Some(texts::refusal(reader, &refusal)),
        Some(Err(Error::Invalid { field, message })) => {
            refused = Some(texts::invalid(reader, &field, &message));
        }
        Some(Err(error)) => return failed(&ward.api, &error),
    }
    let own = &known.own;
    let support = refused.is_some() && ward.may(Action::RaiseCustomerRequest);
    let wrong = error.is_some();
    let body = GiveBackPage {
        head: Head::new(ward, &known.customer, "/reservations"),
        id: own.id.to_string(),
        name: own.name.clone(),
        title: own.title.clone(),
        most: own.quantity,
        quantity: meant.quantity.unwrap_or(own.quantity).to_string(),
        exchanges: meant.exchanges,
        search,
        options: known
            .choices
            .0
            .iter()
            .map(|choice| Offered {
                value: format!("{} {}", choice.item, way_word(choice.term, choice.plan)),
                label: format!(
                    "{}, {}: {}",
                    choice.title,
                    way_label(reader, choice.term, choice.plan),
                    reader.unit_price(choice.unit_price)
                ),
            })
            .collect(),
        more_options: known.choices.1,
        chosen: ward.form.text("for").to_owned(),
        count: meant.wanted.map_or(1, |own| own.quantity).to_string(),
        sums: shown,
        other,
        refused,
        support: support
            .then(|| format!("/support/new?topic=refund&customer={}&order={}", ward.customer, own.order)),
        error,
        frame: ward.frame(),
    };
    page(&ward.api, if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &body)
}

async fn manager(path: &[(String, String)], asked: Asked) -> Result<(Ward, ReservationId), Response> {
    let back = format!(
        "/customers/{}/reservations/{}/give-back",
        param(path, "customer").unwrap_or_default(),
        param(path, "reservation").unwrap_or_default()
    );
    let ward = ward(path, asked, Action::ManageReservations, &back).await?;
    match read_param(path, "reservation", RESERVATION) {
        Ok(id) => Ok((ward, id)),
        Err(error) => Err(failed(&ward.api, &error)),
    }
}

/// `GET /customers/{customer}/reservations/{reservation}/give-back`.
pub(super) async fn show(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    match manager(&path, asked).await {
        Ok((ward, id)) => {
            let meant = Meant::of(&ward, id);
            answer(&ward, meant, None).await
        }
        Err(response) => response,
    }
}

/// `POST /customers/{customer}/reservations/{reservation}/give-back`: what was shown is done, or it says what changed.
pub(super) async fn submit(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let (ward, id) = match manager(&path, asked).await {
        Ok(manager) => manager,
        Err(response) => return response,
    };
    let meant = Meant::of(&ward, id);
    if ward.form.text("agreed") != "on" {
        let error = ward.reader.t("give-back-tick-first");
        return answer(&ward, meant, Some(error)).await;
    }
    let sum = |name: &str| ward.form.text(name).parse::<Decimal>().ok();
    let (credit, commitment) = (sum("credit"), sum("commitment"));
    let shown = Shown { credit, until: ward.form.text("until").parse().ok(), commitment };
    let known = credit.is_some() && (commitment.is_some() || !meant.exchanges);
    let Some(wish) = meant.asks(&ward, shown).filter(|_| known) else {
        return answer(&ward, meant, Some(ward.reader.t("give-back-look-first"))).await;
    };
    let (operation, word) = match meant.exchanges {
        true => (Operation::ExchangeReservation, "exchanged"),
        false => (Operation::RefundReservation, "returned"),
    };
    let scope = ward.scope;
    let attempted = Entry::did(operation, Resource::Reservation, id);
    let done = ward.act(attempted, move |tx, cx| give_back(tx, cx, &scope, &wish)).await;
    let error = match done {
        Ok(_) => return Redirect::to(&ward.at(&format!("/reservations?done={word}"))).into_response(),
        Err(Error::Invalid { field, message }) => texts::invalid(&ward.reader, &field, &message),
        Err(Error::Refused(refusal)) => texts::refusal(&ward.reader, &refusal),
        Err(error) => return failed(&ward.api, &error),
    };
    answer(&ward, meant, Some(error)).await
}
