//! Speaking with OpenID providers: our own HTTP client with its limits, and the addresses and keys they publish.
//!
//! It never follows a redirect, never reads an answer without end, never calls a plain HTTP address unless the issuer
//! itself is on loopback, and never repeats an answer's text in an error.

use std::collections::HashMap;
use std::error::Error as _;
use std::fmt::Display;
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use openidconnect::core::CoreProviderMetadata;
use openidconnect::url::{Host, Url};
use openidconnect::{DiscoveryError, HttpRequest, HttpResponse, IssuerUrl};
use reqwest::Certificate;

use super::{Failure, Provider};

/// How long one request to a provider may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many bytes of an answer are read at most: 1 MiB.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;
/// How long a provider's addresses and keys are kept.
const KEPT_FOR: Duration = Duration::from_secs(600);
/// How many providers are kept at most; the oldest makes room.
const KEPT_MAX: usize = 64;
/// How many characters of a provider's own words are repeated at most.
const WORDS_MAX: usize = 200;

/// A client that is fit for [`super::begin`] and [`super::finish`]: 10 s for a request, and no redirects.
///
/// # Errors
/// When TLS cannot be set up, such as with a root that is no certificate.
pub fn client(extra_roots: &[Certificate]) -> Result<reqwest::Client, Failure> {
    reqwest::Client::builder()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .tls_certs_merge(extra_roots.iter().cloned())
        .build()
        .map_err(|error| Failure::Settings(reasons(&error)))
}

/// The addresses and keys of some providers, each with the moment they were read.
struct Kept<T> {
    by_issuer: HashMap<String, (Instant, Arc<T>)>,
}

impl<T> Kept<T> {
    fn get(&self, issuer: &str, now: Instant) -> Option<Arc<T>> {
        let (read_at, what) = self.by_issuer.get(issuer)?;
        (now.saturating_duration_since(*read_at) < KEPT_FOR).then(|| Arc::clone(what))
    }

    fn put(&mut self, issuer: &str, what: Arc<T>, now: Instant) {
        if self.by_issuer.len() >= KEPT_MAX && !self.by_issuer.contains_key(issuer) {
            let oldest = self.by_issuer.iter().min_by_key(|(_, (read_at, _))| *read_at);
            if let Some(oldest) = oldest.map(|(issuer, _)| issuer.clone()) {
                self.by_issuer.remove(&oldest);
            }
        }
        self.by_issuer.insert(issuer.to_owned(), (now, what));
    }
}

static KEPT: LazyLock<Mutex<Kept<CoreProviderMetadata>>> =
    LazyLock::new(|| Mutex::new(Kept { by_issuer: HashMap::new() }));

/// The provider's addresses and keys, as kept or, when `fresh` or too old, as it tells them now.
pub(super) async fn directory(
    http: &reqwest::Client,
    provider: &Provider,
    fresh: bool,
) -> Result<Arc<CoreProviderMetadata>, Failure> {
    let issuer = issuer(provider)?;
    if !fresh {
        let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner).get(&provider.issuer, Instant::now());
        if let Some(kept) = kept {
            return Ok(kept);
        }
    }
    let carrier = carrier(http, provider);
    let metadata =
        sending(CoreProviderMetadata::discover_async(issuer, &carrier)).await.map_err(discovery_failure)?;
    // The browser is sent to this one, so that `carry` does not see it.
    if !permitted(metadata.authorization_endpoint().url(), on_plain_http(provider)) {
        return Err(Failure::Answer("its authorization endpoint is not https".into()));
    }
    let metadata = Arc::new(metadata);
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    kept.put(&provider.issuer, Arc::clone(&metadata), Instant::now());
    Ok(metadata)
}

fn issuer(provider: &Provider) -> Result<IssuerUrl, Failure> {
    let wrong = |why: &str| Failure::Settings(format!("the issuer {why}"));
    let issuer = IssuerUrl::new(provider.issuer.clone()).map_err(|_| wrong("is no address"))?;
    let url = issuer.url();
    if !permitted(url, true) {
        return Err(wrong("must be https (or http on loopback)"));
    }
    if url.query().is_some()
        || url.fragment().is_some()
        || !url.username().is_empty()
        || url.password().is_some()
    {
        return Err(wrong("may have no query, no fragment and no user"));
    }
    Ok(issuer)
}

fn on_plain_http(provider: &Provider) -> bool {
    provider.issuer.starts_with("http:")
}

/// Whether to speak with an address at all. Only an issuer that is itself on loopback may name others there:
/// otherwise a foreign one could make this server call its own machine.
fn permitted(url: &Url, plain_http: bool) -> bool {
    let loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    url.scheme() == "https" || (plain_http && loopback && url.scheme() == "http")
}

