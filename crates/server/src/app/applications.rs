//! Programs of a partner: registering them, their credentials, revoking them (row 23: the Global admin).

use chandlery_domain::access::{Actor, Door, Role, Scope};
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::ids::ApplicationId;
use chandlery_domain::refusal::Refusal;
use chandlery_store::applications::{self, Application, Credential, Proof};
use chandlery_store::{Read, Write};
use jiff::Timestamp;

use super::Context;
use super::set_up::add_application;
use crate::error::{Error, Missing};
use crate::texts::Complaint;

/// How many secrets of a program count at once: the old one and the new one while it is changed.
const SECRETS_MAX: usize = 2;
/// How many public keys.
const KEYS_MAX: usize = 4;
/// How many programs a partner has.
pub const APPLICATIONS_MAX: i64 = 200;

const APPLICATION: Missing = Missing::Other("application");

/// Registers a program. Nobody gives a program more than it has itself.
///
/// # Errors
/// When there are too many, a role is not the registrar's, or a public program is given roles of its own.
pub fn register(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    application: &Application,
) -> Result<((), Entry), Error> {
    if applications::count(tx, scope)? >= APPLICATIONS_MAX {
        return Err(Error::complaint("name", Complaint::of("complaint-applications-many")));
    }
    for role in &application.roles {
        let own = match &cx.actor {
            Actor::System { .. } => role.door() == Door::Partner,
            actor => cx.rules.matrix.may_assign(actor.roles(), *role),
        };
        if !own {
            return Err(Refusal::RoleNotAssignable { role: *role }.into());
        }
    }
    if application.public && !application.roles.is_empty() {
        return Err(Error::complaint("roles", Complaint::of("complaint-roles-public")));
    }
    add_application(tx, application)
}

fn own(tx: &mut Read<'_>, scope: &Scope, id: ApplicationId) -> Result<Application, Error> {
    applications::find(tx, id)?
        .filter(|own| own.partner == scope.partner())
        .ok_or(Error::NotFound(APPLICATION))
}

/// Adds a credential.
///
/// # Errors
/// When the program is not there, public, or has enough of its kind.
pub fn add_credential(
    tx: &mut Write<'_>,
    scope: &Scope,
    id: ApplicationId,
    credential: &Credential,
    now: Timestamp,
) -> Result<(Application, Entry), Error> {
    let application = own(tx, scope, id)?;
    if application.public {
        return Err(Error::complaint("client_id", Complaint::of("complaint-public-credential")));
    }
    let is_key = |proof: &Proof| matches!(proof, Proof::Key(_));
    let kind = is_key(&credential.proof);
    let counting = application
        .credentials
        .iter()
        .filter(|own| is_key(&own.proof) == kind && own.ends_at.is_none_or(|end| now < end))
        .count();
    let most = if kind { KEYS_MAX } else { SECRETS_MAX };
    if counting >= most {
        return Err(Error::complaint(
            "credential",
            Complaint::of("complaint-credentials").with("most", most),
        ));
    }
    applications::add_credential(tx, id, credential)?;
    let facts = vec![
        Fact::new("credential", &credential.id),
        Fact::new("kind", if kind { "public key" } else { "secret" }),
    ];
    let entry = Entry::did(Operation::AddApplicationCredential, Resource::ApplicationCredential, id);
    Ok((application, entry.with(facts)))
}

/// Takes a credential away; it counts no more at once.
///
/// # Errors
/// When it is not there.
pub fn remove_credential(
    tx: &mut Write<'_>,
    scope: &Scope,
    id: ApplicationId,
    credential: &str,
) -> Result<((), Entry), Error> {
    own(tx, scope, id)?;
    if !applications::remove_credential(tx, id, credential)? {
        return Err(Error::NotFound(Missing::Other("credential")));
    }
    let entry = Entry::did(Operation::RemoveApplicationCredential, Resource::ApplicationCredential, id);
    Ok(((), entry.with(vec![Fact::new("credential", credential)])))
}

/// Revokes a program: its own tokens and those it holds for people count no more.
///
/// # Errors
/// When it is not there.
pub fn revoke(
    tx: &mut Write<'_>,
    scope: &Scope,
    id: ApplicationId,
    now: Timestamp,
) -> Result<((), Entry), Error> {
    if !applications::revoke(tx, scope, id, now)? {
        return Err(Error::NotFound(APPLICATION));
    }
    Ok(((), Entry::did(Operation::UnregisterApplication, Resource::Application, id)))
}

/// The roles a program may be given: those of the partner's door.
pub fn roles() -> impl Iterator<Item = Role> {
    Role::ALL.into_iter().filter(|role| role.door() == Door::Partner)
}
