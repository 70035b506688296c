//! A real OpenID provider for tests, and the browser's side of a sign-in: redirects, cookies and forms.
//!
//! The browser never follows the last redirect, to the callback: what it would ask for there is the test's to use.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use reqwest::{Method, Url, header};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// Where the provider's program lies.
const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oidc-provider/provider.mjs");

/// The provider's packages: `OIDC_NODE_MODULES`, or what `npm ci` put beside the program.
pub fn node_modules() -> PathBuf {
    let beside = || Path::new(PROGRAM).with_file_name("node_modules");
    std::env::var_os("OIDC_NODE_MODULES").map_or_else(beside, PathBuf::from)
}

/// Starts a provider with the client `chandlery`; gives its process, which ends when dropped, and its issuer.
pub async fn start_provider(node_modules: &Path, redirect_uri: &str, secret: &str) -> (Child, String) {
    start_provider_with(node_modules, redirect_uri, secret, &[]).await
}

/// The same with further arguments, such as `--userinfo-only`.
pub async fn start_provider_with(
    node_modules: &Path,
    redirect_uri: &str,
    secret: &str,
    more: &[&str],
) -> (Child, String) {
    assert!(node_modules.join("oidc-provider").is_dir(), "no oidc-provider in {node_modules:?}: run npm ci");
    let node = std::env::var_os("CHANDLERY_TEST_NODE").unwrap_or_else(|| "node".into());
    let mut child = Command::new(node)
        .arg(PROGRAM)
        .args(["--redirect", redirect_uri, "--modules"])
        .arg(node_modules)
        .args(more)
        .env("OIDC_SECRET", secret)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = tokio::time::timeout(Duration::from_secs(30), lines.next_line()).await;
    let line = line.expect("the provider starts in time").unwrap().expect("the provider starts");
    let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
    (child, ready["issuer"].as_str().unwrap().to_owned())
}

/// Signs in with a login name and consents; gives the callback's address with code and state.
pub async fn sign_in(authorize_url: &str, login: &str) -> String {
    Browser::new(authorize_url).walk(authorize_url, Some(login)).await
}

/// Presses "cancel" instead; gives the callback's address with the provider's error.
pub async fn refuse(authorize_url: &str) -> String {
    Browser::new(authorize_url).walk(authorize_url, None).await
}

/// One name of a query, decoded.
pub fn query(address: &str, name: &str) -> Option<String> {
    let url = Url::parse(address).unwrap();
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

struct Cookie {
    name: String,
    value: String,
    path: String,
}

struct Browser {
    http: reqwest::Client,
    cookies: Vec<Cookie>,
    callback: String,
}

impl Browser {
    fn new(authorize_url: &str) -> Self {
        let none = reqwest::redirect::Policy::none();
        let http = reqwest::Client::builder().no_proxy().redirect(none).build().unwrap();
        let callback = query(authorize_url, "redirect_uri").expect("a redirect_uri");
        Self { http, cookies: Vec::new(), callback }
    }

    async fn walk(&mut self, start: &str, login: Option<&str>) -> String {
        let mut url = Url::parse(start).unwrap();
        let (mut method, mut form) = (Method::GET, Vec::new());
        for _ in 0..20 {
            let answer = self.ask(method, &url, &form).await;
            let status = answer.status();
            if let Some(to) = answer.headers().get(header::LOCATION) {
                url = url.join(to.to_str().unwrap()).unwrap();
                if url.as_str().split('?').next() == self.callback.split('?').next() {
                    return url.into();
                }
                (method, form) = (Method::GET, Vec::new());
                continue;
            }
            let page = answer.text().await.unwrap();
            assert!(status.is_success(), "{status} from {url}: {page}");
            let Some(login) = login else {
                let cancel = page.split("href=\"").skip(1).filter_map(|it| it.split('"').next());
                let cancel = cancel.map(unescaped).find(|it| it.contains("/abort")).expect("a way to cancel");
                url = url.join(&cancel).unwrap();
                (method, form) = (Method::GET, Vec::new());
                continue;
            };
            let (action, fields) = form_of(&page, login);
            url = url.join(&action).unwrap();
            (method, form) = (Method::POST, fields);
        }
        panic!("the sign-in came to no end; last at {url}");
    }

    async fn ask(&mut self, method: Method, url: &Url, form: &[(String, String)]) -> reqwest::Response {
        let fitting = self.cookies.iter().filter(|it| fits(&it.path, url.path()));
        let cookies: Vec<_> = fitting.map(|it| format!("{}={}", it.name, it.value)).collect();
        let mut request = self.http.request(method.clone(), url.clone());
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        if method == Method::POST {
            request = request.form(form);
        }
        let answer = request.send().await.unwrap();
        for set in answer.headers().get_all(header::SET_COOKIE) {
            self.keep(set.to_str().unwrap());
        }
        answer
    }

    /// Keeps a cookie with its path, or drops it when it is over (RFC 6265, as far as a test needs it).
    fn keep(&mut self, set: &str) {
        let mut parts = set.split(';').map(str::trim);
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        let (mut path, mut over) = ("/".to_owned(), value.is_empty());
        for part in parts {
            match part.split_once('=') {
                Some((key, value)) if key.eq_ignore_ascii_case("path") => path = value.to_owned(),
                Some((key, value)) if key.eq_ignore_ascii_case("expires") => over |= value.contains(" 1970 "),
                _ => {}
            }
        }
        self.cookies.retain(|it| it.name != name || it.path != path);
        if !over {
            self.cookies.push(Cookie { name: name.to_owned(), value: value.to_owned(), path });
        }
    }
}

fn fits(cookie: &str, path: &str) -> bool {
    let cookie = cookie.trim_end_matches('/');
    path.strip_prefix(cookie).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A page's form: where it goes, and its fields as a person fills them in.
fn form_of(page: &str, login: &str) -> (String, Vec<(String, String)>) {
    let form = page.split("<form").nth(1).unwrap_or_else(|| panic!("there is no form: {page}"));
    let (tag, rest) = form.split_once('>').unwrap();
    let inputs = rest.split("</form>").next().unwrap().split("<input").skip(1);
    let fields = inputs.filter_map(|input| {
        let tag = input.split('>').next().unwrap();
        let name = attribute(tag, "name")?;
        let value = match name.as_str() {
            "login" => login.to_owned(),
            "password" => "any".to_owned(),
            _ => attribute(tag, "value").unwrap_or_default(),
        };
        Some((name, value))
    });
    (attribute(tag, "action").expect("an action"), fields.collect())
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next().map(unescaped)
}

fn unescaped(text: &str) -> String {
    text.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&amp;", "&")
}
