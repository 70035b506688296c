//! Where the Azure portal shows what a customer has there: an address the operator writes, with places for what is looked at
//! (SEED-7, Q-34). Without one no page shows such a link.

use std::str::FromStr;
use std::sync::Arc;

use chandlery_domain::ids::{AzureSubscriptionId, CustomerId};

/// What the setting takes.
pub const TAKES: &str =
    "an https address with {tenant} in it, and {subscription} where one is looked at; or nothing";

/// An address with places in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AzureLink(Arc<str>);

impl FromStr for AzureLink {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let filled = text.replace("{tenant}", "t").replace("{subscription}", "s");
        let host = filled.strip_prefix("https://").and_then(|own| own.split(['/', '?', '#']).next());
        let named = |own: &str| {
            !own.is_empty() && own.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:".contains(&byte))
        };
        let right = host.is_some_and(named)
            && text.contains("{tenant}")
            && !text.contains(|own: char| own.is_whitespace() || own.is_control())
            && !filled.contains(['{', '}'])
            && text.len() <= 500;
        if right { Ok(Self(text.into())) } else { Err(TAKES) }
    }
}

impl AzureLink {
    /// The address for a customer, and for one of its subscriptions where one is looked at. An address that names a
    /// subscription leads nowhere without one.
    pub fn to(&self, tenant: CustomerId, subscription: Option<AzureSubscriptionId>) -> Option<String> {
        let of_tenant = self.0.replace("{tenant}", &tenant.to_string());
        match subscription {
            Some(id) => Some(of_tenant.replace("{subscription}", &id.to_string())),
            None => Some(of_tenant).filter(|own| !own.contains("{subscription}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn an_address_is_filled_and_nothing_else_is_taken() {
        let (tenant, one) =
            (CustomerId::new(Uuid::from_u128(1)), AzureSubscriptionId::new(Uuid::from_u128(2)));
        let own: AzureLink = "https://portal.example/#@{tenant}/resource/{subscription}".parse().unwrap();
        let filled = "https://portal.example/#@00000000-0000-0000-0000-000000000001/resource/00000000-0000-0000-0000-000000000002";
        assert_eq!(own.to(tenant, Some(one)).as_deref(), Some(filled));
        assert_eq!(own.to(tenant, None), None);
        let plain: AzureLink = "https://portal.example/#@{tenant}".parse().unwrap();
        assert_eq!(
            plain.to(tenant, None).as_deref(),
            Some("https://portal.example/#@00000000-0000-0000-0000-000000000001")
        );
        for wrong in [
            "",
            "http://portal.example/{tenant}",
            "https://portal.example/",
            "javascript:alert({tenant})",
            "https:///{tenant}",
            "https://me@portal.example/{tenant}",
            "https://portal.example/ {tenant}",
            "https://portal.example/{tenant}/{other}",
        ] {
            assert!(wrong.parse::<AzureLink>().is_err(), "{wrong}");
        }
    }
}
