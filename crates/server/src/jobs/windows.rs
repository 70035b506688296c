//! Telling partners that a window closes: every hour, over all partners, each order once. To tell is no act of anybody's, so
//! nothing of it stands in the log.

use std::collections::BTreeMap;
use std::ops::Range;

use chandlery_domain::access::Action;
use chandlery_domain::calendar::utc_date;
use chandlery_domain::catalog::Family;
use chandlery_domain::ids::{CustomerId, OrderId, PartnerId};
use chandlery_domain::notice::{Kind, is_closing, warning_time};
use chandlery_domain::policy::PolicyBook;
use chandlery_store::notices::Untold;
use chandlery_store::{customers, notices, policies};
use jiff::{SignedDuration, Timestamp};

use super::Runner;
use crate::app::Context;
use crate::app::notify::{self, Telling, fact};
use crate::error::Error;

/// How many orders are looked at at once.
const PAGE: i64 = 200;
/// The least there is between two instants.
const INSTANT: SignedDuration = SignedDuration::from_micros(1);
/// When an order's window closes, if that is soon.
fn closing(
    book: &PolicyBook,
    family: Family,
    own: &Untold,
    now: Timestamp,
) -> Result<Option<Timestamp>, Error> {
    let Some(rule) = book.cancellation(family, utc_date(own.placed_at)) else { return Ok(None) };
    let closes_at = rule.window.closes_at(own.placed_at).map_err(Error::internal)?;
    Ok(is_closing(rule.window, closes_at, now).then_some(closes_at))
}

impl Runner {
    /// Tells the Admin agents of every partner which orders can be cancelled for a short while only; of each order once.
    ///
    /// # Errors
    /// The store's own.
    pub async fn tell_closing_windows(&self) -> Result<(), Error> {
        let now = self.installation.clock.now();
        let book = self.installation.store.read(|tx| Ok::<_, Error>(policies::in_force(tx)?)).await?;
        for rule in &book.cancellation {
            let family = rule.family;
            // To the instant itself, and not only before it.
            let until = now.checked_add(warning_time(rule.window)).and_then(|at| at.checked_add(INSTANT));
            let closes = now..until.map_err(Error::internal)?;
            let Range { start, end } = rule.window.placed_when(closes).map_err(Error::internal)?;
            let between = (start, end);
            let mut after: Option<OrderId> = None;
            loop {
                let page = self
                    .installation
                    .store
                    .read(move |tx| Ok::<_, Error>(notices::untold(tx, family, between, after, PAGE)?))
                    .await?;
                after = page.last().map(|own| own.order);
                let full = i64::try_from(page.len()).unwrap_or(PAGE) == PAGE;
                let mut of_partner: BTreeMap<PartnerId, Vec<(Untold, Timestamp)>> = BTreeMap::new();
                for own in page {
                    if let Some(closes_at) = closing(&book, family, &own, now)? {
                        of_partner.entry(own.partner).or_default().push((own, closes_at));
                    }
                }
                for (partner, list) in of_partner {
                    self.tell_closing(partner, list, now).await?;
                }
                if !full {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Tells one partner of some of its orders, all at once.
    async fn tell_closing(
        &self,
        partner: PartnerId,
        list: Vec<(Untold, Timestamp)>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let cx = Context::system(partner, now, "notifications");
        let scope = cx.authorize(Action::ReadOrders)?;
        self.installation
            .store
            .bookkeep(move |tx| {
                let ids: Vec<CustomerId> = list.iter().map(|(own, _)| own.customer).collect();
                let names = customers::names(tx, &scope, &ids)?;
                let name = |id: CustomerId| {
                    names.iter().find(|(own, _)| *own == id).map_or("", |(_, name)| name.as_str())
                };
                let told: Vec<Telling> = list
                    .iter()
                    .map(|(own, closes_at)| Telling {
                        kind: Kind::WindowClosing,
                        about: Some(own.order.to_string()),
                        customer: Some(own.customer),
                        subject: notify::order_page(own.customer, own.order),
                        facts: vec![
                            fact("customer", name(own.customer)),
                            fact("order", &own.number),
                            fact("closes", closes_at),
                        ],
                        but: None,
                    })
                    .collect();
                notify::tell(tx, &cx, &scope, &told)
            })
            .await
    }
}
