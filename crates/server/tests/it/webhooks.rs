//! What a partner's own program is told by calls: signed so that others can check it, again when it did not arrive, and
//! nobody else's affairs.

use std::process::Stdio;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use chandlery::api;
use chandlery::error::Error;
use chandlery::jobs::{Outside, Runner};
use chandlery::outside::webhooks::{Caller, Reach};
use chandlery_domain::access::Role;
use chandlery_domain::ids::{AuditId, DeliveryId};
use chandlery_domain::webhook::Event;
use chandlery_store::webhooks::{self, Delivery, State};
use jiff::SignedDuration;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use tokio::sync::Notify;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::invoicing::{at_home, billed};
use crate::people::{Browser, someone};
use crate::siem_peer::{self, SiemPeer, Speaks, Trouble};
use crate::world::{SQL, World};

const OWN: &str = "https://partner.example";
const REGISTRATION: &str = "/webhooks/v1/registration";

/// Checks a call as a receiver would, with Node's own cryptography: certificate in DER, signature and body from standard input.
const CHECK: &str = r#"
const { X509Certificate, verify } = require("node:crypto");
let text = "";
process.stdin.on("data", (part) => (text += part)).on("end", () => {
  const { certificate, signature, body } = JSON.parse(text);
  const own = new X509Certificate(Buffer.from(certificate, "base64"));
  const good = verify("RSA-SHA256", Buffer.from(body), own.publicKey, Buffer.from(signature, "base64"));
  process.stdout.write(JSON.stringify({ good, subject: own.subject, itself: own.verify(own.publicKey) }));
});
"#;

impl World {
    /// From now on tells programs on this machine.
    fn telling(&mut self) {
        let caller = Caller::new(Reach::Practice, OWN).unwrap();
        let outside = Outside { caller: Some(caller), ..Outside::default() };
        self.runner = Runner::new(self.installation.clone(), Arc::new(Notify::new()), outside);
    }

    /// The business goes on for some seconds.
    fn on(&self, seconds: i64) {
        let at = self.now().checked_add(SignedDuration::from_secs(seconds)).unwrap();
        self.set_clock(&at.to_string());
    }

    async fn register(&self, peer: &SiemPeer, events: &[&str]) -> Value {
        let body = json!({ "WebhookUrl": url(peer), "WebhookEvents": events });
        self.call("POST", REGISTRATION, Some(body)).await.expect(200)
    }

    async fn raw(&self, path: &str) -> (u16, String, Vec<u8>) {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let reply = api::normalised(self.api.clone()).oneshot(request).await.unwrap();
        let kind = reply.headers().get("content-type").map(|own| own.to_str().unwrap().to_owned());
        let status = reply.status().as_u16();
        (status, kind.unwrap_or_default(), to_bytes(reply.into_body(), 100_000).await.unwrap().to_vec())
    }
}

fn url(peer: &SiemPeer) -> String {
    format!("http://127.0.0.1:{}/in?token=of-theirs", peer.port)
}

