//! Orders with their lines.

use chandlery_domain::access::Scope;
use chandlery_domain::calendar::{BillingCycle, Period};
use chandlery_domain::catalog::Family;
use chandlery_domain::ids::{CartId, CatalogItemId, CustomerId, OrderId, OrderRef, ProductId};
use chandlery_domain::key::LineRef;
use chandlery_domain::market::Country;
use chandlery_domain::money::{Currency, Money};
use chandlery_domain::order::{LineState, Order, OrderLine};
use diesel::prelude::*;
use jiff::Timestamp;
use std::collections::HashMap;

use crate::audit::escape;
use crate::columns::{flag, instant, number, period, read, read_some, unit_price};
use crate::db::{Conn, Kept, Read, Write, both, insert_rows};
use crate::error::Error;
use crate::schema::{order_lines, orders};

#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = orders, treat_none_as_default_value = false)]
struct Row {
    partner_id: String,
    id: String,
    alternate_id: String,
    customer_id: String,
    cart_id: Option<String>,
    cart_group: Option<i64>,
    country: String,
    currency: String,
    cycle: String,
    placed_at: i64,
    revision: i64,
    po_number: Option<String>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = order_lines, treat_none_as_default_value = false)]
struct LineRow {
    partner_id: String,
    order_id: String,
    number: i64,
    item: String,
    title: String,
    family: String,
    quantity: i64,
    term: String,
    unit_price: String,
    amount: i64,
    includes_tax: i64,
    period_first: Option<String>,
    period_last: Option<String>,
    subscription_id: Option<String>,
    reseller: Option<String>,
    state: String,
    state_at: Option<i64>,
    product: String,
    publisher: String,
}

fn state_columns(state: LineState) -> (&'static str, Option<i64>) {
    match state {
        LineState::Pending => ("pending", None),
        LineState::Fulfilled { at } => ("fulfilled", Some(at.as_microsecond())),
        LineState::Cancelled { at } => ("cancelled", Some(at.as_microsecond())),
    }
}

impl LineRow {
    fn read(self, currency: Currency) -> Result<OrderLine, Error> {
        let at = self.state_at.map(|at| instant("order_lines.state_at", at)).transpose()?;
        let state = match (self.state.as_str(), at) {
            ("pending", None) => LineState::Pending,
            ("fulfilled", Some(at)) => LineState::Fulfilled { at },
            ("cancelled", Some(at)) => LineState::Cancelled { at },
            (other, _) => return Err(Error::broken("order_lines.state", other)),
        };
        Ok(OrderLine {
            number: number("order_lines.number", self.number)?,
            item: read("order_lines.item", &self.item)?,
            title: self.title,
            product: (self.product, self.publisher),
            family: read("order_lines.family", &self.family)?,
            quantity: number("order_lines.quantity", self.quantity)?,
            term: read("order_lines.term", &self.term)?,
            unit_price: unit_price("order_lines.unit_price", &self.unit_price, currency)?,
            amount: Money::new(self.amount, currency),
            includes_tax: flag("order_lines.includes_tax", self.includes_tax)?,
            period: period("order_lines.period", self.period_first.as_deref(), self.period_last.as_deref())?,
            subscription: read_some("order_lines.subscription_id", self.subscription_id.as_deref())?,
            reseller: self.reseller,
            state,
        })
    }

    fn write(partner: &str, order: &Order, line: &OrderLine) -> Self {
        let (state, state_at) = state_columns(line.state);
        Self {
            partner_id: partner.to_owned(),
            order_id: order.id.to_string(),
            number: line.number.into(),
            item: line.item.to_string(),
            title: line.title.clone(),
            family: line.family.as_str().into(),
            quantity: line.quantity.into(),
            term: line.term.as_str().into(),
            unit_price: line.unit_price.value().to_string(),
            amount: line.amount.minor(),
            includes_tax: line.includes_tax.into(),
            period_first: line.period.map(|period| period.first.to_string()),
            period_last: line.period.map(|period| period.last.to_string()),
            subscription_id: line.subscription.map(|id| id.to_string()),
            reseller: line.reseller.clone(),
            state: state.into(),
            state_at,
            product: line.product.0.clone(),
            publisher: line.product.1.clone(),
        }
    }
}

