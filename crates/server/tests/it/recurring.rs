//! What runs on is charged: further cycles, terms that renew, each once, and what of it comes back.

use serde_json::{Value, json};

use crate::people::{Browser, someone};
use crate::world::{SQL, World, row};
use chandlery_domain::access::Role;

/// A year of SQL Server in Germany, paid month by month.
pub fn by_the_month(price: &str) -> String {
    let own = row(SQL, ("2", "SQL Enterprise 1 year"), "P1Y", "Software;Subscription", ("DE", "EUR"), price);
    format!("{}\n{}\n", crate::world::HEADER, own.replace("P1Y,,", "P1Y,Monthly,"))
}

async fn bought_by_the_month(world: &World) -> Value {
    world.import_prices(&by_the_month("125.50")).await.unwrap();
    let mut line = world.line(SQL.1, "2", 2).await;
    line["billingCycle"] = json!("monthly");
    line["termDuration"] = json!("P1Y");
    world.buy(&[line]).await
}

/// The days of an order's charges, and what they come to.
async fn days(world: &World, order: &Value) -> Vec<String> {
    let path = format!("{}/orders/{}/charges", world.path("de"), order["id"].as_str().unwrap());
    let list = world.get(&path).await;
    let day = |line: &Value, name: &str| line[name].as_str().unwrap()[..10].to_owned();
    list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            let kind = line["chargeType"].as_str().unwrap();
            let amount = crate::world::money(&line["subtotal"]);
            format!("{kind} {} {} {amount}", day(line, "chargeStartDate"), day(line, "chargeEndDate"))
        })
        .collect()
}

async fn renews(world: &World, order: &Value) -> String {
    let path = format!("{}/subscriptions?order_id={}", world.path("de"), order["id"].as_str().unwrap());
    let mut own = world.get(&path).await["items"][0].clone();
    let path = format!("{}/subscriptions/{}", world.path("de"), own["id"].as_str().unwrap());
    own["autoRenewEnabled"] = json!(true);
    world.call("PATCH", &path, Some(own)).await.expect(200);
    path
}

