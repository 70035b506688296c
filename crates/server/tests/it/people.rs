//! People signing in: what each step asks for, and what an attacker sees at each.

use axum::body::Body;
use axum::extract::Request;
use chandlery::app::{Context, set_up};
use chandlery::error::Error;
use chandlery::identity::passwords;
use chandlery::identity::second_factor::code_at;
use chandlery::installation::OPERATOR;
use chandlery_domain::access::Role;
use chandlery_domain::ids::{PartnerId, UserId};
use chandlery_store::people::User;
use chandlery_store::sessions;
use secrecy::SecretString;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::world::World;

pub const PASSWORD: &str = "correct horse battery staple";
const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36";

/// A page as a browser gets it.
pub struct Page {
    pub status: u16,
    pub to: Option<String>,
    pub headers: HashMap<String, String>,
    pub text: String,
    /// The same, for what is no text.
    pub bytes: bytes::Bytes,
}

impl Page {
    #[track_caller]
    pub fn leads_to(self, to: &str) -> Self {
        let own = self.to.clone().unwrap_or_default();
        assert!(own.starts_with(to), "{} leads to {own:?}, not {to}: {}", self.status, self.text);
        self
    }

    #[track_caller]
    pub fn says(self, status: u16, words: &str) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        assert!(self.text.contains(words), "{words:?} is not in {}", self.text);
        self
    }
}

/// A browser with its cookies.
#[derive(Default, Clone)]
pub struct Browser {
    pub cookies: HashMap<String, String>,
    pub headers: Vec<(&'static str, String)>,
    /// From where; nowhere in particular unless it is said.
    pub address: Option<std::net::SocketAddr>,
}

impl Browser {
    /// One at an address.
    pub fn at(address: &str) -> Self {
        Self { address: Some(std::net::SocketAddr::new(address.parse().unwrap(), 4711)), ..Self::default() }
    }

    /// One that sends a token along.
    pub fn bearing(token: &str) -> Self {
        Self { headers: vec![("Authorization", format!("Bearer {token}"))], ..Self::default() }
    }

    pub async fn send(
        &mut self,
        world: &World,
        method: &str,
        path: &str,
        form: Option<&[(&str, &str)]>,
    ) -> Page {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("User-Agent", AGENT)
            .header("Host", "localhost");
        if !self.headers.iter().any(|(name, _)| *name == "Origin") && method == "POST" {
            request = request.header("Origin", "http://localhost").header("Sec-Fetch-Site", "same-origin");
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request = request.header("Cookie", cookies.join("; "));
        let body = match form {
            None => Body::empty(),
            Some(form) => {
                Body::from(form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish())
            }
        };
        let mut request = request.body(body).unwrap();
        if let Some(address) = self.address {
            request.extensions_mut().insert(axum::extract::ConnectInfo(address));
        }
        let answer = chandlery::api::normalised(world.api.clone()).oneshot(request).await.unwrap();
        let headers: HashMap<String, String> = answer
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.to_str().unwrap().to_owned()))
            .collect();
        for value in answer.headers().get_all("set-cookie") {
            let pair = value.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let status = answer.status().as_u16();
        let bytes = axum::body::to_bytes(answer.into_body(), 1 << 22).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Page { status, to: headers.get("location").cloned(), headers, text, bytes }
    }

    pub async fn get(&mut self, world: &World, path: &str) -> Page {
        self.send(world, "GET", path, None).await
    }

    pub async fn post(&mut self, world: &World, path: &str, form: &[(&str, &str)]) -> Page {
        let page = self.send(world, "POST", path, Some(form)).await;
        self.watched(world, page).await
    }

