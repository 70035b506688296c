//! What a house is called and coloured in front of its customers: chosen on a page, shown around every page of theirs.
//!
//! A partner's choice is seen by its customers. The operator's is seen by everybody who has none of a partner's. A colour is
//! never taken as it is: links and buttons get the nearest shade of it that can be read.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use askama::Template;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::access::Action;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::brand::{Brand, Colour, NAME_MAX};
use chandlery_domain::ids::PartnerId;
use chandlery_store::{brands, logos};

use super::entered::Entered;
use super::fields::{Difference, Fields, Most};
use super::operator::logo::most as logo_most;
use super::pages::Frame;
use super::shades::{legible_on, mixed};
use super::{Asked, failed, page};
use crate::api::Api;
use crate::error::Error;
use crate::installation::OPERATOR;

/// For how long brands are remembered; another server's change is seen after that.
const KEPT: Duration = Duration::from_secs(5);
/// How many houses' brands are remembered.
const KEPT_MAX: usize = 10_000;

/// What pages were coloured in lately.
#[derive(Default)]
pub struct Brands(Mutex<HashMap<PartnerId, (Instant, Shown)>>);

/// What stands around a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// The name; the product's own where there is none.
    pub name: Option<String>,
    /// The colour's six digits; the product's own where there is none.
    pub colour: Option<String>,
}

impl Brands {
    fn kept(&self, house: PartnerId) -> Option<Shown> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&house).filter(|(at, _)| at.elapsed() < KEPT).map(|(_, shown)| shown.clone())
    }

    fn keep(&self, house: PartnerId, shown: &Shown) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() > KEPT_MAX {
            kept.clear();
        }
        kept.insert(house, (Instant::now(), shown.clone()));
    }

    fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// What the pages of this house's customers carry: each part the house's own, or else the operator's.
pub async fn of_house(api: &Api, house: PartnerId) -> Shown {
    if let Some(shown) = api.brands.kept(house) {
        return shown;
    }
    let read =
        api.installation.store.read(move |tx| Ok::<_, Error>(brands::of_houses(tx, &[OPERATOR, house])?));
    match read.await {
        Ok(found) => {
            let find = |wanted| found.iter().find(|(id, _)| *id == wanted).map(|(_, (brand, _))| brand);
            let (own, all) = (find(house), find(OPERATOR));
            let name = own.and_then(|own| own.name.clone()).or_else(|| all.and_then(|own| own.name.clone()));
            let colour = own.and_then(|own| own.colour).or_else(|| all.and_then(|own| own.colour));
            let shown = Shown { name, colour: colour.map(digits) };
            api.brands.keep(house, &shown);
            shown
        }
        Err(error) => {
            tracing::warn!(%error, "a brand could not be read");
            Shown::default()
        }
    }
}

fn digits(colour: Colour) -> String {
    colour.to_string().trim_start_matches('#').to_owned()
}

/// The grounds a colour has to be legible on, as the style sheet has them: where the pointer rests, light and dark.
const LIGHT: Colour = Colour::new([0xea, 0xf0, 0xf4]);
const DARK: Colour = Colour::new([0x24, 0x2d, 0x39]);

/// What the style sheet of a colour says.
fn sheet(colour: &str) -> Option<String> {
    let own: Colour = colour.parse().ok()?;
    let (light, dark) = (legible_on(own, LIGHT), legible_on(own, DARK));
    let tokens = |accent: Colour, strong: Colour, on: Colour| {
        format!("--accent: {accent}; --accent-strong: {strong}; --on-accent: {on}; --focus: {accent};")
    };
    Some(format!(
        "[data-brand=\"{colour}\"] {{ {} }}\n@media (prefers-color-scheme: dark) {{ [data-brand=\"{colour}\"] {{ {} }} }}\n",
        tokens(light, mixed(light, Colour::BLACK, 8), Colour::WHITE),
        tokens(dark, mixed(dark, Colour::WHITE, 8), Colour::BLACK),
    ))
}

/// How shades are made, as a short word: another once the grounds or the mixing change, so that no browser keeps old ones.
static MAKE: LazyLock<String> = LazyLock::new(|| {
    let sample = sheet("0b5a7a").unwrap_or_default();
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, sample.as_bytes());
    hex::encode(digest.as_ref()).chars().take(8).collect()
});

impl Shown {
    /// Where the style sheet of the colour is.
    pub fn style(&self) -> Option<String> {
        self.colour.as_ref().map(|own| format!("/assets/brand.{own}.css?{}", *MAKE))
    }
}

/// `GET /assets/brand.{colour}.css`: the style of a colour. What is at its address never changes.
pub(super) fn style(colour: &str) -> Option<Response> {
    let text = sheet(colour)?;
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Some((headers, text).into_response())
}

/// What links and buttons are coloured in where nobody chose, as the style sheet has it.
const USUAL: Colour = Colour::new([0x0b, 0x5a, 0x7a]);

#[derive(Template)]
#[template(path = "brand.html")]
struct Look {
    frame: Frame,
    address: &'static str,
    operator: bool,
    fields: Fields,
    /// What the colour field says, as browsers pick colours; the product's own where it says none.
    picked: String,
    /// What is stored, as it looks.
    shown: Shown,
    revision: i64,
    message: Option<String>,
    error: Option<String>,
    differences: Vec<Difference>,
    /// By which digest the logo of the operator's documents is known.
    logo: Option<String>,
    /// Why a picture was not taken.
    fault: Option<String>,
    most: Most,
    /// Where the partner's customers sign in.
    door: Option<String>,
}

/// Where a house chooses, and with what right.
const PARTNERS: (&str, Action) = ("/company/look", Action::EditPartnerProfiles);
const OPERATORS: (&str, Action) = ("/operator/look", Action::ManageInstallation);

