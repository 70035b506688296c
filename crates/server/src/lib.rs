//! Chandlery, a self-hosted partner centre: one executable that sells, hands over, cancels and credits.
//!
//! `api` translates, `app` loads, decides and stores, `jobs` does what was put off, `outside` is the world, `identity`
//! knows who is calling, `practice` is the twin to try everything on, `cli` is the operator's way in.

pub mod api;
pub mod app;
pub mod cli;
pub mod clock;
pub mod csv_out;
pub mod dates;
pub mod downloads;
pub mod error;
pub mod health;
pub mod identity;
pub mod ids;
pub mod installation;
pub mod jobs;
pub mod letters;
pub mod log;
pub mod outside;
pub mod practice;
pub mod seeds;
pub mod texts;
pub mod web;
