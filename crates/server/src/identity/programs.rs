//! Programs: their secrets, kept as digests only, and a short memory of those seen lately.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, digest};
use chandlery_domain::ids::ApplicationId;
use chandlery_store::Store;
use chandlery_store::identity::{self, Application};
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

/// Whether a secret is the program's, compared in constant time.
pub fn secret_fits(application: &Application, secret: &str) -> bool {
    application.secret_digest.as_bytes().ct_eq(secret_digest(secret).as_bytes()).into()
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
        let found = store.read(move |tx| Ok::<_, Error>(identity::application(tx, id)?)).await?.map(Arc::new);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED_MAX {
            known.clear();
        }
        known.insert(id, (Instant::now(), found.clone()));
        Ok(found)
    }
}
