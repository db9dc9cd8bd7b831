//! Moves a cell that was parsed once to another place with the same text.

use crate::ast::{CellKind, CellTest, Expr, PartMut, Range};
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
        range.each_part_mut(&mut |part| self.part(part));
    }

    fn expr(self, expr: &mut Expr) {
        self.span(&mut expr.span);
        expr.each_part_mut(&mut |part| self.part(part));
    }

    fn part(self, part: PartMut<'_>) {
        match part {
            PartMut::Expr(expr) => self.expr(expr),
            PartMut::Span(span) => self.span(span),
        }
    }
}
