//! One step of a sweep: an axis cut where rows begin and end along it.

use std::collections::{BTreeSet, HashMap};

use super::super::axis::Ranges;
use super::sweep::Boxes;

/// Parts of one axis, from a position to before another
type Stretches = Vec<(u32, u32)>;

/// The stretches of an axis with the rows that are open there, those with the same
/// rows as one; `None` where rows were looked at so many times as are `left`.
pub(super) fn stretches(
    boxes: &Boxes,
    axis: usize,
    open: &[u32],
    left: &mut u64,
) -> Option<Vec<(Vec<u32>, Ranges)>> {
    let length = boxes.lengths.get(axis).copied().unwrap_or_default();
    // By position on the axis: places among the open rows that begin or end there
    let mut begin: Vec<(u32, usize)> = Vec::new();
    let mut end: Vec<(u32, usize)> = Vec::new();
    for (place, row) in open.iter().enumerate() {
        let row = boxes.rows.get(*row as usize);
        let at = row.and_then(|row| row.at.get(axis).copied().flatten());
        let ranges = at.and_then(|at| boxes.ranges.get(axis)?.get(at as usize));
        match ranges {
            None => begin.push((0, place)),
            Some(ranges) => {
                for (from, to) in ranges.parts() {
                    begin.push((*from, place));
                    end.push((*to, place));
                }
            }
        }
    }
    begin.sort_unstable();
    end.sort_unstable();
    let (mut begin, mut end) = (begin.into_iter().peekable(), end.into_iter().peekable());
    let mut inside: BTreeSet<usize> = BTreeSet::new();
    let mut known: HashMap<Vec<u32>, usize> = HashMap::new();
    let mut found: Vec<(Vec<u32>, Stretches)> = Vec::new();
    let mut from = 0;
    while from < length {
        while let Some((_, place)) = end.next_if(|(at, _)| *at <= from) {
            inside.remove(&place);
        }
        while let Some((_, place)) = begin.next_if(|(at, _)| *at <= from) {
            inside.insert(place);
        }
        let next = [begin.peek(), end.peek()];
        let next = next.into_iter().flatten().map(|(at, _)| *at).min();
        let to = next.unwrap_or(length).min(length);
        *left = left.saturating_sub(inside.len() as u64 + 1);
        if *left == 0 {
            return None;
        }
        let rows: Vec<u32> = inside
            .iter()
            .filter_map(|at| open.get(*at).copied())
            .collect();
        match known.get(&rows).and_then(|at| found.get_mut(*at)) {
            Some((_, stretches)) => stretches.push((from, to)),
            None => {
                known.insert(rows.clone(), found.len());
                found.push((rows, vec![(from, to)]));
            }
        }
        from = to;
    }
    let found = found.into_iter();
    let found = found.map(|(rows, stretches)| (rows, Ranges::new(stretches)));
    Some(found.collect())
}
