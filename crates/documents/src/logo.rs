//! A picture from somebody's computer as a logo: read with bounds, made as small as paper needs it, and written anew, so that
//! nothing is kept of the file but what can be seen.

use std::io::Cursor;

use image::error::ImageError;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, Rgba, RgbaImage};
use thiserror::Error;

use crate::Look;

/// How many pixels of it are kept at most: 80 by 18 millimetres at 380 to the inch.
const KEPT: (u32, u32) = (1200, 270);
/// How many bytes the pixels may take while it is read.
const MEMORY_MAX: u64 = 160 << 20;

/// Why a picture cannot be a logo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoLogo {
    /// It is neither PNG nor JPEG.
    #[error("it is neither PNG nor JPEG")]
    Format,
    /// It has more pixels than [`Look::LOGO_PIXELS_MAX`] on one of its sides.
    #[error("it has more than {} pixels on a side", Look::LOGO_PIXELS_MAX)]
    TooLarge,
    /// It cannot be read to its end.
    #[error("it cannot be read")]
    Broken,
}

impl NoLogo {
    fn of(error: &ImageError) -> Self {
        match error {
            ImageError::Limits(_) => Self::TooLarge,
            _ => Self::Broken,
        }
    }
}

/// A PNG or JPEG picture as [`Look::logo`] takes it: upright, no larger than is printed, without what cameras and programs
/// write beside it.
///
/// # Errors
/// Why it cannot be one.
pub fn logo(bytes: &[u8]) -> Result<Vec<u8>, NoLogo> {
    let format = image::guess_format(bytes).map_err(|_| NoLogo::Format)?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg) {
        return Err(NoLogo::Format);
    }
    if format == ImageFormat::Jpeg && !ends(bytes) {
        return Err(NoLogo::Broken);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(Look::LOGO_PIXELS_MAX);
    limits.max_image_height = Some(Look::LOGO_PIXELS_MAX);
    limits.max_alloc = Some(MEMORY_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| NoLogo::of(&error))?;
    let upright = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| NoLogo::of(&error))?;
    picture.apply_orientation(upright);
    let (clear, large) = (picture.color().has_alpha(), picture.width() > KEPT.0 || picture.height() > KEPT.1);
    if large && clear {
        picture = DynamicImage::ImageRgba8(weighted(picture.into_rgba8()));
    }
    if large {
        picture = picture.resize(KEPT.0, KEPT.1, FilterType::Lanczos3);
    }
    let plain = match (clear, large) {
        (true, true) => DynamicImage::ImageRgba8(unweighted(picture.into_rgba8())),
        (true, false) => DynamicImage::ImageRgba8(picture.into_rgba8()),
        (false, _) => DynamicImage::ImageRgb8(picture.into_rgb8()),
    };
    let mut made = Cursor::new(Vec::new());
    plain.write_to(&mut made, ImageFormat::Png).map_err(|_| NoLogo::Broken)?;
    Ok(made.into_inner())
}

/// Whether the last scan of a JPEG file has an end (ITU-T T.81, B.1.1.3): what is missing would be filled with grey.
fn ends(bytes: &[u8]) -> bool {
    let last = |marker: u8| bytes.windows(2).rposition(|own| own == [0xff, marker]);
    last(0xd9) > last(0xda)
}

/// Colours by how much is seen of them: otherwise, when pixels become one, those that are not seen count as well.
fn weighted(mut picture: RgbaImage) -> RgbaImage {
    for Rgba([red, green, blue, seen]) in picture.pixels_mut() {
        for colour in [red, green, blue] {
            *colour = share(u32::from(*colour) * u32::from(*seen), 255);
        }
    }
    picture
}

/// The other way round.
fn unweighted(mut picture: RgbaImage) -> RgbaImage {
    for Rgba([red, green, blue, seen]) in picture.pixels_mut() {
        for colour in [red, green, blue] {
            *colour = share(u32::from(*colour) * 255, u32::from(*seen));
        }
    }
    picture
}

