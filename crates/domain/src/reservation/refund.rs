//! Giving a reservation back, or exchanging it: what it is still worth, the fee, and how much comes back in a year (rule 7.8).
//!
//! Never here: buying what it is exchanged for.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{Kind, Reservation};
use crate::calendar::{CalendarError, Period, end_of_day, start_of_day, utc_date};
use crate::cancellation::OpenUntil;
use crate::charge::{Charge, ChargeKind, left_of};
use crate::ids::{ChargeId, ReservationId};
use crate::money::{Currency, Money, MoneyError, UNIT_PRICE_DECIMALS, UnitPrice};
use crate::policy::Window;
use crate::proration::{Share, by_unit};
use crate::refusal::{Refusal, Undecided};
use uuid::Uuid;

/// Of how many parts a fee of the whole has.
const WHOLE: u16 = 10_000;

/// How reservations are given back, from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefundRule {
    /// The first day of giving back it holds for.
    pub effective_from: Date,
    /// Through so many days after the order nothing is kept.
    pub first_days: u16,
    /// Whether everything comes back in these days; otherwise what is unused.
    pub all_at_first: bool,
    /// What is kept afterwards, in hundredths of a percent of what is unused.
    pub fee: u16,
}

/// How much may come back to one customer, from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefundCap {
    /// The first day of giving back it holds for.
    pub effective_from: Date,
    /// How much of commitments, before any fee.
    pub most: Money,
    /// In how many months that follow each other.
    pub months: u16,
}

impl RefundRule {
    /// The first days after an order.
    ///
    /// # Errors
    /// When they lie beyond the year 9999.
    pub fn first_days(&self, ordered_at: Timestamp) -> Result<OpenUntil, CalendarError> {
        let window = Window::Days(self.first_days);
        Ok(OpenUntil { window, closes_at: window.closes_at(ordered_at)? })
    }

    /// The row that counts on a day.
    pub fn on(rows: &[Self], day: Date) -> Option<&Self> {
        rows.iter().filter(|row| row.effective_from <= day).max_by_key(|row| row.effective_from)
    }
}

impl RefundCap {
    /// The row that counts on a day, in a currency.
    pub fn on(rows: &[Self], currency: Currency, day: Date) -> Option<&Self> {
        let own = rows.iter().filter(|row| row.most.currency() == currency && row.effective_from <= day);
        own.max_by_key(|row| row.effective_from)
    }

    /// Since when what was given back counts.
    ///
    /// # Errors
    /// When that lies before the calendar begins.
    pub fn since(&self, now: Timestamp) -> Result<Timestamp, CalendarError> {
        let day = utc_date(now).checked_sub(jiff::Span::new().months(i32::from(self.months)));
        start_of_day(day.map_err(|_| CalendarError::OutOfRange)?)
    }

    /// Whether so much more may come back after what did.
    ///
    /// # Errors
    /// [`Refusal::RefundCapPassed`], which says how much is left.
    pub fn allows(&self, given: Money, worth: Money) -> Result<Money, Refusal> {
        let left = self.most.plus(given.negated()?)?;
        let left = if left.minor() < 0 { Money::zero(left.currency()) } else { left };
        if worth.minor() > left.minor() {
            return Err(Refusal::RefundCapPassed { worth, left, most: self.most, months: self.months });
        }
        left.plus(worth.negated()?).map_err(Refusal::from)
    }
}

/// What becomes of a reservation that is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Money comes back.
    Refund,
    /// What it is worth goes into another one: nothing is kept, and no cap counts.
    Exchange,
}

/// What comes back of one charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The charge.
    pub charge: Charge,
    /// The price of one it is reckoned with: what was paid, or what it costs now where that is less.
    pub unit_price: UnitPrice,
    /// The unused days out of those paid for; none where all of it comes back.
    pub share: Option<Share>,
    /// What is unused.
    pub worth: Money,
    /// What is kept of it.
    pub fee: Money,
}

/// What giving a reservation back comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// Charge by charge.
    pub parts: Vec<Part>,
    /// How many are given back.
    pub quantity: u32,
    /// The row it is reckoned by.
    pub rule: RefundRule,
    /// What is unused.
    pub worth: Money,
    /// What is kept of it.
    pub fee: Money,
    /// What comes back.
    pub credit: Money,
    /// Until when it stays what it is, unless prices or rows change: days that are used up cost.
    pub holds_until: Timestamp,
}

