//! Partners: found, added, with their first administrator, and stopped from trading.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use chandlery_domain::access::{Action, Role};
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::customer::Partner;
use chandlery_domain::ids::{PartnerId, UserId};
use chandlery_domain::market::{Country, Market};
use chandlery_domain::money::{Currency, Money};
use chandlery_store::partners::{self, Query};
use chandlery_store::people::{self, Of, User};
use chandlery_store::{markets, operator};
use rust_decimal::Decimal;
use secrecy::ExposeSecret as _;

use super::{PAGE, address, to};
use crate::app::partner_profiles::{self, Contact};
use crate::app::people::check_upn;
use crate::app::{Context, console as use_cases, payments, set_up};
use crate::error::{Error, Missing};
use crate::identity::passwords;
use crate::outside::vault::Owner;
use crate::web::entered::Entered;
use crate::web::fields::Fields;
use crate::web::operator_pages::{NewPartner, PartnerAdmin, PartnerPage, PartnerRow, Partners};
use crate::web::ward::read_param;
use crate::web::{Asked, cut, failed, page};

/// How many markets there can be: countries of the world.
const MARKETS_MAX: i64 = 500;
/// How many of a partner's administrators its page names.
const ADMINS_SHOWN: i64 = 20;

/// `GET /operator/partners`.
pub(in crate::web) async fn list(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ReadPartners, "/operator/partners").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let text: String = own.form.text("q").trim().chars().take(200).collect();
    let state = own.form.text("state").to_owned();
    let wanted = Query {
        begins: text.clone(),
        active: match state.as_str() {
            "active" => Some(true),
            "inactive" => Some(false),
            _ => None,
        },
        after: own.form.text("after").parse().ok(),
        limit: PAGE + 1,
    };
    let mut found = match own.read(move |tx| Ok(partners::list(tx, &wanted)?)).await {
        Ok(found) => found,
        Err(error) => return failed(&own.api, &error),
    };
    let more = cut(&mut found, PAGE);
    let next = found.last().filter(|_| more).map(|last| {
        address("/operator/partners", &[("q", &text), ("state", &state), ("after", &last.id.to_string())])
    });
    let rows = found
        .into_iter()
        .map(|partner| PartnerRow {
            id: partner.id.to_string(),
            country: own.reader.country(partner.country),
            regions: partner.regions.join(", "),
            name: partner.name,
            active: partner.active,
        })
        .collect();
    let body =
        Partners { frame: own.frame(), can_add: own.may(Action::ManagePartners), text, state, rows, next };
    page(&own.api, StatusCode::OK, &body)
}

async fn all_markets(own: &Entered) -> Result<Vec<Market>, Error> {
    own.read(|tx| Ok(markets::list(tx, "", MARKETS_MAX)?)).await
}

fn regions(list: &[Market]) -> Vec<String> {
    list.iter().map(|own| own.region.clone()).collect::<BTreeSet<_>>().into_iter().collect()
}

fn form_page(own: &Entered, list: &[Market], fields: Fields) -> Response {
    let mut countries: Vec<(String, String)> =
        list.iter().map(|market| (market.country.to_string(), own.reader.country(market.country))).collect();
    own.reader.sort(&mut countries, |one| one.1.as_str());
    let status = if fields.is_right() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let body = NewPartner { frame: own.frame(), regions: regions(list), countries, fields };
    page(&own.api, status, &body)
}

/// `GET /operator/partners/new`.
pub(in crate::web) async fn fresh(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManagePartners, "/operator/partners/new").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    match all_markets(&own).await {
        Ok(list) => form_page(&own, &list, Fields::default()),
        Err(error) => failed(&own.api, &error),
    }
}

fn read_partner(own: &Entered, fields: &mut Fields, list: &[Market]) -> Option<Partner> {
    let name = fields.required(&own.reader, "name", 200);
    let mpn_id = fields.optional(&own.reader, "mpn_id", 40).unwrap_or_default();
    let country = fields.value("country").parse::<Country>().ok();
    let market = list.iter().find(|market| Some(market.country) == country);
    if market.is_none() {
        fields.complain("country", own.reader.t("field-choose"));
    }
    let known = regions(list);
    let mut chosen: Vec<String> = known.into_iter().filter(|region| fields.is("regions", region)).collect();
    let market = market?;
    if chosen.is_empty() {
        chosen.push(market.region.clone());
    }
    Some(Partner {
        id: PartnerId::new(own.cx.ids()()),
        name,
        country: market.country,
        currency: market.currency,
        regions: chosen,
        active: true,
        mpn_id,
    })
}

