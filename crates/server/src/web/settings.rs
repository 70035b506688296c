//! How somebody reads: language and time zone. Kept with the person, and in the browser for the pages before signing in.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::access::Door;
use chandlery_domain::notice::Kind;
use chandlery_store::people::{self, User};
use jiff::tz::TimeZone;

use super::around::LANGUAGE_COOKIE;
use super::fields::Fields;
use super::pages::Frame;
use super::{Asked, around, failed, local, page, set_cookie, signed_in, visitor};
use crate::api::Api;
use crate::app::notify::has_address;
use crate::error::Error;
use crate::installation::OPERATOR;
use crate::texts::{Language, Reader};

/// For how many seconds a browser keeps the language somebody chose in it.
const LANGUAGE_KEPT: i64 = 365 * 24 * 3600;

/// The longest name of a time zone looked at.
const ZONE_LETTERS: usize = 64;

/// A kind of notification, as a box to tick.
struct KindBox {
    word: &'static str,
    label: String,
    checked: bool,
    /// Whether it is always on.
    fixed: bool,
}

#[derive(Template)]
#[template(path = "settings.html")]
struct Settings {
    frame: Frame,
    fields: Fields,
    languages: Vec<(String, String)>,
    zones: Vec<String>,
    kinds: Vec<KindBox>,
    example: String,
    sends_mail: bool,
    can_be_written_to: bool,
    message: Option<String>,
}

/// The door a person comes in by.
fn door_of(user: &User) -> Door {
    match user.customer {
        Some(_) => Door::Customer,
        None if user.partner == OPERATOR => Door::Operator,
        None => Door::Partner,
    }
}

/// The kinds a person is ever told of.
fn kinds_for(user: &User) -> impl Iterator<Item = Kind> + use<> {
    let door = door_of(user);
    Kind::ALL.into_iter().filter(move |kind| kind.is_for(door))
}

/// The names of places whose time one can choose.
fn zones() -> Vec<String> {
    let names = jiff::tz::db().available().map(|name| name.to_string());
    names.filter(|name| name == "UTC" || (name.contains('/') && !name.starts_with("Etc/"))).collect()
}

/// The zone that was typed, under its own spelling: none where nothing was typed, and an error where there is none such.
fn read_zone(typed: &str) -> Result<Option<String>, ()> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    if typed.len() > ZONE_LETTERS {
        return Err(());
    }
    let zone = TimeZone::get(typed).map_err(|_| ())?;
    zone.iana_name().map(|name| Some(name.to_owned())).ok_or(())
}

fn settings_page(api: &Api, user: &User, fields: Fields, message: Option<String>) -> Response {
    let frame = around::frame();
    let reader = &frame.reader;
    let language = Language::of_tag(fields.value("language")).unwrap_or(reader.language);
    let typed = read_zone(fields.value("zone")).unwrap_or(None);
    let shown = match typed {
        Some(zone) => Reader::new(language, Some(&zone)),
        None => Reader { language, zone: reader.zone.clone() },
    };
    let own_names = Language::ALL.map(|own| (own.tag().to_owned(), own.own_name().to_owned()));
    let mut languages = vec![(String::new(), reader.t("settings-language-browser"))];
    languages.extend(own_names);
    let kinds = kinds_for(user)
        .map(|kind| KindBox {
            word: kind.as_str(),
            label: reader.word("notice-kind", kind.as_str()),
            checked: !kind.can_be_muted() || fields.is("mail", kind.as_str()),
            fixed: !kind.can_be_muted(),
        })
        .collect();
    let status = if fields.is_right() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let body = Settings {
        example: shown.instant(api.desk.world.now()),
        languages,
        zones: zones(),
        kinds,
        sends_mail: api.sends_mail,
        can_be_written_to: has_address(user),
        message,
        fields,
        frame,
    };
    page(api, status, &body)
}

