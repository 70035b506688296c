//! Signing people in through an OpenID Connect provider: the authorization code flow with PKCE, state and nonce.
//!
//! What comes back is proven: the id token's issuer, audience, signature, expiry and nonce are checked before a word
//! of it is believed. It never accepts an unsigned token or one signed with a shared secret, never follows a redirect,
//! never speaks plain HTTP outside loopback, and never puts a code, a token or a secret into an error or a log.

mod directory;

use std::collections::HashMap;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreClientAuthMethod, CoreErrorResponseType,
    CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm,
    CoreProviderMetadata, CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse,
    CoreTokenType,
};
use openidconnect::url::form_urlencoded;
use openidconnect::{
    AccessToken, AccessTokenHash, AdditionalClaims, AuthType, AuthorizationCode, ClaimsVerificationError,
    Client, ClientId, ClientSecret, CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, IdToken, IdTokenClaims, IdTokenFields, IdTokenVerifier, Nonce, OAuth2TokenResponse,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, SignatureVerificationError,
    StandardErrorResponse, StandardTokenResponse, TokenResponse, UserInfoClaims, UserInfoError,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::directory::client;
use self::directory::{carrier, directory, plain, sending, unreadable};

/// A provider as the operator set it up.
#[derive(Clone)]
pub struct Provider {
    /// The issuer's address, exactly as the provider spells it: https, or http on loopback.
    pub issuer: String,
    /// The name under which this installation is registered there.
    pub client_id: String,
    /// The secret that goes with it; none for a public client.
    pub secret: Option<SecretString>,
    /// The claim that lists a person's groups, such as `groups`; it may not be one of the standard claims.
    pub groups_claim: String,
    /// The scopes to ask for beside `openid`.
    pub scopes: Vec<String>,
}

/// A sign-in that was begun. All but the address stays on the server until the person comes back. No Debug.
pub struct Begun {
    /// Where the browser goes.
    pub url: String,
    /// What the provider must hand back unchanged (RFC 6749 section 10.12).
    pub state: String,
    /// What the id token must repeat (OpenID Connect Core 1.0 section 2).
    pub nonce: String,
    /// The secret half of the PKCE challenge (RFC 7636).
    pub verifier: String,
}

/// What a provider has proven about a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// Who says so.
    pub issuer: String,
    /// The person's name at that issuer, which never changes; unique only together with the issuer.
    pub subject: String,
    /// The mail address, if one was told.
    pub email: Option<String>,
    /// Whether the provider says that it has checked the mail address.
    pub email_verified: bool,
    /// The name to show.
    pub name: Option<String>,
    /// The name the person signs in with there (`preferred_username`); it may change and may be used again.
    pub username: Option<String>,
    /// The groups the person is in, as the provider spells them.
    pub groups: Vec<String>,
    /// How the person proved who they are (RFC 8176), such as `pwd` or `mfa`.
    pub amr: Vec<String>,
    /// The level of that proof, as the provider calls it.
    pub acr: Option<String>,
    /// When the person did so, in seconds since 1970.
    pub auth_time: Option<i64>,
}

/// Why a sign-in did not come about. The texts are for the operator's log and name no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// What the operator set up cannot work.
    #[error("the provider's settings are wrong: {0}")]
    Settings(String),
    /// The provider gave no answer.
    #[error("the provider cannot be reached: {0}")]
    Unreachable(String),
    /// The provider answered something else than the protocol asks for.
    #[error("the provider's answer is wrong: {0}")]
    Answer(String),
    /// The id token does not prove what it should.
    #[error("the provider's token is refused: {0}")]
    Token(String),
    /// The browser came back with something else than it was sent out with.
    #[error("the way back from the provider is refused: {0}")]
    Returned(String),
    /// The provider said no.
    #[error("the provider denied the sign-in: {text}")]
    Denied {
        /// The error code of RFC 6749 or OpenID Connect, such as `access_denied` or `invalid_client`.
        code: String,
        /// The code, and the provider's own words.
        text: String,
    },
}

impl Failure {
    fn denied(code: &str, words: Option<&str>) -> Self {
        let code = plain(code);
        let text = words.map_or_else(|| code.clone(), |words| format!("{code} ({})", plain(words)));
        Self::Denied { code, text }
    }
}

