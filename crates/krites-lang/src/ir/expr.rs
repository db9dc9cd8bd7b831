//! Typed expressions.

use std::sync::Arc;

use crate::ast::{CompareOp, ProductOp, SumOp};
use crate::ids::{DefinitionId, InputId, ModelId, TableId};
use crate::types::{Date, Ty};
use crate::{Exact, Span};

/// A constant
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// Of type integer
    Integer(i64),
    /// Of type decimal, percent (as a fraction) or money
    Exact(Exact),
    /// Of type boolean
    Boolean(bool),
    /// Of type text
    Text(Arc<str>),
    /// Of type date
    Date(Date),
    /// Position of an enum's label
    Label(u32),
}

impl Literal {
    /// Compares two constants of one ordered kind; `None` for others.
    #[must_use]
    pub fn order(&self, other: &Literal) -> Option<std::cmp::Ordering> {
        match (self, other) {
            (Literal::Integer(a), Literal::Integer(b)) => Some(a.cmp(b)),
            (Literal::Exact(a), Literal::Exact(b)) => Some(a.cmp(b)),
            (Literal::Date(a), Literal::Date(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }

    /// Tells whether this is the number zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        match self {
            Literal::Integer(value) => *value == 0,
            Literal::Exact(value) => value.is_zero(),
            _ => false,
        }
    }

    /// Returns -1, 0 or 1 for numbers by their sign, 0 for all else.
    #[must_use]
    pub fn sign(&self) -> i32 {
        match self {
            Literal::Integer(value) => i32::try_from(value.signum()).unwrap_or(0),
            Literal::Exact(value) => match value.cmp(&Exact::ZERO) {
                std::cmp::Ordering::Less => -1,
                std::cmp::Ordering::Equal => 0,
                std::cmp::Ordering::Greater => 1,
            },
            _ => 0,
        }
    }
}

/// What a name stands for
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Value {
    /// An input
    Input(InputId),
    /// `decision_date`
    DecisionDate,
    /// A definition
    Definition(DefinitionId),
    /// A table's output
    Table(TableId, u32),
    /// A model's answer
    Model(ModelId, u32),
    /// The final outcome
    Outcome,
}

/// A typed expression
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is
    pub kind: ExprKind,
    /// Type of its value
    pub ty: Ty,
    /// Whether it may be missing: then it is a [`ExprKind::Value`]
    pub optional: bool,
    /// Where it stands
    pub span: Span,
}

/// The kinds of typed expressions
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A constant
    Literal(Literal),
    /// A value by name
    Value(Value),
    /// An integer as an exact number
    Widen(Box<Expr>),
    /// Terms of one kind of number
    Sum(Box<Expr>, Vec<(SumOp, Expr)>),
    /// Factors; integers throughout, or exact numbers throughout
    Product(Box<Expr>, Vec<Factor>),
    /// The other sign
    Negate(Box<Expr>),
    /// The smallest
    Min(Vec<Expr>),
    /// The largest
    Max(Vec<Expr>),
    /// Without its sign
    Abs(Box<Expr>),
    /// A value that may be missing, and what stands in; `None` is a fault
    IfMissing(Value, Option<Box<Expr>>),
    /// Whether a value is there
    Present(Value),
    /// Comparison of two values of one type
    Compare(CompareOp, Box<Expr>, Box<Expr>),
    /// Equality with one of these, all of one type
    OneOf(Box<Expr>, Vec<Expr>),
    /// Between bounds; the flag says whether a bound is in
    InRange(
        Box<Expr>,
        Option<(Box<Expr>, bool)>,
        Option<(Box<Expr>, bool)>,
    ),
    /// The other truth
    Not(Box<Expr>),
    /// All hold, asked from left to right
    And(Vec<Expr>),
    /// One holds, asked from left to right
    Or(Vec<Expr>),
}

/// A further factor
#[derive(Clone, Debug)]
pub struct Factor {
    /// `*` or `/`
    pub op: ProductOp,
    /// The factor
    pub value: Expr,
    /// What a division by zero gives
    pub if_zero: Option<Expr>,
}

impl Expr {
    /// Calls `each` with every value that the expression reads.
    pub fn each_value(&self, each: &mut impl FnMut(Value)) {
        match &self.kind {
            ExprKind::Value(value) | ExprKind::Present(value) | ExprKind::IfMissing(value, _) => {
                each(*value);
            }
            _ => {}
        }
        self.each_part(&mut |part| part.each_value(each));
    }

    /// Returns how deep the expression nests, 1 for a name or a constant.
    #[must_use]
    pub fn depth(&self) -> usize {
        let mut deepest = 0;
        self.each_part(&mut |part| deepest = deepest.max(part.depth()));
        deepest + 1
    }

    /// Calls `each` with every part of the expression, from left to right.
    pub fn each_part<'e>(&'e self, each: &mut dyn FnMut(&'e Expr)) {
        match &self.kind {
            ExprKind::Literal(_) | ExprKind::Value(_) | ExprKind::Present(_) => {}
            ExprKind::IfMissing(_, alternative) => alternative.iter().for_each(|part| each(part)),
            ExprKind::Widen(inner)
            | ExprKind::Negate(inner)
            | ExprKind::Abs(inner)
            | ExprKind::Not(inner) => {
                each(inner);
            }
            ExprKind::Sum(first, rest) => {
                each(first);
                rest.iter().for_each(|(_, term)| each(term));
            }
            ExprKind::Product(first, rest) => {
                each(first);
                for factor in rest {
                    each(&factor.value);
                    factor.if_zero.iter().for_each(&mut *each);
                }
            }
            ExprKind::Min(parts)
            | ExprKind::Max(parts)
            | ExprKind::And(parts)
            | ExprKind::Or(parts) => {
                parts.iter().for_each(each);
            }
            ExprKind::Compare(_, left, right) => {
                each(left);
                each(right);
            }
            ExprKind::OneOf(subject, values) => {
                each(subject);
                values.iter().for_each(each);
            }
            ExprKind::InRange(subject, low, high) => {
                each(subject);
                [low, high]
                    .into_iter()
                    .flatten()
                    .for_each(|(bound, _)| each(bound));
            }
        }
    }
}
