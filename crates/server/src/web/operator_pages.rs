//! The operator's pages, one struct per template: every text comes ready. Nothing here has Debug or Serialize, because one of
//! them carries a password.

use askama::Template;

use super::fields::{Fields, Most};
use super::operator::long::UnderWay;
use super::pages::Frame;
use crate::app::partner_profiles::Contact;
use crate::texts::Html;

/// How something is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to do.
    Good,
    /// Worth a look.
    Careful,
    /// Something has to be done.
    Bad,
}

impl Tone {
    /// The class of its badge.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Careful => "careful",
            Self::Bad => "bad",
        }
    }

    /// The id of its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Good => "op-tone-good",
            Self::Careful => "op-tone-careful",
            Self::Bad => "op-tone-bad",
        }
    }
}

/// A partner in the list.
pub struct PartnerRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its country's name.
    pub country: String,
    /// The regions it may sell in.
    pub regions: String,
    /// Whether it may trade.
    pub active: bool,
}

/// The list of partners.
#[derive(Template)]
#[template(path = "operator_partners.html")]
pub struct Partners {
    /// What stands around the page.
    pub frame: Frame,
    /// Whether partners can be added.
    pub can_add: bool,
    /// What is looked for.
    pub text: String,
    /// The state that is looked for.
    pub state: String,
    /// The partners.
    pub rows: Vec<PartnerRow>,
    /// The address of the next page.
    pub next: Option<String>,
}

/// The form for a new partner.
#[derive(Template)]
#[template(path = "operator_new_partner.html")]
pub struct NewPartner {
    /// What stands around the page.
    pub frame: Frame,
    /// The regions there are.
    pub regions: Vec<String>,
    /// The countries: code and name.
    pub countries: Vec<(String, String)>,
    /// What was typed.
    pub fields: Fields,
}

/// A partner.
#[derive(Template)]
#[template(path = "operator_partner.html")]
pub struct PartnerPage {
    /// What stands around the page.
    pub frame: Frame,
    /// What was done.
    pub message: Option<String>,
    /// What went wrong.
    pub error: Option<String>,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it may trade.
    pub active: bool,
    /// Its country's name.
    pub country: String,
    /// What it is billed in.
    pub currency: String,
    /// The regions it may sell in.
    pub regions: String,
    /// Its programme id.
    pub mpn_id: String,
    /// How many customers it has.
    pub customers: String,
    /// Who speaks for it, where it said so.
    pub contact: Option<Contact>,
    /// How much it may owe, by currency.
    pub limits: Vec<String>,
    /// When it may not buy because it is late, where the operator said so.
    pub late: Option<String>,
    /// Whether that can be changed.
    pub may_bill: bool,
    /// Whether nobody administers it.
    pub needs_admin: bool,
    /// Its administrators: name and sign-in name.
    pub admins: Vec<(String, String)>,
    /// Whether it can be changed.
    pub may: bool,
    /// What was typed about its administrator.
    pub fields: Fields,
}

/// What a partner's first administrator signs in with, shown once.
#[derive(Template)]
#[template(path = "operator_partner_admin.html")]
pub struct PartnerAdmin {
    /// What stands around the page.
    pub frame: Frame,
    /// The sign-in name.
    pub upn: String,
    /// The temporary password.
    pub password: String,
    /// The partner's page.
    pub back: String,
}

/// A product in the list.
pub struct ProductRow {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// How many price rows it has.
    pub prices: String,
}

/// The catalogue.
#[derive(Template)]
#[template(path = "operator_catalog.html")]
pub struct Catalogue {
    /// The long work that goes on.
    pub under_way: Vec<UnderWay>,
    /// What stands around the page.
    pub frame: Frame,
    /// What was done.
    pub message: Option<String>,
    /// Why a sheet was not taken.
    pub fault: Option<String>,
    /// Whether sheets can be sent.
    pub may: bool,
    /// How many price rows there are.
    pub prices: i64,
    /// The largest sheet taken.
    pub most: Most,
    /// What is looked for.
    pub text: String,
    /// The products.
    pub rows: Vec<ProductRow>,
    /// The address of the next page.
    pub next: Option<String>,
}

/// A row that was refused.
pub struct BadLine {
    /// The line; empty where it clashes with the catalogue.
    pub line: String,
    /// The column.
    pub column: String,
    /// What would be right.
    pub message: String,
}

