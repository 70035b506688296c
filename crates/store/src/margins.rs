//! What partners ask of their customers: the rules, and the ledger of what was resold. Rows of the ledger are inserted and
//! read, never changed.

use chandlery_domain::access::Scope;
use chandlery_domain::catalog::Family;
use chandlery_domain::charge::{Charge, ChargeKind};
use chandlery_domain::ids::{CatalogItemId, ChargeId, CustomerId, MarginId, OrderId, ProductId, SkuId};
use chandlery_domain::margin::{Margin, RULES_MAX, Resale, Rule};
use chandlery_domain::money::{Currency, Money};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::charges::Stretch;
use crate::columns::{decimal, instant, number, read, read_some, unit_price};
use crate::db::{Read, Write, both, insert_rows};
use crate::error::Error;
use crate::schema::{charges, customers, margin_rules, markets, order_lines, resales, skus};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = margin_rules, treat_none_as_default_value = false)]
struct RuleRow {
    partner_id: String,
    id: String,
    customer_id: Option<String>,
    subject: String,
    margin: String,
    value: String,
    floor: Option<String>,
    currency: Option<String>,
    from_day: String,
    until_day: Option<String>,
    created_at: i64,
}

impl RuleRow {
    fn read(&self) -> Result<Rule, Error> {
        let currency: Option<Currency> = read_some("margin_rules.currency", self.currency.as_deref())?;
        let priced = |place: &'static str, text: &str| {
            unit_price(place, text, currency.ok_or_else(|| Error::broken("margin_rules.currency", "none"))?)
        };
        let value = "margin_rules.value";
        Ok(Rule {
            id: read("margin_rules.id", &self.id)?,
            customer: read_some("margin_rules.customer_id", self.customer_id.as_deref())?,
            over: read("margin_rules.subject", &self.subject)?,
            margin: match self.margin.as_str() {
                "percent" => Margin::Percent(decimal(value, &self.value)?),
                "fixed" => Margin::Fixed(priced(value, &self.value)?),
                "price" => Margin::Price(priced(value, &self.value)?),
                other => return Err(Error::broken("margin_rules.margin", other)),
            },
            floor: self.floor.as_deref().map(|own| priced("margin_rules.floor", own)).transpose()?,
            from: read("margin_rules.from_day", &self.from_day)?,
            until: read_some("margin_rules.until_day", self.until_day.as_deref())?,
        })
    }
}

/// Adds a rule.
///
/// # Errors
/// The store's own.
pub fn insert_rule(tx: &mut Write<'_>, scope: &Scope, rule: &Rule, now: Timestamp) -> Result<(), Error> {
    let (margin, value) = match rule.margin {
        Margin::Percent(own) => ("percent", own),
        Margin::Fixed(own) => ("fixed", own.value()),
        Margin::Price(own) => ("price", own.value()),
    };
    let row = RuleRow {
        partner_id: scope.partner().to_string(),
        id: rule.id.to_string(),
        customer_id: rule.customer.map(|own| own.to_string()),
        subject: rule.over.to_string(),
        margin: margin.into(),
        value: value.to_string(),
        floor: rule.floor.map(|own| own.value().to_string()),
        currency: rule.currency().map(|own| own.to_string()),
        from_day: rule.from.to_string(),
        until_day: rule.until.map(|own| own.to_string()),
        created_at: now.as_microsecond(),
    };
    both!(tx, |c| diesel::insert_into(margin_rules::table).values(&row).execute(c))?;
    Ok(())
}

/// The rules of a partner that count on a day or later, newest first, each with the name of its customer.
///
/// # Errors
/// The store's own.
pub fn rules(tx: &mut Read<'_>, scope: &Scope, from: Date) -> Result<Vec<(Rule, Option<String>)>, Error> {
    let (partner, from) = (scope.partner().to_string(), from.to_string());
    let rows: Vec<(RuleRow, Option<String>)> = both!(tx, |c| margin_rules::table
        .left_join(
            customers::table.on(customers::partner_id
                .eq(margin_rules::partner_id)
                .and(customers::id.nullable().eq(margin_rules::customer_id)))
        )
        .filter(margin_rules::partner_id.eq(&partner))
        .filter(margin_rules::until_day.is_null().or(margin_rules::until_day.ge(&from)))
        .order(margin_rules::id.desc())
        .limit(RULES_MAX)
        .select((RuleRow::as_select(), customers::company_name.nullable()))
        .load(c))?;
    rows.into_iter().map(|(row, name)| Ok((row.read()?, name))).collect()
}

