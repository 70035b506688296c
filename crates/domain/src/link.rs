//! Download links: how long they live, and what counts as a download (rules 5.3 and Q-04).
//!
//! **One download is one whole file to one client.** What a client was sent is kept as stretches of bytes. Pieces of the
//! same file, side by side or after a broken connection, belong to one download; a quarter of the file may be sent again
//! within it. What we sent is not always what arrived: when a connection breaks, megabytes are lost on the way, so the first
//! time a client goes on where it was, up to [`LOST`] more are forgiven. Whoever asks for more than that is downloading
//! anew. A download counts as soon as it is to be sent more than [`FREE`] bytes (or the whole of a smaller file), before the
//! first byte leaves; when it ends with less, the count is given back. A complete download takes nothing more, save the end
//! of the file once.
//!
//! Programs that fetch a file in parts ask for all of it, then for the rest behind a place, and hang up the first when it gets
//! there; whoever lost a connection without knowing does the same. So a request for the rest behind a place shortens what was
//! promised before it, and whoever sends stops the older stream there. What is sent all the same is settled at the end: bytes
//! beyond what may be repeated count.
//!
//! Never here: tokens, addresses, and sending anything.

use std::ops::Range;

use jiff::{SignedDuration, Timestamp};

use crate::calendar::CalendarError;
use crate::ids::{CustomerId, DownloadId, LinkId, MediumId};
use crate::key::LineRef;
use crate::policy::{LinkAge, LinkRule};
use crate::span::{Spans, UnderWay};

/// How many bytes a client is sent before it counts: previews and mail scanners read less.
pub const FREE: u64 = 1024 * 1024;

/// How many bytes can be lost in the buffers of a broken connection: what Linux keeps for sending and receiving at most.
pub const LOST: u64 = 16 * 1024 * 1024;

/// A download that nobody went on with for so long is over; what comes then is another one.
pub const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

/// How many starts of a link may go uncounted. Behind that every first byte counts, so that nobody collects a file from
/// free pieces.
pub const FREE_STARTS: u32 = 100;

/// How many bytes of uncounted starts a link gives away: half the file, within these bounds.
const FREE_BYTES: (u64, u64) = (16 * 1024 * 1024, 100 * 1024 * 1024);

/// How often it is told of one download that it goes on: whoever asks for it byte by byte shall not fill the log.
pub const RESUMPTIONS_TOLD: u32 = 20;

/// How many stretches of one download are sent side by side; one more belongs to another download.
pub const SIDE_BY_SIDE: usize = 32;

/// A link's life, as the policy was on the day it was issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkLife {
    /// Its age limit, in days.
    pub max_days: u16,
    /// When the age starts.
    pub age: LinkAge,
    /// How many downloads it allows; none for no limit.
    pub max_downloads: Option<u16>,
}

impl From<&LinkRule> for LinkLife {
    fn from(rule: &LinkRule) -> Self {
        Self { max_days: rule.max_days, age: rule.age, max_downloads: rule.max_downloads }
    }
}

/// A link by which a medium is downloaded. Issuing another one changes nothing about this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// Whose it is.
    pub customer: CustomerId,
    /// The purchase it hangs on.
    pub line: LineRef,
    /// What it leads to.
    pub medium: MediumId,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// How long it lives.
    pub life: LinkLife,
    /// When the first download that counts began.
    pub first_download_at: Option<Timestamp>,
    /// How many downloads count.
    pub used: u32,
    /// How many starts went uncounted so far.
    pub free_starts: u32,
    /// How many bytes those were sent.
    pub free_bytes: u64,
    /// When it was revoked with its purchase.
    pub revoked_at: Option<Timestamp>,
}

/// How a link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It can be used.
    Live {
        /// Until when; none while its age has not begun.
        ends_at: Option<Timestamp>,
        /// How many downloads are left; none for no limit.
        left: Option<u32>,
    },
    /// It is too old.
    Expired {
        /// Since when.
        at: Timestamp,
    },
    /// Every download it allowed was made.
    UsedUp,
    /// Its purchase was cancelled.
    Revoked {
        /// When.
        at: Timestamp,
    },
}

impl Link {
    /// Whether starts through this link to a file of `size` bytes still go uncounted.
    pub fn starts_are_free(&self, size: u64) -> bool {
        let (least, most) = FREE_BYTES;
        self.free_starts < FREE_STARTS && self.free_bytes < (size / 2).clamp(least, most)
    }

    fn left(&self) -> Option<u32> {
        self.life.max_downloads.map(|max| u32::from(max).saturating_sub(self.used))
    }

    /// When the link ends by its age; none while that has not begun.
    ///
    /// # Errors
    /// When that lies beyond the year 9999.
    pub fn ends_at(&self) -> Result<Option<Timestamp>, CalendarError> {
        let from = match self.life.age {
            LinkAge::FromIssue => Some(self.issued_at),
            LinkAge::FromFirstDownload => self.first_download_at,
        };
        let age = SignedDuration::from_hours(24 * i64::from(self.life.max_days));
        from.map(|from| from.checked_add(age).map_err(|_| CalendarError::OutOfRange)).transpose()
    }

