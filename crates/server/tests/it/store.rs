//! The door to the database: what a transaction promises on both.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use chandlery::app::Context;
use chandlery::error::Error;
use chandlery::installation::OPERATOR;
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_store::{Schema, Write, settings};

use crate::world::World;

fn entry() -> Entry {
    Entry::did(Operation::Housekeeping, Resource::Installation, "test")
}

async fn write<T: Send + 'static>(
    world: &World,
    work: impl Fn(&mut Write<'_>) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let cx = Context::system(OPERATOR, world.now(), "test");
    world.installation.store.write(cx.stamp(), move |tx| work(tx).map(|value| (value, entry()))).await
}

async fn setting(world: &World, name: &'static str) -> Option<String> {
    world.installation.store.read(move |tx| Ok::<_, Error>(settings::get(tx, name)?)).await.unwrap()
}

on_both! {
    async fn a_failing_closure_takes_back_its_own_changes_and_nobody_elses(world) {
        let world = Arc::new(world);
        let mut running = tokio::task::JoinSet::new();
        for number in 0..40_u32 {
            let world = Arc::clone(&world);
            running.spawn(async move {
                write(&world, move |tx| {
                    settings::set(tx, &format!("n{number}"), "there")?;
                    if number % 2 == 1 { Err(Error::invalid("odd", "is refused")) } else { Ok(()) }
                })
                .await
                .is_ok()
            });
        }
        let succeeded = running.join_all().await.into_iter().filter(|ok| *ok).count();
        assert_eq!(succeeded, 20);
        for number in 0..40_u32 {
            let name: &'static str = Box::leak(format!("n{number}").into_boxed_str());
            assert_eq!(setting(&world, name).await.is_some(), number % 2 == 0, "{number}");
        }
    }

    async fn a_panic_is_an_error_and_the_next_one_is_served(world) {
        let panicked = write(&world, |tx| {
            settings::set(tx, "half", "done")?;
            if true { panic!("on purpose") }
            Ok(())
        }).await;
        assert!(matches!(panicked, Err(Error::Store(chandlery_store::Error::Panicked))), "{panicked:?}");
        assert_eq!(setting(&world, "half").await, None);
        write(&world, |tx| Ok(settings::set(tx, "whole", "done")?)).await.unwrap();
        assert_eq!(setting(&world, "whole").await.as_deref(), Some("done"));
    }

    async fn a_full_queue_turns_work_away_at_once(world) {
        let world = Arc::new(world);
        let open = Arc::new(AtomicBool::new(false));
        let mut running = tokio::task::JoinSet::new();
        for _ in 0..1300 {
            let (world, open) = (Arc::clone(&world), Arc::clone(&open));
            running.spawn(async move {
                write(&world, move |_| {
                    while !open.load(Ordering::SeqCst) {
                        std::thread::yield_now();
                    }
                    Ok(())
                })
                .await
            });
        }
        while running.len() == 1300 && running.try_join_next().is_none() {
            tokio::task::yield_now().await;
        }
        open.store(true, Ordering::SeqCst);
        let results = running.join_all().await;
        let refused = results.iter().filter(|result| matches!(result, Err(Error::Store(chandlery_store::Error::Unavailable { .. })))).count();
        assert!(refused > 0, "nothing was turned away");
        assert!(results.iter().any(Result::is_ok));
    }

    async fn a_conflict_is_tried_again_where_that_helps(world) {
        let tries = Arc::new(AtomicU32::new(0));
        let counting = Arc::clone(&tries);
        let done = write(&world, move |_| {
            if counting.fetch_add(1, Ordering::SeqCst) < 2 { Err(Error::conflict("on purpose")) } else { Ok(()) }
        }).await;
        // SQLite has one writer, so a conflict there is final; PostgreSQL runs the closure again.
        match &world.installation.place.location {
            chandlery_store::Location::Sqlite(_) => assert!(done.is_err()),
            chandlery_store::Location::Postgres { .. } => {
                done.unwrap();
                assert_eq!(tries.load(Ordering::SeqCst), 3);
            }
        }
    }

    async fn the_schema_is_known_and_migrating_again_does_nothing(world) {
        let location = &world.installation.place.location;
        assert_eq!(location.schema().await.unwrap(), Schema::Current);
        assert!(location.migrate().await.unwrap().is_empty());
    }
}
