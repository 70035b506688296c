//! The pages about orders, cancelling and subscriptions, one struct per template: every text comes ready.

use askama::Template;

use super::customer_pages::OrderBrief;
use super::fields::Difference;
use super::pages::Frame;
use super::ward::Head;
use crate::texts::Html;

/// An order in the drop-down.
pub struct Choice {
    /// Its id.
    pub id: String,
    /// Number, date and state.
    pub label: String,
    /// Whether it is the one meant.
    pub chosen: bool,
}

/// A line that can be cancelled by itself.
pub struct LineBox {
    /// Its number.
    pub number: u32,
    /// What it is.
    pub title: String,
    /// Whether it is meant.
    pub checked: bool,
}

/// What a line gives back.
pub struct CreditRow {
    /// What it is.
    pub title: String,
    /// How it was worked out, or its number once it is booked.
    pub how: String,
    /// The policy row it comes by.
    pub policy: Option<String>,
    /// How much.
    pub amount: String,
}

/// A request for money back that stops an order from being cancelled.
pub struct Waiting {
    /// Its id, as the form sends it.
    pub id: String,
    /// Who asked, when, and under which number.
    pub text: Html,
    /// Where it is withdrawn.
    pub address: String,
}

/// Whether an order can be cancelled now.
pub enum Verdict {
    /// It can, for this credit.
    Yes {
        /// The lines that are given back.
        numbers: Vec<u32>,
        /// The days left, in words.
        days: String,
        /// Until when.
        closes: Html,
        /// The same for the clock.
        until: String,
        /// The server's time for the clock.
        now: String,
        /// Whether the server's clock stands.
        stands: bool,
        /// What of the licences in use it takes away.
        takes: Vec<String>,
        /// The credit, line by line.
        credits: Vec<CreditRow>,
        /// All of it.
        total: String,
        /// The promise of it, as the form sends it back.
        signed: String,
        /// The month whose invoice it stands on.
        month: String,
        /// Where to ask for more.
        support: String,
    },
    /// It cannot.
    No {
        /// Why.
        text: String,
        /// Where to ask.
        support: Option<String>,
        /// Whether it is the window that is over.
        closed: bool,
        /// The request that has to be withdrawn first.
        waiting: Option<Waiting>,
    },
}

/// The dialog that cancels.
#[derive(Template)]
#[template(path = "cancel.html")]
pub struct Cancel {
    /// What stands around the page.
    pub frame: Frame,
    /// What stands above it.
    pub head: Head,
    /// Where the form goes.
    pub address: String,
    /// Where the purchase is.
    pub back: String,
    /// Where the order history is.
    pub history: String,
    /// What was bought.
    pub title: String,
    /// The product's id.
    pub product: String,
    /// The order that is meant.
    pub chosen: String,
    /// The orders of the product.
    pub orders: Vec<Choice>,
    /// The lines of the order, where it has several.
    pub lines: Vec<LineBox>,
    /// Whether it can be cancelled.
    pub verdict: Verdict,
    /// What went wrong.
    pub error: Option<String>,
}

/// What was cancelled.
#[derive(Template)]
#[template(path = "cancelled.html")]
pub struct Cancelled {
    /// What stands around the page.
    pub frame: Frame,
    /// What stands above it.
    pub head: Head,
    /// What was done, in a sentence.
    pub lead: Html,
    /// The order's number.
    pub order: String,
    /// Where its page is.
    pub order_address: String,
    /// The credits, with their numbers.
    pub credits: Vec<CreditRow>,
    /// All of it.
    pub total: String,
    /// The month whose invoice it stands on.
    pub month: String,
}

/// The orders of a customer.
#[derive(Template)]
#[template(path = "orders.html")]
pub struct Orders {
    /// What stands around the page.
    pub frame: Frame,
    /// What stands above it.
    pub head: Head,
    /// The number that is looked for.
    pub number: String,
    /// The billing that is looked for.
    pub cycle: String,
    /// The billings: word and name.
    pub cycles: Vec<(String, String)>,
    /// The orders.
    pub orders: Vec<OrderBrief>,
    /// The address of the next page.
    pub next: Option<String>,
}

