//! What the benefit saves for a list of machines, which of them the licences are best put on, and what lacks.
//!
//! Pure: what is owned, sizes and rates are handed in.

use std::collections::{BTreeMap, HashMap, HashSet};

use chandlery_domain::benefit::allocation::{Allocation, Kind, allocate};
use chandlery_domain::benefit::{Edition, Monthly, Rates, Workload};
use chandlery_domain::money::{Currency, Money, MoneyError};
use chandlery_store::benefit::{DatedRate, Size, name_key};
use rust_decimal::Decimal;

use crate::app::machine_list::{Machine, region_key};
use crate::error::{BadRow, Error};
use crate::texts::Complaint;

/// A machine without a known rate is put after all that have one: so many of the largest of them to a minor unit.
const UNRATED: i64 = 1_000_000;
/// What a machine without a known rate is worth at most, in such parts: a list has at most 100,000 machines.
const UNRATED_MAX: i64 = 9;
/// How many faults are told at most.
const FAULTS_MAX: usize = 20;
/// How many letters a size must begin with like a known one for that one to be proposed.
const ALIKE: usize = 2;

/// For how long capacity would be reserved, to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reserve {
    /// For one year.
    Year,
    /// For three years.
    #[default]
    ThreeYears,
}

impl Reserve {
    /// The word forms and programs use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Year => "P1Y",
            Self::ThreeYears => "P3Y",
        }
    }

    /// Read from such a word; three years unless it says one.
    pub fn read(text: &str) -> Self {
        if text.eq_ignore_ascii_case("P1Y") { Self::Year } else { Self::ThreeYears }
    }
}

/// What machines are reckoned with.
pub struct Tables {
    /// The currency.
    pub currency: Currency,
    /// The region of rows that name none.
    pub region: String,
    /// The regions there are rates for.
    pub regions: HashSet<String>,
    /// Sizes, by what they are found by.
    pub sizes: HashMap<String, Size>,
    /// Rates that count today, by region and size.
    pub rates: HashMap<(String, String), DatedRate>,
    /// What is compared.
    pub reserve: Reserve,
    /// What has the benefit already, by name and whether it is a host: cores by edition.
    pub in_use: HashMap<(String, bool), Vec<(Edition, u32)>>,
    /// How many cores of each edition are free for machines.
    pub free: BTreeMap<Edition, u32>,
    /// How many cores of Datacenter are free for dedicated hosts.
    pub free_for_hosts: u32,
}

/// What covers a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cover {
    /// By which edition.
    pub edition: Edition,
    /// How many of the row's machines.
    pub count: u32,
    /// How many core licences one takes.
    pub each: u32,
}

/// A row of the list, reckoned.
#[derive(Debug, Clone)]
pub struct Planned {
    /// The row.
    pub machine: Machine,
    /// How many cores one has.
    pub cores: u32,
    /// What runs, on its host where it is on one.
    pub workload: Workload,
    /// How many of the row's machines have the benefit already.
    pub already: u32,
    /// What covers it.
    pub covers: Vec<Cover>,
    /// What one costs a month; none without a rate.
    pub monthly: Option<Monthly>,
}

impl Planned {
    /// How many of the row's machines are covered, by what is free or already.
    pub fn covered(&self) -> u32 {
        self.already.saturating_add(self.covers.iter().map(|own| own.count).sum())
    }

    /// What the benefit saves a month for those that are covered.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn saves(&self) -> Result<Option<Money>, Error> {
        self.monthly.map(|own| times(own.saving().map_err(Error::internal)?, self.covered())).transpose()
    }
}

/// A dedicated host that is covered whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Its name.
    pub name: String,
    /// Its physical cores.
    pub cores: u32,
    /// Whether the licences cover it.
    pub covered: bool,
}

/// The months' sums, of the machines with a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sums {
    /// Everything by the hour, licences in the rate.
    pub plain: Money,
    /// With the benefit where the licences go to.
    pub planned: Money,
    /// With the benefit everywhere.
    pub everywhere: Money,
    /// Everything reserved, licences in the rate; none where a machine has no such rate.
    pub reserved: Option<Money>,
    /// Everything reserved, with the benefit where the licences go to.
    pub reserved_planned: Option<Money>,
}

