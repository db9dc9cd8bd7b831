//! Which values go on from a division.
//!
//! A quotient has no exact value to keep: it is rounded to 28 digits, and sums
//! and products that go on from it round in the same way. A type with digits
//! (`percent(2)`, `money(EUR)`) makes a value exact again.

use crate::ast::{AggregateKind, ProductOp};
use crate::ids::{FunctionId, Id as _, LocalId, TableId};
use crate::ir::{Expr, ExprKind, IfNone, LocalTy, Model, Policy, Table, Value};

/// By definition and by table output: whether the value goes on from a division
#[derive(Default, PartialEq)]
pub(super) struct Quotients {
    definitions: Vec<bool>,
    tables: Vec<Vec<bool>>,
    locals: Vec<bool>,
    functions: Vec<bool>,
    /// What is decided with the outcome: read by nothing that is looked at before it
    decided: Vec<bool>,
    /// By model: which answers are probabilities of a distribution, which sum to one
    /// in many digits
    models: Vec<Vec<bool>>,
}

impl Quotients {
    /// Finds the quotients of a policy.
    pub(super) fn of(policy: &Policy) -> Self {
        let mut found = Self {
            definitions: vec![false; policy.definitions.len()],
            tables: policy
                .tables
                .iter()
                .map(|table| vec![false; table.outputs.len()])
                .collect(),
            locals: vec![false; policy.locals.len()],
            functions: vec![false; policy.functions.len()],
            decided: Vec::new(),
            models: policy.models.iter().map(shares).collect(),
        };
        found.parameters(policy);
        found.probabilities(policy);
        // What names a quotient may itself be named: look until nothing changes.
        loop {
            let next = Self {
                definitions: policy
                    .definitions
                    .iter()
                    .map(|definition| {
                        !definition.ty.has_digits() && found.rounds(&definition.value)
                    })
                    .collect(),
                tables: policy
                    .tables
                    .iter()
                    .map(|table| found.outputs(table))
                    .collect(),
                locals: found.bindings(policy),
                functions: policy
                    .functions
                    .iter()
                    .map(|function| !function.ty.has_digits() && found.rounds(&function.value))
                    .collect(),
                decided: Vec::new(),
                models: found.models.clone(),
            };
            if next == found {
                found.decided = found.decided_with(policy);
                return found;
            }
            found = next;
        }
    }

    fn decided_with(&self, policy: &Policy) -> Vec<bool> {
        let values = policy.decide.values.iter().enumerate();
        let rounds = values.map(|(at, value)| {
            let mut rounds = false;
            policy.each_decided(at, &mut |expr| rounds |= self.rounds(expr));
            rounds && !value.ty.has_digits()
        });
        rounds.collect()
    }

    /// What a parameter without digits is given may be a quotient.
    fn parameters(&mut self, policy: &Policy) {
        for function in &policy.functions {
            for parameter in &function.parameters {
                let without_digits = matches!(policy.locals[parameter.local].ty,
                    LocalTy::Value(ty) if ty.ty.is_exact() && !ty.has_digits());
                if let Some(local) = self.locals.get_mut(parameter.local.position()) {
                    *local = without_digits;
                }
            }
        }
    }

    /// The probabilities of labels that aggregates look at.
    fn probabilities(&mut self, policy: &Policy) {
        let locals = &mut self.locals;
        policy.each_expr(&mut |expr| {
            expr.each_probability(&mut |local| {
                if let Some(local) = locals.get_mut(local.position()) {
                    *local = true;
                }
            });
        });
    }

    /// Values of functions' own, and those that are bound within expressions.
    fn bindings(&self, policy: &Policy) -> Vec<bool> {
        let mut locals = self.locals.clone();
        let mut set = |id: LocalId, value: &Expr| {
            let exact = matches!(policy.locals[id].ty,
                LocalTy::Value(ty) if ty.has_digits());
            if let Some(local) = locals.get_mut(id.position()) {
                *local |= !exact && self.rounds(value);
            }
        };
        for function in &policy.functions {
            for binding in &function.bindings {
                set(binding.local, &binding.value);
            }
        }
        policy.each_expr(&mut |expr| expr.each_binding(&mut set));
        policy.each_expr(&mut |expr| {
            expr.each_cell_of_rows(&mut |id, output| {
                if let Some(local) = locals.get_mut(id.position()) {
                    *local |= self.value(output);
                }
            });
        });
        locals
    }

    fn function(&self, id: FunctionId) -> bool {
        self.functions.get(id.position()).copied().unwrap_or(false)
    }

    fn outputs(&self, table: &Table) -> Vec<bool> {
        let outputs = table.outputs.iter();
        let rounds = outputs.map(|output| {
            let mut cells = output.cells.others().iter();
            !output.ty.has_digits() && cells.any(|cell| self.rounds(cell))
        });
        rounds.collect()
    }

