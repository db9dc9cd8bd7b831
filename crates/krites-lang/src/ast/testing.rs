//! Examples and tests as written.

use super::{Expr, Name, Path, Share, Text};
use crate::Span;

/// `example name { path = value, … }`
#[derive(Clone, Debug)]
pub struct Example {
    /// Name
    pub name: Name,
    /// Values in order
    pub values: Vec<Assignment>,
    /// The whole item
    pub span: Span,
}

/// `path = value`
#[derive(Clone, Debug)]
pub struct Assignment {
    /// An input, `decision_date`, a model, or a model's output
    pub path: Path,
    /// The index, of a series' element
    pub index: Option<u32>,
    /// What it is set to
    pub value: AssignedValue,
}

/// What an assignment sets, or an expectation expects
#[derive(Clone, Debug)]
pub enum AssignedValue {
    /// A literal or a label
    Value(Expr),
    /// `missing`
    Missing(Span),
    /// `fault`
    Fault(Span),
    /// `[1, 2, missing]`: the elements of a series or list, in order
    List(Vec<AssignedValue>, Span),
    /// `{ opened = 2020-01-01, balance = 10 }`: an element of a list of records
    Record(Vec<Assignment>, Span),
    /// `{ lost_card : 0.9, rest : 0.1 }`: the labels of a distribution
    Shares(Vec<Share>, Span),
}

impl AssignedValue {
    /// Where it stands
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            AssignedValue::Value(value) => value.span,
            AssignedValue::Missing(span)
            | AssignedValue::Fault(span)
            | AssignedValue::List(_, span)
            | AssignedValue::Record(_, span)
            | AssignedValue::Shares(_, span) => *span,
        }
    }
}

/// `test "title" { given example with … expect … }`
#[derive(Clone, Debug)]
pub struct Test {
    /// Title
    pub title: Text,
    /// Where `given …` stands
    pub given: Option<Span>,
    /// The example it starts from
    pub example: Option<Name>,
    /// Values that replace or add to the example's
    pub with: Vec<Assignment>,
    /// What is expected
    pub expects: Vec<Expectation>,
    /// The whole item
    pub span: Span,
}

/// What a test expects of a shadow block
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShadowExpected {
    /// `same`
    Same,
    /// `different`
    Different,
    /// `not known`
    NotKnown,
}

/// One expectation of a test
#[derive(Clone, Debug)]
pub enum Expectation {
    /// `outcome = refer`, `limit = missing`
    Equals(Assignment),
    /// `reasons = [R01, R02]`
    Reasons {
        /// Codes in order
        codes: Vec<Name>,
        /// The whole expectation
        span: Span,
    },
    /// `tags = [vip]`
    Tags {
        /// Tags in order
        tags: Vec<Name>,
        /// The whole expectation
        span: Span,
    },
    /// `knock_outs.minor fired`, `knock_outs.minor not fired`
    Rule {
        /// The rule
        path: Path,
        /// Whether it is to have fired
        fired: bool,
    },
    /// `terms row = P-02`, `charges rows = [A, C]`
    Rows {
        /// The table
        table: Path,
        /// The names of the rows in order
        rows: Vec<Name>,
        /// Whether one row is expected: `row`
        one: bool,
        /// The whole expectation
        span: Span,
    },
    /// `with_challenger same`, `with_challenger not known`
    Shadow {
        /// The shadow block
        path: Path,
        /// What it is to come to
        state: ShadowExpected,
    },
    /// `default_risk not run`
    NotRun(Path),
    /// `bureau not asked`, `knock_outs.minor not asked`
    NotAsked(Path),
}
