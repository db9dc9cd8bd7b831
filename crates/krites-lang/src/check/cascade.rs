//! Cascades: values that are tried in order.

use super::value_items::typed;
use super::{Checker, Env, codes};
use crate::ast::{self, CascadeDecl};
use crate::ids::DefinitionId;
use crate::types::DeclaredTy;
use crate::{Diagnostic, ir};

impl Checker<'_> {
    pub(super) fn cascade(
        &mut self,
        decl: &CascadeDecl,
        ty: DeclaredTy,
        stage: DefinitionId,
    ) -> Option<ir::Expr> {
        let mut rest = Env::default();
        let mut tries = Vec::with_capacity(decl.tries.len());
        let mut sound = self.check_ends(decl, ty);
        for attempt in &decl.tries {
            let mut env = rest.clone();
            let mut when = None;
            if let Some(written) = &attempt.when {
                match self.condition(written, &rest) {
                    Some(condition) => {
                        env.assume(&condition, true);
                        // After a fault nothing is known of it
                        if attempt.fault_next.is_none() {
                            rest.assume(&condition, false);
                        }
                        when = Some(condition);
                    }
                    None => {
                        self.assume_mentioned(written, &mut env);
                        self.assume_mentioned(written, &mut rest);
                        sound = false;
                    }
                }
            }
            match self.of_declared(&attempt.value, ty, &env) {
                Some(value) => tries.push(ir::Try {
                    when,
                    value,
                    fault_next: attempt.fault_next.is_some(),
                }),
                None => sound = false,
            }
        }
        let resort = decl
            .otherwise
            .as_ref()
            .and_then(|resort| resort.value.as_ref());
        let otherwise = resort.map(|value| self.of_declared(value, ty, &rest));
        if otherwise.as_ref().is_some_and(Option::is_none) || !sound {
            return None;
        }
        let cascade = ir::Cascade {
            tries,
            otherwise: otherwise.flatten(),
            stage: Some(stage),
        };
        Some(ir::Expr {
            optional: ty.optional,
            ..typed(
                ir::ExprKind::Cascade(Box::new(cascade)),
                ty.ty,
                decl.name.span,
            )
        })
    }

    /// Types a value of a declared type, missing where that has a `?`.
    pub(super) fn of_declared(
        &mut self,
        value: &ast::Expr,
        ty: DeclaredTy,
        env: &Env,
    ) -> Option<ir::Expr> {
        let found = if ty.optional {
            self.maybe(value, Some(ty.ty), env)?
        } else {
            self.expr(value, Some(ty.ty), env)?
        };
        self.coerce_maybe(found, ty.ty)
    }

    /// Reports a cascade without a `try` or an end, and a `try` that takes it all.
    fn check_ends(&mut self, decl: &CascadeDecl, ty: DeclaredTy) -> bool {
        let name = &decl.name;
        if decl.tries.is_empty() {
            self.report(
                Diagnostic::error(
                    codes::NOTHING_TRIED,
                    format!("`{}` tries nothing", name.text),
                    name.span,
                )
                .help("write `try VALUE when CONDITION` before `otherwise`"),
            );
            return false;
        }
        let always = |attempt: &&ast::Try| attempt.when.is_none() && attempt.fault_next.is_none();
        if let Some(attempt) = decl.tries.iter().find(always) {
            self.report(
                Diagnostic::error(
                    codes::TRY_TAKES_ALL,
                    "nothing behind this `try` is ever reached",
                    attempt.span,
                )
                .help("say when it is taken, `when …`, or what a fault leads to, `on fault next`; the last value stands behind `otherwise`"),
            );
            return false;
        }
        let headline = match &decl.otherwise {
            None => "nothing says what holds where no `try` gives the value",
            Some(resort) if resort.value.is_none() && !ty.optional => {
                "its type has no `?`, but it may be missing"
            }
            Some(_) => return true,
        };
        let span = decl
            .otherwise
            .as_ref()
            .map_or(name.span, |resort| resort.span);
        let spelled = self.spelled(ty.ty);
        self.report(
            Diagnostic::error(codes::CASCADE_END, headline, span).help(format!(
                "end with `otherwise VALUE`, or with `otherwise missing` and the type `{spelled}?`"
            )),
        );
        false
    }
}
