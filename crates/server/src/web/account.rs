//! One's own account: second factors, sessions, programs that may act for one.

use std::sync::Arc;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::ids::ApplicationId;
use chandlery_store::factors::{self, Factor, FactorKind};
use chandlery_store::people;
use chandlery_store::{applications, grants, sessions};

use super::around::here;
use super::sign_in::json;
use super::{Asked, Visitor, cookie_name, failed, page, pages, refused, set_cookie, signed_in};
use crate::api::Api;
use crate::error::Error;
use crate::identity::sign_in::{digest_of, fresh_recovery, has_factor, passkeys_of};
use crate::texts::notices::browser;

macro_rules! signed_in {
    ($api:expr, $caller:expr, $headers:expr) => {
        match signed_in(&$api, &$caller, &$headers, "/account").await {
            Ok(visitor) => visitor,
            Err(response) => return response,
        }
    };
}

async fn security(api: &Api, visitor: &Visitor, message: Option<String>, error: Option<String>) -> Response {
    let (partner, id, now) = (visitor.known.user.partner, visitor.known.user.id, api.desk.world.now());
    let read = api
        .installation
        .store
        .read(move |tx| {
            let factors = factors::of(tx, partner, id)?;
            let sessions = sessions::of_user(tx, partner, id, now)?;
            let given = grants::of_user(tx, partner, id, now)?;
            let clients: Vec<ApplicationId> = given.iter().map(|grant| grant.leave.client).collect();
            let names = applications::names(tx, &clients)?;
            Ok::<_, Error>((factors, sessions, given, names))
        })
        .await;
    let (factors, sessions, given, names) = match read {
        Ok(read) => read,
        Err(error) => return failed(api, &error),
    };
    let count = factors.iter().filter(|own| own.kind == FactorKind::Recovery).count();
    let frame = visitor.frame(api);
    let reader = frame.reader.clone();
    let totp = factors.iter().find(|own| own.kind == FactorKind::Totp);
    let body = pages::Security {
        frame,
        totp_since: totp.map(|own| reader.time(own.added_at)),
        passkeys: factors
            .iter()
            .filter(|own| own.kind == FactorKind::Passkey)
            .map(|own| pages::PasskeyRow {
                id: own.id.clone(),
                name: own.name.clone(),
                added: reader.time(own.added_at),
                last_used: own.used_at.map(|at| reader.time(at)),
            })
            .collect(),
        recovery_left: u32::try_from(count).unwrap_or(u32::MAX),
        sessions: sessions
            .into_iter()
            .map(|own| pages::SessionRow {
                current: own.id == visitor.session.id,
                what: browser(&reader, &own.agent),
                address: own.address,
                began: reader.time(own.began_at),
                last_seen: reader.time(match own.id == visitor.session.id {
                    true => visitor.session.seen_at,
                    false => own.seen_at,
                }),
                // The page names a session by a digest of its digest, which opens nothing.
                id: digest_of(&own.id),
            })
            .collect(),
        grants: given
            .into_iter()
            .map(|own| pages::GrantRow {
                application: names
                    .iter()
                    .find(|(client, _)| *client == own.leave.client)
                    .map_or_else(|| reader.t("security-grant-unnamed"), |(_, name)| name.clone()),
                id: own.id,
                began: reader.time(own.began_at),
                last_used: reader.time(own.used_at),
            })
            .collect(),
        message,
        error,
    };
    page(api, StatusCode::OK, &body)
}

pub(super) async fn show(Asked { api, caller, headers, .. }: Asked) -> Response {
    let visitor = signed_in!(api, caller, headers);
    security(&api, &visitor, None, None).await
}

async fn factors(api: &Api, visitor: &Visitor) -> Result<Vec<Factor>, Error> {
    let (partner, id) = (visitor.known.user.partner, visitor.known.user.id);
    api.installation.store.read(move |tx| Ok::<_, Error>(factors::of(tx, partner, id)?)).await
}

/// Changing second factors takes a second factor shown a short while ago, once there is one.
async fn fresh_enough(api: &Api, visitor: &Visitor) -> Result<Vec<Factor>, Error> {
    let factors = factors(api, visitor).await?;
    if has_factor(&factors) {
        visitor.context(api).needs_fresh_factor()?;
    }
    Ok(factors)
}

