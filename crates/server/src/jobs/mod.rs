//! Work that was put off: found, run, and put off again when it cannot be done yet. Every kind of work can run twice.

mod cycles;
pub mod invoice_run;
mod late;
pub mod log;
pub mod month_close;
mod webhooks;
mod windows;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chandlery_domain::access::Action;
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::ids::{NoticeId, OrderId, UserId};
use chandlery_store::jobs::{self, Job, Task};
use chandlery_store::{
    applications, factors, grants, links, notices, people, places, replays, sessions, webhooks as calls,
};
use jiff::SignedDuration;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use crate::api::carts::CHECKOUT;
use crate::app::{Context, notify, provision};
use crate::clock::wall_clock;
use crate::error::Error;
use crate::identity::ways_in::WaitingMail;
use crate::installation::{Installation, OPERATOR};
use crate::letters::{Letter, Written};
use crate::outside::anchor::Anchor;
use crate::outside::mail::{Mail, Mailer};
use crate::outside::price_sheets::PriceSheets;
use crate::outside::vault::Owner;
use crate::outside::webhooks::{Caller, Seal};
use crate::texts::{self, Reader, cause};
use log::LogKeeper;

/// How many jobs are looked for at once, and run side by side.
const ROUND_MAX: i64 = 128;
/// How many mails are sent side by side: mail servers take few connections from one sender.
const MAILS_MAX: i64 = 16;
/// How long the runner sleeps when nobody rings.
const PAUSE: Duration = Duration::from_millis(500);
/// How long an answer is kept for a repeat (contract 0.9).
const ANSWERS_KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How long the answer to a checkout is kept: a day longer than a cart.
const CHECKOUTS_KEPT: SignedDuration = SignedDuration::from_hours(8 * 24);
/// No day.
const NEVER: i64 = i64::MIN;
/// How often old answers are forgotten.
const HOUSEKEEPING: Duration = Duration::from_secs(3600);

/// How often the log is sealed (at least once a second, whatever else happens).
const SEALING: Duration = Duration::from_millis(500);
/// How old a key that signs tokens may be before the next is drawn.
const SIGNING_KEY_LIFE: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How often a mail is tried before it is given up.
const MAIL_TRIES: u32 = 12;
/// How long it is kept from where somebody downloaded.
const ADDRESSES_KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How long it is kept what people were told, and from where they signed in.
const NOTICES_KEPT: SignedDuration = SignedDuration::from_hours(180 * 24);
/// How long calls to partners' programs are kept that were taken (contract 9).
const DELIVERIES_KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long those are kept that were given up, so that somebody can have them made again.
const GIVEN_UP_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long failed sign-ins are remembered.
const ATTEMPTS_KEPT: SignedDuration = SignedDuration::from_hours(48);

/// The world outside, as far as the jobs reach it.
#[derive(Default)]
pub struct Outside {
    /// For sending mail, where the operator set it up.
    pub mailer: Option<Mailer>,
    /// Where checkpoints of the log are put besides the database.
    pub anchor: Option<Anchor>,
    /// For telling partners' programs what happened.
    pub caller: Option<Caller>,
}

/// Runs jobs.
#[derive(Clone)]
pub struct Runner {
    installation: Installation,
    work: Arc<Notify>,
    mailer: Option<Arc<Mailer>>,
    caller: Option<Arc<Caller>>,
    /// What calls are signed with, once there was one.
    seal: Arc<tokio::sync::Mutex<Option<Arc<Seal>>>>,
    keeper: Arc<LogKeeper>,
    /// The last UTC day whose cycles were charged, counted from 1970.
    charged_on: Arc<AtomicI64>,
}

impl Runner {
    /// A runner on an installation; `work` is rung when there is something to do.
    pub fn new(installation: Installation, work: Arc<Notify>, outside: Outside) -> Self {
        let keeper = Arc::new(LogKeeper::new(installation.clone(), outside.anchor));
        Self {
            installation,
            work,
            mailer: outside.mailer.map(Arc::new),
            caller: outside.caller.map(Arc::new),
            seal: Arc::default(),
            keeper,
            charged_on: Arc::new(AtomicI64::new(NEVER)),
        }
    }

    /// Charges what is due when another day has begun since it was done last, also by a practice clock.
    async fn charge_when_a_day_begins(&self, stop: &watch::Receiver<bool>) {
        let day = self.installation.clock.now().as_second().div_euclid(86_400);
        if self.charged_on.swap(day, Ordering::Relaxed) == day {
            return;
        }
        if let Err(error) = self.charge_due_until(|| *stop.borrow()).await {
            tracing::error!(%error, "what is due could not be charged");
            self.charged_on.store(NEVER, Ordering::Relaxed);
        }
        if let Err(error) = self.tell_late().await {
            tracing::error!(%error, "that invoices are late could not be told");
            self.charged_on.store(NEVER, Ordering::Relaxed);
        }
    }

