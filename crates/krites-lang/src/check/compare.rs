//! Comparisons: both sides have one type, and a literal takes the other's.

use super::convert::widen;
use super::expr::boolean;
use super::literal::is_literal;
use super::{Checker, Env, codes};
use crate::ast::{self, CompareOp, ExprKind, IsWhat};
use crate::ir;
use crate::types::Ty;
use crate::{Diagnostic, Span};

impl Checker<'_> {
    pub(super) fn compare(
        &mut self,
        (op, worded): (CompareOp, bool),
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let (left, right) = self.two_sides(left, right, env)?;
        if !left.ty.is_ordered() {
            let (headline, help) = match left.ty {
                Ty::Enum(id) => (
                    format!(
                        "labels of `{}` are compared by `is` alone",
                        self.enums[id].name
                    ),
                    "list the labels that are meant: `is one of [a, b]`",
                ),
                ty => (
                    format!("{} has no order", self.words(ty)),
                    "ask for equality, `is` or `is not`, or for several, `is one of [a, b]`",
                ),
            };
            self.report(Diagnostic::error(codes::NO_ORDER, headline, span).help(help));
            return None;
        }
        if worded && !matches!(left.ty, Ty::Date | Ty::DateTime) {
            let (word, sign) = match op {
                CompareOp::Less | CompareOp::LessOrEqual => ("before", "<"),
                CompareOp::Greater | CompareOp::GreaterOrEqual => ("after", ">"),
            };
            let words = self.words(left.ty);
            self.report(
                Diagnostic::error(
                    codes::TIME_DOES_NOT_FIT,
                    format!("`{word}` is said of dates and datetimes"),
                    left.span,
                )
                .label(self.declared_words(&left, &words))
                .help(format!("write `{sign}`")),
            );
            return None;
        }
        Some(boolean(
            ir::ExprKind::Compare(op, Box::new(left), Box::new(right)),
            span,
        ))
    }

    pub(super) fn is(
        &mut self,
        subject: &ast::Expr,
        what: &IsWhat,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        match what {
            IsWhat::Present | IsWhat::Missing => {
                let present = self.present(subject, env)?;
                let found = boolean(ir::ExprKind::Present(present), span);
                Some(match what {
                    IsWhat::Missing => boolean(ir::ExprKind::Not(Box::new(found)), span),
                    _ => found,
                })
            }
            IsWhat::Value(value) if self.asks_for_missing(subject, value) => None,
            IsWhat::Value(value) => {
                let (left, right) = self.two_sides(subject, value, env)?;
                Some(boolean(
                    ir::ExprKind::OneOf(Box::new(left), vec![right]),
                    span,
                ))
            }
            IsWhat::OneOf(values) if values.is_empty() => {
                self.report(
                    Diagnostic::error(codes::EMPTY_LIST, "nothing is one of an empty list", span)
                        .help("list the values: `is one of [a, b]`"),
                );
                None
            }
            IsWhat::OneOf(values) => {
                let subject = self.expr(subject, None, env)?;
                let typed: Vec<Option<ir::Expr>> = values
                    .iter()
                    .map(|value| {
                        let value = self.expr(value, Some(subject.ty), env)?;
                        self.common_type(&subject, &value).map(|_| value)
                    })
                    .collect();
                let typed = typed.into_iter().collect::<Option<Vec<ir::Expr>>>()?;
                // One fraction among them makes all of them plain numbers.
                let fraction = typed.iter().any(|value| value.ty == Ty::Decimal);
                let ty = if fraction { Ty::Decimal } else { subject.ty };
                let typed = typed.into_iter().map(|value| widen(value, ty)).collect();
                let subject = Box::new(widen(subject, ty));
                Some(boolean(ir::ExprKind::OneOf(subject, typed), span))
            }
        }
    }

    /// Types two sides that must have one type; a literal takes the other's.
    fn two_sides(
        &mut self,
        left: &ast::Expr,
        right: &ast::Expr,
        env: &Env,
    ) -> Option<(ir::Expr, ir::Expr)> {
        let right_first = self.takes_other_type(left) && !self.takes_other_type(right);
        let (left, right) = if right_first {
            let right = self.expr(right, None, env);
            let left = right
                .as_ref()
                .and_then(|right| self.expr(left, Some(right.ty), env));
            (left, right)
        } else {
            let left_typed = self.expr(left, None, env);
            let hint = left_typed.as_ref().map(|left| left.ty);
            let right = match hint {
                // Without the left side's type a literal cannot be judged.
                None if self.takes_other_type(right) => None,
                Some(Ty::Date) if self.is_day_by_slashes(right) => None,
                hint => self.expr(right, hint, env),
            };
            (left_typed, right)
        };
        self.same_type(left?, right?)
    }

    /// Tells whether an expression takes its type from the other side: literals,
    /// and words that are no value but a label of some enum.
    fn takes_other_type(&self, expr: &ast::Expr) -> bool {
        match &expr.kind {
            ExprKind::Path(path) => {
                !self.is_named(&path.text) && self.label_owner(&path.text).is_some()
            }
            _ => is_literal(expr),
        }
    }
}
