//! Charging what runs on: looked for when a UTC day begins, over all partners, each cycle once.

use chandlery_domain::access::Action;
use chandlery_domain::calendar::utc_date;
use chandlery_store::subscriptions::{self, Due};

use super::Runner;
use crate::app::{Context, recurring};
use crate::error::Error;

/// How many subscriptions are looked at at once.
const PAGE: i64 = 200;
/// How many are charged side by side: purchases wait behind no more.
const SIDE_BY_SIDE: usize = 8;

impl Runner {
    /// Charges every cycle that has begun and renews every term that is over, until nothing is due; returns how many.
    /// One that cannot be charged now keeps no other waiting.
    ///
    /// # Errors
    /// When what is due cannot be looked for.
    pub async fn charge_due(&self) -> Result<usize, Error> {
        self.charge_due_until(|| false).await
    }

    /// The same, until `stopped` says that it is enough: what is left is charged when the next server looks.
    ///
    /// # Errors
    /// When what is due cannot be looked for.
    pub(super) async fn charge_due_until(&self, stopped: impl Fn() -> bool) -> Result<usize, Error> {
        let today = utc_date(self.installation.clock.now());
        let (mut after, mut done): (Option<Due>, usize) = (None, 0);
        loop {
            let page = self
                .installation
                .store
                .read(move |tx| Ok::<_, Error>(subscriptions::due(tx, today, after, PAGE)?))
                .await?;
            let Some(last) = page.last().copied() else { return Ok(done) };
            after = Some(last);
            let mut running = tokio::task::JoinSet::new();
            let mut waiting = page.into_iter();
            loop {
                while running.len() < SIDE_BY_SIDE
                    && !stopped()
                    && let Some(due) = waiting.next()
                {
                    let runner = self.clone();
                    running.spawn(async move { runner.charge_all(due).await });
                }
                let Some(count) = running.join_next().await else { break };
                done = done.saturating_add(count.unwrap_or(0));
            }
            if stopped() {
                return Ok(done);
            }
        }
    }

    /// Charges one subscription until nothing of it is due.
    async fn charge_all(&self, due: Due) -> usize {
        let mut count = 0_usize;
        loop {
            let cx = Context::system(due.partner, self.installation.clock.now(), "billing");
            let scope = match cx.authorize(Action::ManageSubscription) {
                Ok(scope) => scope,
                Err(error) => {
                    tracing::error!(%error, "billing has no right to charge");
                    return count;
                }
            };
            let (inner, ids) = (cx.clone(), (due.customer, due.id));
            let charged = self
                .installation
                .store
                .write(cx.stamp(), move |tx| recurring::charge_next(tx, &inner, &scope, ids))
                .await;
            match charged {
                Ok(own) if own.auto_renew || own.charged_through < own.period.last => {
                    count = count.saturating_add(1);
                }
                Ok(_) => return count.saturating_add(1),
                Err(Error::AnsweredBefore) => return count,
                Err(Error::Refused(refusal)) => {
                    // Tried again; the partner can do something about it meanwhile.
                    let cx = cx.anew();
                    let telling = self
                        .installation
                        .store
                        .bookkeep(move |tx| recurring::tell_refused(tx, &cx, &scope, ids, &refusal));
                    if let Err(error) = telling.await {
                        tracing::warn!(subscription = %due.id, %error, "that a renewal was refused could not be told");
                    }
                    return count;
                }
                Err(error) => {
                    // Looked for again on the next round of the day.
                    tracing::warn!(subscription = %due.id, %error, "a cycle could not be charged yet");
                    return count;
                }
            }
        }
    }
}
