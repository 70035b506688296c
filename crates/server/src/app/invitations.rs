//! Invitations: the link by which a partner asks somebody to become its customer (row 10).

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chandlery_domain::access::Scope;
use chandlery_domain::customer::Partner;
use chandlery_domain::ids::PartnerId;
use chandlery_store::partners;
use subtle::ConstantTimeEq;

use super::Context;
use crate::error::Error;
use crate::installation::Installation;

/// The link's token: the partner, and a seal only this installation can make. The same partner has the same link.
///
/// # Errors
/// The store's own.
pub async fn token(installation: &Installation, partner: PartnerId) -> Result<String, Error> {
    let vault = Arc::clone(&installation.vault);
    let seal =
        installation.store.read(move |tx| vault.fingerprint(tx, &format!("invitation of {partner}"))).await?;
    let seal: String = seal.chars().take(32).collect();
    Ok(URL_SAFE_NO_PAD.encode(format!("{partner}.{seal}")))
}

/// The partner a link is from, if the link is ours and the partner trades.
///
/// # Errors
/// The store's own.
pub async fn partner_of(installation: &Installation, token: &str) -> Result<Option<Partner>, Error> {
    let text = URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let Some(partner) = text.and_then(|text| text.split_once('.')?.0.parse::<PartnerId>().ok()) else {
        return Ok(None);
    };
    let right = self::token(installation, partner).await?;
    if !bool::from(right.as_bytes().ct_eq(token.as_bytes())) {
        return Ok(None);
    }
    let cx = Context::system(partner, installation.clock.now(), "invitation");
    let scope: Scope = cx.authorize(chandlery_domain::access::Action::ReadPartnerProfiles)?;
    let found = installation.store.read(move |tx| Ok::<_, Error>(partners::find(tx, &scope)?)).await?;
    Ok(found.filter(|own| own.active))
}
