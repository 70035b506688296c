//! What the facts of the log say, as people read it: the words the log keeps are said in the reader's language.
//!
//! Never here: ids, amounts, and what somebody typed. They stay as they are.

use chandlery_domain::benefit::Edition;
use chandlery_domain::market::Country;

use crate::app::provision::said_again;
use crate::texts::Reader;

/// The longest text that may be a word of the log, in bytes.
const WORD_MAX: usize = 80;

/// The value of a fact. Which facts are words their names say; those of no other list stand in the languages as
/// `value-name-word`.
pub(crate) fn value(reader: &Reader, name: &str, value: &str) -> String {
    let said = match name {
        "roles" => {
            let role = |word: &str| reader.word_if_known("role", word).unwrap_or_else(|| word.to_owned());
            Some(reader.list(&value.split_whitespace().map(role).collect::<Vec<_>>()))
        }
        "country" => value.parse::<Country>().ok().map(|country| reader.country(country)),
        "reason" => Some(said_again(reader, value)),
        "error_code" => {
            reader.word_if_known("error-code", value).map(|meaning| format!("{value}: {meaning}"))
        }
        "margin" => word(reader, "margin-kind", value),
        "edition" => value.parse::<Edition>().ok().map(|own| own.name().to_owned()),
        "place" => word(reader, "place", value),
        "family" => word(reader, "family-one", value),
        "billing_cycle" => word(reader, "cycle", value),
        "status" => word(reader, "order-status", value),
        "topic" => word(reader, "support-topic", value),
        "severity" => word(reader, "support-impact", value),
        "issued_side" => word(reader, "side", value),
        "public" | "auto_renew_enabled" | "log_key_destroyed" | "in_use" | "registered" => {
            word(reader, "value", value)
        }
        "state" => word(reader, "support-state", value).or_else(|| word(reader, "value-state", value)),
        other => word(reader, &format!("value-{}", other.replace('_', "-")), value),
    };
    said.unwrap_or_else(|| value.to_owned())
}

fn word(reader: &Reader, prefix: &str, value: &str) -> Option<String> {
    if value.len() > WORD_MAX {
        return None;
    }
    let parts = value.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|own| !own.is_empty());
    reader.word_if_known(prefix, &parts.collect::<Vec<_>>().join("-"))
}
