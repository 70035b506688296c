//! What all calls share: headers, spellings, limits, tokens.

use axum::body::Body;
use axum::extract::Request;
use base64::Engine as _;
use serde_json::{Value, json};

use crate::world::{RMS, World};

fn request(world: &World, method: &str, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header("Authorization", format!("Bearer {}", world.token))
}

async fn token(world: &World, path: &str, form: &str) -> crate::world::Reply {
    let request = Request::builder()
        .method("POST")
        .uri(path)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(Body::from(form.to_owned()));
    world.send(request.unwrap()).await
}

on_both! {
    async fn every_answer_carries_the_ids_back(world) {
        let (request_id, correlation) = ("6f9a2b30-0000-4000-8000-00000000000a", "6f9a2b30-0000-4000-8000-00000000000b");
        let sent = request(&world, "GET", "/v1/customers")
            .header("MS-RequestId", request_id).header("MS-CorrelationId", correlation).header("X-Locale", "sv-SE")
            .body(Body::empty()).unwrap();
        let reply = world.send(sent).await;
        assert_eq!(reply.headers["ms-requestid"], request_id);
        assert_eq!(reply.headers["ms-correlationid"], correlation);
        assert_eq!(reply.headers["x-locale"], "sv-SE");
        assert_eq!(reply.headers["content-type"], "application/json; charset=utf-8");
        assert!(reply.headers["ms-cv"].ends_with(".0"));
        let missing = world.call("GET", "/v1/nothing/here", None).await;
        assert!(missing.headers.contains_key("ms-requestid"));
        missing.refused(404, 1000);
        let wrong = request(&world, "GET", "/v1/customers").header("MS-RequestId", "seven").body(Body::empty()).unwrap();
        assert!(world.send(wrong).await.refused(400, 3000).contains("MS-RequestId must be a GUID"));
    }

    async fn paths_and_names_match_in_any_case(world) {
        let id = world.customers["de"].to_string().to_uppercase();
        for path in [format!("/V1//Customers/{id}/"), format!("/v1/CUSTOMERS/{id}"), format!("//v1/customers//{id}//")] {
            assert_eq!(world.get(&path).await["id"], id.to_lowercase().as_str());
        }
        let item = world.item("de", RMS.1, "7").await.to_lowercase();
        let body = json!({ "LINEITEMS": [{ "CatalogItemID": item, "Quantity": "2", "BillingCycle": "OneTime", "TermDuration": null,
            "ProvisioningContext": null, "AddonItems": null, "Participants": [] }], "Id": null, "Status": null, "Links": null });
        let cart = world.call("POST", &format!("{}/carts", world.path("de")), Some(body)).await.expect(201);
        assert_eq!(cart["lineItems"][0]["quantity"], 2);
        assert_eq!(cart["lineItems"][0]["catalogItemId"], item.to_uppercase().as_str());
        world.call("DELETE", "/v1/customers", None).await.refused(405, 900_141);
    }

    async fn bodies_have_limits_and_say_where_they_are_wrong(world) {
        let path = format!("{}/carts", world.path("de"));
        let post = |body: String| request(&world, "POST", &path).body(Body::from(body)).unwrap();
        let told = world.send(post("{\n \"lineItems\": [,]\n}".into())).await.refused(400, 800_002);
        assert!(told.contains("line 2, column 16"), "{told}");
        world.send(post(String::new())).await.refused(400, 800_002);
        world.send(post("[]".into())).await.refused(400, 800_002);
        let large = format!("{{\"x\":\"{}\"}}", "y".repeat(1024 * 1024));
        let reply = world.send(post(large)).await;
        assert_eq!(reply.status, 413);
        let item = world.item("de", RMS.1, "7").await;
        let line = json!({ "catalogItemId": item, "quantity": 1 });
        let many = json!({ "lineItems": vec![line; 201] });
        assert!(world.send(post(many.to_string())).await.refused(400, 3000).contains("at most 200"));
        for (quantity, right) in [(json!(1.5), false), (json!(-1), false), (json!("many"), false), (json!(5_000_000_000_u64), false), (json!(1), true)] {
            let body = json!({ "lineItems": [{ "catalogItemId": item, "quantity": quantity }] });
            let reply = world.send(post(body.to_string())).await;
            assert_eq!(reply.status, if right { 201 } else { 400 }, "{quantity}: {}", reply.body);
        }
    }

    async fn odd_bytes_are_refused_and_break_nothing(world) {
        for path in ["/v1/customers/%FF", "/v1/products/%C3%28?country=DE", "/v1/auditrecords/%ff"] {
            assert!(world.call("GET", path, None).await.refused(400, 3000).contains("path must be UTF-8"), "{path}");
        }
        let odd = axum::http::HeaderValue::from_bytes(b"\xff\xfe").unwrap();
        let sent = request(&world, "GET", "/v1/customers").header("MS-RequestId", odd).body(Body::empty()).unwrap();
        world.send(sent).await.refused(400, 3000);
        world.get("/v1/auditrecords?startDate=2020-01-30&endDate=9999-12-31").await;
        let far = Request::builder().method("POST").uri("/practice/clock").body(Body::from(r#"{"set":"9999-12-29T00:00:00Z"}"#));
        assert!(world.send(far.unwrap()).await.refused(400, 3000).contains("9000"));
    }

    async fn tokens_come_in_both_versions_and_open_the_door(world) {
        let tenant = world.partner.id;
        let client = "00000000-0000-0000-0000-00000000000b";
        let form = format!("resource=https%3A%2F%2Fapi.partnercenter.microsoft.com&client_id={client}&client_secret=secret+11&grant_type=client_credentials");
        let one = token(&world, &format!("/{tenant}/oauth2/token"), &form).await;
        assert_eq!(one.headers["cache-control"], "no-store");
        let one = one.expect(200);
        assert_eq!([&one["token_type"], &one["expires_in"]], [&json!("Bearer"), &json!("3600")]);
        let form = format!("scope=https%3A%2F%2Fapi.partnercenter.microsoft.com%2F.default&client_id={client}&client_secret=secret+11&grant_type=client_credentials");
        let two = token(&world, &format!("/{tenant}/OAuth2/v2.0/Token"), &form).await.expect(200);
        assert_eq!(two["expires_in"], 3600);
        for issued in [&one, &two] {
            let token = issued["access_token"].as_str().unwrap();
            let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
            let claims: Value = serde_json::from_slice(&payload).unwrap();
            assert!(claims["exp"].as_i64().unwrap() > claims["iat"].as_i64().unwrap());
            assert_eq!(claims["aud"], "https://api.partnercenter.microsoft.com");
            assert_eq!(world.call_as(token, "GET", "/v1/customers", None).await.status, 200);
        }
    }

    async fn a_wrong_secret_an_unknown_program_and_a_foreign_tenant_are_told_alike(world) {
        let (tenant, other) = (world.partner.id, world.other.id);
        let form = |client: &str, secret: &str| format!("client_id={client}&client_secret={secret}&grant_type=client_credentials");
        let known = "00000000-0000-0000-0000-00000000000b";
        let mut told = Vec::new();
        for (tenant, form) in [
            (tenant, form(known, "wrong")),
            (tenant, form("00000000-0000-0000-0000-0000000000ff", "secret+11")),
            (tenant, form("nonsense", "secret+11")),
            (other, form(known, "secret+11")),
        ] {
            let body = token(&world, &format!("/{tenant}/oauth2/token"), &form).await.expect(401);
            told.push((body["error"].clone(), body["error_description"].clone()));
        }
        told.dedup();
        assert_eq!(told.len(), 1);
        let body = token(&world, &format!("/{tenant}/oauth2/token"), "grant_type=password").await.expect(400);
        assert_eq!(body["error"], "unsupported_grant_type");
    }

    async fn what_is_no_token_of_ours_opens_nothing(world) {
        let b64 = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
        let parts: Vec<&str> = world.token.split('.').collect();
        let none = format!("{}.{}.", b64(r#"{"alg":"none"}"#), parts[1]);
        let kid: Value = serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(parts[0]).unwrap()).unwrap();
        let confused = format!("{}.{}.{}", b64(&json!({ "alg": "HS256", "kid": kid["kid"] }).to_string()), parts[1], parts[2]);
        let changed = format!("{}.{}.{}", parts[0], b64(r#"{"appid":"00000000-0000-0000-0000-00000000000b","exp":99999999999}"#), parts[2]);
        for token in ["", "nonsense", &none, &confused, &changed] {
            let reply = world.call_as(token, "GET", "/v1/customers", None).await;
            assert!(reply.headers["www-authenticate"].contains("urn:cpsvc:cpid"));
            reply.refused(401, 400);
        }
        let bare = Request::builder().uri("/v1/customers").body(Body::empty()).unwrap();
        assert!(world.send(bare).await.refused(401, 400).contains("Authorization header is missing"));
    }

    async fn discovery_leads_to_the_keys_that_sign(world) {
        let get = |path: String| Request::builder().uri(path).header("Host", "partner.example").body(Body::empty()).unwrap();
        let tenant = world.partner.id;
        let document = world.send(get(format!("/{tenant}/v2.0/.well-known/openid-configuration"))).await.expect(200);
        assert_eq!(document["token_endpoint"], format!("http://partner.example/{tenant}/oauth2/v2.0/token"));
        let keys = world.send(get(format!("/{tenant}/discovery/v2.0/keys"))).await.expect(200);
        let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(world.token.split('.').next().unwrap()).unwrap();
        let header: Value = serde_json::from_slice(&header).unwrap();
        assert_eq!(keys["keys"][0]["kid"], header["kid"]);
        assert_eq!(keys["keys"][0]["kty"], "RSA");
        assert!(keys["keys"][0].get("d").is_none());
    }

    async fn the_practice_clock_is_moved_over_http(world) {
        let post = |body: Value| Request::builder().method("POST").uri("/practice/clock").body(Body::from(body.to_string())).unwrap();
        let moved = world.send(post(json!({ "advance": "P1M" }))).await.expect(200);
        assert_eq!(moved["now"], "2020-03-01T10:00:00Z");
        let moved = world.send(post(json!({ "set": "2021-03-08T00:00:00Z" }))).await.expect(200);
        assert_eq!(moved["now"], "2021-03-08T00:00:00Z");
        world.send(post(json!({ "advance": "tomorrow" }))).await.refused(400, 3000);
        world.send(post(json!({}))).await.refused(400, 800_002);
    }
}
