//! Slowing down whoever guesses: refusals that cost nothing, by address and by account, before any password is hashed.
//!
//! Addresses are remembered in memory only; accounts in the database too, by a digest of the name that was typed,
//! whether or not anybody has it: guessing tells nothing about who exists.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use chandlery_store::factors::Attempts;
use jiff::{SignedDuration, Timestamp};

/// What is tried: an address is closed for one kind of thing and not for the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// A password or a second factor.
    SignIn,
    /// A program's secret or assertion.
    Program,
    /// A device's request.
    Device,
    /// A link by mail.
    Mail,
}

/// How many wrong tries an account has before the next has to wait.
const ACCOUNT_FREE: u32 = 5;
/// How many an address has: offices share one.
const ADDRESS_FREE: u32 = 20;
/// The longest wait, in seconds.
const WAIT_MAX: i64 = 900;
/// How many tries of one address are looked at side by side.
const ADDRESS_BESIDE: u32 = 8;
/// How many for one account.
const ACCOUNT_BESIDE: u32 = 4;
/// After how many seconds one wrong try of an address is forgiven: people of one office mistype all day long.
const ADDRESS_FORGIVES: i64 = 180;
/// How many addresses and accounts are remembered.
const REMEMBERED_MAX: usize = 100_000;
/// After how long without a wrong try everything is forgiven.
const FORGIVEN: SignedDuration = SignedDuration::from_hours(24);

/// How long the next try has to wait after so many wrong ones: nothing at first, then twice as long each time.
pub fn wait_seconds(failures: u32, free: u32) -> i64 {
    match failures.checked_sub(free) {
        None => 0,
        Some(over) => 1_i64.checked_shl(over.min(30)).map_or(WAIT_MAX, |wait| wait.min(WAIT_MAX)),
    }
}

/// An account's state after one more wrong try.
pub fn one_more(before: Option<Attempts>, now: Timestamp) -> Attempts {
    let failures = before
        .filter(|own| now.duration_since(own.until) < FORGIVEN)
        .map_or(1, |own| own.failures.saturating_add(1));
    let wait = SignedDuration::from_secs(wait_seconds(failures, ACCOUNT_FREE));
    Attempts { failures, until: now.checked_add(wait).unwrap_or(now) }
}

/// The key an account's wrong tries are kept under.
pub fn account_key(what: &str, name: &str) -> String {
    hex::encode(digest(&SHA256, format!("{what}:{}", name.trim().to_lowercase()).as_bytes()))
}

/// One address as it counts: an IPv6 network of 64 bits is one.
pub fn address_key(address: &str) -> String {
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
            Some(mapped) => mapped.to_string(),
            None => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        },
        _ => address.to_owned(),
    }
}

#[derive(Clone, Copy)]
struct Seen {
    failures: u32,
    until: Timestamp,
    last: Timestamp,
    beside: u32,
}

/// Who tried lately.
#[derive(Default)]
pub struct Guard(Mutex<HashMap<String, Seen>>);

/// A try that may be looked at; dropping it makes room for the next.
pub struct Entered<'a> {
    guard: &'a Guard,
    keys: [String; 2],
}

impl Guard {
    /// Lets a try be looked at, or says how many seconds the next has to wait.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn enter(
        &self,
        door: Door,
        address: &str,
        account: &str,
        now: Timestamp,
    ) -> Result<Entered<'_>, i64> {
        let keys = [format!("{door:?} address {}", address_key(address)), format!("account {account}")];
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, most) in keys.iter().zip([ADDRESS_BESIDE, ACCOUNT_BESIDE]) {
            if let Some(seen) = known.get(key) {
                if seen.until > now {
                    return Err(seen.until.duration_since(now).as_secs().saturating_add(1));
                }
                if seen.beside >= most {
                    return Err(1);
                }
            }
        }
        if known.len() >= REMEMBERED_MAX {
            known.retain(|_, seen| seen.beside > 0 || seen.until > now);
            if known.len() >= REMEMBERED_MAX {
                return Err(1);
            }
        }
        for key in &keys {
            let fresh =
                Seen { failures: 0, until: Timestamp::UNIX_EPOCH, last: Timestamp::UNIX_EPOCH, beside: 0 };
            let seen = known.entry(key.clone()).or_insert(fresh);
            seen.beside = seen.beside.saturating_add(1);
        }
        drop(known);
        Ok(Entered { guard: self, keys })
    }

    fn change(&self, key: &str, change: impl FnOnce(&mut Seen)) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(seen) = known.get_mut(key) {
            change(seen);
            if seen.beside == 0 && seen.failures == 0 {
                known.remove(key);
            }
        }
    }
}

