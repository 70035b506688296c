//! The credit limit: what exceeds it is not bought, payments make room (rule 4.2, last rows).
#![allow(
    clippy::inconsistent_digit_grouping,
    clippy::mistyped_literal_suffixes,
    reason = "tests write cents as the money they are: 142_79"
)]

use chandlery::app::{Context, payments};
use chandlery::installation::OPERATOR;
use chandlery_domain::access::{Action, Role};
use chandlery_domain::money::Money;
use chandlery_domain::payment::Payment;
use serde_json::json;

use crate::invoicing::{at_home, billed, bought};
use crate::people::{Browser, someone};
use crate::world::{RMS, Reply, World};

fn eur(minor: i64) -> Money {
    Money::new(minor, "EUR".parse().unwrap())
}

async fn limited(world: &World, minor: i64) {
    let cx = Context::system(world.partner.id, world.now(), "command line");
    let (id, limit) = (world.partner.id, eur(minor));
    let saying = world
        .installation
        .store
        .write(cx.stamp(), move |tx| payments::limit(tx, id, (limit.currency(), Some(limit))));
    saying.await.unwrap();
}

async fn pays(world: &World, reference: &str, minor: i64) {
    let cx = Context::system(world.partner.id, world.now(), "command line");
    let own = Payment {
        reference: reference.into(),
        amount: eur(minor),
        received_on: "2020-04-02".parse().unwrap(),
    };
    let (inner, scope) = (cx.clone(), cx.authorize(Action::ManageBilling).unwrap());
    let entering =
        world.installation.store.write(cx.stamp(), move |tx| payments::enter(tx, &inner, &scope, &own, &[]));
    entering.await.unwrap();
}

/// Asks for so many of what costs 119.99.
async fn buys(world: &World, quantity: u64) -> Reply {
    let cart = world.cart("de", &[world.line(RMS.1, "7", quantity).await]).await;
    world.check_out("de", &cart).await
}

on_both! {
    async fn billed_and_unbilled_count_against_the_limit_and_payments_and_credits_make_room(world) {
        // 142.79 and 285.58 are billed, tax included.
        at_home(&world).await;
        bought(&world, 1).await;
        world.set_clock("2020-03-02T09:00:00Z");
        billed(&world, "2020-02").await;
        bought(&world, 2).await;
        world.set_clock("2020-04-02T09:00:00Z");
        billed(&world, "2020-03").await;
        limited(&world, 600_00).await;
        // 171.63 are left: one more goes through, and then 51.64 are left.
        let order = buys(&world, 1).await.expect(201);
        let told = buys(&world, 1).await.refused(403, 900_121);
        assert!(told.contains("119.99 EUR to buy, 51.64 EUR left of 600.00 EUR"), "{told}");
        // A refused purchase leaves nothing behind.
        let orders = world.get(&format!("{}/orders", world.path("de"))).await;
        assert_eq!(orders["totalCount"], 4);
        let agent = someone(&world, world.partner.id, 695, &[Role::GlobalAdmin, Role::BillingAdmin]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &agent).await;
        browser.get(&world, "/billing").await.says(200, "€51.64 of €600.00");
        pays(&world, "BANK 1", 100_00).await;
        browser.get(&world, "/billing").await.says(200, "€151.64 of €600.00");
        buys(&world, 1).await.expect(201);
        buys(&world, 1).await.refused(403, 900_121);
        // What is given back makes room at once.
        world.settle().await;
        world.cancel(&order["orders"][0]).await.expect(200);
        buys(&world, 1).await.expect(201);
        browser.get(&world, "/billing").await.says(200, "€31.65 of €600.00");
    }

    async fn another_currency_and_another_partner_have_no_limit(world) {
        limited(&world, 100_00).await;
        let rms = world.item("de", RMS.1, "7").await;
        let order = |item: &str| Some(json!({ "lineItems": [{ "offerId": item, "quantity": 1 }] }));
        // Australia is billed in its own currency.
        world.call("POST", &format!("{}/orders", world.path("au")), order(&rms)).await.expect(201);
        let theirs = format!("/v1/customers/{}/orders", world.customers["theirs"]);
        world.call_as(&world.their_token, "POST", &theirs, order(&rms)).await.expect(201);
        buys(&world, 1).await.refused(403, 900_121);
        world.set_clock("2020-04-02T09:00:00Z");
        pays(&world, "BANK 9", 50_00).await;
        buys(&world, 1).await.expect(201);
        buys(&world, 1).await.refused(403, 900_121);
    }

    async fn orders_sent_at_once_are_held_against_it_and_two_at_the_same_moment_do_not_both_take_what_is_left(world) {
        limited(&world, 200_00).await;
        let item = world.item("de", RMS.1, "7").await;
        let order = || Some(json!({ "lineItems": [{ "offerId": item, "quantity": 1 }] }));
        let path = format!("{}/orders", world.path("de"));
        let (a, b, c) = tokio::join!(
            world.call("POST", &path, order()), world.call("POST", &path, order()), world.call("POST", &path, order()));
        let mut all = [a.status, b.status, c.status];
        all.sort_unstable();
        assert_eq!(all, [201, 403, 403]);
    }

    async fn the_operator_says_so_in_the_console(world) {
        let operator = someone(&world, OPERATOR, 696, &[Role::OperatorAdmin]).await;
        let mut desk = Browser::default();
        desk.sign_in(&world, &operator).await;
        let page = format!("/operator/partners/{}", world.partner.id);
        desk.get(&world, &page).await.says(200, "There is no limit");
        let credit = format!("{page}/credit");
        for (currency, amount, told) in [
            ("EURO", "1", "three letters"), ("EUR", "-1", "Give an amount"), ("EUR", "1.001", "Give an amount"), ("EUR", "x", "Give an amount"),
        ] {
            desk.post(&world, &credit, &[("credit_currency", currency), ("credit_amount", amount)]).await.says(422, told);
        }
        desk.post(&world, &credit, &[("credit_currency", "EUR"), ("credit_amount", "100")]).await
            .leads_to(&format!("{page}?done=credit"));
        desk.get(&world, &page).await.says(200, "€100.00");
        buys(&world, 1).await.refused(403, 900_121);
        desk.post(&world, &credit, &[("credit_currency", "EUR"), ("credit_amount", "")]).await
            .leads_to(&format!("{page}?done=credit"));
        buys(&world, 1).await.expect(201);
        // A partner's own people do not say how much it may owe.
        let admin = someone(&world, world.partner.id, 697, &[Role::GlobalAdmin]).await;
        let mut theirs = Browser::default();
        theirs.sign_in(&world, &admin).await;
        assert_eq!(theirs.post(&world, &credit, &[("credit_currency", "EUR"), ("credit_amount", "1")]).await.status, 403);
    }
}
