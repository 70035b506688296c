//! What is paid settles what is due, once, and is seen everywhere.
#![allow(
    clippy::inconsistent_digit_grouping,
    clippy::mistyped_literal_suffixes,
    reason = "tests write cents as the money they are: 142_79"
)]

use chandlery::app::{Context, payments};
use chandlery::error::Error;
use chandlery_domain::access::{Action, Role};
use chandlery_domain::invoice::DocumentNumber;
use chandlery_domain::money::Money;
use chandlery_domain::payment::Payment;

use crate::invoicing::{at_home, billed, bought};
use crate::people::{Browser, someone};
use crate::world::{World, money};

fn paid(reference: &str, minor: i64, on: &str) -> Payment {
    let amount = Money::new(minor, "EUR".parse().unwrap());
    Payment { reference: reference.into(), amount, received_on: on.parse().unwrap() }
}

/// Enters a payment as the operator does; what it was put on.
async fn enter(world: &World, own: Payment, meant_for: &[u32]) -> Result<Vec<(u32, i64)>, Error> {
    let cx = Context::system(world.partner.id, world.now(), "command line");
    let numbers: Vec<DocumentNumber> =
        meant_for.iter().map(|own| DocumentNumber::new(*own).unwrap()).collect();
    let (inner, scope) = (cx.clone(), cx.authorize(Action::ManageBilling).unwrap());
    let entering = world
        .installation
        .store
        .write(cx.stamp(), move |tx| payments::enter(tx, &inner, &scope, &own, &numbers));
    let settled = entering.await?;
    Ok(settled.iter().map(|own| (own.number.value(), own.amount.minor())).collect())
}

async fn take_back(world: &World, reference: &'static str) -> Result<(), Error> {
    let cx = Context::system(world.partner.id, world.now(), "command line");
    let (inner, scope) = (cx.clone(), cx.authorize(Action::ManageBilling).unwrap());
    let taking = world
        .installation
        .store
        .write(cx.stamp(), move |tx| payments::take_back(tx, &inner, &scope, reference));
    taking.await
}

/// Two months with an invoice each: 142.79 due on 1 May and 285.58 due on 1 June.
async fn two_months(world: &World) {
    at_home(world).await;
    bought(world, 1).await;
    world.set_clock("2020-03-02T09:00:00Z");
    billed(world, "2020-02").await;
    bought(world, 2).await;
    world.set_clock("2020-04-02T09:00:00Z");
    billed(world, "2020-03").await;
}

