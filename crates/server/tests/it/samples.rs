//! Every page with sample data, in the states that look different. Never holds anything real.

use askama::Template;
use chandlery::texts::Html;
use chandlery::web::fields::Fields;
use chandlery::web::pages::*;
use qrcode::QrCode;
use qrcode::render::svg;

/// A page's name and its markup.
pub type Sample = (&'static str, String);

fn out() -> Frame {
    Frame::default()
}

fn signed_in() -> Frame {
    Frame {
        person: Some("Maria Lindqvist".into()),
        ways: vec![Way { href: "/customers", label: "way-customers" }],
        gear: vec![Way { href: "/account", label: "way-security" }],
        searches: true,
        unread: Some(3),
        path: "/account".into(),
        ..Frame::default()
    }
}

fn practice() -> Frame {
    Frame { practice: true, ..signed_in() }
}

fn time(text: &str) -> Html {
    Html::escaped(text)
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

const RULES: &str =
    "At least 12 characters. Any characters will do, spaces too; three or four unusual words are good.";
const ID: &str = "0190f3c2-7a51-4d1e-9a4b-2f6c1f0b7a11";

fn roles() -> Vec<RoleBox> {
    let role = |word: &str, label: &str, about: &str, checked, allowed| RoleBox {
        word: word.into(),
        label: label.into(),
        about: about.into(),
        checked,
        allowed,
    };
    vec![
        role("admin", "Administrator", "Everything, users and applications too.", false, false),
        role("sales", "Sales", "Customers, carts, orders and subscriptions.", true, true),
        role("billing", "Billing", "Invoices, payments and credit notes; reads orders.", false, true),
        role("reader", "Reader", "Reads everything, changes nothing.", false, true),
    ]
}

fn signing_in() -> Result<Vec<Sample>, askama::Error> {
    let sign_in = |error, notice, upn: &str, providers| SignIn {
        frame: out(),
        flow: "f/1+\"<x>".into(),
        upn: upn.into(),
        error,
        providers,
        notice,
        door: None,
    };
    let providers = || {
        vec![
            ProviderLink { id: "entra".into(), name: "Microsoft Entra".into() },
            ProviderLink { id: "corp id".into(), name: "Example Corp".into() },
        ]
    };
    let second = |totp, passkey, recovery, step_up, error| SecondFactor {
        frame: if step_up { signed_in() } else { out() },
        flow: "flow-1".into(),
        has_totp: totp,
        has_passkey: passkey,
        has_recovery: recovery,
        error,
        step_up,
        lead: if step_up {
            "You are about to make new recovery codes.".into()
        } else {
            "Signing in as maria@example.com.".into()
        },
    };
    let password = |frame, first, error| ChangePassword {
        frame,
        flow: "flow-1".into(),
        error,
        first,
        rules: RULES.into(),
    };
    let device =
        |code: &str, error, application| Device { frame: signed_in(), code: code.into(), error, application };
    Ok(vec![
        ("sign-in", sign_in(None, None, "", providers()).render()?),
        (
            "sign-in-error",
            sign_in(
                some("The sign-in name and the password do not belong together. Check both and try again."),
                None,
                "maria@example.com",
                vec![],
            )
            .render()?,
        ),
        (
            "sign-in-notice",
            sign_in(None, some("Your password is changed. Sign in with it."), "", vec![]).render()?,
        ),
        ("second-factor", second(true, true, true, false, None).render()?),
        (
            "second-factor-error",
            second(
                true,
                false,
                true,
                false,
                some("That code is wrong or too old. Wait for the next one and type it."),
            )
            .render()?,
        ),
        ("second-factor-recovery", second(false, false, true, false, None).render()?),
        ("step-up", second(false, true, true, true, None).render()?),
        ("password-first", password(out(), true, None).render()?),
        (
            "password-error",
            password(signed_in(), false, some("The two new passwords differ. Type the new one twice."))
                .render()?,
        ),
        ("forgot", Forgot { frame: out(), sent: false, error: None }.render()?),
        ("forgot-sent", Forgot { frame: out(), sent: true, error: None }.render()?),
        ("reset", Reset { frame: out(), token: "t".into(), error: None, rules: RULES.into() }.render()?),
        (
            "set-up",
            SetUp {
                frame: Frame { practice: true, ..out() },
                token: "t".into(),
                error: some("That password stands on lists of stolen ones. Choose another."),
                upn: "maria@example.com".into(),
                name: "Maria Lindqvist".into(),
                rules: RULES.into(),
            }
            .render()?,
        ),
        (
            "device-code",
            device(
                "WDJB-MJH",
                some("No device waits with that code. Check it, or start again on the device."),
                None,
            )
            .render()?,
        ),
        ("device-confirm", device("WDJB-MJHT", None, some("Chandlery command line")).render()?),
        (
            "post-back",
            PostBack {
                frame: out(),
                action: "https://app.example.com/back?x=1&y=2".into(),
                fields: vec![("code".into(), "abc\"<>".into()), ("state".into(), "s-1".into())],
            }
            .render()?,
        ),
        (
            "message-error",
            Message {
                frame: out(),
                title: "This link is used up".into(),
                lead: "A link for a new password works once and for 30 minutes. Ask for another one.".into(),
                link: Some(("/forgot".into(), "Ask for another link".into())),
                alert: true,
            }
            .render()?,
        ),
        (
            "message",
            Message {
                frame: practice(),
                title: "The device is connected".into(),
                lead: "Go back to it; you can close this page.".into(),
                link: None,
                alert: false,
            }
            .render()?,
        ),
    ])
}

fn account() -> Result<Vec<Sample>, askama::Error> {
    let qr = QrCode::new(
        "otpauth://totp/Chandlery:maria@example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Chandlery",
    )
    .map_err(|why| askama::Error::Custom(Box::new(why)))?;
    let qr_svg = qr.render::<svg::Color>().build();
    // The renderer begins with an XML declaration, which has no place inside HTML.
    let qr_svg = qr_svg.find("<svg").map(|at| qr_svg[at..].to_owned()).unwrap_or_default();
    let session = |id: &str, what: &str, address: &str, current| SessionRow {
        id: id.into(),
        what: what.into(),
        address: address.into(),
        began: time("12 November 2025, 08:14 CET"),
        last_seen: time("21 November 2025, 03:40 CET"),
        current,
    };
    Ok(vec![
        (
            "enrol-totp",
            EnrolTotp {
                frame: out(),
                flow: "flow-1".into(),
                qr_svg,
                secret: "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP".into(),
                account: "maria@example.com".into(),
                error: some("That code does not fit. Check that the phone’s clock is right, then type the newest code."),
            }
            .render()?,
        ),
        (
            "recovery-codes",
            RecoveryCodes {
                frame: out(),
                codes: (0..10).map(|n| format!("k7qd-{n}x3m-9wzp")).collect(),
                next: "/account".into(),
            }
            .render()?,
        ),
        (
            "security",
            Security {
                frame: practice(),
                totp_since: Some(time("3 March 2025, 10:02 CET")),
                passkeys: vec![
                    PasskeyRow {
                        id: "p1".into(),
                        name: "Work laptop".into(),
                        added: time("3 March 2025, 10:05 CET"),
                        last_used: Some(time("20 November 2025, 17:22 CET")),
                    },
                    PasskeyRow {
                        id: "p2".into(),
                        name: "Blue <security> key in the drawer of the office desk".into(),
                        added: time("4 March 2025, 09:00 CET"),
                        last_used: None,
                    },
                ],
                recovery_left: 8,
                sessions: vec![
                    session("s1", "Firefox on Windows", "192.0.2.17", true),
                    session("s2", "Safari on iPhone", "2001:db8:85a3:0:1319:8a2e:370:7344", false),
                ],
                grants: vec![GrantRow {
                    id: "g1".into(),
                    application: "Chandlery command line".into(),
                    began: time("1 November 2025, 12:00 CET"),
                    last_used: time("20 November 2025, 18:00 CET"),
                }],
                message: some("The passkey “Phone” is removed."),
                error: None,
            }
            .render()?,
        ),
        (
            "security-bare",
            Security {
                frame: Frame { searches: false, unread: None, ..signed_in() },
                totp_since: None,
                passkeys: vec![],
                recovery_left: 0,
                sessions: vec![session("s1", "Firefox on Windows", "192.0.2.17", true)],
                grants: vec![],
                message: None,
                error: some("The passkey was not added: the browser's answer came too late. Try again."),
            }
            .render()?,
        ),
    ])
}

fn administration() -> Result<Vec<Sample>, askama::Error> {
    let person = |id: &str, name: &str, upn: &str, roles: &str, state: &str, second_factor| PersonRow {
        id: id.into(),
        name: name.into(),
        upn: upn.into(),
        roles: roles.into(),
        state: state.into(),
        second_factor,
    };
    let user = |id: Option<String>, active, is_self, error, message| EditUser {
        head: None,
        base: "/users".into(),
        frame: signed_in(),
        upn: if id.is_some() { "jonas.weber@example.com".into() } else { String::new() },
        name: if id.is_some() { "Jonas Weber".into() } else { String::new() },
        id,
        roles: roles(),
        active,
        error,
        seen: String::new(),
        differences: Vec::new(),
        message,
        is_self,
    };
    let application = |id: &str, name: &str, public, revoked, redirect_uris, secrets| ApplicationRow {
        id: id.into(),
        name: name.into(),
        roles: "Sales, Reader".into(),
        redirect_uris,
        public,
        secrets,
        revoked,
    };
    let secret = |id: &str, kind: &str, hint: &str| SecretRow {
        id: id.into(),
        kind: kind.into(),
        hint: hint.into(),
        added: time("1 June 2025, 09:00 CEST"),
        expires: time("1 June 2026, 09:00 CEST"),
    };
    Ok(vec![
        (
            "users",
            Users {
                head: None,
                base: "/users".into(),
                can_change: true,
                frame: signed_in(),
                people: vec![
                    person(ID, "Maria Lindqvist", "maria@example.com", "Administrator", "Active", true),
                    person("u2", "Jonas Weber", "jonas.weber@example.com", "Sales, Billing", "Active", false),
                    person(
                        "u3",
                        "Aleksandra Wiśniewska-Kowalczyk",
                        "a.wisniewska@subsidiary.example.com",
                        "",
                        "Disabled",
                        true,
                    ),
                ],
                next: some("/users?after=u3"),
                message: some("Jonas Weber was added."),
                error: None,
            }
            .render()?,
        ),
        (
            "users-empty",
            Users {
                head: None,
                base: "/users".into(),
                can_change: true,
                frame: signed_in(),
                people: vec![],
                next: None,
                message: None,
                error: None,
            }
            .render()?,
        ),
        ("user", user(some(ID), true, false, None, some("Saved.")).render()?),
        ("user-disabled", user(some(ID), false, false, None, None).render()?),
        ("user-self", user(some(ID), true, true, None, None).render()?),
        (
            "user-new",
            user(
                None,
                true,
                false,
                some("Another user has this sign-in name. Choose a different one."),
                None,
            )
            .render()?,
        ),
        (
            "temporary-password",
            TemporaryPassword {
                frame: signed_in(),
                upn: "jonas.weber@example.com".into(),
                password: "harbour-velvet-47-onion".into(),
                back: "/users".into(),
            }
            .render()?,
        ),
        (
            "applications",
            Applications {
                frame: signed_in(),
                fields: Fields::default(),
                list: vec![
                    application(
                        ID,
                        "Warehouse connector",
                        false,
                        false,
                        vec![
                            "https://warehouse.example.com/sign-in/back".into(),
                            "https://test.warehouse.example.com/back".into(),
                        ],
                        vec![secret("c1", "Secret", "ends in x7Qz"), secret("c2", "Public key", "Jk3-9dQpA")],
                    ),
                    application(
                        "app-2",
                        "Command line",
                        true,
                        false,
                        vec!["http://127.0.0.1/".into()],
                        vec![],
                    ),
                    application(
                        "app-3",
                        "Old importer",
                        false,
                        true,
                        vec![],
                        vec![secret("c3", "Secret", "ends in 1abC")],
                    ),
                ],
                roles: roles(),
                error: None,
                message: some("The key is added."),
            }
            .render()?,
        ),
        (
            "applications-empty",
            Applications {
                frame: signed_in(),
                fields: Fields::default(),
                list: vec![],
                roles: vec![],
                error: some("Give the application a name."),
                message: None,
            }
            .render()?,
        ),
        (
            "application-secret",
            ApplicationSecret {
                frame: signed_in(),
                name: "Warehouse connector".into(),
                client_id: ID.into(),
                secret: "chs_5xk2Vt9mQeYw7RzA1nLdP3uGfHcJbS8o".into(),
                back: "/applications".into(),
            }
            .render()?,
        ),
    ])
}

/// All samples.
///
/// # Errors
/// When a page does not render.
pub fn all() -> Result<Vec<Sample>, askama::Error> {
    let mut all = signing_in()?;
    all.extend(account()?);
    all.extend(administration()?);
    Ok(all)
}
