//! Mail, against a mail server of our own.
//!
//! Never here: a server that is not on this machine.

use std::time::Duration;

use chandlery::outside::mail::{Failure, Mail, Mailer};

use crate::smtp_peer::{PASSWORD, SmtpPeer, Speaks, USER, start, start_speaking};

const ENCODED: &str = "ann%40example.com:pass%20w%C3%B6rd%2F1@";

fn mailer(peer: &SmtpPeer, user: &str) -> Mailer {
    let url = format!("smtp://{user}127.0.0.1:{}?tls=none", peer.port);
    Mailer::from_url(&url, "Händler <shop@example.com>").unwrap()
}

fn mail() -> Mail {
    Mail {
        to: "Åsa Öberg <asa@example.com>".into(),
        subject: "Räkning för åäö: betala senast på måndag, annars blir det mycket dyrare än vad ni tror"
            .into(),
        text: "Hej Åsa,\n\n.en rad med punkt\n..två\nå ä ö €\nFrom here\n".into(),
        message_id: "7@shop.example".into(),
    }
}

#[tokio::test]
async fn letters_outside_ascii_arrive_right() {
    let peer = start().await;
    mailer(&peer, "").send(&mail()).await.unwrap();
    let [message] = &peer.messages()[..] else { panic!("one mail") };
    assert_eq!([message.from.as_str(), &message.to[0]], ["shop@example.com", "asa@example.com"]);
    assert_eq!(message.subject(), mail().subject);
    assert_eq!(message.text().trim_end(), mail().text.trim_end());
    assert_eq!(message.header("Message-ID").unwrap(), "<7@shop.example>");
    assert!(message.header("Content-Type").unwrap().to_lowercase().contains("charset=utf-8"));
    assert!(message.header("Date").is_some() && message.header("To").unwrap().contains("<asa@example.com>"));
    assert!(message.raw.is_ascii(), "no server may need 8BITMIME");
    assert_eq!(peer.commands().last().unwrap(), "QUIT");
}

#[tokio::test]
async fn plain_text_and_long_lines_arrive_right() {
    let peer = start().await;
    let text = format!("one\n.\n{}\n", "x".repeat(3000));
    let mail = Mail { subject: "Hello".into(), text, message_id: "<8@shop.example>".into(), ..mail() };
    mailer(&peer, "").send(&mail).await.unwrap();
    let message = &peer.messages()[0];
    assert_eq!(message.subject(), "Hello");
    assert_eq!(message.text().trim_end(), mail.text.trim_end());
    assert_eq!(message.header("Message-ID").unwrap(), "<8@shop.example>");
}

#[tokio::test]
async fn a_refusal_says_whether_to_try_again() {
    let peer = start().await;
    let mailer = mailer(&peer, "");
    for (code, permanent) in [(450, false), (550, true), (421, false), (554, true), (530, false)] {
        peer.refuse(code);
        let failure = mailer.send(&mail()).await.unwrap_err();
        assert_eq!(failure.is_permanent(), permanent, "{failure}");
        assert!(failure.to_string().contains(&code.to_string()), "{failure}");
    }
    assert!(peer.messages().is_empty());
    peer.refuse(None);
    mailer.send(&mail()).await.unwrap();
    assert_eq!(peer.messages().len(), 1);
}

#[tokio::test]
async fn a_log_in_is_decoded_and_never_repeated_in_an_error() {
    let peer = start().await;
    assert!(ENCODED.starts_with(&USER.replace('@', "%40")));
    mailer(&peer, ENCODED).send(&mail()).await.unwrap();
    assert!(peer.messages()[0].logged_in);
    let failure = mailer(&peer, "ann:wrong-secret@").send(&mail()).await.unwrap_err();
    assert!(!failure.is_permanent() && failure.to_string().contains("535"), "{failure}");
    for secret in [PASSWORD, "wrong-secret", "PLAIN", "AGFub"] {
        assert!(!format!("{failure} {failure:?}").contains(secret), "{failure}");
    }
    assert_eq!(peer.messages().len(), 1);
}

#[tokio::test]
async fn nothing_goes_out_in_clear_where_tls_is_required() {
    let peer = start().await;
    for query in ["", "?tls=required"] {
        let url = format!("smtp://{ENCODED}127.0.0.1:{}{query}", peer.port);
        let failure = Mailer::from_url(&url, "shop@example.com").unwrap().send(&mail()).await.unwrap_err();
        assert!(!failure.is_permanent() && failure.to_string().contains("STARTTLS"), "{failure}");
    }
    assert!(peer.commands().iter().all(|command| command.starts_with("EHLO") || command == "QUIT"));
}

