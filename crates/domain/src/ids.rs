//! Names of things: one type per kind of id, so that a customer's id can never stand where an order's belongs.
//!
//! Never here: making ids. They are handed in, because the rules roll no dice.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// An id that could not be read, with what would have been right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidId {
    /// What was expected, for people: "12 upper-case letters and digits".
    pub expected: &'static str,
}

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}", self.expected)
    }
}

impl std::error::Error for InvalidId {}

macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// Takes a UUID that belongs to this kind of thing.
            pub const fn new(id: Uuid) -> Self {
                Self(id)
            }

            /// The UUID itself, for storing and for deriving from it.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            /// Reads a GUID in any letter case.
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let bare = matches!(text.len(), 32 | 36);
                let read = if bare { Uuid::try_parse(text).ok() } else { None };
                read.map(Self).ok_or(InvalidId { expected: "a GUID" })
            }
        }
    )*};
}

uuid_id! {
    /// A reseller company (tenant).
    PartnerId;
    /// A customer company (tenant), as one partner knows it.
    CustomerId;
    /// A cart.
    CartId;
    /// An order.
    OrderId;
    /// A subscription that came out of an order line.
    SubscriptionId;
    /// An Azure reservation.
    ReservationId;
    /// An Azure subscription, by the id it has in Azure.
    AzureSubscriptionId;
    /// One assigned product key.
    KeyId;
    /// One medium: a file a product comes as.
    MediumId;
    /// A link by which a medium is downloaded.
    LinkId;
    /// One download by one client.
    DownloadId;
    /// A question whether a key may be opened.
    ApprovalId;
    /// A request to the operator.
    ServiceRequestId;
    /// Something somebody is told.
    NoticeId;
    /// One line in the ledger.
    ChargeId;
    /// A rule of what a partner asks more than it pays.
    MarginId;
    /// A person.
    UserId;
    /// A program that calls the API.
    ApplicationId;
    /// A customer's accepted agreement.
    AgreementId;
    /// A piece of work for later.
    JobId;
    /// One entry in the activity log.
    AuditId;
    /// The id of one call, by which a repeat is recognised (`MS-RequestId`).
    RequestId;
    /// Where a partner's program is told by calls (a webhook registration).
    SubscriberId;
    /// One such call, however often it is tried.
    DeliveryId;
    /// The id that ties calls together in logs (`MS-CorrelationId`).
    CorrelationId;
}

impl OrderId {
    /// The friendly number shown to people: the last 12 hexadecimal digits of the id (48 random bits).
    pub fn alternate(self) -> AlternateId {
        let bytes = self.0.as_bytes();
        let mut tail = [0_u8; 6];
        for (to, from) in tail.iter_mut().zip(bytes.iter().skip(10)) {
            *to = *from;
        }
        AlternateId(tail)
    }
}

/// The order number people read out: 12 hexadecimal digits, unique per partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AlternateId([u8; 6]);

impl fmt::Display for AlternateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for AlternateId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        const WRONG: InvalidId = InvalidId { expected: "12 hexadecimal digits" };
        if text.len() != 12 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(WRONG);
        }
        let number = u64::from_str_radix(text, 16).map_err(|_| WRONG)?;
        let mut tail = [0_u8; 6];
        for (to, from) in tail.iter_mut().zip(number.to_be_bytes().iter().skip(2)) {
            *to = *from;
        }
        Ok(Self(tail))
    }
}

/// An order as a caller names it: by id or by the friendly number; both resolve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderRef {
    /// By its id.
    Id(OrderId),
    /// By the number shown to people.
    Alternate(AlternateId),
}

impl FromStr for OrderRef {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        if let Ok(alternate) = text.parse() {
            return Ok(Self::Alternate(alternate));
        }
        text.parse().map(Self::Id).map_err(|_| InvalidId {
            expected: "an order id (a GUID) or an order number (12 hexadecimal digits)",
        })
    }
}

macro_rules! code_id {
    ($($(#[$doc:meta])* $name:ident, $length:literal, $expected:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The code as stored and sent: upper case.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let right = text.len() == $length && text.bytes().all(|b| b.is_ascii_alphanumeric());
                if right { Ok(Self(text.to_ascii_uppercase())) } else { Err(InvalidId { expected: $expected }) }
            }
        }
    )*};
}

code_id! {
    /// A product of the catalogue, such as `DG7GMGF0FKZV` (rule 2.1).
    ProductId, 12, "12 letters and digits";
    /// A product's availability in a segment; may change over time (rule 2.1).
    AvailabilityId, 12, "12 letters and digits";
}

/// A stock-keeping unit, unique only inside its product (rule 2.1).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SkuId(String);

impl SkuId {
    /// The code as stored and sent: four upper-case characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SkuId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for SkuId {
    type Err = InvalidId;

    /// Price files drop leading zeros (`7` for `0007`), so a short code is padded on the left (rule 2.1).
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let right = (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if right {
            Ok(Self(format!("{:0>4}", text.to_ascii_uppercase())))
        } else {
            Err(InvalidId { expected: "1 to 4 letters and digits" })
        }
    }
}

/// What is put into a cart: `ProductId:SkuId:AvailabilityId` (rule 2.1).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CatalogItemId {
    /// The product.
    pub product: ProductId,
    /// The SKU inside the product.
    pub sku: SkuId,
    /// The availability inside product and SKU.
    pub availability: AvailabilityId,
}

impl fmt::Display for CatalogItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.product, self.sku, self.availability)
    }
}

impl FromStr for CatalogItemId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        const WRONG: InvalidId =
            InvalidId { expected: "ProductId:SkuId:AvailabilityId, such as DG7GMGF0FKZV:0003:DG7GMGF0DWMS" };
        let mut parts = text.split(':');
        let (Some(product), Some(sku), Some(availability), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(WRONG);
        };
        Ok(Self {
            product: product.parse().map_err(|_| WRONG)?,
            sku: sku.parse().map_err(|_| WRONG)?,
            availability: availability.parse().map_err(|_| WRONG)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_sku_is_padded_as_price_files_drop_zeros() {
        assert_eq!("7".parse::<SkuId>().unwrap().as_str(), "0007");
        assert_eq!("2j2".parse::<SkuId>().unwrap().as_str(), "02J2");
        assert!("".parse::<SkuId>().is_err());
        assert!("00001".parse::<SkuId>().is_err());
    }

    #[test]
    fn an_order_is_found_by_either_of_its_names() {
        let id: OrderId = "0190f3a8-7c2e-7d1a-9f00-c403d91b21d2".parse().unwrap();
        assert_eq!(id.alternate().to_string(), "c403d91b21d2");
        assert_eq!("C403D91B21D2".parse::<OrderRef>(), Ok(OrderRef::Alternate(id.alternate())));
        assert_eq!("0190F3A8-7C2E-7D1A-9F00-C403D91B21D2".parse::<OrderRef>(), Ok(OrderRef::Id(id)));
        assert!("nonsense".parse::<OrderRef>().is_err());
    }

    #[test]
    fn a_catalogue_item_reads_in_any_case_and_writes_in_one() {
        let item: CatalogItemId = "dg7gmgf0fkzv:3:DG7GMGF0DWMS".parse().unwrap();
        assert_eq!(item.to_string(), "DG7GMGF0FKZV:0003:DG7GMGF0DWMS");
        assert!("DG7GMGF0FKZV:0003".parse::<CatalogItemId>().is_err());
        assert!("DG7GMGF0FKZV:0003:DG7GMGF0DWMS:x".parse::<CatalogItemId>().is_err());
    }
}