impl Row {
    fn read(self, lines: Vec<LineRow>) -> Result<(Order, i64), Error> {
        let currency: Currency = read("orders.currency", &self.currency)?;
        let cart: Option<CartId> = read_some("orders.cart_id", self.cart_id.as_deref())?;
        let group = self.cart_group.map(|group| number("orders.cart_group", group)).transpose()?;
        let mut lines = lines.into_iter().map(|line| line.read(currency)).collect::<Result<Vec<_>, _>>()?;
        lines.sort_by_key(|line| line.number);
        let order = Order {
            id: read("orders.id", &self.id)?,
            customer: read("orders.customer_id", &self.customer_id)?,
            cart: cart.zip(group),
            country: read("orders.country", &self.country)?,
            currency,
            cycle: read("orders.cycle", &self.cycle)?,
            placed_at: instant("orders.placed_at", self.placed_at)?,
            po_number: self.po_number,
            lines,
        };
        Ok((order, self.revision))
    }
}

/// Orders beside each of their lines.
macro_rules! with_lines {
    () => {
        orders::table.inner_join(
            order_lines::table
                .on(order_lines::partner_id.eq(orders::partner_id).and(order_lines::order_id.eq(orders::id))),
        )
    };
}

/// Rows of orders joined with their lines, gathered per order in the order they came.
fn gather(rows: Vec<(Row, LineRow)>) -> Result<Vec<(Order, i64)>, Error> {
    let mut gathered: Vec<(Row, Vec<LineRow>)> = Vec::new();
    for (order, line) in rows {
        match gathered.last_mut() {
            Some((last, lines)) if last.id == order.id => lines.push(line),
            _ => gathered.push((order, vec![line])),
        }
    }
    gathered.into_iter().map(|(order, lines)| order.read(lines)).collect()
}

/// Holds an order until the transaction ends: whoever hands over, opens, links or cancels does so one after the other.
/// SQLite has one writer; PostgreSQL has to be told.
///
/// # Errors
/// The store's own.
pub fn hold(tx: &mut Write<'_>, scope: &Scope, id: OrderId) -> Result<(), Error> {
    if let Conn::Pg(connection) = &mut tx.conn {
        let (partner, id) = (scope.partner().to_string(), id.to_string());
        let held: Option<String> = orders::table
            .find((&partner, &id))
            .select(orders::id)
            .for_update()
            .first(*connection)
            .optional()?;
        tracing::trace!(held = held.is_some(), "an order is held");
    }
    Ok(())
}

/// An order of the partner's, whatever the customer: for jobs.
///
/// # Errors
/// The store's own.
pub fn find_any(tx: &mut Read<'_>, scope: &Scope, id: OrderId) -> Result<Option<(Order, i64)>, Error> {
    let (partner, id) = (scope.partner().to_string(), id.to_string());
    let rows: Vec<(Row, LineRow)> = both!(tx, |c| with_lines!()
        .filter(orders::partner_id.eq(&partner).and(orders::id.eq(&id)))
        .order(order_lines::number.asc())
        .select((Row::as_select(), LineRow::as_select()))
        .load(c))?;
    Ok(gather(rows)?.pop().filter(|(order, _)| scope.sees(order.customer)))
}

/// An order of a customer, by either of its names, with its revision.
///
/// # Errors
/// The store's own.
pub fn find(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    order: OrderRef,
) -> Result<Option<(Order, i64)>, Error> {
    let found = match order {
        OrderRef::Id(id) => find_any(tx, scope, id)?,
        OrderRef::Alternate(alternate) => {
            let (partner, alternate) = (scope.partner().to_string(), alternate.to_string());
            let rows: Vec<(Row, LineRow)> = both!(tx, |c| with_lines!()
                .filter(orders::partner_id.eq(&partner).and(orders::alternate_id.eq(&alternate)))
                .order(order_lines::number.asc())
                .select((Row::as_select(), LineRow::as_select()))
                .load(c))?;
            gather(rows)?.pop()
        }
    };
    Ok(found.filter(|(order, _)| order.customer == customer && scope.sees(customer)))
}

/// The newest line that was handed over of any of these items: of one customer, or of any in one country.
///
/// # Errors
/// The store's own.
pub fn newest_of_items(
    tx: &mut Read<'_>,
    scope: &Scope,
    items: &[CatalogItemId],
    (customer, country): (Option<CustomerId>, Option<Country>),
) -> Result<Option<(CustomerId, OrderId, u32)>, Error> {
    let partner = scope.partner().to_string();
    let items: Vec<String> = items.iter().map(ToString::to_string).collect();
    let found: Option<(String, String, i64)> = both!(tx, |c| {
        let mut query =
            order_lines::table
                .inner_join(orders::table.on(
                    orders::partner_id.eq(order_lines::partner_id).and(orders::id.eq(order_lines::order_id)),
                ))
                .filter(order_lines::partner_id.eq(&partner).and(order_lines::item.eq_any(&items)))
                .filter(order_lines::state.eq("fulfilled"))
                .select((orders::customer_id, order_lines::order_id, order_lines::number))
                .into_boxed();
        if let Some(customer) = customer {
            query = query.filter(orders::customer_id.eq(customer.to_string()));
        }
        if let Some(country) = country {
            query = query.filter(orders::country.eq(country.to_string()));
        }
        query.order((order_lines::order_id.desc(), order_lines::number.asc())).first(c).optional()
    })?;
    found
        .map(|(customer, order, line)| {
            Ok((
                read("orders.customer_id", &customer)?,
                read("orders.id", &order)?,
                number("order_lines.number", line)?,
            ))
        })
        .transpose()
}

