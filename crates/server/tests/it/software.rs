//! Keys and downloads through the pages, at both doors, and what stands around keys: reasons, a second person, more
//! activations, the certificate.

use std::sync::Arc;

use chandlery::app::{Context, activations, set_up};
use chandlery::identity::passwords;
use chandlery::installation::Rules;
use chandlery_domain::access::{Action, Role};
use chandlery_domain::ids::{CustomerId, UserId};
use chandlery_store::people::User;
use secrecy::SecretString;
use serde_json::json;
use uuid::Uuid;

use crate::downloads::filling;
use crate::people::{Browser, PASSWORD, Someone, someone};
use crate::world::{SQL, World, standard_keys};

/// Adds a person of a customer's and signs it in, with an authenticator where its role asks for one.
pub async fn customers_person(world: &World, customer: CustomerId, number: u128, role: Role) -> Browser {
    let upn = format!("someone.{number}@customer.example");
    let hash = passwords::hash(&SecretString::from(PASSWORD)).unwrap();
    let who = (world.partner.id, Some(customer));
    let id = UserId::new(Uuid::from_u128(number));
    let mut user = User::new(who, id, (&upn, "Customer's person"), vec![role], hash, world.now());
    user.must_change_password = false;
    let (cx, vault) =
        (Context::system(world.partner.id, world.now(), "test"), Arc::clone(&world.installation.vault));
    world.installation.store.write(cx.stamp(), move |tx| set_up::add_user(tx, &vault, &user)).await.unwrap();
    let mut browser = Browser::default();
    let page = browser.password(world, &upn, PASSWORD).await;
    if page.to.as_deref().is_some_and(|to| to.starts_with("/second-factor/totp")) {
        browser.enrol(world).await;
        world.later(31);
    }
    browser
}

pub async fn agent(world: &World, number: u128) -> (Browser, Someone) {
    let person = someone(world, world.partner.id, number, &[Role::AdminAgent]).await;
    let mut browser = Browser::default();
    browser.sign_in(world, &person).await;
    (browser, person)
}

impl World {
    /// The same with another choice of the operator's.
    pub fn with_rules(mut self, change: impl FnOnce(&mut Rules)) -> Self {
        change(&mut self.installation.rules);
        self.restarted()
    }
}

/// The link a page shows.
fn link_in(html: &str) -> String {
    let at = html.find("/d/").expect("a link on the page");
    html[at..].split('"').next().unwrap().to_owned()
}

