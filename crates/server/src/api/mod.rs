//! The REST interface that Partner Center's clients speak. Only here stand its spelling, its paging and its codes.
//!
//! Every route is a row of [`routes`]: method, path, the action it needs, and the function that answers. What all calls
//! share (headers, tokens, limits, errors, replays) is done once, in [`call`].

pub mod agreements;
pub mod answer;
pub mod audit;
pub mod benefit;
pub mod call;
pub mod carts;
pub mod customers;
pub mod downloads;
pub mod entitlements;
pub mod export;
pub mod faults;
pub mod give_back;
mod invoice_filter;
mod invoices;
pub mod orders;
pub mod paging;
pub mod products;
pub mod profiles;
pub mod query;
pub mod reader;
pub mod requests;
pub mod reservations;
pub mod roles;
pub mod subscriptions;
pub mod users;
pub mod webhooks;
pub mod words;

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Uri, header, uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, get, on, post};
use chandlery_domain::access::Action;
use chandlery_domain::media::Medium;
use tokio::sync::Notify;
use tower::ServiceExt as _;
use tower_http::catch_panic::CatchPanicLayer;

use crate::app::issue_link::Token;
use crate::downloads::Downloads;
use crate::error::Error;
use crate::identity::desk::{Desk, Visit};
use crate::identity::token_endpoint;
use crate::installation::{Installation, Kind};
use crate::outside::webhooks::Reach;
use answer::Answer;
use call::Call;

/// What the interface works on.
#[derive(Clone)]
pub struct Api(Arc<Shared>);

/// What all calls share.
pub struct Shared {
    /// The installation.
    pub installation: Installation,
    /// The front desk.
    pub desk: Arc<Desk>,
    /// Whether links can be sent by mail.
    pub sends_mail: bool,
    /// Where partners' programs may be.
    pub webhooks_reach: Reach,
    /// Rung when there is work for the jobs.
    pub work: Arc<Notify>,
    /// What the charts of the first page are drawn from.
    pub figures: crate::web::home::Figures,
    /// The policies in force, as pages show them.
    pub policies: crate::web::policies::Policies,
    /// What pages are called and coloured.
    pub brands: crate::web::brand::Brands,
    /// Price sheets on their way in.
    pub imports: crate::web::operator::imports::Imports,
    /// What is being downloaded.
    pub downloads: Arc<Downloads>,
}

impl Deref for Api {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Api {
    /// The interface to an installation.
    pub fn new(desk: Desk, sends_mail: bool, webhooks_reach: Reach, work: Arc<Notify>) -> Self {
        let installation = desk.installation.clone();
        let downloads = Downloads::new(installation.clone());
        Self(Arc::new(Shared {
            installation,
            desk: Arc::new(desk),
            sends_mail,
            webhooks_reach,
            work,
            figures: crate::web::home::Figures::default(),
            policies: crate::web::policies::Policies::default(),
            brands: crate::web::brand::Brands::default(),
            imports: crate::web::operator::imports::Imports::default(),
            downloads,
        }))
    }

    /// Our own address: the public one where the operator gave one, or else as the caller reached us.
    pub fn address(&self, headers: &HeaderMap) -> String {
        if self.desk.reached.given {
            return self.desk.reached.public_url.clone();
        }
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
        let told = headers.get("x-forwarded-proto").and_then(|scheme| scheme.to_str().ok());
        let scheme = told.filter(|_| self.desk.reached.behind_proxy).unwrap_or("http");
        format!("{scheme}://{host}")
    }

    /// The issuer of a tenant's tokens.
    pub fn issuer(&self, headers: &HeaderMap, tenant: &str) -> String {
        format!("{}/{tenant}/v2.0", self.address(headers))
    }

    /// Where a download link leads: the token, and the name the file is saved under by programs that look at the path.
    pub fn download_url(&self, headers: &HeaderMap, token: &Token, medium: &Medium) -> String {
        let name = medium.name.as_str().replace(' ', "%20");
        format!("{}/d/{}/{name}", self.address(headers), token.reveal())
    }
}

/// Where a call comes from: the other end of its connection, where there is one.
pub struct Caller(Option<SocketAddr>);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0)))
    }
}

