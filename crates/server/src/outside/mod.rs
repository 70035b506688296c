//! The world outside the database: the key ring on disk.
//!
//! Nothing here is called while a transaction is open, except for sealing, which is arithmetic.

pub mod anchor;
pub mod key_ring;
pub mod log_stream;
pub mod mail;
pub mod reach;
pub mod vault;
