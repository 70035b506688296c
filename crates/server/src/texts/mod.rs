//! What people read: sentences in their language, and dates, numbers and money the way they write them.
//!
//! Every sentence stands in `locales/{en,de,sv}`; a test holds the three to the same ids and the same variables. Never here:
//! what a sentence is about, or HTML save the mark around a time.

mod causes;
mod complaint;
pub mod forms;
pub mod notices;
mod refusals;
mod taxes;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use askama::filters::HtmlSafe;
use chandlery_domain::market::Country;
use chandlery_domain::money::{Money, UnitPrice};
use fluent_templates::Loader as _;
use fluent_templates::fluent_bundle::FluentValue;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use unic_langid::{LanguageIdentifier, langid};

pub use causes::{cause, cause_of, cause_said};
pub use complaint::{Complaint, bad_row, column, input, invalid};
pub use refusals::refusal;
pub use taxes::tax;

fluent_templates::static_loader! {
    static SENTENCES = {
        locales: "../../locales",
        fallback_language: "en",
        // The marks that keep right-to-left values apart would stand in mails, labels and copied text.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static EN: LanguageIdentifier = langid!("en");
static DE: LanguageIdentifier = langid!("de");
static SV: LanguageIdentifier = langid!("sv");

/// A language the product speaks (rule 12.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English, with dates as in Europe.
    #[default]
    En,
    /// German.
    De,
    /// Swedish.
    Sv,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 3] = [Self::En, Self::De, Self::Sv];

    /// Its tag (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Sv => "sv",
        }
    }

    /// What its speakers call it.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "Deutsch",
            Self::Sv => "Svenska",
        }
    }

    /// The language of a tag; its region does not matter.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default().trim();
        Self::ALL.into_iter().find(|own| own.tag().eq_ignore_ascii_case(primary))
    }

    /// The first language of an `Accept-Language` header that the product speaks, by weight (RFC 9110 §12.5.4).
    pub fn negotiated(header: &str) -> Option<Self> {
        let mut wanted: Vec<(u16, Self)> = header
            .split(',')
            .take(20)
            .filter_map(|part| {
                let (tag, rest) = part.split_once(';').unwrap_or((part, ""));
                Some((weight(rest), Self::of_tag(tag.trim())?))
            })
            .filter(|(weight, _)| *weight > 0)
            .collect();
        wanted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        wanted.first().map(|(_, language)| *language)
    }

    const fn id(self) -> &'static LanguageIdentifier {
        match self {
            Self::En => &EN,
            Self::De => &DE,
            Self::Sv => &SV,
        }
    }
}

/// Thousandths of a weight such as `q=0.8`; what cannot be read counts in full.
fn weight(parameter: &str) -> u16 {
    let Some(digits) = parameter.trim().strip_prefix("q=") else { return 1000 };
    let (whole, part) = digits.trim().split_once('.').unwrap_or((digits, ""));
    let part: u16 = format!("{part:0<3}").get(..3).and_then(|text| text.parse().ok()).unwrap_or(0);
    if whole.trim() == "0" { part } else { 1000 }
}

fn word_id(prefix: &str, word: &str) -> String {
    format!("{prefix}-{}", word.replace(['_', ' '], "-").to_lowercase())
}

/// Text that is HTML already.
pub struct Html(String);

impl Html {
    /// This, a space, and that.
    #[must_use]
    pub fn then(mut self, other: &Self) -> Self {
        if !self.0.is_empty() && !other.0.is_empty() {
            self.0.push(' ');
        }
        self.0.push_str(&other.0);
        self
    }

    /// Text that is not HTML yet.
    pub fn escaped(text: &str) -> Self {
        let mut out = String::with_capacity(text.len());
        for letter in text.chars() {
            match letter {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                other => out.push(other),
            }
        }
        Self(out)
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Html {}

/// A value in a sentence. Numbers choose a plural; what is only shown is formatted first and comes as text.
pub struct Value(FluentValue<'static>);

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self(FluentValue::String(Cow::Owned(text.to_owned())))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self(FluentValue::String(Cow::Owned(text)))
    }
}

impl<T: Clone + Into<Self>> From<&T> for Value {
    fn from(value: &T) -> Self {
        value.clone().into()
    }
}

macro_rules! numbers {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Value {
            fn from(number: $kind) -> Self {
                Self(FluentValue::from(number))
            }
        }
    )*};
}
numbers!(u32, i64, usize, u64);

/// How somebody reads: language and time zone.
#[derive(Clone)]
pub struct Reader {
    /// The language.
    pub language: Language,
    /// The time zone times are shown in.
    pub zone: TimeZone,
}

impl Default for Reader {
    fn default() -> Self {
        Self { language: Language::default(), zone: TimeZone::UTC }
    }
}

impl Reader {
    /// A reader of a language, in a zone of the time zone database or else in UTC.
    pub fn new(language: Language, zone: Option<&str>) -> Self {
        let zone = zone.filter(|name| name.len() <= 64).and_then(|name| TimeZone::get(name).ok());
        Self { language, zone: zone.unwrap_or(TimeZone::UTC) }
    }

    /// A reader as it is kept with a person; English in UTC as far as nothing was chosen.
    pub fn of(language: Option<&str>, zone: Option<&str>) -> Self {
        Self::new(language.and_then(Language::of_tag).unwrap_or_default(), zone)
    }

