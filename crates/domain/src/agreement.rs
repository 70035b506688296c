//! The customer's agreement: needed once before anything new is bought (rule 4.3).
//!
//! Never here: the text of the agreement, or how the customer signed it.

use jiff::Timestamp;
use uuid::Uuid;

use crate::catalog::UnknownWord;
use crate::ids::{AgreementId, CustomerId};
use crate::refusal::Refusal;

/// Which agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The agreement needed since 31 January 2020.
    Customer,
    /// The older cloud agreement; it does not suffice for new orders.
    Cloud,
}

impl Kind {
    /// Both kinds.
    pub const ALL: [Self; 2] = [Self::Customer, Self::Cloud];

    /// The stored word, which is also the one on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "MicrosoftCustomerAgreement",
            Self::Cloud => "MicrosoftCloudAgreement",
        }
    }

    /// The id of its published template.
    pub const fn template(self) -> Uuid {
        match self {
            Self::Customer => Uuid::from_u128(0x117a_77b0_9360_443b_8795_c6de_dc75_0cf9),
            Self::Cloud => Uuid::from_u128(0x998b_88de_aa99_4388_a42c_1b35_17d4_9490),
        }
    }
}

impl std::str::FromStr for Kind {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str().eq_ignore_ascii_case(text))
            .ok_or(UnknownWord { expected: "MicrosoftCustomerAgreement, MicrosoftCloudAgreement" })
    }
}

/// Who accepted on the customer's side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatory {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail address.
    pub email: String,
    /// Phone number, where given.
    pub phone: Option<String>,
}

/// One confirmed agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Its id.
    pub id: AgreementId,
    /// Whose it is.
    pub customer: CustomerId,
    /// Which one.
    pub kind: Kind,
    /// Who accepted.
    pub signatory: Signatory,
    /// When it was accepted.
    pub agreed_at: Timestamp,
    /// Who attested it: a user's or an application's id.
    pub attested_by: Uuid,
    /// When it was attested.
    pub attested_at: Timestamp,
}

/// Confirms an agreement that is not confirmed yet.
///
/// # Errors
/// When the same kind was confirmed by the same person before, or the day of acceptance lies in the future.
pub fn attest(new: Agreement, existing: &[Agreement]) -> Result<Agreement, Refusal> {
    if new.agreed_at > new.attested_at {
        return Err(Refusal::AgreedInFuture);
    }
    let same = |old: &&Agreement| old.kind == new.kind && old.signatory == new.signatory;
    if existing.iter().any(|old| same(&old)) {
        return Err(Refusal::AgreementAlreadyConfirmed);
    }
    Ok(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agreement_is_confirmed_once_and_not_ahead_of_time() {
        let agreement = Agreement {
            id: AgreementId::new(Uuid::from_u128(1)),
            customer: CustomerId::new(Uuid::from_u128(2)),
            kind: Kind::Customer,
            signatory: Signatory {
                first_name: "Ada".into(),
                last_name: "Lovelace".into(),
                email: "ada@example.com".into(),
                phone: None,
            },
            agreed_at: "2020-01-20T00:00:00Z".parse().unwrap(),
            attested_by: Uuid::from_u128(3),
            attested_at: "2020-01-24T10:00:00Z".parse().unwrap(),
        };
        let first = attest(agreement.clone(), &[]).unwrap();
        assert_eq!(attest(agreement.clone(), &[first]), Err(Refusal::AgreementAlreadyConfirmed));
        let early = Agreement { agreed_at: "2020-01-25T00:00:00Z".parse().unwrap(), ..agreement };
        assert_eq!(attest(early, &[]), Err(Refusal::AgreedInFuture));
    }
}
