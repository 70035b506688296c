//! Streaming of the activity log, against a receiver of our own.
//!
//! Never here: a receiver that is not on this machine.

use std::time::Duration;

use chandlery::outside::log_stream::{Line, Sink};
use secrecy::SecretString;

use crate::siem_peer::{SiemPeer, Speaks, Trouble, frames, start};

fn lines(from: usize, to: usize) -> Vec<Line> {
    let line = |number: usize| Line {
        at: jiff::Timestamp::from_microsecond(1_580_551_200_000_000 + i64::try_from(number).unwrap())
            .unwrap(),
        id: format!("id-{number}"),
        operation: "order_placed".into(),
        partner: "p-1".into(),
        failed: number % 2 == 1,
        json: format!("{{\"n\": {number},\n\"name\": \"åäö ]\"}}"),
    };
    (from..=to).map(line).collect()
}

fn https(peer: &SiemPeer) -> Sink {
    let target = format!("https://127.0.0.1:{}/in?x=1", peer.port);
    Sink::parse(&target, Some(SecretString::from("token-1")), Some(&peer.tls.ca)).unwrap()
}

fn syslog(peer: &SiemPeer, query: &str) -> Sink {
    Sink::parse(&format!("syslog+tls://127.0.0.1:{}{query}", peer.port), None, Some(&peer.tls.ca)).unwrap()
}

fn expected_json(number: usize) -> String {
    format!("{{\"n\": {number}, \"name\": \"åäö ]\"}}")
}

fn expected_message(line: &str, number: usize) {
    let (priority, rest) = line.split_once(">1 2020-02-01T10:00:00.").unwrap();
    assert_eq!(priority, if number % 2 == 1 { "<109" } else { "<110" });
    let (micros, rest) = rest.split_once("Z ").unwrap();
    assert_eq!(micros, format!("{number:06}"));
    let (_, rest) = rest.split_once(' ').unwrap();
    let json = expected_json(number);
    let expected =
        format!("chandlery - order_placed [chandlery@32473 partner=\"p-1\" id=\"id-{number}\"] {json}");
    assert_eq!(rest, expected);
}

#[tokio::test]
async fn a_batch_is_one_post_and_order_is_kept() {
    for speaks in [Speaks::Https, Speaks::Http] {
        let peer = start(speaks).await;
        let sink = match speaks {
            Speaks::Http => {
                let token = Some(SecretString::from("token-1"));
                Sink::parse(&format!("http://127.0.0.1:{}/in?x=1", peer.port), token, None).unwrap()
            }
            _ => https(&peer),
        };
        sink.deliver(&lines(1, 3)).await.unwrap();
        sink.deliver(&lines(4, 4)).await.unwrap();
        sink.deliver(&[]).await.unwrap();
        assert_eq!(peer.lines(), (1..=4).map(expected_json).collect::<Vec<_>>());
        let [first, second] = &peer.requests()[..] else { panic!("two requests") };
        assert_eq!(first.line, "POST /in?x=1 HTTP/1.1");
        assert_eq!(first.headers["content-type"], "application/x-ndjson");
        assert_eq!(first.headers["authorization"], "Bearer token-1");
        assert_eq!(first.headers["idempotency-key"], "id-1..id-3");
        assert_eq!(second.headers["idempotency-key"], "id-4..id-4");
        assert!(first.body.ends_with('\n'));
    }
}

#[tokio::test]
async fn a_batch_that_http_refused_comes_again_whole() {
    let peer = start(Speaks::Https).await;
    let sink = https(&peer);
    let troubles = [
        (Trouble::Answer(503), false),
        (Trouble::Answer(302), false),
        (Trouble::Answer(401), false),
        (Trouble::Answer(429), false),
        (Trouble::Answer(413), true),
        (Trouble::Cut, false),
    ];
    for (number, (trouble, permanent)) in troubles.into_iter().enumerate() {
        peer.fail_batch(number + 1, trouble);
        let failure = sink.deliver(&lines(1, 2)).await.unwrap_err();
        assert_eq!(failure.is_permanent(), permanent, "{failure}");
        assert!(!format!("{failure} {failure:?}").contains("token-1"));
        assert!(!failure.to_string().contains("x=1"), "{failure}");
    }
    sink.deliver(&lines(1, 2)).await.unwrap();
    assert_eq!(peer.lines(), [expected_json(1), expected_json(2)]);
    assert!(
        peer.requests().iter().all(|request| request.line == "POST /in?x=1 HTTP/1.1"),
        "no redirect is followed"
    );
}

#[tokio::test]
async fn an_id_that_is_no_header_is_refused() {
    let peer = start(Speaks::Https).await;
    let mut odd = lines(1, 1);
    odd[0].id = "a\r\nX: y".into();
    assert!(https(&peer).deliver(&odd).await.unwrap_err().is_permanent());
    assert_eq!(peer.batches(), 0);
}

