//! Telling people what happened: notifications, written in the transaction of the act itself, and the mails about them.
//!
//! A mail waits as a job that names person and notification only, and is written when it is sent. Never here: a sentence.

use chandlery_domain::access::{Action, Role, Scope};
use chandlery_domain::customer::is_mail_address;
use chandlery_domain::ids::{CustomerId, JobId, NoticeId, UserId};
use chandlery_domain::notice::Kind;
use chandlery_domain::order::{LineState, Order};
use chandlery_store::jobs::{self, Task};
use chandlery_store::notices::{self, Notice};
use chandlery_store::people::{self, Of, User};
use chandlery_store::sessions::Session;
use chandlery_store::settings::{self, names};
use chandlery_store::{Read, Write, places};
use uuid::Uuid;

use super::Context;
use crate::error::Error;
use crate::installation::OPERATOR;
use crate::outside::vault::Vault;

/// How many people are told of one thing at most.
pub const TOLD_MAX: usize = 200;
/// How long a fact may be, in letters.
const FACT_MAX: usize = 200;

/// What is to be told.
#[derive(Debug, Clone)]
pub struct Telling {
    /// What happened.
    pub kind: Kind,
    /// What it is about: of the same, a person is told once. None where every time counts.
    pub about: Option<String>,
    /// The customer it is about.
    pub customer: Option<CustomerId>,
    /// Where it leads: a path of ours.
    pub subject: String,
    /// What its sentence names.
    pub facts: Vec<(String, String)>,
    /// Whoever did it and is not told.
    pub but: Option<Uuid>,
}

/// A fact as it is kept: its name, and its value cut to what a sentence holds.
pub fn fact(name: &str, value: impl ToString) -> (String, String) {
    (name.to_owned(), value.to_string().chars().take(FACT_MAX).collect())
}

/// The people of a house who hold one of these roles, each once.
fn holders(tx: &mut Read<'_>, scope: &Scope, roles: &[Role]) -> Result<Vec<User>, Error> {
    let most = i64::try_from(TOLD_MAX).unwrap_or(i64::MAX);
    let mut found: Vec<User> = Vec::new();
    for role in roles {
        for user in people::holders(tx, scope, Of::Partner, *role, None, most)? {
            if !found.iter().any(|own| own.id == user.id) {
                found.push(user);
            }
        }
    }
    found.truncate(TOLD_MAX);
    Ok(found)
}

/// Whether a person can be written to: its sign-in name is a mail address.
pub fn has_address(user: &User) -> bool {
    is_mail_address(&user.upn)
}

/// Whether a person wants mails of a kind.
pub fn wants_mail(user: &User, kind: Kind) -> bool {
    let muted = kind.can_be_muted() && user.muted.iter().any(|own| own == kind.as_str());
    user.active && user.erased_at.is_none() && !muted && has_address(user)
}

