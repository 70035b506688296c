//! What can be done: one function a use case, one transaction each. Load, decide, store.
//!
//! Never here: a status code, a field name of the wire, or the world outside.

pub mod agreements;
pub mod cancel_order;
pub mod carts;
pub mod check_out;
pub mod customers;
pub mod import_keys;
pub mod import_prices;
pub mod provision;
pub mod reveal_key;
pub mod set_up;
pub mod subscriptions;

use chandlery_domain::access::{Action, Actor, Scope, authorize};
use chandlery_domain::ids::{AuditId, CorrelationId, PartnerId, RequestId};
use chandlery_store::audit::Stamp;
use jiff::Timestamp;
use uuid::Uuid;

use crate::error::Error;
use crate::ids::Seed;

/// Under which circumstances something is done: who, when, under which request. Read once, handed down.
#[derive(Clone)]
pub struct Context {
    /// The time it is.
    pub now: Timestamp,
    /// Who is acting.
    pub actor: Actor,
    /// The id of the call.
    pub request: RequestId,
    /// The id that ties calls together.
    pub correlation: CorrelationId,
    /// Where fresh ids come from.
    pub seed: Seed,
}

impl Context {
    /// For what the installation does by itself: `name` is the part that does it.
    pub fn system(partner: PartnerId, now: Timestamp, name: &'static str) -> Self {
        let seed = Seed::draw(now);
        Self {
            now,
            actor: Actor::System { partner, name },
            request: RequestId::new(seed.apart(1)),
            correlation: CorrelationId::new(seed.apart(2)),
            seed,
        }
    }

    /// Fresh ids; the same ones again each time it is asked, because a closure may run twice.
    pub fn ids(&self) -> impl FnMut() -> Uuid + use<> {
        self.seed.ids()
    }

    /// What the store adds to an audit entry.
    pub fn stamp(&self) -> Stamp {
        let (actor_kind, actor_id, actor_name) = match &self.actor {
            Actor::Application { id, .. } => ("application", id.to_string(), String::new()),
            Actor::PartnerUser { id, upn, .. } => ("user", id.to_string(), upn.clone()),
            Actor::System { name, .. } => ("system", (*name).to_owned(), (*name).to_owned()),
        };
        Stamp {
            id: AuditId::new(self.seed.apart(0)),
            at: self.now,
            partner: self.actor.partner(),
            actor_kind,
            actor_id,
            actor_name,
            request_id: self.request.to_string(),
            correlation_id: self.correlation.to_string(),
        }
    }

    /// The id of whoever acts, for records that name one.
    pub const fn actor_uuid(&self) -> Uuid {
        match &self.actor {
            Actor::Application { id, .. } => id.uuid(),
            Actor::PartnerUser { id, .. } => id.uuid(),
            Actor::System { .. } => Uuid::nil(),
        }
    }

    /// The right to do `action`.
    ///
    /// # Errors
    /// When no role of the actor's allows it.
    pub fn authorize(&self, action: Action) -> Result<Scope, Error> {
        Ok(authorize(&self.actor, action)?)
    }
}
