//! Who somebody is on invoices and for tax: the partner says so of itself, the operator of the seller.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use chandlery_domain::access::Action;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::calendar::utc_date;
use chandlery_domain::invoice::{Month, Party};
use chandlery_domain::refusal::Refusal;
use chandlery_store::{markets, tax};
use jiff::civil::Date;

use super::entered::Entered;
use super::fields::{Difference, Fields};
use super::pages::Frame;
use super::{Asked, failed, page, refused};
use crate::app::billing_party::{self, Faults, Typed};
use crate::error::Error;
use crate::texts::Reader;

/// How many markets there can be: countries of the world.
const MARKETS_MAX: i64 = 400;

/// Whose details a page is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Partner,
    Seller,
}

impl Whose {
    const fn address(self) -> &'static str {
        match self {
            Self::Partner => "/company/tax",
            Self::Seller => "/operator/seller",
        }
    }

    const fn action(self) -> Action {
        match self {
            Self::Partner => Action::ManageTaxProfile,
            Self::Seller => Action::ManageBilling,
        }
    }
}

#[derive(Template)]
#[template(path = "tax_details.html")]
struct Details {
    frame: Frame,
    address: &'static str,
    seller: bool,
    fields: Fields,
    countries: Vec<(String, String)>,
    /// From when what is typed may count: day and words.
    starts: Vec<(String, String)>,
    /// What was said for later days: since when, and the name.
    later: Vec<(String, String)>,
    /// What stands there, for the form to send back.
    seen: String,
    message: Option<String>,
    error: Option<String>,
    differences: Vec<Difference>,
}

/// What was typed: wrong, or into a form that somebody else was quicker with.
enum Sent {
    Wrong(Fields),
    Stale(Fields),
}

/// The fields with the ids of their labels.
const LABELS: [(&str, &str); 17] = [
    ("name", "tax-name"),
    ("line", "tax-line"),
    ("line2", "tax-line2"),
    ("line3", "tax-line3"),
    ("city", "tax-city"),
    ("postal_code", "tax-postal-code"),
    ("country", "tax-country"),
    ("region", "tax-region"),
    ("tax_id", "tax-tax-id"),
    ("email", "tax-email"),
    ("contact", "tax-contact"),
    ("phone", "tax-phone"),
    ("registration", "tax-registration"),
    ("reference", "tax-reference"),
    ("electronic_address", "tax-electronic-address"),
    ("iban", "tax-iban"),
    ("bic", "tax-bic"),
];

