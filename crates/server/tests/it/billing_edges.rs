//! Bills where it gets narrow: taxes that change inside a month, months that were forgotten, credits in parts, prices with
//! taxes in them, terms that renew.

use chandlery::error::Error;
use chandlery::jobs::invoice_run::{self, RunError};
use chandlery_domain::access::Role;
use chandlery_domain::invoice::Held;
use chandlery_domain::tax::Rate;
use chandlery_domain::taxation::{DatedRate, TaxPlace};
use chandlery_store::{invoices, tax};
use serde_json::{Value, json};

use crate::invoicing::{are, at_home, billed, bought, documents, party, profile, seller};
use crate::people::{Browser, someone};
use crate::world::{HEADER, RMS, SQL, VM, World, row, standard_prices};

fn rate(country: &str, region: Option<&str>, name: &str, percent: &str) -> DatedRate {
    let fraction: rust_decimal::Decimal = percent.parse().unwrap();
    DatedRate {
        country: country.parse().unwrap(),
        region: region.map(ToOwned::to_owned),
        name: name.to_owned(),
        rate: Rate::new(fraction / rust_decimal::Decimal::ONE_HUNDRED).unwrap(),
        in_place_of: None,
        first: "2010-01-01".parse().unwrap(),
        last: None,
    }
}

async fn rates(world: &World, list: Vec<DatedRate>) {
    let saying = world.installation.store.bookkeep(move |tx| Ok::<_, Error>(tax::replace_rates(tx, &list)?));
    saying.await.unwrap();
}

async fn begin(world: &World, at: &str) {
    let at = at.parse().unwrap();
    let saying =
        world.installation.store.bookkeep(move |tx| Ok::<_, Error>(invoices::begin_billing(tx, at)?));
    saying.await.unwrap();
}

/// Gives back a part of an order's first line, as the operator may.
async fn credited(world: &World, order: &Value, amount: &str) {
    let scope = crate::invoicing::scope(world);
    let id: chandlery_domain::ids::OrderId = order["id"].as_str().unwrap().parse().unwrap();
    let (now, minor) = (world.now(), amount.replace('.', "").parse::<i64>().unwrap());
    let booking = world.installation.store.bookkeep(move |tx| {
        let own = chandlery_store::charges::of_order(tx, &scope, id)?;
        let first = own.into_iter().find(|own| own.reverses.is_none()).unwrap();
        let credit = chandlery_domain::charge::Charge {
            id: chandlery_domain::ids::ChargeId::new(uuid::Uuid::from_bytes(crate::world::random16())),
            kind: chandlery_domain::charge::ChargeKind::CustomerCredit,
            amount: chandlery_domain::money::Money::new(-minor, first.amount.currency()),
            booked_at: now,
            reverses: Some(first.id),
            ..first
        };
        Ok::<_, Error>(chandlery_store::charges::insert(tx, &scope, &[credit])?)
    });
    booking.await.unwrap();
}

