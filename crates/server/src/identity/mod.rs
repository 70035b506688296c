//! Who is calling: people with passwords and second factors, programs with credentials of their own, and the tokens
//! both get.

pub mod assertions;
pub mod authorization;
pub mod desk;
pub mod elsewhere;
pub mod guard;
pub mod oidc;
pub mod passkeys;
pub mod passwords;
pub mod people;
pub mod programs;
pub mod second_factor;
mod second_steps;
pub mod sign_in;
pub mod token_endpoint;
pub mod tokens;
pub mod ways_in;
