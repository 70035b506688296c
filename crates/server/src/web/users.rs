//! The people of one's own house: a partner's, or the operator's. Every change asks for a fresh second factor.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::access::{Action, Door, Role, Scope};
use chandlery_domain::ids::UserId;
use chandlery_store::factors;
use chandlery_store::people::{self, Of, User};
use secrecy::ExposeSecret;

use super::around::here;
use super::{Asked, Form, Visitor, failed, page, pages, refused, signed_in};
use crate::api::{Api, Caller};
use crate::app::Context;
use crate::app::people as use_cases;
use crate::app::people::{Change, NewPerson};
use crate::error::{Error, Missing};
use crate::identity::passwords;
use crate::installation::OPERATOR;
use crate::texts::Reader;

/// How many people one page shows.
const PAGE: i64 = 100;

/// The action that looking, or changing, is in one's own house.
fn action(visitor: &Visitor, changes: bool) -> Action {
    if visitor.known.user.customer.is_some() {
        return Action::ManageOwnUsers;
    }
    match (visitor.known.user.partner == OPERATOR, changes) {
        (true, _) => Action::ManageInstallation,
        (false, true) => Action::ManagePartnerUsers,
        (false, false) => Action::ReadPartnerUsers,
    }
}

/// Whose people they are.
fn house(visitor: &Visitor) -> Of {
    visitor.known.user.customer.map_or(Of::Partner, Of::Customer)
}

/// A role's name.
pub(super) fn role_name(reader: &Reader, role: Role) -> String {
    reader.word("role", role.as_str())
}

/// What one is told of a role.
pub(super) fn role_about(reader: &Reader, role: Role) -> String {
    reader.word("role", &format!("{}_about", role.as_str()))
}

fn boxes(api: &Api, visitor: &Visitor, reader: &Reader, checked: &[Role]) -> Vec<pages::RoleBox> {
    let operator = visitor.known.user.partner == OPERATOR;
    let door = match (operator, visitor.known.user.customer) {
        (true, _) => Door::Operator,
        (false, Some(_)) => Door::Customer,
        (false, None) => Door::Partner,
    };
    Role::ALL
        .into_iter()
        .filter(|role| role.door() == door)
        .map(|role| pages::RoleBox {
            word: role.as_str().to_owned(),
            label: role_name(reader, role),
            about: role_about(reader, role),
            checked: checked.contains(&role),
            allowed: api.installation.rules.matrix.may_assign(&visitor.known.user.roles, role),
        })
        .collect()
}

/// The roles ticked in a form; those the reader may not change stay as they were.
fn ticked(api: &Api, visitor: &Visitor, form: &Form, before: &[Role]) -> Result<Vec<Role>, Error> {
    let mut roles: Vec<Role> = form
        .all("roles")
        .map(|word| word.parse().map_err(|_| Error::invalid("roles", "must be roles of this list")))
        .collect::<Result<_, _>>()?;
    let locked = before
        .iter()
        .filter(|role| !api.installation.rules.matrix.may_assign(&visitor.known.user.roles, **role));
    roles.extend(locked);
    roles.sort_unstable();
    roles.dedup();
    Ok(roles)
}

async fn find(api: &Api, visitor: &Visitor, scope: Scope, id: &str) -> Result<User, Error> {
    let id: UserId = id.parse().map_err(|_| Error::NotFound(Missing::User))?;
    let of = house(visitor);
    api.installation
        .store
        .read(move |tx| {
            people::find(tx, &scope, of, id)?
                .filter(|user| user.erased_at.is_none())
                .ok_or(Error::NotFound(Missing::User))
        })
        .await
}

pub(super) async fn list(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let visitor = match signed_in(&api, &caller, &headers, "/users").await {
        Ok(visitor) => visitor,
        Err(response) => return response,
    };
    let scope = match visitor
        .context(&api)
        .rules
        .matrix
        .authorize(&visitor.known.actor(None), action(&visitor, false))
    {
        Ok(scope) => scope,
        Err(error) => return failed(&api, &error.into()),
    };
    let of = house(&visitor);
    let after = form.text("after").to_owned();
    let after = (!after.is_empty()).then_some(after);
    let read = api
        .installation
        .store
        .read(move |tx| {
            let mut list = people::list(tx, &scope, of, None, after.as_deref(), PAGE + 1)?;
            let size = usize::try_from(PAGE).unwrap_or(0);
            let more = list.len() > size;
            list.truncate(size);
            let last = list.last().filter(|_| more).map(|user| user.id);
            let ids: Vec<UserId> = list.iter().map(|user| user.id).collect();
            let owners = factors::owners(tx, scope.partner(), &ids)?;
            let rows: Vec<(bool, User)> = list
                .into_iter()
                .filter(|user| user.erased_at.is_none())
                .map(|user| (owners.contains(&user.id), user))
                .collect();
            Ok::<_, Error>((rows, last))
        })
        .await;
    let (rows, last) = match read {
        Ok(read) => read,
        Err(error) => return failed(&api, &error),
    };
    let next = last.map(|id| format!("/users?after={id}"));
    let frame = visitor.frame(&api);
    let reader = &frame.reader;
    let people = rows
        .into_iter()
        .map(|(second_factor, user)| pages::PersonRow {
            id: user.id.to_string(),
            name: user.display_name,
            upn: user.upn,
            roles: user.roles.iter().map(|role| role_name(reader, *role)).collect::<Vec<_>>().join(", "),
            state: reader.t(if user.active { "users-active" } else { "users-inactive" }),
            second_factor,
        })
        .collect();
    let body = pages::Users { frame, people, next, message: None, error: None };
    page(&api, StatusCode::OK, &body)
}

