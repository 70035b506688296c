//! The partner's own company: as the operator knows it, and what the partner says of itself.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use chandlery_domain::access::{Action, Scope};
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::customer::{Partner, is_mail_address};
use chandlery_domain::refusal::Refusal;
use chandlery_store::Read;
use reqwest::Url;
use serde_json::{Map, Value};

use super::entered::Entered;
use super::fields::{Difference, Fields};
use super::pages::Frame;
use super::{Asked, failed, page};
use crate::app::partner_profiles::{self, LEGAL, SUPPORT};
use crate::error::Error;

/// The company profile.
#[derive(Template)]
#[template(path = "company.html")]
struct Company {
    frame: Frame,
    partner: Partner,
    country: String,
    /// Whether the reader may say otherwise.
    may: bool,
    /// Who speaks for the company.
    contact: Part,
    /// Where its customers find help.
    support: Part,
    fields: Fields,
    message: Option<String>,
    error: Option<String>,
    differences: Vec<Difference>,
}

/// One document of the company's, as a form.
struct Part {
    revision: i64,
    /// The values that stand there, with the ids of their labels.
    said: Vec<(&'static str, String)>,
}

/// A form field: its name, its name in the document, how long it may be, and the id of its label.
type Row = (&'static str, &'static str, usize, &'static str);

const CONTACT: [Row; 4] = [
    ("first_name", "firstName", 50, "first-name"),
    ("last_name", "lastName", 50, "last-name"),
    ("email", "email", 254, "e-mail"),
    ("phone", "phoneNumber", 40, "phone"),
];
const HELP: [Row; 3] = [
    ("support_email", "email", 254, "e-mail"),
    ("support_phone", "telephone", 40, "phone"),
    ("support_website", "website", 300, "company-website"),
];

/// Which of its documents somebody says something in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Contact,
    Help,
}

impl Which {
    const fn rows(self) -> &'static [Row] {
        match self {
            Self::Contact => &CONTACT,
            Self::Help => &HELP,
        }
    }

    const fn kind(self) -> &'static str {
        match self {
            Self::Contact => LEGAL,
            Self::Help => SUPPORT,
        }
    }

    /// What its fields stand in, within the document.
    fn texts(self, document: &Map<String, Value>) -> Map<String, Value> {
        match self {
            Self::Contact => document.get("primaryContact").and_then(Value::as_object).cloned(),
            Self::Help => Some(document.clone()),
        }
        .unwrap_or_default()
    }

    /// The document with these texts in it; what else stands there stays.
    fn with(self, mut document: Map<String, Value>, texts: Map<String, Value>) -> Map<String, Value> {
        match self {
            Self::Contact => {
                document.insert("primaryContact".into(), Value::Object(texts));
                document
            }
            Self::Help => texts,
        }
    }

    fn stored(self, document: &Map<String, Value>) -> Vec<(&'static str, String)> {
        let texts = self.texts(document);
        let text = |name: &str| texts.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        self.rows().iter().map(|(field, name, _, _)| (*field, text(name))).collect()
    }
}

/// What was typed: wrong, or into a form that somebody else was quicker with.
enum Typed {
    Wrong(Which, Fields),
    Stale(Which, Fields),
}

fn part(which: Which, document: &Map<String, Value>, revision: i64) -> Part {
    let labelled = |((_, value), row): ((&str, String), &Row)| (row.3, value);
    Part { revision, said: which.stored(document).into_iter().zip(which.rows()).map(labelled).collect() }
}

async fn shown(own: &Entered, typed: Option<Typed>) -> Response {
    let scope = own.scope;
    let read = own.read(move |tx| {
        let partner = partner_profiles::partner(tx, &scope)?;
        let contact = partner_profiles::find(tx, &scope, LEGAL)?;
        Ok((partner, contact, partner_profiles::find(tx, &scope, SUPPORT)?))
    });
    let (partner, mut contact, mut support) = match read.await {
        Ok(found) => found,
        Err(error) => return failed(&own.api, &error),
    };
    let stored: Vec<(&str, String)> =
        Which::Contact.stored(&contact.0).into_iter().chain(Which::Help.stored(&support.0)).collect();
    let stored: Vec<(&str, &str)> = stored.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let stored = Fields::with(&stored);
    let (status, fields, error, differences) = match typed {
        None => (StatusCode::OK, stored, None, Vec::new()),
        Some(Typed::Wrong(which, fields)) => {
            // What was seen stays what was seen, whatever was typed meanwhile by others.
            let seen = fields.value("seen").parse().unwrap_or_default();
            match which {
                Which::Contact => contact.1 = seen,
                Which::Help => support.1 = seen,
            }
            (StatusCode::UNPROCESSABLE_ENTITY, fields.filled_up(stored), None, Vec::new())
        }
        Some(Typed::Stale(which, typed)) => {
            let labels: Vec<(&str, &str)> = which.rows().iter().map(|row| (row.0, row.3)).collect();
            let differences = typed.differences(&own.reader, &stored, &labels);
            (StatusCode::CONFLICT, stored, Some(own.reader.t("stale")), differences)
        }
    };
    let body = Company {
        frame: own.frame(),
        country: own.reader.country(partner.country),
        may: own.may(Action::EditPartnerProfiles),
        contact: part(Which::Contact, &contact.0, contact.1),
        support: part(Which::Help, &support.0, support.1),
        partner,
        fields,
        message: own
            .done(&[("contact", "company-contact-saved"), ("support", "company-support-saved")])
            .filter(|_| status == StatusCode::OK),
        error,
        differences,
    };
    page(&own.api, status, &body)
}

