//! The first page and the search: every text comes ready.

use askama::Template;

use super::pages::Frame;
use crate::texts::Html;

/// Something that needs attention.
pub struct Attention {
    /// Where it is.
    pub address: String,
    /// What.
    pub title: String,
    /// Whose.
    pub customer: String,
    /// When.
    pub when: Html,
    /// How long, or which.
    pub how: String,
}

/// Something to know.
pub struct Notice {
    /// What.
    pub text: String,
    /// Where.
    pub address: String,
}

/// What was bought or given back of one family in a month, as a part of a bar.
pub struct Part {
    /// How it is coloured.
    pub class: &'static str,
    /// From the top.
    pub top: i64,
    /// Its height.
    pub height: i64,
    /// Which family, and how much.
    pub text: String,
}

/// What a colour stands for.
pub struct FamilyKey {
    /// The colour.
    pub class: &'static str,
    /// The family.
    pub name: String,
    /// What was bought of it in all.
    pub bought: String,
    /// What of it was given back, if anything was.
    pub back: Option<String>,
}

/// A month of a chart.
pub struct Month {
    /// Its name.
    pub name: String,
    /// Its name under the bars.
    pub brief: String,
    /// Where the bar of what was bought begins.
    pub left: i64,
    /// Where the bar of what was given back begins.
    pub left_down: i64,
    /// Where its name stands.
    pub middle: i64,
    /// What was bought, one family on the other.
    pub parts: Vec<Part>,
    /// What was given back, in the same way.
    pub down: Vec<Part>,
    /// Both as texts, in the order of the chart's families; nothing of what was not given back.
    pub by_family: Vec<(String, Option<String>)>,
    /// What was bought in all.
    pub bought: String,
    /// What was given back.
    pub back: String,
    /// How many lines were ordered.
    pub ordered: String,
    /// How many credits were booked.
    pub credited: String,
}

/// Purchases and credits by month, in one currency.
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// The months.
    pub months: Vec<Month>,
    /// The families that were bought or given back.
    pub families: Vec<FamilyKey>,
    /// What was bought in all.
    pub bought: String,
    /// What was given back in all.
    pub back: String,
    /// How many lines were ordered.
    pub ordered: String,
    /// How many credits were booked.
    pub credited: String,
}

/// What of one kind needs attention.
pub struct Tile {
    /// The id of its title.
    pub title: &'static str,
    /// The id of what is said when there is none.
    pub none: &'static str,
    /// What needs it.
    pub list: Vec<Attention>,
}

/// The first page.
#[derive(Template)]
#[template(path = "home.html")]
pub struct Home {
    /// What stands around the page.
    pub frame: Frame,
    /// A greeting.
    pub hello: String,
    /// What needs attention, by kind.
    pub tiles: Vec<Tile>,
    /// Something to know.
    pub notices: Vec<Notice>,
    /// Whether the figures are being added up.
    pub adding_up: bool,
    /// The charts.
    pub charts: Vec<Chart>,
    /// Whether there are customers to buy for.
    pub can_buy: bool,
}

/// What a search found.
#[derive(Template)]
#[template(path = "found.html")]
pub struct Found {
    /// What stands around the page.
    pub frame: Frame,
    /// What was looked for.
    pub text: String,
    /// Customers: address, name and domain.
    pub customers: Vec<(String, String, String)>,
    /// Products: where one chooses for whom, title and what it is.
    pub products: Vec<(String, String, String)>,
    /// Orders: address, number and what.
    pub orders: Vec<(String, String, String)>,
    /// Invoices and credit notes: address, number and what.
    pub invoices: Vec<(String, String, String)>,
}
