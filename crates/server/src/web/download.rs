//! Downloads by link: no sign-in, because the link is meant for the customer. Whoever holds it may use it as often as it
//! allows; when it is over, a page says what to do next.

use std::net::IpAddr;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use chandlery_domain::ids::MediumId;
use chandlery_domain::link::Standing;
use chandlery_domain::media::Medium;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

use super::around::here;
use super::range::{Part, part};
use super::{bare_frame, failed, page, pages};
use crate::api::{Api, Caller};
use crate::app::issue_link::Token;
use crate::app::redeem_link::{Request as Wanted, look};
use crate::app::{Context, manifest};
use crate::clock::wall_clock;
use crate::downloads::splice::ConnectionHandle;
use crate::downloads::{Fetched, Refused};
use crate::error::{Error, Missing};
use crate::outside::minisign;

/// The one client behind an address: a network of 64 bits is one household or one machine (RFC 6177).
fn client(address: &str) -> String {
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V6(own)) => {
            let [a, b, c, d, ..] = own.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        _ => address.to_owned(),
    }
}

/// The page, or a few words for programs, when there is nothing to download.
fn nothing(api: &Api, headers: &HeaderMap, status: StatusCode, title: String, lead: String) -> Response {
    let for_people = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|text| text.contains("text/html"));
    let mut response = if for_people {
        let body = pages::Message { frame: bare_frame(api), title, lead, link: None, alert: true };
        page(api, status, &body)
    } else {
        (status, format!("{title}. {lead}\n")).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    response
}

fn no_such_link(api: &Api, headers: &HeaderMap) -> Response {
    let reader = here();
    let (title, lead) = (reader.t("download-unknown-title"), reader.t("download-unknown-lead"));
    nothing(api, headers, StatusCode::NOT_FOUND, title, lead)
}

fn over(api: &Api, headers: &HeaderMap, standing: Standing) -> Response {
    let reader = here();
    let next = reader.t("download-next");
    let (title, lead) = match standing {
        Standing::Expired { at } => {
            let why = reader.t1("download-expired-lead", "at", reader.instant(at));
            ("download-expired-title", format!("{why} {next}"))
        }
        Standing::UsedUp => ("download-used-title", format!("{} {next}", reader.t("download-used-lead"))),
        Standing::Revoked { at } => {
            ("download-revoked-title", reader.t1("download-revoked-lead", "at", reader.instant(at)))
        }
        Standing::Live { .. } => ("download-closed-title", next),
    };
    nothing(api, headers, StatusCode::GONE, reader.t(title), lead)
}

fn later(api: &Api, headers: &HeaderMap, status: StatusCode, why: &str) -> Response {
    let reader = here();
    let mut response = nothing(api, headers, status, reader.t("download-later-title"), reader.t(why));
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    response
}

/// The date of a medium as HTTP has it.
fn http_date(at: Timestamp) -> String {
    DateTimePrinter::new().timestamp_to_rfc9110_string(&at).unwrap_or_default()
}

