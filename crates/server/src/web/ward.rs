//! Pages about one customer: who asks, for whom, with what right. What every such page begins with.

use axum::extract::{FromRequestParts as _, Request};
use axum::response::Response;
use chandlery_domain::access::{Action, Scope};
use chandlery_domain::audit::{Entry, Fact, attempted};
use chandlery_domain::customer::Customer;
use chandlery_domain::ids::CustomerId;
use chandlery_domain::refusal::Refusal;
use chandlery_store::{Write, customers};

use super::pages::Frame;
use super::trouble::{failed, refused};
use super::{Asked, Form, Visitor, around, signed_in};
use crate::api::call::write_down;
use crate::api::{Api, Caller};
use crate::app::Context;
use crate::error::{Error, Missing};
use crate::texts::Reader;

/// Somebody who looks after one customer, with the right that a page asks for.
pub struct Ward {
    /// The interface.
    pub api: Api,
    /// What was sent along.
    pub form: Form,
    /// Who asks.
    pub visitor: Visitor,
    /// The circumstances.
    pub cx: Context,
    /// The right.
    pub scope: Scope,
    /// Whom it is about.
    pub customer: CustomerId,
    /// How the reader reads.
    pub reader: Reader,
}

/// A value of a path.
pub fn param<'a>(path: &'a [(String, String)], name: &str) -> Option<&'a str> {
    path.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

/// A value of a path, read.
///
/// # Errors
/// The page that says it is not there.
pub fn read_param<T: std::str::FromStr>(
    path: &[(String, String)],
    name: &str,
    missing: Missing,
) -> Result<T, Error> {
    param(path, name).and_then(|text| text.parse().ok()).ok_or(Error::NotFound(missing))
}

/// Lets somebody in who may do `action` for the customer named in the path; `back` is where a sign-in or a second factor
/// leads back to.
///
/// # Errors
/// The page to show instead.
pub async fn ward(
    path: &[(String, String)],
    asked: Asked,
    action: Action,
    back: &str,
) -> Result<Ward, Response> {
    let Asked { api, caller, headers, form, is_post } = asked;
    // What was only looked at is looked at again; what was sent has to be sent anew, from the page it was on.
    let path_now = around::frame().path;
    let back = if is_post { back } else { path_now.as_str() };
    let visitor = signed_in(&api, &caller, &headers, back).await?;
    let cx = visitor.context(&api);
    let customer = match read_param(path, "customer", Missing::Customer) {
        Ok(customer) => customer,
        Err(error) => return Err(failed(&api, &error)),
    };
    let facts = vec![Fact::new("customer_id", customer)];
    let scope = allowed(&api, &cx, action, facts, back).await?;
    Ok(Ward { api, form, visitor, cx, scope, customer, reader: around::here() })
}

/// The same before the body was read, which is handed back with it: nothing is taken from somebody who may not send it.
///
/// # Errors
/// The page to show instead.
pub async fn ward_unread(
    api: Api,
    path: &[(String, String)],
    request: Request,
    action: Action,
    back: &str,
) -> Result<(Ward, Request), Response> {
    let headers = request.headers().clone();
    let (mut parts, body) = request.into_parts();
    let caller = Caller::from_request_parts(&mut parts, &api).await.unwrap_or_else(|never| match never {});
    let asked = Asked { api, caller, headers, form: Form(Vec::new()), is_post: true };
    let ward = ward(path, asked, action, back).await?;
    Ok((ward, Request::from_parts(parts, body)))
}

/// The right to do `action`. Whoever is denied it stands in the log, save that a second factor has to be shown again.
///
/// # Errors
/// The page to show instead.
pub(super) async fn allowed(
    api: &Api,
    cx: &Context,
    action: Action,
    facts: Vec<Fact>,
    back: &str,
) -> Result<Scope, Response> {
    let error = match cx.authorize(action) {
        Ok(scope) => return Ok(scope),
        Err(error) => error,
    };
    if !matches!(error, Error::Refused(Refusal::FreshFactorNeeded { .. })) {
        let (operation, resource) = attempted(action);
        write_down(api, cx, Entry::did(operation, resource, ""), facts, &error).await;
    }
    Err(refused(api, &error, back))
}