/// The bodies that came, in order.
fn bodies(peer: &SiemPeer) -> Vec<Value> {
    peer.lines().iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn names(peer: &SiemPeer) -> Vec<String> {
    bodies(peer).iter().map(|body| body["EventName"].as_str().unwrap().to_owned()).collect()
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

on_both! {
    async fn a_call_can_be_checked_by_whoever_gets_it_and_leads_to_what_happened(world) {
        world.telling();
        let peer = siem_peer::start(Speaks::Http).await;
        let events = ["Order-Completed", "order-cancelled", "subscription-updated"];
        let registered = world.register(&peer, &events).await;
        assert_eq!(registered["WebhookEvents"], json!(["subscription-updated", "order-completed", "order-cancelled"]));
        assert_eq!(registered["WebhookUrl"], url(&peer));
        let order = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        world.runner.tell_all().await.unwrap();
        let request = peer.requests().remove(0);
        assert_eq!(request.line, "POST /in?token=of-theirs HTTP/1.1");
        assert_eq!(request.headers["content-type"], "application/json");
        assert_eq!(request.headers["x-ms-signature-algorithm"], "rsa-sha256");
        let body: Value = serde_json::from_str(&request.body).unwrap();
        let id = order["id"].as_str().unwrap();
        assert_eq!(body["EventName"], "order-completed");
        assert_eq!(body["ResourceName"], "order");
        let path = format!("/v1/customers/{}/orders/{id}", world.customers["de"]);
        assert_eq!(body["ResourceUri"], format!("{OWN}{path}"));
        assert!(body["ResourceChangeUtcDate"].as_str().unwrap().ends_with("+00:00"));
        // Both addresses answer, and the log's entry is the one about this.
        world.get(&path).await;
        let audit = body["AuditUri"].as_str().unwrap().strip_prefix(OWN).unwrap().to_owned();
        assert!(audit.starts_with("/auditactivity/v1/auditrecords/"), "{audit}");
        let record = world.get(&audit).await;
        assert_eq!(record["operationType"], "provision_order", "{record}");
        // The signature holds over exactly what came, by a stranger's reckoning.
        let certificate = request.headers["x-ms-certificate-url"].strip_prefix(OWN).unwrap().to_owned();
        let (status, kind, der) = world.raw(&certificate).await;
        assert_eq!((status, kind.as_str()), (200, "application/pkix-cert"));
        let signature = request.headers["authorization"].strip_prefix("Signature ").unwrap();
        let checked = |body: String| check(der.clone(), signature.to_owned(), body);
        let found = checked(request.body.clone()).await;
        assert_eq!((&found["good"], &found["itself"]), (&json!(true), &json!(true)));
        assert!(found["subject"].as_str().unwrap().contains("O="), "{found}");
        assert_eq!(checked(format!("{} ", request.body)).await["good"], json!(false));
        assert_eq!(world.raw("/webhooks/v1/certificates/another").await.0, 404);
    }

    async fn changing_and_cancelling_are_told_in_order_and_lead_to_the_subscription(world) {
        world.telling();
        let peer = siem_peer::start(Speaks::Http).await;
        world.register(&peer, &["order-cancelled", "subscription-updated"]).await;
        let order = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        let path = format!("{}/subscriptions?order_id={}", world.path("de"), order["id"].as_str().unwrap());
        let own = world.get(&path).await["items"][0].clone();
        let path = format!("{}/subscriptions/{}", world.path("de"), own["id"].as_str().unwrap());
        world.call("PATCH", &path, Some(json!({ "friendlyName": "Another name" }))).await.expect(200);
        world.runner.tell_all().await.unwrap();
        assert_eq!(names(&peer), ["subscription-updated"]);
        let uri = bodies(&peer)[0]["ResourceUri"].as_str().unwrap().strip_prefix(OWN).unwrap().to_owned();
        assert!(uri.starts_with("/webhooks/v1/customers/"), "{uri}");
        assert_eq!(world.get(&uri).await["friendlyName"], "Another name");
        world.cancel(&order).await.expect(200);
        world.runner.tell_all().await.unwrap();
        assert_eq!(names(&peer), ["subscription-updated", "order-cancelled", "subscription-updated"]);
        // Nothing is told twice, and nothing of what nobody wants to know.
        world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        world.runner.tell_all().await.unwrap();
        assert_eq!(peer.lines().len(), 3);
    }

    async fn documents_of_a_month_and_terms_that_renew_are_told(world) {
        world.telling();
        let peer = siem_peer::start(Speaks::Http).await;
        world.register(&peer, &["invoice-ready", "subscription-updated"]).await;
        at_home(&world).await;
        let order = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        let path = format!("{}/subscriptions?order_id={}", world.path("de"), order["id"].as_str().unwrap());
        let own = world.get(&path).await["items"][0].clone();
        let path = format!("{}/subscriptions/{}", world.path("de"), own["id"].as_str().unwrap());
        world.call("PATCH", &path, Some(json!({ "autoRenewEnabled": true }))).await.expect(200);
        world.set_clock("2020-03-05T10:00:00Z");
        assert_eq!(billed(&world, "2020-02").await.documents, 1);
        world.set_clock("2021-02-02T00:00:00Z");
        assert_eq!(world.runner.charge_due().await.unwrap(), 1);
        world.runner.tell_all().await.unwrap();
        assert_eq!(names(&peer), ["subscription-updated", "invoice-ready", "subscription-updated"]);
        let uri = bodies(&peer)[1]["ResourceUri"].as_str().unwrap().strip_prefix(OWN).unwrap().to_owned();
        let person = world.token_with(63, vec![Role::BillingAdmin]).await;
        assert_eq!(world.call_as(&person, "GET", &uri, None).await.expect(200)["id"], "G000000001");
        let record = bodies(&peer)[1]["AuditUri"].as_str().unwrap().strip_prefix(OWN).unwrap().to_owned();
        assert_eq!(world.get(&record).await["operationType"], "ready_invoice");
    }

    async fn what_does_not_arrive_is_sent_again_ten_times_and_then_by_hand(world) {
        world.telling();
        let peer = siem_peer::start(Speaks::Http).await;
        for number in 1..=10 {
            // The third time the program answers as if it had moved: nobody follows it.
            let answer = if number == 3 { 302 } else { 500 };
            peer.fail_batch(number, Trouble::Answer(answer));
        }
        world.register(&peer, &["order-completed"]).await;
        world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        for (attempt, wait) in (1_usize..).zip([30, 120, 480, 1920, 7680, 21_600, 21_600, 21_600, 21_600]) {
            world.runner.tell_all().await.unwrap();
            assert_eq!(peer.batches(), attempt);
            world.on(wait - 1);
            world.runner.tell_all().await.unwrap();
            assert_eq!(peer.batches(), attempt, "not before its time");
            world.on(1);
        }
        world.runner.tell_all().await.unwrap();
        assert_eq!(peer.batches(), 10);
        world.on(1_000_000);
        world.runner.tell_all().await.unwrap();
        assert_eq!(peer.batches(), 10, "it was given up");
        let person = someone(&world, world.partner.id, 60, &[Role::AdminAgent]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &person).await;
        browser.get(&world, "/").await.says(200, "Calls to your program were given up");
        let page = browser.get(&world, "/webhooks?state=failed").await.says(200, "Given up");
        assert!(page.text.contains("10 attempts · answered 500"), "{}", page.text);
        let again = page.text.split("action=\"").find(|part| part.starts_with("/webhooks/calls/")).unwrap();
        let again = again.split('"').next().unwrap().to_owned();
        browser.post(&world, &again, &[]).await.leads_to("/webhooks?done=again");
        world.runner.tell_all().await.unwrap();
        assert_eq!((peer.batches(), names(&peer)), (11, vec!["order-completed".to_owned()]));
        assert_eq!(browser.post(&world, &again, &[]).await.status, 404);
        let mut again = world.restarted();
        again.telling();
        let page = browser.get(&again, "/").await;
        assert!(!page.text.contains("given up"), "what was told again needs no attention");
    }

    async fn a_test_is_sent_twice_a_minute_and_says_how_it_went(world) {
        world.telling();
        let peer = siem_peer::start(Speaks::Http).await;
        world.register(&peer, &["order-completed"]).await;
        let tests = format!("{REGISTRATION}/validationEvents");
        assert!(world.call("POST", &tests, None).await.refused(400, 3000).contains("test-created"));
        let body = json!({
            "webhookUrl": url(&peer), "webhookEvents": ["test-created"], "signatureTokenToMsSignatureHeader": true,
        });
        world.call("PUT", REGISTRATION, Some(body)).await.expect(200);
        let id = world.call("POST", &tests, None).await.expect(200)["correlationId"].as_str().unwrap().to_owned();
        let outcome = format!("{tests}/{id}");
        let before = world.get(&outcome).await;
        assert_eq!((&before["status"], &before["callbackUrl"]), (&json!("pending"), &json!(url(&peer))));
        world.runner.tell_all().await.unwrap();
        let after = world.get(&outcome).await;
        assert_eq!((&after["status"], &after["results"][0]["responseCode"]), (&json!("completed"), &json!("NoContent")));
        assert_eq!(after["partnerId"], world.partner.id.to_string());
        let request = peer.requests().remove(0);
        assert!(request.headers.contains_key("x-ms-signature") && !request.headers.contains_key("authorization"));
        world.call("POST", &tests, None).await.expect(200);
        let reply = world.call("POST", &tests, None).await;
        assert_eq!(reply.headers["retry-after"], "60");
        assert_eq!(reply.status, 429);
        assert_eq!(reply.body["message"], "Rate limit is exceeded. Try again in 60 seconds.");
        world.on(60);
        world.call("POST", &tests, None).await.expect(200);
        let elsewhere = world.call_as(&world.their_token, "GET", &outcome, None).await;
        assert_eq!(elsewhere.status, 404);
    }

    async fn a_registration_is_one_a_partner_and_says_what_would_be_right(world) {
        world.telling();
        let peer = siem_peer::start(Speaks::Http).await;
        assert_eq!(world.call("GET", REGISTRATION, None).await.status, 404);
        let put = json!({ "WebhookUrl": url(&peer), "WebhookEvents": ["invoice-ready"] });
        assert_eq!(world.call("PUT", REGISTRATION, Some(put.clone())).await.status, 404);
        world.register(&peer, &["order-completed"]).await;
        assert!(world.call("POST", REGISTRATION, Some(put.clone())).await.refused(409, 3000).contains("PUT"));
        for (address, events, says) in [
            ("ftp://hooks.example/", json!(["test-created"]), "WebhookUrl"),
            ("http://hooks.example/", json!(["test-created"]), "https://"),
            ("https://hooks.example/", json!(["referral-created"]), "subscription-updated"),
            ("https://hooks.example/", json!([]), "WebhookEvents"),
            ("https://hooks.example/", json!("test-created"), "WebhookEvents"),
        ] {
            let body = json!({ "WebhookUrl": address, "WebhookEvents": events });
            let why = world.call("PUT", REGISTRATION, Some(body)).await.refused(400, 3000);
            assert!(why.contains(says), "{why}");
        }
        assert_eq!(world.get(REGISTRATION).await["WebhookEvents"], json!(["order-completed"]));
        let known = world.get(&format!("{REGISTRATION}/events")).await;
        assert_eq!(known.as_array().unwrap().len(), 5);
        // The other partner has none of its own and is told nothing.
        assert_eq!(world.call_as(&world.their_token, "GET", REGISTRATION, None).await.status, 404);
        // What waits is not told once nobody wants to know: of this event, or of anything.
        world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        world.call("PUT", REGISTRATION, Some(put)).await.expect(200);
        world.runner.tell_all().await.unwrap();
        assert_eq!(peer.batches(), 0);
        let back = json!({ "WebhookUrl": url(&peer), "WebhookEvents": ["order-completed"] });
        world.call("PUT", REGISTRATION, Some(back)).await.expect(200);
        world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        world.call("DELETE", REGISTRATION, None).await.expect(204);
        world.runner.tell_all().await.unwrap();
        assert_eq!(peer.batches(), 0);
        let stranger = world.token_with(77, vec![Role::AccountAdmin]).await;
        world.call_as(&stranger, "GET", REGISTRATION, None).await.refused(403, 900_150);
    }

    async fn a_program_that_hangs_keeps_nobody_else_waiting_and_two_servers_call_once(world) {
        world.telling();
        let (slow, quick) = (siem_peer::start(Speaks::Http).await, siem_peer::start(Speaks::Http).await);
        slow.fail_batch(1, Trouble::Silence);
        world.register(&slow, &["test-created"]).await;
        let body = json!({ "WebhookUrl": url(&quick), "WebhookEvents": ["test-created"] });
        world.call_as(&world.their_token, "POST", REGISTRATION, Some(body)).await.expect(200);
        let tests = format!("{REGISTRATION}/validationevents");
        // Two for the slow one: the second waits for the first, whoever of two servers looks.
        world.call("POST", &tests, None).await.expect(200);
        world.call("POST", &tests, None).await.expect(200);
        world.call_as(&world.their_token, "POST", &tests, None).await.expect(200);
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let mut other = world.restarted();
        other.telling();
        let both = [world.runner.clone(), other.runner.clone()].map(|own| tokio::spawn(own.keep_telling(stopped.clone())));
        let arrived = async {
            while quick.lines().is_empty() {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(20), arrived).await.expect("the quick one is told");
        // The other server looks a few times more and finds nothing to do.
        tokio::time::sleep(std::time::Duration::from_millis(1200)).await;
        assert_eq!((quick.lines().len(), slow.batches()), (1, 1));
        stop.send_replace(true);
        for one in both {
            one.await.unwrap();
        }
    }

    async fn of_two_who_register_at_once_one_is_told_that_there_is_one(world) {
        let body = |path: &str| {
            Some(json!({ "WebhookUrl": format!("https://hooks.example/{path}"), "WebhookEvents": ["test-created"] }))
        };
        let (one, two) = tokio::join!(
            world.call("POST", REGISTRATION, body("one")),
            world.call("POST", REGISTRATION, body("two")),
        );
        let mut both = [one.status, two.status];
        both.sort_unstable();
        assert_eq!(both, [200, 409], "{one:?} {two:?}");
        let kept = if one.status == 200 { one.body } else { two.body };
        assert_eq!(world.get(REGISTRATION).await["WebhookUrl"], kept["WebhookUrl"]);
    }

    async fn whoever_has_very_much_to_be_told_keeps_nobody_else_waiting(world) {
        world.telling();
        let (much, little) = (siem_peer::start(Speaks::Http).await, siem_peer::start(Speaks::Http).await);
        world.register(&much, &["test-created"]).await;
        let body = json!({ "WebhookUrl": url(&little), "WebhookEvents": ["test-created"] });
        world.call_as(&world.their_token, "POST", REGISTRATION, Some(body)).await.expect(200);
        let (partner, at) = (world.partner.id, world.now());
        let list: Vec<Delivery> = (1..=400_u128)
            .map(|number| Delivery {
                partner,
                id: DeliveryId::new(Uuid::from_u128(number)),
                event: Event::TestCreated,
                customer: None,
                subject: String::new(),
                audit: AuditId::new(Uuid::from_u128(number)),
                happened_at: at,
                state: State::Waiting,
                due_at: at,
                attempts: 0,
                last: None,
            })
            .collect();
        let storing = world.installation.store.bookkeep(move |tx| Ok::<_, Error>(webhooks::insert(tx, &list)?));
        storing.await.unwrap();
        world.on(1);
        let tests = format!("{REGISTRATION}/validationevents");
        world.call_as(&world.their_token, "POST", &tests, None).await.expect(200);
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let telling = tokio::spawn(world.runner.clone().keep_telling(stopped));
        let arrived = async {
            while little.batches() == 0 {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(20), arrived).await.expect("it is told");
        assert!(much.batches() < 100, "{} others came first", much.batches());
        stop.send_replace(true);
        telling.await.unwrap();
    }

    async fn the_page_registers_tries_out_and_removes(world) {
        world.telling();
        let peer = siem_peer::start(Speaks::Http).await;
        let person = someone(&world, world.partner.id, 60, &[Role::BillingAdmin]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &person).await;
        browser.get(&world, "/webhooks").await.says(200, "No calls.");
        let wrong = [("url", "http://hooks.example"), ("events", "test-created")];
        let page = browser.post(&world, "/webhooks", &wrong).await.says(400, "begins with https://");
        assert!(page.text.contains("http://hooks.example"), "what was typed is kept");
        let nothing = [("url", "https://hooks.example")];
        browser.post(&world, "/webhooks", &nothing).await.says(400, "at least one event");
        let own = url(&peer);
        let right = [("url", own.as_str()), ("events", "test-created"), ("events", "invoice-ready")];
        browser.post(&world, "/webhooks", &right).await.leads_to("/webhooks?done=saved");
        browser.get(&world, "/webhooks?done=saved").await.says(200, "Saved.");
        browser.post(&world, "/webhooks/test", &[]).await.leads_to("/webhooks?done=tested");
        browser.get(&world, "/webhooks").await.says(200, "Waits");
        world.runner.tell_all().await.unwrap();
        let page = browser.get(&world, "/webhooks").await.says(200, "Taken");
        assert!(page.text.contains("1 attempt · answered 204"), "{}", page.text);
        browser.post(&world, "/webhooks/test", &[]).await.leads_to("/webhooks?done=tested");
        browser.post(&world, "/webhooks/test", &[]).await.says(409, "No more than 2 tests");
        browser.post(&world, "/webhooks/remove", &[]).await.leads_to("/webhooks?done=removed");
        assert_eq!(world.call("GET", REGISTRATION, None).await.status, 404);
        let seller = someone(&world, world.partner.id, 61, &[Role::AccountAdmin]).await;
        let mut other = Browser::default();
        other.sign_in(&world, &seller).await;
        assert_eq!(other.get(&world, "/webhooks").await.status, 403);
    }
}

async fn check(certificate: Vec<u8>, signature: String, body: String) -> Value {
    let node = std::env::var_os("CHANDLERY_TEST_NODE").unwrap_or_else(|| "node".into());
    let mut child = Command::new(node)
        .args(["-e", CHECK])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let told =
        json!({ "certificate": base64(&certificate), "signature": signature, "body": body }).to_string();
    let mut input = child.stdin.take().unwrap();
    input.write_all(told.as_bytes()).await.unwrap();
    drop(input);
    let output = child.wait_with_output().await.unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}
