//! What banks say came in is given to whoever paid, once, and nothing of it is lost.

use chandlery::app::{Context, bank};
use chandlery::error::Error;
use chandlery::installation::OPERATOR;
use chandlery::outside::bank_statement;
use chandlery_domain::access::Role;
use chandlery_domain::bank::RowState;
use chandlery_domain::invoice::DocumentNumber;
use chandlery_store::{bank as stored, seals};

use crate::invoicing::{at_home, billed, bought};
use crate::operator::{operators, send_file};
use crate::people::{Browser, someone};
use crate::world::{World, money};

const HERE: &str = "/operator/payments";

/// A booking: the bank's reference, the amount in euro, and what the payer said.
type Booking<'a> = (&'a str, &'a str, &'a str);

pub fn statement(bookings: &[Booking<'_>]) -> String {
    let entries: Vec<String> = bookings
        .iter()
        .map(|(reference, amount, said)| {
            format!(
                r#"<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2020-03-03</Dt></BookgDt>
                <AcctSvcrRef>{reference}</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>Norrsken Cloud AB</Nm></Pty></Dbtr></RltdPties>
                <RmtInf><Ustrd>{said}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"#
            )
        })
        .collect();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
        <GrpHdr><MsgId>S1</MsgId><CreDtTm>2020-03-03T23:59:00</CreDtTm></GrpHdr><Stmt><Id>1</Id>
        <Acct><Id><IBAN>SE4550000000058398257466</IBAN></Id></Acct>{}</Stmt></BkToCstmrStmt></Document>"#,
        entries.concat()
    )
}

/// An invoice over 142.79, and the day after somebody paid.
async fn owing(world: &World) {
    at_home(world).await;
    bought(world, 1).await;
    world.set_clock("2020-03-02T09:00:00Z");
    billed(world, "2020-02").await;
    world.set_clock("2020-03-04T09:00:00Z");
}

