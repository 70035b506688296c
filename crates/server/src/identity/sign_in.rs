//! Signing in, step by step: a password (or another house's word), a new password where it must be changed, a second
//! factor. Each step is one transaction, and each leaves its entry in the log.
//!
//! A session's secret is drawn anew whenever it comes to open more than before, so that nobody can hand somebody a
//! session and wait.

use std::sync::{Arc, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::ids::PartnerId;
use chandlery_store::factors::{self, Factor, FactorKind};
use chandlery_store::people::{self, User};
use chandlery_store::sessions::{self, Session, Stage};
use chandlery_store::{Read, grants};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};

use super::desk::{Desk, Visit};
use super::guard::{Door, account_key, one_more};
use super::people::{Known, needs_second_factor};
use super::second_factor;
use crate::app::{Context, notify};
use crate::error::Error;
use crate::log::people::{PersonKey, key};
use crate::outside::vault::{Owner, Vault};
use crate::texts::Complaint;

/// How long a sign-in may take from the password to its end.
const UNFINISHED: SignedDuration = SignedDuration::from_mins(15);
/// How long a session lasts at most.
const LIFE: SignedDuration = SignedDuration::from_hours(12);
/// How long a session lasts without being used.
pub const IDLE: SignedDuration = SignedDuration::from_hours(1);
/// The longest sign-in name looked at.
const NAME_MAX: usize = 320;

/// Why somebody was not let in.
#[derive(Debug)]
pub enum Denied {
    /// The name, the password or the code is wrong; which of them is not told.
    Wrong,
    /// Too many wrong tries: how many seconds the next has to wait.
    Wait(i64),
    /// The new password is not good enough, and why.
    Weak(Complaint),
    /// The step was taken already, or the session is over.
    Over,
    /// Something about us.
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Denied {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// A session with the secret that opens it, for the cookie. No Debug.
pub struct Opened {
    /// What goes into the cookie.
    pub cookie: String,
    /// The session.
    pub session: Session,
}

/// The digest under which a secret of the browser's is kept.
pub fn digest_of(secret: &str) -> String {
    hex::encode(digest(&SHA256, secret.as_bytes()))
}

/// A fresh session with its cookie: the partner, so that the look-up goes to one place, and 256 random bits.
fn draw(user: &User, stage: Stage, method: &str, visit: &Visit, now: Timestamp) -> Opened {
    let secret = crate::ids::random_text(32);
    let life = if stage == Stage::Complete { LIFE } else { UNFINISHED };
    let session = Session {
        partner: user.partner,
        id: digest_of(&secret),
        user: user.id,
        stage,
        method: method.to_owned(),
        challenge: None,
        began_at: now,
        seen_at: now,
        ends_at: now.checked_add(life).unwrap_or(now),
        factor_at: None,
        address: visit.address.clone(),
        agent: visit.agent.clone(),
    };
    Opened { cookie: format!("{}.{secret}", user.partner), session }
}

/// What is left to do for somebody who has shown this much.
pub fn stage(user: &User, has_factor: bool, factor_shown: bool) -> Stage {
    if has_factor && !factor_shown {
        Stage::SecondFactor
    } else if user.must_change_password && !user.password_hash.is_empty() {
        Stage::ChangePassword
    } else if !has_factor && !factor_shown && needs_second_factor(user) {
        Stage::Enrol
    } else {
        Stage::Complete
    }
}

/// Whether a person has a second factor: recovery codes alone are none.
pub fn has_factor(factors: &[Factor]) -> bool {
    factors.iter().any(|factor| factor.kind != FactorKind::Recovery)
}

fn load(tx: &mut Read<'_>, vault: &Vault, name: &str) -> Result<Option<Found>, Error> {
    let Some(user) = people::by_name(tx, name)? else { return Ok(None) };
    let key = key(tx, vault, user.partner, user.id)?.map(Arc::new);
    let factors = factors::of(tx, user.partner, user.id)?;
    Ok(Some((user, key, factors)))
}

/// A step of a sign-in: whose, from which session, and what has been shown by now.
#[derive(Clone, Copy)]
pub(super) struct Step<'a> {
    pub(super) visit: &'a Visit,
    pub(super) known: &'a Known,
    pub(super) old: &'a Session,
    pub(super) factor_at: Option<Timestamp>,
    pub(super) user: &'a User,
    pub(super) factors: &'a [Factor],
}

/// A person as it is found by its name: with the key of its log fields and its second factors.
type Found = (User, Option<Arc<PersonKey>>, Vec<Factor>);

impl Desk {
    /// The session a cookie opens, whatever its stage, with its person.
    ///
    /// # Errors
    /// The store's own.
    pub async fn session(&self, cookie: &str) -> Result<Option<(Session, Arc<Known>)>, Error> {
        let Some((partner, secret)) = cookie.split_once('.') else { return Ok(None) };
        let Ok(partner) = partner.parse::<PartnerId>() else { return Ok(None) };
        let (id, now) = (digest_of(secret), self.world.now());
        let found = self
            .installation
            .store
            .read(move |tx| Ok::<_, Error>(sessions::find(tx, partner, &id, now)?))
            .await?;
        let Some(mut session) = found.filter(|own| now.duration_since(own.seen_at) < IDLE) else {
            return Ok(None);
        };
        let Some(known) = self.person(session.partner, session.user).await? else { return Ok(None) };
        if now.duration_since(session.seen_at) > SignedDuration::from_mins(1) {
            self.note_seen(&session, now);
            // Whoever stores the session meanwhile stores this, too.
            session.seen_at = now;
        }
        Ok(Some((session, known)))
    }

