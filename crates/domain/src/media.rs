//! Media: the files a product comes as, by version, language, bitness and file type. Not every combination exists
//! (rule 5.1, SEED-25 and 26).
//!
//! Never here: where a file lies, or reading it.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::catalog::{Family, UnknownWord};
use crate::ids::{MediumId, ProductId};
use crate::refusal::Refusal;

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

/// A version of a product, such as `2022` or `2008 R2`. Numbers in it compare as numbers: 10 is newer than 9.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Version(String);

impl Version {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its pieces: numbers as numbers (compared by length, then digit by digit), the rest as lower-case text.
    fn pieces(&self) -> Vec<(bool, usize, String)> {
        let mut pieces: Vec<(bool, usize, String)> = Vec::new();
        for letter in self.0.chars() {
            let digit = letter.is_ascii_digit();
            match pieces.last_mut().filter(|own| own.0 == digit) {
                Some(own) => own.2.extend(letter.to_lowercase()),
                None => pieces.push((digit, 0, letter.to_lowercase().collect())),
            }
        }
        for (digit, length, text) in &mut pieces {
            if *digit {
                let bare = text.trim_start_matches('0').to_owned();
                *length = bare.len();
                *text = bare;
            }
        }
        pieces
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.pieces().cmp(&other.pieces()).then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Version {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let fits = !text.is_empty() && text.chars().count() <= 50 && text.trim() == text;
        if fits && text.chars().all(|c| c.is_alphanumeric() || " .-_+()".contains(c)) {
            return Ok(Self(text.to_owned()));
        }
        Err(UnknownWord { expected: "a version of at most 50 letters, digits, blanks and . - _ + ( )" })
    }
}

text_type! {
    /// The language of a medium, as a BCP 47 tag: `en-US`, `zh-Hans-CN`; `mul` for several (RFC 5646).
    Language
}

impl FromStr for Language {
    type Err = UnknownWord;

    /// Reads a tag in any letter case and writes it as RFC 5646 §2.1.1 does.
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        const WRONG: UnknownWord =
            UnknownWord { expected: "a language tag such as en-US, de, zh-Hans-CN or mul" };
        let mut pieces = text.split('-');
        let language = pieces
            .next()
            .filter(|own| matches!(own.len(), 2 | 3) && own.chars().all(|c| c.is_ascii_alphabetic()));
        let mut written = language.ok_or(WRONG)?.to_ascii_lowercase();
        let mut rest = pieces.peekable();
        if let Some(script) = rest.next_if(|own| own.len() == 4) {
            let (first, others) = script.split_at_checked(1).ok_or(WRONG)?;
            written.push('-');
            written.push_str(&first.to_ascii_uppercase());
            written.push_str(&others.to_ascii_lowercase());
        }
        if let Some(region) = rest.next() {
            let letters = region.len() == 2 && region.chars().all(|c| c.is_ascii_alphabetic());
            let digits = region.len() == 3 && region.chars().all(|c| c.is_ascii_digit());
            if !letters && !digits {
                return Err(WRONG);
            }
            written.push('-');
            written.push_str(&region.to_ascii_uppercase());
        }
        let whole = rest.next().is_none() && written.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if whole { Ok(Self(written)) } else { Err(WRONG) }
    }
}

text_type! {
    /// How a medium is packed: `ISO`, `EXE`, `VHD`, `TAR.GZ`.
    FileType
}

impl FromStr for FileType {
    type Err = UnknownWord;

    /// Reads it in any letter case.
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let fits = (1..=12).contains(&text.len())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '.')
            && !text.starts_with('.')
            && !text.ends_with('.');
        if fits {
            Ok(Self(text.to_ascii_uppercase()))
        } else {
            Err(UnknownWord { expected: "a file type such as ISO, EXE or TAR.GZ" })
        }
    }
}

text_type! {
    /// The name a medium is saved under. It holds nothing a path could be made of.
    FileName
}

