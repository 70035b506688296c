//! Seek paging: an opaque token that remembers where a list stood, its page size and its filter (contract 0.6).
//!
//! Clients repeat only `seekOperation=Next` and the token, so the token carries everything else.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::answer::{Collection, Link};
use super::call::Call;
use crate::error::Error;

/// The header that carries the token.
pub const TOKEN_HEADER: &str = "MS-ContinuationToken";

/// Where a list stands: page size, filter and the last thing shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// How many a page holds.
    pub size: u32,
    /// The filter of the first call, as it was sent.
    pub filter: String,
    /// The id of the last thing shown; empty at the start.
    pub after: String,
}

impl Page {
    /// Reads where a call stands: its token, or its size and filter.
    ///
    /// # Errors
    /// [`Error::Invalid`] when size or token cannot be read.
    pub fn of(call: &Call, most: u32, filter: &str) -> Result<Self, Error> {
        match call.header(TOKEN_HEADER) {
            Some(token) => Self::from_token(token, most),
            None => {
                Ok(Self { size: call.query.size(most)?, filter: filter.to_owned(), after: String::new() })
            }
        }
    }

    fn from_token(token: &str, most: u32) -> Result<Self, Error> {
        let wrong = || Error::invalid(TOKEN_HEADER, "must be a token that an earlier page of this list gave");
        let bytes = URL_SAFE_NO_PAD.decode(token.trim()).map_err(|_| wrong())?;
        let (size, filter, after): (u32, String, String) =
            serde_json::from_slice(&bytes).map_err(|_| wrong())?;
        if !(1..=most).contains(&size) {
            return Err(wrong());
        }
        Ok(Self { size, filter, after })
    }

    fn token(&self, after: &str) -> Result<String, Error> {
        let text = serde_json::to_vec(&(self.size, &self.filter, after)).map_err(Error::internal)?;
        Ok(URL_SAFE_NO_PAD.encode(text))
    }

    /// How many rows to ask the store for: one more than a page, to know whether there is another.
    pub fn limit(&self) -> i64 {
        i64::from(self.size) + 1
    }

    /// The id after which the page starts, read as something.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the token holds something else.
    pub fn after<T: std::str::FromStr>(&self) -> Result<Option<T>, Error> {
        if self.after.is_empty() {
            return Ok(None);
        }
        self.after.parse().map(Some).map_err(|_| {
            Error::invalid(TOKEN_HEADER, "must be a token that an earlier page of this list gave")
        })
    }

    /// Turns what the store gave into a page, with a link to the next one if there is one.
    ///
    /// # Errors
    /// When the token cannot be written, which is a defect.
    pub fn collection<S, T>(
        &self,
        call: &Call,
        mut rows: Vec<S>,
        id: impl Fn(&S) -> String,
        show: impl FnMut(S) -> T,
    ) -> Result<Collection<T>, Error> {
        let size = usize::try_from(self.size).map_err(Error::internal)?;
        let more = rows.len() > size;
        rows.truncate(size);
        let last = rows.last().map(&id);
        let mut page = Collection::whole(rows.into_iter().map(show).collect(), call.uri.clone());
        if let (true, Some(last)) = (more, last) {
            let token = self.token(&last)?;
            let uri = call.uri_with_seek();
            page.links.next = Some(Link::get_with(uri, TOKEN_HEADER, token.clone()));
            page.continuation_token = Some(token);
        }
        Ok(page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_remembers_size_filter_and_place() {
        let page = Page { size: 20, filter: "{\"Field\":\"Domain\"}".into(), after: String::new() };
        let token = page.token("abc").unwrap();
        let next = Page::from_token(&token, 500).unwrap();
        assert_eq!(next, Page { after: "abc".into(), ..page });
        assert!(Page::from_token("rubbish", 500).is_err());
        assert!(Page::from_token(&token, 10).is_err());
    }
}
