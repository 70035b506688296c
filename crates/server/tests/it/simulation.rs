//! A seed draws commands against the real app; after them, everything must still add up. A failure names its seed.
//!
//! `CHANDLERY_SIMULATION=seeds,commands` sets how much is drawn; `CHANDLERY_SEED=n` repeats one seed.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use chandlery::app::Context;
use chandlery_domain::access::Action;
use chandlery_domain::charge::Charge;
use chandlery_domain::money::Money;
use chandlery_store::charges;
use serde_json::{Value, json};

use crate::world::{RMS, SQL, SUSE, World, money, standard_keys};

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
}

async fn step(world: &World, dice: &mut Dice, belief: &mut Belief, items: &[(String, bool)]) {
    let base = world.path("de");
    match dice.roll(100) {
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
async fn check(world: &World, belief: &Belief) {
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
    for charge in &ledger {
        if let Some(id) = charge.reverses {
            assert!(reversed.insert(id), "a charge was taken back twice");
            let original = charges_by_id.get(&id.uuid()).expect("a credit without its charge");
            assert!(
                charge.amount.minor() <= 0 && -charge.amount.minor() <= original.amount.minor(),
                "a credit exceeds its charge"
            );
        }
    }
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
        let charged = own.iter().filter(|charge| charge.reverses.is_none()).map(|charge| charge.amount);
        let total = Money::sum("EUR".parse().unwrap(), charged).unwrap();
        assert_eq!(
            total.decimal().to_string(),
            money(&order["totalPrice"]),
            "the ledger is not what was bought"
        );
        for line in order["lineItems"].as_array().unwrap() {
            let number = line["lineItemNumber"].as_u64().unwrap() as u32;
            let credits =
                own.iter().filter(|charge| charge.line == number && charge.reverses.is_some()).count();
            assert!(credits <= 1 && (credits == 0 || line["quantity"] == 0), "{line}");
        }
    }
}

async fn simulate(world: World, seed: u64, commands: u64) {
    let mut dice = Dice(seed);
    let mut belief = Belief::default();
    world.import_keys(&standard_keys(100..300)).await.unwrap();
    let items: Vec<(String, bool)> = vec![
        (world.item("de", SQL.1, "2").await, true),
        (world.item("de", SQL.1, "3").await, true),
        (world.item("de", RMS.1, "7").await, true),
        (world.item("de", RMS.1, "7").await, true),
        (world.item("de", SUSE.1, "1").await, false),
    ];
    for number in 1..=commands {
        step(&world, &mut dice, &mut belief, &items).await;
        if number % 250 == 0 {
            check(&world, &belief).await;
        }
    }
    world.settle().await;
    check(&world, &belief).await;
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
