//! Closing a month: what was ordered, charged, billed and handed over is held against each other, and every difference has a name
//! and somebody who sees to it.
//!
//! Never here: how the sides are added up.

use std::fmt;
use std::str::FromStr;

use crate::catalog::UnknownWord;
use crate::ids::PartnerId;
use crate::money::{Currency, Money, MoneyError};

/// How many letters a reason may have.
pub const REASON_MAX: usize = 500;
/// How many letters make a reason.
pub const REASON_MIN: usize = 5;

/// Who sees to a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// Whoever does the accounts: a partner is held back, a renewal is refused, a month was not billed to its end.
    Accounts,
    /// Whoever sees to keys and provisioning: something was charged and not handed over.
    Supply,
    /// Whoever buys: the vendor billed otherwise.
    Purchasing,
    /// Whoever keeps the installation running: this should not be possible.
    Installation,
}

impl Owner {
    /// The word it is known by.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Supply => "supply",
            Self::Purchasing => "purchasing",
            Self::Installation => "installation",
        }
    }
}

/// What two sides differ in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gap {
    /// A partner has charges in a currency that stand on no document.
    NotBilled,
    /// A partner's documents come to something else than its charges.
    BilledOtherwise,
    /// A line was ordered and not charged.
    NotCharged,
    /// A line was charged otherwise than it was ordered.
    ChargedOtherwise,
    /// A subscription goes on and was not charged to the end of the month.
    NotChargedThrough,
    /// A line was charged, and its keys or subscription were not handed over yet.
    NotHandedOver,
    /// A line was cancelled, and some of its keys still count.
    KeysLive,
    /// A line was cancelled, and a link to its downloads still works.
    LinksLive,
    /// A line was cancelled, and its subscription goes on.
    StillRunning,
    /// There are more differences of a kind than are kept: something is wrong with the whole.
    MoreThanKept,
    /// The vendor billed another number of something than was charged here.
    VendorOtherwise,
    /// The vendor gave back another number of something than was given back here.
    VendorBackOtherwise,
}

impl Gap {
    /// Every kind, in the order they are looked at.
    pub const ALL: [Self; 12] = [
        Self::NotBilled,
        Self::BilledOtherwise,
        Self::NotCharged,
        Self::ChargedOtherwise,
        Self::NotChargedThrough,
        Self::NotHandedOver,
        Self::KeysLive,
        Self::LinksLive,
        Self::StillRunning,
        Self::MoreThanKept,
        Self::VendorOtherwise,
        Self::VendorBackOtherwise,
    ];

    /// The stored word: the reason code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotBilled => "not_billed",
            Self::BilledOtherwise => "billed_otherwise",
            Self::NotCharged => "not_charged",
            Self::ChargedOtherwise => "charged_otherwise",
            Self::NotChargedThrough => "not_charged_through",
            Self::NotHandedOver => "not_handed_over",
            Self::KeysLive => "keys_live",
            Self::LinksLive => "links_live",
            Self::StillRunning => "still_running",
            Self::MoreThanKept => "more_than_kept",
            Self::VendorOtherwise => "vendor_otherwise",
            Self::VendorBackOtherwise => "vendor_back_otherwise",
        }
    }

    /// Who sees to it.
    pub const fn owner(self) -> Owner {
        match self {
            Self::NotBilled | Self::NotChargedThrough => Owner::Accounts,
            Self::NotHandedOver => Owner::Supply,
            Self::VendorOtherwise | Self::VendorBackOtherwise => Owner::Purchasing,
            Self::BilledOtherwise
            | Self::NotCharged
            | Self::ChargedOtherwise
            | Self::KeysLive
            | Self::LinksLive
            | Self::StillRunning
            | Self::MoreThanKept => Owner::Installation,
        }
    }
}

impl FromStr for Gap {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|own| own.as_str() == text)
            .ok_or(UnknownWord { expected: "a difference of a month, such as not_billed" })
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A number and what it comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    /// How many.
    pub count: u64,
    /// What they come to, as they were booked: with tax where prices have it in them.
    pub amount: Money,
}

impl Sum {
    /// Nothing.
    pub const fn nothing(currency: Currency) -> Self {
        Self { count: 0, amount: Money::zero(currency) }
    }

