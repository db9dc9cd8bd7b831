//! How a box of cases is split: first by what spoke, then at conditions, then in the
//! middle of numbers.

use std::collections::BTreeSet;

use super::super::case::Case;
use super::super::cut::{self, Cut, Spans};
use super::super::set::{Set, Values};
use super::Open;
use super::leaf::Leaf;
use super::silent::Silent;
use super::voice::{Source, Voice};
use crate::Exact;
use crate::ir::{Expr, ExprKind, Outcome, Over, Policy, Value};

/// So often the numbers of a box are halved
const HALVINGS: u32 = 8;

/// How a box came to be
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Way {
    /// Whether it is known what spoke
    spoken: bool,
    halved: u32,
}

/// Splits what is left of a box, so that each case of it lies in one of the parts; `None`
/// where there is nothing to tell apart.
pub(super) fn split<'p>(leaf: &Leaf<'p>, condition: &'p Expr, way: Way) -> Option<Vec<Open<'p>>> {
    let case = &leaf.case;
    if !way.spoken && !leaf.voices.iter().any(|voice| voice.sure) {
        let way = Way {
            spoken: true,
            ..way
        };
        let parts = leaf.voices.iter().filter_map(|voice| leaf.spoken(voice));
        return Some(parts.map(|case| Open { case, way }).collect());
    }
    let mut search = Search {
        policy: case.policy,
        case,
        deep: false,
        seen: BTreeSet::new(),
        numbers: Vec::new(),
    };
    let found = search.leaf(leaf, condition).or_else(|| {
        search.deep = true;
        search.seen.clear();
        search.leaf(leaf, condition)
    });
    if let Some(found) = found {
        let parts = [
            case.assume(found, true),
            case.assume(found, false),
            case.assume_fault(found),
        ];
        let parts = parts.into_iter().flatten();
        return Some(parts.map(|case| Open { case, way }).collect());
    }
    if way.halved >= HALVINGS {
        return None;
    }
    let at = search
        .numbers
        .iter()
        .position(|value| halves(case, *value).is_some());
    let value = *search.numbers.get(at?)?;
    let way = Way {
        halved: way.halved + 1,
        ..way
    };
    let parts = halves(case, value)?.into_iter();
    let parts = parts.filter_map(|half| case.assume_within(value, &half));
    // A half is one of values that are there
    let fails = case
        .cause_of(value)
        .and_then(|cause| case.assume_fails(cause, true));
    let parts = parts.chain(fails);
    Some(parts.map(|case| Open { case, way }).collect())
}

