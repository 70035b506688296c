//! Sealing: entries that wait get their number and their hash, and each batch a signed checkpoint.
//!
//! A number is given in one transaction per partner, which takes the entries out of the inbox and puts them into the
//! log: what is in the log has no gaps, and nothing that was committed can be forgotten.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use chandlery_domain::ids::PartnerId;
use chandlery_store::audit::{Sealed as Row, Waiting};
use chandlery_store::seals::{self, LogKey};
use chandlery_store::vault as stored;
use chandlery_store::{Read, Store, Write};
use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{Checkpoint, Content, PublicKeys, Sealed, SigningKey, content_digest, genesis, link};
use crate::error::Error;
use crate::installation::OPERATOR;
use crate::outside::vault::{Owner, Vault};

/// How many entries one transaction seals at most.
const BATCH: i64 = 2000;
/// How many partners are looked for at once.
const PARTNERS: i64 = 500;

/// Signs checkpoints with the newest key of the log.
pub struct Sealer(SigningKey);

fn hash(text: &str) -> Result<[u8; 32], Error> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes)
        .map_err(|_| Error::internal("a hash in the log cannot be read"))?;
    Ok(bytes)
}

/// What is hashed of an entry that waits.
fn content(row: &Waiting) -> Content<&str> {
    Content {
        partner: &row.partner_id,
        id: &row.id,
        at: row.at,
        side: &row.side,
        operation: &row.operation,
        resource: &row.resource,
        resource_id: &row.resource_id,
        customer_id: row.customer_id.as_deref(),
        customer_name: row.customer_name.as_deref(),
        outcome: &row.outcome,
        actor_kind: &row.actor_kind,
        actor_id: &row.actor_id,
        actor_name: row.actor_name.as_deref(),
        application: row.application.as_deref(),
        address: row.address.as_deref(),
        personal: row.personal.as_deref(),
        before: &row.before_facts,
        after: &row.after_facts,
        request_id: &row.request_id,
        correlation_id: &row.correlation_id,
    }
}

/// A stored entry as it is exported and verified; `previous` is the hash of the entry before it. A hash that
/// cannot be read is one that is wrong.
pub fn chained(row: Row, previous: [u8; 32]) -> Sealed {
    Sealed {
        sequence: u64::try_from(row.sequence).unwrap_or(0),
        previous,
        hash: hash(&row.hash).unwrap_or([0; 32]),
        content: Content {
            partner: row.partner_id,
            id: row.id,
            at: row.at,
            side: row.side,
            operation: row.operation,
            resource: row.resource,
            resource_id: row.resource_id,
            customer_id: row.customer_id,
            customer_name: row.customer_name,
            outcome: row.outcome,
            actor_kind: row.actor_kind,
            actor_id: row.actor_id,
            actor_name: row.actor_name,
            application: row.application,
            address: row.address,
            personal: row.personal,
            before: row.before_facts,
            after: row.after_facts,
            request_id: row.request_id,
            correlation_id: row.correlation_id,
        },
    }
}

/// A stored checkpoint as it is exported and verified. What cannot be read of it is wrong, so its signature is too.
pub fn read_checkpoint(row: &seals::Checkpoint) -> Checkpoint {
    let signature = BASE64.decode(&row.signature).ok().and_then(|bytes| bytes.try_into().ok());
    Checkpoint {
        partner: row.partner_id.clone(),
        sequence: u64::try_from(row.sequence).unwrap_or(0),
        head: hash(&row.head).unwrap_or([0; 32]),
        at: row.at,
        key: row.key_id.clone(),
        signature: signature.unwrap_or([0; 64]),
    }
}

/// The hash of the entry before `sequence`, as the chain has it.
///
/// # Errors
/// When it cannot be read.
pub fn hash_before(tx: &mut Read<'_>, partner: PartnerId, sequence: i64) -> Result<[u8; 32], Error> {
    if sequence <= 1 {
        return Ok(genesis(&partner.to_string()));
    }
    let before = sequence.saturating_sub(1);
    // As the entry was chained when it was sealed: to what was signed before it, or to what stood there, or, where that is
    // gone, to the last that was left.
    let signed = seals::signed_at(tx, partner, before)?.and_then(|text| hash(&text).ok());
    let known = match signed {
        Some(known) => Some(known),
        None => seals::standing_at(tx, partner, before)?.map(|text| hash(&text)).transpose()?,
    };
    Ok(known.unwrap_or_else(|| genesis(&partner.to_string())))
}

