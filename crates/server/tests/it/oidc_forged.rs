//! A dishonest provider: tokens no sign-in may rest on, and answers no server may believe.
//!
//! It is hand-made so that it can lie; what an honest provider does is tested against a real one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaKeyPair};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use chandlery::identity::oidc::{Failure, Proven, Provider, begin, client, finish};
use serde_json::{Value, json};

const CALLBACK: &str = "http://127.0.0.1:1/callback";
const NONCE: &str = "the nonce of this sign-in";
const SECRET: &str = "a secret that must not become a signing key";

/// What lies under each path: a status and a body. Other paths are not found.
type Pages = Arc<Mutex<HashMap<String, (u16, String)>>>;
type Asked = Arc<Mutex<Vec<String>>>;

struct Forger {
    issuer: String,
    pages: Pages,
    asked: Asked,
}

async fn answer(
    State((pages, asked)): State<(Pages, Asked)>,
    Path(path): Path<String>,
) -> axum::response::Response {
    asked.lock().unwrap().push(path.clone());
    let page = pages.lock().unwrap().get(&path).cloned();
    let Some((status, body)) = page else { return StatusCode::NOT_FOUND.into_response() };
    let status = StatusCode::from_u16(status).unwrap();
    if status.is_redirection() {
        return (status, [(header::LOCATION, body)]).into_response();
    }
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

impl Forger {
    /// A provider that publishes these keys.
    async fn new(keys: &[Value]) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let forger = Self { issuer, pages: Pages::default(), asked: Asked::default() };
        let state = (forger.pages.clone(), forger.asked.clone());
        let routes = axum::Router::new().route("/{*path}", axum::routing::any(answer)).with_state(state);
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        forger.put(".well-known/openid-configuration", 200, forger.document());
        forger.put("keys", 200, json!({ "keys": keys }));
        forger
    }

    fn document(&self) -> Value {
        let at = |path: &str| format!("{}/{path}", self.issuer);
        json!({
            "issuer": self.issuer, "authorization_endpoint": at("authorize"), "token_endpoint": at("token"),
            "userinfo_endpoint": at("userinfo"), "jwks_uri": at("keys"), "response_types_supported": ["code"],
            "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256", "none", "HS256"],
        })
    }

    fn put(&self, path: &str, status: u16, body: Value) {
        let body = body.as_str().map_or_else(|| body.to_string(), ToOwned::to_owned);
        self.pages.lock().unwrap().insert(path.to_owned(), (status, body));
    }

    fn count(&self, path: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|it| *it == path).count()
    }

    fn claims(&self) -> Value {
        let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
        json!({
            "iss": self.issuer, "aud": "chandlery", "sub": "anna", "iat": now, "exp": now + 300, "nonce": NONCE,
            "groups": ["sales"],
        })
    }

    fn claims_with(&self, changes: Value) -> Value {
        let mut claims = self.claims();
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims
    }

    fn provider(&self) -> Provider {
        Provider {
            issuer: self.issuer.clone(),
            client_id: "chandlery".into(),
            secret: Some(SECRET.to_owned().into()),
            groups_claim: "groups".into(),
            scopes: Vec::new(),
        }
    }

    /// Finishes a sign-in with this id token.
    async fn finish(&self, token: &str) -> Result<Proven, Failure> {
        let token = json!({ "access_token": "access", "token_type": "Bearer", "id_token": token });
        self.put("token", 200, token);
        finish(&client(&[]).unwrap(), &self.provider(), CALLBACK, "code", NONCE, "verifier").await
    }

    async fn begin(&self) -> Failure {
        begin(&client(&[]).unwrap(), &self.provider(), CALLBACK).await.err().expect("a failure")
    }
}

enum Key {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

impl Key {
    fn rsa() -> Self {
        Self::Rsa(RsaKeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).unwrap())
    }

