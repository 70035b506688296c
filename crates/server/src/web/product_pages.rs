//! The pages for buying, one struct per template: every text comes ready.

use askama::Template;

use super::customer_pages::OrderBrief;
use super::fields::{Difference, Fields};
use super::pages::Frame;
use super::ward::Head;
use crate::texts::Html;

/// A way to buy an item: what the form sends, and what people read.
pub struct Way {
    /// Term and billing, as the form sends them.
    pub word: String,
    /// Term, billing and price.
    pub label: String,
}

/// An item that may be bought, or why not.
pub struct Item {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// What it is, in a sentence.
    pub description: String,
    /// Who publishes it.
    pub publisher: String,
    /// What kind of thing it is.
    pub family: String,
    /// Whom it is for.
    pub segment: String,
    /// The ways to buy it.
    pub ways: Vec<Way>,
    /// Whether tax is in its prices, as a sentence.
    pub tax: String,
    /// The least and the most of it in one line.
    pub bounds: (u32, u32),
    /// The same, as a sentence.
    pub range: String,
    /// Why it cannot be bought.
    pub why_not: Option<String>,
    /// What was typed for it, and what is wrong with that.
    pub typed: Option<Typed>,
}

/// What somebody wanted of an item, and why it was not put into the cart.
#[derive(Clone)]
pub struct Typed {
    /// The item.
    pub item: String,
    /// The way to buy it.
    pub way: String,
    /// How many.
    pub quantity: String,
    /// Why not.
    pub fault: String,
}

/// A product in the view by product.
pub struct ProductRow {
    /// Where its items are.
    pub address: String,
    /// Its name.
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// What kind of thing it is.
    pub family: String,
    /// Why nothing of it can be bought.
    pub why_not: Option<String>,
}

/// The markets where reservations are not sold.
pub struct Unavailable {
    /// The customer's market, where it is one of them.
    pub here: Option<String>,
    /// The names in three columns, each read downward, with what it holds.
    pub columns: Vec<(String, Vec<String>)>,
    /// How many there are.
    pub count: usize,
}

/// The catalogue for one customer.
#[derive(Template)]
#[template(path = "products.html")]
pub struct Products {
    /// What stands around the page.
    pub frame: Frame,
    /// What stands above it.
    pub head: Head,
    /// The tab: `software`, `azure` or `online`.
    pub tab: &'static str,
    /// What is looked for.
    pub fields: Fields,
    /// The families of the tab: word and name.
    pub families: Vec<(String, String)>,
    /// The publishers: word and name.
    pub publishers: Vec<(String, String)>,
    /// The segments: word and name.
    pub segments: Vec<(String, String)>,
    /// The product whose items are shown.
    pub of_product: Option<String>,
    /// Whether products are shown, not items.
    pub by_product: bool,
    /// The products.
    pub products: Vec<ProductRow>,
    /// The items.
    pub items: Vec<Item>,
    /// The address of the next page.
    pub next: Option<String>,
    /// Where reservations are not sold.
    pub unavailable: Option<Unavailable>,
    /// How many lines the cart has.
    pub cart_lines: usize,
    /// What was put into the cart.
    pub message: Option<String>,
    /// Why something was not put into it that is not on this page.
    pub error: Option<String>,
    /// Whether what cannot be bought here is shown as well: word and name.
    pub sold: Vec<(String, String)>,
    /// Whether the customer has no Azure subscription a reservation could be for.
    pub unready: bool,
    /// Whether the customer accepted the agreement.
    pub agreed: bool,
    /// Where what is put into the cart leads back to: the catalogue as it is sieved.
    pub flow: String,
}

/// A line of the cart.
pub struct CartLine {
    /// Its number.
    pub number: u32,
    /// The id of what it is.
    pub item: String,
    /// What it is.
    pub title: String,
    /// How long it runs and how it is charged, as forms name it.
    pub way: String,
    /// The same in words.
    pub term: String,
    /// How many.
    pub quantity: u32,
    /// The least and the most.
    pub bounds: (u32, u32),
    /// The currency and what one costs, as programs write it; empty where it has no price.
    pub price: String,
    /// What one costs.
    pub unit: String,
    /// What they cost together.
    pub amount: String,
    /// Whether that includes tax.
    pub tax: String,
    /// How it can be given back, in plain words.
    pub terms: Html,
    /// Why it cannot be bought.
    pub why_not: Option<String>,
    /// Whether it can never be given back.
    pub never_back: bool,
}

impl CartLine {
    /// The line as its form carries it.
    fn seen(&self) -> String {
        super::cart_seen::written(self)
    }
}

/// The cart, to be looked over before buying.
#[derive(Template)]
#[template(path = "cart.html")]
pub struct CartPage {
    /// What stands around the page.
    pub frame: Frame,
    /// What stands above it.
    pub head: Head,
    /// The cart's id, where there is one.
    pub cart: Option<String>,
    /// When it was changed, as the form sends it.
    pub seen: String,
    /// Its lines.
    pub lines: Vec<CartLine>,
    /// The same sums as the form sends them back.
    pub bought_for: String,
    /// What everything costs, a sum a currency.
    pub totals: Vec<String>,
    /// The customer's own number for the purchase.
    pub po_number: String,
    /// The form for the agreement, where it is missing and can be attested.
    pub attest: Option<Fields>,
    /// Whether the agreement is there.
    pub agreed: bool,
    /// Whether something can never be given back.
    pub never_back: bool,
    /// Whether everything can be bought.
    pub ready: bool,
    /// Today, as date fields have it.
    pub today: String,
    /// What was done.
    pub message: Option<String>,
    /// What went wrong.
    pub error: Option<String>,
    /// Where what the form saw is not what stands here now.
    pub differences: Vec<Difference>,
}

/// What was bought.
#[derive(Template)]
#[template(path = "bought.html")]
pub struct Bought {
    /// What stands around the page.
    pub frame: Frame,
    /// What stands above it.
    pub head: Head,
    /// The orders.
    pub orders: Vec<OrderBrief>,
    /// What could not be bought.
    pub missing: Vec<String>,
}