/// `GET /settings`: how one reads, and what one gets by mail.
pub(super) async fn show(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let visitor = match signed_in(&api, &caller, &headers, "/settings").await {
        Ok(visitor) => visitor,
        Err(response) => return response,
    };
    let user = &visitor.known.user;
    let mut values = vec![
        ("language", user.language.as_deref().unwrap_or_default()),
        ("zone", user.time_zone.as_deref().unwrap_or_default()),
    ];
    let mailed = kinds_for(user).map(Kind::as_str).filter(|word| !user.muted.iter().any(|own| own == word));
    values.extend(mailed.map(|word| ("mail", word)));
    let message = (form.text("done") == "saved").then(|| around::here().t("settings-saved"));
    settings_page(&api, user, Fields::with(&values), message)
}

/// `POST /settings`: keeps it, or shows how a time would look.
pub(super) async fn save(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let visitor = match signed_in(&api, &caller, &headers, "/settings").await {
        Ok(visitor) => visitor,
        Err(response) => return response,
    };
    let (user, reader) = (&visitor.known.user, around::here());
    let mut fields = Fields::of(&form);
    let language = match fields.value("language") {
        "" => None,
        tag => {
            let known = Language::ALL.into_iter().find(|own| own.tag() == tag);
            if known.is_none() {
                fields.complain("language", reader.t("field-choose"));
            }
            known
        }
    };
    let zone = read_zone(fields.value("zone")).unwrap_or_else(|()| {
        fields.complain("zone", reader.t("settings-zone-wrong"));
        None
    });
    if !fields.is_right() || fields.is("preview", "yes") {
        return settings_page(&api, user, fields, None);
    }
    let about: Vec<&'static str> = kinds_for(user).map(Kind::as_str).collect();
    let mut muted: Vec<String> =
        user.muted.iter().filter(|own| !about.contains(&own.as_str())).cloned().collect();
    let unticked = kinds_for(user).filter(|kind| kind.can_be_muted() && !fields.is("mail", kind.as_str()));
    muted.extend(unticked.map(|kind| kind.as_str().to_owned()));
    let (partner, id) = (user.partner, user.id);
    let tag = language.map(|own| own.tag().to_owned());
    let saved = api
        .installation
        .store
        .bookkeep(move |tx| {
            let kept = people::update(tx, partner, id, |user| {
                user.language.clone_from(&tag);
                user.time_zone.clone_from(&zone);
                user.muted.clone_from(&muted);
            });
            Ok::<_, Error>(kept?)
        })
        .await;
    if let Err(error) = saved {
        return failed(&api, &error);
    }
    api.desk.people.forget(partner, id);
    let mut response = Redirect::to("/settings?done=saved").into_response();
    if let Some(language) = language {
        let cookie = set_cookie(&api, LANGUAGE_COOKIE, language.tag(), Some(LANGUAGE_KEPT));
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// `POST /language`: remembers the language in the browser, and with the person when somebody is signed in.
pub(super) async fn language(Asked { api, caller, headers, form, .. }: Asked) -> Response {
    let back = local(form.text("flow")).to_owned();
    let mut response = Redirect::to(&back).into_response();
    let Some(language) = Language::of_tag(form.text("language")) else { return response };
    response
        .headers_mut()
        .append(header::SET_COOKIE, set_cookie(&api, LANGUAGE_COOKIE, language.tag(), Some(LANGUAGE_KEPT)));
    if let Ok(Some(visitor)) = visitor(&api, &caller, &headers).await {
        let (partner, id) = (visitor.known.user.partner, visitor.known.user.id);
        let saved = api
            .installation
            .store
            .bookkeep(move |tx| {
                people::update(tx, partner, id, |user| user.language = Some(language.tag().to_owned()))
            })
            .await;
        match saved {
            Ok(_) => api.desk.people.forget(partner, id),
            Err(error) => tracing::warn!(%error, "a language could not be kept"),
        }
    }
    response
}
