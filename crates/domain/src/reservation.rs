//! Azure reservations as they are managed, and the Azure subscriptions they are for (rule 2.6).
//!
//! Never here: buying one (see `cart`).

mod kind;
mod refund;

pub use kind::Kind;
pub use refund::{Part, Refund, RefundCap, RefundRule, Way, Wish, exchangeable, refund};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::{Period, utc_date};
use crate::cart::Wanted;
use crate::ids::{AzureSubscriptionId, CustomerId, OrderId, ReservationId};
use crate::order::{Order, OrderLine};

/// How long a name may be, in letters.
pub const NAME_MAX: usize = 100;
/// Under which name the wire and the cart know the Azure subscription a reservation is bought on.
pub const ON: &str = "subscriptionId";
/// Under which name they know its scope.
pub const SCOPE: &str = "scope";

/// An Azure subscription of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AzureSubscription {
    /// The id it has in Azure.
    pub id: AzureSubscriptionId,
    /// What the partner calls it.
    pub name: String,
    /// Whether it is in use; otherwise it is suspended.
    pub active: bool,
    /// Since when reservations may be bought on it.
    pub registered_at: Option<Timestamp>,
    /// When it was added.
    pub added_at: Timestamp,
}

/// Why nothing can be reserved on an Azure subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// The customer has none with this id.
    Unknown,
    /// It is suspended.
    Suspended,
    /// It is not registered for reservations.
    NotRegistered,
}

impl Unfit {
    /// The word by which a sentence is chosen.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Suspended => "suspended",
            Self::NotRegistered => "not_registered",
        }
    }
}

/// Whether something can be reserved on the Azure subscription a wanted line names; `known` are the customer's. A line that
/// names none is for all of them.
///
/// # Errors
/// The id as it was written, and why it is unfit.
pub fn fit<'a>(wanted: &'a Wanted, known: &[AzureSubscription]) -> Result<(), (&'a str, Unfit)> {
    let Some(text) = named(wanted, ON) else { return Ok(()) };
    let own = text.parse::<AzureSubscriptionId>().ok();
    match known.iter().find(|one| Some(one.id) == own) {
        None => Err((text, Unfit::Unknown)),
        Some(one) if !one.active => Err((text, Unfit::Suspended)),
        Some(one) if one.registered_at.is_none() => Err((text, Unfit::NotRegistered)),
        Some(_) => Ok(()),
    }
}

/// What a wanted line says under a name; names are told apart by their letters, not by their case.
pub fn named<'a>(wanted: &'a Wanted, name: &str) -> Option<&'a str> {
    let own = wanted.context.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
    own.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
}

/// A reservation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reservation {
    /// Its id.
    pub id: ReservationId,
    /// Whose it is.
    pub customer: CustomerId,
    /// The order it came out of.
    pub order: OrderId,
    /// The line of that order.
    pub line: u32,
    /// What is reserved.
    pub title: String,
    /// What the partner calls it.
    pub name: String,
    /// How many.
    pub quantity: u32,
    /// The Azure subscription it is for alone; none where all of the customer's share it.
    pub applies_to: Option<AzureSubscriptionId>,
    /// The Azure subscription it was bought on.
    pub bought_on: Option<AzureSubscriptionId>,
    /// The days it runs, the last one included.
    pub period: Period,
    /// Since when it is there; none while it is being provisioned.
    pub made_at: Option<Timestamp>,
    /// When others took its place.
    pub replaced_at: Option<Timestamp>,
    /// When it was given back.
    pub returned_at: Option<Timestamp>,
}

/// How a reservation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is being provisioned.
    Creating,
    /// It runs.
    Running,
    /// Its term is over.
    Expired,
    /// Others took its place.
    Replaced,
    /// It was given back, or exchanged.
    Returned,
}

impl Standing {
    /// The word by which it is told.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Creating => "creating",
            Self::Running => "running",
            Self::Expired => "expired",
            Self::Replaced => "replaced",
            Self::Returned => "returned",
        }
    }
}

/// Why a reservation is not changed as somebody wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixed {
    /// It does not run: it is being provisioned, is over, or was replaced.
    Standing(Standing),
    /// Its parts must come to what it has, each at least one.
    Parts {
        /// How many it has.
        quantity: u32,
    },
    /// There must be two or more to be merged.
    One,
    /// Only what came out of one line of one order, for the same scope, becomes one.
    Apart,
}

