//! Expressions get their types.

use super::codes;
use super::literal::{is_literal, negate};
use super::names::Meaning;
use super::{Checker, Env};
use crate::ast::{self, CompareOp, ExprKind, IsWhat};
use crate::ir::{self, Value};
use crate::types::Ty;
use crate::{Diagnostic, Span, did_you_mean};

const FUNCTIONS: [&str; 3] = ["min", "max", "abs"];

pub(super) fn boolean(kind: ir::ExprKind, span: Span) -> ir::Expr {
    ir::Expr {
        kind,
        ty: Ty::Boolean,
        optional: false,
        span,
    }
}

impl Checker<'_> {
    /// Types a condition.
    pub(super) fn condition(&mut self, expr: &ast::Expr, env: &Env) -> Option<ir::Expr> {
        let typed = self.expr(expr, Some(Ty::Boolean), env)?;
        if typed.ty == Ty::Boolean {
            return Some(typed);
        }
        let words = self.words(typed.ty);
        let written = self.written(expr);
        self.report(
            Diagnostic::error(
                codes::NOT_A_CONDITION,
                "this is a value, not a condition",
                expr.span,
            )
            .label(format!("this is {words}"))
            .help(match typed.ty {
                Ty::Enum(_) | Ty::Text => format!("compare it, as in `{written} is …`"),
                _ => format!("compare it, as in `{written} > 0`"),
            }),
        );
        None
    }

    /// Types an expression whose value must be there. `hint` is the type that a
    /// literal or a label takes here.
    pub(super) fn expr(
        &mut self,
        expr: &ast::Expr,
        hint: Option<Ty>,
        env: &Env,
    ) -> Option<ir::Expr> {
        let typed = self.maybe(expr, hint, env)?;
        if !typed.optional {
            return Some(typed);
        }
        let name = self.written(expr);
        let fill = match typed.ty {
            Ty::Text => Some("\"\"".to_owned()),
            Ty::Percent => Some("0%".to_owned()),
            Ty::Boolean => Some("false".to_owned()),
            Ty::Enum(id) => self.enums[id]
                .labels
                .first()
                .map(|label| label.name.to_string()),
            Ty::Date => None,
            _ => Some("0".to_owned()),
        };
        let fill = fill.map_or(String::new(), |fill| {
            format!("`{name} if missing {fill}` or ")
        });
        let ask = if env.after_decide {
            format!("`when {name} is present {{ … }}`")
        } else {
            format!("`{name} is present and …`")
        };
        let mut diagnostic = Diagnostic::error(
            codes::MAY_BE_MISSING,
            format!("`{name}` may be missing here"),
            expr.span,
        )
        .help(format!(
            "say what stands in, {fill}`{name} if missing fault`, or ask before: {ask}"
        ));
        if let Some((_, declared)) = self.names.get(&name) {
            diagnostic = diagnostic.evidence(declared, "declared with `?`");
        }
        self.report(diagnostic);
        None
    }

    /// Types an expression whose value may be missing.
    pub(super) fn maybe(
        &mut self,
        expr: &ast::Expr,
        hint: Option<Ty>,
        env: &Env,
    ) -> Option<ir::Expr> {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Error => None,
            ExprKind::Number(_)
            | ExprKind::Percent(_)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::Boolean(_) => self.literal(expr, hint),
            ExprKind::Path(path) => self.path(path, hint, env),
            ExprKind::Or(parts) => self
                .chain(parts, env, false)
                .map(|parts| boolean(ir::ExprKind::Or(parts), span)),
            ExprKind::And(parts) => self
                .chain(parts, env, true)
                .map(|parts| boolean(ir::ExprKind::And(parts), span)),
            ExprKind::Not(inner) => {
                let inner = self.condition(inner, env)?;
                Some(boolean(ir::ExprKind::Not(Box::new(inner)), span))
            }
            ExprKind::Compare { op, left, right } => self.compare(*op, left, right, span, env),
            ExprKind::Is {
                subject,
                negated,
                what,
            } => {
                let found = self.is(subject, what, span, env)?;
                Some(if *negated {
                    boolean(ir::ExprKind::Not(Box::new(found)), span)
                } else {
                    found
                })
            }
            ExprKind::In {
                subject,
                negated,
                range,
            } => {
                let subject = self.expr(subject, None, env)?;
                let found = self.in_range(subject, range, span, env)?;
                Some(if *negated {
                    boolean(ir::ExprKind::Not(Box::new(found)), span)
                } else {
                    found
                })
            }
            ExprKind::Sum { first, rest } => self.sum(first, rest, hint, span, env),
            ExprKind::Product { first, rest } => self.product(first, rest, span, env),
            ExprKind::Negate(inner) => {
                let mut inner_typed = self.expr(inner, hint, env)?;
                if !inner_typed.ty.is_number() {
                    self.not_a_number(inner, inner_typed.ty);
                    return None;
                }
                if is_literal(inner) {
                    negate(&mut inner_typed);
                    return Some(inner_typed);
                }
                let ty = inner_typed.ty;
                Some(ir::Expr {
                    kind: ir::ExprKind::Negate(Box::new(inner_typed)),
                    ty,
                    optional: false,
                    span,
                })
            }
            ExprKind::IfMissing {
                subject,
                alternative,
            } => self.if_missing(subject, alternative.as_deref(), span, env),
            ExprKind::Call {
                function,
                arguments,
            } => self.call(function, arguments, hint, span, env),
        }
    }

    /// What the analyst wrote, for messages.
    pub(super) fn written(&self, expr: &ast::Expr) -> String {
        match &expr.kind {
            ExprKind::Path(path) => path.text.clone(),
            _ => "it".to_owned(),
        }
    }

    fn path(&mut self, path: &ast::Path, hint: Option<Ty>, env: &Env) -> Option<ir::Expr> {
        if let Some(Ty::Enum(id)) = hint {
            let labels = &self.enums[id].labels;
            if let Some(position) = labels.iter().position(|label| *label.name == *path.text) {
                let position = u32::try_from(position).unwrap_or(u32::MAX);
                let kind = ir::ExprKind::Literal(ir::Literal::Label(position));
                return Some(ir::Expr {
                    kind,
                    ty: Ty::Enum(id),
                    optional: false,
                    span: path.span,
                });
            }
            if self.names.get(&path.text).is_none() && !path.text.contains('.') {
                self.label(
                    id,
                    &ast::Name {
                        text: path.text.clone(),
                        span: path.span,
                    },
                );
                return None;
            }
        }
        let (value, _) = self.value(path, env)?;
        if value == Value::DecisionDate {
            self.reads_date.get_or_insert(path.span);
        }
        let declared = self.value_type(value)?;
        let optional = declared.optional && !env.present.contains(&value);
        Some(ir::Expr {
            kind: ir::ExprKind::Value(value),
            ty: declared.ty,
            optional,
            span: path.span,
        })
    }

    /// Resolves a path that must name a value.
    pub(super) fn value(&mut self, path: &ast::Path, env: &Env) -> Option<(Value, Span)> {
        let (meaning, declared) = self.resolve(path, env)?;
        if let Meaning::Value(value) = meaning {
            return Some((value, declared));
        }
        let kind = Self::kind_words(meaning);
        let help = match meaning {
            Meaning::Table(_) | Meaning::Model(_) => {
                let below = format!("{}.", path.text);
                let values: Vec<String> = self
                    .names
                    .values()
                    .filter(|name| name.starts_with(&below))
                    .map(|name| format!("`{name}`"))
                    .collect();
                format!("name one of its values: {}", values.join(", "))
            }
            Meaning::Columns(_) => "columns can only feed a model".to_owned(),
            _ => "name an input, a definition, or a value of a table or model".to_owned(),
        };
        self.report(
            Diagnostic::error(
                codes::NOT_A_VALUE,
                format!("`{}` is {kind}, not a value", path.text),
                path.span,
            )
            .evidence(declared, "declared here")
            .help(help),
        );
        None
    }

    fn chain(&mut self, parts: &[ast::Expr], env: &Env, all: bool) -> Option<Vec<ir::Expr>> {
        let mut env = env.clone();
        let mut typed = Vec::with_capacity(parts.len());
        let mut sound = true;
        for part in parts {
            match self.condition(part, &env) {
                Some(part) => {
                    env.assume(&part, all);
                    typed.push(part);
                }
                None => {
                    sound = false;
                    // What a broken condition would have told is not known: take
                    // it as told, so that no follow-on error comes of it.
                    self.assume_mentioned(part, &mut env);
                }
            }
        }
        sound.then_some(typed)
    }

    fn compare(
        &mut self,
        op: CompareOp,
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
        Some(boolean(
            ir::ExprKind::Compare(op, Box::new(left), Box::new(right)),
            span,
        ))
    }

    /// Types two sides that must have one type; a literal takes the other's.
    pub(super) fn two_sides(
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
                self.names.get(&path.text).is_none()
                    && self
                        .enums
                        .iter()
                        .any(|known| known.labels.iter().any(|label| *label.name == *path.text))
            }
            _ => is_literal(expr),
        }
    }

    /// Brings two sides to one type, or reports that they differ.
    pub(super) fn same_type(
        &mut self,
        left: ir::Expr,
        right: ir::Expr,
    ) -> Option<(ir::Expr, ir::Expr)> {
        match (left.ty, right.ty) {
            (a, b) if a == b => Some((left, right)),
            (Ty::Integer, Ty::Decimal) => Some((widen(left, Ty::Decimal), right)),
            (Ty::Decimal, Ty::Integer) => Some((left, widen(right, Ty::Decimal))),
            _ => {
                self.types_differ(&left, &right);
                None
            }
        }
    }

    fn types_differ(&mut self, left: &ir::Expr, right: &ir::Expr) {
        let (left_words, right_words) = (self.words(left.ty), self.words(right.ty));
        let (code, help) = match (left.ty, right.ty) {
            (Ty::Money(a), Ty::Money(b)) => (
                codes::CURRENCIES_DIFFER,
                format!(
                    "{} and {} do not compare or add: bring both into one currency first",
                    a.code(),
                    b.code()
                ),
            ),
            (Ty::Money(_), _) | (_, Ty::Money(_)) => (
                codes::TYPES_DIFFER,
                "money goes with money only, as in `income > 12_000`".to_owned(),
            ),
            (Ty::Percent, _) | (_, Ty::Percent) => (
                codes::TYPES_DIFFER,
                "a percentage goes with a percentage, as in `rate > 45%`".to_owned(),
            ),
            _ => (
                codes::TYPES_DIFFER,
                "compare and compute with values of one kind".to_owned(),
            ),
        };
        let headline = match (self.value_name(left), self.value_name(right)) {
            (Some(left), Some(right)) => {
                format!("`{left}` is {left_words}, `{right}` is {right_words}")
            }
            _ => format!("{left_words} and {right_words} do not go together"),
        };
        let mut diagnostic = Diagnostic::error(code, headline, right.span)
            .label(self.declared_words(right, &right_words))
            .evidence(left.span, self.declared_words(left, &left_words))
            .help(help);
        for side in [left, right] {
            if let Some(span) = self.declared_at(side) {
                diagnostic = diagnostic.evidence(span, "declared here");
            }
        }
        self.report(diagnostic);
    }

    /// The name of the value that an expression is.
    fn value_name(&self, expr: &ir::Expr) -> Option<String> {
        let ir::ExprKind::Value(wanted) = expr.kind else {
            return None;
        };
        let known = self
            .names
            .having(|meaning| *meaning == Meaning::Value(wanted));
        known.map(str::to_owned).next()
    }

    fn declared_words(&self, expr: &ir::Expr, words: &str) -> String {
        match &expr.kind {
            ir::ExprKind::Value(_) => format!("declared as {words}"),
            _ => format!("this is {words}"),
        }
    }

    /// Where the name that an expression is was declared.
    fn declared_at(&self, expr: &ir::Expr) -> Option<Span> {
        use crate::Id as _;
        match &expr.kind {
            ir::ExprKind::Value(Value::Input(id)) => Some(self.inputs[*id].span),
            ir::ExprKind::Value(Value::Definition(id)) => self
                .definitions
                .get(id.position())
                .map(|definition| definition.span),
            _ => None,
        }
    }

    fn is(
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
                let mut subject = self.expr(subject, None, env)?;
                let typed: Vec<Option<ir::Expr>> = values
                    .iter()
                    .map(|value| {
                        let value = self.expr(value, Some(subject.ty), env)?;
                        if subject.ty == Ty::Integer && value.ty == Ty::Decimal {
                            subject = widen(subject.clone(), Ty::Decimal);
                        }
                        self.same_type(subject.clone(), value)
                            .map(|(_, value)| value)
                    })
                    .collect();
                let typed: Option<Vec<ir::Expr>> = typed.into_iter().collect();
                Some(boolean(
                    ir::ExprKind::OneOf(Box::new(subject), typed?),
                    span,
                ))
            }
        }
    }

    /// The value whose presence is asked for.
    fn present(&mut self, subject: &ast::Expr, env: &Env) -> Option<Value> {
        let ExprKind::Path(path) = &subject.kind else {
            if !matches!(subject.kind, ExprKind::Error) {
                self.report(
                    Diagnostic::error(
                        codes::NEVER_MISSING,
                        "a computed value is never missing",
                        subject.span,
                    )
                    .help("ask for the names in it, as in `income is present`"),
                );
            }
            return None;
        };
        let (value, declared) = self.value(path, env)?;
        if self.value_type(value)?.optional {
            return Some(value);
        }
        self.report(
            Diagnostic::error(
                codes::NEVER_MISSING,
                format!("`{}` is never missing", path.text),
                path.span,
            )
            .evidence(declared, "declared without `?`")
            .help("leave the question out, or declare it with `?`"),
        );
        None
    }

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
                let (_, typed) = self.same_type(subject.clone(), typed)?;
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
        let widened = [&low, &high]
            .into_iter()
            .flatten()
            .any(|(bound, _)| bound.ty != subject.ty);
        if widened {
            let widen_bound = |bound: Option<(Box<ir::Expr>, bool)>| {
                bound.map(|(expr, inclusive)| {
                    let expr = if expr.ty == Ty::Integer {
                        widen(*expr, Ty::Decimal)
                    } else {
                        *expr
                    };
                    (Box::new(expr), inclusive)
                })
            };
            let kind = ir::ExprKind::InRange(
                Box::new(widen(subject, Ty::Decimal)),
                widen_bound(low),
                widen_bound(high),
            );
            return Some(boolean(kind, span));
        }
        Some(boolean(
            ir::ExprKind::InRange(Box::new(subject), low, high),
            span,
        ))
    }

    fn if_missing(
        &mut self,
        subject: &ast::Path,
        alternative: Option<&ast::Expr>,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let (value, declared) = self.value(subject, env)?;
        let ty = self.value_type(value)?;
        if !ty.optional {
            self.report(
                Diagnostic::error(
                    codes::NEVER_MISSING,
                    format!("`{}` is never missing", subject.text),
                    span,
                )
                .evidence(declared, "declared without `?`")
                .help(format!("write `{}` alone", subject.text)),
            );
            return None;
        }
        let alternative = match alternative {
            None => None,
            Some(expr) => {
                let typed = self.expr(expr, Some(ty.ty), env)?;
                let typed = if ty.ty == Ty::Decimal && typed.ty == Ty::Integer {
                    widen(typed, Ty::Decimal)
                } else {
                    typed
                };
                if typed.ty != ty.ty {
                    let subject = ir::Expr {
                        kind: ir::ExprKind::Value(value),
                        ty: ty.ty,
                        optional: false,
                        span: subject.span,
                    };
                    self.types_differ(&subject, &typed);
                    return None;
                }
                Some(Box::new(typed))
            }
        };
        Some(ir::Expr {
            kind: ir::ExprKind::IfMissing(value, alternative),
            ty: ty.ty,
            optional: false,
            span,
        })
    }

    fn call(
        &mut self,
        function: &ast::Name,
        arguments: &[ast::Expr],
        hint: Option<Ty>,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let name = function.text.as_str();
        if !FUNCTIONS.contains(&name) {
            let help = match did_you_mean(name, FUNCTIONS) {
                Some(close) => format!("did you mean `{close}`?"),
                None => format!("the functions are {}", FUNCTIONS.join(", ")),
            };
            self.report(
                Diagnostic::error(
                    codes::UNKNOWN_FUNCTION,
                    format!("there is no function `{name}`"),
                    function.span,
                )
                .help(help),
            );
            return None;
        }
        let wanted = if name == "abs" {
            arguments.len() == 1
        } else {
            arguments.len() >= 2
        };
        if !wanted {
            let need = if name == "abs" {
                "one argument"
            } else {
                "two arguments or more"
            };
            self.report(
                Diagnostic::error(
                    codes::ARGUMENT_COUNT,
                    format!("`{name}` takes {need}"),
                    span,
                )
                .help(if name == "abs" {
                    "write `abs(a)`".to_owned()
                } else {
                    format!("write `{name}(a, b)`")
                }),
            );
            return None;
        }
        let terms = self.one_type(arguments, hint, env)?;
        let ty = terms.first()?.ty;
        if !(ty.is_number() || (ty == Ty::Date && name != "abs")) {
            let first = arguments.first()?;
            self.not_a_number(first, ty);
            return None;
        }
        let kind = match name {
            "min" => ir::ExprKind::Min(terms),
            "max" => ir::ExprKind::Max(terms),
            _ => ir::ExprKind::Abs(Box::new(terms.into_iter().next()?)),
        };
        Some(ir::Expr {
            kind,
            ty,
            optional: false,
            span,
        })
    }

    pub(super) fn not_a_number(&mut self, expr: &ast::Expr, ty: Ty) {
        let words = self.words(ty);
        self.report(
            Diagnostic::error(
                codes::NOT_A_NUMBER,
                format!("{words} cannot be computed with"),
                expr.span,
            )
            .help("use numbers, percentages or money here"),
        );
    }
}

/// Takes an integer as an exact number.
pub(super) fn widen(expr: ir::Expr, ty: Ty) -> ir::Expr {
    if expr.ty != Ty::Integer {
        return expr;
    }
    let span = expr.span;
    let kind = match expr.kind {
        ir::ExprKind::Literal(ir::Literal::Integer(whole)) => {
            ir::ExprKind::Literal(ir::Literal::Exact(crate::Exact::from_integer(whole)))
        }
        kind => ir::ExprKind::Widen(Box::new(ir::Expr { kind, ..expr })),
    };
    ir::Expr {
        kind,
        ty,
        optional: false,
        span,
    }
}
