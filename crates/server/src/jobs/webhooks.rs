//! Telling partners' programs what happened: one call after the other for a partner, many partners side by side, so that a
//! program that answers slowly keeps nobody waiting but itself.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chandlery_domain::access::Action;
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::ids::PartnerId;
use chandlery_domain::webhook::{Registration, TRIES, pause_after};
use chandlery_store::webhooks::{self as stored, Attempt, Delivery, State};
use chandlery_store::{brands, partners};
use jiff::SignedDuration;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::Runner;
use crate::api::webhooks::{body, certificate_url};
use crate::app::Context;
use crate::clock::wall_clock;
use crate::error::Error;
use crate::installation::OPERATOR;
use crate::outside::webhooks::{Caller, Seal, Told, address};
use crate::texts::cause;

/// How many partners are told side by side.
const SIDE_BY_SIDE: usize = 64;
/// How many calls are looked for at once; one is made for each partner among them.
const LOOKED_FOR: i64 = 256;
/// How long is waited between two looks where nothing is due.
const PAUSE: Duration = Duration::from_millis(500);
/// For how long a call that is being made is nobody else's: longer than a call can take.
const OURS_FOR: SignedDuration = SignedDuration::from_mins(2);

/// The partners that are being told at this moment.
#[derive(Clone, Default)]
struct Busy(Arc<Mutex<BTreeSet<PartnerId>>>);

impl Busy {
    fn list(&self) -> Vec<PartnerId> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect()
    }

    /// Makes a partner busy until what is returned is dropped; none when it is already.
    fn with(&self, partner: PartnerId) -> Option<Occupied> {
        let fresh = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(partner);
        fresh.then(|| Occupied { busy: self.clone(), partner })
    }
}

struct Occupied {
    busy: Busy,
    partner: PartnerId,
}

impl Drop for Occupied {
    fn drop(&mut self) {
        self.busy.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.partner);
    }
}

