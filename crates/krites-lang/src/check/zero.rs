//! What must not be zero, and how it is known not to be.

use super::narrow::as_value;
use super::{Checker, Env, codes};
use crate::ast;
use crate::ids::ModelId;
use crate::ir::{self, Bounds, ConstRange, Value};
use crate::{Diagnostic, Id as _};

/// What must not be zero
#[derive(Clone, Copy)]
pub(super) enum NotZero {
    /// What a division divides by
    Divisor,
    /// What a remainder is left by
    RemainderDivisor,
    /// What is rounded to multiples of
    Multiple,
    /// What is raised to a power that may be negative
    Base,
}

impl NotZero {
    /// The headline where it is zero, and where it may be.
    fn headline(self, certain: bool) -> &'static str {
        match (self, certain) {
            (NotZero::Divisor | NotZero::RemainderDivisor, true) => "this divides by zero",
            (NotZero::Divisor | NotZero::RemainderDivisor, false) => "this may divide by zero",
            (NotZero::Multiple, true) => "nothing is rounded to a multiple of zero",
            (NotZero::Multiple, false) => "this multiple may be zero",
            (NotZero::Base, true) => "zero has no negative powers",
            (NotZero::Base, false) => "this may raise zero to a negative power",
        }
    }

    /// What to write where it is zero.
    fn instead(self) -> &'static str {
        match self {
            NotZero::Divisor | NotZero::RemainderDivisor => "divide by another number",
            NotZero::Multiple => "round to a multiple of another number",
            NotZero::Base => "raise another number, or to a power of 0 and above",
        }
    }

    /// What to write where it may be, by its name or as an expression.
    fn remedy(self, name: Option<&str>) -> String {
        let shown = name.unwrap_or("(…)");
        let says = match self {
            NotZero::Divisor => format!("say what it gives then, `… / {shown} if zero 0`"),
            NotZero::RemainderDivisor => {
                format!("say what it gives then, `remainder of … by {shown} if zero 0`")
            }
            NotZero::Multiple => format!("keep zero out, as in `max({shown}, 1)`"),
            NotZero::Base => "give the exponent a range of `0 and above`".into(),
        };
        match name {
            Some(name) => format!("{says}, or ask before: `{name} > 0 and …`"),
            None => says.replace(", `", ": `"),
        }
    }
}

impl Checker<'_> {
    /// Reports what may be zero and must not.
    pub(super) fn not_zero(
        &mut self,
        expr: &ir::Expr,
        source: &ast::Expr,
        role: NotZero,
        env: &Env,
    ) {
        if self.bounds(expr, env).excludes_zero() {
            return;
        }
        let certain = matches!(&expr.kind, ir::ExprKind::Literal(_));
        let mut diagnostic = Diagnostic::error(
            codes::MAY_DIVIDE_BY_ZERO,
            role.headline(certain),
            source.span,
        );
        if certain {
            self.report(diagnostic.help(role.instead()));
            return;
        }
        let named = matches!(
            source.kind,
            ast::ExprKind::Path(_) | ast::ExprKind::Index { .. }
        );
        let name = named.then(|| self.written(source));
        let evidence = match (as_value(expr), &name) {
            (Some(Value::Input(id)), Some(_)) => match self.inputs[id] {
                ir::Input {
                    range: Some(_),
                    span,
                    ..
                } => Some((span, "its declared range has zero in it")),
                ir::Input { span, .. } => {
                    Some((span, "declared without a range, so it may be zero"))
                }
            },
            (_, Some(name)) => self
                .lookup(name)
                .map(|(_, declared)| (declared, "it may come out as zero")),
            (_, None) => None,
        };
        if let Some((declared, evidence)) = evidence {
            diagnostic = diagnostic.evidence(declared, evidence);
        }
        self.report(diagnostic.help(role.remedy(name.as_deref())));
    }

    /// Finds what a number can come to by what is known of the values in it.
    pub(super) fn bounds(&self, expr: &ir::Expr, env: &Env) -> Bounds {
        Bounds::of(expr, &|value| {
            let bounds = match value {
                Value::Local(id) => self.local_bounds.get(&id).copied(),
                _ => self.declared_range(value).map(Bounds::declared),
            };
            // What was meant by a broken range is not known: no follow-on error.
            let broken = matches!(value, Value::Input(id) if self.unranged.contains(&id));
            bounds
                .unwrap_or(Bounds::ANY)
                .exactly(self.is_exact(value))
                .without_zero(broken || env.nonzero.contains(&value))
        })
    }

    fn declared_range(&self, value: Value) -> Option<&ConstRange> {
        match value {
            Value::Input(id) => self.inputs[id].range.as_ref(),
            Value::Model(id, give) => {
                let answers = &self.model_heads.get(id.position())?.answers;
                answers.get(give as usize)?.promise.as_ref()?.range.as_ref()
            }
            Value::Definition(id) => self.definition_range(id),
            _ => None,
        }
    }

    /// Tells whether a value cannot go on from a quotient.
    fn is_exact(&self, value: Value) -> bool {
        let of_model = |id: ModelId, give: u32| {
            let head = self.model_heads.get(id.position());
            let answer = head.and_then(|head| head.answers.get(give as usize));
            answer.is_some_and(|answer| answer.distribution.is_none())
        };
        matches!(value, Value::Input(_))
            || matches!(value, Value::Model(id, give) if of_model(id, give))
            || self
                .value_type(value)
                .is_some_and(|declared| declared.places.is_some() || !declared.ty.is_exact())
    }
}
