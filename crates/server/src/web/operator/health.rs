//! How the installation is: what `chandlery doctor` looks at and what only a running server knows, each with what to do.

use axum::http::StatusCode;
use axum::response::Response;
use chandlery_domain::access::Action;
use chandlery_store::operator::{self, Waiting};
use chandlery_store::settings::{self, names};
use chandlery_store::{Location, Schema};
use jiff::{SignedDuration, Timestamp};

use crate::web::entered::Entered;

use crate::clock::wall_clock;
use crate::error::Error;
use crate::health as checks;
use crate::texts::Reader;
use crate::web::operator_pages::{Check, Health, Tone};
use crate::web::{Asked, failed, page};

/// How long work may wait beyond its day before that is worth a look.
const WORK_LATE: SignedDuration = SignedDuration::from_mins(10);
/// How long an entry may wait to be sealed: the server seals twice a second.
const SEALING_LATE: SignedDuration = SignedDuration::from_mins(1);
/// How old the last copy may be.
const BACKUP_OLD: SignedDuration = SignedDuration::from_hours(2 * 24);
/// How many orders that wait are counted.
const STUCK_COUNTED: i64 = 100;

/// What the database knows.
struct Known {
    size: i64,
    work: Waiting,
    unsealed: Waiting,
    backup: Option<Timestamp>,
    stock: checks::Stock,
    stuck: usize,
}

async fn known(own: &Entered) -> Result<Known, Error> {
    own.read(|tx| {
        let backup = settings::get(tx, names::LAST_BACKUP)?.and_then(|text| text.parse().ok());
        Ok(Known {
            size: operator::size(tx)?,
            work: operator::waiting_work(tx)?,
            unsealed: operator::unsealed(tx)?,
            backup: backup.and_then(|micros| Timestamp::from_microsecond(micros).ok()),
            stock: checks::stock(tx)?,
            stuck: checks::stuck_orders(tx, STUCK_COUNTED)?.len(),
        })
    })
    .await
}

fn check(reader: &Reader, name: &'static str, tone: Tone, found: String, advice: &str) -> Check {
    Check {
        name: reader.t(name),
        tone,
        found,
        advice: if tone == Tone::Good { String::new() } else { reader.t(advice) },
    }
}

/// What is seen outside the database: the folder, the ring, the schema and the place for media.
async fn outside(own: &Entered) -> Vec<Check> {
    let (place, reader) = (&own.api.installation.place, &own.reader);
    let (data, ring) = (place.data.clone(), place.key_ring());
    let looked = tokio::task::spawn_blocking(move || {
        (checks::folder(&data).is_ok(), checks::free_mib(&data).ok(), checks::key_ring(&ring).ok())
    });
    let (writable, free, keys) = looked.await.unwrap_or((false, None, None));
    let (schema, media) = tokio::join!(place.location.schema(), checks::media_store(&own.api.installation));
    let yes_no = |yes: bool, good: &str, bad: &str| reader.t(if yes { good } else { bad });
    let tone = |good: bool, otherwise: Tone| if good { Tone::Good } else { otherwise };
    let mut list = vec![check(
        reader,
        "op-health-folder",
        tone(writable, Tone::Bad),
        yes_no(writable, "op-health-folder-good", "op-health-folder-bad"),
        "op-health-folder-do",
    )];
    let enough = free.is_some_and(|free| free >= checks::FREE_MIN_MIB);
    let bytes = free.map(|free| free.saturating_mul(1024 * 1024));
    let told = bytes.map_or_else(|| reader.t("op-health-unknown"), |bytes| reader.size(bytes));
    list.push(check(reader, "op-health-disk", tone(enough, Tone::Bad), told, "op-health-disk-do"));
    let told = match keys {
        Some(keys) => reader.t1("op-health-ring-good", "count", keys),
        None => reader.t("op-health-ring-bad"),
    };
    list.push(check(reader, "op-health-ring", tone(keys.is_some(), Tone::Bad), told, "op-health-ring-do"));
    let (good, told) = match schema {
        Ok(Schema::Current) => (true, reader.t("op-health-schema-good")),
        Ok(Schema::Behind(missing)) => (false, reader.t1("op-health-schema-behind", "count", missing.len())),
        Ok(Schema::Empty | Schema::Unknown(_)) => (false, reader.t("op-health-schema-other")),
        Err(_) => (false, reader.t("op-health-unknown")),
    };
    list.push(check(reader, "op-health-schema", tone(good, Tone::Bad), told, "op-health-schema-do"));
    let told = yes_no(media.is_ok(), "op-health-media-good", "op-health-media-bad");
    if let Err(error) = &media {
        tracing::warn!(%error, "the place for media was not reached");
    }
    list.push(check(reader, "op-health-media", tone(media.is_ok(), Tone::Bad), told, "op-health-media-do"));
    let mail = own.api.sends_mail;
    let told = yes_no(mail, "op-health-mail-good", "op-health-mail-bad");
    list.push(check(reader, "op-health-mail", tone(mail, Tone::Careful), told, "op-health-mail-do"));
    list
}

