//! What comes out: pages and electronic invoices, read back.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod electronic;
mod fixture;
mod pages;
