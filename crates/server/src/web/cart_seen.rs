//! What somebody saw of a cart, carried by the cart's form, so that a form that comes too late is told what differs.
//!
//! Carried is what is the same in every language; both sides are worded for whoever reads them now.

use chandlery_domain::money::UnitPrice;
use chandlery_domain::order::LINES_MAX;

use super::Form;
use super::fields::Difference;
use super::product_pages::CartLine;
use super::products::{way_label, way_of};
use crate::texts::Reader;

/// How many letters of a title the form carries: a full cart must fit into what a form may have, in any writing.
const LETTERS: usize = 40;

/// A line as the page showed it.
struct Seen<'a> {
    number: u32,
    item: &'a str,
    way: &'a str,
    /// Currency and price of one; empty where it had none.
    price: &'a str,
    title: &'a str,
}

impl<'a> Seen<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(5, '|');
        let mut next = || parts.next();
        Some(Self {
            number: next()?.parse().ok()?,
            item: next()?,
            way: next()?,
            price: next()?,
            title: next()?,
        })
    }

    fn is(&self, line: &CartLine) -> bool {
        self.item == line.item && self.way == line.way
    }
}

/// What a line's form carries about it.
pub(super) fn written(line: &CartLine) -> String {
    let title: String = line.title.chars().take(LETTERS).collect();
    format!("{}|{}|{}|{}|{title}", line.number, line.item, line.way, line.price)
}

/// A line's name with how it is charged.
fn label(reader: &Reader, title: &str, way: &str) -> String {
    match way_of(way) {
        Some((term, plan)) => format!("{title} ({})", way_label(reader, term, plan)),
        None => title.to_owned(),
    }
}

/// So many, at so much each.
fn at(reader: &Reader, quantity: &str, price: &str) -> String {
    let read =
        price.split_once(' ').and_then(|(code, value)| UnitPrice::parse(value, code.parse().ok()?).ok());
    match read {
        Some(price) => format!("{quantity} × {}", reader.unit_price(price)),
        None => quantity.to_owned(),
    }
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
    let seen = form.all("saw").take(LINES_MAX).filter_map(Seen::read);
    for own in seen {
        let quantity = form.text(&format!("quantity-{}", own.number)).trim();
        let typed = if removed == Some(own.number) { String::new() } else { at(reader, quantity, own.price) };
        let place = rest.iter().position(|line| own.is(line));
        let (stands, title) = match place.map(|place| rest.remove(place)) {
            Some(line) => (at(reader, &line.quantity.to_string(), &line.price), line.title.as_str()),
            None => (String::new(), own.title),
        };
        if typed != stands {
            found.push(Difference { label: label(reader, title, own.way), typed, now: stands });
        }
    }
    found.extend(rest.into_iter().map(|line| Difference {
        label: label(reader, &line.title, &line.way),
        typed: String::new(),
        now: at(reader, &line.quantity.to_string(), &line.price),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::{Html, Language};

    fn line(number: u32, title: &str, price: &str) -> CartLine {
        CartLine {
            number,
            item: format!("DG7GMGF0FKZV:000{number}:DG7GMGF0DWMS"),
            title: title.to_owned(),
            way: "P1Y.OneTime".into(),
            term: String::new(),
            quantity: 1,
            bounds: (1, 9),
            price: price.to_owned(),
            unit: String::new(),
            amount: String::new(),
            tax: String::new(),
            terms: Html::escaped(""),
            why_not: None,
            never_back: false,
        }
    }

    fn form(lines: &[CartLine]) -> Form {
        let saw = lines.iter().map(|own| ("saw".to_owned(), written(own)));
        let quantity = lines.iter().map(|own| (format!("quantity-{}", own.number), own.quantity.to_string()));
        Form(saw.chain(quantity).collect())
    }

    #[test]
    fn a_form_of_another_language_differs_only_where_the_cart_does() {
        let before = [line(0, "SQL | Server", "EUR 1499.95"), line(1, "Windows", "EUR 10")];
        let mut now = [line(0, "SQL | Server", "EUR 1499.95"), line(1, "Windows", "EUR 12.5")];
        now[1].quantity = 2;
        let reader = Reader::new(Language::De, None);
        let found = differences(&reader, &form(&before), &now, ("", "cart-po-number"));
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].typed.as_str(), found[0].now.as_str()),
            ("1 × 10,00\u{a0}€", "2 × 12,50\u{a0}€")
        );
        assert!(differences(&reader, &form(&now), &now, ("", "cart-po-number")).is_empty());
    }

    #[test]
    fn a_full_cart_fits_into_a_form_in_any_writing() {
        let number = u32::try_from(LINES_MAX).unwrap();
        let lines: Vec<CartLine> =
            (0..number).map(|own| line(own, &"服".repeat(200), "EUR 999999.12345678")).collect();
        let mut body = form_urlencoded::Serializer::new(String::new());
        for (name, value) in form(&lines).0 {
            body.append_pair(&name, &value);
        }
        let length = body.finish().len();
        assert!(length < super::super::FORM_MAX * 9 / 10, "{length} bytes");
    }
}
