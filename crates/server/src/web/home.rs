//! The first page of a partner: what needs attention, and what was bought and given back by month; and the search over
//! customers, orders and products.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::access::{Action, Scope};
use chandlery_domain::calendar::{start_of_day, utc_date};
use chandlery_domain::cancellation::window_of;
use chandlery_domain::catalog::{Family, Product};
use chandlery_domain::charge::ChargeKind;
use chandlery_domain::customer::Customer;
use chandlery_domain::ids::{CustomerId, PartnerId};
use chandlery_domain::invoice::Invoice;
use chandlery_domain::money::{Currency, Money};
use chandlery_domain::order::{LineState, Order};
use chandlery_domain::policy::{PolicyBook, Window};
use chandlery_domain::refusal::Refusal;
use chandlery_store::charges::DaySum;
use chandlery_store::service_requests::unread;
use chandlery_store::{catalog, charges, customers, invoices, orders, seals, subscriptions, webhooks};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use super::customer::brief;
use super::customers::{look_up, query_of};
use super::home_pages::{Attention, Chart, FamilyKey, Found, Home, Month, Notice, Part, Tile};
use super::support::number_of;
use super::{Asked, Visitor, around, failed, page, policies, signed_in};
use crate::api::Api;
use crate::error::Error;
use crate::texts::Reader;

/// How many orders are looked at for windows of one length that close.
const PLACED: i64 = 40;
/// How many things of a kind are shown.
const SHOWN: usize = 8;
/// Within how many days a window's end needs attention.
const CLOSING_DAYS: i64 = 14;
/// Within how many days a term's end needs attention.
const ENDING_DAYS: i64 = 30;
/// How many hits of a kind a search shows.
const HITS: i64 = 8;
/// For how long added-up figures are shown before they are added up anew.
const FIGURES_KEPT: Duration = Duration::from_secs(300);
/// For how long they are shown while newer ones are added up.
const FIGURES_OLDEST: Duration = Duration::from_secs(900);
/// How long a page waits for figures before it goes without them.
const FIGURES_WAIT: Duration = Duration::from_millis(250);
/// How many entries of the log may wait before that needs attention.
const UNSEALED_MAX: i64 = 1000;

/// Sums a partner's charts are drawn from, added up once in a while, and for a partner by one at a time.
#[derive(Default)]
pub struct Figures(Mutex<HashMap<(PartnerId, Date), Arc<Place>>>);

/// Where a partner's sums stand. Whoever holds `adding` is adding them up.
#[derive(Default)]
struct Place {
    kept: Mutex<Option<Kept>>,
    adding: tokio::sync::Mutex<()>,
}

/// What is added up once in a while.
struct Sums {
    days: Vec<DaySum>,
    /// Whether calls to the partner's program were given up.
    given_up: bool,
}

/// When sums were added up, and the sums.
#[derive(Clone)]
struct Kept {
    at: Instant,
    sums: Arc<Sums>,
}

impl Figures {
    fn place(&self, key: (PartnerId, Date)) -> Arc<Place> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() > 10_000 {
            all.clear();
        }
        Arc::clone(all.entry(key).or_default())
    }
}

impl Place {
    fn younger_than(&self, age: Duration) -> Option<Arc<Sums>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone();
        kept.filter(|own| own.at.elapsed() < age).map(|own| own.sums)
    }

    fn keep(&self, sums: &Arc<Sums>) {
        let kept = Kept { at: Instant::now(), sums: Arc::clone(sums) };
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
    }
}

