//! Calling partners' own programs: where they may be, how a call is signed, and what came of it.
//!
//! The addresses are the partners', so a call must not become a way into the operator's network: a name is resolved, and
//! what leads to this machine or into a private network is refused at the moment of the call, unless the operator says
//! that partners live there. Never here: a redirect that is followed, an answer that is read.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chandlery_store::Read;
use chandlery_store::webhooks::Certificate;
use jiff::{Timestamp, ToSpan as _};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyUsagePurpose, PKCS_RSA_SHA256, SerialNumber};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use reqwest::{Client, Url};
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use zeroize::Zeroizing;

use super::reach::{Failure, bare, bounded, chain, client, loopback, without_user};
use super::vault::{Owner, Vault};
use crate::error::Error;
use crate::texts::{cause, cause_of};

/// How long a certificate holds, in days; it is replaced after half of that.
const CERTIFICATE_DAYS: i64 = 730;
/// How long an address may be, in letters.
const ADDRESS_MAX: usize = 2000;

/// Whether partners' programs may be on this machine or in a private network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// On the internet only.
    Internet,
    /// In the operator's own network too, and not on this machine.
    Inside,
    /// Anywhere, to practise: on this machine too, and there by `http`.
    Practice,
}

impl Reach {
    /// Whether a call may go to an address.
    fn allows(self, address: IpAddr) -> bool {
        let own_network = || match address.to_canonical() {
            IpAddr::V4(own) => own.is_private() || (own.octets()[0] == 100 && own.octets()[1] & 0xc0 == 64),
            IpAddr::V6(own) => own.is_unique_local(),
        };
        match self {
            Self::Practice => true,
            Self::Inside => is_public(address) || own_network(),
            Self::Internet => is_public(address),
        }
    }
}

/// The address of a partner's program, if a call may go there: `https`, without user and password, and not to an address
/// that `reach` leaves out; to practise also `http` to this machine. A name is looked at when it is called.
pub fn address(text: &str, reach: Reach) -> Option<Url> {
    let url = Url::parse(text.trim()).ok().filter(|_| text.len() <= ADDRESS_MAX)?;
    let host = url.host_str().unwrap_or_default();
    let spelled = match (url.scheme(), reach) {
        ("https", _) => true,
        ("http", Reach::Practice) => loopback(host),
        _ => false,
    };
    let refused = match bare(host).parse::<IpAddr>() {
        Ok(own) => !reach.allows(own),
        Err(_) => loopback(host) && reach != Reach::Practice,
    };
    (spelled && !refused && without_user(&url).is_ok()).then_some(url)
}

/// Whether an address is anybody's on the internet, by the registries of special addresses (RFC 6890 and its updates).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(own) => is_public_v4(own),
        IpAddr::V6(own) => is_public_v6(own),
    }
}

fn is_public_v4(own: Ipv4Addr) -> bool {
    let [a, b, c, _] = own.octets();
    !(own.is_private()
        || own.is_loopback()
        || own.is_link_local()
        || own.is_multicast()
        || own.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b)))
}

fn is_public_v6(own: Ipv6Addr) -> bool {
    let segments = own.segments();
    let [a, b, ..] = segments;
    // What stands for an address of IPv4 is what that one is: mapped, translated (RFC 6052), 6to4 (RFC 3056).
    let inner = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => inner(high, low),
        [0x2002, high, low, ..] => inner(high, low),
        // Everything else that is anybody's begins with 001 (RFC 4291); Teredo, benchmarks, documentation do too.
        _ => (a & 0xe000) == 0x2000 && !(a == 0x2001 && (b < 0x200 || b == 0xdb8)) && a != 0x3fff,
    }
}

/// Resolves names, and leaves out what leads inside.
struct Guarded(Reach);

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            let allowed: Vec<SocketAddr> =
                found.into_iter().flatten().filter(|own| reach.allows(own.ip())).collect();
            if allowed.is_empty() {
                // Whether there is such a name is nobody's business: it may be one of the operator's network.
                return Err("the name leads to no address that may be called".into());
            }
            Ok::<Addrs, _>(Box::new(allowed.into_iter()))
        })
    }
}

/// Makes calls.
pub struct Caller {
    client: Client,
    /// Where calls may go.
    pub reach: Reach,
    /// What addresses of our own begin with.
    pub own_address: String,
}

/// A call, ready to be made.
pub struct Told<'a> {
    /// What is called.
    pub url: &'a Url,
    /// The body: JSON.
    pub body: String,
    /// The signature over exactly these bytes, in base64.
    pub signature: String,
    /// Where the certificate is to be had.
    pub certificate: String,
    /// Whether the signature comes in a header of its own.
    pub own_header: bool,
}

