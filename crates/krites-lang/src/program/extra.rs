//! Code for forms that are rarer than comparisons and arithmetic, of a value of
//! any kind.

use super::constant::{exact_range, whole_range};
use super::from_ir_expr::Compiler;
use super::{
    AggregateCode, Code, Computed, DistributionCode, ExactRange, LookupCode, Number, Slot, Truth,
    Whole, Words,
};
use crate::Span;
use crate::ids::FunctionId;
use crate::ir::{self, Expr, ExprKind, IfNone, LocalTy};
use crate::types::{Currency, DeclaredTy, Ty};

/// A value of kind `T` by a rarer form
#[derive(Clone, Debug)]
pub(crate) enum Extra<T> {
    /// The value of the first condition that holds, else the last one
    Cases(Box<[(Truth, T)]>, T),
    /// A local, then the value
    Let(Computed, T),
    /// A function's value
    Call(CallCode),
    /// A value of a lookup, and what stands in for it; nothing stands for a fault
    Lookup(LookupCode, Option<T>),
    /// An amount, where its currency is the one that is wanted
    InCurrency(SameCurrency, T),
    /// What is made of all elements of a list or series
    Aggregate(AggregateCode<T>),
    /// A label of a distribution, or the probability of one
    Distribution(DistributionCode),
}

/// Two currencies that must be the same in the case
#[derive(Clone, Debug)]
pub(crate) struct SameCurrency {
    pub(crate) wanted: CurrencyOf,
    pub(crate) found: CurrencyOf,
    pub(crate) span: Span,
}

/// The currency of amounts
#[derive(Clone, Copy, Debug)]
pub(crate) enum CurrencyOf {
    Policy(Currency),
    /// The text in this slot
    Case(Slot),
}

/// A call
#[derive(Clone, Debug)]
pub(crate) struct CallCode {
    pub(crate) function: FunctionId,
    pub(crate) arguments: Box<[Code]>,
    pub(crate) span: Span,
}

/// A function
#[derive(Clone, Debug)]
pub(crate) struct FunctionCode {
    pub(crate) parameters: Box<[ParameterCode]>,
    pub(crate) bindings: Box<[Computed]>,
    pub(crate) value: Computed,
}

/// A parameter: where its argument goes and what it must lie in
#[derive(Clone, Debug)]
pub(crate) struct ParameterCode {
    pub(crate) slot: Slot,
    pub(crate) places: Option<u32>,
    /// The whole numbers of the declared range, both bounds in
    pub(crate) whole_range: (i64, i64),
    pub(crate) exact_range: Option<ExactRange>,
}

/// What a rarer form is made of, so that each kind of value builds its own
pub(super) trait OfKind: Sized {
    fn of(compiler: &Compiler, expr: &Expr) -> Self;
    fn extra(extra: Box<Extra<Self>>) -> Self;
}

macro_rules! of_kind {
    ($($kind:ident, $method:ident;)*) => {$(
        impl OfKind for $kind {
            fn of(compiler: &Compiler, expr: &Expr) -> Self {
                compiler.$method(expr)
            }
            fn extra(extra: Box<Extra<Self>>) -> Self {
                $kind::Extra(extra)
            }
        }
    )*};
}
of_kind! {
    Truth, truth;
    Whole, whole;
    Number, number;
    Words, words;
}

impl Compiler {
    /// Code for a rarer form; `None` for any other.
    pub(super) fn extra<T: OfKind>(&self, expr: &Expr) -> Option<T> {
        let extra = match &expr.kind {
            ExprKind::Cases(arms, otherwise) => Extra::Cases(
                arms.iter()
                    .map(|(condition, value)| (self.truth(condition), T::of(self, value)))
                    .collect(),
                T::of(self, otherwise),
            ),
            ExprKind::Let(local, value, body) => Extra::Let(
                Computed {
                    slot: self.locals[*local],
                    code: self.code(value, value.ty),
                    places: None,
                },
                T::of(self, body),
            ),
            ExprKind::Call(function, arguments) => Extra::Call(CallCode {
                function: *function,
                arguments: arguments
                    .iter()
                    .map(|argument| self.code(argument, argument.ty))
                    .collect(),
                span: expr.span,
            }),
            ExprKind::Lookup(looked_up) => Extra::Lookup(
                self.looked_up(looked_up, expr),
                match &looked_up.if_none {
                    IfNone::Value(value) => Some(T::of(self, value)),
                    IfNone::Proved | IfNone::Fault | IfNone::Missing => None,
                },
            ),
            ExprKind::InCurrency(inner) => Extra::InCurrency(
                SameCurrency {
                    wanted: self.currency_of(expr.ty)?,
                    found: self.currency_of(inner.ty)?,
                    span: expr.span,
                },
                T::of(self, inner),
            ),
            ExprKind::Aggregate(aggregate) => Extra::Aggregate(self.aggregate(aggregate, expr)),
            ExprKind::Distribution(found) => {
                Extra::Distribution(self.distribution(found, expr.span))
            }
            _ => return None,
        };
        Some(T::extra(Box::new(extra)))
    }

    fn currency_of(&self, ty: Ty) -> Option<CurrencyOf> {
        match ty {
            Ty::Money(currency) => Some(CurrencyOf::Policy(currency)),
            Ty::MoneyOf(input) => Some(CurrencyOf::Case(self.inputs[input])),
            _ => None,
        }
    }

    /// Code for a value of a declared type; digits that only the case tells are
    /// found when it is stored.
    pub(super) fn declared(&self, value: &Expr, ty: DeclaredTy) -> Code {
        let code = match &value.kind {
            ExprKind::Cascade(cascade) => return self.cascade(cascade, ty),
            ExprKind::Asked(id, _) => return Code::Asked(*id),
            ExprKind::Stage(cascade) => return Code::Stage(self.value_slot(*cascade)),
            _ => self.code(value, ty.ty),
        };
        match ty.ty {
            Ty::MoneyOf(input) if ty.minor_unit => {
                Code::MinorUnit(Box::new((self.inputs[input], code)))
            }
            _ => self.scaled_value(value, ty, code),
        }
    }

    /// Code of a function.
    pub(super) fn function(&self, policy: &ir::Policy, id: FunctionId) -> FunctionCode {
        let function = &policy.functions[id];
        let places = |local| match policy.locals[local].ty {
            LocalTy::Value(ty) => ty.places,
            LocalTy::Elements(_) => None,
        };
        let parameters = function.parameters.iter().map(|parameter| {
            let range = parameter.range.as_ref();
            ParameterCode {
                slot: self.locals[parameter.local],
                places: places(parameter.local),
                whole_range: range.map_or((i64::MIN, i64::MAX), whole_range),
                exact_range: range.and_then(exact_range),
            }
        });
        let bindings = function.bindings.iter().map(|binding| Computed {
            slot: self.locals[binding.local],
            code: self.code(&binding.value, binding.value.ty),
            places: places(binding.local),
        });
        FunctionCode {
            parameters: parameters.collect(),
            bindings: bindings.collect(),
            value: Computed {
                slot: self.results[id],
                code: self.code(&function.value, function.ty.ty),
                places: function.ty.places,
            },
        }
    }
}
