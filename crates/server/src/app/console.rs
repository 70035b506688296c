//! What the operator changes from the console: who may trade, which policies count, what is sold where, when stock is
//! low, and work that waits.

use chandlery_domain::access::{Action, Role};
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::calendar::utc_date;
use chandlery_domain::catalog::Family;
use chandlery_domain::ids::{JobId, PartnerId, ProductId};
use chandlery_domain::media::Version;
use chandlery_domain::policy::Profile;
use chandlery_store::jobs::{self, Job, Task};
use chandlery_store::markets::{self, NamedBlock};
use chandlery_store::people::{self, Of, User};
use chandlery_store::settings::{self, names};
use chandlery_store::{Read, Write, media, partners, policies};
use jiff::civil::Date;

use super::{Context, set_up};
use crate::error::{Error, Missing};
use crate::outside::vault::Vault;
use crate::texts::Complaint;

/// What is missing when a partner is.
const PARTNER: Missing = Missing::Other("partner");
/// What is missing when a piece of work is.
const WORK: Missing = Missing::Other("work");

/// Lets a partner trade, or stops it. That it is so already is no error.
///
/// # Errors
/// When there is no such partner.
pub fn set_partner_active(tx: &mut Write<'_>, id: PartnerId, active: bool) -> Result<((), Entry), Error> {
    let partner = partners::named(tx, id)?.ok_or(Error::NotFound(PARTNER))?;
    partners::set_active(tx, id, active)?;
    let word = |active: bool| if active { "active" } else { "inactive" };
    let entry = Entry::did(Operation::ChangePartner, Resource::Partner, id)
        .was(vec![Fact::new("state", word(partner.active))])
        .with(vec![Fact::new("name", &partner.name), Fact::new("state", word(active))]);
    Ok(((), entry))
}

/// Whether nobody of a partner's may sign in as its Global admin.
///
/// # Errors
/// The store's own.
pub fn lacks_admin(tx: &mut Read<'_>, cx: &Context, partner: PartnerId) -> Result<bool, Error> {
    let scope = Context::system(partner, cx.now, "operator console").authorize(Action::ReadPartnerUsers)?;
    Ok(people::count_with_role(tx, &scope, Of::Partner, Role::GlobalAdmin)? == 0)
}

/// Adds a partner's first Global admin: only while it has none, because from then on it looks after its people itself.
///
/// # Errors
/// When there is no such partner, it has one, or the sign-in name is taken.
pub fn add_first_admin(
    tx: &mut Write<'_>,
    cx: &Context,
    vault: &Vault,
    user: &User,
) -> Result<((), Entry), Error> {
    let partner = partners::named(tx, user.partner)?.ok_or(Error::NotFound(PARTNER))?;
    if !lacks_admin(tx, cx, partner.id)? {
        return Err(Error::complaint("partner", Complaint::of("complaint-partner-admin")));
    }
    let ((), mut entry) = set_up::add_user(tx, vault, user)?;
    entry.after.push(Fact::new("partner", partner.id));
    Ok(((), entry))
}

/// Lets another profile's dated rows count, for orders and links from now on and for old ones by their own day.
///
/// # Errors
/// The store's own.
pub fn switch_profile(tx: &mut Write<'_>, to: Profile) -> Result<(Profile, Entry), Error> {
    let from = policies::profile(tx)?;
    settings::set(tx, names::POLICY_PROFILE, to.as_str())?;
    let entry = Entry::did(Operation::ChangePolicies, Resource::Installation, "policies")
        .was(vec![Fact::new("profile", from.as_str())])
        .with(vec![Fact::new("profile", to.as_str())]);
    Ok((from, entry))
}

fn market_entry(own: &NamedBlock) -> Entry {
    let mut facts = vec![
        Fact::new("country", own.block.country),
        Fact::new("family", own.block.family.as_str()),
        Fact::new("from", own.block.valid_from),
    ];
    if let Some(end) = own.block.ended_on {
        facts.push(Fact::new("to", end));
    }
    Entry::did(Operation::ChangeMarket, Resource::Catalog, &own.block.name_id).with(facts)
}

