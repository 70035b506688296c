//! The operator's commands for media, stock and requests.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use chandlery_domain::ids::{MediumId, PartnerId, ProductId, ServiceRequestId};
use chandlery_domain::key::ActivationRule;
use chandlery_domain::media::{
    Bits, Choice, FileName, FileType, Language, Medium, Platform, Sha256, Version,
};
use chandlery_store::{media as stored, service_requests};
use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};

use super::At;
use super::commands::{open, say};
use crate::app::media::Place;
use crate::app::{Context, activations, manifest, media};
use crate::error::Error;
use crate::installation::{Installation, OPERATOR};
use crate::outside::minisign;

/// How many media are listed in one look at the database.
const PAGE: i64 = 500;

/// What can be done with media.
#[derive(Debug, Subcommand)]
pub enum Media {
    /// Add a file as a medium of a product. It is hashed on the way; run again after a break, it goes on where it
    /// stopped, and adding the same file twice changes nothing.
    Add {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The product's id.
        product: ProductId,
        /// The file.
        file: PathBuf,
        /// The version, such as 2022.
        #[arg(long)]
        version: Version,
        /// The language, such as en-US; mul for several.
        #[arg(long)]
        language: Language,
        /// The processors: 32, 64 or arm64.
        #[arg(long)]
        bits: Bits,
        /// How it is packed, such as ISO.
        #[arg(long = "type", value_name = "TYPE")]
        file_type: FileType,
        /// The operating system: windows, linux, macos or any.
        #[arg(long, default_value = "any")]
        platform: Platform,
        /// The name it is saved under; the file's own unless given.
        #[arg(long)]
        name: Option<FileName>,
        /// The SHA-256 it must have.
        #[arg(long, value_name = "HEX")]
        sha256: Option<Sha256>,
    },
    /// List the media.
    List {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// Only of this product.
        #[arg(long)]
        product: Option<ProductId>,
    },
    /// Read media again and compare their hashes; the exit code is 1 when one is wrong or missing.
    Verify {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// Only this one.
        medium: Option<MediumId>,
    },
    /// Remove a medium and its file. Refused while download links that can still be used need it.
    Remove {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// Its id.
        medium: MediumId,
        /// Remove it all the same; its links end at once.
        #[arg(long)]
        force: bool,
    },
    /// Check a downloaded file against its manifest, whose signature lies beside it as MANIFEST.minisig. Needs no
    /// installation.
    Check {
        /// The file that arrived.
        file: PathBuf,
        /// The manifest.
        manifest: PathBuf,
        /// The public key, or a file with it: /.well-known/chandlery-media-key of the installation, kept from earlier.
        #[arg(long, value_name = "KEY")]
        key: String,
    },
}

/// What can be done with the stock of keys.
#[derive(Debug, Subcommand)]
pub enum Stock {
    /// List every version of every product, with how many keys are left.
    List {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
    },
    /// Set how few keys of a version raise the alarm.
    Alarm {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The product's id.
        product: ProductId,
        /// The version.
        version: Version,
        /// How few.
        #[arg(value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
        keys: u32,
    },
    /// Set how many activations keys of a product allow for each licence from now on; 0 for no limit.
    Activations {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The product's id.
        product: ProductId,
        /// How many for each licence.
        #[arg(value_parser = clap::value_parser!(u16).range(0..=1000))]
        each: u16,
    },
}

/// What can be done with what partners ask.
#[derive(Debug, Subcommand)]
pub enum Request {
    /// List the open ones, oldest first.
    List {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
    },
    /// Answer one and close it.
    Answer {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The partner who asked.
        #[arg(long)]
        partner: PartnerId,
        /// The request.
        request: ServiceRequestId,
        /// Let the key have so many activations in all; without it the request is refused.
        #[arg(long, value_name = "ACTIVATIONS")]
        grant: Option<u32>,
        /// What the partner is told.
        #[arg(long)]
        text: String,
    },
}

