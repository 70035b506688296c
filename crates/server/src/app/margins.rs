//! What a partner asks of its customers more than it pays: rules are added for today or later, and end; what was booked stays as
//! it was booked.

use chandlery_domain::access::Scope;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::calendar::utc_date;
use chandlery_domain::ids::MarginId;
use chandlery_domain::margin::{Margin, Over, RULES_MAX, Rule};
use chandlery_store::{Write, customers, margins};

use super::Context;
use crate::error::{Error, Missing};
use crate::texts::Complaint;

fn facts(rule: &Rule) -> Vec<Fact> {
    let kind = match rule.margin {
        Margin::Percent(_) => "percent",
        Margin::Fixed(_) => "fixed",
        Margin::Price(_) => "price",
    };
    // How much it is stays out: more people read the log than see invoices.
    vec![
        Fact::new("margin_over", &rule.over),
        Fact::new("margin", kind),
        Fact::new("effective_from", rule.from),
    ]
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
    let sold = match &rule.over {
        Over::Product(own) => margins::is_sold(tx, own, None)?,
        Over::Sku(own, sku) => margins::is_sold(tx, own, Some(sku))?,
        // One price for things of every kind is a mistake.
        Over::All | Over::Family(_) if matches!(rule.margin, Margin::Price(_)) => {
            return Err(Error::complaint("product", Complaint::of("complaint-margin-price-of")));
        }
        Over::All | Over::Family(_) => true,
    };
    if !sold {
        return Err(Error::complaint("product", Complaint::of("complaint-margin-product")));
    }
    if let Some(own) = rule.currency()
        && !margins::is_used(tx, own)?
    {
        return Err(Error::complaint("currency", Complaint::of("complaint-margin-currency")));
    }
    let name = match rule.customer {
        None => None,
        Some(id) => {
            let (own, _) = customers::find(tx, scope, id)?.ok_or(Error::NotFound(Missing::Customer))?;
            Some(own.billing.company_name)
        }
    };
    let standing = margins::rules(tx, scope, today)?;
    if i64::try_from(standing.len()).is_ok_and(|count| count >= RULES_MAX) {
        let why = Complaint::of("complaint-margin-many").with("most", RULES_MAX);
        return Err(Error::complaint("value", why));
    }
    // Sent twice it is added once.
    if standing.iter().any(|(own, _)| Rule { id: rule.id, ..own.clone() } == *rule) {
        return Err(Error::complaint("value", Complaint::of("complaint-margin-same")));
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
