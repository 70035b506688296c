//! Products' versions, and the media they come as. Reference data: the same for every partner.

use chandlery_domain::ids::{LinkId, MediumId, PartnerId, ProductId};
use chandlery_domain::key::ActivationRule;
use chandlery_domain::media::{Choice, KnownVersion, Medium, Version};
use diesel::prelude::*;
use jiff::Timestamp;

use crate::columns::{instant, number, read};
use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::{download_links, key_stock, media, product_keys, product_versions, products};

/// How few keys of a version raise the alarm unless the operator says otherwise.
pub const LOW_STOCK: i64 = 5;
/// How many versions of a product are looked at.
const VERSIONS_MAX: i64 = 200;
/// How many media of a product are looked at.
const MEDIA_MAX: i64 = 2000;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = media, treat_none_as_default_value = false)]
struct Row {
    id: String,
    product_id: String,
    version: String,
    language: String,
    bits: String,
    file_type: String,
    platform: String,
    name: String,
    size: i64,
    sha256: String,
    object: String,
    added_at: i64,
    removed_at: Option<i64>,
}

/// A medium with where its file lies.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The medium.
    pub medium: Medium,
    /// The key of its file in the media store.
    pub object: String,
    /// When it was removed.
    pub removed_at: Option<Timestamp>,
}

impl Row {
    fn read(self) -> Result<Stored, Error> {
        Ok(Stored {
            medium: Medium {
                id: read("media.id", &self.id)?,
                product: read("media.product_id", &self.product_id)?,
                choice: Choice {
                    version: read("media.version", &self.version)?,
                    language: read("media.language", &self.language)?,
                    bits: read("media.bits", &self.bits)?,
                    file_type: read("media.file_type", &self.file_type)?,
                    platform: read("media.platform", &self.platform)?,
                },
                name: read("media.name", &self.name)?,
                size: number("media.size", self.size)?,
                sha256: read("media.sha256", &self.sha256)?,
                added_at: instant("media.added_at", self.added_at)?,
            },
            object: self.object,
            removed_at: self.removed_at.map(|at| instant("media.removed_at", at)).transpose()?,
        })
    }
}

/// Adds a medium. The same choice twice is a unique violation.
///
/// # Errors
/// The store's own.
pub fn insert(tx: &mut Write<'_>, medium: &Medium, object: &str) -> Result<(), Error> {
    let row = Row {
        id: medium.id.to_string(),
        product_id: medium.product.to_string(),
        version: medium.choice.version.to_string(),
        language: medium.choice.language.to_string(),
        bits: medium.choice.bits.as_str().into(),
        file_type: medium.choice.file_type.to_string(),
        platform: medium.choice.platform.as_str().into(),
        name: medium.name.to_string(),
        size: i64::try_from(medium.size).map_err(|_| Error::broken("media.size", medium.size))?,
        sha256: medium.sha256.to_string(),
        object: object.to_owned(),
        added_at: medium.added_at.as_microsecond(),
        removed_at: None,
    };
    both!(tx, |c| diesel::insert_into(media::table).values(&row).execute(c))?;
    Ok(())
}

/// A medium, removed or not.
///
/// # Errors
/// The store's own.
pub fn find(tx: &mut Read<'_>, id: MediumId) -> Result<Option<Stored>, Error> {
    let id = id.to_string();
    let row: Option<Row> =
        both!(tx, |c| media::table.find(&id).select(Row::as_select()).first(c).optional())?;
    row.map(Row::read).transpose()
}

/// These media, removed ones included.
///
/// # Errors
/// The store's own.
pub fn named(tx: &mut Read<'_>, ids: &[MediumId]) -> Result<Vec<Medium>, Error> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let rows: Vec<Row> =
        both!(tx, |c| media::table.filter(media::id.eq_any(&ids)).select(Row::as_select()).load(c))?;
    rows.into_iter().map(|row| Ok(row.read()?.medium)).collect()
}

/// The media of a product that can be downloaded.
///
/// # Errors
/// The store's own.
pub fn of_product(tx: &mut Read<'_>, product: &ProductId) -> Result<Vec<Stored>, Error> {
    let rows: Vec<Row> = both!(tx, |c| media::table
        .filter(media::product_id.eq(product.as_str()).and(media::removed_at.is_null()))
        .order(media::id.asc())
        .limit(MEDIA_MAX)
        .select(Row::as_select())
        .load(c))?;
    rows.into_iter().map(Row::read).collect()
}

