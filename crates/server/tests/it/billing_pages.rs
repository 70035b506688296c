//! Who is on invoices, and billing a month, by page.

use chandlery::installation::OPERATOR;
use chandlery_domain::access::Role;

use crate::dashboard::field;
use crate::invoicing::{bought, documents};
use crate::people::{Browser, Page, someone};
use crate::world::World;

const SELLER: [(&str, &str); 12] = [
    ("name", "Norrsken Distribution AB"),
    ("line", "Lagergatan 3"),
    ("line2", ""),
    ("city", "Stockholm"),
    ("postal_code", "111 22"),
    ("country", "SE"),
    ("tax_id", "SE556188840401"),
    ("email", "billing@norrsken.example"),
    ("contact", "Accounts"),
    ("phone", "+46 8 1234"),
    ("iban", "SE45 5000 0000 0583 9825 7466"),
    ("bic", "SWEDSESS"),
];

async fn signed_in(
    world: &World,
    house: chandlery_domain::ids::PartnerId,
    number: u128,
    role: Role,
) -> Browser {
    let own = someone(world, house, number, &[role]).await;
    let mut browser = Browser::default();
    browser.sign_in(world, &own).await;
    browser
}

async fn step(browser: &mut Browser, world: &World, period: &str, step: &str) -> Page {
    browser.post(world, "/operator/billing", &[("period", period), ("step", step)]).await
}