impl Ward {
    /// What stands around the page.
    pub fn frame(&self) -> Frame {
        around::frame()
    }

    /// Whether the visitor may do something else too.
    pub fn may(&self, action: Action) -> bool {
        self.api.installation.rules.matrix.authorize(&self.visitor.known.actor(None), action).is_ok()
    }

    /// The address of a page about the customer.
    pub fn at(&self, rest: &str) -> String {
        format!("/customers/{}{rest}", self.customer)
    }

    /// Reads from the store.
    ///
    /// # Errors
    /// What the work says.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut chandlery_store::Read<'_>, &Scope, CustomerId) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (scope, customer) = (self.scope, self.customer);
        self.api.installation.store.read(move |tx| work(tx, &scope, customer)).await
    }

    /// Does something; a refusal stands in the log as `attempted`.
    ///
    /// # Errors
    /// What the work says.
    pub async fn act<T: Send + 'static>(
        &self,
        attempted: Entry,
        work: impl Fn(&mut Write<'_>, &Context) -> Result<(T, Entry), Error> + Send + 'static,
    ) -> Result<T, Error> {
        act(&self.api, &self.cx, attempted, work).await
    }
}

/// Does something; a refusal stands in the log as `attempted`.
///
/// # Errors
/// What the work says.
pub async fn act<T: Send + 'static>(
    api: &Api,
    cx: &Context,
    attempted: Entry,
    work: impl Fn(&mut Write<'_>, &Context) -> Result<(T, Entry), Error> + Send + 'static,
) -> Result<T, Error> {
    let inner = cx.clone();
    let done = api.installation.store.write(cx.stamp(), move |tx| work(tx, &inner)).await;
    if let Err(error) = &done
        && error.is_final()
    {
        write_down(api, &cx.anew(), attempted, Vec::new(), error).await;
    }
    done
}

/// A customer that must be there.
///
/// # Errors
/// When it is not.
pub fn found(
    tx: &mut chandlery_store::Read<'_>,
    scope: &Scope,
    customer: CustomerId,
) -> Result<Customer, Error> {
    Ok(customers::find(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?.0)
}

/// What stands above every page about a customer: its name and the ways to its sections.
pub struct Head {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its domain.
    pub domain: String,
    /// The sections: the end of the address, and the id of the label.
    pub sections: Vec<(&'static str, &'static str)>,
    /// The section the page is in.
    pub at: &'static str,
}

impl Head {
    /// The head of a page in the section `at`.
    pub fn new(ward: &Ward, customer: &Customer, at: &'static str) -> Self {
        Self::of(|action| ward.may(action), customer, at)
    }

    /// The same for somebody who may do so and so.
    pub fn of(may: impl Fn(Action) -> bool, customer: &Customer, at: &'static str) -> Self {
        let sections = [
            ("", "section-overview", Action::ReadCustomer),
            ("/products", "section-add-products", Action::FillCart),
            ("/subscriptions", "section-subscriptions", Action::ReadOrders),
            ("/software", "section-software", Action::ReadEntitlements),
            ("/reservations", "section-reservations", Action::ReadEntitlements),
            ("/benefit", "section-benefit", Action::ReadOrders),
            ("/orders", "section-orders", Action::ReadOrders),
            ("/billing", "section-billing", Action::ReadOrders),
            ("/users", "section-users", Action::ReadCustomerUsers),
            ("/activity", "section-activity", Action::ReadAuditLog),
            ("/account", "section-account", Action::ReadCustomer),
        ];
        Self {
            id: customer.id.to_string(),
            name: customer.billing.company_name.clone(),
            domain: customer.domain.clone(),
            sections: sections
                .into_iter()
                .filter(|(_, _, action)| may(*action))
                .map(|(end, label, _)| (end, label))
                .collect(),
            at,
        }
    }
}
