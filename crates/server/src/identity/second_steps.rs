//! The steps after the first: codes, recovery codes and passkeys, a new password, and setting up an authenticator.
//!
//! Each tries, waits longer after each wrong try, and replaces the session by one that has come further.

use std::sync::Arc;

use chandlery_domain::audit::{Fact, Operation};
use chandlery_store::factors::{self, Factor, FactorKind};
use chandlery_store::grants;
use chandlery_store::people::{self, User};
use chandlery_store::sessions::{self, Session};
use secrecy::{ExposeSecret, SecretString};

use super::desk::{Desk, Visit};
use super::guard::{Door, account_key, one_more};
use super::passkeys::CHALLENGE_SECONDS;
use super::people::Known;
use super::sign_in::{Denied, Opened, Step, fresh_recovery, owner_of, passkeys_of};
use super::{passwords, second_factor};
use crate::error::Error;
use crate::texts::Complaint;

impl Desk {
    async fn factors_of(&self, known: &Known) -> Result<Vec<Factor>, Error> {
        let (partner, id) = (known.user.partner, known.user.id);
        self.installation.store.read(move |tx| Ok::<_, Error>(factors::of(tx, partner, id)?)).await
    }

    /// Tries a second factor with growing waits between wrong ones.
    async fn try_factor<T>(
        &self,
        visit: &Visit,
        known: &Known,
        attempt: impl AsyncFnOnce(Vec<Factor>) -> Result<Option<T>, Denied>,
    ) -> Result<T, Denied> {
        let now = self.world.now();
        let account = account_key("factor", &known.user.id.to_string());
        let entered = self.guard.enter(Door::SignIn, &visit.address, &account, now).map_err(Denied::Wait)?;
        let account_read = account.clone();
        let attempts = self
            .installation
            .store
            .read(move |tx| Ok::<_, Error>(factors::attempts(tx, &account_read)?))
            .await?;
        if let Some(own) = attempts.filter(|own| own.until > now) {
            return Err(Denied::Wait(own.until.duration_since(now).as_secs().saturating_add(1)));
        }
        let factors = self.factors_of(known).await?;
        match attempt(factors).await? {
            Some(done) => {
                entered.passed();
                Ok(done)
            }
            None => {
                entered.failed(now);
                let state = one_more(attempts, now);
                self.refused(visit, Some(known), Operation::SignIn, &account, state).await?;
                Err(Denied::Wrong)
            }
        }
    }