/// All claims that OpenID Connect does not define itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct OtherClaims {
    #[serde(flatten)]
    all: HashMap<String, Value>,
}

impl AdditionalClaims for OtherClaims {}

type Token =
    IdToken<OtherClaims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;
type Claims = IdTokenClaims<OtherClaims, CoreGenderClaim>;
type PersonClaims = UserInfoClaims<OtherClaims, CoreGenderClaim>;
type Refused = StandardErrorResponse<CoreErrorResponseType>;
type TokenAnswer = StandardTokenResponse<
    IdTokenFields<
        OtherClaims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;
type RelyingParty = Client<
    OtherClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    Refused,
    TokenAnswer,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Begins a sign-in: where to send the browser, and what to keep until it comes back to `redirect_uri`.
///
/// # Errors
/// When the settings are wrong, or the provider cannot be reached or answers something wrong.
pub async fn begin(
    http: &reqwest::Client,
    provider: &Provider,
    redirect_uri: &str,
) -> Result<Begun, Failure> {
    let metadata = directory(http, provider, false).await?;
    let party = relying_party(provider, &metadata, redirect_uri)?;
    let (state, nonce, verifier) = (random_text()?, random_text()?, random_text()?);
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(verifier.clone()));
    let (sent_state, sent_nonce) = (CsrfToken::new(state.clone()), Nonce::new(nonce.clone()));
    let mut request = party
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || sent_state, move || sent_nonce)
        .set_pkce_challenge(challenge);
    for scope in provider.scopes.iter().filter(|scope| *scope != "openid") {
        request = request.add_scope(Scope::new(scope.clone()));
    }
    let (url, _, _) = request.url();
    Ok(Begun { url: url.into(), state, nonce, verifier })
}

/// Reads the query with which the browser came back, and gives the code that is in it.
///
/// The state must be the one that was sent, and the issuer, when it is named, the one that was asked (RFC 9207).
///
/// # Errors
/// When the provider denied the sign-in, or the query does not belong to it.
pub fn returned(provider: &Provider, query: &str, state: &str) -> Result<String, Failure> {
    let mut answer = HashMap::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if answer.insert(name.clone(), value).is_some() {
            return Err(Failure::Returned(format!("it names {} twice", plain(&name))));
        }
    }
    let same = answer
        .get("state")
        .is_some_and(|it| verify_slices_are_equal(it.as_bytes(), state.as_bytes()).is_ok());
    if !same {
        return Err(Failure::Returned("it does not belong to this sign-in (state)".into()));
    }
    if answer.get("iss").is_some_and(|it| *it != provider.issuer) {
        return Err(Failure::Returned("it comes from another provider (iss)".into()));
    }
    if let Some(error) = answer.get("error") {
        return Err(Failure::denied(error, answer.get("error_description").map(AsRef::as_ref)));
    }
    let code = answer.get("code").filter(|code| !code.is_empty());
    code.map(ToString::to_string).ok_or_else(|| Failure::Returned("it carries no code".into()))
}

/// Finishes a sign-in: exchanges the code and checks all that the provider says (OpenID Connect Core 1.0
/// section 3.1.3.7). `redirect_uri`, `nonce` and `verifier` are those of [`begin`]. A code works once.
///
/// # Errors
/// When the provider cannot be reached, denies the code, answers something wrong, or the id token proves nothing.
pub async fn finish(
    http: &reqwest::Client,
    provider: &Provider,
    redirect_uri: &str,
    code: &str,
    nonce: &str,
    verifier: &str,
) -> Result<Proven, Failure> {
    let metadata = directory(http, provider, false).await?;
    let party = relying_party(provider, &metadata, redirect_uri)?;
    let carrier = carrier(http, provider);
    let exchange = party
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .map_err(|_| Failure::Answer("it names no token endpoint".into()))?
        .set_pkce_verifier(PkceCodeVerifier::new(verifier.to_owned()));
    let answer = sending(exchange.request_async(&carrier)).await.map_err(exchange_failure)?;
    let token = answer.id_token().ok_or_else(|| Failure::Answer("there is no id token in it".into()))?;

    let nonce = Nonce::new(nonce.to_owned());
    let claims = match checked(provider, &metadata, token, &nonce, answer.access_token()) {
        Err(Unproven::UnknownKey) => {
            // The provider may have changed its keys since they were read. Once is enough.
            tracing::info!(issuer = provider.issuer, "reading the provider's keys again");
            let fresh = directory(http, provider, true).await?;
            checked(provider, &fresh, token, &nonce, answer.access_token())?
        }
        other => other?,
    };

    let mut proven = read(provider, claims);
    let listed = groups(provider, claims.additional_claims())?;
    let mail_is_due = proven.email.is_none() && provider.scopes.iter().any(|scope| scope == "email");
    let groups_are_due = listed.is_none() && !provider.groups_claim.is_empty();
    proven.groups = listed.unwrap_or_default();
    if (mail_is_due || groups_are_due) && metadata.userinfo_endpoint().is_some() {
        sendable(answer.access_token())?;
        let question = party
            .user_info(answer.access_token().clone(), Some(claims.subject().clone()))
            .map_err(|_| Failure::Answer("it names no userinfo endpoint".into()))?;
        let person: PersonClaims =
            sending(question.request_async(&carrier)).await.map_err(userinfo_failure)?;
        complete(&mut proven, &person);
        if groups_are_due {
            proven.groups = groups(provider, person.additional_claims())?.unwrap_or_default();
        }
    }
    Ok(proven)
}

