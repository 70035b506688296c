//! One call from end to end: its headers, who makes it, its body, the answer, and what is kept for a repeat.

use std::sync::Arc;

use axum::RequestExt as _;
use axum::body::{Body, Bytes};
use axum::extract::{RawPathParams, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use chandlery_domain::access::{Actor, Scope};
use chandlery_domain::audit::{Entry, Fact, attempted};
use chandlery_domain::ids::{ApplicationId, CorrelationId, RequestId, UserId};
use chandlery_store::{Read, Write, replays};
use serde_json::Value;

use super::answer::Answer;
use super::faults::fault;
use super::query::Query;
use super::{Api, Caller, Route, Who, reader};
use crate::app::{Context, Origin};
use crate::error::{Error, Missing};
use crate::ids::Seed;
use crate::outside::vault::Owner;
use crate::texts::Language;

/// The largest body taken: 1 MiB.
const BODY_MAX: usize = 1024 * 1024;

const REQUEST_ID: &str = "MS-RequestId";
const CORRELATION_ID: &str = "MS-CorrelationId";
const VALIDATE_MFA: &str = "ValidateMfa";

/// A call with everything its handler may ask.
pub struct Call {
    /// The interface.
    pub api: Api,
    /// Who, when, under which request.
    pub cx: Context,
    /// The right the route asked for.
    pub scope: Scope,
    /// The query.
    pub query: Query,
    /// The path without its version, with the query: how answers link to themselves.
    pub uri: String,
    params: Vec<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
    /// Method and path: with the request id, what a repeat is recognised by.
    name: String,
    repeatable: bool,
}

impl Call {
    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::trim)
            .filter(|text| !text.is_empty())
    }

    /// The language the caller reads: `X-Locale` as the interface has it, or else `Accept-Language`.
    pub fn language(&self) -> Language {
        let of = |name| self.header(name).and_then(Language::negotiated);
        of("x-locale").or_else(|| of("accept-language")).unwrap_or_default()
    }

    /// The uri with `seekOperation=Next`, once.
    pub fn uri_with_seek(&self) -> String {
        if self.query.text("seekoperation").is_some() {
            return self.uri.clone();
        }
        let sign = if self.uri.contains('?') { '&' } else { '?' };
        format!("{}{sign}seekOperation=Next", self.uri)
    }

    /// Where the caller reaches us.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str())
    }

    /// Whether the path has a parameter.
    pub fn has_param(&self, name: &str) -> bool {
        self.params.iter().any(|(own, _)| own == name)
    }

    /// A parameter of the path; what cannot be an id of its kind is not there.
    ///
    /// # Errors
    /// [`Error::NotFound`] with `missing`.
    pub fn id<T: std::str::FromStr>(&self, name: &str, missing: Missing) -> Result<T, Error> {
        self.param(name).parse().map_err(|_| Error::NotFound(missing))
    }

    /// The customer the path names.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is no id of one.
    pub fn customer(&self) -> Result<chandlery_domain::ids::CustomerId, Error> {
        self.id("customer", Missing::Customer)
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// [`Error::Invalid`] with line and column.
    pub fn json(&self) -> Result<Value, Error> {
        reader::parse(&self.body)
    }

    /// The version the caller says it read: from the header, or else from the body (contract 0.11).
    ///
    /// # Errors
    /// When it is no version of this thing.
    pub fn expected_revision(
        &self,
        id: impl std::fmt::Display,
        body: Option<&Value>,
    ) -> Result<Option<i64>, Error> {
        let in_body = body
            .and_then(|body| reader::Object::root(body).ok())
            .and_then(|root| root.object("attributes").ok().flatten())
            .and_then(|attributes| attributes.text("etag", 512).ok().flatten());
        match self.header("If-Match").map(str::to_owned).or(in_body) {
            None => Ok(None),
            Some(any) if any == "*" => Ok(None),
            Some(tag) => super::answer::etag_revision(id, &tag)
                .map(Some)
                .ok_or(Error::Refused(chandlery_domain::refusal::Refusal::StaleEtag)),
        }
    }

    /// Looks something up and shows it.
    ///
    /// # Errors
    /// What `work` returns, or the store's own.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Read<'_>, &Context, &Scope) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (cx, scope) = (self.cx.clone(), self.scope);
        self.api.installation.store.read(move |tx| work(tx, &cx, &scope)).await
    }

    /// Does something once, however often the call is sent: the answer is kept in the same transaction, under the
    /// request id, and under `kept_under` where something else decides what is a repeat too. A refusal is kept under
    /// the request id, with an entry in the log made from `attempted`.
    ///
    /// # Errors
    /// What is about us and not about the request; refusals come back as answers.
    pub async fn write<T: Send + 'static>(
        &self,
        attempted: Entry,
        kept_under: Option<(RequestId, &'static str)>,
        work: impl Fn(&mut Write<'_>, &Context, &Scope) -> Result<(T, Entry), Error> + Send + Sync + 'static,
        show: impl Fn(&T) -> Result<Answer, Error> + Send + Sync + 'static,
    ) -> Result<Answer, Error> {
        let (cx, scope) = (self.cx.clone(), self.scope);
        let mut calls = self.own_name();
        calls.extend(kept_under.map(|(id, name)| (id, name.to_owned())));
        let kept_calls = calls.clone();
        let vault = Arc::clone(&self.api.installation.vault);
        let done = self
            .api
            .installation
            .store
            .write(cx.stamp(), move |tx| {
                let (value, entry) = work(tx, &cx, &scope)?;
                let answer = show(&value)?;
                if !kept_calls.is_empty() {
                    let kept = keep(tx, &vault, &scope, &answer)?;
                    if !replays::insert(tx, &scope, &kept_calls, &kept, cx.now)? {
                        return Err(Error::AnsweredBefore);
                    }
                }
                Ok((answer, entry))
            })
            .await;
        let error = match done {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        if !error.is_final() && !matches!(error, Error::AnsweredBefore) {
            return Err(error);
        }
        if let Some(answer) = self.answered_before(calls).await? {
            return Ok(answer);
        }
        if matches!(error, Error::AnsweredBefore) {
            return Err(Error::Refused(chandlery_domain::refusal::Refusal::CartAlreadyOrdered));
        }
        self.refuse(attempted, &error).await
    }

    /// The name under which the answer to this call is kept, if the caller gave it an id.
    fn own_name(&self) -> Vec<(RequestId, String)> {
        if self.repeatable { vec![(self.cx.request, self.name.clone())] } else { Vec::new() }
    }

    /// Refuses what was found out before any writing: with the answer this call got before, if it got one; else the
    /// refusal is kept and logged like any other.
    ///
    /// # Errors
    /// What is about us and not about the request.
    pub async fn refuse_early(&self, attempted: Entry, error: Error) -> Result<Answer, Error> {
        if !error.is_final() {
            return Err(error);
        }
        match self.answered_before(self.own_name()).await? {
            Some(answer) => Ok(answer),
            None => self.refuse(attempted, &error).await,
        }
    }

    /// Whether the caller sent nothing but blanks.
    pub fn has_no_body(&self) -> bool {
        self.body.iter().all(u8::is_ascii_whitespace)
    }

    async fn answered_before(&self, calls: Vec<(RequestId, String)>) -> Result<Option<Answer>, Error> {
        let vault = Arc::clone(&self.api.installation.vault);
        self.read(move |tx, _, scope| {
            for (request, name) in &calls {
                if let Some(kept) = replays::find(tx, scope, *request, name)? {
                    let status = StatusCode::from_u16(kept.status).map_err(Error::internal)?;
                    let body = if kept.sealed {
                        let owner = Owner::Partner(scope.partner());
                        vault.open(tx, owner, "replays", "answer", &kept.body)?.to_string()
                    } else {
                        kept.body
                    };
                    return Ok(Some(Answer::raw(status, body, kept.sealed)));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Keeps a refusal as the answer to this call, and says in the log that it was tried.
    async fn refuse(&self, attempted: Entry, error: &Error) -> Result<Answer, Error> {
        let fault = fault(error);
        let answer = fault.answer();
        // A limit is over in a while: the same call sent again is a new one.
        let passing = answer.status == StatusCode::TOO_MANY_REQUESTS;
        let calls = if passing { Vec::new() } else { self.own_name() };
        let (cx, scope) = (self.cx.clone(), self.scope);
        let entry = attempted.failed().with(vec![
            Fact::new("error_code", fault.code()),
            Fact::new("error_description", fault.description()),
        ]);
        let kept =
            replays::Answer { status: answer.status.as_u16(), body: answer.body.clone(), sealed: false };
        self.api
            .installation
            .store
            .write(cx.stamp(), move |tx| {
                if !calls.is_empty() {
                    replays::insert(tx, &scope, &calls, &kept, cx.now)?;
                }
                Ok::<_, Error>(((), entry.clone()))
            })
            .await?;
        Ok(answer)
    }
}

/// An answer as it is kept: sealed where it holds a secret.
fn keep(
    tx: &mut Write<'_>,
    vault: &crate::outside::vault::Vault,
    scope: &Scope,
    answer: &Answer,
) -> Result<replays::Answer, Error> {
    let body = if answer.secret {
        vault.seal(tx, Owner::Partner(scope.partner()), "replays", "answer", &answer.body)?
    } else {
        answer.body.clone()
    };
    Ok(replays::Answer { status: answer.status.as_u16(), body, sealed: answer.secret })
}

/// What every answer carries back (contract 0.4).
struct Echo {
    /// Whether the token shows a second factor, where the caller asked (contract 0.3).
    compliant: Option<bool>,
    request: RequestId,
    correlation: CorrelationId,
    locale: HeaderValue,
}

fn header_id<T: std::str::FromStr>(headers: &HeaderMap, name: &str) -> Result<Option<T>, Error> {
    let Some(value) = headers.get(name) else {
        return Ok(None);
    };
    let text = value.to_str().map_err(|_| Error::invalid(name, "must be a GUID"))?.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| Error::invalid(name, "must be a GUID"))
}

/// Answers one call: the way every route goes.
pub async fn answer(api: Api, route: &Route, request: Request) -> Response {
    let now = api.installation.clock.now();
    let seed = Seed::draw(now);
    let headers = request.headers().clone();
    let (request_id, correlation_id) = (header_id(&headers, REQUEST_ID), header_id(&headers, CORRELATION_ID));
    let mut echo = Echo {
        compliant: None,
        request: request_id.as_ref().ok().copied().flatten().unwrap_or(RequestId::new(seed.apart(1))),
        correlation: correlation_id
            .as_ref()
            .ok()
            .copied()
            .flatten()
            .unwrap_or(CorrelationId::new(seed.apart(2))),
        locale: headers.get("X-Locale").cloned().unwrap_or(HeaderValue::from_static("en-US")),
    };
    let given = request_id.and_then(|request| correlation_id.map(|_| request.is_some()));
    let outcome = match given {
        Ok(given) => prepare_and_run(api, route, request, headers, &mut echo, seed, given).await,
        Err(error) => Err(error),
    };
    let answer = outcome.unwrap_or_else(|error| {
        if let Error::Internal(_) | Error::Store(_) = &error {
            tracing::error!(request_id = %echo.request, correlation_id = %echo.correlation, %error, "a call failed");
        }
        fault(&error).answer()
    });
    respond(answer, &echo)
}

async fn prepare_and_run(
    api: Api,
    route: &Route,
    mut request: Request,
    headers: HeaderMap,
    echo: &mut Echo,
    seed: Seed,
    repeatable: bool,
) -> Result<Answer, Error> {
    let (actor, origin, second_factor) = authenticate(&api, &mut request, &headers).await?;
    if headers.get(VALIDATE_MFA).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"true")) {
        echo.compliant = Some(second_factor);
    }
    let cx = Context {
        now: api.installation.clock.now(),
        actor,
        origin,
        rules: api.installation.rules.clone(),
        request: echo.request,
        correlation: echo.correlation,
        seed,
    };
    let scope = match allow(&cx, route, second_factor) {
        Ok(scope) => scope,
        Err(error) => {
            denied(&api, &cx, route, &error).await;
            return Err(error);
        }
    };
    let (handler, template) = (route.handler, route.path);
    let params: RawPathParams = request
        .extract_parts()
        .await
        .map_err(|_| Error::invalid("path", "must be UTF-8, percent-encoded"))?;
    let params: Vec<(String, String)> =
        params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let (parts, body) = request.into_parts();
    let body = match read_body(&headers, body).await? {
        Ok(body) => body,
        Err(too_large) => return Ok(too_large),
    };
    let path = parts.uri.path();
    let relative = path.strip_prefix("/v1").unwrap_or(path);
    let uri = parts.uri.query().map_or_else(|| relative.to_owned(), |query| format!("{relative}?{query}"));
    let call = Call {
        query: Query::parse(parts.uri.query().unwrap_or_default()),
        uri,
        name: call_name(&parts.method, template, &params, &cx),
        api,
        cx,
        scope,
        params,
        headers,
        body,
        repeatable,
    };
    handler(call).await
}

/// Lets a call in that does not answer in one piece: who, and with which right.
///
/// # Errors
/// When the caller is not known or has no right to the route; the attempt is logged.
pub async fn admit(api: &Api, route: &Route, request: &mut Request) -> Result<(Context, Scope), Error> {
    let headers = request.headers().clone();
    let (actor, origin, second_factor) = authenticate(api, request, &headers).await?;
    let cx = Context::new(actor, api.installation.clock.now(), api.installation.rules.clone(), origin);
    match allow(&cx, route, second_factor) {
        Ok(scope) => Ok((cx, scope)),
        Err(error) => {
            denied(api, &cx, route, &error).await;
            Err(error)
        }
    }
}

/// The right to call a route: by a person with a second factor, or by a program where that is enough; by roles.
fn allow(cx: &Context, route: &Route, second_factor: bool) -> Result<Scope, Error> {
    match &cx.actor {
        Actor::Application { .. } if route.who == Who::Person => {
            return Err(chandlery_domain::refusal::Refusal::NeedsPerson.into());
        }
        Actor::PartnerUser { .. } if !second_factor => {
            return Err(chandlery_domain::refusal::Refusal::SecondFactorMissing.into());
        }
        _ => {}
    }
    cx.authorize(route.action)
}

/// Writes down that somebody tried what it may not do.
async fn denied(api: &Api, cx: &Context, route: &Route, error: &Error) {
    let (operation, resource) = attempted(route.action);
    let entry = Entry::did(operation, resource, "");
    let facts = vec![Fact::new("route", format!("{} {}", route.method, route.path))];
    write_down(api, cx, entry, facts, error).await;
}

/// Writes down that something was tried and refused, at the interface or on a page. When even that fails, the refusal stands
/// all the same.
pub async fn write_down(api: &Api, cx: &Context, entry: Entry, mut facts: Vec<Fact>, error: &Error) {
    facts.push(Fact::new("error_code", fault(error).code()));
    let entry = entry.failed().with(facts);
    let written =
        api.installation.store.write(cx.stamp(), move |_| Ok::<_, Error>(((), entry.clone()))).await;
    if let Err(error) = written {
        tracing::error!(%error, request_id = %cx.request, "what was refused could not be written to the log");
    }
}

/// What a repeat is recognised by beside its request id: method, route and parameters, however the path was spelled, and
/// who calls. A request id stands in the log, so it alone must not open somebody else's answer.
fn call_name(method: &Method, template: &str, params: &[(String, String)], cx: &Context) -> String {
    let mut name = format!("{method} {template}");
    for (_, value) in params {
        name.push(' ');
        match uuid::Uuid::try_parse(value) {
            Ok(id) => name.push_str(&id.to_string()),
            Err(_) => name.push_str(&value.to_lowercase()),
        }
    }
    name.push_str(&format!(" {}", cx.actor_uuid()));
    name
}

/// The body, or the answer to one that is too large.
async fn read_body(headers: &HeaderMap, body: Body) -> Result<Result<Bytes, Answer>, Error> {
    let announced =
        headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let too_large = || {
        let text = format!("The body must not be larger than {BODY_MAX} bytes.");
        super::faults::Fault::new(StatusCode::PAYLOAD_TOO_LARGE, 800_002, text).answer()
    };
    if announced.is_some_and(|length| length > BODY_MAX) {
        return Ok(Err(too_large()));
    }
    match axum::body::to_bytes(body, BODY_MAX).await {
        Ok(bytes) => Ok(Ok(bytes)),
        Err(error) if error.to_string().contains("length limit") => Ok(Err(too_large())),
        Err(_) => Err(Error::invalid("body", "ended before it was complete")),
    }
}

/// Who calls, from where, and whether with a second factor.
async fn authenticate(
    api: &Api,
    request: &mut Request,
    headers: &HeaderMap,
) -> Result<(Actor, Origin, bool), Error> {
    let refused = |why| Error::Unauthenticated { why };
    let value =
        headers.get(header::AUTHORIZATION).ok_or_else(|| refused("the Authorization header is missing"))?;
    let text = value.to_str().map_err(|_| refused("the Authorization header cannot be read"))?;
    let (scheme, token) =
        text.split_once(' ').ok_or_else(|| refused("the Authorization header must be: Bearer <token>"))?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(refused("the Authorization header must be: Bearer <token>"));
    }
    let desk = &api.desk;
    let now = desk.world.now();
    let claims = match api.installation.signer.check(token.trim(), now) {
        // Another server may have drawn a new key a moment ago.
        Err(Error::UnknownKey) => {
            api.installation.refresh_signer().await?;
            api.installation.signer.check(token.trim(), now)?
        }
        other => other?,
    };
    let id: ApplicationId = claims.appid.parse().map_err(|_| refused("the token was not issued here"))?;
    let application = desk
        .programs
        .find(&api.installation.store, id)
        .await?
        .filter(|application| application.partner.to_string() == claims.tid)
        .ok_or_else(|| refused("the application was revoked"))?;
    let caller = request.extract_parts::<Caller>().await.unwrap_or_else(|never| match never {});
    let mut origin = Origin { address: Some(caller.visit(api, headers).address), ..Origin::default() };
    let partner = application.partner;
    let Some(person) = &claims.oid else {
        let actor = Actor::Application { id, partner, roles: application.roles.clone() };
        return Ok((actor, origin, false));
    };
    let person: UserId = person.parse().map_err(|_| refused("the token was not issued here"))?;
    let known = desk
        .person(partner, person)
        .await?
        .filter(|known| known.user.customer.is_none())
        .ok_or_else(|| refused("the person may not sign in any more"))?;
    if claims.issued_us <= known.user.tokens_from.as_microsecond() {
        return Err(refused("the person was signed out everywhere; sign in again"));
    }
    origin.key.clone_from(&known.key);
    if api.installation.rules.step_up_programs {
        // Held to the age of the sign-in, like a browser; programs then have to send their person back in time.
        let signed_in = claims.auth_time.unwrap_or(0);
        origin.factor_age = Some(now.as_second().saturating_sub(signed_in));
    }
    let second_factor = claims.amr.iter().any(|own| own == "mfa");
    Ok((known.actor(Some(id)), origin, second_factor))
}

/// Makes the response, with the headers every answer carries.
fn respond(answer: Answer, echo: &Echo) -> Response {
    let (body, media_type, name) = match answer.file {
        Some(own) => (Body::from(own.bytes), own.media_type, Some(own.name)),
        None => (Body::from(answer.body), "application/json; charset=utf-8", None),
    };
    let mut response = Response::new(body);
    *response.status_mut() = answer.status;
    let headers = response.headers_mut();
    let mut put = |name: &'static str, value: Option<HeaderValue>| {
        if let (Ok(name), Some(value)) = (HeaderName::from_bytes(name.as_bytes()), value) {
            headers.insert(name, value);
        }
    };
    let text = |text: String| -> Option<HeaderValue> { HeaderValue::try_from(text).ok() };
    let vector = base64::engine::general_purpose::STANDARD.encode(echo.request.uuid().as_bytes());
    let vector: String = vector.chars().take(16).collect();
    put(REQUEST_ID, text(echo.request.to_string()));
    put(CORRELATION_ID, text(echo.correlation.to_string()));
    put("MS-CV", text(format!("{vector}.0")));
    put("MS-ServerId", Some(HeaderValue::from_static("00000001")));
    put("X-Locale", Some(echo.locale.clone()));
    put("Content-Type", Some(HeaderValue::from_static(media_type)));
    put("Content-Disposition", name.and_then(|own| text(format!("attachment; filename={own}"))));
    put("Location", answer.location.and_then(text));
    put("Cache-Control", Some(HeaderValue::from_static("no-store")));
    put("X-Content-Type-Options", Some(HeaderValue::from_static("nosniff")));
    if let Some(compliant) = echo.compliant {
        put("isMfaCompliant", Some(HeaderValue::from_static(if compliant { "true" } else { "false" })));
    }
    if answer.status == StatusCode::UNAUTHORIZED {
        put("WWW-Authenticate", text(format!("Bearer, OAuth realm=urn:cpsvc:cpid:{}", echo.request)));
    }
    if answer.status == StatusCode::SERVICE_UNAVAILABLE {
        put("Retry-After", Some(HeaderValue::from_static("1")));
    }
    if answer.status == StatusCode::TOO_MANY_REQUESTS {
        put("Retry-After", Some(HeaderValue::from_static("60")));
    }
    response
}

fn bare(headers: &HeaderMap, answer: Answer) -> Response {
    let seed = Seed::draw(crate::clock::wall_clock());
    let echo = Echo {
        compliant: None,
        request: header_id(headers, REQUEST_ID).ok().flatten().unwrap_or(RequestId::new(seed.apart(1))),
        correlation: header_id(headers, CORRELATION_ID)
            .ok()
            .flatten()
            .unwrap_or(CorrelationId::new(seed.apart(2))),
        locale: HeaderValue::from_static("en-US"),
    };
    respond(answer, &echo)
}

/// The answer where no route has the path.
pub async fn no_such_path(headers: HeaderMap) -> Response {
    bare(&headers, fault(&Error::NotFound(Missing::Other("path"))).answer())
}

/// The answer where something of ours is broken.
pub fn broken(error: &dyn std::fmt::Display) -> Response {
    tracing::error!(%error, "a call could not be answered");
    bare(&HeaderMap::new(), fault(&Error::internal(error)).answer())
}

/// The answer where the path exists, but not for this method.
pub async fn no_such_method(headers: HeaderMap) -> Response {
    let text = "This path does not take this method.";
    bare(&headers, super::faults::Fault::new(StatusCode::METHOD_NOT_ALLOWED, 900_141, text).answer())
}

/// The answer when a handler stopped halfway.
pub fn panicked() -> Response {
    bare(&HeaderMap::new(), fault(&Error::internal("a handler panicked")).answer()).into_response()
}