impl Sums {
    /// What the plan saves.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn saved(self) -> Result<Money, Error> {
        less(self.plain, self.planned)
    }

    /// What the benefit everywhere would save.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn saved_everywhere(self) -> Result<Money, Error> {
        less(self.plain, self.everywhere)
    }
}

fn less(before: Money, after: Money) -> Result<Money, Error> {
    after.negated().and_then(|after| before.plus(after)).map_err(Error::internal)
}

/// What the licences are best used for.
pub struct Plan {
    /// The rows.
    pub rows: Vec<Planned>,
    /// The dedicated hosts.
    pub hosts: Vec<Host>,
    /// What it costs.
    pub sums: Sums,
    /// How many core licences lack to cover the rest.
    pub lacking: BTreeMap<Edition, u32>,
    /// How many machines have no known rate.
    pub unrated: u32,
    /// Whether it is proved that nothing saves more.
    pub best: bool,
    /// What no other use of the same licences can save more than, a month.
    pub bound: Money,
}

/// What is covered or not as one.
struct Unit {
    rows: Vec<usize>,
    workload: Workload,
    cores: u32,
    count: u32,
    value: i64,
    host: Option<usize>,
}

fn times(amount: Money, count: u32) -> Result<Money, Error> {
    let minor = amount.minor().checked_mul(i64::from(count));
    let minor = minor.ok_or_else(|| Error::internal(MoneyError::Overflow))?;
    Ok(Money::new(minor, amount.currency()))
}

/// The edition somebody would buy to cover a workload: the one that takes the fewest cores, and of two the cheaper.
fn preferred(workload: Workload) -> Edition {
    match workload {
        Workload::Windows => Edition::WindowsStandard,
        Workload::Host => Edition::WindowsDatacenter,
        Workload::SqlVmStandard => Edition::SqlStandard,
        Workload::SqlVmEnterprise | Workload::SqlGeneralPurpose | Workload::SqlBusinessCritical => {
            Edition::SqlEnterprise
        }
    }
}

/// Reckons a list.
///
/// # Errors
/// What of the list does not fit what is known, row by row.
pub fn plan(machines: Vec<Machine>, tables: &Tables) -> Result<Plan, Vec<BadRow>> {
    let (mut rows, mut faults) = (Vec::with_capacity(machines.len()), Vec::new());
    for machine in machines {
        match reckoned(machine, tables) {
            Ok(own) => rows.push(own),
            Err(fault) => faults.push(fault),
        }
        if faults.len() >= FAULTS_MAX {
            return Err(faults);
        }
    }
    let (mut units, mut hosts) = (Vec::new(), Vec::new());
    faults.extend(gather(&rows, &mut units, &mut hosts));
    if !faults.is_empty() {
        faults.truncate(FAULTS_MAX);
        return Err(faults);
    }
    let too_dear = |_| vec![BadRow { line: 0, column: "row", message: Complaint::of("list-too-dear") }];
    spread(rows, hosts, &units, tables).map_err(too_dear)
}