impl Caller {
    /// What calls partners' programs; `own_address` is how they reach us.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(reach: Reach, own_address: &str) -> Result<Self, Failure> {
        // A connection that a receiver closed while it was idle would cost an attempt.
        // A proxy would look names up itself, past the guard.
        let builder = client(None)?.dns_resolver(Guarded(reach)).pool_max_idle_per_host(0).no_proxy();
        let client = builder.build().map_err(|error| Failure::permanent(chain(error)))?;
        Ok(Self { client, reach, own_address: own_address.trim_end_matches('/').to_owned() })
    }

    /// Makes a call; the status of the answer, or why there was none.
    ///
    /// # Errors
    /// What went wrong, in one line.
    pub async fn call(&self, told: Told<'_>) -> Result<u16, String> {
        let request = self
            .client
            .post(told.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header("X-MS-Certificate-Url", told.certificate)
            .header("X-MS-Signature-Algorithm", "rsa-sha256");
        let request = if told.own_header {
            request.header("x-ms-signature", told.signature)
        } else {
            request.header(AUTHORIZATION, format!("Signature {}", told.signature))
        };
        let answer = request.body(told.body).send().await.map_err(unanswered)?;
        Ok(answer.status().as_u16())
    }
}

/// Why a program did not answer, in one line.
fn unanswered(error: reqwest::Error) -> String {
    match (error.is_timeout(), error.is_connect()) {
        (true, _) => cause("cause-call-slow"),
        (false, true) => bounded(&cause_of("cause-call-unreachable", chain(error))),
        (false, false) => bounded(&cause_of("cause-call-broken", chain(error))),
    }
}

/// A key with the certificate by which receivers check its signatures.
pub struct Seal {
    /// The id of the certificate.
    pub id: String,
    key: KeyPair,
    drawn_at: Timestamp,
}

impl Seal {
    /// Draws a key with a certificate of its own, in the name of the operator: RSA with 2048 bits.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn draw(organization: &str, now: Timestamp) -> Result<Drawn, Error> {
        let key = KeyPair::generate(KeySize::Rsa2048).map_err(Error::internal)?;
        let der = Zeroizing::new(key.as_der().map_err(Error::internal)?.as_ref().to_vec());
        let own = rcgen::KeyPair::from_pkcs8_der_and_sign_algo(
            &PrivatePkcs8KeyDer::from(der.as_slice()),
            &PKCS_RSA_SHA256,
        )
        .map_err(Error::internal)?;
        let mut params = CertificateParams::default();
        let mut name = DistinguishedName::new();
        name.push(DnType::OrganizationName, organization);
        name.push(DnType::CommonName, format!("{organization} webhooks"));
        params.distinguished_name = name;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        let mut serial = [0_u8; 16];
        crate::ids::fill(&mut serial);
        params.serial_number = Some(SerialNumber::from_slice(&serial));
        let today = chandlery_domain::calendar::utc_date(now);
        let day = |day: jiff::civil::Date| {
            let number = |own: i8| u8::try_from(own).map_err(Error::internal);
            let (month, day_of_month) = (number(day.month())?, number(day.day())?);
            Ok::<_, Error>(rcgen::date_time_ymd(i32::from(day.year()), month, day_of_month))
        };
        params.not_before = day(today)?;
        params.not_after = day(today.checked_add(CERTIFICATE_DAYS.days()).map_err(Error::internal)?)?;
        let certificate = params.self_signed(&own).map_err(Error::internal)?;
        Ok(Drawn {
            id: uuid::Uuid::new_v4().simple().to_string(),
            certificate: STANDARD.encode(certificate.der()),
            key: Zeroizing::new(STANDARD.encode(&*der)),
            drawn_at: now,
        })
    }

    /// Opens a stored key.
    ///
    /// # Errors
    /// When it does not open.
    pub fn open(tx: &mut Read<'_>, vault: &Vault, stored: &Certificate) -> Result<Self, Error> {
        let text = vault.open(tx, Owner::Operator, "webhook_certificates", &stored.id, &stored.sealed)?;
        let der = Zeroizing::new(STANDARD.decode(text.as_bytes()).map_err(Error::internal)?);
        let key = KeyPair::from_pkcs8(&der).map_err(Error::internal)?;
        let drawn_at = Timestamp::from_microsecond(stored.drawn_at).map_err(Error::internal)?;
        Ok(Self { id: stored.id.clone(), key, drawn_at })
    }

    /// Whether it is time for another one.
    pub fn is_old(&self, now: Timestamp) -> bool {
        now.duration_since(self.drawn_at).as_hours() > CERTIFICATE_DAYS.saturating_mul(24) / 2
    }

    /// The signature over a body, RSA with PKCS #1 v1.5 and SHA-256 (RFC 8017 section 8.2), in base64.
    ///
    /// # Errors
    /// When signing fails.
    pub fn sign(&self, body: &[u8]) -> Result<String, Error> {
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(&RSA_PKCS1_SHA256, &aws_lc_rs::rand::SystemRandom::new(), body, &mut signature)
            .map_err(Error::internal)?;
        Ok(STANDARD.encode(signature))
    }
}