/// How many of a reservation are given back, when and how.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// How many; at least one.
    pub quantity: u32,
    /// How.
    pub way: Way,
    /// When it was ordered.
    pub ordered_at: Timestamp,
    /// Whether it was taken in exchange: then it has no first days of its own, and an exchange saves no fee.
    pub exchanged: bool,
    /// When it is given back.
    pub now: Timestamp,
    /// What one costs now, where it is still sold as it was: in the same currency, with tax in it or not.
    pub price_now: Option<UnitPrice>,
}

/// What is kept of a sum, half a cent upwards.
fn fee_on(worth: Money, rule: &RefundRule) -> Result<Money, MoneyError> {
    let part = worth.decimal().checked_mul(Decimal::from(rule.fee));
    let kept = part.and_then(|own| own.checked_div(Decimal::from(WHOLE))).ok_or(MoneyError::Overflow)?;
    Money::half_up(kept, worth.currency())
}

/// What comes back of a reservation. `charges` are those of its order.
///
/// # Errors
/// When its type is not known or never given back, part of the line was credited before, or nothing of it is unused.
pub fn refund(
    own: &Reservation,
    kind: Option<Kind>,
    charges: &[Charge],
    rule: &RefundRule,
    wish: &Wish,
) -> Result<Refund, Refusal> {
    let kind = kind.ok_or(Refusal::NeedsRequest { why: Undecided::TypeUnknown })?;
    if !kind.is_given_back() {
        return Err(Refusal::NeverGivenBack { kind });
    }
    let line: Vec<&Charge> = charges.iter().filter(|charge| charge.line == own.line).collect();
    if line.iter().any(|charge| charge.kind == ChargeKind::CustomerCredit) {
        return Err(Refusal::NeedsRequest { why: Undecided::CreditedBefore });
    }
    let first_days = rule.first_days(wish.ordered_at)?;
    let first = !first_days.is_over(wish.now) && !wish.exchanged;
    let whole = wish.way == Way::Refund && first && rule.all_at_first;
    let mut parts = Vec::new();
    for charge in
        line.into_iter().filter(|charge| !charge.kind.is_credit() && charge.term == Some(own.period))
    {
        let Some(period) = charge.period else { continue };
        let share = Some(unused(period, wish.now)).filter(|own| !whole && own.part < own.whole);
        if share.is_some_and(|own| own.part == 0) {
            continue;
        }
        let paid = charge.unit_price;
        let cheaper = |now: &UnitPrice| now.currency() == paid.currency() && now.value() < paid.value();
        let unit_price = match wish.way {
            Way::Refund if !whole => wish.price_now.filter(cheaper).unwrap_or(paid),
            Way::Refund | Way::Exchange => paid,
        };
        let reckoned = match share {
            Some(share) => by_unit(unit_price, share, wish.quantity)?,
            None => unit_price.extended(wish.quantity)?,
        };
        let left = left_of(charge, charges)?;
        let worth = if left.minor() < reckoned.minor() { left } else { reckoned };
        let fee = match wish.way {
            Way::Refund if !first => fee_on(worth, rule)?,
            Way::Refund | Way::Exchange => Money::zero(worth.currency()),
        };
        parts.push(Part { charge: charge.clone(), unit_price, share, worth, fee });
    }
    let currency = parts.first().map(|part| part.worth.currency()).ok_or(Refusal::AlreadyCancelled)?;
    let worth = Money::sum(currency, parts.iter().map(|part| part.worth))?;
    let fee = Money::sum(currency, parts.iter().map(|part| part.fee))?;
    let credit = worth.plus(fee.negated()?)?;
    let holds_until = if whole { first_days.closes_at } else { end_of_day(utc_date(wish.now))? };
    Ok(Refund { parts, quantity: wish.quantity, rule: *rule, worth, fee, credit, holds_until })
}

/// The unused days of a period, out of all its days; the day itself counts as unused, both ends are inclusive.
fn unused(period: Period, now: Timestamp) -> Share {
    Share { part: period.days_from(utc_date(now)), whole: period.days() }
}

