//! Policies and markets: the dated rows that count, what another profile would change, and what is not sold where.

use axum::http::StatusCode;
use axum::response::Response;
use chandlery_domain::access::Action;
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::calendar::utc_date;
use chandlery_domain::catalog::Family;
use chandlery_domain::market::{Block, Country};
use chandlery_domain::money::Currency;
use chandlery_domain::policy::{CancellationRule, Credit, LinkAge, LinkRule, PolicyBook, Profile, Window};
use chandlery_domain::reservation::RefundRule;
use chandlery_store::markets::{self, NamedBlock};
use chandlery_store::{operator, policies, returns};
use jiff::SignedDuration;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{address, to};
use crate::app::console as use_cases;
use crate::app::give_back::set_cap;
use crate::error::{Error, Missing};
use crate::texts::{self, Language, Reader};
use crate::web::entered::Entered;
use crate::web::fields::Fields;
use crate::web::give_back::policy as refund_policy;
use crate::web::operator_pages::{
    BlockRow, Blocks, CancellationRow, Comparison, Difference, LinkRow, MarketRow, Markets, Policies,
    RefundRow,
};
use crate::web::{Asked, cut, failed, page};

/// How many days back orders are counted.
pub(super) const DAYS_BACK: i64 = 90;
/// How many markets one page shows.
const MARKETS_PAGE: i64 = 100;
/// How many markets there can be.
const MARKETS_MAX: i64 = 500;

pub(super) fn window(reader: &Reader, rule: Option<&CancellationRule>) -> String {
    match rule.map(|rule| rule.window) {
        None => reader.t("op-window-none"),
        Some(Window::Days(days)) => reader.t1("op-window-days", "count", u32::from(days)),
        Some(Window::Hours(hours)) => reader.t1("op-window-hours", "count", u32::from(hours)),
    }
}

pub(super) fn credit(reader: &Reader, rule: Option<&CancellationRule>) -> String {
    match rule.map(|rule| rule.credit) {
        None => reader.t("op-credit-none"),
        Some(Credit::Full) => reader.t("op-credit-full"),
        Some(Credit::Prorated { full_within_hours: 0, .. }) => reader.t("op-credit-prorated"),
        Some(Credit::Prorated { full_within_hours, .. }) => {
            reader.t1("op-credit-prorated-after", "count", u32::from(full_within_hours))
        }
    }
}

pub(super) fn link_life(reader: &Reader, rule: Option<&LinkRule>) -> String {
    let Some(rule) = rule else { return reader.t("op-link-none") };
    let days = u32::from(rule.max_days);
    match rule.age {
        LinkAge::FromIssue => reader.t1("op-link-from-issue", "count", days),
        LinkAge::FromFirstDownload => reader.t1("op-link-from-first", "count", days),
    }
}

pub(super) fn downloads(reader: &Reader, rule: Option<&LinkRule>) -> String {
    match rule.and_then(|rule| rule.max_downloads) {
        Some(most) => reader.number(most),
        None => reader.t("op-link-unlimited"),
    }
}

/// How many of the orders counted by family and day would have had another window.
pub(super) fn differing(
    family: Family,
    (old, new): (&PolicyBook, &PolicyBook),
    orders: &[(Family, Date, i64)],
) -> i64 {
    let window = |book: &PolicyBook, day: Date| book.cancellation(family, day).map(|rule| rule.window);
    orders
        .iter()
        .filter(|(own, day, _)| *own == family && window(old, *day) != window(new, *day))
        .fold(0_i64, |sum, (_, _, count)| sum.saturating_add(*count))
}

