//! Who is told of what, on the page and by mail, and that nobody reads what another is told.

use std::sync::Arc;

use chandlery::app::{Context, activations};
use chandlery::error::Error;
use chandlery::installation::OPERATOR;
use chandlery::jobs::{Outside, Runner};
use chandlery::outside::mail::Mailer;
use chandlery_domain::access::Role;
use chandlery_domain::ids::{PartnerId, UserId};
use chandlery_domain::notice::Kind;
use chandlery_store::notices::{self, Notice};
use serde_json::json;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::people::{Browser, Someone, newcomer, someone};
use crate::smtp_peer::{Message, SmtpPeer, start};
use crate::world::{HEADER, SQL, World, row};

const LINKS: &str = "https://partner.example";
/// Who buys and cancels in these tests: an Admin agent itself.
const BUYER: u128 = 1011;

impl World {
    /// What a person was told, newest first.
    pub async fn told(&self, partner: PartnerId, user: UserId) -> Vec<Notice> {
        let read = self
            .installation
            .store
            .read(move |tx| Ok::<_, Error>(notices::page(tx, (partner, user), None, 100)?));
        read.await.unwrap()
    }

    /// How often a person of the first partner was told of a kind.
    async fn times(&self, user: UserId, kind: Kind) -> usize {
        self.told(self.partner.id, user).await.iter().filter(|own| own.kind == kind).count()
    }

    /// From now on sends mail, to a server of the test's own.
    async fn mailing(&mut self) -> SmtpPeer {
        let peer = start().await;
        self.installation.send_mail_with(Some(LINKS)).await.unwrap();
        let url = format!("smtp://127.0.0.1:{}?tls=none", peer.port);
        let mailer = Mailer::from_url(&url, "Chandlery <no-reply@partner.example>").unwrap();
        let outside = Outside { mailer: Some(mailer), ..Outside::default() };
        self.runner = Runner::new(self.installation.clone(), Arc::new(Notify::new()), outside);
        peer
    }
}

fn buyer() -> UserId {
    UserId::new(Uuid::from_u128(BUYER))
}

async fn agent(world: &World, number: u128) -> (Browser, Someone) {
    let person = someone(world, world.partner.id, number, &[Role::AdminAgent]).await;
    let mut browser = Browser::default();
    browser.sign_in(world, &person).await;
    world.later(31);
    (browser, person)
}

/// The plain text and the HTML of a mail.
fn both_parts(message: &Message) -> (String, String) {
    let kind = message.header("Content-Type").unwrap();
    assert!(kind.starts_with("multipart/alternative"), "{kind}");
    let boundary = kind.split("boundary=").nth(1).unwrap().trim_matches('"').to_owned();
    let parts: Vec<Message> = message
        .raw
        .split(&format!("--{boundary}"))
        .skip(1)
        .filter(|part| !part.starts_with("--"))
        .map(|part| Message { raw: part.trim_start_matches("\r\n").to_owned(), ..message.clone() })
        .collect();
    let [plain, html] = &parts[..] else { panic!("two parts, not {}", parts.len()) };
    assert!(plain.header("Content-Type").unwrap().starts_with("text/plain"));
    assert!(html.header("Content-Type").unwrap().starts_with("text/html"));
    (plain.text(), html.text())
}

