//! Sending media: what is under way, how far it is, and ending it when its link is revoked.
//!
//! Whoever sends is told the rules in [`crate::app::redeem_link`]. Never here: HTTP, and whether something counts.

pub mod file_body;
pub mod splice;
mod stream_body;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body;
use chandlery_domain::ids::{DownloadId, LinkId, PartnerId};
use chandlery_domain::link::{Standing, ends_at};
use chandlery_store::{links, media};
use jiff::SignedDuration;
use tokio::sync::{Notify, watch};

use crate::app::Context;
use crate::app::redeem_link::{Redeemed, Request, Ticket, give_up, redeem, report};
use crate::clock::wall_clock;
use crate::error::Error;
use crate::installation::Installation;
use crate::outside::media_store::Source;
use file_body::{Progress, file_body};
use splice::ConnectionHandle;

/// How many stretches one server sends side by side. Each can hold megabytes of the system's memory.
const RUNNING_MAX: usize = 1024;
/// How many of them through one link: nobody who holds one keeps everybody else out.
const OF_LINK_MAX: usize = 128;
/// How often links under way are looked at: well within the second in which a revoked one has to end.
const LOOK: Duration = Duration::from_millis(300);
/// How often it is noted how far a download is.
const BEAT: Duration = Duration::from_secs(30);
/// How long a server may be silent before what it had under way is given up.
const SILENCE: SignedDuration = SignedDuration::from_secs(150);
/// How many given-up downloads are settled in one round.
const SILENT_ROUND: i64 = 500;
/// How often the end of a stretch is tried to be noted.
const TRIES: u32 = 5;

/// A stretch that is being sent.
struct Running {
    partner: PartnerId,
    link: LinkId,
    download: DownloadId,
    /// What was promised at its begin, shortened where others took over.
    promised: Mutex<Range<u64>>,
    progress: Arc<Progress>,
    /// What is not reported yet, how many bytes were, and whether its end was noted.
    open: tokio::sync::Mutex<(Ticket, u64, bool)>,
}

/// What this server is sending.
pub struct Downloads {
    installation: Installation,
    running: Mutex<HashMap<u64, Arc<Running>>>,
    next: AtomicU64,
    /// How many ends are not noted yet.
    settling: AtomicU64,
    settled: Notify,
}

/// Why nothing is sent.
#[derive(Debug)]
pub enum Refused {
    /// The server sends as much as it may.
    Busy,
    /// The file cannot be read.
    Unreadable,
    /// Something broke.
    Failed(Error),
}

/// What became of a request.
pub enum Fetched {
    /// The bytes.
    Body(Body),
    /// The link is over.
    Over(Standing),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Downloads {
    /// Of an installation.
    pub fn new(installation: Installation) -> Arc<Self> {
        Arc::new(Self {
            installation,
            running: Mutex::default(),
            next: AtomicU64::new(0),
            settling: AtomicU64::new(0),
            settled: Notify::new(),
        })
    }

    fn running(&self) -> MutexGuard<'_, HashMap<u64, Arc<Running>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn context(&self, partner: PartnerId) -> Context {
        Context::system(partner, self.installation.clock.now(), "download link")
    }

    /// Asks the rules about a request of a partner's link.
    ///
    /// # Errors
    /// When the server is busy, or the store's own.
    async fn ask(&self, partner: PartnerId, request: Request) -> Result<Redeemed, Refused> {
        {
            let running = self.running();
            let of_link = running.values().filter(|own| own.link == request.link).count();
            if running.len() >= RUNNING_MAX || of_link >= OF_LINK_MAX {
                return Err(Refused::Busy);
            }
        }
        let cx = self.context(partner);
        let stamp = cx.stamp();
        Ok(self.installation.store.record(stamp, move |tx| redeem(tx, &cx, &request)).await?)
    }

    /// Takes a request to its answer, whether or not the client still waits for it: what was counted for somebody who hung
    /// up is settled like everything else.
    ///
    /// # Errors
    /// When the server is busy, the file cannot be read, or the store's own.
    pub async fn fetch(
        self: &Arc<Self>,
        partner: PartnerId,
        request: Request,
        object: String,
        splice: Option<ConnectionHandle>,
    ) -> Result<Fetched, Refused> {
        let own = Arc::clone(self);
        let task = tokio::spawn(async move {
            let range = request.wanted.clone();
            let ticket = match own.ask(partner, request).await? {
                Redeemed::Send(ticket) => ticket,
                Redeemed::Over(standing) => return Ok(Fetched::Over(standing)),
            };
            own.stop_behind(&ticket);
            match own.installation.media.open_range(&object, range).await {
                Ok(source) => Ok(Fetched::Body(own.send(ticket, source, splice))),
                Err(error) => {
                    tracing::error!(%error, object, "a medium's file cannot be read");
                    own.note(&ticket, 0, true).await;
                    Err(Refused::Unreadable)
                }
            }
        });
        task.await.unwrap_or_else(|error| Err(Refused::Failed(Error::internal(error))))
    }

    /// Stops older stretches of the same download where a request for the rest of them begins: their client hangs up there,
    /// or lost them.
    fn stop_behind(&self, ticket: &Ticket) {
        let of_download = |own: &&Arc<Running>| own.download == ticket.download;
        for own in self.running().values().filter(of_download) {
            let mut promised = own.promised.lock().unwrap_or_else(PoisonError::into_inner);
            if ends_at(&promised, &ticket.promised) {
                promised.end = ticket.promised.start;
                own.progress.stop_behind(promised.end - promised.start);
            }
        }
    }