/// `GET /company`.
pub(super) async fn show(asked: Asked) -> Response {
    match Entered::of(asked, Action::ReadPartnerProfiles, "/company").await {
        Ok(own) => shown(&own, None).await,
        Err(response) => response,
    }
}

/// A page of the web, as somebody may be sent there.
fn website(text: &str) -> Option<Url> {
    let known = |own: &Url| matches!(own.scheme(), "https" | "http") && own.has_host();
    text.parse().ok().filter(known)
}

/// What was typed, as the document has it; nothing where something is wrong with it.
fn checked(own: &Entered, which: Which, fields: &mut Fields) -> Option<Map<String, Value>> {
    let reader = &own.reader;
    let mut texts = Map::new();
    for (field, name, most, _) in which.rows() {
        let text = match *field {
            "email" => Some(fields.mail(reader, field)),
            "first_name" | "last_name" => Some(fields.required(reader, field, *most)),
            _ => fields.optional(reader, field, *most),
        };
        let Some(text) = text else { continue };
        if *field == "support_email" && !is_mail_address(&text) {
            fields.complain(field, reader.t("field-mail"));
        }
        if *field == "support_website" && website(&text).is_none() {
            fields.complain(field, reader.t("company-website-wrong"));
        }
        texts.insert((*name).to_owned(), text.into());
    }
    fields.is_right().then_some(texts)
}

async fn save(asked: Asked, which: Which, word: &str) -> Response {
    let own = match Entered::of(asked, Action::EditPartnerProfiles, "/company").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let mut fields = Fields::of(&own.form);
    let Some(texts) = checked(&own, which, &mut fields) else {
        return shown(&own, Some(Typed::Wrong(which, fields))).await;
    };
    let seen: i64 = own.form.text("seen").parse().unwrap_or_default();
    let scope = own.scope;
    let attempted = Entry::did(Operation::UpdateCompanyInfo, Resource::Partner, scope.partner());
    let done = own.act(attempted, move |tx, _| {
        let (document, _) = partner_profiles::find(tx, &scope, which.kind())?;
        let document = which.with(document, texts.clone());
        partner_profiles::save(tx, &scope, which.kind(), &document, Some(seen))
    });
    match done.await {
        Ok(_) => Redirect::to(&format!("/company?done={word}")).into_response(),
        Err(Error::Refused(Refusal::StaleEtag)) => shown(&own, Some(Typed::Stale(which, fields))).await,
        Err(error) => failed(&own.api, &error),
    }
}

/// `POST /company/contact`.
pub(super) async fn contact(asked: Asked) -> Response {
    save(asked, Which::Contact, "contact").await
}

/// `POST /company/support`.
pub(super) async fn support(asked: Asked) -> Response {
    save(asked, Which::Help, "support").await
}

/// Where a partner's customers find its help.
pub struct Helped {
    /// The partner.
    pub name: String,
    /// A mail address.
    pub email: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
    /// A page of the web.
    pub website: Option<Url>,
}

impl Helped {
    /// What a partner says of it; nothing where it says nothing.
    ///
    /// # Errors
    /// The store's own.
    pub fn of(tx: &mut Read<'_>, scope: &Scope) -> Result<Option<Self>, Error> {
        let (document, revision) = partner_profiles::find(tx, scope, SUPPORT)?;
        if revision == 0 {
            return Ok(None);
        }
        let text = |name: &str| {
            let text = document.get(name).and_then(Value::as_str).map(str::trim).unwrap_or_default();
            Some(text.to_owned()).filter(|own| !own.is_empty())
        };
        let own = Self {
            name: partner_profiles::partner(tx, scope)?.name,
            // A program may have written anything there; what is no address leads nowhere.
            email: text("email").filter(|own| is_mail_address(own)),
            phone: text("telephone"),
            website: text("website").and_then(|own| website(&own)),
        };
        let says = own.email.is_some() || own.phone.is_some() || own.website.is_some();
        Ok(says.then_some(own))
    }
}
