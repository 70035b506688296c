//! Leave for programs: what a program asks for in a person's name, the codes it gets, and the grants they become
//! (RFC 6749 §4.1, RFC 7636, RFC 8628; contract 1.1).
//!
//! Never here: pages. Tokens go to registered addresses only, compared letter by letter.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::ids::{ApplicationId, PartnerId};
use chandlery_store::applications::Application;
use chandlery_store::grants::{self, Code, DeviceCode, DeviceState, Grant, Leave};
use chandlery_store::sessions::Session;
use chandlery_store::{Write, people};
use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq;

use super::desk::{Desk, Visit};
use super::people::Known;
use super::sign_in::digest_of;
use crate::app::Context;
use crate::error::Error;
use crate::texts::Complaint;

/// How long an authorization code counts (RFC 6749 §4.1.2 says ten minutes at most).
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(2);
/// How long a refresh token counts without being used.
const REFRESH_LIFE: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How long a device may wait for its person.
pub const DEVICE_LIFE: SignedDuration = SignedDuration::from_mins(15);
/// How often a device may ask, in seconds.
pub const DEVICE_INTERVAL: i64 = 5;
/// The letters of the codes people type: no vowels, so no words (RFC 8628 §6.1).
const USER_CODE: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";

/// How the answer goes back to the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// In the query.
    Query,
    /// By a form that the browser posts.
    FormPost,
}

/// What a program asks for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The program.
    pub client: ApplicationId,
    /// Where the answer goes.
    pub redirect_uri: String,
    /// How it goes there.
    pub mode: Mode,
    /// Whether an id token is wanted beside the code.
    pub id_token: bool,
    /// The scopes.
    pub scope: String,
    /// The audience, or empty.
    pub audience: String,
    /// What is sent back as it came.
    pub state: Option<String>,
    /// For the id token.
    pub nonce: String,
    /// The PKCE challenge, or empty.
    pub challenge: String,
    /// `none`: do not ask the person anything; `login`: ask anew.
    pub prompt: String,
}

/// Why a request cannot be answered with a code.
#[derive(Debug)]
pub enum Unfit {
    /// Nothing may go back, because the address to send it to is not known to be the program's: told to the person.
    Page(Complaint),
    /// Told to the program.
    Program {
        /// Where.
        redirect_uri: String,
        /// How.
        mode: Mode,
        /// The error's word.
        error: &'static str,
        /// What is wrong.
        description: String,
        /// What is sent back as it came.
        state: Option<String>,
    },
}

/// Whether an address is one the program registered: letter by letter, save that a program on the person's own machine
/// may use any port of a registered loopback address (RFC 8252 §7.3).
pub fn is_registered(application: &Application, address: &str) -> bool {
    application.redirect_uris.iter().any(|own| own == address || same_but_port(own, address))
}

fn same_but_port(own: &str, address: &str) -> bool {
    let split = |text: &str| -> Option<(String, String)> {
        for host in ["http://127.0.0.1", "http://[::1]", "http://localhost"] {
            if let Some(rest) = text.strip_prefix(host) {
                let path = match rest.strip_prefix(':') {
                    Some(rest) => {
                        let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
                        rest.get(end..)?.to_owned()
                    }
                    None => rest.to_owned(),
                };
                return (path.is_empty() || path.starts_with('/')).then(|| (host.to_owned(), path));
            }
        }
        None
    };
    split(own).is_some_and(|own| split(address).is_some_and(|other| own == other))
}

/// Checks an address somebody registers for a program.
///
/// # Errors
/// A sentence that says what would be right.
pub fn check_redirect(address: &str) -> Result<(), Complaint> {
    let wrong = || Err(Complaint::of("redirect-wrong").with("address", address));
    let Ok(url) = reqwest::Url::parse(address) else { return wrong() };
    // Not [::1]: a content policy cannot name it, so a browser would stop on the way back.
    let loopback = matches!(url.host_str(), Some("127.0.0.1" | "localhost"));
    let scheme = url.scheme() == "https" || (url.scheme() == "http" && loopback);
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    if scheme && plain && address.len() <= 500 && !address.contains(char::is_whitespace) {
        Ok(())
    } else {
        wrong()
    }
}