    /// How it stands at `now`. A link that is used up still takes clients that are in the middle of a download.
    ///
    /// # Errors
    /// When its end lies beyond the year 9999.
    pub fn standing(&self, now: Timestamp) -> Result<Standing, CalendarError> {
        if let Some(at) = self.revoked_at {
            return Ok(Standing::Revoked { at });
        }
        let ends_at = self.ends_at()?;
        if let Some(at) = ends_at.filter(|at| now >= *at) {
            return Ok(Standing::Expired { at });
        }
        let left = self.left();
        Ok(if left == Some(0) { Standing::UsedUp } else { Standing::Live { ends_at, left } })
    }
}

/// What one client was sent of a medium through a link, and what it is being sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// Its id.
    pub id: DownloadId,
    /// Whether it counts.
    pub counted: bool,
    /// What was sent.
    pub covered: Spans,
    /// How many bytes were sent, those sent twice included.
    pub sent: u64,
    /// How many of those were forgiven, because a connection broke.
    pub forgiven: u64,
    /// How often it went on after a pause.
    pub resumptions: u32,
    /// What is being sent.
    pub under_way: UnderWay,
    /// When the whole file had been sent.
    pub completed_at: Option<Timestamp>,
    /// When the client last began or ended something.
    pub last_at: Timestamp,
}

/// Whether a stretch that is being sent ends where a request for the rest of it begins.
pub fn ends_at(running: &Range<u64>, wanted: &Range<u64>) -> bool {
    wanted.start >= FREE
        && running.end == wanted.end
        && running.start < wanted.start
        && wanted.start < running.end
}

/// What is done about a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// It is sent, as part of this download, in its state from now on.
    Send {
        /// The download.
        download: Download,
        /// Whether it is a new one.
        is_new: bool,
        /// Whether the link's count goes up by one.
        counts: bool,
        /// Whether it goes on where an earlier connection ended, and that is to be told: of each download so often at
        /// most as [`RESUMPTIONS_TOLD`] says.
        resumes: bool,
    },
    /// The link is used up.
    UsedUp,
}

/// What one more stretch would make of a download.
struct Outlook {
    /// How many bytes would be sent again.
    repeated: u64,
    /// How many different bytes would be sent.
    reached: u64,
}

/// From how many bytes on a download of a file counts: half of a small one.
const fn threshold(size: u64) -> u64 {
    if size < FREE { size.div_ceil(2) } else { FREE }
}

impl Download {
    fn fresh(id: DownloadId, now: Timestamp) -> Self {
        Self {
            id,
            counted: false,
            covered: Spans::default(),
            sent: 0,
            forgiven: 0,
            resumptions: 0,
            under_way: UnderWay::default(),
            completed_at: None,
            last_at: now,
        }
    }

    fn outlook(&self, wanted: &Range<u64>) -> Outlook {
        let reached = self.covered.with(&self.under_way.0).with([wanted]).total();
        let promised = self.under_way.0.iter().map(|own| own.end - own.start).fold(0, u64::saturating_add);
        let all = self.sent.saturating_add(promised).saturating_add(wanted.end - wanted.start);
        Outlook { repeated: all.saturating_sub(reached), reached }
    }

    /// How many bytes are forgiven when `wanted` is sent: those that were forgiven, or, once, those between where the client
    /// says it is and where we thought it was. It gives up what lies before, so nobody gets a second copy by this.
    fn forgives(&self, wanted: &Range<u64>, size: u64) -> u64 {
        let near = wanted.start >= self.covered.end().saturating_sub(LOST);
        let goes_on = near && wanted.start >= FREE && wanted.end == size && self.under_way.0.is_empty();
        if self.forgiven > 0 || !self.counted || !goes_on {
            return self.forgiven;
        }
        let fresh = self.covered.with([wanted]).total().saturating_sub(self.covered.total());
        (wanted.end - wanted.start).saturating_sub(fresh).min(LOST)
    }

    /// Whether `wanted` can be sent as part of this download of a file of `size` bytes.
    fn takes(&self, wanted: &Range<u64>, size: u64, now: Timestamp) -> bool {
        let forgiven = self.forgives(wanted, size);
        if self.completed_at.is_some() && (self.forgiven > 0 || forgiven == 0) {
            return false;
        }
        let allowed = (size / 4).saturating_add(forgiven);
        now.duration_since(self.last_at) <= REMEMBERED
            && self.under_way.0.len() < SIDE_BY_SIDE
            && self.outlook(wanted).repeated <= allowed
    }
}

impl Download {
    /// The download with what is promised shortened, where `wanted` is the rest of it behind a place. Once it is taken on
    /// trust; later only while the link has counts left for what might be sent all the same.
    fn making_room(&self, wanted: &Range<u64>, left: Option<u32>) -> Self {
        let mut own = self.clone();
        let running = u32::try_from(own.under_way.0.len()).unwrap_or(u32::MAX);
        let covered = own.forgiven == 0 || left.is_none_or(|left| left >= running);
        if wanted.start < FREE || !own.counted || !covered {
            return own;
        }
        let mut cut = 0;
        for running in own.under_way.0.iter_mut().filter(|own| ends_at(own, wanted)) {
            cut = cut.max(running.end - wanted.start);
            running.end = wanted.start;
        }
        if cut > 0 && own.forgiven == 0 {
            own.forgiven = cut.min(LOST);
        }
        own
    }
}

