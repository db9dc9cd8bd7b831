//! What a name may stand for.

use std::collections::BTreeSet;

use super::super::domain::Domain;
use super::super::set::{Set, Values};
use super::{Case, Cause, Found, Locals};
use crate::ids::{DefinitionId, InputId, ModelId};
use crate::ir::{LocalTy, Value};
use crate::types::{DeclaredTy, Ty};

impl<'p> Case<'p> {
    /// What a value may be.
    pub(in crate::analyse) fn value(&self, value: Value, locals: &Locals<'p>) -> Found {
        if let Value::Local(id) = value {
            let bound = locals.iter().rev().find(|bound| bound.local == id);
            return match (bound, self.policy.locals[id].ty) {
                (Some(bound), _) => bound.found.clone(),
                (None, LocalTy::Value(ty)) => Found::any(self.policy, ty, self.causes()),
                (None, LocalTy::Elements(_)) => {
                    Found::any(self.policy, DeclaredTy::bare(Ty::Float), self.causes())
                }
            };
        }
        self.value_once(value, || self.given(value).within(self.known.get(&value)))
    }

    /// What a value may be, apart from what is known of itself.
    fn given(&self, value: Value) -> Found {
        match value {
            Value::Input(id) => self.input(id),
            Value::Model(id, give) => self.answer(id, give),
            Value::Definition(id) => self.definition(id),
            Value::Table(id, output) => self.table_output(id, output),
            Value::DecisionDate => self.declared(DeclaredTy::bare(Ty::Date)),
            Value::Outcome => self.declared(DeclaredTy::bare(Ty::Enum(self.policy.decide.ty))),
            Value::Decided(at) => match self.policy.decide.values.get(at as usize) {
                Some(decided) => self.declared(decided.ty),
                None => self.declared(DeclaredTy::bare(Ty::Float)),
            },
            Value::Local(_) => self.declared(DeclaredTy::bare(Ty::Float)),
        }
    }

    fn declared(&self, ty: DeclaredTy) -> Found {
        Found::any(self.policy, ty, BTreeSet::new())
    }

    fn input(&self, id: InputId) -> Found {
        let input = &self.policy.inputs[id];
        let found = match Domain::of_value(self.policy, Value::Input(id)) {
            Some(domain) => Found::all(domain),
            None => self.declared(input.ty),
        };
        let Some(group) = input.group.map(Cause::Group) else {
            return found;
        };
        let (fails, given) = self.may_fail(group);
        let found = if given { found } else { found.nothing() };
        found.failing(fails.then_some(group))
    }

    fn definition(&self, id: DefinitionId) -> Found {
        let definition = &self.policy.definitions[id];
        let found = self.found(&definition.value, &Locals::new());
        self.held(found, definition.ty)
    }

    /// What a model answers: anything that it promises, or what stands in for it.
    fn answer(&self, id: ModelId, give: u32) -> Found {
        let model = &self.policy.models[id];
        let Some(declared) = model.gives.get(give as usize) else {
            return Found::any(self.policy, DeclaredTy::bare(Ty::Float), self.causes());
        };
        // A bound that is promised may have more digits than the answers
        let ty = DeclaredTy {
            places: None,
            ..declared.ty
        };
        let all = Found::all(Domain::within(self.policy, ty, declared.range.as_ref()));
        if model.each.is_some() {
            return all.failing(self.causes());
        }
        let (fails, answers) = self.may_fail(Cause::Model(id));
        let found = if answers { all.clone() } else { all.nothing() };
        let stands_in = model.stand_in.as_ref();
        match stands_in.and_then(|stand_in| stand_in.answers.get(give as usize)) {
            Some(literal) if fails => {
                found.or(Found::constant(self.policy, declared.ty.ty, literal))
            }
            _ => found.failing(fails.then_some(Cause::Model(id))),
        }
    }

    /// What becomes a value of a declared type, rounded where the type says so.
    pub(super) fn held(&self, mut found: Found, ty: DeclaredTy) -> Found {
        if ty.minor_unit {
            let faults = std::mem::take(&mut found.faults);
            let missing = found.set.missing;
            let mut any = self.declared(ty).failing(faults);
            any.set.missing = missing;
            return any;
        }
        let (Some(places), Values::Spans(spans)) = (ty.places, &found.set.values) else {
            return found;
        };
        if found.grid.is_some_and(|grid| grid <= places) {
            found.grid = Some(places);
            found.rounds = false;
            return found;
        }
        let rounding = self.policy.rounding;
        let spans = spans.mapped(found.grid, |number| number.round(places, rounding));
        Found {
            set: Set {
                missing: found.set.missing,
                values: Values::Spans(spans.on_grid(places)),
            },
            grid: Some(places),
            rounds: false,
            faults: found.faults,
        }
    }
}
