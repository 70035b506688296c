//! Shades of a colour that can be read.

use chandlery_domain::brand::Colour;

/// The least contrast between text and its ground (WCAG 2.2, success criterion 1.4.3).
pub const CONTRAST: f64 = 4.5;

/// How bright a colour is, from 0 to 1 (WCAG 2.2, relative luminance).
fn luminance(own: Colour) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    let [red, green, blue] = own.parts();
    0.2126f64.mul_add(linear(red), 0.7152f64.mul_add(linear(green), 0.0722 * linear(blue)))
}

/// The contrast of two colours, from 1 to 21 (WCAG 2.2, contrast ratio).
pub fn contrast(one: Colour, other: Colour) -> f64 {
    let (one, two) = (luminance(one), luminance(other));
    (one.max(two) + 0.05) / (one.min(two) + 0.05)
}

/// A colour with so many thirty-seconds of another in it.
pub fn mixed(own: Colour, other: Colour, share: u8) -> Colour {
    let mut parts = own.parts();
    let share = u16::from(share.min(32));
    for (own, other) in parts.iter_mut().zip(other.parts()) {
        let sum = u16::from(*own) * (32 - share) + u16::from(other) * share;
        *own = u8::try_from(sum / 32).unwrap_or(u8::MAX);
    }
    Colour::new(parts)
}

/// The nearest shade of a colour that can be read on a ground: darker on a light one, lighter on a dark one.
pub fn legible_on(own: Colour, ground: Colour) -> Colour {
    let end = if luminance(ground) > 0.18 { Colour::BLACK } else { Colour::WHITE };
    (0..=32)
        .map(|share| mixed(own, end, share))
        .find(|shade| contrast(*shade, ground) >= CONTRAST)
        .unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_the_published_one() {
        let of = |one: &str, two: &str| contrast(one.parse().unwrap(), two.parse().unwrap());
        assert!((of("#000000", "#ffffff") - 21.0).abs() < 1e-9);
        // The grey that is known for just passing on white, and its neighbour that does not.
        assert!(of("#767676", "#ffffff") >= CONTRAST && of("#777777", "#ffffff") < CONTRAST);
    }

    #[test]
    fn every_colour_has_a_shade_that_can_be_read() {
        let grounds = ["#eaf0f4", "#ffffff", "#242d39", "#11151b"].map(|own| own.parse::<Colour>().unwrap());
        for number in 0..4096_u16 {
            let part = |shift: u16| u8::try_from((number >> shift) & 15).unwrap() * 17;
            let own = Colour::new([part(8), part(4), part(0)]);
            for ground in grounds {
                assert!(contrast(legible_on(own, ground), ground) >= CONTRAST, "{own} on {ground}");
            }
        }
        // What can be read as it is stays as it is.
        let own: Colour = "#0b5a7a".parse().unwrap();
        assert_eq!(legible_on(own, Colour::WHITE), own);
    }
}
