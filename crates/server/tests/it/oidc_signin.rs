//! Signing in against a real provider: the whole way, and what a provider denies.
//!
//! Nothing here is imitated but the browser.

use chandlery::identity::oidc::{Begun, Failure, Proven, Provider, begin, client, finish, returned};
use tokio::process::Child;

use crate::oidc_browser::{node_modules, query, refuse, sign_in, start_provider, start_provider_with};

const CALLBACK: &str = "http://127.0.0.1:1/sign-in/callback?from=provider";
const SECRET: &str = "a secret: with+odd/characters%";

struct World {
    provider: Provider,
    http: reqwest::Client,
    _child: Child,
}

impl World {
    async fn new() -> Self {
        Self::on(start_provider(&node_modules(), CALLBACK, SECRET).await)
    }

    fn on((child, issuer): (Child, String)) -> Self {
        let provider = Provider {
            issuer,
            client_id: "chandlery".into(),
            secret: Some(SECRET.to_owned().into()),
            groups_claim: "groups".into(),
            scopes: ["email", "profile", "groups"].map(String::from).to_vec(),
        };
        Self { provider, http: client(&[]).unwrap(), _child: child }
    }

    async fn begin(&self) -> Begun {
        begin(&self.http, &self.provider, CALLBACK).await.unwrap()
    }

    /// Begins, walks through the provider's pages, and gives the code.
    async fn code(&self, login: &str) -> (Begun, String) {
        let begun = self.begin().await;
        let came = sign_in(&begun.url, login).await;
        let code = returned(&self.provider, came.split_once('?').unwrap().1, &begun.state).unwrap();
        (begun, code)
    }

    async fn finish(&self, begun: &Begun, code: &str) -> Result<Proven, Failure> {
        finish(&self.http, &self.provider, CALLBACK, code, &begun.nonce, &begun.verifier).await
    }

    async fn signed_in(&self, login: &str) -> Proven {
        let (begun, code) = self.code(login).await;
        self.finish(&begun, &code).await.unwrap()
    }
}

fn denied(outcome: Result<Proven, Failure>) -> (String, String) {
    match outcome {
        Err(Failure::Denied { code, text }) => (code, text),
        other => panic!("not denied: {other:?}"),
    }
}

#[tokio::test]
async fn a_person_signs_in() {
    let world = World::new().await;
    let begun = world.begin().await;
    assert_eq!(query(&begun.url, "code_challenge_method").unwrap(), "S256");
    assert_eq!(query(&begun.url, "scope").unwrap(), "openid email profile groups");
    assert_eq!(query(&begun.url, "state").unwrap(), begun.state);
    assert_eq!(query(&begun.url, "nonce").unwrap(), begun.nonce);
    assert!(!begun.url.contains(&begun.verifier));

    let anna = world.signed_in("anna").await;
    assert_eq!([&anna.issuer, &anna.subject], [&world.provider.issuer, "anna"]);
    assert_eq!(anna.email.as_deref(), Some("anna@example.com"));
    assert!(anna.email_verified);
    assert_eq!(anna.name.as_deref(), Some("Anna Admin"));
    assert_eq!(anna.username.as_deref(), Some("anna"));
    assert_eq!(anna.groups, ["partner-admins"]);
    assert!(anna.auth_time.unwrap() > 1_700_000_000);

    assert_eq!(world.signed_in("bob").await.groups, ["sales"]);
    assert_eq!(world.signed_in("mia").await.groups, ["sales", "support", "partner-admins"]);
    assert!(!world.signed_in("una").await.email_verified);
    let eve = world.signed_in("eve").await;
    assert_eq!((eve.name.as_deref(), eve.groups.len()), (Some("Eve Outside"), 0));
}

#[tokio::test]
async fn what_the_id_token_leaves_out_comes_from_userinfo() {
    let modules = node_modules();
    let world = World::on(start_provider_with(&modules, CALLBACK, SECRET, &["--userinfo-only"]).await);
    let mia = world.signed_in("mia").await;
    assert_eq!(mia.groups, ["sales", "support", "partner-admins"]);
    assert_eq!(mia.email.as_deref(), Some("mia@example.com"));
    assert!(mia.email_verified);
    assert_eq!(mia.name.as_deref(), Some("Mia Many"));
    assert_eq!(mia.username.as_deref(), Some("mia"));
    assert!(world.signed_in("eve").await.groups.is_empty());
}

