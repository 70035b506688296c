//! Stretches of bytes of a file: which of them somebody was sent.
//!
//! Never here: what is counted because of them (see `link`).

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use crate::catalog::UnknownWord;

/// The most stretches one record holds. A client that asks for more pieces than that has small gaps taken for sent.
const PIECES_MAX: usize = 256;

/// Stretches of a file: in order, none empty, none touching another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spans(Vec<Range<u64>>);

impl Spans {
    /// Adds a stretch.
    pub fn add(&mut self, fresh: Range<u64>) {
        if fresh.is_empty() {
            return;
        }
        let (mut start, mut end) = (fresh.start, fresh.end);
        self.0.retain(|own| {
            let touches = own.start <= end && start <= own.end;
            if touches {
                start = start.min(own.start);
                end = end.max(own.end);
            }
            !touches
        });
        let place = self.0.partition_point(|own| own.start < start);
        self.0.insert(place, start..end);
        if self.0.len() > PIECES_MAX {
            self.close_smallest_gap();
        }
    }

    fn close_smallest_gap(&mut self) {
        let gaps =
            self.0.iter().zip(self.0.iter().skip(1)).map(|(left, right)| (right.start - left.end, left.end));
        if let Some((gap, from)) = gaps.min() {
            self.add(from..from.saturating_add(gap));
        }
    }

    /// How many bytes there are in all.
    pub fn total(&self) -> u64 {
        self.0.iter().map(|own| own.end - own.start).fold(0, u64::saturating_add)
    }

    /// The place behind the last stretch; 0 when there is none.
    pub fn end(&self) -> u64 {
        self.0.last().map_or(0, |own| own.end)
    }

    /// These stretches together with others.
    #[must_use]
    pub fn with<'a>(&self, others: impl IntoIterator<Item = &'a Range<u64>>) -> Self {
        let mut all = self.clone();
        for other in others {
            all.add(other.clone());
        }
        all
    }
}

impl fmt::Display for Spans {
    /// `0-100,200-300`: each from its first byte to the one behind its last.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_ranges(&self.0, f)
    }
}

/// Stretches that are being sent at this moment; they may touch and repeat each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UnderWay(pub Vec<Range<u64>>);

impl fmt::Display for UnderWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_ranges(&self.0, f)
    }
}

fn write_ranges(list: &[Range<u64>], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (index, own) in list.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        write!(f, "{comma}{}-{}", own.start, own.end)?;
    }
    Ok(())
}

fn read_ranges(text: &str) -> Result<Vec<Range<u64>>, UnknownWord> {
    const WRONG: UnknownWord = UnknownWord { expected: "stretches like 0-100,200-300" };
    text.split(',')
        .filter(|piece| !piece.is_empty())
        .map(|piece| {
            let (start, end) = piece.split_once('-').ok_or(WRONG)?;
            let range = start.parse().map_err(|_| WRONG)?..end.parse().map_err(|_| WRONG)?;
            if range.is_empty() { Err(WRONG) } else { Ok(range) }
        })
        .collect()
}

impl FromStr for Spans {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let mut all = Self::default();
        read_ranges(text)?.into_iter().for_each(|own| all.add(own));
        Ok(all)
    }
}

impl FromStr for UnderWay {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        read_ranges(text).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn stretches_that_touch_become_one() {
        let mut spans = Spans::default();
        spans.add(10..20);
        spans.add(30..40);
        spans.add(20..30);
        spans.add(5..5);
        assert_eq!((spans.to_string().as_str(), spans.total()), ("10-40", 30));
        assert_eq!("30-40,10-20".parse::<Spans>().unwrap().to_string(), "10-20,30-40");
        assert!("3-1".parse::<Spans>().is_err() && "x".parse::<UnderWay>().is_err());
        assert_eq!("0-9,3-4".parse::<UnderWay>().unwrap().to_string(), "0-9,3-4");
    }

    #[test]
    fn many_pieces_stay_few_and_only_grow() {
        let mut spans = Spans::default();
        for number in 0..10_000_u64 {
            let before = spans.total();
            spans.add(number * 1000..number * 1000 + 10);
            assert!(spans.total() >= before);
        }
        assert!(spans.0.len() <= PIECES_MAX && spans.total() >= 100_000);
    }

    proptest! {
        #[test]
        fn every_byte_counts_once(pieces in prop::collection::vec((0_u64..300, 0_u64..60), 0..40)) {
            let mut spans = Spans::default();
            let mut bytes = vec![false; 400];
            for (start, length) in pieces {
                spans.add(start..start + length);
                for byte in start..start + length {
                    bytes[usize::try_from(byte).unwrap()] = true;
                }
            }
            let total = bytes.iter().filter(|own| **own).count();
            prop_assert_eq!(spans.total(), u64::try_from(total).unwrap());
            prop_assert_eq!(spans.to_string().parse::<Spans>().unwrap(), spans);
        }
    }
}
