//! The rules of links, by example and against a naive count of bytes.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::ids::OrderId;

const MB: u64 = 1024 * 1024;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn start() -> Timestamp {
    at("2020-02-01T10:00:00Z")
}

fn link(max: Option<u16>) -> Link {
    Link {
        id: LinkId::new(Uuid::from_u128(1)),
        customer: CustomerId::new(Uuid::from_u128(2)),
        line: LineRef { order: OrderId::new(Uuid::from_u128(3)), line: 0 },
        medium: MediumId::new(Uuid::from_u128(4)),
        issued_at: start(),
        life: LinkLife { max_days: 14, age: LinkAge::FromIssue, max_downloads: max },
        first_download_at: None,
        used: 0,
        free_starts: 0,
        free_bytes: 0,
        revoked_at: None,
    }
}

/// A link with one client: the store's part, in memory.
struct Client {
    link: Link,
    size: u64,
    downloads: Vec<Download>,
    now: Timestamp,
    ids: u128,
}

impl Client {
    fn new(size: u64) -> Self {
        Self { link: link(Some(50)), size, downloads: Vec::new(), now: start(), ids: 100 }
    }

    /// Begins a stretch; the place of its download, or nothing when it is refused.
    fn begin(&mut self, wanted: Range<u64>) -> Option<DownloadId> {
        self.ids += 1;
        let id = DownloadId::new(Uuid::from_u128(self.ids));
        match admit(&self.link, &self.downloads, (&wanted, self.size), self.now, id) {
            Admission::Send { download, is_new, counts, .. } => {
                self.link.used += u32::from(counts);
                self.link.free_starts += u32::from(is_new && !counts);
                let id = download.id;
                self.downloads.retain(|own| own.id != id);
                self.downloads.push(download);
                self.downloads.sort_by_key(|own| own.id);
                Some(id)
            }
            Admission::UsedUp => None,
        }
    }

    fn end(&mut self, id: DownloadId, promised: Range<u64>, sent: u64) -> bool {
        let place = self.downloads.iter().position(|own| own.id == id).unwrap();
        let free = self.link.starts_are_free(self.size);
        let settled =
            settle(self.downloads[place].clone(), (&promised, sent), true, (self.size, free), self.now);
        self.link.used -= u32::from(settled.given_back);
        self.link.free_starts += u32::from(settled.given_back);
        self.link.free_bytes += settled.free_bytes;
        let most = self.link.life.max_downloads.map_or(u32::MAX, u32::from);
        self.link.used = self.link.used.saturating_add(settled.counts).min(most);
        self.downloads[place] = settled.download;
        settled.completed
    }

    /// Begins and ends a stretch of which `sent` bytes were sent.
    fn fetch(&mut self, wanted: Range<u64>, sent: u64) -> bool {
        let id = self.begin(wanted.clone()).unwrap();
        self.end(id, wanted, sent)
    }

    fn later(&mut self, hours: i64) {
        self.now = self.now.checked_add(SignedDuration::from_hours(hours)).unwrap();
    }
}

#[test]
fn two_weeks_or_fifty_downloads_whichever_comes_first() {
    let mut own = link(Some(50));
    let ends = at("2020-02-15T10:00:00Z");
    assert_eq!(own.standing(start()).unwrap(), Standing::Live { ends_at: Some(ends), left: Some(50) });
    assert!(matches!(own.standing(at("2020-02-15T09:59:59Z")).unwrap(), Standing::Live { .. }));
    assert_eq!(own.standing(ends).unwrap(), Standing::Expired { at: ends });
    own.used = 49;
    assert_eq!(own.standing(start()).unwrap(), Standing::Live { ends_at: Some(ends), left: Some(1) });
    own.used = 50;
    assert_eq!(own.standing(start()).unwrap(), Standing::UsedUp);
    own.revoked_at = Some(start());
    assert_eq!(own.standing(ends).unwrap(), Standing::Revoked { at: start() });
    // A clock that was set back before the issue makes no link longer or shorter.
    assert!(matches!(
        link(None).standing(at("2019-01-01T00:00:00Z")).unwrap(),
        Standing::Live { left: None, .. }
    ));
}

#[test]
fn five_days_from_the_first_download() {
    let mut own = link(None);
    own.life = LinkLife { max_days: 5, age: LinkAge::FromFirstDownload, max_downloads: None };
    assert_eq!(
        own.standing(at("2021-01-01T00:00:00Z")).unwrap(),
        Standing::Live { ends_at: None, left: None }
    );
    own.first_download_at = Some(at("2021-01-01T00:00:00Z"));
    assert_eq!(
        own.standing(at("2021-01-06T00:00:00Z")).unwrap(),
        Standing::Expired { at: at("2021-01-06T00:00:00Z") }
    );
}