pub(super) async fn passkey_challenge(Asked { api, caller, headers, .. }: Asked) -> Response {
    let visitor = signed_in!(api, caller, headers);
    let Some(passkeys) = &api.desk.passkeys else {
        return (StatusCode::NOT_FOUND, "passkeys are off here\n").into_response();
    };
    let begun = async {
        let existing: Vec<String> =
            passkeys_of(&fresh_enough(&api, &visitor).await?).into_iter().map(|(_, own)| own).collect();
        let user = &visitor.known.user;
        let (challenge, state) = passkeys
            .begin_registration(user.id.uuid(), &user.upn, &user.display_name, &existing)
            .map_err(|error| Error::invalid("passkey", error.to_string()))?;
        let mut session = visitor.session.clone();
        session.challenge = Some(state);
        api.installation.store.bookkeep(move |tx| Ok::<_, Error>(sessions::save(tx, &session)?)).await?;
        Ok::<_, Error>(challenge)
    };
    match begun.await {
        Ok(challenge) => json(challenge),
        Err(Error::Refused(_)) => {
            (StatusCode::FORBIDDEN, "Show your second factor again, then add the passkey.\n").into_response()
        }
        Err(error) => {
            tracing::warn!(%error, "a passkey could not be begun");
            (StatusCode::BAD_REQUEST, "A passkey cannot be added at the moment.\n").into_response()
        }
    }
}

pub(super) async fn add_passkey(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let visitor = signed_in!(api, caller, headers);
    let (Some(passkeys), Some(state)) = (&api.desk.passkeys, visitor.session.challenge.clone()) else {
        return security(&api, &visitor, None, Some(here().t("security-passkey-not-asked"))).await;
    };
    if let Err(error) = fresh_enough(&api, &visitor).await {
        return refused(&api, &error, "/account");
    }
    let stored = match passkeys.finish_registration(&state, form.text("answer")) {
        Ok(stored) => stored,
        Err(error) => {
            let reader = here();
            let text = reader.t1("security-passkey-refused", "why", error.complaint().said(&reader));
            return security(&api, &visitor, None, Some(text)).await;
        }
    };
    let name: String = form.text("name").trim().chars().take(60).collect();
    let now = api.desk.world.now();
    let factor = Factor {
        id: crate::ids::random_text(9),
        kind: FactorKind::Passkey,
        name: if name.is_empty() { "Passkey".into() } else { name },
        secret: stored,
        last_step: 0,
        added_at: now,
        used_at: None,
    };
    let mut session = visitor.session.clone();
    session.challenge = None;
    // Whoever registered a passkey has just shown it.
    session.factor_at = Some(now);
    let (cx, user) = (visitor.context(&api), visitor.known.user.clone());
    let done = api
        .installation
        .store
        .write(cx.stamp(), move |tx| {
            factors::insert(tx, user.partner, user.id, std::slice::from_ref(&factor))?;
            sessions::save(tx, &session)?;
            let entry = Entry::did(Operation::ChangeSecondFactor, Resource::Session, user.id);
            Ok::<_, Error>(((), entry.with(vec![Fact::new("added", "passkey")])))
        })
        .await;
    match done {
        Ok(()) => security(&api, &visitor, Some(here().t("security-passkey-added")), None).await,
        Err(error) => failed(&api, &error),
    }
}

pub(super) async fn remove_passkey(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let visitor = signed_in!(api, caller, headers);
    let factors = match fresh_enough(&api, &visitor).await {
        Ok(factors) => factors,
        Err(error) => return refused(&api, &error, "/account"),
    };
    let wanted = form.text("id").to_owned();
    let is_wanted = |own: &&Factor| own.id == wanted && own.kind == FactorKind::Passkey;
    let left: Vec<Factor> = factors.iter().filter(|own| !is_wanted(own)).cloned().collect();
    if factors.iter().find(is_wanted).is_none() {
        return security(&api, &visitor, None, Some(here().t("security-passkey-gone"))).await;
    }
    if !has_factor(&left) && crate::identity::people::needs_second_factor(&visitor.known.user) {
        return security(&api, &visitor, None, Some(here().t("security-passkey-only"))).await;
    }
    let (cx, user) = (visitor.context(&api), visitor.known.user.clone());
    let done = api
        .installation
        .store
        .write(cx.stamp(), move |tx| {
            factors::remove(tx, user.partner, user.id, &wanted)?;
            let entry = Entry::did(Operation::ChangeSecondFactor, Resource::Session, user.id);
            Ok::<_, Error>(((), entry.with(vec![Fact::new("removed", "passkey")])))
        })
        .await;
    match done {
        Ok(()) => security(&api, &visitor, Some(here().t("security-passkey-removed")), None).await,
        Err(error) => failed(&api, &error),
    }
}

