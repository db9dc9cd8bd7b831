//! From typed expressions to code; the common shapes get code of their own.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::constant::whole;
use super::quotient::Quotients;
use super::{
    Arithmetic, Code, Constant, FactorCode, Key, Kind, Layout, Number, Overflow, Producer,
    Relation, Slot, Truth, Whole, Words,
};
use crate::Exact;
use crate::ast::{ProductOp, SumOp};
use crate::ids::{
    DefinitionId, FunctionId, InputId, List, ListId, LocalId, LookupId, ModelId, NamedListId,
    RuleId, RuleSetId, TableId,
};
use crate::ir::{Aggregate, ConstRange, Expr, ExprKind, Literal, Value};
use crate::types::{DeclaredTy, Ty};

/// Hands out slots and turns expressions into code over them
#[derive(Default)]
pub(super) struct Compiler {
    pub(super) layout: Layout,
    pub(super) producers: Vec<Producer>,
    pub(super) decision_date: Option<Slot>,
    pub(super) outcome: Option<Slot>,
    /// What is decided with it
    pub(super) decided: Vec<Slot>,
    /// The set that each rule stands in
    pub(super) sets: HashMap<RuleId, RuleSetId>,
    pub(super) inputs: List<InputId, Slot>,
    pub(super) input_types: List<InputId, Ty>,
    pub(super) lists: List<ListId, Slot>,
    /// Outermost aggregates
    pub(super) sites: RefCell<HashMap<*const Aggregate, u32>>,
    /// The outermost aggregate whose code is being made
    pub(super) site: Cell<Option<u32>>,
    pub(super) definitions: List<DefinitionId, Slot>,
    /// By the stage of a cascade: how many of its tries were left by a fault
    pub(super) left: HashMap<DefinitionId, Slot>,
    pub(super) tables: List<TableId, Vec<Slot>>,
    pub(super) models: List<ModelId, Vec<Slot>>,
    pub(super) locals: List<LocalId, Slot>,
    /// Of functions
    pub(super) results: List<FunctionId, Slot>,
    /// By lookup: where the values of its columns go
    pub(super) lookups: List<LookupId, Vec<Slot>>,
    pub(super) quotients: Quotients,
    /// Lists whose words texts are searched for
    pub(super) word_lists: RefCell<BTreeSet<NamedListId>>,
    /// Whether exact numbers are computed in the plain way alone
    pub(super) plain: bool,
    /// How many values and comparisons are computed on whole numbers
    pub(super) scaled: Cell<usize>,
    pub(super) ranges: List<InputId, Option<ConstRange>>,
    /// By slot: what an input has where nothing is given
    pub(super) defaults: BTreeMap<u32, Constant>,
    /// Types of values that have declared ones
    pub(super) declared: HashMap<Value, DeclaredTy>,
}

