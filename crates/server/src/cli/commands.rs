//! What each command does.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, bail};
use chandlery_domain::customer::Partner as PartnerRecord;
use chandlery_domain::ids::PartnerId;
use chandlery_domain::key::KeyFormat;
use chandlery_store::{Location, Schema, markets, vault as stored};
use indicatif::{ProgressBar, ProgressStyle};

use super::serve::{Around, Serving};
use super::{At, Cli, Command, Import, Key, Partner, audit, benefit, billing, media, people, reservations};
use crate::app::Context;
use crate::app::import_keys;
use crate::app::import_prices::{self, Imported};
use crate::clock::{Clock, Practice, wall_clock};
use crate::error::Error;
use crate::health;
use crate::installation::{Installation, Kind, OPERATOR, Place};
use crate::outside::key_ring::KeyRing;
use crate::outside::vault::Vault;
use crate::practice::{twin, walk};

/// How many bad rows are printed.
const BAD_ROWS_TOLD: usize = 50;

/// Runs a command; the number is the exit code.
///
/// # Errors
/// When it could not be done; the text says what to do.
pub async fn run(cli: Cli) -> anyhow::Result<u8> {
    match cli.command {
        Command::Serve { at, listen, around } => serve(&at, &listen, around).await,
        Command::Demo { data, database, listen, clock, json, walk } => {
            demo(data, database.as_deref(), &listen, clock, json, walk).await
        }
        Command::Import { what: Import::Prices { at, file, skip_bad } } => {
            import_price_sheet(&at, &file, skip_bad).await
        }
        Command::Import { what: Import::Keys { at, file, format } } => {
            import_key_file(&at, &file, format).await
        }
        Command::Media { what } => media::run(what).await,
        Command::Stock { what } => media::stock(what).await,
        Command::Request { what } => media::request(what).await,
        Command::Benefit { what } => benefit::run(what).await,
        Command::Reservations { what } => reservations::run(what).await,
        Command::Invoice { what } => billing::run(what).await,
        Command::Partner { what } => partner(what).await,
        Command::Application { what } => people::application(what).await,
        Command::User { what } => people::user(what).await,
        Command::Person { what } => people::person(what).await,
        Command::Provider { what } => people::provider(what).await,
        Command::ApiKey { what } => people::api_key(what).await,
        Command::Setting { at, name, value } => people::setting(&at, name, value).await,
        Command::Audit { what } => audit::run(what).await,
        Command::Key { what: Key::Rotate { at, drop_old } } => rotate(&at, drop_old).await,
        Command::Key { what: Key::RotateSigning { at } } => {
            open(&at).await?.rotate_signing_key().await?;
            say("A new key signs tokens from now on; tokens signed with older ones hold until they end.");
            Ok(0)
        }
        Command::Migrate { at } => migrate(&at).await,
        Command::Backup { at, file } => backup(&at, &file).await,
        Command::Doctor { at } => doctor(&at).await,
        Command::Licences => {
            for (what, text) in chandlery_documents::LICENCES {
                say(format_args!("{what}\n\n{}\n", text.trim()));
            }
            Ok(0)
        }
    }
}

/// Writes a line to standard output; a reader that went away is no reason to stop.
pub(super) fn say(text: impl std::fmt::Display) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{text}").and_then(|()| out.flush()).is_err() {
        tracing::debug!("nobody reads standard output");
    }
}

pub(super) fn place(at: &At) -> anyhow::Result<Place> {
    Place::new(&at.data, at.database.as_deref(), at.media.as_deref())
}

pub(super) async fn open(at: &At) -> anyhow::Result<Installation> {
    Installation::open(place(at)?).await
}

async fn serve(at: &At, listen: &str, around: Around) -> anyhow::Result<u8> {
    let place = place(at)?;
    let installation = if place.location.schema().await? == Schema::Empty {
        say(format_args!("Setting up a new installation in {}.", place.data.display()));
        Installation::create(place, Kind::Live, Clock::real()).await?
    } else {
        Installation::open(place).await?
    };
    if installation.kind == Kind::Practice {
        bail!("this is a practice installation; `chandlery demo --data …` serves it");
    }
    crate::installation::catch_up_reservations(&installation.store).await?;
    let serving = Serving::start(installation, listen, around).await?;
    say(format_args!("Chandlery serves {}", serving.url));
    if let Some(link) = &serving.set_up_link {
        say(format_args!(
            "Nobody can sign in yet. Open this link once to set up the first administrator:\n{link}"
        ));
    }
    serving.until_asked().await?;
    Ok(0)
}

