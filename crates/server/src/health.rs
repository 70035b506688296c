//! How an installation is: what `chandlery doctor` prints and the operator's page shows. Looks, and changes nothing.

use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use anyhow::Context as _;
use chandlery_domain::ids::{OrderId, PartnerId};
use chandlery_store::media::{self, Pool};
use chandlery_store::{Read, catalog, jobs};
use jiff::Timestamp;

use crate::clock::wall_clock;
use crate::error::Error;
use crate::installation::Installation;
use crate::outside::key_ring::KeyRing;

/// How many MiB must be free at least: a full disk stops all writing.
pub const FREE_MIN_MIB: u64 = 512;
/// How many pools of keys are looked at.
const POOLS_MAX: i64 = 100_000;
/// A key nothing is stored under, to see whether the place for media answers.
const PROBE: &str = "reachability-probe";
/// How long the place for media may take to answer.
const PROBE_PATIENCE: Duration = Duration::from_secs(4);

static STARTED: LazyLock<Timestamp> = LazyLock::new(wall_clock);

/// Since when the server runs: the first time this is asked, which is when it begins to serve.
pub fn started() -> Timestamp {
    *STARTED
}

/// Whether the folder keeps what is written.
///
/// # Errors
/// When it does not; the text says what.
pub fn folder(folder: &Path) -> anyhow::Result<()> {
    let probe = tempfile::NamedTempFile::new_in(folder)
        .with_context(|| format!("{} cannot be written to", folder.display()))?;
    probe
        .as_file()
        .sync_all()
        .with_context(|| format!("{} does not keep what is written", folder.display()))?;
    Ok(())
}

/// How many MiB are free where the folder lies.
///
/// # Errors
/// When it cannot be looked at.
pub fn free_mib(folder: &Path) -> anyhow::Result<u64> {
    let stat =
        rustix::fs::statvfs(folder).with_context(|| format!("{} cannot be looked at", folder.display()))?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize) / (1024 * 1024))
}

/// How many keys the ring holds.
///
/// # Errors
/// When it cannot be read, or others may read it.
pub fn key_ring(path: &Path) -> anyhow::Result<usize> {
    Ok(KeyRing::open(path)?.ids().count())
}

/// How the catalogue and the stock are.
#[derive(Debug)]
pub struct Stock {
    /// How many price rows there are.
    pub prices: i64,
    /// How many versions have product keys.
    pub pools: usize,
    /// Those of which few are left.
    pub low: Vec<Pool>,
}

/// Looks at the catalogue and the stock.
///
/// # Errors
/// The store's own.
pub fn stock(tx: &mut Read<'_>) -> Result<Stock, Error> {
    let prices = catalog::price_count(tx)?;
    let all = media::pools(tx, POOLS_MAX)?;
    let pools = all.len();
    Ok(Stock { prices, pools, low: all.into_iter().filter(|own| own.keys <= own.low_stock).collect() })
}

/// Orders that wait for something only the operator can bring, such as product keys.
///
/// # Errors
/// The store's own.
pub fn stuck_orders(tx: &mut Read<'_>, limit: i64) -> Result<Vec<(PartnerId, OrderId, String)>, Error> {
    Ok(jobs::stuck_orders(tx, limit)?)
}

/// Whether the place for media answers.
///
/// # Errors
/// When it does not, or not in time.
pub async fn media_store(installation: &Installation) -> anyhow::Result<()> {
    tokio::time::timeout(PROBE_PATIENCE, installation.media.length(PROBE))
        .await
        .context("the place for media does not answer in time")?
        .context("the place for media cannot be reached")?;
    Ok(())
}
