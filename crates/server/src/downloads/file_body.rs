//! Response bodies that are ranges of local files.
//!
//! On a connection of [`super::splice`] the kernel sends the file by itself; elsewhere (HTTP/2, other listeners, small
//! ranges) the bytes are copied. Disks are waited for on blocking threads, never on the runtime's, and memory does not
//! grow with the range. A body is never padded and never ends early without an error.

use std::collections::VecDeque;
use std::fs::File;
use std::future::Future as _;
use std::io::{self, IoSliceMut};
use std::num::NonZeroU64;
use std::ops::Range;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures_util::task::AtomicWaker;
use http_body::{Frame, SizeHint};
use rustix::fs::Advice;
use rustix::io::{Errno, ReadWriteFlags};
use tokio::task::JoinHandle;

use super::splice::{ConnectionHandle, STRETCH_MAX};

/// Ranges below this are copied: a few packets gain nothing from the file being attached to the connection.
const SPLICE_LEAST: u64 = 64 * 1024;

/// Bytes copied at once; two such buffers per body stay inside the processor's cache.
const COPY_MAX: usize = 256 * 1024;

/// How far ahead of a read that had to wait the disk is asked to go on, in bytes.
const AHEAD: Option<NonZeroU64> = NonZeroU64::new(8 * 1024 * 1024);

/// How far apart a stretch is touched while waiting for the disk, in bytes.
const TOUCH_EVERY: usize = 64 * 1024;

/// What is known about a body under way: how far it is, and a way to stop it.
pub struct Progress {
    sent: AtomicU64,
    stop: AtomicBool,
    /// Behind how many bytes it is stopped.
    limit: AtomicU64,
    waker: AtomicWaker,
    ended: Mutex<Option<Ended>>,
}

type Ended = Box<dyn FnOnce(u64) + Send>;

impl Progress {
    /// Calls `ended` with the bytes sent, once, when the body is over: all sent, stopped, or the client gone. It runs on
    /// a thread of the runtime and must not block.
    pub fn new(ended: impl FnOnce(u64) + Send + 'static) -> Arc<Self> {
        Arc::new(Self {
            sent: AtomicU64::new(0),
            stop: AtomicBool::new(false),
            limit: AtomicU64::new(u64::MAX),
            waker: AtomicWaker::new(),
            ended: Mutex::new(Some(Box::new(ended))),
        })
    }

    /// Bytes of the range handed to the socket so far; where bytes are copied, to the HTTP layer, which is ahead of the
    /// socket by at most a few hundred KiB.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Acquire)
    }

    /// Makes the body end with an error, at once if its connection is a spliced one, else when the client takes more.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Release);
        self.waker.wake();
    }

    /// Makes the body end with an error behind so many bytes, or soon behind: what was begun is sent.
    pub fn stop_behind(&self, bytes: u64) {
        self.limit.fetch_min(bytes, Ordering::AcqRel);
        self.waker.wake();
    }
}

/// Held by whoever still sends; the last one to let go tells the hook.
pub(crate) struct Ending(Arc<Progress>);

impl Ending {
    pub(crate) const fn new(progress: Arc<Progress>) -> Self {
        Self(progress)
    }

    pub(crate) fn add(&self, bytes: u64) {
        self.0.sent.fetch_add(bytes, Ordering::AcqRel);
    }

    /// Also has the task woken when the body is stopped later.
    ///
    /// # Errors
    /// When the body was stopped.
    pub(crate) fn go_on(&self, cx: &Context<'_>) -> io::Result<()> {
        self.0.waker.register(cx.waker());
        if self.0.stop.load(Ordering::Acquire) || self.0.sent() >= self.0.limit.load(Ordering::Acquire) {
            return Err(io::Error::new(io::ErrorKind::ConnectionAborted, "the download was stopped"));
        }
        Ok(())
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        let ended = self.0.ended.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(ended) = ended {
            ended(self.0.sent());
        }
    }
}

/// A body of exactly the bytes of `range`, as the file has them when they are sent.
///
/// A file that turns out to be shorter makes the body end with an error. Without `splice` the bytes are copied. Must be
/// the whole body of its response, as it is: what wraps, gathers or re-encodes it gets the connection aborted.
pub fn file_body(
    file: File,
    range: Range<u64>,
    progress: Arc<Progress>,
    splice: Option<ConnectionHandle>,
) -> Body {
    let end = range.end.max(range.start);
    Body::new(FileBody {
        file: Arc::new(file),
        next: range.start,
        end,
        ending: Arc::new(Ending::new(progress)),
        way: match splice.filter(|_| end - range.start >= SPLICE_LEAST) {
            Some(handle) => Way::Splice { handle, attached: false, warming: None },
            None => Way::Copy { used: VecDeque::new(), reading: None },
        },
    })
}

struct FileBody {
    file: Arc<File>,
    next: u64,
    end: u64,
    ending: Arc<Ending>,
    way: Way,
}

enum Way {
    Splice { handle: ConnectionHandle, attached: bool, warming: Option<JoinHandle<io::Result<()>>> },
    Copy { used: VecDeque<Bytes>, reading: Option<JoinHandle<io::Result<Bytes>>> },
}