/// A price that would change.
pub struct PriceChange {
    /// The item.
    pub item: String,
    /// The market.
    pub market: String,
    /// The term.
    pub term: String,
    /// The price as it is.
    pub old: String,
    /// The price as it would be.
    pub new: String,
    /// The days it holds as it is.
    pub old_days: String,
    /// The days it would hold.
    pub new_days: String,
}

/// A price sheet before it is imported.
#[derive(Template)]
#[template(path = "operator_sheet.html")]
pub struct Sheet {
    /// What stands around the page.
    pub frame: Frame,
    /// Its SHA-256.
    pub name: String,
    /// How many rows it has.
    pub rows: String,
    /// How many of them are refused.
    pub bad_count: u64,
    /// The first of those.
    pub bad: Vec<BadLine>,
    /// Whether it can be imported.
    pub can_apply: bool,
    /// How many products would be new.
    pub products: String,
    /// How many SKUs would be new.
    pub skus: String,
    /// How many items would be new.
    pub items: String,
    /// How many price rows would be new.
    pub new_prices: String,
    /// How many price rows would change.
    pub changed_prices: String,
    /// The first of those.
    pub changed: Vec<PriceChange>,
    /// Whether no price would change at all.
    pub nothing: bool,
}

/// A row on giving back.
pub struct CancellationRow {
    /// The family.
    pub family: String,
    /// The first order day.
    pub from: String,
    /// How long.
    pub window: String,
    /// How much.
    pub credit: String,
    /// Whether it holds for orders of today.
    pub counts: bool,
}

/// A row on download links.
pub struct LinkRow {
    /// The first issue day.
    pub from: String,
    /// How long a link lives.
    pub life: String,
    /// How many downloads it allows.
    pub downloads: String,
    /// Whether it holds for links of today.
    pub counts: bool,
}

/// What another profile would change for a family.
pub struct Difference {
    /// The family.
    pub family: String,
    /// Whether anything would change.
    pub differs: bool,
    /// The window as it is.
    pub old_window: String,
    /// The window as it would be.
    pub new_window: String,
    /// The credit as it is.
    pub old_credit: String,
    /// The credit as it would be.
    pub new_credit: String,
    /// How many orders of the last 90 days would have had another window.
    pub orders: String,
}

/// What another profile would change.
pub struct Comparison {
    /// The profile in force.
    pub from: String,
    /// The other one.
    pub to: String,
    /// Family by family.
    pub rows: Vec<Difference>,
    /// How long a link lives.
    pub old_link: String,
    /// How long it would live.
    pub new_link: String,
    /// How many downloads a link allows.
    pub old_downloads: String,
    /// How many it would allow.
    pub new_downloads: String,
}

/// A row on giving reservations back.
pub struct RefundRow {
    /// What it says.
    pub text: String,
    /// Whether it holds today.
    pub counts: bool,
}

/// The policies.
#[derive(Template)]
#[template(path = "operator_policies.html")]
pub struct Policies {
    /// What stands around the page.
    pub frame: Frame,
    /// What was done.
    pub message: Option<String>,
    /// What went wrong.
    pub error: Option<String>,
    /// The profile in force.
    pub profile: String,
    /// The others.
    pub others: Vec<&'static str>,
    /// The rows on giving back.
    pub cancellation: Vec<CancellationRow>,
    /// The rows on download links.
    pub links: Vec<LinkRow>,
    /// The rows on giving reservations back.
    pub refunds: Vec<RefundRow>,
    /// How much of them may come back to one customer: how much in how many months, and from which day on.
    pub caps: Vec<(String, String)>,
    /// What was typed.
    pub fields: Fields,
    /// What another profile would change.
    pub comparison: Option<Comparison>,
    /// Whether the profile can be switched.
    pub may: bool,
}

/// A market.
pub struct MarketRow {
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: String,
    /// Its region.
    pub region: String,
    /// Its currency.
    pub currency: String,
    /// The families whose price includes tax.
    pub tax_included: String,
}

/// The markets.
#[derive(Template)]
#[template(path = "operator_markets.html")]
pub struct Markets {
    /// What stands around the page.
    pub frame: Frame,
    /// The markets.
    pub rows: Vec<MarketRow>,
    /// The address of the next page.
    pub next: Option<String>,
}

/// Where a family is not sold.
pub struct BlockRow {
    /// The key of the row.
    pub key: String,
    /// The name.
    pub name: String,
    /// The country's code.
    pub country: String,
    /// The first day.
    pub from: String,
    /// The first day it does not hold any more.
    pub until: Option<String>,
    /// Whether it holds today.
    pub holds: bool,
    /// The first day on which it may end.
    pub earliest: String,
}