/// A page of all media that can be downloaded, after `after`.
///
/// # Errors
/// The store's own.
pub fn list(tx: &mut Read<'_>, after: Option<MediumId>, limit: i64) -> Result<Vec<Stored>, Error> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let rows: Vec<Row> = both!(tx, |c| media::table
        .filter(media::removed_at.is_null().and(media::id.gt(&after)))
        .order(media::id.asc())
        .limit(limit)
        .select(Row::as_select())
        .load(c))?;
    rows.into_iter().map(Row::read).collect()
}

/// Marks a medium as removed; false when it was before.
///
/// # Errors
/// The store's own.
pub fn remove(tx: &mut Write<'_>, id: MediumId, now: Timestamp) -> Result<bool, Error> {
    let id = id.to_string();
    let changed = both!(tx, |c| diesel::update(
        media::table.filter(media::id.eq(&id).and(media::removed_at.is_null()))
    )
    .set(media::removed_at.eq(now.as_microsecond()))
    .execute(c))?;
    Ok(changed == 1)
}

/// How many links lead to a medium and could still be used, over all partners.
///
/// # Errors
/// The store's own.
pub fn live_links(tx: &mut Read<'_>, id: MediumId, now: Timestamp) -> Result<i64, Error> {
    const DAY: i64 = 86_400_000_000;
    let (id, now) = (id.to_string(), now.as_microsecond());
    Ok(both!(tx, |c| download_links::table
        .filter(download_links::medium_id.eq(&id).and(download_links::revoked_at.is_null()))
        .filter(
            download_links::max_downloads
                .is_null()
                .or(download_links::max_downloads.gt(download_links::used.nullable()))
        )
        .filter(
            download_links::age
                .eq("from_issue")
                .and((download_links::issued_at + download_links::max_days * DAY).gt(now))
                .or(download_links::age.eq("from_first_download").and(
                    download_links::first_download_at.is_null().or((download_links::first_download_at
                        + (download_links::max_days * DAY).nullable())
                    .gt(now))
                ))
        )
        .count()
        .get_result(c))?)
}

/// Puts the links to a medium out of use; returns how many.
///
/// # Errors
/// The store's own.
pub fn revoke_links(tx: &mut Write<'_>, id: MediumId, now: Timestamp) -> Result<usize, Error> {
    let id = id.to_string();
    Ok(both!(tx, |c| diesel::update(
        download_links::table
            .filter(download_links::medium_id.eq(&id).and(download_links::revoked_at.is_null()))
    )
    .set(download_links::revoked_at.eq(now.as_microsecond()))
    .execute(c))?)
}

/// Which of these links are out of use, over all partners: for the streams that run.
///
/// # Errors
/// The store's own.
pub fn revoked_among(tx: &mut Read<'_>, links: &[(PartnerId, LinkId)]) -> Result<Vec<LinkId>, Error> {
    let partners: Vec<String> = links.iter().map(|(partner, _)| partner.to_string()).collect();
    let ids: Vec<String> = links.iter().map(|(_, id)| id.to_string()).collect();
    let found: Vec<String> = both!(tx, |c| download_links::table
        .filter(download_links::partner_id.eq_any(&partners).and(download_links::id.eq_any(&ids)))
        .filter(download_links::revoked_at.is_not_null())
        .select(download_links::id)
        .load(c))?;
    found.iter().map(|id| read("download_links.id", id)).collect()
}

/// The versions of a product.
///
/// # Errors
/// The store's own.
pub fn versions(tx: &mut Read<'_>, product: &ProductId) -> Result<Vec<KnownVersion>, Error> {
    Ok(versions_of(tx, std::slice::from_ref(product))?.into_iter().map(|(_, version)| version).collect())
}

/// The versions of these products.
///
/// # Errors
/// The store's own.
pub fn versions_of(
    tx: &mut Read<'_>,
    products: &[ProductId],
) -> Result<Vec<(ProductId, KnownVersion)>, Error> {
    let wanted: Vec<&str> = products.iter().map(ProductId::as_str).collect();
    let limit = VERSIONS_MAX.saturating_mul(i64::try_from(wanted.len().max(1)).unwrap_or(1));
    let rows: Vec<(String, String, i64)> = match wanted.as_slice() {
        [one] => both!(tx, |c| product_versions::table
            .filter(product_versions::product_id.eq(*one))
            .select((product_versions::product_id, product_versions::version, product_versions::since))
            .limit(limit)
            .load(c))?,
        many => both!(tx, |c| product_versions::table
            .filter(product_versions::product_id.eq_any(many))
            .select((product_versions::product_id, product_versions::version, product_versions::since))
            .limit(limit)
            .load(c))?,
    };
    rows.into_iter()
        .map(|(product, version, since)| {
            let known = KnownVersion {
                version: read("product_versions.version", &version)?,
                since: instant("product_versions.since", since)?,
            };
            Ok((read("product_versions.product_id", &product)?, known))
        })
        .collect()
}