/// A row with its cores and rates.
fn reckoned(machine: Machine, tables: &Tables) -> Result<Planned, BadRow> {
    let bad = |column: &'static str, message: Complaint| BadRow { line: machine.line, column, message };
    let key = machine.size.as_deref().map(Size::key);
    let known = key.as_ref().and_then(|key| tables.sizes.get(key));
    let cores = match (machine.cores, known) {
        (Some(own), Some(size)) if own != size.cores => {
            let why = Complaint::of("list-cores-differ").with("size", &size.name).with("cores", size.cores);
            return Err(bad("Cores", why));
        }
        (Some(own), _) => own,
        (None, Some(size)) => size.cores,
        (None, None) => {
            let name = machine.size.clone().unwrap_or_default();
            let why = match nearest(&name, tables) {
                Some(near) => Complaint::of("list-size-unknown").with("size", name).with("near", near),
                None => Complaint::of("list-size-strange").with("size", name),
            };
            return Err(bad("Size", why));
        }
    };
    // Rates are looked up for Windows only, and only where the operator has any.
    let looked_up =
        machine.rates.is_none() && machine.workload == Workload::Windows && !tables.regions.is_empty();
    if let Some(region) = machine.region.as_ref().filter(|own| looked_up && !tables.regions.contains(*own)) {
        let mut known: Vec<&str> = tables.regions.iter().map(String::as_str).collect();
        known.sort_unstable();
        let why = Complaint::of("list-region-unknown").with("region", region).with("known", known.join(", "));
        return Err(bad("Region", why));
    }
    let region = machine.region.clone().unwrap_or_else(|| region_key(&tables.region));
    let rates = match machine.rates {
        Some((licensed, base, reserved)) => Some(Rates { licensed, base, reserved }),
        None => key.and_then(|key| tables.rates.get(&(region, key))).map(|own| Rates {
            licensed: own.licensed,
            base: own.base,
            reserved: reserved_of(own, tables.reserve),
        }),
    };
    // What the tables say of a size is what Windows costs on it, and nothing of SQL Server.
    let rates = rates.filter(|_| machine.workload == Workload::Windows || machine.rates.is_some());
    let monthly = rates
        .map(|own| own.monthly(machine.hours, tables.currency))
        .transpose()
        .map_err(|_| bad("LicensedRate", Complaint::of("list-too-dear")))?;
    let workload = if machine.host.is_some() { Workload::Host } else { machine.workload };
    let already = match &machine.host {
        Some((host, _)) if tables.in_use.contains_key(&(name_key(host), true)) => machine.count,
        Some(_) => 0,
        None => {
            let used = tables.in_use.get(&(name_key(&machine.name), false)).map_or(&[][..], Vec::as_slice);
            let covered = |(edition, sum): &(Edition, u32)| {
                workload.needs(*edition, cores).and_then(|need| sum.checked_div(need)).unwrap_or(0)
            };
            used.iter().map(covered).sum::<u32>().min(machine.count)
        }
    };
    Ok(Planned { machine, cores, workload, already, covers: Vec::new(), monthly })
}

const fn reserved_of(own: &DatedRate, reserve: Reserve) -> Option<Decimal> {
    match reserve {
        Reserve::Year => own.reserved_year,
        Reserve::ThreeYears => own.reserved_three_years,
    }
}

/// A known size that begins alike, to be told.
fn nearest(name: &str, tables: &Tables) -> Option<String> {
    let key = Size::key(name);
    let bare = |text: &str| text.trim_start_matches("standard_").replace(['_', ' '], "");
    let alike = |own: &&Size| {
        let (a, b) = (bare(&Size::key(&own.name)), bare(&key));
        let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
        (same, std::cmp::Reverse(own.name.len()), std::cmp::Reverse(own.name.clone()))
    };
    let best = tables.sizes.values().max_by_key(alike)?;
    (alike(&best).0 >= ALIKE).then(|| best.name.clone())
}

/// What is covered together: a row by itself, the rows of a host as one.
fn gather(rows: &[Planned], units: &mut Vec<Unit>, hosts: &mut Vec<Host>) -> Vec<BadRow> {
    let mut faults = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for (at, own) in rows.iter().enumerate().filter(|(_, own)| own.already < own.machine.count) {
        let saving = own.monthly.and_then(|monthly| monthly.saving().ok()).map(Money::minor);
        let value =
            saving.map_or(i64::from(own.cores).min(UNRATED_MAX), |minor| minor.saturating_mul(UNRATED));
        let Some((name, cores)) = &own.machine.host else {
            let (workload, cores, count) = (own.workload, own.cores, own.machine.count - own.already);
            units.push(Unit { rows: vec![at], workload, cores, count, value, host: None });
            continue;
        };
        let bad = |message| BadRow { line: own.machine.line, column: "HostCores", message };
        let value = value.saturating_mul(i64::from(own.machine.count));
        match known.get(&name.to_lowercase()) {
            None => {
                let Some(cores) = *cores else {
                    faults.push(bad(Complaint::of("list-host-cores")));
                    continue;
                };
                known.insert(name.to_lowercase(), units.len());
                let host = Some(hosts.len());
                units.push(Unit { rows: vec![at], workload: Workload::Host, cores, count: 1, value, host });
                hosts.push(Host { name: name.clone(), cores, covered: false });
            }
            Some(place) => {
                let Some(unit) = units.get_mut(*place) else { continue };
                if cores.is_some_and(|cores| cores != unit.cores) {
                    faults.push(bad(Complaint::of("list-host-differs").with("cores", unit.cores)));
                }
                unit.rows.push(at);
                unit.value = unit.value.saturating_add(value);
            }
        }
    }
    faults
}

