//! Dated rows of policies that the operator adds: from a coming day on, so that what was bought or issued before stays as it
//! is (rules 0.3, 5.3 and 7.1). Terms that renew from that day on are judged by their own day, where rows count in hours.

use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::calendar::utc_date;
use chandlery_domain::catalog::Family;
use chandlery_domain::policy::{CancellationRule, Credit, LinkAge, LinkRule};
use chandlery_store::{Write, policies};
use jiff::civil::Date;

use super::Context;
use crate::error::Error;
use crate::texts::Complaint;

/// A row that is to count from a coming day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planned {
    /// On giving back.
    Cancellation(CancellationRule),
    /// On download links.
    Link(LinkRule),
}

impl Planned {
    /// From which day on it counts.
    pub const fn effective_from(&self) -> Date {
        match self {
            Self::Cancellation(rule) => rule.effective_from,
            Self::Link(rule) => rule.effective_from,
        }
    }

    /// What it is about, where that is a family.
    pub const fn family(&self) -> Option<Family> {
        match self {
            Self::Cancellation(rule) => Some(rule.family),
            Self::Link(_) => None,
        }
    }

    /// Its kind, in a word.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Cancellation(_) => "cancellation",
            Self::Link(_) => "link",
        }
    }

    fn facts(&self) -> Vec<Fact> {
        let mut facts = vec![Fact::new("rule", self.kind()), Fact::new("from", self.effective_from())];
        match self {
            Self::Cancellation(rule) => {
                facts.push(Fact::new("family", rule.family.as_str()));
                facts.push(Fact::new("window", rule.window));
                let credit = match rule.credit {
                    Credit::Full => "full",
                    Credit::Prorated { .. } => "prorated",
                };
                facts.push(Fact::new("credit", credit));
            }
            Self::Link(rule) => {
                let age = match rule.age {
                    LinkAge::FromIssue => "from_issue",
                    LinkAge::FromFirstDownload => "from_first_download",
                };
                facts.push(Fact::new("max_days", rule.max_days));
                facts.push(Fact::new("age", age));
                let most = rule.max_downloads.map_or_else(|| "unlimited".to_owned(), |own| own.to_string());
                facts.push(Fact::new("max_downloads", most));
            }
        }
        facts
    }
}

fn entry(facts: Vec<Fact>) -> Entry {
    Entry::did(Operation::ChangePolicies, Resource::Installation, "policies").with(facts)
}

/// Adds a row to the profile in force.
///
/// # Errors
/// When its day has begun, when a row for that day stands there, or when it is about what is never cancelled.
pub fn plan(tx: &mut Write<'_>, cx: &Context, own: &Planned) -> Result<((), Entry), Error> {
    if own.effective_from() <= utc_date(cx.now) {
        return Err(Error::complaint("from", Complaint::of("complaint-policy-day")));
    }
    // Reservations have rules of their own, and Linux plans never come back (rules 7.8 and 2.7).
    if own.family().is_some_and(|family| !family.has_keys()) {
        return Err(Error::complaint("family", Complaint::of("complaint-policy-family")));
    }
    // What has no end has no unused days: it comes back in full (rule 7.5).
    if let Planned::Cancellation(rule) = own
        && rule.family == Family::Perpetual
        && rule.credit != Credit::Full
    {
        return Err(Error::complaint("credit", Complaint::of("complaint-policy-credit")));
    }
    let profile = policies::profile(tx)?;
    let fresh = match own {
        Planned::Cancellation(rule) => policies::add_cancellation(tx, profile, rule)?,
        Planned::Link(rule) => policies::add_link(tx, profile, rule)?,
    };
    if !fresh {
        return Err(Error::complaint("from", Complaint::of("complaint-policy-there")));
    }
    let mut facts = own.facts();
    facts.push(Fact::new("profile", profile.as_str()));
    Ok(((), entry(facts)))
}

/// Takes a row back that does not count yet: the one of a family, or the one on download links.
///
/// # Errors
/// When its day has begun, or there is none.
pub fn take_back(
    tx: &mut Write<'_>,
    cx: &Context,
    family: Option<Family>,
    day: Date,
) -> Result<((), Entry), Error> {
    if day <= utc_date(cx.now) {
        return Err(Error::complaint("from", Complaint::of("complaint-policy-counts")));
    }
    let profile = policies::profile(tx)?;
    let book = policies::book(tx, profile)?;
    let found = match family {
        Some(family) => book
            .cancellation
            .into_iter()
            .find(|rule| (rule.family, rule.effective_from) == (family, day))
            .map(Planned::Cancellation),
        None => book.links.into_iter().find(|rule| rule.effective_from == day).map(Planned::Link),
    };
    let Some(found) = found else {
        return Err(Error::complaint("from", Complaint::of("complaint-policy-none")));
    };
    match family {
        Some(family) => policies::remove_cancellation(tx, profile, family, day)?,
        None => policies::remove_link(tx, profile, day)?,
    }
    let entry = Entry::did(Operation::ChangePolicies, Resource::Installation, "policies");
    Ok(((), entry.was(found.facts()).with(vec![Fact::new("profile", profile.as_str())])))
}
