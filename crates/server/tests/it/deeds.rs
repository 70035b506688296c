//! What tests do to a world that no user could: copies, tampering, and the operator's commands without the command line.

use std::sync::Arc;

use chandlery::app::{Context, people as use_cases};
use chandlery::clock::wall_clock;
use chandlery::error::Error;
use chandlery::identity::programs::secret_digest;
use chandlery::installation::{Installation, OPERATOR, Place};
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_store::applications::{self, ApiKey};
use chandlery_store::seals::{self, Sink};
use chandlery_store::{Location, people};

use crate::databases::empty_postgres;
use crate::world::World;

fn entry() -> Entry {
    Entry::did(Operation::SetUp, Resource::Installation, "test")
}

impl World {
    /// The same world in a database of its own, to be spoiled.
    pub async fn copied(&self) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        std::fs::copy(self.installation.place.key_ring(), folder.path().join("keyring.json")).unwrap();
        let location = match &self.installation.place.location {
            own @ Location::Sqlite(_) => {
                let file = folder.path().join("chandlery.db");
                own.back_up(&file).await.unwrap();
                Location::Sqlite(file)
            }
            Location::Postgres { url, .. } => {
                let copy = empty_postgres();
                let Location::Postgres { url: target, .. } = &copy else { unreachable!() };
                let dump = std::process::Command::new("pg_dump").arg(url).output().unwrap();
                assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
                let mut restore = std::process::Command::new("psql")
                    .args(["-q", "-v", "ON_ERROR_STOP=1", target])
                    .stdin(std::process::Stdio::piped())
                    .stdout(std::process::Stdio::null())
                    .spawn()
                    .unwrap();
                std::io::Write::write_all(&mut restore.stdin.take().unwrap(), &dump.stdout).unwrap();
                assert!(restore.wait().unwrap().success());
                copy
            }
        };
        let place = Place { data: folder.path().to_owned(), location, media: None };
        let installation = Installation::open(place).await.unwrap();
        let mut copy = self.restarted();
        copy.installation = installation;
        copy._folder = folder;
        copy.restarted()
    }

    /// Changes the database behind everybody's back.
    pub async fn tamper(&self, sql: &str) {
        match &self.installation.place.location {
            Location::Sqlite(file) => {
                rusqlite::Connection::open(file).unwrap().execute_batch(sql).unwrap();
            }
            Location::Postgres { url, .. } => {
                let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
                tokio::spawn(connection);
                client.batch_execute(sql).await.unwrap();
            }
        }
    }

    /// Everything that stands in the database, as one text.
    pub async fn whole_text(&self) -> String {
        match &self.installation.place.location {
            Location::Sqlite(file) => {
                let connection = rusqlite::Connection::open(file).unwrap();
                let mut text = String::new();
                let mut tables =
                    connection.prepare("select name from sqlite_master where type = 'table'").unwrap();
                let names: Vec<String> =
                    tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
                for name in names {
                    let mut all = connection.prepare(&format!("select * from {name}")).unwrap();
                    let count = all.column_count();
                    let mut rows = all.query([]).unwrap();
                    while let Some(row) = rows.next().unwrap() {
                        for index in 0..count {
                            if let Ok(own) = row.get::<_, String>(index) {
                                text.push_str(&own);
                                text.push('\n');
                            }
                        }
                    }
                }
                text
            }
            Location::Postgres { url, .. } => {
                let dump = std::process::Command::new("pg_dump").arg(url).output().unwrap();
                String::from_utf8(dump.stdout).unwrap()
            }
        }
    }

    /// Erases somebody, as the command does.
    pub async fn erase(&self, upn: &str) {
        let user = self.user_named(upn).await;
        let cx = Context::system(user.partner, self.now(), "test");
        let (inner, ids) = (cx.clone(), (user.partner, user.id));
        let done = self
            .installation
            .store
            .write(cx.stamp(), move |tx| use_cases::erase(tx, &inner, &user, wall_clock()));
        done.await.unwrap();
        self.api.desk.people.forget(ids.0, ids.1);
    }

    /// A key of the operator's automation.
    pub async fn operator_key(&self, scope: &str) -> String {
        let key = ApiKey {
            id: "0123456789abcdef".into(),
            name: "test".into(),
            digest: secret_digest("the-secret"),
            scopes: scope.into(),
            added_at: 0,
            ends_at: None,
            revoked_at: None,
        };
        let cx = Context::system(OPERATOR, self.now(), "test");
        let text = format!("chk_{}_the-secret", key.id);
        let done = self.installation.store.write(cx.stamp(), move |tx| {
            applications::insert_api_key(tx, &key)?;
            Ok::<_, Error>(((), entry()))
        });
        done.await.unwrap();
        text
    }

    /// Streams the log to a place.
    pub async fn stream_to(&self, target: &str) {
        let sink = Sink {
            id: "sink".into(),
            name: "test".into(),
            target: target.into(),
            token: None,
            ca_file: None,
            added_at: 0,
            removed_at: None,
            last_error: None,
        };
        let cx = Context::system(OPERATOR, self.now(), "test");
        let done = self.installation.store.write(cx.stamp(), move |tx| {
            seals::insert_sink(tx, &sink)?;
            Ok::<_, Error>(((), entry()))
        });
        done.await.unwrap();
    }

    /// Whether somebody signs in under a name.
    pub async fn knows(&self, upn: &str) -> bool {
        let upn = upn.to_owned();
        let found = self.installation.store.read(move |tx| Ok::<_, Error>(people::by_name(tx, &upn)?));
        found.await.unwrap().is_some()
    }

    /// The only sign-in name that begins like this.
    pub async fn only_name_like(&self, start: &str) -> String {
        let text = self.whole_text().await;
        let words = text
            .split(|c: char| c.is_whitespace())
            .filter(|word| word.starts_with(start) && word.contains('@'));
        let names: std::collections::BTreeSet<&str> = words.collect();
        assert_eq!(names.len(), 1, "{names:?}");
        names.into_iter().next().unwrap().to_owned()
    }

    /// Gives somebody of the other partner another sign-in name.
    pub async fn rename(&self, id: chandlery_domain::ids::UserId, upn: &str) {
        let old = self.user(self.other.id, id).await;
        let fresh = people::User { upn: upn.to_owned(), ..old.clone() };
        let cx = Context::system(self.other.id, self.now(), "test");
        let done = self.installation.store.write(cx.stamp(), move |tx| {
            assert!(people::save(tx, &old, &fresh)?);
            Ok::<_, Error>(((), entry()))
        });
        done.await.unwrap();
    }

    /// Takes every role and the way in from somebody of the first partner.
    pub async fn take_rights_away(&self, id: chandlery_domain::ids::UserId) {
        let (partner, cx) = (self.partner.id, Context::system(self.partner.id, self.now(), "test"));
        let done = self.installation.store.write(cx.stamp(), move |tx| {
            people::update(tx, partner, id, |user| {
                user.active = false;
                user.roles.clear();
            })?;
            Ok::<_, Error>(((), entry()))
        });
        done.await.unwrap();
    }

    /// Moves the mark from which tokens count.
    pub async fn move_mark(&self, id: chandlery_domain::ids::UserId) -> Option<people::User> {
        let (partner, cx) = (self.partner.id, Context::system(self.partner.id, self.now(), "test"));
        let done = self.installation.store.write(cx.stamp(), move |tx| {
            let moved = people::update(tx, partner, id, |user| user.tokens_from = wall_clock())?;
            Ok::<_, Error>((moved, entry()))
        });
        done.await.unwrap()
    }

    /// Writes a copy back that was read in an earlier transaction.
    pub async fn write_back(&self, old: people::User, new: people::User) -> Result<bool, Error> {
        let cx = Context::system(self.partner.id, self.now(), "test");
        let done = self
            .installation
            .store
            .write(cx.stamp(), move |tx| Ok::<_, Error>((people::save(tx, &old, &new)?, entry())));
        done.await
    }
}
