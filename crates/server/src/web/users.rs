//! People: of one's own house, or of a customer one looks after. Every change asks for a fresh second factor.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::access::{Action, Door, Role, Scope};
use chandlery_domain::audit::{Entry, attempted};
use chandlery_domain::ids::{CustomerId, UserId};
use chandlery_domain::refusal::Refusal;
use chandlery_store::people::{self, Of, User};
use chandlery_store::{Write, factors};
use secrecy::ExposeSecret;

use super::around::{self, here};
use super::fields::{Difference, seen};
use super::ward::{Head, act, allowed, found, param, read_param};
use super::{Asked, Form, Visitor, cut, failed, page, pages, signed_in};
use crate::api::{Api, Caller};
use crate::app::Context;
use crate::app::people as use_cases;
use crate::app::people::{Change, NewPerson};
use crate::error::{Error, Missing};
use crate::identity::passwords;
use crate::installation::OPERATOR;
use crate::texts::{self, Complaint, Reader};

/// How many people one page shows.
const PAGE: i64 = 100;
/// How long a person's name may be.
const NAME_LETTERS: usize = 200;

/// Whose people a page is about, and with what right.
struct House {
    of: Of,
    door: Door,
    /// Where the pages about them begin.
    base: String,
    reading: Action,
    changing: Action,
}

impl House {
    /// The people of the customer that the path names, or else those of the visitor's own house.
    fn named(visitor: &Visitor, path: &[(String, String)]) -> Result<Self, Error> {
        let own = &visitor.known.user;
        let base = String::from("/users");
        if param(path, "customer").is_some() {
            let customer: CustomerId = read_param(path, "customer", Missing::Customer)?;
            return Ok(Self {
                of: Of::Customer(customer),
                door: Door::Customer,
                base: format!("/customers/{customer}/users"),
                reading: Action::ReadCustomerUsers,
                changing: Action::ManageCustomerUsers,
            });
        }
        let (of, door, reading, changing) = match (own.customer, own.partner == OPERATOR) {
            (Some(customer), _) => {
                (Of::Customer(customer), Door::Customer, Action::ManageOwnUsers, Action::ManageOwnUsers)
            }
            (None, true) => {
                (Of::Partner, Door::Operator, Action::ManageInstallation, Action::ManageInstallation)
            }
            (None, false) => {
                (Of::Partner, Door::Partner, Action::ReadPartnerUsers, Action::ManagePartnerUsers)
            }
        };
        Ok(Self { of, door, base, reading, changing })
    }
}

/// Whoever looks after people, and whose they are.
struct Keeper {
    api: Api,
    visitor: Visitor,
    cx: Context,
    scope: Scope,
    house: House,
    /// What stands above pages about a customer's people.
    head: Option<Head>,
}

impl Keeper {
    /// Lets somebody in who may look, or change.
    async fn new(
        path: &[(String, String)],
        (api, caller, headers): (Api, &Caller, &HeaderMap),
        changes: bool,
        end: &str,
    ) -> Result<Self, Response> {
        let back = match param(path, "customer") {
            Some(customer) => format!("/customers/{customer}/users{end}"),
            None => format!("/users{end}"),
        };
        let visitor = signed_in(&api, caller, headers, &back).await?;
        let house = House::named(&visitor, path).map_err(|error| failed(&api, &error))?;
        let cx = visitor.context(&api);
        // Looking asks for no fresh second factor.
        let action = if changes { house.changing } else { house.reading };
        let scope = match cx.rules.matrix.authorize(&cx.actor, action) {
            Ok(scope) if !changes => scope,
            Ok(_) | Err(_) => allowed(&api, &cx, action, Vec::new(), &back).await?,
        };
        let head = match (house.of, house.reading) {
            (Of::Customer(customer), Action::ReadCustomerUsers) => {
                let read = api.installation.store.read(move |tx| found(tx, &scope, customer)).await;
                let own = read.map_err(|error| failed(&api, &error))?;
                let may = |action| cx.rules.matrix.authorize(&cx.actor, action).is_ok();
                Some(Head::of(may, &own, "/users"))
            }
            _ => None,
        };
        Ok(Self { api, visitor, cx, scope, house, head })
    }

    /// Changes something; a refusal stands in the log as tried on `id`.
    async fn act<T: Send + 'static>(
        &self,
        id: &str,
        work: impl Fn(&mut Write<'_>, &Context) -> Result<(T, Entry), Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (operation, resource) = attempted(self.house.changing);
        act(&self.api, &self.cx, Entry::did(operation, resource, id), work).await
    }

    /// Whether the person may change them, too.
    fn changes(&self) -> bool {
        self.cx.rules.matrix.authorize(&self.cx.actor, self.house.changing).is_ok()
    }
}