/// What every answer about a medium says of it.
fn describe(headers: &mut HeaderMap, medium: &Medium, (etag, modified): (&str, &str)) {
    let digest = BASE64.encode(medium.sha256.0);
    let kind = match medium.choice.file_type.as_str() {
        "ISO" => "application/vnd.efi.iso",
        "ZIP" => "application/zip",
        _ => "application/octet-stream",
    };
    let key = medium.id.uuid().simple();
    for (name, value) in [
        ("accept-ranges", "bytes".to_owned()),
        ("etag", etag.to_owned()),
        ("last-modified", modified.to_owned()),
        ("content-type", kind.to_owned()),
        ("content-disposition", format!("attachment; filename=\"{}\"", medium.name)),
        // RFC 9530, and RFC 3230 for older programs.
        ("repr-digest", format!("sha-256=:{digest}:")),
        ("digest", format!("SHA-256={digest}")),
        ("link", format!("</media/{key}/manifest>; rel=\"describedby\"")),
        ("cache-control", "private, no-transform".to_owned()),
        // A proxy that buffers would take what the client never gets.
        ("x-accel-buffering", "no".to_owned()),
        ("referrer-policy", "no-referrer".to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
        ("x-robots-tag", "noindex".to_owned()),
        ("content-security-policy", "sandbox; default-src 'none'".to_owned()),
    ] {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
}

/// `GET` and `HEAD /d/{token}/{name}`.
pub async fn download(
    State(api): State<Api>,
    caller: Caller,
    splice: Option<ConnectionHandle>,
    Path(path): Path<Vec<(String, String)>>,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let token = path.iter().find(|(name, _)| name == "token").map_or("", |(_, value)| value.as_str());
    let Some((partner, digest)) = Token::read(token) else { return no_such_link(&api, &headers) };
    let (installation, is_get) = (&api.installation, request.method() == Method::GET);
    let cx = Context::system(partner, installation.clock.now(), "download link");
    let wanted = digest.clone();
    let target = match installation.store.read(move |tx| look(tx, &cx, &wanted)).await {
        Ok(Some(target)) => target,
        Ok(None) => return no_such_link(&api, &headers),
        Err(error) => return broken(&api, &headers, &error),
    };
    let ends = matches!(target.standing, Standing::Expired { .. } | Standing::Revoked { .. });
    if ends || (!is_get && matches!(target.standing, Standing::UsedUp)) {
        return over(&api, &headers, target.standing);
    }
    let medium = &target.medium.medium;
    let (etag, modified) = (format!("\"{}\"", medium.sha256), http_date(medium.added_at));
    let mut response = Response::new(Body::empty());
    describe(response.headers_mut(), medium, (&etag, &modified));
    let (status, range) = match part(&headers, is_get, (&etag, &modified), medium.size) {
        Part::Whole => (StatusCode::OK, 0..medium.size),
        Part::Stretch(range) => (StatusCode::PARTIAL_CONTENT, range),
        Part::None => {
            *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            put(&mut response, header::CONTENT_RANGE, format!("bytes */{}", medium.size));
            return response;
        }
        Part::NotModified => {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        Part::Another => {
            *response.status_mut() = StatusCode::PRECONDITION_FAILED;
            return response;
        }
    };
    *response.status_mut() = status;
    put(&mut response, header::CONTENT_LENGTH, (range.end - range.start).to_string());
    if status == StatusCode::PARTIAL_CONTENT {
        let text = format!("bytes {}-{}/{}", range.start, range.end.saturating_sub(1), medium.size);
        put(&mut response, header::CONTENT_RANGE, text);
    }
    if !is_get {
        return response;
    }
    let client = client(&caller.visit(&api, &headers).address);
    let wanted = Wanted {
        link: target.link.id,
        digest,
        client,
        wanted: range.clone(),
        beat: wall_clock(),
        told: target.told(),
    };
    let object = target.medium.object.clone();
    let body = match api.downloads.fetch(partner, wanted, object, splice).await {
        Ok(Fetched::Body(body)) => body,
        Ok(Fetched::Over(standing)) => return over(&api, &headers, standing),
        Err(Refused::Busy) => {
            return later(&api, &headers, StatusCode::SERVICE_UNAVAILABLE, "download-later-full");
        }
        Err(Refused::Unreadable) => {
            return later(&api, &headers, StatusCode::SERVICE_UNAVAILABLE, "download-later-unreadable");
        }
        Err(Refused::Failed(error)) => return broken(&api, &headers, &error),
    };
    *response.body_mut() = body;
    response
}

fn put(response: &mut Response, name: header::HeaderName, value: String) {
    if let Ok(value) = HeaderValue::try_from(value) {
        response.headers_mut().insert(name, value);
    }
}

fn broken(api: &Api, headers: &HeaderMap, error: &Error) -> Response {
    match error {
        Error::NotFound(_) => no_such_link(api, headers),
        Error::Store(
            chandlery_store::Error::Unavailable { .. } | chandlery_store::Error::Conflict { .. },
        ) => later(api, headers, StatusCode::SERVICE_UNAVAILABLE, "download-later-busy"),
        other => failed(api, other),
    }
}

/// The manifest of a medium, with its signature.
async fn signed_manifest(api: &Api, id: &str) -> Result<(String, String), Error> {
    const MEDIUM: Missing = Missing::Other("medium");
    let id: MediumId = id.parse().map_err(|_| Error::NotFound(MEDIUM))?;
    let found = api
        .installation
        .store
        .read(move |tx| {
            let Some(own) = chandlery_store::media::find(tx, id)? else { return Ok(None) };
            let title = chandlery_store::media::product_title(tx, &own.medium.product)?;
            Ok::<_, Error>(Some((own.medium, title.unwrap_or_default())))
        })
        .await?;
    let (medium, title) = found.ok_or(Error::NotFound(MEDIUM))?;
    let text = manifest::write(&medium, &title);
    let signature =
        minisign::sign(api.installation.sealer.key(), &text, &format!("file:{}.sha256", medium.name))?;
    Ok((text, signature))
}

fn plain(text: String) -> Response {
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    let mut response = text.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// `GET /media/{medium}/manifest`: what `sha256sum -c` reads.
pub async fn manifest(State(api): State<Api>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    match signed_manifest(&api, &id).await {
        Ok((text, _)) => plain(text),
        Err(error) => not_here(&api, &headers, &error),
    }
}

/// `GET /media/{medium}/manifest.minisig`: its signature.
pub async fn signature(State(api): State<Api>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    match signed_manifest(&api, &id).await {
        Ok((_, signature)) => plain(signature),
        Err(error) => not_here(&api, &headers, &error),
    }
}

fn not_here(api: &Api, headers: &HeaderMap, error: &Error) -> Response {
    match error {
        Error::NotFound(_) => {
            let reader = here();
            let (title, lead) =
                (reader.t("download-medium-unknown-title"), reader.t("download-medium-unknown-lead"));
            nothing(api, headers, StatusCode::NOT_FOUND, title, lead)
        }
        other => broken(api, headers, other),
    }
}

/// `GET /.well-known/chandlery-media-key`: the public key of manifests and certificates, as minisign takes it.
pub async fn public_key(State(api): State<Api>) -> Response {
    match minisign::public_key(api.installation.sealer.key()) {
        Ok(key) => plain(format!("untrusted comment: minisign public key of this installation\n{key}\n")),
        Err(error) => failed(&api, &error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_is_one_client() {
        assert_eq!(client("192.0.2.7"), "192.0.2.7");
        assert_eq!(client("2001:db8:1:2:aaaa::1"), client("2001:db8:1:2::ffff"));
        assert_ne!(client("2001:db8:1:2::1"), client("2001:db8:1:3::1"));
        assert_eq!(client("local"), "local");
    }
}
