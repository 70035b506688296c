//! Giving an Azure reservation back, or exchanging it for another: what comes back, what is kept, how much of the cap is left;
//! then credit, reservation and, for an exchange, the new order in one transaction (rule 7.8).

use std::io::Read as Input;

use chandlery_domain::access::Scope;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::calendar::BillingCycle;
use chandlery_domain::calendar::utc_date;
use chandlery_domain::cart::{Listing, Wanted, check_out as decide};
use chandlery_domain::catalog::{Family, Offer};
use chandlery_domain::customer::Customer;
use chandlery_domain::ids::{CatalogItemId, CustomerId, OrderRef, ProductId, ReservationId, SkuId};
use chandlery_domain::market::Market;
use chandlery_domain::money::{Currency, Money, UnitPrice};
use chandlery_domain::notice::Kind as Notice;
use chandlery_domain::order::{LineState, Order, OrderLine};
use chandlery_domain::price::{PriceRow, price_at};
use chandlery_domain::refusal::{Refusal, Undecided};
use chandlery_domain::reservation::{
    Kind, Refund, RefundCap, RefundRule, Reservation, Way, Wish, exchangeable, refund,
};
use chandlery_domain::webhook::Event;
use chandlery_store::reservation_skus::Reserved;
use chandlery_store::returns::{self, Return};
use chandlery_store::{
    Read, Write, catalog, charges, customers, markets, orders, payments, reservation_skus,
    reservations as stored,
};
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::carts::buyer;
use super::check_out::{order_facts, place_order};
use super::machine_list::region_key;
use super::reservations::{RESERVATION, fixed, part_off, with_azure};
use super::support::decidable;
use super::table_file::rows;
use super::webhooks::{self, Happening};
use super::{Context, ledger, notify};
use crate::error::{Error, Missing};
use crate::texts::Complaint;

/// In how many months at most what came back counts.
pub const MONTHS_MAX: u16 = 120;

/// What is to be given back, and for what.
#[derive(Debug, Clone)]
pub struct GiveBack {
    /// Whose reservation.
    pub customer: CustomerId,
    /// The reservation.
    pub reservation: ReservationId,
    /// How many of it; none for all.
    pub quantity: Option<u32>,
    /// What it is exchanged for; none for money.
    pub exchange: Option<Vec<Wanted>>,
    /// What was shown: nothing is done for other sums.
    pub shown: Shown,
}

/// What was shown before, in the currency of the order; what is not named is not looked at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shown {
    /// The credit.
    pub credit: Option<Decimal>,
    /// Until when that was to hold.
    pub until: Option<Timestamp>,
    /// What it is exchanged for costs.
    pub commitment: Option<Decimal>,
}

impl GiveBack {
    const fn way(&self) -> Way {
        if self.exchange.is_some() { Way::Exchange } else { Way::Refund }
    }
}

/// How much may come back to the customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capped {
    /// The row that counts.
    pub cap: RefundCap,
    /// What came back already in its months.
    pub given: Money,
    /// What may come back after this.
    pub left: Money,
}

/// What giving a reservation back comes to.
#[derive(Debug, Clone)]
pub struct Quoted {
    /// The reservation.
    pub own: Reservation,
    /// What comes back.
    pub refund: Refund,
    /// How much may; none for an exchange, which no cap counts.
    pub capped: Option<Capped>,
    /// What it is exchanged for: what is ordered, and what that comes to.
    pub exchange: Option<(Order, Money)>,
}

/// A reservation with the order it came out of.
struct Held {
    own: Reservation,
    order: Order,
    revision: i64,
    line: OrderLine,
}

fn find(tx: &mut Read<'_>, scope: &Scope, wanted: &GiveBack) -> Result<Reservation, Error> {
    let own = stored::find_many(tx, scope, wanted.customer, &[wanted.reservation])?.pop();
    own.ok_or(Error::NotFound(RESERVATION))
}

