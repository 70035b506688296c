//! The world outside the database: the key ring on disk, media, mail, SIEM streams, anchors.
//!
//! Nothing here is called while a transaction is open, except for sealing, which is arithmetic.

pub mod anchor;
pub mod bank_statement;
pub mod key_ring;
pub mod log_stream;
pub mod mail;
pub mod media_store;
pub mod minisign;
pub mod price_sheets;
pub mod reach;
pub mod vault;
pub mod webhooks;
