//! What is made of the elements of series, and of the rows of tables that count.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::super::cut::Spans;
use super::super::set::{Set, Values};
use super::number::{between, sum};
use super::{Bound, Case, Cause, Found, Locals, Truth};
use crate::Exact;
use crate::ast::AggregateKind;
use crate::ids::TableId;
use crate::ir::{Aggregate, Collect, Expr, ExprKind, HitPolicy, Over, TableOutput, Value};
use crate::types::Ty;

/// An element that may be there, with what it binds
struct Element<'p> {
    locals: Locals<'p>,
    /// Whether it is there for sure
    sure: bool,
}

/// What counts of an element
struct Counted {
    /// Whether it may count, and whether it may not
    counts: Truth,
    value: Option<Found>,
}

impl<'p> Case<'p> {
    pub(super) fn aggregate(
        &self,
        expr: &'p Expr,
        aggregate: &'p Aggregate,
        locals: &Locals<'p>,
    ) -> Found {
        let mut faults = match self.work.few {
            true => BTreeSet::new(),
            // So many elements are looked at in a decision
            false => BTreeSet::from([Cause::Computed]),
        };
        let Some(elements) = self.elements(&aggregate.over, locals, &mut faults) else {
            return self.anything(expr, self.causes());
        };
        let counted = elements.into_iter().map(|element| {
            let condition = aggregate.condition.as_ref();
            let mut counts = match condition {
                Some(condition) => self.truth_of(condition, &element.locals),
                None => Truth::sure(true),
            };
            counts.may_fail |= !element.sure;
            let value = aggregate.value.as_ref().filter(|_| counts.may_hold);
            let value = value.map(|value| self.found(value, &element.locals));
            Counted { counts, value }
        });
        let counted: Vec<Counted> = counted.collect();
        for one in &counted {
            faults.extend(one.counts.faults.iter().copied());
            faults.extend(
                one.value
                    .iter()
                    .flat_map(|value| value.faults.iter().copied()),
            );
        }
        let otherwise = aggregate.if_none.as_ref();
        let otherwise = otherwise.map(|otherwise| self.found(otherwise, locals));
        self.made_of(expr, aggregate.kind, &counted, otherwise)
            .failing(faults)
    }

    fn made_of(
        &self,
        expr: &Expr,
        kind: AggregateKind,
        counted: &[Counted],
        otherwise: Option<Found>,
    ) -> Found {
        let may_hold = counted.iter().any(|one| one.counts.may_hold);
        let may_fail = counted.iter().any(|one| one.counts.may_fail);
        let all_hold = counted.iter().all(|one| one.counts.may_hold);
        let all_fail = counted.iter().all(|one| one.counts.may_fail);
        let truth = |may_hold, may_fail| {
            Found::from(Truth {
                may_hold,
                may_fail,
                faults: BTreeSet::new(),
            })
        };
        let nothing = || self.anything(expr, BTreeSet::new()).nothing();
        let values = counted.iter().filter_map(|one| one.value.clone());
        match kind {
            AggregateKind::Any => truth(may_hold, all_fail),
            AggregateKind::Every => truth(all_hold, may_fail),
            AggregateKind::Count => {
                let sure = counted.iter().filter(|one| !one.counts.may_fail).count();
                let open = counted.iter().filter(|one| one.counts.may_hold).count();
                self.numbers(expr, sure, open)
            }
            AggregateKind::Sum => {
                let zero = || self.numbers(expr, 0, 0);
                counted.iter().fold(zero(), |total, one| match &one.value {
                    Some(value) if one.counts.may_fail => {
                        sum(expr.ty, total, value.clone().or(zero()))
                    }
                    Some(value) => sum(expr.ty, total, value.clone()),
                    None => total,
                })
            }
            AggregateKind::Average => {
                let average = values.fold(nothing(), Found::or);
                let average = between(average);
                otherwise
                    .filter(|_| all_fail)
                    .into_iter()
                    .fold(average, Found::or)
            }
            AggregateKind::Min | AggregateKind::Max | AggregateKind::First => otherwise
                .filter(|_| all_fail)
                .into_iter()
                .chain(values)
                .fold(nothing(), Found::or),
        }
    }

    /// Whole numbers from one to another.
    fn numbers(&self, expr: &Expr, low: usize, high: usize) -> Found {
        let number = |count| Exact::from_integer(i64::try_from(count).unwrap_or(i64::MAX));
        let spans = Spans::through(Some(number(low)), Some(number(high)));
        let found = self.anything(expr, BTreeSet::new());
        let whole = Values::Spans(spans).on_grid(Some(0));
        Found {
            grid: Some(0),
            ..found.within(Some(&Set::there(whole)))
        }
    }

