//! A form as it was filled in: what was typed, and what is wrong with it, field by field, so that nothing typed is lost.

use chandlery_domain::customer::is_mail_address;

use super::Form;
use crate::texts::Reader;

/// A field that somebody changed while somebody else typed in it.
pub struct Difference {
    /// The field's label.
    pub label: String,
    /// What was typed.
    pub typed: String,
    /// What stands there now.
    pub now: String,
}

/// How large a file may be.
pub struct Most {
    /// In bytes, for a script.
    pub bytes: usize,
    /// For people.
    pub shown: String,
}

impl Most {
    /// So many bytes.
    pub fn of(reader: &Reader, bytes: usize) -> Self {
        Self { bytes, shown: reader.size(u64::try_from(bytes).unwrap_or(u64::MAX)) }
    }
}

/// What stands behind a form, as a short word: another one once anything of it changed.
pub fn seen<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    let mut digest = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
    for part in parts {
        // The length first, so that no two lists of parts read the same.
        digest.update(part.len().to_string().as_bytes());
        digest.update(b":");
        digest.update(part.as_bytes());
    }
    hex::encode(digest.finish().as_ref()).chars().take(16).collect()
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
pub struct Fields {
    values: Vec<(String, String)>,
    wrong: Vec<(&'static str, String)>,
    asked: Vec<(&'static str, String)>,
}

impl Fields {
    /// What a form was sent with.
    pub fn of(form: &Form) -> Self {
        Self { values: form.0.clone(), ..Self::default() }
    }

    /// A form that begins with these values.
    pub fn with(values: &[(&str, &str)]) -> Self {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { values, ..Self::default() }
    }

    /// The same, with what begins in fields that were not sent at all.
    #[must_use]
    pub fn filled_up(mut self, begin: Self) -> Self {
        for (name, value) in begin.values {
            if !self.values.iter().any(|(own, _)| *own == name) {
                self.values.push((name, value));
            }
        }
        self
    }

    /// What stands in a field.
    pub fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str())
    }

    /// Whether a field was sent at all.
    pub fn has(&self, name: &str) -> bool {
        self.values.iter().any(|(own, _)| own == name)
    }

    /// Whether a box is ticked, or a choice made.
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.values.iter().any(|(own, text)| own == name && text == value)
    }

    /// Whether something is wrong with a field.
    pub fn is_wrong(&self, name: &str) -> bool {
        self.wrong.iter().any(|(own, _)| *own == name)
    }

    /// What is wrong with a field.
    pub fn fault(&self, name: &str) -> &str {
        self.wrong.iter().find(|(own, _)| *own == name).map_or("", |(_, text)| text.as_str())
    }

    /// Where what was typed is not what stands there now; `labels` are the fields with the ids of their labels.
    pub fn differences(&self, reader: &Reader, now: &Self, labels: &[(&str, &str)]) -> Vec<Difference> {
        labels
            .iter()
            .filter(|(name, _)| self.value(name).trim() != now.value(name))
            .map(|(name, label)| Difference {
                label: reader.t(label),
                typed: self.value(name).trim().to_owned(),
                now: now.value(name).to_owned(),
            })
            .collect()
    }

    /// What is shown, as a short word a form sends back: another one once anything of it changed.
    pub fn seen(&self) -> String {
        seen(self.values.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]))
    }

    /// Asks back with a box that was not there before: ticked, it sends this value.
    pub fn ask(&mut self, name: &'static str, value: &str) {
        self.asked.push((name, value.to_owned()));
    }

    /// What a box sends that asks back, where it does.
    pub fn asks(&self, name: &str) -> Option<&str> {
        self.asked.iter().find(|(own, _)| *own == name).map(|(_, value)| value.as_str())
    }

    /// Everything that is wrong, as field and text.
    pub fn faults(&self) -> &[(&'static str, String)] {
        &self.wrong
    }

    /// Whether nothing is wrong.
    pub const fn is_right(&self) -> bool {
        self.wrong.is_empty()
    }

    /// Says what is wrong with a field.
    pub fn complain(&mut self, name: &'static str, text: String) {
        self.wrong.push((name, text));
    }

    /// A text of at most so many letters; without one the field is wrong.
    pub fn required(&mut self, reader: &Reader, name: &'static str, max: usize) -> String {
        let text = self.value(name).trim().to_owned();
        if text.is_empty() {
            self.complain(name, reader.t("field-required"));
        } else {
            self.check_length(reader, name, &text, max);
        }
        text
    }

    /// A text of at most so many letters, if there is one.
    pub fn optional(&mut self, reader: &Reader, name: &'static str, max: usize) -> Option<String> {
        let text = self.value(name).trim().to_owned();
        self.check_length(reader, name, &text, max);
        (!text.is_empty()).then_some(text)
    }

    fn check_length(&mut self, reader: &Reader, name: &'static str, text: &str, max: usize) {
        if text.chars().count() > max {
            self.complain(name, reader.t1("field-too-long", "max", max));
        } else if text.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')) {
            self.complain(name, reader.t("field-control"));
        }
    }

    /// A mail address.
    pub fn mail(&mut self, reader: &Reader, name: &'static str) -> String {
        let text = self.required(reader, name, 254);
        if !text.is_empty() && !is_mail_address(&text) {
            self.complain(name, reader.t("field-mail"));
        }
        text
    }

    /// A whole number within bounds.
    pub fn count(&mut self, reader: &Reader, name: &'static str, (least, most): (u32, u32)) -> u32 {
        match self.value(name).trim().parse::<u32>() {
            Ok(own) if (least..=most).contains(&own) => own,
            _ => {
                let (least, most) = (reader.number(least), reader.number(most));
                self.complain(name, reader.t2("field-count", "least", least, "most", most));
                0
            }
        }
    }
}