/// The editions of Windows Server and of SQL Server; where both are as good the first is used. Datacenter goes first, because
/// it may be in use on premises as well.
const GROUPS: [[Edition; 2]; 2] =
    [[Edition::WindowsDatacenter, Edition::WindowsStandard], [Edition::SqlStandard, Edition::SqlEnterprise]];

/// What the units of one group come to: how many of each are covered by either edition, and how good that is.
struct Covered {
    counts: Vec<[u32; 2]>,
    used: [u32; 2],
    free: [u32; 2],
    /// What no other choice saves more than, in parts of a minor unit.
    bound: i64,
    best: bool,
}

/// The best use of two editions for the units of a group.
///
/// A host's cores may not be in use on premises as well, as a machine's of Datacenter may. Where the plan covers hosts with more than
/// is free for them, it is made anew without what is in use on premises; what bounds the first bounds it too.
fn cover(units: &[&Unit], editions: [Edition; 2], tables: &Tables) -> Covered {
    let free = editions.map(|edition| tables.free.get(&edition).copied().unwrap_or(0));
    let (counts, own) = allocated(units, editions, free);
    let covers_hosts = units.iter().zip(&counts).any(|(unit, counts)| unit.host.is_some() && counts[0] > 0);
    if !covers_hosts || own.used[0] <= tables.free_for_hosts {
        return Covered { counts, used: own.used, free, bound: own.bound, best: own.is_best() };
    }
    let less = [free[0].min(tables.free_for_hosts), free[1]];
    let (counts, again) = allocated(units, editions, less);
    Covered { counts, used: again.used, free: less, bound: own.bound, best: again.saves == own.bound }
}

/// Writes down on its rows what covers a unit.
fn write_down(unit: &Unit, (editions, counts): ([Edition; 2], [u32; 2]), rows: &mut [Planned]) {
    for (edition, count) in editions.into_iter().zip(counts).filter(|(_, count)| *count > 0) {
        for at in &unit.rows {
            let Some(row) = rows.get_mut(*at) else { continue };
            // A host is covered with everything on it, and its cores are counted once, not a machine.
            let (count, each) = match unit.host {
                Some(_) => (row.machine.count, 0),
                None => (count, unit.workload.needs(edition, unit.cores).unwrap_or(0)),
            };
            row.covers.push(Cover { edition, count, each });
        }
    }
}

/// How many core licences lack to cover the rest, by the edition somebody would buy, less what is left over of it. Nobody buys
/// licences for what saves nothing.
fn lacking(units: &[&Unit], editions: [Edition; 2], own: &Covered) -> BTreeMap<Edition, u32> {
    let mut sums: BTreeMap<Edition, u32> = BTreeMap::new();
    for (unit, counts) in units.iter().zip(&own.counts).filter(|(unit, _)| unit.value > 0) {
        let left = unit.count.saturating_sub(counts.iter().sum());
        let edition = preferred(unit.workload);
        let cores = unit.workload.needs(edition, unit.cores).unwrap_or(0).saturating_mul(left);
        let sum = sums.entry(edition).or_default();
        *sum = sum.saturating_add(cores);
    }
    for ((edition, free), used) in editions.into_iter().zip(own.free).zip(own.used) {
        if let Some(sum) = sums.get_mut(&edition) {
            *sum = sum.saturating_sub(free.saturating_sub(used));
        }
    }
    sums.retain(|_, cores| *cores > 0);
    sums
}

