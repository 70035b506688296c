//! What a passkey proves and what is refused. It never trusts the library's own tests for the refusals we rely on.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use chandlery::identity::passkeys::{
    ANSWER_BYTES_MAX, Failure, PASSKEYS_MAX, Passkeys, StoredPasskey, credential_id,
};
use serde_json::Value;
use uuid::Uuid;

use crate::soft_key::SoftKey;

const ORIGIN: &str = "https://shop.example";

fn shop() -> Passkeys {
    Passkeys::new(ORIGIN).unwrap()
}

fn begin(shop: &Passkeys, existing: &[StoredPasskey]) -> (String, String) {
    shop.begin_registration(Uuid::from_u128(7), "ada@shop.example", "Ada", existing).unwrap()
}

fn registered(shop: &Passkeys, existing: &[StoredPasskey]) -> (SoftKey, StoredPasskey) {
    let (challenge, state) = begin(shop, existing);
    let (key, answer) = SoftKey::create(&challenge, ORIGIN);
    (key, shop.finish_registration(&state, &answer).unwrap())
}

/// A whole sign-in with one passkey, on a page of an origin.
fn sign_in(
    shop: &Passkeys,
    key: &mut SoftKey,
    stored: &[StoredPasskey],
    origin: &str,
) -> Result<StoredPasskey, Failure> {
    let (challenge, state) = shop.begin_authentication(stored)?;
    let answer = key.answer(&challenge, origin);
    let used = shop.finish_authentication(&state, &answer, stored)?;
    assert!(used.user_verified);
    assert_eq!(used.credential_id, key.id());
    Ok(used.updated.unwrap_or_else(|| stored[0].clone()))
}

fn edited(json: &str, edit: impl FnOnce(&mut Value)) -> String {
    let mut value: Value = serde_json::from_str(json).unwrap();
    edit(&mut value);
    value.to_string()
}

#[track_caller]
fn refused<T>(result: Result<T, Failure>, by: fn(&Failure) -> bool) {
    match result {
        Ok(_) => panic!("it was taken"),
        Err(failure) => assert!(by(&failure), "{failure:?}"),
    }
}

#[test]
fn a_passkey_is_registered_and_used_again_and_again() {
    let shop = shop();
    let (mut key, mut stored) = registered(&shop, &[]);
    assert_eq!(credential_id(&stored).unwrap(), key.id());
    for count in 1..=3 {
        stored = sign_in(&shop, &mut key, &[stored], ORIGIN).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&stored).unwrap()["cred"]["counter"], count);
    }
}

#[test]
fn the_challenge_is_what_a_browser_needs() {
    let shop = shop();
    let (_, stored) = registered(&shop, &[]);
    let (challenge, _) = begin(&shop, std::slice::from_ref(&stored));
    let options = &serde_json::from_str::<Value>(&challenge).unwrap()["publicKey"];
    assert_eq!(options["rp"], serde_json::json!({ "name": "Chandlery", "id": "shop.example" }));
    assert_eq!(options["user"]["id"], BASE64.encode(Uuid::from_u128(7).as_bytes()));
    assert_eq!(options["user"]["name"], "ada@shop.example");
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(options["attestation"], "none");
    assert_eq!(options["timeout"], 300_000);
    assert_eq!(options["excludeCredentials"][0]["id"], credential_id(&stored).unwrap());
    assert_eq!(BASE64.decode(options["challenge"].as_str().unwrap()).unwrap().len(), 32);

    let (challenge, _) = shop.begin_authentication(std::slice::from_ref(&stored)).unwrap();
    let challenge: Value = serde_json::from_str(&challenge).unwrap();
    assert_eq!(challenge["publicKey"]["rpId"], "shop.example");
    assert_eq!(challenge["publicKey"]["userVerification"], "required");
    assert_eq!(challenge["publicKey"]["allowCredentials"][0]["id"], credential_id(&stored).unwrap());
    assert!(challenge.get("mediation").is_none());
}