    /// The second step with an authenticator's code.
    ///
    /// # Errors
    /// [`Denied`]; a code that was taken once is wrong.
    pub async fn with_code(
        &self,
        visit: &Visit,
        session: &Session,
        known: &Known,
        code: &str,
    ) -> Result<Opened, Denied> {
        let now = self.world.now();
        let account = account_key("factor", &known.user.id.to_string());
        self.try_factor(visit, known, async |factors| {
            for factor in factors.iter().filter(|own| own.kind == FactorKind::Totp) {
                let secret = self.open_secret(known, &factor.id, &factor.secret).await?;
                let Some(step) = second_factor::step_of(&secret, code, now)? else { continue };
                let (ids, factor, account) =
                    ((known.user.partner, known.user.id), factor.clone(), account.clone());
                let change = move |tx: &mut chandlery_store::Write<'_>| {
                    factors::clear_attempts(tx, &account)?;
                    Ok(factors::note_use(tx, ids, &factor.id, &factor.secret, step, now)?)
                };
                let what = (Operation::SignIn, vec![Fact::new("second_factor", "authenticator")]);
                let done = self
                    .further(
                        Step {
                            visit,
                            known,
                            old: session,
                            factor_at: Some(now),
                            user: &known.user,
                            factors: &factors,
                        },
                        what,
                        change,
                    )
                    .await;
                return match done {
                    Ok(opened) => Ok(Some(opened)),
                    // The step was taken before: to whoever tries, the code is simply wrong.
                    Err(Denied::Over) => Ok(None),
                    Err(error) => Err(error),
                };
            }
            Ok(None)
        })
        .await
    }

    /// The second step with a recovery code, which is used up by it.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn with_recovery_code(
        &self,
        visit: &Visit,
        session: &Session,
        known: &Known,
        code: &str,
    ) -> Result<Opened, Denied> {
        let now = self.world.now();
        let wanted = second_factor::recovery_digest(&known.user.id.to_string(), code);
        self.try_factor(visit, known, async |factors| {
            let fitting = |own: &&Factor| own.kind == FactorKind::Recovery && own.secret == wanted;
            let Some(factor) = factors.iter().find(fitting).cloned() else { return Ok(None) };
            let ids = (known.user.partner, known.user.id);
            let left =
                factors.iter().filter(|own| own.kind == FactorKind::Recovery).count().saturating_sub(1);
            let change =
                move |tx: &mut chandlery_store::Write<'_>| Ok(factors::remove(tx, ids.0, ids.1, &factor.id)?);
            let facts =
                vec![Fact::new("second_factor", "recovery code"), Fact::new("recovery_codes_left", left)];
            let what = (Operation::ChangeSecondFactor, facts);
            let step = Step {
                visit,
                known,
                old: session,
                factor_at: Some(now),
                user: &known.user,
                factors: &factors,
            };
            match self.further(step, what, change).await {
                Ok(opened) => Ok(Some(opened)),
                // Somebody else used it up at the same moment: to whoever tries, it is simply wrong.
                Err(Denied::Over) => Ok(None),
                Err(error) => Err(error),
            }
        })
        .await
    }

    /// Asks a browser for one of the person's passkeys; returns the challenge for it.
    ///
    /// # Errors
    /// [`Denied::Over`] when the person has none or the session is over.
    pub async fn ask_passkey(&self, session: &Session, known: &Known) -> Result<String, Denied> {
        let passkeys = self.passkeys.as_ref().ok_or(Denied::Over)?;
        let list = passkeys_of(&self.factors_of(known).await?);
        if list.is_empty() {
            return Err(Denied::Over);
        }
        let stored: Vec<String> = list.into_iter().map(|(_, stored)| stored).collect();
        let (challenge, state) = passkeys.begin_authentication(&stored).map_err(Error::internal)?;
        let now = self.world.now().as_second();
        self.keep_challenge(session, Some(format!("passkey:{now}:{state}"))).await?;
        Ok(challenge)
    }

    /// The second step with a passkey.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn with_passkey(
        &self,
        visit: &Visit,
        session: &Session,
        known: &Known,
        answer: &str,
    ) -> Result<Opened, Denied> {
        let now = self.world.now();
        let passkeys = self.passkeys.as_ref().ok_or(Denied::Over)?;
        let kept = session.challenge.as_deref().and_then(|own| own.strip_prefix("passkey:"));
        let (asked_at, state) = kept.and_then(|own| own.split_once(':')).ok_or(Denied::Over)?;
        let age = now.as_second().saturating_sub(asked_at.parse().unwrap_or(0));
        // A challenge is for one answer and for a few minutes: copied passkeys count nothing, so only this stops a
        // repeat.
        self.keep_challenge(session, None).await?;
        if age > i64::from(CHALLENGE_SECONDS) {
            return Err(Denied::Over);
        }
        self.try_factor(visit, known, async |factors| {
            let list = passkeys_of(&factors);
            let stored: Vec<String> = list.iter().map(|(_, stored)| stored.clone()).collect();
            let used = match passkeys.finish_authentication(state, answer, &stored) {
                Ok(used) if used.user_verified => used,
                Ok(_) => return Ok(None),
                Err(error) => {
                    tracing::info!(%error, "a passkey was refused");
                    return Ok(None);
                }
            };
            let fitting = list.into_iter().find(|(_, stored)| {
                super::passkeys::credential_id(stored).is_ok_and(|id| id == used.credential_id)
            });
            let Some((id, stored)) = fitting else { return Ok(None) };
            let fresh = used.updated.unwrap_or(stored);
            let (ids, step) = ((known.user.partner, known.user.id), now.as_microsecond());
            let change = move |tx: &mut chandlery_store::Write<'_>| {
                Ok(factors::note_use(tx, ids, &id, &fresh, step, now)?)
            };
            let what = (Operation::SignIn, vec![Fact::new("second_factor", "passkey")]);
            self.further(
                Step {
                    visit,
                    known,
                    old: session,
                    factor_at: Some(now),
                    user: &known.user,
                    factors: &factors,
                },
                what,
                change,
            )
            .await
            .map(Some)
        })
        .await
    }

    async fn keep_challenge(&self, session: &Session, state: Option<String>) -> Result<(), Denied> {
        let mut session = session.clone();
        session.challenge = state;
        let kept =
            self.installation.store.bookkeep(move |tx| Ok::<_, Error>(sessions::save(tx, &session)?)).await?;
        if kept { Ok(()) } else { Err(Denied::Over) }
    }

    async fn open_secret(
        &self,
        known: &Known,
        id: &str,
        sealed: &str,
    ) -> Result<zeroize::Zeroizing<String>, Error> {
        let (vault, id, sealed) = (Arc::clone(&self.installation.vault), id.to_owned(), sealed.to_owned());
        let owner = owner_of(&known.user);
        self.installation.store.read(move |tx| vault.open(tx, owner, "factors", &id, &sealed)).await
    }

    /// Replaces the password in a session: the temporary one at the first sign-in, or one's own at any time.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn change_password(
        &self,
        visit: &Visit,
        session: &Session,
        known: &Known,
        current: SecretString,
        new: SecretString,
    ) -> Result<Opened, Denied> {
        let now = self.world.now();
        let account = account_key("password", &known.user.upn);
        let entered = self.guard.enter(Door::SignIn, &visit.address, &account, now).map_err(Denied::Wait)?;
        let user = &known.user;
        let hash = Some(user.password_hash.clone()).filter(|hash| !hash.is_empty());
        if !self.hashing.fits(current.clone(), hash).await? {
            entered.failed(now);
            self.refused(visit, Some(known), Operation::ChangePassword, &account, one_more(None, now))
                .await?;
            return Err(Denied::Wrong);
        }
        entered.passed();
        passwords::check(&new, &user.upn).map_err(Denied::Weak)?;
        if new.expose_secret() == current.expose_secret() {
            return Err(Denied::Weak(Complaint::of("password-old")));
        }
        let mut changed = user.clone();
        changed.password_hash = self.hashing.hash(new).await?;
        changed.must_change_password = false;
        let factors = self.factors_of(known).await?;
        let (old, stored, keep) = (user.clone(), changed.clone(), session.id.clone());
        let change = move |tx: &mut chandlery_store::Write<'_>| {
            // Whoever got in with the old password elsewhere is out, browsers and programs alike.
            sessions::end_all(tx, old.partner, old.id, Some(&keep))?;
            grants::revoke_all(tx, old.partner, old.id, now)?;
            let fits = |user: &User| user.active && user.password_hash == old.password_hash;
            if !people::by_id(tx, old.partner, old.id)?.is_some_and(|user| fits(&user)) {
                return Ok(false);
            }
            let done = people::update(tx, old.partner, old.id, |user| {
                user.password_hash.clone_from(&stored.password_hash);
                user.must_change_password = false;
                user.tokens_from = now;
            })?;
            Ok(done.is_some())
        };
        let what = (Operation::ChangePassword, vec![Fact::new("other_sessions", "ended")]);
        self.further(
            Step {
                visit,
                known,
                old: session,
                factor_at: session.factor_at,
                user: &changed,
                factors: &factors,
            },
            what,
            change,
        )
        .await
    }

    /// Begins to set up an authenticator; returns its secret for the picture. The same one again until it is confirmed.
    ///
    /// # Errors
    /// [`Denied::Over`] when the session is over.
    pub async fn begin_authenticator(
        &self,
        session: &Session,
        known: &Known,
    ) -> Result<zeroize::Zeroizing<String>, Denied> {
        if let Some(kept) = session.challenge.as_deref().and_then(|own| own.strip_prefix("totp:")) {
            return Ok(self.open_secret(known, &session.id, kept).await?);
        }
        let secret = second_factor::fresh_secret()?;
        let (vault, id, text) =
            (Arc::clone(&self.installation.vault), session.id.clone(), secret.to_string());
        let owner = owner_of(&known.user);
        let sealed =
            self.installation.store.read(move |tx| vault.seal(tx, owner, "factors", &id, &text)).await?;
        self.keep_challenge(session, Some(format!("totp:{sealed}"))).await?;
        Ok(secret)
    }

    /// Confirms an authenticator with its first code; returns fresh recovery codes, to be shown once.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn confirm_authenticator(
        &self,
        visit: &Visit,
        session: &Session,
        known: &Known,
        code: &str,
    ) -> Result<(Opened, Vec<String>), Denied> {
        let now = self.world.now();
        let secret = self.begin_authenticator(session, known).await?;
        let Some(step) = second_factor::step_of(&secret, code, now)? else { return Err(Denied::Wrong) };
        let user = &known.user;
        let (id, vault, text) =
            (crate::ids::random_text(9), Arc::clone(&self.installation.vault), secret.to_string());
        let (owner, place) = (owner_of(user), id.clone());
        let sealed =
            self.installation.store.read(move |tx| vault.seal(tx, owner, "factors", &place, &text)).await?;
        let factor = Factor {
            id,
            kind: FactorKind::Totp,
            name: "Authenticator".into(),
            secret: sealed,
            last_step: step,
            added_at: now,
            used_at: Some(now),
        };
        let (codes, fresh) = fresh_recovery(user, now);
        let mut factors = self.factors_of(known).await?;
        factors.push(factor.clone());
        let fresh: Vec<Factor> = std::iter::once(factor).chain(fresh).collect();
        let ids = (user.partner, user.id);
        let change = move |tx: &mut chandlery_store::Write<'_>| {
            factors::remove_kinds(tx, ids.0, ids.1, &[FactorKind::Totp, FactorKind::Recovery])?;
            factors::insert(tx, ids.0, ids.1, &fresh)?;
            Ok(true)
        };
        let what = (Operation::ChangeSecondFactor, vec![Fact::new("added", "authenticator")]);
        let opened = self
            .further(
                Step { visit, known, old: session, factor_at: Some(now), user, factors: &factors },
                what,
                change,
            )
            .await?;
        Ok((opened, codes))
    }
}