/// The lists of what is not sold where.
#[derive(Template)]
#[template(path = "operator_blocks.html")]
pub struct Blocks {
    /// What stands around the page.
    pub frame: Frame,
    /// What was done.
    pub message: Option<String>,
    /// What went wrong.
    pub error: Option<String>,
    /// The family looked at.
    pub family: &'static str,
    /// The families: word and name.
    pub families: Vec<(&'static str, String)>,
    /// The rows.
    pub rows: Vec<BlockRow>,
    /// The address of the next page.
    pub next: Option<String>,
    /// The markets: code and name.
    pub countries: Vec<(String, String)>,
    /// What was typed.
    pub fields: Fields,
    /// Whether the lists can be changed.
    pub may: bool,
}

/// A version's keys.
pub struct ShelfRow {
    /// The product.
    pub product: String,
    /// Its title.
    pub title: String,
    /// The version.
    pub version: String,
    /// How many keys nobody owns.
    pub keys: String,
    /// How many customers hold.
    pub handed: String,
    /// How few raise the alarm.
    pub alarm: i64,
    /// Whether few are left.
    pub is_low: bool,
    /// Whether none is left.
    pub is_empty: bool,
}

/// The stock.
#[derive(Template)]
#[template(path = "operator_stock.html")]
pub struct Stock {
    /// What stands around the page.
    pub frame: Frame,
    /// What was done.
    pub message: Option<String>,
    /// The long work that goes on.
    pub under_way: Vec<UnderWay>,
    /// Why a file was not taken.
    pub fault: Option<String>,
    /// Whether keys can be added.
    pub may: bool,
    /// The largest file taken.
    pub most: Most,
    /// The versions.
    pub rows: Vec<ShelfRow>,
    /// The address of the next page.
    pub next: Option<String>,
}

/// A medium.
pub struct MediumRow {
    /// Version, language and type.
    pub choice: String,
    /// Its file's name.
    pub name: String,
    /// Its size.
    pub size: String,
    /// Its SHA-256.
    pub sha256: String,
    /// When it was added.
    pub added: Html,
}

/// A product's keys and media.
#[derive(Template)]
#[template(path = "operator_product.html")]
pub struct ProductStock {
    /// What stands around the page.
    pub frame: Frame,
    /// What was done.
    pub message: Option<String>,
    /// What went wrong.
    pub error: Option<String>,
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Whether it can be changed.
    pub may: bool,
    /// Its versions.
    pub rows: Vec<ShelfRow>,
    /// Its media.
    pub files: Vec<MediumRow>,
    /// The address of the next page of media.
    pub next: Option<String>,
}

/// Work that waits.
pub struct JobRow {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub partner: String,
    /// By name.
    pub partner_name: String,
    /// Whether that has a page.
    pub leads: bool,
    /// What is to be done.
    pub kind: String,
    /// Whether that is a mail.
    pub is_mail: bool,
    /// The order it is about.
    pub order: Option<String>,
    /// When it is due.
    pub due: Html,
    /// Whether that has come.
    pub is_due: bool,
    /// How often it was tried.
    pub attempts: String,
    /// Why it did not work last time, and whether that is in English as others said it.
    pub why: Option<(String, bool)>,
}

/// The work that waits.
#[derive(Template)]
#[template(path = "operator_jobs.html")]
pub struct Jobs {
    /// What stands around the page.
    pub frame: Frame,
    /// What was done.
    pub message: Option<String>,
    /// What went wrong.
    pub error: Option<String>,
    /// The long work that goes on.
    pub under_way: Vec<UnderWay>,
    /// How much waits.
    pub count: i64,
    /// How much of it went wrong before.
    pub troubled: i64,
    /// Whether anything can be done about it.
    pub may: bool,
    /// The work.
    pub rows: Vec<JobRow>,
    /// The address of the next page.
    pub next: Option<String>,
}

/// Something that was looked at.
pub struct Check {
    /// What.
    pub name: String,
    /// How it is.
    pub tone: Tone,
    /// What was found.
    pub found: String,
    /// What to do; empty where nothing is.
    pub advice: String,
}

/// How the installation is.
#[derive(Template)]
#[template(path = "operator_health.html")]
pub struct Health {
    /// What stands around the page.
    pub frame: Frame,
    /// The worst of it.
    pub overall: Tone,
    /// The program's version.
    pub version: &'static str,
    /// Since when the server runs.
    pub started: Html,
    /// How long that is.
    pub uptime: String,
    /// What was looked at.
    pub list: Vec<Check>,
}