fn index(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

impl Compiler {
    pub(super) fn slot(&mut self, ty: Ty, producer: Producer) -> Slot {
        let id = index(self.layout.slots);
        self.layout.slots += 1;
        self.producers.push(producer);
        let count = match Kind::of(ty) {
            Kind::Whole => &mut self.layout.whole,
            Kind::Exact => &mut self.layout.exact,
            Kind::Text => &mut self.layout.text,
        };
        let at = index(*count);
        *count += 1;
        Slot { id, at }
    }

    /// A slot for the range of a list's elements.
    pub(super) fn range_slot(&mut self, producer: Producer) -> Slot {
        self.slot(Ty::Integer, producer)
    }

    pub(super) fn inputs_kind(&self, id: InputId) -> Kind {
        Kind::of(self.input_types[id])
    }

    pub(super) fn value_slot(&self, value: Value) -> Slot {
        let found = match value {
            Value::Input(id) => Some(self.inputs[id]),
            Value::Definition(id) => Some(self.definitions[id]),
            Value::Table(id, output) => self.tables[id].get(output as usize).copied(),
            Value::Model(id, give) => self.models[id].get(give as usize).copied(),
            Value::DecisionDate => self.decision_date,
            Value::Outcome => self.outcome,
            Value::Decided(at) => self.decided.get(at as usize).copied(),
            Value::Local(id) => Some(self.locals[id]),
        };
        // The checker made the value from the same lists.
        found.unwrap_or(Slot { id: 0, at: 0 })
    }

    /// Code for a value that is taken for a type of its kind.
    pub(super) fn code(&self, expr: &Expr, ty: Ty) -> Code {
        if let (ExprKind::Value(value), true) = (&expr.kind, expr.optional) {
            return Code::Copy(self.value_slot(*value), Kind::of(ty));
        }
        if let (ExprKind::Lookup(looked_up), true) = (&expr.kind, expr.optional) {
            return Code::Looked(Box::new(self.looked_up(looked_up, expr)));
        }
        match Kind::of(ty) {
            Kind::Whole if ty == Ty::Boolean => Code::Truth(self.truth(expr)),
            Kind::Whole => Code::Whole(self.whole(expr)),
            Kind::Exact => Code::Exact(self.number(expr)),
            Kind::Text => Code::Text(self.words(expr)),
        }
    }

    pub(super) fn truth(&self, expr: &Expr) -> Truth {
        match &expr.kind {
            ExprKind::Literal(literal) => Truth::Constant(*literal == Literal::Boolean(true)),
            ExprKind::Value(value) => Truth::WholeWithin(self.value_slot(*value), 1, 1),
            ExprKind::Present(value) => Truth::Present(self.value_slot(*value)),
            ExprKind::Not(inner) => match &inner.kind {
                ExprKind::Value(value) => Truth::WholeWithin(self.value_slot(*value), 0, 0),
                _ => negated(self.truth(inner)),
            },
            ExprKind::And(parts) => Truth::All(parts.iter().map(|part| self.truth(part)).collect()),
            ExprKind::Or(parts) => Truth::Any(parts.iter().map(|part| self.truth(part)).collect()),
            ExprKind::Compare(op, left, right) => self.compare(*op, left, right),
            ExprKind::OneOf(subject, values) => self.one_of(subject, values),
            ExprKind::InRange(subject, low, high) => {
                self.in_range(subject, low.as_ref(), high.as_ref())
            }
            ExprKind::IfMissing(..) => Truth::Whole(
                Relation::Equal,
                Box::new((self.whole(expr), Whole::Constant(1))),
            ),
            ExprKind::TextTest(subject, test) => self.text_test(subject, test),
            ExprKind::InList(subject, list) => self.in_list(subject, *list),
            ExprKind::InLookup(key, lookup) => Truth::InLookup(Box::new(Key {
                lookup: *lookup,
                key: self.key(key),
                span: expr.span,
            })),
            ExprKind::Fired(rule, if_off) => self.fired(*rule, *if_off),
            // No other kind is a condition.
            _ => self.extra(expr).unwrap_or(Truth::Constant(false)),
        }
    }

    pub(super) fn whole(&self, expr: &Expr) -> Whole {
        let all = |parts: &[Expr]| {
            parts
                .iter()
                .map(|part| self.whole(part))
                .collect::<Box<[Whole]>>()
        };
        let overflow = match expr.ty {
            Ty::Duration => Overflow::Duration,
            _ => Overflow::Number,
        };
        match &expr.kind {
            ExprKind::Literal(literal) => Whole::Constant(whole(literal).unwrap_or_default()),
            ExprKind::Value(value) => Whole::Slot(self.value_slot(*value)),
            ExprKind::Sum(first, rest) => {
                let rest = rest
                    .iter()
                    .map(|(op, term)| (*op == SumOp::Subtract, self.whole(term)));
                Whole::Sum(
                    std::iter::once((false, self.whole(first)))
                        .chain(rest)
                        .collect(),
                    overflow,
                    expr.span,
                )
            }
            ExprKind::Product(first, rest) => {
                let rest = rest.iter().map(|factor| self.whole(&factor.value));
                Whole::Product(
                    std::iter::once(self.whole(first)).chain(rest).collect(),
                    overflow,
                    expr.span,
                )
            }
            ExprKind::Negate(inner) => {
                Whole::Negate(Box::new(self.whole(inner)), overflow, expr.span)
            }
            ExprKind::Abs(inner) => Whole::Abs(Box::new(self.whole(inner)), overflow, expr.span),
            ExprKind::Min(parts) => Whole::Min(all(parts)),
            ExprKind::Max(parts) => Whole::Max(all(parts)),
            ExprKind::IfMissing(value, alternative) => Whole::IfMissing(
                self.value_slot(*value),
                alternative
                    .as_ref()
                    .map(|alternative| Box::new(self.whole(alternative))),
                expr.span,
            ),
            ExprKind::Length(text) => Whole::Length(Box::new(self.words(text))),
            _ if expr.ty == Ty::Boolean => Whole::Truth(Box::new(self.truth(expr))),
            // No other kind is a whole number.
            _ => self
                .time(expr)
                .or_else(|| self.rounded_whole(expr))
                .or_else(|| self.extra(expr))
                .unwrap_or(Whole::Constant(0)),
        }
    }

    pub(super) fn number(&self, expr: &Expr) -> Number {
        let all = |parts: &[Expr]| {
            parts
                .iter()
                .map(|part| self.number(part))
                .collect::<Box<[Number]>>()
        };
        if expr.ty == Ty::Integer {
            return match self.whole(expr) {
                Whole::Constant(value) => Number::Constant(Exact::from_integer(value)),
                whole => Number::Whole(Box::new(whole)),
            };
        }
        let arithmetic = || Arithmetic {
            rounds_from: self.quotients.rounds_from(expr),
            span: expr.span,
        };
        match &expr.kind {
            ExprKind::Literal(Literal::Exact(value)) => Number::Constant(*value),
            ExprKind::Value(value) => Number::Slot(self.value_slot(*value)),
            ExprKind::Widen(inner) => Number::Whole(Box::new(self.whole(inner))),
            ExprKind::Sum(first, rest) => {
                let rest = rest
                    .iter()
                    .map(|(op, term)| (*op == SumOp::Subtract, self.number(term)));
                Number::Sum(
                    std::iter::once((false, self.number(first)))
                        .chain(rest)
                        .collect(),
                    arithmetic(),
                )
            }
            ExprKind::Product(first, rest) => {
                let rest = rest.iter().map(|factor| FactorCode {
                    divides: factor.op == ProductOp::Divide,
                    value: self.number(&factor.value),
                    if_zero: factor
                        .if_zero
                        .as_ref()
                        .map(|alternative| self.number(alternative)),
                });
                Number::Product(Box::new(self.number(first)), rest.collect(), arithmetic())
            }
            ExprKind::Negate(inner) => Number::Negate(Box::new(self.number(inner))),
            ExprKind::Abs(inner) => Number::Abs(Box::new(self.number(inner))),
            ExprKind::Min(parts) => Number::Min(all(parts)),
            ExprKind::Max(parts) => Number::Max(all(parts)),
            ExprKind::IfMissing(value, alternative) => Number::IfMissing(
                self.value_slot(*value),
                alternative
                    .as_ref()
                    .map(|alternative| Box::new(self.number(alternative))),
                expr.span,
            ),
            // No other kind is a number.
            _ => self
                .rounded_number(expr)
                .or_else(|| self.extra(expr))
                .unwrap_or(Number::Constant(Exact::ZERO)),
        }
    }

    pub(super) fn words(&self, expr: &Expr) -> Words {
        match &expr.kind {
            ExprKind::Literal(Literal::Text(text)) => Words::Constant(text.clone()),
            ExprKind::Value(value) => Words::Slot(self.value_slot(*value)),
            ExprKind::IfMissing(value, alternative) => Words::IfMissing(
                self.value_slot(*value),
                alternative
                    .as_ref()
                    .map(|alternative| Box::new(self.words(alternative))),
                expr.span,
            ),
            ExprKind::Text(function, parts) => self.made_text(*function, parts, expr.span),
            // No other kind is a text.
            _ => self
                .extra(expr)
                .unwrap_or_else(|| Words::Constant("".into())),
        }
    }
}

/// The opposite of a condition, in one step where there is one.
fn negated(truth: Truth) -> Truth {
    match truth {
        Truth::Present(slot) => Truth::Missing(slot),
        Truth::Missing(slot) => Truth::Present(slot),
        Truth::TextAmong(slot, values, among) => Truth::TextAmong(slot, values, !among),
        truth => Truth::Not(Box::new(truth)),
    }
}
