//! Azure reservations after they were bought: shown, renamed, scoped, split and merged; and what they can be bought on.

use chandlery_domain::access::Role;
use serde_json::{Value, json};

use crate::people::{Browser, someone};
use crate::world::{SUSE, VM, World};

const AZURE: &str = "5b2d8c3e-0f1a-4d6b-9c7e-2a3b4c5d6e7f";

impl World {
    pub async fn reserve(&self, quantity: u64, context: Value) -> Value {
        let mut line = self.line(VM.1, "002L", quantity).await;
        line["provisioningContext"] = context;
        self.buy(&[line]).await
    }

    pub async fn azure(&self, id: &str, name: &str) {
        let path = format!("{}/azuresubscriptions", self.path("de"));
        self.call("POST", &path, Some(json!({ "id": id, "friendlyName": name }))).await.expect(201);
    }

    pub async fn register_azure(&self, id: &str) {
        let path = format!("{}/subscriptions/{id}", self.path("de"));
        let reply = self.call("POST", &format!("{path}/registrations"), None).await;
        assert_eq!(reply.status, 202);
        let location = reply.headers["location"].clone();
        assert_eq!(location, format!("{}/registrationstatus", path.strip_prefix("/v1").unwrap()));
        assert_eq!(self.get(&format!("/v1{location}")).await["status"], "registered");
    }

    pub async fn reserved(&self) -> Vec<Value> {
        self.get(&format!("{}/reservations", self.path("de"))).await["items"].as_array().unwrap().clone()
    }

    pub fn reservation(&self, own: &Value, what: &str) -> String {
        format!("{}/reservations/{}{what}", self.path("de"), own["id"].as_str().unwrap())
    }
}

pub fn quantities(list: &[Value]) -> Vec<u64> {
    let mut found: Vec<u64> = list.iter().map(|own| own["quantity"].as_u64().unwrap()).collect();
    found.sort_unstable();
    found
}

