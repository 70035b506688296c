//! Commands about the activity log: verifying, exporting, streaming.

use std::fs::File;
use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use chandlery_domain::access::Action;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::ids::PartnerId;
use chandlery_store::seals::{self, Sink as SinkRecord};
use secrecy::SecretString;

use super::Audit;
use super::commands::{open, say};
use super::people::secret_from_input;
use crate::app::Context;
use crate::clock::wall_clock;
use crate::error::Error;
use crate::installation::OPERATOR;
use crate::log::export::read_anchors;
use crate::log::live::{Exporter, verify, waiting};
use crate::log::sealing::{everybody, public_keys};
use crate::log::{Checkpoint, PublicKeys, Report, verify_export};
use crate::outside::log_stream::Sink;
use crate::outside::vault::Owner;

const NAME: &str = "command line";

pub(super) async fn run(what: Audit) -> anyhow::Result<u8> {
    match what {
        Audit::Verify { export: Some(file), keys, anchors, .. } => {
            let keys = keys.context(
                "an export is verified with the log's public keys: --keys FILE, from `chandlery audit key` or /.well-known/chandlery-log-keys",
            )?;
            verify_file(&file, &read_keys(&keys)?, &anchors_from(anchors.as_deref())?)
        }
        Audit::Verify { at, export: None, keys, anchors, partner } => {
            let installation = open(&at).await?;
            let public = match &keys {
                Some(file) => read_keys(file)?,
                None => {
                    say(
                        "The public keys are taken from the same database; keep a copy elsewhere and give it with --keys.",
                    );
                    installation.store.read(public_keys).await?
                }
            };
            let anchors = anchors_from(anchors.as_deref())?;
            let list = match partner {
                Some(partner) => vec![partner],
                None => {
                    let mut list = everybody(&installation.store).await?;
                    // A log of which nothing is left here is known by its anchors only.
                    list.extend(anchors.iter().filter_map(|own| own.partner.parse::<PartnerId>().ok()));
                    list.sort_unstable();
                    list.dedup();
                    list
                }
            };
            let mut sound = true;
            for partner in list {
                let cx = Context::system(partner, wall_clock(), NAME);
                let scope = cx.authorize(Action::ReadEveryLog)?;
                let report = verify(&installation.store, scope, &public, &anchors).await?;
                sound &= tell(&report);
                let waiting = installation.store.read(move |tx| waiting(tx, partner)).await?;
                if waiting > 0 {
                    say(format_args!("  {waiting} entries wait to be sealed by a running server."));
                }
            }
            Ok(u8::from(!sound))
        }
        Audit::Key { at } => {
            let keys = open(&at).await?.store.read(public_keys).await?;
            say(keys.to_string().trim_end());
            Ok(0)
        }
        Audit::Export { at, partner } => {
            let installation = open(&at).await?;
            let partner = partner.unwrap_or(OPERATOR);
            let cx = Context::system(partner, installation.clock.now(), NAME);
            let scope = cx.authorize(Action::ReadEveryLog)?;
            let entry = Entry::did(Operation::ExportLog, Resource::ActivityLog, partner);
            installation.store.write(cx.stamp(), move |_| Ok::<_, Error>(((), entry.clone()))).await?;
            installation.sealer.seal(&installation.store, partner, wall_clock()).await?;
            let made_at = wall_clock();
            let mut exporter =
                installation.store.read(move |tx| Exporter::begin(tx, scope, None, None, made_at)).await?;
            loop {
                let vault = Arc::clone(&installation.vault);
                let (own, piece) = installation
                    .store
                    .read(move |tx| {
                        let piece = exporter.piece(tx, &vault)?;
                        Ok::<_, Error>((exporter, piece))
                    })
                    .await?;
                exporter = own;
                let Some(piece) = piece else { return Ok(0) };
                std::io::stdout().lock().write_all(&piece).context("standard output cannot be written")?;
            }
        }
        Audit::StreamAdd { at, name, target, token, ca } => {
            let token = if token { Some(secret_from_input()?) } else { None };
            add_stream(&open(&at).await?, name, target, token, ca).await
        }
        Audit::StreamList { at } => {
            for own in open(&at).await?.store.read(|tx| Ok::<_, Error>(seals::sinks(tx)?)).await? {
                let state = own.last_error.as_deref().unwrap_or("well");
                say(format_args!("{}  {}  {}  {state}", own.id, own.name, own.target));
            }
            Ok(0)
        }
        Audit::StreamRemove { at, id } => {
            let installation = open(&at).await?;
            let cx = Context::system(OPERATOR, installation.clock.now(), NAME);
            let now = wall_clock().as_microsecond();
            let gone = installation
                .store
                .write(cx.stamp(), move |tx| {
                    let gone = seals::remove_sink(tx, &id, now)?;
                    let entry = Entry::did(Operation::SetUp, Resource::ActivityLog, &id);
                    Ok::<_, Error>((gone, if gone { entry } else { entry.failed() }))
                })
                .await?;
            ensure!(gone, "there is no such place");
            say("The log is not streamed there any more.");
            Ok(0)
        }
    }
}

