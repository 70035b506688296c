//! What somebody saw of a cart, carried by the cart's form, so that a form that comes too late is told what differs.

use serde::{Deserialize, Serialize};

use super::Form;
use super::fields::Difference;
use super::product_pages::CartLine;
use crate::texts::Reader;

/// How many lines of a form are looked at.
const LINES: usize = 200;

/// A line as the page showed it.
#[derive(Serialize, Deserialize)]
struct Seen {
    number: u32,
    item: String,
    label: String,
    unit: String,
}

/// What a line's form carries about it.
pub(super) fn written(line: &CartLine) -> String {
    let own =
        Seen { number: line.number, item: line.item.clone(), label: label(line), unit: line.unit.clone() };
    serde_json::to_string(&own).unwrap_or_default()
}

fn label(line: &CartLine) -> String {
    if line.term.is_empty() { line.title.clone() } else { format!("{} ({})", line.title, line.term) }
}

/// So many, at so much each.
fn at(quantity: &str, unit: &str) -> String {
    if unit.is_empty() { quantity.to_owned() } else { format!("{quantity} × {unit}") }
}

/// Where the form, with what was typed into it, is not the cart as it is now.
pub(super) fn differences(
    reader: &Reader,
    form: &Form,
    now: &[CartLine],
    (po_number, po_label): (&str, &str),
) -> Vec<Difference> {
    let removed: Option<u32> = form.text("remove").parse().ok();
    let mut rest: Vec<&CartLine> = now.iter().collect();
    let mut found = Vec::new();
    let seen = form.all("saw").take(LINES).filter_map(|text| serde_json::from_str::<Seen>(text).ok());
    for own in seen {
        let quantity = form.text(&format!("quantity-{}", own.number)).trim();
        let typed = if removed == Some(own.number) { String::new() } else { at(quantity, &own.unit) };
        let place = rest.iter().position(|line| line.item == own.item && label(line) == own.label);
        let (stands, label) = match place.map(|place| rest.remove(place)) {
            Some(line) => (at(&line.quantity.to_string(), &line.unit), label(line)),
            None => (String::new(), own.label),
        };
        if typed != stands {
            found.push(Difference { label, typed, now: stands });
        }
    }
    found.extend(rest.into_iter().map(|line| Difference {
        label: label(line),
        typed: String::new(),
        now: at(&line.quantity.to_string(), &line.unit),
    }));
    let typed = form.text("po_number").trim();
    if typed != po_number {
        found.push(Difference {
            label: reader.t(po_label),
            typed: typed.to_owned(),
            now: po_number.to_owned(),
        });
    }
    found
}
