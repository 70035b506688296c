//! The catalogue as different readers see it.

use crate::world::{HEADER, RMS, SQL, money};

on_both! {
    async fn products_lead_to_skus_and_those_to_availabilities(world) {
        let list = world.get("/v1/products?country=DE&targetView=SoftwareSubscriptions").await;
        assert_eq!(list["items"][0]["id"], SQL.1);
        let follow = async |link: &serde_json::Value| world.get(&format!("/v1{}", link["uri"].as_str().unwrap())).await;
        let skus = follow(&list["items"][0]["links"]["skus"]).await;
        assert_eq!(skus["totalCount"], 2);
        assert_eq!(skus["items"][0]["supportedBillingCycles"][0], "one_time");
        let offers = follow(&skus["items"][0]["links"]["availabilities"]).await;
        let offer = &offers["items"][0];
        assert_eq!(offer["terms"][0]["duration"], "P1Y");
        assert_eq!(offer["terms"][0]["cancellationPolicies"][0]["refundOptions"][0]["expiresAfter"], "P60D");
        assert_eq!(offer["defaultCurrency"]["code"], "EUR");
        assert_eq!(follow(&offer["links"]["self"]).await["catalogItemId"], offer["catalogItemId"]);
        assert!(offer.to_string().find("1500").is_none(), "no price is in the catalogue");
    }

    async fn a_customer_sees_its_own_segments_only(world) {
        let count = async |customer: &str, segment: &str| {
            let path = format!("{}/products/{}/skus/7/availabilities{segment}", world.path(customer), RMS.1);
            world.call("GET", &path, None).await
        };
        assert_eq!(count("de", "").await.expect(200)["totalCount"], 1);
        assert_eq!(count("school", "").await.expect(200)["totalCount"], 2);
        assert_eq!(count("school", "?targetSegment=Education").await.expect(200)["totalCount"], 1);
        count("de", "?targetSegment=education").await.refused(404, 400_013);
    }

    async fn what_is_wrong_with_a_question_is_told(world) {
        assert!(world.call("GET", "/v1/products?targetView=Software", None).await.refused(400, 3000).contains("country"));
        assert!(world.call("GET", "/v1/products?country=DE&targetView=Shoes", None).await.refused(400, 3000).contains("targetView"));
        assert!(world.call("GET", "/v1/products?country=ZZ&targetView=Software", None).await.refused(400, 3000).contains("not a market"));
        world.call("GET", "/v1/products/DG7GMGF0ZZZZ?country=DE", None).await.refused(404, 400_013);
        world.call("GET", &format!("/v1/products/{}/skus/9?country=DE", RMS.1), None).await.refused(404, 400_018);
        let path = format!("/v1/products/{}/skus/7/availabilities/XXXXXXXXXXXX?country=DE", RMS.1);
        world.call("GET", &path, None).await.refused(404, 400_019);
    }

    async fn a_price_holds_on_its_days_only(world) {
        let price = |starts: &str, ends: &str, price: &str| format!(
            "Project Server,DG7GMGF0D19L,3,Project CAL,Microsoft,,,OneTime,,DE,EUR,{price},,,{starts},{ends},Software;Perpetual,,Commercial");
        world.import_prices(&format!("{HEADER}\n{}\n{}\n",
            price("2020-01-01T00:00:00Z", "2020-02-29T23:59:59Z", "100.00"),
            price("2020-03-01T00:00:00Z", "2020-06-30T23:59:59Z", "110.00"))).await.unwrap();
        let line = world.line("DG7GMGF0D19L", "3", 1).await;
        for (at, paid) in [("2020-02-29T23:59:59Z", "100.00"), ("2020-03-01T00:00:00Z", "110.00")] {
            world.set_clock(at);
            let order = world.buy(std::slice::from_ref(&line)).await;
            assert_eq!(money(&order["totalPrice"]), paid);
        }
        world.set_clock("2020-07-01T00:00:00Z");
        let cart = world.cart("de", &[line]).await;
        world.check_out("de", &cart).await.refused(400, 800_070);
    }
}
