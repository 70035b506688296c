//! Signed checkpoints: what the chain's head was at a time, in a form others can check. It never writes a private key
//! to a log or an error, and never trusts the key id a checkpoint names without the key.
//!
//! # Signed text
//!
//! Five lines in ASCII or UTF-8, each ended by one line feed: `chandlery checkpoint 1`, the partner, the number of
//! the last entry covered (decimal, which is also their count), the head in lower-case hex, the time in microseconds
//! since 1970 UTC (decimal). The signature is Ed25519 (RFC 8032) over these bytes.

use std::collections::BTreeMap;
use std::fmt;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::Error;
use super::chain::sha256;

/// How many public keys a list may have.
pub const MAX_KEYS: usize = 1000;

/// Reads base64 with or without its padding, as people copy it.
const EITHER: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A signed statement that a partner's log had this head after this many entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// Whose log.
    pub partner: String,
    /// The number of the last entry covered, which is also their count.
    pub sequence: u64,
    /// The hash of that entry; [`super::genesis`] for an empty log.
    #[serde(with = "head")]
    pub head: [u8; 32],
    /// When it was signed, in microseconds since 1970 UTC.
    pub at: i64,
    /// The id of the key that signed it. Not signed itself: it only says which key to try.
    pub key: String,
    /// The Ed25519 signature of the signed text (see the module's text).
    #[serde(with = "signature")]
    pub signature: [u8; 64],
}

impl Checkpoint {
    /// The text that is signed.
    pub fn signed_text(&self) -> String {
        signed_text(&self.partner, self.sequence, &self.head, self.at)
    }
}

fn signed_text(partner: &str, sequence: u64, head: &[u8; 32], at: i64) -> String {
    format!("chandlery checkpoint 1\n{partner}\n{sequence}\n{}\n{at}\n", hex::encode(head))
}

/// A partner with a line feed in it could make one signed text say two things.
fn breaks_lines(partner: &str) -> bool {
    partner.chars().any(char::is_control)
}

/// The private key that signs checkpoints. No Debug and no Serialize.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    id: String,
}

impl SigningKey {
    /// Draws a new key.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn generate() -> Result<Self, Error> {
        Ed25519KeyPair::generate().map(Self::of).map_err(|_| Error::Key)
    }

    /// Reads a key from PKCS#8 in DER, with the public key or without (RFC 5958, RFC 8410).
    ///
    /// # Errors
    /// When it is no Ed25519 key, or the public key in it is another's.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, Error> {
        Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).map(Self::of).map_err(|_| Error::Key)
    }

    fn of(pair: Ed25519KeyPair) -> Self {
        let id = key_id(pair.public_key().as_ref());
        Self { pair, id }
    }

    /// The key in PKCS#8 DER with its public key, to be stored sealed.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        let document = self.pair.to_pkcs8().map_err(|_| Error::Key)?;
        Ok(Zeroizing::new(document.as_ref().to_vec()))
    }

    /// The id: the first 16 hex digits of the SHA-256 of the public key.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The 32 bytes of the public key in base64.
    pub fn public_key(&self) -> String {
        STANDARD.encode(self.pair.public_key().as_ref())
    }

    /// The 32 bytes of the public key.
    pub fn public_bytes(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }

    /// Signs bytes that cannot be mistaken for a checkpoint: a digest, or a text with another first line.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn sign(&self, bytes: &[u8]) -> Result<[u8; 64], Error> {
        let made = self.pair.try_sign(bytes).map_err(|_| Error::Key)?;
        made.as_ref().try_into().map_err(|_| Error::Key)
    }

    /// Signs that a partner's log has this head after this many entries; `at` in microseconds since 1970 UTC.
    ///
    /// # Errors
    /// When the partner contains control characters.
    pub fn checkpoint(
        &self,
        partner: &str,
        sequence: u64,
        head: [u8; 32],
        at: i64,
    ) -> Result<Checkpoint, Error> {
        if breaks_lines(partner) {
            return Err(Error::Partner);
        }
        let text = signed_text(partner, sequence, &head, at);
        let signature = self.sign(text.as_bytes())?;
        Ok(Checkpoint { partner: partner.to_owned(), sequence, head, at, key: self.id.clone(), signature })
    }
}

/// Why a checkpoint does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// No key with its id is known.
    UnknownKey,
    /// The key it names did not sign it.
    BadSignature,
}

/// The public keys whose checkpoints count. Displayed as lines `id base64`, which can be parsed again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PublicKeys {
    by_id: BTreeMap<String, [u8; 32]>,
}

impl PublicKeys {
    /// Reads one key a line: `id base64` or only the base64. Empty lines and lines that begin with `#` are skipped.
    ///
    /// # Errors
    /// When a line is no key, its id does not belong to it, or there are too many.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut keys = Self::default();
        for (index, line) in text.lines().enumerate() {
            let refused = || Error::PublicKey { line: index + 1 };
            let mut words = line.split_whitespace();
            let (id, encoded) = match (words.next(), words.next(), words.next()) {
                (None, ..) => continue,
                (Some(first), ..) if first.starts_with('#') => continue,
                (Some(encoded), None, _) => (None, encoded),
                (Some(id), Some(encoded), None) => (Some(id), encoded),
                _ => return Err(refused()),
            };
            let bytes = EITHER.decode(encoded).map_err(|_| refused())?;
            let key: [u8; 32] = bytes.try_into().map_err(|_| refused())?;
            let own = keys.add(key);
            if id.is_some_and(|id| !id.eq_ignore_ascii_case(&own)) {
                return Err(refused());
            }
            if keys.by_id.len() > MAX_KEYS {
                return Err(Error::TooManyKeys);
            }
        }
        Ok(keys)
    }

    /// Adds a key and says its id.
    pub fn add(&mut self, key: [u8; 32]) -> String {
        let id = key_id(&key);
        self.by_id.insert(id.clone(), key);
        id
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// Checks a checkpoint's signature. Whether its head is the chain's is another question.
    ///
    /// # Errors
    /// When its key is not among these or did not sign it.
    pub fn verify(&self, checkpoint: &Checkpoint) -> Result<(), Refused> {
        let key = self.by_id.get(&checkpoint.key).ok_or(Refused::UnknownKey)?;
        if breaks_lines(&checkpoint.partner) {
            return Err(Refused::BadSignature);
        }
        UnparsedPublicKey::new(&ED25519, key)
            .verify(checkpoint.signed_text().as_bytes(), &checkpoint.signature)
            .map_err(|_| Refused::BadSignature)
    }
}

impl fmt::Display for PublicKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.by_id.iter().try_for_each(|(id, key)| writeln!(f, "{id} {}", STANDARD.encode(key)))
    }
}

fn key_id(public_key: &[u8]) -> String {
    let mut id = hex::encode(sha256(&[public_key]));
    id.truncate(16);
    id
}

/// A head as hex.
mod head {
    use serde::{Deserializer, Serializer};

    use super::super::export::Hash;

    pub fn serialize<S: Serializer>(head: &[u8; 32], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hex::encode(head))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 32], D::Error> {
        <Hash as serde::Deserialize>::deserialize(from).map(|hash| hash.0)
    }
}

/// A signature as base64.
mod signature {
    use std::borrow::Cow;

    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(signature: &[u8; 64], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD.encode(signature))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 64], D::Error> {
        let text = Cow::<str>::deserialize(from)?;
        let bytes = super::EITHER.decode(text.as_ref()).map_err(D::Error::custom)?;
        bytes.try_into().map_err(|_| D::Error::custom("a signature has 64 bytes"))
    }
}
