//! What a price sheet would change, told before it is imported. Nothing is stored.

use std::collections::BTreeSet;
use std::io::Read as Input;

use chandlery_domain::catalog::Sku;
use chandlery_domain::ids::{CatalogItemId, ProductId, SkuId};
use chandlery_domain::price::PriceRow;
use chandlery_store::Read;
use chandlery_store::catalog::{self, Batch, compare};

use super::{BATCH_ROWS, Collector, ImportError, Survey, family_clash, walk};
use crate::error::BadRow;

/// How many changed prices are told one by one.
const CHANGES_TOLD: usize = 50;

/// What a sheet would change.
#[derive(Debug, Default)]
pub struct Preview {
    /// Products that are not there yet.
    pub products: BTreeSet<ProductId>,
    /// SKUs that are not there yet.
    pub skus: BTreeSet<(ProductId, SkuId)>,
    /// Items that are not there yet.
    pub items: BTreeSet<CatalogItemId>,
    /// How many price rows are not there yet.
    pub new_prices: usize,
    /// How many price rows would say something else.
    pub changed_prices: usize,
    /// The first of them: as they are, and as they would be.
    pub changed: Vec<(PriceRow, PriceRow)>,
    /// What clashes with the catalogue.
    pub clashes: Vec<BadRow>,
}

impl Preview {
    fn take(&mut self, tx: &mut Read<'_>, batch: &Batch) -> Result<(), ImportError> {
        let found = compare(tx, batch)?;
        self.products.extend(found.products);
        self.skus.extend(found.skus);
        self.items.extend(found.items);
        self.new_prices += found.new_prices;
        self.changed_prices += found.changed.len();
        let room = CHANGES_TOLD.saturating_sub(self.changed.len());
        self.changed.extend(found.changed.into_iter().take(room));
        let products: Vec<ProductId> = batch.products.iter().map(|own| own.id.clone()).collect();
        for stored in catalog::skus(tx, &products)? {
            let same = |own: &&Sku| own.product == stored.product && own.id == stored.id;
            let clash = batch.skus.iter().map(|(sku, _)| sku).find(same);
            let clash = clash.and_then(|sku| family_clash(&stored, sku));
            if let Some(bad) = clash.filter(|bad| !self.clashes.contains(bad)) {
                self.clashes.push(bad);
            }
        }
        Ok(())
    }
}

/// Compares the rows of a surveyed file that can be read with what is stored.
///
/// # Errors
/// When the file cannot be read, or the store's own.
pub fn preview(tx: &mut Read<'_>, input: impl Input, survey: &Survey) -> Result<Preview, ImportError> {
    let mut found = Preview::default();
    let mut collector = Collector { ranges: &survey.ranges, known: BTreeSet::new(), batch: Batch::default() };
    walk(input, &|_| {}, |row| {
        if let Ok(row) = row {
            collector.take(row);
        }
        if collector.batch.prices.len() >= BATCH_ROWS {
            found.take(tx, &std::mem::take(&mut collector.batch))?;
        }
        Ok::<_, ImportError>(())
    })?;
    found.take(tx, &collector.batch)?;
    Ok(found)
}