/// A role's name.
pub(super) fn role_name(reader: &Reader, role: Role) -> String {
    reader.word("role", role.as_str())
}

/// What one is told of a role.
pub(super) fn role_about(reader: &Reader, role: Role) -> String {
    reader.word("role", &format!("{}_about", role.as_str()))
}

fn boxes(keeper: &Keeper, reader: &Reader, checked: &[Role]) -> Vec<pages::RoleBox> {
    Role::ALL
        .into_iter()
        .filter(|role| role.door() == keeper.house.door)
        .map(|role| pages::RoleBox {
            word: role.as_str().to_owned(),
            label: role_name(reader, role),
            about: role_about(reader, role),
            checked: checked.contains(&role),
            allowed: use_cases::may_assign(&keeper.cx, keeper.house.of, role).is_ok(),
        })
        .collect()
}

/// The roles ticked in a form; those the reader may not change stay as they were.
fn ticked(keeper: &Keeper, form: &Form, before: &[Role]) -> Result<Vec<Role>, Error> {
    let mut roles: Vec<Role> = form
        .all("roles")
        .map(|word| {
            word.parse().map_err(|_| Error::complaint("roles", Complaint::of("complaint-roles-unknown")))
        })
        .collect::<Result<_, _>>()?;
    let locked =
        before.iter().filter(|role| use_cases::may_assign(&keeper.cx, keeper.house.of, **role).is_err());
    roles.extend(locked);
    roles.sort_unstable();
    roles.dedup();
    Ok(roles)
}

async fn find(keeper: &Keeper, id: &str) -> Result<User, Error> {
    let id: UserId = id.parse().map_err(|_| Error::NotFound(Missing::User))?;
    let (of, scope) = (keeper.house.of, keeper.scope);
    keeper
        .api
        .installation
        .store
        .read(move |tx| {
            people::find(tx, &scope, of, id)?
                .filter(|user| user.erased_at.is_none())
                .ok_or(Error::NotFound(Missing::User))
        })
        .await
}

/// `GET /users`, and the same of a customer: whoever may look.
pub(super) async fn list(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let Asked { api, caller, headers, form, .. } = asked;
    let keeper = match Keeper::new(&path, (api, &caller, &headers), false, "").await {
        Ok(keeper) => keeper,
        Err(response) => return response,
    };
    let (api, scope, of) = (&keeper.api, keeper.scope, keeper.house.of);
    let after = form.text("after").to_owned();
    let after = (!after.is_empty()).then_some(after);
    let read = api
        .installation
        .store
        .read(move |tx| {
            let mut list = people::list(tx, &scope, of, None, after.as_deref(), PAGE + 1)?;
            let more = cut(&mut list, PAGE);
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
        Err(error) => return failed(api, &error),
    };
    let next = last.map(|id| format!("{}?after={id}", keeper.house.base));
    let frame = around::frame();
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
    let can_change = keeper.changes();
    let body = pages::Users {
        frame,
        base: keeper.house.base.clone(),
        people,
        next,
        can_change,
        message: None,
        error: None,
        head: keeper.head,
    };
    page(&keeper.api, StatusCode::OK, &body)
}

fn edit_page(keeper: Keeper, status: StatusCode, shown: Shown<'_>) -> Response {
    let frame = around::frame();
    let body = pages::EditUser {
        is_self: shown.id.as_deref() == Some(keeper.visitor.known.user.id.to_string().as_str()),
        id: shown.id,
        base: keeper.house.base.clone(),
        upn: shown.upn.to_owned(),
        name: shown.name.to_owned(),
        roles: boxes(&keeper, &frame.reader, &shown.roles),
        frame,
        active: shown.active,
        error: shown.error,
        seen: shown.seen,
        differences: shown.differences,
        message: shown.message,
        head: keeper.head,
    };
    page(&keeper.api, status, &body)
}

#[derive(Default)]
struct Shown<'a> {
    id: Option<String>,
    upn: &'a str,
    name: &'a str,
    roles: Vec<Role>,
    active: bool,
    error: Option<String>,
    message: Option<String>,
    /// What stands there, for the form to send back.
    seen: String,
    differences: Vec<Difference>,
}