    /// The public half as the provider publishes it (RFC 7517).
    fn public(&self, id: &str) -> Value {
        match self {
            Self::Rsa(key) => {
                // PKCS #1 in DER, at 2048 bits: nine bytes of frame, the modulus, and the exponent 65537.
                let modulus = &key.public_key().as_ref()[9..265];
                json!({ "kty": "RSA", "kid": id, "use": "sig", "n": BASE64.encode(modulus), "e": "AQAB" })
            }
            Self::Ec(key) => {
                let (x, y) = key.public_key().as_ref()[1..].split_at(32);
                json!({ "kty": "EC", "crv": "P-256", "kid": id, "x": BASE64.encode(x), "y": BASE64.encode(y) })
            }
            Self::Ed(key) => {
                json!({ "kty": "OKP", "crv": "Ed25519", "kid": id, "x": BASE64.encode(key.public_key().as_ref()) })
            }
        }
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let text = unsigned(header, claims);
        let random = SystemRandom::new();
        let signature = match self {
            Self::Rsa(key) => {
                let padding: &dyn signature::RsaEncoding = match header["alg"].as_str().unwrap() {
                    "RS512" => &signature::RSA_PKCS1_SHA512,
                    "PS256" => &signature::RSA_PSS_SHA256,
                    _ => &signature::RSA_PKCS1_SHA256,
                };
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(padding, &random, text.as_bytes(), &mut signature).unwrap();
                signature
            }
            Self::Ec(key) => key.sign(&random, text.as_bytes()).unwrap().as_ref().to_vec(),
            Self::Ed(key) => key.sign(text.as_bytes()).as_ref().to_vec(),
        };
        format!("{text}.{}", BASE64.encode(signature))
    }
}

fn unsigned(header: &Value, claims: &Value) -> String {
    format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()))
}

fn hmac(key: &[u8], header: &Value, claims: &Value) -> String {
    let text = unsigned(header, claims);
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, key);
    format!("{text}.{}", BASE64.encode(aws_lc_rs::hmac::sign(&key, text.as_bytes())))
}

fn rs256() -> Value {
    json!({ "alg": "RS256", "kid": "one" })
}

