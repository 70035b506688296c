//! Azure Hybrid Benefit of a customer: what it owns, what of it is in use, what would save most (rule 9).
//!
//! Advice and bookkeeping. Nothing here switches anything on in Azure.

pub mod import;
pub mod plan;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chandlery_domain::access::Scope;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::benefit::{Edition, Ledger, Place, Usage, Use, Workload, carries};
use chandlery_domain::calendar::utc_date;
use chandlery_domain::cart::Buyer;
use chandlery_domain::catalog::Offer;
use chandlery_domain::ids::{CustomerId, OrderId};
use chandlery_domain::money::Currency;
use chandlery_store::benefit::{self as stored, By, Declared, Recorded, Size, Subscribed};
use chandlery_store::{Read, Write, catalog, customers};
use jiff::ToSpan as _;
use jiff::civil::Date;
use uuid::Uuid;

use self::plan::{Plan, Reserve, Tables, plan};
use super::Context;
use super::machine_list::{Machine, region_key};
use crate::error::{Error, Missing};
use crate::texts::Complaint;

/// A use or a declaration that is not there.
pub const RECORD: Missing = Missing::Other("record");
/// How many uses of one customer may run at once.
pub const USES_MAX: usize = 20_000;
/// How many cores one record may name.
pub const CORES_MAX: u32 = 1_000_000;
/// How many letters a note or a name may have.
pub const NOTE_MAX: usize = 100;
/// How many SKUs of core licences there may be.
const LICENCES_MAX: i64 = 5_000;
/// How far back and ahead a use may begin.
const DAYS_AROUND: i32 = 400;
/// How far ahead a shortage is looked for.
const AHEAD_DAYS: i32 = 2 * 366;

/// What a customer owns and uses, as of a day.
pub struct Standing {
    /// The day.
    pub today: Date,
    /// Subscriptions of core licences.
    pub subscribed: Vec<Subscribed>,
    /// Licences from elsewhere.
    pub declared: Vec<Declared>,
    /// What is in use, added up.
    pub uses: Vec<Use>,
}

/// What goes of an edition: how many core licences, and how many then lack that do not lack now.
pub type Lost = (Edition, u32, u32);

/// How one edition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The edition.
    pub edition: Edition,
    /// Core licences owned by subscription.
    pub subscribed: u32,
    /// Core licences declared.
    pub declared: u32,
    /// What of them is in use.
    pub usage: Usage,
    /// How many could be used in Azure now.
    pub free: u32,
    /// How many lack now.
    pub lacking: u32,
    /// The first day within two years on which some lack, and how many.
    pub shortage: Option<(Date, u32)>,
}

impl Standing {
    /// Reads what a customer owns and uses.
    ///
    /// # Errors
    /// The store's own.
    pub fn read(tx: &mut Read<'_>, scope: &Scope, customer: CustomerId, today: Date) -> Result<Self, Error> {
        Ok(Self {
            today,
            subscribed: stored::subscribed(tx, scope, customer, today)?,
            declared: stored::declared(tx, scope, customer, today)?,
            uses: stored::summed_uses(tx, scope, customer, today)?,
        })
    }

    /// How many core licences of an edition are owned on a day from today on.
    pub fn owned(&self, edition: Edition, day: Date) -> u32 {
        let subscribed = self.subscribed.iter().filter(|own| own.edition == edition);
        let subscribed = subscribed.filter(|own| own.renews || day <= own.through).map(|own| own.cores);
        let declared = self.declared.iter().filter(|own| own.edition == edition);
        let declared = declared.filter(|own| (own.from..=own.through).contains(&day)).map(|own| own.cores);
        subscribed.chain(declared).fold(0, u32::saturating_add)
    }

    /// The last day on which a use that is known begins, and today at least.
    fn last_start(&self) -> Date {
        self.uses.iter().map(|own| own.started).max().unwrap_or(self.today).max(self.today)
    }

