//! The catalogue: product → SKU → availability, the families of things sold, and who may be sold which segment.
//!
//! Never here: prices (see `price`) or what a customer owns.

use std::fmt;
use std::str::FromStr;

use crate::calendar::{BillingCycle, Term};
use crate::ids::{CatalogItemId, ProductId, SkuId};
use crate::money::UnitPrice;

/// A word that stands for none of the values of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownWord {
    /// The words that would have been right, for people.
    pub expected: &'static str,
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected one of {}", self.expected)
    }
}

impl std::error::Error for UnknownWord {}

/// What kind of thing is sold; it decides keys, renewal and cancelling (rule 2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// A server subscription for a term: keys, downloads, prorated credit.
    Subscription,
    /// Perpetual software: keys, downloads, full credit.
    Perpetual,
    /// An Azure reservation: no keys; refunds by support request only.
    Reservation,
    /// A SUSE or Red Hat plan: no keys, never cancelled, never exchanged (rule 2.7).
    LinuxPlan,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 4] = [Self::Subscription, Self::Perpetual, Self::Reservation, Self::LinuxPlan];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Subscription => "subscription",
            Self::Perpetual => "perpetual",
            Self::Reservation => "reservation",
            Self::LinuxPlan => "linux_plan",
        }
    }

    /// Whether a term of it may be paid for in several charges: only what becomes a subscription is charged again.
    pub const fn runs_in_cycles(self) -> bool {
        matches!(self, Self::Subscription)
    }

    /// Whether the thing is software with product keys and downloads.
    pub const fn has_keys(self) -> bool {
        matches!(self, Self::Subscription | Self::Perpetual)
    }
}

impl FromStr for Family {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|family| family.as_str().eq_ignore_ascii_case(text))
            .ok_or(UnknownWord { expected: "subscription, perpetual, reservation, linux_plan" })
    }
}

/// Whom an availability is for (rule 2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Segment {
    /// Companies.
    Commercial,
    /// Schools and universities.
    Education,
    /// Government cloud.
    Government,
    /// Charities.
    NonProfit,
}

impl Segment {
    /// Every segment.
    pub const ALL: [Self; 4] = [Self::Commercial, Self::Education, Self::Government, Self::NonProfit];

    /// The stored word, which is also the one on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Commercial => "commercial",
            Self::Education => "education",
            Self::Government => "government",
            Self::NonProfit => "nonprofit",
        }
    }
}

impl FromStr for Segment {
    type Err = UnknownWord;

    /// Price files say Charity for non-profit (rule 2.5).
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        if text.eq_ignore_ascii_case("charity") {
            return Ok(Self::NonProfit);
        }
        Self::ALL
            .into_iter()
            .find(|segment| segment.as_str().eq_ignore_ascii_case(text))
            .ok_or(UnknownWord { expected: "Commercial, Education, Government, Charity" })
    }
}

/// What kind of organisation a customer has been vetted as (rule 2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Qualification {
    /// An ordinary company.
    None,
    /// A school or university.
    Education,
    /// A charity.
    NonProfit,
    /// A tenant of the government cloud.
    GovernmentCloud,
    /// Owned by a state.
    StateOwned,
}

impl Qualification {
    /// Every qualification.
    pub const ALL: [Self; 5] =
        [Self::None, Self::Education, Self::NonProfit, Self::GovernmentCloud, Self::StateOwned];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Education => "education",
            Self::NonProfit => "nonprofit",
            Self::GovernmentCloud => "government_cloud",
            Self::StateOwned => "state_owned",
        }
    }

    /// Whether a customer with this qualification may be sold an item of `segment` (the table of rule 2.5).
    pub const fn may_buy(self, segment: Segment) -> bool {
        match segment {
            Segment::Commercial => !matches!(self, Self::GovernmentCloud),
            Segment::Education => matches!(self, Self::Education),
            Segment::NonProfit => matches!(self, Self::NonProfit),
            Segment::Government => matches!(self, Self::GovernmentCloud),
        }
    }
}

impl FromStr for Qualification {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|qualification| qualification.as_str().eq_ignore_ascii_case(text))
            .ok_or(UnknownWord { expected: "none, education, nonprofit, government_cloud, state_owned" })
    }
}

/// A product: the name people know. Not buyable by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Its id.
    pub id: ProductId,
    /// Its name.
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
}

/// A variant of a product, with its own limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sku {
    /// The product it belongs to.
    pub product: ProductId,
    /// Its id inside the product.
    pub id: SkuId,
    /// Its name, with the term where it has one.
    pub title: String,
    /// What it is, in a sentence.
    pub description: String,
    /// What kind of thing it is.
    pub family: Family,
    /// The least that may be bought in one line.
    pub minimum_quantity: u32,
    /// The most that may be bought in one line.
    pub maximum_quantity: u32,
}

/// Something that can be bought on a day in a market: an availability of a SKU with one of its prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What goes into the cart.
    pub item: CatalogItemId,
    /// The SKU's name.
    pub title: String,
    /// The product's name, and who makes it.
    pub product: (String, String),
    /// What kind of thing it is.
    pub family: Family,
    /// Whom it is for.
    pub segment: Segment,
    /// How long it runs.
    pub term: Term,
    /// How it is charged.
    pub plan: BillingCycle,
    /// What one unit costs for the term.
    pub unit_price: UnitPrice,
    /// The least that may be bought in one line.
    pub minimum_quantity: u32,
    /// The most that may be bought in one line.
    pub maximum_quantity: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_buy_what_is_the_published_table() {
        use Qualification as Q;
        use Segment as S;
        let table = [
            (Q::None, vec![S::Commercial]),
            (Q::NonProfit, vec![S::Commercial, S::NonProfit]),
            (Q::Education, vec![S::Commercial, S::Education]),
            (Q::GovernmentCloud, vec![S::Government]),
            (Q::StateOwned, vec![S::Commercial]),
        ];
        for (qualification, allowed) in table {
            for segment in S::ALL {
                assert_eq!(
                    qualification.may_buy(segment),
                    allowed.contains(&segment),
                    "{qualification:?} {segment:?}"
                );
            }
        }
    }

    #[test]
    fn price_files_call_non_profit_charity() {
        assert_eq!("Charity".parse(), Ok(Segment::NonProfit));
        assert_eq!("NonProfit".parse(), Ok(Segment::NonProfit));
        assert!("Academic".parse::<Segment>().is_err());
    }
}
