//! The operator's commands for Azure Hybrid Benefit: the tables it is reckoned with.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_store::Write;
use chandlery_store::benefit as stored;
use clap::Subcommand;

use super::At;
use super::commands::{open, say};
use crate::app::Context;
use crate::app::benefit::import;
use crate::error::Error;
use crate::installation::OPERATOR;

/// What can be done with the tables of the benefit.
#[derive(Debug, Subcommand)]
pub enum Benefit {
    /// Say which SKUs are core licences, in place of what was said before: a CSV file with the columns product_id, sku_id,
    /// edition and cores.
    Licences {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The CSV file.
        file: PathBuf,
    },
    /// Say which sizes of machines there are, in place of those known before: a CSV file with the columns name and cores, and
    /// where wanted flexibility_group and ratio.
    Sizes {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The CSV file.
        file: PathBuf,
    },
    /// Add what machines cost an hour: a CSV file with the columns size, region, currency, effective_from, licensed_rate and
    /// base_rate, and where wanted reserved_rate_1y and reserved_rate_3y. Earlier days stay.
    Rates {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The CSV file.
        file: PathBuf,
    },
}

/// Runs a command; the number is the exit code.
///
/// # Errors
/// When it could not be done; the text says what to do.
pub async fn run(what: Benefit) -> anyhow::Result<u8> {
    let (what, count) = match what {
        Benefit::Licences { at, file } => {
            let list = import::core_licences(opened(&file)?).map_err(|error| wrong(&file, &error))?;
            let count = list.len();
            imported(&at, &file, count, move |tx| Ok(stored::replace_core_licences(tx, &list)?)).await?;
            ("kinds of core licences", count)
        }
        Benefit::Sizes { at, file } => {
            let list = import::sizes(opened(&file)?).map_err(|error| wrong(&file, &error))?;
            let count = list.len();
            imported(&at, &file, count, move |tx| Ok(stored::replace_sizes(tx, &list)?)).await?;
            ("sizes", count)
        }
        Benefit::Rates { at, file } => {
            let list = import::rates(opened(&file)?).map_err(|error| wrong(&file, &error))?;
            let count = list.len();
            imported(&at, &file, count, move |tx| Ok(stored::put_rates(tx, &list)?)).await?;
            ("rates", count)
        }
    };
    say(format_args!("{count} {what}."));
    Ok(0)
}

pub(super) fn opened(file: &Path) -> anyhow::Result<File> {
    File::open(file).with_context(|| format!("{}", file.display()))
}

pub(super) fn wrong(file: &Path, error: &Error) -> anyhow::Error {
    anyhow::anyhow!("{}: {error}", file.display())
}

async fn imported(
    at: &At,
    file: &Path,
    count: usize,
    work: impl Fn(&mut Write<'_>) -> Result<(), Error> + Send + 'static,
) -> anyhow::Result<()> {
    let installation = open(at).await?;
    let cx = Context::system(OPERATOR, installation.clock.now(), "command line");
    let name = file.file_name().map(|own| own.to_string_lossy().into_owned()).unwrap_or_default();
    let facts = vec![Fact::new("file", name), Fact::new("lines", count)];
    let entry = Entry::did(Operation::ImportBenefit, Resource::HybridBenefit, "tables").with(facts);
    let done = installation.store.write(cx.stamp(), move |tx| {
        work(tx)?;
        Ok::<_, Error>(((), entry.clone()))
    });
    Ok(done.await?)
}