/// What stands in the form for a party.
fn filled(own: &Party) -> Fields {
    let text = |own: &Option<String>| own.clone().unwrap_or_default();
    let line = |place: usize| own.lines.get(place).cloned().unwrap_or_default();
    let (more, account) = (&own.more, own.more.account.as_ref());
    let values = [
        ("name", own.name.clone()),
        ("line", line(0)),
        ("line2", line(1)),
        ("line3", line(2)),
        ("city", own.city.clone()),
        ("postal_code", own.postal_code.clone()),
        ("country", own.place.country.to_string()),
        ("region", text(&own.place.region)),
        ("tax_id", text(&own.place.tax_id)),
        ("email", own.email.clone()),
        ("contact", text(&more.contact)),
        ("phone", text(&more.phone)),
        ("registration", text(&more.registration)),
        ("reference", text(&more.reference)),
        ("electronic_address", text(&more.electronic_address)),
        ("iban", account.map(|own| own.iban.clone()).unwrap_or_default()),
        ("bic", account.and_then(|own| own.bic.clone()).unwrap_or_default()),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Fields::with(&values)
}

fn typed(fields: &Fields) -> Typed {
    let text = |name: &str| fields.value(name).to_owned();
    Typed {
        name: text("name"),
        lines: ["line", "line2", "line3"].map(text).to_vec(),
        city: text("city"),
        postal_code: text("postal_code"),
        country: text("country"),
        region: text("region"),
        tax_id: text("tax_id"),
        email: text("email"),
        contact: text("contact"),
        phone: text("phone"),
        registration: text("registration"),
        reference: text("reference"),
        electronic_address: text("electronic_address"),
        iban: text("iban"),
        bic: text("bic"),
    }
}

/// From when a change may count: the month that runs, or the next one. Earlier months may be billed, and a document never
/// changes; what is said first counts from the beginning.
fn starts(reader: &Reader, today: Date, known: bool) -> Result<Vec<(String, String)>, Error> {
    if !known {
        return Ok(vec![(BEGINNING.to_string(), reader.t("tax-from-beginning"))]);
    }
    let this = Month::of(today);
    let next = this.next().map_err(Error::internal)?;
    Ok([next, this].map(|own| (own.first().to_string(), reader.date(own.first()))).to_vec())
}

/// From when the first that is said of a partner counts.
const BEGINNING: Date = Date::constant(1, 1, 1);

async fn shown(own: &Entered, whose: Whose, typed: Option<Sent>) -> Response {
    match shown_page(own, whose, typed).await {
        Ok((status, body)) => page(&own.api, status, &body),
        Err(error) => failed(&own.api, &error),
    }
}

async fn shown_page(
    own: &Entered,
    whose: Whose,
    typed: Option<Sent>,
) -> Result<(StatusCode, Details), Error> {
    let (scope, today) = (own.scope, utc_date(own.cx.now));
    let read = own.read(move |tx| {
        let (now, later) = match whose {
            Whose::Seller => (tax::seller(tx)?, Vec::new()),
            Whose::Partner => {
                let mut all = tax::profiles(tx, &scope, (today, Date::MAX))?.into_iter();
                (all.next().map(|(_, own)| own), all.collect::<Vec<_>>())
            }
        };
        Ok((now, later, markets::list(tx, "", MARKETS_MAX)?))
    });
    let (now, later, list) = read.await?;
    let reader = &own.reader;
    let mut countries: Vec<(String, String)> =
        list.iter().map(|market| (market.country.to_string(), reader.country(market.country))).collect();
    reader.sort(&mut countries, |own| own.1.as_str());
    countries.insert(0, (String::new(), reader.t("tax-choose")));
    let latest = later.last().map(|(_, own)| own).or(now.as_ref());
    let stored = latest.map(filled).unwrap_or_default();
    let mut seen = stored.seen();
    let (status, fields, error, differences) = match typed {
        None => (StatusCode::OK, stored, None, Vec::new()),
        Some(Sent::Wrong(typed)) => {
            // What was seen stays what was seen, whatever was typed meanwhile by others.
            if typed.has("seen") {
                typed.value("seen").clone_into(&mut seen);
            }
            (StatusCode::UNPROCESSABLE_ENTITY, typed, None, Vec::new())
        }
        Some(Sent::Stale(typed)) => {
            // A form has only some of them.
            let sent: Vec<(&str, &str)> = LABELS.into_iter().filter(|own| typed.has(own.0)).collect();
            let differences = typed.differences(reader, &stored, &sent);
            (StatusCode::CONFLICT, stored, Some(reader.t("stale")), differences)
        }
    };
    let body = Details {
        frame: own.frame(),
        address: whose.address(),
        seller: whose == Whose::Seller,
        fields,
        countries,
        starts: match whose {
            Whose::Seller => Vec::new(),
            Whose::Partner => starts(reader, today, latest.is_some())?,
        },
        later: later.iter().map(|(from, own)| (reader.date(*from), own.name.clone())).collect(),
        seen,
        message: own.done(&[("saved", "tax-saved")]).filter(|_| status == StatusCode::OK),
        error,
        differences,
    };
    Ok((status, body))
}

async fn look(asked: Asked, whose: Whose) -> Response {
    match Entered::of(asked, whose.action(), whose.address()).await {
        Ok(own) => shown(&own, whose, None).await,
        Err(response) => response,
    }
}

async fn save(asked: Asked, whose: Whose) -> Response {
    let own = match Entered::of(asked, whose.action(), whose.address()).await {
        Ok(own) => own,
        Err(response) => return response,
    };
    // Whoever changes the seller decides into which account every partner pays.
    if whose == Whose::Seller
        && let Err(error) = own.cx.needs_fresh_factor()
    {
        return refused(&own.api, &error, whose.address());
    }
    let mut fields = Fields::of(&own.form);
    let party = match billing_party::party(&typed(&fields)) {
        Ok(party) => party,
        Err(Faults(wrong)) => {
            for (field, why) in wrong {
                let label = own.reader.word("tax", field);
                fields.complain(field, format!("{label} {}.", why.said(&own.reader)));
            }
            return shown(&own, whose, Some(Sent::Wrong(fields))).await;
        }
    };
    let (scope, from) = (own.scope, own.form.text("from").parse::<Date>().ok());
    let seen = own.form.has("seen").then(|| own.form.text("seen").to_owned());
    // Whoever typed into what somebody else changed meanwhile did not see that.
    let stands = move |now: Option<&Party>| match &seen {
        Some(seen) if *seen != now.map(filled).unwrap_or_default().seen() => {
            Err(Error::from(Refusal::StaleEtag))
        }
        _ => Ok(()),
    };
    let entry = Entry::did(Operation::ChangeTax, Resource::Partner, scope.partner());
    let attempted = entry.clone();
    let done = own.act(attempted, move |tx, cx| {
        let mut facts =
            vec![Fact::new("tax_change", if whose == Whose::Seller { "seller" } else { "profile" })];
        match whose {
            Whose::Seller => {
                let before = tax::seller(tx)?;
                stands(before.as_ref())?;
                let before = before.and_then(|own| own.more.account);
                if before != party.more.account {
                    let iban = party.more.account.as_ref().map(|own| own.iban.as_str());
                    facts.push(Fact::new("iban", iban.unwrap_or_default()));
                }
                tax::set_seller(tx, &party)?;
            }
            Whose::Partner => {
                let today = utc_date(cx.now);
                let this = Month::of(today).first();
                let before = tax::profile(tx, &scope, Date::MAX)?;
                stands(before.as_ref().map(|(_, own)| own))?;
                // A certificate is the operator's to enter; it goes on where the place is the same.
                let mut party = party.clone();
                let from = match &before {
                    None => BEGINNING,
                    Some((_, old)) => {
                        let (there, here) = (&old.place, &party.place);
                        if (there.country, &there.region) == (here.country, &here.region) {
                            party.place.exempt.clone_from(&old.place.exempt);
                        }
                        from.unwrap_or(this).max(this)
                    }
                };
                tax::set_profile(tx, &scope, from, &party, cx.now)?;
                facts.push(Fact::new("effective_from", from));
            }
        }
        Ok(((), entry.clone().with(facts)))
    });
    match done.await {
        Ok(()) => Redirect::to(&format!("{}?done=saved", whose.address())).into_response(),
        Err(Error::Refused(Refusal::StaleEtag)) => shown(&own, whose, Some(Sent::Stale(fields))).await,
        Err(error) => failed(&own.api, &error),
    }
}

/// `GET /company/tax`.
pub(super) async fn of_partner(asked: Asked) -> Response {
    look(asked, Whose::Partner).await
}

/// `POST /company/tax`.
pub(super) async fn save_partner(asked: Asked) -> Response {
    save(asked, Whose::Partner).await
}

/// `GET /operator/seller`.
pub(super) async fn of_seller(asked: Asked) -> Response {
    look(asked, Whose::Seller).await
}

/// `POST /operator/seller`.
pub(super) async fn save_seller(asked: Asked) -> Response {
    save(asked, Whose::Seller).await
}
