//! Passwords of people: argon2id, and temporary ones that are shown once.

use argon2::Argon2;
use argon2::password_hash::PasswordHasher;
use secrecy::{ExposeSecret, SecretString};

use crate::error::Error;

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
}
