//! The page of the activity log: every text comes ready.

use askama::Template;

use super::pages::Frame;
use super::ward::Head;
use crate::texts::Html;

/// A detail of an entry.
pub struct FactRow {
    /// What it is.
    pub label: String,
    /// What it is now.
    pub value: String,
    /// The language of what somebody was told, where that is not the reader's.
    pub language: Option<&'static str>,
    /// What it was before, where that is another.
    pub old: Option<String>,
}

/// An entry of the log.
pub struct EntryRow {
    /// When.
    pub at: Html,
    /// Whose: id and name.
    pub customer: Option<(String, String)>,
    /// What was done.
    pub action: String,
    /// To what kind of thing.
    pub resource: String,
    /// By whom.
    pub who: String,
    /// On whose side.
    pub side: String,
    /// Whether it was refused.
    pub failed: bool,
    /// How it ended.
    pub outcome: String,
    /// The details.
    pub facts: Vec<FactRow>,
}

/// How the log stands.
pub struct Sealed {
    /// How many entries are sealed.
    pub text: String,
    /// The newest signed checkpoint.
    pub checkpoint: Option<Html>,
    /// Whether entries are missing, or others stand where they stood.
    pub broken: bool,
}

/// The activity log.
#[derive(Template)]
#[template(path = "activity.html")]
pub struct Activity {
    /// What stands around the page.
    pub frame: Frame,
    /// What stands above it, for one customer.
    pub head: Option<Head>,
    /// Where the page is.
    pub base: String,
    /// Whether it is the customer's own.
    pub own: bool,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// Today, as date fields have it.
    pub today: String,
    /// The company that is looked for.
    pub company: String,
    /// Whether a company can be looked for.
    pub by_company: bool,
    /// The kind that is looked for.
    pub kind: String,
    /// The kinds: word and name.
    pub kinds: Vec<(String, String)>,
    /// How it ended.
    pub outcome: String,
    /// The ways to end: word and name.
    pub outcomes: Vec<(String, String)>,
    /// The entries.
    pub rows: Vec<EntryRow>,
    /// The address of the next page.
    pub next: Option<String>,
    /// The exports: as a table, and as what can be verified.
    pub exports: Option<(String, String)>,
    /// Who did it, where somebody is looked for.
    pub actor: String,
    /// The people and programs: id and name.
    pub actors: Vec<(String, String)>,
    /// How far the log is sealed, where its reader is to know.
    pub sealed: Option<Sealed>,
}
