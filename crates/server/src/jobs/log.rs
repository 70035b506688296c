//! What is done with the log behind the scenes: sealing it, putting its checkpoints elsewhere, streaming it to others.
//!
//! Streaming takes sealed entries in the order of their numbers, partner by partner, and notes how far it is only after
//! the other side took them: each entry arrives at least once, in order, also after a crash.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chandlery_domain::access::Action;
use chandlery_domain::ids::PartnerId;
use chandlery_store::audit;
use chandlery_store::seals::{self, Sink as StoredSink};
use secrecy::SecretString;
use tokio::sync::Mutex;

use crate::app::Context;
use crate::clock::wall_clock;
use crate::error::Error;
use crate::installation::Installation;
use crate::log::export::{checkpoint_line, entry_line};
use crate::log::live::Opened;
use crate::log::sealing::{chained, hash_before, read_checkpoint};
use crate::log::{Disclosed, Sealed};
use crate::outside::anchor::Anchor;
use crate::outside::log_stream::{Line, Sink};
use crate::outside::vault::Owner;

/// How many entries go in one batch.
const BATCH: i64 = 500;
/// How many partners are looked after in one round.
const PARTNERS: i64 = 200;
/// The longest wait after a failure.
const WAIT_MAX: Duration = Duration::from_secs(300);
/// The cursor of the anchor.
const ANCHOR: &str = "anchor";

/// Whom to leave alone for a while, because the last try failed.
#[derive(Default)]
struct Patience(HashMap<String, (u32, Instant)>);

impl Patience {
    fn is_over(&self, name: &str) -> bool {
        self.0.get(name).is_none_or(|(_, until)| Instant::now() >= *until)
    }

    fn failed(&mut self, name: &str) {
        let tries = self.0.get(name).map_or(0, |(tries, _)| *tries).saturating_add(1);
        let wait = Duration::from_secs(1_u64 << tries.min(9)).min(WAIT_MAX);
        self.0.insert(name.to_owned(), (tries, Instant::now() + wait));
    }

    fn passed(&mut self, name: &str) {
        self.0.remove(name);
    }
}

/// Looks after the log.
pub struct LogKeeper {
    installation: Installation,
    anchor: Option<Anchor>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    patience: Patience,
    sinks: HashMap<String, Arc<Sink>>,
}

impl LogKeeper {
    /// A keeper; `anchor` is where checkpoints are put besides the database.
    pub fn new(installation: Installation, anchor: Option<Anchor>) -> Self {
        Self { installation, anchor, state: Mutex::default() }
    }

    /// Seals what waits; returns how many entries.
    ///
    /// # Errors
    /// The store's own.
    pub async fn seal(&self) -> Result<u64, Error> {
        self.installation.sealer.seal_all(&self.installation.store, wall_clock()).await
    }

    /// Puts checkpoints elsewhere that are not there yet: the newest of each partner. Returns how many.
    ///
    /// # Errors
    /// The store's own; an anchor that cannot be reached is tried again later.
    pub async fn anchor(&self) -> Result<usize, Error> {
        let Some(anchor) = &self.anchor else { return Ok(0) };
        let mut state = self.state.lock().await;
        if !state.patience.is_over(ANCHOR) {
            return Ok(0);
        }
        let store = &self.installation.store;
        let behind = store.read(|tx| Ok::<_, Error>(seals::behind(tx, ANCHOR, PARTNERS)?)).await?;
        let mut count = 0;
        for (partner, _) in behind {
            let newest = store.read(move |tx| Ok::<_, Error>(seals::last_checkpoint(tx, partner)?)).await?;
            let Some(newest) = newest else { continue };
            let line = checkpoint_line(&read_checkpoint(&newest)).map_err(Error::internal)?;
            if let Err(error) = anchor.put(line.trim_end()).await {
                tracing::error!(%error, "a checkpoint could not be put into its outside place");
                state.patience.failed(ANCHOR);
                return Ok(count);
            }
            state.patience.passed(ANCHOR);
            store
                .bookkeep(move |tx| Ok::<_, Error>(seals::set_cursor(tx, partner, ANCHOR, newest.sequence)?))
                .await?;
            count += 1;
        }
        Ok(count)
    }