    /// What work ends in that a slow machine shows the progress of, as somebody who waits for it sees it.
    pub async fn watched(&mut self, world: &World, mut page: Page) -> Page {
        const WATCHED: [&str; 3] =
            ["/operator/billing/runs/", "/operator/close/runs/", "/operator/stock/keys/"];
        let Some(to) = page.to.clone().filter(|to| WATCHED.iter().any(|own| to.starts_with(own))) else {
            return page;
        };
        loop {
            page = self.get(world, &to).await;
            if !page.text.contains("data-watch") {
                return page;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    pub async fn password(&mut self, world: &World, upn: &str, password: &str) -> Page {
        self.post(world, "/sign-in", &[("upn", upn), ("password", password), ("flow", "")]).await
    }

    /// Sets up an authenticator where the sign-in asks for one; returns its secret and the recovery codes.
    pub async fn enrol(&mut self, world: &World) -> (String, Vec<String>) {
        let page = self.get(world, "/second-factor/totp").await.says(200, "<svg");
        let secret = secret_in(&page.text);
        let code = code_at(&secret, world.world.now()).unwrap();
        let page = self.post(world, "/second-factor/totp", &[("code", &code), ("flow", "")]).await;
        assert_eq!(page.status, 200, "{}", page.text);
        (secret, codes_in(&page.text))
    }

    /// Signs in all the way with an authenticator.
    pub async fn sign_in(&mut self, world: &World, person: &Someone) {
        self.password(world, &person.upn, PASSWORD).await.leads_to("/second-factor");
        let code = code_at(&person.secret, world.world.now()).unwrap();
        self.post(world, "/sign-in/code", &[("code", &code), ("flow", "")]).await.leads_to("/account");
    }
}

/// The secret on the page that sets up an authenticator: groups of four in base32.
pub fn secret_in(html: &str) -> String {
    let plain: String = strip(html);
    let words: Vec<&str> = plain.split_whitespace().collect();
    let is_group = |word: &&str| {
        word.len() == 4 && word.bytes().all(|b| b.is_ascii_uppercase() || (b'2'..=b'7').contains(&b))
    };
    let start = words.windows(8).position(|own| own.iter().all(&is_group)).expect("a secret on the page");
    words[start..start + 8].concat()
}

fn codes_in(html: &str) -> Vec<String> {
    strip(html)
        .split_whitespace()
        .filter(|word| word.len() == 11 && word.as_bytes()[5] == b'-')
        .map(str::to_owned)
        .collect()
}

/// The text of a page.
fn strip(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for letter in html.chars() {
        match letter {
            '<' => inside = true,
            '>' => {
                inside = false;
                out.push(' ');
            }
            _ if !inside => out.push(letter),
            _ => {}
        }
    }
    out
}

/// Somebody with a password and an authenticator.
#[derive(Clone)]
pub struct Someone {
    pub id: UserId,
    pub upn: String,
    pub secret: String,
    pub codes: Vec<String>,
}

/// Adds somebody with a password of its own and no second factor yet.
pub async fn newcomer(
    world: &World,
    partner: PartnerId,
    number: u128,
    roles: &[Role],
    must_change: bool,
) -> (UserId, String) {
    let upn = format!("someone.{number}@people.example");
    let id = UserId::new(Uuid::from_u128(number));
    let hash = passwords::hash(&SecretString::from(PASSWORD)).unwrap();
    let mut user = User::new((partner, None), id, (&upn, "Somebody"), roles.to_vec(), hash, world.now());
    user.must_change_password = must_change;
    let (cx, vault) = (Context::system(partner, world.now(), "test"), Arc::clone(&world.installation.vault));
    world.installation.store.write(cx.stamp(), move |tx| set_up::add_user(tx, &vault, &user)).await.unwrap();
    (id, upn)
}

/// Adds somebody and sets up an authenticator through the pages.
pub async fn someone(world: &World, partner: PartnerId, number: u128, roles: &[Role]) -> Someone {
    let (id, upn) = newcomer(world, partner, number, roles, false).await;
    let mut browser = Browser::default();
    browser.password(world, &upn, PASSWORD).await.leads_to("/second-factor/totp");
    let (secret, codes) = browser.enrol(world).await;
    world.later(31);
    Someone { id, upn, secret, codes }
}

on_both! {
    async fn the_first_sign_in_changes_the_password_and_sets_up_a_second_factor(world) {
        let (_, upn) = newcomer(&world, world.partner.id, 50, &[Role::GlobalAdmin], true).await;
        let mut browser = Browser::default();
        browser.password(&world, &upn, PASSWORD).await.leads_to("/password");
        // Until it is through, nothing else opens.
        browser.get(&world, "/account").await.leads_to("/password");
        browser.get(&world, "/users").await.leads_to("/password");
        let form = |new: &'static str| [("current", PASSWORD), ("new", new), ("again", new), ("flow", "")];
        browser.post(&world, "/password", &form(PASSWORD)).await.says(400, "is the old one");
        browser.post(&world, "/password", &form("short")).await.says(400, "at least 12");
        browser.post(&world, "/password", &form("a longer new password")).await.leads_to("/second-factor/totp");
        browser.get(&world, "/account").await.leads_to("/second-factor/totp");
        let (secret, codes) = browser.enrol(&world).await;
        assert_eq!((secret.len(), codes.len()), (32, 10));
        browser.get(&world, "/account").await.says(200, "Somebody");
        // The old password is gone, and the next sign-in asks for the second factor.
        let mut again = Browser::default();
        again.password(&world, &upn, PASSWORD).await.says(401, "is not right");
        again.password(&world, &upn, "a longer new password").await.leads_to("/second-factor");
    }

    async fn a_code_counts_once_and_a_recovery_code_is_used_up(world) {
        let person = someone(&world, world.partner.id, 50, &[Role::AdminAgent]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &person).await;
        let code = code_at(&person.secret, world.world.now()).unwrap();
        let mut thief = Browser::default();
        thief.password(&world, &person.upn, PASSWORD).await.leads_to("/second-factor");
        thief.post(&world, "/sign-in/code", &[("code", &code), ("flow", "")]).await.says(401, "is not right");
        thief.post(&world, "/sign-in/code", &[("code", "000000"), ("flow", "")]).await.says(401, "is not right");
        thief.get(&world, "/account").await.leads_to("/second-factor");
        let recovery = [("code", person.codes[0].as_str()), ("flow", "")];
        thief.clone().post(&world, "/sign-in/recovery", &recovery).await.leads_to("/account");
        let mut third = Browser::default();
        third.password(&world, &person.upn, PASSWORD).await.leads_to("/second-factor");
        third.post(&world, "/sign-in/recovery", &recovery).await.says(401, "is not right");
    }

    async fn wrong_passwords_look_the_same_for_everybody_and_wait_longer_each_time(world) {
        let (_, upn) = newcomer(&world, world.partner.id, 50, &[Role::AdminAgent], false).await;
        let mut seen = Vec::new();
        for name in [upn.as_str(), "nobody@people.example"] {
            let mut browser = Browser::default();
            let page = browser.password(&world, name, "wrong password here").await.says(401, "is not right");
            seen.push((page.status, page.text.replace(name, "NAME"), browser.cookies.len()));
        }
        assert_eq!(seen[0], seen[1], "whether somebody exists must not show");
        let mut browser = Browser::default();
        for _ in 0..4 {
            browser.password(&world, &upn, "wrong password here").await.says(401, "is not right");
        }
        // Even the right one has to wait now, and so does a name nobody has.
        browser.password(&world, &upn, PASSWORD).await.says(429, "Wait");
        world.later(3);
        browser.password(&world, &upn, PASSWORD).await.leads_to("/second-factor/totp");
    }

    async fn a_flood_of_guesses_from_one_address_does_not_keep_others_out(world) {
        let (_, upn) = newcomer(&world, world.partner.id, 50, &[Role::AdminAgent], false).await;
        let world = Arc::new(world);
        let mut flood = tokio::task::JoinSet::new();
        for number in 0..400 {
            let world = Arc::clone(&world);
            flood.spawn(async move {
                let mut browser = Browser::at("192.0.2.1");
                browser.password(&world, &format!("guess.{number}@people.example"), "wrong password here").await.status
            });
        }
        // Somebody elsewhere signs in in the middle of it.
        Browser::at("198.51.100.7").password(&world, &upn, PASSWORD).await.leads_to("/second-factor/totp");
        let told = flood.join_all().await;
        let hashed = told.iter().filter(|status| **status == 401).count();
        assert!((1..=28).contains(&hashed), "{hashed} of 400 guesses were worth a hash");
        assert_eq!(told.iter().filter(|status| **status == 429).count(), 400 - hashed);
        // One guess after the other, the address is closed soon, also for the right password.
        let mut guesser = Browser::at("192.0.2.1");
        for number in 0..40 {
            guesser.password(&world, &format!("next.{number}@people.example"), "wrong password here").await;
        }
        guesser.password(&world, &upn, PASSWORD).await.says(429, "Wait");
        // A header that anybody can send does not make it another address.
        let mut disguised = Browser::at("192.0.2.1");
        disguised.headers = vec![("X-Forwarded-For", "203.0.113.9".into())];
        disguised.password(&world, &upn, PASSWORD).await.says(429, "Wait");
        Browser::at("198.51.100.8").password(&world, &upn, PASSWORD).await.leads_to("/second-factor/totp");
    }

    async fn a_lock_survives_a_restart(world) {
        let (_, upn) = newcomer(&world, world.partner.id, 50, &[Role::AdminAgent], false).await;
        let mut browser = Browser::default();
        for _ in 0..8 {
            browser.password(&world, &upn, "wrong password here").await;
            world.later(1);
        }
        let fresh = world.restarted();
        Browser::default().password(&fresh, &upn, PASSWORD).await.says(429, "Wait");
    }

    async fn a_page_opens_while_something_long_is_written(world) {
        let person = someone(&world, world.partner.id, 50, &[Role::AdminAgent]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &person).await;
        // So long ago that the next page notes when the session was seen.
        world.later(120);
        let (partner, since) = (world.partner.id, world.world.now());
        let (began, has_begun) = std::sync::mpsc::channel();
        let (release, held) = std::sync::mpsc::channel::<()>();
        let store = world.installation.store.clone();
        let long = tokio::spawn(async move {
            let holds = store.bookkeep(move |_| {
                began.send(()).unwrap();
                held.recv().unwrap();
                Ok::<_, Error>(())
            });
            holds.await
        });
        tokio::task::spawn_blocking(move || has_begun.recv()).await.unwrap().unwrap();
        for _ in 0..3 {
            let page = tokio::time::timeout(Duration::from_secs(20), browser.get(&world, "/account"));
            page.await.expect("the page waits for the writer").says(200, "Somebody");
        }
        release.send(()).unwrap();
        long.await.unwrap().unwrap();
        for left in (0..100).rev() {
            let found = world.installation.store.read(move |tx| Ok::<_, Error>(sessions::of_user(tx, partner, person.id, since)?));
            if found.await.unwrap()[0].seen_at >= since {
                break;
            }
            assert!(left > 0, "the session's sight was never noted");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn another_site_cannot_post_a_form_here(world) {
        let person = someone(&world, world.partner.id, 50, &[Role::GlobalAdmin]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &person).await;
        for (origin, site) in [("https://evil.example", "cross-site"), ("null", "cross-site"), ("https://localhost", "same-site")] {
            let mut attack = browser.clone();
            attack.headers = vec![("Origin", origin.into()), ("Sec-Fetch-Site", site.into())];
            assert_eq!(attack.post(&world, "/account/sessions/end-all", &[]).await.status, 403, "{origin}");
            assert_eq!(attack.post(&world, "/sign-out", &[]).await.status, 403, "{origin}");
        }
        browser.get(&world, "/account").await.says(200, "Chrome on Linux");
    }

    async fn nobody_is_led_away_after_signing_in(world) {
        let person = someone(&world, world.partner.id, 50, &[Role::AdminAgent]).await;
        for flow in ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"] {
            let mut browser = Browser::default();
            world.later(31);
            browser.post(&world, "/sign-in", &[("upn", &person.upn), ("password", PASSWORD), ("flow", flow)]).await.leads_to("/second-factor");
            let code = code_at(&person.secret, world.world.now()).unwrap();
            let page = browser.post(&world, "/sign-in/code", &[("code", &code), ("flow", flow)]).await;
            assert_eq!(page.to.as_deref(), Some("/account"), "{flow}");
        }
    }

    async fn a_session_changes_its_secret_when_it_comes_to_open_more(world) {
        let person = someone(&world, world.partner.id, 50, &[Role::AdminAgent]).await;
        // A session somebody else planted is not the one that gets signed in.
        let mut browser = Browser::default();
        browser.cookies.insert("session".into(), format!("{}.planted", world.partner.id));
        browser.password(&world, &person.upn, PASSWORD).await.leads_to("/second-factor");
        let half = browser.clone();
        assert!(!half.cookies["session"].contains("planted"));
        let code = code_at(&person.secret, world.world.now()).unwrap();
        browser.post(&world, "/sign-in/code", &[("code", &code), ("flow", "")]).await.leads_to("/account");
        assert_ne!(browser.cookies["session"], half.cookies["session"]);
        half.clone().get(&world, "/account").await.leads_to("/sign-in");
        // The cookie is out of scripts' reach and is not sent along from elsewhere.
        let page = Browser::default().password(&world, &person.upn, PASSWORD).await;
        let cookie = &page.headers["set-cookie"];
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"), "{cookie}");
    }

    async fn sessions_end_by_themselves_by_hand_and_everywhere(world) {
        let person = someone(&world, world.partner.id, 50, &[Role::AdminAgent]).await;
        let mut one = Browser::default();
        one.sign_in(&world, &person).await;
        world.later(31);
        let mut two = Browser::default();
        two.sign_in(&world, &person).await;
        one.get(&world, "/account").await.says(200, "Chrome on Linux");
        two.post(&world, "/account/sessions/end-all", &[]).await.leads_to("/sign-in");
        one.get(&world, "/account").await.leads_to("/sign-in");
        world.later(31);
        let mut three = Browser::default();
        three.sign_in(&world, &person).await;
        world.later(3500);
        three.get(&world, "/account").await.says(200, "Somebody");
        world.later(3700);
        three.get(&world, "/account").await.leads_to("/sign-in");
    }

    async fn changing_a_role_asks_for_a_fresh_second_factor(world) {
        let admin = someone(&world, world.partner.id, 50, &[Role::GlobalAdmin]).await;
        let (other, _) = newcomer(&world, world.partner.id, 51, &[Role::SalesAgent], false).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &admin).await;
        world.later(16 * 60);
        let path = format!("/users/{other}");
        let form = [("name", "Somebody"), ("roles", "admin_agent")];
        browser.post(&world, &path, &form).await.leads_to("/second-factor?flow=");
        let code = code_at(&admin.secret, world.world.now()).unwrap();
        browser.post(&world, "/sign-in/code", &[("code", &code), ("flow", &path)]).await.leads_to(&path);
        browser.post(&world, &path, &form).await.says(200, "Saved");
        let roles = world.user(world.partner.id, other).await.roles;
        assert_eq!(roles, [Role::AdminAgent]);
    }

    async fn people_are_managed_by_those_above_them_and_in_their_own_house_only(world) {
        let admin = someone(&world, world.partner.id, 50, &[Role::GlobalAdmin]).await;
        let manager = someone(&world, world.partner.id, 51, &[Role::UserManagementAdmin]).await;
        let foreign = someone(&world, world.other.id, 52, &[Role::GlobalAdmin]).await;
        let agent = someone(&world, world.partner.id, 53, &[Role::AdminAgent]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &agent).await;
        browser.get(&world, "/users").await.says(403, "Not allowed");
        let mut browser = Browser::default();
        browser.sign_in(&world, &foreign).await;
        let path = format!("/users/{}", agent.id);
        browser.get(&world, &path).await.says(404, "not for you");
        browser.post(&world, &path, &[("roles", "global_admin")]).await.says(404, "not for you");
        let mut browser = Browser::default();
        browser.sign_in(&world, &manager).await;
        browser.post(&world, &path, &[("roles", "admin_agent"), ("roles", "global_admin")]).await.says(400, "may not give");
        browser.post(&world, &format!("/users/{}/reset-password", admin.id), &[]).await.says(400, "may not give");
        // The last one who can manage the others stays.
        world.later(31);
        let mut browser = Browser::default();
        browser.sign_in(&world, &admin).await;
        let first = UserId::new(Uuid::from_u128(1011));
        browser.post(&world, &format!("/users/{first}"), &[("roles", "sales_agent")]).await.says(200, "Saved");
        browser.post(&world, &format!("/users/{}", admin.id), &[("roles", "sales_agent")]).await.says(400, "leave nobody");
        // Whoever is switched off is out at once.
        let mut out = Browser::default();
        world.later(31);
        out.sign_in(&world, &agent).await;
        browser.post(&world, &format!("/users/{}/disable", agent.id), &[]).await.leads_to("/users/");
        out.get(&world, "/account").await.leads_to("/sign-in");
        out.password(&world, &agent.upn, PASSWORD).await.says(401, "is not right");
    }

    async fn whoever_may_not_give_somebodys_roles_has_no_say_over_that_person(world) {
        let account = someone(&world, world.partner.id, 50, &[Role::AccountAdmin]).await;
        let (agent, _) = newcomer(&world, world.partner.id, 51, &[Role::AdminAgent], false).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &account).await;
        browser.post(&world, &format!("/users/{agent}/disable"), &[]).await.says(400, "may not give");
        browser.post(&world, &format!("/users/{agent}"), &[("name", "Renamed"), ("roles", "admin_agent")]).await.says(400, "may not give");
        let user = world.user(world.partner.id, agent).await;
        assert!(user.active && user.display_name == "Somebody");
    }

    async fn a_copy_that_was_read_earlier_does_not_bring_back_what_was_taken_away(world) {
        let (id, _) = newcomer(&world, world.partner.id, 51, &[Role::AdminAgent], false).await;
        let stale = world.user(world.partner.id, id).await;
        world.take_rights_away(id).await;
        // A change that only moves one mark keeps the rest as it is now.
        let moved = world.move_mark(id).await.unwrap();
        assert!(!moved.active && moved.roles.is_empty());
        // Writing the old copy back fails.
        let fresh = User { display_name: "Back again".into(), ..stale.clone() };
        assert!(world.write_back(stale, fresh).await.is_err());
        assert!(!world.user(world.partner.id, id).await.active);
        // And nobody who was erased comes back.
        let name = world.user(world.partner.id, id).await.upn;
        world.erase(&name).await;
        assert!(world.move_mark(id).await.is_none());
    }

    async fn a_new_password_ends_what_the_old_one_opened(world) {
        let person = someone(&world, world.partner.id, 50, &[Role::AdminAgent]).await;
        let mut other = Browser::default();
        other.sign_in(&world, &person).await;
        world.later(31);
        let mut browser = Browser::default();
        browser.sign_in(&world, &person).await;
        let form = [("current", PASSWORD), ("new", "a longer new password"), ("again", "a longer new password"), ("flow", "")];
        browser.post(&world, "/password", &form).await.leads_to("/account");
        browser.get(&world, "/account").await.says(200, "Somebody");
        other.get(&world, "/account").await.leads_to("/sign-in");
    }

    async fn a_new_person_gets_a_temporary_password_once(world) {
        let admin = someone(&world, world.partner.id, 50, &[Role::GlobalAdmin]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &admin).await;
        let form = [("upn", "Neu@People.example"), ("name", "Neue Kollegin"), ("roles", "sales_agent")];
        let page = browser.post(&world, "/users", &form).await.says(200, "neu@people.example");
        let plain = strip(&page.text);
        let password = plain.split_whitespace().find(|word| {
            word.len() == 16 && word.bytes().all(|b| b.is_ascii_alphanumeric())
        }).expect("a password on the page").to_owned();
        browser.post(&world, "/users", &form).await.says(400, "is taken");
        Browser::default().password(&world, "neu@people.example", &password).await.leads_to("/password");
        // Its log says who was added by an id, not by a name.
        let log = world.get("/v1/auditrecords?size=500").await;
        let entry = log["items"].as_array().unwrap().iter().rev().find(|own| own["operationType"] == "create_partner_user").unwrap().clone();
        assert_eq!(entry["userPrincipalName"], admin.upn.as_str());
        assert!(!entry.to_string().contains("neu@people"));
    }

    async fn a_forgotten_password_is_set_by_a_link_that_counts_once(world) {
        let person = someone(&world, world.partner.id, 50, &[Role::AdminAgent]).await;
        let mut open = Browser::default();
        open.sign_in(&world, &person).await;
        let known = Browser::default().post(&world, "/forgot", &[("upn", &person.upn)]).await;
        let unknown = Browser::default().post(&world, "/forgot", &[("upn", "nobody@people.example")]).await;
        assert_eq!((known.status, known.text), (unknown.status, unknown.text), "whether somebody exists must not show");
        let mail = world.only_mail().await;
        let token = mail.split("token=").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        let mut browser = Browser::default();
        let form = |token: &str, new: &str| [("token".to_owned(), token.to_owned()), ("new".into(), new.to_owned()), ("again".into(), new.to_owned())];
        let send = async |browser: &mut Browser, token: &str, new: &str| {
            let own = form(token, new);
            let own: Vec<(&str, &str)> = own.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            browser.post(&world, "/reset", &own).await
        };
        send(&mut browser, &format!("{}.made-up", world.partner.id), "a longer new password").await.says(410, "too old");
        send(&mut browser, &token, "short").await.says(400, "at least 12");
        send(&mut browser, &token, "a longer new password").await.says(200, "is changed");
        send(&mut browser, &token, "yet another password").await.says(410, "was used");
        open.get(&world, "/account").await.leads_to("/sign-in");
        // The second factor is the same: a mail alone lets nobody in.
        browser.password(&world, &person.upn, "a longer new password").await.leads_to("/second-factor");
    }

    async fn the_first_administrator_comes_by_a_link_that_counts_once(world) {
        let link = world.api.desk.draw_set_up_link().await.unwrap().expect("nobody is there yet");
        let token = link.split("token=").nth(1).unwrap().to_owned();
        let form = |token: &str| [
            ("token".to_owned(), token.to_owned()), ("upn".into(), "root@operator.example".into()), ("name".into(), "Root".into()),
            ("new".into(), PASSWORD.to_owned()), ("again".into(), PASSWORD.to_owned()),
        ];
        let send = async |browser: &mut Browser, token: &str| {
            let own = form(token);
            let own: Vec<(&str, &str)> = own.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            browser.post(&world, "/set-up", &own).await
        };
        send(&mut Browser::default(), "guessed").await.says(410, "was used");
        let mut browser = Browser::default();
        send(&mut browser, &token).await.leads_to("/second-factor/totp");
        browser.enrol(&world).await;
        browser.get(&world, "/users").await.says(200, "root@operator.example");
        send(&mut Browser::default(), &token).await.says(410, "was used");
        assert_eq!(world.api.desk.draw_set_up_link().await.unwrap(), None);
        assert_eq!(world.user_named("root@operator.example").await.partner, OPERATOR);
    }

    async fn a_passkey_is_a_second_factor(world) {
        let person = someone(&world, world.partner.id, 50, &[Role::AdminAgent]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &person).await;
        let page = browser.post(&world, "/account/passkeys/challenge", &[]).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let (mut key, answer) = crate::soft_key::SoftKey::create(&page.text, "http://localhost");
        browser.post(&world, "/account/passkeys", &[("name", "My laptop"), ("answer", &answer)]).await.says(200, "was added");
        let mut other = Browser::default();
        other.password(&world, &person.upn, PASSWORD).await.leads_to("/second-factor");
        let page = other.post(&world, "/sign-in/passkey/challenge", &[]).await;
        let answer = key.answer(&page.text, "http://localhost");
        let mut thief = other.clone();
        other.post(&world, "/sign-in/passkey", &[("answer", &answer), ("flow", "")]).await.leads_to("/account");
        // The same answer again, in the session it was stolen from, is worth nothing.
        let page = thief.post(&world, "/sign-in/passkey", &[("answer", &answer), ("flow", "")]).await;
        assert_ne!(page.to.as_deref(), Some("/account"));
        // Another site's answer is none.
        let mut phished = Browser::default();
        phished.password(&world, &person.upn, PASSWORD).await.leads_to("/second-factor");
        let page = phished.post(&world, "/sign-in/passkey/challenge", &[]).await;
        let answer = key.answer(&page.text, "http://localhost.evil.example");
        phished.post(&world, "/sign-in/passkey", &[("answer", &answer), ("flow", "")]).await.says(401, "is not right");
    }
}
