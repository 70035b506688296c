//! The front desk: what signing in needs, opened once and shared by pages, tokens and the interface.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use chandlery_domain::ids::{PartnerId, UserId};
use chandlery_store::people::User;
use jiff::Timestamp;
use secrecy::SecretString;

use super::guard::Guard;
use super::passkeys::Passkeys;
use super::passwords::Hashing;
use super::people::{Known, People, actor};
use super::programs::Programs;
use crate::app::{Context, Origin};
use crate::clock::Clock;
use crate::error::Error;
use crate::installation::{Installation, OPERATOR};

/// How the world reaches us.
#[derive(Debug, Clone)]
pub struct Reached {
    /// The address people type, without a slash at its end: `https://partner.example`.
    pub public_url: String,
    /// Whether the operator gave that address; otherwise it is made from where we listen.
    pub given: bool,
    /// Whether a proxy in front of us tells the caller's address (`X-Forwarded-For`, its last value).
    pub behind_proxy: bool,
}

impl Reached {
    /// By an address we listen on.
    pub fn at(url: &str) -> Self {
        Self { public_url: url.trim_end_matches('/').to_owned(), given: false, behind_proxy: false }
    }

    /// Whether browsers reach us by TLS, so that cookies may demand it.
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// What signing in needs.
pub struct Desk {
    /// The installation.
    pub installation: Installation,
    /// Programs seen lately.
    pub programs: Programs,
    /// People seen lately.
    pub people: People,
    /// Who tried lately.
    pub guard: Guard,
    /// Checking passwords.
    pub hashing: Hashing,
    /// The world's time, by which sessions, codes and tokens live; the practice clock does not bend it.
    pub world: Clock,
    /// How the world reaches us.
    pub reached: Reached,
    /// Passkeys, where the address allows them.
    pub passkeys: Option<Passkeys>,
    /// For asking providers.
    pub http: reqwest::Client,
    /// The secret of the link for the first administrator, while there is none.
    pub(super) set_up: Mutex<Option<SecretString>>,
    /// Sessions whose last sight is being written down: each waits in the store's queue once.
    pub(super) seen: Arc<Mutex<HashSet<String>>>,
}

/// From where somebody comes.
#[derive(Debug, Clone, Default)]
pub struct Visit {
    /// The address.
    pub address: String,
    /// The browser, as it calls itself; cut to 200 letters.
    pub agent: String,
}

impl Desk {
    /// A desk for an installation.
    ///
    /// # Errors
    /// When nothing can be hashed, or no client for providers can be made.
    pub fn new(installation: Installation, reached: Reached, world: Clock) -> Result<Self, Error> {
        let passkeys = match Passkeys::new(&reached.public_url) {
            Ok(passkeys) => Some(passkeys),
            Err(error) => {
                tracing::info!(%error, "passkeys are off: they need a public URL with a name");
                None
            }
        };
        Ok(Self {
            installation,
            programs: Programs::default(),
            people: People::default(),
            guard: Guard::default(),
            hashing: Hashing::new()?,
            world,
            reached,
            passkeys,
            http: super::oidc::client(&[]).map_err(Error::internal)?,
            set_up: Mutex::new(None),
            seen: Arc::default(),
        })
    }

    /// A person who may act.
    ///
    /// # Errors
    /// The store's own.
    pub async fn person(&self, partner: PartnerId, id: UserId) -> Result<Option<Arc<Known>>, Error> {
        self.people.find(&self.installation.store, &self.installation.vault, partner, id).await
    }

    /// The circumstances of something a person does in a browser.
    pub fn context(&self, known: &Known, visit: &Visit, factor_at: Option<Timestamp>) -> Context {
        let age = factor_at.map_or(i64::MAX, |at| self.world.now().duration_since(at).as_secs());
        let origin =
            Origin { address: Some(visit.address.clone()), key: known.key.clone(), factor_age: Some(age) };
        Context::new(
            known.actor(None),
            self.installation.clock.now(),
            self.installation.rules.clone(),
            origin,
        )
    }

    /// The circumstances of somebody who is not signed in (yet): the person, if it is known who tries.
    pub fn before_sign_in(
        &self,
        user: Option<&User>,
        key: Option<Arc<crate::log::people::PersonKey>>,
        visit: &Visit,
    ) -> Context {
        let now = self.installation.clock.now();
        let origin = Origin { address: Some(visit.address.clone()), key, factor_age: None };
        match user {
            Some(user) => Context::new(actor(user, None), now, self.installation.rules.clone(), origin),
            None => {
                let mut cx = Context::system(OPERATOR, now, "sign-in");
                cx.origin = origin;
                cx
            }
        }
    }
}