impl Refund {
    /// The currency of it.
    pub const fn currency(&self) -> Currency {
        self.worth.currency()
    }

    /// The credits to book for the reservation that is given back. `next_id` hands out fresh ids.
    ///
    /// # Errors
    /// When a sum does not fit.
    pub fn booked(
        &self,
        given: ReservationId,
        now: Timestamp,
        next_id: &mut impl FnMut() -> Uuid,
    ) -> Result<Vec<Charge>, Refusal> {
        let mut list = Vec::new();
        for part in &self.parts {
            let credit = part.worth.plus(part.fee.negated()?)?;
            if credit.minor() == 0 {
                continue;
            }
            let each = credit.decimal().checked_div(Decimal::from(self.quantity)).unwrap_or_default();
            list.push(Charge {
                id: ChargeId::new(next_id()),
                kind: ChargeKind::CancelImmediate,
                effective_unit_price: each.round_dp(UNIT_PRICE_DECIMALS),
                quantity: self.quantity,
                amount: credit.negated()?,
                booked_at: now,
                reverses: Some(part.charge.id),
                returned: Some(given),
                ..part.charge.clone()
            });
        }
        Ok(list)
    }
}

/// Whether one may be exchanged for another: of the same type, and for at least what the old one is worth.
///
/// # Errors
/// What is not so.
pub fn exchangeable(
    (from, to): (Option<Kind>, Option<Kind>),
    (worth, commitment): (Money, Money),
) -> Result<(), Refusal> {
    if let Some(kind) = to.filter(|kind| !kind.is_given_back()) {
        return Err(Refusal::NeverGivenBack { kind });
    }
    if from.is_none() || from != to {
        return Err(Refusal::ExchangeOtherType { from, to });
    }
    // A sum checks that both are of one currency.
    let more = commitment.plus(worth.negated()?)?;
    if more.minor() < 0 {
        return Err(Refusal::ExchangeTooSmall { worth, commitment });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{CustomerId, OrderId};
    use jiff::civil::date;
    use proptest::prelude::*;

    fn usd(minor: i64) -> Money {
        Money::new(minor, "USD".parse().unwrap())
    }

    fn price(text: &str) -> UnitPrice {
        UnitPrice::parse(text, "USD".parse().unwrap()).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    const VM: Option<Kind> = Some(Kind::VirtualMachines);
    const EARLY: RefundRule =
        RefundRule { effective_from: date(2018, 9, 1), first_days: 5, all_at_first: true, fee: 12_00 };

    fn bought(quantity: u32, unit: &str) -> (Reservation, Vec<Charge>) {
        let (customer, order) = (CustomerId::new(Uuid::from_u128(2)), OrderId::new(Uuid::from_u128(3)));
        let period = Period { first: date(2020, 1, 24), last: date(2021, 1, 23) };
        let own = Reservation {
            id: ReservationId::new(Uuid::from_u128(1)),
            customer,
            order,
            line: 0,
            title: "Standard_D4s_v3, North Europe".into(),
            name: "Web servers".into(),
            quantity,
            applies_to: None,
            bought_on: None,
            period,
            made_at: Some(at("2020-01-24T10:00:00Z")),
            replaced_at: None,
            returned_at: None,
        };
        let charge = Charge {
            id: ChargeId::new(Uuid::from_u128(10)),
            customer,
            order,
            line: 0,
            kind: ChargeKind::New,
            unit_price: price(unit),
            effective_unit_price: price(unit).value(),
            quantity,
            amount: price(unit).extended(quantity).unwrap(),
            includes_tax: false,
            period: Some(period),
            term: Some(period),
            booked_at: at("2020-01-24T10:00:00Z"),
            reverses: None,
            returned: None,
        };
        (own, vec![charge])
    }

    fn wish(quantity: u32, way: Way, now: &str) -> Wish {
        Wish {
            quantity,
            way,
            ordered_at: at("2020-01-24T10:00:00Z"),
            exchanged: false,
            now: at(now),
            price_now: None,
        }
    }

    #[test]
    fn the_first_five_days_give_all_back_and_later_a_fee_is_kept() {
        let (own, charges) = bought(3, "1000.00");
        let on = |now: &str, rule: &RefundRule| {
            let own = refund(&own, VM, &charges, rule, &wish(3, Way::Refund, now)).unwrap();
            (own.worth.minor(), own.fee.minor(), own.credit.minor())
        };
        assert_eq!(on("2020-01-29T23:59:59.999Z", &EARLY), (3000_00, 0, 3000_00));
        // trunc2(1000.00 * 360 / 366 = 983.606557) * 3, and 12 % of it half up
        assert_eq!(on("2020-01-30T00:00:00Z", &EARLY), (2950_80, 354_10, 2596_70));
        // Where the first days are prorated too, and no fee is charged.
        let later = RefundRule { all_at_first: false, fee: 0, ..EARLY };
        assert_eq!(on("2020-01-29T23:59:59Z", &later), (2950_80 + 8_19, 0, 2950_80 + 8_19));
        assert_eq!(on("2020-01-30T00:00:00Z", &later), (2950_80, 0, 2950_80));
        // The last day is still worth something; then the term is over.
        assert_eq!(on("2021-01-23T12:00:00Z", &EARLY), (2_73 * 3, 98, 2_73 * 3 - 98));
        let over = refund(&own, VM, &charges, &EARLY, &wish(3, Way::Refund, "2021-01-24T00:00:00Z"));
        assert_eq!(over, Err(Refusal::AlreadyCancelled));
    }

    #[test]
    fn what_costs_less_now_comes_back_at_that_price_and_is_exchanged_at_what_was_paid() {
        let (own, charges) = bought(2, "1000.00");
        let with = |way, now: &str| {
            let own_wish = Wish { price_now: Some(price(now)), ..wish(2, way, "2020-07-25T10:00:00Z") };
            refund(&own, VM, &charges, &EARLY, &own_wish).unwrap()
        };
        // In the first days everything comes back, whatever it costs now; what was taken in exchange has none.
        let early = Wish { price_now: Some(price("800.00")), ..wish(2, Way::Refund, "2020-01-25T10:00:00Z") };
        assert_eq!(refund(&own, VM, &charges, &EARLY, &early).unwrap().credit, usd(2000_00));
        let taken =
            refund(&own, VM, &charges, &EARLY, &Wish { exchanged: true, price_now: None, ..early }).unwrap();
        // trunc2(1000.00 * 365 / 366 = 997.267759) * 2, and 12 % of it half up
        assert_eq!((taken.worth, taken.fee), (usd(1994_52), usd(239_34)));
        // 183 of 366 days
        assert_eq!(with(Way::Refund, "800.00").worth, usd(800_00));
        assert_eq!(with(Way::Refund, "1200.00").worth, usd(1000_00));
        let exchanged = with(Way::Exchange, "800.00");
        assert_eq!((exchanged.worth, exchanged.fee), (usd(1000_00), usd(0)));
    }

    #[test]
    fn what_was_credited_or_is_of_a_type_that_never_comes_back_is_refused() {
        let (own, mut charges) = bought(2, "1000.00");
        let now = "2020-02-25T10:00:00Z";
        for kind in Kind::ALL {
            let given = refund(&own, Some(kind), &charges, &EARLY, &wish(1, Way::Refund, now));
            assert_eq!(given.is_ok(), kind.is_given_back(), "{kind}");
            assert_eq!(kind.as_str().to_lowercase().parse(), Ok(kind));
        }
        let next_id = &mut || Uuid::from_u128(77);
        charges.extend(crate::charge::exceptional_credit(&charges, 0, usd(5_00), at(now), next_id).unwrap());
        let unknown = Err(Refusal::NeedsRequest { why: Undecided::TypeUnknown });
        assert_eq!(refund(&own, None, &charges, &EARLY, &wish(1, Way::Refund, now)), unknown);
        let undecided = Refusal::NeedsRequest { why: Undecided::CreditedBefore };
        assert_eq!(refund(&own, VM, &charges, &EARLY, &wish(1, Way::Refund, now)), Err(undecided));
    }

    #[test]
    fn the_cap_says_how_much_is_left_and_counts_by_the_day() {
        let cap = RefundCap { effective_from: date(2018, 9, 1), most: usd(50_000_00), months: 12 };
        assert_eq!(cap.allows(usd(49_000_00), usd(1_000_00)), Ok(usd(0)));
        let passed = |given, worth, left| {
            let expected =
                Refusal::RefundCapPassed { worth: usd(worth), left: usd(left), most: cap.most, months: 12 };
            assert_eq!(cap.allows(usd(given), usd(worth)), Err(expected));
        };
        passed(49_000_00, 1_000_01, 1_000_00);
        passed(60_000_00, 1, 0);
        assert_eq!(cap.since(at("2020-02-29T10:00:00Z")).unwrap(), at("2019-02-28T00:00:00Z"));
        let eur = RefundCap { most: Money::new(1, "EUR".parse().unwrap()), ..cap };
        let newer = RefundCap { effective_from: date(2020, 3, 1), ..cap };
        let rows = [eur, newer, cap];
        assert_eq!(RefundCap::on(&rows, cap.most.currency(), date(2020, 2, 29)), Some(&cap));
        assert_eq!(RefundCap::on(&rows, cap.most.currency(), date(2020, 3, 1)), Some(&newer));
        assert_eq!(RefundCap::on(&rows, "SEK".parse().unwrap(), date(2020, 3, 1)), None);
    }

    #[test]
    fn one_is_exchanged_for_the_same_type_and_no_less() {
        let (vm, sql) = (Some(Kind::VirtualMachines), Some(Kind::SqlDatabases));
        let sums = (usd(1_000_00), usd(1_000_00));
        assert_eq!(exchangeable((vm, vm), sums), Ok(()));
        for (from, to) in [(vm, sql), (None, vm), (vm, None), (None, None)] {
            assert_eq!(exchangeable((from, to), sums), Err(Refusal::ExchangeOtherType { from, to }));
        }
        let less = (usd(1_000_00), usd(999_99));
        let small = Refusal::ExchangeTooSmall { worth: less.0, commitment: less.1 };
        assert_eq!(exchangeable((vm, vm), less), Err(small));
        let never = Err(Refusal::NeverGivenBack { kind: Kind::Databricks });
        assert_eq!(exchangeable((vm, Some(Kind::Databricks)), sums), never);
    }

    proptest! {
        #[test]
        fn parts_given_back_one_after_the_other_never_pass_what_was_paid(
            quantity in 1_u32..40,
            cents in 1_i64..5_000_000,
            days in proptest::collection::vec(0_i64..400, 1..8),
            parts in proptest::collection::vec(1_u32..20, 1..8),
            fee in 0_u16..=10_000,
        ) {
            let unit = Decimal::new(cents, 2).to_string();
            let (whole, mut charges) = bought(quantity, &unit);
            let rule = RefundRule { fee, ..EARLY };
            let mut left = quantity;
            let mut number = 100_u128;
            let mut days = days;
            days.sort_unstable();
            for (day, part) in days.into_iter().zip(parts) {
                let part = part.min(left);
                if part == 0 {
                    break;
                }
                let now = at("2020-01-24T12:00:00Z").checked_add(jiff::SignedDuration::from_hours(day * 24)).unwrap();
                let own = Reservation { quantity: part, ..whole.clone() };
                let way = if day % 2 == 0 { Way::Refund } else { Way::Exchange };
                let Ok(given) = refund(&own, VM, &charges, &rule, &Wish { now, ..wish(part, way, "2020-01-24T12:00:00Z") }) else { break };
                prop_assert_eq!(given.credit.minor(), given.worth.minor() - given.fee.minor());
                prop_assert!(given.fee.minor() >= 0 && given.credit.minor() >= 0);
                let booked = given.booked(whole.id, now, &mut || { number += 1; Uuid::from_u128(number) }).unwrap();
                let back: i64 = booked.iter().map(|own| own.amount.minor()).sum();
                prop_assert_eq!(-back, given.credit.minor(), "preview and booking");
                charges.extend(booked);
                left -= part;
            }
            let balance: i64 = charges.iter().map(|own| own.amount.minor()).sum();
            prop_assert!(balance >= 0, "more came back than was paid");
        }
    }
}
