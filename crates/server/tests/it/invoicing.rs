//! Months are billed: once, with tax that adds up, numbers without gaps, and credits that give back what was billed.

use chandlery::app::Context;
use chandlery::error::Error;
use chandlery::jobs::invoice_run::{self, RunError, Summary};
use chandlery_domain::access::{Action, Scope};
use chandlery_domain::invoice::{DocumentKind, Held, Invoice, Month, Party, PartyMore};
use chandlery_domain::taxation::{TaxPlace, Treatment};
use chandlery_store::{invoices, tax};
use serde_json::Value;

use crate::people::{Browser, someone};
use crate::world::{RMS, SQL, World};

pub fn party(name: &str, country: &str, tax_id: Option<&str>) -> Party {
    let place = TaxPlace {
        country: country.parse().unwrap(),
        region: None,
        tax_id: tax_id.map(ToOwned::to_owned),
        exempt: None,
    };
    let (lines, city) = (vec!["Hafenstraße 1".into()], "Kiel".into());
    Party {
        name: name.into(),
        lines,
        city,
        postal_code: "24103".into(),
        place,
        email: String::new(),
        more: PartyMore::default(),
    }
}

pub fn scope(world: &World) -> Scope {
    let cx = Context::system(world.partner.id, world.now(), "test");
    cx.authorize(Action::ManageBilling).unwrap()
}

pub async fn seller(world: &World, country: &str) {
    let own = party("Norrsken Distribution", country, None);
    let saying = world.installation.store.bookkeep(move |tx| Ok::<_, Error>(tax::set_seller(tx, &own)?));
    saying.await.unwrap();
}

/// Says more of the seller than [`seller`] does.
pub async fn change_seller(world: &World, change: impl Fn(&mut Party) + Send + 'static) {
    let saying = world.installation.store.bookkeep(move |tx| {
        let mut own = tax::seller(tx)?.unwrap();
        change(&mut own);
        Ok::<_, Error>(tax::set_seller(tx, &own)?)
    });
    saying.await.unwrap();
}

pub async fn profile(world: &World, from: &str, own: Party) {
    let (scope, from, now) = (scope(world), from.parse().unwrap(), world.now());
    let saying = world
        .installation
        .store
        .bookkeep(move |tx| Ok::<_, Error>(tax::set_profile(tx, &scope, from, &own, now)?));
    saying.await.unwrap();
}

/// A German partner of a German seller.
pub async fn at_home(world: &World) {
    seller(world, "DE").await;
    profile(world, "0001-01-01", party("Erste Software GmbH", "DE", None)).await;
}

pub async fn billed(world: &World, month: &str) -> Summary {
    invoice_run::run(&world.installation, month.parse().unwrap(), false, &|_, _| {}).await.unwrap()
}

pub async fn documents(world: &World) -> Vec<Invoice> {
    let scope = scope(world);
    let reading = world.installation.store.read(move |tx| {
        let mut list = invoices::list(tx, &scope, invoices::WHENEVER, None, 100)?;
        list.reverse();
        let whole = list.iter().map(|own| Ok(invoices::find(tx, &scope, own.number)?.unwrap()));
        whole.collect::<Result<Vec<_>, Error>>()
    });
    reading.await.unwrap()
}

fn sums(own: &Invoice) -> (String, [String; 3]) {
    let text = |amount: chandlery_domain::money::Money| amount.decimal().to_string();
    (own.number.to_string(), [text(own.totals.net), text(own.totals.tax), text(own.totals.gross)])
}

pub fn are(document: &Invoice, number: &str, net: &str, tax: &str, gross: &str) {
    assert_eq!(sums(document), (number.to_owned(), [net, tax, gross].map(ToOwned::to_owned)));
}

pub async fn bought(world: &World, count: usize) -> Vec<Value> {
    let mut orders = Vec::new();
    for _ in 0..count {
        orders.push(world.buy(&[world.line(RMS.1, "7", 1).await]).await);
    }
    orders
}