    fn plus(self, other: Self) -> Result<Self, MoneyError> {
        let count = self.count.checked_add(other.count).ok_or(MoneyError::Overflow)?;
        Ok(Self { count, amount: self.amount.plus(other.amount)? })
    }
}

/// A month in a currency, from each side. Credits count above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sides {
    /// The lines that were ordered.
    pub ordered: Sum,
    /// What was charged for them.
    pub new: Sum,
    /// Further cycles and renewals.
    pub further: Sum,
    /// What was given back.
    pub credited: Sum,
    /// How many documents were issued.
    pub documents: u64,
    /// The charges that stand on them.
    pub billed: Sum,
    /// The credits that stand on them.
    pub billed_back: Sum,
}

impl Sides {
    /// Nothing at all.
    pub const fn nothing(currency: Currency) -> Self {
        let none = Sum::nothing(currency);
        Self {
            ordered: none,
            new: none,
            further: none,
            credited: none,
            documents: 0,
            billed: none,
            billed_back: none,
        }
    }

    /// The currency.
    pub const fn currency(&self) -> Currency {
        self.ordered.amount.currency()
    }

    /// What was charged, whatever for.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn charged(&self) -> Result<Sum, MoneyError> {
        self.new.plus(self.further)
    }

    /// Both together.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn plus(&self, other: &Self) -> Result<Self, MoneyError> {
        Ok(Self {
            ordered: self.ordered.plus(other.ordered)?,
            new: self.new.plus(other.new)?,
            further: self.further.plus(other.further)?,
            credited: self.credited.plus(other.credited)?,
            documents: self.documents.checked_add(other.documents).ok_or(MoneyError::Overflow)?,
            billed: self.billed.plus(other.billed)?,
            billed_back: self.billed_back.plus(other.billed_back)?,
        })
    }

    /// What of a partner's charges and credits was billed otherwise than booked.
    ///
    /// # Errors
    /// When a sum does not fit.
    pub fn differences(&self, partner: PartnerId, held: Option<&str>) -> Result<Vec<Difference>, MoneyError> {
        let charged = self.charged()?;
        let subject = self.currency().to_string();
        let about = |gap, expected: Money, found: Money, detail: &str| Difference {
            gap,
            partner: Some(partner),
            subject: subject.clone(),
            currency: Some(self.currency()),
            expected: Some(expected.minor()),
            found: Some(found.minor()),
            detail: detail.to_owned(),
        };
        let mut all = Vec::new();
        // What was not charged, or otherwise, is told line by line; what was charged twice shows here.
        if self.new.count > self.ordered.count {
            all.push(about(Gap::ChargedOtherwise, self.ordered.amount, self.new.amount, ""));
        }
        let owed = charged.amount.plus(self.credited.amount.negated()?)?;
        let billed = self.billed.amount.plus(self.billed_back.amount.negated()?)?;
        let each = [charged, self.billed, self.credited, self.billed_back];
        if self.documents == 0 {
            if charged.count > 0 || self.credited.count > 0 {
                all.push(about(Gap::NotBilled, owed, billed, held.unwrap_or_default()));
            }
        } else if charged != self.billed || self.credited != self.billed_back {
            let numbers: Vec<String> =
                each.iter().map(|own| format!("{} {}", own.count, own.amount.minor())).collect();
            all.push(about(Gap::BilledOtherwise, owed, billed, &numbers.join(" ")));
        }
        Ok(all)
    }
}

/// Something two sides differ in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// In what.
    pub gap: Gap,
    /// Whose it is; none for what concerns the vendor.
    pub partner: Option<PartnerId>,
    /// What of: a currency, an order's line, a subscription, or a product.
    pub subject: String,
    /// The currency of both numbers, where they are amounts in minor units; otherwise they count.
    pub currency: Option<Currency>,
    /// What there should be.
    pub expected: Option<i64>,
    /// What there is.
    pub found: Option<i64>,
    /// More that is known, as stored words: why a partner is held back; through which day was charged; the currency of a charge; of
    /// documents that come to something else the numbers and minor units of charges, of what was billed of them, of credits, and of
    /// what was billed of those.
    pub detail: String,
}

