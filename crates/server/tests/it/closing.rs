//! A month is closed when what was ordered, charged, billed and handed over agrees, or somebody has said why it does not.

use chandlery::app::Context;
use chandlery::app::invoicing::{self, Outcome};
use chandlery::error::Error;
use chandlery::installation::OPERATOR;
use chandlery::jobs::invoice_run::{self, RunError};
use chandlery::jobs::month_close;
use chandlery_domain::access::Role;
use chandlery_domain::close::{Difference, Gap, Sides};
use chandlery_domain::invoice::Month;
use chandlery_store::Write;
use chandlery_store::closing::{self, Kept};
use chandlery_store::seals;
use uuid::Uuid;

use crate::invoicing::{at_home, billed, bought, party, profile, scope, seller};
use crate::operator::{operators, send_file};
use crate::people::Browser;
use crate::world::{RMS, SQL, World};

const HERE: &str = "/operator/close";

fn february() -> Month {
    "2020-02".parse().unwrap()
}

async fn compare(world: &World) {
    month_close::compare(&world.installation, february(), &|_, _| {}).await.unwrap();
}

/// The differences that nobody has explained.
async fn open(world: &World) -> Vec<Kept> {
    let read =
        world.installation.store.read(|tx| Ok::<_, Error>(closing::page(tx, february(), false, None, 100)?));
    read.await.unwrap()
}

async fn gaps(world: &World) -> Vec<(Gap, Option<i64>, Option<i64>)> {
    open(world).await.into_iter().map(|own| (own.own.gap, own.own.expected, own.own.found)).collect()
}

async fn sides(world: &World) -> Vec<Sides> {
    let read = world.installation.store.read(|tx| Ok::<_, Error>(closing::find(tx, february())?));
    read.await.unwrap().unwrap().sides
}

async fn bill(world: &World) -> Result<invoice_run::Summary, RunError> {
    invoice_run::run(&world.installation, february(), false, &|_, _| {}).await
}

fn form<'a>(step: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all = vec![("period", "2020-02"), ("step", step)];
    all.extend(more);
    all
}

async fn explain(root: &mut Browser, world: &World, own: &Kept, reason: &str) -> crate::people::Page {
    let partner = own.own.partner.map(|id| id.to_string()).unwrap_or_default();
    let values = [
        ("gap", own.own.gap.as_str()),
        ("partner", partner.as_str()),
        ("subject", own.own.subject.as_str()),
        ("reason", reason),
    ];
    root.post(world, &format!("{HERE}/explain"), &form("explain", &values)).await
}

async fn logged(world: &World, operation: &str) -> Vec<String> {
    let read = world.installation.store.read(|tx| Ok::<_, Error>(seals::waiting(tx, OPERATOR, 10_000)?));
    let own = read.await.unwrap().into_iter().filter(|own| own.operation == operation);
    own.map(|own| own.after_facts).collect()
}