on_both! {
    async fn a_month_that_was_billed_is_left_alone_whatever_is_missing_since(world) {
        at_home(&world).await;
        bought(&world, 1).await;
        world.set_clock("2020-03-02T09:00:00Z");
        assert_eq!(billed(&world, "2020-02").await.documents, 1);
        world.tamper("delete from tax_rates where country = 'DE'").await;
        // What a server noted that was overtaken goes with the next run.
        let partner = world.partner.id;
        world.tamper(&format!("insert into invoice_holds values ('{partner}', 'EUR', '2020-02', 'profile_missing', 0)")).await;
        let again = billed(&world, "2020-02").await;
        assert_eq!((again.documents, again.held.len()), (0, 0));
        let read = world.installation.store.read(|tx| Ok::<_, Error>(invoices::held(tx, 10)?));
        assert!(read.await.unwrap().is_empty());
    }

    async fn a_month_is_billed_once_whatever_tries_it(world) {
        at_home(&world).await;
        bought(&world, 3).await;
        world.buy(&[world.line(SQL.1, "2", 4).await]).await;
        let month: Month = "2020-02".parse().unwrap();
        // While it lasts, and in the first quarter of an hour after it, it cannot be billed.
        for early in ["2020-02-29T23:59:59Z", "2020-03-01T00:14:59Z"] {
            world.set_clock(early);
            assert!(matches!(invoice_run::run(&world.installation, month, false, &|_, _| {}).await, Err(RunError::NotOver { .. })));
        }
        world.set_clock("2020-03-02T08:00:00Z");
        let dry = invoice_run::run(&world.installation, month, true, &|_, _| {}).await.unwrap();
        assert!(dry.documents == 1 && documents(&world).await.is_empty(), "looking changes nothing");
        let other = world.restarted();
        let (one, two) = tokio::join!(billed(&world, "2020-02"), billed(&other, "2020-02"));
        assert_eq!(one.documents + two.documents, 1, "{one:?} {two:?}");
        assert!(one.failed.is_empty() && two.failed.is_empty());
        assert_eq!(billed(&world, "2020-02").await.documents, 0);
        let list = documents(&world).await;
        assert_eq!(list.len(), 1);
        // 3 × 119.99 + 4 × 1500.00 = 6359.97; 19 % of it = 1208.3943.
        are(&list[0], "G000000001", "6359.97", "1208.39", "7568.36");
        assert_eq!(list[0].due_on.to_string(), "2020-05-01", "net 60");
        // 119.99 carries 22.7981 each: with 1140.00 on the other line, 68.39 stay for three.
        let taxes = &list[0].rows[0].taxes[0];
        let each: Vec<(i64, u64, i64, u64)> = taxes.spreads.iter()
            .map(|own| (own.lines.amount.minor(), own.lines.count, own.each.minor(), own.extra)).collect();
        assert_eq!(each, [(11_999, 3, 2_279, 2), (600_000, 1, 114_000, 0)]);
        // Whoever pays is told; nothing more can be booked in the month.
        let admin = someone(&world, world.partner.id, 670, &[chandlery_domain::access::Role::BillingAdmin]).await;
        bought(&world, 1).await;
        world.set_clock("2020-04-02T08:00:00Z");
        billed(&world, "2020-03").await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &admin).await;
        browser.get(&world, "/notifications").await.says(200, "Invoice G000000002 for March 2020 was issued");
        world.set_clock("2020-03-31T23:59:00Z");
        let cart = world.cart("de", &[world.line(RMS.1, "7", 1).await]).await;
        assert_eq!(world.check_out("de", &cart).await.status, 503, "a clock behind the books books nothing");
    }

    async fn bought_and_cancelled_in_one_month_stand_on_one_invoice_and_come_to_nothing(world) {
        at_home(&world).await;
        let orders = bought(&world, 2).await;
        world.cancel(&orders[0]).await.expect(200);
        world.cancel(&orders[1]).await.expect(200);
        world.set_clock("2020-03-01T00:15:00Z");
        billed(&world, "2020-02").await;
        let list = documents(&world).await;
        assert_eq!(list.len(), 1);
        are(&list[0], "G000000001", "0.00", "0.00", "0.00");
        assert_eq!((list[0].rows[0].charges, list[0].rows[0].credits), (2, 2), "all four lines are shown");
    }

    async fn a_later_cancellation_is_a_credit_note_that_gives_back_what_was_billed(world) {
        at_home(&world).await;
        let orders = bought(&world, 3).await;
        let year = world.buy(&[world.line(SQL.1, "2", 4).await]).await;
        world.set_clock("2020-03-01T09:00:00Z");
        billed(&world, "2020-02").await;
        for order in &orders {
            world.cancel(order).await.expect(200);
        }
        // trunc2(1500.00 × 337 / 366 = 1381.147541) × 4 = 5524.56
        world.cancel(&year).await.expect(200);
        world.set_clock("2020-04-01T09:00:00Z");
        let summary = billed(&world, "2020-03").await;
        assert_eq!(summary.documents, 1);
        let list = documents(&world).await;
        are(&list[0], "G000000001", "6359.97", "1208.39", "7568.36");
        // 359.97 and its 68.39, each to the cent; 1140.00 × 5524.56 / 6000.00 = 1049.6664.
        are(&list[1], "G000000002", "-5884.53", "-1118.06", "-7002.59");
        assert_eq!(list[1].kind, DocumentKind::CreditNote);
        assert_eq!(list[1].amends, [list[0].number], "it names what it corrects");
    }

    async fn elsewhere_a_later_cancellation_is_a_line_below_zero(world) {
        seller(&world, "US").await;
        profile(&world, "0001-01-01", party("Erste Software GmbH", "US", None)).await;
        let rates = vec![chandlery_domain::taxation::DatedRate {
            in_place_of: None,
            country: "US".parse().unwrap(), region: None, name: "Sales tax".into(),
            rate: chandlery_domain::tax::Rate::new("0.07".parse().unwrap()).unwrap(),
            first: "2019-01-01".parse().unwrap(), last: None,
        }];
        world.installation.store.bookkeep(move |tx| Ok::<_, Error>(tax::replace_rates(tx, &rates)?)).await.unwrap();
        let orders = bought(&world, 1).await;
        world.set_clock("2020-03-01T09:00:00Z");
        billed(&world, "2020-02").await;
        bought(&world, 1).await;
        world.cancel(&orders[0]).await.expect(200);
        world.set_clock("2020-04-01T09:00:00Z");
        billed(&world, "2020-03").await;
        let list = documents(&world).await;
        are(&list[0], "G000000001", "119.99", "8.40", "128.39");
        assert_eq!(list[1].kind, DocumentKind::Invoice);
        are(&list[1], "G000000002", "0.00", "0.00", "0.00");
        assert_eq!(list[1].amends, [list[0].number]);
    }

    async fn whoever_cannot_be_billed_is_held_back_with_the_reason_and_the_others_are_billed(world) {
        let month: Month = "2020-02".parse().unwrap();
        bought(&world, 1).await;
        world.set_clock("2020-03-02T09:00:00Z");
        assert!(matches!(invoice_run::run(&world.installation, month, false, &|_, _| {}).await, Err(RunError::NoSeller)));
        seller(&world, "SE").await;
        let summary = billed(&world, "2020-02").await;
        assert_eq!(summary.held, [(world.partner.id, "EUR".parse().unwrap(), Held::ProfileMissing)]);
        assert_eq!(summary.documents, 0);
        let held = world.installation.store.read(|tx| Ok::<_, Error>(invoices::held(tx, 10)?)).await.unwrap();
        assert_eq!((held.len(), held[0].why.as_str()), (1, "profile_missing"));
        // The next month waits for this one.
        bought(&world, 1).await;
        world.set_clock("2020-04-02T09:00:00Z");
        profile(&world, "0001-01-01", party("Erste Software GmbH", "DE", Some("DE136695976"))).await;
        let summary = billed(&world, "2020-03").await;
        assert_eq!(summary.held[0].2, Held::EarlierMonthOpen(month));
        assert_eq!(billed(&world, "2020-02").await.documents, 1);
        assert_eq!(billed(&world, "2020-03").await.documents, 1);
        let held = world.installation.store.read(|tx| Ok::<_, Error>(invoices::held(tx, 10)?)).await.unwrap();
        assert!(held.is_empty());
        // From Sweden to a German business with its number the buyer owes the tax.
        let list = documents(&world).await;
        are(&list[0], "G000000001", "119.99", "0.00", "119.99");
        are(&list[1], "G000000002", "119.99", "0.00", "119.99");
        assert_eq!(list[0].rows[0].treatment, Treatment::ReverseCharge);
    }

    async fn months_billed_elsewhere_are_left_alone_and_their_credits_are_not(world) {
        at_home(&world).await;
        let orders = bought(&world, 1).await;
        let march = "2020-03-01T00:00:00Z".parse().unwrap();
        world.installation.store.bookkeep(move |tx| Ok::<_, Error>(invoices::begin_billing(tx, march)?)).await.unwrap();
        world.set_clock("2020-03-05T09:00:00Z");
        world.cancel(&orders[0]).await.expect(200);
        world.set_clock("2020-04-01T09:00:00Z");
        billed(&world, "2020-03").await;
        let list = documents(&world).await;
        assert_eq!(list.len(), 1);
        // Nothing here can be named; what was charged comes back with its tax, 119.99 and 22.7981.
        are(&list[0], "G000000001", "-119.99", "-22.80", "-142.79");
    }

    async fn an_id_said_today_counts_from_the_day_it_is_said_for(world) {
        seller(&world, "SE").await;
        profile(&world, "0001-01-01", party("Erste Software GmbH", "DE", None)).await;
        bought(&world, 1).await;
        world.set_clock("2020-03-03T09:00:00Z");
        profile(&world, "2020-03-01", party("Erste Software GmbH", "DE", Some("DE136695976"))).await;
        billed(&world, "2020-02").await;
        bought(&world, 1).await;
        world.set_clock("2020-04-03T09:00:00Z");
        billed(&world, "2020-03").await;
        let list = documents(&world).await;
        are(&list[0], "G000000001", "119.99", "22.80", "142.79");
        are(&list[1], "G000000002", "119.99", "0.00", "119.99");
    }

    async fn the_log_tells_that_a_month_was_billed(world) {
        at_home(&world).await;
        bought(&world, 1).await;
        world.set_clock("2020-03-01T09:00:00Z");
        billed(&world, "2020-02").await;
        let agent = someone(&world, world.partner.id, 671, &[chandlery_domain::access::Role::AdminAgent]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &agent).await;
        let page = browser.get(&world, "/activity?from=2020-03-01&to=2020-03-01&kind=ready_invoice").await;
        assert!(page.says(200, "Month billed").text.contains("G000000001"));
    }

    async fn programs_read_documents_and_lines_that_add_up(world) {
        at_home(&world).await;
        let orders = bought(&world, 3).await;
        world.buy(&[world.line(SQL.1, "2", 4).await]).await;
        world.set_clock("2020-03-01T09:00:00Z");
        let unbilled = "/v1/invoices/unbilled/lineitems?provider=onetime&invoicelineitemtype=billinglineitems&currencycode=EUR";
        let waiting = world.get(&format!("{unbilled}&period=previous")).await;
        assert_eq!(waiting["totalCount"], 4);
        assert_eq!(world.get(unbilled).await["totalCount"], 0, "nothing this month yet");
        billed(&world, "2020-02").await;
        assert_eq!(world.get(&format!("{unbilled}&period=previous")).await["totalCount"], 0);
        world.cancel(&orders[0]).await.expect(200);
        world.set_clock("2020-04-01T09:00:00Z");
        billed(&world, "2020-03").await;
        let list = world.get("/v1/invoices").await;
        let ids: Vec<&str> = list["items"].as_array().unwrap().iter().map(|own| own["id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["G000000002", "G000000001"], "newest first");
        let first = &list["items"][1];
        assert_eq!([&first["documentType"], &first["currencyCode"], &first["invoiceType"]], ["invoice", "EUR", "OneTime"]);
        assert_eq!(crate::world::money(&first["totalCharges"]), "7568.36");
        assert_eq!(list["items"][0]["documentType"], "adjustment_note");
        assert_eq!(list["items"][0]["amendsOf"], "G000000001");
        // A number is found bare and behind its kind, in any case; its own links lead back.
        for path in ["/v1/invoices/G000000001", "/v1/invoices/OneTime-G000000001", "/v1/invoices/onetime-g000000001"] {
            assert_eq!(world.get(path).await["id"], "G000000001", "{path}");
        }
        world.call("GET", "/v1/invoices/G000000009", None).await.refused(404, 1000);
        let older = first["invoiceDetails"][0]["links"]["self"]["uri"].as_str().unwrap();
        assert_eq!(world.get(&format!("/v1{older}")).await["totalCount"], 4);
        // Lines, two at a time, come to the document to the cent.
        let path = "/v1/invoices/G000000001/lineitems?provider=onetime&invoicelineitemtype=billinglineitems&size=3";
        let page = world.get(path).await;
        let token = page["links"]["next"]["headers"][0]["value"].as_str().unwrap().to_owned();
        let rest = world.call_with(&world.token, path, &[("MS-ContinuationToken", &token)]).await.expect(200);
        let lines: Vec<&Value> = page["items"].as_array().unwrap().iter().chain(rest["items"].as_array().unwrap()).collect();
        assert_eq!(lines.len(), 4);
        let sum = |name: &str| lines.iter().map(|own| (own[name].as_f64().unwrap() * 100.0).round() as i64).sum::<i64>();
        assert_eq!([sum("subtotal"), sum("taxTotal"), sum("totalForCustomer")], [635_997, 120_839, 756_836]);
        assert_eq!([&lines[0]["chargeType"], &lines[0]["productName"], &lines[0]["customerCountry"]], ["New", "Rights Management CAL", "DE"]);
        assert_eq!(lines[3]["termAndBillingCycle"], "One-Year Subscription");
        let note = world.get("/v1/invoices/G000000002/lineitems?provider=onetime&invoicelineitemtype=billinglineitems").await;
        assert_eq!((note["totalCount"].as_u64(), note["items"][0]["chargeType"].as_str()), (Some(1), Some("Cancel")));
        let back = crate::world::money(&note["items"][0]["totalForCustomer"]);
        assert_eq!(back, crate::world::money(&list["items"][0]["totalCharges"]));
        // Other kinds of lines there are none; what is owed is the sum of both.
        let usage = world.get("/v1/invoices/G000000001/lineitems?provider=azure&invoicelineitemtype=usagelineitems").await;
        assert_eq!(usage["totalCount"], 0);
        let owed = world.get("/v1/invoices/summary").await;
        assert_eq!((crate::world::money(&owed["balanceAmount"]), owed["currencyCode"].as_str()), ("7425.57".into(), Some("EUR")));
        assert_eq!(world.get("/v1/invoices/summaries").await["items"][0]["details"][0]["invoiceType"], "OneTime");
        assert_eq!(world.get("/v1/invoices/estimates/links?currencycode=EUR").await["totalCount"], 2);
    }

    async fn documents_are_one_partners_alone(world) {
        at_home(&world).await;
        bought(&world, 1).await;
        world.set_clock("2020-03-01T09:00:00Z");
        billed(&world, "2020-02").await;
        let theirs = world.their_token.clone();
        assert_eq!(world.call_as(&theirs, "GET", "/v1/invoices", None).await.expect(200)["totalCount"], 0);
        for path in ["/v1/invoices/G000000001", "/v1/invoices/G000000001/lineitems"] {
            world.call_as(&theirs, "GET", path, None).await.refused(404, 1000);
        }
    }

    async fn a_document_is_read_explained_and_taken_away_as_a_file(world) {
        use chandlery_domain::access::Role;
        at_home(&world).await;
        let orders = bought(&world, 3).await;
        world.buy(&[world.line(SQL.1, "2", 4).await]).await;
        world.set_clock("2020-03-01T09:00:00Z");
        billed(&world, "2020-02").await;
        world.cancel(&orders[0]).await.expect(200);
        world.set_clock("2020-04-01T09:00:00Z");
        billed(&world, "2020-03").await;
        let billing = someone(&world, world.partner.id, 672, &[Role::BillingAdmin]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &billing).await;
        let list = browser.get(&world, "/billing").await.says(200, "G000000002");
        assert!(list.text.contains("Credit note") && list.text.contains("€7,425.57"), "{}", list.text);
        let page = browser.get(&world, "/billing/G000000001").await.says(200, "€7,568.36");
        // Found by what one types of its number, by those who may read it.
        let agent = someone(&world, world.partner.id, 677, &[Role::AdminAgent]).await;
        let mut other = Browser::default();
        other.sign_in(&world, &agent).await;
        let found = other.get(&world, "/search?q=g00000000").await.says(200, "href=\"/billing/G000000002\"");
        assert!(found.text.contains("Invoice, February 2020, €7,568.36"), "{}", found.text);
        for words in ["VAT 19%", "€6,359.97", "worked out once for all lines taxed this way", "The 4 lines carry it together", "Hafenstraße 1", "RMS CAL 1 Device"] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
        let note = browser.get(&world, "/billing/G000000002").await.says(200, "href=\"/billing/G000000001\"");
        assert!(note.text.contains("give back €22.80"), "{}", note.text);
        let mut total = rust_decimal::Decimal::ZERO;
        for (number, rows) in [("G000000001", 4), ("G000000002", 1)] {
            let file = browser.get(&world, &format!("/billing/{number}/lines.csv")).await;
            assert_eq!((file.status, file.headers["x-row-count"].as_str()), (200, rows.to_string().as_str()));
            let mut lines = file.text.lines();
            let head: Vec<&str> = lines.next().unwrap().split(',').collect();
            assert_eq!((head.len(), head[0], head[20], head[45]), (46, "PartnerId", "Total", "PromotionID"));
            let list: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
            assert_eq!(list.len(), rows);
            // Perpetual software has no term and no last day (rule 8.4).
            assert_eq!([list[0][28], list[0][29], list[0][5]], ["", "", number]);
            // The same as JSON, and the digests of both as `sha256sum --check` reads them.
            let json = browser.get(&world, &format!("/billing/{number}/lines.jsonl")).await;
            assert_eq!((json.headers["content-type"].as_str(), json.headers["x-row-count"].as_str()), ("application/jsonl", rows.to_string().as_str()));
            let objects: Vec<serde_json::Map<String, Value>> = json.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            assert_eq!(objects.len(), rows);
            for (object, cells) in objects.iter().zip(&list) {
                assert!(object.keys().map(String::as_str).eq(head.iter().copied()), "the columns in their order");
                assert!(object.values().map(|own| own.as_str().unwrap()).eq(cells.iter().copied()), "{object:?}");
            }
            for (ending, bytes) in [("csv", &file.bytes), ("jsonl", &json.bytes)] {
                let sum = browser.get(&world, &format!("/billing/{number}/lines.{ending}.sha256")).await;
                let own = hex::encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes).as_ref());
                assert_eq!(sum.text, format!("{own}  {number}.{ending}\n"));
            }
            total += list.iter().map(|own| own[20].parse::<rust_decimal::Decimal>().unwrap()).sum::<rust_decimal::Decimal>();
        }
        assert_eq!(total.to_string(), "7425.57");
        for (number, role, status) in [(673, Role::SalesAgent, 403), (674, Role::AdminAgent, 200), (675, Role::GlobalAdmin, 200)] {
            let person = someone(&world, world.partner.id, number, &[role]).await;
            let mut browser = Browser::default();
            browser.sign_in(&world, &person).await;
            for path in ["/billing", "/billing/G000000001", "/billing/G000000001/lines.csv", "/billing/G000000001/lines.jsonl", "/billing/G000000001/lines.csv.sha256"] {
                assert_eq!(browser.get(&world, path).await.status, status, "{role:?} {path}");
            }
        }
        let theirs = someone(&world, world.other.id, 676, &[Role::BillingAdmin]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &theirs).await;
        for path in ["/billing/G000000001", "/billing/G000000001/lines.csv", "/billing/nonsense"] {
            assert_eq!(browser.get(&world, path).await.status, 404, "{path}");
        }
    }
}
