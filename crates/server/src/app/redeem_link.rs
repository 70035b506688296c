//! Using a download link. A request is counted before its first byte leaves, and settled when its last one left; the
//! rules are in the domain.

use std::ops::Range;

use chandlery_domain::access::{Action, Scope};
use chandlery_domain::audit::{Entry, Fact, Operation, Resource, Side};
use chandlery_domain::ids::{DownloadId, LinkId, PartnerId};
use chandlery_domain::link::{Admission, Link, REMEMBERED, Standing, admit, settle};
use chandlery_store::links::{self, Issued, Record};
use chandlery_store::media::{self, Stored};
use chandlery_store::{Read, Write, customers};
use jiff::Timestamp;

use super::Context;
use crate::error::Error;

/// What a link leads to, and how it stands.
#[derive(Debug, Clone)]
pub struct Target {
    /// The link.
    pub link: Link,
    /// The medium.
    pub medium: Stored,
    /// How the link stands.
    pub standing: Standing,
    /// The name of the customer.
    pub company: String,
    /// On whose side the link was issued, and the id of whoever did.
    pub issued: (Side, String),
}

/// The right to look after downloads of a partner's links: whoever holds the token needs no other.
///
/// # Errors
/// Never, in truth.
pub fn right(cx: &Context) -> Result<Scope, Error> {
    cx.authorize(Action::IssueLink)
}

fn medium_of(tx: &mut Read<'_>, link: &Link) -> Result<Stored, Error> {
    let found = media::find(tx, link.medium)?;
    found.ok_or_else(|| Error::internal("a link leads to a medium that is not there"))
}

fn company_of(tx: &mut Read<'_>, scope: &Scope, link: &Link) -> Result<String, Error> {
    let found = customers::find(tx, scope, link.customer)?;
    Ok(found.map(|(customer, _)| customer.billing.company_name).unwrap_or_default())
}

/// What a link leads to; none when there is no such link.
///
/// # Errors
/// The store's own.
pub fn look(tx: &mut Read<'_>, cx: &Context, digest: &str) -> Result<Option<Target>, Error> {
    let scope = right(cx)?;
    let Some(Issued { link, side, by }) = links::by_digest(tx, &scope, digest)? else { return Ok(None) };
    let (medium, company) = (medium_of(tx, &link)?, company_of(tx, &scope, &link)?);
    let standing = link.standing(cx.now).map_err(Error::internal)?;
    Ok(Some(Target { link, medium, standing, company, issued: (side, by) }))
}

/// What entries in the log say of a link: read once, because it does not change while the link lives.
#[derive(Debug, Clone)]
pub struct Told {
    /// The name of the customer.
    pub company: String,
    /// The file's name.
    pub file: String,
    /// The file's length.
    pub size: u64,
    /// On whose side it was issued, and the id of whoever did.
    pub issued: (Side, String),
}

impl Target {
    /// What entries in the log say of it.
    pub fn told(&self) -> Told {
        let medium = &self.medium.medium;
        Told {
            company: self.company.clone(),
            file: medium.name.to_string(),
            size: medium.size,
            issued: self.issued.clone(),
        }
    }
}

/// A client's request for a stretch of a file.
#[derive(Debug, Clone)]
pub struct Request {
    /// The link.
    pub link: LinkId,
    /// The digest of its secret.
    pub digest: String,
    /// The client: its address, or the network it is in.
    pub client: String,
    /// The stretch.
    pub wanted: Range<u64>,
    /// The world's time.
    pub beat: Timestamp,
    /// What is known of the link.
    pub told: Told,
}

/// A stretch that is being sent.
#[derive(Debug, Clone)]
pub struct Ticket {
    /// The partner.
    pub partner: PartnerId,
    /// The link.
    pub link: LinkId,
    /// The download it belongs to.
    pub download: DownloadId,
    /// What was promised and is not reported as sent yet.
    pub promised: Range<u64>,
    /// What is known of the link.
    pub told: Told,
}

/// What is done about a request.
#[derive(Debug, Clone)]
pub enum Redeemed {
    /// It is to be sent.
    Send(Ticket),
    /// The link is over.
    Over(Standing),
}

fn entry_of((link, told): (&Link, &Told), event: &str, mut more: Vec<Fact>) -> Entry {
    let mut facts = vec![
        Fact::new("event", event),
        Fact::new("link_id", link.id),
        Fact::new("order_id", link.line.order),
        Fact::new("line", link.line.line),
        Fact::new("file", &told.file),
        Fact::new("issued_side", told.issued.0.as_str()),
        Fact::new("issued_by", &told.issued.1),
    ];
    facts.append(&mut more);
    Entry::did(Operation::DownloadSoftware, Resource::SoftwareDownloadLink, link.id)
        .for_customer(link.customer, &told.company)
        .with(facts)
}

