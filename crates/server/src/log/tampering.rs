//! Every way of tampering with a log, at every place: the verification must name the first wrong entry exactly.

use proptest::prelude::*;

use super::sample::{Log, PARTNER, Piece, content};
use super::*;

/// A stranger that claims a number behind an entry; with a right hash or not.
fn stranger(log: &mut Log, after: u64, right: bool) -> Piece {
    let previous = log.entry(after).0.hash;
    let mut content = content(after);
    content.id = "stranger".into();
    let mut entry = Sealed::new(previous, after + 1, content);
    if !right {
        entry.hash[5] ^= 1;
    }
    Piece::Entry(Box::new(entry), Disclosed::nothing())
}

fn some(sequence: u64, id: &str, after: u64) -> Option<Finding> {
    Some(Finding::Inserted { sequence, id: id.into(), after })
}

/// A log's length, how often it is signed, and a place in it that is not the last.
fn inside() -> impl Strategy<Value = (u64, u64, u64)> {
    (2_u64..40, 1_u64..12).prop_flat_map(|(count, every)| (Just(count), Just(every), 1..count))
}

fn change_field(content: &mut Content, field: usize) {
    fn option(field: &mut Option<String>) {
        match field {
            Some(text) => text.push('x'),
            None => *field = Some(String::new()),
        }
    }
    match field {
        0 => content.id.push('x'),
        1 => content.at ^= 1,
        2 => content.side.push('x'),
        3 => content.operation.push('x'),
        4 => content.resource.push('x'),
        5 => content.resource_id.push('x'),
        6 => option(&mut content.customer_id),
        7 => option(&mut content.customer_name),
        8 => content.outcome.push('x'),
        9 => content.actor_kind.push('x'),
        10 => content.actor_id.push('x'),
        11 => option(&mut content.actor_name),
        12 => option(&mut content.application),
        13 => option(&mut content.address),
        14 => option(&mut content.personal),
        15 => content.before.push(' '),
        16 => content.after.push(' '),
        17 => content.request_id.push('x'),
        _ => content.correlation_id.push('x'),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_untouched_log_is_sound((count, every, _) in inside()) {
        let log = Log::new(count, every);
        let report = log.report_with(&log.checkpoints());
        prop_assert_eq!(&report.finding, &None);
        prop_assert_eq!((report.entries, report.first, report.last, report.covered_through), (count, 1, count, count));
        prop_assert!(report.warnings.is_empty() && report.is_sound());
        prop_assert_eq!(report.checkpoints, u64::try_from(log.checkpoints().len()).unwrap());
    }

    #[test]
    fn a_changed_field_is_named((count, every, at) in inside(), last in any::<bool>(), field in 0_usize..22, by in 1_u64..90) {
        let mut log = Log::new(count, every);
        let at = if last { count } else { at };
        let (entry, _) = log.entry(at);
        match field {
            19 => entry.sequence = (entry.sequence + by) % 100,
            20 => entry.previous[3] ^= 1,
            21 => entry.hash[3] ^= 1,
            field => change_field(&mut entry.content, field),
        }
        let id = entry.content.id.clone();
        prop_assert_eq!(log.finding(), Some(Finding::Changed { sequence: at, id }));
    }

    #[test]
    fn another_partners_entry_is_named((count, every, at) in inside()) {
        let mut log = Log::new(count, every);
        let (entry, _) = log.entry(at);
        entry.content.partner = "fabrikam".into();
        let id = entry.content.id.clone();
        prop_assert_eq!(log.finding(), Some(Finding::ForeignEntry { sequence: at, id, partner: "fabrikam".into() }));
    }

    #[test]
    fn missing_entries_are_named((count, every, from) in inside(), length in 1_u64..20, renumbered in any::<bool>()) {
        let mut log = Log::new(count, every);
        let to = (from + length - 1).min(count - 1);
        log.remove(from, to);
        if renumbered && from == to {
            let behind = if from == 1 { 0 } else { log.place(from - 1) + 1 };
            log.renumber(behind.saturating_sub(1), |number| number - 1);
            if let Piece::Entry(entry, _) = &mut log.pieces[0] && from == 1 && entry.sequence == 2 {
                entry.sequence = 1;
            }
        }
        log.end = Some(count - (to - from + 1));
        prop_assert_eq!(log.finding(), Some(Finding::Missing { from, to }));
    }

    #[test]
    fn swapped_entries_are_named((count, every, at) in inside(), distance in 1_u64..20) {
        let mut log = Log::new(count, every);
        let other = (at + distance).min(count);
        let (one, two) = (log.place(at), log.place(other));
        log.pieces.swap(one, two);
        prop_assert_eq!(log.finding(), Some(Finding::Reordered { sequence: other, id: format!("entry-{other}"), before: at }));
        // With their numbers swapped as well, the order of the numbers looks right.
        log.entry(other).0.sequence = 0;
        log.entry(at).0.sequence = other;
        log.entry(0).0.sequence = at;
        prop_assert_eq!(log.finding(), Some(Finding::Reordered { sequence: other, id: format!("entry-{other}"), before: at }));
    }

    #[test]
    fn a_cut_tail_is_named((count, every, after) in inside()) {
        let mut log = Log::new(count, every);
        let anchors = log.checkpoints();
        log.remove(after + 1, count);
        for end in [None, Some(count), Some(after)] {
            log.end = end;
            prop_assert_eq!(log.finding(), Some(Finding::CutOff { after, signed_through: Some(count) }));
        }
        // The checkpoints are cut away too: now only the end line or an anchor shows it.
        log.pieces.retain(|piece| !matches!(piece, Piece::Checkpoint(checkpoint) if checkpoint.sequence > after));
        for end in [None, Some(count)] {
            log.end = end;
            prop_assert_eq!(log.finding(), Some(Finding::CutOff { after, signed_through: None }));
        }
        log.end = Some(after);
        prop_assert_eq!(log.finding(), None);
        prop_assert_eq!(log.report_with(&anchors).finding, Some(Finding::CutOff { after, signed_through: Some(count) }));
        // Half a line at the end.
        let text = log.text();
        let cut = text.trim_end().len() - 3;
        let report = verify_export(&text.as_bytes()[..cut], &log.keys(), &[]).unwrap();
        prop_assert_eq!(report.finding, Some(Finding::CutOff { after, signed_through: None }));
    }

    #[test]
    fn an_inserted_entry_is_named((count, every, after) in inside(), right in any::<bool>(), renumbered in any::<bool>()) {
        let mut log = Log::new(count, every);
        let piece = stranger(&mut log, after, right);
        let place = log.place(after) + 1;
        log.pieces.insert(place, piece);
        if renumbered {
            log.renumber(place, |number| number + 1);
        }
        log.end = Some(count + 1);
        prop_assert_eq!(log.finding(), some(after + 1, "stranger", after));
    }

    #[test]
    fn a_duplicate_is_named((count, every, at) in inside(), distance in 0_u64..20, renumbered in any::<bool>()) {
        let mut log = Log::new(count, every);
        let after = (at + distance).min(count - 1);
        let mut copy = log.pieces[log.place(at)].clone();
        let place = log.place(after) + 1;
        let mut expected = Some(Finding::Duplicate { sequence: at, id: format!("entry-{at}"), after });
        if let Piece::Entry(entry, _) = &mut copy && renumbered {
            entry.sequence = after + 1;
            // Under another number it is no copy but a stranger, unless it stands right behind the original.
            if at != after {
                expected = some(after + 1, &format!("entry-{at}"), after);
            }
        }
        log.pieces.insert(place, copy);
        log.end = Some(count + 1);
        prop_assert_eq!(log.finding(), expected);
    }

    #[test]
    fn a_rewritten_chain_is_found((count, every, at) in inside(), field in 0_usize..19) {
        let mut log = Log::new(count, every);
        let anchors = log.checkpoints();
        change_field(&mut log.entry(at).0.content, field);
        if let (entry, disclosed) = log.entry(at) && entry.content.personal.is_some() {
            *disclosed = Disclosed::nothing();
        }
        log.rechain(at);
        let to = at.next_multiple_of(every).min(count);
        let from = (at - 1) / every * every + 1;
        let expected = Some(Finding::HeadMismatch { from, to });
        prop_assert_eq!(log.finding(), expected.clone());
        // Signed anew with the stolen key, it is right in itself; the anchors show it.
        let own = SigningKey::from_pkcs8(&log.key.to_pkcs8().unwrap()).unwrap();
        log.resign(at, &own);
        prop_assert_eq!(log.finding(), None);
        prop_assert_eq!(log.report_with(&anchors).finding, expected);
        // With another key, or another key under our key's id.
        let other = SigningKey::generate().unwrap();
        log.resign(at, &other);
        prop_assert_eq!(log.finding(), Some(Finding::UnknownKey { sequence: to, key: other.id().into() }));
        let id = own.id().to_owned();
        for piece in &mut log.pieces {
            if let Piece::Checkpoint(checkpoint) = piece {
                checkpoint.key.clone_from(&id);
            }
        }
        prop_assert_eq!(log.finding(), Some(Finding::BadSignature { sequence: to, key: id }));
    }

    #[test]
    fn one_entry_sealed_anew_breaks_the_chain((count, _, at) in inside()) {
        let mut log = Log::new(count, 1000);
        let (entry, _) = log.entry(at);
        entry.content.outcome = "failed".into();
        *entry = Sealed::new(entry.previous, at, entry.content.clone());
        let id = format!("entry-{}", at + 1);
        prop_assert_eq!(log.finding(), Some(Finding::Broken { from: 1, sequence: at + 1, id }));
    }

    #[test]
    fn personal_fields_are_held_against_the_chain((count, every, at) in inside(), how in 0_usize..4) {
        let mut log = Log::new(count, every);
        let at = (at / 2 * 2).max(2);
        let (_, disclosed) = log.entry(at);
        match how {
            0 => disclosed.person.as_mut().unwrap().name = Some("Olga".into()),
            1 => disclosed.person.as_mut().unwrap().address = None,
            2 => disclosed.opening = None,
            _ => disclosed.opening.as_mut().unwrap()[0] ^= 1,
        }
        let id = format!("entry-{at}");
        prop_assert_eq!(log.finding(), Some(Finding::PersonalMismatch { sequence: at, id }));
        // Erased: neither opening nor clear text can be made any more, and the chain holds.
        *log.entry(at).1 = Disclosed::nothing();
        prop_assert_eq!(log.finding(), None);
    }

    #[test]
    fn live_rows_are_judged_like_an_export((count, every, at) in inside(), length in 1_u64..9) {
        let mut log = Log::new(count, every);
        let keys = log.keys();
        let follow = |log: &Log, start: Start, expect: Expect| {
            let mut verifier = Verifier::new(PARTNER, &keys, start);
            for piece in &log.pieces {
                match piece {
                    Piece::Entry(entry, _) => verifier.entry(entry),
                    Piece::Checkpoint(checkpoint) => verifier.checkpoint(checkpoint),
                }
            }
            verifier.finish(expect)
        };
        prop_assert_eq!(follow(&log, Start::beginning(PARTNER), Expect::Through(count)).finding, None);
        let cut = follow(&log, Start::beginning(PARTNER), Expect::Through(count + 2)).finding;
        prop_assert_eq!(cut, Some(Finding::CutOff { after: count, signed_through: Some(count + 2) }));
        // From the middle, behind a known hash, behind a wrong one, and behind nothing known.
        let head = log.entry(at).0.hash;
        let first = log.place(at) + 1;
        log.pieces.drain(..first);
        let report = follow(&log, Start::after(at, head), Expect::Part);
        prop_assert_eq!((report.finding, report.first, report.covered_through), (None, at + 1, count));
        let wrong = follow(&log, Start::after(at, [1; 32]), Expect::Part).finding;
        let id = format!("entry-{}", at + 1);
        // A checkpoint of the entry before, when the rows begin with it, speaks first.
        let signed = matches!(log.pieces[0], Piece::Checkpoint(_));
        prop_assert_eq!(wrong, Some(if signed { Finding::HeadMismatch { from: at, to: at } } else {
            Finding::Broken { from: at + 1, sequence: at + 1, id }
        }));
        prop_assert_eq!(follow(&log, Start::at(at + 1), Expect::Part).finding, None);
        let to = (at + length).min(count - 1);
        if to > at {
            log.remove(at + 1, to);
            let missing = follow(&log, Start::at(at + 1), Expect::Part).finding;
            prop_assert_eq!(missing, Some(Finding::Missing { from: at + 1, to }));
        }
    }
}

#[test]
fn a_part_of_a_log_says_what_it_does_not_show() {
    let mut log = Log::new(20, 100);
    let ten = log.entry(10).0.hash;
    let anchor = log.key.checkpoint(PARTNER, 10, ten, 1).unwrap();
    log.remove(1, 10);
    (log.from, log.end) = (11, Some(10));
    assert_eq!(log.report().warnings, [Warning::Partial { from: 11 }]);
    assert!(log.report_with(std::slice::from_ref(&anchor)).warnings.is_empty());
    let wrong = log.key.checkpoint(PARTNER, 10, [3; 32], 1).unwrap();
    assert_eq!(log.report_with(&[wrong]).finding, Some(Finding::HeadMismatch { from: 10, to: 10 }));
    log.pieces.pop();
    let warnings = log.report_with(&[anchor]).warnings;
    assert_eq!(warnings, [Warning::NotCovered { after: 10, entries: 10 }]);
    assert_eq!(warnings[0].to_string(), "no checkpoint covers the last 10 entries, after entry 10");
}

#[test]
fn checkpoints_count_before_and_behind_their_entries() {
    let mut log = Log::new(30, 7);
    let (signed, mut entries): (Vec<Piece>, Vec<Piece>) =
        log.pieces.drain(..).partition(|piece| matches!(piece, Piece::Checkpoint(_)));
    log.pieces = signed.iter().cloned().chain(entries.iter().cloned()).collect();
    assert_eq!((log.finding(), log.report().covered_through), (None, 30));
    entries.extend(signed.into_iter().rev());
    log.pieces = entries;
    assert_eq!((log.finding(), log.report().checkpoints), (None, 5));
    let foreign = log.key.checkpoint("fabrikam", 30, [0; 32], 1).unwrap();
    log.pieces.push(Piece::Checkpoint(foreign));
    let expected = Finding::ForeignCheckpoint { sequence: 30, partner: "fabrikam".into() };
    assert_eq!(log.finding(), Some(expected));
}

#[test]
fn what_is_no_export_is_said_line_by_line() {
    let log = Log::new(5, 10);
    let text = log.text();
    let check = |text: String| verify_export(text.as_bytes(), &log.keys(), &[]);
    for wrong in ["", "{}", "{\"export\":\"other\"}\n", &text.replace("\"version\":1", "\"version\":2")] {
        assert!(matches!(check(wrong.into()), Err(Error::NotAnExport)));
    }
    let unreadable = |text: String| match check(text).unwrap().finding {
        Some(Finding::Unreadable { line, after, why }) => (line, after, why),
        other => panic!("{other:?}"),
    };
    let with_third = |line: &str| {
        let mut lines: Vec<&str> = text.lines().collect();
        lines[3] = line;
        lines.join("\n")
    };
    assert_eq!(unreadable(with_third("rubbish")), (4, 2, "it is not an entry"));
    assert_eq!(unreadable(with_third("{\"checkpoint\":5}")), (4, 2, "it is not a checkpoint"));
    assert_eq!(unreadable(with_third("{\"end\":false,\"entries\":2}")), (4, 2, "it is not an end line"));
    let long = "x".repeat(2 * export::MAX_LINE);
    assert_eq!(unreadable(with_third(&long)), (4, 2, "it is too long"));
    let more = text.lines().nth(3).unwrap().replacen('{', "{\"note\":\"x\",", 1);
    assert_eq!(unreadable(with_third(&more)), (4, 2, "it is not an entry"));
    let twice = text.lines().nth(3).unwrap().replacen('{', "{\"side\":\"x\",", 1);
    assert_eq!(unreadable(with_third(&twice)), (4, 2, "it is not an entry"));
    assert_eq!(
        unreadable(format!("{text}{{\"end\":true,\"entries\":5}}\n")).2,
        "it stands behind the end line"
    );
    assert_eq!(check(text.replace('\n', "\r\n\r\n")).unwrap().finding, None);
}

#[test]
fn looking_ahead_ends_somewhere() {
    let count = 12_000;
    let mut log = Log::new(count, 5000);
    assert_eq!(log.finding(), None);
    let moved = log.pieces.remove(4);
    log.pieces.push(moved);
    // Entry 5 comes, but too late to be looked for.
    assert_eq!(log.finding(), Some(Finding::Missing { from: 5, to: 5 }));
    assert!(log.report().entries < 10_100);
}

#[test]
fn findings_are_sentences() {
    let said = Finding::Reordered { sequence: 7, id: "x".into(), before: 5 }.to_string();
    assert_eq!(said, "entry 7 (id x) stands before entry 5: the order was changed");
    let said = Finding::HeadMismatch { from: 3, to: 9 }.to_string();
    assert_eq!(
        said,
        "entry 9 is not the one that was signed: somewhere from entry 3 to 9 the log was rewritten"
    );
}
