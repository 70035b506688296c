//! Adding customers and changing how they are billed.

use chandlery_domain::access::{Role, Scope};
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::customer::{BillingProfile, Customer, check_country_demands};
use chandlery_domain::ids::{CustomerId, UserId};
use chandlery_domain::refusal::Refusal;
use chandlery_store::people::{self, User};
use chandlery_store::{Write, customers, markets, tax};

use super::Context;
use crate::error::{Error, Missing};
use crate::log::people::fresh_key;
use crate::outside::vault::Vault;
use crate::texts::Complaint;

/// A new customer with its first person.
#[derive(Clone)]
pub struct NewCustomer {
    /// The customer, with its id still to come.
    pub customer: Customer,
    /// The sign-in name of its first global administrator.
    pub admin_upn: String,
    /// The hash of that person's temporary password.
    pub password_hash: String,
}

fn facts(customer: &Customer) -> Vec<Fact> {
    vec![
        Fact::new("company_name", &customer.billing.company_name),
        Fact::new("domain", &customer.domain),
        Fact::new("country", customer.country),
    ]
}

/// A contact is the customer's own, never somebody of the operator's (rule 12.1).
fn check_mail(tx: &mut Write<'_>, customer: &Customer) -> Result<(), Error> {
    let domain = |address: &str| address.rsplit_once('@').map(|(_, domain)| domain.to_lowercase());
    let seller = tax::seller(tx)?.and_then(|own| domain(&own.email));
    match seller.is_some() && seller == domain(&customer.billing.email) {
        true => Err(Error::complaint("email", Complaint::of("complaint-mail-of-operator"))),
        false => Ok(()),
    }
}

/// Adds a customer with its first global administrator (rule 12.1).
///
/// # Errors
/// When the country demands something that is missing, is not a market, or the domain is taken.
pub fn create(
    tx: &mut Write<'_>,
    cx: &Context,
    vault: &Vault,
    scope: &Scope,
    new: &NewCustomer,
) -> Result<(Customer, Entry), Error> {
    let mut next_id = cx.ids();
    let mut customer = new.customer.clone();
    customer.id = CustomerId::new(next_id());
    customer.billing.id = next_id();
    customer.created_at = cx.now;
    check_country_demands(&customer)?;
    check_mail(tx, &customer)?;
    if markets::find(tx, customer.country)?.is_none() {
        return Err(Error::Refused(Refusal::RegionNotGranted { country: customer.country }));
    }
    if !customers::insert(tx, scope, &customer)? {
        return Err(Error::Refused(Refusal::DomainTaken { domain: customer.domain }));
    }
    let admin = User::new(
        (scope.partner(), Some(customer.id)),
        UserId::new(next_id()),
        (&new.admin_upn, "Administrator"),
        vec![Role::CustomerGlobalAdmin],
        new.password_hash.clone(),
        cx.now,
    );
    let key = fresh_key(tx, vault, admin.partner, admin.id)?;
    if !people::insert(tx, &admin, &key)? {
        return Err(Error::Refused(Refusal::DomainTaken { domain: customer.domain }));
    }
    let entry = Entry::did(Operation::AddCustomer, Resource::Customer, customer.id)
        .for_customer(customer.id, &customer.billing.company_name)
        .with(facts(&customer));
    Ok((customer, entry))
}

/// Replaces a customer's billing profile; its country stays, because the tenant's country decides markets.
///
/// # Errors
/// When the customer is not there, was changed since the caller read it, or changes at this moment.
pub fn update_billing(
    tx: &mut Write<'_>,
    scope: &Scope,
    id: CustomerId,
    billing: &BillingProfile,
    expected_revision: Option<i64>,
) -> Result<((Customer, i64), Entry), Error> {
    let (mut customer, revision) =
        customers::find(tx, scope, id)?.ok_or(Error::NotFound(Missing::Customer))?;
    if expected_revision.is_some_and(|expected| expected != revision) {
        return Err(Error::Refused(Refusal::StaleEtag));
    }
    let before = facts(&customer);
    let moved = customer.billing.email != billing.email;
    customer.billing = BillingProfile { id: customer.billing.id, ..billing.clone() };
    if moved {
        check_mail(tx, &customer)?;
    }
    if !customers::save_billing(tx, scope, &customer, revision)? {
        return Err(Error::conflict("the customer changed at the same time"));
    }
    let entry = Entry::did(Operation::UpdateCustomerBillingProfile, Resource::Customer, id)
        .for_customer(id, &customer.billing.company_name)
        .was(before)
        .with(facts(&customer));
    Ok(((customer, revision.saturating_add(1)), entry))
}
