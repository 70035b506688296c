//! The log proved: exports verified with nothing but a public key, databases somebody tampered with, people erased.

use std::io::Cursor;

use chandlery::app::Context;
use chandlery::clock::wall_clock;
use chandlery::log::live::verify;
use chandlery::log::sealing::{Sealing, hash_before, public_keys};
use chandlery::log::{Checkpoint, Finding, PublicKeys, Report, verify_export};
use chandlery_domain::access::{Action, Role};
use chandlery_domain::ids::PartnerId;
use serde_json::Value;

use crate::people::{Browser, someone};
use crate::world::{RMS, World};

async fn keys(world: &World) -> PublicKeys {
    world.installation.store.read(public_keys).await.unwrap()
}

async fn seal(world: &World, partner: PartnerId) -> u64 {
    world.installation.sealer.seal(&world.installation.store, partner, wall_clock()).await.unwrap()
}

async fn look(world: &World, partner: PartnerId, anchors: &[Checkpoint]) -> Report {
    let scope = Context::system(partner, wall_clock(), "test").authorize(Action::ReadEveryLog).unwrap();
    verify(&world.installation.store, scope, &keys(world).await, anchors).await.unwrap()
}

/// An export as somebody with the right to read the log gets it.
async fn export(world: &World, query: &str) -> String {
    let mut browser = Browser::bearing(&world.token);
    let page = browser.get(world, &format!("/v1/auditrecords/export?{query}")).await;
    assert_eq!(page.status, 200, "{}", page.text);
    page.text
}

fn proved(text: &str, keys: &PublicKeys) -> Report {
    verify_export(Cursor::new(text.to_owned()), keys, &[]).unwrap()
}