    /// The body that sends what a ticket promises.
    fn send(self: &Arc<Self>, ticket: Ticket, source: Source, splice: Option<ConnectionHandle>) -> Body {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let (promised, partner, link): (Range<u64>, _, _) =
            (ticket.promised.clone(), ticket.partner, ticket.link);
        let own = Arc::clone(self);
        let runtime = tokio::runtime::Handle::current();
        let progress = Progress::new(move |sent| {
            own.settling.fetch_add(1, Ordering::AcqRel);
            runtime.spawn(async move { own.end(number, sent).await });
        });
        let (download, begun) = (ticket.download, Mutex::new(promised.clone()));
        let open = tokio::sync::Mutex::new((ticket, 0, false));
        let running =
            Running { partner, link, download, promised: begun, progress: Arc::clone(&progress), open };
        self.running().insert(number, Arc::new(running));
        match source {
            Source::File(file) => file_body(file, promised, progress, splice),
            Source::Stream(stream) => stream_body::stream_body(stream, promised, progress),
        }
    }

    /// Notes the end of a stretch.
    async fn end(&self, number: u64, sent: u64) {
        let running = self.running().remove(&number);
        if let Some(running) = running {
            let mut open = running.open.lock().await;
            let (ticket, reported, over) = &mut *open;
            *over = true;
            self.note(ticket, sent.saturating_sub(*reported), true).await;
        }
        self.settling.fetch_sub(1, Ordering::AcqRel);
        self.settled.notify_waiters();
    }

    /// Notes how many bytes were sent since the last time; true when it could be noted.
    async fn note(&self, ticket: &Ticket, sent: u64, over: bool) -> bool {
        for attempt in 1..=TRIES {
            let (cx, own, beat) = (self.context(ticket.partner), ticket.clone(), wall_clock());
            let stamp = cx.stamp();
            let noted = self
                .installation
                .store
                .record(stamp, move |tx| report(tx, &cx, (&own, sent, over), beat))
                .await;
            match noted {
                Ok(()) => return true,
                Err(error) if attempt == TRIES => {
                    tracing::error!(%error, link = %ticket.link, "how far a download is could not be noted");
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(50 << attempt)).await,
            }
        }
        false
    }

    /// Waits until every end is noted.
    pub async fn settle(&self) {
        loop {
            let settled = self.settled.notified();
            if self.settling.load(Ordering::Acquire) == 0 {
                return;
            }
            settled.await;
        }
    }

    /// Ends everything that is under way and waits until it is noted: clients go on at the next server, or when this one is
    /// back.
    pub async fn end_all(&self) {
        self.running().values().for_each(|own| own.progress.stop());
        while !self.running().is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.settle().await;
    }

    /// Ends what was revoked, until `stop` says so.
    pub async fn watch(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {
                    if let Err(error) = self.stop_revoked().await {
                        tracing::error!(%error, "revoked downloads could not be looked for");
                    }
                }
                _ = stop.changed() => {}
            }
        }
    }

    /// Notes how far everything is, and gives up what servers left that are gone; until `stop` says so. Apart from
    /// [`Downloads::watch`], which has a second to keep to.
    pub async fn keep(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        let mut beat = tokio::time::interval(BEAT);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while !*stop.borrow() {
            tokio::select! {
                _ = beat.tick() => {
                    self.beat().await;
                    if let Err(error) = self.give_up_silent().await {
                        tracing::error!(%error, "downloads of servers that are gone could not be settled");
                    }
                }
                _ = stop.changed() => {}
            }
        }
    }

    /// Ends the streams whose links were revoked, here or by another server.
    ///
    /// # Errors
    /// The store's own.
    pub async fn stop_revoked(&self) -> Result<(), Error> {
        let mut list: Vec<(PartnerId, LinkId)> =
            self.running().values().map(|own| (own.partner, own.link)).collect();
        if list.is_empty() {
            return Ok(());
        }
        list.sort_unstable();
        list.dedup();
        let revoked =
            self.installation.store.read(move |tx| Ok::<_, Error>(media::revoked_among(tx, &list)?)).await?;
        if revoked.is_empty() {
            return Ok(());
        }
        for own in self.running().values().filter(|own| revoked.contains(&own.link)) {
            own.progress.stop();
        }
        Ok(())
    }

    /// Notes how far everything is.
    async fn beat(&self) {
        let list: Vec<Arc<Running>> = self.running().values().cloned().collect();
        for own in list {
            let mut open = own.open.lock().await;
            let (ticket, reported, over) = &mut *open;
            if *over {
                continue;
            }
            let fresh = own.progress.sent().saturating_sub(*reported);
            // What is not over keeps a byte to end with.
            let fresh = fresh.min((ticket.promised.end - ticket.promised.start).saturating_sub(1));
            if self.note(ticket, fresh, false).await {
                ticket.promised.start = ticket.promised.start.saturating_add(fresh);
                *reported = reported.saturating_add(fresh);
            }
        }
    }

    /// Settles what servers had under way that were not heard of for a while.
    ///
    /// # Errors
    /// The store's own.
    pub async fn give_up_silent(&self) -> Result<usize, Error> {
        let now = wall_clock();
        let before = now.checked_sub(SILENCE).map_err(Error::internal)?;
        let store = &self.installation.store;
        let list = store.read(move |tx| Ok::<_, Error>(links::silent(tx, before, SILENT_ROUND)?)).await?;
        let mut count = 0;
        for (partner, link, download) in list {
            let cx = self.context(partner);
            let stamp = cx.stamp();
            match store.record(stamp, move |tx| give_up(tx, &cx, (link, download), now)).await {
                Ok(()) => count += 1,
                Err(error) => {
                    tracing::error!(%error, %link, "a download of a server that is gone stays open")
                }
            }
        }
        Ok(count)
    }
}