/// What is said of what the database knows.
fn inside(own: &Entered, known: &Known) -> Vec<Check> {
    let (reader, now) = (&own.reader, own.cx.now);
    let tone = |good: bool, otherwise: Tone| if good { Tone::Good } else { otherwise };
    let kind = match &own.api.installation.place.location {
        Location::Sqlite(_) => "SQLite",
        Location::Postgres { .. } => "PostgreSQL",
    };
    let size = format!("{kind}, {}", reader.size(u64::try_from(known.size).unwrap_or(0)));
    let mut list = vec![check(reader, "op-health-database", Tone::Good, size, "op-health-unknown")];
    let late = |since: Option<Timestamp>, most: SignedDuration| {
        since.is_some_and(|since| now.duration_since(since) > most)
    };
    let since = |waiting: &Waiting| waiting.oldest.map_or_else(String::new, |at| reader.instant(at));
    let work = &known.work;
    let told = match work.count {
        0 => reader.t("op-health-work-none"),
        count => reader.t2("op-health-work-some", "count", count, "since", since(work)),
    };
    let work_tone = match (late(work.oldest, WORK_LATE), work.troubled > 0) {
        (true, _) => Tone::Bad,
        (false, true) => Tone::Careful,
        (false, false) => Tone::Good,
    };
    list.push(check(reader, "op-health-work", work_tone, told, "op-health-work-do"));
    let told = match known.stuck {
        0 => reader.t("op-health-orders-none"),
        count => reader.t1("op-health-orders-some", "count", count),
    };
    list.push(check(
        reader,
        "op-health-orders",
        tone(known.stuck == 0, Tone::Careful),
        told,
        "op-health-orders-do",
    ));
    let waiting = &known.unsealed;
    let told = match waiting.count {
        0 => reader.t("op-health-log-all"),
        count => reader.t2("op-health-log-until", "count", count, "until", since(waiting)),
    };
    let sealed = !late(waiting.oldest, SEALING_LATE);
    list.push(check(reader, "op-health-log", tone(sealed, Tone::Bad), told, "op-health-log-do"));
    let fresh = known.backup.is_some_and(|at| wall_clock().duration_since(at) <= BACKUP_OLD);
    let told = match known.backup {
        Some(at) => reader.instant(at),
        None => reader.t("op-health-backup-unknown"),
    };
    list.push(check(reader, "op-health-backup", tone(fresh, Tone::Careful), told, "op-health-backup-do"));
    let stock = &known.stock;
    let told = match (stock.prices, stock.low.len()) {
        (0, _) => reader.t("op-health-stock-empty"),
        (_, 0) => reader.t("op-health-stock-good"),
        (_, low) => reader.t1("op-health-stock-low", "count", low),
    };
    let stock_tone = match (stock.prices, stock.low.is_empty()) {
        (0, _) => Tone::Bad,
        (_, false) => Tone::Careful,
        (_, true) => Tone::Good,
    };
    list.push(check(reader, "op-health-stock", stock_tone, told, "op-health-stock-do"));
    list
}

/// `GET /operator/health`.
pub(in crate::web) async fn show(asked: Asked) -> Response {
    let own = match Entered::of(asked, Action::ReadHealth, "/operator/health").await {
        Ok(own) => own,
        Err(response) => return response,
    };
    let known = match known(&own).await {
        Ok(known) => known,
        Err(error) => return failed(&own.api, &error),
    };
    let mut list = inside(&own, &known);
    list.extend(outside(&own).await);
    let started = checks::started();
    let hours = wall_clock().duration_since(started).as_hours();
    let worst = |tone: Tone| list.iter().any(|own| own.tone == tone);
    let body = Health {
        frame: own.frame(),
        overall: match (worst(Tone::Bad), worst(Tone::Careful)) {
            (true, _) => Tone::Bad,
            (false, true) => Tone::Careful,
            (false, false) => Tone::Good,
        },
        version: env!("CARGO_PKG_VERSION"),
        started: own.reader.time(started),
        uptime: own.reader.t2("op-health-uptime", "days", hours / 24, "hours", hours % 24),
        list,
    };
    page(&own.api, StatusCode::OK, &body)
}