/// What was typed: wrong, or into a form that somebody else was quicker with.
enum Typed {
    Wrong(Fields),
    Stale(Fields),
    /// A picture that cannot be a logo, and why.
    Picture(String),
}

/// The operator's page, with why a picture was not taken.
pub(super) async fn with_fault(own: &Entered, fault: String) -> Response {
    look(own, OPERATORS.0, Some(Typed::Picture(fault))).await
}

async fn look(own: &Entered, address: &'static str, typed: Option<Typed>) -> Response {
    let scope = own.scope;
    let operator = address == OPERATORS.0;
    let read = own.read(move |tx| {
        let logo = if operator { logos::digest(tx, scope.partner())? } else { None };
        Ok((brands::own(tx, &scope)?, logo))
    });
    let ((brand, revision), logo) = match read.await {
        Ok(found) => found,
        Err(error) => return failed(&own.api, &error),
    };
    let colour = brand.colour.map(|own| own.to_string()).unwrap_or_default();
    let stored =
        Fields::with(&[("name", brand.name.as_deref().unwrap_or_default()), ("colour", colour.as_str())]);
    let status = if typed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let labels = [("name", "brand-name"), ("colour", "brand-colour")];
    let mut fault = None;
    let (fields, error, differences) = match typed {
        Some(Typed::Picture(why)) => {
            fault = Some(why);
            (stored, None, Vec::new())
        }
        None => (stored, None, Vec::new()),
        Some(Typed::Wrong(fields)) => (fields, None, Vec::new()),
        Some(Typed::Stale(typed)) => {
            let differences = typed.differences(&own.reader, &stored, &labels);
            (stored, Some(own.reader.t("stale")), differences)
        }
    };
    let picked: Option<Colour> = fields.value("colour").trim().parse().ok();
    let body = Look {
        frame: own.frame(),
        address,
        operator,
        picked: picked.unwrap_or(USUAL).to_string(),
        fields,
        shown: Shown { name: brand.name, colour: brand.colour.map(digits) },
        revision,
        message: own
            .done(&[("saved", "brand-saved"), ("logo", "logo-saved"), ("no-logo", "logo-removed")])
            .filter(|_| status == StatusCode::OK),
        error,
        differences,
        logo,
        fault,
        most: logo_most(&own.reader),
        door: (!operator).then(|| format!("{}/portal/{}", own.api.desk.reached.public_url, scope.partner())),
    };
    page(&own.api, status, &body)
}

async fn choose(asked: Asked, (address, action): (&'static str, Action)) -> Response {
    match Entered::of(asked, action, address).await {
        Ok(own) => look(&own, address, None).await,
        Err(response) => response,
    }
}

async fn save(asked: Asked, (address, action): (&'static str, Action)) -> Response {
    let own = match Entered::of(asked, action, address).await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let mut fields = Fields::of(&own.form);
    let name = fields.optional(&own.reader, "name", NAME_MAX).filter(|_| !fields.is_wrong("name"));
    let typed = fields.value("colour").trim().to_owned();
    let colour: Option<Colour> = typed.parse().ok();
    if colour.is_none() && !typed.is_empty() {
        fields.complain("colour", own.reader.t("brand-colour-wrong"));
    }
    if !fields.is_right() {
        return look(&own, address, Some(Typed::Wrong(fields))).await;
    }
    let before: i64 = own.form.text("seen").parse().unwrap_or_default();
    let (scope, brand) = (own.scope, Brand { name, colour });
    let entry = Entry::did(Operation::UpdateCompanyInfo, Resource::Partner, scope.partner());
    let attempted = entry.clone();
    let done = own.act(attempted, move |tx, _| {
        if !brands::save(tx, &scope, &brand, before)? {
            return Err(Error::conflict("the look was changed at the same time"));
        }
        let facts = vec![
            Fact::new("brand_name", brand.name.as_deref().unwrap_or_default()),
            Fact::new("brand_colour", brand.colour.map(|own| own.to_string()).unwrap_or_default()),
        ];
        Ok(((), entry.clone().with(facts)))
    });
    match done.await {
        Ok(()) => {
            own.api.brands.forget();
            Redirect::to(&format!("{address}?done=saved")).into_response()
        }
        Err(Error::Store(chandlery_store::Error::Conflict { .. })) => {
            look(&own, address, Some(Typed::Stale(fields))).await
        }
        Err(error) => failed(&own.api, &error),
    }
}

/// `GET /company/look`.
pub(super) async fn of_partner(asked: Asked) -> Response {
    choose(asked, PARTNERS).await
}

/// `POST /company/look`.
pub(super) async fn save_partner(asked: Asked) -> Response {
    save(asked, PARTNERS).await
}

/// `GET /operator/look`.
pub(super) async fn of_operator(asked: Asked) -> Response {
    choose(asked, OPERATORS).await
}

/// `POST /operator/look`.
pub(super) async fn save_operator(asked: Asked) -> Response {
    save(asked, OPERATORS).await
}

/// The style of a colour, or what is at that name otherwise.
pub(super) async fn asset(Path(file): Path<String>) -> Response {
    let named = file.strip_prefix("brand.").and_then(|rest| rest.strip_suffix(".css"));
    match named.and_then(style) {
        Some(response) => response,
        None => super::assets::serve(&file),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_colours_are_those_of_the_style_sheet() {
        let sheet = include_str!("../../assets/site.css");
        for ground in [LIGHT, DARK] {
            assert!(sheet.contains(&format!("--hover: {ground};")), "{ground}");
        }
        assert!(sheet.contains(&format!("--accent: {USUAL};")));
    }
}
