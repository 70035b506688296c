//! Tokens for programs: how they are got, and what stolen, forged and foreign ones are worth.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chandlery::clock::wall_clock;
use chandlery::identity::second_factor::code_at;
use chandlery_domain::access::Role;
use chandlery_domain::ids::ApplicationId;
use chandlery_store::applications::Application;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::people::{Browser, PASSWORD, Someone, someone};
use crate::world::{World, claims, on_behalf};

const CALLBACK: &str = "https://app.example/cb";

/// Posts to the token endpoint.
async fn ask(world: &World, form: &[(&str, &str)]) -> (u16, Value) {
    let path = format!("/{}/oauth2/v2.0/token", world.partner.id);
    let page = Browser::default().send(world, "POST", &path, Some(form)).await;
    (page.status, serde_json::from_str(&page.text).unwrap_or(Value::Null))
}

fn query(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn program() -> String {
    Uuid::from_u128(11).to_string()
}

/// What a person's browser carries back to the program.
fn carried(to: &str) -> Vec<(String, String)> {
    let url = reqwest::Url::parse(to).unwrap();
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

fn one(pairs: &[(String, String)], name: &str) -> String {
    pairs.iter().find(|(own, _)| own == name).unwrap_or_else(|| panic!("no {name} in {pairs:?}")).1.clone()
}

const VERIFIER: &str = "a-verifier-that-is-long-enough-to-be-one-0123456789";

fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()))
}

