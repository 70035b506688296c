//! Carts and checking out: wanted lines become priced lines, grouped into orders, with the charges they cause.
//!
//! Checks run in the order of rule 4.2, and the first that fails is the answer. Never here: looking anything up.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::calendar::{BillingCycle, Term, utc_date};
use crate::catalog::{Family, Offer, Segment};
use crate::charge::{Charge, ChargeKind};
use crate::customer::{Customer, Partner};
use crate::cycle::{Cycles, is_one_charge};
use crate::ids::{CartId, CatalogItemId, ChargeId, CustomerId, OrderId, SubscriptionId};
use crate::market::{Block, Market, blocked};
use crate::money::{Currency, Money};
use crate::order::{LineState, Order, OrderLine};
use crate::payment::Owed;
use crate::price::{PriceRow, price_at};
use crate::refusal::Refusal;
use crate::reservation::{AzureSubscription, fit};

/// How long a cart is kept.
pub const CART_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Something the buyer wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its number in the cart, from 0.
    pub number: u32,
    /// What.
    pub item: CatalogItemId,
    /// How many.
    pub quantity: u32,
    /// For how long; none takes the only term there is.
    pub term: Option<Term>,
    /// How it shall be charged.
    pub cycle: BillingCycle,
    /// A name of the buyer's own.
    pub friendly_name: Option<String>,
    /// The reseller of record, for an indirect provider.
    pub reseller: Option<String>,
    /// Further facts the item asks for, such as a reservation's scope.
    pub context: Vec<(String, String)>,
}

/// A cart of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cart {
    /// Its id.
    pub id: CartId,
    /// Whose it is.
    pub customer: CustomerId,
    /// What is wanted.
    pub lines: Vec<Wanted>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub modified_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Who changed it last: a user's or an application's id.
    pub modified_by: Uuid,
    /// Whether it was turned into orders.
    pub ordered: bool,
    /// The number the customer knows the purchase by, if it named one.
    pub po_number: Option<String>,
}

/// An item of the catalogue as a buyer meets it: what it is, and its prices in the customer's market.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// What it is.
    pub item: CatalogItemId,
    /// Its name.
    pub title: String,
    /// The product's name, and who makes it.
    pub product: (String, String),
    /// What kind of thing it is.
    pub family: Family,
    /// Whom it is for.
    pub segment: Segment,
    /// The least that may be bought in one line.
    pub minimum_quantity: u32,
    /// The most that may be bought in one line.
    pub maximum_quantity: u32,
    /// Its prices in the customer's market, in any currency, on any day.
    pub prices: Vec<PriceRow>,
}

/// Who buys for whom, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Buyer {
    /// The partner.
    pub partner: Partner,
    /// The customer.
    pub customer: Customer,
    /// The customer's market.
    pub market: Market,
    /// What is not sold where.
    pub blocks: Vec<Block>,
    /// Whether the customer's agreement is confirmed.
    pub agreed: bool,
    /// How much the partner may owe, by currency (rule 4.2).
    pub credit_limits: Vec<Money>,
    /// After how many days that a document is late nothing may be bought, where the operator said so, and the partner's document that
    /// is due earliest (rule 8.1).
    pub overdue: Option<(u32, Owed)>,
    /// Before when nothing is booked any more: earlier months are billed.
    pub books_closed: Option<Timestamp>,
    /// Whether the partner ever said what it asks of its customers more than it pays.
    pub has_margins: bool,
    /// The customer's Azure subscriptions, where a wanted line names one.
    pub azure: Vec<AzureSubscription>,
}

impl Buyer {
    /// Everything that must hold before this customer may buy anything (rule 4.2).
    ///
    /// # Errors
    /// The first precondition that does not hold.
    pub fn may_buy(&self, today: Date) -> Result<(), Refusal> {
        if !self.partner.active {
            return Err(Refusal::PartnerNotActive);
        }
        if let Some((late_after, owed)) = &self.overdue {
            owed.lets_buy(*late_after, today)?;
        }
        if self.customer.under_review {
            return Err(Refusal::CustomerUnderReview);
        }
        if !self.agreed {
            return Err(Refusal::AgreementMissing);
        }
        Ok(())
    }

    /// The currency a listing is billed in: the partner's where the market has a price in it, else the market's own
    /// (rule 3.2).
    pub fn currency(&self, prices: &[PriceRow]) -> Currency {
        let own = self.partner.currency;
        if prices.iter().any(|row| row.unit_price.currency() == own) { own } else { self.market.currency }
    }

