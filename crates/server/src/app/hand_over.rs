//! Keys out of stock for order lines: taken, unsealed and sealed anew for their partner, with the alarm when few are left.

use chandlery_domain::access::Scope;
use chandlery_domain::ids::{KeyId, ProductId};
use chandlery_domain::key::{AssignedKey, KeyState, LineRef};
use chandlery_domain::media::Version;
use chandlery_store::keys::{HandedKey, History, StockedKey};
use chandlery_store::{Write, keys, media};

use super::Context;
use crate::error::Error;
use crate::outside::vault::{Owner, Vault};

/// A line that is to get a key, with how many licences it holds.
#[derive(Debug, Clone, Copy)]
pub struct Wanting {
    /// The line.
    pub line: LineRef,
    /// How many licences.
    pub quantity: u32,
}

/// A version of which few keys are left; told once, until keys arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Low {
    /// The product.
    pub product: ProductId,
    /// The version.
    pub version: Version,
    /// How many keys are left.
    pub left: i64,
}

/// Takes a key for each line out of a product's stock, from the first version that has any; for fewer lines when the
/// stock ends. One statement a version, not one a line.
///
/// # Errors
/// The store's own.
pub fn take_keys(
    tx: &mut Write<'_>,
    cx: &Context,
    vault: &Vault,
    (product, versions): (&ProductId, &[Version]),
    lines: &[Wanting],
) -> Result<(Vec<HandedKey>, Vec<Low>), Error> {
    let mut waiting = lines.iter();
    let (mut handed, mut low) = (Vec::new(), Vec::new());
    let mut rule = None;
    for version in versions {
        let count = i64::try_from(waiting.len()).map_err(Error::internal)?;
        if count == 0 {
            break;
        }
        let taken = keys::take(tx, product, version, count)?;
        if taken.is_empty() {
            continue;
        }
        for (stocked, wanting) in taken.into_iter().zip(waiting.by_ref()) {
            let own = match (stocked.activations, rule) {
                (Some(own), _) => Some(own),
                (None, Some(rule)) => activations(rule, wanting.quantity),
                (None, None) => {
                    let fresh = media::activation_rule(tx, product)?;
                    rule = Some(fresh);
                    activations(fresh, wanting.quantity)
                }
            };
            handed.push(seal_for_partner(tx, cx, vault, (wanting.line, own), stocked)?);
        }
        if let Some(left) = media::raise_alarm(tx, product, version)? {
            low.push(Low { product: product.clone(), version: version.clone(), left });
        }
    }
    Ok((handed, low))
}

fn activations(rule: chandlery_domain::key::ActivationRule, quantity: u32) -> Option<i64> {
    rule.allowed(quantity).map(i64::from)
}

fn seal_for_partner(
    tx: &mut Write<'_>,
    cx: &Context,
    vault: &Vault,
    (line, activations): (LineRef, Option<i64>),
    stocked: StockedKey,
) -> Result<HandedKey, Error> {
    let text = vault.open(tx, Owner::Operator, "key_stock", &stocked.id, &stocked.sealed)?;
    let id: KeyId = stocked.id.parse().map_err(Error::internal)?;
    let sealed = vault.seal(tx, Owner::Partner(cx.actor.partner()), "product_keys", &stocked.id, &text)?;
    Ok(HandedKey {
        key: AssignedKey { id, line, state: KeyState::Assigned { at: cx.now } },
        product: stocked.product_id,
        version: stocked.version,
        digest: stocked.digest,
        sealed,
        activations,
        imported_activations: stocked.activations,
        history: History { assigned_at: Some(cx.now), revealed_at: None },
    })
}

/// A key that nobody saw, sealed for the stock again.
///
/// # Errors
/// The store's own.
pub fn back_to_stock(
    tx: &mut Write<'_>,
    cx: &Context,
    vault: &Vault,
    scope: &Scope,
    handed: HandedKey,
) -> Result<StockedKey, Error> {
    let id = handed.key.id.to_string();
    let text = vault.open(tx, Owner::Partner(scope.partner()), "product_keys", &id, &handed.sealed)?;
    let sealed = vault.seal(tx, Owner::Operator, "key_stock", &id, &text)?;
    Ok(StockedKey {
        product_id: handed.product,
        version: handed.version,
        id,
        digest: handed.digest,
        sealed,
        activations: handed.imported_activations,
        imported_at: cx.now.as_microsecond(),
    })
}
