//! Literals take the type of the other side.

use std::sync::Arc;

use super::foreign::written_here;
use super::{Checker, Env, codes};
use crate::ast::{self, ExprKind};
use crate::ir::{self, Literal};
use crate::types::{Date, DeclaredTy, Ty};
use crate::{Diagnostic, Exact, Help, Span};

impl Checker<'_> {
    /// Types a literal, by `hint` where the other side tells the type.
    pub(super) fn literal(&mut self, expr: &ast::Expr, hint: Option<Ty>) -> Option<ir::Expr> {
        let span = expr.span;
        let ty = match (&expr.kind, hint) {
            (ExprKind::Number(text), hint) => return self.number(text, hint, span),
            (ExprKind::Percent(text), hint) => return self.percent(text, hint, span),
            (ExprKind::Text(text), None | Some(Ty::Text)) => {
                return Some(typed(
                    Literal::Text(Arc::from(text.as_str())),
                    Ty::Text,
                    span,
                ));
            }
            (ExprKind::Boolean(value), None | Some(Ty::Boolean)) => {
                return Some(typed(Literal::Boolean(*value), Ty::Boolean, span));
            }
            (ExprKind::Date(text), None | Some(Ty::Date)) => {
                let Some(date) = Date::parse(text) else {
                    self.no_such_day(text, span);
                    return None;
                };
                return Some(typed(Literal::Date(date), Ty::Date, span));
            }
            (ExprKind::Datetime(text), None | Some(Ty::DateTime)) => {
                return self.datetime(text, span);
            }
            (_, Some(ty)) => ty,
            (_, None) => return None,
        };
        self.does_not_fit(expr, ty);
        None
    }

    pub(super) fn no_such_day(&mut self, text: &str, span: Span) {
        self.report(
            Diagnostic::error(
                codes::NO_SUCH_DATE,
                format!("the calendar has no day {text}"),
                span,
            )
            .help("write year, month and day, as in `2026-11-02`"),
        );
    }

    /// Types a constant of a declared type: a literal, or a label of the enum.
    pub(super) fn constant(&mut self, expr: &ast::Expr, ty: Ty) -> Option<Literal> {
        let typed = match (&expr.kind, ty) {
            (ExprKind::Error, _) => None,
            (ExprKind::Path(path), Ty::Enum(id)) => {
                let name = ast::Name {
                    text: path.text.clone(),
                    span: path.span,
                };
                return self.label(id, &name).map(Literal::Label);
            }
            (ExprKind::Negate(inner), _) if is_literal(inner) => {
                let mut literal = self.literal(inner, Some(ty))?;
                negate(&mut literal);
                Some(literal)
            }
            (ExprKind::Quantity { amount, unit }, Ty::Duration) if is_literal(amount) => {
                self.quantity(amount, *unit, expr.span, &Env::default())
            }
            _ if is_literal(expr) => self.literal(expr, Some(ty)),
            _ => {
                self.does_not_fit(expr, ty);
                None
            }
        }?;
        match typed.kind {
            ir::ExprKind::Literal(literal) => Some(literal),
            _ => None,
        }
    }

    pub(super) fn number(&mut self, text: &str, hint: Option<Ty>, span: Span) -> Option<ir::Expr> {
        let value = self.parse_number(text, span)?;
        match hint {
            None | Some(Ty::Integer) => match value.to_integer() {
                Some(whole) if hint.is_some() || !text.contains('.') => {
                    Some(typed(Literal::Integer(whole), Ty::Integer, span))
                }
                _ if hint.is_none() => Some(typed(Literal::Exact(value), Ty::Decimal, span)),
                _ => {
                    self.report(
                        Diagnostic::error(
                            codes::LITERAL_DOES_NOT_FIT,
                            format!("a whole number is needed here, {text} is none"),
                            span,
                        )
                        .help(if value.places() > 0 {
                            let whole = value.round(0, ast::Rounding::Down);
                            format!("write a whole number, as in `{whole}`")
                        } else {
                            "write a whole number of at most 18 digits".to_owned()
                        }),
                    );
                    None
                }
            },
            Some(ty @ (Ty::Decimal | Ty::Money(_) | Ty::MoneyOf(_) | Ty::Float)) => {
                Some(typed(Literal::Exact(value), ty, span))
            }
            Some(Ty::Percent) => {
                let as_fraction = value
                    .multiply(Exact::from_integer(100))
                    .map(|percent| percent.to_string());
                let mut help = Help::write(&format!("{text}%"));
                if let Ok(percent) = as_fraction
                    && value.abs() <= Exact::from_integer(1)
                    && !value.is_zero()
                {
                    help = format!(
                        "write `{percent}%` if the fraction {text} is meant, `{text}%` otherwise"
                    )
                    .into();
                }
                self.report(
                    Diagnostic::error(
                        codes::PERCENT_WITHOUT_SIGN,
                        format!("a percentage is needed here, {text} is a bare number"),
                        span,
                    )
                    .help(help),
                );
                None
            }
            Some(ty) => {
                let wanted = self.words(ty);
                let help = match ty {
                    Ty::Text => format!("put text in quotes: `\"{text}\"`"),
                    Ty::Date => "write a date as in `2026-11-02`".to_owned(),
                    Ty::DateTime => "write a datetime as in `2026-11-02T14:30`".to_owned(),
                    Ty::Duration if value.places() > 0 => {
                        "write a whole number of a unit, as in `90 minutes`".to_owned()
                    }
                    Ty::Duration => format!("say of what: `{text} days`, `{text} hours`"),
                    Ty::Boolean => "write `true` or `false`".to_owned(),
                    Ty::Enum(id) => self.labels_in_words(id),
                    _ => "write a number".to_owned(),
                };
                self.report(
                    Diagnostic::error(
                        codes::LITERAL_DOES_NOT_FIT,
                        format!("{wanted} is needed here, {text} is a number"),
                        span,
                    )
                    .help(help),
                );
                None
            }
        }
    }

    pub(super) fn percent(&mut self, text: &str, hint: Option<Ty>, span: Span) -> Option<ir::Expr> {
        let hundredth = Exact::new(1, 2).unwrap_or_default();
        let Ok(value) = self.parse_number(text, span)?.multiply(hundredth) else {
            self.report(
                Diagnostic::error(
                    codes::NUMBER_TOO_LONG,
                    "this percentage has too many digits",
                    span,
                )
                .help("percentages carry 28 digits, at most 26 of them behind the point"),
            );
            return None;
        };
        match hint {
            None | Some(Ty::Percent) => Some(typed(Literal::Exact(value), Ty::Percent, span)),
            Some(Ty::Decimal) => Some(typed(Literal::Exact(value), Ty::Decimal, span)),
            Some(ty) => {
                let wanted = self.words(ty);
                self.report(
                    Diagnostic::error(
                        codes::LITERAL_DOES_NOT_FIT,
                        format!("{wanted} is needed here, {text}% is a percentage"),
                        span,
                    )
                    .help(format!("write a value without the sign of percent, or multiply, as in `x * {text}%`")),
                );
                None
            }
        }
    }

    fn parse_number(&mut self, text: &str, span: Span) -> Option<Exact> {
        let parsed = Exact::parse(text);
        if parsed.is_err() {
            self.report(
                Diagnostic::error(
                    codes::NUMBER_TOO_LONG,
                    "this number has more than 28 digits",
                    span,
                )
                .help("numbers carry 28 digits, at most 28 of them behind the point"),
            );
        }
        parsed.ok()
    }

    /// Reports a constant with more digits than its declared type has.
    pub(super) fn check_digits(&mut self, value: &Literal, ty: DeclaredTy, span: Span) {
        let (Literal::Exact(value), Some(places)) = (value, ty.places) else {
            return;
        };
        if value.places() <= places {
            return;
        }
        let digits = match ty.ty {
            Ty::Percent => places.saturating_sub(2),
            _ => places,
        };
        let words = self.words(ty.ty);
        self.report(
            Diagnostic::error(
                codes::LITERAL_DOES_NOT_FIT,
                format!(
                    "{words} has at most {digits} digit{} behind the point here",
                    if digits == 1 { "" } else { "s" }
                ),
                span,
            )
            .label("this has more")
            .help("write fewer digits, or declare the type with more"),
        );
    }

    fn does_not_fit(&mut self, expr: &ast::Expr, ty: Ty) {
        if ty == Ty::Date && self.is_day_by_slashes(expr) {
            return;
        }
        let help: Help = match (ty, &expr.kind) {
            (Ty::Enum(id), ExprKind::Text(text)) => {
                let labels = &self.enums[id].labels;
                let by_wire = labels
                    .iter()
                    .find(|label| *label.wire == **text || *label.name == **text);
                match by_wire {
                    Some(label) => Help::certain(
                        format!("write the label without quotes: `{}`", label.name),
                        &*label.name,
                    ),
                    None => self.labels_in_words(id).into(),
                }
            }
            (Ty::Date, ExprKind::Text(text)) if Date::parse(text).is_some() => Help::certain(
                format!("write the date without quotes: `{text}`"),
                text.as_str(),
            ),
            (Ty::Boolean, ExprKind::Path(path)) if let Some(word) = written_here(&path.text) => {
                Help::write(word)
            }
            (Ty::Text, _) => "put text in quotes, as in `\"abc\"`".into(),
            (Ty::Date, ExprKind::Datetime(text)) => {
                format!("write its date: `{}`", text.get(..10).unwrap_or(text)).into()
            }
            (Ty::Date, _) => "write a date as in `2026-11-02`".into(),
            (Ty::DateTime, ExprKind::Date(text)) => {
                format!("write the time of day too: `{text}T00:00`").into()
            }
            (Ty::DateTime, _) => "write a datetime as in `2026-11-02T14:30`".into(),
            (Ty::Duration, _) => "write a duration, as in `30 days`".into(),
            (Ty::Boolean, _) => "write `true` or `false`".into(),
            (Ty::Money(_) | Ty::MoneyOf(_), ExprKind::Percent(_)) => {
                "write an amount, as in `12_000`, or multiply: `x * 5%`".into()
            }
            (Ty::Integer, _) => "write a whole number, as in `12`".into(),
            (Ty::Percent, _) => "write a percentage, as in `12.5%`".into(),
            (Ty::Money(_) | Ty::MoneyOf(_), _) => "write an amount, as in `12_000`".into(),
            (Ty::Enum(id), _) => self.labels_in_words(id).into(),
            _ => "write a number, as in `12.5`".into(),
        };
        let wanted = self.words(ty);
        self.report(
            Diagnostic::error(
                codes::LITERAL_DOES_NOT_FIT,
                format!("{wanted} is needed here"),
                expr.span,
            )
            .label(match &expr.kind {
                ExprKind::Text(_) => "this is text",
                ExprKind::Date(_) => "this is a date",
                ExprKind::Datetime(_) => "this is a datetime",
                ExprKind::Quantity { .. } => "this is a length of time",
                ExprKind::Boolean(_) => "this is true or false",
                ExprKind::Percent(_) => "this is a percentage",
                ExprKind::Number(_) => "this is a number",
                _ => "this is no constant",
            })
            .help(help),
        );
    }
}

/// Tells whether an expression is a literal, which takes the other side's type.
/// A label counts: it has a type only by what stands beside it.
pub(super) fn is_literal(expr: &ast::Expr) -> bool {
    match &expr.kind {
        ExprKind::Number(_)
        | ExprKind::Percent(_)
        | ExprKind::Text(_)
        | ExprKind::Date(_)
        | ExprKind::Datetime(_)
        | ExprKind::Boolean(_) => true,
        ExprKind::Negate(inner) => is_literal(inner),
        _ => false,
    }
}

pub(super) fn typed(literal: Literal, ty: Ty, span: Span) -> ir::Expr {
    ir::Expr {
        kind: ir::ExprKind::Literal(literal),
        ty,
        optional: false,
        span,
    }
}

/// Gives a literal the other sign.
pub(super) fn negate(expr: &mut ir::Expr) {
    match &mut expr.kind {
        ir::ExprKind::Literal(Literal::Integer(value)) => *value = value.wrapping_neg(),
        ir::ExprKind::Literal(Literal::Exact(value)) => *value = value.negate(),
        _ => {}
    }
}