#[tokio::test]
async fn a_code_is_good_once_and_only_with_its_own_verifier_nonce_and_redirect() {
    let world = World::new().await;
    let (begun, code) = world.code("anna").await;
    world.finish(&begun, &code).await.unwrap();
    assert_eq!(denied(world.finish(&begun, &code).await).0, "invalid_grant");

    let (mut begun, code) = world.code("anna").await;
    begun.verifier = world.begin().await.verifier;
    assert_eq!(denied(world.finish(&begun, &code).await).0, "invalid_grant");

    let (mut begun, code) = world.code("anna").await;
    begun.nonce = world.begin().await.nonce;
    let refused = world.finish(&begun, &code).await.unwrap_err();
    assert_eq!(refused, Failure::Token("Invalid nonce: nonce mismatch".into()));

    let (begun, code) = world.code("anna").await;
    let elsewhere = "http://127.0.0.1:1/elsewhere";
    let outcome = finish(&world.http, &world.provider, elsewhere, &code, &begun.nonce, &begun.verifier).await;
    assert_eq!(denied(outcome).0, "invalid_grant");
    assert_eq!(denied(world.finish(&begun, "no-such-code").await).0, "invalid_grant");
}

#[tokio::test]
async fn a_wrong_secret_is_denied_and_not_repeated() {
    let mut world = World::new().await;
    let (begun, code) = world.code("bob").await;
    for secret in [Some("another secret".to_owned().into()), None] {
        world.provider.secret = secret;
        let (kind, text) = denied(world.finish(&begun, &code).await);
        assert_eq!(kind, "invalid_client");
        assert!(!text.contains("another secret") && !text.contains(&code), "{text}");
    }
}

#[tokio::test]
async fn a_person_may_cancel_and_nobody_may_come_back_with_something_else() {
    let world = World::new().await;
    let begun = world.begin().await;
    let came = refuse(&begun.url).await;
    let query = came.split_once('?').unwrap().1;
    match returned(&world.provider, query, &begun.state) {
        Err(Failure::Denied { code, text }) => {
            assert_eq!(code, "access_denied");
            assert_eq!(text, "access_denied (End-User aborted interaction)");
        }
        other => panic!("{other:?}"),
    }
    for (query, word) in [
        ("code=a&state=other", "state"),
        ("code=a", "state"),
        ("error=access_denied&state=other", "state"),
        ("code=a&state=STATE&iss=https%3A%2F%2Felsewhere.example", "iss"),
        ("code=a&code=b&state=STATE", "twice"),
        ("code=&state=STATE", "no code"),
        ("state=STATE", "no code"),
    ] {
        let query = query.replace("STATE", &begun.state);
        match returned(&world.provider, &query, &begun.state) {
            Err(Failure::Returned(why)) => assert!(why.contains(word), "{query}: {why}"),
            other => panic!("{query}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_provider_that_is_away_is_told_apart() {
    let mut world = World::new().await;
    world.provider.issuer = "http://127.0.0.1:1".into();
    let refused = begin(&world.http, &world.provider, CALLBACK).await.err().unwrap();
    assert!(matches!(refused, Failure::Unreachable(_)), "{refused:?}");
    for wrong in [
        "http://login.example",
        "ldap://login.example",
        "no address",
        "https://a:b@login.example",
        "https://login.example?a=b",
    ] {
        world.provider.issuer = wrong.into();
        let refused = begin(&world.http, &world.provider, CALLBACK).await.err().unwrap();
        assert!(matches!(refused, Failure::Settings(_)), "{wrong}: {refused:?}");
    }
}

/// An HTTP server can only run what may move between threads.
#[test]
fn a_sign_in_may_move_between_threads() {
    fn moves<T: Send>(_: T) {}
    let provider = Provider {
        issuer: String::new(),
        client_id: String::new(),
        secret: None,
        groups_claim: String::new(),
        scopes: Vec::new(),
    };
    let http = client(&[]).unwrap();
    moves(begin(&http, &provider, ""));
    moves(finish(&http, &provider, "", "", "", ""));
}
