//! The partner's own profiles: small documents of its own, each with a revision, beside what the operator holds of it
//! (contract 8.4).

use chandlery_domain::access::Scope;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::customer::Partner;
use chandlery_domain::refusal::Refusal;
use chandlery_store::{Read, Write, partner_profiles, partners};
use serde_json::{Map, Value};

use crate::error::{Error, Missing};

/// Who speaks for the company.
pub const LEGAL: &str = "legalbusiness";
/// Where its customers find help.
pub const SUPPORT: &str = "support";

/// A profile with its revision; empty, with revision 0, where none was stored yet.
///
/// # Errors
/// When it cannot be read.
pub fn find(tx: &mut Read<'_>, scope: &Scope, kind: &str) -> Result<(Map<String, Value>, i64), Error> {
    match partner_profiles::find(tx, scope, kind)? {
        Some((text, revision)) => Ok((serde_json::from_str(&text).map_err(Error::internal)?, revision)),
        None => Ok((Map::new(), 0)),
    }
}

/// The partner, as the operator holds it.
///
/// # Errors
/// When there is none.
pub fn partner(tx: &mut Read<'_>, scope: &Scope) -> Result<Partner, Error> {
    partners::find(tx, scope)?.ok_or(Error::NotFound(Missing::Other("partner")))
}

/// Somebody who speaks for a company.
pub struct Contact {
    /// First name and last name.
    pub name: String,
    /// A mail address.
    pub email: String,
    /// A telephone number.
    pub phone: Option<String>,
}

/// Who speaks for the partner, where it said so.
///
/// # Errors
/// When it cannot be read.
pub fn contact(tx: &mut Read<'_>, scope: &Scope) -> Result<Option<Contact>, Error> {
    let (document, _) = find(tx, scope, LEGAL)?;
    let Some(own) = document.get("primaryContact").and_then(Value::as_object) else { return Ok(None) };
    let text = |name: &str| own.get(name).and_then(Value::as_str).unwrap_or_default();
    Ok(Some(Contact {
        name: format!("{} {}", text("firstName"), text("lastName")),
        email: text("email").to_owned(),
        phone: Some(text("phoneNumber").to_owned()).filter(|own| !own.is_empty()),
    }))
}

/// Stores a profile; gives its new revision. Whoever read another one than `expected` is refused.
///
/// # Errors
/// When it changed meanwhile.
pub fn save(
    tx: &mut Write<'_>,
    scope: &Scope,
    kind: &str,
    document: &Map<String, Value>,
    expected: Option<i64>,
) -> Result<(i64, Entry), Error> {
    let before = partner_profiles::find(tx, scope, kind)?.map_or(0, |(_, revision)| revision);
    if expected.is_some_and(|expected| expected != before) {
        return Err(Refusal::StaleEtag.into());
    }
    let text = serde_json::to_string(document).map_err(Error::internal)?;
    if !partner_profiles::save(tx, scope, kind, &text, before)? {
        return Err(Error::conflict("the profile changed at the same time"));
    }
    // What it says of people stays out of the log; that it was changed does not.
    let names: Vec<&str> = document.keys().map(String::as_str).collect();
    let facts = vec![Fact::new("profile", kind), Fact::new("fields", names.join(" "))];
    Ok((before + 1, Entry::did(Operation::UpdateCompanyInfo, Resource::Partner, scope.partner()).with(facts)))
}
