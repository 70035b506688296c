//! Refusals and codes of errors are said in every language.

use std::collections::BTreeSet;
use std::fs;

use super::{behind, crate_folder, none};
use crate::api::faults::fault;
use crate::error::Error;
use crate::error::Missing;
use crate::texts::Reader;
use crate::texts::refusal;
use crate::texts::{Complaint, Language};
use crate::web::facts;
use chandlery_domain::access::Action;
use chandlery_domain::access::Role;
use chandlery_domain::calendar::CalendarError;
use chandlery_domain::catalog::Family;
use chandlery_domain::catalog::Segment;
use chandlery_domain::ids::ApprovalId;
use chandlery_domain::market::Country;
use chandlery_domain::money::Currency;
use chandlery_domain::money::Money;
use chandlery_domain::money::MoneyError;
use chandlery_domain::policy::Window;
use chandlery_domain::refusal::Refusal;
use chandlery_domain::refusal::Undecided;
use chandlery_domain::reservation::Kind;
use chandlery_domain::reservation::Unfit;
use jiff::Timestamp;
use jiff::civil::date;

fn wrong_input(field: &str) -> Error {
    Error::Invalid { field: field.into(), message: Complaint::of("complaint-name-taken") }
}

#[test]
fn every_error_code_is_said() {
    let missing = [Missing::Customer, Missing::Product, Missing::Sku, Missing::Availability, Missing::Cart]
        .into_iter()
        .chain([
            Missing::Order,
            Missing::Subscription,
            Missing::User,
            Missing::Programme,
            Missing::Other("file"),
        ]);
    let errors = refusals().into_iter().map(Error::Refused).chain(missing.map(Error::NotFound)).chain([
        wrong_input("body"),
        wrong_input("displayName"),
        Error::Unauthenticated { why: "it expired" },
        Error::AnsweredBefore,
        Error::conflict("another was quicker"),
        Error::internal("a defect"),
    ]);
    let codes: BTreeSet<String> = errors.map(|error| fault(&error).code().to_string()).collect();
    let mut wrong = Vec::new();
    for language in Language::ALL {
        let reader = Reader::new(language, None);
        for code in &codes {
            let said = facts::value(&reader, "error_code", code);
            if !said.starts_with(&format!("{code}: ")) {
                wrong.push(format!("{}: {said}", language.tag()));
            }
        }
    }
    none(&wrong);
}

