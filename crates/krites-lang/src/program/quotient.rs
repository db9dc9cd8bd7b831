//! Which values go on from a division.
//!
//! A quotient has no exact value to keep: it is rounded to 28 digits, and sums
//! and products that go on from it round in the same way. A type with digits
//! (`percent(2)`, `money(EUR)`) makes a value exact again.

use crate::ast::ProductOp;
use crate::ids::{Id as _, TableId};
use crate::ir::{Expr, ExprKind, Policy, Table, Value};

/// By definition and by table output: whether the value goes on from a division
#[derive(Default, PartialEq)]
pub(super) struct Quotients {
    definitions: Vec<bool>,
    tables: Vec<Vec<bool>>,
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
        };
        // What names a quotient may itself be named: look until nothing changes.
        loop {
            let next = Self {
                definitions: policy
                    .definitions
                    .iter()
                    .map(|definition| {
                        definition.ty.places.is_none() && found.rounds(&definition.value)
                    })
                    .collect(),
                tables: policy
                    .tables
                    .iter()
                    .map(|table| found.outputs(table))
                    .collect(),
            };
            if next == found {
                return found;
            }
            found = next;
        }
    }

    fn outputs(&self, table: &Table) -> Vec<bool> {
        let outputs = table.outputs.iter().enumerate();
        let rounds = outputs.map(|(at, output)| {
            let mut cells = table
                .rows
                .iter()
                .filter_map(|row| row.values.get(at)?.as_ref());
            output.ty.places.is_none() && cells.any(|cell| self.rounds(cell))
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
            Value::Input(_)
            | Value::DecisionDate
            | Value::Model(..)
            | Value::Outcome
            | Value::Local(_) => false,
        }
    }

    fn table(&self, id: TableId, output: u32) -> bool {
        self.tables
            .get(id.position())
            .and_then(|outputs| outputs.get(output as usize))
            .copied()
            .unwrap_or(false)
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