#[tokio::test]
async fn syslog_is_framed_exactly_and_order_is_kept() {
    let peer = start(Speaks::Syslog).await;
    let sink = syslog(&peer, "");
    sink.deliver(&lines(1, 500)).await.unwrap();
    sink.deliver(&lines(501, 501)).await.unwrap();
    sink.deliver(&[]).await.unwrap();
    let heard = peer.lines();
    assert_eq!(heard.len(), 501);
    for (number, line) in (1..).zip(&heard) {
        expected_message(line, number);
    }
    assert_eq!(peer.batches(), 2);
}

#[tokio::test]
async fn a_large_syslog_batch_arrives_whole() {
    let peer = start(Speaks::Syslog).await;
    let mut large = lines(1, 40);
    for line in &mut large {
        line.json = format!("{{\"x\":\"{}\"}}", "å".repeat(50_000));
    }
    syslog(&peer, "").deliver(&large).await.unwrap();
    let heard = peer.lines();
    assert!(heard.len() == 40 && heard.iter().zip(&large).all(|(line, sent)| line.ends_with(&sent.json)));
}

#[tokio::test]
async fn a_syslog_batch_that_was_cut_comes_again_whole() {
    let peer = start(Speaks::Syslog).await;
    peer.fail_batch(2, Trouble::Cut);
    peer.fail_batch(3, Trouble::NoGoodbye);
    peer.fail_batch(4, Trouble::Talk);
    let sink = syslog(&peer, "");
    sink.deliver(&lines(1, 2)).await.unwrap();
    for _ in 0..3 {
        let failure = sink.deliver(&lines(3, 60)).await.unwrap_err();
        assert!(!failure.is_permanent(), "{failure}");
    }
    sink.deliver(&lines(3, 60)).await.unwrap();
    let heard = peer.lines();
    // What came without a goodbye, and what came while the peer talked, came again: at least once.
    assert_eq!(heard.len(), 2 + 3 * 58);
    for (number, line) in (3..).zip(&heard[heard.len() - 58..]) {
        expected_message(line, number);
    }
}

#[tokio::test]
async fn a_receiver_that_only_closes_tcp_counts_where_the_operator_says_so() {
    let peer = start(Speaks::Syslog).await;
    peer.fail_batch(1, Trouble::NoGoodbye);
    peer.fail_batch(2, Trouble::NoGoodbye);
    peer.fail_batch(3, Trouble::Cut);
    let failure = syslog(&peer, "").deliver(&lines(1, 2)).await.unwrap_err();
    assert!(failure.to_string().contains("close_notify"), "{failure}");
    syslog(&peer, "?close=tcp").deliver(&lines(1, 2)).await.unwrap();
    // Closed with octets unread: the reset shows it.
    assert!(syslog(&peer, "?close=tcp").deliver(&lines(1, 2000)).await.is_err());
}

#[tokio::test]
async fn a_receiver_that_does_not_close_is_given_up() {
    let peer = start(Speaks::Syslog).await;
    peer.fail_batch(1, Trouble::Silence);
    let sink = syslog(&peer, "");
    let batch = lines(1, 2);
    let delivering = tokio::spawn(async move { sink.deliver(&batch).await });
    while peer.lines().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // Everything is written; from here the clock runs ahead by itself.
    tokio::time::pause();
    let failure = delivering.await.unwrap().unwrap_err();
    assert!(failure.to_string().contains("did not close within 10 s"), "{failure}");
}

#[tokio::test]
async fn an_unknown_certificate_is_refused() {
    for speaks in [Speaks::Https, Speaks::Syslog] {
        let peer = start(speaks).await;
        let other = start(speaks).await;
        let scheme = if speaks == Speaks::Https { "https" } else { "syslog+tls" };
        let target = format!("{scheme}://127.0.0.1:{}", peer.port);
        // By the system's roots, and by a file that holds another certificate.
        for ca in [None, Some(other.tls.ca.as_path())] {
            let failure = Sink::parse(&target, None, ca).unwrap().deliver(&lines(1, 2)).await.unwrap_err();
            assert!(!failure.is_permanent() && failure.to_string().contains("certificate"), "{failure}");
        }
        // By a name the certificate is not for.
        let target = format!("{scheme}://127.0.0.2:{}", peer.port);
        assert!(Sink::parse(&target, None, Some(&peer.tls.ca)).unwrap().deliver(&lines(1, 2)).await.is_err());
        let target = format!("{scheme}://localhost:{}", peer.port);
        Sink::parse(&target, None, Some(&peer.tls.ca)).unwrap().deliver(&lines(1, 2)).await.unwrap();
        assert_eq!(peer.batches(), 1);
    }
}

#[test]
fn the_peer_knows_wrong_framing() {
    assert_eq!(frames("3 abc2 å".as_bytes()).unwrap(), ["abc", "å"]);
    for wrong in ["3 ab", "abc", "03 abc", "3abc", "3 abc\n", " 3 abc", "3 abcd"] {
        assert!(frames(wrong.as_bytes()).is_err(), "{wrong}");
    }
}