#[tokio::test]
async fn the_three_allowed_algorithms_are_believed() {
    let pem = EcdsaKeyPair::generate(&signature::ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let (rsa, ec, ed) = (Key::rsa(), Key::Ec(pem), Key::Ed(Ed25519KeyPair::generate().unwrap()));
    let forger = Forger::new(&[rsa.public("one"), ec.public("two"), ed.public("three")]).await;
    let claims = forger.claims_with(json!({
        "groups": "only-one", "amr": ["pwd", "mfa"], "acr": "high", "auth_time": 1_700_000_000, "azp": "chandlery",
    }));
    for (key, algorithm, id) in [(&rsa, "RS256", "one"), (&ec, "ES256", "two"), (&ed, "EdDSA", "three")] {
        let header = json!({ "alg": algorithm, "kid": id, "typ": "JWT" });
        let proven = forger.finish(&key.sign(&header, &claims)).await.unwrap();
        assert_eq!((proven.subject.as_str(), proven.acr.as_deref()), ("anna", Some("high")), "{algorithm}");
        assert_eq!(
            (proven.amr, proven.groups),
            (vec!["pwd".into(), "mfa".into()], vec!["only-one".to_owned()])
        );
        assert_eq!(
            (proven.auth_time, proven.email, proven.email_verified),
            (Some(1_700_000_000), None, false)
        );
    }
    assert_eq!(forger.count("keys"), 1, "the keys are kept");
    assert_eq!(forger.count("userinfo"), 0, "nothing was missing");
}

#[tokio::test]
async fn a_forged_signature_is_refused() {
    let (honest, other) = (Key::rsa(), Key::rsa());
    let forger = Forger::new(&[honest.public("one")]).await;
    let claims = forger.claims();
    let good = honest.sign(&rs256(), &claims);
    forger.finish(&good).await.unwrap();
    let (signed, mark) = good.rsplit_once('.').unwrap();
    let changed = unsigned(&rs256(), &forger.claims_with(json!({ "sub": "eve" })));
    let none = unsigned(&json!({ "alg": "none" }), &claims);
    let none_with_id = unsigned(&json!({ "alg": "none", "kid": "one" }), &claims);
    let hs256 = json!({ "alg": "HS256", "kid": "one" });
    let public = honest.public("one");
    for (what, token, word) in [
        ("another key", other.sign(&rs256(), &claims), "bad signature"),
        ("other claims", format!("{changed}.{mark}"), "bad signature"),
        ("no signature", format!("{signed}."), "bad signature"),
        ("none", format!("{none}."), "No signature"),
        ("none with a key id", format!("{none_with_id}."), "No signature"),
        ("none with a signature", format!("{none_with_id}.{mark}"), "No signature"),
        ("the secret as key", hmac(SECRET.as_bytes(), &hs256, &claims), "Disallowed"),
        (
            "the public key as secret",
            hmac(public["n"].as_str().unwrap().as_bytes(), &hs256, &claims),
            "Disallowed",
        ),
        ("RS512", honest.sign(&json!({ "alg": "RS512", "kid": "one" }), &claims), "Disallowed"),
        ("PS256", honest.sign(&json!({ "alg": "PS256", "kid": "one" }), &claims), "Disallowed"),
        (
            "critical",
            honest.sign(&json!({ "alg": "RS256", "kid": "one", "crit": ["x"] }), &claims),
            "critical",
        ),
        (
            "an access token",
            honest.sign(&json!({ "alg": "RS256", "kid": "one", "typ": "at+jwt" }), &claims),
            "type",
        ),
    ] {
        match forger.finish(&token).await {
            Err(Failure::Token(why)) => assert!(why.contains(word) && !why.contains(mark), "{what}: {why}"),
            outcome => panic!("{what}: {outcome:?}"),
        }
    }
    // Not even a token, or claims of the wrong kind: the values are not repeated.
    let odd = honest.sign(&rs256(), &forger.claims_with(json!({ "email_verified": "a \"secret\" value" })));
    let reserved = honest.sign(&json!({ "alg": "ES9000", "kid": "one" }), &claims);
    for broken in ["", "eyJhbGciOiJSUzI1NiJ9", "a.b.c", "!.!.!", &odd, &reserved] {
        match forger.finish(broken).await {
            Err(Failure::Answer(why)) => {
                assert!(why.starts_with("the token answer cannot be read"), "{broken}: {why}");
                assert!(!why.contains("secret") && !why.contains("eyJ"), "{why}");
            }
            outcome => panic!("{broken}: {outcome:?}"),
        }
    }
}

#[tokio::test]
async fn a_signed_token_for_somebody_else_is_refused() {
    let key = Key::rsa();
    let forger = Forger::new(&[key.public("one")]).await;
    for (changes, word) in [
        (json!({ "iss": "https://elsewhere.example" }), "issuer"),
        (json!({ "aud": "another-client" }), "audience"),
        (json!({ "aud": ["chandlery", "another-client"] }), "audience"),
        (json!({ "aud": [] }), "audience"),
        (json!({ "azp": "another-client" }), "azp"),
        (json!({ "exp": 1_700_000_000 }), "Expired"),
        (json!({ "nonce": "another nonce" }), "nonce"),
        (json!({ "nonce": null }), "nonce"),
        (json!({ "sub": "" }), "subject"),
        (json!({ "sub": "x".repeat(256) }), "subject"),
        (json!({ "at_hash": "bm90IHRoaXMgb25l" }), "at_hash"),
    ] {
        match forger.finish(&key.sign(&rs256(), &forger.claims_with(changes.clone()))).await {
            Err(Failure::Token(why)) => assert!(why.contains(word), "{changes}: {why}"),
            outcome => panic!("{changes}: {outcome:?}"),
        }
    }
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, b"access");
    let right = json!({ "at_hash": BASE64.encode(&digest.as_ref()[..16]), "aud": ["chandlery"] });
    forger.finish(&key.sign(&rs256(), &forger.claims_with(right))).await.unwrap();
}

#[tokio::test]
async fn an_unknown_key_makes_the_keys_read_again_once() {
    let (old, new) = (Key::rsa(), Key::rsa());
    let forger = Forger::new(&[old.public("one")]).await;
    let header = json!({ "alg": "RS256", "kid": "next" });
    forger.finish(&old.sign(&rs256(), &forger.claims())).await.unwrap();
    let refused = forger.finish(&new.sign(&header, &forger.claims())).await.unwrap_err();
    assert!(matches!(&refused, Failure::Token(why) if why.contains("does not publish")), "{refused:?}");
    assert_eq!(forger.count("keys"), 2);
    forger.put("keys", 200, json!({ "keys": [old.public("one"), new.public("next")] }));
    forger.finish(&new.sign(&header, &forger.claims())).await.unwrap();
    forger.finish(&old.sign(&rs256(), &forger.claims())).await.unwrap();
    assert_eq!(forger.count("keys"), 3);
}