on_both! {
    async fn a_month_is_billed_from_the_console_once_seller_and_partner_are_said(world) {
        let mut desk = signed_in(&world, OPERATOR, 700, Role::OperatorAdmin).await;
        bought(&world, 2).await;
        world.set_clock("2020-03-02T09:00:00Z");
        step(&mut desk, &world, "2020-02", "bill").await.says(200, "Nobody said who sends the invoices.");
        step(&mut desk, &world, "2020-03", "look").await.says(200, "This month is not over: it can be billed from");
        step(&mut desk, &world, "soon", "look").await.says(200, "Choose a month.");
        desk.get(&world, "/operator/billing").await.says(200, "Say who sends the invoices").says(200, "February 2020");
        // Everything that is wrong is told at its field, and what was typed stays.
        let mut wrong = SELLER;
        wrong[6] = ("tax_id", "SE556188850401");
        wrong[10] = ("iban", "SE45 5000 0000 0583 9825 7467");
        let page = desk.post(&world, "/operator/seller", &wrong).await.says(422, "must be a VAT number of the country, such as SE556703748501");
        assert!(page.text.contains("must be an IBAN with right check digits") && page.text.contains("Lagergatan 3"), "{}", page.text);
        desk.post(&world, "/operator/seller", &SELLER).await.leads_to("/operator/seller?done=saved");
        desk.get(&world, "/operator/seller").await.says(200, "SE4550000000058398257466");
        let held = step(&mut desk, &world, "2020-02", "bill").await.says(200, "nobody said who the partner is for tax");
        assert!(held.text.contains("Held back") && documents(&world).await.is_empty(), "{}", held.text);
        // The partner says so: from the beginning, as nothing was said before.
        let mut partner = signed_in(&world, world.partner.id, 701, Role::BillingAdmin).await;
        let form = [
            ("name", "Erste Software GmbH"), ("line", "Hafenstraße 1"), ("city", "Kiel"), ("postal_code", "24103"),
            ("country", "DE"), ("tax_id", "DE136695976"), ("from", "2020-04-01"),
        ];
        partner.get(&world, "/company/tax").await.says(200, "the beginning");
        partner.post(&world, "/company/tax", &form).await.leads_to("/company/tax?done=saved");
        let looked = step(&mut desk, &world, "2020-02", "look").await.says(200, "February 2020: one document would be issued");
        assert!(looked.text.contains("€239.98") && documents(&world).await.is_empty(), "{}", looked.text);
        let done = step(&mut desk, &world, "2020-02", "bill").await.says(200, "February 2020: one document was issued");
        assert!(!done.text.contains("Held back"), "{}", done.text);
        step(&mut desk, &world, "2020-02", "bill").await.says(200, "February 2020: 0 documents were issued");
        let list = documents(&world).await;
        assert_eq!((list.len(), list[0].buyer.name.as_str(), list[0].seller.name.as_str()), (1, "Erste Software GmbH", "Norrsken Distribution AB"));
        assert_eq!(list[0].seller.more.account.as_ref().unwrap().iban, "SE4550000000058398257466");
    }

    async fn whoever_did_not_see_another_bank_account_does_not_write_over_it(world) {
        let mut desk = signed_in(&world, OPERATOR, 703, Role::OperatorAdmin).await;
        let seen = field(&desk.get(&world, "/operator/seller").await, "seen");
        let with = |seen: &str, contact: &str| {
            let mut form: Vec<(&str, String)> = SELLER.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
            form.retain(|(name, _)| *name != "contact");
            form.extend([("seen", seen.to_owned()), ("contact", contact.to_owned())]);
            form
        };
        let sent = async |browser: &mut Browser, form: Vec<(&str, String)>| {
            let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.post(&world, "/operator/seller", &form).await
        };
        sent(&mut desk, with(&seen, "Accounts")).await.leads_to("/operator/seller?done=saved");
        let page = sent(&mut desk, with(&seen, "Bookkeeping")).await.says(409, "Somebody changed this meanwhile");
        let rows: Vec<&str> = page.text.split("id=\"differences\"").nth(1).unwrap().split("</table>").next().unwrap().split("<th role=\"rowheader\"").skip(1).collect();
        // Spaces in the account are how it was typed: it is the one that stands there.
        assert!(rows.iter().any(|own| own.contains("Bookkeeping") && own.contains("Accounts")), "{rows:?}");
        sent(&mut desk, with(&field(&page, "seen"), "Bookkeeping")).await.leads_to("/operator/seller?done=saved");
    }

    async fn a_partner_changes_its_tax_details_from_a_month_on_and_never_backwards(world) {
        let mut partner = signed_in(&world, world.partner.id, 702, Role::GlobalAdmin).await;
        let form = |name: &'static str, from: &'static str| {
            [("name", name), ("line", "Hafenstraße 1"), ("city", "Kiel"), ("country", "DE"), ("from", from)]
        };
        partner.post(&world, "/company/tax", &form("First GmbH", "")).await.leads_to("/company/tax");
        world.set_clock("2020-03-10T09:00:00Z");
        // A day gone by is not taken: it counts from the month that runs.
        partner.post(&world, "/company/tax", &form("Second GmbH", "2020-01-01")).await.leads_to("/company/tax");
        partner.post(&world, "/company/tax", &form("Third GmbH", "2020-04-01")).await.leads_to("/company/tax");
        let page = partner.get(&world, "/company/tax").await.says(200, "Said for later");
        assert!(page.text.contains("1 Apr 2020: Third GmbH"), "{}", page.text);
        let scope = crate::invoicing::scope(&world);
        let names = world.installation.store.read(move |tx| {
            let days = ("2020-02-01".parse().unwrap(), "2020-12-31".parse().unwrap());
            let all = chandlery_store::tax::profiles(tx, &scope, days)?;
            Ok::<_, chandlery::error::Error>(all.into_iter().map(|(from, own)| format!("{from} {}", own.name)).collect::<Vec<_>>())
        });
        assert_eq!(names.await.unwrap(), ["2020-02-01 First GmbH", "2020-03-01 Second GmbH", "2020-04-01 Third GmbH"]);
        // It stands in the log, and is nobody else's to change.
        let log = partner.get(&world, "/activity?from=2020-01-01&to=2020-12-31&kind=change_tax").await;
        log.says(200, "What was said").says(200, "Tax details");
        let mut helpdesk = signed_in(&world, world.partner.id, 703, Role::HelpdeskAgent).await;
        assert_eq!(helpdesk.get(&world, "/company/tax").await.status, 403);
        assert_eq!(helpdesk.post(&world, "/company/tax", &form("Mine", "")).await.status, 403);
        for path in ["/operator/seller", "/operator/billing", "/operator/billing/runs/x"] {
            assert_eq!(partner.get(&world, path).await.status, 403, "{path}");
        }
        assert_eq!(partner.post(&world, "/operator/billing", &[("period", "2020-02"), ("step", "bill")]).await.status, 403);
    }
}
