//! Pages: signing in, one's own account, the partner's people and programs. HTML and nothing else; the rules are in
//! `app` and `identity`.
//!
//! Every page works without JavaScript, save passkeys, which need it. Nothing is loaded from elsewhere, and no page
//! stays in a cache.

mod account;
mod activity;
mod activity_pages;
mod applications;
mod approvals;
mod around;
mod assets;
mod authorize;
mod benefit;
mod benefit_plan;
mod billing;
pub mod brand;
mod cancel;
mod cart;
mod cart_seen;
mod company;
mod csv_file;
mod customer;
mod customer_pages;
mod customers;
mod device;
mod documents;
mod download;
mod entered;
pub(crate) mod facts;
pub mod fields;
mod give_back;
mod help;
pub mod home;
mod home_pages;
mod line_files;
mod margins;
mod notifications;
pub mod operator;
mod operator_pages;
mod order_pages;
mod orders;
pub mod pages;
pub mod policies;
mod portal;
mod product_pages;
mod products;
mod range;
mod recovery;
mod requests;
mod reservations;
mod routes;
mod settings;
mod shades;
mod sign_in;
mod software;
mod software_pages;
mod subscriptions;
mod support;
mod support_pages;
mod tax_details;
mod trouble;
mod uploads;
mod users;
mod ward;
mod webhooks;

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts as _, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use chandlery_domain::access::Action;
use chandlery_store::sessions::{Session, Stage};
use cookie::{Cookie, SameSite};
use std::sync::Arc;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::SizeAbove;
use tower_http::csrf::CsrfLayer;

use crate::api::{Api, Caller};
use crate::app::Context;
use crate::error::Error;
use crate::identity::desk::Visit;
use crate::identity::people::Known;
use crate::identity::sign_in::{Opened, digest_of};
use crate::texts::{Language, Reader};
use pages::{Frame, Way};
pub use routes::PAGES;
use trouble::{failed, refused, told};

/// The largest form taken.
const FORM_MAX: usize = 128 * 1024;

/// The pages, with their protection against requests other sites make in a person's name.
pub fn router(api: &Api) -> Router<Api> {
    // From here on the server counts as running.
    crate::health::started();
    routes::routes()
        .method_not_allowed_fallback(trouble::posted_only)
        .layer(DefaultBodyLimit::max(FORM_MAX))
        .layer(CsrfLayer::new())
        .layer(axum::middleware::from_fn_with_state(api.clone(), around::layer))
        .route("/assets/{file}", get(brand::asset))
        .layer(CompressionLayer::new().compress_when(SizeAbove::new(1024)))
}

/// What answers where no route has the path.
pub fn unknown(api: &Api) -> axum::routing::MethodRouter<Api> {
    axum::routing::any(trouble::unknown)
        .layer(axum::middleware::from_fn_with_state(api.clone(), around::layer))
}

/// What needs no sign-in: downloads by link, and what says how they must look.
pub fn open_router(api: &Api) -> Router<Api> {
    Router::new()
        .route("/d/{token}", get(download::download))
        .route("/d/{token}/{name}", get(download::download))
        .route("/calendar/{token}/renewals.ics", get(subscriptions::ics))
        .route("/media/{medium}/manifest", get(download::manifest))
        .route("/media/{medium}/manifest.minisig", get(download::signature))
        .route("/.well-known/chandlery-media-key", get(download::public_key))
        .layer(axum::middleware::from_fn_with_state(api.clone(), around::layer))
}

/// Somebody with a session, however far it has come.
pub struct Visitor {
    /// The session.
    pub session: Session,
    /// The person.
    pub known: Arc<Known>,
    /// From where.
    pub visit: Visit,
}

impl Visitor {
    /// The circumstances of what the visitor does.
    pub fn context(&self, api: &Api) -> Context {
        api.desk.context(&self.known, &self.visit, self.session.factor_at)
    }