/// `POST /operator/partners/new`.
pub(in crate::web) async fn add(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ManagePartners, "/operator/partners/new").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let list = match all_markets(&own).await {
        Ok(list) => list,
        Err(error) => return failed(&own.api, &error),
    };
    let mut fields = Fields::of(&own.form);
    let partner = read_partner(&own, &mut fields, &list);
    let (Some(partner), true) = (partner, fields.is_right()) else {
        return form_page(&own, &list, fields);
    };
    let key = match own.api.installation.vault.fresh_data_key(Owner::Partner(partner.id)) {
        Ok(key) => key,
        Err(error) => return failed(&own.api, &error),
    };
    let id = partner.id;
    let attempted = Entry::did(Operation::SetUp, Resource::Installation, id);
    let done = own.act(attempted, move |tx, _| set_up::add_partner(tx, &partner, &key)).await;
    match done {
        Ok(()) => to(&format!("/operator/partners/{id}?done=added")),
        Err(error) => failed(&own.api, &error),
    }
}

/// What the page of a partner shows.
struct Found {
    partner: Partner,
    admins: Vec<User>,
    customers: i64,
    limits: Vec<Money>,
    late_after: Option<u32>,
    contact: Option<Contact>,
}

async fn find(own: &Entered, id: PartnerId) -> Result<Found, Error> {
    let now = own.cx.now;
    own.read(move |tx| {
        let partner = partners::named(tx, id)?.ok_or(Error::NotFound(Missing::Other("partner")))?;
        // What is its own is read with a right to its data.
        let cx = Context::system(id, now, "operator console");
        let scope = cx.authorize(Action::ReadPartnerUsers)?;
        let admins = people::holders(tx, &scope, Of::Partner, Role::GlobalAdmin, None, ADMINS_SHOWN)?;
        let limits = partners::credit_limits_of(tx, id)?;
        let late_after = partners::late_after(tx, id)?;
        let customers = operator::customers_of(tx, &scope)?;
        let contact = partner_profiles::contact(tx, &scope)?;
        Ok(Found { partner, admins, customers, limits, late_after, contact })
    })
    .await
}

async fn shown(own: &Entered, id: PartnerId, fields: Fields) -> Response {
    let found = match find(own, id).await {
        Ok(found) => found,
        Err(error) => return failed(&own.api, &error),
    };
    let Found { partner, admins, customers, limits, late_after, contact } = found;
    let fields = fields.filled_up(Fields::with(&[(
        "late_after",
        &late_after.map(|days| days.to_string()).unwrap_or_default(),
    )]));
    let status = if fields.is_right() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let may = own.may(Action::ManagePartners);
    let body = PartnerPage {
        frame: own.frame(),
        message: own.done(&[
            ("added", "op-partner-added"),
            ("active", "op-partner-now-active"),
            ("inactive", "op-partner-now-inactive"),
            ("credit", "op-limit-saved"),
            ("late", "op-late-saved"),
        ]),
        error: None,
        id: partner.id.to_string(),
        name: partner.name,
        active: partner.active,
        country: own.reader.country(partner.country),
        currency: partner.currency.to_string(),
        regions: own.reader.list(&partner.regions),
        mpn_id: partner.mpn_id,
        customers: own.reader.number(customers),
        limits: limits.into_iter().map(|own_limit| own.reader.money(own_limit)).collect(),
        late: late_after.map(|days| own.reader.t1("op-late-is", "count", days)),
        may_bill: own.may(Action::ManageBilling),
        contact,
        needs_admin: admins.is_empty(),
        admins: admins.into_iter().map(|user| (user.display_name, user.upn)).collect(),
        may,
        fields,
    };
    page(&own.api, status, &body)
}

fn partner_of(path: &[(String, String)]) -> Result<PartnerId, Error> {
    read_param(path, "partner", Missing::Other("partner"))
}

/// Whoever may do something about a partner, the partner, and its page.
async fn of_partner(
    path: &[(String, String)],
    asked: Asked,
    action: Action,
) -> Result<(Entered, PartnerId, String), Response> {
    let id = partner_of(path);
    let back =
        id.as_ref().map_or_else(|_| "/operator/partners".into(), |id| format!("/operator/partners/{id}"));
    let own = Entered::of(asked, action, &back).await?;
    match id {
        Ok(id) => Ok((own, id, back)),
        Err(error) => Err(failed(&own.api, &error)),
    }
}

/// `GET /operator/partners/{partner}`.
pub(in crate::web) async fn show(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ReadPartners, "/operator/partners").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    match partner_of(&path) {
        Ok(id) => shown(&own, id, Fields::default()).await,
        Err(error) => failed(&own.api, &error),
    }
}