    /// Charges what is due whenever a day begins, until `stop` says so: beside the jobs, so that a first of the month with very
    /// many cycles keeps no key and no mail waiting.
    pub async fn keep_charging(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            self.charge_when_a_day_begins(&stop).await;
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// What looks after the log.
    pub fn keeper(&self) -> &LogKeeper {
        &self.keeper
    }

    /// Looks after the log until `stop` says so: seals, anchors and streams. One server at a time does each batch; two
    /// that meet try again.
    pub async fn keep_log(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let mut more = false;
            let stages: [(&str, Result<bool, Error>); 3] = [
                ("sealed", self.keeper.seal().await.map(|_| false)),
                ("anchored", self.keeper.anchor().await.map(|count| count > 0)),
                ("streamed", self.keeper.stream().await.map(|count| count > 0)),
            ];
            for (what, done) in stages {
                match done {
                    Ok(again) => more |= again,
                    Err(error) => tracing::error!(%error, "the log could not be {what}"),
                }
            }
            let pause = if more { Duration::from_millis(20) } else { SEALING };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = stop.changed() => {}
            }
        }
        // What was done last is sealed before the server ends.
        if let Err(error) = self.keeper.seal().await {
            tracing::error!(%error, "the log could not be sealed at the end");
        }
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
                    // What could not be charged when the day began is tried again.
                    self.charged_on.store(NEVER, Ordering::Relaxed);
                    if let Err(error) = self.forget_answers().await {
                        tracing::error!(%error, "old answers could not be forgotten");
                    }
                    if let Err(error) = self.tell_closing_windows().await {
                        tracing::error!(%error, "that windows close could not be told");
                    }
                    let sheets = PriceSheets::at(self.installation.place.price_sheets());
                    if let Err(error) = sheets.forget_old(std::time::SystemTime::from(wall_clock())) {
                        tracing::error!(%error, "old price sheets could not be forgotten");
                    }
                    if let Err(error) = self.forget_ended().await {
                        tracing::error!(%error, "what has ended could not be forgotten");
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
        let due = self
            .installation
            .store
            .read(move |tx| {
                // Mails that pile up while their server is away keep nothing else waiting.
                let mut due = jobs::due_of(tx, false, now, ROUND_MAX)?;
                due.extend(jobs::due_of(tx, true, now, MAILS_MAX)?);
                Ok::<_, Error>(due)
            })
            .await?;
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
        match job.task.clone() {
            Task::Provision(order) => self.provision(&job, order).await,
            Task::SendMail(_) | Task::SendNotice(..) => self.send(&job).await,
        }
    }

    async fn provision(&self, job: &Job, order: OrderId) -> bool {
        let cx = Context::system(job.partner, self.installation.clock.now(), "provisioner");
        let (vault, ids, inner) = (Arc::clone(&self.installation.vault), (job.id, order), cx.clone());
        let asked_by = job.asked_by;
        let done = self
            .installation
            .store
            .write(cx.stamp(), move |tx| provision::provision(tx, &inner, &vault, ids, asked_by))
            .await;
        let error = match done {
            Ok(low) => {
                self.installation.tell_low(&low).await;
                return true;
            }
            // Another process did it at the same moment.
            Err(Error::AnsweredBefore) => return false,
            Err(error) => error,
        };
        tracing::warn!(%order, %error, attempts = job.attempts, "an order could not be provisioned yet");
        let delay = provision::Delay {
            attempts: job.attempts,
            why: error.to_string(),
            keys_missing: matches!(error, Error::Invalid { .. }),
            asked_by,
        };
        let inner = cx.clone();
        let put_off = self
            .installation
            .store
            .write(cx.stamp(), move |tx| provision::put_off(tx, &inner, ids, &delay))
            .await;
        if let Err(error) = put_off {
            tracing::error!(%order, %error, "a job could not be put off");
        }
        false
    }

    /// Sends a mail. It is sent before its job is taken away, so it may arrive twice and never not at all.
    async fn send(&self, job: &Job) -> bool {
        let sent = self.try_to_send(job).await;
        let gave_up = job.attempts >= MAIL_TRIES;
        let done = match &sent {
            Ok(()) => true,
            Err((permanent, why)) => {
                tracing::warn!(%why, attempts = job.attempts, "a mail could not be sent");
                *permanent || gave_up
            }
        };
        let cx = Context::system(job.partner, self.installation.clock.now(), "mail");
        let (id, now, attempts) = (job.id, cx.now, job.attempts);
        let why = sent.err().map(|(_, why)| why);
        let wait = SignedDuration::from_secs(30_i64.saturating_mul(1_i64 << attempts.min(8)));
        let kept = self
            .installation
            .store
            .bookkeep(move |tx| {
                let scope = cx.authorize(Action::ReadPartnerUsers)?;
                if done {
                    jobs::done(tx, &scope, id)?;
                } else {
                    let due = now.checked_add(wait).map_err(Error::internal)?;
                    jobs::put_off(tx, &scope, id, due, why.as_deref().unwrap_or_default())?;
                }
                Ok::<_, Error>(())
            })
            .await;
        if let Err(error) = kept {
            tracing::error!(%error, "how a mail went could not be noted");
        }
        done
    }

