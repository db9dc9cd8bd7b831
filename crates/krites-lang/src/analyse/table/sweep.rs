//! Rows as boxes over axes: which cases no row takes, which several do, which rows are
//! never taken. Exact, by one sweep over all axes.
//!
//! A sweep walks along an axis; between two places at which a row begins or ends, the
//! same rows are open. Stretches of the axis with the same open rows are looked at
//! together, along the next axis. Where the first row counts, what stands behind a row
//! that holds for all that is left is no longer looked at.

use std::collections::{BTreeMap, BTreeSet};

use super::super::axis::Ranges;
use super::stretch::stretches;

/// Rows as boxes
pub(super) struct Boxes {
    /// By axis: how many positions it has
    pub(super) lengths: Vec<u32>,
    /// By axis: the distinct ranges of its rows
    pub(super) ranges: Vec<Vec<Ranges>>,
    pub(super) rows: Vec<BoxedRow>,
}

/// A row as a box
pub(super) struct BoxedRow {
    /// By axis: position among its distinct ranges, `None` for all of it
    pub(super) at: Vec<Option<u32>>,
    /// Whether it may fail to match within its box
    pub(super) unsure: bool,
    /// What goes before others where several match: the smallest
    pub(super) rank: u32,
}

/// What the sweep looks for
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counts {
    /// One row counts: the one of the smallest rank, of several the first
    Best,
    /// Each row that matches counts; pairs of rows that meet are looked for
    Alone,
    /// Each row that matches counts
    Each,
}

/// A product of ranges, one an axis
pub(super) type Region = Vec<Ranges>;

/// What a sweep found
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Where no row matches
    pub(super) gaps: Vec<Region>,
    /// Pairs of rows that both match, each with the first place where they do
    pub(super) meeting: BTreeMap<(u32, u32), Region>,
    /// By row: whether it counts somewhere, if it matches
    pub(super) taken: Vec<bool>,
    /// By row: rows that count in its place, a few
    pub(super) hidden_by: Vec<BTreeSet<u32>>,
    /// Whether all was looked at
    pub(super) whole: bool,
}

impl Found {
    /// Rows that never count, each with some that do in its place.
    pub(super) fn untaken(&self) -> impl Iterator<Item = (u32, &BTreeSet<u32>)> {
        let rows = (0_u32..).zip(self.taken.iter().zip(&self.hidden_by));
        rows.filter(|(_, (taken, _))| !**taken)
            .map(|(row, (_, by))| (row, by))
    }
}

/// Most rows that are named as those that hide another
const MAX_HIDERS: usize = 4;
/// Most gaps, and pairs, that are kept
const MAX_FOUND: usize = 10_000;

/// Sweeps over all axes, looking at rows at most so many times.
pub(super) fn sweep(boxes: &Boxes, counts: Counts, budget: u64) -> Found {
    let order = order_of_axes(boxes);
    let full_from = boxes.rows.iter().map(|row| {
        let narrow = |axis: &usize| row.at.get(*axis).copied().flatten().is_some();
        order.iter().rposition(narrow).map_or(0, |last| last + 1)
    });
    let mut sweep = Sweep {
        full_from: full_from.collect(),
        boxes,
        counts,
        order: &order,
        region: boxes
            .lengths
            .iter()
            .map(|n| Ranges::new(vec![(0, *n)]))
            .collect(),
        left: budget,
        found: Found {
            taken: vec![false; boxes.rows.len()],
            hidden_by: vec![BTreeSet::new(); boxes.rows.len()],
            whole: true,
            ..Found::default()
        },
    };
    let mut open: Vec<u32> = (0..).take(boxes.rows.len()).collect();
    if counts == Counts::Best {
        open.sort_by_key(|row| boxes.rows.get(*row as usize).map(|row| row.rank));
    }
    sweep.along(0, open);
    let mut found = sweep.found;
    join(&mut found.gaps, boxes.lengths.len());
    found
}

/// The axes, those first along which rows hold for the smallest part.
fn order_of_axes(boxes: &Boxes) -> Vec<usize> {
    let share = |axis: usize| {
        let length = boxes.lengths.get(axis).copied().unwrap_or_default();
        let covered: u64 = boxes
            .rows
            .iter()
            .map(|row| {
                let at = row.at.get(axis).copied().flatten();
                let ranges = at.and_then(|at| boxes.ranges.get(axis)?.get(at as usize));
                ranges.map_or(u64::from(length), Ranges::len)
            })
            .sum();
        // In billionths of all that a row could hold for
        u128::from(covered) * 1_000_000_000 / u128::from(length.max(1))
    };
    let mut order: Vec<usize> = (0..boxes.lengths.len()).collect();
    order.sort_by_cached_key(|axis| (share(*axis), *axis));
    order
}

