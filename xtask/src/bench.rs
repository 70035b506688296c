//! `cargo xtask bench`: builds for release, measures on both databases, writes docs/performance.md.

use crate::machine::{Failure, debian_package, run, there_is};
use crate::postgres::{Cluster, Durability};
use crate::{cargo, root};

/// Measures.
pub fn bench() -> Result<(), Failure> {
    if !there_is("nginx") && !std::path::Path::new("/usr/sbin/nginx").is_file() {
        debian_package("nginx-light")?;
    }
    let cluster = Cluster::start(Durability::On)?;
    let mut measure = cargo(&["bench", "--package", "chandlery", "--bench", "load"]);
    measure.env("CHANDLERY_TEST_POSTGRES", cluster.url("postgres"));
    measure.env("CHANDLERY_PERFORMANCE", root().join("docs/performance.md"));
    run("measuring", measure)
}