/// Runs a command on media.
///
/// # Errors
/// When it could not be done; the text says what to do.
pub async fn run(what: Media) -> anyhow::Result<u8> {
    match what {
        Media::Add { at, product, file, version, language, bits, file_type, platform, name, sha256 } => {
            let installation = open(&at).await?;
            let choice = Choice { version, language, bits, file_type, platform };
            let name = match name {
                Some(name) => name,
                None => own_name(&file)?,
            };
            let (medium, fresh) = add(&installation, (product, choice), (&file, name), sha256).await?;
            let how = if fresh { "was added" } else { "was there already" };
            say(format_args!(
                "{} {how}: {} of {}, {} bytes, SHA-256 {}",
                medium.id, medium.choice, medium.product, medium.size, medium.sha256
            ));
            Ok(0)
        }
        Media::List { at, product } => list(&open(&at).await?, product).await,
        Media::Verify { at, medium } => verify(&open(&at).await?, medium).await,
        Media::Remove { at, medium, force } => remove(&open(&at).await?, medium, force).await,
        Media::Check { file, manifest, key } => check(&file, &manifest, &key),
    }
}

fn own_name(file: &Path) -> anyhow::Result<FileName> {
    let name =
        file.file_name().and_then(|name| name.to_str()).context("the file has no name that is UTF-8")?;
    name.parse().map_err(|error: chandlery_domain::catalog::UnknownWord| {
        anyhow::anyhow!(
            "the name {name:?} cannot be used (expected {}); give another with --name",
            error.expected
        )
    })
}

fn bar(total: u64) -> anyhow::Result<ProgressBar> {
    let style = ProgressStyle::with_template(
        "{msg} {bar:30} {binary_bytes}/{binary_total_bytes} ({binary_bytes_per_sec}, {eta} left)",
    )?;
    Ok(ProgressBar::new(total).with_style(style))
}

/// Stores a file and adds it as a medium; false when the very same was there already.
///
/// # Errors
/// When the product is unknown, another file stands there, or the file cannot be read or stored.
pub(crate) async fn add(
    installation: &Installation,
    (product, mut choice): (ProductId, Choice),
    (file, name): (&Path, FileName),
    expected: Option<Sha256>,
) -> anyhow::Result<(Medium, bool)> {
    let size = std::fs::metadata(file).with_context(|| format!("{} cannot be read", file.display()))?.len();
    if size == 0 {
        bail!("{} is empty", file.display());
    }
    let (own, given) = (product.clone(), choice.version.clone());
    choice.version = installation.store.read(move |tx| media::same_version(tx, &own, &given)).await?;
    let cx = Context::system(OPERATOR, installation.clock.now(), "media");
    let id = MediumId::new(cx.ids()());
    // What cannot be added is refused before gigabytes are copied. Whether the file is the same shows at the end.
    let known = {
        let (product, choice) = (product.clone(), choice.clone());
        installation
            .store
            .read(move |tx| {
                if stored::product_title(tx, &product)?.is_none() {
                    let text = format!("{product} is not in the catalogue; import its prices first");
                    return Err(Error::invalid("PRODUCT", text));
                }
                let all = stored::of_product(tx, &product)?;
                Ok(all.into_iter().find(|own| own.medium.choice == choice).map(|own| own.medium))
            })
            .await?
    };
    if let Some(known) = known.filter(|own| own.size != size) {
        bail!(
            "{} ({}) stands for {} of this product and is another file; remove that first",
            known.name,
            known.id,
            known.choice
        );
    }
    let bar = bar(size)?;
    let uploaded = installation
        .media
        .upload(
            file,
            id.uuid().simple().to_string(),
            &installation.place.uploads(),
            expected.map(|own| own.0),
            &|bytes| bar.set_position(bytes),
        )
        .await;
    bar.finish_and_clear();
    let uploaded = uploaded?;
    let medium = Medium {
        id,
        product,
        choice,
        name,
        size: uploaded.size,
        sha256: Sha256(uploaded.sha256),
        added_at: cx.now,
    };
    let (own, object) = (medium.clone(), uploaded.key.clone());
    let added = installation.store.write(cx.stamp(), move |tx| media::add(tx, &own, &object)).await;
    match added {
        Ok(Place::Free) => Ok((medium, true)),
        Ok(Place::Same(known)) => {
            installation.media.remove(&uploaded.key).await?;
            Ok((known, false))
        }
        Err(error) if error.is_final() => {
            installation.media.remove(&uploaded.key).await?;
            Err(anyhow::anyhow!("nothing was added: {error}"))
        }
        // Whether it was added is not known; its file stays, and adding it again finds out.
        Err(error) => Err(anyhow::anyhow!("it is not known whether it was added; add it again: {error}")),
    }
}