/// The titles of these lines, for showing them.
///
/// # Errors
/// The store's own.
pub fn line_titles(
    tx: &mut Read<'_>,
    scope: &Scope,
    lines: &[LineRef],
) -> Result<Vec<(LineRef, String)>, Error> {
    let partner = scope.partner().to_string();
    let ids: Vec<String> = lines.iter().map(|line| line.order.to_string()).collect();
    let rows: Vec<(String, i64, String)> = both!(tx, |c| order_lines::table
        .filter(order_lines::partner_id.eq(&partner).and(order_lines::order_id.eq_any(&ids)))
        .select((order_lines::order_id, order_lines::number, order_lines::title))
        .load(c))?;
    rows.into_iter()
        .map(|(order, line, title)| {
            let line =
                LineRef { order: read("orders.id", &order)?, line: number("order_lines.number", line)? };
            Ok((line, title))
        })
        .collect()
}

/// What a reader of a customer's orders wants.
#[derive(Debug, Clone)]
pub struct Query {
    /// Only orders charged in this cycle.
    pub cycle: Option<BillingCycle>,
    /// After this order.
    pub after: Option<OrderId>,
    /// Whether the newest come first.
    pub newest_first: bool,
    /// Only orders that hold an item of this product.
    pub product: Option<ProductId>,
    /// Only orders that hold something of one of these families; whatever they hold where none is named.
    pub families: &'static [Family],
    /// How many.
    pub limit: i64,
}

impl Query {
    /// The first so many orders, oldest first, whatever they hold.
    pub const fn first(limit: i64) -> Self {
        Self { cycle: None, after: None, newest_first: false, product: None, families: &[], limit }
    }
}

/// A page of a customer's orders; two statements whatever the page's size.
///
/// # Errors
/// The store's own.
pub fn list(
    tx: &mut Read<'_>,
    scope: &Scope,
    customer: CustomerId,
    wanted: &Query,
) -> Result<Vec<Order>, Error> {
    if !scope.sees(customer) {
        return Ok(Vec::new());
    }
    let (partner, customer) = (scope.partner().to_string(), customer.to_string());
    let rows: Vec<Row> = both!(tx, |c| {
        let mut query = orders::table
            .filter(orders::partner_id.eq(&partner).and(orders::customer_id.eq(&customer)))
            .select(Row::as_select())
            .into_boxed();
        if let Some(cycle) = wanted.cycle {
            query = query.filter(orders::cycle.eq(cycle.as_str()));
        }
        if let Some(product) = &wanted.product {
            // Order by order, from the place on where the page begins: a partner has many more lines than a page.
            let holding = order_lines::table
                .filter(
                    order_lines::partner_id.eq(orders::partner_id).and(order_lines::order_id.eq(orders::id)),
                )
                .filter(order_lines::item.like(format!("{}:%", escape(product.as_str()))).escape('\\'));
            query = query.filter(diesel::dsl::exists(holding));
        }
        if !wanted.families.is_empty() {
            let families: Vec<&str> = wanted.families.iter().map(|family| family.as_str()).collect();
            let holding = order_lines::table
                .filter(
                    order_lines::partner_id.eq(orders::partner_id).and(order_lines::order_id.eq(orders::id)),
                )
                .filter(order_lines::family.eq_any(families));
            query = query.filter(diesel::dsl::exists(holding));
        }
        match (&wanted.after, wanted.newest_first) {
            (Some(after), false) => query = query.filter(orders::id.gt(after.to_string())),
            (Some(after), true) => query = query.filter(orders::id.lt(after.to_string())),
            (None, _) => {}
        }
        match wanted.newest_first {
            false => query.order(orders::id.asc()).limit(wanted.limit).load(c),
            true => query.order(orders::id.desc()).limit(wanted.limit).load(c),
        }
    })?;
    with_lines(tx, &partner, rows)
}

