//! Bodies as clients really send them: names in any case, nulls for what is absent, enums in three spellings (contract
//! 0.5). Every complaint names the field, with its path, and says what would be right.

use std::fmt::Display;
use std::str::FromStr;

use serde_json::{Map, Value};

use crate::error::Error;

/// How deep a body may nest.
const DEPTH_MAX: usize = 32;

/// Reads a body as JSON.
///
/// # Errors
/// [`Error::Invalid`] with line and column, or when it nests too deep.
pub fn parse(body: &[u8]) -> Result<Value, Error> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::invalid("body", "is missing; a JSON object is needed"));
    }
    let value: Value = serde_json::from_slice(body).map_err(|error| {
        Error::invalid(
            "body",
            format!("is not JSON: line {}, column {}: {}", error.line(), error.column(), kind(&error)),
        )
    })?;
    if depth(&value) > DEPTH_MAX {
        return Err(Error::invalid("body", format!("nests deeper than {DEPTH_MAX} levels")));
    }
    Ok(value)
}

/// What is wrong, without the place that the library adds and we say ourselves.
fn kind(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// A JSON object with the path that leads to it.
#[derive(Debug, Clone)]
pub struct Object<'a> {
    members: &'a Map<String, Value>,
    path: String,
}

impl<'a> Object<'a> {
    /// The body itself, which must be an object.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is not.
    pub fn root(value: &'a Value) -> Result<Self, Error> {
        match value {
            Value::Object(members) => Ok(Self { members, path: String::new() }),
            _ => Err(Error::invalid("body", "must be a JSON object")),
        }
    }

    /// The path of a member, for complaints.
    pub fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Whether a member is named at all, in any case, be it null.
    pub fn names(&self, name: &str) -> bool {
        self.members.keys().any(|own| own.eq_ignore_ascii_case(name))
    }

    fn wrong(&self, name: &str, message: impl Into<String>) -> Error {
        Error::invalid(self.path_of(name), message)
    }

    /// A member that is there and not null, by its name in any case.
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        let exact = self.members.get(name);
        exact
            .or_else(|| {
                self.members.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
            })
            .filter(|value| !value.is_null())
    }

    /// A text of at most `most` characters, without blanks around it; an empty one counts as absent.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is no text, is too long, or holds control characters.
    pub fn text(&self, name: &str, most: usize) -> Result<Option<String>, Error> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let Value::String(text) = value else {
            return Err(self.wrong(name, "must be a text"));
        };
        let text = text.trim();
        if text.chars().count() > most {
            return Err(self.wrong(name, format!("must have at most {most} characters")));
        }
        if text.chars().any(char::is_control) {
            return Err(self.wrong(name, "must not hold control characters"));
        }
        Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
    }

    /// A text that must be there.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is missing or not as [`Object::text`] takes it.
    pub fn required_text(&self, name: &str, most: usize) -> Result<String, Error> {
        self.text(name, most)?
            .ok_or_else(|| self.wrong(name, format!("is required: a text of 1 to {most} characters")))
    }

    /// A text read as something.
    ///
    /// # Errors
    /// [`Error::Invalid`] with what would be right.
    pub fn parsed<T: FromStr<Err: Display>>(&self, name: &str) -> Result<Option<T>, Error> {
        self.text(name, 256)?
            .map(|text| {
                text.parse().map_err(|error: T::Err| self.wrong(name, format!("is {text:?}: {error}")))
            })
            .transpose()
    }

    /// A text that must be there, read as something.
    ///
    /// # Errors
    /// [`Error::Invalid`] with what would be right.
    pub fn required<T: FromStr<Err: Display>>(&self, name: &str) -> Result<T, Error> {
        self.parsed(name)?.ok_or_else(|| self.wrong(name, "is required"))
    }

    /// A whole number; text that holds one is taken too.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is no whole number from `least` to `most`.
    pub fn integer(&self, name: &str, least: i64, most: i64) -> Result<Option<i64>, Error> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let number = match value {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        number
            .filter(|number| (least..=most).contains(number))
            .map(Some)
            .ok_or_else(|| self.wrong(name, format!("must be a whole number from {least} to {most}")))
    }

    /// Yes or no; text that says so is taken too.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything else.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Error> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(Value::String(text)) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
            Some(Value::String(text)) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
            Some(_) => Err(self.wrong(name, "must be true or false")),
        }
    }

    /// A word of an enum: snake case, Pascal case or the number it has in the SDKs. `words` lists them by that number.
    ///
    /// # Errors
    /// [`Error::Invalid`] listing the words.
    pub fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<Option<T>, Error> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let found = match value {
            Value::String(text) if text.trim().is_empty() => return Ok(None),
            Value::String(text) => words.iter().find(|(word, _)| same_word(word, text)),
            Value::Number(number) => number
                .as_u64()
                .and_then(|index| usize::try_from(index).ok())
                .and_then(|index| words.get(index)),
            _ => None,
        };
        found.map(|(_, value)| Some(*value)).ok_or_else(|| {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.wrong(name, format!("must be one of {}", known.join(", ")))
        })
    }

    /// An object inside.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is something else.
    pub fn object(&self, name: &str) -> Result<Option<Object<'a>>, Error> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Object(members)) => Ok(Some(Object { members, path: self.path_of(name) })),
            Some(_) => Err(self.wrong(name, "must be an object")),
        }
    }

    /// An object that must be there.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is missing or something else.
    pub fn required_object(&self, name: &str) -> Result<Object<'a>, Error> {
        self.object(name)?.ok_or_else(|| self.wrong(name, "is required: an object"))
    }

    /// A list of at most `most` objects.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is no list, is too long, or holds something else.
    pub fn objects(&self, name: &str, most: usize) -> Result<Option<Vec<Object<'a>>>, Error> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let Value::Array(items) = value else {
            return Err(self.wrong(name, "must be a list"));
        };
        if items.len() > most {
            return Err(self.wrong(name, format!("must have at most {most} entries")));
        }
        items
            .iter()
            .enumerate()
            .map(|(index, item)| match item {
                Value::Object(members) => {
                    Ok(Object { members, path: format!("{}[{index}]", self.path_of(name)) })
                }
                _ => Err(self.wrong(name, "must hold objects only")),
            })
            .collect::<Result<_, _>>()
            .map(Some)
    }

    /// Pairs of name and text, at most `most` of them; null values are left out.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is no object of texts.
    pub fn pairs(&self, name: &str, most: usize) -> Result<Vec<(String, String)>, Error> {
        let Some(object) = self.object(name)? else {
            return Ok(Vec::new());
        };
        if object.members.len() > most {
            return Err(self.wrong(name, format!("must have at most {most} entries")));
        }
        object
            .members
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| match value {
                Value::String(text) if text.len() <= 256 && key.len() <= 64 => {
                    Ok((key.clone(), text.clone()))
                }
                _ => Err(object.wrong(key, "must be a text of at most 256 characters")),
            })
            .collect()
    }
}