/// The sums of the last year, as they are or as they were a few minutes ago; none while they are first added up and that
/// takes long.
async fn sums(api: &Api, scope: Scope, first: Date) -> Option<Arc<Sums>> {
    let from = start_of_day(first).ok()?;
    let place = api.figures.place((scope.partner(), first));
    if let Some(sums) = place.younger_than(FIGURES_KEPT) {
        return Some(sums);
    }
    let (own, here) = (api.clone(), Arc::clone(&place));
    let adding = tokio::spawn(async move {
        // Whoever comes while they are added up waits here for them and adds up nothing.
        let _adding = here.adding.lock().await;
        if let Some(sums) = here.younger_than(FIGURES_KEPT) {
            return Some(sums);
        }
        let read = own.installation.store.read(move |tx| {
            let given_up = webhooks::any_given_up(tx, &scope)?;
            Ok::<_, Error>(Sums { days: charges::by_day(tx, &scope, from)?, given_up })
        });
        match read.await {
            Ok(sums) => {
                let sums = Arc::new(sums);
                here.keep(&sums);
                Some(sums)
            }
            Err(error) => {
                tracing::error!(%error, "figures could not be added up");
                None
            }
        }
    });
    match tokio::time::timeout(FIGURES_WAIT, adding).await {
        Ok(Ok(Some(sums))) => Some(sums),
        Ok(Ok(None) | Err(_)) | Err(_) => place.younger_than(FIGURES_OLDEST),
    }
}

/// The first day of the month eleven months before the one of `today`.
fn first_month(today: Date) -> Date {
    let own = today.first_of_month();
    own.checked_sub(11.months()).unwrap_or(own)
}

fn day_of(number: i64) -> Option<Date> {
    let at = Timestamp::from_second(number.checked_mul(86_400)?).ok()?;
    Some(utc_date(at))
}

/// What a month came to in a currency.
#[derive(Default)]
struct InMonth {
    bought: BTreeMap<Family, Money>,
    /// Above zero.
    back: BTreeMap<Family, Money>,
    /// How many lines were ordered, and how many credits were booked.
    counts: (i64, i64),
}

impl InMonth {
    fn add(&mut self, own: &DaySum) -> Result<(), Refusal> {
        let credit = own.kind.is_credit();
        let (sums, amount) = match credit {
            true => (&mut self.back, own.amount.negated()?),
            false => (&mut self.bought, own.amount),
        };
        let sum = sums.entry(own.family).or_insert_with(|| Money::zero(amount.currency()));
        *sum = sum.plus(amount)?;
        match (credit, own.kind) {
            (true, _) => self.counts.1 = self.counts.1.saturating_add(own.count),
            (false, ChargeKind::New) => self.counts.0 = self.counts.0.saturating_add(own.count),
            (false, _) => {}
        }
        Ok(())
    }
}

/// The sums of a month as a bar: one family stands on the other. The picture is 600 wide and 160 high; what stands in it is
/// worked out in whole units, `most` being the highest bar.
fn bar(reader: &Reader, families: &[Family], sums: &BTreeMap<Family, Money>, most: i64) -> Vec<Part> {
    let (mut top, mut parts) = (130_i64, Vec::new());
    for (family, amount) in families.iter().filter_map(|family| Some((family, sums.get(family)?))) {
        let minor = amount.minor();
        let height = (minor.saturating_mul(120) / most).max(i64::from(minor > 0));
        top = top.saturating_sub(height);
        let name = reader.word("family-one", family.as_str());
        let text = reader.t2("home-chart-part", "family", name, "amount", reader.money(*amount));
        parts.push(Part { class: part_class(*family), top, height, text });
    }
    parts
}

