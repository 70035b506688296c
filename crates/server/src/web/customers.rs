//! The partner's customers: found, listed, exported, added.

use std::collections::HashMap;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use chandlery_domain::access::{Action, Scope};
use chandlery_domain::agreement::{Kind, Signatory};
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::calendar::{start_of_day, utc_date};
use chandlery_domain::catalog::Qualification;
use chandlery_domain::customer::{
    Address, BillingProfile, Customer, DOMAIN_SUFFIX, company_name_doubt, company_name_fault, tenant_domain,
};
use chandlery_domain::ids::{CustomerId, ProductId};
use chandlery_domain::market::Country;
use chandlery_domain::refusal::Refusal;
use chandlery_store::customers::{self, Query};
use chandlery_store::{catalog, markets};
use jiff::civil::Date;
use secrecy::ExposeSecret as _;
use uuid::Uuid;

use super::csv_file::csv_file;
use super::customer_pages::{Added, Buying, CustomerRow, Customers, NewCustomer as NewCustomerPage};
use super::entered::Entered;
use super::fields::Fields;
use super::ward::act;
use super::{Asked, Form, around, cut, failed, page};
use crate::api::Api;
use crate::app::Context;
use crate::app::agreements::{Attestation, attest};
use crate::app::customers::{NewCustomer, create};
use crate::csv_out::{Records, harmless, line};
use crate::error::Error;
use crate::identity::passwords;
use crate::texts::{self, Reader};

/// How many customers one page shows.
const PAGE: i64 = 50;
/// How many customers one piece of an export holds.
const PIECE: i64 = 500;
/// The columns of the export (rule 12.8), with where a customer is and what the partner calls it by.
const EXPORTED: [&str; 6] =
    ["Microsoft ID", "Company name", "Primary domain name", "Relationship", "Country", "Tags"];

/// What was typed to find customers: a tenant's id finds that one, anything else what stands in a name or begins a domain.
pub(super) fn query_of(text: &str) -> (Option<CustomerId>, Query) {
    let text = text.trim();
    let id = text.parse::<CustomerId>().ok();
    let named = (!text.is_empty() && id.is_none()).then(|| text.to_owned());
    (id, Query { named, limit: PAGE + 1, ..Query::default() })
}

/// The filters of the list, as addresses and forms name them.
const SIEVE: [&str; 5] = ["q", "tag", "country", "segment", "agreement"];

/// What the list's filters ask for. A word that means nothing filters nothing.
fn sieved(form: &Form) -> (Option<CustomerId>, Query) {
    let (id, query) = query_of(form.text("q"));
    let agreed = match form.text("agreement") {
        "accepted" => Some(true),
        "missing" => Some(false),
        _ => None,
    };
    let query = Query {
        tag: Some(form.text("tag").to_owned()).filter(|own| !own.is_empty()),
        country: form.text("country").parse().ok(),
        qualification: form.text("segment").parse().ok(),
        agreed,
        ..query
    };
    (id, query)
}

/// The customers a search finds.
///
/// # Errors
/// The store's own.
pub(super) fn look_up(
    tx: &mut chandlery_store::Read<'_>,
    scope: &Scope,
    (id, query): &(Option<CustomerId>, Query),
) -> Result<Vec<Customer>, Error> {
    match id {
        // The other filters hold for it as well.
        Some(id) => Ok(customers::list(tx, scope, &Query { id: Some(*id), ..query.clone() })?),
        None => Ok(customers::list(tx, scope, query)?),
    }
}

