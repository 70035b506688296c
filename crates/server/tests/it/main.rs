//! Everything the server promises, on both databases. `cargo xtask test` starts PostgreSQL and runs it.
#![allow(
    missing_docs,
    clippy::as_conversions,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing
)]

#[macro_use]
mod world;

mod access;
mod agreements;
mod anchor;
mod bank;
mod benefit;
mod billing_edges;
mod billing_pages;
mod brands;
mod buying;
mod cancelling;
mod catalogue;
mod closing;
mod command_line;
mod crash;
mod credit;
mod customers;
mod dashboard;
mod databases;
mod deeds;
mod directory;
mod downloads;
mod elsewhere;
mod file_bodies;
mod give_back;
mod imports;
mod invoicing;
mod languages;
mod late;
mod log;
mod log_stream;
mod mail;
mod margins;
mod markets;
mod matrix;
mod media_bucket;
mod media_folder;
mod notifications;
mod oidc_browser;
mod oidc_forged;
mod oidc_signin;
mod operator;
mod page_edges;
mod pages;
mod paper;
mod partner_pages;
mod passkeys;
mod payments;
mod peer_tls;
mod people;
mod proof;
mod recurring;
mod reservations;
mod samples;
mod secrets;
mod siem_peer;
mod simulation;
mod smtp_peer;
mod snapshots;
mod soft_key;
mod software;
mod store;
mod support;
mod tidy;
mod tokens;
mod twin;
mod two_servers;
mod upgrade;
mod webhooks;
mod wire;