/// Tells the people of the scope's partner who hold the roles each kind is for.
///
/// # Errors
/// The store's own.
pub fn tell(tx: &mut Write<'_>, cx: &Context, scope: &Scope, list: &[Telling]) -> Result<(), Error> {
    let mut readers: Vec<(&'static [Role], Vec<User>)> = Vec::new();
    let mut told: Vec<(&Telling, Vec<User>)> = Vec::new();
    for telling in list {
        let roles = telling.kind.told();
        let known = readers.iter().find(|(own, _)| *own == roles).map(|(_, users)| users.clone());
        let users = match known {
            Some(users) => users,
            None => {
                let users = holders(tx, scope, roles)?;
                readers.push((roles, users.clone()));
                users
            }
        };
        let others = users.into_iter().filter(|user| telling.but != Some(user.id.uuid())).collect();
        told.push((telling, others));
    }
    write(tx, cx, scope, &told)
}

/// Tells one person of something that is its own affair; nobody when there is no such person any more.
///
/// # Errors
/// The store's own.
pub fn tell_person(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    user: User,
    telling: &Telling,
) -> Result<(), Error> {
    if !user.active || telling.but == Some(user.id.uuid()) {
        return Ok(());
    }
    write(tx, cx, scope, &[(telling, vec![user])])
}

fn write(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    told: &[(&Telling, Vec<User>)],
) -> Result<(), Error> {
    let mut next_id = cx.ids();
    let mut list = Vec::new();
    for (telling, users) in told {
        for user in users {
            let id = NoticeId::new(next_id());
            list.push(Notice {
                user: user.id,
                id,
                at: cx.now,
                kind: telling.kind,
                about: telling.about.clone().unwrap_or_else(|| id.to_string()),
                customer: telling.customer,
                subject: telling.subject.clone(),
                facts: telling.facts.clone(),
                read_at: None,
            });
        }
    }
    if list.is_empty() {
        return Ok(());
    }
    let fresh = notices::insert_many(tx, scope, &list)?;
    if fresh.is_empty() || mail_links(tx)?.is_none() {
        return Ok(());
    }
    let kind_of = |id: NoticeId| list.iter().find(|own| own.id == id).map(|own| own.kind);
    let user_of = |id: UserId| told.iter().flat_map(|(_, users)| users).find(|user| user.id == id);
    let mails: Vec<(JobId, Task)> = fresh
        .into_iter()
        .filter(|(user, id)| {
            kind_of(*id).zip(user_of(*user)).is_some_and(|(kind, user)| wants_mail(user, kind))
        })
        .map(|(user, id)| (JobId::new(next_id()), Task::SendNotice(user, id)))
        .collect();
    jobs::insert(tx, scope, &mails, cx.now)?;
    Ok(())
}

/// What links in mails begin with; none where the installation sends no mail.
///
/// # Errors
/// The store's own.
pub fn mail_links(tx: &mut Read<'_>) -> Result<Option<String>, Error> {
    Ok(settings::get(tx, names::MAIL_LINKS)?.filter(|url| !url.is_empty()))
}

/// What is told of an order; `lines` are those it is about.
pub fn of_order(kind: Kind, order: &Order, customer: &str, lines: &[u32], but: Option<Uuid>) -> Telling {
    let title = order.lines.iter().find(|line| lines.contains(&line.number)).map(|line| line.title.as_str());
    let about = match kind {
        // Lines are cancelled a few at a time, each once.
        Kind::OrderCancelled => {
            let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
            format!("{}/{}", order.id, lines.join(","))
        }
        _ => order.id.to_string(),
    };
    Telling {
        kind,
        about: Some(about),
        customer: Some(order.customer),
        subject: order_page(order.customer, order.id),
        facts: vec![
            fact("customer", customer),
            fact("order", order.alternate()),
            fact("product", title.unwrap_or_default()),
        ],
        but,
    }
}

/// The page of an order at the partner's door.
pub fn order_page(customer: CustomerId, order: impl std::fmt::Display) -> String {
    format!("/customers/{customer}/orders/{order}")
}

/// The lines of an order in a state, by number.
pub fn lines_where(order: &Order, fits: impl Fn(LineState) -> bool) -> Vec<u32> {
    order.lines.iter().filter(|line| fits(line.state)).map(|line| line.number).collect()
}

/// Tells the operator's people.
///
/// # Errors
/// The store's own.
pub fn tell_operator(
    tx: &mut Write<'_>,
    cx: &Context,
    kind: Kind,
    (about, subject): (String, String),
    facts: Vec<(String, String)>,
) -> Result<(), Error> {
    let scope = Context::system(OPERATOR, cx.now, "notifications").authorize(Action::ManageInstallation)?;
    let telling = Telling { kind, about: Some(about), customer: None, subject, facts, but: None };
    tell(tx, cx, &scope, &[telling])
}

/// Notes from where a session begins that has come through, and tells its person when nobody ever signed in as it from
/// there. The first place of all is nothing new.
///
/// # Errors
/// The store's own.
pub fn came_in(tx: &mut Write<'_>, cx: &Context, vault: &Vault, session: &Session) -> Result<(), Error> {
    if session.address.is_empty() {
        return Ok(());
    }
    let text = format!("place {} {}", session.user, network(&session.address));
    let digest = vault.fingerprint(tx, &text)?;
    if !places::note(tx, (session.partner, session.user), &digest, session.began_at)? {
        return Ok(());
    }
    let Some(user) = people::by_id(tx, session.partner, session.user)? else { return Ok(()) };
    let telling = Telling {
        kind: Kind::SignInNewPlace,
        about: None,
        customer: None,
        subject: "/account".into(),
        facts: vec![fact("address", &session.address), fact("agent", &session.agent)],
        but: None,
    };
    let scope =
        Context::system(session.partner, cx.now, "notifications").authorize(Action::ReadPartnerUsers)?;
    tell_person(tx, cx, &scope, user, &telling)
}

/// What of an address says where somebody is. Of IPv6 that is the network: the rest changes from day to day.
fn network(address: &str) -> String {
    match address.parse() {
        Ok(std::net::IpAddr::V6(own)) => match own.to_ipv4_mapped() {
            Some(own) => own.to_string(),
            None => {
                let [a, b, c, d, ..] = own.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        },
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_an_address_or_a_network() {
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
        assert_eq!(network("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2::9"));
        assert_ne!(network("2001:db8:1:2::9"), network("2001:db8:1:3::9"));
    }
}