impl Reservation {
    /// What becomes of a line of an order for reservations, as the buyer wanted it where that is known.
    pub fn ordered(
        id: ReservationId,
        order: &Order,
        line: &OrderLine,
        wanted: Option<&Wanted>,
    ) -> Option<Self> {
        let said = |name| wanted.and_then(|own| named(own, name));
        let bought_on = said(ON).and_then(|text| text.parse().ok());
        let single = said(SCOPE).is_some_and(|text| text.eq_ignore_ascii_case("single"));
        Some(Self {
            id,
            customer: order.customer,
            order: order.id,
            line: line.number,
            title: line.title.clone(),
            name: line.title.chars().take(NAME_MAX).collect(),
            quantity: line.quantity,
            applies_to: bought_on.filter(|_| single),
            bought_on,
            period: line.period?,
            made_at: None,
            replaced_at: None,
            returned_at: None,
        })
    }

    /// How it stands on a day.
    pub fn standing(&self, today: Date) -> Standing {
        match (self.made_at, self.replaced_at, self.returned_at) {
            (_, Some(_), _) => Standing::Replaced,
            (_, None, Some(_)) => Standing::Returned,
            (None, None, None) => Standing::Creating,
            (Some(_), None, None) if self.period.last < today => Standing::Expired,
            (Some(_), None, None) => Standing::Running,
        }
    }

    /// Whether it may be changed at all.
    ///
    /// # Errors
    /// [`Fixed::Standing`] unless it runs.
    pub fn runs(&self, now: Timestamp) -> Result<(), Fixed> {
        match self.standing(utc_date(now)) {
            Standing::Running => Ok(()),
            standing => Err(Fixed::Standing(standing)),
        }
    }

    /// The two it becomes: the first with so many, the second with the rest. Everything else stays.
    ///
    /// # Errors
    /// When it does not run, or nothing would be left for one of them.
    pub fn split(&self, parts: &[u32], ids: [ReservationId; 2], now: Timestamp) -> Result<[Self; 2], Fixed> {
        self.runs(now)?;
        let &[first, second] = parts else { return Err(Fixed::Parts { quantity: self.quantity }) };
        if first == 0 || second == 0 || first.checked_add(second) != Some(self.quantity) {
            return Err(Fixed::Parts { quantity: self.quantity });
        }
        let [one, other] = ids;
        let part = |id, quantity| Self { id, quantity, made_at: Some(now), ..self.clone() };
        Ok([part(one, first), part(other, second)])
    }

