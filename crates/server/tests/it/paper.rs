//! Issued documents as files: a page people can read, and an electronic invoice programs can.

use chandlery_domain::access::Role;
use chandlery_domain::invoice::Account;
use lopdf::Document as Pdf;

use crate::invoicing::{at_home, billed, bought, change_seller, documents, party, profile, seller};
use crate::operator::{operators, send_file};
use crate::people::{Browser, someone};
use crate::world::{World, person};

/// The text of a PDF without blanks and line breaks, which the typesetter puts anywhere.
fn text(bytes: &[u8]) -> String {
    let read = Pdf::load_mem(bytes).unwrap();
    let pages: Vec<u32> = read.get_pages().keys().copied().collect();
    read.extract_text(&pages).unwrap().split_whitespace().collect()
}

fn says(bytes: &[u8], parts: &[&str]) {
    let text = text(bytes);
    for part in parts {
        let squeezed: String = part.split_whitespace().collect();
        assert!(text.contains(&squeezed), "{part:?} is missing in {text}");
    }
}

/// How many pictures of pixels a PDF has.
fn pictures(bytes: &[u8]) -> usize {
    let read = Pdf::load_mem(bytes).unwrap();
    let is_picture = |own: &lopdf::Object| {
        own.as_stream().is_ok_and(|own| {
            own.dict.get(b"Subtype").and_then(lopdf::Object::as_name).is_ok_and(|name| name == b"Image")
        })
    };
    read.objects.values().filter(|own| is_picture(own)).count()
}

/// A seller and a buyer with everything an electronic invoice may want.
async fn complete(world: &World) {
    at_home(world).await;
    change_seller(world, |own| {
        own.place.tax_id = Some("DE136695976".into());
        own.email = "rechnung@norrsken.example".into();
        own.more.contact = Some("Buchhaltung".into());
        own.more.phone = Some("+49 431 1234".into());
        own.more.registration = Some("HRB 98765".into());
        own.more.account = Some(Account { iban: "DE89370400440532013000".into(), bic: None });
    })
    .await;
    let mut buyer = party("Erste Software GmbH", "DE", Some("DE811569869"));
    buyer.email = "einkauf@erste.example".into();
    buyer.more.reference = Some("04011000-12345-67".into());
    profile(world, "0001-01-01", buyer).await;
}

