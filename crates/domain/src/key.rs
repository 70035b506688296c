//! Product keys: their formats, their text, and their life from stock to the end (rule 5.2).
//!
//! Never here: showing a text by accident, and sealing or unsealing it.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use crate::catalog::UnknownWord;
use crate::ids::{KeyId, OrderId};
use crate::refusal::Refusal;

/// How a product's keys are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyFormat {
    /// 25 characters in five groups of five.
    FiveByFive,
    /// 32 characters in eight groups of four; what the seed says and a new product gets.
    EightByFour,
    /// Any printable text of up to 128 characters.
    Free,
}

impl KeyFormat {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::FiveByFive, Self::EightByFour, Self::Free];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FiveByFive => "5x5",
            Self::EightByFour => "8x4",
            Self::Free => "free",
        }
    }

    /// What a key in this format looks like, for people.
    pub const fn example(self) -> &'static str {
        match self {
            Self::FiveByFive => "AAAA1-BBBB2-CCCC3-DDDD4-EEEE5",
            Self::EightByFour => "AAA1-BBB2-CCC3-DDD4-EEE5-FFF6-GGG7-HHH8",
            Self::Free => "any printable text of up to 128 characters",
        }
    }

    /// Reads a key in this format: letters become upper case, the hyphens may be left out.
    ///
    /// # Errors
    /// [`WrongFormat`], which never holds the text.
    pub fn parse(self, text: &str) -> Result<KeyText, WrongFormat> {
        let wrong = WrongFormat { format: self };
        let (groups, length) = match self {
            Self::FiveByFive => (5, 5),
            Self::EightByFour => (8, 4),
            Self::Free => {
                let fits = !text.is_empty() && text.len() <= 128 && text.chars().all(|c| !c.is_control());
                return if fits { Ok(KeyText(SecretString::from(text.to_owned()))) } else { Err(wrong) };
            }
        };
        let bare: Vec<char> = text.chars().filter(|c| *c != '-').map(|c| c.to_ascii_uppercase()).collect();
        if bare.len() != groups * length || !bare.iter().all(char::is_ascii_alphanumeric) {
            return Err(wrong);
        }
        let grouped: Vec<String> = bare.chunks(length).map(|chunk| chunk.iter().collect()).collect();
        let written = grouped.join("-");
        if text.contains('-') && !text.eq_ignore_ascii_case(&written) {
            return Err(wrong);
        }
        Ok(KeyText(SecretString::from(written)))
    }
}

impl FromStr for KeyFormat {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|format| format.as_str() == text)
            .ok_or(UnknownWord { expected: "5x5, 8x4, free" })
    }
}

/// A key that is not written as its product demands. The text itself is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongFormat {
    /// What was demanded.
    pub format: KeyFormat,
}

impl fmt::Display for WrongFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected a key like {}", self.format.example())
    }
}

impl std::error::Error for WrongFormat {}

/// A product key's text. No Debug, Display or Serialize, so it cannot reach a log or an answer by accident.
pub struct KeyText(SecretString);

impl KeyText {
    /// Takes a text that was unsealed.
    pub fn unsealed(text: String) -> Self {
        Self(SecretString::from(text))
    }

    /// The text, for the one answer that shows it and for sealing. The only way out.
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }
}

/// The order line a key was handed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineRef {
    /// The order.
    pub order: OrderId,
    /// The line's number.
    pub line: u32,
}

/// The life of a key after it left the stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// Handed to a line; nobody has seen it.
    Assigned {
        /// Since when.
        at: Timestamp,
    },
    /// Somebody has seen it.
    Revealed {
        /// When it was first seen.
        at: Timestamp,
    },
    /// Out of use for good. A key that was ever shown is never sold again.
    Revoked {
        /// Since when.
        at: Timestamp,
    },
}

/// What becomes of a key when its purchase is cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Released {
    /// Nobody ever saw it: it goes back to stock.
    ToStock,
    /// Somebody saw it: it is out of use for good.
    Revoked,
    /// It was out of use already.
    Nothing,
}

impl KeyState {
    /// The state after the key is shown at `now`.
    ///
    /// # Errors
    /// [`Refusal::KeyRevoked`] when it is out of use.
    pub const fn reveal(self, now: Timestamp) -> Result<Self, Refusal> {
        match self {
            Self::Assigned { .. } => Ok(Self::Revealed { at: now }),
            Self::Revealed { at } => Ok(Self::Revealed { at }),
            Self::Revoked { .. } => Err(Refusal::KeyRevoked),
        }
    }

    /// What becomes of the key when its purchase is cancelled.
    pub const fn release(self) -> Released {
        match self {
            Self::Assigned { .. } => Released::ToStock,
            Self::Revealed { .. } => Released::Revoked,
            Self::Revoked { .. } => Released::Nothing,
        }
    }
}

/// A key handed to a line, without its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssignedKey {
    /// Its id.
    pub id: KeyId,
    /// Whose it is.
    pub line: LineRef,
    /// Where it is in its life.
    pub state: KeyState,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_written_as_its_product_demands() {
        let right = KeyFormat::FiveByFive.parse("aaaa1bbbb2cccc3dddd4eeee5").unwrap();
        assert_eq!(right.reveal(), "AAAA1-BBBB2-CCCC3-DDDD4-EEEE5");
        let right = KeyFormat::EightByFour.parse("AAA1-BBB2-CCC3-DDD4-EEE5-FFF6-GGG7-HHH8").unwrap();
        assert_eq!(right.reveal().len(), 39);
        for wrong in ["", "AAAA1-BBBB2", "AAAA-1BBBB-2CCCC-3DDDD-4EEEE5", "AAAA1-BBBB2-CCCC3-DDDD4-EEEE!"] {
            assert!(KeyFormat::FiveByFive.parse(wrong).is_err(), "{wrong}");
        }
        assert!(KeyFormat::Free.parse("two\nlines").is_err());
    }

    #[test]
    fn a_key_once_shown_is_never_sold_again() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (first, second) = (at("2020-01-24T10:00:00Z"), at("2020-01-25T10:00:00Z"));
        let assigned = KeyState::Assigned { at: first };
        assert_eq!(assigned.release(), Released::ToStock);
        let shown = assigned.reveal(first).unwrap();
        assert_eq!(shown.reveal(second).unwrap(), KeyState::Revealed { at: first });
        assert_eq!(shown.release(), Released::Revoked);
        let dead = KeyState::Revoked { at: second };
        assert_eq!(dead.reveal(second), Err(Refusal::KeyRevoked));
        assert_eq!(dead.release(), Released::Nothing);
    }
}
