//! A seed draws commands against the real app; after them, everything must still add up. A failure names its seed.
//!
//! `CHANDLERY_SIMULATION=seeds,commands` sets how much is drawn; `CHANDLERY_SEED=n` repeats one seed.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use chandlery::app::{Context, invoice_lines, ledger as booking};
use chandlery::jobs::invoice_run::{self, RunError};
use chandlery::jobs::month_close;
use chandlery_domain::access::Action;
use chandlery_domain::charge::{Charge, ChargeKind};
use chandlery_domain::close::Gap;
use chandlery_domain::ids::{CatalogItemId, ChargeId, MarginId, OrderId};
use chandlery_domain::invoice::Month;
use chandlery_domain::margin::{Margin, Over, Rule};
use chandlery_domain::money::{Money, UnitPrice};
use chandlery_domain::reservation::RefundCap;
use chandlery_store::{charges, closing, margins, returns};
use serde_json::{Value, json};

use crate::world::{RMS, SQL, SUSE, VM, World, money, standard_keys};

/// A small generator (SplitMix64): the same numbers for the same seed, for ever.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        if list.is_empty() { None } else { list.get(self.roll(list.len() as u64) as usize) }
    }
}

/// What the simulation believes, worked out apart from the code.
#[derive(Default)]
struct Belief {
    /// Orders that were acknowledged: id, and whether a cancellation was.
    orders: BTreeMap<String, bool>,
    /// Texts that were shown, and the order they were shown for.
    shown: BTreeMap<String, String>,
    /// The last mutating call under its id, with its answer.
    last: Option<(String, &'static str, String, Value, u16, Value)>,
    /// Documents as they were when they were first seen, line by line.
    documents: BTreeMap<String, Vec<String>>,
    /// The first month that was not billed yet.
    billed_before: Option<Month>,
}

async fn step(world: &World, dice: &mut Dice, belief: &mut Belief, items: &[(String, bool)], vm: &str) {
    let base = world.path("de");
    match dice.roll(128) {
        124..=127 => margin(world, dice, items).await,
        116..=118 => {
            let body = json!({ "billingCycle": "one_time", "lineItems": [{ "offerId": vm, "quantity": 1 + dice.roll(6) }] });
            let reply = send(world, dice, belief, "POST", format!("{base}/orders"), body).await;
            assert_eq!(reply.0, 201, "{}", reply.1);
            belief.orders.insert(reply.1["id"].as_str().unwrap().to_owned(), false);
        }
        119..=123 => give_back(world, dice, belief, vm).await,
        100..=103 => {
            // Paid month by month.
            let (item, _) = items.first().unwrap();
            let line = json!({ "offerId": item, "quantity": 1 + dice.roll(3), "termDuration": "P1Y", "billingCycle": "monthly" });
            let body = json!({ "billingCycle": "monthly", "lineItems": [line] });
            let reply = send(world, dice, belief, "POST", format!("{base}/orders"), body).await;
            assert_eq!(reply.0, 201, "{}", reply.1);
            belief.orders.insert(reply.1["id"].as_str().unwrap().to_owned(), false);
        }
        104..=107 => {
            let hours = dice.roll(24 * 24) as i64;
            let later = world.now().checked_add(jiff::SignedDuration::from_hours(hours)).unwrap();
            world.set_clock(&later.to_string());
        }
        108..=109 => {
            world.runner.charge_due().await.unwrap();
        }
        110..=112 => bill(world, dice, belief).await,
        113 => {
            let ids: Vec<String> =
                belief.orders.iter().filter(|(_, gone)| !**gone).map(|(id, _)| id.clone()).collect();
            let Some(id) = dice.pick(&ids).cloned() else { return };
            let amount = 1 + dice.roll(5_000) as i64;
            credit(world, &id, amount).await;
        }
        114..=115 => {
            let ids: Vec<String> = belief.orders.keys().cloned().collect();
            let Some(id) = dice.pick(&ids) else { return };
            let list = world.get(&format!("{base}/subscriptions?order_id={id}")).await;
            let Some(own) = dice.pick(list["items"].as_array().unwrap()).cloned() else { return };
            let mut own = own;
            own["autoRenewEnabled"] = json!(dice.roll(3) > 0);
            let path = format!("{base}/subscriptions/{}", own["id"].as_str().unwrap());
            let reply = send(world, dice, belief, "PATCH", path, own).await;
            assert!([200, 400, 403, 409].contains(&reply.0), "{}", reply.1);
        }
        0..=34 => {
            let lines: Vec<Value> = (0..=dice.roll(3))
                .map(|_| {
                    let (item, _) = dice.pick(items).unwrap();
                    json!({ "offerId": item, "quantity": 1 + dice.roll(5) })
                })
                .collect();
            let body = json!({ "billingCycle": "one_time", "lineItems": lines });
            let reply = send(world, dice, belief, "POST", format!("{base}/orders"), body).await;
            assert_eq!(reply.0, 201, "{}", reply.1);
            belief.orders.insert(reply.1["id"].as_str().unwrap().to_owned(), false);
        }
        35..=54 => world.settle().await,
        55..=69 => {
            let ids: Vec<String> = belief.orders.keys().cloned().collect();
            let Some(id) = dice.pick(&ids).cloned() else { return };
            let mut body = json!({ "status": "cancelled" });
            if dice.roll(2) == 0 {
                body["lineItems"] = json!([{ "lineItemNumber": dice.roll(3) }]);
            }
            let reply = send(world, dice, belief, "PATCH", format!("{base}/orders/{id}"), body).await;
            assert!([200, 400, 403, 409].contains(&reply.0), "{}", reply.1);
            if reply.0 == 200 && reply.1["status"] == "cancelled" {
                belief.orders.insert(id, true);
            }
        }
        70..=84 => reveal(world, dice, belief, &base).await,
        85..=92 => {
            // The same call once more: the same answer, and nothing done twice.
            if let Some((id, method, path, body, status, answer)) = &belief.last {
                let again = world.call_under(id, method, path, body).await;
                assert_eq!(
                    (again.status, &again.body),
                    (*status, answer),
                    "{method} {path} answered differently"
                );
            }
        }
        93..=97 => {
            let hours = dice.roll(72) as i64;
            let later = world.now().checked_add(jiff::SignedDuration::from_hours(hours)).unwrap();
            world.set_clock(&later.to_string());
        }
        _ => {
            let from = 1000 + dice.roll(100) as u32 * 20;
            world.import_keys(&standard_keys(from..from + 20)).await.map_or_else(
                |error| assert!(error.to_string().contains("handed to a customer before"), "{error}"),
                drop,
            );
        }
    }
}

/// Bills a month that is over: what was shown before is what is issued, and nothing is issued twice.
/// Mostly it is the first that is open; now and then any, which waits for those before it.
async fn bill(world: &World, dice: &mut Dice, belief: &mut Belief) {
    let today = chandlery_domain::calendar::utc_date(world.now());
    let back = jiff::Span::new().months(1 + dice.roll(3) as i32);
    let any = Month::of(today.checked_sub(back).unwrap());
    let next = belief.billed_before.unwrap_or(Month::of(jiff::civil::date(2020, 2, 1)));
    let month = if dice.roll(4) == 0 { any } else { next };
    let run = |dry| invoice_run::run(&world.installation, month, dry, &|_, _| {});
    let shown = match run(true).await {
        Ok(shown) => shown,
        Err(RunError::NotOver { .. }) => return,
        Err(error) => panic!("{error}"),
    };
    let issued = run(false).await.unwrap();
    assert!(issued.failed.is_empty() && shown.failed.is_empty(), "{issued:?}");
    assert_eq!(shown.totals, issued.totals, "what was shown is not what was issued");
    assert_eq!(shown.held, issued.held);
    assert_eq!(run(false).await.unwrap().documents, 0, "issued twice");
    if month == next {
        assert!(issued.held.is_empty(), "{issued:?}");
        belief.billed_before = next.next().ok();
    }
    if month <= next {
        agree(world, month).await;
    }
}

/// Every side of a billed month says the same, however long ago that was and whatever was cancelled since. Only what the
/// commands have not come to yet may be told: keys that wait to be handed over, and cycles that are due.
async fn agree(world: &World, month: Month) {
    month_close::compare(&world.installation, month, &|_, _| {}).await.unwrap();
    let read = world
        .installation
        .store
        .read(move |tx| Ok::<_, chandlery::error::Error>(closing::page(tx, month, false, None, 1000)?));
    for own in read.await.unwrap() {
        assert!(matches!(own.own.gap, Gap::NotHandedOver | Gap::NotChargedThrough), "{month}: {own:?}");
    }
}

/// Gives back a part of a charge of an order, as the operator may, as far as anything of it is left.
async fn credit(world: &World, order: &str, minor: i64) {
    let scope = crate::invoicing::scope(world);
    let (order, now): (OrderId, _) = (order.parse().unwrap(), world.now());
    let booking = world.installation.store.bookkeep(move |tx| {
        let own = charges::of_order(tx, &scope, order)?;
        let Some(first) = own.iter().find(|own| own.reverses.is_none()) else { return Ok(()) };
        let left = chandlery_domain::charge::left_of(first, &own).unwrap().minor();
        let taken = own
            .iter()
            .any(|other| other.reverses == Some(first.id) && other.kind == ChargeKind::CancelImmediate);
        if taken || left < minor {
            return Ok(());
        }
        let credit = Charge {
            id: ChargeId::new(uuid::Uuid::from_bytes(crate::world::random16())),
            kind: ChargeKind::CustomerCredit,
            amount: Money::new(-minor, first.amount.currency()),
            booked_at: now,
            reverses: Some(first.id),
            ..first.clone()
        };
        booking::book(tx, &scope, &[credit])
    });
    booking.await.unwrap();
}

/// The partner asks something more, or something else, of its customers from today on; or a rule ends.
async fn margin(world: &World, dice: &mut Dice, items: &[(String, bool)]) {
    let scope = crate::invoicing::scope(world);
    let (now, today) = (world.now(), chandlery_domain::calendar::utc_date(world.now()));
    let eur = "EUR".parse().unwrap();
    let cents = |most: u64, dice: &mut Dice| {
        UnitPrice::new(rust_decimal::Decimal::new(dice.roll(most) as i64, 2), eur).unwrap()
    };
    let item: CatalogItemId = dice.pick(items).unwrap().0.parse().unwrap();
    let over = match dice.roll(3) {
        0 => Over::All,
        1 => Over::Product(item.product),
        _ => Over::Sku(item.product, item.sku),
    };
    let margin = match dice.roll(3) {
        0 => Margin::Percent(rust_decimal::Decimal::new(dice.roll(2_000_000) as i64 - 1_000_000, 4)),
        1 => Margin::Fixed(cents(50_000, dice)),
        _ => Margin::Price(cents(300_000, dice)),
    };
    let rule = Rule {
        id: MarginId::new(uuid::Uuid::from_bytes(crate::world::random16())),
        customer: (dice.roll(2) == 0).then(|| world.customers["de"]),
        over,
        margin,
        floor: (dice.roll(4) == 0).then(|| cents(100_000, dice)),
        from: today,
        until: None,
    };
    let ends = dice.roll(4) == 0;
    let saying = world.installation.store.bookkeep(move |tx| {
        if ends
            && let Some((one, _)) =
                margins::rules(tx, &scope, today)?.into_iter().find(|own| own.0.until.is_none())
        {
            margins::end_rule(tx, &scope, one.id, today.yesterday().unwrap())?;
            return Ok(());
        }
        Ok::<_, chandlery::error::Error>(margins::insert_rule(tx, &scope, &rule, now)?)
    });
    saying.await.unwrap();
}

/// What customers owe goes with what the partner owes: one row a charge at most, with the same sum on the partner's side; what
/// goes back of it is never more than was asked, and all of it once all of the charge came back.
async fn check_resales(world: &World, ledger: &[Charge]) {
    let scope = crate::invoicing::scope(world);
    let orders: Vec<OrderId> =
        ledger.iter().map(|own| own.order).collect::<BTreeSet<_>>().into_iter().collect();
    let read = world.installation.store.read(move |tx| {
        let mut all = Vec::new();
        for part in orders.chunks(500) {
            all.extend(margins::of_orders(tx, &scope, part)?.into_iter().map(|(.., own)| own));
        }
        Ok::<_, chandlery::error::Error>(all)
    });
    let by_charge: BTreeMap<_, _> = read.await.unwrap().into_iter().map(|own| (own.charge, own)).collect();
    let mut back: BTreeMap<ChargeId, (i64, i64)> = BTreeMap::new();
    for charge in ledger {
        let own = by_charge.get(&charge.id);
        if let Some(taken) = charge.reverses {
            assert_eq!(
                own.is_some(),
                by_charge.contains_key(&taken),
                "a credit stopped at the partner: {charge:?}"
            );
            if let Some(own) = own {
                assert!(own.amount.minor() <= 0 && own.reverses == Some(taken), "{own:?}");
                let sums = back.entry(taken).or_default();
                *sums = (sums.0 - own.charged.minor(), sums.1 - own.amount.minor());
            }
        }
        let Some(own) = own else { continue };
        assert_eq!(own.charged, charge.amount, "the two sides differ: {charge:?}");
    }
    for (id, (charged, went)) in back {
        let own = &by_charge[&id];
        assert!(went <= own.amount.minor(), "more went back than was asked: {own:?}");
        if charged == own.charged.minor() {
            assert_eq!(went, own.amount.minor(), "all came back, and not all went back: {own:?}");
        }
    }
}

async fn send(
    world: &World,
    dice: &mut Dice,
    belief: &mut Belief,
    method: &'static str,
    path: String,
    body: Value,
) -> (u16, Value) {
    let id = format!("00000000-0000-4000-8000-{:012x}", dice.roll(1 << 48));
    let reply = world.call_under(&id, method, &path, &body).await;
    belief.last = Some((id, method, path, body, reply.status, reply.body.clone()));
    (reply.status, reply.body)
}

/// The most that may come back to the customer, in twelve months.
const CAP: &str = "9000";

/// Gives some of a reservation back, or exchanges it; what was quoted is what is done.
async fn give_back(world: &World, dice: &mut Dice, belief: &mut Belief, vm: &str) {
    let list: Vec<Value> =
        world.reserved().await.into_iter().filter(|own| own["provisioningState"] == "Succeeded").collect();
    let Some(own) = dice.pick(&list).cloned() else { return };
    let mut body = json!({ "quantity": 1 + dice.roll(own["quantity"].as_u64().unwrap()) });
    let exchanges = dice.roll(3) == 0;
    if exchanges {
        body["lineItems"] =
            json!([{ "catalogItemId": vm, "quantity": 1 + dice.roll(6), "billingCycle": "one_time" }]);
    }
    let word = if exchanges { "exchange" } else { "refund" };
    let quote =
        world.call("POST", &world.reservation(&own, &format!("/{word}quote")), Some(body.clone())).await;
    if quote.status == 200 {
        body["credit"] = quote.body["credit"].clone();
        body["commitment"] = quote.body["exchange"]["commitment"].clone();
    }
    let done = send(world, dice, belief, "POST", world.reservation(&own, &format!("/{word}")), body).await;
    assert_eq!(done.0, quote.status, "what is quoted is done: {} {}", quote.body, done.1);
    if done.0 != 200 {
        assert!([403, 400, 409].contains(&done.0), "{}", done.1);
        return;
    }
    assert_eq!((&done.1["credit"], &done.1["fee"]), (&quote.body["credit"], &quote.body["fee"]));
    if let Some(link) = done.1["exchange"]["order"]["uri"].as_str() {
        belief.orders.insert(link.rsplit('/').next().unwrap().to_owned(), false);
    }
    let order = own["orderId"].as_str().unwrap();
    let left = world.reserved().await;
    let live = left.iter().any(|one| one["orderId"] == *order && one["provisioningState"] != "Cancelled");
    belief.orders.insert(order.to_owned(), !live);
}

async fn reveal(world: &World, dice: &mut Dice, belief: &mut Belief, base: &str) {
    // A page from anywhere in the list: the token says where a page stands.
    let ids: Vec<&String> = belief.orders.keys().collect();
    let Some(after) = dice.pick(&ids) else { return };
    let token = json!([40, "software", after]).to_string();
    let token = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(token);
    let owned = world.get_from(&format!("{base}/entitlements"), &token).await;
    let Some(item) = dice.pick(owned["items"].as_array().unwrap()) else { return };
    let order = item["referenceOrder"]["id"].as_str().unwrap().to_owned();
    let line = format!("{order}/{}", item["referenceOrder"]["lineItemId"].as_str().unwrap());
    let artifact = &item["entitledArtifacts"][0];
    let cancelled = item["quantity"] == 0;
    assert_eq!(cancelled, artifact["state"] == "Revoked", "{item}");
    if let Some(link) = artifact["link"]["uri"].as_str() {
        let key = world.get(&format!("/v1{link}")).await["productKey"].as_str().unwrap().to_owned();
        // A key has one line, for ever.
        let owner = belief.shown.entry(key).or_insert_with(|| line.clone());
        assert_eq!(*owner, line, "a key was sold twice");
    }
}

/// Everything that must hold at any time.
async fn check(world: &World, belief: &mut Belief) {
    let scope = Context::system(world.partner.id, world.now(), "test").authorize(Action::ReadOrders).unwrap();
    let ledger: Vec<Charge> = world
        .installation
        .store
        .read(move |tx| {
            let mut all = Vec::new();
            loop {
                let page = charges::page(tx, &scope, all.len() as i64, 500)?;
                if page.is_empty() {
                    return Ok::<_, chandlery::error::Error>(all);
                }
                all.extend(page);
            }
        })
        .await
        .unwrap();
    let charges_by_id: BTreeMap<_, _> = ledger.iter().map(|charge| (charge.id.uuid(), charge)).collect();
    let mut reversed = BTreeSet::new();
    let mut credited: BTreeMap<_, i64> = BTreeMap::new();
    let mut paid_for = BTreeSet::new();
    for charge in &ledger {
        if let Some(id) = charge.reverses {
            assert!(
                charge.kind == ChargeKind::CustomerCredit || reversed.insert((id, charge.returned)),
                "a charge was taken back twice"
            );
            let original = charges_by_id.get(&id.uuid()).expect("a credit without its charge");
            let sum = credited.entry(id).or_default();
            *sum -= charge.amount.minor();
            assert!(
                charge.amount.minor() <= 0 && *sum <= original.amount.minor(),
                "credits exceed their charge"
            );
        } else if let Some(period) = charge.period {
            assert!(
                paid_for.insert((charge.order, charge.line, period.first)),
                "the same days were charged twice"
            );
        }
    }
    check_documents(world, belief, &ledger).await;
    check_resales(world, &ledger).await;
    check_cap(world).await;
    let mut stored = BTreeMap::new();
    let path = format!("{}/orders?include_price=true", world.path("de"));
    let mut page = world.get(&path).await;
    loop {
        for order in page["items"].as_array().unwrap() {
            stored.insert(order["id"].as_str().unwrap().to_owned(), order.clone());
        }
        let Some(token) = page["continuationToken"].as_str().map(str::to_owned) else { break };
        page = world.get_from(&path, &token).await;
    }
    let mut by_order: BTreeMap<String, Vec<&Charge>> = BTreeMap::new();
    for charge in &ledger {
        by_order.entry(charge.order.to_string()).or_default().push(charge);
    }
    for (id, cancelled) in &belief.orders {
        let order = stored.get(id).unwrap_or_else(|| panic!("the acknowledged order {id} is missing"));
        assert_eq!(order["status"] == "cancelled", *cancelled, "an acknowledged change is missing: {order}");
        let own = &by_order[id];
        let charged = own.iter().filter(|charge| charge.kind == ChargeKind::New).map(|charge| charge.amount);
        let total = Money::sum("EUR".parse().unwrap(), charged).unwrap();
        assert_eq!(
            total.decimal().to_string(),
            money(&order["totalPrice"]),
            "the ledger is not what was bought"
        );
        for line in order["lineItems"].as_array().unwrap() {
            let number = line["lineItemNumber"].as_u64().unwrap() as u32;
            let whole =
                |charge: &Charge| charge.kind == ChargeKind::CancelImmediate && charge.returned.is_none();
            let taken = own.iter().any(|charge| charge.line == number && whole(charge));
            assert!(!taken || line["quantity"] == 0, "{line}");
        }
    }
}

/// No more came back to the customer in the last twelve months than may.
async fn check_cap(world: &World) {
    let now = world.now();
    let scope = Context::system(world.partner.id, now, "test").authorize(Action::ReadOrders).unwrap();
    let customer = world.customers["de"];
    let read = world.installation.store.read(move |tx| {
        let caps = returns::caps(tx)?;
        let cap =
            *RefundCap::on(&caps, "EUR".parse().unwrap(), chandlery_domain::calendar::utc_date(now)).unwrap();
        let given =
            returns::given_since(tx, &scope, customer, (cap.most.currency(), cap.since(now).unwrap()))?;
        Ok::<_, chandlery::error::Error>((given.minor(), cap.most.minor()))
    });
    let (given, most) = read.await.unwrap();
    assert!(given <= most, "{given} came back, {most} may");
}

/// Documents: numbers without gaps, lines that add up to each, every charge of a billed month on exactly one, and none of them
/// other than it was.
async fn check_documents(world: &World, belief: &mut Belief, ledger: &[Charge]) {
    let scope = crate::invoicing::scope(world);
    let list = crate::invoicing::documents(world).await;
    let numbers: Vec<u32> = list.iter().map(|own| own.number.value()).collect();
    assert_eq!(numbers, (1..=numbers.len() as u32).collect::<Vec<_>>(), "numbers have gaps");
    let mut standing: BTreeMap<ChargeId, String> = BTreeMap::new();
    let mut billed: BTreeSet<(String, String)> = BTreeSet::new();
    for document in list {
        let number = document.number.to_string();
        let (totals, currency) = (document.totals, document.totals.gross.currency());
        billed.insert((document.month.to_string(), currency.to_string()));
        let lines = world
            .installation
            .store
            .read(move |tx| {
                let (mut all, mut after) = (Vec::new(), None);
                loop {
                    let page = invoice_lines::of_document(tx, &scope, &document, after, 70)?;
                    let Some(last) = page.last() else { return Ok::<_, chandlery::error::Error>(all) };
                    after = Some(last.line.charge.place());
                    all.extend(page);
                }
            })
            .await
            .unwrap();
        let (mut net, mut tax) = (0, 0);
        let mut written = Vec::new();
        for own in &lines {
            let id = own.line.charge.id;
            let before = standing.insert(id, number.clone());
            assert_eq!(before, None, "charge {id} stands on {number} and on another document");
            net += own.net.minor();
            tax += own.tax.minor();
            written.push(format!("{id} {:?} {:?} {:?}", own.net, own.tax, own.line.charge.term));
        }
        assert_eq!((net, tax), (totals.net.minor(), totals.tax.minor()), "{number} is not its lines");
        let first = belief.documents.entry(number.clone()).or_insert_with(|| written.clone());
        assert_eq!(*first, written, "{number} changed after it was issued");
    }
    for charge in ledger {
        let month = Month::of(chandlery_domain::calendar::utc_date(charge.booked_at)).to_string();
        let of = (month, charge.amount.currency().to_string());
        assert_eq!(
            standing.contains_key(&charge.id),
            billed.contains(&of),
            "charge {} of {} stands on {:?}",
            charge.id,
            of.0,
            standing.get(&charge.id)
        );
    }
}

async fn simulate(world: World, seed: u64, commands: u64) {
    let mut dice = Dice(seed);
    let mut belief = Belief::default();
    world.import_keys(&standard_keys(100..300)).await.unwrap();
    world.import_prices(&crate::recurring::by_the_month("125.50")).await.unwrap();
    crate::invoicing::at_home(&world).await;
    let items: Vec<(String, bool)> = vec![
        (world.item("de", SQL.1, "2").await, true),
        (world.item("de", SQL.1, "3").await, true),
        (world.item("de", RMS.1, "7").await, true),
        (world.item("de", RMS.1, "7").await, true),
        (world.item("de", SUSE.1, "1").await, false),
    ];
    world.cap(CAP).await;
    let vm = world.item("de", VM.1, "002L").await;
    for number in 1..=commands {
        step(&world, &mut dice, &mut belief, &items, &vm).await;
        if number % 250 == 0 {
            check(&world, &mut belief).await;
        }
    }
    world.settle().await;
    check(&world, &mut belief).await;
    eprintln!("  {} orders, {} documents", belief.orders.len(), belief.documents.len());
}

/// How many seeds and commands: a taste in every test run, the whole on request.
fn amount() -> (u64, u64) {
    let text = std::env::var("CHANDLERY_SIMULATION").unwrap_or_else(|_| "3,300".into());
    let (seeds, commands) = text.split_once(',').expect("CHANDLERY_SIMULATION=seeds,commands");
    (seeds.parse().unwrap(), commands.parse().unwrap())
}

async fn seeds(world: impl AsyncFn() -> World) {
    let (count, commands) = amount();
    let chosen = std::env::var("CHANDLERY_SEED").ok().map(|seed| seed.parse::<u64>().unwrap());
    for seed in chosen.map_or(1..count + 1, |seed| seed..seed + 1) {
        eprintln!("seed {seed}: {commands} commands");
        simulate(world().await, seed, commands).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    seeds(World::sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    seeds(World::postgres).await;
}
