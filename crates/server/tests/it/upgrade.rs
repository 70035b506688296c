//! An installation of the first schema is brought up to this one, with everything in it.

use chandlery::app::Context;
use chandlery::clock::wall_clock;
use chandlery::installation::{Place, catch_up};
use chandlery::log::live::verify;
use chandlery::log::sealing::public_keys;
use chandlery_domain::access::Action;
use chandlery_domain::ids::{ApplicationId, CustomerId, PartnerId};
use chandlery_store::applications::Proof;
use chandlery_store::{Location, Schema, reservations};
use uuid::Uuid;

use crate::databases::empty_postgres;

const FIRST: &str = include_str!("../../../../migrations/2026-11-20-000001_foundation/up.sql");
const PARTNER: &str = "aaaa0000-0000-7000-8000-000000000001";

fn old() -> String {
    let mut text = String::from(FIRST);
    text.push_str(&format!(
        "create table __diesel_schema_migrations (version varchar(50) primary key not null, run_on timestamp not null default current_timestamp);
         insert into __diesel_schema_migrations (version) values ('20261120000001');
         insert into partners values ('{PARTNER}', 'Old Partner', 'SE', 'SEK', 'Europe', 1, '1');
         insert into applications values ('{}', '{PARTNER}', 'script', 'the digest', 'admin_agent', null);
         insert into users values ('{PARTNER}', '{}', null, 'old@partner.example', 'Old', 'global_admin', 'hash', 1, 5);
         insert into logins values ('old@partner.example', '{PARTNER}', '{}');
         insert into jobs values ('{PARTNER}', '{}', 'provision', '{}', 7, 2, 'no keys');",
        Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(2), Uuid::from_u128(3), Uuid::from_u128(4)
    ));
    // A term that ended, whose switch said that it would go on: terms did not renew then.
    let (customer, order, charge, own) =
        (Uuid::from_u128(50), Uuid::from_u128(51), Uuid::from_u128(52), Uuid::from_u128(53));
    let item = "DG7GMGF0FKZV:0002:DG7GMGF0HFR6";
    text.push_str(&format!(
        "insert into products values ('DG7GMGF0FKZV', 'SQL Server', 'Microsoft');
         insert into customers values ('{PARTNER}', '{customer}', 'old.example', 'Old Customer', 'old customer', null, 'SE', 'none', 0, null, '{{}}', 1, 1);
         insert into orders values ('{PARTNER}', '{order}', 'abc', '{customer}', null, null, 'SE', 'SEK', 'OneTime', 1577836800000000, 1);
         insert into order_lines values ('{PARTNER}', '{order}', 0, '{item}', 'SQL', 'subscription', 1, 'P1Y', '100.00', 10000, 0, '2020-01-01', '2020-12-31', '{own}', null, 'fulfilled', 5);
         insert into products values ('DZH318Z0BQ4Z', 'Reserved VM Instance', 'Microsoft');
         insert into order_lines values ('{PARTNER}', '{order}', 1, 'DZH318Z0BQ4Z:002L:DZH318Z0CMNP', 'Reserved VM', 'reservation', 2, 'P1Y', '900.00', 180000, 0, '2020-01-01', '2020-12-31', null, null, 'fulfilled', 5);
         insert into subscriptions values ('{PARTNER}', '{own}', '{customer}', '{order}', 0, '{item}', 'SQL', 'SQL', 1, 'P1Y', 'OneTime', '2020-01-01', '2020-12-31', 1, 5, null, 1);
         insert into charges values ('{PARTNER}', '{order}', '{charge}', '{customer}', 0, 'new', '100.00', '100.00', 1, 10000, 'SEK', 0, '2020-01-01', '2020-12-31', 5, null);"
    ));
    for number in 10..13 {
        text.push_str(&format!(
            "insert into audit values ('{PARTNER}', '{}', {number}, 'create_order', 'order', 'x', null, null, 'succeeded', 'application', '{}', '', '[]', '[]', 'r', 'c');",
            Uuid::from_u128(number), Uuid::from_u128(1)
        ));
    }
    text
}

