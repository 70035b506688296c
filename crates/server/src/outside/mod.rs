//! The world outside the database: the key ring on disk.
//!
//! Nothing here is called while a transaction is open, except for sealing, which is arithmetic.

pub mod key_ring;
pub mod vault;
