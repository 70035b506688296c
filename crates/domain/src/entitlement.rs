//! Entitlements: what a customer owns because of an order line. Derived from the line, never stored.
//!
//! Never here: a key's text.

use jiff::civil::Date;

use crate::ids::{AlternateId, OrderId};
use crate::key::AssignedKey;
use crate::order::{LineState, Order, OrderLine};

/// What one line of an order gives its customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entitlement {
    /// The order.
    pub order: OrderId,
    /// The number people know the order by.
    pub alternate: AlternateId,
    /// The line.
    pub line: OrderLine,
    /// The last day; none for what does not end.
    pub expires_on: Option<Date>,
    /// The keys handed to it.
    pub keys: Vec<AssignedKey>,
}

impl Entitlement {
    /// What is owned of it: nothing once it is cancelled (rule 7.5); it stays listed all the same (SEED-69).
    pub const fn quantity(&self) -> u32 {
        match self.line.state {
            LineState::Cancelled { .. } => 0,
            LineState::Pending | LineState::Fulfilled { .. } => self.line.quantity,
        }
    }
}

/// Everything an order gives its customer; `keys` may hold other orders' keys too.
pub fn of_order(order: &Order, keys: &[AssignedKey]) -> Vec<Entitlement> {
    order
        .lines
        .iter()
        .map(|line| Entitlement {
            order: order.id,
            alternate: order.id.alternate(),
            line: line.clone(),
            expires_on: line.period.map(|period| period.last),
            keys: keys
                .iter()
                .filter(|key| key.line.order == order.id && key.line.line == line.number)
                .copied()
                .collect(),
        })
        .collect()
}