/// Where a partner's log goes on: after the largest number that was ever sealed, chained to what was signed of it, so that
/// entries somebody took out or changed stay missing, and no number is given a second time.
struct End {
    sequence: i64,
    hash: [u8; 32],
    /// The first number at which the log does not hold what was sealed.
    gap: Option<i64>,
}

impl End {
    fn of(tx: &mut Read<'_>, partner: PartnerId) -> Result<Self, Error> {
        let standing = seals::head(tx, partner)?;
        let signed = seals::last_checkpoint(tx, partner)?.map(|own| (own.sequence, own.head));
        let length = seals::length(tx, partner)?;
        let last = standing.as_ref().map_or(0, |own| own.0);
        let sealed = length.max(signed.as_ref().map_or(0, |own| own.0));
        let sequence = sealed.max(last);
        // What was signed and cannot be read is worth nothing.
        let at = |own: &&(i64, String)| own.0 == sequence && hash(&own.1).is_ok();
        let known = signed.as_ref().filter(at).or(standing.as_ref());
        let hash = match known {
            Some((_, text)) => hash(text)?,
            None => genesis(&partner.to_string()),
        };
        let gap = if last == sealed {
            (signed != standing).then_some(last)
        } else {
            Some(last.min(sealed).saturating_add(1))
        };
        Ok(Self { sequence, hash, gap })
    }
}

/// How a partner's log stands.
pub struct Sealing {
    /// How many entries were sealed.
    pub length: i64,
    /// When the newest checkpoint was signed.
    pub checkpoint: Option<Timestamp>,
    /// Whether the last entry is the last one that was sealed, what stands there is what was signed, and none was ever
    /// sealed behind one that was gone. Entries before the last one are not read: that is what verifying is for.
    pub whole: bool,
}

impl Sealing {
    /// Reads it.
    ///
    /// # Errors
    /// The store's own.
    pub fn of(tx: &mut Read<'_>, partner: PartnerId) -> Result<Self, Error> {
        let length = seals::length(tx, partner)?;
        let newest = seals::last_checkpoint(tx, partner)?;
        let standing = seals::head(tx, partner)?;
        let signed = newest.as_ref().map(|own| (own.sequence, own.head.clone()));
        let whole = standing == signed
            && standing.map_or(0, |own| own.0) == length
            && seals::gap(tx, partner)?.is_none();
        let checkpoint = newest.and_then(|own| Timestamp::from_microsecond(own.at).ok());
        Ok(Self { length, checkpoint, whole })
    }
}