    /// What stands around every page of the visitor's.
    pub fn frame(&self, api: &Api) -> Frame {
        let bare = around::frame();
        let user = &self.known.user;
        let language = user.language.as_deref().and_then(Language::of_tag);
        let mut reader = bare.reader.clone();
        reader.language = language.unwrap_or(reader.language);
        if let Some(zone) = user.time_zone.as_deref() {
            reader = Reader::new(reader.language, Some(zone));
        }
        if self.session.stage != Stage::Complete {
            let frame = Frame { reader, ..bare };
            around::set(&frame);
            return frame;
        }
        let actor = self.known.actor(None);
        let allows = |action| api.installation.rules.matrix.authorize(&actor, action).is_ok();
        let ways = |list: &[(&'static str, &'static str, bool)]| -> Vec<Way> {
            list.iter().filter(|own| own.2).map(|(href, label, _)| Way { href, label }).collect()
        };
        let runs = allows(Action::ManageInstallation);
        let frame = Frame {
            person: Some(user.display_name.clone()),
            who: Some(digest_of(&format!("{} {}", user.partner, user.id)).chars().take(16).collect()),
            ways: ways(&[
                ("/", "way-home", allows(Action::ReadOrders)),
                ("/customers", "way-customers", allows(Action::ListCustomers)),
                ("/renewals", "renewals-title", allows(Action::ReadOrders)),
                ("/billing", "way-billing", allows(Action::ReadInvoices)),
                ("/software", "way-products", allows(Action::SeeOwnSoftware)),
                (
                    "/key-approvals",
                    "way-approvals",
                    api.installation.rules.key_second_person && allows(Action::RevealKey),
                ),
                ("/support", "way-support", allows(Action::RaiseRequest)),
                ("/operator/requests", "way-requests", allows(Action::AnswerRequests)),
                ("/operator/partners", "way-partners", allows(Action::ReadPartners)),
                ("/operator/billing", "way-invoices", allows(Action::ManageBilling)),
                ("/operator/payments", "way-payments", allows(Action::ManageBilling)),
                ("/operator/catalog", "way-catalogue", allows(Action::ReadHealth)),
                ("/operator/policies", "way-policies", allows(Action::ReadHealth)),
                ("/operator/stock", "way-stock", allows(Action::ReadHealth)),
                ("/operator/jobs", "way-jobs", allows(Action::ReadHealth)),
                ("/operator/health", "way-health", allows(Action::ReadHealth)),
            ]),
            gear: ways(&[
                ("/activity", "way-activity", allows(Action::ReadAuditLog)),
                ("/own-activity", "way-activity", allows(Action::ReadOwnLog)),
                ("/agreement", "way-agreement", allows(Action::AcceptInvitation)),
                ("/company", "way-company", allows(Action::ReadPartnerProfiles)),
                ("/company/tax", "way-tax", allows(Action::ManageTaxProfile)),
                ("/margins", "way-margins", allows(Action::ReadInvoices)),
                ("/company/look", "way-look", allows(Action::EditPartnerProfiles)),
                ("/operator/look", "way-look", runs),
                ("/settings", "way-profile", true),
                ("/notifications", "way-notifications", true),
                ("/account", "way-security", true),
                (
                    "/users",
                    "way-users",
                    allows(Action::ReadPartnerUsers) || allows(Action::ManageOwnUsers) || runs,
                ),
                ("/applications", "way-applications", allows(Action::ManageApplications)),
                ("/webhooks", "webhook-title", allows(Action::ManageWebhooks)),
            ]),
            searches: allows(Action::ListCustomers),
            reader,
            ..bare
        };
        around::set(&frame);
        frame
    }
}

fn bare_frame(_: &Api) -> Frame {
    around::frame()
}

const fn cookie_name(secure: bool) -> &'static str {
    // The prefix makes browsers hold the cookie to this host, to TLS and to the whole path (RFC 6265bis §4.1.3.2).
    if secure { "__Host-session" } else { "session" }
}

