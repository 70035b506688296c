//! Azure Hybrid Benefit: by program and on pages, owned, used, calculated, taken away (rule 9, SEED-8 to SEED-11).

use chandlery::app::benefit::import;
use chandlery::error::Error;
use chandlery_domain::access::Role;
use chandlery_store::benefit as stored;
use serde_json::{Value, json};

use crate::people::{Browser, someone};
use crate::support::send;
use crate::world::{RMS, SQL, World};

const LICENCES: &str = "product_id,sku_id,edition,cores\n\
    DG7GMGF0FKZV,2,windows_standard,8\nDG7GMGF0FKZV,3,windows_datacenter,8\nDG7GMGF0D5SL,7,windows_standard,16\n";
const RATES: &str = "size,region,currency,effective_from,licensed_rate,base_rate,reserved_rate_1y,reserved_rate_3y\n\
    Standard_D4s_v3,North Europe,EUR,2019-01-01,0.36,0.18,0.11,0.07\n\
    Standard_D4s_v3,North Europe,EUR,2020-01-01,0.376,0.192,0.12,0.0732\n\
    Standard_D4s_v3,North Europe,EUR,2021-01-01,9,8,7,6\n\
    Standard_D16s_v3,North Europe,EUR,2020-01-01,1.504,0.768,,\n";

/// A world where the standard products are core licences, with rates.
async fn tables(world: &World) {
    let licences = import::core_licences(LICENCES.as_bytes()).unwrap();
    let rates = import::rates(RATES.as_bytes()).unwrap();
    let filling = world.installation.store.bookkeep(move |tx| {
        stored::replace_core_licences(tx, &licences)?;
        stored::put_rates(tx, &rates)?;
        // Read again, rates give way to themselves.
        Ok::<_, Error>(stored::put_rates(tx, &rates)?)
    });
    filling.await.unwrap();
}

async fn buys(world: &World, sku: &str, quantity: u64) -> Value {
    let order = world.buy(&[world.line(SQL.1, sku, quantity).await]).await;
    world.settle().await;
    order
}

fn at(world: &World, rest: &str) -> String {
    format!("{}/hybridbenefit{rest}", world.path("de"))
}

async fn calculated(world: &World, machines: Value) -> Value {
    let body = json!({ "virtualMachines": machines, "region": "northeurope" });
    world.call("POST", &at(world, "/calculations"), Some(body)).await.expect(200)
}

async fn recorded(world: &World, items: Value) -> crate::world::Reply {
    world.call("POST", &at(world, "/uses"), Some(json!({ "items": items }))).await
}

