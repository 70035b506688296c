//! Long tables as files: sent piece by piece, as fast as the reader takes them.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::{self, StreamExt as _};

use crate::error::Error;

/// A CSV file that is saved under `name`. `more` makes the piece after a place, with the place the next one comes after; none
/// after the last. Where a piece fails the file ends early, which the reader sees, and the log says why.
pub(super) fn csv_file<C, F, W>(name: &str, head: Vec<u8>, more: F) -> Response
where
    C: Send + 'static,
    F: Fn(Option<C>) -> W + Clone + Send + 'static,
    W: Future<Output = Result<(Vec<u8>, Option<C>), Error>> + Send + 'static,
{
    let pieces = stream::unfold(Some((None, head)), move |state| {
        let more = more.clone();
        async move {
            let (after, mut text) = state?;
            match more(after).await {
                Ok((piece, next)) => {
                    text.extend(piece);
                    Some((Ok::<_, std::io::Error>(text), next.map(|next| (Some(next), Vec::new()))))
                }
                Err(error) => {
                    tracing::error!(%error, "a table could not be sent to its end");
                    Some((Err(std::io::Error::other(error.to_string())), None))
                }
            }
        }
    });
    // Fused: whoever compresses it asks once more after the end.
    let mut response = Body::from_stream(pieces.fuse()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(name) = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}
