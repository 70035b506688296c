//! The practice twin as a process of its own: the built executable, started, asked for a token, and killed.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// A running twin. It dies with this value.
pub(crate) struct Twin {
    child: Child,
    /// What it printed when it was ready: addresses, names, passwords.
    pub told: Value,
}

impl Twin {
    /// Starts over what the folder and the database hold, and waits until it listens. Without a database, SQLite.
    pub(crate) fn start(folder: &Path, database: Option<&str>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chandlery"));
        command
            .args(["demo", "--json", "--listen", "127.0.0.1:0", "--clock", "2020-01-24T10:00:00Z", "--data"])
            .arg(folder);
        if let Some(url) = database {
            command.args(["--database", url]);
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no line of JSON: {line:?}"));
        Self { child, told }
    }

    /// Where it answers: `http://address:port`.
    pub(crate) fn url(&self) -> &str {
        self.told["api"].as_str().unwrap()
    }

    /// A token for the twin's own program.
    pub(crate) async fn token(&self) -> String {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", self.told["client_id"].as_str().unwrap()),
            ("client_secret", self.told["client_secret"].as_str().unwrap()),
        ];
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let address = self.told["token_url"].as_str().unwrap();
        let answer = http.post(address).form(&form).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        answer["access_token"].as_str().unwrap_or_else(|| panic!("no token: {answer}")).to_owned()
    }

    /// `kill -9`, and waits until it is gone.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Twin {
    fn drop(&mut self) {
        self.kill();
    }
}
