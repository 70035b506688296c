//! People: a short memory of those seen lately, and how a person acts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chandlery_domain::access::{Actor, Role};
use chandlery_domain::ids::{ApplicationId, PartnerId, UserId};
use chandlery_store::Store;
use chandlery_store::people::{self, User};

use crate::error::Error;
use crate::installation::OPERATOR;
use crate::log::people::{PersonKey, key};
use crate::outside::vault::Vault;

/// How long a person is remembered before the database is asked again. What this server changes itself counts at once.
const REMEMBERED: Duration = Duration::from_secs(5);
/// How many people are remembered.
const REMEMBERED_MAX: usize = 10_000;

/// A person with the key of its log fields.
pub struct Known {
    /// The person.
    pub user: User,
    /// The key; none when it was destroyed.
    pub key: Option<Arc<PersonKey>>,
}

impl Known {
    /// How the person acts, through a program or not.
    pub fn actor(&self, application: Option<ApplicationId>) -> Actor {
        actor(&self.user, application)
    }
}

/// How a person acts.
pub fn actor(user: &User, application: Option<ApplicationId>) -> Actor {
    let (id, upn, partner, roles) = (user.id, user.upn.clone(), user.partner, user.roles.clone());
    match user.customer {
        Some(customer) => Actor::CustomerUser { id, upn, partner, customer, roles },
        None if partner == OPERATOR => Actor::OperatorUser { id, upn, partner, roles },
        None => Actor::PartnerUser { id, upn, partner, roles, application },
    }
}

/// Whether the person must have a second factor: everybody of a partner and of the operator (rule 12.4), and the
/// customer's global administrators, who open keys.
pub fn needs_second_factor(user: &User) -> bool {
    user.customer.is_none() || user.roles.contains(&Role::CustomerGlobalAdmin)
}

type Seen = (Instant, Option<Arc<Known>>);

/// People seen lately.
#[derive(Default)]
pub struct People(Mutex<HashMap<(PartnerId, UserId), Seen>>);

impl People {
    /// A person who may act, by partner and id.
    ///
    /// # Errors
    /// The store's own.
    pub async fn find(
        &self,
        store: &Store,
        vault: &Arc<Vault>,
        partner: PartnerId,
        id: UserId,
    ) -> Result<Option<Arc<Known>>, Error> {
        let seen = {
            let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            known
                .get(&(partner, id))
                .filter(|(at, _)| at.elapsed() < REMEMBERED)
                .map(|(_, found)| found.clone())
        };
        if let Some(found) = seen {
            return Ok(found);
        }
        let vault = Arc::clone(vault);
        let found = store
            .read(move |tx| {
                let Some(user) = people::by_id(tx, partner, id)?.filter(|user| user.active) else {
                    return Ok::<_, Error>(None);
                };
                let key = key(tx, &vault, partner, id)?.map(Arc::new);
                Ok(Some(Arc::new(Known { user, key })))
            })
            .await?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED_MAX {
            known.clear();
        }
        known.insert((partner, id), (Instant::now(), found.clone()));
        Ok(found)
    }

    /// Forgets what is remembered of a person who was changed.
    pub fn forget(&self, partner: PartnerId, id: UserId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&(partner, id));
    }
}
