//! Media in the catalogue: added once their file is stored, removed when nothing needs them.

use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::ids::{MediumId, ProductId};
use chandlery_domain::media::{Medium, Version};
use chandlery_store::media::{self, Stored};
use chandlery_store::{Read, Write};

use super::Context;
use crate::error::{Error, Missing};

/// The version of a product as it is written there, whatever the letter case it was given in.
///
/// # Errors
/// The store's own.
pub fn same_version(tx: &mut Read<'_>, product: &ProductId, given: &Version) -> Result<Version, Error> {
    let wanted = given.as_str().to_lowercase();
    let known = media::versions(tx, product)?;
    let found = known.into_iter().find(|own| own.version.as_str().to_lowercase() == wanted);
    Ok(found.map_or_else(|| given.clone(), |own| own.version))
}

/// What stands in a medium's place already: the same file, or another one.
#[derive(Debug, Clone)]
pub enum Place {
    /// Nothing.
    Free,
    /// The very same file.
    Same(Medium),
}

/// Looks whether a medium can be added where `wanted` says.
///
/// # Errors
/// When the product is not in the catalogue, or another file stands there.
pub fn place(tx: &mut Read<'_>, wanted: &Medium) -> Result<Place, Error> {
    if media::product_title(tx, &wanted.product)?.is_none() {
        return Err(Error::invalid(
            "PRODUCT",
            format!("{} is not in the catalogue; import its prices first", wanted.product),
        ));
    }
    let there = media::of_product(tx, &wanted.product)?;
    match there.into_iter().find(|own| own.medium.choice == wanted.choice) {
        None => Ok(Place::Free),
        Some(own) if own.medium.sha256 == wanted.sha256 && own.medium.size == wanted.size => {
            Ok(Place::Same(own.medium))
        }
        Some(own) => Err(Error::invalid(
            "FILE",
            format!(
                "is another one than {} ({}), which stands for {} of this product; remove that first",
                own.medium.name, own.medium.id, own.medium.choice
            ),
        )),
    }
}

/// Adds a medium whose file lies in the media store under `object`. The same file again changes nothing.
///
/// # Errors
/// As [`place`].
pub fn add(tx: &mut Write<'_>, medium: &Medium, object: &str) -> Result<(Place, Entry), Error> {
    let found = place(tx, medium)?;
    let mut facts = vec![
        Fact::new("product", &medium.product),
        Fact::new("medium", &medium.choice),
        Fact::new("file", &medium.name),
        Fact::new("bytes", medium.size),
        Fact::new("sha256", medium.sha256),
    ];
    match &found {
        Place::Free => {
            media::add_version(tx, &medium.product, &medium.choice.version, medium.added_at)?;
            media::insert(tx, medium, object)?;
        }
        Place::Same(_) => facts.push(Fact::new("event", "was there already")),
    }
    Ok((found, Entry::did(Operation::AddMedium, Resource::Medium, medium.id).with(facts)))
}

/// Removes a medium; its links end at once. Its file can be deleted afterwards.
///
/// # Errors
/// When it is not there, or links that could be used need it and `forced` is not said.
pub fn remove(
    tx: &mut Write<'_>,
    cx: &Context,
    id: MediumId,
    forced: bool,
) -> Result<(Stored, Entry), Error> {
    let stored = media::find(tx, id)?
        .filter(|own| own.removed_at.is_none())
        .ok_or(Error::NotFound(Missing::Other("medium")))?;
    let live = media::live_links(tx, id, cx.now)?;
    if live > 0 && !forced {
        return Err(Error::invalid(
            "MEDIUM",
            format!("is needed by {live} download link(s) that can still be used; --force ends them"),
        ));
    }
    let ended = media::revoke_links(tx, id, cx.now)?;
    if !media::remove(tx, id, cx.now)? {
        return Err(Error::conflict("the medium was removed at the same time"));
    }
    let facts = vec![
        Fact::new("product", &stored.medium.product),
        Fact::new("medium", &stored.medium.choice),
        Fact::new("file", &stored.medium.name),
        Fact::new("sha256", stored.medium.sha256),
        Fact::new("links_revoked", ended),
    ];
    Ok((stored, Entry::did(Operation::RemoveMedium, Resource::Medium, id).with(facts)))
}
