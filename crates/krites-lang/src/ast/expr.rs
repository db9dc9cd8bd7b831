//! Expressions as written.

use super::{Name, Path, Range};
use crate::Span;

/// An expression
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is
    pub kind: ExprKind,
    /// Where it stands
    pub span: Span,
}

/// The kinds of expressions. Chains are flat, so that depth follows brackets.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `25_000` or `0.08`, underscores removed; a glued sign included
    Number(String),
    /// `4.9%`: the text before the sign of percent
    Percent(String),
    /// `"text"`
    Text(String),
    /// `2026-11-02`, not yet held against the calendar
    Date(String),
    /// `true` or `false`
    Boolean(bool),
    /// A name
    Path(Path),
    /// `a or b or c`
    Or(Vec<Expr>),
    /// `a and b and c`
    And(Vec<Expr>),
    /// `not a`
    Not(Box<Expr>),
    /// `a < b`
    Compare {
        /// Which comparison
        op: CompareOp,
        /// Left side
        left: Box<Expr>,
        /// Right side
        right: Box<Expr>,
    },
    /// `a is b`, `a is not one of [b, c]`, `a is present`
    Is {
        /// What is looked at
        subject: Box<Expr>,
        /// `is not`
        negated: bool,
        /// What it is held against
        what: IsWhat,
    },
    /// `a in 1 to 5`, `a not in 1 to 5`
    In {
        /// What is looked at
        subject: Box<Expr>,
        /// `not in`
        negated: bool,
        /// The range
        range: Box<Range>,
    },
    /// `a + b - c`
    Sum {
        /// First term
        first: Box<Expr>,
        /// Further terms
        rest: Vec<(SumOp, Expr)>,
    },
    /// `a * b / c if zero d`
    Product {
        /// First factor
        first: Box<Expr>,
        /// Further factors
        rest: Vec<Factor>,
    },
    /// `-a` of a name or a bracket
    Negate(Box<Expr>),
    /// `path if missing value`, `path if missing fault`
    IfMissing {
        /// The name that may be missing
        subject: Path,
        /// The value in its place; `None` stands for `fault`
        alternative: Option<Box<Expr>>,
    },
    /// `min(a, b)`
    Call {
        /// The function
        function: Name,
        /// Its arguments
        arguments: Vec<Expr>,
    },
    /// A part that could not be read
    Error,
}

/// Comparisons
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOp {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// What stands behind `is`
#[derive(Clone, Debug)]
pub enum IsWhat {
    /// `present`
    Present,
    /// `missing`
    Missing,
    /// A value or label
    Value(Box<Expr>),
    /// `one of [a, b]`
    OneOf(Vec<Expr>),
}

/// `+` or `-`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SumOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
}

/// A further factor of a product
#[derive(Clone, Debug)]
pub struct Factor {
    /// `*` or `/`
    pub op: ProductOp,
    /// The factor
    pub value: Expr,
    /// `if zero …`, of a division
    pub if_zero: Option<Expr>,
}

/// `*` or `/`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProductOp {
    /// `*`
    Multiply,
    /// `/`
    Divide,
}
