//! Whether what a table gives rises or falls with a value as it says.
//!
//! All else a table tests is held still, and the axis of the value is walked along: which
//! row is taken where, and what it gives. So of two rows it is known that there are cases
//! alike in all but the value that take them.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::super::axis::{Atom, Axis};
use super::space::Space;
use super::stretch::stretches;
use super::sweep::Region;
use crate::analyse::cell::constant;
use crate::ir::{Literal, Row, Trend};

/// So many times rows are looked at, at most
const BUDGET: u64 = 20_000_000;
/// Most pairs of rows that are kept
const MAX_FOUND: usize = 100;

/// What is known of a trend over all cases
#[derive(Debug, Default)]
pub(super) struct Followed {
    /// Pairs of rows that go the wrong way, the one with less of the value first, each
    /// with two cases, alike but for it
    pub(super) broken: BTreeMap<(usize, usize), (Region, u32, u32)>,
    /// Rows that may be taken and are not known to follow it
    pub(super) unknown: BTreeSet<usize>,
    /// Whether all was looked at
    pub(super) whole: bool,
}

/// Follows an output along a value; `None` where no row tests it.
pub(super) fn follow(space: &Space<'_>, output: usize, trend: &Trend) -> Option<Followed> {
    let axis = space
        .subjects
        .iter()
        .position(|subject| *subject == trend.with)?;
    let order = (0..space.axes.len()).filter(|other| *other != axis);
    let mut walk = Walk {
        space,
        output,
        rises: trend.rises,
        axis,
        order: order.collect(),
        region: space.axes.iter().map(Axis::all).collect(),
        left: BUDGET,
        followed: Followed {
            whole: true,
            ..Followed::default()
        },
    };
    let mut open: Vec<u32> = (0..).take(space.boxes.rows.len()).collect();
    open.sort_by_key(|row| space.boxes.rows.get(*row as usize).map(|row| row.rank));
    walk.hold(0, open);
    Some(walk.followed)
}

struct Walk<'s, 'p> {
    space: &'s Space<'p>,
    output: usize,
    rises: bool,
    /// The axis that is walked along
    axis: usize,
    /// All others
    order: Vec<usize>,
    /// Where these are held
    region: Region,
    left: u64,
    followed: Followed,
}

/// What is given from somewhere on the axis on
struct Given {
    row: usize,
    at: u32,
    value: Literal,
}

impl<'p> Walk<'_, 'p> {
    /// Holds one axis of the order still after the other, with the rows that are open.
    fn hold(&mut self, depth: usize, mut open: Vec<u32>) {
        let boxes = &self.space.boxes;
        let is_full = |row: &u32, axes: &[usize]| {
            let row = boxes.rows.get(*row as usize);
            row.is_some_and(|row| axes.iter().all(|axis| row.at.get(*axis) == Some(&None)))
        };
        let rest = self.order.get(depth..).unwrap_or_default();
        // Nothing behind a row that is for all that is left is taken.
        let covers = |row: &u32| {
            let sure = boxes.rows.get(*row as usize).is_some_and(|row| !row.unsure);
            sure && is_full(row, rest) && is_full(row, &[self.axis])
        };
        if let Some(last) = open.iter().position(covers) {
            open.truncate(last + 1);
        }
        let next = rest
            .iter()
            .find(|axis| !open.iter().all(|row| is_full(row, &[**axis])));
        let Some(axis) = next.copied() else {
            return self.along(&open);
        };
        let depth = self
            .order
            .iter()
            .position(|other| *other == axis)
            .unwrap_or(depth);
        let Some(found) = stretches(boxes, axis, &open, &mut self.left) else {
            self.followed.whole = false;
            return;
        };
        for (rows, stretch) in found {
            let before = self
                .region
                .get_mut(axis)
                .map(|at| std::mem::replace(at, stretch));
            self.hold(depth + 1, rows);
            if let (Some(at), Some(before)) = (self.region.get_mut(axis), before) {
                *at = before;
            }
            if !self.followed.whole {
                return;
            }
        }
    }

    /// Goes along the axis where all others are held.
    fn along(&mut self, open: &[u32]) {
        let Some(found) = stretches(&self.space.boxes, self.axis, open, &mut self.left) else {
            self.followed.whole = false;
            return;
        };
        let parts = found.iter().flat_map(|(rows, stretch)| {
            let parts = stretch.parts().iter();
            parts.map(move |(from, _)| (*from, rows))
        });
        let mut parts: Vec<(u32, &Vec<u32>)> = parts.collect();
        parts.sort_unstable();
        let wrong = match self.rises {
            true => Ordering::Less,
            false => Ordering::Greater,
        };
        let axis = self.space.axes.get(self.axis);
        let mut last: Option<Given> = None;
        for (at, rows) in parts {
            if axis.and_then(|axis| axis.atom(at)) == Some(&Atom::Missing) {
                continue;
            }
            let Some((position, row)) = self.taken(rows) else {
                continue;
            };
            let Some(value) = self.given(position, row) else {
                continue;
            };
            if let Some(last) = &last
                && value.order(&last.value) == Some(wrong)
                && self.followed.broken.len() < MAX_FOUND
            {
                let cases = || (self.region.clone(), last.at, at);
                let broken = &mut self.followed.broken;
                broken.entry((last.row, position)).or_insert_with(cases);
            }
            last = Some(Given {
                row: position,
                at,
                value,
            });
        }
    }

    /// The row that is taken, where it is sure which, by its position in the table.
    fn taken(&mut self, open: &[u32]) -> Option<(usize, Row<'p>)> {
        let space = self.space;
        let rows = &space.table.rows;
        let boxed = |row: &u32| space.boxes.rows.get(*row as usize);
        let positions = |row: &u32| space.positions.get(*row as usize).copied();
        let unsure = open
            .iter()
            .take_while(|row| boxed(row).is_some_and(|row| row.unsure));
        let unsure: Vec<usize> = unsure.filter_map(positions).collect();
        if !unsure.is_empty() {
            self.followed.unknown.extend(unsure);
            return None;
        }
        let position = match (open.first(), &space.rest) {
            (Some(first), _) => positions(first)?,
            (None, Some(rest)) if rest.days.is_none() => rest.row.at,
            (None, _) => return None,
        };
        Some((position, rows.get(position)?))
    }

    /// What a row gives, where that is a constant.
    fn given(&mut self, position: usize, row: Row<'_>) -> Option<Literal> {
        let cell = self.space.table.cell(row, self.output)?;
        let value = constant(&cell).cloned();
        if value.is_none() {
            self.followed.unknown.insert(position);
        }
        value
    }
}
