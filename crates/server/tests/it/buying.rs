//! From a cart to a product key.

use serde_json::json;

use crate::world::{RMS, SQL, SUSE, VM, money, standard_keys};

on_both! {
    async fn a_cart_becomes_an_order_with_its_price_and_its_keys(world) {
        let lines = [world.line(SQL.1, "2", 4).await, world.line(RMS.1, "7", 10).await];
        let cart = world.cart("de", &lines).await;
        assert_eq!(cart["status"], "Active");
        assert_eq!(cart["lineItems"][0]["currencyCode"], "EUR");
        assert_eq!(cart["lineItems"][0]["termDuration"], "P1Y");
        assert!(cart["lineItems"][1].get("termDuration").is_none());
        let result = world.check_out("de", &cart).await.expect(201);
        assert_eq!(result["orderErrors"], json!([]));
        assert_eq!(result["orders"][0]["status"], "pending");
        world.settle().await;
        let id = result["orders"][0]["id"].as_str().unwrap();
        let order = world.get(&format!("{}/orders/{id}?include_price=true", world.path("de"))).await;
        // 4 × 1500.00 + 10 × 119.99
        assert_eq!(money(&order["totalPrice"]), "7199.90");
        assert_eq!(order["status"], "completed");
        assert_eq!(money(&order["lineItems"][1]["pricing"]["extendedPrice"]), "1199.90");
        let spent = world.get(&format!("{}/carts/{}", world.path("de"), cart["id"].as_str().unwrap())).await;
        assert_eq!(spent["status"], "Ordered");
        let provisioning = world.get(&format!("{}/orders/{id}/provisioningstatus", world.path("de"))).await;
        assert_eq!(provisioning["items"][1]["status"], "Fulfilled");
        let owned = world.get(&format!("{}/entitlements?showExpiry=true", world.path("de"))).await;
        assert_eq!(owned["totalCount"], 2);
        // Bought 2020-02-01 for a year: through 2021-01-31. Perpetual software never expires.
        assert_eq!(owned["items"][0]["expiryDate"], "2021-01-31T00:00:00Z");
        assert!(owned["items"][1].get("expiryDate").is_none());
        let link = owned["items"][0]["entitledArtifacts"][0]["link"]["uri"].as_str().unwrap();
        let key = world.get(&format!("/v1{link}")).await;
        assert_eq!(key["type"], "product_key");
        assert_eq!(key["productKey"].as_str().unwrap().len(), 39);
    }

    async fn a_cart_checked_out_twice_gives_the_first_answer_and_buys_once(world) {
        let cart = world.cart("de", &[world.line(RMS.1, "7", 1).await]).await;
        let first = world.check_out("de", &cart).await;
        world.settle().await;
        let again = world.check_out("de", &cart).await;
        assert_eq!((first.status, &first.body), (again.status, &again.body));
        let orders = world.get(&format!("{}/orders", world.path("de"))).await;
        assert_eq!(orders["totalCount"], 1);
    }

    async fn a_refused_checkout_sent_again_stays_refused_and_a_new_one_is_served(world) {
        let mut line = world.line(RMS.1, "7", 1).await;
        line["quantity"] = json!(101);
        let cart = world.cart("de", &[line.clone()]).await;
        let path = format!("{}/carts/{}/checkout", world.path("de"), cart["id"].as_str().unwrap());
        let id = "6f9a2b30-0000-4000-8000-00000000000e";
        world.call_under(id, "POST", &path, &json!({})).await.refused(400, 2002);
        line["quantity"] = json!(1);
        let put = path.trim_end_matches("/checkout");
        world.call("PUT", put, Some(json!({ "lineItems": [line] }))).await.expect(200);
        world.call_under(id, "POST", &path, &json!({})).await.refused(400, 2002);
        world.call("POST", &path, None).await.expect(201);
    }

    async fn one_request_id_is_one_call_however_its_path_is_spelled(world) {
        let item = world.item("de", RMS.1, "7").await;
        let (id, body) = ("6f9a2b30-0000-4000-8000-00000000000f", json!({ "lineItems": [{ "offerId": item, "quantity": 1 }] }));
        let customer = world.customers["de"].to_string();
        let escaped = customer.replacen(&customer[..1], &format!("%{:02x}", customer.as_bytes()[0]), 1);
        let first = world.call_under(id, "POST", &format!("/v1/customers/{customer}/orders"), &body).await.expect(201);
        for spelled in [customer.to_uppercase(), escaped, customer.replace('-', "")] {
            let again = world.call_under(id, "POST", &format!("/V1//customers/{spelled}/Orders/"), &body).await;
            assert_eq!(again.body["id"], first["id"], "{spelled}");
        }
        world.call("GET", &format!("/v1/customers/%7B{customer}%7D"), None).await.refused(404, 60_003);
    }

    async fn many_checkouts_of_one_cart_at_once_buy_once(world) {
        let cart = world.cart("de", &[world.line(RMS.1, "7", 1).await]).await;
        let world = std::sync::Arc::new(world);
        let mut running = tokio::task::JoinSet::new();
        for _ in 0..12 {
            let (world, cart) = (std::sync::Arc::clone(&world), cart.clone());
            running.spawn(async move { world.check_out("de", &cart).await });
        }
        let answers: Vec<_> = running.join_all().await;
        let orders = world.get(&format!("{}/orders", world.path("de"))).await;
        assert_eq!(orders["totalCount"], 1);
        for answer in answers {
            assert_eq!(answer.status, 201, "{}", answer.body);
            assert_eq!(answer.body["orders"][0]["id"], orders["items"][0]["id"]);
        }
    }

    async fn a_cart_is_changed_until_it_is_ordered(world) {
        let cart = world.cart("de", &[world.line(RMS.1, "7", 1).await]).await;
        let path = format!("{}/carts/{}", world.path("de"), cart["id"].as_str().unwrap());
        let mut changed = cart.clone();
        changed["lineItems"][0]["quantity"] = json!(3);
        let saved = world.call("PUT", &path, Some(changed.clone())).await.expect(200);
        assert_eq!(saved["lineItems"][0]["quantity"], 3);
        world.check_out("de", &saved).await.expect(201);
        world.call("PUT", &path, Some(changed)).await.refused(400, 800_065);
    }

    async fn a_cart_lives_seven_days(world) {
        let cart = world.cart("de", &[world.line(RMS.1, "7", 1).await]).await;
        world.set_clock("2020-02-08T10:00:01Z");
        world.check_out("de", &cart).await.refused(404, 800_008);
    }

    async fn what_cannot_be_bought_stays_in_the_cart_with_the_reason(world) {
        let mut unknown = world.line(RMS.1, "7", 1).await;
        unknown["catalogItemId"] = json!("DG7GMGF0D5SL:0007:XXXXXXXXXXXX");
        let lines = [world.line(RMS.1, "7", 101).await, world.line(RMS.1, "7", 0).await, unknown];
        let cart = world.cart("de", &lines).await;
        let error = |line: usize| cart["lineItems"][line]["error"]["additionalInformation"].as_str().unwrap().to_owned();
        assert_eq!([error(0), error(1), error(2)], ["2002", "2002", "400019"]);
        assert!(cart["lineItems"][0]["error"]["errorDescription"].as_str().unwrap().contains("1 to 100"));
        world.check_out("de", &cart).await.refused(400, 2002);
        let orders = world.get(&format!("{}/orders", world.path("de"))).await;
        assert_eq!(orders["totalCount"], 0);
    }

    async fn an_order_sent_at_once_says_what_is_wrong(world) {
        let path = format!("{}/orders", world.path("de"));
        let order = |item: &str, quantity: u64| {
            Some(json!({ "billingCycle": "one_time", "lineItems": [{ "lineItemNumber": 0, "offerId": item, "quantity": quantity }] }))
        };
        let item = world.item("de", RMS.1, "7").await;
        let told = world.call("POST", &path, order(&item, 101)).await.refused(400, 2002);
        assert!(told.contains("1 to 100"), "{told}");
        world.call("POST", &path, order(&item, 5)).await.expect(201);
        world.call("POST", &path, order("DG7GMGF0D5SL:0007:XXXXXXXXXXXX", 1)).await.refused(404, 400_019);
        world.call("POST", &path, Some(json!({ "lineItems": [] }))).await.refused(400, 3000);
        let told = world.call("POST", &path, order("nonsense", 1)).await.refused(400, 3000);
        assert!(told.contains("lineItems[0].offerId") && told.contains("ProductId:SkuId:AvailabilityId"), "{told}");
    }

    async fn a_reservation_is_not_sold_in_a_blocked_market_and_software_is(world) {
        let vm = world.item("de", VM.1, "002L").await;
        let rms = world.item("de", RMS.1, "7").await;
        let path = format!("{}/orders", world.path("ad"));
        let order = |item: &str| Some(json!({ "lineItems": [{ "offerId": item, "quantity": 1 }] }));
        let told = world.call("POST", &path, order(&vm)).await.refused(400, 800_070);
        assert!(told.contains("not sold in AD"), "{told}");
        world.call("POST", &path, order(&rms)).await.expect(201);
        let listed = world.get(&format!("{}/products?targetView=AzureReservations", world.path("ad"))).await;
        assert_eq!(listed["totalCount"], 0);
        let listed = world.get(&format!("{}/products?targetView=AzureReservations", world.path("de"))).await;
        assert_eq!(listed["totalCount"], 1);
    }

    async fn a_region_that_was_not_granted_is_refused(world) {
        let item = world.item("de", RMS.1, "7").await;
        let order = Some(json!({ "lineItems": [{ "offerId": item, "quantity": 1 }] }));
        world.call("POST", &format!("{}/orders", world.path("us")), order).await.refused(403, 2030);
    }

    async fn seed_6_what_is_for_another_segment_is_refused(world) {
        let path = format!("{}/products/{}/skus/7/availabilities?targetSegment=education", world.path("school"), RMS.1);
        let school_item = world.get(&path).await["items"][0]["catalogItemId"].as_str().unwrap().to_owned();
        let order = |item: &str| Some(json!({ "lineItems": [{ "offerId": item, "quantity": 1 }] }));
        world.call("POST", &format!("{}/orders", world.path("de")), order(&school_item)).await.refused(403, 2085);
        let bought = world.call("POST", &format!("{}/orders", world.path("school")), order(&school_item)).await.expect(201);
        let path = format!("{}/orders/{}?include_price=true", world.path("school"), bought["id"].as_str().unwrap());
        assert_eq!(money(&world.get(&path).await["totalPrice"]), "40.00");
    }

    async fn without_the_agreement_nothing_is_sold(world) {
        let body = json!({
            "companyProfile": { "domain": "fresh" },
            "billingProfile": { "email": "a@b.example", "culture": "de-DE", "language": "de", "companyName": "Fresh GmbH",
                "defaultAddress": { "country": "DE", "addressLine1": "1", "city": "Bonn" } }
        });
        let customer = world.call("POST", "/v1/customers", Some(body)).await.expect(201);
        let path = format!("/v1/customers/{}", customer["id"].as_str().unwrap());
        let item = world.item("de", RMS.1, "7").await;
        let cart = json!({ "lineItems": [{ "catalogItemId": item, "quantity": 1 }] });
        let cart = world.call("POST", &format!("{path}/carts"), Some(cart)).await.expect(201);
        let checkout = format!("{path}/carts/{}/checkout", cart["id"].as_str().unwrap());
        let told = world.call("POST", &checkout, None).await.refused(403, 13_605);
        assert!(told.contains("/agreements"), "{told}");
    }

    async fn prices_follow_the_partners_currency_or_the_markets(world) {
        let price = async |customer: &str| {
            let item = world.item("de", RMS.1, "7").await;
            let cart = json!({ "lineItems": [{ "catalogItemId": item, "quantity": 1 }] });
            let cart = world.call("POST", &format!("{}/carts", world.path(customer)), Some(cart)).await.expect(201);
            cart["lineItems"][0]["currencyCode"].as_str().unwrap().to_owned()
        };
        // The German partner is billed in euros wherever there is a price in euros, else in the market's currency.
        assert_eq!([price("de").await, price("se").await, price("au").await, price("br").await], ["EUR", "EUR", "AUD", "BRL"]);
    }

    async fn australian_and_brazilian_prices_include_tax(world) {
        let item = world.item("de", RMS.1, "7").await;
        for (customer, included) in [("de", false), ("au", true), ("br", true)] {
            let order = Some(json!({ "lineItems": [{ "offerId": item, "quantity": 1 }] }));
            let order = world.call("POST", &format!("{}/orders", world.path(customer)), order).await.expect(201);
            let path = format!("{}/orders/{}/charges", world.path(customer), order["id"].as_str().unwrap());
            assert_eq!(world.get(&path).await["items"][0]["priceIncludesTax"], included, "{customer}");
        }
    }

    async fn without_keys_an_order_waits_and_goes_on_when_keys_arrive(world) {
        world.import_prices(&format!("{}\n{}\n", crate::world::HEADER,
            crate::world::row(("Excel LTSC", "DG7GMGF0D7FT", ""), ("1", "Excel"), "", "Software;Perpetual", ("DE", "EUR"), "100"))).await.unwrap();
        let order = world.buy(&[world.line("DG7GMGF0D7FT", "1", 1).await]).await;
        assert_eq!(order["status"], "pending");
        world.cancel(&order).await.refused(409, 800_060);
        world.import_keys("ProductId,Key\nDG7GMGF0D7FT,AAA1BBB2CCC3DDD4EEE5FAKEEXCE0001\n").await.unwrap();
        world.settle().await;
        let path = format!("{}/orders/{}", world.path("de"), order["id"].as_str().unwrap());
        assert_eq!(world.get(&path).await["status"], "completed");
    }

    async fn the_window_counts_from_the_order_however_long_its_keys_took(world) {
        let rows = format!("{}\n{}\n", crate::world::HEADER,
            crate::world::row(("Late", "DG7GMGF0D7FX", ""), ("1", "Late 1 year"), "P1Y", "Software;Subscription", ("DE", "EUR"), "100"));
        world.import_prices(&rows).await.unwrap();
        world.buy(&[world.line("DG7GMGF0D7FX", "1", 1).await]).await;
        world.set_clock("2020-02-20T10:00:00Z");
        world.import_keys("ProductId,Key\nDG7GMGF0D7FX,AAA1BBB2CCC3DDD4EEE5FAKELATE0001\n").await.unwrap();
        world.settle().await;
        let list = world.get(&format!("{}/subscriptions", world.path("de"))).await;
        assert_eq!(list["items"][0]["cancellationAllowedUntilDate"], "2020-04-01T23:59:59Z");
    }

    async fn every_order_gets_its_own_key_even_when_they_are_provisioned_at_once(world) {
        let line = world.line(RMS.1, "7", 1).await;
        for _ in 0..30 {
            let cart = world.cart("de", std::slice::from_ref(&line)).await;
            world.check_out("de", &cart).await.expect(201);
        }
        world.settle().await;
        let owned = world.get(&format!("{}/entitlements", world.path("de"))).await;
        let mut keys = std::collections::BTreeSet::new();
        for item in owned["items"].as_array().unwrap() {
            let link = item["entitledArtifacts"][0]["link"]["uri"].as_str().unwrap();
            assert!(keys.insert(world.get(&format!("/v1{link}")).await["productKey"].to_string()));
        }
        assert_eq!(keys.len(), 30);
    }

    async fn linux_plans_and_reservations_come_without_keys(world) {
        let order = world.buy(&[world.line(SUSE.1, "1", 1).await, world.line(VM.1, "002L", 1).await]).await;
        assert_eq!(order["status"], "completed");
        let owned = world.get(&format!("{}/entitlements?entitlementType=reservedInstance", world.path("de"))).await;
        assert_eq!(owned["totalCount"], 2);
        assert_eq!(owned["items"][0]["entitledArtifacts"], json!([]));
    }

    async fn an_order_is_found_by_either_of_its_names_and_listed_by_cycle(world) {
        let order = world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        let base = format!("{}/orders", world.path("de"));
        let by_number = world.get(&format!("{base}/{}", order["alternateId"].as_str().unwrap().to_uppercase())).await;
        assert_eq!(by_number["id"], order["id"]);
        assert!(by_number.get("totalPrice").is_none());
        for (cycle, count) in [("onetime", 1), ("one_time", 1), ("OneTime", 1), ("annual", 0), ("none", 0)] {
            assert_eq!(world.get(&format!("{base}?billingType={cycle}")).await["totalCount"], count, "{cycle}");
        }
        world.call("GET", &format!("{base}?billingType=weekly"), None).await.refused(400, 3000);
        world.call("GET", &format!("{base}/ffffffffffff"), None).await.refused(404, 20_000);
        world.call("GET", &format!("{base}/nonsense"), None).await.refused(404, 20_000);
    }

    async fn groups_of_a_cart_succeed_or_fail_one_by_one(world) {
        let good = world.line(RMS.1, "7", 1).await;
        let mut bad = world.line(SQL.1, "2", 1).await;
        bad["billingCycle"] = json!("monthly");
        let cart = world.cart("de", &[good, bad]).await;
        assert_eq!([&cart["lineItems"][0]["orderGroup"], &cart["lineItems"][1]["orderGroup"]], ["0", "1"]);
        let result = world.check_out("de", &cart).await.expect(201);
        assert_eq!(result["orders"].as_array().unwrap().len(), 1);
        assert_eq!(result["orderErrors"][0]["orderGroupId"], "1");
        assert_eq!(result["orderErrors"][0]["code"], 800_028);
        assert!(result["orderErrors"][0]["description"].as_str().unwrap().contains("P1Y"));
    }

    async fn a_checkout_takes_at_most_twelve_statements(world) {
        world.import_keys(&standard_keys(100..110)).await.unwrap();
        let cart = world.cart("de", &[world.line(RMS.1, "7", 1).await, world.line(SQL.1, "2", 1).await]).await;
        // The first checkout warms the memory of programs; the second is counted.
        world.check_out("de", &cart).await.expect(201);
        let cart = world.cart("de", &[world.line(RMS.1, "7", 1).await, world.line(SQL.1, "2", 1).await]).await;
        let before = world.installation.store.statements();
        world.check_out("de", &cart).await.expect(201);
        let count = world.installation.store.statements() - before;
        // BEGIN and COMMIT are among them; on SQLite the savepoint inside a group commit adds its two.
        let most = match &world.installation.place.location {
            chandlery_store::Location::Postgres { .. } => 12,
            chandlery_store::Location::Sqlite(_) => 14,
        };
        assert!(count <= most, "{count} statements");
    }
}
