//! Azure Hybrid Benefit: licences with Software Assurance or by subscription, used again for machines in Azure (rule 9).
//!
//! Advice and bookkeeping: what a machine needs, what somebody owns, whether it is used twice where the edition forbids it.
//! Never here: metering, or where rates come from.

pub mod allocation;

use std::str::FromStr;

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use rust_decimal::Decimal;

use crate::catalog::{Family, UnknownWord};
use crate::money::{Currency, Money, MoneyError};

/// A Windows machine takes at least so many core licences, however small it is (rule 9.2).
pub const WINDOWS_CORES_MIN: u32 = 8;
/// A machine with SQL Server takes at least so many core licences (rule 9.3).
pub const SQL_CORES_MIN: u32 = 4;
/// One processor licence counts as so many core licences (rule 9.2).
pub const PROCESSOR_CORES: u32 = 16;
/// For so many days a licence may be used in Azure and where it came from, once per migration (rule 9.2).
pub const OVERLAP_DAYS: i32 = 180;
/// The hours of a month, as prices in Azure reckon: 365 × 24 ÷ 12.
pub const HOURS_A_MONTH: u32 = 730;
/// The most hours a month can have.
pub const HOURS_MAX: u32 = 744;

/// An edition whose licences carry the benefit (rules 9.2 and 9.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Edition {
    /// Windows Server Standard: either where it was or in Azure.
    WindowsStandard,
    /// Windows Server Datacenter: both at once, for machines.
    WindowsDatacenter,
    /// SQL Server Standard.
    SqlStandard,
    /// SQL Server Enterprise.
    SqlEnterprise,
}

impl Edition {
    /// Every edition.
    pub const ALL: [Self; 4] =
        [Self::WindowsStandard, Self::WindowsDatacenter, Self::SqlStandard, Self::SqlEnterprise];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WindowsStandard => "windows_standard",
            Self::WindowsDatacenter => "windows_datacenter",
            Self::SqlStandard => "sql_standard",
            Self::SqlEnterprise => "sql_enterprise",
        }
    }

    /// What the product is called, in every language.
    pub const fn name(self) -> &'static str {
        match self {
            Self::WindowsStandard => "Windows Server Standard",
            Self::WindowsDatacenter => "Windows Server Datacenter",
            Self::SqlStandard => "SQL Server Standard",
            Self::SqlEnterprise => "SQL Server Enterprise",
        }
    }
}

impl FromStr for Edition {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|own| own.as_str() == text).ok_or(UnknownWord {
            expected: "windows_standard, windows_datacenter, sql_standard, sql_enterprise",
        })
    }
}

/// What runs in Azure and could be covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Workload {
    /// A machine with Windows Server.
    Windows,
    /// All machines with Windows Server on one dedicated host, by its physical cores.
    Host,
    /// A machine with SQL Server Standard.
    SqlVmStandard,
    /// A machine with SQL Server Enterprise.
    SqlVmEnterprise,
    /// An Azure SQL database or managed instance, General Purpose or Hyperscale, by its vCores.
    SqlGeneralPurpose,
    /// The same, Business Critical.
    SqlBusinessCritical,
}

impl Workload {
    /// Every workload.
    pub const ALL: [Self; 6] = [
        Self::Windows,
        Self::Host,
        Self::SqlVmStandard,
        Self::SqlVmEnterprise,
        Self::SqlGeneralPurpose,
        Self::SqlBusinessCritical,
    ];

    /// The word it is stored and imported by.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Windows => "windows",
            Self::Host => "host",
            Self::SqlVmStandard => "sql_vm_standard",
            Self::SqlVmEnterprise => "sql_vm_enterprise",
            Self::SqlGeneralPurpose => "sql_general_purpose",
            Self::SqlBusinessCritical => "sql_business_critical",
        }
    }

    /// Whether it is a matter of Windows Server, and not of SQL Server: the two are licensed apart.
    pub const fn is_windows(self) -> bool {
        matches!(self, Self::Windows | Self::Host)
    }

    /// How many core licences of `edition` it takes at `cores` cores; none where the edition does not cover it
    /// (rules 9.2 and 9.3).
    pub fn needs(self, edition: Edition, cores: u32) -> Option<u32> {
        use Edition as E;
        match (self, edition) {
            (Self::Windows, E::WindowsStandard | E::WindowsDatacenter) => Some(cores.max(WINDOWS_CORES_MIN)),
            // Any number of machines, when every physical core is licensed: Datacenter alone has no limit of machines.
            (Self::Host, E::WindowsDatacenter) => Some(cores),
            (Self::SqlVmStandard, E::SqlStandard) | (Self::SqlVmEnterprise, E::SqlEnterprise) => {
                Some(cores.max(SQL_CORES_MIN))
            }
            (Self::SqlGeneralPurpose, E::SqlEnterprise) => Some(cores.div_ceil(4)),
            (Self::SqlGeneralPurpose, E::SqlStandard) | (Self::SqlBusinessCritical, E::SqlEnterprise) => {
                Some(cores)
            }
            (Self::SqlBusinessCritical, E::SqlStandard) => Some(cores.saturating_mul(4)),
            _ => None,
        }
    }
}