/// The rules that may count for one customer on a day: its own, and everybody's.
///
/// # Errors
/// The store's own.
pub fn rules_for(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    day: Date,
) -> Result<Vec<Rule>, Error> {
    let (partner, customer, day) = (scope.partner().to_string(), customer.to_string(), day.to_string());
    let rows: Vec<RuleRow> = both!(tx, |c| margin_rules::table
        .filter(margin_rules::partner_id.eq(&partner))
        .filter(margin_rules::customer_id.is_null().or(margin_rules::customer_id.eq(&customer)))
        .filter(margin_rules::from_day.le(&day))
        .filter(margin_rules::until_day.is_null().or(margin_rules::until_day.ge(&day)))
        .limit(RULES_MAX)
        .select(RuleRow::as_select())
        .load(c))?;
    rows.iter().map(RuleRow::read).collect()
}

/// One rule.
///
/// # Errors
/// The store's own.
pub fn rule(tx: &mut Read<'_>, scope: &Scope, id: MarginId) -> Result<Option<Rule>, Error> {
    let (partner, id) = (scope.partner().to_string(), id.to_string());
    let row: Option<RuleRow> = both!(tx, |c| margin_rules::table
        .find((&partner, &id))
        .select(RuleRow::as_select())
        .first(c)
        .optional())?;
    row.as_ref().map(RuleRow::read).transpose()
}

/// Lets a rule end with a day; false when it had ended before.
///
/// # Errors
/// The store's own.
pub fn end_rule(tx: &mut Write<'_>, scope: &Scope, id: MarginId, until: Date) -> Result<bool, Error> {
    let (partner, id, until) = (scope.partner().to_string(), id.to_string(), until.to_string());
    let changed = both!(tx, |c| diesel::update(
        margin_rules::table.find((&partner, &id)).filter(margin_rules::until_day.is_null())
    )
    .set(margin_rules::until_day.eq(&until))
    .execute(c))?;
    Ok(changed == 1)
}

/// Whether something is in the catalogue: a product, or one SKU of it.
///
/// # Errors
/// The store's own.
pub fn is_sold(tx: &mut Read<'_>, product: &ProductId, sku: Option<&SkuId>) -> Result<bool, Error> {
    let found: Option<String> = both!(tx, |c| {
        let mut query =
            skus::table.filter(skus::product_id.eq(product.as_str())).select(skus::product_id).into_boxed();
        if let Some(sku) = sku {
            query = query.filter(skus::id.eq(sku.as_str()));
        }
        query.first(c).optional()
    })?;
    Ok(found.is_some())
}

/// Whether some market is sold to in a currency.
///
/// # Errors
/// The store's own.
pub fn is_used(tx: &mut Read<'_>, currency: Currency) -> Result<bool, Error> {
    let code = currency.to_string();
    let found: Option<String> = both!(tx, |c| markets::table
        .filter(markets::currency.eq(&code))
        .select(markets::currency)
        .first(c)
        .optional())?;
    Ok(found.is_some())
}

/// The family and the item of each line of some orders: order, line, family, item.
///
/// # Errors
/// The store's own.
pub fn items_of_lines(
    tx: &mut Read<'_>,
    scope: &Scope,
    orders: &[OrderId],
) -> Result<Vec<(OrderId, u32, Family, CatalogItemId)>, Error> {
    let partner = scope.partner().to_string();
    let orders: Vec<String> = orders.iter().map(ToString::to_string).collect();
    let rows: Vec<(String, i64, String, String)> = both!(tx, |c| order_lines::table
        .filter(order_lines::partner_id.eq(&partner).and(order_lines::order_id.eq_any(&orders)))
        .select((order_lines::order_id, order_lines::number, order_lines::family, order_lines::item))
        .load(c))?;
    rows.iter()
        .map(|(order, line, family, item)| {
            Ok((
                read("order_lines.order_id", order)?,
                number("order_lines.number", *line)?,
                read("order_lines.family", family)?,
                read("order_lines.item", item)?,
            ))
        })
        .collect()
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = resales, treat_none_as_default_value = false)]
struct ResaleRow {
    partner_id: String,
    order_id: String,
    charge_id: String,
    customer_id: String,
    line: i64,
    unit_price: String,
    effective_unit_price: String,
    quantity: i64,
    amount: i64,
    charged: i64,
    currency: String,
    includes_tax: i64,
    booked_at: i64,
    reverses: Option<String>,
    rule_id: Option<String>,
}