impl Runner {
    /// Tells programs what is due, until `stop` says so. A call under way then is made again later.
    pub async fn keep_telling(self, mut stop: watch::Receiver<bool>) {
        let Some(caller) = self.caller.clone() else { return };
        let (busy, mut under_way) = (Busy::default(), JoinSet::new());
        while !*stop.borrow() {
            if let Err(error) = self.tell_some(&caller, &busy, &mut under_way).await {
                tracing::error!(%error, "what programs are to be told could not be looked for");
            }
            tokio::select! {
                Some(_) = under_way.join_next() => {}
                () = tokio::time::sleep(PAUSE) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Tells programs what is due, until nothing more is.
    ///
    /// # Errors
    /// When it cannot be looked for.
    pub async fn tell_all(&self) -> Result<(), Error> {
        let Some(caller) = self.caller.clone() else { return Ok(()) };
        let (busy, mut under_way) = (Busy::default(), JoinSet::new());
        loop {
            self.tell_some(&caller, &busy, &mut under_way).await?;
            if under_way.join_next().await.is_none() {
                return Ok(());
            }
        }
    }

    /// Begins the calls that are due, one for each partner that is not busy, until there are none or no place is left. Whoever
    /// has very many waiting keeps nobody else from being found: it is looked again without it.
    async fn tell_some(
        &self,
        caller: &Arc<Caller>,
        busy: &Busy,
        under_way: &mut JoinSet<()>,
    ) -> Result<(), Error> {
        while under_way.len() < SIDE_BY_SIDE {
            let (now, but) = (self.installation.clock.now(), busy.list());
            let due = self
                .installation
                .store
                .read(move |tx| Ok::<_, Error>(stored::due(tx, now, &but, LOOKED_FOR)?))
                .await?;
            if due.is_empty() {
                return Ok(());
            }
            for own in due {
                if under_way.len() >= SIDE_BY_SIDE {
                    break;
                }
                let Some(occupied) = busy.with(own.partner) else { continue };
                let (runner, caller) = (self.clone(), Arc::clone(caller));
                under_way.spawn(async move {
                    let _occupied = occupied;
                    let told = runner.tell_one(&caller, own).await;
                    if let Err(error) = &told {
                        tracing::error!(%error, "a program could not be told");
                    }
                    if !matches!(told, Ok(true)) {
                        // Another server is calling it, or the database takes nothing: not at once again.
                        tokio::time::sleep(PAUSE).await;
                    }
                });
            }
        }
        Ok(())
    }

    /// Makes a call; false when it was not to be made now.
    async fn tell_one(&self, caller: &Caller, own: Delivery) -> Result<bool, Error> {
        let cx = Context::system(own.partner, self.installation.clock.now(), "webhooks");
        let scope = cx.authorize(Action::ManageWebhooks)?;
        let (begun_at, wanted) = (wall_clock(), own.clone());
        let until = begun_at.checked_add(OURS_FOR).map_err(Error::internal)?;
        let registered = self
            .installation
            .store
            .bookkeep(move |tx| Ok::<_, Error>(stored::begin(tx, &scope, &wanted, (begun_at, until))?))
            .await?;
        let Some(registered) = registered else { return Ok(false) };
        let answer = self.called(caller, &own, &registered).await;
        let taken = answer.as_ref().is_ok_and(|status| (200..300).contains(status));
        let attempts = own.attempts.saturating_add(1);
        // How long an attempt took counts: the clock is read again.
        let now = self.installation.clock.now();
        let how = if taken {
            (State::Delivered, now)
        } else if attempts >= TRIES {
            tracing::warn!(partner = %own.partner, event = own.event.as_str(), "a webhook call was given up");
            (State::Failed, now)
        } else {
            (State::Waiting, now.checked_add(pause_after(attempts)).map_err(Error::internal)?)
        };
        let attempt = Attempt {
            at: now,
            url: registered.url,
            answer: answer.as_ref().ok().copied(),
            trouble: answer.err(),
        };
        self.installation
            .store
            .bookkeep(move |tx| Ok::<_, Error>(stored::end(tx, &scope, (&own, until), how, &attempt)?))
            .await?;
        Ok(true)
    }

    /// The status a program answered with, or why there is none. What is our own fault counts as an attempt too, and is told
    /// in the log alone.
    async fn called(
        &self,
        caller: &Caller,
        own: &Delivery,
        registered: &Registration,
    ) -> Result<u16, String> {
        let url = address(&registered.url, caller.reach).ok_or_else(|| cause("cause-call-forbidden"))?;
        let ready = async {
            let (seal, body) = (self.seal().await?, body(own, &caller.own_address)?);
            let signature = seal.sign(body.as_bytes())?;
            let certificate = certificate_url(&caller.own_address, &seal.id);
            let own_header = registered.own_header;
            Ok::<_, Error>(Told { url: &url, body, signature, certificate, own_header })
        };
        match ready.await {
            Ok(told) => caller.call(told).await,
            Err(error) => {
                tracing::error!(%error, "a webhook call could not be signed");
                Err(cause("cause-call-here"))
            }
        }
    }

    /// What calls are signed with: the newest key, or a fresh one where there is none or it is old.
    async fn seal(&self) -> Result<Arc<Seal>, Error> {
        let now = wall_clock();
        let mut kept = self.seal.lock().await;
        if let Some(own) = kept.as_ref().filter(|own| !own.is_old(now)) {
            return Ok(Arc::clone(own));
        }
        let vault = Arc::clone(&self.installation.vault);
        let newest = self
            .installation
            .store
            .read(move |tx| {
                let Some(own) = stored::newest_certificate(tx)? else { return Ok(None) };
                // One that does not open any more is replaced by a fresh one.
                Ok::<_, Error>(match Seal::open(tx, &vault, &own) {
                    Ok(seal) => Some(seal),
                    Err(error) => {
                        tracing::error!(%error, "the key of webhooks does not open");
                        None
                    }
                })
            })
            .await?;
        let seal = match newest.filter(|own| !own.is_old(now)) {
            Some(own) => own,
            None => self.draw_seal().await?,
        };
        let seal = Arc::new(seal);
        *kept = Some(Arc::clone(&seal));
        Ok(seal)
    }

    async fn draw_seal(&self) -> Result<Seal, Error> {
        let vault = Arc::clone(&self.installation.vault);
        let cx = Context::system(OPERATOR, self.installation.clock.now(), "webhooks");
        let scope = cx.authorize(Action::ManageInstallation)?;
        let name = self
            .installation
            .store
            .read(move |tx| {
                let (brand, _) = brands::own(tx, &scope)?;
                let partner = partners::find(tx, &scope)?;
                Ok::<_, Error>(brand.name.or(partner.map(|own| own.name)))
            })
            .await?;
        let drawn = Seal::draw(name.as_deref().unwrap_or("Chandlery"), wall_clock())?;
        self.installation
            .store
            .write(cx.stamp(), move |tx| {
                let sealed = drawn.sealed(tx, &vault)?;
                stored::insert_certificate(tx, &sealed)?;
                let seal = Seal::open(tx, &vault, &sealed)?;
                Ok::<_, Error>((seal, Entry::did(Operation::SetUp, Resource::Installation, "webhook key")))
            })
            .await
    }
}