/// Whoever may change people, with the right to.
async fn manager(
    api: &Api,
    caller: &Caller,
    headers: &HeaderMap,
    back: &str,
) -> Result<(Visitor, Context, Scope), Response> {
    let visitor = signed_in(api, caller, headers, back).await?;
    let cx = visitor.context(api);
    match cx.authorize(action(&visitor, true)) {
        Ok(scope) => Ok((visitor, cx, scope)),
        Err(error) => Err(refused(api, &error, back)),
    }
}

fn edit_page(api: &Api, visitor: &Visitor, status: StatusCode, shown: Shown<'_>) -> Response {
    let frame = visitor.frame(api);
    let body = pages::EditUser {
        is_self: shown.id.as_deref() == Some(visitor.known.user.id.to_string().as_str()),
        id: shown.id,
        upn: shown.upn.to_owned(),
        name: shown.name.to_owned(),
        roles: boxes(api, visitor, &frame.reader, &shown.roles),
        frame,
        active: shown.active,
        error: shown.error,
        message: shown.message,
    };
    page(api, status, &body)
}

struct Shown<'a> {
    id: Option<String>,
    upn: &'a str,
    name: &'a str,
    roles: Vec<Role>,
    active: bool,
    error: Option<String>,
    message: Option<String>,
}

impl<'a> Shown<'a> {
    fn of(user: &'a User, message: Option<String>) -> Self {
        Self {
            id: Some(user.id.to_string()),
            upn: &user.upn,
            name: &user.display_name,
            roles: user.roles.clone(),
            active: user.active,
            error: None,
            message,
        }
    }
}

pub(super) async fn fresh(Asked { api, caller, headers, .. }: Asked) -> Response {
    match manager(&api, &caller, &headers, "/users/new").await {
        Ok((visitor, _, _)) => {
            let shown = Shown {
                id: None,
                upn: "",
                name: "",
                roles: Vec::new(),
                active: true,
                error: None,
                message: None,
            };
            edit_page(&api, &visitor, StatusCode::OK, shown)
        }
        Err(response) => response,
    }
}

pub(super) async fn show(Path(id): Path<String>, Asked { api, caller, headers, .. }: Asked) -> Response {
    let back = format!("/users/{id}");
    match manager(&api, &caller, &headers, &back).await {
        Ok((visitor, _, scope)) => match find(&api, &visitor, scope, &id).await {
            Ok(user) => edit_page(&api, &visitor, StatusCode::OK, Shown::of(&user, None)),
            Err(error) => failed(&api, &error),
        },
        Err(response) => response,
    }
}

/// What an error says beside the form; none when it needs a page of its own.
fn beside(error: &Error) -> Option<String> {
    let reader = here();
    match error {
        Error::Invalid { field, message } if field == "userPrincipalName" => {
            Some(reader.t1("users-name-refused", "why", message))
        }
        Error::Invalid { field, message } => Some(format!("{field} {message}.")),
        Error::Refused(chandlery_domain::refusal::Refusal::RoleNotAssignable { role }) => {
            Some(reader.t1("users-role-refused", "role", role_name(&reader, *role)))
        }
        _ => None,
    }
}

pub(super) async fn add(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let (visitor, cx, scope) = match manager(&api, &caller, &headers, "/users/new").await {
        Ok(manager) => manager,
        Err(response) => return response,
    };
    let password = passwords::temporary();
    let done = async {
        let roles = ticked(&api, &visitor, &form, &[])?;
        let name = form.text("name").trim();
        let new = NewPerson {
            of: house(&visitor),
            upn: form.text("upn").trim().to_lowercase(),
            display_name: if name.is_empty() { form.text("upn").trim().to_owned() } else { name.to_owned() },
            first_name: String::new(),
            last_name: String::new(),
            usage_location: String::new(),
            phone: String::new(),
            roles,
            password_hash: api.desk.hashing.hash(password.clone()).await?,
            must_change_password: true,
        };
        let (vault, inner) = (Arc::clone(&api.installation.vault), cx.clone());
        api.installation
            .store
            .write(cx.stamp(), move |tx| use_cases::add(tx, &inner, &vault, &scope, &new))
            .await
    };
    match done.await {
        Ok(user) => temporary_password(&api, &visitor, &user, password.expose_secret()),
        Err(error) => match beside(&error) {
            Some(text) => {
                let shown = Shown {
                    id: None,
                    upn: form.text("upn"),
                    name: form.text("name"),
                    roles: form.all("roles").filter_map(|word| word.parse().ok()).collect(),
                    active: true,
                    error: Some(text),
                    message: None,
                };
                edit_page(&api, &visitor, StatusCode::BAD_REQUEST, shown)
            }
            None => failed(&api, &error),
        },
    }
}

