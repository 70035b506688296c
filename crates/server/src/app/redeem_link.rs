//! Using a download link. A request is counted before its first byte leaves, and settled when its last one left; the
//! rules are in the domain.

use std::ops::Range;

use chandlery_domain::access::{Action, Scope};
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::ids::{CustomerId, DownloadId, LinkId, PartnerId};
use chandlery_domain::link::{Admission, FREE_STARTS, Link, REMEMBERED, Standing, admit, settle};
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
}

/// The right to look after downloads of a partner's links: whoever holds the token needs no other.
///
/// # Errors
/// Never, in truth.
pub fn right(cx: &Context) -> Result<Scope, Error> {
    cx.authorize(Action::IssueLink)
}

fn target(tx: &mut Read<'_>, issued: Issued, now: Timestamp) -> Result<Target, Error> {
    let medium = media::find(tx, issued.link.medium)?
        .ok_or_else(|| Error::internal("a link leads to a medium that is not there"))?;
    let mut standing = issued.link.standing(now).map_err(Error::internal)?;
    if let Some(at) = medium.removed_at {
        standing = Standing::Revoked { at };
    }
    Ok(Target { link: issued.link, medium, standing })
}

/// What a link leads to; none when there is no such link.
///
/// # Errors
/// The store's own.
pub fn look(tx: &mut Read<'_>, cx: &Context, digest: &str) -> Result<Option<Target>, Error> {
    let scope = right(cx)?;
    let Some(issued) = links::by_digest(tx, &scope, digest)? else { return Ok(None) };
    target(tx, issued, cx.now).map(Some)
}

/// A client's request for a stretch of a file.
#[derive(Debug, Clone)]
pub struct Request {
    /// The digest of the link's secret.
    pub digest: String,
    /// The client: its address, or the network it is in.
    pub client: String,
    /// The stretch.
    pub wanted: Range<u64>,
    /// The world's time.
    pub beat: Timestamp,
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
    /// Whose purchase it is.
    pub customer: CustomerId,
    /// What was promised and is not reported as sent yet.
    pub promised: Range<u64>,
    /// How long the file is.
    pub size: u64,
}

/// What is done about a request.
#[derive(Debug, Clone)]
pub enum Redeemed {
    /// It is to be sent.
    Send(Ticket),
    /// The link is over.
    Over(Standing),
    /// The client has as many connections as it may have.
    TooMany,
}

fn entry_of(
    tx: &mut Read<'_>,
    scope: &Scope,
    (link, file): (&Link, &str),
    event: &str,
    mut more: Vec<Fact>,
) -> Result<Entry, Error> {
    let name = customers::find(tx, scope, link.customer)?
        .map(|(customer, _)| customer.billing.company_name)
        .unwrap_or_default();
    let mut facts = vec![
        Fact::new("event", event),
        Fact::new("link_id", link.id),
        Fact::new("order_id", link.line.order),
        Fact::new("line", link.line.line),
        Fact::new("file", file),
    ];
    facts.append(&mut more);
    Ok(Entry::did(Operation::DownloadSoftware, Resource::SoftwareDownloadLink, link.id)
        .for_customer(link.customer, &name)
        .with(facts))
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
    let Some(issued) = links::hold_by_digest(tx, &scope, &wanted.digest)? else {
        return Err(Error::NotFound(crate::error::Missing::Other("link")));
    };
    let Target { mut link, medium, standing } = target(tx, issued, cx.now)?;
    if matches!(standing, Standing::Expired { .. } | Standing::Revoked { .. }) {
        return Ok((Redeemed::Over(standing), None));
    }
    let since = cx.now.checked_sub(REMEMBERED).unwrap_or(Timestamp::MIN);
    let known = links::of_client(tx, &scope, link.id, &wanted.client, since)?;
    let size = medium.medium.size;
    let fresh = DownloadId::new(cx.ids()());
    let (download, is_new, counts, resumes) =
        match admit(&link, &known, (&wanted.wanted, size), cx.now, fresh) {
            Admission::Send { download, is_new, counts, resumes } => (download, is_new, counts, resumes),
            Admission::UsedUp => return Ok((Redeemed::Over(Standing::UsedUp), None)),
            Admission::TooManySideBySide => return Ok((Redeemed::TooMany, None)),
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
        links::note_use(tx, &scope, &link)?;
    } else if is_new {
        link.free_starts = link.free_starts.saturating_add(1);
        links::note_use(tx, &scope, &link)?;
    }
    let event =
        if counts { Some("started") } else { Some("resumed").filter(|_| resumes && download.counted) };
    let entry = match event {
        Some(event) => {
            let more = vec![
                Fact::new("download_id", download.id),
                Fact::new("from_byte", wanted.wanted.start),
                Fact::new("downloads_counted", link.used),
            ];
            Some(entry_of(tx, &scope, (&link, medium.medium.name.as_str()), event, more)?)
        }
        None => None,
    };
    let ticket = Ticket {
        partner: scope.partner(),
        link: link.id,
        download: download.id,
        customer: link.customer,
        promised: wanted.wanted.clone(),
        size,
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
    let free = link.free_starts < FREE_STARTS;
    let settled = settle(own, (&ticket.promised, sent), over, (ticket.size, free), cx.now);
    links::save_download(tx, &scope, ticket.link, &settled.download, beat)?;
    if settled.given_back {
        link.used = link.used.saturating_sub(1);
        link.free_starts = link.free_starts.saturating_add(1);
        if link.used == 0 {
            link.first_download_at = None;
        }
        links::note_use(tx, &scope, &link)?;
    }
    let entry = if settled.completed || settled.given_back {
        let medium = media::find(tx, link.medium)?;
        let file = medium.map(|own| own.medium.name.to_string()).unwrap_or_default();
        let event = if settled.completed { "completed" } else { "given_back" };
        let more = vec![
            Fact::new("download_id", ticket.download),
            Fact::new("bytes", settled.download.covered.total()),
            Fact::new("downloads_counted", link.used),
        ];
        Some(entry_of(tx, &scope, (&link, &file), event, more)?)
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
    let Some(medium) = media::find(tx, issued.link.medium)? else { return Ok(((), None)) };
    let mut entry = None;
    for promised in own.under_way.0 {
        let ticket = Ticket {
            partner: scope.partner(),
            link,
            download: id,
            customer: issued.link.customer,
            promised,
            size: medium.medium.size,
        };
        let ((), own) = report(tx, cx, (&ticket, 0, true), beat)?;
        entry = entry.or(own);
    }
    Ok(((), entry))
}
