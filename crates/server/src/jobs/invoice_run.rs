//! The invoice run: every partner billed for a month. It can be stopped and run again, by several servers at once: what is
//! issued stays issued, and what is left is issued then.

use std::collections::BTreeMap;
use std::sync::Arc;

use chandlery_domain::access::Action;
use chandlery_domain::ids::PartnerId;
use chandlery_domain::invoice::{DocumentKind, Held, Month, Totals};
use chandlery_domain::money::{Currency, Money};
use chandlery_store::{charges, closing, invoices, partners, tax};
use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;

use crate::app::Context;
use crate::app::invoicing::{self, Outcome};
use crate::error::Error;
use crate::installation::Installation;

/// How many partners are looked at at once.
const PAGE: i64 = 200;
/// How many are billed side by side. Each takes its numbers last, one after another.
const SIDE_BY_SIDE: usize = 8;
/// How often a partner is tried that another server bills at the same moment.
const TRIES: usize = 5;
/// How long after its end a month is billed: by then no server's clock is still in it.
pub const GRACE: SignedDuration = SignedDuration::from_mins(15);

/// Why a month cannot be billed at all.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// It is not over yet.
    #[error("{month} is not over: it can be billed from {from} on")]
    NotOver {
        /// The month.
        month: Month,
        /// From when on.
        from: Timestamp,
    },
    /// It was billed elsewhere.
    #[error("{month} was billed elsewhere: `chandlery invoice begin` says that billing begins here later")]
    BilledElsewhere {
        /// The month.
        month: Month,
    },
    /// It is closed: nothing more is billed in it.
    #[error("{month} is closed: open it again before anything is billed in it")]
    Closed {
        /// The month.
        month: Month,
    },
    /// Nobody said who sends the invoices.
    #[error("nobody said who sends the invoices: say so with `chandlery invoice seller`")]
    NoSeller,
    /// Something went wrong; what was issued before stays issued.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// What a run did.
#[derive(Debug, Default)]
pub struct Summary {
    /// How many documents were issued, or would be.
    pub documents: u64,
    /// What they come to, by currency and kind.
    pub totals: BTreeMap<(String, &'static str), (u64, i64)>,
    /// Who was held back, and why; each with the currency.
    pub held: Vec<(PartnerId, Currency, Held)>,
    /// Who could not be billed for another reason, which the log tells; each with the currency, where one is to blame.
    pub failed: Vec<(PartnerId, Option<Currency>)>,
}

impl Summary {
    fn count(&mut self, kind: DocumentKind, totals: &Totals) {
        let code = totals.gross.currency().to_string();
        let sum = self.totals.entry((code, kind.as_str())).or_default();
        self.documents = self.documents.saturating_add(1);
        *sum = (sum.0.saturating_add(1), sum.1.saturating_add(totals.gross.minor()));
    }

