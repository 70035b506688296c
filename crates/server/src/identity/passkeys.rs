//! Passkeys: makes the challenges a browser answers and judges the answers (Web Authentication Level 3).
//!
//! It never stores anything, never talks to a browser, never takes an answer without user verification and never asks
//! who made the device (no attestation).
//!
//! Each ceremony has two halves. `begin_…` gives a challenge, as JSON for the browser, and a state, as text for the
//! server. The caller has three duties that nothing here can take over:
//!
//! - The state stays on the server, in a database row bound to the session and the user. Whoever could write it could
//!   choose the challenge and the keys, so it never goes into a cookie, a form or a page.
//! - The row is removed by the request that reads it, before the answer is judged, and is refused once it is older than
//!   [`CHALLENGE_SECONDS`]. Passkeys that are copied between devices count nothing, so for them this alone stops
//!   a recorded answer from being used again.
//! - A credential id is unique among all users (section 7.1): a unique index on [`credential_id`] keeps that.

use std::fmt;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use webauthn_rs::prelude::{
    Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential,
    Url, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use crate::texts::Complaint;

/// How long a challenge may be answered, in seconds. The browser is told, the caller's row has to enforce it.
pub const CHALLENGE_SECONDS: u32 = 300;

/// The longest answer of a browser that is read, in bytes.
pub const ANSWER_BYTES_MAX: usize = 16 * 1024;

/// How many passkeys a user may have.
pub const PASSKEYS_MAX: usize = 20;

/// The longest credential id, in bytes (Web Authentication, section 7.1).
const CREDENTIAL_ID_BYTES_MAX: usize = 1023;

/// The name authenticators show for this installation.
const NAME: &str = "Chandlery";

/// A registered passkey as JSON text: the public key, the credential id and the counter. Nothing in it is secret.
pub type StoredPasskey = String;

/// Why a passkey could not be registered or used. The texts hold nothing the browser sent.
#[derive(Debug)]
pub enum Failure {
    /// Passkeys cannot work under this origin.
    Origin {
        /// What would have to change.
        why: &'static str,
    },
    /// The user has no name an authenticator could show.
    NoName,
    /// The user has [`PASSKEYS_MAX`] already.
    TooMany,
    /// There is no passkey that could be asked for.
    NoPasskey,
    /// The answer is longer than [`ANSWER_BYTES_MAX`].
    TooLong,
    /// A text is not what it should be.
    Unreadable {
        /// Which text: the answer, the state or the passkey.
        what: &'static str,
    },
    /// The answer is to another challenge, such as an earlier one.
    WrongChallenge,
    /// The answer was given on a page of another origin, or for another relying party.
    WrongOrigin,
    /// The page stood in a frame of another origin.
    Framed,
    /// The authenticator did not verify the user by PIN or biometrics.
    NotVerified,
    /// The passkey is not one of those that were asked for, or was removed since.
    UnknownCredential,
    /// The counter did not rise, which is what a copied authenticator looks like (section 6.1.1).
    CounterWentBack,
    /// The passkey is registered already, or of a kind that was not asked for.
    NotAcceptable,
    /// The signature or something else in the answer is wrong.
    Refused(WebauthnError),
}

impl Failure {
    /// The end of a sentence that says so.
    pub fn complaint(&self) -> Complaint {
        match self {
            Self::Origin { why } => Complaint::of("passkey-origin").with("why", why),
            Self::NoName => Complaint::of("passkey-no-name"),
            Self::TooMany => Complaint::of("passkey-too-many"),
            Self::NoPasskey => Complaint::of("passkey-none"),
            Self::TooLong => Complaint::of("passkey-too-long"),
            Self::Unreadable { what } => Complaint::of("passkey-unreadable").with("what", what),
            Self::WrongChallenge => Complaint::of("passkey-wrong-challenge"),
            Self::WrongOrigin => Complaint::of("passkey-wrong-origin"),
            Self::Framed => Complaint::of("passkey-framed"),
            Self::NotVerified => Complaint::of("passkey-not-verified"),
            Self::UnknownCredential => Complaint::of("passkey-unknown"),
            Self::CounterWentBack => Complaint::of("passkey-counter"),
            Self::NotAcceptable => Complaint::of("passkey-not-acceptable"),
            Self::Refused(_) => Complaint::of("passkey-refused"),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.complaint().fmt(f)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Refused(error) => Some(error),
            _ => None,
        }
    }
}

/// What a user proved by a passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// The credential id of the passkey, in base64url without padding.
    pub credential_id: String,
    /// The passkey with its new counter and backup state, to be stored in place of the old one; none when nothing changed.
    pub updated: Option<StoredPasskey>,
    /// Whether the authenticator verified the user. Always true, since anything else is refused.
    pub user_verified: bool,
}