/// Decides about a request for the stretch `wanted` of a file of `size` bytes by a client whose downloads through this
/// link are `known`, oldest first. `id` is what a new download is called. The link was found to be live or used up.
pub fn admit(
    link: &Link,
    known: &[Download],
    (wanted, size): (&Range<u64>, u64),
    now: Timestamp,
    id: DownloadId,
) -> Admission {
    let left = link.left();
    // Where several could take it: one that counts, in which least is sent again, for which no promise is shortened.
    let as_they_are = known.iter().map(|own| (false, own.clone()));
    let with_room = known.iter().map(|own| (true, own.making_room(wanted, left)));
    let found = as_they_are
        .chain(with_room)
        .filter(|(_, own)| own.takes(wanted, size, now))
        .min_by_key(|(made, own)| {
            let away = own.covered.end().abs_diff(wanted.start);
            (!own.counted, own.outlook(wanted).repeated, *made, away, own.id)
        })
        .map(|(_, own)| own);
    let is_new = found.is_none();
    let mut download = found.unwrap_or_else(|| Download::fresh(id, now));
    let reaches = download.outlook(wanted).reached >= threshold(size);
    let counts = !download.counted && (reaches || !link.starts_are_free(size));
    if left == Some(0) && !download.counted {
        return Admission::UsedUp;
    }
    let goes_on = !is_new && download.under_way.0.is_empty() && download.completed_at.is_none();
    let resumes = goes_on && download.counted && download.resumptions < RESUMPTIONS_TOLD;
    download.resumptions = download.resumptions.saturating_add(u32::from(goes_on));
    download.counted |= counts;
    download.forgiven = download.forgives(wanted, size);
    download.under_way.0.push(wanted.clone());
    download.last_at = now;
    Admission::Send { download, is_new, counts, resumes }
}

/// What the end of a stretch makes of a download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The download from now on.
    pub download: Download,
    /// Whether the link's count goes down by one, because so little was sent.
    pub given_back: bool,
    /// By how much the link's count goes up, because more was sent than was thought.
    pub counts: u32,
    /// How many bytes were given away.
    pub free_bytes: u64,
    /// Whether the whole file has been sent now, for the first time.
    pub completed: bool,
}

/// Says how many bytes of the stretch `promised` were sent so far. `over` means that no more will be.
pub fn settle(
    mut download: Download,
    (promised, sent): (&Range<u64>, u64),
    over: bool,
    (size, starts_are_free): (u64, bool),
    now: Timestamp,
) -> Settled {
    let reached = promised.start.saturating_add(sent).min(promised.end);
    let place = download.under_way.0.iter().position(|own| own.start == promised.start);
    let known = download.covered.total();
    let covered = download.covered.with([&(promised.start..reached)]);
    // A promise that is not there was given up meanwhile, unless this is told for the second time.
    if place.is_some() || covered.total() > known {
        let end = place.map(|place| download.under_way.0.remove(place).end);
        if !over && reached < promised.end {
            // A stream behind its shortened promise is about to be stopped: nothing more is promised of it.
            let end = end.map_or(promised.end, |end| end.max(reached.saturating_add(1)));
            download.under_way.0.push(reached..end.min(promised.end));
        }
        download.sent = download.sent.saturating_add(reached - promised.start);
        download.covered = covered;
        download.last_at = now;
    }
    let whole = download.covered.total() >= size && download.sent >= size;
    let completed = whole && download.completed_at.is_none();
    if completed {
        download.completed_at = Some(now);
    }
    let hoped = download.covered.with(&download.under_way.0).total();
    let given_back = download.counted && starts_are_free && !whole && hoped < threshold(size);
    let recounted = !download.counted && download.covered.total() >= threshold(size);
    let counts = u32::from(recounted).saturating_add(download.pays(size));
    download.counted = recounted || (download.counted && !given_back);
    let free_bytes = match (download.counted, given_back) {
        (true, _) => 0,
        (false, true) => download.sent,
        (false, false) => reached - promised.start,
    };
    Settled { download, given_back, completed, counts, free_bytes }
}

impl Download {
    /// How many more downloads the bytes make that were sent beyond what may be repeated; they are paid for then.
    fn pays(&mut self, size: u64) -> u32 {
        let repeated = self.sent.saturating_sub(self.covered.total());
        let beyond = repeated.saturating_sub((size / 4).saturating_add(self.forgiven));
        if beyond == 0 || !self.counted {
            return 0;
        }
        let copies = beyond.div_ceil(size.max(1));
        self.forgiven = self.forgiven.saturating_add(copies.saturating_mul(size));
        u32::try_from(copies).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests;
