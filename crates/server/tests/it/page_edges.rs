//! What pages do at their edges: searches in every alphabet, long lists, old addresses, refusals.

use chandlery_domain::access::Role;

use crate::dashboard::field;
use crate::people::{Browser, someone};
use crate::software::agent;
use crate::world::{HEADER, RMS, VM, World, row_for};

/// A price sheet of one product for each number, by one publisher.
fn products(numbers: std::ops::Range<u32>, publisher: &str) -> String {
    let rows = numbers.map(|number| {
        let (title, id) = (format!("Übersetzer {number:02} Größe"), format!("DG7UMLAUT{number:03}"));
        let product = (title.as_str(), id.as_str(), "");
        let own = row_for(
            "Commercial",
            product,
            ("1", "Lizenz"),
            "OneTime",
            "Software;Perpetual",
            ("DE", "EUR"),
            "10.00",
        );
        own.replace(",Microsoft,", &format!(",{publisher},"))
    });
    std::iter::once(HEADER.to_owned()).chain(rows).collect::<Vec<_>>().join("\n") + "\n"
}

async fn signed_in(world: &World, number: u128, role: Role) -> Browser {
    let person = someone(world, world.partner.id, number, &[role]).await;
    let mut browser = Browser::default();
    browser.sign_in(world, &person).await;
    browser
}

on_both! {
    async fn the_first_page_shows_exactly_the_windows_that_close_within_two_weeks(world) {
        // 60 days: the first closes on 1 April, the second on 20 April.
        let first = world.buy(&[world.line(crate::world::RMS.1, "7", 1).await]).await;
        world.set_clock("2020-02-20T12:00:00Z");
        let second = world.buy(&[world.line(crate::world::RMS.1, "7", 1).await]).await;
        world.settle().await;
        let (mut browser, _) = agent(&world, 639).await;
        let id = |order: &serde_json::Value| order["id"].as_str().unwrap().to_owned();
        for (at, shown) in [
            ("2020-03-17T23:59:59Z", [false, false]),
            ("2020-03-18T00:00:00Z", [true, false]),
            ("2020-04-01T23:59:59Z", [true, false]),
            ("2020-04-02T00:00:00Z", [false, false]),
            ("2020-04-06T00:00:00Z", [false, true]),
            ("2020-04-21T00:00:00Z", [false, false]),
        ] {
            world.set_clock(at);
            let page = browser.get(&world, "/").await.says(200, "Windows closing");
            let tile = page.text.split("Windows closing").nth(1).unwrap().split("</section>").next().unwrap();
            assert_eq!([tile.contains(&id(&first)), tile.contains(&id(&second))], shown, "{at}: {tile}");
        }
    }

    async fn products_are_found_in_every_alphabet_and_page_by_page(world) {
        world.import_prices(&products(0..30, "Wortwerk")).await.unwrap();
        world.import_prices(&products(30..32, "Andere")).await.unwrap();
        let (mut browser, _) = agent(&world, 640).await;
        // Upper and lower case of letters beyond ASCII, in any order of words.
        for text in ["Übersetzer", "übersetzer 31", "GRÖSSE ÜBER".replace("SS", "ß").as_str()] {
            browser.get(&world, &format!("/search?q={}", percent(text))).await.says(200, "Übersetzer");
        }
        let base = format!("/customers/{}/products?view=product&q={}", world.customers["de"], percent("übersetzer"));
        let first = browser.get(&world, &format!("{base}&publisher=Wortwerk")).await.says(200, "Übersetzer 24");
        assert!(!first.text.contains("Übersetzer 25") && !first.text.contains("Übersetzer 30"));
        let next = first.text.split("href=\"").filter_map(|part| part.split('"').next()).find(|place| place.contains("after=")).unwrap();
        let next = browser.get(&world, &next.replace("&#38;", "&")).await.says(200, "Übersetzer 29");
        assert!(!next.text.contains("Übersetzer 30"), "another publisher's");
        browser.get(&world, &format!("{base}&publisher=Andere")).await.says(200, "Übersetzer 31");
    }

    async fn an_address_that_takes_forms_only_leads_to_the_page_above_it(world) {
        let (mut browser, _) = agent(&world, 641).await;
        let base = format!("/customers/{}", world.customers["de"]);
        for (place, above) in [
            (format!("{base}/cart/buy"), format!("{base}/cart")),
            (format!("{base}/software/x/0/cancel/withdraw"), format!("{base}/software/x/0/cancel")),
            ("/operator/catalog/sheets".into(), "/operator/catalog".into()),
            ("/sign-out".into(), "/".into()),
        ] {
            browser.get(&world, &place).await.leads_to(&above);
        }
    }

    async fn whoever_may_not_change_people_stands_in_the_log_for_trying(world) {
        let mut browser = signed_in(&world, 642, Role::HelpdeskAgent).await;
        let base = format!("/customers/{}/users", world.customers["de"]);
        let form = [("name", "Mallory"), ("upn", "mallory@de.example"), ("roles", "customer_global_admin")];
        assert_eq!(browser.post(&world, &base, &form).await.status, 403);
        let (mut reader, _) = agent(&world, 643).await;
        let log = reader.get(&world, "/activity?from=2020-01-01&to=2020-12-31&kind=update_customer_user").await;
        let shown = log.says(200, "<summary>Customer’s user changed</summary>");
        assert!(shown.text.contains("Error code"), "{}", shown.text);
    }

    async fn a_name_that_was_typed_stays_when_the_roles_are_refused(world) {
        let admin = someone(&world, world.partner.id, 644, &[Role::GlobalAdmin]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &admin).await;
        // The last one who can manage the others stays.
        let first = "/users/00000000-0000-0000-0000-0000000003f3";
        browser.post(&world, first, &[("roles", "sales_agent")]).await.says(200, "Saved");
        let own = format!("/users/{}", admin.id);
        let page = browser.post(&world, &own, &[("name", "Renamed"), ("roles", "sales_agent")]).await;
        assert!(page.says(400, "leave nobody").text.contains("value=\"Renamed\""));
        let long = "x".repeat(201);
        browser.post(&world, &own, &[("name", &long)]).await.says(400, "at most 200 letters");
    }

    async fn cancelled_software_beside_a_reservation_is_said_to_be_cancelled(world) {
        let order = world.buy(&[world.line(RMS.1, "7", 1).await, world.line(VM.1, "002L", 1).await]).await;
        let id = order["id"].as_str().unwrap();
        let (mut browser, _) = agent(&world, 645).await;
        let place = format!("/customers/{}/software/{id}/0/cancel", world.customers["de"]);
        let shown = browser.get(&world, &format!("{place}?order={id}&of={id}&line=0")).await.says(200, "€119.99");
        let promise = field(&shown, "quote");
        let form = [("order", id), ("of", id), ("line", "0"), ("quote", promise.as_str()), ("acknowledged", "yes")];
        browser.post(&world, &place, &form).await.leads_to("/customers/");
        browser.get(&world, &place).await.says(200, "cancelled already");
    }
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
