//! Errors as the wire has them: a status, a code and a sentence (contract 0.8 and 13). One place, no wildcard arm: a new
//! refusal must choose.

use axum::http::StatusCode;
use chandlery_domain::catalog::Family;
use chandlery_domain::policy::Window;
use chandlery_domain::refusal::{Refusal, Undecided};
use chandlery_domain::reservation::Unfit;
use serde::Serialize;

use super::answer::Answer;
use crate::error::{Error, Missing};
use crate::texts::Reader;

/// The longest sentence sent (contract 0.8).
const DESCRIPTION_MAX: usize = 1024;

/// An error as the wire has it.
#[derive(Debug, Clone, Serialize)]
pub struct Fault {
    #[serde(skip)]
    status: StatusCode,
    code: u32,
    description: String,
    data: Vec<String>,
    source: &'static str,
}

impl Fault {
    /// A fault with a status, a code and a sentence.
    pub fn new(status: StatusCode, code: u32, description: impl Into<String>) -> Self {
        let description: String = description.into().chars().take(DESCRIPTION_MAX).collect();
        Self { status, code, description, data: Vec::new(), source: "PartnerFD" }
    }

    /// The code.
    pub const fn code(&self) -> u32 {
        self.code
    }

    /// The sentence.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The fault as an answer.
    pub fn answer(&self) -> Answer {
        if self.status == StatusCode::TOO_MANY_REQUESTS {
            // Clients read the seconds out of this text (contract 0.10).
            let body = r#"{"statusCode":429,"message":"Rate limit is exceeded. Try again in 60 seconds."}"#;
            return Answer::raw(self.status, body.into(), false);
        }
        let body = serde_json::to_string(self).unwrap_or_else(|_| {
            r#"{"code":800003,"description":"Unexpected service error","data":[],"source":"PartnerFD"}"#
                .into()
        });
        Answer::raw(self.status, body, false)
    }
}

/// What an error says on the wire. An internal one says only that it happened: its cause is in the log, under the
/// request id that the answer carries.
pub fn fault(error: &Error) -> Fault {
    match error {
        Error::NotFound(what) => missing(*what),
        Error::Refused(refusal) => refused(refusal),
        Error::Invalid { field, message } => {
            let code = if field == "body" { 800_002 } else { 3000 };
            Fault::new(StatusCode::BAD_REQUEST, code, format!("{field} {message}."))
        }
        Error::Row(bad) => Fault::new(StatusCode::BAD_REQUEST, 3000, format!("{bad}.")),
        Error::Unauthenticated { why } => {
            Fault::new(StatusCode::UNAUTHORIZED, 400, format!("Access denied: {why}."))
        }
        Error::UnknownKey => {
            Fault::new(StatusCode::UNAUTHORIZED, 400, "Access denied: the token was not issued here.")
        }
        Error::AnsweredBefore => Fault::new(
            StatusCode::CONFLICT,
            800_064,
            "The same call is being answered at this moment. Send it again in a second.",
        ),
        Error::Store(store) => match store {
            chandlery_store::Error::Unavailable { .. } => Fault::new(
                StatusCode::SERVICE_UNAVAILABLE,
                800_003,
                "The service is busy. Nothing was changed; send the same call again after the seconds in Retry-After.",
            ),
            chandlery_store::Error::Conflict { .. } => Fault::new(
                StatusCode::CONFLICT,
                800_064,
                "Somebody else is changing the same thing at this moment. Nothing was changed; send the call again.",
            ),
            chandlery_store::Error::Broken { .. }
            | chandlery_store::Error::Database(_)
            | chandlery_store::Error::Panicked => unexpected(),
        },
        Error::Internal(_) => unexpected(),
    }
}

/// The sentence about a refusal, for pages too.
pub fn sentence(refusal: &Refusal) -> String {
    refused(refusal).description
}

fn unexpected() -> Fault {
    Fault::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        800_003,
        "Unexpected service error. Nothing was changed; the operator finds the cause under the MS-RequestId of this answer.",
    )
}

