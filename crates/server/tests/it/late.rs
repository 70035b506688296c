//! An invoice that is not paid in time: its partner is told once, and may not buy where the operator said so, until it pays (rule 8.1).
#![allow(
    clippy::inconsistent_digit_grouping,
    clippy::mistyped_literal_suffixes,
    reason = "tests write cents as the money they are: 142_79"
)]

use chandlery::app::{Context, payments};
use chandlery_domain::access::{Action, Role};
use chandlery_domain::money::Money;
use chandlery_domain::payment::Payment;
use serde_json::Value;

use crate::invoicing::{at_home, billed, bought};
use crate::operator::operators;
use crate::people::{Browser, someone};
use crate::world::{RMS, Reply, World};

/// An invoice over 142.79, due on 1 May.
async fn owing(world: &World) {
    at_home(world).await;
    bought(world, 1).await;
    world.set_clock("2020-03-02T09:00:00Z");
    billed(world, "2020-02").await;
}

async fn may_be_late(world: &World, days: Option<u32>) {
    let cx = Context::system(world.partner.id, world.now(), "command line");
    let id = world.partner.id;
    let saying = world.installation.store.write(cx.stamp(), move |tx| payments::late_after(tx, id, days));
    saying.await.unwrap();
}

async fn pays(world: &World, minor: i64) {
    let cx = Context::system(world.partner.id, world.now(), "command line");
    let amount = Money::new(minor, "EUR".parse().unwrap());
    let own = Payment { reference: format!("B{minor}"), amount, received_on: "2020-04-02".parse().unwrap() };
    let (inner, scope) = (cx.clone(), cx.authorize(Action::ManageBilling).unwrap());
    let entering =
        world.installation.store.write(cx.stamp(), move |tx| payments::enter(tx, &inner, &scope, &own, &[]));
    entering.await.unwrap();
}

async fn buys(world: &World) -> Reply {
    let cart = world.cart("de", &[world.line(RMS.1, "7", 1).await]).await;
    world.check_out("de", &cart).await
}

on_both! {
    async fn nothing_is_bought_while_an_invoice_is_later_than_the_operator_lets_pass_until_it_is_paid(world) {
        owing(&world).await;
        world.set_clock("2020-05-11T23:59:59Z");
        let order = buys(&world).await.expect(201);
        may_be_late(&world, Some(10)).await;
        buys(&world).await.expect(201);
        world.set_clock("2020-05-12T00:00:00Z");
        let told = buys(&world).await.refused(403, 900_149);
        assert!(told.contains("invoice G000000001 was due on 2020-05-01 and 142.79 EUR"), "{told}");
        let item = world.item("de", RMS.1, "7").await;
        let wanted = serde_json::json!({ "lineItems": [{ "offerId": item, "quantity": 1 }] });
        let path = format!("{}/orders", world.path("de"));
        world.call("POST", &path, Some(wanted)).await.refused(403, 900_149);
        // What was bought is cancelled as ever.
        world.settle().await;
        world.cancel(&order["orders"][0]).await.expect(200);
        // A part is not enough; the rest makes room at once.
        pays(&world, 142_00).await;
        assert!(buys(&world).await.refused(403, 900_149).contains("0.79 EUR"));
        pays(&world, 79).await;
        buys(&world).await.expect(201);
        let orders = world.get(&format!("{}/orders", world.path("de"))).await;
        assert_eq!(orders["totalCount"], Value::from(4), "what was refused left nothing behind");
    }

    async fn whoever_pays_is_told_once_on_the_day_after(world) {
        owing(&world).await;
        let mut people = Vec::new();
        for (number, role) in [(740, Role::GlobalAdmin), (741, Role::BillingAdmin), (742, Role::AdminAgent)] {
            people.push(someone(&world, world.partner.id, number, &[role]).await);
        }
        let told = async || {
            let mut counts = Vec::new();
            for own in &people {
                let list = world.told(world.partner.id, own.id).await;
                counts.push(list.iter().filter(|own| own.kind.as_str() == "payment_late").count());
            }
            counts
        };
        world.set_clock("2020-05-01T23:59:59Z");
        world.runner.tell_late().await.unwrap();
        assert_eq!(told().await, [0, 0, 0]);
        world.set_clock("2020-05-02T00:00:00Z");
        world.runner.tell_late().await.unwrap();
        world.runner.tell_late().await.unwrap();
        assert_eq!(told().await, [1, 1, 0]);
        let mut browser = Browser::default();
        browser.sign_in(&world, &people[1]).await;
        browser.get(&world, "/notifications").await
            .says(200, "Invoice G000000001 was due on 1 May 2020; €142.79 of it are open.");
    }

    async fn whoever_paid_in_time_is_told_nothing(world) {
        owing(&world).await;
        let admin = someone(&world, world.partner.id, 743, &[Role::GlobalAdmin]).await;
        world.set_clock("2020-04-02T09:00:00Z");
        pays(&world, 142_79).await;
        world.set_clock("2020-06-01T00:00:00Z");
        world.runner.tell_late().await.unwrap();
        assert!(world.told(world.partner.id, admin.id).await.iter().all(|own| own.kind.as_str() != "payment_late"));
        may_be_late(&world, Some(0)).await;
        buys(&world).await.expect(201);
    }

    async fn the_operator_sees_who_is_late_and_says_what_follows(world) {
        owing(&world).await;
        world.set_clock("2020-05-02T00:00:00Z");
        let mut root = operators(&world, 744, Role::OperatorAdmin).await;
        let page = root.get(&world, "/operator/payments?view=late").await.says(200, "G000000001, due on 1 May 2020");
        assert!(page.text.contains("€142.79") && page.text.contains(&world.partner.name), "{}", page.text);
        let here = format!("/operator/partners/{}", world.partner.id);
        let to = format!("{here}/late");
        root.get(&world, &here).await.says(200, "The partner may buy while invoices are late.");
        for wrong in ["-1", "soon", "1.5", "99999"] {
            let page = root.post(&world, &to, &[("late_after", wrong)]).await.says(422, "Give whole days up to");
            assert!(page.text.contains(&format!("value=\"{wrong}\"")), "what was typed is kept");
        }
        root.post(&world, &to, &[("late_after", "0")]).await.leads_to(&format!("{here}?done=late"));
        root.get(&world, &here).await.says(200, "may not buy while an invoice is late.").says(200, "value=\"0\"");
        buys(&world).await.refused(403, 900_149);
        root.post(&world, &to, &[("late_after", "")]).await.leads_to(&format!("{here}?done=late"));
        buys(&world).await.expect(201);
        let mut support = operators(&world, 745, Role::OperatorSupport).await;
        assert_eq!(support.post(&world, &to, &[("late_after", "1")]).await.status, 403);
    }
}
