//! What can be done: one function a use case, one transaction each. Load, decide, store.
//!
//! Never here: a status code, a field name of the wire, or the world outside.

pub mod activations;
pub mod agreements;
pub mod applications;
pub mod azure_link;
pub mod bank;
pub mod benefit;
pub mod billing_party;
pub mod cancel_order;
pub mod carts;
pub mod certify;
pub mod check_out;
pub mod close;
pub mod console;
pub mod customers;
pub mod give_back;
pub mod hand_over;
pub mod import_keys;
pub mod import_prices;
pub mod invitations;
pub mod invoice_lines;
pub mod invoicing;
pub mod issue_link;
pub mod ledger;
pub mod machine_list;
pub mod manifest;
pub mod margins;
pub mod media;
pub mod notify;
pub mod paper;
pub mod partner_profiles;
pub mod payments;
pub mod people;
pub mod policy_rows;
pub mod promise;
pub mod provision;
pub mod reconciliation;
pub mod recurring;
pub mod redeem_link;
pub mod reservations;
pub mod reveal_key;
pub mod set_up;
pub mod subscriptions;
pub mod support;
mod table_file;
pub mod vendor_bill;
pub mod webhooks;

use std::sync::Arc;

use chandlery_domain::access::{Action, Actor, Scope};
use chandlery_domain::audit::Side;
use chandlery_domain::ids::{AuditId, CorrelationId, PartnerId, RequestId};
use chandlery_domain::refusal::Refusal;
use chandlery_store::audit::Stamp;
use jiff::Timestamp;
use uuid::Uuid;

use crate::error::Error;
use crate::ids::Seed;
use crate::installation::{OPERATOR, Rules};
use crate::log::people::PersonKey;

/// Under which circumstances something is done: who, when, from where, under which request. Read once, handed down.
#[derive(Clone)]
pub struct Context {
    /// The time it is, for the business.
    pub now: Timestamp,
    /// Who is acting.
    pub actor: Actor,
    /// From where, and what is known of the sign-in.
    pub origin: Origin,
    /// What the operator chose.
    pub rules: Rules,
    /// The id of the call.
    pub request: RequestId,
    /// The id that ties calls together.
    pub correlation: CorrelationId,
    /// Where fresh ids come from.
    pub seed: Seed,
}

/// From where somebody acts, and how the person proved itself.
#[derive(Clone, Default)]
pub struct Origin {
    /// The address of the caller.
    pub address: Option<String>,
    /// The key the person's own fields in the log are sealed with.
    pub key: Option<Arc<PersonKey>>,
    /// For a person in a browser: how many seconds ago it showed a second factor.
    pub factor_age: Option<i64>,
}

impl Context {
    /// For what the installation does by itself: `name` is the part that does it.
    pub fn system(partner: PartnerId, now: Timestamp, name: &'static str) -> Self {
        Self::new(Actor::System { partner, name }, now, Rules::default(), Origin::default())
    }

    /// For somebody who acts by a call of its own.
    pub fn new(actor: Actor, now: Timestamp, rules: Rules, origin: Origin) -> Self {
        let seed = Seed::draw(now);
        Self {
            now,
            actor,
            origin,
            rules,
            request: RequestId::new(seed.apart(1)),
            correlation: CorrelationId::new(seed.apart(2)),
            seed,
        }
    }

    /// The same circumstances for another act of the same call, with ids of its own.
    #[must_use]
    pub fn anew(&self) -> Self {
        Self { seed: Seed::draw(self.now), ..self.clone() }
    }

    /// Fresh ids; the same ones again each time it is asked, because a closure may run twice.
    pub fn ids(&self) -> impl FnMut() -> Uuid + use<> {
        self.seed.ids()
    }

    /// What the store adds to an audit entry.
    pub fn stamp(&self) -> Stamp {
        let id = self.seed.apart(0);
        let (actor_kind, actor_id, actor_name) = match &self.actor {
            Actor::Application { id, .. } => ("application", id.to_string(), None),
            Actor::PartnerUser { id, .. }
            | Actor::CustomerUser { id, .. }
            | Actor::OperatorUser { id, .. } => ("user", id.to_string(), None),
            Actor::System { name, .. } => ("system", (*name).to_owned(), Some((*name).to_owned())),
        };
        let (side, application, name) = match &self.actor {
            Actor::Application { .. } => (Side::Partner, None, None),
            Actor::PartnerUser { application, upn, .. } => {
                (Side::Partner, application.map(|id| id.to_string()), Some(upn))
            }
            Actor::CustomerUser { upn, .. } => (Side::Customer, None, Some(upn)),
            Actor::OperatorUser { upn, .. } => (Side::Operator, None, Some(upn)),
            Actor::System { partner, .. } if *partner == OPERATOR => (Side::Operator, None, None),
            Actor::System { .. } => (Side::Partner, None, None),
        };
        let address = self.origin.address.as_deref();
        let personal = match (name, &self.origin.key) {
            (Some(name), Some(key)) => Some(key.seal(&id.to_string(), name, address)),
            // Without a key nothing personal is written at all.
            _ => None,
        };
        Stamp {
            id: AuditId::new(id),
            at: self.now,
            partner: self.actor.partner(),
            side,
            actor_kind,
            actor_id,
            actor_name,
            application,
            address: if name.is_none() { address.map(str::to_owned) } else { None },
            personal,
            request_id: self.request.to_string(),
            correlation_id: self.correlation.to_string(),
        }
    }

    /// The id of whoever acts, for records that name one.
    pub const fn actor_uuid(&self) -> Uuid {
        match &self.actor {
            Actor::Application { id, .. } => id.uuid(),
            Actor::PartnerUser { id, .. }
            | Actor::CustomerUser { id, .. }
            | Actor::OperatorUser { id, .. } => id.uuid(),
            Actor::System { .. } => Uuid::nil(),
        }
    }

    /// The right to do `action`.
    ///
    /// # Errors
    /// When no role of the actor's allows it, or a person's second factor was shown too long ago for it.
    pub fn authorize(&self, action: Action) -> Result<Scope, Error> {
        let scope = self.rules.matrix.authorize(&self.actor, action)?;
        if action.needs_fresh_factor() {
            self.needs_fresh_factor()?;
        }
        Ok(scope)
    }

    /// Asks for a second factor that was shown a short while ago. Programs have none to show; a person's token is
    /// held to it where the operator chose so.
    ///
    /// # Errors
    /// [`Refusal::FreshFactorNeeded`].
    pub fn needs_fresh_factor(&self) -> Result<(), Error> {
        let minutes = self.rules.step_up_minutes;
        match self.origin.factor_age {
            Some(age) if age > i64::from(minutes).saturating_mul(60) => {
                Err(Refusal::FreshFactorNeeded { minutes }.into())
            }
            _ => Ok(()),
        }
    }
}
