//! Commands about people, programs and providers, and what the operator chose.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::sync::Arc;

use anyhow::{Context as _, bail, ensure};
use chandlery_domain::access::{Action, Role};
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::ids::{ApplicationId, UserId};
use chandlery_store::applications::{self, ApiKey as ApiKeyRecord, Credential, Proof};
use chandlery_store::people::{self, Of, User as UserRecord};
use chandlery_store::providers::{self, Provider as ProviderRecord};
use chandlery_store::settings;
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use super::commands::{open, say};
use super::{ApiKey, Application, At, Person, Provider, User};
use crate::api::export::SCOPES;
use crate::app::people as use_cases;
use crate::app::{Context, applications as programs, set_up};
use crate::clock::wall_clock;
use crate::error::Error;
use crate::identity::assertions::read_key;
use crate::identity::authorization::check_redirect;
use crate::identity::passwords;
use crate::identity::programs::{fresh_secret, secret_digest};
use crate::installation::{Installation, OPERATOR, Rules};
use crate::outside::vault::Owner;

const NAME: &str = "command line";

/// A secret from standard input, so that it stands in no list of processes.
pub(super) fn secret_from_input() -> anyhow::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    std::io::stdin().take(8192).read_to_string(&mut text).context("standard input cannot be read")?;
    let trimmed = Zeroizing::new(text.trim().to_owned());
    ensure!(!trimmed.is_empty(), "standard input is empty; the secret is read from it");
    Ok(trimmed)
}

fn after_days(now: Timestamp, days: Option<u32>) -> anyhow::Result<Option<Timestamp>> {
    days.map(|days| now.checked_add(SignedDuration::from_hours(i64::from(days).saturating_mul(24))))
        .transpose()
        .context("so many days ahead there is no date")
}

pub(super) async fn application(what: Application) -> anyhow::Result<u8> {
    match what {
        Application::Add { at, name, partner, roles, redirect_uris, public, keeps_refresh_tokens } => {
            for address in &redirect_uris {
                check_redirect(address).map_err(anyhow::Error::msg)?;
            }
            let installation = open(&at).await?;
            let cx = Context::system(partner, installation.clock.now(), NAME);
            let scope = cx.authorize(Action::ManageApplications)?;
            let mut record = applications::Application {
                client_id: ApplicationId::new(cx.ids()()),
                partner,
                name,
                roles,
                redirect_uris,
                public,
                keeps_refresh_tokens,
                revoked_at: None,
                credentials: Vec::new(),
            };
            let mut secret = None;
            if !public {
                let (text, credential) = fresh_secret(wall_clock(), None);
                record.credentials.push(credential);
                secret = Some(text);
            }
            let (client_id, inner) = (record.client_id, cx.clone());
            installation
                .store
                .write(cx.stamp(), move |tx| programs::register(tx, &inner, &scope, &record))
                .await?;
            say(format_args!("client_id     {client_id}"));
            if let Some(secret) = secret {
                say(format_args!("client_secret {secret}\nThe secret is shown this once only."));
            }
        }
        Application::Secret { at, partner, client_id, days } => {
            let installation = open(&at).await?;
            let (secret, credential) = fresh_secret(wall_clock(), after_days(wall_clock(), days)?);
            add_credential(&installation, partner, client_id, credential).await?;
            say(format_args!("client_secret {secret}\nThe secret is shown this once only."));
        }
        Application::PublicKey { at, partner, client_id, file } => {
            let text = std::fs::read_to_string(&file)
                .with_context(|| format!("{} cannot be read", file.display()))?;
            let jwk = read_key(&text).map_err(anyhow::Error::msg)?;
            let credential = Credential {
                id: crate::ids::random_text(9),
                proof: Proof::Key(jwk),
                hint: String::new(),
                added_at: wall_clock(),
                ends_at: None,
            };
            add_credential(&open(&at).await?, partner, client_id, credential).await?;
            say("The public key counts from now on.");
        }
        Application::Revoke { at, partner, client_id } => {
            let installation = open(&at).await?;
            let cx = Context::system(partner, installation.clock.now(), NAME);
            let (scope, now) = (cx.authorize(Action::ManageApplications)?, wall_clock());
            installation
                .store
                .write(cx.stamp(), move |tx| programs::revoke(tx, &scope, client_id, now))
                .await?;
            say("The application was revoked; a running server knows within five seconds.");
        }
    }
    Ok(0)
}

