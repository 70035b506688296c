//! Fresh ids: version 7 UUIDs, ordered by time and by the order of requests.
//!
//! A closure of the store may run twice, so ids come from a source that hands out the same ones again: the seed is
//! drawn once per request, and everything else is derived from it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::digest::{SHA256, digest};
use jiff::Timestamp;
use uuid::{Builder, Uuid};

/// What a request's ids are derived from.
#[derive(Clone)]
pub struct Seed {
    random: [u8; 16],
    at_ms: u64,
    sequence: u64,
}

/// Requests since the process started: keeps ids in order while a practice clock stands still.
static SEQUENCE: AtomicU64 = AtomicU64::new(1);

/// Random bytes that stand in for drawn ones, so that tests can compare whole answers.
static FIXED: OnceLock<[u8; 16]> = OnceLock::new();

/// From now on every seed of this process is made of these bytes: only for tests that compare whole answers.
pub fn fix(random: [u8; 16]) {
    FIXED.get_or_init(|| random);
}

impl Seed {
    /// Draws a seed for what happens at `now`.
    pub fn draw(now: Timestamp) -> Self {
        let mut random = [0; 16];
        match FIXED.get() {
            Some(fixed) => random = *fixed,
            None => fill(&mut random),
        }
        Self::given(now, random, SEQUENCE.fetch_add(1, Ordering::Relaxed))
    }

    /// A seed made of given numbers, for tests that compare whole answers.
    pub fn given(now: Timestamp, random: [u8; 16], sequence: u64) -> Self {
        Self { random, at_ms: u64::try_from(now.as_millisecond()).unwrap_or(0), sequence }
    }

    /// The ids of this seed, from the first.
    pub fn ids(&self) -> impl FnMut() -> Uuid + use<> {
        let seed = self.clone();
        let mut count = 0_u64;
        move || {
            count += 1;
            seed.nth(count)
        }
    }

    /// Ids of the same seed that never meet those of [`Seed::ids`].
    pub fn apart(&self, purpose: u8) -> Uuid {
        self.nth(u64::MAX - u64::from(purpose))
    }

    /// Layout (RFC 9562 §5.7): 48 bits of milliseconds; 26 bits that count requests and ids inside a request, so that
    /// order survives a standing clock; 48 random bits.
    fn nth(&self, count: u64) -> Uuid {
        let mut input = self.random.to_vec();
        input.extend_from_slice(&self.sequence.to_be_bytes());
        input.extend_from_slice(&count.to_be_bytes());
        let hash = digest(&SHA256, &input);
        let counter = ((self.sequence & 0x3_FFFF) << 8) | (count & 0xFF);
        let mut tail = [0_u8; 10];
        let ordered = [counter >> 22, counter >> 14, counter >> 8, counter];
        for (to, from) in tail.iter_mut().zip(ordered) {
            *to = u8::try_from(from & 0xFF).unwrap_or(0);
        }
        if let Some(byte) = tail.get_mut(2) {
            *byte = u8::try_from((counter >> 8) & 0x3F).unwrap_or(0);
        }
        for (to, from) in tail.iter_mut().skip(4).zip(hash.as_ref()) {
            *to = *from;
        }
        Builder::from_unix_timestamp_millis(self.at_ms, &tail).into_uuid()
    }
}

/// Fills a buffer with bytes nobody can guess.
pub fn fill(buffer: &mut [u8]) {
    if aws_lc_rs::rand::fill(buffer).is_err() {
        // Without randomness nothing here is safe; the library only fails when the system has none.
        tracing::error!("the system has no randomness to give");
        std::process::abort();
    }
}

/// A random text of `bytes` bytes, in base64url.
pub fn random_text(bytes: usize) -> String {
    use base64::Engine;
    let mut buffer = vec![0; bytes];
    fill(&mut buffer);
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(buffer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_ids_again_and_all_of_them_differ() {
        let seed = Seed::draw("2020-01-24T10:00:00Z".parse().unwrap());
        let (mut once, mut again) = (seed.ids(), seed.ids());
        let first: Vec<Uuid> = (0..300).map(|_| once()).collect();
        let second: Vec<Uuid> = (0..300).map(|_| again()).collect();
        assert_eq!(first, second);
        let distinct: std::collections::BTreeSet<_> = first.iter().collect();
        assert_eq!(distinct.len(), 300);
        assert!(first.iter().all(|id| id.get_version_num() == 7));
    }

    #[test]
    fn ids_keep_the_order_of_requests_while_the_clock_stands() {
        let now = "2020-01-24T10:00:00Z".parse().unwrap();
        let ids: Vec<Uuid> =
            (1..2000_u64).map(|sequence| Seed::given(now, [7; 16], sequence).ids()()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        let later = Seed::given("2020-01-24T10:00:01Z".parse().unwrap(), [7; 16], 1).ids()();
        assert!(ids.iter().all(|id| *id < later));
    }

    #[test]
    fn ids_inside_one_request_keep_their_order() {
        let mut next = Seed::draw("2020-01-24T10:00:00Z".parse().unwrap()).ids();
        let ids: Vec<Uuid> = (0..250).map(|_| next()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
