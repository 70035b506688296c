//! Connections that send stretches of files without copying them through this process.
//!
//! hyper writes what a response body yields, and a body can only yield memory. So the body of a file yields slices of one
//! static placeholder, and the connection, which sees every slice hyper writes, puts `sendfile` in place of those: it
//! knows them by their address. What the body has announced and what hyper asks to be written must agree byte by byte;
//! where they do not, the connection is aborted.
//!
//! Never sends a byte of the placeholder, never reads a file by itself (see `file_body` for keeping disks off the
//! runtime's threads), never works for HTTP/2, which interleaves.

use std::convert::Infallible;
use std::fs::File;
use std::future::{Ready, ready};
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::ops::Range;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use axum::Extension;
use axum::extract::{ConnectInfo, OptionalFromRequestParts};
use axum::http::Version;
use axum::http::request::Parts;
use axum::middleware::AddExtension;
use axum::serve::{IncomingStream, Listener};
use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tower::{Layer as _, Service};

use super::file_body::{Ending, too_short, wide};

/// How long sent bytes may stay unacknowledged, or a client may take nothing at all, in milliseconds.
const UNACKNOWLEDGED_MS_MAX: u32 = 5 * 60 * 1000;

/// How many bytes wait in the system to be sent at most, before more are given to it.
const UNSENT_MAX: u32 = 512 * 1024;

/// The most a body can announce at once, in bytes.
pub(crate) const STRETCH_MAX: usize = 1024 * 1024;

/// Stands for bytes of a file on the way through hyper. Nobody reads it; the fill makes a leak visible.
static PLACEHOLDER: [u8; STRETCH_MAX] = [0xA5; STRETCH_MAX];

fn is_placeholder(slice: &[u8]) -> bool {
    !slice.is_empty() && PLACEHOLDER.as_ptr_range().contains(&slice.as_ptr())
}

/// A file a connection is sending.
struct Sending {
    file: Arc<File>,
    /// Where in the file the next byte to be sent is.
    at: u64,
    /// Bytes that were announced to hyper and are not sent yet.
    owed: u64,
    /// Bytes of the range that are not announced yet.
    unannounced: u64,
    /// Whether hyper has come to the first placeholder: from there to the end of the range nothing else may come.
    begun: bool,
    ending: Arc<Ending>,
}

/// What a connection is about.
enum Lane {
    Plain,
    File(Sending),
    /// Nothing more may be sent: something was left unfinished, or the connection is gone.
    Broken,
}

/// The way from a response body to the connection it is sent on.
#[derive(Clone)]
pub struct ConnectionHandle(Arc<Mutex<Lane>>);

impl ConnectionHandle {
    fn lane(&self) -> MutexGuard<'_, Lane> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Attaches a range to the connection.
    ///
    /// # Errors
    /// When another is being sent, or the connection is gone.
    pub(crate) fn attach(&self, file: Arc<File>, range: Range<u64>, ending: Arc<Ending>) -> io::Result<()> {
        let mut lane = self.lane();
        if !matches!(*lane, Lane::Plain) {
            return Err(io::Error::other("the connection cannot take this file"));
        }
        let unannounced = range.end - range.start;
        *lane = Lane::File(Sending { file, at: range.start, owed: 0, unannounced, begun: false, ending });
        Ok(())
    }

    /// Announces the next bytes of the attached range, at most [`STRETCH_MAX`]; gives what stands for them.
    ///
    /// # Errors
    /// When the range is no longer attached or is shorter.
    pub(crate) fn announce(&self, len: usize, ending: &Arc<Ending>) -> io::Result<Bytes> {
        if let Lane::File(sending) = &mut *self.lane()
            && Arc::ptr_eq(&sending.ending, ending)
            && let Some(unannounced) = sending.unannounced.checked_sub(wide(len))
            && let Some(stands) = PLACEHOLDER.get(..len)
        {
            sending.unannounced = unannounced;
            sending.owed += wide(len);
            return Ok(Bytes::from_static(stands));
        }
        Err(io::Error::other("the connection does not have this range of the file"))
    }

    /// Tells that the body is gone. What it announced is still sent; if it did not announce all, the connection breaks.
    pub(crate) fn detach(&self, ending: &Arc<Ending>) {
        let mut lane = self.lane();
        let unfinished =
            matches!(&*lane, Lane::File(s) if Arc::ptr_eq(&s.ending, ending) && s.unannounced > 0);
        let left = unfinished.then(|| std::mem::replace(&mut *lane, Lane::Broken));
        drop(lane);
        drop(left); // outside the lock: the hook of `Progress` runs here
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for ConnectionHandle {
    type Rejection = Infallible;

    /// There is one for HTTP/1 on connections of [`SplicingListener`] only.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok((parts.version <= Version::HTTP_11).then(|| parts.extensions.get::<Self>().cloned()).flatten())
    }
}

/// A connection that can send files.
pub struct Connection {
    stream: TcpStream,
    handle: ConnectionHandle,
}

impl Connection {
    fn new(stream: TcpStream) -> Self {
        Self { stream, handle: ConnectionHandle(Arc::new(Mutex::new(Lane::Plain))) }
    }

