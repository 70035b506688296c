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
use crate::texts::Complaint;

/// How many partners are looked at at once.
const PAGE: i64 = 200;
/// How many are compared side by side.
const SIDE_BY_SIDE: usize = 4;
/// How many subscriptions are looked at at once.
const SUBSCRIPTIONS: i64 = 500;
/// How many differences of one kind are kept that are no single partner's.
const MOST: usize = 5000;
/// How many differences one transaction writes: purchases wait for it.
const PIECE: usize = 500;

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
    let begins = installation.store.read(|tx| Ok::<_, Error>(invoices::billing_begins(tx)?)).await?;
    if begins.is_some_and(|begins| end <= begins) {
        return Err(RunError::BilledElsewhere { month });
    }
    if !installation.store.bookkeep(move |tx| Ok::<_, Error>(closing::begin(tx, month, run)?)).await? {
        return Err(RunError::Closed { month });
    }
    // Read after the beginning: a bill that comes later ends this comparison.
    let read = installation
        .store
        .read(move |tx| Ok::<_, Error>((closing::vendor_quantities(tx, month)?, partners::count(tx)?)));
    let (vendor, all) = read.await?;
    let mut quantities = Quantities::new();
    let with_vendor = !vendor.is_empty();
    for (product, credit, quantity) in vendor {
        quantities.entry((product, credit)).or_default().1 = quantity;
    }
    let (mut sums, mut after, mut count) = (BTreeMap::<String, Sides>::new(), None::<PartnerId>, 0_u64);
    loop {
        let page =
            installation.store.read(move |tx| Ok::<_, Error>(partners::ids_after(tx, after, PAGE)?)).await?;
        let Some(last) = page.last() else { break };
        after = Some(*last);
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
            keep(installation, month, differences, run).await?;
            for (item, credit, number) in own {
                let place = quantities.entry((product(&item), credit)).or_default();
                place.0 = place.0.saturating_add(number);
            }
        }
    }
    not_charged_through(installation, month, run).await?;
    let of_vendor = |((product, credit), (here, vendor)): ((String, bool), (i64, i64))| {
        Quantity { product, credit, here, vendor }.difference()
    };
    if with_vendor {
        let mut found: Vec<Difference> = quantities.into_iter().filter_map(of_vendor).collect();
        if found.len() > MOST {
            found.truncate(MOST);
            found.push(Difference::more(Gap::VendorOtherwise, None, i64::try_from(MOST).unwrap_or(i64::MAX)));
        }
        keep(installation, month, found, run).await?;
    }
    let sums: Vec<Sides> = sums.into_values().collect();
    let at = installation.clock.now();
    let done = installation
        .store
        .bookkeep(move |tx| Ok::<_, Error>(closing::compared(tx, month, &sums, (run, at))?));
    Ok(counts(done.await?)?)
}

/// Whether the comparison counts: nobody began another meanwhile, closed the month, or read another bill.
fn counts(own: bool) -> Result<(), Error> {
    match own {
        true => Ok(()),
        false => Err(Error::complaint("period", Complaint::of("complaint-compared-elsewhere"))),
    }
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
    for piece in found.chunks(PIECE) {
        let piece = piece.to_vec();
        let kept =
            installation.store.bookkeep(move |tx| Ok::<_, Error>(closing::keep(tx, month, &piece, run)?));
        counts(kept.await?)?;
    }
    Ok(())
}

/// Subscriptions that go on and were not charged to the end of the month: their renewal is refused, or the work is behind.
async fn not_charged_through(installation: &Installation, month: Month, run: Uuid) -> Result<(), Error> {
    let (mut after, mut count) = (None::<Due>, 0_usize);
    loop {
        let page = installation
            .store
            .read(move |tx| Ok::<_, Error>(subscriptions::due(tx, month.last(), after, SUBSCRIPTIONS)?))
            .await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(*last);
        count = count.saturating_add(page.len());
        if count > MOST {
            let more =
                Difference::more(Gap::NotChargedThrough, None, i64::try_from(MOST).unwrap_or(i64::MAX));
            return keep(installation, month, vec![more], run).await;
        }
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