impl Sealer {
    /// The key of the log; drawn now where there is none yet.
    ///
    /// # Errors
    /// When it does not open.
    pub async fn load_or_draw(store: &Store, vault: &Arc<Vault>, now: Timestamp) -> Result<Self, Error> {
        let vault = Arc::clone(vault);
        let fresh = SigningKey::generate().map_err(Error::internal)?;
        let pkcs8 = Zeroizing::new(BASE64.encode(fresh.to_pkcs8().map_err(Error::internal)?.as_slice()));
        store
            .bookkeep(move |tx: &mut Write<'_>| {
                if let Some(kept) = seals::log_keys(tx)?.first() {
                    let text = vault.open(tx, Owner::Operator, "log_keys", &kept.id, &kept.sealed)?;
                    let der = Zeroizing::new(BASE64.decode(text.as_bytes()).map_err(Error::internal)?);
                    return Ok(Self(SigningKey::from_pkcs8(&der).map_err(Error::internal)?));
                }
                if stored::data_key(tx, "operator")?.is_none() {
                    return Err(Error::internal("the operator has no data key"));
                }
                let der = Zeroizing::new(BASE64.decode(pkcs8.as_bytes()).map_err(Error::internal)?);
                let key = SigningKey::from_pkcs8(&der).map_err(Error::internal)?;
                let id = key.id().to_owned();
                let sealed = vault.seal(tx, Owner::Operator, "log_keys", &id, &pkcs8)?;
                let row = LogKey { public_key: key.public_key(), id, sealed, added_at: now.as_microsecond() };
                seals::insert_log_key(tx, &row)?;
                Ok(Self(key))
            })
            .await
    }

    /// The key, for what else the installation vouches for.
    pub const fn key(&self) -> &SigningKey {
        &self.0
    }

    /// Seals what waits of one partner's; returns how many entries.
    ///
    /// # Errors
    /// The store's own.
    pub async fn seal(
        self: &Arc<Self>,
        store: &Store,
        partner: PartnerId,
        now: Timestamp,
    ) -> Result<u64, Error> {
        let mut count = 0_u64;
        loop {
            let own = Arc::clone(self);
            let sealed = store.bookkeep(move |tx| own.batch(tx, partner, now)).await?;
            count = count.saturating_add(u64::try_from(sealed).unwrap_or(0));
            if i64::try_from(sealed).unwrap_or(0) < BATCH {
                return Ok(count);
            }
        }
    }

    fn batch(&self, tx: &mut Write<'_>, partner: PartnerId, now: Timestamp) -> Result<usize, Error> {
        let waiting = seals::waiting(tx, partner, BATCH)?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let name = partner.to_string();
        let end = End::of(tx, partner)?;
        if let Some(gap) = end.gap
            && seals::gap(tx, partner)?.is_none_or(|known| gap < known)
        {
            seals::set_cursor(tx, partner, seals::GAP, gap)?;
        }
        let (mut sequence, mut previous) = (end.sequence, end.hash);
        let mut rows = Vec::with_capacity(waiting.len());
        for row in waiting {
            sequence = sequence.checked_add(1).ok_or_else(|| Error::internal("the log is full"))?;
            let number = u64::try_from(sequence).map_err(Error::internal)?;
            previous = link(previous, number, content_digest(&content(&row)));
            rows.push(row.sealed(sequence, hex::encode(previous)));
        }
        seals::seal(tx, partner, &rows)?;
        let number = u64::try_from(sequence).map_err(Error::internal)?;
        let signed =
            self.0.checkpoint(&name, number, previous, now.as_microsecond()).map_err(Error::internal)?;
        let row = seals::Checkpoint {
            partner_id: signed.partner,
            sequence,
            head: hex::encode(signed.head),
            at: signed.at,
            key_id: signed.key,
            signature: BASE64.encode(signed.signature),
        };
        seals::insert_checkpoint(tx, &row)?;
        seals::set_cursor(tx, partner, seals::HEAD, sequence)?;
        if let Some(gap) = end.gap {
            tracing::error!(%partner, gap, "the log does not hold what was sealed; verify it");
        }
        Ok(rows.len())
    }

    /// Seals what waits of everybody's; returns how many entries.
    ///
    /// # Errors
    /// The store's own.
    pub async fn seal_all(self: &Arc<Self>, store: &Store, now: Timestamp) -> Result<u64, Error> {
        let partners = store.read(|tx| Ok::<_, Error>(seals::waiting_partners(tx, PARTNERS)?)).await?;
        let mut count = 0_u64;
        for partner in partners {
            // A log that cannot go on keeps no other waiting.
            match self.seal(store, partner, now).await {
                Ok(sealed) => count = count.saturating_add(sealed),
                Err(error) => tracing::error!(%partner, %error, "a log could not be sealed"),
            }
        }
        Ok(count)
    }
}

/// The public keys checkpoints are or were signed with.
///
/// # Errors
/// When they cannot be read.
pub fn public_keys(tx: &mut Read<'_>) -> Result<PublicKeys, Error> {
    let lines: Vec<String> =
        seals::log_keys(tx)?.into_iter().map(|key| format!("{} {}", key.id, key.public_key)).collect();
    PublicKeys::parse(&lines.join("\n")).map_err(Error::internal)
}

/// Everybody who has a log, or had one: the operator, every partner, and whoever's entries, lengths or checkpoints stand in
/// the database.
///
/// # Errors
/// The store's own.
pub async fn everybody(store: &Store) -> Result<Vec<PartnerId>, Error> {
    let mut list = std::collections::BTreeSet::from([OPERATOR]);
    let mut after = String::new();
    loop {
        let from = after.clone();
        let page = store.read(move |tx| Ok::<_, Error>(seals::partners_after(tx, &from, 1000)?)).await?;
        let Some(last) = page.last() else { break };
        after = last.to_string();
        list.extend(page);
    }
    list.extend(store.read(|tx| Ok::<_, Error>(seals::partners_with_traces(tx)?)).await?);
    Ok(list.into_iter().collect())
}
