//! What somebody saw of a cart, carried by the cart's form, so that a form that comes too late is told what differs.

use super::Form;
use super::fields::Difference;
use super::product_pages::CartLine;
use crate::texts::Reader;

/// How many lines of a form are looked at.
const LINES: usize = 200;

/// How many letters of a title the form carries: a full cart must fit into what a form may have.
const LETTERS: usize = 60;

/// A line as the page showed it.
struct Seen<'a> {
    number: u32,
    item: &'a str,
    unit: &'a str,
    label: &'a str,
}

impl<'a> Seen<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(4, '|');
        let mut next = || parts.next();
        Some(Self { number: next()?.parse().ok()?, item: next()?, unit: next()?, label: next()? })
    }
}

/// What a line's form carries about it.
pub(super) fn written(line: &CartLine) -> String {
    format!("{}|{}|{}|{}", line.number, line.item, line.unit, label(line))
}

fn label(line: &CartLine) -> String {
    let title: String = line.title.chars().take(LETTERS).collect();
    if line.term.is_empty() { title } else { format!("{title} ({})", line.term) }
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
    let seen = form.all("saw").take(LINES).filter_map(Seen::read);
    for own in seen {
        let quantity = form.text(&format!("quantity-{}", own.number)).trim();
        let typed = if removed == Some(own.number) { String::new() } else { at(quantity, own.unit) };
        let place = rest.iter().position(|line| line.item == own.item && label(line) == own.label);
        let (stands, label) = match place.map(|place| rest.remove(place)) {
            Some(line) => (at(&line.quantity.to_string(), &line.unit), label(line)),
            None => (String::new(), own.label.to_owned()),
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
