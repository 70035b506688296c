//! Streaming of the activity log to a SIEM, over HTTPS or as syslog over TLS.
//!
//! At least once: a batch that failed is sent again whole, so a receiver may see a line twice (its id tells) and never
//! misses one. Never here: plain text over the network, a line left out or reordered, a batch half counted.
//!
//! Syslog has no acknowledgement. A batch counts as delivered only when every octet was written and flushed, our
//! `close_notify` was sent, and the peer then closed its side in order within 10 s (RFC 5425 section 4.4 obliges it
//! to answer `close_notify` with `close_notify`). That proves that the receiver's TLS read to the end of the batch; it
//! does not prove that the receiver stored it. Whoever needs that proof uses HTTPS, where 2xx is the receiver's word.
//!
//! Some receivers (rsyslog with its GnuTLS driver) close only the TCP connection. `?close=tcp` accepts that; then
//! somebody on the path who can forge the end of a connection can make a batch vanish unseen, so it is not the default.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Url};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

pub use super::reach::Failure;
use super::reach::{bare, send, trust, web_address, web_client, without_user};

/// The port of syslog over TLS (RFC 5425 section 4.1).
const SYSLOG_PORT: u16 = 6514;
const WRITE_TIME: Duration = Duration::from_secs(30);
const CLOSE_TIME: Duration = Duration::from_secs(10);
/// A syslog receiver has nothing to say; what it says all the same is read up to here, in octets.
const LARGEST_REMARK: u64 = 4 * 1024;
/// Facility 13, log audit, with severity 6 and 5 (RFC 5424 section 6.2.1: facility * 8 + severity).
const INFORMATIONAL: u8 = 13 * 8 + 6;
const NOTICE: u8 = 13 * 8 + 5;

/// One entry of the activity log as it is streamed.
pub struct Line {
    /// When it happened.
    pub at: Timestamp,
    /// The entry's id, by which a receiver knows a line that came twice. Printable ASCII.
    pub id: String,
    /// What was done, such as `order_cancelled`; syslog shows its first 32 characters.
    pub operation: String,
    /// The partner it belongs to.
    pub partner: String,
    /// Whether what was tried failed.
    pub failed: bool,
    /// The whole entry as JSON (RFC 8259).
    pub json: String,
}

/// How a syslog receiver must end the connection for a batch to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Close {
    /// With `close_notify`, as RFC 5425 section 4.4 says; it cannot be forged.
    Notify,
    /// At least by closing the TCP connection in order.
    Tcp,
}

/// Where the log is streamed to. No Debug: it holds a token.
pub enum Sink {
    /// One POST of newline-delimited JSON per batch.
    Https {
        /// The address: `https`, or `http` on this machine.
        url: Url,
        /// Sent as `Authorization: Bearer` (RFC 6750).
        bearer: Option<SecretString>,
        /// The client that reaches it and holds the trust roots.
        client: Client,
    },
    /// One TLS connection of RFC 5424 messages per batch.
    Syslog {
        /// The host to connect to, without brackets.
        host: String,
        /// The TCP port.
        port: u16,
        /// The name or address the certificate must be for.
        server_name: ServerName<'static>,
        /// TLS with the trust roots.
        tls: Arc<ClientConfig>,
        /// How the receiver must end the connection.
        close: Close,
    },
}

