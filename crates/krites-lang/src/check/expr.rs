//! Expressions get their types.

use super::literal::{is_literal, negate};
use super::{Checker, Env, codes};
use crate::ast::{self, ExprKind};
use crate::ir;
use crate::types::Ty;
use crate::{Diagnostic, Span};

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
        match &typed.kind {
            ir::ExprKind::Lookup(looked_up) => self.report_no_row(looked_up, &typed),
            _ => self.report_missing(expr, &typed, env),
        }
        None
    }

    /// Reports a value that must be there and may be missing.
    fn report_missing(&mut self, expr: &ast::Expr, typed: &ir::Expr, env: &Env) {
        // What the outcome proves of a table is not known where that could not be read
        let of_table = matches!(typed.kind, ir::ExprKind::Value(ir::Value::Table(..)));
        if of_table && self.decides_unread() {
            return;
        }
        let name = self.written(expr);
        let fill = self.stand_in(typed.ty);
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
        let declared = self.lookup(&name).map(|(_, declared)| declared);
        if let Some(declared) = declared.or_else(|| self.declared_at(typed)) {
            diagnostic = diagnostic.evidence(declared, "declared with `?`");
        }
        if let ir::ExprKind::Value(value) = typed.kind
            && let Some((_, place, words)) = env.spoiled.iter().find(|(known, ..)| *known == value)
        {
            diagnostic = diagnostic.evidence(*place, words.clone());
        }
        self.report(diagnostic);
    }

    /// A value to paste where something stands in.
    pub(super) fn stand_in(&self, ty: Ty) -> Option<String> {
        match ty {
            Ty::Text => Some("\"\"".to_owned()),
            Ty::Percent => Some("0%".to_owned()),
            Ty::Boolean => Some("false".to_owned()),
            Ty::Enum(id) => self.enums[id]
                .labels
                .first()
                .map(|label| label.name.to_string()),
            Ty::Date | Ty::DateTime => None,
            Ty::Duration => Some("0 days".to_owned()),
            _ => Some("0".to_owned()),
        }
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
            | ExprKind::Datetime(_)
            | ExprKind::Boolean(_) => self.literal(expr, hint),
            ExprKind::Quantity { amount, unit } => self.quantity(amount, *unit, span, env),
            ExprKind::Between { unit, from, to } => self.between(*unit, from, to, span, env),
            ExprKind::Part { part, of } => self.part(*part, of, span, env),
            ExprKind::InList {
                subject,
                negated,
                list,
            } => negated_if(*negated, self.in_list(subject, list, span, env)),
            ExprKind::InLookup {
                subject,
                negated,
                lookup,
            } => negated_if(*negated, self.in_lookup(subject, lookup, span, env)),
            ExprKind::Lookup(looked_up) => self.looked_up(looked_up, span, env),
            ExprKind::TextTest {
                subject,
                negated,
                test,
            } => negated_if(*negated, self.text_test(subject, test, span, env)),
            ExprKind::Path(path) => self.path(path, hint, env),
            ExprKind::Index { path, index } => self.named(path, Some(*index), span, env),
            ExprKind::Or(parts) => self
                .chain(parts, env, false)
                .map(|parts| boolean(ir::ExprKind::Or(parts), span)),
            ExprKind::And(parts) => self
                .chain(parts, env, true)
                .map(|parts| boolean(ir::ExprKind::And(parts), span)),
            ExprKind::Not(inner) => self
                .condition(inner, env)
                .map(|inner| boolean(ir::ExprKind::Not(Box::new(inner)), span)),
            ExprKind::Compare {
                op,
                worded,
                left,
                right,
            } => self.compare((*op, *worded), left, right, span, env),
            ExprKind::Is {
                subject,
                negated,
                what,
            } => negated_if(*negated, self.is(subject, what, span, env)),
            ExprKind::In {
                subject,
                negated,
                range,
            } => negated_if(*negated, self.lies_in(subject, range, span, env)),
            ExprKind::If { arms, otherwise } => self.conditional(arms, otherwise, hint, span, env),
            ExprKind::Match {
                subject,
                arms,
                otherwise,
            } => self.matching(subject, arms, otherwise.as_deref(), hint, span, env),
            ExprKind::Sum { first, rest } => self.sum(first, rest, hint, span, env),
            ExprKind::Product { first, rest } => self.product(first, rest, span, env),
            ExprKind::Negate(inner) => self.negated(inner, hint, span, env),
            ExprKind::Rounded { value, mode, to } => {
                self.rounded(value, *mode, to, hint, span, env)
            }
            ExprKind::Remainder { of, by, if_zero } => {
                self.remainder(of, by, if_zero.as_deref(), span, env)
            }
            ExprKind::Power { base, exponent } => self.power(base, exponent, span, env),
            ExprKind::IfMissing {
                subject,
                index,
                alternative,
            } => self.if_missing((subject, *index), alternative.as_deref(), span, env),
            ExprKind::Fired { rule, if_off } => self.fired(rule, *if_off, span),
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate, span, env),
            ExprKind::Call {
                function,
                arguments,
            } => self.call(function, arguments, hint, span, env),
        }
    }

    fn lies_in(
        &mut self,
        subject: &ast::Expr,
        range: &ast::Range,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let subject = self.expr(subject, None, env)?;
        self.in_range(subject, range, span, env)
    }

    fn negated(
        &mut self,
        inner: &ast::Expr,
        hint: Option<Ty>,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let mut typed = self.expr(inner, hint, env)?;
        if !(typed.ty.is_number() || typed.ty == Ty::Duration) {
            self.not_a_number(inner, typed.ty);
            return None;
        }
        if is_literal(inner) {
            negate(&mut typed);
            return Some(typed);
        }
        let ty = typed.ty;
        Some(ir::Expr {
            kind: ir::ExprKind::Negate(Box::new(typed)),
            ty,
            optional: false,
            span,
        })
    }

    pub(super) fn chain(
        &mut self,
        parts: &[ast::Expr],
        env: &Env,
        all: bool,
    ) -> Option<Vec<ir::Expr>> {
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
}

fn negated_if(negated: bool, condition: Option<ir::Expr>) -> Option<ir::Expr> {
    let condition = condition?;
    if !negated {
        return Some(condition);
    }
    let span = condition.span;
    Some(boolean(ir::ExprKind::Not(Box::new(condition)), span))
}

pub(super) fn boolean(kind: ir::ExprKind, span: Span) -> ir::Expr {
    ir::Expr {
        kind,
        ty: Ty::Boolean,
        optional: false,
        span,
    }
}