async fn upgraded(location: Location) {
    assert!(matches!(location.schema().await.unwrap(), Schema::Behind(missing) if missing.len() == 20));
    assert_eq!(location.migrate().await.unwrap().len(), 20);
    assert_eq!(location.schema().await.unwrap(), Schema::Current);
    // What an older version sold without reservations has them, and twice is once.
    let place = Place {
        data: tempfile::tempdir().unwrap().path().to_owned(),
        location: location.clone(),
        media: None,
    };
    catch_up(&place).await.unwrap();
    catch_up(&place).await.unwrap();
    let store = chandlery_store::Store::open(&location).unwrap();
    let customer = CustomerId::new(Uuid::from_u128(50));
    let scope = Context::system(PARTNER.parse().unwrap(), wall_clock(), "test");
    let scope = scope.authorize(Action::ReadEntitlements).unwrap();
    let reserved = store.read(move |tx| {
        Ok::<_, chandlery::error::Error>(reservations::page(tx, &scope, customer, None, 10)?)
    });
    let reserved = reserved.await.unwrap();
    assert_eq!((reserved.len(), reserved[0].quantity, reserved[0].line), (1, 2, 1));
    assert_eq!(reserved[0].made_at.map(jiff::Timestamp::as_microsecond), Some(5));
    let sizes = store.read(|tx| Ok::<_, chandlery::error::Error>(chandlery_store::benefit::any(tx)?));
    assert!(sizes.await.unwrap(), "the sizes of machines came with the program");
    let partner: PartnerId = PARTNER.parse().unwrap();
    let program = store
        .read(|tx| {
            Ok::<_, chandlery::error::Error>(chandlery_store::applications::find(
                tx,
                ApplicationId::new(Uuid::from_u128(1)),
            )?)
        })
        .await
        .unwrap()
        .unwrap();
    assert!(matches!(&program.credentials[0].proof, Proof::Secret(digest) if digest == "the digest"));
    let ended = store.read(|tx| {
        let today = chandlery_domain::calendar::utc_date(wall_clock());
        Ok::<_, chandlery::error::Error>(chandlery_store::subscriptions::due(tx, today, None, 10)?)
    });
    assert!(ended.await.unwrap().is_empty(), "what ended before terms renewed is not charged now");
    let scope = Context::system(partner, wall_clock(), "test").authorize(Action::ReadOrders).unwrap();
    let order = chandlery_domain::ids::OrderId::new(Uuid::from_u128(51));
    let charges = store.read(move |tx| {
        Ok::<_, chandlery::error::Error>(chandlery_store::charges::of_order(tx, &scope, order)?)
    });
    let charges = charges.await.unwrap();
    assert_eq!((charges.len(), charges[0].amount.minor()), (1, 10_000));
    assert_eq!(
        (charges[0].term, charges[0].period.unwrap().last.to_string()),
        (charges[0].period, "2020-12-31".into())
    );
    let person = store
        .read(|tx| {
            Ok::<_, chandlery::error::Error>(chandlery_store::people::by_name(tx, "old@partner.example")?)
        })
        .await
        .unwrap()
        .unwrap();
    assert!(person.active && person.must_change_password && person.partner == partner);
    let due = store
        .read(|tx| Ok::<_, chandlery::error::Error>(chandlery_store::jobs::due(tx, wall_clock(), 10)?))
        .await
        .unwrap();
    assert_eq!((due.len(), due[0].attempts), (1, 2));
    // The old entries wait to be sealed, and are.
    let folder = tempfile::tempdir().unwrap();
    let ring =
        chandlery::outside::key_ring::KeyRing::open_or_create(&folder.path().join("keyring.json"), false)
            .unwrap();
    let vault = std::sync::Arc::new(chandlery::outside::vault::Vault::new(ring));
    let key = vault.fresh_data_key(chandlery::outside::vault::Owner::Operator).unwrap();
    let cx = Context::system(partner, wall_clock(), "test");
    store
        .write(cx.stamp(), move |tx| {
            chandlery_store::vault::insert_data_key(tx, &key)?;
            let entry = chandlery_domain::audit::Entry::did(
                chandlery_domain::audit::Operation::SetUp,
                chandlery_domain::audit::Resource::Installation,
                "test",
            );
            Ok::<_, chandlery::error::Error>(((), entry))
        })
        .await
        .unwrap();
    let sealer = chandlery::log::sealing::Sealer::load_or_draw(&store, &vault, wall_clock()).await.unwrap();
    assert_eq!(std::sync::Arc::new(sealer).seal(&store, partner, wall_clock()).await.unwrap(), 4);
    let scope = cx.authorize(Action::ReadEveryLog).unwrap();
    let keys = store.read(public_keys).await.unwrap();
    let report = verify(&store, scope, &keys, &[]).await.unwrap();
    assert!(report.is_sound() && report.entries == 4, "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("chandlery.db");
    rusqlite::Connection::open(&file).unwrap().execute_batch(&old()).unwrap();
    upgraded(Location::Sqlite(file)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    let location = empty_postgres();
    let Location::Postgres { url, .. } = &location else { unreachable!() };
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute(&old()).await.unwrap();
    upgraded(location).await;
}