fn compared(
    reader: &Reader,
    (from, to): (Profile, Profile),
    books: (&PolicyBook, &PolicyBook),
    (today, orders): (Date, &[(Family, Date, i64)]),
) -> Comparison {
    let rows = Family::ALL
        .into_iter()
        .map(|family| {
            let (old, new) = (books.0.cancellation(family, today), books.1.cancellation(family, today));
            let (old_window, new_window) = (window(reader, old), window(reader, new));
            let (old_credit, new_credit) = (credit(reader, old), credit(reader, new));
            Difference {
                family: reader.word("family-one", family.as_str()),
                differs: old_window != new_window || old_credit != new_credit,
                old_window,
                new_window,
                old_credit,
                new_credit,
                orders: reader.number(differing(family, books, orders)),
            }
        })
        .collect();
    let (old, new) = (books.0.link(today), books.1.link(today));
    Comparison {
        from: from.as_str().to_owned(),
        to: to.as_str().to_owned(),
        rows,
        old_link: link_life(reader, old),
        new_link: link_life(reader, new),
        old_downloads: downloads(reader, old),
        new_downloads: downloads(reader, new),
    }
}

/// `GET /operator/policies`.
pub(in crate::web) async fn show(asked: Asked) -> Response {
    match Entered::of(asked, Action::ReadHealth, "/operator/policies").await {
        Ok(own) => shown(&own, Fields::default(), None).await,
        Err(response) => response,
    }
}

async fn shown(own: &Entered, fields: Fields, error: Option<String>) -> Response {
    let wanted = own.form.text("profile").parse::<Profile>().ok();
    let now = own.cx.now;
    let read = own.read(move |tx| {
        let profile = policies::profile(tx)?;
        let book = policies::book(tx, profile)?;
        let other = match wanted.filter(|other| *other != profile) {
            Some(other) => {
                let since =
                    now.checked_sub(SignedDuration::from_hours(DAYS_BACK * 24)).map_err(Error::internal)?;
                Some((other, policies::book(tx, other)?, operator::orders_by_day(tx, since)?))
            }
            None => None,
        };
        Ok((profile, book, other, (returns::rules_in_force(tx)?, returns::caps(tx)?)))
    });
    let (profile, book, other, (refunds, caps)) = match read.await {
        Ok(read) => read,
        Err(error) => return failed(&own.api, &error),
    };
    let (reader, today) = (&own.reader, utc_date(now));
    let mut rules: Vec<&CancellationRule> = book.cancellation.iter().collect();
    rules.sort_by_key(|rule| (rule.family, rule.effective_from));
    let mut links: Vec<&LinkRule> = book.links.iter().collect();
    links.sort_by_key(|rule| rule.effective_from);
    let body = Policies {
        message: own.done(&[("switched", "op-policies-switched"), ("capped", "op-caps-saved")]),
        error,
        refunds: refunds
            .iter()
            .map(|rule| RefundRow {
                text: refund_policy(reader, rule),
                counts: RefundRule::on(&refunds, today) == Some(rule),
            })
            .collect(),
        caps: caps
            .iter()
            .map(|cap| {
                let months =
                    reader.t2("op-cap", "most", reader.money(cap.most), "months", u32::from(cap.months));
                (months, reader.date(cap.effective_from))
            })
            .collect(),
        fields,
        profile: profile.as_str().to_owned(),
        others: Profile::ALL.into_iter().filter(|one| *one != profile).map(Profile::as_str).collect(),
        cancellation: rules
            .into_iter()
            .map(|rule| CancellationRow {
                family: reader.word("family-one", rule.family.as_str()),
                from: reader.date(rule.effective_from),
                window: window(reader, Some(rule)),
                credit: credit(reader, Some(rule)),
                counts: book.cancellation(rule.family, today) == Some(rule),
            })
            .collect(),
        links: links
            .into_iter()
            .map(|rule| LinkRow {
                from: reader.date(rule.effective_from),
                life: link_life(reader, Some(rule)),
                downloads: downloads(reader, Some(rule)),
                counts: book.link(today) == Some(rule),
            })
            .collect(),
        comparison: other
            .map(|(to, new, orders)| compared(reader, (profile, to), (&book, &new), (today, &orders))),
        may: own.may(Action::ManageInstallation),
        frame: own.frame(),
    };
    let status = if body.error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page(&own.api, status, &body)
}

