//! The operator's console: who gets in, partners with their first administrator, price sheets, policies, markets, stock,
//! waiting work and how the installation is.

use axum::body::Body;
use axum::extract::Request;
use chandlery::app::Context;
use chandlery::app::import_prices::{self, ImportError};
use chandlery::error::Error;
use chandlery::installation::OPERATOR;
use chandlery::web::PAGES;
use chandlery_domain::access::{Action, Role};
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::catalog::Family;
use chandlery_domain::ids::{JobId, OrderId};
use chandlery_domain::market::blocked;
use chandlery_domain::policy::Window;
use chandlery_store::jobs::{self, Task};
use chandlery_store::{Write, catalog, markets, partners, policies, seals};
use jiff::civil::{Date, date};
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::people::{Browser, PASSWORD, Page, someone};
use crate::world::{HEADER, SQL, World, row};

/// Somebody of the operator's, signed in.
pub async fn operators(world: &World, number: u128, role: Role) -> Browser {
    let person = someone(world, OPERATOR, number, &[role]).await;
    let mut browser = Browser::default();
    browser.sign_in(world, &person).await;
    browser
}

/// Sends a file as the form does.
pub async fn send_file(browser: &mut Browser, world: &World, path: &str, file: impl AsRef<[u8]>) -> Page {
    let cookies: Vec<String> =
        browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let head = b"--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"file.csv\"\r\nContent-Type: text/csv\r\n\r\n";
    let body = [head.as_slice(), file.as_ref(), b"\r\n--edge--\r\n"].concat();
    let request = Request::builder()
        .method("POST")
        .uri(path)
        .header("Host", "localhost")
        .header("Origin", "http://localhost")
        .header("Sec-Fetch-Site", "same-origin")
        .header("Content-Type", "multipart/form-data; boundary=edge")
        .header("Cookie", cookies.join("; "))
        .body(Body::from(body))
        .unwrap();
    let answer = chandlery::api::normalised(world.api.clone()).oneshot(request).await.unwrap();
    let headers: std::collections::HashMap<String, String> = answer
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), value.to_str().unwrap().to_owned()))
        .collect();
    let status = answer.status().as_u16();
    let bytes = axum::body::to_bytes(answer.into_body(), 1 << 22).await.unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let page = Page { status, to: headers.get("location").cloned(), headers, text, bytes };
    browser.watched(world, page).await
}

/// A console page with its parameters filled in.
fn filled(world: &World, path: &str) -> String {
    path.replace("{partner}", &world.partner.id.to_string())
        .replace("{product}", SQL.1)
        .replace("{sheet}", &"0".repeat(64))
}

async fn price_rows(world: &World) -> i64 {
    world.installation.store.read(|tx| Ok::<_, Error>(catalog::price_count(tx)?)).await.unwrap()
}

