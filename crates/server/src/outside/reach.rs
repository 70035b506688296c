//! What mail, log streaming and anchors share: how they fail, which addresses they may reach, whom they trust.
//!
//! Never here: plain text to anywhere but this machine, a redirect that is followed, an answer read without end, an
//! address or a credential in an error.

use std::error::Error as _;
use std::fs::File;
use std::io::Read as _;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, RequestBuilder, Url};
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, pem::PemObject as _};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

const REQUEST_TIME: Duration = Duration::from_secs(30);
const CONNECT_TIME: Duration = Duration::from_secs(10);
const LARGEST_CA_FILE: u64 = 1024 * 1024;
const LARGEST_ANSWER: usize = 16 * 1024;
const LONGEST_TEXT: usize = 300;

/// Why something could not be carried out, and whether trying again can help.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
pub struct Failure {
    text: String,
    permanent: bool,
}

impl Failure {
    /// Whether the same thing would be refused again: what was sent is wrong, not the moment.
    pub fn is_permanent(&self) -> bool {
        self.permanent
    }

    pub(super) fn permanent(text: impl Into<String>) -> Self {
        Self { text: bounded(&text.into()), permanent: true }
    }

    pub(super) fn passing(text: impl Into<String>) -> Self {
        Self { text: bounded(&text.into()), permanent: false }
    }
}

/// Others' words end up in these texts, so they are cut and can hold no line break that would forge a log line.
pub(super) fn bounded(text: &str) -> String {
    text.chars().take(LONGEST_TEXT).map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// Whether a host is this machine, spelled as `localhost` or as an address.
pub(super) fn loopback(host: &str) -> bool {
    let bare = bare(host);
    bare.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A host of a URL without the brackets of an IPv6 address.
pub(super) fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host)
}

/// The address of a web endpoint: `https`, or `http` on this machine; without user and password.
pub(super) fn web_address(text: &str) -> Result<Url, Failure> {
    let url =
        Url::parse(text).map_err(|error| Failure::permanent(format!("the address is no URL: {error}")))?;
    let host = url.host_str().unwrap_or_default();
    match url.scheme() {
        "https" => {}
        "http" if loopback(host) => {}
        "http" => return Err(Failure::permanent("http is allowed on this machine only; use https")),
        _ => return Err(Failure::permanent("the address must begin with https://")),
    }
    without_user(&url)?;
    Ok(url)
}

/// A user or password in an address would be shown wherever the setting is.
pub(super) fn without_user(url: &Url) -> Result<(), Failure> {
    if url.username().is_empty() && url.password().is_none() {
        return Ok(());
    }
    Err(Failure::permanent("the address must not hold a user or password"))
}

/// TLS 1.2 and 1.3 with the system's trust roots, or with those of one PEM file only. Both are read now, not again.
pub(super) fn trust(ca: Option<&Path>) -> Result<ClientConfig, Failure> {
    let wrong =
        |error: tokio_rustls::rustls::Error| Failure::permanent(format!("TLS cannot be set up: {error}"));
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(wrong)?;
    let config = match ca {
        None => config.with_platform_verifier().map_err(wrong)?,
        Some(path) => config.with_root_certificates(roots(path)?),
    };
    Ok(config.with_no_client_auth())
}

fn roots(path: &Path) -> Result<RootCertStore, Failure> {
    let unread = |why: &dyn std::fmt::Display| {
        Failure::permanent(format!("the certificate file {} cannot be used: {why}", path.display()))
    };
    let mut pem = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST_CA_FILE).read_to_end(&mut pem))
        .map_err(|error| unread(&error))?;
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        store.add(certificate.map_err(|error| unread(&error))?).map_err(|error| unread(&error))?;
    }
    if store.is_empty() {
        return Err(unread(&"it holds no certificate"));
    }
    Ok(store)
}

/// An HTTP client for one address. It follows no redirect, and goes through no proxy to this machine.
pub(super) fn web_client(url: &Url, ca: Option<&Path>) -> Result<Client, Failure> {
    let mut client = client(ca)?;
    if loopback(url.host_str().unwrap_or_default()) {
        client = client.no_proxy();
    }
    client.build().map_err(|error| Failure::permanent(format!("the HTTP client: {}", chain(error))))
}

/// What every client of ours has in common: TLS as [`trust`] says, no redirect, and no waiting without end.
pub(super) fn client(ca: Option<&Path>) -> Result<reqwest::ClientBuilder, Failure> {
    let mut tls = trust(ca)?;
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_TIME)
        .timeout(REQUEST_TIME))
}

/// Sends a request within 30 s; only an answer of 200 to 299 is success.
pub(super) async fn send(request: RequestBuilder) -> Result<(), Failure> {
    let mut response = request.send().await.map_err(|error| Failure::passing(chain(error)))?;
    let status = response.status();
    if status.is_success() {
        // Reading the answer to its end lets the connection be used again; it says nothing that counts.
        let mut read = 0_usize;
        while let Ok(Some(part)) = response.chunk().await {
            read = read.saturating_add(part.len());
            if read > LARGEST_ANSWER {
                break;
            }
        }
        return Ok(());
    }
    let text = format!("the receiver answered {}", status.as_u16());
    // These name what was sent; everything else can be put right on either side.
    if matches!(status.as_u16(), 400 | 413 | 415 | 422) {
        return Err(Failure::permanent(text));
    }
    Err(Failure::passing(text))
}

/// The whole cause in one line; the address is left out, since it may hold a token.
pub(super) fn chain(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_stays_on_this_machine() {
        for right in
            ["https://siem.example/x", "http://127.0.0.1:1/", "http://localhost:9/x", "http://[::1]:9/"]
        {
            assert!(web_address(right).is_ok(), "{right}");
        }
        for wrong in [
            "http://siem.example/",
            "http://127.0.0.1.example/",
            "http://10.0.0.1/",
            "ftp://127.0.0.1/",
            "https://user:secret@siem.example/",
            "https://secret@siem.example/",
            "siem.example",
            "",
        ] {
            let failure = web_address(wrong).unwrap_err();
            assert!(failure.is_permanent(), "{wrong}");
            assert!(!failure.to_string().contains("secret"), "{failure}");
        }
    }

    #[test]
    fn a_failure_is_one_short_line() {
        let text = Failure::passing(format!("one\r\ntwo{}", "x".repeat(5000))).to_string();
        assert!(text.starts_with("one  two") && text.len() == LONGEST_TEXT);
    }

    #[test]
    fn a_certificate_file_without_a_certificate_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        assert!(trust(Some(&path)).is_err());
        std::fs::write(&path, "nothing").unwrap();
        assert!(trust(Some(&path)).err().unwrap().to_string().contains("no certificate"));
        std::fs::write(&path, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
        assert!(trust(Some(&path)).is_err());
    }
}