/// `POST /operator/policies/caps`: how much of reservations may come back to one customer.
pub(in crate::web) async fn cap(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageInstallation, "/operator/policies").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let fields = Fields::of(&own.form);
    let read = (
        fields.value("currency").trim().to_uppercase().parse::<Currency>(),
        fields.value("most").trim().parse::<Decimal>(),
        fields.value("from").trim().parse::<Date>(),
        fields.value("months").trim().parse::<u16>(),
    );
    let (Ok(currency), Ok(most), Ok(from), Ok(months)) = read else {
        return shown(&own, fields, Some(own.reader.t("op-cap-wrong"))).await;
    };
    let attempted = Entry::did(Operation::ChangeReservationTables, Resource::Installation, "refund cap");
    match own.act(attempted, move |tx, cx| set_cap(tx, cx, (currency, most), (from, months))).await {
        Ok(()) => to("/operator/policies?done=capped"),
        Err(Error::Invalid { field, message }) => {
            let error = texts::invalid(&own.reader, &field, &message);
            shown(&own, fields, Some(error)).await
        }
        Err(error) => failed(&own.api, &error),
    }
}

/// `POST /operator/policies`: lets another profile count, at once.
pub(in crate::web) async fn switch(asked: Asked) -> Response {
    let wanted = asked.form.text("profile").parse::<Profile>().ok();
    let back = address("/operator/policies", &[("profile", wanted.map_or("", Profile::as_str))]);
    let own = match Entered::of(asked, Action::ManageInstallation, &back).await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let Some(wanted) = wanted else { return to("/operator/policies") };
    let attempted = Entry::did(Operation::ChangePolicies, Resource::Installation, "policies");
    match own.act(attempted, move |tx, _| use_cases::switch_profile(tx, wanted)).await {
        Ok(_) => {
            own.api.policies.forget();
            to("/operator/policies?done=switched")
        }
        Err(error) => failed(&own.api, &error),
    }
}

/// `GET /operator/policies/markets`.
pub(in crate::web) async fn list_markets(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ReadHealth, "/operator/policies/markets").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let after = own.form.text("after").to_owned();
    let read = own.read(move |tx| Ok(markets::list(tx, &after, MARKETS_PAGE + 1)?)).await;
    let mut found = match read {
        Ok(found) => found,
        Err(error) => return failed(&own.api, &error),
    };
    let more = cut(&mut found, MARKETS_PAGE);
    let next = found
        .last()
        .filter(|_| more)
        .map(|last| address("/operator/policies/markets", &[("after", last.country.code())]));
    let rows = found
        .into_iter()
        .map(|market| {
            let families: Vec<String> =
                market.tax_included.iter().map(|family| own.reader.word("family", family.as_str())).collect();
            MarketRow {
                name: own.reader.country(market.country),
                code: market.country.to_string(),
                region: market.region,
                currency: market.currency.to_string(),
                tax_included: own.reader.list(&families),
            }
        })
        .collect();
    page(&own.api, StatusCode::OK, &Markets { frame: own.frame(), rows, next })
}

/// `GET /operator/policies/blocks`.
pub(in crate::web) async fn blocks(asked: Asked) -> Response {
    match Entered::of(asked, Action::ReadHealth, "/operator/policies/blocks").await {
        Ok(own) => {
            let fields = Fields::with(&[("from", &utc_date(own.cx.now).to_string())]);
            shown_blocks(&own, fields, None).await
        }
        Err(response) => response,
    }
}

fn family_of(own: &Entered) -> Family {
    own.form.text("family").parse().unwrap_or(Family::Reservation)
}

