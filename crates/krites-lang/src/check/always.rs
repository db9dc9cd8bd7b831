//! What must hold behind each decision.

use std::sync::Arc;

use super::expr::boolean;
use super::rules::Flow;
use super::{Checker, Env, items};
use crate::ast;
use crate::ids::{AlwaysId, List, TableId};
use crate::ir::{self, ExprKind};

impl Checker<'_> {
    pub(super) fn check_always(
        &mut self,
        tables: Option<&List<TableId, ir::Table>>,
        flow: &Flow,
    ) -> Option<List<AlwaysId, ir::Always>> {
        let file = self.file;
        let all: Vec<Option<ir::Always>> = items!(file, Always)
            .map(|always| self.always(always, tables, flow))
            .collect();
        all.into_iter().collect()
    }

    fn always(
        &mut self,
        always: &ast::Always,
        tables: Option<&List<TableId, ir::Table>>,
        flow: &Flow,
    ) -> Option<ir::Always> {
        let mut env = Env::after_decide();
        let premise = match &always.premise {
            Some(written) => {
                let premise = self.condition(written, &env);
                match &premise {
                    Some(premise) => {
                        env.assume(premise, true);
                        env.learn(self.proved(premise, tables, flow));
                    }
                    None => self.assume_mentioned(written, &mut env),
                }
                Some(premise)
            }
            None => None,
        };
        let condition = self.condition(&always.condition, &env);
        let condition = match premise {
            Some(premise) => implied(premise?, condition?),
            None => condition?,
        };
        Some(ir::Always {
            title: Arc::from(always.title.text.as_str()),
            condition,
            enforce: always.enforce.is_some(),
            span: always.title.span,
        })
    }
}

/// `a implies b`: b is asked where a holds.
fn implied(premise: ir::Expr, condition: ir::Expr) -> ir::Expr {
    let span = premise.span.to(condition.span);
    let unless = boolean(ExprKind::Not(Box::new(premise)), span);
    boolean(ExprKind::Or(vec![unless, condition]), span)
}