/// Makes challenges and judges answers for one origin.
pub struct Passkeys {
    webauthn: Webauthn,
}

impl Passkeys {
    /// For an origin such as `https://shop.example` or `http://localhost:8080`. Its host becomes the relying party id,
    /// so every passkey is lost for an installation that changes its host; a changed port loses none.
    ///
    /// # Errors
    /// [`Failure::Origin`] for an IP address, which no browser takes as a relying party id, for plain http anywhere but
    /// on `localhost`, and for what is no origin.
    pub fn new(origin: &str) -> Result<Self, Failure> {
        let refused = |why| Failure::Origin { why };
        let url = Url::parse(origin).map_err(|_| refused("it is no URL"))?;
        let host = match (url.host_str(), url.domain()) {
            (_, Some(name)) => name,
            (Some(_), None) => {
                return Err(refused("an IP address cannot have passkeys; locally, use http://localhost"));
            }
            (None, None) => return Err(refused("it names no host")),
        };
        match url.scheme() {
            "https" => {}
            "http" if host == "localhost" => {}
            "http" => return Err(refused("without https they work on localhost only")),
            _ => return Err(refused("it is neither https nor http")),
        }
        let bare = url.username().is_empty()
            && url.password().is_none()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none();
        if !bare {
            return Err(refused("an origin is a scheme, a host and a port, and nothing else"));
        }
        let webauthn = WebauthnBuilder::new(host, &url)
            .and_then(|builder| {
                builder.rp_name(NAME).timeout(Duration::from_secs(u64::from(CHALLENGE_SECONDS))).build()
            })
            .map_err(|_| refused("its host cannot be a relying party"))?;
        Ok(Self { webauthn })
    }

    /// Asks a user for a new passkey: the challenge for `navigator.credentials.create`, as JSON, and the state to keep.
    ///
    /// The authenticator keeps the user's id and names, so the id must be a random one that says nothing. Passkeys in
    /// `existing` are not offered and not taken again.
    ///
    /// # Errors
    /// [`Failure::NoName`], [`Failure::TooMany`], or [`Failure::Unreadable`] for a passkey in `existing`.
    pub fn begin_registration(
        &self,
        user_uuid: Uuid,
        user_name: &str,
        display_name: &str,
        existing: &[StoredPasskey],
    ) -> Result<(String, String), Failure> {
        if existing.len() >= PASSKEYS_MAX {
            return Err(Failure::TooMany);
        }
        let mut known = Vec::with_capacity(existing.len());
        for stored in existing {
            known.push(read_passkey(stored)?.cred_id().clone());
        }
        let (challenge, state) = self
            .webauthn
            .start_passkey_registration(user_uuid, user_name, display_name, Some(known))
            .map_err(failure)?;
        Ok((write("challenge", &challenge)?, write("state", &state)?))
    }

    /// The new passkey, ready to be stored, from the state of [`Passkeys::begin_registration`] and the browser's answer.
    ///
    /// # Errors
    /// What is wrong with the answer.
    pub fn finish_registration(&self, state: &str, answer_json: &str) -> Result<StoredPasskey, Failure> {
        let state: PasskeyRegistration = read("state", state)?;
        let answer: RegisterPublicKeyCredential = read_answer(answer_json)?;
        refuse_framed(&answer.response.client_data_json)?;
        let passkey = self.webauthn.finish_passkey_registration(&answer, &state).map_err(failure)?;
        if passkey.cred_id().len() > CREDENTIAL_ID_BYTES_MAX {
            return Err(Failure::NotAcceptable);
        }
        write("passkey", &passkey)
    }

    /// Asks a known user for one of the passkeys: the challenge for `navigator.credentials.get`, as JSON, and the state
    /// to keep. The challenge lists the credential ids, so it is shown only to someone who gave a right password.
    ///
    /// # Errors
    /// [`Failure::NoPasskey`], or [`Failure::Unreadable`] for one of the passkeys.
    pub fn begin_authentication(&self, passkeys: &[StoredPasskey]) -> Result<(String, String), Failure> {
        // An empty list would let any passkey of this origin answer.
        if passkeys.is_empty() {
            return Err(Failure::NoPasskey);
        }
        let known = passkeys.iter().map(|stored| read_passkey(stored)).collect::<Result<Vec<_>, _>>()?;
        let (challenge, state) = self.webauthn.start_passkey_authentication(&known).map_err(failure)?;
        Ok((write("challenge", &challenge)?, write("state", &state)?))
    }

