//! Passwords of people: argon2id, and temporary ones that are shown once.

use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use secrecy::{ExposeSecret, SecretString};

use crate::error::Error;
use crate::texts::Complaint;

/// The letters of temporary passwords; none that is easily taken for another.
const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// A temporary password of sixteen characters (92 bits).
pub fn temporary() -> SecretString {
    let mut text = String::with_capacity(16);
    while text.len() < 16 {
        let mut byte = [0_u8; 1];
        crate::ids::fill(&mut byte);
        // Bytes beyond the alphabet are thrown away, so that every letter is as likely as any other.
        if let [byte] = byte
            && let Some(letter) = ALPHABET.get(usize::from(byte & 0x3F))
        {
            text.push(char::from(*letter));
        }
    }
    SecretString::from(text)
}

/// The argon2id hash of a password, in PHC form. Takes tens of milliseconds by design.
///
/// # Errors
/// When hashing fails, which only broken parameters cause.
pub fn hash(password: &SecretString) -> Result<String, Error> {
    Argon2::default()
        .hash_password(password.expose_secret().as_bytes())
        .map(|hash| hash.to_string())
        .map_err(Error::internal)
}

/// The shortest password taken (NIST SP 800-63B-4 §3.1.1: fifteen where it stands alone, eight beside a second factor).
const LENGTH_MIN: usize = 12;
/// The longest.
const LENGTH_MAX: usize = 256;

/// Says what is wrong with a new password.
///
/// # Errors
/// A sentence for the person.
pub fn check(password: &SecretString, upn: &str) -> Result<(), Complaint> {
    let text = password.expose_secret();
    let length = text.chars().count();
    let distinct = text.chars().collect::<std::collections::BTreeSet<char>>().len();
    let name = upn.split('@').next().unwrap_or(upn).to_lowercase();
    if length < LENGTH_MIN {
        return Err(Complaint::of("password-short").with("length", length).with("least", LENGTH_MIN));
    }
    if length > LENGTH_MAX {
        return Err(Complaint::of("password-long").with("most", LENGTH_MAX));
    }
    if distinct < 5 {
        return Err(Complaint::of("password-repeats"));
    }
    if name.chars().count() >= 4 && text.to_lowercase().contains(&name) {
        return Err(Complaint::of("password-name"));
    }
    Ok(())
}

/// Hashing and checking, on threads that may take their time, few at once: a flood of wrong passwords waits in a short
/// line and is turned away at its end, and does not take the processors from everybody else.
pub struct Hashing {
    places: tokio::sync::Semaphore,
    waiting: AtomicUsize,
    /// A hash nobody has the password of: checked when there is no person, so that both take the same time.
    nobody: String,
}

/// How many may wait for a place.
const WAITING_MAX: usize = 64;

impl Hashing {
    /// As many places as processors.
    ///
    /// # Errors
    /// When hashing fails.
    pub fn new() -> Result<Self, Error> {
        let places = std::thread::available_parallelism().map_or(1, usize::from);
        let mut secret = [0_u8; 32];
        crate::ids::fill(&mut secret);
        let nobody = hash(&SecretString::from(hex::encode(secret)))?;
        Ok(Self { places: tokio::sync::Semaphore::new(places), waiting: AtomicUsize::new(0), nobody })
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= WAITING_MAX {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(Error::Store(chandlery_store::Error::Unavailable {
                why: "too many passwords wait to be checked".into(),
            }));
        }
        let place = self.places.acquire().await;
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        let _place = place.map_err(Error::internal)?;
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)
    }

    /// The hash of a new password.
    ///
    /// # Errors
    /// When too many wait.
    pub async fn hash(&self, password: SecretString) -> Result<String, Error> {
        self.run(move || hash(&password)).await?
    }

    /// Whether a password has this hash; without a hash it takes as long and says no.
    ///
    /// # Errors
    /// When too many wait.
    pub async fn fits(&self, password: SecretString, hash: Option<String>) -> Result<bool, Error> {
        let real = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let fits = self
            .run(move || match PasswordHash::new(&hash) {
                Ok(hash) => {
                    Argon2::default().verify_password(password.expose_secret().as_bytes(), &hash).is_ok()
                }
                Err(error) => {
                    tracing::error!(%error, "a stored password hash cannot be read");
                    false
                }
            })
            .await?;
        Ok(fits && real)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_password_is_long_and_never_the_same() {
        let (one, two) = (temporary(), temporary());
        assert_eq!(one.expose_secret().len(), 16);
        assert_ne!(one.expose_secret(), two.expose_secret());
        assert!(hash(&one).unwrap().starts_with("$argon2id$"));
    }

    #[test]
    fn weak_passwords_are_refused_with_a_reason() {
        let wrong = |text: &str| {
            check(&SecretString::from(text), "anna.berg@norrsken.example").err().map(|why| why.to_string())
        };
        assert!(wrong("short").unwrap().contains("at least 12"));
        assert!(wrong("aaaaaaaaaaaaab").unwrap().contains("repeats"));
        assert!(wrong("Anna.Berg is my name").unwrap().contains("sign-in name"));
        assert!(wrong(&"long".repeat(80)).unwrap().contains("longer"));
        assert_eq!(wrong("correct horse battery"), None);
    }

    #[tokio::test]
    async fn a_password_fits_its_hash_only_and_nobody_has_none() {
        let hashing = Hashing::new().unwrap();
        let password = || SecretString::from("correct horse battery");
        let hash = hashing.hash(password()).await.unwrap();
        assert!(hashing.fits(password(), Some(hash.clone())).await.unwrap());
        assert!(!hashing.fits(SecretString::from("wrong horse battery"), Some(hash)).await.unwrap());
        assert!(!hashing.fits(password(), None).await.unwrap());
    }
}
