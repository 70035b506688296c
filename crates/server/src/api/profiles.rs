//! The partner's own profiles (contract 8.4), and the link that invites customers (contract 2.1).
//!
//! A profile is a small document of the partner's. What the partner is to the operator (its name, country, currency and
//! programme id) is the operator's to change; what a client sends there is checked and otherwise left alone.

use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::customer::Partner;
use serde_json::{Map, Value, json};

use super::answer::{Answer, etag};
use super::call::Call;
use super::reader::Object;
use crate::app::partner_profiles;
use crate::error::{Error, Missing};

/// One text of a profile: its name on the wire, how long it may be, and whether it must be there.
type Field = (&'static str, usize, bool);

const CONTACT: &[Field] =
    &[("firstName", 50, true), ("lastName", 50, true), ("email", 254, true), ("phoneNumber", 40, false)];
const ADDRESS: &[Field] = &[
    ("country", 2, true),
    ("city", 100, true),
    ("addressLine1", 200, true),
    ("addressLine2", 200, false),
    ("state", 100, false),
    ("postalCode", 20, false),
];

/// What a profile is made of, beside what the operator holds.
struct Shape {
    kind: &'static str,
    profile_type: &'static str,
    object_type: &'static str,
    texts: &'static [Field],
    parts: &'static [(&'static str, &'static [Field])],
}

const LEGAL: Shape = Shape {
    kind: partner_profiles::LEGAL,
    profile_type: "LegalBusinessProfile",
    object_type: "PartnerLegalBusinessProfile",
    texts: &[("companyApproverEmail", 254, false)],
    parts: &[("address", ADDRESS), ("primaryContact", CONTACT), ("companyApproverAddress", ADDRESS)],
};
const BILLING: Shape = Shape {
    kind: "billing",
    profile_type: "BillingProfile",
    object_type: "PartnerBillingProfile",
    texts: &[("purchaseOrderNumber", 50, false), ("taxId", 50, false)],
    parts: &[("address", ADDRESS), ("primaryContact", CONTACT)],
};
const ORGANIZATION: Shape = Shape {
    kind: "organization",
    profile_type: "OrganizationProfile",
    object_type: "PartnerOrganizationProfile",
    texts: &[("domain", 253, false), ("email", 254, false), ("language", 5, false), ("culture", 10, false)],
    parts: &[("defaultAddress", ADDRESS)],
};
const SUPPORT: Shape = Shape {
    kind: partner_profiles::SUPPORT,
    profile_type: "support_profile",
    object_type: "PartnerSupportProfile",
    texts: &[("email", 254, false), ("telephone", 40, false), ("website", 300, false)],
    parts: &[],
};

fn read_fields(object: &Object<'_>, fields: &[Field]) -> Result<Map<String, Value>, Error> {
    let mut found = Map::new();
    for (name, most, needed) in fields {
        let text =
            if *needed { Some(object.required_text(name, *most)?) } else { object.text(name, *most)? };
        if let Some(text) = text {
            found.insert((*name).to_owned(), text.into());
        }
    }
    Ok(found)
}

/// The profile as the wire has it: what the partner wrote, with what the operator holds over it.
fn out(shape: &Shape, partner: &Partner, mut body: Map<String, Value>, revision: i64) -> Value {
    let mut put = |name: &str, value: Value| {
        body.insert(name.to_owned(), value);
    };
    put("profileType", shape.profile_type.into());
    match shape.kind {
        partner_profiles::LEGAL => {
            put("companyName", partner.name.clone().into());
            // Vetting is done when a partner is added: it trades, or it does not.
            put("vettingStatus", if partner.active { "authorized" } else { "pending" }.into());
            put("vettingSubStatus", "none".into());
        }
        "billing" => {
            put("companyName", partner.name.clone().into());
            put("billingCurrency", partner.currency.to_string().into());
            put("billingDay", 1.into());
        }
        "organization" => {
            put("id", partner.id.to_string().into());
            put("tenantId", partner.id.to_string().into());
            put("companyName", partner.name.clone().into());
        }
        _ => {}
    }
    if shape.kind == partner_profiles::LEGAL || shape.kind == "organization" {
        let name = if shape.kind == "organization" { "defaultAddress" } else { "address" };
        if !body.contains_key(name) {
            body.insert(name.to_owned(), json!({ "country": partner.country.to_string() }));
        }
    }
    let prefix = if shape.kind == partner_profiles::SUPPORT { "/v1" } else { "" };
    body.insert(
        "links".into(),
        json!({ "self": { "uri": format!("{prefix}/profiles/{}", shape.kind), "method": "GET", "headers": [] } }),
    );
    body.insert(
        "attributes".into(),
        json!({ "etag": etag(shape.kind, revision), "objectType": shape.object_type }),
    );
    Value::Object(body)
}

async fn show(call: Call, shape: &'static Shape) -> Result<Answer, Error> {
    let (partner, (document, revision)) = call
        .read(move |tx, _, scope| {
            Ok((partner_profiles::partner(tx, scope)?, partner_profiles::find(tx, scope, shape.kind)?))
        })
        .await?;
    Answer::ok(&out(shape, &partner, document, revision))
}

async fn update(call: Call, shape: &'static Shape) -> Result<Answer, Error> {
    let body = call.json()?;
    let root = Object::root(&body)?;
    let mut document = read_fields(&root, shape.texts)?;
    let mut kept = Vec::new();
    for (name, fields) in shape.parts {
        // A country alone is what is answered where no address was ever written: sent back it says nothing.
        let said = body.get(*name).and_then(Value::as_object);
        let alone = |own: &Map<String, Value>| own.len() == 1 && own.contains_key("country");
        if *fields == ADDRESS && said.is_some_and(alone) {
            kept.push(*name);
            continue;
        }
        if let Some(part) = root.object(name)? {
            document.insert((*name).to_owned(), Value::Object(read_fields(&part, fields)?));
        }
    }
    let expected = call.expected_revision(shape.kind, Some(&body))?;
    let company = root.text("companyName", 200)?;
    call.write(
        Entry::did(Operation::UpdateCompanyInfo, Resource::Partner, shape.kind),
        None,
        move |tx, _, scope| {
            let partner = partner_profiles::partner(tx, scope)?;
            if company.as_ref().is_some_and(|name| *name != partner.name) {
                return Err(Error::invalid(
                    "companyName",
                    format!("must stay {}: the operator changes the legal name", partner.name),
                ));
            }
            let (mut stored, _) = partner_profiles::find(tx, scope, shape.kind)?;
            let mut document = document.clone();
            for name in &kept {
                document.extend(stored.remove_entry(*name));
            }
            let (revision, entry) = partner_profiles::save(tx, scope, shape.kind, &document, expected)?;
            Ok(((partner, document, revision), entry))
        },
        |(partner, document, revision)| Answer::ok(&out(shape, partner, document.clone(), *revision)),
    )
    .await
}

/// `GET /profiles/legalbusiness`.
///
/// # Errors
/// The store's own.
pub async fn legal(call: Call) -> Result<Answer, Error> {
    show(call, &LEGAL).await
}

/// `PUT /profiles/legalbusiness`.
///
/// # Errors
/// When the body cannot be taken.
pub async fn update_legal(call: Call) -> Result<Answer, Error> {
    update(call, &LEGAL).await
}

/// `GET /profiles/billing`.
///
/// # Errors
/// The store's own.
pub async fn billing(call: Call) -> Result<Answer, Error> {
    show(call, &BILLING).await
}

/// `PUT /profiles/billing`.
///
/// # Errors
/// When the body cannot be taken.
pub async fn update_billing(call: Call) -> Result<Answer, Error> {
    update(call, &BILLING).await
}

/// `GET /profiles/organization`.
///
/// # Errors
/// The store's own.
pub async fn organization(call: Call) -> Result<Answer, Error> {
    show(call, &ORGANIZATION).await
}

/// `PUT /profiles/organization`.
///
/// # Errors
/// When the body cannot be taken.
pub async fn update_organization(call: Call) -> Result<Answer, Error> {
    update(call, &ORGANIZATION).await
}

/// `GET /profiles/support`.
///
/// # Errors
/// The store's own.
pub async fn support(call: Call) -> Result<Answer, Error> {
    show(call, &SUPPORT).await
}

/// `PUT /profiles/support`, and the same under the name the documentation gives it.
///
/// # Errors
/// When the body cannot be taken.
pub async fn update_support(call: Call) -> Result<Answer, Error> {
    update(call, &SUPPORT).await
}

/// `GET /profiles/mpn`: the partner's own programme id, or whether it has a given one.
///
/// # Errors
/// When another id is asked for.
pub async fn programme(call: Call) -> Result<Answer, Error> {
    let wanted = call.query.text("mpnId").map(str::to_owned);
    let partner = call.read(|tx, _, scope| partner_profiles::partner(tx, scope)).await?;
    if wanted.is_some_and(|wanted| wanted != partner.mpn_id) {
        return Err(Error::NotFound(Missing::Programme));
    }
    Answer::ok(&json!({
        "mpnId": partner.mpn_id,
        "partnerName": partner.name,
        "profileType": "MpnProfile",
        "links": { "self": { "uri": "/profiles/mpn", "method": "GET", "headers": [] } },
        "attributes": { "objectType": "PartnerMpnProfile" },
    }))
}

/// `GET /customers/relationshiprequests`: the link a partner sends to somebody it would like to serve. It names the
/// partner and is proved by a seal, so that it cannot be made up; it opens nothing by itself.
///
/// # Errors
/// The store's own.
pub async fn invitation(call: Call) -> Result<Answer, Error> {
    let token = crate::app::invitations::token(&call.api.installation, call.scope.partner()).await?;
    let url = format!("{}/invitation?token={token}", call.api.desk.reached.public_url);
    Answer::ok(&json!({ "url": url, "attributes": { "objectType": "CustomerRelationshipRequest" } }))
}