#[test]
fn previews_and_aborted_starts_cost_nothing() {
    let mut client = Client::new(100 * MB);
    client.fetch(0..64 * 1024, 64 * 1024);
    assert_eq!(client.link.used, 0);
    // A mail scanner asks for everything and hangs up: held while it lasts, given back after.
    let id = client.begin(0..100 * MB).unwrap();
    assert_eq!(client.link.used, 1);
    client.end(id, 0..100 * MB, 500_000);
    assert_eq!(client.link.used, 0);
    client.fetch(0..100 * MB, MB);
    assert_eq!(client.link.used, 1, "a mebibyte counts");
}

#[test]
fn resumed_and_parallel_pieces_count_once() {
    let mut client = Client::new(100 * MB);
    assert!(!client.fetch(0..100 * MB, 60 * MB));
    client.later(20);
    // It resumes a little before what we sent, because the last bytes never arrived.
    assert!(client.fetch(55 * MB..100 * MB, 45 * MB), "complete");
    assert_eq!(client.link.used, 1);

    let mut client = Client::new(100 * MB);
    let pieces: Vec<Range<u64>> =
        (0..8).map(|number| number * 12 * MB..(number * 12 + 12).min(100) * MB).collect();
    let ids: Vec<DownloadId> = pieces.iter().map(|own| client.begin(own.clone()).unwrap()).collect();
    for (id, piece) in ids.into_iter().zip(pieces) {
        client.end(id, piece.clone(), piece.end - piece.start);
    }
    assert!(client.fetch(96 * MB..100 * MB, 4 * MB));
    assert_eq!((client.link.used, client.downloads.len()), (1, 1));
}

#[test]
fn the_whole_file_twice_counts_twice() {
    for size in [300, MB, 100 * MB] {
        let mut client = Client::new(size);
        assert!(client.fetch(0..size, size));
        assert!(client.fetch(0..size, size));
        assert_eq!(client.link.used, 2, "{size}");
        // And side by side too: two people behind one address.
        let (left, right) = (client.begin(0..size).unwrap(), client.begin(0..size).unwrap());
        client.end(left, 0..size, size);
        client.end(right, 0..size, size);
        assert_eq!(client.link.used, 4, "{size}");
    }
}

#[test]
fn what_was_lost_on_the_way_is_forgiven_once() {
    let size = 3 * MB;
    // All of it was sent, as far as we know; half of it arrived.
    let mut client = Client::new(size);
    client.fetch(0..size, size);
    client.fetch(size / 2..size, size / 2);
    assert_eq!(client.link.used, 1);
    // Whoever goes on again from further back has it already.
    client.fetch(MB..size, 2 * MB);
    assert_eq!(client.link.used, 2);

    // The whole file twice, in pieces, is two downloads all the same.
    let mut client = Client::new(size);
    for _ in 0..2 {
        for number in 0..4 {
            client.fetch(number * size / 4..(number + 1) * size / 4, size / 4);
        }
    }
    assert_eq!(client.link.used, 2);

    // Of a large file no more is forgiven than can be lost.
    let mut client = Client::new(1000 * MB);
    client.fetch(0..1000 * MB, 1000 * MB);
    client.fetch(985 * MB..1000 * MB, 15 * MB);
    assert_eq!(client.link.used, 1, "what was in the buffers");
    client.fetch(990 * MB..1000 * MB, 10 * MB);
    assert_eq!(client.link.used, 2, "once");
    let mut client = Client::new(1000 * MB);
    client.fetch(0..1000 * MB, 1000 * MB);
    client.fetch(740 * MB..1000 * MB, 260 * MB);
    assert_eq!(client.link.used, 2, "nobody loses a quarter of a file in buffers");
}

