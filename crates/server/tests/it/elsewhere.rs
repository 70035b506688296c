//! Signing in with another house's word, against a real OpenID provider on loopback.

use chandlery::app::Context;
use chandlery::error::Error;
use chandlery::installation::OPERATOR;
use chandlery::outside::vault::Owner;
use chandlery_domain::access::Role;
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::ids::PartnerId;
use chandlery_store::providers::{self, Provider};
use std::sync::Arc;

use crate::oidc_browser::{node_modules, refuse, sign_in, start_provider};
use crate::people::{Browser, newcomer};
use crate::world::World;

const CALLBACK: &str = "http://localhost/sign-in/callback";

async fn add(world: &World, owner: PartnerId, issuer: &str, groups: &str, trusted: bool) -> String {
    let id = uuid::Uuid::from_bytes(crate::world::random16()).to_string();
    let (vault, own, issuer, groups) =
        (Arc::clone(&world.installation.vault), id.clone(), issuer.to_owned(), groups.to_owned());
    let cx = Context::system(OPERATOR, world.now(), "test");
    let done = world.installation.store.write(cx.stamp(), move |tx| {
        let secret = vault.seal(tx, Owner::Operator, "sign_in_providers", &own, "the secret")?;
        providers::insert(
            tx,
            &Provider {
                id: own.clone(),
                owner: owner.to_string(),
                name: "Staff sign-in".into(),
                issuer: issuer.clone(),
                client_id: "chandlery".into(),
                secret: Some(secret),
                scopes: "openid profile email groups".into(),
                groups_claim: "groups".into(),
                group_roles: groups.clone(),
                second_factor_trusted: trusted.into(),
                removed_at: None,
            },
        )?;
        Ok::<_, Error>(((), Entry::did(Operation::SetUp, Resource::Installation, &own)))
    });
    done.await.unwrap();
    id
}

/// The path and query of the address the provider sends the browser back to.
fn back(address: &str) -> String {
    address.strip_prefix("http://localhost").unwrap().to_owned()
}

on_both! {
    async fn somebody_signs_in_through_a_real_provider_and_gets_the_roles_of_its_groups(world) {
        let (_running, issuer) = start_provider(&node_modules(), CALLBACK, "the secret").await;
        let id = add(&world, world.partner.id, &issuer, r#"{"partner-admins":["admin_agent","global_admin"],"nobody":["sales_agent"]}"#, false).await;
        let mut browser = Browser::default();
        browser.get(&world, "/sign-in").await.says(200, "Staff sign-in");
        let page = browser.get(&world, &format!("/sign-in/with/{id}?flow=%2Fusers")).await.leads_to(&issuer);
        let returned = sign_in(&page.to.unwrap(), "anna").await;
        // Our own second factor is asked for: this provider's word on it is not taken.
        browser.get(&world, &back(&returned)).await.leads_to("/second-factor/totp?flow=%2Fusers");
        browser.enrol(&world).await;
        browser.get(&world, "/users").await.says(200, "anna");
        let anna = world.user_named(&world.only_name_like("anna").await).await;
        assert_eq!((anna.partner, anna.roles, anna.password_hash.as_str()), (world.partner.id, vec![Role::GlobalAdmin, Role::AdminAgent], ""));
        // The same answer again is worth nothing: it belongs to one browser and one sign-in.
        browser.get(&world, &back(&returned)).await.says(403, "was not begun in this browser");
        let mut thief = Browser::default();
        thief.get(&world, &back(&returned)).await.says(403, "was not begun in this browser");
    }

    async fn whoever_has_no_role_there_is_not_let_in_here(world) {
        let (_running, issuer) = start_provider(&node_modules(), CALLBACK, "the secret").await;
        let id = add(&world, world.partner.id, &issuer, r#"{"partner-admins":["admin_agent"]}"#, false).await;
        for login in ["bob", "eve"] {
            let mut browser = Browser::default();
            let page = browser.get(&world, &format!("/sign-in/with/{id}")).await.leads_to(&issuer);
            let returned = sign_in(&page.to.unwrap(), login).await;
            browser.get(&world, &back(&returned)).await.says(403, "None of your groups");
        }
        let mut browser = Browser::default();
        let page = browser.get(&world, &format!("/sign-in/with/{id}")).await.leads_to(&issuer);
        let returned = refuse(&page.to.unwrap()).await;
        browser.get(&world, &back(&returned)).await.says(403, "did not let you in");
        // A state that was changed on the way.
        let page = browser.get(&world, &format!("/sign-in/with/{id}")).await.leads_to(&issuer);
        let returned = sign_in(&page.to.unwrap(), "anna").await;
        browser.get(&world, &back(&returned).replace("state=", "state=x")).await.says(403, "could not be trusted");
    }

    async fn a_provider_does_not_take_over_accounts_that_are_not_its_own(world) {
        let (_running, issuer) = start_provider(&node_modules(), CALLBACK, "the secret").await;
        let id = add(&world, world.partner.id, &issuer, r#"{"partner-admins":["admin_agent"]}"#, false).await;
        let mut browser = Browser::default();
        let page = browser.get(&world, &format!("/sign-in/with/{id}")).await.leads_to(&issuer);
        let returned = sign_in(&page.to.unwrap(), "anna").await;
        browser.get(&world, &back(&returned)).await.leads_to("/second-factor/totp");
        let name = world.only_name_like("anna").await;
        world.erase(&name).await;
        // Somebody else has the name by now, with a password.
        world.rename(newcomer(&world, world.other.id, 90, &[Role::GlobalAdmin], false).await.0, &name).await;
        let other = add(&world, world.partner.id, &issuer, r#"{"partner-admins":["admin_agent"]}"#, false).await;
        let mut browser = Browser::default();
        let page = browser.get(&world, &format!("/sign-in/with/{other}")).await.leads_to(&issuer);
        let returned = sign_in(&page.to.unwrap(), "anna").await;
        browser.get(&world, &back(&returned)).await.says(403, "has your sign-in name already");
    }
}
