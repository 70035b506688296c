//! The door to the database; with `location` the only file that knows there are two of them.
//!
//! A use case is a synchronous closure on a transaction. On SQLite one thread owns the only writing connection: it takes
//! what is queued, runs each closure in a savepoint, commits once and then answers all (group commit). On PostgreSQL a
//! fixed number of threads own a connection each and run a closure again when the database asks for that. Queues are
//! bounded: a full one answers `Unavailable` at once. Never here: a table's name.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chandlery_domain::audit::Entry;
use diesel::backend::Backend;
use diesel::connection::{Instrumentation, InstrumentationEvent, SimpleConnection};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::{Connection as _, QueryResult, RunQueryDsl, SqliteConnection};
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use tokio::sync::oneshot;

use crate::audit::{self, Stamp};
use crate::error::{Error, Failure};
use crate::location::Location;

/// How many closures may wait before the next is turned away.
const QUEUE_MAX: usize = 1024;
/// How many closures share one commit at most.
const BATCH_MAX: usize = 256;
/// How often a closure runs at most when PostgreSQL asks for another try.
const ATTEMPTS_MAX: u32 = 6;
/// How long SQLite waits for another process that writes.
const BUSY_TIMEOUT_MS: u32 = 10_000;

pub(crate) type PgConnection = AsyncConnectionWrapper<AsyncPgConnection>;

/// An open transaction on either database.
pub(crate) enum Conn<'a> {
    Pg(&'a mut PgConnection),
    Lite(&'a mut SqliteConnection),
}

/// Expands one statement for both databases, so that it stands once and is checked against both.
macro_rules! both {
    ($tx:expr, |$c:ident| $statement:expr) => {
        match &mut $tx.conn {
            $crate::db::Conn::Pg(connection) => {
                let $c: &mut $crate::db::PgConnection = connection;
                $statement
            }
            $crate::db::Conn::Lite(connection) => {
                let $c: &mut diesel::SqliteConnection = connection;
                $statement
            }
        }
    };
}
pub(crate) use both;

/// A statement whose text is the same each time it is built, so that it may be prepared once and kept. Diesel does not
/// assume that of an UPDATE; ours always set the same columns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kept<Q>(pub Q);

impl<DB: Backend, Q: QueryFragment<DB>> QueryFragment<DB> for Kept<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _backend: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q> QueryId for Kept<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q, C> RunQueryDsl<C> for Kept<Q> {}

/// Inserts rows in one statement. One row, the usual case, takes a statement that is prepared once and kept;
/// a statement for many rows has to be prepared anew each time.
macro_rules! insert_rows {
    ($tx:expr, $table:expr, $rows:expr) => {
        match AsRef::<[_]>::as_ref(&$rows) {
            [] => Ok(0),
            [one] => $crate::db::both!($tx, |c| diesel::insert_into($table).values(one).execute(c)),
            many => $crate::db::both!($tx, |c| diesel::insert_into($table).values(many).execute(c)),
        }
    };
}
pub(crate) use insert_rows;

/// A transaction that may look.
pub struct Read<'a> {
    pub(crate) conn: Conn<'a>,
}

/// A transaction that may look and change.
pub struct Write<'a> {
    read: Read<'a>,
}

impl<'a> std::ops::Deref for Write<'a> {
    type Target = Read<'a>;

    fn deref(&self) -> &Read<'a> {
        &self.read
    }
}

impl std::ops::DerefMut for Write<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.read
    }
}

/// The database.
#[derive(Clone)]
pub struct Store {
    location: Location,
    writers: SyncSender<Box<dyn Work>>,
    readers: SyncSender<Box<dyn Work>>,
    statements: Arc<AtomicU64>,
}

/// Counts statements, for query budgets.
struct Counter(Arc<AtomicU64>);