fn sheet(rows: &[String]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

fn excel(price: &str) -> String {
    row(("Excel LTSC", "DG7GMGF0D7FT", ""), ("1", "Excel"), "", "Software;Perpetual", ("DE", "EUR"), price)
}

/// What the operator's log waits to seal, as operations.
async fn deeds(world: &World) -> Vec<String> {
    let read = world.installation.store.read(|tx| Ok::<_, Error>(seals::waiting(tx, OPERATOR, 10_000)?));
    read.await.unwrap().into_iter().map(|own| format!("{} {}", own.operation, own.outcome)).collect()
}

on_both! {
    async fn only_the_operators_people_get_into_the_console(world) {
        let partners_own = someone(&world, world.partner.id, 500, &[Role::GlobalAdmin, Role::AdminAgent]).await;
        let mut theirs = Browser::default();
        theirs.sign_in(&world, &partners_own).await;
        let mut support = operators(&world, 501, Role::OperatorSupport).await;
        let mut nobody = Browser::default();
        let console = PAGES.iter().filter(|(_, path, action)| path.starts_with("/operator/") && action.is_some());
        // Requests have a page each that is not there here; their own tests ask for them.
        let console = console.filter(|(_, path, _)| !path.starts_with("/operator/requests"));
        let mut asked = 0;
        for (method, path, action) in console {
            let (path, name) = (filled(&world, path), format!("{method} {path}"));
            let form: Option<&[(&str, &str)]> = if *method == "POST" { Some(&[]) } else { None };
            let page = theirs.send(&world, method, &path, form).await;
            assert_eq!(page.status, 403, "{name}: {}", page.text);
            nobody.send(&world, method, &path, form).await.leads_to("/sign-in");
            let page = support.send(&world, method, &path, form).await;
            let reads = matches!(action, Some(Action::ReadPartners | Action::ReadHealth));
            assert_eq!(page.status, if reads { 200 } else { 403 }, "{name}: {}", page.text);
            asked += 1;
        }
        assert!(asked > 20, "{asked}");
        // Their navigation does not lead there either, and the operator's does.
        assert!(!theirs.get(&world, "/account").await.text.contains("/operator/"));
        support.get(&world, "/account").await.says(200, "href=\"/operator/health\"");
    }

    async fn an_added_partners_first_administrator_signs_in(world) {
        let mut root = operators(&world, 510, Role::OperatorAdmin).await;
        root.post(&world, "/operator/partners/new", &[("name", ""), ("country", "SE")]).await.says(422, "Fill this in");
        let page = root
            .post(&world, "/operator/partners/new", &[("name", "Nordic Software AB"), ("country", "SE"), ("regions", "Europe"), ("mpn_id", "4711")])
            .await
            .leads_to("/operator/partners/");
        let own = page.to.unwrap().split('?').next().unwrap().to_owned();
        root.get(&world, &own).await.says(200, "Nobody administers this partner yet");
        root.get(&world, "/operator/partners?q=nordic").await.says(200, "Nordic Software AB");
        let admin = format!("{own}/admin");
        root.post(&world, &admin, &[("name", "Ada"), ("upn", "not an address")]).await.says(422, "Give an e-mail address");
        let page = root.post(&world, &admin, &[("name", "Ada"), ("upn", "ada@nordic.example")]).await.says(200, "ada@nordic.example");
        assert_eq!(page.headers["cache-control"], "no-store");
        let password = page.text.split("<code class=\"secret\">").nth(2).unwrap().split('<').next().unwrap().to_owned();
        let mut ada = Browser::default();
        ada.password(&world, "ada@nordic.example", &password).await.leads_to("/password");
        // Shown once, and the next administrator is the partner's own business.
        let page = root.get(&world, &own).await.says(200, "ada@nordic.example");
        assert!(!page.text.contains(&password) && !page.text.contains("Add administrator"));
        root.post(&world, &admin, &[("name", "Eve"), ("upn", "eve@nordic.example")]).await.leads_to(&own);
        let mut eve = Browser::default();
        assert_eq!(eve.password(&world, "eve@nordic.example", PASSWORD).await.status, 401);
    }

    async fn an_inactive_partner_is_found_by_its_state(world) {
        let mut root = operators(&world, 520, Role::OperatorAdmin).await;
        let own = format!("/operator/partners/{}", world.partner.id);
        root.post(&world, &format!("{own}/state"), &[("state", "inactive")]).await.leads_to(&own);
        let id = world.partner.id;
        let found = world.installation.store.read(move |tx| Ok::<_, Error>(partners::named(tx, id)?)).await.unwrap();
        assert!(!found.unwrap().active);
        let page = root.get(&world, "/operator/partners?state=inactive").await.says(200, "Erste Software GmbH");
        assert!(!page.text.contains(&world.other.id.to_string()));
        root.post(&world, &format!("{own}/state"), &[("state", "active")]).await.leads_to(&own);
        assert_eq!(deeds(&world).await.iter().filter(|own| *own == "change_partner succeeded").count(), 2);
    }

    async fn a_sheet_with_a_wrong_row_changes_nothing(world) {
        let mut root = operators(&world, 530, Role::OperatorAdmin).await;
        let before = price_rows(&world).await;
        let wrong = sheet(&[excel("100.00"), excel("dear").replace(",DE,", ",FR,")]);
        let to = send_file(&mut root, &world, "/operator/catalog/sheets", &wrong).await.leads_to("/operator/catalog/sheets/").to.unwrap();
        let page = root.get(&world, &to).await.says(422, "UnitPrice").says(422, "expected a price");
        assert!(page.text.contains("data-label=\"Line\">3<"), "{}", page.text);
        assert!(!page.text.contains("Import these rows"));
        // Not even by force.
        root.post(&world, &format!("{to}/apply"), &[]).await.says(422, "Nothing was imported");
        assert_eq!(price_rows(&world).await, before);
        send_file(&mut root, &world, "/operator/catalog/sheets", "").await.says(422, "Choose a file");
        let to = send_file(&mut root, &world, "/operator/catalog/sheets", "ProductTitle\n").await.to.unwrap();
        root.get(&world, &to).await.says(422, "the column is missing");
    }

    async fn what_is_imported_is_what_was_looked_at(world) {
        let mut root = operators(&world, 540, Role::OperatorAdmin).await;
        world.import_prices(&sheet(&[excel("100.00")])).await.unwrap();
        let before = price_rows(&world).await;
        let fresh = row(("Access", "DG7GMGF0D7FV", ""), ("1", "Access"), "", "Software;Perpetual", ("DE", "EUR"), "5");
        let text = sheet(&[excel("90.00"), fresh]);
        let to = send_file(&mut root, &world, "/operator/catalog/sheets", &text).await.to.unwrap();
        let page = root.get(&world, &to).await.says(200, "Import these rows");
        assert!(page.text.contains("€100.00") && page.text.contains("€90.00"), "{}", page.text);
        assert_eq!(price_rows(&world).await, before, "looking changes nothing");
        // A file that was changed since is not imported.
        let name = to.rsplit('/').next().unwrap().to_owned();
        let file = world.installation.place.price_sheets().join(format!("{name}.csv"));
        std::fs::write(&file, text.replace("90.00", "1.00")).unwrap();
        assert_eq!(root.post(&world, &format!("{to}/apply"), &[]).await.status, 404);
        std::fs::write(&file, &text).unwrap();
        root.post(&world, &format!("{to}/apply"), &[]).await.leads_to("/operator/catalog?done=imported&rows=2&changed=2");
        assert_eq!(price_rows(&world).await, before + 1);
        root.get(&world, "/operator/catalog?q=access").await.says(200, "DG7GMGF0D7FV");
        root.get(&world, &to).await.says(200, "No price changes");
        // Overlapping days are told, and nothing of the sheet is kept.
        let later = excel("80.00").replace("2019-01-01T00:00:00Z", "2020-03-01T00:00:00Z");
        let to = send_file(&mut root, &world, "/operator/catalog/sheets", &sheet(&[later])).await.to.unwrap();
        root.post(&world, &format!("{to}/apply"), &[]).await.says(422, "Dates and tiers");
        assert_eq!(price_rows(&world).await, before + 1);
    }

    async fn a_long_import_can_be_left_and_come_back_to(world) {
        let mut root = operators(&world, 545, Role::OperatorAdmin).await;
        let mut support = operators(&world, 546, Role::OperatorSupport).await;
        let text = sheet(&[excel("100.00")]);
        let to = send_file(&mut root, &world, "/operator/catalog/sheets", &text).await.to.unwrap();
        // Somebody else stores the same rows and takes its time: the import has to wait for the end of it.
        let (slow, again) = (text.clone(), world.installation.store.clone());
        let cx = Context::system(OPERATOR, world.now(), "test");
        let (began, begun) = tokio::sync::oneshot::channel();
        let (go_on, told) = std::sync::mpsc::channel::<()>();
        let waits = std::sync::Mutex::new(Some((began, told)));
        let other = tokio::spawn(async move {
            let work = move |tx: &mut Write<'_>| {
                let survey = import_prices::survey(slow.as_bytes(), &|_| {})?;
                let done = import_prices::import(tx, slow.as_bytes(), &survey, false, &|_| {})?;
                if let Some((began, told)) = waits.lock().unwrap().take() {
                    began.send(()).unwrap();
                    told.recv_timeout(std::time::Duration::from_secs(120)).unwrap();
                }
                Ok::<_, ImportError>(done)
            };
            again.write(cx.stamp(), work).await.map(drop)
        });
        begun.await.unwrap();
        let watched = root.post(&world, &format!("{to}/apply"), &[]).await.leads_to(&format!("{to}/import")).to.unwrap();
        let page = root.get(&world, &watched).await.says(200, "Importing a price sheet").says(200, "of 1 rows");
        assert!(page.text.contains("http-equiv=\"refresh\"") && page.text.contains("max=\"1\""));
        for page in ["/operator/catalog", "/operator/jobs"] {
            root.get(&world, page).await.says(200, &format!("href=\"{watched}\">Importing a price sheet</a>"));
        }
        let page = support.get(&world, "/operator/jobs").await;
        assert!(page.status == 200 && !page.text.contains(&watched), "may not watch it: {}", page.text);
        // Sent again it is the same import, and another sheet waits for its turn.
        root.post(&world, &format!("{to}/apply"), &[]).await.leads_to(&watched);
        let next = send_file(&mut root, &world, "/operator/catalog/sheets", &sheet(&[excel("90.00")])).await.to.unwrap();
        assert_eq!(root.post(&world, &format!("{next}/apply"), &[]).await.status, 503);
        go_on.send(()).unwrap();
        other.await.unwrap().unwrap();
        let mut ended = root.get(&world, &watched).await;
        while ended.status == 200 {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            ended = root.get(&world, &watched).await;
        }
        ended.leads_to("/operator/catalog?done=imported&rows=1&changed=0");
        // That is told once; then the sheet says what it would still change, which is nothing.
        root.get(&world, &watched).await.leads_to(&to);
        root.get(&world, &to).await.says(200, "No price changes");
        assert!(!root.get(&world, "/operator/catalog").await.text.contains(&watched));
    }

    async fn another_profile_is_compared_and_counts_at_once(world) {
        world.set_clock("2021-07-01T10:00:00Z");
        let mut root = operators(&world, 550, Role::OperatorAdmin).await;
        world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        let page = root.get(&world, "/operator/policies?profile=2021-06").await;
        let page = page.says(200, "60 days → <strong>30 days</strong>").says(200, "14 days from issue → 5 days from the first download");
        let cells: Vec<&str> = page.text.split("with another window\">").skip(1).map(|own| own.split('<').next().unwrap()).collect();
        assert_eq!(cells, ["1", "0", "0", "0"], "one order of a subscription");
        let window = async || {
            let read = world.installation.store.read(|tx| Ok::<_, Error>(policies::in_force(tx)?));
            read.await.unwrap().cancellation(Family::Subscription, date(2021, 7, 1)).unwrap().window
        };
        assert_eq!(window().await, Window::Days(60));
        root.post(&world, "/operator/policies", &[("profile", "2021-06")]).await.leads_to("/operator/policies?done=switched");
        assert_eq!(window().await, Window::Days(30));
        assert!(deeds(&world).await.contains(&"change_policies succeeded".to_owned()));
        // Later the second factor is asked for again.
        world.later(1200);
        root.post(&world, "/operator/policies", &[("profile", "2020")]).await.leads_to("/second-factor");
    }

    async fn a_market_is_closed_and_opened_again_by_days(world) {
        let mut root = operators(&world, 560, Role::OperatorAdmin).await;
        let sweden = "SE".parse().unwrap();
        let holds = async |day| {
            let read = world.installation.store.read(move |tx| Ok::<_, Error>(markets::blocks(tx, &[sweden])?));
            blocked(&read.await.unwrap(), Family::Perpetual, &[sweden], day).is_some()
        };
        let form = [("family", "perpetual"), ("country", "SE"), ("from", "2020-03-01")];
        root.post(&world, "/operator/policies/blocks", &form).await.leads_to("/operator/policies/blocks?family=perpetual&done=blocked");
        root.post(&world, "/operator/policies/blocks", &form).await.says(422, "on the list already");
        root.post(&world, "/operator/policies/blocks", &[("family", "perpetual"), ("country", "SE"), ("from", "2019-01-01")]).await.says(422, "not in the past");
        let page = root.get(&world, "/operator/policies/blocks?family=perpetual").await.says(200, "Sweden");
        assert!(page.text.contains("value=\"se-2020-03-01\""));
        assert!(!holds(date(2020, 2, 29)).await && holds(date(2020, 3, 1)).await);
        let end = [("family", "perpetual"), ("key", "se-2020-03-01"), ("day", "2020-04-01")];
        root.post(&world, "/operator/policies/blocks/end", &end).await.leads_to("/operator/policies/blocks?family=perpetual&done=ended");
        assert!(holds(date(2020, 3, 31)).await && !holds(date(2020, 4, 1)).await);
        root.post(&world, "/operator/policies/blocks/end", &end).await.says(422, "not in the past");
        root.get(&world, "/operator/policies/markets").await.says(200, "Germany");
    }

    async fn a_row_of_ones_own_counts_from_its_day_and_is_looked_at_before(world) {
        let mut root = operators(&world, 565, Role::OperatorAdmin).await;
        world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        let plan = "/operator/policies/plan";
        let asked = "rule=cancellation&family=subscription&day=2020-03-01&length=30&unit=days&credit=prorated";
        let page = root.get(&world, &format!("{plan}?{asked}")).await.says(200, "What this would change");
        assert!(page.text.contains("60 days, for unused days → <strong>30 days, for unused days</strong>"), "{}", page.text);
        let count = page.text.split("with another window</dt><dd>").nth(1).unwrap().split('<').next().unwrap();
        assert_eq!(count, "1", "the order of today");
        let window = async |day: Date| {
            let read = world.installation.store.read(|tx| Ok::<_, Error>(policies::in_force(tx)?));
            read.await.unwrap().cancellation(Family::Subscription, day).unwrap().window
        };
        assert_eq!(window(date(2020, 3, 1)).await, Window::Days(60), "looked at, nothing more");
        let form: Vec<(&str, &str)> = asked.split('&').map(|own| own.split_once('=').unwrap()).collect();
        root.post(&world, plan, &form).await.leads_to(&format!("{plan}?done=planned"));
        assert_eq!((window(date(2020, 2, 29)).await, window(date(2020, 3, 1)).await), (Window::Days(60), Window::Days(30)));
        root.post(&world, plan, &form).await.says(422, "has a row of its own already");
        // Neither today nor what never comes back, and no length that makes no sense.
        for (from, to, why) in [
            ("day=2020-03-01", "day=2020-02-01", "Choose a day after today"),
            ("length=30", "length=0", "wrong"),
            ("family=subscription", "family=reservation", "wrong"),
            ("family=subscription", "family=perpetual", "has no unused days"),
        ] {
            let asked = asked.replace(from, to);
            let form: Vec<(&str, &str)> = asked.split('&').map(|own| own.split_once('=').unwrap()).collect();
            root.post(&world, plan, &form).await.says(422, why);
        }
        // A life of links, and both taken back again while their days are to come.
        let links = [("rule", "link"), ("day", "2020-04-01"), ("days", "5"), ("age", "from_first_download"), ("downloads", "")];
        root.post(&world, plan, &links).await.leads_to(&format!("{plan}?done=planned"));
        let page = root.get(&world, plan).await.says(200, "Rows to come");
        assert!(page.text.contains("5 days from the first download"), "{}", page.text);
        for form in [[("rule", "link"), ("family", ""), ("day", "2020-04-01")], [("rule", "cancellation"), ("family", "subscription"), ("day", "2020-03-01")]] {
            root.post(&world, &format!("{plan}/take-back"), &form).await.leads_to(&format!("{plan}?done=taken-back"));
        }
        assert_eq!(window(date(2020, 3, 1)).await, Window::Days(60));
        root.post(&world, &format!("{plan}/take-back"), &[("rule", "cancellation"), ("family", "subscription"), ("day", "2018-09-01")]).await.says(422, "has begun");
        assert_eq!(window(date(2020, 3, 1)).await, Window::Days(60), "what counts is not taken back");
        assert_eq!(deeds(&world).await.iter().filter(|own| *own == "change_policies succeeded").count(), 4);
    }

    async fn keys_come_into_stock_and_are_never_shown(world) {
        let mut root = operators(&world, 570, Role::OperatorAdmin).await;
        let file = |rows: &str| format!("ProductId,Version,Key\n{rows}\n");
        let one = format!("{},2022,AAA1BBB2CCC3DDD4EEE5FAKE00000091", SQL.1);
        let again = format!("{},2022,AAA1-BBB2-CCC3-DDD4-EEE5-FAKE-SQLE-0001", SQL.1);
        let page = send_file(&mut root, &world, "/operator/stock/keys", &file(&format!("{one}\n{again}"))).await;
        let to = page.leads_to("/operator/stock?done=keys&added=1&there=1").to.unwrap();
        let page = root.get(&world, &to).await.says(200, "1 product key was added; 1 were there already");
        assert!(!page.text.contains("FAKE"));
        let page = send_file(&mut root, &world, "/operator/stock/keys", &file(&format!("{},2022,AAA1-SHORT", SQL.1))).await.says(422, "line 2, Key:");
        assert!(!page.text.contains("SHORT"));
        let own = format!("/operator/stock/{}", SQL.1);
        root.post(&world, &format!("{own}/alarm"), &[("version", "2022"), ("keys", "many")]).await.says(422, "whole number");
        root.post(&world, &format!("{own}/alarm"), &[("version", "2022"), ("keys", "50")]).await.leads_to(&own);
        root.get(&world, &own).await.says(200, "Few left");
        root.get(&world, "/operator/stock").await.says(200, "Few left");
    }

    async fn work_is_tried_again_and_mails_are_given_up(world) {
        let mut root = operators(&world, 580, Role::OperatorAdmin).await;
        let (mail, order) = (JobId::new(Uuid::from_u128(1)), JobId::new(Uuid::from_u128(2)));
        let cx = Context::system(world.partner.id, world.now(), "test");
        let scope = cx.authorize(Action::ReadPartnerUsers).unwrap();
        let due = "2020-02-03T10:00:00Z".parse().unwrap();
        world
            .installation
            .store
            .write(cx.stamp(), move |tx| {
                let list = [
                    (mail, Task::SendMail("sealed".into())),
                    (order, Task::Provision(OrderId::new(Uuid::from_u128(3)))),
                ];
                jobs::insert(tx, &scope, &list, due)?;
                jobs::put_off(tx, &scope, order, due, "no key of 2022 is in stock")?;
                Ok::<_, Error>(((), Entry::did(Operation::Housekeeping, Resource::Installation, "test")))
            })
            .await
            .unwrap();
        let find = async |id| {
            let read = world.installation.store.read(move |tx| Ok::<_, Error>(jobs::find(tx, &scope, id)?));
            read.await.unwrap()
        };
        let page = root.get(&world, "/operator/jobs").await.says(200, "2 jobs wait.").says(200, "no key of 2022 is in stock");
        assert!(page.text.contains("Erste Software GmbH") && !page.text.contains("sealed"));
        let partner = world.partner.id.to_string();
        let (mail_id, order_id) = (mail.to_string(), order.to_string());
        let of = |id: &str| [("partner", partner.clone()), ("job", id.to_owned())];
        let form = of(&order_id);
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(root.post(&world, "/operator/jobs/give-up", &form).await.status, 400, "somebody paid for it");
        root.post(&world, "/operator/jobs/retry", &form).await.leads_to("/operator/jobs?done=retried");
        assert!(find(order).await.unwrap().due_at <= world.now());
        let form = of(&mail_id);
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        root.post(&world, "/operator/jobs/give-up", &form).await.leads_to("/operator/jobs?done=given-up");
        assert!(find(mail).await.is_none());
        root.post(&world, "/operator/jobs/retry", &form).await.says(404, "");
        let deeds = deeds(&world).await;
        for own in ["retry_work succeeded", "retry_work failed", "give_up_work succeeded", "give_up_work failed"] {
            assert!(deeds.iter().any(|deed| deed == own), "{own}: {deeds:?}");
        }
    }

    async fn the_health_page_says_how_it_is_and_what_to_do(world) {
        let mut support = operators(&world, 590, Role::OperatorSupport).await;
        let page = support.get(&world, "/operator/health").await.says(200, "Key ring").says(200, "None is known here");
        for word in ["The one this program knows", "Keeps what is written", "A mail server is set up", "Prices are there"] {
            assert!(page.text.contains(word), "{word}: {}", page.text);
        }
        assert!(page.text.contains(env!("CARGO_PKG_VERSION")));
    }
}
