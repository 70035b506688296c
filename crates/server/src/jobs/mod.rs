//! Work that was put off: found, run, and put off again when it cannot be done yet. Every kind of work can run twice.

use std::sync::Arc;
use std::time::Duration;

use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_store::jobs::{self, Job, Task};
use chandlery_store::replays;
use jiff::SignedDuration;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use crate::api::carts::CHECKOUT;
use crate::app::{Context, provision};
use crate::error::Error;
use crate::installation::{Installation, OPERATOR};

/// How many jobs are looked for at once, and run side by side.
const ROUND_MAX: i64 = 128;
/// How long the runner sleeps when nobody rings.
const PAUSE: Duration = Duration::from_millis(500);
/// How long an answer is kept for a repeat (contract 0.9).
const ANSWERS_KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How long the answer to a checkout is kept: a day longer than a cart.
const CHECKOUTS_KEPT: SignedDuration = SignedDuration::from_hours(8 * 24);
/// How often old answers are forgotten.
const HOUSEKEEPING: Duration = Duration::from_secs(3600);

/// Runs jobs.
#[derive(Clone)]
pub struct Runner {
    installation: Installation,
    work: Arc<Notify>,
}

impl Runner {
    /// A runner on an installation; `work` is rung when there is something to do.
    pub const fn new(installation: Installation, work: Arc<Notify>) -> Self {
        Self { installation, work }
    }

    /// Runs until `stop` says so; a round that has begun is finished.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut housekeeping = tokio::time::interval(HOUSEKEEPING);
        housekeeping.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while !*stop.borrow() {
            match self.round().await {
                Ok(done) if done > 0 => continue,
                Ok(_) => {}
                Err(error) => tracing::error!(%error, "the jobs could not be looked for"),
            }
            tokio::select! {
                () = self.work.notified() => {}
                () = tokio::time::sleep(PAUSE) => {}
                _ = stop.changed() => {}
                _ = housekeeping.tick() => {
                    if let Err(error) = self.forget_answers().await {
                        tracing::error!(%error, "old answers could not be forgotten");
                    }
                }
            }
        }
    }

    /// Runs what is due, once; returns how many jobs got done.
    ///
    /// # Errors
    /// When the jobs cannot be looked for; a job that fails is put off and logged.
    pub async fn round(&self) -> Result<usize, Error> {
        let now = self.installation.clock.now();
        let due =
            self.installation.store.read(move |tx| Ok::<_, Error>(jobs::due(tx, now, ROUND_MAX)?)).await?;
        let mut running = JoinSet::new();
        for job in due {
            let runner = self.clone();
            running.spawn(async move { runner.one(job).await });
        }
        let mut done = 0;
        while let Some(result) = running.join_next().await {
            done += usize::from(result.unwrap_or(false));
        }
        Ok(done)
    }

    /// Runs everything that is due, until nothing more can be done.
    ///
    /// # Errors
    /// When the jobs cannot be looked for.
    pub async fn drain(&self) -> Result<(), Error> {
        while self.round().await? > 0 {}
        Ok(())
    }

    /// Runs one job; true when it is done and gone.
    async fn one(&self, job: Job) -> bool {
        let cx = Context::system(job.partner, self.installation.clock.now(), "provisioner");
        let Task::Provision(order) = job.task;
        let (vault, ids, inner) = (Arc::clone(&self.installation.vault), (job.id, order), cx.clone());
        let done = self
            .installation
            .store
            .write(cx.stamp(), move |tx| provision::provision(tx, &inner, &vault, ids))
            .await;
        let error = match done {
            Ok(()) => return true,
            // Another process did it at the same moment.
            Err(Error::AnsweredBefore) => return false,
            Err(error) => error,
        };
        tracing::warn!(%order, %error, attempts = job.attempts, "an order could not be provisioned yet");
        let (why, inner, attempts) = (error.to_string(), cx.clone(), job.attempts);
        let put_off = self
            .installation
            .store
            .write(cx.stamp(), move |tx| provision::put_off(tx, &inner, ids, attempts, &why))
            .await;
        if let Err(error) = put_off {
            tracing::error!(%order, %error, "a job could not be put off");
        }
        false
    }

    async fn forget_answers(&self) -> Result<(), Error> {
        let now = self.installation.clock.now();
        let before = now.checked_sub(ANSWERS_KEPT).map_err(Error::internal)?;
        let long_before = now.checked_sub(CHECKOUTS_KEPT).map_err(Error::internal)?;
        let cx = Context::system(OPERATOR, now, "housekeeping");
        self.installation
            .store
            .write(cx.stamp(), move |tx| {
                let gone = replays::forget(tx, before, CHECKOUT, long_before)?;
                let entry = Entry::did(Operation::Housekeeping, Resource::Installation, "replays");
                Ok::<_, Error>(((), entry.with(vec![chandlery_domain::audit::Fact::new("forgotten", gone)])))
            })
            .await
    }
}
