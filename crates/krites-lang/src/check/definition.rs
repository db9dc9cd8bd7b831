//! Definitions. Written types are known before any value is looked into, and
//! values go in an order in which each finds the types that it needs.
//! Invariant: no recursion from one definition into another.

use std::sync::Arc;

use super::elements::Elements;
use super::names::Meaning;
use super::scope::Scope;
use super::{Checker, Env, codes, items, narrow, order};
use crate::ast;
use crate::ids::{DefinitionId, List};
use crate::ir::{self, Value};
use crate::types::{DeclaredTy, Ty};
use crate::{Diagnostic, Id as _, Span};

/// A definition on its way through the checker
pub(super) struct Slot<'a> {
    name: Arc<str>,
    source: Source<'a>,
    /// `None` until it is known, and where it was reported
    ty: Option<DeclaredTy>,
    /// `None` until it is checked, and where it was reported
    value: Option<ir::Expr>,
    /// The range that its values are proved to lie in
    range: Option<ir::ConstRange>,
    pub(super) span: Span,
}

/// What a definition is made of
#[derive(Clone, Copy)]
enum Source<'a> {
    Written(&'a ast::Definition),
    Bands(&'a ast::BandsDecl),
    Calibration(&'a ast::CalibrationDecl),
    /// A cascade, and the definition of its stage
    Cascade(&'a ast::CascadeDecl, DefinitionId),
    /// Made with its value: a column of a table, the stage of a cascade
    Made,
}

impl<'a> Source<'a> {
    fn ty(self) -> Option<&'a ast::TypeExpr> {
        match self {
            Source::Written(definition) => definition.ty.as_ref(),
            Source::Bands(decl) => Some(&decl.ty),
            Source::Calibration(decl) => Some(&decl.ty),
            Source::Cascade(decl, _) => Some(&decl.ty),
            Source::Made => None,
        }
    }

    /// The expressions that it is computed from.
    fn values(self) -> Vec<&'a ast::Expr> {
        match self {
            Source::Written(definition) => vec![&definition.value],
            Source::Bands(decl) => vec![&decl.subject],
            Source::Calibration(decl) => vec![&decl.subject],
            Source::Cascade(decl, _) => {
                let tries = decl.tries.iter();
                let tries = tries.flat_map(|attempt| [Some(&attempt.value), attempt.when.as_ref()]);
                let resort = decl.otherwise.as_ref().map(|resort| resort.value.as_ref());
                tries.chain(resort).flatten().collect()
            }
            Source::Made => Vec::new(),
        }
    }
}

impl<'a> Checker<'a> {
    /// Declares the names of all definitions, and of items that name one value.
    pub(super) fn declare_definitions(&mut self, file: &'a ast::File) {
        for definition in items!(file, Define).flatten() {
            let ast::Path { text, span } = &definition.name;
            self.declare_definition(text, *span, Source::Written(definition));
        }
        for item in &file.items {
            match item {
                ast::Item::Bands(decl) => {
                    self.declare_definition(&decl.name.text, decl.name.span, Source::Bands(decl));
                }
                ast::Item::Calibration(decl) => {
                    let source = Source::Calibration(decl);
                    self.declare_definition(&decl.name.text, decl.name.span, source);
                }
                ast::Item::Cascade(decl) => self.declare_cascade(decl),
                _ => {}
            }
        }
    }

    fn declare_definition(&mut self, name: &'a str, span: Span, source: Source<'a>) -> bool {
        let id = self.push_definition(Slot {
            name: Arc::from(name),
            source,
            ty: None,
            value: None,
            range: None,
            span,
        });
        self.declare(name, Meaning::Value(Value::Definition(id)), span)
    }

    /// Declares a cascade, and under it which `try` gave its value.
    fn declare_cascade(&mut self, decl: &'a ast::CascadeDecl) {
        let name = &decl.name;
        let cascade = DefinitionId::new(self.definitions.len());
        let stage = DefinitionId::new(cascade.position() + 1);
        let source = Source::Cascade(decl, stage);
        let sole = self.declare_definition(&name.text, name.span, source);
        let below = ast::Name {
            text: "stage".to_owned(),
            span: name.span,
        };
        let value = ir::Expr {
            kind: ir::ExprKind::Stage(Value::Definition(cascade)),
            ty: Ty::Integer,
            optional: false,
            span: name.span,
        };
        let made = self.define(format!("{}.stage", name.text), value);
        let meaning = Meaning::Value(Value::Definition(made));
        self.declare_below(name, &below, meaning, sole);
    }

    /// Adds a definition that the policy does not name: a column of a table.
    pub(super) fn define_column(&mut self, table: &str, value: ir::Expr) -> DefinitionId {
        let number = self.definitions.len();
        self.define(format!("{table}.column {number}"), value)
    }

    /// Adds a definition with its value.
    pub(super) fn define(&mut self, name: String, value: ir::Expr) -> DefinitionId {
        let ty = DeclaredTy {
            optional: value.optional,
            ..DeclaredTy::bare(value.ty)
        };
        self.define_as(name, ty, value)
    }

    /// Adds a definition of a declared type with its value.
    pub(super) fn define_as(
        &mut self,
        name: String,
        ty: DeclaredTy,
        value: ir::Expr,
    ) -> DefinitionId {
        self.push_definition(Slot {
            name: Arc::from(name),
            source: Source::Made,
            ty: Some(ty),
            span: value.span,
            value: Some(value),
            range: None,
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
            self.declare_type(position);
        }
        let needs: Vec<Vec<usize>> = (0..self.definitions.len())
            .map(|position| self.untyped_needs(position))
            .collect();
        let found = order::order(&needs);
        // Fields of a record that could not be read may be meant
        let unread =
            self.names.items.iter().any(
                |item| matches!(item, ast::Item::Error { keyword, .. } if keyword == "record"),
            );
        for cycle in found.cycles.iter().filter(|_| !unread) {
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
        self.definitions.get(position)?.source.ty()
    }

    /// Reads the type that a definition is written with, and the range.
    fn declare_type(&mut self, position: usize) {
        let Some(source) = self.definitions.get(position).map(|slot| slot.source) else {
            return;
        };
        let Some(ty) = source.ty().and_then(|written| self.declared_type(written)) else {
            return;
        };
        let range = match source {
            Source::Calibration(decl) => decl.range.as_ref(),
            _ => None,
        };
        let range = range.and_then(|range| self.constant_range(range, ty.ty));
        if let Some(slot) = self.definitions.get_mut(position) {
            slot.ty = Some(ty);
            slot.range = range;
        }
    }

    /// The range that a definition's values lie in, where one is promised.
    pub(super) fn definition_range(&self, id: DefinitionId) -> Option<&ir::ConstRange> {
        self.definitions.get(id.position())?.range.as_ref()
    }

    /// The definitions without a written type that a definition names.
    fn untyped_needs(&mut self, position: usize) -> Vec<usize> {
        let mut named = Vec::new();
        let source = self.definitions.get(position).map(|slot| slot.source);
        for value in source.map(Source::values).unwrap_or_default() {
            self.definitions_named(value, &mut named);
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
        let checked = match (slot.source, slot.ty) {
            (Source::Made, _) => return,
            (Source::Written(source), None) if source.ty.is_none() => self.untyped_value(source),
            // Its type was reported.
            (_, None) => None,
            (source, Some(ty)) => {
                let range = slot.range.clone();
                let value = match source {
                    Source::Written(source) => self.of_declared(&source.value, ty, &Env::default()),
                    Source::Bands(decl) => self.bands(decl, ty),
                    Source::Calibration(decl) => self.calibration(decl, ty, range.as_ref()),
                    Source::Cascade(decl, stage) => self.cascade(decl, ty, stage),
                    Source::Made => None,
                };
                value.map(|value| (ty, value))
            }
        };
        if let (Some(slot), Some((ty, value))) = (self.definitions.get_mut(position), checked) {
            slot.ty = Some(ty);
            slot.value = Some(value);
        }
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
                    made: matches!(slot.source, Source::Made),
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
        ir::ExprKind::Lookup(looked_up) => {
            matches!(&looked_up.if_none, ir::IfNone::Value(value) if is_fractional(value))
        }
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