/// `POST /operator/partners/{partner}/state`.
pub(in crate::web) async fn state(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let (own, id, back) = match of_partner(&path, asked, Action::ManagePartners).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let word @ ("active" | "inactive") = own.form.text("state") else { return to(&back) };
    let word = word.to_owned();
    let active = word == "active";
    let attempted = Entry::did(Operation::ChangePartner, Resource::Partner, id);
    match own.act(attempted, move |tx, _| use_cases::set_partner_active(tx, id, active)).await {
        Ok(()) => to(&format!("{back}?done={word}")),
        Err(error) => failed(&own.api, &error),
    }
}

/// `POST /operator/partners/{partner}/credit`: how much the partner may owe in a currency.
pub(in crate::web) async fn credit(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let (own, id, back) = match of_partner(&path, asked, Action::ManageBilling).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let mut fields = Fields::of(&own.form);
    let currency: Option<Currency> = fields.value("credit_currency").trim().parse().ok();
    let text = fields.value("credit_amount").trim().to_owned();
    let amount = match (currency, text.as_str()) {
        (Some(_), "") => Some(None),
        (Some(currency), text) => Decimal::from_str_exact(text)
            .ok()
            .and_then(|own| Money::exact(own, currency))
            .filter(|own| own.minor() >= 0)
            .map(Some),
        (None, _) => None,
    };
    let (Some(currency), Some(limit)) = (currency, amount) else {
        match currency {
            None => fields.complain("credit_currency", own.reader.t("op-limit-currency-wrong")),
            Some(_) => fields.complain("credit_amount", own.reader.t("op-limit-amount-wrong")),
        }
        return shown(&own, id, fields).await;
    };
    let attempted = Entry::did(Operation::ChangePartner, Resource::Partner, id);
    match own.act(attempted, move |tx, _| payments::limit(tx, id, (currency, limit))).await {
        Ok(()) => to(&format!("{back}?done=credit")),
        Err(Error::Invalid { message, .. }) => {
            let field = own.reader.t("op-currency");
            fields.complain("credit_currency", format!("{field} {}.", message.said(&own.reader)));
            shown(&own, id, fields).await
        }
        Err(error) => failed(&own.api, &error),
    }
}

/// `POST /operator/partners/{partner}/late`: after how many days that an invoice is late the partner may not buy any more.
pub(in crate::web) async fn late(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let (own, id, back) = match of_partner(&path, asked, Action::ManageBilling).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let mut fields = Fields::of(&own.form);
    let text = fields.value("late_after").trim().to_owned();
    let days: Option<u32> = text.parse().ok().filter(|own| *own <= payments::LATE_MOST);
    if days.is_none() && !text.is_empty() {
        fields.complain("late_after", own.reader.t1("op-late-wrong", "most", payments::LATE_MOST));
        return shown(&own, id, fields).await;
    }
    let attempted = Entry::did(Operation::ChangePartner, Resource::Partner, id);
    match own.act(attempted, move |tx, _| payments::late_after(tx, id, days)).await {
        Ok(()) => to(&format!("{back}?done=late")),
        Err(error) => failed(&own.api, &error),
    }
}

/// `POST /operator/partners/{partner}/admin`: adds the first administrator and shows the temporary password, once.
pub(in crate::web) async fn admin(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let (own, id, back) = match of_partner(&path, asked, Action::ManagePartners).await {
        Ok(entered) => entered,
        Err(response) => return response,
    };
    let mut fields = Fields::of(&own.form);
    let name = fields.required(&own.reader, "name", 200);
    let upn = fields.mail(&own.reader, "upn");
    if fields.is_right() && check_upn(&upn).is_err() {
        fields.complain("upn", own.reader.t("op-upn-wrong"));
    }
    if !fields.is_right() {
        return shown(&own, id, fields).await;
    }
    let password = passwords::temporary();
    let hash = match own.api.desk.hashing.hash(password.clone()).await {
        Ok(hash) => hash,
        Err(error) => return failed(&own.api, &error),
    };
    let user_id = UserId::new(own.cx.ids()());
    let user = User::new((id, None), user_id, (&upn, &name), vec![Role::GlobalAdmin], hash, own.cx.now);
    let vault = Arc::clone(&own.api.installation.vault);
    let attempted = Entry::did(Operation::CreatePartnerUser, Resource::PartnerUser, id);
    let done = own.act(attempted, move |tx, cx| use_cases::add_first_admin(tx, cx, &vault, &user)).await;
    match done {
        Ok(()) => {
            let body = PartnerAdmin {
                frame: own.frame(),
                upn: upn.to_lowercase(),
                password: password.expose_secret().to_owned(),
                back,
            };
            page(&own.api, StatusCode::OK, &body)
        }
        Err(Error::Invalid { field, .. }) if field == "partner" => to(&back),
        Err(Error::Invalid { .. }) => {
            fields.complain("upn", own.reader.t("op-upn-taken"));
            shown(&own, id, fields).await
        }
        Err(error) => failed(&own.api, &error),
    }
}
