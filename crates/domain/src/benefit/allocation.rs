//! Which machines licences are best put on: those with the highest saving together, as far as the licences go.
//!
//! What is searched is two knapsacks, one an edition, where a machine may weigh differently in each. Small cases are solved
//! exactly, by a table over both capacities. Larger ones are solved by prices per core (Lagrange multipliers) that also give
//! a bound: no choice at all saves more. The result says how far from the bound it can be at most.

use std::cmp::Reverse;

/// The most cells of the exact table, one octet each.
const CELLS_MAX: u64 = 8_000_000;
/// The most kinds between which machines are exchanged to fill what is left.
const KINDS_EXCHANGED: usize = 400;
/// How often all exchanges are tried.
const ROUNDS_MAX: usize = 50;
/// Prices per core are reckoned in parts of a minor unit: 2⁻¹⁰.
const FINE: i128 = 1 << 10;

/// Machines that are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// How many cores one takes of each edition; none where the edition does not cover it.
    pub needs: [Option<u32>; 2],
    /// What covering one saves, in minor units. Nothing below zero is ever covered.
    pub saves: i64,
    /// How many there are.
    pub count: u32,
}

/// How many of each kind are covered by each edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation {
    /// In the order of the kinds.
    pub covered: Vec<[u32; 2]>,
    /// What is saved.
    pub saves: i64,
    /// What no allocation can exceed.
    pub bound: i64,
    /// How many cores are used of each edition.
    pub used: [u32; 2],
}

impl Allocation {
    /// Whether nothing better exists: proved, not hoped.
    pub const fn is_best(&self) -> bool {
        self.saves == self.bound
    }
}

/// The best use of `cores` of two editions. The first edition is preferred where both are as good.
pub fn allocate(kinds: &[Kind], cores: [u32; 2]) -> Allocation {
    let found = table(kinds, cores).unwrap_or_else(|| by_prices(kinds, cores));
    debug_assert!(found.saves <= found.bound, "nothing is better than the bound");
    found
}

