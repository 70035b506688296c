//! Software that was bought, its keys and its downloads: for the partner's admin agents under their customers, and for the
//! customer's own administrator at its own door. Two doors, one set of pages.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::access::{Action, Scope};
use chandlery_domain::audit::{Entry, Fact, Operation, Resource, Side};
use chandlery_domain::customer::Customer;
use chandlery_domain::ids::{CustomerId, MediumId, OrderId, OrderRef};
use chandlery_domain::key::LineRef;
use chandlery_domain::link::{Link, Standing};
use chandlery_domain::media::{Choice, Medium, Version};
use chandlery_domain::order::{LineState, Order, OrderLine};
use chandlery_domain::refusal::Refusal;
use chandlery_store::{Read, customers, jobs, links, media, orders};
use jiff::Timestamp;

use super::company::Helped;
use super::products::SOFTWARE;
use super::software_pages::{Key, LinkRow, MediumRow, Picked, Row, ShownLink, Software, SoftwareList};
use super::ward::{Head, allowed, param};
use super::{Asked, Visitor, around, cut, failed, page, signed_in};
use crate::api::call::write_down;
use crate::api::downloads::in_order;
use crate::api::entitlements::open_key;
use crate::api::{Api, Caller};
use crate::app::Context;
use crate::app::issue_link::{Token, Wanted as LinkWanted, issue};
use crate::app::reveal_key::{Wanted as KeyWanted, Which, versions_covered};
use crate::error::{Error, Missing};
use crate::texts::{self, Complaint, Html, Reader};

/// How many orders one page of the list shows.
const PAGE: i64 = 100;
/// How many links are shown.
const LINKS_MAX: i64 = 50;

/// At which door somebody stands, and whose software is meant.
struct Door {
    visitor: Visitor,
    cx: Context,
    scope: Scope,
    customer: CustomerId,
    /// Where the list is: the begin of every address of these pages.
    base: String,
    is_own: bool,
}

impl Door {
    fn may(&self, api: &Api, action: Action) -> bool {
        api.installation.rules.matrix.authorize(&self.visitor.known.actor(None), action).is_ok()
    }

    fn may_open(&self, api: &Api) -> bool {
        self.may(api, if self.is_own { Action::OpenOwnKeys } else { Action::RevealKey })
    }

    /// The right to open keys and get downloads; `back` is where the way goes on after a fresh second factor.
    /// What is refused stands in the log, save that a second factor has to be shown again.
    async fn right(&self, api: &Api, action: Action, back: &str) -> Result<Scope, Box<Response>> {
        let action = if self.is_own { Action::OpenOwnKeys } else { action };
        let facts = vec![Fact::new("page", &self.base)];
        allowed(api, &self.cx, action, facts, back).await.map_err(Box::new)
    }
}

/// Who stands at which door: a customer named in the path is the partner's, none is one's own.
async fn door(
    api: &Api,
    caller: &Caller,
    headers: &HeaderMap,
    path: &[(String, String)],
    back: &str,
) -> Result<Door, Response> {
    let named = param(path, "customer");
    let visitor = signed_in(api, caller, headers, back).await?;
    let cx = visitor.context(api);
    let action = if named.is_some() { Action::ReadEntitlements } else { Action::SeeOwnSoftware };
    let scope = allowed(api, &cx, action, Vec::new(), back).await?;
    let missing = || failed(api, &Error::NotFound(Missing::Customer));
    let (customer, base) = match (named, scope.customer()) {
        (Some(id), None) => {
            let id: CustomerId = id.parse().map_err(|_| missing())?;
            (id, format!("/customers/{id}/software"))
        }
        (None, Some(own)) => (own, "/software".to_owned()),
        _ => return Err(missing()),
    };
    Ok(Door { visitor, cx, scope, customer, base, is_own: named.is_none() })
}

/// How a line stands: the word for it, and how that is coloured.
pub(super) fn state_of(line: &OrderLine, now: Timestamp) -> (&'static str, &'static str) {
    match line.state {
        LineState::Pending => ("pending", "careful"),
        LineState::Fulfilled { .. } if line.ended_on(now).is_some() => ("ended", ""),
        LineState::Fulfilled { .. } => ("fulfilled", "good"),
        LineState::Cancelled { .. } => ("cancelled", "bad"),
    }
}

/// Until when a purchase runs, or ran.
pub(super) fn until(reader: &Reader, line: &OrderLine) -> String {
    match line.state {
        LineState::Cancelled { at } => reader.t1("software-cancelled-at", "at", reader.instant(at)),
        LineState::Pending | LineState::Fulfilled { .. } => {
            line.period.map(|period| reader.date(period.last)).unwrap_or_default()
        }
    }
}