#[test]
fn either_of_two_passkeys_will_do() {
    let shop = shop();
    let (mut first, one) = registered(&shop, &[]);
    let (mut second, two) = registered(&shop, std::slice::from_ref(&one));
    let both = [one, two];
    let used = sign_in(&shop, &mut second, &both, ORIGIN).unwrap();
    assert_eq!(credential_id(&used).unwrap(), second.id());
    let used = sign_in(&shop, &mut first, &both, ORIGIN).unwrap();
    assert_eq!(credential_id(&used).unwrap(), first.id());
}

#[test]
fn a_passkey_that_counts_nothing_changes_nothing() {
    let shop = shop();
    let (mut key, stored) = registered(&shop, &[]);
    key.counts = false;
    for _ in 0..2 {
        let (challenge, state) = shop.begin_authentication(std::slice::from_ref(&stored)).unwrap();
        let answer = key.answer(&challenge, ORIGIN);
        let used = shop.finish_authentication(&state, &answer, std::slice::from_ref(&stored)).unwrap();
        assert_eq!(used.updated, None);
    }
}

#[test]
fn an_answer_without_a_user_handle_is_taken() {
    let shop = shop();
    let (mut key, stored) = registered(&shop, &[]);
    let (challenge, state) = shop.begin_authentication(std::slice::from_ref(&stored)).unwrap();
    for handle in [None, Some(Value::Null)] {
        let answer = edited(&key.answer(&challenge, ORIGIN), |answer| {
            let response = answer["response"].as_object_mut().unwrap();
            response.remove("userHandle");
            response.extend(handle.map(|null| ("userHandle".to_owned(), null)));
        });
        shop.finish_authentication(&state, &answer, std::slice::from_ref(&stored)).unwrap();
    }
}

#[test]
fn a_user_who_was_not_verified_is_refused() {
    let shop = shop();
    let (challenge, state) = begin(&shop, &[]);
    let mut lax = SoftKey::unregistered(&challenge);
    lax.verifies = false;
    let answer = lax.register(&challenge, ORIGIN);
    refused(shop.finish_registration(&state, &answer), |failure| matches!(failure, Failure::NotVerified));

    let (mut key, stored) = registered(&shop, &[]);
    key.verifies = false;
    refused(sign_in(&shop, &mut key, &[stored], ORIGIN), |failure| matches!(failure, Failure::NotVerified));
}

#[test]
fn an_answer_to_another_challenge_is_refused() {
    let shop = shop();
    let (challenge, _) = begin(&shop, &[]);
    let (_, other) = begin(&shop, &[]);
    let (_, answer) = SoftKey::create(&challenge, ORIGIN);
    refused(shop.finish_registration(&other, &answer), |failure| matches!(failure, Failure::WrongChallenge));

    let (mut key, stored) = registered(&shop, &[]);
    let (challenge, _) = shop.begin_authentication(std::slice::from_ref(&stored)).unwrap();
    let (_, other) = shop.begin_authentication(std::slice::from_ref(&stored)).unwrap();
    let answer = key.answer(&challenge, ORIGIN);
    refused(shop.finish_authentication(&other, &answer, &[stored]), |failure| {
        matches!(failure, Failure::WrongChallenge)
    });
}

#[test]
fn an_answer_from_another_origin_is_refused() {
    let shop = shop();
    let (mut key, stored) = registered(&shop, &[]);
    for origin in [
        "https://shop.example.evil.example",
        "https://evilshop.example",
        "https://sub.shop.example",
        "http://shop.example",
        "https://shop.example:8443",
    ] {
        let (challenge, state) = begin(&shop, &[]);
        let (_, answer) = SoftKey::create(&challenge, origin);
        refused(shop.finish_registration(&state, &answer), |failure| matches!(failure, Failure::WrongOrigin));
        let result = sign_in(&shop, &mut key, std::slice::from_ref(&stored), origin);
        refused(result, |failure| matches!(failure, Failure::WrongOrigin));
    }
    // The right page, but an authenticator that signed for another relying party.
    let (challenge, state) = shop.begin_authentication(std::slice::from_ref(&stored)).unwrap();
    let other = edited(&challenge, |challenge| challenge["publicKey"]["rpId"] = "other.example".into());
    let answer = key.answer(&other, ORIGIN);
    refused(shop.finish_authentication(&state, &answer, &[stored]), |failure| {
        matches!(failure, Failure::WrongOrigin)
    });
}

