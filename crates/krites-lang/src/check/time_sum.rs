//! Sums with dates, datetimes and durations: what moves what, and by which units.

use super::literal::typed;
use super::time::{is_of_day, of_type, unit_words};
use super::{Checker, Env, codes};
use crate::ast::{self, ExprKind, SumOp, Unit};
use crate::ir::{self, Literal};
use crate::types::Ty;
use crate::{Diagnostic, Span};

/// How often one sum may move a date: each time nests it deeper
const MAX_MOVES: usize = 64;

/// A term of a sum, with its type where it was found before
pub(super) type Term<'e> = (SumOp, &'e ast::Expr, Option<ir::Expr>);

impl Checker<'_> {
    /// Types a sum in which a date, a datetime or a length of time stands, from
    /// left to right.
    pub(super) fn sum_of_times(
        &mut self,
        terms: Vec<Term<'_>>,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let mut terms = terms.into_iter();
        let (_, first, found) = terms.next()?;
        let mut so_far = self.term(first, found, env)?;
        let mut moves = 0;
        for (op, term, found) in terms {
            let moving = is_date(so_far.ty);
            moves += usize::from(moving);
            if moves > MAX_MOVES {
                self.too_many_moves(term.span);
                return None;
            }
            so_far = match &term.kind {
                ExprKind::Quantity { amount, unit } if moving => {
                    let amount = self.amount(amount, *unit, env)?;
                    self.moved(so_far, op, amount, *unit, term.span)?
                }
                _ => {
                    let term = self.term(term, found, env)?;
                    self.added(so_far, op, term)?
                }
            };
        }
        Some(ir::Expr { span, ..so_far })
    }

    fn term(&mut self, term: &ast::Expr, found: Option<ir::Expr>, env: &Env) -> Option<ir::Expr> {
        found.or_else(|| self.expr(term, None, env))
    }

    /// `opened + 1 year`, `sent - 30 minutes`
    fn moved(
        &mut self,
        date: ir::Expr,
        op: SumOp,
        amount: ir::Expr,
        unit: Unit,
        term: Span,
    ) -> Option<ir::Expr> {
        let (ty, span) = (date.ty, date.span.to(term));
        if ty == Ty::Date && is_of_day(unit) {
            let units = unit_words(unit);
            self.report(
                Diagnostic::error(
                    codes::TIME_DOES_NOT_FIT,
                    format!("a date has no time of day to add {units} to"),
                    term,
                )
                .evidence(date.span, "this is a date")
                .help("move it by days, weeks, months or years, or declare it as a `datetime`"),
            );
            return None;
        }
        if ty == Ty::DateTime && !is_of_day(unit) {
            let what = format!("a datetime moved by {}", unit_words(unit));
            self.zone(&what, term)?;
        }
        let amount = match op {
            SumOp::Add => amount,
            SumOp::Subtract => opposite(amount),
        };
        let kind = ir::ExprKind::Move(Box::new(date), Box::new(amount), unit);
        Some(of_type(kind, ty, span))
    }

    /// What a sum so far and one more term come to.
    fn added(&mut self, left: ir::Expr, op: SumOp, right: ir::Expr) -> Option<ir::Expr> {
        let span = left.span.to(right.span);
        let (kind, ty) = match (left.ty, op, right.ty) {
            (Ty::DateTime, _, Ty::Duration) => {
                let back = op == SumOp::Subtract;
                let kind = ir::ExprKind::Shift(Box::new(left), Box::new(right), back);
                (kind, Ty::DateTime)
            }
            (Ty::DateTime, SumOp::Subtract, Ty::DateTime) => {
                let kind = ir::ExprKind::Elapsed(Box::new(right), Box::new(left));
                (kind, Ty::Duration)
            }
            // Chains stay flat.
            (Ty::Duration, _, Ty::Duration) => {
                let (first, mut rest) = match left.kind {
                    ir::ExprKind::Sum(first, rest) => (first, rest),
                    kind => (Box::new(ir::Expr { kind, ..left }), Vec::new()),
                };
                rest.push((op, right));
                (ir::ExprKind::Sum(first, rest), Ty::Duration)
            }
            _ => {
                self.not_added(&left, op, &right);
                return None;
            }
        };
        Some(of_type(kind, ty, span))
    }

    fn not_added(&mut self, left: &ir::Expr, op: SumOp, right: &ir::Expr) {
        let (left_words, right_words) = (self.words(left.ty), self.words(right.ty));
        let verb = match op {
            SumOp::Add => "added to",
            SumOp::Subtract => "subtracted from",
        };
        let help = self.instead_of_adding(left, op, right);
        self.report(
            Diagnostic::error(
                codes::TIME_DOES_NOT_FIT,
                format!("{right_words} cannot be {verb} {left_words}"),
                right.span,
            )
            .label(self.declared_words(right, &right_words))
            .evidence(left.span, self.declared_words(left, &left_words))
            .help(help),
        );
    }

    fn instead_of_adding(&self, left: &ir::Expr, op: SumOp, right: &ir::Expr) -> String {
        let name = |expr: &ir::Expr| self.value_name(expr);
        let help = match (left.ty, op, right.ty) {
            (Ty::Date, SumOp::Subtract, Ty::Date) => match (name(left), name(right)) {
                (Some(left), Some(right)) => return format!("write `days from {right} to {left}`"),
                _ => "write `days from a to b`",
            },
            (Ty::Date, _, Ty::DateTime) | (Ty::DateTime, _, Ty::Date) => {
                "take the date of the datetime, in the policy's time zone: `date of t`"
            }
            (Ty::Date, _, Ty::Duration) => {
                "a date moves by days, weeks, months or years: `opened + 30 days`, `opened + (a + b) days`"
            }
            (Ty::Duration | Ty::Integer, SumOp::Add, to) if is_date(to) => {
                "write the date first, as in `opened + 2 days`"
            }
            (from, _, Ty::Integer) if is_date(from) => match name(right) {
                Some(right) => return format!("say of what: `{right} days`, `{right} months`"),
                None => "say of what: `30 days`, `1 month`",
            },
            (Ty::Duration, _, Ty::Integer) | (Ty::Integer, _, Ty::Duration) => {
                "say of what the number is: `30 minutes`, `n days`"
            }
            (from, _, by) if !is_date(from) && !is_date(by) => {
                "a duration goes with durations and datetimes, as in `wait + 2 hours`"
            }
            _ => "a date is moved by a number of days, weeks, months or years: `opened + 30 days`",
        };
        help.to_owned()
    }

    fn too_many_moves(&mut self, span: Span) {
        self.report(
            Diagnostic::error(
                codes::TOO_DEEP,
                format!("a date is moved more than {MAX_MOVES} times in one sum"),
                span,
            )
            .help("give the date so far a name of its own, in `define`"),
        );
    }
}

fn is_date(ty: Ty) -> bool {
    matches!(ty, Ty::Date | Ty::DateTime)
}

/// A number with the other sign.
fn opposite(amount: ir::Expr) -> ir::Expr {
    let span = amount.span;
    match amount.kind {
        ir::ExprKind::Literal(Literal::Integer(count)) if count != i64::MIN => {
            typed(Literal::Integer(-count), Ty::Integer, span)
        }
        _ => of_type(ir::ExprKind::Negate(Box::new(amount)), Ty::Integer, span),
    }
}