impl Difference {
    /// That there are more differences of a kind than are kept: `kept` of them are.
    pub fn more(gap: Gap, partner: Option<PartnerId>, kept: i64) -> Self {
        Self {
            gap: Gap::MoreThanKept,
            partner,
            subject: gap.as_str().to_owned(),
            currency: None,
            expected: Some(kept),
            found: None,
            detail: String::new(),
        }
    }
}

/// How many of a product were charged here, and how many the vendor billed; credits apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    /// The product and its variant, such as `DG7GMGF0DWMS:0002`.
    pub product: String,
    /// Whether they were given back.
    pub credit: bool,
    /// How many here.
    pub here: i64,
    /// How many at the vendor.
    pub vendor: i64,
}

impl Quantity {
    /// The difference, where there is one.
    pub fn difference(&self) -> Option<Difference> {
        (self.here != self.vendor).then(|| Difference {
            gap: if self.credit { Gap::VendorBackOtherwise } else { Gap::VendorOtherwise },
            partner: None,
            subject: self.product.clone(),
            currency: None,
            expected: Some(self.here),
            found: Some(self.vendor),
            detail: String::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn sum(count: u64, minor: i64) -> Sum {
        Sum { count, amount: Money::new(minor, "EUR".parse().unwrap()) }
    }

    fn sides() -> Sides {
        Sides {
            ordered: sum(2, 300),
            new: sum(2, 300),
            further: sum(1, 50),
            credited: sum(1, 100),
            documents: 1,
            billed: sum(3, 350),
            billed_back: sum(1, 100),
        }
    }

    fn gaps(own: &Sides, held: Option<&str>) -> Vec<Difference> {
        own.differences(PartnerId::new(Uuid::from_u128(7)), held).unwrap()
    }

    #[test]
    fn sides_that_agree_differ_in_nothing() {
        assert_eq!(gaps(&sides(), None), []);
        assert_eq!(gaps(&Sides::nothing("EUR".parse().unwrap()), None), []);
    }

    #[test]
    fn what_stands_on_no_document_is_told_with_the_reason_it_is_held_back_for() {
        let nothing = sum(0, 0);
        let own = Sides { documents: 0, billed: nothing, billed_back: nothing, ..sides() };
        let told = gaps(&own, Some("profile_missing"));
        assert_eq!((told[0].gap, told[0].expected, told[0].found), (Gap::NotBilled, Some(250), Some(0)));
        assert_eq!(told[0].detail, "profile_missing");
        // What was bought and cancelled comes to nothing, and is to be billed all the same.
        let own = Sides { further: nothing, new: sum(1, 100), ..own };
        assert_eq!(gaps(&own, None)[0].expected, Some(0));
    }

    #[test]
    fn one_cent_or_one_line_is_a_difference_also_where_the_sum_is_right() {
        for own in [
            Sides { billed: sum(3, 351), ..sides() },
            Sides { billed: sum(4, 350), ..sides() },
            Sides { billed: sum(3, 400), billed_back: sum(1, 150), ..sides() },
        ] {
            assert_eq!(gaps(&own, None).len(), 1, "{own:?}");
            assert_eq!(gaps(&own, None)[0].gap, Gap::BilledOtherwise);
            assert!(!gaps(&own, None)[0].detail.is_empty());
        }
    }

    #[test]
    fn a_line_charged_twice_is_a_difference_though_the_bill_has_both() {
        let own = Sides { new: sum(3, 400), billed: sum(4, 450), ..sides() };
        let told = gaps(&own, None);
        assert_eq!(
            (told.len(), told[0].gap, told[0].expected, told[0].found),
            (1, Gap::ChargedOtherwise, Some(300), Some(400))
        );
    }

    #[test]
    fn documents_that_come_to_something_else_say_each_number() {
        let own = Sides { billed: sum(3, 400), billed_back: sum(2, 150), ..sides() };
        assert_eq!(gaps(&own, None)[0].detail, "3 350 3 400 1 100 2 150");
    }

    #[test]
    fn the_vendor_is_held_against_what_was_charged_credits_apart() {
        let own = Quantity { product: "DG7GMGF0DWMS:0002".into(), credit: false, here: 5, vendor: 5 };
        assert_eq!(own.difference(), None);
        let told = Quantity { vendor: 7, ..own }.difference().unwrap();
        assert_eq!((told.expected, told.found, told.partner), (Some(5), Some(7), None));
    }
}
