//! What customers owe their partner: booked with every charge, in the same moment, and given back with every credit.

use chandlery::app::Context;
use chandlery::error::Error;
use chandlery_domain::access::{Action, Role};
use chandlery_domain::ids::OrderId;
use chandlery_domain::margin::Resale;
use chandlery_store::margins;
use serde_json::{Value, json};

use crate::people::{Browser, Page, someone};
use crate::recurring::by_the_month;
use crate::software::agent;
use crate::world::{RMS, SQL, World};

async fn adds(browser: &mut Browser, world: &World, form: &[(&str, &str)]) -> Page {
    let mut whole = vec![("over", "all"), ("kind", "percent"), ("currency", "EUR"), ("from", "2020-02-01")];
    whole.retain(|(name, _)| !form.iter().any(|(own, _)| own == name));
    whole.extend_from_slice(form);
    browser.post(world, "/margins", &whole).await
}

/// What was resold of an order, in cents: unit price and amount, oldest first.
async fn resold(world: &World, order: &Value) -> Vec<(String, i64)> {
    of_order(world, order)
        .await
        .iter()
        .map(|own| (own.unit_price.value().to_string(), own.amount.minor()))
        .collect()
}

async fn of_order(world: &World, order: &Value) -> Vec<Resale> {
    let id: OrderId = order["id"].as_str().unwrap().parse().unwrap();
    let scope = Context::system(world.partner.id, world.now(), "test").authorize(Action::ReadOrders).unwrap();
    let read =
        world.installation.store.read(move |tx| Ok::<_, Error>(margins::of_orders(tx, &scope, &[id])?));
    read.await.unwrap().into_iter().map(|(.., own)| own).collect()
}

