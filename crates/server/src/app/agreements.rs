//! Attesting that a customer accepted its agreement (rule 4.3).

use chandlery_domain::access::Scope;
use chandlery_domain::agreement::{Agreement, Kind, Signatory, attest as decide};
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::ids::{AgreementId, CustomerId};
use chandlery_store::{Write, agreements, customers};
use jiff::Timestamp;

use super::Context;
use crate::error::{Error, Missing};

/// What is attested.
#[derive(Clone)]
pub struct Attestation {
    /// Whose agreement.
    pub customer: CustomerId,
    /// Which one.
    pub kind: Kind,
    /// Who accepted.
    pub signatory: Signatory,
    /// When.
    pub agreed_at: Timestamp,
}

/// Records an agreement.
///
/// # Errors
/// When the customer is not there, the same was attested before, or the date lies in the future.
pub fn attest(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    given: &Attestation,
) -> Result<(Agreement, Entry), Error> {
    let (customer, _) =
        customers::find(tx, scope, given.customer)?.ok_or(Error::NotFound(Missing::Customer))?;
    let existing = agreements::list(tx, scope, given.customer)?;
    let agreement = Agreement {
        id: AgreementId::new(cx.ids()()),
        customer: given.customer,
        kind: given.kind,
        signatory: given.signatory.clone(),
        agreed_at: given.agreed_at,
        attested_by: cx.actor_uuid(),
        attested_at: cx.now,
    };
    let agreement = decide(agreement, &existing)?;
    agreements::insert(tx, scope, &agreement)?;
    let entry = Entry::did(Operation::CreateAgreement, Resource::Agreement, agreement.id)
        .for_customer(customer.id, &customer.billing.company_name)
        .with(vec![
            Fact::new("type", agreement.kind.as_str()),
            Fact::new("date_agreed", agreement.agreed_at),
        ]);
    Ok((agreement, entry))
}
