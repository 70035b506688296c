//! The pages about software, customers and keys that wait for a second person, one struct per template. Like `pages`: every
//! text comes ready, and nothing has Debug or Serialize, because one of them carries a key.

use askama::Template;

use super::company::Helped;
use super::pages::Frame;
use super::ward::Head;
use crate::texts::Html;

/// A purchase in the list.
pub struct Row {
    /// Where its page is.
    pub address: String,
    /// What was bought.
    pub title: String,
    /// How many.
    pub quantity: String,
    /// The order's number.
    pub order: String,
    /// When it was ordered.
    pub ordered: Html,
    /// Its last day; empty for what does not end.
    pub ends: String,
    /// How it stands.
    pub state: String,
    /// Where it can be cancelled, if it can.
    pub cancel: Option<String>,
    /// How that is coloured.
    pub tone: &'static str,
}

/// The list of software.
#[derive(Template)]
#[template(path = "software_list.html")]
pub struct SoftwareList {
    /// What stands around the page.
    pub frame: Frame,
    /// What stands above it, for a partner.
    pub head: Option<Head>,
    /// The purchases.
    pub rows: Vec<Row>,
    /// The address of the next page.
    pub next: Option<String>,
    /// Where customers find their partner's help.
    pub helped: Option<Helped>,
}

/// What was chosen in the form.
pub struct Picked {
    /// Whether the form was sent.
    pub submitted: bool,
    /// The version.
    pub version: String,
    /// The language's tag.
    pub language: String,
    /// The word for the processors.
    pub bits: String,
    /// File type and system.
    pub file_type: String,
}

/// A medium that fits the choice.
pub struct MediumRow {
    /// Its id.
    pub id: String,
    /// The file's name.
    pub name: String,
    /// What it is.
    pub choice: String,
    /// How large, for people.
    pub size: String,
    /// Its hash.
    pub sha256: String,
}

/// A link that was issued.
pub struct LinkRow {
    /// The file's name.
    pub file: String,
    /// When it was issued.
    pub issued: Html,
    /// When it ends.
    pub ends: Html,
    /// How many downloads were made of how many.
    pub downloads: String,
    /// How it stands.
    pub state: String,
    /// The medium another link can be issued to, where this one has ended.
    pub again: Option<String>,
}

/// A key that was just opened.
pub struct Key {
    /// Its text.
    pub text: String,
    /// The version it opens.
    pub version: String,
    /// How many activations it allows, as a sentence.
    pub activations: String,
}

/// A link that was just issued.
pub struct ShownLink {
    /// The link.
    pub url: String,
    /// The file it leads to.
    pub file: String,
    /// How long it lives.
    pub life: Html,
}

/// The page of one purchase.
#[derive(Template)]
#[template(path = "software.html")]
pub struct Software {
    /// What stands around the page.
    pub frame: Frame,
    /// Where the list is.
    pub list: String,
    /// What stands above it, for a partner.
    pub head: Option<Head>,
    /// Where this page is.
    pub address: String,
    /// What was bought.
    pub title: String,
    /// How it stands.
    pub state: String,
    /// How that is coloured.
    pub tone: &'static str,
    /// The order's number.
    pub order: String,
    /// Where the order's page is, for a partner.
    pub order_address: Option<String>,
    /// Where it can be cancelled, if it can.
    pub cancel: Option<String>,
    /// When it was ordered.
    pub ordered: Html,
    /// How many.
    pub quantity: String,
    /// Its last day.
    pub ends: String,
    /// Whether its term is over.
    pub ended: bool,
    /// Whether it was cancelled.
    pub cancelled: bool,
    /// Whether it waits for keys.
    pub waiting: bool,
    /// Why it waits, for a partner.
    pub why: Option<String>,
    /// Whether the reader may open keys and get downloads.
    pub may_open: bool,
    /// Who may, as a sentence.
    pub who: String,
    /// Whether the form has a box for a reason.
    pub asks_reason: bool,
    /// Whether it has to be filled in.
    pub reason_asked: bool,
    /// The versions covered.
    pub versions: Vec<String>,
    /// The languages there are: tag and name.
    pub languages: Vec<(String, String)>,
    /// The processors there are: word and name.
    pub bits: Vec<(&'static str, String)>,
    /// The file types and systems there are.
    pub types: Vec<String>,
    /// The media that fit.
    pub media: Vec<MediumRow>,
    /// What was chosen.
    pub picked: Picked,
    /// What there is of this version.
    pub offered: String,
    /// The links that were issued.
    pub links: Vec<LinkRow>,
    /// The key that was just opened.
    pub key: Option<Key>,
    /// The link that was just issued.
    pub link: Option<ShownLink>,
    /// Whether a second person was asked.
    pub asked: bool,
    /// The reason that was typed.
    pub reason: String,
    /// Why it did not work and what to do next.
    pub error: Option<String>,
    /// What was just done.
    pub message: Option<String>,
}

/// A question that waits.
pub struct QuestionRow {
    /// Its id.
    pub id: String,
    /// What is to be opened.
    pub what: String,
    /// Where the purchase is.
    pub address: String,
    /// When it was asked.
    pub asked: String,
    /// Until when it can be answered.
    pub ends: String,
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: String,
    /// Whether the reader asked it.
    pub mine: bool,
}

/// The questions that wait.
#[derive(Template)]
#[template(path = "approvals.html")]
pub struct Approvals {
    /// What stands around the page.
    pub frame: Frame,
    /// The questions.
    pub rows: Vec<QuestionRow>,
    /// Why it did not work and what to do next.
    pub error: Option<String>,
    /// What was just done.
    pub message: Option<String>,
}