/// A reservation that runs, with its order.
fn whole(tx: &mut Read<'_>, cx: &Context, scope: &Scope, own: Reservation) -> Result<Held, Error> {
    own.runs(cx.now).map_err(fixed)?;
    let found = orders::find(tx, scope, own.customer, OrderRef::Id(own.order))?;
    let (order, revision) = found.ok_or(Error::NotFound(RESERVATION))?;
    let line = order.line(own.line)?.clone();
    Ok(Held { own, order, revision, line })
}

/// What is known of the types of items.
fn kinds(
    tx: &mut Read<'_>,
    items: impl Iterator<Item = CatalogItemId>,
) -> Result<impl Fn(&CatalogItemId) -> Option<Kind>, Error> {
    let sku = |item: &CatalogItemId| format!("{}:{}", item.product, item.sku);
    let skus: Vec<String> = items.map(|item| sku(&item)).collect();
    let known = reservation_skus::find_many(tx, &skus)?;
    Ok(move |item: &CatalogItemId| known.iter().find(|own| own.sku == sku(item)).map(|own| own.kind))
}

/// What one costs now, where that is less than what was paid; none where it is sold in another currency, in another way, or with tax
/// in its price where that had none.
fn price_now(
    tx: &mut Read<'_>,
    held: &Held,
    listing: Option<&Listing>,
    now: Timestamp,
) -> Result<Option<UnitPrice>, Error> {
    let Some(listing) = listing else { return Ok(None) };
    let same = |row: &&PriceRow| {
        row.term == held.line.term
            && row.unit_price.currency() == held.order.currency
            && BillingCycle::pays_up_front(row.plan, row.term)
    };
    let rows: Vec<PriceRow> = listing.prices.iter().filter(same).cloned().collect();
    let price = price_at(&rows, now, held.line.quantity).map(|row| row.unit_price);
    let lower = price.filter(|price| price.value() < held.line.unit_price.value());
    let Some(lower) = lower else { return Ok(None) };
    let market = markets::find(tx, held.order.country)?;
    let same_tax = |own: Market| own.price_includes_tax(held.line.family) == held.line.includes_tax;
    Ok(market.is_some_and(same_tax).then_some(lower))
}

/// What comes back of a reservation.
fn reckon(
    tx: &mut Read<'_>,
    cx: &Context,
    scope: &Scope,
    wanted: &GiveBack,
    held: &Held,
) -> Result<Refund, Error> {
    let quantity = wanted.quantity.unwrap_or(held.own.quantity);
    if quantity == 0 || quantity > held.own.quantity {
        let why = Complaint::of("complaint-give-back-quantity").with("most", held.own.quantity);
        return Err(Error::complaint("quantity", why));
    }
    let rules = returns::rules_in_force(tx)?;
    let rule = RefundRule::on(&rules, utc_date(cx.now))
        .ok_or(Error::Refused(Refusal::NotCancellable { family: Family::Reservation }))?;
    let price_now = match wanted.way() {
        Way::Exchange => None,
        Way::Refund => {
            let item = std::slice::from_ref(&held.line.item);
            let listing = catalog::listings(tx, item, held.order.country, cx.now)?.pop();
            price_now(tx, held, listing.as_ref(), cx.now)?
        }
    };
    let booked = charges::of_order(tx, scope, held.order.id)?;
    decidable(tx, scope, held.order.id)?;
    let kind = kinds(tx, std::iter::once(held.line.item.clone()))?(&held.line.item);
    let ordered_at = held.order.placed_at;
    let first_days = rule.first_days(ordered_at).map_err(Refusal::Calendar)?;
    let exchanged = !first_days.is_over(cx.now) && returns::is_exchange(tx, scope, held.order.id)?;
    let wish = Wish { quantity, way: wanted.way(), ordered_at, exchanged, now: cx.now, price_now };
    Ok(refund(&held.own, kind, &booked, rule, &wish)?)
}

