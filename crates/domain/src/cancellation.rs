//! Giving a purchase back: the window, the quote, and the credit (rules 7.1, 7.2 and 7.6).
//!
//! The quote shown before and the credit booked after are one computation, so they cannot differ. Never here: revoking
//! keys (see `key`), tax on the credit, reservations (they go by support request).

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::calendar::{CalendarError, Period, end_of_day, start_of_day, utc_date};
use crate::catalog::Family;
use crate::charge::{Charge, ChargeKind, left_of};
use crate::ids::ChargeId;
use crate::money::Money;
use crate::order::{LineState, Order, OrderLine};
use crate::policy::{CancellationRule, Credit, PolicyBook, Window};
use crate::proration::{Share, by_unit};
use crate::refusal::{Refusal, Undecided};

/// The window of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenUntil {
    /// How long it is.
    pub window: Window,
    /// Its last instant.
    pub closes_at: Timestamp,
}

impl OpenUntil {
    /// Whether it is over: a window of days lasts through the end of its last UTC day, one of hours to the instant.
    pub fn is_over(self, now: Timestamp) -> bool {
        match self.window {
            Window::Days(_) => utc_date(now) > utc_date(self.closes_at),
            Window::Hours(_) => now > self.closes_at,
        }
    }

    /// Whole days left after today; zero on the last day (rule 7.2).
    pub fn days_left(self, now: Timestamp) -> i64 {
        let span = utc_date(self.closes_at) - utc_date(now);
        i64::from(span.get_days()).max(0)
    }
}

/// The window of a family ordered at `placed_at`; none when it can never be given back.
///
/// # Errors
/// When the end of the window lies beyond the calendar.
pub fn window(book: &PolicyBook, family: Family, placed_at: Timestamp) -> Result<Option<OpenUntil>, Refusal> {
    let Some(rule) = book.cancellation(family, utc_date(placed_at)) else {
        return Ok(None);
    };
    Ok(Some(OpenUntil { window: rule.window, closes_at: rule.window.closes_at(placed_at)? }))
}

/// The same for a line as it runs: a term that renewed has a window of its own where windows are in hours; where they are in
/// days, the order's counts (rule 7.1).
///
/// # Errors
/// When the end of the window lies beyond the calendar.
pub fn window_of(book: &PolicyBook, order: &Order, line: &OrderLine) -> Result<Option<OpenUntil>, Refusal> {
    running_window(book, line.family, order.placed_at, line.period)
}

/// The same for what runs through `period` and was ordered at `placed_at`.
///
/// # Errors
/// When the end of the window lies beyond the calendar.
pub fn running_window(
    book: &PolicyBook,
    family: Family,
    placed_at: Timestamp,
    period: Option<Period>,
) -> Result<Option<OpenUntil>, Refusal> {
    let Some((rule, from)) = rule_of(book, family, placed_at, period)? else { return Ok(None) };
    Ok(Some(OpenUntil { window: rule.window, closes_at: rule.window.closes_at(from)? }))
}

/// The rule a line is given back by, and from when its window counts.
fn rule_of(
    book: &PolicyBook,
    family: Family,
    placed_at: Timestamp,
    period: Option<Period>,
) -> Result<Option<(&CancellationRule, Timestamp)>, Refusal> {
    let renewed = period.map(|own| own.first).filter(|first| *first > utc_date(placed_at));
    if let Some(first) = renewed
        && let Some(rule) =
            book.cancellation(family, first).filter(|own| matches!(own.window, Window::Hours(_)))
    {
        return Ok(Some((rule, start_of_day(first)?)));
    }
    Ok(book.cancellation(family, utc_date(placed_at)).map(|rule| (rule, placed_at)))
}

/// How one line's credit came about, so that it can be explained to the cent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineCredit {
    /// The line.
    pub line: u32,
    /// The charge that is taken back.
    pub charge: Charge,
    /// The policy row it is given back by.
    pub rule: CancellationRule,
    /// The unused days out of the days paid for; none when everything comes back.
    pub share: Option<Share>,
    /// The price of one unit given back, before it is cut to cents.
    pub effective_unit_price: Decimal,
    /// What comes back, above zero.
    pub amount: Money,
}