impl Caller {
    /// The address and the browser. Behind a proxy the address is the last one the proxy added; the rest of that
    /// header is whatever the caller likes.
    pub fn visit(&self, api: &Api, headers: &HeaderMap) -> Visit {
        let text =
            |name: &str| headers.get_all(name).iter().next_back().and_then(|value| value.to_str().ok());
        let told = text("x-forwarded-for").filter(|_| api.desk.reached.behind_proxy);
        let told = told.and_then(|list| list.rsplit(',').next()).map(str::trim);
        let address = told.and_then(|own| own.parse::<IpAddr>().ok()).or(self.0.map(|own| own.ip()));
        Visit {
            address: address.map_or_else(|| "local".to_owned(), |own| own.to_canonical().to_string()),
            agent: text("user-agent").unwrap_or_default().chars().take(200).collect(),
        }
    }
}

/// What answers a call.
pub type Handler = fn(Call) -> Pin<Box<dyn Future<Output = Result<Answer, Error>> + Send>>;

/// A route with what it needs.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, in lower case, with its parameters in braces.
    pub path: &'static str,
    /// What the caller must be allowed to do.
    pub action: Action,
    /// Whether programs may call it for themselves (contract 1.2).
    pub who: Who,
    /// What answers.
    pub handler: Handler,
}

/// Who may call a route (contract 1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Programs for themselves, and people through programs.
    Anyone,
    /// People through programs only.
    Person,
}

macro_rules! routes {
    ($($who:ident $method:ident $path:literal $action:ident $handler:path;)*) => {
        vec![$(Route {
            method: Method::$method,
            path: $path,
            action: Action::$action,
            who: Who::$who,
            handler: |call| Box::pin($handler(call)),
        },)*]
    };
}