#[tokio::test]
async fn groups_and_userinfo_are_read_with_care() {
    let key = Key::rsa();
    let forger = Forger::new(&[key.public("one")]).await;
    let token = |changes: Value| key.sign(&rs256(), &forger.claims_with(changes));
    for wrong in [json!(7), json!({ "a": 1 }), json!(["sales", 7]), json!(true)] {
        let refused = forger.finish(&token(json!({ "groups": wrong }))).await.unwrap_err();
        assert!(matches!(&refused, Failure::Answer(why) if why.contains("list of texts")), "{refused:?}");
    }
    assert!(forger.finish(&token(json!({ "groups": [] }))).await.unwrap().groups.is_empty());
    assert_eq!(forger.count("userinfo"), 0, "an empty list is an answer");

    let missing = token(json!({ "groups": null }));
    forger.put("userinfo", 200, json!({ "sub": "anna", "groups": ["support"], "name": "Anna" }));
    let proven = forger.finish(&missing).await.unwrap();
    assert_eq!((proven.groups, proven.name.as_deref()), (vec!["support".to_owned()], Some("Anna")));
    forger.put("userinfo", 200, json!({ "sub": "eve", "groups": ["partner-admins"] }));
    let refused = forger.finish(&missing).await.unwrap_err();
    assert!(matches!(&refused, Failure::Token(why) if why.contains("subject")), "{refused:?}");
    forger.put("userinfo", 500, json!("down"));
    assert!(matches!(forger.finish(&missing).await, Err(Failure::Answer(_))));

    let mut elsewhere = forger.claims_with(json!({ "_claim_names": { "groups": "src1" } }));
    elsewhere.as_object_mut().unwrap().remove("groups");
    let refused = forger.finish(&key.sign(&rs256(), &elsewhere)).await.unwrap_err();
    assert!(matches!(&refused, Failure::Answer(why) if why.contains("too many groups")), "{refused:?}");

    let odd = json!({ "access_token": "a\r\nb", "token_type": "Bearer", "id_token": missing });
    forger.put("token", 200, odd);
    let http = client(&[]).unwrap();
    let refused = finish(&http, &forger.provider(), CALLBACK, "code", NONCE, "verifier").await.unwrap_err();
    assert!(matches!(&refused, Failure::Answer(why) if why.contains("bearer")), "{refused:?}");
}

#[tokio::test]
async fn a_discovery_that_leads_astray_is_refused() {
    let discovery = ".well-known/openid-configuration";
    let refused = async |changes: Value, status: u16| {
        let forger = Forger::new(&[]).await;
        let mut document = forger.document();
        for (name, value) in changes.as_object().into_iter().flatten() {
            document[name] = value.clone();
        }
        let body = if changes.is_object() { document } else { changes };
        forger.put(discovery, status, body);
        match forger.begin().await {
            Failure::Answer(why) => (why, forger.count("keys")),
            other => panic!("{other:?}"),
        }
    };
    let (why, keys) = refused(json!({ "issuer": "https://elsewhere.example" }), 200).await;
    assert!(why.contains("unexpected issuer URI") && keys == 0, "{why}");
    let (why, _) = refused(json!({ "authorization_endpoint": "http://elsewhere.example/" }), 200).await;
    assert!(why.contains("not https"), "{why}");
    let (why, _) = refused(json!({ "jwks_uri": "http://169.254.169.254/latest/" }), 200).await;
    assert!(why.contains("169.254.169.254/latest/ is not https"), "{why}");
    let (why, _) = refused(json!("/keys"), 302).await;
    assert!(why.contains("302"), "{why}");
    let (why, _) = refused(json!("no json"), 200).await;
    assert!(why.contains("cannot be read"), "{why}");
    let (why, _) = refused(json!("x".repeat(1024 * 1024 + 1)), 200).await;
    assert!(why.contains("larger than 1048576 bytes"), "{why}");
}

#[tokio::test]
async fn a_client_that_follows_redirects_is_found_out_and_words_are_cleaned() {
    let forger = Forger::new(&[]).await;
    forger.put("elsewhere", 200, forger.document());
    forger.put(".well-known/openid-configuration", 302, json!("/elsewhere"));
    let careless = reqwest::Client::new();
    let refused = begin(&careless, &forger.provider(), CALLBACK).await.err().unwrap();
    assert!(matches!(&refused, Failure::Settings(why) if why.contains("redirects")), "{refused:?}");

    forger.put(".well-known/openid-configuration", 200, forger.document());
    let words = format!("a\nforged log line {}", "x".repeat(1000));
    forger.put("token", 400, json!({ "error": "invalid_grant", "error_description": words }));
    let http = client(&[]).unwrap();
    match finish(&http, &forger.provider(), CALLBACK, "code", NONCE, "verifier").await {
        Err(Failure::Denied { code, text }) => {
            assert_eq!(code, "invalid_grant");
            assert!(!text.contains('\n') && text.len() < 250, "{text}");
        }
        outcome => panic!("{outcome:?}"),
    }
}
