//! Whoever was let onto a page: signed in, with the right the page asks for.

use axum::http::HeaderMap;
use axum::response::Response;
use chandlery_domain::access::{Action, Scope};
use chandlery_domain::audit::Entry;
use chandlery_store::{Read, Write};

use super::pages::Frame;
use super::ward::{act, allowed};
use super::{Asked, Form, Visitor, around, signed_in};
use crate::api::{Api, Caller};
use crate::app::Context;
use crate::error::Error;
use crate::texts::Reader;

/// Somebody who has the right that a page asks for.
pub struct Entered {
    /// The interface.
    pub api: Api,
    /// What was sent along.
    pub form: Form,
    /// Who asks.
    pub visitor: Visitor,
    /// The circumstances.
    pub cx: Context,
    /// The right.
    pub scope: Scope,
    /// How the reader reads.
    pub reader: Reader,
}

impl Entered {
    /// Lets somebody in who may do `action`; `back` is where a sign-in or a second factor leads back to. Whoever is denied
    /// it stands in the log.
    ///
    /// # Errors
    /// The page to show instead.
    pub async fn of(asked: Asked, action: Action, back: &str) -> Result<Self, Response> {
        let Asked { api, caller, headers, form, .. } = asked;
        Ok(Self { form, ..Self::unread(api, &caller, &headers, action, back).await? })
    }

    /// The same before the body was read, so that nothing is taken from somebody who may not send it.
    ///
    /// # Errors
    /// The page to show instead.
    pub async fn unread(
        api: Api,
        caller: &Caller,
        headers: &HeaderMap,
        action: Action,
        back: &str,
    ) -> Result<Self, Response> {
        let visitor = signed_in(&api, caller, headers, back).await?;
        let cx = visitor.context(&api);
        let scope = allowed(&api, &cx, action, Vec::new(), back).await?;
        Ok(Self { api, form: Form(Vec::new()), visitor, cx, scope, reader: around::here() })
    }

    /// What stands around the page.
    pub fn frame(&self) -> Frame {
        around::frame()
    }

    /// Whether the visitor may do something else too.
    pub fn may(&self, action: Action) -> bool {
        self.cx.rules.matrix.authorize(&self.cx.actor, action).is_ok()
    }

    /// Reads from the store.
    ///
    /// # Errors
    /// What the work says.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Read<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.api.installation.store.read(work).await
    }

    /// Does something; a refusal stands in the log as `attempted`.
    ///
    /// # Errors
    /// What the work says.
    pub async fn act<T: Send + 'static>(
        &self,
        attempted: Entry,
        work: impl Fn(&mut Write<'_>, &Context) -> Result<(T, Entry), Error> + Send + 'static,
    ) -> Result<T, Error> {
        act(&self.api, &self.cx, attempted, work).await
    }

    /// The sentence about what was just done, where the address says so and it is one of `known`: word and id.
    pub fn done(&self, known: &[(&str, &str)]) -> Option<String> {
        let word = self.form.text("done");
        known.iter().find(|(own, _)| *own == word).map(|(_, id)| self.reader.t(id))
    }
}