/// Puts what is free on the units, and adds up.
fn spread(
    mut rows: Vec<Planned>,
    mut hosts: Vec<Host>,
    units: &[Unit],
    tables: &Tables,
) -> Result<Plan, Error> {
    // What has the benefit already; and for the rest, what no other choice exceeds.
    let mut bound = added_up(&rows, tables.currency)?.saved()?;
    let (mut lacks, mut best) = (BTreeMap::new(), true);
    for (windows, editions) in [true, false].into_iter().zip(GROUPS) {
        let group: Vec<&Unit> = units.iter().filter(|unit| unit.workload.is_windows() == windows).collect();
        let own = cover(&group, editions, tables);
        for (unit, counts) in group.iter().zip(&own.counts) {
            write_down(unit, (editions, *counts), &mut rows);
            if let Some(host) = unit.host.and_then(|at| hosts.get_mut(at)) {
                host.covered = counts[0] > 0;
            }
        }
        lacks.extend(lacking(&group, editions, &own));
        bound = bound.plus(Money::new(own.bound / UNRATED, tables.currency)).map_err(Error::internal)?;
        best &= own.best;
    }
    let sums = added_up(&rows, tables.currency)?;
    let unrated = rows.iter().filter(|row| row.monthly.is_none()).map(|row| row.machine.count).sum();
    Ok(Plan { rows, hosts, sums, lacking: lacks, unrated, best, bound })
}

/// The best allocation, with how many of each unit it covers. Units that are alike are one kind.
fn allocated(units: &[&Unit], editions: [Edition; 2], free: [u32; 2]) -> (Vec<[u32; 2]>, Allocation) {
    let mut kinds: Vec<Kind> = Vec::new();
    let mut place: HashMap<([Option<u32>; 2], i64), usize> = HashMap::new();
    let mut of_unit = Vec::with_capacity(units.len());
    for unit in units {
        let needs = editions.map(|edition| unit.workload.needs(edition, unit.cores));
        let at = *place.entry((needs, unit.value)).or_insert_with(|| {
            kinds.push(Kind { needs, saves: unit.value, count: 0 });
            kinds.len() - 1
        });
        if let Some(kind) = kinds.get_mut(at) {
            kind.count = kind.count.saturating_add(unit.count);
        }
        of_unit.push(at);
    }
    let allocation = allocate(&kinds, free);
    let mut left = allocation.covered.clone();
    let mut covered = Vec::with_capacity(units.len());
    for (unit, at) in units.iter().zip(of_unit) {
        let mut own = [0_u32; 2];
        let mut open = unit.count;
        if let Some(left) = left.get_mut(at) {
            for (own, left) in own.iter_mut().zip(left) {
                *own = open.min(*left);
                open -= *own;
                *left -= *own;
            }
        }
        covered.push(own);
    }
    (covered, allocation)
}

