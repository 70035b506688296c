//! Signing in with another house's word: who comes back from a provider, which roles its groups give, and whether its
//! second factor counts.

use std::collections::BTreeMap;
use std::sync::Arc;

use chandlery_domain::access::{Door, Role};
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::ids::{PartnerId, UserId};
use chandlery_store::people::{self, User};
use chandlery_store::providers::{self, Provider};
use chandlery_store::{grants, sessions};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::desk::{Desk, Visit};
use super::oidc::{self, Proven};
use super::sign_in::Opened;
use crate::app::set_up::words;
use crate::app::{Context, people as use_cases};
use crate::error::Error;
use crate::installation::OPERATOR;
use crate::log::people::fresh_key;
use crate::outside::vault::Owner;
use crate::texts::Complaint;

/// How long somebody may take at the provider, in seconds.
const FLOW_SECONDS: i64 = 600;

/// What a provider's answer is checked against. It travels in a sealed cookie: nothing is kept for those who never
/// come back.
#[derive(Serialize, Deserialize)]
struct Flow {
    provider: String,
    state: String,
    nonce: String,
    verifier: String,
    flow: String,
    ends_at: i64,
}

/// What became of it.
pub enum Outcome {
    /// Signed in, as far as it goes.
    Opened {
        /// The session.
        opened: Box<Opened>,
        /// Where to go.
        flow: String,
    },
    /// Not let in, with a sentence for the person.
    Refused(Complaint),
}

/// The roles a provider's groups give.
///
/// # Errors
/// When the stored table is broken.
pub fn roles_of(provider: &Provider, groups: &[String]) -> Result<Vec<Role>, Error> {
    let table: BTreeMap<String, Vec<String>> =
        serde_json::from_str(&provider.group_roles).map_err(Error::internal)?;
    let door = if provider.owner == OPERATOR.to_string() { Door::Operator } else { Door::Partner };
    let mut roles: Vec<Role> = Vec::new();
    for word in groups.iter().filter_map(|group| table.get(group)).flatten() {
        let role: Role = word.parse().map_err(|_| Error::internal("a provider's table names no role"))?;
        if role.door() == door && !roles.contains(&role) {
            roles.push(role);
        }
    }
    roles.sort_unstable();
    Ok(roles)
}

impl Desk {
    fn redirect_uri(&self) -> String {
        format!("{}/sign-in/callback", self.reached.public_url)
    }

    async fn provider(&self, id: &str) -> Result<Option<(Provider, oidc::Provider)>, Error> {
        let (id, vault) = (id.to_owned(), Arc::clone(&self.installation.vault));
        self.installation
            .store
            .read(move |tx| {
                let Some(stored) = providers::find(tx, &id)? else { return Ok::<_, Error>(None) };
                let secret = stored
                    .secret
                    .as_deref()
                    .map(|sealed| vault.open(tx, Owner::Operator, "sign_in_providers", &id, sealed))
                    .transpose()?
                    .map(|text| SecretString::from(text.as_str()));
                let provider = oidc::Provider {
                    issuer: stored.issuer.clone(),
                    client_id: stored.client_id.clone(),
                    secret,
                    groups_claim: stored.groups_claim.clone(),
                    scopes: stored.scopes.split_whitespace().map(str::to_owned).collect(),
                };
                Ok(Some((stored, provider)))
            })
            .await
    }

    /// Begins a sign-in at a provider: where to send the browser, and what to keep in its cookie.
    ///
    /// # Errors
    /// When there is no such provider or it cannot be reached.
    pub async fn begin_elsewhere(&self, id: &str, back: &str) -> Result<(String, String), Error> {
        let (stored, provider) = self
            .provider(id)
            .await?
            .ok_or(Error::NotFound(crate::error::Missing::Other("sign-in provider")))?;
        let begun =
            oidc::begin(&self.http, &provider, &self.redirect_uri()).await.map_err(Error::internal)?;
        let flow = Flow {
            provider: stored.id,
            state: begun.state,
            nonce: begun.nonce,
            verifier: begun.verifier,
            flow: back.to_owned(),
            ends_at: self.world.now().as_second().saturating_add(FLOW_SECONDS),
        };
        let text = serde_json::to_string(&flow).map_err(Error::internal)?;
        let vault = Arc::clone(&self.installation.vault);
        let sealed = self
            .installation
            .store
            .read(move |tx| vault.seal(tx, Owner::Operator, "sign-in", "flow", &text))
            .await?;
        Ok((begun.url, sealed))
    }

    async fn open_flow(&self, sealed: &str) -> Result<Option<Flow>, Error> {
        let (sealed, vault) = (sealed.to_owned(), Arc::clone(&self.installation.vault));
        let text = self
            .installation
            .store
            .read(move |tx| Ok::<_, Error>(vault.open(tx, Owner::Operator, "sign-in", "flow", &sealed).ok()))
            .await?;
        let now = self.world.now().as_second();
        let flow = text.and_then(|text| serde_json::from_str::<Flow>(&text).ok());
        Ok(flow.filter(|flow| flow.ends_at > now))
    }