    /// Breaks the connection off for a mistake in this program, not on the network.
    fn refuse(&self, why: &'static str) -> io::Error {
        tracing::error!(why, "a connection was aborted, or it would have sent wrong bytes");
        self.abandon();
        io::Error::other(why)
    }

    /// Sends nothing more. If something was unfinished nobody can take this for a clean end, and what the system still
    /// holds is thrown away.
    fn abandon(&self) {
        let left = std::mem::replace(&mut *self.handle.lane(), Lane::Broken);
        if !matches!(left, Lane::Plain)
            && let Err(error) = self.stream.set_zero_linger()
        {
            tracing::debug!(%error, "an aborted connection ends by itself");
        }
    }

    /// Sends up to `len` bytes of the attached file.
    fn poll_send_file(&self, cx: &mut Context<'_>, len: usize) -> Poll<io::Result<usize>> {
        let mut lane = self.handle.lane();
        let Lane::File(sending) = &mut *lane else {
            drop(lane);
            return Poll::Ready(Err(self.refuse("a placeholder without a file")));
        };
        if wide(len) > sending.owed {
            drop(lane);
            return Poll::Ready(Err(self.refuse("more placeholder than was announced")));
        }
        sending.begun = true;
        let outcome = ready!(self.poll_sendfile(cx, sending, len));
        let done = sending.owed == 0 && sending.unannounced == 0;
        let left = done.then(|| std::mem::replace(&mut *lane, Lane::Plain));
        drop(lane);
        drop(left); // outside the lock: the hook of `Progress` runs here
        Poll::Ready(outcome.inspect_err(|_| self.abandon()))
    }

    fn poll_sendfile(
        &self,
        cx: &mut Context<'_>,
        sending: &mut Sending,
        len: usize,
    ) -> Poll<io::Result<usize>> {
        loop {
            sending.ending.go_on(cx)?;
            ready!(self.stream.poll_write_ready(cx))?;
            let (file, at) = (&sending.file, &mut sending.at);
            let mut send = || rustix::fs::sendfile(&self.stream, file, Some(&mut *at), len);
            match self.stream.try_io(Interest::WRITABLE, || Ok(rustix::io::retry_on_intr(&mut send)?)) {
                Ok(0) => return Poll::Ready(Err(too_short())),
                Ok(sent) => {
                    sending.owed -= wide(sent);
                    sending.ending.add(wide(sent));
                    return Poll::Ready(Ok(sent));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.abandon();
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

/// Whether this is what may come before a file: the head of a response, or what is left of one.
fn ends_a_head(slices: &[IoSlice<'_>]) -> bool {
    const END: &[u8] = b"\r\n\r\n";
    match slices {
        [head] => head.ends_with(END) || END.ends_with(head),
        _ => false,
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let first_of_file = slices.iter().position(|slice| is_placeholder(slice)).unwrap_or(slices.len());
        let (ordinary, rest) = slices.split_at(first_of_file);
        if ordinary.is_empty() && !rest.is_empty() {
            let len = rest.iter().take_while(|slice| is_placeholder(slice)).map(|slice| slice.len()).sum();
            return self.poll_send_file(cx, len);
        }
        let allowed = match &*self.handle.lane() {
            Lane::Plain => rest.is_empty(),
            Lane::File(sending) => !sending.begun && ends_a_head(ordinary),
            Lane::Broken => return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
        };
        if !allowed {
            return Poll::Ready(Err(
                self.refuse("bytes that are neither the announced file nor a head before it")
            ));
        }
        Pin::new(&mut self.stream).poll_write_vectored(cx, ordinary)
    }

    /// Keeps hyper from copying bodies together, which would hide the placeholder's address.
    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !matches!(&*self.handle.lane(), Lane::Plain) {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// A listener whose connections can send files.
pub struct SplicingListener(TcpListener);

impl SplicingListener {
    /// Takes connections from this listener.
    #[must_use]
    pub fn new(listener: TcpListener) -> Self {
        Self(listener)
    }
}

impl Listener for SplicingListener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, peer) = Listener::accept(&mut self.0).await;
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection stays slow");
        }
        // What a client that hangs up never got shall not count, so little is kept ahead of it.
        if let Err(error) = socket2::SockRef::from(&stream).set_tcp_notsent_lowat(UNSENT_MAX) {
            tracing::debug!(%error, "a connection keeps more ahead than it should");
        }
        if let Err(error) = rustix::net::sockopt::set_tcp_user_timeout(&stream, UNACKNOWLEDGED_MS_MAX) {
            tracing::debug!(%error, "a connection may hang");
        }
        (Connection::new(stream), peer)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// Gives each request the peer's address, as [`ConnectInfo`], and its [`ConnectionHandle`].
#[derive(Clone)]
pub struct Connected<S>(pub S);

impl<S: Clone> Service<IncomingStream<'_, SplicingListener>> for Connected<S> {
    type Response = AddExtension<AddExtension<S, ConnectInfo<SocketAddr>>, ConnectionHandle>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, stream: IncomingStream<'_, SplicingListener>) -> Self::Future {
        let peer = Extension(ConnectInfo(*stream.remote_addr()));
        let handle = Extension(stream.io().handle.clone());
        ready(Ok(handle.layer(peer.layer(self.0.clone()))))
    }
}