#[test]
fn an_answer_from_inside_a_foreign_page_is_refused() {
    let shop = shop();
    let (challenge, state) = begin(&shop, &[]);
    let mut framed = SoftKey::unregistered(&challenge);
    framed.framed = true;
    let answer = framed.register(&challenge, ORIGIN);
    refused(shop.finish_registration(&state, &answer), |failure| matches!(failure, Failure::Framed));

    let (mut key, stored) = registered(&shop, &[]);
    key.framed = true;
    refused(sign_in(&shop, &mut key, &[stored], ORIGIN), |failure| matches!(failure, Failure::Framed));
}

#[test]
fn a_counter_that_does_not_rise_is_refused() {
    let shop = shop();
    let (mut key, stored) = registered(&shop, &[]);
    key.counter = 41;
    let stored = sign_in(&shop, &mut key, &[stored], ORIGIN).unwrap();
    for copied in [41, 0] {
        key.counter = copied;
        let result = sign_in(&shop, &mut key, std::slice::from_ref(&stored), ORIGIN);
        refused(result, |failure| matches!(failure, Failure::CounterWentBack));
    }
    (key.counter, key.counts) = (0, false);
    refused(sign_in(&shop, &mut key, &[stored], ORIGIN), |failure| {
        matches!(failure, Failure::CounterWentBack)
    });
}

#[test]
fn the_counter_is_compared_with_what_is_stored_now() {
    let shop = shop();
    let (mut key, before) = registered(&shop, &[]);
    let (slow, slow_state) = shop.begin_authentication(std::slice::from_ref(&before)).unwrap();
    key.counter = 9;
    let now = sign_in(&shop, &mut key, &[before], ORIGIN).unwrap();
    key.counter = 4; // A copy answers the challenge that was made before the counter rose to ten.
    let answer = key.answer(&slow, ORIGIN);
    refused(shop.finish_authentication(&slow_state, &answer, &[now]), |failure| {
        matches!(failure, Failure::CounterWentBack)
    });
}

#[test]
fn an_unknown_passkey_is_refused() {
    let shop = shop();
    let (mut ours, one) = registered(&shop, &[]);
    let (mut theirs, two) = registered(&shop, &[]);
    let result = sign_in(&shop, &mut theirs, std::slice::from_ref(&one), ORIGIN);
    refused(result, |failure| matches!(failure, Failure::UnknownCredential));

    // Removed while the browser was asking.
    let (challenge, state) = shop.begin_authentication(&[one.clone(), two.clone()]).unwrap();
    let answer = ours.answer(&challenge, ORIGIN);
    let result = shop.finish_authentication(&state, &answer, &[two]);
    refused(result, |failure| matches!(failure, Failure::UnknownCredential));
    refused(shop.finish_authentication(&state, &answer, &[]), |failure| {
        matches!(failure, Failure::UnknownCredential)
    });
    refused(shop.begin_authentication(&[]), |failure| matches!(failure, Failure::NoPasskey));

    // The id of a known passkey, signed by another key.
    let (challenge, state) = shop.begin_authentication(std::slice::from_ref(&one)).unwrap();
    let id = ours.id();
    let forged = edited(&theirs.answer(&challenge, ORIGIN), |answer| {
        answer["id"] = id.as_str().into();
        answer["rawId"] = id.as_str().into();
    });
    refused(shop.finish_authentication(&state, &forged, &[one]), |failure| {
        matches!(failure, Failure::Refused(_))
    });
}