on_both! {
    async fn a_purchase_is_told_to_the_admin_agents_and_not_to_the_buyer(world) {
        let (mut browser, person) = agent(&world, 60).await;
        let seller = someone(&world, world.partner.id, 61, &[Role::SalesAgent]).await;
        let order = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        let page = browser.get(&world, "/notifications").await.says(200, "Order placed");
        assert!(page.text.contains("Customer de") && page.text.contains("SQL Enterprise 1 year"));
        assert!(page.text.contains("1 unread notification"), "the bell counts");
        assert!(world.told(world.partner.id, buyer()).await.is_empty());
        assert!(world.told(world.partner.id, seller.id).await.is_empty());
        let id = world.told(world.partner.id, person.id).await[0].id;
        let subject = format!("/customers/{}/orders/{}", world.customers["de"], order["id"].as_str().unwrap());
        let open = format!("/notifications/{id}/open");
        browser.post(&world, &open, &[]).await.leads_to(&subject);
        let page = browser.get(&world, "/notifications").await.says(200, "Order placed");
        assert!(!page.text.contains("unread notification") && !page.text.contains("Mark all as read"));
        // Two more, read at once.
        world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        browser.get(&world, "/notifications").await.says(200, "2 unread notifications");
        browser.post(&world, "/notifications/read", &[]).await.leads_to("/notifications?done=read");
        let page = browser.get(&world, "/notifications?done=read").await.says(200, "marked as read");
        assert!(!page.text.contains("unread notification"));
    }

    async fn nobody_reads_or_opens_what_another_is_told(world) {
        let (_, person) = agent(&world, 60).await;
        world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        let own = world.told(world.partner.id, person.id).await.remove(0);
        let seller = someone(&world, world.partner.id, 61, &[Role::SalesAgent]).await;
        let stranger = someone(&world, world.other.id, 62, &[Role::AdminAgent]).await;
        for other in [seller, stranger] {
            let mut browser = Browser::default();
            browser.sign_in(&world, &other).await;
            let page = browser.get(&world, "/notifications").await.says(200, "Nothing yet");
            assert!(!page.text.contains("Customer de"));
            assert_eq!(browser.post(&world, &format!("/notifications/{}/open", own.id), &[]).await.status, 404);
            browser.post(&world, "/notifications/read", &[]).await.leads_to("/notifications");
        }
        Browser::default().get(&world, "/notifications").await.leads_to("/sign-in");
        assert_eq!(world.told(world.partner.id, person.id).await, std::slice::from_ref(&own), "it is still unread");
    }

    async fn cancelling_is_told_to_the_others(world) {
        let (mut browser, person) = agent(&world, 60).await;
        let order = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        world.cancel(&order).await.expect(200);
        browser.get(&world, "/notifications").await.says(200, "was cancelled");
        assert_eq!(world.times(person.id, Kind::OrderCancelled).await, 1);
        assert_eq!(world.times(buyer(), Kind::OrderCancelled).await, 0, "it did so itself");
    }

    async fn that_keys_are_missing_is_told_once_to_whoever_waits(world) {
        let excel = row(("Excel LTSC", "DG7GMGF0D7FT", ""), ("1", "Excel"), "", "Software;Perpetual", ("DE", "EUR"), "100");
        world.import_prices(&format!("{HEADER}\n{excel}\n")).await.unwrap();
        let (_, person) = agent(&world, 60).await;
        world.buy(&[world.line("DG7GMGF0D7FT", "1", 1).await]).await;
        for at in ["2020-02-01T11:00:00Z", "2020-02-01T13:00:00Z"] {
            world.set_clock(at);
            world.settle().await;
        }
        for user in [person.id, buyer()] {
            assert_eq!(world.times(user, Kind::KeysWaiting).await, 1);
        }
        world.import_keys("ProductId,Key\nDG7GMGF0D7FT,AAA1BBB2CCC3DDD4EEE5FAKEEXCE0001\n").await.unwrap();
        world.set_clock("2020-02-02T13:00:00Z");
        world.settle().await;
        assert_eq!(world.times(person.id, Kind::OrderPlaced).await, 1, "told when it was placed, and not again");
        assert_eq!(world.times(buyer(), Kind::OrderPlaced).await, 0);
    }

    async fn a_window_that_closes_is_told_once_and_never_of_what_was_cancelled(world) {
        let (mut browser, person) = agent(&world, 60).await;
        world.buy(&[world.line(SQL.1, "2", 1).await, world.line(SQL.1, "3", 1).await]).await;
        let gone = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        world.cancel(&gone).await.expect(200);
        // Sixty days, to the end of 1 April.
        for (at, times) in [
            ("2020-02-01T10:00:00Z", 0), ("2020-03-25T12:00:00Z", 0), ("2020-03-26T00:30:00Z", 1),
            ("2020-03-26T01:30:00Z", 1), ("2020-04-01T23:59:00Z", 1), ("2020-04-02T00:30:00Z", 1),
        ] {
            world.set_clock(at);
            world.runner.tell_closing_windows().await.unwrap();
            assert_eq!(world.times(person.id, Kind::WindowClosing).await, times, "{at}");
        }
        browser.get(&world, "/notifications").await.says(200, "1 Apr 2020, 23:59 UTC");
    }

    async fn a_mail_is_in_its_readers_language_and_both_its_parts_say_the_same(world) {
        let peer = world.mailing().await;
        let (mut browser, person) = agent(&world, 60).await;
        let form = [("language", "de"), ("zone", "Europe/Berlin"), ("mail", "order_placed")];
        browser.post(&world, "/settings", &form).await.leads_to("/settings?done=saved");
        let order = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        let [message] = &peer.messages()[..] else { panic!("one mail: {:?}", peer.messages()) };
        assert_eq!(message.to, std::slice::from_ref(&person.upn));
        assert_eq!(message.subject(), "Bestellung aufgegeben");
        let (plain, html) = both_parts(message);
        let link = format!("{LINKS}/customers/{}/orders/{}", world.customers["de"], order["id"].as_str().unwrap());
        for part in [&plain, &html] {
            for words in ["Customer de: Bestellung", "wurde aufgegeben", "CET", link.as_str(), "/settings"] {
                assert!(part.contains(words), "{words} is not in {part}");
            }
            assert!(!part.contains("FAKE") && !part.contains("token="), "{part}");
        }
        assert!(html.contains("<html lang=\"de\">"));
        // Muted kinds stand on the page and send no mail.
        world.cancel(&order).await.expect(200);
        world.settle().await;
        assert_eq!(world.times(person.id, Kind::OrderCancelled).await, 1);
        assert_eq!(peer.messages().len(), 1);
    }

    async fn whoever_mutes_a_kind_while_its_mail_waits_gets_none(world) {
        let peer = world.mailing().await;
        let (mut browser, person) = agent(&world, 60).await;
        let order = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        assert_eq!(peer.messages().len(), 1);
        world.cancel(&order).await.expect(200);
        browser.post(&world, "/settings", &[("language", ""), ("zone", "")]).await.leads_to("/settings?done=saved");
        world.settle().await;
        assert_eq!(peer.messages().len(), 1);
        // A sign-in from elsewhere is told all the same.
        Browser::at("198.51.100.7").sign_in(&world, &person).await;
        world.settle().await;
        let messages = peer.messages();
        assert_eq!((messages.len(), messages[1].subject().as_str()), (2, "Sign-in from a new place"));
        let (plain, _) = both_parts(&messages[1]);
        assert!(plain.contains("198.51.100.7") && plain.contains("Chrome"), "{plain}");
    }

    async fn without_a_mail_server_nothing_waits_to_be_mailed(world) {
        agent(&world, 60).await;
        world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        let now = jiff::Timestamp::MAX;
        let waiting = world.installation.store.read(move |tx| Ok::<_, Error>(chandlery_store::jobs::due(tx, now, 10)?));
        assert!(waiting.await.unwrap().is_empty());
    }

    async fn a_sign_in_from_a_new_place_is_told_once_to_the_person_alone(world) {
        let (_, person) = agent(&world, 60).await;
        agent(&world, 61).await;
        assert!(world.told(world.partner.id, person.id).await.is_empty(), "the first place is nothing new");
        for times in [1, 1] {
            Browser::at("198.51.100.7").sign_in(&world, &person).await;
            world.later(31);
            assert_eq!(world.times(person.id, Kind::SignInNewPlace).await, times);
        }
        Browser::at("2001:db8:1:2::7").sign_in(&world, &person).await;
        world.later(31);
        Browser::at("2001:db8:1:2::8").sign_in(&world, &person).await;
        assert_eq!(world.times(person.id, Kind::SignInNewPlace).await, 2, "one network is one place");
        let other = UserId::new(Uuid::from_u128(61));
        assert!(world.told(world.partner.id, other).await.is_empty());
    }

    async fn the_operator_is_told_of_requests_and_whoever_asked_of_the_answer(world) {
        let (operator, _) = newcomer(&world, OPERATOR, 80, &[Role::OperatorAdmin], false).await;
        world.buy(&[world.line(SQL.1, "2", 10).await]).await;
        let owned = world.get(&format!("{}/entitlements", world.path("de"))).await;
        let link = owned["items"][0]["entitledArtifacts"][0]["link"]["uri"].as_str().unwrap();
        let path = format!("/v1{}/activations", link.split("/items/").next().unwrap());
        let asked = json!({ "activations": 30, "description": "new machines" });
        let asked = world.call("POST", &path, Some(asked)).await.expect(201);
        let told = world.told(OPERATOR, operator).await;
        assert_eq!(told.iter().map(|own| own.kind).collect::<Vec<_>>(), [Kind::RequestFiled]);
        assert!(told[0].facts.contains(&("partner".into(), "Erste Software GmbH".into())));
        let cx = Context::system(world.partner.id, world.now(), "operator");
        let (inner, id) = (cx.clone(), (world.partner.id, asked["id"].as_str().unwrap().parse().unwrap()));
        let store = &world.installation.store;
        store.write(cx.stamp(), move |tx| activations::answer(tx, &inner, id, Some(30), "granted")).await.unwrap();
        assert_eq!(world.times(buyer(), Kind::RequestAnswered).await, 1);
    }

    async fn settings_know_time_zones_and_lose_nothing_that_was_typed(world) {
        let (mut browser, person) = agent(&world, 60).await;
        let page = browser.get(&world, "/settings").await.says(200, "My settings");
        assert!(page.text.contains("Europe/Stockholm") && !page.text.contains("Few product keys left"));
        let form = [("language", "en"), ("zone", "Europe/Nowhere"), ("mail", "order_placed")];
        let page = browser.post(&world, "/settings", &form).await.says(422, "There is no such time zone");
        assert!(page.text.contains("value=\"Europe/Nowhere\""));
        let is_ticked = |kind: &str| {
            let tag = page.text.split(&format!("id=\"mail-{kind}\"")).nth(1).unwrap().split('>').next().unwrap();
            tag.contains(" checked")
        };
        assert!(is_ticked("order_placed") && !is_ticked("order_cancelled") && is_ticked("sign_in_new_place"));
        let kept = world.user(world.partner.id, person.id).await;
        assert_eq!((kept.time_zone, kept.muted.len()), (None, 0), "nothing is kept of what is wrong");
        // An example shows how a time would look, and keeps nothing either.
        let form = [("language", "sv"), ("zone", "Asia/Tokyo"), ("preview", "yes")];
        browser.post(&world, "/settings", &form).await.says(200, "value=\"Asia/Tokyo\"");
        assert_eq!(world.user(world.partner.id, person.id).await.time_zone, None);
        let form = [("language", "sv"), ("zone", "europe/stockholm"), ("mail", "order_placed"), ("mail", "keys_waiting")];
        browser.post(&world, "/settings", &form).await.leads_to("/settings?done=saved");
        let kept = world.user(world.partner.id, person.id).await;
        assert_eq!((kept.language.as_deref(), kept.time_zone.as_deref()), (Some("sv"), Some("Europe/Stockholm")));
        assert_eq!(kept.muted, [
            "window_closing", "order_cancelled", "renewal_failed", "invoice_ready", "payment_late", "request_answered",
        ]);
        browser.get(&world, "/settings?done=saved").await.says(200, "Dina inställningar är sparade");
    }

    async fn a_mail_for_a_new_password_is_in_the_persons_language(world) {
        let (mut browser, person) = agent(&world, 60).await;
        browser.post(&world, "/settings", &[("language", "de"), ("zone", "")]).await.leads_to("/settings?done=saved");
        let peer = world.mailing().await;
        Browser::default().post(&world, "/forgot", &[("upn", &person.upn)]).await;
        for _ in 0..200 {
            world.settle().await;
            if !peer.messages().is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        let message = &peer.messages()[0];
        assert_eq!(message.subject(), "Neues Passwort festlegen");
        let (plain, html) = both_parts(message);
        assert!(plain.contains("/reset?token=") && html.contains("/reset?token="));
        assert!(plain.contains("30 Minuten") && html.contains("30 Minuten"));
    }

    async fn what_is_old_and_what_an_erased_person_was_told_is_forgotten(world) {
        let (_, person) = agent(&world, 60).await;
        let (_, other) = agent(&world, 61).await;
        world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        let user = world.user(world.partner.id, person.id).await;
        let (cx, wall) = (Context::system(world.partner.id, world.now(), "test"), world.world.now());
        let inner = cx.clone();
        let erased = world
            .installation
            .store
            .write(cx.stamp(), move |tx| chandlery::app::people::erase(tx, &inner, &user, wall));
        erased.await.unwrap();
        assert!(world.told(world.partner.id, person.id).await.is_empty());
        assert_eq!(world.times(other.id, Kind::OrderPlaced).await, 1);
        world.set_clock("2020-07-29T10:00:00Z");
        world.runner.forget_ended().await.unwrap();
        assert_eq!(world.times(other.id, Kind::OrderPlaced).await, 1);
        world.set_clock("2020-08-01T10:00:00Z");
        world.runner.forget_ended().await.unwrap();
        assert!(world.told(world.partner.id, other.id).await.is_empty());
    }
}