    /// Does something with the ledger of an edition.
    fn ledger<T>(&self, edition: Edition, look: impl FnOnce(&Ledger<'_, &dyn Fn(Date) -> u32>) -> T) -> T {
        let next = |day: Date| day.checked_add(1.day()).unwrap_or(Date::MAX);
        let mut changes: Vec<Date> =
            self.subscribed.iter().filter(|own| !own.renews).map(|own| next(own.through)).collect();
        changes.extend(self.declared.iter().flat_map(|own| [own.from, next(own.through)]));
        // What was owned on days gone by is not known any more; what is owned today is held against them.
        let owned = |day: Date| self.owned(edition, day.max(self.today));
        look(&Ledger { edition, uses: &self.uses, owned: &owned, changes: &changes })
    }

    /// What licences in use would lack if these subscriptions were not there.
    fn lost(&mut self, goes: impl Fn(&Subscribed) -> bool) -> Vec<Lost> {
        let lacked = Edition::ALL.map(|edition| (edition, self.lacking(edition)));
        let (gone, kept) = std::mem::take(&mut self.subscribed).into_iter().partition::<Vec<_>, _>(goes);
        self.subscribed = kept;
        let mut cores: BTreeMap<Edition, u32> = BTreeMap::new();
        for own in &gone {
            let sum = cores.entry(own.edition).or_default();
            *sum = sum.saturating_add(own.cores);
        }
        let more = |(edition, before): (Edition, u32)| {
            let (cores, lacks) =
                (cores.get(&edition).copied()?, self.lacking(edition).saturating_sub(before));
            (lacks > 0).then_some((edition, cores, lacks))
        };
        let lost = lacked.into_iter().filter_map(more).collect();
        self.subscribed.extend(gone);
        lost
    }

    /// How many cores of an edition could be used at a place from today on, so that none lack until every use that is known has
    /// begun.
    fn room(&self, edition: Edition, place: Place, migrated: bool) -> u32 {
        self.ledger(edition, |own| own.room(place, migrated, (self.today, self.last_start())))
    }

    /// The first day of a span on which core licences of an edition lack, and how many.
    fn shortage(&self, edition: Edition, span: (Date, Date)) -> Option<(Date, u32)> {
        self.ledger(edition, |own| own.shortage(span))
    }

    /// How many core licences of an edition lack today.
    fn lacking(&self, edition: Edition) -> u32 {
        Usage::on(self.today, edition, &self.uses).lacking(self.owned(edition, self.today))
    }

    /// How an edition stands.
    pub fn position(&self, edition: Edition) -> Position {
        let today = self.today;
        let sum = |list: &mut dyn Iterator<Item = u32>| list.fold(0, u32::saturating_add);
        let own = |other: Edition| other == edition;
        Position {
            edition,
            subscribed: sum(&mut self.subscribed.iter().filter(|l| own(l.edition)).map(|l| l.cores)),
            declared: sum(&mut self
                .declared
                .iter()
                .filter(|l| own(l.edition) && l.from <= today)
                .map(|l| l.cores)),
            usage: Usage::on(today, edition, &self.uses),
            free: self.room(edition, Place::Azure, false),
            lacking: self.lacking(edition),
            shortage: self.shortage(edition, (today, ahead(today))),
        }
    }

    /// Every edition that is owned or in use.
    pub fn positions(&self) -> Vec<Position> {
        Edition::ALL
            .into_iter()
            .map(|edition| self.position(edition))
            .filter(|own| own.subscribed + own.declared + own.usage.azure + own.usage.premises > 0)
            .collect()
    }
}

fn ahead(today: Date) -> Date {
    today.checked_add(AHEAD_DAYS.days()).unwrap_or(Date::MAX)
}

/// What is asked of a calculation.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The machines.
    pub machines: Vec<Machine>,
    /// The region of rows that name none; empty for none.
    pub region: String,
    /// What is compared.
    pub reserve: Reserve,
    /// Whether the machines move there from premises, so that licences may be in use in both places for a while.
    pub migrated: bool,
}

/// A pack of core licences to buy.
#[derive(Debug, Clone)]
pub struct Pack {
    /// Of which edition.
    pub edition: Edition,
    /// What goes into the cart.
    pub offer: Offer,
    /// How many.
    pub quantity: u32,
    /// How many cores they have together.
    pub cores: u32,
}

/// What came out.
pub struct Calculation {
    /// What is owned and in use.
    pub standing: Standing,
    /// What it is best used for.
    pub plan: Plan,
    /// What would cover the rest: of each edition that lacks, what costs least a core and year.
    pub packs: Vec<Pack>,
    /// The currency of the rates.
    pub currency: Currency,
}

