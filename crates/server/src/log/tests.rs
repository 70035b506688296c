//! The format, held fast by golden values; keys, sealing, and what an export looks like. Tampering is tried in `tampering`.

use super::sample::{PARTNER, content};
use super::*;

fn golden() -> Content {
    let mut content = content(1);
    content.address = Some(String::new());
    content.at = -2;
    content
}

#[test]
fn the_format_has_not_drifted() {
    // Made once by another program from the description of the format alone.
    let digest = content_digest(&golden());
    assert_eq!(hex::encode(digest), "cb3048c3e0a0ff66dfb08b7b39da7be8a3f18f91a08623a9a791d842368ceab8");
    assert_eq!(
        hex::encode(genesis(PARTNER)),
        "6978fe617ad446761b5781532a5a8cb932d2b850993be6739555c438e65cf6bf"
    );
    assert_eq!(
        hex::encode(link(genesis(PARTNER), 1, digest)),
        "c5dca3ad80b9330732fe26fe1c0ce5f14f6f553dd908db6690c5b6bd8eb8bb45"
    );
    assert_eq!(
        hex::encode(opening(&[7; 32], "entry-1")),
        "e33da7207069deed8094fb54617a19b253559da5b456745d59b4f0d0968c3ec0"
    );
}

#[test]
fn a_long_entry_has_the_same_digest_in_pieces() {
    let mut long = golden();
    long.before = "x".repeat(10_000);
    assert_eq!(
        hex::encode(content_digest(&long)),
        "f4dd3a4d2f58fbddbfc6c1e13793e3c40612a5c98c13dae332eed7cf656e2f95"
    );
}

#[test]
fn absent_and_empty_and_neighbouring_texts_differ() {
    let digest = |change: fn(&mut Content)| {
        let mut content = content(2);
        change(&mut content);
        content_digest(&content)
    };
    let all = [
        digest(|_| ()),
        digest(|c| c.address = Some(String::new())),
        digest(|c| c.application = Some(String::new())),
        digest(|c| (c.before, c.after) = (String::new(), format!("{}{}", c.before, c.after))),
    ];
    let different: std::collections::BTreeSet<_> = all.iter().collect();
    assert_eq!(different.len(), all.len());
}

#[test]
fn keys_are_read_back_and_only_theirs_is_believed() {
    let key = SigningKey::generate().unwrap();
    let again = SigningKey::from_pkcs8(&key.to_pkcs8().unwrap()).unwrap();
    assert_eq!((again.id(), again.public_key()), (key.id(), key.public_key()));
    assert!(SigningKey::from_pkcs8(b"nothing").is_err());

    let bare = PublicKeys::parse(&format!("# ours\n\n{}\n", key.public_key())).unwrap();
    let named = PublicKeys::parse(&bare.to_string()).unwrap();
    assert_eq!(bare, named);
    assert_eq!(bare.to_string(), format!("{} {}\n", key.id(), key.public_key()));
    assert_eq!(key.id().len(), 16);
    assert!(PublicKeys::parse(key.public_key().trim_end_matches('=')).is_ok());
    for wrong in ["0123456789abcdef AAAA", "!!!", &format!("0123456789abcdef {}", key.public_key()), "a b c"]
    {
        assert!(matches!(PublicKeys::parse(wrong), Err(Error::PublicKey { line: 1 })), "{wrong}");
    }

    let signed = again.checkpoint(PARTNER, 3, [9; 32], 5).unwrap();
    let text = format!("chandlery checkpoint 1\n{PARTNER}\n3\n{}\n5\n", "09".repeat(32));
    assert_eq!(signed.signed_text(), text);
    assert_eq!(named.verify(&signed), Ok(()));
    for change in [
        |c: &mut Checkpoint| c.partner.push('x'),
        |c: &mut Checkpoint| c.sequence += 1,
        |c: &mut Checkpoint| c.head[0] ^= 1,
        |c: &mut Checkpoint| c.at += 1,
        |c: &mut Checkpoint| c.signature[63] ^= 1,
    ] {
        let mut changed = signed.clone();
        change(&mut changed);
        assert_eq!(named.verify(&changed), Err(Refused::BadSignature));
    }
    let other = SigningKey::generate().unwrap().checkpoint(PARTNER, 3, [9; 32], 5).unwrap();
    assert_eq!(named.verify(&other), Err(Refused::UnknownKey));
    assert!(matches!(key.checkpoint("a\n5", 1, [0; 32], 0), Err(Error::Partner)));
}