impl FromStr for FileName {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let fits = (1..=120).contains(&text.len())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-+() ".contains(c))
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text.ends_with(|c: char| c.is_ascii_alphanumeric() || c == ')');
        if fits {
            return Ok(Self(text.to_owned()));
        }
        Err(UnknownWord {
            expected: "a file name of at most 120 letters, digits, blanks and . _ - + ( ), which begins and ends with a letter or digit",
        })
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $expected:literal { $($(#[$vdoc:meta])* $variant:ident = $word:literal, $shown:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
        }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stored word.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// What people read.
            pub const fn shown(self) -> &'static str {
                match self { $(Self::$variant => $shown,)* }
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                match text.to_ascii_lowercase().as_str() {
                    $($word => Ok(Self::$variant),)*
                    _ => Err(UnknownWord { expected: $expected }),
                }
            }
        }
    };
}

words! {
    /// For which processors a medium is.
    Bits, "32, 64 or arm64" {
        /// 32 bits.
        B32 = "32", "32 Bit";
        /// 64 bits.
        B64 = "64", "64 Bit";
        /// 64 bits on ARM.
        Arm64 = "arm64", "ARM64";
    }
}

words! {
    /// For which operating system a medium is.
    Platform, "windows, linux, macos or any" {
        /// Windows.
        Windows = "windows", "Windows";
        /// Linux.
        Linux = "linux", "Linux";
        /// macOS.
        MacOs = "macos", "macOS";
        /// It does not matter.
        Any = "any", "any system";
    }
}

/// The SHA-256 of a file.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sha256(pub [u8; 32]);

impl fmt::Display for Sha256 {
    /// 64 lower-case hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Sha256 {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        const WRONG: UnknownWord = UnknownWord { expected: "a SHA-256 of 64 hexadecimal digits" };
        if text.len() != 64 || !text.chars().all(|c| c.is_ascii_hexdigit()) {
            return Err(WRONG);
        }
        let mut bytes = [0; 32];
        for (place, byte) in bytes.iter_mut().enumerate() {
            let digits = text.get(place * 2..place * 2 + 2).ok_or(WRONG)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| WRONG)?;
        }
        Ok(Self(bytes))
    }
}

/// What is chosen before a download: the boxes of the page (SEED-25).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Choice {
    /// The version.
    pub version: Version,
    /// The language.
    pub language: Language,
    /// The processors.
    pub bits: Bits,
    /// How it is packed.
    pub file_type: FileType,
    /// The operating system.
    pub platform: Platform,
}

impl Choice {
    /// Processors and packing as people read them: `64 Bit, ISO`, with the system where there are several.
    pub fn cpu_and_file_type(&self) -> String {
        match self.platform {
            Platform::Any | Platform::Windows => format!("{}, {}", self.bits.shown(), self.file_type),
            Platform::Linux | Platform::MacOs => {
                format!("{}, {} ({})", self.bits.shown(), self.file_type, self.platform.shown())
            }
        }
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.version, self.language, self.cpu_and_file_type())
    }
}

/// A file a product comes as. It never changes: another file is another medium.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Medium {
    /// Its id.
    pub id: MediumId,
    /// The product.
    pub product: ProductId,
    /// What it is.
    pub choice: Choice,
    /// The name it is saved under.
    pub name: FileName,
    /// How long it is, in bytes.
    pub size: u64,
    /// Its hash.
    pub sha256: Sha256,
    /// When it was added.
    pub added_at: Timestamp,
}

/// The medium that was chosen.
///
/// # Errors
/// [`Refusal::NoSuchMedium`], which says what there is.
pub fn choose<'a>(media: &'a [Medium], wanted: &Choice) -> Result<&'a Medium, Refusal> {
    media.iter().find(|medium| medium.choice == *wanted).ok_or_else(|| no_such_medium(media))
}

/// The refusal that says which combinations there are; at most twenty are named.
pub fn no_such_medium(media: &[Medium]) -> Refusal {
    let mut offered: Vec<String> = media.iter().take(20).map(|medium| medium.choice.to_string()).collect();
    if media.len() > offered.len() {
        offered.push(format!("and {} more", media.len() - offered.len()));
    }
    Refusal::NoSuchMedium { offered: offered.join("; ") }
}

/// A version of a product, and since when there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownVersion {
    /// The version.
    pub version: Version,
    /// When its first key or medium came in.
    pub since: Timestamp,
}

