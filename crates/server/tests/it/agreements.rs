//! Customers' agreements.

use serde_json::json;

on_both! {
    async fn an_agreement_is_confirmed_once(world) {
        let path = format!("{}/agreements", world.path("de"));
        let body = json!({
            "primaryContact": { "firstName": "Ada", "lastName": "Lovelace", "email": "ada@example.com", "phoneNumber": "1" },
            "templateId": "117a77b0-9360-443b-8795-c6dedc750cf9", "dateAgreed": "2020-01-20", "type": "MicrosoftCustomerAgreement"
        });
        let confirmed = world.call("POST", &path, Some(body.clone())).await.expect(201);
        assert_eq!(confirmed["dateAgreed"], "2020-01-20T00:00:00Z");
        world.call("POST", &path, Some(body.clone())).await.refused(400, 600_061);
        let mut early = body.clone();
        early["dateAgreed"] = json!("2020-02-02");
        early["primaryContact"]["firstName"] = json!("Grace");
        assert!(world.call("POST", &path, Some(early)).await.refused(400, 3000).contains("dateAgreed"));
        let listed = world.get(&format!("{path}?agreementType=MicrosoftCustomerAgreement")).await;
        assert_eq!(listed["totalCount"], 2);
        assert_eq!(world.get(&path).await["totalCount"], 0);
        assert_eq!(world.get("/v1/agreements?agreementType=*").await["totalCount"], 2);
        world.call("GET", "/v1/agreements?agreementType=Handshake", None).await.refused(400, 3000);
    }
}