/// In which currency rates are reckoned for a customer: its market's where there are rates in it, else its partner's; with the
/// regions there are rates for.
///
/// # Errors
/// The store's own.
pub fn regions(tx: &mut Read<'_>, buyer: &Buyer) -> Result<(Currency, Vec<String>), Error> {
    let own = stored::regions(tx, buyer.market.currency)?;
    if !own.is_empty() || buyer.partner.currency == buyer.market.currency {
        return Ok((buyer.market.currency, own));
    }
    Ok((buyer.partner.currency, stored::regions(tx, buyer.partner.currency)?))
}

/// Reckons what the benefit saves a customer.
///
/// # Errors
/// When the customer is not there, or a row of the list fits nothing known: then the rows.
pub fn calculate(
    tx: &mut Read<'_>,
    cx: &Context,
    scope: &Scope,
    customer: CustomerId,
    wish: Wish,
) -> Result<Result<Calculation, Vec<crate::error::BadRow>>, Error> {
    let today = utc_date(cx.now);
    let buyer = customers::buyer(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
    let standing = Standing::read(tx, scope, customer, today)?;
    let (currency, known) = regions(tx, &buyer)?;
    let mut wanted: Vec<String> = wish.machines.iter().filter_map(|own| own.region.clone()).collect();
    wanted.push(region_key(&wish.region));
    wanted.retain(|own| known.contains(own));
    wanted.sort_unstable();
    wanted.dedup();
    let rates = stored::rates(tx, currency, &wanted, today)?;
    let sizes = stored::sizes(tx)?;
    if !wish.region.is_empty() && !known.is_empty() && !known.contains(&region_key(&wish.region)) {
        let message =
            Complaint::of("list-region-unknown").with("region", &wish.region).with("known", known.join(", "));
        return Ok(Err(vec![crate::error::BadRow { line: 0, column: "Region", message }]));
    }
    let hosts = wish.machines.iter().filter_map(|own| own.host.as_ref()).map(|(name, _)| name.clone());
    let names: Vec<String> = wish.machines.iter().map(|own| own.name.clone()).chain(hosts).collect();
    let mut in_use: HashMap<(String, bool), Vec<(Edition, u32)>> = HashMap::new();
    if !standing.uses.is_empty() {
        let found = stored::named_uses(tx, scope, customer, today, &names)?;
        for own in found.into_iter().filter(|own| !own.moved_before) {
            let list = in_use.entry((own.key, own.is_host)).or_default();
            match list.iter_mut().find(|(edition, _)| *edition == own.edition) {
                Some((_, sum)) => *sum = sum.saturating_add(own.cores),
                None => list.push((own.edition, own.cores)),
            }
        }
    }
    let tables = Tables {
        currency,
        region: wish.region,
        regions: known.into_iter().collect(),
        sizes: sizes.into_iter().map(|own| (Size::key(&own.name), own)).collect(),
        rates: rates.into_iter().map(|own| ((own.region.clone(), own.size.clone()), own)).collect(),
        reserve: wish.reserve,
        in_use,
        free: Edition::ALL
            .into_iter()
            .map(|own| (own, standing.room(own, Place::Azure, wish.migrated)))
            .collect(),
        free_for_hosts: standing.room(Edition::WindowsDatacenter, Place::Host, wish.migrated),
    };
    let plan = match plan(wish.machines, &tables) {
        Ok(plan) => plan,
        Err(faults) => return Ok(Err(faults)),
    };
    let packs = packs(tx, cx, &buyer, &plan.lacking)?;
    Ok(Ok(Calculation { standing, plan, packs, currency }))
}

/// What would cover what lacks.
fn packs(
    tx: &mut Read<'_>,
    cx: &Context,
    buyer: &Buyer,
    lacking: &BTreeMap<Edition, u32>,
) -> Result<Vec<Pack>, Error> {
    if lacking.is_empty() {
        return Ok(Vec::new());
    }
    let known: HashMap<String, (Edition, u32)> = stored::core_licences(tx, LICENCES_MAX)?
        .into_iter()
        .filter(|own| lacking.contains_key(&own.edition))
        .map(|own| (own.sku, (own.edition, own.cores)))
        .collect();
    let mut products: Vec<String> =
        known.keys().filter_map(|sku| sku.split(':').next()).map(str::to_owned).collect();
    products.sort_unstable();
    products.dedup();
    let mut best: BTreeMap<Edition, (rust_decimal::Decimal, Pack)> = BTreeMap::new();
    for listing in catalog::listings_of_products(tx, &products, buyer.customer.country, cx.now)? {
        let sku = format!("{}:{}", listing.item.product, listing.item.sku);
        let Some((edition, cores)) = known.get(&sku).copied() else { continue };
        let Some(need) = lacking.get(&edition).copied().filter(|_| carries(listing.family)) else { continue };
        let quantity = need.div_ceil(cores).max(listing.minimum_quantity);
        if quantity > listing.maximum_quantity {
            continue;
        }
        // What this customer may not buy is not proposed.
        for offer in buyer.offers(&listing, quantity, cx.now).unwrap_or_default() {
            let Some(months) = offer.term.months() else { continue };
            let per = rust_decimal::Decimal::from(months) * rust_decimal::Decimal::from(cores);
            let Some(a_core) = offer.unit_price.value().checked_div(per) else { continue };
            if best.get(&edition).is_none_or(|(least, _)| a_core < *least) {
                let cores = quantity.saturating_mul(cores);
                best.insert(edition, (a_core, Pack { edition, offer, quantity, cores }));
            }
        }
    }
    Ok(best.into_values().map(|(_, pack)| pack).collect())
}

/// Licences to be declared.
#[derive(Debug, Clone)]
pub struct NewLicences {
    /// Of which edition.
    pub edition: Edition,
    /// How many cores.
    pub cores: u32,
    /// The first day of Software Assurance.
    pub from: Date,
    /// The last day of Software Assurance.
    pub through: Date,
    /// What is written beside it.
    pub note: String,
}

fn checked_cores(cores: u32) -> Result<(), Error> {
    match (1..=CORES_MAX).contains(&cores) {
        true => Ok(()),
        false => Err(Error::complaint("cores", Complaint::of("complaint-cores").with("most", CORES_MAX))),
    }
}

fn checked_text(field: &'static str, text: &str) -> Result<String, Error> {
    let text = text.trim();
    match text.chars().count() > NOTE_MAX || text.chars().any(char::is_control) {
        true => Err(Error::complaint(field, Complaint::of("complaint-reason").with("most", NOTE_MAX))),
        false => Ok(text.to_owned()),
    }
}

fn by(cx: &Context) -> By {
    By { actor: cx.actor_uuid().to_string(), at: cx.now }
}

fn entry(
    tx: &mut Read<'_>,
    scope: &Scope,
    (operation, customer, id): (Operation, CustomerId, String),
    facts: Vec<Fact>,
) -> Result<Entry, Error> {
    let (own, _) = customers::find(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
    Ok(Entry::did(operation, Resource::HybridBenefit, id)
        .for_customer(customer, &own.billing.company_name)
        .with(facts))
}

/// Keeps licences with Software Assurance that the customer has from elsewhere.
///
/// # Errors
/// When a number or a day cannot be, or the customer is not there.
pub fn declare(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    customer: CustomerId,
    new: &NewLicences,
) -> Result<(Declared, Entry), Error> {
    checked_cores(new.cores)?;
    if new.through < new.from {
        return Err(Error::complaint("through", Complaint::of("complaint-ends-before")));
    }
    if new.through < utc_date(cx.now) {
        return Err(Error::complaint("through", Complaint::of("complaint-assurance-over")));
    }
    let note = checked_text("note", &new.note)?;
    let (edition, cores) = (new.edition, new.cores);
    let own = Declared { id: cx.ids()(), edition, cores, from: new.from, through: new.through, note };
    let facts = vec![
        Fact::new("edition", edition.as_str()),
        Fact::new("cores", cores),
        Fact::new("covered_through", own.through),
    ];
    stored::hold(tx, scope, customer)?;
    let same = |other: &Declared| Declared { id: own.id, ..other.clone() } == own;
    if stored::declared(tx, scope, customer, utc_date(cx.now))?.iter().any(same) {
        return Err(Error::complaint("licences", Complaint::of("complaint-declared-already")));
    }
    let entry = entry(tx, scope, (Operation::DeclareLicences, customer, own.id.to_string()), facts)?;
    stored::declare(tx, scope, customer, &own, &by(cx))?;
    Ok((own, entry))
}

/// Takes a declaration back.
///
/// # Errors
/// When it is not there, or machines would be left without licences today.
pub fn withdraw(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    (customer, id): (CustomerId, Uuid),
) -> Result<((), Entry), Error> {
    stored::hold(tx, scope, customer)?;
    let today = utc_date(cx.now);
    let mut standing = Standing::read(tx, scope, customer, today)?;
    let at = standing.declared.iter().position(|own| own.id == id).ok_or(Error::NotFound(RECORD))?;
    let edition = standing.declared.get(at).map_or(Edition::WindowsStandard, |own| own.edition);
    let lacked = standing.lacking(edition);
    let gone = standing.declared.remove(at);
    let lacks = standing.lacking(edition);
    if lacks > lacked {
        let why =
            Complaint::of("complaint-licences-in-use").with("edition", edition.name()).with("cores", lacks);
        return Err(Error::complaint("licences", why));
    }
    let facts = vec![Fact::new("edition", gone.edition.as_str()), Fact::new("cores", gone.cores)];
    let entry = entry(tx, scope, (Operation::WithdrawLicences, customer, id.to_string()), facts)?;
    stored::withdraw(tx, scope, customer, id)?;
    Ok(((), entry))
}

/// A use to be recorded.
#[derive(Debug, Clone)]
pub struct NewUse {
    /// What the licences are used for.
    pub name: String,
    /// The use.
    pub own: Use,
}

/// What is to be recorded, as far as it can be told without the ledger.
fn checked(cx: &Context, list: &[NewUse]) -> Result<Vec<Recorded>, Error> {
    let mut fresh = cx.ids();
    let today = utc_date(cx.now);
    let around = |days: i32| today.checked_add(days.days()).unwrap_or(today);
    list.iter()
        .map(|NewUse { name, own }| {
            checked_cores(own.cores)?;
            let name = checked_text("name", name)?;
            if name.is_empty() {
                return Err(Error::complaint("name", Complaint::of("list-name")));
            }
            if !(around(-DAYS_AROUND)..=around(DAYS_AROUND)).contains(&own.started) {
                let why = Complaint::of("complaint-day-around").with("most", DAYS_AROUND);
                return Err(Error::complaint("started", why));
            }
            Ok(Recorded { id: fresh(), name, own: *own })
        })
        .collect()
}

/// Refuses what was moved before and has ended: its days do not begin again.
fn moves_once(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    (records, today): (&[Recorded], Date),
) -> Result<(), Error> {
    let moves = records.iter().filter(|own| own.own.migrated && own.own.place != Place::Premises);
    let names: Vec<String> = moves.clone().map(|own| own.name.clone()).collect();
    let before = stored::named_uses(tx, scope, customer, today, &names)?;
    for own in moves {
        let key = stored::name_key(&own.name);
        let same = |old: &stored::Named| old.moved_before && old.key == key && old.edition == own.own.edition;
        if before.iter().any(same) {
            let why = Complaint::of("complaint-migrated-before").with("name", &own.name);
            return Err(Error::complaint("name", why));
        }
    }
    Ok(())
}

/// Records uses: what is covered from a day on. Used twice where the edition forbids it, nothing is recorded.
///
/// # Errors
/// When licences would lack before every use that is known has begun, what was moved is moved again, a day or a number cannot
/// be, or there are too many.
pub fn record(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    customer: CustomerId,
    list: &[NewUse],
) -> Result<(Vec<Recorded>, Entry), Error> {
    stored::hold(tx, scope, customer)?;
    let today = utc_date(cx.now);
    let running = stored::count_uses(tx, scope, customer, today)?;
    if running.saturating_add(list.len()) > USES_MAX {
        return Err(Error::complaint("uses", Complaint::of("complaint-uses-many").with("most", USES_MAX)));
    }
    let records = checked(cx, list)?;
    moves_once(tx, scope, customer, (&records, today))?;
    let mut standing = Standing::read(tx, scope, customer, today)?;
    standing.uses.extend(records.iter().map(|own| own.own));
    let from = records.iter().map(|own| own.own.started).min().unwrap_or(today).min(today);
    let span = (from, standing.last_start());
    let editions: BTreeSet<Edition> = records.iter().map(|own| own.own.edition).collect();
    for edition in editions {
        if let Some((day, cores)) = standing.shortage(edition, span) {
            let why = Complaint::of("complaint-cores-lack")
                .with("edition", edition.name())
                .with("cores", cores)
                .with("day", day);
            return Err(Error::complaint("cores", why));
        }
    }
    let cores: u64 = records.iter().map(|own| u64::from(own.own.cores)).sum();
    let mut facts = vec![Fact::new("uses", records.len()), Fact::new("cores", cores)];
    if let [one] = records.as_slice() {
        facts.extend([
            Fact::new("edition", one.own.edition.as_str()),
            Fact::new("place", one.own.place.as_str()),
        ]);
    }
    let id = records.first().map(|own| own.id.to_string()).unwrap_or_default();
    let entry = entry(tx, scope, (Operation::RecordBenefit, customer, id), facts)?;
    stored::record(tx, scope, customer, &records, &by(cx))?;
    Ok((records, entry))
}

/// What a plan covers, as uses that begin on a day.
pub fn uses_of(plan: &Plan, started: Date, migrated: bool) -> Vec<NewUse> {
    let mut uses = Vec::new();
    for row in &plan.rows {
        for own in row.covers.iter().filter(|own| own.each > 0 && own.count > 0) {
            let cores = own.each.saturating_mul(own.count);
            let (edition, place) = (own.edition, Place::Azure);
            let own = Use { edition, place, cores, started, migrated, ended: None };
            uses.push(NewUse { name: row.machine.name.clone(), own });
        }
    }
    for host in plan.hosts.iter().filter(|own| own.covered) {
        let edition = Edition::WindowsDatacenter;
        let cores = Workload::Host.needs(edition, host.cores).unwrap_or(host.cores);
        let own = Use { edition, place: Place::Host, cores, started, migrated, ended: None };
        uses.push(NewUse { name: host.name.clone(), own });
    }
    uses
}

/// Ends a use with a day, its last.
///
/// # Errors
/// When it is not there, has ended, or the day lies before its first.
pub fn end(
    tx: &mut Write<'_>,
    scope: &Scope,
    (customer, id, last): (CustomerId, Uuid, Date),
) -> Result<((), Entry), Error> {
    let own = stored::find_use(tx, scope, customer, id)?.ok_or(Error::NotFound(RECORD))?;
    if last < own.own.started {
        return Err(Error::complaint("ended", Complaint::of("complaint-ends-before")));
    }
    if own.own.ended.is_some_and(|before| before <= last) {
        return Err(Error::complaint("ended", Complaint::of("complaint-ended-already")));
    }
    let facts = vec![
        Fact::new("edition", own.own.edition.as_str()),
        Fact::new("cores", own.own.cores),
        Fact::new("ended", last),
    ];
    let entry = entry(tx, scope, (Operation::EndBenefit, customer, id.to_string()), facts)?;
    stored::end_use(tx, scope, customer, id, last)?;
    Ok(((), entry))
}

/// What giving back lines of an order takes away from licences in use: editions, how many cores go, and how many then lack
/// that do not lack now.
///
/// # Errors
/// The store's own.
pub fn lost(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    (order, lines): (OrderId, &[u32]),
    today: Date,
) -> Result<Vec<Lost>, Error> {
    let mut standing = Standing::read(tx, scope, customer, today)?;
    Ok(standing.lost(|own| own.line.0 == order && lines.contains(&own.line.1)))
}

/// The same for each of these lines alone, as if it ended.
///
/// # Errors
/// The store's own.
pub fn at_stake(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    lines: &[(OrderId, u32)],
    today: Date,
) -> Result<Vec<Vec<Lost>>, Error> {
    let mut standing = Standing::read(tx, scope, customer, today)?;
    Ok(lines.iter().map(|line| standing.lost(|own| own.line == *line)).collect())
}
