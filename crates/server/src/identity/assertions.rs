//! Programs that prove themselves with a key of their own: signed assertions (RFC 7523, `private_key_jwt`).
//!
//! Only asymmetric algorithms are taken, and only the one that belongs to the registered key: an assertion does not
//! choose how it is checked.

use chandlery_domain::ids::ApplicationId;
use chandlery_store::applications::{self, Application, Proof};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;

use super::desk::Desk;
use crate::error::Error;
use crate::texts::Complaint;

/// What the token endpoint is told when an assertion is used.
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How far ahead an assertion may end.
const LIFE_MAX: SignedDuration = SignedDuration::from_mins(10);
/// The longest assertion looked at.
const LENGTH_MAX: usize = 8192;

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    exp: i64,
    jti: String,
}

#[derive(Deserialize)]
struct Subject {
    sub: String,
}

/// The algorithm a public key is for.
fn algorithm(jwk: &Jwk) -> Option<Algorithm> {
    match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => match jwk.common.key_algorithm {
            Some(jsonwebtoken::jwk::KeyAlgorithm::PS256) => Some(Algorithm::PS256),
            _ => Some(Algorithm::RS256),
        },
        AlgorithmParameters::EllipticCurve(curve) => match curve.curve {
            EllipticCurve::P256 => Some(Algorithm::ES256),
            EllipticCurve::P384 => Some(Algorithm::ES384),
            _ => None,
        },
        AlgorithmParameters::OctetKeyPair(_) => Some(Algorithm::EdDSA),
        _ => None,
    }
}

/// Reads a public key somebody registers, and brings it into one form without anything private.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn read_key(text: &str) -> Result<String, Complaint> {
    let value: serde_json::Value =
        serde_json::from_str(text).map_err(|error| Complaint::of("key-no-json").with("why", error))?;
    for private in ["d", "p", "q", "k"] {
        if value.get(private).is_some() {
            return Err(Complaint::of("key-private"));
        }
    }
    let jwk: Jwk = serde_json::from_value(value).map_err(|_| Complaint::of("key-no-jwk"))?;
    if algorithm(&jwk).is_none() {
        return Err(Complaint::of("key-kind"));
    }
    if let AlgorithmParameters::RSA(rsa) = &jwk.algorithm
        && rsa.n.len() < 340
    {
        return Err(Complaint::of("key-short"));
    }
    DecodingKey::from_jwk(&jwk).map_err(|_| Complaint::of("key-numbers"))?;
    serde_json::to_string(&jwk).map_err(|_| Complaint::of("key-numbers"))
}

/// The program an assertion claims to be of, unproved.
pub fn claimed_client(assertion: &str) -> Option<ApplicationId> {
    if assertion.len() > LENGTH_MAX {
        return None;
    }
    let subject = jsonwebtoken::dangerous::insecure_decode::<Subject>(assertion).ok()?;
    subject.claims.sub.parse().ok()
}

/// Whether an assertion is the program's: its signature, for whom it is, how long it holds, and that it was not used
/// before.
///
/// # Errors
/// The store's own.
pub async fn proves(
    desk: &Desk,
    application: &Application,
    assertion: &str,
    audiences: &[String],
) -> Result<bool, Error> {
    if assertion.len() > LENGTH_MAX {
        return Ok(false);
    }
    let now = desk.world.now();
    let keys =
        application.credentials.iter().filter(|own| own.ends_at.is_none_or(|end| now < end)).filter_map(
            |own| match &own.proof {
                Proof::Key(jwk) => Some(jwk),
                Proof::Secret(_) => None,
            },
        );
    for stored in keys {
        let jwk: Jwk = serde_json::from_str(stored).map_err(Error::internal)?;
        let Some(algorithm) = algorithm(&jwk) else { continue };
        let key = DecodingKey::from_jwk(&jwk).map_err(Error::internal)?;
        let mut validation = Validation::new(algorithm);
        validation.set_audience(audiences);
        validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
        validation.leeway = 5;
        let Ok(read) = jsonwebtoken::decode::<Claims>(assertion, &key, &validation) else { continue };
        let claims = read.claims;
        let own = application.client_id.to_string();
        let latest = now.checked_add(LIFE_MAX).map_err(Error::internal)?;
        let Ok(ends_at) = Timestamp::from_second(claims.exp.saturating_add(5)) else { return Ok(false) };
        if claims.iss != own || claims.sub != own || ends_at > latest || claims.jti.len() > 200 {
            return Ok(false);
        }
        let (client, jti) = (application.client_id, claims.jti);
        return desk
            .installation
            .store
            .bookkeep(move |tx| Ok::<_, Error>(applications::use_assertion(tx, client, &jti, ends_at)?))
            .await;
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_and_weak_keys_are_not_registered() {
        let private = r#"{"kty":"RSA","n":"AQ","e":"AQAB","d":"AQ"}"#;
        assert!(read_key(private).unwrap_err().to_string().contains("private key"));
        assert!(read_key(r#"{"kty":"oct","k":"c2VjcmV0"}"#).is_err());
        assert!(read_key(r#"{"kty":"RSA","n":"AQ","e":"AQAB"}"#).unwrap_err().to_string().contains("2048"));
        assert!(read_key("not json").unwrap_err().to_string().contains("JSON"));
    }
}