/// Every route that needs a token, with the action it needs. `permissions.txt` is made from this table.
pub fn routes() -> Vec<Route> {
    routes! {
        Anyone GET "/v1/customers" ListCustomers customers::list;
        Anyone POST "/v1/customers" CreateCustomer customers::create;
        Anyone GET "/v1/customers/{customer}" ReadCustomer customers::get;
        Anyone GET "/v1/customers/{customer}/profiles/billing" ReadCustomer customers::billing_profile;
        Anyone PUT "/v1/customers/{customer}/profiles/billing" EditCustomer customers::update_billing_profile;
        Person GET "/v1/customers/{customer}/profiles/company" ReadCustomer customers::company_profile;
        Person GET "/v1/agreements" ReadAgreements agreements::templates;
        Person GET "/v1/customers/{customer}/agreements" ReadAgreements agreements::list;
        Person POST "/v1/customers/{customer}/agreements" AttestAgreement agreements::attest;
        Anyone GET "/v1/products" ReadCatalog products::list;
        Anyone GET "/v1/products/{product}" ReadCatalog products::get;
        Anyone GET "/v1/products/{product}/skus" ReadCatalog products::skus;
        Anyone GET "/v1/products/{product}/skus/{sku}" ReadCatalog products::sku;
        Anyone GET "/v1/products/{product}/skus/{sku}/availabilities" ReadCatalog products::availabilities;
        Anyone GET "/v1/products/{product}/skus/{sku}/availabilities/{availability}" ReadCatalog products::availability;
        Anyone GET "/v1/customers/{customer}/products" ReadCatalog products::list;
        Anyone POST "/v1/customers/{customer}/products" ReadCatalog products::list;
        Anyone GET "/v1/customers/{customer}/products/{product}" ReadCatalog products::get;
        Anyone GET "/v1/customers/{customer}/products/{product}/skus" ReadCatalog products::skus;
        Anyone GET "/v1/customers/{customer}/products/{product}/skus/{sku}" ReadCatalog products::sku;
        Anyone GET "/v1/customers/{customer}/products/{product}/skus/{sku}/availabilities" ReadCatalog products::availabilities;
        Anyone GET "/v1/customers/{customer}/products/{product}/skus/{sku}/availabilities/{availability}" ReadCatalog products::availability;
        Anyone POST "/v1/customers/{customer}/carts" FillCart carts::create;
        Anyone GET "/v1/customers/{customer}/carts/{cart}" FillCart carts::get;
        Anyone PUT "/v1/customers/{customer}/carts/{cart}" FillCart carts::update;
        Anyone POST "/v1/customers/{customer}/carts/{cart}/checkout" FillCart carts::check_out;
        Anyone GET "/v1/customers/{customer}/orders" ReadOrders orders::list;
        Anyone POST "/v1/customers/{customer}/orders" FillCart orders::create;
        Anyone GET "/v1/customers/{customer}/orders/{order}" ReadOrders orders::get;
        Anyone PATCH "/v1/customers/{customer}/orders/{order}" CancelPurchase orders::cancel;
        Anyone GET "/v1/customers/{customer}/orders/{order}/provisioningstatus" ReadOrders orders::provisioning_status;
        Anyone GET "/v1/customers/{customer}/orders/{order}/charges" ReadOrders orders::ledger;
        Anyone POST "/v1/customers/{customer}/orders/{order}/cancellationquote" CancelPurchase orders::quote;
        Anyone GET "/v1/customers/{customer}/subscriptions" ReadOrders subscriptions::list;
        Anyone GET "/v1/customers/{customer}/subscriptions/{subscription}" ReadOrders subscriptions::get;
        Anyone PATCH "/v1/customers/{customer}/subscriptions/{subscription}" ManageSubscription subscriptions::update;
        Person GET "/v1/customers/{customer}/subscriptions/{subscription}/provisioningstatus" ReadOrders subscriptions::provisioning_status;
        Anyone POST "/v1/customers/{customer}/subscriptions/{subscription}/registrations" PlaceReservations reservations::register;
        Anyone GET "/v1/customers/{customer}/subscriptions/{subscription}/registrationstatus" ReadOrders reservations::registration_status;
        Anyone GET "/v1/customers/{customer}/azuresubscriptions" ReadOrders reservations::azure;
        Anyone POST "/v1/customers/{customer}/azuresubscriptions" PlaceReservations reservations::add_azure;
        Anyone PATCH "/v1/customers/{customer}/azuresubscriptions/{subscription}" PlaceReservations reservations::update_azure;
        Anyone GET "/v1/customers/{customer}/reservations" ReadEntitlements reservations::list;
        Anyone GET "/v1/customers/{customer}/reservations/{reservation}" ReadEntitlements reservations::get;
        Anyone PATCH "/v1/customers/{customer}/reservations/{reservation}" ManageReservations reservations::update;
        Anyone POST "/v1/customers/{customer}/reservations/{reservation}/split" ManageReservations reservations::split;
        Anyone POST "/v1/customers/{customer}/reservations/{reservation}/refundquote" ManageReservations give_back::refund_quote;
        Anyone POST "/v1/customers/{customer}/reservations/{reservation}/refund" ManageReservations give_back::refund;
        Anyone POST "/v1/customers/{customer}/reservations/{reservation}/exchangequote" ManageReservations give_back::exchange_quote;
        Anyone POST "/v1/customers/{customer}/reservations/{reservation}/exchange" ManageReservations give_back::exchange;
        Anyone POST "/v1/customers/{customer}/reservations/merge" ManageReservations reservations::merge;
        Person GET "/v1/customers/{customer}/artifacts/reservedinstance/groups/{group}/lineitems/{line}/resource/{resource}" ReadEntitlements reservations::artifact;
        Person GET "/v1/customers/{customer}/artifacts/virtualmachinereservedinstance/groups/{group}/lineitems/{line}/resource/{resource}" ReadEntitlements reservations::artifact;
        Anyone POST "/v1/extensions/product/checkinventory" ReadCatalog reservations::check_inventory;
        Anyone GET "/v1/customers/{customer}/hybridbenefit" ReadOrders benefit::standing;
        Anyone POST "/v1/customers/{customer}/hybridbenefit/calculations" ReadOrders benefit::calculate;
        Anyone GET "/v1/customers/{customer}/hybridbenefit/licences" ReadOrders benefit::licences;
        Anyone POST "/v1/customers/{customer}/hybridbenefit/licences" ManageSubscription benefit::declare;
        Anyone DELETE "/v1/customers/{customer}/hybridbenefit/licences/{licences}" ManageSubscription benefit::withdraw;
        Anyone GET "/v1/customers/{customer}/hybridbenefit/uses" ReadOrders benefit::uses;
        Anyone POST "/v1/customers/{customer}/hybridbenefit/uses" ManageSubscription benefit::record;
        Anyone PATCH "/v1/customers/{customer}/hybridbenefit/uses/{use}" ManageSubscription benefit::end;
        Anyone GET "/v1/customers/{customer}/entitlements" ReadEntitlements entitlements::list;
        Person GET "/v1/customers/{customer}/artifacts/productkey/groups/{group}/lineitems/{key}/items/{item}" RevealKey entitlements::reveal_key;
        Person POST "/v1/customers/{customer}/artifacts/productkey/groups/{group}/lineitems/{key}/activations" RevealKey requests::more_activations;
        Person GET "/v1/customers/{customer}/orders/{order}/lines/{line}/neveropened" RevealKey requests::never_opened;
        Person GET "/v1/keyapprovals" RevealKey requests::questions;
        Person POST "/v1/keyapprovals/{question}/approve" RevealKey requests::approve;
        Person GET "/v1/servicerequests" ReadEntitlements requests::list;
        Person GET "/v1/servicerequests/{request}" ReadEntitlements requests::get;
        Person GET "/v1/customers/{customer}/servicerequests" ReadEntitlements requests::list;
        Anyone GET "/v1/products/{product}/skus/{sku}/downloadoptions" ReadEntitlements downloads::options;
        Anyone GET "/v1/products/{product}/skus/{sku}/downloadoptions/{option}/downloadlink" IssueLink downloads::link;
        Anyone GET "/v1/customers/{customer}/products/{product}/skus/{sku}/downloadoptions" ReadEntitlements downloads::options;
        Anyone GET "/v1/customers/{customer}/products/{product}/skus/{sku}/downloadoptions/{option}/downloadlink" IssueLink downloads::link;
        Anyone GET "/v1/customers/{customer}/orders/{order}/lines/{line}/downloads" ReadEntitlements downloads::made;
        Person GET "/v1/customers/{customer}/users" ReadCustomerUsers users::list;
        Person POST "/v1/customers/{customer}/users" ManageCustomerUsers users::create;
        Person GET "/v1/customers/{customer}/users/{user}" ReadCustomerUsers users::get;
        Person PATCH "/v1/customers/{customer}/users/{user}" ManageCustomerUsers users::update;
        Person DELETE "/v1/customers/{customer}/users/{user}" ManageCustomerUsers users::delete;
        Person GET "/v1/customers/{customer}/users/{user}/directoryroles" ReadCustomerUsers roles::of_user;
        Person GET "/v1/customers/{customer}/directoryroles" ReadCustomerUsers roles::directory;
        Person GET "/v1/customers/{customer}/directoryroles/{role}/usermembers" ReadCustomerUsers roles::members;
        Person POST "/v1/customers/{customer}/directoryroles/{role}/usermembers" ManageCustomerUsers roles::add_member;
        Person DELETE "/v1/customers/{customer}/directoryroles/{role}/usermembers/{user}" ManageCustomerUsers roles::remove_member;
        Person GET "/v1/roles" ReadPartnerUsers roles::partner;
        Person GET "/v1/roles/{role}/usermembers" ReadPartnerUsers roles::partner_members;
        Person POST "/v1/roles/{role}/usermembers" ManagePartnerUsers roles::add_partner_member;
        Person DELETE "/v1/roles/{role}/usermembers/{user}" ManagePartnerUsers roles::remove_partner_member;
        Person GET "/v1/agreementtemplates/{template}/document" ReadAgreements agreements::document;
        Person GET "/v1/customers/{customer}/directsignedmicrosoftcustomeragreementstatus" ReadAgreements agreements::direct_signed;
        Person GET "/v1/customers/relationshiprequests" InviteCustomer profiles::invitation;
        Anyone GET "/v1/profiles/legalbusiness" ReadPartnerProfiles profiles::legal;
        Person PUT "/v1/profiles/legalbusiness" EditPartnerProfiles profiles::update_legal;
        Person GET "/v1/profiles/billing" ReadPartnerProfiles profiles::billing;
        Person PUT "/v1/profiles/billing" EditPartnerProfiles profiles::update_billing;
        Person GET "/v1/profiles/organization" ReadPartnerProfiles profiles::organization;
        Person PUT "/v1/profiles/organization" EditPartnerProfiles profiles::update_organization;
        Person GET "/v1/profiles/support" ReadPartnerProfiles profiles::support;
        Person PUT "/v1/profiles/support" EditPartnerProfiles profiles::update_support;
        Person PUT "/v1/profiles/supportprofile" EditPartnerProfiles profiles::update_support;
        Person GET "/v1/profiles/mpn" ReadPartnerProfiles profiles::programme;
        Anyone GET "/v1/invoices" ReadInvoices invoices::list;
        Anyone GET "/v1/invoices/summary" ReadInvoices invoices::balance;
        Person GET "/v1/invoices/summaries" ReadInvoices invoices::balances;
        Anyone GET "/v1/invoices/estimates/links" ReadInvoices invoices::estimates;
        Anyone GET "/v1/invoices/unbilled/lineitems" ReadInvoices invoices::unbilled;
        Person GET "/v1/invoices/{invoice}" ReadInvoices invoices::get;
        Person GET "/v1/invoices/{invoice}/documents/statement" ReadInvoices invoices::statement;
        Anyone GET "/v1/invoices/{invoice}/lineitems" ReadInvoices invoices::lines;
        Anyone GET "/v1/invoices/{invoice}/lineitems/{provider}/{kind}" ReadInvoices invoices::lines;
        Anyone GET "/v1/auditrecords" ReadAuditLog audit::list;
        Anyone GET "/v1/auditrecords/{record}" ReadAuditLog audit::get;
        Anyone GET "/auditactivity/v1/auditrecords/{record}" ReadAuditLog audit::get;
        Anyone GET "/webhooks/v1/registration/events" ManageWebhooks webhooks::events;
        Anyone GET "/webhooks/v1/registration" ManageWebhooks webhooks::get_registration;
        Anyone POST "/webhooks/v1/registration" ManageWebhooks webhooks::register;
        Anyone PUT "/webhooks/v1/registration" ManageWebhooks webhooks::update;
        Anyone DELETE "/webhooks/v1/registration" ManageWebhooks webhooks::remove;
        Anyone POST "/webhooks/v1/registration/validationevents" ManageWebhooks webhooks::test;
        Anyone GET "/webhooks/v1/registration/validationevents/{correlation}" ManageWebhooks webhooks::tested;
        Anyone GET "/webhooks/v1/customers/{customer}/subscriptions/{subscription}" ReadOrders subscriptions::get;
    }
}