fn row(door: &Door, cancels: bool, reader: &Reader, order: &Order, line: &OrderLine) -> Row {
    let (state, tone) = state_of(line, door.cx.now);
    let address = format!("{}/{}/{}", door.base, order.id, line.number);
    Row {
        cancel: cancels.then(|| format!("{address}/cancel")).filter(|_| state != "cancelled"),
        address,
        title: line.title.clone(),
        quantity: reader.number(line.quantity),
        order: order.alternate().to_string(),
        ordered: reader.time(order.placed_at),
        ends: until(reader, line),
        state: reader.word("line-state", state),
        tone,
    }
}

/// `GET /software` and `GET /customers/{customer}/software`.
pub(super) async fn list(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let Asked { api, caller, headers, form, .. } = asked;
    let back =
        param(&path, "customer").map_or("/software".to_owned(), |id| format!("/customers/{id}/software"));
    let door = match door(&api, &caller, &headers, &path, &back).await {
        Ok(door) => door,
        Err(response) => return response,
    };
    let (scope, customer, is_own) = (door.scope, door.customer, door.is_own);
    let after: Option<OrderId> = form.text("after").parse().ok();
    let found = api
        .installation
        .store
        .read(move |tx| {
            let (own, _) =
                customers::find(tx, &scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
            let query = orders::Query {
                after,
                newest_first: true,
                families: SOFTWARE,
                ..orders::Query::first(PAGE + 1)
            };
            let list = orders::list(tx, &scope, customer, &query)?;
            let helped = if is_own { Helped::of(tx, &scope)? } else { None };
            Ok::<_, Error>((own, list, helped))
        })
        .await;
    let (own, mut list, helped) = match found {
        Ok(found) => found,
        Err(error) => return failed(&api, &error),
    };
    let more = cut(&mut list, PAGE);
    let next = list.last().filter(|_| more).map(|order| format!("{}?after={}", door.base, order.id));
    let reader = around::here();
    let cancels = !door.is_own && door.may(&api, Action::CancelPurchase);
    let rows = list
        .iter()
        .flat_map(|order| order.lines.iter().map(move |line| (order, line)))
        .filter(|(_, line)| line.family.has_keys())
        .map(|(order, line)| row(&door, cancels, &reader, order, line))
        .collect();
    let body = SoftwareList {
        frame: door.visitor.frame(&api),
        head: (!door.is_own).then(|| Head::of(|action| door.may(&api, action), &own, "/software")),
        rows,
        next,
        helped,
    };
    page(&api, StatusCode::OK, &body)
}

/// Everything a page about one purchase shows.
struct Purchase {
    customer: Customer,
    order: Order,
    line: OrderLine,
    versions: Vec<Version>,
    media: Vec<Medium>,
    /// Media of links that stand here, removed ones too.
    linked: Vec<Medium>,
    links: Vec<links::Issued>,
    why: Option<String>,
}

fn load(tx: &mut Read<'_>, scope: &Scope, customer: CustomerId, place: LineRef) -> Result<Purchase, Error> {
    let (own, _) = customers::find(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
    let (order, _) = orders::find(tx, scope, customer, OrderRef::Id(place.order))?
        .ok_or(Error::NotFound(Missing::Order))?;
    let line = order.line(place.line)?.clone();
    if !line.family.has_keys() {
        return Err(Error::NotFound(Missing::Order));
    }
    let versions = versions_covered(tx, &order, &line)?;
    let media = in_order(media::of_product(tx, &line.item.product)?);
    let links = links::of_line(tx, scope, place, LINKS_MAX)?;
    let ids: Vec<MediumId> = links.iter().map(|own| own.link.medium).collect();
    let linked = if ids.is_empty() { Vec::new() } else { media::named(tx, &ids)? };
    let why = if line.state == LineState::Pending { jobs::why_waiting(tx, scope, order.id)? } else { None };
    Ok(Purchase {
        customer: own,
        media: media.into_iter().filter(|own| versions.contains(&own.choice.version)).collect(),
        order,
        line,
        versions,
        linked,
        links,
        why,
    })
}

/// What was asked, read: door, purchase, and the address of its page.
struct Opened {
    api: Api,
    headers: HeaderMap,
    form: super::Form,
    door: Door,
    place: LineRef,
    address: String,
}

async fn opened(path: Vec<(String, String)>, asked: Asked) -> Result<Opened, Response> {
    let Asked { api, caller, headers, form, .. } = asked;
    let missing = || failed(&api, &Error::NotFound(Missing::Order));
    let order: OrderId = param(&path, "order").and_then(|own| own.parse().ok()).ok_or_else(missing)?;
    let line: u32 = param(&path, "line").and_then(|own| own.parse().ok()).ok_or_else(missing)?;
    let base =
        param(&path, "customer").map_or("/software".to_owned(), |id| format!("/customers/{id}/software"));
    let address = format!("{base}/{order}/{line}");
    let door = door(&api, &caller, &headers, &path, &address).await?;
    Ok(Opened { api, headers, form, door, place: LineRef { order, line }, address })
}

/// What a page shows beside the purchase: what was just done.
#[derive(Default)]
struct Shown {
    status: StatusCode,
    key: Option<Key>,
    link: Option<ShownLink>,
    error: Option<String>,
    /// Whether a second person was asked.
    asked: bool,
    /// The reason that was typed.
    reason: String,
}

fn link_row(reader: &Reader, own: &Link, purchase: &Purchase, now: Timestamp) -> Result<LinkRow, Error> {
    let standing = own.standing(now).map_err(Refusal::from)?;
    let ends = match (standing, own.ends_at().map_err(Refusal::from)?) {
        (Standing::Revoked { at }, _) | (_, Some(at)) => reader.deadline(at),
        (_, None) => Html::escaped(&reader.t1("link-days-after", "count", u32::from(own.life.max_days))),
    };
    let ended = matches!(standing, Standing::Expired { .. } | Standing::UsedUp);
    let live =
        |other: &Link| other.medium == own.medium && matches!(other.standing(now), Ok(Standing::Live { .. }));
    let covered = ended
        && purchase.media.iter().any(|medium| medium.id == own.medium)
        && !purchase.links.iter().any(|other| live(&other.link));
    Ok(LinkRow {
        again: covered.then(|| own.medium.uuid().simple().to_string()),
        file: purchase
            .linked
            .iter()
            .find(|medium| medium.id == own.medium)
            .map(|own| own.name.to_string())
            .unwrap_or_default(),
        issued: reader.time(own.issued_at),
        ends,
        downloads: match own.life.max_downloads {
            Some(max) => reader.t2("link-of", "used", reader.number(own.used), "max", reader.number(max)),
            None => reader.number(own.used),
        },
        state: reader.t(match standing {
            Standing::Live { .. } => "link-standing-live",
            Standing::Expired { .. } => "link-standing-expired",
            Standing::UsedUp => "link-standing-used-up",
            Standing::Revoked { .. } => "link-standing-revoked",
        }),
    })
}

/// The boxes of the form: what is chosen, and what there is to choose from.
fn picked(form: &super::Form, purchase: &Purchase) -> Picked {
    let chosen = |name: &str, first: Option<String>| match form.text(name) {
        "" => first.unwrap_or_default(),
        own => own.to_owned(),
    };
    // What a form names is chosen; else the medium it is about; else the first there is.
    let named: Option<MediumId> = form.text("medium").parse().ok();
    let about = purchase.media.iter().find(|own| Some(own.id) == named);
    let first = about.or(purchase.media.first()).map(|own| &own.choice);
    Picked {
        submitted: !form.text("version").is_empty() || about.is_some(),
        version: Some(form.text("version"))
            .filter(|own| purchase.versions.iter().any(|version| version.as_str() == *own))
            .map(str::to_owned)
            .or_else(|| about.map(|own| own.choice.version.to_string()))
            .or_else(|| purchase.versions.first().map(ToString::to_string))
            .unwrap_or_default(),
        language: chosen("language", first.map(|own| own.language.to_string())),
        bits: chosen("bits", first.map(|own| own.bits.as_str().to_owned())),
        file_type: chosen("type", first.map(type_of)),
    }
}

fn type_of(choice: &Choice) -> String {
    format!("{} ({})", choice.file_type, choice.platform.shown())
}

fn distinct<T: PartialEq>(list: impl Iterator<Item = T>) -> Vec<T> {
    let mut found = Vec::new();
    list.for_each(|own| {
        if !found.contains(&own) {
            found.push(own);
        }
    });
    found
}

async fn answer(opened: Opened, done: Shown) -> Response {
    let Opened { api, form, door, place, address, .. } = opened;
    let (scope, customer) = (door.scope, door.customer);
    let found = api.installation.store.read(move |tx| load(tx, &scope, customer, place)).await;
    let purchase = match found {
        Ok(purchase) => purchase,
        Err(error) => return failed(&api, &error),
    };
    let picked = picked(&form, &purchase);
    let fits = |own: &Medium| {
        own.choice.version.as_str() == picked.version
            && own.choice.language.as_str() == picked.language
            && own.choice.bits.as_str() == picked.bits
            && type_of(&own.choice) == picked.file_type
    };
    let offered: Vec<String> = purchase
        .media
        .iter()
        .filter(|own| own.choice.version.as_str() == picked.version)
        .map(|own| own.choice.to_string())
        .take(20)
        .collect();
    let reader = around::here();
    let links = purchase.links.iter().map(|own| link_row(&reader, &own.link, &purchase, door.cx.now));
    let links = match links.collect::<Result<Vec<_>, _>>() {
        Ok(links) => links,
        Err(error) => return failed(&api, &error),
    };
    let (state, tone) = state_of(&purchase.line, door.cx.now);
    let rules = &api.installation.rules;
    let choices = || purchase.media.iter().map(|own| &own.choice);
    let body = Software {
        frame: door.visitor.frame(&api),
        list: door.base.clone(),
        head: (!door.is_own)
            .then(|| Head::of(|action| door.may(&api, action), &purchase.customer, "/software")),
        cancel: (!door.is_own && state != "cancelled" && door.may(&api, Action::CancelPurchase))
            .then(|| format!("{address}/cancel")),
        order_address: (!door.is_own).then(|| format!("/customers/{customer}/orders/{}", purchase.order.id)),
        address,
        title: purchase.line.title.clone(),
        state: reader.word("line-state", state),
        tone,
        order: purchase.order.alternate().to_string(),
        ordered: reader.time(purchase.order.placed_at),
        quantity: reader.number(purchase.line.quantity),
        ends: until(&reader, &purchase.line),
        ended: purchase.line.ended_on(door.cx.now).is_some() && purchase.line.state != LineState::Pending,
        cancelled: matches!(purchase.line.state, LineState::Cancelled { .. }),
        waiting: purchase.line.state == LineState::Pending,
        why: purchase.why.clone().filter(|_| !door.is_own),
        may_open: door.may_open(&api),
        who: reader.t(if door.is_own { "software-who-customer" } else { "software-who-partner" }),
        asks_reason: !door.is_own,
        reason_asked: !door.is_own && rules.key_reason_required,
        versions: purchase.versions.iter().map(ToString::to_string).collect(),
        languages: distinct(choices().map(|own| own.language.to_string()))
            .into_iter()
            .map(|tag| (tag.clone(), reader.language_name(&tag)))
            .collect(),
        bits: distinct(choices().map(|own| own.bits))
            .into_iter()
            .map(|own| (own.as_str(), reader.word("bits", own.as_str())))
            .collect(),
        types: distinct(choices().map(type_of)),
        media: purchase
            .media
            .iter()
            .filter(|own| fits(own))
            .map(|own| MediumRow {
                id: own.id.uuid().simple().to_string(),
                name: own.name.to_string(),
                choice: own.choice.to_string(),
                size: reader.size(own.size),
                sha256: own.sha256.to_string(),
            })
            .collect(),
        picked,
        offered: offered.join("; "),
        links,
        key: done.key,
        link: done.link,
        error: done.error,
        asked: done.asked,
        reason: done.reason,
        message: None,
    };
    page(&api, done.status, &body)
}

/// `GET …/software/{order}/{line}`.
pub(super) async fn show(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    match opened(path, asked).await {
        Ok(opened) => answer(opened, Shown { status: StatusCode::OK, ..Shown::default() }).await,
        Err(response) => response,
    }
}

/// What a page says about a refusal that its reader can do something about.
fn told(error: &Error) -> Option<String> {
    let text = match error {
        Error::Refused(refusal) => texts::refusal(&around::here(), refusal),
        Error::Invalid { field, message } => texts::invalid(&around::here(), field, message),
        Error::NotFound(_) => around::here().t("software-gone"),
        _ => return None,
    };
    Some(text)
}

async fn complain(opened: Opened, error: &Error) -> Response {
    if let Error::Refused(Refusal::SecondPersonNeeded { .. }) = error {
        let reason = opened.form.text("reason").to_owned();
        let done = Shown { status: StatusCode::ACCEPTED, asked: true, reason, ..Shown::default() };
        return answer(opened, done).await;
    }
    match told(error) {
        Some(text) => {
            let reason = opened.form.text("reason").to_owned();
            let done = Shown { status: StatusCode::CONFLICT, error: Some(text), reason, ..Shown::default() };
            answer(opened, done).await
        }
        None => failed(&opened.api, error),
    }
}

/// `POST …/key`: opens a key and shows it, folded away.
pub(super) async fn key(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let opened = match opened(path, asked).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    let back = back_to(&opened);
    let scope = match opened.door.right(&opened.api, Action::RevealKey, &back).await {
        Ok(scope) => scope,
        Err(response) => return *response,
    };
    let Ok(version) = opened.form.text("version").parse::<Version>() else {
        let error = Error::complaint("version", Complaint::of("complaint-version"));
        return complain(opened, &error).await;
    };
    let reason = opened.form.text("reason");
    let wanted = KeyWanted {
        customer: opened.door.customer,
        order: opened.place.order,
        key: Which::Version(opened.place.line, version),
        reason: (!reason.is_empty()).then(|| reason.to_owned()),
    };
    match open_key(&opened.api, &opened.door.cx, scope, wanted).await {
        Ok((text, own)) => {
            let reader = around::here();
            let activations = match own.activations {
                Some(count) => reader.t1("key-activations", "count", count),
                None => reader.t("key-activations-unlimited"),
            };
            let key = Key { text: text.to_string(), version: own.version, activations };
            answer(opened, Shown { status: StatusCode::OK, key: Some(key), ..Shown::default() }).await
        }
        Err(error) => complain(opened, &error).await,
    }
}

fn back_to(opened: &Opened) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for name in ["version", "language", "bits", "type", "medium"] {
        let value = opened.form.text(name);
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    format!("{}?{}#results", opened.address, query.finish())
}

/// Why no link was issued: something its page can say, or another page altogether.
enum Stopped {
    Told(Error),
    Elsewhere(Box<Response>),
}

/// Issues a link to the medium a form names.
async fn fresh_link(opened: &Opened) -> Result<(Token, Link, Medium), Stopped> {
    let door = &opened.door;
    let scope =
        door.right(&opened.api, Action::IssueLink, &back_to(opened)).await.map_err(Stopped::Elsewhere)?;
    let medium = opened.form.text("medium").parse::<MediumId>();
    let medium =
        medium.map_err(|_| Stopped::Told(Error::complaint("medium", Complaint::of("complaint-medium"))))?;
    let token = Token::draw(scope.partner());
    let side = if door.is_own { Side::Customer } else { Side::Partner };
    let wanted = LinkWanted { customer: door.customer, line: opened.place, medium };
    let (cx, digest) = (door.cx.clone(), token.digest().to_owned());
    let issued = opened
        .api
        .installation
        .store
        .write(door.cx.stamp(), move |tx| issue(tx, &cx, &scope, side, &wanted, &digest))
        .await;
    match issued {
        Ok((link, medium)) => Ok((token, link, medium)),
        Err(error) => {
            if error.is_final() {
                let entry =
                    Entry::did(Operation::GetSoftwareDownloadLink, Resource::SoftwareDownloadLink, "");
                let facts =
                    vec![Fact::new("order_id", opened.place.order), Fact::new("customer_id", door.customer)];
                write_down(&opened.api, &door.cx.anew(), entry, facts, &error).await;
            }
            Err(Stopped::Told(error))
        }
    }
}

fn life(reader: &Reader, link: &Link) -> Result<Html, Error> {
    let most = link.life.max_downloads.map(|max| reader.t1("link-most", "count", u32::from(max)));
    let most = Html::escaped(&most.unwrap_or_default());
    let age = match link.ends_at().map_err(Refusal::from)? {
        Some(at) => reader.html_of("link-until", "until", &reader.deadline(at)),
        None => Html::escaped(&reader.t1("link-days", "count", u32::from(link.life.max_days))),
    };
    Ok(age.then(&most))
}

/// `POST …/link`: issues a link and shows it.
pub(super) async fn link(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let opened = match opened(path, asked).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    match fresh_link(&opened).await {
        Ok((token, link, medium)) => {
            let life = match life(&around::here(), &link) {
                Ok(life) => life,
                Err(error) => return failed(&opened.api, &error),
            };
            let url = opened.api.download_url(&opened.headers, &token, &medium);
            let link = ShownLink { url, file: medium.name.to_string(), life };
            answer(opened, Shown { status: StatusCode::OK, link: Some(link), ..Shown::default() }).await
        }
        Err(Stopped::Told(error)) => complain(opened, &error).await,
        Err(Stopped::Elsewhere(response)) => *response,
    }
}

/// `POST …/download`: issues a link and leads there.
pub(super) async fn download(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let opened = match opened(path, asked).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    match fresh_link(&opened).await {
        Ok((token, _, medium)) => {
            let name = medium.name.as_str().replace(' ', "%20");
            Redirect::to(&format!("/d/{}/{name}", token.reveal())).into_response()
        }
        Err(Stopped::Told(error)) => complain(opened, &error).await,
        Err(Stopped::Elsewhere(response)) => *response,
    }
}
