//! What a partner asks of its customers: the price of the operator's list with the partner's margin on it, and the credit that
//! goes on to the customer when something comes back.
//!
//! Never here: tax, exchange rates, invoices.

use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::catalog::{Family, UnknownWord};
use crate::charge::Charge;
use crate::ids::{CatalogItemId, ChargeId, CustomerId, MarginId, ProductId, SkuId};
use crate::money::{Currency, Money, MoneyError, UNIT_PRICE_DECIMALS, UNIT_PRICE_LIMIT, UnitPrice};

/// How many rules a partner has at most: they are all looked at for every purchase.
pub const RULES_MAX: i64 = 1000;

/// What a rule is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Over {
    /// Everything the partner sells.
    All,
    /// One family.
    Family(Family),
    /// One product.
    Product(ProductId),
    /// One SKU of a product.
    Sku(ProductId, SkuId),
}

impl Over {
    /// Whether it is about this item.
    fn covers(&self, family: Family, item: &CatalogItemId) -> bool {
        match self {
            Self::All => true,
            Self::Family(own) => *own == family,
            Self::Product(own) => *own == item.product,
            Self::Sku(product, sku) => *product == item.product && *sku == item.sku,
        }
    }

    /// How narrow it is: of two rules that cover something, the narrower one counts.
    const fn narrowness(&self) -> u8 {
        match self {
            Self::All => 0,
            Self::Family(_) => 1,
            Self::Product(_) => 2,
            Self::Sku(..) => 3,
        }
    }
}

impl std::fmt::Display for Over {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Family(own) => f.write_str(own.as_str()),
            Self::Product(own) => write!(f, "{own}"),
            Self::Sku(product, sku) => write!(f, "{product}:{}", sku.as_str()),
        }
    }
}

impl std::str::FromStr for Over {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        const WRONG: UnknownWord = UnknownWord {
            expected: "all, a family, a product such as DG7GMGF0FKZV, or one SKU, DG7GMGF0FKZV:0002",
        };
        if text == "all" {
            return Ok(Self::All);
        }
        if let Ok(family) = text.parse() {
            return Ok(Self::Family(family));
        }
        match text.split_once(':') {
            None => text.parse().map(Self::Product).map_err(|_| WRONG),
            Some((product, sku)) => {
                Ok(Self::Sku(product.parse().map_err(|_| WRONG)?, sku.parse().map_err(|_| WRONG)?))
            }
        }
    }
}

/// What is done to the price of one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Margin {
    /// So many percent on it; below zero is a rebate.
    Percent(Decimal),
    /// So much on it.
    Fixed(UnitPrice),
    /// This, whatever the list says: a line of a price list of the customer's own.
    Price(UnitPrice),
}

/// The least and the most percent a margin may be.
pub const PERCENT: (i64, i64) = (-100, 1000);
/// How many decimals a percentage has at most.
pub const PERCENT_DECIMALS: u32 = 4;

/// A percentage within [`PERCENT`]; none otherwise.
pub fn percent(value: Decimal) -> Option<Decimal> {
    let (least, most) = PERCENT;
    let fits = value >= Decimal::from(least) && value <= Decimal::from(most);
    (fits && value.normalize().scale() <= PERCENT_DECIMALS).then(|| value.normalize())
}

/// A rule of a partner's: what it asks more than it pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its id.
    pub id: MarginId,
    /// The customer it is for; everybody where none is named.
    pub customer: Option<CustomerId>,
    /// What it is about.
    pub over: Over,
    /// What is done to the price.
    pub margin: Margin,
    /// The least a unit costs by it.
    pub floor: Option<UnitPrice>,
    /// The first day it counts (UTC).
    pub from: Date,
    /// The last day it counts, where it ended.
    pub until: Option<Date>,
}

impl Rule {
    /// The currency it is said in; none where it counts in every one.
    pub fn currency(&self) -> Option<Currency> {
        let priced = match self.margin {
            Margin::Percent(_) => None,
            Margin::Fixed(own) | Margin::Price(own) => Some(own.currency()),
        };
        priced.or(self.floor.map(UnitPrice::currency))
    }

