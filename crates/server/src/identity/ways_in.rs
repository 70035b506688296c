//! Ways in for whoever has none: a link by mail to set a new password, and a link for the first administrator.

use std::sync::Arc;

use chandlery_domain::access::{Action, Role};
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::ids::{JobId, PartnerId, UserId};
use chandlery_store::jobs::{self, Task};
use chandlery_store::people::{self, Of, User};
use chandlery_store::{Read, Write, factors, grants, sessions};
use jiff::SignedDuration;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::desk::{Desk, Visit};
use super::guard::{Door, account_key};
use super::passwords;
use super::sign_in::{Denied, Opened, digest_of, owner_of};
use crate::app::{Context, people as use_cases, set_up};
use crate::error::Error;
use crate::installation::OPERATOR;
use crate::letters::{Letter, Written};
use crate::outside::vault::Vault;
use crate::texts::Reader;

/// How long a link by mail counts.
const RESET_LIFE: SignedDuration = SignedDuration::from_mins(30);

/// A mail that waits to be sent, as it is sealed in its job.
#[derive(Serialize, Deserialize)]
pub struct WaitingMail {
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// The same as HTML; mails that waited before there was any have none.
    #[serde(default)]
    pub html: Option<String>,
}

/// Seals a mail into a job.
fn post(
    tx: &mut Write<'_>,
    cx: &Context,
    vault: &Vault,
    user: &User,
    mail: &WaitingMail,
) -> Result<(), Error> {
    // The installation itself puts mail into the queue, whoever asked for it.
    let system = Context::system(user.partner, cx.now, "mail");
    let scope = system.authorize(Action::ReadPartnerUsers)?;
    let text = serde_json::to_string(mail).map_err(Error::internal)?;
    let id = JobId::new(cx.ids()());
    let sealed = vault.seal(tx, owner_of(user), "mail", &id.to_string(), &text)?;
    jobs::insert(tx, &scope, &[(id, Task::SendMail(sealed))], cx.now)?;
    Ok(())
}

impl Desk {
    /// Sends a person a link to set a new password, if there is such a person; otherwise nothing happens.
    ///
    /// # Errors
    /// The store's own.
    pub async fn send_reset(&self, visit: &Visit, name: &str) -> Result<(), Error> {
        let now = self.world.now();
        let account = account_key("reset", name);
        let Ok(entered) = self.guard.enter(Door::Mail, &visit.address, &account, now) else { return Ok(()) };
        // Each mail counts like a wrong try, so that nobody's inbox is flooded.
        entered.failed(now);
        let name = name.trim().to_lowercase();
        let found =
            self.installation.store.read(move |tx| Ok::<_, Error>(people::by_name(tx, &name)?)).await?;
        let Some(user) = found.filter(|user| user.active && !user.password_hash.is_empty()) else {
            return Ok(());
        };
        let Some(known) = self.person(user.partner, user.id).await? else { return Ok(()) };
        let secret = crate::ids::random_text(32);
        let link = format!("{}/reset?token={}.{secret}", self.reached.public_url, user.partner);
        let mail = reset_mail(&user, link)?;
        let cx = self.before_sign_in(Some(&user), known.key.clone(), visit);
        let (vault, inner) = (Arc::clone(&self.installation.vault), cx.clone());
        let ends_at = now.checked_add(RESET_LIFE).map_err(Error::internal)?;
        let digest = digest_of(&secret);
        self.installation
            .store
            .write(cx.stamp(), move |tx| {
                factors::insert_reset(tx, user.partner, user.id, &digest, ends_at)?;
                post(tx, &inner, &vault, &user, &mail)?;
                let fact = chandlery_domain::audit::Fact::new("asked", "a link by mail");
                let entry =
                    Entry::did(Operation::ChangePassword, Resource::Session, user.id).with(vec![fact]);
                Ok::<_, Error>(((), entry))
            })
            .await
    }

