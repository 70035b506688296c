//! Comparing a month over all partners: partner by partner, in constant memory, and again as often as somebody likes.

use std::collections::BTreeMap;
use std::sync::Arc;

use chandlery_domain::access::Action;
use chandlery_domain::close::{Difference, Gap, Quantity, Sides};
use chandlery_domain::ids::PartnerId;
use chandlery_domain::invoice::Month;
use chandlery_domain::refusal::Refusal;
use chandlery_store::subscriptions::{self, Due};
use chandlery_store::{closing, invoices, partners};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::invoice_run::{GRACE, RunError};
use crate::app::Context;
use crate::app::close::{self, Compared};
use crate::error::Error;
use crate::installation::{Installation, OPERATOR};

/// How many partners are looked at at once.
const PAGE: i64 = 200;
/// How many are compared side by side.
const SIDE_BY_SIDE: usize = 4;
/// How many subscriptions are looked at at once.
const SUBSCRIPTIONS: i64 = 500;
/// How many products the vendor's bill may differ in that are kept.
const PRODUCTS: usize = 5000;

/// How many were charged here, and how many the vendor billed, by product and whether it was given back.
type Quantities = BTreeMap<(String, bool), (i64, i64)>;

/// Compares a month and keeps what the sides differ in. `seen` is told how many partners were looked at, of how many.
///
/// # Errors
/// When the month is not over, was billed elsewhere or is closed; the store's own.
pub async fn compare(
    installation: &Installation,
    month: Month,
    seen: &(dyn Fn(u64, u64) + Send + Sync),
) -> Result<(), RunError> {
    let (_, end) = month.stretch().map_err(Error::internal)?;
    let from = end.checked_add(GRACE).map_err(Error::internal)?;
    let now = installation.clock.now();
    let mut ids = Context::system(OPERATOR, now, "billing").ids();
    let run = ids();
    if now < from {
        return Err(RunError::NotOver { month, from });
    }
    let read = installation.store.read(move |tx| {
        Ok::<_, Error>((
            invoices::billing_begins(tx)?,
            closing::is_closed(tx, month)?,
            closing::vendor(tx, month)?,
            partners::count(tx)?,
        ))
    });
    let (begins, closed, vendor, all) = read.await?;
    if begins.is_some_and(|begins| end <= begins) {
        return Err(RunError::BilledElsewhere { month });
    }
    if closed {
        return Err(RunError::Closed { month });
    }
    let mut quantities = Quantities::new();
    let with_vendor = !vendor.is_empty();
    for own in vendor {
        let place = quantities.entry((own.product, own.credit)).or_default();
        place.1 = place.1.saturating_add(own.quantity);
    }
    let (mut sums, mut after, mut count) = (BTreeMap::<String, Sides>::new(), None::<PartnerId>, 0_u64);
    loop {
        let page =
            installation.store.read(move |tx| Ok::<_, Error>(partners::ids_after(tx, after, PAGE)?)).await?;
        let Some(last) = page.last() else { break };
        after = Some(*last);
        let mut found = Vec::new();
        let (mut running, mut waiting) = (JoinSet::new(), page.into_iter());
        loop {
            while running.len() < SIDE_BY_SIDE
                && let Some(partner) = waiting.next()
            {
                running.spawn(one(installation.clone(), partner, month, with_vendor));
            }
            let Some(done) = running.join_next().await else { break };
            let Compared { sides, differences, quantities: own } = done.map_err(Error::internal)??;
            count = count.saturating_add(1);
            seen(count, all.max(count));
            for side in sides {
                let sum = sums
                    .entry(side.currency().to_string())
                    .or_insert_with(|| Sides::nothing(side.currency()));
                *sum = sum.plus(&side).map_err(|error| Error::Refused(Refusal::from(error)))?;
            }
            found.extend(differences);
            for (item, credit, number) in own {
                let place = quantities.entry((product(&item), credit)).or_default();
                place.0 = place.0.saturating_add(number);
            }
        }
        keep(installation, month, found, run).await?;
    }
    not_charged_through(installation, month, run).await?;
    let of_vendor = |((product, credit), (here, vendor)): ((String, bool), (i64, i64))| {
        Quantity { product, credit, here, vendor }.difference()
    };
    if with_vendor {
        let found = quantities.into_iter().filter_map(of_vendor).take(PRODUCTS).collect();
        keep(installation, month, found, run).await?;
    }
    let sums: Vec<Sides> = sums.into_values().collect();
    let done = installation
        .store
        .bookkeep(move |tx| Ok::<_, Error>(closing::compared(tx, month, &sums, (run, now))?));
    Ok(done.await?)
}

/// The product and variant of an item: `DG7GMGF0DWMS:0002` of `DG7GMGF0DWMS:0002:DG7GMGF0FKZV`. Vendors number the rest as they like.
fn product(item: &str) -> String {
    item.split(':').take(2).collect::<Vec<_>>().join(":")
}

async fn one(
    installation: Installation,
    partner: PartnerId,
    month: Month,
    vendor: bool,
) -> Result<Compared, Error> {
    let cx = Arc::new(Context::system(partner, installation.clock.now(), "billing"));
    let scope = cx.authorize(Action::ManageBilling)?;
    installation.store.read(move |tx| close::compare(tx, &scope, month, vendor)).await
}

async fn keep(
    installation: &Installation,
    month: Month,
    found: Vec<Difference>,
    run: Uuid,
) -> Result<(), Error> {
    if found.is_empty() {
        return Ok(());
    }
    installation.store.bookkeep(move |tx| Ok::<_, Error>(closing::keep(tx, month, &found, run)?)).await
}

/// Subscriptions that go on and were not charged to the end of the month: their renewal is refused, or the work is behind.
async fn not_charged_through(installation: &Installation, month: Month, run: Uuid) -> Result<(), Error> {
    let mut after = None::<Due>;
    loop {
        let page = installation
            .store
            .read(move |tx| Ok::<_, Error>(subscriptions::due(tx, month.last(), after, SUBSCRIPTIONS)?))
            .await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(*last);
        let found = page
            .iter()
            .map(|own| Difference {
                gap: Gap::NotChargedThrough,
                partner: Some(own.partner),
                subject: own.id.to_string(),
                currency: None,
                expected: None,
                found: None,
                detail: own.charged_through.to_string(),
            })
            .collect();
        keep(installation, month, found, run).await?;
    }
}