/// Each refusal, and those with several sentences in each of them.
fn refusals() -> Vec<Refusal> {
    let item = || "DG7GMGF0FKZV:0003:DG7GMGF0DWMS".parse().unwrap();
    let country = || "CH".parse::<Country>().unwrap();
    let at = || "2020-03-24T23:59:59Z".parse::<Timestamp>().unwrap();
    let currency = |code: &str| code.parse::<Currency>().unwrap();
    let mut list = vec![
        Refusal::RoleMissing { action: Action::RevealKey },
        Refusal::NeedsPerson,
        Refusal::SecondFactorMissing,
        Refusal::FreshFactorNeeded { minutes: 1 },
        Refusal::FreshFactorNeeded { minutes: 15 },
        Refusal::RoleNotAssignable { role: Role::AdminAgent },
        Refusal::PartnerNotActive,
        Refusal::AgreementMissing,
        Refusal::CustomerUnderReview,
        Refusal::AgreementAlreadyConfirmed,
        Refusal::AgreedInFuture,
        Refusal::ProductUnknown { product: "DG7GMGF0FKZV".into() },
        Refusal::SkuUnknown { sku: "0003".into() },
        Refusal::AvailabilityUnknown { item: "DG7GMGF0DWMS".into() },
        Refusal::NotSoldInCountry { item: item(), country: country() },
        Refusal::RegionNotGranted { country: country() },
        Refusal::TermNotOffered { item: item(), offered: "P1Y Annual, P3Y OneTime".into() },
        Refusal::QuantityOutOfRange { item: item(), quantity: 20_000, minimum: 1, maximum: 10_000 },
        Refusal::CartEmpty,
        Refusal::CartHasErrors { lines: vec![0, 1, 2] },
        Refusal::CartExpired { expired_at: at() },
        Refusal::CreditExceeded {
            limit: Money::new(500_000, currency("EUR")),
            available: Money::new(-1_000, currency("EUR")),
            purchase: Money::new(100_000, currency("EUR")),
        },
        Refusal::PaymentLate {
            number: "G000000012".parse().unwrap(),
            due_on: date(2020, 4, 1),
            open: Money::new(14_279, currency("EUR")),
        },
        Refusal::CartAlreadyOrdered,
        Refusal::LineUnknown { number: 7, count: 1 },
        Refusal::LineUnknown { number: 7, count: 2 },
        Refusal::LineMismatch { number: 0, item: item() },
        Refusal::OrderInProgress,
        Refusal::AlreadyCancelled,
        Refusal::CreditChanged {
            promised: Money::new(14_279, currency("EUR")),
            now: Money::new(13_836, currency("EUR")),
            held_until: at(),
            lapsed: true,
        },
        Refusal::CreditChanged {
            promised: Money::new(14_279, currency("EUR")),
            now: Money::new(13_836, currency("EUR")),
            held_until: at(),
            lapsed: false,
        },
        Refusal::WindowClosed { window: Window::Days(60), closed_at: at() },
        Refusal::WindowClosed { window: Window::Hours(168), closed_at: at() },
        Refusal::QuantityFixed,
        Refusal::SubscriptionEnded,
        Refusal::StatusChange { from: "deleted", to: "Active".into() },
        Refusal::StatusChange { from: "active", to: "suspended".into() },
        Refusal::BillingCycleFixed,
        Refusal::ResellerFixed,
        Refusal::StaleEtag,
        Refusal::KeyRevoked,
        Refusal::NoSuchMedium { offered: String::new() },
        Refusal::NoSuchMedium { offered: "2022 en-US 64 Bit, ISO; and 3 more".into() },
        Refusal::VersionNotCovered { covered: String::new() },
        Refusal::VersionNotCovered { covered: "2022, 2019".into() },
        Refusal::NoKeyInStock { version: "2008 R2".into() },
        Refusal::NothingBought,
        Refusal::TermOver { ended_on: date(2024, 9, 13) },
        Refusal::ReasonMissing,
        Refusal::SecondPersonNeeded { question: ApprovalId::new(uuid::Uuid::nil()) },
        Refusal::OwnQuestion,
        Refusal::QuestionClosed,
        Refusal::AzureSubscriptionUnfit { id: "1".into(), why: Unfit::Unknown },
        Refusal::AzureSubscriptionUnfit { id: "1".into(), why: Unfit::Suspended },
        Refusal::AzureSubscriptionUnfit { id: "1".into(), why: Unfit::NotRegistered },
        Refusal::WebhookRegistered,
        Refusal::TestsNotRegistered,
        Refusal::TestsTooOften { a_minute: 2 },
        Refusal::LinkOver,
        Refusal::RequestClosed,
        Refusal::ReopenOver { days: 30 },
        Refusal::CreditTooMuch { left: Money::new(1_50, currency("EUR")) },
        Refusal::NeverGivenBack { kind: Kind::Databricks },
        Refusal::RefundCapPassed {
            worth: Money::new(100_001, currency("USD")),
            left: Money::new(100_000, currency("USD")),
            most: Money::new(5_000_000, currency("USD")),
            months: 12,
        },
        Refusal::RefundCapUnknown { currency: currency("EUR") },
        Refusal::ExchangeOtherType { from: Some(Kind::VirtualMachines), to: Some(Kind::SqlDatabases) },
        Refusal::ExchangeOtherType { from: None, to: Some(Kind::SqlDatabases) },
        Refusal::CommitmentChanged {
            shown: Money::new(100_000, currency("USD")),
            now: Money::new(160_000, currency("USD")),
        },
        Refusal::ExchangeTooSmall {
            worth: Money::new(100_000, currency("USD")),
            commitment: Money::new(99_999, currency("USD")),
        },
        Refusal::DomainTaken { domain: "norrsken.example".into() },
        Refusal::RegistrationNumberMissing { country: country() },
        Refusal::RegistrationNumberNotTaken { country: country() },
        Refusal::PhoneMissing { country: country() },
        Refusal::Money(MoneyError::Overflow),
        Refusal::Money(MoneyError::MixedCurrencies(currency("EUR"), currency("SEK"))),
        Refusal::Calendar(CalendarError::NoEnd),
        Refusal::Calendar(CalendarError::OutOfRange),
        Refusal::Calendar(CalendarError::UnknownTerm),
        Refusal::Calendar(CalendarError::UnknownCycle),
    ];
    for family in Family::ALL {
        list.push(Refusal::MarketBlocked { item: item(), family, country: country() });
        list.push(Refusal::NotCancellable { family });
    }
    list.extend(Undecided::ALL.map(|why| Refusal::NeedsRequest { why }));
    list.extend(Segment::ALL.map(|segment| Refusal::WrongSegment { item: item(), segment }));
    list
}