#[test]
fn personal_fields_open_only_with_their_opening_and_in_their_entry() {
    let key = [7; 32];
    let sealed = seal_personal(&key, "entry-1", "{\"name\":\"Anna\"}").unwrap();
    assert!(!sealed.contains("Anna"));
    let own = opening(&key, "entry-1");
    assert_eq!(*open_personal(&own, "entry-1", &sealed).unwrap(), "{\"name\":\"Anna\"}");
    assert!(open_personal(&own, "entry-2", &sealed).is_err());
    assert!(open_personal(&opening(&key, "entry-2"), "entry-1", &sealed).is_err());
    assert!(open_personal(&opening(&[8; 32], "entry-1"), "entry-1", &sealed).is_err());
    // The commitment of another opening with this text, and this commitment with another text.
    let foreign = seal_personal(&[8; 32], "entry-1", "{\"name\":\"Olga\"}").unwrap();
    let (ours, theirs) = (sealed.split_once('.').unwrap(), foreign.split_once('.').unwrap());
    assert!(open_personal(&own, "entry-1", &format!("{}.{}", theirs.0, ours.1)).is_err());
    assert!(open_personal(&own, "entry-1", &format!("{}.{}", ours.0, theirs.1)).is_err());
    for broken in ["", ".", "00.", &sealed[1..], &sealed[..sealed.len() - 1]] {
        assert!(open_personal(&own, "entry-1", broken).is_err(), "{broken}");
    }
}

#[test]
fn an_export_is_lines_that_say_what_they_are() {
    let key = SigningKey::generate().unwrap();
    let entry = Sealed::new(genesis(PARTNER), 1, content(2));
    let mut out = Vec::new();
    export::write_header(&mut out, &Header::new(PARTNER, 1, 5)).unwrap();
    export::write_entry(&mut out, &entry, &Disclosed::nothing()).unwrap();
    let checkpoint = key.checkpoint(PARTNER, 1, entry.hash, 6).unwrap();
    export::write_checkpoint(&mut out, &checkpoint).unwrap();
    export::write_end(&mut out, 1).unwrap();
    let text = String::from_utf8(out).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        r#"{"export":"chandlery-log","version":1,"partner":"contoso-partner","from":1,"made_at":5}"#
    );
    let said: serde_json::Value = serde_json::from_str(lines[1]).unwrap();
    assert_eq!(said["before"], r#"{"quantity": 2}"#);
    assert_eq!(said["previous"], hex::encode(genesis(PARTNER)));
    assert!(said.get("address").is_none() && said.get("opening").is_none() && said.get("person").is_none());
    assert!(lines[2].starts_with(r#"{"checkpoint":{"partner":"contoso-partner","sequence":1,"head":""#));
    assert_eq!(lines[3], r#"{"end":true,"entries":1}"#);
    assert_eq!(export::read_anchors(format!("{}\n\n", lines[2]).as_bytes()).unwrap(), [checkpoint]);
    assert!(matches!(export::read_anchors(lines[3].as_bytes()), Err(Error::Anchor { line: 1 })));
    let mut long = content(1);
    long.after = "x".repeat(export::MAX_LINE);
    let long = Sealed::new([0; 32], 1, long);
    assert!(matches!(export::entry_line(&long, &Disclosed::nothing()), Err(Error::TooLong)));
}

#[test]
fn a_table_runs_nothing_in_a_spreadsheet() {
    let mut content = content(1);
    content.customer_name = Some("=HYPERLINK(\"x\")".into());
    content.side = "+1".into();
    content.operation = "-1".into();
    content.resource = "@x".into();
    content.outcome = "\tx".into();
    content.actor_kind = "\rx".into();
    content.at = 0;
    let entry = Sealed::new([0; 32], 1, content);
    let person = Person { name: Some("@Anna".into()), address: None };
    let mut table = Table::new(Vec::new()).unwrap();
    table.row(&entry, &Disclosed { opening: Some([1; 32]), person: Some(person) }).unwrap();
    let written = table.finish().unwrap();
    let mut rows = csv::Reader::from_reader(written.as_slice());
    let names = rows.headers().unwrap().clone();
    let row = rows.records().next().unwrap().unwrap();
    assert_eq!((names.len(), row.len()), (26, 26));
    let cell = |name: &str| row.get(names.iter().position(|n| n == name).unwrap()).unwrap().to_owned();
    assert_eq!(cell("customer_name"), "'=HYPERLINK(\"x\")");
    assert_eq!(
        (cell("side"), cell("operation"), cell("resource")),
        ("'+1".into(), "'-1".into(), "'@x".into())
    );
    assert_eq!((cell("outcome"), cell("actor_kind")), ("'\tx".into(), "'\rx".into()));
    assert_eq!((cell("at"), cell("person_name")), ("1970-01-01T00:00:00Z".into(), "'@Anna".into()));
    assert_eq!((cell("address"), cell("opening")), (String::new(), "01".repeat(32)));
}
