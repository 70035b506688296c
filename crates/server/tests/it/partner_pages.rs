//! What a partner finds on its pages: customers by what one remembers of them, what cannot be sold and why, the whole story of
//! an order, links issued again, charts that tell both ways, and a log one can ask.

use chandlery::error::Error;
use chandlery_domain::access::Role;
use chandlery_domain::catalog::Qualification;
use chandlery_store::seals;
use serde_json::json;

use crate::dashboard::field;
use crate::downloads::filling;
use crate::operator::operators;
use crate::people::{Browser, PASSWORD, Page, someone};
use crate::software::{agent, customers_person};
use crate::world::{HEADER, RMS, SQL, VM, row};

/// The text of a page's story, one line each.
fn story(page: &Page) -> Vec<String> {
    let list = page.text.split("class=\"timeline\">").nth(1).unwrap().split("</ol>").next().unwrap();
    list.split("<strong>").skip(1).map(|own| own.split("</strong>").next().unwrap().to_owned()).collect()
}

/// The names a list of customers shows.
fn names(page: &Page) -> Vec<String> {
    let rows = page.text.split("<th role=\"rowheader\" scope=\"row\"><a href=\"/customers/").skip(1);
    rows.map(|own| own.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned()).collect()
}

on_both! {
    async fn an_orders_story_keeps_what_happened_before_it_was_cancelled(world) {
        let order = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        let (mut browser, _) = agent(&world, 1201).await;
        let (base, id) = (format!("/customers/{}", world.customers["de"]), order["id"].as_str().unwrap());
        browser.post(&world, &format!("{base}/software/{id}/0/key"), &[("version", "2022")]).await.says(200, "FAKE-SQLE");
        world.set_clock("2020-02-02T09:00:00Z");
        world.cancel(&order).await.expect(200);
        let page = browser.get(&world, &format!("{base}/orders/{id}")).await.says(200, "Cancelled");
        let told = story(&page);
        let title = "SQL Enterprise 1 year";
        assert_eq!(told[0], "Order placed");
        for text in ["provisioned", "key of version 2022 assigned", "key of version 2022 first opened", "cancelled", "key of version 2022 revoked"] {
            assert!(told.contains(&format!("{title}: {text}")), "{text}: {told:?}");
        }
        assert!(told.iter().any(|own| own.ends_with(" credited")), "{told:?}");
        let place = |text: &str| told.iter().position(|own| own.ends_with(text)).unwrap();
        assert!(place("first opened") < place(": cancelled"), "in the order of time: {told:?}");
    }

    async fn customers_are_found_by_what_one_remembers_of_them(world) {
        let (mut browser, _) = agent(&world, 1202).await;
        let pupil = format!("/customers/{}/tags", world.customers["school"]);
        browser.post(&world, &pupil, &[("tags", "north big")]).await;
        // A word inside the name finds it, and the begin of a domain.
        assert_eq!(names(&browser.get(&world, "/customers?q=SCHOOL").await), ["Customer school"]);
        assert_eq!(names(&browser.get(&world, "/customers?q=mer%20sch").await), ["Customer school"]);
        assert_eq!(names(&browser.get(&world, "/customers?q=school.onm").await), ["Customer school"]);
        assert!(names(&browser.get(&world, "/customers?q=onmicrosoft").await).is_empty(), "a domain from its begin only");
        assert_eq!(names(&browser.get(&world, "/customers?q=%25").await), Vec::<String>::new(), "no wildcard");
        let found = browser.get(&world, "/search?q=school").await.says(200, "Customer school");
        assert!(!found.text.contains("Customer se<"));
        // Filters.
        let swedish = names(&browser.get(&world, "/customers?country=SE").await);
        assert!(swedish.contains(&"Customer se".to_owned()) && !swedish.contains(&"Customer de".to_owned()), "{swedish:?}");
        assert_eq!(names(&browser.get(&world, "/customers?segment=education").await), ["Customer school"]);
        assert!(names(&browser.get(&world, "/customers?agreement=missing").await).is_empty());
        world.tamper(&format!("delete from agreements where customer_id = '{}'", world.customers["se"])).await;
        assert_eq!(names(&browser.get(&world, "/customers?agreement=missing").await), ["Customer se"]);
        let agreed = names(&browser.get(&world, "/customers?agreement=accepted").await);
        assert!(!agreed.contains(&"Customer se".to_owned()) && agreed.len() > 2, "{agreed:?}");
        browser.get(&world, "/customers?country=SE&agreement=accepted&tag=none").await.says(200, "passes the filters");
        // The export has what the filters leave, with the tags.
        let id = world.customers["school"];
        assert_eq!(names(&browser.get(&world, &format!("/customers?q={id}")).await), ["Customer school"]);
        assert!(names(&browser.get(&world, &format!("/customers?q={id}&country=SE")).await).is_empty(), "the filters hold");
        let file = browser.get(&world, "/customers/export?tag=north").await.says(200, "Relationship,Country,Tags");
        assert_eq!(file.text.lines().count(), 2, "{}", file.text);
        assert!(file.text.contains(",DE,big north"), "{}", file.text);
    }

    async fn what_cannot_be_sold_here_is_shown_with_the_reason(world) {
        let rows = [row(("Visio LTSC", "DG7GMGF0D7FX", ""), ("1", "Visio Standard"), "", "Software;Perpetual", ("US", "USD"), "300.00")];
        world.import_prices(&format!("{HEADER}\n{}\n", rows.join("\n"))).await.unwrap();
        let (mut browser, _) = agent(&world, 1203).await;
        let base = format!("/customers/{}/products", world.customers["de"]);
        let page = browser.get(&world, &format!("{base}?q=visio")).await.says(200, "Cannot be bought for this customer");
        assert!(page.text.contains("is not sold in Germany") && !page.text.contains("Add to cart<"), "{}", page.text);
        browser.get(&world, &format!("{base}?q=visio&sold=here")).await.says(200, "Nothing in this catalogue fits");
        let page = browser.get(&world, &format!("{base}?q=visio&view=product")).await.says(200, "Visio LTSC");
        assert!(page.text.contains("It has no price in Germany"), "{}", page.text);
        browser.get(&world, &format!("{base}?q=visio&view=product&sold=here")).await.says(200, "Nothing in this catalogue fits");
        // What is for schools is for schools.
        let page = browser.get(&world, &format!("{base}?q=rms&segment=Education")).await.says(200, "Cannot be bought for this customer");
        assert!(page.text.contains("ducation"), "{}", page.text);
        // A reservation needs a subscription it is for, and the page says so until there is one.
        let azure = browser.get(&world, &format!("{base}?tab=azure")).await.says(200, "This customer has none yet");
        assert!(azure.text.contains("/reservations#azure"));
        let id = "6b029834-b24d-430c-9e73-e2f7a4a8f0f1";
        let place = format!("/customers/{}/reservations/azure", world.customers["de"]);
        browser.post(&world, &place, &[("azure_id", id), ("azure_name", "Production")]).await;
        browser.post(&world, &format!("{place}/{id}"), &[("do", "register")]).await;
        let azure = browser.get(&world, &format!("{base}?tab=azure")).await;
        assert!(!azure.text.contains("This customer has none yet"), "{}", azure.text);
    }

    async fn what_could_not_be_put_into_the_cart_stays_where_it_was_typed(world) {
        let (mut browser, _) = agent(&world, 1204).await;
        let base = format!("/customers/{}/products", world.customers["de"]);
        let item = world.item("de", RMS.1, "7").await;
        let flow = format!("{base}?tab=software&q=rms&publisher=Microsoft");
        let form = [("item", item.as_str()), ("way", "OneTime.OneTime"), ("quantity", "some"), ("flow", flow.as_str())];
        let page = browser.post(&world, &base, &form).await.says(422, "give a whole number as quantity");
        // The filters are as they were, and the fault stands at the field it is about.
        assert!(page.text.contains("value=\"rms\"") && page.text.contains("value=\"some\""), "{}", page.text);
        assert!(!page.text.contains("SQL Enterprise"), "still sieved");
        let at = page.text.find("id=\"quantity-").unwrap();
        assert!(page.text[at..].contains("aria-invalid=\"true\""), "{}", page.text);
        // Tried again from that page, it leads back to the same filters.
        let flow = page.text.split("name=\"flow\" value=\"").nth(1).unwrap().split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
        let form = [("item", item.as_str()), ("way", "OneTime.OneTime"), ("quantity", "1"), ("flow", flow.as_str())];
        browser.post(&world, &base, &form).await.leads_to(&format!("{base}?tab=software&q=rms&publisher=Microsoft"));
    }

    async fn a_link_that_ended_is_issued_again_from_where_it_stands(world) {
        world.add_medium(SQL.1, "2022", "en-US", &filling(7)).await;
        let order = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        let (mut browser, _) = agent(&world, 1205).await;
        let place = format!("/customers/{}/software/{}/0", world.customers["de"], order["id"].as_str().unwrap());
        let page = browser.get(&world, &format!("{place}?version=2022")).await;
        let medium = page.text.split("name=\"medium\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        browser.post(&world, &format!("{place}/link"), &[("medium", &medium)]).await.says(200, "Download link for");
        assert!(!browser.get(&world, &place).await.text.contains("Re-issue"), "one that can be used is not issued again");
        world.set_clock("2020-02-16T13:00:00Z");
        let page = browser.get(&world, &place).await.says(200, "Re-issue");
        let form = page.text.split("Re-issue").next().unwrap().rsplit("<form").next().unwrap().to_owned();
        assert!(form.contains(&format!("{place}/link")) && form.contains(&medium), "{medium}: {form}");
        browser.post(&world, &format!("{place}/link"), &[("medium", &medium)]).await.says(200, "Download link for");
        assert!(!browser.get(&world, &place).await.text.contains("Re-issue"), "once is enough");
        world.cancel(&order).await.expect(200);
        assert!(!browser.get(&world, &place).await.text.contains("Re-issue"), "nothing of a cancelled purchase is");
    }

    async fn the_first_page_draws_both_ways_by_family_and_counts(world) {
        let first = world.buy(&[world.line(SQL.1, "2", 1).await, world.line(RMS.1, "7", 2).await]).await;
        world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        world.cancel(&first).await.expect(200);
        let (mut browser, _) = agent(&world, 1207).await;
        let page = browser.get(&world, "/").await.says(200, "Purchases and credits by month, in EUR");
        let row = page.text.split("<tbody role=\"rowgroup\">").nth(1).unwrap().split("</tbody>").next().unwrap();
        let row = row.split("<tr role=\"row\">").last().unwrap();
        // February: 1,500.00 and 3 × 119.99 bought in three lines; 1,500.00 and 239.98 given back in two credits.
        for text in ["€1,500.00", "€1,500.00 credited", "€359.97", "€239.98 credited", "€1,859.97", "€1,739.98"] {
            assert!(row.contains(text), "{text}: {row}");
        }
        let counts: Vec<&str> = row.split("class=\"sum\">").filter_map(|own| own.split('<').next()).filter(|own| own.len() == 1).collect();
        assert_eq!(counts, ["3", "2"], "{row}");
        assert!(page.text.contains("class=\"part-1 back\"") && page.text.contains("class=\"part-2 back\""));
    }

    async fn the_first_page_tells_what_waits_and_what_ends(world) {
        world.buy(&[world.line(SQL.1, "3", 1).await]).await;
        // More keys are asked for than there are: the order waits, and the page says so.
        world.tamper("delete from key_stock").await;
        world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        let (mut browser, _) = agent(&world, 1208).await;
        let tile = |page: &Page, title: &str| {
            let own = page.text.split(&format!("{title}</h2>")).nth(1).unwrap().split("</section>").next().unwrap();
            own.to_owned()
        };
        let page = browser.get(&world, "/").await;
        assert!(tile(&page, "Orders waiting for keys").contains("SQL Enterprise 1 year"), "{}", page.text);
        assert!(tile(&page, "Terms ending").contains("No subscription ends"));
        world.set_clock("2023-01-10T12:00:00Z");
        let (mut browser, _) = agent(&world, 1209).await;
        let page = browser.get(&world, "/").await;
        assert!(tile(&page, "Terms ending").contains("SQL Enterprise 3 years"), "{}", page.text);
    }

    async fn a_name_that_is_hardly_a_legal_one_is_asked_back(world) {
        let person = someone(&world, world.partner.id, 1210, &[Role::AdminAgent]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &person).await;
        let form = [
            ("company", "fabrikam.com"), ("domain", "fabrikam"), ("country", "SE"), ("qualification", "none"),
            ("first_name", "Ada"), ("last_name", "Ek"), ("email", "ada@fabrikam.example"), ("language", "sv"),
            ("line1", "Gatan 1"), ("city", "Malmö"), ("postal_code", "211 20"),
        ];
        let page = browser.post(&world, "/customers/new", &form).await.says(422, "looks like the name of a domain");
        assert!(page.text.contains("name=\"name_is_right\" value=\"fabrikam.com\""));
        // Said of another name it says nothing of this one.
        let with = |name: &'static str, value: &'static str| {
            let mut form = form.to_vec();
            form.push((name, value));
            form
        };
        browser.post(&world, "/customers/new", &with("name_is_right", "other.com")).await.says(422, "looks like the name of a domain");
        // Something else that is wrong does not lose what was said of the name.
        let mut without = with("name_is_right", "fabrikam.com");
        without.retain(|(name, _)| *name != "city");
        let page = browser.post(&world, "/customers/new", &without).await;
        assert!(page.text.contains("value=\"fabrikam.com\" checked"), "{}", page.text);
        browser.post(&world, "/customers/new", &with("name_is_right", "fabrikam.com")).await.says(201, "fabrikam.com");
    }

    async fn the_log_is_asked_for_what_somebody_did_and_says_when_it_is_not_whole(world) {
        let (mut browser, person) = agent(&world, 1211).await;
        let (mut other, issued_nothing) = agent(&world, 1212).await;
        for (who, customer, tag) in [(&mut browser, "de", "mine"), (&mut other, "se", "theirs")] {
            let place = format!("/customers/{}/tags", world.customers[customer]);
            who.post(&world, &place, &[("tags", tag)]).await;
        }
        let range = "from=2020-02-01&to=2020-02-01";
        let all = browser.get(&world, &format!("/activity?{range}&kind=update_customer")).await;
        assert_eq!(all.text.matches("<summary>Customer changed</summary>").count(), 2, "{}", all.text);
        let mine = browser.get(&world, &format!("/activity?{range}&kind=update_customer&actor={}", person.id)).await;
        assert_eq!(mine.text.matches("<summary>Customer changed</summary>").count(), 1, "{}", mine.text);
        assert!(mine.text.contains("value=\"set_webhook\"") && !mine.text.contains("value=\"import_prices\""));
        assert!(mine.text.contains("sealed and can be verified") && !mine.text.contains("The log is not whole"));
        // What is fetched by a link counts for whoever issued it.
        world.add_medium(SQL.1, "2022", "en-US", &filling(7)).await;
        let order = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        let place = format!("/customers/{}/software/{}/0", world.customers["de"], order["id"].as_str().unwrap());
        let page = browser.get(&world, &format!("{place}?version=2022")).await;
        let medium = page.text.split("name=\"medium\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let link = browser.post(&world, &format!("{place}/download"), &[("medium", &medium)]).await.to.unwrap();
        assert_eq!(Browser::default().get(&world, link.trim_start_matches("http://localhost")).await.status, 200);
        for (who, count) in [(person.id, 2), (issued_nothing.id, 0)] {
            let page = browser.get(&world, &format!("/activity?{range}&kind=download_software&actor={who}")).await;
            assert_eq!(page.text.matches("<summary>").count(), count, "{}", page.text);
        }
        // An entry that somebody took out of the database is missed.
        world.tamper(&format!(
            "delete from audit where partner_id = '{}' and sequence = (select max(sequence) from audit where partner_id = '{}')",
            world.partner.id, world.partner.id
        )).await;
        let read = world.installation.store.read({
            let partner = world.partner.id;
            move |tx| Ok::<_, Error>((seals::length(tx, partner)?, seals::head(tx, partner)?))
        });
        let (length, head) = read.await.unwrap();
        assert_eq!(head.map(|own| own.0 + 1), Some(length));
        browser.get(&world, &format!("/activity?{range}")).await.says(200, "The log is not whole");
        // What is done since does not hide it.
        let place = format!("/customers/{}/tags", world.customers["de"]);
        for tag in ["one", "two", "three"] {
            browser.post(&world, &place, &[("tags", tag)]).await;
        }
        browser.get(&world, &format!("/activity?{range}")).await.says(200, "The log is not whole");
    }

    async fn a_log_that_is_not_sealed_needs_attention_on_the_first_page(world) {
        let (mut browser, _) = agent(&world, 1213).await;
        assert!(!browser.get(&world, "/").await.text.contains("wait to be sealed"));
        let others = "at, side, operation, resource, resource_id, outcome, actor_kind, actor_id, before_facts, after_facts, request_id, correlation_id";
        world.tamper(&format!(
            "with recursive numbers(n) as (select 10000 union all select n + 1 from numbers where n < 11001) \
             insert into audit_inbox (partner_id, id, {others}) \
             select partner_id, substr(id, 1, 31) || n, {others} from \
             (select * from audit_inbox where partner_id = '{}' order by id limit 1) as one cross join numbers",
            world.partner.id
        )).await;
        browser.get(&world, "/").await.says(200, "More than 1000 entries of the activity log wait to be sealed");
        // Whoever may not read the log is not troubled with it.
        let seller = someone(&world, world.partner.id, 1214, &[Role::SalesAgent]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &seller).await;
        assert!(!browser.get(&world, "/").await.text.contains("wait to be sealed"));
    }

    async fn what_was_typed_for_an_application_stays(world) {
        let person = someone(&world, world.partner.id, 1213, &[Role::GlobalAdmin]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &person).await;
        let form = [("name", "Warehouse"), ("redirect_uris", "http://inside.example/back"), ("roles", "admin_agent"), ("public", "true")];
        let page = browser.post(&world, "/applications", &form).await;
        assert_eq!(page.status, 400, "{}", page.text);
        assert!(page.text.contains("value=\"Warehouse\"") && page.text.contains("http://inside.example/back</textarea>"), "{}", page.text);
        let of = |name: &str| page.text.split(name).nth(1).unwrap().split('>').next().unwrap().to_owned();
        assert!(of("name=\"public\"").contains("checked") && of("value=\"admin_agent\"").contains("checked"));
    }

    async fn the_customers_admin_agrees_and_adds_its_own_people(world) {
        let fresh = world.add_customer(world.partner.id, "newcomer", "SE", Qualification::None).await;
        world.tamper(&format!("delete from agreements where customer_id = '{fresh}'")).await;
        let mut admin = customers_person(&world, fresh, 1214, Role::CustomerGlobalAdmin).await;
        admin.get(&world, "/agreement").await.says(200, "name=\"accept\"");
        admin.post(&world, "/agreement", &[]).await.says(422, "role=\"alert\"");
        admin.post(&world, "/agreement", &[("accept", "yes")]).await.leads_to("/agreement?done=accepted");
        let page = admin.get(&world, "/agreement").await.says(200, "Accepted by");
        assert!(!page.text.contains("name=\"accept\""), "once is enough");
        let kept = world.get(&format!("/v1/customers/{fresh}/agreements?agreementType=MicrosoftCustomerAgreement")).await;
        assert_eq!(kept["totalCount"], 1, "{kept}");
        let form = [("upn", "erik@newcomer.onmicrosoft.com"), ("name", "Erik Ek"), ("roles", "customer_billing_admin")];
        let page = admin.post(&world, "/users", &form).await;
        assert!(page.status < 400, "{} {}", page.status, page.text);
        admin.get(&world, "/users").await.says(200, "erik@newcomer.onmicrosoft.com");
        // Of another customer's people it sees nobody.
        let mut other = customers_person(&world, world.customers["de"], 1215, Role::CustomerGlobalAdmin).await;
        assert!(!other.get(&world, "/users").await.text.contains("erik@newcomer"));
    }

    async fn seed_1_the_software_area_is_open_to_admin_agents_and_global_admins_and_to_nobody_else(world) {
        let order = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        let place = format!("/customers/{}/software/{}/0", world.customers["de"], order["id"].as_str().unwrap());
        for (number, role, opens) in [
            (1220, Role::AdminAgent, true),
            (1221, Role::GlobalAdmin, true),
            (1222, Role::SalesAgent, false),
            (1223, Role::HelpdeskAgent, false),
            (1224, Role::BillingAdmin, false),
            (1225, Role::UserManagementAdmin, false),
        ] {
            let person = someone(&world, world.partner.id, number, &[role]).await;
            let mut browser = Browser::default();
            browser.sign_in(&world, &person).await;
            let page = browser.get(&world, &place).await;
            assert_eq!(page.status, if opens { 200 } else { 403 }, "{role:?}: {}", page.text);
            assert_eq!(page.text.contains("SQL Enterprise 1 year"), opens, "{role:?}");
        }
    }

    async fn seed_2_a_company_that_is_not_enrolled_buys_nothing(world) {
        let (mut browser, _) = agent(&world, 1226).await;
        let base = format!("/customers/{}", world.customers["de"]);
        let item = world.item("de", RMS.1, "7").await;
        browser.post(&world, &format!("{base}/products"), &[("item", &item), ("way", "OneTime.OneTime"), ("quantity", "1")]).await;
        let review = browser.get(&world, &format!("{base}/cart")).await;
        let (cart, seen, totals) = (field(&review, "cart"), field(&review, "seen"), field(&review, "totals"));
        world.tamper(&format!("update partners set active = 0 where partner_id = '{}'", world.partner.id)).await;
        let form = [("cart", cart.as_str()), ("seen", seen.as_str()), ("totals", totals.as_str())];
        let page = browser.post(&world, &format!("{base}/cart/buy"), &form).await;
        assert_eq!(page.status, 409, "{}", page.text);
        let line = world.line(RMS.1, "7", 1).await;
        let reply = world.check_out("de", &world.cart("de", &[line]).await).await;
        assert!(reply.status >= 400, "neither do its programs");
        let orders = world.get(&format!("{}/orders", world.path("de"))).await;
        assert_eq!(orders["totalCount"], 0, "{orders}");
    }

    async fn seed_3_and_4_windows_server_and_sql_server_are_acquired_provisioned_and_managed(world) {
        let windows = ("Windows Server Datacenter", "DG7GMGF0D65N", "");
        let rows = [row(windows, ("1", "Windows Server Datacenter 1 year"), "P1Y", "Software;Subscription", ("DE", "EUR"), "900.00")];
        world.import_prices(&format!("{HEADER}\n{}\n", rows.join("\n"))).await.unwrap();
        world.import_keys(&format!("ProductId,Version,Key,Activations\n{},2022,AAA1-BBB2-CCC3-DDD4-EEE5-FAKE-WIND-0001,\n", windows.1)).await.unwrap();
        let lines = [world.line(windows.1, "1", 3).await, world.line(SQL.1, "2", 1).await];
        let order = world.buy(&lines).await;
        let (mut browser, _) = agent(&world, 1227).await;
        let (base, id) = (format!("/customers/{}", world.customers["de"]), order["id"].as_str().unwrap());
        let page = browser.get(&world, &format!("{base}/orders/{id}")).await.says(200, "Order placed");
        for title in ["Windows Server Datacenter 1 year", "SQL Enterprise 1 year"] {
            assert!(story(&page).contains(&format!("{title}: provisioned")), "{title}");
            browser.get(&world, &format!("{base}/software")).await.says(200, title);
            browser.get(&world, &format!("{base}/subscriptions")).await.says(200, title);
        }
        browser.post(&world, &format!("{base}/software/{id}/0/key"), &[("version", "2022")]).await.says(200, "FAKE-WIND");
        browser.post(&world, &format!("{base}/software/{id}/1/key"), &[("version", "2022")]).await.says(200, "FAKE-SQLE");
        // Managed: renamed, and it no longer renews.
        let page = browser.get(&world, &format!("{base}/subscriptions")).await;
        let revision = field(&page, "revision");
        let own = page.text.split(&format!("{base}/subscriptions/")).nth(1).unwrap().split('"').next().unwrap().to_owned();
        let form = [("revision", revision.as_str()), ("name", "Farm in the north")];
        browser.post(&world, &format!("{base}/subscriptions/{own}"), &form).await.leads_to(&format!("{base}/subscriptions"));
        browser.get(&world, &format!("{base}/subscriptions")).await.says(200, "Farm in the north");
    }

    async fn seed_7_a_reservation_leads_to_the_azure_portal_where_the_operator_says_how(world) {
        let id = "6b029834-b24d-430c-9e73-e2f7a4a8f0f1";
        let base = format!("/customers/{}/reservations", world.customers["de"]);
        let (mut browser, _) = agent(&world, 1228).await;
        browser.post(&world, &format!("{base}/azure"), &[("azure_id", id), ("azure_name", "Production")]).await;
        browser.post(&world, &format!("{base}/azure/{id}"), &[("do", "register")]).await;
        world.buy(&[world.line(VM.1, "002L", 1).await]).await;
        let page = browser.get(&world, &base).await.says(200, "Reserved VM 1 year");
        assert!(!page.text.contains("Manage in the Azure portal"), "nobody said where that is");
        let world = world.with_rules(|rules| {
            rules.azure_portal = Some("https://portal.example/#@{tenant}/reservations".parse().unwrap());
        });
        let page = browser.get(&world, &base).await.says(200, "Manage in the Azure portal");
        let address = format!("href=\"https://portal.example/#@{}/reservations\"", world.customers["de"]);
        assert_eq!(page.text.matches(&address).count(), 2, "of the reservation and of the subscription: {}", page.text);
    }

    async fn a_partners_customers_have_a_door_of_their_own(world) {
        let (mut partner, agent_of_partner) = agent(&world, 1229).await;
        assert_eq!(partner.get(&world, "/company/look").await.status, 403);
        let person = someone(&world, world.partner.id, 1230, &[Role::GlobalAdmin]).await;
        let mut admin = Browser::default();
        admin.sign_in(&world, &person).await;
        let revision = field(&admin.get(&world, "/company/look").await, "seen");
        admin.post(&world, "/company/look", &[("seen", &revision), ("name", "Nordhafen IT"), ("colour", "#7a1f5c")]).await.leads_to("/company/look");
        let door = format!("/portal/{}", world.partner.id);
        admin.get(&world, "/company/look").await.says(200, &door);
        let mut stranger = Browser::default();
        let page = stranger.get(&world, &door).await.says(200, "Nordhafen IT");
        assert!(page.text.contains("For customers") && page.text.contains(&format!("name=\"door\" value=\"{}\"", world.partner.id)));
        assert!(!Browser::default().get(&world, "/sign-in").await.text.contains("Nordhafen IT"), "the operator's door is the operator's");
        // Customers of this partner get in; its own people, and others' customers, do not, and are told what anybody is told.
        customers_person(&world, world.customers["de"], 1231, Role::CustomerBillingAdmin).await;
        let of = world.partner.id.to_string();
        let try_at = async |door: &str, upn: &str| {
            let mut browser = Browser::default();
            browser.post(&world, "/sign-in", &[("door", door), ("upn", upn), ("password", PASSWORD)]).await
        };
        try_at(&of, "someone.1231@customer.example").await.leads_to("/");
        let refused = try_at(&of, &agent_of_partner.upn).await;
        assert_eq!(refused.status, 401, "{}", refused.text);
        assert!(refused.text.contains("Nordhafen IT") && refused.text.contains("Partners sign in here"), "still at that door");
        assert_eq!(try_at(&world.other.id.to_string(), "someone.1231@customer.example").await.status, 401);
        for nowhere in ["/portal/none", "/portal/00000000-0000-0000-0000-000000000000", "/portal/6b029834-b24d-430c-9e73-e2f7a4a8f0f1"] {
            assert_eq!(Browser::default().get(&world, nowhere).await.status, 404, "{nowhere}");
        }
    }

    async fn the_company_says_who_speaks_for_it_and_where_its_customers_find_help(world) {
        let (mut reads, _) = agent(&world, 1241).await;
        let page = reads.get(&world, "/company").await.says(200, "Erste Software GmbH");
        assert!(!page.text.contains("action=\"/company/"), "whoever may only read is given no form");
        let person = someone(&world, world.partner.id, 1242, &[Role::GlobalAdmin]).await;
        let mut admin = Browser::default();
        admin.sign_in(&world, &person).await;
        let seen = |page: &Page, part: &str| {
            let form = page.text.split(&format!("action=\"/company/{part}\"")).nth(1).unwrap();
            form.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
        };
        let page = admin.get(&world, "/company").await;
        let (first, help) = (seen(&page, "contact"), seen(&page, "support"));
        let contact = |first_name: &'static str, seen: &str| {
            [("seen", seen.to_owned()), ("first_name", first_name.into()), ("last_name", "Ek".into()), ("email", "eva@erste.example".into()), ("phone", String::new())]
        };
        let sent = async |browser: &mut Browser, part: &str, form: &[(&str, String)]| {
            let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.post(&world, &format!("/company/{part}"), &form).await
        };
        sent(&mut admin, "contact", &contact("", &first)).await.says(422, "href=\"#first_name\"");
        sent(&mut admin, "contact", &contact("Eva", &first)).await.leads_to("/company?done=contact");
        // The same document through the interface, with what a program wrote into it kept.
        let mut legal = world.get("/v1/profiles/legalbusiness").await;
        assert_eq!(legal["primaryContact"]["firstName"], "Eva");
        legal["companyApproverEmail"] = json!("boss@erste.example");
        world.call("PUT", "/v1/profiles/legalbusiness", Some(legal)).await.expect(200);
        // Somebody who did not see that is told, with what differs.
        let page = sent(&mut admin, "contact", &contact("Ida", "1")).await.says(409, "Somebody changed this meanwhile");
        assert!(page.text.contains("Ida") && page.text.contains("value=\"Eva\""), "{}", page.text);
        // Something else that is wrong does not make it seen.
        let wrong = sent(&mut admin, "contact", &contact("", "1")).await.says(422, "href=\"#first_name\"");
        sent(&mut admin, "contact", &contact("Ida", &seen(&wrong, "contact"))).await.says(409, "Somebody changed this meanwhile");
        sent(&mut admin, "contact", &contact("Ida", &seen(&page, "contact"))).await.leads_to("/company?done=contact");
        assert_eq!(world.get("/v1/profiles/legalbusiness").await["companyApproverEmail"], "boss@erste.example");
        reads.get(&world, "/company").await.says(200, "<dd>Ida</dd>");
        let mut desk = operators(&world, 1247, Role::OperatorSupport).await;
        desk.get(&world, &format!("/operator/partners/{}", world.partner.id)).await.says(200, "mailto:eva@erste.example");

        let found = |email: &str, website: &str| [("seen", help.clone()), ("support_email", email.to_owned()), ("support_phone", "+49 30 1".into()), ("support_website", website.to_owned())];
        sent(&mut admin, "support", &found("nobody", "https://help.example")).await.says(422, "href=\"#support_email\"");
        sent(&mut admin, "support", &found("", "javascript:alert(1)")).await.says(422, "href=\"#support_website\"");
        customers_person(&world, world.customers["de"], 1243, Role::CustomerBillingAdmin).await;
        let mut customer = Browser::default();
        customer.post(&world, "/sign-in", &[("upn", "someone.1243@customer.example"), ("password", PASSWORD)]).await;
        assert!(!customer.get(&world, "/software").await.text.contains("Help from"));
        sent(&mut admin, "support", &found("help@erste.example", "https://help.example/de")).await.leads_to("/company?done=support");
        let page = customer.get(&world, "/software").await.says(200, "Help from Erste Software GmbH");
        assert!(page.text.contains("href=\"mailto:help@erste.example\"") && page.text.contains("href=\"https://help.example/de\""), "{}", page.text);
        // What a program wrote is no address anybody is sent to.
        let mut written = world.get("/v1/profiles/support").await;
        written["website"] = json!("javascript:alert(1)");
        world.call("PUT", "/v1/profiles/support", Some(written)).await.expect(200);
        assert!(!customer.get(&world, "/software").await.text.contains("javascript:alert"));
        let sales = someone(&world, world.partner.id, 1244, &[Role::SalesAgent]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &sales).await;
        assert_eq!(sent(&mut browser, "support", &found("a@b.example", "")).await.status, 403);
    }

    async fn two_who_change_somebody_at_once_are_told(world) {
        let (person, other) = (someone(&world, world.partner.id, 1245, &[Role::GlobalAdmin]).await, someone(&world, world.partner.id, 1246, &[Role::SalesAgent]).await);
        let mut admin = Browser::default();
        admin.sign_in(&world, &person).await;
        let place = format!("/users/{}", other.id);
        let seen = field(&admin.get(&world, &place).await, "seen");
        let form = |name: &'static str, role: &'static str, seen: &str| [("seen", seen.to_owned()), ("name", name.to_owned()), ("upn", String::new()), ("roles", role.to_owned())];
        let sent = async |browser: &mut Browser, form: &[(&str, String)]| {
            let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.post(&world, &place, &form).await
        };
        sent(&mut admin, &form("Olle", "helpdesk_agent", &seen)).await.says(200, "value=\"Olle\"");
        let page = sent(&mut admin, &form("Olga", "sales_agent", &seen)).await.says(409, "Somebody changed this meanwhile");
        for text in ["Olga", "value=\"Olle\"", "Helpdesk agent", "Sales agent", "id=\"differences\""] {
            assert!(page.text.contains(text), "{text}: {}", page.text);
        }
        assert_eq!(world.user(world.partner.id, other.id).await.roles, [Role::HelpdeskAgent]);
        sent(&mut admin, &form("Olga", "sales_agent", &field(&page, "seen"))).await.says(200, "value=\"Olga\"");
    }
}