impl ResaleRow {
    fn read(&self) -> Result<Resale, Error> {
        let currency: Currency = read("resales.currency", &self.currency)?;
        Ok(Resale {
            charge: read("resales.charge_id", &self.charge_id)?,
            charged: Money::new(self.charged, currency),
            unit_price: unit_price("resales.unit_price", &self.unit_price, currency)?,
            effective_unit_price: decimal("resales.effective_unit_price", &self.effective_unit_price)?,
            amount: Money::new(self.amount, currency),
            rule: read_some("resales.rule_id", self.rule_id.as_deref())?,
            reverses: read_some("resales.reverses", self.reverses.as_deref())?,
        })
    }
}

/// Books what was resold, each with the charge it goes with.
///
/// # Errors
/// The store's own.
pub fn insert(tx: &mut Write<'_>, scope: &Scope, resold: &[(&Charge, Resale)]) -> Result<(), Error> {
    let rows: Vec<ResaleRow> = resold
        .iter()
        .map(|(charge, own)| ResaleRow {
            partner_id: scope.partner().to_string(),
            order_id: charge.order.to_string(),
            charge_id: own.charge.to_string(),
            customer_id: charge.customer.to_string(),
            line: charge.line.into(),
            unit_price: own.unit_price.value().to_string(),
            effective_unit_price: own.effective_unit_price.to_string(),
            quantity: charge.quantity.into(),
            amount: own.amount.minor(),
            charged: own.charged.minor(),
            currency: own.amount.currency().to_string(),
            includes_tax: charge.includes_tax.into(),
            booked_at: charge.booked_at.as_microsecond(),
            reverses: own.reverses.map(|id| id.to_string()),
            rule_id: own.rule.map(|id| id.to_string()),
        })
        .collect();
    insert_rows!(tx, resales::table, rows)?;
    Ok(())
}

/// A resale with the order, the line and, where there is one, the first day of the term it is part of.
pub type Sold = (OrderId, u32, Option<Date>, Resale);

/// What was resold of some orders, oldest first.
///
/// # Errors
/// The store's own.
pub fn of_orders(tx: &mut Read<'_>, scope: &Scope, orders: &[OrderId]) -> Result<Vec<Sold>, Error> {
    let partner = scope.partner().to_string();
    let orders: Vec<String> = orders.iter().map(ToString::to_string).collect();
    let rows: Vec<(ResaleRow, Option<String>)> = both!(tx, |c| resales::table
        .inner_join(
            charges::table.on(charges::partner_id
                .eq(resales::partner_id)
                .and(charges::order_id.eq(resales::order_id))
                .and(charges::id.eq(resales::charge_id)))
        )
        .filter(resales::partner_id.eq(&partner).and(resales::order_id.eq_any(&orders)))
        .order((resales::booked_at.asc(), resales::charge_id.asc()))
        .select((ResaleRow::as_select(), charges::term_first))
        .load(c))?;
    rows.iter()
        .map(|(row, term)| {
            let (order, line) = (read("resales.order_id", &row.order_id)?, number("resales.line", row.line)?);
            Ok((order, line, read_some("charges.term_first", term.as_deref())?, row.read()?))
        })
        .collect()
}

/// These resales, by the charges they go with, of one customer.
///
/// # Errors
/// The store's own.
pub fn of_charges(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    ids: &[(OrderId, ChargeId)],
) -> Result<Vec<Resale>, Error> {
    let (partner, customer) = (scope.partner().to_string(), customer.to_string());
    let orders: Vec<String> = ids.iter().map(|(order, _)| order.to_string()).collect();
    let charges: Vec<String> = ids.iter().map(|(_, charge)| charge.to_string()).collect();
    let rows: Vec<ResaleRow> = both!(tx, |c| resales::table
        .filter(resales::partner_id.eq(&partner).and(resales::order_id.eq_any(&orders)))
        .filter(resales::charge_id.eq_any(&charges).and(resales::customer_id.eq(&customer)))
        .select(ResaleRow::as_select())
        .load(c))?;
    rows.iter().map(ResaleRow::read).collect()
}