/// What the form is about, as a short word.
fn seen_of(user: &User) -> String {
    let roles = user.roles.iter().map(|role| role.as_str());
    seen([user.display_name.as_str()].into_iter().chain(roles))
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
            seen: seen_of(user),
            differences: Vec::new(),
        }
    }

    /// The page where somebody else was quicker: what was typed beside what stands there.
    fn stale(reader: &Reader, form: &Form, user: &'a User) -> Self {
        let named = |roles: &[Role]| {
            let mut names: Vec<String> = roles.iter().map(|role| role_name(reader, *role)).collect();
            reader.sort(&mut names, |own| own.as_str());
            names.join(", ")
        };
        let typed: Vec<Role> = form.all("roles").filter_map(|word| word.parse().ok()).collect();
        let rows = [
            ("users-name", form.text("name").trim().to_owned(), user.display_name.clone()),
            ("users-roles", named(&typed), named(&user.roles)),
        ];
        let differences = rows
            .into_iter()
            .filter(|(_, typed, now)| typed != now)
            .map(|(label, typed, now)| Difference { label: reader.t(label), typed, now })
            .collect();
        Self { error: Some(reader.t("stale")), differences, ..Self::of(user, None) }
    }
}

/// `GET /users/new`.
pub(super) async fn fresh(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let Asked { api, caller, headers, .. } = asked;
    match Keeper::new(&path, (api, &caller, &headers), true, "/new").await {
        Ok(keeper) => edit_page(keeper, StatusCode::OK, Shown { active: true, ..Shown::default() }),
        Err(response) => response,
    }
}

/// `GET /users/{user}`.
pub(super) async fn show(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let Asked { api, caller, headers, .. } = asked;
    let id = param(&path, "user").unwrap_or_default();
    match Keeper::new(&path, (api, &caller, &headers), true, &format!("/{id}")).await {
        Ok(keeper) => match find(&keeper, id).await {
            Ok(user) => edit_page(keeper, StatusCode::OK, Shown::of(&user, None)),
            Err(error) => failed(&keeper.api, &error),
        },
        Err(response) => response,
    }
}

/// What an error says beside the form; none when it needs a page of its own.
fn beside(error: &Error) -> Option<String> {
    let reader = here();
    match error {
        Error::Invalid { field, message } => Some(texts::invalid(&reader, field, message)),
        Error::Refused(chandlery_domain::refusal::Refusal::RoleNotAssignable { role }) => {
            Some(reader.t1("users-role-refused", "role", role_name(&reader, *role)))
        }
        _ => None,
    }
}

/// The name somebody typed, if any.
fn typed_name(form: &Form) -> Result<Option<String>, Error> {
    let name = form.text("name").trim();
    if name.chars().count() > NAME_LETTERS {
        let why = Complaint::of("complaint-letters").with("most", NAME_LETTERS);
        return Err(Error::complaint("name", why));
    }
    Ok((!name.is_empty()).then(|| name.to_owned()))
}

/// `POST /users`: adds somebody with a temporary password, shown once.
pub(super) async fn add(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let Asked { api, caller, headers, form, .. } = asked;
    let keeper = match Keeper::new(&path, (api, &caller, &headers), true, "/new").await {
        Ok(keeper) => keeper,
        Err(response) => return response,
    };
    let password = passwords::temporary();
    let done = async {
        let roles = ticked(&keeper, &form, &[])?;
        let name = typed_name(&form)?;
        let new = NewPerson {
            of: keeper.house.of,
            upn: form.text("upn").trim().to_lowercase(),
            display_name: name.unwrap_or_else(|| form.text("upn").trim().to_owned()),
            first_name: String::new(),
            last_name: String::new(),
            usage_location: String::new(),
            phone: String::new(),
            roles,
            password_hash: keeper.api.desk.hashing.hash(password.clone()).await?,
            must_change_password: true,
        };
        let (vault, scope) = (Arc::clone(&keeper.api.installation.vault), keeper.scope);
        keeper.act("", move |tx, cx| use_cases::add(tx, cx, &vault, &scope, &new)).await
    };
    match done.await {
        Ok(user) => temporary_password(&keeper, &user, password.expose_secret()),
        Err(error) => match beside(&error) {
            Some(text) => {
                let shown = Shown {
                    id: None,
                    upn: form.text("upn"),
                    name: form.text("name"),
                    roles: form.all("roles").filter_map(|word| word.parse().ok()).collect(),
                    active: true,
                    error: Some(text),
                    ..Shown::default()
                };
                edit_page(keeper, StatusCode::BAD_REQUEST, shown)
            }
            None => failed(&keeper.api, &error),
        },
    }
}

fn temporary_password(keeper: &Keeper, user: &User, password: &str) -> Response {
    let body = pages::TemporaryPassword {
        frame: around::frame(),
        upn: user.upn.clone(),
        password: password.to_owned(),
        back: keeper.house.base.clone(),
    };
    page(&keeper.api, StatusCode::OK, &body)
}