    /// Every offer of a listing to this buyer at `now`: one per term and billing plan, for a quantity.
    ///
    /// # Errors
    /// When the item is blocked, out of region, for another segment, or has no price here and now.
    pub fn offers(&self, listing: &Listing, quantity: u32, now: Timestamp) -> Result<Vec<Offer>, Refusal> {
        let country = self.customer.country;
        let countries = [country, self.partner.country];
        let item = || listing.item.clone();
        if let Some(country) = blocked(&self.blocks, listing.family, &countries, utc_date(now)) {
            return Err(Refusal::MarketBlocked { item: item(), family: listing.family, country });
        }
        if !self.partner.regions.contains(&self.market.region) {
            return Err(Refusal::RegionNotGranted { country });
        }
        if !self.customer.qualification.may_buy(listing.segment) {
            return Err(Refusal::WrongSegment { item: item(), segment: listing.segment });
        }
        let currency = self.currency(&listing.prices);
        let mut ways: Vec<(Term, BillingCycle)> =
            listing.prices.iter().map(|row| (row.term, row.plan)).collect();
        ways.retain(|(term, plan)| listing.family.runs_in_cycles() || is_one_charge(*term, *plan));
        ways.sort_unstable();
        ways.dedup();
        let mut offers = Vec::new();
        for (term, plan) in ways {
            let rows: Vec<PriceRow> = listing
                .prices
                .iter()
                .filter(|row| (row.term, row.plan) == (term, plan) && row.unit_price.currency() == currency)
                .cloned()
                .collect();
            if let Some(row) = price_at(&rows, now, quantity) {
                offers.push(Offer {
                    item: item(),
                    title: listing.title.clone(),
                    product: listing.product.clone(),
                    family: listing.family,
                    segment: listing.segment,
                    term,
                    plan,
                    unit_price: row.unit_price,
                    minimum_quantity: listing.minimum_quantity,
                    maximum_quantity: listing.maximum_quantity,
                });
            }
        }
        if offers.is_empty() {
            return Err(Refusal::NotSoldInCountry { item: item(), country });
        }
        Ok(offers)
    }

    /// Prices one wanted line.
    ///
    /// # Errors
    /// The first reason why it cannot be bought.
    pub fn price(&self, wanted: &Wanted, listings: &[Listing], now: Timestamp) -> Result<Offer, Refusal> {
        let listing = listings
            .iter()
            .find(|listing| listing.item == wanted.item)
            .ok_or_else(|| Refusal::AvailabilityUnknown { item: wanted.item.to_string() })?;
        if !(listing.minimum_quantity..=listing.maximum_quantity).contains(&wanted.quantity) {
            return Err(Refusal::QuantityOutOfRange {
                item: wanted.item.clone(),
                quantity: wanted.quantity,
                minimum: listing.minimum_quantity,
                maximum: listing.maximum_quantity,
            });
        }
        let offers = self.offers(listing, wanted.quantity, now)?;
        if listing.family == Family::Reservation {
            fit(wanted, &self.azure)
                .map_err(|(id, why)| Refusal::AzureSubscriptionUnfit { id: id.to_owned(), why })?;
        }
        choose(wanted, &offers)
    }
}

/// The offer that is meant: the term asked for (or the only one), under the plan asked for, or under one that is paid
/// at once when `one_time` is asked for.
fn choose(wanted: &Wanted, offers: &[Offer]) -> Result<Offer, Refusal> {
    let not_offered = || {
        let offered: Vec<String> =
            offers.iter().map(|offer| format!("{} {}", offer.term.as_str(), offer.plan.as_str())).collect();
        Refusal::TermNotOffered { item: wanted.item.clone(), offered: offered.join(", ") }
    };
    let of_term: Vec<&Offer> =
        offers.iter().filter(|offer| wanted.term.is_none_or(|term| offer.term == term)).collect();
    let first = of_term.first().ok_or_else(not_offered)?;
    if of_term.iter().any(|offer| offer.term != first.term) {
        return Err(not_offered());
    }
    let up_front = |cycle: BillingCycle, term: Term| BillingCycle::pays_up_front(cycle, term);
    of_term
        .iter()
        .find(|offer| offer.plan == wanted.cycle)
        .or_else(|| {
            of_term
                .iter()
                .find(|offer| up_front(wanted.cycle, offer.term) && up_front(offer.plan, offer.term))
        })
        .map(|offer| (*offer).clone())
        .ok_or_else(not_offered)
}

/// One group of a cart, as it came out of checking out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its number, from 0.
    pub number: u32,
    /// The order with its charges, or why there is none.
    pub outcome: Result<(Order, Vec<Charge>), Refusal>,
}

