//! Programs: their secrets, kept as digests only, and a short memory of those seen lately.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, digest};
use chandlery_domain::ids::ApplicationId;
use chandlery_store::Store;
use chandlery_store::applications::{self, Application, Credential, Proof};
use jiff::Timestamp;
use subtle::ConstantTimeEq;

use crate::error::Error;

/// How long a program is remembered before the database is asked again.
const REMEMBERED: Duration = Duration::from_secs(5);
/// How many programs are remembered.
const REMEMBERED_MAX: usize = 10_000;

/// The digest of a program's secret. The secret has 256 random bits, so a plain hash of it gives nothing away.
pub fn secret_digest(secret: &str) -> String {
    hex::encode(digest(&SHA256, secret.as_bytes()))
}

/// The credential a secret is, compared in constant time with every one that counts now.
pub fn fitting<'a>(application: &'a Application, secret: &str, now: Timestamp) -> Option<&'a Credential> {
    let digest = secret_digest(secret);
    let mut found = None;
    for credential in application.credentials.iter().filter(|own| own.ends_at.is_none_or(|end| now < end)) {
        if let Proof::Secret(own) = &credential.proof
            && bool::from(own.as_bytes().ct_eq(digest.as_bytes()))
        {
            found = Some(credential);
        }
    }
    found
}

/// A fresh secret with the credential that stands for it. The secret is shown once and kept nowhere.
pub fn fresh_secret(now: Timestamp, ends_at: Option<Timestamp>) -> (String, Credential) {
    let secret = crate::ids::random_text(32);
    let credential = Credential {
        id: crate::ids::random_text(9),
        proof: Proof::Secret(secret_digest(&secret)),
        hint: secret.chars().take(4).collect(),
        added_at: now,
        ends_at,
    };
    (secret, credential)
}

/// When a program was looked for, and what was found.
type Seen = (Instant, Option<Arc<Application>>);

/// Programs seen lately.
#[derive(Default)]
pub struct Programs(Mutex<HashMap<ApplicationId, Seen>>);

impl Programs {
    /// A program by its id, if there is one that was not revoked; at most five seconds old.
    ///
    /// # Errors
    /// The store's own.
    pub async fn find(&self, store: &Store, id: ApplicationId) -> Result<Option<Arc<Application>>, Error> {
        let seen = {
            let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            known.get(&id).filter(|(at, _)| at.elapsed() < REMEMBERED).map(|(_, found)| found.clone())
        };
        if let Some(found) = seen {
            return Ok(found);
        }
        let found = store.read(move |tx| Ok::<_, Error>(applications::find(tx, id)?)).await?.map(Arc::new);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED_MAX {
            known.clear();
        }
        known.insert(id, (Instant::now(), found.clone()));
        Ok(found)
    }

    /// Forgets what is remembered of a program that was changed.
    pub fn forget(&self, id: ApplicationId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }
}