pub(super) async fn recovery_codes(Asked { api, caller, headers, .. }: Asked) -> Response {
    let visitor = signed_in!(api, caller, headers);
    if let Err(error) = fresh_enough(&api, &visitor).await {
        return refused(&api, &error, "/account");
    }
    let (cx, user) = (visitor.context(&api), visitor.known.user.clone());
    let (codes, fresh) = fresh_recovery(&user, api.desk.world.now());
    let done = api
        .installation
        .store
        .write(cx.stamp(), move |tx| {
            factors::remove_kinds(tx, user.partner, user.id, &[FactorKind::Recovery])?;
            factors::insert(tx, user.partner, user.id, &fresh)?;
            let entry = Entry::did(Operation::ChangeSecondFactor, Resource::Session, user.id);
            Ok::<_, Error>(((), entry.with(vec![Fact::new("added", "recovery codes")])))
        })
        .await;
    match done {
        Ok(()) => {
            let body = pages::RecoveryCodes { frame: visitor.frame(&api), codes, next: "/account".into() };
            page(&api, StatusCode::OK, &body)
        }
        Err(error) => failed(&api, &error),
    }
}

pub(super) async fn end_session(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let visitor = signed_in!(api, caller, headers);
    let (partner, id, now) = (visitor.known.user.partner, visitor.known.user.id, api.desk.world.now());
    let list =
        api.installation.store.read(move |tx| Ok::<_, Error>(sessions::of_user(tx, partner, id, now)?)).await;
    let list = match list {
        Ok(list) => list,
        Err(error) => return failed(&api, &error),
    };
    let Some(wanted) = list.into_iter().find(|own| digest_of(&own.id) == form.text("id")) else {
        return security(&api, &visitor, None, Some(here().t("security-session-over"))).await;
    };
    let cx = visitor.context(&api);
    match api.desk.sign_out(&cx, &visitor.known, &wanted.id).await {
        Ok(()) if wanted.id == visitor.session.id => leave(&api),
        Ok(()) => security(&api, &visitor, Some(here().t("security-session-ended")), None).await,
        Err(error) => failed(&api, &error),
    }
}

pub(super) async fn end_all(Asked { api, caller, headers, .. }: Asked) -> Response {
    let visitor = signed_in!(api, caller, headers);
    let cx = visitor.context(&api);
    match api.desk.sign_out_everywhere(&cx, &visitor.known.user).await {
        Ok(()) => leave(&api),
        Err(error) => failed(&api, &error),
    }
}

pub(super) async fn revoke_grant(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let visitor = signed_in!(api, caller, headers);
    let (partner, id, now) = (visitor.known.user.partner, form.text("id").to_owned(), api.desk.world.now());
    let (cx, old) = (visitor.context(&api), visitor.known.user.clone());
    let user = old.clone();
    let done = api
        .installation
        .store
        .write(cx.stamp(), move |tx| {
            let own = grants::find(tx, partner, &id)?.is_some_and(|own| own.leave.user == user.id);
            let done = own && grants::revoke(tx, partner, &id, now)?;
            if done {
                // Access tokens that programs still hold go with it; the other programs fetch fresh ones by themselves.
                people::update(tx, partner, user.id, |user| user.tokens_from = now)?;
            }
            let entry = Entry::did(Operation::RevokeGrant, Resource::Application, &id);
            Ok::<_, Error>((done, if done { entry } else { entry.failed() }))
        })
        .await;
    api.desk.people.forget(old.partner, old.id);
    match done {
        Ok(true) => security(&api, &visitor, Some(here().t("security-grant-revoked")), None).await,
        Ok(false) => security(&api, &visitor, None, Some(here().t("security-grant-gone"))).await,
        Err(error) => failed(&api, &error),
    }
}

/// Away, without a cookie.
fn leave(api: &Api) -> Response {
    let mut response = Redirect::to("/sign-in").into_response();
    let name = cookie_name(api.desk.reached.is_secure());
    response.headers_mut().append(header::SET_COOKIE, set_cookie(api, name, "", Some(0)));
    response
}

pub(super) async fn sign_out(Asked { api, caller, headers, .. }: Asked) -> Response {
    match super::visitor(&api, &caller, &headers).await {
        Ok(Some(visitor)) => {
            let cx = visitor.context(&api);
            let (desk, id) = (Arc::clone(&api.desk), visitor.session.id.clone());
            match desk.sign_out(&cx, &visitor.known, &id).await {
                Ok(()) => leave(&api),
                Err(error) => failed(&api, &error),
            }
        }
        Ok(None) => leave(&api),
        Err(error) => failed(&api, &error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Reader;

    #[test]
    fn browsers_are_named_as_people_know_them() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
        let reader = Reader::default();
        assert_eq!(browser(&reader, chrome), "Chrome on Linux");
        assert_eq!(
            browser(&reader, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"),
            "Safari on iPhone"
        );
        assert_eq!(browser(&reader, ""), "An unknown browser");
    }
}