/// What cancelling would give back, line by line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Until when it can be done: the first window to close.
    pub closes_at: Timestamp,
    /// Until when the credit stays what it is, unless the order or the policies change: days that are used up cost.
    pub holds_until: Timestamp,
    /// The lines that would be cancelled.
    pub lines: Vec<u32>,
    /// Where the credit comes from.
    pub credits: Vec<LineCredit>,
    /// What comes back in all, above zero.
    pub total: Money,
}

/// An order after cancelling, with the credits to book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancelled {
    /// The order with its lines cancelled.
    pub order: Order,
    /// The lines that were cancelled just now.
    pub lines: Vec<u32>,
    /// The credits, as charges below zero.
    pub credits: Vec<Charge>,
}

/// What cancelling `lines` of an order at `now` would give back; no lines means the whole order.
///
/// # Errors
/// The first reason why it cannot be cancelled: unknown line, all cancelled already, still being fulfilled, a family
/// that is never given back, a window that is over, or an exceptional credit before (rule 7.7).
pub fn quote(
    order: &Order,
    charges: &[Charge],
    lines: Option<&[u32]>,
    now: Timestamp,
    book: &PolicyBook,
) -> Result<Quote, Refusal> {
    let chosen = chosen_lines(order, lines)?;
    let mut closes_at: Option<Timestamp> = None;
    let mut changes_at: Option<Timestamp> = None;
    let mut credits = Vec::new();
    for line in &chosen {
        let (rule, from) = rule_of(book, line.family, order.placed_at, line.period)?
            .ok_or(Refusal::NotCancellable { family: line.family })?;
        if matches!(line.state, LineState::Pending) {
            return Err(Refusal::OrderInProgress);
        }
        let closed_at = rule.window.closes_at(from)?;
        if (OpenUntil { window: rule.window, closes_at: closed_at }).is_over(now) {
            return Err(Refusal::WindowClosed { window: rule.window, closed_at });
        }
        closes_at = Some(closes_at.map_or(closed_at, |earlier| earlier.min(closed_at)));
        for charge in charges_to_take_back(charges, line) {
            let credit = line_credit(charge, (rule, from), now)?;
            let changes = next_change(charge, (rule, from), now)?;
            changes_at = changes_at.into_iter().chain(changes).min();
            // A cycle that was used up pays for nothing any more.
            if credit.share.is_some_and(|share| share.part == 0) {
                continue;
            }
            // Never more than the rest, whatever was credited before.
            let left = left_of(charge, charges)?;
            let amount = if left.minor() < credit.amount.minor() { left } else { credit.amount };
            credits.push(LineCredit { amount, ..credit });
        }
    }
    if charges.iter().any(|charge| charge.kind == ChargeKind::CustomerCredit) {
        return Err(Refusal::NeedsRequest { why: Undecided::CreditedBefore });
    }
    let total = Money::sum(order.currency, credits.iter().map(|credit| credit.amount))?;
    let closes_at = closes_at.ok_or(Refusal::AlreadyCancelled)?;
    let holds_until = changes_at.map_or(closes_at, |earlier| earlier.min(closes_at));
    Ok(Quote {
        closes_at,
        holds_until,
        lines: chosen.iter().map(|line| line.number).collect(),
        credits,
        total,
    })
}

/// Cancels lines of an order: exactly what [`quote`] promised. `next_id` hands out fresh ids.
///
/// # Errors
/// Those of [`quote`].
pub fn cancel(
    mut order: Order,
    charges: &[Charge],
    lines: Option<&[u32]>,
    now: Timestamp,
    book: &PolicyBook,
    next_id: &mut impl FnMut() -> Uuid,
) -> Result<Cancelled, Refusal> {
    let quote = quote(&order, charges, lines, now, book)?;
    for line in order.lines.iter_mut().filter(|line| quote.lines.contains(&line.number)) {
        line.state = LineState::Cancelled { at: now };
    }
    let credits = quote
        .credits
        .into_iter()
        .filter(|credit| credit.amount.minor() != 0)
        .map(|credit| {
            Ok(Charge {
                id: ChargeId::new(next_id()),
                kind: ChargeKind::CancelImmediate,
                effective_unit_price: credit.effective_unit_price,
                amount: credit.amount.negated()?,
                booked_at: now,
                reverses: Some(credit.charge.id),
                ..credit.charge
            })
        })
        .collect::<Result<Vec<Charge>, Refusal>>()?;
    Ok(Cancelled { order, lines: quote.lines, credits })
}

