//! Download links, and what each client was sent through them.

use chandlery_domain::access::Scope;
use chandlery_domain::audit::Side;
use chandlery_domain::ids::{DownloadId, LinkId, OrderId, PartnerId};
use chandlery_domain::key::LineRef;
use chandlery_domain::link::{Download, Link, LinkLife};
use chandlery_domain::policy::LinkAge;
use diesel::prelude::*;
use jiff::Timestamp;

use crate::columns::{flag, instant, number, read};
use crate::db::{Conn, Kept, Read, Write, both};
use crate::error::Error;
use crate::schema::{download_links, downloads};

/// How many downloads of one client through one link are looked at: the newest.
const OF_CLIENT_MAX: i64 = 64;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = download_links, treat_none_as_default_value = false)]
struct Row {
    partner_id: String,
    id: String,
    digest: String,
    customer_id: String,
    order_id: String,
    line: i64,
    medium_id: String,
    side: String,
    issued_by: String,
    issued_at: i64,
    max_days: i64,
    age: String,
    max_downloads: Option<i64>,
    first_download_at: Option<i64>,
    used: i64,
    free_starts: i64,
    free_bytes: i64,
    revoked_at: Option<i64>,
}

/// A link with who issued it.
#[derive(Debug, Clone)]
pub struct Issued {
    /// The link.
    pub link: Link,
    /// Whose side issued it.
    pub side: Side,
    /// The id of whoever did.
    pub by: String,
}

impl Row {
    fn read(self) -> Result<Issued, Error> {
        Ok(Issued {
            link: Link {
                id: read("download_links.id", &self.id)?,
                customer: read("download_links.customer_id", &self.customer_id)?,
                line: LineRef {
                    order: read("download_links.order_id", &self.order_id)?,
                    line: number("download_links.line", self.line)?,
                },
                medium: read("download_links.medium_id", &self.medium_id)?,
                issued_at: instant("download_links.issued_at", self.issued_at)?,
                life: LinkLife {
                    max_days: number("download_links.max_days", self.max_days)?,
                    age: match self.age.as_str() {
                        "from_issue" => LinkAge::FromIssue,
                        "from_first_download" => LinkAge::FromFirstDownload,
                        other => return Err(Error::broken("download_links.age", other)),
                    },
                    max_downloads: self
                        .max_downloads
                        .map(|count| number("download_links.max_downloads", count))
                        .transpose()?,
                },
                first_download_at: self
                    .first_download_at
                    .map(|at| instant("download_links.first_download_at", at))
                    .transpose()?,
                used: number("download_links.used", self.used)?,
                free_starts: number("download_links.free_starts", self.free_starts)?,
                free_bytes: number("download_links.free_bytes", self.free_bytes)?,
                revoked_at: self.revoked_at.map(|at| instant("download_links.revoked_at", at)).transpose()?,
            },
            side: read("download_links.side", &self.side)?,
            by: self.issued_by,
        })
    }
}

/// Adds a link under the digest of its secret.
///
/// # Errors
/// The store's own.
pub fn insert(tx: &mut Write<'_>, scope: &Scope, issued: &Issued, digest: &str) -> Result<(), Error> {
    let link = &issued.link;
    let row = Row {
        partner_id: scope.partner().to_string(),
        id: link.id.to_string(),
        digest: digest.to_owned(),
        customer_id: link.customer.to_string(),
        order_id: link.line.order.to_string(),
        line: link.line.line.into(),
        medium_id: link.medium.to_string(),
        side: issued.side.as_str().into(),
        issued_by: issued.by.clone(),
        issued_at: link.issued_at.as_microsecond(),
        max_days: link.life.max_days.into(),
        age: match link.life.age {
            LinkAge::FromIssue => "from_issue",
            LinkAge::FromFirstDownload => "from_first_download",
        }
        .into(),
        max_downloads: link.life.max_downloads.map(i64::from),
        first_download_at: None,
        used: 0,
        free_starts: 0,
        free_bytes: 0,
        revoked_at: None,
    };
    both!(tx, |c| diesel::insert_into(download_links::table).values(&row).execute(c))?;
    Ok(())
}

