//! Which part of a file a request is for (RFC 9110 §13 and §14): ranges, and the conditions under which they count.

use std::ops::Range;

use axum::http::{HeaderMap, header};

/// What a request is answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The whole file, 200.
    Whole,
    /// One stretch of it, 206.
    Stretch(Range<u64>),
    /// No byte of it, 416.
    None,
    /// Nothing, because the client has it, 304.
    NotModified,
    /// Nothing, because the file is another one, 412.
    Another,
}

/// All lines of a header that is a list (RFC 9110 §5.3).
fn list(headers: &HeaderMap, name: &header::HeaderName) -> Option<String> {
    let lines: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    if lines.is_empty() { None } else { Some(lines.join(", ")) }
}

fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
}

/// Whether a list of entity tags names this one; `weakly` takes weak ones too (§8.8.3.2).
fn names(list: &str, etag: &str, weakly: bool) -> bool {
    list == "*"
        || list
            .split(',')
            .map(str::trim)
            .any(|own| own == etag || (weakly && own.strip_prefix("W/").is_some_and(|own| own == etag)))
}

/// Reads one byte range of a file of `size` bytes: none when it is not well-formed (§14.1.1).
fn stretch(spec: &str, size: u64) -> Option<Range<u64>> {
    let digits = |text: &str| {
        let fits = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
        // A number too long to be read lies behind every file.
        fits.then(|| text.parse::<u64>().unwrap_or(u64::MAX))
    };
    let (first, last) = spec.trim().split_once('-')?;
    if first.is_empty() {
        let length = digits(last)?;
        return Some(size.saturating_sub(length)..size);
    }
    let first = digits(first)?;
    let last = if last.is_empty() { u64::MAX } else { digits(last)? };
    if last < first {
        return None;
    }
    Some(first..last.saturating_add(1).min(size).max(first))
}

/// Decides by the headers of a request for a file with this entity tag, date and length. Several ranges in one request are
/// answered with the whole file, as §14.2 allows: a download is counted by one stretch.
pub fn part(headers: &HeaderMap, is_get: bool, (etag, modified): (&str, &str), size: u64) -> Part {
    if list(headers, &header::IF_MATCH).is_some_and(|list| !names(list.trim(), etag, false)) {
        return Part::Another;
    }
    match list(headers, &header::IF_NONE_MATCH) {
        Some(list) if names(list.trim(), etag, true) => return Part::NotModified,
        None if text(headers, &header::IF_MODIFIED_SINCE) == Some(modified) => return Part::NotModified,
        _ => {}
    }
    let Some(wanted) = text(headers, &header::RANGE).filter(|_| is_get) else { return Part::Whole };
    // A range of something the client had before counts only if it is the same still (§13.1.5).
    if text(headers, &header::IF_RANGE).is_some_and(|own| own != etag && own != modified) {
        return Part::Whole;
    }
    let Some(specs) = wanted.split_once('=').filter(|(unit, _)| unit.eq_ignore_ascii_case("bytes")) else {
        return Part::Whole;
    };
    if specs.1.contains(',') {
        return Part::Whole;
    }
    match stretch(specs.1, size) {
        None => Part::Whole,
        Some(range) if range.is_empty() => Part::None,
        Some(range) => Part::Stretch(range),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: &str = "\"abc\"";
    const DATE: &str = "Sat, 01 Feb 2020 10:00:00 GMT";

    fn asked(pairs: &[(header::HeaderName, &str)]) -> Part {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(name, value.parse().unwrap());
        }
        part(&headers, true, (TAG, DATE), 1000)
    }

    #[test]
    fn one_range_is_sent_as_asked() {
        let range = |text: &str| asked(&[(header::RANGE, text)]);
        assert_eq!(range("bytes=0-99"), Part::Stretch(0..100));
        assert_eq!(range("bytes=990-"), Part::Stretch(990..1000));
        assert_eq!(range("bytes=990-5000"), Part::Stretch(990..1000));
        assert_eq!(range("bytes=-10"), Part::Stretch(990..1000));
        assert_eq!(range("Bytes=-5000"), Part::Stretch(0..1000));
        assert_eq!(range("bytes=0-99999999999999999999999"), Part::Stretch(0..1000));
    }

    #[test]
    fn what_lies_behind_the_end_cannot_be_sent() {
        for text in ["bytes=1000-", "bytes=5000-6000", "bytes=-0", "bytes=99999999999999999999999-"] {
            assert_eq!(asked(&[(header::RANGE, text)]), Part::None, "{text}");
        }
    }

    #[test]
    fn what_is_no_range_is_overlooked() {
        for text in [
            "bytes=abc",
            "bytes=5-1",
            "bytes=",
            "bytes=-",
            "lines=0-5",
            "bytes 0-5",
            "bytes=+1-5",
            "bytes=0-1,5-9",
            "bytes=1--2",
            "bytes=0x1-2",
        ] {
            assert_eq!(asked(&[(header::RANGE, text)]), Part::Whole, "{text}");
        }
    }

    #[test]
    fn a_range_of_another_file_is_the_whole() {
        let range = (header::RANGE, "bytes=5-");
        assert_eq!(asked(&[range.clone(), (header::IF_RANGE, TAG)]), Part::Stretch(5..1000));
        assert_eq!(asked(&[range.clone(), (header::IF_RANGE, DATE)]), Part::Stretch(5..1000));
        assert_eq!(asked(&[range.clone(), (header::IF_RANGE, "\"other\"")]), Part::Whole);
        assert_eq!(asked(&[range, (header::IF_RANGE, "W/\"abc\"")]), Part::Whole);
    }

    #[test]
    fn conditions_come_before_ranges() {
        assert_eq!(asked(&[(header::IF_NONE_MATCH, "\"x\", W/\"abc\"")]), Part::NotModified);
        assert_eq!(asked(&[(header::IF_MODIFIED_SINCE, DATE)]), Part::NotModified);
        assert_eq!(asked(&[(header::IF_MATCH, "\"x\"")]), Part::Another);
        assert_eq!(asked(&[(header::IF_MATCH, "*"), (header::RANGE, "bytes=0-0")]), Part::Stretch(0..1));
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, "bytes=0-0".parse().unwrap());
        assert_eq!(part(&headers, false, (TAG, DATE), 1000), Part::Whole, "HEAD knows no ranges");
    }
}