on_both! {
    async fn who_the_partner_is_counts_on_the_day_of_each_charge(world) {
        seller(&world, "SE").await;
        profile(&world, "0001-01-01", party("Erste Software GmbH", "DE", None)).await;
        bought(&world, 1).await;
        // From the 20th on it has an id: what was bought before carries German tax all the same.
        profile(&world, "2020-02-20", party("Erste Software GmbH", "DE", Some("DE136695976"))).await;
        world.set_clock("2020-02-25T09:00:00Z");
        bought(&world, 1).await;
        world.set_clock("2020-03-02T09:00:00Z");
        billed(&world, "2020-02").await;
        let list = documents(&world).await;
        are(&list[0], "G000000001", "239.98", "22.80", "262.78");
        assert_eq!((list[0].rows.len(), list[0].buyer.place.tax_id.as_deref()), (2, Some("DE136695976")));
        // Nobody said who it is on the month's first day: nothing is guessed.
        let (month, other) = ("2020-02".parse().unwrap(), world.other.id);
        let held = invoice_run::run(&world.installation, month, true, &|_, _| {}).await.unwrap().held;
        assert!(!held.iter().any(|(partner, ..)| *partner == other), "the other bought nothing");
    }

    async fn months_billed_elsewhere_are_never_billed_here(world) {
        at_home(&world).await;
        bought(&world, 1).await;
        begin(&world, "2020-03-01T00:00:00Z").await;
        world.set_clock("2020-04-02T09:00:00Z");
        let february = "2020-02".parse().unwrap();
        let refused = invoice_run::run(&world.installation, february, false, &|_, _| {}).await;
        assert!(matches!(refused, Err(RunError::BilledElsewhere { .. })), "{refused:?}");
        assert_eq!(billed(&world, "2020-03").await.documents, 0);
        assert!(documents(&world).await.is_empty());
    }

    async fn a_credit_of_a_charge_billed_elsewhere_carries_the_tax_of_its_day(world) {
        seller(&world, "SE").await;
        profile(&world, "0001-01-01", party("Erste Software GmbH", "DE", None)).await;
        let orders = bought(&world, 1).await;
        begin(&world, "2020-03-01T00:00:00Z").await;
        profile(&world, "2020-03-01", party("Erste Software GmbH", "DE", Some("DE136695976"))).await;
        world.set_clock("2020-03-05T09:00:00Z");
        credited(&world, &orders[0], "30.00").await;
        world.set_clock("2020-04-05T09:00:00Z");
        credited(&world, &orders[0], "20.00").await;
        billed(&world, "2020-03").await;
        world.set_clock("2020-05-05T09:00:00Z");
        billed(&world, "2020-04").await;
        let list = documents(&world).await;
        // 119.99 carried 22.80 then: 22.80 × 30 ÷ 119.99 = 5.7005; 22.80 × 50 ÷ 119.99 = 9.5008, less 5.70.
        are(&list[0], "G000000001", "-30.00", "-5.70", "-35.70");
        are(&list[1], "G000000002", "-20.00", "-3.80", "-23.80");
    }

    async fn a_charge_given_back_in_two_months_gives_back_its_tax_and_no_more(world) {
        at_home(&world).await;
        let orders = bought(&world, 1).await;
        world.set_clock("2020-03-05T09:00:00Z");
        billed(&world, "2020-02").await;
        for (at, amount) in [("2020-03-06", "33.33"), ("2020-04-06", "33.33"), ("2020-05-06", "53.33")] {
            world.set_clock(&format!("{at}T09:00:00Z"));
            credited(&world, &orders[0], amount).await;
        }
        world.set_clock("2020-06-05T09:00:00Z");
        for month in ["2020-03", "2020-04", "2020-05"] {
            billed(&world, month).await;
        }
        let list = documents(&world).await;
        let taxes: Vec<String> = list.iter().map(|own| own.totals.tax.decimal().to_string()).collect();
        // 22.80 × 33.33 ÷ 119.99 = 6.3332; × 66.66 = 12.6664, less 6.33; the rest.
        assert_eq!(taxes, ["22.80", "-6.33", "-6.34", "-10.13"]);
    }

    async fn a_month_with_nothing_but_credits_is_not_forgotten(world) {
        at_home(&world).await;
        let orders = bought(&world, 2).await;
        world.set_clock("2020-03-05T09:00:00Z");
        billed(&world, "2020-02").await;
        world.cancel(&orders[0]).await.expect(200);
        world.set_clock("2020-04-05T09:00:00Z");
        bought(&world, 1).await;
        world.set_clock("2020-05-05T09:00:00Z");
        let summary = billed(&world, "2020-04").await;
        assert!(matches!(summary.held[0].2, Held::EarlierMonthOpen(month) if month.to_string() == "2020-03"));
        assert_eq!(billed(&world, "2020-03").await.documents, 1);
        assert_eq!(billed(&world, "2020-04").await.documents, 1);
    }

    async fn taxes_inside_a_price_come_out_of_it_together_and_one_must_be_known(world) {
        seller(&world, "SE").await;
        profile(&world, "0001-01-01", party("Primeira Software Ltda", "BR", None)).await;
        let line = json!({ "id": 0, "catalogItemId": world.item("br", RMS.1, "7").await, "quantity": 1, "billingCycle": "one_time" });
        let cart = world.cart("br", &[line]).await;
        world.check_out("br", &cart).await.expect(201);
        world.set_clock("2020-03-02T09:00:00Z");
        let summary = billed(&world, "2020-02").await;
        assert!(matches!(summary.held[0].2, Held::RateMissing(_)), "the price says that tax is in it: {summary:?}");
        rates(&world, vec![rate("BR", None, "ISS", "5"), rate("BR", None, "PIS/COFINS", "9.25")]).await;
        billed(&world, "2020-02").await;
        let list = documents(&world).await;
        // 119.99 ÷ 1.1425 = 105.0240: 5.2512 and 9.7147 are in it.
        are(&list[0], "G000000001", "105.03", "14.96", "119.99");
    }

    async fn a_country_whose_parts_tax_by_themselves_has_to_be_said_exactly(world) {
        seller(&world, "CA").await;
        let place = |region: Option<&str>| {
            let mut own = party("First Software Inc", "CA", None);
            own.place = TaxPlace { region: region.map(Into::into), ..own.place };
            own
        };
        profile(&world, "0001-01-01", place(None)).await;
        bought(&world, 1).await;
        world.set_clock("2020-03-02T09:00:00Z");
        assert!(matches!(billed(&world, "2020-02").await.held[0].2, Held::RateMissing(_)));
        // One tax of 13 %, and not 5 % and 8 % each rounded by itself: 119.99 × 0.13 = 15.5987.
        profile(&world, "0001-01-01", place(Some("CA-ON"))).await;
        billed(&world, "2020-02").await;
        let list = documents(&world).await;
        are(&list[0], "G000000001", "119.99", "15.60", "135.59");
        assert_eq!(list[0].rows[0].taxes[0].name, "HST");
        bought(&world, 1).await;
        profile(&world, "2020-03-01", place(Some("CA-QC"))).await;
        world.set_clock("2020-04-02T09:00:00Z");
        billed(&world, "2020-03").await;
        // 5.9995 and 11.96900.
        are(&documents(&world).await[1], "G000000002", "119.99", "17.97", "137.96");
    }

    async fn each_currency_has_its_own_document(world) {
        seller(&world, "SE").await;
        profile(&world, "0001-01-01", party("Erste Software GmbH", "DE", Some("DE136695976"))).await;
        bought(&world, 1).await;
        let line = json!({ "id": 0, "catalogItemId": world.item("br", RMS.1, "7").await, "quantity": 2, "billingCycle": "one_time" });
        let cart = world.cart("br", &[line]).await;
        world.check_out("br", &cart).await.expect(201);
        world.set_clock("2020-03-02T09:00:00Z");
        assert_eq!(billed(&world, "2020-02").await.documents, 2);
        let list = documents(&world).await;
        are(&list[0], "G000000001", "239.98", "0.00", "239.98");
        are(&list[1], "G000000002", "119.99", "0.00", "119.99");
        assert_eq!(list[0].totals.gross.currency().code(), "BRL");
    }

    async fn what_was_issued_stays_as_it_was_whatever_changes_later(world) {
        at_home(&world).await;
        let order = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        let path = format!("{}/subscriptions?order_id={}", world.path("de"), order["id"].as_str().unwrap());
        let mut own = world.get(&path).await["items"][0].clone();
        let path = format!("{}/subscriptions/{}", world.path("de"), own["id"].as_str().unwrap());
        own["autoRenewEnabled"] = json!(true);
        world.call("PATCH", &path, Some(own)).await.expect(200);
        world.set_clock("2020-03-01T09:00:00Z");
        billed(&world, "2020-02").await;
        let admin = someone(&world, world.partner.id, 680, &[Role::GlobalAdmin]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &admin).await;
        let first = browser.get(&world, "/billing/G000000001/lines.csv").await.says(200, "2021-01-31").text;
        // It renews, the product is renamed, and the customer too.
        world.import_prices(&standard_prices().replace("SQL Server Enterprise", "SQL Server Renamed")).await.unwrap();
        let profile_path = format!("{}/profiles/billing", world.path("de"));
        let mut named = world.get(&profile_path).await;
        named["companyName"] = json!("Anders GmbH");
        world.call("PUT", &profile_path, Some(named)).await.expect(200);
        world.set_clock("2021-02-01T00:00:00Z");
        assert_eq!(world.runner.charge_due().await.unwrap(), 1);
        let again = browser.get(&world, "/billing/G000000001/lines.csv").await.text;
        assert_eq!(first, again);
        // The new term stands on the next document, with its own days and the new name.
        world.set_clock("2021-03-01T09:00:00Z");
        billed(&world, "2021-02").await;
        let next = browser.get(&world, "/billing/G000000002/lines.csv").await;
        next.says(200, "2022-01-31").says(200, "Anders GmbH");
    }

    async fn what_somebody_typed_is_no_formula_in_a_bookkeepers_table(world) {
        at_home(&world).await;
        bought(&world, 1).await;
        let path = format!("{}/profiles/billing", world.path("de"));
        let mut named = world.get(&path).await;
        named["companyName"] = json!("=HYPERLINK(\"https://x.example\") AG");
        world.call("PUT", &path, Some(named)).await.expect(200);
        world.set_clock("2020-03-01T09:00:00Z");
        billed(&world, "2020-02").await;
        let admin = someone(&world, world.partner.id, 681, &[Role::BillingAdmin]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &admin).await;
        let file = browser.get(&world, "/billing/G000000001/lines.csv").await;
        assert!(file.text.contains("\"'=HYPERLINK(") && !file.text.contains(",\"=HYPERLINK("), "{}", file.text);
        // A bookkeeper reads orders' numbers, and is led nowhere it may not go.
        let page = browser.get(&world, "/billing/G000000001").await.says(200, "Lines");
        assert!(!page.text.contains("/orders/"), "{}", page.text);
    }

    async fn programs_ask_for_a_month_and_see_what_corrects_a_document(world) {
        at_home(&world).await;
        let orders = bought(&world, 2).await;
        world.set_clock("2020-03-02T09:00:00Z");
        billed(&world, "2020-02").await;
        world.cancel(&orders[0]).await.expect(200);
        world.set_clock("2020-04-02T09:00:00Z");
        billed(&world, "2020-03").await;
        let filter = r#"{"LeftFilter":{"Field":"InvoiceDate","Value":"2020-03-01","Operator":"greater_than_or_equals"},"RightFilter":{"Field":"InvoiceDate","Value":"2020-03-31","Operator":"less_than_or_equals"},"Operator":"and"}"#;
        let filter: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        let march = world.get(&format!("/v1/invoices?filter={filter}")).await;
        assert_eq!((march["totalCount"].as_u64(), march["items"][0]["id"].as_str()), (Some(1), Some("G000000001")));
        world.call("GET", "/v1/invoices?filter=%7B%22Field%22%3A%22Sum%22%7D", None).await.refused(400, 3000);
        let own = world.get("/v1/invoices/G000000001").await;
        assert_eq!([&own["amendments"][0]["id"], &own["amendments"][0]["amendsOf"]], ["G000000002", "G000000001"]);
        assert_eq!(own["pdfDownloadLink"], "/invoices/G000000001/documents/statement");
        for other in ["Office/BillingLineItems", "Azure/UsageLineItems", "OneTime/UsageLineItems"] {
            assert_eq!(world.get(&format!("/v1/invoices/G000000001/lineitems/{other}")).await["totalCount"], 0, "{other}");
        }
        world.call("GET", "/v1/invoices/G000000001/lineitems/Else/BillingLineItems", None).await.refused(404, 1000);
    }

    async fn only_subscriptions_are_sold_in_instalments(world) {
        let own = row(VM, ("002L", "Reserved VM 1 year"), "P1Y", "Azure;Reservation", ("DE", "EUR"), "75.00");
        let sheet = format!("{HEADER}\n{}\n", own.replace("P1Y,,", "P1Y,Monthly,"));
        let refused = world.import_prices(&sheet).await.unwrap_err();
        assert!(refused.to_string().contains("only subscriptions are paid in several charges"), "{refused}");
    }
}
