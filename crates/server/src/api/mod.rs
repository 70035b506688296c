//! The REST interface that Partner Center's clients speak. Only here stand its spelling, its paging and its codes.
//!
//! Every route is a row of [`routes`]: method, path, the action it needs, and the function that answers. What all calls
//! share (headers, tokens, limits, errors, replays) is done once, in [`call`].

pub mod agreements;
pub mod answer;
pub mod audit;
pub mod call;
pub mod carts;
pub mod customers;
pub mod entitlements;
pub mod faults;
pub mod orders;
pub mod paging;
pub mod products;
pub mod query;
pub mod reader;
pub mod subscriptions;
pub mod words;

use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, Uri, header, uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, get, on, post};
use chandlery_domain::access::Action;
use tokio::sync::Notify;
use tower::ServiceExt as _;
use tower_http::catch_panic::CatchPanicLayer;

use crate::error::Error;
use crate::identity::programs::Programs;
use crate::identity::token_endpoint;
use crate::installation::{Installation, Kind};
use answer::Answer;
use call::Call;

/// What the interface works on.
#[derive(Clone)]
pub struct Api(Arc<Shared>);

/// What all calls share.
pub struct Shared {
    /// The installation.
    pub installation: Installation,
    /// Programs seen lately.
    pub programs: Programs,
    /// Rung when there is work for the jobs.
    pub work: Arc<Notify>,
}

impl Deref for Api {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Api {
    /// The interface to an installation.
    pub fn new(installation: Installation, work: Arc<Notify>) -> Self {
        Self(Arc::new(Shared { installation, programs: Programs::default(), work }))
    }

    /// The issuer of a tenant's tokens, as the caller reached us.
    pub fn issuer(&self, headers: &HeaderMap, tenant: &str) -> String {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
        let scheme =
            headers.get("x-forwarded-proto").and_then(|scheme| scheme.to_str().ok()).unwrap_or("http");
        format!("{scheme}://{host}/{tenant}/v2.0")
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
    /// What answers.
    pub handler: Handler,
}

macro_rules! routes {
    ($($method:ident $path:literal $action:ident $handler:path;)*) => {
        vec![$(Route {
            method: Method::$method,
            path: $path,
            action: Action::$action,
            handler: |call| Box::pin($handler(call)),
        },)*]
    };
}

/// Every route that needs a token, with the action it needs. `permissions.txt` is made from this table.
pub fn routes() -> Vec<Route> {
    routes! {
        GET "/v1/customers" ListCustomers customers::list;
        POST "/v1/customers" CreateCustomer customers::create;
        GET "/v1/customers/{customer}" ReadCustomer customers::get;
        GET "/v1/customers/{customer}/profiles/billing" ReadCustomer customers::billing_profile;
        PUT "/v1/customers/{customer}/profiles/billing" EditCustomer customers::update_billing_profile;
        GET "/v1/customers/{customer}/profiles/company" ReadCustomer customers::company_profile;
        GET "/v1/agreements" ReadAgreements agreements::templates;
        GET "/v1/customers/{customer}/agreements" ReadAgreements agreements::list;
        POST "/v1/customers/{customer}/agreements" AttestAgreement agreements::attest;
        GET "/v1/products" ReadCatalog products::list;
        GET "/v1/products/{product}" ReadCatalog products::get;
        GET "/v1/products/{product}/skus" ReadCatalog products::skus;
        GET "/v1/products/{product}/skus/{sku}" ReadCatalog products::sku;
        GET "/v1/products/{product}/skus/{sku}/availabilities" ReadCatalog products::availabilities;
        GET "/v1/products/{product}/skus/{sku}/availabilities/{availability}" ReadCatalog products::availability;
        GET "/v1/customers/{customer}/products" ReadCatalog products::list;
        POST "/v1/customers/{customer}/products" ReadCatalog products::list;
        GET "/v1/customers/{customer}/products/{product}" ReadCatalog products::get;
        GET "/v1/customers/{customer}/products/{product}/skus" ReadCatalog products::skus;
        GET "/v1/customers/{customer}/products/{product}/skus/{sku}" ReadCatalog products::sku;
        GET "/v1/customers/{customer}/products/{product}/skus/{sku}/availabilities" ReadCatalog products::availabilities;
        GET "/v1/customers/{customer}/products/{product}/skus/{sku}/availabilities/{availability}" ReadCatalog products::availability;
        POST "/v1/customers/{customer}/carts" PlaceOrders carts::create;
        GET "/v1/customers/{customer}/carts/{cart}" PlaceOrders carts::get;
        PUT "/v1/customers/{customer}/carts/{cart}" PlaceOrders carts::update;
        POST "/v1/customers/{customer}/carts/{cart}/checkout" PlaceOrders carts::check_out;
        GET "/v1/customers/{customer}/orders" ReadOrders orders::list;
        POST "/v1/customers/{customer}/orders" PlaceOrders orders::create;
        GET "/v1/customers/{customer}/orders/{order}" ReadOrders orders::get;
        PATCH "/v1/customers/{customer}/orders/{order}" CancelPurchase orders::cancel;
        GET "/v1/customers/{customer}/orders/{order}/provisioningstatus" ReadOrders orders::provisioning_status;
        GET "/v1/customers/{customer}/orders/{order}/charges" ReadOrders orders::ledger;
        POST "/v1/customers/{customer}/orders/{order}/cancellationquote" CancelPurchase orders::quote;
        GET "/v1/customers/{customer}/subscriptions" ReadOrders subscriptions::list;
        GET "/v1/customers/{customer}/subscriptions/{subscription}" ReadOrders subscriptions::get;
        PATCH "/v1/customers/{customer}/subscriptions/{subscription}" ManageSubscription subscriptions::update;
        GET "/v1/customers/{customer}/subscriptions/{subscription}/provisioningstatus" ReadOrders subscriptions::provisioning_status;
        GET "/v1/customers/{customer}/entitlements" ReadEntitlements entitlements::list;
        GET "/v1/customers/{customer}/artifacts/productkey/groups/{group}/lineitems/{key}/items/{item}" RevealKey entitlements::reveal_key;
        GET "/v1/auditrecords" ReadAuditLog audit::list;
        GET "/v1/auditrecords/{record}" ReadAuditLog audit::get;
        GET "/auditactivity/v1/auditrecords/{record}" ReadAuditLog audit::get;
    }
}

/// The routes that need no token: signing in, and the practice clock.
pub const OPEN_ROUTES: [(&str, &str); 9] = [
    ("POST", "/{tenant}/oauth2/token"),
    ("POST", "/{tenant}/oauth2/v2.0/token"),
    ("GET", "/{tenant}/.well-known/openid-configuration"),
    ("GET", "/{tenant}/v2.0/.well-known/openid-configuration"),
    ("GET", "/{tenant}/discovery/keys"),
    ("GET", "/{tenant}/discovery/v2.0/keys"),
    ("GET", "/health"),
    ("GET", "/practice/clock (demo only)"),
    ("POST", "/practice/clock (demo only)"),
];

/// The whole interface as one service.
pub fn service(api: Api) -> axum::routing::RouterIntoService<Body> {
    let mut router = Router::new()
        .route("/{tenant}/oauth2/token", post(token_endpoint::v1))
        .route("/{tenant}/oauth2/v2.0/token", post(token_endpoint::v2))
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
        .fallback(call::no_such_path)
        .method_not_allowed_fallback(call::no_such_method)
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
