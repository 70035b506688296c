//! Giving a purchase back: the window, the credit, the keys.

use serde_json::{Value, json};

use crate::world::{RMS, SQL, SUSE, VM, World, money};

async fn quoted(world: &World, order: &Value) -> Value {
    let path = format!("{}/orders/{}/cancellationquote", world.path("de"), order["id"].as_str().unwrap());
    world.call("POST", &path, Some(json!({}))).await.expect(200)
}

on_both! {
    async fn a_subscription_can_be_returned_on_day_sixty_and_not_on_day_sixty_one(world) {
        let order = world.buy(&[world.line(SQL.1, "2", 4).await]).await; // 4 × 1500.00
        world.set_clock("2020-04-01T23:59:59Z");
        let quote = quoted(&world, &order).await;
        // trunc2(1500.00 × 306 / 366) × 4 = 1254.09 × 4
        assert_eq!(money(&quote["totalCredit"]), "5016.36");
        assert_eq!(quote["cancellationAllowedUntilDate"], "2020-04-01T23:59:59Z");
        world.set_clock("2020-04-02T00:00:00Z");
        let told = world.cancel(&order).await.refused(400, 900_117);
        assert!(told.contains("60-day") && told.contains("2020-04-01T23:59:59Z"), "{told}");
        world.set_clock("2020-04-01T23:59:59Z");
        // The refusal was an answer to another call; this one is new.
        assert_eq!(world.cancel(&order).await.expect(200)["status"], "cancelled");
        assert_eq!(world.ledger(&order).await, ["6000.00", "-5016.36"]);
    }

    async fn perpetual_software_gives_everything_back(world) {
        let order = world.buy(&[world.line(RMS.1, "7", 3).await]).await;
        world.set_clock("2020-03-31T12:00:00Z");
        world.cancel(&order).await.expect(200);
        assert_eq!(world.ledger(&order).await, ["359.97", "-359.97"]);
    }

    async fn seed_54_a_program_cancels_as_people_do_and_the_quote_is_the_credit(world) {
        let order = world.buy(&[world.line(SQL.1, "3", 4).await, world.line(RMS.1, "7", 1).await]).await;
        world.set_clock("2020-03-31T12:00:00Z");
        let quote = quoted(&world, &order).await;
        // trunc2(3600.00 × 1037 / 1096) × 4 = 13624.80, and 119.99 in full
        assert_eq!(money(&quote["lineItems"][0]["credit"]), "13624.80");
        assert_eq!(quote["lineItems"][0]["unusedDays"], 1037);
        assert_eq!(money(&quote["lineItems"][1]["credit"]), "119.99");
        assert!(quote["lineItems"][0]["explanation"].as_str().unwrap().contains("1037 unused of 1096"));
        world.cancel(&order).await.expect(200);
        assert_eq!(world.ledger(&order).await, ["14400.00", "119.99", "-13624.80", "-119.99"]);
    }

    async fn a_quote_is_a_promise_that_outsiders_can_check(world) {
        let order = world.buy(&[world.line(SQL.1, "2", 4).await, world.line(RMS.1, "7", 1).await]).await;
        let other = world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        let path = |own: &Value| format!("{}/orders/{}", world.path("de"), own["id"].as_str().unwrap());
        world.set_clock("2020-03-31T12:00:00Z");
        let quote = quoted(&world, &order).await;
        assert_eq!(quote["creditHoldsUntilDate"], "2020-03-31T23:59:59Z");
        assert_eq!(quote["lineItems"][0]["policy"], "subscription from 2018-09-01: 60-day");
        let signed = quote["signedQuote"].as_str().unwrap();
        // With nothing but the public keys.
        let keys = world.get(&format!("/{}/discovery/keys", world.partner.id)).await;
        let keys: jsonwebtoken::jwk::JwkSet = serde_json::from_value(keys).unwrap();
        let header = jsonwebtoken::decode_header(signed).unwrap();
        assert_eq!(header.typ.as_deref(), Some("cancellation-quote+jwt"));
        let key = jsonwebtoken::DecodingKey::from_jwk(keys.find(&header.kid.unwrap()).unwrap()).unwrap();
        let mut how = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
        how.required_spec_claims.clear();
        let says = jsonwebtoken::decode::<Value>(signed, &key, &how).unwrap().claims;
        assert_eq!([&says["order"], &says["total"]], [&order["id"], &json!("5152.75")]);
        assert_eq!(says["lines"][0]["policy"], json!({ "family": "subscription", "effective_from": "2018-09-01", "window": "60-day", "credit": "prorated" }));
        assert_eq!(says["lines"][0]["unused_days"], 307);
        // It opens nothing, and what opens the interface promises nothing.
        let opens = axum::extract::Request::builder().uri(path(&order)).header("Authorization", format!("Bearer {signed}"));
        assert_eq!(world.send(opens.body(axum::body::Body::empty()).unwrap()).await.status, 401);
        let cancel = |promise: &str| Some(json!({ "status": "cancelled", "signedQuote": promise }));
        let changed = signed.replacen(".ey", ".eyJ", 1);
        for wrong in [world.token.as_str(), changed.as_str(), "x"] {
            let told = world.call("PATCH", &path(&order), cancel(wrong)).await.refused(400, 3000);
            assert!(told.contains("signedQuote was not signed here"), "{told}");
        }
        let told = world.call("PATCH", &path(&other), cancel(signed)).await.refused(400, 3000);
        assert!(told.contains("signedQuote is about another order"), "{told}");
        // A day later a day is used up, and nothing is cancelled for less than was promised.
        world.set_clock("2020-04-01T00:00:00Z");
        let told = world.call("PATCH", &path(&order), cancel(signed)).await.refused(409, 910_001);
        assert!(told.contains("5136.35 EUR by now: 5152.75 EUR was promised until 2020-03-31T23:59:59Z"), "{told}");
        assert_eq!(world.ledger(&order).await.len(), 2);
        let fresh = quoted(&world, &order).await;
        let fresh = fresh["signedQuote"].as_str().unwrap();
        // A promise of one line cancels no other, and one that is named has to be one.
        let one = json!({ "lineItems": [{ "lineItemNumber": 1 }] });
        let one = world.call("POST", &format!("{}/cancellationquote", path(&order)), Some(one)).await.expect(200);
        let told = world.call("PATCH", &path(&order), cancel(one["signedQuote"].as_str().unwrap())).await.refused(400, 3000);
        assert!(told.contains("is about the lines 1 of the order, and this would cancel 0, 1"), "{told}");
        for none in [json!(""), Value::Null] {
            let body = json!({ "status": "cancelled", "SignedQuote": none });
            world.call("PATCH", &path(&order), Some(body)).await.refused(400, 3000);
        }
        let plan = world.get(&format!("{}/subscriptions?order_id={}", world.path("de"), order["id"].as_str().unwrap())).await;
        let plan = format!("{}/subscriptions/{}", world.path("de"), plan["items"][0]["id"].as_str().unwrap());
        let told = world.call("PATCH", &plan, Some(json!({ "status": "deleted", "signedQuote": fresh }))).await.refused(400, 3000);
        assert!(told.contains("is about the lines 0, 1 of the order, and this would cancel 0"), "{told}");
        // Another policy makes another sum of it, though the day is the same.
        world.tamper("update policy_cancellation set cancel_day_unused = 1 - cancel_day_unused").await;
        let told = world.call("PATCH", &path(&order), cancel(fresh)).await.refused(409, 910_001);
        assert!(told.contains("EUR by now, not the 5136.35 EUR that was promised"), "{told}");
        world.tamper("update policy_cancellation set cancel_day_unused = 1 - cancel_day_unused").await;
        assert_eq!(world.ledger(&order).await.len(), 2);
        let line = json!({ "status": "cancelled", "lineItems": [{ "lineItemNumber": 1 }], "signedQuote": one["signedQuote"] });
        world.call("PATCH", &path(&order), Some(line)).await.expect(200);
        let last = quoted(&world, &order).await;
        world.call("PATCH", &path(&order), cancel(last["signedQuote"].as_str().unwrap())).await.expect(200);
        assert_eq!(world.ledger(&order).await, ["6000.00", "119.99", "-119.99", "-5016.36"]);
        let last = jsonwebtoken::decode::<Value>(last["signedQuote"].as_str().unwrap(), &key, &how).unwrap().claims;
        let told = format!("\"SignedQuote\",\"value\":{}", last["jti"]);
        let log = world.get("/v1/auditrecords?size=10").await.to_string();
        assert!(log.contains(&told), "{told} is not in {log}");
    }

    async fn lines_are_cancelled_one_by_one(world) {
        let order = world.buy(&[world.line(SQL.1, "2", 4).await, world.line(RMS.1, "7", 2).await]).await;
        let path = format!("{}/orders/{}", world.path("de"), order["alternateId"].as_str().unwrap());
        let lines = |number: u32, offer: &Value| {
            Some(json!({ "Status": "cancelled", "LineItems": [{ "LineItemNumber": number, "OfferId": offer }] }))
        };
        let told = world.call("PATCH", &path, lines(0, &order["lineItems"][1]["offerId"])).await.refused(400, 800_002);
        assert!(told.contains("line 0"), "{told}");
        world.call("PATCH", &path, lines(7, &order["lineItems"][1]["offerId"])).await.refused(400, 800_071);
        let after = world.call("PATCH", &path, lines(1, &order["lineItems"][1]["offerId"])).await.expect(200);
        assert_eq!([&after["status"], &after["lineItems"][1]["quantity"]], [&json!("completed"), &json!(0)]);
        assert_eq!(after["lineItems"][0]["quantity"], 4);
        world.call("PATCH", &path, lines(1, &order["lineItems"][1]["offerId"])).await.refused(400, 800_061);
        let after = world.cancel(&order).await.expect(200);
        assert_eq!(after["status"], "cancelled");
        assert_eq!(world.ledger(&order).await, ["6000.00", "239.98", "-239.98", "-6000.00"]);
    }

    async fn the_same_cancellation_sent_twice_credits_once(world) {
        let order = world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        let path = format!("{}/orders/{}", world.path("de"), order["id"].as_str().unwrap());
        let body = json!({ "status": "cancelled" });
        let id = "6f9a2b30-0000-4000-8000-000000000001";
        let first = world.call_under(id, "PATCH", &path, &body).await;
        let again = world.call_under(id, "PATCH", &path, &body).await;
        assert_eq!((first.status, first.body), (again.status, again.body));
        assert_eq!(world.ledger(&order).await, ["119.99", "-119.99"]);
    }

    async fn reservations_and_linux_plans_are_not_cancelled_here(world) {
        for (product, sku) in [(SUSE.1, "1"), (VM.1, "002L")] {
            let order = world.buy(&[world.line(product, sku, 1).await]).await;
            world.cancel(&order).await.refused(403, 800_019);
            assert_eq!(world.ledger(&order).await.len(), 1);
        }
    }

    async fn nothing_but_cancelling_changes_an_order(world) {
        let order = world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        let path = format!("{}/orders/{}", world.path("de"), order["id"].as_str().unwrap());
        world.call("PATCH", &path, Some(json!({ "status": "completed" }))).await.refused(400, 3000);
        let other = json!({ "id": "0190f3a8-7c2e-7d1a-9f00-c403d91b21d2", "status": "cancelled" });
        let told = world.call("PATCH", &path, Some(other)).await.refused(400, 3000);
        assert!(told.contains("id must be the order in the path"), "{told}");
    }

    async fn a_key_that_was_shown_dies_and_one_that_was_not_is_sold_again(world) {
        let artifact = async |order: &Value| {
            let owned = world.get(&format!("{}/entitlements", world.path("de"))).await;
            let own = owned["items"].as_array().unwrap().iter().find(|item| item["referenceOrder"]["id"] == order["id"]);
            own.unwrap()["entitledArtifacts"][0].clone()
        };
        let shown = world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        let link = format!("/v1{}", artifact(&shown).await["link"]["uri"].as_str().unwrap());
        let key = world.get(&link).await["productKey"].clone();
        world.cancel(&shown).await.expect(200);
        assert_eq!(artifact(&shown).await["state"], "Revoked");
        assert!(artifact(&shown).await.get("link").is_none());
        world.call("GET", &link, None).await.refused(404, 1000);

        let unseen = world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        world.cancel(&unseen).await.expect(200);
        assert_eq!(artifact(&unseen).await["state"], "Revoked");
        // 40 keys were imported: one is dead, one went back. 39 can still be sold, the dead one never.
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..39 {
            let order = world.buy(&[world.line(RMS.1, "7", 1).await]).await;
            assert_eq!(order["status"], "completed");
            let link = artifact(&order).await["link"]["uri"].as_str().unwrap().to_owned();
            assert!(seen.insert(world.get(&format!("/v1{link}")).await["productKey"].to_string()));
        }
        assert!(!seen.contains(&key.to_string()));
        assert_eq!(world.buy(&[world.line(RMS.1, "7", 1).await]).await["status"], "pending");
    }

    async fn a_subscription_is_renamed_renewed_and_cancelled(world) {
        let order = world.buy(&[world.line(SQL.1, "2", 4).await]).await;
        let list = world.get(&format!("{}/subscriptions?order_id={}", world.path("de"), order["id"].as_str().unwrap())).await;
        assert_eq!(list["totalCount"], 1);
        let mut subscription = list["items"][0].clone();
        assert_eq!(subscription["commitmentEndDate"], "2021-01-31T00:00:00Z");
        assert_eq!(subscription["cancellationAllowedUntilDate"], "2020-04-01T23:59:59Z");
        assert_eq!([&subscription["status"], &subscription["autoRenewEnabled"]], [&json!("active"), &json!(false)]);
        let path = format!("{}/subscriptions/{}", world.path("de"), subscription["id"].as_str().unwrap());
        subscription["friendlyName"] = json!("Ours");
        subscription["autoRenewEnabled"] = json!(true);
        let saved = world.call("PATCH", &path, Some(subscription.clone())).await.expect(200);
        assert_eq!([&saved["friendlyName"], &saved["autoRenewEnabled"]], [&json!("Ours"), &json!(true)]);
        // What was read before is stale now.
        subscription["friendlyName"] = json!("Theirs");
        world.call("PATCH", &path, Some(subscription)).await.refused(400, 2055);
        world.call("PATCH", &path, Some(json!({ "quantity": 5 }))).await.refused(400, 800_095);
        world.call("PATCH", &path, Some(json!({ "status": "suspended" }))).await.refused(400, 800_040);
        world.call("PATCH", &path, Some(json!({ "billingCycle": "monthly" }))).await.refused(400, 2054);
        world.set_clock("2020-03-01T09:00:00Z");
        let gone = world.call("PATCH", &path, Some(json!({ "status": "deleted" }))).await.expect(200);
        assert_eq!([&gone["status"], &gone["autoRenewEnabled"]], [&json!("deleted"), &json!(false)]);
        assert_eq!(world.get(&path).await["status"], "deleted");
        // trunc2(1500.00 × 337 / 366 = 1381.147541) × 4
        assert_eq!(world.ledger(&order).await, ["6000.00", "-5524.56"]);
        world.call("PATCH", &path, Some(json!({ "friendlyName": "Too late" }))).await.refused(400, 2011);
        world.call("GET", &format!("{}/subscriptions/{}", world.path("de"), world.partner.id), None).await.refused(404, 20_003);
    }

    async fn a_stale_version_cancels_nothing_and_a_repeat_gets_its_first_answer(world) {
        let order = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        let list = world.get(&format!("{}/subscriptions", world.path("de"))).await;
        let stale = list["items"][0].clone();
        let path = format!("{}/subscriptions/{}", world.path("de"), stale["id"].as_str().unwrap());
        let (id, rename) = ("6f9a2b30-0000-4000-8000-00000000000d", json!({ "status": "active", "friendlyName": "Ours" }));
        let renamed = world.call_under(id, "PATCH", &path, &rename).await;
        assert_eq!(renamed.status, 200);
        let mut gone = stale;
        gone["status"] = json!("deleted");
        world.call("PATCH", &path, Some(gone)).await.refused(400, 2055);
        assert_eq!(world.ledger(&order).await.len(), 1);
        world.call("PATCH", &path, Some(json!({ "status": "deleted" }))).await.expect(200);
        let again = world.call_under(id, "PATCH", &path, &rename).await;
        assert_eq!((again.status, again.body), (200, renamed.body));
    }

    async fn a_quote_takes_no_broken_body(world) {
        let order = world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        let path = format!("{}/orders/{}/cancellationquote", world.path("de"), order["id"].as_str().unwrap());
        let send = |body: &'static str| {
            let request = axum::extract::Request::builder().method("POST").uri(&path)
                .header("Authorization", format!("Bearer {}", world.token)).body(axum::body::Body::from(body));
            world.send(request.unwrap())
        };
        send("{\"lineItems\":[").await.refused(400, 800_002);
        send(" ").await.expect(200);
    }

    async fn cancelling_the_order_ends_the_subscription(world) {
        let order = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        world.cancel(&order).await.expect(200);
        let list = world.get(&format!("{}/subscriptions", world.path("de"))).await;
        assert_eq!(list["items"][0]["status"], "deleted");
    }
}