fn read_cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// A cookie's header: for this host, out of scripts' reach, not sent along from other sites.
fn set_cookie(api: &Api, name: &str, value: &str, seconds: Option<i64>) -> HeaderValue {
    let mut cookie = Cookie::build((name.to_owned(), value.to_owned()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(api.desk.reached.is_secure())
        .build();
    if let Some(seconds) = seconds {
        cookie.set_max_age(cookie::time::Duration::seconds(seconds));
    }
    HeaderValue::try_from(cookie.to_string()).unwrap_or(HeaderValue::from_static(""))
}

/// Whoever's session the cookie opens. From here on a customer's people see the name and colour of who looks after them.
///
/// # Errors
/// The store's own.
pub async fn visitor(api: &Api, caller: &Caller, headers: &HeaderMap) -> Result<Option<Visitor>, Error> {
    let Some(cookie) = read_cookie(headers, cookie_name(api.desk.reached.is_secure())) else {
        return Ok(None);
    };
    let Some((session, known)) = api.desk.session(&cookie).await? else { return Ok(None) };
    if known.user.customer.is_some() {
        let brand = brand::of_house(api, known.user.partner).await;
        around::set(&Frame { brand, ..around::frame() });
    }
    Ok(Some(Visitor { session, known, visit: caller.visit(api, headers) }))
}

/// Whoever is signed in, all the way; everybody else is sent where the next step is.
async fn signed_in(api: &Api, caller: &Caller, headers: &HeaderMap, back: &str) -> Result<Visitor, Response> {
    match visitor(api, caller, headers).await {
        Ok(Some(visitor)) if visitor.session.stage == Stage::Complete => {
            // What goes wrong from here on is told inside the visitor's own frame.
            let frame = visitor.frame(api);
            around::set(&Frame { unread: notifications::unread(api, &visitor).await, ..frame });
            Ok(visitor)
        }
        Ok(Some(visitor)) => Err(next_step(visitor.session.stage, back)),
        Ok(None) => Err(Redirect::to(&with_flow("/sign-in", back)).into_response()),
        Err(error) => Err(failed(api, &error)),
    }
}

/// Whoever is in the middle of signing in, at one of these stages or at its end.
async fn under_way(api: &Api, caller: &Caller, headers: &HeaderMap, flow: &str) -> Result<Visitor, Response> {
    match visitor(api, caller, headers).await {
        Ok(Some(visitor)) => Ok(visitor),
        Ok(None) => Err(Redirect::to(&with_flow("/sign-in", flow)).into_response()),
        Err(error) => Err(failed(api, &error)),
    }
}

/// A path of ours to go back to; anything else is the account page. Nobody is sent away by a link that begins here.
fn local(flow: &str) -> &str {
    let own = flow.starts_with('/')
        && !flow.starts_with("//")
        && !flow.contains(['\\', '\r', '\n', '\t'])
        && !flow.chars().any(char::is_control)
        && flow.len() <= 4000;
    if own { flow } else { "/account" }
}

fn with_flow(path: &str, flow: &str) -> String {
    if flow.is_empty() || flow == "/account" {
        return path.to_owned();
    }
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("flow", flow).finish();
    format!("{path}?{query}")
}

/// Where the next step of a sign-in is.
fn next_step(stage: Stage, flow: &str) -> Response {
    let path = match stage {
        Stage::ChangePassword => with_flow("/password", flow),
        Stage::Enrol => with_flow("/second-factor/totp", flow),
        Stage::SecondFactor => with_flow("/second-factor", flow),
        Stage::Complete => local(flow).to_owned(),
    };
    Redirect::to(&path).into_response()
}

/// The next step of a sign-in, with the session's new cookie.
fn go_on(api: &Api, opened: &Opened, flow: &str) -> Response {
    let mut response = next_step(opened.session.stage, flow);
    let secure = api.desk.reached.is_secure();
    response
        .headers_mut()
        .append(header::SET_COOKIE, set_cookie(api, cookie_name(secure), &opened.cookie, None));
    response
}

/// What a page is asked: by whom, from where, and with which values, from the query or from a form.
pub struct Asked {
    api: Api,
    caller: Caller,
    headers: HeaderMap,
    form: Form,
    is_post: bool,
}

impl FromRequest<Api> for Asked {
    type Rejection = Response;

    async fn from_request(request: Request, api: &Api) -> Result<Self, Response> {
        let headers = request.headers().clone();
        let (mut parts, body) = request.into_parts();
        let caller = Caller::from_request_parts(&mut parts, api).await.unwrap_or_else(|never| match never {});
        let is_post = parts.method == Method::POST;
        let form = if is_post {
            let request = Request::from_parts(parts, body);
            Form::read(&Bytes::from_request(request, api).await.map_err(IntoResponse::into_response)?)
        } else {
            Form::of_query(&parts.uri)
        };
        Ok(Self { api: api.clone(), caller, headers, form, is_post })
    }
}

/// A form, read.
#[derive(Default)]
pub struct Form(pub(super) Vec<(String, String)>);

impl Form {
    fn read(body: &Bytes) -> Self {
        Self(crate::api::query::pairs(str::from_utf8(body).unwrap_or_default()))
    }

    fn of_query(uri: &Uri) -> Self {
        Self(crate::api::query::pairs(uri.query().unwrap_or_default()))
    }

    /// What an address of this house asks for after its question mark.
    fn of_address(address: &str) -> Self {
        Self(crate::api::query::pairs(address.split_once('?').map_or("", |(_, query)| query)))
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(own, _)| own == name)
    }

    fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str())
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    fn flow(&self) -> &str {
        let flow = self.text("flow");
        if flow.is_empty() { "/account" } else { local(flow) }
    }
}