fn read_keys(file: &Path) -> anyhow::Result<PublicKeys> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    PublicKeys::parse(&text).with_context(|| format!("{} holds no public keys", file.display()))
}

fn anchors_from(file: Option<&Path>) -> anyhow::Result<Vec<Checkpoint>> {
    let Some(file) = file else { return Ok(Vec::new()) };
    let reader = File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
    read_anchors(BufReader::new(reader)).with_context(|| format!("{} holds no checkpoints", file.display()))
}

fn verify_file(file: &Path, keys: &PublicKeys, anchors: &[Checkpoint]) -> anyhow::Result<u8> {
    let reader: Box<dyn BufRead + Send> = if file == Path::new("-") {
        Box::new(BufReader::new(std::io::stdin()))
    } else {
        let open = File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
        Box::new(BufReader::with_capacity(1 << 20, open))
    };
    Ok(u8::from(!tell(&verify_export(reader, keys, anchors)?)))
}

/// Says what was found; true when the log is sound.
fn tell(report: &Report) -> bool {
    for line in report.to_string().lines() {
        say(line);
    }
    report.is_sound()
}

async fn add_stream(
    installation: &crate::installation::Installation,
    name: String,
    target: String,
    token: Option<zeroize::Zeroizing<String>>,
    ca: Option<PathBuf>,
) -> anyhow::Result<u8> {
    // Tried out now, so that a mistake is told to whoever made it.
    let secret = token.as_ref().map(|text| SecretString::from(text.as_str()));
    Sink::parse(&target, secret, ca.as_deref())?;
    let ca_file = match ca {
        Some(file) => {
            Some(std::fs::canonicalize(&file)?.to_str().context("the path is not UTF-8")?.to_owned())
        }
        None => None,
    };
    let cx = Context::system(OPERATOR, installation.clock.now(), NAME);
    let (id, vault) = (cx.ids()().to_string(), Arc::clone(&installation.vault));
    let told = id.clone();
    installation
        .store
        .write(cx.stamp(), move |tx| {
            let sealed = match &token {
                Some(text) => Some(vault.seal(tx, Owner::Operator, "log_sinks", &id, text)?),
                None => None,
            };
            let record = SinkRecord {
                id: id.clone(),
                name: name.clone(),
                target: target.clone(),
                token: sealed,
                ca_file: ca_file.clone(),
                added_at: wall_clock().as_microsecond(),
                removed_at: None,
                last_error: None,
            };
            seals::insert_sink(tx, &record)?;
            let facts = vec![Fact::new("name", &record.name), Fact::new("target", &record.target)];
            Ok::<_, Error>(((), Entry::did(Operation::SetUp, Resource::ActivityLog, &id).with(facts)))
        })
        .await?;
    say(format_args!("{told}\nThe whole log is streamed there from its beginning, by a running server."));
    Ok(0)
}