/// Draws a chart a currency: what was bought and what was given back, by family and month.
fn chart(reader: &Reader, currency: Currency, sums: &[DaySum], first: Date) -> Result<Chart, Error> {
    let mut months: BTreeMap<Date, InMonth> = BTreeMap::new();
    let mut month = first;
    for _ in 0..12 {
        months.insert(month, InMonth::default());
        month = month.checked_add(1.month()).map_err(Error::internal)?;
    }
    for own in sums.iter().filter(|own| own.amount.currency() == currency) {
        let Some(day) = day_of(own.day) else { continue };
        let Some(month) = months.get_mut(&day.first_of_month()) else { continue };
        month.add(own)?;
    }
    let traded = |family: &Family| {
        months.values().any(|own| own.bought.contains_key(family) || own.back.contains_key(family))
    };
    let families: Vec<Family> = Family::ALL.into_iter().filter(traded).collect();
    let nothing = Money::zero(currency);
    let all =
        |sums: &BTreeMap<Family, Money>| Money::sum(currency, sums.values().copied()).map_err(Refusal::from);
    let mut most = 1;
    for own in months.values() {
        most = most.max(all(&own.bought)?.minor()).max(all(&own.back)?.minor());
    }
    let mut rows = Vec::new();
    for (at, (month, own)) in (0_i64..).zip(&months) {
        let left = at.saturating_mul(50).saturating_add(6);
        let of = |sums: &BTreeMap<Family, Money>, family| *sums.get(family).unwrap_or(&nothing);
        let by_family = families.iter().map(|family| {
            let back = Some(of(&own.back, family)).filter(|own| own.minor() > 0);
            (reader.money(of(&own.bought, family)), back.map(|own| reader.money(own)))
        });
        rows.push(Month {
            name: reader.month(*month),
            brief: month.strftime("%m").to_string(),
            left,
            left_down: left.saturating_add(20),
            middle: left.saturating_add(19),
            parts: bar(reader, &families, &own.bought, most),
            down: bar(reader, &families, &own.back, most),
            by_family: by_family.collect(),
            bought: reader.money(all(&own.bought)?),
            back: reader.money(all(&own.back)?),
            ordered: reader.number(own.counts.0),
            credited: reader.number(own.counts.1),
        });
    }
    let sum_of = |pick: &dyn Fn(&InMonth) -> Option<Money>| {
        Money::sum(currency, months.values().filter_map(pick)).map_err(Refusal::from)
    };
    let mut keys = Vec::new();
    for family in &families {
        let back = sum_of(&|own| own.back.get(family).copied())?;
        keys.push(FamilyKey {
            class: part_class(*family),
            name: reader.word("family-one", family.as_str()),
            bought: reader.money(sum_of(&|own| own.bought.get(family).copied())?),
            back: (back.minor() > 0).then(|| reader.money(back)),
        });
    }
    let count = |pick: &dyn Fn(&InMonth) -> i64| {
        reader.number(months.values().map(pick).fold(0_i64, i64::saturating_add))
    };
    let (mut bought, mut back) = (nothing, nothing);
    for own in months.values() {
        bought = bought.plus(all(&own.bought)?).map_err(Refusal::from)?;
        back = back.plus(all(&own.back)?).map_err(Refusal::from)?;
    }
    Ok(Chart {
        title: reader.t1("home-chart", "currency", currency.code().to_owned()),
        months: rows,
        families: keys,
        bought: reader.money(bought),
        back: reader.money(back),
        ordered: count(&|own| own.counts.0),
        credited: count(&|own| own.counts.1),
    })
}

/// How a family's part of a bar is coloured.
const fn part_class(family: Family) -> &'static str {
    match family {
        Family::Subscription => "part-1",
        Family::Perpetual => "part-2",
        Family::Reservation => "part-3",
        Family::LinuxPlan => "part-4",
    }
}

/// What of these orders has a window that closes soon.
fn closing(
    reader: &Reader,
    list: &[Order],
    names: &HashMap<CustomerId, String>,
    book: &PolicyBook,
    now: Timestamp,
) -> Result<Vec<Attention>, Error> {
    let mut found = Vec::new();
    for order in list {
        for line in order.lines.iter().filter(|line| matches!(line.state, LineState::Fulfilled { .. })) {
            let Some(open) = window_of(book, order, line)? else { continue };
            if open.is_over(now) || open.days_left(now) > CLOSING_DAYS {
                continue;
            }
            let own = Attention {
                address: format!("/customers/{}/orders/{}", order.customer, order.id),
                title: line.title.clone(),
                customer: names.get(&order.customer).cloned().unwrap_or_default(),
                when: reader.deadline(open.closes_at),
                how: reader.t1("days", "count", open.days_left(now)),
            };
            found.push((open.closes_at, own));
        }
    }
    found.sort_by_key(|(closes_at, _)| *closes_at);
    Ok(found.into_iter().map(|(_, own)| own).take(SHOWN).collect())
}