/// Sorts wanted lines into groups that may share one order: those charged in the same cycle, in order of appearance.
pub fn groups(lines: &[Wanted]) -> Vec<(u32, Vec<&Wanted>)> {
    let mut groups: Vec<(BillingCycle, Vec<&Wanted>)> = Vec::new();
    for line in lines {
        match groups.iter_mut().find(|(cycle, _)| *cycle == line.cycle) {
            Some((_, members)) => members.push(line),
            None => groups.push((line.cycle, vec![line])),
        }
    }
    (0..).zip(groups.into_iter().map(|(_, members)| members)).collect()
}

/// Turns wanted lines into orders with their charges. Groups succeed or fail one by one.
///
/// `next_id` hands out fresh ids; it is given, because the rules roll no dice.
///
/// # Errors
/// When nothing at all may be bought: no lines, or a precondition of [`Buyer::may_buy`].
pub fn check_out(
    lines: &[Wanted],
    cart: Option<CartId>,
    buyer: &Buyer,
    listings: &[Listing],
    now: Timestamp,
    next_id: &mut impl FnMut() -> Uuid,
) -> Result<Vec<Group>, Refusal> {
    if lines.is_empty() {
        return Err(Refusal::CartEmpty);
    }
    buyer.may_buy(utc_date(now))?;
    Ok(groups(lines)
        .into_iter()
        .map(|(number, members)| Group {
            number,
            outcome: place(&members, cart.map(|cart| (cart, number)), buyer, listings, now, next_id),
        })
        .collect())
}

fn place(
    wanted: &[&Wanted],
    cart: Option<(CartId, u32)>,
    buyer: &Buyer,
    listings: &[Listing],
    now: Timestamp,
    next_id: &mut impl FnMut() -> Uuid,
) -> Result<(Order, Vec<Charge>), Refusal> {
    let id = OrderId::new(next_id());
    let mut lines = Vec::with_capacity(wanted.len());
    let mut charges = Vec::with_capacity(wanted.len());
    let mut currency = None;
    for (number, wanted) in (0..).zip(wanted) {
        let offer = buyer.price(wanted, listings, now)?;
        currency = currency.or(Some(offer.unit_price.currency()));
        let subscription = (offer.family == Family::Subscription).then(|| SubscriptionId::new(next_id()));
        let line = OrderLine { subscription, ..order_line(number, wanted, &offer, buyer, now)? };
        charges.push(first_charge(
            ChargeId::new(next_id()),
            id,
            buyer.customer.id,
            (&line, wanted.cycle),
            now,
        )?);
        lines.push(line);
    }
    let currency = currency.ok_or(Refusal::CartEmpty)?;
    let order = Order {
        id,
        customer: buyer.customer.id,
        cart,
        country: buyer.customer.country,
        currency,
        cycle: wanted.first().map_or(BillingCycle::OneTime, |wanted| wanted.cycle),
        placed_at: now,
        po_number: None,
        lines,
    };
    order.total()?;
    Ok((order, charges))
}

fn order_line(
    number: u32,
    wanted: &Wanted,
    offer: &Offer,
    buyer: &Buyer,
    now: Timestamp,
) -> Result<OrderLine, Refusal> {
    let period = match offer.term {
        Term::OneTime => None,
        term => Some(term.period(utc_date(now))?),
    };
    Ok(OrderLine {
        number,
        item: offer.item.clone(),
        title: wanted.friendly_name.clone().unwrap_or_else(|| offer.title.clone()),
        product: offer.product.clone(),
        family: offer.family,
        quantity: wanted.quantity,
        term: offer.term,
        unit_price: offer.unit_price,
        amount: offer.unit_price.extended(wanted.quantity)?,
        includes_tax: buyer.market.price_includes_tax(offer.family),
        period,
        subscription: None,
        reseller: wanted.reseller.clone(),
        state: LineState::Pending,
    })
}

fn first_charge(
    id: ChargeId,
    order: OrderId,
    customer: CustomerId,
    (line, cycle): (&OrderLine, BillingCycle),
    now: Timestamp,
) -> Result<Charge, Refusal> {
    let effective: Decimal = line.unit_price.value();
    let cycles = line.period.map(|period| Cycles::new(period, line.term, cycle).nth(0)).transpose()?;
    Ok(Charge {
        id,
        customer,
        order,
        line: line.number,
        kind: ChargeKind::New,
        unit_price: line.unit_price,
        effective_unit_price: effective,
        quantity: line.quantity,
        amount: line.amount,
        includes_tax: line.includes_tax,
        period: cycles.flatten(),
        term: line.period,
        booked_at: now,
        reverses: None,
        returned: None,
    })
}