/// Reads what a program asks for.
///
/// # Errors
/// [`Unfit`].
pub async fn read(desk: &Desk, pairs: &[(String, String)]) -> Result<(Asked, Arc<Application>), Unfit> {
    let one = |name: &str| {
        let mut found = pairs.iter().filter(|(own, _)| own == name).map(|(_, value)| value.clone());
        let first = found.next();
        if found.next().is_some() {
            return Err(Unfit::Page(Complaint::of("authorize-twice").with("name", name)));
        }
        Ok(first.filter(|value| !value.is_empty()))
    };
    let unknown = || Unfit::Page(Complaint::of("authorize-unknown"));
    let client: ApplicationId = one("client_id")?.and_then(|id| id.parse().ok()).ok_or_else(unknown)?;
    let application = desk
        .programs
        .find(&desk.installation.store, client)
        .await
        .map_err(|error| {
            tracing::error!(%error, "a program could not be looked for");
            Unfit::Page(Complaint::of("authorize-busy"))
        })?
        .ok_or_else(unknown)?;
    let redirect_uri = match (one("redirect_uri")?, application.redirect_uris.as_slice()) {
        (Some(address), _) if is_registered(&application, &address) => address,
        (None, [only]) => only.clone(),
        _ => {
            return Err(Unfit::Page(Complaint::of("authorize-address")));
        }
    };
    let state = one("state")?;
    let mode = match one("response_mode")?.as_deref() {
        None | Some("query") => Mode::Query,
        Some("form_post") => Mode::FormPost,
        Some(_) => return Err(Unfit::Page(Complaint::of("authorize-mode"))),
    };
    let refuse = |error: &'static str, description: &str| Unfit::Program {
        redirect_uri: redirect_uri.clone(),
        mode,
        error,
        description: description.to_owned(),
        state: state.clone(),
    };
    let response_type = one("response_type")?.unwrap_or_default();
    let kinds: Vec<&str> = response_type.split(' ').collect();
    if !kinds.contains(&"code") || kinds.iter().any(|kind| !["code", "id_token"].contains(kind)) {
        return Err(refuse("unsupported_response_type", "response_type must be code, or code id_token"));
    }
    let id_token = kinds.contains(&"id_token");
    let nonce = one("nonce")?.unwrap_or_default();
    if id_token && (nonce.is_empty() || mode != Mode::FormPost) {
        return Err(refuse("invalid_request", "an id_token needs a nonce and response_mode=form_post"));
    }
    let challenge = one("code_challenge")?.unwrap_or_default();
    let method = one("code_challenge_method")?;
    if !challenge.is_empty() && (method.as_deref() != Some("S256") || challenge.len() != 43) {
        return Err(refuse(
            "invalid_request",
            "code_challenge_method must be S256, the challenge 43 letters long",
        ));
    }
    if challenge.is_empty() && application.public {
        return Err(refuse("invalid_request", "a public application must send a code_challenge (PKCE)"));
    }
    let scope = one("scope")?.unwrap_or_default();
    let audience =
        one("resource")?.unwrap_or_else(|| super::token_endpoint::audience_of(&scope).unwrap_or_default());
    let asked = Asked {
        client,
        redirect_uri: redirect_uri.clone(),
        mode,
        id_token,
        scope: scope.chars().take(500).collect(),
        audience: audience.chars().take(500).collect(),
        state: state.clone(),
        nonce: nonce.chars().take(500).collect(),
        challenge,
        prompt: one("prompt")?.unwrap_or_default(),
    };
    Ok((asked, application))
}

/// What a person who is signed in gives a program leave for.
pub fn leave(known: &Known, session: &Session, client: ApplicationId, scope: &str, audience: &str) -> Leave {
    let first = if session.method == "pwd" { "pwd" } else { "fed" };
    let methods = if session.factor_at.is_some() { format!("{first} mfa") } else { first.to_owned() };
    Leave {
        partner: known.user.partner,
        user: known.user.id,
        client,
        scope: scope.to_owned(),
        audience: audience.to_owned(),
        methods,
        signed_in_at: session.factor_at.unwrap_or(session.began_at),
    }
}

/// Whether a person may act through a program at all: one of the program's own partner, and nobody's customer.
pub fn may_use(known: &Known, application: &Application) -> bool {
    known.user.partner == application.partner && known.user.customer.is_none()
}

