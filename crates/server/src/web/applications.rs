//! The partner's programs: registering them, changing their credentials, revoking them.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::access::{Action, Role, Scope};
use chandlery_domain::ids::ApplicationId;
use chandlery_store::applications::{self as stored, Application, Credential, Proof};

use super::around::here;
use super::fields::Fields;
use super::users::{role_about, role_name};
use super::ward::allowed;
use super::{Asked, Form, Visitor, failed, page, pages, signed_in};
use crate::api::{Api, Caller};
use crate::app::applications as use_cases;
use crate::app::{Context, applications::APPLICATIONS_MAX};
use crate::error::{Error, Missing};
use crate::identity::assertions::read_key;
use crate::identity::authorization::check_redirect;
use crate::identity::programs::fresh_secret;
use crate::texts::{self, Complaint, Html, Reader};

const BACK: &str = "/applications";

async fn manager(
    api: &Api,
    caller: &Caller,
    headers: &HeaderMap,
) -> Result<(Visitor, Context, Scope), Response> {
    let visitor = signed_in(api, caller, headers, BACK).await?;
    let cx = visitor.context(api);
    let scope = allowed(api, &cx, Action::ManageApplications, Vec::new(), BACK).await?;
    Ok((visitor, cx, scope))
}

async fn show(
    api: &Api,
    visitor: &Visitor,
    scope: Scope,
    status: StatusCode,
    message: Option<String>,
    (error, typed): (Option<String>, Fields),
) -> Response {
    let list = api
        .installation
        .store
        .read(move |tx| Ok::<_, Error>(stored::list(tx, &scope, APPLICATIONS_MAX)?))
        .await;
    let list = match list {
        Ok(list) => list,
        Err(error) => return failed(api, &error),
    };
    let own = &visitor.known.user.roles;
    let frame = visitor.frame(api);
    let body = pages::Applications {
        list: list.into_iter().map(|own| row(&frame.reader, own)).collect(),
        roles: use_cases::roles()
            .map(|role| pages::RoleBox {
                word: role.as_str().into(),
                label: role_name(&frame.reader, role),
                about: role_about(&frame.reader, role),
                checked: typed.is("roles", role.as_str()),
                allowed: api.installation.rules.matrix.may_assign(own, role),
            })
            .collect(),
        frame,
        fields: typed,
        error,
        message,
    };
    page(api, status, &body)
}

fn row(reader: &Reader, own: Application) -> pages::ApplicationRow {
    pages::ApplicationRow {
        id: own.client_id.to_string(),
        name: own.name,
        roles: own.roles.iter().map(|role| role_name(reader, *role)).collect::<Vec<_>>().join(", "),
        redirect_uris: own.redirect_uris,
        public: own.public,
        secrets: own
            .credentials
            .into_iter()
            .map(|own| pages::SecretRow {
                id: own.id,
                kind: match own.proof {
                    Proof::Secret(_) => reader.t("apps-credential-secret"),
                    Proof::Key(_) => reader.t("apps-credential-key"),
                },
                hint: own.hint,
                added: reader.time(own.added_at),
                expires: own
                    .ends_at
                    .map_or_else(|| Html::escaped(&reader.t("apps-credential-never")), |at| reader.time(at)),
            })
            .collect(),
        revoked: own.revoked_at.is_some(),
    }
}

pub(super) async fn list(Asked { api, caller, headers, .. }: Asked) -> Response {
    match manager(&api, &caller, &headers).await {
        Ok((visitor, _, scope)) => {
            show(&api, &visitor, scope, StatusCode::OK, None, (None, Fields::default())).await
        }
        Err(response) => response,
    }
}

fn read(form: &Form, cx: &Context) -> Result<Application, Error> {
    let invalid = |field: &str, why| Error::complaint(field, Complaint::of(why));
    let name = form.text("name").trim();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(invalid("name", "complaint-application-name"));
    }
    let redirect_uris: Vec<String> = form
        .text("redirect_uris")
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect();
    if redirect_uris.len() > 10 {
        return Err(invalid("redirectUris", "complaint-redirects-many"));
    }
    for address in &redirect_uris {
        check_redirect(address).map_err(|why| Error::complaint("redirectUri", why))?;
    }
    let roles: Vec<Role> = form
        .all("roles")
        .map(|word| word.parse().map_err(|_| invalid("roles", "complaint-roles-unknown")))
        .collect::<Result<_, _>>()?;
    Ok(Application {
        client_id: ApplicationId::new(cx.ids()()),
        partner: cx.actor.partner(),
        name: name.to_owned(),
        roles,
        redirect_uris,
        public: form.text("public") == "true",
        keeps_refresh_tokens: form.text("keeps_refresh_tokens") == "true",
        revoked_at: None,
        credentials: Vec::new(),
    })
}

/// Shows an error beside the list where it is about what was typed, which stays.
async fn wrong(api: &Api, visitor: &Visitor, scope: Scope, error: Error, typed: Fields) -> Response {
    match error {
        Error::Invalid { field, message } => {
            let reader = here();
            let why = message.said(&reader);
            let why = why.trim_end_matches('.');
            let text = reader.t2("apps-problem", "field", texts::input(&reader, &field), "why", why);
            show(api, visitor, scope, StatusCode::BAD_REQUEST, None, (Some(text), typed)).await
        }
        Error::Refused(chandlery_domain::refusal::Refusal::RoleNotAssignable { role }) => {
            let reader = here();
            let text = reader.t1("apps-role-refused", "role", role_name(&reader, role));
            show(api, visitor, scope, StatusCode::FORBIDDEN, None, (Some(text), typed)).await
        }
        other => failed(api, &other),
    }
}

