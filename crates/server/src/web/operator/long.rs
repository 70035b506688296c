//! Work that takes a while: it goes on by itself, shows how far it is, and can be left and come back to.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use tokio::sync::watch;

use crate::texts::Reader;
use crate::web::entered::Entered;
use crate::web::page;
use crate::web::pages::Frame;

/// How long whoever begins waits for small work before it is shown how far large work is.
const WAIT: Duration = Duration::from_millis(1500);
/// How many pieces of work are remembered.
const KEPT_MAX: usize = 100;

/// One piece of work, with what it ends in.
pub(super) struct Long<O> {
    /// How many rows there are; zero while nobody knows.
    pub(super) rows: AtomicU64,
    /// How many of them were taken.
    pub(super) taken: AtomicU64,
    /// How it ended.
    pub(super) outcome: OnceLock<O>,
    ended: watch::Sender<bool>,
}

impl<O> Long<O> {
    /// Puts down how it ended.
    pub(super) fn end(&self, outcome: O) {
        self.outcome.get_or_init(|| outcome);
        self.ended.send_replace(true);
    }

    /// Waits a moment; whether it is done by then.
    pub(super) async fn ends_soon(&self) -> bool {
        let mut ended = self.ended.subscribe();
        tokio::time::timeout(WAIT, ended.wait_for(|own| *own)).await.is_ok()
    }
}

/// The work of a kind that this server does or did, by name.
pub(super) struct Kept<O>(Mutex<HashMap<String, Arc<Long<O>>>>);

impl<O> Default for Kept<O> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<O> Kept<O> {
    /// A piece of work by its name.
    pub(super) fn find(&self, name: &str) -> Option<Arc<Long<O>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).map(Arc::clone)
    }

    /// A new one under a name of its own, which stands in addresses: they are looked up in lower case.
    pub(super) fn begin_anew(&self) -> (String, Arc<Long<O>>) {
        let name = hex::encode(crate::ids::random_text(22));
        let own = self.begin(&name);
        (name, own)
    }

    /// A new one.
    pub(super) fn begin(&self, name: &str) -> Arc<Long<O>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= KEPT_MAX {
            all.retain(|_, own| own.outcome.get().is_none());
        }
        let own = Arc::new(Long {
            rows: AtomicU64::new(0),
            taken: AtomicU64::new(0),
            outcome: OnceLock::new(),
            ended: watch::Sender::new(false),
        });
        all.insert(name.to_owned(), Arc::clone(&own));
        own
    }

    /// Nobody asks for it again.
    pub(super) fn forget(&self, name: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }

    /// One that runs, with its name.
    pub(super) fn running(&self) -> Option<(String, Arc<Long<O>>)> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.iter().find(|(_, own)| own.outcome.get().is_none());
        found.map(|(name, own)| (name.clone(), Arc::clone(own)))
    }
}

/// What work of a kind is called, and where its pages are.
pub(super) struct Words {
    /// Where a page of progress leads back to: address and the id of its name.
    pub(super) back: (&'static str, &'static str),
    pub(super) title: &'static str,
    /// What is said of so many of so many, and what while nobody knows how many there are.
    pub(super) counted: (&'static str, &'static str),
    /// What becomes of it when it is left.
    pub(super) hint: &'static str,
    /// Whether its name says something to people.
    pub(super) named: bool,
    /// Where it is watched, by its name.
    pub(super) place: fn(&str) -> String,
}

#[derive(Template)]
#[template(path = "operator_import.html")]
struct Progress<'a> {
    frame: Frame,
    words: &'a Words,
    name: Option<&'a str>,
    /// None while nobody knows.
    rows: Option<u64>,
    taken: u64,
    text: String,
}

/// So many of so many, and what is said while nobody knows how many there are.
fn far<O>(reader: &Reader, counted: (&str, &str), work: &Long<O>) -> String {
    let number = |count: u64| reader.number(i64::try_from(count).unwrap_or(i64::MAX));
    match work.rows.load(Ordering::Relaxed) {
        0 => reader.t(counted.1),
        rows => {
            let taken = work.taken.load(Ordering::Relaxed);
            reader.t2(counted.0, "taken", number(taken), "rows", number(rows))
        }
    }
}

/// Work that goes on at this moment.
pub struct UnderWay {
    /// What it is.
    pub title: String,
    /// How far it is.
    pub far: String,
    /// Where it can be watched.
    pub address: String,
}

impl UnderWay {
    /// The one of a kind that runs, if one does.
    pub(super) fn of<O>(reader: &Reader, kept: &Kept<O>, words: &Words) -> Option<Self> {
        let (name, work) = kept.running()?;
        Some(Self {
            title: reader.t(words.title),
            far: far(reader, words.counted, &work),
            address: (words.place)(&name),
        })
    }
}

/// How far a piece of work is.
pub(super) fn progress<O>(own: &Entered, words: &Words, name: &str, work: &Long<O>) -> Response {
    let rows = Some(work.rows.load(Ordering::Relaxed)).filter(|rows| *rows > 0);
    let taken = work.taken.load(Ordering::Relaxed);
    let text = far(&own.reader, words.counted, work);
    let name = words.named.then_some(name);
    page(&own.api, StatusCode::OK, &Progress { frame: own.frame(), words, name, rows, taken, text })
}
