//! A mail server for tests: it takes mail over SMTP on this machine and keeps it, or refuses it as told.
//!
//! Never here: a mail sent on to anybody.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use tokio::net::{TcpListener, TcpStream};

use crate::peer_tls::PeerTls;

/// The only user and password the peer lets in.
pub const USER: &str = "ann@example.com";
pub const PASSWORD: &str = "pass wörd/1";

/// A mail as it came.
#[derive(Debug, Clone)]
pub struct Message {
    pub from: String,
    pub to: Vec<String>,
    pub logged_in: bool,
    pub encrypted: bool,
    /// Header and body, dots unstuffed, lines ended by CR LF.
    pub raw: String,
}

impl Message {
    /// A header with its continuation lines, undecoded.
    pub fn header(&self, name: &str) -> Option<String> {
        let (head, _) = self.raw.split_once("\r\n\r\n").unwrap();
        let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let wanted = format!("{name}: ").to_ascii_lowercase();
        let found = head.split("\r\n").find(|line| line.to_ascii_lowercase().starts_with(&wanted));
        found.map(|line| line[wanted.len()..].to_owned())
    }

    /// The subject, decoded (RFC 2047, base64 words).
    pub fn subject(&self) -> String {
        let raw = self.header("Subject").unwrap();
        let mut text = String::new();
        let mut after_word = false;
        for part in raw.split(' ') {
            let coded = part.strip_prefix("=?utf-8?b?").and_then(|rest| rest.strip_suffix("?="));
            let decoded = coded.map(|word| String::from_utf8(STANDARD.decode(word).unwrap()).unwrap());
            // White space between two encoded words is not shown.
            let joined = after_word && decoded.is_some();
            if !text.is_empty() && !joined {
                text.push(' ');
            }
            after_word = decoded.is_some();
            text.push_str(decoded.as_deref().unwrap_or(part));
        }
        text
    }

    /// The text, decoded, with lines ended by LF.
    pub fn text(&self) -> String {
        let (_, body) = self.raw.split_once("\r\n\r\n").unwrap();
        let octets = match self.header("Content-Transfer-Encoding").as_deref() {
            Some("base64") => STANDARD.decode(body.replace("\r\n", "")).unwrap(),
            Some("quoted-printable") => unquoted(body),
            _ => body.as_bytes().to_vec(),
        };
        String::from_utf8(octets).unwrap().replace("\r\n", "\n")
    }
}

fn unquoted(body: &str) -> Vec<u8> {
    let body = body.replace("=\r\n", "");
    let mut octets = Vec::new();
    let mut rest = body.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first == b'=' {
            octets.push(u8::from_str_radix(std::str::from_utf8(&rest[..2]).unwrap(), 16).unwrap());
            rest = &rest[2..];
        } else {
            octets.push(first);
        }
    }
    octets
}

/// How the peer speaks TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaks {
    Plain,
    StartTls,
    /// As [`Speaks::StartTls`], with words in clear pushed in behind the go-ahead, as an attacker would.
    InjectedStartTls,
    Tls,
}

#[derive(Default)]
struct Heard {
    messages: Vec<Message>,
    commands: Vec<String>,
    refusal: Option<u16>,
    silent: bool,
}

/// A running mail server; it stops with the test.
pub struct SmtpPeer {
    pub port: u16,
    pub tls: Arc<PeerTls>,
    heard: Arc<Mutex<Heard>>,
}

impl SmtpPeer {
    /// The mails taken so far.
    pub fn messages(&self) -> Vec<Message> {
        self.heard.lock().unwrap().messages.clone()
    }

    /// All commands so far, as they came.
    pub fn commands(&self) -> Vec<String> {
        self.heard.lock().unwrap().commands.clone()
    }

    /// From now on answers RCPT with this code; `None` takes mail again.
    pub fn refuse(&self, code: impl Into<Option<u16>>) {
        self.heard.lock().unwrap().refusal = code.into();
    }

    /// From now on says nothing after DATA.
    pub fn fall_silent(&self) {
        self.heard.lock().unwrap().silent = true;
    }
}

/// A mail server without TLS on a free port.
pub async fn start() -> SmtpPeer {
    start_speaking(Speaks::Plain).await
}

