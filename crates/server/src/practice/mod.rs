//! The practice twin: a whole small world to try everything on, with a clock that can be moved.

pub mod billing;
pub mod browser;
pub mod clock_route;
pub mod media;
pub mod twin;
pub mod walk;