on_both! {
    async fn seed_9_subscriptions_of_datacenter_and_standard_carry_the_benefit_and_perpetual_licences_do_not(world) {
        tables(&world).await;
        assert_eq!(world.get(&at(&world, "")).await["totalCount"], 0);
        buys(&world, "2", 2).await;
        buys(&world, "3", 1).await;
        world.buy(&[world.line(RMS.1, "7", 3).await]).await;
        let own = world.get(&at(&world, "")).await;
        let cores: Vec<(String, u64, u64)> = own["items"].as_array().unwrap().iter().map(|own| {
            (own["edition"].as_str().unwrap().to_owned(), own["subscribedCores"].as_u64().unwrap(),
                own["freeCores"].as_u64().unwrap())
        }).collect();
        assert_eq!(cores, [("windows_standard".to_owned(), 16, 16), ("windows_datacenter".to_owned(), 8, 8)]);
    }

    async fn seed_10_with_the_benefit_a_machine_costs_the_base_compute_rate(world) {
        tables(&world).await;
        buys(&world, "2", 1).await;
        let own = calculated(&world, json!([{ "name": "web", "size": "Standard_D4s_v3", "count": 2 }])).await;
        // 0.376 and 0.192 an hour: the rates in force, not those of 2019 or 2021.
        assert_eq!(own["currencyCode"], "EUR");
        assert_eq!((own["payAsYouGo"].to_string(), own["withBenefit"].to_string()), ("548.96".into(), "414.64".into()));
        assert_eq!(own["withBenefitEverywhere"].to_string(), "280.32");
        assert_eq!(own["reservedWithBenefit"].to_string(), "241.2");
        assert_eq!(own["monthlySaving"].to_string(), "134.32");
        assert_eq!((own["isBest"].as_bool(), own["highestPossibleSaving"].to_string()), (Some(true), "134.32".into()));
        let row = &own["virtualMachines"][0];
        assert_eq!((row["coveredCount"].as_u64(), row["coveredBy"][0]["coreLicencesEach"].as_u64()), (Some(1), Some(8)));
        // What lacks is proposed: one more pack of eight cores, the cheaper by the year.
        let lack = &own["lacking"][0];
        assert_eq!((lack["edition"].as_str(), lack["cores"].as_u64()), (Some("windows_standard"), Some(8)));
        assert!(lack["catalogItemId"].as_str().unwrap().starts_with("DG7GMGF0FKZV:0002:") && lack["quantity"] == 1);
    }

    async fn what_is_wrong_with_a_list_is_told_machine_by_machine(world) {
        tables(&world).await;
        let body = json!({ "virtualMachines": [
            { "name": "a", "size": "Standard_D4s_v3", "hours": -1 }, { "size": "Standard_D4s_v3" }, { "name": "c" },
            { "name": "d", "cores": 4, "workload": "linux" } ] });
        let told = world.call("POST", &at(&world, "/calculations"), Some(body)).await.expect(400).to_string();
        for part in ["line 1, Hours", "line 2, Name", "line 3, Size", "line 4, Workload"] {
            assert!(told.contains(part), "{told}");
        }
        let unknown = json!({ "virtualMachines": [{ "name": "a", "size": "Standard_D4s_v9" }] });
        let told = world.call("POST", &at(&world, "/calculations"), Some(unknown)).await.expect(400).to_string();
        assert!(told.contains("Did you mean Standard_D4s_v3"), "{told}");
        let nothing = world.call("POST", &at(&world, "/calculations"), Some(json!({}))).await;
        nothing.expect(400);
    }

    async fn seed_11_standard_is_used_once_and_datacenter_in_both_places(world) {
        tables(&world).await;
        buys(&world, "2", 2).await;
        buys(&world, "3", 2).await;
        for edition in ["windows_standard", "windows_datacenter"] {
            let there = json!([{ "name": "old", "edition": edition, "place": "premises", "cores": 16, "startedOn": "2019-12-01" }]);
            recorded(&world, there).await.expect(201);
        }
        let datacenter = json!([{ "name": "dc", "edition": "windows_datacenter", "cores": 16, "startedOn": "2020-02-01" }]);
        recorded(&world, datacenter).await.expect(201);
        // Standard stays where it is, or it moves: for 180 days it may be in both places.
        let fresh = json!([{ "name": "st", "edition": "windows_standard", "cores": 16, "startedOn": "2020-02-01" }]);
        let told = recorded(&world, fresh).await.expect(400).to_string();
        assert!(told.contains("16 of Windows Server Standard would lack"), "{told}");
        let moved = json!([{ "name": "st", "edition": "windows_standard", "cores": 16, "startedOn": "2020-02-01", "migrated": true }]);
        let own = recorded(&world, moved.clone()).await.expect(201);
        assert_eq!(own["items"][0]["overlapsThrough"], "2020-07-29T00:00:00Z");
        recorded(&world, moved).await.expect(400);
        let standing = world.get(&at(&world, "")).await;
        let standard = &standing["items"][0];
        assert_eq!((standard["coresInBoth"].as_u64(), standard["lackingCores"].as_u64()), (Some(16), Some(0)));
        assert_eq!(standard["nextShortage"], json!({ "date": "2020-07-30T00:00:00Z", "cores": 16 }));
        assert!(standing["items"][1].get("nextShortage").is_none());
        // A page of uses, and the end of one.
        let uses = world.get(&at(&world, "/uses?size=3")).await;
        assert_eq!((uses["totalCount"].as_u64(), uses["links"]["next"].is_object()), (Some(3), true));
        let old = uses["items"].as_array().unwrap().iter().find(|own| {
            own["name"] == "old" && own["edition"] == "windows_standard"
        }).unwrap();
        let end = format!("/uses/{}", old["id"].as_str().unwrap());
        let ended = world.call("PATCH", &at(&world, &end), Some(json!({ "endedOn": "2020-02-01" }))).await;
        assert_eq!(ended.status, 204);
        world.call("PATCH", &at(&world, &end), Some(json!({ "endedOn": "2020-02-02" }))).await.expect(400);
        // What lacks next lacks when the subscription ends, unless it is renewed.
        let standard = &world.get(&at(&world, "")).await["items"][0];
        assert_eq!(standard["nextShortage"], json!({ "date": "2021-02-01T00:00:00Z", "cores": 16 }));
    }

    async fn what_is_covered_in_part_is_covered_further_and_what_begins_later_counts_already(world) {
        tables(&world).await;
        buys(&world, "2", 1).await;
        let three = json!([{ "name": "Web", "size": "Standard_D4s_v3", "count": 3 }]);
        recorded(&world, json!([{ "name": "web", "edition": "windows_standard", "cores": 8, "startedOn": "2020-03-02" }]))
            .await.expect(201);
        // From March on all eight are in use: nothing else may begin today without lacking then.
        let told = recorded(&world, json!([{ "name": "db", "edition": "windows_standard", "cores": 8, "startedOn": "2020-02-01" }])).await;
        assert!(told.expect(400).to_string().contains("on 2020-03-02"));
        let own = calculated(&world, three.clone()).await;
        let row = &own["virtualMachines"][0];
        assert_eq!((row["alreadyCoveredCount"].as_u64(), row["coveredCount"].as_u64()), (Some(1), Some(1)));
        assert_eq!(own["lacking"][0]["cores"], 16);
        buys(&world, "2", 1).await;
        let own = calculated(&world, three).await;
        assert_eq!((own["virtualMachines"][0]["coveredCount"].as_u64(), own["lacking"][0]["cores"].as_u64()), (Some(2), Some(8)));
    }

    async fn a_migration_is_planned_with_the_licences_it_brings_and_has_its_days_once(world) {
        tables(&world).await;
        buys(&world, "2", 1).await;
        recorded(&world, json!([{ "name": "old", "edition": "windows_standard", "place": "premises", "cores": 8, "startedOn": "2020-01-01" }]))
            .await.expect(201);
        let asked = |migrated: bool| json!({ "region": "northeurope", "migrated": migrated,
            "virtualMachines": [{ "name": "web", "size": "Standard_D4s_v3" }] });
        for (migrated, covered) in [(false, 0), (true, 1)] {
            let own = world.call("POST", &at(&world, "/calculations"), Some(asked(migrated))).await.expect(200);
            assert_eq!(own["virtualMachines"][0]["coveredCount"], covered);
        }
        let moved = |start: &str| json!([{ "name": "web", "edition": "windows_standard", "cores": 8, "startedOn": start, "migrated": true }]);
        let own = recorded(&world, moved("2020-02-01")).await.expect(201);
        let end = format!("/uses/{}", own["items"][0]["id"].as_str().unwrap());
        assert_eq!(world.call("PATCH", &at(&world, &end), Some(json!({ "endedOn": "2020-02-01" }))).await.status, 204);
        world.set_clock("2020-02-03T10:00:00Z");
        assert!(recorded(&world, moved("2020-02-03")).await.expect(400).to_string().contains("180 days once"));
    }

    async fn where_the_operator_has_no_rates_cores_are_counted_all_the_same(world) {
        let licences = import::core_licences(LICENCES.as_bytes()).unwrap();
        let filling = world.installation.store.bookkeep(move |tx| Ok::<_, Error>(stored::replace_core_licences(tx, &licences)?));
        filling.await.unwrap();
        buys(&world, "2", 1).await;
        let own = calculated(&world, json!([{ "name": "a", "size": "Standard_D4s_v3", "region": "West Europe", "count": 2 }])).await;
        assert_eq!((own["machinesWithoutRate"].as_u64(), own["virtualMachines"][0]["coveredCount"].as_u64()), (Some(2), Some(1)));
        assert_eq!(own["lacking"][0]["cores"], 8);
    }

    async fn declared_licences_count_while_their_assurance_runs_and_are_not_withdrawn_from_under_machines(world) {
        tables(&world).await;
        let body = json!({ "edition": "sql_enterprise", "cores": 8, "coveredFrom": "2019-01-01", "coveredThrough": "2020-05-31",
            "note": "EA 4711" });
        let own = world.call("POST", &at(&world, "/licences"), Some(body.clone())).await.expect(201);
        recorded(&world, json!([{ "name": "erp", "edition": "sql_enterprise", "cores": 6, "startedOn": "2020-02-01" }]))
            .await.expect(201);
        let standing = world.get(&at(&world, "")).await;
        assert_eq!(standing["items"][0]["nextShortage"], json!({ "date": "2020-06-01T00:00:00Z", "cores": 6 }));
        let path = at(&world, &format!("/licences/{}", own["id"].as_str().unwrap()));
        assert!(world.call("DELETE", &path, None).await.expect(400).to_string().contains("are in use"));
        // Sent again it is the same declaration, and not more licences.
        world.call("POST", &at(&world, "/licences"), Some(body.clone())).await.expect(400);
        let mut more = body;
        more["note"] = json!("EA 4712");
        world.call("POST", &at(&world, "/licences"), Some(more)).await.expect(201);
        assert_eq!(world.call("DELETE", &path, None).await.status, 204);
        assert_eq!(world.call("DELETE", &path, None).await.status, 404);
        assert_eq!(world.get(&at(&world, "/licences")).await["totalCount"], 1);
        for (name, wrong) in [("cores", json!(0)), ("coveredThrough", json!("2020-01-31")), ("edition", json!("essentials"))] {
            let mut bad = json!({ "edition": "sql_standard", "cores": 8, "coveredFrom": "2019-01-01", "coveredThrough": "2021-01-01" });
            bad[name] = wrong;
            world.call("POST", &at(&world, "/licences"), Some(bad)).await.expect(400);
        }
        // Another partner's program finds nothing of it.
        world.call_as(&world.their_token, "GET", &at(&world, ""), None).await.expect(404);
        world.call_as(&world.their_token, "DELETE", &path, None).await.expect(404);
    }

    async fn two_who_record_the_same_cores_at_once_do_not_both_succeed(world) {
        tables(&world).await;
        buys(&world, "2", 1).await;
        let one = |name: &'static str| {
            let world = &world;
            async move {
                let items = json!([{ "name": name, "edition": "windows_standard", "cores": 8, "startedOn": "2020-02-01" }]);
                recorded(world, items).await.status
            }
        };
        let mut all = vec![];
        let (a, b, c, d) = tokio::join!(one("a"), one("b"), one("c"), one("d"));
        all.extend([a, b, c, d].map(|status| status));
        all.sort_unstable();
        assert_eq!(all, [201, 400, 400, 400]);
    }

    async fn the_calculator_works_by_form_and_its_plan_is_recorded(world) {
        tables(&world).await;
        let order = buys(&world, "2", 2).await;
        let agent = someone(&world, world.partner.id, 70, &[Role::AdminAgent]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &agent).await;
        let page = format!("{}/benefit", world.path("de").replace("/v1", ""));
        let shown = browser.get(&world, &page).await.says(200, "<h1>Azure Hybrid Benefit</h1>");
        assert!(shown.text.contains("lower base compute rate") && shown.text.contains("Windows Server Standard"));
        let list = "Name;Size;Count\r\nweb;Standard_D4s_v3;1\r\n=db;Standard_D16s_v3;1\r\n";
        let fields = [("region", "northeurope"), ("reserve", "P3Y"), ("list", list)];
        let result = send(&browser, &world, &format!("{page}/plan"), &fields, &[]).await;
        // The large machine takes all sixteen cores and saves 537.28 a month; the small one is left over.
        let result = result.says(200, "€537.28");
        for words in ["no other choice of machines saves more", "8 core licences of Windows Server Standard lack", "not covered",
            "up to 40 %"] {
            assert!(result.text.contains(words), "{words}");
        }
        let table = send(&browser, &world, &format!("{page}/plan"), &[&fields[..], &[("as", "csv")]].concat(), &[]).await;
        assert_eq!(table.headers["content-type"], "text/csv; charset=utf-8");
        assert!(table.text.contains("\r\n'=db,Standard_D16s_v3,windows,16,1,1,windows_standard,16,EUR,1097.92,560.64,537.28\r\n"),
            "{}", table.text);
        let wrong = [("list", "a;Standard_D4s_v3\nb;nothing\n"), ("region", "northeurope")];
        let told = send(&browser, &world, &format!("{page}/plan"), &wrong, &[]).await.says(422, "line 2, Size");
        assert!(told.text.contains("Nothing was calculated") && told.text.contains("b;nothing"));
        let record = [&fields[..], &[("started", "2020-02-01")]].concat();
        send(&browser, &world, &format!("{page}/record"), &record, &[]).await.leads_to(&format!("{page}?done=recorded"));
        let page_now = browser.get(&world, &format!("{page}?done=recorded")).await.says(200, "The use is recorded");
        assert!(page_now.text.contains("=db"));
        send(&browser, &world, &format!("{page}/record"), &record, &[]).await.says(422, "nothing to record");
        // The dialog says what a cancellation takes away, before it is submitted.
        let cancel = format!("/customers/{}/software/{}/0/cancel", world.customers["de"], order["id"].as_str().unwrap());
        browser.get(&world, &cancel).await.says(200, "would lack 16");
        // So does the list of what ends by itself; once it goes on, the choice that would end it.
        let plans = format!("/customers/{}/subscriptions", world.customers["de"]);
        let lacks = "core licences of Windows Server Standard go, and machines recorded with Azure Hybrid Benefit lack 16";
        let shown = browser.get(&world, &plans).await.says(200, lacks);
        let (card, form) = shown.text.split_once("<details class=\"ask\">").unwrap();
        assert!(card.contains(lacks) && !form.contains(lacks), "{card}");
        let (action, rest) = form.split_once("action=\"").unwrap().1.split_once('"').unwrap();
        let revision = rest.split("name=\"revision\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        browser.post(&world, action, &[("name", "Plan"), ("revision", revision), ("renews", "yes")]).await.leads_to(&plans);
        let after = browser.get(&world, &plans).await.says(200, lacks);
        let (card, form) = after.text.split_once("<details class=\"ask\">").unwrap();
        assert!(!card.contains(lacks) && form.contains(lacks), "{form}");
        // Every act stands in the log.
        browser.get(&world, "/activity?from=2020-01-01&to=2020-12-31&kind=record_benefit").await
            .says(200, "Hybrid Benefit recorded");
        // Helpdesk agents calculate and record nothing.
        let helpdesk = someone(&world, world.partner.id, 71, &[Role::HelpdeskAgent]).await;
        let mut other = Browser::default();
        other.sign_in(&world, &helpdesk).await;
        send(&other, &world, &format!("{page}/plan"), &fields, &[]).await.says(200, "has the benefit already");
        assert_eq!(send(&other, &world, &format!("{page}/record"), &record, &[]).await.status, 403);
    }

    async fn licences_on_premises_are_recorded_and_ended_by_form(world) {
        tables(&world).await;
        buys(&world, "2", 1).await;
        let agent = someone(&world, world.partner.id, 70, &[Role::SalesAgent]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &agent).await;
        let page = format!("{}/benefit", world.path("de").replace("/v1", ""));
        let mut form = vec![("premises_name", "file server"), ("premises_edition", "windows_standard"), ("premises_cores", "9"),
            ("premises_started", "2020-01-01")];
        let told = browser.post(&world, &format!("{page}/premises"), &form).await.says(422, "do not suffice");
        assert!(told.text.contains("value=\"file server\""));
        form[2].1 = "x";
        browser.post(&world, &format!("{page}/premises"), &form).await.says(422, "1,000,000");
        form[2].1 = "8";
        browser.post(&world, &format!("{page}/premises"), &form).await.leads_to(&format!("{page}?done=recorded"));
        let shown = browser.get(&world, &page).await.says(200, "file server");
        let end = shown.text.split("action=\"").find(|rest| rest.contains("/uses/")).unwrap().split('"').next().unwrap();
        browser.post(&world, end, &[("ended", "2019-12-31")]).await.says(422, "must not lie before the first day");
        browser.post(&world, end, &[("ended", "2020-01-31")]).await.leads_to(&format!("{page}?done=ended"));
        browser.get(&world, &page).await.says(200, "Nothing is recorded as in use");
        let declare = [("declared_edition", "sql_standard"), ("declared_cores", "2"),
            ("declared_unit", "processors"), ("from", "2019-01-01"),
            ("through", "2021-12-31"), ("note", "EA 1")];
        browser.post(&world, &format!("{page}/licences"), &declare).await.leads_to(&format!("{page}?done=declared"));
        // Two by processor are 32 by core.
        let shown = browser.get(&world, &page).await.says(200, "Declared licences: EA 1: 32");
        let withdraw = shown.text.split("action=\"").find(|rest| rest.contains("/withdraw")).unwrap().split('"').next().unwrap();
        browser.post(&world, withdraw, &[]).await.leads_to(&format!("{page}?done=withdrawn"));
    }
}