#[test]
fn a_passkey_is_not_registered_twice() {
    let shop = shop();
    let (key, stored) = registered(&shop, &[]);
    let (challenge, state) = begin(&shop, &[stored]);
    let answer = key.register(&challenge, ORIGIN);
    refused(shop.finish_registration(&state, &answer), |failure| matches!(failure, Failure::NotAcceptable));
}

#[test]
fn the_two_ceremonies_do_not_mix() {
    let shop = shop();
    let (mut key, stored) = registered(&shop, &[]);
    let (register, registration) = begin(&shop, &[]);
    let (get, authentication) = shop.begin_authentication(std::slice::from_ref(&stored)).unwrap();
    let (made, used) = (key.register(&register, ORIGIN), key.answer(&get, ORIGIN));
    let unreadable = |failure: &Failure| matches!(failure, Failure::Unreadable { .. });
    refused(shop.finish_registration(&authentication, &made), unreadable);
    refused(shop.finish_registration(&registration, &used), unreadable);
    refused(shop.finish_authentication(&registration, &used, std::slice::from_ref(&stored)), unreadable);
    refused(shop.finish_authentication(&authentication, &made, &[stored]), unreadable);
}

#[test]
fn limits_hold_and_nonsense_is_refused() {
    let shop = shop();
    let (challenge, state) = begin(&shop, &[]);
    let (_, answer) = SoftKey::create(&challenge, ORIGIN);
    let padded = format!("{answer}{}", " ".repeat(ANSWER_BYTES_MAX));
    refused(shop.finish_registration(&state, &padded), |failure| matches!(failure, Failure::TooLong));
    for nonsense in ["", "{}", "null", "\u{0}", "[[[["] {
        let unreadable = |failure: &Failure| matches!(failure, Failure::Unreadable { what: "answer" });
        refused(shop.finish_registration(&state, nonsense), unreadable);
        refused(credential_id(nonsense), |failure| {
            matches!(failure, Failure::Unreadable { what: "passkey" })
        });
    }
    for part in ["attestationObject", "clientDataJSON"] {
        let broken = edited(&answer, |answer| answer["response"][part] = "AAAA".into());
        refused(shop.finish_registration(&state, &broken), |_| true);
    }
    let many = vec![String::new(); PASSKEYS_MAX];
    refused(shop.begin_registration(Uuid::nil(), "a", "a", &many), |failure| {
        matches!(failure, Failure::TooMany)
    });
    refused(shop.begin_registration(Uuid::nil(), "", "a", &[]), |failure| matches!(failure, Failure::NoName));
}

#[test]
fn passkeys_need_https_or_localhost_and_never_an_address_of_numbers() {
    for origin in [
        "https://shop.example",
        "https://shop.example:8443",
        "https://localhost",
        "http://localhost:8080",
        "https://shop.example/",
    ] {
        assert!(Passkeys::new(origin).is_ok(), "{origin}");
    }
    for origin in [
        "http://shop.example",
        "http://127.0.0.1:8080",
        "https://127.0.0.1",
        "https://192.0.2.1",
        "https://[::1]:8080",
        "https://shop.example/login",
        "https://shop.example?a",
        "https://ada@shop.example",
        "ftp://shop.example",
        "shop.example",
        "",
    ] {
        refused(Passkeys::new(origin), |failure| matches!(failure, Failure::Origin { .. }));
    }
}

#[test]
fn a_local_installation_works_on_localhost() {
    let local = Passkeys::new("http://localhost:8080").unwrap();
    let (challenge, state) = begin(&local, &[]);
    let (mut key, answer) = SoftKey::create(&challenge, "http://localhost:8080");
    let stored = local.finish_registration(&state, &answer).unwrap();
    sign_in(&local, &mut key, std::slice::from_ref(&stored), "http://localhost:8080").unwrap();
    let result = sign_in(&local, &mut key, &[stored], "http://127.0.0.1:8080");
    refused(result, |failure| matches!(failure, Failure::WrongOrigin));
}