/// How much of the cap is left after so much more.
fn capped(
    tx: &mut Read<'_>,
    cx: &Context,
    scope: &Scope,
    customer: CustomerId,
    refund: &Refund,
) -> Result<Capped, Error> {
    let currency = refund.currency();
    let caps = returns::caps(tx)?;
    let cap = *RefundCap::on(&caps, currency, utc_date(cx.now))
        .ok_or(Error::Refused(Refusal::RefundCapUnknown { currency }))?;
    let since = cap.since(cx.now).map_err(Refusal::Calendar)?;
    let given = returns::given_since(tx, scope, customer, (currency, since))?;
    let left = cap.allows(given, refund.worth)?;
    Ok(Capped { cap, given, left })
}

/// What a reservation is exchanged for must be of its type, and no cheaper than it is worth.
fn fitting(tx: &mut Read<'_>, held: &Held, refund: &Refund, order: &Order) -> Result<Money, Error> {
    let old = held.line.item.clone();
    let kind =
        kinds(tx, order.lines.iter().map(|line| line.item.clone()).chain(std::iter::once(old.clone())))?;
    let sum =
        Money::sum(order.currency, order.lines.iter().map(|line| line.amount)).map_err(Refusal::from)?;
    for line in &order.lines {
        if line.family != Family::Reservation {
            return Err(Refusal::ExchangeOtherType { from: kind(&old), to: None }.into());
        }
        exchangeable((kind(&old), kind(&line.item)), (refund.worth, sum))?;
        if line.includes_tax != held.line.includes_tax {
            return Err(Refusal::NeedsRequest { why: Undecided::TaxDiffers }.into());
        }
    }
    Ok(sum)
}

/// What a reservation could be exchanged for, as far as its type goes: a page of those with these words, and whether there are
/// more.
///
/// # Errors
/// When its order is not there.
pub fn choices(
    tx: &mut Read<'_>,
    cx: &Context,
    scope: &Scope,
    own: &Reservation,
    (words, limit): (&str, i64),
) -> Result<(Vec<Offer>, bool), Error> {
    let found = orders::find(tx, scope, own.customer, OrderRef::Id(own.order))?;
    let (order, _) = found.ok_or(Error::NotFound(RESERVATION))?;
    let old = order.line(own.line)?.item.clone();
    let buyer = buyer(tx, scope, own.customer)?;
    let search = catalog::Search {
        families: vec![Family::Reservation],
        segment: None,
        text: words.to_owned(),
        product: None,
        publisher: None,
        market: buyer.customer.country,
        sold: catalog::Sold::Here,
        after: None,
        limit: limit.saturating_add(1),
    };
    let mut listings = catalog::search(tx, &search, cx.now)?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = listings.len() > most;
    listings.truncate(most);
    let items = listings.iter().map(|(own, _)| own.item.clone());
    let kind = kinds(tx, items.chain(std::iter::once(old.clone())))?;
    let fits = |item: &CatalogItemId| {
        let sums = (Money::zero(order.currency), Money::zero(order.currency));
        exchangeable((kind(&old), kind(item)), sums).is_ok()
    };
    let offers = listings
        .iter()
        .filter(|(own, _)| fits(&own.item))
        .flat_map(|(own, _)| buyer.offers(own, own.minimum_quantity, cx.now).unwrap_or_default())
        .filter(|offer| offer.unit_price.currency() == order.currency);
    Ok((offers.collect(), more))
}

/// What giving a reservation back would come to, without doing it.
///
/// # Errors
/// When it is not there, or why it cannot be given back or exchanged for that.
pub fn quote(tx: &mut Read<'_>, cx: &Context, scope: &Scope, wanted: &GiveBack) -> Result<Quoted, Error> {
    let own = find(tx, scope, wanted)?;
    quote_of(tx, cx, scope, wanted, own)
}

