//! Roles and who holds them: customers' directory roles (contract 2.9) and the partner's own (contract 1.3).

use std::sync::Arc;

use chandlery_domain::access::{Door, Role};
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::ids::UserId;
use chandlery_store::customers;
use chandlery_store::people::{self, Of, User};
use serde::Serialize;

use super::answer::{Answer, Attributes, Collection};
use super::call::Call;
use super::paging::Page;
use super::reader::Object;
use crate::app::people::{Change, change};
use crate::error::{Error, Missing};

const ROLE: Missing = Missing::Other("role");
/// The most members on one page.
const PAGE_MAX: u32 = 500;

/// Customers' directory roles: their published names and ids.
const DIRECTORY: [(Role, &str, &str); 2] = [
    (Role::CustomerGlobalAdmin, "62e90394-69f5-4237-9190-012177145e10", "Company Administrator"),
    (Role::CustomerBillingAdmin, "b0f54661-2d74-4c50-afa3-1ec803f12efe", "Billing Administrator"),
];

#[derive(Serialize)]
struct DirectoryRoleOut {
    name: &'static str,
    id: &'static str,
    attributes: Attributes,
}

#[derive(Serialize)]
struct PartnerRoleOut {
    name: &'static str,
    id: &'static str,
    category: &'static str,
    attributes: Attributes,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MemberOut {
    display_name: String,
    user_principal_name: String,
    role_id: String,
    id: String,
    attributes: Attributes,
}

fn member(role: &str, user: &User) -> MemberOut {
    MemberOut {
        display_name: user.display_name.clone(),
        user_principal_name: user.upn.clone(),
        role_id: role.to_owned(),
        id: user.id.to_string(),
        attributes: Attributes::of("UserMember"),
    }
}

fn directory_role(call: &Call) -> Result<(Role, &'static str), Error> {
    let id: uuid::Uuid = call.id("role", ROLE)?;
    let id = id.to_string();
    let found = DIRECTORY.into_iter().find(|(_, own, _)| *own == id);
    found.map(|(role, id, _)| (role, id)).ok_or(Error::NotFound(ROLE))
}

const fn partner_name(role: Role) -> (&'static str, &'static str) {
    match role {
        Role::GlobalAdmin => ("Global admin", "tenant"),
        Role::BillingAdmin => ("Billing admin", "tenant"),
        Role::UserManagementAdmin => ("User management admin", "tenant"),
        Role::AdminAgent => ("Admin agent", "partner_agent"),
        Role::SalesAgent => ("Sales agent", "partner_agent"),
        Role::HelpdeskAgent => ("Helpdesk agent", "partner_agent"),
        Role::AccountAdmin => ("Account admin", "account_admin"),
        Role::ReferralsAdmin => ("Referrals admin", "referrals"),
        Role::MarketingContentAdmin => ("Marketing content admin", "marketing"),
        Role::MpnPartnerAdmin => ("MPN partner admin", "mpn"),
        Role::OperatorAdmin
        | Role::OperatorSupport
        | Role::CustomerGlobalAdmin
        | Role::CustomerBillingAdmin
        | Role::CustomerUser => ("", ""),
    }
}

fn partner_role(call: &Call) -> Result<Role, Error> {
    let role: Role = call.id("role", ROLE)?;
    if role.door() == Door::Partner { Ok(role) } else { Err(Error::NotFound(ROLE)) }
}

fn directory_out(role: Role) -> Option<DirectoryRoleOut> {
    let found = DIRECTORY.into_iter().find(|(own, _, _)| *own == role);
    found.map(|(_, id, name)| DirectoryRoleOut { name, id, attributes: Attributes::of("DirectoryRole") })
}

/// `GET /customers/{customer}/directoryroles`.
///
/// # Errors
/// When the customer is not there.
pub async fn directory(call: Call) -> Result<Answer, Error> {
    let customer = call.customer()?;
    call.read(move |tx, _, scope| {
        customers::find(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer)).map(drop)
    })
    .await?;
    let items: Vec<DirectoryRoleOut> =
        DIRECTORY.into_iter().filter_map(|(role, _, _)| directory_out(role)).collect();
    Answer::ok(&Collection::whole(items, call.uri.clone()))
}

