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
mod buying;
mod cancelling;
mod catalogue;
mod command_line;
mod crash;
mod customers;
mod imports;
mod log;
mod secrets;
mod simulation;
mod snapshots;
mod store;
mod tidy;
mod wire;