/// What everything costs a month.
fn added_up(rows: &[Planned], currency: Currency) -> Result<Sums, Error> {
    let zero = Money::zero(currency);
    let mut sums = Sums {
        plain: zero,
        planned: zero,
        everywhere: zero,
        reserved: Some(zero),
        reserved_planned: Some(zero),
    };
    let plus = |a: Money, b: Money| a.plus(b).map_err(Error::internal);
    for row in rows {
        let Some(own) = row.monthly else { continue };
        let (all, with) = (row.machine.count, row.covered());
        let without = all.saturating_sub(with);
        sums.plain = plus(sums.plain, times(own.plain, all)?)?;
        sums.everywhere = plus(sums.everywhere, times(own.benefit, all)?)?;
        let planned = plus(times(own.benefit, with)?, times(own.plain, without)?)?;
        sums.planned = plus(sums.planned, planned)?;
        (sums.reserved, sums.reserved_planned) =
            match (sums.reserved.zip(own.reserved), sums.reserved_planned.zip(own.both)) {
                (Some((sum, reserved)), Some((planned, both))) => {
                    let mixed = plus(times(both, with)?, times(reserved, without)?)?;
                    (Some(plus(sum, times(reserved, all)?)?), Some(plus(planned, mixed)?))
                }
                _ => (None, None),
            };
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::inconsistent_digit_grouping,
        clippy::mistyped_literal_suffixes,
        reason = "tests write cents as the money they are"
    )]

    use super::*;
    use crate::app::machine_list;

    fn tables(free: &[(Edition, u32)]) -> Tables {
        let decimal = |text: &str| Decimal::from_str_exact(text).unwrap();
        let currency: Currency = "USD".parse().unwrap();
        let size = |name: &str, cores| {
            (Size::key(name), Size { name: name.to_owned(), cores, flexibility: None, ratio: None })
        };
        let rate = DatedRate {
            currency,
            region: "westus2".to_owned(),
            size: "standard_d4s_v3".to_owned(),
            from: jiff::civil::date(2020, 1, 1),
            licensed: decimal("0.376"),
            base: decimal("0.192"),
            reserved_year: None,
            reserved_three_years: Some(decimal("0.0732")),
        };
        Tables {
            currency,
            region: "West US 2".to_owned(),
            regions: HashSet::from(["westus2".to_owned()]),
            sizes: HashMap::from([size("Standard_D4s_v3", 4), size("Standard_D16s_v3", 16)]),
            rates: HashMap::from([((rate.region.clone(), rate.size.clone()), rate)]),
            reserve: Reserve::ThreeYears,
            in_use: HashMap::new(),
            free: free.iter().copied().collect(),
            free_for_hosts: free
                .iter()
                .filter(|own| own.0 == Edition::WindowsDatacenter)
                .map(|own| own.1)
                .sum(),
        }
    }

    /// How many core licences of an edition a plan takes.
    fn taken(own: &Plan, edition: Edition) -> u32 {
        let rows = own.rows.iter().flat_map(|row| &row.covers).filter(|cover| cover.edition == edition);
        let hosts = own.hosts.iter().filter(|host| host.covered && edition == Edition::WindowsDatacenter);
        rows.map(|cover| cover.count * cover.each).sum::<u32>() + hosts.map(|host| host.cores).sum::<u32>()
    }

    fn planned(list: &str, free: &[(Edition, u32)]) -> Plan {
        plan(machine_list::read(list.as_bytes()).unwrap(), &tables(free)).ok().unwrap()
    }

    #[test]
    fn licences_go_as_far_as_they_go_and_the_rest_is_told_in_cores() {
        let own = planned("web,Standard_D4s_v3,,3", &[(Edition::WindowsStandard, 20)]);
        assert_eq!(own.rows[0].covers, [Cover { edition: Edition::WindowsStandard, count: 2, each: 8 }]);
        assert_eq!((taken(&own, Edition::WindowsStandard), own.lacking[&Edition::WindowsStandard]), (16, 4));
        // 0.376 and 0.192 an hour are 274.48 and 140.16 a month.
        assert_eq!((own.sums.plain.minor(), own.sums.planned.minor()), (823_44, 554_80));
        assert_eq!((own.sums.everywhere.minor(), own.sums.reserved.unwrap().minor()), (420_48, 563_28));
        assert_eq!(own.sums.reserved_planned.unwrap().minor(), 2 * 53_44 + 187_76);
        assert!(own.best);
        assert_eq!(own.bound.minor(), 268_64);
    }

    #[test]
    fn datacenter_goes_first_because_it_may_be_in_use_elsewhere_too() {
        let free = [(Edition::WindowsStandard, 8), (Edition::WindowsDatacenter, 8)];
        let own = planned("web,Standard_D4s_v3", &free);
        assert_eq!(own.rows[0].covers[0].edition, Edition::WindowsDatacenter);
    }

    #[test]
    fn a_host_is_covered_whole_by_its_physical_cores() {
        let list =
            "Name,Size,Count,Host,HostCores\na,Standard_D4s_v3,6,host-1,40\nb,Standard_D4s_v3,1,HOST-1,\n";
        let own = planned(list, &[(Edition::WindowsDatacenter, 40), (Edition::WindowsStandard, 800)]);
        assert!(own.hosts[0].covered && own.rows.iter().all(|row| row.covered() == row.machine.count));
        assert_eq!((taken(&own, Edition::WindowsDatacenter), taken(&own, Edition::WindowsStandard)), (40, 0));
        let own = planned(list, &[(Edition::WindowsDatacenter, 39), (Edition::WindowsStandard, 800)]);
        assert!(!own.hosts[0].covered);
        assert_eq!(own.lacking[&Edition::WindowsDatacenter], 1);
    }

    #[test]
    fn what_has_the_benefit_already_is_not_covered_again() {
        let mut tables = tables(&[(Edition::WindowsStandard, 8)]);
        tables.in_use.insert(("a".to_owned(), false), vec![(Edition::WindowsStandard, 8)]);
        let list = machine_list::read(b"A,Standard_D4s_v3,,2\nb,Standard_D16s_v3\n").unwrap();
        let own = plan(list, &tables).ok().unwrap();
        // One of the two has it; the other takes what is free, and the large one lacks sixteen.
        assert_eq!((own.rows[0].already, own.rows[0].covered()), (1, 2));
        assert_eq!(own.rows[0].covers, [Cover { edition: Edition::WindowsStandard, count: 1, each: 8 }]);
        assert_eq!(own.lacking[&Edition::WindowsStandard], 16);
        assert_eq!((own.sums.planned, own.bound.minor()), (own.sums.everywhere, 268_64));
        tables.in_use.insert(("host-1".to_owned(), true), vec![(Edition::WindowsDatacenter, 40)]);
        let list = machine_list::read(b"Name,Size,Host\nx,Standard_D4s_v3,HOST-1\n").unwrap();
        let own = plan(list, &tables).ok().unwrap();
        assert!(own.rows[0].covered() == 1 && own.hosts.is_empty() && own.lacking.is_empty());
    }

    #[test]
    fn machines_without_a_rate_come_last_and_are_counted() {
        let own = planned("x,Standard_D16s_v3\nweb,Standard_D4s_v3", &[(Edition::WindowsStandard, 16)]);
        assert_eq!((own.rows[0].covered(), own.rows[1].covered(), own.unrated), (0, 1, 1));
        assert_eq!(own.lacking[&Edition::WindowsStandard], 8);
    }

    #[test]
    fn what_does_not_fit_is_told_with_what_would() {
        let faults = |list: &str| {
            let own = plan(machine_list::read(list.as_bytes()).unwrap(), &tables(&[])).err().unwrap();
            own.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        };
        assert!(faults("a,D4s_v4").contains("Standard_D4s_v3"));
        assert!(!faults("a,nothing").contains("Did you mean"));
        assert!(faults("a,Standard_D4s_v3,West US 3").starts_with("line 1, Region: "));
        assert!(faults("Name,Size,Cores\na,Standard_D4s_v3,8\n").starts_with("line 2, Cores: "));
        assert!(faults("Name,Size,Host\na,Standard_D4s_v3,h\n").starts_with("line 2, HostCores: "));
        let differs = "Name,Size,Host,HostCores\na,Standard_D4s_v3,h,8\nb,Standard_D4s_v3,h,9\n";
        assert!(faults(differs).starts_with("line 3, HostCores: "));
    }

    #[test]
    fn sql_servers_cores_cover_vcores() {
        let list = "Name,Cores,Workload,LicensedRate,BaseRate\n\
            erp,8,sql_general_purpose,2.02,1.22\nbi,4,sql vm standard,0.6,0.2\n";
        let own = planned(list, &[(Edition::SqlEnterprise, 2), (Edition::SqlStandard, 4)]);
        assert_eq!(own.rows[0].covers, [Cover { edition: Edition::SqlEnterprise, count: 1, each: 2 }]);
        assert_eq!(own.rows[1].covers, [Cover { edition: Edition::SqlStandard, count: 1, each: 4 }]);
        assert!(own.best && own.lacking.is_empty());
    }
}