impl<'p> Leaf<'p> {
    /// The cases in which a voice spoke.
    fn spoken(&self, voice: &Voice<'p>) -> Option<Case<'p>> {
        let case = voice.speaking(&self.case)?;
        match voice.source {
            Source::Rest(_) => {
                let mut silent = self.silent.iter();
                silent.try_fold(case, |case, silent| match silent {
                    Silent::Rule(when) => case.assume(when, false),
                    Silent::Value(value) => case.assume_missing(*value),
                })
            }
            _ => Some(case),
        }
    }
}

/// Two halves of what a number may be, where it may be several.
fn halves(case: &Case<'_>, value: Value) -> Option<[Set; 2]> {
    let found = case.value(value, &Vec::new());
    let Values::Spans(spans) = &found.set.values else {
        return None;
    };
    let (low, _) = *spans.parts().first()?;
    let (_, high) = *spans.parts().last()?;
    let middle = match (
        spans.ends(found.grid).next()?,
        spans.ends(found.grid).last()?,
    ) {
        ((Some(low), _), (_, Some(high))) if low < high => {
            let two = Exact::from_integer(2);
            low.add(high).and_then(|sum| sum.divide(two)).ok()?
        }
        _ => cut::between(low, high, found.grid)?,
    };
    let middle = found.grid.map_or(Cut::After(middle), |places| {
        Cut::After(middle).on_grid(places)
    });
    let lower = Values::Spans(Spans::between(Cut::Lowest, middle));
    let upper = Values::Spans(Spans::between(middle, Cut::Highest));
    let of = |half: Values, missing| Set {
        missing,
        values: found.set.values.and(&half),
    };
    let halves = [of(lower, found.set.missing), of(upper, false)];
    let empty = halves.iter().any(|half| half.values.is_empty());
    (!empty).then_some(halves)
}

/// A search for a condition that may hold or not
struct Search<'c, 'p> {
    policy: &'p Policy,
    case: &'c Case<'p>,
    /// Whether what is known as a whole is looked into, too
    deep: bool,
    seen: BTreeSet<Value>,
    /// Numbers that are given, as they are met
    numbers: Vec<Value>,
}

impl<'p> Search<'_, 'p> {
    fn leaf(&mut self, leaf: &Leaf<'p>, condition: &'p Expr) -> Option<&'p Expr> {
        let found = self.expr(condition);
        found.or_else(|| leaf.voices.iter().find_map(|voice| self.voice(voice)))
    }

    fn voice(&mut self, voice: &Voice<'p>) -> Option<&'p Expr> {
        let spoken = match voice.source {
            Source::Rule(rule) | Source::Rest(rule) => {
                let when = rule.when.as_ref().and_then(|when| self.expr(when));
                when.or_else(|| match &rule.then.outcome {
                    Outcome::Computed(outcome) => self.expr(outcome),
                    _ => None,
                })
            }
            Source::Value(evaluate) | Source::Rows(evaluate) => self.value(evaluate.value),
            Source::Fault(..) => None,
        };
        spoken.or_else(|| {
            voice
                .with()
                .iter()
                .flatten()
                .find_map(|with| self.expr(with))
        })
    }

    /// The first condition within an expression, the smallest one, that may hold or not.
    fn expr(&mut self, expr: &'p Expr) -> Option<&'p Expr> {
        if expr.ty == crate::types::Ty::Boolean && !Case::reads_locals(expr) {
            let open = self.case.truth(expr).is_open();
            if !open && !self.deep {
                return None;
            }
            let own = open.then_some(expr);
            return match &expr.kind {
                ExprKind::Compare(..) | ExprKind::OneOf(..) | ExprKind::InRange(..) if open => own,
                _ => self.parts(expr).or(own),
            };
        }
        self.parts(expr)
    }

    fn parts(&mut self, expr: &'p Expr) -> Option<&'p Expr> {
        let value = match &expr.kind {
            ExprKind::Value(value)
            | ExprKind::Present(value)
            | ExprKind::IfMissing(value, _)
            | ExprKind::Stage(value) => self.value(*value),
            ExprKind::Fired(rule, _) => {
                let when = self.policy.rules[*rule].when.as_ref();
                when.and_then(|when| self.expr(when))
            }
            ExprKind::Aggregate(aggregate) => match &aggregate.over {
                Over::Series { inputs, .. } => inputs
                    .iter()
                    .find_map(|input| self.value(Value::Input(*input))),
                Over::Rows { table, .. } => self.value(Value::Table(*table, 0)),
                Over::List { .. } | Over::Labels { .. } => None,
            },
            _ => None,
        };
        if value.is_some() {
            return value;
        }
        let mut found = None;
        expr.each_part(&mut |part| {
            if found.is_none() {
                found = self.expr(part);
            }
        });
        found
    }

    /// A condition that a value rests on.
    fn value(&mut self, value: Value) -> Option<&'p Expr> {
        if !self.seen.insert(value) {
            return None;
        }
        match value {
            Value::Definition(id) => self.expr(&self.policy.definitions[id].value),
            Value::Table(id, output) => {
                let table = &self.policy.tables[id];
                let tests = table.columns.iter().flat_map(|column| &column.cells);
                let cells = table.outputs.get(output as usize);
                let cells = cells.into_iter().flat_map(|output| output.cells.others());
                tests.chain(cells).find_map(|cell| self.expr(cell))
            }
            Value::Input(_) | Value::Model(..) | Value::DecisionDate => {
                if !self.numbers.contains(&value) {
                    self.numbers.push(value);
                }
                None
            }
            Value::Local(_) | Value::Outcome | Value::Decided(_) => None,
        }
    }
}