    /// Finishes a sign-in at a provider.
    ///
    /// # Errors
    /// The store's own; whatever is wrong with the answer is an [`Outcome`].
    pub async fn finish_elsewhere(&self, visit: &Visit, sealed: &str, query: &str) -> Result<Outcome, Error> {
        let again = |id| Ok(Outcome::Refused(Complaint::of(id)));
        let Some(flow) = self.open_flow(sealed).await? else {
            return again("elsewhere-not-begun");
        };
        let Some((stored, provider)) = self.provider(&flow.provider).await? else {
            return again("elsewhere-unused");
        };
        let proven = match self.prove(&provider, &flow, query).await {
            Ok(proven) => proven,
            Err(failure) => {
                tracing::warn!(%failure, provider = %stored.name, "a sign-in elsewhere failed");
                return match failure {
                    oidc::Failure::Denied { .. } => again("elsewhere-denied"),
                    _ => again("elsewhere-not-trusted"),
                };
            }
        };
        let roles = roles_of(&stored, &proven.groups)?;
        let user = match self.settle(visit, &stored, &proven, &roles).await? {
            Ok(user) => user,
            Err(id) => return again(id),
        };
        let trusted = stored.second_factor_trusted == 1
            && proven.amr.iter().any(|own| ["mfa", "otp", "hwk", "fido"].contains(&own.as_str()));
        // Its second factor is as old as it says; when it does not say, it is too old for what asks for a fresh one.
        let shown = proven.auth_time.and_then(|second| Timestamp::from_second(second).ok());
        let shown = shown.unwrap_or(Timestamp::UNIX_EPOCH).min(self.world.now());
        let opened = self.with_provider(visit, &user, &stored.id, trusted.then_some(shown)).await?;
        Ok(Outcome::Opened { opened: Box::new(opened), flow: flow.flow })
    }

    async fn prove(
        &self,
        provider: &oidc::Provider,
        flow: &Flow,
        query: &str,
    ) -> Result<Proven, oidc::Failure> {
        let code = oidc::returned(provider, query, &flow.state)?;
        oidc::finish(&self.http, provider, &self.redirect_uri(), &code, &flow.nonce, &flow.verifier).await
    }

    /// The person somebody is here: known by the provider's own subject, never by a mail address, and made on first
    /// sight when a group gives it a role; or the id of what it is told. Roles follow the groups at each sign-in.
    async fn settle(
        &self,
        visit: &Visit,
        provider: &Provider,
        proven: &Proven,
        roles: &[Role],
    ) -> Result<Result<User, &'static str>, Error> {
        let no_role = "elsewhere-no-role";
        let partner: PartnerId =
            provider.owner.parse().map_err(|_| Error::internal("a provider has no owner"))?;
        let (id, subject) = (provider.id.clone(), proven.subject.clone());
        let known = self
            .installation
            .store
            .read(move |tx| {
                let Some((partner, user)) = providers::known(tx, &id, &subject)? else { return Ok(None) };
                Ok::<_, Error>(people::by_id(tx, partner, user)?)
            })
            .await?;
        if let Some(user) = &known
            && !user.active
        {
            return Ok(Err("elsewhere-not-active"));
        }
        // Whoever has lost every group loses what it has open here too.
        if roles.is_empty() && known.as_ref().is_none_or(|user| user.roles.is_empty()) {
            return Ok(Err(no_role));
        }
        if let Some(user) = &known
            && user.roles == roles
        {
            return Ok(Ok(user.clone()));
        }
        let name = proven.username.clone().filter(|name| name.contains('@'));
        let Some(upn) =
            known.as_ref().map(|user| user.upn.clone()).or_else(|| name.or_else(|| proven.email.clone()))
        else {
            return Ok(Err("elsewhere-no-name"));
        };
        if known.is_none() && use_cases::check_upn(&upn).is_err() {
            return Ok(Err("elsewhere-name-unfit"));
        }
        let cx = Context::system(partner, self.installation.clock.now(), "sign-in");
        let (vault, world) = (Arc::clone(&self.installation.vault), self.world.now());
        let (provider, subject, roles) = (provider.id.clone(), proven.subject.clone(), roles.to_vec());
        let display = proven.name.clone().unwrap_or_else(|| upn.clone());
        let new_id = UserId::new(cx.ids()());
        let now: Timestamp = cx.now;
        let settled = self
            .installation
            .store
            .write(cx.stamp(), move |tx| {
                if let Some(old) = &known {
                    let fresh = people::update(tx, partner, old.id, |user| {
                        user.roles.clone_from(&roles);
                        user.tokens_from = world;
                    })?;
                    let fresh = fresh.filter(|user| user.active).ok_or(Error::AnsweredBefore)?;
                    if roles.is_empty() {
                        sessions::end_all(tx, partner, old.id, None)?;
                        grants::revoke_all(tx, partner, old.id, world)?;
                    }
                    let facts = vec![Fact::new("roles", words(&roles)), Fact::new("provider", &provider)];
                    let entry = Entry::did(Operation::UpdatePartnerUser, Resource::PartnerUser, old.id)
                        .was(vec![Fact::new("roles", words(&old.roles))])
                        .with(facts);
                    return Ok((fresh, entry));
                }
                let mut user =
                    User::new((partner, None), new_id, (&upn, &display), roles.clone(), String::new(), now);
                user.must_change_password = false;
                let key = fresh_key(tx, &vault, partner, user.id)?;
                if !people::insert(tx, &user, &key)?
                    || !providers::remember(tx, &provider, &subject, partner, user.id)?
                {
                    // Somebody else has the name: a provider does not take over accounts that are not its own.
                    return Err(use_cases::name_taken());
                }
                let facts = vec![Fact::new("roles", words(&roles)), Fact::new("provider", &provider)];
                let entry = Entry::did(Operation::CreatePartnerUser, Resource::PartnerUser, user.id);
                Ok((user, entry.with(facts)))
            })
            .await;
        match settled {
            Ok(user) => {
                self.people.forget(user.partner, user.id);
                if user.roles.is_empty() {
                    return Ok(Err(no_role));
                }
                tracing::debug!(address = %visit.address, "a person was settled");
                Ok(Ok(user))
            }
            Err(Error::AnsweredBefore) => Ok(Err("elsewhere-not-active")),
            Err(Error::Invalid { .. }) => Ok(Err("elsewhere-name-taken")),
            Err(error) => Err(error),
        }
    }
}
