//! Customers and their profiles (contract 2).

use std::sync::Arc;

use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::catalog::Qualification;
use chandlery_domain::customer::{
    Address, BillingProfile, Customer, company_name_fault, is_mail_address, tenant_domain,
};
use chandlery_domain::ids::CustomerId;
use chandlery_domain::market::Country;
use chandlery_store::customers;
use secrecy::ExposeSecret;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::answer::{Answer, Attributes, Link};
use super::call::Call;
use super::paging::Page;
use super::reader::Object;
use crate::app::customers::{NewCustomer, create as create_customer, update_billing};
use crate::error::{Error, Missing};
use crate::identity::passwords;

/// The most customers on one page.
const PAGE_MAX: u32 = 500;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CustomerOut {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    commerce_id: Option<String>,
    company_profile: CompanyProfileOut,
    #[serde(skip_serializing_if = "Option::is_none")]
    billing_profile: Option<BillingProfileOut>,
    relationship_to_partner: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    allow_delegated_access: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_domains: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    associated_partner_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_credentials: Option<UserCredentials>,
    links: SelfLink,
    attributes: Attributes,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UserCredentials {
    user_name: String,
    password: String,
}

/// A link to itself.
#[derive(Serialize)]
pub(super) struct SelfLink {
    #[serde(rename = "self")]
    own: Link,
}

impl SelfLink {
    pub(super) fn to(uri: String) -> Self {
        Self { own: Link::get(uri) }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CompanyProfileOut {
    tenant_id: String,
    domain: String,
    company_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_registration_number: Option<String>,
    links: SelfLink,
    attributes: Attributes,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BillingProfileOut {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
    email: String,
    culture: String,
    language: String,
    company_name: String,
    default_address: AddressOut,
    links: SelfLink,
    attributes: Attributes,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AddressOut {
    country: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    city: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    address_line1: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    address_line2: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    postal_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
}

fn company_out(customer: &Customer) -> CompanyProfileOut {
    CompanyProfileOut {
        tenant_id: customer.id.to_string(),
        domain: customer.domain.clone(),
        company_name: customer.billing.company_name.clone(),
        organization_registration_number: customer.registration_number.clone(),
        links: SelfLink::to(format!("/customers/{}/profiles/company", customer.id)),
        attributes: Attributes::of("CustomerCompanyProfile"),
    }
}

fn billing_out(customer: &Customer, revision: i64) -> BillingProfileOut {
    let billing = customer.billing.clone();
    let address = billing.address;
    BillingProfileOut {
        id: billing.id.to_string(),
        first_name: billing.first_name,
        last_name: billing.last_name,
        email: billing.email,
        culture: billing.culture,
        language: billing.language,
        company_name: billing.company_name,
        default_address: AddressOut {
            country: customer.country.to_string(),
            region: address.region,
            city: address.city,
            state: address.state,
            address_line1: address.line1,
            address_line2: address.line2,
            postal_code: address.postal_code,
            first_name: address.first_name,
            last_name: address.last_name,
            phone_number: address.phone,
        },
        links: SelfLink::to(format!("/customers/{}/profiles/billing", customer.id)),
        attributes: Attributes::versioned("CustomerBillingProfile", customer.id, revision),
    }
}

/// A customer as lists have it: without its billing profile.
fn brief(customer: &Customer) -> CustomerOut {
    CustomerOut {
        id: customer.id.to_string(),
        commerce_id: None,
        company_profile: company_out(customer),
        billing_profile: None,
        relationship_to_partner: "reseller",
        allow_delegated_access: None,
        custom_domains: None,
        associated_partner_id: None,
        user_credentials: None,
        links: SelfLink::to(format!("/customers/{}", customer.id)),
        attributes: Attributes::of("Customer"),
    }
}

/// The whole customer.
fn full(customer: &Customer, revision: i64) -> CustomerOut {
    CustomerOut {
        commerce_id: Some(customer.billing.id.to_string()),
        billing_profile: Some(billing_out(customer, revision)),
        allow_delegated_access: Some(true),
        custom_domains: Some(vec![customer.domain.clone()]),
        associated_partner_id: customer.associated_partner.clone(),
        ..brief(customer)
    }
}

/// Reads the list's filter: a field and what it starts with (contract 0.7).
fn read_filter(text: &str) -> Result<customers::Query, Error> {
    let mut query = customers::Query::default();
    if text.is_empty() {
        return Ok(query);
    }
    let value: Value = serde_json::from_str(text)
        .map_err(|_| Error::invalid("filter", "must be a JSON object with Field, Value and Operator"))?;
    let root = Object::root(&value)
        .map_err(|_| Error::invalid("filter", "must be a JSON object with Field, Value and Operator"))?;
    let operator = root.text("Operator", 40)?.unwrap_or_else(|| "starts_with".into());
    if !super::reader::same_word(&operator, "starts_with") {
        return Err(Error::invalid("filter.Operator", "must be starts_with"));
    }
    let prefix = root.text("Value", 256)?.unwrap_or_default();
    match root.required_text("Field", 40)?.to_ascii_lowercase().as_str() {
        "companyname" => query.company_starts_with = Some(prefix),
        "domain" => query.domain_starts_with = Some(prefix),
        _ => {
            return Err(Error::invalid("filter.Field", "must be CompanyName or Domain"));
        }
    }
    Ok(query)
}

/// `GET /customers`.
///
/// # Errors
/// When filter, size or token cannot be read.
pub async fn list(call: Call) -> Result<Answer, Error> {
    let page = Page::of(&call, PAGE_MAX, call.query.text("filter").unwrap_or_default())?;
    let wanted = customers::Query { after: page.after()?, limit: page.limit(), ..read_filter(&page.filter)? };
    let rows = call.read(move |tx, _, scope| Ok(customers::list(tx, scope, &wanted)?)).await?;
    Answer::ok(&page.collection(
        &call,
        rows,
        |customer| customer.id.to_string(),
        |customer| brief(&customer),
    )?)
}

async fn load(call: &Call) -> Result<(Customer, i64), Error> {
    let id = call.customer()?;
    call.read(move |tx, _, scope| customers::find(tx, scope, id)?.ok_or(Error::NotFound(Missing::Customer)))
        .await
}

/// `GET /customers/{customer}`.
///
/// # Errors
/// When it is not there.
pub async fn get(call: Call) -> Result<Answer, Error> {
    let (customer, revision) = load(&call).await?;
    Answer::ok(&full(&customer, revision))
}

/// `GET /customers/{customer}/profiles/company`.
///
/// # Errors
/// When the customer is not there.
pub async fn company_profile(call: Call) -> Result<Answer, Error> {
    let (customer, _) = load(&call).await?;
    Answer::ok(&company_out(&customer))
}

/// `GET /customers/{customer}/profiles/billing`.
///
/// # Errors
/// When the customer is not there.
pub async fn billing_profile(call: Call) -> Result<Answer, Error> {
    let (customer, revision) = load(&call).await?;
    Answer::ok(&billing_out(&customer, revision))
}

fn read_address(object: &Object<'_>) -> Result<(Country, Address), Error> {
    let country: Country = object.required("country")?;
    let address = Address {
        line1: object.required_text("addressLine1", 200)?,
        line2: object.text("addressLine2", 200)?,
        city: object.required_text("city", 100)?,
        state: object.text("state", 50)?,
        region: object.text("region", 50)?,
        postal_code: object.text("postalCode", 20)?,
        first_name: object.text("firstName", 50)?,
        last_name: object.text("lastName", 50)?,
        phone: object.text("phoneNumber", 40)?,
    };
    Ok((country, address))
}

fn read_billing(object: &Object<'_>) -> Result<(Country, BillingProfile), Error> {
    let email = object.required_text("email", 254)?;
    if !is_mail_address(&email) {
        return Err(Error::invalid(
            object.path_of("email"),
            "must be an e-mail address such as ada@example.com",
        ));
    }
    let company_name = object.required_text("companyName", 256)?;
    if let Some(fault) = company_name_fault(&company_name) {
        return Err(Error::invalid(object.path_of("companyName"), fault));
    }
    let (country, address) = read_address(&object.required_object("defaultAddress")?)?;
    let billing = BillingProfile {
        id: Uuid::nil(),
        first_name: object.text("firstName", 50)?,
        last_name: object.text("lastName", 50)?,
        email,
        culture: object.required_text("culture", 20)?,
        language: object.required_text("language", 20)?,
        company_name,
        address,
    };
    Ok((country, billing))
}

fn read_domain(object: &Object<'_>) -> Result<String, Error> {
    let wrong = || {
        Error::invalid(
            object.path_of("domain"),
            "must be a prefix of letters, digits and hyphens, alone or followed by .onmicrosoft.com",
        )
    };
    tenant_domain(&object.required_text("domain", 100)?).ok_or_else(wrong)
}

/// `POST /customers`. The first administrator's password is in the answer and nowhere else.
///
/// # Errors
/// When the body cannot be taken.
pub async fn create(call: Call) -> Result<Answer, Error> {
    let body = call.json()?;
    let root = Object::root(&body)?;
    let company = root.required_object("companyProfile")?;
    let domain = read_domain(&company)?;
    let (country, billing) = read_billing(&root.required_object("billingProfile")?)?;
    let customer = Customer {
        id: CustomerId::new(Uuid::nil()),
        registration_number: company.text("organizationRegistrationNumber", 50)?,
        country,
        qualification: Qualification::None,
        under_review: false,
        associated_partner: root.text("associatedPartnerId", 20)?,
        billing,
        created_at: call.cx.now,
        domain: domain.clone(),
    };
    let password = passwords::temporary();
    let password_hash = call.api.desk.hashing.hash(password.clone()).await?;
    let new = NewCustomer { customer, admin_upn: format!("admin@{domain}"), password_hash };
    let attempted = Entry::did(Operation::AddCustomer, Resource::Customer, &domain);
    let vault = Arc::clone(&call.api.installation.vault);
    call.write(
        attempted,
        None,
        move |tx, cx, scope| create_customer(tx, cx, &vault, scope, &new),
        move |customer| {
            let credentials =
                UserCredentials { user_name: "admin".into(), password: password.expose_secret().to_owned() };
            let out = CustomerOut { user_credentials: Some(credentials), ..full(customer, 1) };
            Ok(Answer::created(&out)?.holding_a_secret())
        },
    )
    .await
}

/// `PUT /customers/{customer}/profiles/billing`.
///
/// # Errors
/// When the body cannot be taken.
pub async fn update_billing_profile(call: Call) -> Result<Answer, Error> {
    let id = call.customer()?;
    let body = call.json()?;
    let root = Object::root(&body)?;
    let (country, billing) = read_billing(&root)?;
    let (customer, _) = load(&call).await?;
    if country != customer.country {
        return Err(Error::invalid(
            "defaultAddress.country",
            format!("must stay {}: the tenant's country does not change", customer.country),
        ));
    }
    let expected = call.expected_revision(id, Some(&body))?;
    let attempted = Entry::did(Operation::UpdateCustomerBillingProfile, Resource::Customer, id)
        .for_customer(id, &customer.billing.company_name);
    call.write(
        attempted,
        None,
        move |tx, _, scope| update_billing(tx, scope, id, &billing, expected),
        |(customer, revision)| Answer::ok(&billing_out(customer, *revision)),
    )
    .await
}