#[test]
fn a_program_that_splits_what_it_fetches_counts_once() {
    // All of it, then all behind a third, then all behind two thirds; each hangs up where the next began.
    let size = 90 * MB;
    let mut client = Client::new(size);
    let first = client.begin(0..size).unwrap();
    let second = client.begin(30 * MB..size).unwrap();
    let third = client.begin(60 * MB..size).unwrap();
    assert_eq!((first, second), (second, third));
    client.end(first, 0..size, 31 * MB);
    client.end(second, 30 * MB..size, 31 * MB);
    assert!(client.end(third, 60 * MB..size, 30 * MB), "complete");
    assert_eq!(client.link.used, 1);

    // The same with parts that end where others begin.
    let size = 800 * MB;
    let mut client = Client::new(size);
    let parts = [0..size, 400 * MB..size, 200 * MB..400 * MB, 600 * MB..size, 100 * MB..200 * MB];
    let ids: Vec<DownloadId> = parts.iter().map(|part| client.begin(part.clone()).unwrap()).collect();
    for ((id, part), sent) in ids.into_iter().zip(parts).zip([100, 200, 200, 200, 100]) {
        client.end(id, part, sent * MB);
    }
    assert_eq!((client.link.used, client.downloads[0].completed_at.is_some()), (1, true));
    let size = 90 * MB;

    // Whoever lets the first run to its end has it twice, and that is what counts.
    let mut client = Client::new(size);
    let (first, second) = (client.begin(0..size).unwrap(), client.begin(2 * MB..size).unwrap());
    client.end(first, 0..size, size);
    client.end(second, 2 * MB..size, size - 2 * MB);
    assert_eq!(client.link.used, 2);
}

#[test]
fn two_people_behind_one_address_do_not_take_each_others_downloads() {
    let size = 90 * MB;
    let mut client = Client::new(size);
    let (hers, his) = (client.begin(0..size).unwrap(), client.begin(0..size).unwrap());
    assert_ne!(hers, his);
    // His breaks, and goes on; hers runs.
    client.end(his, 0..size, 30 * MB);
    assert_eq!(client.begin(30 * MB..size).unwrap(), his);
    assert!(client.end(his, 30 * MB..size, 60 * MB));
    assert!(client.end(hers, 0..size, size));
    assert_eq!(client.link.used, 2);
}

#[test]
fn what_was_given_back_is_not_gone_on_with_before_what_counts() {
    let size = 90 * MB;
    let mut client = Client::new(size);
    // A browser begins, a download manager takes over.
    let (browser, manager) = (client.begin(0..size).unwrap(), client.begin(0..size).unwrap());
    client.end(browser, 0..size, MB / 2);
    client.end(manager, 0..size, 30 * MB);
    assert_eq!(client.begin(30 * MB..size).unwrap(), manager);
    assert_eq!(client.link.used, 1);
}

#[test]
fn a_connection_that_was_lost_unnoticed_is_gone_on_with() {
    let size = 90 * MB;
    let mut client = Client::new(size);
    client.link.used = 49;
    let lost = client.begin(0..size).unwrap();
    let next = client.begin(30 * MB..size).unwrap();
    assert_eq!(lost, next, "also the last one");
    client.end(next, 30 * MB..size, 60 * MB);
    client.end(lost, 0..size, 32 * MB);
    assert_eq!((client.link.used, client.downloads[0].completed_at.is_some()), (50, true));
}

#[test]
fn what_was_given_up_and_sent_all_the_same_counts() {
    let size = 90 * MB;
    let mut client = Client::new(size);
    let id = client.begin(0..size).unwrap();
    // Another server thinks this one is gone; it is not.
    client.end(id, 0..size, 0);
    assert_eq!(client.link.used, 0);
    assert!(client.end(id, 0..size, size));
    assert_eq!(client.link.used, 1);
    // The same report twice changes nothing.
    client.end(id, 0..size, size);
    assert_eq!((client.link.used, client.downloads[0].sent), (1, size));
}

#[test]
fn a_second_copy_is_not_collected_from_what_is_forgiven() {
    let size = 18 * MB;
    let mut client = Client::new(size);
    let mut copies = 0;
    while client.link.used < 50 && copies < 200 {
        client.fetch(0..size, size);
        copies += 1;
        for piece in [MB..size, 0..MB - 1, MB - 1..MB] {
            if let Some(id) = client.begin(piece.clone()) {
                client.end(id, piece.clone(), piece.end - piece.start);
            }
        }
        copies += 1;
    }
    assert!(copies <= 70, "{copies} copies for fifty");
}

#[test]
fn many_addresses_collect_no_file_from_free_pieces() {
    let (size, mut link, mut free) = (80 * MB, link(Some(50)), 0);
    for number in 0..81_u64 {
        let wanted = number * (MB - 1)..(number + 1) * (MB - 1);
        let id = DownloadId::new(Uuid::from_u128(u128::from(number)));
        match admit(&link, &[], (&wanted, size), start(), id) {
            Admission::Send { download, counts, .. } => {
                let settled =
                    settle(download, (&wanted, MB - 1), true, (size, link.starts_are_free(size)), start());
                link.used += u32::from(counts);
                link.free_starts += u32::from(!counts);
                link.free_bytes += settled.free_bytes;
                free += u64::from(!counts) * (MB - 1);
            }
            Admission::UsedUp => panic!("there are counts left"),
        }
    }
    assert!(free < size / 2 + MB, "{free} bytes for nothing");
    assert!(link.used > 30);
}