impl Sink {
    /// Reads `https://…` (`http://` on this machine only) or `syslog+tls://host:6514`, optionally with `?close=tcp`.
    /// The trust roots are the system's, or with `ca` those of that PEM file and no others; they are read once.
    ///
    /// # Errors
    /// When the address is neither, the token does not fit, or the certificate file holds none. All are permanent.
    pub fn parse(target: &str, token: Option<SecretString>, ca: Option<&Path>) -> Result<Self, Failure> {
        if !target.starts_with("syslog+tls:") {
            let url = web_address(target)?;
            let client = web_client(&url, ca)?;
            return Ok(Self::Https { url, bearer: token, client });
        }
        if token.is_some() {
            return Err(Failure::permanent("syslog knows no token"));
        }
        let url = Url::parse(target)
            .map_err(|error| Failure::permanent(format!("the address is no URL: {error}")))?;
        without_user(&url)?;
        let host = bare(url.host_str().unwrap_or_default()).to_owned();
        let close = match url.query() {
            None | Some("close=notify") => Close::Notify,
            Some("close=tcp") => Close::Tcp,
            Some(_) => {
                return Err(Failure::permanent("a syslog address knows only ?close=notify and ?close=tcp"));
            }
        };
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(Failure::permanent("a syslog address is syslog+tls://host:port"));
        }
        let server_name = ServerName::try_from(host.clone())
            .map_err(|_| Failure::permanent("a syslog address needs the name of a host"))?;
        let port = url.port().unwrap_or(SYSLOG_PORT);
        Ok(Self::Syslog { host, port, server_name, tls: Arc::new(trust(ca)?), close })
    }

    /// Sends a batch, in order, and returns when the receiver has it (see the top of this file for syslog). No lines
    /// are no batch. After an error the caller sends the same batch again.
    ///
    /// # Errors
    /// When any line may not have arrived. Permanent only when the receiver calls the content wrong or an id is not
    /// printable ASCII.
    pub async fn deliver(&self, lines: &[Line]) -> Result<(), Failure> {
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
            return Ok(());
        };
        match self {
            Self::Https { url, bearer, client } => {
                let mut body = String::new();
                for line in lines {
                    body.push_str(&one_line(&line.json));
                    body.push('\n');
                }
                if !first.id.chars().chain(last.id.chars()).all(|letter| letter.is_ascii_graphic()) {
                    return Err(Failure::permanent("an id of the activity log is not printable ASCII"));
                }
                let mut request = client
                    .post(url.clone())
                    .header(CONTENT_TYPE, "application/x-ndjson")
                    .header("Idempotency-Key", format!("{}..{}", first.id, last.id));
                if let Some(token) = bearer {
                    request = request.bearer_auth(token.expose_secret());
                }
                send(request.body(body)).await
            }
            Self::Syslog { host, port, server_name, tls, close } => {
                let name = host_name();
                let mut octets = String::new();
                for line in lines {
                    let message = message(line, &name);
                    // RFC 5425 section 4.3: the length in octets, a space, the message; nothing in between.
                    let length = message.len().to_string();
                    octets.extend([length.as_str(), " ", message.as_str()]);
                }
                let connect = TcpStream::connect((host.as_str(), *port));
                let connector = TlsConnector::from(Arc::clone(tls));
                let writing = async {
                    let mut stream = connector.connect(server_name.clone(), connect.await?).await?;
                    stream.write_all(octets.as_bytes()).await?;
                    stream.flush().await?;
                    stream.shutdown().await?;
                    Ok::<_, io::Error>(stream)
                };
                let stream = match timeout(WRITE_TIME, writing).await {
                    Ok(Ok(stream)) => stream,
                    Ok(Err(error)) => return Err(Failure::passing(format!("syslog: {error}"))),
                    Err(_) => return Err(Failure::passing("syslog: the batch was not written within 30 s")),
                };
                match timeout(CLOSE_TIME, closed(stream, *close)).await {
                    Ok(done) => done,
                    Err(_) => Err(Failure::passing("syslog: the receiver did not close within 10 s")),
                }
            }
        }
    }
}

/// Waits until the peer has closed its side in order.
async fn closed(stream: TlsStream<TcpStream>, close: Close) -> Result<(), Failure> {
    let mut remark = Vec::new();
    match stream.take(LARGEST_REMARK).read_to_end(&mut remark).await {
        Ok(read) if u64::try_from(read).is_ok_and(|read| read < LARGEST_REMARK) => Ok(()),
        Ok(_) => Err(Failure::passing("syslog: the receiver talks instead of closing")),
        // TCP ended without close_notify. A receiver that closes with octets unread sends a reset instead, which is
        // another error and never counts.
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => match close {
            Close::Tcp => Ok(()),
            Close::Notify => Err(Failure::passing(
                "syslog: the receiver closed without close_notify (?close=tcp in the address accepts that)",
            )),
        },
        Err(error) => Err(Failure::passing(format!("syslog: the receiver did not close in order: {error}"))),
    }
}