/// What was resold to a customer in a stretch of time, by currency: what the partner owes for it, and what the customer owes.
///
/// # Errors
/// The store's own.
pub fn sums_of_customer(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    (from, to): Stretch,
) -> Result<Vec<(Money, Money)>, Error> {
    let (partner, customer) = (scope.partner().to_string(), customer.to_string());
    let rows: Vec<(String, i64, i64)> = both!(tx, |c| resales::table
        .filter(resales::partner_id.eq(&partner).and(resales::customer_id.eq(&customer)))
        .filter(resales::booked_at.ge(from.as_microsecond()).and(resales::booked_at.lt(to.as_microsecond())))
        .group_by(resales::currency)
        .order(resales::currency.asc())
        .select((
            resales::currency,
            diesel::dsl::sql::<BigInt>("cast(sum(charged) as bigint)"),
            diesel::dsl::sql::<BigInt>("cast(sum(amount) as bigint)"),
        ))
        .load(c))?;
    rows.iter()
        .map(|(currency, charged, amount)| {
            let currency: Currency = read("resales.currency", currency)?;
            Ok((Money::new(*charged, currency), Money::new(*amount, currency)))
        })
        .collect()
}

/// A line of what a customer owes its partner.
#[derive(Debug, Clone)]
pub struct Line {
    /// When it was booked.
    pub at: Timestamp,
    /// The order.
    pub order: OrderId,
    /// What was bought.
    pub title: String,
    /// Why it is owed.
    pub kind: ChargeKind,
    /// How many.
    pub quantity: u32,
    /// The days it pays for.
    pub days: Option<(Date, Date)>,
    /// Whether tax is in the amounts.
    pub includes_tax: bool,
    /// The resale.
    pub resale: Resale,
}

/// What was resold to a customer in a stretch of time, oldest first, a page at a time after `after`.
///
/// # Errors
/// The store's own.
pub fn of_customer(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    (from, to): Stretch,
    after: Option<(Timestamp, ChargeId)>,
    limit: i64,
) -> Result<Vec<Line>, Error> {
    type Own = (ResaleRow, String, String, Option<String>, Option<String>);
    let (partner, customer) = (scope.partner().to_string(), customer.to_string());
    let rows: Vec<Own> = both!(tx, |c| {
        let mut query = resales::table
            .inner_join(
                charges::table.on(charges::partner_id
                    .eq(resales::partner_id)
                    .and(charges::order_id.eq(resales::order_id))
                    .and(charges::id.eq(resales::charge_id))),
            )
            .inner_join(
                order_lines::table.on(order_lines::partner_id
                    .eq(resales::partner_id)
                    .and(order_lines::order_id.eq(resales::order_id))
                    .and(order_lines::number.eq(resales::line))),
            )
            .filter(resales::partner_id.eq(&partner).and(resales::customer_id.eq(&customer)))
            .filter(
                resales::booked_at.ge(from.as_microsecond()).and(resales::booked_at.lt(to.as_microsecond())),
            )
            .select((
                ResaleRow::as_select(),
                order_lines::title,
                charges::kind,
                charges::period_first,
                charges::period_last,
            ))
            .into_boxed();
        if let Some((at, id)) = after {
            let same = resales::booked_at.eq(at.as_microsecond()).and(resales::charge_id.gt(id.to_string()));
            query = query.filter(resales::booked_at.gt(at.as_microsecond()).or(same));
        }
        query.order((resales::booked_at.asc(), resales::charge_id.asc())).limit(limit).load(c)
    })?;
    rows.into_iter()
        .map(|(row, title, kind, first, last)| {
            let day = |text: Option<String>| read_some("charges.period", text.as_deref());
            Ok(Line {
                at: instant("resales.booked_at", row.booked_at)?,
                order: read("resales.order_id", &row.order_id)?,
                title,
                kind: read("charges.kind", &kind)?,
                quantity: number("resales.quantity", row.quantity)?,
                days: day(first)?.zip(day(last)?),
                includes_tax: row.includes_tax == 1,
                resale: row.read()?,
            })
        })
        .collect()
}