fn missing(what: Missing) -> Fault {
    let (code, name) = match what {
        Missing::Customer => (60_003, "Customer"),
        Missing::Product => (400_013, "Product"),
        Missing::Sku => (400_018, "SKU"),
        Missing::Availability => (400_019, "Availability"),
        Missing::Cart => (800_008, "Cart"),
        Missing::Order => (20_000, "Order"),
        Missing::Subscription => (20_003, "Subscription"),
        Missing::User => (60_002, "User"),
        Missing::Programme => (3000, "Partner organization"),
        Missing::Other(name) => {
            return Fault::new(StatusCode::NOT_FOUND, 1000, format!("The {name} was not found."));
        }
    };
    Fault::new(StatusCode::NOT_FOUND, code, format!("{name} was not found."))
}

const fn family_name(family: Family) -> &'static str {
    match family {
        Family::Subscription => "software subscriptions",
        Family::Perpetual => "perpetual software",
        Family::Reservation => "Azure reservations",
        Family::LinuxPlan => "SUSE Linux and Red Hat plans",
    }
}

fn lines(list: &[u32]) -> String {
    let list: Vec<String> = list.iter().map(ToString::to_string).collect();
    list.join(", ")
}

#[allow(clippy::too_many_lines, reason = "one arm a refusal, and none may be left out")]
fn refused(refusal: &Refusal) -> Fault {
    const BAD: StatusCode = StatusCode::BAD_REQUEST;
    const FORBIDDEN: StatusCode = StatusCode::FORBIDDEN;
    const ABSENT: StatusCode = StatusCode::NOT_FOUND;
    const CONFLICT: StatusCode = StatusCode::CONFLICT;
    match refusal {
        Refusal::RoleMissing { action } => Fault::new(
            FORBIDDEN,
            900_150,
            format!(
                "The supplied role does not have the rights to perform the requested operation ({action:?})."
            ),
        ),
        Refusal::NeedsPerson => Fault::new(
            FORBIDDEN,
            900_329,
            "This resource does not support application-only authentication: send a token that acts for a person (authorization code or device code).",
        ),
        Refusal::SecondFactorMissing => Fault::new(
            FORBIDDEN,
            900_309,
            "The person signed in without a second factor. Sign in again with one, then send the call again.",
        ),
        Refusal::FreshFactorNeeded { minutes } => Fault::new(
            FORBIDDEN,
            900_309,
            format!(
                "The second factor was shown more than {minutes} minutes ago. Show it again, then send the call again."
            ),
        ),
        Refusal::RoleNotAssignable { role } => Fault::new(
            FORBIDDEN,
            900_308,
            format!("Insufficient privileges: the caller may not give or take the role {}.", role.as_str()),
        ),
        Refusal::PartnerNotActive => {
            Fault::new(FORBIDDEN, 900_149, "The Cloud Solution Provider program status is not active.")
        }
        Refusal::AgreementMissing => Fault::new(
            FORBIDDEN,
            13_605,
            "The customer has not accepted the Microsoft Customer Agreement. Confirm it with POST /customers/{id}/agreements, then send the call again.",
        ),
        Refusal::CustomerUnderReview => Fault::new(
            FORBIDDEN,
            800_073,
            "The customer is under review; nothing can be bought until that ends.",
        ),
        Refusal::AgreementAlreadyConfirmed => {
            Fault::new(BAD, 600_061, "The same agreement was confirmed by the same person before.")
        }
        Refusal::AgreedInFuture => Fault::new(BAD, 3000, "dateAgreed must not lie in the future."),
        Refusal::ProductUnknown { product } => {
            Fault::new(ABSENT, 400_013, format!("Product {product} was not found."))
        }
        Refusal::SkuUnknown { sku } => Fault::new(ABSENT, 400_018, format!("SKU {sku} was not found.")),
        Refusal::AvailabilityUnknown { item } => Fault::new(
            ABSENT,
            400_019,
            format!(
                "Availability {item} was not found. Availabilities change over time; read them again and retry."
            ),
        ),
        Refusal::MarketBlocked { item, family, country } => Fault::new(
            BAD,
            800_070,
            format!(
                "Offer {item} is not available in the specified country: {} are not sold in {country} ({}).",
                family_name(*family),
                Reader::default().country(*country)
            ),
        ),
        Refusal::NotSoldInCountry { item, country } => Fault::new(
            BAD,
            800_070,
            format!("Offer {item} is not available in the specified country {country}."),
        ),
        Refusal::RegionNotGranted { country } => {
            Fault::new(FORBIDDEN, 2030, format!("The partner is not onboarded to sell in country {country}."))
        }
        Refusal::WrongSegment { item, segment } => Fault::new(
            FORBIDDEN,
            2085,
            format!(
                "Offer {item} is not eligible for this customer: it is for the {} segment.",
                segment.as_str()
            ),
        ),
        Refusal::TermNotOffered { item, offered } => Fault::new(
            FORBIDDEN,
            800_028,
            format!("Offer {item} is not sold for this term and billing cycle; it is sold for: {offered}."),
        ),
        Refusal::QuantityOutOfRange { item, quantity, minimum, maximum } => Fault::new(
            BAD,
            2002,
            format!("Quantity {quantity} of {item} is outside the allowed range of {minimum} to {maximum}."),
        ),
        Refusal::CartEmpty => Fault::new(BAD, 800_002, "lineItems must hold at least one line."),
        Refusal::CartHasErrors { lines: list } => Fault::new(
            BAD,
            800_009,
            format!("Error in Cart item(s): no group could be bought (groups {}).", lines(list)),
        ),
        Refusal::CartExpired { expired_at } => {
            Fault::new(ABSENT, 800_008, format!("The cart expired on {expired_at}."))
        }
        Refusal::CreditExceeded { limit, available, purchase } => Fault::new(
            FORBIDDEN,
            900_121,
            format!(
                "The credit limit does not suffice: {purchase} to buy, {available} left of {limit}. Payments make room; renewals and running subscriptions are not affected."
            ),
        ),
        Refusal::PaymentLate { number, due_on, open } => Fault::new(
            FORBIDDEN,
            900_149,
            format!(
                "The Cloud Solution Provider program status is not active: invoice {number} was due on {due_on} and {open} of it are open. Paying restores access."
            ),
        ),
        Refusal::CartAlreadyOrdered => {
            Fault::new(BAD, 800_065, "The cart was submitted already and cannot be changed.")
        }
        Refusal::LineUnknown { number, count } => Fault::new(
            BAD,
            800_071,
            format!("Line Item number should be from 0 to {}; {number} is not.", count.saturating_sub(1)),
        ),
        Refusal::LineMismatch { number, item } => Fault::new(
            BAD,
            800_002,
            format!("lineItems: line {number} of this order is {item}, not what was sent."),
        ),
        Refusal::OrderInProgress => Fault::new(
            CONFLICT,
            800_060,
            "Your order is in progress. Look in the order history before trying again.",
        ),
        Refusal::AlreadyCancelled => {
            Fault::new(BAD, 800_061, "Order cannot be cancelled: it is cancelled already.")
        }
        // A code of our own: asked again, it stays so.
        Refusal::CreditChanged { promised, now, held_until, lapsed } => Fault::new(
            CONFLICT,
            910_001,
            match lapsed {
                true => format!(
                    "The credit is {now} by now: {promised} was promised until {held_until} (UTC), and days have been used since. Nothing was cancelled; ask for a new quote."
                ),
                false => format!(
                    "The credit is {now} by now, not the {promised} that was promised: the order or the policies have changed since. Nothing was cancelled; ask for a new quote."
                ),
            },
        ),
        Refusal::NotCancellable { family } => Fault::new(
            FORBIDDEN,
            800_019,
            format!(
                "Only software subscriptions and perpetual software can be cancelled; {} cannot.",
                family_name(*family)
            ),
        ),
        Refusal::WindowClosed { window, closed_at } => Fault::new(
            BAD,
            match window {
                Window::Days(_) => 900_117,
                Window::Hours(_) => 900_213,
            },
            format!(
                "You have passed your {window} cancellation window. It closed on {closed_at} (UTC). We are unable to cancel your purchase."
            ),
        ),
        Refusal::QuantityFixed => Fault::new(
            BAD,
            800_095,
            "The quantity of a software subscription cannot be changed. Buy another one, or cancel inside the window and buy anew.",
        ),
        Refusal::SubscriptionEnded => {
            Fault::new(BAD, 2011, "The subscription is over and cannot be changed.")
        }
        Refusal::StatusChange { from, to } => Fault::new(
            BAD,
            800_040,
            format!("The subscription status cannot be changed to {to} from {from}."),
        ),
        Refusal::BillingCycleFixed => Fault::new(
            BAD,
            2054,
            "The billing cycle of a software subscription is set at purchase and at renewal.",
        ),
        Refusal::ResellerFixed => Fault::new(BAD, 800_098, "The partner on record is set at purchase."),
        Refusal::StaleEtag => Fault::new(
            BAD,
            2055,
            "Etag is no longer valid: the resource changed since it was read. Read it again.",
        ),
        Refusal::KeyRevoked => {
            Fault::new(ABSENT, 1000, "The product key was revoked with the purchase and cannot be shown.")
        }
        Refusal::NoSuchMedium { offered } if offered.is_empty() => {
            Fault::new(ABSENT, 1000, "Nothing can be downloaded for this product yet.")
        }
        Refusal::NoSuchMedium { offered } => Fault::new(
            ABSENT,
            1000,
            format!("There is no such version, language, bitness and file type. There is: {offered}."),
        ),
        Refusal::VersionNotCovered { covered } if covered.is_empty() => {
            Fault::new(ABSENT, 1000, "The purchase covers no version that has keys or downloads.")
        }
        Refusal::VersionNotCovered { covered } => {
            Fault::new(ABSENT, 1000, format!("The purchase covers these versions: {covered}."))
        }
        Refusal::NoKeyInStock { version } => Fault::new(
            CONFLICT,
            800_010,
            format!(
                "No product key of version {version} is in stock. The operator was told; try again later."
            ),
        ),
        Refusal::NothingBought => Fault::new(
            FORBIDDEN,
            1000,
            "There is nothing to open or download: it was not bought, was cancelled, or still waits to be handed over.",
        ),
        Refusal::TermOver { ended_on } => Fault::new(
            FORBIDDEN,
            1000,
            format!("The term ended on {ended_on}; keys and downloads ended with it. Buy the product anew."),
        ),
        Refusal::ReasonMissing => Fault::new(
            BAD,
            3000,
            "A reason is needed to open a product key: send it in the header MS-Reason or as `reason`.",
        ),
        Refusal::SecondPersonNeeded { question } => Fault::new(
            FORBIDDEN,
            900_150,
            format!(
                "A second person has to agree before this key is opened. Another Admin agent answers question {question} (POST /keyapprovals/{question}/approve); then send the call again."
            ),
        ),
        Refusal::OwnQuestion => {
            Fault::new(FORBIDDEN, 900_150, "Somebody else than the person who asked has to agree.")
        }
        Refusal::QuestionClosed => {
            Fault::new(CONFLICT, 3000, "This was answered before, or its time is over. Ask again.")
        }
        Refusal::AzureSubscriptionUnfit { id, why } => {
            let (code, says) = match why {
                Unfit::Unknown => (800_011, "is not a valid Azure subscription of this customer"),
                Unfit::Suspended => (800_012, "is not active"),
                Unfit::NotRegistered => (
                    800_030,
                    "is not registered for reservations. Register it with POST /customers/{customer-id}/subscriptions/{subscription-id}/registrations",
                ),
            };
            Fault::new(BAD, code, format!("provisioningContext.subscriptionId: {id} {says}."))
        }
        Refusal::NeverGivenBack { kind } => Fault::new(
            BAD,
            800_019,
            format!("Reservations of the type {kind} can be neither given back nor exchanged."),
        ),
        Refusal::RefundCapPassed { worth, left, most, months } => Fault::new(
            FORBIDDEN,
            910_002,
            format!(
                "{worth} would come back, and {left} of {most} in {months} months are left for this customer. Give fewer back, exchange it, or ask by a service request."
            ),
        ),
        Refusal::RefundCapUnknown { currency } => Fault::new(
            FORBIDDEN,
            910_003,
            format!("Nobody has said how much may come back in {currency}. Ask by a service request."),
        ),
        Refusal::ExchangeOtherType { from, to } => {
            let said = |kind: &Option<chandlery_domain::reservation::Kind>| {
                kind.map_or("unknown", |own| own.as_str())
            };
            Fault::new(
                BAD,
                910_004,
                format!(
                    "A reservation is exchanged for one of the same type; the old one is of the type {}, the new one of the type {}.",
                    said(from),
                    said(to)
                ),
            )
        }
        Refusal::ExchangeTooSmall { worth, commitment } => Fault::new(
            BAD,
            910_005,
            format!("What it is exchanged for costs {commitment}; it must cost {worth} or more."),
        ),
        Refusal::CommitmentChanged { shown, now } => Fault::new(
            CONFLICT,
            910_006,
            format!(
                "What it is exchanged for costs {now} by now, not the {shown} that was shown. Nothing was exchanged."
            ),
        ),
        Refusal::WebhookRegistered => Fault::new(
            CONFLICT,
            3000,
            "There is a registration already. Change it with PUT /webhooks/v1/registration.",
        ),
        Refusal::TestsNotRegistered => Fault::new(
            BAD,
            3000,
            "WebhookEvents must hold test-created before a test can be sent: register it first.",
        ),
        Refusal::TestsTooOften { a_minute } => Fault::new(
            StatusCode::TOO_MANY_REQUESTS,
            3000,
            format!(
                "No more than {a_minute} tests can be sent a minute. Wait a minute, then send the call again."
            ),
        ),
        Refusal::LinkOver => {
            Fault::new(StatusCode::GONE, 1000, "The download link is over. Issue another one.")
        }
        Refusal::NotNeverOpened { why } => Fault::new(BAD, 3000, format!("This cannot be certified: {why}.")),
        Refusal::NeedsRequest { why } => Fault::new(
            CONFLICT,
            800_014,
            match why {
                Undecided::CreditedBefore => {
                    "An adjustment was made on this order before. Ask for a refund by a support request."
                }
                Undecided::RefundOpen => {
                    "An adjustment is pending on this order: a support request for a refund is open."
                }
                Undecided::TypeUnknown => {
                    "Nobody has said of what type this reservation is. Ask for it by a support request."
                }
                Undecided::TaxDiffers => {
                    "What it is exchanged for is taxed otherwise. Ask for it by a support request."
                }
            },
        ),
        Refusal::RequestClosed => Fault::new(CONFLICT, 3000, "The service request is closed."),
        Refusal::ReopenOver { days } => Fault::new(
            CONFLICT,
            3000,
            format!("The service request was closed more than {days} days ago and cannot be opened again."),
        ),
        Refusal::CreditTooMuch { left } => {
            Fault::new(BAD, 3000, format!("No more than {left} can be credited on this line."))
        }
        Refusal::DomainTaken { domain } => {
            Fault::new(CONFLICT, 3000, format!("companyProfile.domain: {domain} is taken; choose another."))
        }
        Refusal::RegistrationNumberMissing { country } => Fault::new(
            BAD,
            600_049,
            format!("companyProfile.organizationRegistrationNumber is required for customers in {country}."),
        ),
        Refusal::RegistrationNumberNotTaken { country } => Fault::new(
            BAD,
            600_002,
            format!(
                "companyProfile.organizationRegistrationNumber is not supported for customers in {country}; leave it out."
            ),
        ),
        Refusal::PhoneMissing { country } => Fault::new(
            BAD,
            600_051,
            format!("billingProfile.defaultAddress.phoneNumber is required for customers in {country}."),
        ),
        Refusal::Money(error) => {
            Fault::new(BAD, 800_002, format!("The amount cannot be worked out: {error}."))
        }
        Refusal::Calendar(error) => {
            Fault::new(BAD, 800_002, format!("The dates cannot be worked out: {error}."))
        }
    }
}

/// What a refused cart line is called on the wire (contract 4.2).
pub const fn cart_error_code(refusal: &Refusal) -> u32 {
    match refusal {
        Refusal::ProductUnknown { .. } | Refusal::SkuUnknown { .. } | Refusal::AvailabilityUnknown { .. } => {
            10_001
        }
        Refusal::QuantityOutOfRange { .. } => 10_010,
        Refusal::TermNotOffered { .. } => 10_013,
        Refusal::AzureSubscriptionUnfit { why: Unfit::NotRegistered, .. } => 10_011,
        Refusal::AzureSubscriptionUnfit { .. } => 10_007,
        _ => 10_006,
    }
}