async fn add_credential(
    installation: &Installation,
    partner: chandlery_domain::ids::PartnerId,
    client: ApplicationId,
    credential: Credential,
) -> anyhow::Result<()> {
    let cx = Context::system(partner, installation.clock.now(), NAME);
    let (scope, now) = (cx.authorize(Action::ManageApplications)?, wall_clock());
    installation
        .store
        .write(cx.stamp(), move |tx| programs::add_credential(tx, &scope, client, &credential, now))
        .await?;
    Ok(())
}

pub(super) async fn user(what: User) -> anyhow::Result<u8> {
    match what {
        User::Create { at, upn, name, operator, partner, roles } => {
            let installation = open(&at).await?;
            let owner = if operator { OPERATOR } else { partner.unwrap_or(OPERATOR) };
            let usual = if owner == OPERATOR { Role::OperatorAdmin } else { Role::GlobalAdmin };
            let roles = if roles.is_empty() { vec![usual] } else { roles };
            if let Some(wrong) = roles.iter().find(|role| role.door() != usual.door()) {
                bail!("{} is not a role of this house", wrong.as_str());
            }
            use_cases::check_upn(&upn)?;
            let password = passwords::temporary();
            let cx = Context::system(owner, installation.clock.now(), NAME);
            let user = UserRecord::new(
                (owner, None),
                UserId::new(cx.ids()()),
                (&upn, name.as_deref().unwrap_or(&upn)),
                roles,
                passwords::hash(&password)?,
                cx.now,
            );
            let vault = Arc::clone(&installation.vault);
            installation.store.write(cx.stamp(), move |tx| set_up::add_user(tx, &vault, &user)).await?;
            say(format_args!(
                "{upn}\ntemporary password {}\nIt is shown this once only, and must be changed at the first sign-in.",
                password.expose_secret()
            ));
        }
        User::Reset { at, upn, second_factor } => {
            let installation = open(&at).await?;
            let user = find(&installation, &upn).await?;
            let password = passwords::temporary();
            let cx = Context::system(user.partner, installation.clock.now(), NAME);
            let scope = cx.authorize(Action::ManagePartnerUsers)?;
            let wanted = use_cases::Change {
                password: Some((passwords::hash(&password)?, true)),
                without_factors: second_factor,
                ..use_cases::Change::default()
            };
            let (of, inner, world) =
                (user.customer.map_or(Of::Partner, Of::Customer), cx.clone(), wall_clock());
            installation
                .store
                .write(cx.stamp(), move |tx| {
                    use_cases::change(tx, &inner, &scope, (of, user.id), &wanted, world)
                })
                .await?;
            say(format_args!(
                "{upn}\ntemporary password {}\nIt is shown this once only, and must be changed at the next sign-in.",
                password.expose_secret()
            ));
        }
    }
    Ok(0)
}

async fn find(installation: &Installation, upn: &str) -> anyhow::Result<UserRecord> {
    let name = upn.to_owned();
    installation
        .store
        .read(move |tx| Ok::<_, Error>(people::by_name(tx, &name)?))
        .await?
        .with_context(|| format!("nobody signs in as {upn}"))
}

