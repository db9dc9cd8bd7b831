//! What goes out: outputs, what is recorded, reasons that are owed.

use super::{Expr, Name, Path, TypeExpr};
use crate::Span;

/// One entry of `output`
#[derive(Clone, Debug)]
pub enum OutputEntry {
    /// An output, or what is recorded
    Part(OutputPart),
    /// `when condition { … }`
    When {
        /// The condition
        condition: Expr,
        /// What is given where it holds
        parts: Vec<OutputPart>,
        /// The whole entry
        span: Span,
    },
}

/// What goes out
#[derive(Clone, Debug)]
pub enum OutputPart {
    /// `name : type = expression`
    Field(OutputField),
    /// `record anomaly.score if asked`
    Record(RecordedValue),
}

/// `record anomaly.score if asked`
#[derive(Clone, Debug)]
pub struct RecordedValue {
    /// The value
    pub path: Path,
    /// The index, of a series' element
    pub index: Option<u32>,
    /// `if asked`
    pub if_asked: Option<Span>,
    /// The whole entry
    pub span: Span,
}

impl OutputEntry {
    /// Returns the condition of `when`, and what goes out.
    #[must_use]
    pub fn parts(&self) -> (Option<&Expr>, &[OutputPart]) {
        match self {
            OutputEntry::Part(part) => (None, std::slice::from_ref(part)),
            OutputEntry::When {
                condition, parts, ..
            } => (Some(condition), parts),
        }
    }
}

/// `name : type = expression`
#[derive(Clone, Debug)]
pub struct OutputField {
    /// Name
    pub name: Path,
    /// Declared type
    pub ty: TypeExpr,
    /// Its value
    pub value: Expr,
    /// The whole entry
    pub span: Span,
}

/// `reasons at most 4 { for decline, refer : rules that spoke }`
#[derive(Clone, Debug)]
pub struct ReasonsDecl {
    /// How many reasons are given at most
    pub at_most: Option<(u32, Span)>,
    /// For which outcomes reasons are owed
    pub entries: Vec<ReasonsEntry>,
    /// The whole item
    pub span: Span,
}

/// `for decline, refer : rules that spoke`
#[derive(Clone, Debug)]
pub struct ReasonsEntry {
    /// Outcomes
    pub outcomes: Vec<Name>,
    /// What follows the rules that spoke
    pub then: Vec<OwedBehind>,
    /// The whole entry
    pub span: Span,
}

/// `, then behaviour.shortfalls if asked`, `, then default_risk.contributions`
#[derive(Clone, Debug)]
pub struct OwedBehind {
    /// A scorecard, `.shortfalls` behind it; a model, `.contributions` behind it
    pub path: Path,
    /// `if asked`
    pub if_asked: Option<Span>,
}
