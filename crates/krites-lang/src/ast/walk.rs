//! The parts of an expression, for what goes through all of them.

use super::{CellTest, Expr, ExprKind, IsWhat, Range, RoundTo, TextTest};
use crate::Span;

/// A part of an expression that can be changed
pub(crate) enum PartMut<'e> {
    /// An expression within it
    Expr(&'e mut Expr),
    /// The place of a name, range or arm within it
    Span(&'e mut Span),
}

macro_rules! walk_range {
    ($range:expr, $each:expr, $place:expr, $($mutable:tt)?) => {{
        $place(& $($mutable)? $range.span);
        if let Some(bound) = & $($mutable)? $range.low {
            $each(& $($mutable)? bound.value);
        }
        if let Some(bound) = & $($mutable)? $range.high {
            $each(& $($mutable)? bound.value);
        }
    }};
}
/// Writes a walk once for shared and for mutable expressions: `$each` is called
/// with every part from left to right, `$place` with every span of its own.
macro_rules! walk {
    ($expr:expr, $each:expr, $place:expr, $($mutable:tt)?) => {{
        let (each, place) = ($each, $place);
        match & $($mutable)? $expr.kind {
            ExprKind::Number(_)
            | ExprKind::Percent(_)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::Datetime(_)
            | ExprKind::Boolean(_)
            | ExprKind::Error => {}
            ExprKind::Path(path) | ExprKind::Index { path, .. } => place(& $($mutable)? path.span),
            ExprKind::Or(parts) | ExprKind::And(parts) => {
                for part in parts {
                    each(part);
                }
            }
            ExprKind::Not(inner)
            | ExprKind::Negate(inner)
            | ExprKind::Quantity { amount: inner, .. }
            | ExprKind::Part { of: inner, .. } => each(inner),
            ExprKind::Compare { left, right, .. } => {
                each(left);
                each(right);
            }
            ExprKind::Is { subject, what, .. } => {
                each(subject);
                match what {
                    IsWhat::Present | IsWhat::Missing => {}
                    IsWhat::Value(value) => each(value),
                    IsWhat::OneOf(values) => {
                        for value in values {
                            each(value);
                        }
                    }
                }
            }
            ExprKind::In { subject, range, .. } => {
                each(subject);
                walk_range!(range, each, place, $($mutable)?);
            }
            ExprKind::Sum { first, rest } => {
                each(first);
                for (_, part) in rest {
                    each(part);
                }
            }
            ExprKind::Product { first, rest } => {
                each(first);
                for factor in rest {
                    each(& $($mutable)? factor.value);
                    if let Some(part) = & $($mutable)? factor.if_zero {
                        each(part);
                    }
                }
            }
            ExprKind::IfMissing { subject, alternative, .. } => {
                place(& $($mutable)? subject.span);
                if let Some(part) = alternative {
                    each(part);
                }
            }
            ExprKind::Call { function, arguments } => {
                place(& $($mutable)? function.span);
                for part in arguments {
                    each(part);
                }
            }
            ExprKind::Rounded { value, to, .. } => {
                each(value);
                if let RoundTo::MultipleOf(part) = to {
                    each(part);
                }
            }
            ExprKind::Remainder { of, by, if_zero } => {
                each(of);
                each(by);
                if let Some(part) = if_zero {
                    each(part);
                }
            }
            ExprKind::Power { base: one, exponent: other }
            | ExprKind::Between { from: one, to: other, .. } => {
                each(one);
                each(other);
            }
            ExprKind::If { arms, otherwise } => {
                for (condition, value) in arms {
                    each(condition);
                    each(value);
                }
                each(otherwise);
            }
            ExprKind::Match { subject, arms, otherwise } => {
                each(subject);
                for arm in arms {
                    place(& $($mutable)? arm.span);
                    for test in & $($mutable)? arm.tests {
                        match test {
                            CellTest::Value(value) => each(value),
                            CellTest::Range(range) => {
                                walk_range!(range, each, place, $($mutable)?)
                            }
                        }
                    }
                    each(& $($mutable)? arm.value);
                }
                if let Some(part) = otherwise {
                    each(part);
                }
            }
            ExprKind::Aggregate(aggregate) => {
                if let Some(part) = & $($mutable)? aggregate.item {
                    each(part);
                }
                place(& $($mutable)? aggregate.over.path.span);
                if let Some((_, _, span)) = & $($mutable)? aggregate.over.slice {
                    place(span);
                }
                if let Some(part) = & $($mutable)? aggregate.condition {
                    each(part);
                }
                if let Some(part) = & $($mutable)? aggregate.if_none {
                    each(part);
                }
            }
            ExprKind::InList { subject, list, .. } => {
                each(subject);
                place(& $($mutable)? list.span);
            }
            ExprKind::TextTest { subject, test, .. } => {
                each(subject);
                match test {
                    TextTest::StartsWith(part)
                    | TextTest::EndsWith(part)
                    | TextTest::Contains(part) => each(part),
                    TextTest::ContainsWordIn(name) => place(& $($mutable)? name.span),
                    TextTest::Matches(text) => place(& $($mutable)? text.span),
                }
            }
        }
    }};
}

impl Expr {
    /// Calls `each` with every expression directly within this one, from left to
    /// right.
    pub fn each_part<'e>(&'e self, each: &mut dyn FnMut(&'e Expr)) {
        walk!(self, &mut *each, |_: &Span| {},);
    }

    /// Calls `each` with every expression and every place directly within this one.
    pub(crate) fn each_part_mut(&mut self, each: &mut dyn FnMut(PartMut<'_>)) {
        let each = std::cell::RefCell::new(each);
        walk!(
            self,
            |part: &mut Expr| (each.borrow_mut())(PartMut::Expr(part)),
            |span: &mut Span| (each.borrow_mut())(PartMut::Span(span)),
            mut
        );
    }
}

impl Range {
    /// Calls `each` with every expression and every place directly within the range.
    pub(crate) fn each_part_mut(&mut self, each: &mut dyn FnMut(PartMut<'_>)) {
        each(PartMut::Span(&mut self.span));
        for bound in self.low.iter_mut().chain(&mut self.high) {
            each(PartMut::Expr(&mut bound.value));
        }
    }
}
