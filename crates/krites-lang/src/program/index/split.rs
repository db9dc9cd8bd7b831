//! Where to split: the axis, and the bounds on it, that leave the fewest clauses in each
//! part and copy few of them.

use super::tree::Builder;

/// Parts of an axis are brought together until they hold about so many clauses each,
/// where each on its own would copy too many
const TOGETHER: usize = 48;
/// How often a clause may be copied by one split, on average
const MOST_COPIES: usize = 3;

/// Bounds on an axis
#[derive(Debug)]
pub(super) struct Cutting {
    pub(super) axis: u32,
    /// Strictly within the codes that lead to the node
    pub(super) bounds: Vec<u32>,
    /// Whether clauses begin and end at bounds alone
    pub(super) whole: bool,
}

/// Finds the best split of these clauses, if any is worth it.
pub(super) fn best(builder: &Builder<'_>, clauses: &[u32]) -> Option<Cutting> {
    let mut tested = vec![0_usize; builder.path.len()];
    for clause in clauses {
        for (axis, _) in builder.open_tests(*clause) {
            if let Some(count) = tested.get_mut(axis as usize) {
                *count += 1;
            }
        }
    }
    let axes = (0_u32..).zip(tested);
    // What is not tested is copied into each part.
    let axes = axes.filter(|(_, tested)| tested * 2 >= clauses.len());
    let cuttings = axes.filter_map(|(axis, _)| of_axis(builder, clauses, axis));
    let best = cuttings.min_by_key(|(size, _)| *size);
    best.map(|(_, cutting)| cutting)
}

/// The best split on an axis, with how many clauses the part of a clause holds.
fn of_axis(builder: &Builder<'_>, clauses: &[u32], axis: u32) -> Option<(usize, Cutting)> {
    let bounds = builder.bounds(clauses, axis);
    let mut cutting = Cutting {
        axis,
        whole: true,
        bounds,
    };
    let every = cutting.bounds.clone();
    let mut parts = every.len().min(clauses.len() / TOGETHER + 1) * 4;
    loop {
        let (copies, size) = cutting.measure(builder, clauses);
        if copies <= MOST_COPIES * clauses.len() + 64 {
            return (size * 4 <= clauses.len() * 3).then_some((size, cutting));
        }
        parts /= 4;
        if parts == 0 {
            return None;
        }
        let step = every.len().div_ceil(parts).max(2);
        cutting.whole = false;
        cutting.bounds = every.iter().copied().skip(step / 2).step_by(step).collect();
    }
}

impl Cutting {
    /// The segments that a range of codes reaches into.
    fn reach(&self, (from, to): (u32, u32)) -> (usize, usize) {
        let first = self.bounds.partition_point(|bound| *bound <= from);
        let last = self.bounds.partition_point(|bound| *bound < to);
        (first, last)
    }

    /// How many clauses the parts hold together, and how many that of a clause holds on
    /// average.
    fn measure(&self, builder: &Builder<'_>, clauses: &[u32]) -> (usize, usize) {
        let mut begin = vec![0_usize; self.bounds.len() + 2];
        let mut end = begin.clone();
        let mut add = |first: usize, last: usize| {
            if let (Some(begin), Some(end)) = (begin.get_mut(first), end.get_mut(last + 1)) {
                *begin += 1;
                *end += 1;
            }
        };
        for clause in clauses {
            match builder.open_codes(*clause, self.axis) {
                Some(ranges) => ranges.for_each(|range| {
                    let (first, last) = self.reach(range);
                    add(first, last);
                }),
                None => add(0, self.bounds.len()),
            }
        }
        let (mut now, mut copies, mut squares) = (0, 0, 0_usize);
        for (begin, end) in begin.iter().zip(&end).take(self.bounds.len() + 1) {
            now = now + begin - end;
            copies += now;
            squares = squares.saturating_add(now.saturating_mul(now));
        }
        (copies, squares / copies.max(1))
    }

    /// The clauses of each part, in order.
    pub(super) fn lists(&self, builder: &Builder<'_>, clauses: &[u32]) -> Vec<Vec<u32>> {
        let mut lists: Vec<Vec<u32>> = vec![Vec::new(); self.bounds.len() + 1];
        for clause in clauses {
            let mut add = |first: usize, last: usize| {
                for list in lists.get_mut(first..=last).unwrap_or_default() {
                    // Two of its ranges may lie in one part.
                    if list.last() != Some(clause) {
                        list.push(*clause);
                    }
                }
            };
            match builder.open_codes(*clause, self.axis) {
                Some(ranges) => ranges.for_each(|range| {
                    let (first, last) = self.reach(range);
                    add(first, last);
                }),
                None => add(0, self.bounds.len()),
            }
        }
        lists
    }
}

impl Builder<'_> {
    /// The tests of a clause that the codes on the way have not answered, each with its
    /// axis and codes.
    pub(super) fn open_tests(&self, clause: u32) -> impl Iterator<Item = (u32, &[(u32, u32)])> {
        let clause = self.clauses.clauses.get(clause as usize);
        let tests = clause.map_or(&[][..], |clause| &clause.tests);
        tests.iter().filter_map(|test| {
            let (axis, codes) = self.clauses.sets.get(*test as usize)?;
            let (from, to) = *self.path.get(*axis as usize)?;
            let answered = codes.iter().any(|range| range.0 <= from && to <= range.1);
            (!answered).then_some((*axis, codes.as_slice()))
        })
    }

    /// The codes, within those on the way, that the first open test of a clause on an axis
    /// holds; `None` where there is no such test.
    fn open_codes(&self, clause: u32, axis: u32) -> Option<impl Iterator<Item = (u32, u32)>> {
        let (_, codes) = self.open_tests(clause).find(|(known, _)| *known == axis)?;
        Some(self.within(axis, codes))
    }

    /// Ranges as far as they lie within the codes on the way.
    pub(super) fn within<'b>(
        &self,
        axis: u32,
        codes: &'b [(u32, u32)],
    ) -> impl Iterator<Item = (u32, u32)> + use<'b> {
        let (from, to) = self.path.get(axis as usize).copied().unwrap_or_default();
        let within = codes
            .iter()
            .map(move |range| (range.0.max(from), range.1.min(to)));
        within.filter(|range| range.0 < range.1)
    }

    /// Where open tests on an axis begin and end, strictly within the codes on the way.
    pub(super) fn bounds(&self, clauses: &[u32], axis: u32) -> Vec<u32> {
        let (from, to) = self.path.get(axis as usize).copied().unwrap_or_default();
        let mut bounds = Vec::new();
        for clause in clauses {
            for (_, codes) in self.open_tests(*clause).filter(|test| test.0 == axis) {
                let ends = codes.iter().flat_map(|range| [range.0, range.1]);
                bounds.extend(ends.filter(|end| from < *end && *end < to));
            }
        }
        bounds.sort_unstable();
        bounds.dedup();
        bounds
    }
}
