//! A table's rows as boxes over axes, one for each thing that its columns test.

use std::collections::HashMap;

use super::super::axis::{Axis, Ranges};
use super::super::cell::holds;
use super::super::domain::Domain;
use super::super::set::Set;
use super::sweep::{BoxedRow, Boxes};
use crate::ir::{ExprKind, HitPolicy, Literal, Policy, Row, Table, Validity, Value};

/// A table's rows over the axes of what its columns test
pub(super) struct Space<'p> {
    pub(super) policy: &'p Policy,
    pub(super) table: &'p Table,
    /// What each axis is of
    pub(super) subjects: Vec<Value>,
    pub(super) axes: Vec<Axis>,
    pub(super) boxes: Boxes,
    /// By row of the boxes: its position in the table
    pub(super) positions: Vec<usize>,
    pub(super) rest: Option<Rest<'p>>,
}

/// The row for the rest
pub(super) struct Rest<'p> {
    pub(super) row: Row<'p>,
    /// The axis of days, and the days on which it holds; `None` where it always does
    pub(super) days: Option<(usize, Ranges)>,
}

/// What is tested of one thing, before it is known what is told apart
struct Tested {
    subject: Value,
    domain: Domain,
    sets: Vec<Set>,
}

/// A cell that cannot be told by the values of its subject alone, or one that can: the
/// axis and the position among its sets
type Place = Option<(usize, usize)>;

impl<'p> Space<'p> {
    pub(super) fn new(policy: &'p Policy, table: &'p Table) -> Space<'p> {
        let mut tested = Vec::new();
        let columns: Vec<Vec<Place>> = table
            .columns
            .iter()
            .map(|column| {
                let axis = column
                    .subject
                    .and_then(|subject| axis_of(policy, subject, &mut tested));
                let cells = column.cells.iter();
                cells
                    .map(|cell| tested.get_mut(axis?).and_then(|at| at.test(axis?, cell)))
                    .collect()
            })
            .collect();
        let mut days = Days::default();
        for row in table.rows.iter() {
            days.note(policy, &row.validity, &mut tested);
        }
        if !table.validity.is_always() {
            days.within(policy, &table.validity, &mut tested);
        }
        let axes: Vec<Axis> = tested
            .iter()
            .map(|tested| Axis::new(tested.domain.clone(), tested.sets.iter()))
            .collect();
        let placed = axes.iter().zip(&tested);
        let ranges =
            placed.map(|(axis, tested)| tested.sets.iter().map(|set| axis.place(set)).collect());
        let mut boxes = Boxes {
            lengths: axes.iter().map(Axis::len).collect(),
            ranges: ranges.collect(),
            rows: Vec::with_capacity(table.rows.len()),
        };
        let mut positions = Vec::with_capacity(table.rows.len());
        let mut rest = None;
        let mut common = HashMap::new();
        for row in table.rows.iter() {
            if row.validity.off {
                continue;
            }
            let day = days.place(&row.validity);
            if row.otherwise {
                let days = day.and_then(|(axis, set)| {
                    Some((axis, boxes.ranges.get(axis)?.get(set)?.clone()))
                });
                rest = Some(Rest { row, days });
                continue;
            }
            let tests = row.tests.iter().zip(&columns);
            let tests = tests.filter_map(|(cell, column)| {
                cell.map(|cell| column.get(cell as usize).copied().flatten())
            });
            let mut boxed = BoxedRow {
                at: vec![None; axes.len()],
                unsure: false,
                rank: severity(table, row),
            };
            for place in tests.chain(day.map(Some)) {
                match place {
                    None => boxed.unsure = true,
                    Some((axis, set)) => boxes.narrow(&mut boxed, axis, set, &mut common),
                }
            }
            boxes.rows.push(boxed);
            positions.push(row.at);
        }
        Space {
            policy,
            table,
            subjects: tested.iter().map(|tested| tested.subject).collect(),
            axes,
            boxes,
            positions,
            rest,
        }
    }
}

