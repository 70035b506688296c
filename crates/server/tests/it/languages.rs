//! What goes wrong is told in the reader's language, and what the log keeps as a word is said in it.

use chandlery::installation::OPERATOR;
use chandlery_domain::access::Role;

use crate::operator::{operators, send_file};
use crate::people::{Browser, PASSWORD, newcomer, someone};
use crate::world::{HEADER, SQL, World, row};

impl Browser {
    async fn reads(&mut self, world: &World, language: &str) {
        self.post(world, "/language", &[("language", language), ("flow", "/")]).await.leads_to("/");
    }
}

on_both! {
    async fn a_refused_password_is_told_in_the_readers_language(world) {
        let (_, upn) = newcomer(&world, world.partner.id, 700, &[Role::GlobalAdmin], true).await;
        let mut browser = Browser::default();
        browser.password(&world, &upn, PASSWORD).await.leads_to("/password");
        let form = |new: &'static str, again: &'static str| [("current", PASSWORD), ("new", new), ("again", again), ("flow", "")];
        browser.reads(&world, "de").await;
        browser.post(&world, "/password", &form("kurz", "kurz")).await.says(400, "Das Passwort hat 4 Zeichen; es braucht mindestens 12.");
        browser.post(&world, "/password", &form(PASSWORD, PASSWORD)).await.says(400, "Das neue Passwort ist das alte");
        browser.post(&world, "/password", &form("someone.700 ist mein Name", "someone.700 ist mein Name")).await.says(400, "enthält Ihren Anmeldenamen");
        browser.post(&world, "/password", &form("eins", "zwei")).await.says(400, "Die beiden neuen Passwörter sind verschieden");
        browser.reads(&world, "sv").await;
        browser.post(&world, "/password", &form("kort", "kort")).await.says(400, "Lösenordet har 4 tecken; det behöver minst 12.");
        browser.post(&world, "/password", &form(PASSWORD, PASSWORD)).await.says(400, "Det nya lösenordet är det gamla");
        browser.post(&world, "/password", &form("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa")).await.says(400, "upprepar samma få tecken");
    }

    async fn what_is_wrong_with_a_sheet_is_told_in_the_readers_language(world) {
        let mut root = operators(&world, 710, Role::OperatorAdmin).await;
        let item = |price| row(("Excel LTSC", "DG7GMGF0D7FT", ""), ("1", "Excel"), "", "Software;Perpetual", ("DE", "EUR"), price);
        let wrong = format!("{HEADER}\n{}\n{}\n{}\n", item("dear"), item("5"), item("5"));
        let sheets = "/operator/catalog/sheets";
        let to = send_file(&mut root, &world, sheets, &wrong).await.leads_to(sheets).to.unwrap();
        let bare = send_file(&mut root, &world, sheets, "ProductTitle\n").await.leads_to(sheets).to.unwrap();
        root.reads(&world, "de").await;
        let page = root.get(&world, &to).await.says(422, "erwartet wird ein Preis von 0 bis 1000000000 mit Dezimalpunkt");
        page.says(422, "dieselbe Währung, Laufzeit, Abrechnung und Staffel wie Zeile 3").says(422, "UnitPrice").says(422, "ganze Zeile");
        root.get(&world, &bare).await.says(422, "die Spalte fehlt in der Kopfzeile");
        root.reads(&world, "sv").await;
        let page = root.get(&world, &to).await.says(422, "ett pris från 0 till 1000000000 med decimalpunkt");
        page.says(422, "fakturering, steg och början som rad 3").says(422, "UnitPrice").says(422, "hela raden");
        root.get(&world, &bare).await.says(422, "kolumnen saknas i rubrikraden");
        // A sheet that clashes with the catalogue, and one whose days overlap.
        world.import_prices(&format!("{HEADER}\n{}\n", item("5"))).await.unwrap();
        let clash = item("5").replace("Software;Perpetual", "Software;Subscription").replace(",,,DE,", ",P1Y,,DE,");
        assert!(clash.contains("P1Y"), "{clash}");
        let to = send_file(&mut root, &world, sheets, &format!("{HEADER}\n{clash}\n")).await.leads_to(sheets).to.unwrap();
        root.get(&world, &to).await.says(422, "är Permanent programvara i katalogen och kan inte bli");
        root.reads(&world, "de").await;
        root.get(&world, &to).await.says(422, "ist im Katalog Unbefristete Software und kann nicht");
        let later = item("4").replace("2019-01-01T00:00:00Z", "2020-03-01T00:00:00Z");
        let to = send_file(&mut root, &world, sheets, &format!("{HEADER}\n{later}\n")).await.leads_to(sheets).to.unwrap();
        root.post(&world, &format!("{to}/apply"), &[]).await.says(422, " bis 9999-11-30T23:59:59Z und 2020-03-01T00:00:00Z bis ");
    }

    async fn what_is_wrong_with_a_file_of_keys_is_told_in_the_readers_language(world) {
        let mut root = operators(&world, 720, Role::OperatorAdmin).await;
        let keys = "/operator/stock/keys";
        let short = format!("ProductId,Version,Key\n{},2022,AAA1-SHORT\n", SQL.1);
        root.reads(&world, "de").await;
        let page = send_file(&mut root, &world, keys, &short).await;
        let page = page.says(422, "Zeile 2, Key: erwartet wird ein Schlüssel wie AAA1-BBB2");
        assert!(!page.text.contains("SHORT"));
        send_file(&mut root, &world, keys, "Version\n2022\n").await.says(422, "Zeile 1, Kopfzeile: die Spalten ProductId und Key sind nötig");
        root.reads(&world, "sv").await;
        let page = send_file(&mut root, &world, keys, &short).await;
        let page = page.says(422, "rad 2, Key: en nyckel som AAA1-BBB2");
        assert!(!page.text.contains("SHORT"));
        let unknown = "ProductId,Version,Key\nDG7GMGF0ZZZZ,2022,AAA1BBB2CCC3DDD4EEE5FAKE00000092\n";
        send_file(&mut root, &world, keys, unknown).await.says(422, "rad 2, ProductId: DG7GMGF0ZZZZ finns inte i katalogen");
        // The log keeps it as programs are told.
        let log = root.get(&world, "/operator/stock").await;
        assert!(!log.text.contains("expected"));
    }

    async fn a_name_that_is_taken_is_told_in_the_readers_language(world) {
        let admin = someone(&world, world.partner.id, 730, &[Role::GlobalAdmin, Role::AdminAgent]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &admin).await;
        let form = |upn: &'static str| [("upn", upn), ("name", "Grit"), ("roles", "sales_agent")];
        browser.post(&world, "/users", &form("grit@people.example")).await.says(200, "grit@people.example");
        browser.reads(&world, "de").await;
        browser.post(&world, "/users", &form("grit@people.example")).await.says(400, "Der Anmeldename ist vergeben; wählen Sie einen anderen.");
        browser.post(&world, "/users", &form("grit")).await.says(400, "Der Anmeldename muss wie name@domain aussehen");
        browser.reads(&world, "sv").await;
        browser.post(&world, "/users", &form("grit@people.example")).await.says(400, "Inloggningsnamnet är upptaget; välj ett annat.");
        browser.post(&world, "/users", &form("grit")).await.says(400, "Inloggningsnamnet måste se ut som namn@domän");
        let application = [("name", "Portal"), ("redirect_uris", "http://portal.example/back"), ("roles", "admin_agent")];
        browser.post(&world, "/applications", &application).await.says(400, "Omdirigeringsadressen: http://portal.example/back går inte att ta emot");
        browser.reads(&world, "de").await;
        browser.post(&world, "/applications", &application).await.says(400, "Die Weiterleitungsadresse: http://portal.example/back kann nicht angenommen werden");
        // In the log, words are the reader's and what was typed is nobody's.
        let log = browser.get(&world, "/activity").await.says(200, "Vertriebs-Agent");
        assert!(!log.text.contains("sales_agent") && !log.text.contains("recovery code"), "{}", log.text);
        log.says(200, "Authenticator-App").says(200, "Nach dem zweiten Faktor wird gefragt");
        browser.reads(&world, "sv").await;
        browser.get(&world, "/activity").await.says(200, "Den andra faktorn efterfrågas");
    }

    async fn a_day_in_the_past_is_told_in_the_readers_language(world) {
        let mut root = operators(&world, 740, Role::OperatorAdmin).await;
        let blocks = "/operator/policies/blocks";
        let past = [("family", "perpetual"), ("country", "SE"), ("from", "2019-01-01")];
        let block = [("family", "perpetual"), ("country", "SE"), ("from", "2020-03-01")];
        let end = [("family", "perpetual"), ("key", "se-2020-03-01"), ("day", "2019-04-01")];
        root.post(&world, blocks, &block).await.leads_to(blocks);
        root.reads(&world, "de").await;
        root.post(&world, blocks, &past).await.says(422, "Geben Sie einen Tag an, der nicht in der Vergangenheit liegt.");
        root.post(&world, &format!("{blocks}/end"), &end).await.says(422, "Geben Sie einen Tag an, der nicht in der Vergangenheit liegt.");
        root.post(&world, blocks, &block).await.says(422, "steht für diesen Tag schon auf der Liste");
        root.reads(&world, "sv").await;
        root.post(&world, blocks, &past).await.says(422, "Ange en dag som inte har passerat.");
        root.post(&world, &format!("{blocks}/end"), &end).await.says(422, "Ange en dag som inte har passerat.");
        root.post(&world, blocks, &block).await.says(422, "finns redan på listan");
    }

    async fn a_refused_passkey_is_told_in_the_readers_language(world) {
        let person = someone(&world, world.partner.id, 760, &[Role::GlobalAdmin]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &person).await;
        for (language, told) in [
            ("de", "Der Passkey wurde nicht angenommen: die Antwort des Browsers ist nicht lesbar."),
            ("sv", "Lösennyckeln godtogs inte: webbläsarens svar går inte att läsa."),
        ] {
            browser.reads(&world, language).await;
            assert_eq!(browser.post(&world, "/account/passkeys/challenge", &[]).await.status, 200);
            browser.post(&world, "/account/passkeys", &[("answer", "{}"), ("name", "")]).await.says(200, told);
        }
    }

    async fn a_sign_in_that_fails_elsewhere_is_told_in_the_readers_language(world) {
        newcomer(&world, OPERATOR, 750, &[Role::OperatorAdmin], false).await;
        for (language, told) in [
            ("de", "Diese Anmeldung wurde nicht in diesem Browser begonnen"),
            ("sv", "Den här inloggningen påbörjades inte i den här webbläsaren"),
        ] {
            let mut browser = Browser::default();
            browser.headers.push(("Accept-Language", language.into()));
            browser.get(&world, "/sign-in/callback?code=1&state=2").await.says(403, told);
        }
        for (language, told) in [("de", "Die Anwendung ist hier nicht bekannt"), ("sv", "Applikationen är inte känd här")] {
            let mut browser = Browser::default();
            browser.headers.push(("Accept-Language", language.into()));
            let asked = format!("/{}/oauth2/authorize?client_id=00000000-0000-0000-0000-000000000009", world.partner.id);
            browser.get(&world, &asked).await.says(400, told);
        }
    }
}
