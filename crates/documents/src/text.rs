//! Text from outside, made fit for paper and for XML.

/// The longest run of letters that is left whole; a longer one could be wider than its column.
const RUN_MAX: usize = 30;
/// Where a longer run may be broken.
const BREAK_EVERY: usize = 5;
const ZERO_WIDTH_SPACE: char = '\u{200b}';
/// Stands for a letter that none of the fonts has.
const SUBSTITUTE: char = '□';

/// The text without what can be neither seen nor written: control characters, marks that turn the direction of
/// what follows, and blanks at the ends. Line ends stay.
pub(crate) fn clean(text: &str) -> String {
    let kept: String = text
        .replace("\r\n", "\n")
        .chars()
        .filter_map(|c| match c {
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => Some('\n'),
            '\t' => Some(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => None,
            c if c.is_control() => None,
            c => Some(c),
        })
        .collect();
    kept.trim().to_owned()
}

/// The cleaned text on one line, or nothing when nothing is left.
pub(crate) fn filled(text: &str) -> Option<String> {
    let line = clean(text).replace('\n', " ");
    (!line.is_empty()).then_some(line)
}

/// The first `chars` characters of the cleaned text, on one line.
pub(crate) fn first(text: &str, chars: usize) -> String {
    clean(text).replace('\n', " ").chars().take(chars).collect()
}

/// The same, with an ellipsis when something was cut.
pub(crate) fn shortened(text: &str, chars: usize) -> String {
    let cut = first(text, chars);
    if cut.chars().count() < clean(text).chars().count() { format!("{}…", cut.trim_end()) } else { cut }
}

/// The cleaned text with only letters the fonts have.
pub(crate) fn printable(text: &str, has: impl Fn(char) -> bool) -> String {
    let picture = |c: char| match c {
        '\n' => Some(c),
        c if has(c) => Some(c),
        c => (!is_ignorable(c)).then_some(SUBSTITUTE),
    };
    clean(text).chars().filter_map(picture).collect()
}

/// The text with places to break in very long words.
pub(crate) fn breakable(text: &str) -> String {
    let long = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        rest.chars().take_while(|c| !is_break(*c)).take(RUN_MAX.saturating_add(1)).count() > RUN_MAX
    };
    let mut out = String::with_capacity(text.len());
    let mut run = 0_usize;
    let mut breaking = false;
    for (at, c) in text.char_indices() {
        if is_break(c) {
            run = 0;
        } else {
            if run == 0 {
                breaking = long(at);
            } else if breaking && run.is_multiple_of(BREAK_EVERY) {
                out.push(ZERO_WIDTH_SPACE);
            }
            run = run.saturating_add(1);
        }
        out.push(c);
    }
    out
}

/// Where a line may be broken anyway.
fn is_break(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '/' | ZERO_WIDTH_SPACE)
}

/// Joiners, variation selectors and tags: they shape their neighbours and are nothing by themselves.
fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}')
        || matches!(c, '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_taken_out() {
        assert_eq!(clean("  a\u{0}b\u{202e}c\u{2068}d\u{2069}\r\ne\t "), "abcd\ne");
        assert_eq!(filled(" \n "), None);
        assert_eq!(shortened("Müller & Söhne", 6), "Müller…");
        assert_eq!(shortened("Müller", 6), "Müller");
    }

    #[test]
    fn long_words_may_break_and_short_ones_may_not() {
        assert_eq!(breakable("Donaudampfschifffahrt 12345"), "Donaudampfschifffahrt 12345");
        let long = "x".repeat(40);
        let expected = ["xxxxx"; 8].join("\u{200b}");
        assert_eq!(breakable(&long), expected);
    }

    #[test]
    fn a_letter_without_a_picture_becomes_a_box() {
        let latin = |c: char| c.is_ascii();
        assert_eq!(printable("a👍🏽b", latin), "a□b");
    }
}
