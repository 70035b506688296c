//! What a house is called and coloured in front of its customers.

use std::fmt;
use std::str::FromStr;

use crate::catalog::UnknownWord;

/// The longest name a house is called by, in letters.
pub const NAME_MAX: usize = 60;
/// What a house is called and coloured.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Brand {
    /// What stands where the product's name would; none leaves that as it is.
    pub name: Option<String>,
    /// What links and buttons are coloured in; none leaves them as they are.
    pub colour: Option<Colour>,
}

/// A colour in sRGB, eight bits a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Colour([u8; 3]);

impl Colour {
    /// White.
    pub const WHITE: Self = Self([255, 255, 255]);
    /// Black.
    pub const BLACK: Self = Self([0, 0, 0]);

    /// A colour by its parts: red, green, blue.
    pub const fn new(parts: [u8; 3]) -> Self {
        Self(parts)
    }

    /// Its parts: red, green, blue.
    pub const fn parts(self) -> [u8; 3] {
        self.0
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([red, green, blue]) = self;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl FromStr for Colour {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        const WRONG: UnknownWord = UnknownWord { expected: "a colour such as #0b5a7a" };
        let digits = text.strip_prefix('#').unwrap_or(text);
        if digits.len() != 6 || !digits.bytes().all(|own| own.is_ascii_hexdigit()) {
            return Err(WRONG);
        }
        let part = |at: usize| {
            let two = digits.get(at..at.saturating_add(2)).ok_or(WRONG)?;
            u8::from_str_radix(two, 16).map_err(|_| WRONG)
        };
        Ok(Self([part(0)?, part(2)?, part(4)?]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_six_digits() {
        assert_eq!("#0B5A7A".parse::<Colour>().unwrap().to_string(), "#0b5a7a");
        assert_eq!("ffffff".parse(), Ok(Colour::WHITE));
        for wrong in ["", "#fff", "#0b5a7", "#0b5a7a0", "red", "#gggggg", "＃0b5a7a", "#0b5a7é"] {
            assert!(wrong.parse::<Colour>().is_err(), "{wrong}");
        }
    }
}
