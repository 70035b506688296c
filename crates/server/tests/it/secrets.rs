//! Nothing secret stands in the database, in the log or in an error.

use std::sync::{Arc, Mutex};

use chandlery_store::Location;
use serde_json::json;

use crate::world::{RMS, SQL, World};

/// Everything the database holds, as bytes: what a thief of the disk reads.
fn database_bytes(world: &World) -> Vec<u8> {
    match &world.installation.place.location {
        Location::Sqlite(path) => {
            let mut bytes = std::fs::read(path).unwrap();
            bytes.extend(std::fs::read(path.with_extension("db-wal")).unwrap_or_default());
            bytes
        }
        Location::Postgres { url, .. } => {
            let dump = std::process::Command::new("pg_dump").arg(url).output().unwrap();
            assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
            dump.stdout
        }
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

on_both! {
    async fn keys_and_passwords_are_nowhere_in_clear(world) {
        let sink = Sink::default();
        let writer = sink.clone();
        let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
        let _log = tracing::subscriber::set_default(subscriber);
        world.buy(&[world.line(RMS.1, "7", 1).await, world.line(SQL.1, "2", 1).await]).await;
        let owned = world.get(&format!("{}/entitlements", world.path("de"))).await;
        let link = owned["items"][0]["entitledArtifacts"][0]["link"]["uri"].as_str().unwrap();
        let shown = world.call("GET", &format!("/v1{link}"), None).await;
        assert_eq!(shown.headers["cache-control"], "no-store");
        let key = shown.body["productKey"].as_str().unwrap().to_owned();
        let body = json!({
            "companyProfile": { "domain": "secretive" },
            "billingProfile": { "email": "a@b.example", "culture": "de-DE", "language": "de", "companyName": "Secretive GmbH",
                "defaultAddress": { "country": "DE", "addressLine1": "1", "city": "Bonn" } }
        });
        let id = "6f9a2b30-0000-4000-8000-00000000000c";
        let created = world.call_under(id, "POST", "/v1/customers", &body).await.expect(201);
        let password = created["userCredentials"]["password"].as_str().unwrap().to_owned();
        let bytes = database_bytes(&world);
        assert!(holds(&bytes, "Secretive GmbH"), "the test looks in the wrong place");
        for secret in [key.as_str(), "AAA1-BBB2", "AAA1BBB2", &password, "secret 11", "PRIVATE KEY"] {
            assert!(!holds(&bytes, secret), "the database holds {secret}");
            assert!(!holds(&sink.0.lock().unwrap(), secret), "the log holds {secret}");
        }
        assert!(!holds(&sink.0.lock().unwrap(), &world.token), "the log holds a token");
    }
}
