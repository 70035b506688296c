//! The pages about customers, one struct per template: every text comes ready. Nothing here has Debug or Serialize, because
//! one of them carries a password.

use askama::Template;

use super::fields::{Difference, Fields};
use super::pages::Frame;
use super::ward::Head;
use crate::texts::Html;

/// A customer in the list.
pub struct CustomerRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its domain.
    pub domain: String,
    /// Its country's name.
    pub country: String,
    /// Its tags.
    pub tags: Vec<String>,
}

/// A product somebody looks for a customer for.
pub struct Buying {
    /// Its id.
    pub product: String,
    /// Its title.
    pub title: String,
    /// What of a customer's address follows, to buy it.
    pub end: String,
}

/// The list of customers.
#[derive(Template)]
#[template(path = "customers.html")]
pub struct Customers {
    /// What stands around the page.
    pub frame: Frame,
    /// What is looked for.
    pub fields: Fields,
    /// Whether anything is.
    pub sieved: bool,
    /// The tags there are; the first is none.
    pub tags: Vec<(String, String)>,
    /// The countries there are customers in.
    pub countries: Vec<(String, String)>,
    /// The segments.
    pub segments: Vec<(String, String)>,
    /// Whether the customer agreement was accepted.
    pub agreements: Vec<(String, String)>,
    /// The customers.
    pub rows: Vec<CustomerRow>,
    /// The address of the next page.
    pub next: Option<String>,
    /// The address of the export of what is shown.
    pub export: String,
    /// What is to be bought for one of them.
    pub buying: Option<Buying>,
    /// Whether customers can be added.
    pub can_add: bool,
}

/// The form for a new customer.
#[derive(Template)]
#[template(path = "new_customer.html")]
pub struct NewCustomer {
    /// What stands around the page.
    pub frame: Frame,
    /// What was typed.
    pub fields: Fields,
    /// What is wrong beside the fields.
    pub problem: Option<String>,
    /// The countries: code and name.
    pub countries: Vec<(String, String)>,
    /// The qualifications: word and name.
    pub qualifications: Vec<(String, String)>,
    /// Whether the agreement can be attested.
    pub can_attest: bool,
    /// Today, as date fields have it.
    pub today: String,
}

/// What a new customer's first administrator signs in with, shown once.
#[derive(Template)]
#[template(path = "customer_added.html")]
pub struct Added {
    /// What stands around the page.
    pub frame: Frame,
    /// The customer's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The sign-in name.
    pub admin: String,
    /// The temporary password.
    pub password: String,
    /// Whether the agreement was recorded.
    pub agreed: bool,
    /// Whether it was to be.
    pub asked_to_agree: bool,
}

/// An order in a short list.
pub struct OrderBrief {
    /// Its address.
    pub address: String,
    /// Its number.
    pub number: String,
    /// What was bought, in short.
    pub what: String,
    /// When.
    pub placed: Html,
    /// Its state, in words.
    pub state: String,
    /// How that is coloured.
    pub tone: &'static str,
}

/// A purchase that can still be given back.
pub struct Returnable {
    /// Where it is cancelled.
    pub address: String,
    /// What was bought.
    pub title: String,
    /// The order's number.
    pub order: String,
    /// Until when.
    pub closes: Html,
    /// How many days are left.
    pub days: i64,
}

/// A customer at a glance.
#[derive(Template)]
#[template(path = "customer.html")]
pub struct Overview {
    /// What stands around the page.
    pub frame: Frame,
    /// What stands above it.
    pub head: Head,
    /// The country's name.
    pub country: String,
    /// Where mail goes.
    pub email: String,
    /// The contact.
    pub contact: String,
    /// The qualification, in words.
    pub qualification: String,
    /// Since when it is a customer.
    pub since: Html,
    /// Its tags.
    pub tags: Vec<String>,
    /// Whether it accepted the agreement.
    pub agreed: bool,
    /// Whether it is being looked at.
    pub under_review: bool,
    /// The newest orders.
    pub orders: Vec<OrderBrief>,
    /// What can still be given back, soonest first.
    pub returnable: Vec<Returnable>,
    /// Whether it can be bought for.
    pub can_buy: bool,
    /// Whether it can be cancelled.
    pub can_cancel: bool,
}

/// An agreement that was confirmed.
pub struct AgreementRow {
    /// Who accepted.
    pub who: String,
    /// The address of whoever accepted.
    pub email: String,
    /// When.
    pub on: String,
    /// When that was put down.
    pub attested: Html,
}

/// A customer's account: agreement, bill, tags.
#[derive(Template)]
#[template(path = "customer_account.html")]
pub struct Account {
    /// What somebody else changed meanwhile.
    pub differences: Vec<Difference>,
    /// What stands around the page.
    pub frame: Frame,
    /// What stands above it.
    pub head: Head,
    /// The agreements, newest first.
    pub agreements: Vec<AgreementRow>,
    /// The form for the agreement, where it can be attested.
    pub attest: Option<Fields>,
    /// The form for the bill.
    pub billing: Fields,
    /// The revision of the bill the form was made from.
    pub revision: i64,
    /// Whether the bill can be changed.
    pub can_edit: bool,
    /// The tags, with spaces between.
    pub tags: String,
    /// The country's name.
    pub country: String,
    /// The registration number.
    pub registration_number: String,
    /// The qualification, in words.
    pub qualification: String,
    /// Today, as date fields have it.
    pub today: String,
    /// What was done.
    pub message: Option<String>,
    /// What went wrong.
    pub error: Option<String>,
}

/// The agreement as the customer's own administrator sees it.
#[derive(Template)]
#[template(path = "own_agreement.html")]
pub struct OwnAgreement {
    /// What stands around the page.
    pub frame: Frame,
    /// By whom and when it was accepted.
    pub accepted: Option<String>,
    /// What was done.
    pub message: Option<String>,
    /// What went wrong.
    pub error: Option<String>,
}