/// Adds a version to a product unless it is there.
///
/// # Errors
/// The store's own.
pub fn add_version(
    tx: &mut Write<'_>,
    product: &ProductId,
    version: &Version,
    since: Timestamp,
) -> Result<(), Error> {
    both!(tx, |c| diesel::insert_into(product_versions::table)
        .values((
            product_versions::product_id.eq(product.as_str()),
            product_versions::version.eq(version.as_str()),
            product_versions::since.eq(since.as_microsecond()),
            product_versions::low_stock.eq(LOW_STOCK),
            product_versions::alarmed.eq(0),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// Whether a product is in the catalogue.
///
/// # Errors
/// The store's own.
pub fn product_title(tx: &mut Read<'_>, product: &ProductId) -> Result<Option<String>, Error> {
    Ok(both!(tx, |c| products::table.find(product.as_str()).select(products::title).first(c).optional())?)
}

/// How many activations keys of a product allow.
///
/// # Errors
/// The store's own.
pub fn activation_rule(tx: &mut Read<'_>, product: &ProductId) -> Result<ActivationRule, Error> {
    let factor: Option<i64> = both!(tx, |c| products::table
        .find(product.as_str())
        .select(products::activation_factor)
        .first(c)
        .optional())?;
    let factor = factor.map_or(Ok(2), |factor| number("products.activation_factor", factor))?;
    Ok(ActivationRule { factor: Some(factor).filter(|factor| *factor > 0) })
}

/// Sets how many activations keys of a product allow from now on; false when there is no such product.
///
/// # Errors
/// The store's own.
pub fn set_activation_rule(
    tx: &mut Write<'_>,
    product: &ProductId,
    rule: ActivationRule,
) -> Result<bool, Error> {
    let factor = i64::from(rule.factor.unwrap_or(0));
    let changed = both!(tx, |c| diesel::update(products::table.find(product.as_str()))
        .set(products::activation_factor.eq(factor))
        .execute(c))?;
    Ok(changed == 1)
}

/// How the keys of a version are in stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    /// The product.
    pub product: ProductId,
    /// The version.
    pub version: Version,
    /// How many keys nobody owns.
    pub keys: i64,
    /// How few of them raise the alarm.
    pub low_stock: i64,
}

/// Every version of every product with its stock, by product.
///
/// # Errors
/// The store's own.
pub fn pools(tx: &mut Read<'_>, limit: i64) -> Result<Vec<Pool>, Error> {
    let counted: Vec<(String, String, i64)> = both!(tx, |c| key_stock::table
        .group_by((key_stock::product_id, key_stock::version))
        .select((key_stock::product_id, key_stock::version, diesel::dsl::count_star()))
        .load(c))?;
    let rows: Vec<(String, String, i64)> = both!(tx, |c| product_versions::table
        .order((product_versions::product_id.asc(), product_versions::version.asc()))
        .select((product_versions::product_id, product_versions::version, product_versions::low_stock))
        .limit(limit)
        .load(c))?;
    let counted: std::collections::HashMap<(String, String), i64> =
        counted.into_iter().map(|(product, version, keys)| ((product, version), keys)).collect();
    rows.into_iter()
        .map(|(product, version, low_stock)| {
            let keys = counted.get(&(product.clone(), version.clone())).copied().unwrap_or(0);
            Ok(Pool {
                product: read("product_versions.product_id", &product)?,
                version: read("product_versions.version", &version)?,
                keys,
                low_stock,
            })
        })
        .collect()
}

/// Sets how few keys of a version raise the alarm; false when there is no such version.
///
/// # Errors
/// The store's own.
pub fn set_low_stock(
    tx: &mut Write<'_>,
    product: &ProductId,
    version: &Version,
    low_stock: i64,
) -> Result<bool, Error> {
    let changed =
        both!(tx, |c| diesel::update(product_versions::table.find((product.as_str(), version.as_str())))
            .set((product_versions::low_stock.eq(low_stock), product_versions::alarmed.eq(0)))
            .execute(c))?;
    Ok(changed == 1)
}

/// Lowers the alarm of these products: keys arrived.
///
/// # Errors
/// The store's own.
pub fn lower_alarm(tx: &mut Write<'_>, products: &[ProductId]) -> Result<(), Error> {
    let products: Vec<&str> = products.iter().map(ProductId::as_str).collect();
    both!(tx, |c| diesel::update(
        product_versions::table
            .filter(product_versions::product_id.eq_any(&products).and(product_versions::alarmed.eq(1)))
    )
    .set(product_versions::alarmed.eq(0))
    .execute(c))?;
    Ok(())
}

/// Raises the alarm of a version if it is not raised and its stock is low; how many keys are left, if it was raised now.
///
/// # Errors
/// The store's own.
pub fn raise_alarm(tx: &mut Write<'_>, product: &ProductId, version: &Version) -> Result<Option<i64>, Error> {
    let quiet: Option<i64> = both!(tx, |c| product_versions::table
        .find((product.as_str(), version.as_str()))
        .filter(product_versions::alarmed.eq(0))
        .select(product_versions::low_stock)
        .first(c)
        .optional())?;
    let Some(low) = quiet else { return Ok(None) };
    // No more are counted than matter.
    let left: Vec<String> = both!(tx, |c| key_stock::table
        .filter(key_stock::product_id.eq(product.as_str()).and(key_stock::version.eq(version.as_str())))
        .select(key_stock::id)
        .limit(low.saturating_add(1))
        .load(c))?;
    let left = i64::try_from(left.len()).unwrap_or(i64::MAX);
    if left > low {
        return Ok(None);
    }
    both!(tx, |c| diesel::update(product_versions::table.find((product.as_str(), version.as_str())))
        .set(product_versions::alarmed.eq(1))
        .execute(c))?;
    Ok(Some(left))
}

/// The keys of a version, in stock and handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    /// The product and the version, with how few keys raise the alarm and how many there are.
    pub pool: Pool,
    /// The product's title.
    pub title: String,
    /// Whether the alarm is raised.
    pub alarmed: bool,
    /// How many keys customers hold, revoked ones left out.
    pub handed: i64,
}

/// A page of the versions there are, by product and version, after `after`; those of one product where it is given.
///
/// # Errors
/// The store's own.
pub fn shelves(
    tx: &mut Read<'_>,
    product: Option<&ProductId>,
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<Shelf>, Error> {
    let rows: Vec<(String, String, i64, i64, String)> = both!(tx, |c| {
        let mut query = product_versions::table
            .inner_join(products::table.on(products::id.eq(product_versions::product_id)))
            .select((
                product_versions::product_id,
                product_versions::version,
                product_versions::low_stock,
                product_versions::alarmed,
                products::title,
            ))
            .into_boxed();
        if let Some(product) = product {
            query = query.filter(product_versions::product_id.eq(product.as_str()));
        }
        let same = product_versions::product_id.eq(after.0).and(product_versions::version.gt(after.1));
        query
            .filter(product_versions::product_id.gt(after.0).or(same))
            .order((product_versions::product_id.asc(), product_versions::version.asc()))
            .limit(limit)
            .load(c)
    })?;
    let ids: Vec<&str> = rows.iter().map(|own| own.0.as_str()).collect();
    let stocked: Vec<(String, String, i64)> = both!(tx, |c| key_stock::table
        .filter(key_stock::product_id.eq_any(&ids))
        .group_by((key_stock::product_id, key_stock::version))
        .select((key_stock::product_id, key_stock::version, diesel::dsl::count_star()))
        .load(c))?;
    let handed: Vec<(String, String, i64)> = both!(tx, |c| product_keys::table
        .filter(product_keys::product_id.eq_any(&ids).and(product_keys::state.ne("revoked")))
        .group_by((product_keys::product_id, product_keys::version))
        .select((product_keys::product_id, product_keys::version, diesel::dsl::count_star()))
        .load(c))?;
    let count = |list: &[(String, String, i64)], product: &str, version: &str| {
        list.iter().find(|own| own.0 == product && own.1 == version).map_or(0, |own| own.2)
    };
    rows.into_iter()
        .map(|(product, version, low_stock, alarmed, title)| {
            Ok(Shelf {
                title,
                alarmed: alarmed != 0,
                handed: count(&handed, &product, &version),
                pool: Pool {
                    keys: count(&stocked, &product, &version),
                    product: read("product_versions.product_id", &product)?,
                    version: read("product_versions.version", &version)?,
                    low_stock,
                },
            })
        })
        .collect()
}

/// A page of the media of a product that can be downloaded, by id, after `after`.
///
/// # Errors
/// The store's own.
pub fn page_of_product(
    tx: &mut Read<'_>,
    product: &ProductId,
    after: Option<MediumId>,
    limit: i64,
) -> Result<Vec<Stored>, Error> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let rows: Vec<Row> = both!(tx, |c| media::table
        .filter(media::product_id.eq(product.as_str()).and(media::removed_at.is_null()))
        .filter(media::id.gt(&after))
        .order(media::id.asc())
        .limit(limit)
        .select(Row::as_select())
        .load(c))?;
    rows.into_iter().map(Row::read).collect()
}