/// The versions a purchase covers, newest first. A subscription covers every version while it runs; a perpetual licence
/// the one that was current when it was bought, and earlier ones (downgrade rights, rule 2.2).
pub fn covered(family: Family, placed_at: Timestamp, known: &[KnownVersion]) -> Vec<Version> {
    let current = known.iter().filter(|own| own.since <= placed_at).map(|own| &own.version).max();
    // Bought before anything came in: what came in first is what was bought.
    let first = known.iter().map(|own| own.since).min();
    let came_first = known.iter().filter(|own| Some(own.since) == first).map(|own| &own.version).max();
    let newest = match family {
        Family::Perpetual => current.or(came_first),
        Family::Subscription | Family::Reservation | Family::LinuxPlan => None,
    };
    let mut versions: Vec<Version> = known
        .iter()
        .map(|own| &own.version)
        .filter(|version| newest.is_none_or(|newest| *version <= newest))
        .cloned()
        .collect();
    versions.sort_unstable_by(|left, right| right.cmp(left));
    versions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn versions_compare_as_people_read_them() {
        let mut list: Vec<Version> =
            ["10", "9", "2022", "2008 R2", "2008", "2008 r10", "1.9", "1.10"].map(version).into();
        list.sort();
        let shown: Vec<&str> = list.iter().map(Version::as_str).collect();
        assert_eq!(shown, ["1.9", "1.10", "9", "10", "2008", "2008 R2", "2008 r10", "2022"]);
        for bad in ["", " 1", "a\nb", "x/y", &"9".repeat(51)] {
            assert!(bad.parse::<Version>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn language_tags_are_written_one_way() {
        for (given, written) in
            [("EN-us", "en-US"), ("ZH-HANS-cn", "zh-Hans-CN"), ("mul", "mul"), ("es-419", "es-419")]
        {
            assert_eq!(given.parse::<Language>().unwrap().as_str(), written);
        }
        for bad in ["", "e", "english", "en-", "en-USA", "en_US", "en-US-x", "de-ÄÖ", "a1"] {
            assert!(bad.parse::<Language>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_file_name_makes_no_path() {
        for good in ["Windows_Server_2022.iso", "SQL Server 2019 (x64).ISO", "a"] {
            assert!(good.parse::<FileName>().is_ok(), "{good}");
        }
        for bad in [
            "",
            ".hidden",
            "../x",
            "a/b",
            "a\\b",
            "a\"b",
            "a\r\nb",
            "trailing.",
            "c:x",
            "ä.iso",
            &"x".repeat(121),
        ] {
            assert!(bad.parse::<FileName>().is_err(), "{bad:?}");
        }
        assert_eq!("tar.gz".parse::<FileType>().unwrap().as_str(), "TAR.GZ");
        assert!(".gz".parse::<FileType>().is_err() && "I S O".parse::<FileType>().is_err());
    }

    #[test]
    fn a_hash_is_read_back() {
        let text = "0f".repeat(32);
        assert_eq!(text.parse::<Sha256>().unwrap().to_string(), text);
        for bad in ["0f", &"zz".repeat(32), &"é".repeat(32)] {
            assert!(bad.parse::<Sha256>().is_err());
        }
    }

    #[test]
    fn a_licence_covers_what_was_current_when_it_was_bought() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let known = |text: &str, since: &str| KnownVersion { version: version(text), since: at(since) };
        let list = [
            known("2016", "2019-01-01T00:00:00Z"),
            known("2022", "2021-09-01T00:00:00Z"),
            known("2019", "2019-01-01T00:00:00Z"),
        ];
        let covered = |family, day: &str| -> Vec<String> {
            covered(family, at(day), &list).iter().map(ToString::to_string).collect()
        };
        assert_eq!(covered(Family::Perpetual, "2020-02-01T00:00:00Z"), ["2019", "2016"]);
        assert_eq!(covered(Family::Perpetual, "2022-02-01T00:00:00Z"), ["2022", "2019", "2016"]);
        assert_eq!(covered(Family::Subscription, "2020-02-01T00:00:00Z"), ["2022", "2019", "2016"]);
        // Bought before anything came in: what came in first is what was bought.
        assert_eq!(covered(Family::Perpetual, "2018-02-01T00:00:00Z"), ["2019", "2016"]);
    }
}
