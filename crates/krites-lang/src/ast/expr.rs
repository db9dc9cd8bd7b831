//! Expressions as written.

use super::{Aggregate, CellTest, LookupUse, Name, Path, Range, Rounding};
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
    /// `2026-11-02T14:30:00Z`, not yet held against the calendar
    Datetime(String),
    /// `true` or `false`
    Boolean(bool),
    /// `30 days`, `loan.term_months months`
    Quantity {
        /// How many
        amount: Box<Expr>,
        /// Of what
        unit: Unit,
    },
    /// A name; within the elements of a list or series, `each` is the element
    Path(Path),
    /// `card.paid[3]`
    Index {
        /// A series
        path: Path,
        /// The index
        index: u32,
    },
    /// `a or b or c`
    Or(Vec<Expr>),
    /// `a and b and c`
    And(Vec<Expr>),
    /// `not a`
    Not(Box<Expr>),
    /// `a < b`, `a before b`
    Compare {
        /// Which comparison
        op: CompareOp,
        /// Whether it is written `before` or `after`, as of dates and datetimes
        worded: bool,
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
        /// The index, of a series' element
        index: Option<u32>,
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
    /// `x rounded half up to 2 digits`, `x rounded down to a multiple of 10_000`
    Rounded {
        /// What is rounded
        value: Box<Expr>,
        /// How; the policy's rounding where nothing is said
        mode: Option<Rounding>,
        /// To what
        to: RoundTo,
    },
    /// `remainder of a by b if zero c`
    Remainder {
        /// What is divided
        of: Box<Expr>,
        /// The divisor
        by: Box<Expr>,
        /// `if zero …`
        if_zero: Option<Box<Expr>>,
    },
    /// `a to the power of n`
    Power {
        /// The base
        base: Box<Expr>,
        /// The exponent, a whole number
        exponent: Box<Expr>,
    },
    /// `days from a to b`: whole units passed
    Between {
        /// Of what
        unit: Unit,
        /// The earlier one
        from: Box<Expr>,
        /// The later one
        to: Box<Expr>,
    },
    /// `year of d`, `hour of t`
    Part {
        /// Which part
        part: DatePart,
        /// A date or datetime
        of: Box<Expr>,
    },
    /// `if a then b else if c then d else e`
    If {
        /// Conditions, tried in order, each with its value
        arms: Vec<(Expr, Expr)>,
        /// Where none holds
        otherwise: Box<Expr>,
    },
    /// `match x { a, b : 1, 3 to 5 : 2, otherwise : 0 }`
    Match {
        /// What is looked at
        subject: Box<Expr>,
        /// Tried in order
        arms: Vec<MatchArm>,
        /// `otherwise : …`
        otherwise: Option<Box<Expr>>,
    },
    /// `count of …`, `sum of …`, `any …` and their like
    Aggregate(Box<Aggregate>),
    /// `purpose in list fraud_words`
    InList {
        /// What is looked at
        subject: Box<Expr>,
        /// `not in list`
        negated: bool,
        /// Name of the list
        list: Name,
    },
    /// `intent in lookup routing`
    InLookup {
        /// What is looked at
        subject: Box<Expr>,
        /// `not in lookup`
        negated: bool,
        /// Name of the lookup
        lookup: Name,
    },
    /// `routing(intent).queue if none general`
    Lookup(Box<LookupUse>),
    /// `message contains "x"`, `message does not match "[0-9]+"`
    TextTest {
        /// What is looked at
        subject: Box<Expr>,
        /// `does not …`
        negated: bool,
        /// What is asked of it
        test: TextTest,
    },
    /// `knock_outs.under_age fired if off false`
    Fired {
        /// The rule
        rule: Path,
        /// What it is where the rule is off
        if_off: Option<bool>,
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

/// What is asked of a text
#[derive(Clone, Debug)]
pub enum TextTest {
    /// `starts with a`
    StartsWith(Box<Expr>),
    /// `ends with a`
    EndsWith(Box<Expr>),
    /// `contains a`
    Contains(Box<Expr>),
    /// `contains a word in LIST`
    ContainsWordIn(Name),
    /// `matches "pattern"`: what stands between the quotes, backslashes as written
    Matches(super::Text),
}

/// Units of time
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Seconds
    Seconds,
    /// Minutes
    Minutes,
    /// Hours
    Hours,
    /// Days
    Days,
    /// Weeks
    Weeks,
    /// Months
    Months,
    /// Years
    Years,
}

impl Unit {
    /// Returns how many microseconds it is long; months and years have no length of
    /// their own.
    #[must_use]
    pub fn length(self) -> Option<i64> {
        let seconds = match self {
            Unit::Seconds => 1,
            Unit::Minutes => 60,
            Unit::Hours => 3_600,
            Unit::Days => 86_400,
            Unit::Weeks => 7 * 86_400,
            Unit::Months | Unit::Years => return None,
        };
        Some(seconds * 1_000_000)
    }
}

/// Parts of dates and datetimes, datetimes in the policy's time zone
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DatePart {
    /// The year
    Year,
    /// The month, 1 to 12
    Month,
    /// The day of the month, 1 to 31
    Day,
    /// The day of the week, Monday 1 to Sunday 7
    Weekday,
    /// The hour of a datetime, 0 to 23
    Hour,
    /// The minute of a datetime, 0 to 59
    Minute,
    /// The date of a datetime
    Date,
}

/// What a value is rounded to
#[derive(Clone, Debug)]
pub enum RoundTo {
    /// `to 2 digits`, behind the point
    Digits(u32),
    /// `to a multiple of 10_000`
    MultipleOf(Box<Expr>),
}

/// `a, b : value`
#[derive(Clone, Debug)]
pub struct MatchArm {
    /// Alternatives, one of which must hold; none stands for `missing`
    pub tests: Vec<CellTest>,
    /// The value
    pub value: Expr,
    /// The whole arm
    pub span: Span,
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