/// Draws an authorization code for a person's leave; returns its text.
///
/// # Errors
/// The store's own.
pub async fn give_code(desk: &Desk, cx: &Context, asked: &Asked, leave: Leave) -> Result<String, Error> {
    let secret = crate::ids::random_text(32);
    let now = desk.world.now();
    let code = Code {
        id: digest_of(&secret),
        redirect_uri: asked.redirect_uri.clone(),
        challenge: asked.challenge.clone(),
        nonce: asked.nonce.clone(),
        ends_at: now.checked_add(CODE_LIFE).map_err(Error::internal)?,
        grant: None,
        leave,
    };
    let text = format!("{}.{secret}", code.leave.partner);
    desk.installation
        .store
        .write(cx.stamp(), move |tx| {
            grants::insert_code(tx, &code)?;
            let entry = Entry::did(Operation::IssueToken, Resource::Application, code.leave.client);
            Ok::<_, Error>(((), entry.with(vec![Fact::new("kind", "authorization code")])))
        })
        .await?;
    Ok(text)
}

/// A program's request for tokens that could not be fulfilled: the error's word and a sentence (RFC 6749 §5.2).
pub struct NoGrant(pub &'static str, pub String);

fn no_grant(text: &str) -> NoGrant {
    NoGrant("invalid_grant", text.to_owned())
}

/// What a person's program gets: the grant, and the refresh token that counts from now on.
pub struct Granted {
    /// The grant.
    pub grant: Grant,
    /// The refresh token.
    pub refresh_token: String,
    /// The nonce for the id token, or empty.
    pub nonce: String,
    /// The person.
    pub known: Arc<Known>,
    /// When it was asked for: what is revoked later than that, is revoked.
    pub at: Timestamp,
}

/// The text of a refresh token: partner, grant, 256 random bits, and a seal that only this installation can make. The seal
/// tells a token that was once given out from one that somebody made up: only the first raises the alarm.
async fn refresh_text(desk: &Desk, partner: PartnerId, grant: &str, secret: &str) -> Result<String, Error> {
    let text = format!("{partner}.{grant}.{secret}");
    let (vault, sealed) = (Arc::clone(&desk.installation.vault), format!("refresh token {text}"));
    let seal = desk.installation.store.read(move |tx| vault.fingerprint(tx, &sealed)).await?;
    let seal: String = seal.chars().take(32).collect();
    Ok(format!("{text}.{seal}"))
}

fn fresh_grant(leave: Leave, now: Timestamp) -> Result<(Grant, String), Error> {
    let (id, secret) = (crate::ids::random_text(12), crate::ids::random_text(32));
    let grant = Grant {
        id,
        token: digest_of(&secret),
        began_at: now,
        used_at: now,
        ends_at: now.checked_add(REFRESH_LIFE).map_err(Error::internal)?,
        revoked_at: None,
        leave,
    };
    Ok((grant, secret))
}

impl Desk {
    fn as_person(&self, known: &Known, visit: &Visit, client: ApplicationId) -> Context {
        let mut cx = self.before_sign_in(Some(&known.user), known.key.clone(), visit);
        cx.actor = known.actor(Some(client));
        cx
    }

    /// Takes back everything a grant gave: its refresh tokens, and by the person's mark every access token given so far.
    async fn revoke_family(
        &self,
        cx: &Context,
        known: &Known,
        grant: &str,
        why: &'static str,
    ) -> Result<(), Error> {
        let (user, id, now) = (known.user.clone(), grant.to_owned(), self.world.now());
        // An act of its own, beside the one that found it out: an entry of its own.
        let cx = cx.anew();
        self.installation
            .store
            .write(cx.stamp(), move |tx| {
                grants::revoke(tx, user.partner, &id, now)?;
                people::update(tx, user.partner, user.id, |user| user.tokens_from = now)?;
                let entry = Entry::did(Operation::RevokeGrant, Resource::Application, told(&id));
                Ok::<_, Error>(((), entry.failed().with(vec![Fact::new("why", why)])))
            })
            .await?;
        self.people.forget(known.user.partner, known.user.id);
        Ok(())
    }

    /// Exchanges an authorization code.
    ///
    /// # Errors
    /// [`NoGrant`] inside; the store's own outside.
    pub async fn exchange_code(
        &self,
        visit: &Visit,
        application: &Application,
        (code, redirect_uri, verifier): (&str, Option<&str>, Option<&str>),
    ) -> Result<Result<Granted, NoGrant>, Error> {
        let wrong =
            || no_grant("the code is not known, was used, or has expired; ask the person to sign in again");
        let Some((partner, secret)) = code.split_once('.') else { return Ok(Err(wrong())) };
        if partner != application.partner.to_string() {
            return Ok(Err(wrong()));
        }
        let (partner, id, now) = (application.partner, digest_of(secret), self.world.now());
        let found = self
            .installation
            .store
            .read({
                let id = id.clone();
                move |tx| Ok::<_, Error>(grants::code(tx, partner, &id)?)
            })
            .await?;
        let Some(found) = found.filter(|own| own.leave.client == application.client_id) else {
            return Ok(Err(wrong()));
        };
        let Some(known) = self.person(partner, found.leave.user).await? else { return Ok(Err(wrong())) };
        let cx = self.as_person(&known, visit, application.client_id);
        if let Some(grant) = &found.grant {
            self.revoke_family(&cx, &known, grant, "an authorization code was used twice").await?;
            return Ok(Err(wrong()));
        }
        if found.ends_at <= now || redirect_uri.is_some_and(|own| own != found.redirect_uri) {
            return Ok(Err(wrong()));
        }
        let fits = match (found.challenge.as_str(), verifier) {
            ("", None) => true,
            ("", Some(_)) | (_, None) => false,
            (challenge, Some(verifier)) => {
                let own = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
                (43..=128).contains(&verifier.len()) && bool::from(own.as_bytes().ct_eq(challenge.as_bytes()))
            }
        };
        if !fits {
            return Ok(Err(no_grant("the code_verifier does not belong to the code_challenge")));
        }
        let (grant, secret) = fresh_grant(found.leave.clone(), now)?;
        let refresh_token = refresh_text(self, partner, &grant.id, &secret).await?;
        let (stored, used) = (grant.clone(), grant.id.clone());
        let first = self
            .installation
            .store
            .write(cx.stamp(), move |tx| {
                let first = grants::use_code(tx, partner, &id, &used)?;
                if first {
                    grants::insert(tx, &stored)?;
                }
                Ok::<_, Error>((first, tokens_issued(&stored, "authorization code", first)))
            })
            .await?;
        if !first {
            return Ok(Err(wrong()));
        }
        Ok(Ok(Granted { grant, refresh_token, nonce: found.nonce, known, at: now }))
    }

    /// Uses a refresh token: it is replaced by a fresh one. One that was replaced before was stolen from somebody, so
    /// everything the grant gave is taken back.
    ///
    /// # Errors
    /// [`NoGrant`] inside; the store's own outside.
    pub async fn refresh(
        &self,
        visit: &Visit,
        application: &Application,
        token: &str,
    ) -> Result<Result<Granted, NoGrant>, Error> {
        let wrong = || no_grant("the refresh token is not known, was revoked, or has expired; sign in again");
        let parts: Vec<&str> = token.split('.').collect();
        let [partner, id, secret, _] = parts.as_slice() else { return Ok(Err(wrong())) };
        if *partner != application.partner.to_string() {
            return Ok(Err(wrong()));
        }
        let (partner, now) = (application.partner, self.world.now());
        let real = refresh_text(self, partner, id, secret).await?;
        if !bool::from(real.as_bytes().ct_eq(token.as_bytes())) {
            return Ok(Err(wrong()));
        }
        let found = self
            .installation
            .store
            .read({
                let id = (*id).to_owned();
                move |tx| Ok::<_, Error>(grants::find(tx, partner, &id)?)
            })
            .await?;
        let counts = |own: &Grant| {
            own.leave.client == application.client_id && own.revoked_at.is_none() && own.ends_at > now
        };
        let Some(grant) = found.filter(counts) else { return Ok(Err(wrong())) };
        let Some(known) = self.person(partner, grant.leave.user).await? else { return Ok(Err(wrong())) };
        let cx = self.as_person(&known, visit, application.client_id);
        if !bool::from(grant.token.as_bytes().ct_eq(digest_of(secret).as_bytes())) {
            self.revoke_family(&cx, &known, &grant.id, "a refresh token was used twice").await?;
            return Ok(Err(wrong()));
        }
        let keeps = application.keeps_refresh_tokens && !application.public;
        let fresh = if keeps { (*secret).to_owned() } else { crate::ids::random_text(32) };
        let refresh_token = refresh_text(self, partner, &grant.id, &fresh).await?;
        let ends_at = now.checked_add(REFRESH_LIFE).map_err(Error::internal)?;
        let (stored, token) = (grant.clone(), digest_of(&fresh));
        let rotated = self
            .installation
            .store
            .write(cx.stamp(), move |tx| {
                let rotated = grants::rotate(tx, &stored, &token, now, ends_at)?;
                Ok::<_, Error>((rotated, tokens_issued(&stored, "refresh token", rotated)))
            })
            .await?;
        if !rotated {
            // Two used it at the same moment: one of them is not who it says.
            self.revoke_family(&cx, &known, &grant.id, "a refresh token was used twice").await?;
            return Ok(Err(wrong()));
        }
        Ok(Ok(Granted { grant, refresh_token, nonce: String::new(), known, at: now }))
    }

    /// A device asks for a person's leave; returns the code it polls with and the one the person types.
    ///
    /// # Errors
    /// The store's own.
    pub async fn begin_device(
        &self,
        application: &Application,
        scope: &str,
        audience: &str,
    ) -> Result<(String, String), Error> {
        let (secret, now) = (crate::ids::random_text(32), self.world.now());
        let user_code = user_code();
        let code = DeviceCode {
            partner: application.partner,
            id: digest_of(&secret),
            user_code: user_code.clone(),
            client: application.client_id,
            scope: scope.chars().take(500).collect(),
            audience: audience.chars().take(500).collect(),
            state: DeviceState::Waiting,
            user: None,
            methods: String::new(),
            signed_in_at: now,
            ends_at: now.checked_add(DEVICE_LIFE).map_err(Error::internal)?,
            polled_at: Timestamp::UNIX_EPOCH,
        };
        let text = format!("{}.{secret}", application.partner);
        self.installation.store.bookkeep(move |tx| Ok::<_, Error>(grants::insert_device(tx, &code)?)).await?;
        Ok((text, user_code))
    }

    /// A device asks whether its person has answered.
    ///
    /// # Errors
    /// [`NoGrant`] inside, with the words of RFC 8628 §3.5; the store's own outside.
    pub async fn poll_device(
        &self,
        visit: &Visit,
        application: &Application,
        code: &str,
    ) -> Result<Result<Granted, NoGrant>, Error> {
        let over =
            || NoGrant("expired_token", "the device code is not known or has expired; begin again".into());
        let Some((partner, secret)) = code.split_once('.') else { return Ok(Err(over())) };
        if partner != application.partner.to_string() {
            return Ok(Err(over()));
        }
        let (partner, id, now) = (application.partner, digest_of(secret), self.world.now());
        let found =
            self.installation.store.read(move |tx| Ok::<_, Error>(grants::device(tx, partner, &id)?)).await?;
        let fits = |own: &DeviceCode| own.client == application.client_id && own.ends_at > now;
        let Some(mut found) = found.filter(fits) else { return Ok(Err(over())) };
        match found.state {
            DeviceState::Waiting => {
                let too_soon = now.duration_since(found.polled_at).as_secs() < DEVICE_INTERVAL;
                found.polled_at = now;
                self.installation
                    .store
                    .bookkeep(move |tx| {
                        Ok::<_, Error>(grants::save_device(tx, &found, DeviceState::Waiting)?)
                    })
                    .await?;
                Ok(Err(if too_soon {
                    NoGrant("slow_down", format!("ask every {DEVICE_INTERVAL} seconds at most"))
                } else {
                    NoGrant("authorization_pending", "the person has not answered yet".into())
                }))
            }
            DeviceState::Denied => Ok(Err(NoGrant("access_denied", "the person said no".into()))),
            DeviceState::Used => Ok(Err(over())),
            DeviceState::Allowed => {
                let Some(user) = found.user else { return Ok(Err(over())) };
                let Some(known) = self.person(partner, user).await? else { return Ok(Err(over())) };
                let leave = Leave {
                    partner,
                    user,
                    client: found.client,
                    scope: found.scope.clone(),
                    audience: found.audience.clone(),
                    methods: found.methods.clone(),
                    signed_in_at: found.signed_in_at,
                };
                let (grant, secret) = fresh_grant(leave, now)?;
                let refresh_token = refresh_text(self, partner, &grant.id, &secret).await?;
                let (stored, cx) = (grant.clone(), self.as_person(&known, visit, application.client_id));
                found.state = DeviceState::Used;
                let first = self
                    .installation
                    .store
                    .write(cx.stamp(), move |tx: &mut Write<'_>| {
                        let first = grants::save_device(tx, &found, DeviceState::Allowed)?;
                        if first {
                            grants::insert(tx, &stored)?;
                        }
                        Ok::<_, Error>((first, tokens_issued(&stored, "device code", first)))
                    })
                    .await?;
                if !first {
                    return Ok(Err(over()));
                }
                Ok(Ok(Granted { grant, refresh_token, nonce: String::new(), known, at: now }))
            }
        }
    }
}

