//! Support requests: raised with files, answered by the operator, credited by exception.

use axum::body::Body;
use axum::extract::Request;
use chandlery::installation::OPERATOR;
use chandlery_domain::access::Role;
use chandlery_store::service_requests::{self, FileRecord};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::people::{Browser, Page, Someone, someone};
use crate::world::{RMS, World};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR and the rest \xff\x00\xfe";

/// Sends a request as a browser does.
async fn raw(browser: &Browser, world: &World, method: &str, path: &str, body: Option<Vec<u8>>) -> Page {
    let cookies: Vec<String> =
        browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("Host", "localhost")
        .header("Cookie", cookies.join("; "));
    if body.is_some() {
        request = request
            .header("Origin", "http://localhost")
            .header("Sec-Fetch-Site", "same-origin")
            .header("Content-Type", "multipart/form-data; boundary=edge");
    }
    let body = body.map_or_else(Body::empty, Body::from);
    let answer =
        chandlery::api::normalised(world.api.clone()).oneshot(request.body(body).unwrap()).await.unwrap();
    let headers: std::collections::HashMap<String, String> = answer
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), value.to_str().unwrap().to_owned()))
        .collect();
    let status = answer.status().as_u16();
    let bytes = axum::body::to_bytes(answer.into_body(), 1 << 26).await.unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Page { status, to: headers.get("location").cloned(), headers, text, bytes }
}

/// Posts a form with files.
pub async fn send(
    browser: &Browser,
    world: &World,
    path: &str,
    fields: &[(&str, &str)],
    files: &[(&str, &[u8])],
) -> Page {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    for (name, bytes) in files {
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: image/png\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--edge--\r\n");
    raw(browser, world, "POST", path, Some(body)).await
}

async fn signed_in(world: &World, person: &Someone) -> Browser {
    let mut browser = Browser::default();
    browser.sign_in(world, person).await;
    browser
}

/// The hidden value that makes a form count once.
fn token(page: &str) -> String {
    page.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

const CONTACT: [(&str, &str); 3] =
    [("contact_name", "Ada L"), ("contact_email", "ada@erste.example"), ("contact_phone", "+49 30 1")];

/// A filled-in form for something technical.
fn technical<'a>(token: &'a str, title: &'a str) -> Vec<(&'a str, &'a str)> {
    let own = [("token", token), ("topic", "technical"), ("impact", "critical"), ("title", title)];
    own.into_iter().chain([("description", "It does not start.\r\nAt all.")]).chain(CONTACT).collect()
}

/// A filled-in form for money back on an order.
fn refund<'a>(token: &'a str, order: &'a str, amount: &'a str) -> Vec<(&'a str, &'a str)> {
    let own = [
        ("token", token),
        ("topic", "refund"),
        ("impact", "moderate"),
        ("title", "Bought twice"),
        ("tenant", "de.onmicrosoft.com"),
        ("purchase", order),
        ("reason", "The customer ordered by mistake"),
        ("amount", amount),
    ];
    own.into_iter().chain(CONTACT).collect()
}

/// How a conversation names a colleague of whoever asked, who gave the contact as "Ada L".
const COLLEAGUE: &str = "<p class=\"name\">Somebody ";

/// Raises a request for money back; returns its id.
async fn asks_money_back(world: &World, browser: &mut Browser, order: &Value, amount: &str) -> String {
    let form = browser.get(world, "/support/new?topic=refund").await.says(200, "Submit");
    let token = token(&form.text);
    let fields = refund(&token, order["alternateId"].as_str().unwrap(), amount);
    send(browser, world, "/support/new", &fields, &[])
        .await
        .leads_to(&format!("/support/{token}?done=raised"));
    token
}

