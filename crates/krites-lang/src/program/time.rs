//! Code for dates, datetimes and durations.

use super::Whole;
use super::from_ir_expr::Compiler;
use crate::Span;
use crate::ast::{DatePart, Unit};
use crate::ir::{Expr, ExprKind};
use crate::types::Ty;

/// A computation with time; beyond the calendar it is a fault
#[derive(Clone, Debug)]
pub(crate) struct TimeCode {
    pub(crate) form: TimeForm,
    pub(crate) span: Span,
}

/// What is computed. Two sides are one as the other.
#[derive(Clone, Debug)]
pub(crate) enum TimeForm {
    /// A date moved by so many units
    MoveDate(Whole, Whole, Unit),
    /// A datetime moved by so many units
    MoveDateTime(Whole, Whole, Unit),
    /// A datetime and a duration, subtracted where the flag is set
    Shift(Whole, Whole, bool),
    /// From the first datetime to the second
    Elapsed(Whole, Whole),
    /// Whole units from the first date to the second
    BetweenDates(Whole, Whole, Unit),
    /// Whole units from the first datetime to the second
    BetweenDateTimes(Whole, Whole, Unit),
    PartOfDate(Whole, DatePart),
    PartOfDateTime(Whole, DatePart),
    /// So many units
    Length(Whole, Unit),
}

impl Compiler {
    /// Code for a computation with time; `None` for any other.
    pub(super) fn time(&self, expr: &Expr) -> Option<Whole> {
        let whole = |part: &Expr| self.whole(part);
        let form = match &expr.kind {
            ExprKind::Move(of, amount, unit) => {
                let (of, amount, is_date) = (whole(of), whole(amount), of.ty == Ty::Date);
                match is_date {
                    true => TimeForm::MoveDate(of, amount, *unit),
                    false => TimeForm::MoveDateTime(of, amount, *unit),
                }
            }
            ExprKind::Shift(of, by, back) => TimeForm::Shift(whole(of), whole(by), *back),
            ExprKind::Elapsed(from, to) => TimeForm::Elapsed(whole(from), whole(to)),
            ExprKind::Between(unit, from, to) => match from.ty {
                Ty::Date => TimeForm::BetweenDates(whole(from), whole(to), *unit),
                _ => TimeForm::BetweenDateTimes(whole(from), whole(to), *unit),
            },
            ExprKind::Part(part, of) => match of.ty {
                Ty::Date => TimeForm::PartOfDate(whole(of), *part),
                _ => TimeForm::PartOfDateTime(whole(of), *part),
            },
            ExprKind::DurationOf(amount, unit) => TimeForm::Length(whole(amount), *unit),
            _ => return None,
        };
        let span = expr.span;
        Some(Whole::Time(Box::new(TimeCode { form, span })))
    }
}
