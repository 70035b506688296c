//! The tests of the pages in a real browser: Debian's Chromium, driven by what lies in `e2e`.
//!
//! Without its windows (`chromium-headless-shell`) it is the same engine for a third less work; where Debian has no such
//! package, it is the whole browser.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::machine::{self, Failure, fail, run};

/// A font of Debian's fonts-dejavu-core: without one a browser draws no letters.
const FONT: &str = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";

/// Runs the tests of the pages against the executable that was built, with a Node that is new enough.
pub fn tests(root: &Path, node: &Path) -> Result<(), Failure> {
    let Some(chromium) = chromium()? else {
        return fail("Debian's chromium is not where programs are");
    };
    if !Path::new(FONT).is_file() {
        machine::debian_package("fonts-dejavu-core")?;
    }
    let folder = root.join("e2e");
    // playwright-core brings no browser and fetches none; no script of any package runs.
    machine::node_packages(&folder, "playwright-core", "installing what drives the browser")?;
    let mut command = Command::new(node);
    // One after the other: each file starts a twin and a browser of its own.
    command.args(["--test", "--test-concurrency=1", "--test-reporter=spec"]).args(files(&folder)?);
    command.current_dir(root).env("CHANDLERY_BROWSER", chromium);
    command.env("CHANDLERY_TWIN", root.join("target/debug/chandlery"));
    run("the pages in a real browser", command)
}

/// Where the browser is, which is installed where it is missing.
fn chromium() -> Result<Option<PathBuf>, Failure> {
    const NAMES: [&str; 2] = ["chromium-headless-shell", "chromium"];
    let find = || NAMES.into_iter().find_map(machine::find);
    if let Some(found) = find() {
        return Ok(Some(found));
    }
    let [shell, whole] = NAMES;
    if machine::debian_package(shell).is_err() || find().is_none() {
        machine::debian_package(whole)?;
    }
    Ok(find())
}

/// The files with tests: named one by one, because versions of Node differ in how they search a folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let cannot = |error: std::io::Error| Failure(format!("{}: {error}", folder.display()));
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            found.push(path);
        }
    }
    found.sort();
    if found.is_empty() {
        return fail(format!("there are no tests in {}", folder.display()));
    }
    Ok(found)
}
