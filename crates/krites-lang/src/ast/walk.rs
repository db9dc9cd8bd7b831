//! The parts of an expression, for what goes through all of them.

use super::{CellTest, Expr, ExprKind, IfNone, IsWhat, Range, RoundTo, TextTest};

impl Expr {
    /// Calls `each` with every expression directly within this one, from left to
    /// right.
    pub fn each_part<'e>(&'e self, each: &mut dyn FnMut(&'e Expr)) {
        match &self.kind {
            ExprKind::Number(_)
            | ExprKind::Percent(_)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::Datetime(_)
            | ExprKind::Boolean(_)
            | ExprKind::Path(_)
            | ExprKind::Fired { .. }
            | ExprKind::Index { .. }
            | ExprKind::Error => {}
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
                range.each_part(each);
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
                    each(&factor.value);
                    if let Some(part) = &factor.if_zero {
                        each(part);
                    }
                }
            }
            ExprKind::IfMissing { alternative, .. } => {
                if let Some(part) = alternative {
                    each(part);
                }
            }
            ExprKind::Call { arguments, .. } => {
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
            ExprKind::Power {
                base: one,
                exponent: other,
            }
            | ExprKind::Between {
                from: one,
                to: other,
                ..
            } => {
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
            ExprKind::Match {
                subject,
                arms,
                otherwise,
            } => {
                each(subject);
                for arm in arms {
                    for test in &arm.tests {
                        match test {
                            CellTest::Value(value) => each(value),
                            CellTest::Range(range) => range.each_part(each),
                        }
                    }
                    each(&arm.value);
                }
                if let Some(part) = otherwise {
                    each(part);
                }
            }
            ExprKind::Aggregate(aggregate) => {
                if let Some(part) = &aggregate.item {
                    each(part);
                }
                if let Some(part) = &aggregate.condition {
                    each(part);
                }
                if let Some(part) = &aggregate.if_none {
                    each(part);
                }
            }
            ExprKind::InList { subject, .. } | ExprKind::InLookup { subject, .. } => each(subject),
            ExprKind::Lookup(looked_up) => {
                looked_up.arguments.iter().for_each(&mut *each);
                if let Some(IfNone::Value(part)) = &looked_up.if_none {
                    each(part);
                }
            }
            ExprKind::TextTest { subject, test, .. } => {
                each(subject);
                match test {
                    TextTest::StartsWith(part)
                    | TextTest::EndsWith(part)
                    | TextTest::Contains(part) => each(part),
                    TextTest::ContainsWordIn(_) | TextTest::Matches(_) => {}
                }
            }
        }
    }
}

impl Range {
    /// Calls `each` with the bounds, the lower one first.
    fn each_part<'e>(&'e self, each: &mut dyn FnMut(&'e Expr)) {
        for bound in self.low.iter().chain(&self.high) {
            each(&bound.value);
        }
    }
}
