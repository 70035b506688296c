//! Response bodies that come piece by piece from somewhere else, such as S3.

use std::io;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use futures_util::stream::BoxStream;
use http_body::{Frame, SizeHint};

use super::file_body::{Ending, Progress, wide};
use crate::outside::media_store::MediaError;

type Pieces = BoxStream<'static, Result<Bytes, MediaError>>;

struct StreamBody {
    pieces: Pieces,
    left: u64,
    ending: Ending,
}

/// A body of exactly as many bytes as `range` has. A stream that is shorter or longer makes it end with an error.
pub fn stream_body(pieces: Pieces, range: Range<u64>, progress: Arc<Progress>) -> Body {
    let left = range.end.saturating_sub(range.start);
    Body::new(StreamBody { pieces, left, ending: Ending::new(progress) })
}

impl http_body::Body for StreamBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.ending.go_on(cx)?;
        let wrong = |why| Poll::Ready(Some(Err(io::Error::new(io::ErrorKind::UnexpectedEof, why))));
        loop {
            let piece = match ready!(self.pieces.as_mut().poll_next(cx)) {
                Some(Ok(piece)) if piece.is_empty() => continue,
                Some(Ok(piece)) => piece,
                Some(Err(error)) => return Poll::Ready(Some(Err(io::Error::other(error)))),
                None => return wrong("the storage sent less than announced"),
            };
            let length = wide(piece.len());
            let Some(left) = self.left.checked_sub(length) else {
                return wrong("the storage sent more than was asked for");
            };
            self.left = left;
            self.ending.add(length);
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
