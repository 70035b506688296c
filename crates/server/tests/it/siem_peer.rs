//! A log receiver for tests: HTTP, HTTPS or syslog over TLS on this machine; it keeps what came, or fails as told.
//!
//! Never here: leniency. What RFC 5425 or the HTTP request does not spell exactly makes the test fail.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::peer_tls::PeerTls;

/// What the peer speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaks {
    Http,
    Https,
    Syslog,
}

/// What goes wrong with a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// HTTP: this answer, with a `Location` of our own.
    Answer(u16),
    /// The connection is dropped halfway through the batch.
    Cut,
    /// Syslog: all is read, then TCP is closed without `close_notify`.
    NoGoodbye,
    /// All is read, then nothing more happens.
    Silence,
    /// Syslog: all is read, then the peer talks without end.
    Talk,
}

/// An HTTP request as it came; names of headers in lower case.
#[derive(Debug, Clone)]
pub struct Request {
    pub line: String,
    pub headers: HashMap<String, String>,
    pub body: String,
}

#[derive(Default)]
struct Heard {
    batches: usize,
    troubles: HashMap<usize, Trouble>,
    lines: Vec<String>,
    requests: Vec<Request>,
    wrong: Vec<String>,
}

/// A running receiver; it stops with the test.
pub struct SiemPeer {
    pub port: u16,
    pub tls: Arc<PeerTls>,
    heard: Arc<Mutex<Heard>>,
}

impl SiemPeer {
    /// The n-th batch from the start (the first is 1) meets this trouble.
    pub fn fail_batch(&self, number: usize, trouble: Trouble) {
        self.heard.lock().unwrap().troubles.insert(number, trouble);
    }

    /// What was read whole, in order: lines of accepted HTTP bodies, or syslog messages without their framing.
    pub fn lines(&self) -> Vec<String> {
        let heard = self.heard.lock().unwrap();
        assert!(heard.wrong.is_empty(), "{:?}", heard.wrong);
        heard.lines.clone()
    }

    /// All HTTP requests that were read whole.
    pub fn requests(&self) -> Vec<Request> {
        self.heard.lock().unwrap().requests.clone()
    }

    /// How many batches began.
    pub fn batches(&self) -> usize {
        self.heard.lock().unwrap().batches
    }
}

/// A receiver on a free port.
pub async fn start(speaks: Speaks) -> SiemPeer {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let tls = Arc::new(PeerTls::new());
    let heard = Arc::new(Mutex::new(Heard::default()));
    let peer = SiemPeer { port, tls: Arc::clone(&tls), heard: Arc::clone(&heard) };
    tokio::spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            tokio::spawn(serve(tcp, speaks, Arc::clone(&tls), Arc::clone(&heard)));
        }
    });
    peer
}

async fn serve(mut tcp: TcpStream, speaks: Speaks, tls: Arc<PeerTls>, heard: Arc<Mutex<Heard>>) {
    if speaks == Speaks::Http {
        while http(&mut tcp, &heard).await {}
        return;
    }
    let Ok(mut stream) = tls.acceptor.accept(tcp).await else { return };
    if speaks == Speaks::Syslog {
        syslog(&mut stream, &heard).await;
    } else {
        while http(&mut stream, &heard).await {}
    }
}

fn begin(heard: &Mutex<Heard>) -> Option<Trouble> {
    let mut heard = heard.lock().unwrap();
    heard.batches += 1;
    let number = heard.batches;
    heard.troubles.get(&number).copied()
}

/// One request; whether another may follow on the connection.
async fn http<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, heard: &Mutex<Heard>) -> bool {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(octet) if head.len() < 16 * 1024 => head.push(octet),
            _ => return false,
        }
    }
    let trouble = begin(heard);
    let head = String::from_utf8(head).unwrap();
    let (line, rest) = head.split_once("\r\n").unwrap();
    let headers: HashMap<_, _> = rest
        .split("\r\n")
        .filter_map(|header| header.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let mut body = vec![0; headers["content-length"].parse().unwrap()];
    if trouble == Some(Trouble::Cut) {
        let half = body.len() / 2;
        stream.read_exact(&mut body[..half]).await.unwrap();
        return false;
    }
    if stream.read_exact(&mut body).await.is_err() {
        return false;
    }
    let body = String::from_utf8(body).unwrap();
    let status = match trouble {
        None => 204,
        Some(Trouble::Answer(status)) => status,
        Some(_) => std::future::pending().await,
    };
    {
        let mut heard = heard.lock().unwrap();
        if (200..300).contains(&status) {
            heard.lines.extend(body.lines().map(str::to_owned));
        }
        heard.requests.push(Request { line: line.to_owned(), headers, body });
    }
    let answer = format!("HTTP/1.1 {status} Told\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
    stream.write_all(answer.as_bytes()).await.is_ok() && stream.flush().await.is_ok()
}

async fn syslog<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, heard: &Mutex<Heard>) {
    let trouble = begin(heard);
    let mut octets = Vec::new();
    if trouble == Some(Trouble::Cut) {
        let mut some = [0; 100];
        stream.read_exact(&mut some).await.unwrap();
        return;
    }
    // Only close_notify ends this well; a connection that merely ends is an error here.
    let ended = stream.read_to_end(&mut octets).await;
    {
        let mut heard = heard.lock().unwrap();
        match frames(&octets) {
            Ok(lines) => heard.lines.extend(lines),
            Err(wrong) => heard.wrong.push(wrong),
        }
        if let Err(error) = ended {
            heard.wrong.push(format!("the client did not send close_notify: {error}"));
        }
    }
    match trouble {
        Some(Trouble::NoGoodbye) => {}
        Some(Trouble::Talk) => while stream.write_all(&[b'x'; 1024]).await.is_ok() {},
        Some(_) => std::future::pending().await,
        // The client may be gone already.
        None => drop(stream.shutdown().await),
    }
}

/// Takes octet-counted messages apart (RFC 5425 section 4.3.1): `MSG-LEN SP SYSLOG-MSG`, and nothing besides.
pub fn frames(mut octets: &[u8]) -> Result<Vec<String>, String> {
    let mut lines = Vec::new();
    while !octets.is_empty() {
        let digits = octets.iter().take_while(|octet| octet.is_ascii_digit()).count();
        if digits == 0 || digits > 9 || octets[0] == b'0' || octets.get(digits) != Some(&b' ') {
            return Err(format!("no length at {:?}", String::from_utf8_lossy(octets)));
        }
        let length: usize = std::str::from_utf8(&octets[..digits]).unwrap().parse().unwrap();
        let rest = &octets[digits + 1..];
        let message =
            rest.get(..length).ok_or_else(|| format!("{length} octets announced, {} there", rest.len()))?;
        lines.push(String::from_utf8(message.to_vec()).map_err(|error| error.to_string())?);
        octets = &rest[length..];
    }
    Ok(lines)
}
