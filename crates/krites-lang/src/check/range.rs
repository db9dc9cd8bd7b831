//! Ranges, between constants and between computed bounds.

use std::cmp::Ordering;

use super::convert::widen;
use super::expr::boolean;
use super::{Checker, Env, codes};
use crate::ast;
use crate::ir::{self, Literal};
use crate::types::Ty;
use crate::{Diagnostic, Span};

impl Checker<'_> {
    pub(super) fn in_range(
        &mut self,
        subject: ir::Expr,
        range: &ast::Range,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        if !subject.ty.is_ordered() {
            let words = self.words(subject.ty);
            self.report(
                Diagnostic::error(
                    codes::NO_ORDER,
                    format!("{words} has no order, so it lies in no range"),
                    range.span,
                )
                .help("list the values, as in `is one of [a, b]`"),
            );
            return None;
        }
        let ty = subject.ty;
        let mut bound = |bound: &Option<ast::Bound>| match bound {
            None => Some(None),
            Some(bound) => {
                let typed = self.expr(&bound.value, Some(ty), env)?;
                self.common_type(&subject, &typed)?;
                Some(Some((Box::new(typed), bound.inclusive)))
            }
        };
        let (low, high) = (bound(&range.low), bound(&range.high));
        let (low, high) = (low?, high?);
        let constant = |bound: &Option<(Box<ir::Expr>, bool)>| {
            bound
                .as_ref()
                .and_then(|(expr, inclusive)| match &expr.kind {
                    ir::ExprKind::Literal(literal) => Some((literal.clone(), *inclusive)),
                    _ => None,
                })
        };
        self.check_order(
            &ir::ConstRange {
                low: constant(&low),
                high: constant(&high),
            },
            range.span,
        );
        let bounds = [&low, &high].into_iter().flatten();
        let fraction = bounds
            .map(|(bound, _)| bound.ty)
            .any(|found| found == Ty::Decimal);
        let ty = if fraction { Ty::Decimal } else { ty };
        let widened = |bound: Option<(Box<ir::Expr>, bool)>| {
            bound.map(|(bound, inclusive)| (Box::new(widen(*bound, ty)), inclusive))
        };
        let kind = ir::ExprKind::InRange(Box::new(widen(subject, ty)), widened(low), widened(high));
        Some(boolean(kind, span))
    }

    /// Types a range between constants.
    pub(super) fn constant_range(&mut self, range: &ast::Range, ty: Ty) -> Option<ir::ConstRange> {
        if !ty.is_ordered() {
            let words = self.words(ty);
            self.report(
                Diagnostic::error(
                    codes::RANGE_WITHOUT_ORDER,
                    format!("{words} has no order, so it can have no range"),
                    range.span,
                )
                .help("leave the range out"),
            );
            return None;
        }
        let mut bound = |bound: &Option<ast::Bound>| match bound {
            None => Some(None),
            Some(bound) => self
                .constant(&bound.value, ty)
                .map(|value| Some((value, bound.inclusive))),
        };
        let (low, high) = (bound(&range.low), bound(&range.high));
        let found = ir::ConstRange {
            low: low?,
            high: high?,
        };
        self.check_order(&found, range.span);
        Some(found)
    }

    /// Reports a range that nothing can lie in.
    fn check_order(&mut self, range: &ir::ConstRange, span: Span) {
        let (Some((low, low_in)), Some((high, high_in))) = (&range.low, &range.high) else {
            return;
        };
        let empty = match low.order(high) {
            Some(Ordering::Greater) => true,
            Some(Ordering::Equal) => !(*low_in && *high_in),
            Some(Ordering::Less) | None => false,
        };
        if empty {
            self.report(
                Diagnostic::error(codes::EMPTY_RANGE, "nothing lies in this range", span)
                    .label("it ends before it begins")
                    .help("write the smaller bound first, as in `12 to 36`"),
            );
        }
    }

    /// Reports a constant outside a declared range.
    pub(super) fn check_inside(
        &mut self,
        value: &Literal,
        range: Option<&ir::ConstRange>,
        name: &str,
        declared: Option<Span>,
        span: Span,
    ) {
        if range.is_none_or(|range| range.contains(value)) {
            return;
        }
        let mut diagnostic = Diagnostic::error(
            codes::OUTSIDE_RANGE,
            format!("this value lies outside the range of `{name}`"),
            span,
        )
        .help("give a value inside the declared range, or widen it");
        if let Some(declared) = declared {
            diagnostic = diagnostic.evidence(declared, "the range is declared here");
        }
        self.report(diagnostic);
    }
}