/// `GET /customers`.
pub(super) async fn list(asked: Asked) -> Response {
    let Entered { api, cx, scope, form, .. } =
        match Entered::of(asked, Action::ListCustomers, "/customers").await {
            Ok(entered) => entered,
            Err(response) => return response,
        };
    let mut wanted = sieved(&form);
    wanted.1.after = form.text("after").parse().ok();
    let for_product: Option<ProductId> = form.text("product").parse().ok();
    let for_product = for_product.filter(|_| cx.rules.matrix.authorize(&cx.actor, Action::FillCart).is_ok());
    let found = api
        .installation
        .store
        .read(move |tx| {
            let list = look_up(tx, &scope, &wanted)?;
            let ids: Vec<CustomerId> = list.iter().map(|own| own.id).collect();
            let product = match &for_product {
                Some(id) => catalog::product(tx, id)?,
                None => None,
            };
            let tags = (customers::tags(tx, &scope, &ids)?, customers::tags_used(tx, &scope, 100)?);
            Ok::<_, Error>((list, tags, markets::sold_in(tx, &scope)?, product))
        })
        .await;
    let (mut list, (tags, used), countries, product) = match found {
        Ok(found) => found,
        Err(error) => return failed(&api, &error),
    };
    let more = cut(&mut list, PAGE);
    let address = |path: &str, after: Option<String>| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for name in SIEVE.iter().filter(|name| !form.text(name).trim().is_empty()) {
            query.append_pair(name, form.text(name).trim());
        }
        let product = product.as_ref().map(|(own, _)| own.id.to_string());
        for (name, value) in [("product", product), ("after", after)] {
            if let Some(value) = value {
                query.append_pair(name, &value);
            }
        }
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    };
    let next = list.last().filter(|_| more).map(|own| address("/customers", Some(own.id.to_string())));
    let mut of_customer: HashMap<CustomerId, Vec<String>> = HashMap::new();
    for (id, own) in tags {
        of_customer.entry(id).or_default().push(own);
    }
    let reader = around::here();
    let rows = list
        .into_iter()
        .map(|own| CustomerRow {
            tags: of_customer.remove(&own.id).unwrap_or_default(),
            id: own.id.to_string(),
            country: reader.country(own.country),
            name: own.billing.company_name,
            domain: own.domain,
        })
        .collect();
    let export = address("/customers/export", None);
    let buying = product.map(|(own, families)| {
        let azure = families.iter().any(|family| !family.has_keys());
        Buying {
            end: format!("/products?tab={}&product={}", if azure { "azure" } else { "software" }, own.id),
            product: own.id.to_string(),
            title: own.title,
        }
    });
    let any = || std::iter::once((String::new(), reader.t("any")));
    let mut countries: Vec<(String, String)> =
        countries.into_iter().map(|own| (own.to_string(), reader.country(own))).collect();
    reader.sort(&mut countries, |own| own.1.as_str());
    let segments =
        Qualification::ALL.map(|own| (own.as_str().to_owned(), reader.word("qualification", own.as_str())));
    let agreements =
        ["accepted", "missing"].map(|own| (own.to_owned(), reader.word("customers-agreement", own)));
    let body = Customers {
        frame: around::frame(),
        export,
        buying,
        sieved: SIEVE.iter().any(|name| !form.text(name).trim().is_empty()),
        tags: any().chain(used.into_iter().map(|own| (own.clone(), own))).collect(),
        countries: any().chain(countries).collect(),
        segments: any().chain(segments).collect(),
        agreements: any().chain(agreements).collect(),
        fields: Fields::of(&form),
        rows,
        next,
        can_add: cx.rules.matrix.authorize(&cx.actor, Action::CreateCustomer).is_ok(),
    };
    page(&api, StatusCode::OK, &body)
}

/// `GET /customers/export`: the list as CSV, streamed (rule 12.8).
pub(super) async fn export(asked: Asked) -> Response {
    let Entered { api, cx, scope, form, .. } =
        match Entered::of(asked, Action::ListCustomers, "/customers").await {
            Ok(entered) => entered,
            Err(response) => return response,
        };
    let wanted = sieved(&form);
    let head = match line(&EXPORTED) {
        Ok(head) => head,
        Err(error) => return failed(&api, &error),
    };
    let name = format!("customers-{}.csv", cx.now.strftime("%Y-%m-%d"));
    let installation = api.installation.clone();
    csv_file(&name, head, move |after| {
        let (installation, mut wanted) = (installation.clone(), wanted.clone());
        async move {
            wanted.1.after = after;
            wanted.1.limit = PIECE;
            let read = installation.store.read(move |tx| {
                let list = look_up(tx, &scope, &wanted)?;
                let ids: Vec<CustomerId> = list.iter().map(|own| own.id).collect();
                let tags = customers::tags(tx, &scope, &ids)?;
                Ok::<_, Error>((list, tags))
            });
            let (list, tags) = read.await?;
            let mut of_customer: HashMap<CustomerId, Vec<String>> = HashMap::new();
            for (id, own) in tags {
                of_customer.entry(id).or_default().push(own);
            }
            let mut text = Records::default();
            for own in &list {
                let (id, country) = (own.id.to_string(), own.country.to_string());
                let (company, domain) = (harmless(&own.billing.company_name), harmless(&own.domain));
                let tags = of_customer.remove(&own.id).unwrap_or_default().join(" ");
                let tags = harmless(&tags);
                text.add(&[id.as_str(), &company, &domain, "Reseller", &country, &tags])?;
            }
            let text = text.finish()?;
            let full = i64::try_from(list.len()).unwrap_or(0) == PIECE;
            Ok((text, list.last().filter(|_| full).map(|own| own.id)))
        }
    })
}