/// The lines meant: those named, or all that live.
fn chosen_lines<'a>(order: &'a Order, lines: Option<&[u32]>) -> Result<Vec<&'a OrderLine>, Refusal> {
    let mut chosen = match lines {
        None => order.lines.iter().collect::<Vec<_>>(),
        Some(numbers) => numbers.iter().map(|number| order.line(*number)).collect::<Result<Vec<_>, _>>()?,
    };
    chosen.sort_by_key(|line| line.number);
    chosen.dedup_by_key(|line| line.number);
    chosen.retain(|line| !matches!(line.state, LineState::Cancelled { .. }));
    if chosen.is_empty() { Err(Refusal::AlreadyCancelled) } else { Ok(chosen) }
}

/// The charges of a line's running term that no cancellation took back yet; part of them may have been credited.
fn charges_to_take_back<'a>(charges: &'a [Charge], line: &OrderLine) -> impl Iterator<Item = &'a Charge> {
    let (number, term) = (line.number, line.period);
    charges.iter().filter(move |charge| {
        charge.line == number
            && charge.term == term
            && !charge.kind.is_credit()
            && !charges
                .iter()
                .any(|other| other.reverses == Some(charge.id) && other.kind == ChargeKind::CancelImmediate)
    })
}

fn line_credit(
    charge: &Charge,
    (rule, from): (&CancellationRule, Timestamp),
    now: Timestamp,
) -> Result<LineCredit, Refusal> {
    let full = LineCredit {
        line: charge.line,
        charge: charge.clone(),
        rule: *rule,
        share: None,
        effective_unit_price: charge.unit_price.value(),
        amount: charge.amount,
    };
    let (Some(period), Credit::Prorated { cancel_day_unused, full_within_hours }) =
        (charge.period, rule.credit)
    else {
        return Ok(full);
    };
    if grace(full_within_hours, from)?.is_some_and(|until| now <= until) {
        return Ok(full);
    }
    let share = unused(period, now, cancel_day_unused)?;
    if share.part >= share.whole {
        return Ok(full);
    }
    Ok(LineCredit {
        share: Some(share),
        effective_unit_price: share.of(charge.unit_price)?,
        amount: by_unit(charge.unit_price, share, charge.quantity)?,
        ..full
    })
}

/// Until when all of it comes back, where some hours cost nothing.
fn grace(hours: u16, from: Timestamp) -> Result<Option<Timestamp>, Refusal> {
    if hours == 0 {
        return Ok(None);
    }
    let until = from.checked_add(SignedDuration::from_hours(i64::from(hours)));
    until.map(Some).map_err(|_| CalendarError::OutOfRange.into())
}

/// The last instant at which a charge gives back what it does at `now`: the end of the hours that cost nothing, or of the
/// day; none where it is the same for as long as the window is open.
fn next_change(
    charge: &Charge,
    (rule, from): (&CancellationRule, Timestamp),
    now: Timestamp,
) -> Result<Option<Timestamp>, Refusal> {
    let (Some(_), Credit::Prorated { full_within_hours, .. }) = (charge.period, rule.credit) else {
        return Ok(None);
    };
    if let Some(until) = grace(full_within_hours, from)?.filter(|until| now <= *until) {
        return Ok(Some(until));
    }
    Ok(Some(end_of_day(utc_date(now))?))
}

