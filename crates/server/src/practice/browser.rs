//! A browser without a window: signs a person of the twin in, with password and second factor, and fetches tokens the
//! way a program does that acts for people. The walk goes through it, so that signing in is tried for real each time.

use anyhow::{Context as _, bail, ensure};
use reqwest::Url;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use serde_json::Value;

use super::twin::{Person, Twin};
use crate::clock::wall_clock;
use crate::identity::second_factor::code_at;

/// The address the practice program is registered with.
const REDIRECT: &str = "http://localhost/practice";

/// A browser with one cookie.
pub struct Browser {
    http: reqwest::Client,
    url: String,
    cookie: String,
}

impl Browser {
    /// A browser that has been nowhere.
    ///
    /// # Errors
    /// When there is no TLS to be had.
    pub fn new(url: &str) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(std::time::Duration::from_secs(30))
            .build()?;
        Ok(Self { http, url: url.to_owned(), cookie: String::new() })
    }

    /// The cookie of the session.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Opens a page or posts a form; returns the status, where it sends us, and the text.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn go(
        &mut self,
        path: &str,
        form: Option<&[(&str, &str)]>,
    ) -> anyhow::Result<(u16, Option<String>, String)> {
        let target = format!("{}{path}", self.url);
        let request = match form {
            Some(form) => self.http.post(target).header("Origin", &self.url).form(form),
            None => self.http.get(target),
        };
        let answer = request.header(COOKIE, &self.cookie).send().await?;
        for value in answer.headers().get_all(SET_COOKIE) {
            let pair = value.to_str()?.split(';').next().unwrap_or_default();
            if pair.contains("session=") {
                self.cookie = pair.to_owned();
            }
        }
        let to = answer.headers().get(LOCATION).map(|to| to.to_str().map(str::to_owned)).transpose()?;
        Ok((answer.status().as_u16(), to, answer.text().await?))
    }

    /// Signs in with a password and the code an authenticator shows; returns where the way goes on.
    ///
    /// # Errors
    /// When a step does not lead to the next.
    pub async fn sign_in(&mut self, person: &Person, flow: &str) -> anyhow::Result<String> {
        let form = [("upn", person.upn.as_str()), ("password", &person.password), ("flow", flow)];
        let (status, to, _) = self.go("/sign-in", Some(&form)).await?;
        let to = to.with_context(|| format!("the password of {} led nowhere ({status})", person.upn))?;
        if !to.starts_with("/second-factor") {
            return Ok(to);
        }
        let code = code_at(&person.totp_secret, wall_clock())?;
        let (status, to, _) = self.go("/sign-in/code", Some(&[("code", &code), ("flow", flow)])).await?;
        to.with_context(|| format!("the second factor of {} led nowhere ({status})", person.upn))
    }

    /// Gets the twin's program leave to act for a person, and exchanges it for tokens.
    ///
    /// # Errors
    /// When a step does not lead to the next.
    pub async fn tokens(&mut self, twin: &Twin, person: &Person) -> anyhow::Result<Value> {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", &twin.client_id)
            .append_pair("response_type", "code")
            .append_pair("redirect_uri", REDIRECT)
            .append_pair("scope", "openid offline_access")
            .append_pair("state", "walk")
            .finish();
        let authorize = format!("/{}/oauth2/authorize?{query}", twin.tenant);
        let (_, to, text) = self.go(&authorize, None).await?;
        let to = to.with_context(|| format!("the authorize page did not ask to sign in: {text}"))?;
        ensure!(to.starts_with("/sign-in?flow="), "the authorize page led to {to}");
        let back = self.sign_in(person, &authorize).await?;
        let (_, to, text) = self.go(&back, None).await?;
        let to = to.with_context(|| format!("no code was given: {text}"))?;
        let given = Url::parse(&to)?;
        let one = |name: &str| {
            given.query_pairs().find(|(own, _)| own == name).map(|(_, value)| value.into_owned())
        };
        ensure!(to.starts_with(REDIRECT) && one("state").as_deref() == Some("walk"), "the code went to {to}");
        let code = one("code").context("there is no code")?;
        let answer = self
            .http
            .post(format!("{}/{}/oauth2/token", self.url, twin.tenant))
            .form(&[
                ("grant_type", "authorization_code"),
                ("client_id", &twin.client_id),
                ("client_secret", &twin.client_secret),
                ("resource", "https://api.partnercenter.microsoft.com"),
                ("redirect_uri", REDIRECT),
                ("code", &code),
            ])
            .send()
            .await?;
        if !answer.status().is_success() {
            bail!("the code was not taken: {}", answer.text().await?);
        }
        Ok(answer.json().await?)
    }
}