/// The same for a reservation that was read already.
///
/// # Errors
/// Those of [`quote`].
pub fn quote_of(
    tx: &mut Read<'_>,
    cx: &Context,
    scope: &Scope,
    wanted: &GiveBack,
    own: Reservation,
) -> Result<Quoted, Error> {
    let held = whole(tx, cx, scope, own)?;
    let refund = reckon(tx, cx, scope, wanted, &held)?;
    let Some(lines) = &wanted.exchange else {
        let capped = Some(capped(tx, cx, scope, wanted.customer, &refund)?);
        return Ok(Quoted { own: held.own, refund, capped, exchange: None });
    };
    let buyer = buyer(tx, scope, wanted.customer)?;
    let buyer = with_azure(tx, scope, buyer, lines)?;
    let items: Vec<CatalogItemId> = lines.iter().map(|line| line.item.clone()).collect();
    let listings = catalog::listings(tx, &items, buyer.customer.country, cx.now)?;
    let mut groups = decide(lines, None, &buyer, &listings, cx.now, &mut cx.ids())?;
    let (Some(group), true) = (groups.pop(), groups.is_empty()) else {
        return Err(Error::complaint("billingCycle", Complaint::of("complaint-billing-cycles")));
    };
    let (order, _) = group.outcome?;
    let sum = fitting(tx, &held, &refund, &order)?;
    Ok(Quoted { own: held.own, refund, capped: None, exchange: Some((order, sum)) })
}

fn return_facts(own: &Reservation, refund: &Refund) -> Vec<Fact> {
    vec![
        Fact::new("reservation_id", own.id),
        Fact::new("order_id", own.order),
        Fact::new("subscription_name", &own.name),
        Fact::new("quantity", refund.quantity),
        Fact::new("unused_worth", refund.worth),
        Fact::new("fee", refund.fee),
        Fact::new("credit", refund.credit),
    ]
}

/// Gives a reservation back, or so many of it; the credit stands in the ledger at once. Exchanged, the new one is ordered in the
/// same transaction.
///
/// # Errors
/// Those of [`quote`]; that the credit is another than was shown; for an exchange, why the new one cannot be bought.
pub fn give_back(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    wanted: &GiveBack,
) -> Result<(Quoted, Entry), Error> {
    let own = find(tx, scope, wanted)?;
    // Whoever gives back at this moment, of this order or of another of the partner's, is waited for; then all is read as they left
    // it. First the order, as whoever asks for money back by a request holds them.
    orders::hold(tx, scope, own.order)?;
    payments::hold(tx, scope)?;
    let own = find(tx, scope, wanted)?;
    let held = whole(tx, cx, scope, own)?;
    let (customer, _) =
        customers::find(tx, scope, wanted.customer)?.ok_or(Error::NotFound(Missing::Customer))?;
    let refund = reckon(tx, cx, scope, wanted, &held)?;
    let money = |field, shown| {
        let why = || Error::complaint(field, Complaint::of("complaint-give-back-credit"));
        Money::exact(shown, refund.currency()).ok_or_else(why)
    };
    if let Some(shown) = wanted.shown.credit.filter(|shown| *shown != refund.credit.decimal()) {
        let held_until = wanted.shown.until.unwrap_or(cx.now);
        let lapsed = utc_date(held_until) < utc_date(cx.now);
        let promised = money("credit", shown)?;
        return Err(Refusal::CreditChanged { promised, now: refund.credit, held_until, lapsed }.into());
    }
    let capped = match wanted.way() {
        Way::Refund => Some(capped(tx, cx, scope, wanted.customer, &refund)?),
        Way::Exchange => None,
    };
    let given = part_off(tx, cx, scope, &held.own, refund.quantity)?;
    ledger::book(tx, scope, &refund.booked(given.id, cx.now, &mut cx.ids())?)?;
    let exchange = match &wanted.exchange {
        None => None,
        Some(lines) => {
            let (order, _) = place_order(tx, cx, scope, wanted.customer, lines)?;
            let now = fitting(tx, &held, &refund, &order)?;
            if let Some(shown) = wanted.shown.commitment.filter(|shown| *shown != now.decimal()) {
                return Err(Refusal::CommitmentChanged { shown: money("commitment", shown)?, now }.into());
            }
            Some((order, now))
        }
    };
    let kept = Return {
        reservation: given.id,
        customer: wanted.customer,
        line: (held.order.id, held.own.line),
        quantity: refund.quantity,
        worth: refund.worth,
        fee: refund.fee,
        credit: refund.credit,
        exchanged_for: exchange.as_ref().map(|(order, _)| order.id),
        at: cx.now,
    };
    if !returns::insert(tx, scope, &kept)? {
        return Err(Error::conflict("the reservation changed at the same time"));
    }
    end_line(tx, cx, scope, &held, &customer)?;
    let operation = match wanted.way() {
        Way::Refund => Operation::RefundReservation,
        Way::Exchange => Operation::ExchangeReservation,
    };
    let mut facts = return_facts(&given, &refund);
    if let Some((order, sum)) = &exchange {
        facts.push(Fact::new("exchanged_for", order.id));
        facts.push(Fact::new("new_commitment", sum));
        facts.extend(order_facts(order).into_iter().filter(|fact| fact.name != "order_id"));
    }
    let entry = Entry::did(operation, Resource::Reservation, given.id)
        .for_customer(customer.id, &customer.billing.company_name)
        .with(facts);
    Ok((Quoted { own: given, refund, capped, exchange }, entry))
}