impl FileBody {
    /// The next bytes of the file, or what stands for them. Never empty.
    fn poll_bytes(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        let (at, left) = (self.next, self.end - self.next);
        let up_to = |most: usize| usize::try_from(left).map_or(most, |left| left.min(most));
        match &mut self.way {
            Way::Splice { handle, attached, warming } => {
                let len = up_to(STRETCH_MAX);
                if warming.is_none() && !is_cached(&self.file, at, len)? {
                    let file = Arc::clone(&self.file);
                    *warming = Some(tokio::task::spawn_blocking(move || warm(&file, at, len)));
                }
                if let Some(task) = warming {
                    ready!(Pin::new(task).poll(cx)).map_err(io::Error::other)??;
                    *warming = None;
                }
                if !*attached {
                    handle.attach(Arc::clone(&self.file), at..self.end, Arc::clone(&self.ending))?;
                    *attached = true;
                }
                Poll::Ready(handle.announce(len, &self.ending))
            }
            Way::Copy { used, reading } => {
                let bytes = if let Some(task) = reading {
                    let bytes = ready!(Pin::new(task).poll(cx)).map_err(io::Error::other)??;
                    *reading = None;
                    bytes
                } else {
                    // The HTTP layer holds up to two; one it is done with is used again.
                    let oldest = if used.len() < 2 { None } else { used.pop_front() };
                    let mut buffer = oldest.and_then(|bytes| bytes.try_into_mut().ok()).unwrap_or_default();
                    buffer.resize(up_to(COPY_MAX), 0);
                    match read_cached(&self.file, &mut buffer, at) {
                        Ok(read) => {
                            buffer.truncate(read);
                            buffer.freeze()
                        }
                        Err(Errno::AGAIN | Errno::OPNOTSUPP) => {
                            let file = Arc::clone(&self.file);
                            *reading = Some(tokio::task::spawn_blocking(move || read(&file, buffer, at)));
                            return self.poll_bytes(cx);
                        }
                        Err(error) => return Poll::Ready(Err(error.into())),
                    }
                };
                if bytes.is_empty() {
                    return Poll::Ready(Err(too_short()));
                }
                used.push_back(bytes.clone());
                Poll::Ready(Ok(bytes))
            }
        }
    }
}

impl http_body::Body for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.is_end_stream() {
            return Poll::Ready(None);
        }
        self.ending.go_on(cx)?;
        let bytes = ready!(self.poll_bytes(cx))?;
        self.next += wide(bytes.len());
        if let Way::Copy { .. } = self.way {
            self.ending.add(wide(bytes.len()));
        }
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.next >= self.end
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.end - self.next)
    }
}

impl Drop for FileBody {
    fn drop(&mut self) {
        if let Way::Splice { handle, attached: true, .. } = &self.way {
            handle.detach(&self.ending);
        }
    }
}

/// A length in memory as one in a file.
pub(crate) fn wide(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}

pub(crate) fn too_short() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the file is shorter than announced")
}

/// Reads what is in memory; `AGAIN` when that is nothing.
fn read_cached(file: &File, buffer: &mut [u8], at: u64) -> rustix::io::Result<usize> {
    rustix::io::preadv2(file, &mut [IoSliceMut::new(buffer)], at, ReadWriteFlags::NOWAIT)
}

/// Reads once, as much as there is up to the buffer's length. Blocks.
fn read(file: &File, mut buffer: BytesMut, at: u64) -> io::Result<Bytes> {
    ask_ahead(file, at);
    let read = rustix::io::retry_on_intr(|| rustix::io::pread(file, &mut *buffer, at))?;
    buffer.truncate(read);
    Ok(buffer.freeze())
}

/// Whether `len` bytes are in memory, judged by the first and the last: they are read in order, in large pieces. Never,
/// where the file system does not tell (overlay, tmpfs, network).
fn is_cached(file: &File, at: u64, len: usize) -> io::Result<bool> {
    for probe in [at, at + wide(len) - 1] {
        match read_cached(file, &mut [0], probe) {
            Ok(0) => return Err(too_short()),
            Ok(_) => {}
            Err(Errno::AGAIN | Errno::OPNOTSUPP) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(true)
}

/// Waits until `len` bytes are in the system's memory. Blocks.
///
/// Touching is enough: what lies between was asked for before, and copying it out would cost more than sending it.
fn warm(file: &File, at: u64, len: usize) -> io::Result<()> {
    ask_ahead(file, at);
    let end = at + wide(len);
    for touched in (at..end).step_by(TOUCH_EVERY).chain([end - 1]) {
        if rustix::io::retry_on_intr(|| rustix::io::pread(file, &mut [0], touched))? == 0 {
            return Err(too_short());
        }
    }
    Ok(())
}

/// Lets the disk go on reading while the bytes before are being sent. A file system without it only is slower.
fn ask_ahead(file: &File, at: u64) {
    if let Err(error) = rustix::fs::fadvise(file, at, AHEAD, Advice::WillNeed) {
        tracing::debug!(%error, "no reading ahead");
    }
}