    /// The elements that may be looked at; `None` where they are not followed.
    fn elements(
        &self,
        over: &'p Over,
        locals: &Locals<'p>,
        faults: &mut BTreeSet<Cause>,
    ) -> Option<Vec<Element<'p>>> {
        match over {
            Over::Series { inputs, each } => {
                let elements = inputs.iter().map(|input| {
                    let mut locals = locals.clone();
                    let found = self.value(Value::Input(*input), &locals);
                    faults.extend(found.faults.iter().copied());
                    locals.push(Bound::new(*each, found, None));
                    Element { locals, sure: true }
                });
                Some(elements.collect())
            }
            Over::Rows { table, fields } => {
                let source = &self.policy.tables[*table];
                if source.policy == HitPolicy::Rank {
                    return None;
                }
                let mut elements = Vec::new();
                let (on, off) = self.holds_today(&source.validity);
                if !on {
                    return Some(elements);
                }
                let rows = self.rows(source, &mut |row, case, sure| {
                    let mut locals = locals.clone();
                    for (output, local) in fields {
                        let Some(declared) = source.outputs.get(*output as usize) else {
                            continue;
                        };
                        let found = case.cell(source.cell(row, *output as usize), declared);
                        faults.extend(found.faults.iter().copied());
                        locals.push(Bound::new(*local, found, None));
                    }
                    let sure = sure && !off;
                    elements.push(Element { locals, sure });
                });
                faults.extend(rows.faults);
                Some(elements)
            }
            Over::List { .. } | Over::Labels { .. } => None,
        }
    }

    /// What a row gives for an output, missing where it has no cell.
    pub(super) fn cell(&self, cell: Option<Cow<'p, Expr>>, output: &TableOutput) -> Found {
        match cell {
            Some(cell) => self.held(self.found_in_cell(cell), output.ty),
            None => {
                let mut none = Found::any(self.policy, output.ty, BTreeSet::new()).nothing();
                none.set.missing = true;
                none
            }
        }
    }

    /// What a cell that gives something may come to.
    pub(in crate::analyse) fn found_in_cell(&self, cell: Cow<'p, Expr>) -> Found {
        let cell = match cell {
            Cow::Borrowed(cell) => return self.found(cell, &Locals::new()),
            Cow::Owned(cell) => cell,
        };
        match (self.enter(), &cell.kind) {
            (Some(_within), ExprKind::Literal(literal)) => {
                Found::constant(self.policy, cell.ty, literal)
            }
            _ => self.anything(&cell, self.causes()),
        }
    }

    /// What is made of the cells of all rows that count: their sum, or one of them.
    pub(super) fn collected(&self, id: TableId, output: u32, how: Collect) -> Option<Found> {
        let table = &self.policy.tables[id];
        let declared = table.outputs.get(output as usize)?;
        let anything = || Found::any(self.policy, declared.ty, BTreeSet::new());
        let (on, off) = self.holds_today(&table.validity);
        let (mut found, mut surely) = (anything().nothing(), false);
        let zero = Found::constant(self.policy, Ty::Integer, &crate::ir::Literal::Integer(0));
        let mut total = zero.clone();
        if on {
            let rows = self.rows(table, &mut |row, case, sure| {
                let cell = case.cell(table.cell(row, output as usize), declared);
                surely |= sure && !cell.set.missing;
                let sure = sure && !cell.set.missing;
                let cell = cell.there();
                let next = if sure {
                    cell.clone()
                } else {
                    cell.clone().or(zero.clone())
                };
                let so_far = std::mem::replace(&mut total, zero.clone());
                total = sum(declared.ty.ty, so_far, next);
                let so_far = std::mem::replace(&mut found, anything());
                found = so_far.or(cell);
            });
            found.faults.extend(rows.faults.iter().copied());
            total.faults.extend(rows.faults);
        }
        let none = !surely;
        let mut found = match how {
            Collect::Sum => total,
            _ if none && !declared.ty.optional => found.failing([Cause::Computed]),
            _ => found,
        };
        found.set.missing = off || (none && declared.ty.optional);
        Some(self.held(found, declared.ty))
    }
}

/// Tells whether a table's outputs are made of all rows that count.
pub(super) fn collects(policy: HitPolicy) -> Option<Collect> {
    match policy {
        HitPolicy::Collect(how @ (Collect::Sum | Collect::Min | Collect::Max)) => Some(how),
        _ => None,
    }
}
