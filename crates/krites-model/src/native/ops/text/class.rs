//! Sets of characters, with those of ASCII in a table of bits.

/// The last character there is
const LAST: u32 = char::MAX as u32;

/// A set of characters
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Class {
    /// A bit for each character of ASCII
    ascii: u128,
    /// All characters of the set as ranges with both ends in, in order, none
    /// beside the next
    ranges: Vec<(u32, u32)>,
}

impl Class {
    /// Makes a set of ranges in any order.
    pub(crate) fn new(mut ranges: Vec<(u32, u32)>) -> Self {
        ranges.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (from, to) in ranges {
            match merged.last_mut() {
                Some((_, end)) if from <= end.saturating_add(1) => *end = to.max(*end),
                _ => merged.push((from, to)),
            }
        }
        let within = |c: u32| merged.iter().any(|&(from, to)| (from..=to).contains(&c));
        let bits = (0..128_u32).filter(|&c| within(c));
        Self {
            ascii: bits.fold(0, |ascii, c| ascii | 1 << c),
            ranges: merged,
        }
    }

    /// Returns the ranges of the set.
    pub(crate) fn ranges(&self) -> &[(u32, u32)] {
        &self.ranges
    }

    /// Returns all characters that are not in the set.
    pub(crate) fn complement(&self) -> Self {
        let mut rest = Vec::with_capacity(self.ranges.len() + 1);
        let mut next = 0;
        for &(from, to) in &self.ranges {
            if from > next {
                rest.push((next, from - 1));
            }
            next = to + 1;
        }
        if next <= LAST {
            rest.push((next, LAST));
        }
        Self::new(rest)
    }

    /// Tells whether a character is in the set.
    pub(crate) fn contains(&self, c: char) -> bool {
        let c = u32::from(c);
        if c < 128 {
            return self.ascii >> c & 1 == 1;
        }
        let after = self.ranges.partition_point(|&(from, _)| from <= c);
        let at = after.checked_sub(1).and_then(|at| self.ranges.get(at));
        at.is_some_and(|&(_, to)| c <= to)
    }
}
