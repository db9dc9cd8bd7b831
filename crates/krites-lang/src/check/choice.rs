//! Values by a condition: `if … then … else …` and `match`.

use std::collections::BTreeMap;

use super::table::Subject;
use super::{Checker, Env, codes};
use crate::ast::{self, MatchArm};
use crate::ir::{self, Literal};
use crate::types::{DeclaredTy, Ty};
use crate::{Diagnostic, Span};

impl Checker<'_> {
    pub(super) fn conditional(
        &mut self,
        arms: &[(ast::Expr, ast::Expr)],
        otherwise: &ast::Expr,
        hint: Option<Ty>,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let mut rest = env.clone();
        let mut conditions = Vec::with_capacity(arms.len());
        let mut envs = Vec::with_capacity(arms.len());
        let mut sound = true;
        for (condition, _) in arms {
            let mut then = rest.clone();
            match self.condition(condition, &rest) {
                Some(condition) => {
                    then.assume(&condition, true);
                    rest.assume(&condition, false);
                    conditions.push(condition);
                }
                None => {
                    self.assume_mentioned(condition, &mut then);
                    self.assume_mentioned(condition, &mut rest);
                    sound = false;
                }
            }
            envs.push(then);
        }
        let values = arms.iter().map(|(_, value)| value).zip(&envs);
        let values: Vec<_> = values.chain(std::iter::once((otherwise, &rest))).collect();
        let values = self.one_type(&values, hint)?;
        sound.then(|| cases(conditions, values, span)).flatten()
    }

    pub(super) fn matching(
        &mut self,
        subject: &ast::Expr,
        arms: &[MatchArm],
        otherwise: Option<&ast::Expr>,
        hint: Option<Ty>,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let typed = self.maybe(subject, None, env)?;
        let optional = typed.optional;
        // A name is looked at by itself; anything else is computed once for all arms.
        let (value, bound) = match typed.kind {
            ir::ExprKind::Value(value) => (value, None),
            _ => {
                let ty = DeclaredTy {
                    optional,
                    ..DeclaredTy::bare(typed.ty)
                };
                let local = self.add_local("match", ty);
                let bounds = self.bounds(&typed, env);
                self.local_bounds.insert(local, bounds);
                (ir::Value::Local(local), Some((local, typed.clone())))
            }
        };
        let looked_at = Subject {
            value,
            ty: typed.ty,
            optional,
            span: subject.span,
        };
        let mut rest = env.clone();
        let mut conditions = Vec::with_capacity(arms.len());
        let mut envs = Vec::with_capacity(arms.len());
        let mut seen = Seen::default();
        let mut sound = true;
        for arm in arms {
            let mut then = rest.clone();
            match self.arm(&looked_at, arm, &rest) {
                Some(condition) => {
                    then.present
                        .extend((!arm.tests.is_empty()).then_some(value));
                    then.assume(&condition, true);
                    rest.assume(&condition, false);
                    self.seen_before(&mut seen, &condition, arm);
                    let test = with_presence(condition, &looked_at, arm);
                    conditions.push(test);
                }
                None => sound = false,
            }
            envs.push(then);
        }
        if sound {
            sound = self.check_alternatives(&looked_at, &seen, otherwise, span);
        }
        let mut values: Vec<_> = arms.iter().map(|arm| &arm.value).zip(&envs).collect();
        values.extend(otherwise.map(|value| (value, &rest)));
        let values = self.one_type(&values, hint)?;
        if !sound {
            return None;
        }
        if otherwise.is_none() {
            // The last of them holds where no other does.
            conditions.pop();
        }
        let found = cases(conditions, values, span)?;
        Some(match bound {
            None => found,
            Some((local, typed)) => ir::Expr {
                ty: found.ty,
                kind: ir::ExprKind::Let(local, Box::new(typed), Box::new(found)),
                optional: false,
                span,
            },
        })
    }

    fn arm(&mut self, subject: &Subject, arm: &MatchArm, env: &Env) -> Option<ir::Expr> {
        if !arm.tests.is_empty() {
            return self.tests(subject, &arm.tests, arm.span, env);
        }
        if !subject.optional {
            self.report(
                Diagnostic::error(
                    codes::NEVER_MISSING,
                    "what is looked at is never missing",
                    arm.span,
                )
                .evidence(subject.span, "always there")
                .help("remove this alternative"),
            );
            return None;
        }
        let present = super::expr::boolean(ir::ExprKind::Present(subject.value), arm.span);
        Some(super::expr::boolean(
            ir::ExprKind::Not(Box::new(present)),
            arm.span,
        ))
    }

    /// Notes the labels and truths that an arm takes, and reports one that an
    /// earlier arm took.
    fn seen_before(&mut self, seen: &mut Seen, condition: &ir::Expr, arm: &MatchArm) {
        if arm.tests.is_empty() {
            if let Some(before) = seen.missing.replace(arm.span) {
                self.report_seen(arm.span, before, "`missing`");
            }
            return;
        }
        let ir::ExprKind::OneOf(_, values) = &condition.kind else {
            return;
        };
        for value in values {
            let position = match &value.kind {
                ir::ExprKind::Literal(Literal::Label(label)) => *label,
                ir::ExprKind::Literal(Literal::Boolean(truth)) => u32::from(*truth),
                _ => continue,
            };
            if let Some(before) = seen.values.insert(position, value.span) {
                let written = match (&value.kind, value.ty) {
                    (ir::ExprKind::Literal(Literal::Boolean(truth)), _) => truth.to_string(),
                    (_, Ty::Enum(id)) => {
                        let label = self.enums[id].labels.get(position as usize);
                        label.map_or_else(String::new, |label| label.name.to_string())
                    }
                    _ => continue,
                };
                self.report_seen(value.span, before, &format!("`{written}`"));
            }
        }
    }

    fn report_seen(&mut self, again: Span, before: Span, what: &str) {
        self.report(
            Diagnostic::error(
                codes::MATCHED_TWICE,
                format!("{what} stands in an earlier alternative"),
                again,
            )
            .label("never reached")
            .evidence(before, "taken here")
            .help("remove one of them"),
        );
    }

    /// Reports a `match` that leaves something open, or whose `otherwise` is dead.
    fn check_alternatives(
        &mut self,
        subject: &Subject,
        seen: &Seen,
        otherwise: Option<&ast::Expr>,
        span: Span,
    ) -> bool {
        let all: Vec<String> = match subject.ty {
            Ty::Enum(id) => {
                let labels = self.enums[id].labels.iter();
                labels.map(|label| label.name.to_string()).collect()
            }
            Ty::Boolean => vec!["false".to_owned(), "true".to_owned()],
            _ => Vec::new(),
        };
        let mut open: Vec<&str> = (0..)
            .zip(&all)
            .filter(|(position, _)| !seen.values.contains_key(position))
            .map(|(_, name)| name.as_str())
            .collect();
        if subject.optional && seen.missing.is_none() {
            open.push("missing");
        }
        let complete = !all.is_empty() && open.is_empty();
        match otherwise {
            Some(value) if complete => self.report(
                Diagnostic::error(
                    codes::MATCH_OTHERWISE_DEAD,
                    "`otherwise` is never reached",
                    value.span,
                )
                .label("the alternatives before it take everything")
                .help("remove `otherwise`"),
            ),
            None if !complete => {
                let help = if open.is_empty() || all.is_empty() {
                    "add `otherwise : …` for what is left".to_owned()
                } else {
                    format!("add {}, or `otherwise : …`", open.join(", "))
                };
                self.report(
                    Diagnostic::error(
                        codes::MATCH_INCOMPLETE,
                        "the alternatives leave something open",
                        span,
                    )
                    .help(help),
                );
            }
            _ => return true,
        }
        false
    }
}

/// What the arms so far take
#[derive(Default)]
struct Seen {
    /// Labels and truths, by position, with where they stand
    values: BTreeMap<u32, Span>,
    missing: Option<Span>,
}

/// A test asks whether the value is there first, where it may be missing.
fn with_presence(condition: ir::Expr, subject: &Subject, arm: &MatchArm) -> ir::Expr {
    if !subject.optional || arm.tests.is_empty() {
        return condition;
    }
    let span = condition.span;
    let present = super::expr::boolean(ir::ExprKind::Present(subject.value), span);
    super::expr::boolean(ir::ExprKind::And(vec![present, condition]), span)
}

/// The value of the first condition that holds; there is one value more.
fn cases(conditions: Vec<ir::Expr>, mut values: Vec<ir::Expr>, span: Span) -> Option<ir::Expr> {
    let otherwise = values.pop()?;
    let ty = otherwise.ty;
    let arms: Vec<_> = conditions.into_iter().zip(values).collect();
    if arms.is_empty() {
        return Some(otherwise);
    }
    Some(ir::Expr {
        kind: ir::ExprKind::Cases(arms, Box::new(otherwise)),
        ty,
        optional: false,
        span,
    })
}