    fn say(&self, id: &str, values: Vec<(&'static str, Value)>) -> String {
        self.say_if_known(id, values).unwrap_or_else(|| format!("⟦{id}⟧"))
    }

    fn say_if_known(&self, id: &str, values: Vec<(&'static str, Value)>) -> Option<String> {
        let values: HashMap<Cow<'static, str>, FluentValue<'static>> =
            values.into_iter().map(|(name, value)| (Cow::Borrowed(name), value.0)).collect();
        SENTENCES.try_lookup_with_args(self.language.id(), id, &values)
    }

    /// A sentence.
    pub fn t(&self, id: &str) -> String {
        self.say(id, Vec::new())
    }

    /// A sentence with a value.
    pub fn t1(&self, id: &str, name: &'static str, value: impl Into<Value>) -> String {
        self.say(id, vec![(name, value.into())])
    }

    /// A sentence with two values.
    pub fn t2(
        &self,
        id: &str,
        name: &'static str,
        value: impl Into<Value>,
        second: &'static str,
        other: impl Into<Value>,
    ) -> String {
        self.say(id, vec![(name, value.into()), (second, other.into())])
    }

    /// A sentence with any number of values.
    pub fn with<const N: usize>(&self, id: &str, values: [(&'static str, Value); N]) -> String {
        self.say(id, values.into())
    }

    /// A sentence that may hold marks of its own; the value is escaped.
    pub fn html(&self, id: &str) -> Html {
        Html(self.t(id))
    }

    /// A sentence with marks of its own and a value, which is escaped.
    pub fn html1(&self, id: &str, name: &'static str, value: impl fmt::Display) -> Html {
        Html(self.t1(id, name, Html::escaped(&value.to_string()).0))
    }

    /// A sentence with marks of its own and a value that is HTML already.
    pub fn html_of(&self, id: &str, name: &'static str, value: &Html) -> Html {
        Html(self.t1(id, name, value.0.as_str()))
    }

    /// A sentence for a stored word, such as a state: its id is `prefix-word`.
    pub fn word(&self, prefix: &str, word: &str) -> String {
        self.t(&word_id(prefix, word))
    }

    /// The same for a word that may have none, such as one of an older version's.
    pub fn word_if_known(&self, prefix: &str, word: &str) -> Option<String> {
        self.say_if_known(&word_id(prefix, word), Vec::new())
    }

    /// A whole number.
    pub fn number(&self, number: impl Into<i64>) -> String {
        forms::number(self.language, number.into())
    }

    /// A number with the digits after the point that it has.
    pub fn decimal(&self, number: rust_decimal::Decimal) -> String {
        forms::decimal(self.language, number)
    }

    /// An amount of money, exactly as it is.
    pub fn money(&self, amount: Money) -> String {
        forms::money(self.language, amount.decimal(), amount.currency())
    }

    /// The price of one, with every digit it has.
    pub fn unit_price(&self, price: UnitPrice) -> String {
        forms::money(self.language, price.value(), price.currency())
    }

    /// A share of one as a percentage.
    pub fn percent(&self, fraction: rust_decimal::Decimal) -> String {
        forms::percent(self.language, fraction)
    }

    /// A size in bytes, in the unit people would choose.
    pub fn size(&self, bytes: u64) -> String {
        forms::size(self.language, bytes)
    }

    /// A day.
    pub fn date(&self, day: Date) -> String {
        forms::date(self.language, day)
    }

    /// A month of a year.
    pub fn month(&self, day: Date) -> String {
        forms::month(self.language, day)
    }

    /// An instant in the reader's zone, as text.
    pub fn instant(&self, at: Timestamp) -> String {
        let zoned = at.to_zoned(self.zone.clone());
        format!("{} {}", forms::date_time(self.language, zoned.datetime()), zoned.strftime("%Z"))
    }

    /// An instant in UTC, as text: deadlines count there (rule 0.4).
    pub fn utc(&self, at: Timestamp) -> String {
        let zoned = at.to_zoned(TimeZone::UTC);
        format!("{} UTC", forms::date_time(self.language, zoned.datetime()))
    }

    /// An instant with its machine form, and UTC for whoever points at it.
    pub fn time(&self, at: Timestamp) -> Html {
        let text = Html::escaped(&self.instant(at));
        let machine = at.strftime("%Y-%m-%dT%H:%M:%SZ");
        Html(format!(r#"<time datetime="{machine}" title="{}">{text}</time>"#, Html::escaped(&self.utc(at))))
    }

    /// A deadline: in UTC, where it counts, and in the reader's zone where that is another.
    pub fn deadline(&self, at: Timestamp) -> Html {
        let (own, utc) = (self.instant(at), self.utc(at));
        let machine = at.strftime("%Y-%m-%dT%H:%M:%SZ");
        let beside = if own == utc {
            String::new()
        } else {
            format!(r#" <span class="hint">({})</span>"#, Html::escaped(&own))
        };
        Html(format!(r#"<span><time datetime="{machine}">{}</time>{beside}</span>"#, Html::escaped(&utc)))
    }

    /// A country's name.
    pub fn country(&self, country: Country) -> String {
        forms::region(self.language, country.code())
    }

    /// A language's name.
    pub fn language_name(&self, tag: &str) -> String {
        forms::language(self.language, tag)
    }

    /// A list in a sentence.
    pub fn list(&self, words: &[String]) -> String {
        forms::list(self.language, words)
    }

    /// Sorts by what people read, in the order of their language.
    pub fn sort<T>(&self, list: &mut [T], text: impl Fn(&T) -> &str) {
        forms::sort(self.language, list, text);
    }
}
