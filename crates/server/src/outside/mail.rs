//! Sending mail by SMTP (RFC 5321) to the operator's mail server.
//!
//! One connection per mail, closed after it: no reply of an earlier mail can be taken for the answer to a later one.
//! Never here: what a mail says, a second attempt, a password or a mail in clear to anywhere but this machine.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use lettre::Message;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use percent_encoding::percent_decode_str;
use reqwest::Url;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

pub use super::reach::Failure;
use super::reach::{bare, loopback, trust};
use crate::texts::{cause, cause_of};

const SEND_TIME: Duration = Duration::from_secs(20);
/// After the mail was taken, the goodbye may take this long.
const QUIT_TIME: Duration = Duration::from_secs(2);
const LARGEST_TEXT: usize = 1024 * 1024;
const LONGEST_FIELD: usize = 500;
/// What a server may say in one connection, in octets; an honest one says some hundreds.
const LARGEST_TALK: usize = 256 * 1024;

/// One mail to one person.
pub struct Mail {
    /// The address, with or without a name: `ann@example.com` or `Ann <ann@example.com>` (RFC 5322 section 3.4).
    pub to: String,
    /// The subject, one line.
    pub subject: String,
    /// The text, at most 1 MiB.
    pub text: String,
    /// The same each time the same mail is sent again, such as `7@shop.example`; angle brackets are added when missing
    /// (RFC 5322 section 3.6.4).
    pub message_id: String,
}

enum Protection {
    /// Only on this machine.
    None,
    StartTls(TlsParameters),
    FromTheStart(Arc<ClientConfig>, ServerName<'static>),
}

/// Sends mail through one server. No Debug: it holds a password.
pub struct Mailer {
    host: String,
    port: u16,
    protection: Protection,
    credentials: Option<Credentials>,
    from: Mailbox,
}

impl Mailer {
    /// Reads `smtps://user:password@host` (TLS from the start, port 465) or `smtp://user:password@host` (STARTTLS
    /// required, port 587; also spelled `?tls=required`); `smtp://…?tls=none` (port 25) is for this machine only.
    /// User and password are percent-encoded and both or neither given. TLS trusts the system's roots, read once.
    ///
    /// # Errors
    /// When the address or the sender is wrong, or the trust roots cannot be read. All are permanent; none repeats
    /// the address.
    pub fn from_url(url: &str, from: &str) -> Result<Self, Failure> {
        let from =
            from.parse().map_err(|error| Failure::permanent(format!("the sender of mail: {error}")))?;
        let url = Url::parse(url)
            .map_err(|error| Failure::permanent(format!("the mail server's address: {error}")))?;
        let host = bare(url.host_str().unwrap_or_default()).to_owned();
        let tls_failed = |error: SmtpError| Failure::permanent(format!("TLS cannot be set up: {error}"));
        let no_host = |_| Failure::permanent("the mail server's address needs the name of a host");
        let server_name = ServerName::try_from(host.clone()).map_err(no_host)?;
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(Failure::permanent("a mail server's address has no path"));
        }
        let (protection, usual_port) = match (url.scheme(), url.query()) {
            ("smtps", None | Some("tls=required")) => {
                (Protection::FromTheStart(Arc::new(trust(None)?), server_name), 465)
            }
            ("smtp", None | Some("tls=required")) => {
                (Protection::StartTls(TlsParameters::new(host.clone()).map_err(tls_failed)?), 587)
            }
            ("smtp", Some("tls=none")) if loopback(&host) => (Protection::None, 25),
            ("smtp", Some("tls=none")) => {
                return Err(Failure::permanent("mail without TLS is allowed on this machine only"));
            }
            _ => {
                return Err(Failure::permanent("a mail server is smtps://…, smtp://…, or smtp://…?tls=none"));
            }
        };
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            (user, Some(password)) if !user.is_empty() => {
                Some(Credentials::new(decoded(user)?, decoded(password)?))
            }
            _ => return Err(Failure::permanent("a mail server takes a user and a password, or neither")),
        };
        Ok(Self { port: url.port().unwrap_or(usual_port), host, protection, credentials, from })
    }

    /// Sends a mail as plain text in UTF-8 and returns when the server has taken it, within 20 s. After an error that
    /// is not permanent the server may have taken it all the same; the message id tells a second copy.
    ///
    /// # Errors
    /// Permanent when the server refuses the mail with 5xx or the mail itself is wrong. A refused log-in, a server
    /// without TLS, 4xx and whatever ails the network are not: the mail is fine.
    pub async fn send(&self, mail: &Mail) -> Result<(), Failure> {
        self.send_both(mail, None).await
    }

    /// Sends a mail as [`Mailer::send`] does, with the same in HTML beside the text; a reader's program shows one of them
    /// (RFC 2046 section 5.1.4).
    ///
    /// # Errors
    /// As [`Mailer::send`].
    pub async fn send_both(&self, mail: &Mail, html: Option<&str>) -> Result<(), Failure> {
        let message = self.message(mail, html)?;
        match tokio::time::timeout(SEND_TIME, self.hand_over(&message)).await {
            Ok(done) => done,
            Err(_) => Err(Failure::passing(cause("cause-mail-slow"))),
        }
    }

    /// The host of the sender, for ids of mails; that of nobody where it is not plain ASCII.
    pub fn host(&self) -> &str {
        let host = self.from.email.domain();
        let plain = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c));
        if plain { host } else { "localhost" }
    }

    fn message(&self, mail: &Mail, html: Option<&str>) -> Result<Message, Failure> {
        let to: Mailbox =
            mail.to.parse().map_err(|error| Failure::permanent(cause_of("cause-mail-recipient", error)))?;
        if mail.subject.chars().any(char::is_control) || mail.subject.len() > LONGEST_FIELD {
            return Err(Failure::permanent("a mail's subject is one line of at most 500 octets"));
        }
        if mail.text.len() > LARGEST_TEXT || html.is_some_and(|html| html.len() > LARGEST_TEXT) {
            return Err(Failure::permanent("a mail's text is at most 1 MiB"));
        }
        let id = mail.message_id.strip_prefix('<').and_then(|id| id.strip_suffix('>'));
        let id = id.unwrap_or(&mail.message_id);
        let (left, right) = id.split_once('@').unwrap_or_default();
        let plain = |part: &str| {
            !part.is_empty()
                && part.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c))
        };
        if !plain(left) || !plain(right) || id.len() > LONGEST_FIELD {
            return Err(Failure::permanent(
                "a message id is left@right in plain ASCII (RFC 5322 section 3.6.4)",
            ));
        }
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(mail.subject.as_str())
            .message_id(Some(format!("<{id}>")));
        let written = match html {
            Some(html) => {
                message.multipart(MultiPart::alternative_plain_html(mail.text.clone(), html.to_owned()))
            }
            None => message.header(ContentType::TEXT_PLAIN).body(mail.text.clone()),
        };
        written.map_err(|error| Failure::permanent(format!("the mail cannot be written: {error}")))
    }

    async fn hand_over(&self, message: &Message) -> Result<(), Failure> {
        let network = |error: io::Error| Failure::passing(cause_of("cause-mail-unreachable", error));
        let tcp = TcpStream::connect((self.host.as_str(), self.port)).await.map_err(network)?;
        let peer = tcp.peer_addr().map_err(network)?;
        let stream: Box<dyn AsyncTokioStream> = match &self.protection {
            Protection::FromTheStart(tls, name) => {
                let connector = TlsConnector::from(Arc::clone(tls));
                Box::new(Measured::new(connector.connect(name.clone(), tcp).await.map_err(network)?, peer))
            }
            Protection::None | Protection::StartTls(_) => Box::new(Measured::new(tcp, peer)),
        };
        let us = ClientId::default();
        let mut connection =
            AsyncSmtpConnection::connect_with_transport(stream, &us).await.map_err(passing)?;
        if let Protection::StartTls(tls) = &self.protection {
            if !connection.can_starttls() {
                return Err(Failure::passing(cause("cause-mail-no-starttls")));
            }
            connection.starttls(tls.clone(), &us).await.map_err(passing)?;
        }
        if let Some(credentials) = &self.credentials {
            // Only the code: a server may repeat what it was sent, and that was the password.
            connection.auth(&[Mechanism::Plain, Mechanism::Login], credentials).await.map_err(|error| {
                let code = error.status().map_or_else(|| "no code".to_owned(), |code| code.to_string());
                Failure::passing(cause_of("cause-mail-log-in", code))
            })?;
        }
        connection.send(message.envelope(), &message.formatted()).await.map_err(refused)?;
        // The server has the mail, so what becomes of the goodbye does not matter to it.
        match tokio::time::timeout(QUIT_TIME, connection.quit()).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::debug!(%error, "the mail server did not say goodbye"),
            Err(_) => tracing::debug!("the mail server did not say goodbye in time"),
        }
        Ok(())
    }
}

