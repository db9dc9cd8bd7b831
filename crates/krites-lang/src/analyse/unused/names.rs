//! Items that values are written with, and nothing names: reasons, enums, functions,
//! lists and lookups.

use std::collections::BTreeSet;

use super::Declared;
use crate::ids::{EnumId, FunctionId, LookupId, NamedListId, ReasonId};
use crate::ir::{Expectation, Expr, ExprKind, LocalTy, Policy, TextTest};
use crate::types::Ty;

pub(super) fn unused(policy: &Policy) -> Vec<Declared<'_>> {
    let used = Named::of(policy);
    let reasons = policy.reasons.iter_ids();
    let reasons = reasons.filter(|(id, _)| !used.reasons.contains(id));
    let reasons = reasons.map(|(_, reason)| Declared {
        noun: "reason",
        name: &reason.code,
        never: "given",
        span: reason.span,
        help: format!("remove it, or give it: `because {}`", reason.code),
    });
    let enums = policy.enums.iter_ids();
    let enums = enums.filter(|(id, _)| !used.enums.contains(id));
    let enums = enums.map(|(_, found)| plain("enum", &found.name, found.span));
    let functions = policy.functions.iter_ids();
    let functions = functions.filter(|(id, _)| !used.functions.contains(id));
    let functions = functions.map(|(_, found)| plain("function", &found.name, found.span));
    let lists = policy.named_lists.iter_ids();
    let lists = lists.filter(|(id, _)| !used.lists.contains(id));
    let lists = lists.map(|(_, found)| plain("list", &found.name, found.span));
    let lookups = policy.lookups.iter_ids();
    let lookups = lookups.filter(|(id, _)| !used.lookups.contains(id));
    let lookups = lookups.map(|(_, found)| plain("lookup", &found.name, found.span));
    let rest = functions.chain(lists).chain(lookups);
    reasons.chain(enums).chain(rest).collect()
}

fn plain<'p>(noun: &'static str, name: &'p str, span: crate::Span) -> Declared<'p> {
    Declared {
        noun,
        name,
        never: "used",
        span,
        help: "remove it".to_owned(),
    }
}

/// What is named anywhere
#[derive(Default)]
struct Named {
    reasons: BTreeSet<ReasonId>,
    enums: BTreeSet<EnumId>,
    functions: BTreeSet<FunctionId>,
    lists: BTreeSet<NamedListId>,
    lookups: BTreeSet<LookupId>,
}

impl Named {
    fn of(policy: &Policy) -> Named {
        let mut named = Named::default();
        policy.each_expr(&mut |expr| named.expr(expr));
        for expected in policy.tests.iter().flat_map(|test| &test.expects) {
            if let Expectation::Value(expr, ..) = expected {
                named.expr(expr);
            }
        }
        named.types(policy);
        named.reasons(policy);
        named
    }

    fn expr(&mut self, expr: &Expr) {
        self.ty(expr.ty);
        match &expr.kind {
            ExprKind::Call(function, _) => {
                self.functions.insert(*function);
            }
            ExprKind::InList(_, list) | ExprKind::TextTest(_, TextTest::ContainsWordIn(list)) => {
                self.lists.insert(*list);
            }
            ExprKind::InLookup(_, lookup) => {
                self.lookups.insert(*lookup);
            }
            ExprKind::Lookup(looked_up) => {
                self.lookups.insert(looked_up.lookup);
            }
            _ => {}
        }
        expr.each_part(&mut |part| self.expr(part));
    }

    fn ty(&mut self, ty: Ty) {
        if let Ty::Enum(id) = ty {
            self.enums.insert(id);
        }
    }

    fn types(&mut self, policy: &Policy) {
        self.enums.insert(policy.decide.ty);
        let fields = policy.lists.iter().flat_map(|list| &list.fields);
        let inputs = policy.inputs.iter().chain(fields).map(|input| input.ty);
        let outputs = policy.tables.iter().flat_map(|table| &table.outputs);
        let locals = policy.locals.iter().filter_map(|local| match local.ty {
            LocalTy::Value(ty) => Some(ty),
            LocalTy::Elements(_) => None,
        });
        let columns = policy.lookups.iter().flat_map(|lookup| &lookup.columns);
        let decided = policy.decide.values.iter().map(|value| value.ty);
        let definitions = policy.definitions.iter().map(|definition| definition.ty);
        let functions = policy.functions.iter().map(|function| function.ty);
        let all = inputs
            .chain(outputs.map(|output| output.ty))
            .chain(locals)
            .chain(columns.copied())
            .chain(decided)
            .chain(definitions)
            .chain(functions)
            .chain(policy.outputs.iter().map(|output| output.ty));
        all.for_each(|ty| self.ty(ty.ty));
        let keys = policy.lookups.iter().map(|lookup| lookup.key);
        keys.for_each(|ty| self.ty(ty));
        let distributions = policy.models.iter().flat_map(|model| &model.distributions);
        self.enums.extend(distributions.map(|found| found.ty));
    }

    fn reasons(&mut self, policy: &Policy) {
        let rules = policy.rules.iter();
        let handlings = (policy.on_fault.iter())
            .chain(rules.clone().filter_map(|rule| rule.on_fault.as_ref()))
            .chain(
                policy
                    .models
                    .iter()
                    .filter_map(|model| model.on_fault.as_ref()),
            )
            .chain(
                policy
                    .subpolicies
                    .iter()
                    .filter_map(|asked| asked.on_fault.as_ref()),
            )
            .chain(
                policy
                    .groups
                    .iter()
                    .filter_map(|group| group.on_fault.as_ref()),
            );
        let rows = policy.tables.iter().flat_map(|table| table.rows.iter());
        let features = policy.scorecards.iter().flat_map(|card| &card.features);
        let of_models = policy.models.iter().flat_map(|model| &model.reasons);
        let of_models = of_models.flat_map(|reasons| &reasons.features);
        let all = handlings
            .map(|handling| handling.because)
            .chain(rules.map(|rule| rule.then.because))
            .chain(rows.map(|row| row.because))
            .chain(features.map(|feature| feature.because))
            .chain(of_models.map(|feature| Some(feature.because)));
        self.reasons.extend(all.flatten());
    }
}
