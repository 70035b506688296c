//! Dates, numbers, money, lists and sorting by language: what CLDR says, by ICU. One set of formatters a thread and language,
//! because making one costs more than using it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use chandlery_domain::money::Currency;
use fixed_decimal::Decimal as Fixed;
use icu::collator::options::CollatorOptions;
use icu::collator::{CollatorBorrowed, CollatorPreferences};
use icu::datetime::DateTimeFormatter;
use icu::datetime::fieldsets;
use icu::datetime::input::{Date as IcuDate, DateTime as IcuDateTime, Time as IcuTime};
use icu::decimal::DecimalFormatter;
use icu::experimental::dimension::currency::CurrencyType;
use icu::experimental::dimension::currency::formatter::CurrencyFormatter;
use icu::experimental::displaynames::DisplayNamesOptions;
use icu::experimental::displaynames::multi::{LocaleDisplayNamesFormatter, RegionDisplayNames};
use icu::list::ListFormatter;
use icu::list::options::ListFormatterOptions;
use icu::locale::subtags::Region;
use icu::locale::{Locale, locale};
use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;

use super::Language;

struct Forms {
    date: Option<DateTimeFormatter<fieldsets::YMD>>,
    month: Option<DateTimeFormatter<fieldsets::YM>>,
    date_time: Option<DateTimeFormatter<fieldsets::YMDT>>,
    decimal: Option<DecimalFormatter>,
    list: Option<ListFormatter>,
    regions: Option<RegionDisplayNames>,
    languages: Option<LocaleDisplayNamesFormatter>,
    collator: Option<CollatorBorrowed<'static>>,
    money: RefCell<HashMap<String, Option<Rc<CurrencyFormatter<DecimalFormatter>>>>>,
}

thread_local! {
    static FORMS: RefCell<HashMap<Language, Rc<Forms>>> = RefCell::new(HashMap::new());
}

fn of_language(language: Language) -> Locale {
    match language {
        Language::En => locale!("en-GB"),
        Language::De => locale!("de-DE"),
        Language::Sv => locale!("sv-SE"),
    }
}

fn forms(language: Language) -> Rc<Forms> {
    FORMS.with_borrow_mut(|all| {
        all.entry(language)
            .or_insert_with(|| {
                let own = of_language(language);
                Rc::new(Forms {
                    date: DateTimeFormatter::try_new((&own).into(), fieldsets::YMD::medium()).ok(),
                    month: DateTimeFormatter::try_new((&own).into(), fieldsets::YM::long()).ok(),
                    date_time: DateTimeFormatter::try_new(
                        (&own).into(),
                        fieldsets::YMD::medium().with_time_hm(),
                    )
                    .ok(),
                    decimal: DecimalFormatter::try_new((&own).into(), Default::default()).ok(),
                    list: ListFormatter::try_new_and((&own).into(), ListFormatterOptions::default()).ok(),
                    regions: RegionDisplayNames::try_new((&own).into(), DisplayNamesOptions::default()).ok(),
                    languages: LocaleDisplayNamesFormatter::try_new(
                        (&own).into(),
                        DisplayNamesOptions::default(),
                    )
                    .ok(),
                    collator: CollatorBorrowed::try_new(
                        CollatorPreferences::from(&own),
                        CollatorOptions::default(),
                    )
                    .ok(),
                    money: RefCell::default(),
                })
            })
            .clone()
    })
}

/// A whole number with its groups.
pub fn number(language: Language, number: i64) -> String {
    match &forms(language).decimal {
        Some(own) => own.format(&Fixed::from(number)).to_string(),
        None => number.to_string(),
    }
}

/// A number with the digits after the point that it has.
pub fn decimal(language: Language, number: Decimal) -> String {
    let text = number.to_string();
    match (&forms(language).decimal, text.parse::<Fixed>()) {
        (Some(own), Ok(fixed)) => own.format(&fixed).to_string(),
        _ => text,
    }
}

/// A share of one as a percentage, as the language writes it: 25.5%, 25,5 %.
pub fn percent(language: Language, fraction: Decimal) -> String {
    let text = decimal(language, fraction.checked_mul(Decimal::ONE_HUNDRED).unwrap_or_default().normalize());
    match language {
        Language::En => format!("{text}%"),
        Language::De | Language::Sv => format!("{text}\u{a0}%"),
    }
}