fn temporary_password(api: &Api, visitor: &Visitor, user: &User, password: &str) -> Response {
    let body = pages::TemporaryPassword {
        frame: visitor.frame(api),
        upn: user.upn.clone(),
        password: password.to_owned(),
        back: "/users".into(),
    };
    page(api, StatusCode::OK, &body)
}

/// Changes somebody and shows the page again.
async fn apply(
    api: &Api,
    caller: &Caller,
    headers: &HeaderMap,
    id: &str,
    wanted: impl AsyncFnOnce(&Visitor, &User) -> Result<Change, Error>,
    done: impl FnOnce(&Visitor, &User) -> Response,
) -> Response {
    let back = format!("/users/{id}");
    let (visitor, cx, scope) = match manager(api, caller, headers, &back).await {
        Ok(manager) => manager,
        Err(response) => return response,
    };
    let user = match find(api, &visitor, scope, id).await {
        Ok(user) => user,
        Err(error) => return failed(api, &error),
    };
    let changed = async {
        let change = wanted(&visitor, &user).await?;
        let (inner, world, who) = (cx.clone(), api.desk.world.now(), (house(&visitor), user.id));
        api.installation
            .store
            .write(cx.stamp(), move |tx| use_cases::change(tx, &inner, &scope, who, &change, world))
            .await
    };
    let changed = changed.await;
    api.desk.people.forget(user.partner, user.id);
    match changed {
        Ok(fresh) => done(&visitor, &fresh),
        Err(error) => match beside(&error) {
            Some(text) => {
                let shown = Shown { error: Some(text), ..Shown::of(&user, None) };
                edit_page(api, &visitor, StatusCode::BAD_REQUEST, shown)
            }
            None => failed(api, &error),
        },
    }
}

pub(super) async fn change(
    Path(id): Path<String>,
    Asked { api, caller, headers, form, .. }: Asked,
) -> Response {
    let wanted = async |visitor: &Visitor, user: &User| {
        let name = form.text("name").trim();
        Ok(Change {
            display_name: (!name.is_empty()).then(|| name.chars().take(256).collect()),
            roles: Some(ticked(&api, visitor, &form, &user.roles)?),
            ..Change::default()
        })
    };
    let done = |visitor: &Visitor, user: &User| {
        edit_page(&api, visitor, StatusCode::OK, Shown::of(user, Some(here().t("users-saved"))))
    };
    apply(&api, &caller, &headers, &id, wanted, done).await
}

pub(super) async fn reset_password(
    Path(id): Path<String>,
    Asked { api, caller, headers, .. }: Asked,
) -> Response {
    let password = passwords::temporary();
    let wanted = async |_: &Visitor, _: &User| {
        let hash = api.desk.hashing.hash(password.clone()).await?;
        Ok(Change { password: Some((hash, true)), ..Change::default() })
    };
    let done =
        |visitor: &Visitor, user: &User| temporary_password(&api, visitor, user, password.expose_secret());
    apply(&api, &caller, &headers, &id, wanted, done).await
}

pub(super) async fn reset_second_factor(
    Path(id): Path<String>,
    Asked { api, caller, headers, .. }: Asked,
) -> Response {
    let wanted = async |_: &Visitor, _: &User| Ok(Change { without_factors: true, ..Change::default() });
    let done = |visitor: &Visitor, user: &User| {
        edit_page(&api, visitor, StatusCode::OK, Shown::of(user, Some(here().t("users-reset-factor-done"))))
    };
    apply(&api, &caller, &headers, &id, wanted, done).await
}

async fn set_active(api: &Api, caller: &Caller, headers: &HeaderMap, id: &str, active: bool) -> Response {
    let wanted = async |_: &Visitor, _: &User| Ok(Change { active: Some(active), ..Change::default() });
    let done = |_: &Visitor, user: &User| Redirect::to(&format!("/users/{}", user.id)).into_response();
    apply(api, caller, headers, id, wanted, done).await
}

pub(super) async fn disable(Path(id): Path<String>, Asked { api, caller, headers, .. }: Asked) -> Response {
    set_active(&api, &caller, &headers, &id, false).await
}

pub(super) async fn enable(Path(id): Path<String>, Asked { api, caller, headers, .. }: Asked) -> Response {
    set_active(&api, &caller, &headers, &id, true).await
}
