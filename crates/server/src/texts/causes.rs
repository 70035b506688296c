//! Why something outside did not work. Jobs and the log keep it in English; each reader is told in its own language.

use super::Reader;

/// Stands for what somebody else said while a sentence is taken apart.
const DETAIL: &str = "\u{1}";

/// The sentences, by their ids. What somebody else said ends them, so that a text that was cut is still known.
const CAUSES: [&str; 13] = [
    "cause-mail-recipient",
    "cause-mail-slow",
    "cause-mail-unreachable",
    "cause-mail-no-starttls",
    "cause-mail-log-in",
    "cause-mail-refused",
    "cause-mail-server",
    "cause-mail-none",
    "cause-call-slow",
    "cause-call-unreachable",
    "cause-call-broken",
    "cause-call-forbidden",
    "cause-call-here",
];

/// A cause as it is kept.
pub fn cause(id: &'static str) -> String {
    Reader::default().t(id)
}

/// The same with what somebody else said.
pub fn cause_of(id: &'static str, detail: impl std::fmt::Display) -> String {
    Reader::default().t1(id, "detail", detail.to_string())
}

/// A kept cause as a reader is told; what is none of them, as it is. Others' words stay as they are.
pub fn cause_said(reader: &Reader, kept: &str) -> String {
    let english = Reader::default();
    let said = CAUSES.iter().find_map(|id| {
        let sentence = english.t1(id, "detail", DETAIL);
        match sentence.strip_suffix(DETAIL) {
            Some(before) => kept.strip_prefix(before).map(|detail| reader.t1(id, "detail", detail)),
            None => (sentence == kept).then(|| reader.t(id)),
        }
    });
    said.unwrap_or_else(|| kept.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Language;

    #[test]
    fn a_kept_cause_is_said_in_each_language_with_others_words_as_they_are() {
        let german = Reader::new(Language::De, None);
        let kept = cause_of("cause-mail-refused", "550 no such user");
        assert_eq!(kept, "the mail server refused: 550 no such user");
        assert_eq!(cause_said(&german, &kept), "der Mailserver lehnte ab: 550 no such user");
        assert_eq!(cause_said(&german, &cause("cause-mail-none")), "kein Mailserver ist eingerichtet");
        assert_eq!(cause_said(&german, "something else"), "something else");
    }

    #[test]
    fn every_cause_is_found_again_and_no_other_in_its_place() {
        for language in Language::ALL {
            let reader = Reader::new(language, None);
            for id in CAUSES {
                let kept = cause_of(id, "connection refused");
                assert_eq!(cause_said(&reader, &kept), reader.t1(id, "detail", "connection refused"), "{id}");
            }
        }
    }
}
