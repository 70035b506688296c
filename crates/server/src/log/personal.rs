//! Personal fields of an entry: sealed in the chain, opened one by one, erased by forgetting a key. It never stores a
//! key and never puts clear text into an error.
//!
//! Each entry has an opening of its own, made from the person's key and the entry's id. The sealed text is a
//! commitment to the opening in hex, a dot, and the text encrypted under the opening in base64 without padding. An
//! export can carry the openings it may disclose: whoever has one can check the clear text against the chain and
//! learns nothing about another entry. When the person's key is destroyed, no opening can be made again, and the
//! chain, which covers only the sealed text, stays whole. (An opening that was exported before still opens its entry.)

use aws_lc_rs::{constant_time, hmac};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::Error;
use super::chain::sha256;

/// What is hashed before the entry's id when an opening is made.
const PERSONAL: &[u8] = b"chandlery-personal-1";
/// What is hashed before the opening when it is committed to.
const COMMIT: &[u8] = b"chandlery-commit-1";

/// The fields of an entry that name a human being; its JSON is the clear text that is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person<T = String> {
    /// The actor's name.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub name: Option<T>,
    /// The network address the actor came from.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub address: Option<T>,
}

/// Option's own default would ask for a default of `T`.
fn none<T>() -> Option<T> {
    None
}

impl<T: Serialize> Person<T> {
    /// The clear text to seal.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn clear_json(&self) -> Result<Zeroizing<String>, Error> {
        Ok(Zeroizing::new(serde_json::to_string(self)?))
    }
}

/// The key that opens the personal fields of one entry: HMAC-SHA256 under the person's key of `chandlery-personal-1`
/// and the entry's id.
pub fn opening(person_key: &[u8; 32], entry_id: &str) -> [u8; 32] {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, person_key));
    context.update(PERSONAL);
    context.update(entry_id.as_bytes());
    let mut opening = [0; 32];
    opening.copy_from_slice(context.sign().as_ref());
    opening
}

/// Seals the personal fields of an entry for its `personal` field.
///
/// An entry id must never be sealed twice with two texts under one person's key: see the nonce below.
///
/// # Errors
/// When the text is longer than the cipher takes (256 GiB).
pub fn seal_personal(person_key: &[u8; 32], entry_id: &str, clear_json: &str) -> Result<String, Error> {
    let opening = Zeroizing::new(opening(person_key, entry_id));
    let payload = Payload { msg: clear_json.as_bytes(), aad: entry_id.as_bytes() };
    let sealed = cipher(&opening).encrypt(&nonce(), payload).map_err(|_| Error::Sealing)?;
    Ok(format!("{}.{}", hex::encode(commitment(&opening)), BASE64.encode(sealed)))
}

/// Opens what [`seal_personal`] sealed, after checking that the opening is the one committed to.
///
/// # Errors
/// When the opening is another's, or the text was changed or belongs to another entry.
pub fn open_personal(opening: &[u8; 32], entry_id: &str, sealed: &str) -> Result<Zeroizing<String>, Error> {
    let (committed, text) = sealed.split_once('.').ok_or(Error::Opening)?;
    // The commitment comes first: this cipher alone lets someone craft one text that opens under two keys to two
    // clear texts, and the chain would then vouch for both.
    let mut expected = [0_u8; 32];
    hex::decode_to_slice(committed, &mut expected).map_err(|_| Error::Opening)?;
    constant_time::verify_slices_are_equal(&expected, &commitment(opening)).map_err(|_| Error::Opening)?;
    let bytes = BASE64.decode(text).map_err(|_| Error::Opening)?;
    let payload = Payload { msg: &bytes, aad: entry_id.as_bytes() };
    let clear = cipher(opening).decrypt(&nonce(), payload).map_err(|_| Error::Opening)?;
    String::from_utf8(clear).map(Zeroizing::new).map_err(|_| Error::Opening)
}

fn commitment(opening: &[u8; 32]) -> [u8; 32] {
    sha256(&[COMMIT, opening])
}

fn cipher(opening: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(*opening))
}

/// All zero, which is right here and only here: a nonce must not repeat under one key, and every opening is the key of
/// one text only, because it is made from the entry's id and an entry is sealed once. A random nonce would add nothing
/// but 24 bytes.
fn nonce() -> XNonce {
    XNonce::from([0; 24])
}