pub(super) async fn person(what: Person) -> anyhow::Result<u8> {
    let Person::Erase { at, upn, yes } = what;
    let installation = open(&at).await?;
    let user = find(&installation, &upn).await?;
    if !yes {
        bail!(
            "this cannot be undone: {upn} could not sign in any more, and nobody could read the name in the log any more. Say --yes to do it"
        );
    }
    let cx = Context::system(user.partner, installation.clock.now(), NAME);
    let (inner, world) = (cx.clone(), wall_clock());
    installation.store.write(cx.stamp(), move |tx| use_cases::erase(tx, &inner, &user, world)).await?;
    installation.place.location.scrub().await?;
    say("The person was erased. A running server forgets what it remembers within five seconds.");
    Ok(0)
}

pub(super) async fn provider(what: Provider) -> anyhow::Result<u8> {
    match what {
        Provider::Add {
            at,
            name,
            issuer,
            client_id,
            secret,
            partner,
            groups,
            groups_claim,
            scopes,
            trust_second_factor,
        } => {
            let owner = partner.unwrap_or(OPERATOR);
            let table = read_groups(&groups, owner == OPERATOR)?;
            let secret = if secret { Some(secret_from_input()?) } else { None };
            let installation = open(&at).await?;
            let cx = Context::system(OPERATOR, installation.clock.now(), NAME);
            let (id, vault) = (cx.ids()().to_string(), Arc::clone(&installation.vault));
            let told = id.clone();
            installation
                .store
                .write(cx.stamp(), move |tx| {
                    let sealed = match &secret {
                        Some(text) => {
                            Some(vault.seal(tx, Owner::Operator, "sign_in_providers", &id, text)?)
                        }
                        None => None,
                    };
                    let record = ProviderRecord {
                        id: id.clone(),
                        owner: owner.to_string(),
                        name: name.clone(),
                        issuer: issuer.clone(),
                        client_id: client_id.clone(),
                        secret: sealed,
                        scopes: scopes.clone(),
                        groups_claim: groups_claim.clone(),
                        group_roles: table.clone(),
                        second_factor_trusted: trust_second_factor.into(),
                        removed_at: None,
                    };
                    providers::insert(tx, &record)?;
                    let facts = vec![
                        Fact::new("issuer", &record.issuer),
                        Fact::new("owner", &record.owner),
                        Fact::new("group_roles", &record.group_roles),
                    ];
                    Ok::<_, Error>((
                        (),
                        Entry::did(Operation::SetUp, Resource::Installation, &id).with(facts),
                    ))
                })
                .await?;
            say(format_args!("{told}\nRegister this address at the provider: <public URL>/sign-in/callback"));
        }
        Provider::List { at } => {
            let list = open(&at).await?.store.read(|tx| Ok::<_, Error>(providers::list(tx, 1000)?)).await?;
            for own in list {
                say(format_args!("{}  {}  {}  {}", own.id, own.name, own.issuer, own.group_roles));
            }
        }
        Provider::Remove { at, id } => {
            let installation = open(&at).await?;
            let (cx, now) = (Context::system(OPERATOR, installation.clock.now(), NAME), wall_clock());
            let gone = installation
                .store
                .write(cx.stamp(), move |tx| {
                    let gone = providers::remove(tx, &id, now)?;
                    let entry = Entry::did(Operation::SetUp, Resource::Installation, &id);
                    Ok::<_, Error>((gone, if gone { entry } else { entry.failed() }))
                })
                .await?;
            ensure!(gone, "there is no such provider");
            say("The provider was removed.");
        }
    }
    Ok(0)
}

/// Which group gives which roles, as it is stored.
fn read_groups(list: &[String], operator: bool) -> anyhow::Result<String> {
    let mut table: BTreeMap<&str, Vec<&'static str>> = BTreeMap::new();
    for pair in list {
        let (group, role) =
            pair.rsplit_once('=').with_context(|| format!("{pair} must look like group=role"))?;
        let role: Role = role.parse().map_err(|error| anyhow::anyhow!("{pair}: {error}"))?;
        let door = role.door() == chandlery_domain::access::Door::Operator;
        let partner = role.door() == chandlery_domain::access::Door::Partner;
        ensure!(if operator { door } else { partner }, "{pair}: this role is another house's");
        table.entry(group).or_default().push(role.as_str());
    }
    Ok(serde_json::to_string(&table)?)
}

