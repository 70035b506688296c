//! What the log says of people: sealed with a key of each person's own, so that a person can be erased from the log
//! without touching it. Never here: the chain itself.

use std::collections::HashMap;

use chandlery_domain::ids::{PartnerId, UserId};
use chandlery_store::{Read, Write, people};
use zeroize::Zeroizing;

use super::personal::{Person, open_personal, opening, seal_personal};
use crate::error::Error;
use crate::outside::vault::{Owner, Vault};

/// The key one person's fields in the log are sealed with. No Debug and no Serialize.
pub struct PersonKey(Zeroizing<[u8; 32]>);

impl PersonKey {
    fn read(hexadecimal: &str) -> Result<Self, Error> {
        let mut key = Zeroizing::new([0; 32]);
        hex::decode_to_slice(hexadecimal, key.as_mut())
            .map_err(|_| Error::internal("a person's log key is broken"))?;
        Ok(Self(key))
    }

    /// Seals a person's name and address for one entry.
    pub fn seal(&self, entry: &str, name: &str, address: Option<&str>) -> String {
        let person = Person { name: Some(name), address };
        // Sealing fails only for texts of hundreds of gigabytes; then the entry goes without.
        person.clear_json().and_then(|clear| seal_personal(&self.0, entry, &clear)).unwrap_or_else(|error| {
            tracing::error!(%error, "a person's fields could not be sealed");
            String::new()
        })
    }

    /// What opens the fields of one entry, for an export.
    pub fn opening(&self, entry: &str) -> [u8; 32] {
        opening(&self.0, entry)
    }

    /// Opens the fields of one entry.
    ///
    /// # Errors
    /// When they were sealed for another entry or person.
    pub fn open(&self, entry: &str, sealed: &str) -> Result<Person, Error> {
        let clear = open_personal(&self.opening(entry), entry, sealed).map_err(Error::internal)?;
        serde_json::from_str(&clear).map_err(Error::internal)
    }
}

const fn owner(partner: PartnerId) -> Owner {
    if partner.uuid().is_nil() { Owner::Operator } else { Owner::Partner(partner) }
}

/// A fresh key for a person, sealed as it is stored.
///
/// # Errors
/// When the partner has no data key.
pub fn fresh_key(
    tx: &mut Write<'_>,
    vault: &Vault,
    partner: PartnerId,
    user: UserId,
) -> Result<String, Error> {
    let mut key = Zeroizing::new([0_u8; 32]);
    crate::ids::fill(key.as_mut());
    let text = Zeroizing::new(hex::encode(key.as_slice()));
    vault.seal(tx, owner(partner), "person_keys", &user.to_string(), &text)
}

/// The keys of several people, those that were not destroyed.
///
/// # Errors
/// The store's own.
pub fn keys(
    tx: &mut Read<'_>,
    vault: &Vault,
    partner: PartnerId,
    ids: &[String],
) -> Result<HashMap<String, PersonKey>, Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    people::person_keys(tx, partner, ids)?
        .into_iter()
        .map(|(id, sealed)| {
            let text = vault.open(tx, owner(partner), "person_keys", &id, &sealed)?;
            Ok((id, PersonKey::read(&text)?))
        })
        .collect()
}

/// The key of one person, if it was not destroyed.
///
/// # Errors
/// The store's own.
pub fn key(
    tx: &mut Read<'_>,
    vault: &Vault,
    partner: PartnerId,
    user: UserId,
) -> Result<Option<PersonKey>, Error> {
    let id = user.to_string();
    Ok(keys(tx, vault, partner, std::slice::from_ref(&id))?.remove(&id))
}