async fn form_page(
    api: &Api,
    scope: Scope,
    cx: &Context,
    fields: Fields,
    problem: Option<String>,
) -> Response {
    let found = api.installation.store.read(move |tx| Ok::<_, Error>(markets::sold_in(tx, &scope)?)).await;
    let reader = around::here();
    let mut countries: Vec<(String, String)> = match found {
        Ok(list) => list.into_iter().map(|own| (own.to_string(), reader.country(own))).collect(),
        Err(error) => return failed(api, &error),
    };
    reader.sort(&mut countries, |own| own.1.as_str());
    let status = match fields.is_right() && problem.is_none() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let qualifications = Qualification::ALL
        .into_iter()
        .map(|own| (own.as_str().to_owned(), reader.word("qualification", own.as_str())))
        .collect();
    let body = NewCustomerPage {
        frame: around::frame(),
        can_attest: cx.rules.matrix.authorize(&cx.actor, Action::AttestAgreement).is_ok(),
        today: utc_date(cx.now).to_string(),
        countries,
        qualifications,
        fields,
        problem,
    };
    page(api, status, &body)
}

/// `GET /customers/new`.
pub(super) async fn fresh(asked: Asked) -> Response {
    let Entered { api, cx, scope, .. } =
        match Entered::of(asked, Action::CreateCustomer, "/customers/new").await {
            Ok(entered) => entered,
            Err(response) => return response,
        };
    let country = api
        .installation
        .store
        .read(move |tx| Ok::<_, Error>(chandlery_store::partners::find(tx, &scope)?))
        .await
        .ok()
        .flatten()
        .map(|own| own.country.to_string());
    let fields =
        Fields::with(&[("country", country.as_deref().unwrap_or_default()), ("qualification", "none")]);
    form_page(&api, scope, &cx, fields, None).await
}

/// Who accepted the customer agreement and when, as a form has it; none where the box was not ticked.
pub(super) fn read_attestation(
    fields: &mut Fields,
    reader: &Reader,
    cx: &Context,
    customer: CustomerId,
) -> Option<Attestation> {
    let signatory = Signatory {
        first_name: fields.required(reader, "agreed_first_name", 50),
        last_name: fields.required(reader, "agreed_last_name", 50),
        email: fields.mail(reader, "agreed_email"),
        phone: fields.optional(reader, "agreed_phone", 40),
    };
    let day = fields.value("agreed_on").parse::<Date>().ok().filter(|day| *day <= utc_date(cx.now));
    let Some(day) = day else {
        fields.complain("agreed_on", reader.t("agreement-date-wrong"));
        return None;
    };
    // The beginning of the day: never in the future, and only the day was asked for.
    let agreed_at = start_of_day(day).ok()?;
    Some(Attestation { customer, kind: Kind::Customer, signatory, agreed_at })
}

/// Asks back where a name hardly is the legal one, unless somebody said of this very name that it is (rule 12.1).
pub(super) fn check_doubt(fields: &mut Fields, reader: &Reader, name: &str) {
    let Some(doubt) = company_name_doubt(name) else { return };
    fields.ask("name_is_right", name);
    if !fields.is("name_is_right", name) {
        fields.complain("company", reader.word("customer-name-doubt", doubt.as_str()));
    }
}

fn read_customer(fields: &mut Fields, reader: &Reader, cx: &Context) -> Option<Customer> {
    let company_name = fields.required(reader, "company", 256);
    if !company_name.is_empty() && company_name_fault(&company_name).is_some() {
        fields.complain("company", reader.t("customer-name-wrong"));
    } else {
        check_doubt(fields, reader, &company_name);
    }
    let most = DOMAIN_SUFFIX.len().saturating_add(63);
    let typed = fields.required(reader, "domain", most);
    let domain = tenant_domain(&typed);
    if domain.is_none() && !typed.is_empty() {
        fields.complain("domain", reader.t("customer-domain-wrong"));
    }
    let country = fields.value("country").parse::<Country>();
    if country.is_err() {
        fields.complain("country", reader.t("field-choose"));
    }
    let language = fields.value("language").to_owned();
    let billing = BillingProfile {
        id: Uuid::nil(),
        first_name: Some(fields.required(reader, "first_name", 50)),
        last_name: Some(fields.required(reader, "last_name", 50)),
        email: fields.mail(reader, "email"),
        culture: language.clone(),
        language: if language.is_empty() { "en".into() } else { language },
        company_name,
        address: read_address(fields, reader),
    };
    let qualification = fields.value("qualification").parse().unwrap_or(Qualification::None);
    let registration_number = fields.optional(reader, "registration_number", 50);
    let country = country.ok()?;
    Some(Customer {
        id: CustomerId::new(Uuid::nil()),
        domain: domain?,
        registration_number,
        country,
        qualification,
        under_review: false,
        associated_partner: None,
        billing,
        created_at: cx.now,
    })
}

