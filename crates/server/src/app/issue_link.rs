//! Issuing a download link: for a purchase that was handed over, to a medium it covers. Another one can always be issued;
//! earlier ones keep their own end.

use aws_lc_rs::digest::{SHA256, digest};
use chandlery_domain::access::Scope;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource, Side};
use chandlery_domain::calendar::utc_date;
use chandlery_domain::ids::{CustomerId, LinkId, MediumId, OrderRef, PartnerId};
use chandlery_domain::key::LineRef;
use chandlery_domain::link::{Link, LinkLife};
use chandlery_domain::media::{Medium, Version};
use chandlery_domain::order::LineState;
use chandlery_domain::refusal::Refusal;
use chandlery_store::links::{self, Issued};
use chandlery_store::{Write, customers, media, orders, policies};
use secrecy::{ExposeSecret, SecretString};

use super::Context;
use super::reveal_key::versions_covered;
use crate::error::{Error, Missing};

/// A medium of a purchase.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Whose it is.
    pub customer: CustomerId,
    /// The purchase.
    pub line: LineRef,
    /// What is to be downloaded.
    pub medium: MediumId,
}

/// The secret part of a link: the partner, so that only its data are looked at, and 256 random bits. Only their digest is
/// stored. No Debug, Display or Serialize.
pub struct Token {
    text: SecretString,
    digest: String,
}

impl Token {
    /// Draws a token.
    pub fn draw(partner: PartnerId) -> Self {
        let mut secret = [0; 32];
        crate::ids::fill(&mut secret);
        let text = format!("{}{}", partner.uuid().simple(), hex::encode(secret));
        Self { digest: digest_of(&secret), text: SecretString::from(text) }
    }

    /// Reads a token: the partner it names, and the digest of its secret. Letter case does not matter.
    pub fn read(text: &str) -> Option<(PartnerId, String)> {
        let (partner, secret) = text.split_at_checked(32)?;
        let secret: [u8; 32] = hex::decode(secret).ok()?.try_into().ok()?;
        Some((partner.parse().ok()?, digest_of(&secret)))
    }

    /// The text, for the one answer that hands the link out. The only way out.
    pub fn reveal(&self) -> &str {
        self.text.expose_secret()
    }

    /// What is stored.
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

fn digest_of(secret: &[u8; 32]) -> String {
    hex::encode(digest(&SHA256, secret))
}

/// Issues a link under the digest of its secret.
///
/// # Errors
/// When the purchase or the medium is not there, is over, or does not cover this version.
pub fn issue(
    tx: &mut Write<'_>,
    cx: &Context,
    scope: &Scope,
    side: Side,
    wanted: &Wanted,
    digest: &str,
) -> Result<((Link, Medium), Entry), Error> {
    const MEDIUM: Missing = Missing::Other("download option");
    let (customer, _) =
        customers::find(tx, scope, wanted.customer)?.ok_or(Error::NotFound(Missing::Customer))?;
    orders::hold(tx, scope, wanted.line.order)?;
    let (order, _) = orders::find(tx, scope, customer.id, OrderRef::Id(wanted.line.order))?
        .ok_or(Error::NotFound(Missing::Order))?;
    let line = order.line(wanted.line.line)?;
    if !matches!(line.state, LineState::Fulfilled { .. }) {
        return Err(Error::Refused(Refusal::NothingBought));
    }
    if let Some(ended_on) = line.ended_on(cx.now) {
        return Err(Error::Refused(Refusal::TermOver { ended_on }));
    }
    let stored = media::find(tx, wanted.medium)?
        .filter(|own| own.removed_at.is_none() && own.medium.product == line.item.product)
        .ok_or(Error::NotFound(MEDIUM))?;
    let covered = versions_covered(tx, &order, line)?;
    if !covered.contains(&stored.medium.choice.version) {
        let covered: Vec<&str> = covered.iter().map(Version::as_str).collect();
        return Err(Error::Refused(Refusal::VersionNotCovered { covered: covered.join(", ") }));
    }
    let book = policies::in_force(tx)?;
    let rule =
        book.link(utc_date(cx.now)).ok_or_else(|| Error::internal("no policy says how long a link lives"))?;
    let link = Link {
        id: LinkId::new(cx.ids()()),
        customer: customer.id,
        line: wanted.line,
        medium: wanted.medium,
        issued_at: cx.now,
        life: LinkLife::from(rule),
        first_download_at: None,
        used: 0,
        free_starts: 0,
        free_bytes: 0,
        revoked_at: None,
    };
    let issued = Issued { link, side, by: cx.actor_uuid().to_string() };
    links::insert(tx, scope, &issued, digest)?;
    let link = issued.link;
    let medium = stored.medium;
    let mut facts = vec![
        Fact::new("order_id", order.id),
        Fact::new("alternate_id", order.alternate()),
        Fact::of_line("offer_id", line.number, &line.item),
        Fact::of_line("subscription_name", line.number, &line.title),
        Fact::new("medium", &medium.choice),
        Fact::new("file", &medium.name),
    ];
    facts.extend(link.ends_at().map_err(Refusal::from)?.map(|at| Fact::new("ends_at", at)));
    facts.extend(link.life.max_downloads.map(|max| Fact::new("max_downloads", max)));
    let entry = Entry::did(Operation::GetSoftwareDownloadLink, Resource::SoftwareDownloadLink, link.id)
        .for_customer(customer.id, &customer.billing.company_name)
        .with(facts);
    Ok(((link, medium), entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_its_partner_and_is_read_in_any_case() {
        let partner = PartnerId::new(uuid::Uuid::from_u128(77));
        let token = Token::draw(partner);
        assert_eq!(token.reveal().len(), 96);
        assert_eq!(Token::read(&token.reveal().to_uppercase()), Some((partner, token.digest().to_owned())));
        for bad in ["", "ab", &token.reveal()[..95], &format!("{}0", token.reveal()), &"ä".repeat(48)] {
            assert!(Token::read(bad).is_none(), "{bad}");
        }
    }
}
