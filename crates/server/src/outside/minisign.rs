//! Signatures that the minisign program checks: for the manifests of media, and for certificates. Made here with the key
//! of the log, checked by the `minisign-verify` library.
//!
//! The format is minisign's (<https://jedisct1.github.io/minisign/>): Ed25519 over the BLAKE2b-512 of the text, and a
//! second signature over the first and a comment.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use blake2::{Blake2b512, Digest as _};

use crate::error::Error;
use crate::log::SigningKey;

/// The algorithm of keys.
const KEY: &[u8; 2] = b"Ed";
/// The algorithm of signatures over a BLAKE2b-512.
const HASHED: &[u8; 2] = b"ED";

/// The eight bytes that name a key: the beginning of the SHA-256 of the public key, as the log names it.
fn key_id(key: &SigningKey) -> Result<Vec<u8>, Error> {
    hex::decode(key.id()).map_err(Error::internal)
}

/// The public key as minisign takes it with `-P`.
///
/// # Errors
/// When the key's id cannot be read, which is a defect.
pub fn public_key(key: &SigningKey) -> Result<String, Error> {
    Ok(BASE64.encode([KEY.as_slice(), &key_id(key)?, key.public_bytes()].concat()))
}

/// Signs a text; `comment`, one line, is signed along.
///
/// # Errors
/// When it cannot be signed.
pub fn sign(key: &SigningKey, text: &str, comment: &str) -> Result<String, Error> {
    let comment: String =
        comment.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let own = key.sign(&Blake2b512::digest(text.as_bytes())).map_err(Error::internal)?;
    let along = key.sign(&[own.as_slice(), comment.as_bytes()].concat()).map_err(Error::internal)?;
    let signature = BASE64.encode([HASHED.as_slice(), &key_id(key)?, &own].concat());
    Ok(format!(
        "untrusted comment: signature by a Chandlery installation\n{signature}\ntrusted comment: {comment}\n{}\n",
        BASE64.encode(along)
    ))
}

/// Checks a signature over a text against a public key, given as minisign's line or as its file; returns the comment.
///
/// # Errors
/// What is wrong with key or signature, for people.
pub fn check(public_key: &str, text: &[u8], signature: &str) -> Result<String, &'static str> {
    let line = public_key.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default();
    let key = minisign_verify::PublicKey::from_base64(line)
        .map_err(|_| "the public key is not one of minisign's: 56 letters and digits that begin with RW")?;
    let signature = minisign_verify::Signature::decode(signature)
        .map_err(|_| "the signature cannot be read as one of minisign's")?;
    key.verify(text, &signature, false)
        .map_err(|_| "the signature was not made by this key over this text")?;
    Ok(signature.trusted_comment().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_here_is_checked_by_others() {
        let (key, other) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
        let signature = sign(&key, "a text\n", "two\nlines").unwrap();
        let public = public_key(&key).unwrap();
        assert!(public.starts_with("RW") && public.len() == 56);
        assert_eq!(check(&public, b"a text\n", &signature).unwrap(), "two lines");
        let file = format!("untrusted comment: minisign public key\n{public}\n");
        assert!(check(&file, b"a text\n", &signature).is_ok());
        assert!(check(&public, b"a text", &signature).is_err());
        assert!(check(&public_key(&other).unwrap(), b"a text\n", &signature).is_err());
        assert!(check(&public, b"a text\n", &signature.replace("two lines", "two mines")).is_err());
        assert!(check("RW", b"", "").is_err());
    }
}
