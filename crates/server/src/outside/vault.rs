//! Sealing what must not stand in the database in clear: product keys, signing keys, answers with a password.
//!
//! Envelope encryption with XChaCha20-Poly1305: a data key per partner (and the operator's own), wrapped by the
//! installation's key ring. What is sealed is bound to its place, so a sealed text copied elsewhere does not open.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use chandlery_domain::ids::PartnerId;
use chandlery_store::Read;
use chandlery_store::vault::{self as stored, DataKey};
use zeroize::Zeroizing;

use super::key_ring::{KeyRing, RingKey};
use crate::error::Error;

/// Whose data key seals something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The operator: stock and signing keys.
    Operator,
    /// A partner.
    Partner(PartnerId),
}

impl Owner {
    fn text(self) -> String {
        match self {
            Self::Operator => "operator".into(),
            Self::Partner(id) => id.to_string(),
        }
    }
}

/// Seals and opens. No Debug and no Serialize.
pub struct Vault {
    ring: RwLock<KeyRing>,
    opened: RwLock<HashMap<String, Arc<RingKey>>>,
}

impl Vault {
    /// A vault on a key ring.
    pub fn new(ring: KeyRing) -> Self {
        Self { ring: RwLock::new(ring), opened: RwLock::new(HashMap::new()) }
    }

    /// A fresh data key for an owner, wrapped and ready to be stored.
    ///
    /// # Errors
    /// When the ring holds no key.
    pub fn fresh_data_key(&self, owner: Owner) -> Result<DataKey, Error> {
        let mut key: RingKey = Zeroizing::new([0; 32]);
        crate::ids::fill(key.as_mut());
        self.wrap(&owner.text(), &key)
    }

    fn wrap(&self, owner: &str, key: &RingKey) -> Result<DataKey, Error> {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        let (id, ring_key) = ring.current().ok_or_else(|| Error::internal("the key ring is empty"))?;
        let wrapped = seal(ring_key, &place(owner, "data-key", id), key.as_slice())?;
        Ok(DataKey { owner: owner.to_owned(), ring_key: id.to_owned(), wrapped })
    }

    fn unwrap(&self, stored: &DataKey) -> Result<RingKey, Error> {
        let known = self.ring_key(&stored.ring_key);
        let ring_key = match known {
            Some(key) => key,
            None => {
                // The ring was rotated beside us.
                let fresh = {
                    let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
                    ring.read_again().map_err(Error::internal)?
                };
                *self.ring.write().unwrap_or_else(PoisonError::into_inner) = fresh;
                self.ring_key(&stored.ring_key)
                    .ok_or_else(|| Error::Internal(format!("the key ring has no key {}", stored.ring_key)))?
            }
        };
        let bytes = open(&ring_key, &place(&stored.owner, "data-key", &stored.ring_key), &stored.wrapped)?;
        let key: [u8; 32] =
            bytes.as_slice().try_into().map_err(|_| Error::internal("a data key has the wrong length"))?;
        Ok(Zeroizing::new(key))
    }