on_both! {
    async fn a_month_whose_sides_agree_is_closed_and_nothing_is_billed_in_it_until_it_is_opened_again(world) {
        at_home(&world).await;
        bought(&world, 2).await;
        let gone = world.buy(&[world.line(SQL.1, "2", 4).await, world.line(RMS.1, "7", 2).await]).await;
        world.settle().await;
        world.set_clock("2020-02-20T09:00:00Z");
        world.cancel(&gone).await.expect(200);
        world.set_clock("2020-03-02T09:00:00Z");
        billed(&world, "2020-02").await;
        compare(&world).await;
        assert_eq!(gaps(&world).await, []);
        let own = sides(&world).await;
        let [own] = &own[..] else { panic!("{own:?}") };
        assert_eq!((own.ordered.count, own.new, own.further.count), (4, own.ordered, 0));
        assert_eq!((own.billed, own.billed_back.count, own.documents), (own.new, 2, 1));
        assert_eq!(own.billed_back, own.credited);
        let mut root = operators(&world, 760, Role::OperatorAdmin).await;
        root.get(&world, &format!("{HERE}?period=2020-02")).await.says(200, "can be closed").says(200, "All sides agree.");
        root.post(&world, HERE, &form("close", &[])).await.leads_to(&format!("{HERE}?period=2020-02&done=closed"));
        assert!(logged(&world, "close_month").await[0].contains("2020-02"));
        // Nothing more happens in it: no bill, no comparison, no explanation, no vendor's bill.
        assert!(matches!(bill(&world).await, Err(RunError::Closed { .. })));
        root.post(&world, "/operator/billing", &[("period", "2020-02"), ("step", "look")]).await.says(200, "February 2020 is closed");
        root.post(&world, HERE, &form("compare", &[])).await.says(422, "February 2020 is closed");
        root.post(&world, HERE, &form("close", &[])).await.says(422, "2020-02 is closed");
        let file = "ProductId,SkuId,ChargeType,Quantity,Subtotal,Currency\nDG7GMGF0DWMS,0002,New,1,1,EUR\n";
        send_file(&mut root, &world, &format!("{HERE}/2020-02/vendor"), file).await.says(422, "2020-02 is closed");
        let reopened = format!("{HERE}/reopen");
        root.post(&world, &reopened, &form("", &[("reason", "oh")])).await.says(422, "must have between 5 and 500 letters").says(422, "value=\"oh\"");
        root.post(&world, &reopened, &form("", &[("reason", "a partner was left out")])).await.leads_to(&format!("{HERE}?period=2020-02&done=reopened"));
        assert!(logged(&world, "reopen_month").await.iter().any(|own| own.contains("a partner was left out")));
        bill(&world).await.unwrap();
    }

    async fn what_is_not_billed_or_handed_over_keeps_a_month_open_until_it_is_right_or_explained(world) {
        seller(&world, "DE").await;
        for _ in 0..2 {
            let cart = world.cart("de", &[world.line(RMS.1, "7", 1).await]).await;
            world.check_out("de", &cart).await.expect(201);
        }
        world.set_clock("2020-03-02T09:00:00Z");
        let held = billed(&world, "2020-02").await;
        assert_eq!(held.held.len(), 1, "nobody said who the partner is");
        let mut root = operators(&world, 761, Role::OperatorAdmin).await;
        root.post(&world, HERE, &form("close", &[])).await.says(422, "was not compared");
        root.post(&world, HERE, &form("compare", &[])).await.leads_to(&format!("{HERE}?period=2020-02&done=compared"));
        let told = gaps(&world).await;
        assert_eq!(told.iter().map(|own| own.0).collect::<Vec<_>>(), [Gap::NotBilled, Gap::NotHandedOver, Gap::NotHandedOver]);
        assert_eq!((told[0].1.unwrap() > 0, told[0].2), (true, Some(0)));
        let page = root.get(&world, &format!("{HERE}?period=2020-02")).await.says(200, "nobody said who the partner is for tax");
        assert!(page.text.contains("2 of 2 to explain") && page.text.contains(&world.partner.name), "{}", page.text);
        root.post(&world, HERE, &form("close", &[])).await.says(422, "differences that nobody has explained (3)");
        // Explained, all of it, with a reason that says something.
        let list = open(&world).await;
        explain(&mut root, &world, &list[0], " so ").await.says(422, "must have between 5 and 500 letters").says(422, "value=\" so \"");
        for own in &list {
            explain(&mut root, &world, own, "the partner closes its business").await.leads_to(&format!("{HERE}?period=2020-02&done=explained"));
        }
        explain(&mut root, &world, &list[0], "once more").await.says(422, "You wrote: once more");
        let told = logged(&world, "explain_difference").await;
        assert_eq!(told.iter().filter(|own| own.contains("closes its business")).count(), 3, "{told:?}");
        root.get(&world, &format!("{HERE}?period=2020-02&view=explained")).await.says(200, "Explained: the partner closes its business");
        // Compared again it stays explained; what is right by now is gone.
        world.settle().await;
        compare(&world).await;
        assert_eq!(gaps(&world).await, []);
        let page = root.get(&world, &format!("{HERE}?period=2020-02")).await.says(200, "0 of 1 to explain");
        assert!(!page.text.contains("Charged and not handed over"), "{}", page.text);
        // A comparison of yesterday says nothing of today.
        world.set_clock("2020-03-02T10:00:01Z");
        root.post(&world, HERE, &form("close", &[])).await.says(422, "was not compared within the last hour");
        compare(&world).await;
        root.post(&world, HERE, &form("close", &[])).await.leads_to(&format!("{HERE}?period=2020-02&done=closed"));
        // In a tab that was opened before.
        let partner = world.partner.id.to_string();
        let values = [("gap", "not_billed"), ("partner", partner.as_str()), ("subject", "EUR"), ("view", "explained")];
        root.post(&world, &format!("{HERE}/explain"), &form("withdraw", &values)).await.says(422, "2020-02 is closed");
    }

    async fn what_was_billed_after_the_comparison_has_to_be_compared_too(world) {
        at_home(&world).await;
        world.settle().await;
        world.set_clock("2020-03-02T09:00:00Z");
        compare(&world).await;
        let mut root = operators(&world, 762, Role::OperatorAdmin).await;
        world.set_clock("2020-02-27T09:00:00Z");
        bought(&world, 1).await;
        world.settle().await;
        world.set_clock("2020-03-02T09:30:00Z");
        billed(&world, "2020-02").await;
        root.post(&world, HERE, &form("close", &[])).await.says(422, "or something was billed or read since");
    }

    async fn a_ledger_that_was_meddled_with_is_found_line_by_line(world) {
        at_home(&world).await;
        let orders = bought(&world, 3).await;
        let plan = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        world.settle().await;
        world.set_clock("2020-03-02T09:00:00Z");
        billed(&world, "2020-02").await;
        let lines = |own: &serde_json::Value, table: &str| {
            let id = own["id"].as_str().unwrap();
            format!("{table} in (select id from orders where alternate_id = '{id}' or id = '{id}')")
        };
        world.tamper(&format!("update charges set amount = amount + 1 where {}", lines(&orders[0], "order_id"))).await;
        world.tamper(&format!("delete from charges where {}", lines(&orders[1], "order_id"))).await;
        // Charged twice, each time otherwise: one difference of the line.
        world.tamper(&format!("insert into charges select partner_id, order_id, '00000000-0000-7000-8000-0000000000d0', customer_id, line, kind, unit_price, effective_unit_price, quantity, amount + 5, currency, includes_tax, '2020-02-02', '2020-02-02', booked_at, reverses, term_first, term_last, null from charges where {}", lines(&orders[0], "order_id"))).await;
        for own in [&orders[2], &plan] {
            let sql = format!("update order_lines set state = 'cancelled', state_at = 1581120000000000 where {}", lines(own, "order_id"));
            world.tamper(&sql).await;
        }
        compare(&world).await;
        let told: Vec<Gap> = gaps(&world).await.into_iter().map(|own| own.0).collect();
        let wanted = [Gap::BilledOtherwise, Gap::ChargedOtherwise, Gap::KeysLive, Gap::KeysLive, Gap::NotCharged, Gap::StillRunning];
        assert_eq!(told, wanted);
        // Two lines say which they are, and what is wrong with them to the cent.
        let own = open(&world).await;
        let charged = own.iter().find(|own| own.own.gap == Gap::ChargedOtherwise).unwrap();
        let more = charged.own.found.unwrap() - charged.own.expected.unwrap();
        assert!(more == 1 || more == 6, "{more}");
        assert!(charged.own.subject.ends_with("/0"), "{}", charged.own.subject);
    }

    async fn the_vendors_bill_is_held_against_what_was_charged(world) {
        at_home(&world).await;
        world.buy(&[world.line(RMS.1, "7", 3).await]).await;
        let gone = world.buy(&[world.line(RMS.1, "7", 2).await]).await;
        world.settle().await;
        world.cancel(&gone).await.expect(200);
        world.set_clock("2020-03-02T09:00:00Z");
        billed(&world, "2020-02").await;
        let mut root = operators(&world, 763, Role::OperatorAdmin).await;
        let to = format!("{HERE}/2020-02/vendor");
        let head = "ProductId,SkuId,ChargeType,Quantity,Subtotal,Currency";
        let (product, sku) = (RMS.1, "0007");
        send_file(&mut root, &world, &to, "ProductId,SkuId\n").await.says(422, "line 1, ChargeType");
        send_file(&mut root, &world, &to, &format!("{head}\n{product},{sku},New,x,1,EUR\n")).await.says(422, "line 2, Quantity");
        let bill = format!("{head}\n{product},{sku},New,4,100.00,USD\n{product},{sku},New,2,50.00,USD\n{product},{sku},cancelImmediate,2,-50.00,USD\nDG7GMGF0AAAA,0001,New,1,9.00,USD\n");
        send_file(&mut root, &world, &to, &bill).await.leads_to(&format!("{HERE}?period=2020-02&done=vendor"));
        root.get(&world, &format!("{HERE}?period=2020-02")).await.says(200, "Lines: 4").says(200, "$109.00");
        // A second bill stands beside the first; read again it takes its own place, and it can be taken away.
        let other = format!("InvoiceNumber,{head}\nE1,{product},{sku},New,1,5.00,EUR\n");
        for replaced in ["0", "1"] {
            let told = send_file(&mut root, &world, &to, &other).await.leads_to(HERE);
            assert!(told.to.unwrap().ends_with(&format!("replaced={replaced}")));
        }
        let page = root.get(&world, &format!("{HERE}?period=2020-02")).await.says(200, "Lines: 1").says(200, "$109.00");
        assert!(page.text.contains("€5.00") && !page.text.contains("Lines: 2"), "{}", page.text);
        assert!(!page.text.contains("Only the first"), "{}", page.text);
        root.post(&world, &format!("{HERE}/vendor"), &form("", &[("bill", "E1")])).await.leads_to(&format!("{HERE}?period=2020-02&done=dropped"));
        compare(&world).await;
        let told: Vec<(String, Option<i64>, Option<i64>)> =
            open(&world).await.into_iter().map(|own| (own.own.subject, own.own.expected, own.own.found)).collect();
        assert_eq!(told, [("DG7GMGF0AAAA:0001".to_owned(), Some(0), Some(1)), (format!("{product}:{sku}"), Some(5), Some(6))]);
        // An explanation holds for the difference it was given for, and for no other.
        let list = open(&world).await;
        for own in &list {
            explain(&mut root, &world, own, "ordered for ourselves").await.leads_to(HERE);
        }
        let bill = bill.replace("New,4", "New,5");
        send_file(&mut root, &world, &to, &bill).await.leads_to(HERE);
        compare(&world).await;
        assert_eq!(gaps(&world).await, [(Gap::VendorOtherwise, Some(5), Some(7))]);
        // What was read since the comparison has to be compared.
        explain(&mut root, &world, &open(&world).await[0], "ordered for ourselves").await.leads_to(HERE);
        send_file(&mut root, &world, &to, &bill.replace("New,5", "New,9")).await.leads_to(HERE);
        root.post(&world, HERE, &form("close", &[])).await.says(422, "or something was billed or read since");
        // The right one leaves nothing to explain; money given back by support is no licence given back.
        world.tamper("insert into charges select partner_id, order_id, '00000000-0000-7000-8000-00000000c4ed', customer_id, line, 'customerCredit', unit_price, effective_unit_price, quantity, -1, currency, includes_tax, period_first, period_last, booked_at, id, term_first, term_last, null from charges where kind = 'new' and quantity = 3").await;
        let right = format!("{head}\n{product},{sku},New,5,125.00,USD\n{product},{sku},cancelImmediate,2,-50.00,USD\n");
        send_file(&mut root, &world, &to, &right).await.leads_to(HERE);
        compare(&world).await;
        assert!(gaps(&world).await.iter().all(|own| own.0 == Gap::BilledOtherwise), "{:?}", gaps(&world).await);
        assert_eq!(open(&world).await[0].own.detail, "2 59995 2 59995 2 23999 1 23998");
    }

    async fn a_page_of_many_bills_says_that_it_lists_the_first(world) {
        at_home(&world).await;
        world.set_clock("2020-03-02T09:00:00Z");
        let mut root = operators(&world, 765, Role::OperatorAdmin).await;
        let rows = (10..61).map(|own| format!("E{own},{},0007,New,1,5.00,EUR\n", RMS.1));
        let file = format!("InvoiceNumber,ProductId,SkuId,ChargeType,Quantity,Subtotal,Currency\n{}", rows.collect::<String>());
        send_file(&mut root, &world, &format!("{HERE}/2020-02/vendor"), &file).await.leads_to(HERE);
        let page = root.get(&world, &format!("{HERE}?period=2020-02")).await.says(200, "Only the first 50 bills are listed; all of them are compared.");
        assert!(page.text.contains("E59") && !page.text.contains("E60"), "{}", page.text);
    }

    async fn a_comparison_that_another_overtook_forgets_nothing(world) {
        seller(&world, "DE").await;
        bought(&world, 1).await;
        world.set_clock("2020-03-02T09:00:00Z");
        let (first, second) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let own = |run| {
            let gap = Difference::more(Gap::KeysLive, None, 5);
            world.installation.store.bookkeep(move |tx| Ok::<_, Error>(closing::keep(tx, february(), std::slice::from_ref(&gap), run)?))
        };
        let begin = |run| world.installation.store.bookkeep(move |tx| Ok::<_, Error>(closing::begin(tx, february(), run)?));
        let end = |run| {
            let at = world.now();
            world.installation.store.bookkeep(move |tx| Ok::<_, Error>(closing::compared(tx, february(), &[], (run, at))?))
        };
        assert!(begin(first).await.unwrap() && own(first).await.unwrap());
        assert!(begin(second).await.unwrap() && own(second).await.unwrap());
        assert!(!own(first).await.unwrap(), "another began since");
        assert!(!end(first).await.unwrap());
        assert!(end(second).await.unwrap());
        assert_eq!(gaps(&world).await.len(), 1);
        // A vendor's bill read meanwhile ends a comparison, and closing waits for one that runs.
        assert!(begin(first).await.unwrap());
        let mut root = operators(&world, 764, Role::OperatorAdmin).await;
        let page = root.get(&world, &format!("{HERE}?period=2020-02")).await.says(200, "A comparison is under way");
        assert!(!page.text.contains("value=\"close\""), "closing is offered: {}", page.text);
        root.get(&world, &format!("{HERE}/runs/0123456789abcdef")).await.leads_to(HERE);
        root.post(&world, HERE, &form("close", &[])).await.says(422, "was not compared");
        let file = "ProductId,SkuId,ChargeType,Quantity,Subtotal,Currency\nDG7GMGF0DWMS,2,New,1,1,EUR\n";
        send_file(&mut root, &world, &format!("{HERE}/2020-02/vendor"), file).await.leads_to(HERE);
        assert!(!end(first).await.unwrap());
        // In a closed month nothing is compared any more, whoever began before.
        compare(&world).await;
        for own in &open(&world).await {
            explain(&mut root, &world, own, "it is as it is").await.leads_to(HERE);
        }
        root.post(&world, HERE, &form("close", &[])).await.leads_to(&format!("{HERE}?period=2020-02&done=closed"));
        assert!(!begin(second).await.unwrap());
        profile(&world, "0001-01-01", party("Erste Software GmbH", "DE", None)).await;
        let (cx, scope) = (Context::system(world.partner.id, world.now(), "test"), scope(&world));
        let inner = cx.clone();
        let work = move |tx: &mut Write<'_>| match invoicing::bill(tx, &inner, &scope, ("EUR".parse().unwrap(), february()))? {
            Outcome::Issued(issued, entry) => Ok((issued.len(), entry)),
            _ => Err(Error::internal("nothing was billed")),
        };
        let refused = world.installation.store.write(cx.stamp(), work).await.unwrap_err().to_string();
        assert!(refused.contains("is closed"), "{refused}");
    }

    async fn what_waits_since_an_earlier_month_and_what_was_not_charged_on_is_found(world) {
        at_home(&world).await;
        world.set_clock("2020-02-10T09:00:00Z");
        let cart = world.cart("de", &[world.line(RMS.1, "7", 1).await]).await;
        world.check_out("de", &cart).await.expect(201);
        let plan = world.buy(&[world.line(SQL.1, "2", 1).await]).await;
        world.tamper("delete from work").await;
        world.tamper("update order_lines set state = 'pending', state_at = null where family = 'perpetual'").await;
        world.tamper("update subscriptions set charged_through = '2020-03-15'").await;
        world.set_clock("2020-04-02T09:00:00Z");
        let march: Month = "2020-03".parse().unwrap();
        month_close::compare(&world.installation, march, &|_, _| {}).await.unwrap();
        let read = world.installation.store.read(move |tx| Ok::<_, Error>(closing::page(tx, march, false, None, 100)?));
        let told: Vec<(Gap, String)> = read.await.unwrap().into_iter().map(|own| (own.own.gap, own.own.detail)).collect();
        assert_eq!(told, [(Gap::NotChargedThrough, "2020-03-15".to_owned()), (Gap::NotHandedOver, String::new())], "{plan}");
    }
}