    /// Sets a new password by a link; everything the person had open is closed, the second factor stays.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn reset_password(&self, visit: &Visit, token: &str, new: SecretString) -> Result<(), Denied> {
        let Some((partner, secret)) = token.split_once('.') else { return Err(Denied::Over) };
        let partner: PartnerId = partner.parse().map_err(|_| Denied::Over)?;
        let (digest, now) = (digest_of(secret), self.world.now());
        let wanted = digest.clone();
        let found = self
            .installation
            .store
            .read(move |tx| match factors::reset(tx, partner, &wanted, now)? {
                Some(id) => Ok::<_, Error>(people::by_id(tx, partner, id)?),
                None => Ok(None),
            })
            .await?;
        let user = found.filter(|user| user.active).ok_or(Denied::Over)?;
        let known = self.person(partner, user.id).await?.ok_or(Denied::Over)?;
        passwords::check(&new, &user.upn).map_err(Denied::Weak)?;
        let hash = self.hashing.hash(new).await?;
        let cx = self.before_sign_in(Some(&user), known.key.clone(), visit);
        let (old, id) = (user.clone(), user.id);
        let done = self
            .installation
            .store
            .write(cx.stamp(), move |tx| {
                if !factors::use_reset(tx, partner, old.id, &digest, now)? {
                    return Err(Error::AnsweredBefore);
                }
                let fresh = people::update(tx, partner, old.id, |user| {
                    user.password_hash.clone_from(&hash);
                    user.must_change_password = false;
                    user.tokens_from = now;
                })?;
                // Somebody may have been switched off since the link was looked at.
                if !fresh.is_some_and(|user| user.active) {
                    return Err(Error::AnsweredBefore);
                }
                sessions::end_all(tx, partner, old.id, None)?;
                grants::revoke_all(tx, partner, old.id, now)?;
                Ok(((), Entry::did(Operation::ChangePassword, Resource::Session, old.id)))
            })
            .await;
        self.people.forget(partner, id);
        match done {
            Err(Error::AnsweredBefore) => Err(Denied::Over),
            other => Ok(other?),
        }
    }

    /// Draws the secret of the link for the first administrator, if the operator has no people yet.
    ///
    /// # Errors
    /// The store's own.
    pub async fn draw_set_up_link(&self) -> Result<Option<String>, Error> {
        if self.installation.store.read(nobody_yet).await? {
            let secret = SecretString::from(crate::ids::random_text(32));
            let link = format!("{}/set-up?token={}", self.reached.public_url, secret.expose_secret());
            *self.set_up.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(secret);
            return Ok(Some(link));
        }
        Ok(None)
    }

    /// Whether a secret is that of the link; compared in constant time.
    pub fn set_up_token_fits(&self, token: &str) -> bool {
        let kept = self.set_up.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        kept.as_ref().is_some_and(|own| bool::from(own.expose_secret().as_bytes().ct_eq(token.as_bytes())))
    }

    /// Makes the first administrator of the operator and signs it in as far as it goes.
    ///
    /// # Errors
    /// [`Denied::Over`] when the link does not count any more.
    pub async fn first_operator(
        &self,
        visit: &Visit,
        token: &str,
        (upn, name): (&str, &str),
        password: SecretString,
    ) -> Result<Opened, Denied> {
        if !self.set_up_token_fits(token) {
            return Err(Denied::Over);
        }
        use_cases::check_upn(upn)?;
        passwords::check(&password, upn).map_err(Denied::Weak)?;
        let hash = self.hashing.hash(password.clone()).await?;
        let cx = Context::system(OPERATOR, self.installation.clock.now(), "set-up");
        let name = if name.trim().is_empty() { upn } else { name.trim() };
        let mut user = User::new(
            (OPERATOR, None),
            UserId::new(cx.ids()()),
            (upn, name),
            vec![Role::OperatorAdmin],
            hash,
            cx.now,
        );
        user.must_change_password = false;
        let vault = Arc::clone(&self.installation.vault);
        let done = self
            .installation
            .store
            .write(cx.stamp(), move |tx| {
                if !nobody_yet(tx)? {
                    return Err(Error::AnsweredBefore);
                }
                set_up::add_user(tx, &vault, &user)
            })
            .await;
        match done {
            Ok(()) => {}
            Err(Error::AnsweredBefore) => return Err(Denied::Over),
            Err(error) => return Err(error.into()),
        }
        *self.set_up.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = None;
        self.with_password(visit, (upn, None), password).await
    }
}

/// The mail with a link to set a new password, in the person's language.
fn reset_mail(user: &User, link: String) -> Result<WaitingMail, Error> {
    let reader = Reader::of(user.language.as_deref(), user.time_zone.as_deref());
    let letter = Letter {
        reader: &reader,
        subject: reader.t("mail-reset-subject"),
        says: vec![reader.t1("mail-reset-asked", "name", &user.upn), reader.t("mail-reset-life")],
        link: (reader.t("mail-reset-open"), link),
        below: vec![reader.t("mail-reset-ignore")],
        settings: None,
    };
    let Written { subject, text, html } = letter.write()?;
    Ok(WaitingMail { to: user.upn.clone(), subject, text, html: Some(html) })
}

/// Whether the operator has no people yet.
fn nobody_yet(tx: &mut Read<'_>) -> Result<bool, Error> {
    let cx = Context::system(OPERATOR, jiff::Timestamp::UNIX_EPOCH, "set-up");
    let scope = cx.authorize(Action::ManageInstallation)?;
    Ok(people::list(tx, &scope, Of::Partner, Some(true), None, 1)?.is_empty())
}
