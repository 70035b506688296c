//! What the chores need from the machine: commands run with a title, and packages that are installed when missing.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

/// Why a chore stopped.
pub struct Failure(pub String);

/// Stops with a reason.
pub fn fail<T>(why: impl Into<String>) -> Result<T, Failure> {
    Err(Failure(why.into()))
}

/// Says something on standard error.
pub fn say(text: &str) {
    // Nobody reading is no reason to stop.
    drop(writeln!(std::io::stderr(), "{text}"));
}

/// Runs a command under a title and tells how long it took.
pub fn run(title: &str, mut command: Command) -> Result<(), Failure> {
    say(&format!("── {title}"));
    let begun = Instant::now();
    let status = command.status().map_err(|error| Failure(format!("{title}: {command:?}: {error}")))?;
    if !status.success() {
        return fail(format!("{title} ({status})"));
    }
    say(&format!("   {title}: {} s", begun.elapsed().as_secs()));
    Ok(())
}

/// Runs a command without a word; its output is the reason when it fails.
pub fn quietly(command: &mut Command) -> Result<String, Failure> {
    let output =
        command.stdin(Stdio::null()).output().map_err(|error| Failure(format!("{command:?}: {error}")))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    fail(format!("{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr)))
}

/// Whether a program can be found.
pub fn there_is(program: &str) -> bool {
    find(program).is_some()
}

/// Where a program is.
pub fn find(program: &str) -> Option<PathBuf> {
    let paths = std::env::var_os("PATH")?;
    std::env::split_paths(&paths).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// Installs a Debian package.
pub fn debian_package(package: &str) -> Result<(), Failure> {
    say(&format!("── installing Debian's {package}"));
    let as_root = |arguments: &[&str]| {
        let mut command = if is_root() { Command::new("apt-get") } else { Command::new("sudo") };
        if !is_root() {
            command.args(["-n", "apt-get"]);
        }
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    quietly(&mut as_root(&["update", "-qq"]))?;
    quietly(&mut as_root(&["install", "-qq", "-y", "--no-install-recommends", package])).map(drop)
}

/// Whether the chores run as root.
pub fn is_root() -> bool {
    quietly(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Installs cargo-nextest where it is missing.
pub fn nextest() -> Result<(), Failure> {
    if quietly(Command::new("cargo").args(["nextest", "--version"])).is_ok() {
        return Ok(());
    }
    let mut install = Command::new("cargo");
    install.args(["install", "--locked", "--quiet", "cargo-nextest"]);
    run("installing cargo-nextest", install)
}

/// A Python with packages in it, found by what can be imported; made where it is missing.
pub fn virtual_environment(folder: &Path, import: &str, packages: &[&str]) -> Result<PathBuf, Failure> {
    let python = folder.join("bin/python");
    if quietly(Command::new(&python).args(["-W", "ignore", "-c"]).arg(format!("import {import}"))).is_ok() {
        return Ok(python);
    }
    if !there_is("python3") {
        debian_package("python3")?;
    }
    let make = |folder: &Path| quietly(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder));
    if make(folder).is_err() {
        debian_package("python3-venv")?;
        make(folder)?;
    }
    quietly(
        Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(packages),
    )?;
    Ok(python)
}

/// A server that speaks S3, PyPI's moto, on a port of its own; ended when dropped.
pub struct S3Server {
    child: Child,
    /// Where it is.
    pub url: String,
}

impl S3Server {
    /// Starts it and waits until it answers.
    pub fn start(root: &Path) -> Result<Self, Failure> {
        let python =
            virtual_environment(&root.join("target/moto"), "moto.server", &["moto[server]>=5.1,<6"])?;
        let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = free.map_err(|error| Failure(format!("no port is free: {error}")))?.port();
        let child = Command::new(python)
            .args(["-m", "moto.server", "-H", "127.0.0.1", "-p"])
            .arg(port.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| Failure(format!("moto: {error}")))?;
        let server = Self { child, url: format!("http://127.0.0.1:{port}") };
        for _ in 0..300 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(server);
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        fail("moto did not come up within 30 seconds")
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// A Node that is new enough for the OpenID provider of the tests, with the provider's packages installed where they are
/// missing. Debian's own may be too old: then one is fetched from npm.
pub fn openid_provider(root: &Path) -> Result<PathBuf, Failure> {
    let folder = root.join("crates/server/tests/oidc-provider");
    if !there_is("npm") {
        debian_package("npm")?;
    }
    let new_enough = |program: &Path| {
        let version = quietly(Command::new(program).arg("--version")).unwrap_or_default();
        let mut numbers = version.trim().trim_start_matches('v').split('.').map(str::parse::<u32>);
        let next = |numbers: &mut dyn Iterator<Item = Result<u32, _>>| numbers.next().and_then(Result::ok);
        (next(&mut numbers).unwrap_or(0), next(&mut numbers).unwrap_or(0)) >= (20, 11)
    };
    let mut node = PathBuf::from("node");
    if !new_enough(&node) {
        let own = root.join("target/node");
        node = own.join("node_modules/node/bin/node");
        if !new_enough(&node) {
            quietly(Command::new("npm").args(["install", "--silent", "--prefix"]).arg(&own).arg("node@22"))?;
        }
    }
    node_packages(&folder, "oidc-provider", "installing the OpenID provider of the tests")?;
    Ok(node)
}

/// Installs a folder's packages for Node where one of them is missing, exactly as its lockfile says.
pub fn node_packages(folder: &Path, package: &str, title: &str) -> Result<(), Failure> {
    if folder.join("node_modules").join(package).is_dir() {
        return Ok(());
    }
    let mut install = Command::new("npm");
    install.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]).current_dir(folder);
    run(title, install)
}

/// Ends a server that runs in the background.
pub fn end(server: &mut Child) {
    if let Err(error) = server.kill().and_then(|()| server.wait().map(drop)) {
        say(&format!("a server did not end: {error}"));
    }
}
