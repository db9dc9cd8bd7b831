//! Literals take the type of the other side.

use std::sync::Arc;

use super::codes;
use super::{Checker, names::Meaning};
use crate::ast::{self, ExprKind};
use crate::ir::{self, Literal};
use crate::types::{Date, DeclaredTy, Ty};
use crate::{Diagnostic, Exact, Span};

/// Tells whether an expression is a literal, which takes the other side's type.
/// A label counts: it has a type only by what stands beside it.
pub(super) fn is_literal(expr: &ast::Expr) -> bool {
    match &expr.kind {
        ExprKind::Number(_)
        | ExprKind::Percent(_)
        | ExprKind::Text(_)
        | ExprKind::Date(_)
        | ExprKind::Boolean(_) => true,
        ExprKind::Negate(inner) => is_literal(inner),
        _ => false,
    }
}

fn typed(literal: Literal, ty: Ty, span: Span) -> ir::Expr {
    ir::Expr {
        kind: ir::ExprKind::Literal(literal),
        ty,
        optional: false,
        span,
    }
}

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
                    self.report(
                        Diagnostic::error(
                            codes::NO_SUCH_DATE,
                            format!("the calendar has no day {text}"),
                            span,
                        )
                        .help("write year, month and day, as in `2026-11-02`"),
                    );
                    return None;
                };
                return Some(typed(Literal::Date(date), Ty::Date, span));
            }
            (_, Some(ty)) => ty,
            (_, None) => return None,
        };
        self.does_not_fit(expr, ty);
        None
    }

    fn does_not_fit(&mut self, expr: &ast::Expr, ty: Ty) {
        let help = match (ty, &expr.kind) {
            (Ty::Enum(id), ExprKind::Text(text)) => {
                let labels = &self.enums[id].labels;
                let by_wire = labels
                    .iter()
                    .find(|label| *label.wire == **text || *label.name == **text);
                match by_wire {
                    Some(label) => format!("write the label without quotes: `{}`", label.name),
                    None => {
                        let names: Vec<&str> = labels.iter().map(|label| &*label.name).collect();
                        format!("its labels are {}", names.join(", "))
                    }
                }
            }
            (Ty::Text, _) => "put text in quotes, as in `\"abc\"`".to_owned(),
            (Ty::Date, _) => "write a date as in `2026-11-02`".to_owned(),
            (Ty::Boolean, _) => "write `true` or `false`".to_owned(),
            (Ty::Money(_), ExprKind::Percent(_)) => {
                "write an amount, as in `12_000`, or multiply: `x * 5%`".to_owned()
            }
            (Ty::Integer, _) => "write a whole number, as in `12`".to_owned(),
            (Ty::Percent, _) => "write a percentage, as in `12.5%`".to_owned(),
            (Ty::Money(_), _) => "write an amount, as in `12_000`".to_owned(),
            (Ty::Enum(id), _) => {
                let labels = self.enums[id].labels.iter().map(|label| &*label.name);
                format!("its labels are {}", labels.collect::<Vec<_>>().join(", "))
            }
            _ => "write a number, as in `12.5`".to_owned(),
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
                ExprKind::Boolean(_) => "this is true or false",
                ExprKind::Percent(_) => "this is a percentage",
                ExprKind::Number(_) => "this is a number",
                _ => "this is no constant",
            })
            .help(help),
        );
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

    fn number(&mut self, text: &str, hint: Option<Ty>, span: Span) -> Option<ir::Expr> {
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
            Some(ty @ (Ty::Decimal | Ty::Money(_))) => Some(typed(Literal::Exact(value), ty, span)),
            Some(Ty::Percent) => {
                let as_fraction = value
                    .multiply(Exact::from_integer(100))
                    .map(|percent| percent.to_string());
                let mut help = format!("write `{text}%`");
                if let Ok(percent) = as_fraction
                    && value.abs() <= Exact::from_integer(1)
                    && !value.is_zero()
                {
                    help = format!(
                        "write `{percent}%` if the fraction {text} is meant, `{text}%` otherwise"
                    );
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
                    Ty::Boolean => "write `true` or `false`".to_owned(),
                    Ty::Enum(id) => {
                        let labels: Vec<&str> = self.enums[id]
                            .labels
                            .iter()
                            .map(|label| &*label.name)
                            .collect();
                        format!("its labels are {}", labels.join(", "))
                    }
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

    fn percent(&mut self, text: &str, hint: Option<Ty>, span: Span) -> Option<ir::Expr> {
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
    pub(super) fn check_order(&mut self, range: &ir::ConstRange, span: Span) {
        let (Some((low, low_in)), Some((high, high_in))) = (&range.low, &range.high) else {
            return;
        };
        let empty = match (low, high) {
            (Literal::Integer(low), Literal::Integer(high)) => {
                low > high || (low == high && !(*low_in && *high_in))
            }
            (Literal::Exact(low), Literal::Exact(high)) => {
                low > high || (low == high && !(*low_in && *high_in))
            }
            (Literal::Date(low), Literal::Date(high)) => {
                low > high || (low == high && !(*low_in && *high_in))
            }
            _ => false,
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

    /// The declared type of a value by name, as evidence and for narrowing.
    pub(super) fn value_type(&mut self, value: ir::Value) -> Option<DeclaredTy> {
        use crate::Id as _;
        match value {
            ir::Value::Input(id) => Some(self.inputs[id].ty),
            ir::Value::DecisionDate => Some(DeclaredTy {
                ty: Ty::Date,
                optional: false,
                places: None,
            }),
            ir::Value::Definition(id) => self.definition(id),
            ir::Value::Table(id, output) => self
                .tables
                .get(id.position())?
                .outputs
                .get(output as usize)
                .copied()
                .flatten(),
            ir::Value::Model(id, give) => self
                .model_heads
                .get(id.position())?
                .gives
                .get(give as usize)
                .copied()
                .flatten(),
            ir::Value::Outcome => self.outcome.map(|id| DeclaredTy {
                ty: Ty::Enum(id),
                optional: false,
                places: None,
            }),
        }
    }

    /// The name of a meaning's kind, for "`x` is a rule set, not a value".
    pub(super) fn kind_words(meaning: Meaning) -> &'static str {
        match meaning {
            Meaning::Value(ir::Value::Input(_)) => "an input",
            Meaning::Value(ir::Value::DecisionDate) => "the day of the decision",
            Meaning::Value(ir::Value::Definition(_)) => "a definition",
            Meaning::Value(ir::Value::Table(..)) => "an output of a table",
            Meaning::Value(ir::Value::Model(..)) => "an answer of a model",
            Meaning::Value(ir::Value::Outcome) => "the outcome",
            Meaning::Enum(_) => "an enum",
            Meaning::Rules(_) => "a rule set",
            Meaning::Table(_) => "a table",
            Meaning::Model(_) => "a model",
            Meaning::Columns(_) => "a list of columns",
            Meaning::Broken => "unreadable",
        }
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