async fn demo(
    data: Option<PathBuf>,
    database: Option<&str>,
    listen: &str,
    clock: Option<jiff::Timestamp>,
    json: bool,
    walking: bool,
) -> anyhow::Result<u8> {
    let temporary = tempfile::Builder::new().prefix("chandlery-demo-").tempdir()?;
    let folder = data.unwrap_or_else(|| temporary.path().to_owned());
    let place = Place::new(&folder, database, None)?;
    let set_clock = clock.is_some();
    let clock = match clock {
        Some(at) => Practice::Standing(at),
        None if walking => Practice::Standing(walk::STARTS_AT.parse()?),
        None => Practice::Running(jiff::SignedDuration::ZERO),
    };
    let (installation, twin) = twin::build_or_open(place, clock, set_clock).await?;
    let listen = if walking { "127.0.0.1:0" } else { listen };
    let serving = Serving::start(installation.clone(), listen, Around::default()).await?;
    if walking {
        let right = walk::walk((&serving.url, &installation), &twin, &mut |line| say(line)).await;
        serving.stop().await;
        return Ok(u8::from(!right?));
    }
    if json {
        say(twin.json(&serving.url)?);
    } else {
        say(twin.describe(&serving.url, &folder));
    }
    serving.until_asked().await?;
    Ok(0)
}

/// A bar on the terminal, for so many of something; no number where nobody knows.
pub(super) fn progress(total: u64, unit: &'static str) -> anyhow::Result<ProgressBar> {
    let style =
        ProgressStyle::with_template("{bar:30} {human_pos}/{human_len} {msg} ({per_sec}, {eta} left)")?;
    Ok(ProgressBar::new(total).with_style(style).with_message(unit))
}