/// Puts a market on the list of those where a family is not sold, from a day on.
///
/// # Errors
/// When there is no such market, or it stands on the list.
pub fn add_block(tx: &mut Write<'_>, own: &NamedBlock) -> Result<((), Entry), Error> {
    let (country, day) = (own.block.country, own.block.valid_from);
    if markets::find(tx, country)?.is_none() {
        return Err(Error::complaint("country", Complaint::of("complaint-country-unknown")));
    }
    let there = markets::blocks(tx, &[country])?;
    let taken = |block: &chandlery_domain::market::Block| {
        block.family == own.block.family && block.ended_on.is_none_or(|end| day < end)
    };
    if there.iter().any(taken) || !markets::add_block(tx, own)? {
        return Err(Error::complaint("country", Complaint::of("complaint-country-listed")));
    }
    Ok(((), market_entry(own)))
}

/// Takes a market off the list from a day on, which must not lie in the past: what was refused then stays explained.
///
/// # Errors
/// When it is not on the list, or its end is known already.
pub fn end_block(
    tx: &mut Write<'_>,
    cx: &Context,
    (family, name_id): (Family, &str),
    day: Date,
) -> Result<((), Entry), Error> {
    let mut own = markets::block(tx, family, name_id)?.ok_or(Error::NotFound(Missing::Other("market")))?;
    if day < utc_date(cx.now) || day < own.block.valid_from {
        return Err(Error::complaint("day", Complaint::of("complaint-day-past")));
    }
    if own.block.ended_on.is_some() || !markets::end_block(tx, family, name_id, day)? {
        return Err(Error::complaint("day", Complaint::of("complaint-day-said")));
    }
    own.block.ended_on = Some(day);
    Ok(((), market_entry(&own)))
}

/// Sets how few keys of a version raise the alarm.
///
/// # Errors
/// When there is no such version.
pub fn set_low_stock(
    tx: &mut Write<'_>,
    product: &ProductId,
    version: &Version,
    keys: u32,
) -> Result<((), Entry), Error> {
    let version = super::media::same_version(tx, product, version)?;
    if !media::set_low_stock(tx, product, &version, keys.into())? {
        return Err(Error::NotFound(Missing::Product));
    }
    let facts = vec![Fact::new("version", &version), Fact::new("low_stock", keys)];
    Ok(((), Entry::did(Operation::ChangeStock, Resource::Catalog, product).with(facts)))
}

fn work_entry(operation: Operation, job: &Job) -> Entry {
    let facts = match &job.task {
        Task::Provision(order) => vec![Fact::new("kind", "provision"), Fact::new("order_id", order)],
        Task::SendMail(_) | Task::SendNotice(..) => vec![Fact::new("kind", "send_mail")],
    };
    let mut entry = Entry::did(operation, Resource::Installation, job.id).with(facts);
    entry.after.push(Fact::new("partner", job.partner));
    entry
}

fn found_work(
    tx: &mut Read<'_>,
    cx: &Context,
    (partner, id): (PartnerId, JobId),
) -> Result<(Job, chandlery_domain::access::Scope), Error> {
    let scope = Context::system(partner, cx.now, "operator console").authorize(Action::ManageJobs)?;
    let job = jobs::find(tx, &scope, id)?.ok_or(Error::NotFound(WORK))?;
    Ok((job, scope))
}

/// Makes a piece of work due at once.
///
/// # Errors
/// When it is done or gone.
pub fn retry_work(tx: &mut Write<'_>, cx: &Context, which: (PartnerId, JobId)) -> Result<((), Entry), Error> {
    let (job, scope) = found_work(tx, cx, which)?;
    if !jobs::hurry(tx, &scope, job.id, cx.now)? {
        return Err(Error::NotFound(WORK));
    }
    Ok(((), work_entry(Operation::RetryWork, &job)))
}

/// Gives a mail up. What hands an order over cannot be given up: somebody paid for it.
///
/// # Errors
/// When it is done or gone, or no mail.
pub fn give_up_work(
    tx: &mut Write<'_>,
    cx: &Context,
    which: (PartnerId, JobId),
) -> Result<((), Entry), Error> {
    let (job, scope) = found_work(tx, cx, which)?;
    if !matches!(job.task, Task::SendMail(_) | Task::SendNotice(..)) {
        return Err(Error::complaint("work", Complaint::of("complaint-work-no-mail")));
    }
    if !jobs::done(tx, &scope, job.id)? {
        return Err(Error::NotFound(WORK));
    }
    Ok(((), work_entry(Operation::GiveUpWork, &job)))
}
