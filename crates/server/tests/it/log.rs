//! The activity log.

use serde_json::{Value, json};

use crate::world::RMS;

on_both! {
    async fn every_act_leaves_its_entry_and_so_does_what_was_refused(world) {
        let order = world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        let owned = world.get(&format!("{}/entitlements", world.path("de"))).await;
        let link = owned["items"][0]["entitledArtifacts"][0]["link"]["uri"].as_str().unwrap();
        world.get(&format!("/v1{link}")).await;
        world.cancel(&order).await.expect(200);
        world.cancel(&order).await.refused(400, 800_061);
        let log = world.get("/v1/auditrecords").await;
        let acts: Vec<(String, String)> = log["items"].as_array().unwrap().iter()
            .filter(|own| own["customerId"] == json!(world.customers["de"].to_string()) || own["operationStatus"] == "failed")
            .map(|own| (own["operationType"].as_str().unwrap().into(), own["operationStatus"].as_str().unwrap().into()))
            .collect();
        let expected = [
            ("add_customer", "succeeded"), ("create_agreement", "succeeded"), ("update_cart", "succeeded"),
            ("create_order", "succeeded"), ("get_software_key", "succeeded"), ("update_order", "succeeded"),
            ("update_order", "failed"),
        ];
        assert_eq!(acts, expected.map(|(act, outcome)| (act.to_owned(), outcome.to_owned())));
        let created = log["items"].as_array().unwrap().iter().find(|own| own["operationType"] == "create_order").unwrap();
        assert_eq!(created["customerName"], "Customer de");
        assert!(created["applicationId"].is_string());
        assert_eq!(created["customizedData"][0], json!({ "key": "OrderId", "value": order["id"] }));
        let new: Value = serde_json::from_str(created["resourceNewValue"].as_str().unwrap()).unwrap();
        assert_eq!(new["AlternateId"], order["alternateId"]);
        assert_eq!(world.get(&format!("/v1/auditrecords/{}", created["id"].as_str().unwrap())).await["id"], created["id"]);
        // Nobody reads another partner's log.
        let theirs = world.call_as(&world.their_token, "GET", "/v1/auditrecords", None).await.expect(200);
        assert!(theirs["items"].as_array().unwrap().iter().all(|own| own["partnerId"] == json!(world.other.id.to_string())));
        let path = format!("/v1/auditrecords/{}", created["id"].as_str().unwrap());
        world.call_as(&world.their_token, "GET", &path, None).await.refused(404, 1000);
    }

    async fn the_log_is_filtered_by_what_clients_send(world) {
        world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        let find = async |filter: Value| {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("filter", &filter.to_string()).finish();
            world.call("GET", &format!("/v1/auditrecords?startDate=02/01/2020%2000:00:00&endDate=2020-02-01&{query}"), None).await
        };
        let by = |field: &str, value: &str, operator: &str| json!({ "Field": field, "Value": value, "Operator": operator });
        assert_eq!(find(by("ResourceType", "Order", "equals")).await.expect(200)["totalCount"], 2);
        assert_eq!(find(by("CompanyName", "omer SCH", "substring")).await.expect(200)["totalCount"], 2);
        let id = world.customers["se"].to_string().to_uppercase();
        assert_eq!(find(by("CustomerId", &id, "equals")).await.expect(200)["totalCount"], 2);
        find(by("CompanyName", "x", "equals")).await.refused(400, 3000);
    }

    async fn the_interface_goes_back_ninety_days(world) {
        assert!(world.call("GET", "/v1/auditrecords?startDate=2019-11-02", None).await.refused(400, 3000).contains("90 days"));
        world.get("/v1/auditrecords?startDate=2019-11-03").await;
        world.call("GET", "/v1/auditrecords?startDate=2020-01-31&endDate=2020-01-30", None).await.refused(400, 3000);
        world.call("GET", "/v1/auditrecords?startDate=soon", None).await.refused(400, 3000);
    }
}