/// The link whose secret has this digest.
///
/// # Errors
/// The store's own.
pub fn by_digest(tx: &mut Read<'_>, scope: &Scope, digest: &str) -> Result<Option<Issued>, Error> {
    let partner = scope.partner().to_string();
    let row: Option<Row> = both!(tx, |c| download_links::table
        .filter(download_links::partner_id.eq(&partner).and(download_links::digest.eq(digest)))
        .select(Row::as_select())
        .first(c)
        .optional())?;
    row.map(Row::read).transpose()
}

/// The same, held until the transaction ends: whoever else asks about it waits.
///
/// # Errors
/// The store's own.
pub fn hold_by_digest(tx: &mut Write<'_>, scope: &Scope, digest: &str) -> Result<Option<Issued>, Error> {
    let partner = scope.partner().to_string();
    macro_rules! wanted {
        () => {
            download_links::table
                .filter(download_links::partner_id.eq(&partner).and(download_links::digest.eq(digest)))
                .select(Row::as_select())
        };
    }
    // SQLite has one writer; PostgreSQL has to be told.
    let row: Option<Row> = match &mut tx.conn {
        Conn::Pg(connection) => wanted!().for_update().first(*connection).optional()?,
        Conn::Lite(connection) => wanted!().first(*connection).optional()?,
    };
    row.map(Row::read).transpose()
}

/// A link by its id, held until the transaction ends.
///
/// # Errors
/// The store's own.
pub fn hold(tx: &mut Write<'_>, scope: &Scope, id: LinkId) -> Result<Option<Issued>, Error> {
    let (partner, id) = (scope.partner().to_string(), id.to_string());
    macro_rules! wanted {
        () => {
            download_links::table.find((&partner, &id)).select(Row::as_select())
        };
    }
    let row: Option<Row> = match &mut tx.conn {
        Conn::Pg(connection) => wanted!().for_update().first(*connection).optional()?,
        Conn::Lite(connection) => wanted!().first(*connection).optional()?,
    };
    row.map(Row::read).transpose()
}

/// Notes how often a link was used; it is held.
///
/// # Errors
/// The store's own.
pub fn note_use(tx: &mut Write<'_>, scope: &Scope, link: &Link) -> Result<(), Error> {
    let (partner, id) = (scope.partner().to_string(), link.id.to_string());
    both!(tx, |c| Kept(diesel::update(download_links::table.find((&partner, &id))).set((
        download_links::used.eq(i64::from(link.used)),
        download_links::free_starts.eq(i64::from(link.free_starts)),
        download_links::free_bytes.eq(bytes(link.free_bytes)),
        download_links::first_download_at.eq(link.first_download_at.map(Timestamp::as_microsecond)),
    )))
    .execute(c))?;
    Ok(())
}

/// Puts the links of lines of an order out of use; returns how many.
///
/// # Errors
/// The store's own.
pub fn revoke(
    tx: &mut Write<'_>,
    scope: &Scope,
    order: OrderId,
    lines: &[u32],
    now: Timestamp,
) -> Result<usize, Error> {
    let (partner, order) = (scope.partner().to_string(), order.to_string());
    let lines: Vec<i64> = lines.iter().map(|line| i64::from(*line)).collect();
    Ok(both!(tx, |c| diesel::update(
        download_links::table
            .filter(download_links::partner_id.eq(&partner).and(download_links::order_id.eq(&order)))
            .filter(download_links::line.eq_any(&lines).and(download_links::revoked_at.is_null()))
    )
    .set(download_links::revoked_at.eq(now.as_microsecond()))
    .execute(c))?)
}

/// The newest links of an order.
///
/// # Errors
/// The store's own.
pub fn of_order(tx: &mut Read<'_>, scope: &Scope, order: OrderId, limit: i64) -> Result<Vec<Issued>, Error> {
    let (partner, order) = (scope.partner().to_string(), order.to_string());
    let rows: Vec<Row> = both!(tx, |c| download_links::table
        .filter(download_links::partner_id.eq(&partner).and(download_links::order_id.eq(&order)))
        .order(download_links::id.desc())
        .limit(limit)
        .select(Row::as_select())
        .load(c))?;
    rows.into_iter().map(Row::read).collect()
}

