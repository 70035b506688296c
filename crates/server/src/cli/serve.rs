//! Serving: the listener, the API and the jobs, until somebody says stop.

use std::sync::Arc;

use anyhow::Context as _;
use axum::extract::Request;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};

use crate::api::{self, Api};
use crate::installation::Installation;
use crate::jobs::Runner;

/// A server that runs in the background.
pub struct Serving {
    /// Where it listens, such as `http://127.0.0.1:8080`.
    pub url: String,
    stop: watch::Sender<bool>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Serving {
    /// Starts serving an installation.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start(installation: Installation, listen: &str) -> anyhow::Result<Self> {
        let listener =
            TcpListener::bind(listen).await.with_context(|| format!("{listen} cannot be listened on"))?;
        let url = format!("http://{}", listener.local_addr()?);
        let work = Arc::new(Notify::new());
        let runner = Runner::new(installation.clone(), Arc::clone(&work));
        let api = Api::new(installation, work);
        let (stop, stopped) = watch::channel(false);
        let jobs = tokio::spawn(runner.run(stopped.clone()));
        let listener = listener.tap_io(|connection| {
            if let Err(error) = connection.set_nodelay(true) {
                tracing::debug!(%error, "a connection stays slow");
            }
        });
        let service = axum::ServiceExt::<Request>::into_make_service(api::normalised(api));
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
        Ok(Self { url, stop, tasks: vec![jobs, serving] })
    }

    /// Stops: calls under way are answered, jobs under way are finished.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for task in self.tasks {
            if tokio::time::timeout(std::time::Duration::from_secs(10), task).await.is_err() {
                tracing::warn!("something did not stop within ten seconds");
            }
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