    /// The one that several become, with the name of the first.
    ///
    /// # Errors
    /// When one of them does not run, they are fewer than two, or they do not belong together.
    pub fn merge(list: &[Self], id: ReservationId, now: Timestamp) -> Result<Self, Fixed> {
        let Some((first, others)) = list.split_first().filter(|(_, others)| !others.is_empty()) else {
            return Err(Fixed::One);
        };
        let mut quantity = first.quantity;
        first.runs(now)?;
        for other in others {
            other.runs(now)?;
            let place = |own: &Self| (own.customer, own.order, own.line, own.applies_to);
            if place(other) != place(first) {
                return Err(Fixed::Apart);
            }
            quantity = quantity.checked_add(other.quantity).ok_or(Fixed::Apart)?;
        }
        Ok(Self { id, quantity, made_at: Some(now), ..first.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::BillingCycle;
    use jiff::civil::date;
    use proptest::prelude::*;
    use uuid::Uuid;

    const NOW: Timestamp = Timestamp::constant(1_600_000_000, 0);

    fn id(number: u128) -> ReservationId {
        ReservationId::new(Uuid::from_u128(number))
    }

    fn azure(number: u128) -> AzureSubscriptionId {
        AzureSubscriptionId::new(Uuid::from_u128(number))
    }

    fn reservation(quantity: u32) -> Reservation {
        Reservation {
            id: id(1),
            customer: CustomerId::new(Uuid::from_u128(2)),
            order: OrderId::new(Uuid::from_u128(3)),
            line: 0,
            title: "Standard_D4s_v3, North Europe".into(),
            name: "Web servers".into(),
            quantity,
            applies_to: None,
            bought_on: None,
            period: Period { first: date(2020, 1, 24), last: date(2021, 1, 23) },
            made_at: Some(NOW),
            replaced_at: None,
            returned_at: None,
        }
    }

    fn wanted(context: &[(&str, &str)]) -> Wanted {
        Wanted {
            number: 0,
            item: "DZH318Z0BQ4Z:002L:DZH318Z0CMNP".parse().unwrap(),
            quantity: 1,
            term: None,
            cycle: BillingCycle::OneTime,
            friendly_name: None,
            reseller: None,
            context: context.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        }
    }

    #[test]
    fn a_line_names_a_subscription_that_is_there_runs_and_is_registered() {
        let own = |number, active, registered: bool| AzureSubscription {
            id: azure(number),
            name: "Production".into(),
            active,
            registered_at: registered.then_some(NOW),
            added_at: NOW,
        };
        let known = [own(1, true, true), own(2, false, true), own(3, true, false)];
        let on = |text: &str| fit(&wanted(&[("SubscriptionId", text)]), &known).map_err(|(_, why)| why);
        assert_eq!(on(&azure(1).to_string().to_uppercase()), Ok(()));
        assert_eq!(on(&azure(2).to_string()), Err(Unfit::Suspended));
        assert_eq!(on(&azure(3).to_string()), Err(Unfit::NotRegistered));
        assert_eq!(on(&azure(4).to_string()), Err(Unfit::Unknown));
        assert_eq!(on("production"), Err(Unfit::Unknown));
        assert_eq!(fit(&wanted(&[]), &known), Ok(()));
    }

    #[test]
    fn only_what_runs_is_changed() {
        let own = reservation(4);
        let on = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(own.runs(on("2021-01-23T23:59:59Z")), Ok(()));
        assert_eq!(own.runs(on("2021-01-24T00:00:00Z")), Err(Fixed::Standing(Standing::Expired)));
        let waiting = Reservation { made_at: None, ..own.clone() };
        assert_eq!(waiting.runs(NOW), Err(Fixed::Standing(Standing::Creating)));
        let gone = Reservation { replaced_at: Some(NOW), ..own };
        assert_eq!(gone.split(&[1, 3], [id(2), id(3)], NOW), Err(Fixed::Standing(Standing::Replaced)));
    }

    #[test]
    fn it_is_split_in_two_that_come_to_the_same() {
        let own = reservation(5);
        for wrong in [&[][..], &[5], &[0, 5], &[2, 2], &[1, 1, 3], &[u32::MAX, 6]] {
            assert_eq!(own.split(wrong, [id(2), id(3)], NOW), Err(Fixed::Parts { quantity: 5 }), "{wrong:?}");
        }
    }

    #[test]
    fn only_what_came_out_of_one_line_for_one_scope_is_merged() {
        let own = reservation(5);
        let other = |change: &dyn Fn(&mut Reservation)| {
            let mut other = Reservation { id: id(9), ..reservation(2) };
            change(&mut other);
            Reservation::merge(&[own.clone(), other], id(10), NOW)
        };
        assert_eq!(other(&|_| {}).unwrap().quantity, 7);
        assert_eq!(other(&|own| own.line = 1), Err(Fixed::Apart));
        assert_eq!(other(&|own| own.order = OrderId::new(Uuid::from_u128(4))), Err(Fixed::Apart));
        assert_eq!(other(&|own| own.applies_to = Some(azure(1))), Err(Fixed::Apart));
        assert_eq!(other(&|own| own.quantity = u32::MAX), Err(Fixed::Apart));
        assert_eq!(other(&|own| own.made_at = None), Err(Fixed::Standing(Standing::Creating)));
        assert_eq!(Reservation::merge(std::slice::from_ref(&own), id(10), NOW), Err(Fixed::One));
        assert_eq!(Reservation::merge(&[], id(10), NOW), Err(Fixed::One));
    }

    proptest! {
        #[test]
        fn what_is_split_and_merged_again_is_the_same_but_for_its_id(quantity in 2_u32..10_000, part in 1_u32..10_000) {
            let own = reservation(quantity);
            let first = part % (quantity - 1) + 1;
            let parts = own.split(&[first, quantity - first], [id(2), id(3)], NOW).unwrap();
            prop_assert_eq!(parts[0].quantity + parts[1].quantity, quantity);
            let whole = Reservation::merge(&parts, id(4), NOW).unwrap();
            prop_assert_eq!(Reservation { id: own.id, ..whole }, own);
        }
    }
}
