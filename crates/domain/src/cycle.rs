//! Charge cycles: which days each charge of a term pays for, and what is charged next (rule 8.2).
//!
//! Never here: prices.

use jiff::Span;
use jiff::civil::Date;

use crate::calendar::{BillingCycle, CalendarError, Period, Term};
use crate::subscription::Subscription;

/// How many calendar months one charge pays for; none where one pays for the whole term.
const fn months_of(cycle: BillingCycle) -> Option<i32> {
    match cycle {
        BillingCycle::OneTime => None,
        BillingCycle::Monthly => Some(1),
        BillingCycle::Annual => Some(12),
        BillingCycle::Triennial => Some(36),
    }
}

/// The charges of one term: the days each pays for, one after another without gap or overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cycles {
    term: Period,
    /// How many months one cycle has, and how many cycles there are.
    each: Option<(i32, i32)>,
}

impl Cycles {
    /// The cycles of a term that covers `period`. A cycle as long as the term, or longer, is the whole term.
    pub fn new(period: Period, term: Term, cycle: BillingCycle) -> Self {
        let each = match (term.months(), months_of(cycle)) {
            (Some(whole), Some(own)) if !is_one_charge(term, cycle) => {
                Some((own, whole.checked_div(own).unwrap_or(1)))
            }
            _ => None,
        };
        Self { term: period, each }
    }

    /// The days of the charge with a number, from 0; none after the last.
    ///
    /// # Errors
    /// When a day lies beyond the year 9999.
    pub fn nth(&self, number: i32) -> Result<Option<Period>, CalendarError> {
        let Some((months, count)) = self.each else {
            return Ok((number == 0).then_some(self.term));
        };
        if !(0..count).contains(&number) {
            return Ok(None);
        }
        let first = self.start(months, number)?;
        let next = number.saturating_add(1);
        let last = match next == count {
            true => self.term.last,
            false => self.start(months, next)?.yesterday().map_err(|_| CalendarError::OutOfRange)?,
        };
        Ok(Some(Period { first, last }))
    }

    /// The days of the charge that begins on `day`; none where none does.
    ///
    /// # Errors
    /// When a day lies beyond the year 9999.
    pub fn beginning_on(&self, day: Date) -> Result<Option<Period>, CalendarError> {
        let mut number = 0;
        while let Some(period) = self.nth(number)? {
            if period.first == day {
                return Ok(Some(period));
            }
            number = number.saturating_add(1);
        }
        Ok(None)
    }

    /// The first day of a cycle. Billed monthly, a term that begins on the last or the last but one day of a month keeps
    /// its distance from the month's end; any other keeps its day (rule 8.2, ii).
    fn start(&self, months: i32, number: i32) -> Result<Date, CalendarError> {
        let anchor = self.term.first;
        let by = months.checked_mul(number).ok_or(CalendarError::OutOfRange)?;
        let plain = anchor.checked_add(Span::new().months(by)).map_err(|_| CalendarError::OutOfRange)?;
        let distance = anchor.days_in_month().saturating_sub(anchor.day());
        if number == 0 || months != 1 || distance > 1 {
            return Ok(plain);
        }
        let day = plain.days_in_month().saturating_sub(distance);
        plain.with().day(day).build().map_err(|_| CalendarError::OutOfRange)
    }
}

/// Whether something sold on a plan is paid for with one charge a term.
pub fn is_one_charge(term: Term, plan: BillingCycle) -> bool {
    match (term.months(), months_of(plan)) {
        (Some(whole), Some(own)) => own >= whole,
        _ => true,
    }
}

/// What is charged next for a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextCharge {
    /// The next cycle of the term that runs, at the term's own price.
    Cycle(Period),
    /// A new term with these days, at the price of its first day; its first cycle is charged.
    Renewal(Period),
    /// Nothing: it was cancelled, or ends with its term.
    Nothing,
}

