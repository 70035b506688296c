//! The markets where Azure reservations are not sold: each of them tried, in the catalogue, the cart, at checkout and by order
//! (rule 10, SEED-12 to SEED-15).

use std::collections::BTreeSet;

use chandlery::seeds;
use chandlery::texts::{Language, Reader};
use chandlery_domain::access::Role;
use chandlery_domain::catalog::Qualification;
use chandlery_domain::ids::PartnerId;
use serde_json::{Value, json};

use crate::people::{Browser, someone};
use crate::world::{HEADER, RMS, VM, World, add_program, partner, person, row};

/// A partner who may sell everywhere, with a token.
async fn sells_everywhere(world: &World) -> (PartnerId, String) {
    let all: BTreeSet<String> = seeds::markets().unwrap().into_iter().map(|market| market.region).collect();
    let regions: Vec<&str> = all.iter().map(String::as_str).collect();
    let own = partner(3, "Everywhere AB", "SE", "SEK", &regions);
    world.installation.add_partner(&own).await.unwrap();
    let roles = vec![Role::GlobalAdmin, Role::AdminAgent];
    add_program(&world.installation, own.id, 13, roles.clone()).await;
    (own.id, person(&world.installation, own.id, 13, 1013, roles).await)
}

on_both! {
    async fn seed_14_every_country_of_the_109_markets_is_refused_in_catalogue_cart_checkout_and_order(world) {
        let (own, token) = sells_everywhere(&world).await;
        let blocked = seeds::unavailable_markets().unwrap();
        let codes: BTreeSet<String> = blocked.iter().map(|named| named.block.country.to_string()).collect();
        assert_eq!((blocked.len(), codes.len()), (109, 106));
        // On sale everywhere, as far as prices go: only the list keeps it from being sold.
        // Russia is not on the list either; it belongs to no region that partners are granted.
        assert!(!codes.contains("RU"));
        let sold = ["SE", "DE", "BR", "AU"];
        let mut sheet = HEADER.to_owned();
        for market in seeds::markets().unwrap() {
            let (code, currency) = (market.country.to_string(), market.currency.to_string());
            let place = (code.as_str(), currency.as_str());
            if !codes.contains(&code) && !sold.contains(&code.as_str()) {
                continue;
            }
            for (product, sku, term, tags) in [
                (VM, ("002L", "Reserved VM 1 year"), "P1Y", "Azure;Reservation"),
                (RMS, ("7", "RMS CAL 1 Device"), "OneTime", "Software;Perpetual"),
            ] {
                // What the standard prices have already stands as it is.
                if !["DE", "SE", "AD", "AU", "BR", "US"].contains(&code.as_str()) {
                    sheet.push('\n');
                    sheet.push_str(&row(product, sku, term, tags, place, "900"));
                }
            }
        }
        world.import_prices(&format!("{sheet}\n")).await.unwrap();
        let (vm, cal) = (world.item("de", VM.1, "002L").await, world.item("de", RMS.1, "7").await);
        let english = Reader::new(Language::En, None);
        for code in &codes {
            let key = format!("m{}", code.to_lowercase());
            let id = world.add_customer(own, &key, code, Qualification::None).await;
            let path = format!("/v1/customers/{id}");
            let listing = format!("{path}/products?targetView=AzureReservations");
            let listed = world.call_as(&token, "GET", &listing, None).await.expect(200);
            assert_eq!(listed["totalCount"], 0, "{code}: the catalogue");
            let line = |item: &str| json!({ "lineItems": [
                { "id": 0, "catalogItemId": item, "quantity": 1, "billingCycle": "OneTime" }] });
            let cart = world.call_as(&token, "POST", &format!("{path}/carts"), Some(line(&vm))).await.expect(201);
            let told = cart["lineItems"][0]["error"]["errorDescription"].as_str().unwrap().to_owned();
            let name = english.country(code.parse().unwrap());
            assert!(told.contains(&name), "{code}: the cart says {told}");
            assert_eq!(cart["lineItems"][0]["error"]["errorCode"].to_string().trim_matches('"'), "10006", "{code}: the cart");
            let checkout = format!("{path}/carts/{}/checkout", cart["id"].as_str().unwrap());
            let told = world.call_as(&token, "POST", &checkout, None).await.refused(400, 800_070);
            assert!(told.contains(&name), "{code}: the checkout says {told}");
            let order = |item: &str| Some(json!({ "lineItems": [{ "offerId": item, "quantity": 1 }] }));
            world.call_as(&token, "POST", &format!("{path}/orders"), order(&vm)).await.refused(400, 800_070);
            // Software is not on that list.
            world.call_as(&token, "POST", &format!("{path}/orders"), order(&cal)).await.expect(201);
        }
        for code in sold {
            let id = world.add_customer(own, &format!("s{}", code.to_lowercase()), code, Qualification::None).await;
            let path = format!("/v1/customers/{id}/products?targetView=AzureReservations");
            let listed = world.call_as(&token, "GET", &path, None).await.expect(200);
            assert_eq!(listed["totalCount"], 1, "{code}: the catalogue");
            let order = json!({ "lineItems": [{ "offerId": vm, "quantity": 1 }] });
            let bought: Value =
                world.call_as(&token, "POST", &format!("/v1/customers/{id}/orders"), Some(order)).await.expect(201);
            assert_eq!(bought["lineItems"].as_array().unwrap().len(), 1, "{code}");
        }
    }

    async fn a_partner_in_a_listed_market_sells_no_reservations_elsewhere(world) {
        let all: BTreeSet<String> = seeds::markets().unwrap().into_iter().map(|market| market.region).collect();
        let regions: Vec<&str> = all.iter().map(String::as_str).collect();
        let own = partner(4, "Andorra SL", "AD", "EUR", &regions);
        world.installation.add_partner(&own).await.unwrap();
        let roles = vec![Role::GlobalAdmin, Role::AdminAgent];
        add_program(&world.installation, own.id, 14, roles.clone()).await;
        let token = person(&world.installation, own.id, 14, 1014, roles).await;
        let id = world.add_customer(own.id, "berlin", "DE", Qualification::None).await;
        let vm = world.item("de", VM.1, "002L").await;
        let order = json!({ "lineItems": [{ "offerId": vm, "quantity": 1 }] });
        let told = world.call_as(&token, "POST", &format!("/v1/customers/{id}/orders"), Some(order)).await;
        assert!(told.refused(400, 800_070).contains("Andorra"));
    }

    async fn what_was_reserved_stays_when_a_market_is_added_to_the_list(world) {
        let bought = world.buy(&[world.line(VM.1, "002L", 1).await]).await;
        world.settle().await;
        let mut named = seeds::unavailable_markets().unwrap().swap_remove(0);
        named.block.country = "DE".parse().unwrap();
        named.block.valid_from = "2020-02-01".parse().unwrap();
        named.block.name_id = "germany".to_owned();
        let adding = world.installation.store.bookkeep(move |tx| {
            Ok::<_, chandlery::error::Error>(chandlery_store::markets::add_block(tx, &named)?)
        });
        assert!(adding.await.unwrap());
        let vm = bought["lineItems"][0]["offerId"].as_str().unwrap().to_owned();
        let order = json!({ "lineItems": [{ "offerId": vm, "quantity": 1 }] });
        world.call("POST", &format!("{}/orders", world.path("de")), Some(order)).await.refused(400, 800_070);
        let still = world.get(&format!("{}/orders/{}", world.path("de"), bought["id"].as_str().unwrap())).await;
        assert_eq!(still["status"], "completed");
        let agent = someone(&world, world.partner.id, 70, &[Role::AdminAgent]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &agent).await;
        let page = format!("/customers/{}/reservations", world.customers["de"]);
        browser.get(&world, &page).await.says(200, "Reserved VM 1 year");
    }
}