fn secret_page(api: &Api, visitor: &Visitor, name: &str, id: ApplicationId, secret: String) -> Response {
    let body = pages::ApplicationSecret {
        frame: visitor.frame(api),
        name: name.to_owned(),
        client_id: id.to_string(),
        secret,
        back: BACK.into(),
    };
    page(api, StatusCode::OK, &body)
}

pub(super) async fn add(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let (visitor, cx, scope) = match manager(&api, &caller, &headers).await {
        Ok(manager) => manager,
        Err(response) => return response,
    };
    let done = async {
        let mut application = read(&form, &cx)?;
        let secret = (!application.public).then(|| fresh_secret(api.desk.world.now(), None));
        let secret = secret.map(|(secret, credential)| {
            application.credentials.push(credential);
            secret
        });
        let (stored, inner) = (application.clone(), cx.clone());
        api.installation
            .store
            .write(cx.stamp(), move |tx| use_cases::register(tx, &inner, &scope, &stored))
            .await?;
        Ok::<_, Error>((application, secret))
    };
    match done.await {
        Ok((own, Some(secret))) => secret_page(&api, &visitor, &own.name, own.client_id, secret),
        Ok((own, None)) => {
            let id = own.client_id.to_string();
            let text = here().t2("apps-added", "name", own.name, "id", id);
            show(&api, &visitor, scope, StatusCode::OK, Some(text), (None, Fields::default())).await
        }
        Err(error) => wrong(&api, &visitor, scope, error, Fields::of(&form)).await,
    }
}

async fn add_credential(
    api: &Api,
    cx: &Context,
    scope: Scope,
    id: &str,
    credential: Credential,
) -> Result<Application, Error> {
    let id = application_id(id)?;
    let now = api.desk.world.now();
    let application = api
        .installation
        .store
        .write(cx.stamp(), move |tx| use_cases::add_credential(tx, &scope, id, &credential, now))
        .await?;
    api.desk.programs.forget(id);
    Ok(application)
}

fn application_id(text: &str) -> Result<ApplicationId, Error> {
    text.parse().map_err(|_| Error::NotFound(Missing::Other("application")))
}

pub(super) async fn add_secret(
    Path(id): Path<String>,
    Asked { api, caller, headers, .. }: Asked,
) -> Response {
    let (visitor, cx, scope) = match manager(&api, &caller, &headers).await {
        Ok(manager) => manager,
        Err(response) => return response,
    };
    let (secret, credential) = fresh_secret(api.desk.world.now(), None);
    match add_credential(&api, &cx, scope, &id, credential).await {
        Ok(own) => secret_page(&api, &visitor, &own.name, own.client_id, secret),
        Err(error) => wrong(&api, &visitor, scope, error, Fields::default()).await,
    }
}

pub(super) async fn add_key(
    Path(id): Path<String>,
    Asked { api, caller, headers, form, .. }: Asked,
) -> Response {
    let (visitor, cx, scope) = match manager(&api, &caller, &headers).await {
        Ok(manager) => manager,
        Err(response) => return response,
    };
    let done = async {
        let jwk = read_key(form.text("jwk")).map_err(|why| Error::complaint("jwk", why))?;
        let credential = Credential {
            id: crate::ids::random_text(9),
            proof: Proof::Key(jwk),
            hint: String::new(),
            added_at: api.desk.world.now(),
            ends_at: None,
        };
        add_credential(&api, &cx, scope, &id, credential).await
    };
    match done.await {
        Ok(own) => {
            let text = here().t1("apps-key-added", "name", own.name);
            show(&api, &visitor, scope, StatusCode::OK, Some(text), (None, Fields::default())).await
        }
        Err(error) => wrong(&api, &visitor, scope, error, Fields::default()).await,
    }
}

pub(super) async fn remove_credential(
    Path(id): Path<String>,
    Asked { api, caller, headers, form, .. }: Asked,
) -> Response {
    let (visitor, cx, scope) = match manager(&api, &caller, &headers).await {
        Ok(manager) => manager,
        Err(response) => return response,
    };
    let done = async {
        let (id, credential) = (application_id(&id)?, form.text("id").to_owned());
        api.installation
            .store
            .write(cx.stamp(), move |tx| use_cases::remove_credential(tx, &scope, id, &credential))
            .await?;
        api.desk.programs.forget(id);
        Ok::<_, Error>(())
    };
    match done.await {
        Ok(()) => {
            let text = Some(here().t("apps-credential-removed"));
            show(&api, &visitor, scope, StatusCode::OK, text, (None, Fields::default())).await
        }
        Err(error) => wrong(&api, &visitor, scope, error, Fields::default()).await,
    }
}

pub(super) async fn revoke(Path(id): Path<String>, Asked { api, caller, headers, .. }: Asked) -> Response {
    let (_, cx, scope) = match manager(&api, &caller, &headers).await {
        Ok(manager) => manager,
        Err(response) => return response,
    };
    let done = async {
        let (id, now) = (application_id(&id)?, api.desk.world.now());
        api.installation.store.write(cx.stamp(), move |tx| use_cases::revoke(tx, &scope, id, now)).await?;
        api.desk.programs.forget(id);
        Ok::<_, Error>(())
    };
    match done.await {
        Ok(()) => Redirect::to(BACK).into_response(),
        Err(error) => failed(&api, &error),
    }
}
