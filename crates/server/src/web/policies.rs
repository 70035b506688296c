//! The policies in force, remembered for a moment: pages show what they say of windows. What decides (a purchase, a
//! cancellation, a link) reads them in its own transaction.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chandlery_domain::policy::PolicyBook;
use chandlery_store::policies;

use crate::api::Api;
use crate::error::Error;

/// For how long they are remembered; another server's change is seen after that.
const KEPT: Duration = Duration::from_secs(5);

/// The policies in force, if they were read lately.
#[derive(Default)]
pub struct Policies(Mutex<Option<(Instant, Arc<PolicyBook>)>>);

impl Policies {
    /// Forgets them, because they were changed.
    pub fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn kept(&self) -> Option<Arc<PolicyBook>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(at, _)| at.elapsed() < KEPT).map(|(_, book)| Arc::clone(book))
    }
}

/// The policies in force.
///
/// # Errors
/// The store's own.
pub async fn in_force(api: &Api) -> Result<Arc<PolicyBook>, Error> {
    if let Some(book) = api.policies.kept() {
        return Ok(book);
    }
    let book = api.installation.store.read(|tx| Ok::<_, Error>(policies::in_force(tx)?)).await?;
    let book = Arc::new(book);
    *api.policies.0.lock().unwrap_or_else(PoisonError::into_inner) =
        Some((Instant::now(), Arc::clone(&book)));
    Ok(book)
}
