//! What an expression is made of: its parts, and what is named anywhere within it.

use super::{Aggregate, DistributionQuery, Expr, ExprKind, IfNone, Over, TextTest, Value};
use crate::ids::{FunctionId, LocalId, RuleId, SubpolicyId};

impl Expr {
    /// Calls `each` with every value that the expression reads.
    pub fn each_value(&self, each: &mut impl FnMut(Value)) {
        match &self.kind {
            ExprKind::Value(value)
            | ExprKind::Present(value)
            | ExprKind::IfMissing(value, _)
            | ExprKind::Stage(value) => {
                each(*value);
            }
            ExprKind::Distribution(found) => each(found.labels.value()),
            ExprKind::Aggregate(aggregate) => {
                match &aggregate.over {
                    Over::Labels { labels, .. } => each(labels.value()),
                    // Whichever output, it is the same table
                    Over::Rows { table, .. } => each(Value::Table(*table, 0)),
                    Over::Series { .. } | Over::List { .. } => {}
                }
            }
            _ => {}
        }
        self.each_part(&mut |part| part.each_value(each));
    }

    /// Calls `each` with every function that the expression calls.
    pub fn each_call(&self, each: &mut impl FnMut(FunctionId)) {
        if let ExprKind::Call(function, _) = &self.kind {
            each(*function);
        }
        self.each_part(&mut |part| part.each_call(each));
    }

    /// Calls `each` with every rule whose firing the expression asks for.
    pub fn each_fired(&self, each: &mut impl FnMut(RuleId)) {
        if let ExprKind::Fired(rule, _) = &self.kind {
            each(*rule);
        }
        self.each_part(&mut |part| part.each_fired(each));
    }

    /// Calls `each` with every other policy that the expression asks.
    pub fn each_asked(&self, each: &mut impl FnMut(SubpolicyId)) {
        if let ExprKind::Asked(id, _) = &self.kind {
            each(*id);
        }
        self.each_part(&mut |part| part.each_asked(each));
    }

    /// Calls `each` with every local that the expression binds, and its value.
    pub fn each_binding(&self, each: &mut impl FnMut(LocalId, &Expr)) {
        if let ExprKind::Let(local, value, _) = &self.kind {
            each(*local, value);
        }
        self.each_part(&mut |part| part.each_binding(each));
    }

    /// Calls `each` with every local that the probability of a label is bound to.
    pub fn each_probability(&self, each: &mut impl FnMut(LocalId)) {
        if let ExprKind::Aggregate(aggregate) = &self.kind
            && let Over::Labels {
                probability: Some(local),
                ..
            } = &aggregate.over
        {
            each(*local);
        }
        self.each_part(&mut |part| part.each_probability(each));
    }

    /// Calls `each` with every local that the cells of a table's rows are bound to, and
    /// the output that it is.
    pub fn each_cell_of_rows(&self, each: &mut impl FnMut(LocalId, Value)) {
        if let ExprKind::Aggregate(aggregate) = &self.kind
            && let Over::Rows { table, fields } = &aggregate.over
        {
            for (output, local) in fields {
                each(*local, Value::Table(*table, *output));
            }
        }
        self.each_part(&mut |part| part.each_cell_of_rows(each));
    }

    /// Returns how deep the expression nests, 1 for a name or a constant.
    #[must_use]
    pub fn depth(&self) -> usize {
        let mut deepest = 0;
        self.each_part(&mut |part| deepest = deepest.max(part.depth()));
        deepest + 1
    }

    /// Calls `each` with every part of the expression, from left to right.
    pub fn each_part<'e>(&'e self, each: &mut dyn FnMut(&'e Expr)) {
        match &self.kind {
            ExprKind::Literal(_)
            | ExprKind::Value(_)
            | ExprKind::Present(_)
            | ExprKind::Stage(_)
            | ExprKind::Asked(..)
            | ExprKind::Fired(..) => {}
            ExprKind::Calibrated(calibration) => each(&calibration.of),
            ExprKind::Cascade(cascade) => {
                for attempt in &cascade.tries {
                    attempt.when.iter().for_each(&mut *each);
                    each(&attempt.value);
                }
                cascade.otherwise.iter().for_each(each);
            }
            ExprKind::IfMissing(_, alternative) => alternative.iter().for_each(|part| each(part)),
            ExprKind::Widen(inner)
            | ExprKind::Negate(inner)
            | ExprKind::Abs(inner)
            | ExprKind::Not(inner) => {
                each(inner);
            }
            ExprKind::Sum(first, rest) => {
                each(first);
                rest.iter().for_each(|(_, term)| each(term));
            }
            ExprKind::Product(first, rest) => {
                each(first);
                for factor in rest {
                    each(&factor.value);
                    factor.if_zero.iter().for_each(&mut *each);
                }
            }
            ExprKind::Min(parts)
            | ExprKind::Max(parts)
            | ExprKind::And(parts)
            | ExprKind::Or(parts) => {
                parts.iter().for_each(each);
            }
            ExprKind::Compare(_, left, right) => {
                each(left);
                each(right);
            }
            ExprKind::OneOf(subject, values) => {
                each(subject);
                values.iter().for_each(each);
            }
            ExprKind::InRange(subject, low, high) => {
                each(subject);
                [low, high]
                    .into_iter()
                    .flatten()
                    .for_each(|(bound, _)| each(bound));
            }
            ExprKind::Cases(arms, otherwise) => {
                for (condition, value) in arms {
                    each(condition);
                    each(value);
                }
                each(otherwise);
            }
            ExprKind::ToWhole(_, inner)
            | ExprKind::ToDigits(inner, ..)
            | ExprKind::InCurrency(inner)
            | ExprKind::Part(_, inner)
            | ExprKind::DurationOf(inner, _)
            | ExprKind::InList(inner, _)
            | ExprKind::InLookup(inner, _)
            | ExprKind::Length(inner) => each(inner),
            ExprKind::Let(_, one, other)
            | ExprKind::ToMultiple(one, other, _)
            | ExprKind::Power(one, other)
            | ExprKind::Move(one, other, _)
            | ExprKind::Shift(one, other, _)
            | ExprKind::Elapsed(one, other)
            | ExprKind::Between(_, one, other) => {
                each(one);
                each(other);
            }
            ExprKind::Remainder(of, by, if_zero) => {
                each(of);
                each(by);
                if_zero.iter().for_each(|part| each(part));
            }
            ExprKind::TextTest(subject, test) => {
                each(subject);
                match test {
                    TextTest::StartsWith(part)
                    | TextTest::EndsWith(part)
                    | TextTest::Contains(part) => each(part),
                    TextTest::ContainsWordIn(_) | TextTest::Matches(_) => {}
                }
            }
            ExprKind::Lookup(looked_up) => {
                each(&looked_up.key);
                if let IfNone::Value(value) = &looked_up.if_none {
                    each(value);
                }
            }
            ExprKind::Text(_, parts) | ExprKind::Call(_, parts) => parts.iter().for_each(each),
            ExprKind::Distribution(found) => {
                if let DistributionQuery::Probability(label) = &found.query {
                    each(label);
                }
            }
            ExprKind::Aggregate(aggregate) => {
                let Aggregate {
                    condition,
                    value,
                    if_none,
                    ..
                } = &**aggregate;
                [condition, value, if_none]
                    .into_iter()
                    .flatten()
                    .for_each(each);
            }
        }
    }
}