/// Changes somebody and shows the page again.
async fn apply(
    path: &[(String, String)],
    asked: Asked,
    wanted: impl AsyncFnOnce(&Keeper, &Form, &User) -> Result<Change, Error>,
    done: impl FnOnce(Keeper, &User) -> Response,
) -> Response {
    let Asked { api, caller, headers, form, .. } = asked;
    let id = param(path, "user").unwrap_or_default();
    let keeper = match Keeper::new(path, (api, &caller, &headers), true, &format!("/{id}")).await {
        Ok(keeper) => keeper,
        Err(response) => return response,
    };
    let user = match find(&keeper, id).await {
        Ok(user) => user,
        Err(error) => return failed(&keeper.api, &error),
    };
    let changed = async {
        let change = wanted(&keeper, &form, &user).await?;
        let world = keeper.api.desk.world.now();
        let (scope, who) = (keeper.scope, (keeper.house.of, user.id));
        let id = user.id.to_string();
        // The forms that only do something carry none.
        let seen = form.has("seen").then(|| form.text("seen").to_owned());
        let change = move |tx: &mut Write<'_>, cx: &Context| {
            if let Some(seen) = &seen
                && people::find(tx, &scope, who.0, who.1)?.is_some_and(|now| seen_of(&now) != *seen)
            {
                return Err(Refusal::StaleEtag.into());
            }
            use_cases::change(tx, cx, &scope, who, &change, world)
        };
        keeper.act(&id, change).await
    };
    let changed = changed.await;
    keeper.api.desk.people.forget(user.partner, user.id);
    match changed {
        Ok(fresh) => done(keeper, &fresh),
        Err(Error::Refused(Refusal::StaleEtag)) => match find(&keeper, id).await {
            Ok(now) => edit_page(keeper, StatusCode::CONFLICT, Shown::stale(&here(), &form, &now)),
            Err(error) => failed(&keeper.api, &error),
        },
        Err(error) => match beside(&error) {
            Some(text) => {
                let stored = Shown::of(&user, None);
                // What was typed stays; the forms that only do something carry no name.
                let typed = form.0.iter().any(|(name, _)| name == "name");
                let roles: Vec<Role> = form.all("roles").filter_map(|word| word.parse().ok()).collect();
                let shown = Shown {
                    name: if typed { form.text("name") } else { stored.name },
                    roles: if typed { roles } else { stored.roles },
                    error: Some(text),
                    ..stored
                };
                edit_page(keeper, StatusCode::BAD_REQUEST, shown)
            }
            None => failed(&keeper.api, &error),
        },
    }
}

/// `POST /users/{user}`: name and roles.
pub(super) async fn change(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let wanted = async |keeper: &Keeper, form: &Form, user: &User| {
        Ok(Change {
            display_name: typed_name(form)?,
            roles: Some(ticked(keeper, form, &user.roles)?),
            ..Change::default()
        })
    };
    let done = |keeper: Keeper, user: &User| {
        edit_page(keeper, StatusCode::OK, Shown::of(user, Some(here().t("users-saved"))))
    };
    apply(&path, asked, wanted, done).await
}

/// `POST /users/{user}/reset-password`: another temporary password, shown once.
pub(super) async fn reset_password(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let password = passwords::temporary();
    let wanted = async |keeper: &Keeper, _: &Form, _: &User| {
        let hash = keeper.api.desk.hashing.hash(password.clone()).await?;
        Ok(Change { password: Some((hash, true)), ..Change::default() })
    };
    let done = |keeper: Keeper, user: &User| temporary_password(&keeper, user, password.expose_secret());
    apply(&path, asked, wanted, done).await
}

/// `POST /users/{user}/reset-second-factor`.
pub(super) async fn reset_second_factor(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let wanted =
        async |_: &Keeper, _: &Form, _: &User| Ok(Change { without_factors: true, ..Change::default() });
    let done = |keeper: Keeper, user: &User| {
        edit_page(keeper, StatusCode::OK, Shown::of(user, Some(here().t("users-reset-factor-done"))))
    };
    apply(&path, asked, wanted, done).await
}

async fn set_active(path: &[(String, String)], asked: Asked, active: bool) -> Response {
    let wanted =
        async |_: &Keeper, _: &Form, _: &User| Ok(Change { active: Some(active), ..Change::default() });
    let done = |keeper: Keeper, user: &User| {
        Redirect::to(&format!("{}/{}", keeper.house.base, user.id)).into_response()
    };
    apply(path, asked, wanted, done).await
}

/// `POST /users/{user}/disable`.
pub(super) async fn disable(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    set_active(&path, asked, false).await
}

/// `POST /users/{user}/enable`.
pub(super) async fn enable(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    set_active(&path, asked, true).await
}