/// Why a token is not believed.
enum Unproven {
    /// None of the known keys can have signed it.
    UnknownKey,
    /// Anything else.
    Because(String),
}

impl From<Unproven> for Failure {
    fn from(unproven: Unproven) -> Self {
        match unproven {
            Unproven::UnknownKey => {
                Self::Token("it is signed with a key the provider does not publish".into())
            }
            Unproven::Because(why) => Self::Token(plain(&why)),
        }
    }
}

fn checked<'a>(
    provider: &Provider,
    metadata: &CoreProviderMetadata,
    token: &'a Token,
    nonce: &Nonce,
    access: &AccessToken,
) -> Result<&'a Claims, Unproven> {
    // Always as a public client: without a secret at hand, nothing can be checked by HMAC even by mistake.
    let verifier = IdTokenVerifier::new_public_client(
        ClientId::new(provider.client_id.clone()),
        metadata.issuer().clone(),
        metadata.jwks().clone(),
    )
    .set_allowed_algs([
        CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
        CoreJwsSigningAlgorithm::EcdsaP256Sha256,
        CoreJwsSigningAlgorithm::EdDsa,
    ]);
    let claims = token.claims(&verifier, nonce).map_err(|error| match error {
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => {
            Unproven::UnknownKey
        }
        // The outer text says only that the signature is wrong, the inner one why.
        ClaimsVerificationError::SignatureVerification(why) => Unproven::Because(why.to_string()),
        other => Unproven::Because(other.to_string()),
    })?;
    if claims.authorized_party().is_some_and(|party| party.as_str() != provider.client_id) {
        return Err(Unproven::Because("it was issued to another client (azp)".into()));
    }
    if claims.subject().is_empty() || claims.subject().len() > 255 {
        return Err(Unproven::Because("its subject is empty or longer than 255 characters".into()));
    }
    if let Some(expected) = claims.access_token_hash() {
        let broken = |_| Unproven::Because("its at_hash cannot be checked".into());
        let algorithm = token.signing_alg().map_err(broken)?;
        let key = token.signing_key(&verifier).map_err(broken)?;
        let actual = AccessTokenHash::from_token(access, algorithm, key)
            .map_err(|_| Unproven::Because("its at_hash cannot be checked".into()))?;
        if actual != *expected {
            return Err(Unproven::Because("it belongs to another access token (at_hash)".into()));
        }
    }
    Ok(claims)
}

fn read(provider: &Provider, claims: &Claims) -> Proven {
    let methods = claims.auth_method_refs().into_iter().flatten();
    Proven {
        issuer: provider.issuer.clone(),
        subject: claims.subject().to_string(),
        email: claims.email().map(|it| it.to_string()),
        email_verified: claims.email().is_some() && claims.email_verified().unwrap_or(false),
        name: claims.name().and_then(|it| it.get(None)).map(|it| it.to_string()),
        username: claims.preferred_username().map(|it| it.to_string()),
        groups: Vec::new(),
        amr: methods.map(|it| it.to_string()).collect(),
        acr: claims.auth_context_ref().map(|it| it.to_string()),
        auth_time: claims.auth_time().map(|it| it.timestamp()),
    }
}