/// When orders were placed whose window of one length closes soon, and of which families those windows are.
struct Stretch {
    families: Vec<Family>,
    from: Timestamp,
    to: Timestamp,
}

/// The stretches of time to look at, one for each length a window has that may close soon: exactly the orders whose window
/// is open and closes within [`CLOSING_DAYS`].
fn closing_soon(book: &PolicyBook, now: Timestamp) -> Result<Vec<Stretch>, Error> {
    let mut lengths: Vec<Window> = Vec::new();
    for rule in &book.cancellation {
        if !lengths.contains(&rule.window) {
            lengths.push(rule.window);
        }
    }
    let mut found = Vec::new();
    for window in lengths {
        let soon =
            utc_date(now).checked_add(CLOSING_DAYS.saturating_add(1).days()).map_err(Error::internal)?;
        let closes = now..start_of_day(soon).map_err(Error::internal)?;
        let Range { start: from, end: to } = window.placed_when(closes).map_err(Error::internal)?;
        let holds = |family: &Family| {
            let on = |at| book.cancellation(*family, utc_date(at)).is_some_and(|rule| rule.window == window);
            on(from) || on(to.min(now))
        };
        let families: Vec<Family> = Family::ALL.into_iter().filter(holds).collect();
        if !families.is_empty() {
            found.push(Stretch { families, from, to });
        }
    }
    Ok(found)
}

/// `GET /`: everybody's own beginning.
pub(super) async fn home(asked: Asked) -> Response {
    let Asked { api, caller, headers, .. } = asked;
    let visitor = match signed_in(&api, &caller, &headers, "/").await {
        Ok(visitor) => visitor,
        Err(response) => return response,
    };
    let cx = visitor.context(&api);
    if visitor.known.user.customer.is_some() {
        let place = if cx.authorize(Action::SeeOwnSoftware).is_ok() { "/software" } else { "/account" };
        return Redirect::to(place).into_response();
    }
    if let Some(way) = around::frame().ways.first().filter(|own| own.href != "/") {
        return Redirect::to(way.href).into_response();
    }
    let Ok(scope) = cx.authorize(Action::ReadOrders) else {
        return Redirect::to("/account").into_response();
    };
    dashboard(&api, &visitor, scope).await
}

/// What is to be known that is about no customer: that the log waits, that calls to the partner's program were given up.
fn notices(reader: &Reader, behind: bool, given_up: bool) -> Vec<Notice> {
    let unsealed = behind.then(|| Notice {
        text: reader.t1("home-unsealed", "count", UNSEALED_MAX),
        address: "/activity".into(),
    });
    let untold = given_up.then(|| Notice {
        text: reader.t("home-webhooks-given-up"),
        address: "/webhooks?state=failed".into(),
    });
    unsealed.into_iter().chain(untold).collect()
}