/// `GET /customers/{customer}/users/{user}/directoryroles`.
///
/// # Errors
/// When one of them is not there.
pub async fn of_user(call: Call) -> Result<Answer, Error> {
    let (customer, id) = (call.customer()?, call.id::<UserId>("user", Missing::User)?);
    let user = call
        .read(move |tx, _, scope| {
            customers::find(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
            people::find(tx, scope, Of::Customer(customer), id)?
                .filter(|user| user.active)
                .ok_or(Error::NotFound(Missing::User))
        })
        .await?;
    let items: Vec<DirectoryRoleOut> = user.roles.iter().filter_map(|role| directory_out(*role)).collect();
    Answer::ok(&Collection::whole(items, call.uri.clone()))
}

async fn holders(call: &Call, of: Of, role: Role, id: &'static str) -> Result<Answer, Error> {
    let page = Page::of(call, PAGE_MAX, "")?;
    let (after, limit) = (page.after::<UserId>()?.map(|id| id.to_string()), page.limit());
    let rows = call
        .read(move |tx, _, scope| {
            if let Of::Customer(customer) = of {
                customers::find(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
            }
            Ok(people::holders(tx, scope, of, role, after.as_deref(), limit)?)
        })
        .await?;
    Answer::ok(&page.collection(call, rows, |user| user.id.to_string(), |user| member(id, &user))?)
}

/// `GET /customers/{customer}/directoryroles/{role}/usermembers`.
///
/// # Errors
/// When one of them is not there.
pub async fn members(call: Call) -> Result<Answer, Error> {
    let (role, id) = directory_role(&call)?;
    let of = Of::Customer(call.customer()?);
    holders(&call, of, role, id).await
}

/// Gives a role to somebody or takes it away.
async fn assign(
    call: &Call,
    of: Of,
    role: Role,
    id: &'static str,
    user: UserId,
    give: bool,
) -> Result<Answer, Error> {
    let (world, desk) = (call.api.desk.world.now(), Arc::clone(&call.api.desk));
    let resource = match of {
        Of::Partner => Resource::PartnerUser,
        Of::Customer(_) => Resource::CustomerDirectoryRole,
    };
    let operation = if give { Operation::AddUserMember } else { Operation::RemoveUserMember };
    let answer = call
        .write(
            Entry::did(operation, resource, user),
            None,
            move |tx, cx, scope| {
                let old = people::find(tx, scope, of, user)?
                    .filter(|own| own.active)
                    .ok_or(Error::NotFound(Missing::User))?;
                let holds = old.roles.contains(&role);
                if !give && !holds {
                    return Err(Error::NotFound(Missing::Other("member of this role")));
                }
                let mut roles = old.roles;
                roles.retain(|own| *own != role);
                if give {
                    roles.push(role);
                }
                let wanted = Change { roles: Some(roles), ..Change::default() };
                let (user, mut entry) = change(tx, cx, scope, (of, user), &wanted, world)?;
                entry.operation = operation;
                entry.resource = resource;
                Ok((user, entry))
            },
            move |user| {
                if give { Answer::created(&member(id, user)) } else { Ok(Answer::empty()) }
            },
        )
        .await;
    desk.people.forget(call.scope.partner(), user);
    answer
}

fn wanted_user(call: &Call) -> Result<UserId, Error> {
    let body = call.json()?;
    Object::root(&body)?.required("id")
}

/// `POST /customers/{customer}/directoryroles/{role}/usermembers`.
///
/// # Errors
/// When one of them is not there.
pub async fn add_member(call: Call) -> Result<Answer, Error> {
    let (role, id) = directory_role(&call)?;
    let (of, user) = (Of::Customer(call.customer()?), wanted_user(&call)?);
    assign(&call, of, role, id, user, true).await
}

/// `DELETE /customers/{customer}/directoryroles/{role}/usermembers/{user}`.
///
/// # Errors
/// When one of them is not there.
pub async fn remove_member(call: Call) -> Result<Answer, Error> {
    let (role, id) = directory_role(&call)?;
    let of = Of::Customer(call.customer()?);
    let user = call.id("user", Missing::User)?;
    assign(&call, of, role, id, user, false).await
}

/// `GET /roles`.
///
/// # Errors
/// Never, save for a defect.
pub async fn partner(call: Call) -> Result<Answer, Error> {
    let items: Vec<PartnerRoleOut> = Role::ALL
        .into_iter()
        .filter(|role| role.door() == Door::Partner)
        .map(|role| {
            let (name, category) = partner_name(role);
            PartnerRoleOut { name, id: role.as_str(), category, attributes: Attributes::of("Role") }
        })
        .collect();
    Answer::ok(&Collection::whole(items, call.uri.clone()))
}

/// `GET /roles/{role}/usermembers`.
///
/// # Errors
/// When there is no such role.
pub async fn partner_members(call: Call) -> Result<Answer, Error> {
    let role = partner_role(&call)?;
    holders(&call, Of::Partner, role, role.as_str()).await
}

/// `POST /roles/{role}/usermembers`.
///
/// # Errors
/// When there is no such role or person, or the caller may not give it.
pub async fn add_partner_member(call: Call) -> Result<Answer, Error> {
    let (role, user) = (partner_role(&call)?, wanted_user(&call)?);
    assign(&call, Of::Partner, role, role.as_str(), user, true).await
}

/// `DELETE /roles/{role}/usermembers/{user}`.
///
/// # Errors
/// When there is no such role or person, or the caller may not take it.
pub async fn remove_partner_member(call: Call) -> Result<Answer, Error> {
    let role = partner_role(&call)?;
    let user = call.id("user", Missing::User)?;
    assign(&call, Of::Partner, role, role.as_str(), user, false).await
}
