//! What cancelling gives back, promised: a quote signed with the installation's key. Whoever has the public keys can check
//! it, and nobody can change it. What is booked afterwards is what was promised, or nothing is cancelled and it says why.

use std::collections::BTreeMap;

use chandlery_domain::access::Scope;
use chandlery_domain::cancellation::{Cancelled, Quote};
use chandlery_domain::money::{Currency, Money};
use chandlery_domain::order::Order;
use chandlery_domain::policy::Credit;
use chandlery_domain::refusal::Refusal;
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Context;
use crate::error::Error;
use crate::identity::tokens::Signer;
use crate::installation::Installation;
use crate::texts::Complaint;

/// What the header of such a token calls it, so that it passes for no other (RFC 8725, section 3.11).
pub const TYPE: &str = "cancellation-quote+jwt";
/// The field in which it is sent back.
pub const FIELD: &str = "signedQuote";
/// The longest that is looked at: a quote of as many lines as an order may have.
pub const LONGEST: usize = 256 * 1024;

/// The policy row a line is given back by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    /// For which kind of product it holds.
    family: String,
    /// The first order day it holds for.
    effective_from: String,
    /// How long something can be given back.
    window: String,
    /// `full`, or `prorated` by days.
    credit: String,
}

/// What comes back of a charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    line: u32,
    /// The charge that is taken back.
    charge: String,
    unit_price: String,
    quantity: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unused_days: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    charged_days: Option<i64>,
    credit: String,
    policy: Row,
}

/// A promise: who made it when to whom, and what of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// This installation.
    iss: String,
    /// Its own id.
    jti: String,
    /// When it was made, by the clock of the business, in seconds since 1970.
    iat: i64,
    partner: String,
    customer: String,
    order: String,
    currency: String,
    total: String,
    /// Until when the credit stays this, unless the order or the policies change.
    holds_until: String,
    /// Until when it can be cancelled.
    closes_at: String,
    /// The lines that would be cancelled, those that give nothing back among them.
    cancels: Vec<u32>,
    lines: Vec<Part>,
}

impl Promise {
    /// What a quote promises.
    pub fn of(cx: &Context, scope: &Scope, issuer: &str, order: &Order, quote: &Quote) -> Self {
        let lines = quote.credits.iter().map(|own| Part {
            line: own.line,
            charge: own.charge.id.to_string(),
            unit_price: own.charge.unit_price.value().to_string(),
            quantity: own.charge.quantity,
            unused_days: own.share.map(|share| share.part),
            charged_days: own.share.map(|share| share.whole),
            credit: own.amount.decimal().to_string(),
            policy: Row {
                family: own.rule.family.as_str().to_owned(),
                effective_from: own.rule.effective_from.to_string(),
                window: own.rule.window.to_string(),
                credit: match own.rule.credit {
                    Credit::Full => "full".to_owned(),
                    Credit::Prorated { .. } => "prorated".to_owned(),
                },
            },
        });
        Self {
            iss: issuer.to_owned(),
            jti: cx.ids()().to_string(),
            iat: cx.now.as_second(),
            partner: scope.partner().to_string(),
            customer: order.customer.to_string(),
            order: order.id.to_string(),
            currency: quote.total.currency().to_string(),
            total: quote.total.decimal().to_string(),
            holds_until: quote.holds_until.to_string(),
            closes_at: quote.closes_at.to_string(),
            cancels: quote.lines.clone(),
            lines: lines.collect(),
        }
    }

    /// Its id, for the log.
    pub fn id(&self) -> &str {
        &self.jti
    }

    /// Signs it.
    ///
    /// # Errors
    /// When signing fails.
    pub fn signed(&self, signer: &Signer) -> Result<String, Error> {
        signer.sign_as(TYPE, self)
    }

    /// A promise that was signed here.
    ///
    /// # Errors
    /// When it was not, or was changed since.
    pub async fn read(installation: &Installation, text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let foreign = || Error::complaint(FIELD, Complaint::of("complaint-quote-foreign"));
        if text.len() > LONGEST {
            return Err(foreign());
        }
        let found = match installation.signer.read_as(TYPE, text) {
            // Another server may have drawn a new key a moment ago.
            Err(Error::UnknownKey) => {
                installation.refresh_signer().await?;
                installation.signer.read_as(TYPE, text)
            }
            other => other,
        };
        match found {
            Err(Error::UnknownKey | Error::Unauthenticated { .. }) => Err(foreign()),
            other => other,
        }
    }

    /// Whether what is about to be cancelled and booked is what was promised.
    ///
    /// # Errors
    /// That it is about another order or other lines, or that the credit is another by now, and why.
    pub fn kept(&self, scope: &Scope, cancelled: &Cancelled, now: Timestamp) -> Result<(), Error> {
        let order = &cancelled.order;
        let same = self.partner == scope.partner().to_string()
            && self.customer == order.customer.to_string()
            && self.order == order.id.to_string();
        if !same {
            return Err(Error::complaint(FIELD, Complaint::of("complaint-quote-other")));
        }
        if self.cancels != cancelled.lines {
            let told = |lines: &[u32]| lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let why = Complaint::of("complaint-quote-lines")
                .with("promised", told(&self.cancels))
                .with("lines", told(&cancelled.lines));
            return Err(Error::complaint(FIELD, why));
        }
        let (promised, held_until) = self.sums(order.currency)?;
        let mut booked = BTreeMap::new();
        for own in &cancelled.credits {
            let charge = own.reverses.map(|id| id.to_string()).unwrap_or_default();
            booked.insert(charge, own.amount.negated().map_err(Refusal::from)?);
        }
        if promised == booked {
            return Ok(());
        }
        let total = |own: &BTreeMap<String, Money>| {
            Money::sum(order.currency, own.values().copied()).map_err(Refusal::from)
        };
        Err(Refusal::CreditChanged {
            promised: total(&promised)?,
            now: total(&booked)?,
            held_until,
            lapsed: now > held_until,
        }
        .into())
    }

    /// What comes back of which charge, and until when that holds.
    fn sums(&self, currency: Currency) -> Result<(BTreeMap<String, Money>, Timestamp), Error> {
        let read = |text: &str| {
            let amount = text.parse::<Decimal>().ok().and_then(|own| Money::exact(own, currency));
            amount.ok_or_else(|| Error::internal("a promise that was signed here cannot be read"))
        };
        let mut all = BTreeMap::new();
        for own in &self.lines {
            let amount = read(&own.credit)?;
            if amount.minor() != 0 {
                all.insert(own.charge.clone(), amount);
            }
        }
        Ok((all, self.holds_until.parse().map_err(Error::internal)?))
    }
}