impl FromStr for Workload {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|own| own.as_str() == text).ok_or(UnknownWord {
            expected: "windows, host, sql_vm_standard, sql_vm_enterprise, sql_general_purpose, sql_business_critical",
        })
    }
}

/// Whether core licences bought here carry the benefit while they run: subscriptions do; what is perpetual comes without
/// Software Assurance (rule 9.2).
pub const fn carries(family: Family) -> bool {
    matches!(family, Family::Subscription)
}

/// Where licences are in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// For a machine or a database in Azure.
    Azure,
    /// For a dedicated host in Azure.
    Host,
    /// Where the customer has its own machines.
    Premises,
}

impl Place {
    /// Every place.
    pub const ALL: [Self; 3] = [Self::Azure, Self::Host, Self::Premises];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Azure => "azure",
            Self::Host => "host",
            Self::Premises => "premises",
        }
    }
}

impl FromStr for Place {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|own| own.as_str() == text)
            .ok_or(UnknownWord { expected: "azure, host, premises" })
    }
}

/// Core licences in use since a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    /// Of which edition.
    pub edition: Edition,
    /// Where.
    pub place: Place,
    /// How many.
    pub cores: u32,
    /// The first day.
    pub started: Date,
    /// Whether what runs in Azure was moved there, so that its licences may still be in use where it was.
    pub migrated: bool,
    /// The last day, if it ended.
    pub ended: Option<Date>,
}

impl Use {
    fn runs(&self, day: Date) -> bool {
        self.started <= day && self.ended.is_none_or(|last| day <= last)
    }

    /// The last day on which its licences may be in use in both places; none where there is no such limit or no such
    /// right (rule 9.2).
    pub fn overlaps_through(&self) -> Option<Date> {
        let limited = self.edition != Edition::WindowsDatacenter || self.place == Place::Host;
        let moved = self.migrated && self.place != Place::Premises;
        let last = || self.started.checked_add(Span::new().days(OVERLAP_DAYS - 1)).unwrap_or(Date::MAX);
        (limited && moved).then(last)
    }

    /// Whether its licences may be in use where they were as well on `day`.
    fn is_dual(&self, day: Date) -> bool {
        match self.place {
            Place::Premises => false,
            Place::Azure if self.edition == Edition::WindowsDatacenter => true,
            Place::Azure | Place::Host => self.overlaps_through().is_some_and(|last| day <= last),
        }
    }
}

/// How much of an edition is in use on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// In Azure, hosts too.
    pub azure: u32,
    /// Where the customer has its own machines.
    pub premises: u32,
    /// How many of them are rightly in use twice.
    pub dual: u32,
    /// How many core licences that takes: `azure + premises − dual`.
    pub needed: u32,
}

impl Usage {
    /// What of an edition is in use on a day.
    pub fn on(day: Date, edition: Edition, uses: &[Use]) -> Self {
        let running = || uses.iter().filter(|own| own.edition == edition && own.runs(day));
        let sum = |which: &dyn Fn(&Use) -> bool| {
            running().filter(|own| which(own)).fold(0_u32, |sum, own| sum.saturating_add(own.cores))
        };
        let azure = sum(&|own| own.place != Place::Premises);
        let premises = sum(&|own| own.place == Place::Premises);
        let dual = sum(&|own| own.is_dual(day)).min(premises);
        let needed = azure.saturating_sub(dual).saturating_add(premises);
        Self { azure, premises, dual, needed }
    }

    /// How many core licences lack.
    pub const fn lacking(self, owned: u32) -> u32 {
        self.needed.saturating_sub(owned)
    }

    /// How many more could be used in Azure: what is not needed, and, where they may be `dual`, what is in use on premises and
    /// nowhere else.
    const fn room(self, owned: u32, dual: bool) -> u32 {
        if self.needed > owned {
            return 0;
        }
        let twice = if dual { self.premises - self.dual } else { 0 };
        (owned - self.needed).saturating_add(twice)
    }
}

