//! Anchors over HTTP, against a receiver of our own; files are tested beside the code.
//!
//! Never here: a receiver that is not on this machine.

use chandlery::outside::anchor::Anchor;

use crate::siem_peer::{Speaks, Trouble, start};

#[tokio::test]
async fn a_checkpoint_is_one_post_of_plain_text() {
    let peer = start(Speaks::Http).await;
    let anchor = Anchor::parse(&format!("http://127.0.0.1:{}/keep?token=secret", peer.port)).unwrap();
    peer.fail_batch(1, Trouble::Answer(500));
    peer.fail_batch(2, Trouble::Answer(307));
    peer.fail_batch(3, Trouble::Cut);
    for _ in 0..3 {
        let failure = anchor.put("1 å").await.unwrap_err();
        assert!(!failure.is_permanent() && !failure.to_string().contains("secret"), "{failure}");
    }
    anchor.put("1 å").await.unwrap();
    anchor.put("2").await.unwrap();
    assert_eq!(peer.lines(), ["1 å", "2"]);
    let requests = peer.requests();
    let last = requests.last().unwrap();
    assert_eq!(last.line, "POST /keep?token=secret HTTP/1.1");
    assert_eq!([last.body.as_str(), &last.headers["content-type"]], ["2", "text/plain; charset=utf-8"]);
    assert!(anchor.put("two\nlines").await.unwrap_err().is_permanent());
}

#[tokio::test]
async fn an_anchor_with_an_unknown_certificate_is_refused() {
    let peer = start(Speaks::Https).await;
    let anchor = Anchor::parse(&format!("https://127.0.0.1:{}/", peer.port)).unwrap();
    let failure = anchor.put("1").await.unwrap_err();
    assert!(failure.to_string().contains("certificate"), "{failure}");
    assert_eq!(peer.batches(), 0);
}