/// One message of RFC 5424 section 6.
fn message(line: &Line, host: &str) -> String {
    let priority = if line.failed { NOTICE } else { INFORMATIONAL };
    let mut text =
        format!("<{priority}>1 {} {host} chandlery - ", line.at.strftime("%Y-%m-%dT%H:%M:%S%.6fZ"));
    text.push_str(&name(&line.operation, 32));
    // 32473 is the enterprise number set aside for examples (RFC 5612).
    text.push_str(" [chandlery@32473");
    for (field, value) in [("partner", &line.partner), ("id", &line.id)] {
        text.extend([" ", field, "=\""]);
        for letter in value.chars() {
            // RFC 5424 section 6.3.3.
            if matches!(letter, '"' | '\\' | ']') {
                text.push('\\');
            }
            text.push(letter);
        }
        text.push('"');
    }
    text.push_str("] ");
    text.push_str(&one_line(&line.json));
    text
}

/// JSON on one line. It escapes control characters within strings, so a raw one is only white space between values.
fn one_line(json: &str) -> String {
    json.replace(['\n', '\r', '\t'], " ")
}

/// A header field of RFC 5424: printable ASCII up to a length, or `-` for none.
fn name(text: &str, longest: usize) -> String {
    if text.is_empty() {
        return "-".into();
    }
    text.chars().take(longest).map(|letter| if letter.is_ascii_graphic() { letter } else { '_' }).collect()
}

fn host_name() -> String {
    name(&rustix::system::uname().nodename().to_string_lossy(), 255)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Line {
        Line {
            at: "2020-02-01T10:00:00.1234569+02:00".parse().unwrap(),
            id: "a-1".into(),
            operation: "order_cancelled".into(),
            partner: r#"a"b\c]d"#.into(),
            failed: false,
            json: "{\"name\":\"å\\n\",\n\t\"x\": 1}".into(),
        }
    }

    #[test]
    fn a_message_is_spelled_as_rfc_5424_says() {
        let expected = concat!(
            "<110>1 2020-02-01T08:00:00.123456Z host.example chandlery - order_cancelled ",
            r#"[chandlery@32473 partner="a\"b\\c\]d" id="a-1"] "#,
            r#"{"name":"å\n",  "x": 1}"#
        );
        assert_eq!(message(&line(), "host.example"), expected);
        let other = Line {
            failed: true,
            operation: "order cancelled å".repeat(4),
            at: Timestamp::UNIX_EPOCH,
            ..line()
        };
        let text = message(&other, "-");
        assert!(text.starts_with(
            "<109>1 1970-01-01T00:00:00.000000Z - chandlery - order_cancelled__order_cancelled [c"
        ));
        assert!(
            message(&Line { operation: String::new(), ..line() }, "-").contains(" chandlery - - [chandlery@")
        );
    }

    #[test]
    fn the_host_is_one_printable_word() {
        let host = host_name();
        assert!(!host.is_empty() && host.chars().all(|letter| letter.is_ascii_graphic()), "{host}");
    }

    #[test]
    fn only_safe_addresses_are_sinks() {
        let syslog = |target: &str| match Sink::parse(target, None, None) {
            Ok(Sink::Syslog { host, port, close, .. }) => Some((host, port, close)),
            Ok(Sink::Https { .. }) => None,
            Err(failure) => {
                assert!(failure.is_permanent());
                None
            }
        };
        assert_eq!(syslog("syslog+tls://siem.example"), Some(("siem.example".into(), 6514, Close::Notify)));
        assert_eq!(syslog("syslog+tls://10.0.0.7:99/?close=tcp"), Some(("10.0.0.7".into(), 99, Close::Tcp)));
        assert_eq!(syslog("syslog+tls://[::1]:99?close=notify"), Some(("::1".into(), 99, Close::Notify)));
        for wrong in [
            "syslog+tls://",
            "syslog+tls:siem.example",
            "syslog+tls://siem.example/path",
            "syslog+tls://siem.example?close=never",
            "syslog+tls://user:word@siem.example",
            "syslog+tls://siem example",
            "syslog://siem.example",
            "http://siem.example/",
        ] {
            assert_eq!(syslog(wrong), None, "{wrong}");
        }
        let token = || Some(SecretString::from("t"));
        assert!(Sink::parse("syslog+tls://siem.example", token(), None).is_err());
        assert!(matches!(Sink::parse("https://siem.example/in", token(), None), Ok(Sink::Https { .. })));
        assert!(matches!(Sink::parse("http://localhost:1/", None, None), Ok(Sink::Https { .. })));
    }
}