/// What somebody owns and uses of an edition, over days.
pub struct Ledger<'a, F: Fn(Date) -> u32> {
    /// The edition.
    pub edition: Edition,
    /// What is in use, of other editions too.
    pub uses: &'a [Use],
    /// How many core licences are owned on a day.
    pub owned: F,
    /// The days on which that changes.
    pub changes: &'a [Date],
}

impl<F: Fn(Date) -> u32> Ledger<'_, F> {
    /// The days of a span on which anything changes: when it begins, when a use begins or ends, when an overlap ends, when what
    /// is owned changes. Between them nothing does.
    fn days(&self, (from, through): (Date, Date)) -> Vec<Date> {
        let next = |day: Date| day.checked_add(1.day()).unwrap_or(Date::MAX);
        let mut days: Vec<Date> = vec![from];
        for own in self.uses.iter().filter(|own| own.edition == self.edition) {
            days.push(own.started);
            days.extend(own.ended.map(next));
            days.extend(own.overlaps_through().map(next));
        }
        days.extend_from_slice(self.changes);
        days.retain(|day| (from..=through).contains(day));
        days.sort_unstable();
        days.dedup();
        days
    }

    /// The first day of a span on which core licences lack, and how many.
    pub fn shortage(&self, span: (Date, Date)) -> Option<(Date, u32)> {
        self.days(span).into_iter().find_map(|day| {
            let lacking = Usage::on(day, self.edition, self.uses).lacking((self.owned)(day));
            (lacking > 0).then_some((day, lacking))
        })
    }

    /// How many core licences could be used at a place in Azure from the beginning of a span on, so that none lack until its
    /// end.
    pub fn room(&self, place: Place, migrated: bool, span: (Date, Date)) -> u32 {
        let fresh = Use { edition: self.edition, place, cores: 0, started: span.0, migrated, ended: None };
        // The days on which an overlap of its own ends matter too.
        let mut days = self.days(span);
        days.extend(fresh.overlaps_through().and_then(|last| last.checked_add(1.day()).ok()));
        let room = |day: &Date| {
            Usage::on(*day, self.edition, self.uses).room((self.owned)(*day), fresh.is_dual(*day))
        };
        days.iter().filter(|day| **day <= span.1).map(room).min().unwrap_or(0)
    }
}

/// What a machine costs an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// With the licence in the rate: Windows, or SQL Server.
    pub licensed: Decimal,
    /// The base compute rate: without (rule 9.1, SEED-10).
    pub base: Decimal,
    /// The base compute rate under a reservation, where one is known.
    pub reserved: Option<Decimal>,
}

/// What a machine costs a month, in four ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Monthly {
    /// By the hour, licence in the rate.
    pub plain: Money,
    /// By the hour, with the benefit.
    pub benefit: Money,
    /// Under a reservation, licence in the rate.
    pub reserved: Option<Money>,
    /// Under a reservation, with the benefit.
    pub both: Option<Money>,
}

impl Monthly {
    /// What the benefit saves a month.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn saving(self) -> Result<Money, MoneyError> {
        self.plain.plus(self.benefit.negated()?)
    }
}

impl Rates {
    /// What one machine costs a month of `hours`: rate × hours, rounded half up once. A reservation is paid for every hour of
    /// the month, used or not; the licence only for those used (rules 2.6 and 9.4).
    ///
    /// # Errors
    /// When it does not fit.
    pub fn monthly(self, hours: u32, currency: Currency) -> Result<Monthly, MoneyError> {
        let times =
            |rate: Decimal, hours: u32| rate.checked_mul(Decimal::from(hours)).ok_or(MoneyError::Overflow);
        let licence = times(self.licensed.checked_sub(self.base).ok_or(MoneyError::Overflow)?, hours)?;
        let reserved = self.reserved.map(|rate| times(rate, HOURS_A_MONTH)).transpose()?;
        let with_licence =
            reserved.map(|own| own.checked_add(licence).ok_or(MoneyError::Overflow)).transpose()?;
        let round = |value: Decimal| Money::half_up(value, currency);
        Ok(Monthly {
            plain: round(times(self.licensed, hours)?)?,
            benefit: round(times(self.base, hours)?)?,
            reserved: with_licence.map(round).transpose()?,
            both: reserved.map(round).transpose()?,
        })
    }
}

