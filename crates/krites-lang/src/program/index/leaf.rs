//! Leaves: few clauses, and for each segment of an axis the bits of those that it leaves
//! open.

use super::tree::{Builder, Segments, number};

/// So few clauses are asked themselves
const FEW: usize = 3;
/// Up to so many bytes an axis takes in a leaf, and so many a clause beyond: then
/// neighbouring segments are brought together
const MOST_BYTES: usize = 4_096;
const MOST_BYTES_A_CLAUSE: usize = 48;

/// Some clauses, in order
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leaf {
    /// Where its entries begin, one a clause
    pub(crate) entries: u32,
    pub(crate) n_clauses: u32,
    /// Its axes: from the first to before the second
    pub(crate) axes: (u32, u32),
    /// Where the bits begin of clauses whose entries are asked themselves
    pub(crate) asked: u32,
}

/// What the codes of an axis leave open of a leaf
#[derive(Clone, Copy, Debug)]
pub(crate) struct LeafAxis {
    pub(crate) axis: u32,
    pub(crate) segments: Segments,
    /// Where its masks begin, one a segment
    pub(crate) masks: u32,
}

impl Leaf {
    /// How many machine words its bits take
    #[inline]
    pub(crate) fn n_words(&self) -> usize {
        (self.n_clauses as usize).div_ceil(64)
    }

    /// The bits of its last word that are clauses
    #[inline]
    pub(crate) fn bits_of_last(&self) -> u64 {
        match self.n_clauses % 64 {
            0 => u64::MAX,
            some => (1 << some) - 1,
        }
    }
}

impl Builder<'_> {
    pub(super) fn leaf(&mut self, clauses: &[u32]) -> Leaf {
        let n_words = clauses.len().div_ceil(64);
        let mut asked = vec![0; n_words];
        let (mut tested, first) = (Vec::new(), self.leaf_axes.len());
        for (position, clause) in clauses.iter().enumerate() {
            let exact = self.clauses.clauses.get(*clause as usize);
            if !exact.is_some_and(|clause| clause.exact) {
                set(&mut asked, position);
            }
            let axes: Vec<u32> = self.open_tests(*clause).map(|(axis, _)| axis).collect();
            if clauses.len() <= FEW && !axes.is_empty() {
                set(&mut asked, position);
            }
            tested.extend(axes);
        }
        tested.sort_unstable();
        tested.dedup();
        if clauses.len() > FEW {
            for axis in tested {
                let axis = self.leaf_axis(clauses, axis, &mut asked);
                self.leaf_axes.push(axis);
            }
        }
        let leaf = Leaf {
            entries: number(self.entries.len()),
            n_clauses: number(clauses.len()),
            axes: (number(first), number(self.leaf_axes.len())),
            asked: number(self.masks.len()),
        };
        self.masks.extend(asked);
        let entries = clauses.iter().filter_map(|clause| {
            let clause = self.clauses.clauses.get(*clause as usize)?;
            Some(clause.entry)
        });
        self.entries.extend(entries);
        leaf
    }

    /// Makes the masks of an axis. Where segments are brought together, the clauses that
    /// begin or end within are `asked` themselves.
    fn leaf_axis(&mut self, clauses: &[u32], axis: u32, asked: &mut [u64]) -> LeafAxis {
        let n_words = asked.len();
        let mut bounds = self.bounds(clauses, axis);
        let most = MOST_BYTES.max(MOST_BYTES_A_CLAUSE * clauses.len()) / (8 * n_words);
        let together = bounds.len() + 1 > most;
        if together {
            let step = (bounds.len() + 1).div_ceil(most);
            bounds = bounds.into_iter().skip(step - 1).step_by(step).collect();
        }
        let n_segments = bounds.len() + 1;
        let mut masks = vec![0; n_segments * n_words];
        let mut everywhere = vec![0; n_words];
        let mut here = vec![0_u32; n_segments];
        for (position, clause) in clauses.iter().enumerate() {
            let mut tests = 0;
            here.fill(0);
            for (_, codes) in self.open_tests(*clause).filter(|test| test.0 == axis) {
                tests += 1;
                for (from, to) in self.within(axis, codes) {
                    let first = bounds.partition_point(|bound| *bound <= from);
                    let last = bounds.partition_point(|bound| *bound < to);
                    for count in here.get_mut(first..=last).unwrap_or_default() {
                        // All earlier tests hold here, and two ranges of one count once.
                        *count = if *count >= tests - 1 { tests } else { *count };
                    }
                    if together
                        && [from, to]
                            .iter()
                            .any(|end| self.is_between(axis, *end, &bounds))
                    {
                        set(asked, position);
                    }
                }
            }
            if tests == 0 {
                set(&mut everywhere, position);
                continue;
            }
            for (mask, _) in masks
                .chunks_exact_mut(n_words)
                .zip(&here)
                .filter(|(_, count)| **count == tests)
            {
                set(mask, position);
            }
        }
        for mask in masks.chunks_exact_mut(n_words) {
            mask.iter_mut()
                .zip(&everywhere)
                .for_each(|(mask, everywhere)| *mask |= everywhere);
        }
        let first = number(self.masks.len());
        let segments = self.segments(axis, &bounds);
        match segments {
            Segments::Starts(..) => self.masks.extend(masks),
            Segments::Codes => {
                for segment in self.segments_of_codes(axis, &bounds) {
                    let from = segment * n_words;
                    let mask = masks.get(from..from + n_words).unwrap_or_default();
                    self.masks.extend_from_slice(mask);
                }
            }
        }
        LeafAxis {
            axis,
            segments,
            masks: first,
        }
    }

    /// Whether a range ends here, and no segment does.
    fn is_between(&self, axis: u32, end: u32, bounds: &[u32]) -> bool {
        let (from, to) = self.path.get(axis as usize).copied().unwrap_or_default();
        end != from && end != to && bounds.binary_search(&end).is_err()
    }
}

fn set(bits: &mut [u64], position: usize) {
    if let Some(word) = bits.get_mut(position / 64) {
        *word |= 1 << (position % 64);
    }
}
