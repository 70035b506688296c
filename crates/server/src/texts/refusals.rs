//! Why something was refused, as people read it: with the facts, and what to do next. One place, no wildcard arm: a new
//! refusal must choose.
//!
//! Never here: what programs are told (see `api::faults`).

use chandlery_domain::access::Role;
use chandlery_domain::calendar::{BillingCycle, CalendarError, Term};
use chandlery_domain::market::Country;
use chandlery_domain::money::MoneyError;
use chandlery_domain::policy::Window;
use chandlery_domain::refusal::Refusal;
use chandlery_domain::reservation::Kind;
use chandlery_domain::subscription::SubscriptionStatus;

use super::{Reader, Value};

/// The sentence about a refusal.
#[allow(clippy::too_many_lines, reason = "one arm a refusal, and none may be left out")]
pub fn refusal(reader: &Reader, refusal: &Refusal) -> String {
    match refusal {
        Refusal::RoleMissing { action: _ } => reader.t("refusal-role-missing"),
        Refusal::NeedsPerson => reader.t("refusal-needs-person"),
        Refusal::SecondFactorMissing => reader.t("refusal-second-factor-missing"),
        Refusal::FreshFactorNeeded { minutes } => {
            reader.t1("refusal-fresh-factor-needed", "minutes", *minutes)
        }
        Refusal::RoleNotAssignable { role } => {
            reader.t1("refusal-role-not-assignable", "role", role_name(reader, *role))
        }
        Refusal::PartnerNotActive => reader.t("refusal-partner-not-active"),
        Refusal::AgreementMissing => reader.t("refusal-agreement-missing"),
        Refusal::CustomerUnderReview => reader.t("refusal-customer-under-review"),
        Refusal::AgreementAlreadyConfirmed => reader.t("refusal-agreement-already-confirmed"),
        Refusal::AgreedInFuture => reader.t("refusal-agreed-in-future"),
        Refusal::ProductUnknown { product } => reader.t1("refusal-product-unknown", "product", product),
        Refusal::SkuUnknown { sku } => reader.t1("refusal-sku-unknown", "sku", sku),
        Refusal::AvailabilityUnknown { item } => reader.t1("refusal-availability-unknown", "item", item),
        Refusal::MarketBlocked { item, family, country } => {
            let [code, name] = place(reader, *country);
            let family = ("family", reader.word("family", family.as_str()).into());
            let item = ("item", item.to_string().into());
            capitalised(&reader.with("refusal-market-blocked", [item, family, code, name]))
        }
        Refusal::NotSoldInCountry { item, country } => {
            let [code, name] = place(reader, *country);
            reader.with("refusal-not-sold-in-country", [("item", item.to_string().into()), code, name])
        }
        Refusal::RegionNotGranted { country } => {
            reader.with("refusal-region-not-granted", place(reader, *country))
        }
        Refusal::WrongSegment { item, segment } => {
            let segment = reader.word("segment", segment.as_str());
            reader.t2("refusal-wrong-segment", "item", item.to_string(), "segment", segment)
        }
        Refusal::TermNotOffered { item, offered } => {
            let offered = terms(reader, offered);
            reader.t2("refusal-term-not-offered", "item", item.to_string(), "offered", offered)
        }
        Refusal::QuantityOutOfRange { item, quantity, minimum, maximum } => reader.with(
            "refusal-quantity-out-of-range",
            [
                ("item", item.to_string().into()),
                ("quantity", reader.number(*quantity).into()),
                ("minimum", reader.number(*minimum).into()),
                ("maximum", reader.number(*maximum).into()),
            ],
        ),
        Refusal::CartEmpty => reader.t("refusal-cart-empty"),
        Refusal::CartHasErrors { lines } => {
            let lines: Vec<String> = lines.iter().map(|line| reader.number(*line)).collect();
            reader.t1("refusal-cart-has-errors", "lines", reader.list(&lines))
        }
        Refusal::CartExpired { expired_at } => {
            reader.t1("refusal-cart-expired", "expired", reader.utc(*expired_at))
        }
        Refusal::CreditExceeded { limit, available, purchase } => reader.with(
            "refusal-credit-exceeded",
            [
                ("limit", reader.money(*limit).into()),
                ("available", reader.money(*available).into()),
                ("purchase", reader.money(*purchase).into()),
            ],
        ),
        Refusal::PaymentLate { number, due_on, open } => reader.with(
            "refusal-payment-late",
            [
                ("number", number.to_string().into()),
                ("due", reader.date(*due_on).into()),
                ("open", reader.money(*open).into()),
            ],
        ),
        Refusal::CartAlreadyOrdered => reader.t("refusal-cart-already-ordered"),
        Refusal::LineUnknown { number, count } => {
            reader.t2("refusal-line-unknown", "number", *number, "count", *count)
        }
        Refusal::LineMismatch { number, item } => {
            reader.t2("refusal-line-mismatch", "number", *number, "item", item.to_string())
        }
        Refusal::OrderInProgress => reader.t("refusal-order-in-progress"),
        Refusal::AlreadyCancelled => reader.t("refusal-already-cancelled"),
        Refusal::CreditChanged { promised, now, held_until, lapsed } => reader.with(
            if *lapsed { "refusal-credit-lapsed" } else { "refusal-credit-changed" },
            [
                ("promised", reader.money(*promised).into()),
                ("now", reader.money(*now).into()),
                ("until", reader.utc(*held_until).into()),
            ],
        ),
        Refusal::NotCancellable { family } => {
            let family = reader.word("family", family.as_str());
            capitalised(&reader.t1("refusal-not-cancellable", "family", family))
        }
        Refusal::WindowClosed { window, closed_at } => {
            let window = match *window {
                Window::Days(days) => reader.t1("refusal-window-days", "count", u32::from(days)),
                Window::Hours(hours) => reader.t1("refusal-window-hours", "count", u32::from(hours)),
            };
            reader.t2("refusal-window-closed", "window", window, "closed", reader.utc(*closed_at))
        }
        Refusal::QuantityFixed => reader.t("refusal-quantity-fixed"),
        Refusal::SubscriptionEnded => reader.t("refusal-subscription-ended"),
        Refusal::StatusChange { from, to } => {
            reader.t2("refusal-status-change", "from", status(reader, from), "to", status(reader, to))
        }
        Refusal::BillingCycleFixed => reader.t("refusal-billing-cycle-fixed"),
        Refusal::ResellerFixed => reader.t("refusal-reseller-fixed"),
        Refusal::StaleEtag => reader.t("refusal-stale-etag"),
        Refusal::KeyRevoked => reader.t("refusal-key-revoked"),
        Refusal::NoSuchMedium { offered } if offered.is_empty() => reader.t("refusal-no-such-medium-none"),
        Refusal::NoSuchMedium { offered } => {
            reader.t1("refusal-no-such-medium", "offered", media(reader, offered))
        }
        Refusal::VersionNotCovered { covered } if covered.is_empty() => {
            reader.t("refusal-version-not-covered-none")
        }
        Refusal::VersionNotCovered { covered } => {
            let versions: Vec<String> = covered.split(", ").map(str::to_owned).collect();
            reader.t1("refusal-version-not-covered", "covered", reader.list(&versions))
        }
        Refusal::NoKeyInStock { version } => reader.t1("refusal-no-key-in-stock", "version", version),
        Refusal::NothingBought => reader.t("refusal-nothing-bought"),
        Refusal::TermOver { ended_on } => reader.t1("refusal-term-over", "ended", reader.date(*ended_on)),
        Refusal::ReasonMissing => reader.t("refusal-reason-missing"),
        Refusal::SecondPersonNeeded { question: _ } => {
            reader.t1("refusal-second-person-needed", "role", role_name(reader, Role::AdminAgent))
        }
        Refusal::OwnQuestion => {
            reader.t1("refusal-own-question", "role", role_name(reader, Role::AdminAgent))
        }
        Refusal::QuestionClosed => reader.t("refusal-question-closed"),
        Refusal::AzureSubscriptionUnfit { id, why } => {
            reader.t1(&format!("refusal-azure-{}", why.as_str().replace('_', "-")), "id", id.as_str())
        }
        Refusal::WebhookRegistered => reader.t("refusal-webhook-registered"),
        Refusal::TestsNotRegistered => reader.t("refusal-tests-not-registered"),
        Refusal::TestsTooOften { a_minute } => reader.t1("refusal-tests-too-often", "count", *a_minute),
        Refusal::LinkOver => reader.t("refusal-link-over"),
        Refusal::NotNeverOpened { why } => {
            reader.t1("refusal-not-never-opened", "why", why_not_certified(reader, why))
        }
        Refusal::NeedsRequest { why } => {
            let why = reader.word("refusal-needs-request", why.as_str());
            format!("{why} {}", reader.t("refusal-needs-request"))
        }
        Refusal::RequestClosed => reader.t("refusal-request-closed"),
        Refusal::ReopenOver { days } => reader.t1("refusal-reopen-over", "days", *days),
        Refusal::NeverGivenBack { kind } => {
            reader.t1("refusal-never-given-back", "kind", reservation_kind(reader, Some(*kind)))
        }
        Refusal::RefundCapPassed { worth, left, most, months } => reader.with(
            "refusal-refund-cap-passed",
            [
                ("worth", reader.money(*worth).into()),
                ("left", reader.money(*left).into()),
                ("most", reader.money(*most).into()),
                ("months", u32::from(*months).into()),
            ],
        ),
        Refusal::RefundCapUnknown { currency } => {
            reader.t1("refusal-refund-cap-unknown", "currency", currency.code().to_owned())
        }
        Refusal::ExchangeOtherType { from, to } => reader.t2(
            "refusal-exchange-other-type",
            "from",
            reservation_kind(reader, *from),
            "to",
            reservation_kind(reader, *to),
        ),
        Refusal::ExchangeTooSmall { worth, commitment } => reader.t2(
            "refusal-exchange-too-small",
            "worth",
            reader.money(*worth),
            "commitment",
            reader.money(*commitment),
        ),
        Refusal::CommitmentChanged { shown, now } => {
            reader.t2("refusal-commitment-changed", "shown", reader.money(*shown), "now", reader.money(*now))
        }
        Refusal::CreditTooMuch { left } => reader.t1("refusal-credit-too-much", "left", reader.money(*left)),
        Refusal::DomainTaken { domain } => reader.t1("refusal-domain-taken", "domain", domain),
        Refusal::RegistrationNumberMissing { country } => {
            reader.with("refusal-registration-number-missing", place(reader, *country))
        }
        Refusal::RegistrationNumberNotTaken { country } => {
            reader.with("refusal-registration-number-not-taken", place(reader, *country))
        }
        Refusal::PhoneMissing { country } => reader.with("refusal-phone-missing", place(reader, *country)),
        Refusal::Money(error) => money(reader, *error),
        Refusal::Calendar(error) => calendar(reader, *error),
    }
}