on_both! {
    async fn what_is_due_first_is_paid_first_and_what_is_left_waits(world) {
        two_months(&world).await;
        world.set_clock("2020-05-03T09:00:00Z");
        let admin = someone(&world, world.partner.id, 690, &[Role::BillingAdmin]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &admin).await;
        let page = browser.get(&world, "/billing").await.says(200, "<strong>€428.37</strong>");
        assert!(page.text.contains("€142.79 overdue"), "{}", page.text);
        assert_eq!(enter(&world, paid("BANK 1", 200_00, "2020-05-02"), &[]).await.unwrap(), [(1, 142_79), (2, 57_21)]);
        let page = browser.get(&world, "/billing").await.says(200, "<strong>€228.37</strong>");
        assert!(!page.text.contains("overdue") && page.text.contains("settled"), "{}", page.text);
        let own = browser.get(&world, "/billing/G000000002").await.says(200, "Payment BANK 1, 3 May 2020");
        assert!(own.text.contains("€57.21") && own.text.contains("€228.37"), "{}", own.text);
        // More than is due waits for the next invoice, and is put on it when that is issued.
        assert_eq!(enter(&world, paid("BANK 2", 300_00, "2020-05-03"), &[]).await.unwrap(), [(2, 228_37)]);
        world.set_clock("2020-05-04T09:00:00Z");
        bought(&world, 1).await;
        world.set_clock("2020-06-02T09:00:00Z");
        billed(&world, "2020-05").await;
        browser.get(&world, "/billing/G000000003").await.says(200, "Payment BANK 2").says(200, "€71.63").says(200, "€71.16");
        // Programs see what was paid, below zero, and what is left.
        let own = world.get("/v1/invoices/G000000001").await;
        assert_eq!(money(&own["paidAmount"]), "-142.79");
        let sum = world.get("/v1/invoices/summary").await;
        assert_eq!((money(&sum["balanceAmount"]), money(&sum["lastPaymentAmount"])), ("71.16".into(), "300.00".into()));
        assert_eq!(sum["lastPaymentDate"], "2020-05-03T00:00:00Z");
    }

    async fn a_payment_goes_where_it_is_meant_for_and_is_entered_once(world) {
        two_months(&world).await;
        assert_eq!(enter(&world, paid("X1", 285_58, "2020-04-02"), &[2]).await.unwrap(), [(2, 285_58)]);
        for (own, meant, field) in [
            (paid("X1", 1_00, "2020-04-02"), &[][..], "reference"),
            (paid("X2", 1_00, "2020-04-03"), &[][..], "day"),
            (paid("X2", 0, "2020-04-02"), &[][..], "amount"),
            (paid("", 1_00, "2020-04-02"), &[][..], "reference"),
            (paid("X2", 1_00, "2020-04-02"), &[9][..], "number"),
        ] {
            let refused = enter(&world, own, meant).await.unwrap_err();
            assert!(matches!(&refused, Error::Invalid { field: own, .. } if own == field), "{refused}");
        }
        // Taken back, it is open again; entered rightly it is there.
        take_back(&world, "X1").await.unwrap();
        assert!(take_back(&world, "X1").await.is_err());
        assert_eq!(money(&world.get("/v1/invoices/G000000002").await["paidAmount"]), "0.00");
        assert_eq!(enter(&world, paid("X3", 428_37, "2020-04-02"), &[]).await.unwrap(), [(1, 142_79), (2, 285_58)]);
        let agent = someone(&world, world.partner.id, 691, &[Role::AdminAgent]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &agent).await;
        let log = browser.get(&world, "/activity?from=2020-04-01&to=2020-04-30&kind=record_payment").await;
        assert!(log.says(200, "Payment entered").text.contains("X3"));
    }

    async fn what_was_entered_wrongly_gives_way_to_what_waits_and_is_entered_rightly(world) {
        two_months(&world).await;
        assert_eq!(enter(&world, paid("W", 60_00, "2020-04-02"), &[]).await.unwrap(), [(1, 60_00)]);
        assert_eq!(enter(&world, paid("R", 500_00, "2020-04-02"), &[]).await.unwrap(), [(1, 82_79), (2, 285_58)]);
        // 131.63 of it wait; taken back, the wrong one leaves 60.00 open, which those settle.
        take_back(&world, " W ").await.unwrap();
        assert_eq!(money(&world.get("/v1/invoices/G000000001").await["paidAmount"]), "-142.79");
        assert_eq!(money(&world.get("/v1/invoices/summary").await["balanceAmount"]), "-71.63");
        // Under the same reference it can be entered again, once, however it is blanked out.
        enter(&world, paid("W ", 6_00, "2020-04-02"), &[]).await.unwrap();
        assert!(enter(&world, paid(" W", 6_00, "2020-04-02"), &[]).await.is_err());
        assert_eq!(money(&world.get("/v1/invoices/summary").await["balanceAmount"]), "-77.63");
    }

    async fn payments_entered_at_the_same_moment_settle_nothing_twice(world) {
        two_months(&world).await;
        // 428.37 is open; six payments of 100.00, and one of them twice, come at once.
        let other = world.restarted();
        let mut coming = Vec::new();
        for (number, reference) in ["A", "B", "C", "D", "E", "F", "F"].into_iter().enumerate() {
            let at = if number % 2 == 0 { &world } else { &other };
            coming.push(enter(at, paid(reference, 100_00, "2020-04-02"), &[]));
        }
        let done = futures_util::future::join_all(coming).await;
        assert_eq!(done.iter().filter(|own| own.is_err()).count(), 1, "one was entered before");
        let mut of: std::collections::BTreeMap<u32, i64> = std::collections::BTreeMap::new();
        for (number, minor) in done.into_iter().flatten().flatten() {
            *of.entry(number).or_default() += minor;
        }
        assert_eq!(of.into_iter().collect::<Vec<_>>(), [(1, 142_79), (2, 285_58)]);
        assert_eq!(money(&world.get("/v1/invoices/summary").await["balanceAmount"]), "-171.63");
    }

    async fn a_credit_note_settles_the_invoice_it_corrects(world) {
        at_home(&world).await;
        let orders = bought(&world, 2).await;
        world.set_clock("2020-03-02T09:00:00Z");
        billed(&world, "2020-02").await;
        world.cancel(&orders[0]).await.expect(200);
        world.set_clock("2020-04-02T09:00:00Z");
        billed(&world, "2020-03").await;
        let admin = someone(&world, world.partner.id, 692, &[Role::BillingAdmin]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &admin).await;
        browser.get(&world, "/billing/G000000001").await.says(200, "Credit of G000000002").says(200, "<strong>€142.79</strong>");
        browser.get(&world, "/billing").await.says(200, ">used</span>");
        assert_eq!(money(&world.get("/v1/invoices/G000000001").await["paidAmount"]), "0.00", "nobody paid");
        assert_eq!(enter(&world, paid("B", 142_79, "2020-04-02"), &[]).await.unwrap(), [(1, 142_79)]);
        browser.get(&world, "/billing").await.says(200, "Nothing is to pay.");
        assert_eq!(money(&world.get("/v1/invoices/summary").await["balanceAmount"]), "0.00");
    }
}