    /// Writes down that a session was seen, without keeping its page waiting: SQLite's only writer may be busy for a
    /// while, with a long import for one.
    fn note_seen(&self, session: &Session, now: Timestamp) {
        let (partner, id) = (session.partner, session.id.clone());
        if !self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone()) {
            return;
        }
        let (store, noting) = (self.installation.store.clone(), Arc::clone(&self.seen));
        tokio::spawn(async move {
            let own = id.clone();
            let noted = store.bookkeep(move |tx| Ok::<_, Error>(sessions::seen(tx, partner, &own, now)?));
            if let Err(error) = noted.await {
                tracing::warn!(%error, "when a session was seen could not be written down");
            }
            noting.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        });
    }

    /// Checks a name and a password; opens a session that still asks for what is missing.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn with_password(
        &self,
        visit: &Visit,
        (name, door): (&str, Option<PartnerId>),
        password: SecretString,
    ) -> Result<Opened, Denied> {
        let now = self.world.now();
        let name = name.trim().to_lowercase();
        if name.len() > NAME_MAX || password.expose_secret().len() > 4 * 256 {
            return Err(Denied::Wrong);
        }
        let account = account_key("password", &name);
        let entered = self.guard.enter(Door::SignIn, &visit.address, &account, now).map_err(Denied::Wait)?;
        let (vault, account_read) = (Arc::clone(&self.installation.vault), account.clone());
        let (found, attempts) = self
            .installation
            .store
            .read(move |tx| Ok::<_, Error>((load(tx, &vault, &name)?, factors::attempts(tx, &account_read)?)))
            .await?;
        if let Some(attempts) = attempts.filter(|own| own.until > now) {
            return Err(Denied::Wait(attempts.until.duration_since(now).as_secs().saturating_add(1)));
        }
        let hash = found
            .as_ref()
            .filter(|(user, _, _)| user.active && !user.password_hash.is_empty())
            .map(|(user, _, _)| user.password_hash.clone());
        let fits = self.hashing.fits(password, hash).await?;
        // At a partner's own door its customers' people are known, and nobody else is.
        let belongs = |user: &User| door.is_none_or(|house| user.partner == house && user.customer.is_some());
        let found = found.filter(|(user, _, _)| fits && belongs(user));
        let Some((user, key, factors)) = found else {
            entered.failed(now);
            // Nobody's wrong password is written as somebody's: what is refused is the same for both.
            self.refused(visit, None, Operation::SignIn, &account, one_more(attempts, now)).await?;
            return Err(Denied::Wrong);
        };
        entered.passed();
        let opened = draw(&user, stage(&user, has_factor(&factors), false), "pwd", visit, now);
        let cx = self.before_sign_in(Some(&user), key, visit);
        self.open(&cx, &opened.session, Some(account)).await?;
        Ok(opened)
    }

    pub(super) async fn refused(
        &self,
        visit: &Visit,
        known: Option<&Known>,
        operation: Operation,
        account: &str,
        attempts: factors::Attempts,
    ) -> Result<(), Error> {
        let cx = self.before_sign_in(
            known.map(|known| &known.user),
            known.and_then(|known| known.key.clone()),
            visit,
        );
        let (account, now) = (account.to_owned(), self.world.now());
        let subject = known.map_or_else(|| "unknown".to_owned(), |known| known.user.id.to_string());
        self.installation
            .store
            .write(cx.stamp(), move |tx| {
                factors::set_attempts(tx, &account, attempts, now)?;
                let facts = vec![Fact::new("failures_in_a_row", attempts.failures)];
                let entry = Entry::did(operation, Resource::Session, &subject).failed().with(facts);
                Ok::<_, Error>(((), entry))
            })
            .await
    }

    /// Stores a fresh session, with its entry.
    async fn open(&self, cx: &Context, session: &Session, account: Option<String>) -> Result<(), Error> {
        let (session, inner, vault) = (session.clone(), cx.clone(), Arc::clone(&self.installation.vault));
        self.installation
            .store
            .write(cx.stamp(), move |tx| {
                if let Some(account) = &account {
                    factors::clear_attempts(tx, account)?;
                }
                sessions::insert(tx, &session)?;
                if session.stage == Stage::Complete {
                    notify::came_in(tx, &inner, &vault, &session)?;
                }
                let stage = match session.stage {
                    Stage::ChangePassword => "the password must be changed",
                    Stage::Enrol => "a second factor must be set up",
                    Stage::SecondFactor => "the second factor is asked for",
                    Stage::Complete => "complete",
                };
                let facts = vec![Fact::new("method", &session.method), Fact::new("stage", stage)];
                let entry = Entry::did(Operation::SignIn, Resource::Session, session.user).with(facts);
                Ok::<_, Error>(((), entry))
            })
            .await
    }

    /// Opens a session for somebody another house vouches for; `second_factor` is when its own was shown, if that
    /// is taken for ours.
    ///
    /// # Errors
    /// The store's own.
    pub async fn with_provider(
        &self,
        visit: &Visit,
        user: &User,
        provider: &str,
        second_factor: Option<Timestamp>,
    ) -> Result<Opened, Error> {
        let (partner, id, vault) = (user.partner, user.id, Arc::clone(&self.installation.vault));
        let (factors, key) = self
            .installation
            .store
            .read(move |tx| {
                Ok::<_, Error>((factors::of(tx, partner, id)?, key(tx, &vault, partner, id)?.map(Arc::new)))
            })
            .await?;
        let now = self.world.now();
        let next = stage(user, has_factor(&factors), second_factor.is_some());
        let mut opened = draw(user, next, provider, visit, now);
        opened.session.factor_at = second_factor;
        let cx = self.before_sign_in(Some(user), key, visit);
        self.open(&cx, &opened.session, None).await?;
        Ok(opened)
    }

    /// Replaces a session by one that has come further, under a fresh secret.
    pub(super) async fn further(
        &self,
        step: Step<'_>,
        what: (Operation, Vec<Fact>),
        change: impl Fn(&mut chandlery_store::Write<'_>) -> Result<bool, Error> + Send + 'static,
    ) -> Result<Opened, Denied> {
        let Step { visit, known, old, factor_at, user, factors } = step;
        let now = self.world.now();
        let next = stage(user, has_factor(factors), factor_at.is_some());
        let mut opened = draw(user, next, &old.method, visit, now);
        opened.session.factor_at = factor_at;
        if next == Stage::Complete && old.stage == Stage::Complete {
            opened.session.began_at = old.began_at;
            opened.session.ends_at = old.ends_at;
        }
        let cx = self.before_sign_in(Some(&known.user), known.key.clone(), visit);
        let (fresh, old, (operation, facts)) = (opened.session.clone(), old.clone(), what);
        let (inner, vault) = (cx.clone(), Arc::clone(&self.installation.vault));
        let done = self
            .installation
            .store
            .write(cx.stamp(), move |tx| {
                if !change(tx)? || !sessions::end(tx, old.partner, old.user, &old.id)? {
                    return Err(Error::AnsweredBefore);
                }
                sessions::insert(tx, &fresh)?;
                if fresh.stage == Stage::Complete && old.stage != Stage::Complete {
                    notify::came_in(tx, &inner, &vault, &fresh)?;
                }
                let entry = Entry::did(operation, Resource::Session, old.user).with(facts.clone());
                Ok(((), entry))
            })
            .await;
        self.people.forget(user.partner, user.id);
        match done {
            Ok(()) => Ok(opened),
            Err(Error::AnsweredBefore) => Err(Denied::Over),
            Err(error) => Err(error.into()),
        }
    }

    /// Signs out of one session.
    ///
    /// # Errors
    /// The store's own.
    pub async fn sign_out(&self, cx: &Context, known: &Known, id: &str) -> Result<(), Error> {
        let (partner, user, id) = (known.user.partner, known.user.id, id.to_owned());
        self.installation
            .store
            .write(cx.stamp(), move |tx| {
                let ended = sessions::end(tx, partner, user, &id)?;
                let entry = Entry::did(Operation::SignOut, Resource::Session, user);
                Ok::<_, Error>(((), entry.with(vec![Fact::new("sessions", usize::from(ended))])))
            })
            .await
    }

    /// Signs a person out everywhere: every browser, every program, every token given so far.
    ///
    /// # Errors
    /// The store's own.
    pub async fn sign_out_everywhere(&self, cx: &Context, user: &User) -> Result<(), Error> {
        let (old, now) = (user.clone(), self.world.now());
        self.installation
            .store
            .write(cx.stamp(), move |tx| {
                let count = sessions::end_all(tx, old.partner, old.id, None)?;
                let revoked = grants::revoke_all(tx, old.partner, old.id, now)?;
                people::update(tx, old.partner, old.id, |user| user.tokens_from = now)?;
                let facts = vec![Fact::new("sessions", count), Fact::new("grants", revoked)];
                let entry = Entry::did(Operation::SignOut, Resource::Session, old.id).with(facts);
                Ok::<_, Error>(((), entry))
            })
            .await?;
        self.people.forget(user.partner, user.id);
        Ok(())
    }
}

/// Fresh recovery codes with what is kept of them.
pub fn fresh_recovery(user: &User, now: Timestamp) -> (Vec<String>, Vec<Factor>) {
    let codes = second_factor::recovery_codes();
    let kept = codes
        .iter()
        .map(|code| Factor {
            id: crate::ids::random_text(9),
            kind: FactorKind::Recovery,
            name: String::new(),
            secret: second_factor::recovery_digest(&user.id.to_string(), code),
            last_step: 0,
            added_at: now,
            used_at: None,
        })
        .collect();
    (codes, kept)
}

/// The ids of a person's passkeys, with the passkeys as they are stored.
pub fn passkeys_of(factors: &[Factor]) -> Vec<(String, String)> {
    let passkeys = factors.iter().filter(|own| own.kind == FactorKind::Passkey);
    passkeys.map(|own| (own.id.clone(), own.secret.clone())).collect()
}

/// Whose data key seals what is a person's.
pub fn owner_of(user: &User) -> Owner {
    if user.partner == crate::installation::OPERATOR { Owner::Operator } else { Owner::Partner(user.partner) }
}