/// A country for `refusal-in-country`: its code chooses the preposition, its name is shown.
fn place(reader: &Reader, country: Country) -> [(&'static str, Value); 2] {
    [("code", country.code().into()), ("country", reader.country(country).into())]
}

fn role_name(reader: &Reader, role: Role) -> String {
    reader.word("role", role.as_str())
}

/// A sentence that may begin with a name written small.
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// Terms with their billing cycles, out of the stored words the rules give: `P1Y Annual, P3Y OneTime`.
fn terms(reader: &Reader, offered: &str) -> String {
    let said = |text: &str| {
        let (term, cycle) = text.split_once(' ')?;
        let (term, cycle) = (term.parse::<Term>().ok()?, cycle.parse::<BillingCycle>().ok()?);
        let (term, cycle) = (reader.word("term", term.as_str()), reader.word("cycle", cycle.as_str()));
        Some(format!("{term} ({cycle})"))
    };
    let words: Vec<String> =
        offered.split(", ").map(|text| said(text).unwrap_or_else(|| text.to_owned())).collect();
    reader.list(&words)
}

/// What can be downloaded, out of the list the rules give, which says at its end how many more there are.
fn media(reader: &Reader, offered: &str) -> String {
    let more = |text: &str| text.strip_prefix("and ")?.strip_suffix(" more")?.parse::<u64>().ok();
    let words: Vec<String> = offered
        .split("; ")
        .map(|text| match more(text) {
            Some(count) => reader.t1("refusal-no-such-medium-more", "count", count),
            None => text.to_owned(),
        })
        .collect();
    words.join("; ")
}

/// How a subscription stands; a word that is none of its states comes from whoever asked and is shown as it is.
fn status(reader: &Reader, word: &str) -> String {
    [SubscriptionStatus::Active, SubscriptionStatus::Deleted, SubscriptionStatus::Expired]
        .into_iter()
        .find(|own| own.as_str().eq_ignore_ascii_case(word))
        .map_or_else(|| word.to_owned(), |own| reader.word("subscription-status", own.as_str()))
}

/// Why nothing can be certified, by the words of `app::certify`.
fn why_not_certified(reader: &Reader, why: &str) -> String {
    match why {
        "the line was not cancelled" => reader.t("refusal-not-never-opened-live"),
        "what was bought has no product keys" => reader.t("refusal-not-never-opened-no-keys"),
        "a key of this line was opened" => reader.t("refusal-not-never-opened-opened"),
        "the log says that a key of this line was opened" => reader.t("refusal-not-never-opened-logged"),
        _ => reader.t("refusal-not-never-opened-other"),
    }
}

fn money(reader: &Reader, error: MoneyError) -> String {
    match error {
        MoneyError::Overflow => reader.t("refusal-money-overflow"),
        MoneyError::MixedCurrencies(first, second) => reader.t2(
            "refusal-money-mixed-currencies",
            "first",
            first.to_string(),
            "second",
            second.to_string(),
        ),
    }
}

fn calendar(reader: &Reader, error: CalendarError) -> String {
    match error {
        CalendarError::NoEnd => reader.t("refusal-calendar-no-end"),
        CalendarError::OutOfRange => reader.t("refusal-calendar-out-of-range"),
        CalendarError::UnknownTerm => reader.t("refusal-calendar-unknown-term"),
        CalendarError::UnknownCycle => reader.t("refusal-calendar-unknown-cycle"),
    }
}

/// What a type of reservations is called.
pub(crate) fn reservation_kind(reader: &Reader, kind: Option<Kind>) -> String {
    let word = match kind {
        None => "unknown",
        // Names of products are the same everywhere.
        Some(Kind::CosmosDb) => return "Azure Cosmos DB".to_owned(),
        Some(Kind::SqlDataWarehouse) => return "Azure Synapse Analytics".to_owned(),
        Some(Kind::AppService) => return "App Service".to_owned(),
        Some(Kind::AzureFiles) => return "Azure Files".to_owned(),
        Some(Kind::RedisCache) => return "Azure Cache for Redis".to_owned(),
        Some(Kind::MySql) => return "Azure Database for MySQL".to_owned(),
        Some(Kind::MariaDb) => return "Azure Database for MariaDB".to_owned(),
        Some(Kind::PostgreSql) => return "Azure Database for PostgreSQL".to_owned(),
        Some(Kind::Databricks) => return "Azure Databricks".to_owned(),
        Some(Kind::RedHatOsa) => return "Red Hat OpenShift".to_owned(),
        Some(Kind::VirtualMachines) => "virtualmachines",
        Some(Kind::SqlDatabases) => "sqldatabases",
        Some(Kind::ManagedDisk) => "manageddisk",
        Some(Kind::BlockBlob) => "blockblob",
        Some(Kind::AzureDataExplorer) => "azuredataexplorer",
        Some(Kind::DedicatedHost) => "dedicatedhost",
        Some(Kind::SynapsePrePurchase) => "synapseprepurchase",
        Some(Kind::VmwareCloudSimple) => "vmwarecloudsimple",
    };
    reader.word("reservation-kind", word)
}