impl Instrumentation for Counter {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if matches!(event, InstrumentationEvent::StartQuery { .. }) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// How a piece of work came to an end.
enum End {
    /// What it did (or its own refusal) stands.
    Settled,
    /// The database took everything back.
    Lost(Error),
}

/// What the threads run: a closure with somewhere to send its result.
trait Work: Send {
    /// Runs inside an open transaction; an error means that its changes are to be taken back.
    fn attempt(&mut self, conn: Conn<'_>) -> Result<(), RolledBack>;
    /// Sends the result, once it is known whether it stands.
    fn settle(self: Box<Self>, end: End);
}

/// The work's changes are to be taken back.
struct RolledBack {
    retryable: bool,
}

/// What a transaction may fail with: the work's own failure, or the database's.
enum Aborted {
    Work(RolledBack),
    Database(Error),
}

impl From<diesel::result::Error> for Aborted {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

struct Closure<T, E, F> {
    run: F,
    result: Option<Result<T, E>>,
    answer: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Work for Closure<T, E, F>
where
    T: Send,
    E: Failure,
    F: FnMut(Conn<'_>) -> Result<T, E> + Send,
{
    fn attempt(&mut self, conn: Conn<'_>) -> Result<(), RolledBack> {
        let run = &mut self.run;
        let result =
            catch_unwind(AssertUnwindSafe(|| run(conn))).unwrap_or_else(|_| Err(Error::Panicked.into()));
        let verdict = match &result {
            Ok(_) => Ok(()),
            Err(error) => Err(RolledBack { retryable: error.store_error().is_some_and(Error::is_retryable) }),
        };
        self.result = Some(result);
        verdict
    }

    fn settle(self: Box<Self>, end: End) {
        let result = match (end, self.result) {
            (End::Settled, Some(result)) => result,
            (End::Settled, None) => Err(Error::Panicked.into()),
            (End::Lost(error), Some(Err(own))) if own.store_error().is_none() => {
                tracing::debug!(%error, "a refused piece of work shared a batch that was lost");
                Err(own)
            }
            (End::Lost(error), _) => Err(error.into()),
        };
        // Nobody waits any more when the caller hung up; the work stands all the same.
        if self.answer.send(result).is_err() {
            tracing::debug!("a result found nobody waiting");
        }
    }
}

impl Store {
    /// Opens the database; threads start at once, connections to PostgreSQL when first needed.
    ///
    /// # Errors
    /// When the SQLite file cannot be opened.
    pub fn open(location: &Location) -> Result<Self, Error> {
        let statements = Arc::new(AtomicU64::new(0));
        let (writers, write_queue) = sync_channel(QUEUE_MAX);
        let (readers, read_queue) = sync_channel(QUEUE_MAX);
        match location {
            Location::Sqlite(path) => {
                let writer = open_sqlite(path, false, &statements)?;
                spawn("store-writer", move || write_sqlite(writer, &write_queue))?;
                let read_queue = Arc::new(Mutex::new(read_queue));
                for number in 0..reader_count() {
                    let (reader, queue) = (open_sqlite(path, true, &statements)?, Arc::clone(&read_queue));
                    spawn(&format!("store-reader-{number}"), move || read_sqlite(reader, &queue))?;
                }
                let store = Self { location: location.clone(), writers, readers, statements };
                return Ok(store);
            }
            Location::Postgres { url, connections } => {
                // Two thirds of the connections write and one third reads: neither can starve the other.
                let readers_count = (connections / 3).max(1);
                let writers_count = connections.saturating_sub(readers_count).max(1);
                for (queue, count, name, only_reads) in [
                    (write_queue, writers_count, "store-writer", false),
                    (read_queue, readers_count, "store-reader", true),
                ] {
                    let queue = Arc::new(Mutex::new(queue));
                    for number in 0..count {
                        let (url, queue, statements) =
                            (url.clone(), Arc::clone(&queue), Arc::clone(&statements));
                        spawn(&format!("{name}-{number}"), move || {
                            work_postgres(&url, only_reads, &queue, &statements);
                        })?;
                    }
                }
            }
        }
        Ok(Self { location: location.clone(), writers, readers, statements })
    }

    /// Runs `work` in a transaction and commits it together with the audit entry it returns. There is no other way
    /// for an act to commit. `work` may run several times, so it touches nothing but its transaction.
    ///
    /// # Errors
    /// What `work` returns, or the store's own.
    pub async fn write<T, E>(
        &self,
        by: Stamp,
        work: impl Fn(&mut Write<'_>) -> Result<(T, Entry), E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
    {
        self.record(by, move |tx| work(tx).map(|(value, entry)| (value, Some(entry)))).await
    }

    /// Runs `work` in a transaction that is no act of anybody's and so leaves no entry: sealing the log itself, noting
    /// how far a stream is, when a session was seen last, forgetting what has ended. A test names who may call it.
    ///
    /// # Errors
    /// What `work` returns, or the store's own.
    pub async fn bookkeep<T, E>(
        &self,
        work: impl Fn(&mut Write<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
    {
        submit(&self.writers, move |conn: Conn<'_>| work(&mut Write { read: Read { conn } })).await
    }

    /// Runs `work` in a transaction that is an act only sometimes: sending another piece of a download is none, beginning
    /// one is. What it returns as an entry is committed with it. A test names who may call it.
    ///
    /// # Errors
    /// What `work` returns, or the store's own.
    pub async fn record<T, E>(
        &self,
        by: Stamp,
        work: impl Fn(&mut Write<'_>) -> Result<(T, Option<Entry>), E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
    {
        let run = move |conn: Conn<'_>| {
            let mut tx = Write { read: Read { conn } };
            let (value, entry) = work(&mut tx)?;
            if let Some(entry) = entry {
                audit::insert(&mut tx, &by, &entry)?;
            }
            Ok(value)
        };
        submit(&self.writers, run).await
    }

    /// Runs `work` on one snapshot of the data.
    ///
    /// # Errors
    /// What `work` returns, or the store's own.
    pub async fn read<T, E>(
        &self,
        work: impl FnOnce(&mut Read<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
    {
        let mut work = Some(work);
        let run = move |conn: Conn<'_>| match work.take() {
            Some(work) => work(&mut Read { conn }),
            None => Err(Error::Conflict { why: "a read ran twice".into() }.into()),
        };
        submit(&self.readers, run).await
    }

    /// How many statements were run since the store was opened.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Where the data is.
    pub const fn location(&self) -> &Location {
        &self.location
    }
}

async fn submit<T, E, F>(queue: &SyncSender<Box<dyn Work>>, run: F) -> Result<T, E>
where
    T: Send + 'static,
    E: Failure,
    F: FnMut(Conn<'_>) -> Result<T, E> + Send + 'static,
{
    let (answer, result) = oneshot::channel();
    let work: Box<dyn Work> = Box::new(Closure { run, result: None, answer });
    queue.try_send(work).map_err(|error| {
        let why = match error {
            TrySendError::Full(_) => "the queue is full",
            TrySendError::Disconnected(_) => "the store is closed",
        };
        Error::Unavailable { why: why.into() }
    })?;
    result.await.unwrap_or_else(|_| Err(Error::Unavailable { why: "the store is closed".into() }.into()))
}

fn reader_count() -> usize {
    std::thread::available_parallelism().map_or(4, |cores| cores.get().saturating_mul(2)).clamp(2, 16)
}

pub(crate) fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), Error> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(run)
        .map(drop)
        .map_err(|error| Error::Unavailable { why: format!("no thread for {name}: {error}") })
}

pub(crate) fn open_sqlite(
    path: &Path,
    only_reads: bool,
    statements: &Arc<AtomicU64>,
) -> Result<SqliteConnection, Error> {
    let unavailable = |why: String| Error::Unavailable { why: format!("{}: {why}", path.display()) };
    let text = path.to_str().ok_or_else(|| unavailable("the path is not UTF-8".into()))?;
    let mut connection = SqliteConnection::establish(text).map_err(|error| unavailable(error.to_string()))?;
    connection
        .batch_execute(&format!(
            "pragma busy_timeout = {BUSY_TIMEOUT_MS}; pragma journal_mode = wal; pragma synchronous = full;
             pragma foreign_keys = on; pragma temp_store = memory; pragma cache_size = -16000;
             pragma journal_size_limit = 67108864; pragma secure_delete = on;"
        ))
        .map_err(|error| unavailable(error.to_string()))?;
    // SQLite's own knows the letters of ASCII only.
    crate::audit::lower_utils::register_impl(&mut connection, |text: Option<String>| {
        text.map(|own| own.to_lowercase())
    })
    .map_err(|error| unavailable(error.to_string()))?;
    if only_reads {
        connection.batch_execute("pragma query_only = on").map_err(|error| unavailable(error.to_string()))?;
    }
    connection.set_instrumentation(Counter(Arc::clone(statements)));
    Ok(connection)
}

/// The writer: takes what is queued, one savepoint each, one commit for all, then answers.
fn write_sqlite(mut connection: SqliteConnection, queue: &Receiver<Box<dyn Work>>) {
    while let Ok(first) = queue.recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH_MAX
            && let Ok(next) = queue.try_recv()
        {
            batch.push(next);
        }
        let committed = connection.immediate_transaction::<_, diesel::result::Error, _>(|connection| {
            for work in &mut batch {
                let own = connection.transaction::<_, Aborted, _>(|connection| {
                    work.attempt(Conn::Lite(connection)).map_err(Aborted::Work)
                });
                if let Err(Aborted::Database(error)) = own {
                    tracing::error!(%error, "a savepoint failed");
                    return Err(diesel::result::Error::RollbackTransaction);
                }
            }
            Ok(())
        });
        match committed {
            Ok(()) => batch.into_iter().for_each(|work| work.settle(End::Settled)),
            Err(error) => {
                let why = format!("the commit failed: {error}");
                tracing::error!("{why}");
                for work in batch {
                    work.settle(End::Lost(Error::Unavailable { why: why.clone() }));
                }
            }
        }
    }
}

fn next(queue: &Mutex<Receiver<Box<dyn Work>>>) -> Option<Box<dyn Work>> {
    let receiver = queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    receiver.recv().ok()
}

fn read_sqlite(mut connection: SqliteConnection, queue: &Mutex<Receiver<Box<dyn Work>>>) {
    while let Some(mut work) = next(queue) {
        let outcome = connection.transaction::<_, Aborted, _>(|connection| {
            work.attempt(Conn::Lite(connection)).map_err(Aborted::Work)
        });
        work.settle(match outcome {
            Ok(()) | Err(Aborted::Work(_)) => End::Settled,
            Err(Aborted::Database(error)) => End::Lost(error),
        });
    }
}

fn work_postgres(
    url: &str,
    only_reads: bool,
    queue: &Mutex<Receiver<Box<dyn Work>>>,
    statements: &Arc<AtomicU64>,
) {
    let mut connection: Option<PgConnection> = None;
    while let Some(mut work) = next(queue) {
        let mut attempt = 0;
        let end = loop {
            attempt += 1;
            let open = match connection.as_mut() {
                Some(open) => open,
                None => match open_postgres(url, only_reads, statements) {
                    Ok(fresh) => connection.insert(fresh),
                    Err(error) => break End::Lost(error),
                },
            };
            let outcome =
                open.transaction::<_, Aborted, _>(|open| work.attempt(Conn::Pg(open)).map_err(Aborted::Work));
            let (retryable, end) = match outcome {
                Ok(()) => (false, End::Settled),
                Err(Aborted::Work(own)) => (own.retryable, End::Settled),
                Err(Aborted::Database(error)) => {
                    let retryable = error.is_retryable();
                    if !retryable {
                        connection = None;
                    }
                    (retryable, End::Lost(error))
                }
            };
            if !retryable || attempt >= ATTEMPTS_MAX {
                break end;
            }
            std::thread::sleep(Duration::from_millis(u64::from(attempt) * 7));
        };
        work.settle(end);
    }
}

/// A connection that reads sees one snapshot per transaction; one that writes sees what was committed last, because
/// it compares revisions.
fn open_postgres(url: &str, only_reads: bool, statements: &Arc<AtomicU64>) -> Result<PgConnection, Error> {
    let mut connection = establish_postgres(url)?;
    if only_reads {
        connection.batch_execute(
            "set session characteristics as transaction isolation level repeatable read, read only",
        )?;
    }
    connection.set_instrumentation(Counter(Arc::clone(statements)));
    Ok(connection)
}

pub(crate) fn establish_postgres(url: &str) -> Result<PgConnection, Error> {
    // The error may quote the URL with its password, so only its kind is told.
    PgConnection::establish(url)
        .map_err(|_| Error::Unavailable { why: "PostgreSQL cannot be reached".into() })
}