pub(super) async fn api_key(what: ApiKey) -> anyhow::Result<u8> {
    match what {
        ApiKey::Add { at, name, scopes, days } => {
            if let Some(wrong) = scopes.iter().find(|own| !SCOPES.contains(&own.as_str())) {
                bail!("{wrong} is no scope; there are {}", SCOPES.join(", "));
            }
            let installation = open(&at).await?;
            let cx = Context::system(OPERATOR, installation.clock.now(), NAME);
            let (id, secret) = (cx.ids()().simple().to_string(), crate::ids::random_text(32));
            let key = ApiKeyRecord {
                id: id.clone(),
                name,
                digest: secret_digest(&secret),
                scopes: scopes.join(" "),
                added_at: wall_clock().as_microsecond(),
                ends_at: after_days(wall_clock(), days)?.map(Timestamp::as_microsecond),
                revoked_at: None,
            };
            installation
                .store
                .write(cx.stamp(), move |tx| {
                    applications::insert_api_key(tx, &key)?;
                    let facts = vec![Fact::new("name", &key.name), Fact::new("scopes", &key.scopes)];
                    let entry =
                        Entry::did(Operation::AddApplicationCredential, Resource::Installation, &key.id);
                    Ok::<_, Error>(((), entry.with(facts)))
                })
                .await?;
            say(format_args!("chk_{id}_{secret}\nThe key is shown this once only."));
        }
        ApiKey::List { at } => {
            let list =
                open(&at).await?.store.read(|tx| Ok::<_, Error>(applications::api_keys(tx, 1000)?)).await?;
            for own in list {
                let state = if own.revoked_at.is_some() { "revoked" } else { "counts" };
                say(format_args!("{}  {}  {}  {state}", own.id, own.name, own.scopes));
            }
        }
        ApiKey::Revoke { at, id } => {
            let installation = open(&at).await?;
            let (cx, now) = (Context::system(OPERATOR, installation.clock.now(), NAME), wall_clock());
            let gone = installation
                .store
                .write(cx.stamp(), move |tx| {
                    let gone = applications::revoke_api_key(tx, &id, now)?;
                    let entry =
                        Entry::did(Operation::RemoveApplicationCredential, Resource::Installation, &id);
                    Ok::<_, Error>((gone, if gone { entry } else { entry.failed() }))
                })
                .await?;
            ensure!(gone, "there is no such key that counts");
            say("The key was revoked.");
        }
    }
    Ok(0)
}

pub(super) async fn setting(at: &At, name: Option<String>, value: Option<String>) -> anyhow::Result<u8> {
    let installation = open(at).await?;
    let (Some(name), Some(value)) = (name.clone(), value) else {
        for (own, takes) in Rules::NAMES {
            if name.as_deref().is_some_and(|wanted| wanted != own) {
                continue;
            }
            let kept = installation.store.read(move |tx| Ok::<_, Error>(settings::get(tx, own)?)).await?;
            say(format_args!("{own} = {} (takes {takes})", kept.as_deref().unwrap_or("the usual")));
        }
        return Ok(0);
    };
    installation.rules.with(&name, &value)?;
    let cx = Context::system(OPERATOR, installation.clock.now(), NAME);
    installation
        .store
        .write(cx.stamp(), move |tx| {
            let before = settings::get(tx, &name)?.unwrap_or_default();
            settings::set(tx, &name, &value)?;
            let entry = Entry::did(Operation::SetUp, Resource::Installation, &name)
                .was(vec![Fact::new("value", before)])
                .with(vec![Fact::new("value", &value)]);
            Ok::<_, Error>(((), entry))
        })
        .await?;
    say("Saved; it counts when the server is started again.");
    Ok(0)
}