/// How much of `before` is saved when only `after` is paid, in tenths of a per cent, rounded down: what is promised is at
/// least kept (rule 9.4).
pub fn saved_per_mille(before: Money, after: Money) -> u32 {
    let (before, after) = (i128::from(before.minor()), i128::from(after.minor()));
    if before <= 0 || after >= before {
        return 0;
    }
    u32::try_from((before - after.max(0)) * 1000 / before).unwrap_or(1000)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::from_str_exact(text).unwrap()
    }

    #[test]
    fn a_small_machine_takes_eight_cores_and_a_larger_one_as_many_as_it_has() {
        let needs = |cores| Workload::Windows.needs(Edition::WindowsStandard, cores);
        assert_eq!([1, 4, 8, 12, 64].map(needs), [8, 8, 8, 12, 64].map(Some));
        assert_eq!(Workload::Windows.needs(Edition::WindowsDatacenter, 4), Some(8));
        assert_eq!(Workload::Windows.needs(Edition::SqlStandard, 4), None);
        // The older wording: 16 cores, or one licence of two processors, cover two machines of up to eight or one of up to 16.
        assert_eq!(needs(8).unwrap() * 2, PROCESSOR_CORES);
        assert_eq!(needs(16).unwrap(), PROCESSOR_CORES);
    }

    #[test]
    fn a_host_takes_its_physical_cores_of_datacenter_only() {
        assert_eq!(Workload::Host.needs(Edition::WindowsDatacenter, 52), Some(52));
        assert_eq!(Workload::Host.needs(Edition::WindowsStandard, 52), None);
    }

    #[test]
    fn sql_server_cores_cover_vcores_as_published() {
        use {Edition as E, Workload as W};
        assert_eq!(W::SqlGeneralPurpose.needs(E::SqlEnterprise, 8), Some(2));
        assert_eq!(W::SqlGeneralPurpose.needs(E::SqlEnterprise, 9), Some(3));
        assert_eq!(W::SqlGeneralPurpose.needs(E::SqlStandard, 8), Some(8));
        assert_eq!(W::SqlBusinessCritical.needs(E::SqlEnterprise, 8), Some(8));
        assert_eq!(W::SqlBusinessCritical.needs(E::SqlStandard, 8), Some(32));
        assert_eq!(W::SqlVmStandard.needs(E::SqlStandard, 2), Some(4));
        assert_eq!(W::SqlVmEnterprise.needs(E::SqlEnterprise, 6), Some(6));
        assert_eq!(W::SqlVmEnterprise.needs(E::SqlStandard, 6), None);
    }

    #[test]
    fn subscriptions_carry_the_benefit_and_nothing_else_that_is_bought_here_does() {
        assert_eq!(Family::ALL.map(carries), [true, false, false, false]);
    }

    fn used(edition: Edition, place: Place, cores: u32, started: Date, migrated: bool) -> Use {
        Use { edition, place, cores, started, migrated, ended: None }
    }

    #[test]
    fn standard_is_used_in_one_place_save_for_180_days_of_a_migration() {
        let (start, edition) = (date(2020, 3, 1), Edition::WindowsStandard);
        let uses = [
            used(edition, Place::Premises, 16, date(2019, 1, 1), false),
            used(edition, Place::Azure, 16, start, true),
        ];
        let needed = |day| Usage::on(day, edition, &uses).needed;
        assert_eq!(uses[1].overlaps_through(), Some(date(2020, 8, 27)));
        assert_eq!([needed(date(2020, 2, 29)), needed(start), needed(date(2020, 8, 27))], [16, 16, 16]);
        assert_eq!(needed(date(2020, 8, 28)), 32);
        // What was not moved there is used twice from the first day.
        let fresh = [uses[0], used(edition, Place::Azure, 16, start, false)];
        assert_eq!(Usage::on(start, edition, &fresh).needed, 32);
        let all = (start, date(2021, 12, 31));
        let ledger = |owned| Ledger { edition, uses: &uses, owned: move |_| owned, changes: &[] };
        assert_eq!(ledger(16).shortage(all), Some((date(2020, 8, 28), 16)));
        assert_eq!(ledger(32).shortage(all), None);
    }

    #[test]
    fn datacenter_is_used_in_both_places_without_end_but_hosts_for_180_days() {
        let (start, edition) = (date(2020, 3, 1), Edition::WindowsDatacenter);
        let there = used(edition, Place::Premises, 32, date(2019, 1, 1), false);
        let machine = used(edition, Place::Azure, 32, start, false);
        assert_eq!(Usage::on(date(2029, 1, 1), edition, &[there, machine]).needed, 32);
        assert_eq!(machine.overlaps_through(), None);
        let host = used(edition, Place::Host, 32, start, true);
        assert_eq!(Usage::on(date(2020, 8, 27), edition, &[there, host]).needed, 32);
        assert_eq!(Usage::on(date(2020, 8, 28), edition, &[there, host]).needed, 64);
    }

    #[test]
    fn a_shortage_is_seen_on_the_day_something_owned_ends() {
        let edition = Edition::SqlStandard;
        let uses = [used(edition, Place::Azure, 8, date(2020, 1, 1), false)];
        let owned = |day: Date| if day < date(2020, 7, 1) { 8 } else { 4 };
        let changes = [date(2020, 7, 1)];
        let found = Ledger { edition, uses: &uses, owned, changes: &changes };
        assert_eq!(found.shortage((date(2020, 1, 1), date(2021, 1, 1))), Some((date(2020, 7, 1), 4)));
    }

    #[test]
    fn a_machine_with_the_benefit_costs_the_base_rate() {
        let currency: Currency = "USD".parse().unwrap();
        let rates =
            Rates { licensed: decimal("0.376"), base: decimal("0.192"), reserved: Some(decimal("0.0732")) };
        let own = rates.monthly(HOURS_A_MONTH, currency).unwrap();
        assert_eq!((own.plain.minor(), own.benefit.minor()), (274_48, 140_16));
        assert_eq!((own.reserved.unwrap().minor(), own.both.unwrap().minor()), (187_76, 53_44));
        assert_eq!(saved_per_mille(own.plain, own.benefit), 489);
        assert_eq!(saved_per_mille(own.plain, own.both.unwrap()), 805);
        assert_eq!(saved_per_mille(own.benefit, own.plain), 0);
        // Half the month: the reservation is paid whole, the licence by the hour.
        let half = rates.monthly(365, currency).unwrap();
        assert_eq!((half.both.unwrap().minor(), half.reserved.unwrap().minor()), (53_44, 120_60));
    }

    proptest! {
        /// On no day is a core counted as free that the edition forbids to use: what is needed never falls below what is in
        /// use in either place.
        #[test]
        fn needed_is_never_less_than_either_place(
            list in prop::collection::vec((0_usize..3, 1_u32..64, 0_i32..400, any::<bool>()), 0..12),
            day in 0_i32..800,
            edition in 0_usize..4,
        ) {
            let at = |days: i32| date(2020, 1, 1).checked_add(Span::new().days(days)).unwrap();
            let edition = Edition::ALL[edition];
            let uses: Vec<Use> = list
                .iter()
                .map(|(place, cores, start, migrated)| used(edition, Place::ALL[*place], *cores, at(*start), *migrated))
                .collect();
            let own = Usage::on(at(day), edition, &uses);
            prop_assert!(own.needed >= own.azure.max(own.premises));
            prop_assert_eq!(own.needed, own.azure + own.premises - own.dual);
        }

        /// What there is room for leaves nothing lacking until the end of the span, and one more core would.
        #[test]
        fn room_is_exactly_what_leaves_nothing_lacking(
            list in prop::collection::vec((0_usize..3, 1_u32..64, 0_i32..400, any::<bool>(), 0_i32..300), 0..8),
            (owned, later) in (0_u32..300, 0_u32..300),
            (place, migrated, from, length) in (0_usize..2, any::<bool>(), 0_i32..300, 0_i32..400),
            edition in 0_usize..4,
        ) {
            let at = |days: i32| date(2020, 1, 1).checked_add(Span::new().days(days)).unwrap();
            let edition = Edition::ALL[edition];
            let uses: Vec<Use> = list
                .iter()
                .map(|(place, cores, start, migrated, long)| Use {
                    ended: (*long > 30).then(|| at(start + long)),
                    ..used(edition, Place::ALL[*place], *cores, at(*start), *migrated)
                })
                .collect();
            let changes = [at(200)];
            let owned = |day: Date| if day < at(200) { owned } else { later };
            let (span, place) = ((at(from), at(from + length)), Place::ALL[place]);
            let room = Ledger { edition, uses: &uses, owned, changes: &changes }.room(place, migrated, span);
            let lacks = |cores: u32| {
                let mut all = uses.clone();
                all.push(used(edition, place, cores, span.0, migrated));
                Ledger { edition, uses: &all, owned, changes: &changes }.shortage(span).is_some()
            };
            prop_assert!(room == 0 || !lacks(room), "{room} are too many");
            prop_assert!(lacks(room + 1), "there is room for more than {room}");
        }
    }
}
