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
mod fields;
mod help;
pub mod home;
mod home_pages;
mod line_files;
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
use axum::routing::{get, post};
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
use trouble::{failed, refused, told};

/// The largest form taken.
const FORM_MAX: usize = 128 * 1024;

/// Pages as rows: method, path, the action a reader needs (`Anybody` where it depends on the session alone) and what answers.
/// The router and the list in `permissions.txt` are both made from it.
macro_rules! pages {
    ($($method:ident $path:literal $action:ident $handler:path;)*) => {
        /// The routes of the pages, and whom each is for. `permissions.txt` lists them.
        pub const PAGES: &[(&str, &str, Option<Action>)] =
            &[$((stringify!($method), $path, pages!(@action $action)),)*];

        fn routes() -> Router<Api> {
            Router::new()$(.route($path, pages!(@method $method)($handler)))*
        }
    };
    (@method GET) => { get };
    (@method POST) => { post };
    (@action Anybody) => { None };
    (@action $action:ident) => { Some(Action::$action) };
}

pages! {
    GET "/" Anybody home::home;
    GET "/search" ListCustomers home::search;
    GET "/company" ReadPartnerProfiles company::show;
    GET "/company/look" EditPartnerProfiles brand::of_partner;
    POST "/company/look" EditPartnerProfiles brand::save_partner;
    GET "/company/tax" ManageTaxProfile tax_details::of_partner;
    POST "/company/tax" ManageTaxProfile tax_details::save_partner;
    GET "/operator/seller" ManageBilling tax_details::of_seller;
    POST "/operator/seller" ManageBilling tax_details::save_seller;
    GET "/operator/billing" ManageBilling operator::billing::show;
    POST "/operator/billing" ManageBilling operator::billing::start;
    GET "/operator/billing/runs/{run}" ManageBilling operator::billing::watch;
    GET "/operator/close" ManageBilling operator::close::show;
    POST "/operator/close" ManageBilling operator::close::start;
    GET "/operator/close/runs/{run}" ManageBilling operator::close::watch;
    POST "/operator/close/explain" ManageBilling operator::close::explain;
    POST "/operator/close/reopen" ManageBilling operator::close::reopen;
    POST "/operator/close/vendor" ManageBilling operator::close::drop_vendor;
    POST "/operator/close/{month}/vendor" ManageBilling operator::close::vendor;
    GET "/operator/payments" ManageBilling operator::payments::show;
    POST "/operator/payments" ManageBilling operator::payments::enter;
    POST "/operator/payments/statements" ManageBilling operator::payments::statement;
    POST "/operator/payments/recognised" ManageBilling operator::payments::recognised;
    POST "/operator/payments/rows" ManageBilling operator::payments::sort;
    POST "/operator/payments/take-back" ManageBilling operator::payments::take_back;
    GET "/operator/look" ManageInstallation brand::of_operator;
    POST "/operator/look" ManageInstallation brand::save_operator;
    POST "/operator/look/logo" ManageInstallation operator::logo::choose;
    POST "/operator/look/logo/remove" ManageInstallation operator::logo::remove;
    GET "/operator/look/logo.png" ManageInstallation operator::logo::picture;
    GET "/help/{topic}" Anybody help::show;
    GET "/activity" ReadAuditLog activity::list;
    GET "/activity/export/{format}" ReadAuditLog activity::export;
    GET "/own-activity" ReadOwnLog activity::own;
    GET "/agreement" AcceptInvitation portal::agreement;
    POST "/agreement" AcceptInvitation portal::accept;
    GET "/customers/{customer}/activity" ReadAuditLog activity::of_customer;
    GET "/customers/{customer}/billing" ReadOrders billing::show;
    GET "/customers/{customer}/reservations" ReadEntitlements reservations::list;
    POST "/customers/{customer}/reservations/azure" PlaceReservations reservations::add_azure;
    POST "/customers/{customer}/reservations/azure/{subscription}" PlaceReservations reservations::change_azure;
    POST "/customers/{customer}/reservations/merge" ManageReservations reservations::merge;
    POST "/customers/{customer}/reservations/{reservation}" ManageReservations reservations::change;
    POST "/customers/{customer}/reservations/{reservation}/split" ManageReservations reservations::split;
    GET "/sign-in" Anybody sign_in::show;
    POST "/sign-in" Anybody sign_in::password;
    GET "/sign-in/with/{provider}" Anybody sign_in::elsewhere;
    GET "/sign-in/callback" Anybody sign_in::callback;
    GET "/second-factor" Anybody sign_in::second_factor;
    POST "/sign-in/code" Anybody sign_in::code;
    POST "/sign-in/recovery" Anybody sign_in::recovery;
    POST "/sign-in/passkey" Anybody sign_in::passkey;
    POST "/sign-in/passkey/challenge" Anybody sign_in::passkey_challenge;
    GET "/second-factor/totp" Anybody sign_in::authenticator;
    POST "/second-factor/totp" Anybody sign_in::confirm_authenticator;
    GET "/password" Anybody sign_in::new_password;
    POST "/password" Anybody sign_in::change_password;
    GET "/forgot" Anybody recovery::forgot;
    POST "/forgot" Anybody recovery::send;
    GET "/reset" Anybody recovery::reset;
    POST "/reset" Anybody recovery::set;
    GET "/invitation" Anybody recovery::invitation;
    GET "/set-up" Anybody recovery::set_up;
    POST "/set-up" Anybody recovery::first;
    GET "/account" Anybody account::show;
    POST "/account/passkeys/challenge" Anybody account::passkey_challenge;
    POST "/account/passkeys" Anybody account::add_passkey;
    POST "/account/passkeys/remove" Anybody account::remove_passkey;
    POST "/account/recovery" Anybody account::recovery_codes;
    POST "/account/sessions/end" Anybody account::end_session;
    POST "/account/sessions/end-all" Anybody account::end_all;
    POST "/account/grants/revoke" Anybody account::revoke_grant;
    POST "/sign-out" Anybody account::sign_out;
    POST "/language" Anybody settings::language;
    GET "/settings" Anybody settings::show;
    POST "/settings" Anybody settings::save;
    GET "/notifications" Anybody notifications::list;
    POST "/notifications/read" Anybody notifications::read_all;
    POST "/notifications/{notice}/open" Anybody notifications::open;
    GET "/device" Anybody device::show;
    POST "/device" Anybody device::answer;
    GET "/{tenant}/oauth2/authorize" Anybody authorize::authorize;
    GET "/{tenant}/oauth2/v2.0/authorize" Anybody authorize::authorize;
    GET "/customers" ListCustomers customers::list;
    GET "/customers/{customer}/orders" ReadOrders orders::list;
    GET "/customers/{customer}/orders/{order}" ReadOrders orders::show;
    GET "/customers/{customer}/orders/{order}/cancelled" ReadOrders cancel::confirmation;
    GET "/customers/{customer}/subscriptions" ReadOrders subscriptions::list;
    POST "/customers/{customer}/subscriptions/{subscription}" ManageSubscription subscriptions::change;
    GET "/billing" ReadInvoices documents::list;
    GET "/billing/{number}" ReadInvoices documents::show;
    GET "/billing/{number}/lines.csv" ReadInvoices line_files::csv;
    GET "/billing/{number}/lines.csv.sha256" ReadInvoices line_files::csv_sum;
    GET "/billing/{number}/lines.jsonl" ReadInvoices line_files::json;
    GET "/billing/{number}/lines.jsonl.sha256" ReadInvoices line_files::json_sum;
    GET "/billing/{number}/documents/{form}" ReadInvoices documents::paper;
    GET "/renewals" ReadOrders subscriptions::renewals;
    POST "/renewals/feed" ReadOrders subscriptions::feed;
    GET "/customers/{customer}/software" ReadEntitlements software::list;
    GET "/customers/{customer}/software/{order}/{line}/cancel" CancelPurchase cancel::show;
    POST "/customers/{customer}/software/{order}/{line}/cancel" CancelPurchase cancel::submit;
    POST "/customers/{customer}/software/{order}/{line}/cancel/withdraw" CancelPurchase cancel::withdraw;
    GET "/customers/{customer}/software/{order}/{line}" ReadEntitlements software::show;
    POST "/customers/{customer}/software/{order}/{line}/key" RevealKey software::key;
    POST "/customers/{customer}/software/{order}/{line}/link" IssueLink software::link;
    POST "/customers/{customer}/software/{order}/{line}/download" IssueLink software::download;
    GET "/software" SeeOwnSoftware software::list;
    GET "/software/{order}/{line}" SeeOwnSoftware software::show;
    POST "/software/{order}/{line}/key" OpenOwnKeys software::key;
    POST "/software/{order}/{line}/link" OpenOwnKeys software::link;
    POST "/software/{order}/{line}/download" OpenOwnKeys software::download;
    GET "/key-approvals" RevealKey approvals::questions;
    POST "/key-approvals/{question}" RevealKey approvals::approve;
    GET "/customers/export" ListCustomers customers::export;
    GET "/customers/new" CreateCustomer customers::fresh;
    POST "/customers/new" CreateCustomer customers::add;
    GET "/customers/{customer}" ReadCustomer customer::overview;
    GET "/customers/{customer}/account" ReadCustomer customer::account;
    POST "/customers/{customer}/agreement" AttestAgreement customer::agreement;
    POST "/customers/{customer}/billing" EditCustomer customer::billing;
    POST "/customers/{customer}/tags" EditCustomer customer::tags;
    GET "/customers/{customer}/products" FillCart products::list;
    GET "/customers/{customer}/benefit" ReadOrders benefit::show;
    POST "/customers/{customer}/benefit/plan" ReadOrders benefit_plan::plan;
    POST "/customers/{customer}/benefit/record" ManageSubscription benefit_plan::record;
    POST "/customers/{customer}/benefit/licences" ManageSubscription benefit::declare;
    POST "/customers/{customer}/benefit/licences/{licences}/withdraw" ManageSubscription benefit::withdraw;
    POST "/customers/{customer}/benefit/premises" ManageSubscription benefit::premises;
    POST "/customers/{customer}/benefit/uses/{use}/end" ManageSubscription benefit::end;
    GET "/customers/{customer}/cart" FillCart cart::show;
    POST "/customers/{customer}/cart" FillCart cart::save;
    POST "/customers/{customer}/products" FillCart products::add;
    POST "/customers/{customer}/cart/buy" FillCart cart::buy;
    GET "/customers/{customer}/cart/{cart}" FillCart cart::bought;
    GET "/users" Anybody users::list;
    POST "/users" Anybody users::add;
    GET "/users/new" Anybody users::fresh;
    GET "/users/{user}" Anybody users::show;
    POST "/users/{user}" Anybody users::change;
    POST "/users/{user}/reset-password" Anybody users::reset_password;
    POST "/users/{user}/reset-second-factor" Anybody users::reset_second_factor;
    POST "/users/{user}/disable" Anybody users::disable;
    POST "/users/{user}/enable" Anybody users::enable;
    GET "/customers/{customer}/users" ReadCustomerUsers users::list;
    POST "/customers/{customer}/users" ManageCustomerUsers users::add;
    GET "/customers/{customer}/users/new" ManageCustomerUsers users::fresh;
    GET "/customers/{customer}/users/{user}" ManageCustomerUsers users::show;
    POST "/customers/{customer}/users/{user}" ManageCustomerUsers users::change;
    POST "/customers/{customer}/users/{user}/reset-password" ManageCustomerUsers users::reset_password;
    POST "/customers/{customer}/users/{user}/reset-second-factor" ManageCustomerUsers users::reset_second_factor;
    POST "/customers/{customer}/users/{user}/disable" ManageCustomerUsers users::disable;
    POST "/customers/{customer}/users/{user}/enable" ManageCustomerUsers users::enable;
    GET "/applications" ManageApplications applications::list;
    POST "/applications" ManageApplications applications::add;
    POST "/applications/{application}/secrets" ManageApplications applications::add_secret;
    POST "/applications/{application}/keys" ManageApplications applications::add_key;
    POST "/applications/{application}/credentials/remove" ManageApplications applications::remove_credential;
    POST "/applications/{application}/revoke" ManageApplications applications::revoke;
    GET "/webhooks" ManageWebhooks webhooks::show;
    POST "/webhooks" ManageWebhooks webhooks::save;
    POST "/webhooks/remove" ManageWebhooks webhooks::remove;
    POST "/webhooks/test" ManageWebhooks webhooks::test;
    POST "/webhooks/calls/{call}/again" ManageWebhooks webhooks::again;
    GET "/support" RaiseRequest support::list;
    GET "/support/new" RaiseRequest support::fresh;
    POST "/support/new" RaiseRequest support::add;
    GET "/support/{request}" RaiseRequest support::show;
    POST "/support/{request}" RaiseRequest support::say;
    GET "/support/{request}/files/{file}" RaiseRequest support::file;
    GET "/operator/requests" AnswerRequests requests::list;
    GET "/operator/requests/{partner}/{request}" AnswerRequests requests::show;
    POST "/operator/requests/{partner}/{request}" AnswerRequests requests::say;
    POST "/operator/requests/{partner}/{request}/activations" AnswerRequests requests::activations;
    GET "/operator/requests/{partner}/{request}/credit" DecideCredit requests::credit_form;
    POST "/operator/requests/{partner}/{request}/credit" DecideCredit requests::credit;
    GET "/operator/requests/{partner}/{request}/files/{file}" AnswerRequests requests::file;
    GET "/operator" Anybody operator::home;
    GET "/operator/partners" ReadPartners operator::partners::list;
    GET "/operator/partners/new" ManagePartners operator::partners::fresh;
    POST "/operator/partners/new" ManagePartners operator::partners::add;
    GET "/operator/partners/{partner}" ReadPartners operator::partners::show;
    POST "/operator/partners/{partner}/state" ManagePartners operator::partners::state;
    POST "/operator/partners/{partner}/late" ManageBilling operator::partners::late;
    POST "/operator/partners/{partner}/credit" ManageBilling operator::partners::credit;
    POST "/operator/partners/{partner}/admin" ManagePartners operator::partners::admin;
    GET "/operator/catalog" ReadHealth operator::catalog::list;
    POST "/operator/catalog/sheets" ManageCatalog operator::catalog::upload;
    GET "/operator/catalog/sheets/{sheet}" ManageCatalog operator::catalog::sheet;
    POST "/operator/catalog/sheets/{sheet}/apply" ManageCatalog operator::imports::apply;
    GET "/operator/catalog/sheets/{sheet}/import" ManageCatalog operator::imports::watch;
    GET "/operator/policies" ReadHealth operator::policies::show;
    POST "/operator/policies" ManageInstallation operator::policies::switch;
    GET "/operator/policies/markets" ReadHealth operator::policies::list_markets;
    GET "/operator/policies/blocks" ReadHealth operator::policies::blocks;
    POST "/operator/policies/blocks" ManageInstallation operator::policies::add_block;
    POST "/operator/policies/blocks/end" ManageInstallation operator::policies::end_block;
    GET "/operator/stock" ReadHealth operator::stock::list;
    POST "/operator/stock/keys" ManageCatalog operator::stock::keys;
    GET "/operator/stock/keys/{import}" ManageCatalog operator::stock::watch;
    GET "/operator/stock/{product}" ReadHealth operator::stock::product;
    POST "/operator/stock/{product}/alarm" ManageCatalog operator::stock::alarm;
    GET "/operator/jobs" ReadHealth operator::jobs::list;
    POST "/operator/jobs/retry" ManageJobs operator::jobs::retry;
    POST "/operator/jobs/give-up" ManageJobs operator::jobs::give_up;
    GET "/operator/health" ReadHealth operator::health::show;
}

/// The pages, with their protection against requests other sites make in a person's name.
pub fn router(api: &Api) -> Router<Api> {
    // From here on the server counts as running.
    crate::health::started();
    routes()
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