/// A part, rounded; nothing of nothing.
fn share(part: u32, whole: u32) -> u8 {
    let own = part.saturating_add(whole / 2).checked_div(whole).unwrap_or_default();
    u8::try_from(own).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::*;

    fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut made = Cursor::new(Vec::new());
        picture.write_to(&mut made, format).unwrap();
        made.into_inner()
    }

    fn read(bytes: &[u8]) -> DynamicImage {
        assert_eq!(image::guess_format(bytes).unwrap(), ImageFormat::Png);
        image::load_from_memory(bytes).unwrap()
    }

    #[test]
    fn a_picture_is_kept_as_it_looks_and_no_larger_than_it_is_printed() {
        let blue = DynamicImage::ImageRgb8(RgbImage::from_pixel(3000, 300, Rgb([10, 20, 200])));
        for format in [ImageFormat::Png, ImageFormat::Jpeg] {
            let kept = read(&logo(&written(&blue, format)).unwrap());
            assert_eq!((kept.width(), kept.height()), (1200, 120), "{format:?}");
            let pixel = kept.to_rgb8().get_pixel(600, 60).0;
            assert!(pixel[2] > 190 && pixel[0] < 20, "{format:?}: {pixel:?}");
        }
        let mut clear = RgbaImage::from_pixel(40, 30, Rgba([0, 0, 0, 0]));
        clear.put_pixel(0, 0, Rgba([255, 0, 0, 128]));
        let kept = read(&logo(&written(&DynamicImage::ImageRgba8(clear), ImageFormat::Png)).unwrap());
        assert_eq!((kept.width(), kept.height()), (40, 30));
        assert_eq!([kept.to_rgba8().get_pixel(0, 0).0[3], kept.to_rgba8().get_pixel(5, 5).0[3]], [128, 0]);
    }

    #[test]
    fn what_is_not_seen_does_not_darken_the_edges() {
        // Red on a ground that is black and clear, as programs write it.
        let own =
            RgbaImage::from_fn(
                2400,
                200,
                |x, _| {
                    if x < 1199 { Rgba([255, 0, 0, 255]) } else { Rgba([0, 0, 0, 0]) }
                },
            );
        let kept =
            read(&logo(&written(&DynamicImage::ImageRgba8(own), ImageFormat::Png)).unwrap()).into_rgba8();
        let edges: Vec<Rgba<u8>> =
            kept.pixels().copied().filter(|own| (20..=235).contains(&own.0[3])).collect();
        assert!(!edges.is_empty(), "the edge is half seen");
        assert!(edges.iter().all(|own| own.0[0] > 245 && own.0[1] < 10), "{:?}", edges[0]);
    }

    #[test]
    fn a_picture_of_a_camera_that_was_held_sideways_stands_upright() {
        let mut own = RgbImage::from_pixel(40, 20, Rgb([255, 255, 255]));
        own.put_pixel(0, 0, Rgb([0, 0, 0]));
        let jpeg = written(&DynamicImage::ImageRgb8(own), ImageFormat::Jpeg);
        // Exif with one entry: orientation 6, a quarter turn to the right.
        let exif =
            b"\xff\xe1\0\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let turned = [&jpeg[..2], exif.as_slice(), &jpeg[2..]].concat();
        let kept = read(&logo(&turned).unwrap());
        assert_eq!((kept.width(), kept.height()), (20, 40));
    }

    #[test]
    fn what_is_no_picture_or_too_large_is_refused() {
        let small = written(&DynamicImage::ImageRgb8(RgbImage::new(8, 8)), ImageFormat::Png);
        let wide = written(&DynamicImage::ImageRgb8(RgbImage::new(4001, 1)), ImageFormat::Png);
        assert_eq!(logo(&wide), Err(NoLogo::TooLarge));
        assert_eq!(logo(&small[..small.len() / 2]), Err(NoLogo::Broken));
        let byte = |own: u32| own.to_le_bytes()[0];
        let noise = RgbImage::from_fn(64, 64, |x, y| Rgb([byte(x * 37), byte(y * 91), byte(x * y)]));
        let jpeg = written(&DynamicImage::ImageRgb8(noise), ImageFormat::Jpeg);
        assert!(logo(&jpeg).is_ok());
        assert_eq!(logo(&jpeg[..jpeg.len() - jpeg.len() / 4]), Err(NoLogo::Broken));
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>".as_slice();
        for other in [svg, b"GIF89a\x01\0\x01\0\0\0\0;", b"", b"%PDF-1.7"] {
            assert_eq!(logo(other), Err(NoLogo::Format));
        }
    }
}
