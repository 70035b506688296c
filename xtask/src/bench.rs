//! `cargo xtask bench`: builds for release, measures on both databases, writes docs/performance.md.

use crate::machine::{Failure, run};
use crate::postgres::{Cluster, Durability};
use crate::{cargo, root};

/// Measures.
pub fn bench() -> Result<(), Failure> {
    let cluster = Cluster::start(Durability::On)?;
    let mut measure = cargo(&["bench", "--package", "chandlery", "--bench", "load"]);
    measure.env("CHANDLERY_TEST_POSTGRES", cluster.url("postgres"));
    measure.env("CHANDLERY_PERFORMANCE", root().join("docs/performance.md"));
    run("measuring", measure)
}
