//! A log for the tests to read and to tamper with. Never part of the product.

use super::*;

/// The partner whose log the tests write.
pub(super) const PARTNER: &str = "contoso-partner";

/// An entry's content, different for every number, with every field that may be absent now there and now not.
pub(super) fn content(number: u64) -> Content {
    let some = |wanted: bool, text: &str| wanted.then(|| format!("{text} {number}"));
    Content {
        partner: PARTNER.into(),
        id: format!("entry-{number}"),
        at: 1_795_000_000_000_000 + i64::try_from(number).unwrap(),
        side: "partner".into(),
        operation: "update_subscription".into(),
        resource: "subscription".into(),
        resource_id: format!("sub-{number}"),
        customer_id: some(!number.is_multiple_of(2), "customer"),
        customer_name: some(!number.is_multiple_of(2), "Nordwind \"Handel\" ÅÄÖ"),
        outcome: "succeeded".into(),
        actor_kind: "user".into(),
        actor_id: "user-7".into(),
        actor_name: None,
        application: some(number.is_multiple_of(3), "portal"),
        address: None,
        personal: None,
        before: format!("{{\"quantity\": {number}}}"),
        after: "{\"quantity\":\n7}".into(),
        request_id: format!("request-{number}"),
        correlation_id: "correlation".into(),
    }
}

const PERSON: [u8; 32] = [42; 32];

/// One line of an export between its header and its end.
#[derive(Clone)]
pub(super) enum Piece {
    Entry(Box<Sealed>, Disclosed),
    Checkpoint(Checkpoint),
}

/// A log as somebody with a text editor has it in hand.
pub(super) struct Log {
    pub(super) key: SigningKey,
    pub(super) pieces: Vec<Piece>,
    pub(super) from: u64,
    pub(super) end: Option<u64>,
}

impl Log {
    /// Entries 1 to `count`, a checkpoint behind every `every`th and the last; every other entry has personal fields.
    pub(super) fn new(count: u64, every: u64) -> Self {
        let mut log =
            Self { key: SigningKey::generate().unwrap(), pieces: vec![], from: 1, end: Some(count) };
        let mut head = genesis(PARTNER);
        for number in 1..=count {
            let mut content = content(number);
            let mut disclosed = Disclosed::nothing();
            if number % 2 == 0 {
                let person =
                    Person { name: Some(format!("Anna {number}")), address: Some("192.0.2.7".into()) };
                let clear = person.clear_json().unwrap();
                content.personal = Some(seal_personal(&PERSON, &content.id, &clear).unwrap());
                disclosed = Disclosed { opening: Some(opening(&PERSON, &content.id)), person: Some(person) };
            }
            let entry = Sealed::new(head, number, content);
            head = entry.hash;
            log.pieces.push(Piece::Entry(Box::new(entry), disclosed));
            if number % every == 0 || number == count {
                let checkpoint = log.key.checkpoint(PARTNER, number, head, 1).unwrap();
                log.pieces.push(Piece::Checkpoint(checkpoint));
            }
        }
        log
    }

    pub(super) fn text(&self) -> String {
        let mut out = Vec::new();
        export::write_header(&mut out, &Header::new(PARTNER, self.from, 5)).unwrap();
        for piece in &self.pieces {
            match piece {
                Piece::Entry(entry, disclosed) => export::write_entry(&mut out, entry, disclosed).unwrap(),
                Piece::Checkpoint(checkpoint) => export::write_checkpoint(&mut out, checkpoint).unwrap(),
            }
        }
        if let Some(entries) = self.end {
            export::write_end(&mut out, entries).unwrap();
        }
        String::from_utf8(out).unwrap()
    }

    pub(super) fn keys(&self) -> PublicKeys {
        PublicKeys::parse(&self.key.public_key()).unwrap()
    }

    pub(super) fn report_with(&self, anchors: &[Checkpoint]) -> Report {
        verify_export(self.text().as_bytes(), &self.keys(), anchors).unwrap()
    }

    pub(super) fn report(&self) -> Report {
        self.report_with(&[])
    }

    pub(super) fn finding(&self) -> Option<Finding> {
        self.report().finding
    }

    /// Where an entry stands among the pieces.
    pub(super) fn place(&self, number: u64) -> usize {
        let is = |piece: &Piece| matches!(piece, Piece::Entry(entry, _) if entry.sequence == number);
        self.pieces.iter().position(is).unwrap()
    }

    pub(super) fn entry(&mut self, number: u64) -> (&mut Sealed, &mut Disclosed) {
        let place = self.place(number);
        match &mut self.pieces[place] {
            Piece::Entry(entry, disclosed) => (entry, disclosed),
            Piece::Checkpoint(_) => unreachable!(),
        }
    }

    pub(super) fn checkpoints(&self) -> Vec<Checkpoint> {
        self.pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Checkpoint(checkpoint) => Some(checkpoint.clone()),
                Piece::Entry(..) => None,
            })
            .collect()
    }

    /// Removes entries; the checkpoints stay.
    pub(super) fn remove(&mut self, from: u64, to: u64) {
        self.pieces.retain(
            |piece| !matches!(piece, Piece::Entry(entry, _) if (from..=to).contains(&entry.sequence)),
        );
    }

    /// Makes all hashes from an entry on right again, as somebody without the key can.
    pub(super) fn rechain(&mut self, from: u64) {
        let mut head = if from == 1 { genesis(PARTNER) } else { self.entry(from - 1).0.hash };
        for piece in &mut self.pieces {
            if let Piece::Entry(entry, _) = piece
                && entry.sequence >= from
            {
                **entry = Sealed::new(head, entry.sequence, entry.content.clone());
                head = entry.hash;
            }
        }
    }

    /// Signs all checkpoints from an entry on again.
    pub(super) fn resign(&mut self, from: u64, key: &SigningKey) {
        let mut head = [0; 32];
        for piece in &mut self.pieces {
            match piece {
                Piece::Entry(entry, _) => head = entry.hash,
                Piece::Checkpoint(checkpoint) if checkpoint.sequence >= from => {
                    *checkpoint = key.checkpoint(PARTNER, checkpoint.sequence, head, 1).unwrap();
                }
                Piece::Checkpoint(_) => {}
            }
        }
    }

    /// Gives the entries behind a piece other numbers, without touching their hashes.
    pub(super) fn renumber(&mut self, behind: usize, change: fn(u64) -> u64) {
        for piece in self.pieces.iter_mut().skip(behind + 1) {
            if let Piece::Entry(entry, _) = piece {
                entry.sequence = change(entry.sequence);
            }
        }
    }
}