/// The links of a line, newest first.
///
/// # Errors
/// The store's own.
pub fn of_line(tx: &mut Read<'_>, scope: &Scope, line: LineRef, limit: i64) -> Result<Vec<Issued>, Error> {
    let (partner, order) = (scope.partner().to_string(), line.order.to_string());
    let rows: Vec<Row> = both!(tx, |c| download_links::table
        .filter(download_links::partner_id.eq(&partner).and(download_links::order_id.eq(&order)))
        .filter(download_links::line.eq(i64::from(line.line)))
        .order(download_links::id.desc())
        .limit(limit)
        .select(Row::as_select())
        .load(c))?;
    rows.into_iter().map(Row::read).collect()
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = downloads, treat_none_as_default_value = false)]
struct DownloadRow {
    partner_id: String,
    link_id: String,
    id: String,
    client: String,
    counted: i64,
    covered: String,
    sent: i64,
    forgiven: i64,
    resumptions: i64,
    under_way: String,
    began_at: i64,
    last_at: i64,
    completed_at: Option<i64>,
    beat_at: i64,
}

/// A download with whose it is.
#[derive(Debug, Clone)]
pub struct Record {
    /// The link.
    pub link: LinkId,
    /// The download.
    pub download: Download,
    /// The client's address.
    pub client: String,
    /// When it began.
    pub began_at: Timestamp,
}

impl DownloadRow {
    fn read(self) -> Result<Record, Error> {
        Ok(Record {
            link: read("downloads.link_id", &self.link_id)?,
            download: Download {
                id: read("downloads.id", &self.id)?,
                counted: flag("downloads.counted", self.counted)?,
                covered: read("downloads.covered", &self.covered)?,
                sent: number("downloads.sent", self.sent)?,
                forgiven: number("downloads.forgiven", self.forgiven)?,
                resumptions: number("downloads.resumptions", self.resumptions)?,
                under_way: read("downloads.under_way", &self.under_way)?,
                completed_at: self
                    .completed_at
                    .map(|at| instant("downloads.completed_at", at))
                    .transpose()?,
                last_at: instant("downloads.last_at", self.last_at)?,
            },
            client: self.client,
            began_at: instant("downloads.began_at", self.began_at)?,
        })
    }
}