/// The unused days of a period at `now`, out of all its days; both ends inclusive.
fn unused(period: Period, now: Timestamp, cancel_day_unused: bool) -> Result<Share, Refusal> {
    let today = utc_date(now);
    let from =
        if cancel_day_unused { today } else { today.tomorrow().map_err(|_| CalendarError::OutOfRange)? };
    Ok(Share { part: period.days_from(from), whole: period.days() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{BillingCycle, Term};
    use crate::ids::{CustomerId, OrderId};
    use crate::money::UnitPrice;
    use crate::policy::Profile;
    use jiff::ToSpan;
    use jiff::civil::{Date, date};
    use proptest::prelude::*;

    struct Line {
        family: Family,
        term: Term,
        quantity: u32,
        price: &'static str,
    }

    const fn year(quantity: u32, price: &'static str) -> Line {
        Line { family: Family::Subscription, term: Term::Year, quantity, price }
    }

    const fn three_years(quantity: u32, price: &'static str) -> Line {
        Line { family: Family::Subscription, term: Term::ThreeYears, quantity, price }
    }

    const fn perpetual(quantity: u32, price: &'static str) -> Line {
        Line { family: Family::Perpetual, term: Term::OneTime, quantity, price }
    }

    fn ordered(at: &str, lines: &[Line]) -> (Order, Vec<Charge>) {
        let placed_at: Timestamp = at.parse().unwrap();
        let (id, customer) = (OrderId::new(Uuid::from_u128(1)), CustomerId::new(Uuid::from_u128(2)));
        let lines: Vec<OrderLine> = (0..)
            .zip(lines)
            .map(|(number, line)| {
                let unit_price = UnitPrice::parse(line.price, "USD".parse().unwrap()).unwrap();
                OrderLine {
                    number,
                    item: "DG7GMGF0FKZV:0003:DG7GMGF0DWMS".parse().unwrap(),
                    title: "software".into(),
                    product: ("Software".into(), "Maker".into()),
                    family: line.family,
                    quantity: line.quantity,
                    term: line.term,
                    unit_price,
                    amount: unit_price.extended(line.quantity).unwrap(),
                    includes_tax: false,
                    period: line.term.period(utc_date(placed_at)).ok(),
                    subscription: None,
                    reseller: None,
                    state: LineState::Fulfilled { at: placed_at },
                }
            })
            .collect();
        let charges = lines
            .iter()
            .map(|line| Charge {
                id: ChargeId::new(Uuid::from_u128(100 + u128::from(line.number))),
                customer,
                order: id,
                line: line.number,
                kind: ChargeKind::New,
                unit_price: line.unit_price,
                effective_unit_price: line.unit_price.value(),
                quantity: line.quantity,
                amount: line.amount,
                includes_tax: false,
                period: line.period,
                term: line.period,
                booked_at: placed_at,
                reverses: None,
                returned: None,
            })
            .collect();
        let order = Order {
            id,
            customer,
            cart: None,
            country: "US".parse().unwrap(),
            currency: "USD".parse().unwrap(),
            cycle: BillingCycle::OneTime,
            placed_at,
            po_number: None,
            lines,
        };
        (order, charges)
    }

    fn book() -> PolicyBook {
        PolicyBook::published(Profile::DEFAULT)
    }

    fn credit(at: &str, line: Line, cancelled: &str) -> i64 {
        let (order, charges) = ordered(at, &[line]);
        quote(&order, &charges, None, cancelled.parse().unwrap(), &book()).unwrap().total.minor()
    }

    #[test]
    fn a_renewed_term_has_a_window_of_its_own_where_windows_are_in_hours() {
        let (mut order, mut charges) = ordered("2022-02-01T10:00:00Z", &[year(1, "365.00")]);
        let renewed = Term::Year.period(date(2023, 2, 1)).unwrap();
        let first = charges[0].clone();
        let id = ChargeId::new(Uuid::from_u128(900));
        charges.push(Charge {
            id,
            kind: ChargeKind::Renew,
            period: Some(renewed),
            term: Some(renewed),
            ..first
        });
        order.lines[0].period = Some(renewed);
        let hours = PolicyBook::published(Profile::Y2023);
        let at = |text: &str| quote(&order, &charges, None, text.parse().unwrap(), &hours);
        let own = at("2023-02-03T12:00:00Z").unwrap();
        assert_eq!(own.closes_at.to_string(), "2023-02-08T00:00:00Z", "168 hours from the new term");
        assert_eq!(own.credits.len(), 1, "the term that is over pays for itself");
        assert_eq!(own.credits[0].charge.id, id);
        assert!(matches!(at("2023-02-08T00:00:01Z"), Err(Refusal::WindowClosed { .. })));
        // Where windows are in days the order's counts, and its term's renewal opens none.
        let (mut order, charges) = ordered("2020-02-01T10:00:00Z", &[year(1, "365.00")]);
        order.lines[0].period = Term::Year.period(date(2021, 2, 1)).ok();
        let late = quote(&order, &charges, None, "2021-02-02T10:00:00Z".parse().unwrap(), &book());
        assert!(matches!(late, Err(Refusal::WindowClosed { window: Window::Days(60), .. })), "{late:?}");
    }

    #[test]
    fn after_an_exceptional_credit_the_operator_decides() {
        let (order, mut charges) =
            ordered("2020-02-01T10:00:00Z", &[perpetual(1, "100.00"), perpetual(1, "50.00")]);
        let at: Timestamp = "2020-02-02T10:00:00Z".parse().unwrap();
        let amount = Money::new(30_00, order.currency);
        let next_id = &mut || Uuid::from_u128(900);
        charges.extend(crate::charge::exceptional_credit(&charges, 0, amount, at, next_id).unwrap());
        let undecided = Refusal::NeedsRequest { why: Undecided::CreditedBefore };
        for lines in [None, Some(&[0][..]), Some(&[1][..])] {
            assert_eq!(quote(&order, &charges, lines, at, &book()), Err(undecided.clone()));
        }
        // A window that is over is said first: asking helps only as an exception.
        let late = "2022-02-02T10:00:00Z".parse().unwrap();
        assert!(matches!(quote(&order, &charges, None, late, &book()), Err(Refusal::WindowClosed { .. })));
    }

    #[test]
    fn a_quote_says_until_when_its_credit_stays() {
        let bought = "2022-02-01T10:00:00Z";
        let holds = |lines: &[Line], now: &str, profile| {
            let (order, charges) = ordered(bought, lines);
            let at = |now: Timestamp| quote(&order, &charges, None, now, &PolicyBook::published(profile));
            let own = at(now.parse().unwrap()).unwrap();
            assert_eq!(at(own.holds_until).unwrap().total, own.total, "at {}", own.holds_until);
            let after = at(own.holds_until.checked_add(1.second()).unwrap());
            assert_ne!(after.map(|own| own.total), Ok(own.total), "after {}", own.holds_until);
            own.holds_until.to_string()
        };
        let (forever, year) = ([perpetual(1, "100")], [year(1, "365")]);
        let noon = "2022-02-01T12:00:00Z";
        // What gives everything back does so until the window closes; days are used up at midnight.
        assert_eq!(holds(&forever, noon, Profile::DEFAULT), "2022-04-02T23:59:59Z");
        assert_eq!(holds(&year, noon, Profile::DEFAULT), "2022-02-01T23:59:59Z");
        assert_eq!(holds(&year, "2022-02-09T00:00:00Z", Profile::DEFAULT), "2022-02-09T23:59:59Z");
        // Where the first hours cost nothing, they are counted from the order; then days count, and the window's end.
        assert_eq!(holds(&year, noon, Profile::Y2023), "2022-02-02T10:00:00Z");
        assert_eq!(holds(&year, "2022-02-02T10:00:01Z", Profile::Y2023), "2022-02-02T23:59:59Z");
        assert_eq!(holds(&year, "2022-02-08T08:00:00Z", Profile::Y2023), "2022-02-08T10:00:00Z");
        // Of several lines the first to change counts.
        let both = [perpetual(1, "100"), three_years(1, "365")];
        assert_eq!(holds(&both, noon, Profile::DEFAULT), "2022-02-01T23:59:59Z");
    }

    #[test]
    fn golden_cases() {
        // trunc2(1500.00 * 337 / 366 = 1381.147541) * 4
        assert_eq!(credit("2020-02-01T10:00:00Z", year(4, "1500.00"), "2020-03-01T09:00:00Z"), 5524_56);
        // trunc2(3600.00 * 1037 / 1096 = 3406.204380) * 4
        assert_eq!(
            credit("2020-02-01T10:00:00Z", three_years(4, "3600.00"), "2020-03-31T09:00:00Z"),
            13624_80
        );
        // same day: all of it
        assert_eq!(credit("2021-03-08T10:00:00Z", year(10, "1000.00"), "2021-03-08T23:59:59Z"), 10000_00);
        // trunc2(1000.00 * 364 / 365 = 997.260274) * 10
        assert_eq!(credit("2021-03-08T10:00:00Z", year(10, "1000.00"), "2021-03-09T00:00:00Z"), 9972_60);
        // last day: trunc2(2999.99 * 1036 / 1096 = 2835.756971) * 3
        assert_eq!(
            credit("2021-03-08T10:00:00Z", three_years(3, "2999.99"), "2021-05-07T23:59:59Z"),
            8507_25
        );
        // the first published case: trunc2(10.08 * 29 / 31 = 9.42968) * 10
        let month = Line { family: Family::Subscription, term: Term::Month, quantity: 10, price: "10.08" };
        assert_eq!(credit("2021-07-15T00:00:00Z", month, "2021-07-17T12:00:00Z"), 94_20);
        // perpetual: all of it, on the last day too
        assert_eq!(credit("2020-02-01T10:00:00Z", perpetual(3, "119.99"), "2020-04-01T23:59:59Z"), 359_97);
    }

    #[test]
    fn the_window_closes_to_the_second() {
        let (order, charges) = ordered("2020-02-01T10:00:00Z", &[year(4, "1500.00")]);
        let closes_at: Timestamp = "2020-04-01T23:59:59Z".parse().unwrap();
        let at = |now| quote(&order, &charges, None, now, &book());
        assert_eq!(at(closes_at).unwrap().closes_at, closes_at);
        assert!(at(closes_at.checked_add(999.milliseconds()).unwrap()).is_ok());
        assert_eq!(
            at(closes_at.checked_add(1.second()).unwrap()),
            Err(Refusal::WindowClosed { window: Window::Days(60), closed_at: closes_at })
        );
    }

    #[test]
    fn days_left_count_down_to_zero_on_the_last_day() {
        let open =
            window(&book(), Family::Perpetual, "2020-01-24T10:00:00Z".parse().unwrap()).unwrap().unwrap();
        let left = |now: &str| open.days_left(now.parse().unwrap());
        assert_eq!(
            [left("2020-01-24T10:00:00Z"), left("2020-03-23T23:59:59Z"), left("2020-03-24T00:00:00Z")],
            [60, 1, 0]
        );
    }

    #[test]
    fn reservations_and_linux_plans_are_never_given_back() {
        for family in [Family::Reservation, Family::LinuxPlan] {
            let line = Line { family, term: Term::Year, quantity: 1, price: "10" };
            let (order, charges) = ordered("2020-02-01T10:00:00Z", &[perpetual(1, "5"), line]);
            let whole = quote(&order, &charges, None, order.placed_at, &book());
            assert_eq!(whole, Err(Refusal::NotCancellable { family }));
            assert_eq!(
                quote(&order, &charges, Some(&[0]), order.placed_at, &book()).unwrap().total.minor(),
                5_00
            );
        }
    }

    #[test]
    fn lines_go_one_by_one_and_each_only_once() {
        let (order, mut charges) = ordered("2020-02-01T10:00:00Z", &[perpetual(1, "5"), year(2, "100")]);
        let now = order.placed_at;
        let mut count = 1000_u128;
        let mut next_id = || {
            count += 1;
            Uuid::from_u128(count)
        };
        let first = cancel(order, &charges, Some(&[1, 1]), now, &book(), &mut next_id).unwrap();
        assert_eq!(first.lines, [1]);
        assert_eq!(first.order.status(), crate::order::OrderStatus::Completed);
        charges.extend(first.credits);
        assert_eq!(quote(&first.order, &charges, Some(&[1]), now, &book()), Err(Refusal::AlreadyCancelled));
        assert!(matches!(
            quote(&first.order, &charges, Some(&[7]), now, &book()),
            Err(Refusal::LineUnknown { number: 7, count: 2 })
        ));
        let second = cancel(first.order, &charges, None, now, &book(), &mut next_id).unwrap();
        assert_eq!(second.lines, [0]);
        assert_eq!(second.order.status(), crate::order::OrderStatus::Cancelled);
        charges.extend(second.credits);
        assert_eq!(crate::charge::balance("USD".parse().unwrap(), &charges).unwrap().minor(), 0);
    }

    #[test]
    fn a_pending_line_waits() {
        let (mut order, charges) = ordered("2020-02-01T10:00:00Z", &[perpetual(1, "5")]);
        order.lines[0].state = LineState::Pending;
        assert_eq!(quote(&order, &charges, None, order.placed_at, &book()), Err(Refusal::OrderInProgress));
    }

    #[test]
    fn the_later_profile_gives_everything_back_for_a_day_and_closes_to_the_hour() {
        let (order, charges) = ordered("2022-01-01T10:00:00Z", &[year(1, "365.00")]);
        let book = PolicyBook::published(Profile::Y2023);
        let at = |now: &str| {
            quote(&order, &charges, None, now.parse().unwrap(), &book).map(|quote| quote.total.minor())
        };
        assert_eq!(at("2022-01-02T10:00:00Z"), Ok(365_00));
        assert_eq!(at("2022-01-02T10:00:01Z"), Ok(364_00));
        assert_eq!(at("2022-01-08T10:00:00Z"), Ok(358_00));
        assert!(matches!(
            at("2022-01-08T10:00:01Z"),
            Err(Refusal::WindowClosed { window: Window::Hours(168), .. })
        ));
    }

    #[test]
    fn the_other_readings_of_the_rules_are_one_policy_row_away() {
        let (order, charges) = ordered("2021-03-08T10:00:00Z", &[year(10, "1000.00")]);
        let with = |credit| {
            let mut book = book();
            book.cancellation.iter_mut().for_each(|rule| rule.credit = credit);
            quote(&order, &charges, None, "2021-03-10T10:00:00Z".parse().unwrap(), &book)
                .unwrap()
                .total
                .minor()
        };
        assert_eq!(with(Credit::Full), 10000_00);
        // unused from the 10th: 363 of 365; from the 11th: 362 of 365
        assert_eq!(with(Credit::Prorated { cancel_day_unused: true, full_within_hours: 0 }), 9945_20);
        assert_eq!(with(Credit::Prorated { cancel_day_unused: false, full_within_hours: 0 }), 9917_80);
    }

    #[test]
    fn every_start_day_every_term_every_day_of_the_window() {
        for (year, days) in [(2019, 365), (2020, 366)] {
            let mut first = date(year, 1, 1);
            for _ in 0..days {
                for term in [Term::Month, Term::Year, Term::ThreeYears] {
                    credits_shrink(first, term);
                }
                first = first.tomorrow().unwrap();
            }
        }
    }

    fn credits_shrink(first: Date, term: Term) {
        let line = Line { family: Family::Subscription, term, quantity: 7, price: "1234.56" };
        let (order, charges) = ordered(&start_of_day(first).unwrap().to_string(), &[line]);
        let paid = charges[0].amount.minor();
        let mut before = i64::MAX;
        for day in 0..=60 {
            let now = start_of_day(first.checked_add(day.days()).unwrap()).unwrap();
            let back = quote(&order, &charges, None, now, &book()).unwrap().total.minor();
            assert!(back >= 0 && back <= paid && back <= before, "{first} {term:?} day {day}");
            assert_eq!(back == paid, day == 0, "{first} {term:?} day {day}");
            before = back;
        }
    }

    proptest! {
        #[test]
        fn a_credit_never_exceeds_the_charge(
            cents in 0_i64..100_000_000, extra in 0_i64..100, quantity in 1_u32..1000, day in 0_i64..=60, term in 0_usize..3
        ) {
            let term = [Term::Month, Term::Year, Term::ThreeYears][term];
            let price = Decimal::new(cents * 100 + extra, 4);
            let (mut order, mut charges) = ordered("2020-02-29T12:00:00Z", &[Line { family: Family::Subscription, term, quantity, price: "1" }]);
            let unit = UnitPrice::new(price, order.currency).unwrap();
            charges[0].unit_price = unit;
            charges[0].amount = unit.extended(quantity).unwrap();
            order.lines[0].unit_price = unit;
            let now = order.placed_at.checked_add((day * 24).hours()).unwrap();
            let quote = quote(&order, &charges, None, now, &book()).unwrap();
            prop_assert!(quote.total.minor() <= charges[0].amount.minor());
            prop_assert!(quote.total.minor() >= 0);
        }

        #[test]
        fn lines_cancelled_one_by_one_give_what_the_whole_would(prices in prop::collection::vec(1_i64..1_000_000, 1..6), day in 0_i64..=60) {
            let lines: Vec<Line> = prices.iter().map(|_| year(3, "1")).collect();
            let (mut order, mut charges) = ordered("2020-02-01T10:00:00Z", &lines);
            for (index, cents) in prices.iter().enumerate() {
                let unit = UnitPrice::new(Decimal::new(*cents, 2), order.currency).unwrap();
                charges[index].unit_price = unit;
                charges[index].amount = unit.extended(3).unwrap();
            }
            let now = order.placed_at.checked_add((day * 24).hours()).unwrap();
            let whole = quote(&order, &charges, None, now, &book()).unwrap().total.minor();
            let mut sum = 0;
            let mut count = 1000_u128;
            for number in 0..u32::try_from(prices.len()).unwrap() {
                let done = cancel(order, &charges, Some(&[number]), now, &book(), &mut || { count += 1; Uuid::from_u128(count) }).unwrap();
                order = done.order;
                sum -= done.credits.iter().map(|credit| credit.amount.minor()).sum::<i64>();
                charges.extend(done.credits);
            }
            prop_assert_eq!(sum, whole);
        }
    }
}
