//! Customers' own people (contract 2.9): who may sign in to the customer's portal.

use std::sync::Arc;

use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::ids::{CustomerId, UserId};
use chandlery_domain::market::Country;
use chandlery_store::customers;
use chandlery_store::people::{self, Of, User};
use jiff::SignedDuration;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::Value;

use super::answer::{Answer, Attributes, JsonInstant};
use super::call::Call;
use super::customers::SelfLink;
use super::paging::Page;
use super::reader::{Object, same_word};
use crate::app::people::{Change, NewPerson, add, change};
use crate::error::{Error, Missing};
use crate::identity::passwords;

/// The most people on one page.
const PAGE_MAX: u32 = 500;
/// How long a deleted person can be brought back (contract 2.9).
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PasswordOut {
    password: String,
    force_change_password: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UserOut {
    usage_location: String,
    id: String,
    user_principal_name: String,
    first_name: String,
    last_name: String,
    display_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_profile: Option<PasswordOut>,
    user_domain_type: &'static str,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    soft_deletion_time: Option<JsonInstant>,
    links: SelfLink,
    attributes: Attributes,
}

fn out(customer: CustomerId, user: &User) -> UserOut {
    UserOut {
        usage_location: user.usage_location.clone(),
        id: user.id.to_string(),
        user_principal_name: user.upn.clone(),
        first_name: user.first_name.clone(),
        last_name: user.last_name.clone(),
        display_name: user.display_name.clone(),
        phone_number: Some(user.phone.clone()).filter(|phone| !phone.is_empty()),
        password_profile: None,
        user_domain_type: "managed",
        state: if user.active { "active" } else { "inactive" },
        soft_deletion_time: user.deleted_at.map(JsonInstant),
        links: SelfLink::to(format!("/customers/{customer}/users/{}", user.id)),
        attributes: Attributes::of("CustomerUser"),
    }
}

/// Whether a list asks for deleted people: `{"Field":"UserState","Value":"Inactive","Operator":"equals"}`.
fn wants_inactive(filter: &str) -> Result<bool, Error> {
    if filter.is_empty() {
        return Ok(false);
    }
    let shape = || Error::invalid("filter", "must be a JSON object with Field, Value and Operator");
    let value: Value = serde_json::from_str(filter).map_err(|_| shape())?;
    let root = Object::root(&value).map_err(|_| shape())?;
    let field = root.required_text("Field", 40)?;
    if !same_word(&field, "UserState") && !same_word(&field, "UserStatus") {
        return Err(Error::invalid("filter.Field", "must be UserState"));
    }
    match root.required_text("Value", 40)?.to_ascii_lowercase().as_str() {
        "inactive" => Ok(true),
        "active" => Ok(false),
        _ => Err(Error::invalid("filter.Value", "must be Active or Inactive")),
    }
}

/// `GET /customers/{customer}/users`.
///
/// # Errors
/// When the customer is not there or the filter cannot be read.
pub async fn list(call: Call) -> Result<Answer, Error> {
    let customer = call.customer()?;
    let page = Page::of(&call, PAGE_MAX, call.query.text("filter").unwrap_or_default())?;
    let inactive = wants_inactive(&page.filter)?;
    let (after, limit) = (page.after::<UserId>()?.map(|id| id.to_string()), page.limit());
    let rows = call
        .read(move |tx, cx, scope| {
            customers::find(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
            let of = Of::Customer(customer);
            let mut list = people::list(tx, scope, of, Some(!inactive), after.as_deref(), limit)?;
            list.retain(|user| {
                user.erased_at.is_none() && user.deleted_at.is_none_or(|at| cx.now.duration_since(at) < KEPT)
            });
            Ok(list)
        })
        .await?;
    Answer::ok(&page.collection(&call, rows, |user| user.id.to_string(), |user| out(customer, &user))?)
}

async fn load(call: &Call) -> Result<(CustomerId, User), Error> {
    let (customer, id) = (call.customer()?, call.id::<UserId>("user", Missing::User)?);
    let user = call
        .read(move |tx, _, scope| {
            customers::find(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
            people::find(tx, scope, Of::Customer(customer), id)?
                .filter(|user| user.erased_at.is_none())
                .ok_or(Error::NotFound(Missing::User))
        })
        .await?;
    Ok((customer, user))
}

/// `GET /customers/{customer}/users/{user}`.
///
/// # Errors
/// When one of them is not there.
pub async fn get(call: Call) -> Result<Answer, Error> {
    let (customer, user) = load(&call).await?;
    Answer::ok(&out(customer, &user))
}

struct Read {
    password: Option<(SecretString, bool)>,
    change: Change,
    restore: bool,
}

fn read(root: &Object<'_>) -> Result<Read, Error> {
    let usage = root.parsed::<Country>("usageLocation")?;
    let password = root.object("passwordProfile")?;
    let password = match password {
        None => None,
        Some(profile) => match profile.text("password", 256)? {
            None => None,
            Some(text) => {
                Some((SecretString::from(text), profile.flag("forceChangePassword")?.unwrap_or(true)))
            }
        },
    };
    let state = root.text("state", 20)?;
    let restore = match state.as_deref().map(str::to_ascii_lowercase).as_deref() {
        None => false,
        Some("active") => true,
        Some(_) => {
            return Err(Error::invalid(
                "state",
                "must be active, which restores; DELETE takes a person away",
            ));
        }
    };
    Ok(Read {
        password,
        restore,
        change: Change {
            upn: root.text("userPrincipalName", 113)?,
            display_name: root.text("displayName", 256)?,
            first_name: root.text("firstName", 64)?,
            last_name: root.text("lastName", 64)?,
            usage_location: usage.map(|country| country.to_string()),
            phone: root.text("phoneNumber", 64)?,
            ..Change::default()
        },
    })
}

/// `POST /customers/{customer}/users`. The temporary password is in the answer, once.
///
/// # Errors
/// When the body cannot be taken or the name is taken.
pub async fn create(call: Call) -> Result<Answer, Error> {
    let customer = call.customer()?;
    let body = call.json()?;
    let root = Object::root(&body)?;
    let given = read(&root)?;
    let upn = root.required_text("userPrincipalName", 113)?;
    let display_name = root.required_text("displayName", 256)?;
    root.required::<Country>("usageLocation")?;
    let (password, must_change) = given.password.unwrap_or_else(|| (passwords::temporary(), true));
    passwords::check(&password, &upn)
        .map_err(|why| Error::invalid("passwordProfile.password", format!("cannot be taken: {why}")))?;
    let new = NewPerson {
        of: Of::Customer(customer),
        upn,
        display_name,
        first_name: given.change.first_name.unwrap_or_default(),
        last_name: given.change.last_name.unwrap_or_default(),
        usage_location: given.change.usage_location.unwrap_or_default(),
        phone: given.change.phone.unwrap_or_default(),
        roles: vec![chandlery_domain::access::Role::CustomerUser],
        password_hash: call.api.desk.hashing.hash(password.clone()).await?,
        must_change_password: must_change,
    };
    let vault = Arc::clone(&call.api.installation.vault);
    call.write(
        Entry::did(Operation::CreateCustomerUser, Resource::CustomerUser, customer),
        None,
        move |tx, cx, scope| add(tx, cx, &vault, scope, &new),
        move |user| {
            let shown = PasswordOut {
                password: password.expose_secret().to_owned(),
                force_change_password: must_change,
            };
            let out = UserOut { password_profile: Some(shown), ..out(customer, user) };
            Ok(Answer::created(&out)?.holding_a_secret())
        },
    )
    .await
}

/// `PATCH /customers/{customer}/users/{user}`: changes what is named; `state` active restores a deleted person.
///
/// # Errors
/// When the body cannot be taken.
pub async fn update(call: Call) -> Result<Answer, Error> {
    let (customer, user) = load(&call).await?;
    let body = call.json()?;
    let given = read(&Object::root(&body)?)?;
    let mut wanted = given.change;
    if given.restore {
        let gone = user.deleted_at.is_some_and(|at| call.cx.now.duration_since(at) >= KEPT);
        if gone {
            return Err(Error::NotFound(Missing::User));
        }
        wanted.active = Some(true);
    }
    if let Some((password, must_change)) = given.password {
        passwords::check(&password, &user.upn)
            .map_err(|why| Error::invalid("passwordProfile.password", format!("cannot be taken: {why}")))?;
        wanted.password = Some((call.api.desk.hashing.hash(password).await?, must_change));
    }
    let world = call.api.desk.world.now();
    let desk = Arc::clone(&call.api.desk);
    let answer = call
        .write(
            Entry::did(Operation::UpdateCustomerUser, Resource::CustomerUser, user.id),
            None,
            move |tx, cx, scope| change(tx, cx, scope, (Of::Customer(customer), user.id), &wanted, world),
            move |user| Ok(Answer::ok(&out(customer, user))?.holding_a_secret()),
        )
        .await;
    desk.people.forget(user.partner, user.id);
    answer
}

/// `DELETE /customers/{customer}/users/{user}`: the person may not sign in any more and can be restored for thirty days.
///
/// # Errors
/// When one of them is not there.
pub async fn delete(call: Call) -> Result<Answer, Error> {
    let (customer, user) = load(&call).await?;
    if !user.active {
        return Err(Error::NotFound(Missing::User));
    }
    let (world, desk) = (call.api.desk.world.now(), Arc::clone(&call.api.desk));
    let wanted = Change { active: Some(false), ..Change::default() };
    let answer = call
        .write(
            Entry::did(Operation::DeleteCustomerUser, Resource::CustomerUser, user.id),
            None,
            move |tx, cx, scope| change(tx, cx, scope, (Of::Customer(customer), user.id), &wanted, world),
            |_| Ok(Answer::empty()),
        )
        .await;
    desk.people.forget(user.partner, user.id);
    answer
}
