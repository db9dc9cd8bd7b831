//! Which values go on from a division: their sums and products are rounded, not
//! exact. It is told from the text of the policy, whichever way a case takes.

use std::cell::RefCell;
use std::collections::HashMap;

use krites_lang::ast::{AggregateKind, ProductOp};
use krites_lang::ir::{Aggregate, Expr, ExprKind, IfNone, LocalTy, Policy, Value};
use krites_lang::{DeclaredTy, LocalId};

/// What is known of a policy's values
pub(crate) struct Quotients<'p> {
    policy: &'p Policy,
    /// Where a local has a value of its own; others are parameters and elements
    lets: HashMap<LocalId, &'p Expr>,
    /// Parameters: what they are given is not known
    parameters: Vec<LocalId>,
    /// Probabilities of labels
    probabilities: Vec<LocalId>,
    /// Cells of rows that aggregates look at, by what they are bound to
    cells: HashMap<LocalId, Value>,
    known: RefCell<HashMap<Value, bool>>,
}

impl<'p> Quotients<'p> {
    pub(crate) fn of(policy: &'p Policy) -> Self {
        let mut lets = HashMap::new();
        policy.each_expr(&mut |expr| collect_lets(expr, &mut lets));
        for function in &policy.functions {
            for binding in &function.bindings {
                lets.insert(binding.local, &binding.value);
            }
        }
        let mut probabilities = Vec::new();
        policy.each_expr(&mut |expr| {
            expr.each_probability(&mut |local| probabilities.push(local));
        });
        let mut cells = HashMap::new();
        policy.each_expr(&mut |expr| {
            expr.each_cell_of_rows(&mut |local, output| {
                cells.insert(local, output);
            });
        });
        let functions = policy.functions.iter();
        let parameters = functions
            .flat_map(|function| function.parameters.iter().map(|parameter| parameter.local))
            .collect();
        Self {
            policy,
            lets,
            parameters,
            probabilities,
            cells,
            known: RefCell::default(),
        }
    }

    /// Tells whether a value goes on from a division.
    pub(crate) fn goes_on(&self, expr: &Expr) -> bool {
        if !expr.ty.is_exact() {
            return false;
        }
        match &expr.kind {
            ExprKind::Value(value) => self.named(*value),
            ExprKind::Sum(first, rest) => {
                self.goes_on(first) || rest.iter().any(|(_, term)| self.goes_on(term))
            }
            ExprKind::Product(first, rest) => {
                self.goes_on(first)
                    || rest
                        .iter()
                        .any(|factor| factor.op == ProductOp::Divide || self.goes_on(&factor.value))
            }
            ExprKind::Negate(inner) | ExprKind::Abs(inner) | ExprKind::InCurrency(inner) => {
                self.goes_on(inner)
            }
            ExprKind::Min(parts) | ExprKind::Max(parts) => {
                parts.iter().any(|part| self.goes_on(part))
            }
            ExprKind::IfMissing(value, alternative) => {
                self.named(*value)
                    || alternative
                        .as_ref()
                        .is_some_and(|alternative| self.goes_on(alternative))
            }
            ExprKind::Lookup(looked_up) => {
                matches!(&looked_up.if_none, IfNone::Value(value) if self.goes_on(value))
            }
            ExprKind::Cases(arms, otherwise) => {
                arms.iter().any(|(_, value)| self.goes_on(value)) || self.goes_on(otherwise)
            }
            ExprKind::Let(_, _, body) => self.goes_on(body),
            ExprKind::Power(..) | ExprKind::Distribution(_) | ExprKind::Asked(..) => true,
            ExprKind::Calibrated(calibration) => calibration.linear,
            ExprKind::Cascade(cascade) => {
                let tries = cascade.tries.iter().map(|attempt| &attempt.value);
                tries
                    .chain(&cascade.otherwise)
                    .any(|value| self.goes_on(value))
            }
            ExprKind::Remainder(of, by, if_zero) => {
                self.goes_on(of)
                    || self.goes_on(by)
                    || if_zero.as_ref().is_some_and(|value| self.goes_on(value))
            }
            ExprKind::ToMultiple(_, multiple, _) => self.goes_on(multiple),
            ExprKind::Call(id, _) => {
                let function = &self.policy.functions[*id];
                !has_digits(function.ty) && self.goes_on(&function.value)
            }
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate),
            _ => false,
        }
    }

    fn aggregate(&self, aggregate: &Aggregate) -> bool {
        let parts = [&aggregate.value, &aggregate.if_none];
        aggregate.kind == AggregateKind::Average
            || parts.into_iter().flatten().any(|part| self.goes_on(part))
    }

    fn named(&self, value: Value) -> bool {
        if let Some(known) = self.known.borrow().get(&value) {
            return *known;
        }
        let found = self.find(value);
        self.known.borrow_mut().insert(value, found);
        found
    }

    fn find(&self, value: Value) -> bool {
        match value {
            Value::Decided(at) => {
                let at = at as usize;
                let digits = self
                    .policy
                    .decide
                    .values
                    .get(at)
                    .is_some_and(|value| has_digits(value.ty));
                let mut goes_on = false;
                self.policy
                    .each_decided(at, &mut |expr| goes_on |= self.goes_on(expr));
                !digits && goes_on
            }
            Value::Definition(id) => {
                let definition = &self.policy.definitions[id];
                !has_digits(definition.ty) && self.goes_on(&definition.value)
            }
            Value::Table(id, output) => {
                let table = &self.policy.tables[id];
                table.outputs.get(output as usize).is_some_and(|output| {
                    !has_digits(output.ty)
                        && output.cells.others().iter().any(|cell| self.goes_on(cell))
                })
            }
            Value::Local(id) => match self.policy.locals[id].ty {
                LocalTy::Value(ty) if has_digits(ty) || !ty.ty.is_exact() => false,
                LocalTy::Value(_) => {
                    self.parameters.contains(&id)
                        || self.probabilities.contains(&id)
                        || self
                            .cells
                            .get(&id)
                            .is_some_and(|output| self.named(*output))
                        || self.lets.get(&id).is_some_and(|value| self.goes_on(value))
                }
                LocalTy::Elements(_) => false,
            },
            // The probabilities of a distribution sum to one in many digits.
            Value::Model(id, give) => {
                let mut distributions = self.policy.models[id].distributions.iter();
                distributions.any(|found| {
                    let labels = found.labels;
                    (labels.first..labels.first + labels.count).contains(&give)
                })
            }
            Value::Input(_) | Value::DecisionDate | Value::Outcome => false,
        }
    }
}

fn has_digits(ty: DeclaredTy) -> bool {
    ty.places.is_some() || ty.minor_unit
}

fn collect_lets<'p>(expr: &'p Expr, lets: &mut HashMap<LocalId, &'p Expr>) {
    if let ExprKind::Let(local, value, _) = &expr.kind {
        lets.insert(*local, value);
    }
    expr.each_part(&mut |part| collect_lets(part, lets));
}
