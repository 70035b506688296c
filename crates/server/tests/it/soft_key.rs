//! An authenticator in software, with the part of the browser that stands before it: it answers challenges as a page would.
//!
//! It never checks anything, because its switches exist to misbehave, and it never belongs outside tests.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde_json::{Value, json};

/// User present, user verified and attested data included (Web Authentication, section 6.1).
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const ATTESTED: u8 = 0x40;

/// One passkey (ECDSA on P-256, attestation `none`) and how its authenticator behaves.
pub struct SoftKey {
    pair: EcdsaKeyPair,
    id: [u8; 16],
    user: Vec<u8>,
    /// The signature counter after the last answer. Set it back to look like a copy.
    pub counter: u32,
    /// Whether answers raise the counter. Passkeys that are copied between devices stay at nought.
    pub counts: bool,
    /// Whether the user is verified by PIN or biometrics.
    pub verifies: bool,
    /// Whether the page stands in a frame of another origin.
    pub framed: bool,
}

impl SoftKey {
    /// Answers `navigator.credentials.create` on a page of an origin: the new key and the answer's JSON.
    pub fn create(challenge_json: &str, origin: &str) -> (Self, String) {
        let key = Self::unregistered(challenge_json);
        let answer = key.register(challenge_json, origin);
        (key, answer)
    }

    /// A key made for a challenge, so that switches can be set before [`SoftKey::register`].
    pub fn unregistered(challenge_json: &str) -> Self {
        let options = options(challenge_json);
        let mut id = [0; 16];
        aws_lc_rs::rand::fill(&mut id).unwrap();
        Self {
            pair: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap(),
            id,
            user: BASE64.decode(options["user"]["id"].as_str().unwrap()).unwrap(),
            counter: 0,
            counts: true,
            verifies: true,
            framed: false,
        }
    }

    /// The answer to `navigator.credentials.create`, also for a key that is registered already.
    pub fn register(&self, challenge_json: &str, origin: &str) -> String {
        let options = options(challenge_json);
        let client_data = self.client_data("webauthn.create", &options, origin);
        let mut data = self.authenticator_data(options["rp"]["id"].as_str().unwrap(), ATTESTED);
        data.extend([0; 16]); // no model of authenticator
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(self.id);
        data.extend(self.cose_key());
        json!({
            "id": BASE64.encode(self.id),
            "rawId": BASE64.encode(self.id),
            "type": "public-key",
            "response": {
                "attestationObject": BASE64.encode(attestation_object(&data)),
                "clientDataJSON": BASE64.encode(client_data),
                "transports": ["internal", "smart-card"],
            },
            "clientExtensionResults": { "credProps": { "rk": false } },
        })
        .to_string()
    }

    /// Answers `navigator.credentials.get` on a page of an origin: the answer's JSON.
    pub fn answer(&mut self, challenge_json: &str, origin: &str) -> String {
        if self.counts {
            self.counter += 1;
        }
        let options = options(challenge_json);
        let client_data = self.client_data("webauthn.get", &options, origin);
        let data = self.authenticator_data(options["rpId"].as_str().unwrap(), 0);
        let signed = [data.as_slice(), digest(&SHA256, client_data.as_bytes()).as_ref()].concat();
        let signature = self.pair.sign(&SystemRandom::new(), &signed).unwrap();
        json!({
            "id": BASE64.encode(self.id),
            "rawId": BASE64.encode(self.id),
            "type": "public-key",
            "response": {
                "authenticatorData": BASE64.encode(data),
                "clientDataJSON": BASE64.encode(client_data),
                "signature": BASE64.encode(signature.as_ref()),
                "userHandle": BASE64.encode(&self.user),
            },
            "clientExtensionResults": {},
        })
        .to_string()
    }

    /// The credential id in base64url.
    pub fn id(&self) -> String {
        BASE64.encode(self.id)
    }

    fn client_data(&self, kind: &str, options: &Value, origin: &str) -> String {
        json!({ "type": kind, "challenge": options["challenge"], "origin": origin, "crossOrigin": self.framed }).to_string()
    }

    fn authenticator_data(&self, relying_party: &str, more: u8) -> Vec<u8> {
        let mut data = digest(&SHA256, relying_party.as_bytes()).as_ref().to_vec();
        data.push(PRESENT | if self.verifies { VERIFIED } else { 0 } | more);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// The public key as a CBOR map: EC2, ES256, P-256, x, y (RFC 9053, section 7.1).
    fn cose_key(&self) -> Vec<u8> {
        let point = self.pair.public_key().as_ref();
        assert_eq!((point.len(), point[0]), (65, 4), "an uncompressed point");
        let mut map = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01];
        for (label, half) in [(0x21, &point[1..33]), (0x22, &point[33..])] {
            map.extend([label, 0x58, 32]);
            map.extend(half);
        }
        map
    }
}

fn options(challenge_json: &str) -> Value {
    serde_json::from_str::<Value>(challenge_json).unwrap()["publicKey"].take()
}

/// `{ "fmt": "none", "attStmt": {}, "authData": … }` in CBOR (RFC 8949).
fn attestation_object(data: &[u8]) -> Vec<u8> {
    let mut map = vec![0xa3];
    map.extend(b"\x63fmt\x64none\x67attStmt\xa0\x68authData\x58");
    map.push(u8::try_from(data.len()).unwrap());
    map.extend(data);
    map
}
