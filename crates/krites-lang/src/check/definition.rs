//! Definitions. Written types are known before any value is looked into, and
//! values go in an order in which each finds the types that it needs.
//! Invariant: no recursion from one definition into another.

use std::sync::Arc;

use super::elements::Elements;
use super::names::Meaning;
use super::scope::Scope;
use super::{Checker, Env, codes, narrow, order};
use crate::ast;
use crate::ids::{DefinitionId, List};
use crate::ir::{self, Value};
use crate::types::{DeclaredTy, Ty};
use crate::{Diagnostic, Id as _, Span};

/// A definition on its way through the checker
pub(super) struct Slot<'a> {
    name: Arc<str>,
    /// `None` for a column of a table, which is made with its value
    source: Option<&'a ast::Definition>,
    /// `None` until it is known, and where it was reported
    ty: Option<DeclaredTy>,
    /// `None` until it is checked, and where it was reported
    value: Option<ir::Expr>,
    pub(super) span: Span,
}

impl<'a> Checker<'a> {
    /// Declares the name of a definition.
    pub(super) fn declare_definition(&mut self, source: &'a ast::Definition) {
        let name = &source.name;
        let id = self.push_definition(Slot {
            name: Arc::from(name.text.as_str()),
            source: Some(source),
            ty: None,
            value: None,
            span: name.span,
        });
        self.declare(&name.text, Meaning::Value(Value::Definition(id)), name.span);
    }

    /// Adds a definition that the policy does not name: a column of a table.
    pub(super) fn define_column(&mut self, table: &str, value: ir::Expr) -> DefinitionId {
        let number = self.definitions.len();
        self.push_definition(Slot {
            name: Arc::from(format!("{table}.column {number}")),
            source: None,
            ty: Some(DeclaredTy::bare(value.ty)),
            span: value.span,
            value: Some(value),
        })
    }

    fn push_definition(&mut self, slot: Slot<'a>) -> DefinitionId {
        let id = DefinitionId::new(self.definitions.len());
        self.definitions.push(slot);
        id
    }

    /// The type of a definition, where it is known.
    pub(super) fn definition_type(&self, id: DefinitionId) -> Option<DeclaredTy> {
        self.definitions.get(id.position())?.ty
    }

    pub(super) fn check_definitions(&mut self) {
        for position in 0..self.definitions.len() {
            let written = self.written_type(position);
            let ty = written.and_then(|written| self.declared_type(written));
            if let Some(slot) = self.definitions.get_mut(position) {
                slot.ty = ty;
            }
        }
        let needs: Vec<Vec<usize>> = (0..self.definitions.len())
            .map(|position| self.untyped_needs(position))
            .collect();
        let found = order::order(&needs);
        for cycle in &found.cycles {
            let along = cycle
                .iter()
                .filter_map(|node| self.definitions.get(*node))
                .map(|slot| (&*slot.name, slot.span));
            order::report(along, self.diagnostics);
        }
        for node in found.nodes {
            self.check_definition(node);
        }
    }