on_both! {
    async fn a_partner_picks_opens_downloads_and_copies(world) {
        let medium = world.add_medium(SQL.1, "2022", "en-US", &filling(1)).await;
        let order = world.buy(&[world.line(SQL.1, "2", 2).await]).await;
        let (mut browser, _) = agent(&world, 60).await;
        browser.get(&world, "/customers?q=customer+d").await.says(200, "Customer de");
        let list = format!("/customers/{}/software", world.customers["de"]);
        browser.get(&world, &list).await.says(200, "SQL Enterprise 1 year");
        let page = format!("{list}/{}/0", order["id"].as_str().unwrap());
        let shown = browser.get(&world, &page).await.says(200, "Select product");
        assert!(!shown.text.contains("Get Key"), "nothing before Submit");
        let chosen = format!("{page}?version=2022&language=en-US&bits=64&type=ISO+%28any+system%29");
        let shown = browser.get(&world, &chosen).await.says(200, "Get Key");
        assert!(shown.text.contains("Copy link") && shown.text.contains("3.0\u{a0}MiB"));
        browser.get(&world, &format!("{page}?version=2022&language=de-DE&bits=64&type=x")).await.says(200, "There is: 2022 en-US 64 Bit, ISO");
        let key = browser.post(&world, &format!("{page}/key"), &[("version", "2022")]).await.says(200, "FAKE-SQLE");
        assert_eq!(key.headers["cache-control"], "no-store");
        browser.get(&world, &format!("{page}/key")).await.leads_to(&page);
        let medium = medium.to_string();
        let link = browser.post(&world, &format!("{page}/link"), &[("medium", &medium)]).await.says(200, "Anybody who has the link");
        assert!(link.text.contains("15 Feb 2020, 10:00 UTC") && link.text.contains("50 downloads"));
        assert_eq!(world.whole(&link_in(&link.text), "192.0.2.1", &[]).await.0, 200);
        let to = browser.post(&world, &format!("{page}/download"), &[("medium", &medium)]).await.to.unwrap();
        assert_eq!(world.whole(&to, "192.0.2.1", &[]).await.0, 200);
        browser.get(&world, &page).await.says(200, "1 of 50");
        // Whoever looks into the log sees who opened and who downloaded.
        let log = world.get("/v1/auditrecords?startDate=2020-01-01&endDate=2020-12-31").await.to_string();
        for word in ["get_software_key", "get_software_download_link", "download_software", "someone.60@people.example"] {
            assert!(log.contains(word), "{word}");
        }
        world.cancel(&order).await.expect(200);
        let shown = browser.get(&world, &page).await.says(200, "was cancelled");
        assert!(!shown.text.contains("Get Key") && shown.text.contains("Revoked"));
        browser.post(&world, &format!("{page}/key"), &[("version", "2022")]).await.says(409, "revoked");
        browser.post(&world, &format!("{page}/link"), &[("medium", &medium)]).await.says(409, "was cancelled");
    }

    async fn the_customers_admin_does_the_same_at_its_own_door(world) {
        let medium = world.add_medium(SQL.1, "2022", "en-US", &filling(1)).await.to_string();
        let order = world.buy(&[world.line(SQL.1, "2", 2).await]).await;
        let page = format!("/software/{}/0", order["id"].as_str().unwrap());
        let mut admin = customers_person(&world, world.customers["de"], 70, Role::CustomerGlobalAdmin).await;
        admin.get(&world, "/software").await.says(200, "SQL Enterprise 1 year");
        admin.get(&world, &format!("{page}?version=2022")).await.says(200, "Get Key");
        admin.post(&world, &format!("{page}/key"), &[("version", "2022")]).await.says(200, "FAKE-SQLE");
        let link = admin.post(&world, &format!("{page}/link"), &[("medium", &medium)]).await.says(200, "50 downloads");
        assert_eq!(world.whole(&link_in(&link.text), "192.0.2.1", &[]).await.0, 200);
        // The billing admin sees what there is, and opens nothing.
        let mut billing = customers_person(&world, world.customers["de"], 71, Role::CustomerBillingAdmin).await;
        let shown = billing.get(&world, &format!("{page}?version=2022")).await.says(200, "Global admin");
        assert!(!shown.text.contains("Get Key"));
        billing.post(&world, &format!("{page}/key"), &[("version", "2022")]).await.says(403, "Not allowed");
        billing.post(&world, &format!("{page}/link"), &[("medium", &medium)]).await.says(403, "Not allowed");
        // Another customer's admin finds nothing, and the partner's people do not come in by this door, nor the customer's by theirs.
        let mut other = customers_person(&world, world.customers["se"], 72, Role::CustomerGlobalAdmin).await;
        assert_eq!(other.get(&world, &page).await.status, 404);
        assert_eq!(other.post(&world, &format!("{page}/key"), &[("version", "2022")]).await.status, 404);
        let (mut partner, _) = agent(&world, 61).await;
        assert_eq!(partner.get(&world, "/software").await.status, 403);
        assert_eq!(partner.post(&world, &format!("{page}/key"), &[("version", "2022")]).await.status, 403);
        let theirs = format!("/customers/{}{page}", world.customers["de"]);
        assert_eq!(admin.get(&world, &theirs).await.status, 403);
        // The partner's log says that the customer was there, and no name.
        let log = world.get("/v1/auditrecords?startDate=2020-01-01&endDate=2020-12-31").await.to_string();
        assert!(log.contains("Customer portal") && !log.contains("someone.70@customer.example"));
    }

    async fn other_roles_get_no_key_no_file_and_no_link(world) {
        let medium = world.add_medium(SQL.1, "2022", "en-US", &filling(1)).await.to_string();
        let order = world.buy(&[world.line(SQL.1, "2", 2).await]).await;
        let page = format!("/customers/{}/software/{}/0", world.customers["de"], order["id"].as_str().unwrap());
        let admin = someone(&world, world.partner.id, 62, &[Role::GlobalAdmin]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &admin).await;
        let shown = browser.get(&world, &format!("{page}?version=2022")).await.says(200, "Admin agents");
        assert!(!shown.text.contains("Get Key"));
        for (path, form) in [("key", ("version", "2022")), ("link", ("medium", &medium)), ("download", ("medium", &medium))] {
            browser.post(&world, &format!("{page}/{path}"), &[form]).await.says(403, "Not allowed");
        }
        let sales = someone(&world, world.partner.id, 63, &[Role::SalesAgent]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &sales).await;
        assert_eq!(browser.get(&world, &page).await.status, 403);
    }

    async fn an_empty_pool_is_told_to_everybody_and_fills_by_itself(world) {
        world.tamper("delete from key_stock").await;
        let order = world.buy(&[world.line(SQL.1, "2", 2).await]).await;
        assert_eq!(order["status"], "pending");
        let id = order["id"].as_str().unwrap();
        let page = format!("/customers/{}/software/{id}/0", world.customers["de"]);
        let (mut browser, _) = agent(&world, 64).await;
        browser.get(&world, &page).await.says(200, "no product keys in stock");
        browser.post(&world, &format!("{page}/key"), &[("version", "2022")]).await.says(409, "handed over");
        world.import_keys(&standard_keys(100..110)).await.unwrap();
        world.settle().await;
        browser.post(&world, &format!("{page}/key"), &[("version", "2022")]).await.says(200, "FAKE-SQLE-01");
    }

    async fn the_operator_may_ask_for_a_reason(world) {
        let world = world.with_rules(|rules| rules.key_reason_required = true);
        let order = world.buy(&[world.line(SQL.1, "2", 2).await]).await;
        let owned = world.get(&format!("{}/entitlements", world.path("de"))).await;
        let link = format!("/v1{}", owned["items"][0]["entitledArtifacts"][0]["link"]["uri"].as_str().unwrap());
        let told = world.call("GET", &link, None).await.refused(400, 3000);
        assert!(told.contains("MS-Reason"), "{told}");
        world.call_with(&world.token, &link, &[("MS-Reason", "ticket 4711")]).await.expect(200);
        let log = world.get("/v1/auditrecords?startDate=2020-01-01&endDate=2020-12-31").await.to_string();
        assert!(log.contains("ticket 4711"));
        // The customer opens its own key without being asked.
        let page = format!("/software/{}/0", order["id"].as_str().unwrap());
        let mut admin = customers_person(&world, world.customers["de"], 73, Role::CustomerGlobalAdmin).await;
        admin.post(&world, &format!("{page}/key"), &[("version", "2022")]).await.says(200, "FAKE-SQLE");
    }

    async fn the_operator_may_ask_for_a_second_person(world) {
        let world = world.with_rules(|rules| rules.key_second_person = true);
        let order = world.buy(&[world.line(SQL.1, "2", 2).await]).await;
        let page = format!("/customers/{}/software/{}/0", world.customers["de"], order["id"].as_str().unwrap());
        let ((mut first, _), (mut second, _)) = (agent(&world, 65).await, agent(&world, 66).await);
        let form = [("version", "2022"), ("reason", "reinstalling")];
        first.post(&world, &format!("{page}/key"), &form).await.says(202, "second person");
        // Asking again asks nobody twice.
        first.post(&world, &format!("{page}/key"), &form).await.says(202, "second person");
        let waiting = world.get("/v1/keyapprovals").await;
        assert_eq!(waiting["totalCount"], 1);
        let question = waiting["items"][0]["id"].as_str().unwrap();
        first.get(&world, "/key-approvals").await.says(200, "Somebody else has to agree");
        first.post(&world, &format!("/key-approvals/{question}"), &[]).await.says(409, "Somebody else");
        second.get(&world, "/key-approvals").await.says(200, "reinstalling");
        second.post(&world, &format!("/key-approvals/{question}"), &[]).await.says(200, "You agreed");
        second.post(&world, &format!("/key-approvals/{question}"), &[]).await.says(409, "answered before");
        first.post(&world, &format!("{page}/key"), &form).await.says(200, "FAKE-SQLE");
        // Consent is for whoever asked, and for a day.
        second.post(&world, &format!("{page}/key"), &form).await.says(202, "second person");
        world.set_clock("2020-02-02T10:00:01Z");
        first.post(&world, &format!("{page}/key"), &form).await.says(202, "second person");
        let told = world.call_as(&world.their_token, "POST", &format!("/v1/keyapprovals/{question}/approve"), Some(json!({}))).await;
        assert_eq!(told.status, 404, "another partner's question");
    }

    async fn more_activations_are_asked_of_the_operator(world) {
        world.buy(&[world.line(SQL.1, "2", 10).await]).await;
        let owned = world.get(&format!("{}/entitlements", world.path("de"))).await;
        let link = owned["items"][0]["entitledArtifacts"][0]["link"]["uri"].as_str().unwrap();
        let path = format!("/v1{}/activations", link.split("/items/").next().unwrap());
        let ask = async |count: u32, why: &str| {
            let body = json!({ "activations": count, "description": why });
            world.call("POST", &path, Some(body)).await
        };
        let told = ask(20, "more").await.refused(400, 3000);
        assert!(told.contains("more than the 20"), "two for each licence: {told}");
        ask(30, "").await.refused(400, 3000);
        let asked = ask(30, "new machines").await.expect(201);
        assert_eq!(asked["status"], "open");
        ask(40, "again").await.refused(400, 3000);
        let id = asked["id"].as_str().unwrap().to_owned();
        let answer = async |text: &'static str| {
            let cx = Context::system(world.partner.id, world.now(), "operator");
            let (inner, id) = (cx.clone(), (world.partner.id, id.parse().unwrap()));
            let store = &world.installation.store;
            store.write(cx.stamp(), move |tx| activations::answer(tx, &inner, id, Some(30), text)).await
        };
        answer("granted once").await.unwrap();
        assert!(answer("twice").await.is_err());
        let own = world.get(&format!("/v1/servicerequests/{id}")).await;
        assert_eq!((own["status"].as_str(), own["notes"][0]["text"].as_str()), (Some("closed"), Some("granted once")));
        assert_eq!(world.get("/v1/servicerequests").await["totalCount"], 1);
        assert_eq!(world.call_as(&world.their_token, "GET", "/v1/servicerequests", None).await.body["totalCount"], 0);
        let told = ask(25, "fewer").await.refused(400, 3000);
        assert!(told.contains("more than the 30"), "{told}");
    }

    async fn that_no_key_was_opened_is_certified(world) {
        let unseen = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        let seen = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        let owned = world.get(&format!("{}/entitlements", world.path("de"))).await;
        let link = owned["items"][1]["entitledArtifacts"][0]["link"]["uri"].as_str().unwrap();
        world.get(&format!("/v1{link}")).await;
        let path = |order: &serde_json::Value| {
            format!("{}/orders/{}/lines/0/neveropened", world.path("de"), order["id"].as_str().unwrap())
        };
        world.call("GET", &path(&unseen), None).await.refused(400, 3000);
        world.cancel(&unseen).await.expect(200);
        world.cancel(&seen).await.expect(200);
        let told = world.call("GET", &path(&seen), None).await.refused(400, 3000);
        assert!(told.contains("was opened"), "{told}");
        let own = world.get(&path(&unseen)).await;
        let text = own["certificate"].as_str().unwrap();
        assert!(text.contains("was ever opened") && text.contains(unseen["id"].as_str().unwrap()));
        let key = minisign_verify::PublicKey::from_base64(own["publicKey"].as_str().unwrap()).unwrap();
        let signature = minisign_verify::Signature::decode(own["signature"].as_str().unwrap()).unwrap();
        key.verify(text.as_bytes(), &signature, false).unwrap();
        // The head it names is the head of the exported log.
        let head = text.split("head ").nth(1).unwrap().split('\n').next().unwrap();
        let export = world.installation.store.read({
            let scope = Context::system(world.partner.id, world.now(), "test").authorize(Action::ReadEveryLog).unwrap();
            move |tx| Ok::<_, chandlery::error::Error>(chandlery_store::audit::in_sequence(tx, &scope, 0, 1000)?)
        }).await.unwrap();
        assert!(export.iter().any(|row| row.hash == head));
    }

    async fn low_stock_is_told_once(world) {
        world.tamper("update product_versions set low_stock = 38").await;
        for _ in 0..3 {
            world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        }
        let alarms = async || {
            let scope = Context::system(chandlery::installation::OPERATOR, world.now(), "test").authorize(Action::ReadEveryLog).unwrap();
            world.installation.sealer.seal_all(&world.installation.store, world.now()).await.unwrap();
            let rows = world.installation.store.read(move |tx| Ok::<_, chandlery::error::Error>(chandlery_store::audit::in_sequence(tx, &scope, 0, 1000)?)).await.unwrap();
            rows.iter().filter(|row| row.operation == "stock_low").count()
        };
        assert_eq!(alarms().await, 1);
        world.import_keys(&standard_keys(200..201)).await.unwrap();
        world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        assert_eq!(alarms().await, 2);
    }
}