/// The orders a cart became.
///
/// # Errors
/// The store's own.
pub fn of_cart(tx: &mut Read<'_>, scope: &Scope, cart: CartId) -> Result<Vec<Order>, Error> {
    let (partner, cart) = (scope.partner().to_string(), cart.to_string());
    let rows: Vec<Row> = both!(tx, |c| orders::table
        .filter(orders::partner_id.eq(&partner).and(orders::cart_id.eq(&cart)))
        .select(Row::as_select())
        .order(orders::cart_group.asc())
        .load(c))?;
    with_lines(tx, &partner, rows)
}

/// The partner's orders whose number begins like this, newest first, with their lines.
///
/// # Errors
/// The store's own.
pub fn numbered(tx: &mut Read<'_>, scope: &Scope, begin: &str, limit: i64) -> Result<Vec<Order>, Error> {
    let partner = scope.partner().to_string();
    let pattern = format!("{}%", escape(&begin.to_lowercase()));
    let rows: Vec<Row> = both!(tx, |c| orders::table
        .filter(orders::partner_id.eq(&partner).and(orders::alternate_id.like(&pattern).escape('\\')))
        .select(Row::as_select())
        .order(orders::id.desc())
        .limit(limit)
        .load(c))?;
    with_lines(tx, &partner, rows)
}

/// A partner's orders placed in a stretch of time that hold a fulfilled line of one of these families, oldest first.
///
/// # Errors
/// The store's own.
pub fn placed_between(
    tx: &mut Read<'_>,
    scope: &Scope,
    families: &[Family],
    (from, to): (Timestamp, Timestamp),
    limit: i64,
) -> Result<Vec<Order>, Error> {
    let partner = scope.partner().to_string();
    let families: Vec<&str> = families.iter().map(|own| own.as_str()).collect();
    let rows: Vec<(Row, LineRow)> = both!(tx, |c| {
        let (recent, held) = (diesel::alias!(orders as recent), diesel::alias!(order_lines as held));
        let holds = held
            .filter(held.field(order_lines::partner_id).eq(recent.field(orders::partner_id)))
            .filter(held.field(order_lines::order_id).eq(recent.field(orders::id)))
            .filter(held.field(order_lines::state).eq("fulfilled"))
            .filter(held.field(order_lines::family).eq_any(&families))
            .select(held.field(order_lines::number));
        let wanted = recent
            .filter(recent.field(orders::partner_id).eq(&partner))
            .filter(recent.field(orders::placed_at).ge(from.as_microsecond()))
            .filter(recent.field(orders::placed_at).lt(to.as_microsecond()))
            .filter(diesel::dsl::exists(holds))
            .select(recent.field(orders::id))
            .order((recent.field(orders::placed_at).asc(), recent.field(orders::id).asc()))
            .limit(limit);
        with_lines!()
            .filter(orders::partner_id.eq(&partner).and(orders::id.eq_any(wanted)))
            .order((orders::placed_at.asc(), orders::id.asc(), order_lines::number.asc()))
            .select((Row::as_select(), LineRow::as_select()))
            .load(c)
    })?;
    Ok(gather(rows)?.into_iter().map(|(order, _)| order).collect())
}

/// A partner's orders with lines that wait for keys, oldest first.
///
/// # Errors
/// The store's own.
pub fn waiting(tx: &mut Read<'_>, scope: &Scope, limit: i64) -> Result<Vec<Order>, Error> {
    let partner = scope.partner().to_string();
    let rows: Vec<(Row, LineRow)> = both!(tx, |c| {
        let open = diesel::alias!(order_lines as open_lines);
        let pending = open
            .filter(open.field(order_lines::partner_id).eq(&partner))
            .filter(open.field(order_lines::state).eq("pending"))
            .select(open.field(order_lines::order_id))
            .distinct()
            .order(open.field(order_lines::order_id).asc())
            .limit(limit);
        with_lines!()
            .filter(orders::partner_id.eq(&partner).and(orders::id.eq_any(pending)))
            .order((orders::id.asc(), order_lines::number.asc()))
            .select((Row::as_select(), LineRow::as_select()))
            .load(c)
    })?;
    Ok(gather(rows)?.into_iter().map(|(order, _)| order).collect())
}

/// Lets a line run through another term: it renewed.
///
/// # Errors
/// The store's own.
pub fn renew_line(
    tx: &mut Write<'_>,
    scope: &Scope,
    (order, line): (OrderId, u32),
    term: Period,
) -> Result<(), Error> {
    let (partner, order) = (scope.partner().to_string(), order.to_string());
    both!(tx, |c| Kept(diesel::update(order_lines::table.find((&partner, &order, i64::from(line)))).set((
        order_lines::period_first.eq(Some(term.first.to_string())),
        order_lines::period_last.eq(Some(term.last.to_string())),
    )))
    .execute(c))?;
    Ok(())
}