/// How the log names a grant: not by the id that its refresh tokens carry.
fn told(grant: &str) -> String {
    digest_of(grant).chars().take(16).collect()
}

fn tokens_issued(grant: &Grant, by: &str, done: bool) -> Entry {
    let entry = Entry::did(Operation::IssueToken, Resource::Application, grant.leave.client)
        .with(vec![Fact::new("by", by), Fact::new("grant", told(&grant.id))]);
    if done { entry } else { entry.failed() }
}

/// A code of eight letters, as `WDJB-MJHT`.
fn user_code() -> String {
    let mut text = String::with_capacity(9);
    while text.len() < 9 {
        if text.len() == 4 {
            text.push('-');
        }
        let mut byte = [0_u8; 1];
        crate::ids::fill(&mut byte);
        // Bytes beyond the alphabet are thrown away, so that every letter is as likely as any other.
        if let [byte] = byte
            && let Some(letter) = USER_CODE.get(usize::from(byte & 0x1F))
        {
            text.push(char::from(*letter));
        }
    }
    text
}

/// A code as it is kept, however the person typed it.
pub fn read_user_code(text: &str) -> String {
    let letters: String =
        text.chars().filter(char::is_ascii_alphanumeric).take(8).map(|l| l.to_ascii_uppercase()).collect();
    match letters.split_at_checked(4) {
        Some((one, two)) => format!("{one}-{two}"),
        None => letters,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn application(addresses: &[&str]) -> Application {
        Application {
            client_id: ApplicationId::new(uuid::Uuid::from_u128(1)),
            partner: chandlery_domain::ids::PartnerId::new(uuid::Uuid::from_u128(2)),
            name: "a".into(),
            roles: Vec::new(),
            redirect_uris: addresses.iter().map(|own| (*own).to_owned()).collect(),
            public: true,
            keeps_refresh_tokens: false,
            revoked_at: None,
            credentials: Vec::new(),
        }
    }

    #[test]
    fn answers_go_to_registered_addresses_only() {
        let own = application(&["https://app.example/cb", "http://127.0.0.1/cb"]);
        for good in ["https://app.example/cb", "http://127.0.0.1/cb", "http://127.0.0.1:51234/cb"] {
            assert!(is_registered(&own, good), "{good}");
        }
        for bad in [
            "https://app.example/cb/",
            "https://app.example/cb?x=1",
            "https://app.example.evil.example/cb",
            "https://app.example@evil.example/cb",
            "http://app.example/cb",
            "http://127.0.0.1:1@evil.example/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://127.0.0.1:1/other",
            "http://localhost/cb",
            "javascript:alert(1)",
        ] {
            assert!(!is_registered(&own, bad), "{bad}");
        }
    }

    #[test]
    fn addresses_are_checked_when_they_are_registered() {
        assert!(check_redirect("https://app.example/cb?x=1").is_ok());
        assert!(check_redirect("http://localhost:8400").is_ok());
        for bad in [
            "http://app.example/cb",
            "https://u:p@app.example/",
            "https://app.example/#x",
            "javascript:x",
            "cb",
        ] {
            assert!(check_redirect(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn user_codes_are_read_as_people_type_them() {
        let code = user_code();
        assert_eq!(code.len(), 9);
        assert_eq!(read_user_code(&code.to_lowercase().replace('-', " ")), code);
        assert_eq!(read_user_code("ab"), "AB");
    }
}
