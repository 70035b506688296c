//! The partner's pages over the whole server: finding and adding customers, buying, cancelling, orders, subscriptions, the
//! log; and the customer's own. What a browser alone can show (dialogs, focus, pictures) is tried in `e2e`.

use chandlery_domain::access::Role;
use serde_json::Value;

use crate::people::{Browser, Page, someone};
use crate::software::{agent, customers_person};
use crate::world::{RMS, SQL, SUSE, VM, World};

/// What a field of a page holds.
pub fn field(page: &Page, name: &str) -> String {
    let at = page
        .text
        .find(&format!("name=\"{name}\" value=\""))
        .unwrap_or_else(|| panic!("{name}: {}", page.text));
    let rest = &page.text[at..];
    rest.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// Puts an item into the cart and returns the review.
async fn filled(
    world: &World,
    browser: &mut Browser,
    customer: &str,
    (product, sku): (&str, &str),
    way: &str,
) -> Page {
    let base = format!("/customers/{}", world.customers[customer]);
    let item = world.item(customer, product, sku).await;
    let form = [("item", item.as_str()), ("way", way), ("quantity", "2")];
    browser.post(world, &format!("{base}/products"), &form).await.leads_to(&format!("{base}/products"));
    browser.get(world, &format!("{base}/cart")).await
}

/// Buys what the review shows.
async fn bought(
    world: &World,
    browser: &mut Browser,
    customer: &str,
    review: &Page,
    more: &[(&str, &str)],
) -> Page {
    let (cart, seen, totals) = (field(review, "cart"), field(review, "seen"), field(review, "totals"));
    let mut form: Vec<(&str, &str)> = more.to_vec();
    form.extend([("cart", cart.as_str()), ("seen", seen.as_str()), ("totals", totals.as_str())]);
    browser.post(world, &format!("/customers/{}/cart/buy", world.customers[customer]), &form).await
}

async fn orders_of(world: &World, customer: &str) -> Vec<Value> {
    let list = world.get(&format!("{}/orders", world.path(customer))).await;
    list["items"].as_array().unwrap().clone()
}

on_both! {
    async fn what_the_review_shows_is_bought_once(world) {
        let (mut browser, _) = agent(&world, 600).await;
        let review = filled(&world, &mut browser, "de", (SQL.1, "2"), "P1Y.OneTime").await.says(200, "€3,000.00");
        assert!(review.text.contains("Price excludes tax") && review.text.contains("Can be cancelled until"));
        // A price that is another by now than the page showed is not paid.
        bought(&world, &mut browser, "de", &review, &[("totals", "EUR 299999")]).await.says(409, "A price or a line changed");
        assert!(orders_of(&world, "de").await.is_empty());
        let done = bought(&world, &mut browser, "de", &review, &[("po_number", "PO-1")]).await;
        let place = done.to.clone().unwrap();
        browser.get(&world, &place).await.says(200, "One order was placed");
        // The same form again, and the back button with it, buys nothing more.
        bought(&world, &mut browser, "de", &review, &[("po_number", "PO-1")]).await.leads_to(&place);
        let orders = orders_of(&world, "de").await;
        assert_eq!(orders.len(), 1);
        let order = browser.get(&world, &format!("/customers/{}/orders/{}", world.customers["de"], orders[0]["id"].as_str().unwrap())).await;
        let order = order.says(200, "PO-1");
        assert!(order.text.contains("€3,000.00") && order.text.contains("Order placed"));
        let number = orders[0]["alternateId"].as_str().unwrap();
        browser.get(&world, &format!("/search?q={}", &number[..6])).await.says(200, &number.to_lowercase());
        browser.get(&world, &format!("/customers/{}/orders?number={number}", world.customers["de"])).await.says(200, "SQL Enterprise");
    }

    async fn a_product_that_was_searched_for_is_bought_for_a_customer_one_chooses(world) {
        let (mut browser, _) = agent(&world, 627).await;
        let found = browser.get(&world, "/search?q=rms%20cal").await.says(200, "Products to buy");
        let hit = found.text.split("href=\"/customers?product=").nth(1).unwrap();
        let link = hit.split('"').next().unwrap().to_owned();
        let title = hit.split("<strong>").nth(1).unwrap().split('<').next().unwrap();
        let list = browser.get(&world, &format!("/customers?product={link}")).await;
        let list = list.says(200, &format!("Choose the customer to buy {title} for."));
        let to = format!("/customers/{}/products?tab=software&#38;product={link}", world.customers["de"]);
        assert!(list.text.contains(&to), "{}", list.text);
        let shown = browser.get(&world, &to.replace("&#38;", "&")).await.says(200, "RMS CAL 1 Device");
        assert!(!shown.text.contains(SQL.1), "other products stay away");
        // Whoever may not fill a cart is offered none, and an unknown product changes nothing.
        let helper = someone(&world, world.partner.id, 628, &[Role::BillingAdmin]).await;
        let mut other = Browser::default();
        other.sign_in(&world, &helper).await;
        assert!(!other.get(&world, "/search?q=rms%20cal").await.text.contains("Products to buy"));
        let list = browser.get(&world, "/customers?product=NONE").await.says(200, "Customer de");
        assert!(!list.text.contains("Choose the customer to buy"));
    }

    async fn the_first_page_shows_families_and_answers(world) {
        world.buy(&[world.line(RMS.1, "7", 1).await]).await; // 119.99, perpetual
        world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        let (mut browser, _) = agent(&world, 629).await;
        let home = browser.get(&world, "/").await.says(200, "Every answer to your requests was read.");
        for text in ["class=\"part-1\"", "class=\"part-2\"", "Perpetual software, €119.99", "class=\"key part-2\""] {
            assert!(home.text.contains(text), "{text}");
        }
        assert!(!home.text.contains("class=\"part-3\""), "no reservation was bought");
    }

    async fn a_customers_month_lists_what_was_charged_and_credited(world) {
        let (mut browser, _) = agent(&world, 630).await;
        let order = world.buy(&[world.line(RMS.1, "7", 1).await]).await; // 119.99
        world.buy(&[world.line(SQL.1, "2", 1).await]).await; // 1500.00
        world.cancel(&order).await.expect(200);
        let base = format!("/customers/{}/billing", world.customers["de"]);
        let page = browser.get(&world, &base).await.says(200, "RMS CAL 1 Device");
        for text in ["€1,619.99", "-€119.99", "€1,500.00", order["alternateId"].as_str().unwrap()] {
            assert!(page.text.contains(text), "{text}: {}", page.text);
        }
        // Another month, and another customer, have nothing of it; a month to come is the one that runs.
        let month = world.now().to_string()[..7].to_owned();
        browser.get(&world, &format!("{base}?month=2019-01")).await.says(200, "Nothing was charged");
        browser.get(&world, &format!("{base}?month=2999-01")).await.says(200, "€1,619.99");
        browser.get(&world, &format!("{base}?month={month}")).await.says(200, "€1,619.99");
        let other = format!("/customers/{}/billing", world.customers["se"]);
        browser.get(&world, &other).await.says(200, "Nothing was charged");
    }

    async fn a_partner_looks_after_a_customers_people(world) {
        let (mut browser, _) = agent(&world, 631).await;
        let base = format!("/customers/{}/users", world.customers["de"]);
        browser.get(&world, &base).await.says(200, "Users");
        let form = [("name", "Eva Admin"), ("upn", "eva@de.example"), ("roles", "customer_global_admin")];
        let page = browser.post(&world, &base, &form).await.says(200, "eva@de.example");
        assert!(page.text.contains(&format!("href=\"{base}\"")), "the way back leads to the customer's people");
        let list = browser.get(&world, &base).await.says(200, "Eva Admin");
        let person = list.text.split(&format!("href=\"{base}/")).find_map(|rest| {
            let id = rest.split('"').next()?;
            (id.len() == 36).then(|| id.to_owned())
        }).unwrap();
        let one = format!("{base}/{person}");
        browser.get(&world, &one).await.says(200, "value=\"customer_global_admin\"");
        let form = [("name", "Eva Ek"), ("roles", "customer_billing_admin")];
        browser.post(&world, &one, &form).await.says(200, "Eva Ek");
        // Roles of the partner's own house are not given here, and nobody is found under another customer.
        let form = [("name", "Eva Ek"), ("roles", "global_admin")];
        assert_eq!(browser.post(&world, &one, &form).await.status, 400);
        let other = one.replace(&world.customers["de"].to_string(), &world.customers["se"].to_string());
        assert_eq!(browser.get(&world, &other).await.status, 404);
        assert_eq!(browser.post(&world, &format!("{other}/disable"), &[]).await.status, 404);
        assert_eq!(browser.get(&world, &format!("/users/{person}")).await.status, 403);
        browser.post(&world, &format!("{one}/disable"), &[]).await.leads_to(&one);
        // Whoever only helps looks and changes nothing; whoever sells does not look.
        let helper = someone(&world, world.partner.id, 632, &[Role::HelpdeskAgent]).await;
        let seller = someone(&world, world.partner.id, 633, &[Role::SalesAgent]).await;
        let (mut looks, mut sells) = (Browser::default(), Browser::default());
        looks.sign_in(&world, &helper).await;
        sells.sign_in(&world, &seller).await;
        let list = looks.get(&world, &base).await.says(200, "Eva Ek");
        assert!(!list.text.contains(&format!("{base}/new")));
        assert_eq!(looks.get(&world, &one).await.status, 403);
        assert_eq!(sells.get(&world, &base).await.status, 403);
    }

    async fn a_stale_cart_is_told_and_buys_nothing(world) {
        let (mut browser, _) = agent(&world, 601).await;
        let stale = filled(&world, &mut browser, "de", (SQL.1, "2"), "P1Y.OneTime").await;
        world.later(1);
        let fresh = filled(&world, &mut browser, "de", (RMS.1, "7"), "OneTime.OneTime").await;
        bought(&world, &mut browser, "de", &stale, &[]).await.says(409, "The cart changed meanwhile");
        assert!(orders_of(&world, "de").await.is_empty());
        // A quantity that was changed is priced again before it is bought.
        world.later(1);
        bought(&world, &mut browser, "de", &fresh, &[("quantity-0", "3")]).await.says(409, "€4,500.00");
        assert!(orders_of(&world, "de").await.is_empty());
        let base = format!("/customers/{}/cart", world.customers["de"]);
        let now = browser.get(&world, &base).await;
        let (cart, seen) = (field(&now, "cart"), field(&now, "seen"));
        browser.post(&world, &base, &[("cart", &cart), ("seen", &seen), ("quantity-0", "many")]).await.says(409, "not a whole number");
        browser.post(&world, &base, &[("cart", &cart), ("seen", &seen), ("remove", "0")]).await.leads_to(&base);
        let left = browser.get(&world, &base).await;
        assert!(!left.text.contains("SQL Enterprise") && left.text.contains("RMS CAL"));
    }

    async fn prices_say_whether_tax_is_in_them(world) {
        let (mut browser, _) = agent(&world, 602).await;
        for (customer, words) in [("de", "Price excludes tax"), ("au", "Price includes tax (Australia)"), ("br", "Price includes tax (Brazil)")] {
            let path = format!("/customers/{}/products?q=SQL", world.customers[customer]);
            browser.get(&world, &path).await.says(200, words);
        }
    }

    async fn reservations_and_plans_have_a_section_without_a_way_to_cancel(world) {
        world.buy(&[world.line(RMS.1, "7", 1).await, world.line(VM.1, "002L", 2).await]).await;
        world.buy(&[world.line(crate::world::SUSE.1, "1", 1).await]).await;
        let (mut browser, _) = agent(&world, 635).await;
        let base = format!("/customers/{}", world.customers["de"]);
        let page = browser.get(&world, &format!("{base}/reservations")).await.says(200, "Reserved VM 1 year");
        assert!(page.text.contains("SUSE 1 year") && !page.text.contains("RMS CAL"));
        assert!(page.text.contains("Can never be cancelled") && page.text.contains("Exchange and refund go by support request"));
        assert_eq!(page.text.matches("/support/new?topic=refund").count(), 1, "a plan has no refund to ask for");
        assert!(!page.text.contains("/cancel\""));
        // Software is listed by itself, page by page, whatever was bought in between.
        let page = browser.get(&world, &format!("{base}/software")).await.says(200, "RMS CAL 1 Device");
        assert!(!page.text.contains("Reserved VM") && !page.text.contains("SUSE"));
        let other = format!("/customers/{}/reservations", world.customers["se"]);
        browser.get(&world, &other).await.says(200, "There is no reservation");
    }

    async fn seed_78_the_catalogue_of_azure_leads_onward(world) {
        let (mut browser, _) = agent(&world, 634).await;
        let page = browser.get(&world, &format!("/customers/{}/products?tab=azure", world.customers["de"])).await;
        let page = page.says(200, "Assigning Azure subscriptions to customers");
        for (place, text) in [("/help/azure-subscriptions", "Azure portal"), ("/help/marketplace", "neither listed nor billed here")] {
            assert!(page.text.contains(&format!("href=\"{place}\"")));
            browser.get(&world, place).await.says(200, text);
        }
    }

    async fn reservations_are_not_sold_where_the_list_says_so(world) {
        let (mut browser, _) = agent(&world, 603).await;
        let base = format!("/customers/{}", world.customers["ad"]);
        let page = browser.get(&world, &format!("{base}/products?tab=azure")).await.says(200, "Azure reservations cannot be bought in Andorra");
        for words in ["A to Gi", "Gr to Pal", "Pap to Z", "109 markets", "Cannot be bought for this customer"] {
            assert!(page.text.contains(words), "{words}");
        }
        // A form made by hand fills the cart and cannot buy.
        let item = world.item("de", VM.1, "002L").await;
        browser.post(&world, &format!("{base}/products"), &[("item", &item), ("way", "P1Y.OneTime"), ("quantity", "1")]).await;
        let review = browser.get(&world, &format!("{base}/cart")).await.says(200, "Andorra");
        let (cart, seen) = (field(&review, "cart"), field(&review, "seen"));
        browser.post(&world, &format!("{base}/cart/buy"), &[("cart", &cart), ("seen", &seen)]).await.says(409, "Andorra");
        browser.get(&world, &format!("/customers/{}/products?tab=azure", world.customers["se"])).await.says(200, "Add to cart");
    }

    async fn a_plan_that_never_comes_back_is_bought_by_whoever_says_so_and_the_log_has_both(world) {
        let (mut browser, _) = agent(&world, 604).await;
        let base = format!("/customers/{}", world.customers["de"]);
        let item = world.item("de", SUSE.1, "1").await;
        browser.post(&world, &format!("{base}/products"), &[("item", &item), ("way", "P1Y.OneTime"), ("quantity", "1")]).await;
        let review = browser.get(&world, &format!("{base}/cart")).await.says(200, "can never be cancelled");
        bought(&world, &mut browser, "de", &review, &[]).await.says(409, "must be ticked");
        assert!(orders_of(&world, "de").await.is_empty());
        let review = browser.get(&world, &format!("{base}/cart")).await;
        bought(&world, &mut browser, "de", &review, &[("acknowledged", "yes")]).await;
        let order = &orders_of(&world, "de").await[0];
        let log = browser.get(&world, "/activity?from=2020-01-01&to=2020-12-31&kind=create_order").await;
        let log = log.says(200, "never cancelled, exchanged or paid back");
        assert!(log.text.contains(order["alternateId"].as_str().unwrap()), "the order's own facts are kept");
    }

    async fn the_credit_that_is_shown_is_the_credit_that_is_booked(world) {
        let order = world.buy(&[world.line(SQL.1, "2", 4).await]).await;
        world.set_clock("2020-03-31T23:59:59Z");
        let (mut browser, _) = agent(&world, 604).await;
        let id = order["id"].as_str().unwrap();
        let place = format!("/customers/{}/software/{id}/0/cancel", world.customers["de"]);
        let yesterday = field(&browser.get(&world, &place).await, "quote");
        world.set_clock("2020-04-01T23:59:59Z");
        // trunc2(1500.00 / 366 × 306) × 4 = 1254.09 × 4
        let dialog = browser.get(&world, &place).await.says(200, "€5,016.36");
        assert!(dialog.text.contains("1,254.09836") && dialog.text.contains("0 days left"), "{}", dialog.text);
        assert!(dialog.text.contains("Policy: software subscriptions, in force since"), "{}", dialog.text);
        let (order_field, promise) = (field(&dialog, "order"), field(&dialog, "quote"));
        assert_eq!(order_field, id);
        let form = [("order", id), ("of", id), ("quote", promise.as_str())];
        browser.post(&world, &place, &form).await.says(409, "Tick that you read the Important message");
        // What was not signed here, or not at all, is not what was shown.
        for wrong in [promise.replacen(".ey", ".eyJ", 1), String::new()] {
            let form = [("order", id), ("of", id), ("quote", wrong.as_str()), ("acknowledged", "yes")];
            browser.post(&world, &place, &form).await.says(409, "The credit is another by now");
        }
        let form = [("order", id), ("of", id), ("quote", yesterday.as_str()), ("acknowledged", "yes")];
        let told = browser.post(&world, &place, &form).await.says(409, "and days have been used since");
        assert!(told.text.contains("€5,016.36 by now: €5,032.76 was promised until"), "{}", told.text);
        let form = [("order", id), ("of", id), ("quote", promise.as_str()), ("acknowledged", "yes")];
        let done = browser.post(&world, &place, &form).await.leads_to(&format!("/customers/{}/orders/{id}/cancelled", world.customers["de"]));
        browser.get(&world, done.to.as_deref().unwrap()).await.says(200, "€5,016.36");
        let again = browser.post(&world, &place, &form).await;
        assert_eq!(again.to, done.to, "sent again it says the same");
        assert_eq!(world.ledger(&order).await.len(), 2);
        browser.get(&world, &place).await.says(200, "cancelled already");
        // A customer of its own, the window of another order is over: the page says so, and leads to a request.
        let late = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        world.set_clock("2020-06-01T00:00:00Z");
        let (mut browser, _) = agent(&world, 605).await;
        let id = late["id"].as_str().unwrap();
        let place = format!("/customers/{}/software/{id}/0/cancel", world.customers["de"]);
        let page = browser.get(&world, &place).await.says(200, "60-day cancellation window");
        assert!(page.text.contains("/support/new?topic=refund") && !page.text.contains("cancel-submit"));
    }

    async fn lines_are_cancelled_one_by_one_where_an_order_has_several(world) {
        let order = world.buy(&[world.line(SQL.1, "2", 1).await, world.line(RMS.1, "7", 1).await]).await;
        let (mut browser, _) = agent(&world, 606).await;
        let id = order["id"].as_str().unwrap();
        let place = format!("/customers/{}/software/{id}/1/cancel", world.customers["de"]);
        browser.get(&world, &place).await.says(200, "€1,619.99");
        let one = browser.get(&world, &format!("{place}?order={id}&of={id}&line=1")).await.says(200, "€119.99");
        let promise = field(&one, "quote");
        let form = [("order", id), ("of", id), ("line", "1"), ("quote", promise.as_str()), ("acknowledged", "yes")];
        browser.post(&world, &place, &form).await.leads_to("/customers/");
        let page = browser.get(&world, &format!("/customers/{}/orders/{id}", world.customers["de"])).await;
        assert!(page.text.contains("Balance") && page.text.contains("€1,500.00"));
        browser.get(&world, &format!("/customers/{}/software/{id}/0", world.customers["de"])).await.says(200, "Select product");
    }

    async fn others_than_admin_agents_do_not_cancel(world) {
        let order = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        let id = order["id"].as_str().unwrap();
        let place = format!("/customers/{}/software/{id}/0/cancel", world.customers["de"]);
        for (number, role) in [(607, Role::GlobalAdmin), (608, Role::SalesAgent), (609, Role::HelpdeskAgent)] {
            let person = someone(&world, world.partner.id, number, &[role]).await;
            let mut browser = Browser::default();
            browser.sign_in(&world, &person).await;
            assert_eq!(browser.get(&world, &place).await.status, 403, "{role:?}");
            let form = [("order", id), ("of", id), ("quote", "x"), ("acknowledged", "yes")];
            assert_eq!(browser.post(&world, &place, &form).await.status, 403, "{role:?}");
            let order = browser.get(&world, &format!("/customers/{}/orders/{id}", world.customers["de"])).await.says(200, "SQL Enterprise");
            assert!(!order.text.contains("/cancel\""), "{role:?} is offered to cancel");
        }
    }

    async fn a_customer_is_added_with_its_agreement_and_found(world) {
        let (mut browser, _) = agent(&world, 610).await;
        let mut form = vec![
            ("company", "Nordlicht Brauerei GmbH"), ("domain", "nordlicht"), ("country", "DE"), ("qualification", "none"),
            ("first_name", "Grit"), ("last_name", "Petersen"), ("email", "grit@nordlicht"), ("language", "de"),
            ("line1", "Hafen 1"), ("city", "Kiel"), ("postal_code", "24103"),
        ];
        let wrong = browser.post(&world, "/customers/new", &form).await.says(422, "ada@example.com");
        assert!(wrong.text.contains("value=\"Nordlicht Brauerei GmbH\"") && wrong.text.contains("id=\"email-fault\""));
        form[6] = ("email", "grit@nordlicht.example");
        form.extend([("attest", "yes"), ("agreed_first_name", "Grit"), ("agreed_last_name", "Petersen"), ("agreed_email", "grit@nordlicht.example"), ("agreed_on", "2021-01-01")]);
        browser.post(&world, "/customers/new", &form).await.says(422, "cannot lie in the future");
        form.pop();
        form.push(("agreed_on", "2020-01-31"));
        let added = browser.post(&world, "/customers/new", &form).await.says(201, "admin@nordlicht.onmicrosoft.com");
        assert_eq!(added.headers["cache-control"], "no-store");
        browser.post(&world, "/customers/new", &form).await.says(422, "nordlicht.onmicrosoft.com is taken");
        // Found by name, by domain and by id, with a tag, and in the export.
        for text in ["nordl", "NORDLICHT.onmic"] {
            browser.get(&world, &format!("/customers?q={text}")).await.says(200, "Nordlicht Brauerei");
        }
        let list = browser.get(&world, "/customers?q=nordlicht").await;
        let id = list.text.split("href=\"/customers/").find(|part| part.contains("Nordlicht")).unwrap().split('"').next().unwrap().to_owned();
        browser.get(&world, &format!("/customers?q={id}")).await.says(200, "Nordlicht Brauerei");
        let page = browser.get(&world, &format!("/customers/{id}")).await.says(200, "Nordlicht Brauerei");
        assert!(!page.text.contains("has not accepted"), "the agreement was recorded");
        browser.post(&world, &format!("/customers/{id}/tags"), &[("tags", "Beer north, beer")]).await.leads_to("/customers/");
        browser.get(&world, "/customers?tag=beer").await.says(200, "Nordlicht Brauerei");
        assert!(!browser.get(&world, "/customers?tag=beer").await.text.contains("Customer de"));
        let export = browser.get(&world, "/customers/export?q=nordlicht").await.says(200, "Microsoft ID,Company name,Primary domain name,Relationship");
        assert!(export.text.contains(&format!("{id},Nordlicht Brauerei GmbH,nordlicht.onmicrosoft.com,Reseller,DE")));
        // A bill that somebody else changed meanwhile is not overwritten.
        let account = browser.get(&world, &format!("/customers/{id}/account")).await;
        let revision = field(&account, "revision");
        let bill = [("revision", revision.as_str()), ("company", "Nordlicht AG"), ("email", "a@b.example"), ("line1", "Hafen 2"), ("city", "Kiel")];
        browser.post(&world, &format!("/customers/{id}/billing"), &bill).await.leads_to("/customers/");
        let late = [("revision", revision.as_str()), ("company", "Nordlicht SE"), ("email", "a@b.example"), ("line1", "Hafen 2"), ("city", "Kiel")];
        let page = browser.post(&world, &format!("/customers/{id}/billing"), &late).await.says(422, "Somebody changed this meanwhile");
        // What differs is told, field by field, and nothing else; the form has what stands there now.
        let told = page.text.split("id=\"differences\"").nth(1).unwrap().split("</table>").next().unwrap();
        assert!(told.contains(">Nordlicht SE<") && told.contains(">Nordlicht AG<"), "{told}");
        assert!(!told.contains("Hafen 2") && !told.contains("Kiel"), "{told}");
        assert!(page.text.contains("value=\"Nordlicht AG\"") && field(&page, "revision") != revision);
    }

    async fn the_log_shows_who_opened_and_who_downloaded(world) {
        let order = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        let (mut browser, person) = agent(&world, 611).await;
        let page = format!("/customers/{}/software/{}/0", world.customers["de"], order["id"].as_str().unwrap());
        browser.post(&world, &format!("{page}/key"), &[("version", "2022")]).await.says(200, "FAKE-SQLE");
        let log = browser.get(&world, "/activity?from=2020-02-01&to=2020-02-01&kind=get_software_key").await.says(200, "Product key opened");
        assert!(log.text.contains(&person.upn) && !log.text.contains("Order placed</summary>"));
        assert!(!log.text.contains("FAKE-SQLE"), "no key in the log");
        let none = browser.get(&world, "/activity?from=2020-01-01&to=2020-01-31").await.says(200, "Nothing was done in this time");
        assert!(!none.text.contains(&person.upn));
        browser.get(&world, &format!("/customers/{}/activity", world.customers["de"])).await.says(200, "Product key opened");
        let other = browser.get(&world, &format!("/customers/{}/activity", world.customers["se"])).await.says(200, "Activity log");
        assert!(!other.text.contains("Product key opened</summary>"));
        browser.get(&world, "/activity/export/csv?from=2020-02-01&to=2020-02-02").await.says(200, "get_software_key");
        // The four roles of the seeds read it, and sales agents do not.
        for (number, role, status) in [(612, Role::ReferralsAdmin, 200), (613, Role::MarketingContentAdmin, 200), (614, Role::AccountAdmin, 200), (615, Role::SalesAgent, 403)] {
            let person = someone(&world, world.partner.id, number, &[role]).await;
            let mut reader = Browser::default();
            reader.sign_in(&world, &person).await;
            assert_eq!(reader.get(&world, "/activity").await.status, status, "{role:?}");
        }
    }

    async fn renewals_are_changed_and_fed_to_calendars(world) {
        world.buy(&[world.line(SQL.1, "2", 3).await]).await;
        let (mut browser, _) = agent(&world, 616).await;
        let place = format!("/customers/{}/subscriptions", world.customers["de"]);
        let page = browser.get(&world, &place).await.says(200, "SQL Enterprise 1 year");
        let id = page.text.split(&format!("{place}/")).nth(1).unwrap().split('"').next().unwrap().to_owned();
        let revision = field(&page, "revision");
        let form = [("revision", revision.as_str()), ("name", "Cluster, north; two"), ("renews", "yes")];
        browser.post(&world, &format!("{place}/{id}"), &form).await.leads_to(&place);
        let late = [("revision", revision.as_str()), ("name", "Cluster, south")];
        let page = browser.post(&world, &format!("{place}/{id}"), &late).await.says(409, "Somebody changed this meanwhile");
        let told = page.text.split("id=\"differences\"").nth(1).unwrap().split("</table>").next().unwrap();
        for text in [">Cluster, south<", ">Cluster, north; two<", ">Ends<", ">Renews by itself<"] {
            assert!(told.contains(text), "{text}: {told}");
        }
        browser.get(&world, "/renewals").await.says(200, "31 Jan 2021");
        let fed = browser.post(&world, "/renewals/feed", &[]).await.says(200, "/renewals.ics");
        let at = fed.text.find("/calendar/").unwrap();
        let feed = fed.text[at..].split('"').next().unwrap().to_owned();
        let calendar = Browser::default().get(&world, &feed).await.says(200, "DTSTART;VALUE=DATE:20210131");
        assert!(calendar.text.contains("SUMMARY:Renews: Cluster\\, north\\; two (3)\\, Customer de"), "{}", calendar.text);
        assert!(calendar.text.lines().all(|line| line.len() <= 75) && calendar.text.contains("\r\n"));
        // Another address ends the one before, and nobody else's opens anything.
        browser.post(&world, "/renewals/feed", &[]).await.says(200, "/renewals.ics");
        assert_eq!(Browser::default().get(&world, &feed).await.status, 404);
    }

    async fn the_customers_own_pages_are_for_its_own_people(world) {
        let mut admin = customers_person(&world, world.customers["de"], 617, Role::CustomerGlobalAdmin).await;
        admin.get(&world, "/").await.leads_to("/software");
        admin.get(&world, "/agreement").await.says(200, "Accepted by");
        // Its log tells who opened and downloaded, and nothing of what its partner bought and pays.
        let order = world.buy(&[world.line(SQL.1, "2", 2).await]).await;
        let key = format!("/software/{}/0/key", order["id"].as_str().unwrap());
        admin.post(&world, &key, &[("version", "2022")]).await.says(200, "FAKE-SQLE");
        let log = admin.get(&world, "/own-activity").await.says(200, "Product key opened");
        assert!(log.text.contains("someone.617@customer.example"));
        assert!(!log.text.contains("3000.00") && !log.text.contains("Order placed"), "{}", log.text);
        let list = admin.get(&world, "/users").await.says(200, "someone.617@customer.example");
        assert!(!list.text.contains("people.example"), "no person of the partner's");
        admin.get(&world, "/customers").await.says(403, "Not allowed");
        admin.get(&world, "/activity").await.says(403, "Not allowed");
        let mut billing = customers_person(&world, world.customers["de"], 618, Role::CustomerBillingAdmin).await;
        assert_eq!(billing.get(&world, "/users").await.status, 403);
        assert_eq!(billing.get(&world, "/agreement").await.status, 403);
        let (mut partner, _) = agent(&world, 619).await;
        assert_eq!(partner.get(&world, "/own-activity").await.status, 403);
        assert_eq!(partner.get(&world, "/agreement").await.status, 403);
    }

    async fn pages_speak_the_language_that_is_chosen(world) {
        let (mut browser, _) = agent(&world, 620).await;
        browser.headers.push(("Accept-Language", "fr, sv;q=0.8, en;q=0.7".into()));
        browser.get(&world, "/customers").await.says(200, "<html lang=\"sv\">");
        browser.post(&world, "/language", &[("language", "de"), ("flow", "/customers")]).await.leads_to("/customers");
        browser.get(&world, "/customers").await.says(200, "Kunden");
        // What goes wrong is told in the same language, inside the same page.
        let missing = browser.get(&world, "/customers/00000000-0000-0000-0000-000000000001").await.says(404, "<html lang=\"de\">");
        assert!(missing.text.contains("href=\"/customers\""), "with the navigation");
        browser.post(&world, "/language", &[("language", "de"), ("flow", "//evil.example")]).await.leads_to("/account");
    }

    async fn a_page_asks_the_database_little(world) {
        let (mut browser, _) = agent(&world, 621).await;
        let margin = [("over", "all"), ("kind", "percent"), ("value", "5"), ("from", "2020-02-01")];
        browser.post(&world, "/margins", &margin).await.leads_to("/margins");
        let order = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        let (base, id) = (format!("/customers/{}", world.customers["de"]), order["id"].as_str().unwrap());
        let pages = [
            "/".into(), "/customers".into(), "/customers?q=customer".into(), "/search?q=cust".into(), base.clone(), format!("{base}/products"),
            format!("{base}/cart"), format!("{base}/account"), format!("{base}/software"), format!("{base}/software/{id}/0"),
            format!("{base}/software/{id}/0/cancel"), format!("{base}/orders"), format!("{base}/orders/{id}"), format!("{base}/billing"), format!("{base}/users"), format!("{base}/reservations"), format!("{base}/subscriptions"),
            "/renewals".into(), "/notifications".into(), "/support".into(), "/margins".into(),
        ];
        let mut most = Vec::new();
        for path in pages {
            // The first reading warms what is remembered of people; figures are added up apart from the page.
            browser.get(&world, &path).await.says(200, "<main");
            let before = world.installation.store.statements();
            browser.get(&world, &path).await.says(200, "<main");
            let count = world.installation.store.statements() - before;
            if count > PAGE_STATEMENTS {
                most.push(format!("{path}: {count}"));
            }
        }
        assert!(most.is_empty(), "statements: {most:?}");
    }
}

/// What a page may ask the database: eight statements, and BEGIN and COMMIT of three transactions (who is signed in, the
/// bell, the page itself).
const PAGE_STATEMENTS: u64 = 8 + 6;