/// The routes that need no token: signing in, and the practice clock.
pub const OPEN_ROUTES: [(&str, &str); 19] = [
    ("POST", "/{tenant}/oauth2/token"),
    ("POST", "/{tenant}/oauth2/v2.0/token"),
    ("POST", "/{tenant}/oauth2/devicecode"),
    ("POST", "/{tenant}/oauth2/v2.0/devicecode"),
    ("GET", "/{tenant}/.well-known/openid-configuration"),
    ("GET", "/{tenant}/v2.0/.well-known/openid-configuration"),
    ("GET", "/{tenant}/discovery/keys"),
    ("GET", "/{tenant}/discovery/v2.0/keys"),
    ("GET", "/health"),
    ("GET", "/.well-known/chandlery-log-keys"),
    ("GET", "/.well-known/chandlery-media-key"),
    ("GET", "/webhooks/v1/certificates/{id}"),
    ("GET", "/assets/{file}"),
    ("GET", "/d/{token}"),
    ("GET", "/d/{token}/{name}"),
    ("GET", "/media/{medium}/manifest"),
    ("GET", "/media/{medium}/manifest.minisig"),
    ("GET", "/practice/clock (demo only)"),
    ("POST", "/practice/clock (demo only)"),
];

/// The whole interface as one service.
pub fn service(api: Api) -> axum::routing::RouterIntoService<Body> {
    let small = axum::extract::DefaultBodyLimit::max(token_endpoint::BODY_MAX);
    let mut router = Router::new()
        .route("/{tenant}/oauth2/token", post(token_endpoint::v1).layer(small))
        .route("/{tenant}/oauth2/v2.0/token", post(token_endpoint::v2).layer(small))
        .route("/{tenant}/oauth2/devicecode", post(token_endpoint::device).layer(small))
        .route("/{tenant}/oauth2/v2.0/devicecode", post(token_endpoint::device).layer(small))
        .route("/.well-known/chandlery-log-keys", get(export::public_keys))
        .route("/{tenant}/.well-known/openid-configuration", get(token_endpoint::discovery))
        .route("/{tenant}/v2.0/.well-known/openid-configuration", get(token_endpoint::discovery))
        .route("/{tenant}/discovery/keys", get(token_endpoint::keys))
        .route("/{tenant}/discovery/v2.0/keys", get(token_endpoint::keys))
        .route("/health", get(health));
    if api.installation.kind == Kind::Practice {
        router = router.route(
            "/practice/clock",
            get(crate::practice::clock_route::show).post(crate::practice::clock_route::set),
        );
    }
    for route in routes() {
        let filter = MethodFilter::try_from(route.method.clone()).unwrap_or(MethodFilter::GET);
        let (path, route) = (route.path, Arc::new(route));
        let answering = move |axum::extract::State(api): axum::extract::State<Api>, request: Request| {
            let route = Arc::clone(&route);
            async move { call::answer(api, &route, request).await }
        };
        router = router.route(path, on(filter, answering));
    }
    router
        .fallback_service(crate::web::unknown(&api).with_state(api.clone()))
        .method_not_allowed_fallback(call::no_such_method)
        .merge(crate::web::router(&api))
        .merge(crate::web::open_router(&api))
        .merge(export::router())
        .merge(webhooks::router())
        .layer(CatchPanicLayer::custom(|_panic| call::panicked()))
        .with_state(api)
        .into_service()
}