    async fn open(&self, state: &mut State, stored: &StoredSink) -> Result<Arc<Sink>, Error> {
        if let Some(known) = state.sinks.get(&stored.id) {
            return Ok(Arc::clone(known));
        }
        let token = match stored.token.clone() {
            None => None,
            Some(sealed) => {
                let (vault, id) = (Arc::clone(&self.installation.vault), stored.id.clone());
                let text = self
                    .installation
                    .store
                    .read(move |tx| vault.open(tx, Owner::Operator, "log_sinks", &id, &sealed))
                    .await?;
                Some(SecretString::from(text.as_str()))
            }
        };
        let ca = stored.ca_file.as_ref().map(std::path::Path::new);
        let sink = Arc::new(Sink::parse(&stored.target, token, ca).map_err(Error::internal)?);
        state.sinks.insert(stored.id.clone(), Arc::clone(&sink));
        Ok(sink)
    }

    /// Streams what others have not got yet; returns how many entries were taken.
    ///
    /// # Errors
    /// The store's own; whoever cannot be reached is tried again later.
    pub async fn stream(&self) -> Result<usize, Error> {
        let store = &self.installation.store;
        let sinks = store.read(|tx| Ok::<_, Error>(seals::sinks(tx)?)).await?;
        let mut state = self.state.lock().await;
        let mut count = 0;
        for stored in sinks {
            if !state.patience.is_over(&stored.id) {
                continue;
            }
            let done = match self.open(&mut state, &stored).await {
                Ok(sink) => self.fill(&stored, &sink).await,
                Err(error) => Err(error),
            };
            let told = match &done {
                Ok(_) => None,
                Err(error) => Some(error.to_string()),
            };
            match done {
                Ok(taken) => {
                    state.patience.passed(&stored.id);
                    count += taken;
                }
                Err(error) => {
                    tracing::warn!(sink = %stored.name, %error, "the log could not be streamed; it is tried again");
                    state.patience.failed(&stored.id);
                }
            }
            if told != stored.last_error {
                let id = stored.id.clone();
                store
                    .bookkeep(move |tx| Ok::<_, Error>(seals::set_sink_error(tx, &id, told.as_deref())?))
                    .await?;
            }
        }
        Ok(count)
    }

    async fn fill(&self, stored: &StoredSink, sink: &Sink) -> Result<usize, Error> {
        let store = &self.installation.store;
        let name = stored.id.clone();
        let behind = {
            let name = name.clone();
            store.read(move |tx| Ok::<_, Error>(seals::behind(tx, &name, PARTNERS)?)).await?
        };
        let mut count = 0;
        for (partner, after) in behind {
            let lines = self.lines(partner, after).await?;
            let Some((_, last)) = lines.last() else { continue };
            let (last, taken) = (*last, lines.len());
            let lines: Vec<Line> = lines.into_iter().map(|(line, _)| line).collect();
            sink.deliver(&lines).await.map_err(Error::internal)?;
            let name = name.clone();
            store.bookkeep(move |tx| Ok::<_, Error>(seals::set_cursor(tx, partner, &name, last)?)).await?;
            count += taken;
        }
        Ok(count)
    }

    /// The next entries of a partner's log as lines, each with its number: the same lines an export has.
    async fn lines(&self, partner: PartnerId, after: i64) -> Result<Vec<(Line, i64)>, Error> {
        let cx = Context::system(partner, wall_clock(), "log stream");
        let scope = cx.authorize(Action::ReadEveryLog)?;
        let vault = Arc::clone(&self.installation.vault);
        self.installation
            .store
            .read(move |tx| {
                let rows = audit::in_sequence(tx, &scope, after, BATCH)?;
                let Some(first) = rows.first().map(|row| row.sequence) else { return Ok(Vec::new()) };
                let mut previous = hash_before(tx, partner, first)?;
                let page = Opened::new(tx, &vault, &scope, rows)?;
                let mut lines = Vec::with_capacity(page.rows.len());
                for row in &page.rows {
                    let entry: Sealed = chained(row.clone(), previous);
                    previous = entry.hash;
                    // A name in a SIEM cannot be taken back, so the key to it stays here: the name alone is told.
                    let told = Disclosed { opening: None, person: page.person(row) };
                    let json = entry_line(&entry, &told).map_err(Error::internal)?;
                    let line = Line {
                        at: jiff::Timestamp::from_microsecond(row.at).map_err(Error::internal)?,
                        id: row.id.clone(),
                        operation: row.operation.clone(),
                        partner: row.partner_id.clone(),
                        failed: row.outcome == "failed",
                        json: json.trim_end().to_owned(),
                    };
                    lines.push((line, row.sequence));
                }
                Ok::<_, Error>(lines)
            })
            .await
    }
}