on_both! {
    async fn seed_5_a_reservation_is_acquired_provisioned_and_managed_for_a_customer(world) {
        let order = world.reserve(5, json!({ "scope": "shared" })).await;
        let own = world.reserved().await.remove(0);
        assert_eq!((&own["provisioningState"], &own["scopeType"]), (&json!("Succeeded"), &json!("Shared")));
        assert_eq!((&own["quantity"], &own["orderId"]), (&json!(5), &order["id"]));
        assert_eq!(own["effectiveDate"], "2020-02-01T00:00:00Z");
        assert_eq!(own["expiryDate"], "2021-01-31T00:00:00Z");
        let path = world.reservation(&own, "");
        let renamed = world.call("PATCH", &path, Some(json!({ "displayName": " Web servers " }))).await.expect(200);
        assert_eq!(renamed["displayName"], "Web servers");
        // For one Azure subscription alone, once the customer has it.
        let single = json!({ "scopeType": "Single", "appliedScopes": [AZURE] });
        assert!(world.call("PATCH", &path, Some(single.clone())).await.refused(400, 3000).contains("appliedScopes"));
        world.azure(AZURE, "Production").await;
        let scoped = world.call("PATCH", &path, Some(single)).await.expect(200);
        assert_eq!((&scoped["scopeType"], &scoped["appliedScopes"]), (&json!("Single"), &json!([AZURE])));
        assert_eq!(scoped["displayName"], "Web servers", "what is not sent stays");
        world.call("PATCH", &path, Some(json!({ "scopeType": "Shared" }))).await.expect(200);
        let records = world.get("/v1/auditrecords?startDate=2020-01-01").await.to_string();
        assert!(records.contains("update_reservation"), "{records}");
        assert_eq!(world.get(&path).await["scopeType"], "Shared");
    }

    async fn what_is_split_comes_to_the_same_and_is_merged_again(world) {
        world.reserve(5, json!({})).await;
        let own = world.reserved().await.remove(0);
        for wrong in [json!([5]), json!([0, 5]), json!([2, 2]), json!(["2", 3]), json!([1, 1, 3]), json!(5)] {
            let body = json!({ "quantities": wrong });
            let why = world.call("POST", &world.reservation(&own, "/split"), Some(body)).await.refused(400, 3000);
            assert!(why.contains("quantities") && why.contains('5'), "{why}");
        }
        let body = json!({ "quantities": [2, 3] });
        let parts = world.call("POST", &world.reservation(&own, "/split"), Some(body.clone())).await.expect(200);
        assert_eq!(quantities(parts["items"].as_array().unwrap()), [2, 3]);
        assert_eq!(quantities(&world.reserved().await), [2, 3]);
        // The old one is still there to be looked at, and nothing more.
        assert_eq!(world.get(&world.reservation(&own, "")).await["provisioningState"], "Replaced");
        let again = world.call("POST", &world.reservation(&own, "/split"), Some(body)).await;
        assert!(again.refused(400, 3000).contains("replaced"));
        let ids: Vec<Value> = parts["items"].as_array().unwrap().iter().map(|own| own["id"].clone()).collect();
        let merge = format!("{}/reservations/merge", world.path("de"));
        let alone = json!({ "sources": [ids[0], ids[0]] });
        world.call("POST", &merge, Some(alone)).await.refused(400, 3000);
        // What came out of another order stays apart.
        world.reserve(1, json!({})).await;
        let apart = world.reserved().await.into_iter().find(|own| own["quantity"] == 1).unwrap();
        let both = json!({ "sources": [ids[0], apart["id"]] });
        assert!(world.call("POST", &merge, Some(both)).await.refused(400, 3000).contains("one line"));
        let whole = world.call("POST", &merge, Some(json!({ "sources": ids }))).await.expect(200);
        assert_eq!(whole["quantity"], 5);
        assert_eq!(quantities(&world.reserved().await), [1, 5]);
        world.call("POST", &merge, Some(json!({ "sources": ids }))).await.refused(400, 3000);
    }

    async fn two_who_split_the_same_at_once_do_not_both_succeed(world) {
        world.reserve(4, json!({})).await;
        let own = world.reserved().await.remove(0);
        let path = world.reservation(&own, "/split");
        let body = || Some(json!({ "quantities": [1, 3] }));
        let (one, two) = tokio::join!(world.call("POST", &path, body()), world.call("POST", &path, body()));
        assert_eq!([one.status, two.status].iter().filter(|own| **own == 200).count(), 1, "{one:?} {two:?}");
        assert_eq!(quantities(&world.reserved().await), [1, 3]);
    }

    async fn what_is_renamed_and_split_at_once_keeps_its_name_or_refuses_it(world) {
        for number in 0..4 {
            world.reserve(4, json!({})).await;
            let own = world.reserved().await.into_iter().find(|own| own["quantity"] == 4).unwrap();
            let name = format!("Named {number}");
            let (rename, split) = (world.reservation(&own, ""), world.reservation(&own, "/split"));
            let (renamed, parts) = tokio::join!(
                world.call("PATCH", &rename, Some(json!({ "displayName": name }))),
                world.call("POST", &split, Some(json!({ "quantities": [1, 3] }))),
            );
            let parts = parts.expect(200)["items"].as_array().unwrap().clone();
            assert_eq!(quantities(&parts), [1, 3]);
            let kept = parts.iter().filter(|own| own["displayName"] == *name).count();
            assert_eq!(kept, if renamed.status == 200 { 2 } else { 0 }, "{renamed:?} {parts:?}");
        }
    }

    async fn a_line_that_names_an_azure_subscription_is_held_to_it(world) {
        let context = json!({ "subscriptionId": AZURE, "scope": "single", "duration": "1Year" });
        let mut line = world.line(VM.1, "002L", 1).await;
        line["provisioningContext"] = context.clone();
        let own = line.clone();
        let refused = |code: u64| {
            let (world, own) = (&world, own.clone());
            async move {
                let cart = world.cart("de", &[own]).await;
                world.check_out("de", &cart).await.refused(400, code)
            }
        };
        assert!(refused(800_011).await.contains(AZURE));
        world.azure(AZURE, "Production").await;
        assert!(refused(800_030).await.contains("registrations"));
        let cart = world.cart("de", std::slice::from_ref(&line)).await;
        assert_eq!(cart["lineItems"][0]["error"]["errorCode"], 10_011, "{cart}");
        world.register_azure(AZURE).await;
        let azure = format!("{}/azuresubscriptions/{AZURE}", world.path("de"));
        world.call("PATCH", &azure, Some(json!({ "status": "suspended" }))).await.expect(200);
        refused(800_012).await;
        world.call("PATCH", &azure, Some(json!({ "status": "active" }))).await.expect(200);
        world.reserve(1, context).await;
        let own = world.reserved().await.remove(0);
        assert_eq!((&own["scopeType"], &own["appliedScopes"]), (&json!("Single"), &json!([AZURE])));
        assert_eq!(own["billingSubscriptionId"], AZURE);
        // Another customer's, and another partner's, is none of this customer's.
        let elsewhere = format!("{}/subscriptions/{AZURE}/registrationstatus", world.path("us"));
        assert_eq!(world.call("GET", &elsewhere, None).await.status, 404);
        let theirs = world.call_as(&world.their_token, "GET", &azure.replace(AZURE, ""), None).await;
        assert_ne!(theirs.status, 200);
    }

    async fn every_line_of_every_order_is_reserved_as_it_was_wanted(world) {
        world.azure(AZURE, "Production").await;
        world.register_azure(AZURE).await;
        let mut lines = Vec::new();
        for (quantity, context) in [
            (2, json!({ "subscriptionId": AZURE, "scope": "single" })),
            (2, json!({ "subscriptionId": AZURE, "scope": "shared" })),
            (3, json!({})),
        ] {
            let mut line = world.line(VM.1, "002L", quantity).await;
            line["provisioningContext"] = context;
            lines.push(line);
        }
        lines.insert(1, world.line(SUSE.1, "1", 7).await);
        world.buy(&lines).await;
        let found = world.reserved().await;
        let told = |own: &Value| {
            let named = own.get("billingSubscriptionId").is_some();
            format!("{} {} {named}", own["quantity"], own["scopeType"].as_str().unwrap())
        };
        let mut list: Vec<String> = found.iter().map(told).collect();
        list.sort();
        assert_eq!(list, ["2 Shared true", "2 Single true", "3 Shared false"]);
        let path = world.reservation(&found[0], "");
        for wrong in [
            json!({ "appliedScopes": AZURE }),
            json!({ "scopeType": "Shared", "appliedScopes": [AZURE] }),
            json!({ "scopeType": "Single" }),
            json!({ "displayName": " " }),
            json!({ "displayName": "x".repeat(101) }),
        ] {
            world.call("PATCH", &path, Some(wrong)).await.refused(400, 3000);
        }
        assert_eq!(world.get(&path).await, found[0], "nothing of it was done");
        let empty = json!({ "TargetItems": [] });
        let inventory = "/v1/extensions/product/checkinventory?country=DE";
        world.call("POST", inventory, Some(empty)).await.refused(400, 3000);
    }

    async fn the_entitlement_leads_to_its_reservations_by_either_word(world) {
        let order = world.reserve(2, json!({})).await;
        let suse = world.line(SUSE.1, "1", 1).await;
        world.buy(&[suse]).await;
        let token = world.token_with(70, vec![Role::AdminAgent]).await;
        for (word, kind) in
            [("reservedinstance", "reservedinstance"), ("virtualmachinereservedinstance", "virtual_machine_reserved_instance")]
        {
            let path = format!("{}/entitlements?entitlementType={word}", world.path("de"));
            let list = world.call_as(&token, "GET", &path, None).await.expect(200);
            let own = list["items"].as_array().unwrap().iter().find(|own| own["referenceOrder"]["id"] == order["id"]).unwrap();
            let artifact = &own["entitledArtifacts"][0];
            assert_eq!(artifact["artifactType"], kind);
            assert_eq!(artifact["dynamicAttributes"]["reservationType"], "virtualmachines");
            assert_eq!(artifact["resourceId"], order["id"]);
            let link = format!("/v1{}", artifact["link"]["uri"].as_str().unwrap());
            let details = world.call_as(&token, "GET", &link, None).await.expect(200);
            assert_eq!(details["reservations"], details["virtualMachineReservations"]);
            let one = &details["reservations"][0];
            assert_eq!((&one["quantity"], &one["scopeType"]), (&json!(2), &json!("Shared")));
            assert_eq!(one["provisioningState"], "Succeeded");
            assert!(one.get("appliedScopes").is_none());
            let older = link.replace("/reservedinstance/", "/virtualmachinereservedinstance/");
            assert_eq!(world.call_as(&token, "GET", &older, None).await.expect(200), details);
            let wrong = link.replace("/lineitems/0/", "/lineitems/1/");
            assert_eq!(world.call_as(&token, "GET", &wrong, None).await.status, 404);
        }
    }

    async fn whether_something_can_be_reserved_is_told_before(world) {
        let ask = |country: &'static str, context: Value| {
            let world = &world;
            async move {
                let body = json!({ "TargetItems": [{ "ProductId": VM.1 }, { "ProductId": "DZH318Z0NONE" }], "InventoryContext": context });
                let path = format!("/v1/extensions/product/checkInventory?country={country}");
                world.call("POST", &path, Some(body)).await.expect(200)
            }
        };
        let own = json!({ "customerId": world.customers["de"].to_string(), "azureSubscriptionId": AZURE });
        let list = ask("DE", json!({})).await;
        assert!(list.as_array().unwrap().iter().all(|own| own["isRestricted"] == false && own["productId"] == VM.1));
        assert!(!list.as_array().unwrap().is_empty());
        let reason = |list: &Value| list[0]["restrictions"][0]["reasonCode"].clone();
        assert_eq!(reason(&ask("DE", own.clone()).await), "NotAvailableForSubscription");
        world.azure(AZURE, "Production").await;
        world.register_azure(AZURE).await;
        assert_eq!(ask("DE", own).await[0]["isRestricted"], false);
        assert_eq!(reason(&ask("AD", json!({})).await), "NotAvailableInCountry");
    }

    async fn the_page_manages_what_its_reader_may(world) {
        world.reserve(3, json!({})).await;
        let id = world.reserved().await[0]["id"].as_str().unwrap().to_owned();
        let base = format!("/customers/{}/reservations", world.customers["de"]);
        let person = someone(&world, world.partner.id, 60, &[Role::AdminAgent]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &person).await;
        let add = [("azure_id", AZURE), ("azure_name", "Production")];
        browser.post(&world, &format!("{base}/azure"), &add).await.leads_to(&format!("{base}?done=added"));
        browser.post(&world, &format!("{base}/azure"), &add).await.says(422, "already");
        browser.post(&world, &format!("{base}/azure"), &[("azure_id", "x"), ("azure_name", "y")]).await.says(422, "GUID");
        let register = format!("{base}/azure/{AZURE}");
        browser.post(&world, &register, &[("do", "register")]).await.leads_to(&format!("{base}?done=registered"));
        browser.get(&world, &base).await.says(200, "Production");
        let own = format!("{base}/{id}");
        let change = [("name", "Web servers"), ("applies_to", AZURE)];
        browser.post(&world, &own, &change).await.leads_to(&format!("{base}?done=changed"));
        browser.get(&world, &base).await.says(200, "Web servers");
        browser.post(&world, &own, &[("name", ""), ("applies_to", "")]).await.says(422, "1 to 100");
        browser.post(&world, &format!("{own}/split"), &[("part", "3")]).await.says(422, "come to 3");
        browser.post(&world, &format!("{own}/split"), &[("part", "1")]).await.leads_to(&format!("{base}?done=split"));
        assert_eq!(quantities(&world.reserved().await), [1, 2]);
        let ids: Vec<String> = world.reserved().await.iter().map(|own| own["id"].as_str().unwrap().to_owned()).collect();
        browser.post(&world, &format!("{base}/merge"), &[("own", &ids[0])]).await.says(422, "two or more");
        let both = [("own", ids[0].as_str()), ("own", ids[1].as_str())];
        browser.post(&world, &format!("{base}/merge"), &both).await.leads_to(&format!("{base}?done=merged"));
        assert_eq!(quantities(&world.reserved().await), [3]);
        // Suspended, it is no choice any more, and what has it keeps it under another name.
        browser.post(&world, &register, &[("do", "suspend")]).await.leads_to(&format!("{base}?done=azure"));
        let id = world.reserved().await[0]["id"].as_str().unwrap().to_owned();
        let renamed = [("name", "Old servers"), ("applies_to", AZURE)];
        browser.post(&world, &format!("{base}/{id}"), &renamed).await.leads_to(&format!("{base}?done=changed"));
        let rubbish = [("name", "Old servers"), ("applies_to", "rubbish")];
        browser.post(&world, &format!("{base}/{id}"), &rubbish).await.says(422, "in use");
        assert_eq!(world.reserved().await[0]["scopeType"], "Single");
        // Whoever may order and not see what is owned is shown nothing of it.
        let sales = someone(&world, world.partner.id, 62, &[Role::SalesAgent]).await;
        let mut seller = Browser::default();
        seller.sign_in(&world, &sales).await;
        let page = seller.post(&world, &format!("{base}/azure"), &[("azure_id", "x"), ("azure_name", "y")]).await;
        assert_eq!(page.status, 403);
        assert!(!page.text.contains("Old servers"));
        // A Global admin sees and changes nothing.
        let global = someone(&world, world.partner.id, 61, &[Role::GlobalAdmin]).await;
        let mut other = Browser::default();
        other.sign_in(&world, &global).await;
        let page = other.get(&world, &base).await.says(200, "Old servers");
        assert!(!page.text.contains("/merge"));
        let id = world.reserved().await[0]["id"].as_str().unwrap().to_owned();
        assert_eq!(other.post(&world, &format!("{base}/{id}"), &change).await.status, 403);
    }
}