impl Entered<'_> {
    /// The try was right or wrong, but it counts for its address.
    pub fn counted(&self, now: Timestamp) {
        let [address, _] = &self.keys;
        self.count([(address, ADDRESS_FREE)], now);
    }

    /// The try was wrong.
    pub fn failed(&self, now: Timestamp) {
        let [address, account] = &self.keys;
        self.count([(address, ADDRESS_FREE), (account, ACCOUNT_FREE)], now);
    }

    fn count<'k>(&self, keys: impl IntoIterator<Item = (&'k String, u32)>, now: Timestamp) {
        for (key, free) in keys {
            self.guard.change(key, |seen| {
                let passed = now.duration_since(seen.last);
                if passed > FORGIVEN {
                    seen.failures = 0;
                } else if free == ADDRESS_FREE {
                    let forgiven = u32::try_from(passed.as_secs() / ADDRESS_FORGIVES).unwrap_or(0);
                    seen.failures = seen.failures.saturating_sub(forgiven);
                }
                seen.last = now;
                seen.failures = seen.failures.saturating_add(1);
                let wait = SignedDuration::from_secs(wait_seconds(seen.failures, free));
                seen.until = now.checked_add(wait).unwrap_or(now);
            });
        }
    }

    /// The try was right: the account starts afresh; the address does not, or one good account would cover for many
    /// bad tries.
    pub fn passed(&self) {
        let [_, account] = &self.keys;
        self.guard.change(account, |seen| {
            seen.failures = 0;
            seen.until = Timestamp::UNIX_EPOCH;
        });
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        for key in &self.keys {
            self.guard.change(key, |seen| seen.beside = seen.beside.saturating_sub(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_600_000_000 + second).unwrap()
    }

    #[test]
    fn waits_grow_and_end() {
        let waits: Vec<i64> = [1, 4, 5, 6, 7, 10, 20, 4000].map(|n| wait_seconds(n, ACCOUNT_FREE)).to_vec();
        assert_eq!(waits, [0, 0, 1, 2, 4, 32, 900, 900]);
    }

    #[test]
    fn an_account_is_closed_for_a_while_and_opens_again() {
        let guard = Guard::default();
        for _ in 0..5 {
            guard.enter(Door::SignIn, "192.0.2.1", "a", at(0)).ok().unwrap().failed(at(0));
        }
        assert!(guard.enter(Door::SignIn, "192.0.2.77", "a", at(0)).is_err(), "whatever the address");
        assert!(guard.enter(Door::SignIn, "192.0.2.1", "b", at(0)).is_ok(), "not the next account");
        guard.enter(Door::SignIn, "192.0.2.1", "a", at(2)).ok().unwrap().passed();
        assert!(guard.enter(Door::SignIn, "192.0.2.1", "a", at(2)).is_ok());
    }

    #[test]
    fn an_address_is_closed_after_many_accounts_and_others_are_not() {
        let guard = Guard::default();
        for number in 0..20 {
            guard.enter(Door::SignIn, "2001:db8::1", &number.to_string(), at(0)).ok().unwrap().failed(at(0));
        }
        assert!(guard.enter(Door::SignIn, "2001:db8::2", "fresh", at(0)).is_err(), "the same network");
        assert!(guard.enter(Door::SignIn, "2001:db9::2", "fresh", at(0)).is_ok());
        assert!(guard.enter(Door::SignIn, "192.0.2.1", "fresh", at(0)).is_ok());
    }

    #[test]
    fn an_office_that_mistypes_all_day_is_not_closed() {
        let guard = Guard::default();
        for number in 0..200 {
            let now = at(number * 200);
            guard.enter(Door::SignIn, "192.0.2.1", &number.to_string(), now).ok().unwrap().failed(now);
        }
        assert!(guard.enter(Door::SignIn, "192.0.2.1", "fresh", at(200 * 200)).is_ok());
    }

    #[test]
    fn few_are_looked_at_side_by_side() {
        let guard = Guard::default();
        let list: Vec<_> =
            (0..10).map(|n| guard.enter(Door::SignIn, "192.0.2.1", &n.to_string(), at(0))).collect();
        assert_eq!(list.iter().filter(|one| one.is_ok()).count(), 8);
        drop(list);
        assert!(guard.enter(Door::SignIn, "192.0.2.1", "x", at(0)).is_ok());
        assert_eq!(guard.0.lock().unwrap().len(), 0, "nothing stays of tries that were neither");
    }

    #[test]
    fn a_day_without_a_wrong_try_forgives() {
        let first = one_more(None, at(0));
        let second = one_more(Some(first), at(10));
        assert_eq!((first.failures, second.failures), (1, 2));
        assert_eq!(one_more(Some(second), at(90_000)).failures, 1);
    }
}
