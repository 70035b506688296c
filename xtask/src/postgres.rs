//! A PostgreSQL cluster of its own in a temporary folder, from Debian's packages, gone when the chore ends.

use std::path::PathBuf;
use std::process::Command;

use crate::machine::{Failure, debian_package, fail, is_root, quietly};

/// Whether the cluster keeps what it commits when the machine stops. Tests do not need that; measurements do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// As an operator runs it.
    On,
    /// Faster, for tests.
    Off,
}

/// A running cluster.
pub struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
}

/// The newest PostgreSQL of Debian that is installed.
fn programs() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|bin| bin.join("initdb").is_file())
        .collect();
    found.sort();
    found.pop()
}

impl Cluster {
    /// Starts a fresh cluster that listens on a socket in its folder only.
    pub fn start(durability: Durability) -> Result<Self, Failure> {
        if programs().is_none() {
            debian_package("postgresql")?;
        }
        let Some(programs) = programs() else { return fail("Debian's postgresql has no initdb") };
        let folder = std::env::temp_dir().join(format!("chandlery-postgres-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|error| Failure(error.to_string()))?;
        if is_root() {
            quietly(Command::new("chown").arg("postgres").arg(&folder))?;
        }
        let cluster = Self { folder, programs };
        let data = cluster.folder.join("data");
        let mut init = cluster.program("initdb");
        init.args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "--pgdata",
        ]);
        quietly(init.arg(&data))?;
        let mut options =
            format!("-c listen_addresses= -c unix_socket_directories={}", cluster.folder.display());
        options.push_str(" -c max_connections=400 -c shared_buffers=256MB");
        if durability == Durability::Off {
            options.push_str(" -c fsync=off -c synchronous_commit=off -c full_page_writes=off");
        }
        let mut start = cluster.program("pg_ctl");
        start
            .args(["--silent", "--wait", "--pgdata"])
            .arg(&data)
            .arg("--log")
            .arg(cluster.folder.join("log"));
        quietly(start.arg("--options").arg(options).arg("start"))?;
        Ok(cluster)
    }

    /// PostgreSQL refuses to run as root, so there it runs as Debian's user for it.
    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = if is_root() { Command::new("setpriv") } else { Command::new(&program) };
        if is_root() {
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
        }
        command.current_dir(std::env::temp_dir());
        command
    }

    /// The address of a database of the cluster.
    pub fn url(&self, database: &str) -> String {
        let socket = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://postgres@/{database}?host={socket}")
    }

    /// Makes a database; returns its address.
    pub fn create_database(&self, name: &str) -> Result<String, Failure> {
        quietly(
            self.program("createdb").args(["--username=postgres", "--host"]).arg(&self.folder).arg(name),
        )?;
        Ok(self.url(name))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut stop = self.program("pg_ctl");
        stop.args(["--silent", "--mode=immediate", "--pgdata"]).arg(self.folder.join("data")).arg("stop");
        if let Err(Failure(text)) = quietly(&mut stop) {
            crate::machine::say(&text);
        }
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            crate::machine::say(&format!("{} stays: {error}", self.folder.display()));
        }
    }
}
