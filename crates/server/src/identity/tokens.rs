//! Access tokens: JSON web tokens signed with RSA, checked without asking the database.

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chandlery_domain::ids::{ApplicationId, PartnerId, UserId};
use chandlery_store::{Read, Store, vault as stored};
use jiff::Timestamp;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::outside::vault::{Owner, Vault};

/// How long a token holds, in seconds.
pub const LIFE_SECONDS: i64 = 3600;
/// How far the clocks of two servers may lie apart, in seconds.
const LEEWAY_SECONDS: i64 = 5;

/// What the header of a token calls it that opens the interface.
const ACCESS: &str = "JWT";

/// What a token says.
#[derive(Debug, Serialize, Deserialize)]
pub struct Claims {
    /// For whom: the resource that was asked for.
    pub aud: String,
    /// By whom: this installation's issuer for the partner's tenant.
    pub iss: String,
    /// When it was issued, in seconds since 1970.
    pub iat: i64,
    /// From when it holds.
    pub nbf: i64,
    /// Until when it holds.
    pub exp: i64,
    /// The program it was issued to.
    pub appid: String,
    /// The partner's tenant.
    pub tid: String,
    /// `app` for a token of a program of its own, `user` for one that acts for a person.
    pub idtyp: String,
    /// The version of the endpoint that issued it.
    pub ver: String,
    /// The person it acts for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oid: Option<String>,
    /// How the person proved itself (RFC 8176); `mfa` when with a second factor.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amr: Vec<String>,
    /// When the person signed in, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// The grant it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// What was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scp: Option<String>,
    /// When it was issued, in microseconds: signing out everywhere counts to the instant.
    #[serde(default)]
    pub issued_us: i64,
}

/// The person a token acts for.
#[derive(Debug, Clone)]
pub struct OnBehalf {
    /// The person.
    pub user: UserId,
    /// How it proved itself.
    pub methods: Vec<String>,
    /// When it signed in, in seconds since 1970.
    pub signed_in_at: i64,
    /// The grant.
    pub grant: String,
    /// What was asked for.
    pub scope: String,
}

impl Claims {
    /// What a token for a program says, holding for an hour from `now`.
    pub fn of_program(
        application: ApplicationId,
        tenant: PartnerId,
        issuer: &str,
        audience: &str,
        version: &str,
        now: Timestamp,
    ) -> Self {
        let seconds = now.as_second();
        Self {
            aud: audience.to_owned(),
            iss: issuer.to_owned(),
            iat: seconds,
            nbf: seconds,
            exp: seconds.saturating_add(LIFE_SECONDS),
            appid: application.to_string(),
            tid: tenant.to_string(),
            idtyp: "app".into(),
            ver: version.to_owned(),
            oid: None,
            amr: Vec::new(),
            auth_time: None,
            sid: None,
            scp: None,
            issued_us: now.as_microsecond(),
        }
    }

    /// The same, acting for a person.
    #[must_use]
    pub fn on_behalf_of(mut self, person: &OnBehalf) -> Self {
        self.idtyp = "user".into();
        self.oid = Some(person.user.to_string());
        self.amr.clone_from(&person.methods);
        self.auth_time = Some(person.signed_in_at);
        self.sid = Some(person.grant.clone());
        self.scp = Some(person.scope.clone());
        self
    }
}

/// A signing key before it is stored.
pub struct Fresh {
    id: String,
    pem: Zeroizing<String>,
}

impl Fresh {
    /// Signs with this key under a given name, without storing it: for whoever tries out what such a token is worth.
    ///
    /// # Errors
    /// When signing fails.
    pub fn sign_as(&self, id: &str, claims: &impl Serialize) -> Result<String, Error> {
        let key = EncodingKey::from_rsa_pem(self.pem.as_bytes()).map_err(Error::internal)?;
        let header = Header { kid: Some(id.to_owned()), ..Header::new(Algorithm::RS256) };
        jsonwebtoken::encode(&header, claims, &key).map_err(Error::internal)
    }

    /// The key as it is stored.
    ///
    /// # Errors
    /// When the operator has no data key.
    pub fn sealed(
        &self,
        tx: &mut Read<'_>,
        vault: &Vault,
        now: Timestamp,
    ) -> Result<stored::SigningKey, Error> {
        let key = EncodingKey::from_rsa_pem(self.pem.as_bytes()).map_err(Error::internal)?;
        let mut jwk = Jwk::from_encoding_key(&key, Algorithm::RS256).map_err(Error::internal)?;
        jwk.common.key_id = Some(self.id.clone());
        jwk.common.public_key_use = Some(jsonwebtoken::jwk::PublicKeyUse::Signature);
        Ok(stored::SigningKey {
            id: self.id.clone(),
            public_key: serde_json::to_string(&jwk).map_err(Error::internal)?,
            sealed: vault.seal(tx, Owner::Operator, "signing_keys", &self.id, &self.pem)?,
            created_at: now.as_microsecond(),
        })
    }
}

/// How often at most keys are looked for that a token names and we do not know.
const LOOKED_FOR: Duration = Duration::from_secs(5);

/// Signs with the newest key and checks with all that are kept. Keys drawn elsewhere are taken up when they are met.
pub struct Signer {
    keys: RwLock<Arc<Keys>>,
    /// When others' keys were looked for last.
    looked: Mutex<Option<Instant>>,
}

struct Keys {
    id: String,
    signing: EncodingKey,
    checking: Vec<(String, DecodingKey)>,
    public: Vec<serde_json::Value>,
    drawn_at: i64,
}

