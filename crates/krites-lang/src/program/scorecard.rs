//! Scorecards: points that are added up over bins, which are found by counting bounds.
//!
//! Each feature is a table of one column, and the points are a definition that adds what
//! these give. Where all that a feature's rows test are constants, they cut the number line
//! into stretches, on each of which one row is the first that holds: its number is that of
//! the bounds at or below the value. A feature of which that is not so is asked as the table
//! that it is. Whatever a stretch does not say (no row, a number too large, a fault, something
//! pending) is left to the tables and the sum, so that values and faults are the same, and
//! what is asked for.

mod bins;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::{CellCode, Code, Number, Slot, TableCode, Whole};
use crate::Exact;
use crate::ids::{List, TableId};
use crate::ir::{ExprKind, HitPolicy, OutputSource, Policy, Scorecard, Value};
use bins::Column;

/// So many bounds a feature has within itself
pub(crate) const BOUNDS: usize = 4;
/// Among more bounds than these a value is searched for
pub(crate) const COUNTED: usize = 8;
/// In place of a row, where the tables are to be asked
pub(crate) const NO_ROW: u32 = u32::MAX;

/// A scorecard whose points are added up
#[derive(Clone, Debug)]
pub(crate) struct ScorecardCode {
    /// Points that every case has
    pub(crate) base: i64,
    /// The places that all points are whole numbers of units of; `None` where the sum is
    /// an integer
    pub(crate) places: Option<u32>,
    pub(crate) features: Box<[FeatureCode]>,
    /// By feature in order, of those that have more than [`BOUNDS`]
    pub(crate) bounds: Box<[i64]>,
    /// Of the same: what lies below the first bound, and behind each
    pub(crate) bins: Box<[Bin]>,
    /// The sum of what the tables give
    pub(crate) plain: Code,
}

/// A feature of a scorecard
#[derive(Clone, Debug)]
pub(crate) enum FeatureCode {
    Counted(CountedFeature),
    /// The points are in this slot, which the table fills
    Asked(Slot),
}

/// A feature whose bin is found by counting bounds
#[derive(Clone, Debug)]
pub(crate) struct CountedFeature {
    pub(crate) table: TableId,
    pub(crate) subject: Slot,
    pub(crate) reads: Reads,
    pub(crate) bounds: Bounds,
    /// Of a missing value
    pub(crate) missing: Bin,
}

/// The bounds of a feature, and its bins
#[derive(Clone, Debug)]
pub(crate) enum Bounds {
    /// Filled up with the largest number, at or below which nothing else lies, and with
    /// bins that have no row
    Few([i64; BOUNDS], [Bin; BOUNDS + 1]),
    /// Where the bounds stand in [`ScorecardCode::bounds`], and where the bins begin in
    /// [`ScorecardCode::bins`]
    Many(Range<u32>, u32),
}

/// How a value is compared with bounds
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reads {
    Whole,
    /// By [`Exact::key`], with so many places
    Exact(u32),
}

/// The row that is the first to hold, and what it gives
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bin {
    pub(crate) row: u32,
    pub(crate) points: i64,
}

impl Bin {
    const NONE: Bin = Bin {
        row: NO_ROW,
        points: 0,
    };
}

impl ScorecardCode {
    /// Makes code for a scorecard; `None` where no feature of it can be counted. `plain` is
    /// the code of its sum.
    pub(super) fn of(
        policy: &Policy,
        scorecard: &Scorecard,
        tables: &List<TableId, TableCode>,
        plain: &Code,
    ) -> Option<Self> {
        let places = match plain {
            Code::Whole(Whole::Sum(..)) => None,
            Code::Exact(Number::Sum(..)) => {
                let features = scorecard.features.iter();
                let points = features.flat_map(|feature| points_of(&tables[feature.table]));
                let all = points.chain([scorecard.base]);
                Some(all.map(Exact::places).max().unwrap_or(0))
            }
            _ => return None,
        };
        let units = |points: Exact| points.units(places.unwrap_or(0));
        let mut code = Self {
            base: units(scorecard.base)?,
            places,
            features: Box::default(),
            bounds: Box::default(),
            bins: Box::default(),
            plain: plain.clone(),
        };
        let (mut bounds, mut bins) = (Vec::new(), Vec::new());
        let features = scorecard.features.iter().map(|feature| {
            let table = &tables[feature.table];
            // Whether its slot was filled is looked at.
            let is_seen = is_given_if_asked(policy, feature.table);
            match counted(feature.table, table, &units, &mut bounds, &mut bins) {
                Some(counted) if !is_seen => Some(FeatureCode::Counted(counted)),
                _ => Some(FeatureCode::Asked(table.outputs.first()?.slot)),
            }
        });
        code.features = features.collect::<Option<_>>()?;
        let mut features = code.features.iter();
        let any = features.any(|feature| matches!(feature, FeatureCode::Counted(_)));
        code.bounds = bounds.into();
        code.bins = bins.into();
        any.then_some(code)
    }
}

/// Code for a feature, with its bounds and bins behind those of others.
fn counted(
    id: TableId,
    table: &TableCode,
    units: &impl Fn(Exact) -> Option<i64>,
    bounds: &mut Vec<i64>,
    bins: &mut Vec<Bin>,
) -> Option<CountedFeature> {
    let plain = table.policy == HitPolicy::First
        && table.days.is_none()
        && table.row_days.is_empty()
        && table.rank.is_none();
    let ([subject], true) = (&*table.subjects, plain) else {
        return None;
    };
    let column = Column::of(table, *subject)?;
    let bin = |row: Option<u32>| match row {
        Some(row) => Some(Bin {
            row,
            points: units(constant(table, row)?)?,
        }),
        None => Some(Bin::NONE),
    };
    let (own_bounds, rows) = column.stretches()?;
    let own_bins = rows.into_iter().map(bin).collect::<Option<Vec<_>>>()?;
    let missing = bin(column.row_of_missing())?;
    let at = |position: usize| u32::try_from(position).ok();
    let own = if own_bounds.len() <= BOUNDS {
        let bound = |at: usize| own_bounds.get(at).copied().unwrap_or(i64::MAX);
        let bin = |at: usize| own_bins.get(at).copied().unwrap_or(Bin::NONE);
        Bounds::Few(std::array::from_fn(bound), std::array::from_fn(bin))
    } else {
        let (from, first) = (at(bounds.len())?, at(bins.len())?);
        bounds.extend(own_bounds);
        bins.extend(own_bins);
        Bounds::Many(from..at(bounds.len())?, first)
    };
    Some(CountedFeature {
        table: id,
        subject: *subject,
        reads: column.reads(),
        bounds: own,
        missing,
    })
}

/// What a row gives, where that is a constant.
fn constant(table: &TableCode, row: u32) -> Option<Exact> {
    match table.cell(row, 0)? {
        CellCode::Whole(points) => Some(Exact::from_integer(points)),
        CellCode::Exact(points) => Some(points),
        CellCode::Code(_) => None,
    }
}

/// The constants that rows give.
fn points_of(table: &TableCode) -> impl Iterator<Item = Exact> {
    let rows = (0..).zip(&table.rows);
    rows.filter_map(|(row, _)| constant(table, row))
}

/// Tells whether an output is given only where a feature was asked for.
fn is_given_if_asked(policy: &Policy, id: TableId) -> bool {
    let mut outputs = policy.outputs.iter();
    outputs.any(|output| match &output.value {
        OutputSource::Expr(value) if output.if_asked => {
            matches!(value.kind, ExprKind::Value(Value::Table(table, _)) if table == id)
        }
        _ => false,
    })
}