async fn dashboard(api: &Api, visitor: &Visitor, scope: Scope) -> Response {
    let cx = visitor.context(api);
    let (now, today) = (cx.now, utc_date(cx.now));
    let reads_log = cx.authorize(Action::ReadAuditLog).is_ok();
    let ends = today.checked_add(ENDING_DAYS.days()).unwrap_or(today);
    let book = match policies::in_force(api).await {
        Ok(book) => book,
        Err(error) => return failed(api, &error),
    };
    let stretches = match closing_soon(&book, now) {
        Ok(stretches) => stretches,
        Err(error) => return failed(api, &error),
    };
    let asks = cx.authorize(Action::RaiseRequest).is_ok();
    let told = cx.authorize(Action::ManageWebhooks).is_ok();
    let person = cx.actor_uuid().to_string();
    let read = api
        .installation
        .store
        .read(move |tx| {
            let mut placed = Vec::new();
            for own in &stretches {
                let list = orders::placed_between(tx, &scope, &own.families, (own.from, own.to), PLACED)?;
                placed.extend(list);
            }
            let waiting = orders::waiting(tx, &scope, HITS)?;
            let ending = subscriptions::ending(tx, &scope, (today, ends), HITS)?;
            let answered = if asks { unread(tx, &scope, &person, HITS)? } else { Vec::new() };
            let mut ids: Vec<CustomerId> = placed.iter().chain(&waiting).map(|own| own.customer).collect();
            ids.extend(ending.iter().map(|own| own.customer));
            ids.extend(answered.iter().filter_map(|own| own.customer));
            ids.sort();
            ids.dedup();
            let names = customers::names(tx, &scope, &ids)?;
            let behind = reads_log && seals::wait(tx, scope.partner(), UNSEALED_MAX)?;
            Ok::<_, Error>((placed, waiting, ending, answered, names, behind))
        })
        .await;
    let (placed, waiting, ending, answered, names, behind) = match read {
        Ok(read) => read,
        Err(error) => return failed(api, &error),
    };
    let reader = around::here();
    let names: HashMap<CustomerId, String> = names.into_iter().collect();
    let name = |id: CustomerId| names.get(&id).cloned().unwrap_or_default();
    let closing = match closing(&reader, &placed, &names, &book, now) {
        Ok(closing) => closing,
        Err(error) => return failed(api, &error),
    };
    let first = first_month(today);
    let sums = sums(api, scope, first).await;
    let mut currencies: Vec<Currency> =
        sums.iter().flat_map(|own| own.days.iter()).map(|own| own.amount.currency()).collect();
    currencies.sort_by(|a, b| a.code().cmp(b.code()));
    currencies.dedup();
    let charts = currencies
        .into_iter()
        .take(4)
        .map(|own| chart(&reader, own, sums.as_deref().map_or(&[], |own| own.days.as_slice()), first))
        .collect::<Result<Vec<_>, _>>();
    let charts = match charts {
        Ok(charts) => charts,
        Err(error) => return failed(api, &error),
    };
    let waiting = waiting
        .iter()
        .map(|own| {
            let base = format!("/customers/{}", own.customer);
            let brief = brief(&reader, &base, own);
            Attention {
                address: brief.address,
                title: brief.what,
                customer: name(own.customer),
                when: brief.placed,
                how: brief.number,
            }
        })
        .collect();
    let ending = ending
        .iter()
        .map(|own| Attention {
            address: format!("/customers/{}/subscriptions", own.customer),
            title: own.friendly_name.clone(),
            customer: name(own.customer),
            when: crate::texts::Html::escaped(&reader.date(own.period.last)),
            how: reader.t(if own.auto_renew { "subscription-renews" } else { "subscription-ends" }),
        })
        .collect();
    let answered = answered
        .iter()
        .map(|own| Attention {
            address: format!("/support/{}", own.id),
            title: own.title.clone(),
            customer: own.customer.map(name).unwrap_or_default(),
            when: reader.time(own.changed_at),
            how: number_of(own.id),
        })
        .collect();
    let mut tiles = vec![
        Tile { title: "home-closing", none: "home-closing-none", list: closing },
        Tile { title: "home-waiting", none: "home-waiting-none", list: waiting },
        Tile { title: "home-ending", none: "home-ending-none", list: ending },
    ];
    if asks {
        tiles.push(Tile { title: "home-answered", none: "home-answered-none", list: answered });
    }
    let body = Home {
        frame: around::frame(),
        hello: reader.t1("home-hello", "name", &visitor.known.user.display_name),
        tiles,
        notices: notices(&reader, behind, told && sums.as_deref().is_some_and(|own| own.given_up)),
        adding_up: sums.is_none(),
        charts,
        can_buy: cx.authorize(Action::ListCustomers).is_ok(),
    };
    page(api, StatusCode::OK, &body)
}