/// What is charged next, once everything through [`Subscription::charged_through`] was (rule 8.2). A term that renews begins the day after
/// the last; a monthly one counts from its own first day, without memory of an earlier one (rule 8.2, i).
///
/// # Errors
/// When a day lies beyond the year 9999.
pub fn next_charge(own: &Subscription) -> Result<NextCharge, CalendarError> {
    if own.cancelled_at.is_some() {
        return Ok(NextCharge::Nothing);
    }
    let day = own.charged_through.tomorrow().map_err(|_| CalendarError::OutOfRange)?;
    if own.charged_through < own.period.last {
        let cycles = Cycles::new(own.period, own.term, own.cycle);
        return Ok(cycles.beginning_on(day)?.map_or(NextCharge::Nothing, NextCharge::Cycle));
    }
    Ok(if own.auto_renew { NextCharge::Renewal(own.term.period(day)?) } else { NextCharge::Nothing })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn firsts(first: Date, term: Term, cycle: BillingCycle) -> Vec<Date> {
        let cycles = Cycles::new(term.period(first).unwrap(), term, cycle);
        (0..).map_while(|number| cycles.nth(number).unwrap()).map(|own| own.first).collect()
    }

    #[test]
    fn published_month_ends_of_a_longer_term_billed_monthly() {
        let of = |day| firsts(date(2021, 1, day), Term::Year, BillingCycle::Monthly);
        // Anchor 31 January: 28 February, 31 March, 30 April, 31 May.
        assert_eq!(
            of(31)[1..5],
            [date(2021, 2, 28), date(2021, 3, 31), date(2021, 4, 30), date(2021, 5, 31)]
        );
        // Anchor 30 January: 27 February, 30 March, 29 April, 30 May, 29 June.
        let published =
            [date(2021, 2, 27), date(2021, 3, 30), date(2021, 4, 29), date(2021, 5, 30), date(2021, 6, 29)];
        assert_eq!(of(30)[1..6], published);
        // Any other keeps its day, as far as the month has it.
        assert_eq!(of(29)[1..4], [date(2021, 2, 28), date(2021, 3, 29), date(2021, 4, 29)]);
        assert_eq!(of(15)[1..3], [date(2021, 2, 15), date(2021, 3, 15)]);
    }

    #[test]
    fn published_month_ends_of_a_monthly_term_have_no_memory() {
        let next = |first: Date| Term::Month.period(first).unwrap().last.tomorrow().unwrap();
        for (first, then, after) in [
            (date(2021, 1, 31), date(2021, 2, 28), date(2021, 3, 28)),
            (date(2021, 1, 30), date(2021, 2, 28), date(2021, 3, 28)),
            (date(2021, 5, 31), date(2021, 6, 30), date(2021, 7, 30)),
        ] {
            assert_eq!((next(first), next(next(first))), (then, after));
        }
    }

    #[test]
    fn cycles_cover_their_term_without_gap_or_overlap_from_every_day() {
        let mut first = date(2019, 12, 1);
        while first < date(2021, 4, 1) {
            for (term, cycle, count) in [
                (Term::Year, BillingCycle::Monthly, 12),
                (Term::ThreeYears, BillingCycle::Monthly, 36),
                (Term::ThreeYears, BillingCycle::Annual, 3),
                (Term::FiveYears, BillingCycle::Annual, 5),
                (Term::Year, BillingCycle::Annual, 1),
                (Term::Year, BillingCycle::OneTime, 1),
                (Term::Month, BillingCycle::Monthly, 1),
            ] {
                let period = term.period(first).unwrap();
                let cycles = Cycles::new(period, term, cycle);
                let mut day = period.first;
                for number in 0..count {
                    let own = cycles.nth(number).unwrap().unwrap();
                    assert_eq!(own.first, day, "{term:?} {cycle:?} from {first}, number {number}");
                    assert_eq!(cycles.beginning_on(day).unwrap(), Some(own));
                    day = own.last.tomorrow().unwrap();
                }
                assert_eq!(day, period.last.tomorrow().unwrap(), "{term:?} {cycle:?} from {first}");
                assert_eq!(cycles.nth(count).unwrap(), None);
            }
            first = first.tomorrow().unwrap();
        }
    }
}