#[test]
fn every_refusal_is_said_in_every_language() {
    let mut wrong = Vec::new();
    for language in Language::ALL {
        let reader = Reader::new(language, None);
        for own in refusals() {
            let said = refusal(&reader, &own);
            let small = said.chars().next().is_none_or(char::is_lowercase);
            // Nothing unsaid, and nothing of how programs write it.
            if small || ["⟦", "{", "Some(", "RevealKey"].iter().any(|mark| said.contains(mark)) {
                wrong.push(format!("{}: {own}: {said}", language.tag()));
            }
        }
    }
    none(&wrong);
}

/// The reasons why nothing is certified are read off the words of `app::certify`.
#[test]
fn every_reason_against_a_certificate_is_known() {
    let source = fs::read_to_string(crate_folder().join("src/app/certify.rs")).unwrap();
    let reader = Reader::default();
    let other = reader.t("refusal-not-never-opened-other");
    let reasons = behind(&source, "refused(\"", |c| c != '"');
    assert!(reasons.len() >= 4, "the reasons are written otherwise by now");
    for why in reasons {
        let why: &'static str = why.leak();
        let said = refusal(&reader, &Refusal::NotNeverOpened { why });
        assert!(!said.contains(&other), "{why}: {said}");
    }
}

#[test]
fn refusals_read_as_people_write() {
    let english = Reader::new(Language::En, None);
    let at = "2020-03-24T23:59:59Z".parse().unwrap();
    let said = |own: &Refusal| Language::ALL.map(|language| refusal(&Reader::new(language, None), own));
    let closed = Refusal::WindowClosed { window: Window::Days(60), closed_at: at };
    assert_eq!(
        said(&closed)[0],
        "You have passed the 60-day cancellation window; it closed on 24 Mar 2020, 23:59 UTC. This purchase can no longer be cancelled."
    );
    assert!(said(&closed)[1].starts_with("Die 60-tägige Stornierungsfrist ist vorbei"));
    assert!(said(&closed)[2].starts_with("Annulleringstiden på 60 dagar är över"));
    let country = "NL".parse().unwrap();
    let grants = said(&Refusal::RegionNotGranted { country });
    assert_eq!(grants[0], "Your company may not sell in the Netherlands. Ask the operator for that region.");
    assert_eq!(
        grants[1],
        "Ihre Firma darf in den Niederlanden nicht verkaufen. Bitten Sie den Betreiber um diese Region."
    );
    assert_eq!(grants[2], "Ditt företag får inte sälja i Nederländerna. Be operatören om den regionen.");
    let item = "DG7GMGF0FKZV:0003:DG7GMGF0DWMS".parse().unwrap();
    let family = Family::Perpetual;
    let blocked = refusal(&english, &Refusal::MarketBlocked { item, family, country: "AD".parse().unwrap() });
    assert!(blocked.starts_with("Perpetual software cannot be sold in Andorra."), "{blocked}");
}
