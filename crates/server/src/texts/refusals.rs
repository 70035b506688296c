//! Why something was refused, as people read it: with the facts, and what to do next.

use chandlery_domain::refusal::Refusal;

use super::Reader;

/// The sentence about a refusal.
pub fn refusal(reader: &Reader, refusal: &Refusal) -> String {
    let _ = reader;
    crate::api::faults::sentence(refusal)
}