/// An amount with its currency, with at least the currency's digits and never fewer than it has.
pub fn money(language: Language, amount: Decimal, currency: Currency) -> String {
    let digits = currency.exponent();
    let mut amount = amount;
    if amount.scale() < digits {
        amount.rescale(digits);
    }
    let plain = || format!("{amount} {}", currency.code());
    let forms = forms(language);
    // More digits than the currency has would be rounded away by its formatter: a price keeps them.
    if amount.normalize().scale() > digits {
        let text = amount.normalize().to_string();
        return match (&forms.decimal, text.parse::<Fixed>()) {
            (Some(own), Ok(fixed)) => format!("{}\u{a0}{}", own.format(&fixed), currency.code()),
            _ => plain(),
        };
    }
    let own = forms
        .money
        .borrow_mut()
        .entry(currency.code().to_owned())
        .or_insert_with(|| {
            let code: CurrencyType = currency
                .code()
                .to_lowercase()
                .parse::<icu::locale::extensions::unicode::Value>()
                .ok()
                .and_then(|value| CurrencyType::try_from(&value).ok())?;
            let own = of_language(language);
            CurrencyFormatter::try_new_symbol((&own).into(), code, Default::default()).ok().map(Rc::new)
        })
        .clone();
    match (own, amount.to_string().parse::<Fixed>()) {
        (Some(own), Ok(fixed)) => own.format_fixed_decimal(&fixed).to_string(),
        _ => plain(),
    }
}

/// A size in binary units, with one digit after the point.
pub fn size(language: Language, bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    let mut unit = "bytes";
    let mut scale: u64 = 1;
    for (power, name) in (1..).zip(UNITS) {
        let next = 1024_u64.saturating_pow(power);
        if bytes < next {
            break;
        }
        (scale, unit) = (next, name);
    }
    if scale == 1 {
        return format!("{}\u{a0}B", number(language, i64::try_from(bytes).unwrap_or(i64::MAX)));
    }
    let tenths = bytes.saturating_mul(10) / scale;
    let mut fixed = Fixed::from(tenths);
    fixed.multiply_pow10(-1);
    match &forms(language).decimal {
        Some(own) => format!("{}\u{a0}{unit}", own.format(&fixed)),
        None => format!("{fixed}\u{a0}{unit}"),
    }
}

fn icu_date(day: Date) -> Option<IcuDate<icu::calendar::Iso>> {
    let (month, own) = (u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
    IcuDate::try_new_iso(i32::from(day.year()), month, own).ok()
}

/// A day.
pub fn date(language: Language, day: Date) -> String {
    match (&forms(language).date, icu_date(day)) {
        (Some(own), Some(date)) => own.format(&date).to_string(),
        _ => day.to_string(),
    }
}

/// A month of a year.
pub fn month(language: Language, day: Date) -> String {
    match (&forms(language).month, icu_date(day)) {
        (Some(own), Some(date)) => own.format(&date).to_string(),
        _ => day.strftime("%Y-%m").to_string(),
    }
}

/// A day with hour and minute.
pub fn date_time(language: Language, at: DateTime) -> String {
    let time = || {
        let (hour, minute) = (u8::try_from(at.hour()).ok()?, u8::try_from(at.minute()).ok()?);
        IcuTime::try_new(hour, minute, 0, 0).ok()
    };
    match (&forms(language).date_time, icu_date(at.date()), time()) {
        (Some(own), Some(date), Some(time)) => own.format(&IcuDateTime { date, time }).to_string(),
        _ => at.strftime("%Y-%m-%d %H:%M").to_string(),
    }
}

/// A country by its two letters.
pub fn region(language: Language, code: &str) -> String {
    let forms = forms(language);
    let known = code.parse::<Region>().ok();
    match (&forms.regions, known) {
        (Some(own), Some(region)) => own.of(region).unwrap_or(code).to_owned(),
        _ => code.to_owned(),
    }
}

/// A language by its tag.
pub fn language(language: Language, tag: &str) -> String {
    match (&forms(language).languages, tag.parse::<Locale>()) {
        (Some(own), Ok(wanted)) => own.of(&wanted).into_owned(),
        _ => tag.to_owned(),
    }
}

/// Words in a row, the last with an "and".
pub fn list(language: Language, words: &[String]) -> String {
    match &forms(language).list {
        Some(own) => own.format(words.iter()).to_string(),
        None => words.join(", "),
    }
}

/// Sorts as dictionaries of the language do.
pub fn sort<T>(language: Language, list: &mut [T], text: impl Fn(&T) -> &str) {
    match &forms(language).collator {
        Some(own) => list.sort_by(|a, b| own.compare(text(a), text(b))),
        None => list.sort_by(|a, b| text(a).cmp(text(b))),
    }
}
