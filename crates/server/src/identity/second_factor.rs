//! Second factors: codes of an authenticator (RFC 6238), and recovery codes that are shown once.

use aws_lc_rs::digest::{SHA256, digest};
use jiff::Timestamp;
use qrcode::QrCode;
use qrcode::render::svg;
use totp_rs::{Algorithm, Builder, Secret, Totp};
use zeroize::Zeroizing;

use crate::error::Error;

/// The name authenticators show.
const ISSUER: &str = "Chandlery";
/// How many recovery codes a person gets.
pub const RECOVERY_CODES: usize = 10;
/// The letters of recovery codes; none that is easily taken for another.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A fresh secret for an authenticator: 160 bits, in base32.
///
/// # Errors
/// Never in practice; the length is right.
pub fn fresh_secret() -> Result<Zeroizing<String>, Error> {
    let mut bytes = [0_u8; 20];
    crate::ids::fill(&mut bytes);
    Ok(Zeroizing::new(Secret::from(bytes).to_base32()))
}

fn totp(secret: &str, account: &str) -> Result<Totp, Error> {
    let secret = Secret::try_from_base32(secret).map_err(|_| Error::internal("a stored secret is broken"))?;
    // One step of thirty seconds to either side, as RFC 6238 §5.2 recommends.
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        .with_secret(secret)
        .with_issuer(Some(ISSUER))
        .with_account_name(account.replace(':', " "))
        .build()
        .map_err(Error::internal)
}

fn seconds(now: Timestamp) -> u64 {
    u64::try_from(now.as_second()).unwrap_or(0)
}

/// The time step a code is right for, if it is right now. Whoever takes it must see that the step was not taken before.
///
/// # Errors
/// When the stored secret is broken.
pub fn step_of(secret: &str, code: &str, now: Timestamp) -> Result<Option<i64>, Error> {
    let digits: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    let step = totp(secret, "")?.check(&digits, seconds(now));
    step.map(i64::try_from).transpose().map_err(Error::internal)
}

/// The code an authenticator shows now: for the walk through the practice twin.
///
/// # Errors
/// When the secret is broken.
pub fn code_at(secret: &str, now: Timestamp) -> Result<String, Error> {
    Ok(totp(secret, "")?.generate(seconds(now)).to_string())
}

/// What an authenticator is set up with: the picture to scan, as SVG.
///
/// # Errors
/// When the name is too long for a picture.
pub fn picture(secret: &str, account: &str) -> Result<String, Error> {
    let url = totp(secret, account)?.to_url().map_err(Error::internal)?;
    let code = QrCode::new(url.as_bytes()).map_err(Error::internal)?;
    let picture = code
        .render::<svg::Color<'_>>()
        .min_dimensions(220, 220)
        .dark_color(svg::Color("#000"))
        .light_color(svg::Color("#fff"))
        .build();
    // Inside a page the XML declaration has no place.
    Ok(picture.split_once("?>").map_or(picture.clone(), |(_, svg)| svg.to_owned()))
}

/// Fresh recovery codes, each of fifty bits.
pub fn recovery_codes() -> Vec<String> {
    (0..RECOVERY_CODES)
        .map(|_| {
            let mut bytes = [0_u8; 10];
            crate::ids::fill(&mut bytes);
            let letters: Vec<char> = bytes
                .iter()
                .filter_map(|byte| ALPHABET.get(usize::from(byte & 0x1F)).map(|letter| char::from(*letter)))
                .collect();
            let (one, two) = letters.split_at(5);
            format!("{}-{}", one.iter().collect::<String>(), two.iter().collect::<String>())
        })
        .collect()
}

/// What is kept of a recovery code. It has fifty random bits and is guessed at a few times an hour at most.
pub fn recovery_digest(user: &str, code: &str) -> String {
    let code: String =
        code.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
    hex::encode(digest(&SHA256, format!("recovery:{user}:{code}").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_right_for_its_step_and_those_beside_it() {
        let secret = fresh_secret().unwrap();
        let now: Timestamp = "2026-01-01T00:00:15Z".parse().unwrap();
        let code = code_at(&secret, now).unwrap();
        let step = now.as_second() / 30;
        let later = |seconds: i64| Timestamp::from_second(now.as_second() + seconds).unwrap();
        assert_eq!(step_of(&secret, &code, now).unwrap(), Some(step));
        assert_eq!(
            step_of(&secret, &format!("{} {}", &code[..3], &code[3..]), later(30)).unwrap(),
            Some(step)
        );
        assert_eq!(step_of(&secret, &code, later(90)).unwrap(), None);
        assert_eq!(step_of(&secret, "12345", now).unwrap(), None);
        assert_eq!(step_of(&secret, "abcdef", now).unwrap(), None);
    }

    #[test]
    fn the_published_example_of_rfc_6238_comes_out() {
        // Appendix B, SHA-1, the last six of eight digits: at 59 seconds 94287082.
        let secret = Secret::from(*b"12345678901234567890").to_base32();
        assert_eq!(code_at(&secret, Timestamp::from_second(59).unwrap()).unwrap(), "287082");
    }

    #[test]
    fn recovery_codes_differ_and_are_read_as_people_type_them() {
        let codes = recovery_codes();
        let distinct: std::collections::BTreeSet<&String> = codes.iter().collect();
        assert_eq!((codes.len(), distinct.len()), (10, 10));
        assert!(codes.iter().all(|code| code.len() == 11));
        assert_eq!(recovery_digest("u", "ABCDE FGHIJ"), recovery_digest("u", "abcde-fghij"));
        assert_ne!(recovery_digest("u", "abcde-fghij"), recovery_digest("v", "abcde-fghij"));
    }

    #[test]
    fn the_picture_is_one_svg() {
        let svg = picture(&fresh_secret().unwrap(), "anna@norrsken.example").unwrap();
        assert!(svg.trim_start().starts_with("<svg") && !svg.contains("style="), "{svg}");
    }
}
