//! Reservations given back and exchanged: what comes back, the cap, types, and who may.

use chandlery::app::Context;
use chandlery::app::give_back;
use chandlery_domain::access::Role;
use chandlery_store::reservation_skus;
use serde_json::{Value, json};

use crate::operator::operators;
use crate::people::{Browser, someone};
use crate::reservations::quantities;
use crate::world::{HEADER, SQL, VM, World, money, row};

/// Another reservation, and one of another type.
const OTHER: (&str, &str, &str) = ("Reserved large VM Instance", "DZH318Z0BQ5S", "");
const DATABASE: (&str, &str, &str) = ("Reserved SQL Database", "DZH318Z0SQLD", "");

impl World {
    pub async fn cap(&self, most: &str) {
        let cx = Context::system(chandlery::installation::OPERATOR, self.now(), "test");
        let (currency, most) = ("EUR".parse().unwrap(), most.parse().unwrap());
        let from = chandlery_domain::calendar::utc_date(cx.now);
        let inner = cx.clone();
        let work = move |tx: &mut chandlery_store::Write<'_>| {
            give_back::set_cap(tx, &inner, (currency, most), (from, 12))
        };
        self.installation.store.write(cx.stamp(), work).await.unwrap();
    }

    /// What stands in the file of types.
    async fn types(&self, file: &str) {
        let list = give_back::skus(file.as_bytes()).unwrap();
        let work = move |tx: &mut chandlery_store::Write<'_>| reservation_skus::replace(tx, &list);
        self.installation.store.bookkeep(work).await.unwrap();
    }

    async fn more_reservations(&self) {
        let place = ("DE", "EUR");
        let rows = [
            row(OTHER, ("0001", "Large VM 3 years"), "P3Y", "Azure;Reservation", place, "2000.00"),
            row(DATABASE, ("0001", "SQL Database 1 year"), "P1Y", "Azure;Reservation", place, "5000.00"),
        ];
        self.import_prices(&format!("{HEADER}\n{}\n", rows.join("\n"))).await.unwrap();
    }

    /// A reservation, by how many there are of it.
    async fn one(&self, quantity: u64) -> Value {
        let list = self.reserved().await;
        list.into_iter()
            .find(|own| own["quantity"] == quantity && own["provisioningState"] == "Succeeded")
            .unwrap()
    }

    async fn back(&self, own: &Value, what: &str, body: Value) -> crate::world::Reply {
        self.call("POST", &self.reservation(own, what), Some(body)).await
    }
}

fn sums(own: &Value) -> [String; 3] {
    [&own["unusedWorth"], &own["fee"], &own["credit"]].map(money)
}