impl<'p> Space<'p> {
    /// A row of the boxes.
    pub(super) fn row(&self, at: u32) -> Option<Row<'p>> {
        self.table.rows.get(*self.positions.get(at as usize)?)
    }
}

/// What goes before others in a `priority` table: the more severe.
fn severity(table: &Table, row: Row<'_>) -> u32 {
    if table.policy != HitPolicy::Priority {
        return 0;
    }
    match table.cell(row, 0).as_deref().map(|cell| &cell.kind) {
        Some(ExprKind::Literal(Literal::Label(label))) => u32::MAX - label,
        _ => u32::MAX,
    }
}

/// The axis of a subject, which is made where it is new.
fn axis_of(policy: &Policy, subject: Value, tested: &mut Vec<Tested>) -> Option<usize> {
    if let Some(known) = tested.iter().position(|known| known.subject == subject) {
        return Some(known);
    }
    tested.push(Tested {
        subject,
        domain: Domain::of_value(policy, subject)?,
        sets: Vec::new(),
    });
    Some(tested.len() - 1)
}

impl Tested {
    fn test(&mut self, axis: usize, cell: &crate::ir::Expr) -> Place {
        let set = holds(cell, self.subject, &self.domain)?;
        self.sets.push(set);
        Some((axis, self.sets.len() - 1))
    }
}

impl Boxes {
    /// Lets a row hold for one more test alone.
    fn narrow(
        &mut self,
        row: &mut BoxedRow,
        axis: usize,
        set: usize,
        common: &mut HashMap<(usize, u32, usize), u32>,
    ) {
        let (Some(at), Some(ranges)) = (row.at.get_mut(axis), self.ranges.get_mut(axis)) else {
            return;
        };
        let Some(before) = *at else {
            *at = u32::try_from(set).ok();
            return;
        };
        let both = *common.entry((axis, before, set)).or_insert_with(|| {
            let both = ranges.get(before as usize).zip(ranges.get(set));
            let both = both.map(|(one, two)| one.and(two)).unwrap_or_default();
            ranges.push(both);
            u32::try_from(ranges.len() - 1).unwrap_or(u32::MAX)
        });
        *at = Some(both);
    }
}

/// The days on which rows hold
#[derive(Default)]
struct Days {
    known: HashMap<Validity, (usize, usize)>,
}

impl Days {
    fn note(&mut self, policy: &Policy, validity: &Validity, tested: &mut Vec<Tested>) {
        if validity.is_always() || self.place(validity).is_some() {
            return;
        }
        let Some(axis) = axis_of(policy, Value::DecisionDate, tested) else {
            return;
        };
        if let Some(tested) = tested.get_mut(axis) {
            let set = tested.days(validity);
            tested.sets.push(set);
            self.known.insert(*validity, (axis, tested.sets.len() - 1));
        }
    }

    /// Leaves only these days to be looked at.
    fn within(&self, policy: &Policy, validity: &Validity, tested: &mut Vec<Tested>) {
        let known = tested
            .iter()
            .any(|known| known.subject == Value::DecisionDate);
        if !known {
            return;
        }
        let axis = axis_of(policy, Value::DecisionDate, tested);
        if let Some(tested) = axis.and_then(|axis| tested.get_mut(axis)) {
            tested.domain.set = tested.domain.set.and(&tested.days(validity));
        }
    }

    fn place(&self, validity: &Validity) -> Option<(usize, usize)> {
        self.known.get(validity).copied()
    }
}

impl Tested {
    fn days(&self, validity: &Validity) -> Set {
        let end = |day: Option<crate::Date>| {
            day.and_then(|day| super::super::domain::number(&Literal::Date(day)))
                .map(|day| (day, true))
        };
        Set {
            missing: false,
            values: self.domain.range(end(validity.from), end(validity.through)),
        }
    }
}