/// Shows a counter that a transaction on another thread moves.
fn follow(bar: &ProgressBar, counter: &Arc<AtomicU64>) -> tokio::task::JoinHandle<()> {
    let (bar, counter) = (bar.clone(), Arc::clone(counter));
    tokio::spawn(async move {
        loop {
            bar.set_position(counter.load(Ordering::Relaxed));
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    })
}

fn open_file(path: &Path) -> anyhow::Result<File> {
    File::open(path).with_context(|| format!("{} cannot be read", path.display()))
}

/// Imports a price sheet, with a progress bar on standard error.
///
/// # Errors
/// When a row is bad and bad ones are not skipped, rows overlap, or the file changes meanwhile.
async fn import_price_sheet(at: &At, path: &Path, skip_bad: bool) -> anyhow::Result<u8> {
    let installation = Installation::open(place(at)?).await?;
    let input = open_file(path)?;
    let survey = tokio::task::spawn_blocking(move || import_prices::survey(input, &|_| {})).await??;
    for bad in survey.bad.iter().take(BAD_ROWS_TOLD) {
        say(bad);
    }
    if survey.bad_count > 0 {
        say(format_args!("{} of {} rows are bad.", survey.bad_count, survey.rows));
        if !skip_bad {
            say("Nothing was imported. Mend the rows, or leave them out with --skip-bad.");
            return Ok(1);
        }
    }
    let bar = progress(survey.rows, "rows")?;
    let counter = Arc::new(AtomicU64::new(0));
    let following = follow(&bar, &counter);
    let done = import_file(&installation, path, survey, skip_bad, Arc::clone(&counter)).await;
    following.abort();
    bar.finish_and_clear();
    let done = done?;
    say(format_args!("{} rows read, {} new or changed.", done.rows, done.changed));
    Ok(0)
}

/// Stores a surveyed price sheet.
///
/// # Errors
/// When a row is bad, rows overlap, or the database says no.
pub(crate) async fn import_file(
    installation: &Installation,
    path: &Path,
    survey: import_prices::Survey,
    skip_bad: bool,
    counter: Arc<AtomicU64>,
) -> anyhow::Result<Imported> {
    let cx = Context::system(OPERATOR, installation.clock.now(), "price import");
    let path = path.to_owned();
    let done = installation
        .store
        .write(cx.stamp(), move |tx| {
            let input = File::open(&path).map_err(Error::internal)?;
            import_prices::import(tx, input, &survey, skip_bad, &|row| counter.store(row, Ordering::Relaxed))
        })
        .await
        .map_err(|error| anyhow::anyhow!("nothing was imported: {error}"))?;
    Ok(done)
}

async fn import_key_file(at: &At, path: &Path, format: Option<KeyFormat>) -> anyhow::Result<u8> {
    let installation = Installation::open(place(at)?).await?;
    open_file(path)?;
    let bar = ProgressBar::new_spinner().with_message("keys");
    let counter = Arc::new(AtomicU64::new(0));
    let following = follow(&bar, &counter);
    let stored = import_keys_from(&installation, path.to_owned(), format, counter).await;
    following.abort();
    bar.finish_and_clear();
    say(format_args!(
        "{} new keys are in stock.",
        stored.map_err(|error| anyhow::anyhow!("nothing was imported: {error}"))?
    ));
    Ok(0)
}

/// Puts the keys of a file into stock.
///
/// # Errors
/// The first row that cannot be taken.
pub(crate) async fn import_keys_from(
    installation: &Installation,
    path: PathBuf,
    format: Option<KeyFormat>,
    counter: Arc<AtomicU64>,
) -> Result<usize, Error> {
    let cx = Context::system(OPERATOR, installation.clock.now(), "key import");
    let (inner, vault) = (cx.clone(), Arc::clone(&installation.vault));
    installation
        .store
        .write(cx.stamp(), move |tx| {
            let input = File::open(&path).map_err(Error::internal)?;
            import_keys::import(tx, &inner, &vault, input, format.as_ref(), &|key| {
                counter.store(key, Ordering::Relaxed)
            })
        })
        .await
}

async fn partner(what: Partner) -> anyhow::Result<u8> {
    let Partner::Add { at, name, country, currency, regions, mpn_id } = what;
    let installation = Installation::open(place(&at)?).await?;
    let cx = Context::system(OPERATOR, installation.clock.now(), "command line");
    let market = installation
        .store
        .read(move |tx| Ok::<_, Error>(markets::find(tx, country)?))
        .await?
        .with_context(|| format!("{country} is not a market"))?;
    let partner = PartnerRecord {
        id: PartnerId::new(cx.ids()()),
        name,
        country,
        currency: currency.unwrap_or(market.currency),
        regions: if regions.is_empty() { vec![market.region] } else { regions },
        active: true,
        mpn_id,
    };
    installation.add_partner(&partner).await?;
    say(partner.id);
    Ok(0)
}

async fn rotate(at: &At, drop_old: bool) -> anyhow::Result<u8> {
    let place = place(at)?;
    let installation = Installation::open(place.clone()).await?;
    let mut ring = KeyRing::open(&place.key_ring())?;
    ring.add_fresh()?;
    let vault = Arc::new(Vault::new(KeyRing::open(&place.key_ring())?));
    let cx = Context::system(OPERATOR, installation.clock.now(), "key rotation");
    let rewrapped = installation.store.write(cx.stamp(), move |tx| rewrap_all(tx, &vault)).await?;
    say(format_args!("{rewrapped} data key(s) are wrapped by the new key of the ring."));
    if drop_old {
        ring.drop_old()?;
        say(
            "The older keys were dropped from the ring. Older backups of the database need an older copy of the ring.",
        );
    } else {
        say("The older keys stay in the ring for servers that still run and for older backups.");
    }
    Ok(0)
}

fn rewrap_all(
    tx: &mut chandlery_store::Write<'_>,
    vault: &Vault,
) -> Result<(usize, chandlery_domain::audit::Entry), Error> {
    use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
    let (mut after, mut count) = (String::new(), 0);
    loop {
        let page = stored::data_keys(tx, &after, 500)?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.owner);
        for key in &page {
            if let Some(fresh) = vault.rewrapped(key)? {
                if !stored::rewrap(tx, key, &fresh)? {
                    return Err(Error::conflict("a data key was wrapped anew at the same time"));
                }
                count += 1;
            }
        }
    }
    let entry = Entry::did(Operation::Housekeeping, Resource::Installation, "key ring");
    Ok((count, entry.with(vec![Fact::new("rewrapped", count)])))
}

async fn migrate(at: &At) -> anyhow::Result<u8> {
    let place = place(at)?;
    match place.location.schema().await? {
        Schema::Empty => {
            Installation::create(place.clone(), Kind::Live, Clock::real()).await?;
            say(format_args!("A new installation is set up in {}.", place.data.display()));
        }
        Schema::Current => {
            // What a run before this one, that was ended in the middle, did not come to.
            crate::installation::catch_up(&place).await?;
            say("The schema is the current one.");
        }
        Schema::Behind(_) => {
            for migration in place.location.migrate().await? {
                say(format_args!("applied {migration}"));
            }
            crate::installation::catch_up(&place).await?;
        }
        Schema::Unknown(newer) => bail!("the database was changed by a newer program: {}", newer.join(", ")),
    }
    Ok(0)
}