/// Adds up what an allocation uses and saves.
fn total(kinds: &[Kind], covered: &[[u32; 2]]) -> (i64, [u32; 2]) {
    let mut saves = 0_i64;
    let mut used = [0_u32; 2];
    for (kind, own) in kinds.iter().zip(covered) {
        for ((sum, need), count) in used.iter_mut().zip(kind.needs).zip(own) {
            *sum = sum.saturating_add(need.unwrap_or(0).saturating_mul(*count));
            saves = saves.saturating_add(kind.saves.saturating_mul(i64::from(*count)));
        }
    }
    (saves, used)
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn index(value: u32) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

/// The exact solution, where the table is small enough.
fn table(kinds: &[Kind], cores: [u32; 2]) -> Option<Allocation> {
    // Cores come in steps, such as of eight: the table has a column a step.
    let mut steps = [0_u32; 2];
    let mut all = [0_u64; 2];
    let mut machines = 0_u64;
    for kind in kinds {
        machines += u64::from(kind.count);
        for ((step, sum), need) in steps.iter_mut().zip(&mut all).zip(kind.needs) {
            if let Some(need) = need {
                *step = gcd(*step, need);
                *sum += u64::from(need) * u64::from(kind.count);
            }
        }
    }
    let steps = steps.map(|step| step.max(1));
    // More cores than everything takes are of no use.
    let width = |place: usize| {
        let (step, all) = (steps.get(place).copied()?, all.get(place).copied()?);
        Some(u64::from(*cores.get(place)?).min(all) / u64::from(step) + 1)
    };
    let (wide, high) = (width(0)?, width(1)?);
    let cells = wide.checked_mul(high)?;
    if cells.checked_mul(machines.max(1))? > CELLS_MAX {
        return None;
    }
    let (wide, cells) = (usize::try_from(wide).ok()?, usize::try_from(cells).ok()?);
    let mut best = vec![0_i64; cells];
    // For every machine and every state of both pools: 0 not covered, 1 by the first edition, 2 by the second.
    let mut chosen: Vec<Vec<u8>> = Vec::new();
    let mut owner = Vec::new();
    let step_of = |kind: &Kind, place: usize| {
        let need = kind.needs.get(place).copied().flatten()?;
        let by = steps.get(place).copied()?;
        Some(index(need / by))
    };
    for (place, kind) in kinds.iter().enumerate() {
        if kind.saves <= 0 {
            continue;
        }
        let (first, second) = (step_of(kind, 0), step_of(kind, 1));
        for _ in 0..kind.count {
            let mut row = vec![0_u8; cells];
            // From the end, so that a machine is counted once.
            for cell in (0..cells).rev() {
                let (x, y) = (cell % wide, cell / wide);
                let mut value = best.get(cell).copied().unwrap_or(0);
                let mut choice = 0;
                let mut offer = |from: Option<usize>, by: u8| {
                    if let Some(old) = from.and_then(|from| best.get(from)) {
                        let with = old.saturating_add(kind.saves);
                        if with > value {
                            (value, choice) = (with, by);
                        }
                    }
                };
                offer(first.filter(|need| *need <= x).map(|need| cell - need), 1);
                offer(second.filter(|need| *need <= y).map(|need| cell - need * wide), 2);
                if let Some(own) = best.get_mut(cell) {
                    *own = value;
                }
                if let Some(own) = row.get_mut(cell) {
                    *own = choice;
                }
            }
            chosen.push(row);
            owner.push((place, first, second));
        }
    }
    let mut covered = vec![[0_u32; 2]; kinds.len()];
    let mut cell = cells - 1;
    for (row, (place, first, second)) in chosen.iter().zip(&owner).rev() {
        let own = covered.get_mut(*place)?;
        match row.get(cell) {
            Some(1) => {
                own[0] += 1;
                cell -= first.unwrap_or(0);
            }
            Some(2) => {
                own[1] += 1;
                cell -= second.unwrap_or(0) * wide;
            }
            _ => {}
        }
    }
    let (saves, used) = total(kinds, &covered);
    Some(Allocation { covered, saves, bound: saves, used })
}

/// What one of a kind is worth by each edition when cores have these prices; none where it costs as much as it saves.
fn worths(kind: &Kind, prices: [i128; 2]) -> [Option<i128>; 2] {
    let value = i128::from(kind.saves) * FINE;
    let [first, second] = prices;
    let of = |need: Option<u32>, price: i128| {
        need.map(|need| value - price * i128::from(need)).filter(|worth| *worth > 0)
    };
    [of(kind.needs[0], first), of(kind.needs[1], second)]
}

/// What no allocation exceeds at these prices, by weak duality: every machine at its worth, and every core at its price.
fn dual(kinds: &[Kind], cores: [u32; 2], prices: [i128; 2]) -> i128 {
    let machines: i128 = kinds
        .iter()
        .map(|kind| {
            let [first, second] = worths(kind, prices);
            first.max(second).unwrap_or(0) * i128::from(kind.count)
        })
        .sum();
    let licences: i128 = prices.iter().zip(cores).map(|(price, own)| price * i128::from(own)).sum();
    machines + licences
}

/// Where a convex function of whole numbers from 0 to `most` is smallest.
fn lowest(most: i128, value: impl Fn(i128) -> i128) -> i128 {
    let (mut low, mut high) = (0, most);
    while low < high {
        let middle = low + (high - low) / 2;
        if value(middle) <= value(middle + 1) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// The lowest price of the second edition's cores at which no more of them are wanted than there are, that of the first being
/// given: there the bound is lowest.
fn second_price(kinds: &[Kind], cores: u32, first: i128, most: i128) -> i128 {
    let fits = |second: i128| {
        let mut wanted = 0_u64;
        for kind in kinds {
            // What is worth as much by the first edition need not take the second's cores.
            if let ([other, Some(own)], Some(need)) = (worths(kind, [first, second]), kind.needs[1])
                && other.is_none_or(|other| own > other)
            {
                wanted = wanted.saturating_add(u64::from(need) * u64::from(kind.count));
            }
        }
        wanted <= u64::from(cores)
    };
    let (mut low, mut high) = (0, most);
    while low < high {
        let middle = low + (high - low) / 2;
        if fits(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// Prices per core at which about as many cores are wanted as there are, machines put where they are worth most, what is left
/// filled up, and single machines exchanged while that saves more.
fn by_prices(kinds: &[Kind], cores: [u32; 2]) -> Allocation {
    // No core is worth more than the highest saving of one core.
    let a_core = |kind: &Kind| {
        let least = kind.needs.iter().flatten().min().copied().unwrap_or(1).max(1);
        i128::from(kind.saves.max(0)) * FINE / i128::from(least)
    };
    let most = kinds.iter().map(a_core).max().unwrap_or(0) + 1;
    let second = |first: i128| second_price(kinds, cores[1], first, most);
    let first = lowest(most, |first| dual(kinds, cores, [first, second(first)]));
    let prices = [first, second(first)];
    let limit = i64::try_from(dual(kinds, cores, prices) / FINE).unwrap_or(i64::MAX);

    let mut filling = Filling { kinds, left: cores, covered: vec![[0; 2]; kinds.len()] };
    let mut order: Vec<(i128, usize, usize)> = Vec::new();
    for (at, kind) in kinds.iter().enumerate() {
        for (place, own) in worths(kind, prices).into_iter().enumerate() {
            order.extend(own.map(|own| (own, at, place)));
        }
    }
    order.sort_unstable_by_key(|(own, at, place)| (Reverse(*own), *at, *place));
    for (_, at, place) in order {
        filling.cover(at, place);
    }
    filling.fill();
    filling.exchange();
    let (saves, used) = total(kinds, &filling.covered);
    Allocation { covered: filling.covered, saves, bound: limit.max(saves), used }
}

struct Filling<'a> {
    kinds: &'a [Kind],
    left: [u32; 2],
    covered: Vec<[u32; 2]>,
}

impl Filling<'_> {
    fn need(&self, at: usize, place: usize) -> Option<u32> {
        self.kinds.get(at)?.needs.get(place).copied().flatten()
    }

    fn count(&self, at: usize, place: usize) -> u32 {
        self.covered.get(at).and_then(|own| own.get(place)).copied().unwrap_or(0)
    }

    fn uncovered(&self, at: usize) -> u32 {
        let all = self.kinds.get(at).map_or(0, |kind| kind.count);
        all.saturating_sub(self.count(at, 0)).saturating_sub(self.count(at, 1))
    }

    /// Covers as many of a kind as there are cores for.
    fn cover(&mut self, at: usize, place: usize) {
        let Some(need) = self.need(at, place) else { return };
        let left = self.left.get(place).copied().unwrap_or(0);
        let count = left.checked_div(need).unwrap_or(u32::MAX).min(self.uncovered(at));
        self.change(at, place, i64::from(count));
    }

    fn change(&mut self, at: usize, place: usize, by: i64) {
        let need = i64::from(self.need(at, place).unwrap_or(0));
        let shifted = |value: u32, by: i64| u32::try_from(i64::from(value) + by).unwrap_or(0);
        if let Some(own) = self.covered.get_mut(at).and_then(|own| own.get_mut(place)) {
            *own = shifted(*own, by);
        }
        if let Some(left) = self.left.get_mut(place) {
            *left = shifted(*left, -by * need);
        }
    }

    /// Puts what is left on whatever saves most a core and still fits.
    fn fill(&mut self) {
        let mut order: Vec<(u64, usize, usize)> = Vec::new();
        for (at, kind) in self.kinds.iter().enumerate() {
            for (place, need) in kind.needs.iter().enumerate() {
                if let (Some(need), Ok(saves @ 1..)) = (need, u64::try_from(kind.saves)) {
                    order.push(((saves << 16).checked_div(u64::from(*need)).unwrap_or(u64::MAX), at, place));
                }
            }
        }
        order.sort_unstable_by_key(|(own, at, place)| (Reverse(*own), *at, *place));
        for (_, at, place) in order {
            self.cover(at, place);
        }
    }

    /// Takes one machine out for a better one that fits then, until nothing gets better.
    fn exchange(&mut self) {
        if self.kinds.len() > KINDS_EXCHANGED {
            return;
        }
        for _ in 0..ROUNDS_MAX {
            let mut better = false;
            for place in 0..2 {
                for out in 0..self.kinds.len() {
                    for one in 0..self.kinds.len() {
                        better |= self.swap(place, out, one);
                    }
                }
            }
            if !better {
                return;
            }
            self.fill();
        }
    }

    fn swap(&mut self, place: usize, out: usize, one: usize) -> bool {
        if self.count(out, place) == 0 || self.uncovered(one) == 0 {
            return false;
        }
        let (Some(old), Some(new)) = (self.kinds.get(out), self.kinds.get(one)) else { return false };
        let (Some(frees), Some(takes)) = (self.need(out, place), self.need(one, place)) else { return false };
        let left = self.left.get(place).copied().unwrap_or(0);
        if new.saves <= old.saves || takes > left.saturating_add(frees) {
            return false;
        }
        self.change(out, place, -1);
        self.change(one, place, 1);
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kind(first: Option<u32>, second: Option<u32>, saves: i64, count: u32) -> Kind {
        Kind { needs: [first, second], saves, count }
    }

    /// Every way there is.
    fn brute(machines: &[Kind], cores: [u32; 2]) -> i64 {
        let Some((own, rest)) = machines.split_first() else { return 0 };
        let mut best = brute(rest, cores);
        for place in 0..2 {
            if let Some(need) = own.needs[place]
                && need <= cores[place]
                && own.saves > 0
            {
                let mut left = cores;
                left[place] -= need;
                best = best.max(own.saves + brute(rest, left));
            }
        }
        best
    }

    fn is_valid(kinds: &[Kind], cores: [u32; 2], own: &Allocation) {
        let (saves, used) = total(kinds, &own.covered);
        assert_eq!((saves, used), (own.saves, own.used));
        assert!(used[0] <= cores[0] && used[1] <= cores[1]);
        for (kind, covered) in kinds.iter().zip(&own.covered) {
            assert!(covered[0] + covered[1] <= kind.count);
            assert!(kind.needs[0].is_some() || covered[0] == 0);
            assert!(kind.needs[1].is_some() || covered[1] == 0);
        }
    }

    #[test]
    fn large_machines_are_not_covered_before_small_ones_that_save_more_together() {
        // Sixteen cores: one machine that saves 100, or two that save 60 each.
        let kinds = [kind(Some(16), None, 100, 1), kind(Some(8), None, 60, 2)];
        let own = allocate(&kinds, [16, 0]);
        assert_eq!((own.covered.clone(), own.saves), (vec![[0, 0], [2, 0]], 120));
        assert!(own.is_best());
    }

    #[test]
    fn what_saves_nothing_is_not_covered_and_nothing_owned_covers_nothing() {
        assert_eq!(allocate(&[kind(Some(8), Some(8), 0, 3)], [80, 80]).covered, [[0, 0]]);
        assert_eq!(allocate(&[kind(Some(8), Some(8), 5, 3)], [0, 7]).saves, 0);
        assert_eq!(allocate(&[], [8, 8]).saves, 0);
    }

    #[test]
    fn ten_thousand_machines_come_within_a_thousandth_of_what_is_possible() {
        let sizes = [2_u32, 4, 8, 16, 20, 32, 48, 64, 72, 96];
        let kinds: Vec<Kind> = (0..10_000_u32)
            .map(|at| {
                let cores = sizes[index(at) % sizes.len()];
                let need = Some(cores.max(8));
                kind(need, need, i64::from(cores) * 3_358 * i64::from(100 + at % 631) / 730, 1)
            })
            .collect();
        let own = allocate(&kinds, [60_000, 40_007]);
        is_valid(&kinds, [60_000, 40_007], &own);
        assert!((own.bound - own.saves) * 1000 <= own.bound, "{} of {}", own.saves, own.bound);
    }

    proptest! {
        #[test]
        fn the_table_finds_what_trying_everything_finds(
            list in prop::collection::vec(
                (prop::option::of(1_u32..20), prop::option::of(1_u32..20), -5_i64..100), 0..8),
            cores in [0_u32..50, 0_u32..50],
        ) {
            let kinds: Vec<Kind> = list.iter().map(|(a, b, saves)| kind(*a, *b, *saves, 1)).collect();
            let own = table(&kinds, cores).unwrap();
            is_valid(&kinds, cores, &own);
            prop_assert_eq!(own.saves, brute(&kinds, cores));
        }

        #[test]
        fn prices_find_something_valid_and_their_bound_holds(
            list in prop::collection::vec(
                (prop::option::of(1_u32..20), prop::option::of(1_u32..20), -5_i64..100, 1_u32..3), 0..6),
            cores in [0_u32..50, 0_u32..50],
        ) {
            let kinds: Vec<Kind> = list.iter().map(|(a, b, saves, count)| kind(*a, *b, *saves, *count)).collect();
            let own = by_prices(&kinds, cores);
            is_valid(&kinds, cores, &own);
            let exact = table(&kinds, cores).unwrap();
            prop_assert!(own.saves <= exact.saves && exact.saves <= own.bound);
        }
    }
}