    fn written_type(&self, position: usize) -> Option<&'a ast::TypeExpr> {
        self.definitions.get(position)?.source?.ty.as_ref()
    }

    /// The definitions without a written type that a definition names.
    fn untyped_needs(&mut self, position: usize) -> Vec<usize> {
        let mut named = Vec::new();
        let source = self.definitions.get(position).and_then(|slot| slot.source);
        if let Some(source) = source {
            self.definitions_named(&source.value, &mut named);
        }
        named.retain(|position| self.written_type(*position).is_none());
        named
    }

    /// Collects the definitions that an expression names, those aside whose names
    /// are the fields of an element there.
    fn definitions_named(&mut self, expr: &ast::Expr, into: &mut Vec<usize>) {
        if let Some(name) = narrow::named(expr)
            && !self.is_of_element(name)
            && let Some((Meaning::Value(Value::Definition(id)), _)) = self.names.get(name)
        {
            into.push(id.position());
        }
        let ast::ExprKind::Aggregate(aggregate) = &expr.kind else {
            expr.each_part(&mut |part| self.definitions_named(part, into));
            return;
        };
        if let Some(if_none) = &aggregate.if_none {
            self.definitions_named(if_none, into);
        }
        let of = self.probed(&aggregate.over.path.text);
        self.scopes.push(Scope::Elements(Elements::new(of)));
        for part in [&aggregate.item, &aggregate.condition]
            .into_iter()
            .flatten()
        {
            self.definitions_named(part, into);
        }
        self.scopes.pop();
    }

    fn check_definition(&mut self, position: usize) {
        let Some(slot) = self.definitions.get(position) else {
            return;
        };
        let Some(source) = slot.source else {
            return;
        };
        let checked = match (slot.ty, &source.ty) {
            (Some(ty), _) => self.typed_value(source, ty).map(|value| (ty, value)),
            // Its type was reported.
            (None, Some(_)) => None,
            (None, None) => self.untyped_value(source),
        };
        if let (Some(slot), Some((ty, value))) = (self.definitions.get_mut(position), checked) {
            slot.ty = Some(ty);
            slot.value = Some(value);
        }
    }

    fn typed_value(&mut self, source: &'a ast::Definition, ty: DeclaredTy) -> Option<ir::Expr> {
        let env = Env::default();
        let value = if ty.optional {
            self.maybe(&source.value, Some(ty.ty), &env)?
        } else {
            self.expr(&source.value, Some(ty.ty), &env)?
        };
        self.coerce_maybe(value, ty.ty)
    }

    fn untyped_value(&mut self, source: &'a ast::Definition) -> Option<(DeclaredTy, ir::Expr)> {
        let value = self.expr(&source.value, None, &Env::default())?;
        let minor_digits = match value.ty {
            Ty::Money(currency) => currency.minor_digits(),
            // Its currency may have no minor unit.
            _ => 0,
        };
        if value.ty.is_money() && is_fractional(&value, minor_digits) {
            let (name, money) = (&source.name.text, self.spelled(value.ty));
            self.report(
                Diagnostic::error(
                    codes::SAY_HOW_MONEY_ROUNDS,
                    format!("`{name}` is computed money: say whether it rounds"),
                    source.name.span,
                )
                .help(format!(
                    "write `{name} : {money} = …` to round, or `{money} unrounded`"
                )),
            );
            return None;
        }
        let ty = DeclaredTy::bare(value.ty);
        Some((ty, value))
    }

    /// Returns the definitions once all are checked.
    pub(super) fn take_definitions(&mut self) -> Option<List<DefinitionId, ir::Definition>> {
        std::mem::take(&mut self.definitions)
            .into_iter()
            .map(|slot| {
                Some(ir::Definition {
                    name: slot.name,
                    ty: slot.ty?,
                    value: slot.value?,
                    span: slot.span,
                })
            })
            .collect()
    }
}

/// Tells whether computing money multiplies or divides on its way, without
/// rounding it to its minor unit.
fn is_fractional(value: &ir::Expr, minor_digits: u32) -> bool {
    let is_fractional = |part: &ir::Expr| is_fractional(part, minor_digits);
    match &value.kind {
        ir::ExprKind::Product(..) => true,
        ir::ExprKind::Sum(first, rest) => {
            is_fractional(first) || rest.iter().any(|(_, term)| is_fractional(term))
        }
        ir::ExprKind::Min(parts) | ir::ExprKind::Max(parts) => parts.iter().any(is_fractional),
        ir::ExprKind::Negate(inner)
        | ir::ExprKind::Abs(inner)
        | ir::ExprKind::InCurrency(inner) => is_fractional(inner),
        ir::ExprKind::IfMissing(_, Some(alternative)) => is_fractional(alternative),
        ir::ExprKind::Cases(arms, otherwise) => {
            is_fractional(otherwise) || arms.iter().any(|(_, value)| is_fractional(value))
        }
        ir::ExprKind::Let(_, _, value) => is_fractional(value),
        ir::ExprKind::ToDigits(inner, places, _) => *places > minor_digits && is_fractional(inner),
        ir::ExprKind::ToMultiple(_, multiple, _) => {
            is_fractional(multiple)
                || matches!(&multiple.kind, ir::ExprKind::Literal(ir::Literal::Exact(of))
                    if of.places() > minor_digits)
        }
        ir::ExprKind::Remainder(of, by, if_zero) => {
            is_fractional(of) || is_fractional(by) || if_zero.as_deref().is_some_and(is_fractional)
        }
        ir::ExprKind::Aggregate(aggregate) => {
            let mut values = [&aggregate.value, &aggregate.if_none].into_iter().flatten();
            aggregate.kind == ast::AggregateKind::Average || values.any(is_fractional)
        }
        _ => false,
    }
}
