//! What is made of all elements of a list or series: its type, and what stands
//! where no element counts.

use super::convert::widen;
use super::elements::{Elements, Of, PROBABILITY};
use super::expr::boolean;
use super::scope::Scope;
use super::{Checker, Env, codes};
use crate::ast::{self, AggregateKind};
use crate::ir::{self, Value};
use crate::types::Ty;
use crate::{Diagnostic, Span};

impl Checker<'_> {
    pub(super) fn aggregate(
        &mut self,
        aggregate: &ast::Aggregate,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let of = self.elements(&aggregate.over, aggregate.kind, env);
        let Some(of) = of else {
            // What stands in is looked at all the same, for its own mistakes.
            if let Some(if_none) = &aggregate.if_none {
                let _ = self.expr(if_none, None, env);
            }
            return None;
        };
        let sure = match &of {
            Of::List { .. } => false,
            Of::Rows { table, .. } => self.always_has_a_row(*table),
            Of::Series(_) | Of::Labels(_) => true,
        };
        let sure = sure && aggregate.condition.is_none();
        self.scopes.push(Scope::Elements(Elements::new(of)));
        self.bind_series();
        let inside = self.inside(aggregate, env);
        let Some(Scope::Elements(elements)) = self.scopes.pop() else {
            return None;
        };
        let over = elements.into_over(&self.distributions)?;
        let (condition, value) = inside?;
        let ty = match (aggregate.kind, &value) {
            (AggregateKind::Count, _) => Ty::Integer,
            (AggregateKind::Any | AggregateKind::Every, _) => Ty::Boolean,
            (_, Some(value)) => value.ty,
            (_, None) => return None,
        };
        let if_none = self.if_none(aggregate, ty, sure, span, env)?;
        let kind = ir::ExprKind::Aggregate(Box::new(ir::Aggregate {
            kind: aggregate.kind,
            over,
            condition,
            value,
            if_none,
        }));
        Some(ir::Expr {
            ty,
            ..boolean(kind, span)
        })
    }

    /// The element of a series is bound, be it read or not.
    fn bind_series(&mut self) {
        if let Some(Scope::Elements(Elements {
            of: Of::Series(_), ..
        })) = self.scopes.last()
        {
            let _ = self.field_local(self.scopes.len() - 1, 0);
        }
    }

    /// Types the condition and the value of an element.
    fn inside(
        &mut self,
        aggregate: &ast::Aggregate,
        env: &Env,
    ) -> Option<(Option<ir::Expr>, Option<ir::Expr>)> {
        let mut env = env.clone();
        let condition = match &aggregate.condition {
            None => None,
            Some(condition) => match self.condition(condition, &env) {
                Some(typed) => {
                    env.assume(&typed, true);
                    Some(typed)
                }
                None => {
                    self.assume_mentioned(condition, &mut env);
                    if has_value(aggregate.kind) {
                        let _ = self.value_of_element(aggregate, &env);
                    }
                    return None;
                }
            },
        };
        let value = match has_value(aggregate.kind) {
            true => Some(self.value_of_element(aggregate, &env)?),
            false => None,
        };
        Some((condition, value))
    }

    /// Types what is summed, compared or given of an element that counts.
    fn value_of_element(&mut self, aggregate: &ast::Aggregate, env: &Env) -> Option<ir::Expr> {
        let value = match &aggregate.item {
            Some(item) => self.expr(item, None, env)?,
            None => self.named_value(aggregate, env)?,
        };
        let ty = value.ty;
        let (fits, verb, help) = match aggregate.kind {
            AggregateKind::Sum => (
                ty.is_number() || ty == Ty::Duration,
                "cannot be summed",
                "sum numbers, percentages, money or durations",
            ),
            AggregateKind::Average => (
                ty.is_number(),
                "has no average",
                "average numbers, percentages or money",
            ),
            AggregateKind::Min | AggregateKind::Max => (
                ty.is_ordered(),
                "has no order",
                "ask for `first of …`, or whether `any of …` holds",
            ),
            _ => (true, "", ""),
        };
        if !fits {
            let words = self.words(ty);
            self.report(
                Diagnostic::error(
                    codes::CANNOT_AGGREGATE,
                    format!("{words} {verb}"),
                    value.span,
                )
                .help(help),
            );
            return None;
        }
        Some(match aggregate.kind {
            AggregateKind::Average => widen(value, Ty::Decimal),
            _ => value,
        })
    }

    /// The value that the path names of each element.
    fn named_value(&mut self, aggregate: &ast::Aggregate, env: &Env) -> Option<ir::Expr> {
        let path = &aggregate.over.path;
        let scope = self.scopes.len().checked_sub(1)?;
        let Some(Scope::Elements(elements)) = self.scopes.last() else {
            return None;
        };
        let field = match &elements.of {
            Of::Labels(_) => PROBABILITY,
            Of::Series(_) => 0,
            Of::Rows {
                output: Some(output),
                ..
            } => *output,
            Of::Rows { table, .. } => {
                self.name_an_output(*table, path);
                return None;
            }
            Of::List { field, list, .. } => match field {
                Some(field) => *field,
                None => {
                    let fields = &self.lists[*list].fields;
                    let named = fields.iter().find(|field| !field.name.is_empty());
                    if let Some(named) = named {
                        let help = format!("name a field of it: `{}.{}`", path.text, named.name);
                        let what = format!("an element of `{}`", path.text);
                        self.element_is_a_record(&what, path.span, help);
                        return None;
                    }
                    0
                }
            },
        };
        let local = self.field_local(scope, field)?;
        let declared = self.value_type(Value::Local(local))?;
        let known = env.present.contains(&Value::Local(local));
        if declared.ty == Ty::Float {
            self.for_models_only(&path.text, path.span, path.span);
            return None;
        }
        if declared.optional && !known {
            self.may_be_missing(path, local);
            return None;
        }
        Some(ir::Expr {
            kind: ir::ExprKind::Value(Value::Local(local)),
            ty: declared.ty,
            optional: false,
            span: path.span,
        })
    }

    pub(super) fn element_is_a_record(&mut self, what: &str, span: Span, help: String) {
        let headline = format!("{what} is a record: it has no value of its own");
        self.report(Diagnostic::error(codes::NAME_A_FIELD, headline, span).help(help));
    }

    fn may_be_missing(&mut self, path: &ast::Path, local: crate::LocalId) {
        let name = &self.locals[local].name;
        let help = format!("look at those that are there: `… where {name} is present`");
        self.report(
            Diagnostic::error(
                codes::MAY_BE_MISSING,
                format!("`{}` may be missing here", path.text),
                path.span,
            )
            .help(help),
        );
    }

    /// Types what stands where no element counts.
    fn if_none(
        &mut self,
        aggregate: &ast::Aggregate,
        ty: Ty,
        sure: bool,
        span: Span,
        env: &Env,
    ) -> Option<Option<ir::Expr>> {
        let of = word(aggregate.kind);
        let needed = match aggregate.kind {
            AggregateKind::Average
            | AggregateKind::Min
            | AggregateKind::Max
            | AggregateKind::First => !sure,
            AggregateKind::Count
            | AggregateKind::Sum
            | AggregateKind::Any
            | AggregateKind::Every => false,
        };
        let Some(written) = &aggregate.if_none else {
            if needed {
                let fill = self.stand_in(ty).unwrap_or_else(|| "…".to_owned());
                self.report(
                    Diagnostic::error(
                        codes::NONE_COUNTS,
                        format!("`{of}` says what it gives where no element counts"),
                        span,
                    )
                    .label("there may be none")
                    .help(format!("write `{of} … if none {fill}`")),
                );
                return None;
            }
            return Some(None);
        };
        let typed = self.expr(written, Some(ty), env)?;
        if !needed {
            let why = match aggregate.kind {
                AggregateKind::Count => "is zero where no element counts",
                AggregateKind::Sum => "is zero where no element counts",
                AggregateKind::Any => "does not hold where there is no element",
                AggregateKind::Every => "holds where there is no element",
                _ => "always has an element here",
            };
            self.report(
                Diagnostic::error(codes::NEVER_NONE, format!("`{of}` {why}"), written.span)
                    .label("never used")
                    .help("leave out `if none`"),
            );
            return None;
        }
        let typed = match ty {
            Ty::Decimal => widen(typed, ty),
            _ => typed,
        };
        if typed.ty != ty {
            let (wanted, found) = (self.words(ty), self.words(typed.ty));
            self.report(
                Diagnostic::error(
                    codes::TYPES_DIFFER,
                    format!("`{of}` gives {wanted} here"),
                    typed.span,
                )
                .label(format!("this is {found}"))
                .help("let what stands in be of the same kind"),
            );
            return None;
        }
        Some(Some(typed))
    }
}

/// Tells whether more is asked of an element than whether it counts.
fn has_value(kind: AggregateKind) -> bool {
    !matches!(
        kind,
        AggregateKind::Count | AggregateKind::Any | AggregateKind::Every
    )
}

/// The words that an aggregate begins with.
fn word(kind: AggregateKind) -> &'static str {
    match kind {
        AggregateKind::Count => "count of",
        AggregateKind::Sum => "sum of",
        AggregateKind::Average => "average of",
        AggregateKind::Min => "min of",
        AggregateKind::Max => "max of",
        AggregateKind::First => "first of",
        AggregateKind::Any => "any",
        AggregateKind::Every => "every",
    }
}