impl Signer {
    /// Draws a new key: RSA with 2048 bits, which every client library checks.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn fresh() -> Result<Fresh, Error> {
        use aws_lc_rs::encoding::AsDer;
        use aws_lc_rs::rsa::{KeyPair, KeySize};
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(Error::internal)?;
        let der = pair.as_der().map_err(Error::internal)?;
        let encoded = Zeroizing::new(STANDARD.encode(der.as_ref()));
        let mut pem = Zeroizing::new(String::from("-----BEGIN PRIVATE KEY-----\n"));
        for (index, letter) in encoded.chars().enumerate() {
            if index > 0 && index % 64 == 0 {
                pem.push('\n');
            }
            pem.push(letter);
        }
        pem.push_str("\n-----END PRIVATE KEY-----\n");
        Ok(Fresh { id: crate::ids::random_text(12), pem })
    }

    /// Loads the keys of an installation.
    ///
    /// # Errors
    /// When there is none or it does not open.
    pub async fn load(store: &Store, vault: &std::sync::Arc<Vault>) -> Result<Self, Error> {
        let vault = std::sync::Arc::clone(vault);
        let (keys, pem) = store
            .read(move |tx| {
                let keys = stored::signing_keys(tx)?;
                let newest = keys.first().ok_or_else(|| Error::internal("there is no signing key"))?;
                let pem = vault.open(tx, Owner::Operator, "signing_keys", &newest.id, &newest.sealed)?;
                Ok::<_, Error>((keys, pem))
            })
            .await?;
        let mut checking = Vec::new();
        let mut public = Vec::new();
        for key in &keys {
            let jwk: Jwk = serde_json::from_str(&key.public_key).map_err(Error::internal)?;
            checking.push((key.id.clone(), DecodingKey::from_jwk(&jwk).map_err(Error::internal)?));
            public.push(serde_json::to_value(&jwk).map_err(Error::internal)?);
        }
        let id = keys.first().map(|key| key.id.clone()).unwrap_or_default();
        let signing = EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(Error::internal)?;
        let drawn_at = keys.first().map_or(0, |key| key.created_at);
        let keys = Arc::new(Keys { id, signing, checking, public, drawn_at });
        Ok(Self { keys: RwLock::new(keys), looked: Mutex::new(None) })
    }

    fn keys(&self) -> Arc<Keys> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes up the keys of a signer that was loaded later.
    pub fn take_up(&self, later: &Self) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = later.keys();
    }

    /// Whether keys that others drew may be looked for again: every few seconds at most, whatever tokens name.
    pub fn may_look(&self) -> bool {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        if looked.is_some_and(|at| at.elapsed() < LOOKED_FOR) {
            return false;
        }
        *looked = Some(Instant::now());
        true
    }

    /// When the key that signs was drawn, in microseconds.
    pub fn drawn_at(&self) -> i64 {
        self.keys().drawn_at
    }

    /// The public halves, for the world (RFC 7517).
    pub fn public_keys(&self) -> serde_json::Value {
        serde_json::json!({ "keys": self.keys().public })
    }

    /// Signs what a token says.
    ///
    /// # Errors
    /// When signing fails.
    pub fn sign(&self, claims: &impl Serialize) -> Result<String, Error> {
        self.sign_as(ACCESS, claims)
    }

    /// Signs what a token of a type says; one type passes for no other.
    ///
    /// # Errors
    /// When signing fails.
    pub fn sign_as(&self, kind: &str, claims: &impl Serialize) -> Result<String, Error> {
        let keys = self.keys();
        let (typ, kid) = (Some(kind.to_owned()), Some(keys.id.clone()));
        let header = Header { typ, kid, ..Header::new(Algorithm::RS256) };
        jsonwebtoken::encode(&header, claims, &keys.signing).map_err(Error::internal)
    }

    /// What a token of a type says, if it was signed here, whenever that was. Only RS256 is taken, whatever the token's
    /// header claims.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] with what is wrong; [`Error::UnknownKey`] when the key is not known here yet.
    pub fn read_as<T: DeserializeOwned>(&self, kind: &str, token: &str) -> Result<T, Error> {
        let refused = |why| Error::Unauthenticated { why };
        let header =
            jsonwebtoken::decode_header(token).map_err(|_| refused("the token is not a JSON web token"))?;
        if header.typ.as_deref() != Some(kind) {
            return Err(refused("the token is for something else"));
        }
        let kid = header.kid.ok_or_else(|| refused("the token names no key"))?;
        let keys = self.keys();
        let (_, key) = keys.checking.iter().find(|(id, _)| *id == kid).ok_or(Error::UnknownKey)?;
        let mut validation = Validation::new(Algorithm::RS256);
        validation.validate_aud = false; // Any audience this endpoint was asked to issue for (contract 1.1).
        // Time is an argument here: whoever asks compares the dates.
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        jsonwebtoken::decode::<T>(token, key, &validation)
            .map(|data| data.claims)
            .map_err(|_| refused("the token was not issued here"))
    }

    /// What an access token says, if it is ours and holds now.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] with what is wrong; [`Error::UnknownKey`] when the key is not known here yet.
    pub fn check(&self, token: &str, now: Timestamp) -> Result<Claims, Error> {
        let refused = |why| Error::Unauthenticated { why };
        let claims: Claims = self.read_as(ACCESS, token)?;
        let now = now.as_second();
        if now > claims.exp.saturating_add(LEEWAY_SECONDS) {
            return Err(refused("the token has expired"));
        }
        if now < claims.nbf.saturating_sub(LEEWAY_SECONDS) {
            return Err(refused("the token does not hold yet"));
        }
        Ok(claims)
    }
}