on_both! {
    async fn a_year_paid_by_the_month_is_charged_month_by_month(world) {
        let order = bought_by_the_month(&world).await;
        assert_eq!(days(&world, &order).await, ["New 2020-02-01 2020-02-29 251.00"]);
        assert_eq!(world.runner.charge_due().await.unwrap(), 0, "the first month is paid");
        world.set_clock("2020-02-29T23:59:59Z");
        assert_eq!(world.runner.charge_due().await.unwrap(), 0);
        // Two servers look at the same moment, after a pause of two months; each month is charged once.
        world.set_clock("2020-04-02T00:00:00Z");
        let other = world.restarted();
        let (one, two) = tokio::join!(world.runner.charge_due(), other.runner.charge_due());
        assert_eq!(one.unwrap() + two.unwrap(), 2);
        let expected = [
            "New 2020-02-01 2020-02-29 251.00",
            "cycleCharge 2020-03-01 2020-03-31 251.00",
            "cycleCharge 2020-04-01 2020-04-30 251.00",
        ];
        assert_eq!(days(&world, &order).await, expected);
        // A year has twelve, and then it is over.
        world.set_clock("2021-06-01T00:00:00Z");
        assert_eq!(world.runner.charge_due().await.unwrap(), 9);
        assert_eq!(world.runner.charge_due().await.unwrap(), 0);
        assert_eq!(days(&world, &order).await.last().unwrap(), "cycleCharge 2021-01-01 2021-01-31 251.00");
    }

    async fn only_months_that_were_charged_and_not_used_come_back(world) {
        let order = bought_by_the_month(&world).await;
        world.set_clock("2020-03-22T12:00:00Z");
        assert_eq!(world.runner.charge_due().await.unwrap(), 1);
        world.cancel(&order).await.expect(200);
        // trunc2(125.50 × 10 / 31 = 40.48387) × 2; February is used up.
        assert_eq!(world.ledger(&order).await, ["251.00", "251.00", "-80.96"]);
        world.set_clock("2020-05-01T00:00:00Z");
        assert_eq!(world.runner.charge_due().await.unwrap(), 0, "nothing more is charged");
    }

    async fn a_term_renews_at_the_price_of_its_first_day(world) {
        let order = world.buy(&[world.line(SQL.1, "2", 4).await]).await;
        let path = renews(&world, &order).await;
        let changed = crate::world::standard_prices().replace("1500.00", "1600.00").replace("2019-01-01", "2020-06-01");
        world.import_prices(&crate::world::standard_prices().replace("9999-11-30", "2020-05-31")).await.unwrap();
        world.import_prices(&changed).await.unwrap();
        world.set_clock("2021-02-01T00:00:00Z");
        assert_eq!(world.runner.charge_due().await.unwrap(), 1);
        assert_eq!(world.runner.charge_due().await.unwrap(), 0);
        assert_eq!(days(&world, &order).await, ["New 2020-02-01 2021-01-31 6000.00", "renew 2021-02-01 2022-01-31 6400.00"]);
        let own = world.get(&path).await;
        assert_eq!([&own["status"], &own["commitmentEndDate"]], [&json!("active"), &json!("2022-01-31T00:00:00Z")]);
        // The software goes on with it.
        let agent = someone(&world, world.partner.id, 660, &[Role::AdminAgent]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &agent).await;
        let place = format!("/customers/{}/software/{}/0", world.customers["de"], order["id"].as_str().unwrap());
        let page = browser.get(&world, &place).await.says(200, "Select product");
        assert!(!page.text.contains("Expired"), "{}", page.text);
        // Three years without a server: one renewal after another, each at its own days.
        world.set_clock("2024-02-02T00:00:00Z");
        assert_eq!(world.runner.charge_due().await.unwrap(), 3);
        assert_eq!(days(&world, &order).await.last().unwrap(), "renew 2024-02-01 2025-01-31 6400.00");
    }

    async fn what_is_not_sold_any_more_ends_with_its_term_and_the_partner_is_told(world) {
        let order = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        let path = renews(&world, &order).await;
        let agent = someone(&world, world.partner.id, 661, &[Role::AdminAgent]).await;
        world.import_prices(&crate::world::standard_prices().replace("9999-11-30", "2020-12-31")).await.unwrap();
        world.set_clock("2021-02-01T00:00:00Z");
        assert_eq!(world.runner.charge_due().await.unwrap(), 0);
        assert_eq!(world.runner.charge_due().await.unwrap(), 0);
        let mut browser = Browser::default();
        browser.sign_in(&world, &agent).await;
        let told = browser.get(&world, "/notifications").await;
        let told = told.says(200, "because it has no price there. It is tried again every day until 8 Feb 2021.");
        assert_eq!(told.text.matches("was not renewed").count(), 1, "told once: {}", told.text);
        assert_eq!(world.get(&path).await["autoRenewEnabled"], true);
        world.set_clock("2021-02-08T00:00:00Z");
        assert_eq!(world.runner.charge_due().await.unwrap(), 1);
        assert_eq!(world.runner.charge_due().await.unwrap(), 0, "it is not tried for ever");
        let own = world.get(&path).await;
        assert_eq!([&own["status"], &own["autoRenewEnabled"]], [&json!("expired"), &json!(false)]);
        assert_eq!(world.ledger(&order).await, ["1500.00"]);
        browser.get(&world, "/notifications").await.says(200, "because it has no price there. It has ended for good.");
    }

    async fn of_a_term_that_renewed_its_own_days_come_back_and_no_others(world) {
        let month = row(SQL, ("9", "SQL Enterprise 1 month"), "P1M", "Software;Subscription", ("DE", "EUR"), "31.00");
        world.import_prices(&format!("{}\n{month}\n", crate::world::HEADER)).await.unwrap();
        let mut line = world.line(SQL.1, "9", 2).await;
        line["termDuration"] = json!("P1M");
        let order = world.buy(&[line]).await;
        world.settle().await;
        renews(&world, &order).await;
        world.set_clock("2020-03-01T00:00:00Z");
        assert_eq!(world.runner.charge_due().await.unwrap(), 1);
        assert_eq!(days(&world, &order).await, ["New 2020-02-01 2020-02-29 62.00", "renew 2020-03-01 2020-03-31 62.00"]);
        // Inside the order's sixty days, on 5 March: 27 of 31 days of March; February is used up.
        world.set_clock("2020-03-05T12:00:00Z");
        world.cancel(&order).await.expect(200);
        assert_eq!(world.ledger(&order).await, ["62.00", "62.00", "-54.00"]);
        world.set_clock("2020-04-02T00:00:00Z");
        assert_eq!(world.runner.charge_due().await.unwrap(), 0);
    }

    async fn a_renewed_term_can_be_given_back_in_its_own_hours(world) {
        use chandlery_domain::policy::Profile;
        world.installation.store.bookkeep(|tx| {
            let name = chandlery_store::settings::names::POLICY_PROFILE;
            Ok::<_, chandlery::error::Error>(chandlery_store::settings::set(tx, name, Profile::Y2023.as_str())?)
        }).await.unwrap();
        world.set_clock("2022-02-01T10:00:00Z");
        let order = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        world.settle().await;
        let path = renews(&world, &order).await;
        world.set_clock("2023-02-01T00:00:00Z");
        assert_eq!(world.runner.charge_due().await.unwrap(), 1);
        world.set_clock("2023-02-03T12:00:00Z");
        let shown = world.get(&path).await;
        assert_eq!(shown["cancellationAllowedUntilDate"], "2023-02-08T00:00:00Z", "{shown}");
        world.cancel(&order).await.expect(200);
        // trunc2(1500.00 × 363 / 365 = 1491.780821)
        assert_eq!(world.ledger(&order).await, ["1500.00", "1500.00", "-1491.78"]);
    }

    async fn a_price_that_comes_late_renews_all_the_same_in_the_orders_currency(world) {
        let order = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        let path = renews(&world, &order).await;
        world.import_prices(&crate::world::standard_prices().replace("9999-11-30", "2020-12-31")).await.unwrap();
        world.set_clock("2021-02-01T00:00:00Z");
        assert_eq!(world.runner.charge_due().await.unwrap(), 0);
        // The sheet of the new year comes on the third, with kronor beside the euro and from the first of January on.
        let late = crate::world::standard_prices().replace("1500.00", "1550.00").replace("2019-01-01", "2021-01-01");
        let kronor = row(SQL, ("2", "SQL Enterprise 1 year"), "P1Y", "Software;Subscription", ("DE", "SEK"), "16000.00");
        world.import_prices(&format!("{late}{}\n", kronor.replace("2019-01-01", "2021-01-01"))).await.unwrap();
        world.set_clock("2021-02-03T09:00:00Z");
        assert_eq!(world.runner.charge_due().await.unwrap(), 1);
        assert_eq!(days(&world, &order).await, ["New 2020-02-01 2021-01-31 1500.00", "renew 2021-02-01 2022-01-31 1550.00"]);
        assert_eq!(world.get(&path).await["status"], "active");
    }
}