async fn shown_blocks(own: &Entered, fields: Fields, error: Option<String>) -> Response {
    let (family, after) = (family_of(own), own.form.text("after").to_owned());
    let read = own.read(move |tx| {
        let list = markets::block_list(tx, family, &after, MARKETS_PAGE + 1)?;
        Ok((list, markets::list(tx, "", MARKETS_MAX)?))
    });
    let (mut found, all) = match read.await {
        Ok(read) => read,
        Err(error) => return failed(&own.api, &error),
    };
    let more = cut(&mut found, MARKETS_PAGE);
    let next = found.last().filter(|_| more).map(|last| {
        let values = [("family", family.as_str()), ("after", last.block.name_id.as_str())];
        address("/operator/policies/blocks", &values)
    });
    let (reader, today) = (&own.reader, utc_date(own.cx.now));
    let mut countries: Vec<(String, String)> =
        all.iter().map(|market| (market.country.to_string(), reader.country(market.country))).collect();
    reader.sort(&mut countries, |one| one.1.as_str());
    let rows = found
        .into_iter()
        .map(|NamedBlock { block, names: [en, sv, de] }| BlockRow {
            name: match reader.language {
                Language::En => en,
                Language::De => de,
                Language::Sv => sv,
            },
            country: block.country.to_string(),
            from: reader.date(block.valid_from),
            until: block.ended_on.map(|day| reader.date(day)),
            holds: block.holds_on(today),
            earliest: today.max(block.valid_from).to_string(),
            key: block.name_id,
        })
        .collect();
    let wrong = error.is_some() || !fields.is_right();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let body = Blocks {
        frame: own.frame(),
        message: own.done(&[("blocked", "op-block-added"), ("ended", "op-block-ended")]),
        error,
        family: family.as_str(),
        families: Family::ALL.map(|one| (one.as_str(), reader.word("family-one", one.as_str()))).into(),
        rows,
        next,
        countries,
        fields,
        may: own.may(Action::ManageInstallation),
    };
    page(&own.api, status, &body)
}

fn blocks_of(family: Family, done: &str) -> String {
    address("/operator/policies/blocks", &[("family", family.as_str()), ("done", done)])
}

/// `POST /operator/policies/blocks`: a market where a family is not sold from a day on.
pub(in crate::web) async fn add_block(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageInstallation, "/operator/policies/blocks").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let (family, reader) = (family_of(&own), &own.reader);
    let mut fields = Fields::of(&own.form);
    let country = fields.value("country").parse::<Country>();
    if country.is_err() {
        fields.complain("country", reader.t("field-choose"));
    }
    let from = fields.value("from").parse::<Date>().ok().filter(|day| *day >= utc_date(own.cx.now));
    if from.is_none() {
        fields.complain("from", reader.t("op-block-day-wrong"));
    }
    let (Ok(country), Some(valid_from)) = (country, from) else {
        return shown_blocks(&own, fields, None).await;
    };
    let name_id = format!("{}-{valid_from}", country.code().to_ascii_lowercase());
    let names = [Language::En, Language::Sv, Language::De].map(|one| Reader::new(one, None).country(country));
    let block = Block { name_id, country, family, valid_from, ended_on: None };
    let named = NamedBlock { block, names };
    let attempted = Entry::did(Operation::ChangeMarket, Resource::Catalog, country);
    match own.act(attempted, move |tx, _| use_cases::add_block(tx, &named)).await {
        Ok(()) => to(&blocks_of(family, "blocked")),
        Err(Error::Invalid { .. }) => {
            fields.complain("country", own.reader.t("op-block-there"));
            shown_blocks(&own, fields, None).await
        }
        Err(error) => failed(&own.api, &error),
    }
}

/// `POST /operator/policies/blocks/end`: from which day on a market is sold in again.
pub(in crate::web) async fn end_block(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManageInstallation, "/operator/policies/blocks").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let (family, key) = (family_of(&own), own.form.text("key").to_owned());
    let Ok(day) = own.form.text("day").parse::<Date>() else {
        let fields = Fields::with(&[("from", &utc_date(own.cx.now).to_string())]);
        return shown_blocks(&own, fields, Some(own.reader.t("op-block-day-wrong"))).await;
    };
    let attempted = Entry::did(Operation::ChangeMarket, Resource::Catalog, &key);
    let done = own.act(attempted, move |tx, cx| use_cases::end_block(tx, cx, (family, &key), day)).await;
    match done {
        Ok(()) => to(&blocks_of(family, "ended")),
        Err(Error::Invalid { .. } | Error::NotFound(Missing::Other(_))) => {
            let fields = Fields::with(&[("from", &utc_date(own.cx.now).to_string())]);
            shown_blocks(&own, fields, Some(own.reader.t("op-block-day-wrong"))).await
        }
        Err(error) => failed(&own.api, &error),
    }
}