on_both! {
    async fn what_is_bought_is_resold_with_the_margin_and_goes_back_with_the_credit(world) {
        let before = world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        let (mut browser, _) = agent(&world, 1301).await;
        adds(&mut browser, &world, &[("value", "12,5")]).await.leads_to("/margins?done=added");
        adds(&mut browser, &world, &[("over", "subscription"), ("value", "10"), ("floor", "2000")]).await.leads_to("/margins?done=added");
        let kept = world.buy(&[world.line(RMS.1, "7", 3).await]).await;
        let gone = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        // 119.99 and 12.5 % is 134.98875; three of them, rounded once. 1500 and 10 % is less than the floor.
        assert_eq!(resold(&world, &kept).await, [("134.98875".to_owned(), 40_497)]);
        assert_eq!(resold(&world, &gone).await, [("2000".to_owned(), 200_000)]);
        assert!(resold(&world, &before).await.is_empty(), "what was booked before stays as it was");
        // Ten days of a year are used: the customer gets the same part of its price.
        world.set_clock("2020-02-11T09:00:00Z");
        world.cancel(&gone).await.expect(200);
        let list = of_order(&world, &gone).await;
        let (charged, back) = (list[1].charged.minor(), list[1].amount.minor());
        assert_eq!(list.len(), 2);
        assert!(charged < 0 && charged > -150_000, "{charged}");
        let right = (i128::from(charged) * 200_000 * 2 - 150_000) / (2 * 150_000);
        assert_eq!(i128::from(back), right, "half up, away from zero");
        world.cancel(&kept).await.expect(200);
        world.cancel(&before).await.expect(200);
        let list = of_order(&world, &kept).await;
        assert_eq!(list.iter().map(|own| own.amount.minor()).sum::<i64>(), 0, "all of it came back, and all of it goes back");
        assert!(of_order(&world, &before).await.is_empty());

        // The customer's month: what the partner owes, what the customer owes, what stays; and the same as a file.
        let base = format!("/customers/{}/billing", world.customers["de"]);
        let page = browser.get(&world, &base).await;
        let (owed, resold, stays) = (150_000 + charged, 200_000 + back, 50_000 + back - charged);
        let told = |cents: i64| format!("€{}.{:02}", if cents >= 100_000 { format!("{},{:03}", cents / 100_000, cents / 100 % 1000) } else { (cents / 100).to_string() }, cents % 100);
        for cents in [owed, resold, stays] {
            assert!(page.text.contains(&told(cents)), "{}: {}", told(cents), page.text);
        }
        let file = browser.get(&world, &format!("{base}/resales.csv?month=2020-02")).await;
        let mut table = csv::Reader::from_reader(file.text.as_bytes());
        let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
        let sum: rust_decimal::Decimal = rows.iter().map(|row| row[10].parse::<rust_decimal::Decimal>().unwrap()).sum();
        assert_eq!((rows.len(), sum), (4, rust_decimal::Decimal::new(resold, 2)), "{}", file.text);
        assert!(browser.get(&world, &format!("{base}/resales.csv?month=2020-01")).await.text.lines().count() == 1);
        // Whoever may not see invoices sees no margin.
        let sales = someone(&world, world.partner.id, 1302, &[Role::SalesAgent]).await;
        let mut sales_agent = Browser::default();
        sales_agent.sign_in(&world, &sales).await;
        let page = sales_agent.get(&world, &base).await.says(200, "Charges and credits");
        assert!(!page.text.contains("The customer owes you") && !page.text.contains(&told(stays)));
        assert_eq!(sales_agent.get(&world, &format!("{base}/resales.csv")).await.status, 403);
        assert_eq!(adds(&mut sales_agent, &world, &[("value", "1")]).await.status, 403);
    }

    async fn a_term_keeps_the_price_it_was_sold_at_until_it_renews(world) {
        world.import_prices(&by_the_month("125.50")).await.unwrap();
        let (mut browser, _) = agent(&world, 1303).await;
        adds(&mut browser, &world, &[("kind", "fixed"), ("value", "4.50")]).await.leads_to("/margins?done=added");
        let mut line = world.line(SQL.1, "2", 2).await;
        line["billingCycle"] = json!("monthly");
        line["termDuration"] = json!("P1Y");
        let order = world.buy(&[line]).await;
        world.set_clock("2020-02-20T09:00:00Z");
        let customer = world.customers["de"].to_string();
        adds(&mut browser, &world, &[("customer", &customer), ("product", SQL.1), ("kind", "price"), ("value", "200"), ("from", "2020-02-20")]).await.leads_to("/margins?done=added");
        let path = format!("{}/subscriptions?order_id={}", world.path("de"), order["id"].as_str().unwrap());
        let mut own = world.get(&path).await["items"][0].clone();
        own["autoRenewEnabled"] = json!(true);
        world.call("PATCH", &format!("{}/subscriptions/{}", world.path("de"), own["id"].as_str().unwrap()), Some(own)).await.expect(200);
        world.set_clock("2020-03-02T00:00:00Z");
        assert_eq!(world.runner.charge_due().await.unwrap(), 1);
        assert_eq!(resold(&world, &order).await, [("130".to_owned(), 26_000), ("130".to_owned(), 26_000)]);
        world.set_clock("2021-02-01T00:00:00Z");
        world.runner.charge_due().await.unwrap();
        while world.runner.charge_due().await.unwrap() > 0 {}
        let list = resold(&world, &order).await;
        assert_eq!((list.len(), list.last()), (13, Some(&("200".to_owned(), 40_000))), "the customer's own price, once the term is another");
    }

    async fn a_term_that_was_sold_without_a_margin_has_none_until_it_renews_and_none_after_the_rule_ended(world) {
        world.import_prices(&by_the_month("125.50")).await.unwrap();
        let (mut browser, _) = agent(&world, 1306).await;
        let mut line = world.line(SQL.1, "2", 2).await;
        line["billingCycle"] = json!("monthly");
        line["termDuration"] = json!("P1Y");
        let order = world.buy(&[line]).await;
        let path = format!("{}/subscriptions?order_id={}", world.path("de"), order["id"].as_str().unwrap());
        let mut own = world.get(&path).await["items"][0].clone();
        own["autoRenewEnabled"] = json!(true);
        world.call("PATCH", &format!("{}/subscriptions/{}", world.path("de"), own["id"].as_str().unwrap()), Some(own)).await.expect(200);
        adds(&mut browser, &world, &[("value", "20")]).await.leads_to("/margins?done=added");
        world.set_clock("2020-04-02T00:00:00Z");
        while world.runner.charge_due().await.unwrap() > 0 {}
        assert!(resold(&world, &order).await.is_empty(), "the term was sold without one");
        // The renewal is late: the rule that began meanwhile is none of its first day.
        world.set_clock("2021-01-31T09:00:00Z");
        while world.runner.charge_due().await.unwrap() > 0 {}
        world.set_clock("2021-02-03T09:00:00Z");
        let (mut browser, _) = agent(&world, 1307).await;
        adds(&mut browser, &world, &[("value", "90"), ("over", "subscription"), ("from", "2021-02-03")]).await.leads_to("/margins?done=added");
        while world.runner.charge_due().await.unwrap() > 0 {}
        assert_eq!(resold(&world, &order).await, [("150.6".to_owned(), 30_120)]);
        world.set_clock("2021-03-02T00:00:00Z");
        while world.runner.charge_due().await.unwrap() > 0 {}
        assert_eq!(resold(&world, &order).await.len(), 2);
        // Rules end; the next term is sold without one, and so are its cycles.
        let page = browser.get(&world, "/margins").await;
        for form in page.text.split("action=\"/margins/").skip(1) {
            browser.post(&world, &format!("/margins/{}", form.split('"').next().unwrap()), &[]).await.leads_to("/margins?done=ended");
        }
        world.set_clock("2022-03-02T00:00:00Z");
        while world.runner.charge_due().await.unwrap() > 0 {}
        assert_eq!(resold(&world, &order).await.len(), 12, "those of the term that was sold with one");
    }

    async fn rules_are_checked_end_and_are_the_partners_alone(world) {
        let (mut browser, _) = agent(&world, 1304).await;
        for (form, told) in [
            (vec![("value", "a lot")], "Give a percentage from -100 to 1,000"),
            (vec![("value", "1000.5")], "Give a percentage"),
            (vec![("kind", "fixed"), ("value", "-5")], "Give an amount from 0"),
            (vec![("kind", "price"), ("value", "5"), ("currency", "euro")], "three letters"),
            (vec![("value", "5"), ("floor", "x")], "Give an amount from 0"),
            (vec![("value", "5"), ("product", "no such")], "Give a product or SKU id"),
            (vec![("value", "5"), ("product", "DG7GMGF0ZZZZ")], "is not in the catalogue"),
            (vec![("value", "5"), ("product", "DG7GMGF0FKZV:9999")], "is not in the catalogue"),
            (vec![("value", "1,500"), ("kind", "fixed")], "Give an amount from 0"),
            (vec![("value", "1500"), ("kind", "price")], "must name one product or SKU"),
            (vec![("value", "15"), ("kind", "fixed"), ("currency", "EUB")], "is not one that is sold in"),
            (vec![("value", "5"), ("from", "2020-01-31")], "must be 2020-02-01 or later"),
            (vec![("value", "5"), ("from", "soon")], "Give a day"),
        ] {
            let page = adds(&mut browser, &world, &form).await.says(422, told);
            let value = form.iter().find(|(name, _)| *name == "value").unwrap().1;
            assert!(page.text.contains(&format!("value=\"{value}\"")), "what was typed stays: {}", page.text);
        }
        let theirs = world.customers["theirs"].to_string();
        assert_eq!(browser.get(&world, &format!("/margins?customer={theirs}")).await.status, 404);
        assert_eq!(adds(&mut browser, &world, &[("value", "5"), ("customer", &theirs)]).await.status, 404);
        browser.get(&world, "/margins").await.says(200, "No margin counts at present");
        let own = world.customers["de"].to_string();
        browser.get(&world, &format!("/margins?customer={own}")).await.says(200, "Add a margin for Customer de");
        adds(&mut browser, &world, &[("value", "5"), ("customer", &own), ("product", "dg7gmgf0fkzv:2")]).await.leads_to("/margins");
        adds(&mut browser, &world, &[("value", "5,00"), ("customer", &own), ("product", "DG7GMGF0FKZV:0002")]).await.says(422, "a rule that counts already");
        assert_eq!(browser.get(&world, "/margins?customer=nobody").await.status, 404);
        assert_eq!(adds(&mut browser, &world, &[("value", "5"), ("customer", "nobody")]).await.status, 404);
        let page = browser.get(&world, "/margins").await.says(200, "DG7GMGF0FKZV:0002");
        assert!(page.text.contains("Customer de") && page.text.contains("your price and 5%"), "{}", page.text);
        let end = page.text.split("action=\"/margins/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let order = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        assert_eq!(resold(&world, &order).await.len(), 1);
        // Somebody else's rule is nobody's.
        let stranger = someone(&world, world.other.id, 1305, &[Role::AdminAgent]).await;
        let mut other = Browser::default();
        other.sign_in(&world, &stranger).await;
        assert_eq!(other.post(&world, &format!("/margins/{end}"), &[]).await.status, 404);
        other.get(&world, "/margins").await.says(200, "No margin counts at present");
        browser.post(&world, &format!("/margins/{end}"), &[]).await.leads_to("/margins?done=ended");
        let again = browser.post(&world, &format!("/margins/{end}"), &[]).await;
        assert_eq!((again.status, again.to.as_deref()), (303, Some("/margins")), "sent twice it ended once");
        let order = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        assert!(resold(&world, &order).await.is_empty(), "it counts no more, on the same day");
        // Added and ended; and what was refused stands in the log too.
        for (outcome, count) in [("succeeded", 2), ("failed", 7)] {
            let log = browser.get(&world, &format!("/activity?from=2020-02-01&to=2020-02-01&kind=change_margins&outcome={outcome}")).await;
            assert_eq!(log.text.matches("<summary>Margins changed</summary>").count(), count, "{outcome}: {}", log.text);
        }
    }
}
