//! Lengths of time, what has passed between two, and parts of dates.
//! Invariant: a month has no length, a date no time of day.

use super::literal::typed;
use super::{Checker, Env, codes};
use crate::ast::{self, DatePart, Unit};
use crate::ir::{self, Literal};
use crate::types::Ty;
use crate::{Diagnostic, Span};

impl Checker<'_> {
    /// Types a length of time by itself: `30 days`.
    pub(super) fn quantity(
        &mut self,
        amount: &ast::Expr,
        unit: Unit,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let amount = self.amount(amount, unit, env)?;
        let Some(length) = unit.length() else {
            let unit = unit_words(unit);
            self.report(
                Diagnostic::error(
                    codes::NO_LENGTH,
                    format!("{unit} have no length of their own"),
                    span,
                )
                .label("how long depends on the date")
                .help(format!(
                    "write days, as in `60 days`, or move a date by it, as in `decision_date + 2 {unit}`"
                )),
            );
            return None;
        };
        let kind = match amount.kind {
            ir::ExprKind::Literal(Literal::Integer(count)) => match count.checked_mul(length) {
                Some(length) => return Some(typed(Literal::Duration(length), Ty::Duration, span)),
                None => {
                    self.report(
                        Diagnostic::error(
                            codes::NUMBER_TOO_LONG,
                            "this duration is too long",
                            span,
                        )
                        .help("durations go up to some 292,000 years"),
                    );
                    return None;
                }
            },
            _ => ir::ExprKind::DurationOf(Box::new(amount), unit),
        };
        Some(of_type(kind, Ty::Duration, span))
    }

    /// Types how many units there are.
    pub(super) fn amount(&mut self, amount: &ast::Expr, unit: Unit, env: &Env) -> Option<ir::Expr> {
        let typed = self.maybe(amount, Some(Ty::Integer), env)?;
        if typed.ty == Ty::Integer && !typed.optional {
            return Some(typed);
        }
        let units = unit_words(unit);
        self.report(if typed.optional {
            let name = self.written(amount);
            Diagnostic::error(
                codes::MAY_BE_MISSING,
                format!("`{name}` may be missing here"),
                amount.span,
            )
            .help(format!(
                "say what stands in, `({name} if missing 0) {units}`, or ask before: `{name} is present and …`"
            ))
        } else {
            let found = self.words(typed.ty);
            Diagnostic::error(
                codes::TYPES_DIFFER,
                format!("the number of {units} is a whole number"),
                amount.span,
            )
            .label(self.declared_words(&typed, &found))
            .help(format!(
                "write a number, or the name of an `integer`, before `{units}`"
            ))
        });
        None
    }

    /// Types `years from a to b`.
    pub(super) fn between(
        &mut self,
        unit: Unit,
        from: &ast::Expr,
        to: &ast::Expr,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let (from, to) = (self.expr(from, None, env), self.expr(to, None, env));
        let (from, to) = (from?, to?);
        let units = unit_words(unit);
        let problem = match (from.ty, to.ty) {
            (Ty::Date, Ty::Date) if is_of_day(unit) => Some((
                &to,
                format!("dates have no time of day to tell {units} by"),
                "ask for days, as in `days from a to b`".to_owned(),
            )),
            (Ty::Date, Ty::Date) => None,
            (Ty::DateTime, Ty::DateTime) if is_of_day(unit) => None,
            (Ty::DateTime, Ty::DateTime) => {
                self.zone(&format!("how many {units} have passed"), span)?;
                None
            }
            (Ty::Date, Ty::DateTime) | (Ty::DateTime, Ty::Date) => Some((
                &to,
                "one side is a date, the other one a datetime".to_owned(),
                "take the date of the datetime, in the policy's time zone: `date of t`".to_owned(),
            )),
            (Ty::Date | Ty::DateTime, _) => Some((
                &to,
                format!("{units} pass between dates or datetimes"),
                format!("write dates on both sides, as in `{units} from opened to decision_date`"),
            )),
            _ => Some((
                &from,
                format!("{units} pass between dates or datetimes"),
                format!("write dates on both sides, as in `{units} from opened to decision_date`"),
            )),
        };
        if let Some((side, headline, help)) = problem {
            let words = self.words(side.ty);
            self.report(
                Diagnostic::error(codes::TIME_DOES_NOT_FIT, headline, side.span)
                    .label(self.declared_words(side, &words))
                    .help(help),
            );
            return None;
        }
        let kind = ir::ExprKind::Between(unit, Box::new(from), Box::new(to));
        Some(of_type(kind, Ty::Integer, span))
    }

    /// Types `year of d`.
    pub(super) fn part(
        &mut self,
        part: DatePart,
        of: &ast::Expr,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let of = self.expr(of, None, env)?;
        let word = part_word(part);
        let of_instants = matches!(part, DatePart::Hour | DatePart::Minute | DatePart::Date);
        let help = match of.ty {
            Ty::Date if !of_instants => None,
            Ty::DateTime => {
                self.zone(&format!("the {word} of a datetime"), span)?;
                None
            }
            Ty::Date if part == DatePart::Date => Some("leave out `date of`".to_owned()),
            Ty::Date => Some("declare it as a `datetime`, or ask for its `day`".to_owned()),
            _ => Some(format!(
                "name a date or datetime, as in `{word} of decision_date`"
            )),
        };
        if let Some(help) = help {
            let words = self.words(of.ty);
            self.report(
                Diagnostic::error(
                    codes::TIME_DOES_NOT_FIT,
                    format!("{words} has no {word}"),
                    of.span,
                )
                .label(self.declared_words(&of, &words))
                .help(help),
            );
            return None;
        }
        let ty = match part {
            DatePart::Date => Ty::Date,
            _ => Ty::Integer,
        };
        Some(of_type(ir::ExprKind::Part(part, Box::new(of)), ty, span))
    }
}

/// Tells whether a unit is one of the time of day.
pub(super) fn is_of_day(unit: Unit) -> bool {
    matches!(unit, Unit::Seconds | Unit::Minutes | Unit::Hours)
}

pub(super) fn unit_words(unit: Unit) -> &'static str {
    match unit {
        Unit::Seconds => "seconds",
        Unit::Minutes => "minutes",
        Unit::Hours => "hours",
        Unit::Days => "days",
        Unit::Weeks => "weeks",
        Unit::Months => "months",
        Unit::Years => "years",
    }
}

fn part_word(part: DatePart) -> &'static str {
    match part {
        DatePart::Year => "year",
        DatePart::Month => "month",
        DatePart::Day => "day",
        DatePart::Weekday => "weekday",
        DatePart::Hour => "hour",
        DatePart::Minute => "minute",
        DatePart::Date => "date",
    }
}

pub(super) fn of_type(kind: ir::ExprKind, ty: Ty, span: Span) -> ir::Expr {
    ir::Expr {
        kind,
        ty,
        optional: false,
        span,
    }
}
