//! What tables may give: the cells of the rows that may be taken.

use std::collections::BTreeSet;

use super::super::cut::Spans;
use super::super::set::{Set, Values};
use super::aggregate::collects;
use super::{Case, Cause, Found, Locals};
use crate::Exact;
use crate::ids::TableId;
use crate::ir::{Collect, Expr, HitPolicy, Row, Table};
use crate::types::{DeclaredTy, Ty};

/// Of so many rows that may match it is looked whether two of them may do so together
const PAIRS: usize = 24;

/// What is found of a table's rows besides those that may be taken
#[derive(Debug, Default)]
pub(in crate::analyse) struct Rows {
    /// Whether it may be that no row matches
    pub(in crate::analyse) none: bool,
    pub(in crate::analyse) faults: BTreeSet<Cause>,
}

impl<'p> Case<'p> {
    /// What an output may be.
    pub(super) fn table_output(&self, id: TableId, output: u32) -> Found {
        let table = &self.policy.tables[id];
        let Some(declared) = table.outputs.get(output as usize) else {
            return Found::any(self.policy, DeclaredTy::bare(Ty::Float), self.causes());
        };
        let anything = |faults| Found::any(self.policy, declared.ty, faults);
        if let Some(how) = collects(table.policy)
            && let Some(found) = self.collected(id, output, how)
        {
            return found;
        }
        if !gives_one(table.policy) {
            let found = anything(self.causes());
            if table.policy != HitPolicy::Collect(Collect::Count) {
                return found;
            }
            let most = i64::try_from(table.rows.len()).unwrap_or(i64::MAX);
            let count = Spans::through(Some(Exact::ZERO), Some(Exact::from_integer(most)));
            let count = Set::there(Values::Spans(count).on_grid(found.grid));
            return found.within(Some(&count));
        }
        let mut found = anything(BTreeSet::new()).nothing();
        let (on, off) = self.holds_today(&table.validity);
        found.set.missing = off;
        if !on {
            return found;
        }
        let mut taken: Vec<(Row<'p>, Case<'p>)> = Vec::new();
        // What all rows give that match for sure: others may not give something else
        let mut certain: Option<Set> = None;
        let mut n_certain = 0;
        let rows = self.rows(table, &mut |row, case, sure| {
            let of_row = case.cell(table.cell(row, output as usize), declared);
            if sure {
                n_certain += 1;
                certain = Some(match &certain {
                    Some(certain) => certain.and(&of_row.set),
                    None => of_row.set.clone(),
                });
            }
            let so_far = std::mem::replace(&mut found, anything(BTreeSet::new()));
            found = so_far.or(of_row);
            if taken.len() <= PAIRS && table.policy != HitPolicy::First {
                taken.push((row, case.clone()));
            }
        });
        match (table.policy, certain) {
            (HitPolicy::Unique, Some(_)) if n_certain > 1 => found = found.nothing(),
            (HitPolicy::Unique | HitPolicy::Any, Some(certain)) => {
                let off = Set {
                    missing: off,
                    ..found.set.none()
                };
                found.set = found.set.and(&certain).or(&off);
            }
            _ => {}
        }
        let several = match table.policy {
            HitPolicy::Unique => self.meet(table, &taken),
            HitPolicy::Any => taken.len() > 1,
            _ => false,
        };
        let found = found.failing(rows.faults);
        found.failing((rows.none || several).then_some(Cause::Computed))
    }

    /// Calls `each` with the rows that may match, each with the cases in which it does, and
    /// whether it does in all. Of `first match` these are the rows that may be taken.
    pub(in crate::analyse) fn rows(
        &self,
        table: &'p Table,
        each: &mut dyn FnMut(Row<'p>, &Case<'p>, bool),
    ) -> Rows {
        let mut found = Rows::default();
        for column in &table.columns {
            // It asks for all its columns before it looks at a row
            let subject = column
                .subject
                .map(|subject| self.value(subject, &Locals::new()));
            found
                .faults
                .extend(subject.into_iter().flat_map(|subject| subject.faults));
        }
        let first = table.policy == HitPolicy::First;
        // Where no row before matches, as far as that is followed
        let mut open = Some(self.clone());
        for row in table.rows.iter() {
            let (on, off) = self.holds_today(&row.validity);
            if !on {
                continue;
            }
            if self.enter().is_none() {
                each(row, self, false);
                continue;
            }
            let here = match (&open, first || row.otherwise) {
                (Some(open), true) => open.clone(),
                (None, true) => break,
                (_, false) => self.clone(),
            };
            let Some((taken, cells)) = here.row(table, row, &mut found.faults) else {
                continue;
            };
            each(row, &taken, cells.is_empty() && !off && !row.otherwise);
            match (cells.as_slice(), off) {
                (_, true) => {}
                ([], false) => open = None,
                ([cell], false) => open = open.and_then(|open| open.assume(cell, false)),
                _ => {}
            }
        }
        found.none = open.is_some();
        found
    }

    /// The cases in which a row matches, and those of its cells that may hold or not;
    /// `None` where it matches in none. What may be a fault is added.
    fn row(
        &self,
        table: &'p Table,
        row: Row<'p>,
        faults: &mut BTreeSet<Cause>,
    ) -> Option<(Case<'p>, Vec<&'p Expr>)> {
        let mut cells = Vec::new();
        let mut taken = self.clone();
        if row.otherwise {
            return Some((taken, cells));
        }
        for cell in table.tests(row) {
            let truth = taken.truth(cell);
            faults.extend(truth.faults.iter().copied());
            if truth.is_open() {
                taken = taken.assume(cell, true)?;
                cells.push(cell);
            } else if !truth.may_hold {
                return None;
            }
        }
        Some((taken, cells))
    }

    /// Whether two of the rows that may match may do so together.
    fn meet(&self, table: &'p Table, rows: &[(Row<'p>, Case<'p>)]) -> bool {
        if rows.len() > PAIRS {
            return true;
        }
        let apart = |(one, case): &(Row<'p>, Case<'p>), other: Row<'p>| {
            one.otherwise
                || other.otherwise
                || table.tests(other).any(|cell| !case.truth(cell).may_hold)
        };
        let pairs = rows.iter().enumerate();
        let mut pairs = pairs.flat_map(|(at, one)| {
            let others = rows.get(at + 1..).unwrap_or(&[]).iter();
            others.map(move |(other, _)| (one, *other))
        });
        pairs.any(|(one, other)| !apart(one, other))
    }

    /// The cases in which an output of a table lies in a set, as far as the rows tell;
    /// `None` where there are none.
    pub(super) fn rows_within(&self, id: TableId, output: u32, within: &Set) -> Option<Case<'p>> {
        let table = &self.policy.tables[id];
        if !gives_one(table.policy) || !table.validity.is_always() {
            return Some(self.clone());
        }
        let mut left: Option<Case<'p>> = None;
        let declared = table.outputs.get(output as usize);
        self.rows(table, &mut |row, case, _| {
            let cell = table.cell(row, output as usize);
            let open = declared
                .is_none_or(|declared| !case.cell(cell, declared).set.and(within).is_empty());
            if open {
                left = Some(match left.take() {
                    Some(left) => left.join(case),
                    None => case.clone(),
                });
            }
        });
        left
    }
}

/// Tells whether one row of a table counts.
fn gives_one(policy: HitPolicy) -> bool {
    matches!(
        policy,
        HitPolicy::Unique | HitPolicy::First | HitPolicy::Any | HitPolicy::Priority
    )
}
