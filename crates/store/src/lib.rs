//! Tables and transactions, on SQLite and PostgreSQL alike.
//!
//! Every function takes the open transaction first and, where it touches a partner's data, the [`Scope`] that allows it:
//! no scope, no query. Never here: a rule, a wire format, the world outside.
//!
//! [`Scope`]: chandlery_domain::access::Scope

mod columns;
mod db;
mod error;
mod location;
mod schema;

pub mod agreements;
pub mod applications;
pub mod approvals;
pub mod audit;
pub mod bank;
pub mod benefit;
pub mod brands;
pub mod calendar_feeds;
pub mod carts;
pub mod catalog;
pub mod charges;
pub mod closing;
pub mod customers;
pub mod factors;
pub mod grants;
pub mod invoice_lines;
pub mod invoices;
pub mod jobs;
pub mod keys;
pub mod links;
pub mod logos;
pub mod margins;
pub mod markets;
pub mod media;
pub mod month_sides;
pub mod notices;
pub mod numbers;
pub mod operator;
pub mod orders;
pub mod partner_profiles;
pub mod partners;
pub mod payments;
pub mod people;
pub mod places;
pub mod policies;
pub mod providers;
pub mod replays;
pub mod reservation_skus;
pub mod reservations;
pub mod returns;
pub mod seals;
pub mod service_requests;
pub mod sessions;
pub mod settings;
pub mod subscriptions;
pub mod tax;
pub mod vault;
pub mod webhooks;

pub use db::{Read, Store, Write};
pub use error::{Error, Failure};
pub use location::{Location, Schema};