/// A future that may move between threads.
pub(super) type Sending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Boxes a call of `openidconnect` before it is awaited. Awaited bare, its generic borrows keep the compiler from
/// seeing that a sign-in may move between threads.
pub(super) fn sending<'a, T>(call: impl Future<Output = T> + Send + 'a) -> Sending<'a, T> {
    Box::pin(call)
}

/// Our own client in the form that `openidconnect` takes.
pub(super) fn carrier(
    http: &reqwest::Client,
    provider: &Provider,
) -> impl Fn(HttpRequest) -> Sending<'static, Result<HttpResponse, Failure>> + Send + Sync + use<> {
    let (http, plain_http) = (http.clone(), on_plain_http(provider));
    move |request| sending(carry(http.clone(), plain_http, request))
}

/// Carries one request and reads a bounded answer.
async fn carry(
    http: reqwest::Client,
    plain_http: bool,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let mut request = reqwest::Request::try_from(request)
        .map_err(|_| Failure::Answer("an address in it cannot be called".into()))?;
    let url = request.url().clone();
    let place = format!("{}{}", url.host_str().unwrap_or_default(), url.path());
    if !permitted(&url, plain_http) {
        return Err(Failure::Answer(format!("the address of {} is not https", plain(&place))));
    }
    *request.timeout_mut() = Some(PATIENCE);
    let unreachable =
        |error: reqwest::Error| Failure::Unreachable(format!("{}: {}", plain(&place), reasons(&error)));
    let mut answer = http.execute(request).await.map_err(unreachable)?;
    if *answer.url() != url {
        return Err(Failure::Settings("the HTTP client follows redirects".into()));
    }
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(unreachable)? {
        if body.len() + piece.len() > ANSWER_BYTES_MAX {
            return Err(Failure::Answer(format!(
                "{} is larger than {ANSWER_BYTES_MAX} bytes",
                plain(&place)
            )));
        }
        body.extend_from_slice(&piece);
    }
    let mut carried = HttpResponse::new(body);
    *carried.status_mut() = answer.status();
    *carried.headers_mut() = std::mem::take(answer.headers_mut());
    Ok(carried)
}

fn discovery_failure(error: DiscoveryError<Failure>) -> Failure {
    match error {
        DiscoveryError::Request(failure) => failure,
        DiscoveryError::Parse(error) => {
            unreadable("the discovery document or the key set", error.path(), error.inner())
        }
        DiscoveryError::Response(_, _, why)
        | DiscoveryError::Validation(why)
        | DiscoveryError::Other(why) => Failure::Answer(plain(&why)),
        other => Failure::Answer(plain(&other.to_string())),
    }
}

/// Says why an answer could not be read, without the values that stood there: they may be a token.
pub(super) fn unreadable(what: &str, place: &impl Display, error: &serde_json::Error) -> Failure {
    let why = error.to_string();
    // serde_json quotes values, and only values; names stand between backticks.
    let why = match why.split_once('"') {
        Some((before, rest)) => {
            let after = rest.rsplit_once('"').map_or("", |(_, after)| after);
            format!("{before}(left out){after}")
        }
        None => why,
    };
    Failure::Answer(plain(&format!("{what} cannot be read at {place}: {why}")))
}

/// A foreign text on one line and of bounded length, fit for a log.
pub(super) fn plain(text: &str) -> String {
    text.chars().take(WORDS_MAX).map(|it| if it.is_control() { ' ' } else { it }).collect()
}

/// What went wrong below, without the address: its query could hold a code.
fn reasons(error: &reqwest::Error) -> String {
    let mut texts = Vec::new();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        texts.push(deeper.to_string());
        cause = deeper.source();
    }
    if texts.is_empty() { "no connection".into() } else { plain(&texts.join(": ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_is_kept_for_ten_minutes_and_for_a_bounded_number_of_providers() {
        let (mut kept, start) = (Kept { by_issuer: HashMap::new() }, Instant::now());
        kept.put("a", Arc::new(1), start);
        assert!(kept.get("a", start + KEPT_FOR - Duration::from_millis(1)).is_some());
        assert!(kept.get("a", start + KEPT_FOR).is_none());
        for number in 0..200 {
            kept.put(&number.to_string(), Arc::new(2), start + Duration::from_secs(1 + number));
        }
        assert_eq!(kept.by_issuer.len(), KEPT_MAX);
        assert!(
            kept.get("a", start).is_none() && kept.get("199", start + Duration::from_secs(200)).is_some()
        );
    }

    #[test]
    fn plain_http_is_for_loopback_only() {
        for (address, plain_http, fine) in [
            ("https://login.example", false, true),
            ("http://login.example", true, false),
            ("http://127.0.0.1.example/", true, false),
            ("http://127.0.0.1:9/", true, true),
            ("http://[::1]:9/", true, true),
            ("http://localhost/", true, true),
            ("http://127.0.0.1:9/", false, false),
            ("ftp://localhost/", true, false),
        ] {
            assert_eq!(permitted(&Url::parse(address).unwrap(), plain_http), fine, "{address}");
        }
    }
}