/// A key before it is stored. No Debug: it holds the key.
pub struct Drawn {
    id: String,
    certificate: String,
    key: Zeroizing<String>,
    drawn_at: Timestamp,
}

impl Drawn {
    /// As it is stored.
    ///
    /// # Errors
    /// When the operator has no data key.
    pub fn sealed(&self, tx: &mut Read<'_>, vault: &Vault) -> Result<Certificate, Error> {
        Ok(Certificate {
            id: self.id.clone(),
            certificate: self.certificate.clone(),
            sealed: vault.seal(tx, Owner::Operator, "webhook_certificates", &self.id, &self.key)?,
            drawn_at: self.drawn_at.as_microsecond(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_inside_is_told_from_what_is_outside() {
        for public in ["1.1.1.1", "93.184.215.14", "172.15.0.1", "2606:4700::1111", "2a00:1450:4001::8b"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for inside in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "203.0.113.5",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::1",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "3fff::1",
            "::7f00:1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
    }

    #[test]
    fn a_program_is_reached_by_https_on_the_internet() {
        for right in ["https://hooks.example/in?token=1", " https://1.1.1.1:8443/ "] {
            assert!(address(right, Reach::Internet).is_some(), "{right}");
        }
        for wrong in [
            "http://hooks.example/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://localhost/",
            "https://10.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://user:word@hooks.example/",
            "ftp://hooks.example/",
            "hooks",
            "",
        ] {
            assert!(address(wrong, Reach::Internet).is_none(), "{wrong}");
        }
        assert!(address("http://127.0.0.1:9/x", Reach::Practice).is_some());
        assert!(address("http://10.0.0.1/x", Reach::Practice).is_none());
        assert!(address("https://10.0.0.1/x", Reach::Inside).is_some());
        for wrong in [
            "http://127.0.0.1/",
            "https://127.0.0.1/",
            "https://localhost/",
            "https://169.254.169.254/",
            "https://[fe80::1]/",
        ] {
            assert!(address(wrong, Reach::Inside).is_none(), "{wrong}");
        }
        assert!(address(&format!("https://a.example/{}", "x".repeat(2000)), Reach::Internet).is_none());
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_not_called() {
        // Every machine resolves this name to itself.
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url =
            Url::parse(&format!("https://localhost:{}/", listener.local_addr().unwrap().port())).unwrap();
        let told = || Told {
            url: &url,
            body: "{}".into(),
            signature: String::new(),
            certificate: String::new(),
            own_header: false,
        };
        for reach in [Reach::Internet, Reach::Inside] {
            let why = Caller::new(reach, "https://own.example").unwrap().call(told()).await.unwrap_err();
            assert!(why.contains("no address that may be called"), "{why}");
        }
        let nobody = tokio::time::timeout(std::time::Duration::from_millis(50), listener.accept()).await;
        assert!(nobody.is_err(), "nobody connected");
        let practising = Caller::new(Reach::Practice, "https://own.example").unwrap();
        let (called, accepted) =
            tokio::join!(practising.call(told()), async { listener.accept().await.is_ok() });
        assert!(called.is_err() && accepted, "what may be called is connected to");
        // A name nobody has sounds the same.
        let none = Guarded(Reach::Internet).resolve("no-such-name.invalid".parse().unwrap()).await;
        assert!(none.err().unwrap().to_string().contains("no address that may be called"));
    }

    #[test]
    fn a_certificate_names_the_operator_and_is_replaced_in_time() {
        let now: Timestamp = "2026-11-20T10:00:00Z".parse().unwrap();
        let drawn = Seal::draw("Chandlery AB", now).ok().unwrap();
        let der = STANDARD.decode(&drawn.certificate).unwrap();
        assert!(der.windows(12).any(|part| part == b"Chandlery AB"));
        let key = KeyPair::from_pkcs8(&STANDARD.decode(drawn.key.as_bytes()).unwrap()).unwrap();
        let seal = Seal { id: drawn.id, key, drawn_at: now };
        assert!(!seal.is_old(now) && !seal.is_old("2027-11-20T10:00:00Z".parse().unwrap()));
        assert!(seal.is_old("2027-11-21T10:00:00Z".parse().unwrap()));
        assert_eq!(STANDARD.decode(seal.sign(b"x").unwrap()).unwrap().len(), 256);
    }
}