async fn all(
    installation: &Installation,
    mut each: impl AsyncFnMut(stored::Stored) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut after = None;
    loop {
        let page = installation.store.read(move |tx| Ok::<_, Error>(stored::list(tx, after, PAGE)?)).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.medium.id);
        for own in page {
            each(own).await?;
        }
    }
}

async fn list(installation: &Installation, product: Option<ProductId>) -> anyhow::Result<u8> {
    all(installation, async |own| {
        let medium = own.medium;
        if product.as_ref().is_none_or(|product| *product == medium.product) {
            say(format_args!(
                "{}  {}  {}  {}  {} bytes  {}",
                medium.id, medium.product, medium.choice, medium.name, medium.size, medium.sha256
            ));
        }
        Ok(())
    })
    .await?;
    Ok(0)
}

async fn verify(installation: &Installation, only: Option<MediumId>) -> anyhow::Result<u8> {
    let (mut wrong, mut count) = (0_u32, 0_u32);
    all(installation, async |own| {
        let medium = &own.medium;
        if only.is_some_and(|only| only != medium.id) {
            return Ok(());
        }
        count += 1;
        let bar = bar(medium.size)?;
        let found = installation.media.hash(&own.object, &|bytes| bar.set_position(bytes)).await;
        bar.finish_and_clear();
        let finding = match found {
            Ok((size, hash)) if size == medium.size && hash == medium.sha256.0 => {
                say(format_args!("ok    {} {}", medium.id, medium.name));
                return Ok(());
            }
            Ok((size, hash)) => format!(
                "{size} bytes with SHA-256 {}, not {} bytes with {}",
                Sha256(hash),
                medium.size,
                medium.sha256
            ),
            Err(error) => error.to_string(),
        };
        wrong += 1;
        say(format_args!("WRONG {} {}: {finding}", medium.id, medium.name));
        Ok(())
    })
    .await?;
    if let (Some(only), 0) = (only, count) {
        bail!("there is no medium {only}");
    }
    say(format_args!("{count} media read, {wrong} wrong."));
    Ok(u8::from(wrong > 0))
}

async fn remove(installation: &Installation, medium: MediumId, force: bool) -> anyhow::Result<u8> {
    let cx = Context::system(OPERATOR, installation.clock.now(), "media");
    let inner = cx.clone();
    let gone = installation
        .store
        .write(cx.stamp(), move |tx| media::remove(tx, &inner, medium, force))
        .await
        .map_err(|error| anyhow::anyhow!("nothing was removed: {error}"))?;
    installation
        .media
        .remove(&gone.object)
        .await
        .context("the medium was removed, but its file could not be deleted; it is not needed any more")?;
    say(format_args!("{medium} {} was removed.", gone.medium.name));
    Ok(0)
}

/// Checks a file against a manifest: signature, length, hash.
fn check(file: &Path, manifest_file: &Path, key: &str) -> anyhow::Result<u8> {
    let read = |path: &Path| {
        std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
    };
    let key = if Path::new(key).is_file() { read(Path::new(key))? } else { key.to_owned() };
    let text = read(manifest_file)?;
    let mut beside = manifest_file.as_os_str().to_owned();
    beside.push(".minisig");
    let signature = read(Path::new(&beside)).context("the manifest's signature lies beside it")?;
    if let Err(why) = minisign::check(&key, text.as_bytes(), &signature) {
        say(format_args!("WRONG {}: {why}", manifest_file.display()));
        return Ok(1);
    }
    let wanted =
        manifest::read(&text).map_err(|why| anyhow::anyhow!("{}: {why}", manifest_file.display()))?;
    let size = std::fs::metadata(file).with_context(|| format!("{} cannot be read", file.display()))?.len();
    if size != wanted.size {
        let what = if size < wanted.size { "cut off: download the rest" } else { "another file" };
        say(format_args!("WRONG {}: {size} bytes, not {}: {what}", file.display(), wanted.size));
        return Ok(1);
    }
    let found = Sha256(hash_file(file, size)?);
    if found != wanted.sha256 {
        say(format_args!("WRONG {}: SHA-256 {found}, not {}", file.display(), wanted.sha256));
        return Ok(1);
    }
    say(format_args!("ok    {} is {}: {size} bytes, SHA-256 {found}", file.display(), wanted.name));
    Ok(0)
}