/// A mail server on a free port.
pub async fn start_speaking(speaks: Speaks) -> SmtpPeer {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let tls = Arc::new(PeerTls::new());
    let heard = Arc::new(Mutex::new(Heard::default()));
    let peer = SmtpPeer { port, tls: Arc::clone(&tls), heard: Arc::clone(&heard) };
    tokio::spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            tokio::spawn(serve(tcp, speaks, Arc::clone(&tls), Arc::clone(&heard)));
        }
    });
    peer
}

async fn serve(tcp: TcpStream, speaks: Speaks, tls: Arc<PeerTls>, heard: Arc<Mutex<Heard>>) {
    if speaks == Speaks::Tls {
        if let Ok(stream) = tls.acceptor.accept(tcp).await {
            talk(BufReader::new(stream), Speaks::Tls, true, &heard).await;
        }
        return;
    }
    if let Some(tcp) = talk(BufReader::new(tcp), speaks, true, &heard).await
        && let Ok(stream) = tls.acceptor.accept(tcp.into_inner()).await
    {
        talk(BufReader::new(stream), Speaks::Tls, false, &heard).await;
    }
}

/// Talks until the end; gives the stream back where TLS begins.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: BufReader<S>,
    speaks: Speaks,
    greets: bool,
    heard: &Mutex<Heard>,
) -> Option<BufReader<S>> {
    let (mut from, mut to, mut logged_in) = (String::new(), Vec::new(), false);
    if greets {
        stream.write_all(b"220 peer.example ready\r\n").await.ok()?;
    }
    loop {
        let mut line = String::new();
        if (&mut stream).take(4096).read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_owned();
        heard.lock().unwrap().commands.push(line.clone());
        let refusal = heard.lock().unwrap().refusal;
        let (word, rest) = line.split_once(' ').unwrap_or((&line, ""));
        let answer = match word.to_ascii_uppercase().as_str() {
            "EHLO" if matches!(speaks, Speaks::StartTls | Speaks::InjectedStartTls) => {
                "250-peer.example\r\n250-8BITMIME\r\n250 STARTTLS".to_owned()
            }
            "EHLO" => "250-peer.example\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN".to_owned(),
            "STARTTLS" => {
                let injected = "220 go ahead\r\n250-peer.example\r\n250 AUTH PLAIN\r\n235 welcome\r\n";
                let words = if speaks == Speaks::InjectedStartTls { injected } else { "220 go ahead\r\n" };
                stream.write_all(words.as_bytes()).await.ok()?;
                return Some(stream);
            }
            "AUTH" => {
                let right = format!("PLAIN {}", STANDARD.encode(format!("\0{USER}\0{PASSWORD}")));
                logged_in = rest == right;
                // A server that repeats what it was sent, as some do.
                if logged_in { "235 welcome".to_owned() } else { format!("535 wrong: {rest} {PASSWORD}") }
            }
            "MAIL" => {
                from = inside(rest);
                "250 ok".to_owned()
            }
            "RCPT" => match refusal {
                Some(code) => format!("{code} not for {}", inside(rest)),
                None => {
                    to.push(inside(rest));
                    "250 ok".to_owned()
                }
            },
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await.ok()?;
                let raw = data(&mut stream).await?;
                if heard.lock().unwrap().silent {
                    std::future::pending::<()>().await;
                }
                let to = std::mem::take(&mut to);
                let encrypted = speaks == Speaks::Tls;
                heard.lock().unwrap().messages.push(Message {
                    from: from.clone(),
                    to,
                    logged_in,
                    encrypted,
                    raw,
                });
                "250 taken".to_owned()
            }
            "QUIT" => {
                stream.write_all(b"221 bye\r\n").await.ok()?;
                return None;
            }
            "NOOP" | "RSET" => "250 ok".to_owned(),
            _ => "500 unknown".to_owned(),
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
        stream.flush().await.ok()?;
    }
}

fn inside(text: &str) -> String {
    text.split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'))
        .map_or_else(String::new, |(inner, _)| inner.into())
}

async fn data<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> Option<String> {
    let mut raw = String::new();
    loop {
        let mut line = String::new();
        if stream.take(4096).read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        assert!(line.ends_with("\r\n"), "a line ends with CR LF and is below 1,000 octets: {line:?}");
        if line == ".\r\n" {
            return Some(raw);
        }
        raw.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
