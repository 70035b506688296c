//! Telling partners that an invoice is late: the day after it was due, over all partners, of each invoice once. To tell is no act of
//! anybody's, so nothing of it stands in the log.

use std::collections::BTreeMap;

use chandlery_domain::access::Action;
use chandlery_domain::calendar::utc_date;
use chandlery_domain::ids::PartnerId;
use chandlery_domain::notice::Kind;
use chandlery_domain::payment::Owed;
use chandlery_store::payments;

use super::Runner;
use crate::app::Context;
use crate::app::notify::{self, Telling, fact};
use crate::error::Error;

/// How many invoices are looked at at once.
const PAGE: i64 = 200;

impl Runner {
    /// Tells the Global and Billing admins of every partner which invoices are late; of each once.
    ///
    /// # Errors
    /// The store's own.
    pub async fn tell_late(&self) -> Result<(), Error> {
        let today = utc_date(self.installation.clock.now());
        let mut after: Option<payments::LatePlace> = None;
        loop {
            let place = after;
            let page = self
                .installation
                .store
                .read(move |tx| Ok::<_, Error>(payments::late_untold(tx, today, place, PAGE)?))
                .await?;
            let Some((_, last)) = page.last() else { return Ok(()) };
            after = Some((last.due_on, last.number));
            let mut of_partner: BTreeMap<PartnerId, Vec<Owed>> = BTreeMap::new();
            for (partner, own) in page {
                of_partner.entry(partner).or_default().push(own);
            }
            for (partner, list) in of_partner {
                self.tell_partner_late(partner, list).await?;
            }
        }
    }

    async fn tell_partner_late(&self, partner: PartnerId, list: Vec<Owed>) -> Result<(), Error> {
        let cx = Context::system(partner, self.installation.clock.now(), "notifications");
        let scope = cx.authorize(Action::ReadInvoices)?;
        let told: Vec<Telling> = list.iter().map(telling).collect();
        self.installation.store.bookkeep(move |tx| notify::tell(tx, &cx, &scope, &told)).await
    }
}

fn telling(own: &Owed) -> Telling {
    Telling {
        kind: Kind::PaymentLate,
        about: Some(own.number.to_string()),
        customer: None,
        subject: format!("/billing/{}", own.number),
        facts: vec![
            fact("number", own.number),
            fact("due", own.due_on),
            fact("open", own.open.minor()),
            fact("currency", own.open.currency()),
        ],
        but: None,
    }
}
