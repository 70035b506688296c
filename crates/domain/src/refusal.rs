//! Why something may not be done, with the facts a person needs to do better.
//!
//! Never here: status codes, error numbers or sentences; those belong to whoever speaks to the caller.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::access::{Action, Role};
use crate::calendar::CalendarError;
use crate::catalog::{Family, Segment};
use crate::ids::{ApprovalId, CatalogItemId};
use crate::invoice::DocumentNumber;
use crate::market::Country;
use crate::money::{Currency, Money, MoneyError};
use crate::policy::Window;
use crate::reservation::{Kind as ReservationKind, Unfit};

/// Why the portal cannot decide by itself (rule 7.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undecided {
    /// Part of the order was credited by an exceptional decision.
    CreditedBefore,
    /// A request for money back on the order waits for its answer.
    RefundOpen,
    /// Nobody has said of what type the reservation is (rule 7.8).
    TypeUnknown,
    /// What it is exchanged for is taxed otherwise.
    TaxDiffers,
}

impl Undecided {
    /// Every reason.
    pub const ALL: [Self; 4] = [Self::CreditedBefore, Self::RefundOpen, Self::TypeUnknown, Self::TaxDiffers];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreditedBefore => "credited_before",
            Self::RefundOpen => "refund_open",
            Self::TypeUnknown => "type_unknown",
            Self::TaxDiffers => "tax_differs",
        }
    }
}