on_both! {
    async fn a_reservation_is_given_back_whole_at_first_and_later_less_the_fee(world) {
        let order = world.reserve(5, json!({})).await;
        let own = world.one(5).await;
        let refused = world.back(&own, "/refundquote", json!({})).await.refused(403, 910_003);
        assert!(refused.contains("EUR"), "{refused}");
        world.cap("50000").await;
        world.set_clock("2020-02-05T12:00:00Z");
        for wrong in [0, 6] {
            let told = world.back(&own, "/refundquote", json!({ "quantity": wrong })).await;
            assert!(told.refused(400, 3000).contains("quantity"));
        }
        let quote = world.back(&own, "/refundquote", json!({ "quantity": 2 })).await.expect(200);
        assert_eq!(sums(&quote), ["1800.00", "0.00", "1800.00"]);
        assert_eq!(quote["creditHoldsUntilDate"], "2020-02-06T23:59:59Z");
        assert_eq!((money(&quote["cap"]["givenBack"]), money(&quote["cap"]["left"])), ("0.00".into(), "48200.00".into()));
        assert_eq!(world.ledger(&order).await, ["4500.00"], "a quote changes nothing");
        let done = world.back(&own, "/refund", json!({ "quantity": 2, "credit": quote["credit"] })).await.expect(200);
        assert_eq!(sums(&done), sums(&quote));
        assert_eq!(world.ledger(&order).await, ["4500.00", "-1800.00"]);
        assert_eq!(quantities(&world.reserved().await), [2, 3]);
        let owned = world.get(&format!("{}/entitlements?entitlementType=reservedinstance", world.path("de"))).await;
        let (quantity, details) = (&owned["items"][0]["quantity"], &owned["items"][0]["quantityDetails"][0]["quantity"]);
        assert_eq!((quantity, details), (&json!(3), &json!(3)), "{owned}");
        let given = world.get(&world.reservation(&json!({ "id": done["reservationId"] }), "")).await;
        assert_eq!((&given["provisioningState"], &given["quantity"]), (&json!("Cancelled"), &json!(2)));
        assert!(world.back(&given, "/refund", json!({})).await.refused(400, 3000).contains("given back"));
        let path = format!("{}/orders/{}", world.path("de"), order["id"].as_str().unwrap());
        assert_eq!(world.get(&path).await["status"], "completed", "three of it go on");

        // trunc2(900.00 * 306 / 366 = 752.459016) * 3, and 12 % of it half up
        world.set_clock("2020-04-01T12:00:00Z");
        let rest = world.one(3).await;
        let quote = world.back(&rest, "/refundquote", json!({})).await.expect(200);
        assert_eq!(sums(&quote), ["2257.35", "270.88", "1986.47"]);
        assert_eq!((&quote["parts"][0]["unusedDays"], &quote["parts"][0]["chargedDays"]), (&json!(306), &json!(366)));
        assert_eq!(quote["feePercent"], json!(12));
        let changed = json!({ "credit": "1986.48", "creditHoldsUntilDate": "2020-03-31T23:59:59Z" });
        let told = world.back(&rest, "/refund", changed).await.refused(409, 910_001);
        assert!(told.contains("1986.47") && told.contains("1986.48"), "{told}");
        assert_eq!(world.ledger(&order).await.len(), 2);
        world.back(&rest, "/refund", json!({ "credit": "1986.47" })).await.expect(200);
        assert_eq!(world.ledger(&order).await, ["4500.00", "-1800.00", "-1986.47"]);
        assert_eq!(world.get(&path).await["status"], "cancelled", "nothing of it is left");
        let records = world.get("/v1/auditrecords?startDate=2020-03-01").await.to_string();
        assert!(records.contains("refund_reservation"), "{records}");
    }

    async fn a_lower_price_of_today_counts_and_a_line_that_support_credited_is_left_to_support(world) {
        world.cap("50000").await;
        world.reserve(2, json!({})).await;
        world.set_clock("2020-08-01T12:00:00Z");
        let cheaper = row(VM, ("002L", "Reserved VM 1 year"), "P1Y", "Azure;Reservation", ("DE", "EUR"), "600.00");
        let cheaper = cheaper.replace("2019-01-01T", "2020-07-01T");
        world.tamper("update prices set ends_at = 1593561599000000 where market = 'DE'").await;
        world.import_prices(&format!("{HEADER}\n{cheaper}\n")).await.unwrap();
        let own = world.one(2).await;
        // 184 of 366 days at the price of today
        let quote = world.back(&own, "/refundquote", json!({})).await.expect(200);
        assert_eq!(money(&quote["parts"][0]["unitPrice"]), "600.00");
        assert_eq!(money(&quote["unusedWorth"]), "603.26");
        world.tamper("insert into charges select partner_id, order_id, '00000000-0000-7000-8000-00000000c4ee', customer_id, line, 'customerCredit', unit_price, effective_unit_price, quantity, -1, currency, includes_tax, period_first, period_last, booked_at, id, term_first, term_last, null from charges where kind = 'new'").await;
        world.back(&own, "/refundquote", json!({})).await.refused(409, 800_014);
    }

    async fn the_cap_counts_twelve_months_of_one_customer_and_says_how_much_is_left(world) {
        world.cap("2000").await;
        world.reserve(3, json!({})).await;
        let own = world.one(3).await;
        let told = world.back(&own, "/refund", json!({})).await.refused(403, 910_002);
        assert!(told.contains("2700.00") && told.contains("2000.00"), "{told}");
        world.back(&own, "/refund", json!({ "quantity": 2 })).await.expect(200);
        let rest = world.one(1).await;
        let told = world.back(&rest, "/refund", json!({})).await.refused(403, 910_002);
        assert!(told.contains("900.00 EUR would come back") && told.contains("200.00 EUR of"), "{told}");
        // A year later what came back then counts no more.
        world.set_clock("2021-02-02T12:00:00Z");
        world.reserve(2, json!({})).await;
        let later = world.one(2).await;
        let done = world.back(&later, "/refund", json!({})).await.expect(200);
        assert_eq!(money(&done["cap"]["left"]), "200.00");
    }

    async fn two_who_give_back_at_once_do_not_pass_the_cap_together(world) {
        world.cap("1000").await;
        let (one, two) = (world.reserve(1, json!({})).await, world.reserve(1, json!({})).await);
        assert_ne!(one["id"], two["id"]);
        let list = world.reserved().await;
        let (one, two) = tokio::join!(
            world.back(&list[0], "/refund", json!({})),
            world.back(&list[1], "/refund", json!({})),
        );
        let mut told = [one.status, two.status];
        told.sort_unstable();
        assert_eq!(told, [200, 403], "{one:?} {two:?}");
    }

    async fn it_is_exchanged_for_the_same_type_and_for_no_less_and_no_cap_counts(world) {
        world.more_reservations().await;
        let order = world.reserve(5, json!({})).await;
        world.set_clock("2020-04-01T12:00:00Z");
        let own = world.one(5).await;
        let item = |product: &'static str, sku: &'static str| world.item("de", product, sku);
        let wish = |item: String, quantity: u64, credit: Value| {
            json!({ "credit": credit, "lineItems": [{ "lineItemNumber": 0, "catalogItemId": item, "quantity": quantity, "billingCycle": "one_time" }] })
        };
        let large = item(OTHER.1, "0001").await;
        // Nobody knows that what nobody told the type of is of the same, and nothing of it comes back.
        world.types("product_id,sku_id,type\n").await;
        world.back(&own, "/exchangequote", wish(large.clone(), 2, Value::Null)).await.refused(409, 800_014);
        world.cap("50000").await;
        let told = world.back(&own, "/refundquote", json!({})).await.refused(409, 800_014);
        assert!(told.contains("type"), "{told}");
        world.types(&format!("product_id,sku_id,type\n{},002L,VirtualMachines\n", VM.1)).await;
        let told = world.back(&own, "/exchangequote", wish(large.clone(), 2, Value::Null)).await.refused(400, 910_004);
        assert!(told.contains("unknown"), "{told}");
        let head = "product_id,sku_id,type,region,size\n";
        let (vm, other) = (format!("{},002L,VirtualMachines,northeurope,Standard_D2s_v3\n", VM.1), format!("{},0001,virtualmachines,northeurope,Standard_D4s_v3\n", OTHER.1));
        world.types(&format!("{head}{vm}{other}{},0001,SqlDatabases,,\n", DATABASE.1)).await;
        let database = item(DATABASE.1, "0001").await;
        let told = world.back(&own, "/exchangequote", wish(database, 1, Value::Null)).await.refused(400, 910_004);
        assert!(told.contains("SqlDatabases"), "{told}");
        let software = world.item("de", SQL.1, "3").await;
        world.back(&own, "/exchangequote", wish(software, 3, Value::Null)).await.refused(400, 910_004);
        // trunc2(900.00 * 306 / 366) * 5 = 3762.25
        let told = world.back(&own, "/exchangequote", wish(large.clone(), 1, Value::Null)).await.refused(400, 910_005);
        assert!(told.contains("3762.25") && told.contains("2000.00"), "{told}");
        world.back(&own, "/exchange", wish(large.clone(), 1, Value::Null)).await.refused(400, 910_005);
        assert_eq!(world.ledger(&order).await.len(), 1, "nothing is half done");
        assert_eq!(quantities(&world.reserved().await), [5]);
        let quote = world.back(&own, "/exchangequote", wish(large.clone(), 2, Value::Null)).await.expect(200);
        assert_eq!(sums(&quote), ["3762.25", "0.00", "3762.25"]);
        assert_eq!((money(&quote["exchange"]["commitment"]), money(&quote["exchange"]["toPay"])), ("4000.00".into(), "237.75".into()));
        assert!(quote.get("cap").is_none(), "{quote}");
        let mut dearer = wish(large.clone(), 2, quote["credit"].clone());
        dearer["commitment"] = json!("3999.99");
        let told = world.back(&own, "/exchange", dearer).await.refused(409, 910_006);
        assert!(told.contains("4000.00") && told.contains("3999.99"), "{told}");
        assert_eq!(world.ledger(&order).await.len(), 1, "nothing is half done");
        let mut shown = wish(large, 2, quote["credit"].clone());
        shown["commitment"] = quote["exchange"]["commitment"].clone();
        let done = world.back(&own, "/exchange", shown).await.expect(200);
        assert_eq!(world.ledger(&order).await, ["4500.00", "-3762.25"]);
        let fresh = world.get(&format!("/v1{}", done["exchange"]["order"]["uri"].as_str().unwrap())).await;
        assert_eq!(world.ledger(&fresh).await, ["4000.00"]);
        world.settle().await;
        let states: Vec<(u64, String)> = world
            .reserved()
            .await
            .iter()
            .map(|own| (own["quantity"].as_u64().unwrap(), own["provisioningState"].as_str().unwrap().to_owned()))
            .collect();
        assert_eq!(states, [(5, "Cancelled".to_owned()), (2, "Succeeded".to_owned())]);
        // What was exchanged took nothing of the cap; and what was taken in exchange has no first days: no fee is saved.
        world.cap("4000").await;
        let quote = world.back(&world.one(2).await, "/refundquote", json!({})).await.expect(200);
        assert_eq!((money(&quote["cap"]["left"]), money(&quote["fee"])), ("0.00".into(), "480.00".into()));
    }

    async fn seed_51_linux_plans_and_types_that_never_come_back_are_refused(world) {
        world.cap("50000").await;
        world.reserve(1, json!({})).await;
        world.types(&format!("product_id,sku_id,type\n{},002L,Databricks\n", VM.1)).await;
        let own = world.one(1).await;
        world.back(&own, "/refundquote", json!({})).await.refused(400, 800_019);
        world.back(&own, "/refund", json!({})).await.refused(400, 800_019);
    }

    async fn the_page_reckons_shows_every_step_and_does_what_was_shown(world) {
        world.more_reservations().await;
        world.types(&format!("product_id,sku_id,type\n{},002L,VirtualMachines\n{},0001,VirtualMachines\n{},0001,SqlDatabases\n", VM.1, OTHER.1, DATABASE.1)).await;
        world.reserve(3, json!({})).await;
        let id = world.one(3).await["id"].as_str().unwrap().to_owned();
        let base = format!("/customers/{}/reservations", world.customers["de"]);
        let here = format!("{base}/{id}/give-back");
        let person = someone(&world, world.partner.id, 60, &[Role::AdminAgent]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &person).await;
        let page = browser.get(&world, &base).await.says(200, "Give back or exchange");
        assert!(page.text.contains(&here));
        // Nothing is said about euros yet: it leads to a request.
        browser.get(&world, &here).await.says(200, "We have not said yet how much may come back in EUR").says(200, "/support/new?topic=refund");
        let mut root = operators(&world, 790, Role::OperatorAdmin).await;
        let cap = [("currency", "eur"), ("most", "3000"), ("months", "12"), ("from", "2020-02-01")];
        root.post(&world, "/operator/policies/caps", &cap).await.leads_to("/operator/policies?done=capped");
        root.get(&world, "/operator/policies").await.says(200, "€3,000.00 in 12 months").says(200, "12%");
        for (wrong, told) in [(("from", "2020-01-31"), "in the past"), (("most", "1.234"), "amount of EUR"), (("months", "0"), "1 to 120"), (("currency", "XXX"), "XXX"), (("most", "many"), "such as 45000")] {
            let mut form = cap;
            form.iter_mut().find(|(name, _)| *name == wrong.0).unwrap().1 = wrong.1;
            root.post(&world, "/operator/policies/caps", &form).await.says(422, told);
        }
        world.set_clock("2020-04-01T12:00:00Z");
        browser.get(&world, &here).await.says(200, "€1,986.47").says(200, "12% of €2,257.35 is kept: €270.88").says(200, "After this, €742.65 of €3,000.00 are left");
        // Little is asked of the database for it: twelve statements, as for the dialog that cancels, beside BEGIN and COMMIT.
        let before = world.installation.store.statements();
        browser.get(&world, &here).await.says(200, "<main");
        let count = world.installation.store.statements() - before;
        assert!(count <= 18, "{count} statements");
        let form = [("way", "refund"), ("quantity", "3"), ("credit", "1986.47"), ("until", "2020-04-01T23:59:59Z")];
        browser.post(&world, &here, &form).await.says(422, "Tick that you have read");
        let ticked = |credit: &'static str| [form[0], form[1], ("credit", credit), form[3], ("agreed", "on")];
        browser.post(&world, &here, &ticked("")).await.says(422, "Look first");
        browser.post(&world, &here, &ticked("2000.00")).await.says(422, "€1,986.47 by now");
        // Exchanged: only the same type can be chosen.
        let page = browser.get(&world, &format!("{here}?way=exchange&quantity=1")).await.says(200, "Large VM 3 years");
        assert!(!page.text.contains("SQL Database 1 year"));
        let large = world.item("de", OTHER.1, "0001").await;
        let (_, option) = page.text.split_once(&format!("<option value=\"{large} ")).unwrap();
        let chosen = format!("{large} {}", option.split('"').next().unwrap());
        let address = format!("{here}?way=exchange&quantity=1&count=1&for={}", chosen.replace(' ', "+"));
        browser.get(&world, &address).await.says(200, "€752.45").says(200, "€1,247.55");
        let exchange = [("way", "exchange"), ("quantity", "1"), ("for", chosen.as_str()), ("count", "1"), ("credit", "752.45"), ("commitment", "2000.00"), ("agreed", "on")];
        browser.post(&world, &here, &[exchange[0], exchange[1], exchange[2], exchange[3], exchange[4], exchange[6]]).await.says(422, "Look first");
        browser.post(&world, &here, &exchange).await.leads_to(&format!("{base}?done=exchanged"));
        browser.get(&world, &base).await.says(200, "Given back");
        let rest = world.one(2).await["id"].as_str().unwrap().to_owned();
        let rest = format!("{base}/{rest}/give-back");
        let refund = [("way", "refund"), ("quantity", "2"), ("credit", "1324.31"), ("agreed", "on")];
        browser.post(&world, &rest, &refund).await.leads_to(&format!("{base}?done=returned"));
        browser.post(&world, &rest, &refund).await.says(422, "given back");
        // Whoever only looks does not give back.
        let global = someone(&world, world.partner.id, 61, &[Role::GlobalAdmin]).await;
        let mut other = Browser::default();
        other.sign_in(&world, &global).await;
        assert_eq!(other.get(&world, &rest).await.status, 403);
        assert_eq!(other.post(&world, &rest, &refund).await.status, 403);
    }
}

#[test]
fn the_table_of_types_says_line_and_column() {
    let denied = |file: &str| give_back::skus(file.as_bytes()).unwrap_err().to_string();
    assert!(denied("product_id,sku_id\n").contains("line 1, type"));
    assert!(denied("product_id,sku_id,type\nDZH318Z0BQ4Z,002L,Machines\n").contains("line 2, type"));
    assert!(
        denied("product_id,sku_id,type\nDZH318Z0BQ4Z,002L,CosmosDb\nx,1,CosmosDb\n")
            .contains("line 3, product_id")
    );
}
