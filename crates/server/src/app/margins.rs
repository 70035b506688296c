//! What a partner asks of its customers more than it pays: rules are added for today or later, and end; what was booked stays as
//! it was booked.

use chandlery_domain::access::Scope;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::calendar::utc_date;
use chandlery_domain::ids::MarginId;
use chandlery_domain::margin::{Margin, Over, RULES_MAX, Rule};
use chandlery_store::{Write, customers, margins, media};

use super::Context;
use crate::error::{Error, Missing};
use crate::texts::Complaint;

fn facts(rule: &Rule) -> Vec<Fact> {
    let (kind, value) = match rule.margin {
        Margin::Percent(own) => ("percent", own.to_string()),
        Margin::Fixed(own) => ("fixed", own.to_string()),
        Margin::Price(own) => ("price", own.to_string()),
    };
    let mut facts = vec![
        Fact::new("margin_over", &rule.over),
        Fact::new("margin", kind),
        Fact::new("margin_value", value),
        Fact::new("effective_from", rule.from),
    ];
    facts.extend(rule.floor.map(|own| Fact::new("margin_floor", own)));
    facts
}

fn entry(rule: &Rule, name: Option<&str>) -> Entry {
    let entry = Entry::did(Operation::ChangeMargins, Resource::Partner, rule.id);
    match (rule.customer, name) {
        (Some(customer), Some(name)) => entry.for_customer(customer, name),
        _ => entry,
    }
}

/// Adds a rule.
///
/// # Errors
/// When it would count in the past, is about a customer or a product that is not there, or there are too many.
pub fn add(tx: &mut Write<'_>, cx: &Context, scope: &Scope, rule: &Rule) -> Result<((), Entry), Error> {
    let today = utc_date(cx.now);
    if rule.from < today {
        let why = Complaint::of("complaint-margin-past").with("day", today);
        return Err(Error::complaint("from", why));
    }
    let product = match &rule.over {
        Over::Product(own) | Over::Sku(own, _) => Some(own),
        Over::All | Over::Family(_) => None,
    };
    if let Some(own) = product
        && media::product_title(tx, own)?.is_none()
    {
        return Err(Error::complaint("product", Complaint::of("complaint-margin-product")));
    }
    let name = match rule.customer {
        None => None,
        Some(id) => {
            let (own, _) = customers::find(tx, scope, id)?.ok_or(Error::NotFound(Missing::Customer))?;
            Some(own.billing.company_name)
        }
    };
    if margins::count(tx, scope, today)? >= RULES_MAX {
        let why = Complaint::of("complaint-margin-many").with("most", RULES_MAX);
        return Err(Error::complaint("value", why));
    }
    margins::insert_rule(tx, scope, rule, cx.now)?;
    Ok(((), entry(rule, name.as_deref()).with(facts(rule))))
}

/// Lets a rule end: from now on nothing is priced by it.
///
/// # Errors
/// When it is not there, or ended before.
pub fn end(tx: &mut Write<'_>, cx: &Context, scope: &Scope, id: MarginId) -> Result<((), Entry), Error> {
    let gone = || Error::NotFound(Missing::Other("margin"));
    let rule = margins::rule(tx, scope, id)?.ok_or_else(gone)?;
    let name = match rule.customer {
        None => None,
        Some(id) => customers::find(tx, scope, id)?.map(|(own, _)| own.billing.company_name),
    };
    let until = utc_date(cx.now).yesterday().map_err(Error::internal)?;
    if !margins::end_rule(tx, scope, id, until)? {
        return Err(Error::conflict("the rule ended before"));
    }
    let mut after = facts(&rule);
    after.push(Fact::new("margin_until", until));
    Ok(((), entry(&rule, name.as_deref()).with(after)))
}
