//! Words of the wire for values of the domain.

use chandlery_domain::calendar::{BillingCycle, Term};
use chandlery_domain::catalog::Family;

/// Billing cycles by the number they have in the SDKs; some are not sold here.
pub const BILLING_CYCLES: [(&str, Option<BillingCycle>); 7] = [
    ("unknown", None),
    ("monthly", Some(BillingCycle::Monthly)),
    ("annual", Some(BillingCycle::Annual)),
    ("none", None),
    ("one_time", Some(BillingCycle::OneTime)),
    ("triennial", Some(BillingCycle::Triennial)),
    ("biennial", None),
];

/// A billing cycle in snake case.
pub const fn billing_cycle(cycle: BillingCycle) -> &'static str {
    match cycle {
        BillingCycle::OneTime => "one_time",
        BillingCycle::Monthly => "monthly",
        BillingCycle::Annual => "annual",
        BillingCycle::Triennial => "triennial",
    }
}

/// A term as an ISO 8601 duration; empty for what has no end.
pub const fn duration(term: Term) -> &'static str {
    match term {
        Term::OneTime => "",
        other => other.as_str(),
    }
}

/// What kind of product a family is: id and display name (contract 3.2).
pub const fn product_type(family: Family) -> (&'static str, &'static str) {
    match family {
        Family::Subscription | Family::Perpetual => ("Software", "Software"),
        Family::Reservation | Family::LinuxPlan => ("Azure", "Azure"),
    }
}

/// What kind of entitlement a family gives (contract 6.2).
pub const fn entitlement_type(family: Family) -> &'static str {
    match family {
        Family::Subscription | Family::Perpetual => "software",
        Family::Reservation | Family::LinuxPlan => "reservedinstance",
    }
}

/// The families of a catalogue view (contract 3.1); none when the view is not known.
pub fn view(name: &str) -> Option<&'static [Family]> {
    const VIEWS: [(&str, &[Family]); 12] = [
        ("Azure", &[Family::Reservation, Family::LinuxPlan]),
        ("AzureReservations", &[Family::Reservation]),
        ("AzureReservationsVM", &[Family::Reservation]),
        ("AzureReservationsSQL", &[]),
        ("AzureReservationsCosmosDb", &[]),
        ("MicrosoftAzure", &[]),
        ("OnlineServices", &[]),
        ("Software", &[Family::Subscription, Family::Perpetual, Family::LinuxPlan]),
        ("SoftwareSUSELinux", &[Family::LinuxPlan]),
        ("SoftwarePerpetual", &[Family::Perpetual]),
        ("SoftwareSubscriptions", &[Family::Subscription]),
        ("MarketplaceSaaS", &[]),
    ];
    VIEWS.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, families)| *families)
}

/// The English name of a language tag (RFC 5646, IANA registry); the tag itself where it is not one of these.
pub fn language_name(tag: &str) -> String {
    const NAMES: [(&str, &str); 44] = [
        ("ar", "Arabic"),
        ("ar-SA", "Arabic (Saudi Arabia)"),
        ("bg-BG", "Bulgarian (Bulgaria)"),
        ("ca-ES", "Catalan (Spain)"),
        ("cs-CZ", "Czech (Czech Republic)"),
        ("da-DK", "Danish (Denmark)"),
        ("de", "German"),
        ("de-DE", "German (Germany)"),
        ("el-GR", "Greek (Greece)"),
        ("en", "English"),
        ("en-GB", "English (United Kingdom)"),
        ("en-US", "English (United States)"),
        ("es-ES", "Spanish (Spain)"),
        ("es-MX", "Spanish (Mexico)"),
        ("et-EE", "Estonian (Estonia)"),
        ("fi-FI", "Finnish (Finland)"),
        ("fr-CA", "French (Canada)"),
        ("fr-FR", "French (France)"),
        ("he-IL", "Hebrew (Israel)"),
        ("hi-IN", "Hindi (India)"),
        ("hr-HR", "Croatian (Croatia)"),
        ("hu-HU", "Hungarian (Hungary)"),
        ("it-IT", "Italian (Italy)"),
        ("ja-JP", "Japanese (Japan)"),
        ("ko-KR", "Korean (Korea)"),
        ("lt-LT", "Lithuanian (Lithuania)"),
        ("lv-LV", "Latvian (Latvia)"),
        ("mul", "Multiple languages"),
        ("nb-NO", "Norwegian Bokmål (Norway)"),
        ("nl-NL", "Dutch (Netherlands)"),
        ("pl-PL", "Polish (Poland)"),
        ("pt-BR", "Portuguese (Brazil)"),
        ("pt-PT", "Portuguese (Portugal)"),
        ("ro-RO", "Romanian (Romania)"),
        ("ru-RU", "Russian (Russia)"),
        ("sk-SK", "Slovak (Slovakia)"),
        ("sl-SI", "Slovenian (Slovenia)"),
        ("sv", "Swedish"),
        ("sv-SE", "Swedish (Sweden)"),
        ("th-TH", "Thai (Thailand)"),
        ("tr-TR", "Turkish (Turkey)"),
        ("uk-UA", "Ukrainian (Ukraine)"),
        ("zh-CN", "Chinese (Simplified)"),
        ("zh-TW", "Chinese (Traditional)"),
    ];
    NAMES.iter().find(|(own, _)| *own == tag).map_or(tag, |(_, name)| *name).to_owned()
}