/// Cuts a list that was read with one row more than a page; whether there are more.
fn cut<T>(list: &mut Vec<T>, page: i64) -> bool {
    let size = usize::try_from(page).unwrap_or(usize::MAX);
    let more = list.len() > size;
    list.truncate(size);
    more
}

/// A page as an answer. `targets` are other places its forms may lead to: the addresses of programs.
fn page_to(api: &Api, status: StatusCode, page: &impl Template, targets: &[&str]) -> Response {
    let html = match page.render() {
        Ok(html) => html,
        Err(error) => return failed(api, &Error::internal(error)),
    };
    let mut response = (status, html).into_response();
    let mut form_action = String::from("'self'");
    for target in targets {
        if let Ok(url) = reqwest::Url::parse(target) {
            form_action.push(' ');
            form_action.push_str(&url.origin().ascii_serialization());
        }
    }
    let policy = format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action {form_action}; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'"
    );
    let headers = response.headers_mut();
    let mut put = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    };
    put(header::CONTENT_TYPE, "text/html; charset=utf-8");
    put(header::CONTENT_SECURITY_POLICY, &policy);
    put(header::CACHE_CONTROL, "no-store");
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::REFERRER_POLICY, "same-origin");
    put(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    put(
        HeaderName::from_static("permissions-policy"),
        "publickey-credentials-get=(self), publickey-credentials-create=(self)",
    );
    if api.desk.reached.is_secure() {
        put(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

fn page(api: &Api, status: StatusCode, page: &impl Template) -> Response {
    page_to(api, status, page, &[])
}

/// A sign-in page that may end at a program's address: the browser holds redirects after a form to the same policy.
fn sign_in_page(api: &Api, status: StatusCode, body: &impl Template, flow: &str) -> Response {
    let query = flow.split_once('?').map_or("", |(_, query)| query);
    let to_program = flow.contains("/oauth2/");
    let target = crate::api::query::pairs(query).into_iter().find(|(name, _)| name == "redirect_uri");
    match target {
        Some((_, target)) if to_program => page_to(api, status, body, &[&target]),
        _ => page(api, status, body),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_away_from_here() {
        for good in
            ["/account", "/common/oauth2/authorize?client_id=1&redirect_uri=https%3A%2F%2Fapp.example"]
        {
            assert_eq!(local(good), good);
        }
        for bad in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "",
            "/a\r\nb",
            "/\t/evil.example",
        ] {
            assert_eq!(local(bad), "/account", "{bad:?}");
        }
    }

    #[test]
    fn a_flow_survives_being_passed_on() {
        let path = with_flow("/sign-in", "/x?a=1&b=2");
        let uri: Uri = path.parse().unwrap();
        assert_eq!(Form::of_query(&uri).flow(), "/x?a=1&b=2");
    }
}