/// The service with paths brought into one form first: clients mix cases, double slashes and trailing ones (contract
/// 0.2).
pub fn normalised(
    api: Api,
) -> impl tower::Service<Request, Response = Response, Error = std::convert::Infallible, Future: Send> + Clone + Send
{
    service(api).map_request(|mut request: Request| {
        if let Some(uri) = one_form(request.uri()) {
            *request.uri_mut() = uri;
        }
        request
    })
}

fn one_form(uri: &Uri) -> Option<Uri> {
    let mut path = String::with_capacity(uri.path().len());
    for segment in uri.path().split('/').filter(|segment| !segment.is_empty()) {
        path.push('/');
        path.push_str(&segment.to_ascii_lowercase());
    }
    if path.is_empty() {
        path.push('/');
    }
    if path == uri.path() {
        return None;
    }
    if let Some(query) = uri.query() {
        path.push('?');
        path.push_str(query);
    }
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = uri::PathAndQuery::try_from(path).ok();
    Uri::from_parts(parts).ok()
}

async fn health(axum::extract::State(api): axum::extract::State<Api>) -> Response {
    let alive =
        api.installation.store.read(|tx| Ok::<_, Error>(chandlery_store::settings::get(tx, "kind")?)).await;
    match alive {
        Ok(_) => (axum::http::StatusCode::OK, "well\n").into_response(),
        Err(_) => {
            (axum::http::StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_come_in_one_form() {
        let form = |path: &str| one_form(&path.parse().unwrap()).map(|uri| uri.to_string());
        assert_eq!(form("/V1//Customers/?size=1&Filter=%7B"), Some("/v1/customers?size=1&Filter=%7B".into()));
        assert_eq!(form("/v1/customers"), None);
        assert_eq!(form("//"), Some("/".into()));
    }
}
