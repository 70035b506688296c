//! Serving: the listener, the API and the jobs, until somebody says stop.

use std::sync::Arc;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};

use crate::api::{self, Api};
use crate::clock::Clock;
use crate::downloads::Downloads;
use crate::downloads::splice::{Connected, SplicingListener};
use crate::identity::desk::{Desk, Reached};
use crate::installation::{Installation, Kind};
use crate::jobs::{Outside, Runner};
use crate::outside::anchor::Anchor;
use crate::outside::mail::Mailer;
use crate::outside::webhooks::{Caller, Reach};

/// How the world reaches a server, and how the server reaches the world.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Around {
    /// The address people and programs use, such as https://partner.example; needed for passkeys, single sign-on and
    /// links in mails.
    #[arg(long, env = "CHANDLERY_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Take callers' addresses from the proxy in front (the last one in X-Forwarded-For). Only behind a proxy that sets it.
    #[arg(long, env = "CHANDLERY_BEHIND_PROXY")]
    pub behind_proxy: bool,
    /// The mail server, such as smtp://user:password@mail.example:587; without one no mail is sent.
    #[arg(long, env = "CHANDLERY_SMTP", value_name = "URL", hide_env_values = true)]
    pub smtp: Option<String>,
    /// Whom mails come from, such as "Chandlery <no-reply@partner.example>".
    #[arg(
        long,
        env = "CHANDLERY_MAIL_FROM",
        value_name = "MAILBOX",
        default_value = "Chandlery <no-reply@localhost>"
    )]
    pub mail_from: String,
    /// Where signed checkpoints of the log are put besides the database: file:/path or https://….
    #[arg(long, env = "CHANDLERY_ANCHOR", value_name = "PLACE")]
    pub anchor: Option<String>,
    /// Partners' own programs may be in this network: webhooks reach private addresses too. Without it only the internet.
    #[arg(long, env = "CHANDLERY_WEBHOOKS_INSIDE")]
    pub webhooks_inside: bool,
}

impl Around {
    fn reached(&self, listening: &str) -> Reached {
        match &self.public_url {
            Some(url) => Reached { given: true, behind_proxy: self.behind_proxy, ..Reached::at(url) },
            None => {
                // On this machine a name serves as well as a number, and passkeys need a name.
                let named =
                    listening.replace("//127.0.0.1:", "//localhost:").replace("//[::1]:", "//localhost:");
                Reached { behind_proxy: self.behind_proxy, ..Reached::at(&named) }
            }
        }
    }

    fn outside(&self) -> anyhow::Result<Outside> {
        if let Some(url) = &self.public_url {
            let parsed = reqwest::Url::parse(url).context("--public-url is not a URL")?;
            anyhow::ensure!(
                matches!(parsed.scheme(), "http" | "https")
                    && parsed.path() == "/"
                    && parsed.query().is_none(),
                "--public-url must be https://name, without a path"
            );
        }
        let mailer = match &self.smtp {
            Some(url) => Some(Mailer::from_url(url, &self.mail_from).context("--smtp cannot be used")?),
            None => None,
        };
        let anchor = match &self.anchor {
            Some(place) => Some(Anchor::parse(place).context("--anchor cannot be used")?),
            None => None,
        };
        Ok(Outside { mailer, anchor, caller: None })
    }
}

/// A server that runs in the background.
pub struct Serving {
    /// Where it listens, such as `http://127.0.0.1:8080`.
    pub url: String,
    /// The link for the first administrator of the operator, while there is none. It counts until it is used or the
    /// server ends.
    pub set_up_link: Option<String>,
    stop: watch::Sender<bool>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
    downloads: Arc<Downloads>,
}

impl Serving {
    /// Starts serving an installation.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start(installation: Installation, listen: &str, around: Around) -> anyhow::Result<Self> {
        let listener =
            TcpListener::bind(listen).await.with_context(|| format!("{listen} cannot be listened on"))?;
        let url = format!("http://{}", listener.local_addr()?);
        let work = Arc::new(Notify::new());
        let mut outside = around.outside()?;
        let reached = around.reached(&url);
        let reach = match (installation.kind, around.webhooks_inside) {
            (Kind::Practice, _) => Reach::Practice,
            (Kind::Live, true) => Reach::Inside,
            (Kind::Live, false) => Reach::Internet,
        };
        outside.caller = Some(Caller::new(reach, &reached.public_url).context("webhooks cannot be sent")?);
        let sends_mail = outside.mailer.is_some();
        let runner = Runner::new(installation.clone(), Arc::clone(&work), outside);
        let links = sends_mail.then_some(reached.public_url.as_str());
        installation.send_mail_with(links).await?;
        let desk = Desk::new(installation, reached, Clock::real())?;
        let set_up_link = desk.draw_set_up_link().await?;
        let api = Api::new(desk, sends_mail, reach, work);
        let (stop, stopped) = watch::channel(false);
        let jobs = tokio::spawn(runner.clone().run(stopped.clone()));
        let charging = tokio::spawn(runner.clone().keep_charging(stopped.clone()));
        let telling = tokio::spawn(runner.clone().keep_telling(stopped.clone()));
        let keeper = tokio::spawn(runner.keep_log(stopped.clone()));
        let downloads = Arc::clone(&api.downloads);
        let watching = tokio::spawn(Arc::clone(&downloads).watch(stopped.clone()));
        let keeping = tokio::spawn(Arc::clone(&downloads).keep(stopped.clone()));
        let listener = SplicingListener::new(listener);
        let service = Connected(api::normalised(api));
        let serving = tokio::spawn(async move {
            let mut stopped = stopped;
            let until = async move {
                if stopped.wait_for(|stop| *stop).await.is_err() {
                    tracing::debug!("the server was dropped without being stopped");
                }
            };
            if let Err(error) = axum::serve(listener, service).with_graceful_shutdown(until).await {
                tracing::error!(%error, "the server ended");
            }
        });
        Ok(Self {
            url,
            set_up_link,
            stop,
            tasks: vec![serving, jobs, charging, telling, keeper, watching, keeping],
            downloads,
        })
    }

    /// Stops: calls under way are answered, jobs under way are finished, downloads end and are noted.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        // Downloads do not wait for their end: they are noted, and their clients go on elsewhere or later.
        let patience = std::time::Duration::from_secs(5);
        if tokio::time::timeout(patience, self.downloads.end_all()).await.is_err() {
            tracing::warn!("some downloads did not end in time");
        }
        for task in self.tasks {
            if tokio::time::timeout(std::time::Duration::from_secs(10), task).await.is_err() {
                tracing::warn!("something did not stop within ten seconds");
            }
        }
        // How far downloads were is noted before the process ends.
        if tokio::time::timeout(patience, self.downloads.end_all()).await.is_err() {
            tracing::warn!("how far some downloads were could not be noted in time");
        }
    }

    /// Serves until the process is asked to end.
    ///
    /// # Errors
    /// When signals cannot be waited for.
    pub async fn until_asked(self) -> anyhow::Result<()> {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            _ = terminate.recv() => {}
            result = tokio::signal::ctrl_c() => result?,
        }
        tracing::info!("stopping");
        self.stop().await;
        Ok(())
    }
}