/// A line of an order.
pub struct LineRow {
    /// What it is.
    pub title: String,
    /// The item's id.
    pub item: String,
    /// How long it runs and how it is charged.
    pub term: String,
    /// How many.
    pub quantity: String,
    /// What one costs.
    pub unit: String,
    /// What they cost.
    pub amount: String,
    /// Whether that includes tax.
    pub tax: String,
    /// How it stands.
    pub state: String,
    /// How that is coloured.
    pub tone: &'static str,
    /// How it can be cancelled, or why not.
    pub terms: Html,
    /// Where its software is.
    pub software: Option<String>,
    /// Where it is cancelled, if it can be.
    pub cancel: Option<String>,
}

/// Something that happened to an order.
pub struct Event {
    /// When.
    pub at: Html,
    /// What.
    pub text: String,
}

/// A charge of an order.
pub struct ChargeRow {
    /// Its number.
    pub number: String,
    /// What for.
    pub kind: String,
    /// What of.
    pub title: String,
    /// When it was booked.
    pub at: Html,
    /// How much.
    pub amount: String,
}

/// One order.
#[derive(Template)]
#[template(path = "order.html")]
pub struct OrderPage {
    /// What stands around the page.
    pub frame: Frame,
    /// What stands above it.
    pub head: Head,
    /// Its number.
    pub number: String,
    /// Its id.
    pub id: String,
    /// When it was placed.
    pub placed: Html,
    /// How it stands.
    pub state: String,
    /// How that is coloured.
    pub tone: &'static str,
    /// The customer's own number.
    pub po_number: String,
    /// How it is charged.
    pub cycle: String,
    /// Its lines.
    pub lines: Vec<LineRow>,
    /// What it cost.
    pub total: String,
    /// What happened to it, newest last.
    pub events: Vec<Event>,
    /// What was charged and credited.
    pub charges: Vec<ChargeRow>,
    /// The sum of that.
    pub balance: String,
}

/// A subscription of a customer.
pub struct SubscriptionRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What was bought.
    pub title: String,
    /// How many.
    pub quantity: String,
    /// How long it runs.
    pub term: String,
    /// Its first day.
    pub first: String,
    /// Its last day.
    pub last: String,
    /// How it stands.
    pub state: String,
    /// How that is coloured.
    pub tone: &'static str,
    /// Whether it goes on after its term.
    pub renews: bool,
    /// What of the licences in use goes when it ends.
    pub takes: Vec<String>,
    /// Whether it can be changed.
    pub open: bool,
    /// Its revision, as the form sends it.
    pub revision: i64,
    /// Where its order is.
    pub order: String,
}

/// The subscriptions of a customer.
#[derive(Template)]
#[template(path = "subscriptions.html")]
pub struct Subscriptions {
    /// What somebody else changed meanwhile.
    pub differences: Vec<Difference>,
    /// What stands around the page.
    pub frame: Frame,
    /// What stands above it.
    pub head: Head,
    /// The subscriptions.
    pub rows: Vec<SubscriptionRow>,
    /// The address of the next page.
    pub next: Option<String>,
    /// Whether they can be changed.
    pub can_change: bool,
    /// What was done.
    pub message: Option<String>,
    /// What went wrong.
    pub error: Option<String>,
}

/// A term that ends.
pub struct Renewal {
    /// The day.
    pub day: String,
    /// Whose.
    pub customer: String,
    /// Where.
    pub address: String,
    /// What.
    pub title: String,
    /// How many.
    pub quantity: String,
    /// Whether it goes on.
    pub renews: bool,
}

/// The renewal calendar.
#[derive(Template)]
#[template(path = "renewals.html")]
pub struct Renewals {
    /// What stands around the page.
    pub frame: Frame,
    /// The months with what ends in them.
    pub months: Vec<(String, Vec<Renewal>)>,
    /// The address of the feed that was just made; shown once.
    pub feed: Option<String>,
    /// Whether there is one already.
    pub has_feed: bool,
}