fn bytes(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The downloads of one client through a link since an instant, oldest first.
///
/// # Errors
/// The store's own.
pub fn of_client(
    tx: &mut Read<'_>,
    scope: &Scope,
    link: LinkId,
    client: &str,
    since: Timestamp,
) -> Result<Vec<Download>, Error> {
    let (partner, link) = (scope.partner().to_string(), link.to_string());
    let rows: Vec<DownloadRow> = both!(tx, |c| downloads::table
        .filter(downloads::partner_id.eq(&partner).and(downloads::link_id.eq(&link)))
        .filter(downloads::client.eq(client).and(downloads::last_at.ge(since.as_microsecond())))
        .order(downloads::id.desc())
        .limit(OF_CLIENT_MAX)
        .select(DownloadRow::as_select())
        .load(c))?;
    let mut list: Vec<Download> =
        rows.into_iter().map(|row| Ok(row.read()?.download)).collect::<Result<_, Error>>()?;
    list.reverse();
    Ok(list)
}

/// One download of a link.
///
/// # Errors
/// The store's own.
pub fn download(
    tx: &mut Read<'_>,
    scope: &Scope,
    link: LinkId,
    id: DownloadId,
) -> Result<Option<Download>, Error> {
    let (partner, link, id) = (scope.partner().to_string(), link.to_string(), id.to_string());
    let row: Option<DownloadRow> = both!(tx, |c| downloads::table
        .find((&partner, &link, &id))
        .select(DownloadRow::as_select())
        .first(c)
        .optional())?;
    row.map(|row| Ok(row.read()?.download)).transpose()
}

/// The downloads through the links of a line that counted or count, newest first.
///
/// # Errors
/// The store's own.
pub fn downloads_of_line(
    tx: &mut Read<'_>,
    scope: &Scope,
    line: LineRef,
    limit: i64,
) -> Result<Vec<Record>, Error> {
    let (partner, order) = (scope.partner().to_string(), line.order.to_string());
    let rows: Vec<DownloadRow> = both!(tx, |c| downloads::table
        .inner_join(
            download_links::table.on(download_links::partner_id
                .eq(downloads::partner_id)
                .and(download_links::id.eq(downloads::link_id)))
        )
        .filter(download_links::partner_id.eq(&partner).and(download_links::order_id.eq(&order)))
        .filter(download_links::line.eq(i64::from(line.line)).and(downloads::counted.eq(1)))
        .order(downloads::id.desc())
        .limit(limit)
        .select(DownloadRow::as_select())
        .load(c))?;
    rows.into_iter().map(DownloadRow::read).collect()
}

/// Adds a download that begins now; `beat` is the world's time.
///
/// # Errors
/// The store's own.
pub fn insert_download(
    tx: &mut Write<'_>,
    scope: &Scope,
    record: &Record,
    beat: Timestamp,
) -> Result<(), Error> {
    let own = &record.download;
    let row = DownloadRow {
        partner_id: scope.partner().to_string(),
        link_id: record.link.to_string(),
        id: own.id.to_string(),
        client: record.client.clone(),
        counted: own.counted.into(),
        covered: own.covered.to_string(),
        sent: bytes(own.sent),
        forgiven: bytes(own.forgiven),
        resumptions: own.resumptions.into(),
        under_way: own.under_way.to_string(),
        began_at: record.began_at.as_microsecond(),
        last_at: own.last_at.as_microsecond(),
        completed_at: own.completed_at.map(Timestamp::as_microsecond),
        beat_at: beat.as_microsecond(),
    };
    both!(tx, |c| diesel::insert_into(downloads::table).values(&row).execute(c))?;
    Ok(())
}

/// Stores a download; its link is held.
///
/// # Errors
/// The store's own.
pub fn save_download(
    tx: &mut Write<'_>,
    scope: &Scope,
    link: LinkId,
    own: &Download,
    beat: Timestamp,
) -> Result<(), Error> {
    let (partner, link, id) = (scope.partner().to_string(), link.to_string(), own.id.to_string());
    both!(tx, |c| Kept(diesel::update(downloads::table.find((&partner, &link, &id))).set((
        downloads::counted.eq(i64::from(own.counted)),
        downloads::covered.eq(own.covered.to_string()),
        downloads::sent.eq(bytes(own.sent)),
        downloads::forgiven.eq(bytes(own.forgiven)),
        downloads::resumptions.eq(i64::from(own.resumptions)),
        downloads::under_way.eq(own.under_way.to_string()),
        downloads::last_at.eq(own.last_at.as_microsecond()),
        downloads::completed_at.eq(own.completed_at.map(Timestamp::as_microsecond)),
        downloads::beat_at.eq(beat.as_microsecond()),
    )))
    .execute(c))?;
    Ok(())
}

/// Downloads whose server was not heard of since `before`, over all partners.
///
/// # Errors
/// The store's own.
pub fn silent(
    tx: &mut Read<'_>,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<(PartnerId, LinkId, DownloadId)>, Error> {
    let rows: Vec<(String, String, String)> = both!(tx, |c| downloads::table
        .filter(downloads::beat_at.lt(before.as_microsecond()).and(downloads::under_way.ne("")))
        .order(downloads::beat_at.asc())
        .limit(limit)
        .select((downloads::partner_id, downloads::link_id, downloads::id))
        .load(c))?;
    rows.iter()
        .map(|(partner, link, id)| {
            Ok((
                read("downloads.partner_id", partner)?,
                read("downloads.link_id", link)?,
                read("downloads.id", id)?,
            ))
        })
        .collect()
}

/// Forgets from where somebody downloaded before an instant; returns how many addresses.
///
/// # Errors
/// The store's own.
pub fn forget_clients(tx: &mut Write<'_>, before: Timestamp) -> Result<usize, Error> {
    Ok(both!(tx, |c| diesel::update(
        downloads::table.filter(downloads::last_at.lt(before.as_microsecond()).and(downloads::client.ne("")))
    )
    .set(downloads::client.eq(""))
    .execute(c))?)
}