fn hash_file(path: &Path, size: u64) -> anyhow::Result<[u8; 32]> {
    use std::io::Read as _;
    let mut file = std::fs::File::open(path)?;
    let mut hash = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
    let (bar, mut buffer) = (bar(size)?, vec![0; 1024 * 1024]);
    loop {
        let count = file.read(&mut buffer)?;
        let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else { break };
        hash.update(read);
        bar.inc(u64::try_from(count)?);
    }
    bar.finish_and_clear();
    Ok(hash.finish().as_ref().try_into()?)
}

/// Runs a command on the stock.
///
/// # Errors
/// When it could not be done.
pub async fn stock(what: Stock) -> anyhow::Result<u8> {
    match what {
        Stock::List { at } => {
            let pools = pools(&open(&at).await?).await?;
            for own in &pools {
                let low = if own.keys <= own.low_stock { "  LOW" } else { "" };
                say(format_args!("{}  {}  {} keys{low}", own.product, own.version, own.keys));
            }
            Ok(0)
        }
        Stock::Alarm { at, product, version, keys } => {
            let installation = open(&at).await?;
            let shown = format!("{product} {version}");
            let done = change(&installation, shown.clone(), move |tx| {
                let version = media::same_version(tx, &product, &version)?;
                Ok(stored::set_low_stock(tx, &product, &version, keys.into())?)
            });
            if !done.await? {
                bail!("{shown} is not in stock and never was; look at `chandlery stock list`");
            }
            Ok(0)
        }
        Stock::Activations { at, product, each } => {
            let installation = open(&at).await?;
            let rule = ActivationRule { factor: Some(each).filter(|each| *each > 0) };
            let shown = product.to_string();
            let done = change(&installation, shown.clone(), move |tx| {
                Ok(stored::set_activation_rule(tx, &product, rule)?)
            });
            if !done.await? {
                bail!("{shown} is not in the catalogue");
            }
            Ok(0)
        }
    }
}

async fn change(
    installation: &Installation,
    what: String,
    work: impl Fn(&mut chandlery_store::Write<'_>) -> Result<bool, Error> + Send + 'static,
) -> anyhow::Result<bool> {
    use chandlery_domain::audit::{Entry, Operation, Resource};
    let cx = Context::system(OPERATOR, installation.clock.now(), "command line");
    let done = installation
        .store
        .write(cx.stamp(), move |tx| {
            Ok::<_, Error>((work(tx)?, Entry::did(Operation::SetUp, Resource::Catalog, &what)))
        })
        .await?;
    Ok(done)
}

/// The stock of every version.
///
/// # Errors
/// The store's own.
pub(crate) async fn pools(installation: &Installation) -> anyhow::Result<Vec<stored::Pool>> {
    Ok(installation.store.read(|tx| Ok::<_, Error>(stored::pools(tx, 100_000)?)).await?)
}

/// Runs a command on what partners ask.
///
/// # Errors
/// When it could not be done.
pub async fn request(what: Request) -> anyhow::Result<u8> {
    match what {
        Request::List { at } => {
            let installation = open(&at).await?;
            let open =
                installation.store.read(|tx| Ok::<_, Error>(service_requests::open(tx, PAGE)?)).await?;
            for own in open {
                say(format_args!(
                    "{}  partner {}  {}  {}  ({})",
                    own.id, own.partner, own.asked_at, own.title, own.description
                ));
            }
            Ok(0)
        }
        Request::Answer { at, partner, request, grant, text } => {
            let installation = open(&at).await?;
            let cx = Context::system(OPERATOR, installation.clock.now(), "operator");
            let stamped = Context::system(partner, cx.now, "operator");
            installation
                .store
                .write(stamped.stamp(), move |tx| {
                    activations::answer(tx, &cx, (partner, request), grant, &text)
                })
                .await
                .map_err(|error| anyhow::anyhow!("nothing was answered: {error}"))?;
            say("Answered.");
            Ok(0)
        }
    }
}