/// Takes a request: counts it where it counts. What begins and what goes on after a pause stands in the log.
///
/// # Errors
/// The store's own.
pub fn redeem(
    tx: &mut Write<'_>,
    cx: &Context,
    wanted: &Request,
) -> Result<(Redeemed, Option<Entry>), Error> {
    let scope = right(cx)?;
    let Some(Issued { mut link, .. }) = links::hold_by_digest(tx, &scope, &wanted.digest)? else {
        return Err(Error::NotFound(crate::error::Missing::Other("link")));
    };
    // A medium that was removed revoked its links.
    let standing = link.standing(cx.now).map_err(Error::internal)?;
    if matches!(standing, Standing::Expired { .. } | Standing::Revoked { .. }) {
        return Ok((Redeemed::Over(standing), None));
    }
    let since = cx.now.checked_sub(REMEMBERED).unwrap_or(Timestamp::MIN);
    let known = links::of_client(tx, &scope, link.id, &wanted.client, since)?;
    let size = wanted.told.size;
    let fresh = DownloadId::new(cx.ids()());
    let (download, is_new, counts, resumes) =
        match admit(&link, &known, (&wanted.wanted, size), cx.now, fresh) {
            Admission::Send { download, is_new, counts, resumes } => (download, is_new, counts, resumes),
            Admission::UsedUp => return Ok((Redeemed::Over(Standing::UsedUp), None)),
        };
    if is_new {
        let record = Record {
            link: link.id,
            download: download.clone(),
            client: wanted.client.clone(),
            began_at: cx.now,
        };
        links::insert_download(tx, &scope, &record, wanted.beat)?;
    } else {
        links::save_download(tx, &scope, link.id, &download, wanted.beat)?;
    }
    if counts {
        link.used = link.used.saturating_add(1);
        link.first_download_at.get_or_insert(cx.now);
        if !is_new {
            // What was given away counts now.
            link.free_bytes = link.free_bytes.saturating_sub(download.sent);
            link.free_starts = link.free_starts.saturating_sub(1);
        }
        links::note_use(tx, &scope, &link)?;
    } else if is_new {
        link.free_starts = link.free_starts.saturating_add(1);
        links::note_use(tx, &scope, &link)?;
    }
    let event = if counts { Some("started") } else { Some("resumed").filter(|_| resumes) };
    let entry = match event {
        Some(event) => {
            let more = vec![
                Fact::new("download_id", download.id),
                Fact::new("from_byte", wanted.wanted.start),
                Fact::new("downloads_counted", link.used),
            ];
            Some(entry_of((&link, &wanted.told), event, more))
        }
        None => None,
    };
    let ticket = Ticket {
        partner: scope.partner(),
        link: link.id,
        download: download.id,
        promised: wanted.wanted.clone(),
        told: wanted.told.clone(),
    };
    Ok((Redeemed::Send(ticket), entry))
}

/// Notes how many bytes of a promise were sent; `over` when no more will be. A download that ended with almost nothing is
/// given back; one that is whole stands in the log.
///
/// # Errors
/// The store's own.
pub fn report(
    tx: &mut Write<'_>,
    cx: &Context,
    (ticket, sent, over): (&Ticket, u64, bool),
    beat: Timestamp,
) -> Result<((), Option<Entry>), Error> {
    let scope = right(cx)?;
    let Some(issued) = links::hold(tx, &scope, ticket.link)? else { return Ok(((), None)) };
    let mut link = issued.link;
    let Some(own) = links::download(tx, &scope, ticket.link, ticket.download)? else {
        return Ok(((), None));
    };
    let free = link.starts_are_free(ticket.told.size);
    let settled = settle(own, (&ticket.promised, sent), over, (ticket.told.size, free), cx.now);
    links::save_download(tx, &scope, ticket.link, &settled.download, beat)?;
    if settled.given_back {
        link.used = link.used.saturating_sub(1);
        link.free_starts = link.free_starts.saturating_add(1);
        if link.used == 0 {
            link.first_download_at = None;
        }
    }
    if settled.counts > 0 {
        // What was sent was sent: where the link had nothing left, the count stays at its limit.
        let most = link.life.max_downloads.map_or(u32::MAX, u32::from);
        link.used = link.used.saturating_add(settled.counts).min(most);
        link.first_download_at.get_or_insert(cx.now);
    }
    link.free_bytes = link.free_bytes.saturating_add(settled.free_bytes);
    if settled.given_back || settled.counts > 0 || settled.free_bytes > 0 {
        links::note_use(tx, &scope, &link)?;
    }
    let entry = if settled.completed || settled.given_back || settled.counts > 0 {
        let event = match (settled.completed, settled.given_back) {
            (true, _) => "completed",
            (false, true) => "given_back",
            (false, false) => "counted_again",
        };
        let more = vec![
            Fact::new("download_id", ticket.download),
            Fact::new("bytes", settled.download.covered.total().min(settled.download.sent)),
            Fact::new("downloads_counted", link.used),
        ];
        Some(entry_of((&link, &ticket.told), event, more))
    } else {
        None
    };
    Ok(((), entry))
}

/// Ends what a server that is gone had under way: it sent what it last reported.
///
/// # Errors
/// The store's own.
pub fn give_up(
    tx: &mut Write<'_>,
    cx: &Context,
    (link, id): (LinkId, DownloadId),
    beat: Timestamp,
) -> Result<((), Option<Entry>), Error> {
    let scope = right(cx)?;
    let Some(issued) = links::hold(tx, &scope, link)? else { return Ok(((), None)) };
    let Some(own) = links::download(tx, &scope, link, id)? else { return Ok(((), None)) };
    let medium = medium_of(tx, &issued.link)?.medium;
    let told = Told {
        company: company_of(tx, &scope, &issued.link)?,
        file: medium.name.to_string(),
        size: medium.size,
        issued: (issued.side, issued.by.clone()),
    };
    let mut entry = None;
    for promised in own.under_way.0 {
        let ticket = Ticket { partner: scope.partner(), link, download: id, promised, told: told.clone() };
        let ((), own) = report(tx, cx, (&ticket, 0, true), beat)?;
        entry = entry.or(own);
    }
    Ok(((), entry))
}