    /// Whether it counts on a day.
    pub fn counts_on(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// What a unit costs by it: rounded to eight decimals, half up; never less than the floor, nor than nothing.
    ///
    /// # Errors
    /// When that is no price any more.
    pub fn price(&self, unit: UnitPrice) -> Result<UnitPrice, MoneyError> {
        let asked = match self.margin {
            Margin::Price(own) => own.value(),
            Margin::Fixed(own) => unit.value().checked_add(own.value()).ok_or(MoneyError::Overflow)?,
            Margin::Percent(own) => {
                let factor = own.checked_add(Decimal::ONE_HUNDRED).ok_or(MoneyError::Overflow)?;
                let whole = unit.value().checked_mul(factor).ok_or(MoneyError::Overflow)?;
                whole.checked_div(Decimal::ONE_HUNDRED).ok_or(MoneyError::Overflow)?
            }
        };
        let least = self.floor.map_or(Decimal::ZERO, UnitPrice::value);
        let asked = asked.max(least).min(Decimal::from(UNIT_PRICE_LIMIT));
        let asked = asked.round_dp_with_strategy(UNIT_PRICE_DECIMALS, RoundingStrategy::MidpointAwayFromZero);
        UnitPrice::new(asked.normalize(), unit.currency()).map_err(|_| MoneyError::Overflow)
    }
}

/// What was bought, as rules look at it.
#[derive(Debug, Clone, Copy)]
pub struct Bought<'a> {
    /// For whom.
    pub customer: CustomerId,
    /// Its family.
    pub family: Family,
    /// The item.
    pub item: &'a CatalogItemId,
    /// What it is charged in.
    pub currency: Currency,
    /// The day (UTC).
    pub day: Date,
}

/// The one rule that counts for something: the customer's own before everybody's, then the narrower one, then the one that
/// began last. One in another currency does not count.
pub fn applying<'a>(rules: &'a [Rule], bought: &Bought<'_>) -> Option<&'a Rule> {
    rules
        .iter()
        .filter(|rule| rule.counts_on(bought.day))
        .filter(|rule| rule.customer.is_none_or(|own| own == bought.customer))
        .filter(|rule| rule.over.covers(bought.family, bought.item))
        .filter(|rule| rule.currency().is_none_or(|own| own == bought.currency))
        .max_by_key(|rule| (rule.customer.is_some(), rule.over.narrowness(), rule.from, rule.id))
}

/// What a customer owes its partner for what the partner was charged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resale {
    /// The charge it goes with.
    pub charge: ChargeId,
    /// What the partner owes for it.
    pub charged: Money,
    /// What one unit costs the customer.
    pub unit_price: UnitPrice,
    /// The same for the part of a term that is charged, before any rounding to cents.
    pub effective_unit_price: Decimal,
    /// What the customer owes; below zero for a credit.
    pub amount: Money,
    /// The rule it was priced by; none: at what the partner pays.
    pub rule: Option<MarginId>,
    /// The charge that is taken back, for a credit.
    pub reverses: Option<ChargeId>,
}

impl Resale {
    /// What a charge is resold for, at `unit` for one unit. A charge that was prorated is resold prorated the same way; what
    /// costs nothing costs the customer nothing, as nothing of it could ever be given back.
    ///
    /// # Errors
    /// When an amount does not fit.
    pub fn of(charge: &Charge, unit: UnitPrice, rule: Option<MarginId>) -> Result<Self, MoneyError> {
        let list = charge.unit_price.value();
        let effective = if charge.amount.minor() == 0 {
            Decimal::ZERO
        } else if list.is_zero() || charge.effective_unit_price == list {
            unit.value()
        } else {
            let whole = unit.value().checked_mul(charge.effective_unit_price).ok_or(MoneyError::Overflow)?;
            whole.checked_div(list).ok_or(MoneyError::Overflow)?
        };
        let whole = effective.checked_mul(Decimal::from(charge.quantity)).ok_or(MoneyError::Overflow)?;
        Ok(Self {
            charge: charge.id,
            charged: charge.amount,
            unit_price: unit,
            effective_unit_price: effective
                .round_dp_with_strategy(UNIT_PRICE_DECIMALS, RoundingStrategy::MidpointAwayFromZero),
            amount: Money::half_up(whole, charge.amount.currency())?,
            rule,
            reverses: None,
        })
    }