on_both! {
    async fn an_invoice_is_a_page_in_the_readers_language_with_the_electronic_invoice_inside(world) {
        complete(&world).await;
        let orders = bought(&world, 2).await;
        world.set_clock("2020-03-02T08:00:00Z");
        billed(&world, "2020-02").await;
        let token = world.token_with(670, vec![Role::BillingAdmin]).await;
        let mut program = Browser::bearing(&token);
        let statement = program.get(&world, "/v1/invoices/OneTime-G000000001/documents/statement").await;
        assert_eq!((statement.status, statement.headers["content-type"].as_str()), (200, "application/pdf"));
        assert_eq!(statement.headers["content-disposition"], "attachment; filename=Invoice_G000000001.pdf");
        // 2 × 119.99 = 239.98; 19 % of it = 45.5962.
        says(&statement.bytes, &[
            "Invoice", "G000000001", "Norrsken Distribution", "Erste Software GmbH", "2 Mar 2020", "1 May 2020",
            "VAT 19% on €239.98", "€45.60", "€285.58", "DE89 3704 0044 0532 0130 00",
            orders[0]["alternateId"].as_str().unwrap(),
        ]);
        let mut in_german = Browser::bearing(&token);
        in_german.headers.push(("X-Locale", "de-DE".into()));
        let german = in_german.get(&world, "/v1/invoices/G000000001/documents/statement").await;
        says(&german.bytes, &["Rechnung", "USt. 19 % auf 239,98 €", "Zu zahlen", "285,58 €"]);
        // Inside the page lies the same invoice for programs.
        let read = Pdf::load_mem(&statement.bytes).unwrap();
        let inside = read.objects.values().any(|own| {
            own.as_dict().is_ok_and(|own| own.get(b"UF").or(own.get(b"F")).and_then(lopdf::Object::as_str)
                .is_ok_and(|name| String::from_utf8_lossy(name).contains("factur-x.xml")))
        });
        assert!(inside, "no factur-x.xml inside");
        let same = program.get(&world, "/v1/invoices/G000000001/documents/statement").await;
        assert!(same.bytes == statement.bytes, "the same document, the same bytes");
        // Another partner's people see none of it.
        let theirs = person(&world.installation, world.other.id, 12, 671, vec![Role::BillingAdmin]).await;
        let mut others = Browser::bearing(&theirs);
        assert_eq!(others.get(&world, "/v1/invoices/G000000001/documents/statement").await.status, 404);
    }

    async fn documents_carry_the_operators_logo_while_there_is_one(world) {
        complete(&world).await;
        bought(&world, 1).await;
        world.set_clock("2020-03-02T08:00:00Z");
        billed(&world, "2020-02").await;
        let root = operators(&world, 765, Role::OperatorAdmin).await;
        let admin = someone(&world, world.partner.id, 672, &[Role::BillingAdmin]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &admin).await;
        let (here, paper) = ("/operator/look", "/billing/G000000001/documents/pdf");
        let plain = browser.get(&world, paper).await.bytes;
        assert_eq!(pictures(&plain), 0);
        let logo = include_bytes!("../../../documents/tests/documents/logo.png");
        let mut root = root;
        for (wrong, told) in [
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>".as_slice(), "neither a PNG nor a JPEG"),
            (&logo[..logo.len() / 2], "cannot be read to its end"),
            (b"".as_slice(), "Choose a file"),
            (vec![0; (2 << 20) + 1].as_slice(), "Make it smaller"),
        ] {
            let page = send_file(&mut root, &world, &format!("{here}/logo"), wrong).await.says(422, told);
            assert!(page.text.contains("id=\"file-fault\"") && !page.text.contains("<img"), "{}", page.text);
        }
        send_file(&mut root, &world, &format!("{here}/logo"), logo).await.leads_to("/operator/look?done=logo");
        let page = root.get(&world, here).await.says(200, "/operator/look/logo.png?");
        assert!(page.text.contains("Remove the logo"));
        let kept = root.get(&world, "/operator/look/logo.png").await;
        assert!(kept.status == 200 && kept.headers["content-type"] == "image/png" && kept.bytes.starts_with(b"\x89PNG"));
        let with = browser.get(&world, paper).await.bytes;
        assert!(pictures(&with) > 0, "no picture on the page");
        says(&with, &["Invoice", "G000000001"]);
        // It is the operator's to choose.
        assert_eq!(browser.get(&world, "/operator/look/logo.png").await.status, 403);
        assert_eq!(send_file(&mut browser, &world, &format!("{here}/logo"), logo).await.status, 403);
        root.post(&world, &format!("{here}/logo/remove"), &[]).await.leads_to("/operator/look?done=no-logo");
        root.post(&world, &format!("{here}/logo/remove"), &[]).await.leads_to("/operator/look?done=no-logo");
        assert_eq!(root.get(&world, "/operator/look/logo.png").await.status, 404);
        assert!(browser.get(&world, paper).await.bytes == plain, "the same document as before, to the byte");
    }

    async fn what_a_program_reads_comes_to_the_same_as_the_page(world) {
        complete(&world).await;
        let orders = bought(&world, 2).await;
        world.set_clock("2020-03-02T08:00:00Z");
        billed(&world, "2020-02").await;
        world.cancel(&orders[0]).await.expect(200);
        world.set_clock("2020-04-02T08:00:00Z");
        billed(&world, "2020-03").await;
        assert_eq!(documents(&world).await.len(), 2);
        let admin = someone(&world, world.partner.id, 671, &[Role::BillingAdmin]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &admin).await;
        browser.get(&world, "/billing/G000000001").await.says(200, "Electronic invoice (Peppol BIS)");
        let invoice = browser.get(&world, "/billing/G000000001/documents/xrechnung").await;
        invoice.says(200, "<cbc:PayableAmount currencyID=\"EUR\">285.58</cbc:PayableAmount>")
            .says(200, "<cbc:BuyerReference>04011000-12345-67</cbc:BuyerReference>");
        let note = browser.get(&world, "/billing/G000000002/documents/peppol").await;
        // What is given back, without a sign, naming what it corrects.
        let note = note.says(200, "<cbc:PayableAmount currencyID=\"EUR\">142.79</cbc:PayableAmount>")
            .says(200, "<cbc:ID>G000000001</cbc:ID>");
        assert!(note.text.contains("<CreditNote") && !note.text.contains("\">-"), "{}", note.text);
        let page = browser.get(&world, "/billing/G000000002/documents/pdf").await;
        says(&page.bytes, &["Credit note", "G000000001 of 2 Mar 2020", "Credited to you", "€142.79"]);
    }

    async fn what_cannot_be_an_electronic_invoice_is_said_with_its_rule_and_is_a_page_all_the_same(world) {
        seller(&world, "US").await;
        profile(&world, "0001-01-01", party("Erste Software GmbH", "DE", None)).await;
        bought(&world, 1).await;
        world.set_clock("2020-03-02T08:00:00Z");
        billed(&world, "2020-02").await;
        let admin = someone(&world, world.partner.id, 672, &[Role::BillingAdmin]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &admin).await;
        let refused = browser.get(&world, "/billing/G000000001/documents/xrechnung").await;
        refused.says(400, "This format is not possible for this document: BR-");
        let mut program = Browser::bearing(&world.token_with(674, vec![Role::BillingAdmin]).await);
        for wrong in ["peppol", "word"] {
            let answer = program.get(&world, &format!("/v1/invoices/G000000001/documents/statement?format={wrong}")).await;
            answer.says(400, "format");
        }
        says(&browser.get(&world, "/billing/G000000001/documents/pdf").await.bytes, &["Invoice", "G000000001"]);
        assert_eq!(browser.get(&world, "/billing/G000000009/documents/pdf").await.status, 404);
        assert_eq!(browser.get(&world, "/billing/G000000001/documents/word").await.status, 404);
    }
}