struct Sweep<'b> {
    boxes: &'b Boxes,
    counts: Counts,
    order: &'b [usize],
    /// By row: from which axis of the order on it holds for all
    full_from: Vec<usize>,
    /// Where the sweep is
    region: Region,
    left: u64,
    found: Found,
}

impl Sweep<'_> {
    /// Goes along one axis of the order and all behind it, with the rows that are open.
    fn along(&mut self, depth: usize, mut open: Vec<u32>) {
        self.left = self.left.saturating_sub(open.len() as u64 + 1);
        if self.left == 0 {
            self.found.whole = false;
            return;
        }
        if self.counts == Counts::Best {
            let rest = open.iter().position(|row| self.covers(*row, depth));
            if let Some(rest) = rest {
                for row in open.split_off(rest + 1) {
                    self.hidden(row, &open);
                }
            }
        }
        let done = open.iter().all(|row| self.is_full(*row, depth));
        let axis = match self.order.get(depth) {
            Some(axis) if !done => *axis,
            _ => return self.arrived(&open),
        };
        let Some(stretches) = stretches(self.boxes, axis, &open, &mut self.left) else {
            self.found.whole = false;
            return;
        };
        for (rows, stretch) in stretches {
            let before = self
                .region
                .get_mut(axis)
                .map(|at| std::mem::replace(at, stretch));
            self.along(depth + 1, rows);
            if let (Some(at), Some(before)) = (self.region.get_mut(axis), before) {
                *at = before;
            }
            if !self.found.whole {
                return;
            }
        }
    }

    fn is_full(&self, row: u32, depth: usize) -> bool {
        self.full_from
            .get(row as usize)
            .is_some_and(|from| *from <= depth)
    }

    fn is_unsure(&self, row: u32) -> bool {
        self.boxes
            .rows
            .get(row as usize)
            .is_none_or(|row| row.unsure)
    }

    /// Tells whether a row matches all that is left.
    fn covers(&self, row: u32, depth: usize) -> bool {
        self.is_full(row, depth) && !self.is_unsure(row)
    }

    /// Notes what holds in a region in which these rows are open.
    fn arrived(&mut self, open: &[u32]) {
        if open.is_empty() {
            if self.found.gaps.len() < MAX_FOUND {
                self.found.gaps.push(self.region.clone());
            }
            return;
        }
        match self.counts {
            Counts::Best => {
                for (place, row) in open.iter().enumerate() {
                    self.take(*row);
                    if !self.is_unsure(*row) {
                        let (takes, behind) = open.split_at(place + 1);
                        behind.iter().for_each(|row| self.hidden(*row, takes));
                        break;
                    }
                }
            }
            Counts::Each | Counts::Alone => {
                open.iter().for_each(|row| self.take(*row));
                if self.counts == Counts::Alone {
                    self.meet(open);
                }
            }
        }
    }

    fn take(&mut self, row: u32) {
        if let Some(taken) = self.found.taken.get_mut(row as usize) {
            *taken = true;
        }
    }

    fn hidden(&mut self, row: u32, by: &[u32]) {
        let unsure: Vec<u32> = by
            .iter()
            .copied()
            .filter(|row| !self.is_unsure(*row))
            .collect();
        if let Some(hiders) = self.found.hidden_by.get_mut(row as usize) {
            let room = MAX_HIDERS.saturating_sub(hiders.len());
            hiders.extend(unsure.iter().rev().take(room));
        }
    }

    /// Notes that rows meet, each with the first of them.
    fn meet(&mut self, open: &[u32]) {
        let mut sure = open.iter().copied().filter(|row| !self.is_unsure(*row));
        let Some(first) = sure.next() else {
            return;
        };
        let others: Vec<u32> = sure.collect();
        for other in others {
            if self.found.meeting.len() < MAX_FOUND {
                let region = &self.region;
                let meeting = &mut self.found.meeting;
                meeting
                    .entry((first, other))
                    .or_insert_with(|| region.clone());
            }
        }
    }
}

/// Joins regions that differ along one axis alone.
fn join(regions: &mut Vec<Region>, axes: usize) {
    for axis in (0..axes).rev() {
        let mut joined: BTreeMap<Region, Ranges> = BTreeMap::new();
        for mut region in regions.drain(..) {
            let Some(along) = region.get_mut(axis).map(std::mem::take) else {
                continue;
            };
            let all = joined.entry(region).or_default();
            *all = all.or(&along);
        }
        regions.extend(joined.into_iter().map(|(mut region, along)| {
            if let Some(at) = region.get_mut(axis) {
                *at = along;
            }
            region
        }));
    }
}