fn decoded(text: &str) -> Result<String, Failure> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded
        .map(String::from)
        .map_err(|_| Failure::permanent("the mail server's user or password is not UTF-8"))
}

fn passing(error: SmtpError) -> Failure {
    Failure::passing(cause_of("cause-mail-server", error))
}

fn refused(error: SmtpError) -> Failure {
    // 530 asks for a log-in or TLS (RFC 4954, RFC 3207): our settings are wrong, not the mail. The client itself
    // refuses only an address outside ASCII where the server does not know SMTPUTF8 (RFC 6531).
    let settings = error.status().is_some_and(|code| code.to_string() == "530");
    if (error.is_permanent() && !settings) || error.is_client() {
        return Failure::permanent(cause_of("cause-mail-refused", error));
    }
    passing(error)
}

/// A connection that hands over at most one line per read and not more than [`LARGEST_TALK`] in all.
///
/// One line, so that the SMTP client can never hold words that came in clear before STARTTLS and take them for words
/// under TLS; in all, since the client reads a line of any length.
#[derive(Debug)]
struct Measured<S> {
    inner: S,
    peer: SocketAddr,
    held: Vec<u8>,
    left: usize,
}

impl<S> Measured<S> {
    fn new(inner: S, peer: SocketAddr) -> Self {
        Self { inner, peer, held: Vec::new(), left: LARGEST_TALK }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Measured<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.held.is_empty() {
            let mut room = [0_u8; 4096];
            let mut read = ReadBuf::new(&mut room);
            ready!(Pin::new(&mut this.inner).poll_read(cx, &mut read))?;
            let Some(left) = this.left.checked_sub(read.filled().len()) else {
                return Poll::Ready(Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "the server says too much",
                )));
            };
            this.left = left;
            this.held.extend_from_slice(read.filled());
        }
        let end = this.held.iter().position(|octet| *octet == b'\n');
        let line = end.map_or(this.held.len(), |end| end.saturating_add(1)).min(out.remaining());
        for octet in this.held.drain(..line) {
            out.put_slice(&[octet]);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Measured<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, octets: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write(cx, octets)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }
}

impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin + std::fmt::Debug> AsyncTokioStream for Measured<S> {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.peer)
    }
}