async fn read(root: &mut Browser, world: &World, bookings: &[Booking<'_>]) -> String {
    send_file(root, world, &format!("{HERE}/statements"), &statement(bookings)).await.to.unwrap()
}

/// The references of the rows on a page.
fn references(page: &str) -> Vec<String> {
    let mut all: Vec<String> = page
        .split("name=\"reference\" value=\"")
        .skip(1)
        .filter_map(|own| Some(own.split('"').next()?.to_owned()))
        .filter(|own| !own.is_empty())
        .collect();
    all.dedup();
    all
}

async fn paid(world: &World, number: &str) -> String {
    money(&world.get(&format!("/v1/invoices/{number}")).await["paidAmount"])
}

on_both! {
    async fn what_names_an_invoice_is_entered_for_it_and_a_statement_read_twice_counts_once(world) {
        owing(&world).await;
        let mut root = operators(&world, 730, Role::OperatorAdmin).await;
        let bookings = [("B1", "142.79", "Invoice G000000001"), ("B2", "10.00", "thank you"), ("B3", "5.00", "G000000777")];
        assert!(read(&mut root, &world, &bookings).await.contains("fresh=3&known=0&others=0"));
        let page = root.get(&world, HERE).await.says(200, "G000000001").says(200, "Names no document");
        assert!(page.text.contains("Names G000000777, which is not there") && page.text.contains("Waiting (3)"), "{}", page.text);
        assert_eq!(paid(&world, "G000000001").await, "0.00", "nothing is entered before somebody says so");
        root.post(&world, &format!("{HERE}/recognised"), &[]).await.leads_to(&format!("{HERE}?done=recognised&entered=1"));
        assert_eq!(paid(&world, "G000000001").await, "-142.79");
        assert!(read(&mut root, &world, &bookings).await.contains("fresh=0&known=3"));
        root.post(&world, &format!("{HERE}/recognised"), &[]).await.leads_to(&format!("{HERE}?done=recognised&entered=0"));
        let page = root.get(&world, HERE).await.says(200, "Waiting (2)");
        assert!(!page.text.contains("Enter those that were recognised"));
        // The operator's log says whose it was.
        let read = world.installation.store.read(|tx| Ok::<_, Error>(seals::waiting(tx, OPERATOR, 10_000)?));
        let log = read.await.unwrap();
        let entered = log.iter().find(|own| own.operation == "record_payment").unwrap();
        assert!(entered.after_facts.contains("142.79 EUR") && entered.after_facts.contains(&world.partner.id.to_string()), "{}", entered.after_facts);
        root.get(&world, &format!("{HERE}?view=entered")).await.says(200, "€142.79").says(200, &world.partner.name);
    }

    async fn all_that_are_recognised_are_entered_at_once_each_with_its_entry_in_the_log(world) {
        owing(&world).await;
        let mut root = operators(&world, 736, Role::OperatorAdmin).await;
        let bookings: Vec<(String, String)> = (1..=60).map(|own| (format!("B{own}"), format!("1.{own:02}"))).collect();
        let mut list: Vec<Booking<'_>> = (0..55).map(|_| ("OLD", "9.00", "who knows")).collect();
        list.extend(bookings.iter().map(|(name, amount)| (name.as_str(), amount.as_str(), "G000000001")));
        read(&mut root, &world, &list).await;
        // What nobody knows fills the first page, and hides nothing.
        root.get(&world, HERE).await.says(200, "Waiting (115)").says(200, "Enter those that were recognised");
        root.post(&world, &format!("{HERE}/recognised"), &[]).await.leads_to(&format!("{HERE}?done=recognised&entered=60"));
        assert_eq!(paid(&world, "G000000001").await, "-78.30");
        let read = world.installation.store.read(|tx| Ok::<_, Error>(seals::waiting(tx, OPERATOR, 10_000)?));
        let entries = read.await.unwrap().iter().filter(|own| own.operation == "record_payment").count();
        assert_eq!(entries, 60);
    }

    async fn two_equal_payments_of_one_day_are_one_question_for_a_person(world) {
        owing(&world).await;
        let mut root = operators(&world, 737, Role::OperatorAdmin).await;
        read(&mut root, &world, &[("B1", "20.00", "G000000001"), ("B2", "20.00", "G000000001")]).await;
        root.post(&world, &format!("{HERE}/recognised"), &[]).await.leads_to(&format!("{HERE}?done=recognised&entered=1"));
        let page = root.get(&world, HERE).await.says(200, "As much of the same day was entered before");
        let own = references(&page.text).remove(0);
        // What is wrong with a row that is not on the page is told all the same.
        let form = [("reference", own.as_str()), ("step", "enter"), ("paid_by", ""), ("view", "aside")];
        root.post(&world, &format!("{HERE}/rows"), &form).await.says(422, "The payer is missing");
        let form = [("reference", own.as_str()), ("step", "enter"), ("paid_by", "G000000001")];
        root.post(&world, &format!("{HERE}/rows"), &form).await.leads_to(HERE);
        assert_eq!(paid(&world, "G000000001").await, "-40.00");
    }

    async fn what_says_nothing_is_given_to_whoever_the_operator_names_or_put_aside(world) {
        owing(&world).await;
        let mut root = operators(&world, 731, Role::OperatorAdmin).await;
        read(&mut root, &world, &[("B1", "100.00", "rent"), ("B2", "40.00", "part"), ("B3", "9.99", "interest")]).await;
        let rows = references(&root.get(&world, HERE).await.text);
        let [first, second, third] = &rows[..] else { panic!("{rows:?}") };
        let to = format!("{HERE}/rows");
        for (typed, told) in [
            ("", "is missing"),
            ("G000000444", "names G000000444, which is not there"),
            ("Nobody at all", "fits no partner: Nobody at all"),
        ] {
            let form = [("reference", first.as_str()), ("step", "enter"), ("paid_by", typed)];
            let page = root.post(&world, &to, &form).await.says(422, told);
            assert!(page.text.contains(&format!("value=\"{typed}\"")), "what was typed is kept");
        }
        // A beginning is no name; the name is, in whatever case.
        let begins: String = world.partner.name.chars().take(6).collect();
        let form = [("reference", first.as_str()), ("step", "enter"), ("paid_by", begins.as_str())];
        root.post(&world, &to, &form).await.says(422, "is only the beginning of a name").says(422, &world.partner.name);
        let whole = world.partner.name.to_uppercase();
        let form = [("reference", first.as_str()), ("step", "enter"), ("paid_by", whole.as_str())];
        let done = root.post(&world, &to, &form).await.leads_to(&format!("{HERE}?done=entered")).to.unwrap();
        root.get(&world, &done).await.says(200, &format!("The payment of {} was entered.", world.partner.name));
        root.post(&world, &to, &form).await.says(422, "was decided meanwhile");
        let form = [("reference", second.as_str()), ("step", "enter"), ("paid_by", "g000000001")];
        root.post(&world, &to, &form).await.leads_to(&format!("{HERE}?done=entered"));
        assert_eq!(paid(&world, "G000000001").await, "-140.00");
        let form = [("reference", third.as_str()), ("step", "aside")];
        root.post(&world, &to, &form).await.leads_to(&format!("{HERE}?done=aside"));
        root.get(&world, HERE).await.says(200, "Nothing waits.");
        root.get(&world, &format!("{HERE}?view=aside")).await.says(200, "€9.99");
        assert!(read(&mut root, &world, &[("B3", "9.99", "interest")]).await.contains("fresh=0&known=1"));
        root.post(&world, &to, &[("reference", third.as_str()), ("step", "back"), ("view", "aside")]).await.leads_to(&format!("{HERE}?done=back&view=aside"));
        root.get(&world, HERE).await.says(200, "Waiting (1)");
    }

    async fn what_was_entered_by_hand_is_not_entered_again_by_itself_and_what_is_taken_back_waits(world) {
        owing(&world).await;
        let mut root = operators(&world, 732, Role::OperatorAdmin).await;
        let typed = |day: &'static str, amount: &'static str, reference: &'static str| {
            [("paid_by", "G000000001"), ("amount", amount), ("currency", "eur"), ("day", day), ("reference", reference)]
        };
        for (form, told) in [
            (typed("2020-03-09", "50.00", "HAND 1"), "The day must not lie ahead."),
            (typed("", "50.00", "HAND 1"), "Choose"),
            (typed("2020-03-03", "0", "HAND 1"), "above nothing"),
            (typed("2020-03-03", "1.005", "HAND 1"), "above nothing"),
            (typed("2020-03-03", "50.00", ""), "reference"),
        ] {
            let page = root.post(&world, HERE, &form).await.says(422, told);
            assert!(page.text.contains("value=\"G000000001\""), "what was typed is kept");
        }
        root.post(&world, HERE, &typed("2020-03-03", "50.00", "HAND 1")).await.leads_to(&format!("{HERE}?view=entered&done=entered"));
        root.post(&world, HERE, &typed("2020-03-03", "50.00", "HAND 1")).await.says(422, "was entered before");
        read(&mut root, &world, &[("B1", "50.00", "G000000001")]).await;
        let page = root.get(&world, HERE).await.says(200, "As much of the same day was entered before: HAND 1");
        assert!(!page.text.contains("Enter those that were recognised"));
        root.post(&world, &format!("{HERE}/recognised"), &[]).await.leads_to(&format!("{HERE}?done=recognised&entered=0"));
        assert_eq!(paid(&world, "G000000001").await, "-50.00");
        // A person may know that it is another.
        let own = references(&page.text).remove(0);
        let form = [("reference", own.as_str()), ("step", "enter"), ("paid_by", "G000000001")];
        root.post(&world, &format!("{HERE}/rows"), &form).await.leads_to(HERE);
        assert_eq!(paid(&world, "G000000001").await, "-100.00");
        let partner = world.partner.id.to_string();
        let form = [("partner", partner.as_str()), ("reference", own.as_str())];
        root.post(&world, &format!("{HERE}/take-back"), &form).await.leads_to(&format!("{HERE}?view=entered&done=taken-back"));
        assert_eq!(paid(&world, "G000000001").await, "-50.00");
        root.get(&world, HERE).await.says(200, "Waiting (1)");
        root.get(&world, &format!("{HERE}?view=entered")).await.says(200, "Taken back");
        // And can be entered once more, rightly.
        let form = [("reference", own.as_str()), ("step", "enter"), ("paid_by", partner.as_str())];
        root.post(&world, &format!("{HERE}/rows"), &form).await.leads_to(HERE);
        assert_eq!(paid(&world, "G000000001").await, "-100.00");
    }

    async fn a_row_entered_by_two_at_the_same_moment_is_one_payment(world) {
        owing(&world).await;
        let rows = bank_statement::read(statement(&[("B1", "20.00", "G000000001")]).as_bytes()).unwrap();
        let reference = rows.rows[0].reference.clone();
        let cx = Context::system(OPERATOR, world.now(), "test");
        let inner = cx.clone();
        let kept = world.installation.store.write(cx.stamp(), move |tx| bank::keep(tx, &inner, &rows)).await.unwrap();
        assert_eq!((kept.fresh, kept.known), (1, 0));
        let enter = || {
            let (cx, store) = (Context::system(OPERATOR, world.now(), "test"), world.installation.store.clone());
            let (inner, reference, partner) = (cx.clone(), reference.clone(), world.partner.id);
            tokio::spawn(async move {
                let numbers = [DocumentNumber::new(1).unwrap()];
                store.write(cx.stamp(), move |tx| bank::enter(tx, &inner, &reference, (partner, &numbers))).await
            })
        };
        let (one, other) = tokio::join!(enter(), enter());
        let done = [one.unwrap(), other.unwrap()];
        assert_eq!(done.iter().filter(|own| own.is_ok()).count(), 1, "{done:?}");
        assert!(done.iter().any(|own| matches!(own, Err(Error::Invalid { field, .. }) if field == "reference")), "{done:?}");
        assert_eq!(paid(&world, "G000000001").await, "-20.00");
        let state = world.installation.store.read(move |tx| Ok::<_, Error>(stored::find(tx, &reference)?)).await;
        assert_eq!(state.unwrap().unwrap().state, RowState::Entered);
    }

    async fn a_file_that_is_no_statement_changes_nothing_and_only_billing_may_read_one(world) {
        owing(&world).await;
        let mut root = operators(&world, 733, Role::OperatorAdmin).await;
        let half = statement(&[("B1", "20.00", "G000000001"), ("B2", "1.005", "x")]);
        for (text, told) in [("date;amount", "is no bank statement"), (half.as_str(), "B2"), ("", "Choose a file")] {
            send_file(&mut root, &world, &format!("{HERE}/statements"), text).await.says(422, told);
        }
        root.get(&world, HERE).await.says(200, "Waiting (0)");
        let mut support = operators(&world, 734, Role::OperatorSupport).await;
        assert_eq!(support.get(&world, HERE).await.status, 403);
        let denied = send_file(&mut support, &world, &format!("{HERE}/statements"), &statement(&[])).await;
        assert_eq!(denied.status, 403);
        let partner = someone(&world, world.partner.id, 735, &[Role::GlobalAdmin, Role::BillingAdmin]).await;
        let mut own = Browser::default();
        own.sign_in(&world, &partner).await;
        assert_eq!(own.get(&world, HERE).await.status, 403);
    }
}