    /// What of a resale goes back with a credit of its charge: the same part of it that came back of the charge so far, less
    /// what went back before, so that all of it has gone back once all of the charge has. `before` are the credits of the
    /// same charge.
    ///
    /// # Errors
    /// When an amount does not fit.
    pub fn credit<'a>(
        &self,
        before: impl Iterator<Item = &'a Self>,
        credit: &Charge,
    ) -> Result<Self, MoneyError> {
        let nothing = Money::zero(self.amount.currency());
        let (mut came, mut went) = (credit.amount, nothing);
        for own in before {
            came = came.plus(own.charged)?;
            went = went.plus(own.amount)?;
        }
        let due = if self.charged.minor() == 0 {
            nothing
        } else {
            let part = came.decimal().checked_mul(self.amount.decimal()).ok_or(MoneyError::Overflow)?;
            let part = part.checked_div(self.charged.decimal()).ok_or(MoneyError::Overflow)?;
            Money::half_up(part, self.amount.currency())?
        };
        let each = if self.charged.minor() == 0 {
            Decimal::ZERO
        } else {
            let own = credit.effective_unit_price.checked_mul(self.amount.decimal());
            let own = own.and_then(|own| own.checked_div(self.charged.decimal()));
            own.ok_or(MoneyError::Overflow)?
        };
        Ok(Self {
            charge: credit.id,
            charged: credit.amount,
            unit_price: self.unit_price,
            effective_unit_price: each
                .round_dp_with_strategy(UNIT_PRICE_DECIMALS, RoundingStrategy::MidpointAwayFromZero),
            amount: due.plus(went.negated()?)?,
            rule: self.rule,
            reverses: credit.reverses,
        })
    }

    /// What the partner earns by it; below zero where it goes back, or is sold below cost.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn margin(&self) -> Result<Money, MoneyError> {
        self.amount.plus(self.charged.negated()?)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::charge::ChargeKind;
    use crate::ids::OrderId;

    fn price(text: &str, currency: &str) -> UnitPrice {
        UnitPrice::parse(text, currency.parse().unwrap()).unwrap()
    }

    fn rule(number: u128, over: &str, margin: Margin) -> Rule {
        Rule {
            id: MarginId::new(Uuid::from_u128(number)),
            customer: None,
            over: over.parse().unwrap(),
            margin,
            floor: None,
            from: date(2020, 1, 1),
            until: None,
        }
    }

    fn charge(number: u128, list: &str, effective: &str, quantity: u32, minor: i64) -> Charge {
        Charge {
            id: ChargeId::new(Uuid::from_u128(number)),
            customer: CustomerId::new(Uuid::from_u128(2)),
            order: OrderId::new(Uuid::from_u128(3)),
            line: 0,
            kind: ChargeKind::New,
            unit_price: price(list, "EUR"),
            effective_unit_price: effective.parse().unwrap(),
            quantity,
            amount: Money::new(minor, "EUR".parse().unwrap()),
            includes_tax: false,
            period: None,
            term: None,
            booked_at: Timestamp::UNIX_EPOCH,
            reverses: None,
            returned: None,
        }
    }

    fn percent_of(text: &str) -> Margin {
        Margin::Percent(percent(text.parse().unwrap()).unwrap())
    }

    #[test]
    fn a_price_is_a_percentage_a_sum_on_it_or_a_price_of_its_own_and_never_below_the_floor() {
        let unit = price("119.99", "EUR");
        let told = |rule: Rule| rule.price(unit).unwrap().value().to_string();
        assert_eq!(told(rule(1, "all", percent_of("12.5"))), "134.98875");
        assert_eq!(told(rule(1, "all", Margin::Fixed(price("10", "EUR")))), "129.99");
        assert_eq!(told(rule(1, "all", Margin::Price(price("99", "EUR")))), "99");
        assert_eq!(told(rule(1, "all", percent_of("-100"))), "0");
        let floor = Some(price("125", "EUR"));
        assert_eq!(told(Rule { floor, ..rule(1, "all", percent_of("2")) }), "125");
        assert_eq!(told(Rule { floor, ..rule(1, "all", percent_of("10")) }), "131.989");
        for wrong in ["-100.1", "1000.0001", "1.23456"] {
            assert_eq!(percent(wrong.parse().unwrap()), None, "{wrong}");
        }
    }

    #[test]
    fn the_customers_own_counts_before_everybodys_then_the_narrower_then_the_later() {
        let item: CatalogItemId = "DG7GMGF0FKZV:0002:DG7GMGF0HFR6".parse().unwrap();
        let bought = |day| Bought {
            customer: CustomerId::new(Uuid::from_u128(2)),
            family: Family::Subscription,
            item: &item,
            currency: "EUR".parse().unwrap(),
            day,
        };
        let all = rule(1, "all", percent_of("1"));
        let family = rule(2, "subscription", percent_of("2"));
        let other = rule(3, "perpetual", percent_of("3"));
        let product = rule(4, "DG7GMGF0FKZV", percent_of("4"));
        let sku = rule(5, "DG7GMGF0FKZV:0002", percent_of("5"));
        let later = Rule { from: date(2021, 1, 1), ..rule(6, "DG7GMGF0FKZV:2", percent_of("6")) };
        let own =
            Rule { customer: Some(CustomerId::new(Uuid::from_u128(2))), ..rule(7, "all", percent_of("7")) };
        let theirs =
            Rule { customer: Some(CustomerId::new(Uuid::from_u128(9))), ..rule(8, "all", percent_of("8")) };
        let dollars = rule(9, "DG7GMGF0FKZV:0002", Margin::Price(price("1", "USD")));
        let ended = Rule { until: Some(date(2020, 5, 31)), ..own.clone() };
        let found = |rules: &[&Rule], day| {
            let rules: Vec<Rule> = rules.iter().map(|own| (*own).clone()).collect();
            applying(&rules, &bought(day)).map(|own| own.id.uuid().as_u128())
        };
        let day = date(2020, 6, 1);
        assert_eq!(found(&[&all, &family, &other], day), Some(2));
        assert_eq!(found(&[&sku, &product, &all, &family], day), Some(5));
        assert_eq!(found(&[&product, &dollars, &theirs, &other], day), Some(4));
        assert_eq!(found(&[&sku, &own], day), Some(7));
        assert_eq!(found(&[&sku, &later], day), Some(5));
        assert_eq!(found(&[&sku, &later], date(2021, 1, 1)), Some(6));
        assert_eq!(found(&[&ended, &other], day), None);
        assert_eq!(found(&[&ended], date(2020, 5, 31)), Some(7));
        assert_eq!(found(&[&all], date(2019, 12, 31)), None);
    }

    #[test]
    fn words_read_as_they_are_written() {
        for word in ["all", "linux_plan", "DG7GMGF0FKZV", "DG7GMGF0FKZV:0002"] {
            assert_eq!(word.parse::<Over>().unwrap().to_string(), word);
        }
        assert!("everything".parse::<Over>().is_err() && "DG7GMGF0FKZV:00002".parse::<Over>().is_err());
    }

    #[test]
    fn what_was_prorated_is_resold_prorated_the_same_way() {
        // A third of a month of 90.00 for each of three: 30.00 each; with 10 % on it 33.00 each.
        let own = charge(1, "90.00", "30.00", 3, 90_00);
        let resale = Resale::of(&own, price("99.00", "EUR"), None).unwrap();
        assert_eq!(
            (resale.amount.minor(), resale.effective_unit_price.to_string().as_str()),
            (99_00, "33.00")
        );
        assert_eq!(resale.margin().unwrap().minor(), 9_00);
        let nothing = Resale::of(&charge(1, "0", "0", 3, 0), price("5.00", "EUR"), None).unwrap();
        assert_eq!(nothing.amount.minor(), 0, "what costs nothing cannot be given back, and is not sold");
    }

    proptest! {
        /// However a charge comes back in parts, what goes back of its resale is never more than was asked, never has the
        /// wrong sign, and is all of it in the end.
        #[test]
        fn all_that_was_resold_has_gone_back_once_all_of_the_charge_has(
            whole in 1_i64..1_000_000_00,
            unit in 0_i64..100_000_00,
            cuts in prop::collection::vec(0_u32..1000, 0..6),
        ) {
            let own = charge(1, "1.00", "1.00", 1, whole);
            let unit = UnitPrice::new(Decimal::new(unit, 2), "EUR".parse().unwrap()).unwrap();
            let resale = Resale::of(&own, unit, None).unwrap();
            let (mut left, mut back) = (whole, Vec::new());
            let parts = cuts.iter().map(|cut| i64::from(*cut)).chain([1000]);
            for (number, cut) in parts.enumerate() {
                let part = if cut == 1000 { left } else { left * cut / 1000 };
                if part == 0 {
                    continue;
                }
                left -= part;
                let id = 10 + u128::try_from(number).unwrap();
                let credit = Charge { kind: ChargeKind::CancelImmediate, reverses: Some(own.id), ..charge(id, "1.00", "1.00", 1, -part) };
                let went = resale.credit(back.iter(), &credit).unwrap();
                prop_assert!(went.amount.minor() <= 0);
                back.push(went);
                let sum: i64 = back.iter().map(|own| own.amount.minor()).sum();
                prop_assert!(-sum <= resale.amount.minor());
            }
            let sum: i64 = back.iter().map(|own| own.amount.minor()).sum();
            prop_assert_eq!(-sum, resale.amount.minor());
        }
    }
}
