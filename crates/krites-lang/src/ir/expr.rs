//! Typed expressions.

use std::sync::Arc;

use super::{Aggregate, Calibration, Cascade, DistributionUse, LookupUse};
use crate::ast::{CompareOp, DatePart, ProductOp, Rounding, SumOp, Unit};
use crate::ids::{
    DefinitionId, FunctionId, InputId, LocalId, LookupId, ModelId, NamedListId, PatternId, RuleId,
    SubpolicyId, TableId,
};
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
    /// Of type datetime: microseconds since 1970-01-01T00:00:00Z
    DateTime(i64),
    /// Of type duration: microseconds
    Duration(i64),
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
            (Literal::DateTime(a), Literal::DateTime(b))
            | (Literal::Duration(a), Literal::Duration(b)) => Some(a.cmp(b)),
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
    /// A parameter, a function's own value, an element's field
    Local(LocalId),
    /// The final outcome
    Outcome,
    /// What is decided with it, by position in [`Decide::values`](super::Decide::values)
    Decided(u32),
}

/// A typed expression
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is
    pub kind: ExprKind,
    /// Type of its value
    pub ty: Ty,
    /// Whether it may be missing: then it is a [`ExprKind::Value`], a
    /// [`ExprKind::Cascade`] or a [`ExprKind::Lookup`]
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
    /// The value of the first condition that holds, else the last value; nothing
    /// behind it is asked
    Cases(Vec<(Expr, Expr)>, Box<Expr>),
    /// A value under a local name, missing included, and what is computed with it
    Let(LocalId, Box<Expr>, Box<Expr>),
    /// The nearest whole number on a side: an integer of a decimal, money of money
    ToWhole(WholeRounding, Box<Expr>),
    /// Rounded to digits behind the point, of the fraction for percent
    ToDigits(Box<Expr>, u32, Rounding),
    /// Rounded to a multiple of the second, never zero but by a fault
    ToMultiple(Box<Expr>, Box<Expr>, Rounding),
    /// `a - b × floor(a / b)`, and what a divisor of zero gives
    Remainder(Box<Expr>, Box<Expr>, Option<Box<Expr>>),
    /// A base and a whole exponent
    Power(Box<Expr>, Box<Expr>),
    /// An amount of one input's currency taken for one of the other type's, which is
    /// a fault where the currencies differ
    InCurrency(Box<Expr>),
    /// A date or datetime moved by so many units, back where the number is negative;
    /// months and years end on the last day of a shorter month
    Move(Box<Expr>, Box<Expr>, Unit),
    /// A datetime and a duration added, or subtracted where the flag is set
    Shift(Box<Expr>, Box<Expr>, bool),
    /// The duration from the first datetime to the second
    Elapsed(Box<Expr>, Box<Expr>),
    /// Whole units from the first date or datetime to the second
    Between(Unit, Box<Expr>, Box<Expr>),
    /// A part of a date or datetime
    Part(DatePart, Box<Expr>),
    /// So many units as a duration
    DurationOf(Box<Expr>, Unit),
    /// Whether a text is so
    TextTest(Box<Expr>, TextTest),
    /// Whether a value is in a named list
    InList(Box<Expr>, NamedListId),
    /// Whether a lookup has a row for a key
    InLookup(Box<Expr>, LookupId),
    /// A value of the row that a lookup has for a key
    Lookup(Box<LookupUse>),
    /// A text made of others
    Text(TextFunction, Vec<Expr>),
    /// How many characters a text has
    Length(Box<Expr>),
    /// A function of its arguments
    Call(FunctionId, Vec<Expr>),
    /// Something made of all elements of a list or series
    Aggregate(Box<Aggregate>),
    /// A number by the points of a calibration
    Calibrated(Box<Calibration>),
    /// Values that are tried in order: the whole value of a definition
    Cascade(Box<Cascade>),
    /// Which `try` gave the value of a cascade
    Stage(Value),
    /// What another policy gives that is asked, by position
    Asked(SubpolicyId, u32),
    /// A label or a probability of a distribution
    Distribution(Box<DistributionUse>),
    /// Whether a rule fires, and what stands for it where the rule is off
    Fired(RuleId, Option<bool>),
}

/// Which whole number
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WholeRounding {
    /// Toward minus infinity
    Floor,
    /// Toward plus infinity
    Ceiling,
    /// Toward zero
    Truncate,
}

impl WholeRounding {
    /// Returns the nearest whole number on this side.
    #[must_use]
    pub fn of(self, value: Exact) -> Exact {
        match self {
            WholeRounding::Floor => value.floor(),
            WholeRounding::Ceiling => value.ceiling(),
            WholeRounding::Truncate => value.truncate(),
        }
    }
}

/// What is asked of a text; letters count as written
#[derive(Clone, Debug)]
pub enum TextTest {
    /// It begins with this
    StartsWith(Box<Expr>),
    /// It ends with this
    EndsWith(Box<Expr>),
    /// It has this within it
    Contains(Box<Expr>),
    /// It has a word of a named list within it: whole words, case ignored
    ContainsWordIn(NamedListId),
    /// The pattern matches the whole of it
    Matches(PatternId),
}

/// Texts made of texts
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextFunction {
    /// Small letters
    Lower,
    /// Capitals
    Upper,
    /// Without blanks at both ends
    Trim,
    /// One behind the other
    Concat,
    /// The first so many characters
    Left,
    /// The last so many characters
    Right,
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