#[tokio::test]
async fn an_unknown_certificate_is_refused_before_the_log_in() {
    for (speaks, scheme) in [(Speaks::Tls, "smtps"), (Speaks::StartTls, "smtp")] {
        let peer = start_speaking(speaks).await;
        let url = format!("{scheme}://{ENCODED}127.0.0.1:{}", peer.port);
        let failure = Mailer::from_url(&url, "shop@example.com").unwrap().send(&mail()).await.unwrap_err();
        assert!(!failure.is_permanent(), "{failure}");
        assert!(failure.to_string().to_lowercase().contains("certificate"), "{failure}");
        assert!(!peer.commands().iter().any(|command| command.starts_with("AUTH")));
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_is_given_up() {
    let peer = start().await;
    peer.fall_silent();
    let failure = mailer(&peer, "").send(&mail()).await.unwrap_err();
    assert!(!failure.is_permanent() && failure.to_string().contains("20 s"), "{failure}");
}

#[tokio::test]
async fn nobody_there_is_worth_another_try() {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let url = format!("smtp://127.0.0.1:{port}?tls=none");
    let failure = Mailer::from_url(&url, "shop@example.com").unwrap().send(&mail()).await.unwrap_err();
    assert!(!failure.is_permanent(), "{failure}");
}

#[tokio::test]
async fn a_server_that_never_ends_its_line_is_cut_off() {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        use tokio::io::AsyncWriteExt as _;
        let (mut tcp, _) = listener.accept().await.unwrap();
        while tcp.write_all(&[b'x'; 4096]).await.is_ok() {}
    });
    let url = format!("smtp://127.0.0.1:{port}?tls=none");
    let sending = Mailer::from_url(&url, "shop@example.com").unwrap();
    let failure =
        tokio::time::timeout(Duration::from_secs(5), sending.send(&mail())).await.unwrap().unwrap_err();
    assert!(failure.to_string().contains("too much"), "{failure}");
}

#[test]
fn wrong_settings_and_wrong_mail_are_told_without_the_password() {
    let refused = |url: &str, from: &str| -> Failure { Mailer::from_url(url, from).err().unwrap() };
    for url in [
        "smtp://u:secret@mail.example?tls=none",
        "smtp://u:secret@mail.example?tls=opportunistic",
        "smtps://u:secret@mail.example?tls=none",
        "smtp://u:secret@mail.example:99999",
        "smtp://u:secret@mail.example/path",
        "smtp://u@mail.example",
        "smtp://u:secret@",
        "http://u:secret@mail.example",
        "secret",
    ] {
        let failure = refused(url, "shop@example.com");
        assert!(failure.is_permanent() && !failure.to_string().contains("secret"), "{failure}");
    }
    assert!(refused("smtps://mail.example", "nobody").is_permanent());
    assert!(Mailer::from_url("smtps://u:secret@mail.example", "shop@example.com").is_ok());
    assert!(Mailer::from_url("smtp://u:secret@mail.example:25", "shop@example.com").is_ok());
}

#[tokio::test]
async fn a_wrong_mail_reaches_no_server() {
    let peer = start().await;
    let mailer = mailer(&peer, "");
    for wrong in [
        Mail { to: "nobody".into(), ..mail() },
        Mail { to: "a@b.example\r\nBcc: c@d.example".into(), ..mail() },
        Mail { subject: "one\r\nBcc: c@d.example".into(), ..mail() },
        Mail { message_id: "a@b>\r\nBcc: c@d.example".into(), ..mail() },
        Mail { message_id: String::new(), ..mail() },
        Mail { text: "x".repeat(1024 * 1024 + 1), ..mail() },
    ] {
        assert!(mailer.send(&wrong).await.unwrap_err().is_permanent());
    }
    let foreign = Mail { to: "åsa@example.com".into(), ..mail() };
    assert!(mailer.send(&foreign).await.unwrap_err().is_permanent(), "the peer knows no SMTPUTF8");
    assert!(peer.messages().is_empty());
}

/// The system's roots come from the environment, which belongs to a whole process: so another one does the sending.
#[tokio::test]
async fn mail_goes_out_under_tls_where_the_system_trusts_the_server() {
    let mut told = String::new();
    let mut roots = String::new();
    let mut peers = Vec::new();
    for (speaks, scheme) in
        [(Speaks::Tls, "smtps"), (Speaks::StartTls, "smtp"), (Speaks::InjectedStartTls, "smtp")]
    {
        let peer = start_speaking(speaks).await;
        told.push_str(&format!("{scheme}://{ENCODED}localhost:{} ", peer.port));
        roots.push_str(&std::fs::read_to_string(&peer.tls.ca).unwrap());
        peers.push(peer);
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("roots.pem");
    std::fs::write(&file, roots).unwrap();
    let mut command = tokio::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "mail::sending_in_another_process", "--ignored", "--nocapture"]);
    let output = command.env("SSL_CERT_FILE", &file).env("MAIL_TO_SEND", told).output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for peer in &peers[..2] {
        let [message] = &peer.messages()[..] else { panic!("one mail") };
        assert!(message.logged_in && message.encrypted);
        assert_eq!(message.subject(), mail().subject);
    }
    // The words pushed in before TLS are taken for no answer: the connection ends.
    assert!(peers[2].messages().is_empty());
    assert!(!peers[2].commands().iter().any(|command| command.starts_with("AUTH")));
}

#[tokio::test]
#[ignore = "run by mail_goes_out_under_tls_where_the_system_trusts_the_server"]
async fn sending_in_another_process() {
    let Ok(told) = std::env::var("MAIL_TO_SEND") else { return };
    let mut done = Vec::new();
    for url in told.split_whitespace() {
        let mailer = Mailer::from_url(url, "shop@example.com").unwrap();
        done.push(mailer.send(&mail()).await);
    }
    assert!(done[0].is_ok() && done[1].is_ok(), "{done:?}");
    let failure = done[2].as_ref().unwrap_err();
    assert!(!failure.is_permanent(), "{failure}");
}
