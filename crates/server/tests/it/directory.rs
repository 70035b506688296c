//! Customers' own people and roles, the partner's roles and profiles, through the interface.

use chandlery_domain::access::Role;
use chandlery_domain::ids::UserId;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::people::Browser;
use crate::world::World;

const GLOBAL: &str = "62e90394-69f5-4237-9190-012177145e10";

fn body(name: &str) -> Value {
    json!({
        "usageLocation": "DE", "userPrincipalName": format!("{name}@de.onmicrosoft.com"), "firstName": "Eva", "lastName": "Muster",
        "displayName": "Eva Muster", "attributes": { "objectType": "CustomerUser" }
    })
}

async fn added(world: &World, name: &str) -> Value {
    let path = format!("{}/users", world.path("de"));
    world.call("POST", &path, Some(body(name))).await.expect(201)
}

on_both! {
    async fn a_customers_person_is_added_changed_deleted_and_brought_back(world) {
        let users = format!("{}/users", world.path("de"));
        let made = added(&world, "eva").await;
        let password = made["passwordProfile"]["password"].as_str().unwrap().to_owned();
        let path = format!("{users}/{}", made["id"].as_str().unwrap());
        let read = world.get(&path).await;
        assert_eq!((&read["displayName"], &read["state"], read.get("passwordProfile")), (&json!("Eva Muster"), &json!("active"), None));
        assert_eq!(read["links"]["self"]["uri"], json!(path.strip_prefix("/v1").unwrap()));
        world.call("POST", &users, Some(body("eva"))).await.refused(400, 3000);
        let changed = world.call("PATCH", &path, Some(json!({ "displayName": "Eva M.", "phoneNumber": "+49 30 1" }))).await.expect(200);
        assert_eq!((&changed["displayName"], &changed["phoneNumber"]), (&json!("Eva M."), &json!("+49 30 1")));
        // The person signs in with the temporary password and must change it.
        Browser::default().password(&world, "eva@de.onmicrosoft.com", &password).await.leads_to("/password");
        assert_eq!(world.call("DELETE", &path, None).await.status, 204);
        Browser::default().password(&world, "eva@de.onmicrosoft.com", &password).await.says(401, "is not right");
        let list = world.get(&users).await;
        assert!(list["items"].as_array().unwrap().iter().all(|own| own["id"] != made["id"]));
        let filter = form_urlencoded::Serializer::new(String::new()).append_pair("filter", r#"{"Field":"UserState","Value":"Inactive","Operator":"equals"}"#).finish();
        let gone = world.get(&format!("{users}?{filter}")).await;
        assert_eq!((gone["totalCount"].as_u64(), gone["items"][0]["softDeletionTime"].is_string()), (Some(1), true));
        world.call("PATCH", &path, Some(json!({ "State": "active", "Attributes": { "ObjectType": "CustomerUser" } }))).await.expect(200);
        Browser::default().password(&world, "eva@de.onmicrosoft.com", &password).await.leads_to("/password");
        // After thirty days there is nothing to bring back.
        world.call("DELETE", &path, None).await;
        world.set_clock("2020-03-05T10:00:00Z");
        world.call("PATCH", &path, Some(json!({ "State": "active" }))).await.refused(404, 60_002);
        assert_eq!(world.get(&format!("{users}?{filter}")).await["totalCount"], 0);
    }

    async fn bad_input_is_named_and_nothing_is_half_done(world) {
        let users = format!("{}/users", world.path("de"));
        for (field, value, told) in [
            ("userPrincipalName", json!("no at sign"), "userPrincipalName"), ("userPrincipalName", json!("a@b"), "userPrincipalName"),
            ("usageLocation", json!("Germany"), "usageLocation"), ("displayName", Value::Null, "displayName"), ("state", json!("gone"), "state"),
            ("passwordProfile", json!({ "password": "short" }), "passwordProfile.password"),
        ] {
            let mut own = body("eva");
            own[field] = value;
            let text = world.call("POST", &users, Some(own)).await.refused(400, 3000);
            assert!(text.starts_with(told), "{text}");
        }
        assert!(!world.knows("eva@de.onmicrosoft.com").await);
        let path = format!("/v1/customers/{}/users", world.customers["theirs"]);
        world.call("POST", &path, Some(body("eva"))).await.refused(404, 60_003);
        assert!(!world.knows("eva@de.onmicrosoft.com").await);
    }

    async fn directory_roles_are_given_and_taken(world) {
        let made = added(&world, "eva").await;
        let base = world.path("de");
        let roles = world.get(&format!("{base}/directoryroles")).await;
        assert_eq!(roles["items"][0], json!({ "name": "Company Administrator", "id": GLOBAL, "attributes": { "objectType": "DirectoryRole" } }));
        let members = format!("{base}/directoryroles/{GLOBAL}/usermembers");
        assert_eq!(world.get(&members).await["totalCount"], 1, "the first administrator");
        let member = world.call("POST", &members, Some(json!({ "id": made["id"], "displayName": "x", "userPrincipalName": "x" }))).await.expect(201);
        assert_eq!((&member["roleId"], &member["userPrincipalName"]), (&json!(GLOBAL), &json!("eva@de.onmicrosoft.com")));
        assert_eq!(world.get(&members).await["totalCount"], 2);
        let own = world.get(&format!("{base}/users/{}/directoryroles", made["id"].as_str().unwrap())).await;
        assert_eq!(own["items"][0]["id"], GLOBAL);
        let one = format!("{members}/{}", made["id"].as_str().unwrap());
        assert_eq!(world.call("DELETE", &one, None).await.status, 204);
        world.call("DELETE", &one, None).await.refused(404, 1000);
        world.call("GET", &format!("{base}/directoryroles/{}/usermembers", Uuid::nil()), None).await.refused(404, 1000);
    }

    async fn the_partners_roles_are_given_by_those_who_may(world) {
        let sales = UserId::new(Uuid::from_u128(60));
        world.token_with(60, vec![Role::SalesAgent]).await;
        let roles = world.get("/v1/roles").await;
        assert_eq!(roles["items"].as_array().unwrap().len(), 10);
        let given = json!({ "id": sales.to_string() });
        world.call("POST", "/v1/roles/admin_agent/usermembers", Some(given.clone())).await.expect(201);
        assert_eq!(world.user(world.partner.id, sales).await.roles, [Role::SalesAgent, Role::AdminAgent]);
        let manager = world.token_with(61, vec![Role::UserManagementAdmin]).await;
        world.call_as(&manager, "POST", "/v1/roles/global_admin/usermembers", Some(given.clone())).await.refused(403, 900_308);
        let account = world.token_with(62, vec![Role::AccountAdmin]).await;
        world.call_as(&account, "POST", "/v1/roles/billing_admin/usermembers", Some(given.clone())).await.refused(403, 900_308);
        world.call_as(&account, "POST", "/v1/roles/referrals_admin/usermembers", Some(given.clone())).await.expect(201);
        world.call("POST", "/v1/roles/operator_admin/usermembers", Some(given.clone())).await.refused(404, 1000);
        world.call("POST", "/v1/roles/customer_global_admin/usermembers", Some(given)).await.refused(404, 1000);
        world.call("POST", "/v1/roles/admin_agent/usermembers", Some(json!({ "id": Uuid::from_u128(1012).to_string() }))).await.refused(404, 60_002);
        assert_eq!(world.call("DELETE", &format!("/v1/roles/admin_agent/usermembers/{sales}"), None).await.status, 204);
        let first = UserId::new(Uuid::from_u128(1011));
        let text = world.call("DELETE", &format!("/v1/roles/global_admin/usermembers/{first}"), None).await.refused(400, 3000);
        assert!(text.contains("leave nobody"), "{text}");
    }

    async fn the_partners_profiles_keep_what_it_writes_and_what_the_operator_holds(world) {
        let legal = world.get("/v1/profiles/legalbusiness").await;
        assert_eq!((&legal["companyName"], &legal["vettingStatus"], &legal["address"]["country"]), (&json!("Erste Software GmbH"), &json!("authorized"), &json!("DE")));
        let written = json!({
            "email": "help@erste.example", "telephone": "+49 30 2", "website": "https://erste.example", "profileType": "support_profile",
            "attributes": { "etag": world.get("/v1/profiles/support").await["attributes"]["etag"], "objectType": "PartnerSupportProfile" }
        });
        let saved = world.call("PUT", "/v1/profiles/supportprofile", Some(written.clone())).await.expect(200);
        assert_eq!((&saved["email"], &saved["profileType"]), (&json!("help@erste.example"), &json!("support_profile")));
        assert_eq!(world.get("/v1/profiles/support").await["website"], "https://erste.example");
        world.call("PUT", "/v1/profiles/support", Some(written)).await.refused(400, 2055);
        let text = world.call("PUT", "/v1/profiles/legalbusiness", Some(json!({ "companyName": "Another Name AG" }))).await.refused(400, 3000);
        assert!(text.starts_with("companyName must stay"), "{text}");
        world.call("PUT", "/v1/profiles/billing", Some(json!({ "address": { "city": "Berlin" } }))).await.refused(400, 3000);
        assert_eq!(world.get("/v1/profiles/mpn").await["mpnId"], "1");
        world.call("GET", "/v1/profiles/mpn?mpnId=999", None).await.refused(404, 3000);
        // Another partner has its own.
        let theirs = world.call_as(&world.their_token, "GET", "/v1/profiles/support", None).await.expect(200);
        assert_eq!(theirs.get("email"), None);
    }

    async fn an_invitation_names_its_partner_and_cannot_be_made_up(world) {
        let link = world.get("/v1/customers/relationshiprequests").await;
        let url = link["url"].as_str().unwrap().to_owned();
        let path = url.strip_prefix("http://localhost").unwrap();
        Browser::default().get(&world, path).await.says(200, "Erste Software GmbH");
        Browser::default().get(&world, &format!("{path}x")).await.says(404, "not known");
        assert_eq!(world.get("/v1/customers/relationshiprequests").await["url"], json!(url));
    }

    async fn agreements_have_a_text_and_nobody_signs_directly(world) {
        let path = "/v1/agreementtemplates/117a77b0-9360-443b-8795-c6dedc750cf9/document?language=de-DE&country=DE";
        let document = world.get(path).await;
        assert_eq!((&document["language"], &document["country"]), (&json!("de-DE"), &json!("DE")));
        world.call("GET", &format!("/v1/agreementtemplates/{}/document", Uuid::nil()), None).await.refused(404, 1000);
        let status = world.get(&format!("{}/directSignedMicrosoftCustomerAgreementStatus", world.path("de"))).await;
        assert_eq!(status, json!({ "isSigned": false }));
    }
}