    async fn try_to_send(&self, job: &Job) -> Result<(), (bool, String)> {
        let found = match job.task.clone() {
            Task::SendNotice(user, id) => self.mail_of_notice(job, user, id).await,
            Task::SendMail(sealed) => self.sealed_mail(job, sealed).await.map(Some),
            Task::Provision(_) => return Err((true, "this is no mail".into())),
        };
        let Some(WaitingMail { to, subject, text, html }) =
            found.map_err(|error| (true, error.to_string()))?
        else {
            return Ok(());
        };
        let Some(mailer) = &self.mailer else { return Err((false, cause("cause-mail-none"))) };
        let mail = Mail { to, subject, text, message_id: format!("{}@{}", job.id, mailer.host()) };
        let sent = mailer.send_both(&mail, html.as_deref()).await;
        sent.map_err(|failure| (failure.is_permanent(), failure.to_string()))
    }

    async fn sealed_mail(&self, job: &Job, sealed: String) -> Result<WaitingMail, Error> {
        let owner = if job.partner == OPERATOR { Owner::Operator } else { Owner::Partner(job.partner) };
        let (vault, id) = (Arc::clone(&self.installation.vault), job.id.to_string());
        let text =
            self.installation.store.read(move |tx| vault.open(tx, owner, "mail", &id, &sealed)).await?;
        serde_json::from_str(&text).map_err(Error::internal)
    }

    /// The mail about a notification, as its reader reads now; none when the reader wants none any more, or is gone, or
    /// nothing is sent by mail any more.
    async fn mail_of_notice(
        &self,
        job: &Job,
        user: UserId,
        id: NoticeId,
    ) -> Result<Option<WaitingMail>, Error> {
        let partner = job.partner;
        let (own, user, links) = self
            .installation
            .store
            .read(move |tx| {
                let own = notices::find(tx, (partner, user), id)?;
                Ok::<_, Error>((own, people::by_id(tx, partner, user)?, notify::mail_links(tx)?))
            })
            .await?;
        let (Some(own), Some(user), Some(links)) = (own, user, links) else { return Ok(None) };
        if !notify::wants_mail(&user, own.kind) {
            return Ok(None);
        }
        let reader = Reader::of(user.language.as_deref(), user.time_zone.as_deref());
        let letter = Letter {
            reader: &reader,
            subject: reader.word("notice-kind", own.kind.as_str()),
            says: vec![texts::notices::sentence(&reader, own.kind, &own.facts)],
            link: (reader.t("mail-open"), format!("{links}{}", own.subject)),
            below: vec![reader.t1("mail-when", "at", reader.instant(own.at))],
            settings: Some((reader.t("mail-preferences"), format!("{links}/settings"))),
        };
        let Written { subject, text, html } = letter.write()?;
        Ok(Some(WaitingMail { to: user.upn, subject, text, html: Some(html) }))
    }

    /// Forgets what has ended: sessions, codes, assertions, failed sign-ins.
    /// # Errors
    /// The store's own.
    pub async fn forget_ended(&self) -> Result<(), Error> {
        let now = wall_clock();
        let before = now.checked_sub(ATTEMPTS_KEPT).map_err(Error::internal)?;
        let business = self.installation.clock.now();
        let told_before = business.checked_sub(NOTICES_KEPT).map_err(Error::internal)?;
        let seen_before = now.checked_sub(NOTICES_KEPT).map_err(Error::internal)?;
        let delivered_before = business.checked_sub(DELIVERIES_KEPT).map_err(Error::internal)?;
        let given_up_before = business.checked_sub(GIVEN_UP_KEPT).map_err(Error::internal)?;
        let addresses_before = business.checked_sub(ADDRESSES_KEPT).map_err(Error::internal)?;
        self.installation
            .store
            .bookkeep(move |tx| {
                sessions::forget(tx, now)?;
                grants::forget_codes(tx, before, now)?;
                factors::forget_ended_resets(tx, now)?;
                applications::forget_assertions(tx, before)?;
                factors::forget_attempts(tx, before)?;
                links::forget_clients(tx, addresses_before)?;
                notices::forget(tx, told_before)?;
                places::forget(tx, seen_before)?;
                calls::forget(tx, delivered_before, given_up_before)?;
                Ok::<_, Error>(())
            })
            .await?;
        let drawn = jiff::Timestamp::from_microsecond(self.installation.signer.drawn_at())
            .map_err(Error::internal)?;
        if now.duration_since(drawn) > SIGNING_KEY_LIFE {
            self.installation.rotate_signing_key().await?;
        }
        Ok(())
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
