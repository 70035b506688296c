//! Customers' agreements (contract 8.3).

use chandlery_domain::agreement::{Agreement, Kind, Signatory};
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_store::{agreements, customers};
use serde::Serialize;

use super::answer::{Answer, Collection, JsonInstant};
use super::call::Call;
use super::reader::Object;
use crate::app::agreements::{Attestation, attest as attest_agreement};
use crate::dates::When;
use crate::error::{Error, Missing};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TemplateOut {
    template_id: String,
    agreement_type: &'static str,
    agreement_link: String,
    version_rank: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ContactOut {
    first_name: String,
    last_name: String,
    email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AgreementOut {
    user_id: String,
    primary_contact: ContactOut,
    template_id: String,
    date_agreed: JsonInstant,
    #[serde(rename = "type")]
    kind: &'static str,
    agreement_link: String,
}

fn document_uri(kind: Kind) -> String {
    format!("/agreementtemplates/{}/document", kind.template())
}

fn out(agreement: &Agreement) -> AgreementOut {
    let signatory = agreement.signatory.clone();
    AgreementOut {
        user_id: agreement.attested_by.to_string(),
        primary_contact: ContactOut {
            first_name: signatory.first_name,
            last_name: signatory.last_name,
            email: signatory.email,
            phone_number: signatory.phone,
        },
        template_id: agreement.kind.template().to_string(),
        date_agreed: JsonInstant(agreement.agreed_at),
        kind: agreement.kind.as_str(),
        agreement_link: document_uri(agreement.kind),
    }
}

/// The kinds asked for: one, or all with `*`; without a word the older one, as the documentation has it.
fn wanted_kinds(call: &Call) -> Result<Vec<Kind>, Error> {
    match call.query.text("agreementType") {
        Some("*") => Ok(Kind::ALL.to_vec()),
        None => Ok(vec![Kind::Cloud]),
        Some(_) => Ok(vec![call.query.required("agreementType")?]),
    }
}

/// `GET /agreements`.
///
/// # Errors
/// When the type is not known.
pub async fn templates(call: Call) -> Result<Answer, Error> {
    let items: Vec<TemplateOut> = wanted_kinds(&call)?
        .into_iter()
        .map(|kind| TemplateOut {
            template_id: kind.template().to_string(),
            agreement_type: kind.as_str(),
            agreement_link: document_uri(kind),
            version_rank: 0,
        })
        .collect();
    Answer::ok(&Collection::whole(items, call.uri.clone()))
}

/// `GET /customers/{customer}/agreements`.
///
/// # Errors
/// When the customer is not there or the type is not known.
pub async fn list(call: Call) -> Result<Answer, Error> {
    let kinds = wanted_kinds(&call)?;
    let id = call.customer()?;
    let all = call
        .read(move |tx, _, scope| {
            customers::find(tx, scope, id)?.ok_or(Error::NotFound(Missing::Customer))?;
            Ok(agreements::list(tx, scope, id)?)
        })
        .await?;
    let items: Vec<AgreementOut> =
        all.iter().filter(|agreement| kinds.contains(&agreement.kind)).map(out).collect();
    Answer::ok(&Collection::whole(items, call.uri.clone()))
}

/// `POST /customers/{customer}/agreements`.
///
/// # Errors
/// When the body cannot be taken.
pub async fn attest(call: Call) -> Result<Answer, Error> {
    let customer = call.customer()?;
    let body = call.json()?;
    let root = Object::root(&body)?;
    let contact = root.required_object("primaryContact")?;
    let kind: Kind = root.parsed("type")?.unwrap_or(Kind::Customer);
    if let Some(template) = root.parsed::<uuid::Uuid>("templateId")?
        && template != kind.template()
    {
        return Err(Error::invalid(
            "templateId",
            format!("must be {} for a {}", kind.template(), kind.as_str()),
        ));
    }
    let day = root.required_text("dateAgreed", 40)?;
    let agreed_at = match crate::dates::read(&day) {
        Some(When::At(at)) => at,
        Some(When::Day(day)) => chandlery_domain::calendar::start_of_day(day).map_err(Error::internal)?,
        None => {
            return Err(Error::invalid("dateAgreed", "must be a date such as 2020-01-31"));
        }
    };
    let given = Attestation {
        customer,
        kind,
        signatory: Signatory {
            first_name: contact.required_text("firstName", 50)?,
            last_name: contact.required_text("lastName", 50)?,
            email: contact.required_text("email", 254)?,
            phone: contact.text("phoneNumber", 40)?,
        },
        agreed_at,
    };
    call.write(
        Entry::did(Operation::CreateAgreement, Resource::Agreement, customer),
        None,
        move |tx, cx, scope| attest_agreement(tx, cx, scope, &given),
        |agreement| Answer::created(&out(agreement)),
    )
    .await
}

/// `GET /agreementtemplates/{template}/document`: where the agreement's text can be read.
///
/// # Errors
/// When there is no such template, or language or country cannot be read.
pub async fn document(call: Call) -> Result<Answer, Error> {
    const TEMPLATE: Missing = Missing::Other("agreement template");
    let id: uuid::Uuid = call.id("template", TEMPLATE)?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.template() == id).ok_or(Error::NotFound(TEMPLATE))?;
    let language = call.query.text("language").unwrap_or("en-US");
    if language.len() > 10 || !language.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
    {
        return Err(Error::invalid("language", "must be a language such as en-US"));
    }
    let country: chandlery_domain::market::Country = match call.query.text("country") {
        Some(_) => call.query.required("country")?,
        None => "US".parse().map_err(|_| Error::internal("US is a country"))?,
    };
    let page = match kind {
        Kind::Customer => "https://www.microsoft.com/licensing/docs/customeragreement",
        Kind::Cloud => "https://learn.microsoft.com/partner-center/agreements",
    };
    Answer::ok(&serde_json::json!({
        "displayUri": page,
        "downloadUri": page,
        "language": language,
        "country": country.to_string(),
    }))
}

/// `GET /customers/{customer}/directSignedMicrosoftCustomerAgreementStatus`: whether the customer itself signed with the
/// publisher. Nobody does here: agreements are confirmed by the partner.
///
/// # Errors
/// When the customer is not there.
pub async fn direct_signed(call: Call) -> Result<Answer, Error> {
    let id = call.customer()?;
    call.read(move |tx, _, scope| {
        customers::find(tx, scope, id)?.ok_or(Error::NotFound(Missing::Customer)).map(drop)
    })
    .await?;
    Answer::ok(&serde_json::json!({ "isSigned": false }))
}
