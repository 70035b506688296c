//! Who is calling: programs with a secret of their own, and later people.

pub mod passwords;
pub mod programs;
pub mod token_endpoint;
pub mod tokens;