    fn value(&self, value: Value) -> bool {
        match value {
            Value::Definition(id) => self
                .definitions
                .get(id.position())
                .copied()
                .unwrap_or(false),
            Value::Table(id, output) => self.table(id, output),
            Value::Local(id) => self.locals.get(id.position()).copied().unwrap_or(false),
            Value::Decided(at) => self.decided.get(at as usize).copied().unwrap_or(false),
            Value::Model(id, give) => self
                .models
                .get(id.position())
                .and_then(|gives| gives.get(give as usize))
                .copied()
                .unwrap_or(false),
            Value::Input(_) | Value::DecisionDate | Value::Outcome => false,
        }
    }

    fn table(&self, id: TableId, output: u32) -> bool {
        self.tables
            .get(id.position())
            .and_then(|outputs| outputs.get(output as usize))
            .copied()
            .unwrap_or(false)
    }

    /// Returns the first term of a sum, or factor of a product, that goes on from a
    /// division or divides: from there on the rest does.
    pub(super) fn rounds_from(&self, expr: &Expr) -> usize {
        let found = match &expr.kind {
            ExprKind::Sum(first, rest) => {
                let mut terms = std::iter::once(&**first).chain(rest.iter().map(|(_, term)| term));
                terms.position(|term| self.rounds(term))
            }
            ExprKind::Product(first, rest) if !self.rounds(first) => rest
                .iter()
                .position(|factor| factor.op == ProductOp::Divide || self.rounds(&factor.value))
                .map(|position| position + 1),
            ExprKind::Product(..) => Some(0),
            _ => None,
        };
        found.unwrap_or(usize::MAX)
    }

    /// Tells whether an expression's value goes on from a division.
    pub(super) fn rounds(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Value(value) => self.value(*value),
            ExprKind::Product(first, rest) => {
                self.rounds(first)
                    || rest.iter().any(|factor| {
                        factor.op == ProductOp::Divide
                            || self.rounds(&factor.value)
                            || factor
                                .if_zero
                                .as_ref()
                                .is_some_and(|alternative| self.rounds(alternative))
                    })
            }
            ExprKind::Sum(first, rest) => {
                self.rounds(first) || rest.iter().any(|(_, term)| self.rounds(term))
            }
            ExprKind::Negate(inner) | ExprKind::Abs(inner) => self.rounds(inner),
            ExprKind::Min(parts) | ExprKind::Max(parts) => {
                parts.iter().any(|part| self.rounds(part))
            }
            // Its own digits are exact; what goes on from it rounds.
            ExprKind::Power(..) => true,
            ExprKind::Cases(arms, otherwise) => {
                self.rounds(otherwise) || arms.iter().any(|(_, value)| self.rounds(value))
            }
            ExprKind::Let(_, _, value) | ExprKind::InCurrency(value) => self.rounds(value),
            ExprKind::Remainder(of, by, if_zero) => {
                self.rounds(of)
                    || self.rounds(by)
                    || if_zero.as_ref().is_some_and(|value| self.rounds(value))
            }
            ExprKind::ToMultiple(_, multiple, _) => self.rounds(multiple),
            // On the line between two points it is a quotient
            ExprKind::Calibrated(calibration) => calibration.linear,
            ExprKind::Cascade(cascade) => {
                let mut tries = cascade.tries.iter().map(|attempt| &attempt.value);
                tries.any(|value| self.rounds(value))
                    || cascade
                        .otherwise
                        .as_ref()
                        .is_some_and(|value| self.rounds(value))
            }
            ExprKind::Distribution(_) | ExprKind::Asked(..) => expr.ty.is_exact(),
            ExprKind::Call(function, _) => self.function(*function),
            ExprKind::Aggregate(aggregate) => {
                aggregate.kind == AggregateKind::Average
                    || [&aggregate.value, &aggregate.if_none]
                        .into_iter()
                        .flatten()
                        .any(|value| self.rounds(value))
            }
            ExprKind::Lookup(looked_up) => {
                matches!(&looked_up.if_none, IfNone::Value(value) if self.rounds(value))
            }
            ExprKind::IfMissing(value, alternative) => {
                self.value(*value)
                    || alternative
                        .as_ref()
                        .is_some_and(|alternative| self.rounds(alternative))
            }
            _ => false,
        }
    }
}

/// Which answers of a model are probabilities of a distribution.
fn shares(model: &Model) -> Vec<bool> {
    let mut shares = vec![false; model.gives.len()];
    for found in &model.distributions {
        let (first, count) = (found.labels.first as usize, found.labels.count as usize);
        if let Some(of) = shares.get_mut(first..first + count) {
            of.fill(true);
        }
    }
    shares
}
