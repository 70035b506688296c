//! Telling partners' programs what happened: one call after the other for a partner, many partners side by side, so that a
//! program that answers slowly keeps nobody waiting but itself.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chandlery_domain::access::{Action, Scope};
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::ids::PartnerId;
use chandlery_domain::webhook::{TRIES, pause_after};
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

    /// Begins the calls that are due, one for each partner that is not busy.
    async fn tell_some(
        &self,
        caller: &Arc<Caller>,
        busy: &Busy,
        under_way: &mut JoinSet<()>,
    ) -> Result<(), Error> {
        if under_way.len() >= SIDE_BY_SIDE {
            return Ok(());
        }
        let (now, but) = (self.installation.clock.now(), busy.list());
        let due = self
            .installation
            .store
            .read(move |tx| Ok::<_, Error>(stored::due(tx, now, &but, LOOKED_FOR)?))
            .await?;
        for own in due {
            if under_way.len() >= SIDE_BY_SIDE {
                break;
            }
            let Some(occupied) = busy.with(own.partner) else { continue };
            let (runner, caller) = (self.clone(), Arc::clone(caller));
            under_way.spawn(async move {
                let _occupied = occupied;
                if let Err(error) = runner.tell_one(&caller, own).await {
                    tracing::error!(%error, "a program could not be told");
                }
            });
        }
        Ok(())
    }

    async fn tell_one(&self, caller: &Caller, own: Delivery) -> Result<(), Error> {
        let now = self.installation.clock.now();
        let cx = Context::system(own.partner, now, "webhooks");
        let scope = cx.authorize(Action::ManageWebhooks)?;
        let until = now.checked_add(OURS_FOR).map_err(Error::internal)?;
        let taken = own.clone();
        let registered = self
            .installation
            .store
            .bookkeep(move |tx| {
                let ours = stored::take_on(tx, &scope, &taken, until)?;
                if ours { Ok::<_, Error>(stored::find(tx, &scope)?) } else { Ok(None) }
            })
            .await?;
        let Some(registered) = registered else { return Ok(()) };
        let answer = match address(&registered.url, caller.reach) {
            None => Err("the address may not be called".to_owned()),
            Some(url) => {
                let seal = self.seal().await?;
                let body = body(&own, &caller.own_address)?;
                let signature = seal.sign(body.as_bytes())?;
                let certificate = certificate_url(&caller.own_address, &seal.id);
                let own_header = registered.own_header;
                caller.call(Told { url: &url, body, signature, certificate, own_header }).await
            }
        };
        let taken = answer.as_ref().is_ok_and(|status| (200..300).contains(status));
        let attempts = own.attempts.saturating_add(1);
        // How long an attempt took counts: the clock is read again.
        let now = self.installation.clock.now();
        let (state, due_at) = if taken {
            (State::Delivered, now)
        } else if attempts >= TRIES {
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
        if state == State::Failed {
            tracing::warn!(partner = %own.partner, event = own.event.as_str(), "a webhook call was given up");
        }
        self.note(scope, own, (state, due_at), attempt).await
    }

    async fn note(
        &self,
        scope: Scope,
        own: Delivery,
        how: (State, jiff::Timestamp),
        attempt: Attempt,
    ) -> Result<(), Error> {
        self.installation
            .store
            .bookkeep(move |tx| Ok::<_, Error>(stored::note(tx, &scope, own.id, how, &attempt)?))
            .await
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
                let stored = stored::newest_certificate(tx)?;
                stored.map(|own| Seal::open(tx, &vault, &own)).transpose()
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
