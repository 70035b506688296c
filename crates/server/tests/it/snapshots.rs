//! Whole answers, kept as files: a change of the wire is a change somebody looks at.

use serde_json::json;

use crate::world::{RMS, SQL};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_wire_is_what_it_was() {
    let world = crate::world::World::sqlite().await;
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind_async(shapes(world)).await;
}

async fn shapes(world: crate::world::World) {
    let lines = [world.line(SQL.1, "2", 4).await, world.line(RMS.1, "7", 10).await];
    let cart = world.cart("de", &lines).await;
    insta::assert_json_snapshot!("cart", cart);
    let result = world.check_out("de", &cart).await.expect(201);
    insta::assert_json_snapshot!("checkout", result);
    world.settle().await;
    let base = world.path("de");
    let order = format!("{base}/orders/{}", result["orders"][0]["id"].as_str().unwrap());
    insta::assert_json_snapshot!(
        "order_with_prices",
        world.get(&format!("{order}?include_price=True")).await
    );
    insta::assert_json_snapshot!(
        "provisioning_status",
        world.get(&format!("{order}/provisioningstatus")).await
    );
    insta::assert_json_snapshot!(
        "entitlements",
        world.get(&format!("{base}/entitlements?showExpiry=true")).await
    );
    insta::assert_json_snapshot!("subscriptions", world.get(&format!("{base}/subscriptions")).await);
    insta::assert_json_snapshot!("customer", world.get(&base).await);
    insta::assert_json_snapshot!("customers", world.get("/v1/customers?size=2").await);
    let product = format!("{base}/products/{}", SQL.1);
    insta::assert_json_snapshot!("product", world.get(&product).await);
    insta::assert_json_snapshot!("skus", world.get(&format!("{product}/skus")).await);
    insta::assert_json_snapshot!(
        "availabilities",
        world.get(&format!("{product}/skus/2/availabilities")).await
    );
    world.set_clock("2020-03-01T09:00:00Z");
    let mut quote =
        world.call("POST", &format!("{order}/cancellationquote"), Some(json!({}))).await.expect(200);
    // Signed by a key that each installation draws for itself.
    assert!(quote["signedQuote"].take().as_str().unwrap().starts_with("ey"));
    insta::assert_json_snapshot!("cancellation_quote", quote);
    let line = json!({ "status": "cancelled", "lineItems": [{ "lineItemNumber": 0 }] });
    insta::assert_json_snapshot!("line_cancelled", world.call("PATCH", &order, Some(line)).await.expect(200));
    insta::assert_json_snapshot!("ledger", world.get(&format!("{order}/charges")).await);
    let again = json!({ "status": "cancelled", "lineItems": [{ "lineItemNumber": 0 }] });
    insta::assert_json_snapshot!("error", world.call("PATCH", &order, Some(again)).await.body);
    insta::assert_json_snapshot!("audit_records", world.get("/v1/auditrecords?filter=%7B%22Field%22%3A%22ResourceType%22%2C%22Value%22%3A%22Order%22%2C%22Operator%22%3A%22equals%22%7D").await);
}
