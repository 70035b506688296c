//! Customers and their profiles.

use serde_json::{Value, json};

fn body(domain: &str, name: &str, country: &str) -> Value {
    json!({
        "CompanyProfile": { "Domain": domain, "CompanyName": name, "Links": null },
        "BillingProfile": {
            "Culture": "en-US", "Email": "ada@example.com", "Language": "en", "CompanyName": name, "FirstName": null,
            "DefaultAddress": { "Country": country, "City": "Town", "AddressLine1": "1 Road", "State": "", "PostalCode": null }
        }
    })
}

on_both! {
    async fn a_customer_is_created_with_an_administrator_whose_password_is_told_once(world) {
        let created = world.call("POST", "/v1/customers", Some(body("Contoso", "Contoso Ltd", "us"))).await;
        assert_eq!(created.headers["cache-control"], "no-store");
        let created = created.expect(201);
        assert_eq!(created["companyProfile"]["domain"], "contoso.onmicrosoft.com");
        assert_eq!(created["userCredentials"]["userName"], "admin");
        assert_eq!(created["userCredentials"]["password"].as_str().unwrap().len(), 16);
        let path = format!("/v1/customers/{}", created["id"].as_str().unwrap());
        let read = world.get(&path).await;
        assert!(read.get("userCredentials").is_none());
        assert_eq!(read["billingProfile"]["defaultAddress"]["country"], "US");
        assert_eq!(world.get(&format!("{path}/profiles/company")).await["companyName"], "Contoso Ltd");
        let told = world.call("POST", "/v1/customers", Some(body("contoso", "Contoso Ltd", "US"))).await.refused(409, 3000);
        assert!(told.contains("contoso.onmicrosoft.com is taken"), "{told}");
    }

    async fn the_same_creation_sent_twice_gives_the_same_answer_with_the_same_password(world) {
        let id = "6f9a2b30-0000-4000-8000-000000000002";
        let first = world.call_under(id, "POST", "/v1/customers", &body("twice", "Twice Ltd", "US")).await;
        let again = world.call_under(id, "POST", "/v1/customers", &body("twice", "Twice Ltd", "US")).await;
        assert_eq!(first.status, 201);
        assert_eq!(first.body, again.body);
        // A refusal is an answer too.
        let id = "6f9a2b30-0000-4000-8000-000000000003";
        let first = world.call_under(id, "POST", "/v1/customers", &body("twice", "Twice Ltd", "US")).await;
        let again = world.call_under(id, "POST", "/v1/customers", &body("free", "Twice Ltd", "US")).await;
        assert_eq!((first.status, &first.body), (409, &again.body));
    }

    async fn what_is_missing_is_named(world) {
        let wrong = |pointer: &str, value: Value| {
            let mut wrong = body("right", "Right Ltd", "US");
            *wrong.pointer_mut(pointer).unwrap() = value;
            Some(wrong)
        };
        for (pointer, value, named) in [
            ("/CompanyProfile/Domain", json!("under_score"), "companyProfile.domain"),
            ("/CompanyProfile", json!(null), "companyProfile is required"),
            ("/BillingProfile/Email", json!("nobody"), "billingProfile.email must be an e-mail address"),
            ("/BillingProfile/CompanyName", json!("Inc."), "billingProfile.companyName must be more than a legal form"),
            ("/BillingProfile/DefaultAddress/Country", json!("Germany"), "billingProfile.defaultAddress.country"),
            ("/BillingProfile/DefaultAddress/City", json!("x".repeat(101)), "billingProfile.defaultAddress.city must have at most 100"),
        ] {
            let told = world.call("POST", "/v1/customers", wrong(pointer, value)).await.refused(400, 3000);
            assert!(told.contains(named), "{pointer}: {told}");
        }
        world.call("POST", "/v1/customers", Some(body("brasil", "Brasil Ltda", "BR"))).await.refused(400, 600_049);
    }

    async fn lists_are_paged_by_a_token_that_remembers_the_rest(world) {
        let first = world.get("/v1/customers?size=3").await;
        assert_eq!(first["totalCount"], 3);
        let token = first["continuationToken"].as_str().unwrap().to_owned();
        assert_eq!(first["links"]["next"]["headers"][0]["value"], token.as_str());
        assert!(first["links"]["next"]["uri"].as_str().unwrap().contains("seekOperation=Next"));
        let mut seen: Vec<Value> = first["items"].as_array().unwrap().clone();
        let mut token = Some(token);
        while let Some(next) = token {
            let request = axum::extract::Request::builder()
                .uri("/v1/customers?seekOperation=Next")
                .header("Authorization", format!("Bearer {}", world.token))
                .header("MS-ContinuationToken", next)
                .body(axum::body::Body::empty())
                .unwrap();
            let page = world.send(request).await.expect(200);
            seen.extend(page["items"].as_array().unwrap().clone());
            token = page["continuationToken"].as_str().map(str::to_owned);
        }
        assert_eq!(seen.len(), 7);
        let distinct: std::collections::BTreeSet<String> = seen.iter().map(|item| item["id"].to_string()).collect();
        assert_eq!(distinct.len(), 7);
        world.call("GET", "/v1/customers?size=501", None).await.refused(400, 3000);
    }

    async fn a_filter_finds_the_start_of_a_name_in_any_case(world) {
        let find = async |filter: Value| {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("filter", &filter.to_string()).finish();
            world.call("GET", &format!("/v1/customers?size=0&{query}"), None).await
        };
        let by = |field: &str, value: &str| json!({ "Field": field, "Value": value, "Operator": "starts_with" });
        assert_eq!(find(by("CompanyName", "cUSTOMER S")).await.expect(200)["totalCount"], 2);
        assert_eq!(find(by("Domain", "school")).await.expect(200)["totalCount"], 1);
        assert_eq!(find(by("CompanyName", "%")).await.expect(200)["totalCount"], 0);
        assert!(find(by("Shoe", "9")).await.refused(400, 3000).contains("filter.Field"));
        assert!(find(json!("x")).await.refused(400, 3000).contains("filter"));
    }

    async fn a_contact_is_never_somebody_at_the_operators_mail_domain(world) {
        let at = |mail: &str, domain: &str| {
            let mut own = body(domain, "Right Ltd", "US");
            own["BillingProfile"]["Email"] = json!(mail);
            Some(own)
        };
        // While nobody said what the operator's address is, there is nothing to hold it against.
        world.call("POST", "/v1/customers", at("anna@chandler.example", "first")).await.expect(201);
        crate::invoicing::seller(&world, "DE").await;
        crate::invoicing::change_seller(&world, |own| own.email = "Bills@Chandler.example".into()).await;
        let told = world.call("POST", "/v1/customers", at("anna@CHANDLER.example", "second")).await.refused(400, 3000);
        assert!(told.contains("email must be an address of the customer’s own"), "{told}");
        world.call("POST", "/v1/customers", at("anna@sub.chandler.example", "second")).await.expect(201);
        // The profile that is saved later is held to the same.
        let path = format!("{}/profiles/billing", world.path("de"));
        let mut profile = world.get(&path).await;
        profile["email"] = json!("anna@chandler.example");
        assert!(world.call("PUT", &path, Some(profile)).await.refused(400, 3000).contains("email must be"));
        let (mut browser, _) = crate::software::agent(&world, 1240).await;
        let form = [
            ("company", "Fabrikam Aktiebolag"), ("domain", "fabrikam"), ("country", "SE"), ("qualification", "none"),
            ("first_name", "Ada"), ("last_name", "Ek"), ("email", "ada@chandler.example"), ("language", "sv"),
            ("line1", "Gatan 1"), ("city", "Malmö"), ("postal_code", "211 20"),
        ];
        let page = browser.post(&world, "/customers/new", &form).await.says(422, "not of the operator’s mail domain");
        assert!(page.text.contains("value=\"ada@chandler.example\""), "what was typed stays: {}", page.text);
    }

    async fn a_billing_profile_is_saved_by_whoever_read_it_last(world) {
        let path = format!("{}/profiles/billing", world.path("de"));
        let mut profile = world.get(&path).await;
        let stale = profile.clone();
        profile["companyName"] = json!("Renamed GmbH");
        let saved = world.call("PUT", &path, Some(profile)).await.expect(200);
        assert_eq!(saved["companyName"], "Renamed GmbH");
        assert_eq!(world.get(&world.path("de")).await["companyProfile"]["companyName"], "Renamed GmbH");
        world.call("PUT", &path, Some(stale.clone())).await.refused(400, 2055);
        let mut moved = saved;
        moved["defaultAddress"]["country"] = json!("SE");
        assert!(world.call("PUT", &path, Some(moved)).await.refused(400, 3000).contains("defaultAddress.country must stay DE"));
    }

    async fn another_partners_customer_is_not_found_by_any_way(world) {
        let path = world.path("theirs");
        let item = world.item("de", crate::world::RMS.1, "7").await;
        for (method, tail, body) in [
            ("GET", "", None),
            ("GET", "/profiles/billing", None),
            ("GET", "/profiles/company", None),
            ("GET", "/agreements", None),
            ("GET", "/orders", None),
            ("GET", "/subscriptions", None),
            ("GET", "/entitlements", None),
            ("GET", "/products?targetView=Software", None),
            ("POST", "/carts", Some(json!({ "lineItems": [{ "catalogItemId": item, "quantity": 1 }] }))),
            ("POST", "/orders", Some(json!({ "lineItems": [{ "offerId": item, "quantity": 1 }] }))),
        ] {
            let reply = world.call(method, &format!("{path}{tail}"), body).await;
            assert_eq!((reply.status, &reply.body["code"]), (404, &json!(60_003)), "{method} {tail}: {}", reply.body);
        }
        let theirs = world.call_as(&world.their_token, "GET", &path, None).await;
        assert_eq!(theirs.status, 200);
    }
}
