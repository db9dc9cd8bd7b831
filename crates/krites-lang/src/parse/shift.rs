//! Moves a cell that was parsed once to another place with the same text.

use crate::ast::{CellKind, CellTest, Expr, ExprKind, IsWhat, Range};
use crate::{Diagnostic, Place, Span};

/// A distance between two places of one text
#[derive(Clone, Copy)]
pub(super) struct Shift {
    pub(super) from: usize,
    pub(super) to: usize,
}

impl Shift {
    fn byte(self, at: u32) -> u32 {
        u32::try_from((at as usize + self.to).saturating_sub(self.from)).unwrap_or(u32::MAX)
    }

    fn span(self, span: &mut Span) {
        span.start = self.byte(span.start);
        span.end = self.byte(span.end);
    }

    pub(super) fn cell(self, kind: &mut CellKind) {
        match kind {
            CellKind::Id(_)
            | CellKind::Any
            | CellKind::Missing
            | CellKind::Nothing
            | CellKind::Error => {}
            CellKind::Value(value) => self.expr(value),
            CellKind::Tests { tests, .. } => {
                for test in tests {
                    match test {
                        CellTest::Range(range) => self.range(range),
                        CellTest::Value(value) => self.expr(value),
                    }
                }
            }
        }
    }

    pub(super) fn diagnostic(self, diagnostic: &mut Diagnostic) {
        for label in std::iter::once(&mut diagnostic.primary).chain(&mut diagnostic.evidence) {
            if let Place::Text(span) = &mut label.place {
                self.span(span);
            }
        }
    }

    fn range(self, range: &mut Range) {
        self.span(&mut range.span);
        for bound in range.low.iter_mut().chain(&mut range.high) {
            self.expr(&mut bound.value);
        }
    }

    fn expr(self, expr: &mut Expr) {
        self.span(&mut expr.span);
        match &mut expr.kind {
            ExprKind::Number(_)
            | ExprKind::Percent(_)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::Boolean(_)
            | ExprKind::Error => {}
            ExprKind::Path(path) => self.span(&mut path.span),
            ExprKind::Or(operands) | ExprKind::And(operands) => {
                operands.iter_mut().for_each(|part| self.expr(part))
            }
            ExprKind::Not(inner) | ExprKind::Negate(inner) => self.expr(inner),
            ExprKind::Compare { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::Is { subject, what, .. } => {
                self.expr(subject);
                match what {
                    IsWhat::Present | IsWhat::Missing => {}
                    IsWhat::Value(value) => self.expr(value),
                    IsWhat::OneOf(values) => values.iter_mut().for_each(|part| self.expr(part)),
                }
            }
            ExprKind::In { subject, range, .. } => {
                self.expr(subject);
                self.range(range);
            }
            ExprKind::Sum { first, rest } => {
                self.expr(first);
                rest.iter_mut().for_each(|(_, part)| self.expr(part));
            }
            ExprKind::Product { first, rest } => {
                self.expr(first);
                for factor in rest {
                    self.expr(&mut factor.value);
                    factor.if_zero.iter_mut().for_each(|part| self.expr(part));
                }
            }
            ExprKind::IfMissing {
                subject,
                alternative,
            } => {
                self.span(&mut subject.span);
                alternative.iter_mut().for_each(|part| self.expr(part));
            }
            ExprKind::Call {
                function,
                arguments,
            } => {
                self.span(&mut function.span);
                arguments.iter_mut().for_each(|part| self.expr(part));
            }
        }
    }
}
