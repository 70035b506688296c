//! Rows that the database makes up itself, by the million: what SQLite and PostgreSQL say differently.

use chandlery_store::Location;

pub struct Dialect {
    postgres: bool,
}

impl Dialect {
    pub fn of(location: &Location) -> Self {
        Self { postgres: matches!(location, Location::Postgres { .. }) }
    }

    /// So many rows numbered by `n` from `from` on.
    pub fn numbers(&self, from: u64, count: u64) -> String {
        let end = from + count;
        match self.postgres {
            true => format!("(select n::bigint as n from generate_series({from}, {end} - 1) n) numbers"),
            false => format!(
                "(with recursive own(n) as (select {from} where {from} < {end} union all select n + 1 from own where n + 1 < {end}) select n from own) numbers"
            ),
        }
    }

    /// A number with leading noughts.
    pub fn padded(&self, number: &str, digits: usize) -> String {
        match self.postgres {
            true => format!("lpad(({number})::text, {digits}, '0')"),
            false => format!("printf('%0{digits}d', {number})"),
        }
    }

    /// An id of a kind, numbered.
    pub fn id(&self, kind: &str, number: &str) -> String {
        format!("'0170003f-{kind}-7000-8000-' || {}", self.padded(number, 12))
    }

    /// An amount in minor units as text.
    pub fn price(&self, minor: &str) -> String {
        match self.postgres {
            true => format!("(({minor})::numeric / 100)::numeric(18, 2)::text"),
            false => format!("printf('%d.%02d', ({minor}) / 100, ({minor}) % 100)"),
        }
    }

    /// Runs statements beside the product.
    pub async fn execute(&self, location: &Location, text: String) {
        match location {
            Location::Sqlite(path) => {
                let path = path.clone();
                let work = move || {
                    let database = rusqlite::Connection::open(path).unwrap();
                    database
                        .execute_batch(
                            "pragma busy_timeout = 60000; pragma synchronous = off; pragma cache_size = -400000",
                        )
                        .unwrap();
                    database.execute_batch(&text).unwrap();
                };
                tokio::task::spawn_blocking(work).await.unwrap();
            }
            Location::Postgres { url, .. } => {
                let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
                tokio::spawn(connection);
                client.batch_execute(&text).await.unwrap();
            }
        }
    }

    /// Has the database look at what lies in its tables now, before anything is measured.
    pub async fn settle(&self, location: &Location) {
        let text = if self.postgres { "analyze" } else { "analyze; pragma wal_checkpoint(truncate)" };
        self.execute(location, text.to_owned()).await;
    }
}