async fn backup(at: &At, file: &Path) -> anyhow::Result<u8> {
    let place = place(at)?;
    if file.exists() {
        bail!("{} exists; nothing was written", file.display());
    }
    place.location.back_up(file).await?;
    let size = std::fs::metadata(file)?.len();
    // The copy stands whether or not this can be noted, so that old installations can be copied too.
    if let Err(error) = note_backup(place.clone()).await {
        tracing::warn!(%error, "when the copy was made could not be noted");
    }
    say(format_args!(
        "{} holds a consistent copy ({size} bytes). Keep {} with it: without the key ring its keys stay sealed.",
        file.display(),
        place.key_ring().display()
    ));
    Ok(0)
}

/// Notes when the last copy was made; the operator's page shows it.
async fn note_backup(place: Place) -> anyhow::Result<()> {
    use chandlery_domain::audit::{Entry, Operation, Resource};
    use chandlery_store::settings::{self, names};
    let installation = Installation::open(place).await?;
    let cx = Context::system(OPERATOR, installation.clock.now(), "backup");
    let at = wall_clock().as_microsecond().to_string();
    installation
        .store
        .write(cx.stamp(), move |tx| {
            settings::set(tx, names::LAST_BACKUP, &at)?;
            Ok::<_, Error>(((), Entry::did(Operation::Housekeeping, Resource::Installation, "backup")))
        })
        .await?;
    Ok(())
}

async fn doctor(at: &At) -> anyhow::Result<u8> {
    let place = place(at)?;
    let mut healthy = true;
    let mut check = |name: &str, result: anyhow::Result<String>| match result {
        Ok(text) => say(format_args!("ok    {name}: {text}")),
        Err(error) => {
            healthy = false;
            say(format_args!("WRONG {name}: {error:#}"));
        }
    };
    let written = health::folder(&place.data);
    check("folder", written.map(|()| format!("{} can be written to", place.data.display())));
    check("disk", free_space(&place.data));
    let ring = health::key_ring(&place.key_ring());
    check("key ring", ring.map(|keys| format!("{keys} key(s), readable by its owner only")));
    let schema = place.location.schema().await;
    check(
        "schema",
        schema.map_err(anyhow::Error::from).and_then(|schema| match schema {
            Schema::Current => Ok("the one this program knows".to_owned()),
            Schema::Empty => bail!("there is no installation here; run `chandlery migrate`"),
            Schema::Behind(missing) => {
                bail!("{} migration(s) are missing; run `chandlery migrate`", missing.len())
            }
            Schema::Unknown(newer) => bail!("changed by a newer program: {}", newer.join(", ")),
        }),
    );
    let opened = Installation::open(place).await;
    check("installation", opened.as_ref().map(describe).map_err(|error| anyhow::anyhow!("{error:#}")));
    if let Ok(installation) = opened {
        check("stock", stock(&installation).await);
        check("orders", waiting(&installation).await);
    }
    Ok(u8::from(!healthy))
}

fn describe(installation: &Installation) -> String {
    let database = match &installation.place.location {
        Location::Sqlite(path) => format!("SQLite in {}", path.display()),
        Location::Postgres { .. } => "PostgreSQL".to_owned(),
    };
    let kind = match installation.kind {
        Kind::Live => "for real",
        Kind::Practice => "to practise on",
    };
    format!("{database}, {kind}, its clock shows {}", installation.clock.now())
}

async fn stock(installation: &Installation) -> anyhow::Result<String> {
    let health::Stock { prices, pools, low } = installation.store.read(health::stock).await?;
    if prices == 0 {
        bail!("there is no price in the catalogue; run `chandlery import prices`");
    }
    let low: Vec<String> =
        low.iter().map(|own| format!("{} {} ({} left)", own.product, own.version, own.keys)).collect();
    if low.is_empty() {
        return Ok(format!("{prices} price rows, {pools} pools of product keys"));
    }
    Ok(format!(
        "{prices} price rows, {pools} pools of product keys; FEW ARE LEFT of {}: run `chandlery import keys`",
        low.join(", ")
    ))
}

async fn waiting(installation: &Installation) -> anyhow::Result<String> {
    const TOLD: i64 = 20;
    let stuck = installation.store.read(|tx| health::stuck_orders(tx, TOLD)).await?;
    if stuck.is_empty() {
        return Ok("none waits for anything".into());
    }
    let list: Vec<String> =
        stuck.iter().map(|(partner, order, why)| format!("{order} of partner {partner}: {why}")).collect();
    Ok(format!("{} WAIT (twenty at most are told): {}", list.len(), list.join("; ")))
}

fn free_space(folder: &Path) -> anyhow::Result<String> {
    let free = health::free_mib(folder)?;
    if free < health::FREE_MIN_MIB {
        bail!("{free} MiB are free; a full disk stops all writing, so make room");
    }
    Ok(format!("{free} MiB are free"))
}