    /// What the user proved, from the state of [`Passkeys::begin_authentication`], the browser's answer and the user's
    /// passkeys as they are stored now, read in the transaction that stores [`Used::updated`].
    ///
    /// # Errors
    /// What is wrong with the answer.
    pub fn finish_authentication(
        &self,
        state: &str,
        answer_json: &str,
        passkeys: &[StoredPasskey],
    ) -> Result<Used, Failure> {
        let state: PasskeyAuthentication = read("state", state)?;
        let answer: PublicKeyCredential = read_answer(answer_json)?;
        refuse_framed(&answer.response.client_data_json)?;
        let result = self.webauthn.finish_passkey_authentication(&answer, &state).map_err(failure)?;
        if !result.user_verified() {
            return Err(Failure::NotVerified);
        }
        for stored in passkeys {
            let mut passkey = read_passkey(stored)?;
            let Some(changed) = passkey.update_credential(&result) else { continue };
            // The state holds the passkeys of the moment the challenge was made. Since then one may have been removed,
            // or used in another window, so the counter is compared with what is stored now as well.
            let Counted { cred: Counter { counter } } = read("passkey", stored)?;
            if (result.counter() > 0 || counter > 0) && result.counter() <= counter {
                return Err(Failure::CounterWentBack);
            }
            return Ok(Used {
                credential_id: BASE64.encode(result.cred_id()),
                updated: if changed { Some(write("passkey", &passkey)?) } else { None },
                user_verified: result.user_verified(),
            });
        }
        Err(Failure::UnknownCredential)
    }
}

/// The credential id of a stored passkey, in base64url without padding.
///
/// # Errors
/// [`Failure::Unreadable`] when the text is no passkey.
pub fn credential_id(stored: &str) -> Result<String, Failure> {
    Ok(BASE64.encode(read_passkey(stored)?.cred_id()))
}

/// The part of a stored passkey the library keeps to itself.
#[derive(Deserialize)]
struct Counted {
    cred: Counter,
}

#[derive(Deserialize)]
struct Counter {
    counter: u32,
}

/// The part of the browser's account of a ceremony that the library does not look at when a passkey is used.
#[derive(Deserialize)]
struct Surroundings {
    #[serde(rename = "crossOrigin", default)]
    cross_origin: Option<bool>,
}

/// Refuses an answer from a frame inside another site's page, where a user can be led to click (section 13.4.2).
fn refuse_framed(client_data: &[u8]) -> Result<(), Failure> {
    let surroundings: Surroundings =
        serde_json::from_slice(client_data).map_err(|_| Failure::Unreadable { what: "answer" })?;
    if surroundings.cross_origin == Some(true) { Err(Failure::Framed) } else { Ok(()) }
}

fn read_passkey(stored: &str) -> Result<Passkey, Failure> {
    read("passkey", stored)
}

fn read_answer<T: DeserializeOwned>(answer_json: &str) -> Result<T, Failure> {
    if answer_json.len() > ANSWER_BYTES_MAX {
        return Err(Failure::TooLong);
    }
    read("answer", answer_json)
}

// The parser's own words are left out: they quote what was sent.
fn read<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|_| Failure::Unreadable { what })
}

fn write<T: Serialize>(what: &'static str, value: &T) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|_| Failure::Unreadable { what })
}

fn failure(error: WebauthnError) -> Failure {
    match error {
        WebauthnError::InvalidUsername => Failure::NoName,
        WebauthnError::MismatchedChallenge => Failure::WrongChallenge,
        WebauthnError::InvalidRPOrigin | WebauthnError::InvalidRPIDHash => Failure::WrongOrigin,
        WebauthnError::CredentialCrossOrigin => Failure::Framed,
        WebauthnError::UserNotVerified | WebauthnError::UserNotPresent => Failure::NotVerified,
        WebauthnError::CredentialNotFound => Failure::UnknownCredential,
        WebauthnError::CredentialPossibleCompromise => Failure::CounterWentBack,
        // One name for two things: the library answers so for a passkey that was to be left out, too.
        WebauthnError::CredentialAlteredAlgFromRequest => Failure::NotAcceptable,
        WebauthnError::ParseJSONFailure(_) => Failure::Unreadable { what: "answer" },
        other => Failure::Refused(other),
    }
}