/// Fills in what the id token left out. What it said itself stands: it is signed, this is not.
fn complete(proven: &mut Proven, person: &PersonClaims) {
    if proven.email.is_none() {
        proven.email = person.email().map(|it| it.to_string());
        // The flag goes with the address of the same source.
        proven.email_verified = proven.email.is_some() && person.email_verified().unwrap_or(false);
    }
    if proven.name.is_none() {
        proven.name = person.name().and_then(|it| it.get(None)).map(|it| it.to_string());
    }
    if proven.username.is_none() {
        proven.username = person.preferred_username().map(|it| it.to_string());
    }
}

/// The groups, or none when the claim is missing.
fn groups(provider: &Provider, claims: &OtherClaims) -> Result<Option<Vec<String>>, Failure> {
    let name = provider.groups_claim.as_str();
    let wrong =
        || Failure::Answer(format!("the claim {} is neither a text nor a list of texts", plain(name)));
    match claims.all.get(name) {
        // Section 5.6.2 of OpenID Connect Core: the value is elsewhere. To take that for "no groups" would silently
        // take away the rights of just those who are in many.
        None if claims.all.get("_claim_names").is_some_and(|names| names.get(name).is_some()) => {
            Err(Failure::Answer(format!("the claim {} is kept elsewhere (too many groups)", plain(name))))
        }
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(one)) => Ok(Some(vec![one.clone()])),
        Some(Value::Array(many)) => {
            let texts = many.iter().map(|it| it.as_str().map(ToOwned::to_owned));
            texts.collect::<Option<Vec<_>>>().map(Some).ok_or_else(wrong)
        }
        Some(_) => Err(wrong()),
    }
}

fn relying_party(
    provider: &Provider,
    metadata: &CoreProviderMetadata,
    redirect_uri: &str,
) -> Result<RelyingParty, Failure> {
    let redirect = RedirectUrl::new(redirect_uri.to_owned())
        .map_err(|_| Failure::Settings("the redirect address is no address".into()))?;
    let secret = provider.secret.as_ref().map(|secret| ClientSecret::new(secret.expose_secret().to_owned()));
    // Without a list, the basic method is the one a provider must know (OpenID Connect Discovery 1.0 section 3).
    let known = metadata.token_endpoint_auth_methods_supported();
    let in_header = known.is_none_or(|known| known.contains(&CoreClientAuthMethod::ClientSecretBasic));
    let way = if in_header { AuthType::BasicAuth } else { AuthType::RequestBody };
    let client_id = ClientId::new(provider.client_id.clone());
    Ok(RelyingParty::from_provider_metadata(metadata.clone(), client_id, secret)
        .set_redirect_uri(redirect)
        .set_auth_type(way))
}

/// Refuses an access token that is no text for a header: `openidconnect` would panic on it.
fn sendable(token: &AccessToken) -> Result<(), Failure> {
    if token.secret().bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    Err(Failure::Answer("its access token is no bearer token (RFC 6750)".into()))
}

fn exchange_failure(error: RequestTokenError<Failure, Refused>) -> Failure {
    match error {
        RequestTokenError::Request(failure) => failure,
        RequestTokenError::ServerResponse(refused) => {
            Failure::denied(refused.error().as_ref(), refused.error_description().map(String::as_str))
        }
        RequestTokenError::Parse(error, _) => unreadable("the token answer", error.path(), error.inner()),
        RequestTokenError::Other(why) => Failure::Answer(plain(&why)),
    }
}

fn userinfo_failure(error: UserInfoError<Failure>) -> Failure {
    match error {
        UserInfoError::Request(failure) => failure,
        UserInfoError::Parse(error) => unreadable("the userinfo", error.path(), error.inner()),
        UserInfoError::ClaimsVerification(why) => Failure::Token(plain(&format!("userinfo: {why}"))),
        UserInfoError::Response(status, _, why) => {
            Failure::Answer(plain(&format!("userinfo {status}: {why}")))
        }
        other => Failure::Answer(plain(&other.to_string())),
    }
}

fn random_text() -> Result<String, Failure> {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Failure::Settings("there is no randomness".into()))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