/// What a search found.
#[derive(Default)]
struct Hits {
    customers: Vec<Customer>,
    orders: Vec<Order>,
    /// What the orders' customers are called.
    names: Vec<(CustomerId, String)>,
    products: Vec<(Product, Family)>,
    bills: Vec<Invoice>,
}

/// `GET /search`: customers by name, domain or id, orders and invoices by number, and products by the words of their titles.
/// `brief` is what a script asks for while one types.
pub(super) async fn search(asked: Asked) -> Response {
    let Asked { api, caller, headers, form, .. } = asked;
    let visitor = match signed_in(&api, &caller, &headers, "/search").await {
        Ok(visitor) => visitor,
        Err(response) => return response,
    };
    let cx = visitor.context(&api);
    let scope = match cx.authorize(Action::ListCustomers) {
        Ok(scope) => scope,
        Err(error) => return failed(&api, &error),
    };
    let text: String = form.text("q").trim().chars().take(100).collect();
    let (wanted, sees_orders) = (text.clone(), cx.authorize(Action::ReadOrders).is_ok());
    let buys = cx.authorize(Action::FillCart).is_ok();
    let bills = cx.authorize(Action::ReadInvoices).is_ok();
    let read = api
        .installation
        .store
        .read(move |tx| {
            if wanted.chars().count() < 2 {
                return Ok(Hits::default());
            }
            let (id, query) = query_of(&wanted);
            let own = look_up(tx, &scope, &(id, customers::Query { limit: HITS, ..query }))?;
            let number = wanted.len() >= 3 && wanted.bytes().all(|byte| byte.is_ascii_hexdigit());
            let list = match (number && sees_orders, id) {
                (true, _) => orders::numbered(tx, &scope, &wanted, HITS)?,
                (false, Some(id)) if sees_orders => {
                    orders::find_any(tx, &scope, chandlery_domain::ids::OrderId::new(id.uuid()))?
                        .map(|(order, _)| order)
                        .into_iter()
                        .collect()
                }
                (false, _) => Vec::new(),
            };
            let ids: Vec<CustomerId> = list.iter().map(|order| order.customer).collect();
            let names = customers::names(tx, &scope, &ids)?;
            let products = if buys { catalog::titled(tx, &wanted, HITS)? } else { Vec::new() };
            let is_number = wanted
                .strip_prefix(['G', 'g'])
                .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
            let bills = match bills && is_number {
                true => invoices::numbered(tx, &scope, &wanted, HITS)?,
                false => Vec::new(),
            };
            Ok::<_, Error>(Hits { customers: own, orders: list, names, products, bills })
        })
        .await;
    let Hits { customers: own, orders: list, names, products, bills } = match read {
        Ok(read) => read,
        Err(error) => return failed(&api, &error),
    };
    let reader = around::here();
    let body = Found {
        frame: around::frame(),
        text,
        products: products
            .into_iter()
            .map(|(own, family)| {
                let what = format!("{}, {}", reader.word("family-one", family.as_str()), own.publisher);
                (format!("/customers?product={}", own.id), own.title, what)
            })
            .collect(),
        customers: own
            .into_iter()
            .map(|own| (format!("/customers/{}", own.id), own.billing.company_name, own.domain))
            .collect(),
        orders: list
            .iter()
            .map(|order| {
                let base = format!("/customers/{}", order.customer);
                let brief = brief(&reader, &base, order);
                let name = names.iter().find(|own| own.0 == order.customer).map(|own| own.1.clone());
                (brief.address, brief.number, format!("{}, {}", name.unwrap_or_default(), brief.what))
            })
            .collect(),
        invoices: bills
            .iter()
            .map(|own| {
                let kind = reader.word("document-kind", own.kind.as_str());
                let what = format!(
                    "{kind}, {}, {}",
                    reader.month(own.month.first()),
                    reader.money(own.totals.gross)
                );
                (format!("/billing/{}", own.number), own.number.to_string(), what)
            })
            .collect(),
    };
    page(&api, StatusCode::OK, &body)
}