#[test]
fn after_a_day_it_is_another_download() {
    let mut client = Client::new(100 * MB);
    client.fetch(0..100 * MB, 60 * MB);
    client.later(25);
    client.fetch(60 * MB..100 * MB, 40 * MB);
    assert_eq!(client.link.used, 2);
}

#[test]
fn the_fiftieth_succeeds_and_the_next_is_refused() {
    let mut client = Client::new(10 * MB);
    for _ in 0..50 {
        client.fetch(0..10 * MB, 10 * MB);
    }
    assert_eq!(client.link.used, 50);
    assert_eq!(client.begin(0..10 * MB), None);
    let newcomer = DownloadId::new(Uuid::from_u128(1));
    let asked = admit(&client.link, &[], (&(0..10), 10 * MB), start(), newcomer);
    assert_eq!(asked, Admission::UsedUp, "not even a preview");
    // Whoever has it may fetch again what was lost at the end.
    client.fetch(9 * MB..10 * MB, MB);
    assert_eq!(client.link.used, 50);
}

#[test]
fn who_is_in_the_middle_of_the_last_download_may_go_on() {
    let mut client = Client::new(10 * MB);
    client.link.used = 49;
    client.fetch(0..10 * MB, 5 * MB);
    assert_eq!(client.link.used, 50);
    assert!(client.fetch(5 * MB..10 * MB, 5 * MB));
    assert_eq!(client.begin(0..10 * MB), None);
}