    fn ring_key(&self, id: &str) -> Option<RingKey> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).key(id).cloned()
    }

    /// The same data key wrapped by the newest key of the ring; none when it is already.
    ///
    /// # Errors
    /// When it cannot be unwrapped.
    pub fn rewrapped(&self, stored: &DataKey) -> Result<Option<DataKey>, Error> {
        let newest = {
            let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
            ring.current().map(|(id, _)| id.to_owned())
        };
        if newest.as_deref() == Some(stored.ring_key.as_str()) {
            return Ok(None);
        }
        let key = self.unwrap(stored)?;
        self.wrap(&stored.owner, &key).map(Some)
    }

    fn data_key(&self, tx: &mut Read<'_>, owner: Owner) -> Result<Arc<RingKey>, Error> {
        let name = owner.text();
        if let Some(key) = self.opened.read().unwrap_or_else(PoisonError::into_inner).get(&name) {
            return Ok(Arc::clone(key));
        }
        let stored = stored::data_key(tx, &name)?
            .ok_or_else(|| Error::Internal(format!("there is no data key for {name}")))?;
        let key = Arc::new(self.unwrap(&stored)?);
        self.opened.write().unwrap_or_else(PoisonError::into_inner).insert(name, Arc::clone(&key));
        Ok(key)
    }

    /// Seals a text for a place, such as `product_keys` and the key's id.
    ///
    /// # Errors
    /// When the owner has no data key.
    pub fn seal(
        &self,
        tx: &mut Read<'_>,
        owner: Owner,
        what: &str,
        id: &str,
        text: &str,
    ) -> Result<String, Error> {
        let key = self.data_key(tx, owner)?;
        seal(&key, &place(&owner.text(), what, id), text.as_bytes())
    }

    /// Opens what [`Vault::seal`] sealed for the same place.
    ///
    /// # Errors
    /// When it was sealed for another place, by another key, or was changed.
    pub fn open(
        &self,
        tx: &mut Read<'_>,
        owner: Owner,
        what: &str,
        id: &str,
        sealed: &str,
    ) -> Result<Zeroizing<String>, Error> {
        let key = self.data_key(tx, owner)?;
        let bytes = open(&key, &place(&owner.text(), what, id), sealed)?;
        String::from_utf8(bytes.to_vec())
            .map(Zeroizing::new)
            .map_err(|_| Error::internal("a sealed text is not UTF-8"))
    }

    /// A digest that recognises a second copy of the same text without giving the text away.
    ///
    /// # Errors
    /// When the operator has no data key.
    pub fn fingerprint(&self, tx: &mut Read<'_>, text: &str) -> Result<String, Error> {
        let key = self.data_key(tx, Owner::Operator)?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_slice());
        Ok(hex::encode(hmac::sign(&key, text.as_bytes())))
    }
}

/// What binds a sealed text to its place: owner, kind and id, each with its length so that none can run into the next.
fn place(owner: &str, what: &str, id: &str) -> String {
    format!("{}:{owner}/{}:{what}/{}:{id}", owner.len(), what.len(), id.len())
}

fn seal(key: &RingKey, place: &str, text: &[u8]) -> Result<String, Error> {
    let mut nonce = [0_u8; 24];
    crate::ids::fill(&mut nonce);
    let cipher = XChaCha20Poly1305::new(&Key::from(**key));
    let sealed = cipher
        .encrypt(&XNonce::from(nonce), Payload { msg: text, aad: place.as_bytes() })
        .map_err(|_| Error::internal("sealing failed"))?;
    Ok(format!("1.{}.{}", BASE64.encode(nonce), BASE64.encode(sealed)))
}

fn open(key: &RingKey, place: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    let broken = || Error::Internal(format!("what is sealed for {place} does not open"));
    let mut parts = sealed.split('.');
    let (Some("1"), Some(nonce), Some(text), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(broken());
    };
    let nonce: [u8; 24] =
        BASE64.decode(nonce).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(broken)?;
    let text = BASE64.decode(text).map_err(|_| broken())?;
    let cipher = XChaCha20Poly1305::new(&Key::from(**key));
    cipher
        .decrypt(&XNonce::from(nonce), Payload { msg: &text, aad: place.as_bytes() })
        .map(Zeroizing::new)
        .map_err(|_| broken())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_only_in_its_place_and_unchanged() {
        let key: RingKey = Zeroizing::new([7; 32]);
        let sealed = seal(&key, &place("a", "product_keys", "1"), b"secret").unwrap();
        assert_eq!(open(&key, &place("a", "product_keys", "1"), &sealed).unwrap().as_slice(), b"secret");
        assert!(open(&key, &place("a", "product_keys", "2"), &sealed).is_err());
        assert!(open(&key, &place("b", "product_keys", "1"), &sealed).is_err());
        assert!(open(&Zeroizing::new([8; 32]), &place("a", "product_keys", "1"), &sealed).is_err());
        let changed = sealed.replacen("1.", "1.A", 1);
        assert!(open(&key, &place("a", "product_keys", "1"), &changed).is_err());
        assert!(!sealed.contains("secret"));
    }

    #[test]
    fn sealing_twice_gives_two_texts() {
        let key: RingKey = Zeroizing::new([7; 32]);
        assert_ne!(seal(&key, "p", b"x").unwrap(), seal(&key, "p", b"x").unwrap());
    }
}