/// Gets an authorization code for somebody who signs in on the way.
async fn code(world: &World, person: &Someone, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let challenge = challenge();
    let client = program();
    let mut pairs = vec![
        ("client_id", client.as_str()),
        ("response_type", "code"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid offline_access"),
        ("state", "s t"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    pairs.extend_from_slice(more);
    let path = format!("/common/oauth2/authorize?{}", query(&pairs));
    let mut browser = Browser::default();
    browser.get(world, &path).await.leads_to("/sign-in?flow=");
    world.later(31);
    let form = [("upn", person.upn.as_str()), ("password", PASSWORD), ("flow", path.as_str())];
    browser.post(world, "/sign-in", &form).await.leads_to("/second-factor?flow=");
    let number = code_at(&person.secret, world.world.now()).unwrap();
    let page = browser.post(world, "/sign-in/code", &[("code", &number), ("flow", &path)]).await;
    let back = page.to.unwrap();
    let page = browser.get(world, &back).await.leads_to(CALLBACK);
    carried(&page.to.unwrap())
}

fn exchange(code: &str) -> Vec<(String, String)> {
    [
        ("grant_type", "authorization_code"),
        ("client_id", &program()),
        ("client_secret", "secret 11"),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("code", code),
    ]
    .iter()
    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
    .collect()
}

async fn redeem(world: &World, form: &[(String, String)]) -> (u16, Value) {
    let form: Vec<(&str, &str)> = form.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    ask(world, &form).await
}

async fn refresh(world: &World, token: &str) -> (u16, Value) {
    ask(
        world,
        &[
            ("grant_type", "refresh_token"),
            ("client_id", &program()),
            ("client_secret", "secret 11"),
            ("refresh_token", token),
        ],
    )
    .await
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}")).to_owned()
}

on_both! {
    async fn a_program_acts_for_a_person_who_signed_in(world) {
        let person = someone(&world, world.partner.id, 50, &[Role::AdminAgent]).await;
        let given = code(&world, &person, &[]).await;
        assert_eq!(one(&given, "state"), "s t");
        let (status, tokens) = redeem(&world, &exchange(&one(&given, "code"))).await;
        assert_eq!(status, 200, "{tokens}");
        let token = text(&tokens, "access_token");
        let reply = world.call_as(&token, "GET", "/v1/customers", None).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        let id: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text(&tokens, "id_token").split('.').nth(1).unwrap()).unwrap()).unwrap();
        assert_eq!((&id["upn"], &id["aud"], &id["amr"]), (&json!(person.upn), &json!(program()), &json!(["pwd", "mfa"])));
        // What the person does through it is the person's in the log, with the program beside.
        let log = world.get("/v1/auditrecords?size=500").await;
        let entry = log["items"].as_array().unwrap().iter().find(|own| own["userPrincipalName"] == person.upn.as_str() && own["operationType"] == "issue_token").unwrap();
        assert_eq!(entry["applicationId"], program());
        // Roles count as they are now, not as they were when the token was given.
        world.set_roles(&person, vec![Role::BillingAdmin]).await;
        world.call_as(&token, "GET", "/v1/customers", None).await.refused(403, 900_150);
    }

    async fn whoever_asks_may_hear_whether_the_second_factor_was_shown(world) {
        let reply = world.call_with(&world.token, "/v1/customers", &[("ValidateMfa", "true")]).await;
        assert_eq!(reply.headers["ismfacompliant"], "true");
        let alone = world.program_with(77, vec![Role::AdminAgent]).await;
        let reply = world.call_with(&alone, "/v1/customers", &[("ValidateMfa", "true")]).await;
        assert_eq!((reply.status, reply.headers["ismfacompliant"].as_str()), (200, "false"));
        assert!(!world.call_with(&alone, "/v1/customers", &[]).await.headers.contains_key("ismfacompliant"));
    }

    async fn without_a_second_factor_a_person_does_nothing_through_a_program(world) {
        let half = claims(world.partner.id, 11).on_behalf_of(&on_behalf(1011, &["pwd"]));
        let token = world.installation.signer.sign(&half).unwrap();
        world.call_as(&token, "GET", "/v1/customers", None).await.refused(403, 900_309);
    }

    async fn a_code_counts_once_and_a_second_use_takes_everything_back(world) {
        let person = someone(&world, world.partner.id, 50, &[Role::AdminAgent]).await;
        let form = exchange(&one(&code(&world, &person, &[]).await, "code"));
        let with = |name: &str, value: &str| -> Vec<(String, String)> {
            form.iter().map(|(own, was)| (own.clone(), if own == name { value.to_owned() } else { was.clone() })).collect()
        };
        assert_eq!(redeem(&world, &with("client_secret", "wrong")).await.1["error"], "invalid_client");
        assert_eq!(redeem(&world, &with("code_verifier", "another-verifier-that-is-long-enough-0123456789")).await.1["error"], "invalid_grant");
        assert_eq!(redeem(&world, &with("redirect_uri", "https://evil.example/cb")).await.1["error"], "invalid_grant");
        let (status, tokens) = redeem(&world, &form).await;
        assert_eq!(status, 200, "{tokens}");
        assert_eq!(redeem(&world, &form).await.1["error"], "invalid_grant");
        let (status, _) = refresh(&world, &text(&tokens, "refresh_token")).await;
        assert_eq!(status, 400, "what the stolen code gave is gone");
        world.call_as(&text(&tokens, "access_token"), "GET", "/v1/customers", None).await.refused(401, 400);
    }

    async fn a_code_waits_two_minutes_only(world) {
        let person = someone(&world, world.partner.id, 50, &[Role::AdminAgent]).await;
        let form = exchange(&one(&code(&world, &person, &[]).await, "code"));
        world.later(121);
        assert_eq!(redeem(&world, &form).await.1["error"], "invalid_grant");
    }

    async fn a_stolen_refresh_token_used_twice_revokes_the_family(world) {
        let person = someone(&world, world.partner.id, 50, &[Role::AdminAgent]).await;
        let (_, tokens) = redeem(&world, &exchange(&one(&code(&world, &person, &[]).await, "code"))).await;
        let stolen = text(&tokens, "refresh_token");
        let (status, fresh) = refresh(&world, &stolen).await;
        assert_eq!(status, 200, "{fresh}");
        assert_ne!(text(&fresh, "refresh_token"), stolen);
        world.call_as(&text(&fresh, "access_token"), "GET", "/v1/customers", None).await.expect(200);
        assert_eq!(refresh(&world, &stolen).await.1["error"], "invalid_grant");
        // The honest one is out too, and so are the access tokens: nobody can tell who is who.
        assert_eq!(refresh(&world, &text(&fresh, "refresh_token")).await.1["error"], "invalid_grant");
        world.call_as(&text(&fresh, "access_token"), "GET", "/v1/customers", None).await.refused(401, 400);
        let log = world.get("/v1/auditrecords?size=500").await;
        let entry = log["items"].as_array().unwrap().iter().find(|own| own["operationType"] == "revoke_grant").unwrap();
        assert_eq!(entry["operationStatus"], "failed");
    }

    async fn two_uses_of_a_refresh_token_at_the_same_moment_raise_the_alarm(world) {
        let person = someone(&world, world.partner.id, 50, &[Role::AdminAgent]).await;
        let (_, tokens) = redeem(&world, &exchange(&one(&code(&world, &person, &[]).await, "code"))).await;
        let token = text(&tokens, "refresh_token");
        let (one, two) = tokio::join!(refresh(&world, &token), refresh(&world, &token));
        let mut told = [one.0, two.0];
        told.sort_unstable();
        assert_eq!(told, [200, 400], "{one:?} {two:?}");
        let winner = if one.0 == 200 { one.1 } else { two.1 };
        assert_eq!(refresh(&world, &text(&winner, "refresh_token")).await.0, 400);
        world.call_as(&text(&winner, "access_token"), "GET", "/v1/customers", None).await.refused(401, 400);
    }

    async fn a_made_up_refresh_token_signs_nobody_out(world) {
        let person = someone(&world, world.partner.id, 50, &[Role::AdminAgent]).await;
        let (_, tokens) = redeem(&world, &exchange(&one(&code(&world, &person, &[]).await, "code"))).await;
        let token = text(&tokens, "refresh_token");
        let parts: Vec<&str> = token.split('.').collect();
        let made_up = format!("{}.{}.{}.{}", parts[0], parts[1], "A".repeat(43), parts[3]);
        assert_eq!(refresh(&world, &made_up).await.1["error"], "invalid_grant");
        assert_eq!(refresh(&world, &token).await.0, 200);
        // Nor does the log tell what a refresh token is made of.
        assert!(!world.get("/v1/auditrecords?size=500").await.to_string().contains(parts[1]));
    }

    async fn an_old_browser_session_gives_no_program_leave(world) {
        let person = someone(&world, world.partner.id, 50, &[Role::AdminAgent]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &person).await;
        world.later(16 * 60);
        let client = program();
        let pairs = [("client_id", client.as_str()), ("response_type", "code"), ("redirect_uri", CALLBACK)];
        let path = format!("/common/oauth2/authorize?{}", query(&pairs));
        browser.get(&world, &path).await.leads_to("/second-factor?flow=");
        let page = browser.get(&world, &format!("{path}&prompt=none")).await.leads_to(CALLBACK);
        assert_eq!(one(&carried(&page.to.unwrap()), "error"), "interaction_required");
    }

    async fn the_token_endpoint_takes_small_bodies_only(world) {
        let many: String = (0..5000).map(|number| format!("n{number}=1&")).collect();
        let path = format!("/{}/oauth2/token", world.partner.id);
        for (body, status) in [(many.clone(), 413), (many.chars().take(20_000).collect(), 400)] {
            let request = axum::extract::Request::builder().method("POST").uri(&path).body(axum::body::Body::from(body)).unwrap();
            assert_eq!(world.send(request).await.status, status);
        }
    }

    async fn a_request_id_does_not_open_somebody_elses_answer(world) {
        let id = "00000000-0000-7000-8000-00000000abcd";
        let path = format!("{}/users", world.path("de"));
        let own = |name: &str| json!({ "usageLocation": "DE", "userPrincipalName": format!("{name}@de.onmicrosoft.com"), "displayName": name });
        let first = world.call_under(id, "POST", &path, &own("eva")).await.expect(201);
        let again = world.call_under(id, "POST", &path, &own("eva")).await.expect(201);
        assert_eq!(first, again, "the same person sends the same again");
        let other = world.token_with(90, vec![Role::AdminAgent]).await;
        let reply = world.call_with_id(&other, id, "POST", &path, &own("eva")).await;
        reply.refused(400, 3000);
        let third = world.token_with(91, vec![Role::AdminAgent]).await;
        let reply = world.call_with_id(&third, id, "POST", &path, &own("ida")).await.expect(201);
        assert_ne!(reply["passwordProfile"]["password"], first["passwordProfile"]["password"]);
    }

    async fn a_program_that_keeps_its_refresh_token_may(world) {
        let person = someone(&world, world.partner.id, 50, &[Role::AdminAgent]).await;
        world.change_program(11, |own| own.keeps_refresh_tokens = true).await;
        let (_, tokens) = redeem(&world, &exchange(&one(&code(&world, &person, &[]).await, "code"))).await;
        let token = text(&tokens, "refresh_token");
        for _ in 0..3 {
            let (status, fresh) = refresh(&world, &token).await;
            assert_eq!((status, text(&fresh, "refresh_token")), (200, token.clone()));
        }
    }

    async fn forged_tokens_open_nothing(world) {
        let good = claims(world.partner.id, 11).on_behalf_of(&on_behalf(1011, &["pwd", "mfa"]));
        let real = world.installation.signer.sign(&good).unwrap();
        world.call_as(&real, "GET", "/v1/customers", None).await.expect(200);
        let parts: Vec<&str> = real.split('.').collect();
        let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[0]).unwrap()).unwrap();
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let mut tries = Vec::new();
        for alg in ["none", "None", "NONE", "HS256", "RS512", "ES256"] {
            let mut own = header.clone();
            own["alg"] = json!(alg);
            tries.push(format!("{}.{}.", encode(&own), parts[1]));
            tries.push(format!("{}.{}.{}", encode(&own), parts[1], parts[2]));
        }
        // Key confusion: the public key, which everybody has, as the secret of an HMAC.
        let public = world.installation.signer.public_keys();
        for secret in [public["keys"][0].to_string(), public["keys"][0]["n"].as_str().unwrap().to_owned()] {
            let own = Header { kid: header["kid"].as_str().map(str::to_owned), ..Header::new(Algorithm::HS256) };
            tries.push(jsonwebtoken::encode(&own, &good, &EncodingKey::from_secret(secret.as_bytes())).unwrap());
        }
        // Another person in the same token.
        let mut other: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
        other["oid"] = json!(Uuid::from_u128(1012).to_string());
        tries.push(format!("{}.{}.{}", parts[0], encode(&other), parts[2]));
        // A key of one's own, named as ours and named otherwise.
        let fresh = chandlery::identity::tokens::Signer::fresh().unwrap();
        for kid in [header["kid"].as_str().unwrap(), "mine"] {
            tries.push(fresh.sign_as(kid, &good).unwrap());
        }
        for token in ["", "x", "a.b.c", "....", &"A".repeat(20_000)] {
            tries.push(token.to_owned());
        }
        for token in tries {
            let reply = world.call_as(&token, "GET", "/v1/customers", None).await;
            assert_eq!(reply.status, 401, "{token}");
        }
    }

    async fn expired_and_foreign_tokens_open_nothing(world) {
        let hour = jiff::SignedDuration::from_secs(3700);
        let issued = wall_clock() - hour;
        let id = ApplicationId::new(Uuid::from_u128(11));
        let old = chandlery::identity::tokens::Claims::of_program(id, world.partner.id, "x", "x", "1.0", issued);
        let token = world.installation.signer.sign(&old).unwrap();
        assert!(world.call_as(&token, "GET", "/v1/products?country=DE&targetView=Software", None).await.refused(401, 400).contains("expired"));
        // A program of the one partner with the tenant of the other, and a person of the other.
        for (partner, program, person) in [(world.other.id, 11, 1011), (world.partner.id, 12, 1012), (world.partner.id, 11, 1012)] {
            let crossed = claims(partner, program).on_behalf_of(&on_behalf(person, &["pwd", "mfa"]));
            let token = world.installation.signer.sign(&crossed).unwrap();
            world.call_as(&token, "GET", "/v1/customers", None).await.refused(401, 400);
        }
    }

    async fn signing_out_everywhere_ends_every_token(world) {
        let person = someone(&world, world.partner.id, 50, &[Role::AdminAgent]).await;
        let (_, tokens) = redeem(&world, &exchange(&one(&code(&world, &person, &[]).await, "code"))).await;
        let mut browser = Browser::default();
        world.later(31);
        browser.sign_in(&world, &person).await;
        browser.get(&world, "/account").await.says(200, "test");
        browser.post(&world, "/account/sessions/end-all", &[]).await.leads_to("/sign-in");
        world.call_as(&text(&tokens, "access_token"), "GET", "/v1/customers", None).await.refused(401, 400);
        assert_eq!(refresh(&world, &text(&tokens, "refresh_token")).await.0, 400);
    }

    async fn codes_go_to_registered_addresses_and_to_the_programs_own_people_only(world) {
        let foreign = someone(&world, world.other.id, 60, &[Role::GlobalAdmin]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &foreign).await;
        let client = program();
        let ask = |address: &str| {
            format!("/common/oauth2/authorize?{}", query(&[("client_id", &client), ("response_type", "code"), ("redirect_uri", address), ("state", "1")]))
        };
        let page = browser.get(&world, &ask(CALLBACK)).await.leads_to(CALLBACK);
        assert_eq!(one(&carried(&page.to.unwrap()), "error"), "access_denied");
        for bad in ["https://evil.example/cb", "https://app.example/cb/..", "https://app.example/cb?x", "http://app.example/cb", "javascript:alert(1)"] {
            let page = browser.get(&world, &ask(bad)).await.says(400, "not registered");
            assert_eq!(page.to, None, "{bad}");
        }
        browser.get(&world, "/common/oauth2/authorize?client_id=x&response_type=code").await.says(400, "not known");
        let quiet = format!("{}&prompt=none", ask(CALLBACK));
        let page = Browser::default().get(&world, &quiet).await.leads_to(CALLBACK);
        assert_eq!(one(&carried(&page.to.unwrap()), "error"), "login_required");
    }

    async fn a_form_post_answer_carries_code_and_id_token(world) {
        let person = someone(&world, world.partner.id, 50, &[Role::AdminAgent]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &person).await;
        let client = program();
        let pairs = [("client_id", client.as_str()), ("response_mode", "form_post"), ("response_type", "code id_token"), ("scope", "openid profile"), ("nonce", "n1"), ("redirect_uri", CALLBACK)];
        let page = browser.get(&world, &format!("/common/oauth2/authorize?{}", query(&pairs))).await.says(200, "name=\"id_token\"");
        assert!(page.text.contains("action=\"https://app.example/cb\"") && page.text.contains("name=\"code\""));
        assert!(page.headers["content-security-policy"].contains("form-action 'self' https://app.example"));
    }

    async fn a_public_program_needs_a_challenge_and_no_secret(world) {
        world.change_program(11, |own| {
            own.public = true;
            own.roles.clear();
            own.credentials.clear();
            own.redirect_uris = vec!["http://127.0.0.1/cb".into()];
        }).await;
        let person = someone(&world, world.partner.id, 50, &[Role::AdminAgent]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &person).await;
        let (client, challenge) = (program(), challenge());
        let address = "http://127.0.0.1:51999/cb";
        let bare = [("client_id", client.as_str()), ("response_type", "code"), ("redirect_uri", address)];
        let page = browser.get(&world, &format!("/common/oauth2/v2.0/authorize?{}", query(&bare))).await.leads_to(address);
        assert_eq!(one(&carried(&page.to.unwrap()), "error"), "invalid_request");
        let mut full = bare.to_vec();
        full.extend([("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")]);
        let page = browser.get(&world, &format!("/common/oauth2/v2.0/authorize?{}", query(&full))).await.leads_to(address);
        let code = one(&carried(&page.to.unwrap()), "code");
        let (status, tokens) = ask(&world, &[("grant_type", "authorization_code"), ("client_id", &client), ("redirect_uri", address), ("code", &code), ("code_verifier", VERIFIER)]).await;
        assert_eq!(status, 200, "{tokens}");
        assert_eq!(ask(&world, &[("grant_type", "client_credentials"), ("client_id", &client)]).await.1["error"], "unauthorized_client");
    }

    async fn a_device_waits_for_its_persons_yes(world) {
        let person = someone(&world, world.partner.id, 50, &[Role::AdminAgent]).await;
        let path = format!("/{}/oauth2/v2.0/devicecode", world.partner.id);
        let client = program();
        let page = Browser::default().send(&world, "POST", &path, Some(&[("client_id", &client), ("scope", "openid")])).await;
        let begun: Value = serde_json::from_str(&page.text).unwrap();
        let (device, user_code) = (text(&begun, "device_code"), text(&begun, "user_code"));
        let form = [("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("client_id", client.as_str()), ("client_secret", "secret 11"), ("device_code", device.as_str())];
        assert_eq!(ask(&world, &form).await.1["error"], "authorization_pending");
        assert_eq!(ask(&world, &form).await.1["error"], "slow_down");
        let mut browser = Browser::default();
        browser.get(&world, &format!("/device?code={user_code}")).await.leads_to("/sign-in?flow=");
        browser.sign_in(&world, &person).await;
        browser.post(&world, "/device", &[("code", "BBBB-BBBB")]).await.says(404, "No device");
        let typed = user_code.to_lowercase().replace('-', " ");
        browser.post(&world, "/device", &[("code", &typed)]).await.says(200, "test");
        browser.post(&world, "/device", &[("code", &typed), ("decision", "allow")]).await.says(200, "may act for you");
        world.later(6);
        let (status, tokens) = ask(&world, &form).await;
        assert_eq!(status, 200, "{tokens}");
        world.call_as(&text(&tokens, "access_token"), "GET", "/v1/customers", None).await.expect(200);
        assert_eq!(ask(&world, &form).await.1["error"], "expired_token");
    }

    async fn two_secrets_count_while_one_is_changed(world) {
        let admin = someone(&world, world.partner.id, 50, &[Role::GlobalAdmin]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &admin).await;
        let page = browser.post(&world, &format!("/applications/{}/secrets", program()), &[]).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let fresh = page.text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).find(|word| word.len() == 43).unwrap().to_owned();
        let own = async |secret: &str| ask(&world, &[("grant_type", "client_credentials"), ("client_id", &program()), ("client_secret", secret)]).await.0;
        assert_eq!((own("secret 11").await, own(&fresh).await, own("neither").await), (200, 200, 401));
        browser.post(&world, &format!("/applications/{}/secrets", program()), &[]).await.says(400, "2 count already");
        browser.post(&world, &format!("/applications/{}/credentials/remove", program()), &[("id", "first")]).await.says(200, "was removed");
        assert_eq!((own("secret 11").await, own(&fresh).await), (401, 200));
        browser.post(&world, &format!("/applications/{}/revoke", program()), &[]).await.leads_to("/applications");
        assert_eq!(own(&fresh).await, 401);
        world.call("GET", "/v1/customers", None).await.refused(401, 400);
    }

    async fn a_program_proves_itself_with_a_key_of_its_own(world) {
        use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
        let rng = aws_lc_rs::rand::SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &rng).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref()).unwrap();
        let point = pair.public_key().as_ref().to_vec();
        let jwk = json!({ "kty": "EC", "crv": "P-256", "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..65]) });
        let admin = someone(&world, world.partner.id, 50, &[Role::GlobalAdmin]).await;
        let mut browser = Browser::default();
        browser.sign_in(&world, &admin).await;
        browser.post(&world, &format!("/applications/{}/keys", program()), &[("jwk", &jwk.to_string())]).await.says(200, "was added");
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(pkcs8.as_ref()));
        let key = EncodingKey::from_ec_pem(pem.as_bytes()).unwrap();
        let audience = format!("http://localhost/{}/oauth2/v2.0/token", world.partner.id);
        let assertion = |jti: &str, aud: &str, sub: &str, seconds: i64| {
            let body = json!({ "iss": sub, "sub": sub, "aud": aud, "jti": jti, "exp": wall_clock().as_second() + seconds });
            jsonwebtoken::encode(&Header::new(Algorithm::ES256), &body, &key).unwrap()
        };
        let send = async |text: &str| {
            ask(&world, &[("grant_type", "client_credentials"), ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_assertion", text)]).await.0
        };
        let good = assertion("1", &audience, &program(), 60);
        assert_eq!((send(&good).await, send(&good).await), (200, 401), "an assertion counts once");
        assert_eq!(send(&assertion("2", "https://elsewhere.example/token", &program(), 60)).await, 401);
        assert_eq!(send(&assertion("3", &audience, &Uuid::from_u128(12).to_string(), 60)).await, 401);
        assert_eq!(send(&assertion("4", &audience, &program(), 3600)).await, 401, "an hour is too long");
        assert_eq!(send(&assertion("5", &audience, &program(), -60)).await, 401);
        let none = format!("{}.{}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#), good.split('.').nth(1).unwrap());
        assert_eq!(send(&none).await, 401);
    }

    async fn tokens_of_an_older_key_hold_after_a_rotation(world) {
        let before = world.token.clone();
        world.installation.rotate_signing_key().await.unwrap();
        world.call_as(&before, "GET", "/v1/customers", None).await.expect(200);
        let fresh = world.program_with(78, vec![Role::AdminAgent]).await;
        assert_ne!(before.split('.').next(), fresh.split('.').next(), "another key signs now");
        world.call_as(&fresh, "GET", "/v1/customers", None).await.expect(200);
        assert_eq!(world.installation.signer.public_keys()["keys"].as_array().unwrap().len(), 2);
    }

    async fn passwords_are_not_taken_at_the_token_endpoint(world) {
        let (status, body) = ask(&world, &[("grant_type", "password"), ("username", "a@b.example"), ("password", "x"), ("client_id", &program())]).await;
        assert_eq!((status, &body["error"]), (400, &json!("unsupported_grant_type")));
        assert!(text(&body, "error_description").contains("second factor"));
        assert_eq!(ask(&world, &[("grant_type", "implicit")]).await.1["error"], "unsupported_grant_type");
        assert_eq!(ask(&world, &[("grant_type", "refresh_token"), ("grant_type", "password")]).await.1["error"], "invalid_request");
    }
}

impl World {
    /// Gives somebody other roles, as an administrator would.
    pub async fn set_roles(&self, person: &Someone, roles: Vec<Role>) {
        let old = self.user(self.partner.id, person.id).await;
        let fresh = chandlery_store::people::User { roles, ..old.clone() };
        let cx = chandlery::app::Context::system(self.partner.id, self.now(), "test");
        self.installation
            .store
            .write(cx.stamp(), move |tx| {
                chandlery_store::people::save(tx, &old, &fresh)?;
                let entry = chandlery_domain::audit::Entry::did(
                    chandlery_domain::audit::Operation::UpdatePartnerUser,
                    chandlery_domain::audit::Resource::PartnerUser,
                    old.id,
                );
                Ok::<_, chandlery::error::Error>(((), entry))
            })
            .await
            .unwrap();
        self.api.desk.people.forget(self.partner.id, person.id);
    }

    /// Replaces a program by one that differs.
    pub async fn change_program(&self, number: u128, change: impl Fn(&mut Application)) {
        let id = ApplicationId::new(Uuid::from_u128(number));
        let find = self
            .installation
            .store
            .read(move |tx| Ok::<_, chandlery::error::Error>(chandlery_store::applications::find(tx, id)?));
        let mut own = find.await.unwrap().unwrap();
        change(&mut own);
        self.replace_program(own).await;
    }
}