on_both! {
    async fn the_refund_form_complains_at_each_field_and_keeps_what_was_typed(world) {
        let agent = someone(&world, world.partner.id, 70, &[Role::AdminAgent]).await;
        let mut browser = signed_in(&world, &agent).await;
        let form = browser.get(&world, "/support/new").await.says(200, "<h1>Report a problem with Partner Center</h1>");
        for label in ["Details", "Type of problem", "Impact", "Title", "Description", "Contact", "Add files", "Submit",
            "CSP Purchase/Refund on behalf of customers", "first answer within 2 hours", "first answer within 4 hours",
            "first answer within 8 hours"] {
            assert!(form.text.contains(label), "{label}");
        }
        // The contact is the person, as far as it is known.
        assert!(form.text.contains("value=\"Somebody\""));
        let token = token(&form.text);
        let page = send(&browser, &world, "/support/new", &[("token", &token), ("topic", "refund"), ("impact", "minimal")], &[]).await;
        assert_eq!(page.status, 422);
        for field in ["title", "tenant", "purchase", "reason", "amount", "contact_name", "contact_email", "contact_phone"] {
            assert!(page.text.contains(&format!("id=\"{field}-fault\"")), "{field}");
        }
        assert!(!page.text.contains("id=\"description-fault\""));
        // What is typed stays, what names nothing is said, files have to be chosen again.
        let order = world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        let number = order["alternateId"].as_str().unwrap();
        let mut fields = refund(&token, "c0ffee000000", "lots");
        let page = send(&browser, &world, "/support/new", &fields, &[("a.png", PNG)]).await;
        let page = page.says(422, "id=\"purchase-fault\"").says(422, "Choose them again");
        assert!(page.text.contains("value=\"c0ffee000000\"") && page.text.contains("The customer ordered by mistake"));
        fields[5].1 = number;
        let page = send(&browser, &world, "/support/new", &fields, &[]).await.says(422, "such as 1500.00");
        assert!(page.text.contains("id=\"amount-fault\"") && page.text.contains("value=\"lots\""));
        fields[4].1 = "nobody.onmicrosoft.com";
        send(&browser, &world, "/support/new", &fields, &[]).await.says(422, "id=\"tenant-fault\"");
        // Other types ask for one text instead.
        let page = send(&browser, &world, "/support/new", &[("topic", "billing"), ("impact", "minimal")], &[]).await;
        assert!(page.text.contains("id=\"description-fault\"") && !page.text.contains("id=\"tenant-fault\""));
        // The four items make the description.
        fields[4].1 = "de.onmicrosoft.com";
        fields[7].1 = "50,00 EUR";
        send(&browser, &world, "/support/new", &fields, &[]).await.leads_to("/support/");
        let page = browser.get(&world, &format!("/support/{token}?done=raised")).await.says(200, "was submitted");
        for text in ["de.onmicrosoft.com", number, "The customer ordered by mistake", "50.00 EUR", "Customer de"] {
            assert!(page.text.contains(text), "{text}");
        }
    }

    async fn the_cancel_dialog_fills_the_form_in(world) {
        let agent = someone(&world, world.partner.id, 70, &[Role::AdminAgent]).await;
        let mut browser = signed_in(&world, &agent).await;
        let order = world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        let (customer, id) = (world.customers["de"].to_string(), order["id"].as_str().unwrap());
        let path = format!("/support/new?topic=refund&customer={customer}&order={id}&amount=119.99");
        let page = browser.get(&world, &path).await.says(200, "value=\"refund\" selected");
        for value in [customer.as_str(), id, "119.99", "Refund for RMS CAL 1 Device"] {
            assert!(page.text.contains(&format!("value=\"{value}\"")), "{value}");
        }
    }

    async fn a_request_is_filed_once_and_is_its_askers_alone(world) {
        let agent = someone(&world, world.partner.id, 70, &[Role::AdminAgent]).await;
        let colleague = someone(&world, world.partner.id, 71, &[Role::GlobalAdmin, Role::AdminAgent]).await;
        let (mut browser, mut other) = (signed_in(&world, &agent).await, signed_in(&world, &colleague).await);
        let token = token(&browser.get(&world, "/support/new").await.text);
        let fields = technical(&token, "Nothing works");
        let files: [(&str, &[u8]); 2] = [("bild 1.png", PNG), ("log.txt", "Zeile – eins\n".as_bytes())];
        send(&browser, &world, "/support/new", &fields, &files).await.leads_to(&format!("/support/{token}?done=raised"));
        send(&browser, &world, "/support/new", &fields, &files).await.leads_to(&format!("/support/{token}?done=raised"));
        let list = browser.get(&world, "/support").await.says(200, "Nothing works");
        assert_eq!(list.text.matches("Nothing works").count(), 1);
        let page = browser.get(&world, &format!("/support/{token}")).await.says(200, "It does not start.\nAt all.");
        let links: Vec<&str> = page.text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next())
            .filter(|link| link.contains("/files/")).collect();
        assert_eq!(links.len(), 2);
        let mut found = Vec::new();
        for link in &links {
            let answer = raw(&browser, &world, "GET", link, None).await;
            assert_eq!(answer.status, 200);
            assert!(answer.headers["content-disposition"].starts_with("attachment; "));
            assert_eq!(answer.headers["x-content-type-options"], "nosniff");
            assert!(answer.headers["content-security-policy"].contains("sandbox"));
            found.push(answer.bytes.to_vec());
        }
        assert!(found.contains(&PNG.to_vec()) && found.contains(&"Zeile – eins\n".as_bytes().to_vec()));
        // Colleagues, whatever their roles, find nothing, and cannot put anything there.
        other.get(&world, "/support").await.says(200, "You have asked nothing yet");
        assert_eq!(other.get(&world, &format!("/support/{token}")).await.status, 404);
        assert_eq!(raw(&other, &world, "GET", links[0], None).await.status, 404);
        assert_eq!(send(&other, &world, &format!("/support/{token}"), &[("text", "x")], &[]).await.status, 404);
        assert_eq!(send(&other, &world, "/support/new", &technical(&token, "Mine"), &[]).await.status, 404);
        assert_eq!(world.get("/v1/servicerequests").await["totalCount"], 0);
    }

    async fn a_partners_open_requests_hold_so_many_files_and_closed_ones_are_not_counted(world) {
        let agent = someone(&world, world.partner.id, 70, &[Role::AdminAgent]).await;
        let mut browser = signed_in(&world, &agent).await;
        let first = token(&browser.get(&world, "/support/new").await.text);
        send(&browser, &world, "/support/new", &technical(&first, "Large files"), &[]).await;
        let (scope, id) = (crate::invoicing::scope(&world), first.parse().unwrap());
        // All but a kilobyte of what a hundred of the largest files come to.
        let whole = FileRecord {
            id: uuid::Uuid::from_bytes(crate::world::random16()),
            note: None,
            name: "dump.zip".to_owned(),
            kind: "application/zip".to_owned(),
            size: 1000 * 1024 * 1024 - 1024,
            sha256: "0".repeat(64),
            object: "nowhere".to_owned(),
        };
        let kept = world.installation.store.bookkeep(move |tx| {
            Ok::<_, chandlery::error::Error>(service_requests::add_files(tx, &scope, id, std::slice::from_ref(&whole))?)
        });
        kept.await.unwrap();
        let second = token(&browser.get(&world, "/support/new").await.text);
        let (fields, large) = (technical(&second, "One more"), vec![b'a'; 1025]);
        let told = "requests may hold 1000 MB of files together";
        let page = send(&browser, &world, "/support/new", &fields, &[("a.txt", &large)]).await.says(422, told);
        assert!(page.text.contains("value=\"One more\""));
        let at = format!("/support/{first}");
        send(&browser, &world, &at, &[("text", "More")], &[("a.txt", &large)]).await.says(422, told);
        send(&browser, &world, &at, &[("text", "A little")], &[("a.txt", &large[..1024])])
            .await
            .leads_to(&format!("{at}?done=say"));
        browser.get(&world, &at).await.says(200, "a.txt");
        send(&browser, &world, &at, &[("step", "close")], &[]).await.leads_to(&format!("{at}?done=close"));
        // It can be opened again for thirty days, and counts for as long.
        send(&browser, &world, "/support/new", &fields, &[("a.txt", &large)]).await.says(422, told);
        world.set_clock("2020-03-10T10:00:00Z");
        send(&browser, &world, "/support/new", &fields, &[("a.txt", &large)])
            .await
            .leads_to(&format!("/support/{second}?done=raised"));
    }

    async fn what_a_file_is_called_is_not_believed(world) {
        let agent = someone(&world, world.partner.id, 70, &[Role::AdminAgent]).await;
        let mut browser = signed_in(&world, &agent).await;
        let token = token(&browser.get(&world, "/support/new").await.text);
        let fields = technical(&token, "Nothing works");
        let large = vec![b'a'; 10 * 1024 * 1024 + 1];
        for (files, told) in [
            (vec![("picture.png", &b"MZ\x90\0\x03"[..])], "picture.png is not of a kind"),
            (vec![("page.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>")], "page.svg is not of a kind"),
            (vec![("run.exe", PNG)], "run.exe is not of a kind"),
            (vec![("log.txt", large.as_slice())], "log.txt is larger than"),
            (vec![("a.png", PNG); 6], "at most 5 files"),
        ] {
            let page = send(&browser, &world, "/support/new", &fields, &files).await.says(422, told);
            assert!(page.text.contains("value=\"Nothing works\"") && page.text.contains("Choose them again"));
        }
        browser.get(&world, "/support").await.says(200, "You have asked nothing yet");
        // Nothing of them is left in the store.
        let left = std::fs::read_dir(world._folder.path().join("media/requests")).map_or(0, |own| own.count());
        assert_eq!(left, 0);
    }

    async fn people_without_customers_ask_for_themselves_only(world) {
        let billing = someone(&world, world.partner.id, 70, &[Role::BillingAdmin]).await;
        let mut browser = signed_in(&world, &billing).await;
        let form = browser.get(&world, "/support/new").await.says(200, "Submit");
        assert!(!form.text.contains("CSP Purchase/Refund") && !form.text.contains("id=\"tenant\""));
        let token = token(&form.text);
        let page = send(&browser, &world, "/support/new", &refund(&token, "c0ffee000000", "1"), &[]).await;
        assert!(page.says(422, "topic-fault").text.contains("Submit"));
        let mut fields = technical(&token, "The bill is late");
        fields.push(("customer", "de.onmicrosoft.com"));
        send(&browser, &world, "/support/new", &fields, &[]).await.says(422, "customer");
        fields.pop();
        send(&browser, &world, "/support/new", &fields, &[]).await.leads_to("/support/");
        assert_eq!(browser.get(&world, "/operator/requests").await.status, 403);
    }

    async fn the_operator_answers_and_reading_the_answer_clears_its_mark(world) {
        let agent = someone(&world, world.partner.id, 70, &[Role::AdminAgent]).await;
        let helper = someone(&world, OPERATOR, 80, &[Role::OperatorSupport]).await;
        let (mut browser, mut desk) = (signed_in(&world, &agent).await, signed_in(&world, &helper).await);
        let token = token(&browser.get(&world, "/support/new").await.text);
        let asked = [("log.txt", &b"first"[..])];
        send(&browser, &world, "/support/new", &technical(&token, "Nothing works"), &asked).await.leads_to("/support/");
        let queue = desk.get(&world, "/operator/requests").await.says(200, "Nothing works");
        assert!(queue.text.contains("Erste Software GmbH") && !queue.text.contains("Overdue"));
        // Critical: the first answer is due within two hours.
        world.set_clock("2020-02-01T12:00:01Z");
        desk.get(&world, "/operator/requests").await.says(200, "Overdue");
        desk.get(&world, "/operator/requests?topic=billing").await.says(200, "No request waits here");
        let at = format!("/operator/requests/{}/{token}", world.partner.id);
        desk.get(&world, &at).await.says(200, "It does not start.");
        send(&desk, &world, &at, &[("step", "ask"), ("text", "")], &[]).await.says(422, "text-fault");
        let answer = [("step", "ask"), ("text", "Which version?")];
        send(&desk, &world, &at, &answer, &[("how.png", PNG)]).await.leads_to(&at);
        let list = browser.get(&world, "/support").await.says(200, "New answer");
        assert!(list.text.contains("Attention needed"));
        let page = browser.get(&world, &format!("/support/{token}")).await.says(200, "Which version?");
        assert!(page.text.contains("how.png"));
        assert!(!browser.get(&world, "/support").await.text.contains("New answer"));
        // The answer is the operator's turn again; the request leaves the queue once it is closed.
        let own = format!("/support/{token}");
        send(&browser, &world, &own, &[("step", "say"), ("text", "2022")], &[]).await.leads_to(&own);
        let queue = desk.get(&world, "/operator/requests?state=open").await.says(200, "Nothing works");
        assert!(!queue.text.contains("Overdue"), "it was answered, late as it was");
        send(&browser, &world, &own, &[("step", "close")], &[]).await.leads_to(&own);
        desk.get(&world, "/operator/requests").await.says(200, "No request waits here");
        send(&desk, &world, &at, &[("step", "say"), ("text", "?")], &[]).await.says(422, "is closed");
        world.set_clock("2020-03-02T12:00:01Z");
        send(&browser, &world, &own, &[("step", "reopen"), ("text", "Again")], &[]).await.leads_to(&own);
        send(&browser, &world, &own, &[("step", "close")], &[]).await.leads_to(&own);
        world.set_clock("2020-04-02T12:00:01Z");
        let told = send(&browser, &world, &own, &[("step", "reopen"), ("text", "Again")], &[]).await;
        told.says(422, "more than 30 days ago");
        // Whoever only answers does not decide about money, and partners that do not exist ask nothing.
        assert_eq!(desk.get(&world, &format!("{at}/credit")).await.status, 403);
        let nobody = at.replace(&world.partner.id.to_string(), &world.other.id.to_string());
        assert_eq!(desk.get(&world, &nobody).await.status, 404);
    }

    async fn an_exceptional_credit_never_passes_the_charge_and_ends_cancelling(world) {
        let agent = someone(&world, world.partner.id, 70, &[Role::AdminAgent]).await;
        let boss = someone(&world, OPERATOR, 80, &[Role::OperatorAdmin]).await;
        let (mut browser, mut desk) = (signed_in(&world, &agent).await, signed_in(&world, &boss).await);
        let order = world.buy(&[world.line(RMS.1, "7", 1).await]).await; // 119.99
        let id = asks_money_back(&world, &mut browser, &order, "80").await;
        // While it waits, the portal cannot decide.
        let told = world.cancel(&order).await.refused(409, 800_014);
        assert!(told.contains("support request"), "{told}");
        let at = format!("/operator/requests/{}/{id}/credit", world.partner.id);
        let form = async |desk: &mut Browser| token(&desk.get(&world, &at).await.says(200, "exceptional credit").text);
        let (first, second) = (form(&mut desk).await, form(&mut desk).await);
        let credit = |token: &str, amount: &str| {
            [("token", token.to_owned()), ("line", "0".into()), ("amount", amount.to_owned()), ("reason", "goodwill".into())]
        };
        let post = async |mut desk: Browser, fields: [(&'static str, String); 4]| {
            let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
            desk.post(&world, &at, &fields).await
        };
        assert_eq!(post(desk.clone(), credit(&first, "120")).await.status, 422);
        assert_eq!(post(desk.clone(), credit(&first, "0")).await.status, 422);
        // Two decide at once: together they would pass the charge, so one of them is told what is left.
        let (one, two) = tokio::join!(post(desk.clone(), credit(&first, "80")), post(desk.clone(), credit(&second, "80")));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422], "{} {}", one.text, two.text);
        assert_eq!(world.ledger(&order).await, ["119.99", "-80.00"]);
        // The same form sent again books nothing more.
        let booked = if one.status == 303 { &first } else { &second };
        post(desk.clone(), credit(booked, "80")).await.leads_to("/operator/requests/");
        // With another amount it is another decision, and told to be one.
        let told = post(desk.clone(), credit(booked, "20")).await.says(422, "booked another credit before");
        assert!(token(&told.text) != *booked, "the form shown again is a new one");
        let third = form(&mut desk).await;
        post(desk.clone(), credit(&third, "39.99")).await.leads_to("/operator/requests/");
        assert_eq!(world.ledger(&order).await, ["119.99", "-80.00", "-39.99"]);
        // The order is as it was; what comes back by cancelling is for the operator to say, also once the request is closed.
        let read = world.get(&format!("{}/orders/{}", world.path("de"), order["id"].as_str().unwrap())).await;
        assert_eq!(read["status"], "completed");
        let closing = format!("/operator/requests/{}/{id}", world.partner.id);
        send(&desk, &world, &closing, &[("step", "close"), ("text", "Credited.")], &[]).await.leads_to(&closing);
        // A closed request is decided; opening it again is for whoever asked.
        desk.get(&world, &at).await.says(400, "request is closed");
        post(desk.clone(), credit(&first.replace('0', "1"), "0.01")).await.says(400, "request is closed");
        assert!(!desk.get(&world, &closing).await.text.contains("/credit\""));
        world.cancel(&order).await.refused(409, 800_014);
        let path = format!("{}/orders/{}/cancellationquote", world.path("de"), order["id"].as_str().unwrap());
        world.call("POST", &path, Some(json!({}))).await.refused(409, 800_014);
        assert_eq!(world.ledger(&order).await.len(), 3);
    }

    async fn whoever_may_cancel_withdraws_a_colleagues_request_in_the_dialog(world) {
        let asker = someone(&world, world.partner.id, 70, &[Role::HelpdeskAgent]).await;
        let agent = someone(&world, world.partner.id, 71, &[Role::AdminAgent]).await;
        let boss = someone(&world, OPERATOR, 80, &[Role::OperatorSupport]).await;
        let (mut theirs, mut browser) = (signed_in(&world, &asker).await, signed_in(&world, &agent).await);
        let order = world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        let other = world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        let id = asks_money_back(&world, &mut theirs, &order, "80").await;
        let dialog = |order: &Value| {
            format!("/customers/{}/software/{}/0/cancel", world.customers["de"], order["id"].as_str().unwrap())
        };
        let (at, end) = (dialog(&order), "/withdraw");
        let shown = browser.get(&world, &at).await.says(200, "Withdraw the request");
        assert!(shown.text.contains("by Somebody, asked ") && !shown.text.contains("name=\"acknowledged\""));
        // Another order's dialog withdraws nothing, and neither does somebody who may not cancel.
        let form = [("order", other["id"].as_str().unwrap()), ("request", id.as_str())];
        assert_eq!(browser.post(&world, &format!("{}{end}", dialog(&other)), &form).await.status, 404);
        let form = [("order", order["id"].as_str().unwrap()), ("request", id.as_str())];
        assert_eq!(theirs.post(&world, &format!("{at}{end}"), &form).await.status, 403);
        world.cancel(&order).await.refused(409, 800_014);
        // Withdrawn, the dialog shows the credit; sent again, it shows the same.
        for _ in 0..2 {
            let quote = browser.post(&world, &format!("{at}{end}"), &form).await.says(200, "name=\"acknowledged\"");
            assert!(quote.text.contains("€119.99"), "{}", quote.text);
        }
        // Its asker is told, and reads who did it; so does the operator.
        let own = format!("/support/{id}");
        theirs.get(&world, "/support").await.says(200, "New answer");
        let talk = theirs.get(&world, &own).await.says(200, "Withdrawn, so that the order can be cancelled");
        assert!(talk.text.contains("Closed") && talk.text.contains(COLLEAGUE));
        let mut desk = signed_in(&world, &boss).await;
        let talk = desk.get(&world, &format!("/operator/requests/{}/{id}", world.partner.id)).await;
        assert!(talk.says(200, "Withdrawn, so that").text.contains(COLLEAGUE));
        world.cancel(&order).await.expect(200);
        assert_eq!(world.ledger(&order).await, ["119.99", "-119.99"]);
    }

    async fn a_partner_that_wrote_all_it_may_is_still_answered(world) {
        let agent = someone(&world, world.partner.id, 70, &[Role::AdminAgent]).await;
        let helper = someone(&world, OPERATOR, 80, &[Role::OperatorSupport]).await;
        let (mut browser, mut desk) = (signed_in(&world, &agent).await, signed_in(&world, &helper).await);
        let token = token(&browser.get(&world, "/support/new").await.text);
        send(&browser, &world, "/support/new", &technical(&token, "Nothing works"), &[]).await.leads_to("/support/");
        let own = format!("/support/{token}");
        for _ in 0..200 {
            send(&browser, &world, &own, &[("step", "say"), ("text", "And?")], &[]).await.leads_to(&own);
        }
        let told = send(&browser, &world, &own, &[("step", "say"), ("text", "And?")], &[]).await;
        assert!(told.text.contains("And?"), "what was typed stays");
        told.says(422, "at most 200 notes");
        // Not by closing with a word more either; without one it can be closed.
        send(&browser, &world, &own, &[("step", "close"), ("text", "Thanks")], &[]).await.says(422, "at most 200 notes");
        let at = format!("/operator/requests/{}/{token}", world.partner.id);
        send(&desk, &world, &at, &[("step", "say"), ("text", "Patience.")], &[]).await.leads_to(&at);
        browser.get(&world, &own).await.says(200, "Patience.");
        desk.get(&world, &at).await.says(200, "Patience.");
    }

    async fn an_order_can_be_cancelled_again_once_its_request_is_closed(world) {
        let agent = someone(&world, world.partner.id, 70, &[Role::AdminAgent]).await;
        let mut browser = signed_in(&world, &agent).await;
        let order = world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        let id = asks_money_back(&world, &mut browser, &order, "10").await;
        world.cancel(&order).await.refused(409, 800_014);
        let own = format!("/support/{id}");
        send(&browser, &world, &own, &[("step", "close")], &[]).await.leads_to(&own);
        world.cancel(&order).await.expect(200);
        assert_eq!(world.ledger(&order).await, ["119.99", "-119.99"]);
    }

    async fn every_note_of_a_long_conversation_can_be_read(world) {
        let agent = someone(&world, world.partner.id, 79, &[Role::AdminAgent]).await;
        let mut browser = signed_in(&world, &agent).await;
        let token = token(&browser.get(&world, "/support/new").await.text);
        let fields = technical(&token, "Nothing works");
        let place = send(&browser, &world, "/support/new", &fields, &[]).await.leads_to("/support/").to.unwrap();
        let cx = chandlery::app::Context::system(world.partner.id, "2020-02-02T00:00:00Z".parse().unwrap(), "test");
        let scope = cx.authorize(chandlery_domain::access::Action::RaiseRequest).unwrap();
        let request = place.split(['/', '?']).nth(2).unwrap().parse().unwrap();
        let begin: jiff::Timestamp = "2020-02-02T00:00:00Z".parse().unwrap();
        let adding = world.installation.store.bookkeep(move |tx| {
            for number in 0..205_i64 {
                let note = chandlery_store::service_requests::Note {
                    request,
                    id: uuid::Uuid::from_u128(number as u128 + 1),
                    side: chandlery_domain::support::Party::Operator,
                    author: String::new(),
                    at: begin + jiff::SignedDuration::from_secs(number),
                    text: format!("Note number {number}."),
                    withdrew: false,
                };
                chandlery_store::service_requests::add_note(tx, &scope, &note)?;
            }
            Ok::<_, chandlery::error::Error>(())
        });
        adding.await.unwrap();
        let page = browser.get(&world, place.split('?').next().unwrap()).await.says(200, "Note number 5.");
        assert!(page.text.contains("It does not start.") && page.text.contains("Note number 204.") && !page.text.contains("Note number 4."));
        let earlier = page.text.split("href=\"").filter_map(|part| part.split('"').next()).find(|own| own.contains("?before=")).unwrap();
        let page = browser.get(&world, earlier).await.says(200, "Note number 4.");
        assert!(page.text.contains("Note number 0.") && !page.text.contains("Note number 5."));
    }
}