/// A line of which nothing is left is cancelled, and who is told of cancelled orders is told.
fn end_line(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    held: &Held,
    customer: &Customer,
) -> Result<(), Error> {
    let (order, line) = (&held.order, held.own.line);
    if returns::left_of_line(tx, scope, (order.id, line))? > 0 {
        return Ok(());
    }
    let state = LineState::Cancelled { at: cx.now };
    if !orders::set_state(tx, scope, (order.id, held.revision), &[line], state)? {
        return Err(Error::conflict("the order changed at the same time"));
    }
    let name = &customer.billing.company_name;
    let told = notify::of_order(Notice::OrderCancelled, order, name, &[line], Some(cx.actor_uuid()));
    notify::tell(tx, cx, scope, &[told])?;
    let happened = Happening::of(Event::OrderCancelled, order.customer, order.id);
    webhooks::tell(tx, cx, scope, std::iter::once(happened))
}

/// What SKUs of reservations are for: the columns product_id, sku_id and type, and where wanted region and size.
///
/// # Errors
/// The first row that cannot be taken.
pub fn skus(input: impl Input) -> Result<Vec<Reserved>, Error> {
    rows(input, (["product_id", "sku_id", "type", "region", "size"], 3), |row| {
        let product: ProductId = row.parsed(0, "import-wrong-product")?;
        let sku: SkuId = row.parsed(1, "import-wrong-sku")?;
        Ok(Reserved {
            sku: format!("{product}:{sku}"),
            kind: row.parsed(2, "import-wrong-reservation-type")?,
            region: region_key(row.cell(3)),
            size: row.cell(4).to_owned(),
        })
    })
}

/// Says how much may come back to one customer in a currency, from a day on.
///
/// # Errors
/// When no market is billed in the currency, the amount is none of it, the day lies in the past, or the months do not fit.
pub fn set_cap(
    tx: &mut Write<'_>,
    cx: &Context,
    (currency, most): (Currency, Decimal),
    (from, months): (Date, u16),
) -> Result<((), Entry), Error> {
    if !markets::has_currency(tx, currency)? {
        let why = Complaint::of("import-wrong-currency").with("text", currency);
        return Err(Error::complaint("currency", why));
    }
    let most = Money::exact(most, currency).filter(|own| own.minor() >= 0);
    let most = most.ok_or_else(|| {
        let why = Complaint::of("complaint-cap-amount").with("currency", currency);
        Error::complaint("most", why)
    })?;
    // What was given back stays as it was.
    if from < utc_date(cx.now) {
        return Err(Error::complaint("from", Complaint::of("complaint-cap-day")));
    }
    if !(1..=MONTHS_MAX).contains(&months) {
        let why = Complaint::of("complaint-cap-months").with("most", MONTHS_MAX);
        return Err(Error::complaint("months", why));
    }
    returns::put_cap(tx, &RefundCap { effective_from: from, most, months })?;
    let entry =
        Entry::did(Operation::ChangeReservationTables, Resource::Installation, "refund cap").with(vec![
            Fact::new("refund_cap", most),
            Fact::new("effective_from", from),
            Fact::new("months", months),
        ]);
    Ok(((), entry))
}
