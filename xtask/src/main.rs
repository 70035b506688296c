//! The project's own chores.
//!
//! `cargo xtask test` is everything CI runs: formatting, lints, every test on both databases, the walk, the pages in a real
//! browser, and a real client library. `cargo xtask soak` runs the simulation and the crash test at length: 200 seeds of
//! 2,000 commands and 50 kills on each database. `cargo xtask bench` measures and writes docs/performance.md. What is missing
//! on the machine is installed from Debian's packages, quietly when it is there already.

mod bench;
mod browser;
mod machine;
mod postgres;

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use machine::{Failure, fail, run};
use postgres::Cluster;

fn main() -> ExitCode {
    let chore = std::env::args().nth(1);
    let done = match chore.as_deref() {
        Some("test") => test(),
        Some("bench") => bench::bench(),
        Some("soak") => soak(),
        _ => fail("usage: cargo xtask test | soak | bench"),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(text)) => {
            machine::say(&format!("FAILED: {text}"));
            ExitCode::FAILURE
        }
    }
}

/// The folder of the workspace.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().map(PathBuf::from).unwrap_or_default()
}

fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    command
}

fn test() -> Result<(), Failure> {
    run("formatting", cargo(&["fmt", "--all", "--check"]))?;
    run("lints", cargo(&["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))?;
    if machine::there_is("cargo-deny") {
        run("licences and sources", cargo(&["deny", "check", "bans", "licenses", "sources"]))?;
    }
    machine::nextest()?;
    let node = machine::openid_provider(&root())?;
    let cluster = Cluster::start(postgres::Durability::Off)?;
    let mut tests = cargo(&["nextest", "run", "--workspace", "--no-fail-fast"]);
    tests.env("CHANDLERY_TEST_POSTGRES", cluster.url("postgres")).env("CHANDLERY_TEST_NODE", &node);
    let storage = machine::S3Server::start(&root())?;
    tests.env("CHANDLERY_TEST_S3", &storage.url);
    run("tests on SQLite and PostgreSQL", tests)?;
    // The executable the tests were built with: `cargo run` would choose other features and build it once more.
    let mut walk = Command::new(root().join("target/debug/chandlery"));
    walk.args(["demo", "--walk"]).current_dir(root());
    run("the walk", walk)?;
    browser::tests(&root(), &node)?;
    python_client(&cluster)
}

fn soak() -> Result<(), Failure> {
    machine::nextest()?;
    let cluster = Cluster::start(postgres::Durability::Off)?;
    let mut tests = cargo(&["nextest", "run", "--release", "--package", "chandlery", "--test", "it"]);
    tests.args(["--success-output", "final", "--test-threads", "2", "--", "simulation::", "crash::"]);
    tests.env("CHANDLERY_TEST_POSTGRES", cluster.url("postgres"));
    tests.env("CHANDLERY_SIMULATION", "200,2000").env("CHANDLERY_KILLS", "50");
    run("200 seeds of 2,000 commands and 50 kills on each database", tests)
}

/// Drives the practice twin with PyPI's `partnercenterservices`, a client made from the published interface.
fn python_client(cluster: &Cluster) -> Result<(), Failure> {
    // The library asks for pkg_resources without saying so; newer setuptools have none.
    let packages = ["setuptools<81", "partnercenterservices==0.1.2"];
    let folder = root().join("target/python");
    let python = machine::virtual_environment(&folder, "microsoft.store.partnercenterservices", &packages)?;
    let url = cluster.create_database("python_client")?;
    let executable = root().join("target/debug/chandlery");
    for database in [None, Some(url.as_str())] {
        let mut demo = Command::new(&executable);
        demo.args(["demo", "--json", "--listen", "127.0.0.1:0", "--clock", "2020-01-24T10:00:00Z"]);
        if let Some(url) = database {
            demo.args(["--database", url]);
        }
        let mut server = demo.stdout(Stdio::piped()).spawn().map_err(|error| Failure(error.to_string()))?;
        let mut line = String::new();
        let ready = match server.stdout.take() {
            Some(out) => BufReader::new(out).read_line(&mut line).is_ok() && line.starts_with('{'),
            None => false,
        };
        let mut client = Command::new(&python);
        client.arg(root().join("crates/server/tests/partner_center_client.py")).arg(line.trim());
        let name = if database.is_some() { "a real client on PostgreSQL" } else { "a real client on SQLite" };
        let outcome = if ready { run(name, client) } else { fail("the practice twin did not come up") };
        machine::end(&mut server);
        outcome?;
    }
    Ok(())
}