#[test]
fn a_file_cannot_be_collected_from_free_pieces() {
    let mut client = Client::new(20 * MB);
    for piece in 0..40 {
        client.fetch(piece * MB / 2..(piece + 1) * MB / 2, MB / 2);
    }
    assert_eq!((client.link.used, client.downloads.len()), (1, 1));

    // Nor by many clients with a free piece each: behind a hundred of them the first byte counts.
    let mut link = link(Some(50));
    let mut counted = 0;
    for number in 0..150_u128 {
        let id = DownloadId::new(Uuid::from_u128(number));
        match admit(&link, &[], (&(0..1000), 100 * MB), start(), id) {
            Admission::Send { counts, .. } => {
                counted += u32::from(counts);
                link.used += u32::from(counts);
                link.free_starts += u32::from(!counts);
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(counted, 50);
    let id = DownloadId::new(Uuid::from_u128(999));
    assert_eq!(admit(&link, &[], (&(0..1000), 100 * MB), start(), id), Admission::UsedUp);
}

#[test]
fn a_download_has_a_limit_of_connections() {
    let mut client = Client::new(100 * MB);
    for number in 0..u64::try_from(SIDE_BY_SIDE).unwrap() {
        assert!(client.begin(number * MB..(number + 1) * MB).is_some());
    }
    // One more is another download.
    assert!(client.begin(50 * MB..51 * MB).is_some());
    assert_eq!((client.link.used, client.downloads.len()), (2, 2));
}

#[test]
fn whoever_asks_byte_by_byte_does_not_fill_the_log() {
    let mut client = Client::new(100 * MB);
    client.fetch(0..2 * MB, 2 * MB);
    let mut told = 0;
    for number in 0..100 {
        let wanted = 2 * MB + number..2 * MB + number + 1;
        let id = DownloadId::new(Uuid::from_u128(7));
        match admit(&client.link, &client.downloads, (&wanted, client.size), client.now, id) {
            Admission::Send { resumes, .. } => told += u32::from(resumes),
            Admission::UsedUp => panic!("it is one download"),
        }
        client.fetch(wanted, 1);
    }
    assert_eq!((told, client.link.used), (RESUMPTIONS_TOLD, 1));
}

#[test]
fn what_is_reported_halfway_is_not_lost() {
    let mut client = Client::new(100 * MB);
    let id = client.begin(0..100 * MB).unwrap();
    let settled =
        settle(client.downloads[0].clone(), (&(0..100 * MB), 30 * MB), false, (100 * MB, true), start());
    assert_eq!((settled.download.covered.total(), settled.given_back), (30 * MB, false));
    assert_eq!(settled.download.under_way.to_string(), format!("{}-{}", 30 * MB, 100 * MB));
    client.downloads[0] = settled.download;
    assert!(client.end(id, 30 * MB..100 * MB, 70 * MB));
    assert_eq!(client.link.used, 1);
}

fn count(list: &[Download], which: impl Fn(&Download) -> bool) -> u64 {
    u64::try_from(list.iter().filter(|own| which(own)).count()).unwrap()
}

/// What a client may do: ask for a stretch (as hundredths of the file) and get a part of it.
fn steps() -> impl Strategy<Value = Vec<(u64, u64, u64)>> {
    prop::collection::vec((0_u64..100, 1_u64..=100, 0_u64..=100), 1..60)
}

proptest! {
    /// However it is cut up: no byte is sent more often than counted downloads, a quarter more each, and what is free
    /// allow; and nothing is counted that was not sent.
    #[test]
    fn the_count_fits_the_bytes(size in prop_oneof![Just(2 * MB), Just(10 * MB), Just(333 * MB)], steps in steps()) {
        let mut client = Client::new(size);
        client.link.life.max_downloads = None;
        let mut all = 0;
        for (from, length, part) in steps {
            let start = size * from / 100;
            let wanted = start..(start + (size * length / 100).max(1)).min(size);
            let sent = (wanted.end - wanted.start) * part / 100;
            client.fetch(wanted, sent);
            all += sent;
        }
        let counted = u64::from(client.link.used);
        let uncounted: u64 = client.downloads.iter().filter(|own| !own.counted).map(|own| own.sent).sum();
        prop_assert!(all <= counted * (size + size / 4 + LOST.min(size)) + uncounted, "{all} bytes, {counted} counted");
        prop_assert!(uncounted <= count(&client.downloads, |_| true) * (FREE + size / 4));
        prop_assert_eq!(counted, count(&client.downloads, |own| own.counted));
        for own in client.downloads.iter().filter(|own| own.counted) {
            prop_assert!(own.covered.total() >= threshold(size) || !client.link.starts_are_free(size));
        }
    }

    /// Each byte once, in any order and any pieces, is one download, and complete at its end.
    #[test]
    fn every_byte_once_is_one_download(cuts in prop::collection::btree_set(1_u64..10_000, 0..30), seed in any::<u64>()) {
        let size = 10 * MB;
        let mut edges: Vec<u64> = cuts.into_iter().map(|cut| size * cut / 10_000).collect();
        edges.insert(0, 0);
        edges.push(size);
        edges.dedup();
        let mut pieces: Vec<Range<u64>> = edges.windows(2).map(|pair| pair[0]..pair[1]).collect();
        pieces.sort_by_key(|own| own.start.wrapping_mul(seed | 1));
        let mut client = Client::new(size);
        let mut completions = 0;
        for piece in pieces {
            completions += u32::from(client.fetch(piece.clone(), piece.end - piece.start));
        }
        prop_assert_eq!((client.link.used, client.downloads.len(), completions), (1, 1, 1));
    }

    /// The whole file so many times is so many downloads.
    #[test]
    fn the_whole_file_n_times_counts_n_times(times in 1_u32..20, size in 1_u64..5 * MB) {
        let mut client = Client::new(size);
        for _ in 0..times {
            client.fetch(0..size, size);
        }
        prop_assert_eq!(client.link.used, times);
    }

    /// Whatever happens, the count never passes the limit, nor goes below what is being sent.
    #[test]
    fn the_limit_holds(steps in prop::collection::vec((any::<bool>(), 0_u64..4, 0_u64..=100), 1..200)) {
        let size = 8 * MB;
        let mut client = Client::new(size);
        client.link.life.max_downloads = Some(3);
        let mut running: Vec<(DownloadId, Range<u64>)> = Vec::new();
        for (begins, which, part) in steps {
            if begins || running.is_empty() {
                let wanted = [0..size, 0..size / 2, size / 2..size, 0..1000][usize::try_from(which).unwrap()].clone();
                if let Some(id) = client.begin(wanted.clone()) {
                    running.push((id, wanted));
                }
            } else {
                let (id, promised) = running.swap_remove(usize::try_from(which).unwrap() % running.len());
                let sent = (promised.end - promised.start) * part / 100;
                client.end(id, promised, sent);
            }
            prop_assert!(client.link.used <= 3);
            prop_assert!(u64::from(client.link.used) >= count(&client.downloads, |own| own.counted));
        }
    }
}