/// An address as a form has it.
pub(super) fn read_address(fields: &mut Fields, reader: &Reader) -> Address {
    Address {
        line1: fields.required(reader, "line1", 200),
        line2: fields.optional(reader, "line2", 200),
        city: fields.required(reader, "city", 100),
        state: fields.optional(reader, "state", 50),
        region: None,
        postal_code: fields.optional(reader, "postal_code", 20),
        first_name: None,
        last_name: None,
        phone: fields.optional(reader, "phone", 40),
    }
}

/// `POST /customers/new`: adds the customer, with its agreement where that was attested, and shows its first
/// administrator's password, once.
pub(super) async fn add(asked: Asked) -> Response {
    let Entered { api, cx, scope, form, .. } =
        match Entered::of(asked, Action::CreateCustomer, "/customers/new").await {
            Ok(entered) => entered,
            Err(response) => return response,
        };
    let reader = around::here();
    let mut fields = Fields::of(&form);
    let customer = read_customer(&mut fields, &reader, &cx);
    let attests = fields.is("attest", "yes") && cx.authorize(Action::AttestAgreement).is_ok();
    let attested = match attests {
        true => read_attestation(&mut fields, &reader, &cx, CustomerId::new(Uuid::nil())),
        false => None,
    };
    let (Some(customer), true) = (customer, fields.is_right()) else {
        return form_page(&api, scope, &cx, fields, None).await;
    };
    let password = passwords::temporary();
    let password_hash = match api.desk.hashing.hash(password.clone()).await {
        Ok(hash) => hash,
        Err(error) => return failed(&api, &error),
    };
    let domain = customer.domain.clone();
    let admin = format!("admin@{domain}");
    let new = NewCustomer { customer, admin_upn: admin.clone(), password_hash };
    let vault = Arc::clone(&api.installation.vault);
    let attempted = Entry::did(Operation::AddCustomer, Resource::Customer, &domain);
    let done = act(&api, &cx, attempted, move |tx, cx| create(tx, cx, &vault, &scope, &new)).await;
    let customer = match done {
        Ok(customer) => customer,
        Err(Error::Refused(refusal)) => {
            let text = texts::refusal(&reader, &refusal);
            let name = match refusal {
                Refusal::DomainTaken { .. } => Some("domain"),
                Refusal::RegistrationNumberMissing { .. } | Refusal::RegistrationNumberNotTaken { .. } => {
                    Some("registration_number")
                }
                Refusal::PhoneMissing { .. } => Some("phone"),
                Refusal::RegionNotGranted { .. } => Some("country"),
                _ => None,
            };
            return match name {
                Some(name) => {
                    fields.complain(name, text);
                    form_page(&api, scope, &cx, fields, None).await
                }
                None => form_page(&api, scope, &cx, fields, Some(text)).await,
            };
        }
        Err(Error::Invalid { field, message }) if field == "email" => {
            fields.complain("email", message.said(&reader));
            return form_page(&api, scope, &cx, fields, None).await;
        }
        Err(error) => return failed(&api, &error),
    };
    let mut agreed = false;
    if let Some(given) = attested {
        let given = Attestation { customer: customer.id, ..given };
        let attempted = Entry::did(Operation::CreateAgreement, Resource::Agreement, "")
            .for_customer(customer.id, &customer.billing.company_name);
        let next = cx.anew();
        agreed = act(&api, &next, attempted, move |tx, cx| attest(tx, cx, &scope, &given)).await.is_ok();
    }
    let body = Added {
        frame: around::frame(),
        id: customer.id.to_string(),
        name: customer.billing.company_name,
        admin,
        password: password.expose_secret().to_owned(),
        agreed,
        asked_to_agree: attests,
    };
    page(&api, StatusCode::CREATED, &body)
}