/// The lines of these orders, in the orders' order, whichever that is.
fn with_lines(tx: &mut Read<'_>, partner: &str, rows: Vec<Row>) -> Result<Vec<Order>, Error> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let lines: Vec<LineRow> = both!(tx, |c| order_lines::table
        .filter(order_lines::partner_id.eq(partner).and(order_lines::order_id.eq_any(&ids)))
        .order((order_lines::order_id.asc(), order_lines::number.asc()))
        .select(LineRow::as_select())
        .load(c))?;
    let mut of_order: HashMap<String, Vec<LineRow>> = HashMap::new();
    for line in lines {
        of_order.entry(line.order_id.clone()).or_default().push(line);
    }
    rows.into_iter()
        .map(|row| {
            let own = of_order.remove(&row.id).unwrap_or_default();
            Ok(row.read(own)?.0)
        })
        .collect()
}

/// Adds orders with their lines, in two statements.
///
/// # Errors
/// The store's own; a cart that was checked out already is a unique violation.
pub fn insert(tx: &mut Write<'_>, scope: &Scope, placed: &[&Order]) -> Result<(), Error> {
    let partner = scope.partner().to_string();
    let rows: Vec<Row> = placed
        .iter()
        .map(|order| Row {
            partner_id: partner.clone(),
            id: order.id.to_string(),
            alternate_id: order.alternate().to_string(),
            customer_id: order.customer.to_string(),
            cart_id: order.cart.map(|(cart, _)| cart.to_string()),
            cart_group: order.cart.map(|(_, group)| group.into()),
            country: order.country.to_string(),
            currency: order.currency.to_string(),
            cycle: order.cycle.as_str().into(),
            placed_at: order.placed_at.as_microsecond(),
            revision: 1,
            po_number: order.po_number.clone(),
        })
        .collect();
    let lines: Vec<LineRow> = placed
        .iter()
        .flat_map(|order| order.lines.iter().map(|line| LineRow::write(&partner, order, line)))
        .collect();
    insert_rows!(tx, orders::table, rows)?;
    insert_rows!(tx, order_lines::table, lines)?;
    Ok(())
}

/// Moves lines of an order to a state; false when somebody else changed the order since.
///
/// # Errors
/// The store's own.
pub fn set_state(
    tx: &mut Write<'_>,
    scope: &Scope,
    (order, revision): (OrderId, i64),
    numbers: &[u32],
    state: LineState,
) -> Result<bool, Error> {
    let (partner, order) = (scope.partner().to_string(), order.to_string());
    let numbers: Vec<i64> = numbers.iter().map(|number| i64::from(*number)).collect();
    let (word, at) = state_columns(state);
    let changed = both!(tx, |c| Kept(
        diesel::update(orders::table.find((&partner, &order)).filter(orders::revision.eq(revision)))
            .set(orders::revision.eq(revision.saturating_add(1)))
    )
    .execute(c))?;
    if changed == 0 {
        return Ok(false);
    }
    both!(tx, |c| {
        let own = order_lines::table.filter(
            order_lines::partner_id
                .eq(&partner)
                .and(order_lines::order_id.eq(&order))
                .and(order_lines::number.eq_any(&numbers)),
        );
        let moved = (order_lines::state.eq(word), order_lines::state_at.eq(at));
        match state {
            LineState::Fulfilled { .. } => {
                Kept(diesel::update(own).set((moved, order_lines::fulfilled_at.eq(at)))).execute(c)
            }
            LineState::Pending | LineState::Cancelled { .. } => {
                Kept(diesel::update(own).set(moved)).execute(c)
            }
        }
    })?;
    Ok(true)
}

/// When the lines of an order were fulfilled, by number, as far as that is known; whatever became of them since.
///
/// # Errors
/// The store's own.
pub fn fulfilled(tx: &mut Read<'_>, scope: &Scope, order: OrderId) -> Result<Vec<(u32, Timestamp)>, Error> {
    let (partner, order) = (scope.partner().to_string(), order.to_string());
    let rows: Vec<(i64, Option<i64>)> = both!(tx, |c| order_lines::table
        .filter(order_lines::partner_id.eq(&partner).and(order_lines::order_id.eq(&order)))
        .filter(order_lines::fulfilled_at.is_not_null())
        .order(order_lines::number.asc())
        .select((order_lines::number, order_lines::fulfilled_at))
        .load(c))?;
    rows.into_iter()
        .map(|(line, at)| {
            let at = instant("order_lines.fulfilled_at", at.unwrap_or_default())?;
            Ok((number("order_lines.number", line)?, at))
        })
        .collect()
}