/// A decision against the caller. Every variant carries what the answer must say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// None of the actor's roles allows the action (rule 1.2).
    RoleMissing {
        /// What was tried.
        action: Action,
    },
    /// Only a person may do this, itself or through a program (contract 1.2).
    NeedsPerson,
    /// The person signed in without a second factor (rule 12.4).
    SecondFactorMissing,
    /// The person must show a second factor again, because the last time is too long ago.
    FreshFactorNeeded {
        /// How many minutes the last time may be ago.
        minutes: u32,
    },
    /// Whoever asks may not give or take this role (rule 1.1).
    RoleNotAssignable {
        /// The role.
        role: Role,
    },
    /// The partner may not trade at present (rule 4.2).
    PartnerNotActive,
    /// The customer's agreement is not confirmed (rule 4.3).
    AgreementMissing,
    /// The customer is being looked at and may not buy meanwhile (rule 12.1).
    CustomerUnderReview,
    /// The same agreement was confirmed before.
    AgreementAlreadyConfirmed,
    /// The date of acceptance lies in the future.
    AgreedInFuture,
    /// The product does not exist.
    ProductUnknown {
        /// The id that was asked for.
        product: String,
    },
    /// The product has no such SKU.
    SkuUnknown {
        /// The id that was asked for.
        sku: String,
    },
    /// The SKU has no such availability; it may have changed, and reading it again helps.
    AvailabilityUnknown {
        /// The item that was asked for.
        item: String,
    },
    /// The family is not sold in this country (rule 10).
    MarketBlocked {
        /// The item.
        item: CatalogItemId,
        /// What is blocked.
        family: Family,
        /// Where.
        country: Country,
    },
    /// The item has no price in this country on this day.
    NotSoldInCountry {
        /// The item.
        item: CatalogItemId,
        /// Where.
        country: Country,
    },
    /// The partner sells only inside its own regions (rule 3.4).
    RegionNotGranted {
        /// Where the customer is.
        country: Country,
    },
    /// The item is for another kind of customer (rule 2.5).
    WrongSegment {
        /// The item.
        item: CatalogItemId,
        /// Whom it is for.
        segment: Segment,
    },
    /// The item is not sold for this term or billing cycle.
    TermNotOffered {
        /// The item.
        item: CatalogItemId,
        /// The terms and cycles it is sold for, for people.
        offered: String,
    },
    /// The quantity lies outside the SKU's range.
    QuantityOutOfRange {
        /// The item.
        item: CatalogItemId,
        /// What was asked for.
        quantity: u32,
        /// The least allowed.
        minimum: u32,
        /// The most allowed.
        maximum: u32,
    },
    /// The cart has no lines.
    CartEmpty,
    /// Several lines of the cart cannot be bought, for different reasons.
    CartHasErrors {
        /// The numbers of the lines.
        lines: Vec<u32>,
    },
    /// The cart's time is over.
    CartExpired {
        /// Since when.
        expired_at: Timestamp,
    },
    /// The partner would owe more than it may (rule 4.2, last rows).
    CreditExceeded {
        /// How much it may owe.
        limit: Money,
        /// How much of that is left; below zero where it owes more already.
        available: Money,
        /// What was to be bought.
        purchase: Money,
    },
    /// The partner is late with a payment, by more days than the operator lets pass (rule 8.1).
    PaymentLate {
        /// The document that was due earliest.
        number: DocumentNumber,
        /// Through which day it was to be paid.
        due_on: Date,
        /// How much of it is open.
        open: Money,
    },
    /// The cart was turned into orders and cannot be changed.
    CartAlreadyOrdered,
    /// The order's line numbers run from 0 to `count` − 1.
    LineUnknown {
        /// The number that was asked for.
        number: u32,
        /// How many lines there are.
        count: u32,
    },
    /// The line is another item than the caller says.
    LineMismatch {
        /// The line's number.
        number: u32,
        /// The item it holds.
        item: CatalogItemId,
    },
    /// The order is still being fulfilled.
    OrderInProgress,
    /// All that was asked for is cancelled already.
    AlreadyCancelled,
    /// The credit is another than was promised (rule 7.5).
    CreditChanged {
        /// What was promised.
        promised: Money,
        /// What it is now.
        now: Money,
        /// Until when the promise held, if nothing else changed.
        held_until: Timestamp,
        /// Whether that is over: then it is days that were used up since.
        lapsed: bool,
    },
    /// This family is never given back by this way (rules 2.7 and 7.1).
    NotCancellable {
        /// The family.
        family: Family,
    },
    /// The time to give back is over (rule 7.2).
    WindowClosed {
        /// How long it was.
        window: Window,
        /// Its last instant.
        closed_at: Timestamp,
    },
    /// The quantity of a software subscription cannot be changed (rule 2.2).
    QuantityFixed,
    /// The subscription is over and cannot be changed.
    SubscriptionEnded,
    /// A subscription cannot go from one state to the other by this way.
    StatusChange {
        /// The state it is in.
        from: &'static str,
        /// The state that was asked for.
        to: String,
    },
    /// The billing cycle of a subscription is changed at renewal only.
    BillingCycleFixed,
    /// The reseller of record is set at purchase.
    ResellerFixed,
    /// The resource changed since the caller read it.
    StaleEtag,
    /// The key was revoked; there is nothing to show.
    KeyRevoked,
    /// The product comes in no such version, language, bitness and file type (rule 5.1).
    NoSuchMedium {
        /// What there is, for people.
        offered: String,
    },
    /// The purchase does not cover this version, or there is none like it.
    VersionNotCovered {
        /// The versions it covers, for people.
        covered: String,
    },
    /// There is no key of this version in stock; it is opened once there is one.
    NoKeyInStock {
        /// The version.
        version: String,
    },
    /// Nothing live was bought that this would belong to: not bought, not handed over yet, or cancelled.
    NothingBought,
    /// The term is over, and keys and downloads with it.
    TermOver {
        /// Its last day.
        ended_on: Date,
    },
    /// The operator asks for a reason whenever a key is opened.
    ReasonMissing,
    /// The operator asks for a second person whenever a key is opened; the question has this id.
    SecondPersonNeeded {
        /// The question another Admin agent answers.
        question: ApprovalId,
    },
    /// Somebody else must answer the question than the person who asked.
    OwnQuestion,
    /// The question was answered before, or its time is over.
    QuestionClosed,
    /// A reservation of this type is never given back or exchanged (rule 7.8).
    NeverGivenBack {
        /// Its type.
        kind: ReservationKind,
    },
    /// More would come back to the customer than may in so many months (rule 7.8).
    RefundCapPassed {
        /// What would be given back, before any fee.
        worth: Money,
        /// How much still may.
        left: Money,
        /// How much may in all.
        most: Money,
        /// In how many months that follow each other.
        months: u16,
    },
    /// The operator has not said how much may come back in this currency (rule 7.8).
    RefundCapUnknown {
        /// The currency.
        currency: Currency,
    },
    /// A reservation is exchanged for one of the same type only (rule 7.8).
    ExchangeOtherType {
        /// The type of the old one, where it is known.
        from: Option<ReservationKind>,
        /// The type of the new one, where it is known.
        to: Option<ReservationKind>,
    },
    /// A reservation is exchanged for one that costs as much as the old one is worth, or more (rule 7.8).
    ExchangeTooSmall {
        /// What the old one is worth.
        worth: Money,
        /// What the new one costs.
        commitment: Money,
    },
    /// What a reservation is exchanged for costs another sum than was shown.
    CommitmentChanged {
        /// What was shown.
        shown: Money,
        /// What it is now.
        now: Money,
    },
    /// Nothing can be reserved on the Azure subscription that a line names (rule 2.6).
    AzureSubscriptionUnfit {
        /// Its id, as it was written.
        id: String,
        /// Why not.
        why: Unfit,
    },
    /// The partner's program is told already; there is one registration a partner (contract 9).
    WebhookRegistered,
    /// No program is told of tests.
    TestsNotRegistered,
    /// Tests were asked for too often.
    TestsTooOften {
        /// How many a minute there may be.
        a_minute: i64,
    },
    /// The link is over; another one can be issued.
    LinkOver,
    /// A key of this purchase was opened, or it was not cancelled: nothing to certify.
    NotNeverOpened {
        /// Why, for people.
        why: &'static str,
    },
    /// The portal cannot decide: it has to be asked of the operator (rule 7.7).
    NeedsRequest {
        /// Why.
        why: Undecided,
    },
    /// The request is closed, or the step is not for whoever tried it.
    RequestClosed,
    /// The request was closed too long ago to be opened again.
    ReopenOver {
        /// How many days it could be.
        days: u32,
    },
    /// No more than what was charged and not credited yet is credited.
    CreditTooMuch {
        /// What is left.
        left: Money,
    },
    /// The domain name is taken by another customer.
    DomainTaken {
        /// The domain.
        domain: String,
    },
    /// The country demands a registration number (rule 12.1).
    RegistrationNumberMissing {
        /// The country.
        country: Country,
    },
    /// The country does not take a registration number.
    RegistrationNumberNotTaken {
        /// The country.
        country: Country,
    },
    /// The country demands a phone number.
    PhoneMissing {
        /// The country.
        country: Country,
    },
    /// A sum did not fit or mixed currencies.
    Money(MoneyError),
    /// A date did not fit.
    Calendar(CalendarError),
}

impl From<MoneyError> for Refusal {
    fn from(error: MoneyError) -> Self {
        Self::Money(error)
    }
}

impl From<CalendarError> for Refusal {
    fn from(error: CalendarError) -> Self {
        Self::Calendar(error)
    }
}

impl fmt::Display for Refusal {
    /// For logs and developers; people get their sentence from whoever speaks to them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Refusal {}
