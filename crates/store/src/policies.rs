//! Policy rows by profile.

use chandlery_domain::catalog::Family;
use chandlery_domain::policy::{CancellationRule, Credit, LinkAge, LinkRule, PolicyBook, Profile, Window};
use diesel::prelude::*;
use jiff::civil::Date;

use crate::columns::{flag, number, read};
use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::{policy_cancellation, policy_links};
use crate::settings;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = policy_cancellation, treat_none_as_default_value = false)]
struct CancellationRow {
    profile: String,
    family: String,
    effective_from: String,
    window_unit: String,
    window_length: i64,
    credit: String,
    cancel_day_unused: i64,
    full_within_hours: i64,
}

impl CancellationRow {
    fn read(&self) -> Result<CancellationRule, Error> {
        let length = number("policy_cancellation.window_length", self.window_length)?;
        Ok(CancellationRule {
            family: read("policy_cancellation.family", &self.family)?,
            effective_from: read("policy_cancellation.effective_from", &self.effective_from)?,
            window: match self.window_unit.as_str() {
                "days" => Window::Days(length),
                "hours" => Window::Hours(length),
                other => return Err(Error::broken("policy_cancellation.window_unit", other)),
            },
            credit: match self.credit.as_str() {
                "full" => Credit::Full,
                "prorated" => Credit::Prorated {
                    cancel_day_unused: flag("policy_cancellation.cancel_day_unused", self.cancel_day_unused)?,
                    full_within_hours: number(
                        "policy_cancellation.full_within_hours",
                        self.full_within_hours,
                    )?,
                },
                other => return Err(Error::broken("policy_cancellation.credit", other)),
            },
        })
    }

    fn write(profile: Profile, rule: &CancellationRule) -> Self {
        let (window_unit, window_length) = match rule.window {
            Window::Days(days) => ("days", days),
            Window::Hours(hours) => ("hours", hours),
        };
        let (credit, unused, hours) = match rule.credit {
            Credit::Full => ("full", true, 0),
            Credit::Prorated { cancel_day_unused, full_within_hours } => {
                ("prorated", cancel_day_unused, full_within_hours)
            }
        };
        Self {
            profile: profile.as_str().into(),
            family: rule.family.as_str().into(),
            effective_from: rule.effective_from.to_string(),
            window_unit: window_unit.into(),
            window_length: window_length.into(),
            credit: credit.into(),
            cancel_day_unused: unused.into(),
            full_within_hours: hours.into(),
        }
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = policy_links, treat_none_as_default_value = false)]
struct LinkRow {
    profile: String,
    effective_from: String,
    max_days: i64,
    age: String,
    max_downloads: Option<i64>,
}

impl LinkRow {
    fn read(&self) -> Result<LinkRule, Error> {
        Ok(LinkRule {
            effective_from: read("policy_links.effective_from", &self.effective_from)?,
            max_days: number("policy_links.max_days", self.max_days)?,
            age: match self.age.as_str() {
                "from_issue" => LinkAge::FromIssue,
                "from_first_download" => LinkAge::FromFirstDownload,
                other => return Err(Error::broken("policy_links.age", other)),
            },
            max_downloads: self
                .max_downloads
                .map(|count| number("policy_links.max_downloads", count))
                .transpose()?,
        })
    }

    fn write(profile: Profile, rule: &LinkRule) -> Self {
        Self {
            profile: profile.as_str().into(),
            effective_from: rule.effective_from.to_string(),
            max_days: rule.max_days.into(),
            age: match rule.age {
                LinkAge::FromIssue => "from_issue",
                LinkAge::FromFirstDownload => "from_first_download",
            }
            .into(),
            max_downloads: rule.max_downloads.map(i64::from),
        }
    }
}

/// The rows of the profile the installation runs on.
///
/// # Errors
/// The store's own.
pub fn in_force(tx: &mut Read<'_>) -> Result<PolicyBook, Error> {
    let profile = profile(tx)?;
    book(tx, profile)
}

/// The profile the installation runs on.
///
/// # Errors
/// The store's own.
pub fn profile(tx: &mut Read<'_>) -> Result<Profile, Error> {
    match settings::get(tx, settings::names::POLICY_PROFILE)? {
        Some(text) => read("settings.policy_profile", &text),
        None => Ok(Profile::DEFAULT),
    }
}

/// The rows of a profile.
///
/// # Errors
/// The store's own.
pub fn book(tx: &mut Read<'_>, profile: Profile) -> Result<PolicyBook, Error> {
    let word = profile.as_str();
    let rules: Vec<CancellationRow> = both!(tx, |c| policy_cancellation::table
        .filter(policy_cancellation::profile.eq(word))
        .select(CancellationRow::as_select())
        .limit(1000)
        .load(c))?;
    let links: Vec<LinkRow> = both!(tx, |c| policy_links::table
        .filter(policy_links::profile.eq(word))
        .select(LinkRow::as_select())
        .limit(1000)
        .load(c))?;
    Ok(PolicyBook {
        cancellation: rules.iter().map(CancellationRow::read).collect::<Result<_, _>>()?,
        links: links.iter().map(LinkRow::read).collect::<Result<_, _>>()?,
    })
}

/// Adds the published rows of every profile where they are not there yet.
///
/// # Errors
/// The store's own.
pub fn seed(tx: &mut Write<'_>) -> Result<(), Error> {
    let mut rules = Vec::new();
    let mut links = Vec::new();
    for profile in Profile::ALL {
        let book = PolicyBook::published(profile);
        rules.extend(book.cancellation.iter().map(|rule| CancellationRow::write(profile, rule)));
        links.extend(book.links.iter().map(|rule| LinkRow::write(profile, rule)));
    }
    both!(tx, |c| diesel::insert_into(policy_cancellation::table)
        .values(&rules)
        .on_conflict_do_nothing()
        .execute(c))?;
    both!(tx, |c| diesel::insert_into(policy_links::table)
        .values(&links)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// Adds a row on giving back; false where one stands for that family and day.
///
/// # Errors
/// The store's own.
pub fn add_cancellation(
    tx: &mut Write<'_>,
    profile: Profile,
    rule: &CancellationRule,
) -> Result<bool, Error> {
    let row = CancellationRow::write(profile, rule);
    let added = both!(tx, |c| diesel::insert_into(policy_cancellation::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(added == 1)
}

/// Adds a row on download links; false where one stands for that day.
///
/// # Errors
/// The store's own.
pub fn add_link(tx: &mut Write<'_>, profile: Profile, rule: &LinkRule) -> Result<bool, Error> {
    let row = LinkRow::write(profile, rule);
    let added = both!(tx, |c| diesel::insert_into(policy_links::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(added == 1)
}

/// Takes a row on giving back away.
///
/// # Errors
/// The store's own.
pub fn remove_cancellation(
    tx: &mut Write<'_>,
    profile: Profile,
    family: Family,
    day: Date,
) -> Result<(), Error> {
    let key = (profile.as_str(), family.as_str(), day.to_string());
    both!(tx, |c| diesel::delete(policy_cancellation::table.find(key.clone())).execute(c))?;
    Ok(())
}

/// Takes a row on download links away.
///
/// # Errors
/// The store's own.
pub fn remove_link(tx: &mut Write<'_>, profile: Profile, day: Date) -> Result<(), Error> {
    let key = (profile.as_str(), day.to_string());
    both!(tx, |c| diesel::delete(policy_links::table.find(key.clone())).execute(c))?;
    Ok(())
}