on_both! {
    async fn the_log_is_numbered_chained_and_signed_and_its_export_proves_it(world) {
        world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        let text = export(&world, "startDate=2020-01-31").await;
        let report = proved(&text, &keys(&world).await);
        assert!(report.is_sound(), "{report}");
        assert!(report.entries >= 20 && report.first == 1 && report.covered_through == report.last, "{report}");
        // Whoever knows another key only, proves nothing.
        let other = chandlery::log::SigningKey::generate().unwrap();
        let strange = PublicKeys::parse(&other.public_key()).unwrap();
        assert!(matches!(proved(&text, &strange).finding, Some(Finding::UnknownKey { .. })));
        assert!(look(&world, world.partner.id, &[]).await.is_sound());
        // The keys are there for everybody.
        let page = Browser::default().get(&world, "/.well-known/chandlery-log-keys").await;
        assert_eq!(page.text, keys(&world).await.to_string());
    }

    async fn an_export_somebody_changed_fails_on_the_right_entry(world) {
        world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        let text = export(&world, "startDate=2020-01-31").await;
        let public = keys(&world).await;
        let lines: Vec<&str> = text.lines().collect();
        let at = lines.iter().position(|line| line.contains("\"create_order\"")).unwrap();
        let number = serde_json::from_str::<Value>(lines[at]).unwrap()["sequence"].as_u64().unwrap();
        let told = |lines: Vec<String>| proved(&(lines.join("\n") + "\n"), &public).finding;
        let own = || lines.iter().map(|line| (*line).to_owned()).collect::<Vec<String>>();
        let mut changed = own();
        changed[at] = changed[at].replace("Customer de", "Customer dk");
        assert!(matches!(told(changed), Some(Finding::Changed { sequence, .. }) if sequence == number));
        let mut deleted = own();
        deleted.remove(at);
        assert!(matches!(told(deleted), Some(Finding::Missing { from, to }) if (from, to) == (number, number)));
        let mut swapped = own();
        let next = (at + 1..lines.len()).find(|index| lines[*index].contains("\"sequence\":") && !lines[*index].starts_with("{\"checkpoint\"")).unwrap();
        swapped.swap(at, next);
        assert!(matches!(told(swapped), Some(Finding::Reordered { .. })));
        let mut cut = own();
        cut.truncate(at);
        assert!(matches!(told(cut), Some(Finding::CutOff { after, .. }) if after == number - 1));
        let mut lied = own();
        let named = lines.iter().position(|line| line.contains("person.1011@erste.example")).unwrap();
        lied[named] = lied[named].replace("person.1011@erste.example", "person.1012@erste.example");
        assert!(matches!(told(lied), Some(Finding::PersonalMismatch { .. })));
    }

    async fn a_database_somebody_changed_fails_on_the_right_entry(world) {
        world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        seal(&world, world.partner.id).await;
        let before = look(&world, world.partner.id, &[]).await;
        assert!(before.is_sound(), "{before}");
        let partner = world.partner.id;
        let middle = before.last / 2;
        // Rows nobody wrote, at a place readers see and numbers do not reach.
        let copy = world.copied().await;
        if matches!(copy.installation.place.location, chandlery_store::Location::Sqlite(_)) {
            copy.tamper(&format!("pragma ignore_check_constraints = on; update audit set sequence = -3 where partner_id = '{partner}' and sequence = 1")).await;
            let report = look(&copy, partner, &[]).await;
            assert!(matches!(report.finding, Some(Finding::Inserted { sequence: 0, .. })), "{report}");
        }
        for (sql, right) in [
            (format!("update audit set hash = 'zz' where partner_id = '{partner}' and sequence = {middle}"), "changed"),
            (format!("update audit set sequence = 100000 where partner_id = '{partner}' and sequence = {middle}"), "missing"),
            (format!("delete from checkpoints where partner_id = '{partner}'; delete from audit where partner_id = '{partner}' and sequence > {middle}"), "cut"),
            (format!("update audit set actor_id = 'somebody else' where partner_id = '{partner}' and sequence = {middle}"), "changed"),
            (format!("delete from audit where partner_id = '{partner}' and sequence = {middle}"), "missing"),
            (format!("update audit set sequence = sequence + 1000000 where partner_id = '{partner}' and sequence in ({middle}, {})", middle + 1), "moved"),
            (format!("delete from audit where partner_id = '{partner}' and sequence > {middle}"), "cut"),
        ] {
            let copy = world.copied().await;
            copy.tamper(&sql).await;
            if right == "moved" {
                copy.tamper(&format!("update audit set sequence = case when sequence = {} then {} else {middle} end where partner_id = '{partner}' and sequence > 1000000", middle + 1_000_000, middle + 1)).await;
            }
            let report = look(&copy, partner, &[]).await;
            let fits = match (right, report.finding.clone()) {
                ("changed", Some(Finding::Changed { sequence, .. } | Finding::Inserted { sequence, .. })) => sequence == middle,
                ("missing", Some(Finding::Missing { from, to })) => (from, to) == (middle, middle),
                // The rows changed places and numbers: the first of them is not what was sealed under its number.
                ("moved", Some(Finding::Inserted { sequence, .. })) => sequence == middle,
                ("cut", Some(Finding::CutOff { after, .. })) => after == middle,
                _ => false,
            };
            assert!(fits, "{right}: {report}");
        }
    }

    async fn a_tail_cut_off_with_its_checkpoints_is_found_by_an_anchor(world) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("anchors");
        let anchor = chandlery::outside::anchor::Anchor::parse(&format!("file:{}", file.display())).unwrap();
        let keeper = chandlery::jobs::log::LogKeeper::new(world.installation.clone(), Some(anchor));
        world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        keeper.seal().await.unwrap();
        assert!(keeper.anchor().await.unwrap() >= 2);
        let kept = chandlery::log::export::read_anchors(std::io::BufReader::new(std::fs::File::open(&file).unwrap())).unwrap();
        let partner = world.partner.id;
        let copy = world.copied().await;
        let whole = look(&copy, partner, &kept).await;
        assert!(whole.is_sound(), "{whole}");
        let cut = whole.last - 3;
        copy.tamper(&format!("delete from audit where partner_id = '{partner}' and sequence > {cut}")).await;
        copy.tamper(&format!("delete from checkpoints where partner_id = '{partner}' and sequence > {cut}")).await;
        let report = look(&copy, partner, &kept).await;
        assert!(matches!(report.finding, Some(Finding::CutOff { after, .. }) if after == cut), "{report}");
    }

    async fn what_comes_after_a_tail_was_cut_off_closes_no_gap(world) {
        let partner = world.partner.id;
        world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        seal(&world, partner).await;
        let whole = look(&world, partner, &[]).await;
        assert!(whole.is_sound() && whole.last > 4, "{whole}");
        let cut = whole.last - 3;
        let standing = async |world: &World| {
            world.installation.store.read(move |tx| Sealing::of(tx, partner)).await.unwrap()
        };
        // With the checkpoints of the tail or without them: the length is kept apart.
        for (sql, right) in [
            (format!("delete from audit where partner_id = '{partner}' and sequence > {cut}"), "missing"),
            (format!("delete from audit where partner_id = '{partner}' and sequence > {cut}; delete from checkpoints where partner_id = '{partner}' and sequence > {cut}"), "missing"),
            (format!("update audit set hash = '{}' where partner_id = '{partner}' and sequence = {}", "ab".repeat(32), whole.last), "changed"),
        ] {
            let copy = world.copied().await;
            assert!(standing(&copy).await.whole);
            copy.tamper(&sql).await;
            assert!(!standing(&copy).await.whole, "{sql}");
            copy.buy(&[copy.line(RMS.1, "7", 1).await]).await;
            seal(&copy, partner).await;
            let now = standing(&copy).await;
            assert!(!now.whole && now.length > i64::try_from(whole.last).unwrap(), "{sql}: {}", now.length);
            let report = look(&copy, partner, &[]).await;
            let fits = match (right, &report.finding) {
                ("missing", Some(Finding::Missing { from, to })) => (*from, *to) == (cut + 1, whole.last),
                ("changed", Some(Finding::Changed { sequence, .. })) => *sequence == whole.last,
                _ => false,
            };
            assert!(fits, "{sql}: {report}");
            // It stays so, and the log can still be exported: what came after is proved from there on.
            copy.buy(&[copy.line(RMS.1, "7", 1).await]).await;
            seal(&copy, partner).await;
            assert!(!standing(&copy).await.whole, "{sql}");
            assert!(!proved(&export(&copy, "startDate=2020-01-31").await, &keys(&copy).await).is_sound());
            // An export, or a stream, that begins behind the gap goes on.
            let behind = i64::try_from(whole.last).unwrap() + 1;
            let before = copy.installation.store.read(move |tx| {
                let next = chandlery_store::seals::hash_at(tx, partner, behind)?;
                Ok::<_, chandlery::error::Error>((hash_before(tx, partner, behind)?, next))
            });
            let (before, next) = before.await.unwrap();
            assert!(next.is_some() && before != [0; 32], "{sql}");
        }
    }

    async fn erasing_a_person_makes_the_name_unreadable_and_leaves_the_chain_whole(world) {
        let person = someone(&world, world.partner.id, 50, &[Role::AdminAgent]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &person).await;
        let before = export(&world, "startDate=2020-01-31").await;
        assert!(before.contains(&person.upn));
        world.erase(&person.upn).await;
        let after = export(&world, "startDate=2020-01-31").await;
        assert!(!after.contains(&person.upn), "the name is still there");
        let report = proved(&after, &keys(&world).await);
        assert!(report.is_sound(), "{report}");
        let log = world.get("/v1/auditrecords?size=500").await;
        assert!(!log.to_string().contains(&person.upn));
        assert!(log["items"].as_array().unwrap().iter().any(|own| own["operationType"] == "erase_person"));
        browser.get(&world, "/account").await.leads_to("/sign-in");
        assert!(!world.knows(&person.upn).await);
        // Nothing of it stands anywhere in the database, and the name is free again.
        assert!(!world.whole_text().await.contains(&person.upn));
    }

    async fn a_table_for_people_has_the_same_rows_and_runs_nothing(world) {
        world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        let lines = export(&world, "startDate=2020-01-31").await.lines().filter(|line| line.starts_with("{\"sequence\"")).count();
        let text = export(&world, "startDate=2020-01-31&format=csv").await;
        let mut table = csv::Reader::from_reader(text.as_bytes());
        let headings = table.headers().unwrap().clone();
        assert!(headings.iter().any(|own| own == "sequence") && headings.iter().any(|own| own == "operation"));
        // One more: the export itself is an entry.
        assert_eq!(table.records().map(Result::unwrap).count(), lines + 1);
        let mut browser = Browser::bearing(&world.token);
        browser.get(&world, "/v1/auditrecords/export?format=xml").await.says(400, "format must be jsonl or csv");
        browser.get(&world, "/v1/auditrecords/export?startDate=2019-01-01").await.says(400, "90 days");
        let sales = world.token_with(60, vec![Role::SalesAgent]).await;
        browser.headers = vec![("Authorization", format!("Bearer {sales}"))];
        browser.get(&world, "/v1/auditrecords/export").await.says(403, "900150");
    }

    async fn what_was_refused_is_in_the_log_too(world) {
        let sales = world.token_with(60, vec![Role::SalesAgent]).await;
        let order = world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        let path = format!("{}/orders/{}", world.path("de"), order["id"].as_str().unwrap());
        world.call_as(&sales, "PATCH", &path, Some(serde_json::json!({ "status": "cancelled" }))).await.refused(403, 900_150);
        let alone = world.program_with(70, vec![Role::AdminAgent]).await;
        world.call_as(&alone, "GET", "/v1/agreements", None).await.refused(403, 900_329);
        let log = world.get("/v1/auditrecords?size=500").await;
        let failed: Vec<(String, String)> = log["items"].as_array().unwrap().iter()
            .filter(|own| own["operationStatus"] == "failed")
            .map(|own| (own["operationType"].as_str().unwrap().into(), own["userPrincipalName"].as_str().unwrap_or("").into()))
            .collect();
        assert_eq!(failed, [("update_order".to_owned(), "person.60@erste.example".to_owned()), ("access".to_owned(), String::new())]);
    }

    async fn the_operators_key_reads_logs_and_nothing_else(world) {
        let key = world.operator_key("log.read").await;
        let mut browser = Browser::bearing(&key);
        let path = format!("/operator/v1/partners/{}/auditrecords/export", world.partner.id);
        let page = browser.get(&world, &path).await;
        assert!(proved(&page.text, &keys(&world).await).is_sound());
        browser.get(&world, "/operator/v1/partners").await.says(403, "900150");
        assert_eq!(browser.get(&world, "/v1/customers").await.status, 401);
        let page = browser.get(&world, &format!("/operator/v1/partners/{}/checkpoint", world.partner.id)).await;
        assert!(page.text.starts_with("{\"checkpoint\""), "{}", page.text);
        for wrong in ["chk_x_y", "nonsense", &format!("{key}x")] {
            browser.headers = vec![("Authorization", format!("Bearer {wrong}"))];
            assert_eq!(browser.get(&world, &path).await.status, 401, "{wrong}");
        }
        browser.headers = vec![("Authorization", format!("Bearer {}", world.token))];
        assert_eq!(browser.get(&world, &path).await.status, 401, "a partner's token is no operator's key");
    }

    async fn the_log_is_streamed_in_order_and_goes_on_where_it_stopped(world) {
        use crate::siem_peer::{Speaks, Trouble, start};
        let peer = start(Speaks::Http).await;
        world.stream_to(&format!("http://127.0.0.1:{}/in", peer.port)).await;
        let keeper = chandlery::jobs::log::LogKeeper::new(world.installation.clone(), None);
        keeper.seal().await.unwrap();
        peer.fail_batch(2, Trouble::Answer(503));
        while keeper.stream().await.unwrap() > 0 {}
        let first = peer.lines().len();
        // A server that died comes back: it goes on where the other side had got to.
        world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        let again = chandlery::jobs::log::LogKeeper::new(world.installation.clone(), None);
        again.seal().await.unwrap();
        while again.stream().await.unwrap() > 0 {}
        let mut last: std::collections::HashMap<String, u64> = std::collections::HashMap::new();
        let mut seen = 0;
        for line in peer.lines() {
            let entry: Value = serde_json::from_str(&line).unwrap();
            let (partner, number) = (entry["partner"].as_str().unwrap().to_owned(), entry["sequence"].as_u64().unwrap());
            let before = last.insert(partner.clone(), number).unwrap_or(0);
            assert!(number <= before + 1, "{partner}: {number} came after {before}");
            assert!(entry["previous"].as_str().unwrap().len() == 64 && entry.get("opening").is_none());
            seen += 1;
        }
        assert!(seen > first && last.len() == 3, "{first} {seen} {last:?}");
        for (partner, number) in last {
            assert_eq!(look(&world, partner.parse().unwrap(), &[]).await.last, number);
        }
    }
}