/// Whether two spellings are the same word: `one_time`, `OneTime` and `onetime`.
pub fn same_word(one: &str, other: &str) -> bool {
    let bare = |text: &str| text.trim().replace('_', "").to_ascii_lowercase();
    bare(one) == bare(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn complaint<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn names_match_in_any_case_and_null_is_absent() {
        let body = json!({"LineItems": [{"OfferId": "x", "Quantity": null}], "STATUS": " cancelled "});
        let root = Object::root(&body).unwrap();
        assert_eq!(root.text("status", 20).unwrap().as_deref(), Some("cancelled"));
        let lines = root.objects("lineItems", 5).unwrap().unwrap();
        assert_eq!(lines[0].integer("quantity", 1, 9).unwrap(), None);
        assert_eq!(lines[0].required_text("offerId", 9).unwrap(), "x");
    }

    #[test]
    fn complaints_name_the_field_and_what_would_be_right() {
        let body = json!({"lineItems": [{"quantity": 0, "billingCycle": "weekly"}], "name": "x".repeat(11), "flag": "maybe"});
        let root = Object::root(&body).unwrap();
        let line = &root.objects("lineItems", 5).unwrap().unwrap()[0];
        assert_eq!(
            complaint(line.integer("quantity", 1, 9)),
            "lineItems[0].quantity must be a whole number from 1 to 9"
        );
        assert_eq!(
            complaint(line.word("billingCycle", &[("unknown", 0), ("monthly", 1)])),
            "lineItems[0].billingCycle must be one of unknown, monthly"
        );
        assert_eq!(complaint(root.text("name", 10)), "name must have at most 10 characters");
        assert_eq!(complaint(root.flag("flag")), "flag must be true or false");
        assert_eq!(complaint(root.objects("lineItems", 0)), "lineItems must have at most 0 entries");
        assert_eq!(
            complaint(root.required_text("company", 10)),
            "company is required: a text of 1 to 10 characters"
        );
    }

    #[test]
    fn enums_come_in_three_spellings() {
        let words = [("unknown", 0), ("one_time", 1)];
        for spelling in [json!("one_time"), json!("OneTime"), json!("ONETIME"), json!(1)] {
            let body = json!({ "cycle": spelling });
            assert_eq!(Object::root(&body).unwrap().word("cycle", &words).unwrap(), Some(1));
        }
    }

    #[test]
    fn broken_json_is_told_by_line_and_column() {
        let text = complaint(parse(b"{\n  \"a\": 1,\n}"));
        assert!(text.contains("line 3, column 1"), "{text}");
        assert!(complaint(parse(b"  ")).contains("missing"));
        assert!(complaint(parse("[".repeat(40).as_bytes())).contains("not JSON"));
        let deep = format!("{}1{}", "[".repeat(40), "]".repeat(40));
        assert!(complaint(parse(deep.as_bytes())).contains("deeper"));
        assert!(parse(b"\xEF\xBB\xBF{}").is_ok());
    }
}