    /// The sums as money, in a fixed order.
    pub fn sums(&self) -> Vec<(&'static str, u64, Money)> {
        let own = self.totals.iter().filter_map(|((code, kind), (count, minor))| {
            Some((*kind, *count, Money::new(*minor, code.parse().ok()?)))
        });
        own.collect()
    }
}

/// What became of one partner in one currency.
enum Billed {
    Issued(Vec<(DocumentKind, Totals)>),
    Held(Currency, Held),
    Failed(Currency, Error),
}

/// Bills every partner for a month; `dry` only works out what would be issued. `seen` is told how many partners were looked
/// at, of how many.
///
/// # Errors
/// When the month cannot be billed at all.
pub async fn run(
    installation: &Installation,
    month: Month,
    dry: bool,
    seen: &(dyn Fn(u64, u64) + Send + Sync),
) -> Result<Summary, RunError> {
    let (_, end) = month.stretch().map_err(Error::internal)?;
    let from = end.checked_add(GRACE).map_err(Error::internal)?;
    if installation.clock.now() < from {
        return Err(RunError::NotOver { month, from });
    }
    let read = installation.store.read(move |tx| {
        let closed = closing::is_closed(tx, month)?;
        Ok::<_, Error>((tax::seller(tx)?.is_some(), invoices::billing_begins(tx)?, closed))
    });
    let (seller, begins, closed) = read.await?;
    if begins.is_some_and(|begins| end <= begins) {
        return Err(RunError::BilledElsewhere { month });
    }
    if closed {
        return Err(RunError::Closed { month });
    }
    if !seller {
        return Err(RunError::NoSeller);
    }
    if !dry {
        installation.store.bookkeep(move |tx| Ok::<_, Error>(charges::close_books(tx, end)?)).await?;
    }
    let all = installation.store.read(|tx| Ok::<_, Error>(partners::count(tx)?)).await?;
    let (mut summary, mut after, mut count) = (Summary::default(), None::<PartnerId>, 0_u64);
    loop {
        let page =
            installation.store.read(move |tx| Ok::<_, Error>(partners::ids_after(tx, after, PAGE)?)).await?;
        let Some(last) = page.last() else { return Ok(summary) };
        after = Some(*last);
        let mut running = JoinSet::new();
        let mut waiting = page.into_iter();
        loop {
            while running.len() < SIDE_BY_SIDE
                && let Some(partner) = waiting.next()
            {
                let installation = installation.clone();
                running.spawn(async move { (partner, one(&installation, partner, month, dry).await) });
            }
            let Some(done) = running.join_next().await else { break };
            let (partner, done) = done.map_err(Error::internal)?;
            count = count.saturating_add(1);
            seen(count, all.max(count));
            note(&mut summary, partner, done);
        }
    }
}

fn note(summary: &mut Summary, partner: PartnerId, done: Result<Vec<Billed>, Error>) {
    match done {
        Ok(list) => {
            for own in list {
                match own {
                    Billed::Issued(documents) => {
                        for (kind, totals) in &documents {
                            summary.count(*kind, totals);
                        }
                    }
                    Billed::Held(currency, why) => summary.held.push((partner, currency, why)),
                    Billed::Failed(currency, error) => {
                        tracing::error!(%partner, %currency, %error, "a partner could not be billed");
                        summary.failed.push((partner, Some(currency)));
                    }
                }
            }
        }
        Err(error) => {
            tracing::error!(%partner, %error, "a partner could not be billed");
            summary.failed.push((partner, None));
        }
    }
}

/// Bills one partner, currency by currency: what goes wrong in one keeps no other waiting.
async fn one(
    installation: &Installation,
    partner: PartnerId,
    month: Month,
    dry: bool,
) -> Result<Vec<Billed>, Error> {
    let cx = Arc::new(Context::system(partner, installation.clock.now(), "billing"));
    let scope = cx.authorize(Action::ManageBilling)?;
    let stretch = month.stretch().map_err(Error::internal)?;
    let currencies =
        installation.store.read(move |tx| Ok::<_, Error>(charges::currencies(tx, &scope, stretch)?)).await?;
    let mut done = Vec::new();
    for currency in currencies {
        match in_currency(installation, &cx, (currency, month), dry).await {
            Ok(Some(own)) => done.push(own),
            Ok(None) => {}
            Err(error) => done.push(Billed::Failed(currency, error)),
        }
    }
    Ok(done)
}

/// Bills a partner in a currency; nothing where there is nothing to bill any more.
async fn in_currency(
    installation: &Installation,
    cx: &Arc<Context>,
    (currency, month): (Currency, Month),
    dry: bool,
) -> Result<Option<Billed>, Error> {
    let scope = cx.authorize(Action::ManageBilling)?;
    if !dry {
        return issue(installation, cx, (currency, month)).await;
    }
    let looked = installation
        .store
        .read(move |tx| match invoicing::ready(tx, &scope, (currency, month))? {
            _ if invoices::is_billed(tx, &scope, (currency, month))? => Ok(Ok(Vec::new())),
            Ok(ready) => {
                let prepared = invoicing::prepare(tx, &scope, (currency, month), &ready)?;
                let kinds =
                    |list: Vec<invoicing::Prepared>| list.iter().map(|own| (own.kind, own.totals)).collect();
                Ok::<Result<Vec<_>, Held>, Error>(prepared.map(kinds))
            }
            Err(why) => Ok(Err(why)),
        })
        .await?;
    Ok(match looked {
        Ok(prepared) if prepared.is_empty() => None,
        Ok(prepared) => Some(Billed::Issued(prepared)),
        Err(why) => Some(Billed::Held(currency, why)),
    })
}

/// Issues what is to be issued, or notes why it cannot be, in one transaction.
async fn issue(
    installation: &Installation,
    cx: &Arc<Context>,
    (currency, month): (Currency, Month),
) -> Result<Option<Billed>, Error> {
    let mut tries = 0;
    loop {
        tries += 1;
        let scope = cx.authorize(Action::ManageBilling)?;
        let inner = cx.anew();
        let done = installation
            .store
            .record(inner.stamp(), move |tx| {
                Ok::<_, Error>(match invoicing::bill(tx, &inner, &scope, (currency, month))? {
                    Outcome::Issued(issued, entry) => {
                        let issued = issued.into_iter().map(|own| (own.kind, own.totals)).collect();
                        (Some(Billed::Issued(issued)), Some(entry))
                    }
                    // Nobody did anything: the partner is held back, or there is nothing left.
                    Outcome::Held(why) => (Some(Billed::Held(currency, why)), None),
                    Outcome::Nothing => (None, None),
                })
            })
            .await;
        match done {
            Ok(billed) => return Ok(billed),
            // Another server was quicker.
            Err(Error::Store(chandlery_store::Error::Conflict { .. })) if tries < TRIES => {}
            Err(error) => return Err(error),
        }
    }
}
